"""What the partial likelihood says of a covariate without a new fit; ties are Breslow's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from outcomes.statistics.likelihood import partial_likelihood

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcomes.statistics.likelihood import Partial, PartialFit
    from outcomes.statistics.survival import Counts, Floats


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
    return score_of(partial_likelihood(times, events, values, coefficients))


def score_of(found: Partial) -> float:
    """Return the score χ² of a likelihood where its coefficients stand."""
    return float(found.gradient @ np.linalg.solve(found.information, found.gradient))


def conditional_ratio(
    times: Floats, events: Counts, values: Floats, fit: PartialFit, removed: Sequence[int]
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
