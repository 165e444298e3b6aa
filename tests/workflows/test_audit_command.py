"""`kmt2a audit`: every published cell through the command, and what it says of bad input."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from outcomes.audit.kinds import KINDS
from outcomes.audit.verdicts import AUDIT_COLUMNS
from workflows.cli import cli

TESTS = Path(__file__).parents[1]
WEN_2022 = TESTS / "data" / "wen_2022"
COHORT = TESTS.parent / "workflows" / "example" / "source" / "reconstructed_cohort.csv"
AGREEING = {"agrees": "True", "disagrees": "False", "impossible": "False"}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


PUBLISHED = rows_of(WEN_2022 / "published_cells.tsv")


def run(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["audit", *map(str, arguments)])
    return done.exit_code, done.stdout, str(done.exception or "")


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, str]], str]:
    out = tmp_path_factory.mktemp("audit")
    code, summary, problem = run(WEN_2022 / "audit_cells.tsv", "--cohort", COHORT, "-o", out)
    assert (code, problem) == (0, "")
    return rows_of(out / "audit.tsv"), summary


@pytest.mark.parametrize("index", range(len(PUBLISHED)), ids=lambda i: f"{i + 2}")
def test_the_verdict_on_every_published_cell(
    audited: tuple[list[dict[str, str]], str], index: int
) -> None:
    ours, published = audited[0][index], PUBLISHED[index]
    assert (ours["table"], ours["row"]) == (published["table"], published["row"])
    if published["agrees"] == "NA":  # nothing was printed
        assert ours["verdict"] == "not_checked"
    elif published["agrees"] == "suspect":  # possible by itself, but the other row's is not
        assert ours["verdict"] == "agrees"
        assert "the two may have been swapped" in ours["sentence"]
    else:
        assert AGREEING[ours["verdict"]] == published["agrees"], ours["sentence"]


def test_there_are_166_cells(audited: tuple[list[dict[str, str]], str]) -> None:
    rows, summary = audited
    assert len(rows) == len(PUBLISHED) == 166
    assert tuple(rows[0]) == AUDIT_COLUMNS
    assert summary.splitlines()[0] == (
        "166 cells: 139 agrees, 19 disagrees, 7 impossible, 1 not_checked"
    )
    assert summary.count("\nline ") == 26


def test_the_published_recomputations_come_out(
    audited: tuple[list[dict[str, str]], str],
) -> None:
    """Single numbers: ours, rounded as the earlier recomputation was, is the same."""
    compared = 0
    for ours, published in zip(audited[0], PUBLISHED, strict=True):
        text = published["recomputed"].rstrip("%").removesuffix(":1")
        single = "sum over levels" not in published["published"]
        single = single and text.replace(".", "", 1).isdigit()
        if single and ours["recomputed"].replace(".", "", 1).isdigit():
            places = len(text.partition(".")[2])
            assert float(text) == pytest.approx(
                float(ours["recomputed"]), abs=0.55 * 10.0**-places
            ), ours["row"]
            compared += 1
    assert compared > 90


def test_the_nearest_possible_values(audited: tuple[list[dict[str, str]], str]) -> None:
    nearest = {row["printed"]: row["nearest"] for row in audited[0]}
    assert nearest["16.67±14.83"] == "16.67±15.21"
    assert nearest["10.41%"] == "10.42"
    assert nearest["0.328"] == "0.736"


def test_without_a_cohort_log_rank_tests_need_data(tmp_path: Path) -> None:
    code, summary, _ = run(WEN_2022 / "audit_cells.tsv", "-o", tmp_path / "out")
    assert code == 0
    assert ", 13 needs_data, " in summary
    rows = rows_of(tmp_path / "out" / "audit.tsv")
    assert {row["test"] for row in rows if row["verdict"] == "needs_data"} == {"logrank"}


def test_the_kinds_are_listed_with_what_they_print() -> None:
    code, text, _ = run("--kinds")
    assert code == 0
    for name, kind in KINDS.items():
        assert f"{name}: " in text
        assert f"{kind.example}  ->  {kind.prints}" in text


HEADER = "table\trow\ttest\tinputs\tprinted\n"
TIMES = "time,event,group\n1,1,a\n2,1,a\n3,1,b\n4,0,b\n"
LOGRANK = "T4\tp\tlogrank\ttime=time; event=event; by={}\t0.1\n"


@pytest.mark.parametrize(
    ("cells", "cohort", "problem"),
    [
        ("table\trow\ttest\tprinted\n", TIMES, "cells.tsv, line 1: expected the column inputs"),
        ("", TIMES, "cells.tsv: the file is empty"),
        (HEADER + "T1\tx\tpercent\n", TIMES, "cells.tsv, line 2: expected 5 fields"),
        (
            HEADER + "T1\tx\tpercent\t1 in 2\t50\n",
            TIMES,
            "line 2, column 'inputs': expected a count and its total, as 18/48, found '1 in 2'",
        ),
        (
            HEADER + "T1\tx\tpct\t1/2\t50\n",
            TIMES,
            "cells.tsv, line 2, column 'test': expected one of percent, ratio",
        ),
        (
            HEADER + LOGRANK.format("sex:F"),
            TIMES,
            "cells.tsv, line 2, column 'inputs': expected a column of the cohort, found 'sex'",
        ),
        (
            HEADER + LOGRANK.format("group:a"),
            TIMES.replace("3,1,b", "three,1,b"),
            "cohort.csv, line 4, column 'time': expected a time of at least 0, found 'three'",
        ),
        (
            HEADER + LOGRANK.format("group:a"),
            TIMES.replace("3,1,b", "3,2,b"),
            "cohort.csv, line 4, column 'event': expected 0 or 1, found '2'",
        ),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, cells: str, cohort: str, problem: str) -> None:
    (tmp_path / "cells.tsv").write_text(cells)
    (tmp_path / "cohort.csv").write_text(cohort)
    code, _, said = run(
        tmp_path / "cells.tsv", "--cohort", tmp_path / "cohort.csv", "-o", tmp_path / "out"
    )
    assert code == 1
    assert problem in said
    assert "\n" not in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("by", "printed", "verdict"),
    [
        ("group:a", "0.0896", "agrees"),
        ("group:a", "0.0986", "disagrees"),
        ("group:c", "0.0896", "disagrees"),
        ("group:a; km=0.00±0.00 vs 50.00±35.36", "0.0896", "agrees"),
        ("group:a; km=0.00±0.00 vs 50.00±35.36; horizon=2", "0.0896", "disagrees"),
    ],
)
def test_a_log_rank_test_of_a_cohort(tmp_path: Path, by: str, printed: str, verdict: str) -> None:
    """R 4.2.2, survival 3.5-3: survdiff(Surv(c(1,2,3,4), c(1,1,1,0)) ~ c("a","a","b","b"))."""
    (tmp_path / "cells.tsv").write_text(
        HEADER + f"T4\tp\tlogrank\ttime=time; event=event; by={by}\t{printed}\n"
    )
    (tmp_path / "cohort.csv").write_text(TIMES)
    code, _, said = run(
        tmp_path / "cells.tsv", "--cohort", tmp_path / "cohort.csv", "-o", tmp_path / "out"
    )
    assert (code, said) == (0, "")
    (row,) = rows_of(tmp_path / "out" / "audit.tsv")
    assert row["verdict"] == verdict, row["sentence"]
