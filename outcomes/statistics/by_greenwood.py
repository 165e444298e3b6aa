"""What greenwood computes: the one place that knows its interface, which moves between versions.

Its version is pinned exactly. Every function takes checked numbers and returns plain ones; cases
without an answer are dealt with by the callers, since greenwood raises a different error for each.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from outcomes.statistics.likelihood import PartialFit

if TYPE_CHECKING:
    from greenwood import Surv

    from outcomes.statistics.survival import Counts, Floats

# The codes 0, 1 and 2 of a cause; the first category is how greenwood knows a censored time.
_STATES = ("censored", "event", "competing")


def event_table(times: Floats, events: Counts) -> tuple[Floats, Counts, Counts, Counts]:
    """Count those at risk, with the event and censored at each distinct time, ascending."""
    import greenwood

    found = greenwood.event_table(greenwood.Surv(times, events))
    at_risk, with_event, censored = (
        np.asarray(counts, dtype=np.int64)
        for counts in (found.n_risk, found.n_event, found.n_censor)
    )
    return np.asarray(found.time, dtype=np.float64), at_risk, with_event, censored


def logrank(times: Floats, events: Counts, groups: Counts, rho: int) -> tuple[float, int, float]:
    """Compute the log-rank statistic weighted by survival to the power rho, its df and its p."""
    import greenwood

    found = greenwood.logrank_test(greenwood.Surv(times, events), group=groups, rho=rho)
    return float(found.statistic), int(found.df), float(found.p_value)


def cox_late_entry(
    start: Floats, stop: Floats, events: Counts, values: Floats
) -> PartialFit | None:
    """Fit Cox's model with Efron's ties to `(start, stop]` rows; None where there is no maximum.

    The values should have a standard deviation of about 1.
    """
    import greenwood

    response = greenwood.Surv(time=start, time2=stop, event=events)
    with warnings.catch_warnings():
        # Without a maximum the coefficients overflow on their way; that is judged below.
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            fitted = greenwood.CoxPH(ties="efron").fit(response, values)
        except np.linalg.LinAlgError:
            return None
    if not (np.isfinite(fitted.coef_).all() and np.isfinite(fitted.std_error_).all()):
        return None
    return PartialFit(
        coefficients=fitted.coef_,
        covariance=fitted.vcov_,
        log_likelihood=float(fitted.loglik_),
        log_likelihood_null=float(fitted.loglik_null_),
    )


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
        # Of a group that nobody is left in it divides 0 by 0, for a figure that is not used here.
        with np.errstate(invalid="ignore", divide="ignore"):
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
