"""Karyotype strings: what they show at 11q23 and which partners their bands allow."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_caller.assays.karyotype import read_karyotype
from fusion_caller.assays.sheet import LONGEST_RESULT
from fusion_caller.knowledge import Evidence, partners
from fusion_caller.records import AssayReading, Finding, Verdict
from fusion_caller.tables import read_table

EXAMPLES = Path(__file__).parents[1] / "data" / "iscn" / "iscn_examples.tsv"

# The finding and the leading candidate of every example. `nuc ish` alone is no karyotype; an array
# or an optical map counts where it breaks KMT2A.
READINGS: dict[str, tuple[Finding, str]] = {
    "46,XY,t(4;11)(q21;q23)": (Finding.REARRANGED_11Q23, "AFF1"),
    "46,XY,t(4;11)(q21;q23)/47,idem,+17": (Finding.REARRANGED_11Q23, "AFF1"),
    "47-48,XY,t(9;11)(p22;q23),+1-2mar": (Finding.REARRANGED_11Q23, "MLLT3"),
    "46,XX,t(9;11)(p21-22;q23)": (Finding.REARRANGED_11Q23, "MLLT3"),
    "46,XX,t(11;19)(q23;p13)": (Finding.REARRANGED_11Q23, "MLLT1"),
    "46,XX,t(10;11)(p12;q23)": (Finding.REARRANGED_11Q23, "MLLT10"),
    "46,XY,ins(5;6)(q31;p12p25),t(10;11)(p13-14;q14-21)/46,idem,t(1;3)(q24;q23)": (
        Finding.ABNORMAL_WITHOUT_11Q23,
        "",
    ),
    "46,XX,ins(10;11)(p12;q23q13)": (Finding.REARRANGED_11Q23, "MLLT10"),
    "46,XY,ins(10;11)(p12;q23q23)": (Finding.REARRANGED_11Q23, "MLLT10"),
    "46,XY,t(6;11)(q27;q23)": (Finding.REARRANGED_11Q23, "AFDN"),
    "50,XY,t(1;11)(p32;q23),+?7,+21,+2mar": (Finding.REARRANGED_11Q23, "EPS15"),
    "46,XX,der(1)t(1;11)(p32;q23)inv(1)(p13q21),der(11)t(1;11)": (
        Finding.REARRANGED_11Q23,
        "EPS15",
    ),
    "46,X,t(X;11)(q13;q23)": (Finding.REARRANGED_11Q23, "FOXO4"),
    "46,X,t(X;11)(q22;q23),t(11;14)(q13;q32),-22": (Finding.REARRANGED_11Q23, "SEPTIN6"),
    "46,XY,inv(11)(q13q23)": (Finding.REARRANGED_11Q23, "BTBD18"),
    "46,XX,?del(3)(q12q13),del(9)(p23),inv(11)(q21q23),der(20)/45,idem,-20": (
        Finding.REARRANGED_11Q23,
        "MAML2",
    ),
    "46,XX,ins(4;11)(q21;q23q23),del(11)(q23)": (Finding.REARRANGED_11Q23, "AFF1"),
    "46,XX,ins(11;4)(q23;q21q24)/47,idem,+X": (Finding.REARRANGED_11Q23, "AFF1"),
    "46,XX,t(4;11;17)(q21;q23;q11)": (Finding.REARRANGED_11Q23, "AFF1"),
    "46,XY,t(9;11;11)(p22;q23;p11)": (Finding.REARRANGED_11Q23, "MLLT3"),
    "46,XX,t(11;17)(q23-25;q21)": (Finding.POSSIBLE_11Q23, "MLLT6"),
    "46,XX,t(2;11)(p21;q23)": (Finding.REARRANGED_11Q23, ""),
    "46,XX,t(5;11)(q23-31;q23)": (Finding.REARRANGED_11Q23, "AFF4"),
    "46,XX,del(11)(q13q23),ins(19;11)(p13;q13q23)": (Finding.REARRANGED_11Q23, "MLLT1"),
    "46,XX,dup(5)(q11q31),i(7)(q10),del(11)(q14),der(19)t(1;19)(q23;p13)": (
        Finding.ABNORMAL_WITHOUT_11Q23,
        "",
    ),
    (
        "45,XX,der(1)t(1;3)(p?31;p2?2),der(3)t(3;9)(p2?2;p13),del(6)(q15q21),der(7)del(7)"
        "(p?15)t(7;18)(q?35;?),der(9)t(9;13)(p13;q?),der(9)t(1;11)(p31;q21)t(9;11)(p21;q1"
        "1),der(11)del(11)(q11q23)t(6;11)(?;q23),...(truncated; see MD.txt)"
    ): (Finding.REARRANGED_11Q23, "AFDN"),
    (
        "57-59,XY,+X,+4,+6,+10,+14,+14,+16,+17,+18,-20,+21,+21,+mar1,+mar2,+mar3[cp4]/ 46"
        ",XY[11].nuc ish 9q34(ABLx2),22q11(BCRx2),11q23(MLLx2)"
    ): (Finding.ABNORMAL_WITHOUT_11Q23, ""),
    "64,XY,...[4].nuc ish 11q23(MLLx3)[16]/ 11q23(MLLx2)[184]": (Finding.INCONCLUSIVE, ""),
    (
        "46,XY,del(8)(q22q24.1),t(11;19)(q23;p13.1)[10]/46,XY,der(8)del(8)t(8;13)(p21;q12"
        "),t(11;19)[6]/46,XY,t(4;10)(p16;p11.2),t(11;19),del(20)(q11.2)[3]/47,XY,t(11;19)"
        ",+i(13)(q10)[1].nuc ish(MLLx2)(5'MLL sep 3'MLLx1)[187/200].Abnormal male karyoty"
        "pe comprising 4 clones;Abnormal FISH result: MLL rearrangement (93.5%)."
    ): (Finding.REARRANGED_11Q23, "ELL"),
    (
        "46,XX,t(3;9)(p25;q22),t(4;11)(q21;q23),t(4;14)(q21;q11.2)[2]/46,idem,i(7)(q10)[1"
        "]/46,idem,del(16)(q12.1q24),add(22)(q13)[2]/51-53,idem,+X,+1,+6,+15,+20,+21,+mar"
        "[cp6]/46,XX[4]"
    ): (Finding.REARRANGED_11Q23, "AFF1"),
    (
        "46,XX,t(13;16)(q14;p13.3)[2]/46,XX,t(1;12)(p34.1;p13),t(1;11)(q32;q25),t(6;20)(p"
        "21.1;q13.3)[2]/46,XX[16]"
    ): (Finding.ABNORMAL_WITHOUT_11Q23, ""),
    (
        "50,XY,+Y,+6,+6,+13[16]/50,idem,t(6;12)(p23;q13)[4]. nuc ish(D5S721~D5S23,EGR1)x2"
        "[500],(D7Z1,D7S522)x2[500],(D8Z2x2)[500], (MLLx2)[500],(D20S108,MYBL2)x2[500]."
    ): (Finding.ABNORMAL_WITHOUT_11Q23, ""),
    "49,XY,+8,+8,+8,t(11;19)(q23;p13.1)[30]": (Finding.REARRANGED_11Q23, "ELL"),
    "46,XY,t(11;17)(q23;q21)[10]": (Finding.REARRANGED_11Q23, "MLLT6"),
    "46,XX,t(11;19)(q23;p13.1)[10]": (Finding.REARRANGED_11Q23, "ELL"),
    "46,XX,t(9;11)(p22;q23)[13]": (Finding.REARRANGED_11Q23, "MLLT3"),
    "46,XY,t(6;11)(q27;q23)[15]": (Finding.REARRANGED_11Q23, "AFDN"),
    (
        "46,XY,t(3;19)(q25;p13.3),del(5)(q14q35),add(10)(p1?),add(11)(q23~25),-15,i(17)(q"
        "10),+mar1[2]/44~45,sl,-Y,-18,+mar2[cp8]/88~90,sdlx2[cp2]/ 46,XY[2]"
    ): (Finding.POSSIBLE_11Q23, ""),
    "46,XX.ish der(10)ins(10;11)(p13;q23q23)(KMT2A+)[20]": (Finding.REARRANGED_11Q23, "MLLT10"),
    (
        "46,XY.ish der(10)ins(10;11)(p12;q23q23)(MLL+),der(11)ins(10;11)(p12;q23q23)(MLL+"
        ")[2]/47,XY,+8.ish der(10)ins(10;11)(p12;q23q23)(MLL+)[5]/46,XY[13]"
    ): (Finding.REARRANGED_11Q23, "MLLT10"),
    (
        "46,XY,der(3)t(3;17)(q29;q21),t(10;11)(p12;q23).ish der(11)t(10;11)(p12;q23)(KMT2"
        "A+)[5]/46,XY[16]"
    ): (Finding.REARRANGED_11Q23, "MLLT10"),
    "46,XX,t(11;14;19)(q23;q32.3;p13.1)": (Finding.REARRANGED_11Q23, "ELL"),
    "47,XY,+8[12]": (Finding.ABNORMAL_WITHOUT_11Q23, ""),
    "ins(6;11)(q27;q23q23)": (Finding.REARRANGED_11Q23, "AFDN"),
    "ins(X;11)(q28;q23q23)": (Finding.REARRANGED_11Q23, "FLNA"),
    "t(5;11)(q35;q23)": (Finding.REARRANGED_11Q23, "MAML1"),
    "inv(11)(q13;q23)": (Finding.REARRANGED_11Q23, "BTBD18"),
    "t(11;15)(q23;q21)": (Finding.REARRANGED_11Q23, "USP8"),
    "46,XY,ins(10;11)(p12;q23q13)[18]/46,XY[2]": (Finding.REARRANGED_11Q23, "MLLT10"),
    "nuc ish(KMT2Ax2)[200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(5'KMT2Ax2,3'KMT2Ax1)(5'KMT2A con 3'KMT2Ax1)[150/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(5'KMT2Ax1,3'KMT2Ax2)(5'KMT2A con 3'KMT2Ax1)[150/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(5'KMT2Ax3,3'KMT2Ax2)(5'KMT2A con 3'KMT2Ax2)[170/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(KMT2Ax3)[160/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(KMT2Ax3)(5'KMT2A sep 3'KMT2Ax1)[120/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(KMT2Ax3)(5'KMT2A sep 3'KMT2Ax2)[90/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(KMT2Ax1)[140/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(KMT2A amp)[120/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(AFF1,KMT2A)x3(AFF1 con KMT2Ax2)[180/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish(KMT2A,MLLT3)x3(KMT2A con MLLT3x1)[40/200]": (Finding.NOT_UNDERSTOOD, ""),
    "nuc ish 11q23.3(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[95/100]": (Finding.NOT_UNDERSTOOD, ""),
    (
        "46,XX,t(4;11)(q21;q23)[18]/46,XX[2].nuc ish(5'KMT2A,3'KMT2A)x2(5'KMT2A sep 3'KMT"
        "2Ax1)[188/200]"
    ): (Finding.REARRANGED_11Q23, "AFF1"),
    ("46,XY,t(9;11)(p21.3;q23.3)[15]/46,XY[5].ish t(9;11)(5'KMT2A+,3'KMT2A-;5'KMT2A-,3'KMT2A+)"): (
        Finding.REARRANGED_11Q23,
        "MLLT3",
    ),
    "46,XX[20].nuc ish(KMT2Ax2)[500]": (Finding.NORMAL_KARYOTYPE, ""),
    "46,XX,inv(11)(q23.3q23.3)": (Finding.REARRANGED_11Q23, "USP2"),
    "arr[GRCh38] 11q23.3(118484000_119360000)x1": (Finding.POSSIBLE_11Q23, ""),
    "ogm[GRCh38] t(4;11)(q21.3;q23.3)(87042000;118485000)": (Finding.REARRANGED_11Q23, "AFF1"),
}
VERDICTS = {
    Finding.REARRANGED_11Q23: Verdict.POSITIVE,
    Finding.POSSIBLE_11Q23: Verdict.INCONCLUSIVE,
    Finding.ABNORMAL_WITHOUT_11Q23: Verdict.NEGATIVE,
    Finding.NORMAL_KARYOTYPE: Verdict.NEGATIVE,
    Finding.INCONCLUSIVE: Verdict.INCONCLUSIVE,
    Finding.NOT_UNDERSTOOD: Verdict.NOT_UNDERSTOOD,
}


def test_every_example_has_a_reading_in_the_table() -> None:
    strings = [row["string"] for row in read_table(EXAMPLES, quoting=False).rows]
    assert strings == list(READINGS)


@pytest.mark.parametrize(("text", "finding", "lead"), [(k, *v) for k, v in READINGS.items()])
def test_examples(text: str, finding: Finding, lead: str) -> None:
    reading = read_karyotype(text)
    assert (reading.finding, reading.partners[:1]) == (finding, (lead,) if lead else ())
    assert reading.verdict is VERDICTS[finding]
    assert not reading.specific


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("46,XX,t(11;19)(q23;p13)", ("MLLT1", "ELL", "MYO1F")),
        ("46,XX,t(11;19)(q23;p13.3)", ("MLLT1",)),
        ("46,XX,t(11;19)(q23;p13.1)", ("ELL",)),
        ("46,XX,t(10;11)(p12;q23)", ("MLLT10", "ABI1", "NEBL")),
        ("46,XX,t(10;11)(p11.2;q23)", ("ABI1",)),
        ("46,XX,t(9;11)(p21-22;q23)", ("MLLT3",)),
        ("46,XX,t(9;11)(p22;q23)", ("MLLT3",)),
        ("46,XX,t(11;17)(q23;q12-21)", ("MLLT6", "ACACA")),
        ("46,XX,t(11;14;19)(q23;q32.3;p13.1)", ("ELL", "CEP170B")),
        ("46,XX,t(1;11)(q21;q23)", ("MLLT11",)),
        ("46,XX,t(5;11)(q23-31;q23)", ("AFF4",)),
        ("46,XX,inv(11)(q21q23)", ("MAML2",)),
        ("46,XX,inv(11)(q23.3q23.3)", ("USP2",)),
    ],
)
def test_counted_partners_lead_by_their_number_of_patients(
    text: str, candidates: tuple[str, ...]
) -> None:
    found = read_karyotype(text).partners
    counted = [symbol for symbol in found if partners()[symbol].patients is not None]
    assert tuple(counted[: len(candidates)]) == candidates
    assert list(found[: len(counted)]) == counted


def test_candidates_from_memory_come_last_and_are_marked() -> None:
    reading = read_karyotype("46,XX,t(11;17)(q23;q21)")
    evidence = [partners()[symbol].evidence for symbol in reading.partners]
    assert evidence == sorted(evidence, key=[Evidence.SOURCED, Evidence.MEMORY].index)
    assert "RARA (from memory)" in reading.sentence


@pytest.mark.parametrize(
    "text",
    [
        "t(?;11q23)",
        "t(v;11q23)",
        "t(v;11)(v;q23)",
        "t(?;11)(?;q23)",
        "t(11;v)",
        "t(v;11)",
        "t(11q23;v)",
        "46,XX,t(11;?)(q23.3;?)[20]",
        "11q23 rearrangement",
        "46,XX,t(2;11)(p21;q23)",
    ],
)
def test_rearranged_with_an_unknown_partner(text: str) -> None:
    reading = read_karyotype(text)
    assert (reading.verdict, reading.finding) == (Verdict.POSITIVE, Finding.REARRANGED_11Q23)
    assert reading.partners == ()


@pytest.mark.parametrize(
    "text",
    [
        "46,XX,del(11)(q23)",
        "46,XX,del(11)(q13q23)",
        "46,XX,add(11)(q23)",
        "46,XX,add(11)(q23~25)",
        "46,XX,dup(11)(q23q25)",
        "46,XX,?t(9;11)(p22;q23)",
        "46,XX,t(9;11)(p22;q?23)",
        "46,XX,t(6;11)(q27;q21-23)",
        "46,XX,t(6;11)(q27;q23.1)",
        "46,XX,der(4)t(4;11)(q21;q23)",
        "46,XX,t(11;22)(q23.3;q11.2)c",
        "46,XX,t(4;11)",
        "t(?;11)(?;?)",
        "11q23",
    ],
)
def test_what_may_involve_11q23_is_inconclusive(text: str) -> None:
    reading = read_karyotype(text)
    assert (reading.verdict, reading.finding) == (Verdict.INCONCLUSIVE, Finding.POSSIBLE_11Q23)


@pytest.mark.parametrize(
    "text",
    [
        "46,XX,t(11;14)(q13;q32)",
        "46,XX,t(10;11)(p13;q14-21)",
        "46,XX,t(1;11)(q32;q25)",
        "46,XX,del(11)(q14)",
        "46,XX,del(11)(q13q25)",
        "46,XX,dup(11)(q13qter)",
        "46,XX,t(1;19)(q23;p13)",
        "t(11;v)(q13;v)",
        "47,XY,+11",
    ],
)
def test_other_breaks_on_chromosome_11_are_not_kmt2a(text: str) -> None:
    reading = read_karyotype(text)
    assert reading.verdict is Verdict.NEGATIVE
    assert reading.finding is Finding.ABNORMAL_WITHOUT_11Q23


def test_picalm_and_deletions_of_kmt2a_are_said() -> None:
    assert "PICALM::MLLT10" in read_karyotype("46,XX,t(10;11)(p13;q14-21)").sentence
    assert "takes KMT2A away" in read_karyotype("46,XX,del(11)(q14)").sentence
    assert "takes KMT2A away" not in read_karyotype("46,XX,del(11)(q13q21)").sentence


@pytest.mark.parametrize(
    "text",
    ["46,XX", "46,XY[20]", "46, XX [20]", "46XX[20]", "46,XX[20]. Normal karyotype.", "normal"],
)
def test_normal_karyotypes(text: str) -> None:
    reading = read_karyotype(text)
    assert (reading.verdict, reading.finding) == (Verdict.NEGATIVE, Finding.NORMAL_KARYOTYPE)
    assert "cryptic" in reading.sentence


@pytest.mark.parametrize(
    ("text", "fraction"),
    [
        ("46,XX,t(4;11)(q21;q23)[18]/46,XX[2]", 0.9),
        ("46,XX,t(4;11)(q21;q23)[8]/47,idem,+8[8]/46,XX[4]", 0.8),
        ("46,XX,t(4;11)(q21;q23)[8]/47,sl,+8[cp8]/46,XX[4]", 0.8),
        ("46,XX,t(4;11)(q21;q23)[5]/46,XX,t(4;11),del(5)(q14q35)[5]/46,XX[10]", 0.5),
        ("46,XX,t(4;11)(q21;q23)/46,XX[4]", None),
        ("46,XX,t(4;11)(q21;q23)[0]", None),
        ("46,XX[20]", None),
    ],
)
def test_fraction_of_cells(text: str, fraction: float | None) -> None:
    assert read_karyotype(text).cells_abnormal == fraction


def test_a_fish_part_is_mentioned_and_not_read() -> None:
    plain = read_karyotype("46,XX[20]")
    behind = read_karyotype("46,XX[20].nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]")
    assert behind.finding is plain.finding
    assert "FISH" in behind.sentence
    assert "FISH" in read_karyotype("46,XX[20]. FISH: KMT2A rearranged").sentence
    assert "FISH" not in plain.sentence


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "no t(4;11)(q21;q23)",
        "t(4;11)(q21;q23) not detected",
        "t(4;11)(q21;q23), not detected",
        "t(4;11)(q21;q23); negative",
        "t(4;11)(q21;q23). Not detected.",
        "46,XX,foo(3)(q21)",
        "46,XX,t(9;22)(q34;q11),complex",
        "46",
        "nuc ish(KMT2Ax2)[200]",
        "ish t(4;11)(q21;q23)(MLL+)",
        "4;11",
        "x" * (LONGEST_RESULT + 1),
    ],
)
def test_what_cannot_be_read_is_not_understood(text: str) -> None:
    reading = read_karyotype(text)
    assert reading.verdict is Verdict.NOT_UNDERSTOOD
    assert "46,XX,t(4;11)(q21;q23)" in reading.sentence
    assert len(reading.sentence) < 300


def test_an_unread_part_does_not_hide_a_rearrangement() -> None:
    reading = read_karyotype("46,XX,t(4;11)(q21;q23),complex")
    assert reading.finding is Finding.REARRANGED_11Q23
    assert "could not be read" in reading.sentence


PIECES = st.from_regex(
    r"(46|,|XX|XY|/|idem|sl|t|ins|inv|del|add|der|dup|\(|\)|;|4|11|q21|q23|q23\.3|\?|v|~|-|\[|\]|"
    r"cp5|20|\.| |ish|nuc|\+|mar|q2\?|p13|…|11q23|c|qter|\(4;11\)|\(q21;q23\)){0,60}",
    fullmatch=True,
)


# The first text waits for the grammar.
@settings(deadline=None)
@given(text=st.one_of(PIECES, st.text(max_size=200)))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    reading = read_karyotype(text)
    assert isinstance(reading, AssayReading)
    assert reading.sentence.endswith(".")
    assert all(symbol in partners() for symbol in reading.partners)


@pytest.mark.parametrize(
    "text",
    ["(", "t(", "a", "46,XX,", "t(4;11)(q21;q23)", "q2?-", "[1]", "x/", "?", "der(1)", " . "],
)
def test_no_text_takes_long(text: str) -> None:
    start = process_time()
    read_karyotype((text * LONGEST_RESULT)[:LONGEST_RESULT])
    assert process_time() - start < 2


def test_a_single_metaphase_is_not_a_clone() -> None:
    one = read_karyotype("46,XX,t(4;11)(q21;q23)[1]/46,XX[19]")
    assert (one.verdict, one.finding) == (Verdict.INCONCLUSIVE, Finding.POSSIBLE_11Q23)
    assert "one cell is not a clone" in one.sentence
    two = read_karyotype("46,XX,t(4;11)(q21;q23)[2]/46,XX[18]")
    assert two.verdict is Verdict.POSITIVE


@pytest.mark.parametrize("text", ["46,XX,...[4]", "46,XX,+8,inc[20]", "46,XX,…"])
def test_what_was_left_out_may_hide_something(text: str) -> None:
    reading = read_karyotype(text)
    assert (reading.verdict, reading.finding) == (Verdict.INCONCLUSIVE, Finding.INCONCLUSIVE)
    assert "left out" in reading.sentence
    shown = read_karyotype("46,XX,t(4;11)(q21;q23),...[4]")
    assert shown.verdict is Verdict.POSITIVE


@pytest.mark.parametrize(
    ("text", "where", "fraction"),
    [
        (
            "46,XX,t(4;11)(q21;q23)[8]/47,sl,+8[8]/46,XX[4]",
            "in 2 of 3 clones (16 of 20 cells)",
            0.8,
        ),
        ("46,XX,+8[5]/46,XX,t(4;11)(q21;q23)[5]/47,sdl1,+9[5]", "in 2 of 3 clones", 2 / 3),
        ("46,XX,t(4;11)(q21;q23)[8]/46,XX,+8[5]", "in 1 of 2 clones (8 of 13 cells)", 8 / 13),
    ],
)
def test_the_clones_that_show_it_are_counted(text: str, where: str, fraction: float) -> None:
    reading = read_karyotype(text)
    assert where in reading.sentence
    assert reading.cells_abnormal == pytest.approx(fraction)


@pytest.mark.parametrize(
    ("text", "verdict", "lead"),
    [
        ("46,XX.ish ins(10;11)(p12;q23q23)(KMT2A+;KMT2A+)", Verdict.POSITIVE, "MLLT10"),
        ("46,XX.ish der(9)t(9;11)(p22;q23)(3'KMT2A+)", Verdict.POSITIVE, "MLLT3"),
        ("46,XX.ish 11q23(KMT2Ax2)", Verdict.NEGATIVE, ""),
        ("46,XX.ish der(11)t(10;11)(p12;q23)(KMT2A+)", Verdict.POSITIVE, "MLLT10"),
        ("46,XX.ish der(10)(KMT2A+)", Verdict.POSITIVE, "MLLT10"),
        ("46,XX.ish del(11)(q23q23)(KMT2A-)", Verdict.INCONCLUSIVE, ""),
        ("46,XX.ish 9q34(ABL1x2)", Verdict.NEGATIVE, ""),
    ],
)
def test_metaphase_fish_shows_where_kmt2a_lies(text: str, verdict: Verdict, lead: str) -> None:
    reading = read_karyotype(text)
    assert reading.verdict is verdict
    assert reading.partners[:1] == ((lead,) if lead else ())


def test_metaphase_fish_counts_the_cells_of_its_clones() -> None:
    reading = read_karyotype(
        "46,XY.ish der(10)ins(10;11)(p12;q23q23)(MLL+)[2]/47,XY,+8.ish der(10)"
        "ins(10;11)(p12;q23q23)(MLL+)[5]/46,XY[13]"
    )
    assert reading.cells_abnormal == 7 / 20
    assert "by metaphase FISH" in reading.sentence
    confirmed = read_karyotype("46,XY,t(9;11)(p22;q23)[15]/46,XY[5].ish t(9;11)(KMT2A+;KMT2A+)")
    assert confirmed.cells_abnormal == 0.75
    assert reading.band_known


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("arr[GRCh37] 11q23.3(118354715_119230715)x1", Verdict.INCONCLUSIVE),
        ("arr[GRCh38] 11q23.3(118300000_119360000)x1", Verdict.NOT_DONE),
        ("arr 11q23.3(118484000_119360000)x1", Verdict.NOT_DONE),
        ("arr[GRCh38] 4q21.3(118484000_119360000)x1", Verdict.NOT_DONE),
        ("ogm[GRCh38] t(4;11)(q21.3;q23.3)(87042000;118485000)", Verdict.POSITIVE),
        ("ogm[GRCh38] t(4;11)(q21.3;q23.3)(87042000;119485000)", Verdict.NOT_DONE),
        ("seq[GRCh38] whatever", Verdict.NOT_DONE),
    ],
)
def test_arrays_and_maps_without_a_karyotype(text: str, verdict: Verdict) -> None:
    assert read_karyotype(text).verdict is verdict


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("46,XX,der(11)(11pter->11q23::4q21->4qter)", Finding.REARRANGED_11Q23),
        ("46,XX,der(4)(4pter->4q21::11q23->11qter)", Finding.POSSIBLE_11Q23),
        ("46,XX,11q-", Finding.POSSIBLE_11Q23),
        ("46,XX,11q+", Finding.POSSIBLE_11Q23),
        ("46,XX,der(11)", Finding.POSSIBLE_11Q23),
        ("46,XX,del(11)(q23) or add(11)(q23)", Finding.POSSIBLE_11Q23),
        ("46,XX,t(4;11)(q21;q23) or t(4;12)(q21;q23)", Finding.POSSIBLE_11Q23),
        ("46,XX,t(4;11)(q21;q23)mat", Finding.POSSIBLE_11Q23),
        ("46,XX,-der(11)t(4;11)(q21;q23)", Finding.ABNORMAL_WITHOUT_11Q23),
        ("46,XX,11qh+", Finding.ABNORMAL_WITHOUT_11Q23),
    ],
)
def test_ways_to_write_a_break(text: str, finding: Finding) -> None:
    assert read_karyotype(text).finding is finding


def test_mending_is_said_and_changes_no_reading() -> None:
    mended = read_karyotype("46XX,t(4,11)(q21,q23)[20]")
    clean = read_karyotype("46,XX,t(4;11)(q21;q23)[20]")
    assert (mended.finding, mended.partners) == (clean.finding, clean.partners)
    assert "mended" in mended.sentence
    assert "mended" not in clean.sentence
