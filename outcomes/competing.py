"""Endpoints with competing events: relapse and treatment-related mortality, as definitions.

The first event wins, as it does for event-free survival: each patient is free of all of them,
has had the event of interest first, or another one. So the two incidences and event-free survival
add up to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from outcomes.clinical.dictionary import months_column
from outcomes.endpoints import ENDPOINTS, Exclusion, derive

if TYPE_CHECKING:
    import pandas as pd

    from outcomes.clinical.cohort import Cohort
    from outcomes.endpoints import Endpoint


class Leavers(StrEnum):
    """What is done with patients who left the study before any event."""

    CENSORED = "censored"
    """They count until the last contact."""
    EXCLUDED = "excluded"
    """They are not in the analysis, which biases it by what happened later."""
    EVENT = "event"
    """Leaving is a failure: an event of event-free survival, and one that competes with others."""


EVENT_FREE = MappingProxyType(
    {
        Leavers.CENSORED: ENDPOINTS["efs"],
        Leavers.EXCLUDED: ENDPOINTS["wen-2022-with-trm"],
        Leavers.EVENT: ENDPOINTS["wen-2022-as-written"],
    }
)
"""Event-free survival by each convention: the events that a competing-risks analysis parts."""
EVENT_FREE_DEFINITIONS = tuple(
    ENDPOINTS[name] for name in ("efs-eln-2017", "efs-eln-2022", "efs-ponte-di-legno")
)
"""Other definitions of event-free survival, each with those who left censored."""
_LEAVERS_IN_WORDS = {
    Leavers.CENSORED: "Patients without an event are censored at last contact, those who left the "
    "study included; nobody is excluded.",
    Leavers.EXCLUDED: "Patients who left the study before any event are left out; the others "
    "without an event are censored at last contact.",
    Leavers.EVENT: "Leaving the study counts as a competing event; the others without an event are "
    "censored at last contact.",
}


_SOURCE = "usual in trials of childhood leukaemia (cited from memory); ELN counts relapse from CR"


def by_convention(endpoint: Endpoint, leavers: Leavers) -> Endpoint:
    """Make the definition with another convention for those who left the study.

    Args:
        endpoint: A definition that censors them.
        leavers: The convention.
    """
    if leavers is Leavers.EXCLUDED:
        return replace(endpoint, excludes_leavers=True)
    if leavers is Leavers.EVENT:
        return replace(endpoint, events=(*endpoint.events, "left_study"))
    return endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetingEndpoint:
    """A definition.

    Attributes:
        name: How an analysis calls it.
        label: Its short name for people.
        competing_label: What competes with it, for people, in short.
        text: What is estimated and what competes, in words.
        event: The event of interest.
        death_cause: The cause a death must have; empty where the event is none, or any will do.
        needs: Columns of the clinical table without which it cannot be known.
        source: Where the definition stands.
    """

    name: str
    label: str
    competing_label: str
    text: str
    source: str
    event: str
    death_cause: str = ""
    needs: tuple[str, ...]

    def definition(self, leavers: Leavers) -> str:
        """The definition in words, complete."""
        return f"{self.text} {_LEAVERS_IN_WORDS[leavers]}"


COMPETING_ENDPOINTS = MappingProxyType(
    {
        endpoint.name: endpoint
        for endpoint in (
            CompetingEndpoint(
                name="relapse",
                label="Relapse",
                competing_label="Failure, second cancer or death without relapse",
                text="Cumulative incidence of relapse from diagnosis. Induction failure, second "
                "cancer and death without relapse compete: whoever has one of them first can no "
                "longer have a first relapse, and is not censored.",
                source=_SOURCE,
                event="relapse",
                needs=(months_column("relapse"),),
            ),
            CompetingEndpoint(
                name="treatment_related_mortality",
                label="Treatment-related mortality",
                competing_label="Failure, relapse or other death",
                text="Cumulative incidence of death of treatment from diagnosis. Induction "
                "failure, relapse, second cancer and death of any other or an unknown cause "
                "compete: a death after one of them is not counted here.",
                source=_SOURCE,
                event="death",
                death_cause="treatment",
                needs=(months_column("death"), "death_cause"),
            ),
        )
    }
)
"""The definitions by name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompetingData:
    """An endpoint of a cohort.

    Attributes:
        endpoint: The definition.
        leavers: What was done with those who left.
        data: One row for each patient analysed, with the cohort's index and order: `patient`,
            `time_months` (float64), `cause` (int64, a code of `statistics.incidence.CAUSES`) and
            `first_event`, the event's name, empty if censored.
        excluded: The others, in the cohort's order.
    """

    endpoint: CompetingEndpoint
    leavers: Leavers
    data: pd.DataFrame
    excluded: tuple[Exclusion, ...]

    @property
    def events(self) -> int:
        """The number of patients with the event of interest first."""
        return int((self.data["cause"] == 1).sum())


def known(endpoint: CompetingEndpoint, cohort: Cohort) -> bool:
    """Say whether the clinical table has what the endpoint is made from.

    Without a column of relapses nobody would have one, and the incidence would be 0.
    """
    return cohort.given.issuperset(endpoint.needs)


def derive_competing(
    cohort: Cohort, endpoint: CompetingEndpoint, leavers: Leavers
) -> CompetingData:
    """Compute each patient's time and cause.

    Args:
        cohort: The cohort.
        endpoint: The definition, as in `COMPETING_ENDPOINTS`.
        leavers: What to do with those who left the study before any event.
    """
    derived = derive(cohort, EVENT_FREE[leavers])
    first = derived.data["first_event"]
    of_interest = first == endpoint.event
    if endpoint.death_cause:
        causes = cohort.data.loc[derived.data.index, "death_cause"]
        of_interest &= causes == endpoint.death_cause
    cause = np.where(of_interest, 1, np.where(first != "", 2, 0)).astype(np.int64)
    return CompetingData(
        endpoint=endpoint,
        leavers=leavers,
        data=derived.data.drop(columns="event").assign(cause=cause),
        excluded=derived.excluded,
    )


def leavers_of(endpoint: Endpoint) -> Leavers:
    """Return the convention that an endpoint of event-free survival follows."""
    if "left_study" in endpoint.events:
        return Leavers.EVENT
    return Leavers.EXCLUDED if endpoint.excludes_leavers else Leavers.CENSORED
