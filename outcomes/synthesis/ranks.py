"""A log-rank test as the solver takes it: who is at risk, and which chi-squares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.stats import chi2

from outcomes.synthesis.conditions import both, group_of
from outcomes.synthesis.course import events
from outcomes.synthesis.requirements import group_analysed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outcomes.audit.intervals import Interval
    from outcomes.synthesis.conditions import Group, Variable
    from outcomes.synthesis.model import Assignment
    from outcomes.synthesis.wanted import Test

_PART = 1.02
_LEAST_VARIANCE = 0.05


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line of the variance."""

    at_zero: float
    slope: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """A log-rank test of patients whose events and risk sets are known.

    Attributes:
        by: Those who are tested against the others.
        others: Of whom it is asked that they stay who is tested.
        at_risk: The patients tested, in the order of leaving.
        event_at: Those of them with an event.
        chi_square: Where it must lie.
    """

    by: Group
    others: Group
    at_risk: tuple[int, ...]
    event_at: frozenset[int]
    chi_square: tuple[float, float]

    def parts(self) -> Iterator[tuple[float, float]]:
        """The variances that there can be, a quarter for each event at most, in narrow parts."""
        low, most = _LEAST_VARIANCE, len(self.event_at) / 4
        while low < most:
            yield low, low * _PART
            low *= _PART

    def least(self, low: float, high: float) -> Line:
        """A line that is nowhere below the root of the least chi-square times the variance."""
        middle = (low + high) / 2
        root = math.sqrt(self.chi_square[0] * middle)
        return Line(root / 2, root / (2 * middle))

    def most(self, low: float, high: float) -> Line | None:
        """A line that is nowhere above the root of the most; None where any is allowed."""
        most = self.chi_square[1]
        if math.isinf(most):
            return None
        one, two = math.sqrt(most * low), math.sqrt(most * high)
        slope = (two - one) / (high - low)
        return Line(one - slope * low, slope)


def rank_of(test: Test, variables: Mapping[str, Variable], found: Assignment) -> Rank:
    """A log-rank test of those patients of a solution whom the test is about."""
    others = group_analysed(test, variables)
    happened = both(others, events(test.endpoint))
    n = len(next(iter(found.states.values())))
    return Rank(
        by=group_of(test.by, variables),
        others=others,
        at_risk=tuple(i for i in range(n) if found.holds(others, i)),
        event_at=frozenset(i for i in range(n) if found.holds(happened, i)),
        chi_square=_chi_squares(test.allowed),
    )


def _chi_squares(p: Interval) -> tuple[float, float]:
    """The chi-squares, with one degree of freedom, whose p lies between two."""
    most = float(chi2.isf(p.low, 1)) if p.low > 0 else math.inf
    return float(chi2.isf(min(p.high, 1.0), 1)), most
