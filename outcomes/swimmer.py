"""The course of every patient from diagnosis: until when, how it ends, and what happened when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from outcomes.clinical.cohort import EVENT_MONTHS
from outcomes.clinical.dictionary import EVENTS, months_column
from outcomes.endpoints import NO_FOLLOW_UP
from outcomes.factors import assign_levels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from outcomes.factors import Factor

NOT_KNOWN = "not known"
EVERYBODY = "All patients"
SWIMMER_COLUMNS = (
    "by",
    "group",
    "patient",
    "end_months",
    "end",
    *EVENT_MONTHS,
    "relapse_site",
    "death_cause",
)


class End(StrEnum):
    """How what is known of a patient ends."""

    DEAD = "dead"
    LEFT = "left the study"
    ALIVE = "alive at last contact"
    LAST_EVENT = "last known event"
    NO_FOLLOW_UP = NO_FOLLOW_UP


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One patient.

    Attributes:
        patient: The identifier.
        line: The line of the clinical table, counted from 1.
        group: The level of the factor that groups, `not known` where it is missing.
        end: How it ends.
        end_months: Until when anything is known, from diagnosis; None without follow-up.
        events: The time of each event that happened, in months, by its name; last contact and
            death are events too.
        relapse_site: The site of the first relapse, empty for none.
        death_cause: The cause of death, empty for the living.
    """

    patient: str
    line: int
    group: str
    end: End
    end_months: float | None
    events: Mapping[str, float]
    relapse_site: str
    death_cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """All patients, by group in the factor's order, the longest course of a group first.

    Attributes:
        by: Name of the factor that groups; empty for none.
        label: Its name for people; empty for none.
        groups: The groups that somebody is in, in order.
        patients: The patients, in the order of the groups.
    """

    by: str
    label: str
    groups: tuple[str, ...]
    patients: tuple[Course, ...]

    @property
    def followed(self) -> tuple[Course, ...]:
        """Those of whom any time is known."""
        return tuple(course for course in self.patients if course.end_months is not None)


def courses(data: pd.DataFrame, factor: Factor | None) -> Courses:
    """Put together the course of every patient.

    Args:
        data: The cohort's data.
        factor: What groups the patients; None for nothing.
    """
    group_of, groups = grouped(data, factor)
    times = data[list(EVENT_MONTHS)].to_numpy(dtype=np.float64)
    found = [
        _course(
            patient=patient,
            line=int(line),
            group=group,
            times=dict(zip(EVENTS, row, strict=True)),
            relapse_site=site or "",
            death_cause=cause or "",
        )
        for patient, line, group, row, site, cause in zip(
            data["patient"],
            data["line"],
            group_of,
            times.tolist(),
            data["relapse_site"],
            data["death_cause"],
            strict=True,
        )
    ]
    found.sort(key=lambda course: (groups.index(course.group), -(course.end_months or 0)))
    return Courses(
        by=factor.name if factor else "",
        label=factor.label if factor else "",
        groups=groups,
        patients=tuple(found),
    )


def grouped(data: pd.DataFrame, factor: Factor | None) -> tuple[list[str], tuple[str, ...]]:
    """Say each patient's group, and the groups that somebody is in, those not known last."""
    if factor is None:
        return [EVERYBODY] * len(data), (EVERYBODY,) if len(data) else ()
    level_of = [level or NOT_KNOWN for level in assign_levels(data, factor)]
    order = dict.fromkeys((*factor.levels, NOT_KNOWN))
    return level_of, tuple(level for level in order if level in set(level_of))


def _course(
    *,
    patient: str,
    line: int,
    group: str,
    times: Mapping[str, float],
    relapse_site: str,
    death_cause: str,
) -> Course:
    events = {event: time for event, time in times.items() if not np.isnan(time)}
    last = max(events.values(), default=None)
    if last is None:
        end = End.NO_FOLLOW_UP
    elif "death" in events:
        end = End.DEAD
    elif events.get("left_study") == last:
        end = End.LEFT
    elif events.get("last_contact") == last:
        end = End.ALIVE
    else:
        end = End.LAST_EVENT
    return Course(
        patient=patient,
        line=line,
        group=group,
        end=end,
        end_months=last,
        events=events,
        relapse_site=relapse_site,
        death_cause=death_cause,
    )


def swimmer_rows(found: Courses) -> Iterator[dict[str, object]]:
    """Yield a row with `SWIMMER_COLUMNS` for each patient, in the order of the figure."""
    for course in found.patients:
        yield {
            "by": found.by,
            "group": course.group,
            "patient": course.patient,
            "end_months": course.end_months,
            "end": str(course.end),
            **{months_column(event): course.events.get(event) for event in EVENTS},
            "relapse_site": course.relapse_site,
            "death_cause": course.death_cause,
        }
