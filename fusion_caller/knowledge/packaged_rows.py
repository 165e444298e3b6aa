"""Rows and cells of the packaged tables, and how sure they are."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from fusion_caller.tables import Row, read_table


class Evidence(StrEnum):
    """How sure a row of the knowledge base is."""

    SOURCED = "sourced"
    MEMORY = "memory"


def rows_of(name: str) -> tuple[Row, ...]:
    """The rows of a packaged table, by its file name."""
    return read_table(Path(__file__).with_name(name), name=name, quoting=False).rows


def parts(text: str) -> tuple[str, ...]:
    """A cell that holds several values, parted by semicolons."""
    return tuple(text.split(";")) if text else ()


def number(text: str) -> int | None:
    """A cell that holds a number or nothing."""
    return int(text) if text else None
