"""The pipeline on a real SLURM: its jobs, what is tried again, and the results of one process."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = Path(__file__).parents[2] / "workflows" / "example"
SHEET = EXAMPLE / "nextflow" / "samplesheet.csv"
# Few of the curves that the example asks for: to draw them takes most of the time.
ANALYSIS = "preset: default\nendpoints: [efs]\ncurves: [subtype]\n"
# Looked at often, since nothing else is on this SLURM.
SHORT = """
executor {
    submitRateLimit   = '100/1sec'
    pollInterval      = '1s'
    queueStatInterval = '1s'
    exitReadTimeout   = '5s'
}
"""
# The first try of a task is cancelled, that of another has too little memory. The callers' files
# are read by job arrays.
TROUBLE = """
process {
    withName: SAMPLESHEET {
        beforeScript = { task.attempt == 1 ? 'scancel $SLURM_JOB_ID; sleep 60' : '' }
    }
    withName: RECONCILE {
        memory = { task.attempt == 1 ? 20.MB : 2.GB }
    }
    withName: CALLS {
        array = 2
    }
}
"""

pytestmark = pytest.mark.xdist_group("slurm")


@pytest.fixture
def on_slurm(slurm: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The SLURM, as what is started from here finds it."""
    monkeypatch.setenv("SLURM_CONF", slurm.environment["SLURM_CONF"])
    return slurm


def test_results_are_those_of_one_process_though_slurm_killed_some_jobs(
    nextflow: Any, on_slurm: Any, tmp_path: Path
) -> None:
    """A job that was cancelled, and one that took too much memory, are done again."""
    before = set(on_slurm.ended())
    for name in ("assays.csv", "clinical.csv"):
        shutil.copy(EXAMPLE / "synthetic" / name, tmp_path)
    (tmp_path / "analysis.yaml").write_text(ANALYSIS, encoding="utf-8")
    (tmp_path / "slurm.config").write_text(SHORT + TROUBLE, encoding="utf-8")
    arguments = ("-profile", "slurm,test", "-c", "slurm.config", "--analysis", "analysis.yaml")
    done = nextflow.run(tmp_path, *arguments)
    assert done.status == 0, done.said

    # Nothing ran beside SLURM: each task is a job that it noted, those of an array one by one.
    on_slurm.wait_until_empty()
    jobs = {job: row for job, row in on_slurm.ended().items() if job not in before}
    assert len(jobs) == len(done.trace)
    assert {row["native_id"].partition("_")[0] for row in done.trace} <= set(jobs)
    arrays = [row["native_id"] for row in done.trace if "_" in row["native_id"]]
    assert len(arrays) == 2
    tried = Counter(row["name"] for row in done.trace)
    assert {name: times for name, times in tried.items() if times > 1} == {
        "SAMPLESHEET (all samples)": 2,
        "RECONCILE (all samples)": 2,
    }
    failed = {row["name"].split()[0]: row for row in done.trace if row["status"] == "FAILED"}
    # As SLURM found the shell: it said why it ended, or left no exit code.
    assert {row["exit"] for row in failed.values()} <= {"143", "137", "-"}
    assert jobs[failed["SAMPLESHEET"]["native_id"]]["JobState"] == "CANCELLED"
    assert jobs[failed["RECONCILE"]["native_id"]]["JobState"] != "COMPLETED"
    logs = (tmp_path / "work").glob("*/*/.command.log")
    assert any("exceeded memory limit" in log.read_text(encoding="utf-8") for log in logs)

    # Started beside its inputs, since tables name them as they are given.
    tables = ("--assays", "assays.csv", "--clinical", "clinical.csv", "--analysis", "analysis.yaml")
    command = [sys.executable, "-m", "workflows.cli", "run", "--samplesheet", SHEET, *tables]
    subprocess.run([*command, "-o", "run"], cwd=tmp_path, check=True, capture_output=True)
    for folder in ("calls", "reconciled", "outcomes"):
        made = dict(_files(tmp_path / "results" / folder))
        assert made == dict(_files(tmp_path / "run" / folder))
        assert made


def test_bad_data_are_tried_once(nextflow: Any, on_slurm: Any, tmp_path: Path) -> None:
    whole = (EXAMPLE / "synthetic" / "calls" / "arriba" / "SYN25.tsv.gz").read_bytes()
    (tmp_path / "cut.tsv.gz").write_bytes(whole[:-20])
    (tmp_path / "sheet.csv").write_text(
        "patient,sample,source,file\nP,S,arriba,cut.tsv.gz\n", encoding="utf-8"
    )
    (tmp_path / "slurm.config").write_text(SHORT, encoding="utf-8")
    arguments = ("-profile", "slurm", "-c", "slurm.config", "--input", "sheet.csv")
    done = nextflow.run(tmp_path, *arguments)
    assert done.status == 1
    assert [(row["name"].split()[0], row["exit"]) for row in done.trace] == [
        ("SAMPLESHEET", "0"),
        ("CALLS", "1"),
    ]
    assert "kmt2a: cut.tsv.gz" in done.said
    on_slurm.wait_until_empty()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
