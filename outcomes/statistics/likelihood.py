"""The partial likelihood of Cox's model with Breslow's or Efron's ties, and its residuals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from outcomes.statistics.survival import Counts, Floats


class Ties(StrEnum):
    """How events at the same time enter the likelihood."""

    EFRON = "efron"
    """Close to exact where ties are few, and R's default."""
    BRESLOW = "breslow"
    """What SPSS does; pulls coefficients towards 0 where ties are many."""
    EXACT = "exact"
    """Cox's discrete likelihood, for times that are truly discrete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """The log partial likelihood at given coefficients, its gradient and the information."""

    log_likelihood: float
    gradient: Floats
    information: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialFit:
    """A fitted Cox model; `covariance` is that of the coefficients."""

    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    log_likelihood_null: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Factors:
    """The factors of the partial likelihood, one an event, ascending in time.

    Attributes:
        times: The time of each event.
        lighter: The share by which those with an event at that time count less among those at risk:
            0 for Breslow; by Efron 0, 1/d, …, (d - 1)/d for the d events of a time.
        at_risk: The sum of the weights of those at risk.
        means: The covariates' means over them, by those weights.
        weights: The relative hazard of each patient, over exp(shift).
        shift: The largest linear predictor.
    """

    times: Floats
    lighter: Floats
    at_risk: Floats
    means: Floats
    weights: Floats
    shift: float

    def until(self, times: Floats, events: Counts, each: Floats) -> Floats:
        """Add up what each factor adds to the patients who are at risk then, for each patient."""
        zero = np.zeros((1, *each.shape[1:]))
        whole = np.concatenate([zero, np.cumsum(each, axis=0)])
        after = np.searchsorted(self.times, times, side="right")
        lighter = (each.T * self.lighter).T
        own = np.concatenate([zero, np.cumsum(lighter, axis=0)])
        before = np.searchsorted(self.times, times, side="left")
        summed: Floats = whole[after] - ((own[after] - own[before]).T * events).T
        return summed


def partial_likelihood(
    times: Floats,
    events: Counts,
    values: Floats,
    coefficients: Floats,
    *,
    ties: Ties = Ties.BRESLOW,
) -> Partial:
    """Evaluate the partial likelihood.

    Breslow, Biometrics 1974;30:89-99; Efron, J Am Stat Assoc 1977;72:557-565 (cited from memory).
    With w = exp(values @ coefficients), each event has a factor with the sum S of w over those at
    risk and their mean m, weighted by w: the log-likelihood adds up its predictor less log(S), the
    gradient its covariates less m, the information the weighted covariance of the covariates. By
    Efron the k-th of d events at one time has the weights of all d less by the share (k - 1)/d.

    Args:
        times: One a patient.
        events: 1 or 0, at least one of them 1.
        values: Patients by covariates.
        coefficients: One a covariate.
        ties: `BRESLOW` or `EFRON`; the exact one is `exact_ties`.
    """
    factors = _factors(times, events, values, coefficients, ties)
    predictor = values @ coefficients
    died = events == 1
    # A patient's part in the second moments of all factors is the hazard that he was exposed to.
    exposed = factors.weights * factors.until(times, events, 1 / factors.at_risk)
    return Partial(
        log_likelihood=float(
            predictor[died].sum() - (np.log(factors.at_risk) + factors.shift).sum()
        ),
        gradient=values[died].sum(axis=0) - factors.means.sum(axis=0),
        information=(values.T * exposed) @ values - factors.means.T @ factors.means,
    )


def score_residuals(
    times: Floats, events: Counts, values: Floats, coefficients: Floats, *, ties: Ties
) -> Floats:
    """Return each patient's part of the gradient, shape as `values`.

    It is `residuals(coxph(...), type = "score")` of R, with Breslow's or Efron's ties (Therneau,
    Grambsch and Fleming, Biometrika 1990;77:147-160, cited from memory).

    Args:
        times: One a patient.
        events: 1 or 0, at least one of them 1.
        values: Patients by covariates.
        coefficients: Those of the fitted model.
        ties: `BRESLOW` or `EFRON`.
    """
    factors = _factors(times, events, values, coefficients, ties)
    hazard = factors.until(times, events, 1 / factors.at_risk)
    of_means = factors.until(times, events, (factors.means.T / factors.at_risk).T)
    # The events of one time have the mean of their factors in common.
    first, after = (np.searchsorted(factors.times, times, side=side) for side in ("left", "right"))
    summed = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(factors.means, axis=0)])
    common = ((summed[after] - summed[first]).T / np.maximum(after - first, 1)).T
    expected = ((values.T * hazard).T - of_means).T * factors.weights
    residuals: Floats = ((values - common).T * events - expected).T
    return residuals


def _factors(
    times: Floats, events: Counts, values: Floats, coefficients: Floats, ties: Ties
) -> _Factors:
    predictor = values @ coefficients
    shift = float(predictor.max())
    weights = np.exp(predictor - shift)
    order = np.argsort(times, kind="stable")
    died = order[events[order] == 1]
    event_times, first_death, deaths = np.unique(times[died], return_index=True, return_counts=True)
    first = np.searchsorted(times[order], event_times)
    place = np.repeat(np.arange(event_times.size), deaths)
    lighter = np.zeros(died.size)
    if ties is Ties.EFRON:
        lighter = (np.arange(died.size) - first_death[place]) / deaths[place]

    def summed(each: Floats) -> Floats:
        at_risk = np.cumsum(each[order][::-1], axis=0)[::-1][first][place]
        tied = np.add.reduceat(each[died], first_death, axis=0)[place]
        sums: Floats = at_risk - (tied.T * lighter).T
        return sums

    at_risk = summed(weights)
    return _Factors(
        times=times[died],
        lighter=lighter,
        at_risk=at_risk,
        means=summed(weights[:, None] * values) / at_risk[:, None],
        weights=weights,
        shift=shift,
    )
