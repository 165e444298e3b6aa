"""Transplantation and CAR-T cells in an analysis: tables, flow, cautions, and hostile cohorts."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from outcomes.analysis import load_analysis, load_preset, presets
from outcomes.clinical.cohort import read_cohort
from outcomes.errors import AnalysisError
from outcomes.tables import OutcomeResults, analyse
from outcomes.time_dependent_tables import TIME_DEPENDENT_COLUMNS, TIME_DEPENDENT_CURVE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from outcomes.clinical.cohort import Cohort

    Reader = Callable[[str], Cohort]
    Analyser = Callable[..., OutcomeResults]

REFERENCE = Path(__file__).parents[1] / "data" / "survival_reference"
R: dict[str, Any] = json.loads((REFERENCE / "heart_reference.json").read_text(encoding="utf-8"))
HEADER = "patient relapse_months death_months last_contact_months hsct_months\n"
ONLY = "curves: []\nunivariate: []\nmultivariable: {covariates: [sex]}\ncumulative_incidence:\n"


@pytest.fixture
def analysed(tmp_path: Path) -> Analyser:
    """Analyse a cohort by the default preset without what does not matter here."""

    def run(cohort: Cohort, asked: str = "{exposures: [hsct]}", more: str = "") -> OutcomeResults:
        path = tmp_path / "analysis.yaml"
        path.write_text(f"population: []\n{ONLY}{more}time_dependent: {asked}\n", encoding="utf-8")
        return analyse(cohort, None, load_analysis(path))

    return run


def rows_of(results: OutcomeResults, endpoint: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    before, after = (
        row for row in results.tables["table_time_dependent"] if row["endpoint"] == endpoint
    )
    return before, after


def told(results: OutcomeResults, kind: str) -> list[str]:
    return [
        str(row["caution"])
        for row in results.tables["cautions"]
        if row["kind"] == kind and row["variable"] == "hsct"
    ]


def test_heart_transplants_in_a_clinical_table(tmp_path: Path, analysed: Analyser) -> None:
    """The values of R, from a table of months: only the order of times matters to them."""
    heart = pd.read_csv(REFERENCE / "heart.csv")
    months = heart[["time", "exposure"]] / 30.4375
    table = pd.DataFrame(
        {
            "patient": [f"J{number}" for number in heart["id"]],
            "age_months": heart["age"] + 40,
            "x_surgery": heart["surgery"].map({0: "no", 1: "yes"}),
            "death_months": months["time"].where(heart["event"] == 1),
            "last_contact_months": months["time"].where(heart["event"] == 0),
            "hsct_months": months["exposure"],
        }
    )
    table.to_csv(tmp_path / "heart.csv", index=False, float_format="%.17g")
    results = analysed(
        read_cohort(tmp_path / "heart.csv"),
        "{exposures: [hsct], covariates: [age_months, surgery]}",
        "endpoints: [os]\nhorizon_months: 24\n"
        "factors: {surgery: {kind: category, column: x_surgery, levels: [no, yes]}}\n",
    )
    before, after = rows_of(results, "os")
    assert (before["patients"], before["events"]) == (103, 30)
    assert (after["patients"], after["events"]) == (69, 45)
    assert before["person_months"] + after["person_months"] == pytest.approx(months["time"].sum())
    assert after["events_per_100_person_years"] == pytest.approx(54000 / after["person_months"])
    assert after["chi_square"] == pytest.approx(R["mantel_byar"]["chi_square"], rel=1e-9)
    assert after["hazard_ratio"] == pytest.approx(math.exp(R["cox_exposed"]["coef"]), rel=1e-9)
    adjusted = math.exp(R["cox_efron"]["coef"][0])
    assert after["adjusted_hazard_ratio"] == pytest.approx(adjusted, rel=1e-8)
    assert after["naive_hazard_ratio"] == pytest.approx(math.exp(R["naive"]["coef"]), rel=1e-8)
    assert (before["hazard_ratio"], before["reference"]) == (None, "not_yet")
    (immortal,) = told(results, "immortal_time")
    assert "would have a hazard ratio of 0.27 (95% CI 0.17 to 0.43)" in immortal
    assert "where counted from its own time it has 1.14 (95% CI 0.63 to 2.05)" in immortal
    curve = [r for r in results.tables["curves_time_dependent"] if r["group"] == "after"]
    expected = R["survfit"]["exposed=1"]
    assert [r["survival"] for r in curve] == pytest.approx(expected["survival"], abs=1e-12)
    assert [r["n_at_risk"] for r in curve] == expected["n_at_risk"]
    (record,) = results.models["time_dependent"]  # type: ignore[misc]
    assert [model["model"] for model in record["models"]] == ["exposure alone", "adjusted"]
    assert record["start_stop_rows"] == 172


# A: in first remission. B and C: after a relapse. D: on the day of relapse. E to H: never.
SECOND_REMISSION = (
    HEADER
    + """A - - 60 5
B 10 30 - 15
C 12 - 50 20
D 9 25 - 9
E - 8 - -
F 14 40 - -
G - - 70 -
H - - 55 -
"""
)


def test_after_the_event_an_exposure_does_not_count(clinical: Reader, analysed: Analyser) -> None:
    results = analysed(clinical(SECOND_REMISSION))
    for endpoint, in_time, too_late, relapsed in (("efs", 1, 3, 0), ("os", 4, 0, 3)):
        before, after = rows_of(results, endpoint)
        assert (before["patients"], after["patients"]) == (8, in_time)
        for row in (before, after):
            assert (row["exposed_too_late"], row["exposed_after_relapse"]) == (too_late, relapsed)
    _, after = rows_of(results, "os")
    assert after["median_exposure_months"] == 12
    assert after["person_months"] == 55 + 15 + 30 + 16
    flow = {
        (row["endpoint"], row["step"]): row["reason"]
        for row in results.tables["flow"]
        if row["variable"] == "hsct"
    }
    assert flow["efs", "transplanted"] == (
        "1 transplanted in time; 3 at or after the event or the end of follow-up, which does not "
        "count"
    )
    assert flow["os", "transplanted"] == "4 transplanted in time, 3 of them after a relapse"
    assert flow["os", "analysed"] == "4 with an event, 2 of them after transplantation"


HOSTILE = {
    "nobody": ("A 5 - 9 -\nB - - 12 -\n", "nobody was exposed while under observation"),
    "everybody at 0": ("A - 5 - 0\nB - - 12 0\n", "everybody was exposed from the start"),
    "one patient": ("A - 9 - 4\n", "no event tells the two apart"),
    "one patient, never": ("A - 9 - -\n", "nobody was exposed"),
    "at the event": ("A - 9 - 9\nB - 7 - -\n", "nobody was exposed while under observation"),
    "no event": ("A - - 9 3\nB - - 12 -\n", "no event"),
    "nobody has time": ("A - 0 - 0\nB - 0 - -\n", "nobody has time under observation"),
}


@pytest.mark.parametrize(("rows", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_without_a_comparison_the_rows_say_why(
    clinical: Reader, analysed: Analyser, rows: str, reason: str
) -> None:
    results = analysed(clinical(HEADER + rows), "{exposures: [hsct], covariates: [age_months]}")
    table = results.tables["table_time_dependent"]
    assert len(table) == 4
    for row in table:
        assert row["p_value"] is None
        assert row["hazard_ratio"] is None
        assert reason in row["note"]
        assert row["survival"] is not None or "no estimate" in row["note"]
    _without_nan(results)


def test_the_exposed_without_event_have_no_hazard_ratio(
    clinical: Reader, analysed: Analyser
) -> None:
    rows = "".join(f"A{n} - {n} - -\nB{n} - - 70 {n}\n" for n in range(3, 12))
    results = analysed(clinical(HEADER + rows))
    _, after = rows_of(results, "os")
    assert after["hazard_ratio"] is None
    assert after["p_value"] < 0.02
    assert after["survival"] == 1
    assert "no hazard ratio: no event after transplantation" in after["note"]
    assert "as a baseline factor it has no finite hazard ratio either" in after["note"]
    assert "no event by 60 months, so no interval" in after["note"]
    assert "not adjusted: no covariates are declared" in after["note"]
    separated = told(results, "separation")
    assert len(separated) == 2
    assert all("infinity" in each and "nan" not in each for each in separated)
    _without_nan(results)


def _without_nan(results: OutcomeResults) -> None:
    for name in ("table_time_dependent", "curves_time_dependent", "cautions", "flow"):
        for row in results.tables[name]:
            assert not any(isinstance(v, float) and math.isnan(v) for v in row.values()), row
    json.dumps(results.models, allow_nan=False)


EMPTIED = "".join(f"A{n} - - 70 {n + 10}\n" for n in range(6)) + "B - 5 - 3\nC - 20 - -\n"


def test_a_curve_that_fell_to_0_gives_no_estimate_and_a_landmark_mends_it(
    clinical: Reader, analysed: Analyser
) -> None:
    cohort = clinical(HEADER + EMPTIED)
    results = analysed(cohort)
    _, after = rows_of(results, "os")
    assert after["survival"] is None
    assert "the curve fell to 0 at 5.0 months, before others were transplanted" in after["note"]
    assert any("fell to 0 at 5.0 months" in each for each in told(results, "few_at_risk_early"))
    assert all(not each.drawn for each in results.time_dependent)
    mended = analysed(cohort, "{exposures: [hsct], landmark_months: 6}")
    _, after = rows_of(mended, "os")
    assert (after["survival"], after["n_at_risk"]) == (1, 6)
    assert "curves from the landmark at 6 months, without 1 whose time ended" in after["note"]
    assert not told(mended, "few_at_risk_early")
    assert all(each.drawn for each in mended.time_dependent)
    # The test and the hazard ratio are of the whole time, with and without the landmark.
    assert rows_of(results, "os")[1]["chi_square"] == after["chi_square"]


def test_events_in_a_small_early_risk_set_are_told(clinical: Reader, analysed: Analyser) -> None:
    rows = "A - 5 - 3\nB - 30 - 4\n" + "".join(f"C{n} - - 70 {n + 10}\n" for n in range(6))
    results = analysed(clinical(f"{HEADER}{rows}D - 20 - -\n"))
    early = told(results, "few_at_risk_early")
    assert "1 event occurred before five were at risk, the first at 5.0 months with 2" in early[0]
    assert "50% off" in early[0]


def test_who_lacks_a_covariate_is_counted(clinical: Reader, analysed: Analyser) -> None:
    rows = "".join(f"A{n} - {2 * n} - - {n}\nB{n} - {n + 9} - {n - 1} {n}\n" for n in range(3, 12))
    cohort = clinical(f"{HEADER.strip()} wbc_e9_per_l\n{rows}C - 9 - 2 -\n")
    results = analysed(cohort, "{exposures: [hsct], covariates: [wbc_e9_per_l]}")
    _, after = rows_of(results, "os")
    assert (after["adjusted_n"], after["adjusted_events"]) == (18, 18)
    assert after["adjusted_for"].startswith("White blood cells")
    assert after["adjusted_hazard_ratio"] is not None
    assert "1 without a covariate are not in the adjusted model" in after["note"]


def test_time_0_is_counted_as_left_out(clinical: Reader, analysed: Analyser) -> None:
    results = analysed(clinical(f"{SECOND_REMISSION}I - 0 - -\n"))
    before, _ = rows_of(results, "os")
    assert (before["n"], before["patients"]) == (8, 8)
    assert "1 left out whose time is 0" in before["note"]
    left = [r["left"] for r in results.tables["flow"] if r["step"] == "time under observation"]
    assert left == [1, 1]


def test_what_the_table_does_not_know_is_not_analysed(clinical: Reader, analysed: Analyser) -> None:
    results = analysed(clinical(SECOND_REMISSION), "{exposures: [hsct, car_t]}")
    assert {row["exposure"] for row in results.tables["table_time_dependent"]} == {"hsct"}
    (absent,) = [r for r in results.tables["flow"] if r["step"] == "not in the clinical table"]
    assert str(absent["reason"]).endswith("CAR-T cells")
    dated = clinical(
        "patient diagnosis_date death_months last_contact_months hsct_date car_t_date\n"
        "A 2020-01-01 9 - 2020-04-01 -\nB 2020-01-01 7 - - 2020-03-01\nC 2020-01-01 - 9 - -\n"
    )
    results = analysed(dated, "{exposures: [hsct, car_t]}")
    after = [r for r in results.tables["table_time_dependent"] if r["group"] == "after"]
    assert [(r["exposure"], r["patients"]) for r in after] == [
        ("hsct", 1),
        ("hsct", 1),
        ("car_t", 1),
        ("car_t", 1),
    ]
    assert after[2]["group_label"] == "after CAR-T cells"


def test_tables_have_their_columns(clinical: Reader, analysed: Analyser) -> None:
    results = analysed(clinical(SECOND_REMISSION))
    for name, columns in (
        ("table_time_dependent", TIME_DEPENDENT_COLUMNS),
        ("curves_time_dependent", TIME_DEPENDENT_CURVE_COLUMNS),
    ):
        assert all(tuple(row) == columns for row in results.tables[name])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("{exposures: [bmt]}", "time_dependent.exposures.*expected one of hsct, car_t"),
        ("{exposures: [hsct], endpoints: [os]}", "expected one of the keys exposures, covariates"),
        ("{exposures: [hsct], covariates: [fcm_tp2_001]}", "'fcm_tp2_001' counts from a landmark"),
        ("{exposures: [hsct], covariates: [treatment_death]}", "nothing that happens later"),
        ("{exposures: [hsct], landmark_months: 60}", "before the horizon, 60 months, found 60"),
        ("[hsct]", "expected keys and values"),
    ],
)
def test_a_wrong_request_is_refused(tmp_path: Path, asked: str, message: str) -> None:
    (tmp_path / "a.yaml").write_text(f"time_dependent: {asked}\n", encoding="utf-8")
    with pytest.raises(AnalysisError, match=message):
        load_analysis(tmp_path / "a.yaml")


@pytest.mark.parametrize("name", presets())
def test_every_preset_analyses_transplantation(name: str) -> None:
    assert load_preset(name).exposed.exposures == ("hsct",)


def test_late_factors_without_a_landmark_are_told(clinical: Reader, analysed: Analyser) -> None:
    cohort = clinical(
        f"{HEADER.strip()} mrd_pcr_tp2\n"
        "A - - 60 5 negative\nB 10 30 - 15 positive\nE - 8 - - positive\nG - - 70 - negative\n"
    )
    results = analysed(cohort, "{exposures: [hsct], covariates: [pcr_tp2_from_diagnosis]}")
    assert any("PCR-MRD at TP2 (day 46)" in each for each in told(results, "immortal_time"))


def test_time_from_remission_counts_the_exposure_from_there_too(
    clinical: Reader, analysed: Analyser
) -> None:
    """B and C are transplanted 5 and 0 months after remission, C having been so before it."""
    cohort = clinical(
        """
        patient complete_remission_months relapse_months last_contact_months hsct_months
        A       1                         -              31                  -
        B       2                         -              32                  7
        C       3                         13             33                  2
        D       -                         -              9                   -
        """
    )
    results = analysed(cohort, more="endpoints: [rfs]\n")
    before, after = rows_of(results, "rfs")
    assert (before["patients"], after["patients"]) == (2, 2)
    assert before["person_months"] == pytest.approx(30 + 5)
    assert after["person_months"] == pytest.approx(25 + 10)
