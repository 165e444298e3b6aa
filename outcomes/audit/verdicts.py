"""Verdicts on a whole table of printed cells, and what its rows say of each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from outcomes.audit.judgement import Judgement, Verdict, judge_number
from outcomes.audit.kaplan_meier import explained, fits, km_size
from outcomes.audit.kinds import KINDS
from outcomes.audit.printed import NotPrintedError, is_nothing, printed_pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fusion_caller.tables import Table
    from outcomes.audit.cells import Cell
    from outcomes.audit.kinds import Kind

AUDIT_COLUMNS = (
    "line",
    "table",
    "row",
    "test",
    "inputs",
    "printed",
    "verdict",
    "recomputed",
    "possible_low",
    "possible_high",
    "printed_low",
    "printed_high",
    "nearest",
    "sentence",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """A cell and what was found of it."""

    cell: Cell
    judgement: Judgement


def audit(cells: Sequence[Cell], *, cohort: Table | None = None) -> tuple[Audited, ...]:
    """Judge every cell, in the order of the table.

    Args:
        cells: The printed cells.
        cohort: The patients, for the cells that only they can tell of.

    Raises:
        InputError: If a test is unknown, its inputs are not in its syntax, or the cohort has not
            what a cell asks for.
    """
    judged = [Audited(cell=cell, judgement=judge(cell, cohort=cohort)) for cell in cells]
    return tuple(_compared(judged))


def judge(cell: Cell, *, cohort: Table | None = None) -> Judgement:
    """Judge one cell from its own inputs.

    Raises:
        InputError: See `audit`.
    """
    if not cell.test:
        return Judgement(verdict=Verdict.NOT_UNDERSTOOD, sentence="No test is named.")
    if cell.test not in KINDS:
        raise InputError(
            f"expected one of {', '.join(KINDS)}, or nothing, found '{cell.test}'",
            file=cell.file,
            line=cell.line,
            column="test",
        )
    try:
        return _judged(KINDS[cell.test], cell, cohort)
    except NotPrintedError as error:
        return Judgement(
            verdict=Verdict.NOT_UNDERSTOOD, sentence=f"What is printed: {error.problem}."
        )
    except BadValueError as error:
        raise InputError(error.problem, file=cell.file, line=cell.line, column="inputs") from None


def audit_rows(audited: Iterable[Audited]) -> Iterator[dict[str, object]]:
    """The rows of `audit.tsv`, with `AUDIT_COLUMNS`."""
    for one in audited:
        found = one.judgement
        yield {
            "line": one.cell.line,
            "table": one.cell.table,
            "row": one.cell.row,
            "test": one.cell.test,
            "inputs": one.cell.inputs,
            "printed": one.cell.printed,
            "verdict": found.verdict.value,
            "recomputed": found.recomputed,
            "possible_low": found.possible[0],
            "possible_high": found.possible[1],
            "printed_low": found.allowed[0],
            "printed_high": found.allowed[1],
            "nearest": found.nearest,
            "sentence": found.sentence,
        }


def summary_lines(audited: Sequence[Audited]) -> Iterator[str]:
    """What a person reads first: the numbers of each verdict, and every cell that cannot stand."""
    counts = Counter(one.judgement.verdict for one in audited)
    yield f"{len(audited)} cells: " + ", ".join(
        f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict]
    )
    for one in audited:
        if one.judgement.verdict in (Verdict.DISAGREES, Verdict.IMPOSSIBLE):
            cell, found = one.cell, one.judgement
            where = f"line {cell.line}, {cell.table}, {cell.row}"
            yield f"{where}: {cell.printed} {found.verdict.value}"
            yield f"    {found.sentence}"


def _judged(kind: Kind, cell: Cell, cohort: Table | None) -> Judgement:
    computed = kind.compute(cell.inputs) if kind.compute else None
    if is_nothing(cell.printed):
        return Judgement(
            verdict=Verdict.NOT_CHECKED,
            sentence="Nothing is printed.",
            recomputed=repr(computed.value) if computed else "",
        )
    if computed:
        unsigned = cell.printed.removeprefix("-").removeprefix("\u2212")
        return judge_number(computed, unsigned if kind.either_sign else cell.printed)
    if kind.judge is None:  # pragma: no cover - a kind has the one or the other
        raise TypeError(kind)
    return kind.judge(cell.inputs, cell.printed, cohort)


def _compared(audited: Sequence[Audited]) -> Iterator[Audited]:
    """Add to impossible estimates what a slip of a digit or of a row would explain."""
    estimates = [
        one
        for one in audited
        if one.cell.test == "km" and one.judgement.verdict in (Verdict.AGREES, Verdict.IMPOSSIBLE)
    ]
    swaps: dict[int, list[str]] = {}
    for one in estimates:
        if one.judgement.verdict is Verdict.IMPOSSIBLE:
            for other in _in_each_others_row(one, estimates):
                swaps.setdefault(one.cell.line, []).append(
                    f"It would fit in row '{other.cell.row}', and that one's here: the two may "
                    "have been swapped."
                )
                swaps.setdefault(other.cell.line, []).append(
                    f"But row '{one.cell.row}' is impossible and would fit here, as this one would "
                    "there: the two may have been swapped."
                )
    for one in audited:
        judgement = one.judgement
        if one.cell.test == "km" and judgement.verdict is Verdict.IMPOSSIBLE:
            judgement = explained(judgement, one.cell.inputs, one.cell.printed)
        sentence = " ".join((judgement.sentence, *swaps.get(one.cell.line, ())))
        yield replace(one, judgement=replace(judgement, sentence=sentence))


def _in_each_others_row(one: Audited, estimates: Sequence[Audited]) -> Iterator[Audited]:
    """The estimates of the same table that could be in this one's row while it is in theirs."""
    n, percent = km_size(one.cell.inputs)
    pair = printed_pair(one.cell.printed)
    for other in estimates:
        other_n, other_percent = km_size(other.cell.inputs)
        if (
            other.cell.table == one.cell.table
            and (other_n != n and other_percent == percent)
            and fits(other_n, pair, percent=percent)
            and fits(n, printed_pair(other.cell.printed), percent=percent)
        ):
            yield other
