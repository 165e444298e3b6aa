"""The risk group of a patient by a protocol's rule, with the rule beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from outcomes.cohort import limit_column
from outcomes.dictionary import E9_PER_LITRE

if TYPE_CHECKING:
    from outcomes.cohort import Cohort

CCCG_ALL_2015 = (
    "CCCG-ALL-2015 as given by Wen et al. 2022: KMT2A-rearranged is intermediate risk; high risk "
    f"if age <6 months and WBC ≥300 {E9_PER_LITRE} at diagnosis, or FCM-MRD ≥1% at TP2 (day 46)"
)
YOUNG_MONTHS = 6.0
HIGH_WBC_E9_PER_L = 300.0
HIGH_MRD_PERCENT = 1.0


class RiskGroup(StrEnum):
    """The groups that the protocol has for KMT2A-rearranged leukaemia."""

    INTERMEDIATE = "intermediate"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A patient's risk group.

    Attributes:
        group: The group; None where missing values could change it.
        needs: The columns that would decide, empty where the group is known.
        source: The rule, with its origin.
    """

    group: RiskGroup | None
    needs: tuple[str, ...] = ()
    source: str = CCCG_ALL_2015

    def __str__(self) -> str:
        return self.group or f"not evaluable: needs {', '.join(self.needs)}"


def cccg_all_2015(
    *,
    age_months: float | None,
    wbc_e9_per_l: float | None,
    mrd_fcm_tp2_percent: float | None,
    mrd_limit_percent: float | None = None,
) -> Risk:
    """Group a patient with rearranged KMT2A by CCCG-ALL-2015.

    A missing value makes the group unknown only if it could change it: FCM-MRD of 2% is high risk
    whatever the age.

    Args:
        age_months: Age at diagnosis.
        wbc_e9_per_l: White blood cells at diagnosis.
        mrd_fcm_tp2_percent: FCM-MRD at TP2, 0 where below the detection limit.
        mrd_limit_percent: That limit, where the value is below it.
    """
    if mrd_limit_percent is not None and mrd_limit_percent > HIGH_MRD_PERCENT:
        mrd_fcm_tp2_percent = None
    if mrd_fcm_tp2_percent is not None and mrd_fcm_tp2_percent >= HIGH_MRD_PERCENT:
        return Risk(group=RiskGroup.HIGH)
    # Both are needed: where one is known to fail, the other does not matter.
    young = None if age_months is None else age_months < YOUNG_MONTHS
    many = None if wbc_e9_per_l is None else wbc_e9_per_l >= HIGH_WBC_E9_PER_L
    if young and many:
        return Risk(group=RiskGroup.HIGH)
    needs: list[str] = []
    if young is not False and many is not False:
        needs += ["age_months"] if young is None else []
        needs += ["wbc_e9_per_l"] if many is None else []
    if mrd_fcm_tp2_percent is None:
        needs.append("mrd_fcm_tp2_percent")
    return Risk(group=None, needs=tuple(needs)) if needs else Risk(group=RiskGroup.INTERMEDIATE)


def risk_by_patient(cohort: Cohort) -> dict[str, Risk]:
    """Group every patient of a clinical table, as if KMT2A were rearranged in all of them.

    Whether it is stands in the integrated results; whoever joins the two looks there.
    """
    columns = ("age_months", "wbc_e9_per_l", "mrd_fcm_tp2_percent")
    wanted = cohort.data[[*columns, limit_column("mrd_fcm_tp2_percent")]]
    return {
        patient: cccg_all_2015(
            age_months=_known(age),
            wbc_e9_per_l=_known(wbc),
            mrd_fcm_tp2_percent=_known(mrd),
            mrd_limit_percent=_known(limit),
        )
        for patient, (age, wbc, mrd, limit) in zip(
            cohort.data["patient"], wanted.itertuples(index=False, name=None), strict=True
        )
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
