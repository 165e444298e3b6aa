"""Cohorts that break estimators: a right answer or words, never a nan, in every table.

Each is the reconstructed cohort of 48, changed by one thing that happens in small studies.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from outcomes.analysis import load_preset
from outcomes.clinical.cohort import Cohort, Results, read_cohort
from outcomes.tables import OutcomeResults, analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Row = dict[str, str]
EVENTS = ("induction_failure", "relapse", "second_cancer", "death", "left_study")


def censored(row: Row, months: str = "24") -> Row:
    """The same patient without any event, last seen at a time."""
    cleared = {f"{event}_months": "" for event in EVENTS}
    details = {"relapse_site": "", "death_cause": "", "complete_remission_months": ""}
    return row | cleared | details | {"last_contact_months": months}


def died(row: Row, months: str) -> Row:
    return censored(row, months) | {"death_months": months, "death_cause": "other"}


def before(day: float, row: Row) -> Row:
    """The same patient without what is assessed later than a day."""
    late = {
        "blasts_day5_e9_per_l": 5,
        **dict.fromkeys(("marrow_tp1", "mrd_fcm_tp1_percent", "mrd_pcr_tp1"), 19),
        **dict.fromkeys(("marrow_tp2", "mrd_fcm_tp2_percent", "mrd_pcr_tp2"), 46),
    }
    return row | {column: "" for column, assessed in late.items() if assessed > day}


COHORTS: dict[str, Callable[[list[Row]], Iterable[Row]]] = {
    "as it is": lambda rows: rows,
    "all censored": lambda rows: [censored(row) for row in rows],
    "one patient with an event": lambda rows: [died(rows[0], "12")],
    "one patient without": lambda rows: [censored(rows[0])],
    "two patients": lambda rows: [died(rows[0], "12"), censored(rows[1])],
    "one sex": lambda rows: [row for row in rows if row["sex"] == "male"],
    "all die at once": lambda rows: [died(row, "12") for row in rows],
    "all last seen at once": lambda rows: [censored(row, "12") for row in rows],
    "all die at time 0": lambda rows: [before(0, died(row, "0")) for row in rows],
    "all last seen at time 0": lambda rows: [before(0, censored(row, "0")) for row in rows],
    "girls die, boys do not": lambda rows: [
        died(row, f"{10 + number}") if row["sex"] == "female" else censored(row, "70")
        for number, row in enumerate(rows)
    ],
    "one event": lambda rows: [died(rows[0], "12"), *(censored(row) for row in rows[1:])],
    "nothing but times": lambda rows: [
        {"patient": row["patient"], "last_contact_months": f"{number + 3}"}
        | {"death_months": f"{number + 3}" if number % 2 else ""}
        for number, row in enumerate(rows)
    ],
    "a level in one patient": lambda rows: [
        row | {"cns_involvement": "yes" if number == 0 else "no"} for number, row in enumerate(rows)
    ],
}


@pytest.fixture(scope="module", params=COHORTS)
def hostile(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    reconstructed_table: list[Row],
    integrated: Results,
) -> OutcomeResults:
    rows = list(COHORTS[request.param](reconstructed_table))
    return analyse(written(tmp_path_factory.mktemp("hostile"), rows), integrated, load_preset())


def written(folder: Path, rows: list[Row]) -> Cohort:
    path = folder / "clinical.tsv"
    lines = ["\t".join(cells) for cells in (rows[0], *(row.values() for row in rows))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_cohort(path, name="clinical.tsv")


def test_no_table_holds_a_nan(hostile: OutcomeResults) -> None:
    wrong = [
        (name, column, value)
        for name, rows in hostile.tables.items()
        for row in rows
        for column, value in row.items()
        if isinstance(value, float) and not math.isfinite(value)
    ]
    assert wrong == []


def test_what_is_not_tested_says_why(hostile: OutcomeResults) -> None:
    untested = [
        row
        for row in hostile.tables["table_univariate"]
        if row["variable"] != "all" and row["p_value"] is None
    ]
    assert all(row["note"] for row in untested)


def test_an_estimate_without_an_interval_is_0_or_1_or_says_why(hostile: OutcomeResults) -> None:
    for name, estimate in (("table_univariate", "survival"), ("table_relapse", "incidence")):
        for row in hostile.tables[name]:
            if row["ci_lower"] is None and row[estimate] not in (0.0, 1.0):
                assert row["note"], (name, row["variable"], row["level"])


def test_a_covariate_without_an_estimate_is_in_a_caution(hostile: OutcomeResults) -> None:
    for row in hostile.tables["table_multivariable"]:
        if row["hazard_ratio"] is None:
            about = [
                caution
                for caution in hostile.cautions
                if (caution.endpoint, caution.variable) == (row["endpoint"], "multivariable")
            ]
            assert about
