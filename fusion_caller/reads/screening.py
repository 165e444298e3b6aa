"""Both files of a sample to the fragments that deserve a closer look, and what covers KMT2A."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fusion_caller.errors import InputError
from fusion_caller.reads.file_kind import called
from fusion_caller.reads.kernels import LOOK_CLOSER, NO_HIT
from fusion_caller.reads.lane_walk import screen_lane
from fusion_caller.reads.lanes import lanes_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

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
        names = [called(path) for path in files]
    lanes = lanes_of(files, names) if lanes is None else lanes
    sink = Sink(index, paired=len(lanes[0]) > 1)
    for number, lane in enumerate(lanes):
        screen_lane(
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
