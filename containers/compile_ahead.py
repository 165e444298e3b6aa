"""Compiles what `kmt2a detect` needs, beside its source: python compile_ahead.py FOLDER.

The image is read-only where it runs, so that all of it is compiled where the image is made. FOLDER
is an empty one for results that nobody needs.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pysam

from fusion_caller.reads.lookup import Query, look_up
from fusion_caller.reads.store import Bases
from workflows.cli import cli

READ = "ACGTTGCATCAGGCTTACGATTGACCATGCAAGT"


def genome() -> Bases:
    """A genome whose arrays cannot be written, as those of an index in a file."""
    return Bases(
        contigs=("chr1",),
        contig=np.zeros(1, np.uint16),
        start=np.ones(1, np.uint32),
        first=np.frombuffer(np.array([0, 256], np.int64).tobytes(), np.int64),
        packed=np.frombuffer(bytes(64), np.uint8),
    )


def unaligned(path: Path) -> Path:
    """One pair as a BAM that no aligner has seen."""
    with pysam.AlignmentFile(path, "wb", header={"HD": {"VN": "1.6"}}) as file:
        for flag in (77, 141):
            read = pysam.AlignedSegment(file.header)
            read.query_name, read.flag, read.query_sequence = "pair", flag, READ
            file.write(read)
    return path


def compile_all(folder: Path) -> None:
    """Screen FASTQ and BAM, and look into a genome."""
    reads = files("workflows") / "example" / "cell_lines" / "reads"
    pair = [str(reads / f"EOL1_{side}.fastq.gz") for side in (1, 2)]
    bam = str(unaligned(folder / "unaligned.bam"))
    for name, given in (("fastq", pair), ("bam", [bam])):
        cli.main(["detect", *given, "-o", str(folder / name)], standalone_mode=False)
    look_up([Query(bases=READ.encode())], genome())


if __name__ == "__main__":
    compile_all(Path(sys.argv[1]))
