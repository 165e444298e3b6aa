"""The data dictionary: complete and consistent."""

from __future__ import annotations

from outcomes.dictionary import (
    ASSESSED_DAYS,
    BY_NAME,
    COLUMNS,
    EVENTS,
    OUTCOMES,
    Kind,
    date_column,
    months_column,
)

ANY_ORDER = [
    "patient",
    "sex",
    "age_months",
    "wbc_e9_per_l",
    "ldh_u_per_l",
    "cns_involvement",
    "testicular_involvement",
    "family_history_of_cancer",
    "blasts_day5_e9_per_l",
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
    assert len(COLUMNS) == len(BY_NAME) == 38


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
