"""RT-PCR results: which fusions are found, which are not, and what stays open."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_caller.assays import read_result
from fusion_caller.assays.rt_pcr import read_rt_pcr
from fusion_caller.assays.sheet import LONGEST_RESULT
from fusion_caller.knowledge import Panel, panels
from fusion_caller.laboratory import Laboratory
from fusion_caller.records import Assay, AssayReading, AssayReport, Finding, Verdict

WEN = panels()["wen-2022"]


def report(assay: Assay, result: str, *, panel: str = "") -> AssayReport:
    return AssayReport(
        patient="P1", assay=assay, panel=panel, result=result, date="", file="a.csv", line=2
    )


@pytest.mark.parametrize(
    ("text", "finding", "partners"),
    [
        ("MLL-AF4", Finding.FUSION, ("AFF1",)),
        ("KMT2A/AFF1", Finding.FUSION, ("AFF1",)),
        ("KMT2A::MLLT3", Finding.FUSION, ("MLLT3",)),
        ("KMT2A-AFF1 positive", Finding.FUSION, ("AFF1",)),
        ("KMT2A-AFF1; AFF1-KMT2A", Finding.FUSION, ("AFF1",)),
        ("AFF1-KMT2A", Finding.RECIPROCAL_FUSION, ("AFF1",)),
        ("+ MLL/AF9", Finding.FUSION, ("MLLT3",)),
        ("MLL/AF9 (+)", Finding.FUSION, ("MLLT3",)),
        ("MLL/AF9+", Finding.FUSION, ("MLLT3",)),
        ("AFF1 negative; MLLT3 positive", Finding.FUSION, ("MLLT3",)),
        ("AFF1: neg, MLLT3: pos", Finding.FUSION, ("MLLT3",)),
        ("AFF1", Finding.FUSION, ("AFF1",)),
        ("AF-9", Finding.FUSION, ("MLLT3",)),
        ("t(4;11) MLL/AF4", Finding.FUSION, ("AFF1",)),
        ("t(4;11)(q21;q23); KMT2A-AFF1", Finding.NOT_UNDERSTOOD, ()),
        ("KMT2A-AFF1 (e10-e4)", Finding.FUSION, ("AFF1",)),
        ("KMT2A-AFF1 and AFF1-KMT2A positive", Finding.FUSION, ("AFF1",)),
        ("KMT2A-AFF1 positive; AFF1-KMT2A negative", Finding.FUSION, ("AFF1",)),
        ("BCR-ABL1 negative; KMT2A-AFF1 positive", Finding.FUSION, ("AFF1",)),
        ("KMT2A-AFF1; KMT2A-MLLT3", Finding.FUSION, ("AFF1", "MLLT3")),
        ("dupMLL", Finding.PTD, ("PTD",)),
        ("KMT2A-PTD positive", Finding.PTD, ("PTD",)),
        ("positive", Finding.POSITIVE, ()),
        ("KMT2A rearranged", Finding.POSITIVE, ()),
        ("KMT2A-r", Finding.POSITIVE, ()),
        ("KMT2A::NEWG1", Finding.FUSION, ("NEWG1",)),
    ],
)
def test_found(text: str, finding: Finding, partners: tuple[str, ...]) -> None:
    reading = read_rt_pcr(text)
    assert (reading.finding, reading.partners) == (finding, partners)
    expected = Verdict.NOT_UNDERSTOOD if finding is Finding.NOT_UNDERSTOOD else Verdict.POSITIVE
    assert reading.verdict is expected
    assert reading.specific is (len(partners) == 1)


@pytest.mark.parametrize(
    "text",
    [
        "negative",
        "neg",
        "no fusion detected",
        "no KMT2A fusion detected",
        "KMT2A-AFF1 not detected",
        "AFF1, MLLT3 negative",
        "negative for AFF1, MLLT3",
        "AFF1: negative; MLLT1: negative",
        "MLL-AF9 (-)",
        "MLL-r negative",
        "PTD negative",
        "KMT2A not rearranged",
    ],
)
def test_not_found(text: str) -> None:
    reading = read_rt_pcr(text)
    assert (reading.verdict, reading.finding) == (Verdict.NEGATIVE, Finding.NO_FUSION)
    assert reading.partners == ()


def test_a_negative_result_says_what_was_tested() -> None:
    assert "KMT2A::AFF1, KMT2A::MLLT3" in read_rt_pcr("AFF1, MLLT3 negative").sentence
    assert "is not known" in read_rt_pcr("negative").sentence
    assert "its 11 targets only" in read_rt_pcr("negative", panel=WEN).sentence


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "KMT2A",
        "KMT2A fusion",
        "KMT2A 0%",
        "KMT2A-WT",
        "KMT2A-AFF1?",
        "possible KMT2A-AFF1",
        "not positive",
        "- MLL/AF9",
        "MLL/AF9-",
        "AFF1; MLLT3 negative",
        "AFF1 negative MLLT3 positive",
        "KMT2A negative AFF1 positive",
        "KMT2A negative; AFF1 positive",
        "AFF1 positive; AFF1 negative",
        "KMT2A-AFF1 positive; negative",
        "KMT2A-AFF1-MLLT3",
        "x" * (LONGEST_RESULT + 1),
    ],
)
def test_what_cannot_be_read_is_not_understood(text: str) -> None:
    reading = read_rt_pcr(text)
    assert reading.verdict is Verdict.NOT_UNDERSTOOD
    assert "KMT2A::AFF1" in reading.sentence
    assert reading.partners == ()


@pytest.mark.parametrize(
    ("text", "partner", "junctions"),
    [
        ("KMT2A::MAML2 e8-e2", "MAML2", ("e8-e2",)),
        ("KMT2A e8::AFDN e2", "AFDN", ("e8-e2",)),
        ("KMT2A (exon 8)::AFDN (exon 2)", "AFDN", ("e8-e2",)),
        ("KMT2A e8::MLLT4(AFDN) e2", "AFDN", ("e8-e2",)),
        ("KMT2A e8::AFDN", "AFDN", ("e8-?",)),
        ("KMT2A::AFDN exon 2", "AFDN", ("?-e2",)),
        ("MLL-AF4 (e9-e5)", "AFF1", ("e9-e5",)),
        ("MLL-AF4 exon 8/exon 2", "AFF1", ("e8-e2",)),
        ("KMT2A::AFF1 e8-e5 and e9-e5", "AFF1", ("e8-e5", "e9-e5")),
        ("KMT2A-PTD e9-e2", "PTD", ("e9-e2",)),
        ("KMT2A e9::KMT2A e2", "PTD", ("e9-e2",)),
        ("BCR::ABL1 e1-e2 negative; KMT2A::AFF1 e8-e5", "AFF1", ("e8-e5",)),
        ("KMT2A::AFF1", "AFF1", ()),
    ],
)
def test_exons_are_kept_as_the_laboratory_numbers_them(
    text: str, partner: str, junctions: tuple[str, ...]
) -> None:
    reading = read_rt_pcr(text)
    assert (reading.verdict, reading.partner) == (Verdict.POSITIVE, partner)
    assert reading.junctions == junctions
    assert ("in the laboratory's numbering" in reading.sentence) is bool(junctions)


@pytest.mark.parametrize(
    ("text", "partners", "amount"),
    [
        ("KMT2A::AFF1 positive (qRT-PCR 0.5)", ("AFF1",), "0.5"),
        ("KMT2A::AFF1 3.2e-2", ("AFF1",), "3.2e-2"),
        ("KMT2A::AFF1 3.2x10^-2", ("AFF1",), "3.2x10^-2"),
        ("KMT2A::AFF1 120 copies/10,000 ABL", ("AFF1",), "120 copies/10,000 ABL"),
        ("KMT2A::AFF1 1,200 copies", ("AFF1",), "1,200 copies"),
        ("MLL-AF4/ABL 0.05%", ("AFF1",), "0.05%"),
        ("positive 1.2%", (), "1.2%"),
    ],
)
def test_a_quantity_above_zero_is_found_and_said(
    text: str, partners: tuple[str, ...], amount: str
) -> None:
    reading = read_rt_pcr(text)
    assert (reading.verdict, reading.partners) == (Verdict.POSITIVE, partners)
    assert f"Quantity as reported: {amount}." in reading.sentence


@pytest.mark.parametrize(
    "text",
    [
        "0%",
        "KMT2A::AFF1 0%",
        "KMT2A::AFF1 0 copies",
        "KMT2A::AFF1 0.00",
        "KMT2A::AFF1 not detected (0 copies/ABL)",
        "KMT2A::AFF1 negative (sensitivity 1e-4)",
        "KMT2A::AFF1 not confirmed",
    ],
)
def test_zero_is_not_found(text: str) -> None:
    assert read_rt_pcr(text).finding is Finding.NO_FUSION


@pytest.mark.parametrize(
    "text",
    [
        "positive 0%",
        "KMT2A::AFF1 detected 0%",
        "KMT2A::AFF1 negative 3%",
        "KMT2A::AFF1 <0.01%",
        "KMT2A::AFF1 5",
        "KMT2A::AFF1 1,000",
        "KMT2A::AFF1 Ct 28.5",
        "KMT2A::AFF1 out-of-frame",
        "KMT2A::AFF1 e8-e5 or e9-e5",
        "suspected KMT2A::AFF1",
        "KMT2A::AFF1 (Archer)",
        "RNA-seq: no KMT2A fusion",
        "e8-e2",
        "KMT2A::AFF1 negative; e8-e2",
        "no KMT2A fusion; e8-e2",
        "nested RT-PCR MLL-AF4 positive in 4/16 fetal BM",
    ],
)
def test_what_may_change_the_meaning_is_not_passed_over(text: str) -> None:
    assert read_rt_pcr(text).verdict is Verdict.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("text", "finding", "partner"),
    [
        ("RT-PCR confirmed", Finding.POSITIVE, ""),
        ("nested RT-PCR MLL-AF4 positive", Finding.FUSION, "AFF1"),
        ("RT-PCR KMT2A::AFF1 positive", Finding.FUSION, "AFF1"),
        ("t(4;11)(q21;q23) KMT2A-AFF1", Finding.FUSION, "AFF1"),
        ("AF4", Finding.FUSION, "AFF1"),
        ("MLL-PTD", Finding.PTD, "PTD"),
    ],
)
def test_phrases_of_the_literature(text: str, finding: Finding, partner: str) -> None:
    reading = read_rt_pcr(text)
    assert (reading.finding, reading.partner) == (finding, partner)


def test_other_fusions_that_are_found_are_said() -> None:
    reading = read_rt_pcr("RUNX1::RUNX1T1 positive; no KMT2A fusion")
    assert reading.finding is Finding.NO_FUSION
    assert "Other fusions found: RUNX1::RUNX1T1." in reading.sentence
    assert "RUNX1" not in read_rt_pcr("RUNX1::RUNX1T1 negative; no KMT2A fusion").sentence


def test_a_partner_that_the_panel_does_not_target_is_read_and_said() -> None:
    reading = read_rt_pcr("KMT2A-USP2", panel=WEN)
    assert reading.partner == "USP2"
    assert "Not among the targets of the panel wen-2022: USP2." in reading.sentence
    assert "targets" not in read_rt_pcr("KMT2A-USP2").sentence
    assert "targets" not in read_rt_pcr("KMT2A-AFF1", panel=WEN).sentence


def test_a_neighbour_of_kmt2a_is_a_read_through() -> None:
    reading = read_rt_pcr("KMT2A--ATP5L")
    assert (reading.verdict, reading.finding) == (Verdict.INCONCLUSIVE, Finding.READ_THROUGH)


def test_a_name_that_the_knowledge_base_lacks_is_said() -> None:
    assert "Not a known partner of KMT2A: NEWG1." in read_rt_pcr("KMT2A::NEWG1").sentence
    assert "Not a known partner" not in read_rt_pcr("dupMLL").sentence


@pytest.mark.parametrize("panel", panels().values(), ids=lambda panel: panel.id)
def test_every_target_of_every_panel_is_on_its_panel(panel: Panel) -> None:
    for symbol in panel.targets:
        reading = read_rt_pcr(f"KMT2A-{symbol} positive", panel=panel)
        assert reading.partner == symbol
        assert "Not among" not in reading.sentence


@pytest.mark.parametrize(
    ("assay", "result", "finding"),
    [
        (Assay.KARYOTYPE, "46,XX,t(4;11)(q21;q23)", Finding.REARRANGED_11Q23),
        (Assay.FISH, "1F1R1G", Finding.BREAK_APART),
        (Assay.RT_PCR, "MLL-AF4", Finding.FUSION),
        (Assay.SPLIT_RT_PCR, "MLL-AF4", Finding.FUSION),
        (Assay.QRT_PCR, "MLL-AF4", Finding.FUSION),
        (Assay.RNA_SEQ, "MLL-AF4", Finding.FUSION),
        (Assay.DNA_SEQ, "MLL-AF4", Finding.FUSION),
    ],
)
def test_each_assay_has_its_reader(assay: Assay, result: str, finding: Finding) -> None:
    assert read_result(report(assay, result)).finding is finding


def test_only_multiplex_rt_pcr_has_a_panel() -> None:
    assert "Not among" in read_result(report(Assay.RT_PCR, "USP2", panel="wen-2022")).sentence
    assert "Not among" not in read_result(report(Assay.QRT_PCR, "USP2", panel="wen-2022")).sentence
    assert read_result(report(Assay.RT_PCR, "USP2", panel="ours")).partner == "USP2"


def test_a_laboratory_has_panels_of_its_own() -> None:
    ours = replace(WEN, id="ours", members=WEN.members[:2])
    laboratory = Laboratory(own_panels={"ours": ours})
    row = report(Assay.RT_PCR, "negative", panel="ours")
    assert read_result(row, laboratory=laboratory).scope == ("AFF1", "AFDN")
    assert read_result(row).scope == ()


def test_a_panel_of_genomic_breakpoints_limits_dna_sequencing_only() -> None:
    genomic = report(Assay.DNA_SEQ, "negative", panel="dcal-mp-pcr")
    assert read_result(genomic).scope == panels()["dcal-mp-pcr"].targets
    assert read_result(report(Assay.DNA_SEQ, "negative", panel="wen-2022")).scope is None
    assert read_result(report(Assay.RNA_SEQ, "negative", panel="dcal-mp-pcr")).scope is None


def test_the_cutoff_of_fish_is_passed_on() -> None:
    split = report(Assay.FISH, "1F1R1G[30/200]")
    assert read_result(split).verdict is Verdict.POSITIVE
    assert read_result(split, laboratory=Laboratory(fish_cutoff=0.2)).verdict is Verdict.NEGATIVE


PIECES = st.from_regex(
    r"(KMT2A|MLL|AFF1|AF9|MLLT3|USP2|PTD|dup|-|::|/|--|_| |;|,|\(|\)|positive|negative|not|no|"
    r"detected|\+|\?|t\(4;11\)|and|for|XYZ1|BCR|e10|:|-r|rearranged|e8-e2|exon 8|i9| 0|"
    r" 0\.5|%| 3e-2|copies|/ABL|,000|outside KMT2A|insertion into KMT2A|Archer|RNA-seq|"
    r"confirmed){0,30}",
    fullmatch=True,
)


@given(
    text=st.one_of(PIECES, st.text(max_size=200)),
    assay=st.sampled_from(Assay),
    panel=st.sampled_from(["", "wen-2022", "ours"]),
)
def test_no_text_makes_a_reader_fail(text: str, assay: Assay, panel: str) -> None:
    reading = read_result(report(assay, text, panel=panel))
    assert isinstance(reading, AssayReading)
    assert not reading.specific or len(reading.partners) == 1
    assert (reading.verdict is Verdict.NOT_UNDERSTOOD) is (
        reading.finding is Finding.NOT_UNDERSTOOD
    )


@pytest.mark.parametrize(
    "text",
    [
        "MLL-",
        "+",
        "t(",
        "A ",
        "a-b_",
        "K:",
        ";",
        "no ",
        "AFF1;",
        "MLL/AF9,",
        "(",
        " and ",
        "e8-",
        "e8 ",
        "1,000",
        "0.1e",
        "A (",
        "~1 ",
        "1 copies/",
        "AFDN insertion into ",
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = process_time()
    for assay in (Assay.RT_PCR, Assay.DNA_SEQ):
        read_result(report(assay, (text * LONGEST_RESULT)[:LONGEST_RESULT]))
    assert process_time() - start < 2
