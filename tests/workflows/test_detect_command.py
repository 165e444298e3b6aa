"""`kmt2a detect` from files to tables, and reads in a sample sheet."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fusion_caller.call_tables import read_calls, read_fusions
from fusion_caller.errors import InputError
from fusion_caller.reads.index import complement, read_index
from fusion_caller.records import Flag, FusionKind
from workflows.cli import cli

ROOT = Path(__file__).parents[2]
EOL1 = [ROOT / f"tests/data/kmt2a_reads/SRR8616218_KMT2A_{number}.fastq.gz" for number in (1, 2)]
KMT2A = (sys.executable, "-m", "workflows.cli")


def kmt2a(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def pairs_of(sequence: bytes, starts: range) -> list[tuple[bytes, bytes]]:
    pieces = [sequence[start : start + 180] for start in starts]
    return [(piece[:100], complement(piece)[:100]) for piece in pieces]


def fastq(path: Path, reads: list[bytes]) -> Path:
    records = (b"@made:%d\n%s\n+\n%s\n" % (n, r, b"F" * len(r)) for n, r in enumerate(reads))
    path.write_bytes(gzip.compress(b"".join(records)))
    return path


@pytest.fixture
def fusion(tmp_path: Path) -> list[Path]:
    """KMT2A exon 9 joined to exon 6 of MLLT3, in ten pairs."""
    index = read_index()
    end = index.exon_ends[8]
    entry = next(e.sequence for e in index.entries if e.label == "MLLT3 e6")
    made = pairs_of(index.transcript[end - 300 : end] + entry, range(170, 270, 10))
    return [
        fastq(tmp_path / f"S1_R{side + 1}.fastq.gz", [p[side] for p in made]) for side in (0, 1)
    ]


@pytest.fixture
def shallow(tmp_path: Path) -> Path:
    """Six single reads of KMT2A alone."""
    made = pairs_of(read_index().transcript, range(3000, 4200, 200))
    return fastq(tmp_path / "S2.fastq.gz", [p[0] for p in made])


def test_eol_1_from_files_to_tables(tmp_path: Path) -> None:
    done = kmt2a("detect", *EOL1, "-o", tmp_path / "out", "--sample", "EOL1")
    assert done.exit_code == 0
    *found, index = done.output.splitlines()
    assert index.startswith(f"index packaged (sha256 {read_index().checksum[:12]}): AFF1 e4, ")
    assert found == [
        "KMT2A e8::KMT2A e2 (high): 58 fragments across the join, 10 around it",
        f"17,026 pairs, 16,671 on KMT2A or a packaged partner: {tmp_path / 'out' / 'detect.html'}",
    ]
    (sample,) = read_fusions(tmp_path / "out/kmt2a.tsv")
    (event,) = sample.events
    assert (sample.sample, event.kind, event.duplicated_exons) == ("EOL1", FusionKind.PTD, "e2-8")
    assert str(event.reads[0]) == "fastq:58+10"
    assert event.flags == ()
    said = json.loads((tmp_path / "out/detect.json").read_text(encoding="utf-8"))
    assert (said["answer"], said["fragments"], said["paired"]) == ("found", 17_026, True)
    assert said["breakpoint_exons"]["8"]["reads_across_end"] == 166
    evidence = (tmp_path / "out/evidence.txt").read_text(encoding="utf-8").splitlines()
    assert evidence[0] == "KMT2A e8::KMT2A e2 (high)"
    assert "AAAACCAAAAGAAAAG|GATGAGCAATTCTTAGG" in evidence[5]
    assert evidence[-2] == "and 8 more fragments"
    assert len({line.index("|") for line in evidence[5:-2]}) == 1


def test_a_second_run_gives_the_same_bytes(fusion: list[Path], tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        assert kmt2a("detect", *fusion, "-o", tmp_path / name).exit_code == 0
        folder = [path for path in (tmp_path / name).rglob("*") if path.is_file()]
        made.append({path.relative_to(tmp_path / name): path.read_bytes() for path in folder})
    assert made[0] == made[1]
    names = {path.as_posix() for path in made[0]}
    assert names >= {"calls.tsv", "files.tsv", "kmt2a.tsv", "evidence.txt", "detect.json"}
    assert names >= {"detect.html", "evidence/evidence.bam", "evidence/evidence.bam.bai"}


def test_a_folder_used_again_keeps_nothing_of_the_sample_before(
    fusion: list[Path], shallow: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert kmt2a("detect", *fusion, "-o", out).exit_code == 0
    assert (out / "evidence/evidence.bam").exists()
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    assert kmt2a("detect", shallow, "-o", out).exit_code == 0
    left = [path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()]
    assert "notes.txt" in left
    assert not [name for name in left if "evidence/" in name or name.endswith(".vcf")]
    assert "reads of S2" in (out / "detect.html").read_text(encoding="utf-8")


def test_calls_become_the_records_of_every_caller(fusion: list[Path], tmp_path: Path) -> None:
    done = kmt2a("detect", *fusion, "-o", tmp_path / "out")
    assert done.output.startswith("KMT2A e9::MLLT3 e6 (high): ")
    (file,) = read_calls(tmp_path / "out/calls.tsv")
    (call,) = file.calls
    assert (call.sample, call.source, call.gene_3prime) == ("S1", "fastq", "MLLT3")
    assert str(call.breakpoint_5prime) == "chr11:118484314:+"
    assert str(call.breakpoint_3prime) == "chr9:20365744:-"
    assert call.extras["join"].endswith("GAGTGGACTTTAAG|TCTGAACAACCCAGTCCTGCCAGCTCCAGCTCCAGCTCCA")
    again = kmt2a("assign", tmp_path / "out/calls.tsv", "-o", tmp_path / "again")
    assert again.exit_code == 0
    (sample,) = read_fusions(tmp_path / "again/kmt2a.tsv")
    (event,) = sample.events
    assert (event.fusion, event.kmt2a_exon, event.partner_exon) == ("KMT2A::MLLT3", "e9", "e6")
    assert event.reading_frame == "in-frame"
    assert Flag.LOW_SUPPORT not in event.flags


def test_too_few_reads_leave_the_sample_open(shallow: Path, tmp_path: Path) -> None:
    done = kmt2a("detect", shallow, "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert done.output.startswith("not evaluable: no read of KMT2A across the end of one of exons")
    (sample,) = read_fusions(tmp_path / "out/kmt2a.tsv")
    assert (sample.sample, sample.events, sample.callers_empty) == ("S2", (), ("fastq",))
    done = kmt2a("reconcile", "--calls", tmp_path / "out/kmt2a.tsv", "-o", tmp_path / "patients")
    assert done.exit_code == 0, done.output
    patients = (tmp_path / "patients/evidence.tsv").read_text(encoding="utf-8")
    assert "The reads of KMT2A are too few to tell whether it is fused" in patients


def test_no_reads_are_not_evaluable(tmp_path: Path) -> None:
    (tmp_path / "none.fastq").touch()
    done = kmt2a("detect", tmp_path / "none.fastq", "-o", tmp_path / "out")
    assert done.output.startswith("not evaluable: the files hold no reads\n0 reads, 0 on KMT2A")
    assert "empty file" in (tmp_path / "out/files.tsv").read_text(encoding="utf-8")


def test_reads_in_a_sample_sheet(fusion: list[Path], shallow: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "samplesheet.csv"
    sheet.write_text(
        "patient,sample,source,file,file_2\n"
        f"P1,S1,fastq,{fusion[0].name},{fusion[1].name}\nP2,S2,fastq,{shallow.name},\n",
        encoding="utf-8",
    )
    done = kmt2a("run", "--samplesheet", sheet, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    one, two = read_fusions(tmp_path / "out/calls/kmt2a.tsv")
    assert [event.fusion for event in one.events] == ["KMT2A::MLLT3"]
    assert (two.events, two.callers_empty) == ((), ("fastq",))
    remarks = (tmp_path / "out/calls/set_aside.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[:5] for line in remarks[1:]] == [
        ["S2.fastq.gz", "1", "P2", "S2", "flagged"]
    ]
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    files = [item["file"] for item in manifest["inputs"] if item["role"] == "fastq"]
    assert files == [fusion[0].name, fusion[1].name, shallow.name]
    status = (tmp_path / "out/reconciled/patients.tsv").read_text(encoding="utf-8")
    assert "MLLT3" in status.splitlines()[1]


def test_lanes_in_a_sample_sheet_are_one_sample(fusion: list[Path], tmp_path: Path) -> None:
    halves = []
    for path in fusion:
        lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
        for lane, part in ((1, lines[:16]), (2, lines[16:])):
            halves.append(tmp_path / f"L00{lane}_{path.name}")
            halves[-1].write_bytes(gzip.compress(b"".join(part), mtime=0))
    one_1, two_1, one_2, two_2 = (path.name for path in halves)
    sheet = tmp_path / "samplesheet.csv"
    sheet.write_text(
        "patient,sample,source,file,file_2\n"
        f"P1,S1,fastq,{one_1},{one_2}\nP1,S1,fastq,{two_1},{two_2}\n",
        encoding="utf-8",
    )
    assert kmt2a("run", "--samplesheet", sheet, "-o", tmp_path / "out").exit_code == 0
    (sample,) = read_fusions(tmp_path / "out/calls/kmt2a.tsv")
    assert [str(reads) for reads in sample.events[0].reads] == ["fastq:10+0"]
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    files = {item["file"] for item in manifest["inputs"] if item["role"] == "fastq"}
    assert files == {one_1, one_2, two_1, two_2}


def test_an_unnamed_partner_in_many_fragments_is_a_rearrangement(tmp_path: Path) -> None:
    index = read_index()
    end = index.exon_ends[8]
    rng = random.Random(8)  # noqa: S311 - no secret
    partner = b"CT" + bytes(rng.choice(b"ACGT") for _ in range(300))
    made = pairs_of(index.transcript[end - 300 : end] + partner, range(170, 270, 10))
    paths = [fastq(tmp_path / f"S1_R{n + 1}.fastq.gz", [p[n] for p in made]) for n in (0, 1)]
    sheet = tmp_path / "samplesheet.csv"
    sheet.write_text(
        f"patient,sample,source,file,file_2\nP1,S1,fastq,{paths[0].name},{paths[1].name}\n",
        encoding="utf-8",
    )
    assert kmt2a("run", "--samplesheet", sheet, "-o", tmp_path / "out").exit_code == 0
    head, row = (tmp_path / "out/reconciled/patients.tsv").read_text("utf-8").splitlines()
    said = dict(zip(head.split("\t"), row.split("\t"), strict=True))
    assert said["status"] == "rearranged_partner_unknown"


def test_a_broken_file_in_a_sample_sheet_is_called_as_there(
    fusion: list[Path], tmp_path: Path
) -> None:
    fusion[1].write_bytes(fusion[1].read_bytes()[:-20])
    sheet = tmp_path / "samplesheet.csv"
    sheet.write_text(
        f"patient,sample,source,file,file_2\nP1,S1,fastq,{fusion[0].name},{fusion[1].name}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [*KMT2A, "run", "--samplesheet", sheet, "-o", tmp_path / "out"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("kmt2a: S1_R2.fastq.gz: the gzip data stop before their end: ")
    assert not (tmp_path / "out").exists()


def test_a_pipe_and_one_that_closes_early(fusion: list[Path], tmp_path: Path) -> None:
    content = gzip.decompress(fusion[0].read_bytes())
    for given, code in ((content, 0), (fusion[0].read_bytes(), 0), (content[:-30], 1)):
        done = subprocess.run(
            [*KMT2A, "detect", "-", "--sample", "S1", "-o", tmp_path / "out"],
            input=given, capture_output=True, check=False, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
    assert done.stderr.startswith(b"kmt2a: standard input, line 37: record 10: ")
    assert done.stderr.count(b"\n") == 1


def test_tables_alone(fusion: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = kmt2a("detect", *fusion, "--no-figures", "-o", out)
    assert done.exit_code == 0
    assert str(out / "evidence.txt") in done.output
    assert not (out / "evidence").exists()
    assert not (out / "detect.html").exists()
    whole = kmt2a("detect", *fusion, "-o", tmp_path / "whole")
    assert whole.output.splitlines()[0] == done.output.splitlines()[0]
    for name in ("calls.tsv", "kmt2a.tsv", "evidence.txt", "detect.json"):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert (tmp_path / "whole/detect.html").exists()


def test_usage(fusion: list[Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the file was given twice"):
        kmt2a("detect", *fusion, fusion[0], "-o", tmp_path / "out")
    named = kmt2a("detect", *fusion, "--sample", "../x", "-o", tmp_path / "out")
    assert (named.exit_code, "--sample: expected" in named.stderr) == (2, True)
    assert not (tmp_path / "out").exists()
