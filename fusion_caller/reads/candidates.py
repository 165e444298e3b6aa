"""Joins of many reads to candidates: the same place on KMT2A with the same bases beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fusion_caller.knowledge import partners
from fusion_caller.reads.index import Entry, Kind
from fusion_caller.reads.joins import Side
from fusion_caller.reads.naming import Namer
from fusion_caller.reads.pieces import like
from fusion_caller.records import NO_GENE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.joins import Join, Spanning
    from fusion_caller.reads.naming import Placed

# Fewer bases of a partner are in other genes by chance too often to name it.
NAMED_FROM = 20
# Errors of reading move a join within an exon by some bases.
_SAME_PLACE = 10
# So many bases in a row are the same in two genes by chance in one of ten thousand pairs of tails.
_PIECE = 12
LONGEST_FRAGMENT = 1_000
_OVERLAP = 5
# Fewer fragments with a read in either gene are told of nowhere: any two genes have them.
_FEWEST_AROUND = 2


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
        placed: What the genome says of it; None without one, and where it holds nothing of it.
    """

    side: Side
    base: int
    base_3prime: int | None
    seen: list[Seen]
    spanning: set[int] = field(default_factory=set)
    entry: Entry | None = None
    n_fitting: int = 0
    beside: bytes = b""
    placed: Placed | None = None

    @property
    def fragments(self) -> set[int]:
        """The distinct fragments with a read across the join."""
        return {one.fragment for one in self.seen}

    @property
    def at_edge(self) -> bool:
        """Whether KMT2A's part ends on an exon's edge."""
        return not self.seen or self.leading.at_edge

    @property
    def n_inserted(self) -> int:
        """How many bases at the join are of neither part."""
        if self._by_genome is not None:
            return self._by_genome.n_inserted
        return self.leading.n_inserted if self.seen else 0

    @property
    def entry_offset(self) -> int:
        """As in `Join`, in most of the reads."""
        known = self._by_genome is not None or not self.seen
        return 0 if known else self.leading.entry_offset

    @property
    def n_places(self) -> int:
        """In how many different places of a read the join lies: one for copies of a fragment."""
        return len({len(one.join.beside) for one in self.seen})

    @property
    def is_off_edges(self) -> bool:
        """Whether neither KMT2A's part nor the partner's, by the genome, ends on an exon's edge."""
        off = self.placed is not None and self.placed.exon is None
        return off and self.entry is not None and not self.at_edge

    @property
    def partner_label(self) -> str:
        """The partner with its exon where that is known; `?` where it is not named."""
        if self._by_genome is not None:
            return self._by_genome.label
        if self.entry is not None and not self.seen:
            return self.entry.symbol
        return self.entry.label if self.entry is not None and self.is_named else NO_GENE

    @property
    def has_known_partner(self) -> bool:
        """Whether it is named, by the sense strand of a gene that is known to be fused to KMT2A."""
        sense = self._by_genome is None or self._by_genome.is_sense
        return self.is_named and sense and self.is_listed

    @property
    def is_listed(self) -> bool:
        """Whether what is beside KMT2A lies on either strand of a known partner."""
        return self.entry is not None and self.entry.symbol in partners()

    @property
    def _by_genome(self) -> Placed | None:
        """What the genome says of the partner, where it names it."""
        return self.placed if self.placed and self.placed.symbol != NO_GENE else None

    @property
    def longest_kmt2a(self) -> int:
        """The most bases of KMT2A, its 5' part where it is both, in one of the reads."""
        return max((len(one.join.kmt2a) for one in self.seen), default=0)

    @property
    def longest_beside(self) -> int:
        """The most bases beside those in one of the reads."""
        return max((len(one.join.beside) for one in self.seen), default=0)

    @property
    def mates_fit(self) -> bool:
        """Whether the other read of any of the fragments lies on KMT2A, or there is none."""
        return any(one.mate_fits for one in self.seen)

    @property
    def is_named(self) -> bool:
        """Whether enough of the partner was read to name it."""
        placed = self._by_genome is not None or not self.seen
        return self.entry is not None and (placed or self.n_fitting >= NAMED_FROM)

    @property
    def leading(self) -> Join:
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
        if home is None and candidate.entry is None:
            home = next((k for k in kept if _share_a_piece(k, candidate)), None)
        if home is None:
            kept.append(candidate)
            alike.append(candidate)
        else:
            home.seen += candidate.seen
            if home.side is Side.BOTH:
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


def _share_a_piece(one: Candidate, other: Candidate) -> bool:
    """Whether what is beside KMT2A at one place is the same but for a base too many or too few."""
    if one.side is not other.side or one.side is Side.BOTH:
        return False
    if abs(one.base - other.base) > _SAME_PLACE:
        return False
    pieces = (
        {bases[at : at + _PIECE] for at in range(len(bases) - _PIECE + 1)}
        for bases in (one.beside, other.beside)
    )
    return not set.isdisjoint(*pieces)


def place(candidates: Sequence[Candidate], index: ReadIndex) -> list[Candidate]:
    """Look up what is beside KMT2A in the genome that an index holds, if it holds one.

    Returns:
        The candidates, those as one that the genome puts into one place.
    """
    if index.genome is None:
        return list(candidates)
    one_sided = [c for c in candidates if c.side is not Side.BOTH]
    for candidate, placed in zip(one_sided, Namer(index.genome).place(one_sided), strict=True):
        if placed is not None:
            _take(candidate, placed)
    kept: list[Candidate] = []
    for candidate in candidates:
        home = next((k for k in kept if _in_one_place(k, candidate)), None)
        if home is None:
            kept.append(candidate)
        else:
            home.seen += candidate.seen
            home.n_fitting = max(home.n_fitting, candidate.n_fitting)
    return sorted(kept, key=_order)


def _take(candidate: Candidate, placed: Placed) -> None:
    """Note what the genome says; what the packaged sequences name stays where it names nothing."""
    named = candidate.entry.symbol if candidate.entry and candidate.is_named else NO_GENE
    if placed.symbol == NO_GENE and named != NO_GENE and not placed.against:
        return
    candidate.placed = placed
    if placed.symbol == NO_GENE:
        return
    five = candidate.side is Side.FIVE_PRIME
    _move(candidate, candidate.base - placed.base if five else placed.base - candidate.base)
    candidate.n_fitting = placed.n_fitting
    candidate.entry = Entry(
        kind=Kind.ENTRY if five else Kind.EXIT,
        symbol=placed.symbol,
        exon=placed.exon,
        transcript=placed.transcript,
        breakpoint=placed.breakpoint,
        sequence=placed.sequence,
        source="genome",
    )


def _move(candidate: Candidate, n: int) -> None:
    """Take the join so many bases into KMT2A's part, for all reads that have it in one place."""
    if not n:
        return
    three = candidate.side is Side.THREE_PRIME
    moved, joins = [], []
    for one in candidate.seen:
        if one.join.base == candidate.base and len(one.join.kmt2a) > n:
            joins.append(_moved(one.join, n))
            moved.append(replace(one, join=joins[-1]))
        else:
            moved.append(one)
    candidate.seen = moved
    candidate.base += n if three else -n
    outwards = _consensus([_outwards(join) for join in joins])
    candidate.beside = outwards[::-1] if three else outwards


def _moved(join: Join, n: int) -> Join:
    if join.side is Side.THREE_PRIME:
        kept, given = join.kmt2a[n:], join.kmt2a[:n]
        return replace(join, base=join.base + n, kmt2a=kept, beside=join.beside + given)
    kept, given = join.kmt2a[:-n], join.kmt2a[-n:]
    return replace(join, base=join.base - n, kmt2a=kept, beside=given + join.beside)


def _in_one_place(one: Candidate, other: Candidate) -> bool:
    """Whether the genome puts two candidates into one place on both sides of the join."""
    if one.side is not other.side or not (one.placed and other.placed):
        return False
    here, there = one.placed.breakpoint, other.placed.breakpoint
    if here is None or there is None or abs(one.base - other.base) > _SAME_PLACE:
        return False
    same = (here.contig, here.strand) == (there.contig, there.strand)
    return same and abs(here.position - there.position) <= _SAME_PLACE


def add_spanning(
    candidates: Sequence[Candidate], spanning: Iterable[tuple[Spanning, int]]
) -> list[tuple[Spanning, int]]:
    """Count fragments around a join for the first candidate that they fit.

    Returns:
        Those that fit none.
    """
    left = []
    for pair, fragment in spanning:
        home = next((c for c in candidates if _fits(c, pair)), None)
        if home is None:
            left.append((pair, fragment))
        elif fragment not in home.fragments:
            home.spanning.add(fragment)
    return left


def around_only(spanning: Iterable[tuple[Spanning, int]], index: ReadIndex) -> list[Candidate]:
    """Candidates that no read runs across: fragments with one read in KMT2A, one in a partner.

    KMT2A's part is taken to end on the first exon's edge that all of them allow.
    """
    by_partner: dict[tuple[Side, str], list[tuple[Spanning, int]]] = defaultdict(list)
    for pair, fragment in spanning:
        if pair.entry is not None and pair.entry.symbol in partners():
            by_partner[pair.side, pair.entry.symbol].append((pair, fragment))
    found = []
    for (side, _), pairs in by_partner.items():
        fragments = {fragment for _, fragment in pairs}
        base = _edge_beyond([pair for pair, _ in pairs], index)
        if len(fragments) < _FEWEST_AROUND or base is None:
            continue
        entry = pairs[0][0].entry
        candidate = Candidate(side, base, None, [], spanning=fragments, entry=entry)
        if all(_fits(candidate, pair) for pair, _ in pairs):
            found.append(candidate)
    return found


def _edge_beyond(pairs: Sequence[Spanning], index: ReadIndex) -> int | None:
    """Where KMT2A's part ends at the earliest, or for a 3' part begins at the latest."""
    stops = [pair.stop for pair in pairs if pair.stop is not None]
    starts = [pair.start for pair in pairs if pair.start is not None]
    if stops:
        ends = (end - 1 for end in index.exon_ends if end >= max(stops) - _OVERLAP)
        return next(ends, None)
    begins = (end for end in reversed(index.exon_ends) if end <= min(starts) + _OVERLAP)
    return next(begins, None)


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
