"""One read to the joins that it shows: where KMT2A ends or begins in it, and what is beside that.

Reads are looked at in the direction of KMT2A's transcription. Where the bases beside a join are the
same on both sides, it is placed on the exon's edge. What is not a join says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from fusion_caller.reads.index import Kind, complement
from fusion_caller.reads.joins import Join, NoJoin, Side, Spanning
from fusion_caller.reads.pieces import (
    BEFORE_EDGE,
    BEYOND_EDGE,
    SHORTEST_PIECE,
    like,
    share_alike,
    why_no_gene,
    without_adapter,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fusion_caller.reads.index import Entry, ReadIndex

LONGEST_INSERT = 100
_BY_CHANCE = 4
# Joins within KMT2A that move the sequence by less are insertions, deletions and slips.
_SMALLEST_BLOCK = 50
_WHOLE_SHARE = 0.7
_LONG_PART = 40
# So many bases in a row are in KMT2A by chance in one of five hundred sequences.
_OWN_BASES = 12
# If it is KMT2A's, so large a share of so many bases is.
_OWN, _OWN_REACH = 0.8, 30


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a read, from `first` to before `end`, on a sequence of the index."""

    first: int
    end: int
    offset: int
    entry: Entry

    @property
    def stop(self) -> int:
        """The base of the sequence after the last one of the part."""
        return self.offset + self.end - self.first

    @property
    def is_kmt2a(self) -> bool:
        return self.entry.kind is Kind.TRANSCRIPT


class Resolver:
    """Resolves reads against one index."""

    def __init__(self, index: ReadIndex) -> None:
        self._index = index
        self._ends = frozenset(index.exon_ends)
        self._starts = frozenset((0, *index.exon_ends[:-1]))
        edges = (Kind.INTRON_START, Kind.INTRON_END)
        self._own = (index.transcript, complement(index.transcript))
        self._introns = {
            (kind, entry.exon): entry.sequence for kind in edges for entry in index.of_kind(kind)
        }

    def joins(self, read: bytes) -> tuple[list[Join], set[NoJoin]]:
        """The joins that a read shows, and why the rest of it shows none.

        Args:
            read: Upper-case bases, on either strand.
        """
        found: list[Join] = []
        reasons: set[NoJoin] = set()
        sequenced, read = read, without_adapter(read)
        if len(read) < len(sequenced):
            reasons.add(NoJoin.ADAPTER)
        forward, backward = self._parts(read)
        for bases, parts, others in (
            (read, forward, backward),
            (complement(read), backward, forward),
        ):
            covered = _covered(others, len(read))
            for one in self._of_strand(bases, parts, covered):
                if isinstance(one, Join):
                    found.append(one)
                else:
                    reasons.add(one)
        return found, reasons

    def on_kmt2a(self, read: bytes) -> list[tuple[int, int]]:
        """Where the parts of a read begin and end on KMT2A's transcript, on either strand."""
        parts = (part for strand in self._parts(read) for part in strand)
        return [(part.offset, part.stop) for part in parts if part.is_kmt2a]

    def exon_ends(self, exons: Iterable[int]) -> dict[int, int]:
        """Where some exons end in KMT2A's transcript."""
        return {exon: self._index.exon_ends[exon - 1] for exon in exons}

    def beside(self, base: int, *, ahead: bool, size: int) -> bytes:
        """KMT2A's own bases behind a base or before it, read away from it."""
        if ahead:
            return self._index.transcript[base + 1 : base + 1 + size]
        return self._index.transcript[max(0, base - size) : base][::-1]

    def nearest_end(self, at: int, reach: int) -> int | None:
        """The nearest end of an exon in KMT2A's transcript, None where none is so near."""
        step = self._edge(at, self._ends, ahead=reach, back=reach)
        return None if step is None else at + step

    def nearest_start(self, at: int, reach: int) -> int | None:
        """The nearest start of an exon in KMT2A's transcript, None where none is so near."""
        step = self._edge(at, self._starts, ahead=reach, back=reach)
        return None if step is None else at + step

    def is_on_kmt2a(self, read: bytes) -> bool:
        """Whether a read has a long part of KMT2A."""
        parts = (part for strand in self._parts(read) for part in strand)
        return any(p.is_kmt2a and p.end - p.first >= _LONG_PART for p in parts)

    def spanning(self, read: bytes, mate: bytes) -> Spanning | None:
        """What a fragment shows of a join that neither of its reads crosses; None if nothing."""
        whole = [self._whole(bases) for bases in (read, mate)]
        ahead = [part for part, reverse in filter(None, whole) if not reverse]
        back = [part for part, reverse in filter(None, whole) if reverse]
        if len(ahead) != 1 or len(back) != 1:
            return None
        left, right = ahead[0], back[0]
        if left.is_kmt2a and right.is_kmt2a:
            if right.stop > left.offset:
                return None
            return Spanning(side=Side.BOTH, stop=left.stop, start=right.offset)
        if left.is_kmt2a and right.entry.kind is Kind.ENTRY:
            return Spanning(side=Side.FIVE_PRIME, stop=left.stop, entry=right.entry)
        if right.is_kmt2a and left.entry.kind is Kind.EXIT:
            return Spanning(side=Side.THREE_PRIME, start=right.offset, entry=left.entry)
        return None

    def half(self, read: bytes, mate: bytes) -> tuple[Spanning, bytes] | None:
        """A pair with one read on KMT2A and the other nowhere; None for any other.

        Returns:
            What the one shows, and the other in the direction of transcription.
        """
        for own, other in ((read, mate), (mate, read)):
            whole = self._whole(own)
            if whole is None or not whole[0].is_kmt2a or self._whole(other) is not None:
                continue
            part, reverse = whole
            if reverse:
                return Spanning(side=Side.THREE_PRIME, start=part.offset), other
            return Spanning(side=Side.FIVE_PRIME, stop=part.stop), complement(other)
        return None

    def _whole(self, read: bytes) -> tuple[_Part, bool] | None:
        """What most of a read lies on, and whether on its other strand."""
        forward, backward = self._parts(read)
        strands = [(p, False) for p in forward] + [(p, True) for p in backward]
        long = [(p, r) for p, r in strands if p.end - p.first >= _WHOLE_SHARE * len(read)]
        return long[0] if long else None

    def _parts(self, read: bytes) -> tuple[list[_Part], list[_Part]]:
        """The parts of a read on the strand of transcription, as it is and as its complement."""
        forward: list[_Part] = []
        backward: list[_Part] = []
        for first, end, place, _ in self._index.segments(read):
            spot = self._index.spot(place)
            if not spot.reverse:
                forward.append(_Part(first, end, spot.offset, spot.entry))
            else:
                offset = len(spot.entry.sequence) - spot.offset - (end - first)
                part = _Part(len(read) - end, len(read) - first, offset, spot.entry)
                backward.append(part)
        return _without_contained(forward), _without_contained(backward)

    def _of_strand(
        self, read: bytes, parts: list[_Part], other_strand: set[int]
    ) -> Iterator[Join | NoJoin]:
        kmt2a = [part for part in parts if part.is_kmt2a]
        if not kmt2a:
            for part in parts:
                yield self._beside_partner(read, part)
            return
        for left, right in pairwise(parts):
            if right.first - left.end > LONGEST_INSERT:
                continue
            if left.is_kmt2a and right.is_kmt2a:
                yield self._within(read, left, right)
            elif left.is_kmt2a and right.entry.kind is Kind.ENTRY:
                yield self._to_entry(read, left, right)
            elif right.is_kmt2a and left.entry.kind is Kind.EXIT:
                yield self._from_exit(read, left, right)
        yield from self._at_ends(read, parts, other_strand)

    def _at_ends(
        self, read: bytes, parts: list[_Part], other_strand: set[int]
    ) -> Iterator[Join | NoJoin]:
        """What is beside the first and the last part of a read, where those are KMT2A's."""
        behind = parts[-1].is_kmt2a and len(read) - parts[-1].end >= SHORTEST_PIECE
        before = parts[0].is_kmt2a and parts[0].first >= SHORTEST_PIECE
        if behind and before:
            yield NoJoin.ISLAND
        elif behind:
            yield self._behind(read, parts[-1], other_strand)
        elif before:
            yield self._before(read, parts[0], other_strand)

    def _edge(self, at: int, edges: frozenset[int], *, ahead: int, back: int) -> int | None:
        """How far from a base of the transcript the nearest exon's edge is, back first."""
        for distance in range(max(ahead, back) + 1):
            if distance <= back and at - distance in edges:
                return -distance
            if distance <= ahead and at + distance in edges:
                return distance
        return None

    def _last_kept(self, read: bytes, part: _Part) -> tuple[int, bool]:
        """Where in the read KMT2A's part ends, on the exon's edge if one is near."""
        step = self._edge(part.stop, self._ends, ahead=BEFORE_EDGE, back=BEYOND_EDGE)
        if step is None or not part.first < part.end + step <= len(read):
            return part.end, False
        return part.end + step, True

    def _first_kept(self, part: _Part) -> tuple[int, bool]:
        """Where in the read KMT2A's part begins, on the exon's edge if one is near."""
        step = self._edge(part.offset, self._starts, ahead=BEYOND_EDGE, back=BEFORE_EDGE)
        if step is None or not 0 <= part.first + step < part.end:
            return part.first, False
        return part.first + step, True

    def _to_entry(self, read: bytes, left: _Part, right: _Part) -> Join:
        kept, at_edge = self._last_kept(read, left)
        begins = right.first - right.offset if right.offset <= BEYOND_EDGE else right.first
        begins = max(begins, left.first + 1)
        if kept + _BY_CHANCE < begins <= left.end:  # KMT2A goes on to where the partner begins
            kept, at_edge = begins, left.stop - (left.end - begins) in self._ends
        begins = max(begins, kept)
        return Join(
            side=Side.FIVE_PRIME,
            base=left.offset + kept - left.first - 1,
            entry=right.entry,
            entry_offset=right.offset + begins - right.first,
            n_inserted=begins - kept,
            kmt2a=read[left.first : kept],
            beside=read[kept:],
            at_edge=at_edge,
        )

    def _from_exit(self, read: bytes, left: _Part, right: _Part) -> Join:
        begins, at_edge = self._first_kept(right)
        missing = len(left.entry.sequence) - left.stop
        ends = left.end + missing if missing <= BEYOND_EDGE else left.end
        ends = min(ends, right.end - 1)
        if right.first <= ends < begins - _BY_CHANCE:
            begins = ends
            at_edge = right.offset + begins - right.first in self._starts
        ends = min(ends, begins)
        return Join(
            side=Side.THREE_PRIME,
            base=right.offset + begins - right.first,
            entry=left.entry,
            entry_offset=missing - (ends - left.end),
            n_inserted=begins - ends,
            kmt2a=read[begins : right.end],
            beside=read[:begins],
            at_edge=at_edge,
        )

    def _within(self, read: bytes, left: _Part, right: _Part) -> Join | NoJoin:
        kept, begins = self._best_cut(read, left, right)
        stop = left.offset + kept - left.first
        start = right.offset + begins - right.first
        if abs(start - stop) < _SMALLEST_BLOCK:
            return NoJoin.INDEL
        if start > stop:
            return NoJoin.EXON_SKIPPING
        return Join(
            side=Side.BOTH,
            base=stop - 1,
            base_3prime=start,
            n_inserted=begins - kept,
            kmt2a=read[left.first : kept],
            beside=read[kept:],
            at_edge=stop in self._ends and start in self._starts,
        )

    def _best_cut(self, read: bytes, left: _Part, right: _Part) -> tuple[int, int]:
        """Where KMT2A's first part ends and its second begins, on exons' edges where possible."""

        def edges(cut: int) -> int:
            stop = left.offset + cut - left.first
            start = right.offset + cut - right.first
            return (stop in self._ends) + (start in self._starts)

        if right.first <= left.end:
            cuts = range(max(right.first, left.first + 1), left.end + 1)
            best = max(cuts, key=lambda cut: (edges(cut), cut))
            return best, best
        kept, _ = self._last_kept(read, left)
        begins, _ = self._first_kept(right)
        return min(kept, begins), begins

    def _behind(self, read: bytes, part: _Part, other_strand: set[int]) -> Join | NoJoin:
        kept, at_edge = self._last_kept(read, part)
        tail = read[kept:]
        stop = part.offset + kept - part.first
        exon = self._index.exon_at(stop - 1)
        why = why_no_gene(tail, self._index.transcript[stop : stop + len(tail)], before=False)
        if why is None and _mostly(range(kept, len(read)), other_strand):
            why = NoJoin.FOLDED_BACK
        if why is None and not at_edge:
            why = self._own_elsewhere(tail, before=False)
        elif why is None:
            if like(tail, self._introns.get((Kind.INTRON_START, exon), b"")):
                why = NoJoin.UNSPLICED
            else:
                start = self._exon_start_like(tail)
                if start is not None and start >= stop:
                    why = NoJoin.EXON_SKIPPING
                elif start is not None:
                    return Join(
                        side=Side.BOTH,
                        base=stop - 1,
                        base_3prime=start,
                        kmt2a=read[part.first : kept],
                        beside=tail,
                        at_edge=True,
                    )
                else:
                    why = self._own_elsewhere(tail, before=False)
        return why or Join(
            side=Side.FIVE_PRIME,
            base=stop - 1,
            kmt2a=read[part.first : kept],
            beside=tail,
            at_edge=at_edge,
        )

    def _before(self, read: bytes, part: _Part, other_strand: set[int]) -> Join | NoJoin:
        begins, at_edge = self._first_kept(part)
        head = read[:begins]
        start = part.offset + begins - part.first
        exon = self._index.exon_at(start)
        spliced = self._index.transcript[max(0, start - len(head)) : start][::-1]
        why = why_no_gene(head[::-1], spliced, before=True)
        if why is None and _mostly(range(begins), other_strand):
            why = NoJoin.FOLDED_BACK
        if why is None and not at_edge:
            why = self._own_elsewhere(head[::-1], before=True)
        elif why is None:
            if like(head[::-1], self._introns.get((Kind.INTRON_END, exon), b"")[::-1]):
                why = NoJoin.UNSPLICED
            else:
                stop = self._exon_end_like(head)
                if stop is not None and stop <= start:
                    why = NoJoin.EXON_SKIPPING
                elif stop is not None:
                    return Join(
                        side=Side.BOTH,
                        base=stop - 1,
                        base_3prime=start,
                        kmt2a=head,
                        beside=read[begins : part.end],
                        at_edge=True,
                    )
                else:
                    why = self._own_elsewhere(head[::-1], before=True)
        return why or Join(
            side=Side.THREE_PRIME,
            base=start,
            kmt2a=read[begins : part.end],
            beside=head,
            at_edge=at_edge,
        )

    def _beside_partner(self, read: bytes, part: _Part) -> Join | NoJoin:
        """A read that is nearly all of a partner: is what is left the edge of an exon of KMT2A?"""
        if part.entry.kind is Kind.ENTRY and part.offset <= BEYOND_EDGE:
            kept = part.first - part.offset
            stop = self._exon_end_like(read[:kept]) if kept >= SHORTEST_PIECE else None
            if stop is not None:
                return Join(
                    side=Side.FIVE_PRIME,
                    base=stop - 1,
                    entry=part.entry,
                    kmt2a=read[:kept],
                    beside=read[kept:],
                    at_edge=True,
                )
        missing = len(part.entry.sequence) - part.stop
        if part.entry.kind is Kind.EXIT and missing <= BEYOND_EDGE:
            begins = part.end + missing
            start = self._exon_start_like(read[begins:])
            if start is not None:
                return Join(
                    side=Side.THREE_PRIME,
                    base=start,
                    entry=part.entry,
                    kmt2a=read[begins:],
                    beside=read[:begins],
                    at_edge=True,
                )
        return NoJoin.NOT_KMT2A

    def _exon_start_like(self, bases: bytes) -> int | None:
        """The exon of KMT2A that some bases begin."""
        starts = self._index.exon_ends[:-1]
        rna, n = self._index.transcript, len(bases)
        return self._only(s for s in starts if like(bases, rna[s : s + n]))

    def _exon_end_like(self, bases: bytes) -> int | None:
        """The exon of KMT2A that some bases end."""
        backwards = bases[::-1]
        rna, n = self._index.transcript, len(bases)
        ends = self._index.exon_ends[:-1]
        return self._only(e for e in ends if like(backwards, rna[max(0, e - n) : e][::-1]))

    def _own_elsewhere(self, outwards: bytes, *, before: bool) -> NoJoin | None:
        """Whether bases at a join are KMT2A's too, where no exon of it begins or ends.

        They are read away from the join; a few at it are KMT2A's by chance.
        """
        first = outwards[:_OWN_BASES]
        for strand in self._own if len(first) == _OWN_BASES else ():
            own = strand[::-1] if before else strand
            at = own.find(first)
            if at >= 0 and share_alike(outwards[:_OWN_REACH], own[at : at + _OWN_REACH]) >= _OWN:
                return NoJoin.INDEL
        return None

    def _only(self, found: Iterator[int]) -> int | None:
        every = list(found)
        return every[0] if len(every) == 1 else None


def _without_contained(parts: list[_Part]) -> list[_Part]:
    """Parts in the order of the read, without those that lie within a longer one but for a few."""
    kept: list[_Part] = []
    for part in sorted(parts, key=lambda part: part.first - part.end):
        own = set(range(part.first, part.end))
        for other in kept:
            own -= set(range(other.first, other.end))
        if len(own) >= SHORTEST_PIECE:
            kept.append(part)
    return sorted(kept, key=lambda part: part.first)


def _covered(parts: list[_Part], length: int) -> set[int]:
    """The bases of a read's complement that parts on the read lie on."""
    return {length - 1 - at for part in parts for at in range(part.first, part.end)}


def _mostly(bases: range, covered: set[int]) -> bool:
    return sum(at in covered for at in bases) > len(bases) / 2
