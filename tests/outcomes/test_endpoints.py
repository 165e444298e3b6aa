"""Endpoints: who has an event, when, and who is not counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from outcomes.analysis import load_preset
from outcomes.compared import after_landmark
from outcomes.endpoints import (
    ENDPOINTS,
    LEFT_STUDY,
    NO_FOLLOW_UP,
    NO_REMISSION,
    REMISSIONS_UNKNOWN,
    TREATMENT_DEATH,
    derive,
)
from outcomes.statistics.survival import kaplan_meier
from outcomes.strata import everybody, known_late, stratify
from outcomes.tables import analyse
from workflows.curve_figures import _x_label

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

# Induction failures, late remissions and deaths before remission, as four definitions see them.
REMISSIONS = """
patient complete_remission_months induction_failure_months relapse_months second_cancer_months \
death_months last_contact_months left_study_months
FAIL     -   1.5 -  -  -  10 -
LATE     2.5 1.5 -  -  -  40 -
LATER    4   1.5 9  -  -  40 -
RELAPSE  1.5 -   6  -  20 -  -
SECOND   1.5 -   -  30 -  50 -
EARLY    -   -   -  -  1  -  -
DIED     1   -   -  -  12 -  -
FREE     1   -   -  -  -  60 -
LEFT     -   -   -  -  -  -  1
LEFTCR   1   -   -  -  -  -  3
SAMEDAY  1   -   -  -  1  -  -
"""
BY_DEFINITION: dict[str, dict[str, tuple[float, int, str] | str]] = {
    "efs-eln-2017": {
        "FAIL": (1.5, 1, "induction_failure"),
        "LATE": (1.5, 1, "induction_failure"),
        "LATER": (1.5, 1, "induction_failure"),
        "RELAPSE": (6, 1, "relapse"),
        "SECOND": (50, 0, ""),
        "EARLY": (1, 1, "death"),
        "DIED": (12, 1, "death"),
        "FREE": (60, 0, ""),
        "LEFT": (1, 0, ""),
        "LEFTCR": (3, 0, ""),
        "SAMEDAY": (1, 1, "death"),
    },
    "efs-eln-2022": {
        "FAIL": (0, 1, "induction_failure"),
        "LATE": (0, 1, "induction_failure"),
        "LATER": (0, 1, "induction_failure"),
        "RELAPSE": (6, 1, "relapse"),
        "SECOND": (50, 0, ""),
        "EARLY": (0, 1, "death"),
        "DIED": (12, 1, "death"),
        "FREE": (60, 0, ""),
        "LEFT": (0, 0, ""),
        "LEFTCR": (3, 0, ""),
        "SAMEDAY": (1, 1, "death"),
    },
    "efs-ponte-di-legno": {
        "FAIL": (1.5, 1, "induction_failure"),
        "LATE": (40, 0, ""),
        "LATER": (1.5, 1, "induction_failure"),
        "RELAPSE": (6, 1, "relapse"),
        "SECOND": (30, 1, "second_cancer"),
        "EARLY": (1, 1, "death"),
        "DIED": (12, 1, "death"),
        "FREE": (60, 0, ""),
        "LEFT": (1, 0, ""),
        "LEFTCR": (3, 0, ""),
        "SAMEDAY": (1, 1, "death"),
    },
    "rfs": {
        "FAIL": NO_REMISSION,
        "LATE": (37.5, 0, ""),
        "LATER": (5, 1, "relapse"),
        "RELAPSE": (4.5, 1, "relapse"),
        "SECOND": (48.5, 0, ""),
        "EARLY": NO_REMISSION,
        "DIED": (11, 1, "death"),
        "FREE": (59, 0, ""),
        "LEFT": NO_REMISSION,
        "LEFTCR": (2, 0, ""),
        "SAMEDAY": (0, 1, "death"),
    },
}
BY_DEFINITION["dfs"] = BY_DEFINITION["rfs"] | {"SECOND": (28.5, 1, "second_cancer")}


@pytest.mark.parametrize("name", BY_DEFINITION)
def test_remission_and_failure_by_each_definition(clinical: Reader, name: str) -> None:
    derived = derive(clinical(REMISSIONS), ENDPOINTS[name])
    ours: dict[str, tuple[float, int, str] | str] = {
        row.patient: (row.time_months, row.event, row.first_event)
        for row in derived.data.itertuples()
    }
    ours |= {out.patient: out.reason for out in derived.excluded}
    assert ours == BY_DEFINITION[name]


@pytest.mark.parametrize("name", ["efs-eln-2022", "rfs", "dfs"])
def test_without_a_column_of_remissions_nobody_s_remission_is_known(
    clinical: Reader, name: str
) -> None:
    derived = derive(clinical("patient death_months\nA 5\nB 6"), ENDPOINTS[name])
    assert [out.reason for out in derived.excluded] == [REMISSIONS_UNKNOWN] * 2


def test_time_0_is_an_event_of_the_curve(clinical: Reader) -> None:
    """Of 11 patients four have the event at once: survival starts at 7/11."""
    data = derive(clinical(REMISSIONS), ENDPOINTS["efs-eln-2022"]).data
    curve = kaplan_meier(data["time_months"], data["event"])
    assert curve.at(0).survival == pytest.approx(7 / 11, abs=1e-15)


def test_a_landmark_after_remission_starts_the_clock(clinical: Reader) -> None:
    cohort = clinical(
        """
        patient sex complete_remission_months relapse_months last_contact_months
        A male 1 1.4 40
        B male 1 5 40
        C female 3 6 40
        D female 3 - 30
        """
    )
    derived = derive(cohort, ENDPOINTS["rfs"])
    kept = after_landmark(derived.data, 2)
    # A relapsed before month 2; B waits from month 1 to 2; the others were in remission later.
    assert kept[["patient", "time_months"]].to_numpy().tolist() == [["B", 3], ["C", 3], ["D", 27]]
    factor = replace(load_preset().factors["sex"], landmark_months=2)
    strata = stratify(derived, cohort.data, factor)
    assert strata.left_before_landmark == 1
    assert _x_label(strata) == "Months from complete remission (landmark on day 61)"
    assert _x_label(everybody(derived)) == "Months from complete remission"
    assert _x_label(everybody(derive(cohort, ENDPOINTS["efs"]))) == "Months from diagnosis"
    assert strata.note.startswith(
        "from the landmark on day 61; 1 left out; time counts from complete remission or day 61"
    )


def test_a_factor_known_by_remission_has_no_immortal_time_after_it(clinical: Reader) -> None:
    cohort = clinical(
        "patient complete_remission_months last_contact_months marrow_tp1 marrow_tp2\n"
        "A 1 40 M1 M1\nB 1.5 30 M1 M1"
    )
    derived = derive(cohort, ENDPOINTS["rfs"])
    factors = load_preset("wen-2022").factors
    assert known_late([factors["marrow_tp1"]], where="x", derived=derived) == ()
    (caution,) = known_late([factors["remission_tp2"]], where="x", derived=derived)
    assert caution.caution.startswith(
        "assessed after complete remission but analysed from complete remission: Marrow remission"
    )
    assert known_late([factors["marrow_tp1"]], where="x")


def test_every_endpoint_stands_in_the_table_with_its_definition(clinical: Reader) -> None:
    analysis = replace(load_preset(), endpoints=tuple(e for e in ENDPOINTS if e != "as_supplied"))
    results = analyse(clinical(REMISSIONS), None, analysis)
    rows = {str(row["endpoint"]): row for row in results.tables["endpoints"]}
    assert set(rows) == {*analysis.endpoints, "relapse"}
    for name in analysis.endpoints:
        endpoint, row = ENDPOINTS[name], rows[name]
        assert (row["definition"], row["source"]) == (endpoint.text, endpoint.source)
        assert row["n"] + row["missing"] + row["left_out"] == 11  # type: ignore[operator]
        assert row["declared"] == "yes"
    assert (rows["rfs"]["n"], rows["rfs"]["left_out"], rows["rfs"]["events"]) == (8, 3, 4)
    assert rows["rfs"]["note"] == f"3 left out: {NO_REMISSION}"
    assert (rows["rfs"]["time_from"], rows["rfs"]["failure_at"]) == (
        "complete remission",
        "no event",
    )
    assert rows["efs-eln-2022"]["failure_at"] == "time 0"


def test_leaving_patients_out_by_what_happened_later_is_a_caution(clinical: Reader) -> None:
    analysis = replace(load_preset(), endpoints=("efs", "wen-2022-as-analysed"))
    found = analyse(clinical(COLUMNS + PATIENTS.strip()), None, analysis).cautions
    (caution,) = (each for each in found if each.kind == "excluded_by_outcome")
    assert caution.endpoint == "wen-2022-as-analysed"
    assert caution.figure == 4
    assert (
        f"4 of 12 patients are left out by what happened to them later (1 {TREATMENT_DEATH}; "
        in (caution.caution)
    )


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
