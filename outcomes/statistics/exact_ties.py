"""Cox's model with exact ties: his likelihood for times that are truly discrete.

Each event time has as its factor the chance that, of all sets of so many patients at risk, those
with the event are the set that has it (Cox, J R Stat Soc B 1972;34:187-220). The sum over all sets
is an elementary symmetric polynomial of the relative hazards, which grows with each patient at risk
by a recursion (Gail, Lubin and Rubinstein, Biometrika 1981;68:703-707; both cited from memory).
Risk sets are nested: one pass over the patients, the last first, gives it for every event time.
"""

from __future__ import annotations

from math import lgamma
from typing import TYPE_CHECKING

import numpy as np

from outcomes.statistics.likelihood import Partial, PartialFit

if TYPE_CHECKING:
    from outcomes.statistics.survival import Counts, Floats

# The number of sets has to stay below what a float holds, 1.8e308.
MAX_LOG_SETS = 690.0
MAX_STEPS, MAX_HALVINGS = 50, 30
# Newton's decrement before the last step: a tenth of a millionth of a standard error off, which
# that step squares. Below it, where the likelihood is flat, the information is rounding.
TOLERANCE = 1e-14
ROUNDING = 1e-10


def too_many(times: Floats, events: Counts) -> tuple[int, int] | None:
    """Return the events and those at risk of a time with more sets than can be added up, or None.

    Up to 1,000 patients at risk there is none, whatever the ties.
    """
    for at, deaths in zip(*np.unique(times[events == 1], return_counts=True), strict=True):
        at_risk = int((times >= at).sum())
        died = int(deaths)
        sets = lgamma(at_risk + 1) - lgamma(died + 1) - lgamma(at_risk - died + 1)
        if sets > MAX_LOG_SETS:
            return died, at_risk
    return None


def exact_likelihood(
    times: Floats, events: Counts, values: Floats, coefficients: Floats
) -> Partial:
    """Evaluate the exact partial likelihood; cost: patients x largest number tied x covariates².

    Args:
        times: One a patient.
        events: 1 or 0, at least one of them 1; not `too_many`.
        values: Patients by covariates.
        coefficients: One a covariate.
    """
    predictor = values @ coefficients
    shift = float(predictor.max())
    weights = np.exp(predictor - shift)
    event_times, deaths = np.unique(times[events == 1], return_counts=True)
    most, p = int(deaths.max()), values.shape[1]
    # By size of the set: the sum over sets of products of weights, its gradient, its curvature.
    sums, slopes, curves = np.zeros(most + 1), np.zeros((most + 1, p)), np.zeros((most + 1, p, p))
    sums[0] = 1
    log_likelihood = float(predictor[events == 1].sum())
    gradient, information = values[events == 1].sum(axis=0), np.zeros((p, p))
    order = np.argsort(-times, kind="stable")
    entered = 0
    for at, died in zip(event_times[::-1], deaths[::-1], strict=True):
        upto = int(np.searchsorted(-times[order], -at, side="right"))
        for patient in order[entered:upto]:
            weight, x = weights[patient], values[patient]
            cross = slopes[:-1, :, None] * x
            curves[1:] += weight * (
                curves[:-1]
                + cross
                + cross.transpose(0, 2, 1)
                + sums[:-1, None, None] * (x[:, None] * x)
            )
            slopes[1:] += weight * (slopes[:-1] + sums[:-1, None] * x)
            sums[1:] += weight * sums[:-1]
        entered = upto
        mean = slopes[died] / sums[died]
        log_likelihood -= float(np.log(sums[died])) + int(died) * shift
        gradient = gradient - mean
        information += curves[died] / sums[died] - np.outer(mean, mean)
    return Partial(log_likelihood=log_likelihood, gradient=gradient, information=information)


def exact(times: Floats, events: Counts, values: Floats) -> PartialFit | None:
    """Fit as `coxph(Surv(times, events) ~ values, ties = "exact")` of R.

    Newton's steps, each halved until the likelihood does not fall.

    Args:
        times: One a patient.
        events: 1 or 0, at least one of them 1; not `too_many`.
        values: Patients by covariates, standardised.

    Returns:
        The fit; None where the likelihood has no maximum that can be found.
    """
    coefficients = np.zeros(values.shape[1])
    null = at = exact_likelihood(times, events, values, coefficients)
    for _ in range(MAX_STEPS):
        try:
            step = np.linalg.solve(at.information, at.gradient)
        except np.linalg.LinAlgError:
            return None
        decrement = abs(float(at.gradient @ step))
        for _ in range(MAX_HALVINGS):
            moved = _at(times, events, values, coefficients + step)
            # Close to the maximum only rounding decides on which side the likelihood lies.
            if moved and moved.log_likelihood >= at.log_likelihood - ROUNDING:
                break
            step = step / 2
        else:
            return None
        coefficients, at = coefficients + step, moved
        if decrement < TOLERANCE:
            return PartialFit(
                coefficients=coefficients,
                covariance=np.asarray(np.linalg.inv(at.information), dtype=np.float64),
                log_likelihood=at.log_likelihood,
                log_likelihood_null=null.log_likelihood,
            )
    return None


def _at(times: Floats, events: Counts, values: Floats, coefficients: Floats) -> Partial | None:
    """Evaluate the likelihood; None where it is beyond what floats hold."""
    with np.errstate(all="ignore"):
        found = exact_likelihood(times, events, values, coefficients)
    sound = np.isfinite(found.log_likelihood) and np.isfinite(found.information).all()
    return found if sound else None
