"""Minimal residual disease at each time point: by flow cytometry in percent, by PCR yes or no."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outcomes.clinical.cohort import limit_column
from outcomes.clinical.dictionary import ASSESSED_DAYS
from outcomes.factors import ALL, FactorKind
from outcomes.swimmer import grouped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from outcomes.endpoints import EndpointData
    from outcomes.factors import Factor

MRD_COLUMNS = (
    "by",
    "group",
    "time_point",
    "day",
    "assay",
    "n",
    "missing",
    "below_limit",
    "reported_as_zero",
    "median_percent",
    "minimum_percent",
    "maximum_percent",
    "negative",
    "positive",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """A time point and the columns that hold its results."""

    name: str
    fcm: str
    pcr: str

    @property
    def day(self) -> int:
        """The day of treatment."""
        return ASSESSED_DAYS[self.fcm]


TIME_POINTS = (
    TimePoint(name="TP1", fcm="mrd_fcm_tp1_percent", pcr="mrd_pcr_tp1"),
    TimePoint(name="TP2", fcm="mrd_fcm_tp2_percent", pcr="mrd_pcr_tp2"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A result of flow cytometry: percent, or below a detection limit in percent."""

    percent: float
    limit: float | None = None

    @property
    def detected(self) -> bool:
        """Whether there is a number above 0."""
        return self.limit is None and self.percent > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MrdPatient:
    """One patient: the group, a result a time point, and whether the endpoint's event came.

    `event` is None where the patient is not in the analysis of the endpoint.
    """

    group: str
    fcm: tuple[Level | None, ...]
    pcr: tuple[str | None, ...]
    event: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mrd:
    """MRD of a cohort.

    Attributes:
        by: Name of the factor that groups; empty for none.
        label: Its name for people; empty for none.
        groups: The groups that somebody is in, in order.
        patients: All patients, in the cohort's order.
        cuts: The cut-points that the analysis declares, in percent, ascending.
        endpoint_label: The endpoint whose event is told.
    """

    by: str
    label: str
    groups: tuple[str, ...]
    patients: tuple[MrdPatient, ...]
    cuts: tuple[float, ...]
    endpoint_label: str

    @property
    def measured(self) -> bool:
        """Whether anybody has a result of flow cytometry."""
        return any(level for patient in self.patients for level in patient.fcm)

    @property
    def limits(self) -> tuple[float, ...]:
        """The detection limits that results are below, ascending."""
        found = {
            level.limit for patient in self.patients for level in patient.fcm if level is not None
        }
        return tuple(sorted(limit for limit in found if limit is not None))


def mrd_by_time(
    data: pd.DataFrame, derived: EndpointData, factors: Mapping[str, Factor], *, by: str
) -> Mrd:
    """Gather MRD at every time point.

    Args:
        data: The cohort's data.
        derived: The endpoint whose event is told; index as in `data`.
        factors: The factors of the analysis, which declare the cut-points.
        by: The factor that groups the patients; empty for none.
    """
    factor = factors.get(by)
    group_of, groups = grouped(data, factor)
    event_of = derived.data["event"].to_dict()
    fcm = [_levels(data, point.fcm) for point in TIME_POINTS]
    pcr = [data[point.pcr].tolist() for point in TIME_POINTS]
    patients = tuple(
        MrdPatient(
            group=group,
            fcm=tuple(levels[number] for levels in fcm),
            pcr=tuple(results[number] for results in pcr),
            event=bool(event_of[index]) if index in event_of else None,
        )
        for number, (index, group) in enumerate(zip(data.index, group_of, strict=True))
    )
    columns = {point.fcm for point in TIME_POINTS}
    cuts = {
        cut
        for each in factors.values()
        if each.kind is FactorKind.CUT and each.column in columns
        for cut in each.cuts
        if cut > 0
    }
    return Mrd(
        by=by,
        label=factor.label if factor else "",
        groups=groups,
        patients=patients,
        cuts=tuple(sorted(cuts)),
        endpoint_label=derived.endpoint.label,
    )


def _levels(data: pd.DataFrame, column: str) -> list[Level | None]:
    return [
        None
        if math.isnan(percent)
        else Level(percent=percent, limit=None if math.isnan(limit) else limit)
        for percent, limit in zip(
            data[column].tolist(), data[limit_column(column)].tolist(), strict=True
        )
    ]


def mrd_rows(mrd: Mrd) -> Iterator[dict[str, object]]:
    """Yield a row with `MRD_COLUMNS` for each assay, time point and group, everybody first."""
    for number, point in enumerate(TIME_POINTS):
        for group in (ALL, *(mrd.groups if mrd.by else ())):
            patients = [p for p in mrd.patients if group in (ALL, p.group)]
            about = {"by": mrd.by, "group": group, "time_point": point.name, "day": point.day}
            cells = {
                "FCM": _fcm_cells([patient.fcm[number] for patient in patients]),
                "PCR": _pcr_cells([patient.pcr[number] for patient in patients]),
            }
            for assay, own in cells.items():
                yield dict.fromkeys(MRD_COLUMNS) | about | {"assay": assay} | own


def _fcm_cells(results: Sequence[Level | None]) -> dict[str, object]:
    levels = [level for level in results if level is not None]
    notes = [] if levels else ["no result"]
    # Whatever is not detected comes before every number.
    ordered = sorted((level.percent if level.detected else 0.0) for level in levels)
    middle = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    found: dict[str, float | None] = {}
    for name, values in {
        "median": middle,
        "minimum": ordered[:1],
        "maximum": ordered[-1:],
    }.items():
        found[f"{name}_percent"] = None
        if values and min(values) > 0:
            found[f"{name}_percent"] = sum(values) / len(values)
        elif values:
            notes.append(f"{name} not detected or below the limit")
    return {
        "n": len(levels),
        "missing": len(results) - len(levels),
        "below_limit": sum(level.limit is not None for level in levels),
        "reported_as_zero": sum(level.limit is None and level.percent == 0 for level in levels),
        **found,
        "note": "; ".join(notes),
    }


def _pcr_cells(results: Sequence[str | None]) -> dict[str, object]:
    known = [result for result in results if result]
    return {
        "n": len(known),
        "missing": len(results) - len(known),
        "negative": known.count("negative"),
        "positive": known.count("positive"),
        "note": "" if known else "no result",
    }
