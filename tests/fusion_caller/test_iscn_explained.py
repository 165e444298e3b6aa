"""ISCN explained: what every example means, against what its curator expects."""

from __future__ import annotations

import pytest

from fusion_caller.assays.explained import Explanation, Kmt2a, explain
from fusion_caller.records import Finding

REARRANGED, POSSIBLE, NOT_VISIBLE = Kmt2a.REARRANGED, Kmt2a.POSSIBLE, Kmt2a.NOT_VISIBLE

# The type, what is seen of KMT2A, the bands of the partner, and candidates that must be offered,
# the leading one first.
EXPECTED: list[tuple[str, str, Kmt2a, tuple[str, ...], tuple[str, ...]]] = [
    ("46,XY,t(4;11)(q21;q23)", "karyotype", REARRANGED, ("4q21",), ("AFF1",)),
    ("46,XY,t(4;11)(q21;q23)/47,idem,+17", "karyotype", REARRANGED, ("4q21",), ("AFF1",)),
    ("47-48,XY,t(9;11)(p22;q23),+1-2mar", "karyotype", REARRANGED, ("9p22",), ("MLLT3",)),
    ("46,XX,t(9;11)(p21-22;q23)", "karyotype", REARRANGED, ("9p21-22",), ("MLLT3",)),
    ("46,XX,t(11;19)(q23;p13)", "karyotype", REARRANGED, ("19p13",), ("MLLT1", "ELL")),
    ("46,XX,t(10;11)(p12;q23)", "karyotype", REARRANGED, ("10p12",), ("MLLT10",)),
    (
        "46,XY,ins(5;6)(q31;p12p25),t(10;11)(p13-14;q14-21)/46,idem,t(1;3)(q24;q23)",
        "karyotype",
        NOT_VISIBLE,
        (),
        (),
    ),
    ("46,XX,ins(10;11)(p12;q23q13)", "karyotype", REARRANGED, ("10p12",), ("MLLT10",)),
    ("46,XY,ins(10;11)(p12;q23q23)", "karyotype", REARRANGED, ("10p12",), ("MLLT10",)),
    ("46,XY,t(6;11)(q27;q23)", "karyotype", REARRANGED, ("6q27",), ("AFDN",)),
    ("50,XY,t(1;11)(p32;q23),+?7,+21,+2mar", "karyotype", REARRANGED, ("1p32",), ("EPS15",)),
    (
        "46,XX,der(1)t(1;11)(p32;q23)inv(1)(p13q21),der(11)t(1;11)",
        "karyotype",
        REARRANGED,
        ("1p32",),
        ("EPS15",),
    ),
    ("46,X,t(X;11)(q13;q23)", "karyotype", REARRANGED, ("Xq13",), ("FOXO4",)),
    (
        "46,X,t(X;11)(q22;q23),t(11;14)(q13;q32),-22",
        "karyotype",
        REARRANGED,
        ("Xq22",),
        ("SEPTIN6",),
    ),
    ("46,XY,inv(11)(q13q23)", "karyotype", REARRANGED, ("11q13",), ("BTBD18",)),
    (
        "46,XX,?del(3)(q12q13),del(9)(p23),inv(11)(q21q23),der(20)/45,idem,-20",
        "karyotype",
        REARRANGED,
        ("11q21",),
        ("MAML2",),
    ),
    ("46,XX,ins(4;11)(q21;q23q23),del(11)(q23)", "karyotype", REARRANGED, ("4q21",), ("AFF1",)),
    ("46,XX,ins(11;4)(q23;q21q24)/47,idem,+X", "karyotype", REARRANGED, ("4q21q24",), ("AFF1",)),
    ("46,XX,t(4;11;17)(q21;q23;q11)", "karyotype", REARRANGED, ("4q21", "17q11"), ("AFF1",)),
    ("46,XY,t(9;11;11)(p22;q23;p11)", "karyotype", REARRANGED, ("9p22", "11p11"), ("MLLT3",)),
    (
        "46,XX,t(11;17)(q23-25;q21)",
        "karyotype",
        POSSIBLE,
        ("17q21",),
        ("MLLT6", "LASP1", "ACACA", "RARA"),
    ),
    ("46,XX,t(2;11)(p21;q23)", "karyotype", REARRANGED, ("2p21",), ()),
    ("46,XX,t(5;11)(q23-31;q23)", "karyotype", REARRANGED, ("5q23-31",), ("AFF4", "ARHGAP26")),
    (
        "46,XX,del(11)(q13q23),ins(19;11)(p13;q13q23)",
        "karyotype",
        REARRANGED,
        ("19p13",),
        ("MLLT1", "ELL"),
    ),
    (
        "46,XX,dup(5)(q11q31),i(7)(q10),del(11)(q14),der(19)t(1;19)(q23;p13)",
        "karyotype",
        NOT_VISIBLE,
        (),
        (),
    ),
    (
        (
            "45,XX,der(1)t(1;3)(p?31;p2?2),der(3)t(3;9)(p2?2;p13),del(6)(q15q21),der(7)del(7)"
            "(p?15)t(7;18)(q?35;?),der(9)t(9;13)(p13;q?),der(9)t(1;11)(p31;q21)t(9;11)(p21;q1"
            "1),der(11)del(11)(q11q23)t(6;11)(?;q23),...(truncated; see MD.txt)"
        ),
        "karyotype",
        REARRANGED,
        (),
        ("AFDN",),
    ),
    (
        (
            "57-59,XY,+X,+4,+6,+10,+14,+14,+16,+17,+18,-20,+21,+21,+mar1,+mar2,+mar3[cp4]/ "
            "46,XY[11].nuc ish 9q34(ABLx2),22q11(BCRx2),11q23(MLLx2)"
        ),
        "karyotype+fish",
        NOT_VISIBLE,
        (),
        (),
    ),
    (
        "64,XY,...[4].nuc ish 11q23(MLLx3)[16]/ 11q23(MLLx2)[184]",
        "karyotype+fish",
        NOT_VISIBLE,
        (),
        (),
    ),
    (
        (
            "46,XY,del(8)(q22q24.1),t(11;19)(q23;p13.1)[10]/46,XY,der(8)del(8)t(8;13)(p21;q12"
            "),t(11;19)[6]/46,XY,t(4;10)(p16;p11.2),t(11;19),del(20)(q11.2)[3]/47,XY,t(11;19)"
            ",+i(13)(q10)[1].nuc ish(MLLx2)(5'MLL sep 3'MLLx1)[187/200].Abnormal male "
            "karyotype comprising 4 clones;Abnormal FISH result: MLL rearrangement (93.5%)."
        ),
        "karyotype+fish",
        REARRANGED,
        ("19p13.1",),
        ("ELL",),
    ),
    (
        (
            "46,XX,t(3;9)(p25;q22),t(4;11)(q21;q23),t(4;14)(q21;q11.2)[2]/46,idem,i(7)(q10)[1"
            "]/46,idem,del(16)(q12.1q24),add(22)(q13)[2]/51-53,idem,+X,+1,+6,+15,+20,+21,+mar"
            "[cp6]/46,XX[4]"
        ),
        "karyotype",
        REARRANGED,
        ("4q21",),
        ("AFF1",),
    ),
    (
        (
            "46,XX,t(13;16)(q14;p13.3)[2]/46,XX,t(1;12)(p34.1;p13),t(1;11)(q32;q25),t(6;20)(p"
            "21.1;q13.3)[2]/46,XX[16]"
        ),
        "karyotype",
        NOT_VISIBLE,
        (),
        (),
    ),
    (
        (
            "50,XY,+Y,+6,+6,+13[16]/50,idem,t(6;12)(p23;q13)[4]. nuc "
            "ish(D5S721~D5S23,EGR1)x2[500],(D7Z1,D7S522)x2[500],(D8Z2x2)[500], "
            "(MLLx2)[500],(D20S108,MYBL2)x2[500]."
        ),
        "karyotype+fish",
        NOT_VISIBLE,
        (),
        (),
    ),
    ("49,XY,+8,+8,+8,t(11;19)(q23;p13.1)[30]", "karyotype", REARRANGED, ("19p13.1",), ("ELL",)),
    (
        "46,XY,t(11;17)(q23;q21)[10]",
        "karyotype",
        REARRANGED,
        ("17q21",),
        ("MLLT6", "LASP1", "ACACA", "RARA"),
    ),
    ("46,XX,t(11;19)(q23;p13.1)[10]", "karyotype", REARRANGED, ("19p13.1",), ("ELL",)),
    ("46,XX,t(9;11)(p22;q23)[13]", "karyotype", REARRANGED, ("9p22",), ("MLLT3",)),
    ("46,XY,t(6;11)(q27;q23)[15]", "karyotype", REARRANGED, ("6q27",), ("AFDN",)),
    (
        (
            "46,XY,t(3;19)(q25;p13.3),del(5)(q14q35),add(10)(p1?),add(11)(q23~25),-15,i(17)(q"
            "10),+mar1[2]/44~45,sl,-Y,-18,+mar2[cp8]/88~90,sdlx2[cp2]/ 46,XY[2]"
        ),
        "karyotype",
        POSSIBLE,
        (),
        (),
    ),
    (
        "46,XX.ish der(10)ins(10;11)(p13;q23q23)(KMT2A+)[20]",
        "karyotype+metaphase_fish",
        REARRANGED,
        ("10p13",),
        ("MLLT10",),
    ),
    (
        (
            "46,XY.ish der(10)ins(10;11)(p12;q23q23)(MLL+),der(11)ins(10;11)(p12;q23q23)(MLL+"
            ")[2]/47,XY,+8.ish der(10)ins(10;11)(p12;q23q23)(MLL+)[5]/46,XY[13]"
        ),
        "karyotype+metaphase_fish",
        REARRANGED,
        ("10p12",),
        ("MLLT10",),
    ),
    (
        (
            "46,XY,der(3)t(3;17)(q29;q21),t(10;11)(p12;q23).ish "
            "der(11)t(10;11)(p12;q23)(KMT2A+)[5]/46,XY[16]"
        ),
        "karyotype+metaphase_fish",
        REARRANGED,
        ("10p12",),
        ("MLLT10",),
    ),
    (
        "46,XX,t(11;14;19)(q23;q32.3;p13.1)",
        "karyotype",
        REARRANGED,
        ("14q32.3", "19p13.1"),
        ("ELL",),
    ),
    ("47,XY,+8[12]", "karyotype", NOT_VISIBLE, (), ()),
    ("ins(6;11)(q27;q23q23)", "karyotype", REARRANGED, ("6q27",), ("AFDN",)),
    ("ins(X;11)(q28;q23q23)", "karyotype", REARRANGED, ("Xq28",), ("FLNA",)),
    ("t(5;11)(q35;q23)", "karyotype", REARRANGED, ("5q35",), ("MAML1",)),
    ("inv(11)(q13;q23)", "karyotype", REARRANGED, ("11q13",), ("BTBD18",)),
    ("t(11;15)(q23;q21)", "karyotype", REARRANGED, ("15q21",), ("USP8",)),
    ("46,XY,ins(10;11)(p12;q23q13)[18]/46,XY[2]", "karyotype", REARRANGED, ("10p12",), ("MLLT10",)),
    ("nuc ish(KMT2Ax2)[200]", "fish", NOT_VISIBLE, (), ()),
    ("nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]", "fish", REARRANGED, (), ()),
    ("nuc ish(5'KMT2Ax2,3'KMT2Ax1)(5'KMT2A con 3'KMT2Ax1)[150/200]", "fish", REARRANGED, (), ()),
    ("nuc ish(5'KMT2Ax1,3'KMT2Ax2)(5'KMT2A con 3'KMT2Ax1)[150/200]", "fish", POSSIBLE, (), ()),
    ("nuc ish(5'KMT2Ax3,3'KMT2Ax2)(5'KMT2A con 3'KMT2Ax2)[170/200]", "fish", REARRANGED, (), ()),
    ("nuc ish(KMT2Ax3)[160/200]", "fish", NOT_VISIBLE, (), ()),
    ("nuc ish(KMT2Ax3)(5'KMT2A sep 3'KMT2Ax1)[120/200]", "fish", REARRANGED, (), ()),
    ("nuc ish(KMT2Ax3)(5'KMT2A sep 3'KMT2Ax2)[90/200]", "fish", REARRANGED, (), ()),
    ("nuc ish(KMT2Ax1)[140/200]", "fish", NOT_VISIBLE, (), ()),
    ("nuc ish(KMT2A amp)[120/200]", "fish", NOT_VISIBLE, (), ()),
    ("nuc ish(AFF1,KMT2A)x3(AFF1 con KMT2Ax2)[180/200]", "fish", REARRANGED, (), ("AFF1",)),
    ("nuc ish(KMT2A,MLLT3)x3(KMT2A con MLLT3x1)[40/200]", "fish", REARRANGED, (), ("MLLT3",)),
    ("nuc ish 11q23.3(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[95/100]", "fish", REARRANGED, (), ()),
    (
        (
            "46,XX,t(4;11)(q21;q23)[18]/46,XX[2].nuc ish(5'KMT2A,3'KMT2A)x2(5'KMT2A sep "
            "3'KMT2Ax1)[188/200]"
        ),
        "karyotype+fish",
        REARRANGED,
        ("4q21",),
        ("AFF1",),
    ),
    (
        (
            "46,XY,t(9;11)(p21.3;q23.3)[15]/46,XY[5].ish "
            "t(9;11)(5'KMT2A+,3'KMT2A-;5'KMT2A-,3'KMT2A+)"
        ),
        "karyotype+metaphase_fish",
        REARRANGED,
        ("9p21.3",),
        ("MLLT3",),
    ),
    ("46,XX[20].nuc ish(KMT2Ax2)[500]", "karyotype+fish", NOT_VISIBLE, (), ()),
    ("46,XX,inv(11)(q23.3q23.3)", "karyotype", REARRANGED, ("11q23.3",), ("USP2",)),
    ("arr[GRCh38] 11q23.3(118484000_119360000)x1", "array", POSSIBLE, (), ()),
    (
        "ogm[GRCh38] t(4;11)(q21.3;q23.3)(87042000;118485000)",
        "ogm",
        REARRANGED,
        ("4q21.3",),
        ("AFF1",),
    ),
]


@pytest.mark.parametrize(("text", "kind", "kmt2a", "bands", "offered"), EXPECTED)
def test_every_example(
    text: str, kind: str, kmt2a: Kmt2a, bands: tuple[str, ...], offered: tuple[str, ...]
) -> None:
    explained = explain(text)
    assert (explained.ok, explained.error) == (True, "")
    assert (explained.type, explained.kmt2a) == (kind, kmt2a)
    assert explained.partner_bands == bands
    assert explained.candidates[:1] == offered[:1]
    assert set(offered) <= set(explained.candidates)


def clones(text: str) -> list[tuple[str, int | None, Kmt2a]]:
    return [(one.number, one.cells, one.kmt2a) for one in explain(text).clones]


def test_clones_one_by_one() -> None:
    assert clones("46,XX,t(4;11)(q21;q23)[8]/47-48,idem,+8[cp10]/46,XX[2]") == [
        ("46", 8, REARRANGED),
        ("47-48", 10, REARRANGED),
        ("46", 2, NOT_VISIBLE),
    ]
    second = explain("46,XX,t(4;11)(q21;q23)[8]/47-48,idem,+8[cp10]").clones[1]
    assert (second.inherits, second.composite, second.sex) == (True, True, "")
    assert second.events == ("idem", "+8")
    assert second.text == "47-48,idem,+8[cp10]"


def test_metaphase_fish_behind_a_normal_clone_does_not_make_it_rearranged() -> None:
    assert clones("46,XY,t(9;11)(p22;q23)[15]/46,XY[5].ish t(9;11)(KMT2A+;KMT2A+)") == [
        ("46", 15, REARRANGED),
        ("46", 5, NOT_VISIBLE),
    ]
    only = clones("46,XX.ish der(10)(KMT2A+)[12]/46,XX[8]")
    assert only == [("46", 12, REARRANGED), ("46", 8, NOT_VISIBLE)]


def test_the_stronger_of_two_parts_counts() -> None:
    split = "46,XX[20].nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]"
    assert (explain(split).kmt2a, explain(split).finding) == (REARRANGED, Finding.BREAK_APART)
    assert "not read" not in explain(split).reading
    missed = "46,XX,t(4;11)(q21;q23)[20].nuc ish(KMT2Ax2)[200]"
    assert explain(missed).finding is Finding.REARRANGED_11Q23
    other = explain("46,XX[20].nuc ish(BCRx2)[200]")
    assert (other.kmt2a, other.ok) == (NOT_VISIBLE, True)
    assert "KMT2A was not tested" in other.reading


def test_a_dual_fusion_names_the_partner_first() -> None:
    explained = explain(
        "46,XX,t(11;19)(q23;p13)[20].nuc ish(ELL,KMT2A)x3(ELL con KMT2Ax2)[180/200]"
    )
    assert explained.candidates[:2] == ("ELL", "MLLT1")


def test_what_a_string_cannot_tell() -> None:
    def sentences(explained: Explanation) -> str:
        return " ".join(explained.cannot_tell)

    assert "cryptic" in sentences(explain("46,XX[20]"))
    assert "Which gene is the partner" in sentences(explain("46,XX,t(4;11)(q21;q23)"))
    assert "Whether KMT2A itself is broken" in sentences(explain("46,XX,del(11)(q23)"))
    assert "left out" in sentences(explain("46,XX,...[4]"))
    assert "complex" in sentences(explain("46,XX,t(4;11)(q21;q23),complex"))


@pytest.mark.parametrize(
    "text", ["", "2F", "normal", "+10 sole", "split 85%", "11q23 rearrangement"]
)
def test_words_are_explained_too(text: str) -> None:
    explained = explain(text)
    assert explained.ok
    assert explained.kmt2a
    assert explained.reading


@pytest.mark.parametrize(
    "text", ["hello", "46", "nuc ish(KMT2Ax2)[300/200]", "46,XX,t(9;22)(q34;q11),complex"]
)
def test_what_is_refused_says_why(text: str) -> None:
    explained = explain(text)
    assert (explained.ok, explained.kmt2a, explained.candidates) == (False, Kmt2a.UNKNOWN, ())
    assert "expected" in explained.error


def test_a_part_that_cannot_be_read_has_its_column() -> None:
    explained = explain("46,XX,t(9;22)(q34;q11),complex")
    assert explained.error.startswith("column 24: expected ")
    assert "'complex'" in explained.error


def test_mends_are_said() -> None:
    explained = explain("46XX,t(4;11)(q21;q23)")
    assert explained.mended == ("A ',' was put in at column 3.",)
    assert explained.canonical == "46,XX,t(4;11)(q21;q23)"
