"""DRAGEN RNA `*.fusion_candidates.final`, `.preliminary` and `.features.csv`.

Version 3.7 writes five columns, 3.9 adds genes, senses and counts, 4.x a filter and features
(RNAsum's reader and sample file; the parser of CTAT's benchmark). Left is 5' where the order of the
breakpoints suggests the sense of both genes, which `Gene1Sense` and `Gene2Sense` say (TruSight
Oncology 500's header); 3.7 does not say it. Positions are those of STAR-Fusion, last base kept and
first: published STAR-Fusion tables have RNAsum's NRIP1::LINC02246 at the same two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.overlapping_genes import likeliest, listed
from fusion_caller.readers.reader import Reader, breakpoint_in, count, extras, not_passed, required
from fusion_caller.records import ORIENTATION_NOT_KNOWN, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.records import Breakpoint
    from fusion_caller.tables import Row

_READS = ("NumSplitReads", "NumSoftClippedReads")
_USED = ("FusionGene", "NumPairedReads", "Filter")


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """One side of the junction, of its overlapping genes the one that is meant.

    `sense` is `True`, `False` or nothing; `used` are the columns that are wholly in it.
    """

    reported: str
    symbol: str
    gene_id: str
    sense: str
    place: Breakpoint | None
    used: tuple[str, ...]


def _end(row: Row, number: int, genes: str, column: str) -> _End:
    names = listed(genes)
    if not names:
        raise BadValueError(
            f"expected gene--gene, found '{row['FusionGene']}'", column="FusionGene"
        )
    chosen = likeliest(names)
    ids, senses = row.get(f"Gene{number}Id").split(";"), row.get(f"Gene{number}Sense").split(";")
    alone = len(names) == 1
    return _End(
        reported=genes,
        symbol=resolve_symbol(names[chosen]),
        gene_id=ids[chosen] if len(ids) == len(names) else "",
        sense=senses[chosen] if len(senses) == len(names) else "",
        place=breakpoint_in(row, column),
        used=(column, *((f"Gene{number}Id",) if alone and len(ids) == 1 else ())),
    )


def _turned(end: _End) -> _End:
    """An end whose strand is that of a read which runs against the gene."""
    return replace(end, place=replace(end.place, strand="") if end.place else None)


def _candidate(row: Row, origin: Origin) -> FusionCall:
    genes = required(row, "FusionGene").split("--")
    if len(genes) != 2:  # noqa: PLR2004
        raise BadValueError(
            f"expected gene--gene, found '{row['FusionGene']}'", column="FusionGene"
        )
    left = _end(row, 1, genes[0], "LeftBreakpoint")
    right = _end(row, 2, genes[1], "RightBreakpoint")
    used = (*left.used, *right.used)
    known = left.sense == right.sense != ""
    if left.sense == right.sense == "False":
        # The strands are the reads' own, and stay with the breakpoints among the extras.
        left, right, used = _turned(right), _turned(left), ()
    crossing = [reads for column in _READS if (reads := count(row, column)) is not None]
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=left.symbol,
        gene_3prime=right.symbol,
        reported_5prime=left.reported,
        reported_3prime=right.reported,
        gene_id_5prime=left.gene_id,
        gene_id_3prime=right.gene_id,
        breakpoint_5prime=left.place,
        breakpoint_3prime=right.place,
        # Reads that align on both sides, and those that are clipped at the junction; DRAGEN's own
        # SplitScore is their sum. The two counts stay among the extras.
        split_reads=sum(crossing) if crossing else None,
        spanning_fragments=count(row, "NumPairedReads"),
        caller_confidence=row.get("Filter"),
        event_type="" if known else ORIENTATION_NOT_KNOWN,
        flags=not_passed(row.get("Filter")),
        extras=extras(row, (*_USED, *used)),
        file=origin.file,
        line=row.line,
    )


CANDIDATES = Reader(
    source=Source.DRAGEN,
    variant="fusion candidates",
    signature=("FusionGene", "Score", "LeftBreakpoint", "RightBreakpoint"),
    parse_row=_candidate,
)
