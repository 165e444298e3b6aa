"""Analysis files: presets, overrides, and errors that name the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import InputError
from outcomes.analysis import load_analysis, load_preset, presets
from outcomes.clinical.dictionary import ASSESSED_DAYS, DAYS_PER_MONTH
from outcomes.errors import AnalysisError
from outcomes.factors import Closed, FactorKind, assign_levels
from outcomes.statistics.incidence_error import StdError
from outcomes.statistics.intervals import Interval
from outcomes.statistics.likelihood import Ties

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from outcomes.analysis import Analysis
    from outcomes.clinical.cohort import Cohort

    Reader = Callable[[str], Cohort]


def load(folder: Path, text: str) -> Analysis:
    path = folder / "analysis.yaml"
    path.write_text(text, encoding="utf-8")
    return load_analysis(path, name="analysis.yaml")


@pytest.mark.parametrize("name", presets())
def test_presets_load_under_their_own_name(name: str) -> None:
    assert load_preset(name).name == name


def test_there_are_the_two_presets() -> None:
    assert presets() == ("default", "wen-2022")


def test_the_default_preset_waits_for_what_it_uses() -> None:
    default = load_preset()
    assert default.endpoints[0] == "efs"
    for name in (*default.univariate, *default.curves, *default.covariates):
        factor = default.factors[name]
        day = max(ASSESSED_DAYS.get(column, 0) for column in factor.columns)
        if day and not name.endswith("_from_diagnosis"):
            assert factor.landmark_months == pytest.approx(day / DAYS_PER_MONTH, abs=5e-5)


def test_the_preset_of_the_paper_has_no_landmarks() -> None:
    wen = load_preset("wen-2022")
    assert {factor.landmark_months for factor in wen.factors.values()} == {None}
    assert wen.endpoints[0] == "wen-2022-as-analysed"


def test_an_empty_file_is_the_default_preset_by_another_name(tmp_path: Path) -> None:
    ours, default = load(tmp_path, ""), load_preset()
    assert ours.name == "analysis"
    assert (ours.factors, ours.univariate) == (default.factors, default.univariate)


def test_keys_replace_and_factors_are_added(tmp_path: Path) -> None:
    analysis = load(
        tmp_path,
        """
        preset: wen-2022
        name: mine
        horizon_months: 36
        endpoints: [os]
        factors:
          wbc_50: {kind: cut, column: wbc_e9_per_l, cuts: [50, 100.5], closed: right}
          centre: {kind: category, column: centre, levels: {here: [1], there: [2, no]}}
        univariate: [wbc_50, centre]
        multivariable: {}
        """,
    )
    wen = load_preset("wen-2022")
    assert (analysis.name, analysis.horizon_months, analysis.endpoints) == ("mine", 36, ("os",))
    assert set(analysis.factors) == {*wen.factors, "centre"}
    assert analysis.factors["wbc_50"].levels == ("≤50", ">50 and ≤100.5", ">100.5")
    assert analysis.factors["wbc_50"].closed is Closed.RIGHT
    assert analysis.factors["centre"].values == {"here": ("1",), "there": ("2", "no")}
    assert analysis.factors["centre"].label == "centre"
    assert analysis.univariate == ("wbc_50", "centre")
    assert analysis.curves == wen.curves
    assert analysis.covariates == ()


def test_bare_yes_and_no_are_words(tmp_path: Path) -> None:
    analysis = load(
        tmp_path,
        "factors: {x: {kind: category, column: cns_involvement, levels: {no: [no], yes: [yes]}}}",
    )
    assert analysis.factors["x"].levels == ("no", "yes")


REFUSED = {
    "unknown key": ("horizon: 60", "key 'horizon': expected one of the keys preset, name"),
    "unknown preset": ("preset: aml", "key 'preset': expected one of default, wen-2022; found"),
    "preset not a text": ("preset: [default]", "key 'preset': expected a text, found a list"),
    "horizon a text": ("horizon_months: 5 years", "'horizon_months': expected a number, found"),
    "horizon yes": ("horizon_months: yes", "'horizon_months': expected a number, found 'yes'"),
    "horizon nan": ("horizon_months: .nan", "expected a number from 0 to 1200, found nan"),
    "horizon 0": ("horizon_months: 0", "key 'horizon_months': expected a number above 0, found 0"),
    "horizon negative": ("horizon_months: -1", "expected a number from 0 to 1200, found -1"),
    "no endpoint": ("endpoints: []", "key 'endpoints': expected at least one endpoint"),
    "unknown endpoint": ("endpoints: [efs, pfs]", "key 'endpoints[2]': expected one of efs, wen"),
    "endpoint twice": (
        "endpoints: [efs, efs]",
        "key 'endpoints[2]': expected each once, found 'efs' again",
    ),
    "endpoints a text": ("endpoints: efs", "key 'endpoints': expected a list, found 'efs'"),
    "population": ("population: [ill]", "key 'population[1]': expected one of rearranged, "),
    "grouping unknown": (
        "stratify_by: [subtype, centre]",
        "key 'stratify_by[2]': expected one of age, sex",
    ),
    "grouping of an outcome": (
        "stratify_by: [treatment_death]",
        "key 'stratify_by': expected nothing that happens later; 'treatment_death' reads",
    ),
    "factors a list": ("factors: [a]", "key 'factors': expected keys and values, found a list"),
    "factor without kind": ("factors: {x: {}}", "'factors.x.kind': expected a text, found nothing"),
    "factor of unknown kind": (
        "factors: {x: {kind: spline}}",
        "key 'factors.x.kind': expected one of cut, category, any; found 'spline'",
    ),
    "factor with a foreign key": (
        "factors: {x: {kind: cut, column: age_months, cuts: [1], empty: no}}",
        "key 'factors.x.empty': expected one of the keys label, kind, landmark_months, column",
    ),
    "cut of a category": (
        "factors: {x: {kind: cut, column: sex, cuts: [1]}}",
        "key 'factors.x.column': expected a measure of the dictionary, found 'sex'",
    ),
    "cuts not ascending": (
        "factors: {x: {kind: cut, column: age_months, cuts: [12, 6]}}",
        "key 'factors.x.cuts': expected one or more numbers in ascending order",
    ),
    "no cuts": (
        "factors: {x: {kind: cut, column: age_months, cuts: []}}",
        "key 'factors.x.cuts': expected one or more numbers in ascending order",
    ),
    "cut not a number": (
        "factors: {x: {kind: cut, column: age_months, cuts: [a]}}",
        "key 'factors.x.cuts[1]': expected a number, found 'a'",
    ),
    "too many levels": (
        "factors: {x: {kind: cut, column: age_months, cuts: [1], levels: [a, b, c]}}",
        "key 'factors.x.levels': expected 2 levels, low to high, found 3",
    ),
    "closed on neither side": (
        "factors: {x: {kind: cut, column: age_months, cuts: [1], closed: both}}",
        "key 'factors.x.closed': expected one of left, right; found 'both'",
    ),
    "impossible value": (
        "factors: {x: {kind: category, column: sex, levels: [male, boy]}}",
        "key 'factors.x.levels': expected one of female, male; found 'boy'",
    ),
    "category of a number": (
        "factors: {x: {kind: category, column: age_months, levels: [a]}}",
        "expected a column of categories, 'age_months' holds numbers or dates",
    ),
    "value in two levels": (
        "factors: {x: {kind: category, column: sex, levels: {a: [male], b: [male]}}}",
        "key 'factors.x.levels': expected each value in one level, found 'male' in two",
    ),
    "empty to no level": (
        "factors: {x: {kind: category, column: sex, levels: [male], empty: none}}",
        "key 'factors.x.empty': expected one of male; found 'none'",
    ),
    "any of three levels": (
        "factors: {x: {kind: any, of: {sex: [male]}, levels: [a, b, c]}}",
        "key 'factors.x.levels': expected two levels, no then yes, found 3",
    ),
    "any of nothing": (
        "factors: {x: {kind: any, of: {}, levels: [a, b]}}",
        "key 'factors.x.of': expected at least one column with the values that count",
    ),
    "factor named as a measure": (
        "factors: {age_months: {kind: any, of: {sex: [male]}, levels: [a, b]}}",
        "key 'factors.age_months': expected another name, 'age_months' is taken",
    ),
    "level named all": (
        "factors: {x: {kind: any, of: {sex: [male]}, levels: [none, all]}}",
        "key 'factors.x.levels': expected another name, 'all' is taken",
    ),
    "negative landmark": (
        "factors: {x: {kind: any, of: {sex: [male]}, levels: [a, b], landmark_months: -1}}",
        "key 'factors.x.landmark_months': expected a number from 0 to 1200, found -1",
    ),
    "groups of no factor": (
        "baseline: {by: centre, rows: []}",
        "key 'baseline.by': expected one of age, sex",
    ),
    "row of nothing known": (
        "response: {by: age, rows: [age, height]}",
        "key 'response.rows[2]': expected one of age, sex",
    ),
    "undeclared factor": ("univariate: [centre]", "key 'univariate[1]': expected one of age, sex"),
    "outcome as a factor": (
        "univariate: [treatment_death]",
        (
            "key 'univariate': expected nothing that happens later; 'treatment_death' reads "
            "'death_cause', which is known only afterwards"
        ),
    ),
    "outcome as a covariate": (
        "multivariable: {covariates: [age_months, hsct_months]}",
        "key 'multivariable.covariates': expected nothing that happens later; 'hsct_months' reads",
    ),
    "an interval on no scale": (
        "confidence_interval: wald",
        "key 'confidence_interval': expected one of log-log, log, plain; found 'wald'",
    ),
    "ties of nobody": (
        "multivariable: {covariates: [sex], ties: random}",
        "key 'multivariable.ties': expected one of efron, breslow, exact; found 'random'",
    ),
    "standard error of nobody": (
        "cumulative_incidence: {endpoints: [relapse], std_error: prodlim}",
        "key 'cumulative_incidence.std_error': expected one of survfit, cuminc; found 'prodlim'",
    ),
    "ordered to a degree": (
        "factors: {x: {kind: category, column: sex, levels: [male], ordered: 1}}",
        "key 'factors.x.ordered': expected one of yes, no; found '1'",
    ),
    "key twice": ("name: a\nname: b", "line 2: the YAML cannot be read (the key 'name' is there"),
    "not YAML": ("name: [a", "line 1: the YAML cannot be read (expected ',' or ']', but got"),
    "a list": ("- a", "analysis.yaml: expected keys and values, found a list"),
    "an object": ("name: !!python/object/apply:os.system [ls]", "the YAML cannot be read"),
    "control characters": ("name: \x01", "analysis.yaml: the YAML cannot be read"),
    "two documents": ("name: a\n---\nname: b", "the YAML cannot be read"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_line_that_names_the_key(tmp_path: Path, case: str) -> None:
    text, message = REFUSED[case]
    with pytest.raises(AnalysisError) as error:
        load(tmp_path, text)
    assert str(error.value).startswith("analysis.yaml")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_cut_off_anywhere_is_read_or_refused(tmp_path: Path) -> None:
    whole = "preset: wen-2022\nhorizon_months: 36\nfactors:\n  x: {kind: cut, cuts: [1]}\n"
    refused = 0
    for length in range(len(whole)):
        try:
            load(tmp_path, whole[:length])
        except AnalysisError as error:
            refused += "\n" not in str(error)
    assert 0 < refused < len(whole)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.yaml: expected a file, found none"):
        load_analysis(tmp_path / "a.yaml", name="a.yaml")


def test_an_unknown_preset_is_named() -> None:
    with pytest.raises(AnalysisError, match="expected one of default, wen-2022; found 'x'"):
        load_preset("x")


# Factors


def levels_of(analysis: Analysis, name: str, cohort: Cohort) -> list[str | None]:
    levels: list[str | None] = assign_levels(cohort.data, analysis.factors[name]).tolist()
    return levels


@pytest.mark.parametrize(
    ("closed", "expected"), [("left", ["<50", "≥50", "≥50"]), ("right", ["≤50", "≤50", ">50"])]
)
def test_a_value_at_the_cut(
    tmp_path: Path, clinical: Reader, closed: str, expected: list[str]
) -> None:
    analysis = load(
        tmp_path,
        f"factors: {{x: {{kind: cut, column: wbc_e9_per_l, cuts: [50], closed: {closed}}}}}",
    )
    assert analysis.factors["x"].kind is FactorKind.CUT
    cohort = clinical("patient wbc_e9_per_l\nA 49.99\nB 50\nC 50.01\nD -")
    assert levels_of(analysis, "x", cohort) == [*expected, None]


def test_below_a_limit_is_below_the_cuts_from_there_on_only(clinical: Reader) -> None:
    cohort = clinical("patient mrd_fcm_tp1_percent\nA <0.001\nB <0.01\nC <0.1\nD <5\nE 0")
    wen = load_preset("wen-2022")
    assert levels_of(wen, "fcm_tp1_001", cohort) == ["<0.01", "<0.01", None, None, "<0.01"]
    assert levels_of(wen, "fcm_tp1_1", cohort) == ["<1", "<1", "<1", None, "<1"]


def test_any_is_positive_by_one_and_negative_by_all(clinical: Reader) -> None:
    cohort = clinical(
        """
        patient cns_involvement testicular_involvement
        A       yes             -
        B       no              yes
        C       no              no
        D       no              -
        E       -               -
        """
    )
    found = levels_of(load_preset("wen-2022"), "extramedullary", cohort)
    assert found == ["positive", "positive", "negative", None, None]


def test_empty_has_a_level_where_the_analysis_says_so(clinical: Reader) -> None:
    cohort = clinical(
        "patient death_months death_cause\nA 5 treatment\nB 5 disease\nC 5 unknown\nD - -"
    )
    found = levels_of(load_preset("wen-2022"), "treatment_death", cohort)
    assert found == ["yes", "no", None, "no"]


def test_risk_groups_are_a_protocol_s_own(tmp_path: Path) -> None:
    assert load_preset().risk == ()
    assert load_preset("wen-2022").risk == ("cccg-all-2015",)
    assert load(tmp_path, "risk: cccg-all-2015").risk == ("cccg-all-2015",)
    several = load(tmp_path, "risk: [interfant-06, eln-2022]")
    assert several.risk == ("interfant-06", "eln-2022")
    with pytest.raises(AnalysisError, match="key 'risk': expected one of cccg"):
        load(tmp_path, "risk: mine")
    with pytest.raises(AnalysisError, match=r"key 'risk\[2\]': expected one of cccg"):
        load(tmp_path, "risk: [interfant-06, mine]")
    with pytest.raises(AnalysisError, match=r"key 'risk\[2\]': expected each once"):
        load(tmp_path, "risk: [eln-2022, eln-2022]")


def test_how_r_does_it_can_be_chosen(tmp_path: Path) -> None:
    default = load_preset()
    assert (default.interval, default.ties) == (Interval.LOG_LOG, Ties.EFRON)
    assert default.incidence.std_error is StdError.SURVFIT
    asked = load(
        tmp_path,
        """
        confidence_interval: plain
        multivariable: {covariates: [sex], ties: exact}
        cumulative_incidence: {endpoints: [relapse], std_error: cuminc}
        """,
    )
    assert (asked.interval, asked.ties) == (Interval.PLAIN, Ties.EXACT)
    assert asked.incidence.std_error is StdError.CUMINC


def test_a_cut_has_an_order_and_a_category_where_it_is_said(tmp_path: Path) -> None:
    factors = load(
        tmp_path,
        """
        factors:
          said: {kind: category, column: marrow_tp1, levels: [M1, M2, M3], ordered: true}
          denied: {kind: category, column: marrow_tp1, levels: [M1, M2, M3], ordered: no}
          silent: {kind: category, column: marrow_tp1, levels: [M1, M2, M3]}
        """,
    ).factors
    ordered = {name: factors[name].ordered for name in ("said", "denied", "silent", "age", "sex")}
    assert ordered == {"said": True, "denied": False, "silent": False, "age": True, "sex": False}


def test_more_curves_than_a_figure_holds_are_refused(tmp_path: Path) -> None:
    text = """
        factors:
          age_8: {kind: cut, column: age_months, cuts: [1, 2, 3, 4, 5, 6, 7]}
        curves: [age_8]
        """
    with pytest.raises(AnalysisError, match=r"key 'curves': expected at most 7 .*'age_8' has 8"):
        load(tmp_path, text)


def test_figures_of_patients_are_grouped_by_a_declared_factor(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("swimmer: {by: sex}\nmrd: {}\n", encoding="utf-8")
    analysis = load_analysis(path)
    assert (analysis.swimmer_by, analysis.mrd_by) == ("sex", "")
    assert analysis.without(["sex"]).swimmer_by == ""
    path.write_text("swimmer: {by: centre}\n", encoding="utf-8")
    with pytest.raises(AnalysisError, match=r"key 'swimmer.by': expected one of age, sex"):
        load_analysis(path)
