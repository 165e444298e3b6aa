"""Breslow's and Firth's models and the test of proportional hazards, against R.

R 4.2.2, survival 3.5-3 and coxphf; the numbers stand in `r_reference.json`, the calls here and in
`make_reference.R`. `pytest -rP -k against_r` prints the largest difference of each.
"""

from __future__ import annotations

import numpy as np
import pytest

from outcomes.firth import firth
from outcomes.proportional_hazards import GLOBAL, breslow, proportionality
from outcomes.score import partial_likelihood, score_test

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
