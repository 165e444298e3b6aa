"""Kaplan-Meier curves, the log-rank test and the length of follow-up.

The event table and the tests come from greenwood, which agrees with R as lifelines does, counts
those at risk at a time instead of after it, and takes a twentieth of the time on a small cohort,
where an analysis makes a hundred curves. Values agree with `survfit` and `survdiff` of R's survival 3.5-3, also where there is no
value: before the first event there is no log-log interval, since log(-log(1)) is infinite; once a
curve has reached 0 its standard error is NaN too, since the Greenwood sum is infinite there. Tables
write NaN as an empty cell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from outcomes.errors import OutcomesError
from outcomes.statistics import by_greenwood
from outcomes.statistics.intervals import Interval, survival_limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Counts: TypeAlias = npt.NDArray[np.int64]
    Column: TypeAlias = Sequence[Any] | npt.ArrayLike

# R's `survmean` takes a survival this close to one half as one half.
HALF_TOLERANCE = math.sqrt(np.finfo(np.float64).eps)
EVENTS = {0: "censored", 1: "event"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KaplanMeierEstimate:
    """A curve read at one time.

    `n_at_risk` counts those with a time of at least `time`. It is 0 beyond the last follow-up,
    where the other values are those of the end of the curve (as R's `summary(extend = TRUE)` and
    SPSS print them): whoever shows such a value says so, see `cautions.few_at_risk`.
    """

    time: float
    survival: float
    std_error: float
    ci_lower: float
    ci_upper: float
    n_at_risk: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KaplanMeier:
    """A Kaplan-Meier curve as its event table.

    All arrays are one-dimensional with one entry per distinct observed time, ascending; there is
    no entry for time 0 unless someone's time is 0. Survival and its standard error are fractions.

    Attributes:
        time: The observed times, in the unit they came in.
        n_at_risk: Those whose time is at least this.
        n_events: Those with the event at this time.
        n_censored: Those censored at this time, who count as at risk for its events.
        survival: Estimated probability of being event-free after this time.
        std_error: Greenwood's standard error of `survival`; NaN where the survival is 0.
        ci_lower: Lower confidence limit; NaN at survival 0, and before the first event where the
            interval is log-log.
        ci_upper: Upper confidence limit; the same.
        confidence: Coverage of the interval.
        interval: The scale of the interval.
        n: Number of patients.
        events: Number of events.
    """

    time: Floats
    n_at_risk: Counts
    n_events: Counts
    n_censored: Counts
    survival: Floats
    std_error: Floats
    ci_lower: Floats
    ci_upper: Floats
    confidence: float
    interval: Interval
    n: int
    events: int

    @property
    def last_time(self) -> float:
        """The longest observed time, where the curve ends."""
        return float(self.time[-1])

    @property
    def median(self) -> float | None:
        """The time at which half have had the event; None where the curve stays above one half.

        Where the curve runs level at one half, the middle of that stretch, as R has it.
        """
        return self._half(self.survival)

    @property
    def median_limits(self) -> tuple[float | None, float | None]:
        """The times at which the limits of the curve reach one half; None where they do not.

        They are the confidence limits of the median (Brookmeyer and Crowley, Biometrics
        1982;38:29-41, cited from memory), on the scale of the curve's interval.
        """
        return self._half(self.ci_lower), self._half(self.ci_upper)

    def _half(self, values: Floats) -> float | None:
        reached = np.flatnonzero(values < 0.5 + HALF_TOLERANCE)
        if reached.size == 0:
            return None
        first = reached[0]
        below = np.flatnonzero(values < 0.5 - HALF_TOLERANCE)
        if abs(values[first] - 0.5) < HALF_TOLERANCE and below.size:
            return float(self.time[first] + self.time[below[0]]) / 2
        return float(self.time[first])

    def at(self, horizon: float) -> KaplanMeierEstimate:
        """Read the curve at a time: 1 before the first entry, its last value after the last.

        Raises:
            OutcomesError: If the horizon is negative or not a number.
        """
        if not horizon >= 0:
            raise OutcomesError(f"horizon: expected a time of at least 0, found {horizon}")
        step = int(np.searchsorted(self.time, horizon, side="right")) - 1
        nobody_yet = step < 0
        return KaplanMeierEstimate(
            time=float(horizon),
            survival=1.0 if nobody_yet else float(self.survival[step]),
            std_error=0.0 if nobody_yet else float(self.std_error[step]),
            ci_lower=math.nan if nobody_yet else float(self.ci_lower[step]),
            ci_upper=math.nan if nobody_yet else float(self.ci_upper[step]),
            n_at_risk=self.counts_before(horizon).n_at_risk,
        )

    def counts_before(self, time: float) -> CountsBefore:
        """Split all patients into those at risk at a time and those who left before it."""
        earlier = slice(int(np.searchsorted(self.time, time, side="left")))
        n_events = int(self.n_events[earlier].sum())
        n_censored = int(self.n_censored[earlier].sum())
        return CountsBefore(
            n_at_risk=self.n - n_events - n_censored, n_events=n_events, n_censored=n_censored
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsBefore:
    """Those at risk at a time, and those with an event or censored before it; they add up to n."""

    n_at_risk: int
    n_events: int
    n_censored: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """A log-rank test or Gray's test; without a p value, `reason` says why.

    With a p value, `reason` is empty or says which groups the test had to leave out.
    """

    chi_square: float | None
    df: int | None
    p_value: float | None
    reason: str = ""


def check_times_events(
    time: Column, event: Column, *, codes: Mapping[int, str] = EVENTS
) -> tuple[Floats, Counts]:
    """Check times and events, the one gate in front of every estimator.

    Args:
        time: Times since the start, shape (n,), finite and at least 0.
        event: A code for each, shape (n,); True is 1 and False is 0.
        codes: What each code means.

    Returns:
        The times as floats and the events as integers, both of shape (n,).

    Raises:
        OutcomesError: For anything else, naming the position by its number in the data (1 for
            the first), never by an identifier.
    """
    times, events = _numbers(time, "time"), _numbers(event, "event")
    if times.size != events.size:
        raise OutcomesError(
            f"expected as many times as events, found {times.size} times and {events.size} events"
        )
    if times.size == 0:
        raise OutcomesError("expected at least one patient, found none")
    _refuse(times, ~(np.isfinite(times) & (times >= 0)), "time", "a number of at least 0")
    expected = " or ".join(f"{code} ({meaning})" for code, meaning in codes.items())
    _refuse(events, ~np.isin(events, tuple(codes)), "event", expected)
    return times, events.astype(np.int64)


def _numbers(values: Column, name: str) -> Floats:
    # Through pandas, so that None and pandas' NA become NaN, as every other missing value.
    try:
        column: pd.Series[Any] = pd.Series(values)
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise OutcomesError(f"{name}: expected a list of numbers, found something else") from None


def _refuse(values: Floats, wrong: npt.NDArray[np.bool_], name: str, expected: str) -> None:
    positions = np.flatnonzero(wrong)
    if positions.size:
        first = int(positions[0])
        found = "no value" if np.isnan(values[first]) else f"{values[first]:g}"
        raise OutcomesError(f"{name}, position {first + 1}: expected {expected}, found {found}")


def kaplan_meier(
    time: Column,
    event: Column,
    *,
    confidence: float = 0.95,
    interval: Interval = Interval.LOG_LOG,
) -> KaplanMeier:
    """Estimate a survival curve.

    The variance is Greenwood's, as `survfit(Surv(time, event) ~ 1, conf.type = interval)` of R
    gives it.

    Args:
        time: Times since the start, shape (n,).
        event: 1 for an event, 0 for a censored time, shape (n,).
        confidence: Coverage of the interval.
        interval: Its scale.

    Raises:
        OutcomesError: If `check_times_events` refuses the data, or the confidence is not
            between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise OutcomesError(f"confidence: expected a fraction between 0 and 1, found {confidence}")
    times, events = check_times_events(time, event)
    observed, n_at_risk, n_events, n_censored = by_greenwood.event_table(times, events)
    survival = np.cumprod(1 - n_events / n_at_risk, dtype=np.float64)
    log_std_error = _greenwood(n_at_risk, n_events)
    ci_lower, ci_upper = survival_limits(
        survival, log_std_error, confidence=confidence, interval=interval
    )
    return KaplanMeier(
        time=observed,
        n_at_risk=n_at_risk,
        n_events=n_events,
        n_censored=n_censored,
        survival=survival,
        std_error=survival * log_std_error,
        ci_lower=ci_lower,
        ci_upper=ci_upper,
        confidence=confidence,
        interval=interval,
        n=times.size,
        events=int(events.sum()),
    )


def _greenwood(n_at_risk: Counts, n_events: Counts) -> Floats:
    """Compute Greenwood's standard error of the log of the survival, NaN once nobody is left."""
    survivors = n_at_risk - n_events
    # Only the last row can be without survivors and have events: nobody is left after it.
    defined = (survivors > 0) | (n_events == 0)
    terms = n_events / (n_at_risk * np.where(survivors > 0, survivors, 1.0))
    return np.where(defined, np.sqrt(np.cumsum(terms)), np.nan)


def logrank(time: Column, event: Column, group: Column, *, rho: Literal[0, 1] = 0) -> LogRank:
    """Test whether groups differ in survival, as `survdiff(Surv(time, event) ~ group, rho)` of R.

    With rho = 1 it is the test of Peto and Peto, which weighs an event by the survival of all just
    before it: early differences count more, and crossing curves hide less (Harrington and Fleming,
    Biometrika 1982;69:553-566, cited from memory).

    A group of which nobody was at risk when the first event occurred cannot inform the test and
    is left out, with its degree of freedom. Where no test is possible, the result says so:
    lifelines would return p = 1 or NaN.

    Args:
        time: Times since the start, shape (n,).
        event: 1 for an event, 0 for a censored time, shape (n,).
        group: The group of each patient, shape (n,), any hashable labels, none missing.
        rho: The power of the survival that weighs the events.

    Raises:
        OutcomesError: If `check_times_events` refuses the data, or a group is missing.
    """
    times, events = check_times_events(time, event)
    codes, labels = number_groups(group, times.size)
    if len(labels) < 2:  # noqa: PLR2004
        return no_test(f"a log-rank test needs two groups, there is one ('{labels[0]}')")
    if not events.any():
        return no_test(f"no event among {times.size} patients")
    first_event = times[events == 1].min()
    # Risk sets only shrink, so whoever is not in the first is in none.
    informative = times >= first_event
    present = np.unique(codes[informative])
    if present.size < 2:  # noqa: PLR2004
        return no_test(f"only '{labels[present[0]]}' had patients at risk when the events occurred")
    if events[times == first_event].sum() == informative.sum():
        return no_test("all patients at risk had the event at the same time")
    chi_square, df, p_value = by_greenwood.logrank(
        times[informative], events[informative], codes[informative], rho
    )
    left_out = [f"'{labels[code]}'" for code in range(len(labels)) if code not in present]
    return LogRank(
        chi_square=chi_square,
        df=df,
        p_value=p_value,
        reason=f"without {', '.join(left_out)}: nobody at risk when the first event occurred"
        if left_out
        else "",
    )


def no_test(reason: str) -> LogRank:
    """Say why there is no test."""
    return LogRank(chi_square=None, df=None, p_value=None, reason=reason)


def number_groups(group: Column, expected: int) -> tuple[npt.NDArray[np.intp], list[object]]:
    """Number the groups in order of appearance; return each patient's number, and the labels.

    Raises:
        OutcomesError: If there are not as many as expected, or one is missing.
    """
    codes, labels = pd.factorize(np.asarray(group, dtype=object))
    if codes.size != expected:
        raise OutcomesError(
            f"expected as many groups as times, found {codes.size} groups and {expected} times"
        )
    missing = np.flatnonzero(codes < 0)
    if missing.size:
        raise OutcomesError(f"group, position {missing[0] + 1}: expected a group, found no value")
    return codes, list(labels)


def median_follow_up(time: Column, event: Column) -> float | None:
    """Return the median follow-up by the reverse Kaplan-Meier method, None where not reached.

    Events count as censored and censored times as events (Schemper and Smith, Control Clin Trials
    1996;17:343-346, cited from memory), so that an early death does not shorten the follow-up.

    Raises:
        OutcomesError: If `check_times_events` refuses the data.
    """
    times, events = check_times_events(time, event)
    return kaplan_meier(times, 1 - events).median
