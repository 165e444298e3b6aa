"""The reads of an indexed BAM or CRAM file that can show a fusion of KMT2A, and no others.

Those are all on KMT2A; those that end within a packaged gene, or have no place beside one; where a
supplementary alignment lies on KMT2A the whole read that it is a part of; the mates of all these;
and everything that was not aligned: an aligner that writes no split alignments leaves the reads of
fusions there.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from fusion_caller.errors import InputError
from fusion_caller.reads.alignment_headers import check_samples, place_of
from fusion_caller.reads.bam_kernels import NOT_READ, SUPPLEMENTARY
from fusion_caller.reads.bam_stream import BGZF_END, BamStream, Header
from fusion_caller.reads.file_kind import FileKind, unreadable
from fusion_caller.reads.kernels import NO_HIT
from fusion_caller.reads.mates import UNMAPPED, Aligned, Mates, Read, Records, side_of, take_blocks
from fusion_caller.reads.pieces import SHORTEST_PIECE
from fusion_caller.reads.screening import Sink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pysam

    from fusion_caller.reads.alignment_headers import Place
    from fusion_caller.reads.file_kind import Given
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.screening import Screened

_NEAR_EACH_OTHER = 1_000
_SOFT_CLIP, _HARD_CLIP = 4, 5
_MAKE_INDEX = "make it again by `samtools index`"


def screen_by_index(
    given: Given, beside: Path, index: ReadIndex, progress: Callable[[int], None]
) -> Screened | None:
    """Read what is needed of an indexed file.

    Args:
        given: The file.
        beside: Its index.
        index: What reads are looked up in.
        progress: Told how many reads were read so far.

    Returns:
        None where the reads were not aligned to anything.

    Raises:
        InputError: If the file is damaged or the index is of another one.
    """
    import pysam

    pysam.set_verbosity(0)
    try:
        opened = pysam.AlignmentFile(
            str(given.path),
            index_filename=str(beside),
            reference_filename=str(given.reference) if given.reference else None,
            check_sq=False,
        )
    except (OSError, ValueError) as error:
        raise unreadable(error, given, remedy=_MAKE_INDEX) from None
    try:
        header = Header(
            text=str(opened.header),
            contigs=tuple(zip(opened.references, opened.lengths, strict=True)),
        )
        check_samples(header, given.name)
        place = place_of(header, given.name)
        if place is None:
            return None
        file = _Indexed(opened, given, index, place)
        file.screen(progress)
        return file.screened
    except (OSError, ValueError) as error:
        raise unreadable(
            error, given, remedy=f"{_MAKE_INDEX}; if that fails the file is damaged"
        ) from None
    finally:
        with suppress(OSError):  # of a file that could not be read to its end
            opened.close()


class _Indexed:
    """An opened file and what was taken from it."""

    def __init__(
        self, opened: pysam.AlignmentFile, given: Given, index: ReadIndex, place: Place
    ) -> None:
        self._file = opened
        self._given = given
        self._index = index
        self._place = place
        self._records = Records()
        sink = Sink(index, paired=False)
        sink.screened.aligned = Aligned(format=given.kind, by_index=True, records=self._records)
        self.screened = sink.screened
        self._mates = Mates(sink, self._records, file=given.name)
        self._known: set[tuple[str, int]] = set()
        # Where a mate lies of which the other was read, by its name.
        self._mate_at: dict[str, tuple[int, int]] = {}

    def screen(self, progress: Callable[[int], None]) -> None:
        """Read the file."""
        on_kmt2a = list(self._fetch(*self._place.kmt2a))
        self._take(on_kmt2a)
        self._take(self._at(self._wholes_of(on_kmt2a)))
        for region in merged(self._place.partners() + self._joined_to(on_kmt2a)):
            self._take(self._ends_within(list(self._fetch(*region))))
        missing = {
            name: self._mate_at[name]
            for key, read in self._mates.waiting.items()
            if read.verdict != NO_HIT and (name := key.decode()) in self._mate_at
        }
        self._take(self._at(missing))
        progress(self._records.used)
        if self._given.kind is FileKind.BAM:
            self._take_tail(progress)
        else:
            self._take(list(self._file.fetch("*")))
        self._mates.finish()

    def _fetch(self, tid: int, start: int, end: int) -> Iterator[pysam.AlignedSegment]:
        size = self._file.lengths[tid]
        return self._file.fetch(tid=tid, start=min(start, size), stop=min(end, size))

    def _take(self, found: Iterable[pysam.AlignedSegment]) -> None:
        """Look reads up that were not taken before, and put them to their mates."""
        taken = []
        for read in found:
            key = (read.query_name or "", side_of(read.flag))
            if read.flag & NOT_READ:
                taken.append(read)
            elif key not in self._known:
                self._known.add(key)
                taken.append(read)
        bases = [(read.get_forward_sequence() or "").upper().encode() for read in taken]
        lengths = np.array([len(one) for one in bases], np.int64)
        flags = np.array([read.flag for read in taken], np.int64)
        used = self._records.count(flags, lengths)
        self._mates.passed(flags[used], lengths[used])
        text = np.frombuffer(b"".join(bases) + b"\0", np.uint8)
        verdicts = self._index.verdicts(text, np.cumsum(lengths) - lengths, lengths)
        for number in np.flatnonzero(used):
            read, verdict = taken[number], int(verdicts[number])
            name = read.query_name or ""
            self._records.clipped += verdict != NO_HIT and _is_cut(read)
            if verdict != NO_HIT and read.next_reference_id >= 0:
                self._mate_at[name] = (read.next_reference_id, read.next_reference_start)
            self._mates.add(name.encode(), Read(side_of(read.flag), bases[number], verdict))

    def _ends_within(self, found: list[pysam.AlignedSegment]) -> list[pysam.AlignedSegment]:
        """Reads of which the aligner left an end out or that have no place, and their mates."""
        names = {read.query_name for read in found if not read.flag & NOT_READ and _ends(read)}
        return [r for r in found if r.query_name in names and not r.flag & NOT_READ]

    def _wholes_of(self, found: list[pysam.AlignedSegment]) -> dict[str, tuple[int, int]]:
        """Where the whole reads lie that supplementary alignments are a part of."""
        wholes = {}
        for read in found:
            key = (read.query_name or "", side_of(read.flag))
            if read.flag & SUPPLEMENTARY and key not in self._known and read.has_tag("SA"):
                contig, position = str(read.get_tag("SA")).split(",")[:2]
                wholes[key[0]] = (self._file.get_tid(contig), int(position) - 1)
        return wholes

    def _joined_to(self, found: list[pysam.AlignedSegment]) -> list[tuple[int, int, int]]:
        """What is around the mates and the other parts of reads on KMT2A."""
        places = set(self._mate_at.values())
        for read in found:
            if read.has_tag("SA"):
                for other in str(read.get_tag("SA")).split(";")[:-1]:
                    contig, position = other.split(",")[:2]
                    places.add((self._file.get_tid(contig), int(position) - 1))
        tid, start, end = self._place.kmt2a
        return [
            self._place.around(place)
            for place in places
            if not (place[0] == tid and start <= place[1] < end)
        ]

    def _at(self, places: dict[str, tuple[int, int]]) -> list[pysam.AlignedSegment]:
        """The reads of some names that begin at places of their own."""
        found = []
        for region in _grouped(set(places.values())):
            for read in self._fetch(*region):
                at = (read.reference_id, read.reference_start)
                if places.get(read.query_name or "") == at and not read.flag & NOT_READ:
                    found.append(read)
        return found

    def _take_tail(self, progress: Callable[[int], None]) -> None:
        """Everything that has no place, from where the index says that it begins.

        Raises:
            InputError: If there is not what the index says that there is.
        """
        expected = self._file.nocoordinate
        first = next(self._file.fetch("*"), None)
        block, skip = self._file.tell() >> 16, self._file.tell() & 0xFFFF
        n = 0
        ended = first is None and block == self._given.path.stat().st_size - len(BGZF_END)
        if first is not None and first.reference_id < 0:
            self._take([first])
            with self._given.path.open("rb") as source:
                source.seek(block)
                stream = BamStream(source, self._index, name=self._given.name, skip=skip)
                take_blocks(stream, self._mates, self._records, progress)
            n, ended = stream.n_records + 1, True
        if n != expected or not ended:
            raise InputError(
                f"its index says {expected:,} reads without a place, the file has "
                f"{n:,} where it should: one is not of the other, or the file is cut off",
                file=self._given.name,
                remedy=_MAKE_INDEX,
            )


def merged(regions: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Regions in order, those that overlap as one."""
    done: list[tuple[int, int, int]] = []
    for tid, start, end in sorted(regions):
        if done and done[-1][0] == tid and start <= done[-1][2]:
            done[-1] = (tid, done[-1][1], max(end, done[-1][2]))
        else:
            done.append((tid, start, end))
    return done


def _grouped(places: set[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Regions that hold all places, those near each other in one."""
    group: list[tuple[int, int]] = []
    for tid, ordered in groupby(sorted(places), key=lambda place: place[0]):
        group = []
        for place in ordered:
            if group and place[1] - group[-1][1] > _NEAR_EACH_OTHER:
                yield tid, group[0][1], group[-1][1] + 1
                group = []
            group.append(place)
        yield tid, group[0][1], group[-1][1] + 1


def _ends(read: pysam.AlignedSegment) -> bool:
    if read.flag & UNMAPPED:
        return True
    if "S" not in (read.cigarstring or ""):  # nearly all, and their CIGAR need not be taken apart
        return False
    cigar = read.cigartuples or []
    return any(op == _SOFT_CLIP and n >= SHORTEST_PIECE for op, n in (cigar[:1] + cigar[-1:]))


def _is_cut(read: pysam.AlignedSegment) -> bool:
    cigar = read.cigartuples or []
    return any(op == _HARD_CLIP for op, _ in cigar[:1] + cigar[-1:])
