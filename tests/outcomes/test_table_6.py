"""Table 6 of Wen et al. 2022: its layout, and each printed cell beside what is found here.

The cohort is a synthetic reconstruction that pins the order of events, not this table: its own
check calls every constraint of Table 6 unmet. So the printed model (sex, WBC, FCM at TP2) is held
to the reconstruction's values, and the model that the selection chooses here stands beside it.
`tests/data/wen_2022/table_6.tsv` shows the cells; `pytest -rP -k table_6` prints them, rounded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import chi2

from fusion_caller.tables import read_table
from outcomes.cautions import against_curves
from outcomes.clinical.cohort import Cohort, Results, join_results
from outcomes.models import terms_of
from outcomes.statistics.cox import wald_term
from outcomes.statistics.design import design
from outcomes.statistics.proportional_hazards import breslow
from outcomes.statistics.score import score_test

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcomes.analysis import Analysis
    from outcomes.tables import OutcomeResults

WEN_2022 = Path(__file__).parents[1] / "data" / "wen_2022"
THE_37 = "wen-2022-as-analysed"
# The printed row: the term here, and whether the print has it the other way round: its hazard
# ratio of sex is that of girls, those of WBC and FCM are those of the low level.
PRINTED_IN = {
    "Gender": ("sex: female", False),
    "WBC 300": ("wbc_300: ≥300", True),
    "TP2 FCM-MRD": ("fcm_tp2_001: ≥0.01", True),
}
PRINTED_OUT = {
    "Age": "age: non-infant (≥12 months)",
    "Dexamethasone DGR/DPR": "dexamethasone_response: poor",
    "TP1 FCM-MRD": "fcm_tp1_001: ≥0.01",
    "TP1 PCR-MRD": "pcr_tp1: positive",
    "TP2 PCR-MRD": "pcr_tp2: positive",
}
IN_COLUMNS = ("B", "SE", "Wald", "df", "Sig", "Exp(B)", "CI lower", "CI upper")
OUT_COLUMNS = ("score", "df", "Sig")

Cells = dict[str, float]


def last_step(results: OutcomeResults, endpoint: str) -> list[Mapping[str, object]]:
    return [
        row
        for row in results.tables["table_multivariable_stepwise"]
        if (row["endpoint"], row["last_step"]) == (endpoint, "yes")
    ]


def inside(row: Mapping[str, object], *, turned: bool) -> Cells:
    """The cells of a row in the model, of the inverse hazard ratio where it is turned round."""
    ours = ("coefficient", "std_error", "wald", "df", "p_value", "hazard_ratio", "ci_lower")
    values = dict(zip(IN_COLUMNS, (row[c] for c in (*ours, "ci_upper")), strict=True))
    cells = {name: float(str(value)) for name, value in values.items()}
    if turned:
        lower, upper = 1 / cells["CI upper"], 1 / cells["CI lower"]
        cells |= {"B": -cells["B"], "Exp(B)": 1 / cells["Exp(B)"]}
        cells |= {"CI lower": lower, "CI upper": upper}
    return cells


def outside(score: float) -> Cells:
    return dict(zip(OUT_COLUMNS, (score, 1.0, float(chi2.sf(score, 1))), strict=True))


def flat(rows: Mapping[str, Cells]) -> Cells:
    return {f"{row} {cell}": value for row, cells in rows.items() for cell, value in cells.items()}


@pytest.fixture
def chosen(published: OutcomeResults) -> Cells:
    """The cells of the selection; a row that it has on the other side has none of the print's."""
    rows = last_step(published, THE_37)
    terms = {row["term"]: row for row in rows}
    scores = {row["variable"]: row["score"] for row in rows if row["in_model"] == "no"}
    found = {
        name: inside(terms[term], turned=turned)
        for name, (term, turned) in PRINTED_IN.items()
        if term in terms
    }
    for name, term in PRINTED_OUT.items():
        if term.partition(":")[0] in scores:
            found[name] = outside(float(str(scores[term.partition(":")[0]])))
    return flat(found)


@pytest.fixture
def of_printed_model(
    published: OutcomeResults, reconstructed: Cohort, integrated: Results, wen_2022: Analysis
) -> Cells:
    """The cells of the model that is printed, on the same 37 patients."""
    times = published.endpoints[0].data
    data = join_results(reconstructed, integrated).cohort.data.loc[times.index]
    values, _ = terms_of(data, wen_2022.covariates, wen_2022.factors)
    frame = values.assign(t=times["time_months"], e=times["event"])
    terms = [term for term, _ in PRINTED_IN.values()]
    model = design(frame, duration="t", event="e", covariates=terms, where="")
    fit = breslow(model.times, model.events, model.standardised)
    assert fit is not None
    coefficients = fit.coefficients / model.scale
    errors = np.sqrt(np.diag(fit.covariance)) / model.scale
    found: dict[str, Cells] = {}
    for place, (name, (term, turned)) in enumerate(PRINTED_IN.items()):
        made = wald_term(term, float(coefficients[place]), float(errors[place]))
        row = {column: getattr(made, column) for column in made.__slots__}
        row |= {"wald": float(made.z or 0) ** 2, "df": 1}
        found[name] = inside(row, turned=turned)
    for name, term in PRINTED_OUT.items():
        more = design(frame, duration="t", event="e", covariates=[*terms, term], where="")
        beside = np.concatenate((coefficients * more.scale[:3], [0]))
        found[name] = outside(score_test(more.times, more.events, more.standardised, beside))
    return flat(found)


def read(name: str) -> list[Mapping[str, str]]:
    return [row.values for row in read_table(WEN_2022 / name, quoting=False).rows]


def test_the_layout_is_that_of_table_6(published: OutcomeResults) -> None:
    """Eight rows; those in the model with B to CI, those out of it with score, df and Sig."""
    rows = last_step(published, THE_37)
    assert [row["variable"] for row in rows if row["in_model"] == "yes"] == [
        "wbc_300",
        "fcm_tp2_001",
        "pcr_tp2",
    ]
    assert [row["variable"] for row in rows if row["in_model"] == "no"] == [
        "sex",
        "age",
        "dexamethasone_response",
        "fcm_tp1_001",
        "pcr_tp1",
    ]
    printed = {term.partition(":")[0] for term, _ in PRINTED_IN.values()}
    printed |= {term.partition(":")[0] for term in PRINTED_OUT.values()}
    assert {row["variable"] for row in rows} == printed
    in_only = ("coefficient", "std_error", "wald", "hazard_ratio", "ci_lower", "ci_upper")
    for row in rows:
        is_in = row["in_model"] == "yes"
        assert all((row[column] is not None) == is_in for column in in_only)
        assert (row["score"] is None) == is_in
        assert row["df"] == 1
        assert row["p_value"] is not None


def test_pcr_takes_the_place_of_sex_at_the_second_step(published: OutcomeResults) -> None:
    """Print has sex in and PCR at TP2 out: here PCR is ahead by a narrow margin.

    The scores beside FCM at TP2, R 4.2.2, survival 3.5-3: m <- coxph(Surv(t, e) ~ fcm_tp2_001,
    ties = "breslow"); coxph(Surv(t, e) ~ fcm_tp2_001 + x, ties = "breslow",
    init = c(coef(m), 0), control = coxph.control(iter.max = 0))$score.
    """
    rows = [
        row for row in published.tables["table_multivariable_stepwise"] if row["endpoint"] == THE_37
    ]
    assert list(dict.fromkeys(row["changed"] for row in rows)) == [
        "",
        "fcm_tp2_001",
        "pcr_tp2",
        "wbc_300",
    ]
    second = {row["variable"]: row["score"] for row in rows if row["step"] == 1}
    assert second["pcr_tp2"] == pytest.approx(9.2038360565791582, abs=1e-8)
    assert second["wbc_300"] == pytest.approx(8.6845736486264613, abs=1e-8)
    assert second["sex"] == pytest.approx(6.5723916276685701, abs=1e-8)


def test_made_right_the_analysis_chooses_the_printed_variables(default: OutcomeResults) -> None:
    rows = last_step(default, "efs")
    assert [row["term"] for row in rows if row["in_model"] == "yes"] == [
        term for term, _ in PRINTED_IN.values()
    ]


def test_every_cell_beside_the_printed_one(of_printed_model: Cells, chosen: Cells) -> None:
    cells = read("table_6.tsv")
    assert [row["cell"] for row in cells] == list(of_printed_model)
    for row in cells:
        cell = row["cell"]
        assert of_printed_model[cell] == pytest.approx(float(row["printed_model"]), abs=1e-8)
        assert (cell in chosen) == bool(row["chosen_model"])
        shown = "not there"
        if cell in chosen:
            assert chosen[cell] == pytest.approx(float(row["chosen_model"]), abs=1e-8)
            shown = f"{chosen[cell]:.3f}"
        print(f"{cell:30} {row['printed']:>7} {of_printed_model[cell]:8.3f} {shown:>10}")


def test_the_printed_cells_are_those_of_the_list() -> None:
    printed = {row["cell"]: row["printed"] for row in read("table_6.tsv")}
    listed = {
        row["row"].replace(" score test Sig (value printed in B column)", " Sig"): row["published"]
        for row in read("published_cells.tsv")
        if row["table"] == "T6"
    }
    shared = printed.keys() & listed.keys()
    assert len(shared) == 3 * 5 + 5
    assert {cell: printed[cell] for cell in shared} == {cell: listed[cell] for cell in shared}


def test_the_printed_model_is_that_of_the_reconstruction(
    of_printed_model: Cells,
) -> None:
    """Its own check, made with R, says the same, and that no cell is met."""
    names = {
        "T6 female B": "Gender B",
        "T6 female SE": "Gender SE",
        "T6 wbc300 B": "WBC 300 B",
        "T6 wbc300 SE": "WBC 300 SE",
        "T6 FCM2 CI upper (1/HR)": "TP2 FCM-MRD CI upper",
        "T6 score age": "Age score",
        "T6 score DGR": "Dexamethasone DGR/DPR score",
        "T6 score FCM1": "TP1 FCM-MRD score",
        "T6 score PCR1": "TP1 PCR-MRD score",
        "T6 score PCR2": "TP2 PCR-MRD score",
    }
    constraints = {row["constraint"]: row for row in read("reconstruction_check.tsv")}
    assert set(names) == {name for name in constraints if name.startswith("T6")}
    for name, cell in names.items():
        sign = -1 if cell == "WBC 300 B" else 1
        reconstructed = float(constraints[name]["reconstructed"])
        assert of_printed_model[cell] == pytest.approx(sign * reconstructed, abs=5e-5)
        assert constraints[name]["status"] == "NO"


def test_the_printed_model_as_in_r(of_printed_model: Cells) -> None:
    """f <- coxph(Surv(t, e) ~ sex + wbc_300 + fcm_tp2_001, ties = "breslow"); R 4.2.2.

    The scores: coxph(update(formula(f), ~ . + x), ties = "breslow", init = c(coef(f), 0),
    control = coxph.control(iter.max = 0))$score. The signs of WBC and FCM are turned round.
    """
    expected = {
        "Gender B": 1.1641147410294732,
        "Gender SE": 0.50472153115549157,
        "WBC 300 B": -1.5026443156873683,
        "WBC 300 SE": 0.59843963244138554,
        "TP2 FCM-MRD B": -2.5164365529338868,
        "TP2 FCM-MRD SE": 0.55958490596978316,
        "Age score": 1.300475658266244,
        "Dexamethasone DGR/DPR score": 1.1731603311298633,
        "TP1 FCM-MRD score": 0.049429567114437224,
        "TP1 PCR-MRD score": 1.2135151283758814,
        "TP2 PCR-MRD score": 1.8385616741271875,
    }
    ours = {cell: of_printed_model[cell] for cell in expected}
    assert ours == pytest.approx(expected, abs=1e-8)


def test_the_printed_model_has_the_printed_significance(of_printed_model: Cells) -> None:
    """Not one figure but every conclusion is the same: in below 0.05, out above."""
    tested = [row for row in read("table_6.tsv") if row["cell"].endswith(" Sig")]
    assert len(tested) == 8
    for row in tested:
        assert (of_printed_model[row["cell"]] < 0.05) == (float(row["printed"]) < 0.05)


@pytest.mark.parametrize(
    ("term", "hazard_ratio", "survival", "survival_reference"),
    [
        # Table 6 as labelled, with the estimates of Table 4 that it contradicts.
        ("WBC: >300 against <300", 0.231, 0.1667, 0.4957),
        ("Sex: male against female", 3.380, 0.5780, 0.1571),
    ],
)
def test_the_printed_directions_would_have_been_told(
    term: str, hazard_ratio: float, survival: float, survival_reference: float
) -> None:
    (caution,) = against_curves(
        term,
        hazard_ratio,
        survival=survival,
        survival_reference=survival_reference,
        time_months=60,
        where="Table 6",
    )
    assert f"the hazard ratio {hazard_ratio:.2f} for '{term}' points against" in caution.caution
    assert caution.figure == hazard_ratio
