"""The log-rank test within strata and, stratified, across them.

Own code: lifelines has no stratified test, and one pass here gives the test of every stratum too.
Values agree with `survdiff` of R's survival 3.5-3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc

from outcomes.statistics.survival import LogRank, check_times_events, no_test, number_groups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outcomes.statistics.survival import Column, Counts, Floats

# An eigenvalue of the variance below this part of the largest is rounding: levels that no stratum
# compares leave the variance without full rank.
RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class StratifiedLogRank:
    """The test across all strata, and that of each stratum by its label."""

    across: LogRank
    within: Mapping[object, LogRank]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """Events observed and expected in each group, and the variance of their difference."""

    n: int
    events: int
    sizes: Counts
    observed: Floats
    expected: Floats
    variance: Floats


def stratified_logrank(
    time: Column, event: Column, group: Column, stratum: Column
) -> StratifiedLogRank:
    """Test whether groups differ in survival, as `survdiff(Surv(time, event) ~ group + strata(s))`.

    Observed less expected events and their hypergeometric variances are added up over event times
    and strata (Mantel, Cancer Chemother Rep 1966;50:163-170, and Peto et al., Br J Cancer
    1977;35:1-39; both cited from memory). A group of which nobody is at risk at any event is left
    out with its degree of freedom. Where strata compare some groups only with some, the degrees of
    freedom are the rank of the variance, for which R ends with an error.

    Args:
        time: Times since the start, shape (n,).
        event: 1 for an event, 0 for a censored time, shape (n,).
        group: The group of each patient, shape (n,), none missing.
        stratum: The stratum of each patient, shape (n,), none missing.

    Raises:
        OutcomesError: If `check_times_events` refuses the data, or a group or stratum is missing.
    """
    times, events = check_times_events(time, event)
    groups, labels = number_groups(group, times.size)
    strata, names = number_groups(stratum, times.size)
    parts = []
    for number in range(len(names)):
        inside = strata == number
        parts.append(_sums(times[inside], events[inside], groups[inside], len(labels)))
    everything = _Sums(
        n=times.size,
        events=int(events.sum()),
        sizes=np.bincount(groups, minlength=len(labels)),
        observed=np.sum([part.observed for part in parts], axis=0),
        expected=np.sum([part.expected for part in parts], axis=0),
        variance=np.sum([part.variance for part in parts], axis=0),
    )
    shared = any((part.sizes > 0).sum() > 1 for part in parts)
    return StratifiedLogRank(
        across=_test(everything, labels)
        if shared or len(names) == 1
        else no_test("no stratum has patients of two groups"),
        within={name: _test(part, labels) for name, part in zip(names, parts, strict=True)},
    )


def _sums(times: Floats, events: Counts, groups: Counts, n_groups: int) -> _Sums:
    sizes = np.bincount(groups, minlength=n_groups)
    died = events == 1
    event_times, place = np.unique(times[died], return_inverse=True)
    deaths = np.bincount(place, minlength=event_times.size)
    at_risk = np.column_stack(
        [
            size - np.searchsorted(np.sort(times[groups == number]), event_times, side="left")
            for number, size in enumerate(sizes)
        ]
    )
    total = at_risk.sum(axis=1)
    share = at_risk / total[:, None]
    # The last one at risk has the event for certain: no variance, whatever is divided by.
    spread = deaths * (total - deaths) / np.maximum(total - 1, 1)
    return _Sums(
        n=times.size,
        events=int(died.sum()),
        sizes=sizes,
        observed=np.bincount(groups[died], minlength=n_groups).astype(np.float64),
        expected=deaths @ share,
        variance=np.diag(spread @ share) - (share.T * spread) @ share,
    )


def _test(sums: _Sums, labels: Sequence[object]) -> LogRank:
    there = np.flatnonzero(sums.sizes).tolist()
    if len(there) < 2:  # noqa: PLR2004
        return no_test(f"a log-rank test needs two groups, there is one ('{labels[there[0]]}')")
    if not sums.events:
        return no_test(f"no event among {sums.n} patients")
    present = np.flatnonzero(sums.expected > 0).tolist()
    if len(present) < 2:  # noqa: PLR2004
        return no_test(f"only '{labels[present[0]]}' had patients at risk when the events occurred")
    values, vectors = np.linalg.eigh(sums.variance[np.ix_(present, present)])
    informed = values > RANK_TOLERANCE * max(values[-1], RANK_TOLERANCE)
    df = int(informed.sum())
    if df == 0:
        return no_test("groups were at risk together only where all at risk had the event at once")
    excess = vectors.T @ (sums.observed - sums.expected)[present]
    chi_square = float((excess[informed] ** 2 / values[informed]).sum())
    left_out = [f"'{labels[code]}'" for code in there if code not in present]
    notes = []
    if left_out:
        notes.append(f"without {', '.join(left_out)}: nobody at risk when an event occurred")
    if df < len(present) - 1:
        notes.append(f"not all groups are compared with each other, which leaves df {df}")
    return LogRank(
        chi_square=chi_square,
        df=df,
        p_value=float(chdtrc(df, chi_square)),
        reason="; ".join(notes),
    )
