"""Exact ties: against the sum over all sets, and where there is no estimate."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from outcomes.cautions import Kind
from outcomes.statistics.cox import cox
from outcomes.statistics.design import design
from outcomes.statistics.exact_ties import exact, exact_likelihood, too_many
from outcomes.statistics.likelihood import Ties, partial_likelihood

TIMES = np.array([1.0, 1, 1, 2, 2, 2, 3, 3, 4, 4])
EVENTS = np.array([1, 1, 0, 1, 1, 1, 0, 1, 1, 0])
VALUES = np.random.default_rng(3).normal(size=(10, 2))
SOMEWHERE = np.array([0.7, -0.4])


def by_all_sets(coefficients):
    """Cox's definition, set by set."""
    predictor = VALUES @ coefficients
    found = 0.0
    for at in np.unique(TIMES[EVENTS == 1]):
        died = np.flatnonzero((at == TIMES) & (EVENTS == 1))
        sets = combinations(np.flatnonzero(at <= TIMES).tolist(), died.size)
        total = sum(math.exp(predictor[list(chosen)].sum()) for chosen in sets)
        found += predictor[died].sum() - math.log(total)
    return found


def test_likelihood_is_the_sum_over_all_sets():
    for coefficients in (np.zeros(2), SOMEWHERE):
        found = exact_likelihood(TIMES, EVENTS, VALUES, coefficients)
        assert found.log_likelihood == pytest.approx(by_all_sets(coefficients), abs=1e-12)


def test_gradient_and_information_are_its_derivatives():
    step = 1e-4
    found = exact_likelihood(TIMES, EVENTS, VALUES, SOMEWHERE)
    for number, unit in enumerate(np.eye(2) * step):
        after, before = (
            exact_likelihood(TIMES, EVENTS, VALUES, SOMEWHERE + sign * unit) for sign in (1, -1)
        )
        slope = (after.log_likelihood - before.log_likelihood) / (2 * step)
        assert found.gradient[number] == pytest.approx(slope, abs=1e-7)
        curvature = -(after.gradient - before.gradient) / (2 * step)
        assert found.information[number] == pytest.approx(curvature, abs=1e-7)


def test_without_ties_all_three_are_the_same():
    times, coefficients = np.arange(10.0), SOMEWHERE
    found = exact_likelihood(times, EVENTS, VALUES, coefficients)
    for ties in (Ties.BRESLOW, Ties.EFRON):
        other = partial_likelihood(times, EVENTS, VALUES, coefficients, ties=ties)
        assert other.log_likelihood == pytest.approx(found.log_likelihood, abs=1e-12)
        assert other.gradient == pytest.approx(found.gradient, abs=1e-12)
        assert other.information == pytest.approx(found.information, abs=1e-12)


def frame(**columns):
    return design(
        pd.DataFrame(columns), duration="t", event="e", covariates=["x"], where="Cox model"
    )


def test_all_events_at_one_time_are_a_conditional_logistic_model():
    """Of four, two have the event: the odds ratio by all six sets, found by a grid."""
    data = frame(t=[1, 1, 1, 1], e=[1, 1, 0, 0], x=[0.0, 1.0, 1.0, -1.0])
    (term,) = cox(data, ties=Ties.EXACT).terms
    grid = np.linspace(-5, 5, 10001)
    x = data.values[:, 0]
    sets = np.array([x[list(chosen)].sum() for chosen in combinations(range(4), 2)])
    likelihood = grid * 1.0 - np.log(np.exp(np.outer(grid, sets)).sum(axis=1))
    assert term.coefficient == pytest.approx(grid[likelihood.argmax()], abs=1e-3)


def test_separation_is_said_in_words():
    group = (np.arange(60) < 15).astype(int)
    times = np.ceil(np.random.default_rng(1).exponential(5, size=60))
    model = cox(frame(t=times, e=1 - group, x=group), ties=Ties.EXACT)
    assert not model.converged
    assert model.terms[0].coefficient is None
    assert [caution.kind for caution in model.cautions] == [Kind.SEPARATION]


def test_too_many_ties_are_said_in_words():
    times = np.repeat([1, 2, 3], 1000)
    data = frame(t=times, e=np.arange(3000) % 2, x=np.arange(3000) % 7)
    model = cox(data, ties=Ties.EXACT)
    assert (model.terms[0].coefficient, model.log_likelihood) == (None, None)
    assert model.cautions[-1].kind is Kind.TOO_MANY_TIES
    assert model.cautions[-1].caution.startswith(
        "500 of 3,000 patients at risk have the event at the same time, too many for exact ties"
    )
    assert cox(data, ties=Ties.EFRON).converged


def test_a_thousand_patients_are_never_too_many():
    assert too_many(np.ones(1000), (np.arange(1000) < 500).astype(int)) is None


def test_many_ties_at_the_largest_size_do_not_overflow():
    generator = np.random.default_rng(5)
    times, events = np.repeat([1.0, 2.0], 150), (np.arange(300) % 2 == 0).astype(int)
    values = generator.normal(size=(300, 1))
    fit = exact(times, events, values)
    assert fit is not None
    gradient = exact_likelihood(times, events, values, fit.coefficients).gradient
    assert np.abs(gradient).max() < 1e-8
