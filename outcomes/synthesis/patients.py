"""Synthetic patients as the rows of a clinical table and of integrated results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.reconcile import MAIN_SUBTYPES
from outcomes.clinical.dictionary import (
    ASSESSED_DAYS,
    BY_NAME,
    DAYS_PER_MONTH,
    EVENTS,
    Kind,
    months_column,
)
from outcomes.synthesis.conditions import MISSING, PARTNER_COLUMNS, both, group_of, is_number
from outcomes.synthesis.course import EVENT_COLUMNS, FIRST_EVENT, analysed
from outcomes.synthesis.months import times_in_order
from outcomes.synthesis.scales import limits_of, places_of
from outcomes.synthesis.values import Target, fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcomes.synthesis.conditions import Group, Variable
    from outcomes.synthesis.model import Assignment
    from outcomes.synthesis.problem import Task
    from outcomes.synthesis.wanted import Spread

SYNTHETIC = "SYNTHETIC, no patient"
RESULT_COLUMNS = ("patient", "status", "partner", "subtype", "synthetic")


def clinical_columns(task: Task) -> tuple[str, ...]:
    """The columns of the clinical table."""
    own = (name for name in task.variables if name not in (FIRST_EVENT, *PARTNER_COLUMNS))
    return ("patient", *own, *map(months_column, _events(task)), "death_cause", "synthetic")


def clinical_rows(task: Task, found: Assignment, *, seed: int) -> list[dict[str, str]]:
    """One row a patient, in the order of leaving.

    Args:
        task: The margins, for the numbers and times among them.
        found: Who is in which state.
        seed: Where the search for numbers begins.
    """
    n = task.problem.n
    # Nobody dies before what the margins say of them was assessed: the clinical gate refuses that.
    assessed = [ASSESSED_DAYS[name] for name in task.variables if name in ASSESSED_DAYS]
    earliest = max(assessed, default=0) / DAYS_PER_MONTH
    months = times_in_order(n, found.until, _medians(task, found), earliest=earliest)
    rows = [
        dict.fromkeys(clinical_columns(task), "")
        | {"patient": identifier(place), "synthetic": SYNTHETIC}
        for place in range(n)
    ]
    for variable in task.variables.values():
        if variable.name in (FIRST_EVENT, *PARTNER_COLUMNS):
            continue
        cells = (
            _numbers(variable, task, found, seed=seed)
            if variable.is_number
            else [("" if s == MISSING else s) for s in found.states[variable.name]]
        )
        for row, cell in zip(rows, cells, strict=True):
            row[variable.name] = cell
    for row, time, state in zip(rows, months, found.states[FIRST_EVENT], strict=True):
        columns, cause = EVENT_COLUMNS[state]
        row.update(dict.fromkeys(columns, f"{time:.2f}"), death_cause=cause)
    return rows


def result_rows(task: Task, found: Assignment) -> list[dict[str, str]]:
    """The integrated result of each patient: rearranged, with a partner where margins name one."""
    rows = []
    for place in range(task.problem.n):
        own = {name: found.states[name][place] for name in PARTNER_COLUMNS if name in found.states}
        given = own.get("partner") or own.get("subtype", MISSING)
        partner = "" if given in (MISSING, "other", "unknown") else given
        subtype = partner if partner in MAIN_SUBTYPES else "other" if own else "unknown"
        rows.append(
            {
                "patient": identifier(place),
                "status": "rearranged" if own else "rearranged_partner_unknown",
                "partner": own.get("partner", partner).replace(MISSING, ""),
                "subtype": own.get("subtype", subtype).replace(MISSING, ""),
                "synthetic": SYNTHETIC,
            }
        )
    return rows


def identifier(place: int) -> str:
    """How a synthetic patient is called."""
    return f"SYNTHETIC-{place + 1:03d}"


def _events(task: Task) -> list[str]:
    wanted = {
        column for state in task.variables[FIRST_EVENT].states for column in EVENT_COLUMNS[state][0]
    }
    return [event for event in EVENTS if months_column(event) in wanted]


def _medians(task: Task, found: Assignment) -> list[tuple[Sequence[int], float]]:
    medians: list[tuple[Sequence[int], float]] = []
    for spread in task.spreads:
        if not is_number(spread.of):
            group = both(group_of(spread.where, task.variables), analysed(spread.of))
            allowed = spread.statistics["median"]
            medians.append(
                (_members(found, group, task.problem.n), (allowed.low + allowed.high) / 2)
            )
    return medians


def _members(found: Assignment, group: Group, n: int) -> tuple[int, ...]:
    return tuple(place for place in range(n) if found.holds(group, place))


def _numbers(variable: Variable, task: Task, found: Assignment, *, seed: int) -> list[str]:
    """The cells of a number: fitted to what is printed of it, within each patient's bin."""
    spreads = [spread for spread in task.spreads if spread.of == variable.name]
    places = places_of(variable, spreads)
    states = found.states[variable.name]
    known = [place for place, state in enumerate(states) if state != MISSING]
    index = {place: number for number, place in enumerate(known)}
    of_bin = limits_of(variable, spreads)
    begin = [of_bin[int(states[place])] for place in known]
    wide = [(of_bin[first][0], of_bin[last][1]) for first, last in variable.bins]
    limits = [wide[int(states[place])] for place in known]
    targets = []
    for spread in spreads:
        group = group_of(spread.where, task.variables)
        members = [index[p] for p in _members(found, group, task.problem.n) if p in index]
        targets.append(Target(patients=tuple(members), statistics=spread.statistics))
        for member in members:
            limits[member] = _within(limits[member], spread, 10**places)
    values = fitted(limits, targets, begin=begin, places=places, seed=seed)
    below = _below_limit(variable) if not spreads else ""
    cells = [""] * task.problem.n
    for place, value in zip(known, values, strict=True):
        shown = f"{value / 10**places:.{places}f}"
        cells[place] = below if below and states[place] == "0" else shown
    return cells


def _below_limit(variable: Variable) -> str:
    """How a value below the first threshold is written where that is a detection limit."""
    column = BY_NAME.get(variable.name)
    if not column or column.kind is not Kind.NUMBER_OR_BELOW or not variable.cuts:
        return ""
    first = variable.cuts[0]
    return "" if first.after or first.threshold == 0 else f"<{first.threshold}"


def _within(limits: tuple[int, int], spread: Spread, scale: int) -> tuple[int, int]:
    """A patient's limits, no further than a printed range of a group reaches."""
    low, high = limits
    if "min" in spread.statistics:
        low = max(low, round(scale * spread.statistics["min"].low + 0.5))
        high = min(high, round(scale * spread.statistics["max"].high - 0.5))
    return (low, high) if low <= high else limits
