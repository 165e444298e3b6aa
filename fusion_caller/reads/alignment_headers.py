"""What the header of an alignment file says: the genome, where KMT2A lies on it, the samples.

Positions here are 0-based and half-open, as in BAM.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.contigs import Build, chromosomes, length_of
from fusion_caller.errors import InputError
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.knowledge import KMT2A
from fusion_caller.packaged_genes import kmt2a_transcript, packaged_annotation
from fusion_caller.records import normalise_contig

if TYPE_CHECKING:
    from fusion_caller.reads.bam_stream import Header

_BESIDE_KMT2A = 1_000
_BESIDE = 5_000
_GIVE_FASTQ = "give a file that was aligned to the whole human genome, or the FASTQ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where things lie in a file of alignments.

    Attributes:
        build: The genome build.
        contigs: The number of each chromosome among the references, by its name with `chr`.
        kmt2a: Reference, begin and end of KMT2A with what is beside it.
    """

    build: Build
    contigs: dict[str, int]
    kmt2a: tuple[int, int, int]

    def partners(self) -> list[tuple[int, int, int]]:
        """Where the packaged genes lie, those on a contig of the file."""
        return [
            (self.contigs[gene.contig], gene.start - 1, gene.end)
            for gene in packaged_annotation(self.build).genes.values()
            if gene.contig in self.contigs and gene.symbol != KMT2A
        ]

    def around(self, place: tuple[int, int]) -> tuple[int, int, int]:
        """What is near a place."""
        tid, at = place
        return tid, max(0, at - _BESIDE), at + _BESIDE


def place_of(header: Header, name: str) -> Place | None:
    """Where KMT2A lies; None where the file's reads were not aligned to anything.

    The build follows from the length of chromosome 11, however it is named.

    Raises:
        InputError: If the header has no chromosome 11 of GRCh38 or GRCh37.
    """
    if not header.contigs:
        return None
    lengths = {length_of(CONTIG, build): build for build in Build}
    found = [
        (tid, lengths[size]) for tid, (_, size) in enumerate(header.contigs) if size in lengths
    ]
    if not found:
        raise InputError(_other_genome(header, lengths), file=name, remedy=_GIVE_FASTQ)
    tid, build = found[0]
    by_name = {normalise_contig(contig): i for i, (contig, _) in enumerate(header.contigs)}
    by_length = {size: i for i, (_, size) in enumerate(header.contigs)}
    contigs = {}
    for chromosome in chromosomes():
        number = by_name.get(chromosome, by_length.get(length_of(chromosome, build) or 0))
        if number is not None:
            contigs[chromosome] = number
    exons = kmt2a_transcript(build).exons
    start, end = exons[0][0] - 1 - _BESIDE_KMT2A, exons[-1][1] + _BESIDE_KMT2A
    return Place(build=build, contigs=contigs | {CONTIG: tid}, kmt2a=(tid, start, end))


def _other_genome(header: Header, lengths: dict[int | None, Build]) -> str:
    wanted = " or ".join(f"{length:,} bases ({build})" for length, build in lengths.items())
    for contig, size in header.contigs:
        if normalise_contig(contig) == CONTIG:
            return f"expected a chromosome 11 of {wanted}, found one of {size:,}: another genome"
    n = len(header.contigs)
    what = f"{n:,} reference{'s' if n > 1 else ''}"
    return f"expected a chromosome 11 of {wanted}, found none among {what}: no human genome"


def check_samples(header: Header, name: str) -> None:
    """Refuse a file of several samples, which would count as one patient.

    The message names read groups; the samples' own names may be those of patients.

    Raises:
        InputError: If the read groups are of more than one sample.
    """
    groups: dict[str, list[str]] = {}
    for line in header.text.splitlines():
        if line.startswith("@RG\t"):
            tags = dict(part.partition(":")[::2] for part in line.split("\t")[1:])
            groups.setdefault(tags.get("SM", ""), []).append(tags.get("ID", "?"))
    if len(groups) > 1:
        first = "; ".join(", ".join(ids) for ids in groups.values())
        raise InputError(
            f"its header names {len(groups)} samples, with the read groups {first}",
            file=name,
            remedy="take one sample out by `samtools view -b -r READ_GROUP`",
        )
