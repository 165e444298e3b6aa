"""Where some sequences lie in the genome that an index holds, by one pass over all of it.

The genome has no table of its k-mers: those of the few sequences that are asked for make one, and
every fourth k-mer of the genome is looked up in it. What is the same in fifteen bases is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fusion_caller.reads.compiling import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_caller.reads.store import Bases

K = 12
# The fewest bases that are told of: matches less two for each mismatch.
LEAST_SCORE = 14
MOST_HITS = 32
_FALL = 6
# A k-mer of so few different pairs of neighbours is everywhere.
_FEWEST_PAIRS = 5
_NOT_READ = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A sequence to look up.

    Attributes:
        bases: Upper-case bases.
        seeds_from: The first base from which a part may be found; it grows to either side of it.
    """

    bases: bytes
    seeds_from: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A part of a sequence in the genome, without a gap.

    Attributes:
        first: The first base of the sequence that is part of it.
        end: The base behind its last one.
        contig: The contig.
        position: Where the first base lies.
        strand: The strand that reads as the sequence does.
        n_matching: How many of the bases are the same.
    """

    first: int
    end: int
    contig: str
    position: int
    strand: str
    n_matching: int

    @property
    def score(self) -> int:
        """Matches less two for each mismatch."""
        return 3 * self.n_matching - 2 * (self.end - self.first)

    def at(self, base: int) -> int:
        """The position of a base of the sequence, or where it would lie beyond the part."""
        step = base - self.first
        return self.position + step if self.strand == "+" else self.position - step


class _Table(NamedTuple):
    """K-mers of the sequences: a bit for each there may be, those there are, and whose they are."""

    bitmap: NDArray[np.uint8]
    codes: NDArray[np.uint32]
    first: NDArray[np.int64]
    owner: NDArray[np.int32]
    offset: NDArray[np.int32]


class _Texts(NamedTuple):
    """Sequences one behind the other, each as it is and as its reverse complement."""

    codes: NDArray[np.uint8]
    first: NDArray[np.int64]


def look_up(queries: Sequence[Query], bases: Bases, *, least: int = LEAST_SCORE) -> list[list[Hit]]:
    """The parts of each sequence that the genome has, the best first.

    Args:
        queries: The sequences.
        bases: The genome.
        least: The lowest score that is told of. Any sequence of a hundred bases has dozens of parts
            of `LEAST_SCORE` in a genome by chance.

    Returns:
        For each sequence its parts; of one that is in more than `MOST_HITS` places so many.
    """
    if not queries:
        return []
    texts, seeds = _texts(queries)
    table = _table(texts, seeds)
    found = np.zeros((2 * len(queries), MOST_HITS, 4), np.int64)
    n_found = np.zeros(2 * len(queries), np.int32)
    _scan(bases.packed, bases.first, table, texts, found, n_found, least)
    return [
        sorted(
            (
                _hit(row, bases, len(query.bases), reverse=bool(way))
                for way in (0, 1)
                for row in found[2 * number + way][: n_found[2 * number + way]].tolist()
            ),
            key=lambda hit: (-hit.score, hit.first, hit.contig, hit.position, hit.strand),
        )
        for number, query in enumerate(queries)
    ]


def _hit(row: list[int], bases: Bases, length: int, *, reverse: bool) -> Hit:
    first, end, place, n_matching = row
    contig, position = bases.position(place)
    if reverse:
        position += end - first - 1
        first, end = length - end, length - first
    return Hit(
        first=first,
        end=end,
        contig=contig,
        position=position,
        strand="-" if reverse else "+",
        n_matching=n_matching,
    )


def _texts(queries: Sequence[Query]) -> tuple[_Texts, list[tuple[int, int]]]:
    """The sequences as codes of two bits, and the bases from and to which seeds are taken."""
    codes: list[NDArray[np.uint8]] = []
    seeds: list[tuple[int, int]] = []
    for query in queries:
        text = np.frombuffer(query.bases, np.uint8)
        forward = np.where(text == ord("N"), _NOT_READ, text >> 1 & 3).astype(np.uint8)
        # A, C, T and G are 0 to 3: two codes of a pair differ in the higher bit.
        back = np.where(forward == _NOT_READ, _NOT_READ, forward ^ 2)[::-1].astype(np.uint8)
        codes += [forward, back]
        seeds += [(query.seeds_from, text.size), (0, text.size - query.seeds_from)]
    first = np.cumsum([0, *(part.size for part in codes)]).astype(np.int64)
    return _Texts(np.concatenate(codes), first), seeds


def _table(texts: _Texts, seeds: Sequence[tuple[int, int]]) -> _Table:
    weights = 4 ** np.arange(K - 1, -1, -1, dtype=np.uint32)
    values: list[NDArray[np.uint32]] = []
    owners: list[NDArray[np.int32]] = []
    offsets: list[NDArray[np.int32]] = []
    for owner, (begin, end) in enumerate(seeds):
        text = texts.codes[texts.first[owner] : texts.first[owner + 1]]
        if end - begin < K:
            continue
        windows = np.lib.stride_tricks.sliding_window_view(text[begin:end], K)
        pairs = np.sort(windows[:, :-1] * 5 + windows[:, 1:], axis=1)
        different = 1 + (pairs[:, 1:] != pairs[:, :-1]).sum(axis=1)
        usable = (windows.max(axis=1) < _NOT_READ) & (different >= _FEWEST_PAIRS)
        at = np.flatnonzero(usable)
        values.append((windows[at] * weights).sum(axis=1, dtype=np.uint32))
        owners.append(np.full(at.size, owner, np.int32))
        offsets.append((at + begin).astype(np.int32))
    codes = np.concatenate([np.zeros(0, np.uint32), *values])
    order = np.argsort(codes, kind="stable")
    unique, first = np.unique(codes[order], return_index=True)
    bitmap = np.zeros(4**K // 8, np.uint8)
    np.bitwise_or.at(bitmap, unique >> 3, (1 << (unique & 7)).astype(np.uint8))
    return _Table(
        bitmap=bitmap,
        codes=unique,
        first=np.append(first, codes.size).astype(np.int64),
        owner=np.concatenate([np.zeros(0, np.int32), *owners])[order],
        offset=np.concatenate([np.zeros(0, np.int32), *offsets])[order],
    )


@compiled
def _scan(  # noqa: PLR0917 - see `_grown`
    packed: NDArray[np.uint8],
    region_first: NDArray[np.int64],
    table: _Table,
    texts: _Texts,
    found: NDArray[np.int64],
    n_found: NDArray[np.int32],
    least: int,
) -> None:
    """Look every fourth k-mer of the genome up; `found` has rows of first, end, place, matching."""
    bitmap, codes, kmer_first, owner, offset = table
    last_diagonal = np.full(n_found.size, -(1 << 60), np.int64)
    last_end = np.zeros(n_found.size, np.int64)
    for byte in range(packed.size - K // 4 + 1):
        code = (
            (np.uint32(packed[byte]) << np.uint32(16))
            | (np.uint32(packed[byte + 1]) << np.uint32(8))
            | np.uint32(packed[byte + 2])
        )
        if not (bitmap[code >> np.uint32(3)] >> (code & np.uint32(7))) & 1:
            continue
        kmer = np.searchsorted(codes, code)
        place = 4 * byte
        region = np.searchsorted(region_first, place, side="right") - 1
        if region + 1 >= region_first.size or place + K > region_first[region + 1]:
            continue
        for seed in range(kmer_first[kmer], kmer_first[kmer + 1]):
            query = owner[seed]
            diagonal = place - offset[seed]
            if last_diagonal[query] == diagonal and place < last_end[query]:
                continue
            text = texts.codes[texts.first[query] : texts.first[query + 1]]
            first, end, score = _grown(
                packed, text, offset[seed], diagonal, region_first[region], region_first[region + 1]
            )
            last_diagonal[query] = diagonal
            last_end[query] = diagonal + end
            if score >= least:
                _keep(found[query], n_found, query, first, end, diagonal + first, score)


@compiled
def _grown(  # noqa: PLR0917 - a tuple of arrays costs twice the time
    packed: NDArray[np.uint8], text: NDArray[np.uint8], at: int, diagonal: int, low: int, high: int
) -> tuple[int, int, int]:
    """A k-mer grown to both sides while matches make up for mismatches: first, end, score."""
    end = at + K
    best = score = K
    base = end
    while base < text.size and diagonal + base < high and score > best - _FALL:
        place = diagonal + base
        held = (packed[place >> 2] >> np.uint8(6 - 2 * (place & 3))) & 3
        score += 1 if held == text[base] else -2
        base += 1
        if score > best:
            best, end = score, base
    first = at
    score = best
    base = at - 1
    while base >= 0 and diagonal + base >= low and score > best - _FALL:
        place = diagonal + base
        held = (packed[place >> 2] >> np.uint8(6 - 2 * (place & 3))) & 3
        score += 1 if held == text[base] else -2
        if score > best:
            best, first = score, base
        base -= 1
    return first, end, best


@compiled
def _keep(  # noqa: PLR0917 - see `_grown`
    rows: NDArray[np.int64],
    n_found: NDArray[np.int32],
    query: int,
    first: int,
    end: int,
    place: int,
    score: int,
) -> None:
    """Enter a part among those of its sequence, in place of the worst where there is no room."""
    matching = (score + 2 * (end - first)) // 3
    n = n_found[query]
    for row in range(n):
        if rows[row, 2] - rows[row, 0] == place - first and rows[row, 0] == first:
            return
    if n < rows.shape[0]:
        at = n
        n_found[query] += 1
    else:
        at = -1
        worst = score
        for row in range(n):
            other = 3 * rows[row, 3] - 2 * (rows[row, 1] - rows[row, 0])
            if other < worst:
                worst, at = other, row
        if at < 0:
            return
    rows[at, 0], rows[at, 1], rows[at, 2], rows[at, 3] = first, end, place, matching
