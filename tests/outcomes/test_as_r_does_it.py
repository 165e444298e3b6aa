"""Choices of an analysis between the ways in which R does it: they reach tables and models."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from outcomes.analysis import load_analysis, load_preset
from outcomes.statistics.survival import kaplan_meier
from outcomes.tables import OutcomeResults, analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from outcomes.analysis import Analysis
    from outcomes.clinical.cohort import Cohort, Results

    Analysed = Callable[[str], OutcomeResults]

pytestmark = pytest.mark.xdist_group("as_r_does_it")

# Nobody has a count as low as `wbc_low` cuts.
COUNTS = """
factors:
  wbc_3: {kind: cut, column: wbc_e9_per_l, cuts: [50, 300]}
  wbc_low: {kind: cut, column: wbc_e9_per_l, cuts: [0.001, 0.002]}
  partner: {kind: category, column: subtype, levels: [AFF1, MLLT3, MLLT1]}
endpoints: [efs]
univariate: [sex, wbc_3, wbc_low, partner]
curves: [sex]
cumulative_incidence: {endpoints: [relapse], by: [sex]}
multivariable: {covariates: [sex, age]}
"""


@pytest.fixture(scope="module")
def by_yaml(
    reconstructed: Cohort, integrated: Results, tmp_path_factory: pytest.TempPathFactory
) -> Analysed:
    def run(text: str) -> OutcomeResults:
        path = tmp_path_factory.mktemp("analysis") / "analysis.yaml"
        path.write_text(text, encoding="utf-8")
        return analyse(reconstructed, integrated, load_analysis(path))

    return run


@pytest.fixture(scope="module")
def usual(by_yaml: Analysed) -> OutcomeResults:
    return by_yaml(COUNTS)


def rows(results: OutcomeResults, table: str, **wanted: object) -> list[Mapping[str, object]]:
    return [
        row
        for row in results.tables[table]
        if all(row[column] == value for column, value in wanted.items())
    ]


def test_the_log_log_interval_is_the_default_and_said(usual: OutcomeResults) -> None:
    for table in ("table_univariate", "table_sensitivity", "curves"):
        assert {row["ci_type"] for row in usual.tables[table]} == {"log-log"}


@pytest.mark.parametrize("interval", ["plain", "log"])
def test_another_interval_changes_limits_only(
    usual: OutcomeResults, by_yaml: Analysed, interval: str
) -> None:
    asked = by_yaml(f"confidence_interval: {interval}\n{COUNTS}")
    changed = {
        "table_univariate": {
            "ci_lower",
            "ci_upper",
            "ci_type",
            "median_ci_lower",
            "median_ci_upper",
        },
        "curves": {"ci_lower", "ci_upper", "ci_type"},
    }
    for table, columns in changed.items():
        for before, after in zip(usual.tables[table], asked.tables[table], strict=True):
            assert after["ci_type"] == interval
            assert {c for c in before if before[c] != after[c]} <= columns
    (everybody,) = rows(asked, "table_univariate", variable="all")
    curve = asked.strata[0].strata[0].curve
    assert curve is not None
    at = curve.at(60)
    assert everybody["ci_lower"] == at.ci_lower
    if interval == "plain":
        assert at.survival - at.ci_lower == pytest.approx(1.959963984540054 * at.std_error)
    by_kind = {row["quantity"]: row["ci_type"] for row in asked.tables["table_sensitivity"]}
    assert by_kind == {"event-free survival": interval, "cumulative incidence": "log-log"}


def test_median_has_its_limits(usual: OutcomeResults) -> None:
    (everybody,) = rows(usual, "table_univariate", variable="all")
    data = usual.endpoints[0].data
    curve = kaplan_meier(data["time_months"], data["event"])
    assert (everybody["median_ci_lower"], everybody["median_ci_upper"]) == curve.median_limits


def test_peto_and_peto_s_test_stands_beside_every_log_rank_test(usual: OutcomeResults) -> None:
    for row in usual.tables["table_univariate"]:
        tested = row["p_value"] is not None
        assert (row["peto_peto_p_value"] is not None) == tested
        assert (row["peto_peto_chi_square"] is not None) == tested
    first = rows(usual, "table_univariate", variable="sex")[0]
    assert first["peto_peto_chi_square"] != first["chi_square"]


def test_a_trend_is_tested_where_three_levels_have_an_order(
    usual: OutcomeResults, by_yaml: Analysed
) -> None:
    with_trend = {
        row["variable"]
        for row in usual.tables["table_univariate"]
        if row["trend_p_value"] is not None
    }
    assert with_trend == {"wbc_3"}
    ordered = by_yaml(COUNTS.replace("MLLT3, MLLT1]}", "MLLT3, MLLT1], ordered: yes}"))
    (partner, *_) = rows(ordered, "table_univariate", variable="partner")
    assert isinstance(partner["trend_chi_square"], float)


def test_no_test_for_a_trend_says_why(usual: OutcomeResults) -> None:
    (low, *_) = rows(usual, "table_univariate", variable="wbc_low")
    assert low["trend_p_value"] is None
    # One level is left, so that there is no log-rank test either, and the note says that.
    assert "a log-rank test needs two groups" in str(low["note"])


def test_two_of_three_levels_have_no_trend(by_yaml: Analysed) -> None:
    text = COUNTS.replace("cuts: [0.001, 0.002]", "cuts: [0.001, 50]")
    (low, *_) = rows(by_yaml(text), "table_univariate", variable="wbc_low")
    assert low["p_value"] is not None
    assert low["trend_p_value"] is None
    assert "no test for a trend: fewer than three levels have patients" in str(low["note"])


def record(results: OutcomeResults) -> dict[str, object]:
    models = results.models["models"]
    assert isinstance(models, list)
    return dict(models[0])


def test_the_model_has_robust_errors_concordance_and_tests(usual: OutcomeResults) -> None:
    found = record(usual)
    assert (found["ties"], found["remarks"]) == ("efron", [])
    tests = found["tests"]
    assert isinstance(tests, list)
    assert [test["name"] for test in tests] == ["likelihood ratio", "Wald", "score"]
    for row in usual.tables["table_multivariable"]:
        assert row["ties"] == "efron"
        assert row["concordance"] == found["concordance"]
        assert isinstance(row["robust_std_error"], float)
        assert row["robust_std_error"] != row["std_error"]


@pytest.mark.parametrize("ties", ["breslow", "exact"])
def test_ties_as_asked(usual: OutcomeResults, by_yaml: Analysed, ties: str) -> None:
    asked = by_yaml(COUNTS.replace("[sex, age]}", f"[sex, age], ties: {ties}}}"))
    assert record(asked)["ties"] == ties
    for before, after in zip(
        usual.tables["table_multivariable"], asked.tables["table_multivariable"], strict=True
    ):
        assert after["ties"] == ties
        assert after["coefficient"] != before["coefficient"]
        assert after["coefficient"] == pytest.approx(before["coefficient"], rel=0.05)
        without = "no robust standard error: there is none with exact ties"
        assert (after["robust_std_error"] is None) == (ties == "exact")
        assert (without in str(after["note"])) == (ties == "exact")
    # What is always by Breslow stays.
    for table in ("table_multivariable_firth", "table_multivariable_stepwise"):
        assert asked.tables[table] == usual.tables[table]


def test_a_model_at_infinity_says_what_it_lacks(reconstructed: Cohort, integrated: Results) -> None:
    default: Analysis = load_preset()
    # Whoever has no level of the marrow's remission had an event before it was assessed.
    analysis = replace(default, covariates=("sex", "remission_tp2"), endpoints=("efs",))
    found = analyse(reconstructed, integrated, analysis)
    lacking = [row for row in found.tables["table_multivariable"] if row["concordance"] is None]
    for row in lacking:
        assert row["robust_std_error"] is None
        assert "no estimate" in str(row["note"])
    assert lacking


def test_the_error_of_cuminc_reaches_the_table(usual: OutcomeResults, by_yaml: Analysed) -> None:
    asked = by_yaml(COUNTS.replace("by: [sex]}", "by: [sex], std_error: cuminc}"))
    for before, after in zip(
        usual.tables["table_relapse"], asked.tables["table_relapse"], strict=True
    ):
        assert (before["std_error_by"], after["std_error_by"]) == ("survfit", "cuminc")
        assert after["incidence"] == before["incidence"]
        assert after["std_error"] != before["std_error"]
        assert after["std_error"] == pytest.approx(before["std_error"], rel=0.2)
