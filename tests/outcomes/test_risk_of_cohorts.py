"""Risk groups of a cohort: clinical table and integrated results together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fusion_caller.tables import read_table
from outcomes.clinical.cohort import read_results
from outcomes.risk import (
    PROTOCOLS,
    RISK_COLUMNS,
    Finding,
    Kmt2a,
    findings,
    risk_rows,
    risks_by_patient,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from outcomes.clinical.cohort import Cohort

REARRANGED = Finding(kmt2a_status=Kmt2a.REARRANGED, kmt2a_partner="AFF1")


def test_a_cohort_is_grouped_by_patient_and_protocol(
    clinical: Callable[[str], Cohort],
) -> None:
    cohort = clinical(
        """
        patient disease age_months wbc_e9_per_l mrd_fcm_tp2_percent prednisone_response
        A       b-all   3          400          <0.01               -
        B       -       30         -            <0.01               -
        C       T-ALL   30         5            <5                  good
        D       aml     200        5            -                   -
        E       B-ALL   4          5            <0.01               POOR
        """
    )
    risks = risks_by_patient(cohort, dict.fromkeys("BACDE", REARRANGED))
    infants_only = "does not apply: the protocol is for infants under 12 months"
    assert {patient: [str(risk) for risk in found] for patient, found in risks.items()} == {
        "B": ["intermediate", infants_only, "not evaluable: needs disease"],
        "A": ["high", "high", "does not apply: the classification is for AML"],
        "C": [
            "not evaluable: needs mrd_fcm_tp2_percent",
            infants_only,
            "does not apply: the classification is for AML",
        ],
        "D": [
            "does not apply: the protocol is for ALL",
            "does not apply: the protocol is for ALL and biphenotypic leukaemia",
            "adverse",
        ],
        "E": ["intermediate", "high", "does not apply: the classification is for AML"],
    }
    assert [*risks] == ["B", "A", "C", "D", "E"]


def test_a_patient_of_one_table_only_needs_what_the_other_would_say(
    clinical: Callable[[str], Cohort],
) -> None:
    cohort = clinical(
        """
        patient age_months wbc_e9_per_l mrd_fcm_tp2_percent
        A       3          400          0
        """
    )
    risks = risks_by_patient(cohort, {"Z": REARRANGED})
    assert [str(risk) for risk in risks["A"]] == [
        "not evaluable: needs kmt2a_status",
        "not evaluable: needs kmt2a_status",
        "not evaluable: needs disease, kmt2a_status, kmt2a_partner",
    ]
    assert risks["Z"][0].needs == ("age_months", "wbc_e9_per_l", "mrd_fcm_tp2_percent")
    assert [*risks] == ["Z", "A"]


def test_rows_are_one_a_patient_and_protocol(clinical: Callable[[str], Cohort]) -> None:
    cohort = clinical(
        """
        patient age_months wbc_e9_per_l
        A       3          400
        """
    )
    rows = list(risk_rows(risks_by_patient(cohort, {"A": REARRANGED})))
    assert [row["protocol"] for row in rows] == [*PROTOCOLS]
    for row in rows:
        assert tuple(row) == RISK_COLUMNS
        assert sum(bool(row[name]) for name in ("group", "needs", "does_not_apply")) == 1
    assert rows[0]["group"] == "high"
    assert rows[0]["inputs"] == ("kmt2a_status=rearranged", "age_months=3.0", "wbc_e9_per_l=400.0")
    assert rows[2]["needs"] == ("disease",)


@pytest.mark.parametrize(
    ("status", "partner", "confidence", "finding"),
    [
        ("rearranged", "AFF1", "confirmed", REARRANGED),
        ("rearranged", "AFF1", "conflicting", Finding(kmt2a_status=Kmt2a.REARRANGED)),
        ("rearranged", None, "possible", Finding(kmt2a_status=Kmt2a.REARRANGED)),
        ("rearranged_partner_unknown", None, None, Finding(kmt2a_status=Kmt2a.REARRANGED)),
        ("ptd", "KMT2A", "probable", Finding(kmt2a_status=Kmt2a.PTD)),
        ("not_rearranged", None, None, Finding(kmt2a_status=Kmt2a.NOT_REARRANGED)),
        ("indeterminate", "AFF1", None, Finding()),
        ("not_evaluable", None, None, Finding()),
        (None, None, None, Finding()),
    ],
)
def test_what_an_integrated_result_says(
    tmp_path: Path,
    status: str | None,
    partner: str | None,
    confidence: str | None,
    finding: Finding,
) -> None:
    assert Finding.of(status, partner, confidence) == finding
    path = tmp_path / "patients.tsv"
    cells = "\t".join(("P1", status or "", partner or "", confidence or ""))
    path.write_text(f"patient\tstatus\tpartner\tconfidence\n{cells}\n", encoding="utf-8")
    assert findings(read_results(path)) == {"P1": finding}


def test_results_without_a_status_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "patients.tsv"
    path.write_text("patient\tstatus\nP1\t\n", encoding="utf-8")
    assert len(read_table(path).rows) == 1
    assert findings(read_results(path)) == {"P1": Finding()}
