"""Delimited text in and out: the one way by which a table enters or leaves the project.

Reading is strict about structure (a row with too few or too many fields means a damaged file)
and free about presentation (gzip or plain, byte order mark, CRLF, comma or tab, column order).
Line numbers are 1-based and count the lines of the decompressed file.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal

from fusion_caller.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_DELIMITERS = {";": "semicolons", "|": "vertical bars", " ": "spaces"}
_FIELDS_REMEDY = {
    ",": "quote a value that holds a comma, as a karyotype does, or make a damaged file again",
    "\t": "the file is damaged or was cut off, make it again",
}
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
# The longest field of a caller is a fused transcript; a megabyte is far beyond any of them.
FIELD_LIMIT = 4 * 1024 * 1024
# What a file without content may hold. `str.strip` alone would drop control characters too, and
# take the first byte of a gzip for nothing.
_BLANKS = " \t\r\n"


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
    """A whole table in memory: the file as named by the user, its columns, its rows."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


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
        raise InputError(f"the file cannot be opened ({_cause(error)})", file=name) from None
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


def _cause(error: Exception) -> str:
    """What the system says, without the path that it repeats."""
    return getattr(error, "strerror", None) or str(error)


def is_empty(path: Path, *, name: str) -> bool:
    """Say whether a file has no content at all (a gzip of nothing counts as empty)."""
    with _reading(name), open_text(path, name=name) as stream:
        while text := stream.read(4096):
            if text.strip(_BLANKS):
                return False
    return True


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn what the decoder and the decompressor raise into an `InputError`."""
    again = "copy or make it again"
    try:
        yield
    except EOFError:
        raise InputError(
            "the gzip stream ends early, the file is truncated", file=name, remedy=again
        ) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"the gzip stream is damaged ({error})", file=name, remedy=again) from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"expected UTF-8 text, found the byte 0x{error.object[error.start]:02x}",
            file=name,
            remedy="save it as UTF-8",
        ) from None
    except OSError as error:
        raise InputError(f"the file cannot be read ({_cause(error)})", file=name) from None


def read_table(
    path: Path, *, name: str | None = None, required: Sequence[str] = (), quoting: bool = True
) -> Table:
    """Read a comma- or tab-separated table with a header.

    The delimiter is the one in the header: a tab if there is one, else a comma. A leading `#` of
    the header is dropped, as several callers write one.

    Args:
        path: The file.
        name: How messages and tables call it; the path as given if absent.
        required: Columns without which the table is refused.
        quoting: Whether `"` quotes a field of tab-separated text, as spreadsheets write it; callers
            do not. In comma-separated text it always does.

    Raises:
        InputError: With file, line and column, for whatever is wrong with the structure.
    """
    name = name or str(path)
    with _reading(name), open_text(path, name=name) as stream:
        return _parse(stream, name, required, quoting=quoting)


def read_header(path: Path, *, name: str) -> tuple[str, ...]:
    """The columns of a table, without reading its rows.

    Raises:
        InputError: If there is no usable header.
    """
    with _reading(name), open_text(path, name=name) as stream:
        return _columns(stream.readline(), name)[0]


def _columns(header: str, name: str) -> tuple[tuple[str, ...], str]:
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
    csv.field_size_limit(FIELD_LIMIT)
    try:
        cells = tuple(cell.strip() for cell in next(csv.reader([header], delimiter=delimiter)))
    except csv.Error as error:
        raise InputError(f"the header cannot be read ({error})", file=name, line=1) from None
    columns = (cells[0].removeprefix("#").strip(), *cells[1:])
    _check_columns(columns, name)
    return columns, delimiter


def _parse(stream: IO[str], name: str, required: Sequence[str], *, quoting: bool) -> Table:
    columns, delimiter = _columns(stream.readline(), name)
    _require(columns, required, name)
    quote: Literal[0, 3] = csv.QUOTE_MINIMAL if quoting or delimiter == "," else csv.QUOTE_NONE
    reader = csv.reader(stream, delimiter=delimiter, quoting=quote, strict=True)
    rows: list[Row] = []
    try:
        previous = 0
        for cells in reader:
            line = previous + 2  # the first line of the record, below the header
            previous = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                raise InputError(
                    f"expected {len(columns)} fields as in the header, found {len(cells)}",
                    file=name,
                    line=line,
                    remedy=_FIELDS_REMEDY[delimiter],
                )
            values = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
            rows.append(Row(line, values))
    except csv.Error as error:
        raise InputError(
            f"the row cannot be read ({error})", file=name, line=reader.line_num + 1
        ) from None
    return Table(name, columns, tuple(rows))


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
            raise InputError(f"column {number} has no name", file=name, line=1)
        if column in seen:
            raise InputError(f"the column '{column}' appears twice", file=name, line=1)
        seen.add(column)


def format_cell(value: object) -> str:
    """Write one value for a machine: full precision, empty for None, `;` between the parts."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(float(value))  # numpy's floats print their type
    if isinstance(value, tuple | list):
        return ";".join(format_cell(part) for part in value)
    # A tab or a line break inside a cell would shift every column behind it.
    return " ".join(str(value).split()) if any(c in str(value) for c in "\t\r\n") else str(value)


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
        cells = (format_cell(row[column]) for column in columns)
        yield "\t".join(map(neutralise, cells) if for_people else cells) + "\n"
