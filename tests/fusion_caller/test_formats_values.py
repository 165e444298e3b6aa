"""Every format with a count, a position or any byte in it that cannot be read.

The examples are those of `conftest.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.readers.reader import Origin, refused
from fusion_caller.records import Disposition, Source

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Example, Spot

    from fusion_caller.readers import CallerFile

# The same examples each time, however slow the machine.
SETTINGS = settings(deadline=None, derandomize=True, max_examples=60)


def assert_set_aside(file: CallerFile | InputError, example: Example, spot: Spot) -> None:
    """The row of KMT2A::AFF1 is set aside with line, column and gene; the others are as before."""
    if isinstance(file, InputError):
        # htslib refuses a whole file for a text where its header announces a number.
        assert (example.whole.source, file.line) == (Source.VCF, example.line)
        return
    refused = [row for row in file.set_aside if row.disposition is Disposition.REFUSED]
    assert refused[0].line == example.line
    assert f"column '{spot.column}': expected " in refused[0].reason
    assert all(row.names_kmt2a for row in refused)
    others = [call for call in example.whole.calls if call != example.kmt2a_aff1]
    assert all(call in file.calls for call in others)
    assert file.n_rows == example.whole.n_rows
    # What is left of a call of several rows.
    rest = [call for call in file.calls if call not in others]
    assert sum(call.n_rows for call in rest) == example.kmt2a_aff1.n_rows - len(refused)
    assert all(call.line > example.line for call in rest)


@pytest.mark.parametrize("value", ["many", "-21", "2.5", "2e1", "0x15", "21 reads", "9" * 5000])
def test_a_count_that_is_none_sets_its_row_aside(
    counted: Example, tmp_path: Path, value: str
) -> None:
    assert counted.count is not None
    shown = f'"{value}"' if counted.file.endswith(".json") else value
    text = counted.count.changed(counted.text, shown)
    assert_set_aside(counted.read_or_refused(tmp_path / "f", text), counted, counted.count)


# Chromosome 4 has 191,154,276 bases on GRCh37 and fewer on GRCh38; some callers count from 0.
@pytest.mark.parametrize("value", ["191154278", "987084120", "9" * 30, "87084x", "-5", "8.7e7"])
def test_a_position_that_is_none_or_beyond_its_chromosome_sets_its_row_aside(
    placed: Example, tmp_path: Path, value: str
) -> None:
    assert placed.place is not None
    text = placed.place.changed(placed.text, value)
    assert_set_aside(placed.read_or_refused(tmp_path / "f", text), placed, placed.place)


def test_the_formats_without_counts_or_positions(examples: tuple[Example, ...]) -> None:
    assert {example.file for example in examples if not example.count} == {
        "star-fusion-cohort.tsv",
        "fusion-report-names.tsv",
        "vcf-arriba.vcf",
        # Reads are rows, or the score is a mixture of reads.
        "chimeric-junction.txt",
        "chimeric-junction-early.txt",
        "squid.txt",
        "squid-annotated.txt",
        "bedpe.bedpe",
        "bedpe-header.bedpe",
    }
    assert {example.file for example in examples if not example.place} == {
        "star-fusion-cohort.tsv",
        "fusion-report-names.tsv",
        # Positions are on transcripts, or there are none.
        "pizzly.tsv",
        "pizzly.json",
        "aeron.txt",
        "fuzzion2.txt",
        "fuzzion2-summary.txt",
        "km.tsv",
    }


@pytest.mark.parametrize(
    ("values", "named"),
    [
        (["MLL--AFF1"], True),
        (["t", "HRX"], True),
        (["fusion_1_ENSG00000118058.21_900bp"], True),
        (["11", "118484975", "4"], True),
        (["chr11_118355690_+:chr4_88005272_+"], True),
        (["MLLT1", "KMT2AX", "KMT2D"], False),
        (["chr4", "118484975", "1111"], False),
        (["11", "118526833", "1184849750", "000000000"], False),
    ],
    ids=str,
)
def test_a_refused_row_is_kmt2a_s_by_name_or_by_place(values: list[str], named: bool) -> None:
    origin = Origin(patient="P1", sample="S1", file="f", source=Source.BEDPE)
    error = BadValueError("expected a count,\nfound 'x'", column="n")
    row = refused(7, values, error, origin)
    assert (row.line, row.names_kmt2a) == (7, named)
    assert row.reason.endswith("column 'n': expected a count, found 'x'")


SNIPPETS = st.one_of(
    st.binary(min_size=1, max_size=6),
    st.sampled_from(
        [b"\t", b"\n", b"\r", b"\r\n", b",", b'"', b"#", b".", b"-", b"0", b"NA", b"KMT2A", b":"]
    ),
    st.integers(-1, 10**20).map(lambda number: str(number).encode()),
)
# Where, as a part of the file; how many bytes go; what comes instead.
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1), st.sampled_from([0, 0, 1, 1, 2, 5, 40]), st.one_of(st.just(b""), SNIPPETS)
    ),
    min_size=1,
    max_size=4,
)


Edits = list[tuple[float, int, bytes]]


def edited(content: bytes, edits: Edits) -> bytes:
    for where, gone, instead in edits:
        at = int(where * len(content))
        content = content[:at] + instead + content[at + gone :]
    return content


@SETTINGS
@given(edits=EDITS)
def test_no_change_of_some_bytes_breaks_a_reader_or_loses_a_row(
    tmp_path_factory: pytest.TempPathFactory, example: Example, edits: Edits
) -> None:
    # That rows add up and that an error is one line is seen to wherever an example is read.
    path = tmp_path_factory.getbasetemp() / "changed"
    for source in (None, example.whole.source):
        example.read_or_refused(path, edited(example.content, edits), source=source)


@SETTINGS
@given(edits=EDITS)
def test_a_row_is_not_lost_by_what_is_wrong_below_it(
    tmp_path_factory: pytest.TempPathFactory, delimited: Example, edits: Edits
) -> None:
    lines = delimited.content.splitlines(keepends=True)
    n_lines = delimited.line + delimited.height - 1
    above, below = b"".join(lines[:n_lines]), b"".join(lines[n_lines:])
    path = tmp_path_factory.getbasetemp() / "changed"
    file = delimited.read_or_refused(path, above + edited(below, edits))
    if isinstance(file, InputError):
        assert file.line is None or file.line > n_lines or "UTF-8" in file.problem
        return
    true = delimited.kmt2a_aff1
    (call,) = (call for call in file.calls if call.line == delimited.line)
    if true.n_rows == 1:
        assert call == true
    else:
        assert (call.breakpoint_5prime, call.breakpoint_3prime) == (
            true.breakpoint_5prime,
            true.breakpoint_3prime,
        )
