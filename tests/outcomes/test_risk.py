"""The risk group of CCCG-ALL-2015."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from outcomes.risk import RiskGroup, cccg_all_2015, risk_by_patient

if TYPE_CHECKING:
    from collections.abc import Callable

    from outcomes.cohort import Cohort


@pytest.mark.parametrize(
    ("age", "wbc", "mrd", "expected"),
    [
        (5.9, 300, 0, "high"),
        (6, 300, 0, "intermediate"),
        (5.9, 299.9, 0, "intermediate"),
        (24, 10, 1, "high"),
        (24, 10, 0.99, "intermediate"),
        (None, None, 1, "high"),
        (3, 400, None, "high"),
        (None, 299, 0, "intermediate"),
        (6, None, 0, "intermediate"),
        (None, 300, 0, "not evaluable: needs age_months"),
        (3, None, 0, "not evaluable: needs wbc_e9_per_l"),
        (None, None, 0, "not evaluable: needs age_months, wbc_e9_per_l"),
        (24, 10, None, "not evaluable: needs mrd_fcm_tp2_percent"),
        (3, None, None, "not evaluable: needs wbc_e9_per_l, mrd_fcm_tp2_percent"),
        (None, 10, None, "not evaluable: needs mrd_fcm_tp2_percent"),
    ],
)
def test_group(age: float | None, wbc: float | None, mrd: float | None, expected: str) -> None:
    risk = cccg_all_2015(age_months=age, wbc_e9_per_l=wbc, mrd_fcm_tp2_percent=mrd)
    assert str(risk) == expected
    assert "CCCG-ALL-2015" in risk.source


@pytest.mark.parametrize(("limit", "known"), [(0.01, True), (1.0, True), (5.0, False)])
def test_a_detection_limit_above_the_cut_says_nothing(limit: float, known: bool) -> None:
    risk = cccg_all_2015(
        age_months=24, wbc_e9_per_l=10, mrd_fcm_tp2_percent=0, mrd_limit_percent=limit
    )
    assert (risk.group is RiskGroup.INTERMEDIATE) == known


def test_a_cohort_is_grouped_by_patient(clinical: Callable[[str], Cohort]) -> None:
    risks = risk_by_patient(
        clinical(
            """
            patient age_months wbc_e9_per_l mrd_fcm_tp2_percent
            A       3          400          <0.01
            B       30         -            <0.01
            C       30         5            <5
            """
        )
    )
    assert {patient: str(risk) for patient, risk in risks.items()} == {
        "A": "high",
        "B": "intermediate",
        "C": "not evaluable: needs mrd_fcm_tp2_percent",
    }
