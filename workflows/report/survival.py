"""Survival as the report shows it: estimates, cautions, who is in which analysis."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workflows.report import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = dict[str, str]

EVERYBODY = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cautions:
    """Warnings in words: those to read first, and the others."""

    first: list[Row]
    rest: list[Row]
    groups_with_few_at_risk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorBlock:
    """Survival by the levels of one factor; `note` is what holds for all of them."""

    label: str
    note: str
    levels: list[Row]

    @property
    def other_tests(self) -> str:
        """The p values of tests beside the log-rank test; empty where there is none."""
        tests = {"Peto-Peto": "peto_peto_p_value", "trend": "trend_p_value"}
        found = {name: self.levels[0].get(column, "") for name, column in tests.items()}
        return "; ".join(f"{name} p {words.p_value(p)}" for name, p in found.items() if p)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalBlock:
    """Survival by the levels of every factor, for one endpoint."""

    endpoint: str
    label: str
    definition: str
    overall: Row | None
    factors: list[FactorBlock]

    @property
    def followed(self) -> bool:
        """Whether anybody was followed to the horizon."""
        return self.overall is not None and self.overall["n_at_risk"] not in ("", "0")

    @property
    def when(self) -> str:
        """The time that the estimates are for; never a horizon that nobody was followed to."""
        if self.overall is None or not self.followed:
            return "at the end of follow-up"
        return f"at {words.number(self.overall['horizon_months'])} months"

    @property
    def headline(self) -> tuple[str, str] | None:
        """The overall estimate and what it is, for the first page; None where there is none."""
        row = self.overall
        if row is None or not row["survival"]:
            return None
        interval = words.interval(row["ci_lower"], row["ci_upper"], as_percent=True)
        details = [f"95% CI {interval}"] if interval else []
        if self.followed:
            details.append(f"{row['n_at_risk']} of {row['n']} at risk then")
        in_brackets = f" ({'; '.join(details)})" if details else ""
        return f"{words.percent(row['survival'])}%", f"{self.label} {self.when}{in_brackets}"

    @property
    def remark(self) -> str:
        """Until when they were followed, where that is short of the horizon."""
        return self.overall["note"] if self.overall and not self.followed else ""

    @property
    def in_short(self) -> str:
        """Patients, events and the overall estimate."""
        if self.overall is None:
            return ""
        n, events = int(self.overall["n"]), int(self.overall["events"])
        counts = f"{words.plural(n, 'patient')}, {words.plural(events, 'event')}"
        estimate = words.estimate(self.overall)
        return f"{counts}, {estimate}% {self.when}" if estimate else counts


def survival_blocks(
    rows: Sequence[Row], endpoints: Sequence[Mapping[str, Any]]
) -> list[SurvivalBlock]:
    """The univariate table by endpoint, then by factor; `overall` is everybody's row."""
    about = {record["endpoint"]: record for record in endpoints}
    blocks = []
    for endpoint, of_endpoint in groupby(rows, key=lambda row: row["endpoint"]):
        overall: Row | None = None
        factors: list[FactorBlock] = []
        for (_, label), group in groupby(of_endpoint, key=lambda r: (r["variable"], r["label"])):
            levels = list(group)
            if levels[0]["variable"] == EVERYBODY:
                overall = levels[0]
            else:
                note, levels = common_note(levels)
                factors.append(FactorBlock(label=label, note=note, levels=levels))
        record = about.get(endpoint, {})
        blocks.append(
            SurvivalBlock(
                endpoint=endpoint,
                label=record.get("label", endpoint),
                definition=record.get("definition", ""),
                overall=overall,
                factors=factors,
            )
        )
    return blocks


def common_note(rows: Sequence[Row]) -> tuple[str, list[Row]]:
    """The parts of the notes that all rows, one or more, share; and the rows without them."""
    parts = [row["note"].split("; ") if row["note"] else [] for row in rows]
    common = [part for part in parts[0] if all(part in others for others in parts)]
    own = [[part for part in of_row if part not in common] for of_row in parts]
    kept = [{**row, "note": "; ".join(rest)} for row, rest in zip(rows, own, strict=True)]
    return "; ".join(common), kept


def caution_lists(rows: Sequence[Mapping[str, str]], univariate: Sequence[Row]) -> Cautions:
    """Cautions of the primary endpoint to be read, and all the others to be looked up.

    Few patients at risk is true of nearly every group of a small cohort; it is said once.
    """
    primary = univariate[0]["endpoint"] if univariate else ""
    first: list[Row] = []
    rest: list[Row] = []
    groups = 0
    for row in rows:
        of_primary = row.get("endpoint", "") == primary
        groups += of_primary and row["kind"] == "few_at_risk"
        to_read = of_primary and row["kind"] != "few_at_risk"
        (first if to_read else rest).append(dict(row))
    return Cautions(first=first, rest=rest, groups_with_few_at_risk=groups)


def flow_rows(rows: Sequence[Mapping[str, str]]) -> list[Row]:
    """Steps that left somebody out, and those of the cohort itself, which have no endpoint."""
    return [
        {**row, "analysis": row["analysis"][:1].upper() + row["analysis"][1:]}
        for row in rows
        if row["left"] not in ("", "0") or not row.get("endpoint", "")
    ]


def dropout_table(rows: Sequence[Mapping[str, str]]) -> tuple[list[str], list[list[str]]] | None:
    """Those who left the study: headers in words with units, and the cells as people read them."""
    if not rows:
        return None
    headers = [words.COLUMNS.get(column, column.replace("_", " ")) for column in rows[0]]
    cells = [
        [value if column == "patient" else words.number(value) for column, value in row.items()]
        for row in rows
    ]
    return headers, cells
