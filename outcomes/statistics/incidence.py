"""Cumulative incidence with competing events, and Gray's test of a difference between groups.

A cause is 0 for a censored time, 1 for the event of interest and 2 for any event that competes
with it. Values agree with `survfit` of R's survival 3.5-3 (Aalen and Johansen, with the standard
error of its counting process) and `cuminc` of cmprsk 2.2-11 (Gray's test; the same estimates, with
another variance, which can be asked for). There is no interval before the first event and none at
an incidence of 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2

from outcomes.errors import OutcomesError
from outcomes.statistics.by_greenwood import aalen_johansen, gray_test
from outcomes.statistics.incidence_error import StdError, cuminc_std_error
from outcomes.statistics.intervals import Interval, survival_limits
from outcomes.statistics.survival import LogRank, check_times_events, no_test, number_groups

if TYPE_CHECKING:
    from outcomes.statistics.survival import Column, Counts, Floats

CAUSES = {0: "censored", 1: "event", 2: "competing event"}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidenceEstimate:
    """The cumulative incidence of a cause at one time; NaN where there is no interval."""

    incidence: float
    std_error: float
    ci_lower: float
    ci_upper: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CauseCurve:
    """The cumulative incidence of one cause, an entry for each distinct observed time.

    Attributes:
        incidence: Estimated probability of having had this event first, by this time; a fraction.
        std_error: Its standard error.
        ci_lower: Lower log-log confidence limit; NaN at an incidence of 0 or 1.
        ci_upper: Upper log-log confidence limit; the same.
    """

    incidence: Floats
    std_error: Floats
    ci_lower: Floats
    ci_upper: Floats

    def after_step(self, step: int) -> IncidenceEstimate:
        """Read the curve after a step; -1 is before the first one."""
        if step < 0:
            return IncidenceEstimate(
                incidence=0.0, std_error=0.0, ci_lower=math.nan, ci_upper=math.nan
            )
        return IncidenceEstimate(
            incidence=float(self.incidence[step]),
            std_error=float(self.std_error[step]),
            ci_lower=float(self.ci_lower[step]),
            ci_upper=float(self.ci_upper[step]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidenceAt:
    """Both causes read at one time, and those whose time is at least that."""

    event: IncidenceEstimate
    competing: IncidenceEstimate
    n_at_risk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidenceCounts:
    """Those at risk at a time, and those who left before it, and why; they add up to n."""

    n_at_risk: int
    n_events: int
    n_competing: int
    n_censored: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CumulativeIncidence:
    """The cumulative incidence of an event and of those that compete with it.

    All arrays are one-dimensional with one entry per distinct observed time, ascending.

    Attributes:
        time: The observed times, in the unit they came in.
        n_at_risk: Those whose time is at least this.
        n_events: Those with the event at this time.
        n_competing: Those with a competing event at this time.
        n_censored: Those censored at this time, who count as at risk for its events.
        event: The incidence of the event.
        competing: The incidence of competing events; with it, the two and the Kaplan-Meier
            estimate of being free of both add up to 1.
        confidence: Coverage of the intervals.
        std_error_by: How the standard errors are estimated.
        n: Number of patients.
    """

    time: Floats
    n_at_risk: Counts
    n_events: Counts
    n_competing: Counts
    n_censored: Counts
    event: CauseCurve
    competing: CauseCurve
    confidence: float
    std_error_by: StdError
    n: int

    @property
    def events(self) -> int:
        """The number of events."""
        return int(self.n_events.sum())

    @property
    def competing_events(self) -> int:
        """The number of competing events."""
        return int(self.n_competing.sum())

    @property
    def last_time(self) -> float:
        """The longest observed time, where the curves end."""
        return float(self.time[-1])

    def at(self, horizon: float) -> IncidenceAt:
        """Read both curves at a time: 0 before the first entry, the last value after the last.

        Raises:
            OutcomesError: If the horizon is negative or not a number.
        """
        if not horizon >= 0:
            raise OutcomesError(f"horizon: expected a time of at least 0, found {horizon}")
        step = int(np.searchsorted(self.time, horizon, side="right")) - 1
        return IncidenceAt(
            event=self.event.after_step(step),
            competing=self.competing.after_step(step),
            n_at_risk=self.counts_before(horizon).n_at_risk,
        )

    def counts_before(self, time: float) -> IncidenceCounts:
        """Split all patients into those at risk at a time and those who left before it."""
        earlier = slice(int(np.searchsorted(self.time, time, side="left")))
        left = [int(n[earlier].sum()) for n in (self.n_events, self.n_competing, self.n_censored)]
        return IncidenceCounts(
            n_at_risk=self.n - sum(left), n_events=left[0], n_competing=left[1], n_censored=left[2]
        )


def cumulative_incidence(
    time: Column,
    cause: Column,
    *,
    confidence: float = 0.95,
    std_error: StdError = StdError.SURVFIT,
) -> CumulativeIncidence:
    """Estimate the cumulative incidence of an event and of its competitors by Aalen and Johansen.

    As `survfit(Surv(time, factor(cause, 0:2)) ~ 1, conf.type = "log-log")` of R: the interval is on
    the log(-log(incidence)) scale.

    Args:
        time: Times since the start, shape (n,).
        cause: A code of `CAUSES` for each, shape (n,).
        confidence: Coverage of the intervals.
        std_error: How the standard errors are estimated.

    Raises:
        OutcomesError: If `check_times_events` refuses the data, or the confidence is not between
            0 and 1.
    """
    if not 0 < confidence < 1:
        raise OutcomesError(f"confidence: expected a fraction between 0 and 1, found {confidence}")
    times, causes = check_times_events(time, cause, codes=CAUSES)
    distinct, step = np.unique(times, return_inverse=True)
    counts = [np.bincount(step, weights=causes == code, minlength=distinct.size) for code in CAUSES]
    n_censored, n_events, n_competing = (count.astype(np.int64) for count in counts)
    left = n_censored + n_events + n_competing
    n_at_risk = times.size - np.cumsum(left) + left
    curves = {}
    for code, (incidence, error, lower, upper) in aalen_johansen(times, causes, confidence).items():
        own, other = (n_events, n_competing) if code == 1 else (n_competing, n_events)
        curves[code] = (
            _with_error_of_cuminc(n_at_risk, own, other, incidence, confidence)
            if std_error is StdError.CUMINC
            else CauseCurve(incidence=incidence, std_error=error, ci_lower=lower, ci_upper=upper)
        )
    return CumulativeIncidence(
        time=distinct,
        n_at_risk=n_at_risk,
        n_events=n_events,
        n_competing=n_competing,
        n_censored=n_censored,
        event=curves[1],
        competing=curves[2],
        confidence=confidence,
        std_error_by=std_error,
        n=times.size,
    )


def _with_error_of_cuminc(
    n_at_risk: Counts, n_events: Counts, n_others: Counts, incidence: Floats, confidence: float
) -> CauseCurve:
    error = cuminc_std_error(n_at_risk, n_events, n_others, incidence)
    of_log = np.divide(error, incidence, out=np.full_like(error, np.nan), where=incidence > 0)
    lower, upper = survival_limits(
        incidence, of_log, confidence=confidence, interval=Interval.LOG_LOG
    )
    return CauseCurve(incidence=incidence, std_error=error, ci_lower=lower, ci_upper=upper)


def gray(time: Column, cause: Column, group: Column, *, of: int = 1) -> LogRank:
    """Test whether groups differ in the cumulative incidence of a cause by Gray's test.

    As `cuminc(time, cause, group)` of R's cmprsk (Gray, Ann Stat 1988;16:1141-1154, cited from
    memory), with the weight rho = 0. A group of which nobody was under observation when the first
    event of the cause occurred cannot inform the test and is left out, with its degree of freedom.

    Args:
        time: Times since the start, shape (n,).
        cause: A code of `CAUSES` for each, shape (n,).
        group: The group of each patient, shape (n,), any hashable labels, none missing.
        of: The cause that is compared, 1 or 2.

    Returns:
        The test; where there is no p value, `reason` says why.

    Raises:
        OutcomesError: If `check_times_events` refuses the data, or a group is missing.
    """
    times, causes = check_times_events(time, cause, codes=CAUSES)
    codes, labels = number_groups(group, times.size)
    if len(labels) < 2:  # noqa: PLR2004
        return no_test(f"Gray's test needs two groups, there is one ('{labels[0]}')")
    if not (causes == of).any():
        return no_test(f"no {CAUSES[of]} among {times.size} patients")
    observed = times >= times[causes == of].min()
    present = np.unique(codes[observed])
    if present.size < 2:  # noqa: PLR2004
        return no_test(
            f"only '{labels[present[0]]}' had patients at risk when the {CAUSES[of]}s occurred"
        )
    kept = np.isin(codes, present)
    found = gray_test(times[kept], causes[kept], codes[kept], of)
    if found is None:
        return no_test(f"the {CAUSES[of]}s leave Gray's test without a variance")
    statistic, df = found
    left_out = [f"'{labels[code]}'" for code in range(len(labels)) if code not in present]
    return LogRank(
        chi_square=statistic,
        df=df,
        p_value=float(chi2.sf(statistic, df)),
        reason=f"without {', '.join(left_out)}: nobody at risk when the first {CAUSES[of]} occurred"
        if left_out
        else "",
    )
