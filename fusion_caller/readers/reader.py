"""What every reader is made of: a signature, and a function from a row to a call."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.records import Breakpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fusion_caller.records import FusionCall, Source
    from fusion_caller.tables import Row, Table

# How callers write that there is nothing to write.
_BLANK = ("", ".", "NA")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a row came from."""

    patient: str
    sample: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One format of one caller.

    Attributes:
        source: The caller.
        variant: The format, in words, for the manifest.
        signature: Columns that together appear in no other known format; all of them are needed.
        parse_row: A pure function from a row to a call; raises `BadValueError`.
        absent: Columns whose presence means that the table is another format, cut short.
        sample_columns: For cohort tables, the columns that may name the sample, best first.
        sample_column: Where one run of the caller may hold several samples, the column that names
            them; the sample of a file that holds one may be named by the user instead.
    """

    source: Source
    variant: str
    signature: tuple[str, ...]
    parse_row: Callable[[Row, Origin], FusionCall]
    absent: tuple[str, ...] = ()
    sample_columns: tuple[str, ...] = ()
    sample_column: str = ""

    def recognises(self, columns: Iterable[str]) -> bool:
        """Whether a header is this format's."""
        present = set(columns)
        named = not self.sample_columns or not present.isdisjoint(self.sample_columns)
        return named and present.issuperset(self.signature) and present.isdisjoint(self.absent)

    @property
    def names_samples(self) -> bool:
        """Whether the table itself says which sample a row belongs to."""
        return bool(self.sample_columns or self.sample_column)

    def check_one_sample(self, table: Table) -> None:
        """Make sure that a table for which the user names the sample holds no second one.

        Raises:
            InputError: If it does, since another patient's fusion would count as this one's.
        """
        if not self.sample_column or self.sample_column not in table.columns:
            return
        found = len({row[self.sample_column] for row in table.rows})
        if found > 1:
            raise InputError(
                f"the column '{self.sample_column}' names {found} samples, but one sample is given "
                "for the file",
                file=table.file,
                remedy="leave patient and sample empty, and the samples keep the file's names",
            )

    def origin(self, row: Row, table: Table, patient: str, sample: str) -> Origin:
        """Say whose row it is; a table's own sample names are the patients' names too.

        Raises:
            BadValueError: If the table's sample name cannot be used.
        """
        if sample or not self.names_samples:
            return Origin(patient=patient, sample=sample, file=table.file)
        candidates = (self.sample_column, *self.sample_columns)
        column = next(c for c in candidates if c in table.columns)
        try:
            named = check_identifier(row[column], what="sample")
        except BadValueError as error:
            raise BadValueError(error.problem, column=column) from None
        return Origin(patient=named, sample=named, file=table.file)


def required(row: Row, column: str) -> str:
    """A value that must not be blank."""
    value = row[column]
    if value in ("", "."):
        raise BadValueError("expected a value, found none", column=column)
    return value


def count(row: Row, column: str) -> int | None:
    """A count of reads; None where the table has no such column or leaves it blank."""
    text = row.get(column)
    if text in _BLANK:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise BadValueError(f"expected a count, found '{text}'", column=column)
    return int(text)


def breakpoint_in(row: Row, column: str) -> Breakpoint | None:
    """A breakpoint written contig:position[:strand]; None where it is blank."""
    text = row.get(column)
    if text in ("", "."):
        return None
    try:
        return Breakpoint.from_string(text)
    except BadValueError as error:
        raise BadValueError(error.problem, column=column) from None


def breakpoint_at(row: Row, contig: str, position: str, strand: str) -> Breakpoint | None:
    """A breakpoint whose contig, 1-based position and strand stand in columns of their own.

    None where the position is blank; the strand is unknown where it is, or has no column.
    """
    if row[position] in _BLANK:
        return None
    try:
        place = Breakpoint.from_string(f"{row[contig]}:{row[position]}")
    except BadValueError as error:
        raise BadValueError(error.problem, column=position) from None
    if row.get(strand) in _BLANK:
        return place
    try:
        return replace(place, strand=row[strand])
    except BadValueError as error:
        raise BadValueError(error.problem, column=strand) from None


def columns_of(*places: tuple[Breakpoint | None, tuple[str, str, str]]) -> tuple[str, ...]:
    """The columns that became breakpoints; those that did not belong among the extras."""
    return tuple(column for place, columns in places if place for column in columns)


def extras(row: Row, used: Iterable[str]) -> dict[str, str]:
    """What only this caller knows: every filled column that no field of the record took."""
    taken = set(used)
    return {
        column: value
        for column, value in row.values.items()
        if column not in taken and value not in ("", ".")
    }
