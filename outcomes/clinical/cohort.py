"""The cohort: the clinical table and the integrated results, checked and in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.integrated import Status
from fusion_caller.tables import read_table
from outcomes.clinical.dictionary import (
    BY_NAME,
    CATEGORIES,
    COLUMNS,
    EVENTS,
    OWN_PREFIX,
    Kind,
    date_column,
    meant_column,
    months_column,
)
from outcomes.clinical.gate import check_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.tables import Table
    from outcomes.clinical.gate import CheckedRow, Doubt

EVENT_MONTHS = tuple(months_column(event) for event in EVENTS)
NUMBERS = tuple(c.name for c in COLUMNS if c.kind in (Kind.NUMBER, Kind.NUMBER_OR_BELOW, Kind.FLAG))
WITH_LIMIT = tuple(c.name for c in COLUMNS if c.kind is Kind.NUMBER_OR_BELOW)
RESULT_COLUMNS = ("status", "partner", "fusion", "subtype", "confidence", "region")


def limit_column(measure: str) -> str:
    """Return the column that holds the detection limit of a measure written as `<limit`."""
    return f"{measure}_below"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cohort:
    """A clinical table that passed the gate.

    Attributes:
        file: The file, as the user named it.
        data: One row a patient in the order of the file, index 0..n-1. All columns of the
            dictionary are there, whether or not the file has them: `line` (int64), `patient` and
            the categories (object, None where missing), measures and `efs_event` (float64, NaN
            where missing). Every event stands as `<event>_months`, also where the file gives a
            date. A measure below a detection limit is 0, with the limit in `<measure>_below`.
            The death cause of a dead patient is `unknown` where the file has none, testicular
            involvement of a girl is `no`. Unknown columns come last, as text.
        unknown_columns: Columns of the file that the dictionary does not know.
        given: Columns of `data` that come from a file; the others are empty or derived.
        doubts: What the rules of the dictionary find doubtful, in the order of the file.
    """

    file: str
    data: pd.DataFrame
    unknown_columns: tuple[str, ...]
    given: frozenset[str]
    doubts: tuple[Doubt, ...]

    @property
    def n(self) -> int:
        """The number of patients."""
        return len(self.data)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Results:
    """The integrated results (`patients.tsv`), one row a patient, as text, None where empty."""

    file: str
    data: pd.DataFrame


def read_cohort(path: Path, *, name: str | None = None) -> Cohort:
    """Read a clinical table and check all of it.

    Args:
        path: The file, CSV or TSV, gzipped or not.
        name: How messages call it; the path as given if absent.

    Raises:
        InputError: For the first thing that is wrong, with file, line and column.
    """
    table = read_table(path, name=name, required=("patient",))
    _check_slips(table)
    rows = list(check_table(table))
    unknown = tuple(column for column in table.columns if column not in BY_NAME)
    reserved = {"line", *map(limit_column, WITH_LIMIT)}.intersection(unknown)
    if reserved:
        raise InputError(
            "expected another name, this one is used for what the project derives itself",
            file=table.file,
            line=1,
            column=min(reserved),
            remedy="rename the column",
        )
    dated = (months_column(event) for event in EVENTS if date_column(event) in table.columns)
    return Cohort(
        file=table.file,
        data=_frame(rows, unknown),
        unknown_columns=unknown,
        given=frozenset((*table.columns, *dated)),
        doubts=tuple(doubt for row in rows for doubt in row.doubts),
    )


def _check_slips(table: Table) -> None:
    """Refuse a column that is probably one of the dictionary's, mistyped: it would be ignored."""
    for column in table.columns:
        meant = meant_column(column)
        if meant and meant not in table.columns:
            raise InputError(
                f"unknown column, did you mean {meant}?",
                file=table.file,
                line=1,
                column=column,
                remedy=f"rename it, or add a prefix such as {OWN_PREFIX} if it is your own",
            )


def _frame(rows: Sequence[CheckedRow], unknown: Sequence[str]) -> pd.DataFrame:
    columns: dict[str, object] = {
        "line": np.array([row.line for row in rows], dtype=np.int64),
        "patient": np.array([row.patient for row in rows], dtype=object),
    }
    for name in CATEGORIES:
        columns[name] = np.array([row.texts[name] for row in rows], dtype=object)
    for name in NUMBERS:
        columns[name] = np.array([_nan(row.numbers[name]) for row in rows], dtype=np.float64)
    for name in WITH_LIMIT:
        limits = [_nan(row.below.get(name)) for row in rows]
        columns[limit_column(name)] = np.array(limits, dtype=np.float64)
    for name in unknown:
        columns[name] = np.array([row.texts[name] for row in rows], dtype=object)
    return pd.DataFrame(columns)


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value


def read_results(path: Path, *, name: str | None = None) -> Results:
    """Read the integrated results, `patients.tsv`.

    Raises:
        InputError: With file, line and column, if a patient is missing or there twice.
    """
    return results_from_table(read_table(path, name=name, required=("patient", "status")))


def results_from_table(table: Table) -> Results:
    """Check the identifiers of integrated results and put them into a frame.

    Raises:
        InputError: With file, line and column, if a patient is missing or there twice, or a status
            is none of those that there are.
    """
    lines: dict[str, int] = {}
    for row in table.rows:
        try:
            check_identifier(row["patient"], what="patient")
        except BadValueError as error:
            raise InputError(
                error.problem, file=table.file, line=row.line, column="patient"
            ) from None
        first = lines.setdefault(row["patient"], row.line)
        if first != row.line:
            raise InputError(
                f"expected one row a patient, found the patient of line {first} again",
                file=table.file,
                line=row.line,
                column="patient",
            )
        if row.get("status") and row["status"] not in set(Status):
            raise InputError(
                f"expected one of {', '.join(Status)}; found '{row['status']}'",
                file=table.file,
                line=row.line,
                column="status",
                remedy="leave the cell empty where there is no integrated result",
            )
    names = dict.fromkeys(("patient", *RESULT_COLUMNS, *table.columns))
    columns = {
        name: np.array([row.get(name) or None for row in table.rows], dtype=object)
        for name in names
    }
    return Results(file=table.file, data=pd.DataFrame(columns))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JoinedCohort:
    """The cohort with each patient's integrated result beside it.

    Attributes:
        cohort: The cohort whose `data` has, in addition, the columns of the results; None where
            a patient has no result. Order and index are the clinical table's.
        clinical_only: Patients without an integrated result.
        results_only: Patients without a row in the clinical table.
    """

    cohort: Cohort
    clinical_only: tuple[str, ...]
    results_only: tuple[str, ...]


def join_results(cohort: Cohort, results: Results | None) -> JoinedCohort:
    """Join the clinical table with the integrated results by patient.

    Nobody is dropped: who is in one table only is listed. A column of the results replaces one of
    the same name in the clinical table, unless the dictionary knows that column. Without results,
    everybody is in the clinical table only.
    """
    patients = cohort.data["patient"]
    if results is None:
        place, known = {}, frozenset[str]()
        names = [name for name in RESULT_COLUMNS if name not in cohort.data.columns]
    else:
        place = {patient: number for number, patient in enumerate(results.data["patient"])}
        known = frozenset(patients)
        names = [name for name in results.data.columns if name not in BY_NAME]
    columns = {}
    for name in names:
        values = [] if results is None else results.data[name].tolist()
        columns[name] = np.array(
            [values[place[patient]] if patient in place else None for patient in patients],
            dtype=object,
        )
    return JoinedCohort(
        cohort=replace(
            cohort,
            data=cohort.data.assign(**columns),
            given=cohort.given.union(() if results is None else names),
        ),
        clinical_only=tuple(patient for patient in patients if patient not in place),
        results_only=tuple(patient for patient in place if patient not in known),
    )
