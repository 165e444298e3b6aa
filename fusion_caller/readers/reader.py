"""What every reader is made of: how it recognises a file, and how it turns it into calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from fusion_caller.contigs import length_of
from fusion_caller.errors import BadValueError, InputError
from fusion_caller.gene_names import KMT2A_NAMES
from fusion_caller.identifiers import check_identifier
from fusion_caller.kmt2a_gene import CONTIG, build_of
from fusion_caller.records import Breakpoint, Disposition, Flag, SetAside
from fusion_caller.tables import Layout, columns_of_header, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from fusion_caller.records import FusionCall, Source
    from fusion_caller.tables import Row, Table

_COUNT = re.compile("[0-9]{1,18}")
# How callers write that there is nothing to write.
_BLANK = ("", ".", "NA")
_KMT2A = re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(KMT2A_NAMES)}|ENSG00000118058)(?![A-Za-z0-9])")
_CHR11 = re.compile(r"(?<![A-Za-z0-9])(?:chr)?11(?![A-Za-z0-9])")
_NINE_DIGITS = re.compile(r"(?<![0-9])[1-9][0-9]{8}(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a row came from, and the caller that its file is taken for."""

    patient: str
    sample: str
    file: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a file held: every row is in a call (`FusionCall.n_rows`), refused or passed over.

    `set_aside` holds the latter two and the rows that are in a call but should be looked at.
    `owners` are patient and sample of everybody in a file that lists its samples apart from rows.
    """

    n_rows: int
    calls: tuple[FusionCall, ...]
    set_aside: tuple[SetAside, ...] = ()
    owners: tuple[tuple[str, str], ...] = ()


class Format(Protocol):
    """One format of one caller."""

    @property
    def source(self) -> Source:
        """The caller."""
        ...

    @property
    def also(self) -> tuple[Source, ...]:
        """Other callers that write the very same format."""
        ...

    @property
    def variant(self) -> str:
        """The format in words."""
        ...

    @property
    def names_samples(self) -> bool:
        """Whether the file says which sample a row belongs to."""
        ...

    @property
    def names_all_samples(self) -> bool:
        """Whether no sample may be given for it."""
        ...

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines (line breaks included) is of this format."""
        ...

    def read(self, path: Path, origin: Origin) -> Content:
        """Read a file of this format; `origin.file` is how messages and tables call it.

        Raises:
            InputError: If its structure is damaged. A row whose values cannot be read is set aside.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A table with a row for each call.

    Attributes:
        source: The caller.
        also: Other callers that write the very same columns.
        variant: The format, in words, for the manifest.
        signature: Columns that together appear in no other known format; all of them are needed.
        parse_row: A pure function from a row to a call; raises `BadValueError`.
        absent: Columns whose presence means that the table is another format, cut short.
        sample_columns: For cohort tables, the columns that may name the sample, best first.
        sample_column: Where one run of the caller may hold several samples, the column that names
            them; the sample of a file that holds one may be named by the user instead.
        layout: How the table is written; the names that columns had in other versions.
        looks_like: For a table without a header, whether its first row's fields are this format's.
    """

    source: Source
    variant: str
    parse_row: Callable[[Row, Origin], FusionCall]
    signature: tuple[str, ...] = ()
    also: tuple[Source, ...] = ()
    absent: tuple[str, ...] = ()
    sample_columns: tuple[str, ...] = ()
    sample_column: str = ""
    layout: Layout = field(default_factory=Layout)
    looks_like: Callable[[Sequence[str]], bool] | None = None

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines is of this format."""
        first = first_row(head, self.layout.comment)
        if self.looks_like is not None:
            return self.looks_like([cell.strip() for cell in first.rstrip("\r\n").split("\t")])
        return self.has(columns_of_header(first, self.layout))

    def has(self, columns: Iterable[str]) -> bool:
        """Whether columns are this format's."""
        present = set(columns)
        named = not self.sample_columns or not present.isdisjoint(self.sample_columns)
        return named and present.issuperset(self.signature) and present.isdisjoint(self.absent)

    @property
    def names_samples(self) -> bool:
        """Whether the table itself says which sample a row belongs to."""
        return bool(self.sample_columns or self.sample_column)

    @property
    def names_all_samples(self) -> bool:
        """Whether it is a cohort table, for which no sample may be given."""
        return bool(self.sample_columns)

    def read(self, path: Path, origin: Origin) -> Content:
        """Read a table of this format.

        Raises:
            InputError: If its structure is damaged.
        """
        table = read_table(path, name=origin.file, quoting=False, layout=self.layout)
        if origin.sample:
            self._check_one_sample(table)
        calls: list[FusionCall] = []
        aside: list[SetAside] = []
        for row in table.rows:
            owner = origin
            try:
                if not origin.sample:
                    owner = self._owner(row, table, origin)
                calls.append(self.parse_row(row, owner))
            except BadValueError as error:
                aside.append(refused(row.line, row.values.values(), error, owner))
        return Content(
            n_rows=len(table.rows),
            calls=tuple(calls),
            set_aside=(*aside, *cut_off(table.cut_at, origin)),
        )

    def _check_one_sample(self, table: Table) -> None:
        """Refuse a second sample in a table for which the user names one.

        Another patient's fusion would count as this one's.
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

    def _owner(self, row: Row, table: Table, origin: Origin) -> Origin:
        """Whose row it is; a table's own sample names are the patients' names too."""
        candidates = (self.sample_column, *self.sample_columns)
        column = next((c for c in candidates if c in table.columns), "")
        if not column:
            return origin
        try:
            named = check_identifier(row[column], what="sample")
        except BadValueError as error:
            raise BadValueError(error.problem, column=column) from None
        return replace(origin, patient=named, sample=named)


def first_row(head: Sequence[str], comment: str) -> str:
    """The first line that is no comment, or nothing."""
    return next((line for line in head if not (comment and line.startswith(comment))), "")


def refused(line: int, values: Iterable[str], error: BadValueError, origin: Origin) -> SetAside:
    """A row that could not be read, with what was wrong and whether KMT2A is in it."""
    where = f"column '{error.column}': " if error.column else ""
    text = "\t".join(values)
    named = bool(_KMT2A.search(text))
    about = "the row names KMT2A; " if named else ""
    return SetAside(
        file=origin.file,
        line=line,
        patient=origin.patient,
        sample=origin.sample,
        names_kmt2a=named or _is_on_kmt2a(text),
        disposition=Disposition.REFUSED,
        # What was found in comma-separated text may hold a line break.
        reason=" ".join(f"{about}{where}{error.problem}".splitlines()),
    )


def _is_on_kmt2a(text: str) -> bool:
    """Whether a row has a position in KMT2A, as not every format names genes."""
    places = (Breakpoint(CONTIG, int(digits)) for digits in _NINE_DIGITS.findall(text))
    return bool(_CHR11.search(text)) and any(build_of(place) for place in places)


def cut_off(line: int | None, origin: Origin) -> tuple[SetAside, ...]:
    """A remark on a last line without a line break: its last value may be short of an end."""
    if line is None:
        return ()
    remark = SetAside(
        file=origin.file,
        line=line,
        patient=origin.patient,
        sample=origin.sample,
        disposition=Disposition.FLAGGED,
        reason="the last line has no line break: it was read, but the file may have been cut off",
    )
    return (remark,)


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
    if not _COUNT.fullmatch(text):
        raise BadValueError(f"expected a count, found '{text}'", column=column)
    return int(text)


def breakpoint_in(row: Row, column: str) -> Breakpoint | None:
    """A breakpoint written contig:position[:strand]; None where it is blank."""
    text = row.get(column)
    if text in ("", "."):
        return None
    try:
        return on_its_contig(Breakpoint.from_string(text))
    except BadValueError as error:
        raise BadValueError(error.problem, column=column) from None


def breakpoint_at(row: Row, contig: str, position: str, strand: str) -> Breakpoint | None:
    """A breakpoint whose contig, 1-based position and strand stand in columns of their own.

    None where the position is blank; the strand is unknown where it is, or has no column.
    """
    if row[position] in _BLANK:
        return None
    try:
        place = on_its_contig(Breakpoint.from_string(f"{row[contig]}:{row[position]}"))
    except BadValueError as error:
        raise BadValueError(error.problem, column=position) from None
    if row.get(strand) in _BLANK:
        return place
    try:
        return replace(place, strand=row[strand])
    except BadValueError as error:
        raise BadValueError(error.problem, column=strand) from None


def on_its_contig(place: Breakpoint) -> Breakpoint:
    """The breakpoint, which must not lie beyond its chromosome's end on both builds.

    Raises:
        BadValueError: If it does.
    """
    length = length_of(place.contig, None)
    if length is not None and place.position > length:
        raise BadValueError(
            f"expected a position within {place.contig} (at most {length}), found {place.position}"
        )
    return place


def not_passed(filters: str) -> tuple[Flag, ...]:
    """The flag of a call that its caller's own filter did not let pass; `.` is no filter."""
    return () if filters in (*_BLANK, "PASS") else (Flag.DISCARDED,)


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


def names_of(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For `Layout.names`: a column's other names, each to the name that is used here."""
    return {other: name for name, others in columns.items() for other in others}
