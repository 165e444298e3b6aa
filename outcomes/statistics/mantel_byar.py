"""The Mantel-Byar test: a log-rank test in which patients change groups when they are exposed.

Mantel and Byar, J Am Stat Assoc 1974;69:81-86 (cited from memory). R has no function for it; where
no two events are tied it is the score test of `coxph(Surv(start, stop, event) ~ exposed)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    difference = variance = 0.0
    for time in rows.event_times:
        at_risk = rows.at_risk(time)
        events = at_risk & (rows.stop == time) & (rows.event == 1)
        n, d = int(at_risk.sum()), int(events.sum())
        share = int((at_risk & rows.exposed).sum()) / n
        difference += int((events & rows.exposed).sum()) - d * share
        # One at risk has no variance, and no n - 1.
        variance += d * share * (1 - share) * (n - d) / max(n - 1, 1)
    if variance == 0:
        return no_test("no event occurred while patients before and after it were both at risk")
    chi_square = difference**2 / variance
    return LogRank(
        chi_square=chi_square,
        df=DEGREES_OF_FREEDOM,
        p_value=float(chi2.sf(chi_square, DEGREES_OF_FREEDOM)),
    )
