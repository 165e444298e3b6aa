"""Where a position lies on KMT2A: exon or intron in three numberings, breakpoint region, build.

Exon numbers are those of ENST00000534358 (MANE Select, 36 exons). The 37-exon numbering of Nilson
and Meyer is one more from exon 2 on, the breakpoint-region numbering of the 1990s two less.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.knowledge import Kmt2aExon, kmt2a_exons, partner_exons

if TYPE_CHECKING:
    from fusion_caller.records import Breakpoint

CONTIG = "chr11"


class Build(StrEnum):
    """A human genome build."""

    GRCH38 = "GRCh38"
    GRCH37 = "GRCh37"


class Side(StrEnum):
    """Which end of the fusion transcript a gene supplies."""

    FIVE_PRIME = "5prime"
    THREE_PRIME = "3prime"


# Breakpoint cluster regions by the last MANE exon kept 5' of the break (Meyer 2019 and 2023).
REGIONS = {"bcr1": range(7, 13), "bcr2": range(19, 24), "bcr3": range(34, 36)}

OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kmt2aLocation:
    """A breakpoint on KMT2A.

    Attributes:
        build: The build that the position belongs to; the two never overlap on this gene.
        exon: The exon whose end (5' side) or start (3' side) is retained; for a break inside an
            intron the last exon before (5' side) or the first exon after it (3' side).
        at_edge: Whether the break is exactly on that exon's edge, as spliced transcripts are.
        in_exon: Whether the break lies inside the exon.
    """

    build: Build
    exon: Kmt2aExon
    side: Side
    at_edge: bool
    in_exon: bool

    @property
    def region(self) -> str:
        """`bcr1`, `bcr2`, `bcr3`, or `outside` the clusters."""
        last_kept = self.exon.mane if self.side is Side.FIVE_PRIME else self.exon.mane - 1
        return next((name for name, exons in REGIONS.items() if last_kept in exons), OUTSIDE)

    @property
    def label(self) -> str:
        """`e8`, or `e8 (inside)` / `e8 (intron)` where the break is off the exon's edge."""
        if self.at_edge:
            return f"e{self.exon.mane}"
        return f"e{self.exon.mane} ({'inside' if self.in_exon else 'intron'})"


def all_numberings(mane: int) -> str:
    """An exon in the three numberings: `exon 8 MANE, 9 Nilson, 6 legacy`."""
    exon = kmt2a_exons()[mane - 1]
    legacy = f", {exon.legacy} legacy" if exon.legacy is not None else ""
    return f"exon {exon.mane} MANE, {exon.nilson} Nilson{legacy}"


@cache
def _bounds(build: Build) -> tuple[tuple[int, int], ...]:
    if build is Build.GRCH38:
        return tuple((exon.start_grch38, exon.end_grch38) for exon in kmt2a_exons())
    return tuple((exon.start_grch37, exon.end_grch37) for exon in kmt2a_exons())


def build_of(at: Breakpoint) -> Build | None:
    """The build on which a position lies within KMT2A, or None if it lies on neither."""
    if at.contig != CONTIG:
        return None
    for build in Build:
        bounds = _bounds(build)
        if bounds[0][0] <= at.position <= bounds[-1][1]:
            return build
    return None


def locate(at: Breakpoint, side: Side) -> Kmt2aLocation:
    """Place a breakpoint on KMT2A.

    Raises:
        BadValueError: If the position lies on KMT2A on neither build.
    """
    build = build_of(at)
    if build is None:
        raise BadValueError(
            f"expected a position on KMT2A (GRCh38 or GRCh37), found {at.contig}:{at.position}"
        )
    bounds = _bounds(build)
    position = at.position
    if side is Side.FIVE_PRIME:
        index = max(i for i, (start, _) in enumerate(bounds) if start <= position)
        edge = bounds[index][1]
    else:
        index = min(i for i, (_, end) in enumerate(bounds) if end >= position)
        edge = bounds[index][0]
    start, end = bounds[index]
    return Kmt2aLocation(
        build=build,
        exon=kmt2a_exons()[index],
        side=side,
        at_edge=position == edge,
        in_exon=start <= position <= end and position != edge,
    )


def partner_exon_at(symbol: str, at: Breakpoint, side: Side) -> tuple[str, str]:
    """The exon of a partner's MANE transcript whose edge is the breakpoint (GRCh38).

    Returns:
        The label (`e4`) and the transcript, both empty where the position is on no exon's edge.
    """
    for exon in partner_exons().get(symbol, ()):
        first, last = (exon.start, exon.end) if exon.strand == "+" else (exon.end, exon.start)
        edge = first if side is Side.THREE_PRIME else last
        if exon.contig == at.contig and edge == at.position:
            return f"e{exon.number}", exon.transcript
    return "", ""
