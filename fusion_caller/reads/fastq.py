"""FASTQ files, plain or gzipped, as blocks of records: decompressed and screened in threads.

What a file is follows from its content, whatever its name ends with. Records are counted from 1,
lines too. A file that is cut off, damaged or no FASTQ ends the run: no read is ever skipped.
"""

from __future__ import annotations

import gzip
import io
import queue
import threading
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

import numpy as np

from fusion_caller.errors import InputError
from fusion_caller.reads.fastq_problems import explain, other_format
from fusion_caller.reads.file_kind import COPY_AGAIN, STANDARD_INPUT, standard_input
from fusion_caller.reads.kernels import (
    BAD_RECORD,
    NAME_HASH,
    RECORD_COLUMNS,
    SEQUENCE_LENGTH,
    SEQUENCE_START,
    VERDICT,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    # A block and its size in bytes, a table to fill: records, bytes they take, why it stopped.
    Screen = Callable[[NDArray[np.uint8], int, NDArray[np.int64]], tuple[int, int, int]]

_BLOCK_BYTES = 1 << 20
_BLOCKS_IN_FLIGHT = 3
_INPUT_BYTES = 1 << 18
# A table has room for records of 64 bytes; of shorter ones a block is taken in parts.
_RECORDS_A_BLOCK = _BLOCK_BYTES // 64
_LINES = 4

_GZIP = b"\x1f\x8b"
# An empty block that ends every whole file that bgzip wrote (SAM specification, 4.1.2).
_BGZIP_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


@dataclass(slots=True)
class Block:
    """Whole records of one file.

    Attributes:
        text: The bytes that they stand in.
        room: The table whose first rows are `records`.
        records: One row a record, as `kernels.screen_block` fills it.
        first: How many records of the file came before.
    """

    text: NDArray[np.uint8]
    room: NDArray[np.int64]
    records: NDArray[np.int64]
    first: int

    def __len__(self) -> int:
        return len(self.records)

    @property
    def verdicts(self) -> NDArray[np.int64]:
        """What the screen says of each read."""
        return self.records[:, VERDICT]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The bases of each read."""
        return self.records[:, SEQUENCE_LENGTH]

    def read(self, record: int) -> bytes:
        """The bases of one read, in upper case."""
        start, length = self.records[record, [SEQUENCE_START, SEQUENCE_LENGTH]]
        return self.text[start : start + length].tobytes().upper()

    def name(self, record: int) -> bytes:
        """The name of one read up to the first white space, without the `@`."""
        end = int(self.records[record, SEQUENCE_START])
        start = 0 if record == 0 else int(self.records[record - 1, SEQUENCE_START])
        return self.text[start:end].tobytes().rstrip().split(b"\n")[-1].split(maxsplit=1)[0][1:]

    def every_second(self, first: int) -> Block:
        """The records `first`, `first + 2` and so on, in the same text."""
        return replace(self, records=self.records[first::2], first=self.first + first)

    def copy_of(self, record: int) -> Block:
        """One record in a text of its own, without its qualities."""
        row = self.records[record : record + 1].copy()
        start = int(self.records[record - 1, SEQUENCE_START]) if record else 0
        end = int(row[0, SEQUENCE_START] + row[0, SEQUENCE_LENGTH])
        row[0, SEQUENCE_START] -= start
        return Block(
            text=self.text[start:end].copy(), room=row, records=row, first=self.first + record
        )

    def names_differ(self, at: int, other: Block, other_at: int, n: int) -> int | None:
        """The first of n records whose name is another than that of its mate, None if none is."""
        mine = self.records[at : at + n, NAME_HASH]
        theirs = other.records[other_at : other_at + n, NAME_HASH]
        for record in np.flatnonzero(mine != theirs):
            here = int(record)
            if not _are_mates(self.name(at + here), other.name(other_at + here)):
                return here
        return None


def _are_mates(name: bytes, other: bytes) -> bool:
    """Whether two names differ in nothing but 1 and 2 at their end, as SRA's `.1` and `.2`."""
    marked = name[-2:-1] in (b"/", b".", b"_", b":") and name[-1:] + other[-1:] == b"12"
    return name == other or (marked and name[:-1] == other[:-1])


class FastqFile:
    """One FASTQ file, read and screened in a thread of its own; iterate over its blocks once.

    A block may be looked at until the next one is asked for.

    Args:
        path: The file; `-` is standard input.
        screen: What finds the records of a block and looks the reads up.
        name: How messages call the file.

    Raises:
        InputError: If it cannot be opened; what is wrong within it is raised by the iteration.
    """

    def __init__(self, path: Path, screen: Screen, *, name: str) -> None:
        self.name = name
        self.n_records = 0
        self._path = path
        self._screen = screen
        self._fault = ""
        self._system_error: OSError | None = None
        self._free: queue.Queue[Block | None] = queue.Queue()
        self._full: queue.Queue[Block | BaseException | None] = queue.Queue()
        for _ in range(_BLOCKS_IN_FLIGHT):
            self._free.put(_empty_block())
        self._file = self._open()
        self._size = self._path.stat().st_size if self._path.is_file() else 0
        self._at = 0
        threading.Thread(target=self._run, daemon=True).start()

    def __iter__(self) -> Iterator[Block]:
        while True:
            block = self._full.get()
            if block is None:
                return
            if isinstance(block, BaseException):
                raise block
            yield block
            self._free.put(block)

    def close(self) -> None:
        """Let the thread end, whether or not everything was read."""
        self._free.put(None)

    @property
    def share_read(self) -> float | None:
        """How much of the file was read so far, from 0 to 1; None for a pipe."""
        return min(self._at / self._size, 1.0) if self._size else None

    def problem(self, text: str, remedy: str) -> InputError:
        """An error in this file."""
        return InputError(text, file=self.name, remedy=remedy, error=self._system_error)

    def problem_in(self, record: int, text: str, remedy: str) -> InputError:
        """An error in one record, counted from 1."""
        line = _LINES * (record - 1) + 1
        return InputError(f"record {record:,}: {text}", file=self.name, line=line, remedy=remedy)

    def _open(self) -> IO[bytes]:
        if self._path == STANDARD_INPUT:
            return standard_input()
        if self._path.is_dir():
            raise self.problem("expected a FASTQ file, found a folder", "give the files in it")
        try:
            return self._path.open("rb", _INPUT_BYTES)
        except FileNotFoundError:
            raise self.problem(
                "expected a FASTQ file, found none of this name", "check the path"
            ) from None
        except OSError as error:
            self._system_error = error
            raise self.problem(f"the file cannot be read ({error.strerror})", "") from None

    def _run(self) -> None:
        try:
            with self._file:
                for block in self._blocks(self._decompressed()):
                    self._at = self._file.tell() if self._size else 0
                    self._full.put(block)
            self._full.put(None)
        except BaseException as error:  # noqa: BLE001 - raised again where the blocks are taken
            self._full.put(error)

    def _decompressed(self) -> IO[bytes]:
        """The content, by the look of its first bytes."""
        from isal import igzip

        head = self._file.peek(1)  # type: ignore[attr-defined]
        if found := other_format(head):
            raise self.problem(*found)
        if not head.startswith(_GZIP):
            return self._file
        self._check_bgzip_end(head)
        stream: IO[bytes] = igzip.open(self._file, "rb")  # type: ignore[no-untyped-call]
        return stream

    def _check_bgzip_end(self, head: bytes) -> None:
        """Refuse what bgzip wrote where its end is missing: no single block of it would tell."""
        has_extra_field = head[3:4] == b"\x04" and head[12:14] == b"BC"
        if not has_extra_field or not self._path.is_file():
            return
        with self._path.open("rb") as stream:
            size = stream.seek(0, io.SEEK_END)
            stream.seek(max(0, size - len(_BGZIP_END)))
            end = stream.read()
        if end != _BGZIP_END:
            raise self.problem(
                "expected the empty block that ends a bgzip file, found none: the file is cut off",
                COPY_AGAIN,
            )

    def _blocks(self, source: IO[bytes]) -> Iterator[Block]:
        rest = np.empty(0, np.uint8)
        ended = False
        while True:
            block = self._free.get()
            if block is None:
                return
            text = block.text
            text[: rest.size] = rest
            size = rest.size
            if not ended:
                size, ended = self._fill(source, text, size)
            n, used, why = self._screen(text, size, block.room)
            block.records = block.room[:n]
            block.first = self.n_records
            self.n_records += n
            rest = text[used:size].copy()
            yield block
            if why == BAD_RECORD or (n == 0 and rest.size) or (ended and self._fault):
                self._check_end(rest.tobytes(), ended=ended)
                return
            if ended and not rest.size:
                return

    def _fill(self, source: IO[bytes], text: NDArray[np.uint8], size: int) -> tuple[int, bool]:
        """Read until the block is full, save one byte, or the file ends.

        Returns:
            How many bytes the block has, and whether those are the last.
        """
        from isal import isal_zlib

        room = memoryview(text)[: _BLOCK_BYTES - 1]  # type: ignore[arg-type]
        try:
            while size < len(room):
                n = source.readinto(room[size:])  # type: ignore[attr-defined]
                if not n:
                    break
                size += n
            else:
                return size, False
        except EOFError:
            self._fault = "the gzip data stop before their end: the file is cut off"
        except (gzip.BadGzipFile, isal_zlib.error) as error:  # type: ignore[misc]
            self._fault = f"the gzip data are damaged ({error})"
        except OSError as error:
            self._fault = f"the file cannot be read on ({error.strerror})"
            self._system_error = error
        if size and text[size - 1] != ord("\n"):
            text[size] = ord("\n")  # the last line may lack its end
            size += 1
        return size, True

    def _check_end(self, rest: bytes, *, ended: bool) -> None:
        """Say what is wrong behind the last whole record; nothing is but for empty lines.

        Raises:
            InputError: With the record.
        """
        if self._fault:
            raise self.problem(f"{self._fault}, after {self.n_records:,} whole records", COPY_AGAIN)
        if rest.strip() or not ended:
            raise self.problem_in(self.n_records + 1, *explain(rest, ended=ended))


def _empty_block() -> Block:
    room = np.empty((_RECORDS_A_BLOCK, RECORD_COLUMNS), np.int64)
    return Block(text=np.empty(_BLOCK_BYTES, np.uint8), room=room, records=room[:0], first=0)
