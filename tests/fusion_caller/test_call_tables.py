"""The tables of calls and events: out and in again without a byte's difference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workflows
from fusion_caller.assign import assign
from fusion_caller.call_tables import (
    CALL_COLUMNS,
    FILE_COLUMNS,
    FUSION_COLUMNS,
    SET_ASIDE_COLUMNS,
    call_rows,
    file_rows,
    fusion_rows,
    read_calls,
    read_fusions,
    set_aside_rows,
)
from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.reads.calls import caller_file
from fusion_caller.reads.detection import detect
from fusion_caller.reads.index import read_index
from fusion_caller.records import (
    Breakpoint,
    CallerReads,
    Flag,
    Frame,
    FusionCall,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
    Source,
)
from fusion_caller.samplesheet import SampleFile, read_samplesheet
from fusion_caller.tables import table_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

# The same examples each time, however slow the machine.
SETTINGS = settings(deadline=None, derandomize=True)
EXAMPLE = Path(workflows.__file__).parent / "example"
DATA = Path(__file__).parents[1] / "data" / "callers"


def write_calls(folder: Path, files: Sequence[CallerFile]) -> Path:
    for name, columns, rows in (
        ("calls.tsv", CALL_COLUMNS, call_rows(files)),
        ("files.tsv", FILE_COLUMNS, file_rows(files)),
        (
            "set_aside.tsv",
            SET_ASIDE_COLUMNS,
            set_aside_rows(row for file in files for row in file.set_aside),
        ),
    ):
        text = "".join(table_lines(columns, rows, for_people=False))
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder / "calls.tsv"


def write_fusions(folder: Path, samples: Sequence[SampleFusions]) -> Path:
    text = "".join(table_lines(FUSION_COLUMNS, fusion_rows(samples), for_people=False))
    (folder / "kmt2a.tsv").write_text(text, encoding="utf-8", newline="")
    return folder / "kmt2a.tsv"


def read_sheet(path: Path) -> list[CallerFile]:
    return [read_entry(entry) for entry in read_samplesheet(path)]


def read_entry(entry: SampleFile) -> CallerFile:
    who = {"patient": entry.patient, "sample": entry.sample}
    if entry.source is Source.FASTQ:
        pair = [path for path in (entry.path, entry.path_2) if path is not None]
        return caller_file(detect(pair, read_index()), file=entry.name, **who)
    return read_caller_file(entry.path, name=entry.name, source=entry.source, **who)


@pytest.fixture(
    scope="module",
    params=["synthetic/samplesheet.csv", "cell_lines/samplesheet.csv", "callers"],
    ids=["synthetic", "cell_lines", "callers"],
)
def files(request: pytest.FixtureRequest) -> list[CallerFile]:
    if request.param == "callers":
        return [
            read_caller_file(path, name=path.name, patient="P1", sample=f"S{number}")
            for number, path in enumerate(sorted(DATA.iterdir()))
        ]
    return read_sheet(EXAMPLE / request.param)


def test_calls_are_the_same_bytes_when_written_again(
    tmp_path: Path, files: list[CallerFile]
) -> None:
    first = write_calls(tmp_path, files)
    bytes_of = {name: (tmp_path / name).read_bytes() for name in ("calls.tsv", "files.tsv")}
    again = tuple(read_calls(first))
    assert again == tuple(files)
    write_calls(tmp_path, again)
    for name, content in bytes_of.items():
        assert (tmp_path / name).read_bytes() == content
        assert content.endswith(b"\n")


def test_events_are_the_same_bytes_when_written_again(
    tmp_path: Path, files: list[CallerFile]
) -> None:
    samples = assign(files)
    path = write_fusions(tmp_path, samples)
    content = path.read_bytes()
    again = read_fusions(path)
    assert again == samples
    assert write_fusions(tmp_path, again).read_bytes() == content


def test_the_partner_is_the_same_from_the_table_as_from_the_files(
    tmp_path: Path, files: list[CallerFile]
) -> None:
    assert assign(read_calls(write_calls(tmp_path, files))) == assign(files)


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), max_size=8)
NAME = TEXT.filter(bool)
PLACE = st.none() | st.builds(
    Breakpoint,
    st.sampled_from(["chr4", "chr11", "chrX", "chrM", "GL000220.1"]),
    st.integers(1, 10**9),
    st.sampled_from(["+", "-", ""]),
)
COUNT = st.none() | st.integers(0, 10**6)
CALLS = st.builds(
    FusionCall,
    patient=NAME,
    sample=NAME,
    source=st.sampled_from(Source),
    gene_5prime=NAME,
    gene_3prime=NAME,
    reported_5prime=NAME,
    reported_3prime=NAME,
    gene_id_5prime=TEXT,
    gene_id_3prime=TEXT,
    breakpoint_5prime=PLACE,
    breakpoint_3prime=PLACE,
    split_reads=COUNT,
    spanning_fragments=COUNT,
    caller_confidence=TEXT,
    caller_reading_frame=st.sampled_from(Frame),
    event_type=TEXT,
    # Anything at all may stand in the extras, tabs and line breaks too.
    extras=st.dictionaries(
        st.text(st.characters(exclude_categories=("Cs",)), max_size=5),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=9),
        max_size=3,
    ),
    file=st.just("f.tsv"),
    line=st.integers(1, 10**6),
)


@SETTINGS
@given(st.lists(CALLS, max_size=4))
def test_any_call_reads_back(
    tmp_path_factory: pytest.TempPathFactory, calls: list[FusionCall]
) -> None:
    file = CallerFile(
        file="f.tsv",
        patient="",
        sample="",
        source=Source.ARRIBA,
        variant="v",
        n_rows=len(calls),
        calls=tuple(calls),
        set_aside=(),
    )
    path = write_calls(tmp_path_factory.getbasetemp(), [file])
    content = path.read_bytes()
    assert tuple(read_calls(path)) == (file,)
    assert write_calls(path.parent, tuple(read_calls(path))).read_bytes() == content


READS = st.builds(
    CallerReads,
    source=st.sampled_from(Source),
    split_reads=st.integers(0, 10**6),
    spanning_fragments=st.integers(0, 10**6),
)
EVENTS = st.builds(
    Kmt2aFusion,
    patient=st.just("P1"),
    sample=st.just("S1"),
    kind=st.sampled_from(FusionKind),
    partner=NAME,
    fusion=NAME,
    reads=st.lists(READS, min_size=1, max_size=3).map(tuple),
    reported_partners=st.lists(NAME | st.sampled_from([";", "%3B", "A;B"]), min_size=1).map(tuple),
    breakpoint_5prime=PLACE,
    breakpoint_3prime=PLACE,
    build=st.sampled_from(["", "GRCh37", "GRCh38"]),
    kmt2a_exon=st.sampled_from(["", "e8", "e8 (inside)", "e8 (intron)"]),
    kmt2a_transcript=TEXT,
    partner_exon=TEXT,
    partner_transcript=TEXT,
    region=TEXT,
    reading_frame=st.sampled_from(Frame),
    reciprocal=TEXT,
    flags=st.lists(st.sampled_from(Flag), max_size=3).map(tuple),
    n_calls=st.integers(1, 99),
    file=NAME,
    line=st.integers(1, 10**6),
)


@SETTINGS
@given(st.lists(EVENTS, max_size=3).map(tuple), st.sets(st.sampled_from(Source)))
def test_any_event_reads_back(
    tmp_path_factory: pytest.TempPathFactory,
    found: tuple[Kmt2aFusion, ...],
    ran: set[Source],
) -> None:
    sample = SampleFusions(patient="P1", sample="S1", callers_run=tuple(sorted(ran)), events=found)
    path = write_fusions(tmp_path_factory.getbasetemp(), [sample])
    assert read_fusions(path) == (sample,)


def test_genes_that_a_caller_parts_by_semicolons_stay_one_name(tmp_path: Path) -> None:
    table = tmp_path / "dragen.tsv"
    table.write_text(
        "#FusionGene\tScore\tLeftBreakpoint\tRightBreakpoint\n"
        "KMT2A--AFF1;RP11-1.1\t0.9\tchr11:118482495:+\tchr4:87084120:+\n",
        encoding="utf-8",
    )
    samples = assign([read_caller_file(table, patient="P1", sample="S1")])
    (event,) = samples[0].events
    assert event.reported_partners == ("AFF1;RP11-1.1",)
    path = write_fusions(tmp_path, samples)
    assert "\tAFF1%3BRP11-1.1\t" in path.read_text(encoding="utf-8")
    assert read_fusions(path) == samples


def test_a_sample_without_an_event_has_a_row(tmp_path: Path) -> None:
    sample = SampleFusions(
        patient="P1",
        sample="S1",
        callers_run=(Source.ARRIBA, Source.STAR_FUSION),
        callers_empty=(Source.STAR_FUSION,),
        events=(),
    )
    path = write_fusions(tmp_path, [sample])
    cells = path.read_text(encoding="utf-8").splitlines()[1].split("\t")
    row = dict(zip(FUSION_COLUMNS, cells, strict=True))
    assert {column: cell for column, cell in row.items() if cell} == {
        "patient": "P1",
        "sample": "S1",
        "kind": "none",
        "callers_run": "arriba;star-fusion",
        "unread_kmt2a_rows": "0",
        "callers_empty": "star-fusion",
        "assay": "rna-seq",
    }
    assert read_fusions(path) == (sample,)


def refused_file(folder: Path) -> CallerFile:
    path = folder / "cohort.tsv"
    path.write_text("FusionName\tsample\nKMT2A--AFF1\tS1\nbad\tS2\n", encoding="utf-8")
    return read_caller_file(path, name="cohort.tsv")


def test_a_refused_row_is_listed_and_counted(tmp_path: Path) -> None:
    file = refused_file(tmp_path)
    (row,) = file_rows([file])
    assert (row["rows"], row["calls"], row["set_aside"]) == (2, 1, 1)
    assert "".join(
        table_lines(SET_ASIDE_COLUMNS, set_aside_rows(file.set_aside), for_people=True)
    ) == (
        "file\tline\tpatient\tsample\tdisposition\tnames_kmt2a\tn_rows\treason\n"
        "cohort.tsv\t3\tS2\tS2\trefused\tno\t1\tcolumn 'FusionName': expected GENE1--GENE2, "
        "found 'bad'\n"
    )


def test_the_calls_of_a_file_with_refused_rows_read_back(tmp_path: Path) -> None:
    file = refused_file(tmp_path)
    (again,) = read_calls(write_calls(tmp_path, [file]))
    assert (again.calls, again.set_aside, again.n_rows) == (file.calls, file.set_aside, 2)


def test_the_samples_that_a_file_names_read_back(tmp_path: Path) -> None:
    vcf = tmp_path / "f.vcf"
    columns = [
        "#CHROM",
        "POS",
        "ID",
        "REF",
        "ALT",
        "QUAL",
        "FILTER",
        "INFO",
        "FORMAT",
        "A",
        "A+1",
        "B:2",
    ]
    header = "\t".join(columns)
    vcf.write_text(f"##fileformat=VCFv4.2\n{header}\n", encoding="utf-8")
    file = read_caller_file(vcf, name="f.vcf")
    path = write_calls(tmp_path, [file.kmt2a_only()])
    assert "\tA;A+1;B:2\tf.vcf\n" in (tmp_path / "files.tsv").read_text(encoding="utf-8")
    (again,) = read_calls(path)
    assert again.owners == (("A", "A"), ("A+1", "A+1"), ("B:2", "B:2"))
    assert assign([again]) == assign([file])


def test_extras_are_written_in_the_order_of_the_file_as_they_are() -> None:
    file = read_caller_file(
        DATA / "star-fusion.fusion_candidates.final.abridged", patient="P1", sample="S1"
    )
    row = next(call_rows([file]))
    assert row["extras"] == '{"SpliceType": "ONLY_REF_SPLICE", "LargeAnchorSupport": "YES_LDAS"}'


def test_without_files_tsv_the_calls_are_read_alone(tmp_path: Path) -> None:
    file = read_caller_file(DATA / "arriba_fusions.tsv", name="a.tsv", patient="P1", sample="S1")
    path = write_calls(tmp_path, [file])
    (tmp_path / "files.tsv").unlink()
    (again,) = read_calls(path)
    assert (again.file, again.source, again.calls) == ("a.tsv", Source.ARRIBA, file.calls)
    assert assign([again]) == assign([file])


def changed(path: Path, column: str, value: str, line: int = 2) -> None:
    lines = [text.split("\t") for text in path.read_text(encoding="utf-8").splitlines()]
    lines[line - 1][lines[0].index(column)] = value
    path.write_text("".join("\t".join(cells) + "\n" for cells in lines), encoding="utf-8")


SOURCES = ", ".join(Source)


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("source", "deep", f"expected one of {SOURCES}, found 'deep'"),
        ("source", "", f"expected one of {SOURCES}, found ''"),
        ("split_reads", "x", "expected a whole number, found 'x'"),
        ("split_reads", "-1", "expected a whole number, found '-1'"),
        ("spanning_fragments", "1.0", "expected a whole number, found '1.0'"),
        ("line", "9" * 5000, f"expected a whole number, found '{'9' * 5000}'"),
        ("breakpoint_5prime", "chr1", "expected contig:position:strand, found 'chr1'"),
        ("breakpoint_3prime", "chr1:0:+", "expected a position of at least 1, found 0"),
        (
            "caller_reading_frame",
            "INFRAME",
            "expected one of in-frame, out-of-frame, stop-codon, nothing, found 'INFRAME'",
        ),
        ("extras", "{", "expected a JSON object"),
        ("extras", "[1]", "expected a JSON object"),
        ("extras", "[" * 100_000, "expected a JSON object"),
        ("extras", '{"a": ' + "9" * 5000 + "}", "expected a JSON object"),
    ],
    ids=lambda text: text[:20],
)
def test_a_bad_call_is_refused_with_file_line_and_column(
    tmp_path: Path, column: str, value: str, problem: str
) -> None:
    path = write_calls(tmp_path, read_sheet(EXAMPLE / "synthetic" / "samplesheet.csv")[:2])
    changed(path, column, value, line=3)
    with pytest.raises(InputError) as error:
        tuple(read_calls(path, name="calls.tsv"))
    assert str(error.value) == f"calls.tsv, line 3, column '{column}': {problem}"


def test_a_bad_row_of_files_tsv_is_refused_under_its_own_name(tmp_path: Path) -> None:
    path = write_calls(tmp_path, read_sheet(EXAMPLE / "synthetic" / "samplesheet.csv")[:2])
    changed(tmp_path / "files.tsv", "rows", "many", line=3)
    with pytest.raises(InputError) as error:
        tuple(read_calls(path, name="calls.tsv"))
    assert str(error.value) == (
        f"{tmp_path / 'files.tsv'}, line 3, column 'rows': expected a whole number, found 'many'"
    )


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("kind", "fused", "expected one of fusion, reciprocal, complex_reciprocal, ptd, "),
        ("reads", "arriba:1", "expected caller:split+spanning, found 'arriba:1'"),
        ("reads", "", "expected caller:split+spanning, found none"),
        ("flags", "odd", "expected one of read_through, neighbour, "),
        ("callers_run", "arriba;x", f"expected one of {SOURCES}, found 'x'"),
        ("reading_frame", "x", "expected one of in-frame, "),
        ("breakpoint_5prime", "11", "expected contig:position:strand, found '11'"),
        ("n_calls", "two", "expected a whole number, found 'two'"),
        ("line", "-2", "expected a whole number, found '-2'"),
    ],
)
def test_a_bad_event_is_refused_with_file_line_and_column(
    tmp_path: Path, column: str, value: str, problem: str
) -> None:
    files = read_sheet(EXAMPLE / "synthetic" / "samplesheet.csv")
    path = write_fusions(tmp_path, assign(files))
    changed(path, column, value)
    with pytest.raises(InputError) as error:
        read_fusions(path, name="kmt2a.tsv")
    assert str(error.value).startswith(f"kmt2a.tsv, line 2, column '{column}': {problem}")


@pytest.mark.parametrize(
    ("columns", "read"), [(CALL_COLUMNS, read_calls), (FUSION_COLUMNS, read_fusions)]
)
def test_every_column_is_needed(tmp_path: Path, columns: tuple[str, ...], read: object) -> None:
    assert callable(read)
    path = tmp_path / "t.tsv"
    for missing in columns:
        kept = [column for column in columns if column != missing]
        path.write_text("\t".join(kept) + "\n", encoding="utf-8")
        with pytest.raises(InputError) as error:
            tuple(read(path, name="t.tsv"))
        assert str(error.value).startswith(f"t.tsv, line 1: expected the column {missing}; found ")
