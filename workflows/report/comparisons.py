"""The tables that compare groups of patients: baseline and response, a column a group."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from workflows.report import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_MEAN, _MEDIAN, _RANGE = "mean ± SEM (SD)", "median [quartiles]", "range"
_SPREADS = (_MEAN, _MEDIAN, _RANGE)
_DIGITS = ((1000, 0), (10, 1), (0.1, 2))
_NUMBERS = ("mean", "sd", "sem", "median", "quartile_1", "quartile_3", "minimum", "maximum")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable of a comparison: its rows pivoted to groups, and its test."""

    label: str
    lines: list[tuple[str, list[str]]]
    missing: int
    test: str
    statistic: str
    p_value: str
    difference: str
    remark: str


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
        of_measure = any(row["median"] for row in of_variable)
        lines = (
            [(what, [_spread(of_variable, group, what) for group in groups]) for what in _SPREADS]
            if of_measure
            else [
                (level, [_cell(of_level, group) for group in groups])
                for level, of_level in _by_level(of_variable)
            ]
        )
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
                test="" if _untested(first) else first["test"],
                statistic=_statistic(first),
                p_value=words.p_value(first["p_value"]),
                difference=words.number(first["smd"], 2),
                remark=_remark(first),
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
    if row["level"] and row["of"] and int(row["of"]):
        return f"{row['n']} ({100 * int(row['n']) / int(row['of']):.0f}%)"
    return row["n"]


def _spread(rows: Sequence[Mapping[str, str]], group: str, what: str) -> str:
    """One of the spreads of a measure in a group; empty where nobody has a value."""
    row = next((row for row in rows if row["group"] == group), None)
    if row is None or not row["median"]:
        return ""
    number = {name: _short(row[name]) for name in _NUMBERS if row[name]}
    if what == _MEAN:
        spread = f" ± {number['sem']} ({number['sd']})" if "sd" in number else ""
        return f"{number['mean']}{spread}"
    if what == _MEDIAN:
        return f"{number['median']} [{number['quartile_1']}, {number['quartile_3']}]"
    return f"{number['minimum']} to {number['maximum']}"


def _short(value: str) -> str:
    """A number in some three digits: the spread of a measure is no more exact."""
    size = abs(float(value))
    digits = next((digits for limit, digits in _DIGITS if size >= limit), 4)
    return words.number(value, digits)


def _untested(row: Mapping[str, str]) -> bool:
    return row["test"].startswith("not tested")


def _remark(row: Mapping[str, str]) -> str:
    """Why there is no test or no standardised difference, or what the latter is of."""
    if _untested(row):
        return row["test"]
    return f"SMD: {row['smd_note']}" if row["smd_note"] else ""


def _statistic(row: Mapping[str, str]) -> str:
    if not row["statistic"]:
        return ""
    df = f", df = {words.number(row['df'])}" if row["df"] else ""
    return f"{words.number(row['statistic'], 4)}{df}"
