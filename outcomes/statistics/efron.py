"""The partial likelihood with Efron's ties over strata, and its maximum.

A stratum is prepared once, for the model across all strata and for its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from outcomes.statistics.likelihood import Partial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcomes.statistics.survival import Counts, Floats

# The Newton step that follows such a decrement is a millionth of a standard error, and the error
# it leaves is the square of that.
MAX_DECREMENT = 1e-12
# Where a covariate separates, a step adds about 1 to its coefficient: 28 of them end the fit.
MAX_STEPS = 100
# A step that lowers the log-likelihood by more than rounding is halved.
ROUNDING = 1e-12

# The odds of a patient with the next value are then below what rounding sees.
LIMIT = 50.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stratum:
    """A stratum's patients, the longest observed first, so that risk sets are the first rows.

    Attributes:
        values: Patients by covariates, centred, which changes no likelihood.
        died: Who had the event.
        risk_set: By distinct event time: the number of patients at risk, the first rows.
        starts: By distinct event time: where its events begin among `values[died]`.
        tie: By event: the number of its event time.
        share: By event: the part of its tie that Efron takes out of the risk set.
    """

    values: Floats
    died: Counts
    risk_set: Counts
    starts: Counts
    tie: Counts
    share: Floats


def prepare(times: Floats, events: Counts, values: Floats) -> Stratum:
    """Put a stratum's patients into the order of their risk sets.

    Args:
        times: One a patient.
        events: 1 or 0.
        values: Patients by covariates.
    """
    order = np.argsort(-times, kind="stable")
    died = events[order] == 1
    # From the last event time to the first, as the rows are.
    negative, starts, tie, deaths = np.unique(
        -times[order][died], return_index=True, return_inverse=True, return_counts=True
    )
    return Stratum(
        values=(values - values.mean(axis=0))[order],
        died=died,
        risk_set=np.searchsorted(-times[order], negative, side="right"),
        starts=starts,
        tie=tie,
        share=(np.arange(tie.size) - starts[tie]) / deaths[tie],
    )


def maximise(
    strata: Sequence[Stratum], columns: Sequence[int]
) -> tuple[Floats, Floats, float, float] | None:
    """Find the maximum by Newton's method, to within 1e-8 of R's `coxph`.

    Args:
        strata: Those with an event.
        columns: The covariates to use, which the strata tell something of; may be none.

    Returns:
        Coefficients, their covariance, the log-likelihood without covariates and at the maximum;
        None where it is not found. A covariate that separates has a coefficient near the limit of
        the likelihood, and a standard error beyond any use.
    """
    coefficients: Floats = np.zeros(len(columns))
    found = stratified_partial(strata, columns, coefficients)
    null = found.log_likelihood
    limit = _separating(strata, columns[0]) if len(columns) == 1 else 0.0
    if limit:
        at_limit = stratified_partial(strata, columns, np.array([limit])).log_likelihood
        return np.array([limit]), np.array([[math.inf]]), null, at_limit
    for _ in range(MAX_STEPS):
        try:
            step = np.linalg.solve(found.information, found.gradient)
        except np.linalg.LinAlgError:
            return None
        decrement = float(found.gradient @ step)
        if not decrement >= -MAX_DECREMENT:
            return None
        # A step much too long makes weights of 0, and is halved.
        with np.errstate(divide="ignore", invalid="ignore"):
            after = stratified_partial(strata, columns, coefficients + step)
            while after.log_likelihood < found.log_likelihood - ROUNDING * max(1.0, abs(null)):
                step = step / 2
                after = stratified_partial(strata, columns, coefficients + step)
        coefficients, found = coefficients + step, after
        if decrement < MAX_DECREMENT:
            try:
                covariance = np.linalg.inv(found.information)
            except np.linalg.LinAlgError:
                return None
            return coefficients, covariance.astype(np.float64), null, found.log_likelihood
    return None


def _separating(strata: Sequence[Stratum], column: int) -> float:
    """Return a coefficient at the limit of the likelihood of one covariate, 0 if it has a maximum.

    The likelihood of an indicator rises for ever where every event is of a patient with the highest
    value at risk, or every one with the lowest. Newton's method would come to the same in some
    thirty steps, and is left to find it for a covariate of more values.
    """
    gaps = [np.diff(np.unique(one.values[:, column])) for one in strata]
    if any(gap.size > 1 for gap in gaps):
        return 0.0
    toward = []
    for one in strata:
        values = one.values[:, column]
        of_events = values[one.died]
        last = one.risk_set[one.tie] - 1
        toward.append(
            (
                bool((of_events >= np.maximum.accumulate(values)[last]).all()),
                bool((of_events <= np.minimum.accumulate(values)[last]).all()),
            )
        )
    highest, lowest = (all(found) for found in zip(*toward, strict=True))
    if highest == lowest:
        return 0.0
    limit = LIMIT / float(np.concatenate(gaps).min())
    return limit if highest else -limit


def stratified_partial(
    strata: Sequence[Stratum], columns: Sequence[int], coefficients: Floats
) -> Partial:
    """Add up the partial likelihoods of strata, each with an event."""
    parts = [_partial(one, one.values[:, list(columns)], coefficients) for one in strata]
    return Partial(
        log_likelihood=sum(part.log_likelihood for part in parts),
        gradient=np.sum([part.gradient for part in parts], axis=0),
        information=np.sum([part.information for part in parts], axis=0),
    )


def _partial(one: Stratum, values: Floats, coefficients: Floats) -> Partial:
    """Evaluate a stratum's partial likelihood with ties by Efron.

    J Am Stat Assoc 1977;72:557-565 (cited from memory). With w = exp(values @ coefficients), the
    l-th of d events at a time, l = 0..d-1, sees the risk set less l/d of the d who have the event.
    """
    n, p = values.shape
    predictor = values @ coefficients
    shift = predictor.max()
    weights = np.exp(predictor - shift)
    # Weights, weighted covariates and their weighted products in one matrix, added up at once.
    powers = np.empty((n, 1 + p + p * p))
    powers[:, 0] = 1.0
    powers[:, 1 : 1 + p] = values
    powers[:, 1 + p :] = (values[:, :, None] * values[:, None, :]).reshape(n, p * p)
    powers *= weights[:, None]
    risk = powers.cumsum(axis=0)[one.risk_set[one.tie] - 1]
    tied = np.add.reduceat(powers[one.died], one.starts, axis=0)[one.tie]
    seen = risk - one.share[:, None] * tied
    total = seen[:, 0]
    means = seen[:, 1 : 1 + p] / total[:, None]
    products = (1 / total) @ seen[:, 1 + p :]
    return Partial(
        log_likelihood=float((predictor[one.died] - shift - np.log(total)).sum()),
        gradient=(values[one.died] - means).sum(axis=0),
        information=products.reshape(p, p) - means.T @ means,
    )
