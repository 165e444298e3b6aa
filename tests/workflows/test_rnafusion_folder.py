"""A finished nf-core/rnafusion results folder, read whole by one option."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fusion_caller.errors import InputError
from workflows.cli import cli

CALLS = Path(__file__).parents[2] / "workflows" / "example" / "synthetic" / "calls"
PLACES = {
    "arriba": "arriba/{}.arriba.fusions.tsv",
    "star-fusion": "starfusion/{}.starfusion.abridged.coding_effect.tsv",
    "fusioncatcher": "fusioncatcher/{}.fusion-genes.txt",
}


def kmt2a(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two samples of the bundled example: one in full, of the other one empty file only."""
    for caller, place in PLACES.items():
        path = tmp_path / "rnafusion" / place.format("SYN02")
        path.parent.mkdir(parents=True)
        shutil.copy(next((CALLS / caller).glob("SYN02.*")), path)
    (tmp_path / "rnafusion/arriba/SYN99.arriba.fusions.tsv").touch()
    (tmp_path / "rnafusion/multiqc").mkdir()
    (tmp_path / "rnafusion/multiqc/multiqc_report.html").write_text("<html>", encoding="utf-8")
    return tmp_path / "rnafusion"


def test_each_caller_s_file_is_read_and_an_empty_one_leaves_it_open(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert kmt2a("run", "--rnafusion", folder, "-o", out).exit_code == 0
    with (out / "calls/kmt2a.tsv").open(encoding="utf-8") as stream:
        events = list(csv.DictReader(stream, delimiter="\t"))
    assert [(e["sample"], e["fusion"], e["callers_run"]) for e in events] == [
        ("SYN02", "KMT2A::AFF1", "arriba;fusioncatcher;star-fusion"),
        ("SYN99", "", "arriba"),
    ]
    with (out / "reconciled/patients.tsv").open(encoding="utf-8") as stream:
        patients = {r["patient"]: r["status"] for r in csv.DictReader(stream, delimiter="\t")}
    assert patients == {"SYN02": "rearranged", "SYN99": "indeterminate"}


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError, match="expected the results folder of nf-core/rnafusion"):
        kmt2a("run", "--rnafusion", tmp_path / "other", "-o", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_sheet_and_a_folder_are_one_cohort(folder: Path, tmp_path: Path) -> None:
    shutil.copy(next((CALLS / "arriba").glob("SYN03.*")), tmp_path / "other.tsv")
    sheet = tmp_path / "s.csv"
    sheet.write_text(
        "patient,sample,source,file\n"
        "P3,P3-d0,auto,other.tsv\n"
        "P2,SYN02,auto,rnafusion/arriba/SYN02.arriba.fusions.tsv\n",
        encoding="utf-8",
    )
    out = tmp_path / "out"
    kmt2a("run", "--samplesheet", sheet, "--rnafusion", folder, "-o", out)
    with (out / "calls/files.tsv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    files = [(r["patient"], r["sample"], r["source"]) for r in rows]
    assert files == [
        ("P3", "P3-d0", "arriba"),
        ("P2", "SYN02", "arriba"),
        ("P2", "SYN02", "star-fusion"),
        ("P2", "SYN02", "fusioncatcher"),
        ("SYN99", "SYN99", "arriba"),
    ]


def test_a_link_whose_file_is_gone_is_named_itself(folder: Path, tmp_path: Path) -> None:
    gone = folder / PLACES["arriba"].format("SYN98")
    gone.symlink_to(tmp_path / "gone")
    sheet = tmp_path / "s.csv"
    sheet.write_text("patient,sample,source,file\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        kmt2a("run", "--samplesheet", sheet, "--rnafusion", folder, "-o", tmp_path / "out")
    assert str(error.value) == f"{gone}: expected a file, found none"


def statuses(results: Path) -> dict[str, str]:
    with (results / "reconciled/patients.tsv").open(encoding="utf-8") as stream:
        return {row["patient"]: row["status"] for row in csv.DictReader(stream, delimiter="\t")}


@pytest.mark.parametrize("release", ["4", "3"])
def test_a_folder_of_each_release_is_read_by_one_option(
    tmp_path: Path, rnafusion_folders: Any, release: str
) -> None:
    folder = getattr(rnafusion_folders, f"release_{release}")(tmp_path / "results")
    out = tmp_path / "out"
    assert kmt2a("run", "--rnafusion", folder, "-o", out).exit_code == 0
    assert statuses(out) == getattr(rnafusion_folders, f"RELEASE_{release}")


@pytest.mark.parametrize("release", ["4", "3"])
def test_a_listing_gives_the_same_tasks_as_the_folder(
    tmp_path: Path, rnafusion_folders: Any, release: str
) -> None:
    folder = getattr(rnafusion_folders, f"release_{release}")(tmp_path / "results")
    names = tmp_path / "files.txt"
    names.write_text("\n".join(rnafusion_folders.listing(folder)) + "\n", encoding="utf-8")
    by_folder, by_listing, of_bucket = (tmp_path / name for name in ("one", "two", "three"))
    kmt2a("samplesheet", "--rnafusion", folder, "-o", by_folder)
    kmt2a("samplesheet", "--rnafusion", folder, "--listing", names, "-o", by_listing)
    plan = (by_folder / "plan.json").read_text(encoding="utf-8")
    assert (by_listing / "plan.json").read_text(encoding="utf-8") == plan
    kmt2a("samplesheet", "--rnafusion", "s3://b/results", "--listing", names, "-o", of_bucket)
    files = json.loads((of_bucket / "plan.json").read_text(encoding="utf-8"))["tasks"][0]["files"]
    assert files
    assert {entry["file"].rpartition("/")[0].rpartition("/")[0] for entry in files} >= {
        "s3://b/results"
    }
