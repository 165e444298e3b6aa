"""Sequencing reported in words: RNA sequencing done elsewhere, and breakpoints in the genome."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_caller.assays.sequencing import read_sequencing
from fusion_caller.assays.sheet import LONGEST_RESULT
from fusion_caller.records import Assay, Finding, Verdict

RNA, DNA = Assay.RNA_SEQ, Assay.DNA_SEQ
BOTH = (RNA, DNA)


@pytest.mark.parametrize(
    ("assay", "text", "partner", "junctions"),
    [
        (RNA, "KMT2A e8::AFDN e2 (Archer)", "AFDN", ("e8-e2",)),
        (RNA, "KMT2A e8::MLLT4(AFDN) e2 (Archer)", "AFDN", ("e8-e2",)),
        (RNA, "KMT2A::AFDN (RNA panel)", "AFDN", ()),
        (RNA, "KMT2A::MAML2 by RNA-seq e7-e2", "MAML2", ("e7-e2",)),
        (
            RNA,
            "KMT2A::MAML2 by RNA-seq e7-e2 & e9-intron; Sanger e8-e2",
            "MAML2",
            ("e7-e2", "e9-intron", "e8-e2"),
        ),
        (RNA, "whole transcriptome: KMT2A::AFF1 positive", "AFF1", ()),
        (RNA, "KMT2A::AFF1, RT-PCR confirmed", "AFF1", ()),
        (RNA, "KMT2A-PTD e9-e2", "PTD", ("e9-e2",)),
        (RNA, "AFF1::KMT2A e4-e10", "AFF1", ("e4-e10",)),
        (DNA, "KMT2A i9::FLNA e16", "FLNA", ("i9-e16",)),
        (DNA, "KMT2A i9::FLNA e16 ins(X;11)(q28;q23q23)", "FLNA", ("i9-e16",)),
        (DNA, "KMT2A i8::MLLT3 i5 (NGS)", "MLLT3", ("i8-i5",)),
        (DNA, "KMT2A::USP2 (mate-pair)", "USP2", ()),
        (DNA, "KMT2A::AFDN ins(6;11)(q27;q23q23)", "AFDN", ()),
        (DNA, "KMT2A::CBL via interstitial del(11q)", "CBL", ()),
        (DNA, "~300 kb AFDN insertion into KMT2A", "AFDN", ()),
        (DNA, "insertion of AFDN into KMT2A", "AFDN", ()),
        (DNA, "OGM auto pipeline missed; manual ~300 kb AFDN insertion into KMT2A", "AFDN", ()),
        (DNA, "KMT2A::USP8 (mate-pair); focal 15q deletion on CMA", "USP8", ()),
        (DNA, "LDI-PCR: KMT2A::AFF1", "AFF1", ()),
    ],
)
def test_fusions(assay: Assay, text: str, partner: str, junctions: tuple[str, ...]) -> None:
    reading = read_sequencing(text, assay)
    assert (reading.verdict, reading.partner) == (Verdict.POSITIVE, partner)
    assert (reading.junctions, reading.scope) == (junctions, None)


@pytest.mark.parametrize(
    ("assay", "text"),
    [
        (RNA, "KMT2A::USP2 (mate-pair)"),
        (RNA, "Southern blot: rearranged"),
        (DNA, "KMT2A::AFDN (Archer)"),
        (DNA, "RNA panel: no KMT2A fusion"),
        (RNA, "KMT2A::AFF1 (RT-PCR negative)"),
        (RNA, "KMT2A::AFF1 not confirmed by RT-PCR"),
        (DNA, "KMT2A::AFF1 by Sanger not found"),
    ],
)
def test_the_result_of_another_method_belongs_into_a_row_of_its_own(
    assay: Assay, text: str
) -> None:
    assert read_sequencing(text, assay).verdict is Verdict.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("KMT2A::AFF1", Finding.FUSION),
        ("AFF1::KMT2A", Finding.RECIPROCAL_FUSION),
        ("KMT2A-PTD", Finding.PTD),
        ("positive", Finding.POSITIVE),
        ("rearranged", Finding.POSITIVE),
        ("Southern positive", Finding.POSITIVE),
        ("KMT2A rearranged, partner not identified", Finding.POSITIVE),
        ("KMT2A rearrangement (partner gene unknown)", Finding.POSITIVE),
        ("partner unknown", Finding.NOT_UNDERSTOOD),
        ("Southern: rearranged", Finding.POSITIVE),
        ("KMT2A--ATP5MG", Finding.READ_THROUGH),
        ("n/s", Finding.NOT_DONE),
        ("failed", Finding.FAILED),
        ("equivocal", Finding.INCONCLUSIVE),
    ],
)
def test_findings(text: str, finding: Finding) -> None:
    assert read_sequencing(text, Assay.DNA_SEQ).finding is finding


@pytest.mark.parametrize("assay", BOTH)
@pytest.mark.parametrize(
    "text",
    [
        "negative",
        "none",
        "no KMT2A fusion",
        "NGS panel: no KMT2A fusion",
        "no rearrangement of KMT2A",
        "RUNX1::RUNX1T1 positive; no KMT2A fusion",
        "no KMT2A fusion; focal 15q deletion on CMA",
    ],
)
def test_no_fusion(assay: Assay, text: str) -> None:
    reading = read_sequencing(text, assay)
    assert (reading.finding, reading.scope) == (Finding.NO_FUSION, None)
    assert "is not known" not in reading.sentence


@pytest.mark.parametrize(
    ("assay", "text"),
    [
        (RNA, "targeted RNA NGS: no KMT2A fusion"),
        (DNA, "OGM: negative"),
        (DNA, "Southern blot germline"),
    ],
)
def test_no_fusion_by_a_named_method(assay: Assay, text: str) -> None:
    assert read_sequencing(text, assay).finding is Finding.NO_FUSION


def test_a_fusion_that_is_denied_says_nothing_of_others() -> None:
    reading = read_sequencing("KMT2A::AFF1 not detected", Assay.RNA_SEQ)
    assert (reading.verdict, reading.scope) == (Verdict.NEGATIVE, ("AFF1",))


def test_what_is_said_beside_kmt2a_is_kept() -> None:
    two = read_sequencing("RUNX1::RUNX1T1 positive; no KMT2A fusion", Assay.RNA_SEQ)
    assert "Other fusions found: RUNX1::RUNX1T1." in two.sentence
    array = read_sequencing("KMT2A::USP8; focal 15q deletion on CMA", Assay.DNA_SEQ)
    assert "Also reported: focal 15q deletion on CMA." in array.sentence


@pytest.mark.parametrize(
    "text",
    [
        "breakpoint 5.8 kb downstream of KMT2A",
        "none; DNA breakpoint 5.8 kb downstream of KMT2A",
        "outside KMT2A",
        "breakpoint outside of the MLL gene",
        "break 2 kb 3' of KMT2A",
        "breakpoint outside KMT2A; RUNX1::RUNX1T1 positive",
        "no KMT2A fusion; breakpoint is outside KMT2A",
    ],
)
def test_a_break_beside_the_gene_is_no_fusion(text: str) -> None:
    reading = read_sequencing(text, Assay.DNA_SEQ)
    assert (reading.verdict, reading.finding) == (Verdict.NEGATIVE, Finding.BREAK_OUTSIDE_GENE)
    assert "outside KMT2A" in reading.sentence
    assert read_sequencing(text, Assay.RNA_SEQ).verdict is Verdict.NOT_UNDERSTOOD


@pytest.mark.parametrize("assay", BOTH)
@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "KMT2A",
        "auto pipeline missed",
        "auto pipeline missed; no KMT2A fusion",
        "KMT2A::AFF1; breakpoint outside KMT2A",
        "breakpoint near KMT2A",
        "breakpoint outside KMT2A; unclear",
        "KMT2A::USP8; focal 11q deletion on CMA",
        "possible KMT2A::USP2",
        "KMT2A::USP2 e22?",
        "x" * (LONGEST_RESULT + 1),
    ],
)
def test_what_cannot_be_read_is_not_understood(assay: Assay, text: str) -> None:
    reading = read_sequencing(text, assay)
    assert reading.verdict is Verdict.NOT_UNDERSTOOD
    assert reading.sentence.startswith("Not understood: ")
    assert len(reading.sentence) < 300


@given(
    text=st.lists(
        st.sampled_from(
            [
                "KMT2A",
                "::",
                "USP2",
                " e8",
                ";",
                "outside KMT2A",
                "no ",
                "fusion",
                " (NGS)",
                "300 kb ",
            ]
        ),
        max_size=12,
    ).map("".join),
    doubt=st.sampled_from(["maybe", "?", "possible", "not excluded"]),
)
def test_a_doubt_is_never_passed_over(text: str, doubt: str) -> None:
    for assay in BOTH:
        verdict = read_sequencing(f"{text} {doubt}", assay).verdict
        assert verdict is Verdict.NOT_UNDERSTOOD
