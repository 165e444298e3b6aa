"""The KMT2A fusions of one sample from its reads, and how small a share would have been seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fusion_caller.errors import InputError
from fusion_caller.reads.candidates import (
    Seen,
    add_spanning,
    around_only,
    candidates_of,
    place,
)
from fusion_caller.reads.file_kind import ALIGNMENTS, Given, called, kind_of
from fusion_caller.reads.halves import Half
from fusion_caller.reads.halves import around as around_by_genome
from fusion_caller.reads.judge import is_ptd, judge
from fusion_caller.reads.long_reads import is_long, long_joins, with_long_depth
from fusion_caller.reads.resolve import Resolver
from fusion_caller.reads.screening import BREAKPOINT_EXONS, screen, untold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.joins import NoJoin, Spanning
    from fusion_caller.reads.judge import Judged
    from fusion_caller.reads.screening import Progress, Screened

# The mean of a Poisson distribution of which 95 % are 2 or more: 1 - exp(-m) (1 + m) = 0.95.
_MEAN_FOR_TWO = 4.743864518390587
# A sample is evaluable if a fusion would have been seen in so large a share of KMT2A's transcripts.
# One of two alleles in 40 % of the cells; a choice of this project.
EVALUABLE_SHARE = 0.2


class Answer(StrEnum):
    """What the reads of a sample say."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    NOT_EVALUABLE = "not_evaluable"
    """Too few reads of KMT2A to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What was found in the reads of one sample.

    Attributes:
        screened: What was read and kept.
        calls: The fusions, the best supported first.
        not_called: The candidates that are none.
        no_join: Why kept fragments show no join, by the number of fragments.
        index: What the reads were looked up in.
    """

    screened: Screened
    calls: tuple[Judged, ...]
    not_called: tuple[Judged, ...]
    no_join: dict[NoJoin, int]
    index: ReadIndex

    @property
    def smallest_share(self) -> dict[int, float]:
        """For each breakpoint exon the smallest share of fused transcripts that is not missed.

        With n reads of plain KMT2A across its end, a fusion in the share f of all transcripts is
        expected in n f / (1 - f) reads; f is where two or more of them are seen in 95 of 100
        samples (Poisson).
        """
        depth = self.screened.depth
        return {exon: _MEAN_FOR_TWO / (n + _MEAN_FOR_TWO) for exon, n in depth.items()}

    @property
    def limit(self) -> float:
        """The largest of `smallest_share`: it holds for a break behind any of the exons."""
        return max(self.smallest_share.values())

    @property
    def lacks(self) -> str:
        """Why the reads of a fusion may not be in the file; empty where they should be."""
        aligned = self.screened.aligned
        return aligned.lacks if aligned is not None else ""

    @property
    def answer(self) -> Answer:
        """What the reads say."""
        if self.calls:
            return Answer.FOUND
        if self.lacks:
            return Answer.NOT_EVALUABLE
        return Answer.NOT_FOUND if self.limit <= EVALUABLE_SHARE else Answer.NOT_EVALUABLE

    @property
    def sentence(self) -> str:
        """The answer, where nothing was found."""
        exons = f"exons {BREAKPOINT_EXONS[0]} to {BREAKPOINT_EXONS[-1]}"
        least = min(self.screened.depth.values())
        if not self.screened.n_fragments:
            return "not evaluable: the files hold no reads"
        if self.lacks:
            return f"not evaluable: {self.lacks}"
        if self.answer is Answer.NOT_EVALUABLE and not least:
            return f"not evaluable: no read of KMT2A across the end of one of {exons}"
        if self.answer is Answer.NOT_EVALUABLE:
            return (
                f"not evaluable: {least} reads of KMT2A across the least covered end of {exons}; a "
                f"fusion in less than {percent(self.limit)} of KMT2A's transcripts would be missed"
            )
        return (
            f"no KMT2A fusion; {least} reads of KMT2A or more across the ends of {exons}, so that "
            f"one in {percent(self.limit)} of its transcripts would have been seen"
        )


def percent(share: float) -> str:
    """A share to two digits: `0.77%`, `3%`, `100%`."""
    return f"{100 * share:.2g}%" if share < 0.1 else f"{100 * share:.0f}%"  # noqa: PLR2004


def detect(
    files: Sequence[Path],
    index: ReadIndex,
    *,
    names: Sequence[str] = (),
    lanes: Sequence[tuple[int, ...]] | None = None,
    reference: Path | None = None,
    progress: Progress = untold,
) -> Detection:
    """Find the KMT2A fusions in one or two FASTQ files, or in a BAM, CRAM or SAM file.

    Args:
        files: R1 and R2, single reads, pairs one behind the other, lanes of these, or alignments;
            `-` is standard input.
        index: What reads are looked up in.
        names: How messages call the files; their paths if not given.
        lanes: The places in `files` of those that belong together; by their names if not given.
        reference: The genome, which a CRAM file may need.
        progress: Told how far it is.

    Raises:
        InputError: If a file is cut off, damaged, or not the mates of the other.
    """
    kind = kind_of(files[0])
    if kind not in ALIGNMENTS:
        return resolve(screen(files, index, names=names, lanes=lanes, progress=progress), index)
    # pysam and the loops that read BAM, which FASTQ files need not wait for.
    from fusion_caller.reads.alignments import screen_alignments

    names = names or [called(path) for path in files]
    if len(files) > 1:
        raise InputError(
            f"expected one file of alignments, found it with {names[1]} beside it",
            file=names[0],
            remedy="give the files of a sample one by one, or join them by `samtools merge`",
        )
    given = Given(path=files[0], kind=kind, name=names[0], reference=reference)
    return resolve(screen_alignments(given, index, progress=progress), index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What the kept fragments show, each for itself.

    Attributes:
        seen: The joins that their reads run across.
        around: Fragments with one read on either side of a join, with their numbers.
        no_join: Why the others show none, by the number of fragments.
    """

    seen: list[Seen]
    around: list[tuple[Spanning, int]]
    no_join: Counter[NoJoin]


def resolve(screened: Screened, index: ReadIndex) -> Detection:
    """Look at the kept fragments of a sample and judge what they show."""
    if any(map(is_long, screened.kept)):
        screened = with_long_depth(screened, Resolver(index))
    return decide(screened, observe(screened, index), index)


def observe(screened: Screened, index: ReadIndex) -> Observed:
    """Look at every kept fragment of a sample."""
    resolver = Resolver(index)
    seen: list[Seen] = []
    around: list[tuple[Spanning, int]] = []
    halves: list[Half] = []
    no_join: Counter[NoJoin] = Counter()
    for reads, fragment in zip(screened.kept, screened.copies, strict=True):
        if is_long(reads):
            joins, why = long_joins(reads[0], resolver)
            seen += (Seen(join, fragment, mate_fits=True) for join in joins)
            if not joins:
                no_join.update(why)
            continue
        resolved = [resolver.joins(read) for read in reads]
        if any(found for found, _ in resolved):
            fits = [resolver.is_on_kmt2a(read) for read in reads]
            for (found, _), mate_fits in zip(resolved, fits[::-1], strict=True):
                fit = mate_fits or len(reads) == 1
                seen += (Seen(join, fragment, fit) for join in found)
            continue
        no_join.update(set().union(*(why for _, why in resolved)))
        pair = resolver.spanning(*reads) if len(reads) > 1 else None
        if pair is not None:
            around.append((pair, fragment))
        elif index.genome is not None and len(reads) > 1:
            half = resolver.half(*reads)
            if half is not None:
                halves.append(Half(spanning=half[0], other=half[1], fragment=fragment))
    if index.genome is not None:
        around += around_by_genome(halves, index.genome)
    return Observed(seen=seen, around=around, no_join=no_join)


def decide(screened: Screened, observed: Observed, index: ReadIndex) -> Detection:
    """Join what fragments show to candidates and judge them."""
    candidates = place(candidates_of(observed.seen, index), index)
    left = add_spanning(candidates, observed.around)
    candidates += around_only(left, index)
    has_ptd = any(is_ptd(candidate, index) for candidate in candidates)
    judged = [judge(candidate, index, has_ptd=has_ptd) for candidate in candidates]
    return Detection(
        screened=screened,
        calls=tuple(one for one in judged if one.confidence is not None),
        not_called=tuple(one for one in judged if one.confidence is None),
        no_join=dict(sorted(observed.no_join.items())),
        index=index,
    )
