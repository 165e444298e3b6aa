"""The risk groups of CCCG-ALL-2015 for KMT2A-rearranged leukaemia."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outcomes.clinical.dictionary import E9_PER_LITRE
from outcomes.risk.protocol import DoesNotApply, Kmt2a, Protocol, RiskGroup

if TYPE_CHECKING:
    from outcomes.risk.protocol import Answer, Known

YOUNG_MONTHS = 6.0
HIGH_WBC_E9_PER_L = 300.0
HIGH_MRD_PERCENT = 1.0
ALL_DISEASES = ("B-ALL", "T-ALL", "ALL")
NO_DISEASE_GIVEN = "the disease is not given, and the group holds if it is ALL"


def _rule(
    *,
    disease: str,
    kmt2a_status: Kmt2a,
    age_months: float,
    wbc_e9_per_l: float,
    mrd_fcm_tp2_percent: float,
) -> Answer:
    if disease not in ALL_DISEASES:
        return DoesNotApply(why="the protocol is for ALL")
    if kmt2a_status is not Kmt2a.REARRANGED:
        return DoesNotApply(why="its rule here is for rearranged KMT2A")
    if mrd_fcm_tp2_percent >= HIGH_MRD_PERCENT:
        return RiskGroup.HIGH
    if age_months < YOUNG_MONTHS and wbc_e9_per_l >= HIGH_WBC_E9_PER_L:
        return RiskGroup.HIGH
    return RiskGroup.INTERMEDIATE


def _assumed(known: Known) -> tuple[str, ...]:
    if known.disease is None:
        return (NO_DISEASE_GIVEN,)
    if known.disease != "B-ALL":
        return ("the source gives the rule for B-ALL; that it holds for other ALL is from memory",)
    return ()


CCCG_ALL_2015 = Protocol(
    name="cccg-all-2015",
    version="2015, as given by Wen et al. 2022",
    source=(
        "CCCG-ALL-2015 as given by Wen et al. 2022: KMT2A-rearranged is intermediate risk; high "
        f"risk if age <6 months and WBC ≥300 {E9_PER_LITRE} at diagnosis, or FCM-MRD ≥1% at TP2 "
        "(day 46)"
    ),
    reads={
        # Where no disease is given, ALL is taken for granted, and said to be.
        "disease": ("ALL",),
        "kmt2a_status": tuple(Kmt2a),
        "age_months": (0.0, YOUNG_MONTHS),
        "wbc_e9_per_l": (0.0, HIGH_WBC_E9_PER_L),
        "mrd_fcm_tp2_percent": (0.0, HIGH_MRD_PERCENT),
    },
    rule=_rule,
    assumed=_assumed,
)
