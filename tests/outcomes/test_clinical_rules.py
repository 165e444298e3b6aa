"""Every rule between columns of the clinical table, by name: what breaks it, and what does not."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from fusion_caller.errors import InputError
from outcomes.analysis import load_preset
from outcomes.clinical.cohort import read_cohort
from outcomes.clinical.dictionary import BY_NAME, Kind
from outcomes.clinical.doubtful import DOUBTFUL
from outcomes.clinical.impossible import IMPOSSIBLE
from outcomes.clinical.rules import RULES
from outcomes.clinical.schema import row_schema
from outcomes.tables import analyse
from workflows.survival import read_outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcomes.clinical.cohort import Cohort

    Reader = Callable[[str], Cohort]

EXAMPLE = Path(__file__).parents[2] / "workflows/example/synthetic/clinical.csv"
# Rule: tables that break it, and what is said after the file.
BROKEN: dict[str, list[tuple[str, str]]] = {
    "one_row_a_patient": [
        (
            "patient sex\nSECRET male\nSECRET male",
            (
                "column 'patient': expected one row a patient, found the patient of line 2 "
                "again; keep one of the two rows"
            ),
        )
    ],
    "time_or_date": [
        (
            "patient diagnosis_date death_date death_months\nSECRET 2020-01-01 2020-02-01 1",
            (
                "column 'death_date': expected death_date or death_months, found both; empty "
                "one of them"
            ),
        )
    ],
    "date_needs_diagnosis": [
        (
            "patient relapse_date\nSECRET 2020-02-29",
            (
                "column 'diagnosis_date': expected a date, since relapse_date is given, found "
                "none; add the date of diagnosis or give relapse_months"
            ),
        )
    ],
    "nothing_before_diagnosis": [
        (
            "patient diagnosis_date hsct_date\nSECRET 2020-03-01 2020-02-29",
            (
                "column 'hsct_date': expected no event before the diagnosis (2020-03-01), "
                "found 2020-02-29"
            ),
        )
    ],
    "site_needs_relapse": [
        (
            "patient relapse_site\nSECRET marrow",
            (
                "column 'relapse_site': expected it empty, since there is no relapse, found "
                "'marrow'; give relapse_months or empty the cell"
            ),
        )
    ],
    "cause_needs_death": [
        (
            "patient death_cause\nSECRET disease",
            (
                "column 'death_cause': expected it empty, since there is no death, found "
                "'disease'; give death_months or empty the cell"
            ),
        )
    ],
    "supplied_efs_is_whole": [
        (
            "patient efs_months efs_event\nSECRET 4 -",
            "column 'efs_event': expected a value, since efs_months is given, found none",
        ),
        (
            "patient efs_months efs_event\nSECRET - 1",
            "column 'efs_months': expected a value, since efs_event is given, found none",
        ),
    ],
    "no_testis_in_a_girl": [
        (
            "patient sex testicular_involvement\nSECRET female yes",
            (
                "column 'testicular_involvement': expected none of it, since sex is female, "
                "found 'yes'"
            ),
        ),
        (
            "patient sex relapse_months relapse_site\nSECRET female 6 marrow+testis",
            (
                "column 'relapse_site': expected none of it, since sex is female, found "
                "'marrow+testis'"
            ),
        ),
    ],
    "nothing_after_death": [
        (
            f"patient death_months {event}_months\nSECRET 5 6",
            (
                f"column '{event}_months': expected nothing after the death at 5 months, "
                f"found {event} at 6 months"
            ),
        )
        for event in ("relapse", "hsct", "car_t", "left_study", "last_contact", "second_cancer")
    ],
    "nothing_after_last_contact": [
        (
            f"patient last_contact_months {event}_months\nSECRET 5 6",
            (
                f"column '{event}_months': expected nothing after the last contact at 5 "
                f"months, found {event} at 6 months"
            ),
        )
        for event in ("relapse", "death", "left_study")
    ],
    "relapse_needs_remission": [
        (
            "patient complete_remission_months relapse_months\nSECRET - 6",
            (
                "column 'relapse_months': expected a complete remission before a relapse, "
                "found none; give complete_remission_months, or record an induction failure instead"
            ),
        )
    ],
    "no_relapse_before_remission": [
        (
            "patient complete_remission_months relapse_months\nSECRET 7 6",
            (
                "column 'relapse_months': expected the relapse after the complete remission "
                "at 7 months, found 6"
            ),
        )
    ],
    "no_remission_before_failure": [
        (
            f"patient complete_remission_months induction_failure_months\nSECRET {remission} 1.5",
            (
                "column 'complete_remission_months': expected no complete remission up to the "
                f"induction failure at 1.5 months, found {remission}; empty "
                "induction_failure_months, or correct the time of the complete remission"
            ),
        )
        for remission in ("1.2", "1.5")
    ],
    "no_relapse_before_failure": [
        (
            "patient relapse_months induction_failure_months\nSECRET 1 1.5",
            (
                "column 'relapse_months': expected no relapse up to the induction failure at "
                "1.5 months, found 1; empty induction_failure_months, or correct the time of the "
                "relapse"
            ),
        )
    ],
    "no_assessment_after_death": [
        (
            (
                "patient diagnosis_date death_date mrd_fcm_tp2_percent\n"
                "SECRET 2020-01-01 2020-02-10 <0.01"
            ),
            (
                "column 'mrd_fcm_tp2_percent': expected it empty, since death on day 40 is "
                "before the assessment of day 46 (up to 3 days early is accepted), found '<0.01'; "
                "empty the cell, or correct death_date"
            ),
        ),
        (
            "patient death_months marrow_tp1\nSECRET 0.5 M1",
            (
                "column 'marrow_tp1': expected it empty, since death on day 15 is before the "
                "assessment of day 19"
            ),
        ),
    ],
}
# Rule: a table that breaks it, the column and the reason; then tables that do not.
DOUBTED: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "assessment_about_death": (
        "patient diagnosis_date death_date marrow_tp2\nA 2020-01-01 2020-02-13 M1",
        "marrow_tp2",
        "marrow_tp2 of day 46 is recorded, and the patient died on day 43",
        ("patient diagnosis_date death_date marrow_tp2\nA 2020-01-01 2020-02-16 M1",),
    ),
    "assessment_after_last_contact": (
        "patient last_contact_months mrd_pcr_tp2\nA 1 negative",
        "mrd_pcr_tp2",
        "mrd_pcr_tp2 of day 46 is recorded, and the last contact was on day 30",
        (
            "patient last_contact_months mrd_pcr_tp2\nA 1.42 negative",
            "patient last_contact_months mrd_pcr_tp1\nA 1 negative",
        ),
    ),
    "death_of_disease_without_failure": (
        (
            "patient relapse_months induction_failure_months death_months death_cause\n"
            "A - - 20 disease"
        ),
        "death_cause",
        "death of disease at 20 months, with neither an induction failure nor a relapse",
        (
            # Before the end of induction nobody can have failed or relapsed.
            (
                "patient relapse_months induction_failure_months death_months death_cause\n"
                "A - - 1 disease\nB 6 - 20 disease\nC - 2 20 disease\nD - - 20 treatment"
            ),
            # Nobody's relapse or failure is recorded.
            "patient relapse_months death_months death_cause\nA - 20 disease",
        ),
    ),
    "m1_marrow_with_failure": (
        "patient induction_failure_months marrow_tp2\nA 1.5 M1",
        "marrow_tp2",
        "an M1 marrow at TP2 with an induction failure at 1.5 months",
        ("patient induction_failure_months marrow_tp2\nA 1.5 M3\nB - M1",),
    ),
    "blasts_in_remission": (
        "patient complete_remission_months marrow_tp2\nA 1.1 M3",
        "marrow_tp2",
        "an M3 marrow at TP2 (day 46) in complete remission since day 33",
        (
            (
                "patient complete_remission_months relapse_months marrow_tp2\n"
                "A 2.5 - M3\nB 1 1.4 M3\nC 1 - M1"
            ),
        ),
    ),
    "relapse_at_remission": (
        "patient complete_remission_months relapse_months\nA 2 2",
        "relapse_months",
        "relapse and complete remission at the same time, 2 months",
        ("patient complete_remission_months relapse_months\nA 2 2.1",),
    ),
}
BREACHES = [(rule, *case) for rule, cases in BROKEN.items() for case in cases]


def row_object(row: dict[str, str]) -> dict[str, Any]:
    """A row of the table as JSON: numbers are numbers, a missing value is a missing key."""
    made: dict[str, Any] = {}
    for name, text in row.items():
        if text in ("", "-"):
            continue
        kind = BY_NAME[name].kind if name in BY_NAME else None
        number = kind in (Kind.NUMBER, Kind.NUMBER_OR_BELOW, Kind.FLAG) and text[0] != "<"
        made[name] = float(text) if number else text
    return made


def objects(text: str) -> list[dict[str, Any]]:
    header, *lines = (line.split() for line in text.splitlines())
    return [row_object(dict(zip(header, line, strict=True))) for line in lines]


def test_every_rule_is_tested() -> None:
    assert [rule.name for rule in IMPOSSIBLE] == list(BROKEN)
    assert [rule.name for rule in DOUBTFUL] == list(DOUBTED)
    assert len(RULES) == len({rule.name for rule in RULES}) == len(IMPOSSIBLE) + len(DOUBTFUL)


@pytest.mark.parametrize(("rule", "text", "message"), BREACHES)
def test_what_is_impossible_is_refused(
    clinical: Reader, rule: str, text: str, message: str
) -> None:
    with pytest.raises(InputError) as error:
        clinical(text)
    last = 1 + text.count("\n")
    assert str(error.value).startswith(f"clinical.tsv, line {last}, {message}")
    assert "SECRET" not in str(error.value)
    (broken,) = (each for each in RULES if each.name == rule)
    assert error.value.column in broken.columns


@pytest.mark.parametrize("rule", DOUBTED)
def test_what_is_doubtful_is_kept_and_listed(clinical: Reader, rule: str) -> None:
    text, column, reason, accepted = DOUBTED[rule]
    cohort = clinical(text)
    assert cohort.n == 1
    (doubt,) = cohort.doubts
    assert (doubt.line, doubt.patient, doubt.rule) == (2, "A", rule)
    assert (doubt.column, doubt.reason) == (column, reason)
    (broken,) = (each for each in RULES if each.name == rule)
    assert column in broken.columns
    for other in accepted:
        assert clinical(other).doubts == ()


def test_a_late_remission_after_an_induction_failure_is_possible(clinical: Reader) -> None:
    cohort = clinical(
        "patient induction_failure_months complete_remission_months relapse_months\nA 1.5 3 9"
    )
    assert cohort.doubts == ()


def test_doubtful_rows_of_the_study_are_cautions(clinical: Reader) -> None:
    cohort = clinical(
        "patient sex age_months induction_failure_months marrow_tp2 last_contact_months\n"
        "A male 3 1.5 M1 20\nB male 30 - M1 30\nC male 30 1.5 M1 30"
    )
    found = analyse(cohort, None, load_preset()).cautions
    (caution,) = (each for each in found if each.kind == "doubtful_rows")
    assert caution.figure == 2
    assert caution.where == "Clinical table"
    assert caution.caution.startswith(
        "doubtful in 2 rows (lines 2, 4), analysed all the same: an M1 marrow at TP2 with"
    )


def test_doubtful_rows_of_a_run_are_flagged(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("patient,induction_failure_months,marrow_tp2\nA,1.5,M1\n", encoding="utf-8")
    (row,) = read_outcomes(path, None, names={path: "c.csv"}).doubtful()
    assert (row.file, row.line, row.patient, row.disposition) == ("c.csv", 2, "A", "flagged")
    assert row.reason == (
        "doubtful (m1_marrow_with_failure): an M1 marrow at TP2 with an induction failure at 1.5 "
        "months; analysed as it stands"
    )


def test_rules_name_columns_of_the_dictionary() -> None:
    for rule in RULES:
        assert set(rule.columns) <= set(BY_NAME)
        assert rule.sentence.endswith(".")
    assert RULES[1].concerns == "every event"
    assert RULES[4].concerns == "relapse_site, relapse"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(row_schema())
    assert json.loads(json.dumps(row_schema())) == row_schema()


def test_the_example_is_valid_by_the_schema() -> None:
    validator = Draft202012Validator(row_schema())
    with EXAMPLE.open(encoding="utf-8", newline="") as stream:
        rows = [row_object(row) for row in csv.DictReader(stream)]
    assert len(rows) == 48
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []


@pytest.mark.parametrize(("rule", "text", "message"), BREACHES)
def test_the_schema_refuses_what_it_can(rule: str, text: str, message: str) -> None:
    """By the rule of that name, and by no other; what it cannot say stands in its comment."""
    (broken,) = (each for each in RULES if each.name == rule)
    schema = row_schema()
    failed = {
        schema["allOf"][error.absolute_schema_path[1]]["title"]
        for row in objects(text)
        for error in Draft202012Validator(schema).iter_errors(row)
    }
    assert failed == ({rule} if broken.schema else set())
    assert (f"{rule} (impossible): {broken.sentence}" in schema["$comment"]) != bool(broken.schema)


def test_what_is_only_doubtful_is_valid_by_the_schema() -> None:
    validator = Draft202012Validator(row_schema())
    for rule, (text, *_) in DOUBTED.items():
        assert all(validator.is_valid(row) for row in objects(text)), rule
        assert f"{rule} (doubtful)" in row_schema()["$comment"]


@pytest.mark.parametrize(
    "cells",
    [
        {"sex": "boy"},
        {"age_months": -1},
        {"age_months": 1441},
        {"age_months": "3"},
        {"relapse_months": 1201},
        {"mrd_fcm_tp1_percent": 101},
        {"mrd_fcm_tp1_percent": "<0"},
        {"mrd_fcm_tp1_percent": "<0.00"},
        {"mrd_fcm_tp1_percent": "<low"},
        {"mrd_fcm_tp1_percent": "0.01"},
        {"diagnosis_date": "31.01.2020"},
        {"efs_months": 3, "efs_event": 2},
        {"patient": ""},
        {"sex": None},
    ],
)
def test_the_schema_refuses_a_cell_as_the_gate_does(cells: dict[str, Any]) -> None:
    validator = Draft202012Validator(row_schema())
    assert validator.is_valid({"patient": "A", "mrd_fcm_tp1_percent": "<0.01", "x_own": "any"})
    assert not validator.is_valid({"patient": "A"} | cells)


def test_the_gate_reads_ten_thousand_patients_in_two_seconds(tmp_path: Path) -> None:
    with EXAMPLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    path = tmp_path / "large.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows({**rows[n % 48], "patient": f"P{n}"} for n in range(10_000))
    started = time.process_time()
    assert read_cohort(path).n == 10_000
    assert time.process_time() - started < 2
