"""Endpoints: named definitions as data, and the time and event they give each patient.

Time is in months from the endpoint's origin, diagnosis or complete remission; the first event wins.
Whoever has no event is censored at the last contact, or, where there is none, at the last time
anything is known of the patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from outcomes.clinical.cohort import EVENT_MONTHS
from outcomes.clinical.dictionary import DAYS_PER_MONTH, months_column

if TYPE_CHECKING:
    from outcomes.clinical.cohort import Cohort

NO_FOLLOW_UP = "no follow-up time"
TREATMENT_DEATH = "died of treatment before any other event"
LEFT_STUDY = "left the study before any event"
NOT_SUPPLIED = "no efs_months and efs_event"
NO_REMISSION = "no complete remission, from which time counts"
REMISSIONS_UNKNOWN = "complete remissions are not in the clinical table"
# Reasons that are a missing value, not something that happened.
MISSING = frozenset({NO_FOLLOW_UP, NOT_SUPPLIED, REMISSIONS_UNKNOWN})
LATER_EVENTS = frozenset({LEFT_STUDY, TREATMENT_DEATH})
# About the end of consolidation, by which a child should be in remission.
RESCUED_BY_DAY = 84


class Origin(StrEnum):
    """From when time counts."""

    DIAGNOSIS = "diagnosis"
    REMISSION = "complete remission"


class FailureAt(StrEnum):
    """When a failure to reach complete remission counts as an event."""

    NEVER = "no event"
    RECORDED = "the time of the induction failure"
    ORIGIN = "time 0"


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
        source: Where the definition stands.
        origin: From when time counts. Without a complete remission nobody has time from it.
        failure_at: When failing to reach complete remission counts as an event.
        rescued_by_months: An induction failure that is followed by a complete remission up to this
            time is none; 0 for no such rule.
    """

    name: str
    label: str
    text: str
    source: str
    events: tuple[str, ...] = ()
    excludes_treatment_death: bool = False
    excludes_leavers: bool = False
    supplied: bool = False
    origin: Origin = Origin.DIAGNOSIS
    failure_at: FailureAt = FailureAt.NEVER
    rescued_by_months: float = 0


_FAILURES = ("induction_failure", "relapse", "second_cancer", "death")
_OF_REMISSION = ("relapse", "death")
_WEN = "Wen et al. 2022, whose text defines an event otherwise than its tables count it"
_ELN_2017 = "Döhner et al., Blood 2017;129:424-447, table 7"
_ELN_2022 = "Döhner et al., Blood 2022;140:1345-1377, table 9"
_CENSORED = "Patients without an event are censored at last contact, those who left the study "

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
                source="usual in trials of childhood leukaemia (cited from memory)",
                events=_FAILURES,
                failure_at=FailureAt.RECORDED,
            ),
            Endpoint(
                name="wen-2022-as-analysed",
                label="pEFS, without treatment deaths and leavers",
                text="Time from diagnosis to induction failure, relapse, second cancer or death, "
                "whichever comes first, leaving out patients who died of treatment or left the "
                f"study before any event. {_WEN}: this is its analysis of 37 patients. "
                "Leaving patients out by what happens to them later biases the estimate upwards.",
                source="Wen et al. 2022, as analysed",
                events=_FAILURES,
                failure_at=FailureAt.RECORDED,
                excludes_treatment_death=True,
                excludes_leavers=True,
            ),
            Endpoint(
                name="wen-2022-with-trm",
                label="pEFS, without leavers",
                text="Time from diagnosis to induction failure, relapse, second cancer or death "
                "from any cause, whichever comes first, leaving out patients who left the study "
                f"before any event. {_WEN}: this is its analysis of 41 patients.",
                source="Wen et al. 2022, as analysed",
                events=_FAILURES,
                failure_at=FailureAt.RECORDED,
                excludes_leavers=True,
            ),
            Endpoint(
                name="wen-2022-as-written",
                label="EFS, leaving counts as an event",
                text="Time from diagnosis to induction failure, relapse, second cancer, death from "
                "any cause or leaving the study, whichever comes first; nobody is excluded. "
                f"{_WEN}: this is its text, for all 48 patients.",
                source="Wen et al. 2022, as written",
                events=(*_FAILURES, "left_study"),
                failure_at=FailureAt.RECORDED,
            ),
            Endpoint(
                name="efs-eln-2017",
                label="Event-free survival by ELN 2017",
                text="Time from diagnosis, which stands for entry into the study, to induction "
                "failure, relapse or death from any cause, whichever comes first; a second cancer "
                f"is no event. {_CENSORED}included; nobody is excluded.",
                source=_ELN_2017,
                events=("induction_failure", *_OF_REMISSION),
                failure_at=FailureAt.RECORDED,
            ),
            Endpoint(
                name="efs-eln-2022",
                label="Event-free survival by ELN 2022",
                text="Time from diagnosis, which stands for day 1 of the study, to induction "
                "failure, relapse or death from any cause; a second cancer is no event. Who does "
                "not reach complete remission by the end of induction, or dies without one, has "
                "the event at time 0; who is alive and of whom neither remission nor failure is "
                "known is censored at time 0. Patients in remission without an event are censored "
                "at last contact, those who left the study included; nobody is excluded.",
                source=_ELN_2022,
                events=("induction_failure", *_OF_REMISSION),
                failure_at=FailureAt.ORIGIN,
            ),
            Endpoint(
                name="efs-ponte-di-legno",
                label="Event-free survival by Ponte di Legno",
                text="Time from diagnosis to treatment failure, relapse, second cancer or death "
                "from any cause, whichever comes first. Treatment failure is not being in complete "
                "remission at a time point fixed beforehand, here day "
                f"{RESCUED_BY_DAY}: an induction failure counts, at its time, unless a complete "
                f"remission follows by then. {_CENSORED}included; nobody is excluded.",
                source="Buchmann et al., Blood 2022;139:1785-1793, for treatment failure and "
                "relapse, of which it leaves the time point to the protocol; day "
                f"{RESCUED_BY_DAY} (about the end of consolidation), the time of the event and the "
                "other events are cited from memory",
                events=_FAILURES,
                failure_at=FailureAt.RECORDED,
                rescued_by_months=RESCUED_BY_DAY / DAYS_PER_MONTH,
            ),
            Endpoint(
                name="rfs",
                label="Relapse-free survival",
                text="Time from complete remission to relapse or death from any cause, whichever "
                f"comes first; a second cancer is no event. {_CENSORED}included; patients without "
                "a complete remission are left out, since time counts from it.",
                source=f"{_ELN_2022}, and 2017",
                events=_OF_REMISSION,
                origin=Origin.REMISSION,
            ),
            Endpoint(
                name="dfs",
                label="Disease-free survival",
                text="Time from complete remission to relapse, second cancer or death from any "
                f"cause, whichever comes first. {_CENSORED}included; patients without a complete "
                "remission are left out, since time counts from it.",
                source="usual in trials of childhood leukaemia (cited from memory); ELN uses the "
                "name for relapse-free survival",
                events=("relapse", "second_cancer", "death"),
                origin=Origin.REMISSION,
            ),
            Endpoint(
                name="os",
                label="Overall survival",
                text="Time from diagnosis to death from any cause. The living are censored at last "
                "contact; nobody is excluded.",
                source=f"{_ELN_2022}, and 2017",
                events=("death",),
            ),
            Endpoint(
                name="as_supplied",
                label="Event-free survival as supplied",
                text="Time and event as computed elsewhere (efs_months, efs_event), by a "
                "definition that is not known here. Patients without them are left out.",
                source="the clinical table",
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
            empty if censored. Where time counts from remission, `origin_months` is when that was.
        excluded: The others, in the cohort's order; together they are the whole cohort.
    """

    endpoint: Endpoint
    data: pd.DataFrame
    excluded: tuple[Exclusion, ...]

    @property
    def events(self) -> int:
        """The number of patients with an event."""
        return int(self.data["event"].sum())

    def since_origin(self, months: pd.Series[float]) -> pd.Series[float]:
        """Count months since diagnosis from the endpoint's origin; 0 for what came before it."""
        if "origin_months" not in self.data:
            return months.loc[self.data.index]
        return (months.loc[self.data.index] - self.data["origin_months"]).clip(lower=0)

    @property
    def earliest_start_months(self) -> float:
        """When the first patient's time begins, in months from diagnosis."""
        started = self.data.get("origin_months")
        return 0.0 if started is None or started.empty else float(started.min())


def derive(cohort: Cohort, endpoint: Endpoint) -> EndpointData:
    """Compute the time and the event of every patient by a definition.

    Args:
        cohort: The cohort.
        endpoint: The definition, as in `ENDPOINTS`.
    """
    data = cohort.data
    if endpoint.supplied:
        return _supplied(data, endpoint)
    remission = data["complete_remission_months"]
    at_events = pd.DataFrame({event: data[months_column(event)] for event in endpoint.events})
    if endpoint.rescued_by_months:
        rescued = remission <= endpoint.rescued_by_months
        at_events["induction_failure"] = at_events["induction_failure"].mask(rescued)
    if endpoint.origin is Origin.REMISSION:
        # Whatever came before cannot end the remission.
        at_events = at_events.where(at_events.ge(remission, axis="index"))
    happened = at_events.notna().any(axis="columns")
    first_time = at_events.min(axis="columns")
    first = pd.Series("", index=data.index, dtype=object)
    for event in reversed(endpoint.events):
        first = first.mask(at_events[event].notna() & (at_events[event] == first_time), event)
    known = data[list(EVENT_MONTHS)].max(axis="columns")
    time = first_time.where(happened, data["last_contact_months"].fillna(known))
    if endpoint.failure_at is FailureAt.ORIGIN:
        failed = (first == "induction_failure") | (remission.isna() & first.isin(("death", "")))
        time = time.mask(failed, 0.0)
    frame = pd.DataFrame(
        {
            "patient": data["patient"],
            "time_months": time,
            "event": happened.astype(np.int64),
            "first_event": first,
        }
    )
    if endpoint.origin is Origin.REMISSION:
        frame["time_months"] -= remission
        frame["origin_months"] = remission
    return _split(frame, _left_out(cohort, endpoint, first, first_time), endpoint)


def _left_out(
    cohort: Cohort, endpoint: Endpoint, first: pd.Series[str], first_time: pd.Series[float]
) -> pd.Series[str]:
    """Say of each patient why the endpoint leaves them out, empty for those analysed."""
    data = cohort.data
    reason = pd.Series("", index=data.index, dtype=object)
    if endpoint.excludes_leavers:
        left = data["left_study_months"]
        reason[left.notna() & ~(first_time <= left)] = LEFT_STUDY
    if endpoint.excludes_treatment_death:
        reason[(first == "death") & (data["death_cause"] == "treatment")] = TREATMENT_DEATH
    if endpoint.origin is Origin.REMISSION:
        reason[data["complete_remission_months"].isna()] = NO_REMISSION
    reason[data[list(EVENT_MONTHS)].isna().all(axis="columns")] = NO_FOLLOW_UP
    needs_remission = endpoint.origin is Origin.REMISSION or endpoint.failure_at is FailureAt.ORIGIN
    if needs_remission and "complete_remission_months" not in cohort.given:
        reason[:] = REMISSIONS_UNKNOWN
    return reason


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
