"""Hazard ratios of groups: against R, against the general model, and where there is none.

R 4.2.2, survival 3.5-3: `s <- summary(coxph(Surv(t, e) ~ factor(g), ties = "efron", control =
coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 50)))`, then `s$conf.int[, c(1, 3, 4)]`
and `s$coefficients[, 5]`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.cox import cox
from outcomes.statistics.design import design
from outcomes.statistics.firth import firth
from outcomes.statistics.hazard_ratios import hazard_ratios

# By data set: column of the groups, and for each level but the first: ratio, limits, p.
IN_R = {
    "veteran": (
        "celltype",
        [
            (2.721690467832600, 1.6559713236136091, 4.473265265564022, 7.828162412728222e-05),
            (3.150978490850682, 1.7747823313224835, 5.594300368319121, 8.902508889556952e-05),
            (1.258783170617350, 0.7310021713018122, 2.167620197088655, 4.065544918988327e-01),
        ],
    ),
    "pbc": (
        "stage",
        [
            (4.987894678390228, 0.661050544085987, 37.63568995637551, 0.119108188904430840),
            (8.580570102090594, 1.180030782317685, 62.39344293403080, 0.033711782215282038),
            (21.386831850598497, 2.960569079212552, 154.49616758391321, 0.002399156984054478),
        ],
    ),
    "lung": (
        "sex",
        [(0.5864436437454317, 0.4167396675447766, 0.8252541672253138, 0.002199357467531118)],
    ),
}


@pytest.mark.parametrize("name", IN_R)
def test_as_in_r(name, request):
    column, expected = IN_R[name]
    data = request.getfixturevalue("reference_data")(name)
    groups = data.frame[column].astype(str).tolist()
    levels = sorted(set(groups))
    reference, *others = hazard_ratios(data.frame["t"], data.frame["e"], groups, levels)
    assert (reference.method, reference.hazard_ratio) == ("reference", 1.0)
    assert [hazard.method for hazard in others] == ["Cox"] * len(expected)
    ours = [(h.hazard_ratio, h.ci_lower, h.ci_upper, h.p_value) for h in others]
    assert ours == [pytest.approx(row, rel=1e-10) for row in expected]


def cohort(n, events, ties):
    generator = np.random.default_rng(n)
    times = np.ceil(generator.exponential(30, n) / ties) * ties
    happened = generator.random(n) < events
    groups = generator.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]).tolist()
    return times, happened.astype(int), groups


@pytest.mark.parametrize(("n", "events", "ties"), [(60, 0.5, 12), (300, 0.9, 1), (1000, 0.1, 6)])
def test_as_the_general_model(n, events, ties):
    times, happened, groups = cohort(n, events, ties)
    frame = pd.DataFrame(
        {level: [float(group == level) for group in groups] for level in "bc"}
    ).assign(t=times, e=happened)
    model = cox(design(frame, duration="t", event="e", covariates=["b", "c"], where="model"))
    found = hazard_ratios(times, happened, groups, ["a", "b", "c"])[1:]
    for ours, term in zip(found, model.terms, strict=True):
        assert ours.hazard_ratio == pytest.approx(term.hazard_ratio, rel=1e-9)
        assert ours.ci_upper == pytest.approx(term.ci_upper, rel=1e-9)
        assert ours.p_value == pytest.approx(term.p_value, rel=1e-7)


@pytest.mark.parametrize(("groups", "towards"), [("aabbbb", -1), ("bbaaaa", 1)])
def test_a_group_with_no_or_all_events_is_taken_from_firths_model(groups, towards):
    times, events = [1, 2, 3, 4, 5, 6], [1, 1, 0, 0, 0, 0]
    _, hazard = hazard_ratios(times, events, list(groups), ["a", "b"])
    frame = pd.DataFrame({"b": [float(g == "b") for g in groups], "t": times, "e": events})
    (term,) = firth(
        design(frame, duration="t", event="e", covariates=["b"], where="model"), where="model"
    ).terms
    assert hazard.method == "Firth"
    assert (hazard.hazard_ratio, hazard.p_value) == (term.hazard_ratio, term.p_value)
    assert hazard.ci_lower < hazard.hazard_ratio < hazard.ci_upper
    assert (hazard.hazard_ratio > 1) is (towards > 0)


def test_groups_with_a_finite_estimate_keep_it_beside_one_without():
    times = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    events = [1, 1, 0, 1, 1, 0, 0, 0, 0]
    _, b, c = hazard_ratios(times, events, list("abababccc"), ["a", "b", "c"])
    assert (b.method, c.method) == ("Cox", "Firth")


@pytest.mark.parametrize(
    ("times", "events", "groups", "reasons"),
    [
        ([1, 2], [0, 0], "ab", ["no event among 2 patients"] * 2),
        ([1, 2], [1, 0], "aa", ["fewer than two levels"]),
        ([1, 5, 6], [0, 1, 1], "abb", ["nobody of 'a' at risk when the first event occurred"] * 2),
    ],
)
def test_why_there_is_none(times, events, groups, reasons):
    found = hazard_ratios(times, events, list(groups), sorted(set(groups)))
    assert [hazard.method for hazard in found] == [f"not estimated: {why}" for why in reasons]
    assert {hazard.hazard_ratio for hazard in found} == {None}


def test_a_level_that_left_before_the_first_event_has_none_of_its_own():
    found = hazard_ratios([1, 5, 6, 7], [0, 1, 1, 0], list("cabb"), ["a", "b", "c"])
    assert found[1].hazard_ratio is not None
    assert found[2].method == "not estimated: nobody at risk when the first event occurred"


def test_all_at_one_time_differ_in_nothing():
    _, hazard = hazard_ratios([3, 3, 3, 3], [1, 1, 1, 1], list("aabb"), ["a", "b"])
    assert (hazard.hazard_ratio, hazard.p_value) == (1, 1)
