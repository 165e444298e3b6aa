"""The pipeline aligns FASTQ too where asked, with the real STAR on a simulated genome."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pysam
import pytest

from fusion_caller.readers import read_caller_file
from fusion_caller.records import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE = Path(__file__).parents[2] / "workflows" / "example"
SMALL = "process.resourceLimits = [cpus: 2, memory: 6.GB, time: 1.h]\n"
SHEET = """patient,sample,source,file,file_2
P1,S 1:a,fastq,reads_1.fastq.gz,reads_2.fastq.gz
P1,S 1:a,fastq,more_1.fastq,more_2.fastq
P2,S2,fastq,single.fastq.gz,
P3,S3,bam,aligned.bam,
P4,S4,auto,calls.tsv,
P5,S5,fastq,broken.fastq,
"""
MORE = 100
KMT2A = (118_436_492, 118_526_832)

# With the other tests that ask for the simulated sample, so that it is made once.
pytestmark = pytest.mark.xdist_group("aligners")


def test_fastq_is_aligned_beside_what_is_found_in_it(
    nextflow: Any, aligned: Any, tmp_path: Path
) -> None:
    n_pairs = _write_inputs(tmp_path, aligned)
    reference = ("--genome", aligned.genome, "--gtf", tmp_path / "genes.gtf.gz")
    arguments = ("-c", "small.config", "--input", "sheet.csv", "--no_figures", "--keep_going")
    arguments = (*arguments, *reference)

    # STAR's index is made of the genome and its genes, once.
    made = nextflow.run(tmp_path, *arguments, "--align", "--outdir", "made")
    assert made.status == 0, made.said
    assert made.of("STAR_INDEX") == ["COMPLETED"]
    star = tmp_path / "made" / "star"
    assert sorted(path.name for path in star.iterdir()) == ["S2", "S_1_a"]
    # Lanes are put together, plain files or packed; a file without mates is aligned alone.
    assert _input_reads(star / "S_1_a" / "S_1_a.Log.final.out") == n_pairs + MORE
    assert _input_reads(star / "S2" / "S2.Log.final.out") == n_pairs
    # Arriba asks for the chimeric reads in the BAM, STAR-Fusion for their junctions.
    with pysam.AlignmentFile(star / "S_1_a" / "S_1_a.Aligned.sortedByCoord.out.bam") as bam:
        assert bam.has_index()
        assert [group["SM"] for group in bam.header.to_dict()["RG"]] == ["S_1_a"]
        assert any(read.is_supplementary for read in bam.fetch("chr11"))
    junctions = star / "S_1_a" / "S_1_a.Chimeric.out.junction"
    source = Source.CHIMERIC_JUNCTION
    calls = read_caller_file(junctions, source=source, patient="P", sample="S").calls
    first, last = KMT2A
    starts = [call.breakpoint_5prime for call in calls]
    assert any(at.contig == "chr11" and first <= at.position <= last for at in starts)
    # What STAR refuses is not tried again with ever more memory.
    refused = [row for row in made.trace if row["status"] == "FAILED"]
    assert [(row["name"].split()[0], row["exit"]) for row in refused] == [("STAR_ALIGN", "104")]

    # An index that is there is taken. Nothing else is done again, and the results are the same.
    index = ("--star_index", aligned.genome.parent / "star")
    taken = nextflow.run(tmp_path, *arguments, "--align", *index, "-resume", "--outdir", "taken")
    assert taken.status == 0, taken.said
    assert {name for name, status in taken.statuses.items() if status != "CACHED"} == {
        name for name in made.statuses if name.startswith("STAR_ALIGN")
    }
    plain = nextflow.run(tmp_path, *arguments, "-resume", "--outdir", "plain")
    assert set(plain.statuses.values()) == {"CACHED"}
    assert not (tmp_path / "plain" / "star").exists()
    assert _tables(tmp_path / "plain") == _tables(tmp_path / "made") == _tables(tmp_path / "taken")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--align", "--genome", "genome.fa"), "--align needs an index of STAR"),
        (("--star_index", "."), "--star_index is for --align"),
    ],
)
def test_alignment_without_what_it_needs_is_refused(
    nextflow: Any, tmp_path: Path, arguments: tuple[str, ...], problem: str
) -> None:
    (tmp_path / "sheet.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "genome.fa").touch()
    done = nextflow.run(tmp_path, "--input", "sheet.csv", *arguments)
    assert done.status == 1
    assert problem in done.said
    assert not done.trace


def _write_inputs(folder: Path, aligned: Any) -> int:
    """Write the sheet and its files; give the number of pairs."""
    n_pairs = 0
    for number, reads in enumerate(aligned.reads, 1):
        shutil.copy(reads, folder / f"reads_{number}.fastq.gz")
        with gzip.open(reads, "rb") as packed:
            lines = packed.readlines()
        n_pairs = len(lines) // 4
        (folder / f"more_{number}.fastq").write_bytes(b"".join(lines[: 4 * MORE]))
    shutil.copy(aligned.reads[1], folder / "single.fastq.gz")
    (folder / "broken.fastq").write_text(f"@read\n{'ACGT' * 20}\n+\nIII\n", encoding="ascii")
    shutil.copy(aligned.bams["star"], folder / "aligned.bam")
    shutil.copy(EXAMPLE / "synthetic" / "calls" / "arriba" / "SYN02.tsv", folder / "calls.tsv")
    (folder / "genes.gtf.gz").write_bytes(gzip.compress(aligned.gtf.read_bytes()))
    (folder / "small.config").write_text(SMALL, encoding="utf-8")
    (folder / "sheet.csv").write_text(SHEET, encoding="utf-8")
    return n_pairs


def _input_reads(log: Path) -> int:
    found = re.search(r"Number of input reads \|\s+(\d+)", log.read_text(encoding="utf-8"))
    assert found
    return int(found[1])


def _tables(results: Path) -> Mapping[str, bytes]:
    found = {path.name: path.read_bytes() for path in (results / "calls").glob("*.tsv")}
    assert "kmt2a.tsv" in found
    return found
