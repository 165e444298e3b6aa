"""Risk groups by protocol: the borders of each rule, and what missing facts can change."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.clinical.dictionary import BY_NAME
from outcomes.risk import PROTOCOLS, Kmt2a, Known, Risk, RiskGroup, evaluate

NEEDS = "not evaluable: needs "
NOT = "does not apply: "
NO_PTD = f"{NOT}the protocol does not name the partial tandem duplication"
PTD_IN_AML = (
    f"{NOT}a partial tandem duplication is not in its class of rearranged KMT2A; other "
    "abnormalities decide"
)
INFANTS_ONLY = f"{NOT}the protocol is for infants under 12 months"


def cccg(**known: Any) -> Risk:
    return evaluate(
        PROTOCOLS["cccg-all-2015"],
        Known(**{"disease": "B-ALL", "kmt2a_status": Kmt2a.REARRANGED, **known}),
    )


def interfant(**known: Any) -> Risk:
    return evaluate(
        PROTOCOLS["interfant-06"],
        Known(**{"disease": "B-ALL", "kmt2a_status": Kmt2a.REARRANGED, **known}),
    )


def eln(**known: Any) -> Risk:
    return evaluate(PROTOCOLS["eln-2022"], Known(**{"disease": "AML", **known}))


@pytest.mark.parametrize(
    ("age", "wbc", "mrd", "expected"),
    [
        (5.999, 300, 0, "high"),
        (6, 300, 0, "intermediate"),
        (5.999, 299.9, 0, "intermediate"),
        (24, 10, 1, "high"),
        (24, 10, 0.999, "intermediate"),
        (None, None, 1, "high"),
        (3, 400, None, "high"),
        (None, 299.9, 0, "intermediate"),
        (6, None, 0, "intermediate"),
        (None, 300, 0, f"{NEEDS}age_months"),
        (5.999, None, 0, f"{NEEDS}wbc_e9_per_l"),
        (None, None, 0, f"{NEEDS}age_months, wbc_e9_per_l"),
        (24, 10, None, f"{NEEDS}mrd_fcm_tp2_percent"),
        (3, None, None, f"{NEEDS}wbc_e9_per_l, mrd_fcm_tp2_percent"),
        (None, 10, None, f"{NEEDS}mrd_fcm_tp2_percent"),
        (None, None, None, f"{NEEDS}age_months, wbc_e9_per_l, mrd_fcm_tp2_percent"),
    ],
)
def test_cccg_all_2015(
    age: float | None, wbc: float | None, mrd: float | None, expected: str
) -> None:
    risk = cccg(age_months=age, wbc_e9_per_l=wbc, mrd_fcm_tp2_percent=mrd)
    assert str(risk) == expected
    assert "CCCG-ALL-2015" in risk.source


@pytest.mark.parametrize(
    ("limit", "known"), [(0.01, True), (1.0, True), (1.001, False), (5.0, False)]
)
def test_a_detection_limit_above_the_cut_says_nothing(limit: float, known: bool) -> None:
    risk = cccg(
        age_months=24,
        wbc_e9_per_l=10,
        mrd_fcm_tp2_percent=0.0,
        below={"mrd_fcm_tp2_percent": limit},
    )
    assert (risk.group is RiskGroup.INTERMEDIATE) == known
    assert f"mrd_fcm_tp2_percent=<{limit}" in risk.inputs


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"disease": "AML"}, f"{NOT}the protocol is for ALL"),
        ({"disease": "MPAL"}, f"{NOT}the protocol is for ALL"),
        ({"disease": "other"}, f"{NOT}the protocol is for ALL"),
        ({"kmt2a_status": Kmt2a.NOT_REARRANGED}, f"{NOT}its rule here is for rearranged KMT2A"),
        ({"kmt2a_status": Kmt2a.PTD}, f"{NOT}its rule here is for rearranged KMT2A"),
        ({"kmt2a_status": None}, f"{NEEDS}kmt2a_status"),
        ({"kmt2a_status": None, "disease": "AML"}, f"{NOT}the protocol is for ALL"),
    ],
)
def test_whom_cccg_all_2015_is_for(known: dict[str, Any], expected: str) -> None:
    complete = {"age_months": 24, "wbc_e9_per_l": 10, "mrd_fcm_tp2_percent": 0}
    assert str(cccg(**complete | known)) == expected


@pytest.mark.parametrize(
    ("age", "wbc", "response", "expected"),
    [
        (5.999, 300, "good", "high"),
        (5.999, 299.9, "good", "medium"),
        (5.999, 299.9, "poor", "high"),
        (0, 10, "poor", "high"),
        (6, 300, "poor", "medium"),
        (11.999, 300, "poor", "medium"),
        (12, 300, "poor", INFANTS_ONLY),
        (3, 300, None, "high"),
        (3, None, "poor", "high"),
        (7, None, None, "medium"),
        (40, None, None, INFANTS_ONLY),
        (3, None, "good", f"{NEEDS}wbc_e9_per_l"),
        (3, 299.9, None, f"{NEEDS}prednisone_response"),
        (3, None, None, f"{NEEDS}wbc_e9_per_l, prednisone_response"),
        (None, 10, "good", f"{NEEDS}age_months"),
        (None, None, None, f"{NEEDS}age_months, wbc_e9_per_l, prednisone_response"),
    ],
)
def test_interfant_06(
    age: float | None, wbc: float | None, response: str | None, expected: str
) -> None:
    risk = interfant(age_months=age, wbc_e9_per_l=wbc, prednisone_response=response)
    assert str(risk) == expected
    assert "Interfant-06" in risk.source


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"kmt2a_status": Kmt2a.NOT_REARRANGED}, "low"),
        ({"kmt2a_status": Kmt2a.NOT_REARRANGED, "age_months": None}, f"{NEEDS}age_months"),
        ({"kmt2a_status": Kmt2a.NOT_REARRANGED, "age_months": 12}, INFANTS_ONLY),
        (
            {"kmt2a_status": Kmt2a.PTD},
            NO_PTD,
        ),
        (
            {"kmt2a_status": Kmt2a.PTD, "age_months": None},
            f"{NO_PTD} or the protocol is for infants under 12 months",
        ),
        ({"kmt2a_status": None}, f"{NEEDS}kmt2a_status"),
        (
            {"kmt2a_status": None, "prednisone_response": None, "wbc_e9_per_l": 10},
            f"{NEEDS}kmt2a_status, prednisone_response",
        ),
        ({"kmt2a_status": None, "age_months": 12}, INFANTS_ONLY),
        ({"disease": "MPAL"}, "high"),
        ({"disease": "T-ALL"}, "high"),
        ({"disease": "AML"}, f"{NOT}the protocol is for ALL and biphenotypic leukaemia"),
        ({"disease": "other"}, f"{NOT}the protocol is for ALL and biphenotypic leukaemia"),
    ],
)
def test_whom_interfant_06_is_for(known: dict[str, Any], expected: str) -> None:
    complete = {"age_months": 3, "wbc_e9_per_l": 400, "prednisone_response": "good"}
    assert str(interfant(**complete | known)) == expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"kmt2a_status": Kmt2a.REARRANGED, "kmt2a_partner": "MLLT3"}, "intermediate"),
        ({"kmt2a_status": Kmt2a.REARRANGED, "kmt2a_partner": "AFDN"}, "adverse"),
        ({"kmt2a_status": Kmt2a.REARRANGED}, f"{NEEDS}kmt2a_partner"),
        ({}, f"{NEEDS}kmt2a_status, kmt2a_partner"),
        ({"kmt2a_partner": "AFDN"}, f"{NEEDS}kmt2a_status"),
        (
            {"kmt2a_status": Kmt2a.PTD},
            PTD_IN_AML,
        ),
        (
            {"kmt2a_status": Kmt2a.NOT_REARRANGED},
            f"{NOT}KMT2A is not rearranged; other abnormalities decide",
        ),
        ({"disease": None, "kmt2a_status": Kmt2a.REARRANGED}, f"{NEEDS}disease, kmt2a_partner"),
        (
            {"disease": None, "kmt2a_status": Kmt2a.REARRANGED, "kmt2a_partner": "AFF1"},
            f"{NEEDS}disease",
        ),
        ({"disease": "B-ALL"}, f"{NOT}the classification is for AML"),
        ({"disease": "MPAL", "kmt2a_partner": "MLLT3"}, f"{NOT}the classification is for AML"),
    ],
)
def test_eln_2022(known: dict[str, Any], expected: str) -> None:
    assert str(eln(**known)) == expected


def test_a_missing_disease_is_taken_as_all_by_the_protocols_for_all_and_said_to_be() -> None:
    known = {"age_months": 3, "wbc_e9_per_l": 400, "disease": None}
    for risk in (cccg(**known), interfant(**known)):
        assert risk.group is RiskGroup.HIGH
        assert risk.assumed == ("the disease is not given, and the group holds if it is ALL",)
        assert risk.source == f"{risk.protocol.source}; {risk.assumed[0]}"


@pytest.mark.parametrize("disease", ["T-ALL", "ALL"])
def test_cccg_all_2015_beyond_b_all_is_from_memory(disease: str) -> None:
    risk = cccg(age_months=3, wbc_e9_per_l=400, disease=disease)
    assert risk.group is RiskGroup.HIGH
    assert "from memory" in risk.assumed[0]


@pytest.mark.parametrize(
    ("partner", "age", "assumed"),
    [
        ("AFF1", 216, ()),
        ("AFF1", 215.9, ("ELN 2022 is made for adults",)),
        ("AFF1", None, ("ELN 2022 is made for adults",)),
        ("MLLT3", 216, ("no concurrent cytogenetic abnormality of adverse risk",)),
        (
            "MLLT3",
            24,
            ("no concurrent cytogenetic abnormality", "ELN 2022 is made for adults"),
        ),
    ],
)
def test_what_eln_2022_takes_for_granted(
    partner: str, age: float | None, assumed: tuple[str, ...]
) -> None:
    risk = eln(kmt2a_status=Kmt2a.REARRANGED, kmt2a_partner=partner, age_months=age)
    assert len(risk.assumed) == len(assumed)
    assert all(said.startswith(text) for said, text in zip(risk.assumed, assumed, strict=True))


def test_inputs_are_what_the_protocol_asks_for_and_what_is_known() -> None:
    risk = cccg(age_months=5.25, mrd_fcm_tp2_percent=2.0, prednisone_response="poor")
    assert risk.inputs == (
        "disease=B-ALL",
        "kmt2a_status=rearranged",
        "age_months=5.25",
        "mrd_fcm_tp2_percent=2.0",
    )


def test_every_fact_is_a_column_of_the_clinical_table_or_of_the_integrated_result() -> None:
    for protocol in PROTOCOLS.values():
        assert set(protocol.reads) - {"kmt2a_status", "kmt2a_partner"} <= set(BY_NAME)
        assert set(protocol.reads) <= {field.name for field in fields(Known)}


def test_every_protocol_names_its_version_and_source() -> None:
    assert [*PROTOCOLS] == ["cccg-all-2015", "interfant-06", "eln-2022"]
    for protocol in PROTOCOLS.values():
        assert protocol.version[:4] in protocol.source or protocol.version[2:4] in protocol.source
        assert protocol.source
        assert not protocol.source.endswith(".")


ANY_AGE = st.sampled_from([0.0, 3.0, 5.999, 6.0, 11.999, 12.0, 60.0, 216.0, 400.0])
ANYTHING = st.builds(
    Known,
    disease=st.sampled_from(BY_NAME["disease"].allowed),
    kmt2a_status=st.sampled_from(Kmt2a),
    kmt2a_partner=st.sampled_from(["MLLT3", "AFF1", "AFDN", "USP2"]),
    age_months=ANY_AGE,
    wbc_e9_per_l=st.sampled_from([0.0, 10.0, 299.9, 300.0, 900.0]),
    mrd_fcm_tp2_percent=st.sampled_from([0.0, 0.01, 0.999, 1.0, 50.0]),
    prednisone_response=st.sampled_from(["good", "poor"]),
)
FACTS = tuple(field.name for field in fields(Known) if field.name != "below")


@given(ANYTHING, st.sets(st.sampled_from(FACTS)), st.sets(st.sampled_from(FACTS)))
def test_what_becomes_known_later_never_contradicts_a_group(
    complete: Known, missing: set[str], later: set[str]
) -> None:
    """Where the disease is taken for granted, the answer holds for ALL only."""
    before = replace(complete, **dict.fromkeys(missing))
    after = replace(complete, **dict.fromkeys(missing - later))
    for name, protocol in PROTOCOLS.items():
        first, then = evaluate(protocol, before), evaluate(protocol, after)
        granted = name != "eln-2022" and before.disease is None
        if first.needs or (granted and complete.disease not in ("B-ALL", "T-ALL", "ALL")):
            continue
        assert (then.group, bool(then.does_not_apply)) == (first.group, bool(first.does_not_apply))


@given(ANYTHING, st.sets(st.sampled_from(FACTS)))
def test_only_what_is_missing_is_needed_and_all_of_it_suffices(
    complete: Known, missing: set[str]
) -> None:
    for protocol in PROTOCOLS.values():
        risk = evaluate(protocol, replace(complete, **dict.fromkeys(missing)))
        assert set(risk.needs) <= missing
        assert bool(risk.group) + bool(risk.needs) + bool(risk.does_not_apply) == 1
        given_them = replace(complete, **dict.fromkeys(missing - set(risk.needs)))
        assert not evaluate(protocol, given_them).needs


@given(ANYTHING, st.floats(0.0001, 100, exclude_min=True))
def test_a_detection_limit_gives_no_group_that_a_value_below_it_contradicts(
    complete: Known, limit: float
) -> None:
    below = replace(complete, mrd_fcm_tp2_percent=0.0, below={"mrd_fcm_tp2_percent": limit})
    for protocol in PROTOCOLS.values():
        risk = evaluate(protocol, below)
        for value in (0.0, limit / 2, limit * 0.999):
            exact = evaluate(protocol, replace(complete, mrd_fcm_tp2_percent=value))
            assert risk.needs or risk.group == exact.group
