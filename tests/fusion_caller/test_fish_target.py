"""FISH of other genes says nothing of KMT2A, and what the probe's name leaves open is said."""

from __future__ import annotations

import pytest

from fusion_caller.assays.fish import read_fish
from fusion_caller.records import Finding, Verdict


@pytest.mark.parametrize(
    ("probe", "text"),
    [
        ("BCR-ABL1", "negative"),
        ("bcr/abl1", "negative"),
        ("Vysis BCR/ABL1 dual fusion", "positive"),
        ("IGH break-apart", "positive"),
        ("MYC", "1F1R1G"),
        ("NUP98", "positive"),
        ("AFF1", "positive"),
        ("11q22 ATM / TP53", "negative"),
        ("ATM (11q22-q23)", "negative"),
        ("11q22 ATM", "deletion"),
        ("CLL panel", "normal"),
        ("CLL panel", "failed"),
        ("MDS FISH", "equivocal"),
        ("myeloma", "hello"),
        ("t(9;22)", "positive"),
        ("t(11;14)", "positive"),
        ("inv(16)", "positive"),
        ("8q24", "80%"),
        ("CEP8", "gain"),
        ("17p", "deletion"),
        ("TLX12", "negative"),
    ],
)
def test_fish_of_other_genes_is_no_test_of_kmt2a(probe: str, text: str) -> None:
    reading = read_fish(text, probe=probe)
    assert (reading.verdict, reading.finding) == (Verdict.NOT_DONE, Finding.OTHER_GENE_TESTED)
    assert reading.sentence == (
        f"This FISH has no probe of KMT2A (its panel says '{probe}'): KMT2A was not tested."
    )


@pytest.mark.parametrize(
    ("text", "genes"),
    [
        ("IGH rearranged", "IGH"),
        ("BCR::ABL1 positive", "BCR, ABL1"),
        ("TP53 deleted", "TP53"),
        ("IGH rearranged; MYC normal", "IGH, MYC"),
        ("ABCD1::WXYZ2 fusion", "ABCD1::WXYZ2"),
    ],
)
@pytest.mark.parametrize("probe", ["", "ours"])
def test_a_result_that_names_other_genes_only(text: str, genes: str, probe: str) -> None:
    reading = read_fish(text, probe=probe)
    assert (reading.verdict, reading.finding) == (Verdict.NOT_DONE, Finding.OTHER_GENE_TESTED)
    assert f"(the result names {genes} only): KMT2A was not tested." in reading.sentence


@pytest.mark.parametrize(
    "text", ["MLLT3 rearranged", "IGH rearranged; split", "TP53 deleted; repeat advised"]
)
def test_what_may_be_kmt2a_is_not_put_aside(text: str) -> None:
    assert read_fish(text).verdict is Verdict.NOT_UNDERSTOOD


def test_another_gene_s_result_with_a_probe_of_kmt2a_is_not_understood() -> None:
    assert read_fish("IGH rearranged", probe="KMT2A").verdict is Verdict.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("KMT2A rearranged", Finding.BREAK_APART),
        ("nuc ish(KMT2Ax2)[200]", Finding.NORMAL_SIGNALS),
        ("MLL negative", Finding.NEGATIVE),
    ],
)
def test_a_result_that_names_kmt2a_counts_whatever_the_panel_says(
    text: str, finding: Finding
) -> None:
    reading = read_fish(text, probe="BCR-ABL1 dual fusion")
    assert reading.finding is finding
    assert reading.sentence.endswith(
        "The panel says 'BCR-ABL1 dual fusion', but the result names KMT2A."
    )


@pytest.mark.parametrize(
    "probe",
    [
        "",
        "KMT2A",
        "LSI_MLL",
        "KMT2A/CEP11",
        "11q23.3",
        "11q23/CEP11",
        "Vysis",
        "Cytocell",
        "break-apart",
        "interphase FISH",
        "our probe, 5' red",
        "Kreatech ON MLL (11q23) Break",
    ],
)
def test_probes_of_kmt2a(probe: str) -> None:
    reading = read_fish("positive", probe=probe)
    assert (reading.verdict, reading.finding) == (Verdict.POSITIVE, Finding.POSITIVE)
    assert "not known" not in reading.sentence


@pytest.mark.parametrize("probe", ["ours", "FISH-7", "t(4;11)", "home-brew"])
def test_a_name_that_is_not_known_is_said(probe: str) -> None:
    reading = read_fish("positive", probe=probe)
    assert reading.verdict is Verdict.POSITIVE
    assert f"The probe's name '{probe}' is not known" in reading.sentence
    assert "not known" not in read_fish("KMT2A positive", probe=probe).sentence


@pytest.mark.parametrize(
    ("probe", "text", "verdict"),
    [
        ("AML panel", "positive", Verdict.INCONCLUSIVE),
        ("ALL panel", "normal", Verdict.INCONCLUSIVE),
        ("ALL panel", "KMT2A rearranged", Verdict.POSITIVE),
        ("KMT2A, BCR-ABL1, ETV6-RUNX1", "positive", Verdict.INCONCLUSIVE),
        ("KMT2A, BCR-ABL1, ETV6-RUNX1", "negative", Verdict.NEGATIVE),
    ],
)
def test_a_result_of_several_probes_need_not_be_that_of_kmt2a(
    probe: str, text: str, verdict: Verdict
) -> None:
    assert read_fish(text, probe=probe).verdict is verdict


def test_what_is_said_of_other_genes_beside_kmt2a_changes_nothing() -> None:
    assert read_fish("KMT2A rearranged; TP53 deleted").finding is Finding.BREAK_APART
    assert read_fish("KMT2A negative, BCR::ABL1 positive").finding is Finding.NEGATIVE


def test_a_partner_alone_with_dual_fusion_is_one_of_kmt2a_and_that_partner() -> None:
    positive = read_fish("positive", probe="AFF1 dual fusion")
    assert (positive.finding, positive.scope) == (Finding.DUAL_FUSION, ("AFF1",))
    assert read_fish("negative", probe="dual fusion AF9").scope == ("MLLT3",)


@pytest.mark.parametrize(
    ("text", "verdict", "cells"),
    [
        ("80%", Verdict.POSITIVE, 0.8),
        ("160/200", Verdict.POSITIVE, 0.8),
        ("160/200 nuclei", Verdict.POSITIVE, 0.8),
        ("4/200", Verdict.NEGATIVE, 0.02),
        ("0%", Verdict.NEGATIVE, 0.0),
    ],
)
def test_a_share_of_cells_alone(text: str, verdict: Verdict, cells: float) -> None:
    reading = read_fish(text, probe="Vysis")
    assert (reading.verdict, reading.cells_abnormal) == (verdict, cells)
    assert "Only a share of cells is reported" in reading.sentence
    # Of which probe, and of which cells, nobody says.
    assert read_fish(text).verdict is Verdict.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("text", "verdict", "cutoff"),
    [
        ("1F1R1G in 85% of cells (cut-off 2%)", Verdict.POSITIVE, "2.0%"),
        ("1F1R1G in 3%, cutoff: 2%", Verdict.POSITIVE, "2.0%"),
        ("split 6% (normal < 7.5%)", Verdict.NEGATIVE, "7.5%"),
    ],
)
def test_a_stated_cutoff_comes_first(text: str, verdict: Verdict, cutoff: str) -> None:
    reading = read_fish(text, cutoff=0.05, cutoffs={"break_apart": 0.5})
    assert reading.verdict is verdict
    assert f"The cut-off is the result's own, {cutoff}." in reading.sentence


@pytest.mark.parametrize(
    ("text", "finding", "cells"),
    [
        ("1F1R1G in 40% (20/50)", Finding.BREAK_APART, 0.4),
        ("1F1R1G in 33% (66/200)", Finding.BREAK_APART, 0.33),
        ("1F1R1G in 40% (2/50)", Finding.NOT_UNDERSTOOD, None),
        ("1 fusion, 1 red, 1 green", Finding.BREAK_APART, None),
        ("one fusion, one red and one green in 80%", Finding.BREAK_APART, 0.8),
        ("2 fusions", Finding.NORMAL_SIGNALS, None),
        ("1F,1R,1G", Finding.BREAK_APART, None),
        ("1F1R1G[160/200],2F[40/200]", Finding.BREAK_APART, 0.8),
    ],
)
def test_other_ways_to_write_a_pattern(text: str, finding: Finding, cells: float | None) -> None:
    reading = read_fish(text)
    assert (reading.finding, reading.cells_abnormal) == (finding, cells)
