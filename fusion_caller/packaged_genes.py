"""The packaged genes as an annotation: KMT2A, its partners, its neighbours and their paralogues.

Positions are 1-based and closed. Exons are counted on MANE Select transcripts; for a partner that
the packaged MANE table lacks, on GeneFuse's transcript.
"""

from __future__ import annotations

from functools import cache

from fusion_caller import annotation
from fusion_caller.annotation import Annotation, Gene, Transcript
from fusion_caller.contigs import Build
from fusion_caller.knowledge import (
    KMT2A,
    KMT2A_TRANSCRIPT,
    EntryExons,
    MappedGene,
    SameTranscript,
    entry_exons,
    kmt2a_exons,
    mane_transcripts,
    mapped_genes,
    partner_exons,
)

NAME = "packaged"


@cache
def packaged_annotation(build: Build) -> Annotation:
    """The packaged genes whose positions on a build are known."""
    genes = (_gene(mapped, build) for mapped in mapped_genes().values())
    return Annotation(
        build=build, genes=annotation.by_symbol(gene for gene in genes if gene), name=NAME
    )


@cache
def kmt2a_transcript(build: Build) -> Transcript:
    """ENST00000534358 on a build, its coding part known."""
    exons = kmt2a_exons()
    if build is Build.GRCH38:
        bounds = tuple((exon.start_grch38, exon.end_grch38) for exon in exons)
    else:
        bounds = tuple((exon.start_grch37, exon.end_grch37) for exon in exons)
    return _transcript(mapped_genes()[KMT2A], KMT2A_TRANSCRIPT, bounds)


def entry_phase(symbol: str, exon: int) -> int | None:
    """How many bases of an unfinished codon a packaged transcript reads before an exon.

    Where the coding part is not known, the phases follow from the exons known to start in phase 0
    and from the lengths of the exons between the first and the last of them.

    Returns:
        0, 1 or 2; None where it is not known or the exon starts outside the coding part.
    """
    gene = packaged_annotation(Build.GRCH38).genes.get(symbol)
    if gene is None or gene.transcript is None:
        return None
    if gene.transcript.coding_known:
        return annotation.phase_at_start(gene.transcript, exon)
    listed = _entries(symbol)
    if listed is None or not listed.exons[0] <= exon <= listed.exons[-1]:
        return None
    between = gene.transcript.exons[listed.exons[0] - 1 : exon - 1]
    return sum(end - start + 1 for start, end in between) % 3


def _entries(symbol: str) -> EntryExons | None:
    """The exons that start in phase 0, where they are numbered as the packaged ones are."""
    listed = entry_exons().get(symbol)
    same = listed is not None and listed.same_as_packaged is SameTranscript.YES
    return listed if same else None


def _gene(mapped: MappedGene, build: Build) -> Gene | None:
    if build is Build.GRCH38:
        start, end = mapped.start, mapped.end
    elif mapped.start_grch37 is None or mapped.end_grch37 is None:
        return None
    else:
        start, end = mapped.start_grch37, mapped.end_grch37
    return Gene(
        symbol=mapped.symbol,
        gene_id=mapped.gene_id,
        contig=mapped.contig,
        start=start,
        end=end,
        strand=mapped.strand,
        biotype=mapped.biotype,
        transcript=_counted_by(mapped, build),
    )


def _counted_by(mapped: MappedGene, build: Build) -> Transcript | None:
    if mapped.symbol == KMT2A:
        return kmt2a_transcript(build)
    exons = partner_exons().get(mapped.symbol, ())
    if build is Build.GRCH38:
        bounds = tuple((exon.start, exon.end) for exon in exons)
    else:
        bounds = tuple(
            (exon.start_grch37, exon.end_grch37)
            for exon in exons
            if exon.start_grch37 is not None and exon.end_grch37 is not None
        )
    return _transcript(mapped, exons[0].transcript, bounds) if bounds else None


def _transcript(
    mapped: MappedGene, identifier: str, exons: tuple[tuple[int, int], ...]
) -> Transcript:
    mane = mane_transcripts().get(mapped.symbol)
    return Transcript(
        id=identifier,
        symbol=mapped.symbol,
        contig=mapped.contig,
        strand=mapped.strand,
        exons=exons,
        cds_start=mane.cds_start if mane else None,
        cds_end=mane.cds_end if mane else None,
        coding_known=mane is not None and mane.cds_start is not None,
    )
