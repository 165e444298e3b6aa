"""The assay table: what is read and what is refused, with file, line and column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_caller.assays import read_assays
from fusion_caller.assays.sheet import Word, shared_word
from fusion_caller.errors import InputError
from fusion_caller.knowledge import panels
from fusion_caller.laboratory import Laboratory
from fusion_caller.records import Assay, Disposition, Timepoint

if TYPE_CHECKING:
    from pathlib import Path

    from fusion_caller.assays import AssaySheet

HEADER = "patient,assay,panel,result,date"


def read(folder: Path, *lines: str, header: str = HEADER) -> AssaySheet:
    path = folder / "assays.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return read_assays(path, name="assays.csv")


def test_a_row_is_kept_as_it_was_written(tmp_path: Path) -> None:
    sheet = read(tmp_path, 'P1,karyotype,,"46,XX,t(4;11)(q21;q23)[18]",2021-03-04')
    (report,) = sheet.reports
    assert (report.patient, report.assay, report.panel) == ("P1", Assay.KARYOTYPE, "")
    assert (report.result, report.date) == ("46,XX,t(4;11)(q21;q23)[18]", "2021-03-04")
    assert (sheet.file, report.file, report.line) == ("assays.csv", "assays.csv", 2)


def test_panel_and_date_are_optional_columns(tmp_path: Path) -> None:
    (report,) = read(tmp_path, "1F1R1G,fish,P1", header="result,assay,patient").reports
    assert (report.result, report.panel, report.date) == ("1F1R1G", "", "")


def test_a_header_alone_is_no_assays(tmp_path: Path) -> None:
    assert read(tmp_path).reports == ()


def test_repeat_tests_are_all_kept_in_order(tmp_path: Path) -> None:
    sheet = read(tmp_path, "P1,fish,,2F,", "P1,fish,,1F1R1G,", "P1,fish,,2F,")
    assert [(one.line, one.result) for one in sheet.reports] == [
        (2, "2F"),
        (3, "1F1R1G"),
        (4, "2F"),
    ]


@pytest.mark.parametrize(
    ("text", "assay"),
    [
        ("karyotype", Assay.KARYOTYPE),
        ("FISH", Assay.FISH),
        ("RT-PCR", Assay.RT_PCR),
        ("rt pcr", Assay.RT_PCR),
        ("rt_pcr", Assay.RT_PCR),
        ("Split RT_PCR", Assay.SPLIT_RT_PCR),
        ("qRT-PCR", Assay.QRT_PCR),
        ("QRT PCR", Assay.QRT_PCR),
        ("RNA seq", Assay.RNA_SEQ),
        ("Archer", Assay.RNA_SEQ),
        ("targeted RNA-seq", Assay.RNA_SEQ),
        ("DNA-seq", Assay.DNA_SEQ),
        ("WGS", Assay.DNA_SEQ),
        ("mate-pair", Assay.DNA_SEQ),
        ("Southern", Assay.DNA_SEQ),
        ("LDI-PCR", Assay.DNA_SEQ),
        ("OGM", Assay.DNA_SEQ),
    ],
)
def test_names_of_assays(tmp_path: Path, text: str, assay: Assay) -> None:
    assert read(tmp_path, f"P1,{text},,negative,").reports[0].assay is assay


def test_a_panel_is_named_as_the_knowledge_base_does(tmp_path: Path) -> None:
    sheet = read(tmp_path, "P1,rt-pcr,WEN-2022,negative,", "P1,fish,Vysis,2F,", "P2,rt-pcr,,AFF1,")
    assert [one.panel for one in sheet.reports] == ["wen-2022", "Vysis", ""]


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (",fish,,2F,", "patient", "expected the identifier of a patient, found nothing"),
        ("../x,fish,,2F,", "patient", "expected the identifier of a patient to start with"),
        (
            "P1,western,,2F,",
            "assay",
            "expected one of karyotype, fish, rt-pcr, split-rt-pcr, qrt-pcr, rna-seq, dna-seq",
        ),
        ("P1,,,2F,", "assay", "expected one of karyotype"),
        ("P1,rt-pcr,wen-2023,negative,", "panel", "expected a known panel (wen-2022"),
        ("P1,fish,,2F,04/03/2021", "date", "expected a date as YYYY-MM-DD"),
        ("P1,fish,,2F,20210304", "date", "expected a date as YYYY-MM-DD"),
        ("P1,fish,,2F,2021-02-30", "date", "expected a date as YYYY-MM-DD"),
        ("P1,fish,,2F,2999-01-01", "date", "expected a date that has come, found '2999-01-01'"),
    ],
)
def test_bad_values_are_refused_in_one_line(
    tmp_path: Path, row: str, column: str, problem: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "P0,fish,,2F,", row)
    message = str(caught.value)
    assert message.startswith(f"assays.csv, line 3, column '{column}': {problem}")
    assert "\n" not in message
    assert "P1" not in message


@pytest.mark.parametrize(
    ("text", "timepoint"),
    [
        ("", Timepoint.UNKNOWN),
        ("diagnosis", Timepoint.DIAGNOSIS),
        ("Dx", Timepoint.DIAGNOSIS),
        ("follow-up", Timepoint.FOLLOW_UP),
        ("follow_up", Timepoint.FOLLOW_UP),
        ("MRD", Timepoint.FOLLOW_UP),
        ("remission", Timepoint.FOLLOW_UP),
        ("Relapse", Timepoint.RELAPSE),
    ],
)
def test_when_a_sample_was_taken(tmp_path: Path, text: str, timepoint: Timepoint) -> None:
    sheet = read(tmp_path, f"P1,fish,,2F,,{text}", header=f"{HEADER},timepoint")
    assert sheet.reports[0].timepoint is timepoint


def test_another_time_is_refused(tmp_path: Path) -> None:
    problem = (
        r"assays.csv, line 2, column 'timepoint': expected one of diagnosis, follow-up, relapse or "
        r"an empty cell, found 'day 33'"
    )
    with pytest.raises(InputError, match=problem):
        read(tmp_path, "P1,fish,,2F,,day 33", header=f"{HEADER},timepoint")
    assert read(tmp_path, "P1,fish,,2F,").reports[0].timepoint is Timepoint.UNKNOWN


def test_the_panels_of_the_laboratory_are_known(tmp_path: Path) -> None:
    own = {"Ours 2024": replace(panels()["wen-2022"], id="Ours 2024")}
    path = tmp_path / "assays.csv"
    path.write_text(f"{HEADER}\nP1,rt-pcr,ours 2024,negative,\n", encoding="utf-8")
    sheet = read_assays(path, name="assays.csv", laboratory=Laboratory(own_panels=own))
    assert sheet.reports[0].panel == "Ours 2024"
    with pytest.raises(InputError, match="column 'panel': expected a known panel"):
        read_assays(path, name="assays.csv")


def test_an_unknown_panel_says_how_to_give_one_s_own(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"by --panels \(`kmt2a panel --template` prints"):
        read(tmp_path, "P1,rt-pcr,ourlab-panel,negative,")


@pytest.mark.parametrize(
    "header", ["Patient,Assay,Panel,Result,Date", "PATIENT,ASSAY,panel,RESULT,date"]
)
def test_columns_may_be_in_any_case(tmp_path: Path, header: str) -> None:
    (report,) = read(tmp_path, "P1,fish,Vysis,2F,2021-03-04", header=header).reports
    assert (report.patient, report.panel, report.date) == ("P1", "Vysis", "2021-03-04")


def test_a_column_in_two_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 1: the column 'patient' appears twice"):
        read(tmp_path, "P1,P1,fish,2F", header="patient,Patient,assay,result")


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("timepont", "timepoint"),
        ("Time_Point", "timepoint"),
        ("pannel", "panel"),
        ("dates", "date"),
        ("resutl", "result"),
        ("patients", "patient"),
    ],
)
def test_a_column_that_is_nearly_one_of_ours_is_refused(
    tmp_path: Path, slip: str, meant: str
) -> None:
    others = [name for name in ("patient", "assay", "result") if name != meant]
    with pytest.raises(InputError) as caught:
        read(tmp_path, header=",".join((*others, slip)))
    assert str(caught.value) == (
        f"assays.csv, line 1: the column '{slip}' is nearly '{meant}'; correct the name, or put x_ "
        "in front of a column of your own"
    )


@pytest.mark.parametrize("own", ["comment", "x_pannel", "panels", "laboratory", "patient_id"])
def test_other_columns_are_kept(tmp_path: Path, own: str) -> None:
    # `panels` beside `panel` is no slip.
    (report,) = read(tmp_path, "P1,fish,,2F,,note", header=f"{HEADER},{own}").reports
    assert report.result == "2F"


def test_a_row_that_is_there_twice_is_said(tmp_path: Path) -> None:
    sheet = read(
        tmp_path, "P1,fish,,2F,", "P1,fish,,1F1R1G,", "P1,fish,,2F,", "P2,fish,,2F,", "P1,fish,,2F,"
    )
    remarks = sheet.repeated()
    assert [(one.line, one.patient, one.disposition) for one in remarks] == [
        (4, "P1", Disposition.FLAGGED),
        (6, "P1", Disposition.FLAGGED),
    ]
    assert remarks[0].reason == remarks[1].reason
    assert remarks[0].reason.startswith("the same as line 2 in every column: ")
    assert read(tmp_path, "P1,fish,,2F,2021-03-04", "P1,fish,,2F,2021-03-05").repeated() == ()


@pytest.mark.parametrize("missing", ["patient", "assay", "result"])
def test_required_columns(tmp_path: Path, missing: str) -> None:
    header = ",".join(name for name in HEADER.split(",") if name != missing)
    with pytest.raises(InputError, match=f"line 1: expected the column {missing}"):
        read(tmp_path, header=header)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", Word.NOT_DONE),
        (" Not Done ", Word.NOT_DONE),
        ("not_done", Word.NOT_DONE),
        ("ND", Word.NOT_DONE),
        ("n.d.", Word.NOT_DONE),
        ("N/A", Word.NOT_DONE),
        ("not evaluated", Word.NOT_DONE),
        ("n/s", Word.NOT_DONE),
        ("not stated", Word.NOT_DONE),
        ("Not reported", Word.NOT_DONE),
        ("unknown", Word.NOT_DONE),
        ("Failed.", Word.FAILED),
        ("no metaphases", Word.FAILED),
        ("NEG", Word.NEGATIVE),
        # A dash means negative in one laboratory and not done in the next.
        ("-", None),
        ("\u2212", None),
        ("equivocal", Word.INCONCLUSIVE),
        ("weak positive", Word.INCONCLUSIVE),
        ("insufficient material", Word.FAILED),
        ("pending", Word.NOT_DONE),
        ("no fusion detected", Word.NEGATIVE),
        ("normal", Word.NORMAL),
        ("+", Word.POSITIVE),
        ("rearranged", Word.POSITIVE),
        (".", None),
        ("not positive", None),
        ("negative?", None),
    ],
)
def test_shared_words(text: str, word: Word | None) -> None:
    assert shared_word(text) is word


@given(text=st.text(max_size=60))
def test_a_shared_word_does_not_depend_on_case_and_blanks(text: str) -> None:
    assert shared_word(f" {text}\t") is shared_word(text)
