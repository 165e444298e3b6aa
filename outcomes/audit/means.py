"""Cells that follow from means with their spread: Welch's test, and the pooled mean and spread.

A mean, a standard deviation and a standard error are rounded; a number of patients is exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

from fusion_caller.errors import BadValueError
from outcomes.audit.cells import fields_of, split_groups, whole
from outcomes.audit.intervals import Interval, exactly, number_and_half_unit, rounded
from outcomes.audit.judgement import Computed

if TYPE_CHECKING:
    from collections.abc import Sequence

# Both standard errors are cut into so many parts for p, whose t and df hang together by them.
_PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    n: int
    mean: float
    sem: float
    mean_range: Interval
    sem_range: Interval

    def as_printed(self) -> _Group:
        return _Group(
            n=self.n,
            mean=self.mean,
            sem=self.sem,
            mean_range=exactly(self.mean),
            sem_range=exactly(self.sem),
        )


def welch_t(inputs: str) -> Computed:
    """`mean=..; sem=..; n=.. vs mean=..; sem=..; n=..` (or `sd`): the size of Welch's t.

    t = |m1 - m2| / sqrt(sem1^2 + sem2^2) (Welch, Biometrika 1947;34:28-35).

    Raises:
        BadValueError: If the inputs are not that, or have no spread.
    """
    first, second = _two_groups(inputs)
    exact = _t_range(first.as_printed(), second.as_printed())
    return Computed(value=exact.low, possible=_t_range(first, second))


def welch_df(inputs: str) -> Computed:
    """The same inputs: the degrees of freedom of Welch and Satterthwaite.

    With r = sem1^2 / sem2^2 they are (1 + r)^2 / (r^2 / (n1 - 1) + 1 / (n2 - 1)), which rises to
    n1 + n2 - 2 at r = (n1 - 1) / (n2 - 1) and falls beyond.

    Raises:
        BadValueError: If the inputs are not that, or have no spread.
    """
    first, second = _two_groups(inputs)
    exact = _df_range(first.as_printed(), second.as_printed())
    return Computed(value=exact.low, possible=_df_range(first, second))


def welch_p(inputs: str) -> Computed:
    """The same inputs: the two-sided p value of Welch's test.

    Raises:
        BadValueError: If the inputs are not that, or have no spread.
    """
    first, second = _two_groups(inputs)
    exact = _p_range(first.as_printed(), second.as_printed())
    cut = [
        _p_range(_with_sem(first, one), _with_sem(second, two))
        for one in _cut(first.sem_range)
        for two in _cut(second.sem_range)
    ]
    return Computed(
        value=exact.low,
        possible=Interval(min(each.low for each in cut), max(each.high for each in cut)),
    )


def pooled_mean(inputs: str) -> Computed:
    """Means and numbers of groups, as above: the mean of all patients.

    Raises:
        BadValueError: If the inputs are not that.
    """
    groups = _groups(inputs)
    everybody = sum(group.n for group in groups)
    return Computed(
        value=sum(group.n * group.mean for group in groups) / everybody,
        possible=Interval(
            sum(group.n * group.mean_range.low for group in groups) / everybody,
            sum(group.n * group.mean_range.high for group in groups) / everybody,
        ),
    )


def pooled_sem(inputs: str) -> Computed:
    """The same inputs: the standard error of the mean of all patients.

    The sum of squares is that within the groups and that between them, as in the analysis of
    variance.

    Raises:
        BadValueError: If the inputs are not that.
    """
    groups = _groups(inputs)
    exact = _pooled([group.as_printed() for group in groups])
    return Computed(value=exact.low, possible=_pooled(groups))


def pooled_sd(inputs: str) -> Computed:
    """The same inputs: the standard deviation of all patients.

    Raises:
        BadValueError: If the inputs are not that.
    """
    sem = pooled_sem(inputs)
    root = math.sqrt(sum(group.n for group in _groups(inputs)))
    return Computed(
        value=sem.value * root,
        possible=Interval(sem.possible.low * root, sem.possible.high * root),
    )


def _groups(inputs: str) -> list[_Group]:
    groups = [_group(part) for part in split_groups(inputs)]
    if len(groups) < 2:  # noqa: PLR2004
        raise BadValueError(f"expected two groups or more, separated by ' vs ', found '{inputs}'")
    return groups


def _group(text: str) -> _Group:
    found = fields_of(text, required=("mean", "n"), optional=("sem", "sd"))
    if ("sem" in found) == ("sd" in found):
        raise BadValueError(f"expected either 'sem=...' or 'sd=...', found '{text}'")
    n = whole(found["n"], least=2)
    spread = found.get("sem") or found["sd"]
    scale = 1.0 if "sem" in found else 1 / math.sqrt(n)
    between = rounded(spread).at_least_zero()
    sem = float(number_and_half_unit(spread)[0]) * scale
    if sem < 0:
        raise BadValueError(f"expected a spread that is not negative, found '{spread}'")
    return _Group(
        n=n,
        mean=float(number_and_half_unit(found["mean"])[0]),
        sem=sem,
        mean_range=rounded(found["mean"]),
        sem_range=Interval(between.low * scale, between.high * scale),
    )


def _two_groups(inputs: str) -> tuple[_Group, _Group]:
    groups = _groups(inputs)
    if len(groups) > 2:  # noqa: PLR2004
        raise BadValueError(f"expected two groups, found {len(groups)}")
    if groups[0].sem == 0 or groups[1].sem == 0:
        raise BadValueError("expected a spread above 0 in both groups, found 0")
    return groups[0], groups[1]


def _t_range(first: _Group, second: _Group) -> Interval:
    difference = (first.mean_range - second.mean_range).absolute()
    return difference.over((first.sem_range.squared() + second.sem_range.squared()).root())


def _df_range(first: _Group, second: _Group) -> Interval:
    by = first.sem_range.squared().over(second.sem_range.squared())
    peak = (first.n - 1) / (second.n - 1)
    found = [_satterthwaite(r, first.n, second.n) for r in (by.low, by.high)]
    if by.low <= peak <= by.high:
        found.append(float(first.n + second.n - 2))
    return Interval(min(found), max(found))


def _satterthwaite(r: float, n1: int, n2: int) -> float:
    if math.isinf(r):
        return n1 - 1.0
    return (1 + r) ** 2 / (r**2 / (n1 - 1) + 1 / (n2 - 1))


def _p_range(first: _Group, second: _Group) -> Interval:
    # p falls when t rises and when df rises.
    t, df = _t_range(first, second), _df_range(first, second)
    return Interval(_two_sided(t.high, df.high), _two_sided(t.low, df.low))


def _two_sided(t: float, df: float) -> float:
    return 0.0 if math.isinf(t) else float(2 * stdtr(df, -t))


def _cut(interval: Interval) -> list[Interval]:
    edges = np.linspace(interval.low, interval.high, _PARTS + 1).tolist()
    return [Interval(low, high) for low, high in pairwise(edges)]


def _with_sem(group: _Group, sem_range: Interval) -> _Group:
    return _Group(
        n=group.n,
        mean=group.mean,
        sem=group.sem,
        mean_range=group.mean_range,
        sem_range=sem_range,
    )


def _pooled(groups: Sequence[_Group]) -> Interval:
    everybody = sum(group.n for group in groups)
    squares = Interval(0.0, 0.0)
    for group in groups:
        squares += group.sem_range.squared() * exactly(group.n * (group.n - 1))
    for one, two in combinations(groups, 2):
        between = (one.mean_range - two.mean_range).squared()
        squares += between * exactly(one.n * two.n / everybody)
    return (squares * exactly(1 / (everybody - 1) / everybody)).root()
