"""What is possible in a row of the clinical table but doubtful: it is analysed, and listed."""

from __future__ import annotations

from outcomes.clinical.dictionary import ASSESSED_DAYS, day_of
from outcomes.clinical.facts import EARLY_DAYS, Breach, Facts, Rule, Severity, assessed, columns_of

TP2_DAY = 46


def _assessed_about_death(facts: Facts) -> Breach | None:
    if "death" not in facts.months:
        return None
    died = day_of(facts.months["death"])
    for column, day in assessed(facts):
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
    for column, day in assessed(facts):
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


DOUBTFUL: tuple[Rule, ...] = (
    Rule(
        name="assessment_about_death",
        severity=Severity.DOUBTFUL,
        sentence="A value is recorded of an assessment at whose day the patient had died, up to "
        f"{EARLY_DAYS} days before.",
        columns=(*ASSESSED_DAYS, *columns_of("death")),
        breach=_assessed_about_death,
    ),
    Rule(
        name="assessment_after_last_contact",
        severity=Severity.DOUBTFUL,
        sentence=f"A value is recorded of an assessment more than {EARLY_DAYS} days after the last "
        "contact.",
        columns=(*ASSESSED_DAYS, *columns_of("last_contact")),
        breach=_assessed_after_contact,
    ),
    Rule(
        name="death_of_disease_without_failure",
        severity=Severity.DOUBTFUL,
        sentence=f"Death of disease after day {TP2_DAY} with neither an induction failure nor a "
        "relapse, in a table that records both.",
        columns=("death_cause", *columns_of("death", "relapse", "induction_failure")),
        breach=_death_of_disease,
    ),
    Rule(
        name="m1_marrow_with_failure",
        severity=Severity.DOUBTFUL,
        sentence="An M1 marrow at TP2 with an induction failure: leukaemia outside the marrow may "
        "explain it.",
        columns=("marrow_tp2", *columns_of("induction_failure")),
        breach=_remission_with_failure,
    ),
    Rule(
        name="blasts_in_remission",
        severity=Severity.DOUBTFUL,
        sentence="An M2 or M3 marrow at TP2 in complete remission, without a relapse by then.",
        columns=("marrow_tp2", *columns_of("complete_remission", "relapse")),
        breach=_blasts_in_remission,
    ),
    Rule(
        name="relapse_at_remission",
        severity=Severity.DOUBTFUL,
        sentence="Relapse and complete remission at the same time.",
        columns=columns_of("relapse", "complete_remission"),
        breach=_relapse_at_once,
    ),
)
