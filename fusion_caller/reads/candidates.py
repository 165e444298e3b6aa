"""Joins of many reads to candidates: the same place on KMT2A with the same bases beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion_caller.reads.index import Kind
from fusion_caller.reads.joins import Side
from fusion_caller.reads.pieces import like

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.reads.index import Entry, ReadIndex
    from fusion_caller.reads.joins import Join, Spanning

# Fewer bases of a partner are in other genes by chance too often to name it.
NAMED_FROM = 20
# Errors of reading move a join within an exon by some bases.
_SAME_PLACE = 10
LONGEST_FRAGMENT = 1_000
_OVERLAP = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A join in one read of one fragment; copies of a fragment share its number.

    `mate_fits` says that the other read lies on KMT2A, or that there is none.
    """

    join: Join
    fragment: int
    mate_fits: bool


@dataclass(slots=True)
class Candidate:
    """What may be a fusion.

    Attributes:
        side: Which part of the transcript KMT2A is.
        base: As in `Join`, in most of the reads.
        base_3prime: As in `Join`.
        seen: The joins.
        spanning: The fragments with one read on either side of the join and none across it.
        entry: What is beside KMT2A, None where nothing in the index fits.
        n_fitting: How many bases of it the reads show.
        beside: The bases beside KMT2A by most of the reads, in the direction of transcription.
    """

    side: Side
    base: int
    base_3prime: int | None
    seen: list[Seen]
    spanning: set[int] = field(default_factory=set)
    entry: Entry | None = None
    n_fitting: int = 0
    beside: bytes = b""

    @property
    def fragments(self) -> set[int]:
        """The distinct fragments with a read across the join."""
        return {one.fragment for one in self.seen}

    @property
    def at_edge(self) -> bool:
        """Whether KMT2A's part ends on an exon's edge."""
        return self._leading.at_edge

    @property
    def n_inserted(self) -> int:
        """How many bases at the join are of neither part."""
        return self._leading.n_inserted

    @property
    def entry_offset(self) -> int:
        """As in `Join`, in most of the reads."""
        return self._leading.entry_offset

    @property
    def longest_kmt2a(self) -> int:
        """The most bases of KMT2A, its 5' part where it is both, in one of the reads."""
        return max(len(one.join.kmt2a) for one in self.seen)

    @property
    def longest_beside(self) -> int:
        """The most bases beside those in one of the reads."""
        return max(len(one.join.beside) for one in self.seen)

    @property
    def mates_fit(self) -> bool:
        """Whether the other read of any of the fragments lies on KMT2A, or there is none."""
        return any(one.mate_fits for one in self.seen)

    @property
    def is_named(self) -> bool:
        """Whether enough of the partner was read to name it."""
        return self.entry is not None and self.n_fitting >= NAMED_FROM

    @property
    def _leading(self) -> Join:
        """The join that the others are counted with: one with a partner if there is one."""
        here = [s.join for s in self.seen if s.join.base == self.base]
        return max(here, key=lambda join: (join.entry is not None, len(join.beside)))


def candidates_of(seen: Iterable[Seen], index: ReadIndex) -> list[Candidate]:
    """Group joins; those with most fragments come first."""
    by_place: dict[tuple[Side, int, int], list[Seen]] = defaultdict(list)
    for one in seen:
        join = one.join
        by_place[join.side, join.base, join.base_3prime or 0].append(one)
    found: list[Candidate] = []
    for (side, base, base_3prime), there in by_place.items():
        three = base_3prime if side is Side.BOTH else None
        groups = [there] if side is Side.BOTH else _alike(there)
        found += (Candidate(side, base, three, group) for group in groups)
    for candidate in found:
        _describe(candidate, index)
    return sorted(_joined(found, index), key=_order)


def _order(candidate: Candidate) -> tuple[int, bool, str, int]:
    n = len(candidate.fragments)
    return -n, candidate.entry is None, candidate.side.value, candidate.base


def _outwards(join: Join) -> bytes:
    """The bases beside KMT2A, read away from it."""
    return join.beside[::-1] if join.side is Side.THREE_PRIME else join.beside


def _alike(seen: Sequence[Seen]) -> list[list[Seen]]:
    """Joins at one place by what is beside it, the longest first."""
    groups: list[list[Seen]] = []
    for one in sorted(seen, key=lambda s: (-len(s.join.beside), s.join.beside)):
        bases = _outwards(one.join)
        home = next((g for g in groups if like(bases, _outwards(g[0].join))), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    return groups


def _describe(candidate: Candidate, index: ReadIndex) -> None:
    """Find what is beside KMT2A, by the reads' own k-mers or else by the bases at the join."""
    joins = [one.join for one in candidate.seen]
    outwards = _consensus([_outwards(join) for join in joins])
    reverse = candidate.side is Side.THREE_PRIME
    candidate.beside = outwards[::-1] if reverse else outwards
    if candidate.side is Side.BOTH:
        return
    named = Counter(join.entry for join in joins if join.entry is not None)
    if named:
        best = max(named, key=lambda entry: (named[entry], entry.label))
        candidate.entry = best
        candidate.n_fitting = max(
            min(len(j.beside) - j.n_inserted, len(best.sequence) - j.entry_offset)
            for j in joins
            if j.entry is best
        )
        return
    for entry in index.of_kind(Kind.EXIT if reverse else Kind.ENTRY):
        sequence = entry.sequence[::-1] if reverse else entry.sequence
        n = min(len(outwards), len(sequence))
        if like(outwards, sequence) and n > candidate.n_fitting:
            candidate.entry, candidate.n_fitting = entry, n


def _consensus(pieces: Sequence[bytes]) -> bytes:
    """The commonest base at each place of pieces that begin at the same one."""
    if len(pieces) == 1:
        return pieces[0]
    columns = range(max(map(len, pieces)))
    called = bytearray()
    for at in columns:
        counts = Counter(piece[at] for piece in pieces if at < len(piece))
        called.append(max(counts, key=lambda base: (counts[base], -base)))
    return bytes(called)


def _joined(found: list[Candidate], index: ReadIndex) -> list[Candidate]:
    """With those as one that differ in nothing but some bases at the join."""
    kept: list[Candidate] = []
    by_partner: dict[tuple[Side, str], list[Candidate]] = defaultdict(list)
    for candidate in sorted(found, key=lambda c: (not c.at_edge, _order(c))):
        symbol = candidate.entry.symbol if candidate.entry is not None else ""
        alike = by_partner[candidate.side, symbol]
        home = next((k for k in alike if _are_one(k, candidate)), None)
        if home is None:
            kept.append(candidate)
            alike.append(candidate)
        else:
            home.seen += candidate.seen
            if not home.entry:
                _describe(home, index)
            home.n_fitting = max(home.n_fitting, candidate.n_fitting)
    return kept


def _are_one(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates on one side of one partner, or within KMT2A, are the same join."""
    if abs(one.base - other.base) > _SAME_PLACE:
        return False
    if one.side is Side.BOTH:
        return abs((one.base_3prime or 0) - (other.base_3prime or 0)) <= _SAME_PLACE
    return one.entry is not None


def add_spanning(candidates: Sequence[Candidate], spanning: Iterable[tuple[Spanning, int]]) -> None:
    """Count fragments around a join for the first candidate that they fit."""
    for pair, fragment in spanning:
        for candidate in candidates:
            if _fits(candidate, pair):
                if fragment not in candidate.fragments:
                    candidate.spanning.add(fragment)
                break


def _fits(candidate: Candidate, pair: Spanning) -> bool:
    if candidate.side is not pair.side:
        return False
    if pair.entry is not None and (
        candidate.entry is None or candidate.entry.symbol != pair.entry.symbol
    ):
        return False
    before = 0 if pair.stop is None else candidate.base + 1 - pair.stop
    start = candidate.base if candidate.base_3prime is None else candidate.base_3prime
    behind = 0 if pair.start is None else pair.start - start
    return before >= -_OVERLAP and behind >= -_OVERLAP and before + behind < LONGEST_FRAGMENT
