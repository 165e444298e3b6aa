"""The gate of the clinical table: every cell read, every rule asked, before any estimator.

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
from outcomes.clinical.doubtful import DOUBTFUL
from outcomes.clinical.facts import Facts, quoted
from outcomes.clinical.impossible import IMPOSSIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion_caller.tables import Row, Table

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WITH_COMMA = re.compile(r"[+-]?[\d.]*,[\d.,]*", re.ASCII)
# Made once, not for each of ten thousand rows.
_FOLDED = {name: {v.casefold(): v for v in BY_NAME[name].allowed} for name in CATEGORIES}
_EVENT_COLUMNS = tuple((event, months_column(event), date_column(event)) for event in EVENTS)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A row that a rule finds doubtful: where to look, and why. It is analysed as it stands."""

    line: int
    patient: str
    rule: str
    column: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRow:
    """One patient as read: texts, numbers and detection limits by column, None where missing.

    `months` holds every event's time in months from diagnosis, whether it came as a time or as a
    date. `below` holds the detection limit of each measure that was written as `<limit`. `doubts`
    are what the rules find doubtful.
    """

    line: int
    patient: str
    texts: dict[str, str | None]
    numbers: dict[str, float | None]
    below: dict[str, float]
    months: dict[str, float]
    doubts: tuple[Doubt, ...]


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
        yield gate.check(patient, first_line=None if first == row.line else first)


class _Gate:
    """The checks of one row."""

    def __init__(self, table: Table, row: Row) -> None:
        self.table = table
        self.row = row

    def problem(self, column: str, text: str, remedy: str | None = None) -> InputError:
        return InputError(
            text, file=self.table.file, line=self.row.line, column=column, remedy=remedy
        )

    def patient(self) -> str:
        try:
            return check_identifier(self.row["patient"], what="patient")
        except BadValueError as error:
            raise self.problem("patient", error.problem) from None

    def check(self, patient: str, *, first_line: int | None) -> CheckedRow:
        texts = {name: self._category(BY_NAME[name]) for name in CATEGORIES}
        below: dict[str, float] = {}
        numbers = {name: self._measure(BY_NAME[name], below) for name in MEASURES}
        numbers["efs_event"] = self._flag(BY_NAME["efs_event"])
        facts = self._facts(texts, numbers, first_line)
        for rule in IMPOSSIBLE:
            breach = rule.breach(facts)
            if breach:
                raise self.problem(breach.column, breach.problem, breach.remedy)
        months = dict(facts.months)
        doubts = tuple(
            Doubt(
                line=self.row.line,
                patient=patient,
                rule=rule.name,
                column=breach.column,
                reason=breach.problem,
            )
            for rule in DOUBTFUL
            if (breach := rule.breach(facts))
        )
        if texts["sex"] == "female":
            # An empty cell says nothing about a boy, but for a girl there is nothing to say.
            texts["testicular_involvement"] = "no"
        if "death" in months and texts["death_cause"] is None:
            texts["death_cause"] = "unknown"
        for event, as_months, _ in _EVENT_COLUMNS:
            numbers[as_months] = months.get(event)
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
            doubts=doubts,
        )

    def _facts(
        self,
        texts: dict[str, str | None],
        numbers: dict[str, float | None],
        first_line: int | None,
    ) -> Facts:
        diagnosis = self._date("diagnosis_date")
        dates: dict[str, date] = {}
        months: dict[str, float] = {}
        given_as: dict[str, str] = {}
        for event, as_months, as_date in _EVENT_COLUMNS:
            given, when = numbers[as_months], self._date(as_date)
            if given is not None:
                months[event] = given
                given_as[event] = as_months
            if when is not None:
                dates[event] = when
                if diagnosis is not None:
                    months[event] = (when - diagnosis).days / DAYS_PER_MONTH
                given_as[event] = as_date
        return Facts(
            cells=self.row.values,
            columns=self.table.columns,
            first_line=first_line,
            texts=texts,
            numbers=numbers,
            diagnosis=diagnosis,
            dates=dates,
            months=months,
            given_as=given_as,
        )

    def _category(self, column: Column) -> str | None:
        text = self.row.get(column.name)
        if not text:
            return None
        category = _FOLDED[column.name].get(text.casefold())
        if category is None:
            allowed = ", ".join(column.allowed)
            raise self.problem(column.name, f"expected one of {allowed}; found {quoted(text)}")
        return category

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
                f"expected a decimal point, found the comma of {quoted(text)}",
                "write a point for decimals and nothing between thousands",
            )
        if not _NUMBER.fullmatch(text):
            raise self.problem(
                column.name,
                f"expected a {column.kind}, found {quoted(text)}",
                "leave the cell empty where the value is missing",
            )
        value = float(text)
        # `minimum` first: a negative number deserves the plainer message.
        if column.minimum is not None and value < column.minimum:
            raise self.problem(
                column.name, f"expected at least {column.minimum:g}, found {quoted(text)}"
            )
        if value == float("inf") or (column.maximum is not None and value > column.maximum):
            raise self.problem(
                column.name,
                f"expected at most {column.maximum or 1e308:g} {column.unit}, found {quoted(text)}",
                "is the unit right?",
            )
        return value

    def _flag(self, column: Column) -> float | None:
        text = self.row.get(column.name)
        if not text:
            return None
        if not _NUMBER.fullmatch(text) or float(text) not in (0.0, 1.0):
            raise self.problem(
                column.name, f"expected 1 (event) or 0 (censored), found {quoted(text)}"
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
                name, f"expected a date as YYYY-MM-DD, found {quoted(text)}"
            ) from None
