"""ISCN with slips of the pen: what is mended, and what must not be."""

from __future__ import annotations

import pytest

from fusion_caller.iscn import IscnError, parse, write

# What was written, what it is read as, and what the reader is told.
MENDED = [
    ("46XX", "46,XX", "A ',' was put in at column 3."),
    ("46,XXt(4;11)(q21;q23)", "46,XX,t(4;11)(q21;q23)", "A ',' was put in at column 6."),
    ("46;XX,t(4;11)(q21;q23)", "46,XX,t(4;11)(q21;q23)", "The ';' at column 3 was read as ','."),
    ("46.XX,t(4;11)(q21;q23)", "46,XX,t(4;11)(q21;q23)", "The '.' at column 3 was read as ','."),
    ("46,XX.t(4;11)(q21;q23)", "46,XX,t(4;11)(q21;q23)", "The '.' at column 6 was read as ','."),
    ("46,XX,,t(4;11)(q21;q23)", "46,XX,t(4;11)(q21;q23)", "The ',' at column 7 was left out."),
    ("46,XX,t(4;11)(q21;q23),", "46,XX,t(4;11)(q21;q23)", "The ',' at column 23 was left out."),
    ("46 XX t(4;11)(q21;q23)", "46,XX,t(4;11)(q21;q23)", "A ',' was put in at column 4."),
    ("46,xx,T(4;11)(Q21;Q23)", "46,XX,t(4;11)(q21;q23)", "letter case was mended: xx to XX"),
    ("46,x,t(x;11)(q13;q23)", "46,X,t(X;11)(q13;q23)", "letter case was mended: x to X"),
    ("46,XX,T(4;11)(q21;q23)c", "46,XX,t(4;11)(q21;q23)c", "letter case was mended: T to t"),
    ("46,XX,t(4:11)(q21:q23)", "46,XX,t(4;11)(q21;q23)", "The ':' at column 10 was read as ';'."),
    ("46,XX,t(4,11)(q21,q23)", "46,XX,t(4;11)(q21;q23)", "The ',' at column 10 was read as ';'."),
    ("46,XX,t(4;11)(q21q23)", "46,XX,t(4;11)(q21;q23)", "A ';' was put in between the bands"),
    ("46,XX,t(4;11)(q21;q23", "46,XX,t(4;11)(q21;q23)", "A ')' was put in at column 22."),
    ("46,XX,t(4;11)(q21;q23))", "46,XX,t(4;11)(q21;q23)", "The ')' at column 23 was left out."),
    ("46,XX,t(4;11)(q21;q23)[18", "46,XX,t(4;11)(q21;q23)[18]", "A ']' was put in at column 26."),
    ("46,XX,t(4;11(q21;q23)[18]", "46,XX,t(4;11)(q21;q23)[18]", "A ')' was put in at column 13."),
    ("46,XX,t 4;11)(q21;q23)", "46,XX,t(4;11)(q21;q23)", "A '(' was put in at column 9."),
    ("46,XX,t(4;11)q21;q23)", "46,XX,t(4;11)(q21;q23)", "A '(' was put in at column 14."),
    ("46,XX,+8+9", "46,XX,+8,+9", "A ',' was put in at column 9."),
    ("t(11q23;v)", "t(11;?)(q23;?)", "'v' was read as '?'"),
    ("t(?;11q23)", "t(?;11)(?;q23)", "bands of t(?;11) were written in a bracket"),
    ("t(v;11)", "t(?;11)", "'v' was read as '?'"),
    ("t(v;11)(v;q23)", "t(?;11)(?;q23)", "'v' was read as '?'"),
    ("inv(11)(q13;q23)", "inv(11)(q13q23)", "The ';' between the bands of inv(11) was left out."),
    ("ins(15)(q15;?)", "ins(15;?)(q15;?)", "A '?' was put in for the chromosome"),
    ("i(17q)", "i(17)(q)", "bands of i(17) were written in a bracket"),
    ("46,t(4;11)(q21;q23)", "46,t(4;11)(q21;q23)", "sex chromosomes are missing"),
    ("46,XX,t(1;2)(p1;q1)del(5)(q13)", "46,XX,t(1;2)(p1;q1),del(5)(q13)", "to no derivative"),
    ("46,XX,+2mars", "46,XX,+2mar", "Written as 46,XX,+2mar."),
    ("46,XX,psudic(16;1)(q24;p10)", "46,XX,psu dic(16;1)(q24;p10)", ""),
    ("ISCN: 46,XY[20]", "46,XY[20]", "The label 'ISCN:' was left out."),
    ("Nuc Ish(KMT2Ax2)[200]", "nuc ish(KMT2Ax2)[200]", "Written as nuc ish"),
    ("nuc ish(KMT2A×2)", "nuc ish(KMT2Ax2)", "Typographic signs were read as plain ones: × as x."),  # noqa: RUF001
    ("nuc ish(5’KMT2A sep 3’KMT2Ax1)", "nuc ish(5'KMT2A sep 3'KMT2Ax1)", "’ as '"),  # noqa: RUF001
    ("47–48,XX", "47-48,XX", "– as -"),  # noqa: RUF001
    ("46,XX,del(5)(pter→q13:)", "46,XX,del(5)(pter->q13:)", "→ as ->"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "canonical", "said"), MENDED)
def test_slips_are_mended_and_said(text: str, canonical: str, said: str) -> None:
    read = parse(text)
    assert write(read) == canonical
    assert any(said in sentence for sentence in read.mended) or not said
    assert all(sentence.endswith(".") for sentence in read.mended)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("46, XX [20]", "46,XX[20]"),
        ("46,XX, t(4;11) (q21;q23) [18] / 46,XX [2]", "46,XX,t(4;11)(q21;q23)[18]/46,XX[2]"),
        ("46,XX[20]. nuc ish (KMT2Ax2) [200]", "46,XX[20].nuc ish(KMT2Ax2)[200]"),
        ("46,XX[20].", "46,XX[20]"),
        ("46,XX,t(1;2)(q22orq23;p1)", "46,XX,t(1;2)(q22 or q23;p1)"),
    ],
)
def test_blanks_are_only_presentation(text: str, canonical: str) -> None:
    read = parse(text)
    assert (write(read), read.mended) == (canonical, ())


@pytest.mark.parametrize(
    "text",
    [
        "46,XX,t(411)(q21;q23)",
        "46,XX,t(4 11)(q21;q23)",
        "4 6,XX",
        "46,XX,t(4;11)(q2 1;q2 3)",
        "46,XX,+8 9",
        "46,XX[2 0]",
        "46,XX,8",
        "46,XX,t(4;11)(q21;q23x)",
        "46,XX,tt(4;11)(q21;q23)",
        "46,XX,del(5)(r13)",
    ],
)
def test_no_letter_or_digit_is_guessed(text: str) -> None:
    with pytest.raises(IscnError):
        parse(text)


def test_only_a_few_repairs_are_made() -> None:
    assert len(parse("46XX,t(4,11)(q21,q23)[18").mended) == 4
    with pytest.raises(IscnError, match="column 3"):
        parse("46XXt(4,11)(q21,q23)[18")


def test_prose_never_swallows_a_change() -> None:
    for text in ("46,XX[20]. ,del(5)(q13)", "46,XX[20]. +8"):
        try:
            read = parse(text)
        except IscnError:
            continue
        assert len(read.parts) == 1
        assert sum(len(clone.items) for clone in read.clones) == 1
