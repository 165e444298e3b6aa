"""Wilcoxon's rank sum test, which is Mann and Whitney's, as R's `wilcox.test` does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    import numpy.typing as npt

# From this size of a group on R takes the normal approximation.
EXACT_BELOW = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RankSum:
    """The test: R's W, which is U of the first group, the two-sided p value, and how it was got."""

    statistic: float
    p_value: float
    exact: bool


def rank_sum(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> RankSum:
    """Compare two groups by the ranks of their values, two-sided.

    Exact where both groups have fewer than 50 values and no two values are the same; otherwise
    the normal approximation with the variance for ties and the correction for continuity. These
    are the defaults of `wilcox.test` in R 4.2.2.

    Args:
        first: The values of the first group, at least one.
        second: Those of the second. Not all values may be the same.
    """
    values = np.concatenate([first, second])
    untied = np.unique(values).size == values.size
    exact = untied and max(first.size, second.size) < EXACT_BELOW
    found = stats.mannwhitneyu(
        first,
        second,
        alternative="two-sided",
        use_continuity=True,
        method="exact" if exact else "asymptotic",
    )
    return RankSum(statistic=float(found.statistic), p_value=float(found.pvalue), exact=exact)
