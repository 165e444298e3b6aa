"""The data dictionary: complete and consistent."""

from __future__ import annotations

import pytest

from outcomes.clinical.dictionary import (
    ASSESSED_DAYS,
    BY_NAME,
    COLUMNS,
    EVENTS,
    OUTCOMES,
    OWN_COLUMNS,
    OWN_PREFIX,
    Kind,
    date_column,
    day_of,
    meant_column,
    months_column,
)

ANY_ORDER = [
    "patient",
    "sex",
    "disease",
    "age_months",
    "wbc_e9_per_l",
    "ldh_u_per_l",
    "cns_involvement",
    "testicular_involvement",
    "family_history_of_cancer",
    "blasts_day5_e9_per_l",
    "prednisone_response",
    "marrow_tp1",
    "marrow_tp2",
    "mrd_fcm_tp1_percent",
    "mrd_fcm_tp2_percent",
    "mrd_pcr_tp1",
    "mrd_pcr_tp2",
    "diagnosis_date",
    "relapse_site",
    "death_cause",
    "efs_months",
    "efs_event",
]


def test_the_columns_are_those_of_the_clinical_table() -> None:
    events = [name(event) for event in EVENTS for name in (months_column, date_column)]
    assert sorted(BY_NAME) == sorted([*ANY_ORDER, *events])
    assert len(COLUMNS) == len(BY_NAME) == 40


def test_categories_and_only_they_list_what_is_allowed() -> None:
    assert {c.name for c in COLUMNS if c.allowed} == {
        c.name for c in COLUMNS if c.kind is Kind.CATEGORY
    }
    assert BY_NAME["sex"].allowed == ("female", "male")
    assert BY_NAME["marrow_tp1"].allowed == ("M1", "M2", "M3")


def test_every_number_has_a_unit_and_nothing_is_below_zero() -> None:
    numbers = [c for c in COLUMNS if c.kind in (Kind.NUMBER, Kind.NUMBER_OR_BELOW)]
    assert all(c.unit and c.minimum == 0 for c in numbers)
    assert {c.name for c in numbers if c.name.endswith("_months")} >= {
        months_column(event) for event in EVENTS
    }


def test_every_column_says_what_it_means_in_one_line() -> None:
    assert all(c.meaning and "\n" not in c.meaning for c in COLUMNS)
    assert len({c.meaning for c in COLUMNS}) == len(COLUMNS)


def test_the_lists_of_late_columns_name_known_columns() -> None:
    assert set(ASSESSED_DAYS) | OUTCOMES <= set(BY_NAME)
    assert not set(ASSESSED_DAYS) & OUTCOMES


def test_units_are_written_in_one_way() -> None:
    assert {c.unit for c in COLUMNS if c.unit} == {"months", "%", "U/L", "×10⁹/L"}  # noqa: RUF001


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("relapse_month", "relapse_months"),
        ("relapes_months", "relapse_months"),
        ("Relapse Months", "relapse_months"),
        ("relapsemonths", "relapse_months"),
        ("relapse_day", "relapse_months"),
        ("relapse_days", "relapse_months"),
        ("relapse", "relapse_months"),
        ("hsct_years", "hsct_months"),
        ("last_contract_date", "last_contact_date"),
        ("diagnosis", "diagnosis_date"),
        ("age", "age_months"),
        ("age_years", "age_months"),
        ("age_days", "age_months"),
        ("wbc", "wbc_e9_per_l"),
        ("WBC", "wbc_e9_per_l"),
        ("wbc_e9_l", "wbc_e9_per_l"),
        ("wbc_per_ul", "wbc_e9_per_l"),
        ("ldh", "ldh_u_per_l"),
        ("ldh_iu_per_l", "ldh_u_per_l"),
        ("blasts_day5", "blasts_day5_e9_per_l"),
        ("mrd_tp1", "mrd_fcm_tp1_percent"),
        ("mrd_fcm_tp2", "mrd_fcm_tp2_percent"),
        ("mrd_pcr_tp2_percent", "mrd_pcr_tp2"),
        ("marrow_tp_1", "marrow_tp1"),
        ("marrow_tp", "marrow_tp1"),
        ("cns", "cns_involvement"),
        ("cns_involvment", "cns_involvement"),
        ("Sex", "sex"),
        ("gender", "sex"),
        ("Disease", "disease"),
        ("diseases", "disease"),
        ("prednisolone_response", "prednisone_response"),
        ("prednison_response", "prednisone_response"),
        ("death_causes", "death_cause"),
        ("efs", "efs_months"),
    ],
)
def test_a_slip_is_recognised(name: str, meant: str) -> None:
    assert meant_column(name) == meant
    assert meant_column(OWN_PREFIX + name) is None


@pytest.mark.parametrize(
    "name",
    [
        "note",
        "notes",
        "remark",
        "comment",
        "comments",
        "id",
        "centre",
        "center",
        "hospital",
        "protocol",
        "arm",
        "site",
        "stage",
        "status",
        "subtype",
        "partner",
        "fusion",
        "risk_group",
        "disease_status",
        "disease_free_months",
        "leukaemia",
        "lineage",
        "dexamethasone_response",
        "treatment_response",
        "treatment",
        "therapy",
        "country",
        "cohort",
        "study",
        "batch",
        "sample",
        "karyotype",
        "birth_date",
        "birth_year",
        "date_of_birth",
        "blood_type",
        "bmi",
        "height",
        "weight",
        "ethnicity",
        "immunophenotype",
        "second_cancer_type",
        "induction_failure_cause",
        "complete_remission_marrow",
        "relapse_treatment",
        "hsct_type",
        "car_t_dose",
        "marrow_tp3",
        "mrd_fcm_tp3_percent",
        "mrd_pcr_tp3",
        "blasts_day8_e9_per_l",
        "relapse2_months",
        "os_months",
        "os_event",
        "hemoglobin",
        "platelets",
        "line_of_therapy",
        "年龄",
        "x_relapse_month",
    ],
)
def test_a_column_of_one_s_own_is_not_a_slip(name: str) -> None:
    assert meant_column(name) is None


@pytest.mark.parametrize("name", BY_NAME)
def test_no_column_of_the_dictionary_is_taken_for_another(name: str) -> None:
    assert meant_column(name) is None


def test_the_rule_names_the_prefix() -> None:
    assert f"put {OWN_PREFIX} in front" in OWN_COLUMNS


def test_days_of_the_presets() -> None:
    assert [day_of(months) for months in (0.1643, 0.6242, 1.5113)] == [5, 19, 46]
