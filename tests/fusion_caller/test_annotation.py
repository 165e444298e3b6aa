"""Genes by symbol and position, breakpoints on transcripts, phases, and the packaged genes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_caller.annotation import (
    Annotation,
    ExonLocation,
    Gene,
    Side,
    Site,
    Transcript,
    by_symbol,
    locate_on,
    phase_at_start,
)
from fusion_caller.contigs import Build
from fusion_caller.knowledge import (
    KMT2A,
    KMT2A_TRANSCRIPT,
    SameTranscript,
    entry_exons,
    kmt2a_exons,
    mapped_genes,
    neighbours,
    partner_exons,
    partners,
)
from fusion_caller.packaged_genes import (
    entry_phase,
    kmt2a_transcript,
    packaged_annotation,
)

PLUS = Transcript(
    id="T1", symbol="A", contig="chr1", strand="+", exons=((100, 109), (200, 209), (300, 309))
)
MINUS = replace(PLUS, strand="-", exons=((300, 309), (200, 209), (100, 109)))

EDGE, EXON, INTRON, OUTSIDE = Site


def gene(symbol: str, start: int, end: int, *, contig: str = "chr1", gene_id: str = "") -> Gene:
    return Gene(symbol=symbol, gene_id=gene_id, contig=contig, start=start, end=end, strand="+")


def annotation(*genes: Gene) -> Annotation:
    return Annotation(build=Build.GRCH38, genes=by_symbol(genes), name="test")


def test_genes_at_a_position_in_the_order_of_their_starts() -> None:
    found = annotation(
        gene("LONG", 1, 1000),
        gene("INNER", 400, 500),
        gene("SAME", 400, 450),
        gene("LATE", 900, 950),
        gene("ELSEWHERE", 1, 1000, contig="chr2"),
    )

    def at(position: int, contig: str = "chr1") -> list[str]:
        return [one.symbol for one in found.genes_at(contig, position)]

    assert at(400) == ["LONG", "SAME", "INNER"]
    assert at(450) == ["LONG", "SAME", "INNER"]
    assert at(451) == at(500) == ["LONG", "INNER"]
    assert at(501) == ["LONG"]
    assert at(1000) == ["LONG"]
    assert at(1001) == []
    assert at(400, "chr2") == ["ELSEWHERE"]
    assert at(400, "chr3") == []


def test_genes_by_identifier_and_symbol() -> None:
    found = annotation(
        gene("A", 1, 2, gene_id="ENSG1.5"), gene("B", 1, 2), gene("A", 5, 6, gene_id="ENSG2")
    )
    assert found.symbols_by_id() == {"ENSG1": "A"}
    assert found.genes["A"].start == 1
    # It stands as a key in caches.
    assert len({found, annotation()}) == 2


@pytest.mark.parametrize(
    ("transcript", "side", "position", "expected", "label"),
    [
        (PLUS, Side.FIVE_PRIME, 209, (2, EDGE, 0), "e2"),
        (PLUS, Side.FIVE_PRIME, 208, (2, EXON, -1), "e2 (inside)"),
        (PLUS, Side.FIVE_PRIME, 200, (2, EXON, -9), "e2 (inside)"),
        (PLUS, Side.FIVE_PRIME, 199, (1, INTRON, 90), "e1 (intron)"),
        (PLUS, Side.FIVE_PRIME, 110, (1, INTRON, 1), "e1 (intron)"),
        (PLUS, Side.FIVE_PRIME, 309, (3, EDGE, 0), "e3"),
        (PLUS, Side.FIVE_PRIME, 314, (3, OUTSIDE, 5), "e3 (outside)"),
        (PLUS, Side.THREE_PRIME, 200, (2, EDGE, 0), "e2"),
        (PLUS, Side.THREE_PRIME, 201, (2, EXON, -1), "e2 (inside)"),
        (PLUS, Side.THREE_PRIME, 199, (2, INTRON, 1), "e2 (intron)"),
        (PLUS, Side.THREE_PRIME, 110, (2, INTRON, 90), "e2 (intron)"),
        (PLUS, Side.THREE_PRIME, 95, (1, OUTSIDE, 5), "e1 (outside)"),
        (MINUS, Side.FIVE_PRIME, 200, (2, EDGE, 0), "e2"),
        (MINUS, Side.FIVE_PRIME, 201, (2, EXON, -1), "e2 (inside)"),
        (MINUS, Side.FIVE_PRIME, 199, (2, INTRON, 1), "e2 (intron)"),
        (MINUS, Side.FIVE_PRIME, 95, (3, OUTSIDE, 5), "e3 (outside)"),
        (MINUS, Side.THREE_PRIME, 209, (2, EDGE, 0), "e2"),
        (MINUS, Side.THREE_PRIME, 208, (2, EXON, -1), "e2 (inside)"),
        (MINUS, Side.THREE_PRIME, 210, (2, INTRON, 1), "e2 (intron)"),
        (MINUS, Side.THREE_PRIME, 314, (1, OUTSIDE, 5), "e1 (outside)"),
    ],
)
def test_a_breakpoint_on_a_transcript(
    transcript: Transcript, side: Side, position: int, expected: tuple[int, Site, int], label: str
) -> None:
    location = locate_on(transcript, position, side)
    number, site, distance = expected
    assert location == ExonLocation(number=number, site=site, distance=distance)
    assert location.label == label
    assert (location.at_edge, location.in_exon) == (site is EDGE, site is EXON)


@pytest.mark.parametrize(
    ("transcript", "side", "position"),
    [
        (PLUS, Side.FIVE_PRIME, 99),
        (PLUS, Side.THREE_PRIME, 310),
        (MINUS, Side.FIVE_PRIME, 310),
        (MINUS, Side.THREE_PRIME, 99),
    ],
)
def test_a_breakpoint_that_keeps_nothing(transcript: Transcript, side: Side, position: int) -> None:
    assert locate_on(transcript, position, side) is None


@given(position=st.integers(50, 360), side=st.sampled_from(Side))
def test_a_transcript_turned_round_is_located_the_same(position: int, side: Side) -> None:
    turned = replace(PLUS, strand="-", exons=tuple((409 - e, 409 - s) for s, e in PLUS.exons))
    assert locate_on(turned, 409 - position, side) == locate_on(PLUS, position, side)


def test_phases_of_a_coding_part() -> None:
    # Exons of 10 bases; coding from base 5 of the transcript to base 28: 24 bases.
    coding = replace(PLUS, cds_start=5, cds_end=28, coding_known=True)
    assert [phase_at_start(coding, n) for n in (1, 2, 3)] == [None, 0, 1]
    assert [phase_at_start(PLUS, n) for n in (1, 2, 3)] == [None, None, None]
    # An exon that begins with the start codon is read from its first base.
    assert phase_at_start(replace(coding, cds_start=11), 2) == 0


@pytest.mark.parametrize("build", Build)
def test_kmt2a_is_packaged_with_its_coding_part(build: Build) -> None:
    transcript = kmt2a_transcript(build)
    assert packaged_annotation(build).genes[KMT2A].transcript == transcript
    assert (transcript.id, transcript.coding_known) == (KMT2A_TRANSCRIPT, True)
    assert (transcript.cds_start, transcript.cds_end) == (22, 11_940)
    for exon in kmt2a_exons():
        if exon.mane > 1:
            assert phase_at_start(transcript, exon.mane) == exon.phase_start


@pytest.mark.parametrize(
    ("build", "contig", "position", "symbols"),
    [
        (Build.GRCH38, "chr11", 118_482_495, ["KMT2A"]),
        (Build.GRCH37, "chr11", 118_353_210, ["KMT2A"]),
        (Build.GRCH38, "chr4", 87_084_120, ["AFF1"]),
        (Build.GRCH37, "chr4", 88_005_272, ["AFF1"]),
        (Build.GRCH38, "chr11", 119_370_000, ["USP2"]),
        (Build.GRCH37, "chr11", 119_240_000, []),  # USP2 has no positions on GRCh37
    ],
)
def test_packaged_genes_by_position(
    build: Build, contig: str, position: int, symbols: list[str]
) -> None:
    found = packaged_annotation(build).genes_at(contig, position)
    assert [one.symbol for one in found] == symbols


@pytest.mark.parametrize("build", Build)
def test_the_packaged_annotation_is_whole(build: Build) -> None:
    found = packaged_annotation(build)
    assert (found.build, found.name) == (build, "packaged")
    for symbol, one in found.genes.items():
        mapped = mapped_genes()[symbol]
        assert (one.symbol, one.contig, one.strand) == (symbol, mapped.contig, mapped.strand)
        if one.transcript is not None:
            assert one.transcript.symbol == symbol
            assert min(start for start, _ in one.transcript.exons) >= one.start
            assert max(end for _, end in one.transcript.exons) <= one.end
    assert found.symbols_by_id()["ENSG00000118058"] == "KMT2A"
    main = {"KMT2A", "AFF1", "MLLT3", "MLLT1", "MLLT10", "AFDN", "ELL", "EPS15", "MLLT11", "MLLT6"}
    assert main <= {symbol for symbol, one in found.genes.items() if one.transcript}


def test_genes_without_positions_on_grch37_are_left_out_there() -> None:
    grch38 = packaged_annotation(Build.GRCH38).genes
    grch37 = packaged_annotation(Build.GRCH37).genes
    assert set(partners()) <= set(grch38)
    assert {"USP2", "FLNA", "CT45A1", "UBE4A"} <= set(grch38) - set(grch37)
    assert set(grch37) < set(grch38)
    assert {"CT45A3", "TTC36"} <= set(grch38) - set(partners())
    assert not {"CD3D", "JAML"} & set(grch38)
    assert {"CD3D", "JAML"} <= set(neighbours())


@pytest.mark.parametrize(
    ("symbol", "exon", "phase"),
    [
        ("AFF1", 4, 0),
        ("AFF1", 5, 0),
        ("AFF1", 8, 1),
        ("AFF1", 3, None),  # before the first exon known
        ("AFF1", 22, None),  # no such exon
        ("MLLT3", 6, 0),
        ("MLLT3", 3, 1),
        ("MLLT1", 7, 0),
        ("MLLT10", 4, 0),
        ("AFDN", 2, 0),
        ("ELL", 2, 0),
        ("EPS15", 2, 0),
        ("USP2", 3, 0),
        ("CLTC", 15, 0),
        ("SEPTIN6", 2, 0),
        ("MLLT11", 2, 0),
        ("MLLT11", 1, None),
        ("FOXO4", 2, None),  # the list is too short to match
        ("TCF12", 3, None),  # counted on another transcript
        ("CT45A1", 2, None),
        ("NOSUCHGENE", 1, None),
    ],
)
def test_entries_into_partners(symbol: str, exon: int, phase: int | None) -> None:
    assert entry_phase(symbol, exon) == phase


def test_the_entries_of_mllt3_follow_from_its_coding_part() -> None:
    # The list and the coding part come from different sources.
    transcript = packaged_annotation(Build.GRCH38).genes["MLLT3"].transcript
    assert transcript is not None
    assert transcript.coding_known
    in_phase = [n for n in range(2, 12) if phase_at_start(transcript, n) == 0]
    assert in_phase == [2, 4, 5, 6, 9, 10, 11] == list(entry_exons()["MLLT3"].exons)


@pytest.mark.parametrize(
    "symbol", [s for s, e in entry_exons().items() if e.same_as_packaged is SameTranscript.YES]
)
def test_the_listed_exons_are_those_in_phase_0(symbol: str) -> None:
    listed = entry_exons()[symbol].exons
    last = len(partner_exons()[symbol])
    assert listed[-1] <= last
    phases = {n: entry_phase(symbol, n) for n in range(listed[0], listed[-1] + 1)}
    assert tuple(n for n, phase in phases.items() if phase == 0) == listed
