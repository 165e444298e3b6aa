"""What stands in a printed cell: a number, a bound, a range, a pair, or words."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from outcomes.audit.intervals import Interval, decimals, number_and_half_unit, rounded

if TYPE_CHECKING:
    from fractions import Fraction

# What authors and programs print where there is no value.
_NOTHING = {"", "-", "\u2013", "\u2014", "na", "n/a", "nd", "n.d.", "not given", "not reported"}
_P_EQUALS = re.compile(r"^[Pp]\s*(?==|<|>|≤|≥)\s*=?\s*")
_BOUND = re.compile(r"(<=|>=|<|>|≤|≥)\s*(.+)")
_RANGE = re.compile(r"(\S+)\s*\.\.\s*(\S+)")
_TO_ONE = re.compile(r"(.+?)\s*:\s*1")
_PLUS_MINUS = re.compile(r"\s*(?:±|\+/-|\+-)\s*")


class NotPrintedError(BadValueError):
    """A printed cell does not hold the value that it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNumber:
    """One printed number.

    Attributes:
        allowed: The values that may have been printed like this.
        places: Digits behind the point; None for a bound or a range, which has no last digit.
        value: The number as it is printed; for a bound its limit, for a range its middle.
    """

    allowed: Interval
    places: int | None
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPair:
    """An estimate ± its standard error, both exact, each with half a unit of its last digit."""

    estimate: Fraction
    estimate_half: Fraction
    std_error: Fraction
    std_error_half: Fraction
    places: tuple[int, int]


def is_nothing(text: str) -> bool:
    """Whether a cell was printed without a value."""
    return text.strip().casefold() in _NOTHING


def printed_number(text: str) -> PrintedNumber:
    """Read a printed number: `0.0396`, `P = 0.04`, `37.50%`, `1.53:1`, `<0.0001`, `0..11`.

    A bound allows everything on its side and itself. A range allows both its ends.

    Raises:
        NotPrintedError: If the text is none of them.
    """
    try:
        return _number(text)
    except BadValueError as error:
        raise NotPrintedError(error.problem) from None


def _number(text: str) -> PrintedNumber:
    bare = _P_EQUALS.sub("", text.strip()).removesuffix("%").strip()
    if to_one := _TO_ONE.fullmatch(bare):
        bare = to_one[1]
    if between := _RANGE.fullmatch(bare):
        low, high = (float(number_and_half_unit(end)[0]) for end in between.groups())
        if low > high:
            raise BadValueError(f"expected a range from low to high, found '{text.strip()}'")
        return PrintedNumber(allowed=Interval(low, high), places=None, value=(low + high) / 2)
    if bound := _BOUND.fullmatch(bare):
        limit = float(number_and_half_unit(bound[2])[0])
        below = bound[1] in ("<", "<=", "≤")
        allowed = Interval(-math.inf, limit) if below else Interval(limit, math.inf)
        return PrintedNumber(allowed=allowed, places=None, value=limit)
    value, _ = number_and_half_unit(bare)
    return PrintedNumber(allowed=rounded(bare), places=decimals(bare), value=float(value))


def printed_pair(text: str) -> PrintedPair:
    """Read an estimate ± its standard error: `50.00±14.43`, `0.50 +/- 0.14`.

    Raises:
        NotPrintedError: If the text is no such pair.
    """
    try:
        return _pair(text)
    except BadValueError as error:
        raise NotPrintedError(error.problem) from None


def _pair(text: str) -> PrintedPair:
    parts = _PLUS_MINUS.split(text.strip().removesuffix("%"))
    if len(parts) != 2:  # noqa: PLR2004
        raise BadValueError(f"expected estimate±standard error, found '{text.strip()}'")
    estimate, std_error = (part.removesuffix("%") for part in parts)
    value, half = number_and_half_unit(estimate)
    error, error_half = number_and_half_unit(std_error)
    return PrintedPair(
        estimate=value,
        estimate_half=half,
        std_error=error,
        std_error_half=error_half,
        places=(decimals(estimate), decimals(std_error)),
    )
