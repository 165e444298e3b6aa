"""`kmt2a synthesise`: the margins of Wen et al. 2022 through the command, and what it prints."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from outcomes.synthesis.kinds import KINDS
from workflows.cli import cli

MARGINS = Path(__file__).parents[1] / "data/wen_2022/margins.tsv"
# What is not met: the impossible curve of six patients, and log-rank tests that were not found.
FLOORS = {"count": 81, "km": 30, "logrank": 8, "mean_sem": 7, "median": 3, "range": 3}


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["synthesise", *map(str, arguments)])
    return done.exit_code, done.stdout, str(done.exception or "")


@pytest.fixture(scope="module")
def wen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wen")
    code, summary, problem = run(MARGINS, "--seconds", "30", "-o", out)
    assert (code, problem) == (0, "")
    assert summary.startswith("48 synthetic patients; none of them is a patient.\n150 margins: ")
    return out


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t" if path.suffix == ".tsv" else ","))


def test_the_margins_of_the_paper_are_met(wen: Path) -> None:
    """Tables 1 and 2, all curves but the one that cannot be, more than half of the tests."""
    rows = rows_of(wen / "constraints.tsv")
    assert len(rows) == 150
    assert {row["verdict"] for row in rows if row["table"] in ("T1", "T2")} == {"met"}
    met = {kind: sum(r["kind"] == kind and r["verdict"] == "met" for r in rows) for kind in FLOORS}
    assert all(met[kind] >= floor for kind, floor in FLOORS.items()), met
    (impossible,) = (row for row in rows if row["verdict"] == "contradictory")
    assert (impossible["row"], impossible["printed"]) == ("WBC >=300", "16.67±14.83")


def test_what_was_made_can_be_analysed_at_once(wen: Path, tmp_path: Path) -> None:
    """The analysis of the paper finds the paper's survival in it."""
    arguments = ["outcomes", "--patients", str(wen / "patients.tsv"), "--analysis", "wen-2022"]
    arguments += ["--clinical", str(wen / "clinical.csv"), "-o", str(tmp_path / "o")]
    done = CliRunner().invoke(cli, [*arguments, "--mark", "synthetic data"])
    assert done.exit_code == 0, done.exception
    assert "40.8" in done.stdout


def test_the_manifest_adds_the_rows_up(wen: Path) -> None:
    manifest = json.loads((wen / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows"] == {"in": 150, "used": 150, "set_aside": 0}
    assert manifest["parameters"]["synthetic"] is True
    assert set(manifest["outputs"]) == {
        "READ_ME_FIRST.txt",
        "clinical.csv",
        "constraints.tsv",
        "patients.tsv",
    }


def test_kinds_prints_every_kind_and_verdict() -> None:
    code, text, _ = run("--kinds")
    assert code == 0
    assert all(f"\n{name}: " in f"\n{text}" for name in KINDS)
    assert "contradictory: no cohort can meet it" in text


def test_without_the_solver_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ortools", None)
    code, _, problem = run(MARGINS, "-o", tmp_path / "out")
    assert code == 1
    assert problem == "synthesise needs a solver: pip install 'kmt2a[synthesis]'"
    assert not (tmp_path / "out").exists()
