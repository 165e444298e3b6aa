"""Cells that follow from counts: percentages, ratios, sums, and the exact test."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from outcomes.audit.cells import split_groups, whole
from outcomes.audit.intervals import Interval, exactly, number_and_half_unit
from outcomes.audit.judgement import Computed
from outcomes.comparisons import compare_counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from outcomes.audit.judgement import Others

_OF = re.compile(r"(\d+)\s*(?:/|of)\s*(\d+)")
_RATIO = re.compile(r"(\d+)\s*:\s*(\d+)")
_TERM = re.compile(r"([-+\u2212]?)\s*([^-+\u2212]+)")
_TIMES = re.compile(r"\s*[x*\u00d7]\s*")
_TWO_BY_TWO = (2, 2)
# Other counts are looked for up to this total; of more, nearly every value is some count's.
_MOST_LISTED = 10_000


def percent(inputs: str) -> Computed:
    """`18/48` or `18 of 48`: the count in percent of the total; both are exact.

    Raises:
        BadValueError: If the inputs are not that.
    """
    match = _OF.fullmatch(inputs.strip())
    if not match:
        raise BadValueError(f"expected a count and its total, as 18/48, found '{inputs}'")
    count, total = whole(match[1]), whole(match[2], least=1)
    if count > total:
        raise BadValueError(f"expected a count of at most its total, found '{inputs}'")

    def others(fits: Callable[[float], bool]) -> list[str]:
        by_distance = sorted(range(total + 1), key=lambda other: abs(other - count))
        return [f"{other}/{total}" for other in by_distance if fits(_percentage(other, total))]

    return _among(total, _percentage(count, total), others)


def ratio(inputs: str) -> Computed:
    """`28:20`: the first count by the second.

    Raises:
        BadValueError: If the inputs are not that.
    """
    match = _RATIO.fullmatch(inputs.strip())
    if not match:
        raise BadValueError(f"expected two counts, as 28:20, found '{inputs}'")
    first, second = whole(match[1]), whole(match[2], least=1)
    total = first + second

    def others(fits: Callable[[float], bool]) -> list[str]:
        by_distance = sorted(range(total), key=lambda other: abs(other - first))
        return [
            f"{other}:{total - other}" for other in by_distance if fits(other / (total - other))
        ]

    return _among(total, first / second, others)


def total_of(inputs: str) -> Computed:
    """`24+13+5+6x1`, `48-4-7`, `100-40.84`: sums, differences and products.

    A number without a decimal point is a count and exact, one with it was rounded.

    Raises:
        BadValueError: If the inputs are not that.
    """
    text = inputs.strip()
    terms = _TERM.findall(text)
    if not terms or "".join(sign + body for sign, body in terms) != re.sub(
        r"(?<=[-+\u2212])\s+", "", text
    ):
        raise BadValueError(f"expected a sum, as 24+13+6x1, found '{inputs}'")
    value, low, high = Fraction(0), Fraction(0), Fraction(0)
    for sign, body in terms:
        term = _product(body)
        if sign in ("", "+"):
            value, low, high = value + term[0], low + term[1], high + term[2]
        else:
            value, low, high = value - term[0], low - term[2], high - term[1]
    return Computed(value=float(value), possible=Interval(float(low), float(high)))


def fisher_p(inputs: str) -> Computed:
    """`11/7 vs 17/13` (counts at each level) or `4 of 18 vs 1 of 30`: the two-sided exact test.

    As `fisher.test` of R: the tables that are no likelier than this one. Two levels or two groups
    by more: Freeman and Halton's. All counts are exact.

    Raises:
        BadValueError: If the inputs are not that, or too many to be enumerated.
    """
    groups = [_levels(group) for group in split_groups(inputs)]
    if len(groups) < 2 or len({len(group) for group in groups}) > 1:  # noqa: PLR2004
        raise BadValueError(
            f"expected two groups or more with the same levels, as 11/7 vs 17/13, found '{inputs}'"
        )
    value = _exact_p(groups)
    if (len(groups), len(groups[0])) != _TWO_BY_TWO:
        return Computed(value=value, possible=exactly(value))

    def others(fits: Callable[[float], bool]) -> list[str]:
        return [
            " vs ".join("/".join(map(str, group)) for group in table)
            for table in _one_patient_off(groups)
            if fits(_exact_p(table))
        ]

    return Computed(value=value, possible=exactly(value), others=others)


def _among(total: int, value: float, others: Others) -> Computed:
    """A value of exact counts, and of which others they may be a slip."""
    listed = total <= _MOST_LISTED
    return Computed(
        value=value,
        possible=exactly(value),
        others=others if listed else None,
        complete=listed,
    )


def _percentage(count: int, total: int) -> float:
    return float(Fraction(100 * count, total))


def _product(body: str) -> tuple[Fraction, Fraction, Fraction]:
    value = low = high = Fraction(1)
    for factor in _TIMES.split(body.strip()):
        number, half = number_and_half_unit(factor)
        half = half if "." in factor else Fraction(0)
        value, low, high = value * number, low * (number - half), high * (number + half)
    return value, low, high


def _levels(group: str) -> list[int]:
    if match := re.fullmatch(r"(\d+)\s*of\s*(\d+)", group.strip()):
        count, total = whole(match[1]), whole(match[2])
        if count > total:
            raise BadValueError(f"expected a count of at most its total, found '{group}'")
        return [count, total - count]
    levels = [whole(part) for part in group.split("/")]
    if len(levels) < 2:  # noqa: PLR2004
        raise BadValueError(f"expected counts, as 11/7 or 4 of 18, found '{group}'")
    return levels


def _exact_p(groups: list[list[int]]) -> float:
    test = compare_counts([list(level) for level in zip(*groups, strict=True)])
    if test.p_value is None:  # a row or a column is empty: there is one table only
        return 1.0
    if test.statistic is not None:
        raise BadValueError("expected a table that can be enumerated, found a larger one")
    return test.p_value


def _one_patient_off(groups: list[list[int]]) -> Iterator[list[list[int]]]:
    """The two-by-two tables with one patient at another level, one more, or one fewer."""
    for change in ((1, -1), (-1, 1), (1, 0), (0, 1), (-1, 0), (0, -1)):
        for index in range(2):
            changed = [list(group) for group in groups]
            changed[index] = [n + more for n, more in zip(groups[index], change, strict=True)]
            if min(changed[index]) >= 0:
                yield changed
