"""Long reads, as PacBio and Nanopore give them: cut into overlapping pieces, as of short reads.

A long read has insertions and deletions, which end every part that fits without a gap. In a piece
only what lies in its inner half is believed, so that enough of the read is on both sides of a join;
the pieces overlap by half, and so each place of a read is in the inner half of one of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.reads.joins import Side
from fusion_caller.reads.screening import ANCHOR, LONGEST_SHORT_READ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion_caller.reads.joins import Join, NoJoin
    from fusion_caller.reads.resolve import Resolver
    from fusion_caller.reads.screening import Fragment, Screened

PIECE, STEP = 200, 100
_MARGIN = (PIECE - STEP) // 2
# An insertion or a deletion ends KMT2A's part so many bases before the exon's edge; choices of this
# project, as is how many bases of an unknown partner are compared before the next error.
_NEAR_EDGE = 15
_COMPARED = 50
# Unrelated bases differ in about half of all, in the fewest edits.
_OWN_EDITS = 0.35


def is_long(fragment: Fragment) -> bool:
    """Whether a fragment was read in one long read."""
    return len(fragment) == 1 and len(fragment[0]) > LONGEST_SHORT_READ


def pieces_of(read: bytes) -> Iterator[bytes]:
    """Pieces of `PIECE` bases, one every `STEP`; the last one ends with the read."""
    for start in range(0, len(read) - PIECE, STEP):
        yield read[start : start + PIECE]
    yield read[-PIECE:]


def long_joins(read: bytes, resolver: Resolver) -> tuple[list[Join], set[NoJoin]]:
    """The joins that a long read shows, and why the rest of it shows none."""
    found: list[Join] = []
    reasons: set[NoJoin] = set()
    for piece in pieces_of(read):
        joins, why = resolver.joins(piece)
        inner = [one for one in joins if _MARGIN < len(one.beside) <= PIECE - _MARGIN]
        settled = (_settled(one, resolver) for one in inner)
        found += (one for one in settled if not _is_own(one, resolver))
        reasons |= why
    return found, reasons


def _settled(join: Join, resolver: Resolver) -> Join:
    """A join with KMT2A's part moved to the exon's edge, if that is near."""
    if join.side is Side.BOTH:
        stop = resolver.nearest_end(join.base + 1, _NEAR_EDGE)
        start = resolver.nearest_start(join.base_3prime or 0, _NEAR_EDGE)
        if join.at_edge or stop is None or start is None:
            return join
        return replace(join, base=stop - 1, base_3prime=start, at_edge=True)
    join = join if join.at_edge else _moved(join, resolver)
    if join.entry is not None:
        return join
    ahead = join.side is Side.FIVE_PRIME
    return replace(join, beside=join.beside[:_COMPARED] if ahead else join.beside[-_COMPARED:])


def _is_own(join: Join, resolver: Resolver) -> bool:
    """Whether unknown bases beside KMT2A are its own with many errors."""
    if join.entry is not None or join.side is Side.BOTH:
        return False
    ahead = join.side is Side.FIVE_PRIME
    beside = join.beside if ahead else join.beside[::-1]
    own = resolver.beside(join.base, ahead=ahead, size=len(beside))
    return _edits(beside, own) <= _OWN_EDITS * len(beside)


def _edits(bases: bytes, other: bytes) -> int:
    """The fewest changed, left out or added bases that make some the beginning of others."""
    row = list(range(len(other) + 1))
    for at, base in enumerate(bases, 1):
        before, row[0] = row[0], at
        for to, letter in enumerate(other, 1):
            cost = min(row[to] + 1, row[to - 1] + 1, before + (base != letter))
            before, row[to] = row[to], cost
    return min(row)


def _moved(join: Join, resolver: Resolver) -> Join:
    """KMT2A's part made longer or shorter up to an exon's edge, if there is one near."""
    ahead = join.side is Side.FIVE_PRIME
    if ahead:
        edge = resolver.nearest_end(join.base + 1, _NEAR_EDGE)
        by = 0 if edge is None else edge - join.base - 1
    else:
        edge = resolver.nearest_start(join.base, _NEAR_EDGE)
        by = 0 if edge is None else join.base - edge
    if edge is None or not -len(join.kmt2a) < by < len(join.beside):
        return join
    own, beside = join.kmt2a, join.beside
    if ahead:
        whole = own + beside
        own, beside = whole[: len(own) + by], whole[len(own) + by :]
    else:
        whole = beside + own
        own, beside = whole[len(beside) - by :], whole[: len(beside) - by]
    return replace(
        join,
        base=edge - 1 if ahead else edge,
        kmt2a=own,
        beside=beside,
        n_inserted=max(0, join.n_inserted - by),
        at_edge=True,
    )


def with_long_depth(screened: Screened, resolver: Resolver) -> Screened:
    """With the long reads counted that run across the ends of the breakpoint exons."""
    depth = dict(screened.depth)
    ends = resolver.exon_ends(depth)
    for fragment in screened.kept:
        if not is_long(fragment):
            continue
        spans = {span for piece in pieces_of(fragment[0]) for span in resolver.on_kmt2a(piece)}
        for exon, end in ends.items():
            depth[exon] += any(a <= end - ANCHOR and end + ANCHOR <= b for a, b in spans)
    return replace(screened, depth=depth)
