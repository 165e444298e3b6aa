"""A sample sheet of nf-core given to the commands: read at once, and cut into tasks."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from fusion_caller.errors import InputError
from workflows.cli import cli

READS = Path(__file__).parents[2] / "workflows" / "example" / "cell_lines" / "reads"
HEADER = "sample,fastq_1,fastq_2,strandedness\n"


def kmt2a(*arguments: str | Path) -> None:
    CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


def sheet(folder: Path, text: str) -> Path:
    path = folder / "nfcore.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_of_a_sheet_of_nfcore_are_read(tmp_path: Path) -> None:
    r1, r2 = sorted(READS.glob("*.fastq.gz"))
    kmt2a("run", "--samplesheet", sheet(tmp_path, f"{HEADER}EOL1,{r1},{r2},auto\n"), "-o", tmp_path)
    with (tmp_path / "reconciled/patients.tsv").open(encoding="utf-8") as stream:
        (row,) = csv.DictReader(stream, delimiter="\t")
    assert (row["patient"], row["status"]) == ("EOL1", "ptd")


def test_a_missing_file_is_named_by_the_sheet_s_own_column(tmp_path: Path) -> None:
    r1, _ = sorted(READS.glob("*.fastq.gz"))
    listed = sheet(tmp_path, f"{HEADER}S1,{r1},gone.fastq.gz,auto\n")
    with pytest.raises(InputError, match=r"line 2, column 'fastq_2': expected a file"):
        kmt2a("run", "--samplesheet", listed, "-o", tmp_path / "out")


def test_its_lanes_are_one_task(tmp_path: Path) -> None:
    listed = sheet(tmp_path, f"{HEADER}S1,a_1.fq.gz,a_2.fq.gz,auto\nS1,b_1.fq.gz,b_2.fq.gz,auto\n")
    kmt2a("samplesheet", "--samplesheet", listed, "-o", tmp_path / "out")
    (task,) = json.loads((tmp_path / "out/plan.json").read_text(encoding="utf-8"))["tasks"]
    assert (task["kind"], task["name"]) == ("detect", "S1")
    places = [(file["line"], file["column"], Path(file["file"]).name) for file in task["files"]]
    assert places == [
        (2, "fastq_1", "a_1.fq.gz"),
        (2, "fastq_2", "a_2.fq.gz"),
        (3, "fastq_1", "b_1.fq.gz"),
        (3, "fastq_2", "b_2.fq.gz"),
    ]
