"""Numbers for patients whose bins are known, so that means, spreads, medians and ranges come out.

Values are whole multiples of a smallest step, so that sums are exact. They begin within their
bins and are moved, one or a pair that keeps the sum, as long as that brings the statistics nearer
to what is printed. Within its bin, which patient has which value means nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outcomes.audit.intervals import Interval
    from outcomes.synthesis.conditions import Cut

MOVES = 50_000
_ATTEMPTS = 5
# How readily a move to the worse is made at first; towards the end, never.
_WARMTH = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Statistics, by name, of some patients, by their places."""

    patients: tuple[int, ...]
    statistics: Mapping[str, Interval]


def statistics_of(values: Sequence[float], names: Sequence[str]) -> dict[str, float]:
    """`mean`, `sd`, `sem`, `median`, `min` and `max` of some values, NaN where there is none.

    The standard deviation is that of a sample, with n - 1.
    """
    column = np.asarray(values, dtype=float)
    n = column.size
    found = {
        "mean": float(column.mean()) if n else math.nan,
        "sd": float(column.std(ddof=1)) if n > 1 else math.nan,
        "median": float(np.median(column)) if n else math.nan,
        "min": float(column.min()) if n else math.nan,
        "max": float(column.max()) if n else math.nan,
    }
    found["sem"] = found["sd"] / math.sqrt(n) if n > 1 else math.nan
    return {name: found[name] for name in names}


def bin_limits(
    cuts: Sequence[Cut], lowest: float, highest: float, places: int
) -> list[tuple[int, int]]:
    """The least and the largest value of each bin, in steps of the last place, both within it."""
    scale = 10**places
    edges = [
        math.floor(cut.threshold * scale) + 1 if cut.after else math.ceil(cut.threshold * scale)
        for cut in cuts
    ]
    lows = [math.ceil(round(lowest * scale, 6)), *edges]
    highs = [*(edge - 1 for edge in edges), math.floor(round(highest * scale, 6))]
    # A bin outside of what is printed as the range still needs a value.
    return [(low, max(low, high)) for low, high in zip(lows, highs, strict=True)]


def fitted(
    limits: Sequence[tuple[int, int]],
    targets: Sequence[Target],
    *,
    begin: Sequence[tuple[int, int]],
    places: int,
    seed: int,
) -> list[int]:
    """Values, in steps of the last place, that bring the targets' statistics as near as was found.

    Args:
        limits: The least and the largest value of each patient.
        targets: What is to come out.
        begin: Between which two values each patient's first value is drawn.
        places: Digits behind the point of a value.
        seed: Where the search begins.
    """
    best: list[int] = []
    least = math.inf
    for attempt in range(_ATTEMPTS):
        random = np.random.default_rng((seed, attempt))
        values = [
            min(max(_between(*drawn, share), low), high)
            for (low, high), drawn, share in zip(
                limits, begin, random.random(len(limits)).tolist(), strict=True
            )
        ]
        _place_ends(values, limits, targets, 10**places)
        state = _State(values, limits, targets, 10**places)
        for move, shares in enumerate(random.random((MOVES, 5)).tolist() if values else ()):
            if state.cost < least:
                best, least = list(state.values), state.cost
            if least == 0:
                return best
            state.move(shares, _WARMTH * (1 - move / MOVES) ** 3)
    return best


def _between(low: int, high: int, share: float) -> int:
    """A value between two, small ones more often, as of blood counts."""
    return low + int((high - low) * share**2)


def _place_ends(
    values: list[int], limits: Sequence[tuple[int, int]], targets: Sequence[Target], scale: int
) -> None:
    """Give a printed smallest and largest value to the patients of the outermost bins."""
    for target in targets:
        for name, choose, sign in (("min", min, 1), ("max", max, -1)):
            if name in target.statistics and target.patients:
                wanted = target.statistics[name]
                value = round(scale * (wanted.low + wanted.high) / 2)
                end = choose(limits[i][0 if sign > 0 else 1] for i in target.patients)
                for i in target.patients:
                    low, high = limits[i]
                    if (low if sign > 0 else high) == end and low <= value <= high:
                        values[i] = value
                        break


class _State:
    """Values, and how far each statistic is from its target."""

    def __init__(
        self,
        values: list[int],
        limits: Sequence[tuple[int, int]],
        targets: Sequence[Target],
        scale: int,
    ) -> None:
        self.values = values
        self.limits = limits
        self.targets = targets
        self.scale = scale
        self.of_patient: list[list[int]] = [[] for _ in values]
        for place, target in enumerate(targets):
            for patient in target.patients:
                self.of_patient[patient].append(place)
        # Two of the same targets can be moved against each other without moving a mean.
        alike: dict[tuple[int, ...], list[int]] = {}
        for patient, places in enumerate(self.of_patient):
            alike.setdefault(tuple(places), []).append(patient)
        self.alike = [alike[tuple(places)] for places in self.of_patient]
        self.sums = [_sums([values[i] for i in target.patients]) for target in targets]
        self.costs = [self._cost(place) for place in range(len(targets))]

    @property
    def cost(self) -> float:
        """Zero where everything is met."""
        return sum(self.costs)

    def move(self, share: Sequence[float], warmth: float) -> None:
        """Try to move one value, or two against each other, by some power of a step."""
        one = int(share[0] * len(self.values))
        low, high = self.limits[one]
        step = max(1, int(max(high - low, 1) ** float(share[2])))
        changes = [(one, step if share[3] < 0.5 else -step)]  # noqa: PLR2004
        alike = self.alike[one]
        two = alike[int(share[1] * 2 * len(alike)) % len(alike)]
        if two != one and share[1] < 0.5:  # noqa: PLR2004
            changes.append((two, -changes[0][1]))
        if any(
            not self.limits[i][0] <= self.values[i] + by <= self.limits[i][1] for i, by in changes
        ):
            return
        before = {place: self.costs[place] for place in self.of_patient[one]}
        self._change(changes)
        worse = sum(self.costs[place] - cost for place, cost in before.items())
        if worse > 0 and (warmth <= 0 or share[4] >= math.exp(-worse / warmth)):
            self._change([(i, -by) for i, by in changes])

    def _change(self, changes: Sequence[tuple[int, int]]) -> None:
        for i, by in changes:
            value = self.values[i]
            self.values[i] = value + by
            for place in self.of_patient[i]:
                total, squares = self.sums[place]
                self.sums[place] = total + by, squares + by * (2 * value + by)
        for place in self.of_patient[changes[0][0]]:
            self.costs[place] = self._cost(place)

    def _cost(self, place: int) -> float:
        target = self.targets[place]
        n = len(target.patients)
        return sum(
            _distance(self._statistic(place, name, n) / self.scale, allowed)
            for name, allowed in target.statistics.items()
        )

    def _statistic(self, place: int, name: str, n: int) -> float:
        if not n:
            return math.nan
        total, squares = self.sums[place]
        if name == "mean":
            return total / n
        if name in ("sem", "sd"):
            spread = math.sqrt(max(n * squares - total * total, 0) / (n * max(n - 1, 1)))
            return spread / math.sqrt(n) if name == "sem" else spread
        own = sorted(self.values[i] for i in self.targets[place].patients)
        ends = {"median": (own[(n - 1) // 2] + own[n // 2]) / 2, "min": own[0], "max": own[-1]}
        return ends[name]


def _sums(own: Sequence[int]) -> tuple[int, int]:
    return sum(own), sum(value * value for value in own)


def _distance(value: float, allowed: Interval) -> float:
    """How far a value is outside, as a logarithm in units of a thousandth of it; 0 inside.

    Not in units of what is printed: a statistic of one digit more would hold all others in place.
    """
    if math.isnan(value):
        return 1.0
    off = max(allowed.low - value, value - allowed.high, 0.0)
    end = allowed.low if value < allowed.low else allowed.high
    return math.log1p(off / max(1e-3 * abs(end), 1e-9)) if off else 0.0
