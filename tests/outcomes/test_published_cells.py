"""Every printed cell of Wen et al. 2022 that its tables allow to be computed, one test a cell.

The reconstructed cohort is synthetic, so a cell has two values to meet: that of the reconstruction
to all its digits, and the printed one to within one unit of its last digit. Where the
reconstruction does not meet the print, `NOT_AS_PRINTED` says so.
"""

from __future__ import annotations

import ast
import csv
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcomes.tables import OutcomeResults

RECONSTRUCTED = Path(__file__).parents[2] / "workflows/example/source/reconstructed_cohort.csv"
WEN_2022 = Path(__file__).parents[1] / "data" / "wen_2022"
THE_37, THE_41 = "wen-2022-as-analysed", "wen-2022-with-trm"
INFANT, NON_INFANT = "infant (<12 months)", "non-infant (≥12 months)"


def read_tsv(name: str) -> list[dict[str, str]]:
    with (WEN_2022 / name).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


CELLS = read_tsv("published_cells.tsv")
CONSTRAINTS = {row["constraint"]: row for row in read_tsv("reconstruction_check.tsv")}

# Constraint prefix: the row of table_univariate.
STRATA = {
    "all37": (THE_37, "all", "all"),
    "all41": (THE_41, "all", "all"),
    "Age=1": (THE_37, "age", INFANT),
    "Age=0": (THE_37, "age", NON_INFANT),
    "Female=1": (THE_37, "sex", "female"),
    "Female=0": (THE_37, "sex", "male"),
    "WBC50=1": (THE_37, "wbc_50", "≥50"),
    "WBC50=0": (THE_37, "wbc_50", "<50"),
    "WBC300=1": (THE_37, "wbc_300", "≥300"),
    "WBC300=0": (THE_37, "wbc_300", "<300"),
    # Print has the two estimates in each other's row.
    "LDH (rows swapped)=1": (THE_37, "ldh_2n", "≥660"),
    "LDH (rows swapped)=0": (THE_37, "ldh_2n", "<660"),
    "AFF1=1": (THE_37, "aff1", "AFF1"),
    "AFF1=0": (THE_37, "aff1", "other partner"),
    "Dex=1": (THE_37, "dexamethasone", "positive"),
    "Dex=0": (THE_37, "dexamethasone", "negative"),
    "DPR=1": (THE_37, "dexamethasone_response", "poor"),
    "DPR=0": (THE_37, "dexamethasone_response", "good"),
    "FCM1 .01 (54.55 for printed 55.55)=1": (THE_37, "fcm_tp1_001", "≥0.01"),
    "FCM1 .01 (54.55 for printed 55.55)=0": (THE_37, "fcm_tp1_001", "<0.01"),
    "FCM1 1% (54.38 for printed 52.38)=1": (THE_37, "fcm_tp1_1", "≥1"),
    "FCM1 1% (54.38 for printed 52.38)=0": (THE_37, "fcm_tp1_1", "<1"),
    "PCR1=1": (THE_37, "pcr_tp1", "positive"),
    "PCR1=0": (THE_37, "pcr_tp1", "negative"),
    "FCM2=1": (THE_37, "fcm_tp2_001", "≥0.01"),
    "FCM2=0": (THE_37, "fcm_tp2_001", "<0.01"),
    "PCR2=1": (THE_37, "pcr_tp2", "positive"),
    "PCR2=0": (THE_37, "pcr_tp2", "negative"),
    "MLLT3": (THE_37, "aff1_mllt3", "MLLT3"),
    "CNS-": (THE_37, "cns", "no"),
    "M1": (THE_37, "marrow_tp1", "M1"),
}
LOG_RANKS = {
    "Age": "age",
    "Female": "sex",
    "WBC50": "wbc_50",
    "WBC300": "wbc_300",
    "LDH (rows swapped)": "ldh_2n",
    "AFF1": "aff1",
    "AFF1 vs MLLT3": "aff1_mllt3",
    "Dex": "dexamethasone",
    "DPR": "dexamethasone_response",
    "FCM1 .01 (54.55 for printed 55.55)": "fcm_tp1_001",
    "FCM1 1% (54.38 for printed 52.38)": "fcm_tp1_1",
    "PCR1": "pcr_tp1",
    "FCM2": "fcm_tp2_001",
    "PCR2": "pcr_tp2",
}
FIELDS = {"n": ("n", 1), "S(5y)": ("survival", 100), "SE": ("std_error", 100)}


def univariate(
    results: OutcomeResults, endpoint: str, variable: str, level: str
) -> dict[str, object]:
    (row,) = (
        row
        for row in results.tables["table_univariate"]
        if (row["endpoint"], row["variable"], row["level"]) == (endpoint, variable, level)
    )
    return dict(row)


def compared(
    results: OutcomeResults, table: str, variable: str, level: str = "", group: str = "all"
) -> dict[str, object]:
    (row,) = (
        row
        for row in results.tables[table]
        if (row["variable"], row["level"], row["group"]) == (variable, level, group)
    )
    return dict(row)


def number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)


def within_last_digit(ours: float, printed: str) -> bool:
    """Say whether a value is the printed one, allowing one unit of its last digit."""
    if printed.startswith(("<", ">")):
        limit = float(printed[1:])
        return ours < limit if printed[0] == "<" else ours > limit
    unit = Decimal(1).scaleb(int(Decimal(printed).as_tuple().exponent))
    return abs(Decimal(ours) - Decimal(printed)) <= unit


def equal_as_written(ours: float, written: str) -> bool:
    """Say whether a value rounds to what the reconstruction's own check wrote."""
    places = max(0, -int(Decimal(written).as_tuple().exponent))
    return abs(ours - float(written)) <= 0.5000001 * 10.0**-places


# Survival: Tables 4 and 5 and the text


def survival_labels() -> set[str]:
    named = {f"{prefix} {field}" for prefix in STRATA for field in FIELDS}
    return named | {f"{prefix} log-rank p" for prefix in LOG_RANKS}


SURVIVAL = [
    label
    for label, row in CONSTRAINTS.items()
    if label in survival_labels() and row["status"] == "exact"
]


def survival_cell(results: OutcomeResults, label: str) -> float:
    if label.endswith(" log-rank p"):
        variable = LOG_RANKS[label.removesuffix(" log-rank p")]
        rows = [
            row
            for row in results.tables["table_univariate"]
            if (row["endpoint"], row["variable"]) == (THE_37, variable)
        ]
        assert {row["test"] for row in rows} == {"log-rank"}
        return number(rows[0]["p_value"])
    prefix, _, field = label.rpartition(" ")
    column, scale = FIELDS[field]
    return number(univariate(results, *STRATA[prefix])[column]) * scale


@pytest.mark.parametrize("label", SURVIVAL)
def test_survival_cell(published: OutcomeResults, label: str) -> None:
    ours = survival_cell(published, label)
    assert equal_as_written(ours, CONSTRAINTS[label]["reconstructed"])
    assert within_last_digit(ours, CONSTRAINTS[label]["published"])


@pytest.mark.parametrize(
    ("label", "ours"),
    [
        # Six patients with one survivor have a standard error of 15.21, whatever their times:
        # 16.67 +- 14.83 cannot be printed for n = 6.
        ("WBC300=1 SE", 15.2145),
        ("WBC300=0 S(5y)", 46.7967),
        ("WBC300=0 SE", 10.1937),
    ],
)
def test_impossible_survival_cell(published: OutcomeResults, label: str, ours: float) -> None:
    assert CONSTRAINTS[label]["status"] == "NO"
    assert survival_cell(published, label) == pytest.approx(ours, abs=5e-5)
    assert not within_last_digit(survival_cell(published, label), CONSTRAINTS[label]["published"])


def test_every_survival_constraint_has_a_test() -> None:
    looks_like_survival = re.compile(r"(?!T6).* (n|S\(5y\)|SE|log-rank p)")
    assert survival_labels() == {
        label for label in CONSTRAINTS if looks_like_survival.fullmatch(label)
    }
    assert len(SURVIVAL) == 104


def test_every_survival_row_counts_from_diagnosis(published: OutcomeResults) -> None:
    assert not any("landmark" in str(row["note"]) for row in published.tables["table_univariate"])


def test_median_follow_up_of_the_37_is_the_median_of_their_times(published: OutcomeResults) -> None:
    the_37 = published.endpoints[0].data
    assert len(the_37) == 37
    assert the_37["time_months"].median() == 15.48


# Tables 1 and 2: tests

FISHER = {
    "Sex male/female": ("table_baseline", "sex"),
    "WBC>=50": ("table_baseline", "wbc_50"),
    "LDH>=2N": ("table_baseline", "ldh_2n"),
    "Extramedullary neg/pos": ("table_baseline", "extramedullary"),
    "KMT2A-AFF1 vs non": ("table_baseline", "aff1"),
    "Dex negative/positive": ("table_response", "dexamethasone"),
    "DGR/DPR": ("table_response", "dexamethasone_response"),
    "BM TP1 M1/M2-3": ("table_response", "marrow_tp1"),
    "FCM TP1 <0.01/>=0.01": ("table_response", "fcm_tp1_001"),
    "FCM TP1 <1/>=1": ("table_response", "fcm_tp1_1"),
    "PCR TP1 neg/pos": ("table_response", "pcr_tp1"),
    "BM TP2 CR/not": ("table_response", "remission_tp2"),
    "FCM TP2 <0.01/>=0.01": ("table_response", "fcm_tp2_001"),
    "TRM yes/no": ("table_response", "treatment_death"),
}
FISHER_CELLS = {
    cell["row"].removesuffix(" Fisher p"): cell
    for cell in CELLS
    if cell["table"] in ("T1", "T2") and cell["row"].endswith("Fisher p")
}


@pytest.mark.parametrize("row", FISHER)
def test_fisher_cell(published: OutcomeResults, row: str) -> None:
    table, variable = FISHER[row]
    cell = FISHER_CELLS[row]
    assert cell["agrees"] == "True"
    (found,) = {
        (each["test"], each["p_value"])
        for each in published.tables[table]
        if each["variable"] == variable
    }
    assert found[0] == "Fisher exact"
    assert within_last_digit(number(found[1]), cell["published"])


@pytest.mark.parametrize("row", FISHER)
def test_fisher_counts(published: OutcomeResults, row: str) -> None:
    table, variable = FISHER[row]
    infants, others = (
        sorted(int(part) for part in side.split("/"))
        for side in FISHER_CELLS[row]["inputs"].split(" vs ")
    )
    ours = {
        group: sorted(
            each["n"]
            for each in published.tables[table]
            if each["variable"] == variable and each["group"] == group
        )
        for group in (INFANT, NON_INFANT)
    }
    assert ours == {INFANT: infants, NON_INFANT: others}


def test_pcr_at_tp2_does_not_add_up_in_print(published: OutcomeResults) -> None:
    # 17/11 makes 28 of 29 non-infants; with the one who lacks, p is no longer the printed 0.5213.
    cell = next(cell for cell in CELLS if cell["row"].startswith("PCR TP2 neg/pos (corrected"))
    assert cell["agrees"] == "False"
    row = compared(published, "table_response", "pcr_tp2", "positive", NON_INFANT)
    assert (row["n"], row["of"], row["missing"]) == (12, 29, 1)
    assert within_last_digit(number(row["p_value"]), cell["recomputed"])


# Constraint: table, variable, level of the pair (infants, non-infants).
PAIRS = {
    "T1 male": ("table_baseline", "sex", "male"),
    "T1 WBC>=50": ("table_baseline", "wbc_50", "≥50"),
    "T1 LDH>=2N": ("table_baseline", "ldh_2n", "≥660"),
    "T1 AFF1": ("table_baseline", "aff1", "AFF1"),
    "T1 CNS": ("table_baseline", "cns", "yes"),
    "T1 TL": ("table_baseline", "testis", "yes"),
    "T2 dex positive": ("table_response", "dexamethasone", "positive"),
    "T2 DPR": ("table_response", "dexamethasone_response", "poor"),
    "T2 M2/M3": ("table_response", "marrow_tp1", "M2 or M3"),
    "T2 FCM1>=.01": ("table_response", "fcm_tp1_001", "≥0.01"),
    "T2 FCM1>=1": ("table_response", "fcm_tp1_1", "≥1"),
    "T2 PCR1+": ("table_response", "pcr_tp1", "positive"),
    "T2 CR": ("table_response", "remission_tp2", "yes"),
    "T2 FCM2>=.01": ("table_response", "fcm_tp2_001", "≥0.01"),
    "T2 PCR2+ (8,12; printed 8,11)": ("table_response", "pcr_tp2", "positive"),
    "T2 TRM": ("table_response", "treatment_death", "yes"),
}
SAMPLED = {
    "T2 n TP1": ("table_response", "marrow_tp1", "M1"),
    "T2 n TP2 (15,29)": ("table_response", "fcm_tp2_001", "<0.01"),
}


@pytest.mark.parametrize("label", [*PAIRS, *SAMPLED])
def test_count_pair(published: OutcomeResults, label: str) -> None:
    table, variable, level = {**PAIRS, **SAMPLED}[label]
    column = "of" if label in SAMPLED else "n"
    ours = tuple(
        compared(published, table, variable, level, group)[column] for group in (INFANT, NON_INFANT)
    )
    assert ours == ast.literal_eval(CONSTRAINTS[label]["published"])


COUNTS: dict[str, Callable[[OutcomeResults], object]] = {
    ">=300 total": lambda r: compared(r, "table_baseline", "wbc_300", "≥300")["n"],
    "MLLT3": lambda r: compared(r, "table_baseline", "subtype", "MLLT3")["n"],
    "MLLT1": lambda r: compared(r, "table_baseline", "subtype", "MLLT1")["n"],
    "relapses": lambda r: (r.endpoints[0].data["first_event"] == "relapse").sum(),
    "no CR": lambda r: (r.endpoints[0].data["first_event"] == "induction_failure").sum(),
}


@pytest.mark.parametrize("label", COUNTS)
def test_count(published: OutcomeResults, label: str) -> None:
    assert COUNTS[label](published) == int(CONSTRAINTS[label]["published"])


def test_those_who_left_are_five_boys_and_two_girls(published: OutcomeResults) -> None:
    sexes = [row["sex"] for row in published.tables["table_dropouts"]]
    assert (sexes.count("male"), sexes.count("female")) == (5, 2)
    assert ast.literal_eval(CONSTRAINTS["quit sex M/F"]["published"]) == (5, 2)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("infants", ("table_baseline", "age_months", "", INFANT)),
        ("non-infants", ("table_baseline", "age_months", "", NON_INFANT)),
        ("WBC>=300", ("table_baseline", "wbc_300", "≥300", "all")),
        ("WBC>=50", ("table_baseline", "wbc_50", "≥50", "all")),
        ("LDH>=2N", ("table_baseline", "ldh_2n", "≥660", "all")),
        ("CNS", ("table_baseline", "cns", "yes", "all")),
        ("TL", ("table_baseline", "testis", "yes", "all")),
        ("family history", ("table_baseline", "family_history", "yes", "all")),
        ("AFF1", ("table_baseline", "subtype", "AFF1", "all")),
        ("MLLT3", ("table_baseline", "subtype", "MLLT3", "all")),
        ("MLLT1", ("table_baseline", "subtype", "MLLT1", "all")),
        ("TRM", ("table_response", "treatment_death", "yes", "all")),
        ("CR", ("table_response", "remission_tp2", "yes", "all")),
        ("infant CR", ("table_response", "remission_tp2", "yes", INFANT)),
        ("non-infant CR", ("table_response", "remission_tp2", "yes", NON_INFANT)),
    ],
)
def test_count_of_the_text(
    published: OutcomeResults, row: str, place: tuple[str, str, str, str]
) -> None:
    cell = next(c for c in CELLS if c["table"] == "text" and c["row"] == row)
    count, of = (int(part) for part in cell["inputs"].split("/"))
    ours = compared(published, *place)
    assert ours["n"] == count
    size = 48 if row in ("infants", "non-infants") else number(ours["of"]) + number(ours["missing"])
    assert size == of
    assert within_last_digit(100 * count / size, cell["published"].rstrip("%"))


# Tables 1 and the text: means

MEANS = {
    "WBC mean n=18": ("wbc_e9_per_l", INFANT, "mean"),
    "WBC SEM n=18": ("wbc_e9_per_l", INFANT, "sem"),
    "WBC mean n=30": ("wbc_e9_per_l", NON_INFANT, "mean"),
    "WBC SEM n=30": ("wbc_e9_per_l", NON_INFANT, "sem"),
    "WBC mean n=48": ("wbc_e9_per_l", "all", "mean"),
    "WBC SEM n=48": ("wbc_e9_per_l", "all", "sem"),
    "LDH mean n=18": ("ldh_u_per_l", INFANT, "mean"),
    "LDH SEM n=18": ("ldh_u_per_l", INFANT, "sem"),
    "LDH mean n=30": ("ldh_u_per_l", NON_INFANT, "mean"),
    "LDH SEM n=30": ("ldh_u_per_l", NON_INFANT, "sem"),
    "LDH mean n=48": ("ldh_u_per_l", "all", "mean"),
    "LDH SEM n=48": ("ldh_u_per_l", "all", "sem"),
    "age mean n=48": ("age_months", "all", "mean"),
    "age SEM n=48": ("age_months", "all", "sem"),
    "WBC median": ("wbc_e9_per_l", "all", "median"),
    "LDH median": ("ldh_u_per_l", "all", "median"),
    "age median": ("age_months", "all", "median"),
    "WBC Welch p": ("wbc_e9_per_l", "all", "p_value"),
    "LDH Welch p": ("ldh_u_per_l", "all", "p_value"),
}
# LDH is whole numbers in the reconstruction: no 18 of them have the mean 1114.13.
NOT_AS_PRINTED = {"LDH mean n=18", "LDH mean n=30", "LDH SEM n=48", "LDH Welch p"}


@pytest.mark.parametrize("label", MEANS)
def test_mean(published: OutcomeResults, label: str) -> None:
    variable, group, column = MEANS[label]
    ours = number(compared(published, "table_baseline", variable, "", group)[column])
    assert equal_as_written(ours, CONSTRAINTS[label]["reconstructed"])
    as_printed = within_last_digit(ours, CONSTRAINTS[label]["published"])
    assert as_printed == (label not in NOT_AS_PRINTED)


@pytest.mark.parametrize("variable", ["WBC", "LDH"])
@pytest.mark.parametrize("figure", ["t", "df", "p"])
def test_welch_cell(published: OutcomeResults, variable: str, figure: str) -> None:
    name = {"WBC": "wbc_e9_per_l", "LDH": "ldh_u_per_l"}[variable]
    column = {"t": "statistic", "df": "df", "p": "p_value"}[figure]
    row = compared(published, "table_baseline", name)
    assert row["test"] == "Welch t"
    cell = next(c for c in CELLS if c["row"] == f"{variable} Welch {figure}")
    assert cell["agrees"] == "True"
    # LDH: within what whole numbers allow, see above.
    tolerance = {"t": 0.0006, "df": 0.011, "p": 0.0004}[figure] if variable == "LDH" else None
    if tolerance is None:
        assert within_last_digit(number(row[column]), cell["published"])
    else:
        assert number(row[column]) == pytest.approx(float(cell["published"]), abs=tolerance)


@pytest.mark.parametrize(
    ("variable", "minimum", "maximum"),
    [("age_months", 3, 173), ("wbc_e9_per_l", 1.94, 652.28), ("ldh_u_per_l", 201, 4059)],
)
def test_range_of_the_text(
    published: OutcomeResults, variable: str, minimum: float, maximum: float
) -> None:
    row = compared(published, "table_baseline", variable)
    assert (row["minimum"], row["maximum"]) == (minimum, maximum)


# The four ways to count, side by side


@pytest.mark.parametrize(
    ("endpoint", "n", "events", "survival"),
    [
        (THE_37, 37, 19, 40.8408),
        (THE_41, 41, 23, 36.8564),
        ("wen-2022-as-written", 48, 30, None),
        ("efs", 48, 23, None),
    ],
)
def test_endpoints_side_by_side(
    published: OutcomeResults, endpoint: str, n: int, events: int, survival: float | None
) -> None:
    row = univariate(published, endpoint, "all", "all")
    assert (row["n"], row["events"]) == (n, events)
    if survival is not None:
        assert 100 * number(row["survival"]) == pytest.approx(survival, abs=5e-5)


def test_leaving_as_an_event_is_worse_than_censoring(published: OutcomeResults) -> None:
    estimates = {
        name: number(univariate(published, name, "all", "all")["survival"])
        for name in ("wen-2022-as-written", THE_41, "efs", THE_37)
    }
    assert sorted(estimates, key=lambda name: estimates[name]) == list(estimates)


def test_model_of_table_6_counts_19_events_and_says_that_they_are_few(
    published: OutcomeResults,
) -> None:
    rows = [r for r in published.tables["table_multivariable"] if r["endpoint"] == THE_37]
    assert {(row["n"], row["events"]) for row in rows} == {(37, 19)}
    assert len(rows) == 8
    assert any(
        (caution.endpoint, caution.variable) == (THE_37, "multivariable")
        and caution.figure == 19 / 8
        for caution in published.cautions
    )


# All constraints of the reconstruction, by name

# Constraint: the column of the reconstruction and what is counted in it. What the assays find from
# these is counted in tests/workflows/test_demo.py.
ASSAYS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "FISH+": ("fish_pos", lambda cell: cell == "1"),
    "RT-PCR+": ("rtpcr_pos", lambda cell: cell == "1"),
    "RNA-seq": ("rnaseq", lambda cell: cell == "1"),
    "karyotyped": ("karyotype", lambda cell: cell != "not evaluated"),
    "11q23": ("karyotype", lambda cell: "11q23" in cell),
}
_SIX = (
    "six patients with one survivor have 16.67 ± 15.21 whatever their times, so 14.83 is not "
    "theirs; the others' estimate follows from all 37 less these six"
)
_TABLE_6 = (
    "the reconstruction pins the order of events by the curves and log-ranks; the joint model of "
    "three variables depends on how the levels combine, which no printed margin tells"
)
# Constraint that the reconstruction does not meet: why. What it gives instead stands in
# `reconstruction_check.tsv` and is held at full precision here and in test_table_6.py.
UNMET = {
    "WBC300=1 SE": _SIX,
    "WBC300=0 S(5y)": _SIX,
    "WBC300=0 SE": _SIX,
    **{label: _TABLE_6 for label in CONSTRAINTS if label.startswith("T6 ")},
}


def test_every_constraint_has_a_test_that_names_it() -> None:
    """153 hold and 13 do not; `pytest -rP -k every_constraint` prints those with the reason."""
    named = {
        *SURVIVAL,
        *PAIRS,
        *SAMPLED,
        *COUNTS,
        *MEANS,
        *ASSAYS,
        "quit sex M/F",
        "median follow-up of the 37 (naive)",
    }
    exact = {label for label, row in CONSTRAINTS.items() if row["status"] == "exact"}
    assert named == exact
    assert len(exact) == 153
    assert set(UNMET) == CONSTRAINTS.keys() - exact
    assert len(UNMET) == 13
    for label, why in UNMET.items():
        row = CONSTRAINTS[label]
        print(f"{label}: printed {row['published']}, got {row['reconstructed']}: {why}")


@pytest.mark.parametrize("label", ASSAYS)
def test_assay_count_of_the_reconstruction(label: str) -> None:
    with RECONSTRUCTED.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    column, is_counted = ASSAYS[label]
    assert sum(is_counted(row[column]) for row in rows) == int(CONSTRAINTS[label]["published"])
