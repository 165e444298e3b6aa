"""Molecular reports that leave something open: a weak signal, few reads, a partner, other genes."""

from __future__ import annotations

import pytest

from fusion_caller.assays.rt_pcr import read_rt_pcr
from fusion_caller.assays.sequencing import read_sequencing
from fusion_caller.knowledge import panels
from fusion_caller.records import Assay, Finding, Verdict


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("KMT2A-MLLT3, low reads", "KMT2A::MLLT3 (low reads)"),
        ("KMT2A-MLLT3 (low read support)", "KMT2A::MLLT3 (low read support)"),
        ("KMT2A::MLLT3; few supporting reads", "KMT2A::MLLT3 (few supporting reads)"),
        ("weak positive KMT2A::MLLT3", "KMT2A::MLLT3 (weak positive)"),
        ("KMT2A::MLLT3 weakly positive", "KMT2A::MLLT3 (weakly positive)"),
        ("KMT2A::MLLT3, weak", "KMT2A::MLLT3 (weak)"),
        ("KMT2A::MLLT3 (borderline)", "KMT2A::MLLT3 (borderline)"),
        ("MLL-AF4 negative, MLL-AF9 weak", "KMT2A::MLLT3 (weak). Not found: KMT2A::AFF1"),
    ],
)
def test_a_finding_that_was_not_decided_on_is_a_suspicion(text: str, said: str) -> None:
    for reading in (read_rt_pcr(text), read_sequencing(text, Assay.RNA_SEQ)):
        assert reading.verdict is Verdict.INCONCLUSIVE
        assert reading.partners == ("MLLT3",)
        assert f"Suspected by the laboratory, to be confirmed: {said}." in reading.sentence


@pytest.mark.parametrize(
    "text", ["KMT2A-MLLT3 detected, low reads", "KMT2A::MLLT3 positive; low reads"]
)
def test_the_laboratory_s_verdict_stands_beside_few_reads(text: str) -> None:
    reading = read_sequencing(text, Assay.RNA_SEQ)
    assert (reading.verdict, reading.partner) == (Verdict.POSITIVE, "MLLT3")
    assert reading.sentence == "Found: KMT2A::MLLT3. Also reported: low reads."


def test_a_weak_band_beside_a_clear_one_names_no_partner() -> None:
    reading = read_rt_pcr("KMT2A::AFF1 weak, KMT2A::MLLT3 positive")
    assert (reading.verdict, reading.partners) == (Verdict.POSITIVE, ("MLLT3",))
    assert "to be confirmed: KMT2A::AFF1 (weak)." in reading.sentence


@pytest.mark.parametrize("text", ["not found, low reads", "low reads", "weak", "KMT2A weak"])
def test_few_reads_make_no_result(text: str) -> None:
    assert read_sequencing(text, Assay.RNA_SEQ).verdict is Verdict.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("text", "finding", "partner", "junctions"),
    [
        ("KMT2A-AFDN (6q27)", Finding.FUSION, "AFDN", ()),
        ("KMT2A::FLNA (Xq28) positive", Finding.FUSION, "FLNA", ()),
        ("KMT2A exon 2-8 duplication", Finding.PTD, "PTD", ("e8-e2",)),
        ("MLL e2-e10 dup", Finding.PTD, "PTD", ("e10-e2",)),
        ("duplication of KMT2A exons 2-8", Finding.PTD, "PTD", ("e8-e2",)),
        ("KMT2A partial tandem duplication", Finding.PTD, "PTD", ()),
        ("KMT2A rearranged, partner not resolved", Finding.POSITIVE, "", ()),
        ("KMT2A::?", Finding.POSITIVE, "", ()),
        ("KMT2A-unknown", Finding.POSITIVE, "", ()),
        ("?::KMT2A detected", Finding.POSITIVE, "", ()),
    ],
)
def test_other_ways_to_write_a_finding(
    text: str, finding: Finding, partner: str, junctions: tuple[str, ...]
) -> None:
    for reading in (read_rt_pcr(text), read_sequencing(text, Assay.DNA_SEQ)):
        assert (reading.verdict, reading.finding) == (Verdict.POSITIVE, finding)
        assert (reading.partner, reading.junctions) == (partner, junctions)


@pytest.mark.parametrize(
    "text",
    ["FLT3 internal tandem duplication", "FLT3 partial tandem duplication", "FLT3 exon 14 dup"],
)
def test_the_duplication_of_another_gene_is_none_of_kmt2a(text: str) -> None:
    assert read_sequencing(text, Assay.DNA_SEQ).verdict is Verdict.NOT_UNDERSTOOD


def test_a_duplication_may_be_negative() -> None:
    reading = read_rt_pcr("KMT2A exon 2-8 duplication negative")
    assert (reading.verdict, reading.scope) == (Verdict.NEGATIVE, ("PTD",))


@pytest.mark.parametrize("text", ["BCR::ABL1", "NUP98::NSD1 positive", "IGH::CRLF2 detected"])
def test_sequencing_that_names_another_driver_leaves_kmt2a_open(text: str) -> None:
    reading = read_sequencing(text, Assay.RNA_SEQ)
    assert (reading.verdict, reading.finding) == (Verdict.INCONCLUSIVE, Finding.INCONCLUSIVE)
    assert (
        f"The report names {text.split(maxsplit=1)[0]} and says nothing of KMT2A"
        in reading.sentence
    )
    told = read_sequencing(f"{text}; no KMT2A fusion", Assay.RNA_SEQ)
    assert told.verdict is Verdict.NEGATIVE


@pytest.mark.parametrize(
    ("text", "names"),
    [("BCR::ABL1 positive", "BCR::ABL1"), ("ETV6-RUNX1 negative", "fusions of other genes")],
)
def test_a_pcr_of_another_fusion_is_no_test_of_kmt2a(text: str, names: str) -> None:
    reading = read_rt_pcr(text)
    assert (reading.verdict, reading.finding) == (Verdict.NOT_DONE, Finding.OTHER_GENE_TESTED)
    assert reading.sentence == (
        f"This PCR is of other genes (the result names {names} only): KMT2A was not tested."
    )
    # A panel of KMT2A's fusions was done all the same, what it found is not said.
    of_panel = read_rt_pcr(text, panel=panels()["wen-2022"])
    assert of_panel.verdict is Verdict.INCONCLUSIVE


def test_a_test_that_failed_is_told_from_one_that_was_not_done() -> None:
    assert read_rt_pcr("failed").finding is Finding.FAILED
    assert read_rt_pcr("not done").finding is Finding.NOT_DONE
