"""Whom a factor compares: its levels among those still observed, and who is not among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from outcomes import cautions
from outcomes.factors import assign_levels, present_levels

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from outcomes.cautions import Caution
    from outcomes.factors import Factor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """The patients of an endpoint that a factor compares.

    Attributes:
        rows: Their rows of the endpoint's data.
        groups: The level of each, with the same index.
        levels: The levels that somebody has, in the factor's order.
        left_before_landmark: Others, with an event or censored by the landmark.
        without_level: The rest, whose level is missing or not compared.
    """

    rows: pd.DataFrame
    groups: pd.Series[Any]
    levels: tuple[str, ...]
    left_before_landmark: int
    without_level: int


def compared(times: pd.DataFrame, data: pd.DataFrame, factor: Factor) -> Compared:
    """Find whom a factor compares.

    Args:
        times: The endpoint's data, with `time_months`.
        data: The cohort's data with the factor's columns; the same index.
        factor: The factor.
    """
    observed = after_landmark(times, factor.landmark_months)
    level_of = assign_levels(data.loc[observed.index], factor)
    groups = level_of[level_of.notna()]
    return Compared(
        rows=observed[level_of.notna()],
        groups=groups,
        levels=present_levels(groups, factor),
        left_before_landmark=len(times) - len(observed),
        without_level=len(observed) - len(groups),
    )


def after_landmark(times: pd.DataFrame, landmark_months: float | None) -> pd.DataFrame:
    """Keep the patients who are under observation and free of an event after the landmark.

    An event at the landmark itself is out too: what is assessed that day (an induction failure)
    cannot be predicted by it. Where time counts from remission (`origin_months`), it counts from
    the landmark for those who were in remission before it: nobody can fail in between.
    """
    if landmark_months is None:
        return times
    if "origin_months" not in times:
        return times[times["time_months"] > landmark_months]
    waiting = (landmark_months - times["origin_months"]).clip(lower=0)
    kept = times["time_months"] + times["origin_months"] > landmark_months
    return times.assign(time_months=times["time_months"] - waiting)[kept]


def few_events(
    strata: Iterable[tuple[str, int, int]], *, where: str, endpoint: str, variable: str
) -> tuple[Caution, ...]:
    """Warn of levels with too few events.

    Args:
        strata: The name, the events and the patients of each level.
        where: The comparison.
        endpoint: Name of the endpoint.
        variable: Name of the factor.
    """
    found = (
        caution
        for level, events, n in strata
        for caution in cautions.few_events_in_group(events, n, where=f"{where}, {level}")
    )
    return cautions.concerning(found, endpoint=endpoint, variable=variable)
