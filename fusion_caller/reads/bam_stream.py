"""A BAM file as blocks of records: decompressed in a thread, screened as FASTQ is.

Only records that stand for a read once are looked up: no secondary and no supplementary alignment,
nothing that is marked as a duplicate or as failed.
"""

from __future__ import annotations

import gzip
import io
import queue
import struct
import threading
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import numpy as np

from fusion_caller.errors import InputError
from fusion_caller.reads.bam_kernels import (
    BACKWARD,
    BAD_RECORD,
    FIXED,
    FLAG,
    FORWARD,
    MATE_NEAR,
    NAME_HASH,
    NOT_READ,
    OUT_OF_ROOM,
    RECORD_COLUMNS,
    RECORD_START,
    SEQUENCE_LENGTH,
    SEQUENCE_START,
    find_records,
)
from fusion_caller.reads.file_kind import COPY_AGAIN
from fusion_caller.reads.kernels import NO_HIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from fusion_caller.reads.index import ReadIndex

# An empty block that ends every whole BGZF file (SAM specification, 4.1.2).
BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
MAGIC = b"BAM\x01"
NOWHERE = (-1, 0, 0)

_CHUNK_BYTES = 1 << 20
# What is left of a chunk is put in front of the next one.
_ROOM_BEFORE = 1 << 16
_CHUNKS_IN_FLIGHT = 5
_INPUT_BYTES = 1 << 18
_RECORDS_A_BLOCK = _CHUNK_BYTES // 64
_LONGEST_HEADER = 1 << 30
_HARD_CLIP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header of an alignment file.

    Attributes:
        text: As SAM has it.
        contigs: Names and lengths of the references, in their order.
    """

    text: str
    contigs: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RecordBlock:
    """Whole records; `bases` are of those that count, upper case, as they were read.

    Attributes:
        text: The bytes that the records stand in.
        rows: One row a record, as `bam_kernels.find_records` fills it.
        bases: The bases of all reads, one behind the other.
        verdicts: What the screen says of each read; `NO_HIT` where it was not looked up.
    """

    text: NDArray[np.uint8]
    rows: NDArray[np.int64]
    bases: NDArray[np.uint8]
    verdicts: NDArray[np.int64]

    @property
    def flags(self) -> NDArray[np.int64]:
        """The flags of each record."""
        return self.rows[:, FLAG]

    @property
    def hashes(self) -> NDArray[np.int64]:
        """A number for the name of each record."""
        return self.rows[:, NAME_HASH]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The bases of each record."""
        return self.rows[:, SEQUENCE_LENGTH]

    @property
    def mate_near(self) -> NDArray[np.bool_]:
        """Whether the mate lies at the place that the stream was told."""
        return self.rows[:, MATE_NEAR] > 0

    def name(self, record: int) -> bytes:
        """The name of a record."""
        start = int(self.rows[record, RECORD_START])
        return self.text[start + FIXED : start + FIXED + int(self.text[start + 8]) - 1].tobytes()

    def is_clipped(self, record: int) -> bool:
        """Whether bases were cut off at an end of a record."""
        start = int(self.rows[record, RECORD_START])
        first = start + FIXED + int(self.text[start + 8])
        n = int(self.text[start + 12]) | int(self.text[start + 13]) << 8
        return n > 0 and _HARD_CLIP in (
            int(self.text[first]) & 15,
            int(self.text[first + 4 * (n - 1)]) & 15,
        )

    def read(self, record: int) -> bytes:
        """The bases of a record that counts."""
        start, length = self.rows[record, [SEQUENCE_START, SEQUENCE_LENGTH]]
        return self.bases[start : start + length].tobytes()


class _Watched(io.RawIOBase):
    """Bytes from a file, of which the last are remembered."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.last = b""

    def readable(self) -> bool:
        return True

    def readinto(self, room: memoryview, /) -> int:  # type: ignore[override]
        given = self._source.read(len(room))
        room[: len(given)] = given
        if given:
            self.last = (self.last + given[-len(BGZF_END) :])[-len(BGZF_END) :]
        return len(given)


class BamStream:
    """Iterate once over the records of a BAM file, from its header or from a place within it.

    Args:
        source: The file, at its begin, or at the compressed block that `skip` counts from.
        index: What reads are looked up in.
        name: How messages call the file.
        skip: How many bytes of the first block to pass over; None where the header comes first.

    Raises:
        InputError: If there is no header; what is wrong behind it is raised by the iteration.
    """

    def __init__(
        self, source: IO[bytes], index: ReadIndex, *, name: str, skip: int | None = None
    ) -> None:
        from isal import igzip

        self.name = name
        self.near = NOWHERE
        self.n_records = 0
        self._index = index
        self._fault = ""
        self._system_error: OSError | None = None
        self._watched = _Watched(source)
        self._stream: IO[bytes] = igzip.open(self._watched, "rb")  # type: ignore[no-untyped-call]
        self._free: queue.Queue[NDArray[np.uint8] | None] = queue.Queue()
        self._full: queue.Queue[tuple[NDArray[np.uint8], int] | BaseException] = queue.Queue()
        if skip is None:
            self.header = self._read_header()
        else:
            self._take(skip)
            self.header = Header(text="", contigs=())

    def problem(self, text: str, remedy: str) -> InputError:
        """An error in this file."""
        return InputError(text, file=self.name, remedy=remedy, error=self._system_error)

    def blocks(self) -> Iterator[RecordBlock]:
        """The records, block after block; of one block it and the one before may be looked at.

        Raises:
            InputError: If the file is cut off or damaged.
        """
        for _ in range(_CHUNKS_IN_FLIGHT):
            self._free.put(np.empty(_ROOM_BEFORE + _CHUNK_BYTES, np.uint8))
        threading.Thread(target=self._run, daemon=True).start()
        try:
            yield from self._blocks()
        finally:
            self._free.put(None)

    def _blocks(self) -> Iterator[RecordBlock]:
        rest = np.empty(0, np.uint8)
        in_use: list[NDArray[np.uint8]] = []
        while True:
            given = self._full.get()
            if isinstance(given, BaseException):
                raise given
            chunk, size = given
            if not size:
                break
            if rest.size <= _ROOM_BEFORE:
                text, first = chunk, _ROOM_BEFORE - rest.size
                text[first:_ROOM_BEFORE] = rest
                end = _ROOM_BEFORE + size
            else:  # a record of the longest reads
                text, first = np.concatenate((rest, chunk[_ROOM_BEFORE:])), 0
                end = rest.size + size
            why = OUT_OF_ROOM
            while why == OUT_OF_ROOM:
                block, first, why = self._screened(text, first, end)
                self.n_records += len(block.rows)
                yield block
            rest = text[first:end].copy()
            if why == BAD_RECORD:
                raise self.problem(
                    f"record {self.n_records + 1:,} is none: its parts are longer than it is",
                    COPY_AGAIN,
                )
            in_use.append(chunk)
            if len(in_use) > 2:  # noqa: PLR2004 - this one and the one before
                self._free.put(in_use.pop(0))
        self._check_end(rest.size)

    def _screened(
        self, text: NDArray[np.uint8], first: int, end: int
    ) -> tuple[RecordBlock, int, int]:
        rows = np.empty((_RECORDS_A_BLOCK, RECORD_COLUMNS), np.int64)
        bases = np.empty(end - first, np.uint8)
        n, used, why = find_records(text, first, end, rows, bases, (FORWARD, BACKWARD), self.near)
        rows = rows[:n]
        verdicts = np.full(n, NO_HIT, np.int64)
        counts = np.flatnonzero(rows[:, FLAG] & NOT_READ == 0)
        verdicts[counts] = self._index.verdicts(
            bases, rows[counts, SEQUENCE_START], rows[counts, SEQUENCE_LENGTH]
        )
        return RecordBlock(text, rows, bases, verdicts), used, why

    def _run(self) -> None:
        try:
            while True:
                chunk = self._free.get()
                if chunk is None:
                    return
                size = self._fill(memoryview(chunk)[_ROOM_BEFORE:])  # type: ignore[arg-type]
                self._full.put((chunk, size))
                if not size:
                    return
        except BaseException as error:  # noqa: BLE001 - raised again where the blocks are taken
            self._full.put(error)

    def _fill(self, room: memoryview) -> int:
        """Read until a chunk is full or the file ends; returns how many bytes it has."""
        from isal import isal_zlib

        size = 0
        try:
            while size < len(room) and not self._fault:
                n = self._stream.readinto(room[size:])  # type: ignore[attr-defined]
                if not n:
                    break
                size += n
        except EOFError:
            self._fault = "the compressed data stop before their end: the file is cut off"
        except (gzip.BadGzipFile, isal_zlib.error) as error:  # type: ignore[misc]
            self._fault = f"the compressed data are damaged ({error})"
        except OSError as error:
            self._fault = f"the file cannot be read on ({error.strerror})"
            self._system_error = error
        return size

    def _check_end(self, n_left: int) -> None:
        """Refuse a file that does not end where a BAM ends."""
        what = ""
        if self._fault:
            what = self._fault
        elif n_left:
            what = "the file ends within a record: it is cut off"
        elif self._watched.last != BGZF_END:
            what = "expected the empty block that ends a BAM file, found none: the file is cut off"
        if what:
            raise self.problem(f"{what}, after {self.n_records:,} whole records", COPY_AGAIN)

    def _take(self, size: int) -> bytes:
        """The next bytes of the header.

        Raises:
            InputError: If there are not so many.
        """
        room = bytearray(size)
        n = self._fill(memoryview(room))
        if n < size:
            what = self._fault or "the file ends within its header"
            raise self.problem(what, COPY_AGAIN)
        return bytes(room)

    def _number(self) -> int:
        (number,) = struct.unpack("<i", self._take(4))
        if not 0 <= number < _LONGEST_HEADER:
            raise self.problem("the header is damaged", COPY_AGAIN)
        return int(number)

    def _read_header(self) -> Header:
        if self._take(len(MAGIC)) != MAGIC:
            raise self.problem("expected a BAM file, found something else", "check the path")
        text = self._take(self._number()).rstrip(b"\0").decode("utf-8", "replace")
        contigs = []
        for _ in range(self._number()):
            contig = self._take(self._number())[:-1].decode("utf-8", "replace")
            contigs.append((contig, self._number()))
        return Header(text=text, contigs=tuple(contigs))
