"""Positions on KMT2A: exons, introns, regions and builds."""

from __future__ import annotations

import itertools

import pytest

from fusion_caller.errors import BadValueError
from fusion_caller.kmt2a_gene import (
    Build,
    Kmt2aLocation,
    Side,
    all_numberings,
    build_of,
    locate,
    partner_exon_at,
)
from fusion_caller.knowledge import Kmt2aExon, kmt2a_exons, partner_exons
from fusion_caller.records import Breakpoint

# GRCh37 = GRCh38 - 129285 all along the gene.
OFFSET = 129_285
EXONS = kmt2a_exons()


def at(position: int) -> Breakpoint:
    return Breakpoint("chr11", position, "+")


def bounds(exon: Kmt2aExon, build: Build) -> tuple[int, int]:
    if build is Build.GRCH38:
        return exon.start_grch38, exon.end_grch38
    return exon.start_grch37, exon.end_grch37


def test_there_are_36_exons_in_order_with_three_numberings() -> None:
    assert [exon.mane for exon in EXONS] == list(range(1, 37))
    assert [exon.nilson for exon in EXONS] == [1, *range(3, 38)]
    assert [exon.legacy for exon in EXONS] == [None] * 6 + list(range(5, 35))
    for exon, following in itertools.pairwise(EXONS):
        assert exon.start_grch38 <= exon.end_grch38 < following.start_grch38


def test_builds_differ_by_one_offset() -> None:
    for exon in EXONS:
        assert exon.start_grch38 - exon.start_grch37 == OFFSET
        assert exon.end_grch38 - exon.end_grch37 == OFFSET


def test_phases_join_from_exon_to_exon() -> None:
    for exon, following in itertools.pairwise(EXONS):
        assert exon.phase_end == following.phase_start
    # The exons between the start and the stop codon add up.
    for exon in EXONS[1:-1]:
        length = exon.end_grch38 - exon.start_grch38 + 1
        assert (exon.phase_start + length) % 3 == exon.phase_end, exon.mane
    ends_in_phase_0 = {exon.mane for exon in EXONS[1:-1] if exon.phase_end == 0}
    assert ends_in_phase_0 >= {8, 9, 10, 11, 12, 15, 16, 17, 20, 21, 22, 35}


@pytest.mark.parametrize("build", Build)
@pytest.mark.parametrize("exon", EXONS, ids=lambda exon: f"e{exon.mane}")
def test_the_end_of_each_exon_is_the_edge_of_the_5prime_side(exon: Kmt2aExon, build: Build) -> None:
    start, end = bounds(exon, build)
    assert locate(at(end), Side.FIVE_PRIME) == Kmt2aLocation(
        build=build, exon=exon, side=Side.FIVE_PRIME, at_edge=True, in_exon=False
    )
    assert locate(at(end), Side.FIVE_PRIME).label == f"e{exon.mane}"
    for inside in (end - 1, start):
        location = locate(at(inside), Side.FIVE_PRIME)
        assert (location.exon, location.at_edge, location.in_exon) == (exon, False, True)
        assert location.label == f"e{exon.mane} (inside)"
    if exon.mane < 36:
        location = locate(at(end + 1), Side.FIVE_PRIME)
        assert (location.exon, location.at_edge, location.in_exon) == (exon, False, False)
        assert location.label == f"e{exon.mane} (intron)"


@pytest.mark.parametrize("build", Build)
@pytest.mark.parametrize("exon", EXONS, ids=lambda exon: f"e{exon.mane}")
def test_the_start_of_each_exon_is_the_edge_of_the_3prime_side(
    exon: Kmt2aExon, build: Build
) -> None:
    start, end = bounds(exon, build)
    assert locate(at(start), Side.THREE_PRIME) == Kmt2aLocation(
        build=build, exon=exon, side=Side.THREE_PRIME, at_edge=True, in_exon=False
    )
    for inside in (start + 1, end):
        location = locate(at(inside), Side.THREE_PRIME)
        assert (location.exon, location.at_edge, location.in_exon) == (exon, False, True)
        assert location.label == f"e{exon.mane} (inside)"
    if exon.mane > 1:
        location = locate(at(start - 1), Side.THREE_PRIME)
        assert (location.exon, location.at_edge, location.in_exon) == (exon, False, False)
        assert location.label == f"e{exon.mane} (intron)"


def test_published_positions() -> None:
    location = locate(at(118_353_210), Side.FIVE_PRIME)
    assert (location.build, location.label, location.region) == (Build.GRCH37, "e8", "bcr1")
    assert (location.exon.nilson, location.exon.legacy, location.exon.phase_end) == (9, 6, 0)
    location = locate(at(118_482_092), Side.FIVE_PRIME)
    assert (location.build, location.label, location.region) == (Build.GRCH38, "e7", "bcr1")
    # Out of phase with the usual partners, whose entry exons start in phase 0.
    assert location.exon.phase_end == 1


@pytest.mark.parametrize(
    ("mane", "words"),
    [
        (1, "exon 1 MANE, 1 Nilson"),
        (2, "exon 2 MANE, 3 Nilson"),
        (8, "exon 8 MANE, 9 Nilson, 6 legacy"),
        (36, "exon 36 MANE, 37 Nilson, 34 legacy"),
    ],
)
def test_all_numberings(mane: int, words: str) -> None:
    assert all_numberings(mane) == words


@pytest.mark.parametrize("build", Build)
def test_regions_by_the_last_exon_kept(build: Build) -> None:
    clusters = {"bcr1": range(7, 13), "bcr2": range(19, 24), "bcr3": range(34, 36)}
    for exon in EXONS:
        expected = next((name for name, last in clusters.items() if exon.mane in last), "outside")
        _, end = bounds(exon, build)
        assert locate(at(end), Side.FIVE_PRIME).region == expected
        if exon.mane < 36:
            following = EXONS[exon.mane]
            # A reciprocal that enters at the next exon broke in the same intron.
            assert locate(at(bounds(following, build)[0]), Side.THREE_PRIME).region == expected
    assert locate(at(bounds(EXONS[0], build)[0]), Side.THREE_PRIME).region == "outside"


@pytest.mark.parametrize(
    "place",
    [
        Breakpoint("chr11", 118_436_491),
        Breakpoint("chr11", 118_526_833),
        Breakpoint("chr11", 118_307_206),
        Breakpoint("chr11", 118_397_548),
        Breakpoint("chr11", 1),
        Breakpoint("chr12", 118_482_495),
        Breakpoint("GL000220.1", 118_482_495),
    ],
    ids=str,
)
@pytest.mark.parametrize("side", Side)
def test_a_position_off_the_gene_is_refused(place: Breakpoint, side: Side) -> None:
    assert build_of(place) is None
    with pytest.raises(BadValueError) as error:
        locate(place, side)
    assert error.value.problem == (
        f"expected a position on KMT2A (GRCh38 or GRCh37), found {place.contig}:{place.position}"
    )


def test_the_builds_do_not_overlap_on_the_gene() -> None:
    assert build_of(at(118_436_492)) is build_of(at(118_526_832)) is Build.GRCH38
    assert build_of(at(118_307_207)) is build_of(at(118_397_547)) is Build.GRCH37
    assert EXONS[-1].end_grch37 < EXONS[0].start_grch38


@pytest.mark.parametrize(
    ("symbol", "number", "strand"),
    [("AFF1", 4, "+"), ("AFF1", 5, "+"), ("MLLT3", 6, "-"), ("MLLT1", 2, "-"), ("USP2", 3, "-")],
)
def test_partner_exons_by_their_edges(symbol: str, number: int, strand: str) -> None:
    exon = partner_exons()[symbol][number - 1]
    assert (exon.number, exon.strand) == (number, strand)
    first, last = (exon.start, exon.end) if strand == "+" else (exon.end, exon.start)
    found = (f"e{number}", exon.transcript)
    assert partner_exon_at(symbol, Breakpoint(exon.contig, first), Side.THREE_PRIME) == found
    assert partner_exon_at(symbol, Breakpoint(exon.contig, last), Side.FIVE_PRIME) == found
    for place, side in ((first, Side.FIVE_PRIME), (last, Side.THREE_PRIME)):
        assert partner_exon_at(symbol, Breakpoint(exon.contig, place), side) == ("", "")
    for off in (first - 1, first + 1):
        assert partner_exon_at(symbol, Breakpoint(exon.contig, off), Side.THREE_PRIME) == ("", "")
    assert partner_exon_at(symbol, Breakpoint("chr20", first), Side.THREE_PRIME) == ("", "")


def test_a_gene_without_packaged_exons_has_no_exon() -> None:
    assert partner_exon_at("NOSUCHGENE", Breakpoint("chr4", 1), Side.THREE_PRIME) == ("", "")


def test_the_entry_exon_of_aff1_at_a_known_position() -> None:
    # chr4:87,084,120 (GRCh38): where AFF1 is entered in the packaged example, exon 5 of MANE.
    label, transcript = partner_exon_at("AFF1", Breakpoint("chr4", 87_084_120), Side.THREE_PRIME)
    assert (label, transcript.split(".")[0]) == ("e5", "ENST00000395146")
