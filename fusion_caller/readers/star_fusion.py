"""STAR-Fusion: predictions of all versions, and pairs-only cohort tables.

Columns from STAR-Fusion's wiki and repository: full and abridged, with coding effect, with `FFPM`
or the earlier `J_FFPM` and `S_FFPM`, with `est_J` and `est_S`. The versions of 2015 wrote
`#fusion_name`, `JunctionReads` and `SpanningFrags`; their full table has the last two names twice,
for the counts and for the reads (header as FuMa's reader quotes it). The left gene is the 5' one
(STAR-Fusion issue 114), positions are 1-based (issue 442) and those of the bases kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import Reader, breakpoint_in, count, extras, required
from fusion_caller.records import Frame, FusionCall, Source
from fusion_caller.tables import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_FRAMES = {"INFRAME": Frame.IN_FRAME, "FRAMESHIFT": Frame.OUT_OF_FRAME}
_PLACES = ("LeftGene", "LeftBreakpoint", "RightGene", "RightBreakpoint")
# How tables that join many samples name the sample of a row.
_SAMPLE_COLUMNS = ("sample", "Sample", "sample_id", "CCLEName", "ModelID", "DepMap_ID")


def gene_in(row: Row, column: str) -> tuple[str, str]:
    """Symbol and identifier of a gene written `AFF1^ENSG00000172493.20`, or by its symbol alone."""
    text = required(row, column)
    symbol, _, identifier = text.partition("^")
    if not symbol:
        raise BadValueError(f"expected symbol^identifier, found '{text}'", column=column)
    return symbol, identifier


def pair_in(row: Row, column: str) -> tuple[str, str]:
    """The genes of a name written `KMT2A--AFF1`, or `KMT2A::AFF1` as later versions may."""
    name = required(row, column)
    for separator in ("--", "::"):
        left, found, right = name.partition(separator)
        if left and found and right:
            return left, right
    raise BadValueError(f"expected GENE1--GENE2, found '{name}'", column=column)


def frame_in(row: Row) -> Frame:
    """The reading frame, where the coding effect was asked for."""
    return _FRAMES.get(row.get("PROT_FUSION_TYPE"), Frame.UNKNOWN)


def prediction(
    row: Row,
    origin: Origin,
    *,
    name: str = "FusionName",
    split: str = "JunctionReadCount",
    spanning: str = "SpanningFragCount",
) -> FusionCall:
    """A row of STAR-Fusion's columns, by the names that its version gave to three of them."""
    pair_in(row, name)
    left, left_id = gene_in(row, "LeftGene")
    right, right_id = gene_in(row, "RightGene")
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right),
        reported_5prime=left,
        reported_3prime=right,
        gene_id_5prime=left_id,
        gene_id_3prime=right_id,
        breakpoint_5prime=breakpoint_in(row, "LeftBreakpoint"),
        breakpoint_3prime=breakpoint_in(row, "RightBreakpoint"),
        split_reads=count(row, split),
        spanning_fragments=count(row, spanning),
        caller_reading_frame=frame_in(row),
        extras=extras(row, (name, split, spanning, *_PLACES)),
        file=origin.file,
        line=row.line,
    )


def _early_prediction(row: Row, origin: Origin) -> FusionCall:
    return prediction(
        row, origin, name="fusion_name", split="JunctionReads", spanning="SpanningFrags"
    )


def _cohort_pair(row: Row, origin: Origin) -> FusionCall:
    left, right = pair_in(row, "FusionName")
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right),
        reported_5prime=left,
        reported_3prime=right,
        extras=extras(row, ("FusionName",)),
        file=origin.file,
        line=row.line,
    )


_EARLY_COLUMNS = ("fusion_name", "JunctionReads", "SpanningFrags", "Splice_type", *_PLACES)


@dataclass(frozen=True, slots=True, kw_only=True)
class _NamedTwice(Reader):
    """A table whose header has two names twice, so that its columns are known by their order."""

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether the first line is this header."""
        header = [cell.strip() for cell in head[0].split("\t")] if head else []
        return header == ["#fusion_name", *_EARLY_COLUMNS[1:], "JunctionReads", "SpanningFrags"]


PREDICTIONS = Reader(
    source=Source.STAR_FUSION,
    variant="fusion predictions",
    signature=("FusionName", "JunctionReadCount", "SpanningFragCount", *_PLACES),
    parse_row=prediction,
    # FusionInspector and CTAT-LR-fusion add columns to STAR-Fusion's own.
    absent=("LeftLocalBreakpoint", "num_LR"),
)

EARLY_ABRIDGED = Reader(
    source=Source.STAR_FUSION,
    variant="early fusion candidates, abridged",
    signature=_EARLY_COLUMNS,
    parse_row=_early_prediction,
    # The earliest FusionInspector has these besides.
    absent=("Annotations", "TrinityGG"),
)

EARLY_FULL = _NamedTwice(
    source=Source.STAR_FUSION,
    variant="early fusion candidates",
    parse_row=_early_prediction,
    layout=Layout(
        columns=(*_EARLY_COLUMNS, "JunctionReads (names)", "SpanningFrags (names)"), comment="#"
    ),
)

COHORT_PAIRS = Reader(
    source=Source.STAR_FUSION,
    variant="cohort table of pairs",
    signature=("FusionName",),
    parse_row=_cohort_pair,
    absent=("JunctionReadCount", "LeftGene", "LeftBreakpoint", "num_LR"),
    sample_columns=_SAMPLE_COLUMNS,
)
