"""The table of printed margins: one row a constraint, its kind, and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

MARGIN_COLUMNS = ("table", "row", "kind", "of", "where", "n", "printed")
_REQUIRED = tuple(column for column in MARGIN_COLUMNS if column != "n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """One printed constraint.

    Attributes:
        line: Its 1-based line in the table.
        table: Which table of the publication, or `text`.
        row: Which row or claim.
        kind: A key of `kinds.KINDS`; anything else is not understood.
        of: What it is about, in the syntax of its kind.
        where: Which patients, as a condition; empty for everybody.
        n: How many patients that are, where it is printed.
        printed: What is printed.
    """

    line: int
    table: str
    row: str
    kind: str
    of: str
    where: str
    n: str
    printed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """The whole table, and how the user named it."""

    file: str
    rows: tuple[Margin, ...]


def read_margins(path: Path, *, name: str | None = None) -> Margins:
    """Read a table of margins, comma- or tab-separated; the column `n` may be absent.

    Raises:
        InputError: With file, line and column, if the table is not what it should be.
    """
    table = read_table(path, name=name, required=_REQUIRED)
    return Margins(
        file=table.file,
        rows=tuple(
            Margin(line=row.line, **{column: row.get(column) for column in MARGIN_COLUMNS})
            for row in table.rows
        ),
    )
