"""`kmt2a detect` on BAM, on pipes and on STAR's table of junctions, and BAM in a sample sheet."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pysam
import pytest
from click.testing import CliRunner, Result

from fusion_caller.call_tables import read_calls, read_fusions
from fusion_caller.reads.index import complement, read_index
from fusion_caller.records import Flag
from workflows.cli import cli

ROOT = Path(__file__).parents[2]
KMT2A = (sys.executable, "-m", "workflows.cli")
CHROMOSOMES = {"SQ": [{"SN": "chr11", "LN": 135_086_622}, {"SN": "chr9", "LN": 138_394_717}]}


def kmt2a(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def fusion_pairs() -> list[tuple[bytes, bytes]]:
    """KMT2A exon 9 joined to exon 6 of MLLT3, in ten pairs."""
    index = read_index()
    end = index.exon_ends[8]
    entry = next(e.sequence for e in index.entries if e.label == "MLLT3 e6")
    whole = index.transcript[end - 300 : end] + entry
    pieces = [whole[start : start + 180] for start in range(170, 270, 10)]
    return [(piece[:100], complement(piece)[:100]) for piece in pieces]


@pytest.fixture
def bam(tmp_path: Path) -> Path:
    """The pairs as an aligner leaves them that finds no place for them."""
    path = tmp_path / "S1.bam"
    header = {"HD": {"VN": "1.6"}, **CHROMOSOMES}
    with pysam.AlignmentFile(str(path), "wb", header=header) as stream:
        for number, pair in enumerate(fusion_pairs()):
            for flag, bases in zip((77, 141), pair, strict=True):
                one = pysam.AlignedSegment(stream.header)
                one.query_name, one.flag, one.query_sequence = f"r{number}", flag, bases.decode()
                stream.write(one)
    return path


@pytest.fixture
def fastq(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"S1_R{side}.fastq" for side in (1, 2)]
    for side, path in enumerate(paths):
        records = (
            f"@r{n}\n{pair[side].decode()}\n+\n{'F' * 100}\n"
            for n, pair in enumerate(fusion_pairs())
        )
        path.write_text("".join(records), encoding="ascii")
    return paths


def test_bam_and_fastq_make_the_same_tables(bam: Path, fastq: list[Path], tmp_path: Path) -> None:
    pysam.index(str(bam))
    told = []
    for name, files in (("fastq", fastq), ("bam", [bam])):
        done = kmt2a("detect", *files, "-o", tmp_path / name)
        assert done.exit_code == 0, done.output
        told.append(done.output.replace(f"/{name}/", "/"))
    assert told[0] == told[1]
    assert told[0].startswith("KMT2A e9::MLLT3 e6 (high): ")
    evidence = [(tmp_path / name / "evidence.txt").read_bytes() for name in ("fastq", "bam")]
    assert evidence[0] == evidence[1]
    calls = []
    for name in ("fastq", "bam"):
        (file,) = read_calls(tmp_path / name / "calls.tsv")
        (call,) = file.calls
        assert call.source == name
        calls.append((call.breakpoint_5prime, call.split_reads, call.extras))
    assert calls[0] == calls[1]
    said = json.loads((tmp_path / "bam/detect.json").read_text(encoding="utf-8"))
    assert (said["alignments"]["format"], said["alignments"]["by_index"]) == ("BAM", True)
    assert said["alignments"]["records"]["used"] == said["alignments"]["records"]["looked_at"] == 20
    said = json.loads((tmp_path / "fastq/detect.json").read_text(encoding="utf-8"))
    assert said["alignments"] is None


@pytest.mark.parametrize("form", ["bam", "sam", "cram"])
def test_a_pipe(form: str, bam: Path, tmp_path: Path) -> None:
    given = tmp_path / f"given.{form}"
    pysam.view("-h", "-O", form, "-o", str(given), str(bam), catch_stdout=False)
    content = given.read_bytes()
    for text, code in ((content, 0), (content[: len(content) * 2 // 3], 1)):
        done = subprocess.run(
            [*KMT2A, "detect", "-", "--sample", "S1", "-o", tmp_path / "out"],
            input=text, capture_output=True, check=False, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert done.stderr.count(b"\n") == code, done.stderr
    assert done.stderr.startswith(b"kmt2a: standard input: ")


def test_bam_in_a_sample_sheet(bam: Path, fastq: list[Path], tmp_path: Path) -> None:
    sheet = tmp_path / "samplesheet.csv"
    for source in ("bam", "auto"):
        sheet.write_text(
            f"patient,sample,source,file\nP1,S1,{source},{bam.name}\n", encoding="utf-8"
        )
        done = kmt2a("run", "--samplesheet", sheet, "-o", tmp_path / source)
        assert done.exit_code == 0, done.output
        (sample,) = read_fusions(tmp_path / source / "calls/kmt2a.tsv")
        assert [event.fusion for event in sample.events] == ["KMT2A::MLLT3"]
        manifest = json.loads((tmp_path / source / "manifest.json").read_text(encoding="utf-8"))
        assert [i["file"] for i in manifest["inputs"] if i["role"] == "bam"] == [bam.name]
    for source, file, said in (
        ("fastq", bam, "expected reads (fastq), found alignments; write bam into"),
        ("bam", fastq[0], "expected alignments (bam), found none; write fastq into"),
    ):
        sheet.write_text(
            f"patient,sample,source,file\nP1,S1,{source},{file.name}\n", encoding="utf-8"
        )
        done = subprocess.run(
            [*KMT2A, "run", "--samplesheet", sheet, "-o", tmp_path / "none"],
            capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr


def test_one_file_of_alignments_only(bam: Path, fastq: list[Path], tmp_path: Path) -> None:
    for files in ((bam, bam), (bam, fastq[0]), (fastq[0], bam)):
        done = subprocess.run(
            [*KMT2A, "detect", *files, "-o", tmp_path / "out"],
            capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def junctions(path: Path, rows: list[tuple[object, ...]]) -> Path:
    with path.open("w", encoding="ascii", newline="") as stream:
        csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(rows)
    return path


def row(read: str, *, first: int = 118_484_315, second: int = 20_365_745) -> tuple[object, ...]:
    """A read across the end of exon 9 and the start of MLLT3's exon 6, in STAR's first layout."""
    return (
        "chr11", first, "+", "chr9", second, "-", 1, 0, 0, read,
        first - 60, "60M40S", second - 40, "60S40M",
    )  # fmt: skip


def test_a_table_of_junctions_gives_the_same_files(tmp_path: Path) -> None:
    path = junctions(tmp_path / "S1.Chimeric.out.junction", [row(f"r{n}") for n in range(4)])
    done = kmt2a("detect", path, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("KMT2A::MLLT3 e9::e6: 4 reads across the join, 0 fragments")
    names = {one.name for one in (tmp_path / "out").iterdir()}
    assert names >= {"calls.tsv", "files.tsv", "kmt2a.tsv", "evidence.txt", "detect.json"}
    (sample,) = read_fusions(tmp_path / "out/kmt2a.tsv")
    (event,) = sample.events
    assert (event.fusion, Flag.ALIGNER_ONLY in event.flags) == ("KMT2A::MLLT3", True)
    evidence = (tmp_path / "out/evidence.txt").read_text(encoding="utf-8")
    assert "holds positions and no bases" in evidence
    said = json.loads((tmp_path / "out/detect.json").read_text(encoding="utf-8"))
    assert (said["answer"], said["chimeric_alignments"]) == ("found", 4)


def test_a_table_of_junctions_without_a_fusion_leaves_the_sample_open(tmp_path: Path) -> None:
    rows = [row("r1", first=70_000_000), row("r2")]
    path = junctions(tmp_path / "S1.junction", rows)
    done = kmt2a("detect", path, "-o", tmp_path / "out")
    assert "not evaluable: no fusion of KMT2A in several reads" in done.output
    said = json.loads((tmp_path / "out/detect.json").read_text(encoding="utf-8"))
    assert (said["answer"], len(said["calls"])) == ("not_evaluable", 1)
    twice = subprocess.run(
        [*KMT2A, "detect", path, path, "-o", tmp_path / "none"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert (twice.returncode, "expected one table of junctions" in twice.stderr) == (1, True)
