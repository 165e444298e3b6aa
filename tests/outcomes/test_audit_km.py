"""Kaplan-Meier estimates that n patients can give, against every one that there is."""

from __future__ import annotations

import csv
import re
from collections import Counter
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest

from outcomes.audit import km_feasibility
from outcomes.audit.judgement import TWICE, Verdict
from outcomes.audit.kaplan_meier import explained, judge_km, judge_km_added
from outcomes.audit.km_feasibility import (
    Region,
    SearchLimitError,
    curve,
    curves,
    is_possible,
    nearest,
)
from outcomes.audit.printed import printed_pair
from outcomes.statistics.survival import kaplan_meier

CELLS = Path(__file__).parents[1] / "data" / "wen_2022" / "published_cells.tsv"
with CELLS.open(newline="", encoding="utf-8") as stream:
    ESTIMATES = [
        row for row in csv.DictReader(stream, delimiter="\t") if "feasibility" in row["row"]
    ]


def around(text: str, units: float = 0) -> Region:
    return Region.around(printed_pair(text), percent=True, units=units)


@pytest.mark.parametrize("cell", ESTIMATES, ids=lambda cell: cell["row"])
def test_as_many_structures_as_were_counted_before(cell: dict[str, str]) -> None:
    """The counts of `published_cells.tsv` were enumerated for it by other code."""
    counted = re.match(r"(\d+) structure\(s\); events \{(.*)\}; ", cell["recomputed"])
    assert counted
    n = int(cell["inputs"].removeprefix("n="))
    found = list(curves(n, around(cell["published"], TWICE)))
    assert len(found) == len({one.events_at for one in found}) == int(counted[1])
    by_events = Counter(len(one.events_at) for one in found)
    assert by_events == {
        int(events): int(count) for events, count in re.findall(r"(\d+): (\d+)", counted[2])
    }


@pytest.mark.parametrize("n", [1, 2, 5, 9])
@pytest.mark.parametrize("tabled", [1, 3, 12])
def test_every_subset_is_found(n: int, tabled: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever part of the sizes is walked and whatever part is looked up."""
    monkeypatch.setattr(km_feasibility, "_TABLED", tabled)
    everything = Region(survival=(Fraction(0), Fraction(1)), std_error=(Fraction(0), Fraction(1)))
    found = {one.events_at for one in curves(n, everything)}
    subsets = {
        tuple(sorted(subset, reverse=True))
        for size in range(n)
        for subset in combinations(range(2, n + 1), size)
    }
    assert found == subsets | {tuple(range(n, 0, -1))}


@pytest.mark.parametrize("tabled", [2, 6])
def test_no_region_loses_a_subset(tabled: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(km_feasibility, "_TABLED", tabled)
    n = 11
    every = [
        curve(tuple(sorted(subset, reverse=True)))
        for size in range(n)
        for subset in combinations(range(2, n + 1), size)
    ]
    assert len(every) == 2 ** (n - 1)
    for tenth in range(10):
        for part in range(6):
            region = Region(
                survival=(Fraction(tenth, 10), Fraction(tenth + 1, 10)),
                std_error=(Fraction(part, 20), Fraction(part + 1, 20)),
            )
            expected = {one.events_at for one in every if region.holds(one)}
            if region.holds(curve(tuple(range(n, 0, -1)))):
                expected.add(tuple(range(n, 0, -1)))
            assert {one.events_at for one in curves(n, region)} == expected


def test_a_curve_is_that_of_r_with_ties_and_censoring() -> None:
    """As R 4.2.2, survival 3.5-3, gives it.

    f <- survfit(Surv(c(1,2,2,3,4,5,6,7,8), c(1,1,1,0,1,0,1,0,0)) ~ 1)
    summary(f, times = 8)[c("surv", "std.err")]
    """
    found = curve((9, 8, 7, 5, 3))
    assert float(found.survival) == pytest.approx(0.35555555555555551, rel=1e-15)
    assert found.std_error == pytest.approx(0.18551082479998254, rel=1e-14)
    ours = kaplan_meier([1, 2, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 0, 1, 0, 1, 0, 0]).at(8)
    assert (float(found.survival), found.std_error) == pytest.approx(
        (ours.survival, ours.std_error), rel=1e-14
    )


@pytest.mark.parametrize(
    ("n", "text", "possible"),
    [
        (12, "50.00±14.43", True),
        (12, "50.00±14.42", False),
        (12, "100.00±0.00", True),
        (12, "0.00±0.00", True),
        (12, "0.00±7.00", False),
        (60, "41.95±9.34", True),
        (60, "41.95±6.30", False),  # below the binomial 6.37
        (60, "0.40±0.39", False),  # one of 60 is 1.67%
        (60, "1.67±1.65", True),
    ],
)
def test_small_and_large(n: int, text: str, possible: bool) -> None:
    assert (is_possible(n, around(text)) is not None) == possible


def test_the_nearest_is_possible_and_nothing_is_nearer() -> None:
    pair = printed_pair("16.67±14.83")
    closest = nearest(6, pair, percent=True)
    assert closest.events_at == (6, 5, 4, 3, 2)
    assert closest.std_error == pytest.approx(0.15214515486254615, rel=1e-12)
    distance = abs(100 * closest.std_error - 14.83) * 100
    assert is_possible(6, around("16.67±14.83", distance - 0.6)) is None


@pytest.mark.parametrize("n", [0, 61])
def test_sizes_out_of_range(n: int) -> None:
    with pytest.raises(ValueError, match=str(n)):
        next(curves(n, around("50±14")))


def test_beyond_the_limits_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    many = judge_km("n=61", "50.00±6.40")
    assert (many.verdict, "61 patients" in many.sentence) == (Verdict.NOT_CHECKED, True)
    monkeypatch.setattr(km_feasibility, "_MOST_STATES", 0)
    with pytest.raises(SearchLimitError):
        is_possible(30, around("50.00±9.40"))
    given_up = judge_km("n=30", "50.00±9.40")
    assert (given_up.verdict, "given up" in given_up.sentence) == (Verdict.NOT_CHECKED, True)


def test_a_slip_is_explained() -> None:
    impossible = judge_km("n=24", "52.38±10.70")
    assert impossible.verdict is Verdict.IMPOSSIBLE
    found = explained(impossible, "n=24", "52.38±10.70")
    assert "One digit away is 52.38±10.90, 54.38±10.70, " in found.sentence
    assert found.nearest == "52.50±10.61"


def test_fractions() -> None:
    assert judge_km("n=12; unit=fraction", "0.500 +/- 0.144").verdict is Verdict.AGREES
    assert judge_km("n=12; unit=fraction", "0.500±0.141").verdict is Verdict.IMPOSSIBLE


def test_patients_who_fail_at_first() -> None:
    """Four events before everybody else's, as Kaplan-Meier of all of them has it."""
    alone = kaplan_meier([1, 2, 2, 3, 4], [1, 1, 0, 0, 0]).at(4)
    together = kaplan_meier([0.5, 0.5, 1, 2, 2, 3, 4], [1, 1, 1, 1, 0, 0, 0]).at(4)
    inputs = f"survival={100 * alone.survival:.6f}; se={100 * alone.std_error:.6f}; n=5; added=2"
    printed = f"{100 * together.survival:.4f}±{100 * together.std_error:.4f}"
    assert judge_km_added(inputs, printed).verdict is Verdict.AGREES
    assert judge_km_added(inputs, "42.8571±18.8043").verdict is Verdict.DISAGREES
