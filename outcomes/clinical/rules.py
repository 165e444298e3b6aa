"""The rules between columns of the clinical table: what cannot be, and what is doubtful.

Each rule is declared once: the gate asks it of every row, `kmt2a dictionary` prints it, and the
JSON Schema states it where JSON Schema can. A rule looks at one row and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from outcomes.clinical.dictionary import (
    ASSESSED_DAYS,
    EVENTS,
    date_column,
    day_of,
    months_column,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import date

# A weekend with a holiday brings an assessment forward by as much as this; six days do not happen.
EARLY_DAYS = 3
TP2_DAY = 46
TESTIS = ("testis", "marrow+testis")
_LONGEST_SHOWN = 40


class Severity(StrEnum):
    """What becomes of a row that breaks a rule."""

    IMPOSSIBLE = "impossible"
    """The table is refused, with line and column."""
    DOUBTFUL = "doubtful"
    """The row is analysed as it stands, and listed to be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at: one row, its cells read.

    Attributes:
        cells: The texts of the file by column.
        columns: The columns of the file.
        first_line: An earlier line with the same patient, None where there is none.
        texts: Categories by column, None where missing.
        numbers: Measures and times by column, None where missing.
        diagnosis: The date of diagnosis, None where missing.
        dates: The dates of events, by event.
        months: Months from diagnosis of each event, whether it came as a time or as a date.
        given_as: The column in which each event of `months` stands.
    """

    cells: Mapping[str, str]
    columns: Collection[str]
    first_line: int | None
    texts: Mapping[str, str | None]
    numbers: Mapping[str, float | None]
    diagnosis: date | None
    dates: Mapping[str, date]
    months: Mapping[str, float]
    given_as: Mapping[str, str]

    def found(self, column: str) -> str:
        """Quote a cell for a one-line message."""
        return quoted(self.cells.get(column))

    def knows(self, event: str) -> bool:
        """Say whether the table has a column for an event."""
        return months_column(event) in self.columns or date_column(event) in self.columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A broken rule: the column to look at, what is wrong in words, and what mends it."""

    column: str
    problem: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule between columns.

    Attributes:
        name: How it is called.
        severity: What becomes of a row that breaks it.
        sentence: The rule in words.
        columns: The columns concerned.
        breach: Says of a row what is wrong with it, None where nothing is.
        schema: The same as JSON Schema, None where JSON Schema cannot say it.
    """

    name: str
    severity: Severity
    sentence: str
    columns: tuple[str, ...]
    breach: Callable[[Facts], Breach | None]
    schema: Mapping[str, Any] | None = None

    @property
    def concerns(self) -> str:
        """The columns concerned, in short: an event stands for its time and its date."""
        events = [event for event in EVENTS if {*_both(event)} <= {*self.columns}]
        of_events = {name for event in events for name in _both(event)}
        others = [name for name in self.columns if name not in of_events]
        return ", ".join([*others, *(["every event"] if len(events) == len(EVENTS) else events)])


def quoted(text: str | None) -> str:
    """Quote a value for a one-line message."""
    clean = "".join(c if c.isprintable() else " " for c in text or "")
    return f"'{clean[:_LONGEST_SHOWN]}…'" if len(clean) > _LONGEST_SHOWN else f"'{clean}'"


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


def _assessed(facts: Facts) -> Iterator[tuple[str, int]]:
    for column, day in ASSESSED_DAYS.items():
        if facts.cells.get(column):
            yield column, day


def _assessed_after_death(facts: Facts) -> Breach | None:
    if "death" not in facts.months:
        return None
    died = day_of(facts.months["death"])
    for column, day in _assessed(facts):
        if died < day - EARLY_DAYS:
            return Breach(
                column=column,
                problem=f"expected it empty, since death on day {died} is before the assessment "
                f"of day {day} (up to {EARLY_DAYS} days early is accepted), "
                f"found {facts.found(column)}",
                remedy=f"empty the cell, or correct {facts.given_as['death']}",
            )
    return None


def _assessed_about_death(facts: Facts) -> Breach | None:
    if "death" not in facts.months:
        return None
    died = day_of(facts.months["death"])
    for column, day in _assessed(facts):
        if day - EARLY_DAYS <= died < day:
            return Breach(
                column=column,
                problem=f"{column} of day {day} is recorded, and the patient died on day {died}",
            )
    return None


def _assessed_after_contact(facts: Facts) -> Breach | None:
    if "death" in facts.months or "last_contact" not in facts.months:
        return None
    last = day_of(facts.months["last_contact"])
    for column, day in _assessed(facts):
        if last < day - EARLY_DAYS:
            return Breach(
                column=column,
                problem=f"{column} of day {day} is recorded, and the last contact was on day "
                f"{last}",
            )
    return None


def _death_of_disease(facts: Facts) -> Breach | None:
    if (
        facts.texts["death_cause"] != "disease"
        or not (facts.knows("relapse") and facts.knows("induction_failure"))
        or not {"relapse", "induction_failure"}.isdisjoint(facts.months)
        or day_of(facts.months["death"]) <= TP2_DAY
    ):
        return None
    return Breach(
        column="death_cause",
        problem=f"death of disease at {facts.months['death']:g} months, with neither an induction "
        "failure nor a relapse",
    )


def _remission_with_failure(facts: Facts) -> Breach | None:
    if facts.texts["marrow_tp2"] != "M1" or "induction_failure" not in facts.months:
        return None
    return Breach(
        column="marrow_tp2",
        problem="an M1 marrow at TP2 with an induction failure "
        f"at {facts.months['induction_failure']:g} months",
    )


def _blasts_in_remission(facts: Facts) -> Breach | None:
    marrow, remission = facts.texts["marrow_tp2"], facts.months.get("complete_remission")
    if marrow not in ("M2", "M3") or remission is None or day_of(remission) > TP2_DAY:
        return None
    relapse = facts.months.get("relapse")
    if relapse is not None and day_of(relapse) <= TP2_DAY:
        return None
    return Breach(
        column="marrow_tp2",
        problem=f"an {marrow} marrow at TP2 (day {TP2_DAY}) in complete remission since day "
        f"{day_of(remission)}",
    )


def _relapse_at_once(facts: Facts) -> Breach | None:
    relapse = facts.months.get("relapse")
    if relapse is None or relapse != facts.months.get("complete_remission"):
        return None
    return Breach(
        column=facts.given_as["relapse"],
        problem=f"relapse and complete remission at the same time, {relapse:g} months",
    )


def _both(*events: str) -> tuple[str, ...]:
    """Both columns of each event."""
    return tuple(name for event in events for name in (months_column(event), date_column(event)))


def _given(event: str) -> dict[str, Any]:
    return {"anyOf": [{"required": [name]} for name in _both(event)]}


RULES: tuple[Rule, ...] = (
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
        columns=_both(*EVENTS),
        breach=_time_and_date,
        schema={"not": {"anyOf": [{"required": list(_both(event))} for event in EVENTS]}},
    ),
    Rule(
        name="date_needs_diagnosis",
        severity=Severity.IMPOSSIBLE,
        sentence="The date of an event needs the date of diagnosis.",
        columns=("diagnosis_date", *_both(*EVENTS)),
        breach=_date_without_diagnosis,
        schema={"dependentRequired": {date_column(event): ["diagnosis_date"] for event in EVENTS}},
    ),
    Rule(
        name="nothing_before_diagnosis",
        severity=Severity.IMPOSSIBLE,
        sentence="No event is before the diagnosis.",
        columns=("diagnosis_date", *_both(*EVENTS)),
        breach=_before_diagnosis,
    ),
    Rule(
        name="site_needs_relapse",
        severity=Severity.IMPOSSIBLE,
        sentence="The site of a relapse needs a relapse.",
        columns=("relapse_site", *_both("relapse")),
        breach=_detail_without("relapse_site", "relapse"),
        schema={"dependentSchemas": {"relapse_site": _given("relapse")}},
    ),
    Rule(
        name="cause_needs_death",
        severity=Severity.IMPOSSIBLE,
        sentence="The cause of a death needs a death.",
        columns=("death_cause", *_both("death")),
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
        columns=_both(*EVENTS),
        breach=_after("death", "death"),
    ),
    Rule(
        name="nothing_after_last_contact",
        severity=Severity.IMPOSSIBLE,
        sentence="No event is after the last contact; a death is itself the last contact.",
        columns=_both(*EVENTS),
        breach=_after("last_contact", "last contact"),
    ),
    Rule(
        name="relapse_needs_remission",
        severity=Severity.IMPOSSIBLE,
        sentence="A relapse needs a complete remission, in a table that records remissions.",
        columns=_both("relapse", "complete_remission"),
        breach=_relapse_without_remission,
    ),
    Rule(
        name="no_relapse_before_remission",
        severity=Severity.IMPOSSIBLE,
        sentence="The first complete remission is before the first relapse.",
        columns=_both("relapse", "complete_remission"),
        breach=_relapse_before_remission,
    ),
    Rule(
        name="no_remission_before_failure",
        severity=Severity.IMPOSSIBLE,
        sentence="An induction failure means that there was no complete remission up to then.",
        columns=_both("complete_remission", "induction_failure"),
        breach=_before_failure("complete_remission", "complete remission"),
    ),
    Rule(
        name="no_relapse_before_failure",
        severity=Severity.IMPOSSIBLE,
        sentence="An induction failure means that there was no relapse up to then.",
        columns=_both("relapse", "induction_failure"),
        breach=_before_failure("relapse", "relapse"),
    ),
    Rule(
        name="no_assessment_after_death",
        severity=Severity.IMPOSSIBLE,
        sentence="Blasts, marrow and residual disease are assessed in the living: a value needs a "
        f"death no more than {EARLY_DAYS} days before the day of the assessment "
        "(5, 8, 19 or 46), since an assessment may be brought forward by so much.",
        columns=(*ASSESSED_DAYS, *_both("death")),
        breach=_assessed_after_death,
    ),
    Rule(
        name="assessment_about_death",
        severity=Severity.DOUBTFUL,
        sentence="A value is recorded of an assessment at whose day the patient had died, up to "
        f"{EARLY_DAYS} days before.",
        columns=(*ASSESSED_DAYS, *_both("death")),
        breach=_assessed_about_death,
    ),
    Rule(
        name="assessment_after_last_contact",
        severity=Severity.DOUBTFUL,
        sentence=f"A value is recorded of an assessment more than {EARLY_DAYS} days after the last "
        "contact.",
        columns=(*ASSESSED_DAYS, *_both("last_contact")),
        breach=_assessed_after_contact,
    ),
    Rule(
        name="death_of_disease_without_failure",
        severity=Severity.DOUBTFUL,
        sentence=f"Death of disease after day {TP2_DAY} with neither an induction failure nor a "
        "relapse, in a table that records both.",
        columns=("death_cause", *_both("death", "relapse", "induction_failure")),
        breach=_death_of_disease,
    ),
    Rule(
        name="m1_marrow_with_failure",
        severity=Severity.DOUBTFUL,
        sentence="An M1 marrow at TP2 with an induction failure: leukaemia outside the marrow may "
        "explain it.",
        columns=("marrow_tp2", *_both("induction_failure")),
        breach=_remission_with_failure,
    ),
    Rule(
        name="blasts_in_remission",
        severity=Severity.DOUBTFUL,
        sentence="An M2 or M3 marrow at TP2 in complete remission, without a relapse by then.",
        columns=("marrow_tp2", *_both("complete_remission", "relapse")),
        breach=_blasts_in_remission,
    ),
    Rule(
        name="relapse_at_remission",
        severity=Severity.DOUBTFUL,
        sentence="Relapse and complete remission at the same time.",
        columns=_both("relapse", "complete_remission"),
        breach=_relapse_at_once,
    ),
)
"""The rules in the order in which they are asked."""

IMPOSSIBLE = tuple(rule for rule in RULES if rule.severity is Severity.IMPOSSIBLE)
DOUBTFUL = tuple(rule for rule in RULES if rule.severity is Severity.DOUBTFUL)
