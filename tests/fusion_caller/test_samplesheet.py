"""The sample sheet: rows to files, and each way to get a row wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import InputError
from fusion_caller.records import Source
from fusion_caller.samplesheet import SampleFile, read_samplesheet

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "patient,sample,source,file,file_2\n"


def sheet(folder: Path, rows: str, header: str = HEADER) -> tuple[SampleFile, ...]:
    path = folder / "sheet.csv"
    path.write_text(header + rows, encoding="utf-8")
    return read_samplesheet(path, name="sheet.csv")


def test_a_row_is_read_in_full(tmp_path: Path) -> None:
    assert sheet(tmp_path, "P1,P1-d0,Arriba,calls/a.tsv,\n") == (
        SampleFile(
            patient="P1",
            sample="P1-d0",
            source=Source.ARRIBA,
            name="calls/a.tsv",
            path=tmp_path / "calls/a.tsv",
            line=2,
        ),
    )


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("auto", None),
        ("AUTO", None),
        ("", None),
        ("star-fusion", Source.STAR_FUSION),
        ("Star-Fusion", Source.STAR_FUSION),
        ("arriba", Source.ARRIBA),
        ("fusioncatcher", Source.FUSIONCATCHER),
        ("JAFFA", Source.JAFFA),
        ("deFuse", Source.DEFUSE),
        ("EricScript", Source.ERICSCRIPT),
        ("SOAPfuse", Source.SOAPFUSE),
    ],
)
def test_sources(tmp_path: Path, text: str, source: Source | None) -> None:
    assert sheet(tmp_path, f"P1,S1,{text},a.tsv,\n")[0].source is source


def test_columns_are_free_in_order_and_file_2_may_be_absent(tmp_path: Path) -> None:
    (entry,) = sheet(tmp_path, "a.tsv,auto,S1,P1\n", header="file,source,sample,patient\n")
    assert (entry.patient, entry.sample, entry.name) == ("P1", "S1", "a.tsv")


def test_reads_may_come_in_two_files(tmp_path: Path) -> None:
    one, two = sheet(tmp_path, "P1,S1,fastq,a_1.fq,a_2.fq\nP2,S2,FASTQ,b.fq,\n")
    assert (one.source, one.name, one.name_2) == (Source.FASTQ, "a_1.fq", "a_2.fq")
    assert (one.path, one.path_2) == (tmp_path / "a_1.fq", tmp_path / "a_2.fq")
    assert (two.name_2, two.path_2) == ("", None)


@pytest.mark.parametrize("second", ["P2,S2,fastq,b.fq,a_2.fq", "P2,S2,fastq,a_2.fq,b.fq"])
def test_second_reads_belong_to_one_sample(tmp_path: Path, second: str) -> None:
    with pytest.raises(InputError, match="the same file is listed in line 2 too"):
        sheet(tmp_path, f"P1,S1,fastq,a_1.fq,a_2.fq\n{second}\n")


def test_a_cohort_table_has_neither_patient_nor_sample(tmp_path: Path) -> None:
    (entry,) = sheet(tmp_path, ",,star-fusion,cohort.tsv.gz,\n")
    assert (entry.patient, entry.sample) == ("", "")


def test_an_absolute_path_stays_as_it_is(tmp_path: Path) -> None:
    (entry,) = sheet(tmp_path, f"P1,S1,auto,{tmp_path / 'x' / 'a.tsv'},\n")
    assert entry.path == tmp_path / "x" / "a.tsv"


def test_a_sheet_of_a_header_holds_no_files(tmp_path: Path) -> None:
    assert sheet(tmp_path, "") == ()


def test_a_sample_may_have_many_files(tmp_path: Path) -> None:
    entries = sheet(tmp_path, "P1,S1,auto,a,\nP1,S2,auto,c,\nP1,S1,auto,b,\n")
    assert [(entry.sample, entry.name, entry.line) for entry in entries] == [
        ("S1", "a", 2),
        ("S2", "c", 3),
        ("S1", "b", 4),
    ]


@pytest.mark.parametrize("again", ["P1,S1,auto,a,", "P2,S2,auto,a,", "P1,S2,auto,./x/../a,"])
def test_a_file_belongs_to_one_sample(tmp_path: Path, again: str) -> None:
    with pytest.raises(InputError, match=r"line 3, column 'file': the same file .* in line 2 too"):
        sheet(tmp_path, f"P1,S1,auto,a,\n{again}\n")


def test_a_sample_belongs_to_one_patient(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 3, column 'sample': the sample of line 2 belongs"):
        sheet(tmp_path, "P1,S1,auto,a,\nP2,S1,auto,b,\n")


KNOWN = ", ".join(("auto", *Source))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("P1,S1,auto,,", "column 'file': expected a file, found none"),
        (
            "P1,S1,auto,a_1.fq,a_2.fq",
            "column 'file_2': only reads come in two files; write fastq as their source",
        ),
        ("P1,S1,deep,a,", f"column 'source': expected one of {KNOWN}, found 'deep'"),
        (
            "P1,,auto,a,",
            (
                "column 'sample': expected patient and sample, or neither of them for a cohort "
                "table; fill the empty one"
            ),
        ),
        (
            ",S1,auto,a,",
            (
                "column 'patient': expected patient and sample, or neither of them for a cohort "
                "table; fill the empty one"
            ),
        ),
        (
            "../P1,S1,auto,a,",
            (
                "column 'patient': expected the identifier of a patient to start with a letter or "
                "a digit, found '.'"
            ),
        ),
        (
            "P1,S/1,auto,a,",
            (
                "column 'sample': expected letters, digits, space and . - _ + : in the identifier "
                "of a sample, found '/'"
            ),
        ),
        (
            "P0,S0,arriba,a,",
            ("column 'file': the same file is listed in line 2 too; remove one of the rows"),
        ),
    ],
)
def test_each_bad_row_is_refused_with_line_and_column(
    tmp_path: Path, row: str, message: str
) -> None:
    with pytest.raises(InputError) as error:
        sheet(tmp_path, f"P0,S0,auto,a,\n\n{row}\n")
    assert str(error.value) == f"sheet.csv, line 4, {message}"


def test_a_message_never_repeats_an_identifier(tmp_path: Path) -> None:
    for row in ("Jane Doe!,S1,auto,a,", "P1,Jane Doe!,auto,a,", "Jane Doe,,auto,a,"):
        with pytest.raises(InputError) as error:
            sheet(tmp_path, row + "\n")
        assert "Jane" not in str(error.value)


@pytest.mark.parametrize("missing", ["patient", "sample", "source", "file"])
def test_a_missing_column_is_named(tmp_path: Path, missing: str) -> None:
    columns = [c for c in ("patient", "sample", "source", "file") if c != missing]
    with pytest.raises(InputError) as error:
        sheet(tmp_path, "a,b,c\n", header=",".join(columns) + "\n")
    assert str(error.value) == (
        f"sheet.csv, line 1: expected the column {missing}; found {', '.join(columns)}"
    )


def test_the_packaged_sheet_is_cut_at_every_byte(tmp_path: Path) -> None:
    whole = HEADER + "P1,S1,arriba,calls/a.tsv,\nP2,S2,star-fusion,calls/b.tsv,\n"
    entries = sheet(tmp_path, whole.removeprefix(HEADER))
    path = tmp_path / "sheet.csv"
    refused = 0
    for end in range(len(whole)):
        path.write_text(whole[:end], encoding="utf-8")
        try:
            found = read_samplesheet(path)
        except InputError:
            refused += 1
        else:
            assert found == entries[: len(found)]
    # A cut is seen unless it falls on a line end or behind the last separator.
    assert refused == len(whole) - 4


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("P1,S1,auto,a.tsv,proteome,,", "assay", "expected rna-seq or dna-seq or an empty cell"),
        ("P1,S1,auto,a.tsv,,04/05/2020,", "date", "expected a date as YYYY-MM-DD"),
        ("P1,S1,auto,a.tsv,,,later", "timepoint", "expected one of diagnosis, follow-up, relapse"),
    ],
)
def test_what_a_sample_is_and_when_it_was_taken(
    tmp_path: Path, row: str, column: str, problem: str
) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"patient,sample,source,file,assay,date,timepoint\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(problem)) as error:
        read_samplesheet(path, name="s.csv")
    assert (error.value.line, error.value.column) == (2, column)


def test_files_of_one_sample_were_taken_at_one_time(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        "patient,sample,source,file,timepoint\nP1,S1,auto,a.tsv,relapse\nP1,S1,auto,b.tsv,\n"
    )
    with pytest.raises(InputError, match="has another assay, date or timepoint there"):
        read_samplesheet(path, name="s.csv")


def test_columns_may_be_in_any_case_and_a_slip_is_refused(tmp_path: Path) -> None:
    (entry,) = sheet(tmp_path, "P1,S1,auto,a.tsv\n", header="Patient,Sample,SOURCE,File\n")
    assert (entry.patient, entry.name) == ("P1", "a.tsv")
    with pytest.raises(InputError, match="the column 'asay' is nearly 'assay'"):
        sheet(tmp_path, "", header="patient,sample,source,file,asay\n")
    assert sheet(tmp_path, "", header="patient,sample,source,file,file_3\n") == ()


def test_a_date_in_the_future_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="column 'date': expected a date that has come"):
        sheet(tmp_path, "P,S,auto,a.tsv,2999-01-01\n", header="patient,sample,source,file,date\n")
