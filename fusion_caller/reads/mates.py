"""Reads of an alignment file in any order to fragments, and what of its records was not used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_caller.errors import InputError
from fusion_caller.reads.bam_kernels import DUPLICATE, FAILED, SECONDARY, SUPPLEMENTARY
from fusion_caller.reads.index import complement
from fusion_caller.reads.kernels import NO_HIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from fusion_caller.reads.bam_stream import BamStream, RecordBlock
    from fusion_caller.reads.screening import Sink

PAIRED, UNMAPPED, FIRST, SECOND = 0x1, 0x4, 0x40, 0x80
_MATES = (b"/1", b"/2")
_BATCH = 10_000
_NONE = np.empty(0, np.int64)


@dataclass(slots=True)
class Records:
    """How many records were looked at, and what became of them; the parts add up to the whole.

    Attributes:
        looked_at: All of them.
        used: Reads that were looked up, each once.
        secondary: Other places of a read.
        supplementary: Further parts of a read.
        duplicates: Marked as the copy of another fragment.
        failed: Marked as failed by the sequencer.
        without_bases: Their sequence is not in the file.
        repeated: A read of KMT2A or a partner that was there before.
        unmapped: Of those used the ones without a place.
        alone: Of those used the ones of KMT2A or a partner whose mate was not found.
        clipped: Of those used the ones of which the aligner cut bases off that are not in the file.
    """

    looked_at: int = 0
    used: int = 0
    secondary: int = 0
    supplementary: int = 0
    duplicates: int = 0
    failed: int = 0
    without_bases: int = 0
    repeated: int = 0
    unmapped: int = 0
    alone: int = 0
    clipped: int = 0

    def count(self, flags: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Count records.

        Returns:
            Which of them are used.
        """
        left = np.ones(flags.size, np.bool_)

        def take(which: NDArray[np.bool_]) -> int:
            n = int((left & which).sum())
            left[which] = False
            return n

        self.looked_at += flags.size
        self.secondary += take(flags & SECONDARY > 0)
        self.supplementary += take(flags & SUPPLEMENTARY > 0)
        self.failed += take(flags & FAILED > 0)
        self.duplicates += take(flags & DUPLICATE > 0)
        self.without_bases += take(lengths == 0)
        self.used += int(left.sum())
        self.unmapped += int((flags[left] & UNMAPPED > 0).sum())
        return left


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """How a file of alignments was read.

    Attributes:
        format: BAM, CRAM or SAM.
        by_index: Whether only KMT2A, the partners, their mates and what is not aligned was read.
        records: What became of its records.
    """

    format: str
    by_index: bool
    records: Records

    @property
    def lacks(self) -> str:
        """Why the reads of a fusion may not be in the file; empty where they should be."""
        if self.records.unmapped or self.records.supplementary or not self.records.used:
            return ""
        return (
            "the file holds no unmapped reads and no split alignments, so that the reads of a "
            "fusion may have been left out; give the FASTQ, or align with unmapped reads kept"
        )


@dataclass(frozen=True, slots=True)
class Read:
    """One read: which of its pair (0 where it is single), its bases, what the screen says."""

    side: int
    bases: bytes
    verdict: int


def side_of(flag: int) -> int:
    """1 or 2 for the first and the second read of a pair, 0 for a single one."""
    if not flag & PAIRED:
        return 0
    return 2 if flag & SECOND else 1


def plain_name(name: bytes, side: int) -> bytes:
    """A read's name without the mark of its mate that some aligners leave."""
    return name[:-2] if side and name.endswith(_MATES) else name


def name_hash(name: bytes) -> int:
    """The number of a name, as `bam_kernels.find_records` gives it."""
    mixed = 14695981039346656037
    for byte in name:
        mixed = ((mixed ^ byte) * 1099511628211) & (2**64 - 1)
    return mixed - 2**64 if mixed >= 2**63 else mixed


class Batch:
    """Reads of fragments, as the sink takes them."""

    def __init__(self, reads: list[Read]) -> None:
        self._reads = reads
        self.verdicts = np.array([read.verdict for read in reads], np.int64)
        self.lengths = np.array([len(read.bases) for read in reads], np.int64)

    def read(self, record: int) -> bytes:
        """The bases of one read."""
        return self._reads[record].bases


class Mates:
    """Puts reads of one name together and hands fragments with a hit on.

    Args:
        sink: What takes the fragments.
        records: Where repeated reads and those without a mate are counted.
        file: How messages call the file.
    """

    def __init__(self, sink: Sink, records: Records, *, file: str) -> None:
        self.waiting: dict[bytes, Read] = {}
        self._sink = sink
        self._records = records
        self._file = file
        self._done: dict[bytes, int] = {}
        self._pairs: list[tuple[Read, Read]] = []
        self._singles: list[Read] = []
        self._n_passed = [0, 0, 0]
        self._hashes: dict[bytes, int] = {}
        self._array = _NONE

    def passed(self, flags: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
        """Count reads that were looked up, by the flags of their records."""
        n_single = int((flags & PAIRED == 0).sum())
        n_second = int((flags & (PAIRED | SECOND) == PAIRED | SECOND).sum())
        self._n_passed[0] += n_single
        self._n_passed[2] += n_second
        self._n_passed[1] += flags.size - n_single - n_second
        if lengths.size:
            done = self._sink.screened
            done.read_length = max(done.read_length, int(lengths.max()))

    @property
    def hashes(self) -> NDArray[np.int64]:
        """The numbers that a block of records has for the names of the reads in waiting."""
        if self._array.size != len(self._hashes):
            self._array = np.fromiter(self._hashes.values(), np.int64, len(self._hashes))
        return self._array

    def add(self, name: bytes, read: Read) -> None:
        """Take a hit, or a read that may be the mate of one.

        Raises:
            InputError: If two single reads have one name and different bases.
        """
        key = plain_name(name, read.side)
        if key in self._done:
            self._again(read, self._done[key])
        elif not read.side:
            self._done[key] = hash(min(read.bases, complement(read.bases)))
            self._singles.append(read)
        elif (mate := self.waiting.get(key)) is None:
            self.waiting[key] = read
            self._hashes[key] = name_hash(name)
            self._array = _NONE
        elif mate.side == read.side:
            self._repeated(read)
        else:
            del self.waiting[key], self._hashes[key]
            self._array = _NONE
            self._done[key] = 0
            if mate.verdict != NO_HIT or read.verdict != NO_HIT:
                pair = (mate, read) if mate.side < read.side else (read, mate)
                self._pairs.append(pair)
        if len(self._pairs) + len(self._singles) >= _BATCH:
            self._hand_on()

    def _again(self, read: Read, known: int) -> None:
        if not read.side and hash(min(read.bases, complement(read.bases))) != known:
            raise InputError(
                "two reads have one name and are not marked as a pair: they would count twice",
                file=self._file,
                remedy="align the two files of a pair together, or give the FASTQ files",
            )
        self._repeated(read)

    def _repeated(self, read: Read) -> None:
        self._records.repeated += 1
        self._records.used -= 1
        self._n_passed[read.side] -= 1

    def finish(self) -> None:
        """Hand on what is left: hits whose mate is not in the file are single reads."""
        alone = [read for read in self.waiting.values() if read.verdict != NO_HIT]
        self._records.alone += len(alone)
        self._singles += alone
        self.waiting, self._hashes = {}, {}
        self._hand_on()
        single, first, second = self._n_passed
        done = self._sink.screened
        done.n_fragments = single + max(first, second)
        done.paired = first + second > 0

    def _hand_on(self) -> None:
        if self._pairs:
            one, two = zip(*self._pairs, strict=True)
            self._sink.take(((Batch(list(one)), 0), (Batch(list(two)), 0)), len(one))
        if self._singles:
            self._sink.take(((Batch(self._singles), 0),), len(self._singles))
        self._pairs, self._singles = [], []


def take_blocks(
    stream: BamStream, mates: Mates, records: Records, progress: Callable[[int], None]
) -> None:
    """Look all records of a stream through.

    What may be the mate of a hit is kept: reads whose mate lies on KMT2A, and those that come
    later, in the same block or in the one before. So mates meet in a file in any usual order.
    """
    before: tuple[RecordBlock, NDArray[np.bool_]] | None = None
    for block in stream.blocks():
        used = records.count(block.flags, block.lengths)
        mates.passed(block.flags[used], block.lengths[used])
        wanted = used & ((block.verdicts != NO_HIT) | block.mate_near)
        new = block.hashes[wanted]
        if before is not None and new.size:
            older, left = before
            _add(older, left & np.isin(older.hashes, new), mates, records)
        if new.size or mates.waiting:
            wanted |= used & np.isin(block.hashes, np.concatenate((new, mates.hashes)))
        _add(block, wanted, mates, records)
        before = block, used & ~wanted
        progress(records.used)


def _add(block: RecordBlock, which: NDArray[np.bool_], mates: Mates, records: Records) -> None:
    for number in np.flatnonzero(which):
        record = int(number)
        records.clipped += block.is_clipped(record)
        read = Read(
            side_of(int(block.flags[record])), block.read(record), int(block.verdicts[record])
        )
        mates.add(block.name(record), read)
