"""Forward selection: its tests against R 4.2.2, survival 3.5-3, and what ends it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from outcomes.cautions import Kind
from outcomes.statistics.design import design
from outcomes.statistics.proportional_hazards import breslow
from outcomes.statistics.score import conditional_ratio, score_test
from outcomes.statistics.stepwise import Variable, forward_stepwise

TOLERANCE = 1e-8

# Of each data set with p covariates, the score test of adding the last one and the last two:
#   m <- coxph(Surv(t, e) ~ Z[, 1:(p - k)], ties = "breslow")
#   coxph(Surv(t, e) ~ Z, ties = "breslow", init = c(coef(m), rep(0, k)),
#         control = coxph.control(iter.max = 0))$score
# and the conditional likelihood ratio of removing the first:
#   f <- coxph(Surv(t, e) ~ Z, ties = "breslow"); b <- coef(f); V <- vcov(f)
#   b0 <- b - V[, 1] * b[1] / V[1, 1]
#   2 * (f$loglik[2] - coxph(Surv(t, e) ~ Z, ties = "breslow", init = b0,
#                            control = coxph.control(iter.max = 0))$loglik[1])
TESTS = {
    "lung": (1.81497196638124, 16.824008394476365, 1.957839610887504),
    "veteran": (0.11751205116055201, 0.28107374476026425, 1.0277306214745749),
    "mgus2": (1.0021331242249816, 27.5092053206949, 348.32890715424401),
    "pbc": (16.201759937206877, 61.389492923801093, 9.28201602000604),
}


@pytest.fixture
def cohort():
    generator = np.random.default_rng(1)
    return pd.DataFrame(
        {"t": generator.exponential(size=40), "e": 1, "x": generator.normal(size=40)}
    )


def designed(frame, *covariates):
    return design(frame, duration="t", event="e", covariates=covariates, where="model")


def select(frame, **variables):
    data = designed(frame, *(name for terms in variables.values() for name in terms))
    return forward_stepwise(
        data,
        [
            Variable(name=name, label=name.title(), terms=tuple(terms))
            for name, terms in variables.items()
        ],
        where="stepwise model",
    )


def test_score_of_adding_as_in_r(modelled, request):
    data = modelled.design
    last, last_two, _ = TESTS[request.node.callspec.params["modelled"]]
    for added, expected in ((1, last), (2, last_two)):
        inside = len(data.estimable) - added
        fit = breslow(data.times, data.events, data.standardised[:, :inside])
        coefficients = np.concatenate((fit.coefficients, np.zeros(added)))
        ours = score_test(data.times, data.events, data.standardised, coefficients)
        print(f"adding {added}: {abs(ours - expected):.1e}")
        assert abs(ours - expected) <= TOLERANCE


def test_conditional_ratio_of_removing_as_in_r(modelled, request):
    data = modelled.design
    *_, expected = TESTS[request.node.callspec.params["modelled"]]
    fit = breslow(data.times, data.events, data.standardised)
    ours = conditional_ratio(data.times, data.events, data.standardised, fit, [0])
    print(f"removing: {abs(ours - expected):.1e}")
    assert abs(ours - expected) <= TOLERANCE


def test_factor_of_several_levels_enters_as_one(veteran):
    """Veteran, cell type as three indicators against squamous; every number from R.

    From no model, coxph(Surv(time, status) ~ karno, ties = "breslow")$score and so on; with karno
    and c2 + c3 + c4 in, f <- coxph(...): coef(f), sqrt(diag(vcov(f))), f$loglik, Wald of the three
    coef(f)[i] %*% solve(vcov(f)[i, i]) %*% coef(f)[i]; the others by init = c(coef(f), 0).
    """
    frame = veteran.frame.assign(
        **{f"c{level}": (veteran.frame["celltype"] == level).astype(int) for level in (2, 3, 4)}
    )
    chosen = select(
        frame,
        karno=["karno"],
        celltype=["c2", "c3", "c4"],
        **{name: [name] for name in ("trt", "diagtime", "age", "prior")},
    )
    start, first, last = chosen.steps
    assert [(step.change, step.variable) for step in chosen.steps] == [
        ("start", ""),
        ("entered", "karno"),
        ("entered", "celltype"),
    ]
    close = {"abs": TOLERANCE, "rel": 0}
    assert {out.variable: out.score for out in start.outside} == pytest.approx(
        {
            "karno": 44.852522152727076,
            "celltype": 25.204070339279284,
            "trt": 0.0081692957916082928,
            "diagtime": 1.001101460925433,
            "age": 0.61068248793608693,
            "prior": 0.49799544887455782,
        },
        **close,
    )
    entering = next(out for out in first.outside if out.variable == "celltype")
    assert (entering.score, entering.df) == (pytest.approx(17.904089969249291, **close), 3)
    karno, celltype = last.inside
    assert (karno.df, celltype.df) == (1, 3)
    assert celltype.wald == pytest.approx(17.079749025295627, **close)
    terms = [*karno.terms, *celltype.terms]
    assert [term.coefficient for term in terms] == pytest.approx(
        [-0.030903930425546365, 0.71214810586841248, 1.1508013571776574, 0.32514264825305694],
        **close,
    )
    assert [term.std_error for term in terms] == pytest.approx(
        [0.0051786234949998773, 0.25274044289966102, 0.29286086126360822, 0.2766941518484845],
        **close,
    )
    assert {out.variable: out.score for out in last.outside} == pytest.approx(
        {
            "trt": 1.6502131508693823,
            "diagtime": 0.16518648316678541,
            "age": 0.42448232333898162,
            "prior": 0.24814960563169278,
        },
        **close,
    )
    assert last.log_likelihood == pytest.approx(-476.49859594534388, **close)


def test_a_variable_that_others_make_needless_is_removed():
    """z is nearly the sum of a and b: it is the clearest alone, and nothing beside both."""
    generator = np.random.default_rng(4)
    a, b, noise = generator.normal(size=(3, 300))
    frame = pd.DataFrame({"a": a, "b": b, "z": a + b + 0.7 * noise, "e": 1})
    frame["t"] = np.exp(-a - b) * generator.exponential(size=300)
    chosen = select(frame, z=["z"], a=["a"], b=["b"])
    changes = [(step.change, step.variable) for step in chosen.steps]
    assert changes[1] == ("entered", "z")
    assert changes[-1] == ("removed", "z")
    assert [inside.variable for inside in chosen.last.inside] == ["a", "b"]


def test_nothing_enters_without_an_effect(cohort):
    chosen = select(cohort, x=["x"])
    assert [step.change for step in chosen.steps] == ["start"]
    assert (chosen.last.inside, chosen.cautions) == ((), ())


def test_it_stops_before_a_variable_without_a_finite_estimate(cohort):
    group = (np.arange(40) < 10).astype(int)
    chosen = select(cohort.assign(g=group, e=(group != 1).astype(int)), x=["x"], g=["g"])
    assert chosen.last.inside == ()
    stopped, selection = chosen.cautions
    assert stopped.kind is Kind.SELECTION_STOPPED
    assert stopped.caution.startswith("the selection stopped after step 0: 'G' would enter next")
    assert (selection.kind, selection.figure) == (Kind.SELECTION, 2)


def test_what_cannot_be_estimated_is_no_candidate(cohort):
    chosen = select(cohort.assign(k=1.0, y=2 * cohort["x"]), x=["x"], k=["k"], y=["y"])
    assert [out.variable for out in chosen.last.outside] == ["x"]
    assert select(cohort.assign(k=1.0), k=["k"]) is None
    assert select(cohort.assign(e=0), x=["x"]) is None


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_units_do_not_matter(lung, scale):
    by_name = {name: [name] for name in lung.covariates}
    ours = select(lung.frame.assign(age=lung.frame["age"] * scale), **by_name)
    base = select(lung.frame, **by_name)
    assert [step.variable for step in ours.steps] == [step.variable for step in base.steps]
    scores = [[out.score for out in step.outside] for step in ours.steps]
    assert scores == [
        pytest.approx([out.score for out in step.outside], rel=1e-6) for step in base.steps
    ]


def test_every_step_tests_every_candidate_out_of_the_model(lung):
    chosen = select(lung.frame, **{name: [name] for name in lung.covariates})
    for number, step in enumerate(chosen.steps):
        assert len(step.inside) == number
        assert len(step.inside) + len(step.outside) == len(lung.covariates)
    entered = [step.variable for step in chosen.steps[1:]]
    assert {inside.variable for inside in chosen.last.inside} == set(entered)
    assert all(out.p_value >= 0.05 for out in chosen.last.outside)
