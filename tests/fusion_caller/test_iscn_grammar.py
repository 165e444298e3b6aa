"""ISCN: what the grammar reads, and what it refuses with a place."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from fusion_caller.errors import BadValueError
from fusion_caller.iscn import IscnError, outline, parse, write
from fusion_caller.iscn.tree import (
    Cells,
    Chain,
    Chromosome,
    Clone,
    Event,
    Heteromorphism,
    Inherited,
    InterphaseFish,
    Marker,
    Omission,
    OtherPart,
    Range,
)
from fusion_caller.tables import read_table

EXAMPLES = Path(__file__).parents[1] / "data" / "iscn" / "iscn_examples.tsv"
STRINGS = [row["string"] for row in read_table(EXAMPLES, quoting=False).rows]


def clone(text: str) -> Clone:
    (only,) = parse(text).clones
    return only


def event(text: str) -> Event:
    what = clone(text).items[0].alternatives[0].what
    assert isinstance(what, Chain)
    return what.events[0]


@pytest.mark.parametrize("text", STRINGS)
def test_every_example_is_read_and_written_stably(text: str) -> None:
    read = parse(text)
    written = write(read)
    assert parse(written) == read
    assert write(parse(written)) == written
    assert outline(read)


CANONICAL = [
    "46,XX[20]",
    "46,XY,t(4;11)(q21;q23)/47,idem,+17",
    "46,XY,inv(16)(p13.1q22)[2]/47,sl,del(6)(q13q23),+22[6]/48,sdl1,+13[4]/46,XY[4]",
    "88~90,sdlx2[cp2]",
    "92<4n>,idemx2[1]/46,XY[16]",
    "46<2n>,XX[3/20]",
    "<2n>,XX,+8",
    "?93,XXYY,+r,+2mar,inc",
    "??,X?,-4,+8",
    "mos 45,X[12]/46,XX[38]",
    "chi 46,XX[25]/46,XY[10]",
    "46,XY[3]//46,XX[17]",
    "//46,XX[20]",
    "46,XY[20]//",
    "47,XXYc,t(X;14)(p22;q32)",
    "46,U",
    "46,X,t(X;11)(q13;q23)",
    "45,X,-Y",
    "47,XX,+?7,+21c,+8x2,+9[3],-20[2]",
    "46,XX,der(1)t(1;11)(p32;q23)inv(1)(p13q21),der(11)t(1;11)",
    "45,XX,der(7;12)(p10;q10)",
    "46,XY,t(9;22;15)(q34;q11;q22)",
    "46,XY,t(1;2;3;4)(p1;p2;p3;p4)",
    "46,XY,t(1;2;3;4;5)(p1;p2;p3;p4;p5)",
    "46,XX,ins(4;11)(q21;q23q23)",
    "46,XX,ins(2)(q13p13p23)",
    "46,XX,dup(1)(q21q44),trp(1)(q21q32),qdp(1)(q23q32),inv dup(2)(p23p13)",
    "45,XX,dic(9;12)(p13;p13),psu dic(15;13)(q12;q12)",
    "46,XX,idic(15)(q11),ider(21)(q10)t(12;21)(p13;q22)",
    "46,XX,i(17)(q10),r(7)(p22q36),rob(13;21)(q10;q10)",
    "46,XX,rec(6)dup(6)(p22),fis(10)(p10),fra(X)(q27.3),tas(13;18)(q34;p11.3)",
    "46,XX,trc(4;12;9)(q31;q22p13;q34)",
    "47,XX,+mar,+mar1,+2mar,+1-2mar,+1~2mar,+?mar,4~20dmin,hsr,+ace,+min,+r1",
    "46,XX,del(4)(q21)mat,del(5)(q13)pat,t(1;2)(p1;q1)dn,inv(9)(p12q13)inh,del(6)(q13)dmat",
    "46,XX,hsr(1)(p22),i(13)(q10)x2,dup(14)(q13q32)x2~3",
    "46,XX,add(11)(q23~25),add(3)(q27-28),t(1;2)(q22 or q23;p1)",
    "46,XX,t(3;7)(p?31;q2?2),del(6)(?q23),del(5)(q?),t(8;19)(?;p13),del(7)(q3?1.2)",
    "46,XX,del(11)(q23) or add(11)(q23)",
    "46,XX,9qh+,21ps+,5q-",
    "46,XX,der(9)(9pter->9q34::22q11->22qter)",
    "46,XX,del(5)(pter->q13:)",
    "46,XX,...[4]",
    "47,XY,+8.ish der(10)ins(10;11)(p12;q23q23)(MLL+)[5]/46,XY[13]",
    "46,XY[5].ish t(9;11)(5'KMT2A+,3'KMT2A-;5'KMT2A-,3'KMT2A+)",
    "nuc ish 9q34(ABLx2),22q11(BCRx2),11q23(MLLx2)",
    "nuc ish 11q23(MLLx3)[16]/11q23(MLLx2)[184]",
    "nuc ish(D5S721~D5S23,EGR1)x2[500],(D8Z2x2)[500],(CEP11,KMT2A)x2[500]",
    "nuc ish(KMT2Ax3~4)(5'KMT2A sep 3'KMT2Ax1)[93.5%]",
    "nuc ish(KMT2A amp)[120/200],(MYC dim)[20/200]",
    "46,XX[20].nuc ish(KMT2Ax2)[500]",
    "46,XX[20].arr(1-22)x2,(X)x2",
    "arr[GRCh38] 11q23.3(118484000_119360000)x1",
    "ogm[GRCh38] t(4;11)(q21.3;q23.3)(87042000;118485000)",
]  # fmt: skip


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical_text_stays_as_it_is(text: str) -> None:
    read = parse(text)
    assert write(read) == text
    assert read.mended == ()


def test_a_clone_in_parts() -> None:
    read = clone("47-48,XY,t(9;11)(p22;q23),+1-2mar[cp8]")
    assert read.number == Range(first=47, last=48, mark="-")
    assert (read.sex, read.cells) == ("XY", Cells(number=8, composite=True))
    assert read.composite
    assert [type(change.what) for change in read.changes] == [Chain, Marker]
    assert read.changes[1].what == Marker(kind="mar", count=Range(first=1, last=2, mark="-"))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("+X", Chromosome(name="X")),
        ("idem", Inherited(kind="idem")),
        ("sdl2", Inherited(kind="sdl", number=2)),
        ("inc", Omission(text="inc")),
        ("5q-", Heteromorphism(chromosome="5", arm="q", text="5q-")),
        ("4~20dmin", Marker(kind="dmin", count=Range(first=4, last=20, mark="~"))),
    ],
)
def test_changes(text: str, what: object) -> None:
    assert clone(f"46,XX,{text}").changes[0].what == what


def test_bands_belong_to_their_chromosomes() -> None:
    read = event("46,XX,ins(10;11)(p12;q23q13)")
    assert [place.chromosome for place in read.places] == ["10", "11"]
    assert [[point.band.text for point in place.points] for place in read.places] == [
        ["p12"],
        ["q23", "q13"],
    ]


@pytest.mark.parametrize(
    ("band", "arm", "digits", "uncertain"),
    [
        ("q21.3", "q", "21.3", False),
        ("p?31", "p", "31", True),
        ("q2?", "q", "2", True),
        ("q?", "q", "", True),
        ("?q23", "q", "23", True),
        ("p10", "p", "10", False),
    ],
)
def test_bands(band: str, arm: str, digits: str, *, uncertain: bool) -> None:
    read = event(f"46,XX,del(5)({band})").places[0].points[0].band
    assert (read.arm, read.digits, read.uncertain) == (arm, digits, uncertain)


def test_a_clone_that_inherits_and_one_that_is_incomplete() -> None:
    first, second = parse("46,XX,+8,inc/47,idem,+9").clones
    assert (first.inherits, first.incomplete) == (False, True)
    assert (second.inherits, second.incomplete) == (True, False)


def test_interphase_fish_in_parts() -> None:
    (part,) = parse("nuc ish 11q23(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]").parts
    assert isinstance(part, InterphaseFish)
    ((unit,),) = part.clones
    assert (unit.locus, unit.cells) == ("11q23", Cells(number=180, of=200))
    whole, apart = (group.signals[0] for group in unit.groups)
    assert whole.times == Range(first=2, last=2)
    assert (apart.link, [probe.end for probe in apart.probes]) == ("sep", ["5", "3"])


def test_arrays_and_maps_keep_what_is_easy_to_read() -> None:
    (array,) = parse("arr[hg19] 4q32.2q35.1(163,146,681-183,022,312)x1 dn").parts
    assert isinstance(array, OtherPart)
    assert (array.build, array.regions[0].place) == ("hg19", "4q32.2q35.1")
    assert (array.regions[0].start, array.regions[0].copies) == (163146681, "1")
    (map_,) = parse("ogm[GRCh38] t(4;11)(q21.3;q23.3)(87042000;118485000)").parts
    assert isinstance(map_, OtherPart)
    assert map_.mapped[0].positions == (87042000, 118485000)
    for text in ("arr whatever stands here", "seq[GRCh38] t(4;11)(g.1::g.2)", "rsa(13,18)x2"):
        (part,) = parse(text).parts
        assert isinstance(part, OtherPart)
        assert part.regions == ()


def test_prose_behind_a_period_is_passed_over() -> None:
    read = parse("46,XY[20]. Normal male karyotype; no 11q23 t(4;11).")
    assert len(read.clones) == 1
    assert read.mended == ()


@pytest.mark.parametrize(
    ("text", "position", "found", "expected"),
    [
        ("hello", 1, "'hello'", "a number"),
        ("46,XX,foo(3)(q21)", 7, "'foo(3)(q21)'", "a rearrangement"),
        ("46,XX,t(99;11)(q21;q23)", 9, "'99;11)", "X or Y"),
        ("46", 3, "the end of the text", "','"),
        ("46,XX,t(4;11)(q21;q23;q25;q26)", 7, "t(4;11) with 4 groups", "as many groups"),
        ("", 1, "the end of the text", "a number"),
        ("46,XX, 8", 9, "the end of the text", "mar"),
        (". Normal", 1, "'. Normal'", "a number"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    text: str, position: int, found: str, expected: str
) -> None:
    with pytest.raises(IscnError) as refused:
        parse(text)
    assert refused.value.position == position
    assert found in refused.value.found
    assert expected in refused.value.expected
    assert str(refused.value).startswith(f"column {position}: expected ")
    assert len(str(refused.value).splitlines()) == 1


def test_the_error_is_one_of_the_package_and_travels_between_processes() -> None:
    error = IscnError(position=7, found="'foo'", expected="a band")
    assert isinstance(error, BadValueError)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (str(again), again.position) == (str(error), 7)


def test_a_text_may_not_be_too_long() -> None:
    with pytest.raises(IscnError, match="at most 10,000 characters"):
        parse("46,XX," + "+8," * 5_000)


def test_unread_items_can_be_left_out_and_are_said() -> None:
    read = parse("46,XX,t(4;11)(q21;q23),complex,+8[20]", leave_out_unread=True)
    assert read.unread == ("complex",)
    assert write(read) == "46,XX,t(4;11)(q21;q23),...,+8[20]"
    behind = parse("46,XX,t(4;11)(q21;q23)[20].nuc ish(?!)", leave_out_unread=True)
    assert behind.unread == ("nuc ish(?!)",)
    for text in ("hello", "no t(4;11)(q21;q23)", "nuc ish(?!)"):
        with pytest.raises(IscnError):
            parse(text, leave_out_unread=True)


def test_an_outline_says_what_stands_there() -> None:
    lines = outline(parse("46,XX,t(4;11)(q21;q23),-7,+mar[18]/47,idem,+8c[2]")).splitlines()
    assert lines == [
        "clone 1: 46,XX,t(4;11)(q21;q23),-7,+mar[18]",
        "  46 chromosomes, sex chromosomes XX, 18 cells",
        "  t(4;11)(q21;q23): translocation 4q21 and 11q23",
        "  -7: loss of chromosome 7",
        "  +mar: additional marker chromosome",
        "clone 2: 47,idem,+8c[2]",
        "  47 chromosomes, 2 cells",
        "  idem: the changes of the stemline",
        "  +8c: additional chromosome 8 (constitutional)",
    ]
