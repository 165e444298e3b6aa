"""Both files of a sample to the fragments that deserve a closer look, and what covers KMT2A."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fusion_caller.errors import InputError
from fusion_caller.reads.fastq import STANDARD_INPUT, FastqFile
from fusion_caller.reads.kernels import LOOK_CLOSER, NAME_HASH, NO_HIT
from fusion_caller.reads.lanes import check_pair, lanes_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_caller.reads.fastq import Block
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.mates import Aligned

# Exons between which fusions leave KMT2A in nearly all patients (bcr1): depth is counted where
# each of them ends.
BREAKPOINT_EXONS = range(7, 13)
# A read counts across a place if it has so many bases on either side of it.
ANCHOR = 16
# More fragments to look at than this are not from RNA of a leukaemia.
MOST_KEPT = 1_000_000
# Longer ones are of another kind: they have insertions and deletions, and one is a whole fragment.
LONGEST_SHORT_READ = 400
# Copies of a fragment begin with the same bases in both reads.
_SAME_START = 40

# The second reads of a pair are not those of the first; so many that are were given twice.
_SAME_READS = 100

Fragment = tuple[bytes, ...]


class Progress(Protocol):
    """Is told how many fragments were read so far, and which share of the files if it is known."""

    def __call__(self, n: int, share: float | None = None, /) -> None: ...  # noqa: D102


def untold(n: int, share: float | None = None, /) -> None:
    """Show nobody how far it is."""


@dataclass(slots=True)
class Screened:
    """What a screen found.

    Attributes:
        n_fragments: Fragments in the files: pairs, or single reads.
        n_on_kmt2a: Fragments with a read that is KMT2A as a whole or in part.
        kept: The reads of every kept fragment, upper case; its number is its place.
        paired: Whether there are two files.
        read_length: The longest read.
        depth: Reads that run across the end of each exon of `BREAKPOINT_EXONS` as KMT2A's own.
        aligned: How a file of alignments was read; None for FASTQ.
    """

    n_fragments: int
    n_on_kmt2a: int
    kept: list[Fragment]
    paired: bool
    read_length: int
    depth: dict[int, int]
    aligned: Aligned | None = None

    @property
    def copies(self) -> list[int]:
        """For each kept fragment the number of the first one that it is a copy of, or its own.

        One base misread in the start of each read does not hide a copy.
        """
        first: dict[frozenset[tuple[int, bytes]], int] = {}
        found = []
        for number, fragment in enumerate(self.kept):
            keys = _starts(fragment)
            original = min((first[key] for key in keys if key in first), default=number)
            found.append(original)
            for key in keys:
                first.setdefault(key, original)
        return found


def _starts(fragment: Fragment) -> list[frozenset[tuple[int, bytes]]]:
    """What fragments that begin alike have in common: either half of the start of each read."""
    starts = [_start_of(read) for read in fragment]
    halves = [((0, start[: len(start) // 2]), (1, start[len(start) // 2 :])) for start in starts]
    return [frozenset(one) for one in product(*halves)]


def _start_of(read: bytes) -> bytes:
    """What copies of a read have in common; whole transcripts all begin alike."""
    return read[:_SAME_START] if len(read) <= LONGEST_SHORT_READ else read


def check_files(files: Sequence[Path], name: str) -> None:
    """Refuse the same file twice, and two streams from one pipe.

    Args:
        files: The files.
        name: How messages call the first.

    Raises:
        InputError: If it is so.
    """
    if len(files) < 2:  # noqa: PLR2004
        return
    first, second = files
    same = first == second or (
        first.exists() and second.exists() and first.resolve() == second.resolve()
    )
    if same:
        raise InputError(
            "the same file was given for the first and the second reads",
            file=name,
            remedy="give R1 and R2 of one sample, or one file of single reads",
        )


def screen(
    files: Sequence[Path],
    index: ReadIndex,
    *,
    names: Sequence[str] = (),
    lanes: Sequence[tuple[int, ...]] | None = None,
    progress: Progress = untold,
) -> Screened:
    """Read all FASTQ files of a sample and keep the fragments that are not plain KMT2A.

    Args:
        files: R1 and R2, or one file of single reads or of pairs whose reads stand one behind the
            other; `-` is standard input. More than two are lanes, paired by the 1 and 2 in their
            names.
        index: What reads are looked up in.
        names: How messages call the files; their paths if not given.
        lanes: The places in `files` of those that belong together; by their names if not given.
        progress: Told how far it is.

    Raises:
        InputError: If a file is cut off, damaged, or not the mates of the other.
    """
    if not names:
        pipe = {STANDARD_INPUT: "standard input"}
        names = [pipe.get(str(path), str(path)) for path in files]
    lanes = lanes_of(files, names) if lanes is None else lanes
    sink = Sink(index, paired=len(lanes[0]) > 1)
    for number, lane in enumerate(lanes):
        _screen_lane(
            [(files[at], names[at]) for at in lane],
            index,
            sink,
            _part_of(progress, number, len(lanes)),
        )
    return sink.screened


def _part_of(progress: Progress, number: int, n: int) -> Progress:
    """What to tell how far one of n lanes is."""

    def tell(n_fragments: int, share: float | None = None, /) -> None:
        progress(n_fragments, None if share is None else (number + share) / n)

    return tell


def _screen_lane(
    files: Sequence[tuple[Path, str]], index: ReadIndex, sink: Sink, progress: Progress
) -> None:
    check_files([path for path, _ in files], files[0][1])
    check_pair([path for path, _ in files], [name for _, name in files])
    streams: list[FastqFile] = []
    try:
        for path, name in files:
            streams.append(FastqFile(path, index.screen, name=name))
        if len(streams) > 1:
            _take_pairs(streams[0], streams[1], sink, progress)
        else:
            _take_one_file(streams[0], sink, progress)
    finally:
        for stream in streams:
            stream.close()


def _take_one_file(stream: FastqFile, sink: Sink, progress: Progress) -> None:
    """Go through single reads, or through pairs whose reads stand one behind the other."""
    interleaved = False
    lonely: Block | None = None
    for block in stream:
        at = 0
        if block.first == 0:
            interleaved = _are_pairs(block)
            sink.screened.paired = sink.screened.paired or interleaved
        if not interleaved:
            sink.take(((block, 0),), len(block))
        else:
            if lonely is not None and len(block):
                _take_side_by_side(lonely, block, 1, stream, sink)
                lonely, at = None, 1
            n = (len(block) - at) // 2
            _take_side_by_side(block.every_second(at), block.every_second(at + 1), n, stream, sink)
            if at + 2 * n < len(block):
                lonely = block.copy_of(at + 2 * n)
        progress(sink.screened.n_fragments, _share_read((stream,)))
    if lonely is not None:
        raise stream.problem_in(
            stream.n_records,
            "expected pairs one behind the other, found the last read without its mate",
            "copy the file again from where it was made and compare the checksums",
        )


def _are_pairs(block: Block) -> bool:
    """Whether reads stand behind their mates, by the names of the first; see `Block.names_differ`.

    Single reads that are counted, `.1`, `.2`, look like mates once, and not twice.
    """
    if len(block) < 4:  # noqa: PLR2004
        return len(block) > 1 and block.records[0, NAME_HASH] == block.records[1, NAME_HASH]
    return block.every_second(0).names_differ(0, block.every_second(1), 0, 2) is None


def _take_side_by_side(one: Block, two: Block, n: int, stream: FastqFile, sink: Sink) -> None:
    wrong = one.names_differ(0, two, 0, n)
    if wrong is not None:
        raise stream.problem_in(
            two.first + 2 * wrong + 1,
            "expected the mate of the record before, as in the pairs above, found another name",
            "write R1 and R2 into two files, or give single reads alone",
        )
    sink.take(((one, 0), (two, 0)), n)


def _take_pairs(first: FastqFile, second: FastqFile, sink: Sink, progress: Progress) -> None:
    """Go through both files side by side; their blocks end at different records."""
    ones, twos = iter(first), iter(second)
    one = two = None
    at = other_at = 0
    while True:
        while one is None or at == len(one):
            one, at = next(ones, None), 0
            if one is None:
                break
        while two is None or other_at == len(two):
            two, other_at = next(twos, None), 0
            if two is None:
                break
        if one is None or two is None:
            _check_both_ended(first, second, one, two)
            return
        n = min(len(one) - at, len(two) - other_at)
        wrong = one.names_differ(at, two, other_at, n)
        if wrong is not None:
            raise second.problem_in(
                two.first + other_at + wrong + 1,
                f"its name is not that of the same record in {first.name}",
                "give the two files of one sample, with their records in the same order",
            )
        if one.first + at == 0:
            _check_not_the_same(one, two, n, first, second)
        sink.take(((one, at), (two, other_at)), n)
        at += n
        other_at += n
        progress(sink.screened.n_fragments, _share_read((first, second)))


def _share_read(streams: Sequence[FastqFile]) -> float | None:
    """How much was read of all files together; None where one of them is a pipe."""
    shares = [stream.share_read for stream in streams]
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if len(known) == len(shares) else None


def _check_not_the_same(
    one: Block, two: Block, n: int, first: FastqFile, second: FastqFile
) -> None:
    """Refuse the first reads under another name as the second: they would all be counted twice."""
    if n >= _SAME_READS and all(one.read(at) == two.read(at) for at in range(_SAME_READS)):
        raise second.problem(
            f"its first {_SAME_READS} reads are those of {first.name}, base for base",
            "give R1 and R2 of one sample, or one file of single reads",
        )


def _check_both_ended(
    first: FastqFile, second: FastqFile, one: Block | None, two: Block | None
) -> None:
    """Refuse two files of which one has fewer records."""
    if one is None and two is None:
        return
    short, long = (first, second) if one is None else (second, first)
    n = short.n_records
    raise short.problem_in(
        n + 1,
        f"the file ends after {n:,} records, {long.name} goes on",
        "give the two files of one sample, and copy again what was cut off",
    )


class Looked(Protocol):
    """Reads that were looked up."""

    @property
    def verdicts(self) -> NDArray[np.int64]:
        """What the screen says of each read."""
        ...

    @property
    def lengths(self) -> NDArray[np.int64]:
        """The bases of each read."""
        ...

    def read(self, record: int) -> bytes:
        """The bases of one read, in upper case."""
        ...


class Sink:
    """Takes screened reads, keeps some and counts all."""

    def __init__(self, index: ReadIndex, *, paired: bool) -> None:
        self._size = len(index.transcript)
        self._n_transcript = index.n_transcript
        self._has_genome = index.genome is not None
        self._ends = [index.exon_ends[exon - 1] for exon in BREAKPOINT_EXONS]
        self.screened = Screened(
            n_fragments=0,
            n_on_kmt2a=0,
            kept=[],
            paired=paired,
            read_length=0,
            depth=dict.fromkeys(BREAKPOINT_EXONS, 0),
        )

    def take(self, sides: tuple[tuple[Looked, int], ...], n: int) -> None:
        """Take the next n fragments, whose reads begin at a record of one block or of two."""
        verdicts = [block.verdicts[at : at + n] for block, at in sides]
        lengths = [block.lengths[at : at + n] for block, at in sides]
        done = self.screened
        done.n_fragments += n
        if n:
            done.read_length = max(done.read_length, *(int(part.max()) for part in lengths))
        hits = np.flatnonzero(np.logical_or.reduce([v != NO_HIT for v in verdicts]))
        done.n_on_kmt2a += hits.size
        verdicts = [v[hits] for v in verdicts]
        lengths = [part[hits] for part in lengths]
        closer = np.logical_or.reduce(
            [(v == LOOK_CLOSER) | (v >= self._n_transcript) for v in verdicts]
        )
        spans = [self._span(v, part) for v, part in zip(verdicts, lengths, strict=True)]
        if len(sides) > 1:
            closer |= self._everted(verdicts, spans)
            if self._has_genome:
                closer |= self._half(verdicts, spans)
        for start, end in spans:
            for exon, edge in zip(done.depth, self._ends, strict=True):
                across = (start <= edge - ANCHOR) & (end >= edge + ANCHOR)
                done.depth[exon] += int(across.sum())
        for record in hits[closer]:
            done.kept.append(tuple(block.read(at + record) for block, at in sides))
        if len(done.kept) > MOST_KEPT:
            raise InputError(
                f"more than {MOST_KEPT:,} fragments have a part of KMT2A beside something else",
                file="the reads",
                remedy="expected RNA-seq of a human sample",
            )

    def _span(
        self, verdicts: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where plain reads begin and end on KMT2A's transcript; -1 and -1 for the others."""
        other = self._size + 1
        on = (verdicts >= 0) & (verdicts < self._n_transcript)
        reverse = verdicts >= other
        start = np.where(reverse, self._size - (verdicts - other) - lengths, verdicts)
        return np.where(on, start, -1), np.where(on, start + lengths, -1)

    def _half(
        self,
        verdicts: list[NDArray[np.int64]],
        spans: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
    ) -> NDArray[np.bool_]:
        """Pairs with one read of KMT2A and one of what may be another gene."""
        (start, _), (mate_start, _) = spans
        nowhere, mate_nowhere = (v == NO_HIT for v in verdicts)
        half: NDArray[np.bool_] = ((start >= 0) & mate_nowhere) | ((mate_start >= 0) & nowhere)
        return half

    def _everted(
        self,
        verdicts: list[NDArray[np.int64]],
        spans: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
    ) -> NDArray[np.bool_]:
        """Pairs of plain reads that point away from each other, as around a duplication."""
        (start, end), (mate_start, mate_end) = spans
        other = self._size + 1
        both = (end >= 0) & (mate_end >= 0)
        reverse, mate_reverse = (v >= other for v in verdicts)
        return both & (
            (~reverse & mate_reverse & (mate_end <= start))
            | (reverse & ~mate_reverse & (end <= mate_start))
        )
