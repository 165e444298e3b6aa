"""Relapse as the report shows it: cumulative incidence, and what the conventions make of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workflows.report import words
from workflows.report.survival import EVERYBODY, FactorBlock, Row, factor_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_EVENT_FREE = "event-free survival"
# What an event of event-free survival is made of, by the columns that count it: one, several.
_PARTS = {
    "relapses": ("relapse", "relapses"),
    "induction_failures": ("induction failure", "induction failures"),
    "second_cancers": ("second cancer", "second cancers"),
    "deaths": ("death without relapse", "deaths without relapse"),
    "leavers_counted": ("patient who left", "patients who left"),
}
# Published as one all the same; the figure is not repeated here, it follows from the data.
_PRINTED = {
    "wen-2022-as-analysed": " (Wen et al. 2022 print it as their cumulative relapse rate)",
}
LEAVERS = {"censored": "censored", "excluded": "left out", "event": "counted as an event"}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidenceBlock:
    """Cumulative incidence of one endpoint, overall and by every factor."""

    endpoint: str
    label: str
    competing_label: str
    definition: str
    overall: Row
    factors: list[FactorBlock]

    @property
    def when(self) -> str:
        """The time that the estimates are for; never a horizon that nobody was followed to."""
        if self.overall["n_at_risk"] in ("", "0"):
            return "at the end of follow-up"
        return f"at {words.number(self.overall['horizon_months'])} months"

    @property
    def in_short(self) -> str:
        """Patients, events of both kinds and the overall estimate."""
        row = self.overall
        patients, events = words.plural(int(row["n"]), "patient"), int(row["events"])
        counts = f"{patients}, {words.plural(events, 'event')}, {row['competing']} competing"
        estimate = words.with_error(row["incidence"], row["std_error"])
        return f"{counts}, {estimate}% {self.when}" if estimate else counts


@dataclass(frozen=True, slots=True, kw_only=True)
class RelapseSection:
    """The section.

    Attributes:
        blocks: One an endpoint.
        sensitivity: The table of conventions, by what is estimated.
        definitions: Label, definition and source of each endpoint compared there.
        not_one_minus: Why 1 - EFS is no relapse rate, empty where there is nothing to say.
    """

    blocks: list[IncidenceBlock]
    sensitivity: list[tuple[str, list[Row]]]
    definitions: list[Row]
    not_one_minus: str


def relapse_section(
    rows: Sequence[Mapping[str, str]],
    sensitivity: Sequence[Mapping[str, str]],
    endpoints: Sequence[Mapping[str, Any]],
    *,
    definitions: Sequence[Mapping[str, str]],
    primary: str,
) -> RelapseSection | None:
    """Make the section; None where no endpoint with competing events was analysed.

    Args:
        rows: `table_relapse.tsv`.
        sensitivity: `table_sensitivity.tsv`.
        endpoints: The endpoints' records of `models.json`.
        definitions: `endpoints.tsv`.
        primary: Name of the primary endpoint.
    """
    about = {record["endpoint"]: record for record in endpoints}
    blocks = []
    for endpoint, of_endpoint in groupby(rows, key=lambda row: row["endpoint"]):
        record = about.get(endpoint, {})
        overall, factors = _parts([dict(row) for row in of_endpoint])
        blocks.append(
            IncidenceBlock(
                endpoint=endpoint,
                label=record.get("label", endpoint),
                competing_label=record.get("competing_label", "Competing events"),
                definition=record.get("definition", ""),
                overall=overall,
                factors=factors,
            )
        )
    if not blocks:
        return None
    shown = [dict(row) for row in sensitivity]
    return RelapseSection(
        blocks=blocks,
        sensitivity=[(what, list(of)) for what, of in groupby(shown, lambda r: r["quantity"])],
        definitions=[dict(row) for row in definitions],
        not_one_minus=_not_one_minus(shown, primary),
    )


def _parts(rows: Sequence[Row]) -> tuple[Row, list[FactorBlock]]:
    """Everybody's row, which is the first, and the blocks of the factors."""
    factors = []
    for (variable, label), group in groupby(rows, key=lambda r: (r["variable"], r["label"])):
        if variable != EVERYBODY:
            factors.append(factor_block(label, list(group)))
    return rows[0], factors


def _not_one_minus(rows: Sequence[Row], primary: str) -> str:
    """Say why 1 - EFS is no relapse rate, in this cohort's figures; empty where they agree."""
    relapse = next((r for r in rows if (r["endpoint"], r["declared"]) == ("relapse", "yes")), None)
    if relapse is None or not relapse["estimate"]:
        return ""
    event_free = [row for row in rows if row["quantity"] == _EVENT_FREE and row["estimate"]]
    same_rule = [row for row in event_free if row["leavers"] == relapse["leavers"]]
    of_primary = [row for row in event_free if row["endpoint"] == primary]
    free = next(iter([*of_primary, *same_rule]), None)
    if free is None or free["events"] == free["relapses"]:
        return ""
    parts = [
        words.plural(int(free[column]), one, several)
        for column, (one, several) in _PARTS.items()
        if int(free[column])
    ]
    one_minus = words.percent(str(1 - float(free["estimate"])), 2)
    when = f"at {words.number(free['horizon_months'])} months"
    events = words.plural(int(free["events"]), "event")
    return (
        f"1 {words.MINUS} {free['label']} is {one_minus}% {when} and is not a relapse rate"
        f"{_PRINTED.get(free['endpoint'], '')}: its {events} are {', '.join(parts[:-1])} and "
        f"{parts[-1]}. Counting who can no longer relapse as relapsed, or as censored, overstates "
        "the risk. "
        f"With the other events competing, the cumulative incidence of relapse {when} is "
        f"{words.percent(relapse['estimate'], 2)} ± {words.percent(relapse['std_error'], 2)}% "
        f"({words.plural(int(relapse['n']), 'patient')}, "
        f"{words.plural(int(relapse['events']), 'relapse')})."
    )
