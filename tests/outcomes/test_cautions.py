"""Every caution carries the figure that made it, and none comes without a reason."""

from __future__ import annotations

import pytest

from outcomes.cautions import (
    concerning,
    few_at_risk,
    few_events_in_group,
    few_events_per_variable,
    several_tests,
)


def test_few_events_per_variable():
    """The model of Wen et al. 2022: 19 events, 8 candidates."""
    (caution,) = few_events_per_variable(19, 8, where="stepwise model")
    assert caution.where == "stepwise model"
    assert caution.caution.startswith("19 events for 8 variables, 2.4 per variable")
    assert caution.figure == 19 / 8


@pytest.mark.parametrize(("events", "variables"), [(20, 2), (10, 1), (0, 0)])
def test_enough_events_per_variable(events, variables):
    assert few_events_per_variable(events, variables, where="model") == ()


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
