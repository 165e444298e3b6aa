"""Karyotypes that show no clear break at 11q23: unseen cells, slips of the pen, one band off."""

from __future__ import annotations

import pytest

from fusion_caller.assays.explained import Kmt2a, explain
from fusion_caller.assays.karyotype import read_karyotype
from fusion_caller.records import Finding, Verdict


@pytest.mark.parametrize(
    ("text", "verdict", "finding"),
    [
        ("46,XY,t(4;11)(q21;q23)[0]/46,XY[20]", Verdict.NEGATIVE, Finding.NORMAL_KARYOTYPE),
        ("46,XX,del(11)(q23)[0]/46,XX[20]", Verdict.NEGATIVE, Finding.NORMAL_KARYOTYPE),
        (
            "46,XX,t(4;11)(q21;q23)[0]/47,XX,+8[3]",
            Verdict.NEGATIVE,
            Finding.ABNORMAL_WITHOUT_11Q23,
        ),
        (
            "46,XX,t(4;11)(q21;q23)[0]/46,XX,del(11)(q23)[3]",
            Verdict.INCONCLUSIVE,
            Finding.POSSIBLE_11Q23,
        ),
        ("46,XX,t(4;11)(q21;q23)[0]//46,XY[20]", Verdict.INCONCLUSIVE, Finding.INCONCLUSIVE),
        ("46,XX,t(4;11)(q21;q23)[0]", Verdict.INCONCLUSIVE, Finding.INCONCLUSIVE),
        (
            "46,XX.ish ins(10;11)(p12;q23q23)(KMT2A+)[0]/46,XX[20]",
            Verdict.NEGATIVE,
            Finding.NORMAL_KARYOTYPE,
        ),
    ],
)
def test_a_clone_of_no_cells_is_known_from_before(
    text: str, verdict: Verdict, finding: Finding
) -> None:
    reading = read_karyotype(text)
    assert (reading.verdict, reading.finding, reading.partners) == (verdict, finding, ())
    assert "is known from before" in reading.sentence
    assert reading.cells_abnormal is None


def test_what_a_seen_clone_inherits_from_an_unseen_one_counts() -> None:
    reading = read_karyotype("46,XX,t(4;11)(q21;q23)[0]/47,sl,+8[3]")
    assert reading.verdict is Verdict.POSITIVE
    assert "known from before" not in reading.sentence


def test_donor_cells_say_nothing_of_the_patient() -> None:
    donor = read_karyotype("//46,XY[20]")
    assert (donor.verdict, donor.finding) == (Verdict.INCONCLUSIVE, Finding.INCONCLUSIVE)
    assert "No cell of the patient was seen" in donor.sentence
    mixed = read_karyotype("46,XX[3]//46,XY[17]")
    assert mixed.verdict is Verdict.NEGATIVE
    shown = read_karyotype("//46,XY,t(4;11)(q21;q23)[5]")
    assert shown.verdict is Verdict.POSITIVE
    assert "a donor's" in shown.sentence


def test_an_event_that_a_clone_lost_is_not_counted_there() -> None:
    reading = read_karyotype("46,XX,t(9;11)(p22;q23)[18]/46,sl,-t(9;11)[2]")
    assert reading.cells_abnormal == 0.9
    assert "in 1 of 2 clones (18 of 20 cells)" in reading.sentence
    derivative = read_karyotype("46,XX,t(9;11)(p22;q23)[18]/45,sl,-der(11)t(9;11)[2]")
    assert derivative.cells_abnormal == 0.9
    reciprocal = read_karyotype("46,XX,t(9;11)(p22;q23)[18]/45,sl,-der(9)t(9;11)[2]")
    assert reciprocal.cells_abnormal == 1.0
    shown = explain("46,XX,t(9;11)(p22;q23)[18]/46,sl,-t(9;11)[2]").clones
    assert [clone.kmt2a for clone in shown] == [Kmt2a.REARRANGED, Kmt2a.NOT_VISIBLE]


@pytest.mark.parametrize(
    ("text", "finding", "said"),
    [
        ("46,XX,t(9;11)(p22;q33)[20]", Finding.POSSIBLE_11Q23, "11q33 does not exist"),
        ("46,XX,t(9;11)(p22;q32)[20]", Finding.POSSIBLE_11Q23, "(11q ends at q25)"),
        ("46,XX,del(11)(q99)[20]", Finding.POSSIBLE_11Q23, "11q99 does not exist"),
        ("46,XX,t(9;11)(p52;q23)[20]", Finding.POSSIBLE_11Q23, "(9p ends at p24)"),
        ("46,XX,t(9;22)(q34;q21)[20]", Finding.INCONCLUSIVE, "(22q ends at q13)"),
        ("46,XX,t(11;9)(p22;q23)[20]", Finding.POSSIBLE_11Q23, "stand for t(9;11)(p22;q23)"),
        ("46,XX,t(9;11)(q23;p22)[20]", Finding.POSSIBLE_11Q23, "stand for t(9;11)(p22;q23)"),
        ("46,XX,t(11;19)(p13;q23)[20]", Finding.POSSIBLE_11Q23, "stand for t(11;19)(q23;p13)"),
        ("46,XX,t(11;4)(q21;q23)[20]", Finding.POSSIBLE_11Q23, "stand for t(4;11)(q21;q23)"),
        ("46,X,t(11;X)(q13;q23)[20]", Finding.POSSIBLE_11Q23, "stand for t(X;11)(q13;q23)"),
    ],
)
def test_a_slip_in_the_bands_is_no_negative_result(text: str, finding: Finding, said: str) -> None:
    reading = read_karyotype(text)
    assert (reading.verdict, reading.finding) == (Verdict.INCONCLUSIVE, finding)
    assert said in reading.sentence
    assert not reading.band_known
    assert said in explain(text).reading


def test_a_slip_elsewhere_does_not_hide_a_break_at_11q23() -> None:
    reading = read_karyotype("46,XX,t(9;11)(p22;q23),del(20)(q19)[20]")
    assert reading.verdict is Verdict.POSITIVE
    assert "20q19 does not exist (20q ends at q13)" in reading.sentence


def test_many_slips_make_no_long_sentence() -> None:
    clones = "".join(f"/46,XX,del({number})(q9{number % 10})[2]" for number in range(1, 23))
    assert len(read_karyotype(f"46,XX[2]{clones}").sentence) < 300


@pytest.mark.parametrize(
    "text", ["46,XX,t(11;19)(q23;p13)[20]", "46,XX,t(11;14)(q13;q32)[20]", "46,XX,i(17)(q10)[20]"]
)
def test_what_is_written_rightly_has_no_slip(text: str) -> None:
    said = read_karyotype(text).sentence
    assert "order" not in said
    assert "exist" not in said


@pytest.mark.parametrize(
    ("text", "verdict", "partners"),
    [
        ("46,XX,t(9;11)(p22;q24)[20]", Verdict.INCONCLUSIVE, ("MLLT3",)),
        ("46,XX,t(6;11)(q27;q22)[20]", Verdict.INCONCLUSIVE, ("AFDN",)),
        ("46,XX,t(4;11)(q13;q22)[20]", Verdict.NEGATIVE, ()),
        ("46,XX,add(11)(q22)[20]", Verdict.NEGATIVE, ()),
    ],
)
def test_one_band_off(text: str, verdict: Verdict, partners: tuple[str, ...]) -> None:
    reading = read_karyotype(text)
    assert (reading.verdict, reading.partners) == (verdict, partners)
    assert "FISH should settle it" in reading.sentence


def test_bands_of_one_derivative_are_pooled() -> None:
    text = "46,XY,der(10)t(10;11)(p12;q14)inv(11)(q14q23),der(11)t(10;11)[20]"
    reading = read_karyotype(text)
    assert reading.verdict is Verdict.POSITIVE
    assert reading.partners[0] == "MLLT10"
    assert "PICALM" in reading.partners
    assert explain(text).partner_bands == ("11q14", "10p12")


@pytest.mark.parametrize("band", ["p13", "p11", "p15"])
def test_a_deletion_of_11p_does_not_take_kmt2a_away(band: str) -> None:
    reading = read_karyotype(f"46,XX,del(11)({band})[20]")
    assert reading.verdict is Verdict.NEGATIVE
    assert "takes KMT2A away" not in reading.sentence


@pytest.mark.parametrize("suffix", ["c", "dn", "mat"])
def test_an_inborn_break_would_part_a_probe_by_itself(suffix: str) -> None:
    reading = read_karyotype(f"46,XX,t(9;11)(p22;q23){suffix}[20]")
    assert (reading.verdict, reading.finding) == (Verdict.INCONCLUSIVE, Finding.POSSIBLE_11Q23)
    assert "would part a FISH probe by itself" in reading.sentence
    assert "germline" in reading.sentence
    assert "germline" not in read_karyotype("46,XX,?t(9;11)(p22;q23)[20]").sentence


@pytest.mark.parametrize(
    ("text", "verdict", "lead"),
    [
        ("46,XX.ish ins(10;11)(p12;q23q23)(5'KMT2A+)[5]", Verdict.POSITIVE, "MLLT10"),
        ("46,XX.ish ins(10;11)(5'KMT2A+)[5]", Verdict.POSITIVE, "MLLT10"),
        ("46,XX.ish ins(10;11)(3'KMT2A+)[5]", Verdict.POSITIVE, "MLLT10"),
        ("46,XX.ish del(11)(q23)(5'MLL+,3'MLL-)[5]", Verdict.POSITIVE, ""),
        ("46,XX[20].ish del(11)(q23)(3'MLL-)[10]", Verdict.POSITIVE, ""),
        ("46,XX.ish del(11)(q23)(5'MLL-,3'MLL+)[5]", Verdict.INCONCLUSIVE, ""),
        ("46,XY,add(11)(q23).ish der(11)t(9;11)(5'KMT2A+)", Verdict.POSITIVE, "MLLT3"),
        ("46,XY,add(11)(q23).ish der(11)t(9;11)(KMT2A+)", Verdict.INCONCLUSIVE, "MLLT3"),
        ("46,XX.ish der(11)t(9;11)(5'KMT2A+)[5]", Verdict.POSITIVE, "MLLT3"),
        ("46,XX.ish der(11)t(9;11)(KMT2A+)[5]", Verdict.INCONCLUSIVE, "MLLT3"),
    ],
)
def test_events_by_metaphase_fish(text: str, verdict: Verdict, lead: str) -> None:
    reading = read_karyotype(text)
    assert reading.verdict is verdict
    assert reading.partners[:1] == ((lead,) if lead else ())


def test_an_event_by_metaphase_fish_is_never_a_normal_karyotype() -> None:
    reading = read_karyotype("46,XX.ish dup(11)(q13q25)(KMT2A++)[5]")
    assert reading.finding is Finding.ABNORMAL_WITHOUT_11Q23


@pytest.mark.parametrize("text", ["culture failure", "Culture failed", "no growth", "No mitoses."])
def test_a_culture_that_failed(text: str) -> None:
    reading = read_karyotype(text)
    assert (reading.verdict, reading.finding) == (Verdict.NOT_DONE, Finding.FAILED)
    assert "failed" in reading.sentence


def test_words_behind_the_cells_are_not_used_and_said() -> None:
    reading = read_karyotype("46,XX,t(9;11)(p22;q23)[12]/46,XX[8] at relapse")
    assert (reading.verdict, reading.cells_abnormal) == (Verdict.POSITIVE, 0.6)
    assert "The words behind it are not used: 'at relapse'" in reading.sentence
    for more in ("MLL rearranged", "not confirmed", "no t(4;11)"):
        assert read_karyotype(f"46,XX[20] {more}").verdict is Verdict.NOT_UNDERSTOOD


def test_a_question_mark_behind_a_change_is_doubt() -> None:
    reading = read_karyotype("46,XX,t(9;11)(p22;q23)?[20]")
    assert (reading.verdict, reading.partners) == (Verdict.INCONCLUSIVE, ("MLLT3",))
    behind, before = explain("46,XX,t(9;11)(p22;q23)?,+8"), explain("46,XX,?t(9;11)(p22;q23),+8")
    assert (behind.canonical, before.mended) == (before.canonical, ())
    assert behind.mended == ("A '?' behind a change was read as one before it.",)


@pytest.mark.parametrize("mark", ["~", "-"])
def test_a_range_of_sub_bands(mark: str) -> None:
    explained = explain(f"46,XX,t(11;19)(q23;p13.1{mark}13.3)[20]")
    assert explained.kmt2a is Kmt2a.REARRANGED
    assert explained.candidates[:2] == ("MLLT1", "ELL")
    assert explained.canonical == f"46,XX,t(11;19)(q23;p13.1{mark}p13.3)[20]"
