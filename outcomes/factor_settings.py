"""Factors as an analysis file declares them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from outcomes.clinical.dictionary import BY_NAME, LONGEST_MONTHS, MEASURES
from outcomes.factors import ALL, Closed, Factor, FactorKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.settings import Setting

_FACTOR_KEYS = {
    FactorKind.CUT: ("column", "cuts", "closed", "levels"),
    FactorKind.CATEGORY: ("column", "levels", "ordered", "empty"),
    FactorKind.ANY: ("of", "levels"),
}


def read_factor(name: str, reader: Setting) -> Factor:
    """Read a declared factor.

    Args:
        name: Its key.
        reader: What stands under it.

    Raises:
        AnalysisError: Naming the key that is wrong.
    """
    if name in (*MEASURES, ALL):
        raise reader.problem(f"expected another name, '{name}' is taken")
    kind = FactorKind(reader.at("kind").choice(FactorKind))
    reader.check_keys(("label", "kind", "landmark_months", *_FACTOR_KEYS[kind]))
    label = reader.at("label")
    landmark = reader.at("landmark_months")
    common: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "label": name if label.absent else label.text(),
        "landmark_months": None if landmark.absent else landmark.number(maximum=LONGEST_MONTHS),
        "values": {},
        "of": {},
    }
    read = {FactorKind.CUT: _cut, FactorKind.CATEGORY: _category, FactorKind.ANY: _any}
    factor = Factor(**common | read[kind](reader))
    if ALL in factor.levels:
        raise reader.at("levels").problem(f"expected another name, '{ALL}' is taken")
    return factor


def _cut(reader: Setting) -> dict[str, Any]:
    column = reader.at("column")
    if column.text() not in MEASURES:
        raise column.problem(f"expected a measure of the dictionary, found '{column.text()}'")
    cuts = tuple(item.number(maximum=1e308) for item in reader.at("cuts").items())
    if not cuts or list(cuts) != sorted(set(cuts)):
        raise reader.at("cuts").problem("expected one or more numbers in ascending order")
    closed_key = reader.at("closed")
    closed = Closed.LEFT if closed_key.absent else Closed(closed_key.choice(Closed))
    levels = reader.at("levels")
    names = _interval_names(cuts, closed) if levels.absent else levels.texts()
    if len(names) != len(cuts) + 1:
        raise levels.problem(f"expected {len(cuts) + 1} levels, low to high, found {len(names)}")
    return {
        "column": column.text(),
        "cuts": cuts,
        "closed": closed,
        "levels": names,
        "ordered": True,
    }


def _interval_names(cuts: tuple[float, ...], closed: Closed) -> tuple[str, ...]:
    below, above = ("<", "≥") if closed is Closed.LEFT else ("≤", ">")
    between = (f"{above}{low:g} and {below}{high:g}" for low, high in pairwise(cuts))
    return (f"{below}{cuts[0]:g}", *between, f"{above}{cuts[-1]:g}")


def _category(reader: Setting) -> dict[str, Any]:
    column = reader.at("column").text()
    levels = reader.at("levels")
    values: dict[str, tuple[str, ...]] = {}
    if isinstance(levels.value, list):
        values = {level: (level,) for level in levels.texts()}
    else:
        values = {level: levels.at(level).texts() for level in levels.mapping()}
    _check_values(levels, column, [value for listed in values.values() for value in listed])
    empty_key, ordered = reader.at("empty"), reader.at("ordered")
    return {
        "column": column,
        "levels": tuple(values),
        "values": values,
        "ordered": not ordered.absent and ordered.choice(("yes", "no")) == "yes",
        "empty": "" if empty_key.absent else empty_key.choice(values),
    }


def _any(reader: Setting) -> dict[str, Any]:
    levels = reader.at("levels").texts()
    if len(levels) != 2:  # noqa: PLR2004
        raise reader.at("levels").problem(f"expected two levels, no then yes, found {len(levels)}")
    of = reader.at("of")
    values = {column: of.at(column).texts() for column in of.mapping()}
    if not values:
        raise of.problem("expected at least one column with the values that count")
    for column, listed in values.items():
        _check_values(of.at(column), column, listed)
    return {"levels": levels, "of": values}


def _check_values(reader: Setting, column: str, values: Sequence[str]) -> None:
    """Check values against the dictionary, where it knows the column."""
    if column in BY_NAME and not BY_NAME[column].allowed:
        raise reader.problem(f"expected a column of categories, '{column}' holds numbers or dates")
    allowed = BY_NAME[column].allowed if column in BY_NAME else values
    for value in values:
        if value not in allowed:
            raise reader.problem(f"expected one of {', '.join(allowed)}; found '{value}'")
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise reader.problem(f"expected each value in one level, found '{repeated[0]}' in two")
