"""The fragments of a call placed on its fused transcript, to be looked at.

Reads are placed without gaps: what does not fit, such as the bases behind an insertion or another
splice form, is clipped.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.reads.candidates import LONGEST_FRAGMENT
from fusion_caller.reads.fused_contig import contig_of
from fusion_caller.reads.index import complement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fusion_caller.reads.detection import Detection
    from fusion_caller.reads.fused_contig import Contig
    from fusion_caller.reads.judge import Judged
    from fusion_caller.reads.screening import Fragment

_SEED = 12
_MOST_DIAGONALS = 3
# A mismatch costs so many bases that fit; what is left at the ends of a read is clipped.
_MISMATCH = 3
_FEWEST_FITTING = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A read on a fused transcript.

    Attributes:
        sequence: The read, on the strand of the transcript.
        reverse: Whether it was read on the other strand.
        start: The base of the transcript where its part begins that fits.
        clipped: How many of its bases do not fit, before that part and behind it.
    """

    sequence: bytes
    reverse: bool
    start: int
    clipped: tuple[int, int]

    @property
    def fitting(self) -> bytes:
        """The bases that fit."""
        before, behind = self.clipped
        return self.sequence[before : len(self.sequence) - behind]

    @property
    def end(self) -> int:
        """The base of the transcript after its last."""
        return self.start + len(self.sequence) - sum(self.clipped)

    def mismatches(self, contig: bytes) -> Iterator[tuple[int, str]]:
        """Where it differs from the transcript, and its base there."""
        for at, (base, above) in enumerate(zip(self.fitting, contig[self.start :], strict=False)):
            if base != above:
                yield self.start + at, chr(base)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedFragment:
    """A fragment on a fused transcript.

    Attributes:
        reads: Its reads as they were sequenced.
        placed: Where each of them lies; None where it fits nowhere.
        across: Whether it is counted across the join; otherwise it lies around it.
        copy: Whether another fragment begins with the same bases.
        copies: How many such there are in all, this one included.
    """

    reads: Fragment
    placed: tuple[Placed | None, ...]
    across: bool
    copy: bool
    copies: int

    @property
    def on_contig(self) -> tuple[Placed, ...]:
        """The reads that lie on the transcript, from its left to its right."""
        here = (read for read in self.placed if read is not None)
        return tuple(sorted(here, key=lambda read: (read.start, read.reverse, read.end)))

    @property
    def is_proper(self) -> bool:
        """Whether two reads point at each other, as those of one piece of RNA do."""
        if None in self.placed or len(self.on_contig) != 2:  # noqa: PLR2004
            return False
        left, right = self.on_contig
        facing = not left.reverse and right.reverse
        return facing and right.end - left.start <= LONGEST_FRAGMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Pileup:
    """One call to look at.

    Attributes:
        contig: The fused transcript.
        confidence: Of the call.
        fragments: Every fragment of the call that lies on it, copies included, from its left to
            its right.
    """

    contig: Contig
    confidence: str
    fragments: tuple[PlacedFragment, ...]

    @property
    def distinct(self) -> tuple[PlacedFragment, ...]:
        """The fragments without copies."""
        return tuple(fragment for fragment in self.fragments if not fragment.copy)


def pileups(detection: Detection) -> tuple[Pileup, ...]:
    """The calls of a sample to look at, in their order."""
    screened = detection.screened
    together: dict[int, list[int]] = defaultdict(list)
    if detection.calls:
        for number, first in enumerate(screened.copies):
            together[first].append(number)
    return tuple(_pileup(judged, detection, together) for judged in detection.calls)


def _pileup(judged: Judged, detection: Detection, together: dict[int, list[int]]) -> Pileup:
    contig = contig_of(judged, detection.index)
    ground = _Ground(contig)
    found = []
    for first in judged.candidate.fragments | judged.candidate.spanning:
        numbers = together[first]
        for number in numbers:
            reads = detection.screened.kept[number]
            placed = PlacedFragment(
                reads=reads,
                placed=tuple(ground.place(read) for read in reads),
                across=first in judged.candidate.fragments,
                copy=number != first,
                copies=len(numbers),
            )
            if placed.on_contig:
                found.append((placed, number))
    found.sort(key=lambda one: (one[0].on_contig[0].start, one[0].on_contig[-1].end, one[1]))
    return Pileup(
        contig=contig,
        confidence=str(judged.confidence),
        fragments=tuple(fragment for fragment, _ in found),
    )


class _Ground:
    """A fused transcript that reads are placed on."""

    def __init__(self, contig: Contig) -> None:
        self._sequence = contig.sequence
        self._join = contig.join
        self._seeds: dict[bytes, list[int]] = defaultdict(list)
        for at in range(len(self._sequence) - _SEED + 1):
            self._seeds[self._sequence[at : at + _SEED]].append(at)

    def place(self, read: bytes) -> Placed | None:
        """Where most of a read fits, the nearest to the join of equal places; None if nowhere."""
        found = [
            (score, -abs(start - self._join), not reverse, Placed(
                sequence=bases, reverse=reverse, start=start, clipped=clipped
            ))
            for bases, reverse in ((read, False), (complement(read), True))
            for score, start, clipped in self._fits(bases)
        ]  # fmt: skip
        if not found:
            return None
        best = max(found, key=lambda one: one[:3])
        return best[3] if best[0] >= _FEWEST_FITTING else None

    def _fits(self, read: bytes) -> Iterator[tuple[int, int, tuple[int, int]]]:
        """The best part of a read on its likeliest diagonals: score, start, bases clipped."""
        seeds = range(len(read) - _SEED + 1)
        diagonals = Counter(
            place - at for at in seeds for place in self._seeds.get(read[at : at + _SEED], ())
        )
        for diagonal, _ in diagonals.most_common(_MOST_DIAGONALS):
            first = max(0, -diagonal)
            above = self._sequence[first + diagonal :]
            score, begins, ends = _best_part(read[first:], above)
            yield (
                score,
                first + begins + diagonal,
                (first + begins, len(read) - first - ends),
            )


def _best_part(read: bytes, above: Sequence[int]) -> tuple[int, int, int]:
    """The part of two sequences side by side with the best score: score, first base, end."""
    best = (0, 0, 0)
    score = first = 0
    for at, (base, other) in enumerate(zip(read, above, strict=False)):
        score += 1 if base == other else -_MISMATCH
        if score <= 0:
            score, first = 0, at + 1
        elif score > best[0]:
            best = (score, first, at + 1)
    return best


def shown_of(fragments: Sequence[PlacedFragment], most: int) -> tuple[PlacedFragment, ...]:
    """At most so many of some fragments, taken evenly from the first to the last."""
    n = len(fragments)
    if n <= most:
        return tuple(fragments)
    return tuple(fragments[at * (n - 1) // (most - 1)] for at in range(most))
