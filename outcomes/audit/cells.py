"""The table of printed cells: one row a cell, with its test and what it should follow from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

CELL_COLUMNS = ("table", "row", "test", "inputs", "printed")
_VERSUS = re.compile(r"\s+vs\.?\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One printed cell.

    Attributes:
        file: The table of cells as the user named it.
        line: Its 1-based line in it.
        table: Which table of the publication, or `text`.
        row: Which row or claim.
        test: The kind of cell, a key of `kinds.KINDS`; empty where none is known.
        inputs: What the cell should follow from, in the syntax of its kind.
        printed: What is printed.
    """

    file: str
    line: int
    table: str
    row: str
    test: str
    inputs: str
    printed: str


def read_cells(path: Path, *, name: str | None = None) -> tuple[Cell, ...]:
    """Read a table of printed cells, comma- or tab-separated, with `CELL_COLUMNS`.

    Raises:
        InputError: With file, line and column, if the table is not what it should be.
    """
    table = read_table(path, name=name, required=CELL_COLUMNS)
    return tuple(
        Cell(
            file=table.file,
            line=row.line,
            **{column: row[column] for column in CELL_COLUMNS},
        )
        for row in table.rows
    )


def split_groups(inputs: str) -> tuple[str, ...]:
    """The groups of inputs, which ` vs ` separates."""
    return tuple(_VERSUS.split(inputs.strip()))


def fields_of(
    text: str, *, required: Collection[str], optional: Collection[str] = ()
) -> dict[str, str]:
    """Read `name=value; name=value`.

    Raises:
        BadValueError: If a name is unknown, missing or given twice, or a value is empty.
    """
    found: dict[str, str] = {}
    for part in filter(None, (each.strip() for each in text.split(";"))):
        key, equals, value = (each.strip() for each in part.partition("="))
        key = key.casefold()
        if not equals or not value or key not in {*required, *optional}:
            names = ", ".join((*required, *(f"{each} (optional)" for each in optional)))
            raise BadValueError(f"expected name=value with the names {names}, found '{part}'")
        if key in found:
            raise BadValueError(f"expected '{key}' once, found it twice")
        found[key] = value
    for key in required:
        if key not in found:
            raise BadValueError(f"expected '{key}=...', found '{text}'")
    return found


def whole(text: str, *, least: int = 0) -> int:
    """Read a count.

    Raises:
        BadValueError: If it is none, or too small.
    """
    if not re.fullmatch(r"\d{1,9}", text.strip()) or int(text) < least:
        raise BadValueError(f"expected a whole number of at least {least}, found '{text.strip()}'")
    return int(text)
