"""The pipeline, run by the real Nextflow on samples that read well, are empty, or damaged."""

from __future__ import annotations

import csv
import gzip
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# One process at a time runs Nextflow, which takes what processors there are.
pytestmark = pytest.mark.xdist_group("nextflow")

EXAMPLE = Path(__file__).resolve().parents[2] / "workflows" / "example"
CALLS = EXAMPLE / "synthetic" / "calls"
COHORT_STEPS = ("ASSIGN", "RECONCILE", "REPORT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """A folder with a sample sheet and its files, which are those of four samples."""

    folder: Path

    @property
    def damaged(self) -> Path:
        """A compressed file that ends too early."""
        return self.folder / "damaged.tsv.gz"

    def mend(self) -> None:
        """Put the whole file in its place."""
        self.damaged.write_bytes(gzip.compress((CALLS / "arriba" / "SYN03.tsv").read_bytes()))


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    """A sample with a fusion, one of an empty file, one of reads without KMT2A, one damaged."""
    shutil.copy(CALLS / "arriba" / "SYN02.tsv", tmp_path / "positive.tsv")
    (tmp_path / "empty.tsv").touch()
    write_reads(tmp_path / "reads.fastq.gz")
    whole = gzip.compress((CALLS / "arriba" / "SYN03.tsv").read_bytes())
    cohort = Cohort(folder=tmp_path)
    cohort.damaged.write_bytes(whole[:-20])
    (tmp_path / "samplesheet.csv").write_text(
        "patient,sample,source,file\n"
        "P1,P1 marrow,arriba,positive.tsv\n"
        "P2,P2,arriba,empty.tsv\n"
        "P3,P3,fastq,reads.fastq.gz\n"
        "P4,P4,arriba,damaged.tsv.gz\n"
    )
    return cohort


def write_reads(path: Path) -> None:
    """Reads of no gene."""
    dice = random.Random(1)  # noqa: S311
    with gzip.open(path, "wt", encoding="ascii") as file:
        for number in range(200):
            bases = "".join(dice.choices("ACGT", k=100))
            file.write(f"@read{number}\n{bases}\n+\n{'I' * 100}\n")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, dialect="excel-tab"))


ARGUMENTS = ("--input", "samplesheet.csv", "--batch_size", "1")


def test_one_damaged_file_fails_alone_and_the_rest_can_go_on_without_it_or_with_it_mended(
    nextflow: Any, cohort: Cohort, tmp_path: Path
) -> None:
    # It fails with the command's own line; the others are done or under way by then.
    together = tmp_path / "together.config"
    together.write_text(
        "executor { cpus = 8; memory = 16.GB }\n"
        "process { withName: 'CALLS' {\n"
        "    beforeScript = { meta.id == 'calls_00003' ? 'sleep 15' : '' }\n"
        "} }\n"
    )
    failed = nextflow.run(tmp_path, *ARGUMENTS, "-c", together)
    assert failed.status == 1
    assert "kmt2a: damaged.tsv.gz: the gzip stream ends early" in failed.said
    assert failed.of("CALLS") == ["COMPLETED", "COMPLETED", "FAILED"]
    assert failed.of("DETECT") == ["COMPLETED"]
    assert not failed.of("ASSIGN")
    assert not (tmp_path / "results" / "report.html").exists()

    # Told to go on, it does again only what had failed.
    without = nextflow.run(tmp_path, *ARGUMENTS, "--keep_going", "-resume")
    assert without.status == 0, without.said
    assert without.of("CALLS") == ["CACHED", "CACHED", "COMPLETED"]
    assert without.of("DETECT") == ["CACHED"]
    results = tmp_path / "results"
    aside = rows(results / "calls" / "set_aside.tsv")
    assert [row["file"] for row in aside if row["disposition"] == "unread"] == ["damaged.tsv.gz"]
    assert "damaged.tsv.gz" in (results / "report.html").read_text(encoding="utf-8")
    assert {row["sample"] for row in rows(results / "calls" / "files.tsv")} >= {"P1 marrow", "P3"}
    assert [row["partner"] for row in rows(results / "calls" / "kmt2a.tsv")]
    assert (results / "detect" / "P3" / "detect.html").exists()

    # Mended, its own task and the steps of the cohort are done again.
    cohort.mend()
    mended = nextflow.run(tmp_path, *ARGUMENTS, "-resume")
    assert mended.status == 0, mended.said
    assert mended.of("SAMPLESHEET") == ["CACHED"]
    assert mended.of("CALLS") == ["CACHED", "CACHED", "COMPLETED"]
    assert mended.of("DETECT") == ["CACHED"]
    assert [mended.of(step) for step in COHORT_STEPS] == [["COMPLETED"]] * 3
    aside = rows(results / "calls" / "set_aside.tsv")
    assert not [row for row in aside if row["disposition"] == "unread"]

    # With nothing changed, nothing is done again.
    again = nextflow.run(tmp_path, *ARGUMENTS, "-resume")
    assert set(again.statuses.values()) == {"CACHED"}
    assert len(again.statuses) == len(mended.statuses)


def test_run_that_was_killed_goes_on_where_it_was(
    nextflow: Any, cohort: Cohort, tmp_path: Path
) -> None:
    cohort.mend()
    slow = tmp_path / "slow.config"
    slow.write_text("process { withName: 'RECONCILE' { beforeScript = 'sleep 300' } }\n")
    process = nextflow.start(tmp_path, "run", nextflow.pipeline, *ARGUMENTS, "-c", slow)
    try:
        lines = iter(process.stdout)
        assert any("Submitted process > RECONCILE" in line for line in lines)
    finally:
        nextflow.end(process)
    assert not (tmp_path / "results" / "calls").exists()

    done = nextflow.run(tmp_path, *ARGUMENTS, "-resume")
    assert done.status == 0, done.said
    assert done.statuses["RECONCILE (all samples)"] == "COMPLETED"
    assert done.of("REPORT") == ["COMPLETED"]
    before = [done.of(step) for step in ("SAMPLESHEET", "CALLS", "DETECT", "ASSIGN")]
    assert before == [["CACHED"], ["CACHED"] * 3, ["CACHED"], ["CACHED"]]


def test_passing_fault_is_tried_again_with_more_memory_and_a_task_that_fails_is_left_out(
    nextflow: Any, cohort: Cohort, tmp_path: Path
) -> None:
    cohort.mend()
    faults = tmp_path / "faults.config"
    faults.write_text(
        "process {\n"
        "    withName: 'CALLS' { beforeScript = { task.attempt < 3 ? 'exit 137' : '' } }\n"
        "    withName: 'DETECT' { ext.args = '--no-such-option' }\n"
        "}\n"
        "trace.fields = 'name,status,exit,attempt,memory'\n"
    )
    arguments = ("--input", "samplesheet.csv", "--keep_going", "-c", faults)
    done = nextflow.run(tmp_path, *arguments)
    assert done.status == 0, done.said
    calls = [row for row in done.trace if row["name"].startswith("CALLS")]
    assert [(row["exit"], row["memory"]) for row in calls] == [
        ("137", "2 GB"),
        ("137", "4 GB"),
        ("0", "8 GB"),
    ]
    assert [row["exit"] for row in done.trace if row["name"].startswith("DETECT")] == ["2"]
    assert "1 task(s) failed and were left out" in done.said
    aside = rows(tmp_path / "results" / "calls" / "set_aside.tsv")
    unread = [row for row in aside if row["disposition"] == "unread"]
    assert [(row["file"], row["sample"]) for row in unread] == [("reads.fastq.gz", "P3")]


def test_strict_parser_runs_it_too_and_every_value_asked_for_counts(
    nextflow: Any, cohort: Cohort, tmp_path: Path
) -> None:
    (tmp_path / "my assays.csv").write_text("patient,assay,result\nP1,fish,positive\n")
    arguments = (*ARGUMENTS, "--assays", "my assays.csv", "--keep_going")
    first = nextflow.run(tmp_path, *arguments, "--title", "The first", parser="v2")
    assert first.status == 0, first.said
    assert "NXF_SYNTAX_PARSER=v2 hands no parameters to its configuration" in first.said
    results = tmp_path / "results"
    assert "<h1>The first</h1>" in (results / "report.html").read_text(encoding="utf-8")
    aside = rows(results / "calls" / "set_aside.tsv")
    assert [row["file"] for row in aside if row["disposition"] == "unread"] == ["damaged.tsv.gz"]

    asked = ("--title", "The second", "--fish_cutoff", "0.2", "-resume")
    second = nextflow.run(tmp_path, *arguments, *asked, parser="v2")
    assert second.status == 0, second.said
    assert set(second.of("CALLS") + second.of("DETECT") + second.of("ASSIGN")) == {"CACHED"}
    assert second.of("RECONCILE") == second.of("REPORT") == ["COMPLETED"]
    assert "<h1>The second</h1>" in (results / "report.html").read_text(encoding="utf-8")
    assert '"fish_cutoff": 0.2' in (results / "manifest.json").read_text(encoding="utf-8")


def test_sheet_without_rows_is_a_cohort_of_nobody(nextflow: Any, tmp_path: Path) -> None:
    (tmp_path / "samplesheet.csv").write_text("patient,sample,source,file\n")
    done = nextflow.run(tmp_path, "--input", "samplesheet.csv")
    assert done.status == 0, done.said
    assert rows(tmp_path / "results" / "reconciled" / "patients.tsv") == []
    assert not done.of("CALLS")
