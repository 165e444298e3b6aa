"""InFusion `fusions.txt` and `fusions.detailed.txt`.

Columns as in chimeraviz's sample file and EasyFuse's copy of the detailed header. Positions are
1-based, the last base kept and the first: ChimPipe's source has TMPRSS2::ERG at the same two.
`num_span`, in the detailed table `num_split`, counts reads across the junction.

The sides are in no order. A region lies on the side of its breakpoint that is kept, and so tells
the direction of the transcript if the first side is the 5' one; where the genes run the other way,
as BAIAP2L2 and TCTA do in the sample file, the second is. The detailed table gives the genes'
strands; for the other they are known for packaged genes only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.overlapping_genes import likeliest, listed, strand_of
from fusion_caller.readers.reader import Reader, breakpoint_at, count, extras, required
from fusion_caller.records import NO_GENE, ORIENTATION_NOT_KNOWN, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.records import Breakpoint
    from fusion_caller.tables import Row

_OPPOSITE = {"+": "-", "-": "+", "": ""}
_USED = (
    "genes_1",
    "genes_2",
    "gene_1",
    "gene_2",
    "num_span",
    "num_split",
    "num_paired",
    "fusion_class",
)
_REGION = re.compile(r"\[([0-9]{1,18}),([0-9]{1,18})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One side: the gene, its strand, its breakpoint, and the strand that runs up to the break."""

    reported: str
    symbol: str
    strand: str
    place: Breakpoint | None
    towards_break: str

    @property
    def keeps_5prime(self) -> bool | None:
        """Whether the 5' part of the gene is kept; None where its strand is not known."""
        if not self.strand or not self.towards_break:
            return None
        return self.strand == self.towards_break


def _towards_break(row: Row, number: int, place: Breakpoint | None) -> str:
    column = f"region{number}"
    region = _REGION.fullmatch(row[column].replace(" ", ""))
    if not region:
        raise BadValueError(f"expected [start,end], found '{row[column]}'", column=column)
    if place is None:
        return ""
    before, after = place.position - int(region[1]), int(region[2]) - place.position
    if before == after:
        return ""
    return "+" if before > after else "-"


def _part(row: Row, number: int) -> _Part:
    column = f"gene_{number}" if f"gene_{number}" in row.values else f"genes_{number}"
    names = listed(required(row, column))
    chosen = likeliest(names) if names else 0
    symbol = resolve_symbol(names[chosen]) if names else NO_GENE
    strands = row.get(f"gene_{number}_strand").split(";")
    strand = strands[chosen] if len(strands) == len(names) else ""
    place = breakpoint_at(row, f"ref{number}", f"break_pos{number}", "")
    return _Part(
        reported=row[column],
        symbol=symbol,
        strand=strand if strand in ("+", "-") else strand_of(symbol),
        place=place,
        towards_break=_towards_break(row, number, place),
    )


def _first_is_5prime(one: _Part, two: _Part) -> bool | None:
    """Whether the first side is the 5' one; None where the genes' strands do not tell."""
    kept = (one.keeps_5prime, two.keeps_5prime)
    if kept in ((True, False), (True, None), (None, False)):
        return True
    if kept in ((False, True), (False, None), (None, True)):
        return False
    return None


def _place(part: _Part, strand: str) -> Breakpoint | None:
    return replace(part.place, strand=part.strand or strand) if part.place else None


def _fusion(row: Row, origin: Origin) -> FusionCall:
    one, two = _part(row, 1), _part(row, 2)
    first = _first_is_5prime(one, two)
    left, right = (two, one) if first is False else (one, two)
    # A gene without a known strand runs as the transcript does, where its direction is known; a
    # side without a gene keeps that direction in any case, since both may yet turn round.
    tells = first is not None or one.symbol == two.symbol == NO_GENE
    event = row["fusion_class"]
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=left.symbol,
        gene_3prime=right.symbol,
        reported_5prime=left.reported,
        reported_3prime=right.reported,
        breakpoint_5prime=_place(left, left.towards_break if tells else ""),
        breakpoint_3prime=_place(right, _OPPOSITE[right.towards_break] if tells else ""),
        split_reads=count(row, "num_split" if "num_split" in row.values else "num_span"),
        spanning_fragments=count(row, "num_paired"),
        event_type=event if first is not None else f"{event}; {ORIENTATION_NOT_KNOWN}",
        extras=extras(row, _used(one, two)),
        file=origin.file,
        line=row.line,
    )


def _used(one: _Part, two: _Part) -> tuple[str, ...]:
    placed = [
        column
        for number, part in ((1, one), (2, two))
        if part.place
        for column in (f"ref{number}", f"break_pos{number}")
    ]
    return (*_USED, *placed)


_COMMON = ("ref1", "break_pos1", "region1", "ref2", "break_pos2", "region2", "num_paired")

FUSIONS = Reader(
    source=Source.INFUSION,
    variant="fusions.txt",
    signature=(*_COMMON, "num_span", "genes_1", "genes_2", "fusion_class"),
    parse_row=_fusion,
)

DETAILED = Reader(
    source=Source.INFUSION,
    variant="fusions.detailed.txt",
    signature=(*_COMMON, "num_split", "gene_1", "gene_2", "fusion_class"),
    parse_row=_fusion,
)
