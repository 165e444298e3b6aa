"""Reads placed on the fused transcript of their call, and what SAM, BED and FASTA say of them."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from fusion_caller.reads.calls import sides
from fusion_caller.reads.detection import resolve
from fusion_caller.reads.fused_contig import contig_of
from fusion_caller.reads.index import Kind, complement
from fusion_caller.reads.pileup import PlacedFragment, pileups, shown_of
from fusion_caller.reads.pileup_lines import bed_lines, fasta_lines, sam_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_caller.reads.detection import Detection
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.pileup import Pileup
    from fusion_caller.reads.screening import Fragment, Screened

LENGTH = 90
INSERTED = b"TTGCA"


def found_in(sequence: bytes, join: int, eol1: Screened, index: ReadIndex) -> Detection:
    """What is found in twelve pairs of a sequence, on both strands by turns, around a place."""
    pairs: list[Fragment] = []
    for number in range(12):
        start = join - 150 + 10 * number
        piece = sequence[start : start + 210]
        pair = piece[:LENGTH], complement(piece)[:LENGTH]
        pairs.append(pair if number % 2 else pair[::-1])
    return resolve(replace(eol1, kept=pairs), index)


@pytest.fixture
def mllt3(index: ReadIndex) -> tuple[bytes, int]:
    """KMT2A exon 9, MLLT3 exon 6, and something behind that the index does not hold."""
    entry = next(e.sequence for e in index.of_kind(Kind.ENTRY) if e.label == "MLLT3 e6")
    end = index.exon_ends[8]
    return index.transcript[end - 600 : end] + entry + unknown(300), 600


def unknown(n: int, seed: int = 7) -> bytes:
    rng = random.Random(seed)  # noqa: S311 - no secret
    return bytes(rng.choice(b"ACGT") for _ in range(n))


def kinds(index: ReadIndex) -> dict[str, tuple[bytes, int]]:
    """A fused transcript of every kind, and where its join is."""
    rna, end = index.transcript, index.exon_ends[8]
    ell = next(e.sequence for e in index.of_kind(Kind.ENTRY) if e.label == "ELL e2")
    nup98 = next(e.sequence for e in index.of_kind(Kind.EXIT) if e.symbol == "NUP98")
    again = rna[index.exon_ends[0] : index.exon_ends[0] + 600]
    return {
        "KMT2A e9::ELL e2": (rna[end - 600 : end] + INSERTED + ell + unknown(400), 600),
        "KMT2A e9::?": (rna[end - 600 : end] + unknown(600), 600),
        "NUP98::KMT2A e10": (unknown(500) + nup98 + rna[end : end + 600], 500 + len(nup98)),
        "KMT2A e9::KMT2A e2": (rna[end - 600 : end] + again, 600),
    }


@pytest.mark.parametrize(
    ("label", "name", "parts"),
    [
        (
            "KMT2A e9::ELL e2",
            "KMT2A_e9__ELL_e2_3",
            ["KMT2A e8", "KMT2A e9", "", "ELL from e2"],
        ),
        ("KMT2A e9::?", "KMT2A_e9__unknown_3", ["KMT2A e8", "KMT2A e9", "?"]),
        ("NUP98::KMT2A e10", "NUP98__KMT2A_e10_3", ["NUP98", "KMT2A e10", "KMT2A e11"]),
        (
            "KMT2A e9::KMT2A e2",
            "KMT2A_e9__KMT2A_e2_3",
            ["KMT2A e9", "KMT2A e2", "KMT2A e3"],
        ),
    ],
)
def test_a_contig_of_every_kind(
    index: ReadIndex, eol1: Screened, label: str, name: str, parts: list[str]
) -> None:
    sequence, join = kinds(index)[label]
    found = found_in(sequence, join, eol1, index)
    (judged,) = found.calls
    contig = contig_of(judged, index)
    assert (contig.label, contig.name(3)) == (label, name)
    # It says what was sequenced on both sides, and no base of it is made up.
    left, right = sides(judged, index)
    assert contig.sequence[contig.join - len(left) : contig.join + len(right)] == left + right
    at = sequence.index(contig.sequence[contig.join - 60 : contig.join + 60])
    assert at + 60 == join
    # The parts are side by side and make the whole.
    assert contig.features[0].start == 0
    assert contig.features[-1].end == len(contig.sequence)
    for part, behind in pairwise(contig.features):
        assert part.end == behind.start
    said = [f"{part.gene} {part.label}".strip() for part in contig.features]
    assert any(said[n : n + len(parts)] == parts for n in range(len(said)))
    for part in contig.features:
        if part.gene == "" and part.label == "":
            assert contig.sequence[part.start : part.end] == INSERTED
    (pileup,) = pileups(found)
    assert len(pileup.fragments) == len(judged.candidate.fragments) + len(judged.candidate.spanning)


def test_reads_lie_where_they_were_taken_from(
    mllt3: tuple[bytes, int], index: ReadIndex, eol1: Screened
) -> None:
    sequence, join = mllt3
    (pileup,) = pileups(found_in(sequence, join, eol1, index))
    contig = pileup.contig
    away = contig.join - join
    ends = len(contig.sequence)
    assert len(pileup.fragments) == 12
    for fragment in pileup.fragments:
        assert fragment.is_proper
        for read, placed in zip(fragment.reads, fragment.placed, strict=True):
            assert placed is not None
            assert placed.sequence == (complement(read) if placed.reverse else read)
            start = sequence.index(placed.sequence) + away
            assert placed.start == start + placed.clipped[0]
            # Nothing is clipped but what the index does not hold.
            assert placed.clipped == (0, max(0, start + LENGTH - ends))
            assert list(placed.mismatches(contig.sequence)) == []
        left, right = fragment.on_contig
        assert (left.reverse, right.reverse) == (False, True)


def test_errors_are_shown_within_a_read_and_clipped_at_its_ends(
    mllt3: tuple[bytes, int], index: ReadIndex, eol1: Screened
) -> None:
    sequence, join = mllt3
    found = found_in(sequence, join, eol1, index)
    start = join - 40
    other = {ord("A"): b"C", ord("C"): b"A", ord("G"): b"T", ord("T"): b"G"}
    read = bytearray(sequence[start : start + LENGTH])
    for at in (1, 30, 88):
        read[at : at + 1] = other[read[at]]
    kept = [*found.screened.kept, (bytes(read), complement(sequence[start + 60 : start + 150]))]
    found = resolve(replace(found.screened, kept=kept), index)
    (pileup,) = pileups(found)
    away = pileup.contig.join - join
    (placed,) = (p for f in pileup.fragments for p in f.placed if p and p.sequence == bytes(read))
    assert placed.clipped == (2, 2)
    assert list(placed.mismatches(pileup.contig.sequence)) == [(start + 30 + away, chr(read[30]))]


def test_copies_are_kept_and_marked(
    mllt3: tuple[bytes, int], index: ReadIndex, eol1: Screened
) -> None:
    found = found_in(*mllt3, eol1, index)
    kept = [*found.screened.kept, *found.screened.kept[:2], found.screened.kept[0]]
    (pileup,) = pileups(resolve(replace(found.screened, kept=kept), index))
    assert (len(pileup.fragments), len(pileup.distinct)) == (15, 12)
    assert sorted(fragment.copies for fragment in pileup.distinct) == [1] * 10 + [2, 3]
    flags = [int(line.split("\t")[1]) for line in sam_lines([(1, pileup)]) if line[0] != "@"]
    assert sum(bool(flag & 0x400) for flag in flags) == 2 * 3


def test_mates_that_fit_nowhere_stand_with_the_other_read(
    mllt3: tuple[bytes, int], index: ReadIndex, eol1: Screened
) -> None:
    sequence, join = mllt3
    found = found_in(sequence, join, eol1, index)
    pair = sequence[join - 45 : join + 45], unknown(LENGTH, seed=11)
    found = resolve(replace(found.screened, kept=[*found.screened.kept, pair]), index)
    (pileup,) = pileups(found)
    rows = [line.rstrip("\n").split("\t") for line in sam_lines([(1, pileup)])]
    (lost,) = (row for row in rows if row[0][0] != "@" and int(row[1]) & 0x4)
    (kept,) = (row for row in rows if row[0] == lost[0] and row is not lost)
    assert (lost[9].encode(), lost[5], lost[8]) == (pair[1], "*", "0")
    assert (lost[2:4], int(kept[1]) & 0xB) == (kept[2:4], 0x9)


def test_single_reads(mllt3: tuple[bytes, int], index: ReadIndex, eol1: Screened) -> None:
    found = found_in(*mllt3, eol1, index)
    single = [(read,) for pair in found.screened.kept for read in pair]
    found = resolve(replace(found.screened, kept=single, paired=False), index)
    (pileup,) = pileups(found)
    for line in sam_lines([(1, pileup)]):
        if line[0] != "@":
            fields = line.split("\t")
            assert int(fields[1]) in (0, 0x10)
            assert (fields[6], fields[7], fields[8]) == ("*", "0", "0")
            assert "MC:Z:" not in line


def test_eol_1(index: ReadIndex, eol1: Screened) -> None:
    found = resolve(eol1, index)
    (pileup,) = pileups(found)
    (judged,) = found.calls
    across = [fragment for fragment in pileup.distinct if fragment.across]
    assert len(across) == len(judged.candidate.fragments)
    assert len(pileup.distinct) == len(across) + len(judged.candidate.spanning)
    contig = pileup.contig
    for fragment in across:
        assert any(p.start < contig.join < p.end for p in fragment.on_contig)
    for fragment in pileup.distinct:
        # A read with few bases beyond the join may count as around it, none lies far beyond.
        if not fragment.across:
            left, right = fragment.on_contig
            assert left.end <= contig.join + 12
            assert right.start >= contig.join - 12
    fitting = sum(p.end - p.start for f in pileup.fragments for p in f.on_contig)
    wrong = sum(
        1 for f in pileup.fragments for p in f.on_contig for _ in p.mismatches(contig.sequence)
    )
    assert wrong / fitting < 0.01


@pytest.mark.parametrize("n", [1, 2, 40, 41, 68, 1000])
def test_shown_are_taken_evenly(n: int) -> None:
    fragments = [_numbered(number) for number in range(n)]
    shown = [fragment.copies for fragment in shown_of(fragments, 40)]
    assert len(shown) == min(n, 40)
    assert shown == sorted(set(shown))
    assert (shown[0], shown[-1]) == (0, n - 1)
    steps = {after - before for before, after in pairwise(shown)}
    assert not steps or max(steps) - min(steps) <= 1


def _numbered(number: int) -> PlacedFragment:
    return PlacedFragment(reads=(), placed=(), across=True, copy=False, copies=number)


def test_nothing_of_a_sample_without_a_call(
    index: ReadIndex, eol1: Screened, plain: Callable[[int, int], list[Fragment]]
) -> None:
    assert pileups(resolve(replace(eol1, kept=plain(1, 20)), index)) == ()


def lines_of(pileup: Pileup, number: int) -> tuple[list[list[str]], dict[str, str], list[str]]:
    numbered = [(number, pileup)]
    rows = [line.rstrip("\n").split("\t") for line in sam_lines(numbered)]
    text = "".join(fasta_lines(numbered))
    names = re.findall(r">(\S+)\n([ACGTN\n]+)", text)
    return rows, {n: s.replace("\n", "") for n, s in names}, list(bed_lines(numbered))


def test_lines_agree_with_each_other(index: ReadIndex, eol1: Screened) -> None:
    (pileup,) = pileups(resolve(eol1, index))
    rows, contigs, bed = lines_of(pileup, 2)
    name = "KMT2A_e8__KMT2A_e2_2"
    assert rows[:2] == [
        ["@HD", "VN:1.6", "SO:coordinate"],
        ["@SQ", f"SN:{name}", f"LN:{len(contigs[name])}"],
    ]
    assert contigs == {name: pileup.contig.sequence.decode()}
    places = [int(row[3]) for row in rows[2:]]
    assert places == sorted(places)
    assert {row[0].split(".")[0] for row in rows[2:]} == {"call2"}
    join = pileup.contig.join
    assert bed[-1] == f"{name}\t{join - 1}\t{join + 1}\tjoin\t0\t+\n"
    assert f"{name}\t{join}\t{join + 70}\tKMT2A e2\t0\t+\n" in bed
