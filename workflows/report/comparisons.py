"""The tables that compare groups of patients: baseline and response, a column a group."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from workflows.report import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable of a comparison: its rows pivoted to groups, and its test."""

    label: str
    lines: list[tuple[str, list[str]]]
    missing: int
    test: str
    statistic: str
    p_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A table that compares groups of patients."""

    groups: list[tuple[str, str]]
    variables: list[Variable]


def comparison(rows: Sequence[Mapping[str, str]]) -> Comparison | None:
    """Pivot a long table (variable, level, group) to one line a level and one cell a group."""
    if not rows:
        return None
    groups = list(dict.fromkeys(row["group"] for row in rows if row["group"] != "all"))
    groups.append("all")
    sizes = dict.fromkeys(groups, "")
    variables = []
    for (_, label), members in groupby(rows, key=lambda row: (row["variable"], row["label"])):
        of_variable = list(members)
        lines = [
            (level, [_cell(of_level, group) for group in groups])
            for level, of_level in _by_level(of_variable)
        ]
        for row in of_variable:
            total = int(row["of"] or 0) + int(row["missing"] or 0)
            sizes[row["group"]] = str(max(total, int(sizes[row["group"]] or 0)))
        first = of_variable[0]
        everybody = next((row for row in of_variable if row["group"] == "all"), first)
        variables.append(
            Variable(
                label=label,
                lines=lines,
                missing=int(everybody["missing"] or 0),
                test=first["test"],
                statistic=_statistic(first),
                p_value=words.p_value(first["p_value"]),
            )
        )
    return Comparison(groups=[(g, sizes[g]) for g in groups], variables=variables)


def _by_level(rows: Sequence[Mapping[str, str]]) -> list[tuple[str, list[Mapping[str, str]]]]:
    levels: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        levels.setdefault(row["level"], []).append(row)
    return list(levels.items())


def _cell(rows: Sequence[Mapping[str, str]], group: str) -> str:
    row = next((row for row in rows if row["group"] == group), None)
    if row is None:
        return ""
    if row["mean"]:
        spread = f" ± {words.number(row['sem'])}" if row["sem"] else ""
        return f"{words.number(row['mean'])}{spread}"
    if row["level"] and row["of"] and int(row["of"]):
        return f"{row['n']} ({100 * int(row['n']) / int(row['of']):.0f}%)"
    return row["n"]


def _statistic(row: Mapping[str, str]) -> str:
    if not row["statistic"]:
        return ""
    df = f", df = {words.number(row['df'])}" if row["df"] else ""
    return f"{words.number(row['statistic'], 4)}{df}"
