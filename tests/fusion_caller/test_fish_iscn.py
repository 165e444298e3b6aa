"""FISH in ISCN: dual-fusion probes, loci that are no partners, and metaphase FISH by itself."""

from __future__ import annotations

import pytest

from fusion_caller.assays.explained import explain
from fusion_caller.assays.fish import read_fish
from fusion_caller.integrated import Status
from fusion_caller.reconcile import reconcile
from fusion_caller.records import Assay, AssayReport, Finding, Verdict


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("nuc ish(AFF1,KMT2A)x2[200]", ("AFF1",)),
        ("nuc ish(MLLT3,KMT2A)x2[200]", ("MLLT3",)),
        ("nuc ish(AF9,MLL)x2[200]", ("MLLT3",)),
        ("nuc ish(AFF1x2,KMT2Ax3)[150/200]", ("AFF1",)),
        ("nuc ish(AFF1,CEP11,KMT2A)x2[200]", ("AFF1",)),
        ("nuc ish(AFF1,MLLT3,KMT2A)x2[200]", ()),
        ("nuc ish(CEP11,KMT2A)x2[200]", None),
        ("nuc ish(D11Z1,KMT2A)x2[200]", None),
        ("nuc ish(AFF1x2,5'KMT2Ax2,3'KMT2Ax2)(5'KMT2A con 3'KMT2Ax2)[200]", None),
        ("nuc ish(KMT2Ax2)[200],(AFF1,KMT2A)x2[200]", None),
        ("nuc ish(AFF1,KMT2A)x2[200],(KMT2Ax2)[200]", None),
    ],
)
def test_a_normal_dual_fusion_probe_excludes_its_own_partner_only(
    text: str, scope: tuple[str, ...] | None
) -> None:
    reading = read_fish(text)
    assert (reading.verdict, reading.scope) == (Verdict.NEGATIVE, scope)


def test_a_break_beside_a_normal_dual_fusion_probe_counts() -> None:
    reading = read_fish("nuc ish(AFF1,KMT2A)x2[200],(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]")
    assert (reading.verdict, reading.scope) == (Verdict.POSITIVE, None)


@pytest.mark.parametrize("locus", ["IGH", "RUNX1", "D8S123"])
def test_kmt2a_fused_to_a_locus_that_is_no_known_partner(locus: str) -> None:
    reading = read_fish(f"nuc ish({locus}x3,KMT2Ax3)({locus} con KMT2Ax2)[100/200]")
    assert (reading.verdict, reading.finding) == (Verdict.POSITIVE, Finding.BREAK_APART)
    assert reading.partners == ()
    assert locus in reading.sentence
    assert reading.cells_abnormal == 0.5


@pytest.mark.parametrize("control", ["CEP11", "D11Z1", "D8Z2", "ATM", "CCND1", "ATP5MG"])
def test_a_control_beside_kmt2a_is_no_fusion(control: str) -> None:
    reading = read_fish(f"nuc ish({control}x2,KMT2Ax2)({control} con KMT2Ax2)[200]")
    assert (reading.verdict, reading.finding) == (Verdict.NEGATIVE, Finding.NORMAL_SIGNALS)


@pytest.mark.parametrize(
    ("text", "verdict", "finding"),
    [
        ("ish ins(10;11)(p12;q23q23)(5'KMT2A+)", Verdict.POSITIVE, Finding.BREAK_APART),
        ("ish ins(10;11)(p12;q23q23)(KMT2A+)", Verdict.POSITIVE, Finding.BREAK_APART),
        ("46,XX.ish ins(10;11)(p12;q23q23)(3'KMT2A+)[5]", Verdict.POSITIVE, Finding.BREAK_APART),
        ("ish ins(11;4)(q23;q21q24)(KMT2A+)", Verdict.POSITIVE, Finding.BREAK_APART),
        ("ish t(4;11)(q21;q23)(MLL+)", Verdict.POSITIVE, Finding.BREAK_APART),
        ("ish del(11)(q23)(5'MLL+,3'MLL-)", Verdict.POSITIVE, Finding.LOSS_3PRIME),
        ("ish del(11)(q23)(5'MLL-,3'MLL+)", Verdict.INCONCLUSIVE, Finding.LOSS_5PRIME),
        ("ish del(11)(q23)(3'MLL-)", Verdict.POSITIVE, Finding.LOSS_3PRIME),
        ("ish del(11)(q23)(5'MLL-,3'MLL-)", Verdict.NEGATIVE, Finding.DELETION),
        ("ish del(11)(q23)(MLL-)", Verdict.NEGATIVE, Finding.DELETION),
        ("ish del(11)(q23)(MLL+)", Verdict.INCONCLUSIVE, Finding.DELETION),
        ("46,XX,add(11)(q23).ish der(11)t(9;11)(5'MLL+)", Verdict.POSITIVE, Finding.BREAK_APART),
        ("ish t(4;11)(q21;q23)(MLL-;MLL+)", Verdict.NOT_UNDERSTOOD, Finding.NOT_UNDERSTOOD),
        (
            "46,XX.ish ins(10;11)(p12;q23q23)(5'KMT2A+)[0]/46,XX[20]",
            Verdict.NOT_UNDERSTOOD,
            Finding.NOT_UNDERSTOOD,
        ),
    ],
)
def test_metaphase_fish_by_itself(text: str, verdict: Verdict, finding: Finding) -> None:
    reading = read_fish(text)
    assert (reading.verdict, reading.finding) == (verdict, finding)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("ish t(9;11)(p22;q23)(MLLT3+,3'KMT2A+;5'KMT2A+)", ("MLLT3",)),
        ("46,XY.ish t(9;11)(MLLT3+,3'KMT2A+;5'KMT2A+)", ("MLLT3",)),
        ("46,XY.ish t(9;11)(AF9+,3'MLL+;5'MLL+)", ("MLLT3",)),
    ],
)
def test_a_partner_named_by_its_probe_is_the_candidate(
    text: str, candidates: tuple[str, ...]
) -> None:
    assert explain(text).candidates == candidates


def test_a_normal_dual_fusion_probe_alone_does_not_exclude_kmt2a() -> None:
    report = AssayReport(
        patient="P1",
        assay=Assay.FISH,
        panel="",
        result="nuc ish(AFF1,KMT2A)x2[200]",
        date="",
        file="assays.csv",
        line=2,
    )
    (patient,) = reconcile([], [report]).patients
    assert patient.status is Status.INDETERMINATE
