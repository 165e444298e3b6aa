"""STAR on a simulated sample: its index, its chimeric alignments, and what the project reads there.

STAR aligns all reads as one file, as it aligns each by itself; the rows of `Chimeric.out.junction`
are then taken apart by the names of the reads, and the project's reader is given the rows of each
of the samples that are judged.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from measure import measured

from fusion_caller.readers import read_caller_file
from fusion_caller.records import Source
from simulation.scoring import score

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from fusion_caller.records import FusionCall
    from simulation.sample import Sample
    from simulation.scoring import Score

JUNCTIONS = "Chimeric.out.junction"
# Arriba's manual gives these, and Junctions beside what Arriba reads (cited from memory).
_CHIMERIC = (
    *("--chimSegmentMin", "10", "--chimJunctionOverhangMin", "10", "--chimScoreDropMax", "30"),
    *("--chimScoreJunctionNonGTAG", "0", "--chimScoreSeparation", "1"),
    *("--chimSegmentReadGapMax", "3", "--chimMultimapNmax", "50", "--chimOutJunctionFormat", "1"),
    *("--peOverlapNbasesMin", "10", "--alignSJDBoverhangMin", "10"),
    *("--alignSplicedMateMapLminOverLmate", "0.5", "--alignSJstitchMismatchNmax", "5", "-1", "5"),
    *("5", "--outFilterMultimapNmax", "50", "--outSAMunmapped", "Within"),
    *("--chimOutType", "Junctions", "WithinBAM", "SoftClip"),
)
_CALL = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:], stdout=2))"
_READ_NAME = 9
_THREADS = "2"


def make_index(folder: Path, n_known: int, *, length: int) -> dict[str, Any]:
    """Make STAR's index of a genome; give what it took.

    Args:
        folder: With `genome.fa` and `genes.gtf`; the folder `star` is made there.
        n_known: How many bases of the genome are no N.
        length: Of the reads.
    """
    # By STAR's manual min(14, log2(length) / 2 - 1); runs of N are not in the suffix array.
    size = min(14, int(math.log2(n_known) / 2 - 1))
    return measured(
        *("-c", _CALL, "STAR", "--runMode", "genomeGenerate", "--runThreadN", _THREADS),
        *("--genomeDir", str(folder / "star"), "--outFileNamePrefix", f"{folder}/index_"),
        *("--genomeFastaFiles", str(folder / "genome.fa")),
        *("--sjdbGTFfile", str(folder / "genes.gtf"), "--sjdbOverhang", str(length - 1)),
        *("--genomeSAindexNbases", str(size)),
    )


def align(index: Path, paths: Sequence[Path], folder: Path) -> dict[str, Any]:
    """Align reads; write `Aligned.out.bam` and `Chimeric.out.junction`, give what it took."""
    return measured(
        *("-c", _CALL, "STAR", "--genomeDir", str(index), "--runThreadN", _THREADS),
        *("--readFilesIn", *map(str, paths), "--readFilesCommand", "gzip", "-dc"),
        *("--outFileNamePrefix", f"{folder}/", "--outSAMtype", "BAM", "Unsorted", *_CHIMERIC),
    )


def score_star(sample: Sample, aligned: Path) -> Score:
    """Score what the project's reader calls of STAR's chimeric alignments.

    Args:
        sample: The sample.
        aligned: The folder that `align` wrote to.
    """
    firsts = [group.first for group in sample.groups]
    rows: dict[int, list[str]] = defaultdict(list)
    head = ""
    with (aligned / JUNCTIONS).open(encoding="ascii") as stream:
        for line in stream:
            if line.startswith("#"):
                continue
            name = line.split("\t", _READ_NAME + 1)[_READ_NAME]
            if not name.startswith("sim:"):
                head = line
                continue
            rows[bisect_right(firsts, int(name.removeprefix("sim:"))) - 1].append(line)

    def called(groups: Sequence[int]) -> tuple[FusionCall, ...]:
        path = aligned / "part.junction"
        path.write_text(head + "".join(line for n in groups for line in rows[n]), encoding="ascii")
        source = Source.CHIMERIC_JUNCTION
        return read_caller_file(path, source=source, patient="P", sample="S").calls

    return score(sample, called)
