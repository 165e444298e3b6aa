"""Start-stop rows: the time of each patient before and after an exposure that comes later.

Intervals are open on the left and closed on the right, (start, stop], as those of R's
`Surv(start, stop, event)` and `tmerge`: whoever is exposed at a time counts as exposed after it and
not at it. An exposure at the time of the event, or after it, is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from outcomes.errors import OutcomesError
from outcomes.statistics.survival import check_times_events, numbers

if TYPE_CHECKING:
    import numpy.typing as npt

    from outcomes.statistics.survival import Column, Counts, Floats

    Flags = npt.NDArray[np.bool_]
    Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StartStop:
    """Times under observation: one row a patient, two for those who became exposed on the way.

    Attributes:
        patient: The position of each row's patient in the data given, shape (rows,), ascending;
            of two rows of a patient the unexposed one comes first.
        start: Where the time begins; the patient is at risk after it.
        stop: Where it ends; the patient is at risk at it.
        event: 1 where it ends with the event, 0 otherwise.
        exposed: Whether it is time after the exposure.
        no_time: Patients whose time is 0; they have no row, as in R.
        exposed_too_late: Those of the others who were exposed at or after the end of their time.
    """

    patient: Positions
    start: Floats
    stop: Floats
    event: Counts
    exposed: Flags
    no_time: int
    exposed_too_late: int

    @property
    def event_times(self) -> Floats:
        """The distinct times of events, ascending."""
        times: Floats = np.unique(self.stop[self.event == 1])
        return times

    def at_risk(self, times: Floats) -> Counts:
        """Count those at risk at each of some times."""
        entered = np.searchsorted(np.sort(self.start), times, side="left")
        left = np.searchsorted(np.sort(self.stop), times, side="left")
        return (entered - left).astype(np.int64)

    def events_at(self, times: Floats) -> Counts:
        """Count the events at each of some times."""
        ended = np.sort(self.stop[self.event == 1])
        by_then = np.searchsorted(ended, times, side="right")
        return (by_then - np.searchsorted(ended, times, side="left")).astype(np.int64)

    def of(self, kept: Flags | Positions) -> StartStop:
        """Keep some of the rows, or put them in order."""
        return replace(
            self,
            patient=self.patient[kept],
            start=self.start[kept],
            stop=self.stop[kept],
            event=self.event[kept],
            exposed=self.exposed[kept],
        )


def start_stop(time: Column, event: Column, exposure: Column) -> StartStop:
    """Make start-stop rows.

    Args:
        time: Times from the start to the event or the end of follow-up, shape (n,).
        event: 1 for an event, 0 for a censored time, shape (n,).
        exposure: The time of the exposure, shape (n,); None or NaN for never.

    Raises:
        OutcomesError: If `check_times_events` refuses times or events, if there are not as many
            exposures, or if one is negative.
    """
    times, events = check_times_events(time, event)
    exposures = numbers(exposure, "exposure")
    if exposures.size != times.size:
        raise OutcomesError(
            f"expected as many exposures as times, found {exposures.size} exposures and "
            f"{times.size} times"
        )
    negative = np.flatnonzero(exposures < 0)
    if negative.size:
        raise OutcomesError(
            f"exposure, position {negative[0] + 1}: expected a number of at least 0, "
            f"found {exposures[negative[0]]:g}"
        )
    observed = times > 0
    # NaN is less than nothing, so that the never exposed are not.
    becomes = observed & (exposures < times)
    before = observed & ~(exposures == 0)
    patient = np.concatenate([np.flatnonzero(before), np.flatnonzero(becomes)])
    exposed = np.arange(patient.size) >= before.sum()
    ends = exposed | ~becomes[patient]
    order = np.lexsort((exposed, patient))
    rows = StartStop(
        patient=patient,
        start=np.where(exposed, exposures[patient], 0.0),
        stop=np.where(ends, times[patient], exposures[patient]),
        event=np.where(ends, events[patient], 0),
        exposed=exposed,
        no_time=int((~observed).sum()),
        exposed_too_late=int((observed & (exposures >= times)).sum()),
    )
    return rows.of(order)


def from_landmark(rows: StartStop, landmark: float) -> StartStop:
    """Keep the time after a landmark; whose time ends at it is out, as for other landmarks."""
    after = rows.of(rows.stop > landmark)
    return replace(after, start=np.maximum(after.start, landmark))
