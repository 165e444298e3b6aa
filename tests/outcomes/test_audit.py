"""Single kinds of cell: values as R gives them, intervals, and what cannot be read."""

from __future__ import annotations

import itertools
import math
import random
from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import BadValueError, InputError
from outcomes.audit import coefficients, counts, means
from outcomes.audit.cells import Cell
from outcomes.audit.intervals import Interval, rounded
from outcomes.audit.judgement import MEANINGS, Judgement, Verdict
from outcomes.audit.kinds import KINDS
from outcomes.audit.printed import NotPrintedError, printed_number, printed_pair
from outcomes.audit.verdicts import audit, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcomes.audit.judgement import Computed

WBC = "mean=153.49; sem=37.37; n=18 vs mean=147.57; sem=29.82; n=30"
# Of 1, 2, 4, 8 and of 3, 9, 10, 14, 20.
SMALL = "mean=3.7500; sd=3.0957; n=4 vs mean=11.2000; sem=2.8178; n=5"


def cell(test: str, inputs: str, printed: str, *, row: str = "", line: int = 2) -> Cell:
    return Cell(
        file="cells.tsv",
        line=line,
        table="T1",
        row=row,
        test=test,
        inputs=inputs,
        printed=printed,
    )


def judged(test: str, inputs: str, printed: str) -> Judgement:
    return judge(cell(test, inputs, printed))


@pytest.mark.parametrize("test", KINDS)
def test_every_example_agrees_with_what_it_is_said_to_print(test: str) -> None:
    kind = KINDS[test]
    expected = Verdict.NEEDS_DATA if test == "logrank" else Verdict.AGREES
    assert judged(test, kind.example, kind.prints).verdict is expected


def test_every_verdict_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Verdict)


@pytest.mark.parametrize(
    ("computed", "reference", "rel"),
    [
        (means.welch_t(WBC), 0.12382473551059209, 1e-12),
        (means.welch_df(WBC), 36.79645916056298915, 1e-12),
        (means.welch_p(WBC), 0.90212798067557753, 1e-12),
        (means.pooled_mean(SMALL), 7.8888888888888893, 1e-12),
        (means.pooled_sem(SMALL), 2.0779560232516716, 1e-5),  # its inputs have four digits
        (means.pooled_sd(SMALL), 6.2338680697550144, 1e-5),
        (counts.fisher_p("12/6 vs 28/2"), 0.039556864434094625, 1e-12),
        (counts.fisher_p("4 of 18 vs 1 of 30"), 0.058615759818350023, 1e-12),
        (coefficients.cox_p("b=1.218; se=0.5"), 0.014850684526972411, 1e-12),
        (coefficients.chi2_p("chi2=1.256; df=1"), 0.262409596259221445, 1e-12),
        (coefficients.chi2_p("chi2=7.3; df=3"), 0.062926236459043175, 1e-12),
        (coefficients.cox_ci_lower("b=1.218; se=0.5"), 1.268732039603178485, 1e-12),
        (coefficients.cox_ci_upper("b=1.218; se=0.5"), 9.006819316604374848, 1e-12),
        (coefficients.cox_p("hr=0.231; lower=0.072; upper=0.736"), 0.013473256492243272, 1e-12),
    ],
)
def test_values_as_r_has_them(computed: Computed, reference: float, rel: float) -> None:
    """R 4.2.2.

    d <- m1 - m2; v <- s1^2 + s2^2; t <- d / sqrt(v)
    df <- v^2 / (s1^4 / (n1 - 1) + s2^4 / (n2 - 1)); 2 * pt(-abs(t), df)
    z <- c(1, 2, 4, 8, 3, 9, 10, 14, 20); mean(z); sd(z) / sqrt(9); sd(z)
    fisher.test(matrix(c(12, 6, 28, 2), 2)); fisher.test(matrix(c(4, 14, 1, 29), 2))
    pchisq((1.218 / 0.5)^2, 1, lower = FALSE); pchisq(1.256, 1, lower = FALSE)
    pchisq(7.3, 3, lower = FALSE); exp(1.218 + c(-1, 1) * qnorm(.975) * 0.5)
    2 * pnorm(-abs(log(0.231) / (log(0.736 / 0.072) / (2 * qnorm(.975)))))
    """
    assert computed.value == pytest.approx(reference, rel=rel)
    assert computed.possible.low <= computed.value <= computed.possible.high


def test_the_interval_of_welch_is_the_one_of_its_inputs() -> None:
    """As found by a search over the inputs' digits for `published_cells.tsv`."""
    t, df, p = (compute(WBC).possible for compute in (means.welch_t, means.welch_df, means.welch_p))
    assert (round(t.low, 4), round(t.high, 4)) == (0.1236, 0.1241)
    assert (round(df.low, 2), round(df.high, 2)) == (36.79, 36.81)
    assert (round(p.low, 4), round(p.high, 4)) == (0.9019, 0.9023)


@pytest.mark.parametrize(
    "compute", [means.welch_t, means.welch_df, means.welch_p, means.pooled_sem]
)
def test_inputs_within_their_digits_stay_within_the_interval(
    compute: Callable[[str], Computed],
) -> None:
    rng = random.Random(7)  # noqa: S311
    wide = "mean={:.1f}; sem={:.1f}; n=5 vs mean={:.1f}; sem={:.1f}; n=9"
    exact = "mean={:.9f}; sem={:.9f}; n=5 vs mean={:.9f}; sem={:.9f}; n=9"
    for _ in range(100):
        values = [rng.uniform(0, 4) if index % 2 else rng.uniform(-3, 3) for index in range(4)]
        values = [max(value, 0.06) if index % 2 else value for index, value in enumerate(values)]
        found, inside = compute(wide.format(*values)), compute(exact.format(*values))
        assert found.possible.low - 1e-9 <= inside.value <= found.possible.high + 1e-9


def test_products_and_quotients_hold_all_products_and_quotients() -> None:
    ends = (-2.0, -0.5, 0.0, 0.5, 3.0)
    intervals = [Interval(low, high) for low, high in itertools.combinations(ends, 2)]
    for one, two in itertools.product(intervals, repeat=2):
        for a, b in itertools.product(
            (one.low, (one.low + one.high) / 2, one.high), (two.low, two.high)
        ):
            assert (one * two).low <= a * b <= (one * two).high
            assert (one - two).low <= a - b <= (one - two).high
            if two.low > 0:
                assert one.over(two).low <= a / b <= one.over(two).high
    assert Interval(1, 2).over(Interval(0, 1)) == Interval(1, math.inf)
    assert Interval(-2, 1).squared() == Interval(0, 4)


@pytest.mark.parametrize(
    ("test", "inputs", "printed", "verdict", "words"),
    [
        ("percent", "5/48", "10.41%", "impossible", "cut off after 2 digits"),
        ("percent", "5/48", "12.50%", "disagrees", "6/48 would give it"),
        ("percent", "1/8", "12%", "agrees", ""),  # a half, rounded to even
        ("percent", "1/8", "13%", "agrees", ""),  # and up
        ("percent", "2/13", "15.39", "agrees", "rounded twice"),
        ("ratio", "28:20", "1.53:1", "disagrees", "29:19 would give it"),
        ("sum", "100 - 40.84", "59.16", "agrees", ""),
        ("sum", "100 - 40.84", "59.18", "disagrees", "59.16"),
        ("sum", "28-23", "0..11", "agrees", ""),
        ("sum", "28-23", "6..11", "disagrees", ""),
        ("fisher", "7/8 vs 17/12", "0.5213", "disagrees", "7/8 vs 17/11 would give it"),
        ("fisher", "11/7/3 vs 17/13/2", "P = 0.654", "agrees", ""),
        ("fisher", "3/0 vs 5/0", ">0.9999", "agrees", ""),
        ("fisher", "4 of 18 vs 1 of 30", "<0.05", "disagrees", "0.0586"),
        ("fisher", "0/30 vs 30/0", "p<0.0001", "agrees", ""),
        ("welch_t", WBC, "-0.1239", "agrees", ""),
        ("welch_p", WBC, "0.9201", "disagrees", ""),
        ("cox_hr", "lower=0.072; upper=0.736", "0.230", "agrees", ""),
        ("cox_p", "hr=0.00; lower=0.01; upper=0.02", "0.5", "error", "above 0"),
        ("cox_p", "hr=0.01; lower=0.01; upper=0.02", "<0.0001", "agrees", ""),
        ("percent", "5/900000000", "10.41%", "disagrees", ""),
        ("ratio", "5:900000000", "1.41", "disagrees", ""),
        ("cox_ci_upper", "b=800; se=9", "3.1", "disagrees", "not 3.1"),
        ("cox_ci_upper", "b=800; se=9", "inf", "not_understood", "found 'inf'"),
        ("same", "60.2", "60", "agrees", ""),
        ("same", "15", "14", "disagrees", "14 and 15"),
        ("same", "0.1178; Censored", "<0.05; censored", "disagrees", "<0.05 and 0.1178"),
        ("distinct", "1.2; 0.3", "1.2; 0.3", "disagrees", "copied"),
        ("direction", "16.67 vs 49.57", "0.231", "disagrees", "above 1"),
        ("direction", "57.80 vs 15.71", "3.380", "disagrees", "below 1"),
        ("direction", "16.67 vs 49.57", "4.33", "agrees", ""),
        ("km", "n=12", "median not reached", "not_understood", "estimate±standard error"),
        ("km", "n=12", "150.00±14.43", "not_understood", "from 0 to 100"),
        ("fisher", "2 of 18 vs 1 of 30", "NA", "not_checked", "Nothing is printed"),
        ("", "whatever", "5", "not_understood", "No test is named"),
        ("welch_p", WBC, "NS", "not_understood", "found 'NS'"),
    ],
)
def test_verdicts(test: str, inputs: str, printed: str, verdict: str, words: str) -> None:
    if verdict == "error":
        with pytest.raises(InputError, match=words):
            judged(test, inputs, printed)
        return
    found = judged(test, inputs, printed)
    assert (found.verdict.value, words in found.sentence) == (verdict, True), found.sentence


@pytest.mark.parametrize(
    ("test", "inputs", "problem"),
    [
        ("percent", "18", "a count and its total"),
        ("percent", "19/18", "at most its total"),
        ("percent", "0/0", "at least 1"),
        ("ratio", "28/20", "two counts, as 28:20"),
        ("ratio", "28:0", "at least 1"),
        ("sum", "24+", "a sum"),
        ("sum", "two+3", "a number with a decimal point"),
        ("sum", "", "a sum"),
        ("fisher", "11/7", "two groups or more"),
        ("fisher", "11/7 vs 17", "expected counts"),
        ("fisher", "11/7 vs 17/13/4", "the same levels"),
        ("fisher", "19 of 18 vs 1 of 30", "at most its total"),
        ("fisher", "11/-7 vs 17/13", "whole number"),
        ("welch_t", "mean=1; sem=2; n=3", "two groups or more"),
        ("welch_t", "mean=1; n=3 vs mean=2; sem=1; n=3", "either 'sem=...' or 'sd=...'"),
        ("welch_t", "mean=1; sem=1; n=1 vs mean=2; sem=1; n=3", "at least 2"),
        ("welch_t", "mean=1; sem=0; n=4 vs mean=2; sem=1; n=3", "a spread above 0"),
        ("welch_t", "mean=1; sd=-1; n=4 vs mean=2; sem=1; n=3", "not negative"),
        ("welch_p", " vs ".join(["mean=1; sem=1; n=4"] * 3), "two groups, found 3"),
        ("cox_wald", "b=1.2", "'se=...'"),
        ("cox_wald", "b=1.2; se=0", "above 0"),
        ("cox_wald", "b=1.2; se=0.5; se=0.5", "once, found it twice"),
        ("cox_wald", "beta=1.2; se=0.5", "found 'beta=1.2'"),
        ("cox_wald", "b=1,2; se=0.5", "found '1,2'"),
        ("cox_hr", "b=1.2; lower=3", "either 'b=...'"),
        ("cox_hr", "lower=-2; upper=3", "above 0"),
        ("cox_p", "b=1.2", "expected 'wald=...'"),
        ("cox_p", "hr=1; lower=2; upper=1", "0 < lower < upper"),
        ("chi2_p", "chi2=-1; df=1", "not negative"),
        ("chi2_p", "chi2=1; df=0", "at least 1"),
        ("km", "n=0", "at least 1"),
        ("km", "n=12; unit=months", "unit=percent or unit=fraction"),
        ("km_added", "survival=40; se=9; n=37", "'added=...'"),
        ("same", "1; 2", "expected 1 values"),
        ("direction", "16.67", "survival of two groups"),
        ("logrank", "time=t; event=e; by=infant", "COLUMN:VALUE"),
        ("logrank", "time=t; event=e; by=a:1; km=50±14", "two estimates"),
        ("logrank", "time=t; event=e; by=a:1; km=50 vs 40", "estimate±standard error"),
        ("logrank", "time=t; event=e; by=a:1; horizon=soon", "horizon=months"),
    ],
)
def test_inputs_that_are_wrong(test: str, inputs: str, problem: str) -> None:
    with pytest.raises(InputError) as error:
        judged(test, inputs, "1.0" if test not in ("km", "km_added") else "50.0±14.4")
    assert str(error.value).startswith("cells.tsv, line 2, column 'inputs': expected ")
    assert problem in str(error.value)


def test_a_table_too_large_to_enumerate() -> None:
    inputs = " vs ".join(["40/50/60/70"] * 3)
    with pytest.raises(BadValueError, match="enumerated"):
        counts.fisher_p(inputs)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0.0396", 0.03955, 0.03965),
        ("<0.0001", -math.inf, 0.0001),
        ("p >= .5", 0.5, math.inf),
        ("37.50 %", 37.495, 37.505),
        ("\u22121.465", -1.4655, -1.4645),
        ("1.2e-5", 1.15e-5, 1.25e-5),
        ("48", 47.5, 48.5),
    ],
)
def test_what_a_print_allows(text: str, low: float, high: float) -> None:
    allowed = printed_number(text).allowed
    assert (allowed.low, allowed.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize("text", ["", "1,5", "<", "5..", "7..3", "1e999", "nan", "0x1", "9" * 50])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(NotPrintedError):
        printed_number(text)


@pytest.mark.parametrize("text", ["50", "50±", "50±1±2", "±14"])
def test_what_is_no_pair(text: str) -> None:
    with pytest.raises(NotPrintedError):
        printed_pair(text)


def test_rounding_is_exact() -> None:
    assert rounded("0.1") == Interval(0.05, 0.15)


def test_rows_that_were_swapped_are_told() -> None:
    """45.36±11.07 takes 24 patients; 32.23±15.06 is possible with 13 as well as with 24."""
    high, low = audit(
        [
            cell("km", "n=24", "32.23±15.06", row="high", line=2),
            cell("km", "n=13", "45.36±11.07", row="low", line=3),
        ]
    )
    assert high.judgement.verdict is Verdict.AGREES
    assert "row 'low' is impossible and would fit here" in high.judgement.sentence
    assert low.judgement.verdict is Verdict.IMPOSSIBLE
    assert "It would fit in row 'high'" in low.judgement.sentence


def test_an_unknown_test_is_refused() -> None:
    with pytest.raises(InputError, match=r"cells.tsv, line 2, column 'test': expected one of perc"):
        judged("fischer", "11/7 vs 17/13", "1")
