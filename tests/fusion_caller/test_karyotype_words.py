"""Karyotypes in words, as laboratories and papers write them."""

from __future__ import annotations

import pytest

from fusion_caller.assays.karyotype import read_karyotype
from fusion_caller.records import Finding, Verdict


@pytest.mark.parametrize(
    ("text", "verdict", "finding"),
    [
        ("", Verdict.NOT_DONE, Finding.NOT_DONE),
        ("not done", Verdict.NOT_DONE, Finding.NOT_DONE),
        ("no metaphases", Verdict.NOT_DONE, Finding.FAILED),
        ("negative", Verdict.NEGATIVE, Finding.NEGATIVE),
        ("positive", Verdict.POSITIVE, Finding.POSITIVE),
    ],
)
def test_plain_words(text: str, verdict: Verdict, finding: Finding) -> None:
    reading = read_karyotype(text)
    assert (reading.verdict, reading.finding) == (verdict, finding)


@pytest.mark.parametrize(
    ("text", "verdict", "finding"),
    [
        ("+10 sole", Verdict.NEGATIVE, Finding.ABNORMAL_WITHOUT_11Q23),
        ("+8 as the sole abnormality", Verdict.NEGATIVE, Finding.ABNORMAL_WITHOUT_11Q23),
        ("+8 in 20", Verdict.NEGATIVE, Finding.ABNORMAL_WITHOUT_11Q23),
        ("+8, t(11;15)(q23;q21)", Verdict.POSITIVE, Finding.REARRANGED_11Q23),
        ("no 11q23 rearrangement", Verdict.NEGATIVE, Finding.NEGATIVE),
        ("no translocation", Verdict.NEGATIVE, Finding.NEGATIVE),
        ("not visible", Verdict.NEGATIVE, Finding.NEGATIVE),
        ("n/s", Verdict.NOT_DONE, Finding.NOT_DONE),
        ("KMT2A-type + t(8;21)", Verdict.POSITIVE, Finding.REARRANGED_11Q23),
        ("normal female karyotype", Verdict.NEGATIVE, Finding.NORMAL_KARYOTYPE),
    ],
)
def test_words_of_the_literature(text: str, verdict: Verdict, finding: Finding) -> None:
    reading = read_karyotype(text)
    assert (reading.verdict, reading.finding) == (verdict, finding)


def test_names_of_genes_behind_a_change_do_not_hide_it() -> None:
    reading = read_karyotype("t(9;11)(p22;q23); MLLT3-MLL")
    assert (reading.finding, reading.partners) == (Finding.REARRANGED_11Q23, ("MLLT3",))
    assert "could not be read" in reading.sentence
