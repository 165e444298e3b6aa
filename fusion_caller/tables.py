"""Delimited text in and out: the one way by which a table enters or leaves the project.

Reading is strict about structure (a row with too few or too many fields means a damaged file)
and free about presentation (gzip or plain, byte order mark, CRLF, comma or tab, column order).
Line numbers are 1-based and count the lines of the decompressed file.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, TYPE_CHECKING

from fusion_caller.damaged_text import cause, reading
from fusion_caller.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_DELIMITERS = {";": "semicolons", "|": "vertical bars", " ": "spaces"}
_FIELDS_REMEDY = {
    ",": "quote a value that holds a comma, as a karyotype does, or make a damaged file again",
    "\t": "the file is damaged or was cut off, make it again",
}
_QUOTE_REMEDY = (
    "a quote that is opened must be closed, and one within a quoted value is written twice; if the "
    "file was cut off, make it again"
)
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
# The longest line of a caller holds a fused transcript and the names of some thousand reads; four
# megabytes are far beyond any of them. A file that unpacks to more than the second limit is none;
# what is held in memory as a whole may have less.
LINE_LIMIT = 4 * 1024 * 1024
UNPACKED_LIMIT = 8 * 1024**3
WHOLE_LIMIT = 1024**3
# What a file without content may hold. `str.strip` alone would drop control characters too, and
# take the first byte of a gzip for nothing.
BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: its line in the file and its values by column name, blanks stripped."""

    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def get(self, column: str, default: str = "") -> str:
        """Return a value, or `default` where the table has no such column."""
        return self.values.get(column, default)


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table in memory: the file as named by the user, its columns, its rows.

    `cut_at` is the last line where it does not end in a line break, as a file that was cut off does
    not; None for a whole file.
    """

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    cut_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a table is written, where it is not with a header in its first line.

    Attributes:
        columns: The columns of a table that has no header; empty where it has one.
        comment: What a line begins with that is not a row; the empty string where there is none.
        names: The names of columns in other versions, to the name that stands for them here.
    """

    columns: tuple[str, ...] = ()
    comment: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


PLAIN_LAYOUT = Layout()


def open_text(path: Path, *, name: str) -> IO[str]:
    """Open a plain or gzipped UTF-8 file for reading, without newline translation.

    Gzip is recognised from the content, since laboratories rename files.

    Raises:
        InputError: If the file is missing, a folder, or not readable.
    """
    try:
        raw = path.open("rb")
    except (FileNotFoundError, NotADirectoryError):
        raise InputError("expected a file, found none", file=name) from None
    except IsADirectoryError:
        raise InputError("expected a file, found a folder", file=name) from None
    except PermissionError:
        raise InputError("the file may not be read (permission denied)", file=name) from None
    except (OSError, ValueError) as error:  # a name that is too long or holds a NUL
        raise InputError(f"the file cannot be opened ({cause(error)})", file=name) from None
    if not raw.seekable():
        raw.close()
        raise InputError(
            "expected a file, found a pipe", file=name, remedy="save it to a file first"
        )
    magic = raw.read(4)
    if magic == ZIP_MAGIC:
        raw.close()
        raise InputError(
            "expected text, found a spreadsheet or another zip file",
            file=name,
            remedy="save the sheet as CSV (UTF-8)",
        )
    packed = magic[:2] == GZIP_MAGIC
    raw.seek(0)
    if not packed:
        return io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
    raw.close()  # a GzipFile closes only what it has opened itself
    return gzip.open(path, "rt", encoding="utf-8-sig", newline="")


def is_empty(path: Path, *, name: str) -> bool:
    """Say whether a file has no content at all (a gzip of nothing counts as empty)."""
    size = 0
    with reading(name), open_text(path, name=name) as stream:
        while text := stream.read(4096):
            if text.strip(BLANKS):
                return False
            size += len(text)
            _check_size(size, name)
    return True


def _check_size(size: int, name: str, *, line: int | None = None, whole: bool = False) -> None:
    """Refuse a file of which so many characters were read."""
    limit = min(WHOLE_LIMIT, UNPACKED_LIMIT) if whole else UNPACKED_LIMIT
    if size > limit:
        raise InputError(
            f"the file unpacks to more than {limit:,} characters",
            file=name,
            line=line,
            remedy="unpack it and look at what it is",
        )


def read_table(
    path: Path,
    *,
    name: str | None = None,
    required: Sequence[str] = (),
    quoting: bool = True,
    layout: Layout = PLAIN_LAYOUT,
) -> Table:
    """Read a comma- or tab-separated table whole; see `stream_table` for the arguments.

    Raises:
        InputError: With file, line and column, for whatever is wrong with the structure.
    """
    with stream_table(
        path, name=name, required=required, quoting=quoting, layout=layout, whole=True
    ) as stream:
        return Table(stream.file, stream.columns, tuple(stream.rows), stream.cut_at)


@contextmanager
def stream_table(
    path: Path,
    *,
    name: str | None = None,
    required: Sequence[str] = (),
    quoting: bool = True,
    layout: Layout = PLAIN_LAYOUT,
    whole: bool = False,
) -> Iterator[TableStream]:
    """Open a comma- or tab-separated table to be read row by row.

    The delimiter is the one in the first line: a tab if there is one, else a comma. A leading `#`
    of the header is dropped, as several callers write one.

    Args:
        path: The file.
        name: How messages and tables call it; the path as given if absent.
        required: Columns without which the table is refused.
        quoting: Whether `"` quotes a field of tab-separated text, as spreadsheets write it; callers
            do not. In comma-separated text, and below a header that is quoted, it always does.
        layout: What is unlike a table with its header in the first line.
        whole: Whether all of it is going to be held, so that it must be smaller.

    Raises:
        InputError: With file, line and column, for whatever is wrong with the structure.
    """
    name = name or str(path)
    with reading(name), open_text(path, name=name) as stream:
        lines = Lines(stream, name, whole=whole)
        first = lines.next_row(layout.comment)
        if layout.columns:
            columns, delimiter = layout.columns, "\t" if "\t" in first else ","
            lines.put_back(first)
        else:
            columns, delimiter = _columns(first, name, layout)
        _require(columns, required, name)
        # Whoever quotes the header, as R does, quotes the rows too.
        quoted = quoting or delimiter == "," or first.startswith('"')
        parse = _quoted_rows if quoted else _plain_rows
        body = parse(lines, delimiter, layout.comment)
        yield TableStream(name, columns, _rows(body, columns, delimiter, name), lines)


class TableStream:
    """A table that is read as its rows are asked for."""

    def __init__(
        self, file: str, columns: tuple[str, ...], rows: Iterator[Row], lines: Lines
    ) -> None:
        self.file = file
        self.columns = columns
        self.rows = rows
        self._lines = lines

    @property
    def cut_at(self) -> int | None:
        """See `Table.cut_at`; known when all rows were read."""
        return self._lines.cut_at


def check_header(header: str, name: str) -> tuple[str, ...]:
    """The columns that a header line names.

    Raises:
        InputError: If it is no header, is cut off, or names a column twice.
    """
    return _columns(header, name, PLAIN_LAYOUT)[0]


@lru_cache(maxsize=64)
def _cells_of_header(header: str) -> tuple[str, ...]:
    try:
        return _columns(header if header.endswith("\n") else f"{header}\n", "", PLAIN_LAYOUT)[0]
    except InputError:
        return ()


def columns_of_header(header: str, layout: Layout = PLAIN_LAYOUT) -> tuple[str, ...]:
    """The columns that a line names, none where it is no header of a table."""
    cells = _cells_of_header(header)
    return tuple(layout.names.get(cell, cell) for cell in cells) if layout.names else cells


def read_head(path: Path, *, name: str, lines: int = 50) -> tuple[str, ...]:
    """The first lines of a file with their line breaks, fewer where it is shorter.

    Raises:
        InputError: If they are no text, or too long for a line.
    """
    with reading(name), open_text(path, name=name) as stream:
        return tuple(itertools.islice(Lines(stream, name, whole=True), lines))


class Lines:
    """The lines of a text with their line breaks; no line and no file can fill the memory."""

    def __init__(self, stream: IO[str], name: str, *, whole: bool = False) -> None:
        self._stream = stream
        self._whole = whole
        self._size = 0
        self._last = "\n"
        self._put_back = ""
        self.name = name
        self.number = 0

    @property
    def cut_at(self) -> int | None:
        """The last line read, where it has no line break."""
        return None if self._last.endswith(("\n", "\r")) else self.number

    def __iter__(self) -> Iterator[str]:
        while line := self._put_back or self._stream.readline(LINE_LIMIT + 1):
            self._put_back = ""
            self.number += 1
            self._last = line
            self._size += len(line)
            if len(line) > LINE_LIMIT:
                raise InputError(
                    f"expected lines of at most {LINE_LIMIT:,} characters, found a longer one",
                    file=self.name,
                    line=self.number,
                    remedy="the file is damaged or is no table",
                )
            _check_size(self._size, self.name, line=self.number, whole=self._whole)
            yield line

    def put_back(self, line: str) -> None:
        """Give the last line once more."""
        self._put_back = line
        self.number -= bool(line)

    def next_row(self, comment: str) -> str:
        """The next line that is neither a comment nor, before a table, blank; or nothing."""
        for line in self:
            if not (comment and line.startswith(comment)):
                return line
        return ""


def _columns(header: str, name: str, layout: Layout) -> tuple[tuple[str, ...], str]:
    """Columns and delimiter of a header line."""
    if not header.strip():
        raise InputError("the file is empty, expected a header line", file=name)
    delimiter = "\t" if "\t" in header else ","
    if delimiter not in header and (other := re.search(r"[;|]| +(?=\S)", header.strip())):
        raise InputError(
            f"expected columns separated by comma or tab, found {_DELIMITERS[other[0][0]]}",
            file=name,
            line=1,
            remedy="save it as CSV with commas or as tab-separated text",
        )
    if not header.endswith(("\n", "\r")):
        # A caller's table that was cut here would read as one in which no fusion was found.
        raise InputError(
            "the file ends within its header",
            file=name,
            line=1,
            remedy="the file is damaged or was cut off, make it again",
        )
    csv.field_size_limit(LINE_LIMIT)
    try:
        cells = tuple(cell.strip() for cell in next(csv.reader([header], delimiter=delimiter)))
    except csv.Error as error:
        raise InputError(f"the header cannot be read ({error})", file=name, line=1) from None
    cells = (cells[0].removeprefix("#").strip(), *cells[1:])
    columns = tuple(layout.names.get(cell, cell) for cell in cells)
    _check_columns(columns, name)
    return columns, delimiter


def _plain_rows(lines: Lines, delimiter: str, comment: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row of text without quotes."""
    for line in lines:
        if not (comment and line.startswith(comment)):
            yield lines.number, line.rstrip("\r\n").split(delimiter)


def _quoted_rows(lines: Lines, delimiter: str, comment: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row of text in which `"` quotes; a cell may hold a line break.

    A row's number is that of its first line.
    """
    text = (line for line in lines if not (comment and line.startswith(comment)))
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    before = lines.number
    try:
        for cells in reader:
            first, before = before + 1, lines.number
            yield first, cells
    except csv.Error as error:
        raise InputError(
            f"the row cannot be read ({error})",
            file=lines.name,
            line=before + 1,
            remedy=_QUOTE_REMEDY,
        ) from None


def _rows(
    body: Iterator[tuple[int, list[str]]], columns: tuple[str, ...], delimiter: str, name: str
) -> Iterator[Row]:
    width = len(columns)
    for line, fields in body:
        cells = [cell.strip() for cell in fields]
        if len(cells) != width:
            if not any(cells):
                continue
            raise InputError(
                f"expected {width} fields as in the header, found {len(cells)}",
                file=name,
                line=line,
                remedy=_FIELDS_REMEDY[delimiter],
            )
        if any(cells):
            yield Row(line, dict(zip(columns, cells, strict=True)))


def _require(columns: Sequence[str], required: Sequence[str], name: str) -> None:
    missing = [column for column in required if column not in columns]
    if not missing:
        return
    wanted = f"expected the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
    if len(missing) == len(required):
        # The first line may be a patient's row, which must not get into a message.
        raise InputError(
            f"{wanted}; found {len(columns)} other column{'s' if len(columns) > 1 else ''}",
            file=name,
            line=1,
            remedy="is the header line missing?",
        )
    raise InputError(f"{wanted}; found {', '.join(columns)}", file=name, line=1)


def _check_columns(columns: Sequence[str], name: str) -> None:
    seen: set[str] = set()
    for number, column in enumerate(columns, start=1):
        if not column:
            raise InputError(
                f"column {number} has no name",
                file=name,
                line=1,
                remedy="name it, or remove the column from all rows if it is empty",
            )
        if column in seen:
            raise InputError(f"the column '{column}' appears twice", file=name, line=1)
        seen.add(column)


def format_cell(value: object) -> str:
    """Write one value for a machine: full precision, empty for None, `;` between the parts."""
    if value is None:
        return ""
    if type(value) is int:
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(float(value))  # numpy's floats print their type
    if isinstance(value, tuple | list):
        return ";".join([format_cell(part) for part in value])
    text = str(value)
    if "\t" in text or "\n" in text or "\r" in text:
        # It would shift every column behind it.
        return " ".join(text.split())
    return text


def neutralise(cell: str) -> str:
    """Disarm text that a spreadsheet would run as a formula, leaving numbers alone."""
    if not cell or cell[0] not in "=+-@":
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def table_lines(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], *, for_people: bool
) -> Iterator[str]:
    """Yield the lines of a tab-separated table, header first.

    Args:
        columns: The columns in order; a row lacking one of them is a programming error.
        rows: The rows by column name.
        for_people: Whether people open the table in a spreadsheet, so that formulas in text
            taken from a user's file are neutralised. Tables for machines keep the text as it is.
    """
    yield "\t".join(columns) + "\n"
    for row in rows:
        values = [row[column] for column in columns]
        if not for_people:
            # Tables of millions of cells are for machines, and nearly all of these are clean text.
            line = "\t".join([v if type(v) is str else format_cell(v) for v in values])
            if line.count("\t") == len(columns) - 1 and not ("\n" in line or "\r" in line):
                yield f"{line}\n"
                continue
        cells = [format_cell(value) for value in values]
        yield "\t".join(map(neutralise, cells) if for_people else cells) + "\n"
