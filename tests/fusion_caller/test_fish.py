"""FISH results: probes in ISCN, patterns in colours, and plain words."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_caller.assays.fish import read_fish
from fusion_caller.assays.sheet import LONGEST_RESULT
from fusion_caller.laboratory import DEFAULT_CUTOFF
from fusion_caller.records import AssayReading, Finding, Verdict
from fusion_caller.tables import read_table

EXAMPLES = Path(__file__).parents[1] / "data" / "iscn" / "iscn_examples.tsv"

# Finding, partner and fraction of abnormal cells of every example with FISH in it. Metaphase FISH
# is read where it shows KMT2A, or an end of it, on another chromosome than 11: `(KMT2A+)` on a
# derivative 11 alone says nothing.
READINGS: dict[str, tuple[Finding, str, float | None]] = {
    (
        "57-59,XY,+X,+4,+6,+10,+14,+14,+16,+17,+18,-20,+21,+21,+mar1,+mar2,+mar3[cp4]/ 46"
        ",XY[11].nuc ish 9q34(ABLx2),22q11(BCRx2),11q23(MLLx2)"
    ): (Finding.NORMAL_SIGNALS, "", None),
    "64,XY,...[4].nuc ish 11q23(MLLx3)[16]/ 11q23(MLLx2)[184]": (Finding.GAIN, "", 0.08),
    (
        "46,XY,del(8)(q22q24.1),t(11;19)(q23;p13.1)[10]/46,XY,der(8)del(8)t(8;13)(p21;q12"
        "),t(11;19)[6]/46,XY,t(4;10)(p16;p11.2),t(11;19),del(20)(q11.2)[3]/47,XY,t(11;19)"
        ",+i(13)(q10)[1].nuc ish(MLLx2)(5'MLL sep 3'MLLx1)[187/200].Abnormal male karyoty"
        "pe comprising 4 clones;Abnormal FISH result: MLL rearrangement (93.5%)."
    ): (Finding.BREAK_APART, "", 0.935),
    (
        "50,XY,+Y,+6,+6,+13[16]/50,idem,t(6;12)(p23;q13)[4]. nuc ish(D5S721~D5S23,EGR1)x2"
        "[500],(D7Z1,D7S522)x2[500],(D8Z2x2)[500], (MLLx2)[500],(D20S108,MYBL2)x2[500]."
    ): (Finding.NORMAL_SIGNALS, "", None),
    "46,XX.ish der(10)ins(10;11)(p13;q23q23)(KMT2A+)[20]": (Finding.BREAK_APART, "", None),
    (
        "46,XY.ish der(10)ins(10;11)(p12;q23q23)(MLL+),der(11)ins(10;11)(p12;q23q23)(MLL+"
        ")[2]/47,XY,+8.ish der(10)ins(10;11)(p12;q23q23)(MLL+)[5]/46,XY[13]"
    ): (Finding.BREAK_APART, "", None),
    (
        "46,XY,der(3)t(3;17)(q29;q21),t(10;11)(p12;q23).ish der(11)t(10;11)(p12;q23)(KMT2"
        "A+)[5]/46,XY[16]"
    ): (Finding.NOT_UNDERSTOOD, "", None),
    "nuc ish(KMT2Ax2)[200]": (Finding.NORMAL_SIGNALS, "", None),
    "nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]": (Finding.BREAK_APART, "", 0.9),
    "nuc ish(5'KMT2Ax2,3'KMT2Ax1)(5'KMT2A con 3'KMT2Ax1)[150/200]": (Finding.LOSS_3PRIME, "", 0.75),
    "nuc ish(5'KMT2Ax1,3'KMT2Ax2)(5'KMT2A con 3'KMT2Ax1)[150/200]": (Finding.LOSS_5PRIME, "", 0.75),
    "nuc ish(5'KMT2Ax3,3'KMT2Ax2)(5'KMT2A con 3'KMT2Ax2)[170/200]": (
        Finding.EXTRA_5PRIME,
        "",
        0.85,
    ),
    "nuc ish(KMT2Ax3)[160/200]": (Finding.GAIN, "", 0.8),
    "nuc ish(KMT2Ax3)(5'KMT2A sep 3'KMT2Ax1)[120/200]": (Finding.BREAK_APART, "", 0.6),
    "nuc ish(KMT2Ax3)(5'KMT2A sep 3'KMT2Ax2)[90/200]": (Finding.BREAK_APART, "", 0.45),
    "nuc ish(KMT2Ax1)[140/200]": (Finding.DELETION, "", 0.7),
    "nuc ish(KMT2A amp)[120/200]": (Finding.AMPLIFICATION, "", 0.6),
    "nuc ish(AFF1,KMT2A)x3(AFF1 con KMT2Ax2)[180/200]": (Finding.DUAL_FUSION, "AFF1", 0.9),
    "nuc ish(KMT2A,MLLT3)x3(KMT2A con MLLT3x1)[40/200]": (Finding.DUAL_FUSION, "MLLT3", 0.2),
    "nuc ish 11q23.3(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[95/100]": (Finding.BREAK_APART, "", 0.95),
    (
        "46,XX,t(4;11)(q21;q23)[18]/46,XX[2].nuc ish(5'KMT2A,3'KMT2A)x2(5'KMT2A sep 3'KMT"
        "2Ax1)[188/200]"
    ): (Finding.BREAK_APART, "", 0.94),
    ("46,XY,t(9;11)(p21.3;q23.3)[15]/46,XY[5].ish t(9;11)(5'KMT2A+,3'KMT2A-;5'KMT2A-,3'KMT2A+)"): (
        Finding.BREAK_APART,
        "",
        None,
    ),
    "46,XX[20].nuc ish(KMT2Ax2)[500]": (Finding.NORMAL_SIGNALS, "", None),
}
VERDICTS = {
    Finding.BREAK_APART: Verdict.POSITIVE,
    Finding.LOSS_3PRIME: Verdict.POSITIVE,
    Finding.EXTRA_5PRIME: Verdict.POSITIVE,
    Finding.DUAL_FUSION: Verdict.POSITIVE,
    Finding.POSITIVE: Verdict.POSITIVE,
    Finding.LOSS_5PRIME: Verdict.INCONCLUSIVE,
    Finding.GAIN: Verdict.NEGATIVE,
    Finding.DELETION: Verdict.NEGATIVE,
    Finding.AMPLIFICATION: Verdict.NEGATIVE,
    Finding.NORMAL_SIGNALS: Verdict.NEGATIVE,
    Finding.NEGATIVE: Verdict.NEGATIVE,
    Finding.NOT_DONE: Verdict.NOT_DONE,
    Finding.FAILED: Verdict.NOT_DONE,
    Finding.OTHER_GENE_TESTED: Verdict.NOT_DONE,
    Finding.NOT_UNDERSTOOD: Verdict.NOT_UNDERSTOOD,
}


def test_every_example_with_fish_has_a_reading_in_the_table() -> None:
    strings = [row["string"] for row in read_table(EXAMPLES, quoting=False).rows]
    assert [text for text in strings if "ish" in text] == list(READINGS)


@pytest.mark.parametrize(
    ("text", "finding", "partner", "cells"), [(k, *v) for k, v in READINGS.items()]
)
def test_examples(text: str, finding: Finding, partner: str, cells: float | None) -> None:
    reading = read_fish(text)
    assert (reading.finding, reading.partner, reading.cells_abnormal) == (finding, partner, cells)
    assert reading.verdict is VERDICTS[finding]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("nuc ish(5'MLL,3'MLL)x2(5'MLL con 3'MLLx1)[90/100]", Finding.BREAK_APART),
        ("nuc ish(5'KMT2Ax2,3'KMT2Ax2)(5'KMT2A con 3'KMT2Ax2)[200]", Finding.NORMAL_SIGNALS),
        ("nuc ish(5'KMT2Ax2,3'KMT2Ax0)[90/100]", Finding.LOSS_3PRIME),
        ("nuc ish(5'KMT2Ax2,3'KMT2Ax3)(5'KMT2A con 3'KMT2Ax2)[90/100]", Finding.LOSS_5PRIME),
        ("nuc ish(AFF1,KMT2A)x2[200]", Finding.NEGATIVE),
        ("nuc ish(CEP11,KMT2A)x2(CEP11 con KMT2Ax2)[200]", Finding.NORMAL_SIGNALS),
        ("nuc ish(MLLx2~4)[90/100]", Finding.NORMAL_SIGNALS),
        ("nuc ish(BCRx3),(MLLx2)[200]", Finding.NORMAL_SIGNALS),
        ("nuc ish (KMT2A×2)(5’KMT2A sep 3’KMT2A×1)[180/200]", Finding.BREAK_APART),  # noqa: RUF001
        ("nuc ish(ABL1,BCR)x2[200]", Finding.OTHER_GENE_TESTED),
        ("nuc ish(KMT2Ax2)[300/200]", Finding.NOT_UNDERSTOOD),
        ("nuc ish(KMT2Ax2)[0/0]", Finding.NOT_UNDERSTOOD),
        ("nuc ish(KMT2A)[200]", Finding.NOT_UNDERSTOOD),
        ("nuc ish(5'KMT2A foo 3'KMT2Ax1)[180/200]", Finding.NOT_UNDERSTOOD),
        ("nuc ish(AFF1 con KMT2A con MLLT3x1)[180/200]", Finding.NOT_UNDERSTOOD),
    ],
)
def test_iscn(text: str, finding: Finding) -> None:
    reading = read_fish(text)
    assert (reading.finding, reading.verdict) == (finding, VERDICTS[finding])


def test_a_diminished_signal_is_inconclusive() -> None:
    assert read_fish("nuc ish(KMT2A dim)[100/200]").verdict is Verdict.INCONCLUSIVE


def test_a_dual_fusion_probe_names_the_partner_and_only_that() -> None:
    fused = read_fish("nuc ish(AFF1,MLL)x3(AFF1 con MLLx2)[180/200]")
    assert (fused.partners, fused.specific, fused.partner) == (("AFF1",), True, "AFF1")
    apart = read_fish("nuc ish(AFF1,KMT2A)x2[200]")
    assert apart.partners == ()
    assert apart.scope == ("AFF1",)
    assert "does not show other partners" in apart.sentence


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("2F", Finding.NORMAL_SIGNALS),
        ("2F [200/200]", Finding.NORMAL_SIGNALS),
        ("1F1R1G", Finding.BREAK_APART),
        ("1R1G1F [180/200]", Finding.BREAK_APART),
        ("1F, 1O, 1G", Finding.BREAK_APART),
        ("1y1r1g", Finding.BREAK_APART),
        ("2R2G", Finding.BREAK_APART),
        ("positive (1F1R1G 85%)", Finding.BREAK_APART),
        ("1F1R1G positive", Finding.BREAK_APART),
        ("signal pattern 1F1R1G", Finding.BREAK_APART),
        ("1R1G1F in 85% of nuclei", Finding.BREAK_APART),
        ("KMT2A rearranged (1F1R1G, 85%)", Finding.BREAK_APART),
        ("2F (200/200)", Finding.NORMAL_SIGNALS),
        ("3F", Finding.GAIN),
        ("1F", Finding.DELETION),
        ("1F1G", Finding.BREAK_APART),
        ("1F1R", Finding.BREAK_APART),
        ("2F1G", Finding.BREAK_APART),
        ("1F1G (5' green)", Finding.LOSS_3PRIME),
        ("1F1R (5' green)", Finding.LOSS_5PRIME),
        ("1F1R, 3' = green", Finding.LOSS_3PRIME),
        ("2F1R (5' red)", Finding.EXTRA_5PRIME),
        ("2F positive", Finding.NOT_UNDERSTOOD),
        ("negative 1F1R1G", Finding.NOT_UNDERSTOOD),
        ("1F1B", Finding.NOT_UNDERSTOOD),
        ("1F1R1G 850%", Finding.NOT_UNDERSTOOD),
    ],
)
def test_patterns_in_colours(text: str, finding: Finding) -> None:
    reading = read_fish(text)
    assert (reading.finding, reading.verdict) == (finding, VERDICTS[finding])


@pytest.mark.parametrize("text", ["1F1G", "1F1R", "2F1G"])
def test_a_single_unpaired_colour_says_what_is_open(text: str) -> None:
    assert "which end depends on the colours" in read_fish(text).sentence


@pytest.mark.parametrize(
    ("text", "cutoff", "verdict", "cells"),
    [
        ("1F1R1G[10/200]", DEFAULT_CUTOFF, Verdict.POSITIVE, 0.05),
        ("1F1R1G[9/200]", DEFAULT_CUTOFF, Verdict.NEGATIVE, 0.045),
        ("1F1R1G[9/200]", 0.01, Verdict.POSITIVE, 0.045),
        ("split 85%", 0.9, Verdict.NEGATIVE, 0.85),
        ("nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]", 0.95, Verdict.NEGATIVE, 0.9),
        ("1F1R1G[4/200]; 2F[196/200]", DEFAULT_CUTOFF, Verdict.NEGATIVE, 0.02),
        ("3F[150/200]; 1F1R1G[4/200]", DEFAULT_CUTOFF, Verdict.NEGATIVE, 0.75),
        ("3F[50/200]; 1F1R1G[100/200]", DEFAULT_CUTOFF, Verdict.POSITIVE, 0.5),
    ],
)
def test_the_cutoff(text: str, cutoff: float, verdict: Verdict, cells: float) -> None:
    reading = read_fish(text, cutoff=cutoff)
    assert (reading.verdict, reading.cells_abnormal) == (verdict, cells)


def test_below_the_cutoff_is_said() -> None:
    sentence = read_fish("1F1R1G[4/200]").sentence
    assert "below the cut-off of 5.0%" in sentence
    assert "2.0% of the cells" in sentence


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("", Finding.NOT_DONE),
        ("not done", Finding.NOT_DONE),
        ("failed", Finding.FAILED),
        ("positive", Finding.POSITIVE),
        ("pos", Finding.POSITIVE),
        ("+", Finding.POSITIVE),
        ("KMT2A positive", Finding.POSITIVE),
        ("negative", Finding.NEGATIVE),
        ("negative (2F)", Finding.NEGATIVE),
        ("no KMT2A rearrangement", Finding.NEGATIVE),
        ("KMT2A rearrangement not detected", Finding.NEGATIVE),
        ("normal", Finding.NORMAL_SIGNALS),
        ("KMT2A rearranged", Finding.BREAK_APART),
        ("KMT2A-r", Finding.BREAK_APART),
        ("no KMT2A-r", Finding.NEGATIVE),
        ("KMT2A rearranged, partner unknown", Finding.BREAK_APART),
        ("MLL rearrangement (93.5%)", Finding.BREAK_APART),
        ("split 85%", Finding.BREAK_APART),
        ("3' deletion", Finding.LOSS_3PRIME),
        ("loss of 3'KMT2A in 70% of nuclei", Finding.LOSS_3PRIME),
        ("KMT2A rearranged with 3' loss", Finding.LOSS_3PRIME),
        ("5' deletion", Finding.LOSS_5PRIME),
        ("extra 5'", Finding.EXTRA_5PRIME),
        ("extra 5′", Finding.EXTRA_5PRIME),  # noqa: RUF001
        ("2 intact + extra 5' (85%)", Finding.EXTRA_5PRIME),
        ("2F + extra 5' 85%", Finding.EXTRA_5PRIME),
        ("2 copies + extra 5' on Xq", Finding.EXTRA_5PRIME),
        ("3' gain", Finding.LOSS_5PRIME),
        ("Abnormal FISH result: MLL rearrangement (93.5%)", Finding.BREAK_APART),
        ("5' segment on 9p or 10p (dim)", Finding.BREAK_APART),
        ("5' end on der(9) in 80%", Finding.BREAK_APART),
        ("split (false positive)", Finding.BREAK_APART),
        ("split, false-positive", Finding.BREAK_APART),
        ("Oncor probe negative", Finding.NEGATIVE),
        ("KMT2A gain", Finding.GAIN),
        ("gain, rearranged", Finding.BREAK_APART),
        ("KMT2A amplified", Finding.AMPLIFICATION),
        ("monosomy 11q23", Finding.DELETION),
        ("KMT2A/AFF1 fusion negative", Finding.NEGATIVE),
    ],
)
def test_plain_words(text: str, finding: Finding) -> None:
    reading = read_fish(text)
    assert (reading.finding, reading.verdict) == (finding, VERDICTS[finding])


def test_atypical_without_signals_is_inconclusive() -> None:
    reading = read_fish("atypical KMT2A")
    assert (reading.finding, reading.verdict) == (Finding.BREAK_APART, Verdict.INCONCLUSIVE)


def test_a_dual_fusion_in_words() -> None:
    reading = read_fish("dual-fusion KMT2A/AFDN single fusion 82%")
    assert (reading.finding, reading.partner) == (Finding.DUAL_FUSION, "AFDN")
    assert reading.cells_abnormal == 0.82


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "KMT2A",
        "break-apart",
        "not positive",
        "not negative",
        "cannot exclude a rearrangement",
        "?rearranged",
        "3' loss, 5' retained",
        "no rearrangement, gain",
        "ish der(11)t(10;11)(p12;q23)(KMT2A+)",
        "2F with loss",
        "5' segment on 11p",
        "no 5' on 9p",
        "loss on 9p",
        "extra 3' on 4q",
        "negative (false positive)",
        "false positive",
        "false negative",
        "negative; rearranged",
        "rearranged, 2F",
        "Oncor probe 3/33 false negative (9.1%), Vysis 0/33",
        "x" * (LONGEST_RESULT + 1),
    ],
)
def test_what_cannot_be_read_is_not_understood(text: str) -> None:
    reading = read_fish(text)
    assert reading.verdict is Verdict.NOT_UNDERSTOOD
    assert "1F1R1G" in reading.sentence
    assert len(reading.sentence) < 300


PIECES = st.from_regex(
    r"(nuc ish|\(|\)|KMT2A|MLL|AFF1|5'|3'|x2|x3|x1| sep | con | amp| dim|,|;|/|\[|\]|180|200|1F|1R|"
    r"1G| |positive|no|loss|gain|extra|split|85|%|\.|11q23|\+|-|ish|2F|green|normal|Vysis|"
    r"Oncor| on 9p|dual-fusion |false positive| and ){0,40}",
    fullmatch=True,
)


@given(
    text=st.one_of(PIECES, st.text(max_size=200)),
    probe=st.sampled_from(["", "Vysis", "Cytocell", "ours", "dual-fusion", "KMT2A/AFF1"]),
)
def test_no_text_makes_the_reader_fail(text: str, probe: str) -> None:
    reading = read_fish(text, probe=probe)
    assert isinstance(reading, AssayReading)
    assert reading.cells_abnormal is None or 0 <= reading.cells_abnormal <= 1
    assert reading.sentence.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "nuc ish(",
        "(",
        "[",
        "1F ",
        "1 pos ",
        "split ",
        "(KMT2Ax2)",
        "MLL-",
        "1/",
        "5'",
        ",; ",
        "positive 1",
        "KMT2A sep ",
        "1F1G Vysis;",
        "no ,",
        " on 9p",
        "false positive",
        "dual-fusion ",
        "split and ",
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = process_time()
    read_fish((text * LONGEST_RESULT)[:LONGEST_RESULT])
    read_fish(f"nuc ish{text * LONGEST_RESULT}"[:LONGEST_RESULT])
    assert process_time() - start < 2


def test_a_dual_fusion_below_the_cut_off_excludes_its_own_partner_only() -> None:
    reading = read_fish("nuc ish(AFF1,KMT2A)x3(AFF1 con KMT2Ax1)[2/200]")
    assert (reading.verdict, reading.scope) == (Verdict.NEGATIVE, ("AFF1",))
