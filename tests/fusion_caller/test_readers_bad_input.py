"""Callers' files that are mislabelled or of another kind, and what becomes of a bad cell.

Every other damage is done to every format in `test_formats_damaged.py`.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import Disposition, Source

# The same examples each time, however slow the machine.
SETTINGS = settings(deadline=None, derandomize=True)
DATA = Path(__file__).parents[1] / "data" / "callers"
CODING_EFFECT = DATA / "star-fusion.fusion_predictions.abridged.annotated.coding_effect.tsv"
ABRIDGED = DATA / "star-fusion.fusion_candidates.final.abridged"
ARRIBA = DATA / "arriba_fusions.tsv"
FUSIONCATCHER = DATA / "fusioncatcher_833ke_final-list-candidate-fusion-genes.txt"
JAFFA = DATA / "jaffa_results.BT474-demo.csv"
DEFUSE = DATA / "defuse_833ke_results.filtered.tsv"
ERICSCRIPT = DATA / "ericscript_SRR1657556.results.total.tsv"
SOAPFUSE = DATA / "soapfuse_833ke_final.Fusion.specific.for.genes"
REAL = (CODING_EFFECT, ABRIDGED, ARRIBA, FUSIONCATCHER, JAFFA, DEFUSE, ERICSCRIPT, SOAPFUSE)
real_files = pytest.mark.parametrize("path", REAL, ids=lambda path: path.name[:24])
Lines = list[list[str]]


def lines_of(path: Path) -> Lines:
    """A file's cells, the header first."""
    text = path.read_text(encoding="utf-8").rstrip("\n")
    if path.suffix == ".csv":
        return list(csv.reader(text.split("\n")))
    return [line.split("\t") for line in text.split("\n")]


def read(path: Path, content: Lines | bytes | str, *, source: Source | None = None) -> CallerFile:
    if isinstance(content, list):
        content = "".join("\t".join(cells) + "\n" for cells in content)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_caller_file(path, name="f.tsv", source=source, patient="P1", sample="S1")


def refusal(
    path: Path, content: Lines | bytes | str, *, source: Source | None = None
) -> InputError:
    with pytest.raises(InputError) as error:
        read(path, content, source=source)
    assert error.value.file == "f.tsv"
    assert "\n" not in str(error.value)
    return error.value


def test_an_unknown_header_is_refused_with_what_was_found(tmp_path: Path) -> None:
    for source in Source:
        assert str(refusal(tmp_path / "f", "a\tb\tc\td\te\tg\th\n", source=source)) == (
            f"f.tsv, line 1: expected the output of a caller that is known ({source}), found 7 "
            "columns of another table"
        )
    known = refusal(tmp_path / "f", "a\tb\n").problem
    assert known.startswith("expected the output of a caller that is known (star-fusion, ")
    assert known.endswith("), found 2 columns of another table")


def test_data_without_a_header_is_refused(tmp_path: Path) -> None:
    refusal(tmp_path / "f", lines_of(ABRIDGED)[1:])


def test_one_sample_s_file_needs_a_sample(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_caller_file(ARRIBA, name="f.tsv")
    assert str(error.value) == (
        "f.tsv: arriba output holds one sample, but the sample sheet names none for it; "
        "name the sample: in the column 'sample' of the sheet, or by --sample"
    )


BAD_CELLS = [
    (ABRIDGED, "FusionName", "", "expected a value, found none"),
    (ABRIDGED, "FusionName", "ACACA", "expected GENE1--GENE2, found 'ACACA'"),
    (ABRIDGED, "FusionName", "ACACA--", "expected GENE1--GENE2, found 'ACACA--'"),
    (ABRIDGED, "LeftGene", "^ENSG1", "expected symbol^identifier, found '^ENSG1'"),
    (ABRIDGED, "RightGene", ".", "expected a value, found none"),
    (ABRIDGED, "JunctionReadCount", "12.0", "expected a count, found '12.0'"),
    (ABRIDGED, "JunctionReadCount", "-1", "expected a count, found '-1'"),
    (ABRIDGED, "SpanningFragCount", "many", "expected a count, found 'many'"),
    (ABRIDGED, "LeftBreakpoint", "chr22", "expected contig:position:strand, found 'chr22'"),
    (ABRIDGED, "LeftBreakpoint", "chr22:0:+", "expected a position of at least 1, found 0"),
    (ABRIDGED, "RightBreakpoint", "chr22:5:x", "expected the strand + or -, found 'x'"),
    (ARRIBA, "gene1", "", "expected a value, found none"),
    (ARRIBA, "gene2", "", "expected a value, found none"),
    (ARRIBA, "split_reads1", "x", "expected a count, found 'x'"),
    (ARRIBA, "split_reads1", ".", "expected a count, found none"),
    (ARRIBA, "split_reads2", "-7", "expected a count, found '-7'"),
    (ARRIBA, "split_reads2", "", "expected a count, found none"),
    (ARRIBA, "discordant_mates", "1e3", "expected a count, found '1e3'"),
    (ARRIBA, "breakpoint1", "22-236", "expected contig:position:strand, found '22-236'"),
    (FUSIONCATCHER, "Spanning_pairs", "NaN", "expected a count, found 'NaN'"),
    (FUSIONCATCHER, "Spanning_unique_reads", "-2", "expected a count, found '-2'"),
    (
        FUSIONCATCHER,
        "Fusion_point_for_gene_2(3end_fusion_partner)",
        "12:x:+",
        "expected contig:position:strand, found '12:x:+'",
    ),
    (JAFFA, "fusion genes", "", "expected a value, found none"),
    (JAFFA, "fusion genes", "BCAS4", "expected GENE1:GENE2, found 'BCAS4'"),
    (JAFFA, "fusion genes", "BCAS4:", "expected GENE1:GENE2, found 'BCAS4:'"),
    (JAFFA, "fusion genes", "A:B:C", "expected GENE1:GENE2, found 'A:B:C'"),
    (JAFFA, "base1", "4.9e7", "expected contig:position:strand, found 'chr17:4.9e7'"),
    (JAFFA, "base2", "0", "expected a position of at least 1, found 0"),
    (JAFFA, "spanning reads", "-", "expected a count, found '-'"),
    (JAFFA, "spanning pairs", "-3", "expected a count, found '-3'"),
    (DEFUSE, "gene_name1", "", "expected a value, found none"),
    (DEFUSE, "gene_strand2", "", "expected a value, found none"),
    (DEFUSE, "genomic_strand1", "?", "expected the strand + or -, found '?'"),
    (DEFUSE, "genomic_break_pos2", "x", "expected contig:position:strand, found '1:x'"),
    (DEFUSE, "splitr_count", "1.5", "expected a count, found '1.5'"),
    (DEFUSE, "span_count", "N", "expected a count, found 'N'"),
    (ERICSCRIPT, "GeneName2", "", "expected a value, found none"),
    (ERICSCRIPT, "Breakpoint1", "unable", "expected contig:position:strand, found '7:unable'"),
    (ERICSCRIPT, "strand2", "1", "expected the strand + or -, found '1'"),
    (ERICSCRIPT, "crossingreads", "many", "expected a count, found 'many'"),
    (SOAPFUSE, "up_gene", ".", "expected a value, found none"),
    (SOAPFUSE, "dw_Genome_pos", "-5", "expected contig:position:strand, found 'chr4:-5'"),
    (SOAPFUSE, "Junc_reads_num", "2+2", "expected a count, found '2+2'"),
    (ABRIDGED, "JunctionReadCount", "9" * 5000, f"expected a count, found '{'9' * 5000}'"),
]


@pytest.mark.parametrize(
    "case", BAD_CELLS, ids=[f"{path.name[:12]}-{c}-{v[:9]}" for path, c, v, _ in BAD_CELLS]
)
def test_a_bad_cell_sets_its_row_aside_with_line_and_column(
    tmp_path: Path, case: tuple[Path, str, str, str]
) -> None:
    path, column, value, problem = case
    lines = lines_of(path)
    good = len(lines) - 1
    bad = list(lines[1])
    bad[[name.removeprefix("#") for name in lines[0]].index(column)] = value
    file = read(tmp_path / "f", [*lines, bad])
    assert file.n_rows == good + 1 == len(file.calls) + len(file.set_aside)
    (row,) = file.set_aside
    assert (row.file, row.line, row.disposition) == ("f.tsv", good + 2, Disposition.REFUSED)
    assert row.reason == f"column '{column}': {problem}"
    assert list(file.calls) == list(read(tmp_path / "f", lines).calls)


@pytest.mark.parametrize(
    ("path", "column", "field"),
    [
        (ABRIDGED, "JunctionReadCount", "split_reads"),
        (ABRIDGED, "SpanningFragCount", "spanning_fragments"),
        (ABRIDGED, "LeftBreakpoint", "breakpoint_5prime"),
        (ARRIBA, "discordant_mates", "spanning_fragments"),
        (ARRIBA, "breakpoint2", "breakpoint_3prime"),
        (FUSIONCATCHER, "Spanning_unique_reads", "split_reads"),
        (JAFFA, "base1", "breakpoint_5prime"),
        (JAFFA, "spanning pairs", "spanning_fragments"),
        (DEFUSE, "genomic_break_pos2", "breakpoint_3prime"),
        (DEFUSE, "span_count", "spanning_fragments"),
        (ERICSCRIPT, "Breakpoint2", "breakpoint_3prime"),
        (ERICSCRIPT, "spanningreads", "split_reads"),
        (SOAPFUSE, "up_Genome_pos", "breakpoint_5prime"),
        (SOAPFUSE, "Junc_reads_num", "split_reads"),
    ],
)
@pytest.mark.parametrize("blank", ["", "."])
def test_what_a_caller_leaves_blank_is_unknown_and_not_zero(
    tmp_path: Path, path: Path, column: str, field: str, blank: str
) -> None:
    lines = lines_of(path)
    lines[1][[name.removeprefix("#") for name in lines[0]].index(column)] = blank
    assert getattr(read(tmp_path / "f", lines).calls[0], field) is None


def test_bad_samples_of_a_cohort_table_are_set_aside_without_their_name(tmp_path: Path) -> None:
    path = tmp_path / "cohort.tsv"
    path.write_text(
        "FusionName\tsample\nKMT2A--AFF1\tS1\nKMT2A--AFF1\tJane/Doe\nKMT2A--AFF1\t\nA-B\tS2\n",
        encoding="utf-8",
    )
    file = read_caller_file(path, name="f.tsv")
    assert file.n_rows == 4
    assert [(call.sample, call.line) for call in file.calls] == [("S1", 2)]
    nothing = (
        "the row names KMT2A; column 'sample': expected the identifier of a sample, found nothing"
    )
    slash = (
        "the row names KMT2A; column 'sample': expected letters, digits, space and . - _ + : in "
        "the identifier of a sample, found '/'"
    )
    assert [(row.line, row.reason) for row in file.set_aside] == [
        (3, slash),
        (4, nothing),
        (5, "column 'FusionName': expected GENE1--GENE2, found 'A-B'"),
    ]


CELLS = st.one_of(
    st.sampled_from(["", ".", "NA", "0", "-1", "1.5", "chr1:5:+", "KMT2A", "KMT2A--AFF1", "+/+"]),
    st.text(st.characters(exclude_characters="\t\r\n", exclude_categories=("Cs",)), max_size=12),
)


@real_files
@SETTINGS
@given(data=st.data())
def test_no_cell_breaks_a_reader_and_no_row_is_lost(
    tmp_path_factory: pytest.TempPathFactory, path: Path, data: st.DataObject
) -> None:
    lines = lines_of(path)
    header = lines[0]
    # A second sample refuses a file whose sample is stated, and is tested by itself.
    free = [at for at, column in enumerate(header) if column != "sample"]
    rows = []
    for _ in range(data.draw(st.integers(1, 3))):
        row = list(lines[1])
        for at in data.draw(st.sets(st.sampled_from(free), max_size=4)):
            row[at] = data.draw(CELLS)
        rows.append(row)
    file = read(tmp_path_factory.getbasetemp() / "fuzz", [header, *rows])
    assert file.n_rows == len(rows) == len(file.calls) + len(file.set_aside)
    assert sorted(row.line for row in (*file.calls, *file.set_aside)) == list(
        range(2, len(rows) + 2)
    )
    for call in file.calls:
        row = rows[call.line - 2]
        for column, value in zip(header, row, strict=True):
            name = column.removeprefix("#")
            if name in call.extras:
                assert call.extras[name] == value.strip()
        assert "" not in call.extras.values()
