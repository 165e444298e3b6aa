"""What greenwood computes: the one place that knows its interface, which moves between versions.

Its version is pinned exactly. Every function takes checked numbers and returns plain ones; cases
without an answer are dealt with by the callers, since greenwood raises a different error for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

if TYPE_CHECKING:
    from greenwood import Surv

    from outcomes.statistics.survival import Counts, Floats

# The codes 0, 1 and 2 of a cause; the first category is how greenwood knows a censored time.
_STATES = ("censored", "event", "competing")


def aalen_johansen(
    times: Floats, causes: Counts, confidence: float
) -> dict[int, tuple[Floats, Floats, Floats, Floats]]:
    """Estimate the cumulative incidence of causes 1 and 2.

    Returns:
        By cause: incidence, standard error, lower and upper log-log limit, each with one entry per
        distinct time in ascending order.
    """
    import greenwood

    fitted = greenwood.AalenJohansen(conf_type="log-log", conf_level=confidence).fit(
        _response(times, causes)
    )
    table = fitted.to_frame(format="pandas")
    columns = ("estimate", "std_error", "conf_low", "conf_high")
    found = {}
    for cause in (1, 2):
        rows = table[table["cause"] == _STATES[cause]]
        incidence, std_error, lower, upper = (rows[name].to_numpy(np.float64) for name in columns)
        found[cause] = (incidence, std_error, lower, upper)
    return found


def gray_test(
    times: Floats, causes: Counts, groups: Counts, cause: int
) -> tuple[float, int] | None:
    """Compute Gray's statistic and its degrees of freedom; None where it has no variance."""
    import greenwood

    try:
        result = greenwood.grays_test(_response(times, causes), group=groups, cause=cause)
    except np.linalg.LinAlgError:
        return None
    return float(result.statistic), int(result.df)


def restricted_mean(times: Floats, events: Counts, until: float) -> tuple[float, float]:
    """Compute the area under a Kaplan-Meier curve up to a time, and its standard error."""
    import greenwood

    fitted = greenwood.KaplanMeier(conf_level=0.95).fit(greenwood.Surv(times, events))
    mean, _, upper = fitted.rmst(until, ci=True)
    # greenwood gives the interval and keeps the standard error; the upper limit is never cut off.
    return float(mean), float((upper - mean) / norm.ppf(0.975))


def _response(times: Floats, causes: Counts) -> Surv:
    import greenwood

    return greenwood.Surv(times, pd.Categorical.from_codes(causes.tolist(), pd.Index(_STATES)))
