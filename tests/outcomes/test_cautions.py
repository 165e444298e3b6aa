"""Every caution carries the figure that made it, and none comes without a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from outcomes.analysis import load_preset
from outcomes.cautions import (
    Kind,
    against_curves,
    concerning,
    few_at_risk,
    few_events_in_group,
    few_events_per_variable,
    non_proportional,
    selection,
    selection_stopped,
    several_tests,
)
from outcomes.clinical.cohort import Cohort, read_results
from outcomes.statistics.proportional_hazards import GLOBAL, ProportionalityTest
from outcomes.tables import analyse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_few_events_per_variable():
    """The model of Wen et al. 2022: 19 events, 8 candidates."""
    (caution,) = few_events_per_variable(19, 8, where="stepwise model")
    assert caution.where == "stepwise model"
    assert caution.caution.startswith("19 events for 8 variables, 2.4 per variable")
    assert caution.figure == 19 / 8


@pytest.mark.parametrize(("events", "variables"), [(20, 2), (10, 1), (0, 0)])
def test_enough_events_per_variable(events, variables):
    assert few_events_per_variable(events, variables, where="model") == ()


def test_a_curve_that_ended_at_0_did_not_want_for_follow_up():
    (caution,) = few_at_risk(
        0, horizon_months=60, last_time_months=12.0, ended=True, where="EFS, other"
    )
    assert "the last of them had the event at 12.0 months" in caution.caution


def test_few_at_risk():
    (caution,) = few_at_risk(2, horizon_months=60, where="EFS, KMT2A::AFF1")
    assert caution.caution.startswith("only 2 patients at risk at 60 months")
    assert caution.figure == 2
    assert few_at_risk(5, horizon_months=60, where="EFS") == ()


def test_nobody_at_risk_names_the_end_of_follow_up():
    (caution,) = few_at_risk(0, horizon_months=60, last_time_months=53.32, where="EFS")
    assert "follow-up ends at 53.3 months" in caution.caution
    assert caution.figure == 0


@pytest.mark.parametrize(
    ("events", "n", "words"),
    [(0, 5, "0 events among 5 patients: "), (1, 1, "1 event among 1 patient: ")],
)
def test_group_with_hardly_any_event(events, n, words):
    (caution,) = few_events_in_group(events, n, where="EFS, CNS")
    assert caution.caution.startswith(words)
    assert caution.figure == events


def test_group_with_two_events_is_not_mentioned():
    assert few_events_in_group(2, 9, where="EFS") == ()


def test_a_caution_says_by_name_what_it_concerns():
    (caution,) = concerning(several_tests(2, where="univariate"), endpoint="efs", variable="sex")
    assert (caution.endpoint, caution.variable, caution.where) == ("efs", "sex", "univariate")


def test_several_tests():
    """1 - 0.95^12 is 0.4596."""
    (caution,) = several_tests(12, where="univariate analysis")
    assert caution.caution.startswith("12 tests without correction")
    assert "a chance of 46%" in caution.caution
    assert caution.figure == 12
    assert several_tests(1, where="univariate analysis") == ()


def test_several_tests_names_the_corrections():
    (caution,) = several_tests(2, where="univariate analysis")
    assert caution.caution.endswith("by Holm and by Benjamini-Hochberg stand beside them")


def test_selection_says_how_many_tests_chose():
    (caution,) = selection(26, 8, where="stepwise model")
    assert caution.caution.startswith("26 score tests without correction chose its variables")
    assert "among 8 candidates" in caution.caution
    assert (caution.kind, caution.figure) == (Kind.SELECTION, 26)
    assert selection(1, 1, where="stepwise model") == ()


def test_selection_that_stopped_names_the_variable():
    (caution,) = selection_stopped("Sex", 2, where="stepwise model")
    assert "stopped after step 2: 'Sex' would enter next" in caution.caution
    assert caution.figure == 2


def proportionality(name, p_value, chi_square=4.0):
    return ProportionalityTest(name=name, chi_square=chi_square, df=1, p_value=p_value)


def test_non_proportional_hazards_are_listed_in_one_sentence():
    tests = [
        proportionality("a", 0.0004, 12.487),
        proportionality("b", 0.05),
        proportionality(GLOBAL, 0.0175, 18.54),
    ]
    (caution,) = non_proportional(tests, {"a": "Age", "b": "Sex"}, where="model")
    assert "(Age, χ² 12.49, df 1, p = 0.0004; all covariates together, χ² 18.54," in caution.caution
    assert "Sex" not in caution.caution
    assert (caution.kind, caution.figure) == (Kind.NON_PROPORTIONAL, 0.0004)


def test_proportional_hazards_are_not_mentioned():
    assert non_proportional([proportionality("a", 0.05)], {"a": "Age"}, where="model") == ()
    assert non_proportional([], {}, where="model") == ()


def curves(hazard_ratio, survival, survival_reference):
    return against_curves(
        "Sex: girls against boys",
        hazard_ratio,
        survival=survival,
        survival_reference=survival_reference,
        time_months=60,
        where="model",
    )


@pytest.mark.parametrize(
    ("hazard_ratio", "survival", "survival_reference"), [(0.5, 0.2, 0.6), (2.0, 0.6, 0.2)]
)
def test_hazard_ratio_against_the_curves(hazard_ratio, survival, survival_reference):
    (caution,) = curves(hazard_ratio, survival, survival_reference)
    assert f"the hazard ratio {hazard_ratio:.2f} for 'Sex: girls against boys'" in caution.caution
    assert f"{100 * survival:.1f}% against {100 * survival_reference:.1f}%" in caution.caution
    assert (caution.kind, caution.figure) == (Kind.AGAINST_CURVES, hazard_ratio)


@pytest.mark.parametrize(
    ("hazard_ratio", "survival", "survival_reference"),
    [
        (2.0, 0.2, 0.6),
        (0.5, 0.6, 0.2),
        # Nearly no effect, and nearly no difference.
        (0.95, 0.2, 0.6),
        (1.05, 0.6, 0.2),
        (0.5, 0.56, 0.6),
        # Beyond what a float holds.
        (0.0, 0.6, 0.2),
    ],
)
def test_hazard_ratio_with_the_curves_is_not_mentioned(hazard_ratio, survival, survival_reference):
    assert curves(hazard_ratio, survival, survival_reference) == ()


COHORT_IN_DOUBT = """
patient relapse_months death_months death_cause last_contact_months hsct_months
A       5              9            -           9                   7
B       -              -            -           30                  4
C       -              12           disease     12                  -
D       8              -            -           -                   -
"""


def test_what_a_referee_would_ask_of_a_cohort_is_said(
    clinical: Callable[[str], Cohort], tmp_path: Path
) -> None:
    path = tmp_path / "patients.tsv"
    path.write_text("patient\tstatus\nA\trearranged\nB\trearranged\nC\tptd\n", encoding="utf-8")
    found = analyse(clinical(COHORT_IN_DOUBT), read_results(path), load_preset())
    said = {(c.kind, c.endpoint): c.caution for c in found.cautions}
    assert said[Kind.NO_RESULT, ""].startswith("1 of 4 patients analysed have no integrated result")
    assert said[Kind.UNKNOWN_CAUSES, ""].startswith("1 of 2 deaths without a cause")
    assert said[Kind.NO_LAST_CONTACT, "os"].startswith("1 of 2 patients without an event have no")
    assert (Kind.NO_LAST_CONTACT, "efs") not in said
    assert "KMT2A subtype" in said[Kind.NOT_ANALYSED, ""]
    assert said[Kind.AFTER_RELAPSE, "os"].startswith("1 of 2 had it at or after a relapse")
