"""ISCN: what is written is read again, and no text makes the reader fail."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_caller.assays.explained import explain
from fusion_caller.iscn import IscnError, outline, parse, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_caller.iscn.tree import Iscn

SETTINGS = settings(deadline=None, derandomize=True)
Choose = random.Random
CHROMOSOMES = [*map(str, range(1, 23)), "X", "Y"]
KINDS = ["t", "t", "t", "ins", "inv", "del", "dup", "trp", "qdp", "add", "dic", "psu dic", "idic"]
KINDS += ["i", "r", "rob", "fis", "fra", "tas", "trc", "inv dup"]
BANDS = ["q23", "q23.3", "p13", "p21", "q21.3", "p?31", "q2?", "q?", "?q23", "p2?2", "q23?", "p10"]
RANGES = ["p21-22", "q23~25", "q21orq23", "p11-q11"]
GENES = ["KMT2A", "MLL", "AFF1", "CEP11", "D20S108", "BCR", "D5S721~D5S23", "D13Z1/D21Z1"]


def bands(choose: Choose, most: int = 1) -> str:
    if choose.random() < 0.1:
        return "?"
    return "".join(choose.choice(BANDS) for _ in range(choose.randint(1, most)))


def event(choose: Choose) -> str:
    kind = choose.choice(KINDS)
    if kind in ("t", "dic", "psu dic", "rob", "tas", "trc"):
        number = choose.choice([2, 2, 2, 3, 4, 5])
    else:
        number = 2 if kind == "ins" and choose.random() < 0.7 else 1
    places = [choose.choice(CHROMOSOMES) for _ in range(number)]
    if choose.random() < 0.1:
        places[0] = choose.choice(["?", f"?{places[0]}"])
    if choose.random() < 0.1:
        return f"{kind}({';'.join(places)})"
    sites = [bands(choose, 2) for _ in places]
    if choose.random() < 0.1:
        sites[0] = choose.choice(RANGES).replace("or", " or ")
    return f"{kind}({';'.join(places)})({';'.join(sites)})"


def derivative(choose: Choose) -> str:
    own = choose.choice(CHROMOSOMES)
    if choose.random() < 0.2:
        return f"der({own})({own}pter->{own}q13::11q23->11qter)"
    kind = choose.choice(["der", "der", "ider", "rec"])
    return f"{kind}({own})" + "".join(event(choose) for _ in range(choose.randint(0, 3)))


def change(choose: Choose) -> str:
    doubt = choose.choice(["", "", "", "?"])
    chromosome = choose.choice(CHROMOSOMES)
    made: list[Callable[[], str]] = [
        lambda: (
            choose.choice("+-") + doubt + chromosome + choose.choice(["", "", "c", "x2", "x2~3"])
        ),
        lambda: choose.choice(["", "", "+", "-"]) + doubt + event(choose),
        lambda: choose.choice(["", "+"]) + doubt + derivative(choose),
        lambda: event(choose) + choose.choice(["c", "mat", "pat", "dn", "inh", "dmat", "x2"]),
        lambda: choose.choice(
            ["+mar", "+mar1", "+2mar", "+1-2mar", "+1~2mar", "+r", "+r1", "+?mar"]
        ),
        lambda: choose.choice(["4~20dmin", "dmin", "hsr", "+ace", "+min", "9qh+", "21ps+", "5q-"]),
        lambda: choose.choice(["...", "inc", f"{event(choose)} or {event(choose)}"]),
        lambda: f"+{chromosome}[{choose.randint(1, 20)}]",
    ]
    return choose.choice(made)()


def probes(choose: Choose) -> str:
    gene = choose.choice(GENES)
    other = choose.choice(GENES)
    return choose.choice([
        f"({gene}x{choose.randint(0, 5)})",
        f"({gene}x3~4)",
        f"({gene},{other})x2",
        f"({gene},{other})x3({gene} con {other}x2)",
        f"({gene}x2)(5'{gene} sep 3'{gene}x1)",
        f"(5'{gene}x2,3'{gene}x1)(5'{gene} con 3'{gene}x1)",
        f"({gene} amp)",
        f"({gene} dim)",
    ])  # fmt: skip


def interphase(choose: Choose) -> str:
    cells = choose.choice(["", "[200]", "[180/200]", "[93.5%]"])
    clones = "/".join(probes(choose) + cells for _ in range(choose.randint(1, 2)))
    return choose.choice(["nuc ish", "nuc ish 11q23"]) + clones


def metaphase(choose: Choose) -> str:
    return "ish " + choose.choice([
        "der(10)ins(10;11)(p13;q23q23)(KMT2A+)",
        "t(9;11)(5'KMT2A+,3'KMT2A-;5'KMT2A-,3'KMT2A+)",
        "del(11)(q23)(KMT2A-)",
        "11q23(KMT2Ax2)",
    ])  # fmt: skip


def clone(choose: Choose, *, first: bool) -> str:
    number = choose.choice(["46", "47", "45", "47-48", "44~45", "57-59", "46<2n>", "?93"])
    fields = [number]
    items = [change(choose) for _ in range(choose.randint(0, 4))]
    if first or choose.random() < 0.5:
        fields.append(choose.choice(["XX", "XY", "X", "X?", "XXYc", "XXY", "U"]))
    else:
        fields.append(choose.choice(["idem", "sl", "sdl1", "idemx2", "sl1"]))
    cells = choose.choice(["", "[20]", "[cp8]", "[3/20]"])
    # A number of cells behind the last change is read as the clone's.
    if cells and items and items[-1].endswith("]"):
        cells = ""
    text = ",".join([*fields, *items]) + cells
    return f"{text}.{metaphase(choose)}" if choose.random() < 0.1 else text


def iscn(choose: Choose) -> str:
    """A random text in canonical ISCN."""
    if choose.random() < 0.15:
        return interphase(choose)
    text = choose.choice(["", "", "", "mos ", "chi "])
    text += clone(choose, first=True)
    for _ in range(choose.choice([0, 0, 1, 2])):
        text += choose.choice(["/", "/", "/", "//"]) + clone(choose, first=False)
    if choose.random() < 0.2:
        text += f".{interphase(choose)}"
    if choose.random() < 0.05:
        text += choose.choice([
            ".arr[GRCh38] 11q23.3(118484000_119360000)x1",
            ".ogm[GRCh38] t(4;11)(q21.3;q23.3)(87042000;118485000)",
            ". Abnormal male karyotype, see below",
        ])  # fmt: skip
    return text


def mutated(text: str, choose: Choose) -> str:
    """A text with some characters put in, left out, swapped or changed in case."""
    signs = list(text)
    for _ in range(choose.randint(1, 3)):
        at = choose.randrange(len(signs)) if signs else 0
        what = choose.randrange(5)
        if what == 0:
            signs.insert(at, choose.choice("()[];,.:/?+-~ x46qptX11v…’"))  # noqa: RUF001
        elif what == 1 and signs:
            del signs[at]
        elif what == 2 and at + 1 < len(signs):
            signs[at], signs[at + 1] = signs[at + 1], signs[at]
        elif what == 3 and signs:
            signs[at] = signs[at].swapcase()
        elif signs:
            signs[at] = choose.choice(",;:. ")
    return "".join(signs)


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    """Compile the grammar before the first text, which hypothesis would find slow."""
    parse("46,XX")


def read_or_refused(text: str) -> Iscn | None:
    """The tree of a text; None where it is refused as it should be: in one line, with a place."""
    try:
        return parse(text)
    except IscnError as error:
        refused = error
    # A typographic arrow becomes two characters, so that what is read may be longer than the text.
    assert 1 <= refused.position <= len(text) + text.count("→") + 1
    assert "\n" not in str(refused)
    return None


def is_stable(text: str) -> None:
    """What was read is written so that it reads the same."""
    read = parse(text)
    written = write(read)
    again = parse(written)
    assert again == read, text
    assert write(again) == written, text


RANDOM = st.randoms(use_true_random=False)


@SETTINGS
@given(choose=RANDOM)
def test_canonical_text_is_read_and_written_unchanged(choose: Choose) -> None:
    text = iscn(choose)
    assert write(parse(text)) == text
    is_stable(text)


@SETTINGS
@given(choose=RANDOM)
def test_a_mutated_text_is_refused_or_read_stably(choose: Choose) -> None:
    text = mutated(iscn(choose), choose)
    read = read_or_refused(text)
    if read is None:
        return
    is_stable(text)
    squeezed = "".join(text.split()).rstrip(".")
    if "".join(write(read).split()).rstrip(".") != squeezed:
        assert read.mended


def letters_and_digits(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


@SETTINGS
@given(choose=RANDOM)
def test_punctuation_is_mended_without_touching_a_digit(choose: Choose) -> None:
    text = iscn(choose)
    marks = [at for at, sign in enumerate(text) if sign in "()[];,"]
    at = choose.choice(marks)
    damaged = text[:at] + choose.choice(["", ",", ";", "."]) + text[at + 1 :]
    read = read_or_refused(damaged)
    if read is None:
        return
    # Two digits that stood apart are never made one number: what is read has the same digits in
    # the same order as what was written.
    digits = [sign for sign in letters_and_digits(damaged) if sign.isdigit()]
    found = [sign for sign in letters_and_digits(write(read)) if sign.isdigit()]
    assert found == digits


@SETTINGS
@given(text=st.text(max_size=300))
def test_no_text_raises_anything_but_its_own_error(text: str) -> None:
    read = read_or_refused(text)
    assert read is None or outline(read)


@SETTINGS
@given(choose=RANDOM)
def test_everything_that_is_read_is_explained(choose: Choose) -> None:
    explained = explain(iscn(choose))
    assert explained.ok or explained.error
    assert bool(explained.kmt2a) is explained.ok


@pytest.mark.parametrize("seed", [11])
def test_ten_thousand_texts(seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311
    parsed = 0
    for number in range(10_000):
        text = iscn(choose)
        if number % 2:
            text = mutated(text, choose)
        if read_or_refused(text) is not None:
            is_stable(text)
            parsed += 1
        else:
            assert number % 2, text
    # Half are mutated, and nearly half of those can be mended.
    assert parsed > 7_000
