"""The gate of the clinical table, and the cohort behind it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import InputError
from outcomes.clinical.cohort import join_results, read_cohort, read_results
from outcomes.clinical.dictionary import COLUMNS, DAYS_PER_MONTH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from outcomes.clinical.cohort import Cohort

    Reader = Callable[[str], Cohort]

REFUSED = {
    "empty patient": (
        "patient age_months\n- 3",
        "line 2, column 'patient': expected the identifier of a patient, found nothing",
    ),
    "patient with a path": (
        "patient age_months\nSECRET/.. 3",
        (
            "line 2, column 'patient': expected letters, digits, space and . - _ + : in the "
            "identifier "
            "of a patient, found '/'"
        ),
    ),
    "patient with a formula": (
        "patient age_months\n=SECRET 3",
        (
            "line 2, column 'patient': expected the identifier of a patient to start with a "
            "letter or "
            "a digit, found '='"
        ),
    ),
    "not a number": (
        "patient wbc_e9_per_l\nSECRET high",
        (
            "line 2, column 'wbc_e9_per_l': expected a number, found 'high'; leave the cell empty "
            "where the value is missing"
        ),
    ),
    "NA": (
        "patient wbc_e9_per_l\nSECRET NA",
        (
            "line 2, column 'wbc_e9_per_l': expected a number, found 'NA'; leave the cell empty "
            "where "
            "the value is missing"
        ),
    ),
    "nan": ("patient wbc_e9_per_l\nSECRET nan", "expected a number, found 'nan'"),
    "infinite": ("patient wbc_e9_per_l\nSECRET inf", "expected a number, found 'inf'"),
    "overflow": ("patient wbc_e9_per_l\nSECRET 1e999", "expected at most 1e+308 ×10⁹/L"),  # noqa: RUF001
    "underscore": ("patient wbc_e9_per_l\nSECRET 1_000", "expected a number, found '1_000'"),
    "other digits": ("patient wbc_e9_per_l\nSECRET ١٢", "expected a number, found '١٢'"),
    "hexadecimal": ("patient wbc_e9_per_l\nSECRET 0x1F", "expected a number, found '0x1F'"),
    "decimal comma": (
        "patient wbc_e9_per_l\nSECRET 12,5",
        (
            "line 2, column 'wbc_e9_per_l': expected a decimal point, found the comma of '12,5'; "
            "write a point for decimals and nothing between thousands"
        ),
    ),
    "decimal comma below a limit": (
        "patient mrd_fcm_tp1_percent\nSECRET <0,01",
        "expected a decimal point, found the comma of '0,01'",
    ),
    "negative measure": (
        "patient ldh_u_per_l\nA 300\nSECRET -1",
        "line 3, column 'ldh_u_per_l': expected at least 0, found '-1'",
    ),
    "negative time": (
        "patient relapse_months\nSECRET -0.5",
        "line 2, column 'relapse_months': expected at least 0, found '-0.5'",
    ),
    "days for months": (
        "patient last_contact_months\nSECRET 1826",
        (
            "line 2, column 'last_contact_months': expected at most 1200 months, found '1826'; "
            "is the "
            "unit right?"
        ),
    ),
    "more than all": (
        "patient mrd_fcm_tp1_percent\nSECRET 101",
        (
            "line 2, column 'mrd_fcm_tp1_percent': expected at most 100 %, found '101'; is the "
            "unit "
            "right?"
        ),
    ),
    "below nothing": (
        "patient mrd_fcm_tp1_percent\nSECRET <0",
        "expected a limit above 0, found '<0'",
    ),
    "below something": (
        "patient mrd_fcm_tp1_percent\nSECRET <low",
        "expected a number, or `<` and a detection limit, found 'low'",
    ),
    "limit where there is none": (
        "patient ldh_u_per_l\nSECRET <300",
        "line 2, column 'ldh_u_per_l': expected a number, found '<300'",
    ),
    "unknown category": (
        "patient sex\nSECRET boy",
        "line 2, column 'sex': expected one of female, male; found 'boy'",
    ),
    "event code": (
        "patient efs_months efs_event\nSECRET 5 2",
        "line 2, column 'efs_event': expected 1 (event) or 0 (censored), found '2'",
    ),
    "date in another style": (
        "patient diagnosis_date\nSECRET 31.01.2020",
        "line 2, column 'diagnosis_date': expected a date as YYYY-MM-DD, found '31.01.2020'",
    ),
    "compact date": ("patient diagnosis_date\nSECRET 20200131", "expected a date as YYYY-MM-DD"),
    "impossible date": (
        "patient diagnosis_date\nSECRET 2021-02-29",
        "expected a date as YYYY-MM-DD, found '2021-02-29'",
    ),
    "event after last contact": (
        "patient diagnosis_date last_contact_months hsct_date\nSECRET 2020-01-01 2 2020-04-01",
        (
            "line 2, column 'hsct_date': expected nothing after the last contact at 2 months, "
            "found "
            "hsct at 2.98973 months"
        ),
    ),
    "no patient": ("patient sex", "clinical.tsv: expected at least one patient, found only"),
    "no patient column": ("id sex\nA male", "line 1: expected the column patient; found"),
    "a slip": (
        "patient relapse_month\nA 6",
        (
            "clinical.tsv, line 1, column 'relapse_month': unknown column, did you mean "
            "relapse_months?; rename it, or add a prefix such as x_ if it is your own"
        ),
    ),
    "a reserved name": (
        "patient line\nA first",
        (
            "line 1, column 'line': expected another name, this one is used for what the project "
            "derives itself; rename the column"
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_gate_refuses(clinical: Reader, case: str) -> None:
    text, message = REFUSED[case]
    with pytest.raises(InputError) as error:
        clinical(text)
    assert str(error.value).startswith("clinical.tsv")
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert "SECRET" not in str(error.value)


def test_a_line_break_in_a_value_stays_in_one_line_of_message(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text('patient,sex\nA,"ma\nle"\n', encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_cohort(path, name="c.csv")
    assert str(error.value) == (
        "c.csv, line 2, column 'sex': expected one of female, male; found 'ma le'"
    )


def test_a_table_cut_off_anywhere_is_read_or_refused(tmp_path: Path) -> None:
    whole = (
        b"patient,sex,wbc_e9_per_l,mrd_fcm_tp1_percent,diagnosis_date,relapse_date,relapse_site\n"
        b"A,male,12.5,<0.01,2020-01-01,2020-06-30,marrow+cns\n"
        b'B,female,1e2,0.1,2020-01-01,,\n"C",,,,,,\n'
    )
    path = tmp_path / "c.csv"
    read = 0
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        try:
            read += read_cohort(path).n > 0
        except InputError as error:
            assert "\n" not in str(error)  # noqa: PT017
    assert 0 < read < len(whole)


def test_values_come_through_as_written(clinical: Reader) -> None:
    data = clinical(
        """
        patient sex    age_months wbc_e9_per_l mrd_fcm_tp1_percent marrow_tp1 efs_months efs_event
        A       Female 3          .5           <0.01               m2         4          1
        B       male   -          1e2          0.01                -          5          0.0
        C       -      0          -            -                   M1         -          -
        """
    ).data
    assert data["line"].tolist() == [2, 3, 4]
    assert data["sex"].tolist() == ["female", "male", None]
    assert data["marrow_tp1"].tolist() == ["M2", None, "M1"]
    assert data["wbc_e9_per_l"].tolist()[:2] == [0.5, 100.0]
    assert math.isnan(data["wbc_e9_per_l"][2])
    assert data["mrd_fcm_tp1_percent"].tolist()[:2] == [0.0, 0.01]
    assert data["mrd_fcm_tp1_percent_below"].tolist()[0] == 0.01
    assert data["mrd_fcm_tp1_percent_below"].isna().tolist() == [False, True, True]
    assert data["efs_event"].tolist()[:2] == [1.0, 0.0]
    assert data["age_months"].dtype == float


def test_every_column_is_there_whether_or_not_the_file_has_it(clinical: Reader) -> None:
    data = clinical("patient\nA").data
    expected = {c.name for c in COLUMNS if not c.name.endswith("_date")}
    assert expected <= set(data.columns)
    assert data.drop(columns=["line", "patient"]).isna().all(axis=None)


def test_dates_become_months_from_diagnosis(clinical: Reader) -> None:
    data = clinical(
        """
        patient diagnosis_date relapse_date last_contact_months
        A       2020-01-01     2020-02-16   2
        B       2020-01-01     2020-01-01   0
        """
    ).data
    assert data["relapse_months"].tolist() == [46 / DAYS_PER_MONTH, 0.0]


def test_a_death_without_a_cause_has_an_unknown_one(clinical: Reader) -> None:
    data = clinical("patient death_months last_contact_months\nA 5 -\nB - 5").data
    assert data["death_cause"].tolist() == ["unknown", None]


def test_nothing_is_asked_of_a_girl_s_testis(clinical: Reader) -> None:
    data = clinical("patient sex testicular_involvement\nA female -\nB male -").data
    assert data["testicular_involvement"].tolist() == ["no", None]


def test_events_on_the_same_day_are_no_contradiction(clinical: Reader) -> None:
    text = "patient relapse_months death_months last_contact_months\nA 5 5 5"
    assert clinical(text).data["death_months"].tolist() == [5.0]


def test_a_relapse_needs_no_remission_where_the_file_knows_of_none(clinical: Reader) -> None:
    assert clinical("patient relapse_months\nA 6").n == 1


def test_unknown_columns_are_kept_and_named(clinical: Reader) -> None:
    cohort = clinical("patient centre sex\nA north male\nB - female")
    assert cohort.unknown_columns == ("centre",)
    assert cohort.data["centre"].tolist() == ["north", None]


def test_a_column_like_one_that_is_there_too_is_the_user_s_own(clinical: Reader) -> None:
    cohort = clinical("patient death_months death x_wbc\nA 5 1 6\nB - 0 7")
    assert cohort.unknown_columns == ("death", "x_wbc")
    assert cohort.given == {"patient", "death_months", "death", "x_wbc"}


def test_months_are_given_where_dates_are(clinical: Reader) -> None:
    cohort = clinical("patient diagnosis_date death_date\nA 2020-01-01 2020-02-01")
    assert "death_months" in cohort.given
    assert "relapse_months" not in cohort.given


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_who_is_in_one_table_only_is_listed_not_dropped(clinical: Reader, tmp_path: Path) -> None:
    cohort = clinical("patient sex\nA male\nB female\nC male")
    patients = write(tmp_path / "p.tsv", "patient\tstatus\tsubtype\nX\t\tMLLT1\nC\t\tAFF1\nB\t\t\n")
    joined = join_results(cohort, read_results(patients))
    assert joined.cohort.data["patient"].tolist() == ["A", "B", "C"]
    assert joined.cohort.data["subtype"].tolist() == [None, None, "AFF1"]
    assert joined.clinical_only == ("A",)
    assert joined.results_only == ("X",)


def test_without_results_a_subtype_of_the_clinical_table_counts(clinical: Reader) -> None:
    joined = join_results(clinical("patient subtype\nA AFF1"), None)
    assert joined.cohort.data["subtype"].tolist() == ["AFF1"]
    assert joined.cohort.data["partner"].tolist() == [None]
    assert joined.clinical_only == ("A",)


def test_results_replace_unknown_columns_but_not_those_of_the_dictionary(
    clinical: Reader, tmp_path: Path
) -> None:
    cohort = clinical("patient subtype sex\nA MLLT3 male")
    patients = write(tmp_path / "p.tsv", "patient\tstatus\tsubtype\tsex\nA\t\tAFF1\tfemale\n")
    row = join_results(cohort, read_results(patients)).cohort.data.iloc[0]
    assert (row["subtype"], row["sex"]) == ("AFF1", "male")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("patient\tstatus\nA\t\nA\t\n", "p.tsv, line 3, column 'patient': expected one row"),
        ("patient\tstatus\n\tptd\n", "p.tsv, line 2, column 'patient': expected the identifier"),
        ("status\nptd\n", "p.tsv, line 1: expected the column patient"),
        ("patient\tsubtype\nA\tx\n", "p.tsv, line 1: expected the column status"),
        ("patient\tstatus\nA\trearrange\n", "p.tsv, line 2, column 'status': expected one of"),
    ],
)
def test_results_are_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_results(write(tmp_path / "p.tsv", text), name="p.tsv")
