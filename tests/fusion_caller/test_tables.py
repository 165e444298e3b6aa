"""Tables in and out: what is read, what is refused, and with which words."""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_caller.errors import FusionCallerError, InputError
from fusion_caller.tables import (
    LINE_LIMIT,
    Table,
    columns_of_header,
    format_cell,
    is_empty,
    neutralise,
    open_text,
    read_head,
    read_table,
    table_lines,
)

# The same examples each time, however slow the machine.
SETTINGS = settings(deadline=None, derandomize=True)
PLAIN = "patient\tpartner\treads\nP1\tAFF1\t12\nP2\tMLLT3\t7\nŻ3\tUSP2\t0\n"
ROWS = [("P1", "AFF1", "12"), ("P2", "MLLT3", "7"), ("Ż3", "USP2", "0")]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def cells(table: Table) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in table.columns) for row in table.rows]


def attempt(path: Path, *, quoting: bool = True) -> Table | None:
    try:
        return read_table(path, quoting=quoting)
    except InputError:
        return None


def refusal(path: Path, content: str | bytes, **options: bool) -> InputError:
    with pytest.raises(InputError) as error:
        read_table(write(path, content), name="t.csv", **options)
    assert error.value.file == "t.csv"
    assert "\n" not in str(error.value)
    return error.value


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        gzip.compress(PLAIN.encode(), mtime=0),
        gzip.compress(PLAIN[:20].encode(), mtime=0) + gzip.compress(PLAIN[20:].encode(), mtime=0),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        gzip.compress(b"\xef\xbb\xbf" + PLAIN.encode(), mtime=0),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace("\t", ",").encode(),
        b"#" + PLAIN.encode(),
        b"# " + PLAIN.encode(),
        b"\xef\xbb\xbf#" + PLAIN.encode(),
        PLAIN.replace("\t", " \t ").encode(),
        PLAIN.removesuffix("\n").encode(),
        (PLAIN + "\n\n\t\t\n").encode(),
    ],
    ids=[
        "plain",
        "gzip",
        "gzip of two members",
        "byte order mark",
        "byte order mark in gzip",
        "CRLF",
        "CR",
        "comma",
        "hash",
        "hash and blank",
        "byte order mark and hash",
        "padded",
        "no last line end",
        "blank lines at the end",
    ],
)
def test_presentation_does_not_matter(tmp_path: Path, content: bytes) -> None:
    # The name says nothing about the compression.
    path = write(tmp_path / "t.txt", content)
    table = read_table(path)
    assert table.columns == ("patient", "partner", "reads")
    assert cells(table) == ROWS
    assert [row.line for row in table.rows] == [2, 3, 4]
    assert table.file == str(path)
    assert columns_of_header(read_head(path, name="t")[0]) == table.columns
    assert not is_empty(path, name="t")


def test_column_order_is_free(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t", "b,a\n2,1\n"), required=("a", "b"))
    assert (table.rows[0]["a"], table.rows[0]["b"]) == ("1", "2")
    assert table.rows[0].get("c") == ""
    assert table.rows[0].get("c", "none") == "none"


def test_commas_are_text_where_the_header_has_a_tab(tmp_path: Path) -> None:
    assert cells(read_table(write(tmp_path / "t", "a\tb\n1,2\t3\n"))) == [("1,2", "3")]


def test_line_numbers_survive_quoted_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    text = 'patient,result\nP1,"46,XX\n\nsecond line"\n\nP2,"say ""no"""\n,\nP3,x\n'
    table = read_table(write(tmp_path / "t", text))
    assert [row.line for row in table.rows] == [2, 6, 8]
    assert cells(table) == [("P1", "46,XX\n\nsecond line"), ("P2", 'say "no"'), ("P3", "x")]


def test_callers_do_not_quote(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t", 'a\tb\n"x\ty"\n5" end\tz\n'), quoting=False)
    assert cells(table) == [('"x', 'y"'), ('5" end', "z")]
    assert [row.line for row in table.rows] == [2, 3]


def test_comma_separated_text_quotes_whoever_wrote_it(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t", '"a","b"\n"x,y",z\n'), quoting=False)
    assert (table.columns, cells(table)) == (("a", "b"), [("x,y", "z")])


@pytest.mark.parametrize(
    ("row", "found"), [("P2\tMLLT3", 2), ("P2\tMLLT3\t7\t8", 4), ("P2", 1)], ids=str
)
def test_a_short_or_long_row_is_refused_with_line_and_remedy(
    tmp_path: Path, row: str, found: int
) -> None:
    error = refusal(tmp_path / "t", f"patient\tpartner\treads\nP1\tAFF1\t12\n\n{row}\n")
    assert error.line == 4
    assert error.problem == f"expected 3 fields as in the header, found {found}"
    assert error.remedy == "the file is damaged or was cut off, make it again"


@pytest.mark.parametrize(
    ("content", "problem", "line"),
    [
        ("a,b,a\n", "the column 'a' appears twice", 1),
        ("#a,b,a\n", "the column 'a' appears twice", 1),
        ("a,,b\n", "column 2 has no name", 1),
        ("#\ta\n", "column 1 has no name", 1),
        ("a\tb\t\n", "column 3 has no name", 1),
        ("", "the file is empty, expected a header line", None),
        ("\n\n", "the file is empty, expected a header line", None),
        (gzip.compress(b"", mtime=0), "the file is empty, expected a header line", None),
        ("a;b\n1;2\n", "expected columns separated by comma or tab, found semicolons", 1),
        ("a,b\n1,\xe9\n".encode("latin-1"), "expected UTF-8 text, found the byte 0xe9", None),
        ("a,b\n".encode("utf-16"), "expected UTF-8 text, found the byte 0xff", None),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "expected a text table, found a binary file", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "expected a text table, found a binary", None),
        (
            gzip.compress("a,\xe9\n".encode("latin-1"), mtime=0),
            "expected UTF-8 text, found the byte 0xe9",
            None,
        ),
        ('a,b\n1,"2\n', "the row cannot be read (unexpected end of data)", 2),
        ('a,b\n1,2\n1,"2"3\n', "the row cannot be read", 3),
        (b"\x1f\x8b" + b"not gzip at all", "the gzip stream is damaged", None),
        (gzip.compress(b"a,b\n1,2\n", mtime=0) + b"garbage", "the gzip stream is damaged", None),
    ],
)
def test_known_damage(tmp_path: Path, content: str | bytes, problem: str, line: int | None) -> None:
    error = refusal(tmp_path / "t", content)
    assert problem in error.problem
    assert error.line is None or error.line == line


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        ('a,b\n1,"2\n', "a quote that is opened must be closed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "give the table as CSV or tab-separated text"),
    ],
)
def test_damage_has_a_remedy(tmp_path: Path, content: str | bytes, remedy: str) -> None:
    assert remedy in str(refusal(tmp_path / "t", content))


@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_bit_in_a_gzip_is_noticed(tmp_path: Path, bit: int) -> None:
    packed = bytearray(gzip.compress(PLAIN.encode(), mtime=0))
    refused = 0
    for place in range(10, len(packed)):
        packed[place] ^= 1 << bit
        table = attempt(write(tmp_path / "t", bytes(packed)))
        packed[place] ^= 1 << bit
        # The last byte of the stream ends with bits that mean nothing.
        assert table is None or cells(table) == ROWS
        refused += table is None
    assert refused >= len(packed) - 11


def test_missing_columns_are_named_with_those_found(tmp_path: Path) -> None:
    path = write(tmp_path / "t", "a,b\n1,2\n")
    with pytest.raises(InputError) as error:
        read_table(path, name="t.csv", required=("a", "c", "d"))
    assert str(error.value) == "t.csv, line 1: expected the columns c, d; found a, b"
    with pytest.raises(InputError, match=r"t\.csv, line 1: expected the column c; found a, b"):
        read_table(path, name="t.csv", required=("a", "c"))


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for read in (read_table, read_head, is_empty):
        with pytest.raises(InputError) as error:
            read(tmp_path / "none.tsv", name="none.tsv")
        assert str(error.value) == "none.tsv: expected a file, found none"
        with pytest.raises(InputError) as error:
            read(tmp_path, name="folder")
        assert str(error.value) == "folder: expected a file, found a folder"


@pytest.mark.parametrize(
    "name", ["file.tsv/under", "nul\0byte", "n" * 5000], ids=["under a file", "NUL", "too long"]
)
def test_impossible_paths_are_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path / "file.tsv", PLAIN)
    with pytest.raises(InputError, match=r"^sheet\.csv: "):
        read_table(tmp_path / name, name="sheet.csv")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The superuser of a container may read everything, so the refusal is played.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "t", PLAIN)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError) as error:
        read_table(path, name="t.csv")
    assert str(error.value) == "t.csv: the file may not be read (permission denied)"


def test_nul_bytes_do_not_break_the_structure(tmp_path: Path) -> None:
    table = read_table(write(tmp_path / "t", "a,b\n1\x00,2\n\x003,4\n"))
    assert cells(table) == [("1\x00", "2"), ("\x003", "4")]


def test_a_line_up_to_the_limit_is_read_and_one_beyond_is_refused(tmp_path: Path) -> None:
    longest = "x" * (LINE_LIMIT - len("1,\n"))
    assert cells(read_table(write(tmp_path / "t", f"a,b\n1,{longest}\n")))[0][1] == longest
    error = refusal(tmp_path / "t", f"a,b\n0,0\n1,{longest}y\n")
    assert error.line == 3
    assert error.problem == "expected lines of at most 4,194,304 characters, found a longer one"
    error = refusal(tmp_path / "t", f"a,b{longest}y\n1,2\n")
    assert error.line == 1


def test_plain_text_cut_at_every_byte(tmp_path: Path) -> None:
    content = PLAIN.encode()
    read = 0
    for end in range(len(content)):
        table = attempt(write(tmp_path / "t", content[:end]))
        if table is None:
            continue
        read += 1
        found = cells(table)
        if content[:end].endswith(b"\n"):
            assert found == ROWS[: len(found)]
            continue
        # Only a cut inside the last field of a row cannot be seen: what is there is a beginning.
        *whole, last = found
        assert whole == ROWS[: len(whole)]
        assert last[:2] == ROWS[len(whole)][:2]
        assert ROWS[len(whole)][2].startswith(last[2])
    assert read == 10  # the header, and each row from its last separator to its line end


def test_a_header_that_was_cut_off_is_no_empty_table(tmp_path: Path) -> None:
    # A caller's header without its line end would otherwise read as "no fusion found".
    error = refusal(tmp_path / "t", "patient\tpartner\tre")
    assert error.line == 1
    assert error.remedy == "the file is damaged or was cut off, make it again"
    assert read_table(write(tmp_path / "t", "patient\tpartner\treads\n")).rows == ()


def test_gzip_cut_at_every_byte_is_always_refused(tmp_path: Path) -> None:
    content = gzip.compress(PLAIN.encode(), mtime=0)
    for end in range(1, len(content)):
        path = write(tmp_path / "t", content[:end])
        with pytest.raises(InputError):
            read_table(path)
        # What is left of a gzip is never taken for a file in which nothing was found.
        try:
            assert not is_empty(path, name="t"), end
        except InputError:
            continue


def test_a_file_of_many_blanks_is_not_empty_if_something_follows(tmp_path: Path) -> None:
    assert not is_empty(write(tmp_path / "t", "\n" * 5000 + PLAIN), name="t")
    assert is_empty(write(tmp_path / "t", "\n" * 5000), name="t")


def test_open_text_keeps_line_ends(tmp_path: Path) -> None:
    with open_text(write(tmp_path / "t", "a\r\nb\rc\n"), name="t") as stream:
        assert stream.read() == "a\r\nb\rc\n"


@SETTINGS
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = write(tmp_path_factory.getbasetemp() / "fuzz", content)
    for quoting in (True, False):
        table = attempt(path, quoting=quoting)
        rows = table.rows if table else ()
        assert all(table and tuple(row.values) == table.columns for row in rows)


def test_an_error_is_one_line() -> None:
    error = InputError("found 'a\nb'", file="t.csv", line=3, column="x", remedy="mend it")
    assert str(error) == "t.csv, line 3, column 'x': found 'a b'; mend it"
    assert isinstance(error, FusionCallerError)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (1.2e-7, "1.2e-07"),
        (0.1 + 0.2, "0.30000000000000004"),
        (-0.0, "-0.0"),
        (math.inf, "inf"),
        (("a", None, 2, 0.5), "a;;2;0.5"),
        ([], ""),
        ("a\tb\r\nc", "a b c"),
        ("  kept  ", "  kept  "),
    ],
)
def test_format_cell(value: object, cell: str) -> None:
    assert format_cell(value) == cell


def test_a_number_of_numpy_is_written_as_a_number() -> None:
    assert format_cell(np.float64(1.2e-7)) == "1.2e-07"
    assert format_cell(np.int64(7)) == "7"


@SETTINGS
@given(st.floats(allow_nan=False))
def test_numbers_keep_full_precision_and_are_never_disarmed(value: float) -> None:
    cell = format_cell(value)
    assert neutralise(cell) == cell
    assert math.copysign(1, float(cell)) == math.copysign(1, value)
    assert float(cell) == value


@SETTINGS
@given(st.integers())
def test_whole_numbers_are_never_disarmed(value: int) -> None:
    assert neutralise(format_cell(value)) == str(value)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+SUM(A1)", "-2+3", "@x", '=HYPERLINK("x")', "=cmd|' /C calc'!A0", "-", "+"]
)
def test_formulas_are_disarmed(cell: str) -> None:
    assert neutralise(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "KMT2A::AFF1", "-1", "+2.5e3", "-inf", "1=2", "a@b", "'=1"])
def test_other_cells_are_left_alone(cell: str) -> None:
    assert neutralise(cell) == cell


@SETTINGS
@given(st.text(max_size=30))
def test_no_text_for_people_runs_as_a_formula(text: str) -> None:
    (_, line) = table_lines(["a"], [{"a": text}], for_people=True)
    cell = line.removesuffix("\n")
    if cell[:1] in tuple("=+-@"):
        float(cell)


CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
)


@SETTINGS
@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=5))
def test_written_tables_read_back_column_by_column(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]]
) -> None:
    columns = ("k", "a", "b", "c")
    # The first column is never empty, as a row of blanks would be a blank line.
    records = [dict(zip(columns, ("row", *row), strict=True)) for row in rows]
    text = "".join(table_lines(columns, records, for_people=False))
    assert text.count("\n") == len(rows) + 1
    path = tmp_path_factory.getbasetemp() / "round-trip"
    path.write_text(text, encoding="utf-8", newline="")
    table = read_table(path, quoting=False)
    assert table.columns == columns
    assert [row.values for row in table.rows] == [
        {column: format_cell(value).strip() for column, value in record.items()}
        for record in records
    ]
    again = "".join(table_lines(columns, [row.values for row in table.rows], for_people=False))
    path.write_text(again, encoding="utf-8", newline="")
    assert read_table(path, quoting=False).rows == table.rows


def test_a_row_that_lacks_a_column_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        list(table_lines(["a", "b"], [{"a": 1}], for_people=False))


def test_a_spreadsheet_is_told_apart_from_text(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"PK\x03\x04rest of an xlsx")
    with pytest.raises(InputError, match=r"found a spreadsheet.*save the sheet as CSV"):
        read_table(path, name="t.csv")
