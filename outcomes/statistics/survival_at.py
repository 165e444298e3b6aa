"""One estimate of a Kaplan-Meier curve, where the curve itself is not needed.

`kaplan_meier` builds the whole curve by lifelines, in milliseconds; groups within groups need one
estimate each, of hundreds of curves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from outcomes.statistics.survival import KaplanMeierEstimate, greenwood_error

if TYPE_CHECKING:
    from outcomes.statistics.survival import Counts, Floats

CONFIDENCE = 0.95


def survival_at(times: Floats, events: Counts, horizon: float) -> KaplanMeierEstimate:
    """Estimate survival at a time, as `kaplan_meier(times, events).at(horizon)` does.

    Kaplan and Meier, J Am Stat Assoc 1958;53:457-481 (cited from memory).

    Args:
        times: One a patient, at least one, checked by `check_times_events`.
        events: 1 for an event, 0 for a censored time, one a patient.
        horizon: The time, at least 0.
    """
    observed, place = np.unique(times, return_inverse=True)
    removed = np.bincount(place)
    n_events = np.bincount(place, weights=events).astype(np.int64)
    n_at_risk = times.size - np.cumsum(removed) + removed
    still_there = int((times >= horizon).sum())
    step = int(np.searchsorted(observed, horizon, side="right"))
    if step == 0:
        return KaplanMeierEstimate(
            time=horizon,
            survival=1.0,
            std_error=0.0,
            ci_lower=np.nan,
            ci_upper=np.nan,
            n_at_risk=still_there,
        )
    n_at_risk, n_events = n_at_risk[:step], n_events[:step]
    survival = np.cumprod(1 - n_events / n_at_risk)
    std_error, lower, upper = greenwood_error(n_at_risk, n_events, survival, CONFIDENCE)
    return KaplanMeierEstimate(
        time=horizon,
        survival=float(survival[-1]),
        std_error=float(std_error[-1]),
        ci_lower=float(lower[-1]),
        ci_upper=float(upper[-1]),
        n_at_risk=still_there,
    )
