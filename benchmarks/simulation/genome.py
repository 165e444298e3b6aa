"""A small human genome: true genes at their true places on GRCh38, N between them.

KMT2A's exons have their real sequence, and so have partners' entry exons and KMT2A's intron edges
as far as the packaged index holds them; every other base of a gene is random (45 % G or C, splice
sites as introns have them). Beside the packaged genes stand made-up ones: related genes, whose
exons are KMT2A's with bases changed, and background genes. Contigs end behind their last gene, but
for chr11, whose whole length tells the build.

Positions are 1-based and closed, as `fusion_caller.records` states; sequences are arrays of ASCII
codes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from fusion_caller.contigs import Build, length_of
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.knowledge import (
    KMT2A,
    KMT2A_TRANSCRIPT,
    kmt2a_exons,
    mane_transcripts,
    mapped_genes,
    neighbours,
    partner_exons,
)
from fusion_caller.reads.index import Kind, read_index
from fusion_caller.records import Breakpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_caller.reads.index import ReadIndex

    Bases = NDArray[np.uint8]

BASES = np.frombuffer(b"ACGT", np.uint8)
_GC = 0.45
# Share of KMT2A's bases that differ in each of the made-up related genes.
RELATED = {f"KMT2AL{n}": share for n, share in enumerate((0.12, 0.15, 0.18, 0.21, 0.25), 1)}
N_BACKGROUND = 200
# Partners of a genome of which an aligner makes its index in seconds, on few and short contigs.
SMALL = (
    *("AFF1", "MLLT3", "MLLT1", "MLLT10", "ELL", "USP2", "CBL", "PICALM", "ARHGEF12", "ABI1"),
    *("MYO1F", "SH3GL1"),
)
N_BACKGROUND_SMALL = 50
# Made-up genes stand in front of all true ones, this far apart.
_FIRST_MADE_UP, _APART = 100_000, 2_000
_BEHIND_LAST_GENE = 1_000
_LINE = 60
_TRACT = 16

_COMPLEMENT = np.arange(256, dtype=np.uint8)
_COMPLEMENT[np.frombuffer(b"ACGT", np.uint8)] = np.frombuffer(b"TGCA", np.uint8)


def complement(sequence: Bases) -> Bases:
    """The other strand."""
    return _COMPLEMENT[sequence[::-1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exon:
    """An exon: its first and last base on the genome."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """How many bases it has."""
        return self.end - self.start + 1


@dataclass(frozen=True, kw_only=True)
class Gene:
    """A gene with one transcript.

    Attributes:
        symbol: Its name.
        gene_id: By Ensembl, with a version.
        transcript_id: The same.
        contig: As in GRCh38, with `chr`.
        strand: `+` or `-`.
        exons: In the order of transcription.
        sequence: Of the plus strand, from the first to the last base of the gene.
    """

    symbol: str
    gene_id: str
    transcript_id: str
    contig: str
    strand: str
    exons: tuple[Exon, ...]
    sequence: Bases

    @property
    def start(self) -> int:
        """Its first base on the genome."""
        return min(exon.start for exon in self.exons)

    @property
    def end(self) -> int:
        """Its last base on the genome."""
        return max(exon.end for exon in self.exons)

    @cached_property
    def exon_ends(self) -> tuple[int, ...]:
        """Where each exon ends in the transcript: the base after its last, from 0."""
        return tuple(accumulate(exon.size for exon in self.exons))

    @cached_property
    def transcript(self) -> Bases:
        """The spliced transcript, in the direction of transcription."""
        return np.concatenate([self.along(exon.start, exon.end) for exon in self.exons])

    @cached_property
    def unspliced(self) -> Bases:
        """The gene in the direction of transcription."""
        return self.along(self.start, self.end)

    def along(self, start: int, end: int) -> Bases:
        """The bases from one position to another in the direction of transcription."""
        piece = self.sequence[start - self.start : end - self.start + 1]
        return piece if self.strand == "+" else complement(piece)

    def exon_start(self, number: int) -> int:
        """The first base of an exon in the transcript, from 0."""
        return self.exon_ends[number - 1] - self.exons[number - 1].size

    @cached_property
    def positions(self) -> NDArray[np.int64]:
        """Where each base of the transcript lies on the genome."""
        runs = [np.arange(exon.start, exon.end + 1) for exon in self.exons]
        return np.concatenate(runs if self.strand == "+" else [run[::-1] for run in runs])

    def genomic(self, base: int) -> Breakpoint:
        """A base of the transcript, from 0, on the genome."""
        return Breakpoint(self.contig, int(self.positions[base]), self.strand)

    def paint(self, base: int, sequence: bytes) -> None:
        """Put a known sequence into the transcript, from one of its bases on."""
        at = self.positions[base : base + len(sequence)] - self.start
        known = np.frombuffer(sequence, np.uint8)[: at.size]
        self.sequence[at] = known if self.strand == "+" else _COMPLEMENT[known]


class Genome:
    """Genes by symbol, and the contigs that they are on.

    Args:
        genes: The genes.
    """

    def __init__(self, genes: Sequence[Gene]) -> None:
        self.genes = {gene.symbol: gene for gene in genes}

    @property
    def kmt2a(self) -> Gene:
        """KMT2A."""
        return self.genes[KMT2A]

    @cached_property
    def contigs(self) -> dict[str, int]:
        """The length of each contig, in the order of their numbers."""
        ends: dict[str, int] = defaultdict(int)
        for gene in self.genes.values():
            ends[gene.contig] = max(ends[gene.contig], gene.end + _BEHIND_LAST_GENE)
        ends[CONTIG] = length_of(CONTIG, Build.GRCH38) or 0
        return {contig: ends[contig] for contig in sorted(ends, key=_order)}

    @property
    def n_known(self) -> int:
        """How many bases are no N."""
        return sum(gene.sequence.size for gene in self.genes.values())

    def write_fasta(self, path: Path) -> None:
        """Write all contigs, and beside them their index as `samtools faidx` makes it."""
        rows = []
        with path.open("wb") as stream:
            for contig, length in self.contigs.items():
                stream.write(f">{contig}\n".encode())
                rows.append(f"{contig}\t{length}\t{stream.tell()}\t{_LINE}\t{_LINE + 1}\n")
                bases = np.full(-(-length // _LINE) * _LINE, ord("N"), np.uint8)
                for gene in self._on(contig):
                    bases[gene.start - 1 : gene.end] = gene.sequence
                lines = np.full((bases.size // _LINE, _LINE + 1), ord("\n"), np.uint8)
                lines[:, :_LINE] = bases.reshape(-1, _LINE)
                n_last = length - (len(lines) - 1) * _LINE
                stream.write(lines[:-1].data)
                stream.write(lines[-1, :n_last].tobytes() + b"\n")
        path.with_name(f"{path.name}.fai").write_text("".join(rows), encoding="ascii")

    def write_gtf(self, path: Path) -> None:
        """Write all genes as GENCODE does."""
        with path.open("w", encoding="ascii", newline="\n") as stream:
            stream.write("##description: true and made-up genes of a simulated genome (GRCh38)\n")
            for contig in self.contigs:
                for gene in self._on(contig):
                    stream.writelines(_gtf_lines(gene))

    def _on(self, contig: str) -> list[Gene]:
        on = (gene for gene in self.genes.values() if gene.contig == contig)
        return sorted(on, key=lambda gene: gene.start)


def _order(contig: str) -> tuple[int, str]:
    number = contig.removeprefix("chr")
    return (int(number), "") if number.isdigit() else (100, number)


def _gtf_lines(gene: Gene) -> Iterator[str]:
    own = f'gene_id "{gene.gene_id}"; '
    of_transcript = f'{own}transcript_id "{gene.transcript_id}"; '
    named = f'gene_type "protein_coding"; gene_name "{gene.symbol}"; '
    transcript = 'transcript_type "protein_coding"; '
    tags = 'level 2; tag "basic"; tag "MANE_Select";'
    for kind, exon, attributes in (
        ("gene", Exon(start=gene.start, end=gene.end), f"{own}{named}level 2;"),
        (
            "transcript",
            Exon(start=gene.start, end=gene.end),
            f"{of_transcript}{named}{transcript}{tags}",
        ),
        *(
            ("exon", exon, f"{of_transcript}{named}{transcript}exon_number {number}; {tags}")
            for number, exon in enumerate(gene.exons, 1)
        ),
    ):
        place = f"{exon.start}\t{exon.end}\t.\t{gene.strand}\t."
        yield f"{gene.contig}\tSIMULATED\t{kind}\t{place}\t{attributes}\n"


def make_genome(seed: int, *, small: bool = False) -> Genome:
    """Make a genome.

    Args:
        seed: Of the random bases and of the made-up genes.
        small: Only KMT2A, its neighbours, `SMALL` and fewer background genes.
    """
    rng = np.random.default_rng((seed, 1))
    index = read_index()
    exons = {KMT2A: tuple(Exon(start=e.start_grch38, end=e.end_grch38) for e in kmt2a_exons())}
    wanted = {*SMALL, *neighbours()} if small else set(partner_exons())
    for symbol in sorted(wanted & set(partner_exons())):
        known = partner_exons()[symbol]
        exons[symbol] = tuple(Exon(start=exon.start, end=exon.end) for exon in known)
    genes = [_true_gene(symbol, of, rng) for symbol, of in exons.items()]
    kmt2a = genes[0]
    kmt2a.paint(0, index.transcript)
    _paint_introns(kmt2a, index)
    by_symbol = {gene.symbol: gene for gene in genes}
    for entry in index.of_kind(Kind.ENTRY):
        if entry.exon is not None and entry.symbol in by_symbol:
            gene = by_symbol[entry.symbol]
            gene.paint(gene.exon_start(entry.exon), entry.sequence)
    n = N_BACKGROUND_SMALL if small else N_BACKGROUND
    return Genome([*genes, *_made_up(genes, n, rng)])


def _random(n: int, rng: np.random.Generator) -> Bases:
    share = _GC / 2
    thresholds = np.array([0.5 - share, 0.5, 0.5 + share], np.float32)
    return BASES[np.searchsorted(thresholds, rng.random(n, np.float32), side="right")]


def _true_gene(symbol: str, exons: tuple[Exon, ...], rng: np.random.Generator) -> Gene:
    mane = mane_transcripts().get(symbol)
    if symbol == KMT2A:
        contig, strand, transcript = CONTIG, "+", KMT2A_TRANSCRIPT
    else:
        first = partner_exons()[symbol][0]
        contig, strand, transcript = first.contig, first.strand, first.transcript
    mapped = mapped_genes().get(symbol)
    known_id = (mane.gene_id if mane else "") or (mapped.gene_id if mapped else "")
    return _gene(
        symbol=symbol,
        gene_id=known_id or f"{transcript.split('.')[0].replace('ENST', 'ENSG')}.1",
        transcript_id=transcript if "." in transcript else f"{transcript}.1",
        contig=contig,
        strand=strand,
        exons=exons,
        rng=rng,
    )


def _gene(*, strand: str, exons: tuple[Exon, ...], rng: np.random.Generator, **named: str) -> Gene:
    """A gene of random bases with splice sites."""
    start, end = min(e.start for e in exons), max(e.end for e in exons)
    gene = Gene(strand=strand, exons=exons, sequence=_random(end - start + 1, rng), **named)
    for one, other in pairwise(sorted(exons, key=lambda exon: exon.start)):
        at, behind = one.end + 1 - start, other.start - start
        edges = _splice_sites(rng)
        first, last = edges if strand == "+" else map(complement, edges[::-1])
        gene.sequence[at : at + first.size] = first
        gene.sequence[behind - last.size : behind] = last
    return gene


def _splice_sites(rng: np.random.Generator) -> tuple[Bases, Bases]:
    """The first and the last bases of an intron: GTRAGT, then a tract of pyrimidines, NYAG.

    Frequencies are those of human introns, rounded (cited from memory).
    """
    shares = ((0.60, 0.02, 0.35, 0.03), (0.7, 0.1, 0.1, 0.1), (0.1, 0.05, 0.8, 0.05))
    behind = [BASES[rng.choice(4, p=share)] for share in (*shares, (0.2, 0.15, 0.2, 0.45))]
    tract = BASES[rng.choice(4, _TRACT, p=(0.1, 0.35, 0.1, 0.45))]
    before = [*tract, BASES[rng.choice(4)], BASES[rng.choice(4, p=(0.05, 0.65, 0.01, 0.29))]]
    first, last = [*b"GT", *behind], [*before, *b"AG"]
    return np.array(first, np.uint8), np.array(last, np.uint8)


def _paint_introns(kmt2a: Gene, index: ReadIndex) -> None:
    """Put what is known of the edges of KMT2A's introns in; KMT2A lies on the plus strand."""
    for entry in (*index.of_kind(Kind.INTRON_START), *index.of_kind(Kind.INTRON_END)):
        exon = kmt2a.exons[(entry.exon or 0) - 1]
        at = exon.end + 1 if entry.kind is Kind.INTRON_START else exon.start - len(entry.sequence)
        first = at - kmt2a.start
        known = np.frombuffer(entry.sequence, np.uint8)
        kmt2a.sequence[first : first + known.size] = known


def _made_up(true: Sequence[Gene], n: int, rng: np.random.Generator) -> Iterator[Gene]:
    """Related and background genes, on the contigs in turn, in front of the true genes."""
    contigs = sorted({gene.contig for gene in true}, key=_order)
    free = dict.fromkeys(contigs, _FIRST_MADE_UP)
    kmt2a = true[0]
    symbols = [*RELATED, *(f"BACKGROUND{n}" for n in range(1, n + 1))]
    for number, symbol in enumerate(symbols):
        contig = contigs[number % len(contigs)]
        if symbol in RELATED:
            sizes = [exon.size for exon in kmt2a.exons]
        else:
            sizes = rng.integers(60, 500, rng.integers(2, 13)).tolist()
        gaps = rng.integers(90, 900, len(sizes) - 1).tolist()
        strand = "+-"[int(rng.integers(2))]
        exons, at = [], free[contig]
        for size, gap in zip(sizes[:: 1 if strand == "+" else -1], [*gaps, 0], strict=True):
            exons.append(Exon(start=at, end=at + size - 1))
            at += size + gap
        free[contig] = at + _APART
        ordered = tuple(exons if strand == "+" else exons[::-1])
        identifier = f"{90_000_000_000 + number:011}.1"
        gene = _gene(
            symbol=symbol,
            gene_id=f"ENSG{identifier}",
            transcript_id=f"ENST{identifier}",
            contig=contig,
            strand=strand,
            exons=ordered,
            rng=rng,
        )
        if symbol in RELATED:
            gene.paint(0, _changed(kmt2a.transcript, RELATED[symbol], rng).tobytes())
        yield gene


def _changed(sequence: Bases, share: float, rng: np.random.Generator) -> Bases:
    """A sequence with a share of its bases replaced by another."""
    codes = np.searchsorted(BASES, sequence)
    hit = rng.random(codes.size) < share
    return BASES[(codes + hit * rng.integers(1, 4, codes.size)) % 4]
