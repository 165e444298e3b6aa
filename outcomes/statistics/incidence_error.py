"""The two standard errors of a cumulative incidence that R has."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from outcomes.statistics.survival import Counts, Floats


class StdError(StrEnum):
    """How the variance of a cumulative incidence is estimated, by the function of R that does."""

    SURVFIT = "survfit"
    """That of the counting process (Aalen and Johansen)."""
    CUMINC = "cuminc"
    """Gray's, of cmprsk: by the delta method, with a correction for tied events."""


def cuminc_std_error(
    n_at_risk: Counts, n_events: Counts, n_others: Counts, incidence: Floats
) -> Floats:
    """Compute the standard error as `cuminc` of R's cmprsk 2.2-11.

    With S the probability of being free of all events, F the incidence, d events of a cause among
    y at risk and s = S(t-)² (1 - (d - 1)/(y - 1)) d/y², the variance at t adds up over earlier
    times u: ((1 + (F(u) - F(t))/S(u))² s for the cause itself, ((F(u) - F(t))/S(u))² s for the
    others (Pepe, J Am Stat Assoc 1991;86:770-778, cited from memory).

    Args:
        n_at_risk: Those at risk at each distinct time, ascending, shape (n,).
        n_events: Those with the event, shape (n,).
        n_others: Those with a competing event, shape (n,).
        incidence: Of the event, shape (n,).
    """
    after = np.cumprod(1 - (n_events + n_others) / n_at_risk)
    before = np.concatenate([[1.0], after[:-1]])
    # Once nobody is left nothing can follow.
    inverse = np.divide(1, after, out=np.zeros_like(after), where=after > 0)
    variance = np.zeros_like(incidence)
    for died, itself in ((n_events, 1), (n_others, 0)):
        tied = np.maximum(died - 1, 0) / np.maximum(n_at_risk - 1, 1)
        weight = before**2 * (1 - tied) * died / n_at_risk**2
        # The square, multiplied out: what depends on t alone stands before the sums.
        here = itself + incidence * inverse
        variance += (
            np.cumsum(weight * here**2)
            - 2 * incidence * np.cumsum(weight * here * inverse)
            + incidence**2 * np.cumsum(weight * inverse**2)
        )
    std_error: Floats = np.sqrt(np.maximum(variance, 0))
    return std_error
