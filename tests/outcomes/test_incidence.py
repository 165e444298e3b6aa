"""Cumulative incidence, Gray's test, Fine and Gray's model and restricted means against R.

R 4.2.2, survival 3.5-3, cmprsk 2.2-11, survRM2; and the cases that have no answer.
"""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from outcomes.errors import OutcomesError
from outcomes.statistics.fine_gray import fine_gray, level_hazards
from outcomes.statistics.incidence import cumulative_incidence, gray
from outcomes.statistics.incidence_error import StdError
from outcomes.statistics.restricted_mean import (
    comparable_until,
    mean_cells,
    mean_difference,
    restricted_mean,
)
from outcomes.statistics.survival import kaplan_meier

DATA = Path(__file__).parents[1] / "data" / "survival_reference"
REFERENCE = json.loads((DATA / "r_reference.json").read_text(encoding="utf-8"))
TOLERANCE = 1e-8
COMPETING = ("mgus2", "pbc")


def load(name):
    """Time, cause, group and covariates, as the R calls took them (make_reference.R)."""
    frame = pd.read_csv(DATA / f"{name}.csv")
    if name == "mgus2":
        covariates = frame[["age", "male", "mspike"]]
        return frame["etime"], frame["event"], frame["male"], covariates
    covariates = frame[["age", "male", "bili", "albumin", "protime"]]
    return frame["time"], frame["cr"], frame["stage"], covariates


def close(what, found, expected, tolerance=TOLERANCE):
    largest = np.max(np.abs(np.asarray(found) - np.asarray(expected)))
    print(f"{what}: largest difference {largest:.1e}")
    assert largest <= tolerance


@pytest.mark.parametrize("name", COMPETING)
def test_incidence_as_in_survfit(name):
    """f <- survfit(Surv(t, factor(cr, 0:2)) ~ 1); f$pstate[, 2:3], f$std.err[, 2:3]."""
    time, cause, _, _ = load(name)
    curve, expected = cumulative_incidence(time, cause), REFERENCE[name]["aj"]
    assert curve.time.tolist() == expected["time"]
    close(f"{name} relapse", curve.event.incidence, expected["cif1"])
    close(f"{name} competing", curve.competing.incidence, expected["cif2"])
    close(f"{name} standard error", curve.event.std_error, expected["se1"])
    close(f"{name} competing standard error", curve.competing.std_error, expected["se2"])


@pytest.mark.parametrize("name", COMPETING)
def test_incidence_as_in_cuminc(name):
    """timepoints(cuminc(t, cr), tp); its variance is another estimate of the same thing."""
    time, cause, _, _ = load(name)
    curve, expected = cumulative_incidence(time, cause), REFERENCE[name]["cuminc"]
    at = [curve.at(horizon) for horizon in expected["tp"]]
    for number, what in enumerate(("event", "competing")):
        found = [getattr(one, what) for one in at]
        close(f"{name} {what}", [one.incidence for one in found], expected["est"][number])
        errors = np.sqrt(expected["var"][number])
        close(f"{name} {what} standard error", [one.std_error for one in found], errors, 2e-4)


def test_standard_error_as_in_cuminc_has_its_interval():
    """Same estimates; log-log limits by the other error; none at an incidence of 0 or 1."""
    given = ([1, 2, 3, 4], [2, 1, 1, 1])
    ours = cumulative_incidence(*given, std_error=StdError.CUMINC)
    usual = cumulative_incidence(*given)
    assert ours.event.incidence.tolist() == usual.event.incidence.tolist()
    assert ours.event.std_error[0] == 0
    assert np.isnan([ours.event.ci_lower[0], ours.event.ci_upper[0]]).all()
    for curve in (ours, usual):
        at = curve.at(3).event
        half_width = 1.959963984540054 * at.std_error / (at.incidence * abs(math.log(at.incidence)))
        assert math.log(-math.log(at.ci_lower)) == pytest.approx(
            math.log(-math.log(at.incidence)) + half_width, abs=1e-12
        )
    assert (ours.std_error_by, usual.std_error_by) == (StdError.CUMINC, StdError.SURVFIT)
    everybody = cumulative_incidence([1, 2], [1, 1], std_error=StdError.CUMINC).event
    assert everybody.incidence[-1] == 1
    assert math.isnan(everybody.ci_upper[-1])


@pytest.mark.parametrize(
    ("name", "horizon", "limits"),
    [
        # f <- survfit(Surv(t, factor(cr, 0:2)) ~ 1, conf.type = "log-log")
        # s <- summary(f, times = horizon); cbind(s$lower, s$upper)[, -1], survival 3.5-3
        (
            "mgus2",
            120,
            (
                (0.051604415225729151, 0.078412417003688881),
                (0.50356852758523263, 0.55881583597802975),
            ),
        ),
        (
            "pbc",
            3000,
            (
                (0.34636135895104059, 0.47394520080946961),
                (0.0427420636218152766, 0.107418621398991748),
            ),
        ),
    ],
)
def test_interval_as_in_survfit(name, horizon, limits):
    time, cause, _, _ = load(name)
    at = cumulative_incidence(time, cause).at(horizon)
    for one, expected in zip((at.event, at.competing), limits, strict=True):
        close(f"{name} interval", (one.ci_lower, one.ci_upper), expected)


@pytest.mark.parametrize("name", COMPETING)
@pytest.mark.parametrize("of", [1, 2])
def test_gray_as_in_cuminc(name, of):
    """cuminc(t, cr, group = g)$Tests."""
    time, cause, group, _ = load(name)
    found, expected = gray(time, cause, group, of=of), REFERENCE[name]["gray"]
    close(f"{name} Gray's statistic", found.chi_square, expected["stat"][of - 1])
    close(f"{name} Gray's p", found.p_value, expected["p"][of - 1])
    assert found.df == expected["df"][of - 1]
    assert found.reason == ""


@pytest.mark.parametrize("name", COMPETING)
def test_fine_gray_as_in_crr(name):
    """f <- crr(t, cr, Z, failcode = 1); f$coef, sqrt(diag(f$var)), f$loglik."""
    time, cause, _, covariates = load(name)
    model, expected = fine_gray(time, cause, covariates), REFERENCE[name]["fg"]
    close(f"{name} coefficient", model.coefficients, expected["coef"])
    close(f"{name} standard error", model.std_errors, expected["se"], 1e-3)
    close(f"{name} log-likelihood", model.log_likelihood, expected["loglik"])
    assert model.converged


@pytest.mark.parametrize("name", REFERENCE)
def test_restricted_mean_as_in_survfit(name):
    """summary(survfit(Surv(t, e) ~ 1), rmean = tau)$table, "rmean" and "se(rmean)"."""
    time, event, _ = two_groups(name)
    expected = REFERENCE[name]["rmean"]
    found = restricted_mean(kaplan_meier(time, event), expected["tau"])
    close(f"{name} restricted mean", found.mean, expected["est"])
    close(f"{name} its standard error", found.std_error, expected["se"])


@pytest.mark.parametrize("name", ["lung", "mgus2"])
def test_difference_as_in_rmst2(name):
    """rmst2(t, e, g, tau): estimate and SE of each arm; difference, its limits and p."""
    time, event, group = two_groups(name)
    expected = REFERENCE[name]["rmst"]
    arms = [
        restricted_mean(kaplan_meier(time[group == arm], event[group == arm]), expected["tau"])
        for arm in (0, 1)
    ]
    for arm, found in enumerate(arms):
        of_arm = expected[f"arm{arm}"]
        close(f"{name} arm {arm}", (found.mean, found.std_error), of_arm[:2])
    found = mean_difference(arms[1], arms[0])
    half_width = 1.959963984540054 * found.std_error
    limits = (found.difference - half_width, found.difference + half_width)
    close(f"{name} difference", (found.difference, *limits, found.p_value), expected["diff"])


def two_groups(name):
    frame = pd.read_csv(DATA / f"{name}.csv")
    return {
        "lung": lambda: (frame["time"], frame["status"], frame["sex"]),
        "veteran": lambda: (frame["time"], frame["status"], None),
        "mgus2": lambda: (frame["etime"], (frame["event"] > 0).astype(int), frame["male"]),
        "pbc": lambda: (frame["time"], (frame["cr"] == 1).astype(int), None),
    }[name]()


@pytest.mark.parametrize("name", COMPETING)
def test_incidences_and_survival_add_up(name):
    time, cause, _, _ = load(name)
    curve = cumulative_incidence(time, cause)
    free = kaplan_meier(time, (cause > 0).astype(int))
    close(name, curve.event.incidence + curve.competing.incidence + free.survival, 1.0, 1e-12)
    for month in (0, 41, 500.5):
        before = curve.counts_before(month)
        assert before.n_at_risk == (time >= month).sum() == free.counts_before(month).n_at_risk
        assert sum(
            (before.n_at_risk, before.n_events, before.n_competing, before.n_censored)
        ) == len(time)


def test_tied_times():
    """f <- survfit(Surv(t, factor(c, 0:2)) ~ 1, conf.type = "log-log"), survival 3.5-3."""
    curve = cumulative_incidence([2, 2, 2, 4, 4, 6, 6, 8], [1, 1, 2, 0, 1, 2, 0, 0])
    assert curve.n_at_risk.tolist() == [8, 5, 3, 1]
    assert curve.event.incidence == pytest.approx([0.25, 0.375, 0.375, 0.375], abs=1e-15)
    assert curve.competing.incidence == pytest.approx([1 / 8, 1 / 8, 7 / 24, 7 / 24], abs=1e-15)
    errors = [0.15309310892394862, 0.17116329922036441]
    assert curve.event.std_error[:2] == pytest.approx(errors, abs=1e-15)
    assert curve.competing.std_error[-1] == pytest.approx(0.17451155379345920, abs=1e-15)
    assert curve.at(4).event.ci_lower == pytest.approx(0.087006225101353196, abs=1e-14)
    assert curve.at(4).event.ci_upper == pytest.approx(0.67436332656277942, abs=1e-14)
    before = curve.at(1.9)
    assert (before.event.incidence, before.event.std_error, before.n_at_risk) == (0, 0, 8)
    assert math.isnan(before.event.ci_lower)
    assert curve.at(99).n_at_risk == 0


def test_all_events_tied():
    """survfit gives 1 with a standard error of 0 and no interval."""
    curve = cumulative_incidence([4, 4, 4], [1, 1, 1])
    end = curve.at(4).event
    assert (end.incidence, end.std_error) == (1, 0)
    assert math.isnan(end.ci_lower)
    assert math.isnan(end.ci_upper)


def test_all_censored():
    curve = cumulative_incidence([3, 5, 8], [0, 0, 0])
    for cause in (curve.event, curve.competing):
        assert cause.incidence.tolist() == cause.std_error.tolist() == [0, 0, 0]
        assert np.isnan([cause.ci_lower, cause.ci_upper]).all()
    assert (curve.events, curve.competing_events, curve.last_time) == (0, 0, 8)


def test_without_competing_events_it_is_one_minus_kaplan_meier():
    curve = cumulative_incidence([1, 2, 3, 4], [1, 0, 1, 0])
    plain = kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0])
    assert 1 - curve.event.incidence == pytest.approx(plain.survival, abs=1e-15)
    # survfit(Surv(1:4, factor(c(1, 0, 1, 0), 0:2)) ~ 1): std.err of state 1
    assert curve.event.std_error[-1] == pytest.approx(0.28641098093473999, abs=1e-15)
    assert curve.competing.incidence.tolist() == [0, 0, 0, 0]


def test_only_competing_events():
    curve = cumulative_incidence([1, 2, 3], [2, 2, 2])
    assert curve.event.incidence.tolist() == [0, 0, 0]
    assert curve.competing.incidence == pytest.approx([1 / 3, 2 / 3, 1], abs=1e-15)
    assert math.isnan(curve.at(3).competing.ci_upper)


@pytest.mark.parametrize(
    ("time", "cause", "message"),
    [
        ([1, 2], [1, 3], r"event, position 2: .*2 \(competing event\), found 3"),
        ([1, -2], [1, 2], "time, position 2: expected a number of at least 0"),
        ([], [], "expected at least one patient, found none"),
        ([1, 2], [1, None], "event, position 2: .* found no value"),
    ],
)
def test_what_is_no_time_or_cause_is_refused(time, cause, message):
    with pytest.raises(OutcomesError, match=message):
        cumulative_incidence(time, cause)


def test_horizon_and_confidence_are_checked():
    with pytest.raises(OutcomesError, match="horizon: expected a time of at least 0, found -1"):
        cumulative_incidence([1], [1]).at(-1)
    with pytest.raises(OutcomesError, match="confidence: expected a fraction"):
        cumulative_incidence([1], [1], confidence=95)


@pytest.mark.parametrize(
    ("time", "cause", "group", "reason"),
    [
        ([1, 2], [1, 2], ["a", "a"], r"Gray's test needs two groups, there is one \('a'\)"),
        ([1, 2, 3], [0, 0, 0], ["a", "b", "a"], "no event among 3 patients"),
        ([1, 2, 3], [2, 0, 2], ["a", "b", "a"], "no event among 3 patients"),
        ([1, 2, 3, 4], [2, 0, 1, 1], ["a", "a", "b", "b"], "only 'b' had patients at risk"),
        ([5, 5, 5, 5], [1, 1, 1, 1], ["a", "b", "b", "a"], "without a variance"),
    ],
)
def test_gray_without_an_answer_says_why(time, cause, group, reason):
    found = gray(time, cause, group)
    assert (found.chi_square, found.df, found.p_value) == (None, None, None)
    assert re.search(reason, found.reason)


def test_gray_of_the_competing_event_says_which():
    assert gray([1, 2], [1, 1], ["a", "b"], of=2).reason == "no competing event among 2 patients"


def test_gray_leaves_out_a_group_never_at_risk():
    time, cause = [1, 1, 3, 4, 5, 6], [0, 2, 1, 1, 0, 1]
    with_third = gray(time, cause, ["c", "c", "a", "b", "a", "b"])
    without = gray(time[2:], cause[2:], ["a", "b", "a", "b"])
    assert (with_third.df, with_third.chi_square) == (1, without.chi_square)
    assert with_third.reason.startswith("without 'c'")


def test_gray_does_not_depend_on_labels_or_order():
    time, cause, group, _ = load("pbc")
    names = np.array(["", "one", "two", "three", "four"])[group]
    shuffled = np.random.default_rng(1).permutation(len(time))
    found = gray(time[shuffled], cause[shuffled], names[shuffled])
    assert found.chi_square == pytest.approx(gray(time, cause, group).chi_square, abs=1e-10)


def test_hazards_of_levels_are_those_of_their_indicators():
    time, cause, group, _ = load("pbc")
    names = [f"stage {stage}" for stage in group]
    found = level_hazards(time, cause, names, [f"stage {stage}" for stage in (1, 2, 3, 4)])
    indicators = np.column_stack([group == stage for stage in (2, 3, 4)])
    model = fine_gray(time, cause, indicators)
    ratios = [found.by_level[f"stage {stage}"].ratio for stage in (2, 3, 4)]
    assert np.log(ratios) == pytest.approx(model.coefficients, abs=1e-12)
    assert (found.reference, found.reason) == ("stage 1", "")
    last = found.by_level["stage 4"]
    assert last.ci_lower < last.ratio < last.ci_upper
    width = math.log(last.ci_upper / last.ci_lower) / 2 / 1.959963984540054
    assert width == pytest.approx(model.std_errors[-1], rel=1e-12)


@pytest.mark.parametrize(
    ("cause", "group", "reason"),
    [
        ([2, 2, 0, 0, 0, 2], "aaabbb", "fewer than two levels have an event"),
        ([1, 2, 0, 0, 0, 2], "aaabbb", "fewer than two levels have an event"),
        ([1, 1, 1, 1, 1, 0], "aaabbb", r"of 'b' \(separated from 'a'\)"),
        ([1, 1, 1, 1, 1, 0], "bbbaaa", r"of 'b' \(separated from 'a'\)"),
        ([1, 2, 2, 1, 0, 0], "aabbcc", r"of 'c' \(no event\)"),
    ],
)
def test_no_hazard_ratio_says_why(cause, group, reason):
    levels = sorted(set(group))
    found = level_hazards([1, 2, 3, 4, 5, 6], cause, list(group), levels)
    assert re.search(reason, found.reason)
    assert levels[-1] not in found.by_level


def test_a_level_without_events_leaves_the_others_their_hazard_ratio():
    found = level_hazards([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 0], list("abbacc"), ["a", "b", "c"])
    assert (found.reference, list(found.by_level)) == ("a", ["b"])


def test_tied_events_in_one_step_have_no_variance():
    found = level_hazards([1, 1, 1, 1], [1, 1, 1, 1], list("abab"), ["a", "b"])
    assert found.reason == "no subdistribution hazard ratio of 'b' (no variance)"


def test_without_the_extra_the_reason_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "comprisk", None)
    found = level_hazards([1, 2, 3], [1, 1, 0], list("aba"), ["a", "b"])
    assert found.by_level == {}
    assert "pip install 'kmt2a[competing-risks]'" in found.reason


@pytest.mark.parametrize(
    ("cause", "covariates", "message"),
    [
        ([1, 0], [1.0, 2.0], "covariates: expected a row of finite numbers for each time"),
        ([1, 0], [[1.0], [math.nan]], "covariates: expected a row of finite numbers"),
        ([2, 0], [[1.0], [2.0]], r"cause: expected at least one 1 \(event\), found none"),
    ],
)
def test_what_cannot_be_fitted_is_refused(cause, covariates, message):
    with pytest.raises(OutcomesError, match=message):
        fine_gray([1, 2], cause, covariates)


def test_constant_covariate_has_no_model():
    assert fine_gray([1, 2, 3], [1, 1, 0], [[1.0], [1.0], [1.0]]) is None


def test_means_reach_as_far_as_all_curves_are_known():
    dies_out, ends = kaplan_meier([3, 9], [1, 1]), kaplan_meier([5, 40], [1, 0])
    assert comparable_until([dies_out, ends], 60) == 40
    assert comparable_until([dies_out], 60) == 60
    cells = mean_cells({"a": dies_out, "b": ends}, 60)
    assert cells["a"]["restricted_mean_months"] == pytest.approx(6)
    assert cells["b"]["restricted_mean_months"] == pytest.approx(5 + 35 / 2)
    assert cells["b"]["mean_difference_months"] == pytest.approx(16.5)
    assert "mean_difference_months" not in cells["a"]


def test_groups_without_events_have_no_p_value():
    curve = kaplan_meier([10, 20], [0, 0])
    cells = mean_cells({"a": curve, "b": curve}, 60)
    assert cells["b"]["mean_difference_p_value"] is None
    assert (cells["b"]["mean_until_months"], cells["b"]["restricted_mean_months"]) == (20, 20)


def test_a_curve_that_ends_at_once_has_no_mean():
    assert mean_cells({"a": kaplan_meier([0], [0])}, 60) == {}
    with pytest.raises(OutcomesError, match="until: expected a time above 0 and within"):
        restricted_mean(kaplan_meier([10, 20], [1, 0]), 21)
