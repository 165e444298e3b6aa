"""Endpoints: who has an event, when, and who is not counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from outcomes.endpoints import ENDPOINTS, LEFT_STUDY, NO_FOLLOW_UP, TREATMENT_DEATH, derive

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcomes.clinical.cohort import Cohort

    Reader = Callable[[str], Cohort]

COLUMNS = (
    "patient induction_failure_months relapse_months second_cancer_months death_months death_cause "
    "last_contact_months left_study_months hsct_months\n"
)
# patient, the times above; then what each endpoint makes of it: time, event, or why not.
PATIENTS = """
FAIL     1.5 -  -  -  -         10 -  -
RELAPSE  -   6  -  20 treatment -  -  -
SECOND   -   -  30 -  -         40 -  -
TRM      -   -  -  2  treatment -  -  -
DISEASE  -   -  -  9  disease   -  -  -
FREE     -   -  -  -  -         60 -  5
LEFT     -   -  -  -  -         -  3  -
LEFTSEEN -   -  -  -  -         8  3  -
LEFTREL  -   7  -  -  -         8  3  -
RELLEFT  -   3  -  -  -         -  3  -
HSCT     -   -  -  -  -         -  -  4
NOTIME   -   -  -  -  -         -  -  -
"""
EXPECTED: dict[str, dict[str, tuple[float, int, str] | str]] = {
    "efs": {
        "FAIL": (1.5, 1, "induction_failure"),
        "RELAPSE": (6, 1, "relapse"),
        "SECOND": (30, 1, "second_cancer"),
        "TRM": (2, 1, "death"),
        "DISEASE": (9, 1, "death"),
        "FREE": (60, 0, ""),
        "LEFT": (3, 0, ""),
        "LEFTSEEN": (8, 0, ""),
        "LEFTREL": (7, 1, "relapse"),
        "RELLEFT": (3, 1, "relapse"),
        "HSCT": (4, 0, ""),
        "NOTIME": NO_FOLLOW_UP,
    },
    "os": {
        "FAIL": (10, 0, ""),
        "RELAPSE": (20, 1, "death"),
        "SECOND": (40, 0, ""),
        "TRM": (2, 1, "death"),
        "DISEASE": (9, 1, "death"),
        "FREE": (60, 0, ""),
        "LEFT": (3, 0, ""),
        "LEFTSEEN": (8, 0, ""),
        "LEFTREL": (8, 0, ""),
        "RELLEFT": (3, 0, ""),
        "HSCT": (4, 0, ""),
        "NOTIME": NO_FOLLOW_UP,
    },
}
EXPECTED["wen-2022-with-trm"] = EXPECTED["efs"] | {
    "LEFT": LEFT_STUDY,
    "LEFTSEEN": LEFT_STUDY,
    "LEFTREL": LEFT_STUDY,
}
EXPECTED["wen-2022-as-analysed"] = EXPECTED["wen-2022-with-trm"] | {"TRM": TREATMENT_DEATH}
EXPECTED["wen-2022-as-written"] = EXPECTED["efs"] | {
    "LEFT": (3, 1, "left_study"),
    "LEFTSEEN": (3, 1, "left_study"),
    "LEFTREL": (3, 1, "left_study"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_patient_by_each_definition(clinical: Reader, name: str) -> None:
    derived = derive(clinical(COLUMNS + PATIENTS.strip()), ENDPOINTS[name])
    ours: dict[str, tuple[float, int, str] | str] = {
        row.patient: (row.time_months, row.event, row.first_event)
        for row in derived.data.itertuples()
    }
    ours |= {out.patient: out.reason for out in derived.excluded}
    assert ours == EXPECTED[name]


def test_who_dies_of_treatment_after_a_relapse_stays(clinical: Reader) -> None:
    derived = derive(
        clinical("patient relapse_months death_months death_cause\nA 6 20 treatment"),
        ENDPOINTS["wen-2022-as-analysed"],
    )
    assert derived.excluded == ()


def test_the_supplied_endpoint_is_taken_as_it_is(clinical: Reader) -> None:
    cohort = clinical("patient efs_months efs_event death_months\nA 5 1 7\nB 6 0 -\nC - - 7")
    derived = derive(cohort, ENDPOINTS["as_supplied"])
    assert derived.data[["patient", "time_months", "event"]].to_numpy().tolist() == [
        ["A", 5.0, 1],
        ["B", 6.0, 0],
    ]
    assert [(out.patient, out.reason) for out in derived.excluded] == [
        ("C", "no efs_months and efs_event")
    ]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_cohort_without_any_time_has_no_data_and_no_crash(clinical: Reader, name: str) -> None:
    derived = derive(clinical("patient\nA\nB"), ENDPOINTS[name])
    assert len(derived.data) == 0
    assert [out.patient for out in derived.excluded] == ["A", "B"]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_nobody_is_lost(clinical: Reader, name: str) -> None:
    cohort = clinical(COLUMNS + PATIENTS.strip())
    derived = derive(cohort, ENDPOINTS[name])
    found = [*derived.data["patient"], *(out.patient for out in derived.excluded)]
    assert sorted(found) == sorted(cohort.data["patient"])
    assert derived.data["event"].isin((0, 1)).all()
    assert derived.data["time_months"].ge(0).all()


def test_ties_name_the_event_listed_first(clinical: Reader) -> None:
    cohort = clinical("patient relapse_months death_months\nA 6 6")
    assert derive(cohort, ENDPOINTS["efs"]).data["first_event"].tolist() == ["relapse"]


def test_every_definition_is_told_in_full() -> None:
    for name, endpoint in ENDPOINTS.items():
        assert endpoint.name == name
        assert endpoint.text.endswith(".")
        assert all(event.replace("_", " ") in endpoint.text for event in endpoint.events[:3]) or (
            name == "wen-2022-as-written"
        )
