"""All tables of an analysis: comparisons, landmarks, flow, and cohorts that offer little."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from fusion_caller.tables import table_lines
from outcomes.analysis import load_analysis, load_preset, presets
from outcomes.cautions import Kind
from outcomes.clinical.cohort import read_results
from outcomes.comparisons import compare_counts, compare_means
from outcomes.endpoints import ENDPOINTS
from outcomes.errors import AnalysisError
from outcomes.tables import TABLES, OutcomeResults, analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from outcomes.analysis import Analysis
    from outcomes.clinical.cohort import Cohort, Results

    Reader = Callable[[str], Cohort]


def rows_of(results: OutcomeResults, table: str, **wanted: object) -> list[Mapping[str, object]]:
    return [
        row
        for row in results.tables[table]
        if all(row[column] == value for column, value in wanted.items())
    ]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


# Comparisons


@pytest.mark.parametrize(
    ("counts", "p_value"),
    [
        # fisher.test(matrix(c(2, 10, 15, 3), 2))$p.value, R 4.2.2; the next one alike
        ([[2, 15], [10, 3]], 0.00053672411914343636),
        ([[12, 28], [6, 2]], 0.039556864434094625),
        ([[3, 1], [1, 3]], 34 / 70),
        ([[0, 5], [5, 0]], 2 / 252),
        ([[5, 5], [5, 5]], 1.0),
    ],
)
def test_two_by_two_is_fisher_s(counts: list[list[int]], p_value: float) -> None:
    test = compare_counts(counts)
    assert test.name == "Fisher exact"
    assert test.p_value == pytest.approx(p_value, rel=1e-12)


def freeman_halton_by_scipy(counts: list[list[int]]) -> float:
    """Add up scipy's probabilities of all tables with two columns and these margins."""
    table = np.array(counts)
    margins = stats.random_table(table.sum(axis=1), table.sum(axis=0))
    observed = margins.pmf(table)
    total = 0.0
    for cells in product(*(range(row + 1) for row in table.sum(axis=1))):
        if sum(cells) == table[:, 0].sum():
            probability = margins.pmf(np.column_stack([cells, table.sum(axis=1) - cells]))
            total += probability if probability <= observed * (1 + 1e-9) else 0
    return total


@pytest.mark.parametrize(
    ("counts", "p_value"),
    [
        # fisher.test(matrix(c(10, 3, 5, 0, 14, 10, 0, 6), 4))$p.value, R 4.2.2; the next one alike
        ([[10, 14], [3, 10], [5, 0], [0, 6]], 0.0035634987676286265),
        ([[2, 3], [4, 1], [1, 5]], 0.13898601398601437),
        ([[1, 1], [1, 1], [1, 1]], 1.0),
    ],
)
def test_two_groups_by_more_levels_are_freeman_and_halton_s(
    counts: list[list[int]], p_value: float
) -> None:
    test = compare_counts(counts)
    assert test.name == "Fisher-Freeman-Halton exact"
    assert test.p_value == pytest.approx(p_value, rel=1e-12)
    assert test.p_value == pytest.approx(freeman_halton_by_scipy(counts), rel=1e-9)
    assert compare_counts(np.array(counts).T.tolist()) == test


def test_a_larger_table_is_chi_square_by_name() -> None:
    # chisq.test(matrix(c(10, 5, 5, 5, 10, 5, 5, 5, 10), 3)), R 4.2.2
    test = compare_counts([[10, 5, 5], [5, 10, 5], [5, 5, 10]])
    assert (test.name, test.df) == ("chi-square", 4)
    assert test.statistic == pytest.approx(7.5)
    assert test.p_value == pytest.approx(0.11170929281604332, rel=1e-12)


def test_too_many_tables_to_enumerate_are_chi_square() -> None:
    assert compare_counts([[500, 400], [400, 500], [450, 450], [300, 200]]).name == "chi-square"


@pytest.mark.parametrize("counts", [[[3, 4]], [[3], [4]], [[0, 0], [3, 4]], [[0, 3], [0, 4]], []])
def test_nothing_to_compare_is_not_tested(counts: list[list[int]]) -> None:
    test = compare_counts(counts or [[0, 0], [0, 0]])
    assert test.p_value is None
    assert test.name.startswith("not tested")


def test_two_means_are_welch_s() -> None:
    # t.test(extra ~ group, data = sleep), R 4.2.2
    first = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    second = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    test = compare_means([first, second, np.array([])])
    assert test.name == "Welch t"
    assert test.statistic == pytest.approx(-1.8608134674868531, rel=1e-12)
    assert test.df == pytest.approx(17.776473516178498, rel=1e-12)
    assert test.p_value == pytest.approx(0.079394140187358173, rel=1e-12)


def test_three_means_are_kruskal_and_wallis_s() -> None:
    # kruskal.test(list(c(1, 2), c(3, 4), c(5, 6))), R 4.2.2
    test = compare_means([np.array([1.0, 2]), np.array([3.0, 4]), np.array([5.0, 6])])
    assert (test.name, test.df) == ("Kruskal-Wallis", 2)
    assert test.statistic == pytest.approx(12 / 42 * (9 + 49 + 121) / 2 - 21)
    assert test.p_value == pytest.approx(0.10170139230422676, rel=1e-12)


@pytest.mark.parametrize("groups", [[[1.0], [2.0, 3.0]], [[2.0, 2.0], [3.0, 4.0]], [[1.0] * 3] * 3])
def test_without_spread_there_is_no_test(groups: list[list[float]]) -> None:
    test = compare_means([np.array(group) for group in groups])
    assert test.p_value is None
    assert test.name.startswith("not tested")


# The reconstructed cohort by the default preset


def test_every_table_has_its_columns_and_can_be_written(default: OutcomeResults) -> None:
    assert set(default.tables) == set(TABLES)
    for name, columns in TABLES.items():
        rows = default.tables[name]
        assert rows
        assert all(tuple(row) == columns for row in rows)
        for line in table_lines(columns, rows, for_people=False):
            assert not {"nan", "None", "<NA>"} & set(line.strip("\n").split("\t"))


def test_models_are_plain_values(default: OutcomeResults) -> None:
    models = json.loads(json.dumps(default.models, allow_nan=False))
    assert [model["endpoint"] for model in models["models"]] == ["efs", "os"]
    efs = models["models"][0]
    assert (efs["n"], efs["events"], efs["ties"], len(efs["terms"])) == (43, 18, "efron", 8)
    assert efs["cautions"]


def test_the_same_input_gives_the_same_rows(
    default: OutcomeResults, reconstructed: Cohort, integrated: Results
) -> None:
    assert analyse(reconstructed, integrated, load_preset()).tables == default.tables


def test_the_primary_endpoint_excludes_nobody(default: OutcomeResults) -> None:
    (row,) = rows_of(default, "table_univariate", endpoint="efs", variable="all")
    assert (row["n"], row["events"]) == (48, 23)
    assert default.endpoints[0].excluded == ()


def test_four_subtypes_are_compared(default: OutcomeResults) -> None:
    rows = rows_of(default, "table_univariate", endpoint="efs", variable="subtype")
    assert [(row["level"], row["n"]) for row in rows] == [
        ("AFF1", 24),
        ("MLLT3", 13),
        ("MLLT1", 5),
        ("other", 6),
    ]
    # Nobody has a PTD: there is no such level.
    assert {row["df"] for row in rows} == {3}


def test_tp2_counts_from_the_landmark_with_the_naive_analysis_beside_it(
    default: OutcomeResults,
) -> None:
    # Four treatment deaths and one induction failure at 1.51 months are before 1.5113.
    late = rows_of(default, "table_univariate", endpoint="efs", variable="fcm_tp2_001")
    naive = rows_of(
        default, "table_univariate", endpoint="efs", variable="fcm_tp2_001_from_diagnosis"
    )
    assert sum(int(str(row["n"])) for row in late) == 43
    assert sum(int(str(row["n"])) for row in naive) == 44
    assert all(
        str(row["note"]).startswith(
            "from the landmark on day 46; 5 left out; time still counts from diagnosis"
        )
        for row in late
    )
    steps = rows_of(default, "flow", endpoint="efs", variable="fcm_tp2_001")
    assert {row["analysis"] for row in steps} == {
        "Event-free survival, FCM-MRD at TP2 (day 46), cut at 0.01%"
    }
    assert [(row["step"], row["patients"], row["left"]) for row in steps] == [
        ("patients of the endpoint", 48, 0),
        ("landmark on day 46", 43, 5),
        ("analysed", 43, 0),
    ]
    (caution,) = (
        c for c in default.cautions if (c.endpoint, c.kind) == ("efs", Kind.IMMORTAL_TIME)
    )
    assert caution.where == "Event-free survival, univariate comparisons"
    assert caution.caution.startswith(
        "assessed after diagnosis but analysed from diagnosis: FCM-MRD at TP2 (day 46), cut at "
        "0.01%, without a landmark; PCR-MRD at TP2 (day 46), without a landmark. Whoever"
    )


def test_an_event_at_the_landmark_is_out(clinical: Reader, tmp_path: Path) -> None:
    cohort = clinical(
        """
        patient sex  induction_failure_months last_contact_months
        A       male 2                        -
        B       male -                        2
        C       male 2.01                     -
        D       male -                        2.01
        """
    )
    text = """
    factors:
      x: {kind: category, column: sex, levels: [male, female], landmark_months: 2}
    univariate: [x]
    curves: []
    multivariable: {}
    """
    results = analyse(cohort, None, load_analysis(write(tmp_path / "a.yaml", text)))
    (male,) = rows_of(results, "table_univariate", endpoint="efs", variable="x")
    assert (male["level"], male["n"], male["events"]) == ("male", 2, 1)
    assert (male["survival"], male["p_value"]) == (0.5, None)
    assert str(male["note"]).startswith("from the landmark on day 61; 2 left out;")


def test_the_steps_of_the_flow_add_up(default: OutcomeResults) -> None:
    by_analysis: dict[tuple[object, object], list[Mapping[str, object]]] = {}
    for row in default.tables["flow"]:
        by_analysis.setdefault((row["endpoint"], row["variable"]), []).append(row)
    assert {("", ""), ("efs", ""), ("os", ""), ("efs", "multivariable")} <= set(by_analysis)
    assert ("efs", "subtype") in by_analysis
    for rows in by_analysis.values():
        left = sum(int(str(row["left"])) for row in rows)
        assert int(str(rows[0]["patients"])) - left == int(str(rows[-1]["patients"]))


def test_levels_and_missing_add_up_to_the_group(default: OutcomeResults) -> None:
    sizes = {"infant (<12 months)": 18, "non-infant (≥12 months)": 30, "all": 48}
    for table in ("table_baseline", "table_response"):
        counted: Counter[tuple[object, object]] = Counter()
        rest: dict[tuple[object, object], int] = {}
        for row in default.tables[table]:
            key = (row["variable"], row["group"])
            counted[key] += int(str(row["n"]))
            rest[key] = int(str(row["missing"]))
            assert row["of"] == sizes[str(row["group"])] - rest[key]
        assert {key: count + rest[key] for key, count in counted.items()} == {
            key: sizes[str(key[1])] for key in counted
        }


def test_curves_are_those_of_the_declared_factors(default: OutcomeResults) -> None:
    curves = {row["variable"] for row in default.tables["curves"]}
    # The reconstruction has no breakpoints.
    assert curves == {"all", *default.analysis.curves} - {"breakpoint"}
    ends = [row for row in default.tables["curves"] if row["variable"] == "all"][-1]
    assert (ends["time_months"], ends["n_at_risk"]) == (81.3, 1)


# Who is in the study


def test_those_outside_the_study_leave_with_their_status(clinical: Reader, tmp_path: Path) -> None:
    cohort = clinical("patient last_contact_months\nA 5\nB 6\nC 7\nD 8\nE -\nF 9")
    patients = (
        "patient\tstatus\nA\trearranged\nB\tnot_rearranged\nC\tindeterminate\nX\tptd\nE\tptd\n"
    )
    results = analyse(cohort, read_results(write(tmp_path / "p.tsv", patients)), load_preset())
    assert results.clinical_only == ("D", "F")
    assert results.results_only == ("X",)
    assert results.endpoints[0].data["patient"].tolist() == ["A", "D", "F"]
    flow = [
        (row["analysis"], row["step"], row["patients"], row["left"], row["reason"])
        for row in results.tables["flow"]
        if not row["variable"] and row["endpoint"] in ("", "efs")
    ]
    assert flow[0][:2] == ("clinical table", "not in the clinical table")
    assert flow[1:] == [
        ("cohort", "clinical table", 6, 0, ""),
        (
            "cohort",
            "integrated result",
            6,
            0,
            "2 without an integrated result stay, their subtype is missing",
        ),
        (
            "cohort",
            "integrated result",
            6,
            0,
            "1 with an integrated result but without clinical data cannot be analysed",
        ),
        ("cohort", "KMT2A status", 5, 1, "status indeterminate"),
        ("cohort", "KMT2A status", 4, 1, "status not rearranged"),
        ("cohort", "study population", 4, 0, ""),
        ("Event-free survival", "study population", 4, 0, ""),
        ("Event-free survival", "excluded", 3, 1, "no follow-up time"),
        ("Event-free survival", "analysed", 3, 0, "0 with an event"),
    ]


def test_a_partner_that_is_unknown_is_not_another_than_aff1(
    clinical: Reader, tmp_path: Path
) -> None:
    cohort = clinical("patient last_contact_months\nA 5\nB 6\nC 7")
    patients = "patient\tstatus\tsubtype\nA\t\tAFF1\nB\t\tunknown\nC\t\tother\n"
    results = analyse(cohort, read_results(write(tmp_path / "p.tsv", patients)), load_preset())
    rows = rows_of(results, "table_univariate", endpoint="efs", variable="aff1")
    assert [(row["level"], row["n"]) for row in rows] == [("other partner", 1), ("AFF1", 1)]


def test_a_column_that_no_table_has_is_an_error(clinical: Reader, tmp_path: Path) -> None:
    text = "factors: {x: {kind: category, column: centre, levels: [north, south]}}"
    analysis = load_analysis(write(tmp_path / "a.yaml", text), name="a.yaml")
    with pytest.raises(AnalysisError) as error:
        analyse(clinical("patient\nA"), None, analysis)
    assert str(error.value) == (
        "a.yaml, key 'factors.x.column': expected a column of the clinical table or of the "
        "integrated results, found 'centre'"
    )
    assert analyse(clinical("patient centre\nA north"), None, analysis).unknown_columns == (
        "centre",
    )


# Cohorts that offer little: every table is still made, without a warning or a NaN

HOSTILE = {
    "one patient without anything": "patient\nA",
    "one patient censored": "patient sex age_months last_contact_months\nA male 5 12",
    "one patient with an event": "patient sex age_months relapse_months\nA male 5 12",
    "nobody has a time": "patient sex age_months\nA male 5\nB female 50",
    "all censored": """
        patient sex    age_months wbc_e9_per_l last_contact_months
        A       male   5          10           12
        B       female 50         400          24
        C       male   -          60           36
        """,
    "all have the event at once": """
        patient sex    age_months relapse_months
        A       male   5          12
        B       female 50         12
        C       male   40         12
        """,
    "all die on the day of diagnosis": """
        patient sex    age_months death_months
        A       male   5          0
        B       female 50         0
        """,
    "one group": """
        patient sex  age_months relapse_months last_contact_months
        A       male 50         12             -
        B       male 51         -              24
        C       male 52         30             -
        """,
    "groups that never meet": """
        patient sex    age_months relapse_months last_contact_months
        A       male   50         -              1
        B       male   5          -              2
        C       female 52         30             -
        D       female 2          31             -
        """,
    "separated": """
        patient sex    age_months wbc_e9_per_l relapse_months last_contact_months
        A       male   50         10           -              40
        B       male   5          400          -              41
        C       female 52         10           10             -
        D       female 2          400          11             -
        E       female 20         10           12             -
        """,
    "a measure without spread": """
        patient sex    age_months wbc_e9_per_l relapse_months
        A       male   50         10           12
        B       female 5          10           13
        C       female 5          10           14
        D       male   50         10           15
        """,
}


@pytest.mark.parametrize("preset", ["default", "wen-2022"])
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_cohort(clinical: Reader, case: str, preset: str) -> None:
    cohort = clinical(HOSTILE[case])
    analysis: Analysis = load_preset(preset)
    results = analyse(cohort, None, analysis)
    for name, columns in TABLES.items():
        for line in table_lines(columns, results.tables[name], for_people=False):
            assert not {"nan", "inf", "-inf"} & set(line.strip("\n").split("\t"))
    json.dumps(results.models, allow_nan=False)
    overall = rows_of(results, "table_univariate", variable="all")
    assert [row["endpoint"] for row in overall] == list(analysis.endpoints)
    for row in rows_of(results, "table_univariate"):
        assert row["endpoint"] in ENDPOINTS
        if row["n"] == 0:
            assert row["survival"] is None
    for derived in results.endpoints:
        assert len(derived.data) + len(derived.excluded) == cohort.n


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_cohort_by_groupings(clinical: Reader, tmp_path: Path, case: str) -> None:
    text = "stratify_by: [sex, age, wbc_50]\nmultivariable: {covariates: [sex, age]}\n"
    analysis = load_analysis(write(tmp_path / "own.yaml", text))
    results = analyse(clinical(HOSTILE[case]), None, analysis)
    for name in ("table_baseline_by_group", "table_stratified", "table_multivariable_stratified"):
        for line in table_lines(TABLES[name], results.tables[name], for_people=False):
            assert not {"nan", "inf", "-inf", "None"} & set(line.strip("\n").split("\t"))
    # No figure is missing without its reason.
    for row in rows_of(results, "table_stratified"):
        if row["variable"] == "all":
            continue
        compares = row["level"] != row["reference"]
        silent = row["p_value"] is None or (compares and row["hazard_ratio"] is None)
        assert row["note"] or not silent
        if row["stratum"] == "all" and row["test"] and row["heterogeneity_p_value"] is None:
            assert "heterogeneity not tested" in str(row["note"])
    for row in rows_of(results, "table_multivariable_stratified"):
        assert row["note"] if row["hazard_ratio"] is None else row["p_value"] is not None


def test_without_events_no_test_has_a_p_value(clinical: Reader) -> None:
    results = analyse(clinical(HOSTILE["all censored"]), None, load_preset())
    assert {row["p_value"] for row in results.tables["table_univariate"]} == {None}
    (row, _) = rows_of(results, "table_univariate", endpoint="efs", variable="sex")
    assert str(row["note"]).startswith("no event among 3 patients; 0 patients at risk at 60")
    assert row["survival"] == 1.0


def test_one_group_is_not_tested(clinical: Reader) -> None:
    results = analyse(clinical(HOSTILE["one group"]), None, load_preset())
    (male,) = rows_of(results, "table_univariate", endpoint="efs", variable="sex")
    assert (male["level"], male["n"], male["p_value"]) == ("male", 3, None)
    assert "needs two groups" in str(male["note"])


ABSENT = ("cns", "testis", "ldh_2n", "ldh_u_per_l", "subtype", "fcm_tp1_001", "treatment_death")


@pytest.mark.parametrize("preset", ["default", "wen-2022"])
@pytest.mark.parametrize("variable", ABSENT)
def test_a_factor_of_which_nobody_has_a_value_is_named_once_and_not_shown(
    clinical: Reader, preset: str, variable: str
) -> None:
    analysis = load_preset(preset)
    results = analyse(clinical(HOSTILE["separated"]), None, analysis)
    for table, columns in TABLES.items():
        assert "variable" not in columns or not rows_of(results, table, variable=variable)
    assert variable not in {strata.variable for strata in results.strata}
    (row,) = rows_of(results, "flow", step="not in the clinical table")
    label = "Lactate dehydrogenase at diagnosis"
    if variable in analysis.factors:
        label = analysis.factors[variable].label
    assert str(row["reason"]).split("; ").count(label) == 1
    assert (row["analysis"], row["patients"], row["left"]) == ("clinical table", 5, 0)
    assert rows_of(results, "table_univariate", variable="sex")


def test_a_column_that_is_there_but_empty_is_not_shown_either(clinical: Reader) -> None:
    text = "patient sex cns_involvement last_contact_months\nA male - 5\nB female - 6"
    results = analyse(clinical(text), None, load_preset())
    assert rows_of(results, "table_baseline", variable="cns") == []
    # Of a girl the testis is known, but only where the column is there.
    assert rows_of(results, "table_baseline", variable="testis") == []


def test_a_model_that_nobody_can_enter_is_a_row_of_the_flow(clinical: Reader) -> None:
    results = analyse(clinical(HOSTILE["separated"]), None, load_preset())
    assert rows_of(results, "table_multivariable") == []
    steps = rows_of(results, "flow", endpoint="efs", variable="multivariable")
    assert [(row["patients"], row["left"], row["reason"]) for row in steps] == [
        (5, 0, ""),
        (0, 5, "no model: nobody has every covariate"),
    ]


def test_columns_that_nothing_uses_are_named(clinical: Reader, tmp_path: Path) -> None:
    cohort = clinical("patient note centre subtype x_os last_contact_months\nA - 1 AFF1 - 5")
    text = "factors: {centre: {kind: category, column: centre, levels: ['1', '2']}}"
    analysis = load_analysis(write(tmp_path / "a.yaml", text))
    results = analyse(cohort, None, analysis)
    assert results.unused_columns == ("note", "x_os")
    (row,) = rows_of(results, "flow", step="columns not used")
    assert (row["analysis"], row["reason"]) == ("clinical table", "note, x_os")
    # The integrated results replace a subtype of the clinical table.
    integrated = read_results(write(tmp_path / "p.tsv", "patient\tstatus\tsubtype\nA\t\tMLLT3\n"))
    assert analyse(cohort, integrated, analysis).unused_columns == ("note", "subtype", "x_os")


def test_a_curve_without_an_event_has_no_interval(clinical: Reader) -> None:
    results = analyse(
        clinical(
            """
            patient sex    relapse_months last_contact_months
            A       male   -              70
            B       male   61             70
            C       female -              70
            D       female 5              70
            E       female 6              70
            """
        ),
        None,
        load_preset(),
    )
    by_level = {
        row["level"]: row
        for row in rows_of(results, "table_univariate", endpoint="efs", variable="sex")
    }
    male, female = by_level["male"], by_level["female"]
    assert (male["survival"], male["ci_lower"], male["ci_upper"]) == (1.0, None, None)
    assert str(male["note"]).endswith("no event by 60 months")
    assert isinstance(female["ci_lower"], float)
    (overall,) = rows_of(results, "table_univariate", endpoint="os", variable="all")
    assert (overall["survival"], overall["ci_upper"]) == (1.0, None)
    assert str(overall["note"]).endswith("; no event")


def test_a_ptd_is_a_subtype_of_its_own(clinical: Reader, tmp_path: Path) -> None:
    cohort = clinical("patient last_contact_months\nA 5\nB 6\nC 7\nD 8")
    patients = (
        "patient\tstatus\tsubtype\nA\trearranged\tAFF1\nB\tptd\tPTD\nC\trearranged\tother\n"
        "D\tnot_rearranged\t\n"
    )
    integrated = read_results(write(tmp_path / "p.tsv", patients))
    for preset in presets():
        analysis = load_preset(preset)
        results = analyse(cohort, integrated, analysis)
        found = {
            variable: [
                (row["level"], row["n"])
                for row in rows_of(results, "table_baseline", variable=variable, group="all")
            ]
            for variable in ("subtype", "aff1")
        }
        assert found["subtype"] == [("AFF1", 1), ("other", 1), ("PTD", 1)]
        assert found["aff1"] == [("other partner", 1), ("AFF1", 1)]
        # Whoever has no rearrangement is in no analysis.
        assert rows_of(results, "flow", step="study population", analysis="cohort")[0][
            "patients"
        ] == (3)


def test_what_makes_the_groups_is_not_tested_between_them(default: OutcomeResults) -> None:
    rows = rows_of(default, "table_baseline", variable="age_months")
    assert [row["group"] for row in rows] == [
        "infant (<12 months)",
        "non-infant (≥12 months)",
        "all",
    ]
    assert all(row["mean"] for row in rows)
    assert {(row["test"], row["statistic"], row["df"], row["p_value"]) for row in rows} == {
        ("not tested: the groups are made from it", None, None, None)
    }


CODE = re.compile(r"\b(?!as_supplied)[a-z]+_[a-z0-9_]+\b|wen-2022|10\^9|\(%\)")


def test_people_read_labels_and_never_code(
    default: OutcomeResults, published: OutcomeResults
) -> None:
    for results in (default, published):
        words = [f"{each.where}: {each.caution}" for each in results.cautions]
        words += [
            str(row[column])
            for row in results.tables["flow"]
            for column in ("analysis", "step", "reason")
        ]
        words += [
            str(row[column])
            for row in results.tables["table_univariate"]
            for column in ("label", "level", "note")
        ]
        assert [text for text in words if CODE.search(text)] == []


def test_a_caution_of_a_group_names_it(default: OutcomeResults) -> None:
    (caution,) = (
        each
        for each in default.cautions
        if each.where == "Event-free survival, KMT2A subtype, MLLT1" and each.kind == "few_at_risk"
    )
    assert (caution.endpoint, caution.variable) == ("efs", "subtype")
    endpoints = {"efs", "os", "relapse", "treatment_related_mortality"}
    # Those on groups within groups are gathered over endpoints.
    assert {each.endpoint for each in default.cautions} == endpoints | {""}


@pytest.mark.parametrize("preset", presets())
def test_labels_are_distinct(preset: str) -> None:
    labels = [factor.label for factor in load_preset(preset).factors.values()]
    assert len(set(labels)) == len(labels)


def test_a_separating_covariate_is_named_by_its_label(clinical: Reader, tmp_path: Path) -> None:
    text = "multivariable: {covariates: [sex, age_months]}"
    analysis = load_analysis(write(tmp_path / "a.yaml", text))
    results = analyse(clinical(HOSTILE["separated"]), None, analysis)
    found = [each.caution for each in results.cautions if each.kind is Kind.SEPARATION]
    assert found
    assert all(text.startswith("'Sex: female against male' separates") for text in found)


def test_a_level_that_nobody_has_is_no_term(
    reconstructed: Cohort, integrated: Results, tmp_path: Path
) -> None:
    analysis = load_analysis(write(tmp_path / "a.yaml", "multivariable: {covariates: [subtype]}"))
    results = analyse(reconstructed, integrated, analysis)
    terms = [row["term"] for row in rows_of(results, "table_multivariable", endpoint="efs")]
    assert terms == ["subtype: MLLT3", "subtype: MLLT1", "subtype: other"]


def test_separation_gives_no_hazard_ratio_but_a_caution(clinical: Reader, tmp_path: Path) -> None:
    analysis = load_analysis(
        write(tmp_path / "a.yaml", "multivariable: {covariates: [sex, age_months]}")
    )
    results = analyse(clinical(HOSTILE["separated"]), None, analysis)
    sex, age = rows_of(results, "table_multivariable", endpoint="efs")
    assert (sex["term"], sex["hazard_ratio"]) == ("sex: female", None)
    assert "no estimate" in str(sex["note"])
    assert age["term"] == "age_months"
    assert any("separates patients" in caution.caution for caution in results.cautions)


def test_the_reference_of_a_model_is_a_level_that_somebody_has(
    clinical: Reader, tmp_path: Path
) -> None:
    rows = "\n".join(f"P{n} {n + 1} {n + 1 if n % 3 else '-'}" for n in range(12))
    cohort = clinical(f"patient last_contact_months relapse_months\n{rows}")
    subtypes = ["MLLT3", "MLLT1", "other"]
    patients = "patient\tstatus\tsubtype\n" + "".join(
        f"P{n}\trearranged\t{subtypes[n % 3]}\n" for n in range(12)
    )
    analysis = load_analysis(
        write(tmp_path / "a.yaml", "{endpoints: [efs], multivariable: {covariates: [subtype]}}")
    )
    results = analyse(cohort, read_results(write(tmp_path / "p.tsv", patients)), analysis)
    assert [row["label"] for row in results.tables["table_multivariable"]] == [
        "KMT2A subtype: MLLT1 against MLLT3",
        "KMT2A subtype: other against MLLT3",
    ]


def test_doubtful_partners_are_told(clinical: Reader, tmp_path: Path) -> None:
    cohort = clinical("patient last_contact_months\nA 5\nB 6\nC 7")
    patients = (
        "patient\tstatus\tsubtype\tconfidence\nA\trearranged\tAFF1\tconfirmed\n"
        "B\trearranged\tMLLT3\tpossible\nC\trearranged\tother\tconflicting\n"
    )
    results = analyse(cohort, read_results(write(tmp_path / "p.tsv", patients)), load_preset())
    (caution,) = (each for each in results.cautions if each.kind is Kind.DOUBTFUL_PARTNERS)
    assert caution.figure == 2
    assert caution.caution.startswith("in 2 of 3 patients with a subtype")
