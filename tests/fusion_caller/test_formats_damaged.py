"""Every format cut, shuffled, padded, re-saved and blown up: the same calls, or one line why not.

The examples are those of `conftest.py`.
"""

from __future__ import annotations

import gzip
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from fusion_caller import tables
from fusion_caller.assign import assign
from fusion_caller.errors import InputError
from fusion_caller.readers import FORMATS, CallerFile
from fusion_caller.readers.reader import Reader
from fusion_caller.records import (
    NO_GENE,
    READS,
    Disposition,
    FusionCall,
    SampleFusions,
    Source,
    Verdict,
)
from fusion_caller.rna_evidence import read_rna

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Example

BOM = b"\xef\xbb\xbf"
TEN_MEGABYTES = 10_000_000


def test_every_format_has_an_example(examples: tuple[Example, ...], no_output: Example) -> None:
    shown = [example.format for example in (*examples, no_output)]
    missing = [f"{known.source}, {known.variant}" for known in FORMATS if known not in shown]
    assert missing == [], "add a file to tests/data/caller_formats and to conftest.py"


def test_an_example_is_read_whole(example: Example) -> None:
    known, file = example.format, example.whole
    assert known is not None
    head = tuple(example.text.splitlines(keepends=True))
    assert [other for other in FORMATS if other.recognises(head)] == [known]
    assert (file.source, file.variant) == (known.source, known.variant)
    assert file.n_refused == 0
    assert sum(call.n_rows for call in file.calls) + file.n_set_aside == file.n_rows > 1
    first = example.kmt2a_aff1
    if (first.gene_5prime, first.gene_3prime) != ("KMT2A", "AFF1"):
        assert (first.gene_5prime, first.gene_3prime) == (NO_GENE, NO_GENE)
        assert str(first.breakpoint_5prime) == "chr11:118484975:+"
        assert str(first.breakpoint_3prime) == "chr4:87084120:+"


def test_an_example_has_a_duplication_where_its_format_can(examples: tuple[Example, ...]) -> None:
    def is_ptd(call: FusionCall) -> bool:
        ends = {str(call.breakpoint_5prime)[:15], str(call.breakpoint_3prime)[:15]}
        return (call.gene_5prime, call.gene_3prime) == ("KMT2A", "KMT2A") or ends == {
            "chr11:118482495",
            "chr11:118468775",
        }

    without = {e.file for e in examples if not any(map(is_ptd, e.whole.calls))}
    assert without == {
        # They join different genes only.
        "fusioninspector.tsv",
        "ctat-lr-fusion.tsv",
        "pizzly.tsv",
        "pizzly.json",
        "tophat-fusion-result.txt",
        "aeron.txt",
    }


def test_a_wrong_source_is_said(example: Example, tmp_path: Path) -> None:
    known = example.format
    assert known is not None
    for stated in Source:
        if stated in (known.source, *known.also):
            file = example.read(tmp_path / "f", example.content, source=stated)
            assert (file.source, file.n_rows) == (stated, example.whole.n_rows)
            continue
        error = example.refusal(tmp_path / "f", example.content, source=stated)
        assert str(error) == (
            f"f, line 1: expected {stated} output, found {known.source} output; correct the column "
            "'source' or write auto"
        )


def test_a_header_alone_means_no_fusion(headed: Example, tmp_path: Path) -> None:
    file = headed.read(tmp_path / "f", headed.without_rows)
    assert (file.source, file.variant) == (headed.whole.source, headed.whole.variant)
    assert (file.n_rows, file.calls, file.set_aside) == (0, (), ())


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n\n", BOM, gzip.compress(b"", mtime=0)])
@pytest.mark.parametrize("source", [s for s in Source if s not in READS])
def test_an_empty_file_is_read_if_its_source_is_stated(
    examples: tuple[Example, ...], tmp_path: Path, source: Source, content: bytes
) -> None:
    file = examples[0].read(tmp_path / "f", content, source=source)
    assert (file.source, file.variant, file.n_rows) == (source, "empty file", 0)
    assert (file.calls, file.n_set_aside) == ((), 0)
    # It is said, since a run that broke off leaves an empty file too.
    (remark,) = file.set_aside
    assert (remark.disposition, remark.names_kmt2a) == (Disposition.FLAGGED, False)
    assert remark.reason == (
        "the file is empty: a caller that ended early writes the same, so it makes no sample "
        "negative"
    )
    (sample,) = assign([file])
    assert sample == SampleFusions(
        patient="P1",
        sample="S1",
        callers_run=(source,),
        events=(),
        callers_empty=(source,),
        file="f",
    )
    reading = read_rna(sample)
    assert reading.verdict is Verdict.INCONCLUSIVE
    assert reading.sentence == (
        f"Of {source} the file is empty: a caller that ended early writes the same: it is open "
        "what was found."
    )
    assert str(examples[0].refusal(tmp_path / "f", content)) == (
        "f: the file is empty, so the caller cannot be recognised; a caller that ended early "
        "leaves such a file: run it again, or remove the row"
    )


def test_an_empty_file_beside_a_whole_one_is_said(
    examples: tuple[Example, ...], tmp_path: Path
) -> None:
    example = next(one for one in examples if one.whole.source is Source.ARRIBA)
    whole = example.read(tmp_path / "f", example.without_rows)
    empty = example.read(tmp_path / "e", b"", source=Source.STAR_FUSION)
    # The whole file of a caller makes up for its empty one.
    again = example.read(tmp_path / "g", b"", source=Source.ARRIBA)
    (sample,) = assign([again, empty, whole])
    assert sample.callers_empty == (Source.STAR_FUSION,)
    reading = read_rna(sample)
    assert reading.verdict is Verdict.NEGATIVE
    assert reading.sentence == (
        "No KMT2A fusion found by arriba. Of star-fusion the file is empty: a caller that ended "
        "early writes the same."
    )


def test_a_file_cut_anywhere_is_a_beginning_or_is_refused(example: Example, tmp_path: Path) -> None:
    for end in range(0, len(example.content), 7):
        part = example.content[:end]
        file = example.read_or_refused(tmp_path / "f", part)
        if isinstance(file, InputError):
            continue
        if example.shape is example.shape.TEXT:
            assert part.strip() == example.content.strip()
            continue
        cut = 0 if part.endswith(b"\n") else part.count(b"\n") + 1
        flagged = [r.line for r in file.set_aside if r.disposition is Disposition.FLAGGED]
        assert not cut or cut in flagged
        assert_beginning(file, example.whole, n_lines=part.count(b"\n"), cut=cut)


def assert_beginning(file: CallerFile, whole: CallerFile, *, n_lines: int, cut: int) -> None:
    """What was read from whole lines is what they say; only the last line may be another."""
    true = {call.line: call for call in whole.calls}
    assert {call.line for call in file.calls} - {cut} == {n for n in true if n <= n_lines}
    for call in file.calls:
        if call.line == cut:
            continue
        if true[call.line].n_rows == 1:
            assert call == true[call.line]
        else:
            assert_part_of(call, true[call.line])


def assert_part_of(call: FusionCall, whole: FusionCall) -> None:
    """A call of several rows, some of which may be missing."""
    assert call.n_rows <= whole.n_rows
    assert call.gene_5prime == whole.gene_5prime
    assert call.gene_3prime in (whole.gene_3prime, NO_GENE)
    assert call.breakpoint_5prime == whole.breakpoint_5prime
    assert call.breakpoint_3prime == whole.breakpoint_3prime
    assert (call.split_reads or 0) <= (whole.split_reads or 0)
    assert (call.spanning_fragments or 0) <= (whole.spanning_fragments or 0)


def test_a_cut_gzip_is_always_refused(example: Example, tmp_path: Path) -> None:
    packed = gzip.compress(example.content, mtime=0)
    for end in (1, 2, 3, *range(7, len(packed), 7), len(packed) - 1):
        for source in (None, example.whole.source):
            example.refusal(tmp_path / "f", packed[:end], source=source)


def test_a_missing_last_line_break_is_said(delimited: Example, tmp_path: Path) -> None:
    file = delimited.read(tmp_path / "f", delimited.content.removesuffix(b"\n"))
    assert file.calls == delimited.whole.calls
    (row,) = (r for r in file.set_aside if r not in delimited.whole.set_aside)
    assert (row.line, row.disposition) == (delimited.content.count(b"\n"), Disposition.FLAGGED)
    assert "may have been cut off" in row.reason


def test_presentation_does_not_matter(example: Example, tmp_path: Path) -> None:
    content = example.content
    windows = content.replace(b"\n", b"\r\n")
    shown = {
        "byte order mark": BOM + content,
        "CRLF": windows,
        "both": BOM + windows,
        "gzip": gzip.compress(content),
        "gzip of both": gzip.compress(BOM + windows),
        "blank lines at the end": content + b"\n\n",
    }
    for name, text in shown.items():
        assert example.read(tmp_path / "f", text) == example.whole, name


def test_padded_fields_are_the_same_fields(delimited: Example, tmp_path: Path) -> None:
    if delimited.delimiter == ",":
        padded = delimited.written([[f" {cell}  " for cell in row] for row in delimited.rows])
    else:
        padded = "".join("  \t ".join(row) + "  \n" for row in delimited.rows)
    assert delimited.read(tmp_path / "f", padded) == delimited.whole


def test_the_order_of_columns_is_free_or_kept(delimited: Example, tmp_path: Path) -> None:
    width = len(delimited.rows[-1])
    rows = [list(row) for row in delimited.rows]
    rows[0][0] = rows[0][0].lstrip("# ")
    backwards = list(range(width))[::-1]
    for order in (backwards, backwards[1::2] + backwards[::2]):
        shuffled = [[row[at] for at in order if at < len(row)] for row in rows]
        file = delimited.read_or_refused(tmp_path / "f", delimited.written(shuffled))
        if delimited.shape is delimited.shape.TABLE:
            assert file == delimited.whole
        else:
            assert isinstance(file, InputError) or (
                file.calls == delimited.whole.calls or file.n_refused == file.n_rows
            )


def test_a_needed_column_that_is_missing_is_said(table: Example, tmp_path: Path) -> None:
    """Without it the table may be another caller's, with the same fusions at the same places."""
    header = [cell.lstrip("# ") for cell in table.rows[0]]
    known = table.format
    for column in known.signature if isinstance(known, Reader) else header:
        at = header.index(column)
        text = table.written([row[:at] + row[at + 1 :] for row in table.rows])
        found = table.read_or_refused(tmp_path / "f", text)
        stated = table.read_or_refused(tmp_path / "f", text, source=table.whole.source)
        for file in (found, stated):
            if isinstance(file, InputError):
                assert file.line == 1
            else:
                assert places(file) == places(table.whole)
        if isinstance(known, Reader):
            assert isinstance(stated, InputError)
            other = "" if isinstance(found, InputError) else f", found {found.source} output"
            assert (other or column) in stated.problem or len(known.signature) == 1


def places(file: CallerFile) -> list[tuple[object, ...]]:
    return [(call.line, call.breakpoint_5prime, call.breakpoint_3prime) for call in file.calls]


def test_columns_beyond_the_needed_ones_may_be_missing(table: Example, tmp_path: Path) -> None:
    header = [cell.lstrip("# ") for cell in table.rows[0]]
    kept = [header.index(column) for column in table.needed]
    file = table.read(
        tmp_path / "f", table.written([[row[at] for at in kept] for row in table.rows])
    )
    assert (file.source, file.n_rows) == (table.whole.source, table.whole.n_rows)
    assert [(c.line, c.gene_5prime, c.gene_3prime) for c in file.calls] == [
        (c.line, c.gene_5prime, c.gene_3prime) for c in table.whole.calls
    ]


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|", " "])
@pytest.mark.parametrize("quoted", [True, False])
def test_another_delimiter_is_understood_or_refused(
    delimited: Example, tmp_path: Path, delimiter: str, quoted: bool
) -> None:
    if quoted:
        rows = [[f'"{cell}"' for cell in row] for row in delimited.rows]
        text = "".join(delimiter.join(row) + "\n" for row in rows)
    else:
        text = delimited.text.replace(delimited.delimiter, delimiter)
    file = delimited.read_or_refused(tmp_path / "f", text)
    if isinstance(file, InputError):
        assert file.line is not None or delimited.whole.source is Source.VCF
    else:
        assert file == delimited.whole


def test_a_row_of_too_few_or_too_many_fields_refuses_the_file(
    delimited: Example, tmp_path: Path
) -> None:
    rows, at = delimited.rows, delimited.line
    for wrong in (rows[at][:-1], [*rows[at], "more"]):
        if not wrong:
            continue
        text = delimited.written([*rows[:at], wrong, *rows[at + 1 :]])
        file = delimited.read_or_refused(tmp_path / "f", text)
        if delimited.file == "fuzzion2.txt":  # its last fields may be left out
            assert len(file.calls) == len(delimited.whole.calls)
        elif delimited.file == "fusion-report-names.tsv":  # its lines have no fields
            assert [row.line for row in file.set_aside] == [at + 1]
        else:
            assert isinstance(file, InputError)
            assert file.line == at + 1


def test_a_file_that_says_nothing_of_a_sample_is_refused_however_it_is_cut(
    no_output: Example, tmp_path: Path
) -> None:
    for end in (*range(0, len(no_output.content), 7), len(no_output.content)):
        no_output.refusal(tmp_path / "f", no_output.content[:end])


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfea\x00b\x00", b"PK\x03\x04rest", b"a\tb\n1\t\xff\n", b"\x00" * 50, b"<html>\n"],
    ids=["UTF-16", "spreadsheet", "Latin-1", "NUL", "web page"],
)
def test_what_is_no_table_is_refused(
    examples: tuple[Example, ...], tmp_path: Path, content: bytes
) -> None:
    for source in (None, *Source):
        examples[0].refusal(tmp_path / "f", content, source=source)


def test_a_line_of_ten_megabytes_is_refused_and_not_held(example: Example, tmp_path: Path) -> None:
    # Behind the lines by which a format is recognised.
    last = example.content.splitlines(keepends=True)[-1]
    before = example.content + last * 60
    packed = gzip.compress(before + last[:-1] + b"A" * TEN_MEGABYTES + b"\n", 1)
    tracemalloc.start()
    try:
        error = example.refusal(tmp_path / "f", packed)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * tables.LINE_LIMIT + 20_000_000
    if example.shape is not example.shape.TEXT:
        assert error.line == before.count(b"\n") + 1
        assert error.problem == "expected lines of at most 4,194,304 characters, found a longer one"


def test_a_first_line_of_ten_megabytes_is_refused(
    examples: tuple[Example, ...], tmp_path: Path
) -> None:
    for content in (b"A" * TEN_MEGABYTES, b"A\t" * (TEN_MEGABYTES // 2), b'"' * TEN_MEGABYTES):
        assert examples[0].refusal(tmp_path / "f", content).line == 1


def test_a_gzip_that_unpacks_to_more_than_the_limit_is_refused(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "UNPACKED_LIMIT", 3 * len(example.content))
    last = example.content.splitlines(keepends=True)[-1]
    more = last * (4 * len(example.content) // len(last))
    error = example.refusal(tmp_path / "f", gzip.compress(example.content + more))
    assert error.problem == (
        f"the file unpacks to more than {3 * len(example.content):,} characters"
    )
    assert error.line is not None


def test_a_gzip_of_blanks_beyond_the_limit_is_no_empty_file(
    examples: tuple[Example, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "UNPACKED_LIMIT", 10_000)
    for blanks in (b"\n" * 20_000, b" " * 20_000):
        error = examples[0].refusal(tmp_path / "f", gzip.compress(blanks), source=Source.ARRIBA)
        assert error.problem == "the file unpacks to more than 10,000 characters"
