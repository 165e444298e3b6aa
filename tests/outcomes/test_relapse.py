"""Relapse and treatment-related mortality of cohorts: definitions, conventions, tables."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from outcomes.analysis import load_analysis, load_preset, presets
from outcomes.competing import (
    COMPETING_ENDPOINTS,
    EVENT_FREE,
    EVENT_FREE_DEFINITIONS,
    Leavers,
    derive_competing,
)
from outcomes.endpoints import derive
from outcomes.errors import AnalysisError
from outcomes.statistics.survival import kaplan_meier
from outcomes.tables import OutcomeResults, analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from outcomes.clinical.cohort import Cohort, Results

    Reader = Callable[[str], Cohort]

RELAPSE = COMPETING_ENDPOINTS["relapse"]
MORTALITY = COMPETING_ENDPOINTS["treatment_related_mortality"]
COHORT = """
patient induction_failure_months relapse_months second_cancer_months death_months death_cause \
last_contact_months left_study_months
A - 10 - 20 treatment - -
B - - - 12 treatment - -
C - - - 13 disease - -
D 2 30 - - - 40 -
E - - 25 - - 50 -
F - - - - - 60 -
G - - - - - - 8
H - 15 - - - 70 14
I - 18 - 18 - - -
J - - - 19 - - -
"""


@pytest.fixture(scope="module")
def default(reconstructed: Cohort, integrated: Results) -> OutcomeResults:
    return analyse(reconstructed, integrated, load_preset())


def rows_of(results: OutcomeResults, table: str, **wanted: object) -> list[Mapping[str, object]]:
    return [
        row
        for row in results.tables[table]
        if all(row[column] == value for column, value in wanted.items())
    ]


@pytest.mark.parametrize(
    ("endpoint", "leavers", "causes"),
    [
        # A relapses before it dies; D never reached remission; H relapsed after it left.
        (RELAPSE, Leavers.CENSORED, "A1 B2 C2 D2 E2 F0 G0 H1 I1 J2"),
        (RELAPSE, Leavers.EXCLUDED, "A1 B2 C2 D2 E2 F0 I1 J2"),
        (RELAPSE, Leavers.EVENT, "A1 B2 C2 D2 E2 F0 G2 H2 I1 J2"),
        # The death of A is after its relapse; the cause of I and J is not known.
        (MORTALITY, Leavers.CENSORED, "A2 B1 C2 D2 E2 F0 G0 H2 I2 J2"),
        (MORTALITY, Leavers.EXCLUDED, "A2 B1 C2 D2 E2 F0 I2 J2"),
        (MORTALITY, Leavers.EVENT, "A2 B1 C2 D2 E2 F0 G2 H2 I2 J2"),
    ],
)
def test_the_first_event_decides(
    clinical: Reader, endpoint: object, leavers: Leavers, causes: str
) -> None:
    derived = derive_competing(clinical(COHORT), endpoint, leavers)  # type: ignore[arg-type]
    found = zip(derived.data["patient"], derived.data["cause"], strict=True)
    assert " ".join(f"{patient}{cause}" for patient, cause in found) == causes
    assert derived.events == causes.count("1")
    assert len(derived.data) + len(derived.excluded) == 10


@pytest.mark.parametrize("leavers", Leavers)
def test_definitions_say_what_is_done_with_those_who_left(leavers: Leavers) -> None:
    words = {"censored": "censored at last contact, those who left", "excluded": "are left out"}
    expected = words.get(leavers, "counts as a competing event")
    for endpoint in COMPETING_ENDPOINTS.values():
        assert expected in endpoint.definition(leavers)
        assert "compete" in endpoint.text


@pytest.mark.parametrize("leavers", Leavers)
def test_causes_are_the_events_of_event_free_survival(
    reconstructed: Cohort, leavers: Leavers
) -> None:
    free = derive(reconstructed, EVENT_FREE[leavers]).data
    for endpoint in COMPETING_ENDPOINTS.values():
        data = derive_competing(reconstructed, endpoint, leavers).data
        assert ((data["cause"] > 0) == (free["event"] == 1)).all()
        assert (data["time_months"] == free["time_months"]).all()


def test_incidences_and_event_free_survival_make_one(default: OutcomeResults) -> None:
    (free,) = rows_of(default, "table_univariate", endpoint="efs", variable="all")
    for endpoint in COMPETING_ENDPOINTS:
        (row,) = rows_of(default, "table_relapse", endpoint=endpoint, variable="all")
        total = row["incidence"] + row["competing_incidence"] + free["survival"]  # type: ignore[operator]
        assert total == pytest.approx(1, abs=1e-12)


def test_relapse_of_the_reconstruction(default: OutcomeResults) -> None:
    """15 relapses, 4 induction failures and 4 deaths among 48; see test_published_cells.py."""
    (row,) = rows_of(default, "table_relapse", endpoint="relapse", variable="all")
    assert (row["n"], row["events"], row["competing"], row["n_at_risk"]) == (48, 15, 8, 5)
    by_subtype = rows_of(default, "table_relapse", endpoint="relapse", variable="subtype")
    assert [each["level"] for each in by_subtype] == ["AFF1", "MLLT3", "MLLT1", "other"]
    assert sum(each["events"] for each in by_subtype) == 15  # type: ignore[misc]
    assert {each["df"] for each in by_subtype} == {3}
    assert [each["reference"] for each in by_subtype] == ["AFF1"] * 4
    assert by_subtype[0]["subdistribution_hazard_ratio"] is None
    assert all(each["subdistribution_hazard_ratio"] for each in by_subtype[1:])


def test_one_minus_the_printed_efs_is_the_printed_relapse_rate(published: OutcomeResults) -> None:
    """Wen et al. 2022 print 59.16%: 19 events of 37, four of them induction failures."""
    (free,) = rows_of(published, "table_sensitivity", endpoint="wen-2022-as-analysed")
    assert round(100 * (1 - free["estimate"]), 2) == 59.16  # type: ignore[operator]
    assert (free["events"], free["relapses"], free["induction_failures"]) == (19, 15, 4)
    (relapse,) = rows_of(
        published, "table_sensitivity", endpoint="relapse", leavers="excluded", declared="yes"
    )
    assert (relapse["n"], relapse["events"], relapse["competing"]) == (41, 15, 8)
    assert relapse["estimate"] < 0.45  # type: ignore[operator]


@pytest.mark.parametrize("preset", ["default", "wen-2022"])
def test_sensitivity_has_every_endpoint_by_every_convention(
    reconstructed: Cohort, integrated: Results, preset: str
) -> None:
    results = analyse(reconstructed, integrated, load_preset(preset))
    rows = [row for row in results.tables["table_sensitivity"] if str(row["n"]) != "37"]
    assert Counter((row["endpoint"], row["quantity"]) for row in rows) == {
        ("efs", "event-free survival"): 1,
        ("wen-2022-with-trm", "event-free survival"): 1,
        ("wen-2022-as-written", "event-free survival"): 1,
        ("efs-eln-2017", "event-free survival"): 3,
        ("efs-eln-2022", "event-free survival"): 3,
        ("efs-ponte-di-legno", "event-free survival"): 3,
        ("relapse", "cumulative incidence"): 3,
        ("treatment_related_mortality", "cumulative incidence"): 3,
    }
    for leavers in Leavers:
        efs, eln_2017, eln_2022, ponte, relapse, _ = (
            row for row in rows if row["leavers"] == leavers
        )
        # Nobody has a second cancer or reaches remission after a failure: the events are the same,
        # and so are the times, but for those at time 0.
        for other in (eln_2017, eln_2022, ponte):
            assert (other["n"], other["events"]) == (efs["n"], efs["events"])
        assert eln_2017["estimate"] == ponte["estimate"] == efs["estimate"]
        parts = ("relapses", "induction_failures", "second_cancers", "deaths", "leavers_counted")
        assert efs["events"] == sum(efs[part] for part in parts)  # type: ignore[misc]
        assert relapse["events"] == relapse["relapses"]
        assert relapse["events"] + relapse["competing"] == efs["events"]  # type: ignore[operator]
        assert efs["n"] == relapse["n"]
        assert relapse["estimate"] < 1 - efs["estimate"]  # type: ignore[operator]


def test_curves_are_written_step_by_step(default: OutcomeResults) -> None:
    steps = rows_of(default, "cif", endpoint="relapse", variable="all")
    (row,) = rows_of(default, "table_relapse", endpoint="relapse", variable="all")
    last = [step for step in steps if step["time_months"] <= 60][-1]  # type: ignore[operator]
    for column in ("incidence", "std_error", "ci_lower", "ci_upper", "competing_incidence"):
        assert last[column] == row[column]
    for column, total in (("n_events", 15), ("n_competing", 8), ("n_censored", 25)):
        assert sum(step[column] for step in steps) == total  # type: ignore[misc]


def test_flow_leads_to_each_analysis(published: OutcomeResults) -> None:
    rows = rows_of(published, "flow", endpoint="relapse", variable="")
    assert [row["patients"] for row in rows] == [48, 41, 41]
    assert rows[1]["reason"] == "left the study before any event"
    assert rows[2]["reason"] == "15 with an event"
    assert rows_of(published, "flow", endpoint="relapse", variable="aff1")


def test_landmark_holds_for_relapse(default: OutcomeResults) -> None:
    row, _ = rows_of(default, "table_relapse", endpoint="relapse", variable="fcm_tp2_001")
    assert "from the landmark on day 46" in str(row["note"])


def test_definitions_and_follow_up_stand_in_the_models(default: OutcomeResults) -> None:
    record, mortality = default.models["cumulative_incidence"]  # type: ignore[misc]
    assert record["definition"] == RELAPSE.definition(Leavers.CENSORED)
    assert (record["n"], record["events"], record["competing"]) == (48, 15, 8)
    data = default.incidence[0].derived.data
    reverse = kaplan_meier(data["time_months"], data["cause"] == 0)
    assert record["median_follow_up_months"] == reverse.median
    assert mortality["endpoint"] == "treatment_related_mortality"


def test_cautions_name_the_endpoint(default: OutcomeResults) -> None:
    found = [each for each in default.cautions if each.endpoint == "relapse"]
    assert {str(each.kind) for each in found} >= {"several_tests", "few_events_in_group"}


def test_without_a_column_of_relapses_there_is_no_incidence_of_0(clinical: Reader) -> None:
    cohort = clinical("patient death_months last_contact_months\nA 5 -\nB - 9")
    results = analyse(cohort, None, load_preset())
    assert results.incidence == ()
    for table in ("table_relapse", "cif"):
        assert results.tables[table] == []
    rows = {str(row["endpoint"]): row for row in results.tables["table_sensitivity"]}
    assert set(rows) == {
        *(endpoint.name for endpoint in EVENT_FREE.values()),
        *(endpoint.name for endpoint in EVENT_FREE_DEFINITIONS),
    }
    # By ELN 2022 a remission decides, and the table has none.
    assert (rows["efs-eln-2022"]["n"], rows["efs-eln-2022"]["missing"]) == (0, 2)
    assert rows["efs-eln-2022"]["estimate"] is None
    assert rows["efs-eln-2022"]["note"] == (
        "2 left out: complete remissions are not in the clinical table"
    )


@pytest.mark.parametrize(
    "table",
    [
        "patient relapse_months last_contact_months\nA - 5\nB - 9",
        "patient relapse_months last_contact_months sex\nA 5 5 male\nB 5 - female\nC 5 9 male",
        "patient relapse_months death_months death_cause\nA - 5 treatment\nB - 6 disease",
        "patient relapse_months\nA -",
    ],
)
def test_cohorts_that_offer_little_are_analysed(clinical: Reader, table: str) -> None:
    results = analyse(clinical(table), None, load_preset())
    for row in rows_of(results, "table_relapse", endpoint="relapse"):
        assert row["incidence"] is None or 0 <= row["incidence"] <= 1  # type: ignore[operator]
        assert not any(isinstance(value, float) and np.isnan(value) for value in row.values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "cumulative_incidence: {endpoints: [cure]}",
            "'cumulative_incidence.endpoints[1]': expected one of relapse, ",
        ),
        (
            "cumulative_incidence: {endpoints: [relapse], leavers: kept}",
            (
                "'cumulative_incidence.leavers': expected one of censored, excluded, event; "
                "found 'kept'"
            ),
        ),
        (
            "cumulative_incidence: {endpoints: [relapse], by: [centre]}",
            "'cumulative_incidence.by[1]': expected one of age, sex",
        ),
        (
            "cumulative_incidence: {endpoints: [relapse], by: [treatment_death]}",
            "'cumulative_incidence.by': expected nothing that happens later",
        ),
        ("cumulative_incidence: {horizon: 5}", "expected one of the keys endpoints, leavers, by"),
    ],
)
def test_what_an_analysis_may_say_of_it(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnalysisError, match=re.escape(message)):
        load_analysis(path)


def test_an_empty_list_asks_for_none(
    reconstructed: Cohort, integrated: Results, tmp_path: Path
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("cumulative_incidence: {endpoints: []}", encoding="utf-8")
    results = analyse(reconstructed, integrated, load_analysis(path))
    for table in ("table_relapse", "table_sensitivity", "cif"):
        assert results.tables[table] == []


@pytest.mark.parametrize("preset", presets())
def test_presets_declare_it(preset: str) -> None:
    declared = load_preset(preset).incidence
    assert declared.endpoints == ("relapse", "treatment_related_mortality")
    assert declared.by[0] == "subtype"
    assert declared.leavers == ("excluded" if preset == "wen-2022" else "censored")


def test_restricted_means_stand_in_the_univariate_table(default: OutcomeResults) -> None:
    low, high = rows_of(default, "table_univariate", endpoint="efs", variable="wbc_300")
    assert low["mean_until_months"] == high["mean_until_months"] < 60  # type: ignore[operator]
    difference = high["restricted_mean_months"] - low["restricted_mean_months"]  # type: ignore[operator]
    assert high["mean_difference_months"] == pytest.approx(difference)
    assert low["mean_difference_months"] is None
