"""Standardised mean differences between groups: how far apart they are, whatever their size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Counts = npt.NDArray[np.int64]

# A difference that the covariance explains up to this share of it is explained.
RANK_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A standardised mean difference, never negative; without a value, `note` says why.

    With more than two groups the value is the mean over all pairs, and `note` says so.
    """

    value: float | None
    note: str = ""


NOT_COMPARED = Difference(value=None, note="fewer than two groups with a value")
NO_SPREAD = Difference(
    value=None, note="not finite: the groups differ, and there is no spread within them"
)
TOO_FEW = Difference(value=None, note="a group has fewer than two values")


def difference_of_means(groups: Sequence[Floats]) -> Difference:
    """Standardise the difference of means: |m1 - m2| / sqrt((s1² + s2²) / 2).

    The standard deviations have n - 1 below them (Austin, Stat Med 2009;28:3083-3107, cited from
    memory).

    Args:
        groups: The values of each group, without missing ones. Empty groups are ignored.
    """
    filled = [values for values in groups if values.size]
    if any(values.size == 1 for values in filled) and len(filled) > 1:
        return TOO_FEW
    return _over_pairs(filled, _of_two_means)


def difference_of_counts(counts: Sequence[Sequence[int]]) -> Difference:
    """Standardise the difference of distributions over levels, as a distance of Mahalanobis.

    With p the proportions of all levels but one and S the mean of the two multinomial covariances:
    sqrt((p1 - p2)' S⁻¹ (p1 - p2)) (Yang and Dalton, SAS Global Forum 2012, paper 335, cited from
    memory). Of two levels it is |p1 - p2| / sqrt((p1 (1 - p1) + p2 (1 - p2)) / 2).

    Args:
        counts: Patients by level (rows) and group (columns). Empty rows and columns are ignored.
    """
    table = np.array(counts, dtype=np.int64)
    table = table[:, table.sum(axis=0) > 0]
    return _over_pairs(list(table.T), _of_two_distributions)


def _over_pairs(
    groups: Sequence[npt.NDArray[Any]], of_two: Callable[[Any, Any], float]
) -> Difference:
    pairs = [of_two(first, second) for first, second in combinations(groups, 2)]
    if not pairs:
        return NOT_COMPARED
    if not all(map(math.isfinite, pairs)):
        return NO_SPREAD
    note = f"mean of {len(pairs)} pairs of groups" if len(pairs) > 1 else ""
    return Difference(value=math.fsum(pairs) / len(pairs), note=note)


def _of_two_means(first: Floats, second: Floats) -> float:
    apart = abs(float(first.mean() - second.mean()))
    spread = math.sqrt(float(first.var(ddof=1) + second.var(ddof=1)) / 2)
    if spread == 0:
        return math.inf if apart else 0.0
    return apart / spread


def _of_two_distributions(first: Counts, second: Counts) -> float:
    present = (first + second) > 0
    p1, p2 = first[present] / first.sum(), second[present] / second.sum()
    apart = (p1 - p2)[1:]
    covariance = (_multinomial(p1[1:]) + _multinomial(p2[1:])) / 2
    if not apart.any():
        return 0.0
    solved = np.linalg.lstsq(covariance, apart, rcond=None)[0]
    # Where no group is spread over the levels that tell them apart, the distance is infinite.
    if np.abs(covariance @ solved - apart).max() > RANK_TOLERANCE:
        return math.inf
    return math.sqrt(float(apart @ solved))


def _multinomial(p: Floats) -> Floats:
    covariance: Floats = np.diag(p) - np.outer(p, p)
    return covariance
