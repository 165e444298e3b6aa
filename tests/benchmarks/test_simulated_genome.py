"""The simulated genome: what is true of it, and that the project's own readers agree."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from simulation.genome import SMALL, Genome, make_genome

from fusion_caller.contigs import Build
from fusion_caller.genome import Genome as Fasta
from fusion_caller.gtf import read_gtf
from fusion_caller.knowledge import KMT2A, kmt2a_exons, neighbours, partner_exons
from fusion_caller.reads.index import Kind, read_index

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def genome() -> Genome:
    return make_genome(4, small=True)


def test_kmt2a_has_its_own_exons_and_bases(genome: Genome) -> None:
    gene = genome.kmt2a
    known = [(exon.start_grch38, exon.end_grch38) for exon in kmt2a_exons()]
    assert [(exon.start, exon.end) for exon in gene.exons] == known
    assert gene.transcript.tobytes() == read_index().transcript


def test_what_the_packaged_index_knows_of_introns_and_partners_is_there(genome: Genome) -> None:
    gene, n_partners = genome.kmt2a, 0
    for entry in read_index().entries:
        if entry.kind is Kind.INTRON_START:
            start = gene.exons[entry.exon - 1].end + 1
            assert gene.along(start, start + len(entry.sequence) - 1).tobytes() == entry.sequence
        elif entry.kind is Kind.ENTRY and entry.breakpoint and entry.symbol in genome.genes:
            partner = genome.genes[entry.symbol]
            start = partner.exon_start(entry.exon)
            assert partner.genomic(start) == entry.breakpoint
            assert partner.transcript[start:].tobytes().startswith(entry.sequence)
            n_partners += 1
    assert n_partners == 4


def test_genes_lie_where_they_do_and_none_upon_another() -> None:
    genome = make_genome(4)
    assert set(partner_exons()) <= set(genome.genes)
    for symbol, exons in partner_exons().items():
        assert [(e.start, e.end) for e in genome.genes[symbol].exons] == [
            (e.start, e.end) for e in exons
        ]
    spans = sorted((g.contig, g.start, g.end) for g in genome.genes.values())
    for (contig, _, end), (other, start, _) in pairwise(spans):
        assert contig != other or end < start


def test_files_are_read_as_they_were_made(genome: Genome, tmp_path: Path) -> None:
    genome.write_fasta(tmp_path / "genome.fa")
    genome.write_gtf(tmp_path / "genes.gtf")
    annotation = read_gtf(tmp_path / "genes.gtf")
    assert annotation.build is Build.GRCH38
    known = set(partner_exons())
    with Fasta(tmp_path / "genome.fa", build=Build.GRCH38) as fasta:
        assert fasta.length("chr11") == 135_086_622
        for symbol in (KMT2A, *SMALL, *(known & set(neighbours())), "KMT2AL1", "BACKGROUND7"):
            gene = genome.genes[symbol]
            read = annotation.genes[symbol]
            assert (read.contig, read.strand) == (gene.contig, gene.strand)
            spans = list(read.transcript.exons)
            assert spans == [(exon.start, exon.end) for exon in gene.exons]
            bases = "".join(fasta.sequence(gene.contig, *span, gene.strand) for span in spans)
            assert bases.encode() == gene.transcript.tobytes()
        assert set(fasta.sequence("chr11", gene.end, gene.end + 500, "+")[1:]) == {"N"}


def test_introns_have_splice_sites_on_both_strands(genome: Genome) -> None:
    for symbol in ("AFF1", "MLLT3"):
        gene = genome.genes[symbol]
        rna = gene.unspliced.tobytes()
        for exon in gene.exons[:-1]:
            behind = exon.end + 1 - gene.start if gene.strand == "+" else gene.end - exon.start + 1
            assert rna[behind : behind + 2] == b"GT"


def test_the_same_seed_gives_the_same_genome() -> None:
    one, same, other = (make_genome(seed, small=True) for seed in (4, 4, 5))
    sequences = [g.genes["AFF1"].sequence.tobytes() for g in (one, same, other)]
    assert sequences[0] == sequences[1] != sequences[2]
    assert one.genes["KMT2AL2"].transcript.tobytes() == same.genes["KMT2AL2"].transcript.tobytes()


def test_related_genes_are_as_alike_as_stated(genome: Genome) -> None:
    own = genome.kmt2a.transcript
    for symbol, share in (("KMT2AL1", 0.12), ("KMT2AL5", 0.25)):
        differ = (genome.genes[symbol].transcript != own).mean()
        assert differ == pytest.approx(share, abs=0.015)
