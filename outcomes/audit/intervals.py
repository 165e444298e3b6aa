"""Intervals of numbers, and what a printed number leaves open.

A number that is printed to some digits stands for all values that may have been rounded to it, half
a unit of the last digit to both sides and both ends with it, since some round a half up and others
to even. What is computed from such numbers is an interval as well. Every operation here gives an
interval that holds all true results; where a quantity enters once, it holds nothing else.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fusion_caller.errors import BadValueError

# Floats that should be equal differ by some units of their sixteenth digit.
RELATIVE_SLACK = 1e-11
_NUMBER = r"[-+\u2212]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_PLAIN = re.compile(_NUMBER)
# Nobody prints a statistic with more digits, and exact fractions of them take time.
_MOST_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`, both with it; an end may be infinite."""

    low: float
    high: float

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def over(self, other: Interval) -> Interval:
        """Divide by an interval of positive numbers; its end at 0 makes the result infinite."""
        ends = [_ratio(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def absolute(self) -> Interval:
        """The absolute values."""
        if self.low <= 0 <= self.high:
            return Interval(0.0, max(-self.low, self.high))
        return Interval(*sorted((abs(self.low), abs(self.high))))

    def squared(self) -> Interval:
        """The squares."""
        ends = self.absolute()
        return Interval(ends.low**2, ends.high**2)

    def root(self) -> Interval:
        """The square roots of what is not negative."""
        return Interval(math.sqrt(max(self.low, 0.0)), math.sqrt(max(self.high, 0.0)))

    def exponential(self) -> Interval:
        """The powers of e; beyond what a float holds, infinite."""
        return Interval(_exp(self.low), _exp(self.high))

    def at_least_zero(self) -> Interval:
        """The part that is not negative, of a quantity that cannot be."""
        return Interval(max(self.low, 0.0), max(self.high, 0.0))

    def meets(self, other: Interval) -> bool:
        """Whether some number lies in both, but for the rounding of floats."""
        return self.low <= other.high + _slack(other.high) and other.low <= self.high + _slack(
            self.high
        )


def exactly(value: float) -> Interval:
    """The interval of one number."""
    return Interval(value, value)


def rounded(text: str) -> Interval:
    """The values that a printed number may have been rounded from.

    Raises:
        BadValueError: If the text is no number.
    """
    value, half = number_and_half_unit(text)
    return Interval(float(value - half), float(value + half))


def number_and_half_unit(text: str) -> tuple[Fraction, Fraction]:
    """A printed number and half a unit of its last digit, both exact.

    Raises:
        BadValueError: If the text is no number.
    """
    cleaned = text.strip().replace("\u2212", "-")
    if not _PLAIN.fullmatch(cleaned) or len(cleaned) > _MOST_DIGITS:
        raise BadValueError(f"expected a number with a decimal point, found '{text.strip()}'")
    number = Decimal(cleaned)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > _MOST_DIGITS:
        raise BadValueError(f"expected a number with a decimal point, found '{text.strip()}'")
    return Fraction(number), Fraction(10) ** exponent / 2


def decimals(text: str) -> int:
    """The digits behind the point of a printed number; negative in front of it, as in 2e3."""
    _, half = number_and_half_unit(text)
    return round(-math.log10(float(2 * half)))


def as_printed(value: float, places: int) -> str:
    """A value with so many digits behind the point, rounded half to even."""
    return f"{round(value, places):.{max(places, 0)}f}"


def _slack(value: float) -> float:
    return RELATIVE_SLACK * abs(value) if math.isfinite(value) else 0.0


def _ratio(numerator: float, denominator: float) -> float:
    if denominator <= 0:
        return math.copysign(math.inf, numerator) if numerator else 0.0
    if math.isinf(numerator):
        return numerator
    return numerator / denominator


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf
