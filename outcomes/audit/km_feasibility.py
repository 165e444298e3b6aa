"""Which Kaplan-Meier estimates with which Greenwood standard errors n patients can give, exactly.

Let E be the numbers at risk at which an event happens, each a whole number from 1 to n. Then

    S = prod over E of (r - 1) / r        SE / S = sqrt(G),  G = sum over E of 1 / (r (r - 1))

(Kaplan and Meier, J Am Stat Assoc 1958;53:457-481; Greenwood 1926). Times do not enter,
and d events tied among r at risk give the same factor, (r - d) / r, and the same summand,
d / (r (r - d)), as d events one after the other at r, r - 1, ..., r - d + 1 do. So the subsets of
{2, ..., n} are all there is, and a curve that has reached 0 besides, the event at r = 1. A size
from 1 to n that is not in E is that of someone censored or still followed.

The search walks up from 2 and decides of each size whether it is in E, the smallest first, since
they move both sums most. It leaves out a branch only where no subset of the sizes left can end in
the wanted region. With A = -log S, those of {k + 1, ..., n} reach at most A = log(n / k), and any
of them with A = a have

    (e^a - 1) / n  <=  G  <=  (1 - e^-a) / k

since G / A of a single size falls with the size: taking the largest first gives A = log(n / q) and
G = 1/q - 1/n, the binomial variance; taking the smallest first gives A = log(q / k) and
G = 1/k - 1/q. No subset lies beyond the lines that join those points, the first bound is convex and
below its line, the second concave and above. The subsets of the largest sizes are kept sorted by A,
to be looked up. What is found is held against the printed digits in fractions, so that no rounding
of floats decides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    import numpy.typing as npt

    from outcomes.audit.printed import PrintedPair

    Floats: TypeAlias = npt.NDArray[np.float64]
    # -log survival, the sum of Greenwood, the sizes with an event as bits: one entry a set.
    States: TypeAlias = tuple[Floats, Floats, npt.NDArray[np.int64]]

MOST_PATIENTS = 60
"""Above it the search is not begun: a set of sizes must fit 63 bits, and nearly everything is
possible."""
# So many of the largest sizes have their 4,096 subsets in a table.
_TABLED = 12
_CHUNK = 512
# The states that a search may look at, some ten seconds' worth; it says so when it gives up.
_MOST_STATES = 100_000_000
_JOINED = 1_000_000
# How near to the nearest is near enough, in units of the last printed digit.
_NEAREST_UNITS = 1 / 16
# The region is widened by this much before branches are left out; fractions decide at the end.
_SLACK = 1e-9


class SearchLimitError(Exception):
    """A search was given up before it had looked at everything; it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Survival and standard error as fractions of 1, each from a low to a high end, exact."""

    survival: tuple[Fraction, Fraction]
    std_error: tuple[Fraction, Fraction]

    @classmethod
    def around(cls, pair: PrintedPair, *, percent: bool, units: float = 0) -> Region:
        """The region that a printed pair stands for, widened by so many units of its last digits.

        Args:
            pair: The printed pair.
            percent: Whether it is printed in percent.
            units: Units of the last digit beyond the half that rounding leaves open.
        """
        scale = 100 if percent else 1
        reach = 1 + 2 * Fraction(units)
        estimate, error = pair.estimate_half * reach, pair.std_error_half * reach
        return cls(
            survival=((pair.estimate - estimate) / scale, (pair.estimate + estimate) / scale),
            std_error=((pair.std_error - error) / scale, (pair.std_error + error) / scale),
        )

    def holds(self, curve: Curve) -> bool:
        """Whether a curve's survival and standard error lie in it, ends included."""
        low, high = self.std_error
        return (
            self.survival[0] <= curve.survival <= self.survival[1]
            and (low <= 0 or low**2 <= curve.variance)
            and high >= 0
            and curve.variance <= high**2
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """An estimate that can occur.

    Attributes:
        events_at: The numbers at risk at the events, descending.
        survival: The estimate as a fraction of 1, exact.
        variance: Greenwood's variance, exact; 0 at survival 0, where the sum is infinite and
            programs print 0 or nothing (R prints NaN; the others from memory).
    """

    events_at: tuple[int, ...]
    survival: Fraction
    variance: Fraction

    @property
    def std_error(self) -> float:
        """Greenwood's standard error as a fraction of 1."""
        return math.sqrt(self.variance)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """A region as -log survival and standard error, widened by a little."""

    a_low: float
    a_high: float
    e_low: float
    e_high: float


def curve(events_at: tuple[int, ...]) -> Curve:
    """The estimate after events at these numbers at risk."""
    survival, summed = Fraction(1), Fraction(0)
    for size in events_at:
        survival *= Fraction(size - 1, size)
        summed += Fraction(1, size * (size - 1)) if size > 1 else 0
    return Curve(events_at=events_at, survival=survival, variance=survival**2 * summed)


def curves(n: int, region: Region) -> Iterator[Curve]:
    """Every estimate that n patients can give in a region, each set of sizes once.

    Args:
        n: Patients, at most `MOST_PATIENTS`.
        region: Where survival and standard error must lie.

    Raises:
        ValueError: If n is out of range.
    """
    if not 0 < n <= MOST_PATIENTS:
        raise ValueError(n)
    nobody_left = curve(tuple(range(n, 0, -1)))
    if region.holds(nobody_left):
        yield nobody_left
    if region.survival[1] <= 0:
        return
    bounds = _bounds(region)
    for mask in _masks(n, bounds):
        found = curve(tuple(size for size in range(n, 1, -1) if mask >> size & 1))
        if region.holds(found):
            yield found


def is_possible(n: int, region: Region) -> Curve | None:
    """An estimate that n patients can give in a region, or None where there is none."""
    return next(curves(n, region), None)


def nearest(n: int, pair: PrintedPair, *, percent: bool) -> Curve:
    """A possible estimate than which none is nearer to an impossible pair by `_NEAREST_UNITS`.

    The distance is the larger of those of survival and of the standard error, in units of the last
    printed digit.
    """
    none_within, units = 0.0, 1.0
    while (found := is_possible(n, Region.around(pair, percent=percent, units=units))) is None:
        none_within, units = units, 2 * units
    while units - none_within > _NEAREST_UNITS:
        middle = (none_within + units) / 2
        nearer = is_possible(n, Region.around(pair, percent=percent, units=middle))
        if nearer is None:
            none_within = middle
        else:
            found, units = nearer, middle
    return found


def _bounds(region: Region) -> _Bounds:
    s_low, s_high = (float(end) for end in region.survival)
    e_low, e_high = (max(float(end), 0.0) for end in region.std_error)
    return _Bounds(
        a_low=-math.log(s_high) - _SLACK,
        a_high=-math.log(s_low) + _SLACK if s_low > 0 else math.inf,
        e_low=e_low - _SLACK,
        e_high=e_high + _SLACK,
    )


def _masks(n: int, bounds: _Bounds) -> Iterator[int]:
    """The sets of sizes, as bits, that may lie within the bounds: all that do, and few others."""
    last = max(n - _TABLED, 1)
    # Each entry: the largest size that is decided, and the states of those up to it.
    stack = [(1, (np.zeros(1), np.zeros(1), np.zeros(1, dtype=np.int64)))]
    seen = 0
    while stack:
        size, states = stack.pop()
        seen += states[0].size
        if seen > _MOST_STATES:
            raise SearchLimitError
        states = _alive(size, n, states, bounds)
        if not states[0].size:
            continue
        if size == last:
            yield from _joined(_subsets(last + 1, n), states, bounds)
            continue
        a, g, mask = states
        following = size + 1
        a = np.concatenate((a, a + math.log(following / size)))
        g = np.concatenate((g, g + 1 / (following * size)))
        mask = np.concatenate((mask, mask | np.int64(1 << following)))
        stack.extend(
            (following, (a[i : i + _CHUNK], g[i : i + _CHUNK], mask[i : i + _CHUNK]))
            for i in range(0, a.size, _CHUNK)
        )


def _alive(size: int, n: int, states: States, bounds: _Bounds) -> States:
    """The states from which the sizes above `size` can still reach the bounds.

    They multiply survival by some u and so give SE^2 / S^2 (before them) between
    (g - 1/n) u^2 + u/n and (g + 1/size) u^2 - u^3/size. The first is concave or rises with u, so
    that it is least at an end; the second rises up to u = 2/3 (g size + 1) and falls beyond.
    """
    a, g, mask = states
    reach = math.log(n / size)
    u_most = np.exp(-np.clip(bounds.a_low - a, 0.0, reach))
    u_least = np.exp(-np.clip(bounds.a_high - a, 0.0, reach))
    before = np.exp(-a)
    at_ends = ((g - 1 / n) * u**2 + u / n for u in (u_least, u_most))
    least = before * np.sqrt(np.maximum(np.minimum(*at_ends), 0.0))
    peak = np.clip(2 / 3 * (g * size + 1), u_least, u_most)
    most = before * np.sqrt((g + 1 / size) * peak**2 - peak**3 / size)
    keep = (
        (a <= bounds.a_high)
        & (a + reach >= bounds.a_low - _SLACK)
        & (least <= bounds.e_high + _SLACK)
        & (most >= bounds.e_low - _SLACK)
    )
    return a[keep], g[keep], mask[keep]


def _joined(table: States, states: States, bounds: _Bounds) -> Iterator[int]:
    """Complete states by every subset in a table that brings them within the bounds."""
    more_a, more_g, more_mask = table
    a, g, mask = states
    begin = np.searchsorted(more_a, bounds.a_low - a, side="left")
    counts = np.searchsorted(more_a, bounds.a_high - a, side="right") - begin
    done = np.cumsum(counts)
    first = 0
    while first < a.size:
        so_far = int(done[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(done, so_far + _JOINED, side="right")))
        part = slice(first, last)
        which = np.repeat(np.arange(first, min(last, a.size)), counts[part])
        within = np.arange(which.size) - np.repeat(done[part] - counts[part] - so_far, counts[part])
        more = begin[which] + within
        total = g[which] + more_g[more]
        error = np.exp(-(a[which] + more_a[more])) * np.sqrt(total)
        inside = (error >= bounds.e_low) & (error <= bounds.e_high)
        yield from (mask[which[inside]] | more_mask[more[inside]]).tolist()
        first = last


@lru_cache(maxsize=MOST_PATIENTS)
def _subsets(first: int, last: int) -> States:
    """All subsets of these sizes: -log survival, ascending, the sum of Greenwood, the bits."""
    a, g, mask = np.zeros(1), np.zeros(1), np.zeros(1, dtype=np.int64)
    for size in range(first, last + 1):
        a = np.concatenate((a, a + math.log(size / (size - 1))))
        g = np.concatenate((g, g + 1 / (size * (size - 1))))
        mask = np.concatenate((mask, mask | np.int64(1 << size)))
    order = np.argsort(a, kind="stable")
    return a[order], g[order], mask[order]
