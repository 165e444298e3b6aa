"""The compiled loops: FASTQ records out of a block, KMT2A's k-mers in them, reads on their targets.

All sequences of the index, on both strands, stand one behind the other in one array of bytes, the
targets, with zero bytes between them; a place is an offset into it. K-mers are packed in two bits a
base by `(byte >> 1) & 3`, which reads lower case as upper case and an N as a G: they only choose
what is compared byte by byte afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

K = 16
STRIDE = 4
BITMAP_BITS = 22
TABLE_BITS = 17
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


F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function at its first call, once for all processes; it lets other threads run."""
    return cast("F", _compile(function, inline="never"))


def inlined(function: F) -> F:
    """Compile a function into every one that calls it."""
    return cast("F", _compile(function, inline="always"))


def _compile(function: Callable[..., Any], *, inline: str) -> Callable[..., Any]:
    try:
        return cast("Callable[..., Any]", njit(cache=True, nogil=True, inline=inline)(function))
    except RuntimeError:  # there is no folder to keep it in, so every process compiles anew
        return cast("Callable[..., Any]", njit(nogil=True, inline=inline)(function))


@inlined
def _four(block: NDArray[np.uint8], at: np.uint64) -> np.uint32:
    """Four bases in eight bits; compiled to one load and a few shifts."""
    word = (
        np.uint32(block[at])
        | (np.uint32(block[at + np.uint64(1)]) << np.uint32(8))
        | (np.uint32(block[at + np.uint64(2)]) << np.uint32(16))
        | (np.uint32(block[at + np.uint64(3)]) << np.uint32(24))
    )
    word = (word >> np.uint32(1)) & np.uint32(0x03030303)
    word = (word | (word >> np.uint32(6))) & np.uint32(0x000F000F)
    return np.uint32((word | (word >> np.uint32(12))) & np.uint32(0xFF))


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


@compiled
def kmer_codes(sequence: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The packed k-mer that starts at each base, as `screen_block` packs them.

    Args:
        sequence: Bases as bytes, at least K of them.
    """
    codes = np.empty(sequence.size - K + 1, np.uint32)
    for at in range(codes.size):
        code = np.uint32(0)
        for four in range(0, K, 4):
            code |= _four(sequence, np.uint64(at + four)) << np.uint32(2 * four)
        codes[at] = code
    return codes


@compiled
def fill_tables(
    codes: NDArray[np.uint32],
    places: NDArray[np.int32],
    tables: Tables,
) -> None:
    """Enter k-mers with their places into the bitmap and the table; the first place stays."""
    bitmap, keys, values = tables.bitmap, tables.keys, tables.values
    mask = np.uint32(keys.size - 1)
    for entry in range(codes.size):
        code = codes[entry]
        mixed = np.uint32(code * MULTIPLIER)
        bit = mixed >> np.uint32(32 - BITMAP_BITS)
        bitmap[bit >> np.uint32(3)] |= np.uint8(1 << (bit & np.uint32(7)))
        slot = (mixed >> np.uint32(32 - TABLE_BITS)) & mask
        while values[slot] >= 0 and keys[slot] != code:
            slot = (slot + np.uint32(1)) & mask
        if values[slot] < 0:
            keys[slot] = code
            values[slot] = places[entry]


@inlined
def _may_be(mixed: np.uint32, bitmap: NDArray[np.uint8]) -> bool:
    """Whether a hashed k-mer may be in the table."""
    bit = mixed >> np.uint32(32 - BITMAP_BITS)
    return bool((bitmap[bit >> np.uint32(3)] >> (bit & np.uint32(7))) & 1)


@compiled
def _place_of(
    code: np.uint32, mixed: np.uint32, keys: NDArray[np.uint32], values: NDArray[np.int32]
) -> int:
    """Where in the targets a k-mer stands, -1 where nowhere."""
    mask = np.uint32(keys.size - 1)
    slot = (mixed >> np.uint32(32 - TABLE_BITS)) & mask
    while values[slot] >= 0:
        if keys[slot] == code:
            return int(values[slot])
        slot = (slot + np.uint32(1)) & mask
    return -1


@compiled
def _verdict(  # noqa: PLR0917 - a tuple of arrays costs twice the time
    block: NDArray[np.uint8],
    start: int,
    length: int,
    targets: NDArray[np.uint8],
    bitmap: NDArray[np.uint8],
    keys: NDArray[np.uint32],
    values: NDArray[np.int32],
) -> int:
    """Where in the targets a read fits whole, `NO_HIT`, or `LOOK_CLOSER` for a part of it."""
    code = np.uint32(0)
    at = np.uint64(start)
    for four in range(length // STRIDE):
        code = (code >> np.uint32(8)) | (_four(block, at) << np.uint32(24))
        at += np.uint64(STRIDE)
        if four < K // STRIDE - 1:
            continue
        mixed = np.uint32(code * MULTIPLIER)
        if not _may_be(mixed, bitmap):
            continue
        place = _place_of(code, mixed, keys, values)
        if place >= 0:
            first = place - (four + 1) * STRIDE + K
            if first < 0 or first + length > targets.size:
                return LOOK_CLOSER
            wrong = 0
            for base in range(length):
                letter = block[start + base] & _UPPER
                wrong += letter != targets[first + base] and letter != _NOT_READ
                if targets[first + base] == 0:  # the read goes on where its target has ended
                    return LOOK_CLOSER
            allowed = _MISMATCHES_AT_LEAST + length // 32
            return first if wrong <= allowed else LOOK_CLOSER
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
def _name_hash(block: NDArray[np.uint8], first: int, end: int) -> np.uint64:
    """A number that two names share only if they are equal, but for one in 2**64."""
    mixed = np.uint64(14695981039346656037)  # FNV-1a, eight bytes at a time
    at = np.uint64(first)
    while at + np.uint64(8) <= np.uint64(end):
        mixed = (mixed ^ _eight(block, at)) * np.uint64(1099511628211)
        mixed ^= mixed >> np.uint64(32)
        at += np.uint64(8)
    while at < np.uint64(end):
        mixed = (mixed ^ np.uint64(block[at])) * np.uint64(1099511628211)
        at += np.uint64(1)
    return mixed


@inlined
def _find_low(block: NDArray[np.uint8], first: int, size: int) -> int:
    """Where the first byte stands that is white space or lower; `size` where none does."""
    at = np.uint64(first)
    end = np.uint64(size)
    while at + np.uint64(8) <= end:
        word = _eight(block, at)
        if (word - np.uint64(0x2121212121212121)) & ~word & np.uint64(0x8080808080808080):
            break
        at += np.uint64(8)
    while at < end and block[at] > _SPACE:
        at += np.uint64(1)
    return int(np.int64(at))


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
def screen_block(  # noqa: C901, PLR0911 - one loop, for the compiler
    block: NDArray[np.uint8],
    size: int,
    records: NDArray[np.int64],
    tables: Tables,
) -> tuple[int, int, int]:
    """Find the FASTQ records of a block and look each read up.

    Args:
        block: Decompressed bytes.
        size: How many of them count; the last record may be cut off.
        records: Room for one row a record, of `RECORD_COLUMNS`.
        tables: The index.

    Returns:
        How many records there are, how many bytes they take, and why it stopped. What is no record
        is left to `fastq_problems.explain` to name.
    """
    targets, bitmap, keys, values = tables
    at = 0
    n = 0
    length = 0
    while at < size:
        if n == records.shape[0]:
            return n, at, OUT_OF_ROOM
        if block[at] != _AT:
            return n, at, BAD_RECORD
        name_end = _find_low(block, at, size)
        start = _line_end(block, name_end, size) + 1
        # Most reads are as long as the one before.
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
            name_end -= 2
        records[n, NAME_HASH] = np.int64(_name_hash(block, at + 1, name_end))
        records[n, SEQUENCE_START] = start
        records[n, SEQUENCE_LENGTH] = length
        records[n, VERDICT] = _verdict(block, start, length, targets, bitmap, keys, values)
        n += 1
        at = end + 1
    return n, at, END_OF_BLOCK


@compiled
def verdicts(
    bases: NDArray[np.uint8],
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    tables: Tables,
    found: NDArray[np.int64],
) -> None:
    """Look reads up that stand in one array; `found` takes what `screen_block` says of each."""
    targets, bitmap, keys, values = tables
    for read in range(starts.size):
        found[read] = _verdict(bases, starts[read], lengths[read], targets, bitmap, keys, values)


@compiled
def segments(
    read: NDArray[np.uint8],
    tables: Tables,
    found: NDArray[np.int32],
) -> int:
    """The parts of a read that fit a target without a gap, in the order of their first k-mers.

    A part grows from a k-mer in both directions while matches (+1) make up for mismatches (-2), and
    ends where the sum was highest.

    Args:
        read: Upper-case bases as bytes.
        tables: The index.
        found: Room for rows of first base, base after the last, place of the first, mismatches.

    Returns:
        How many parts there are, no more than `found` has room for.
    """
    n = 0
    for at in range(read.size - K + 1):
        code = np.uint32(0)
        for four in range(0, K, 4):
            code |= _four(read, np.uint64(at + four)) << np.uint32(2 * four)
        mixed = np.uint32(code * MULTIPLIER)
        if not _may_be(mixed, tables.bitmap):
            continue
        place = _place_of(code, mixed, tables.keys, tables.values)
        if place < 0 or n == found.shape[0]:
            continue
        diagonal = place - at
        known = False
        for other in range(n):
            same = found[other, 2] - found[other, 0] == diagonal
            known = known or (same and found[other, 0] <= at and at + K <= found[other, 1])
        if known:
            continue
        last = at + K + _reach(read, tables.targets, at + K, diagonal, 1)
        first = at - _reach(read, tables.targets, at - 1, diagonal, -1)
        wrong = 0
        for base in range(first, last):
            wrong += read[base] != tables.targets[diagonal + base]
        if wrong * 5 <= last - first:
            found[n, 0], found[n, 1] = first, last
            found[n, 2], found[n, 3] = diagonal + first, wrong
            n += 1
    return n


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
