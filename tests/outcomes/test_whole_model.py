"""Robust errors, concordance and tests of a whole model, beyond what the reference holds of R."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.cox import cox
from outcomes.statistics.design import design
from outcomes.statistics.likelihood import Ties, partial_likelihood, score_residuals


def fit(frame, *covariates, ties=Ties.EFRON):
    data = design(frame, duration="t", event="e", covariates=covariates, where="Cox model")
    return cox(data, ties=ties)


def test_with_breslow_s_ties_as_in_r(veteran):
    """c1 <- coxph(Surv(time, status) ~ trt + karno, veteran, ties = "breslow", robust = TRUE,
    cluster = seq_along(time)); sqrt(diag(vcov(c1))), R 4.2.2, survival 3.5-3."""
    model = fit(veteran.frame, "trt", "karno", ties=Ties.BRESLOW)
    assert [*model.robust_std_errors.values()] == pytest.approx(
        [0.1923299219885426514, 0.0048302680255242324], abs=1e-10
    )
    # c1$concordance["concordance"] is printed as 0.7118355.
    assert model.concordance == pytest.approx(0.7118355, abs=5e-8)


@pytest.mark.parametrize("ties", [Ties.EFRON, Ties.BRESLOW])
def test_parts_of_the_gradient_add_up_to_it(veteran, ties):
    data, somewhere = veteran.design, np.array([0.1, -0.5, 0.2, 0, 0.3])
    given = (data.times, data.events, data.standardised, somewhere)
    parts = score_residuals(*given, ties=ties)
    assert parts.shape == data.values.shape
    gradient = partial_likelihood(*given, ties=ties).gradient
    assert parts.sum(axis=0) == pytest.approx(gradient, abs=1e-11)
    assert np.abs(gradient).max() > 1


def test_robust_errors_do_not_depend_on_order_or_units(veteran):
    shuffled = veteran.frame.sample(frac=1, random_state=1)
    scaled = shuffled.assign(karno=shuffled["karno"] * 1000)
    base, other = (fit(frame, "trt", "karno") for frame in (veteran.frame, scaled))
    assert other.robust_std_errors["trt"] == pytest.approx(base.robust_std_errors["trt"], rel=1e-9)
    assert other.robust_std_errors["karno"] * 1000 == pytest.approx(
        base.robust_std_errors["karno"], rel=1e-9
    )
    assert other.concordance == base.concordance


def test_tests_of_the_whole_model_have_their_degrees_of_freedom(veteran):
    """summary(coxph(Surv(t, e) ~ ., ties = "efron"))$logtest of R is twice the gain of $loglik."""
    model = fit(veteran.frame, *veteran.covariates)
    ratio = model.tests[0]
    null, found = veteran.expected["cox_efron"]["loglik"]
    assert ratio.chi_square == pytest.approx(2 * (found - null), abs=1e-9)
    assert [(test.name, test.df) for test in model.tests] == [
        ("likelihood ratio", 5),
        ("Wald", 5),
        ("score", 5),
    ]
    assert all(0 < test.p_value < 1e-6 for test in model.tests)


def test_exact_ties_have_no_robust_error(veteran):
    model = fit(veteran.frame, "trt", ties=Ties.EXACT)
    assert (model.ties, model.robust_std_errors) == (Ties.EXACT, {})
    assert model.concordance is not None


def test_nothing_of_a_model_with_a_covariate_at_infinity():
    frame = pd.DataFrame({"t": range(40), "e": [1] * 30 + [0] * 10, "g": [1] * 30 + [0] * 10})
    model = fit(frame.assign(x=np.random.default_rng(2).normal(size=40)), "x", "g")
    assert not model.converged
    assert (model.robust_std_errors, model.concordance, model.tests) == ({}, None, ())


def test_no_pair_has_an_order():
    frame = pd.DataFrame({"t": 1.0, "e": 1, "x": np.random.default_rng(1).normal(size=20)})
    model = fit(frame, "x", ties=Ties.BRESLOW)
    assert (model.converged, model.concordance) == (True, None)


def test_patients_with_the_same_covariates_are_tied():
    """Of six pairs three are between those alike, and count half; patient 3 is before 4 only."""
    frame = pd.DataFrame({"t": [1, 2, 3, 4], "e": 1, "x": [0, 0, 1, 0]})
    model = fit(frame, "x")
    assert model.terms[0].coefficient < 0
    assert model.concordance == (2 + 3 / 2) / 6
