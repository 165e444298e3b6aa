"""The trend test and Peto and Peto's, beyond what the reference holds of R."""

from __future__ import annotations

import pytest

from outcomes.errors import OutcomesError
from outcomes.statistics.survival import logrank
from outcomes.statistics.trend import logrank_trend

TIME = [1, 2, 2, 3, 4, 5, 6, 7, 8, 9]
EVENT = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1]
GROUP = list("cbcabcabaa")


def test_by_hand():
    """Two event times: of a, b, c at risk, c has it; then of a, b, b has it. O - E is 1 + 0.5."""
    found = logrank_trend([1, 2, 3], [1, 1, 0], ["c", "b", "a"], ["a", "b", "c"])
    assert found.chi_square == pytest.approx((1 + 0.5) ** 2 / (2 / 3 + 1 / 4), abs=1e-14)
    assert (found.df, found.reason) == (1, "")


def test_of_two_groups_it_is_the_log_rank_test():
    group = ["x" if label == "a" else "y" for label in GROUP]
    trend, test = logrank_trend(TIME, EVENT, group, ["x", "y"]), logrank(TIME, EVENT, group)
    assert trend.chi_square == pytest.approx(test.chi_square, abs=1e-12)
    assert trend.p_value == pytest.approx(test.p_value, abs=1e-12)


def test_direction_does_not_matter_and_places_do():
    found = logrank_trend(TIME, EVENT, GROUP, ["a", "b", "c"])
    assert logrank_trend(TIME, EVENT, GROUP, ["c", "b", "a"]).chi_square == pytest.approx(
        found.chi_square, abs=1e-12
    )
    spread = logrank_trend(TIME, EVENT, GROUP, ["a", "b", "nobody", "c"])
    assert abs(spread.chi_square - found.chi_square) > 0.01
    lifted = logrank_trend(TIME, EVENT, GROUP, ["nobody", "a", "b", "c"])
    assert lifted.chi_square == pytest.approx(found.chi_square, abs=1e-12)


@pytest.mark.parametrize(
    ("time", "event", "group", "reason"),
    [
        ([1, 2, 3], [0, 0, 0], ["a", "b", "c"], "no event among 3 patients"),
        ([1, 2, 3], [0, 0, 1], ["a", "b", "c"], "the groups at risk when events occurred"),
        ([5, 5, 5], [1, 1, 1], ["a", "b", "c"], "the groups at risk when events occurred"),
    ],
)
def test_without_an_answer_says_why(time, event, group, reason):
    found = logrank_trend(time, event, group, ["a", "b", "c"])
    assert (found.chi_square, found.df, found.p_value) == (None, None, None)
    assert found.reason.startswith(reason)


def test_a_group_without_a_place_is_refused():
    with pytest.raises(OutcomesError, match="expected every group, found 'c' in the data only"):
        logrank_trend(TIME, EVENT, GROUP, ["a", "b"])
    with pytest.raises(OutcomesError, match="group, position 2: expected a group"):
        logrank_trend([1, 2], [1, 0], ["a", None], ["a"])


def test_peto_weighs_early_events_more():
    """b leads early on, and a as much later: only the weights tell the two apart."""
    time, event = [1, 2, 3, 4, 5, 6, 7, 8], [1] * 8
    early, late = list("bbaaaabb"), list("aabbbbaa")
    assert logrank(time, event, early, rho=1).chi_square == pytest.approx(
        logrank(time, event, late, rho=1).chi_square, abs=1e-12
    )
    apart = list("bbbbaaaa")
    assert logrank(time, event, apart, rho=1).chi_square < logrank(time, event, apart).chi_square
    assert logrank([1, 2], [0, 0], ["a", "b"], rho=1).reason == "no event among 2 patients"
