"""Endpoints: named definitions as data, and the time and event they give each patient.

Time is in months from diagnosis; the first event wins. Whoever has no event is censored at the
last contact, or, where there is none, at the last time anything is known of the patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from outcomes.clinical.cohort import EVENT_MONTHS
from outcomes.clinical.dictionary import months_column

if TYPE_CHECKING:
    from outcomes.clinical.cohort import Cohort

NO_FOLLOW_UP = "no follow-up time"
TREATMENT_DEATH = "died of treatment before any other event"
LEFT_STUDY = "left the study before any event"
NOT_SUPPLIED = "no efs_months and efs_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A definition.

    Attributes:
        name: How an analysis calls it.
        label: Its short name for people.
        text: The definition in words, complete.
        events: What counts as an event; of several at the same time the first listed is named.
        excludes_treatment_death: Leave out whoever died of treatment without an earlier event.
        excludes_leavers: Leave out whoever left the study without an earlier event.
        supplied: The time and the event were computed elsewhere.
    """

    name: str
    label: str
    text: str
    events: tuple[str, ...] = ()
    excludes_treatment_death: bool = False
    excludes_leavers: bool = False
    supplied: bool = False


_FAILURES = ("induction_failure", "relapse", "second_cancer", "death")
_WEN = "Wen et al. 2022, whose text defines an event otherwise than its tables count it"

ENDPOINTS = MappingProxyType(
    {
        endpoint.name: endpoint
        for endpoint in (
            Endpoint(
                name="efs",
                label="Event-free survival",
                text="Time from diagnosis to induction failure, relapse, second cancer or death "
                "from any cause, whichever comes first. Patients without an event are censored at "
                "last contact, those who left the study included; nobody is excluded.",
                events=_FAILURES,
            ),
            Endpoint(
                name="wen-2022-as-analysed",
                label="pEFS, without treatment deaths and leavers",
                text="Time from diagnosis to induction failure, relapse, second cancer or death, "
                "whichever comes first, leaving out patients who died of treatment or left the "
                f"study before any event. {_WEN}: this is its analysis of 37 patients. "
                "Leaving patients out by what happens to them later biases the estimate upwards.",
                events=_FAILURES,
                excludes_treatment_death=True,
                excludes_leavers=True,
            ),
            Endpoint(
                name="wen-2022-with-trm",
                label="pEFS, without leavers",
                text="Time from diagnosis to induction failure, relapse, second cancer or death "
                "from any cause, whichever comes first, leaving out patients who left the study "
                f"before any event. {_WEN}: this is its analysis of 41 patients.",
                events=_FAILURES,
                excludes_leavers=True,
            ),
            Endpoint(
                name="wen-2022-as-written",
                label="EFS, leaving counts as an event",
                text="Time from diagnosis to induction failure, relapse, second cancer, death from "
                "any cause or leaving the study, whichever comes first; nobody is excluded. "
                f"{_WEN}: this is its text, for all 48 patients.",
                events=(*_FAILURES, "left_study"),
            ),
            Endpoint(
                name="os",
                label="Overall survival",
                text="Time from diagnosis to death from any cause. The living are censored at last "
                "contact; nobody is excluded.",
                events=("death",),
            ),
            Endpoint(
                name="as_supplied",
                label="Event-free survival as supplied",
                text="Time and event as computed elsewhere (efs_months, efs_event), by a "
                "definition that is not known here. Patients without them are left out.",
                supplied=True,
            ),
        )
    }
)
"""The definitions by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A patient who is not in an analysis, and why."""

    patient: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EndpointData:
    """An endpoint of a cohort.

    Attributes:
        endpoint: The definition.
        data: One row for each patient analysed, with the cohort's index and order: `patient`,
            `time_months` (float64), `event` (int64, 1 or 0) and `first_event`, the event's name,
            empty if censored.
        excluded: The others, in the cohort's order; together they are the whole cohort.
    """

    endpoint: Endpoint
    data: pd.DataFrame
    excluded: tuple[Exclusion, ...]

    @property
    def events(self) -> int:
        """The number of patients with an event."""
        return int(self.data["event"].sum())


def derive(cohort: Cohort, endpoint: Endpoint) -> EndpointData:
    """Compute the time and the event of every patient by a definition.

    Args:
        cohort: The cohort.
        endpoint: The definition, as in `ENDPOINTS`.
    """
    data = cohort.data
    if endpoint.supplied:
        return _supplied(data, endpoint)
    times = {event: data[months_column(event)] for event in endpoint.events}
    at_events = pd.DataFrame(times)
    happened = at_events.notna().any(axis="columns")
    first_time = at_events.min(axis="columns")
    first = pd.Series("", index=data.index, dtype=object)
    for event in reversed(endpoint.events):
        first = first.mask(at_events[event].notna() & (at_events[event] == first_time), event)
    known = data[list(EVENT_MONTHS)].max(axis="columns")
    censored = data["last_contact_months"].fillna(known)
    reason = pd.Series("", index=data.index, dtype=object)
    reason[known.isna()] = NO_FOLLOW_UP
    if endpoint.excludes_leavers:
        left = data["left_study_months"]
        reason[left.notna() & ~(first_time <= left)] = LEFT_STUDY
    if endpoint.excludes_treatment_death:
        reason[(first == "death") & (data["death_cause"] == "treatment")] = TREATMENT_DEATH
    frame = pd.DataFrame(
        {
            "patient": data["patient"],
            "time_months": first_time.where(happened, censored),
            "event": happened.astype(np.int64),
            "first_event": first,
        }
    )
    return _split(frame, reason, endpoint)


def _supplied(data: pd.DataFrame, endpoint: Endpoint) -> EndpointData:
    missing = data["efs_months"].isna()
    event = data["efs_event"].fillna(0).astype(np.int64)
    frame = pd.DataFrame(
        {
            "patient": data["patient"],
            "time_months": data["efs_months"],
            "event": event,
            "first_event": np.where(event == 1, "as_supplied", ""),
        }
    )
    reason = pd.Series("", index=data.index, dtype=object)
    reason[missing] = NOT_SUPPLIED
    return _split(frame, reason, endpoint)


def _split(frame: pd.DataFrame, reason: pd.Series[str], endpoint: Endpoint) -> EndpointData:
    excluded = tuple(
        Exclusion(patient=patient, reason=why)
        for patient, why in zip(frame["patient"], reason, strict=True)
        if why
    )
    return EndpointData(endpoint=endpoint, data=frame[reason == ""], excluded=excluded)
