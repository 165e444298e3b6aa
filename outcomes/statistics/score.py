"""The partial likelihood with Breslow's ties, and what it says of a covariate without a new fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcomes.statistics.proportional_hazards import BreslowFit
    from outcomes.statistics.survival import Counts, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """The log partial likelihood at given coefficients, its gradient and the information."""

    log_likelihood: float
    gradient: Floats
    information: Floats


def partial_likelihood(
    times: Floats, events: Counts, values: Floats, coefficients: Floats
) -> Partial:
    """Evaluate the partial likelihood of Breslow (Biometrics 1974;30:89-99; cited from memory).

    With w = exp(values @ coefficients), the risk set R(t) of an event time t with d events, and the
    mean m(t) of the covariates over R(t) weighted by w: the log-likelihood adds up the predictors
    of those with events less d log(sum of w over R(t)), the gradient their covariates less d m(t),
    the information d times the weighted covariance of the covariates in R(t).

    Args:
        times: One a patient.
        events: 1 or 0, at least one of them 1.
        values: Patients by covariates.
        coefficients: One a covariate.
    """
    predictor = values @ coefficients
    shift = predictor.max()
    weights = np.exp(predictor - shift)
    event_times, deaths = np.unique(times[events == 1], return_counts=True)
    order = np.argsort(times, kind="stable")
    first = np.searchsorted(times[order], event_times)

    def over_risk_sets(each: Floats) -> Floats:
        sums: Floats = np.cumsum(each[order][::-1], axis=0)[::-1][first]
        return sums

    at_risk = over_risk_sets(weights)
    means = over_risk_sets(weights[:, None] * values) / at_risk[:, None]
    # A patient's part in the second moments of all risk sets is the hazard that he was exposed to.
    hazard = np.concatenate(([0.0], np.cumsum(deaths / at_risk)))
    exposed = weights * hazard[np.searchsorted(event_times, times, side="right")]
    return Partial(
        log_likelihood=float(predictor[events == 1].sum() - deaths @ (np.log(at_risk) + shift)),
        gradient=values[events == 1].sum(axis=0) - deaths @ means,
        information=(values.T * exposed) @ values - (means.T * deaths) @ means,
    )


def score_test(times: Floats, events: Counts, values: Floats, coefficients: Floats) -> float:
    """Return the score χ² of adding covariates to a fitted model, or to none.

    It is `coxph(Surv(times, events) ~ values, ties = "breslow", init = coefficients,
    control = coxph.control(iter.max = 0))$score` of R. The whole gradient counts: that of the
    model's own covariates is 0 but for where its fit stopped, which it makes good.

    Args:
        times: One a patient.
        events: 1 or 0, at least one of them 1.
        values: Patients by the covariates of the model and those to be added.
        coefficients: Those of the model, 0 for what is added.
    """
    found = partial_likelihood(times, events, values, coefficients)
    return float(found.gradient @ np.linalg.solve(found.information, found.gradient))


def conditional_ratio(
    times: Floats, events: Counts, values: Floats, fit: BreslowFit, removed: Sequence[int]
) -> float:
    """Return the conditional likelihood ratio χ² of removing covariates from a fitted model.

    The other coefficients are not fitted again but moved to where the fit expects them once those
    removed are 0 (Lawless and Singhal, Biometrics 1978;34:318-327; cited from memory).

    Args:
        times: One a patient.
        events: 1 or 0, at least one of them 1.
        values: Patients by the covariates of the model.
        fit: The model.
        removed: The columns to remove.
    """
    out = list(removed)
    moved = fit.covariance[:, out] @ np.linalg.solve(
        fit.covariance[np.ix_(out, out)], fit.coefficients[out]
    )
    without = partial_likelihood(times, events, values, fit.coefficients - moved)
    return 2 * (fit.log_likelihood - without.log_likelihood)
