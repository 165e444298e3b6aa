"""Simon-Makuch curves: survival before and after an exposure, by risk sets that change.

Simon and Makuch, Stat Med 1984;3:35-44 (cited from memory). Patients leave the curve of the
unexposed when they are exposed and enter that of the exposed: a Kaplan-Meier estimate with late
entry. Values are those of `survfit(Surv(start, stop, event) ~ exposed, conf.type = "log-log")` of
R's survival 3.5-3, with a landmark those of the rows that stop after it and `start.time` at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from outcomes.errors import OutcomesError
from outcomes.statistics.intervals import Interval, survival_limits
from outcomes.statistics.survival import greenwood_log_std_error, read_curve

if TYPE_CHECKING:
    from outcomes.statistics.start_stop import Flags, StartStop
    from outcomes.statistics.survival import Counts, Floats, KaplanMeierEstimate


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntryCounts:
    """Those at risk at a time, and those who left before it; they add up to those who entered."""

    n_at_risk: int
    n_events: int
    n_censored: int
    n_switched: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LateEntryCurve:
    """The curve of one group as its event table.

    All arrays but `entries` have one entry for each distinct time at which somebody leaves the
    group, ascending.

    Attributes:
        entries: The times at which patients entered the group, one a patient, ascending; the
            curve begins at the first of them, at 1.
        time: The times, in the unit they came in.
        n_at_risk: Those who entered before this time and have not left before it.
        n_events: Those with the event at this time.
        n_censored: Those censored at this time.
        n_switched: Those exposed at this time, who go on in the other group.
        survival: Estimated probability of being event-free after this time, given that one was so
            at the beginning of the curve.
        std_error: Greenwood's standard error; NaN where the survival is 0.
        ci_lower: Lower confidence limit; NaN at survival 0, on the log-log scale before the first
            event too.
        ci_upper: Upper confidence limit; the same.
        confidence: Coverage of the interval.
        interval: Its scale.
    """

    entries: Floats
    time: Floats
    n_at_risk: Counts
    n_events: Counts
    n_censored: Counts
    n_switched: Counts
    survival: Floats
    std_error: Floats
    ci_lower: Floats
    ci_upper: Floats
    confidence: float
    interval: Interval

    @property
    def n(self) -> int:
        """The number of patients who were in the group at some time."""
        return self.entries.size

    @property
    def events(self) -> int:
        """The number of events in the group."""
        return int(self.n_events.sum())

    @property
    def begin(self) -> float:
        """Where the curve begins."""
        return float(self.entries[0])

    @property
    def last_time(self) -> float:
        """The time at which the last one leaves, where the curve ends."""
        return float(self.time[-1])

    @property
    def emptied(self) -> float | None:
        """The time at which the curve fell to 0 although others entered later; None for never.

        All at risk, often one patient, had the event then. The curve cannot rise again, so that
        from there on it says nothing of those who entered later.
        """
        at_zero = np.flatnonzero(self.survival == 0)
        if not at_zero.size or at_zero[0] == self.time.size - 1:
            return None
        return float(self.time[at_zero[0]])

    @property
    def n_entered(self) -> Counts:
        """Those who entered since the time before, that time itself included."""
        before: Counts = np.searchsorted(self.entries, self.time, side="left")
        return np.diff(before, prepend=0)

    def at(self, horizon: float) -> KaplanMeierEstimate:
        """Read the curve at a time: 1 before its first step, its last value after the last.

        Raises:
            OutcomesError: If the time is before the beginning of the curve.
        """
        if not horizon >= self.begin:
            raise OutcomesError(
                f"horizon: expected a time of at least {self.begin:g}, where the curve begins, "
                f"found {horizon:g}"
            )
        return read_curve(self, horizon, n_at_risk=self.counts_before(horizon).n_at_risk)

    def counts_before(self, time: float) -> LateEntryCounts:
        """Split those who entered before a time into those at risk at it and those who left.

        Those who are there where the curve begins count at its beginning.
        """
        side: Literal["left", "right"] = "left" if time > self.begin else "right"
        entered = int(np.searchsorted(self.entries, time, side=side))
        earlier = slice(int(np.searchsorted(self.time, time, side="left")))
        left = [int(n[earlier].sum()) for n in (self.n_events, self.n_censored, self.n_switched)]
        return LateEntryCounts(
            n_at_risk=entered - sum(left),
            n_events=left[0],
            n_censored=left[1],
            n_switched=left[2],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SimonMakuch:
    """The curves of the unexposed and of the exposed; None where there is nobody."""

    unexposed: LateEntryCurve | None
    exposed: LateEntryCurve | None


def simon_makuch(
    rows: StartStop, *, confidence: float = 0.95, interval: Interval = Interval.LOG_LOG
) -> SimonMakuch:
    """Estimate survival before and after an exposure.

    Args:
        rows: Start-stop rows; after a landmark, those of `from_landmark`.
        confidence: Coverage of the interval.
        interval: Its scale.

    Raises:
        OutcomesError: If the confidence is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise OutcomesError(f"confidence: expected a fraction between 0 and 1, found {confidence}")
    # Who has a later row leaves this one for the other group.
    goes_on = np.append(rows.patient[1:] == rows.patient[:-1], False)[: rows.patient.size]
    return SimonMakuch(
        unexposed=_curve(rows, ~rows.exposed, goes_on, confidence, interval),
        exposed=_curve(rows, rows.exposed, goes_on, confidence, interval),
    )


def _curve(
    rows: StartStop, group: Flags, goes_on: Flags, confidence: float, interval: Interval
) -> LateEntryCurve | None:
    if not group.any():
        return None
    entries, stop = np.sort(rows.start[group]), rows.stop[group]
    time, place = np.unique(stop, return_inverse=True)
    event, switched = rows.event[group] == 1, goes_on[group]

    def counted(which: Flags) -> Counts:
        return np.bincount(place[which], minlength=time.size).astype(np.int64)

    n_at_risk = rows.of(group).at_risk(time)
    n_events = counted(event)
    survival: Floats = np.cumprod(1 - n_events / n_at_risk, dtype=np.float64)
    log_std_error = greenwood_log_std_error(n_at_risk, n_events)
    ci_lower, ci_upper = survival_limits(
        survival, log_std_error, confidence=confidence, interval=interval
    )
    return LateEntryCurve(
        entries=entries,
        time=time,
        n_at_risk=n_at_risk,
        n_events=n_events,
        n_censored=counted(~event & ~switched),
        n_switched=counted(switched),
        survival=survival,
        std_error=survival * log_std_error,
        ci_lower=ci_lower,
        ci_upper=ci_upper,
        confidence=confidence,
        interval=interval,
    )
