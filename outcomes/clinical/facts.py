"""What a rule between clinical columns is, and what of a row it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from outcomes.clinical.dictionary import ASSESSED_DAYS, EVENTS, date_column, months_column

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import date

# A weekend with a holiday brings an assessment forward by as much as this; six days do not happen.
EARLY_DAYS = 3
_LONGEST_SHOWN = 40


class Severity(StrEnum):
    """What becomes of a row that breaks a rule."""

    IMPOSSIBLE = "impossible"
    """The table is refused, with line and column."""
    DOUBTFUL = "doubtful"
    """The row is analysed as it stands, and listed to be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at: one row, its cells read.

    Attributes:
        cells: The texts of the file by column.
        columns: The columns of the file.
        first_line: An earlier line with the same patient, None where there is none.
        texts: Categories by column, None where missing.
        numbers: Measures and times by column, None where missing.
        diagnosis: The date of diagnosis, None where missing.
        dates: The dates of events, by event.
        months: Months from diagnosis of each event, whether it came as a time or as a date.
        given_as: The column in which each event of `months` stands.
    """

    cells: Mapping[str, str]
    columns: Collection[str]
    first_line: int | None
    texts: Mapping[str, str | None]
    numbers: Mapping[str, float | None]
    diagnosis: date | None
    dates: Mapping[str, date]
    months: Mapping[str, float]
    given_as: Mapping[str, str]

    def found(self, column: str) -> str:
        """Quote a cell for a one-line message."""
        return quoted(self.cells.get(column))

    def knows(self, event: str) -> bool:
        """Say whether the table has a column for an event."""
        return months_column(event) in self.columns or date_column(event) in self.columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A broken rule: the column to look at, what is wrong in words, and what mends it."""

    column: str
    problem: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule between columns.

    Attributes:
        name: How it is called.
        severity: What becomes of a row that breaks it.
        sentence: The rule in words.
        columns: The columns concerned.
        breach: Says of a row what is wrong with it, None where nothing is.
        schema: The same as JSON Schema, None where JSON Schema cannot say it.
    """

    name: str
    severity: Severity
    sentence: str
    columns: tuple[str, ...]
    breach: Callable[[Facts], Breach | None]
    schema: Mapping[str, Any] | None = None

    @property
    def concerns(self) -> str:
        """The columns concerned, in short: an event stands for its time and its date."""
        events = [event for event in EVENTS if {*columns_of(event)} <= {*self.columns}]
        of_events = {name for event in events for name in columns_of(event)}
        others = [name for name in self.columns if name not in of_events]
        return ", ".join([*others, *(["every event"] if len(events) == len(EVENTS) else events)])


def quoted(text: str | None) -> str:
    """Quote a value for a one-line message."""
    clean = "".join(c if c.isprintable() else " " for c in text or "")
    return f"'{clean[:_LONGEST_SHOWN]}…'" if len(clean) > _LONGEST_SHOWN else f"'{clean}'"


def columns_of(*events: str) -> tuple[str, ...]:
    """Return both columns of each event."""
    return tuple(name for event in events for name in (months_column(event), date_column(event)))


def assessed(facts: Facts) -> Iterator[tuple[str, int]]:
    """Yield the assessments of a row that are recorded, and the day of each."""
    for column, day in ASSESSED_DAYS.items():
        if facts.cells.get(column):
            yield column, day
