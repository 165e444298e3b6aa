"""The multivariable models of an analysis: what stands beside what, and what is said of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from outcomes.analysis import load_analysis
from outcomes.cautions import Kind
from outcomes.tables import analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from outcomes.clinical.cohort import Cohort, Results
    from outcomes.tables import OutcomeResults

    Reader = Callable[[str], Cohort]

# All girls relapse, no boy does.
SEPARATED = "patient sex age_months last_contact_months relapse_months\n" + "\n".join(
    f"P{n} {'female' if n % 2 else 'male'} {n * 7 % 11 + 1} {n + 1} {n + 1 if n % 2 else '-'}"
    for n in range(16)
)
# Boys fare worse in either age group, but most boys are infants, whose survival is better; by age
# and sex: patients, events early.
CONFOUNDED = {("male", 6): (30, 9), ("female", 6): (10, 2), ("male", 60): (10, 9)}
CONFOUNDED |= {("female", 60): (30, 24)}


def rows(results: OutcomeResults, table: str) -> list[Mapping[str, object]]:
    return [row for row in results.tables[table] if row["endpoint"] == "efs"]


def analysed(
    cohort: Cohort, tmp_path: Path, covariates: str, results: Results | None = None
) -> OutcomeResults:
    path = tmp_path / "a.yaml"
    text = f"{{endpoints: [efs], multivariable: {{covariates: [{covariates}]}}}}"
    path.write_text(text, encoding="utf-8")
    return analyse(cohort, results, load_analysis(path))


def kinds(results: OutcomeResults) -> set[Kind]:
    return {each.kind for each in results.cautions if each.variable == "multivariable"}


def test_firth_has_an_estimate_where_separation_leaves_the_others_none(
    clinical: Reader, tmp_path: Path
) -> None:
    results = analysed(clinical(SEPARATED), tmp_path, "sex, age_months")
    full, _ = rows(results, "table_multivariable")
    penalised, _ = rows(results, "table_multivariable_firth")
    assert (full["term"], penalised["term"]) == ("sex: female", "sex: female")
    assert full["hazard_ratio"] is None
    lower, ratio, upper = (penalised[c] for c in ("ci_lower", "hazard_ratio", "ci_upper"))
    assert isinstance(lower, float)
    assert isinstance(ratio, float)
    assert isinstance(upper, float)
    assert 1 < lower < ratio < upper
    assert rows(results, "table_multivariable_proportionality") == []
    assert {row["step"] for row in rows(results, "table_multivariable_stepwise")} == {0}
    assert {Kind.SEPARATION, Kind.SELECTION_STOPPED, Kind.SELECTION} <= kinds(results)


def test_a_factor_of_several_levels_has_a_row_for_all_of_them(
    reconstructed: Cohort, integrated: Results, tmp_path: Path
) -> None:
    results = analysed(reconstructed, tmp_path, "subtype, sex", integrated)
    steps = rows(results, "table_multivariable_stepwise")
    (out,) = (row for row in steps if (row["step"], row["variable"]) == (0, "subtype"))
    assert (out["in_model"], out["label"], out["df"]) == ("no", "KMT2A subtype", 3)
    tests = rows(results, "table_multivariable_proportionality")
    assert [row["df"] for row in tests] == [1, 1, 1, 1, 4]
    assert tests[-1]["label"] == "All covariates together"


def test_a_variable_of_several_levels_in_the_model(clinical: Reader, tmp_path: Path) -> None:
    """Blasts on day 5 by three levels: a row of the whole, with Wald on two df, then its terms."""
    months = {
        "0": (30, 50, 70, 90, 20, 65),
        "5": (8, 12, 24, 35, 22, 7),
        "50": (2, 3, 1, 9, 25, 2.5),
    }
    lines = [
        f"P{blasts}{n} {blasts} {time} {time if n % 6 != 3 else '-'}"
        for blasts, times in months.items()
        for n, time in enumerate(times)
    ]
    header = "patient blasts_day5_e9_per_l last_contact_months relapse_months"
    path = tmp_path / "a.yaml"
    path.write_text(
        "{endpoints: [efs], factors: {blasts: {label: Blasts, kind: cut, "
        "column: blasts_day5_e9_per_l, cuts: [1, 10]}}, multivariable: {covariates: [blasts]}}",
        encoding="utf-8",
    )
    results = analyse(clinical("\n".join([header, *lines])), None, load_analysis(path))
    whole, *terms = (
        row
        for row in rows(results, "table_multivariable_stepwise")
        if row["last_step"] == "yes" and row["in_model"] == "yes"
    )
    assert (whole["term"], whole["label"], whole["df"]) == (None, "Blasts", 2)
    assert (whole["coefficient"], whole["hazard_ratio"]) == (None, None)
    assert [row["term"] for row in terms] == ["blasts: ≥1 and <10", "blasts: ≥10"]
    assert [row["df"] for row in terms] == [1, 1]
    for row in terms:
        coefficient, error = row["coefficient"], row["std_error"]
        assert isinstance(coefficient, float)
        assert isinstance(error, float)
        assert row["wald"] == pytest.approx((coefficient / error) ** 2, rel=1e-12)


def test_a_hazard_ratio_against_the_curves_is_told(clinical: Reader, tmp_path: Path) -> None:
    """Sex alone points one way; with age it points the other, and the reader must know."""
    lines = [
        f"{sex}{age}n{n} {sex} {age} {70 if n >= events else n + 2} {'-' if n >= events else n + 2}"
        for (sex, age), (patients, events) in CONFOUNDED.items()
        for n in range(patients)
    ]
    header = "patient sex age_months last_contact_months relapse_months"
    results = analysed(clinical("\n".join([header, *lines])), tmp_path, "sex, age")
    told, of_selection = (e for e in results.cautions if e.kind is Kind.AGAINST_CURVES)
    assert told.where == "Event-free survival, multivariable model"
    assert of_selection.where == "Event-free survival, stepwise model"
    sex, _ = rows(results, "table_multivariable")
    assert told.figure == sex["hazard_ratio"]
    assert isinstance(sex["hazard_ratio"], float)
    assert sex["hazard_ratio"] < 1
    # 26 of 40 girls and 18 of 40 boys had an event: 35.0% against 55.0%.
    assert "35.0% against 55.0% at 60 months" in told.caution


def test_models_json_holds_every_step(published: OutcomeResults) -> None:
    record = json.loads(json.dumps(published.models))["models"][0]
    assert record["events_per_variable"] == 19 / 8
    steps = record["stepwise"]["steps"]
    assert [(step["change"], step["variable"]) for step in steps] == [
        ("start", ""),
        ("entered", "fcm_tp2_001"),
        ("entered", "pcr_tp2"),
        ("entered", "wbc_300"),
    ]
    assert [len(step["inside"]) for step in steps] == [0, 1, 2, 3]
    assert len(record["firth"]["terms"]) == 8
    assert record["proportional_hazards"]["tests"][-1]["name"] == "global"


def test_univariate_p_values_are_corrected_within_an_endpoint(published: OutcomeResults) -> None:
    """FCM at TP2 has the smallest of 16 p values, age the largest."""
    found = {
        row["variable"]: row
        for row in published.tables["table_univariate"]
        if row["endpoint"] == "wen-2022-as-analysed"
    }
    assert len(found) == 17
    assert (found["all"]["p_holm"], found["all"]["p_benjamini_hochberg"]) == (None, None)
    smallest, largest = found["fcm_tp2_001"], found["age"]
    assert isinstance(smallest["p_value"], float)
    assert smallest["p_holm"] == 16 * smallest["p_value"]
    assert smallest["p_benjamini_hochberg"] == 16 * smallest["p_value"]
    assert largest["p_benjamini_hochberg"] == largest["p_value"]
