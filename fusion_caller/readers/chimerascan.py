"""ChimeraScan 0.4 `chimeras.bedpe`.

Columns from ChimeraScan's `write_output.py`. Both positions of a side are those of a base, counted
from 0 (`transcript_to_genome_pos`): not BEDPE's, whose second position lies behind the last base.
BCAS4::BCAS3 of MCF-7 confirms it. The part that is kept of the 5' gene ends at the breakpoint, so
that this is `end5p` on the plus strand and `start5p` on the minus strand; the part of the 3' gene
begins there. `total_frags` counts the fragments of any kind, `spanning_frags` those across the
junction; what is left are pairs around it. A side that overlaps several genes names them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.overlapping_genes import likeliest, listed
from fusion_caller.readers.reader import Reader, count, extras, required
from fusion_caller.readers.zero_based import breakpoint_from_0
from fusion_caller.records import NO_GENE, Breakpoint, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_USED = (
    "chrom5p",
    "strand5p",
    "chrom3p",
    "strand3p",
    "genes5p",
    "genes3p",
    "spanning_frags",
    "type",
)


def _gene(text: str) -> str:
    names = listed(text)
    return resolve_symbol(names[likeliest(names)]) if names else NO_GENE


def _place(row: Row, side: str, *, plus: str, minus: str) -> tuple[Breakpoint, str]:
    """A breakpoint and the column that it stands in, which depends on the strand."""
    strand = required(row, f"strand{side}")
    if strand not in ("+", "-"):
        raise BadValueError(f"expected the strand + or -, found '{strand}'", column=f"strand{side}")
    column = plus if strand == "+" else minus
    return breakpoint_from_0(row[f"chrom{side}"], row[column], strand, column=column), column


def _pairs(row: Row, across: int | None) -> int | None:
    total = count(row, "total_frags")
    if total is None or across is None:
        return None
    if across > total:
        raise BadValueError(
            f"expected at most {total} fragments, as in total_frags, found {across}",
            column="spanning_frags",
        )
    return total - across


def _chimera(row: Row, origin: Origin) -> FusionCall:
    left, left_column = _place(row, "5p", plus="end5p", minus="start5p")
    right, right_column = _place(row, "3p", plus="start3p", minus="end3p")
    across = count(row, "spanning_frags")
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=_gene(required(row, "genes5p")),
        gene_3prime=_gene(required(row, "genes3p")),
        reported_5prime=row["genes5p"],
        reported_3prime=row["genes3p"],
        breakpoint_5prime=left,
        breakpoint_3prime=right,
        split_reads=across,
        spanning_fragments=_pairs(row, across),
        event_type=row["type"],
        extras=extras(row, (*_USED, left_column, right_column)),
        file=origin.file,
        line=row.line,
    )


CHIMERAS = Reader(
    source=Source.CHIMERASCAN,
    variant="chimeras.bedpe",
    signature=(
        "chrom5p",
        "start5p",
        "end5p",
        "chrom3p",
        "start3p",
        "end3p",
        "strand5p",
        "strand3p",
        "genes5p",
        "genes3p",
        "type",
        "total_frags",
        "spanning_frags",
    ),
    parse_row=_chimera,
)
