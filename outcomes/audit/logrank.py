"""Cells with a log-rank p value, which need the patients' times."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from outcomes.audit.cells import fields_of, split_groups
from outcomes.audit.intervals import exactly
from outcomes.audit.judgement import Judgement, Verdict, ends, widened
from outcomes.audit.printed import NotPrintedError, printed_number, printed_pair
from outcomes.statistics.survival import kaplan_meier, logrank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.tables import Row, Table
    from outcomes.audit.printed import PrintedPair

_HORIZON = "60"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """Who is compared: `by` names a column and a value; all others with a value are group two."""

    time: str
    event: str
    by: tuple[str, str]
    only: tuple[str, str] | None
    horizon: float
    km: tuple[PrintedPair, ...]


def judge_logrank(inputs: str, text: str, cohort: Table | None) -> Judgement:
    """Recompute a log-rank p value, and the estimates ± standard errors beside it, from a cohort.

    `time=COLUMN; event=COLUMN; by=COLUMN:VALUE` and, each optional, `only=COLUMN:VALUE`, for the
    patients who take part, `km=50.00±14.43 vs 35.35±11.28`, what is printed for those with the
    value and for the others at `horizon=60`. All that is given must come out.

    Raises:
        BadValueError: If the inputs are not that.
        NotPrintedError: If the print is no number.
        InputError: If the cohort lacks a column, or a time or an event in it is not one.
    """
    question = _question(inputs)
    printed = printed_number(text)
    allowed = ends(printed.allowed)
    if cohort is None:
        return Judgement(
            verdict=Verdict.NEEDS_DATA,
            sentence="A log-rank test needs the patients' times; give them by --cohort.",
            allowed=allowed,
        )
    rows = _taking_part(question, cohort)
    time = [_number(cohort, row, question.time) for row in rows]
    event = [_number(cohort, row, question.event, flag=True) for row in rows]
    first = [_equal(row[question.by[0]], question.by[1]) for row in rows]
    p_value = logrank(time, event, first).p_value if len(set(first)) > 1 else None
    if p_value is None:
        return Judgement(
            verdict=Verdict.DISAGREES,
            sentence="The cohort gives no log-rank test: fewer than two groups, or no events.",
            allowed=allowed,
        )
    wrong = [
        f"{each} instead of {number}"
        for each, number in (
            _estimate_differs(pair, time, event, first, group=group, horizon=question.horizon)
            for pair, group in zip(question.km, (True, False), strict=False)
        )
        if each
    ]
    meets = exactly(p_value).meets(widened(printed.allowed, printed.places))
    if not meets:
        wrong.insert(0, f"p = {p_value:.6g} instead of {text}")
    return Judgement(
        verdict=Verdict.DISAGREES if wrong else Verdict.AGREES,
        sentence=f"The cohort gives {' and '.join(wrong)}."
        if wrong
        else f"The cohort gives p = {p_value:.6g}{' and both estimates' if question.km else ''}.",
        recomputed=repr(p_value),
        possible=(repr(p_value), repr(p_value)),
        allowed=allowed,
        nearest=text if meets else repr(p_value),
    )


def _question(inputs: str) -> _Question:
    found = fields_of(inputs, required=("time", "event", "by"), optional=("only", "km", "horizon"))
    pairs = split_groups(found["km"]) if "km" in found else ()
    if len(pairs) not in (0, 2):
        raise BadValueError(f"expected two estimates, as 50±14 vs 35±11, found '{found['km']}'")
    try:
        horizon = float(found.get("horizon", _HORIZON))
    except ValueError:
        horizon = math.nan
    if not 0 <= horizon < math.inf:
        raise BadValueError(f"expected horizon=months, found 'horizon={found['horizon']}'")
    return _Question(
        time=found["time"],
        event=found["event"],
        by=_column_value(found["by"]),
        only=_column_value(found["only"]) if "only" in found else None,
        horizon=horizon,
        km=tuple(_pair(pair) for pair in pairs),
    )


def _pair(text: str) -> PrintedPair:
    try:
        return printed_pair(text)
    except NotPrintedError as error:
        raise BadValueError(error.problem) from None


def _column_value(text: str) -> tuple[str, str]:
    column, colon, value = (part.strip() for part in text.partition(":"))
    if not (column and colon and value):
        raise BadValueError(f"expected COLUMN:VALUE, found '{text}'")
    return column, value


def _taking_part(question: _Question, cohort: Table) -> list[Row]:
    wanted = [question.time, question.event, question.by[0]]
    wanted += [question.only[0]] if question.only else []
    for column in wanted:
        if column not in cohort.columns:
            raise BadValueError(f"expected a column of the cohort, found '{column}'")
    return [
        row
        for row in cohort.rows
        if row[question.by[0]]
        and (not question.only or _equal(row[question.only[0]], question.only[1]))
    ]


def _number(cohort: Table, row: Row, column: str, *, flag: bool = False) -> float:
    """A time; or with `flag` an event, which is 0 or 1."""
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf or (flag and value not in (0, 1)):
        expected = "0 or 1" if flag else "a time of at least 0"
        raise InputError(
            f"expected {expected}, found '{row[column]}'",
            file=cohort.file,
            line=row.line,
            column=column,
        )
    return value


def _equal(found: str, wanted: str) -> bool:
    """Whether a cell has a value; `1.0` is `1`."""
    try:
        return float(found) == float(wanted)
    except ValueError:
        return found == wanted


def _estimate_differs(
    pair: PrintedPair,
    time: Sequence[float],
    event: Sequence[float],
    first: Sequence[bool],
    *,
    group: bool,
    horizon: float,
) -> tuple[str, str]:
    """What the group has instead of a pair in percent, nothing where it agrees; and the pair."""
    own = [index for index, each in enumerate(first) if each is group]
    found = kaplan_meier([time[i] for i in own], [event[i] for i in own]).at(horizon)
    error = 0.0 if math.isnan(found.std_error) else found.std_error
    values = (100 * found.survival, 100 * error)
    printed = ((pair.estimate, pair.estimate_half), (pair.std_error, pair.std_error_half))
    # Half a unit of the last digit, and a twentieth more for what was rounded twice.
    agrees = all(
        abs(value - float(middle)) <= 1.1 * float(half) * (1 + 1e-9)
        for value, (middle, half) in zip(values, printed, strict=True)
    )
    shown = f"{float(pair.estimate):g}±{float(pair.std_error):g}"
    return ("", shown) if agrees else (f"{values[0]:.4f}±{values[1]:.4f}", shown)
