"""Cox models against R 4.2.2, survival 3.5-3, and data that have no estimate."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from outcomes.errors import OutcomesError
from outcomes.statistics.cox import cox
from outcomes.statistics.design import design

TOLERANCE = 1e-8


@pytest.fixture
def cohort():
    """Forty patients, all with an event, and a covariate `x` without an effect."""
    generator = np.random.default_rng(1)
    return pd.DataFrame(
        {"t": generator.exponential(size=40), "e": 1, "x": generator.normal(size=40)}
    )


def fit(frame, *covariates):
    return cox(design(frame, duration="t", event="e", covariates=covariates, where="Cox model"))


def test_model_as_in_r(modelled):
    """c1 <- coxph(Surv(t, e) ~ Z, ties = "efron"); coef(c1), sqrt(diag(vcov(c1))), c1$loglik.

    R 4.2.2, survival 3.5-3.
    """
    model, expected = cox(modelled.design), modelled.expected["cox_efron"]
    differences = {
        "coefficient": [
            t.coefficient - b for t, b in zip(model.terms, expected["coef"], strict=True)
        ],
        "std_error": [t.std_error - s for t, s in zip(model.terms, expected["se"], strict=True)],
        "log_likelihood": [
            model.log_likelihood_null - expected["loglik"][0],
            model.log_likelihood - expected["loglik"][1],
        ],
    }
    largest = {what: max(map(abs, values)) for what, values in differences.items()}
    print(", ".join(f"{what} {value:.1e}" for what, value in largest.items()))
    assert max(largest.values()) <= TOLERANCE
    assert (model.n, model.events) == (modelled.expected["n"], modelled.expected["events"])
    assert (model.ties, model.converged, model.cautions) == ("efron", True, ())
    assert [term.name for term in model.terms] == modelled.covariates


def test_term_follows_from_coefficient_and_error(lung):
    """Wald z, two-sided p and 95% interval; 1.959963984540054 is qnorm(0.975) of R."""
    term = fit(lung.frame, "sex").terms[0]
    assert term.z == term.coefficient / term.std_error
    assert term.p_value == pytest.approx(math.erfc(abs(term.z) / math.sqrt(2)), rel=1e-12)
    assert term.hazard_ratio == math.exp(term.coefficient)
    for limit, sign in ((term.ci_lower, -1), (term.ci_upper, 1)):
        distance = sign * 1.959963984540054 * term.std_error
        assert math.log(limit) == pytest.approx(term.coefficient + distance, abs=1e-14)


def test_constant_covariate_has_no_estimate_and_changes_nothing(cohort):
    model = fit(cohort.assign(k=1.0), "k", "x")
    constant, other = model.terms
    assert (constant.name, constant.coefficient, constant.p_value) == ("k", None, None)
    assert other == fit(cohort, "x").terms[0]
    assert model.converged
    (caution,) = model.cautions
    assert "'k' has the single value 1 among the 40 patients at risk" in caution.caution
    assert (caution.where, caution.figure) == ("Cox model", 40)


def test_covariate_constant_where_it_counts(cohort):
    """Only a patient censored before the first event differs: nothing can be learnt from that."""
    early = pd.DataFrame({"t": [0.0], "e": [0], "x": [0.0], "k": [2.0]})
    model = fit(pd.concat([cohort.assign(k=1.0), early]), "k", "x")
    assert model.terms[0].coefficient is None
    assert model.n == 41
    assert "among the 40 patients" in model.cautions[0].caution


def test_collinear_covariate_has_no_estimate(cohort):
    frame = cohort.assign(y=3 - 2 * cohort["x"], z=cohort["t"].rank() % 3)
    model = fit(frame, "x", "y", "z")
    assert [term.coefficient is None for term in model.terms] == [False, True, False]
    assert "'y' follows exactly from the covariates before it" in model.cautions[0].caution
    assert model.terms[0] == fit(frame, "x", "z").terms[0]


@pytest.mark.parametrize(("without_events", "end"), [(1, "minus"), (0, "plus")])
def test_separation_is_said_in_words(cohort, without_events, end):
    group = (np.arange(40) < 10).astype(int)
    frame = cohort.assign(g=group, e=(group != without_events).astype(int))
    model = fit(frame, "x", "g")
    assert not model.converged
    assert (model.terms[1].coefficient, model.terms[1].hazard_ratio) == (None, None)
    assert abs(model.terms[0].coefficient) < 2
    words = [c.caution for c in model.cautions if "separates" in c.caution]
    assert len(words) == 1
    assert words[0].startswith("'g' separates patients with and without events")
    assert f"runs to {end} infinity" in words[0]


def test_likelihood_without_maximum_gives_no_estimates(cohort):
    """The covariate orders the events: the coefficient grows for ever."""
    model = fit(cohort.assign(x=-cohort["t"]), "x")
    assert not model.converged
    assert model.terms[0].coefficient is None
    assert (model.log_likelihood, model.log_likelihood_null) == (None, None)
    assert "1 variable to 40 events did not converge" in model.cautions[-1].caution


def test_near_duplicates_give_no_estimates(cohort):
    noise = 1e-6 * np.random.default_rng(2).normal(size=40)
    model = fit(cohort.assign(y=cohort["x"] + noise), "x", "y")
    assert not model.converged
    assert [term.coefficient for term in model.terms] == [None, None]
    assert model.cautions


def test_no_events(cohort):
    model = fit(cohort.assign(e=0), "x")
    assert (model.n, model.events, model.converged) == (40, 0, False)
    assert model.terms[0].p_value is None
    assert [c.caution for c in model.cautions] == [
        "0 events among 40 patients: no model can be fitted"
    ]


def test_few_events_per_variable_is_said(cohort):
    frame = cohort.assign(z=cohort["t"].rank() % 3, e=(np.arange(40) < 12).astype(int))
    (caution,) = fit(frame, "x", "z").cautions
    assert caution.caution.startswith("12 events for 2 variables, 6.0 per variable")
    assert caution.figure == 6


def test_all_events_tied(cohort):
    model = fit(cohort.assign(t=1.0), "x")
    assert model.terms[0].coefficient == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_units_do_not_matter(cohort, scale):
    """A ratio beyond what a float holds is left out, the rest is the same."""
    term, base = fit(cohort.assign(x=cohort["x"] * scale), "x").terms[0], fit(cohort, "x").terms[0]
    assert term.coefficient * scale == pytest.approx(base.coefficient, rel=1e-9)
    assert term.p_value == pytest.approx(base.p_value, rel=1e-9)
    assert (term.hazard_ratio is None) == (scale < 1)


@pytest.mark.parametrize("name", ["duration", "event", "entry", "age (years) + x", "weights"])
def test_any_column_name_will_do(cohort, name):
    renamed = fit(cohort.rename(columns={"x": name}), name).terms[0]
    assert renamed.coefficient == fit(cohort, "x").terms[0].coefficient


@pytest.mark.parametrize(
    ("change", "covariates", "message"),
    [
        ({"x": "high"}, ["x"], "covariate 'x': expected numbers, found something else"),
        ({"x": math.nan}, ["x"], "covariate 'x', position 1: expected a number, found no value"),
        ({"e": 2}, ["x"], "event, position 1: expected 0"),
        ({"t": -1.0}, ["x"], "time, position 1: expected a number of at least 0, found -1"),
        ({}, ["y"], "expected the column 'y', found none of that name"),
        ({}, ["x", "x"], "expected each once"),
        ({}, [], "expected at least one, found none"),
    ],
)
def test_bad_requests_are_refused(cohort, change, covariates, message):
    with pytest.raises(OutcomesError, match=message):
        fit(cohort.assign(**change), *covariates)
