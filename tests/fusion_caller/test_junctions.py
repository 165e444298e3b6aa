"""The ends of a junction on their transcripts, and which calls are one junction."""

from __future__ import annotations

from itertools import permutations

import pytest

from fusion_caller.annotation import Side, Site, Transcript
from fusion_caller.contigs import Build
from fusion_caller.junctions import (
    TOLERANCE,
    End,
    Junction,
    best_reads,
    coding_length,
    coding_position,
    end_of,
    junctions_of,
)
from fusion_caller.packaged_genes import kmt2a_transcript, packaged_annotation
from fusion_caller.records import Breakpoint, FusionCall, Source

FIVE, THREE = Side.FIVE_PRIME, Side.THREE_PRIME
# GRCh38: ends of KMT2A e7 and e8, start of e9; starts of AFF1 e4 and e5; GRCh37: e8, AFF1 e5.
E7_END, E8_END, E9_START = "chr11:118482092:+", "chr11:118482495:+", "chr11:118484183:+"
E4_START, E5_START = "chr4:87046695:+", "chr4:87084120:+"
E8_END_37, E5_START_37 = "chr11:118353210:+", "chr4:88005272:+"


def call(
    place_5prime: str | None = None,
    place_3prime: str | None = None,
    *,
    split: int | None = 10,
    spanning: int | None = 5,
    source: Source = Source.STAR_FUSION,
    genes: tuple[str, str] = ("KMT2A", "AFF1"),
    build: str = "GRCh38",
    line: int = 2,
) -> FusionCall:
    return FusionCall(
        patient="P1",
        sample="S1",
        source=source,
        gene_5prime=genes[0],
        gene_3prime=genes[1],
        reported_5prime=genes[0],
        reported_3prime=genes[1],
        breakpoint_5prime=Breakpoint.from_string(place_5prime) if place_5prime else None,
        breakpoint_3prime=Breakpoint.from_string(place_3prime) if place_3prime else None,
        split_reads=split,
        spanning_fragments=spanning,
        build=build,
        file="f",
        line=line,
    )


def grouped(*calls: FusionCall) -> list[Junction]:
    return junctions_of(
        calls, lambda one: packaged_annotation(Build(one.build)) if one.build else None
    )


def shown(*calls: FusionCall) -> list[str]:
    return [str(junction) for junction in grouped(*calls)]


def end(symbol: str, place: str, side: Side, build: Build = Build.GRCH38) -> End | None:
    return end_of(symbol, Breakpoint.from_string(place), side, packaged_annotation(build))


def end_known(symbol: str, place: str, side: Side, build: Build = Build.GRCH38) -> End:
    found = end(symbol, place, side, build)
    assert found is not None
    return found


# Ends


@pytest.mark.parametrize(
    ("symbol", "place", "side", "expected"),
    [
        ("KMT2A", E8_END, FIVE, ("e8", Site.EDGE, 0)),
        ("KMT2A", "chr11:118482495", FIVE, ("e8", Site.EDGE, 0)),
        ("KMT2A", "chr11:118482496:+", FIVE, ("e8 (intron)", Site.INTRON, 1)),
        ("KMT2A", "chr11:118482494:+", FIVE, ("e8 (inside)", Site.EXON, -1)),
        ("KMT2A", E9_START, THREE, ("e9", Site.EDGE, 0)),
        ("KMT2A", "chr11:118484182:+", THREE, ("e9 (intron)", Site.INTRON, 1)),
        ("KMT2A", "chr11:118484184:+", THREE, ("e9 (inside)", Site.EXON, -1)),
        # Minus strand: e6 of MLLT3 is chr9:20365669-20365744, e5 20413721-20414425.
        ("MLLT3", "chr9:20365744:-", THREE, ("e6", Site.EDGE, 0)),
        ("MLLT3", "chr9:20365754:-", THREE, ("e6 (intron)", Site.INTRON, 10)),
        ("MLLT3", "chr9:20365734:-", THREE, ("e6 (inside)", Site.EXON, -10)),
        ("MLLT3", "chr9:20413721:-", FIVE, ("e5", Site.EDGE, 0)),
        ("MLLT3", "chr9:20413711:-", FIVE, ("e5 (intron)", Site.INTRON, 10)),
        ("MLLT3", "chr9:20413731:-", FIVE, ("e5 (inside)", Site.EXON, -10)),
    ],
)
def test_an_end_lies_on_an_exon(
    symbol: str, place: str, side: Side, expected: tuple[str, Site, int]
) -> None:
    found = end_known(symbol, place, side)
    assert (found.label, found.site, found.distance) == expected
    assert (found.side, found.transcript.symbol) == (side, symbol)


@pytest.mark.parametrize(
    ("symbol", "place", "side"),
    [
        ("NEW1", E8_END, FIVE),
        ("KMT2A", "chr12:118482495:+", FIVE),
        ("KMT2A", "chr11:118482495:-", FIVE),  # runs against the gene
        ("MLLT3", "chr9:20365744:+", THREE),
        ("KMT2A", "chr11:118436491:+", FIVE),  # before the first exon
        ("KMT2A", "chr11:118526833:+", FIVE),  # behind the last
        ("KMT2A", "chr11:118436491:+", THREE),
        ("KMT2A", "chr11:118526833:+", THREE),
        ("ACACA", "chr17:37100000:-", THREE),  # its exons are not packaged
    ],
)
def test_an_end_that_is_not_on_the_transcript_is_none(symbol: str, place: str, side: Side) -> None:
    assert end(symbol, place, side) is None


def test_an_end_without_a_position_or_genes_is_none() -> None:
    assert end_of("KMT2A", None, FIVE, packaged_annotation(Build.GRCH38)) is None
    assert end_of("KMT2A", Breakpoint.from_string(E8_END), FIVE, None) is None


# Coding positions


@pytest.mark.parametrize(
    ("place", "side", "base"),
    [
        (E8_END, FIVE, 4086),
        ("chr11:118482795:+", FIVE, 4086),  # in an intron that of the exon's edge
        ("chr11:118482490:+", FIVE, 4081),
        (E7_END, FIVE, 4012),
        ("chr11:118490249:+", FIVE, 4696),
        (E9_START, THREE, 4087),
        ("chr11:118484100:+", THREE, 4087),
        ("chr11:118484190:+", THREE, 4094),
        ("chr11:118468775:+", THREE, 433),
        ("chr11:118436513:+", FIVE, 1),  # the A of the start codon
        ("chr11:118436512:+", FIVE, 0),
        ("chr11:118436492:+", THREE, -20),
        ("chr11:118522172:+", FIVE, 11_919),  # the stop codon's last base
        ("chr11:118522173:+", FIVE, 11_920),
    ],
)
def test_the_coding_position_on_kmt2a(place: str, side: Side, base: int) -> None:
    assert coding_position(end_known("KMT2A", place, side)) == base


@pytest.mark.parametrize(
    ("place", "side", "base"),
    [
        # MLLT3: c.1 is base 244 of 255 in exon 1, so that exon 2 begins with c.13.
        ("chr9:20620834:-", THREE, 13),
        ("chr9:20620824:-", THREE, 23),
        ("chr9:20620654:-", FIVE, 193),
        ("chr9:20620664:-", FIVE, 183),
        ("chr9:20622499:-", THREE, -242),
    ],
)
def test_the_coding_position_on_the_minus_strand(place: str, side: Side, base: int) -> None:
    assert coding_position(end_known("MLLT3", place, side)) == base


def test_the_coding_position_is_that_of_the_other_build() -> None:
    assert coding_position(end_known("KMT2A", E8_END_37, FIVE, Build.GRCH37)) == 4086


def test_without_a_coding_part_there_is_no_coding_position() -> None:
    assert coding_position(end_known("AFF1", E5_START, THREE)) is None
    bare = Transcript(id="T", symbol="G", contig="chr1", strand="+", exons=((1, 9),))
    assert (coding_length(kmt2a_transcript(Build.GRCH38)), coding_length(bare)) == (11_919, 0)


# Grouping


@pytest.mark.parametrize("shift", [0, 1, 10, -10])
@pytest.mark.parametrize("side", [0, 1])
def test_within_ten_bases_it_is_the_same_junction(shift: int, side: int) -> None:
    five, three = (118_482_495 + shift * (1 - side), 87_084_120 + shift * side)
    other = call(f"chr11:{five}:+", f"chr4:{three}:+", split=3, source=Source.ARRIBA)
    (junction,) = grouped(call(E8_END, E5_START), other)
    assert TOLERANCE == 10
    assert (junction.label, junction.lead.source) == ("e8::e5", Source.STAR_FUSION)
    assert str(junction) == "e8::e5(star-fusion:10+5,arriba:3+5)"


@pytest.mark.parametrize("shift", [11, -11])
@pytest.mark.parametrize("side", [0, 1])
def test_eleven_bases_away_it_is_another(shift: int, side: int) -> None:
    five, three = (118_482_495 + shift * (1 - side), 87_084_120 + shift * side)
    assert len(grouped(call(E8_END, E5_START), call(f"chr11:{five}:+", f"chr4:{three}:+"))) == 2


def test_nearness_does_not_run_on_from_call_to_call() -> None:
    steps = [
        call(f"chr11:{118_482_495 + 8 * n}:+", E5_START, split=10 - n, line=n) for n in range(4)
    ]
    assert [len(junction.calls) for junction in grouped(*steps)] == [2, 2]


def test_another_contig_is_another_junction() -> None:
    assert len(grouped(call(E8_END, E5_START), call(E8_END, "chr5:87084120:+"))) == 2


def test_isoforms_are_listed_with_the_leading_one_first() -> None:
    assert shown(
        call(E7_END, E5_START, split=4, line=1),
        call(E8_END, E4_START, split=20, spanning=None, line=2),
        call(E8_END, E5_START, split=9, source=Source.ARRIBA, line=3),
        call(E8_END, E5_START, split=7, line=4),
        call("chr11:118482500:+", E4_START, split=2, source=Source.ARRIBA, line=5),
    ) == [
        "e8::e4(star-fusion:20+0,arriba:2+5)",
        "e8::e5(arriba:9+5,star-fusion:7+5)",
        "e7::e5(star-fusion:4+5)",
    ]


def test_of_junctions_with_as_many_reads_the_one_of_more_callers_leads() -> None:
    calls = (
        call(E7_END, E5_START, split=9, line=1),
        call(E8_END, E5_START, split=9, line=2),
        call(E8_END, E5_START, split=1, source=Source.ARRIBA, line=3),
    )
    assert [junction.label for junction in grouped(*calls)] == ["e8::e5", "e7::e5"]


def test_a_caller_s_reads_are_those_of_its_best_call_and_never_a_sum() -> None:
    (junction,) = grouped(
        call(E8_END, E5_START, split=6, spanning=1, line=1),
        call(E8_END, E5_START, split=6, spanning=9, line=2),
        call(E8_END, E5_START, split=None, spanning=None, source=Source.JAFFA, line=3),
        call(E8_END, E5_START, split=0, spanning=2, source=Source.ARRIBA, line=4),
    )
    assert [str(reads) for reads in junction.reads] == ["star-fusion:6+9", "arriba:0+2", "jaffa:?"]
    assert [one.line for one in junction.calls] == [2, 1, 4, 3]
    assert best_reads(()) == ()


@pytest.mark.parametrize("n_placed", [0, 1, 2])
def test_calls_without_positions_join_the_leading_junction(n_placed: int) -> None:
    placed = [call(E8_END, E5_START, split=4, line=1), call(E7_END, E5_START, split=3, line=2)]
    bare = [
        call(split=50, source=Source.PIZZLY, build="", line=3),
        call(split=1, source=Source.AERON, build="", line=4),
    ]
    expected = [
        ["no position(pizzly:50+5,aeron:1+5)"],
        ["e8::e5(star-fusion:4+5,pizzly:50+5,aeron:1+5)"],
        ["e8::e5(star-fusion:4+5,pizzly:50+5,aeron:1+5)", "e7::e5(star-fusion:3+5)"],
    ]
    assert shown(*bare, *placed[:n_placed]) == expected[n_placed]


def test_a_call_with_one_position_joins_the_junction_that_it_fits() -> None:
    placed = (call(E8_END, E5_START, split=9), call(E7_END, E5_START, split=4))
    half = call(E7_END, split=50, source=Source.FUZZION2)
    assert shown(half, *placed) == [
        "e8::e5(star-fusion:9+5)",
        "e7::e5(star-fusion:4+5,fuzzion2:50+5)",
    ]
    contrary = call("chr11:118484314:+", split=50, source=Source.FUZZION2)
    assert shown(contrary, *placed)[2] == "e9::?(fuzzion2:50+5)"


def test_one_position_leads_where_there_is_no_other() -> None:
    assert shown(call(split=50), call(E8_END, split=2), call(None, E5_START, split=1)) == [
        "e8::?(star-fusion:2+5)"
    ]
    assert shown(call(split=50), call(None, E5_START, split=1)) == ["?::e5(star-fusion:1+5)"]


def test_builds_do_not_join() -> None:
    on_37 = call(E8_END_37, E5_START_37, build="GRCh37", split=3, source=Source.ARRIBA)
    assert shown(call(E8_END, E5_START), on_37) == [
        "e8::e5(star-fusion:10+5)",
        "e8::e5(arriba:3+5)",
    ]
    # The same numbers mean another place on the other build.
    same_numbers = call(E8_END, E5_START, build="GRCh37", split=3)
    assert len(grouped(call(E8_END, E5_START), same_numbers)) == 2


def test_without_a_build_there_is_a_junction_but_no_exon() -> None:
    (junction,) = grouped(call("chr2:7:+", "chr2:9:+", build=""))
    assert (junction.five, junction.three, junction.label) == (None, None, "")


def test_the_order_of_the_rows_does_not_matter() -> None:
    calls = (
        call(E8_END, E5_START, split=5, line=1),
        call("chr11:118482500:+", E5_START, split=5, source=Source.ARRIBA, line=1),
        call(E7_END, E5_START, split=5, line=2),
        call(E7_END, split=5, line=3),
        call(split=None, spanning=None, line=4),
    )
    first = shown(*calls)
    assert len(first) == 2
    assert all(shown(*order) == first for order in permutations(calls))


def test_a_reciprocal_and_a_duplication_have_their_ends_in_transcript_order() -> None:
    reciprocal = call("chr9:20413721:-", E9_START, genes=("MLLT3", "KMT2A"))
    duplication = call(E8_END, "chr11:118468775:+", genes=("KMT2A", "KMT2A"))
    assert [grouped(one)[0].label for one in (reciprocal, duplication)] == ["e5::e9", "e8::e2"]
