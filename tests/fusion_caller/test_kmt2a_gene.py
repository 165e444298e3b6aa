"""Positions on KMT2A and its partners: exons, introns, regions, phases and builds."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from fusion_caller.annotation import ExonLocation, Site, locate_on
from fusion_caller.errors import BadValueError
from fusion_caller.kmt2a_gene import (
    Build,
    Kmt2aLocation,
    Side,
    all_numberings,
    build_of,
    locate,
    region_of,
)
from fusion_caller.knowledge import kmt2a_exons, partner_exons
from fusion_caller.packaged_genes import packaged_annotation
from fusion_caller.records import Breakpoint


class Exon(NamedTuple):
    """An exon of ENST00000534358 as Ensembl has it on GRCh38."""

    mane: int
    nilson: int
    legacy: int | None
    start: int
    end: int
    phase_end: int


# From Ensembl's exons (GRCh38) and GeneFuse's (GRCh37), not from the packaged table.
EXONS = tuple(
    Exon(*row)
    for row in (
        (1, 1, None, 118_436_492, 118_436_944, 0),
        (2, 3, None, 118_468_775, 118_468_844, 1),
        (3, 4, None, 118_471_662, 118_474_315, 0),
        (4, 5, None, 118_476_805, 118_476_982, 1),
        (5, 6, None, 118_477_967, 118_478_201, 2),
        (6, 7, None, 118_480_174, 118_480_238, 1),
        (7, 8, 5, 118_481_715, 118_482_092, 1),
        (8, 9, 6, 118_482_422, 118_482_495, 0),
        (9, 10, 7, 118_484_183, 118_484_314, 0),
        (10, 11, 8, 118_484_862, 118_484_975, 0),
        (11, 12, 9, 118_488_614, 118_488_760, 0),
        (12, 13, 10, 118_489_792, 118_489_887, 0),
        (13, 14, 11, 118_490_129, 118_490_249, 1),
        (14, 15, 12, 118_491_196, 118_491_318, 1),
        (15, 16, 13, 118_491_744, 118_491_928, 0),
        (16, 17, 14, 118_493_057, 118_493_230, 0),
        (17, 18, 15, 118_494_288, 118_494_398, 0),
        (18, 19, 16, 118_494_694, 118_494_767, 2),
        (19, 20, 17, 118_495_700, 118_495_893, 1),
        (20, 21, 18, 118_496_261, 118_496_367, 0),
        (21, 22, 19, 118_497_936, 118_498_073, 0),
        (22, 23, 20, 118_498_370, 118_498_528, 0),
        (23, 24, 21, 118_499_303, 118_499_420, 1),
        (24, 25, 22, 118_499_835, 118_499_913, 2),
        (25, 26, 23, 118_500_987, 118_501_147, 1),
        (26, 27, 24, 118_501_672, 118_501_857, 1),
        (27, 28, 25, 118_502_398, 118_506_646, 2),
        (28, 29, 26, 118_507_529, 118_507_609, 2),
        (29, 30, 27, 118_509_136, 118_509_200, 1),
        (30, 31, 28, 118_509_948, 118_510_118, 1),
        (31, 32, 29, 118_511_951, 118_512_025, 1),
        (32, 33, 30, 118_519_618, 118_519_792, 2),
        (33, 34, 31, 118_519_957, 118_520_064, 2),
        (34, 35, 32, 118_520_802, 118_520_885, 2),
        (35, 36, 33, 118_521_288, 118_521_417, 0),
        (36, 37, 34, 118_521_897, 118_526_832, 0),
    )
)
# GRCh37 = GRCh38 - 129285 all along the gene.
OFFSETS = {Build.GRCH38: 0, Build.GRCH37: 129_285}

every_exon = pytest.mark.parametrize("exon", EXONS, ids=lambda exon: f"e{exon.mane}")
every_build = pytest.mark.parametrize("build", Build)
every_contig_name = pytest.mark.parametrize("contig", ["chr11", "11"])


def at(position: int, contig: str = "chr11") -> Breakpoint:
    return Breakpoint.from_string(f"{contig}:{position}:+")


def bounds(exon: Exon, build: Build) -> tuple[int, int]:
    return exon.start - OFFSETS[build], exon.end - OFFSETS[build]


def test_there_are_36_exons_with_three_numberings() -> None:
    assert [(exon.mane, exon.nilson, exon.legacy) for exon in kmt2a_exons()] == [
        exon[:3] for exon in EXONS
    ]
    assert [exon.nilson for exon in EXONS] == [1, *range(3, 38)]
    assert [exon.legacy for exon in EXONS] == [None] * 6 + list(range(5, 35))


@every_contig_name
@every_build
@every_exon
def test_the_end_of_each_exon_is_the_edge_of_the_5prime_side(
    exon: Exon, build: Build, contig: str
) -> None:
    start, end = bounds(exon, build)
    location = locate(at(end, contig), Side.FIVE_PRIME)
    assert location == Kmt2aLocation(
        build=build,
        exon=kmt2a_exons()[exon.mane - 1],
        side=Side.FIVE_PRIME,
        place=ExonLocation(number=exon.mane, site=Site.EDGE, distance=0),
    )
    assert (location.at_edge, location.in_exon, location.label) == (True, False, f"e{exon.mane}")
    assert location.exon.phase_end == exon.phase_end
    assert location.label_in_all_numberings == all_numberings(exon.mane)
    for inside in (end - 1, start):
        location = locate(at(inside, contig), Side.FIVE_PRIME)
        assert (location.exon.mane, location.distance) == (exon.mane, inside - end)
        assert (location.at_edge, location.in_exon) == (False, True)
        assert location.label == f"e{exon.mane} (inside)"
    if exon.mane < 36:
        beyond, _ = bounds(EXONS[exon.mane], build)
        for into_intron in (1, 2, beyond - end - 1):
            location = locate(at(end + into_intron, contig), Side.FIVE_PRIME)
            assert (location.exon.mane, location.distance) == (exon.mane, into_intron)
            assert (location.at_edge, location.in_exon) == (False, False)
            assert location.label == f"e{exon.mane} (intron)"


@every_contig_name
@every_build
@every_exon
def test_the_start_of_each_exon_is_the_edge_of_the_3prime_side(
    exon: Exon, build: Build, contig: str
) -> None:
    start, end = bounds(exon, build)
    location = locate(at(start, contig), Side.THREE_PRIME)
    assert location == Kmt2aLocation(
        build=build,
        exon=kmt2a_exons()[exon.mane - 1],
        side=Side.THREE_PRIME,
        place=ExonLocation(number=exon.mane, site=Site.EDGE, distance=0),
    )
    assert location.label == f"e{exon.mane}"
    assert location.exon.phase_start == (EXONS[exon.mane - 2].phase_end if exon.mane > 1 else 0)
    for inside in (start + 1, end):
        location = locate(at(inside, contig), Side.THREE_PRIME)
        assert (location.exon.mane, location.distance) == (exon.mane, start - inside)
        assert (location.at_edge, location.in_exon) == (False, True)
        assert location.label == f"e{exon.mane} (inside)"
    if exon.mane > 1:
        _, before = bounds(EXONS[exon.mane - 2], build)
        for into_intron in (1, 2, start - before - 1):
            location = locate(at(start - into_intron, contig), Side.THREE_PRIME)
            assert (location.exon.mane, location.distance) == (exon.mane, into_intron)
            assert (location.at_edge, location.in_exon) == (False, False)
            assert location.label == f"e{exon.mane} (intron)"


def test_published_positions() -> None:
    location = locate(at(118_353_210), Side.FIVE_PRIME)
    assert (location.build, location.label, location.region) == (Build.GRCH37, "e8", "bcr1")
    assert (location.exon.nilson, location.exon.legacy, location.exon.phase_end) == (9, 6, 0)
    location = locate(at(118_482_092), Side.FIVE_PRIME)
    assert (location.build, location.label, location.region) == (Build.GRCH38, "e7", "bcr1")
    # Out of phase with the usual partners, whose entry exons start in phase 0.
    assert location.exon.phase_end == 1


def test_the_exons_where_productive_fusions_leave() -> None:
    assert {exon.mane for exon in kmt2a_exons()[1:-1] if exon.phase_end == 0} == {
        *(3, 8, 9, 10, 11, 12, 15, 16, 17, 20, 21, 22, 35),
    }


@pytest.mark.parametrize(
    ("mane", "words"),
    [
        (1, "exon 1 MANE, 1 Nilson"),
        (2, "exon 2 MANE, 3 Nilson"),
        (6, "exon 6 MANE, 7 Nilson"),
        (7, "exon 7 MANE, 8 Nilson, 5 legacy"),
        (8, "exon 8 MANE, 9 Nilson, 6 legacy"),
        (36, "exon 36 MANE, 37 Nilson, 34 legacy"),
    ],
)
def test_all_numberings(mane: int, words: str) -> None:
    assert all_numberings(mane) == words


@every_build
def test_regions_by_the_last_exon_kept(build: Build) -> None:
    clusters = {"bcr1": range(7, 13), "bcr2": range(19, 24), "bcr3": range(34, 36)}
    for exon in EXONS:
        expected = next((name for name, last in clusters.items() if exon.mane in last), "outside")
        _, end = bounds(exon, build)
        assert locate(at(end), Side.FIVE_PRIME).region == expected
        assert region_of(exon.mane, kept_5prime=True) == expected
        if exon.mane < 36:
            following = EXONS[exon.mane]
            # A reciprocal that enters at the next exon broke in the same intron.
            assert locate(at(bounds(following, build)[0]), Side.THREE_PRIME).region == expected
            assert region_of(following.mane, kept_5prime=False) == expected
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


def partner_exon_at(
    symbol: str, at: Breakpoint, side: Side, build: Build = Build.GRCH38
) -> tuple[str, str]:
    """The exon of a packaged gene whose edge is the breakpoint, and its transcript."""
    gene = packaged_annotation(build).genes.get(symbol)
    if gene is None or gene.transcript is None or gene.contig != at.contig:
        return "", ""
    place = locate_on(gene.transcript, at.position, side)
    return (place.label, gene.transcript.id) if place and place.at_edge else ("", "")


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


# First bases of partners in fusions that were published on GRCh37, all on the edge of an exon.
@pytest.mark.parametrize(
    ("symbol", "place", "label"),
    [
        ("MLLT3", "chr9:20365742", "e6"),
        ("MLLT3", "chr9:20456784", "e3"),
        ("AFDN", "chr6:168265231", "e2"),
        ("CLTC", "chr17:57741203", "e9"),
        ("CLTC", "chr17:57751008", "e15"),
        ("CLTC", "chr17:57758273", "e19"),
        ("MLLT10", "chr10:21875223", "e4"),
        ("EPS15", "chr1:51946986", "e2"),
        ("ELL", "chr19:18583692", "e2"),
    ],
)
def test_published_entries_on_grch37(symbol: str, place: str, label: str) -> None:
    where = Breakpoint.from_string(place)
    found, transcript = partner_exon_at(symbol, where, Side.THREE_PRIME, Build.GRCH37)
    assert (found, transcript) == (label, partner_exons()[symbol][0].transcript)
    assert partner_exon_at(symbol, where, Side.THREE_PRIME) == ("", "")


def test_a_gene_without_packaged_exons_has_no_exon() -> None:
    assert partner_exon_at("NOSUCHGENE", Breakpoint("chr4", 1), Side.THREE_PRIME) == ("", "")
    # USP2's exon 3 on GRCh38; on GRCh37 its exons are not known.
    exon = partner_exons()["USP2"][2]
    place = Breakpoint(exon.contig, exon.end)
    assert partner_exon_at("USP2", place, Side.THREE_PRIME, Build.GRCH37) == ("", "")


def test_the_entry_exon_of_aff1_at_a_known_position() -> None:
    # chr4:87,084,120 (GRCh38): where AFF1 is entered in the packaged example, exon 5 of MANE.
    label, transcript = partner_exon_at("AFF1", Breakpoint("chr4", 87_084_120), Side.THREE_PRIME)
    assert (label, transcript.split(".")[0]) == ("e5", "ENST00000395146")
    # The same base on GRCh37: 921,152 bases on.
    place = Breakpoint("chr4", 88_005_272)
    assert partner_exon_at("AFF1", place, Side.THREE_PRIME, Build.GRCH37) == (label, transcript)
