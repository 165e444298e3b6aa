"""Tests and models with strata against R 4.2.2, survival 3.5-3, and strata that offer little."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from outcomes.statistics.cox import cox
from outcomes.statistics.design import design
from outcomes.statistics.stratified_cox import (
    CONSTANT,
    FOLLOWS,
    NO_EVENT,
    SEPARATION,
    effects,
    stratified_cox,
)
from outcomes.statistics.stratified_logrank import stratified_logrank
from outcomes.statistics.survival import logrank

REFERENCE = Path(__file__).parents[1] / "data" / "survival_reference"
TOLERANCE = 1e-8


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What R found for `x` with strata `s`, t and e as in the test; g is factor(x).

    z <- survdiff(Surv(t, e) ~ x + strata(s)); z$chisq; df; pchisq(z$chisq, df, lower.tail = FALSE)
    f <- coxph(Surv(t, e) ~ g + strata(s), ties = "efron",
               control = coxph.control(eps = 1e-14, iter.max = 100))
    coef(f); sqrt(diag(vcov(f))); f$loglik
    anova(f, coxph(Surv(t, e) ~ g * strata(s), ...)): Chisq, Df, Pr(>|Chi|)
    survdiff(Surv(t, e) ~ x, subset = s == k)$chisq
    """

    data: str
    event: str
    x: str
    s: str
    logrank: tuple[float, int, float]
    coefficients: tuple[float, ...]
    std_errors: tuple[float, ...]
    log_likelihood: tuple[float, float]
    heterogeneity: tuple[float, int, float]
    within: dict[int, float]


CASES = [
    Expected(
        data="lung",
        event="status == 1",
        x="sex",
        s="ph.ecog",
        logrank=(10.7967278529049135, 1, 0.0010167966274606784),
        coefficients=(-0.57777342252505737,),
        std_errors=(0.17794730585353408,),
        log_likelihood=(-511.72396291598869, -506.18541714808640),
        heterogeneity=(0.22164727733718337, 2, 0.89509659543692210),
        within={0: 2.699626625943258, 1: 6.5736824958109104, 2: 1.7050932003820696},
    ),
    Expected(
        data="veteran",
        event="status == 1",
        x="trt",
        s="celltype",
        logrank=(0.70174334684431949, 1, 0.40219852378067422),
        coefficients=(0.16906390912808786,),
        std_errors=(0.19823561256596525,),
        log_likelihood=(-338.73620722618404, -338.37262406947980),
        heterogeneity=(5.16943196252671313, 3, 0.15980269076815859),
        within={
            1: 2.4538684238359525,
            2: 2.2813597993891817,
            3: 0.23291798572875161,
            4: 1.1267698116615819,
        },
    ),
    Expected(
        data="veteran",
        event="status == 1",
        x="celltype",
        s="trt",
        logrank=(22.782119935337768, 3, 4.4833690760621319e-05),
        coefficients=(0.99315028817556850, 1.06626048089733039, 0.17618061303453994),
        std_errors=(0.27574052816269412, 0.30007510554332567, 0.29250153689274955),
        log_likelihood=(-419.29225554046104, -407.95669707435809),
        heterogeneity=(6.24246285612503016, 3, 0.10039163971056236),
        within={0: 9.640765017687265, 1: 18.41027489666439},
    ),
    Expected(
        data="pbc",
        event="cr == 1",
        x="male",
        s="trt",
        logrank=(4.332771894735469864, 1, 0.037385316690017781),
        coefficients=(0.48845693559909381,),
        std_errors=(0.2370540307073889,),
        log_likelihood=(-553.97863910534761, -552.06679735794592),
        heterogeneity=(1.14348131430620015, 1, 0.28491790833692771),
        within={0: 5.6458053659032794, 1: 0.25842174516804767},
    ),
    # R leaves the effect of edema 1 in stage 2, one patient who dies first, out of its degrees of
    # freedom (3, p = 0.1413521414473464); chi-square is the same.
    Expected(
        data="pbc",
        event="cr == 1",
        x="edema",
        s="stage",
        logrank=(57.554379645422621, 2, 3.1785222458175223e-13),
        coefficients=(0.64694525910564504, 1.84617208657826803),
        std_errors=(0.26845005757956425, 0.27544533580917330),
        log_likelihood=(-494.69627552226962, -476.93946112562094),
        heterogeneity=(5.4550473668880386, 4, 0.2437092013721155),
        within={2: 66.787611363378218, 3: 8.0313935376339032, 4: 42.45397148714283},
    ),
]


def indicators(x: pd.Series) -> tuple[np.ndarray, list[str]]:
    others = sorted(set(x))[1:]
    return np.column_stack([(x == value).astype(float) for value in others]), [
        str(value) for value in others
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.data}-{case.x}-{case.s}")
def test_as_in_r(case: Expected) -> None:
    frame = pd.read_csv(REFERENCE / f"{case.data}.csv")
    events = frame.eval(case.event).astype(int)
    found = stratified_logrank(frame["time"], events, frame[case.x], frame[case.s])
    assert found.across.df == case.logrank[1]
    assert found.across.chi_square == pytest.approx(case.logrank[0], rel=1e-12)
    assert found.across.p_value == pytest.approx(case.logrank[2], rel=1e-11)
    tested = {key: test.chi_square for key, test in found.within.items() if test.chi_square}
    assert tested == pytest.approx(case.within, rel=1e-11)

    values, names = indicators(frame[case.x])
    model = effects(frame["time"], events, values, names, frame[case.s])
    across = model.across
    assert [t.coefficient for t in across.terms] == pytest.approx(case.coefficients, abs=TOLERANCE)
    assert [t.std_error for t in across.terms] == pytest.approx(case.std_errors, abs=TOLERANCE)
    likelihoods = (across.log_likelihood_null, across.log_likelihood)
    assert likelihoods == pytest.approx(case.log_likelihood, abs=TOLERANCE)
    assert (across.n, across.events) == (len(frame), events.sum())
    heterogeneity = model.heterogeneity
    assert heterogeneity.df == case.heterogeneity[1]
    assert heterogeneity.chi_square == pytest.approx(case.heterogeneity[0], abs=TOLERANCE)
    assert heterogeneity.p_value == pytest.approx(case.heterogeneity[2], abs=TOLERANCE)


def test_several_covariates_as_in_r() -> None:
    """coxph(Surv(time, cr == 1) ~ age + male + bili + albumin + protime + strata(stage)), Efron."""
    frame = pd.read_csv(REFERENCE / "pbc.csv")
    names = ["age", "male", "bili", "albumin", "protime"]
    found = stratified_cox(
        frame["time"], frame["cr"] == 1, frame[names].to_numpy(float), names, frame["stage"]
    )
    assert [term.coefficient for term in found.terms] == pytest.approx(
        [
            0.024837900910815214,
            0.585930488988013254,
            0.130133667624485944,
            -1.058853386757854897,
            0.322662748967016799,
        ],
        abs=TOLERANCE,
    )
    assert [term.std_error for term in found.terms] == pytest.approx(
        [
            0.0095529434207474225,
            0.2574887209924228149,
            0.0171896976665076515,
            0.2331183026797299107,
            0.0981118584570091629,
        ],
        abs=TOLERANCE,
    )
    assert found.log_likelihood == pytest.approx(-434.88659195051059, abs=TOLERANCE)


def test_one_stratum_is_no_stratification(modelled) -> None:
    """The models and tests of lifelines, which R's are held against elsewhere."""
    frame, names = modelled.frame, modelled.covariates
    alone = np.zeros(len(frame))
    found = stratified_cox(frame["t"], frame["e"], frame[names].to_numpy(float), names, alone)
    plain = cox(design(frame, duration="t", event="e", covariates=names, where=""))
    for one, other in zip(found.terms, plain.terms, strict=True):
        assert one.coefficient == pytest.approx(other.coefficient, abs=TOLERANCE)
        assert one.p_value == pytest.approx(other.p_value, abs=TOLERANCE)
    group = frame[names[0]] > frame[names[0]].median()
    test = stratified_logrank(frame["t"], frame["e"], group, alone)
    expected = logrank(frame["t"], frame["e"], group)
    assert test.across.chi_square == pytest.approx(expected.chi_square, rel=1e-11)
    assert test.within[0] == test.across


# Strata that offer little: time, event, group and stratum of each patient.
LITTLE = pd.DataFrame(
    {
        "t": [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 7, 5, 5, 5],
        "e": [1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1],
        "g": list("ABABABBCBCAABA"),
        "s": ["six"] * 6 + ["without A"] * 4 + ["one patient"] + ["all at once"] * 3,
    }
)


def little(strata: list[str]) -> pd.DataFrame:
    return LITTLE[LITTLE["s"].isin(strata)]


def test_groups_that_meet_in_some_strata_only() -> None:
    """survdiff(Surv(t, e) ~ g + strata(s))$chisq; coxph(Surv(t, e) ~ g + strata(s), eps = 1e-12).

    R 4.2.2, survival 3.5-3.
    """
    found = stratified_logrank(LITTLE["t"], LITTLE["e"], LITTLE["g"], LITTLE["s"])
    assert (found.across.df, found.across.reason) == (2, "")
    assert found.across.chi_square == pytest.approx(0.68928761769408364, rel=1e-12)
    assert found.across.p_value == pytest.approx(0.70847266022409983, rel=1e-12)
    values, names = indicators(LITTLE["g"])
    model = effects(LITTLE["t"], LITTLE["e"], values, names, LITTLE["s"])
    assert [term.coefficient for term in model.across.terms] == pytest.approx(
        [-0.1648413558845982, -1.1054549979918069], abs=TOLERANCE
    )
    assert [term.std_error for term in model.across.terms] == pytest.approx(
        [0.78966487259150209, 1.47030996472615771], abs=TOLERANCE
    )
    # Without A, C is compared with B: there is no hazard ratio against A.
    assert FOLLOWS in model.within["without A"].reasons.values()
    assert set(model.within["one patient"].reasons.values()) == {CONSTANT}
    assert found.within["one patient"].p_value is None


def test_all_events_at_once() -> None:
    """anova(coxph(Surv(t, e) ~ x + strata(s)), coxph(Surv(t, e) ~ x * strata(s))), two strata."""
    data = little(["six", "all at once"])
    found = stratified_logrank(data["t"], data["e"], data["g"], data["s"])
    assert found.across.chi_square == pytest.approx(0.073903002309468793, rel=1e-12)
    assert found.within["all at once"].reason == (
        "groups were at risk together only where all at risk had the event at once"
    )
    values, names = indicators(data["g"])
    model = effects(data["t"], data["e"], values, names, data["s"])
    assert model.within["all at once"].terms[0].coefficient == pytest.approx(0, abs=1e-12)
    assert model.within["six"].terms[0].coefficient == pytest.approx(
        -0.27394781732578982, abs=TOLERANCE
    )
    assert model.heterogeneity.chi_square == pytest.approx(
        2 * (6.96279462213115 - 6.9480848614549774), abs=TOLERANCE
    )
    assert model.heterogeneity.df == 1


def test_groups_that_are_never_compared_cost_a_degree_of_freedom() -> None:
    """R ends with an error here: its variance is singular."""
    group = list("ABABCDCD")
    found = stratified_logrank(
        [1, 2, 3, 4, 1, 2, 3, 4], [1, 1, 1, 0, 1, 1, 1, 0], group, [1] * 4 + [2] * 4
    )
    assert found.across.df == 2
    assert found.across.reason == "not all groups are compared with each other, which leaves df 2"
    parts = [found.within[1].chi_square, found.within[2].chi_square]
    assert found.across.chi_square == pytest.approx(sum(filter(None, parts)), rel=1e-12)
    values, names = indicators(pd.Series(group))
    model = stratified_cox(
        [1, 2, 3, 4, 1, 2, 3, 4], [1, 1, 1, 0, 1, 1, 1, 0], values, names, [1] * 4 + [2] * 4
    )
    assert model.reasons == {"D": FOLLOWS}
    assert model.df == 2


def test_separation_within_a_stratum_is_a_limit_and_a_word() -> None:
    """Every event of the second stratum is of `x` = 1, which leaves a limit of its likelihood."""
    times, events = [1, 2, 3, 4, 5, 1, 2, 3, 4], [1, 1, 0, 1, 1, 1, 1, 0, 0]
    x = np.array([[1.0, 0, 1, 0, 1, 1, 1, 0, 0]]).T
    strata = ["a"] * 5 + ["b"] * 4
    model = effects(times, events, x, ["x"], strata)
    assert model.within["b"].reasons == {"x": SEPARATION}
    assert model.within["b"].terms[0].hazard_ratio is None
    # By hand: of 2 with x among 4, then of 1 among 3, either has the event for certain.
    assert model.within["b"].log_likelihood == pytest.approx(-math.log(2), abs=1e-12)
    assert model.heterogeneity.p_value is not None
    assert model.across.terms[0].coefficient is not None
    mirrored = effects(times, events, 1 - x, ["x"], strata)
    assert mirrored.heterogeneity.chi_square == pytest.approx(
        model.heterogeneity.chi_square, abs=1e-10
    )
    # Newton's method, which two columns are left to, comes to the same limit.
    three = np.column_stack([x[:, 0], [0.0, 1, 0, 0, 0, 0, 0, 0, 1]])
    both = effects(times, events, three, ["x", "y"], strata)
    assert both.within["b"].reasons["x"] == SEPARATION
    assert both.within["b"].log_likelihood == pytest.approx(-math.log(2), abs=1e-10)


def test_without_events_there_are_words() -> None:
    found = effects([1, 2, 3], [0, 0, 0], np.array([[0.0], [1], [1]]), ["x"], [1, 1, 2])
    assert (found.across.reasons, found.across.df) == ({"x": NO_EVENT}, 0)
    assert found.heterogeneity.reason == "fewer than two strata inform of the effect"
    test = stratified_logrank([1, 2, 3], [0, 0, 0], list("ABB"), [1, 1, 2])
    assert test.across.reason == "no event among 3 patients"
    assert test.across.p_value is None


def test_strata_of_one_group_each_are_said() -> None:
    test = stratified_logrank([1, 2, 3, 4], [1, 1, 1, 1], list("AABB"), [1, 1, 2, 2])
    assert test.across.reason == "no stratum has patients of two groups"
    model = stratified_cox(
        [1, 2, 3, 4], [1, 1, 1, 1], np.array([[0.0], [0], [1], [1]]), ["B"], [1, 1, 2, 2]
    )
    assert model.reasons == {"B": CONSTANT}
