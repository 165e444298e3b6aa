"""The compiled loop over BAM records: where each begins, its flags, its bases as they were read.

The layout is that of the SAM specification, 4.2: little-endian, a record's size before it, two
bases a byte. A read that was aligned to the other strand is turned back, so that its bases are
those of the FASTQ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_caller.reads.compiling import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Columns of the table of records.
RECORD_START, NAME_HASH, FLAG, SEQUENCE_START, SEQUENCE_LENGTH, MATE_NEAR = range(6)
RECORD_COLUMNS = 6

# Why `find_records` stopped.
END_OF_BLOCK = 0
BAD_RECORD = 1
OUT_OF_ROOM = 2

# What stands before a record's name: its size, then this many bytes.
FIXED = 32

SECONDARY, FAILED, DUPLICATE, SUPPLEMENTARY, REVERSE = 0x100, 0x200, 0x400, 0x800, 0x10
NOT_READ = SECONDARY | FAILED | DUPLICATE | SUPPLEMENTARY

_CODES = b"=ACMGRSVTWYHKDBN"
_COMPLEMENTS = b"=TGKCYSBAWRDMHVN"


def _letters(codes: bytes) -> NDArray[np.uint8]:
    """The letters by their code; what is none of four bases is an N."""
    plain = bytes(c if c in b"ACGT" else ord("N") for c in codes)
    return np.frombuffer(plain, np.uint8).copy()


FORWARD, BACKWARD = _letters(_CODES), _letters(_COMPLEMENTS)


@compiled
def _int32(block: NDArray[np.uint8], at: int) -> int:
    low = np.uint32(block[at]) | (np.uint32(block[at + 1]) << np.uint32(8))
    high = np.uint32(block[at + 2]) | (np.uint32(block[at + 3]) << np.uint32(8))
    return int(np.int32(low | (high << np.uint32(16))))


@compiled
def find_records(  # noqa: C901, PLR0917 - one loop, for the compiler
    block: NDArray[np.uint8],
    first: int,
    end: int,
    rows: NDArray[np.int64],
    bases: NDArray[np.uint8],
    letters: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    near: tuple[int, int, int],
) -> tuple[int, int, int]:
    """Find the records of a block and write out the bases of those that count.

    Args:
        block: Decompressed bytes.
        first: Where the first record begins.
        end: Behind the last byte that counts; the last record may be cut off.
        rows: Room for one row a record, of `RECORD_COLUMNS`.
        bases: Room for as many bases as the block has bytes.
        letters: `FORWARD` and `BACKWARD`.
        near: The reference, the first base and the one behind the last of a place, 0-based: reads
            whose mate lies there are marked.

    Returns:
        How many records there are, where the next one begins, and why it stopped.
    """
    forward, backward = letters
    at = first
    n = 0
    written = 0
    while at + 4 <= end:
        if n == rows.shape[0]:
            return n, at, OUT_OF_ROOM
        size = _int32(block, at)
        if size < FIXED + 1:
            return n, at, BAD_RECORD
        if at + 4 + FIXED > end:
            return n, at, END_OF_BLOCK
        start = at + 4
        name_length = np.int64(block[start + 8])
        n_cigar = np.int64(block[start + 12]) | (np.int64(block[start + 13]) << 8)
        flag = np.int64(block[start + 14]) | (np.int64(block[start + 15]) << 8)
        length = _int32(block, start + 16)
        packed = start + FIXED + name_length + 4 * n_cigar
        taken = FIXED + name_length + 4 * n_cigar + (length + 1) // 2 + length
        if name_length < 1 or length < 0 or taken > size:
            return n, at, BAD_RECORD
        if start + size > end:
            return n, at, END_OF_BLOCK
        mixed = np.uint64(14695981039346656037)  # FNV-1a
        for byte in range(start + FIXED, start + FIXED + name_length - 1):
            mixed = (mixed ^ np.uint64(block[byte])) * np.uint64(1099511628211)
        rows[n, RECORD_START] = start
        rows[n, NAME_HASH] = np.int64(mixed)
        rows[n, FLAG] = flag
        rows[n, SEQUENCE_START] = written
        rows[n, SEQUENCE_LENGTH] = length
        mate_at = _int32(block, start + 24)
        rows[n, MATE_NEAR] = _int32(block, start + 20) == near[0] and near[1] <= mate_at < near[2]
        if not flag & NOT_READ:
            if flag & REVERSE:
                for base in range(length):
                    source = length - 1 - base
                    pair = np.int64(block[packed + source // 2])
                    code = pair & 15 if source & 1 else pair >> 4
                    bases[written + base] = backward[code]
            else:
                for base in range(length):
                    pair = np.int64(block[packed + base // 2])
                    code = pair & 15 if base & 1 else pair >> 4
                    bases[written + base] = forward[code]
            written += length
        n += 1
        at = start + size
    return n, at, END_OF_BLOCK
