"""Breslow's and Firth's models and the test of proportional hazards, against R.

R 4.2.2, survival 3.5-3 and coxphf; the numbers stand in `r_reference.json`, the calls here and in
`make_reference.R`. `pytest -rP -k against_r` prints the largest difference of each.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from outcomes.cautions import Kind
from outcomes.statistics.design import design
from outcomes.statistics.firth import firth
from outcomes.statistics.likelihood import partial_likelihood
from outcomes.statistics.proportional_hazards import GLOBAL, breslow, proportionality
from outcomes.statistics.score import score_test

TOLERANCE = 1e-8
FIRTH_TOLERANCE = 1e-7


def largest(pairs):
    """The largest absolute difference of each pair of lists; prints them."""
    found = {
        what: float(np.abs(np.asarray(ours, dtype=float) - np.asarray(theirs)).max())
        for what, (ours, theirs) in pairs.items()
    }
    print(", ".join(f"{what} {value:.1e}" for what, value in found.items()))
    return max(found.values())


def test_breslow_as_in_r(modelled):
    """c1 <- coxph(Surv(t, e) ~ Z, ties = "breslow"); coef(c1), sqrt(diag(vcov(c1))), c1$loglik."""
    data, expected = modelled.design, modelled.expected["cox_breslow"]
    fit = breslow(data.times, data.events, data.standardised)
    difference = largest(
        {
            "coefficient": (fit.coefficients / data.scale, expected["coef"]),
            "std_error": (np.sqrt(np.diag(fit.covariance)) / data.scale, expected["se"]),
            "log_likelihood": (
                [fit.log_likelihood_null, fit.log_likelihood],
                expected["loglik"],
            ),
        }
    )
    assert difference <= TOLERANCE


def test_own_likelihood_as_in_r(modelled):
    """The same loglik at R's coefficients, where the gradient is 0; vcov(c1) is its information."""
    data, expected = modelled.design, modelled.expected["cox_breslow"]
    coefficients = np.array(expected["coef"]) * data.scale
    ours = partial_likelihood(data.times, data.events, data.standardised, coefficients)
    std_errors = np.sqrt(np.diag(np.linalg.inv(ours.information))) / data.scale
    difference = largest(
        {
            "log_likelihood": (ours.log_likelihood, expected["loglik"][1]),
            "std_error": (std_errors, expected["se"]),
        }
    )
    assert difference <= TOLERANCE
    assert np.abs(ours.gradient).max() <= 1e-4


def test_score_of_all_covariates_as_in_r(modelled):
    """coxph(Surv(t, e) ~ Z, ties = "breslow")$score, the test of all of them from 0."""
    data = modelled.design
    none = np.zeros(len(data.estimable))
    ours = score_test(data.times, data.events, data.standardised, none)
    assert largest({"score": (ours, modelled.expected["cox_breslow"]["score"])}) <= TOLERANCE


@pytest.mark.parametrize("scale", ["km", "rank", "identity", "log"])
def test_proportionality_as_in_r(modelled, scale):
    """z <- cox.zph(coxph(Surv(t, e) ~ ., ties = "efron"), transform = scale)$table."""
    expected = modelled.expected[f"zph_{scale}"]
    tests = proportionality(modelled.design, scale=scale)
    difference = largest(
        {
            "chi_square": ([test.chi_square for test in tests], expected["chisq"]),
            "p_value": ([test.p_value for test in tests], expected["p"]),
        }
    )
    assert difference <= TOLERANCE
    assert [test.name for test in tests] == [*modelled.covariates, GLOBAL]
    assert [test.df for test in tests] == [1] * len(modelled.covariates) + [
        len(modelled.covariates)
    ]


def test_firth_as_in_r(modelled):
    """coxphf(Surv(t, e) ~ ., maxit = 200, maxstep = 0.5): the interval is by profile likelihood."""
    model, expected = firth(modelled.design, where="Firth"), modelled.expected["firth"]
    difference = largest(
        {
            "coefficient": ([term.coefficient for term in model.terms], expected["coef"]),
            "std_error": ([term.std_error for term in model.terms], expected["se"]),
            "ci_lower": ([term.ci_lower for term in model.terms], expected["lower"]),
            "ci_upper": ([term.ci_upper for term in model.terms], expected["upper"]),
            "p_value": ([term.p_value for term in model.terms], expected["p"]),
            "log_likelihood": (model.log_likelihood, expected["loglik"][1]),
        }
    )
    assert difference <= FIRTH_TOLERANCE
    assert model.cautions == ()


@pytest.mark.parametrize(
    ("times", "events", "values"),
    [
        # One event; all events at once; everybody with x has the event first.
        ([1.0, 2.0, 3.0, 4.0], [0, 1, 0, 0], [0.0, 1.0, 0.0, 1.0]),
        ([1.0, 1.0, 1.0, 1.0], [1, 1, 1, 0], [0.0, 1.0, 0.0, 1.0]),
        ([1.0, 2.0, 3.0, 4.0], [1, 1, 0, 0], [1.0, 1.0, 0.0, 0.0]),
    ],
)
def test_proportionality_that_cannot_be_tested(times, events, values):
    frame = pd.DataFrame({"t": times, "e": events, "x": values})
    data = design(frame, duration="t", event="e", covariates=["x"], where="model")
    assert all(test.chi_square >= 0 for test in proportionality(data))
    assert all(np.isfinite(test.p_value) for test in proportionality(data))


def test_firth_has_an_estimate_where_the_covariate_orders_all_events():
    frame = pd.DataFrame({"t": range(1, 41), "e": 1, "x": range(-1, -41, -1)})
    data = design(frame, duration="t", event="e", covariates=["x"], where="model")
    (term,) = firth(data, where="Firth-penalised model").terms
    assert 1 < term.ci_lower < term.hazard_ratio < term.ci_upper


def test_firth_says_where_it_does_not_converge():
    """Near-duplicates leave next to no information on either."""
    generator = np.random.default_rng(1)
    x = generator.normal(size=40)
    frame = pd.DataFrame({"t": generator.exponential(size=40), "e": 1, "x": x})
    frame["y"] = x + 1e-6 * generator.normal(size=40)
    data = design(frame, duration="t", event="e", covariates=["x", "y"], where="model")
    model = firth(data, where="Firth-penalised model")
    assert [term.coefficient for term in model.terms] == [None, None]
    (caution,) = model.cautions
    assert caution.kind is Kind.NO_CONVERGENCE
    assert caution.where == "Firth-penalised model"
