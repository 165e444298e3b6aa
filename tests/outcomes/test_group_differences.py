"""Mann and Whitney's test and standardised differences, against R."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from outcomes.analysis import load_analysis
from outcomes.comparisons import MeasureTest, compare_means
from outcomes.errors import AnalysisError
from outcomes.statistics.differences import difference_of_counts, difference_of_means
from outcomes.statistics.rank_sum import rank_sum
from outcomes.tables import analyse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from outcomes.clinical.cohort import Cohort

    Reader = Callable[[str], Cohort]

UNTIED = (
    [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    [1.15, 0.88, 0.90, 0.74, 1.21],
)
TIED = ([1, 2, 2, 3, 5, 8, 8, 9], [2, 4, 8, 10, 11, 12, 12])


def series(n: int, power: float, shift: float = 0) -> list[float]:
    return [number**power + shift for number in range(1, n + 1)]


def groups(*values: list[float]) -> list[npt.NDArray[np.float64]]:
    return [np.array(group, dtype=float) for group in values]


@pytest.mark.parametrize(
    ("first", "second", "w", "p_value", "exact"),
    [
        # R 4.2.2: w <- wilcox.test(x, y); sprintf("%.17g", w$p.value); w$method
        (*UNTIED, 35, 0.2544122544122544, True),
        (*TIED, 12, 0.07054942813014807, False),
        # x <- sqrt(1:60); y <- (1:40)^0.6 + 0.01
        (series(60, 0.5), series(40, 0.6, 0.01), 975, 0.11420388726204272, False),
        # x <- sqrt(1:49); y <- (1:49)^0.55 + 0.013: the largest that is exact
        (series(49, 0.5), series(49, 0.55, 0.013), 871, 0.018937417510887535, True),
        ([1, 2, 3], [4, 5, 6], 0, 0.10000000000000001, True),
        ([1, 2], [1, 2], 2, 1, False),
        ([5, 1.5, 7], [2.5], 2, 1, True),
    ],
)
def test_mann_whitney_is_that_of_r(
    first: list[float], second: list[float], w: float, p_value: float, *, exact: bool
) -> None:
    found = rank_sum(*groups(first, second))
    assert found.statistic == w
    assert found.p_value == pytest.approx(p_value, rel=1e-13, abs=0)
    assert found.exact is exact
    turned = rank_sum(*groups(second, first))
    assert turned.p_value == pytest.approx(p_value, rel=1e-13, abs=0)
    assert turned.statistic == len(first) * len(second) - w


def test_mann_whitney_where_asked() -> None:
    exact = compare_means(groups(*UNTIED), MeasureTest.MANN_WHITNEY)
    assert (exact.name, exact.statistic, exact.df) == ("Mann-Whitney exact", 35, None)
    normal = compare_means(groups(*TIED), MeasureTest.MANN_WHITNEY)
    assert normal.name == "Mann-Whitney, normal approximation"
    assert compare_means(groups(*UNTIED)).name == "Welch t"
    # One value is enough for ranks, a single value for everybody is not.
    assert compare_means(groups([5, 1.5, 7], [2.5]), MeasureTest.MANN_WHITNEY).p_value == 1
    same = compare_means(groups([1, 1], [1, 1]), MeasureTest.MANN_WHITNEY)
    assert same.p_value is None
    assert same.name == "not tested: all values are the same"
    assert compare_means(groups([1, 2]), MeasureTest.MANN_WHITNEY).p_value is None
    three = compare_means(groups([1, 2], [3, 4], [5, 6]), MeasureTest.MANN_WHITNEY)
    assert three.name == "Kruskal-Wallis"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # R 4.2.2, sprintf("%.17g", abs(mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2))
        (*UNTIED, 0.98607635537997096),
        (*TIED, 1.0169977455248875),
    ],
)
def test_difference_of_means(first: list[float], second: list[float], expected: float) -> None:
    assert difference_of_means(groups(first, second)).value == pytest.approx(expected, rel=1e-14)
    assert difference_of_means(groups(second, first)).value == pytest.approx(expected, rel=1e-14)
    assert difference_of_means(groups(first, second, [])).value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # R: d <- (p1 - p2)[-1]; S is the mean of both diag(p) - p %o% p without the first level;
        # sqrt(t(d) %*% solve(S) %*% d)
        (([11, 7], [17, 13]), 0.09042001578168489),
        (([10, 5, 3, 2], [4, 9, 8, 7]), 0.86294452763587648),
        (([10, 5, 0], [4, 9, 8]), 1.3995073024658258),
    ],
)
def test_difference_of_counts(counts: tuple[list[int], list[int]], expected: float) -> None:
    table = np.array(counts).T
    assert difference_of_counts(table.tolist()).value == pytest.approx(expected, rel=1e-13)
    # The order of levels is nothing to it, nor is a level that nobody has.
    assert difference_of_counts(table[::-1].tolist()).value == pytest.approx(expected, rel=1e-13)
    assert difference_of_counts([*table.tolist(), [0, 0]]).value == pytest.approx(expected)


def test_two_levels_are_a_difference_of_proportions() -> None:
    p1, p2 = 11 / 18, 17 / 30
    by_hand = abs(p1 - p2) / math.sqrt((p1 * (1 - p1) + p2 * (1 - p2)) / 2)
    assert difference_of_counts([[11, 17], [7, 13]]).value == pytest.approx(by_hand, rel=1e-14)


def test_of_several_groups_it_is_the_mean_of_all_pairs() -> None:
    three = groups([1, 2, 3], [2, 3, 4], [4, 5, 6])
    found = difference_of_means(three)
    assert found.value == pytest.approx((1 + 3 + 2) / 3, rel=1e-15)
    assert found.note == "mean of 3 pairs of groups"


@pytest.mark.parametrize(
    ("found", "value", "note"),
    [
        (difference_of_means(groups([1, 1], [1, 1])), 0, ""),
        (difference_of_means(groups([1, 1], [2, 2])), None, "not finite: the groups differ"),
        (difference_of_means(groups([1], [2, 3])), None, "a group has fewer than two values"),
        (difference_of_means(groups([1, 2], [])), None, "fewer than two groups with a value"),
        (difference_of_counts([[5, 3], [0, 0]]), 0, ""),
        (difference_of_counts([[5, 0], [0, 3]]), None, "not finite: the groups differ"),
        (difference_of_counts([[5, 0], [0, 3], [0, 4]]), None, "not finite: the groups differ"),
        (difference_of_counts([[5, 0], [4, 0]]), None, "fewer than two groups with a value"),
    ],
)
def test_where_there_is_none_it_says_why(found: object, value: float | None, note: str) -> None:
    assert found.value == value  # type: ignore[attr-defined]
    assert found.note.startswith(note)  # type: ignore[attr-defined]
    assert bool(found.note) == bool(note)  # type: ignore[attr-defined]


BY_SEX = """
patient sex wbc_e9_per_l age_months cns_involvement
A male 1 3 yes
B male 2 4 yes
C male 2 - no
D male 3 9 no
E male 5 20 no
F male 8 30 no
G male 8 3 no
H male 9 40 no
I female 2 3 yes
J female 4 5 yes
K female 8 6 yes
L female 10 9 no
M female 11 - no
N female 12 - no
O female 12 30 no
"""
ASKED = """
baseline:
  by: sex
  rows: [sex, wbc_e9_per_l, age_months, cns]
  tests: {wbc_e9_per_l: mann-whitney}
"""


def test_the_table_holds_spread_quartiles_and_difference(clinical: Reader, tmp_path: Path) -> None:
    """R 4.2.2: sd(x), quantile(x), wilcox.test(x, y) of the white blood cells above."""
    path = tmp_path / "a.yaml"
    path.write_text(ASKED, encoding="utf-8")
    rows = analyse(clinical(BY_SEX), None, load_analysis(path)).tables["table_baseline"]
    male, female, everybody = (row for row in rows if row["variable"] == "wbc_e9_per_l")
    assert [row["group"] for row in (male, female, everybody)] == ["male", "female", "all"]
    assert male["sd"] == pytest.approx(3.1959796173138706, rel=1e-15)
    assert male["sem"] == pytest.approx(3.1959796173138706 / math.sqrt(8), rel=1e-15)
    assert (male["quartile_1"], male["median"], male["quartile_3"]) == (2, 4, 8)
    assert (female["quartile_1"], female["median"], female["quartile_3"]) == (6, 10, 11.5)
    for row in (male, female, everybody):
        assert (row["test"], row["statistic"]) == ("Mann-Whitney, normal approximation", 12)
        assert row["p_value"] == pytest.approx(0.07054942813014807, rel=1e-13)
        assert row["smd"] == pytest.approx(1.0169977455248875, rel=1e-14)
    (age, *_) = (row for row in rows if row["variable"] == "age_months")
    assert (age["test"], age["n"], age["missing"]) == ("Welch t", 7, 1)
    (cns, *_) = (row for row in rows if row["variable"] == "cns")
    p1, p2 = 2 / 8, 3 / 7
    spread = math.sqrt((p1 * (1 - p1) + p2 * (1 - p2)) / 2)
    assert cns["smd"] == pytest.approx((p2 - p1) / spread, rel=1e-14)
    (sex, *_) = (row for row in rows if row["variable"] == "sex")
    assert (sex["smd"], sex["smd_note"]) == (None, "the groups are made from it")


@pytest.mark.parametrize(
    ("tests", "message"),
    [
        ("{cns: mann-whitney}", "'baseline.tests.cns': expected one of the keys wbc_e9_per_l"),
        ("{wbc_e9_per_l: anova}", "'baseline.tests.wbc_e9_per_l': expected one of welch, mann-"),
        ("mann-whitney", "'baseline.tests': expected keys and values"),
    ],
)
def test_a_test_is_asked_of_a_measure_by_name(tmp_path: Path, tests: str, message: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(ASKED.replace("{wbc_e9_per_l: mann-whitney}", tests), encoding="utf-8")
    with pytest.raises(AnalysisError, match=message):
        load_analysis(path)
