"""p values corrected for the number of tests they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

Name = TypeVar("Name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """A p value by Holm (family-wise error) and by Benjamini-Hochberg (false discovery rate)."""

    holm: float
    benjamini_hochberg: float


def adjust(p_values: Mapping[Name, float]) -> dict[Name, Adjusted]:
    """Correct the p values of a family of tests, as `p.adjust` of R with "holm" and "BH".

    Holm, Scand J Stat 1979;6:65-70; Benjamini and Hochberg, J R Stat Soc B 1995;57:289-300 (both
    cited from memory).

    Args:
        p_values: By the name of the test.
    """
    names = sorted(p_values, key=lambda name: p_values[name])
    ascending = np.array([p_values[name] for name in names])
    n = len(names)
    holm = np.maximum.accumulate(np.minimum(1, ascending * np.arange(n, 0, -1)))
    stepped_up = np.minimum(1, ascending * n / np.arange(1, n + 1))
    hochberg = np.minimum.accumulate(stepped_up[::-1])[::-1]
    return {
        name: Adjusted(holm=float(holm[place]), benjamini_hochberg=float(hochberg[place]))
        for place, name in enumerate(names)
    }
