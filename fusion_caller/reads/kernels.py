"""The compiled loops: FASTQ records out of a block, KMT2A's k-mers in them, reads on their targets.

All sequences of the index, on both strands, stand one behind the other in one array of bytes, the
targets, with zero bytes between them; a place is an offset into it. K-mers are packed in two bits a
base by `(byte >> 1) & 3`, which reads lower case as upper case and an N as a G: they only choose
what is compared byte by byte afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fusion_caller.reads.compiling import compiled, inlined

if TYPE_CHECKING:
    from numpy.typing import NDArray

K = 12
STRIDE = 8
# A k-mer counts if so many bases in a row are the same around it.
RUN = 16
BITMAP_BITS = 22
MULTIPLIER = np.uint32(2654435761)  # Knuth's multiplicative hashing: 2**32 over the golden ratio

# What `screen_block` says of a read, where it is not the place in the targets that all of it fits.
NO_HIT = -1
LOOK_CLOSER = -2

# Why `screen_block` stopped.
END_OF_BLOCK = 0
BAD_RECORD = 1
OUT_OF_ROOM = 2

# Columns of the table of records that `screen_block` fills.
NAME_HASH, SEQUENCE_START, SEQUENCE_LENGTH, VERDICT = 0, 1, 2, 3
RECORD_COLUMNS = 4

# A read fits its target whole with so many mismatches, and as many again for each 32 bases.
_MISMATCHES_AT_LEAST = 2
_FALL = 6
_UPPER = np.uint8(0xDF)
_NOT_READ = np.uint8(78)  # N
_LINE_FEED, _RETURN, _AT, _PLUS, _SPACE, _SLASH = 10, 13, 64, 43, 32, 47


class Tables(NamedTuple):
    """An index as the compiled loops read it.

    Attributes:
        targets: The sequences, on both strands, with zero bytes between them.
        bitmap: Which hashed k-mers there may be.
        keys: The k-mers of the table.
        values: Their places, -1 for a free slot.
    """

    targets: NDArray[np.uint8]
    bitmap: NDArray[np.uint8]
    keys: NDArray[np.uint32]
    values: NDArray[np.int32]


@inlined
def _mixed(code: np.uint32) -> np.uint32:
    """A packed k-mer as a place in the bitmap."""
    return np.uint32(code * MULTIPLIER) >> np.uint32(32 - BITMAP_BITS)


@inlined
def _eight(block: NDArray[np.uint8], at: np.uint64) -> np.uint64:
    """Eight bytes as one number; compiled to one load."""
    word = np.uint64(block[at])
    word |= np.uint64(block[at + np.uint64(1)]) << np.uint64(8)
    word |= np.uint64(block[at + np.uint64(2)]) << np.uint64(16)
    word |= np.uint64(block[at + np.uint64(3)]) << np.uint64(24)
    word |= np.uint64(block[at + np.uint64(4)]) << np.uint64(32)
    word |= np.uint64(block[at + np.uint64(5)]) << np.uint64(40)
    word |= np.uint64(block[at + np.uint64(6)]) << np.uint64(48)
    return word | (np.uint64(block[at + np.uint64(7)]) << np.uint64(56))


@inlined
def _packed(word: np.uint64) -> np.uint64:
    """Eight bases in the sixteen highest bits."""
    word = (word >> np.uint64(1)) & np.uint64(0x0303030303030303)
    word = (word | (word >> np.uint64(6))) & np.uint64(0x000F000F000F000F)
    word = (word | (word >> np.uint64(12))) & np.uint64(0x000000FF000000FF)
    return (word | (word >> np.uint64(24))) << np.uint64(48)


@compiled
def kmer_codes(sequence: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The packed k-mer that starts at each base, as `screen_block` packs them.

    Args:
        sequence: Bases as bytes, at least K of them.
    """
    codes = np.empty(sequence.size - K + 1, np.uint32)
    for at in range(codes.size):
        code = np.uint32(0)
        for base in range(K):
            code |= ((np.uint32(sequence[at + base]) >> np.uint32(1)) & np.uint32(3)) << np.uint32(
                2 * base
            )
        codes[at] = code
    return codes


@compiled
def fill_tables(
    codes: NDArray[np.uint32],
    places: NDArray[np.int32],
    bitmap: NDArray[np.uint8],
    keys: NDArray[np.uint32],
    values: NDArray[np.int32],
) -> None:
    """Enter k-mers with their places into the bitmap and the table; some have several."""
    mask = np.uint32(keys.size - 1)
    for entry in range(codes.size):
        bit = _mixed(codes[entry])
        bitmap[bit >> np.uint32(3)] |= np.uint8(1 << (bit & np.uint32(7)))
        slot = bit & mask
        while values[slot] >= 0:
            slot = (slot + np.uint32(1)) & mask
        keys[slot] = codes[entry]
        values[slot] = places[entry]


@compiled
def _fit(  # noqa: PLR0917 - a tuple of arrays costs twice the time
    block: NDArray[np.uint8],
    start: int,
    length: int,
    at: int,
    code: np.uint32,
    targets: NDArray[np.uint8],
    keys: NDArray[np.uint32],
    values: NDArray[np.int32],
) -> int:
    """What `_verdict` says of a read for its k-mer at a base; `NO_HIT` where no target has it."""
    mask = np.uint32(keys.size - 1)
    slot = _mixed(code) & mask
    verdict = NO_HIT
    while values[slot] >= 0:
        if keys[slot] == code:
            first = int(values[slot]) - at
            if _same_in_a_row(block, start, length, at, targets, first) >= RUN:
                verdict = LOOK_CLOSER
                if first >= 0 and first + length <= targets.size:
                    wrong = 0
                    for base in range(length):
                        letter = block[start + base] & _UPPER
                        wrong += letter != targets[first + base] and letter != _NOT_READ
                        # Where its target ends, the read goes on.
                        wrong += length * (targets[first + base] == 0)
                    if wrong <= _MISMATCHES_AT_LEAST + length // 32:
                        return first
        slot = (slot + np.uint32(1)) & mask
    return verdict


@compiled
def _same_in_a_row(  # noqa: PLR0917 - as above
    block: NDArray[np.uint8],
    start: int,
    length: int,
    at: int,
    targets: NDArray[np.uint8],
    first: int,
) -> int:
    """How many bases of a read in a row are its target's, around the one at `at`."""
    end = at
    while end < length and first + end < targets.size:
        if block[start + end] & _UPPER != targets[first + end]:
            break
        end += 1
    begin = at
    while begin > 0 and first + begin > 0:
        if block[start + begin - 1] & _UPPER != targets[first + begin - 1]:
            break
        begin -= 1
    return end - begin


@compiled
def _verdict(  # noqa: PLR0917 - as above
    block: NDArray[np.uint8],
    start: int,
    length: int,
    targets: NDArray[np.uint8],
    bitmap: NDArray[np.uint8],
    keys: NDArray[np.uint32],
    values: NDArray[np.int32],
) -> int:
    """Where in the targets a read fits whole, `NO_HIT`, or `LOOK_CLOSER` for a part of it.

    Looked up is the k-mer that ends at every eighth base, and the last one of the read.
    """
    if length < 2 * STRIDE:
        return NO_HIT
    bases = np.uint64(0)  # 32 of them, the last in the highest bits
    n_eights = length // STRIDE
    for eight in range(n_eights + 1):
        at = STRIDE * (eight + 1)
        if eight == n_eights:
            at = length
            bases = _packed(_eight(block, np.uint64(start + length - 2 * STRIDE)))
        bases = (bases >> np.uint64(16)) | _packed(_eight(block, np.uint64(start + at - STRIDE)))
        code = np.uint32(bases >> np.uint64(64 - 2 * K))
        bit = _mixed(code)
        if (bitmap[bit >> np.uint32(3)] >> (bit & np.uint32(7))) & np.uint8(1) and at >= K:
            verdict = _fit(block, start, length, at - K, code, targets, keys, values)
            if verdict != NO_HIT:
                return verdict
    return NO_HIT


@inlined
def _lowest(block: NDArray[np.uint8], first: int, length: int) -> np.uint8:
    """The lowest of some bytes; compiled to many comparisons at once."""
    lowest = np.uint8(255)
    at = np.uint64(first)
    for byte in range(np.uint64(length)):
        lowest = min(lowest, block[at + byte])
    return lowest


@inlined
def _name(block: NDArray[np.uint8], first: int, end: int) -> tuple[np.uint64, int]:
    """A number for a name and where it ends: at white space, or at `end`.

    Two names share the number only if they are equal, but for one pair in 2**64. Multilinear: each
    eight bytes times a number of their own, added up.
    """
    factor = np.uint64(0x9E3779B97F4A7C15)
    mixed = np.uint64(0)
    at = np.uint64(first)
    while at < np.uint64(end):
        word = _eight(block, at)
        # The lowest of these bits stands in the first byte that is white space or lower.
        low = (word - np.uint64(0x2121212121212121)) & ~word & np.uint64(0x8080808080808080)
        left = np.uint64(end) - at
        if left < np.uint64(8):
            low |= np.uint64(0x80) << (np.uint64(8) * left)
        if low:
            kept = ((low & (~low + np.uint64(1))) >> np.uint64(7)) - np.uint64(1)
            mixed += (word & kept) * factor
            ones = np.uint64(0x0101010101010101)
            at += ((kept & ones) * ones) >> np.uint64(56)
            break
        mixed += word * factor
        factor += np.uint64(0xD1342543DE82EF96)
        at += np.uint64(8)
    length = at - np.uint64(first)
    mixed += length * np.uint64(0xBF58476D1CE4E5B9)
    return mixed ^ (mixed >> np.uint64(32)), int(np.int64(at))


@inlined
def _line_end(block: NDArray[np.uint8], first: int, size: int) -> int:
    """Where the first line feed stands; `size` where there is none."""
    at = np.uint64(first)
    end = np.uint64(size)
    while at + np.uint64(8) <= end:
        word = _eight(block, at) ^ np.uint64(0x0A0A0A0A0A0A0A0A)
        if (word - np.uint64(0x0101010101010101)) & ~word & np.uint64(0x8080808080808080):
            break
        at += np.uint64(8)
    while at < end and block[at] != _LINE_FEED:
        at += np.uint64(1)
    return int(np.int64(at))


@compiled
def screen_block(  # noqa: C901, PLR0911, PLR0912, PLR0917 - one loop, for the compiler
    block: NDArray[np.uint8],
    size: int,
    records: NDArray[np.int64],
    targets: NDArray[np.uint8],
    bitmap: NDArray[np.uint8],
    keys: NDArray[np.uint32],
    values: NDArray[np.int32],
) -> tuple[int, int, int]:
    """Find the FASTQ records of a block and look each read up.

    Args:
        block: Decompressed bytes.
        size: How many of them count; the last record may be cut off.
        records: Room for one row a record, of `RECORD_COLUMNS`.
        targets: As in `Tables`, and so are the next. Each for itself: to look at a tuple of arrays
            takes numba as long as to screen a thousand reads.
        bitmap: As in `Tables`.
        keys: As in `Tables`.
        values: As in `Tables`.

    Returns:
        How many records there are, how many bytes they take, and why it stopped. What is no record
        is left to `fastq_problems.explain` to name.
    """
    at = n = header = length = 0
    while at < size:
        if n == records.shape[0]:
            return n, at, OUT_OF_ROOM
        if block[at] != _AT:
            return n, at, BAD_RECORD
        hashed, name_end = _name(block, at + 1, size)
        # Most headers and most reads are as long as the ones before.
        start = at + header
        if start > size or block[start - 1] != _LINE_FEED or start <= name_end:
            start = _line_end(block, name_end, size) + 1
            header = start - at
        end = start + length
        if end >= size or block[end] != _LINE_FEED or _lowest(block, start, length) <= _AT:
            end = _line_end(block, start, size)
            if end >= size:
                return n, at, END_OF_BLOCK
            length = end - start - (end > start and block[end - 1] == _RETURN)
            if _lowest(block, start, length) <= _AT:
                return n, at, BAD_RECORD
        plus = end + 1
        if plus >= size:
            return n, at, END_OF_BLOCK
        if block[plus] != _PLUS:
            return n, at, BAD_RECORD
        quality = plus + 2
        if quality > size or block[plus + 1] != _LINE_FEED:
            quality = _line_end(block, plus, size) + 1
        end = quality + length
        if end < size and block[end] == _RETURN:
            end += 1
        if end >= size:
            # Either the rest of it is in the next block, or its line has ended too early.
            early = _line_end(block, min(quality, size), size)
            return n, at, BAD_RECORD if early < size - 1 else END_OF_BLOCK
        if block[end] != _LINE_FEED or _lowest(block, quality, length) <= _SPACE:
            return n, at, BAD_RECORD
        # Of a name's /1 or /2 nothing is kept.
        if block[name_end - 2] == _SLASH and 49 <= block[name_end - 1] <= 50:  # noqa: PLR2004
            hashed, _ = _name(block, at + 1, name_end - 2)
        records[n, NAME_HASH] = np.int64(hashed)
        records[n, SEQUENCE_START] = start
        records[n, SEQUENCE_LENGTH] = length
        records[n, VERDICT] = _verdict(block, start, length, targets, bitmap, keys, values)
        n += 1
        at = end + 1
    return n, at, END_OF_BLOCK


@compiled
def verdicts(  # noqa: PLR0917 - as above
    bases: NDArray[np.uint8],
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    found: NDArray[np.int64],
    targets: NDArray[np.uint8],
    bitmap: NDArray[np.uint8],
    keys: NDArray[np.uint32],
    values: NDArray[np.int32],
) -> None:
    """Look reads up that stand in one array; `found` takes what `screen_block` says of each."""
    for read in range(starts.size):
        found[read] = _verdict(bases, starts[read], lengths[read], targets, bitmap, keys, values)


@compiled
def segments(
    read: NDArray[np.uint8],
    found: NDArray[np.int32],
    targets: NDArray[np.uint8],
    keys: NDArray[np.uint32],
    values: NDArray[np.int32],
) -> int:
    """The parts of a read that fit a target without a gap, in the order of their first k-mers.

    A part grows from a k-mer in both directions while matches (+1) make up for mismatches (-2), and
    ends where the sum was highest.

    Args:
        read: Upper-case bases as bytes.
        found: Room for rows of first base, base after the last, place of the first, mismatches.
        targets: As in `Tables`.
        keys: As in `Tables`.
        values: As in `Tables`.

    Returns:
        How many parts there are, no more than `found` has room for.
    """
    n = 0
    codes = kmer_codes(read)
    mask = np.uint32(keys.size - 1)
    for at in range(codes.size):
        slot = _mixed(codes[at]) & mask
        while values[slot] >= 0:
            if keys[slot] == codes[at] and n < found.shape[0]:
                diagonal = int(values[slot]) - at
                n += _grown(read, at, diagonal, targets, found, n)
            slot = (slot + np.uint32(1)) & mask
    return n


@compiled
def _grown(  # noqa: PLR0917 - as above
    read: NDArray[np.uint8],
    at: int,
    diagonal: int,
    targets: NDArray[np.uint8],
    found: NDArray[np.int32],
    n: int,
) -> int:
    """Add the part around a k-mer of a read, unless it is known or too short: 1 or 0."""
    for other in range(n):
        same = found[other, 2] - found[other, 0] == diagonal
        if same and found[other, 0] <= at and at + K <= found[other, 1]:
            return 0
    if _same_in_a_row(read, 0, read.size, at, targets, diagonal) < RUN:
        return 0
    last = at + K + _reach(read, targets, at + K, diagonal, 1)
    first = at - _reach(read, targets, at - 1, diagonal, -1)
    wrong = 0
    for base in range(first, last):
        wrong += read[base] != targets[diagonal + base]
    if wrong * 5 > last - first:
        return 0
    found[n, 0], found[n, 1] = first, last
    found[n, 2], found[n, 3] = diagonal + first, wrong
    return 1


@compiled
def _reach(
    read: NDArray[np.uint8], targets: NDArray[np.uint8], at: int, diagonal: int, step: int
) -> int:
    """How many bases further a part goes from a base on, until its sum falls off its highest.

    It never goes on into the next target.
    """
    best = score = reach = n = 0
    while 0 <= at < read.size and 0 <= diagonal + at < targets.size and score > best - _FALL:
        if targets[diagonal + at] == 0:
            break
        score += 1 if read[at] == targets[diagonal + at] else -2
        at += step
        n += 1
        if score > best:
            best, reach = score, n
    return reach
