"""What looks like a fusion of KMT2A in RNA-seq and is none, as fragments by its cause."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from fusion_caller.events import PTD_FIRST_EXONS, PTD_LAST_EXONS
from simulation.fragments import Fragments, across, anywhere
from simulation.genome import RELATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.genome import Bases, Gene, Genome

_TEMPLATE = 500
_ANCHOR = 16
# How many of each; fragments, but for what is said to be places with one or more fragments.
_PLACES = 40
_SWITCHES = 60
_COPIED, _COPIES = 5, 10
_SHORT_INSERTS = 300
_UNSPLICED = 150
_OF_RELATED = 400
_TAILS = (b"A", b"G", b"T", b"AC", b"CTT")
_TAIL = 120
_HOMOLOGY = (2, 8)
_MOST_OF_SLIP = 18
_FUSED_PAIRS, _FUSED_FRAGMENTS = 6, 20


class Artefact(StrEnum):
    """Why fragments look like a fusion and are none, and KMT2A's own for comparison."""

    PLAIN = "plain KMT2A"
    EXON_SKIPPING = "exon skipping"
    INTRON_RETENTION = "intron retention"
    READ_THROUGH = "read-through"
    RELATED_GENES = "related genes"
    TEMPLATE_SWITCH = "template switching"
    COPIES = "copies of a template switch"
    SHORT_INSERT = "adapter behind a short insert"
    LOW_COMPLEXITY = "low-complexity tail"
    BACK_SPLICE = "circular RNA"
    SLIP = "indel within KMT2A"
    UNRELATED_FUSION = "fusion of other genes"


def artefacts(
    genome: Genome, n_plain: int, rng: np.random.Generator, *, length: int
) -> Iterator[tuple[Artefact, Fragments]]:
    """All artefacts, several groups of fragments for each cause.

    Args:
        genome: Where genes are from.
        n_plain: Fragments of KMT2A's own transcript.
        rng: Where chance is from.
        length: Of the reads.
    """
    makers = _Makers(genome, rng, length)
    yield Artefact.PLAIN, anywhere(genome.kmt2a.transcript, n_plain, rng)
    for cause, groups in (
        (Artefact.EXON_SKIPPING, makers.exon_skipping()),
        (Artefact.INTRON_RETENTION, makers.intron_retention()),
        (Artefact.READ_THROUGH, makers.read_through()),
        (Artefact.RELATED_GENES, makers.related_genes()),
        (Artefact.TEMPLATE_SWITCH, makers.template_switches(_SWITCHES)),
        (Artefact.COPIES, (one.repeated(_COPIES) for one in makers.template_switches(_COPIED))),
        (Artefact.SHORT_INSERT, makers.short_inserts()),
        (Artefact.LOW_COMPLEXITY, makers.low_complexity()),
        (Artefact.BACK_SPLICE, makers.back_splices()),
        (Artefact.SLIP, makers.slips()),
        (Artefact.UNRELATED_FUSION, makers.unrelated_fusions()),
    ):
        for group in groups:
            yield cause, group


class _Makers:
    """Makes fragments of one genome."""

    def __init__(self, genome: Genome, rng: np.random.Generator, length: int) -> None:
        self._genome = genome
        self._kmt2a = genome.kmt2a
        self._rng = rng
        self._length = length

    def _n(self, low: int, high: int) -> int:
        """A number from one to another, both included."""
        return int(self._rng.integers(low, high + 1))

    def _joined(self, left: Bases, right: Bases, n: int) -> Fragments:
        left, right = left[-_TEMPLATE:], right[:_TEMPLATE]
        first, last = left.size - min(_ANCHOR, left.size), left.size + min(_ANCHOR, right.size)
        template = np.concatenate([left, right])
        return across(template, first, last, n, self._rng, length=self._length)

    def _spliced(self, left: Gene, last: int, right: Gene, first: int, n: int) -> Fragments:
        """Fragments over an exon's end and another's start."""
        before = left.transcript[: left.exon_ends[last - 1]]
        return self._joined(before, right.transcript[right.exon_start(first) :], n)

    def exon_skipping(self) -> Iterator[Fragments]:
        n_exons = len(self._kmt2a.exons)
        for _ in range(_PLACES):
            last = self._n(1, n_exons - 2)
            first = min(n_exons, last + self._n(2, 6))
            yield self._spliced(self._kmt2a, last, self._kmt2a, first, self._n(1, 10))

    def intron_retention(self) -> Iterator[Fragments]:
        gene = self._kmt2a
        rna = gene.transcript
        for number, end in enumerate(gene.exon_ends[:-1], 1):
            behind, before = gene.exons[number - 1].end + 1, gene.exons[number].start - 1
            start = gene.along(behind, min(before, behind + _TEMPLATE))
            yield self._joined(rna[:end], start, self._n(1, 4))
            stop = gene.along(max(behind, before - _TEMPLATE), before)
            yield self._joined(stop, rna[end:], self._n(1, 4))
        yield anywhere(gene.unspliced, _UNSPLICED, self._rng)

    def read_through(self) -> Iterator[Fragments]:
        """Transcripts that go on from a gene into the next one on the strand."""
        genes, n_exons = self._genome.genes, len(self._kmt2a.exons)
        for n in (1, 2, 5, 10):
            for symbol in ("ATP5MG", "UBE4A"):
                upstream = genes[symbol]
                last = len(upstream.exons) - 1
                yield self._spliced(upstream, last, self._kmt2a, 2, n)
            for symbol in ("TTC36", "PHLDB1"):
                yield self._spliced(self._kmt2a, n_exons - 1, genes[symbol], 2, n)

    def related_genes(self) -> Iterator[Fragments]:
        for symbol in RELATED:
            yield anywhere(self._genome.genes[symbol].transcript, _OF_RELATED, self._rng)

    def template_switches(self, n: int) -> Iterator[Fragments]:
        """Chimeras at any place, where both templates have the same few bases."""
        others = [gene for gene in self._genome.genes.values() if gene is not self._kmt2a]
        own = self._kmt2a.transcript
        while n:
            other = others[self._n(0, len(others) - 1)].transcript
            ends = self._n(_TEMPLATE, own.size - _TEMPLATE)
            homology = self._n(*_HOMOLOGY)
            same = own[ends - homology : ends].tobytes()
            at = other.tobytes().find(same, self._n(50, max(51, other.size - 150)))
            if not 0 <= at < other.size - 60:
                continue
            n -= 1
            ahead = self._rng.random() < 1 / 2
            left, right = own[:ends], other[at + homology :]
            if not ahead:
                left, right = other[: at + homology], own[ends:]
            yield self._joined(left, right, self._n(1, 2))

    def short_inserts(self) -> Iterator[Fragments]:
        sizes = self._rng.integers(35, max(36, self._length), _SHORT_INSERTS)
        rna = self._kmt2a.transcript
        starts = self._rng.integers(0, rna.size - self._length, _SHORT_INSERTS)
        yield Fragments(template=rna, starts=starts, sizes=sizes)

    def low_complexity(self) -> Iterator[Fragments]:
        rna = self._kmt2a.transcript
        for number in range(_PLACES):
            motif = _TAILS[number % len(_TAILS)]
            tail = np.frombuffer((motif * _TAIL)[:_TAIL], np.uint8)
            end = self._n(_TEMPLATE, rna.size)
            yield self._joined(rna[:end], tail, self._n(1, 3))

    def back_splices(self) -> Iterator[Fragments]:
        places: dict[tuple[int, int], None] = {}
        while len(places) < _PLACES:
            first = self._n(2, 30)
            last = self._n(first, min(35, first + 8))
            if last not in PTD_LAST_EXONS or first not in PTD_FIRST_EXONS:
                places[last, first] = None
        for last, first in places:
            yield self._spliced(self._kmt2a, last, self._kmt2a, first, self._n(1, 2))

    def slips(self) -> Iterator[Fragments]:
        """Some bases too few or repeated within an exon, in up to eighteen reads."""
        rna = self._kmt2a.transcript
        for _ in range(_PLACES // 2):
            at, size = self._n(_TEMPLATE, rna.size - _TEMPLATE), self._n(1, 12)
            behind = at + size if self._rng.random() < 1 / 2 else at - size
            yield self._joined(rna[:at], rna[behind:], self._n(1, _MOST_OF_SLIP))

    def unrelated_fusions(self) -> Iterator[Fragments]:
        symbols = [s for s in self._genome.genes if s.startswith("BACKGROUND")]
        pairs = zip(symbols[::2], symbols[1::2], strict=False)
        for _, (left, right) in zip(range(_FUSED_PAIRS), pairs, strict=False):
            genes = self._genome.genes
            yield self._spliced(genes[left], 1, genes[right], 2, _FUSED_FRAGMENTS)
