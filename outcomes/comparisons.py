"""Comparisons of groups: counts by exact tests, means by Welch's, as rows of a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from outcomes.clinical.dictionary import BY_NAME
from outcomes.factors import ALL, assign_levels, present_levels
from outcomes.statistics.differences import Difference, difference_of_counts, difference_of_means
from outcomes.statistics.rank_sum import rank_sum

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from outcomes.analysis import Comparison
    from outcomes.factors import Factor

COMPARISON_COLUMNS = (
    "variable",
    "label",
    "level",
    "group",
    "n",
    "of",
    "missing",
    "mean",
    "sd",
    "sem",
    "median",
    "quartile_1",
    "quartile_3",
    "minimum",
    "maximum",
    "test",
    "statistic",
    "df",
    "p_value",
    "smd",
    "smd_note",
)
MADE_FROM_IT = Difference(value=None, note="the groups are made from it")
# Enough for any table of a cohort of hundreds by two groups, and done in a second.
MOST_TABLES = 200_000


class MeasureTest(StrEnum):
    """How a measure of two groups is compared."""

    WELCH = "welch"
    MANN_WHITNEY = "mann-whitney"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A test of a difference between groups; the name says why where there is no p value."""

    name: str
    statistic: float | None = None
    df: float | None = None
    p_value: float | None = None


NO_TEST = Test(name="not tested: fewer than two groups or levels")
SAME = Test(name="not tested: the groups are made from it")
NO_SPREAD = Test(name="not tested: a group has fewer than two values or no spread")
ALL_THE_SAME = Test(name="not tested: all values are the same")


def compare_counts(counts: Sequence[Sequence[int]]) -> Test:
    """Test whether the distribution over levels differs between groups, two-sided.

    Two by two: Fisher's exact test, as `fisher.test` of R. Two groups or two levels by more:
    the exact test of Freeman and Halton (Biometrika 1951;38:141-149), as `fisher.test` of R.
    Anything else, or too large to enumerate: Pearson's chi-square without correction.

    Args:
        counts: Patients by level (rows) and group (columns). Empty rows and columns are ignored.
    """
    table = np.array(counts, dtype=np.int64)
    table = table[:, table.sum(axis=0) > 0]
    table = table[table.sum(axis=1) > 0]
    if min(table.shape) < 2:  # noqa: PLR2004
        return NO_TEST
    if table.shape == (2, 2):
        return Test(name="Fisher exact", p_value=float(stats.fisher_exact(table.tolist())[1]))
    if min(table.shape) == 2 and _number_of_tables(table) <= MOST_TABLES:  # noqa: PLR2004
        return Test(name="Fisher-Freeman-Halton exact", p_value=_freeman_halton(table))
    result = stats.chi2_contingency(table, correction=False)
    return Test(
        name="chi-square",
        statistic=float(result.statistic),
        df=float(result.dof),
        p_value=float(result.pvalue),
    )


def _two_columns(table: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return table if table.shape[1] == 2 else table.T  # noqa: PLR2004


def _number_of_tables(table: npt.NDArray[np.int64]) -> int:
    totals = _two_columns(table).sum(axis=1).tolist()
    # The last row follows from the others.
    return math.prod(total + 1 for total in totals[:-1])


def _freeman_halton(table: npt.NDArray[np.int64]) -> float:
    """Add up the probabilities of all tables with these margins that are no likelier than this.

    Given the margins, a table of two columns has a probability proportional to the product of
    C(row total, first cell), an integer: there is no rounding in what counts as equally likely.
    """
    columns = _two_columns(table)
    totals, first = columns.sum(axis=1).tolist(), columns[:, 0].tolist()
    wanted = sum(first)
    ways = [[math.comb(total, cell) for cell in range(total + 1)] for total in totals]
    observed = math.prod(ways[row][cell] for row, cell in enumerate(first))
    extreme = 0
    for cells in product(*(range(total + 1) for total in totals[:-1])):
        last = wanted - sum(cells)
        if 0 <= last <= totals[-1]:
            weight = ways[-1][last]
            for row, cell in enumerate(cells):
                weight *= ways[row][cell]
            extreme += weight if weight <= observed else 0
    return extreme / math.comb(sum(totals), wanted)


def compare_means(
    groups: Sequence[npt.NDArray[np.float64]], test: MeasureTest = MeasureTest.WELCH
) -> Test:
    """Test whether a measure differs between groups, two-sided.

    Two groups: Welch's t, as `t.test` of R, or Mann and Whitney's test, as `wilcox.test`. More:
    Kruskal and Wallis's test.

    Args:
        groups: The values of each group, without missing ones. Empty groups are ignored.
        test: How two groups are compared.
    """
    filled = [values for values in groups if values.size]
    if len(filled) < 2:  # noqa: PLR2004
        return NO_TEST
    by_ranks = len(filled) > 2 or test is MeasureTest.MANN_WHITNEY  # noqa: PLR2004
    if by_ranks and np.ptp(np.concatenate(filled)) == 0:
        return ALL_THE_SAME
    if len(filled) > 2:  # noqa: PLR2004
        kruskal = stats.kruskal(*filled)
        return Test(
            name="Kruskal-Wallis",
            statistic=float(kruskal.statistic),
            df=float(len(filled) - 1),
            p_value=float(kruskal.pvalue),
        )
    if test is MeasureTest.MANN_WHITNEY:
        ranks = rank_sum(*filled)
        how = "Mann-Whitney exact" if ranks.exact else "Mann-Whitney, normal approximation"
        return Test(name=how, statistic=ranks.statistic, p_value=ranks.p_value)
    if any(values.size < 2 or np.ptp(values) == 0 for values in filled):  # noqa: PLR2004
        return NO_SPREAD
    welch = stats.ttest_ind(*filled, equal_var=False)
    return Test(
        name="Welch t",
        statistic=float(welch.statistic),
        df=float(welch.df),
        p_value=float(welch.pvalue),
    )


def comparison_rows(
    data: pd.DataFrame, comparison: Comparison, factors: Mapping[str, Factor]
) -> list[dict[str, object]]:
    """Make the rows of a table that compares groups.

    Args:
        data: The cohort's data, one row a patient.
        comparison: The factor that makes the groups, and the rows.
        factors: The factors by name.

    Returns:
        Rows with `COMPARISON_COLUMNS`: one for each variable, level and group, the group `all`
        last, who includes patients of no group. `n` are those at the level, `of` those of the
        group with any level, `missing` those with none. A measure has one row a group, without
        level; its quartiles are those of R's `quantile`. The test compares the groups and is
        repeated in each row of the variable, as is the standardised mean difference. Groups and
        levels that nobody has are not there.
    """
    by = factors[comparison.by]
    group_of = assign_levels(data, by)
    groups = {level: data[group_of == level] for level in by.levels if (group_of == level).any()}
    rows: list[dict[str, object]] = []
    for name in comparison.rows:
        columns = factors[name].columns if name in factors else (name,)
        made = (
            _count_rows(groups, data, factors[name])
            if name in factors
            else _measure_rows(groups, data, name, comparison.tests.get(name, MeasureTest.WELCH))
        )
        circular = not set(columns).isdisjoint(by.columns)
        rows += [row | _compared_cells(SAME, MADE_FROM_IT) for row in made] if circular else made
    return rows


def _count_rows(
    groups: Mapping[str, pd.DataFrame], everybody: pd.DataFrame, factor: Factor
) -> Iterator[dict[str, object]]:
    levels = {name: assign_levels(data, factor) for name, data in groups.items()}
    counts = [[int((of == level).sum()) for of in levels.values()] for level in factor.levels]
    compared = _compared_cells(compare_counts(counts), difference_of_counts(counts))
    levels[ALL] = assign_levels(everybody, factor)
    for level in present_levels(levels[ALL], factor):
        for group, of in levels.items():
            yield _row(
                factor.name,
                factor.label,
                group,
                compared,
                level=level,
                n=int((of == level).sum()),
                of=int(of.notna().sum()),
                missing=int(of.isna().sum()),
            )


def _measure_rows(
    groups: Mapping[str, pd.DataFrame], everybody: pd.DataFrame, name: str, test: MeasureTest
) -> Iterator[dict[str, object]]:
    column = BY_NAME[name]
    label = f"{column.meaning} ({column.unit})" if column.unit else column.meaning
    values = {group: data[name].dropna().to_numpy() for group, data in groups.items()}
    compared = _compared_cells(
        compare_means([*values.values()], test), difference_of_means([*values.values()])
    )
    values[ALL] = everybody[name].dropna().to_numpy()
    sizes = {group: len(data) for group, data in groups.items()} | {ALL: len(everybody)}
    for group, found in values.items():
        some, several = found.size > 0, found.size > 1
        sd = float(found.std(ddof=1)) if several else None
        quartiles = np.quantile(found, (0.25, 0.75)).tolist() if some else (None, None)
        yield _row(
            name,
            label,
            group,
            compared,
            n=found.size,
            of=found.size,
            missing=sizes[group] - found.size,
            mean=float(found.mean()) if some else None,
            sd=sd,
            sem=None if sd is None else sd / math.sqrt(found.size),
            median=float(np.median(found)) if some else None,
            quartile_1=quartiles[0],
            quartile_3=quartiles[1],
            minimum=float(found.min()) if some else None,
            maximum=float(found.max()) if some else None,
        )


def _row(
    variable: str, label: str, group: str, compared: Mapping[str, object], **cells: Any
) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(COMPARISON_COLUMNS)
    row.update(variable=variable, label=label, level="", group=group)
    row.update(**compared, **cells)
    return row


def _compared_cells(test: Test, difference: Difference) -> dict[str, object]:
    return {
        "test": test.name,
        "statistic": test.statistic,
        "df": test.df,
        "p_value": test.p_value,
        "smd": difference.value,
        "smd_note": difference.note,
    }
