"""Exons as a laboratory wrote them, held against those of RNA-seq in three numberings."""

import pytest

from fusion_caller.exon_numbering import about_junctions, numberings_that_fit


@pytest.mark.parametrize(
    ("written", "found", "numberings"),
    [
        (7, [7], ("mane",)),
        (8, [7, 9], ("nilson",)),
        (5, [7], ("legacy",)),
        # MANE 9 is Nilson's 10 and the 1990s' 7, as in RS4;11.
        (7, [9], ("legacy",)),
        (9, [8, 9, 11], ("mane", "nilson", "legacy")),
        (30, [9], ()),
        (9, [], ()),
    ],
)
def test_numberings(written: int, found: list[int], numberings: tuple[str, ...]) -> None:
    assert numberings_that_fit(written, found) == numberings


@pytest.mark.parametrize(
    ("junctions", "found", "words"),
    [
        (("e7-e2",), [7, 9], "e7-e2 is a junction of RNA-seq by MANE numbers."),
        (("e8-e2",), [7, 9], "(MANE e7, e9) if it was written in the numbering of Nilson"),
        (("e20-e2",), [7], "is none of RNA-seq's junctions (MANE e7) in any of the three"),
    ],
)
def test_it_is_said(junctions: tuple[str, ...], found: list[int], words: str) -> None:
    assert words in about_junctions(junctions, found)


@pytest.mark.parametrize(("junctions", "found"), [(("i9-e16",), [9]), (("e7-e2",), []), ((), [9])])
def test_nothing_is_said_without_exons(junctions: tuple[str, ...], found: list[int]) -> None:
    assert about_junctions(junctions, found) == ""
