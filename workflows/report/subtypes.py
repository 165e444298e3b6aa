"""Groups within groups as the report shows them: every factor by subtype and by other groupings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from outcomes.cautions import MIN_AT_RISK, MIN_EVENTS_PER_VARIABLE
from workflows.report import words
from workflows.report.comparisons import Comparison, comparison
from workflows.report.survival import EVERYBODY, Row, common_note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.report.results_in import ResultsIn

# Beside the primary endpoint; the tables hold them all.
ALSO_SHOWN = "os"
_MADE_FROM_IT = "not tested: the groups are made from it"
NOTHING = "\u2013"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a cell shows, why where that is nothing, and whether it rests on few patients."""

    text: str
    why: str
    few: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One level of a factor: events and patients in each stratum, and its hazard ratio."""

    level: str
    counts: list[str]
    ratio: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRows:
    """One factor: log-rank p in each stratum, what is tested across them, and its levels.

    `note` is what holds for all levels across the strata, such as a landmark.
    """

    label: str
    note: str
    within: list[Cell]
    across: Cell
    holm: str
    heterogeneity: Cell
    lines: list[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRows:
    """One endpoint by one grouping.

    Attributes:
        label: The endpoint.
        strata: Each with its patients and events.
        sentence: How far this can be trusted, by the number of events.
        factors: Those that vary within a stratum.
        alike: Labels of those that do not.
        model: The rows of the multivariable model, stratified.
        model_note: What holds for all of them.
    """

    label: str
    strata: list[tuple[str, str, str]]
    sentence: str
    factors: list[FactorRows]
    alike: list[str]
    model: list[Row]
    model_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupingBlock:
    """Everything by one grouping."""

    label: str
    in_short: str
    endpoints: list[EndpointRows]
    baseline: Comparison | None
    response: Comparison | None


def grouping_blocks(
    results: ResultsIn, endpoints: Sequence[Mapping[str, Any]]
) -> list[GroupingBlock]:
    """Make a block a grouping, for the primary endpoint and overall survival.

    Args:
        results: The folder; one of an earlier version has no such table.
        endpoints: The endpoints' records of `models.json`, the primary one first.
    """
    shown = {
        record["endpoint"]: record.get("label", record["endpoint"])
        for number, record in enumerate(endpoints)
        if number == 0 or record["endpoint"] == ALSO_SHOWN
    }
    models = results.table("outcomes/table_multivariable_stratified.tsv")
    baseline = results.table("outcomes/table_baseline_by_group.tsv")
    response = results.table("outcomes/table_response_by_group.tsv")
    blocks = []
    rows = [dict(row) for row in results.table("outcomes/table_stratified.tsv")]
    for (grouping, label), group in groupby(
        rows, key=lambda row: (row["grouping"], row["grouping_label"])
    ):
        of_grouping = list(group)
        made = [
            _endpoint(
                name,
                [row for row in of_grouping if row["endpoint"] == endpoint],
                [row for row in _of(models, grouping) if row["endpoint"] == endpoint],
            )
            for endpoint, name in shown.items()
        ]
        first = made[0].strata
        n = sum(int(patients) for _, patients, _ in first)
        blocks.append(
            GroupingBlock(
                label=label,
                in_short=f"{words.plural(n, 'patient')} in {words.plural(len(first), 'group')}",
                endpoints=made,
                baseline=_compared(baseline, grouping),
                response=_compared(response, grouping),
            )
        )
    return blocks


def _of(rows: Sequence[Mapping[str, str]], grouping: str) -> list[Row]:
    return [dict(row) for row in rows if row["grouping"] == grouping]


def _compared(rows: Sequence[Mapping[str, str]], grouping: str) -> Comparison | None:
    return comparison([row for row in _of(rows, grouping) if row["test"] != _MADE_FROM_IT])


def _endpoint(label: str, rows: Sequence[Row], model: Sequence[Row]) -> EndpointRows:
    strata: list[tuple[str, str, str]] = []
    factors: list[FactorRows] = []
    alike: list[str] = []
    for (variable, of_factor), group in groupby(rows, key=lambda r: (r["variable"], r["label"])):
        members = list(group)
        if variable == EVERYBODY:
            strata = [
                (row["stratum"], row["n"], row["events"])
                for row in members
                if row["stratum"] != EVERYBODY
            ]
        elif members[0]["test"]:
            factors.append(_factor(of_factor, members, [name for name, *_ in strata]))
        else:
            alike.append(of_factor)
    note, terms = common_note(model) if model else ("", [])
    return EndpointRows(
        label=label,
        strata=strata,
        sentence=_sentence([(name, int(events)) for name, _, events in strata]),
        factors=factors,
        alike=alike,
        model=terms,
        model_note=note,
    )


def _factor(label: str, rows: Sequence[Row], strata: Sequence[str]) -> FactorRows:
    across = [row for row in rows if row["stratum"] == EVERYBODY]
    by_stratum = {name: [row for row in rows if row["stratum"] == name] for name in strata}
    note, own = common_note(across)
    lines = []
    for row, alone in zip(across, own, strict=True):
        cells = []
        for name in strata:
            found = next((r for r in by_stratum[name] if r["level"] == row["level"]), None)
            cells.append(f"{found['events']}/{found['n']}" if found else "0/0")
        lines.append(Line(level=row["level"], counts=cells, ratio=_ratio(row, alone["note"])))
    first = across[0]
    return FactorRows(
        label=label,
        note=note,
        within=[_p_cell(by_stratum[name], "p_value") for name in strata],
        across=_p_cell(across, "p_value"),
        holm=words.p_value(first["p_holm"]),
        heterogeneity=_p_cell(across, "heterogeneity_p_value"),
        lines=lines,
    )


def _p_cell(rows: Sequence[Row], column: str) -> Cell:
    """Show a p value, which all rows share; where there is none, what all their notes say."""
    if not rows:
        return Cell(text=NOTHING, why="no patient with a known level")
    text = words.p_value(rows[0][column])
    few = any(0 < int(row["n"]) < MIN_AT_RISK for row in rows)
    return Cell(
        text=text or NOTHING, why="" if text else common_note(rows)[0], few=bool(text) and few
    )


def _ratio(row: Row, note: str) -> Cell:
    if row["level"] == row["reference"]:
        return Cell(text="1 (reference)", why="")
    if not row["hazard_ratio"]:
        return Cell(text=NOTHING, why=note)
    interval = words.interval(row["hazard_ci_lower"], row["hazard_ci_upper"])
    return Cell(text=f"{words.number(row['hazard_ratio'])} ({interval})", why="")


def _sentence(events: Sequence[tuple[str, int]]) -> str:
    """Say by the number of events how far comparisons within strata can be trusted."""
    if not events:
        return "Nobody has a level of this grouping."
    listed = ", ".join(f"{name} {number}" for name, number in events)
    few = sum(number < MIN_EVENTS_PER_VARIABLE for _, number in events)
    if few:
        return (
            f"With the few events per stratum ({listed}; fewer than {MIN_EVENTS_PER_VARIABLE} in "
            f"{few} of {len(events)}) this describes and does not prove."
        )
    return (
        f"Events per stratum: {listed}. A difference within one stratum and not in another proves "
        "no difference between them; the test of heterogeneity asks for that."
    )
