"""Bad input through the public command: one clear line, exit 1, nothing written."""

import gzip
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "workflows/example/synthetic"
CLINICAL_HEADER = "patient,age_months,relapse_months,relapse_site,last_contact_months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    code: int
    out: str
    err: str


def run(*arguments: str | Path, cwd: Path) -> Done:
    command = [sys.executable, "-m", "workflows.cli", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return Done(code=done.returncode, out=done.stdout, err=done.stderr)


def refused(done: Done, cwd: Path, *parts: str) -> None:
    """One line on standard error with every part in it, exit 1, no results."""
    assert done.code == 1, done.out + done.err
    assert done.err.count("\n") == 1, done.err
    assert done.err.startswith("kmt2a: ")
    for part in parts:
        assert part in done.err
    assert "Traceback" not in done.err
    assert not (cwd / "out").exists()


def samplesheet(folder: Path, content: bytes, *, source: str = "auto", name: str = "x.tsv") -> None:
    (folder / name).write_bytes(content)
    (folder / "s.csv").write_text(
        f"patient,sample,source,file\nP1,S1,{source},{name}\n", encoding="utf-8"
    )


def from_sheet(folder: Path) -> Done:
    return run("run", "--samplesheet", "s.csv", "-o", "out", cwd=folder)


STAR_FUSION = (EXAMPLE / "calls/star-fusion/SYN02.tsv").read_bytes()


def test_missing_file(tmp_path: Path) -> None:
    samplesheet(tmp_path, STAR_FUSION)
    (tmp_path / "x.tsv").unlink()
    done = from_sheet(tmp_path)
    refused(done, tmp_path, "s.csv, line 2, column 'file': expected a file at this path")
    # A file may be named after a patient.
    assert "x.tsv" not in done.err


def test_missing_samplesheet(tmp_path: Path) -> None:
    refused(from_sheet(tmp_path), tmp_path, "s.csv: expected a file, found none")


def test_empty_file_that_could_be_any_caller(tmp_path: Path) -> None:
    samplesheet(tmp_path, b"")
    refused(from_sheet(tmp_path), tmp_path, "x.tsv: the file is empty", "run it again")


def test_empty_file_of_a_named_caller_leaves_it_open(tmp_path: Path) -> None:
    samplesheet(tmp_path, b"", source="arriba")
    done = from_sheet(tmp_path)
    assert done.code == 0, done.err
    assert "0 of 1 patients rearranged" in done.out
    patients = (tmp_path / "out/reconciled/patients.tsv").read_text(encoding="utf-8")
    assert patients.splitlines()[1].startswith("P1\tindeterminate\t")
    aside = (tmp_path / "out/calls/set_aside.tsv").read_text(encoding="utf-8")
    assert "a caller that ended early writes the same" in aside


@pytest.mark.parametrize("caller", ["star-fusion/SYN02.tsv", "arriba/SYN02.tsv"])
def test_header_only_file_means_no_fusion(tmp_path: Path, caller: str) -> None:
    header = (EXAMPLE / "calls" / caller).read_bytes().splitlines(keepends=True)[0]
    samplesheet(tmp_path, header)
    done = from_sheet(tmp_path)
    assert done.code == 0, done.err
    patients = (tmp_path / "out/reconciled/patients.tsv").read_text(encoding="utf-8")
    assert patients.splitlines()[1].startswith("P1\tnot_rearranged\t")
    fusions = (tmp_path / "out/calls/kmt2a.tsv").read_text(encoding="utf-8")
    assert fusions.splitlines()[1].startswith("P1\tS1\tnone\t")


def test_sheets_with_a_header_only_are_said(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("patient,sample,source,file\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("patient,assay,result\n", encoding="utf-8")
    done = run("run", "--samplesheet", "s.csv", "--assays", "a.csv", "-o", "out", cwd=tmp_path)
    assert done.code == 0, done.err
    expected = [f"kmt2a: {name}: 0 rows below the header" for name in ("s.csv", "a.csv")]
    assert done.err.splitlines() == expected
    done = run("reconcile", "--assays", "a.csv", "-o", "out2", cwd=tmp_path)
    assert (done.code, done.err.splitlines()) == (0, expected[1:])


def test_a_row_that_is_there_twice_is_set_aside_as_flagged(tmp_path: Path) -> None:
    rows = "P1,fish,2F,2021-03-04\n" * 2
    (tmp_path / "a.csv").write_text(f"patient,assay,result,date\n{rows}", encoding="utf-8")
    done = run("run", "--assays", "a.csv", "-o", "out", cwd=tmp_path)
    assert done.code == 0, done.err
    aside = (tmp_path / "out/calls/set_aside.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[:2] for line in aside[1:]] == [["a.csv", "3"]]
    assert "\tflagged\t" in aside[1]


def test_truncated_gzip(tmp_path: Path) -> None:
    samplesheet(tmp_path, gzip.compress(STAR_FUSION)[:-20], name="x.tsv.gz")
    refused(from_sheet(tmp_path), tmp_path, "x.tsv.gz: the gzip stream ends early")


def test_truncated_row(tmp_path: Path) -> None:
    samplesheet(tmp_path, STAR_FUSION.rstrip()[: -len(STAR_FUSION.splitlines()[-1]) // 2])
    refused(from_sheet(tmp_path), tmp_path, "x.tsv, line ", "fields as in the header, found")


@pytest.mark.parametrize("delimiter", [b";", b"|", b" "])
def test_wrong_delimiter(tmp_path: Path, delimiter: bytes) -> None:
    samplesheet(tmp_path, STAR_FUSION.replace(b"\t", delimiter))
    refused(from_sheet(tmp_path), tmp_path, "x.tsv, line 1: ")


def test_missing_column(tmp_path: Path) -> None:
    samplesheet(tmp_path, STAR_FUSION.replace(b"RightBreakpoint", b"Elsewhere"))
    refused(from_sheet(tmp_path), tmp_path, "line 1", "lacks the column RightBreakpoint")


def test_missing_column_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("patient,assay\nP1,fish\n", encoding="utf-8")
    done = run("run", "--assays", "a.csv", "-o", "out", cwd=tmp_path)
    refused(done, tmp_path, "a.csv, line 1: expected the column result; found patient, assay")


def clinical(folder: Path, *rows: str, header: str = CLINICAL_HEADER) -> Done:
    (folder / "c.csv").write_text("\n".join((header, *rows, "")), encoding="utf-8")
    return run("run", "--clinical", "c.csv", "-o", "out", cwd=folder)


def test_headerless_table_does_not_print_its_first_patient(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("NAME-1,male,3\nNAME-2,female,4\n", encoding="utf-8")
    done = run("run", "--clinical", "c.csv", "-o", "out", cwd=tmp_path)
    refused(done, tmp_path, "c.csv, line 1: expected the column patient", "header line missing")
    assert "NAME" not in done.err


def test_karyotype_without_quotes_is_told_how_to_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "patient,assay,result\nP1,karyotype,46,XX[20]\n", encoding="utf-8"
    )
    done = run("run", "--assays", "a.csv", "-o", "out", cwd=tmp_path)
    refused(done, tmp_path, "a.csv, line 2: expected 3 fields", "quote a value that holds a comma")


def test_patient_twice_in_the_clinical_table(tmp_path: Path) -> None:
    done = clinical(tmp_path, "NAME-1,5,,,9", "P2,7,,,9", "NAME-1,5,,,9")
    refused(done, tmp_path, "c.csv, line 4, column 'patient'", "line 2")
    assert "NAME-1" not in done.err


@pytest.mark.parametrize(
    ("row", "where", "what"),
    [
        ("P1,5,,,-3", "line 2, column 'last_contact_months'", "-3"),
        ("P1,5,4,liver,9", "line 2, column 'relapse_site'", "liver"),
        ("P1,five,,,9", "line 2, column 'age_months'", "five"),
        ('P1,"5,5",,,9', "line 2, column 'age_months'", "5,5"),
    ],
)
def test_value_that_is_not_one(tmp_path: Path, row: str, where: str, what: str) -> None:
    refused(clinical(tmp_path, row), tmp_path, f"c.csv, {where}", what)


def test_event_code_that_is_not_one(tmp_path: Path) -> None:
    done = clinical(tmp_path, "P1,12,2", header="patient,efs_months,efs_event")
    refused(done, tmp_path, "c.csv, line 2, column 'efs_event'", "found '2'")


def test_patient_in_one_table_only_is_listed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "patient,assay,result\nP1,fish,positive\nP2,fish,negative\n", encoding="utf-8"
    )
    (tmp_path / "c.csv").write_text(f"{CLINICAL_HEADER}\nP1,5,,,9\nP3,5,,,9\n", encoding="utf-8")
    done = run("run", "--assays", "a.csv", "--clinical", "c.csv", "-o", "out", cwd=tmp_path)
    assert done.code == 0, done.err
    listed = (tmp_path / "out/calls/set_aside.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[:5] for line in listed[1:]] == [
        ["c.csv", "3", "P3", "", "flagged"],
        ["a.csv", "3", "P2", "", "flagged"],
    ]
    patients = (tmp_path / "out/reconciled/patients.tsv").read_text(encoding="utf-8")
    assert [line.split("\t")[:2] for line in patients.splitlines()[1:]] == [
        ["P1", "rearranged_partner_unknown"],
        ["P2", "not_rearranged"],
        ["P3", "not_evaluable"],
    ]
    assert "2 flagged" in done.out


def test_failed_run_leaves_earlier_results_untouched(tmp_path: Path) -> None:
    samplesheet(tmp_path, STAR_FUSION)
    assert from_sheet(tmp_path).code == 0
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    (tmp_path / "x.tsv").write_bytes(b"nonsense\n")
    assert from_sheet(tmp_path).code == 1
    assert {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()} == before


def test_row_with_an_unreadable_value_is_set_aside_with_its_line(tmp_path: Path) -> None:
    lines = STAR_FUSION.decode().splitlines()
    fields = lines[1].split("\t")
    fields[1] = "many"
    assert fields[0] == "KMT2A--AFF1"
    samplesheet(tmp_path, "\n".join([lines[0], "\t".join(fields), ""]).encode())
    done = from_sheet(tmp_path)
    assert done.code == 0, done.err
    assert "1 set aside" in done.out
    listed = (tmp_path / "out/calls/set_aside.tsv").read_text(encoding="utf-8").splitlines()
    assert listed[1] == (
        "x.tsv\t2\tP1\tS1\trefused\tyes\t1\tthe row names KMT2A; column 'JunctionReadCount': "
        "expected a count, found 'many'"
    )
    patients = (tmp_path / "out/reconciled/patients.tsv").read_text(encoding="utf-8")
    assert patients.splitlines()[1].startswith("P1\tindeterminate\t")
    assert "1 results not understood" in done.out


def test_no_input_is_a_usage_error(tmp_path: Path) -> None:
    done = run("run", "-o", "out", cwd=tmp_path)
    assert done.code == 2
    assert "give at least one of" in done.err


def test_output_that_is_a_file(tmp_path: Path) -> None:
    samplesheet(tmp_path, STAR_FUSION)
    (tmp_path / "out").write_text("in the way", encoding="utf-8")
    done = from_sheet(tmp_path)
    assert done.code == 1
    assert "out: expected a folder to write to, found a file" in done.err
    assert (tmp_path / "out").read_text(encoding="utf-8") == "in the way"


def test_a_run_that_is_ended_leaves_nothing(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; import workflows.pipeline as p;"
        "p._write_report = lambda results: os.kill(os.getpid(), signal.SIGTERM);"
        "sys.argv = ['kmt2a', 'run', '--samplesheet', 's.csv', '-o', 'out'];"
        "from workflows.cli import main; main()"
    )
    samplesheet(tmp_path, STAR_FUSION)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 143
    assert "nothing was left half written" in done.stderr
    assert not (tmp_path / "out").exists()


def test_results_of_a_full_disk_are_none(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "in")
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "sys.argv = ['kmt2a', 'run', '--samplesheet', 'in/samplesheet.csv', '-o', 'out'];"
        "from workflows.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert not (tmp_path / "out").exists()
