"""The risk groups of Interfant-06, for infants.

The two abstracts of the trial do not print the rule alike: for white blood cells, that of 2018 has
above 300, that of 2019 has 300 or more, as Interfant-99 had (Blood 2010;116:2644); for age, that of
2019 has older than 6 months, against that of 2018 and Interfant-99. Taken here are 300 or more and
younger than 6 months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from outcomes.clinical.dictionary import E9_PER_LITRE
from outcomes.risk.cccg_all_2015 import ALL_DISEASES, NO_DISEASE_GIVEN
from outcomes.risk.protocol import DoesNotApply, Kmt2a, Protocol, RiskGroup

if TYPE_CHECKING:
    from outcomes.risk.protocol import Answer, Known

INFANT_MONTHS = 12.0
YOUNG_MONTHS = 6.0
HIGH_WBC_E9_PER_L = 300.0


def _rule(
    *,
    disease: str,
    age_months: float,
    kmt2a_status: Kmt2a,
    wbc_e9_per_l: float,
    prednisone_response: str,
) -> Answer:
    if disease not in (*ALL_DISEASES, "MPAL"):
        return DoesNotApply(why="the protocol is for ALL and biphenotypic leukaemia")
    if age_months >= INFANT_MONTHS:
        return DoesNotApply(why="the protocol is for infants under 12 months")
    if kmt2a_status is Kmt2a.PTD:
        return DoesNotApply(why="the protocol does not name the partial tandem duplication")
    if kmt2a_status is Kmt2a.NOT_REARRANGED:
        return RiskGroup.LOW
    if age_months < YOUNG_MONTHS and (
        wbc_e9_per_l >= HIGH_WBC_E9_PER_L or prednisone_response == "poor"
    ):
        return RiskGroup.HIGH
    return RiskGroup.MEDIUM


def _assumed(known: Known) -> tuple[str, ...]:
    return (NO_DISEASE_GIVEN,) if known.disease is None else ()


INTERFANT_06 = Protocol(
    name="interfant-06",
    version="2006, trial NCT00550992",
    source=(
        "Interfant-06 (Pieters et al., J Clin Oncol 2019;37:2246, and Blood 2018;132 Suppl 1:655), "
        "for infants under one year with ALL or biphenotypic leukaemia: KMT2A germline is low "
        "risk; KMT2A-rearranged is high risk if age <6 months and either WBC "
        f"≥300 {E9_PER_LITRE} or a poor prednisone response (≥1 {E9_PER_LITRE} blasts in blood on "
        "day 8; Blood 1999;94:1209), else medium risk"
    ),
    reads={
        "disease": ("ALL",),
        "age_months": (0.0, YOUNG_MONTHS, INFANT_MONTHS),
        "kmt2a_status": tuple(Kmt2a),
        "wbc_e9_per_l": (0.0, HIGH_WBC_E9_PER_L),
        "prednisone_response": ("good", "poor"),
    },
    rule=_rule,
    assumed=_assumed,
)
