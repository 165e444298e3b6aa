"""Time-dependent exposure against R's survival 3.5-3 (`heart_reference.R`), and hostile data.

The Mantel-Byar test, for which R has no function, is held against a computation written in R
patient by patient, and where no two events are tied against the score test of `coxph`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.errors import OutcomesError
from outcomes.statistics.cox_start_stop import EXPOSED, cox_start_stop
from outcomes.statistics.mantel_byar import mantel_byar
from outcomes.statistics.simon_makuch import simon_makuch
from outcomes.statistics.start_stop import StartStop, from_landmark, start_stop
from outcomes.statistics.survival import kaplan_meier, logrank

REFERENCE = Path(__file__).parents[1] / "data" / "survival_reference"
HEART = pd.read_csv(REFERENCE / "heart.csv")
R: dict[str, Any] = json.loads((REFERENCE / "heart_reference.json").read_text(encoding="utf-8"))
LABELS = {name: name for name in (EXPOSED, "age", "surgery", "year")}

# A patient: time, event, exposure (-1 for none); times from a few values, so that many are tied.
PATIENTS = st.lists(
    st.tuples(st.integers(0, 8), st.booleans(), st.integers(-1, 9)), min_size=1, max_size=25
)


def heart() -> StartStop:
    return start_stop(HEART["time"], HEART["event"], HEART["exposure"])


def listed(rows: StartStop) -> list[tuple[float, ...]]:
    columns = (rows.patient, rows.start, rows.stop, rows.event, rows.exposed)
    return [tuple(map(float, row)) for row in zip(*columns, strict=True)]


def model(rows: StartStop, covariates: pd.DataFrame | None = None):
    if covariates is None:
        covariates = pd.DataFrame(index=range(int(rows.patient.max()) + 1))
    return cox_start_stop(rows, covariates, where="model", labels=LABELS)


def test_rows_are_those_of_tmerge() -> None:
    # tmerge(d, d, id = id, exposed = tdc(exposure)): none, at 0, on the way, at the event, at the
    # end of follow-up, after the event.
    rows = start_stop([10, 10, 10, 10, 10, 7], [1, 1, 1, 1, 0, 1], [None, 0, 4, 10, 10, 12])
    expected = [
        (row["id"] - 1, row["start"], row["stop"], row["event"], row["exposed"])
        for row in R["tmerge_toy"]
    ]
    assert listed(rows) == expected
    assert (rows.no_time, rows.exposed_too_late) == (0, 3)


def test_who_has_no_time_has_no_row() -> None:
    rows = start_stop([0, 5], [1, 0], [0, None])
    assert listed(rows) == [(1, 0, 5, 0, 0)]
    assert (rows.no_time, rows.exposed_too_late) == (1, 0)


@pytest.mark.parametrize(
    ("exposure", "message"),
    [
        ([None], "as many exposures as times, found 1 exposures and 2 times"),
        ([None, -1], "exposure, position 2: expected a number of at least 0, found -1"),
        (["soon", None], "exposure: expected a list of numbers, found something else"),
    ],
)
def test_bad_exposures_are_refused(exposure: list[object], message: str) -> None:
    with pytest.raises(OutcomesError, match=message):
        start_stop([1, 2], [1, 1], exposure)


@pytest.mark.parametrize(
    ("reference", "covariates"),
    [
        # coxph(Surv(start, stop, event) ~ exposed + age + surgery, data = s, ties = "efron")
        ("cox_exposed", []),
        ("cox_efron", ["age", "surgery"]),
        ("cox_efron_year", ["age", "surgery", "year"]),
    ],
)
def test_cox_is_that_of_coxph(reference: str, covariates: list[str]) -> None:
    expected = R[reference]
    fitted = model(heart(), HEART[covariates])
    coefficients = [term.coefficient for term in fitted.terms]
    errors = [term.std_error for term in fitted.terms]
    assert coefficients == pytest.approx(np.atleast_1d(expected["coef"]), abs=1e-9)
    assert errors == pytest.approx(np.atleast_1d(expected["se"]), abs=1e-9)
    assert (fitted.log_likelihood_null, fitted.log_likelihood) == pytest.approx(
        expected["loglik"], abs=1e-9
    )
    assert (fitted.n, fitted.events) == (103, 75)


def test_mantel_byar_with_ties_is_the_hypergeometric_one() -> None:
    found = mantel_byar(heart())
    assert found.chi_square == pytest.approx(R["mantel_byar"]["chi_square"], rel=1e-12)
    assert found.p_value == pytest.approx(R["mantel_byar"]["p"], rel=1e-12)
    assert found.df == 1


def test_mantel_byar_without_ties_is_the_score_test_of_coxph() -> None:
    found = mantel_byar(
        start_stop(HEART["time"] + HEART["id"] / 1000, HEART["event"], HEART["exposure"])
    )
    assert found.chi_square == pytest.approx(R["score_untied"], rel=1e-10)
    assert found.chi_square == pytest.approx(R["mantel_byar_untied"]["chi_square"], rel=1e-12)


@pytest.mark.parametrize(("reference", "landmark"), [("survfit", None), ("survfit_from_30", 30)])
@pytest.mark.parametrize(("group", "name"), [("exposed=0", "unexposed"), ("exposed=1", "exposed")])
def test_curves_are_those_of_survfit(
    reference: str, landmark: float | None, group: str, name: str
) -> None:
    rows = heart() if landmark is None else from_landmark(heart(), landmark)
    curve, expected = getattr(simon_makuch(rows), name), R[reference][group]
    assert curve.time.tolist() == expected["time"]
    assert curve.n_at_risk.tolist() == expected["n_at_risk"]
    assert curve.n_events.tolist() == expected["n_events"]
    # R counts who goes on in the other group as censored.
    assert (curve.n_censored + curve.n_switched).tolist() == expected["n_left"]
    assert curve.survival == pytest.approx(expected["survival"], abs=1e-14)
    assert curve.std_error == pytest.approx(expected["std_error"], abs=1e-14)
    for ours, theirs in ((curve.ci_lower, "lower"), (curve.ci_upper, "upper")):
        limits = [np.nan if limit == "NA" else limit for limit in expected[theirs]]
        assert ours == pytest.approx(limits, abs=1e-13, nan_ok=True)


def test_landmark_leaves_out_whose_time_ends_at_it() -> None:
    rows = from_landmark(start_stop([2, 3, 9, 9], [1, 1, 1, 0], [None, None, 1, 4]), 3)
    assert listed(rows) == [(2, 3, 9, 1, 1), (3, 3, 4, 0, 0), (3, 4, 9, 0, 1)]


def test_with_everybody_s_exposure_at_0_or_never_it_is_the_usual_analysis() -> None:
    exposure = np.where(HEART["surgery"] == 1, 0.0, np.nan)
    rows = start_stop(HEART["time"], HEART["event"], exposure)
    usual = logrank(HEART["time"], HEART["event"], HEART["surgery"])
    assert mantel_byar(rows).chi_square == pytest.approx(usual.chi_square, rel=1e-12)
    operated = HEART[HEART["surgery"] == 1]
    kaplan = kaplan_meier(operated["time"], operated["event"])
    curve = simon_makuch(rows).exposed
    assert curve is not None
    assert curve.survival == pytest.approx(kaplan.survival, abs=1e-15)
    assert curve.std_error == pytest.approx(kaplan.std_error, abs=1e-15, nan_ok=True)


@given(patients=PATIENTS)
def test_nothing_is_lost_and_nothing_is_nan(patients: list[tuple[int, bool, int]]) -> None:
    time, event, exposure = (np.array(column, dtype=float) for column in zip(*patients))  # noqa: B905
    rows = start_stop(time, event, np.where(exposure < 0, np.nan, exposure))
    assert (rows.stop - rows.start).sum() == time.sum()
    assert rows.event.sum() == event[time > 0].sum()
    assert np.unique(rows.patient).size + rows.no_time == time.size
    assert (rows.start < rows.stop).all()
    if not rows.patient.size:
        return
    test, fitted = mantel_byar(rows), model(rows)
    assert (test.p_value is None) == bool(test.reason)
    assert test.p_value is None or 0 <= test.p_value <= 1
    if fitted.terms[0].coefficient is None:
        assert fitted.cautions or test.reason
    else:
        assert np.isfinite([fitted.terms[0].hazard_ratio, fitted.terms[0].p_value]).all()
    curves = simon_makuch(rows)
    for curve in filter(None, (curves.unexposed, curves.exposed)):
        left = curve.n_events + curve.n_censored + curve.n_switched
        assert (np.cumsum(curve.n_entered) - np.cumsum(left) + left == curve.n_at_risk).all()
        assert curve.n == left.sum()
        assert ((curve.survival >= 0) & (curve.survival <= 1)).all()
        for tick in range(10):
            counts = curve.counts_before(tick)
            assert counts.n_at_risk >= 0
        assert curve.counts_before(99).n_at_risk == 0


@pytest.mark.parametrize(
    ("time", "event", "exposure", "reason"),
    [
        ([3, 4], [1, 1], [None, None], "nobody was exposed while under observation"),
        ([3, 4], [1, 1], [3, 5], "nobody was exposed while under observation"),
        ([3, 4], [1, 1], [0, 0], "everybody was exposed from the start"),
        ([3, 4], [0, 0], [1, None], "no event"),
        ([5], [1], [2], "no event tells the two apart"),
        ([5, 9], [1, 1], [None, 6], "no event tells the two apart"),
        ([5, 5], [1, 1], [2, None], "no event tells the two apart"),
    ],
)
def test_without_a_comparison_there_are_words(
    time: list[float], event: list[int], exposure: list[float | None], reason: str
) -> None:
    test = mantel_byar(start_stop(time, event, exposure))
    assert (test.chi_square, test.df, test.p_value) == (None, None, None)
    assert reason in test.reason


def test_separation_has_no_hazard_ratio_but_a_test() -> None:
    rows = start_stop([4, 5, 6, 7, 9, 9, 9], [1, 1, 1, 1, 0, 0, 0], [None] * 4 + [1, 2, 3])
    # By hand: 3 of 7, 6, 5 and 4 at risk are exposed, and none has the event.
    expected, variance = 3 / 7 + 3 / 6 + 3 / 5 + 3 / 4, 12 / 49 + 1 / 4 + 6 / 25 + 3 / 16
    assert mantel_byar(rows).chi_square == pytest.approx(expected**2 / variance, rel=1e-12)
    fitted = model(rows)
    assert fitted.terms[0].hazard_ratio is None
    (caution,) = (each for each in fitted.cautions if each.kind == "separation")
    assert "runs to minus infinity" in caution.caution
    assert "no penalised model for start-stop rows" in caution.caution


def test_a_curve_that_falls_to_0_before_others_enter_says_so() -> None:
    rows = start_stop([3, 9, 9, 9], [1, 0, 1, 0], [1, 4, 5, 6])
    curve = simon_makuch(rows).exposed
    assert curve is not None
    assert curve.emptied == 3
    assert curve.survival.tolist() == [0, 0]
    assert np.isnan(curve.std_error).all()
    assert curve.n_at_risk.tolist() == [1, 3]
    mended = simon_makuch(from_landmark(rows, 3)).exposed
    assert mended is not None
    assert mended.emptied is None
    assert mended.survival.tolist() == pytest.approx([2 / 3])


def test_a_curve_is_not_read_before_it_begins() -> None:
    curve = simon_makuch(start_stop([9, 9], [1, 0], [4, None])).exposed
    assert curve is not None
    assert curve.at(4).survival == 1
    with pytest.raises(OutcomesError, match="at least 4, where the curve begins, found 3"):
        curve.at(3)
    with pytest.raises(OutcomesError, match="confidence: expected a fraction"):
        simon_makuch(start_stop([9], [1], [None]), confidence=95)


def test_covariates_are_checked_and_the_useless_are_named() -> None:
    rows = start_stop([4, 5, 6, 7], [1, 1, 1, 0], [None, 1, 2, None])
    with pytest.raises(OutcomesError, match="expected numbers and no column 'exposed'"):
        model(rows, pd.DataFrame({EXPOSED: [0, 1, 0, 1]}))
    with pytest.raises(OutcomesError, match="expected numbers"):
        model(rows, pd.DataFrame({"age": [0, 1, np.nan, 1]}))
    fitted = model(rows, pd.DataFrame({"age": [2, 2, 2, 2]}))
    assert fitted.terms[1].coefficient is None
    assert any("single value 2 among the 4 patients" in c.caution for c in fitted.cautions)
