"""The Mantel-Byar test: a log-rank test in which patients change groups when they are exposed.

Mantel and Byar, J Am Stat Assoc 1974;69:81-86 (cited from memory). R has no function for it; where
no two events are tied it is the score test of `coxph(Surv(start, stop, event) ~ exposed)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2

from outcomes.statistics.survival import LogRank, no_test

if TYPE_CHECKING:
    from outcomes.statistics.start_stop import StartStop

DEGREES_OF_FREEDOM = 1


def mantel_byar(rows: StartStop) -> LogRank:
    """Test whether the hazard differs before and after the exposure.

    With n at risk at an event time, n₁ of them exposed, and d events, d₁ of the exposed, the
    statistic is (Σ d₁ - Σ d n₁/n)² / Σ d (n₁/n) (1 - n₁/n) (n - d)/(n - 1): the variance is the
    hypergeometric one, as of the log-rank test.

    Args:
        rows: Start-stop rows.

    Returns:
        The test; where there can be none, the reason in words.
    """
    if not rows.exposed.any():
        return no_test("nobody was exposed while under observation")
    if rows.exposed.all():
        return no_test("everybody was exposed from the start: there is no time before it")
    if not rows.event.any():
        return no_test("no event")
    times, after = rows.event_times, rows.of(rows.exposed)
    n, d = rows.at_risk(times), rows.events_at(times)
    share = after.at_risk(times) / n
    difference = float((after.events_at(times) - d * share).sum())
    # One at risk has no variance, and no n - 1.
    variance = float((d * share * (1 - share) * (n - d) / np.maximum(n - 1, 1)).sum())
    if variance == 0:
        return no_test(
            "no event tells the two apart: patients before and after it were never at risk "
            "together, or all had the event at once"
        )
    chi_square = difference**2 / variance
    return LogRank(
        chi_square=chi_square,
        df=DEGREES_OF_FREEDOM,
        p_value=float(chi2.sf(chi_square, DEGREES_OF_FREEDOM)),
    )
