"""nf-core's own sample sheets: what is read of each row, and each way to get one wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import InputError
from fusion_caller.records import Assay, Source, Timepoint
from fusion_caller.samplesheet import SampleFile, read_samplesheet, with_lanes

if TYPE_CHECKING:
    from pathlib import Path

RNASEQ = "sample,fastq_1,fastq_2,strandedness"
# In the order of the schema of nf-core/rnafusion 4.1.
RNAFUSION = (
    "sample,fastq_1,fastq_2,bam,bai,cram,crai,junctions,splice_junctions,strandedness,"
    "seq_platform,seq_center"
)


def sheet(folder: Path, header: str, *rows: str) -> tuple[SampleFile, ...]:
    path = folder / "sheet.csv"
    path.write_text("".join(f"{row}\n" for row in (header, *rows)), encoding="utf-8")
    return read_samplesheet(path, name="sheet.csv")


def test_a_row_of_reads_is_read_in_full(tmp_path: Path) -> None:
    assert sheet(tmp_path, RNASEQ, "S1,a_1.fastq.gz,/data/a_2.fastq.gz,reverse") == (
        SampleFile(
            patient="S1",
            sample="S1",
            source=Source.FASTQ,
            name="a_1.fastq.gz",
            path=tmp_path / "a_1.fastq.gz",
            name_2="/data/a_2.fastq.gz",
            path_2=tmp_path / "/data/a_2.fastq.gz",
            line=2,
            columns=("fastq_1", "fastq_2"),
        ),
    )


def test_rows_of_a_sample_are_its_lanes(tmp_path: Path) -> None:
    found = sheet(tmp_path, RNASEQ, "S1,a.fq.gz,,auto", "S2,c.fq.gz,,auto", "S1,b.fq.gz,,auto")
    one, two = with_lanes(found)
    assert [row.name for row in one.rows] == ["a.fq.gz", "b.fq.gz"]
    assert [row.name for row in two.rows] == ["c.fq.gz"]
    assert [entry.name_2 for entry in found] == ["", "", ""]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("S1,r1.fq.gz,r2.fq.gz,a.bam,a.bam.bai,,,a.junction,,forward,,", [("fastq", "r1.fq.gz")]),
        ("S1,,,a.bam,a.bam.bai,,,,,unknown,,", [("bam", "a.bam")]),
        ("S1,,,,,a.cram,a.cram.crai,,,unknown,,", [("bam", "a.cram")]),
        ("S1,,,a.bam,,a.cram,,,,unknown,,", [("bam", "a.bam")]),
        ("S1,,,,,,,a.junction,a.SJ.out.tab,unknown,,", [("chimeric-junction", "a.junction")]),
        (
            "S1,,,a.bam,,,,a.junction,,unknown,ILLUMINA,here",
            [("bam", "a.bam"), ("chimeric-junction", "a.junction")],
        ),
    ],
)
def test_what_star_made_of_reads_is_read_only_without_them(
    tmp_path: Path, row: str, expected: list[tuple[str, str]]
) -> None:
    found = sheet(tmp_path, RNAFUSION, row)
    assert [(str(entry.source), entry.name) for entry in found] == expected
    assert {(entry.sample, entry.line) for entry in found} == {("S1", 2)}


def test_columns_are_free_and_ours_may_be_added(tmp_path: Path) -> None:
    (entry,) = sheet(
        tmp_path,
        "Timepoint,FASTQ_1,strandedness,sample,patient,date,assay,run",
        "relapse,a.fq.gz,auto,S1,P1,2020-04-05,rna-seq,7",
    )
    assert (entry.patient, entry.sample, entry.name) == ("P1", "S1", "a.fq.gz")
    assert (entry.timepoint, entry.date) == (Timepoint.RELAPSE, "2020-04-05")
    assert entry.assay is Assay.RNA_SEQ


def test_a_sheet_of_a_header_holds_no_files(tmp_path: Path) -> None:
    assert sheet(tmp_path, RNASEQ) == ()


def test_ours_stays_ours(tmp_path: Path) -> None:
    found = sheet(tmp_path, "patient,sample,source,file,bam,strandedness", "P1,S1,arriba,a,b.bam,x")
    assert [(entry.name, entry.columns) for entry in found] == [("a", ("file", "file_2"))]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",a.fq.gz,,,,,,,,auto,,", "column 'sample': expected a sample, found none"),
        (
            "S1,,a_2.fq.gz,a.bam,,,,,,auto,,",
            (
                "column 'fastq_1': expected the first reads beside fastq_2, found none; reads that "
                "are not paired go into fastq_1"
            ),
        ),
        (
            "S1,,,,,,,,,auto,,",
            "expected one of fastq_1, bam, cram, junctions, found none",
        ),
        (
            "S1,,,,a.bam.bai,,,,a.SJ.out.tab,auto,,",
            (
                "expected one of fastq_1, bam, cram, junctions, found none; splice_junctions hold "
                "no fusions"
            ),
        ),
        (
            "S/1,a.fq.gz,,,,,,,,auto,,",
            (
                "column 'sample': expected letters, digits, space and . - _ + : in the identifier "
                "of a sample, found '/'"
            ),
        ),
        (
            "S1,a.fq.gz,r1.fq.gz,,,,,,,auto,,",
            "column 'fastq_2': the same file is listed in line 2 too; remove one of the rows",
        ),
        (
            "S1,,,r1.fq.gz,,,,,,auto,,",
            "column 'bam': the same file is listed in line 2 too; remove one of the rows",
        ),
    ],
)
def test_each_bad_row_is_refused_with_line_and_column(
    tmp_path: Path, row: str, message: str
) -> None:
    with pytest.raises(InputError) as error:
        sheet(tmp_path, RNAFUSION, "S0,r1.fq.gz,r2.fq.gz,,,,,,,auto,,", "", row)
    where = "sheet.csv, line 4, " if message.startswith("column") else "sheet.csv, line 4: "
    assert str(error.value) == where + message


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("fastq1", "fastq_1"), ("juctions", "junctions"), ("strandednes", "strandedness")],
)
def test_a_slip_of_the_pen_is_refused(tmp_path: Path, slip: str, meant: str) -> None:
    columns = {"fastq_1", "strandedness", slip} - {meant}
    with pytest.raises(InputError, match=f"the column '{slip}' is nearly '{meant}'"):
        sheet(tmp_path, ",".join(("sample", *sorted(columns))))


def test_a_damaged_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"sheet.csv, line 2: .*fields"):
        sheet(tmp_path, RNASEQ, "S1,a.fq.gz,")
