"""TopHat-Fusion: `fusions.out` of tophat and `result.txt` of tophat-fusion-post.

Neither has a header; the columns are from TopHat-Fusion's manual, `fusions.cpp` and
`tophat-fusion-post`. Positions are those of the bases kept, counted from 0 (`fusions.cpp` prints
the aligner's own; the manual's BCAS4::BCAS3 confirms it); a break within a repeat lies at its left.

`fusions.out` names no gene. Its direction says on which strand each side is read (`fr`: left along
plus, then right along minus), but reads have no strand, so that the reverse complement, the right
side first, is as likely: the call is given in the file's order and says so in its event type.

`result.txt` names the genes and no direction. tophat-fusion-post has put the 5' gene left wherever
the genes' own strands allow it, and leaves out what lies within one gene, tandem duplications too.

In both, reads across the junction are "spanning reads", pairs around it "spanning mate pairs";
pairs of which one read crosses it are counted among the former and kept apart here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import Reader, count, extras, required
from fusion_caller.readers.zero_based import breakpoint_from_0
from fusion_caller.records import NO_GENE, ORIENTATION_NOT_KNOWN, FusionCall, Source
from fusion_caller.tables import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_STRANDS = {"f": "+", "r": "-"}
_TRACK = "track name=fusions"
_FUSIONS_COLUMNS = (
    "chromosomes",
    "left",
    "right",
    "direction",
    "spanning_reads",
    "spanning_pairs",
    "spanning_pairs_one_end_across",
    "contradicting_reads",
    "left_bases",
    "right_bases",
    "asymmetry",
    "@1",
    "differences",
    "@2",
    "left_sequence",
    "@3",
    "right_sequence",
    "@4",
    "left_depth",
    "@5",
    "right_depth",
    "@6",
    "pair_distances",
)
_SEPARATORS = tuple(column for column in _FUSIONS_COLUMNS if column.startswith("@"))
_FUSIONS_USED = (
    *("chromosomes", "left", "right", "spanning_reads", "spanning_pairs"),
    *_SEPARATORS,
)
_RESULT_COLUMNS = (
    "sample_name",
    "left_gene",
    "left_chromosome",
    "left",
    "right_gene",
    "right_chromosome",
    "right",
    "spanning_reads",
    "spanning_pairs",
    "spanning_pairs_one_end_across",
    "score",
)
_RESULT_USED = _RESULT_COLUMNS[1:9]
_RESULT_CELLS = tuple(
    re.compile(pattern)
    for pattern in (
        *(r"\S.*", r"\S+", r"(?:chr)?[0-9XYM]\S*", "[0-9]+"),
        *(r"\S+", r"(?:chr)?[0-9XYM]\S*", "[0-9]+"),
        *("[0-9]+", "[0-9]+", "[0-9]+", r"-?[0-9]+\.[0-9]+"),
    )
)


def _contigs(row: Row) -> tuple[str, str]:
    text = required(row, "chromosomes")
    parts = text.split("-")
    if len(parts) != 2 or not all(parts):  # noqa: PLR2004
        raise BadValueError(f"expected contig-contig, found '{text}'", column="chromosomes")
    return parts[0], parts[1]


def _fusion(row: Row, origin: Origin) -> FusionCall:
    contigs = _contigs(row)
    direction = row["direction"]
    if not re.fullmatch("[fr][fr]", direction):
        raise BadValueError(
            f"expected a direction such as ff or fr, found '{direction}'", column="direction"
        )
    left, right = (
        breakpoint_from_0(contig, row[column], _STRANDS[way], column=column)
        for contig, column, way in zip(contigs, ("left", "right"), direction, strict=True)
    )
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=NO_GENE,
        gene_3prime=NO_GENE,
        reported_5prime="",
        reported_3prime="",
        breakpoint_5prime=left,
        breakpoint_3prime=right,
        split_reads=count(row, "spanning_reads"),
        spanning_fragments=count(row, "spanning_pairs"),
        event_type=ORIENTATION_NOT_KNOWN,
        extras=extras(row, _FUSIONS_USED),
        file=origin.file,
        line=row.line,
    )


def _gene(name: str) -> str:
    return NO_GENE if name == "N/A" else resolve_symbol(name)


def _candidate(row: Row, origin: Origin) -> FusionCall:
    left, right = required(row, "left_gene"), required(row, "right_gene")
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=_gene(left),
        gene_3prime=_gene(right),
        reported_5prime=left,
        reported_3prime=right,
        breakpoint_5prime=breakpoint_from_0(row["left_chromosome"], row["left"], "", column="left"),
        breakpoint_3prime=breakpoint_from_0(
            row["right_chromosome"], row["right"], "", column="right"
        ),
        split_reads=count(row, "spanning_reads"),
        spanning_fragments=count(row, "spanning_pairs"),
        extras=extras(row, _RESULT_USED),
        file=origin.file,
        line=row.line,
    )


def _like_fusions(cells: Sequence[str]) -> bool:
    return len(cells) == len(_FUSIONS_COLUMNS) and all(
        cells[_FUSIONS_COLUMNS.index(column)] == "@" for column in _SEPARATORS
    )


def _like_result(cells: Sequence[str]) -> bool:
    return len(cells) == len(_RESULT_CELLS) and all(
        pattern.fullmatch(cell) for pattern, cell in zip(_RESULT_CELLS, cells, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fusions(Reader):
    """`fusions.out`; early versions begin it with a line for a genome browser."""

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether the file begins with that line or with a fusion."""
        return bool(head) and (head[0].startswith(_TRACK) or Reader.recognises(self, head))


FUSIONS = _Fusions(
    source=Source.TOPHAT_FUSION,
    variant="fusions.out",
    parse_row=_fusion,
    layout=Layout(columns=_FUSIONS_COLUMNS, comment=_TRACK),
    looks_like=_like_fusions,
)

RESULT = Reader(
    source=Source.TOPHAT_FUSION,
    variant="result.txt",
    parse_row=_candidate,
    sample_column="sample_name",
    layout=Layout(columns=_RESULT_COLUMNS),
    looks_like=_like_result,
)
