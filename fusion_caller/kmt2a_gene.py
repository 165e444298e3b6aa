"""Where a position lies on KMT2A: exon or intron in three numberings, breakpoint region, build.

Exon numbers are those of ENST00000534358 (MANE Select, 36 exons). The 37-exon numbering of Nilson
and Meyer is one more from exon 2 on, the breakpoint-region numbering of the 1990s two less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.annotation import ExonLocation, Side, locate_on
from fusion_caller.contigs import Build
from fusion_caller.errors import BadValueError
from fusion_caller.knowledge import Kmt2aExon, kmt2a_exons
from fusion_caller.packaged_genes import kmt2a_transcript

if TYPE_CHECKING:
    from fusion_caller.records import Breakpoint

__all__ = [
    "CONTIG",
    "OUTSIDE",
    "REGIONS",
    "Build",
    "Kmt2aLocation",
    "Side",
    "all_numberings",
    "build_of",
    "locate",
    "region_of",
]

CONTIG = "chr11"

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
        side: Which end of the fusion transcript KMT2A supplies.
        place: The same exon by its number, with the site of the break and its distance.
    """

    build: Build
    exon: Kmt2aExon
    side: Side
    place: ExonLocation

    @property
    def distance(self) -> int:
        """Bases from the exon's edge: 0 on it, positive in the intron, negative in the exon."""
        return self.place.distance

    @property
    def at_edge(self) -> bool:
        """Whether the break is exactly on that exon's edge, as spliced transcripts are."""
        return self.place.at_edge

    @property
    def in_exon(self) -> bool:
        """Whether the break lies inside the exon."""
        return self.place.in_exon

    @property
    def region(self) -> str:
        """`bcr1`, `bcr2`, `bcr3`, or `outside` the clusters."""
        return region_of(self.exon.mane, kept_5prime=self.side is Side.FIVE_PRIME)

    @property
    def label(self) -> str:
        """`e8`, or `e8 (inside)` / `e8 (intron)` where the break is off the exon's edge."""
        return self.place.label

    @property
    def label_in_all_numberings(self) -> str:
        """The exon in the three numberings, as `all_numberings` words it."""
        return all_numberings(self.exon.mane)


def region_of(exon: int, *, kept_5prime: bool) -> str:
    """`bcr1`, `bcr2`, `bcr3`, or `outside` the clusters.

    Args:
        exon: The MANE exon next to the break.
        kept_5prime: Whether it is the last exon kept of KMT2A's 5' part, not the first of its 3'
            part.
    """
    last_kept = exon if kept_5prime else exon - 1
    return next((name for name, exons in REGIONS.items() if last_kept in exons), OUTSIDE)


def all_numberings(mane: int) -> str:
    """An exon in the three numberings: `exon 8 MANE, 9 Nilson, 6 legacy`."""
    exon = kmt2a_exons()[mane - 1]
    legacy = f", {exon.legacy} legacy" if exon.legacy is not None else ""
    return f"exon {exon.mane} MANE, {exon.nilson} Nilson{legacy}"


def build_of(at: Breakpoint) -> Build | None:
    """The build on which a position lies within KMT2A, or None if it lies on neither."""
    if at.contig != CONTIG:
        return None
    for build in Build:
        exons = kmt2a_transcript(build).exons
        if exons[0][0] <= at.position <= exons[-1][1]:
            return build
    return None


def locate(at: Breakpoint, side: Side) -> Kmt2aLocation:
    """Place a breakpoint on KMT2A.

    Raises:
        BadValueError: If the position lies on KMT2A on neither build.
    """
    build = build_of(at)
    place = locate_on(kmt2a_transcript(build), at.position, side) if build else None
    if build is None or place is None:
        raise BadValueError(
            f"expected a position on KMT2A (GRCh38 or GRCh37), found {at.contig}:{at.position}"
        )
    exon = kmt2a_exons()[place.number - 1]
    return Kmt2aLocation(build=build, exon=exon, side=side, place=place)
