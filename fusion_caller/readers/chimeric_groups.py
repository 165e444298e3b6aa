"""Chimeric alignments on KMT2A, grouped into junctions and what lies around them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion_caller.kmt2a_gene import build_of
from fusion_caller.readers.joined_ends import JoinedEnds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fusion_caller.readers.chimeric_rows import Alignment
    from fusion_caller.records import Breakpoint

_LONGEST_GAP = 100_000
# A mate may be aligned some bases beyond the junction, where both sides are alike.
_OVERHANG = 10


@dataclass(slots=True)
class Evidence:
    """The rows of one junction with their lines: reads across it, fragments around it."""

    ends: JoinedEnds
    split: list[tuple[int, Alignment]] = field(default_factory=list)
    spanning: list[tuple[int, Alignment]] = field(default_factory=list)

    @property
    def along_rna(self) -> bool:
        """Whether a splice motif tells the RNA's strand."""
        return any(row.along_rna for _, row in self.split)

    @property
    def rows(self) -> list[tuple[int, Alignment]]:
        """All of them."""
        return [*self.split, *self.spanning]


def is_kmt2a(place: Breakpoint | None) -> bool:
    """Whether a place lies on KMT2A on one of the builds."""
    return place is not None and build_of(place) is not None


def _along_kmt2a(ends: JoinedEnds) -> JoinedEnds:
    """The ends as read along KMT2A, which is on the plus strand, where the RNA's is not known."""

    def backwards(one: JoinedEnds) -> int:
        return sum(
            p is not None and is_kmt2a(p) and p.strand == "-" for p in (one.first, one.second)
        )

    return min((ends, ends.turned()), key=lambda one: (backwards(one), str(one.first)))


def grouped(rows: Iterable[tuple[int, Alignment]]) -> list[Evidence]:
    """Rows of KMT2A, each after its line, by the junction that they show or surround."""
    split: dict[JoinedEnds, Evidence] = {}
    bracketing = []
    for line, row in rows:
        if row.spanning:
            bracketing.append((line, row))
            continue
        ends = row.ends if row.along_rna else _along_kmt2a(row.ends)
        split.setdefault(ends, Evidence(ends)).split.append((line, row))
    left = []
    for line, row in bracketing:
        reached = min(
            (
                (not one.along_rna, gap, str(one.ends), one)
                for one in split.values()
                if (gap := _gap(row.ends, one.ends)) is not None
            ),
            key=lambda candidate: candidate[:3],
            default=None,
        )
        if reached:
            reached[3].spanning.append((line, row))
        else:
            left.append((line, row))
    return [*split.values(), *_neighbourhoods(left)]


def _gap(mates: JoinedEnds, junction: JoinedEnds) -> int | None:
    """Bases from both mates to a junction, None where they do not reach it in either direction."""
    gaps = []
    for one in (mates, mates.turned()):
        first = _before(one.first, junction.first)
        second = _before(junction.second, one.second)
        if first is not None and second is not None:
            gaps.append(first + second)
    return min(gaps, default=None)


def _before(one: Breakpoint | None, other: Breakpoint | None) -> int | None:
    """Bases by which a place lies before another along its strand; None where it is not near."""
    if one is None or other is None or (one.contig, one.strand) != (other.contig, other.strand):
        return None
    onwards = other.position - one.position
    onwards = onwards if one.strand == "+" else -onwards
    return max(onwards, 0) if -_OVERHANG <= onwards <= _LONGEST_GAP else None


def _neighbourhoods(rows: Iterable[tuple[int, Alignment]]) -> Iterator[Evidence]:
    """Fragments without a junction, those whose ends are near each other together."""
    sides: dict[tuple[str, ...], list[tuple[int, int, Alignment, JoinedEnds]]] = defaultdict(list)
    for line, row in rows:
        ends = _along_kmt2a(row.ends)
        first, second = ends.first, ends.second
        if first is None or second is None:
            continue
        other = second if is_kmt2a(first) else first
        key = (first.contig, first.strand, second.contig, second.strand, str(other is first))
        sides[key].append((other.position, line, row, ends))
    for fragments in sides.values():
        near: list[tuple[int, int, Alignment, JoinedEnds]] = []
        for fragment in sorted(fragments, key=lambda one: one[:2]):
            if near and fragment[0] - near[-1][0] > _LONGEST_GAP:
                yield _neighbourhood(near)
                near = []
            near.append(fragment)
        yield _neighbourhood(near)


def _neighbourhood(fragments: Sequence[tuple[int, int, Alignment, JoinedEnds]]) -> Evidence:
    firsts = [ends.first for *_, ends in fragments if ends.first]
    seconds = [ends.second for *_, ends in fragments if ends.second]
    innermost = JoinedEnds(
        (max if firsts[0].strand == "+" else min)(firsts),
        (min if seconds[0].strand == "+" else max)(seconds),
    )
    return Evidence(innermost, spanning=[(line, row) for _, line, row, _ in fragments])
