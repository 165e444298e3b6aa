"""What cannot be in a row of the clinical table: a table that has it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outcomes.clinical.dictionary import (
    ASSESSED_DAYS,
    EVENTS,
    date_column,
    day_of,
    months_column,
)
from outcomes.clinical.facts import EARLY_DAYS, Breach, Facts, Rule, Severity, assessed, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable

TESTIS = ("testis", "marrow+testis")


def _second_row(facts: Facts) -> Breach | None:
    if facts.first_line is None:
        return None
    return Breach(
        column="patient",
        problem=f"expected one row a patient, found the patient of line {facts.first_line} again",
        remedy="keep one of the two rows",
    )


def _time_and_date(facts: Facts) -> Breach | None:
    for event in facts.dates:
        months = months_column(event)
        if facts.numbers[months] is not None:
            return Breach(
                column=date_column(event),
                problem=f"expected {date_column(event)} or {months}, found both",
                remedy="empty one of them",
            )
    return None


def _date_without_diagnosis(facts: Facts) -> Breach | None:
    if facts.diagnosis is not None:
        return None
    for event in facts.dates:
        return Breach(
            column="diagnosis_date",
            problem=f"expected a date, since {date_column(event)} is given, found none",
            remedy=f"add the date of diagnosis or give {months_column(event)}",
        )
    return None


def _before_diagnosis(facts: Facts) -> Breach | None:
    for event, when in facts.dates.items():
        if facts.diagnosis is not None and when < facts.diagnosis:
            return Breach(
                column=date_column(event),
                problem=f"expected no event before the diagnosis ({facts.diagnosis}), found {when}",
            )
    return None


def _detail_without(detail: str, event: str) -> Callable[[Facts], Breach | None]:
    def breach(facts: Facts) -> Breach | None:
        if facts.texts[detail] is None or event in facts.months:
            return None
        return Breach(
            column=detail,
            problem=f"expected it empty, since there is no {event}, found {facts.found(detail)}",
            remedy=f"give {months_column(event)} or empty the cell",
        )

    return breach


def _half_of_supplied(facts: Facts) -> Breach | None:
    for present, absent in (("efs_event", "efs_months"), ("efs_months", "efs_event")):
        if facts.numbers[present] is not None and facts.numbers[absent] is None:
            return Breach(
                column=absent, problem=f"expected a value, since {present} is given, found none"
            )
    return None


def _testis_in_a_girl(facts: Facts) -> Breach | None:
    if facts.texts["sex"] != "female":
        return None
    for column in ("testicular_involvement", "relapse_site"):
        if facts.texts[column] in ("yes", *TESTIS):
            return Breach(
                column=column,
                problem=f"expected none of it, since sex is female, found {facts.found(column)}",
            )
    return None


def _after(last: str, words: str) -> Callable[[Facts], Breach | None]:
    def breach(facts: Facts) -> Breach | None:
        if last not in facts.months:
            return None
        for event, when in facts.months.items():
            if when > facts.months[last]:
                return Breach(
                    column=facts.given_as[event],
                    problem=f"expected nothing after the {words} at {facts.months[last]:g} months, "
                    f"found {event} at {when:g} months",
                )
        return None

    return breach


def _relapse_without_remission(facts: Facts) -> Breach | None:
    if (
        "relapse" not in facts.months
        or "complete_remission" in facts.months
        or not facts.knows("complete_remission")
    ):
        return None
    return Breach(
        column=facts.given_as["relapse"],
        problem="expected a complete remission before a relapse, found none",
        remedy="give complete_remission_months, or record an induction failure instead",
    )


def _relapse_before_remission(facts: Facts) -> Breach | None:
    relapse, remission = facts.months.get("relapse"), facts.months.get("complete_remission")
    if relapse is None or remission is None or relapse >= remission:
        return None
    return Breach(
        column=facts.given_as["relapse"],
        problem=f"expected the relapse after the complete remission at {remission:g} months, "
        f"found {relapse:g}",
    )


def _before_failure(event: str, words: str) -> Callable[[Facts], Breach | None]:
    def breach(facts: Facts) -> Breach | None:
        when, failure = facts.months.get(event), facts.months.get("induction_failure")
        if when is None or failure is None or when > failure:
            return None
        return Breach(
            column=facts.given_as[event],
            problem=f"expected no {words} up to the induction failure at {failure:g} months, "
            f"found {when:g}",
            remedy=f"empty {facts.given_as['induction_failure']}, or correct the time of the "
            f"{words}",
        )

    return breach


def _assessed_after_death(facts: Facts) -> Breach | None:
    if "death" not in facts.months:
        return None
    died = day_of(facts.months["death"])
    for column, day in assessed(facts):
        if died < day - EARLY_DAYS:
            return Breach(
                column=column,
                problem=f"expected it empty, since death on day {died} is before the assessment "
                f"of day {day} (up to {EARLY_DAYS} days early is accepted), "
                f"found {facts.found(column)}",
                remedy=f"empty the cell, or correct {facts.given_as['death']}",
            )
    return None


def _given(event: str) -> dict[str, Any]:
    return {"anyOf": [{"required": [name]} for name in columns_of(event)]}


IMPOSSIBLE: tuple[Rule, ...] = (
    Rule(
        name="one_row_a_patient",
        severity=Severity.IMPOSSIBLE,
        sentence="A patient has one row.",
        columns=("patient",),
        breach=_second_row,
    ),
    Rule(
        name="time_or_date",
        severity=Severity.IMPOSSIBLE,
        sentence="An event has a time in months or a date, never both.",
        columns=columns_of(*EVENTS),
        breach=_time_and_date,
        schema={"not": {"anyOf": [{"required": list(columns_of(event))} for event in EVENTS]}},
    ),
    Rule(
        name="date_needs_diagnosis",
        severity=Severity.IMPOSSIBLE,
        sentence="The date of an event needs the date of diagnosis.",
        columns=("diagnosis_date", *columns_of(*EVENTS)),
        breach=_date_without_diagnosis,
        schema={"dependentRequired": {date_column(event): ["diagnosis_date"] for event in EVENTS}},
    ),
    Rule(
        name="nothing_before_diagnosis",
        severity=Severity.IMPOSSIBLE,
        sentence="No event is before the diagnosis.",
        columns=("diagnosis_date", *columns_of(*EVENTS)),
        breach=_before_diagnosis,
    ),
    Rule(
        name="site_needs_relapse",
        severity=Severity.IMPOSSIBLE,
        sentence="The site of a relapse needs a relapse.",
        columns=("relapse_site", *columns_of("relapse")),
        breach=_detail_without("relapse_site", "relapse"),
        schema={"dependentSchemas": {"relapse_site": _given("relapse")}},
    ),
    Rule(
        name="cause_needs_death",
        severity=Severity.IMPOSSIBLE,
        sentence="The cause of a death needs a death.",
        columns=("death_cause", *columns_of("death")),
        breach=_detail_without("death_cause", "death"),
        schema={"dependentSchemas": {"death_cause": _given("death")}},
    ),
    Rule(
        name="supplied_efs_is_whole",
        severity=Severity.IMPOSSIBLE,
        sentence="An event-free survival computed elsewhere has a time and an event, or neither.",
        columns=("efs_months", "efs_event"),
        breach=_half_of_supplied,
        schema={"dependentRequired": {"efs_months": ["efs_event"], "efs_event": ["efs_months"]}},
    ),
    Rule(
        name="no_testis_in_a_girl",
        severity=Severity.IMPOSSIBLE,
        sentence="A girl has no testis that leukaemia could involve or relapse in.",
        columns=("sex", "testicular_involvement", "relapse_site"),
        breach=_testis_in_a_girl,
        schema={
            "if": {"properties": {"sex": {"const": "female"}}, "required": ["sex"]},
            "then": {
                "properties": {
                    "testicular_involvement": {"const": "no"},
                    "relapse_site": {"not": {"enum": list(TESTIS)}},
                }
            },
        },
    ),
    Rule(
        name="nothing_after_death",
        severity=Severity.IMPOSSIBLE,
        sentence="Nothing is after death: no event, no treatment, no leaving, no last contact.",
        columns=columns_of(*EVENTS),
        breach=_after("death", "death"),
    ),
    Rule(
        name="nothing_after_last_contact",
        severity=Severity.IMPOSSIBLE,
        sentence="No event is after the last contact; a death is itself the last contact.",
        columns=columns_of(*EVENTS),
        breach=_after("last_contact", "last contact"),
    ),
    Rule(
        name="relapse_needs_remission",
        severity=Severity.IMPOSSIBLE,
        sentence="A relapse needs a complete remission, in a table that records remissions.",
        columns=columns_of("relapse", "complete_remission"),
        breach=_relapse_without_remission,
    ),
    Rule(
        name="no_relapse_before_remission",
        severity=Severity.IMPOSSIBLE,
        sentence="The first complete remission is before the first relapse.",
        columns=columns_of("relapse", "complete_remission"),
        breach=_relapse_before_remission,
    ),
    Rule(
        name="no_remission_before_failure",
        severity=Severity.IMPOSSIBLE,
        sentence="An induction failure means that there was no complete remission up to then.",
        columns=columns_of("complete_remission", "induction_failure"),
        breach=_before_failure("complete_remission", "complete remission"),
    ),
    Rule(
        name="no_relapse_before_failure",
        severity=Severity.IMPOSSIBLE,
        sentence="An induction failure means that there was no relapse up to then.",
        columns=columns_of("relapse", "induction_failure"),
        breach=_before_failure("relapse", "relapse"),
    ),
    Rule(
        name="no_assessment_after_death",
        severity=Severity.IMPOSSIBLE,
        sentence="Blasts, marrow and residual disease are assessed in the living: a value needs a "
        f"death no more than {EARLY_DAYS} days before the day of the assessment "
        "(5, 8, 19 or 46), since an assessment may be brought forward by so much.",
        columns=(*ASSESSED_DAYS, *columns_of("death")),
        breach=_assessed_after_death,
    ),
)
"""The rules in the order in which they are asked."""
