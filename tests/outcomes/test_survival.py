"""Curves and tests against R 4.2.2, survival 3.5-3, and the cases that have no answer."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from outcomes.errors import OutcomesError
from outcomes.statistics.intervals import Interval
from outcomes.statistics.survival import (
    check_times_events,
    kaplan_meier,
    logrank,
    median_follow_up,
)

DATA = Path(__file__).parents[1] / "data" / "survival_reference"
REFERENCE = json.loads((DATA / "r_reference.json").read_text(encoding="utf-8"))
TOLERANCE = 1e-8


def load(name):
    """Time, event and group, as the R calls took them (make_reference.R)."""
    frame = pd.read_csv(DATA / f"{name}.csv")
    return {
        "lung": lambda: (frame["time"], frame["status"], frame["sex"]),
        "veteran": lambda: (frame["time"], frame["status"], frame["celltype"]),
        "mgus2": lambda: (frame["etime"], (frame["event"] > 0).astype(int), frame["male"]),
        "pbc": lambda: (frame["time"], (frame["cr"] == 1).astype(int), frame["stage"]),
    }[name]()


def numbers(values):
    return np.array([math.nan if value in ("NaN", "NA") else value for value in values])


@pytest.mark.parametrize("name", REFERENCE)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("time", "time"),
        ("survival", "surv"),
        ("std_error", "se"),
        ("ci_lower", "lower"),
        ("ci_upper", "upper"),
    ],
)
def test_curve_as_in_r(name, ours, theirs):
    """f <- survfit(Surv(t, e) ~ 1, conf.type = "log-log"); se = f$std.err * f$surv.

    R 4.2.2, survival 3.5-3. Its `se` is on the scale of the survival; at survival 0 it is NaN.
    """
    time, event, _ = load(name)
    found = getattr(kaplan_meier(time, event), ours)
    expected = numbers(REFERENCE[name]["km_log-log"][theirs])
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    largest = np.nanmax(np.abs(found - expected))
    print(f"{name} {ours}: largest difference {largest:.1e}")
    assert largest <= TOLERANCE


@pytest.mark.parametrize("name", REFERENCE)
def test_logrank_as_in_r(name):
    """sd <- survdiff(Surv(t, e) ~ g); R 4.2.2, survival 3.5-3."""
    found, expected = logrank(*load(name)), REFERENCE[name]["logrank"]
    differences = (
        found.chi_square - expected["chisq"],
        found.df - expected["df"],
        found.p_value - expected["p"],
    )
    print(f"{name} log-rank: largest difference {max(map(abs, differences)):.1e}")
    assert max(map(abs, differences)) <= TOLERANCE
    assert found.reason == ""


@pytest.mark.parametrize("name", REFERENCE)
def test_medians_as_in_r(name):
    """summary(survfit(...))$table["median"], of Surv(t, e) and Surv(t, 1 - e); survival 3.5-3."""
    time, event, _ = load(name)
    reference = REFERENCE[name]
    follow_up = None if reference["revkm_median"] == "NA" else reference["revkm_median"]
    assert kaplan_meier(time, event).median == reference["median"][0]
    assert median_follow_up(time, event) == follow_up


@pytest.mark.parametrize("name", REFERENCE)
def test_numbers_add_up(name):
    time, event, _ = load(name)
    curve = kaplan_meier(time, event)
    reference = REFERENCE[name]
    assert (curve.n, curve.events) == (reference["n"], reference["events"])
    assert curve.n_events.sum() == curve.events
    assert curve.n_events.sum() + curve.n_censored.sum() == curve.n
    for month in (0, 100, 365.25):
        before = curve.counts_before(month)
        assert before.n_at_risk == (time >= month).sum() == curve.at(month).n_at_risk
        assert before.n_at_risk + before.n_events + before.n_censored == curve.n


def test_greenwood_by_hand():
    """Three of four at risk after the first event, then one censored, then one of two fails."""
    curve = kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0])
    assert curve.survival == pytest.approx([0.75, 0.75, 0.375, 0.375], abs=1e-15)
    variance = 0.375**2 * (1 / (4 * 3) + 1 / (2 * 1))
    assert curve.at(3.5).std_error == pytest.approx(math.sqrt(variance), abs=1e-15)
    assert list(curve.n_at_risk) == [4, 3, 2, 1]


def test_all_censored():
    curve = kaplan_meier([3, 5, 8], [0, 0, 0])
    assert list(curve.survival) == [1, 1, 1]
    assert list(curve.std_error) == [0, 0, 0]
    # survfit(Surv(c(3, 5, 8), rep(0, 3)) ~ 1, conf.type = "log-log"): lower and upper are NA.
    assert np.isnan([curve.ci_lower, curve.ci_upper]).all()
    assert curve.events == 0
    assert curve.median is None
    assert median_follow_up([3, 5, 8], [0, 0, 0]) == 5


def test_all_events_tied():
    curve = kaplan_meier([4, 4, 4], [1, 1, 1])
    assert list(curve.time) == [4]
    assert list(curve.survival) == [0]
    assert np.isnan([curve.std_error, curve.ci_lower, curve.ci_upper]).all()
    assert curve.median == 4
    assert median_follow_up([4, 4, 4], [1, 1, 1]) is None


def test_survival_of_zero_has_no_interval():
    """As survfit: std.err is infinite on the log scale, lower and upper are NA."""
    curve = kaplan_meier([1, 2], [1, 1])
    assert list(curve.survival) == [0.5, 0]
    assert not np.isnan([curve.std_error[0], curve.ci_lower[0], curve.ci_upper[0]]).any()
    last = curve.at(100)
    assert last.survival == 0
    assert all(math.isnan(value) for value in (last.std_error, last.ci_lower, last.ci_upper))


@pytest.mark.parametrize(("event", "survival", "median"), [(1, 0.0, 7.0), (0, 1.0, None)])
def test_single_patient(event, survival, median):
    curve = kaplan_meier([7], [event])
    assert list(curve.survival) == [survival]
    assert curve.median == median
    assert curve.at(7).n_at_risk == 1
    assert curve.at(7.01).n_at_risk == 0


def test_time_of_zero_is_an_observation():
    curve = kaplan_meier([0, 0, 1, 2], [1, 0, 1, 0])
    assert list(curve.time) == [0, 1, 2]
    assert curve.survival == pytest.approx([0.75, 0.375, 0.375], abs=1e-15)
    assert curve.at(0).survival == pytest.approx(0.75, abs=1e-15)
    assert curve.at(0).n_at_risk == 4
    assert list(kaplan_meier([1], [0]).time) == [1]


def test_horizon_before_the_first_observation():
    estimate = kaplan_meier([10, 20], [1, 0]).at(5)
    assert (estimate.survival, estimate.std_error) == (1, 0)
    assert np.isnan([estimate.ci_lower, estimate.ci_upper]).all()
    assert estimate.n_at_risk == 2


def test_no_interval_before_the_first_event():
    """survfit(Surv(1:3, c(0, 1, 0)) ~ 1, conf.type = "log-log"), R 4.2.2, survival 3.5-3."""
    curve = kaplan_meier([1, 2, 3], [0, 1, 0])
    assert math.isnan(curve.ci_lower[0])
    assert math.isnan(curve.ci_upper[0])
    assert curve.ci_lower[1:] == pytest.approx([0.005983088, 0.005983088], abs=1e-9)
    assert curve.ci_upper[1:] == pytest.approx([0.9104101, 0.9104101], abs=1e-7)


def test_horizon_beyond_the_last_follow_up_keeps_the_end_and_counts_nobody():
    curve = kaplan_meier([10, 20, 30], [1, 0, 0])
    beyond, end = curve.at(60), curve.at(30)
    assert (beyond.survival, beyond.std_error) == (end.survival, end.std_error)
    assert (end.n_at_risk, beyond.n_at_risk) == (1, 0)
    assert curve.last_time == 30


def test_horizon_at_an_event_counts_that_patient_as_at_risk():
    estimate = kaplan_meier([12, 60, 80], [1, 1, 0]).at(60)
    assert estimate.n_at_risk == 2
    assert estimate.survival == pytest.approx(1 / 3, abs=1e-15)


def test_median_on_a_level_stretch_is_its_middle():
    """survmean of survival 3.5-3 averages the ends of a stretch at exactly one half."""
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).median == 2.5
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0]).median == 2


def test_narrower_confidence():
    wide, narrow = (kaplan_meier([1, 2, 3], [1, 0, 1], confidence=c) for c in (0.95, 0.8))
    assert wide.ci_lower[0] < narrow.ci_lower[0] < narrow.survival[0] < narrow.ci_upper[0]
    with pytest.raises(OutcomesError, match=r"confidence: expected a fraction.*found 95"):
        kaplan_meier([1], [1], confidence=95)


def test_intervals_end_at_0_and_1_and_begin_where_their_scale_does():
    plain, log, log_log = (
        kaplan_meier([1, 2, 3, 4], [0, 1, 1, 1], interval=interval)
        for interval in (Interval.PLAIN, Interval.LOG, Interval.LOG_LOG)
    )
    assert (plain.ci_lower[0], plain.ci_upper[0], plain.ci_lower[2]) == (1, 1, 0)
    assert (log.ci_lower[0], log.ci_upper[1]) == (1, 1)
    assert log.ci_lower[2] > 0
    assert math.isnan(log_log.ci_lower[0])
    assert log_log.ci_upper[1] < 1
    for curve in (plain, log, log_log):
        assert curve.survival[-1] == 0
        assert np.isnan([curve.ci_lower[-1], curve.ci_upper[-1]]).all()


def test_limits_of_a_median_that_are_not_reached():
    """survfit(Surv(c(1, 2, 3, 4), c(1, 1, 0, 0)) ~ 1, conf.type = "log-log") of R: 1 and NA."""
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0]).median_limits == (1, None)
    assert kaplan_meier([1, 2], [0, 0]).median_limits == (None, None)


@pytest.mark.parametrize("horizon", [-1, math.nan])
def test_horizon_must_be_a_time(horizon):
    with pytest.raises(OutcomesError, match="horizon: expected a time of at least 0"):
        kaplan_meier([1], [1]).at(horizon)


@pytest.mark.parametrize(
    ("time", "event", "group", "reason"),
    [
        ([1, 2], [1, 1], ["a", "a"], r"needs two groups, there is one \('a'\)"),
        ([1, 2, 3], [0, 0, 0], ["a", "b", "a"], "no event among 3 patients"),
        ([1, 2, 3, 4], [0, 0, 1, 1], ["a", "a", "b", "b"], "only 'b' had patients at risk"),
        ([5, 5, 5, 1], [1, 1, 1, 0], ["a", "b", "b", "a"], "event at the same time"),
    ],
)
def test_logrank_without_an_answer_says_why(time, event, group, reason):
    """lifelines gives p = 1 or NaN for each of these."""
    found = logrank(time, event, group)
    assert (found.chi_square, found.df, found.p_value) == (None, None, None)
    assert re.search(reason, found.reason)


def test_logrank_leaves_out_a_group_never_at_risk():
    """survdiff drops groups without expected events from its degrees of freedom."""
    time, event = [1, 1, 3, 4, 5, 6], [0, 0, 1, 1, 0, 1]
    with_third = logrank(time, event, ["c", "c", "a", "b", "a", "b"])
    without = logrank(time[2:], event[2:], ["a", "b", "a", "b"])
    assert (with_third.df, with_third.chi_square) == (1, without.chi_square)
    assert with_third.p_value == without.p_value
    assert with_third.reason.startswith("without 'c'")


def test_logrank_does_not_depend_on_labels_or_order():
    time, event, group = load("veteran")
    names = np.array(["", "squamous", "small cell", "adeno", "large"])[group]
    shuffled = np.random.default_rng(1).permutation(len(time))
    found = logrank(time[shuffled], event[shuffled], names[shuffled])
    assert found.chi_square == pytest.approx(logrank(time, event, group).chi_square, abs=1e-12)


def test_logrank_refuses_a_missing_group():
    with pytest.raises(OutcomesError, match="group, position 2: expected a group, found no value"):
        logrank([1, 2], [1, 0], ["a", None])
    with pytest.raises(OutcomesError, match="found 1 groups and 2 times"):
        logrank([1, 2], [1, 0], ["a"])


@pytest.mark.parametrize(
    ("time", "event", "message"),
    [
        ([1, -2], [1, 0], "time, position 2: expected a number of at least 0, found -2"),
        ([1, None], [1, 0], "time, position 2: expected a number of at least 0, found no value"),
        ([math.inf], [1], "time, position 1: .* found inf"),
        ([1, 2, 3], [1, 0, 2], r"event, position 3: expected 0 \(censored\) or 1 \(event\), found"),
        ([1, 2], [pd.NA, 0], "event, position 1: .* found no value"),
        ([1, 2], [0.5, 0], "event, position 1: .* found 0.5"),
        ([1, 2], [1], "found 2 times and 1 events"),
        ([], [], "expected at least one patient, found none"),
        (["SYN01"], [1], "time: expected a list of numbers"),
        ([1], ["yes"], "event: expected a list of numbers"),
    ],
)
def test_gate_refuses(time, event, message):
    for estimator in (check_times_events, kaplan_meier, median_follow_up):
        with pytest.raises(OutcomesError, match=message) as refused:
            estimator(time, event)
        assert "SYN01" not in str(refused.value)
    with pytest.raises(OutcomesError, match=message):
        logrank(time, event, ["a"] * len(time))


def test_gate_takes_what_tables_hold():
    times, events = check_times_events(pd.Series([1, 2], index=["p1", "p2"]), [True, False])
    assert (times.dtype, events.dtype) == (np.float64, np.int64)
    assert (times.tolist(), events.tolist()) == ([1.0, 2.0], [1, 0])
