"""Everything by subtype and by other groupings: tables, models, cautions and hostile cohorts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from outcomes.analysis import load_analysis, load_preset
from outcomes.cautions import Kind, few_events_in_strata
from outcomes.clinical.cohort import read_results
from outcomes.statistics.multiplicity import adjust
from outcomes.tables import OutcomeResults, analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from outcomes.clinical.cohort import Cohort, Results

    Reader = Callable[[str], Cohort]

GROUP_TABLES = (
    "table_baseline_by_group",
    "table_response_by_group",
    "table_stratified",
    "table_multivariable_stratified",
)


def rows_of(results: OutcomeResults, table: str, **wanted: object) -> list[Mapping[str, object]]:
    rows = results.tables[table]
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def stratified(
    results: OutcomeResults, grouping: str, variable: str, stratum: str, level: str = ""
) -> Mapping[str, object]:
    rows = rows_of(
        results,
        "table_stratified",
        grouping=grouping,
        endpoint="efs",
        variable=variable,
        stratum=stratum,
    )
    return next(row for row in rows if level in ("", row["level"]))


def own(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("preset", ["default", "wen-2022"])
def test_presets_stratify_by_subtype_aff1_and_breakpoint(preset: str) -> None:
    analysis = load_preset(preset)
    assert analysis.stratify_by == ("subtype", "aff1", "breakpoint")
    for listed in (analysis.univariate, analysis.curves):
        assert "breakpoint" in listed
    assert "MANE" in analysis.factors["breakpoint"].label


def test_sex_by_subtype_is_as_in_r(default: OutcomeResults) -> None:
    """d is the reconstruction: event-free survival by the default preset.

    survdiff(Surv(t, e) ~ sex + strata(subtype), d)$chisq
    f <- coxph(Surv(t, e) ~ I(sex == "female") + strata(subtype), d); coef(f); sqrt(vcov(f))
    anova(f, coxph(Surv(t, e) ~ I(sex == "female") * strata(subtype), d))
    survdiff(Surv(t, e) ~ sex, d, subset = subtype == "AFF1")$chisq
    R 4.2.2, survival 3.5-3.
    """
    row = stratified(default, "subtype", "sex", "all", "female")
    assert row["test"] == "stratified log-rank"
    assert row["chi_square"] == pytest.approx(9.3200595979557708, rel=1e-12)
    assert row["p_value"] == pytest.approx(0.0022665862136552785, rel=1e-11)
    assert row["coefficient"] == pytest.approx(1.4157371456001242, abs=1e-8)
    assert row["coefficient_std_error"] == pytest.approx(0.48898636565399856, abs=1e-8)
    assert (row["reference"], row["df"], row["heterogeneity_df"]) == ("male", 1, 3)
    # Two of the four subtypes separate: R's own iterations stop 1e-7 short of the limit.
    assert row["heterogeneity_chi_square"] == pytest.approx(2.9558774616332073, abs=1e-6)
    within = stratified(default, "subtype", "sex", "AFF1", "female")
    assert (within["test"], within["n"], within["events"]) == ("log-rank", 13, 12)
    assert within["chi_square"] == pytest.approx(8.6004069172738706, rel=1e-12)
    assert within["survival"] == 0
    assert within["hazard_ratio"] == pytest.approx(7.3561, abs=1e-4)
    separated = stratified(default, "subtype", "sex", "MLLT1", "female")
    assert separated["hazard_ratio"] is None
    assert "no hazard ratio: no finite estimate (separation)" in str(separated["note"])
    assert "fewer than 5 patients at a level" in str(separated["note"])


def test_a_landmark_holds_within_groups(default: OutcomeResults) -> None:
    """survdiff(Surv(t, e) ~ fcm_tp1_001 + strata(subtype), subset(d, t > 0.6242))$chisq."""
    row = stratified(default, "subtype", "fcm_tp1_001", "all")
    assert row["chi_square"] == pytest.approx(13.149055178413077, rel=1e-12)
    assert str(row["note"]).startswith("from the landmark on day 19; 1 left out")


def test_multivariable_model_with_strata_is_as_in_r(default: OutcomeResults) -> None:
    """coxph(Surv(t, e) ~ the eight covariates + strata(subtype), subset(d, t > 1.5113)), Efron."""
    rows = rows_of(default, "table_multivariable_stratified", grouping="subtype", endpoint="efs")
    assert [row["coefficient"] for row in rows] == pytest.approx(
        [
            1.16150974652190841,
            0.29862191662458382,
            0.96822721463426065,
            0.55617341152297395,
            -0.21365054679859172,
            0.88607578207871918,
            2.65153974499432055,
            2.44879808351789618,
        ],
        abs=1e-8,
    )
    assert [row["std_error"] for row in rows] == pytest.approx(
        [
            0.92454353765456498,
            0.85068518777262769,
            0.97806975169572397,
            0.87220173309225724,
            1.28435792106371105,
            1.29362549258289072,
            0.94513596697767965,
            1.25873388249754714,
        ],
        abs=1e-8,
    )
    assert {(row["n"], row["events"], row["strata"]) for row in rows} == {(43, 18, 4)}
    assert all("2.2 events per covariate, at least 10" in str(row["note"]) for row in rows)


def test_patients_add_up(default: OutcomeResults) -> None:
    """Levels and strata add up to all of them, and with those missing to the endpoint's."""
    counted: dict[tuple[object, ...], dict[bool, list[int]]] = defaultdict(
        lambda: {True: [0, 0], False: [0, 0]}
    )
    for row in default.tables["table_stratified"]:
        key = (row["grouping"], row["endpoint"], row["variable"])
        if str(row["note"]).startswith("not compared"):
            continue
        sums = counted[key][row["stratum"] == "all"]
        sums[0] += int(str(row["n"]))
        sums[1] += int(str(row["events"]))
    assert len(counted) > 50
    assert all(sums[True] == sums[False] for sums in counted.values())
    everybody = stratified(default, "aff1", "all", "all")
    assert (everybody["n"], everybody["missing"]) == (48, 0)


def test_what_the_grouping_decides_is_not_compared(default: OutcomeResults) -> None:
    (row,) = rows_of(
        default, "table_stratified", grouping="subtype", endpoint="efs", variable="aff1_mllt3"
    )
    assert row["note"] == (
        "not compared: within each level of 'KMT2A subtype' all patients have one level"
    )
    assert (row["stratum"], row["n"], row["missing"]) == ("all", 37, 11)
    # Among those without AFF1 the other subtypes do differ.
    assert stratified(default, "aff1", "subtype", "other partner", "MLLT1")["p_value"] is not None
    assert rows_of(default, "table_stratified", grouping="subtype", variable="subtype") == []


def test_p_values_are_corrected_within_a_grouping_and_endpoint(default: OutcomeResults) -> None:
    families: dict[tuple[object, object], dict[tuple[object, object], float]] = defaultdict(dict)
    shown = {}
    for row in default.tables["table_stratified"]:
        family = families[row["grouping"], row["endpoint"]]
        for prefix, place in (("", row["stratum"]), ("heterogeneity_", "heterogeneity")):
            p_value = row[f"{prefix}p_value"]
            if p_value is not None:
                family[row["variable"], place] = float(str(p_value))
                key = (row["grouping"], row["endpoint"], row["variable"], place)
                corrected = (row[f"{prefix}p_holm"], row[f"{prefix}p_benjamini_hochberg"])
                assert shown.setdefault(key, corrected) == corrected
    for (grouping, endpoint), family in families.items():
        for (variable, place), expected in adjust(family).items():
            assert shown[grouping, endpoint, variable, place] == pytest.approx(
                (expected.holm, expected.benjamini_hochberg)
            )
    (caution,) = (
        each
        for each in default.cautions
        if each.kind is Kind.SEVERAL_TESTS and each.where.startswith("Comparisons within")
    )
    assert caution.figure == sum(map(len, families.values()))


def test_one_caution_a_grouping(default: OutcomeResults) -> None:
    found = [each for each in default.cautions if each.kind is Kind.FEW_EVENTS_IN_STRATA]
    assert [each.where for each in found] == [
        "Within KMT2A subtype",
        "Within KMT2A::AFF1 or another partner",
    ]
    assert "MLLT3, 1 to 6 events by endpoint; " in found[0].caution


def test_strata_with_few_events_are_named_with_their_range() -> None:
    (found,) = few_events_in_strata({"a": [12, 15], "b": [9, 11], "c": [1, 1]}, where="x")
    assert "(b, 9 to 11 events by endpoint; c, 1 event; at least 10" in found.caution
    assert found.figure == 1
    assert few_events_in_strata({"a": [10]}, where="x") == ()


def test_tables_by_group_are_those_by_one_factor(
    default: OutcomeResults, reconstructed: Cohort, integrated: Results, tmp_path: Path
) -> None:
    rows = [dict(row) for row in rows_of(default, "table_baseline_by_group", grouping="subtype")]
    assert {row.pop("grouping") for row in rows} == {"subtype"}
    baseline = load_preset().baseline
    wanted = ", ".join(name for name in baseline.rows if name != "subtype")
    path = own(tmp_path, f"baseline: {{by: subtype, rows: [{wanted}]}}\nstratify_by: []\n")
    results = analyse(reconstructed, integrated, load_analysis(path))
    assert rows == results.tables["table_baseline"]
    assert all(not results.tables[table] for table in GROUP_TABLES)
    assert not any(each.kind is Kind.FEW_EVENTS_IN_STRATA for each in results.cautions)


CLINICAL = """
    patient sex    age_months relapse_months last_contact_months
    A       male   50         -              40
    B       male   5          -              41
    C       female 52         10             -
    D       female 2          11             -
    E       female 20         12             -
    """
BREAKPOINTS = """patient,status,partner,subtype,confidence,region
A,rearranged,AFF1,AFF1,confirmed,bcr1
B,rearranged,AFF1,AFF1,confirmed,bcr1
C,rearranged,MLLT3,MLLT3,confirmed,bcr2
D,rearranged,MLLT3,MLLT3,confirmed,
E,rearranged,AFF1,AFF1,confirmed,outside
"""


def test_breakpoints_come_from_the_integrated_results(clinical: Reader, tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_text(BREAKPOINTS, encoding="utf-8")
    results = analyse(clinical(CLINICAL), read_results(path), load_preset())
    rows = rows_of(results, "table_univariate", endpoint="efs", variable="breakpoint")
    assert [(row["level"], row["n"]) for row in rows] == [
        ("bcr1 (introns 7-12)", 2),
        ("bcr2 (introns 19-23)", 1),
        ("outside the clusters", 1),
    ]
    (step,) = rows_of(results, "flow", endpoint="efs", variable="breakpoint", step="value known")
    assert (step["patients"], step["left"]) == (4, 1)
    everybody = stratified(results, "breakpoint", "all", "all")
    assert (everybody["n"], everybody["missing"]) == (4, 1)


def test_a_grouping_that_is_known_late_is_warned_of(
    reconstructed: Cohort, integrated: Results, tmp_path: Path
) -> None:
    path = own(tmp_path, "stratify_by: [pcr_tp2_from_diagnosis, pcr_tp2]\n")
    results = analyse(reconstructed, integrated, load_analysis(path))
    late = [each for each in results.cautions if each.where.startswith("Within PCR-MRD")]
    assert [each.kind for each in late].count(Kind.IMMORTAL_TIME) == 1
    row = stratified(results, "pcr_tp2", "sex", "all")
    assert str(row["note"]).startswith("from the landmark on day 46; 5 left out")


def test_a_model_with_fewer_events_than_covariates_is_not_fitted(
    reconstructed: Cohort, integrated: Results, tmp_path: Path
) -> None:
    path = own(tmp_path, "population: [not_rearranged]\nstratify_by: [sex]\n")
    none = analyse(reconstructed, integrated, load_analysis(path))
    assert none.tables["table_stratified"] == []
    few = "stratify_by: [sex]\nendpoints: [os]\n"
    results = analyse(reconstructed, integrated, load_analysis(own(tmp_path, few)))
    notes = [row["note"] for row in rows_of(results, "table_multivariable_stratified")]
    # Sex is the grouping, which leaves seven covariates.
    assert len(notes) == 7
    assert all(str(note).startswith("no model: ") for note in notes)
    assert "events for 7 covariates" in str(notes[0])
