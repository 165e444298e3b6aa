"""The gate of the clinical table: every check of a row, before any estimator sees it.

A row that passes holds nothing impossible on its own: estimators need not check again.
Messages name file, line and column, never the patient.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from outcomes.clinical.dictionary import (
    BY_NAME,
    CATEGORIES,
    DAYS_PER_MONTH,
    EVENTS,
    MEASURES,
    Column,
    Kind,
    date_column,
    months_column,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion_caller.tables import Row, Table

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WITH_COMMA = re.compile(r"[+-]?[\d.]*,[\d.,]*", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRow:
    """One patient as read: texts, numbers and detection limits by column, None where missing.

    `months` holds every event's time in months from diagnosis, whether it came as a time or as a
    date. `below` holds the detection limit of each measure that was written as `<limit`.
    """

    line: int
    patient: str
    texts: dict[str, str | None]
    numbers: dict[str, float | None]
    below: dict[str, float]
    months: dict[str, float]


def check_table(table: Table) -> Iterator[CheckedRow]:
    """Read and check the rows of a clinical table in order.

    Raises:
        InputError: For the first thing that is wrong, with file, line and column.
    """
    if not table.rows:
        raise InputError("expected at least one patient, found only the header", file=table.file)
    lines: dict[str, int] = {}
    for row in table.rows:
        gate = _Gate(table, row)
        patient = gate.patient()
        first = lines.setdefault(patient, row.line)
        if first != row.line:
            raise gate.problem(
                "patient",
                f"expected one row a patient, found the patient of line {first} again",
                "keep one of the two rows",
            )
        yield gate.check(patient)


class _Gate:
    """The checks of one row."""

    def __init__(self, table: Table, row: Row) -> None:
        self.table = table
        self.row = row
        self.columns: dict[str, str] = {}

    def problem(self, column: str, text: str, remedy: str | None = None) -> InputError:
        return InputError(
            text, file=self.table.file, line=self.row.line, column=column, remedy=remedy
        )

    def patient(self) -> str:
        try:
            return check_identifier(self.row["patient"], what="patient")
        except BadValueError as error:
            raise self.problem("patient", error.problem) from None

    def check(self, patient: str) -> CheckedRow:
        texts = {name: self._category(BY_NAME[name]) for name in CATEGORIES}
        below: dict[str, float] = {}
        numbers = {name: self._measure(BY_NAME[name], below) for name in MEASURES}
        numbers["efs_event"] = self._flag(BY_NAME["efs_event"])
        months = self._months(numbers)
        self._check_companions(texts, numbers, months)
        self._check_sex(texts)
        self._check_order(months)
        if "death" in months and texts["death_cause"] is None:
            texts["death_cause"] = "unknown"
        for event in EVENTS:
            numbers[months_column(event)] = months.get(event)
        for name in self.table.columns:
            if name not in BY_NAME:
                texts[name] = self.row[name] or None
        return CheckedRow(
            line=self.row.line,
            patient=patient,
            texts=texts,
            numbers=numbers,
            below=below,
            months=months,
        )

    def _category(self, column: Column) -> str | None:
        text = self.row.get(column.name)
        if not text:
            return None
        by_folded = {value.casefold(): value for value in column.allowed}
        if text.casefold() not in by_folded:
            allowed = ", ".join(column.allowed)
            raise self.problem(column.name, f"expected one of {allowed}; found {_show(text)}")
        return by_folded[text.casefold()]

    def _measure(self, column: Column, below: dict[str, float]) -> float | None:
        text = self.row.get(column.name)
        if not text:
            return None
        if column.kind is Kind.NUMBER_OR_BELOW and text.startswith("<"):
            limit = self._number(column, text[1:].strip())
            if limit == 0:
                raise self.problem(column.name, "expected a limit above 0, found '<0'")
            below[column.name] = limit
            return 0.0
        return self._number(column, text)

    def _number(self, column: Column, text: str) -> float:
        if _WITH_COMMA.fullmatch(text):
            raise self.problem(
                column.name,
                f"expected a decimal point, found the comma of {_show(text)}",
                "write a point for decimals and nothing between thousands",
            )
        if not _NUMBER.fullmatch(text):
            raise self.problem(
                column.name,
                f"expected a {column.kind}, found {_show(text)}",
                "leave the cell empty where the value is missing",
            )
        value = float(text)
        # `minimum` first: a negative number deserves the plainer message.
        if column.minimum is not None and value < column.minimum:
            raise self.problem(
                column.name, f"expected at least {column.minimum:g}, found {_show(text)}"
            )
        if value == float("inf") or (column.maximum is not None and value > column.maximum):
            raise self.problem(
                column.name,
                f"expected at most {column.maximum or 1e308:g} {column.unit}, found {_show(text)}",
                "is the unit right?",
            )
        return value

    def _flag(self, column: Column) -> float | None:
        text = self.row.get(column.name)
        if not text:
            return None
        if not _NUMBER.fullmatch(text) or float(text) not in (0.0, 1.0):
            raise self.problem(
                column.name, f"expected 1 (event) or 0 (censored), found {_show(text)}"
            )
        return float(text)

    def _date(self, name: str) -> date | None:
        text = self.row.get(name)
        if not text:
            return None
        try:
            if not _ISO_DATE.fullmatch(text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            raise self.problem(
                name, f"expected a date as YYYY-MM-DD, found {_show(text)}"
            ) from None

    def _months(self, numbers: dict[str, float | None]) -> dict[str, float]:
        diagnosis = self._date("diagnosis_date")
        months: dict[str, float] = {}
        for event in EVENTS:
            as_months, as_date = months_column(event), date_column(event)
            when = self._date(as_date)
            given = numbers[as_months]
            if when is not None and given is not None:
                raise self.problem(
                    as_date, f"expected {as_date} or {as_months}, found both", "empty one of them"
                )
            if given is not None:
                months[event] = given
                self.columns[event] = as_months
            if when is None:
                continue
            if diagnosis is None:
                raise self.problem(
                    "diagnosis_date",
                    f"expected a date, since {as_date} is given, found none",
                    f"add the date of diagnosis or give {as_months}",
                )
            if when < diagnosis:
                raise self.problem(
                    as_date, f"expected no event before the diagnosis ({diagnosis}), found {when}"
                )
            months[event] = (when - diagnosis).days / DAYS_PER_MONTH
            self.columns[event] = as_date
        return months

    def _check_companions(
        self,
        texts: dict[str, str | None],
        numbers: dict[str, float | None],
        months: dict[str, float],
    ) -> None:
        for detail, event in (("relapse_site", "relapse"), ("death_cause", "death")):
            if texts[detail] is not None and event not in months:
                raise self.problem(
                    detail,
                    f"expected it empty, since there is no {event}, found {_show(texts[detail])}",
                    f"give {months_column(event)} or empty the cell",
                )
        for present, absent in (("efs_event", "efs_months"), ("efs_months", "efs_event")):
            if numbers[present] is not None and numbers[absent] is None:
                raise self.problem(
                    absent, f"expected a value, since {present} is given, found none"
                )

    def _check_sex(self, texts: dict[str, str | None]) -> None:
        if texts["sex"] != "female":
            return
        for column in ("testicular_involvement", "relapse_site"):
            if texts[column] in ("yes", "testis", "marrow+testis"):
                raise self.problem(
                    column, f"expected none of it, since sex is female, found '{texts[column]}'"
                )
        # An empty cell says nothing about a boy, but for a girl there is nothing to say.
        texts["testicular_involvement"] = "no"

    def _check_order(self, months: dict[str, float]) -> None:
        for last, meaning in (("death", "death"), ("last_contact", "last contact")):
            if last not in months:
                continue
            for event, when in months.items():
                if when > months[last]:
                    raise self.problem(
                        self.columns[event],
                        f"expected nothing after the {meaning} at {months[last]:g} months, "
                        f"found {event} at {when:g} months",
                    )
        if "relapse" not in months or not self._knows_remission():
            return
        if "complete_remission" not in months:
            raise self.problem(
                self.columns["relapse"],
                "expected a complete remission before a relapse, found none",
                "give complete_remission_months, or record an induction failure instead",
            )
        if months["relapse"] < months["complete_remission"]:
            raise self.problem(
                self.columns["relapse"],
                "expected the relapse after the complete remission at "
                f"{months['complete_remission']:g} months, found {months['relapse']:g}",
            )

    def _knows_remission(self) -> bool:
        names = (months_column("complete_remission"), date_column("complete_remission"))
        return any(name in self.table.columns for name in names)


def _show(text: str | None) -> str:
    """Quote a value for a one-line message."""
    clean = "".join(c if c.isprintable() else " " for c in text or "")
    return f"'{clean[:_LONGEST_SHOWN]}…'" if len(clean) > _LONGEST_SHOWN else f"'{clean}'"
