"""The log-rank test for a trend over groups that have an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2

from outcomes.errors import OutcomesError
from outcomes.statistics.survival import LogRank, check_times_events, no_test, number_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcomes.statistics.survival import Column


def logrank_trend(time: Column, event: Column, group: Column, order: Sequence[object]) -> LogRank:
    """Test whether survival falls or rises from group to group.

    The groups have the scores 1, 2, 3, … of their place in the order. At each event time the
    scores of those with the event are compared with the mean over those at risk, with the variance
    of sampling without replacement: (Σ O - E)² / Σ V has one degree of freedom (Tarone, Biometrika
    1975;62:679-682, cited from memory). With sd <- survdiff(Surv(time, event) ~ group) of R and
    the scores w it is sum(w * (sd$obs - sd$exp))^2 / (w %*% sd$var %*% w).

    Args:
        time: Times since the start, shape (n,).
        event: 1 for an event, 0 for a censored time, shape (n,).
        group: The group of each patient, shape (n,), none missing.
        order: All groups from first to last; also those that nobody is in keep their place.

    Returns:
        The test; where there is no p value, `reason` says why.

    Raises:
        OutcomesError: If `check_times_events` refuses the data, or a group is missing or not in
            the order.
    """
    times, events = check_times_events(time, event)
    codes, labels = number_groups(group, times.size)
    place = {label: number for number, label in enumerate(order, start=1)}
    if unknown := [label for label in labels if label not in place]:
        raise OutcomesError(f"order: expected every group, found '{unknown[0]}' in the data only")
    if not events.any():
        return no_test(f"no event among {times.size} patients")
    scores = np.array([place[label] for label in labels], dtype=np.float64)[codes]
    excess = variance = 0.0
    for at in np.unique(times[events == 1]):
        at_risk, died = scores[times >= at], scores[(times == at) & (events == 1)]
        excess += died.sum() - died.size * at_risk.mean()
        left = at_risk.size - died.size
        if left:
            variance += died.size * left / (at_risk.size - 1) * at_risk.var()
    if variance == 0:
        return no_test("the groups at risk when events occurred did not differ")
    chi_square = float(excess**2 / variance)
    return LogRank(chi_square=chi_square, df=1, p_value=float(chi2.sf(chi_square, 1)))
