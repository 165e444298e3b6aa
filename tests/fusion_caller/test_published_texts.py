"""The words in which published cases of conflicting assays were reported, read one by one.

Cases and sources: Wen et al. 2022 (USP2, CT45A1, CLTC); Blackburn (USP2, USP8);
doi:10.1093/labmed/lmab109 (AFDN); PMID 25892123 (FLNA); Genes 2025 (AFDN); Blood 2021;137:1843
(MLLT3); doi:10.1186/s12920-020-00739-4 (AFDN); doi:10.1080/16078454.2024.2420306 (a break beside
KMT2A); hal-01766866 (MAML2); doi:10.1007/s11033-024-09543-0 (CBL); FusionCatcher issue 161 (AFF1);
Blood 1998;92:810 (healthy marrow); sensitivity of the Oncor and the Vysis probe.
"""

from __future__ import annotations

import pytest

from fusion_caller.assays import read_result
from fusion_caller.records import Assay, AssayReport, Finding, Verdict

FISH, RT_PCR, RNA, DNA = Assay.FISH, Assay.RT_PCR, Assay.RNA_SEQ, Assay.DNA_SEQ
POSITIVE, NEGATIVE = Verdict.POSITIVE, Verdict.NEGATIVE


@pytest.mark.parametrize(
    ("assay", "text", "verdict", "finding"),
    [
        (FISH, "negative", NEGATIVE, Finding.NEGATIVE),
        (FISH, "positive", POSITIVE, Finding.POSITIVE),
        (FISH, "n/s", Verdict.NOT_DONE, Finding.NOT_DONE),
        (FISH, "normal", NEGATIVE, Finding.NORMAL_SIGNALS),
        (FISH, "atypical KMT2A", Verdict.INCONCLUSIVE, Finding.BREAK_APART),
        (FISH, "2 intact + extra 5' (85%)", POSITIVE, Finding.EXTRA_5PRIME),
        (FISH, "2 copies + extra 5' on Xq", POSITIVE, Finding.EXTRA_5PRIME),
        (FISH, "3' deletion", POSITIVE, Finding.LOSS_3PRIME),
        (FISH, "5' segment on 9p or 10p (dim)", POSITIVE, Finding.BREAK_APART),
        (FISH, "3' loss; dual-fusion negative", POSITIVE, Finding.LOSS_3PRIME),
        (FISH, "split (false positive)", POSITIVE, Finding.BREAK_APART),
        (RT_PCR, "negative", NEGATIVE, Finding.NO_FUSION),
        (RT_PCR, "n/s", Verdict.NOT_DONE, Finding.NOT_DONE),
        (RT_PCR, "RT-PCR confirmed", POSITIVE, Finding.POSITIVE),
        (RNA, "targeted RNA NGS: no KMT2A fusion", NEGATIVE, Finding.NO_FUSION),
        (
            DNA,
            "none; DNA breakpoint 5.8 kb downstream of KMT2A",
            NEGATIVE,
            Finding.BREAK_OUTSIDE_GENE,
        ),
        (DNA, "Southern positive", POSITIVE, Finding.POSITIVE),
    ],
)
def test_a_text_that_names_no_partner(
    assay: Assay, text: str, verdict: Verdict, finding: Finding
) -> None:
    reading = read_result(row(assay, text))
    assert (reading.verdict, reading.finding, reading.partners) == (verdict, finding, ())


@pytest.mark.parametrize(
    ("assay", "text", "partner"),
    [
        (FISH, "dual-fusion KMT2A/AFDN single fusion 82%", "AFDN"),
        (RT_PCR, "RT-PCR KMT2A::AFF1 positive", "AFF1"),
        (RT_PCR, "nested RT-PCR MLL-AF4 positive", "AFF1"),
        (RNA, "KMT2A::USP2", "USP2"),
        (RNA, "KMT2A::CT45A1", "CT45A1"),
        (RNA, "KMT2A::CLTC", "CLTC"),
        (RNA, "KMT2A e8::MLLT4(AFDN) e2 (Archer)", "AFDN"),
        (RNA, "KMT2A::AFDN (RNA panel)", "AFDN"),
        (RNA, "KMT2A::MAML2 by RNA-seq e7-e2 & e9-intron; Sanger e8-e2", "MAML2"),
        (DNA, "KMT2A::USP2 (mate-pair)", "USP2"),
        (DNA, "KMT2A::USP8 (mate-pair); focal 15q deletion on CMA", "USP8"),
        (DNA, "KMT2A::AFDN ins(6;11)(q27;q23q23)", "AFDN"),
        (DNA, "KMT2A i9::FLNA e16 ins(X;11)(q28;q23q23)", "FLNA"),
        (DNA, "OGM auto pipeline missed; manual ~300 kb AFDN insertion into KMT2A", "AFDN"),
        (DNA, "KMT2A i8::MLLT3 i5 (NGS)", "MLLT3"),
        (DNA, "KMT2A::CBL via interstitial del(11q)", "CBL"),
    ],
)
def test_a_text_that_names_the_partner(assay: Assay, text: str, partner: str) -> None:
    reading = read_result(row(assay, text))
    assert (reading.verdict, reading.partner) == (POSITIVE, partner)


@pytest.mark.parametrize(
    ("assay", "text"),
    [
        (FISH, "Oncor probe 3/33 false negative (9.1%), Vysis 0/33"),
        (RT_PCR, "nested RT-PCR MLL-AF4 positive in 4/16 fetal BM, 5/13 fetal liver"),
    ],
)
def test_what_is_said_of_several_people_is_not_understood(assay: Assay, text: str) -> None:
    assert read_result(row(assay, text)).verdict is Verdict.NOT_UNDERSTOOD


def row(assay: Assay, text: str) -> AssayReport:
    return AssayReport(
        patient="P1", assay=assay, panel="", result=text, date="", file="a.csv", line=2
    )
