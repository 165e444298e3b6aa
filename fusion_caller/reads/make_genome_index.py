"""Makes an index of a genome and a GTF: what KMT2A may be joined to, and what looks like a join.

Held are the exons of every transcript with some bases around them, the whole of each known partner,
and KMT2A with its neighbourhood on 11q23. The sequences by which reads are screened are those of
the packaged index, but KMT2A and all edges of its introns are the genome's.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from fusion_caller.contigs import Build, chromosomes
from fusion_caller.errors import InputError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.genome import Genome, contig_name
from fusion_caller.gtf import read_gtf
from fusion_caller.gtf_scan import reading
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.knowledge import KMT2A, KMT2A_TRANSCRIPT, kmt2a_exons, partners
from fusion_caller.reads.genome_index import MadeOf, index_content
from fusion_caller.reads.index import Entry, Kind, read_index
from fusion_caller.reads.pieces import share_alike
from fusion_caller.reads.store import Bases, GeneTable, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_caller.annotation import Annotation, Gene

# So far beside an exon a break may lie that still shows part of it in a read.
FLANK = 30
NEIGHBOURHOOD = 200_000
_BESIDE_PARTNER = 1_000
_INTRON_EDGE = 60
# As much of KMT2A's exons is the same in every human genome.
_SAME_SHARE = 0.98
# Between letters other than A, C, G and T so few bases place nothing.
_SHORTEST_REGION = 16
_ACGT = np.zeros(256, np.bool_)
_ACGT[np.frombuffer(b"ACGT", np.uint8)] = True

Spans = dict[str, "NDArray[np.int64]"]
"""By contig: rows of start and end."""


class Sequences(Protocol):
    """What a genome is asked, as `fusion_caller.genome.Genome` answers it."""

    def length(self, contig: str) -> int:
        """How many bases a contig has, 0 where it is not there."""

    def sequence(self, contig: str, start: int, end: int, strand: str) -> str:
        """Bases in upper case, on the minus strand the reverse complement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an index holds.

    Attributes:
        entries: The sequences by which reads are screened.
        bases: The parts of the genome.
        genes: The genes that can be named.
        n_left_out: Genes on contigs that the genome does not have.
    """

    entries: tuple[Entry, ...]
    bases: Bases
    genes: GeneTable
    n_left_out: int


def make_index_file(
    genome: Path, gtf: Path, *, progress: Callable[[int], None] = lambda _: None
) -> tuple[MadeOf, Iterator[bytes]]:
    """Make the content of an index file.

    Args:
        genome: The FASTA, plain or packed by bgzip.
        gtf: The annotation, plain or gzipped.
        progress: Told how many bases were taken so far.

    Returns:
        What it was made of, and its parts in their order.

    Raises:
        InputError: If a file cannot be read, is of another build than GRCh38, or the two do not
            fit each other.
    """
    with Genome(genome, build=Build.GRCH38) as opened:
        annotation = read_gtf(gtf)
        if annotation.build is not Build.GRCH38:
            raise InputError(
                f"expected KMT2A where GRCh38 has it, found it where {annotation.build} does",
                file=str(gtf),
                remedy="give the GTF and the genome of GRCh38",
            )
        content = content_of(
            opened,
            annotation,
            all_exons(gtf),
            genome_name=str(genome),
            gtf_name=str(gtf),
            progress=progress,
        )
    made_of = MadeOf(
        build=Build.GRCH38,
        genome=genome.name,
        genome_sha256=_sha256(genome),
        gtf=gtf.name,
        gtf_sha256=_sha256(gtf),
        n_genes=len(content.genes),
        n_bases=content.bases.n_bases,
        n_genes_left_out=content.n_left_out,
    )
    return made_of, index_content(made_of, content.entries, content.bases, content.genes)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def all_exons(gtf: Path) -> Spans:
    """The exons of every transcript of a GTF, those that are not the one of their gene included.

    Raises:
        InputError: If the file cannot be read, or an exon has no positions.
    """
    found: dict[bytes, set[tuple[int, int]]] = defaultdict(set)
    name = str(gtf)
    with reading(gtf, name) as stream:
        for number, line in enumerate(stream, 1):
            if b"\texon\t" not in line:
                continue
            contig, _, _, start, end = line.split(b"\t", 5)[:5]
            try:
                found[contig].add((int(start), int(end)))
            except ValueError:
                raise InputError(
                    "expected an exon with a start and an end", file=name, line=number
                ) from None
    return {
        contig_name(contig.decode(errors="replace")): np.array(sorted(spans), np.int64)
        for contig, spans in found.items()
    }


def content_of(
    genome: Sequences,
    annotation: Annotation,
    exons: Mapping[str, NDArray[np.int64]],
    *,
    genome_name: str,
    gtf_name: str,
    progress: Callable[[int], None] = lambda _: None,
) -> Content:
    """Read what an index holds.

    Args:
        genome: The genome, GRCh38.
        annotation: The genes on it.
        exons: The exons of all their transcripts.
        genome_name: How messages call the genome.
        gtf_name: How messages call the annotation.
        progress: Told how many bases were taken so far.

    Raises:
        InputError: If the two do not fit each other.
    """
    _check_contigs(genome, exons, genome_name=genome_name, gtf_name=gtf_name)
    transcript = _transcript(genome, genome_name)
    genes = [g for g in annotation.genes.values() if genome.length(g.contig)]
    regions = _regions(genome, annotation, exons)
    bases = _bases(genome, regions, progress)
    return Content(
        entries=(transcript, *_partners_of_the_packaged(), *_introns(genome, genome_name)),
        bases=bases,
        genes=_gene_table(genes, bases.contigs),
        n_left_out=len(annotation.genes) - len(genes),
    )


def _check_contigs(
    genome: Sequences,
    exons: Mapping[str, NDArray[np.int64]],
    *,
    genome_name: str,
    gtf_name: str,
) -> None:
    """Refuse a genome that lacks what the annotation has genes on."""
    if not genome.length(CONTIG):
        raise InputError(
            f"expected {CONTIG}, where KMT2A lies, found none",
            file=genome_name,
            remedy="give the whole human genome",
        )
    missing = [name for name in chromosomes() if name in exons and not genome.length(name)]
    if missing:
        raise InputError(
            f"expected the chromosomes that {gtf_name} has genes on, found no {', '.join(missing)}",
            file=genome_name,
            remedy="give a genome and a GTF of one release",
        )
    for contig, spans in exons.items():
        length, last = genome.length(contig), int(spans[:, 1].max())
        if 0 < length < last:
            raise InputError(
                f"expected positions from 1 to {length} on {contig} as {genome_name} has them, "
                f"found {last}",
                file=gtf_name,
                remedy="give a genome and a GTF of one release",
            )


def _transcript(genome: Sequences, name: str) -> Entry:
    """KMT2A's transcript as the genome has it."""
    packaged = read_index().entries[0]
    spans = ((e.start_grch38, e.end_grch38) for e in kmt2a_exons())
    sequence = "".join(genome.sequence(CONTIG, *span, "+") for span in spans).encode()
    share = share_alike(sequence, packaged.sequence)
    if share < _SAME_SHARE:
        raise InputError(
            f"expected KMT2A's exons at their places on GRCh38, found bases there of which "
            f"{100 * share:.0f}% are KMT2A's",
            file=name,
            remedy="give the human genome GRCh38",
        )
    return replace(packaged, sequence=sequence, source=name)


def _partners_of_the_packaged() -> tuple[Entry, ...]:
    packaged = read_index()
    return (*packaged.of_kind(Kind.ENTRY), *packaged.of_kind(Kind.EXIT))


def _introns(genome: Sequences, name: str) -> Iterator[Entry]:
    """Both edges of every intron of KMT2A."""
    exons = kmt2a_exons()
    for exon in exons:
        for kind, start, there in (
            (Kind.INTRON_START, exon.end_grch38 + 1, exon.mane < len(exons)),
            (Kind.INTRON_END, exon.start_grch38 - _INTRON_EDGE, exon.mane > 1),
        ):
            if there:
                bases = genome.sequence(CONTIG, start, start + _INTRON_EDGE - 1, "+")
                yield Entry(
                    kind=kind,
                    symbol=KMT2A,
                    exon=exon.mane,
                    transcript=KMT2A_TRANSCRIPT,
                    breakpoint=None,
                    sequence=bases.encode(),
                    source=name,
                )


def _regions(
    genome: Sequences, annotation: Annotation, exons: Mapping[str, NDArray[np.int64]]
) -> Spans:
    """What is held of each contig, without overlaps."""
    wanted: dict[str, list[NDArray[np.int64]]] = defaultdict(list)
    for contig, spans in exons.items():
        wanted[contig].append(spans + np.array((-FLANK, FLANK)))
    first, last = kmt2a_exons()[0], kmt2a_exons()[-1]
    around = first.start_grch38 - NEIGHBOURHOOD, last.end_grch38 + NEIGHBOURHOOD
    wanted[CONTIG].append(np.array([around]))
    whole = [(p.contig, p.start, p.end) for p in partners().values()]
    whole += [
        (gene.contig, gene.start, gene.end)
        for gene in annotation.genes.values()
        if resolve_symbol(gene.symbol) in partners()
    ]
    for contig, start, end in whole:
        wanted[contig].append(np.array([(start - _BESIDE_PARTNER, end + _BESIDE_PARTNER)]))
    return {
        contig: _merged(np.concatenate(spans).clip(1, genome.length(contig)))
        for contig, spans in sorted(wanted.items())
        if genome.length(contig)
    }


def _merged(spans: NDArray[np.int64]) -> NDArray[np.int64]:
    """Spans in order, those that overlap or touch as one."""
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    reach = np.maximum.accumulate(spans[:, 1])
    begins = np.concatenate(([True], spans[1:, 0] > reach[:-1] + 1))
    ends = np.concatenate((reach[:-1][begins[1:]], reach[-1:]))
    return np.stack((spans[begins, 0], ends), axis=1)


def _bases(genome: Sequences, regions: Spans, progress: Callable[[int], None]) -> Bases:
    contigs = tuple(regions)
    texts: list[NDArray[np.uint8]] = []
    numbers: list[int] = []
    starts: list[int] = []
    done = 0
    for number, contig in enumerate(contigs):
        for start, end in regions[contig].tolist():
            text = np.frombuffer(genome.sequence(contig, start, end, "+").encode(), np.uint8)
            for at, stop in _runs(text):
                texts.append(text[at:stop])
                numbers.append(number)
                starts.append(start + at)
            done += text.size
            progress(done)
    lengths = np.array([text.size for text in texts], np.int64)
    return Bases(
        contigs=contigs,
        contig=np.array(numbers, np.uint16),
        start=np.array(starts, np.uint32),
        first=np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths))),
        packed=pack(np.concatenate(texts)),
    )


def _runs(text: NDArray[np.uint8]) -> list[list[int]]:
    """Where bases are A, C, G or T without a break: first, and behind the last."""
    known = np.concatenate(([False], _ACGT[text], [False]))
    edges = np.flatnonzero(known[1:] != known[:-1]).reshape(-1, 2)
    runs: list[list[int]] = edges[edges[:, 1] - edges[:, 0] >= _SHORTEST_REGION].tolist()
    return runs


def _gene_table(genes: Iterable[Gene], contigs: tuple[str, ...]) -> GeneTable:
    held = sorted(
        (gene for gene in genes if gene.contig in contigs),
        key=lambda gene: (contigs.index(gene.contig), gene.start, gene.end, gene.symbol),
    )
    exons = [gene.transcript.exons if gene.transcript else () for gene in held]
    every = [span for spans in exons for span in spans]
    lines = (
        "\t".join((g.symbol, g.gene_id, g.transcript.id if g.transcript else "", g.biotype))
        for g in held
    )
    coding = [
        (t.cds_start or 0, t.cds_end or 0, int(t.coding_known))
        if (t := g.transcript)
        else (0, 0, 0)
        for g in held
    ]
    return GeneTable(
        contigs=contigs,
        contig=np.array([contigs.index(gene.contig) for gene in held], np.uint16),
        start=np.array([gene.start for gene in held], np.uint32),
        end=np.array([gene.end for gene in held], np.uint32),
        plus=np.array([gene.strand == "+" for gene in held], np.uint8),
        text=np.frombuffer("\n".join(lines).encode(), np.uint8),
        exon_first=np.cumsum([0, *map(len, exons)]).astype(np.uint32),
        exon_start=np.array([start for start, _ in every], np.uint32),
        exon_end=np.array([end for _, end in every], np.uint32),
        coding=np.array(coding, np.uint32).reshape(-1, 3),
    )
