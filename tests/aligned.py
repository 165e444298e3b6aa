"""A small simulated sample, and what STAR, HISAT2 and minimap2 make of it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from simulation.genome import make_genome
from simulation.sample import make_sample
from simulation.star import JUNCTIONS, align, make_index

if TYPE_CHECKING:
    from pathlib import Path

    from simulation.fragments import Pair
    from simulation.sample import Sample

SEED, BACKGROUND, LENGTH, SUPPORTS = 20, 2_000, 100, (1, 2, 3, 10)


PROGRAMS = ("STAR", "hisat2", "hisat2-build", "minimap2", "samtools")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """The files of a sample.

    Attributes:
        sample: What was simulated.
        owners: The number of its group for the bases of a pair of reads; see `Sample.write`.
        genome: The FASTA, with its index beside it.
        gtf: The annotation.
        reads: R1 and R2.
        junctions: STAR's `Chimeric.out.junction`.
        bams: By aligner, sorted by position and with an index beside each.
    """

    sample: Sample
    owners: dict[Pair, int]
    genome: Path
    gtf: Path
    reads: tuple[Path, Path]
    junctions: Path
    bams: dict[str, Path]


def align_all(folder: Path) -> Aligned:
    """Simulate a sample and align it."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.fail(f"{missing} not found: containers/debian.sh rna-star hisat2 minimap2 samtools")
    genome, gtf = folder / "genome.fa", folder / "genes.gtf"
    reads = folder / "sim_R1.fastq.gz", folder / "sim_R2.fastq.gz"
    sample = make_sample(
        make_genome(SEED, small=True), BACKGROUND, seed=SEED, length=LENGTH, supports=SUPPORTS
    )
    owners = sample.write(reads)
    sample.genome.write_fasta(genome)
    sample.genome.write_gtf(gtf)
    make_index(folder, sample.genome.n_known, length=LENGTH)
    align(folder / "star", reads, folder)
    r1, r2 = map(str, reads)
    built = str(folder / "hisat2")
    _run(folder, "hisat2-build", "-q", "-p", "2", str(genome), built)
    sam = {name: folder / f"{name}.sam" for name in ("hisat2", "minimap2")}
    _run(folder, *("hisat2", "-p", "2", "-x", built, "-1", r1, "-2", r2, "-S", str(sam["hisat2"])))
    preset = ("-t", "2", "-ax", "splice", "-uf", "-k", "14")
    _run(folder, "minimap2", *preset, "-o", str(sam["minimap2"]), str(genome), r1, r2)
    unsorted = {"star": folder / "Aligned.out.bam", **sam}
    return Aligned(
        sample=sample,
        owners=owners,
        genome=genome,
        gtf=gtf,
        reads=reads,
        junctions=folder / JUNCTIONS,
        bams={name: _sorted(path, folder / f"{name}.bam") for name, path in unsorted.items()},
    )


def _sorted(path: Path, bam: Path) -> Path:
    _run(bam.parent, "samtools", "sort", "-o", str(bam), str(path))
    _run(bam.parent, "samtools", "index", str(bam))
    return bam


def _run(folder: Path, *command: str) -> None:
    """Run a program; what it says is in `log`."""
    with (folder / "log").open("ab") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log)
