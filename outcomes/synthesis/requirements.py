"""What margins ask of the solver: sums of patients, and curves by their numbers at risk."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outcomes.audit.judgement import TWICE
from outcomes.audit.km_feasibility import MOST_PATIENTS, Region, SearchLimitError, curves
from outcomes.synthesis.conditions import both, group_of
from outcomes.synthesis.course import analysed, events
from outcomes.synthesis.sums import Linear
from outcomes.synthesis.wanted import Count, Spread, Survival, Test

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outcomes.audit.intervals import Interval
    from outcomes.synthesis.conditions import Group, Variable
    from outcomes.synthesis.wanted import Wanted

# Of a curve that more patterns of events give, so many are tried, or the sums are bounded instead.
MOST_PATTERNS = 3000
_PERCENT_SCALE = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The events of n patients of a group until a time.

    Attributes:
        group: The patients, those left out by the endpoint not among them.
        endpoint: Whose events count.
        months: Until when.
        n: How many they are.
        patterns: The sets of numbers at risk at the events of which one must hold; None where the
            two sums are bounded instead, to which the events add log(r / (r - 1)), which is minus
            log survival, and 1 / (r (r - 1)), which is Greenwood's.
        survival: Where survival must lie, as a fraction.
        std_error: Where its standard error must lie.
    """

    group: Group
    endpoint: str
    months: float
    n: int
    patterns: tuple[frozenset[int], ...] | None
    survival: Interval
    std_error: Interval


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Requirement:
    """What one margin asks of the solver; all of it or nothing.

    Attributes:
        line: The margin's line.
        weight: How much it counts when not all requirements can be met.
        linear: Sums.
        curve: A curve, if any.
        exact: Whether nothing but this would do; a conflict without it would prove nothing.
    """

    line: int
    weight: int
    linear: tuple[Linear, ...]
    curve: Curve | None = None
    exact: bool = True


COUNT_WEIGHT, CURVE_WEIGHT, INSTEAD_WEIGHT = 100, 10, 1


def requirement(line: int, wanted: Wanted, variables: Mapping[str, Variable]) -> Requirement | None:
    """What a margin asks of the solver; None where it asks nothing."""
    if isinstance(wanted, Count):
        return Requirement(line=line, weight=COUNT_WEIGHT, linear=tuple(_sums(wanted, variables)))
    if isinstance(wanted, Survival):
        return _curve(line, wanted, variables)
    if isinstance(wanted, Test | Spread) and wanted.n is not None:
        sized = _sized(_of(wanted, variables), wanted.n)
        return Requirement(line=line, weight=COUNT_WEIGHT, linear=(sized,))
    return None


def group_analysed(wanted: Survival | Test | Count, variables: Mapping[str, Variable]) -> Group:
    """The patients of an endpoint who meet the condition `where`."""
    group = group_of(wanted.where, variables)
    return both(group, analysed(wanted.endpoint)) if wanted.endpoint else group


def survival_alone(requirement: Requirement) -> Requirement | None:
    """The same curve without its standard error, which is tried where both cannot be."""
    curve = requirement.curve
    if curve is None or math.isinf(curve.std_error.high):
        return None
    free = Curve(
        group=curve.group,
        endpoint=curve.endpoint,
        months=curve.months,
        n=curve.n,
        patterns=None,
        survival=curve.survival,
        std_error=type(curve.std_error)(0.0, math.inf),
    )
    return Requirement(
        line=requirement.line,
        weight=INSTEAD_WEIGHT,
        linear=requirement.linear,
        curve=free,
        exact=False,
    )


def _of(wanted: Test | Spread, variables: Mapping[str, Variable]) -> Group:
    if isinstance(wanted, Test):
        return group_analysed(wanted, variables)
    group = group_of(wanted.where, variables)
    if wanted.of in variables:
        known = frozenset(variables[wanted.of].states) - {"missing"}
        return both(group, ((wanted.of, known),))
    return both(group, analysed(wanted.of))


def _sums(wanted: Count, variables: Mapping[str, Variable]) -> Iterator[Linear]:
    base = group_of(wanted.of, variables)
    if wanted.endpoint:
        base = both(base, analysed(wanted.endpoint))
    group = both(base, group_of(wanted.where, variables))
    if wanted.events:
        group = both(group, events(wanted.endpoint))
    if wanted.n is not None:
        yield _sized(base, wanted.n)
    low, high = wanted.allowed.low, wanted.allowed.high
    if not wanted.percent:
        yield Linear(terms=((group, 1),), low=math.ceil(low), high=math.floor(high))
        return
    whole = 100 * _PERCENT_SCALE
    if math.isfinite(low):
        share = math.floor(low * _PERCENT_SCALE)
        yield Linear(terms=((group, whole), (base, -share)), low=0, high=None)
    if math.isfinite(high):
        share = math.ceil(high * _PERCENT_SCALE)
        yield Linear(terms=((group, whole), (base, -share)), low=None, high=0)


def _sized(group: Group, n: int) -> Linear:
    return Linear(terms=((group, 1),), low=n, high=n)


def _curve(line: int, wanted: Survival, variables: Mapping[str, Variable]) -> Requirement:
    patterns, complete = _patterns(wanted)
    group = group_analysed(wanted, variables)
    survival, std_error = wanted.allowed
    return Requirement(
        line=line,
        weight=CURVE_WEIGHT,
        linear=(_sized(group, wanted.n),),
        curve=Curve(
            group=group,
            endpoint=wanted.endpoint,
            months=wanted.months,
            n=wanted.n,
            patterns=patterns,
            survival=survival,
            std_error=std_error,
        ),
        exact=complete,
    )


def _patterns(wanted: Survival) -> tuple[tuple[frozenset[int], ...] | None, bool]:
    """The patterns of a curve and whether these are all; None where there are too many."""
    if not wanted.with_error or not 0 < wanted.n <= MOST_PATIENTS:
        return None, False
    region = Region.around(wanted.pair, percent=wanted.percent, units=TWICE)
    try:
        found = list(itertools.islice(curves(wanted.n, region), MOST_PATTERNS + 1))
    except SearchLimitError:
        return None, False
    if len(found) > MOST_PATTERNS:
        return None, False
    return tuple(frozenset(curve.events_at) for curve in found), True
