"""Verdicts on margins, each recomputed from the finished cohort as a user would read it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from outcomes.audit.intervals import Interval, exactly
from outcomes.endpoints import ENDPOINTS, derive
from outcomes.statistics.survival import kaplan_meier, logrank
from outcomes.synthesis.conditions import KNOWN, MISSING, is_number
from outcomes.synthesis.course import EVENT_COLUMNS, FIRST_EVENT
from outcomes.synthesis.patients import SYNTHETIC
from outcomes.synthesis.values import statistics_of
from outcomes.synthesis.wanted import Count, Declared, Spread, Survival, Test

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias

    import numpy.typing as npt
    import pandas as pd

    from outcomes.clinical.cohort import Cohort
    from outcomes.synthesis.conditions import Term, Variable
    from outcomes.synthesis.conflicts import Conflict
    from outcomes.synthesis.problem import Read, Task
    from outcomes.synthesis.wanted import Wanted

    Mask: TypeAlias = npt.NDArray[np.bool_]

CONSTRAINT_COLUMNS = (
    "line",
    "table",
    "row",
    "kind",
    "of",
    "where",
    "n",
    "printed",
    "verdict",
    "got",
    "allowed_low",
    "allowed_high",
    "with_lines",
    "sentence",
    "synthetic",
)


class Verdict(StrEnum):
    """What became of a margin."""

    MET = "met"
    UNMET = "unmet"
    CONTRADICTORY = "contradictory"
    NOT_SUPPORTED = "not_supported"
    NOT_UNDERSTOOD = "not_understood"


MEANINGS = {
    Verdict.MET: "the finished cohort gives a value that prints so",
    Verdict.UNMET: "it does not, as far as was searched; `got` is what it gives",
    Verdict.CONTRADICTORY: "no cohort can meet it together with the lines beside it, or at all",
    Verdict.NOT_SUPPORTED: "a kind of statistic that is not sought",
    Verdict.NOT_UNDERSTOOD: "the row is not in the syntax of its kind, or nothing is printed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A margin and what became of it; numbers are text, since a margin may hold several.

    Attributes:
        read: The margin.
        verdict: The verdict.
        got: What the cohort gives, to full precision.
        allowed: What prints as the margin does, from and to.
        with_lines: The lines with which it cannot hold together.
        sentence: Why, in words.
    """

    read: Read
    verdict: Verdict
    got: str = ""
    allowed: tuple[str, str] = ("", "")
    with_lines: tuple[int, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class _Value:
    """One statistic of the cohort, and what prints so; `name` is empty where there is only one."""

    name: str
    value: float
    allowed: Interval

    @property
    def meets(self) -> bool:
        return not math.isnan(self.value) and exactly(self.value).meets(self.allowed)


def judge(task: Task, cohort: Cohort, conflicts: Sequence[Conflict]) -> tuple[Judged, ...]:
    """Judge every margin, in the order of the table.

    Args:
        task: The margins.
        cohort: The finished cohort, read from its files, results joined.
        conflicts: What the search found impossible.
    """
    measured = _Measured(task, cohort)
    return tuple(_judge(read, task, measured, conflicts) for read in task.rows)


def constraint_rows(judged: Iterable[Judged]) -> Iterator[dict[str, object]]:
    """The rows of `constraints.tsv`, with `CONSTRAINT_COLUMNS`."""
    for one in judged:
        margin = one.read.margin
        yield {
            "line": margin.line,
            "table": margin.table,
            "row": margin.row,
            "kind": margin.kind,
            "of": margin.of,
            "where": margin.where,
            "n": margin.n,
            "printed": margin.printed,
            "verdict": one.verdict.value,
            "got": one.got,
            "allowed_low": one.allowed[0],
            "allowed_high": one.allowed[1],
            "with_lines": one.with_lines,
            "sentence": one.sentence,
            "synthetic": SYNTHETIC,
        }


def summary_lines(judged: Sequence[Judged]) -> Iterator[str]:
    """What a person reads first: how many of each verdict, and each margin that is not met."""
    counts = {verdict: sum(one.verdict is verdict for one in judged) for verdict in Verdict}
    yield f"{len(judged)} margins: " + ", ".join(
        f"{count} {verdict.value}" for verdict, count in counts.items() if count
    )
    for one in judged:
        if one.verdict is not Verdict.MET:
            margin = one.read.margin
            yield f"line {margin.line}, {margin.table}, {margin.row}: {one.verdict.value}"
            yield f"    {one.sentence}"


def _judge(read: Read, task: Task, measured: _Measured, conflicts: Sequence[Conflict]) -> Judged:
    if read.wanted is None:
        verdict = Verdict.NOT_SUPPORTED if read.unsupported else Verdict.NOT_UNDERSTOOD
        return Judged(
            read=read, verdict=verdict, sentence=f"{read.problem[:1].upper()}{read.problem[1:]}."
        )
    if isinstance(read.wanted, Declared):
        return _declared(read, read.wanted, task)
    values = measured.values(read.wanted)
    verdict = Verdict.MET if all(value.meets for value in values) else Verdict.UNMET
    line = read.margin.line
    own = [conflict for conflict in conflicts if line in conflict.lines]
    proven = [conflict for conflict in own if conflict.proven]
    if verdict is Verdict.UNMET and proven:
        verdict = Verdict.CONTRADICTORY
    others = {each for conflict in own for each in conflict.lines} - {line}
    return Judged(
        read=read,
        verdict=verdict,
        got=_text(values, [value.value for value in values]),
        allowed=(
            _text(values, [value.allowed.low for value in values]),
            _text(values, [value.allowed.high for value in values]),
        ),
        with_lines=tuple(sorted(others)),
        sentence=_sentence(read.wanted, verdict, values, sorted(others), proven=bool(proven)),
    )


def _declared(read: Read, wanted: Declared, task: Task) -> Judged:
    if wanted.n is None:
        states = task.variables[wanted.variable].states
        got = "number" if task.variables[wanted.variable].is_number else ", ".join(states)
        return Judged(read=read, verdict=Verdict.MET, got=got)
    n = task.problem.n
    return Judged(
        read=read,
        verdict=Verdict.MET if wanted.n == n else Verdict.CONTRADICTORY,
        got=str(n),
        sentence="" if wanted.n == n else f"The cohort has {n} patients, as an earlier row says.",
    )


def _sentence(
    wanted: Wanted,
    verdict: Verdict,
    values: Sequence[_Value],
    others: list[int],
    *,
    proven: bool,
) -> str:
    lines = f"line{'s' if len(others) > 1 else ''} {', '.join(map(str, others))}"
    if verdict is Verdict.MET:
        if not others:
            return ""
        return (
            f"Met, at the cost of {lines}, with which it {'cannot' if proven else 'could not'} go."
        )
    if verdict is Verdict.CONTRADICTORY and others:
        return f"No cohort meets it together with {lines}."
    if verdict is Verdict.CONTRADICTORY:
        if isinstance(wanted, Survival):
            return f"No order of events and censorings of {wanted.n} patients gives it."
        return "No cohort of this size and with these variables meets it."
    wrong = [value.name for value in values if not value.meets and value.name]
    which = f" ({', '.join(wrong)})" if wrong else ""
    if others:
        return f"It was not found together with {lines}{which}."
    return f"It was not found in the time given{which}; `got` is what the cohort gives."


def _text(values: Sequence[_Value], numbers: Sequence[float]) -> str:
    return ";".join(
        f"{value.name}={_number(number)}" if value.name else _number(number)
        for value, number in zip(values, numbers, strict=True)
    )


def _number(value: float) -> str:
    if math.isnan(value):
        return "none"
    return str(int(value)) if value == int(value) else repr(float(value))


class _Measured:
    """The finished cohort: who is in which state, and what its statistics are."""

    def __init__(self, task: Task, cohort: Cohort) -> None:
        self.cohort = cohort
        self.states = {
            name: _states_in(cohort.data, variable) for name, variable in task.variables.items()
        }
        self.cuts = {name: variable.cuts for name, variable in task.variables.items()}
        self.known = {name: states != MISSING for name, states in self.states.items()}

    def mask(self, terms: Iterable[Term]) -> Mask:
        found = np.ones(self.cohort.n, dtype=np.bool_)
        for term in terms:
            found &= self._term(term)
        return found

    def _term(self, term: Term) -> Mask:
        if term.threshold is None:
            states = self.states[term.name]
            equal = self.known[term.name] if KNOWN in term.levels else np.isin(states, term.levels)
            if term.sign == "=":
                return equal
            return ~equal if KNOWN in term.levels else self.known[term.name] & ~equal
        values = self.cohort.data[term.name].to_numpy(dtype=np.float64)
        compare = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
        # A missing value is on no side.
        return np.asarray(compare[term.sign](values, float(term.threshold)), dtype=np.bool_)

    def values(self, wanted: Wanted) -> list[_Value]:
        if isinstance(wanted, Count):
            return self._count(wanted)
        if isinstance(wanted, Survival):
            return self._survival(wanted)
        if isinstance(wanted, Test):
            return self._test(wanted)
        if isinstance(wanted, Spread):
            return self._spread(wanted)
        raise TypeError(wanted)

    def _count(self, wanted: Count) -> list[_Value]:
        base = self.mask(wanted.of)
        if wanted.endpoint:
            times = self._times(wanted.endpoint)
            base &= times["event"].notna().to_numpy()
        counted = base & self.mask(wanted.where)
        if wanted.events:
            counted &= (times["event"] == 1).to_numpy()
        found, of = int(counted.sum()), int(base.sum())
        value = 100 * found / of if wanted.percent and of else math.nan if wanted.percent else found
        return [_Value("", value, wanted.allowed), *_size(of, wanted.n)]

    def _survival(self, wanted: Survival) -> list[_Value]:
        times = self._analysed(wanted.endpoint, wanted.where)
        scale = 100.0 if wanted.percent else 1.0
        survival = error = math.nan
        if len(times):
            found = kaplan_meier(times["time_months"], times["event"]).at(wanted.months)
            survival = found.survival
            error = 0.0 if math.isnan(found.std_error) else found.std_error
        allowed = [Interval(scale * each.low, scale * each.high) for each in wanted.allowed]
        values = [_Value("survival", scale * survival, allowed[0])]
        if wanted.with_error:
            values.append(_Value("std_error", scale * error, allowed[1]))
        return [*values, *_size(len(times), wanted.n)]

    def _test(self, wanted: Test) -> list[_Value]:
        times = self._analysed(wanted.endpoint, wanted.where)
        by = self.mask(wanted.by)[times.index]
        p_value = None
        if len(times):
            p_value = logrank(times["time_months"], times["event"], by).p_value
        value = math.nan if p_value is None else p_value
        return [_Value("", value, wanted.allowed), *_size(len(times), wanted.n)]

    def _spread(self, wanted: Spread) -> list[_Value]:
        if is_number(wanted.of):
            column = self.cohort.data[wanted.of][self.mask(wanted.where)].dropna()
        else:
            column = self._analysed(wanted.of, wanted.where)["time_months"]
        found = statistics_of(column.astype(float).tolist(), tuple(wanted.statistics))
        values = [_Value(name, found[name], wanted.statistics[name]) for name in found]
        return [*values, *_size(len(column), wanted.n)]

    def _times(self, endpoint: str) -> pd.DataFrame:
        """Time and event of every patient; missing of those whom the endpoint leaves out."""
        data = derive(self.cohort, ENDPOINTS[endpoint]).data
        return data.reindex(self.cohort.data.index)

    def _analysed(self, endpoint: str, where: Iterable[Term]) -> pd.DataFrame:
        data = derive(self.cohort, ENDPOINTS[endpoint]).data
        return data[self.mask(where)[data.index]]


def _size(found: int, n: int | None) -> list[_Value]:
    return [] if n is None else [_Value("n", found, exactly(n))]


def _states_in(data: pd.DataFrame, variable: Variable) -> npt.NDArray[np.object_]:
    """The level of each patient; of a number, whether there is one."""
    if variable.name == FIRST_EVENT:
        found = np.full(len(data), MISSING, dtype=object)
        for state, (columns, cause) in reversed(EVENT_COLUMNS.items()):
            happened = data[columns[0]].notna().to_numpy(dtype=np.bool_)
            if cause:
                happened &= (data["death_cause"] == cause).to_numpy(dtype=np.bool_)
            found[happened] = state
        return found
    column = data[variable.name]
    return column.where(column.notna(), MISSING).to_numpy(dtype=object)
