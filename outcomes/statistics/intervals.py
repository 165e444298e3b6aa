"""Confidence limits of a survival probability, on the scale that is asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

if TYPE_CHECKING:
    from outcomes.statistics.survival import Floats


class Interval(StrEnum):
    """The scale on which an interval is symmetric; `conf.type` of R's `survfit`."""

    LOG_LOG = "log-log"
    """Of log(-log(survival)): never beyond 0 or 1, and the best of the three in small groups."""
    LOG = "log"
    """Of log(survival), R's own default."""
    PLAIN = "plain"
    """Of the survival itself, as SPSS and many publications have it."""


def survival_limits(
    survival: Floats, log_std_error: Floats, *, confidence: float, interval: Interval
) -> tuple[Floats, Floats]:
    """Compute the limits as `survfit(..., conf.type = interval)` of R's survival 3.5-3.

    Borgan and Liestøl, Scand J Stat 1990;17:35-41 (cited from memory), compare the three.

    Args:
        survival: Probabilities, shape (n,).
        log_std_error: Standard errors of their logarithms, shape (n,); NaN at survival 0.
        confidence: Coverage.
        interval: The scale.

    Returns:
        The lower and the upper limits, each of shape (n,): NaN where the standard error is, and on
        the log-log scale at survival 1 too, since log(-log(1)) is infinite.
    """
    half_width = float(norm.ppf((1 + confidence) / 2)) * log_std_error
    if interval is Interval.PLAIN:
        return (
            np.maximum(survival - half_width * survival, 0),
            np.minimum(survival + half_width * survival, 1),
        )
    if interval is Interval.LOG:
        return survival * np.exp(-half_width), np.minimum(survival * np.exp(half_width), 1)
    lower, upper = np.full_like(survival, np.nan), np.full_like(survival, np.nan)
    inside = np.isfinite(log_std_error) & (survival < 1)
    middle = survival[inside]
    shift = half_width[inside] / np.log(middle)
    lower[inside], upper[inside] = middle ** np.exp(-shift), middle ** np.exp(shift)
    return lower, upper
