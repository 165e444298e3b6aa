"""Sums of patients, which the solver bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outcomes.synthesis.conditions import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """`low <= sum of coefficient * patients of a group <= high`."""

    terms: tuple[tuple[Group, int], ...]
    low: int | None
    high: int | None
