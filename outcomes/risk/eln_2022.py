"""The risk class that ELN 2022 gives to AML by its KMT2A."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outcomes.risk.protocol import DoesNotApply, Kmt2a, Protocol, RiskGroup

if TYPE_CHECKING:
    from outcomes.risk.protocol import Answer, Known

ADULT_MONTHS = 216.0
INTERMEDIATE_PARTNER = "MLLT3"


def _rule(*, disease: str, kmt2a_status: Kmt2a, kmt2a_partner: str) -> Answer:
    if disease != "AML":
        return DoesNotApply(why="the classification is for AML")
    if kmt2a_status is Kmt2a.PTD:
        return DoesNotApply(
            why="a partial tandem duplication is not in its class of rearranged KMT2A; other "
            "abnormalities decide"
        )
    if kmt2a_status is Kmt2a.NOT_REARRANGED:
        return DoesNotApply(why="KMT2A is not rearranged; other abnormalities decide")
    if kmt2a_partner == INTERMEDIATE_PARTNER:
        return RiskGroup.INTERMEDIATE
    return RiskGroup.ADVERSE


def _assumed(known: Known) -> tuple[str, ...]:
    assumed = []
    if known.kmt2a_partner == INTERMEDIATE_PARTNER:
        assumed.append(
            "no concurrent cytogenetic abnormality of adverse risk (such as inv(3), monosomy "
            "5 or 7, abn(17p)), which is not looked at here"
        )
    # COG AAML1831, for one, lists high-risk partners (doi 10.1002/pbc.30584, Table 2).
    if known.age_months is None or known.age_months < ADULT_MONTHS:
        assumed.append(
            "ELN 2022 is made for adults, and protocols for children group KMT2A partners otherwise"
        )
    return tuple(assumed)


ELN_2022 = Protocol(
    name="eln-2022",
    version="2022, Table 6",
    source=(
        "ELN 2022 for AML (Table 6, ashpublications.com/view-large/10723152): "
        "t(9;11)(p21.3;q23.3)/MLLT3::KMT2A is intermediate, other rearranged KMT2A is adverse; two "
        "footnotes from memory: KMT2A-PTD is excepted, and t(9;11) takes precedence over rare "
        "concurrent gene mutations of adverse risk, as in ELN 2017"
    ),
    reads={
        "disease": ("AML", "ALL"),
        "kmt2a_status": tuple(Kmt2a),
        "kmt2a_partner": (INTERMEDIATE_PARTNER, "another"),
    },
    rule=_rule,
    assumed=_assumed,
)
