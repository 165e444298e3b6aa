"""Cox proportional hazards models.

With Efron's ties the fit is lifelines', which stops too early by default: the tolerances here bring
it to within 1e-8 of `coxph` of R's survival 3.5-3. Where the likelihood has no maximum, or the data
say nothing of a covariate, there is no estimate but a caution.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError
from scipy.stats import norm

from outcomes import cautions
from outcomes.statistics.exact_ties import exact, too_many
from outcomes.statistics.likelihood import PartialFit, Ties
from outcomes.statistics.proportional_hazards import breslow
from outcomes.statistics.whole_model import ModelTest, concordance, model_tests, robust_covariance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcomes.cautions import Caution
    from outcomes.statistics.design import Design
    from outcomes.statistics.survival import Counts, Floats

# Full Newton steps (lifelines takes 95% of one, which converges linearly) until the Newton
# decrement is below 1e-18, that is, until the next step would be about 1e-9 standard errors. Its
# relative tolerance on the log-likelihood must not stop the fit first: R's 1e-9 is too coarse.
FIT_OPTIONS = {"step_size": 1.0, "precision": 1e-18, "r_precision": 1e-15, "max_steps": 200}
# A standard error of 100 for one standard deviation of a covariate means that its information is
# below a thousandth of that of one event: the likelihood is flat, its maximum at infinity.
MAX_STD_ERROR = 100.0
CONFIDENCE = 0.95
NOT_CONVERGED = ("failed to converge", "suspiciously close to 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxTerm:
    """One covariate of a model; all but the name are None where it has no estimate.

    `hazard_ratio` is that of one unit of the covariate, with its 95% Wald interval; where the unit
    is so small that a ratio is beyond what a float holds, it is None. `z` and `p_value` are those
    of the two-sided Wald test.
    """

    name: str
    coefficient: float | None = None
    std_error: float | None = None
    hazard_ratio: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    z: float | None = None
    p_value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxModel:
    """A fitted model.

    Attributes:
        n: Patients.
        events: Events.
        ties: How tied events are handled.
        terms: One for each covariate, in the order given.
        robust_std_errors: Standard errors by Lin and Wei, by covariate; only of a model that
            converged, and none with exact ties.
        concordance: Harrell's; None unless the model converged.
        tests: Of all covariates together: likelihood ratio, Wald and score; none unless the model
            converged.
        log_likelihood_null: Partial log-likelihood without covariates; None without a fit.
        log_likelihood: Partial log-likelihood of the model; None without a fit.
        converged: Whether every covariate that the data inform has a finite estimate.
        cautions: What to know before trusting it.
    """

    n: int
    events: int
    ties: Ties
    terms: tuple[CoxTerm, ...]
    robust_std_errors: Mapping[str, float] = field(default_factory=dict)
    concordance: float | None = None
    tests: tuple[ModelTest, ...] = ()
    log_likelihood_null: float | None = None
    log_likelihood: float | None = None
    converged: bool = False
    cautions: tuple[Caution, ...]


def cox(data: Design, *, ties: Ties = Ties.EFRON, where: str = "Cox model") -> CoxModel:
    """Fit a Cox model, as `coxph(Surv(times, events) ~ covariates, ties)` of R.

    Args:
        data: Times, events and covariates.
        ties: How tied events are handled.
        where: How the cautions call the model.

    Returns:
        The model. Covariates that the data cannot inform (constant, following from others) keep
        an empty term, as R's NA; so do those that separate patients with and without events.
    """
    found = [*data.cautions]
    if data.n_events == 0:
        return _unfitted(data, ties, found=found)
    variables = len(data.estimable)
    found += cautions.few_events_per_variable(data.n_events, variables, where=where)
    tied = too_many(data.times, data.events) if ties is Ties.EXACT else None
    if tied:
        found += cautions.too_many_ties(*tied, where=where)
        return _unfitted(data, ties, found=found)
    fit = _fit(data, ties) if variables else None
    if fit is None:
        if variables:
            found += cautions.no_convergence(data.n_events, variables, where=where)
        return _unfitted(data, ties, found=found)

    terms = {name: CoxTerm(name=name) for name in data.covariates}
    variances = np.diag(fit.covariance)
    # Where the likelihood is flat, rounding may make a variance negative.
    std_errors = np.sqrt(np.where(variances < 0, np.inf, variances))
    for number, name in enumerate(data.estimable):
        coefficient, std_error = float(fit.coefficients[number]), float(std_errors[number])
        scaled = std_error * float(data.scale[number])
        if np.isfinite(scaled) and scaled <= MAX_STD_ERROR:
            terms[name] = wald_term(name, coefficient, std_error)
        else:
            towards = "plus" if coefficient > 0 else "minus"
            found += cautions.separation(
                data.shown[name], towards=towards, std_error=scaled, where=where
            )
    converged = all(terms[name].coefficient is not None for name in data.estimable)
    robust: dict[str, float] = {}
    if converged and ties is not Ties.EXACT:
        errors = np.sqrt(np.diag(robust_covariance(data, fit, ties)))
        robust = dict(zip(data.estimable, errors.tolist(), strict=True))
    return CoxModel(
        n=data.n,
        events=data.n_events,
        ties=ties,
        terms=tuple(terms.values()),
        robust_std_errors=robust,
        concordance=concordance(data, fit) if converged else None,
        tests=model_tests(data, fit, ties) if converged else (),
        log_likelihood_null=fit.log_likelihood_null,
        log_likelihood=fit.log_likelihood,
        converged=converged,
        cautions=tuple(found),
    )


def _fit(data: Design, ties: Ties) -> PartialFit | None:
    """Fit in the covariates' own units; None where the fit did not converge."""
    if ties is Ties.EFRON:
        return _efron(data.times, data.events, data.values)
    fit = (breslow if ties is Ties.BRESLOW else exact)(data.times, data.events, data.standardised)
    if fit is None:
        return None
    return PartialFit(
        coefficients=fit.coefficients / data.scale,
        covariance=fit.covariance / np.outer(data.scale, data.scale),
        log_likelihood=fit.log_likelihood,
        log_likelihood_null=fit.log_likelihood_null,
    )


def _efron(times: Floats, events: Counts, values: Floats) -> PartialFit | None:
    """Fit by lifelines; None where it did not converge.

    Columns have plain names here: those of the user may be words that lifelines takes as its own.
    """
    frame = pd.DataFrame(values).rename(columns=lambda number: f"x{number}")
    frame = frame.assign(duration=times, event=events)
    fitter = CoxPHFitter()
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        try:
            fitter.fit(frame, "duration", "event", fit_options=FIT_OPTIONS)
        except ConvergenceError:
            return None
        log_likelihood = float(fitter.log_likelihood_)
        ratio = float(fitter.log_likelihood_ratio_test().test_statistic)
    if any(words in str(warning.message) for warning in raised for words in NOT_CONVERGED):
        return None
    return PartialFit(
        coefficients=fitter.params_.to_numpy(),
        covariance=fitter.variance_matrix_.to_numpy(),
        log_likelihood=log_likelihood,
        log_likelihood_null=log_likelihood - ratio / 2,
    )


def wald_term(name: str, coefficient: float, std_error: float) -> CoxTerm:
    """Make a term with its 95% interval and two-sided test by Wald."""
    half_width = float(norm.ppf((1 + CONFIDENCE) / 2)) * std_error
    z = coefficient / std_error
    return CoxTerm(
        name=name,
        coefficient=coefficient,
        std_error=std_error,
        hazard_ratio=ratio(coefficient),
        ci_lower=ratio(coefficient - half_width),
        ci_upper=ratio(coefficient + half_width),
        z=z,
        p_value=2 * float(norm.sf(abs(z))),
    )


def ratio(log_ratio: float) -> float | None:
    """Return e to the log ratio, None where that is beyond what a float holds."""
    try:
        return math.exp(log_ratio)
    except OverflowError:
        return None


def _unfitted(data: Design, ties: Ties, *, found: list[Caution]) -> CoxModel:
    return CoxModel(
        n=data.n,
        events=data.n_events,
        ties=ties,
        terms=tuple(CoxTerm(name=name) for name in data.covariates),
        cautions=tuple(found),
    )
