"""The scale of a number: its digits, between what its values lie, and how it is cut into bins.

Beside the thresholds of conditions, a number of which a mean is printed is cut where its values
spread, and at its median: so the solver knows about which sums and medians patients can have.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from outcomes.clinical.dictionary import BY_NAME
from outcomes.synthesis.conditions import MISSING, Cut, both, group_of
from outcomes.synthesis.sums import Linear
from outcomes.synthesis.values import bin_limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from outcomes.synthesis.conditions import Group, Variable
    from outcomes.synthesis.wanted import Spread

_MOST_PLACES = 4
_UNITS = 2000
_QUARTER = 0.25
# Of a number of which neither a range nor a mean is printed.
_USUAL_HIGHEST = 100.0
_SPREADS_ABOVE = 6.0
# Where a number is cut, in means and in standard deviations above the mean.
_MEANS = (0.1, 0.3, 0.6, 1.0)
_DEVIATIONS = (0.7, 1.4, 2.1, 2.8, 3.5)


def own_cuts(spreads: Sequence[Spread]) -> Iterator[tuple[str, Cut]]:
    """Where numbers are cut for their printed means and medians, by name."""
    for spread in spreads:
        median, mean = spread.statistics.get("median"), spread.statistics.get("mean")
        if median:
            yield spread.of, _cut((median.low + median.high) / 2)
        # That of everybody will do for all.
        if mean and not spread.where:
            middle = (mean.low + mean.high) / 2
            for value in (
                *(share * middle for share in _MEANS),
                *(middle + share * _deviation(spread) for share in _DEVIATIONS),
            ):
                if value > 0:
                    yield spread.of, _cut(value)


def places_of(variable: Variable, spreads: Sequence[Spread]) -> int:
    """Digits of the values: one more than those of a printed range, else than any threshold has.

    Means are printed that whole numbers cannot have: no 18 of them give 1114.13.
    """
    printed = [spread.places for spread in spreads if spread.places is not None]
    if printed:
        return min(max(printed) + 1, _MOST_PLACES)
    of_cuts = [len(str(cut.threshold).partition(".")[2]) for cut in variable.cuts]
    return min(max(of_cuts, default=0) + 1, _MOST_PLACES)


def limits_of(variable: Variable, spreads: Sequence[Spread]) -> list[tuple[int, int]]:
    """The least and the largest value of each bin, in steps of the last place."""
    return bin_limits(variable.cuts, *_ends(variable, spreads), places_of(variable, spreads))


def sums_of(
    spread: Spread, variables: Mapping[str, Variable], spreads: Sequence[Spread], *, everybody: int
) -> Iterator[Linear]:
    """What a printed mean, spread or median of n patients asks of their bins.

    Values a quarter up in their bins must not add up to more, nor those three quarters up to less,
    than n means; the same of the squares, of which the sum is (n - 1) SD^2 + n mean^2. That is more
    than must be, so that values within the bins can then be found. No more than half may lie below
    the median, nor above it.

    Args:
        spread: What is printed.
        variables: The variables of all conditions.
        spreads: All that is printed of this number.
        everybody: The size of the cohort.
    """
    variable = variables[spread.of]
    n, places = spread.n, places_of(variable, spreads)
    if n is None and not spread.where and MISSING not in variable.states:
        n = everybody
    if not n:
        return
    limits = limits_of(variable, spreads)
    base = group_of(spread.where, variables)
    bins: list[tuple[Group, int, int]] = [
        (both(base, ((spread.of, frozenset({state})),)), low, high)
        for state, (low, high) in zip(
            (each for each in variable.states if each != MISSING), limits, strict=True
        )
    ]
    scale = 10**places
    mean, median = spread.statistics.get("mean"), spread.statistics.get("median")
    if mean:
        yield from _between(bins, n * mean.low * scale, n * mean.high * scale, power=1)
        error = spread.statistics.get("sem") or spread.statistics.get("sd")
        if error and n > 1 and mean.low >= 0:
            by = n if "sem" in spread.statistics else 1
            squares = (
                (n - 1) * by * max(each, 0.0) ** 2 + n * middle**2
                for each, middle in ((error.low, mean.low), (error.high, mean.high))
            )
            low, high = (total * scale**2 for total in squares)
            yield from _between(bins, low, high, power=2)
    if median:
        low, high = median.low * scale, median.high * scale
        below = tuple((group, 1) for group, _, most in bins if most < low)
        above = tuple((group, 1) for group, least, _ in bins if least > high)
        yield Linear(terms=below, low=None, high=n // 2)
        yield Linear(terms=above, low=None, high=n // 2)


def _between(
    bins: Sequence[tuple[Group, int, int]], low: float, high: float, *, power: int
) -> Iterator[Linear]:
    # In coarse units, which are enough for a bound and easier for the solver.
    unit = max(1, bins[-1][2] ** power // _UNITS)
    lower, upper = (
        tuple(
            (group, round((least**power + share * (most**power - least**power)) / unit))
            for group, least, most in bins
        )
        for share in (_QUARTER, 1 - _QUARTER)
    )
    yield Linear(terms=lower, low=None, high=math.floor(high / unit))
    yield Linear(terms=upper, low=math.ceil(low / unit), high=None)


def _ends(variable: Variable, spreads: Sequence[Spread]) -> tuple[float, float]:
    """Between what the values of everybody lie."""
    column = BY_NAME.get(variable.name)
    highest = _USUAL_HIGHEST
    if variable.cuts:
        highest = max(3 * float(variable.cuts[-1].threshold), 1.0)
    for spread in spreads:
        if not spread.where and "max" in spread.statistics:
            return spread.statistics["min"].low, spread.statistics["max"].high
        mean = spread.statistics.get("mean")
        if mean:
            highest = max(highest, mean.high + _SPREADS_ABOVE * _deviation(spread))
    if column and column.maximum is not None:
        highest = min(highest, column.maximum)
    return 0.0, highest


def _deviation(spread: Spread) -> float:
    """The printed standard deviation; 0 where none is."""
    if "sd" in spread.statistics:
        return spread.statistics["sd"].high
    if "sem" in spread.statistics and spread.n:
        return spread.statistics["sem"].high * math.sqrt(spread.n)
    return 0.0


def _cut(value: float) -> Cut:
    # Three digits keep thresholds plain.
    return Cut(Decimal(f"{value:.3g}") if value < 1000 else Decimal(round(value)), after=False)  # noqa: PLR2004
