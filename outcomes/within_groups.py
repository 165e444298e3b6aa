"""A factor's survival within each level of a grouping, and across it, stratified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from outcomes.compared import after_landmark
from outcomes.factors import ALL, assign_levels
from outcomes.statistics.stratified_cox import Effects, effects
from outcomes.statistics.stratified_logrank import StratifiedLogRank, stratified_logrank
from outcomes.statistics.survival import kaplan_meier

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from outcomes.analysis import Analysis
    from outcomes.endpoints import EndpointData
    from outcomes.factors import Factor
    from outcomes.statistics.survival import Counts, Floats, KaplanMeierEstimate

    Levels = Mapping[str, "pd.Series[Any]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The patients at one level of a factor in one stratum, `all` for either.

    Attributes:
        stratum: The level of the grouping.
        level: The level of the factor.
        n: Patients.
        events: Events.
        last_time: The longest time, None without a patient.
        estimate: Survival at the horizon, None without a patient.
    """

    stratum: str
    level: str
    n: int
    events: int
    last_time: float | None
    estimate: KaplanMeierEstimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tests:
    """What is tested of a factor: by log-rank and by Cox's model, within strata and across."""

    logrank: StratifiedLogRank
    effects: Effects


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinGroups:
    """A factor within the levels of a grouping and across them, for one endpoint.

    Attributes:
        grouping: The grouping.
        factor: The factor; None for all patients together.
        endpoint: Name of the endpoint.
        strata: The levels of the grouping that somebody compared has, in its order.
        levels: The factor's levels that somebody compared has, the reference first; `all` without
            a factor.
        cells: Every level in every stratum, then every level of all strata together.
        missing: By stratum, patients without a level of the factor; `all` adds those without a
            level of the grouping.
        left_before_landmark: Patients with an event or censored by the landmark.
        landmark_months: The later landmark of factor and grouping; None for neither.
        tests: The tests; None where no stratum has two levels, or without a factor.
    """

    grouping: Factor
    factor: Factor | None
    endpoint: str
    strata: tuple[str, ...]
    levels: tuple[str, ...]
    cells: tuple[Cell, ...]
    missing: Mapping[str, int]
    left_before_landmark: int
    landmark_months: float | None
    tests: Tests | None

    @property
    def variable(self) -> str:
        """The name of the factor, `all` without one."""
        return self.factor.name if self.factor else ALL


def levels_of(data: pd.DataFrame, analysis: Analysis) -> dict[str, pd.Series[Any]]:
    """Sort patients into the levels of every grouping and univariate factor, once."""
    names = dict.fromkeys((*analysis.stratify_by, *analysis.univariate))
    return {name: assign_levels(data, analysis.factors[name]) for name in names}


def within_groups(
    derived: EndpointData, levels: Levels, grouping: Factor, analysis: Analysis
) -> tuple[WithinGroups, ...]:
    """Compare survival by every univariate factor within the levels of a grouping.

    Args:
        derived: The endpoint's times and events.
        levels: The level of each patient by factor, `levels_of`.
        grouping: The factor that makes the strata.
        analysis: Names the factors and the horizon.

    Returns:
        All patients first, then the factors in order, but for the grouping itself.
    """
    factors = [analysis.factors[name] for name in analysis.univariate if name != grouping.name]
    return tuple(
        _within(derived, levels, grouping, factor, analysis) for factor in (None, *factors)
    )


def _within(
    derived: EndpointData,
    levels: Levels,
    grouping: Factor,
    factor: Factor | None,
    analysis: Analysis,
) -> WithinGroups:
    landmark = latest_landmark([grouping, factor] if factor else [grouping])
    observed = after_landmark(derived.data, landmark)
    stratum_of = levels[grouping.name].loc[observed.index].to_numpy()
    known = np.array([level is not None for level in stratum_of], dtype=bool)
    level_of = np.full(len(observed), ALL, dtype=object)
    if factor:
        level_of = levels[factor.name].loc[observed.index].to_numpy()
    complete = known & np.array([level is not None for level in level_of], dtype=bool)
    strata, groups = stratum_of[complete], level_of[complete]
    times = observed["time_months"].to_numpy(np.float64)[complete]
    events = observed["event"].to_numpy(np.int64)[complete]
    present = tuple(level for level in grouping.levels if level in set(strata))
    compared = tuple(
        level for level in (factor.levels if factor else [ALL]) if level in set(groups)
    )
    missing = {name: int((stratum_of[~complete] == name).sum()) for name in present}
    missing[ALL] = int((~complete).sum())
    tests = None
    if any(len(set(groups[strata == name])) > 1 for name in present):
        indicators = np.column_stack([groups == level for level in compared[1:]])
        tests = Tests(
            logrank=stratified_logrank(times, events, groups, strata),
            effects=effects(times, events, indicators.astype(np.float64), compared[1:], strata),
        )
    return WithinGroups(
        grouping=grouping,
        factor=factor,
        endpoint=derived.endpoint.name,
        strata=present,
        levels=compared,
        cells=tuple(
            _cell(
                times[inside],
                events[inside],
                stratum=name,
                level=level,
                analysis=analysis,
            )
            for name in (*present, ALL)
            for level in compared
            for inside in [(groups == level) & (True if name == ALL else strata == name)]
        ),
        missing=missing,
        left_before_landmark=len(derived.data) - len(observed),
        landmark_months=landmark,
        tests=tests,
    )


def latest_landmark(factors: list[Factor]) -> float | None:
    """Return the latest landmark of factors, None where none has one."""
    landmarks = [f.landmark_months for f in factors if f.landmark_months is not None]
    return max(landmarks, default=None)


def _cell(times: Floats, events: Counts, *, stratum: str, level: str, analysis: Analysis) -> Cell:
    curve = kaplan_meier(times, events, interval=analysis.interval) if times.size else None
    return Cell(
        stratum=stratum,
        level=level,
        n=times.size,
        events=int(events.sum()),
        last_time=curve.last_time if curve else None,
        estimate=curve.at(analysis.horizon_months) if curve else None,
    )
