"""Factors: how patients are sorted into levels by what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from outcomes.clinical.cohort import limit_column

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL = "all"
"""The group and the variable of everybody; no factor and no level may have this name."""


class FactorKind(StrEnum):
    """How a factor makes its levels."""

    CUT = "cut"
    """A measure, cut at declared points."""
    CATEGORY = "category"
    """A column's values, gathered into levels."""
    ANY = "any"
    """Whether any of several columns holds one of the given values."""


class Closed(StrEnum):
    """To which side of a cut a value equal to it belongs."""

    LEFT = "left"
    """`[cut, …`: the cut belongs to the upper level."""
    RIGHT = "right"
    """`…, cut]`: the cut belongs to the lower level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A declared factor.

    Attributes:
        name: Its key in the analysis.
        label: Its name for people.
        kind: How it makes its levels.
        column: The column it reads; empty for `any`.
        cuts: The cut-points of `cut`, ascending.
        closed: Where a value equal to a cut-point belongs.
        levels: The levels in order; the first is the reference of a model. From low to high for
            `cut`; no, then yes, for `any`.
        values: The values of each level of `category`. A value that no level lists belongs to
            none: the patient is not compared.
        of: For `any`, the values that count, by column.
        ordered: Whether the order of the levels means something, as it always does for `cut`.
        empty: The level of an empty cell, where empty has a meaning (no cause of death: alive);
            otherwise empty is missing.
        landmark_months: The factor is known only at this time after diagnosis: whoever had an
            event or was censored by then is left out of survival analyses. Times stay those from
            diagnosis.
    """

    name: str
    label: str
    kind: FactorKind
    column: str = ""
    cuts: tuple[float, ...] = ()
    closed: Closed = Closed.LEFT
    levels: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    of: Mapping[str, tuple[str, ...]]
    ordered: bool = False
    empty: str = ""
    landmark_months: float | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads."""
        return tuple(self.of) if self.kind is FactorKind.ANY else (self.column,)


def assign_levels(data: pd.DataFrame, factor: Factor) -> pd.Series[Any]:
    """Sort patients into the levels of a factor.

    Args:
        data: The cohort's data, one row a patient; has the factor's columns.
        factor: The factor.

    Returns:
        The level of each patient, object, None where it is missing or none of those declared;
        index as in `data`.
    """
    if factor.kind is FactorKind.CUT:
        levels = _cut(data, factor)
    elif factor.kind is FactorKind.CATEGORY:
        levels = _category(data[factor.column].tolist(), factor)
    else:
        levels = _any(data, factor)
    return pd.Series(levels, index=data.index, dtype=object)


def present_levels(level_of: pd.Series[Any], factor: Factor) -> tuple[str, ...]:
    """Return the levels that somebody has, in the factor's order."""
    found = set(level_of.dropna())
    return tuple(level for level in factor.levels if level in found)


def _cut(data: pd.DataFrame, factor: Factor) -> list[str | None]:
    values = data[factor.column].to_numpy(dtype=np.float64)
    places = np.digitize(values, factor.cuts, right=factor.closed is Closed.RIGHT)
    unknown = np.isnan(values)
    limits = limit_column(factor.column)
    if limits in data.columns:
        # "Below 0.1" says nothing of a cut at 0.01.
        limit = data[limits].to_numpy(dtype=np.float64)
        for cut in factor.cuts:
            unknown |= (cut > 0) & (limit > cut)
    return [
        None if missing else factor.levels[place]
        for place, missing in zip(places.tolist(), unknown.tolist(), strict=True)
    ]


def _category(values: list[Any], factor: Factor) -> list[str | None]:
    level_of: dict[object, str] = {
        value: level for level, listed in factor.values.items() for value in listed
    }
    if factor.empty:
        level_of[None] = factor.empty
    return [level_of.get(value) for value in values]


def _any(data: pd.DataFrame, factor: Factor) -> list[str | None]:
    no, yes = factor.levels
    found = np.zeros(len(data), dtype=bool)
    missing = np.zeros(len(data), dtype=bool)
    for column, values in factor.of.items():
        found |= data[column].isin(values).to_numpy()
        missing |= data[column].isna().to_numpy()
    # One column that holds the value decides, whatever the others lack.
    return [
        yes if hit else None if unknown else no
        for hit, unknown in zip(found.tolist(), missing.tolist(), strict=True)
    ]
