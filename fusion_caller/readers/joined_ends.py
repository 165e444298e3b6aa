"""Two ends joined in a genome or a transcript, whichever file they came from.

They stand in the order in which the joined sequence is read, each with the strand on which it is
read: the last base before the join, the first base behind it. Read along the other strand it is the
same join, with both ends exchanged and both strands turned round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fusion_caller.records import Breakpoint

DELETION = "deletion"
DUPLICATION = "duplication"
INVERSION = "inversion"
TRANSLOCATION = "translocation"

_OPPOSITE = {"+": "-", "-": "+", "": ""}


@dataclass(frozen=True, slots=True)
class JoinedEnds:
    """The last base before a join and the first base behind it; None for an end that is unknown."""

    first: Breakpoint | None
    second: Breakpoint | None

    def turned(self) -> JoinedEnds:
        """The same join, read along the other strand."""
        return JoinedEnds(_flipped(self.second), _flipped(self.first))

    @property
    def shape(self) -> str:
        """What the join means if it is the only one; nothing where an end or a strand is unknown.

        On one strand of a contig the sequence between the ends is left out, or read twice where the
        second end lies before the first.
        """
        first, second = self.first, self.second
        if first is None or second is None or not (first.strand and second.strand):
            return ""
        if first.contig != second.contig:
            return TRANSLOCATION
        if first.strand != second.strand:
            return INVERSION
        onwards = second.position - first.position
        return DELETION if (onwards if first.strand == "+" else -onwards) > 0 else DUPLICATION


def _flipped(place: Breakpoint | None) -> Breakpoint | None:
    return place and replace(place, strand=_OPPOSITE[place.strand])
