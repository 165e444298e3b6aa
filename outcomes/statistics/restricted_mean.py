"""Restricted mean survival time: the area under a Kaplan-Meier curve, and how groups differ.

Values agree with `survfit(...)`, `rmean` of R's survival 3.5-3, and `rmst2` of survRM2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from outcomes.errors import OutcomesError
from outcomes.statistics.by_greenwood import restricted_mean as area

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outcomes.statistics.survival import KaplanMeier

MEAN_COLUMNS = (
    "mean_until_months",
    "restricted_mean_months",
    "restricted_mean_std_error",
    "mean_difference_months",
    "mean_difference_std_error",
    "mean_difference_p_value",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedMean:
    """The mean time free of the event up to a time, and its standard error, in that unit."""

    until: float
    mean: float
    std_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanDifference:
    """A restricted mean less that of the reference.

    `p_value` is that of the two-sided Wald test; None where neither group has an event.
    """

    difference: float
    std_error: float
    p_value: float | None


def comparable_until(curves: Sequence[KaplanMeier], horizon: float) -> float:
    """Return the latest time, at most the horizon, up to which all curves are known.

    A curve is known to its last time, or for ever once nobody is left without an event.
    """
    return min([horizon, *(curve.last_time for curve in curves if curve.survival[-1] > 0)])


def restricted_mean(curve: KaplanMeier, until: float) -> RestrictedMean:
    """Compute the restricted mean of a curve.

    Args:
        curve: The curve.
        until: The time up to which the area counts, in the curve's unit.

    Raises:
        OutcomesError: If the time is not above 0, or beyond where the curve is known.
    """
    if not 0 < until <= comparable_until([curve], until):
        raise OutcomesError(
            f"until: expected a time above 0 and within the follow-up, found {until}"
        )
    left = curve.n_events + curve.n_censored
    # At a tied time events come first; the sums do not depend on it.
    counts = np.column_stack([curve.n_events, curve.n_censored]).ravel()
    events = np.repeat(np.tile([1, 0], curve.time.size), counts)
    mean, std_error = area(np.repeat(curve.time, left), events, until)
    return RestrictedMean(until=until, mean=mean, std_error=std_error)


def mean_difference(group: RestrictedMean, reference: RestrictedMean) -> MeanDifference:
    """Compare the restricted means of two independent groups up to the same time."""
    difference = group.mean - reference.mean
    std_error = math.hypot(group.std_error, reference.std_error)
    return MeanDifference(
        difference=difference,
        std_error=std_error,
        p_value=2 * float(norm.sf(abs(difference) / std_error)) if std_error > 0 else None,
    )


def mean_cells(
    curves: Mapping[str, KaplanMeier], horizon_months: float
) -> dict[str, dict[str, object]]:
    """Make the cells of `MEAN_COLUMNS` for each level of a factor.

    All means reach to the same time, the horizon or where the first curve ends; differences are
    from the first level.

    Args:
        curves: The curves by level, in months.
        horizon_months: The time up to which the means are wanted.

    Returns:
        The cells by level; none where a curve ends at time 0.
    """
    until = comparable_until([*curves.values()], horizon_months)
    if until == 0:
        return {}
    means = {level: restricted_mean(curve, until) for level, curve in curves.items()}
    cells: dict[str, dict[str, object]] = {}
    for level, mean in means.items():
        row: list[object] = [until, mean.mean, mean.std_error]
        if cells:
            against = mean_difference(mean, means[next(iter(cells))])
            row += [against.difference, against.std_error, against.p_value]
        cells[level] = dict(zip(MEAN_COLUMNS, row, strict=False))
    return cells
