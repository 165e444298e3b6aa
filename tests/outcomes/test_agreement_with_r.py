"""Every statistic of the reference against R, by the checks of `benchmarks/agreement.py`.

R 4.2.2, survival 3.5-3, cmprsk 2.2-11, coxphf; the calls stand in `make_reference.R`. The largest
differences are printed as a table at the end of the run.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

STORED = Path(__file__).parents[1] / "data" / "survival_reference" / "r_reference.json"
REFERENCE = json.loads(STORED.read_text(encoding="utf-8"))
EVERY = [(dataset, name) for dataset, statistics in REFERENCE.items() for name in statistics]


@pytest.mark.parametrize(("dataset", "statistic"), EVERY)
def test_statistic_as_in_r(agreement, dataset, statistic, record_property):
    found = agreement.differences(REFERENCE, dataset, statistic)
    for one in found:
        recorded = (one.dataset, one.statistic, one.largest, one.limit)
        record_property("difference_from_r", recorded)
    assert found
    assert [one for one in found if not one.within] == []


def test_the_reference_is_whole(agreement):
    assert list(REFERENCE) == ["lung", "veteran", "mgus2", "pbc"]
    assert set(agreement.COMPUTED) == {name for _, name in EVERY}


@pytest.mark.parametrize(
    ("statistic", "value"),
    [("winsorised", 1.0), ("winsorised", "NA"), ("logrank", {"chisq": 1.0, "tau": "NA"})],
)
def test_a_key_that_nothing_computes_is_a_difference(agreement, statistic, value):
    found = agreement.differences({"lung": {statistic: value}}, "lung", statistic)
    assert found[-1].largest == math.inf
    assert not found[-1].within


@pytest.mark.parametrize(
    ("ours", "theirs", "largest"),
    [
        ([1.0, 2.0], [1.0, 2.5], 0.5),
        ([1.0, None], [1.0, "NA"], 0),
        ([math.nan, 2.0], ["NaN", 2.0], 0),
        ([1.0, 2.0], [1.0, "NaN"], math.inf),
        ([1.0, None], [1.0, 2.0], math.inf),
        ([1.0], [1.0, 2.0], math.inf),
    ],
)
def test_largest_difference(agreement, ours, theirs, largest):
    assert agreement.largest_difference(ours, theirs) == largest


def test_limits_are_those_promised(agreement):
    limits = {
        one.statistic: one.limit
        for statistic in ("firth", "fg", "logrank")
        for one in agreement.differences(REFERENCE, "pbc", statistic)
    }
    assert limits["firth.coef"] == 1e-7
    assert (limits["fg.coef"], limits["fg.se"]) == (1e-8, 1e-3)
    assert limits["logrank.chisq"] == 1e-8
