"""Files read by several processes: as by one, and nothing is left when the work is ended."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fusion_caller.errors import InputError, Kmt2aError
from fusion_caller.placing import Genes
from fusion_caller.samplesheet import SampleFile, read_samplesheet
from workflows import reading
from workflows.cli import cli
from workflows.reading import Job, WorkerEndedError, read_files

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "workflows/example/synthetic/samplesheet.csv"
JOB = Job(sheet="sheet.csv", genes=Genes(), build=None)
# The command line in a process of its own, for which two files are many.
KMT2A = """
import signal
from workflows import cli, reading
# Whatever runs the tests in the background lets them inherit a Ctrl-C that is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
reading.MANY_FILES = 2
cli.main()
"""


@pytest.fixture(autouse=True)
def two_files_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MANY_FILES", 2)


def kmt2a(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def star_fusion(path: Path, n_rows: int) -> None:
    head = "#FusionName\tJunctionReadCount\tSpanningFragCount\tSpliceType\tLeftGene\t"
    head += "LeftBreakpoint\tRightGene\tRightBreakpoint\tLargeAnchorSupport\n"
    row = "KMT2A--AFF1\t20\t9\tONLY_REF_SPLICE\tKMT2A^ENSG00000118058\tchr11:118482495:+\t"
    row += "AFF1^ENSG00000172493\tchr4:87084120:+\tYES_LDAS\n"
    path.write_text(head + row * n_rows, encoding="utf-8")


def sheet_of(folder: Path, *, n_files: int, n_rows: int = 1) -> Path:
    """A sheet of as many samples, whose files are one file by many names."""
    star_fusion(folder / "S0.tsv", n_rows)
    for number in range(1, n_files):
        (folder / f"S{number}.tsv").hardlink_to(folder / "S0.tsv")
    lines = [f"P{n},S{n},star-fusion,S{n}.tsv" for n in range(n_files)]
    path = folder / "sheet.csv"
    path.write_text("\n".join(["patient,sample,source,file", *lines]), encoding="utf-8")
    return path


def entries(folder: Path, *, n_files: int, n_rows: int = 1) -> tuple[SampleFile, ...]:
    return read_samplesheet(sheet_of(folder, n_files=n_files, n_rows=n_rows))


def outputs(folder: Path) -> dict[str, bytes]:
    """The files of a results folder without times, which the manifest and the report hold."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    manifest = json.loads(found.pop("manifest.json"))
    del manifest["times"], found["report.html"]
    return found | {"manifest": json.dumps(manifest).encode()}


# As by one process


def test_files_come_in_their_order(tmp_path: Path) -> None:
    sheet = entries(tmp_path, n_files=40)
    found = [one.file.sample for one in read_files(sheet, JOB, processes=2)]
    assert found == [f"S{number}" for number in range(40)]


def test_run_writes_the_same_bytes(tmp_path: Path) -> None:
    for processes in ("1", "2"):
        done = kmt2a(
            *("run", "--samplesheet", EXAMPLE, "--processes", processes),
            *("-o", tmp_path / processes),
        )
        assert done.exit_code == 0, done.output
    one, several = outputs(tmp_path / "1"), outputs(tmp_path / "2")
    assert one == several
    assert one["calls/calls.tsv"].count(b"\n") > 100


def test_calls_writes_the_same_bytes(tmp_path: Path) -> None:
    sheet_of(tmp_path, n_files=20)
    files = sorted(tmp_path.glob("*.tsv"))
    for processes in ("1", "2"):
        done = kmt2a("calls", *files, "--processes", processes, "-o", tmp_path / processes)
        assert done.exit_code == 0, done.output
    for name in ("calls.tsv", "files.tsv", "set_aside.tsv"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_few_processes_are_refused() -> None:
    done = kmt2a("run", "--samplesheet", EXAMPLE, "--processes", "0", "-o", "out")
    assert done.exit_code == 2
    assert "'--processes'" in done.stderr


def test_an_error_says_the_same(tmp_path: Path) -> None:
    sheet = entries(tmp_path, n_files=40)
    sheet[20].path.unlink()
    sheet[35].path.unlink()
    said = []
    for processes in (1, 2):
        with pytest.raises(InputError) as caught:
            list(read_files(sheet, JOB, processes=processes))
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert said[0].startswith("sheet.csv, line 22, column 'file': expected a file at this path")


# Ended


def test_a_worker_that_was_ended_is_one_line(tmp_path: Path) -> None:
    done = read_files(entries(tmp_path, n_files=600), JOB, processes=2)
    next(done)
    for worker in multiprocessing.active_children():
        worker.kill()
    with pytest.raises(WorkerEndedError) as caught:
        list(done)
    assert isinstance(caught.value, Kmt2aError)
    assert str(caught.value) == (
        "a process that read files was ended by the system, perhaps for want of memory; "
        "give --processes 1"
    )


def run_under_way(folder: Path) -> subprocess.Popen[str]:
    """A run whose processes are reading, with seconds of work before them."""
    sheet = sheet_of(folder, n_files=600, n_rows=500)
    run = subprocess.Popen(
        [
            *(sys.executable, "-c", KMT2A, "run", "--processes", "2"),
            *("--samplesheet", str(sheet), "-o", str(folder / "out")),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    calls = folder / f"out/.partial-{run.pid}/calls/calls.tsv"
    until = time.monotonic() + 30
    while not (calls.exists() and calls.stat().st_size):
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)
    return run


def test_workers_do_not_outlive_a_run_that_is_killed(tmp_path: Path) -> None:
    run = run_under_way(tmp_path)
    run.kill()
    # Its output has an end only when none of the processes that inherited it is left.
    run.communicate(timeout=10)
    assert run.returncode == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    run = run_under_way(tmp_path)
    os.kill(run.pid, number)
    _, said = run.communicate(timeout=20)
    assert run.returncode == 128 + number
    assert said.strip() == "kmt2a: stopped; nothing was left half written"
    assert not (tmp_path / "out").exists()


def test_ctrl_c_reaches_every_process_and_one_answers(tmp_path: Path) -> None:
    run = run_under_way(tmp_path)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=20)
    assert run.returncode == 130
    assert said.strip() == "kmt2a: stopped; nothing was left half written"
    assert not (tmp_path / "out").exists()


def test_the_run_after_a_killed_one_removes_what_it_left(tmp_path: Path) -> None:
    run = run_under_way(tmp_path)
    run.kill()
    run.communicate(timeout=10)
    left = tmp_path / f"out/.partial-{run.pid}"
    assert left.exists()
    assert kmt2a("run", "--samplesheet", EXAMPLE, "-o", tmp_path / "out").exit_code == 0
    assert not left.exists()
