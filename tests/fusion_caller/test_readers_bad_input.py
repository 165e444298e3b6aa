"""Callers' files that are damaged, cut, mislabelled or of another kind."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_caller.errors import InputError
from fusion_caller.readers import READERS, CallerFile, read_caller_file, recognise
from fusion_caller.records import Disposition, Frame, Source

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
REAL = {
    CODING_EFFECT: Source.STAR_FUSION,
    ABRIDGED: Source.STAR_FUSION,
    ARRIBA: Source.ARRIBA,
    FUSIONCATCHER: Source.FUSIONCATCHER,
    JAFFA: Source.JAFFA,
    DEFUSE: Source.DEFUSE,
    ERICSCRIPT: Source.ERICSCRIPT,
    SOAPFUSE: Source.SOAPFUSE,
}
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


def test_an_empty_file_of_no_stated_source_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"\n\n", gzip.compress(b"", mtime=0)):
        assert str(refusal(tmp_path / "f", content)) == (
            "f.tsv: the file is empty, so the caller cannot be recognised; name the caller in the "
            "column 'source' if it found no fusion"
        )


def test_what_is_left_of_a_gzip_is_no_empty_file(tmp_path: Path) -> None:
    whole = gzip.compress(ARRIBA.read_bytes(), mtime=0)
    for end in (1, 2, 3, 9, 10, 11, len(whole) - 8, len(whole) - 1):
        refusal(tmp_path / "f", whole[:end], source=Source.ARRIBA)


@real_files
@pytest.mark.parametrize("stated", Source)
def test_a_wrong_source_is_said(tmp_path: Path, path: Path, stated: Source) -> None:
    if stated is REAL[path]:
        assert read(tmp_path / "f", path.read_bytes(), source=stated).calls
        return
    assert str(refusal(tmp_path / "f", path.read_bytes(), source=stated)) == (
        f"f.tsv, line 1: expected {stated} output, found {REAL[path]} output; correct the column "
        "'source' or write auto"
    )


@real_files
def test_each_needed_column_that_is_missing_is_named(tmp_path: Path, path: Path) -> None:
    lines = lines_of(path)
    header = [column.removeprefix("#") for column in lines[0]]
    reader = recognise(header)
    assert reader is not None
    for column in reader.signature:
        at = header.index(column)
        cut = [cells[:at] + cells[at + 1 :] for cells in lines]
        for source in (None, REAL[path]):
            error = refusal(tmp_path / "f", cut, source=source)
            assert (error.line, error.problem) == (
                1,
                f"this looks like {REAL[path]} output, but it lacks the column {column}",
            )


@real_files
def test_columns_beyond_the_needed_ones_may_be_missing(tmp_path: Path, path: Path) -> None:
    lines = lines_of(path)
    header = [column.removeprefix("#") for column in lines[0]]
    reader = recognise(header)
    assert reader is not None
    kept = [header.index(column) for column in reader.signature]
    file = read(tmp_path / "f", [[cells[at] for at in kept] for cells in lines])
    assert len(file.calls) == len(lines) - 1


@pytest.mark.parametrize("source", [None, *Source])
def test_an_unknown_header_is_refused_with_what_was_found(
    tmp_path: Path, source: Source | None
) -> None:
    known = ", ".join(Source) if source is None else str(source)
    assert str(refusal(tmp_path / "f", "a\tb\tc\td\te\tg\th\n", source=source)) == (
        f"f.tsv, line 1: expected the header of a caller that is known ({known}), found 7 "
        "columns of another table"
    )


def test_data_without_a_header_is_refused(tmp_path: Path) -> None:
    refusal(tmp_path / "f", lines_of(ABRIDGED)[1:])


def test_no_format_is_taken_for_another() -> None:
    for path, source in REAL.items():
        header = [column.removeprefix("#") for column in lines_of(path)[0]]
        assert [r.source for r in READERS if r.recognises(header)] == [source]


def test_one_sample_s_file_needs_a_sample(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_caller_file(ARRIBA, name="f.tsv")
    assert str(error.value) == (
        "f.tsv: arriba output holds one sample, but the sample sheet names none for it; "
        "fill the column 'sample'"
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
    (FUSIONCATCHER, "Gene_1_symbol(5end_fusion_partner)", "", "expected a value, found none"),
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


@real_files
def test_a_row_of_too_few_fields_refuses_the_whole_file(tmp_path: Path, path: Path) -> None:
    lines = lines_of(path)
    last = len(lines)
    lines[-1] = lines[-1][:-1]
    error = refusal(tmp_path / "f", lines)
    assert error.line == last
    assert error.remedy == "the file is damaged or was cut off, make it again"


@real_files
def test_a_file_cut_anywhere_is_read_right_or_refused(tmp_path: Path, path: Path) -> None:
    content = path.read_bytes()
    whole = read(tmp_path / "f", content).calls
    for end in range(0, len(content), 7):
        try:
            file = read(tmp_path / "f", content[:end])
        except InputError:
            continue
        assert file.set_aside == ()
        assert file.calls[:-1] == whole[: max(len(file.calls) - 1, 0)]
        if not file.calls:
            # Nothing but a whole header reads as "no fusion found".
            assert content[:end].count(b"\n") == 1
            assert content[:end].endswith(b"\n")
            continue
        # Only a cut inside the last column cannot be seen; it is among the extras, and SOAPfuse's
        # gives the frame, which is unknown then.
        last, true = file.calls[-1], whole[len(file.calls) - 1]
        for name in type(true).__dataclass_fields__:
            if name == "caller_reading_frame" and path == SOAPFUSE:
                assert getattr(last, name) in (getattr(true, name), Frame.UNKNOWN)
            elif name != "extras":
                assert getattr(last, name) == getattr(true, name)
        assert all(true.extras[key].startswith(value) for key, value in last.extras.items())


@real_files
def test_a_cut_gzip_is_always_refused(tmp_path: Path, path: Path) -> None:
    content = gzip.compress(path.read_bytes(), mtime=0)
    for end in range(0, len(content), 7):
        refusal(tmp_path / "f", content[:end])


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


@SETTINGS
@given(st.binary(max_size=200))
def test_no_bytes_break_a_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    header = "\t".join(lines_of(ABRIDGED)[0]).encode() + b"\n"
    path = tmp_path_factory.getbasetemp() / "fuzz"
    for whole in (content, header + content):
        try:
            file = read(path, whole, source=Source.STAR_FUSION)
        except InputError:
            continue
        assert file.n_rows == len(file.calls) + len(file.set_aside)
