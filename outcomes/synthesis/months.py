"""Times for patients whose order of leaving is known; only order and horizons mean something."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Days would be too coarse for many patients, and nobody reads more.
STEPS_PER_MONTH = 100
_FOLLOWED_ON = 24.0
_NO_HORIZON = 60.0


def times_in_order(
    n: int,
    until: Mapping[float, Sequence[bool]],
    medians: Sequence[tuple[Sequence[int], float]],
    *,
    earliest: float = 0.0,
) -> list[float]:
    """Months for patients in the order of leaving, all different.

    Args:
        n: Patients.
        until: Horizon in months to whether each patient left at or before it.
        medians: Patients, by their places, and what the median of their times should be. Of what
            does not go together with a horizon or an earlier median, the later is left.
        earliest: Months by which nobody should have left, where the first horizon allows.
    """
    begin = earliest if earliest < min(until, default=_NO_HORIZON) else 0.0
    anchors: dict[float, float] = {-1.0: begin}
    for months in sorted(until):
        anchors[sum(until[months]) - 0.5] = months
    anchors[float(n)] = max(until, default=_NO_HORIZON) + _FOLLOWED_ON
    for patients, median in medians:
        ordered = sorted(patients)
        if ordered:
            middle = (ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2])
            if middle[0] == middle[1]:
                _anchor(anchors, {middle[0]: median})
            else:
                apart = (middle[1] - middle[0]) / STEPS_PER_MONTH
                _anchor(anchors, {middle[0]: median - apart, middle[1]: median + apart})
    steps: list[int] = []
    for place in range(n):
        wanted = round(_interpolated(anchors, place) * STEPS_PER_MONTH)
        steps.append(max(wanted, steps[-1] + 1 if steps else 1))
    return [step / STEPS_PER_MONTH for step in steps]


def _anchor(anchors: dict[float, float], more: Mapping[int, float]) -> None:
    """Add anchors if the times still rise from each to the next."""
    merged: dict[float, float] = dict(sorted([*anchors.items(), *more.items()]))
    if all(one < two for one, two in itertools.pairwise(merged.values())):
        anchors.clear()
        anchors.update(merged)


def _interpolated(anchors: Mapping[float, float], place: float) -> float:
    below = max(each for each in anchors if each <= place)
    above = min((each for each in anchors if each > place), default=below)
    if above == below:
        return anchors[below]
    share = (place - below) / (above - below)
    return anchors[below] + share * (anchors[above] - anchors[below])
