"""Names of junctions by HGVS and VICC, each written out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from fusion_caller.contigs import Build
from fusion_caller.fusion_names import hgvs_name, reference, vicc_exon_name, vicc_name
from fusion_caller.junctions import Junction, junctions_of
from fusion_caller.knowledge import partners
from fusion_caller.packaged_genes import kmt2a_transcript, packaged_annotation
from fusion_caller.records import Breakpoint, FusionCall, Source

KMT2A, MLLT3 = "NM_001197104.2", "NM_004529.4"
# GRCh38: ends of KMT2A e8, starts of e2 and e9; start of MLLT3 e6 and end of its e5.
E8_END, E2_START, E9_START = "chr11:118482495:+", "chr11:118468775:+", "chr11:118484183:+"
MLLT3_E6, MLLT3_E5_END = "chr9:20365744:-", "chr9:20413721:-"
NOWHERE = "chr2:7:+"


def junction(
    five: str,
    three: str,
    place_5prime: str | None = None,
    place_3prime: str | None = None,
    build: Build = Build.GRCH38,
) -> Junction:
    call = FusionCall(
        patient="P1",
        sample="S1",
        source=Source.ARRIBA,
        gene_5prime=five,
        gene_3prime=three,
        reported_5prime=five,
        reported_3prime=three,
        breakpoint_5prime=Breakpoint.from_string(place_5prime) if place_5prime else None,
        breakpoint_3prime=Breakpoint.from_string(place_3prime) if place_3prime else None,
        build=build,
        file="f",
        line=2,
    )
    (found,) = junctions_of([call], lambda _: packaged_annotation(build))
    return found


@pytest.mark.parametrize(
    ("genes", "places", "hgvs", "vicc"),
    [
        (  # edges of exons, the partner on the minus strand
            ("KMT2A", "MLLT3"),
            (E8_END, MLLT3_E6),
            f"{KMT2A}:r.?_4086::{MLLT3}:r.1126_?",
            f"{KMT2A}(KMT2A):e.8::{MLLT3}(MLLT3):e.6",
        ),
        (  # introns
            ("KMT2A", "MLLT3"),
            ("chr11:118482795:+", "chr9:20365754:-"),
            f"{KMT2A}:r.?_4086+300::{MLLT3}:r.1126-10_?",
            f"{KMT2A}(KMT2A):e.8+300::{MLLT3}(MLLT3):e.6-10",
        ),
        (  # within exons
            ("KMT2A", "MLLT3"),
            ("chr11:118482490:+", "chr9:20365734:-"),
            f"{KMT2A}:r.?_4081::{MLLT3}:r.1136_?",
            f"{KMT2A}(KMT2A):e.8-5::{MLLT3}(MLLT3):e.6+10",
        ),
        (  # a reciprocal
            ("MLLT3", "KMT2A"),
            (MLLT3_E5_END, E9_START),
            f"{MLLT3}:r.?_1125::{KMT2A}:r.4087_?",
            f"{MLLT3}(MLLT3):e.5::{KMT2A}(KMT2A):e.9",
        ),
        (  # a reciprocal that leaves within an exon and enters from an intron
            ("MLLT3", "KMT2A"),
            ("chr9:20413731:-", "chr11:118484180:+"),
            f"{MLLT3}:r.?_1115::{KMT2A}:r.4087-3_?",
            f"{MLLT3}(MLLT3):e.5-10::{KMT2A}(KMT2A):e.9-3",
        ),
        (  # a partial tandem duplication
            ("KMT2A", "KMT2A"),
            (E8_END, E2_START),
            f"{KMT2A}:r.?_4086::{KMT2A}:r.433_?",
            f"{KMT2A}(KMT2A):e.8::{KMT2A}(KMT2A):e.2",
        ),
        (  # before the start codons: there is no base 0
            ("KMT2A", "MLLT3"),
            ("chr11:118436512:+", "chr9:20622499:-"),
            f"{KMT2A}:r.?_-1::{MLLT3}:r.-243_?",
            f"{KMT2A}(KMT2A):e.1-432::{MLLT3}(MLLT3):e.1",
        ),
        (  # behind the stop codon
            ("MLLT3", "KMT2A"),
            (MLLT3_E5_END, "chr11:118522173:+"),
            f"{MLLT3}:r.?_1125::{KMT2A}:r.*1_?",
            f"{MLLT3}(MLLT3):e.5::{KMT2A}(KMT2A):e.36+276",
        ),
        (  # a partner of which the coding part is not packaged
            ("KMT2A", "AFF1"),
            (E8_END, "chr4:87084120:+"),
            f"{KMT2A}:r.?_4086::NM_001166693.3:r.?_?",
            f"{KMT2A}(KMT2A):e.8::NM_001166693.3(AFF1):e.5",
        ),
        (  # a partner without exons, without a position, and no gene at all
            ("KMT2A", "NEW1"),
            (E8_END, NOWHERE),
            f"{KMT2A}:r.?_4086::?",
            f"{KMT2A}(KMT2A):e.8::NEW1",
        ),
        (
            ("KMT2A", "AFF1"),
            (E8_END, None),
            f"{KMT2A}:r.?_4086::?",
            f"{KMT2A}(KMT2A):e.8::AFF1(hgnc:7135)",
        ),
        (
            ("?", "KMT2A"),
            (NOWHERE, E9_START),
            f"?::{KMT2A}:r.4087_?",
            f"?::{KMT2A}(KMT2A):e.9",
        ),
        (("KMT2A", "AFF1"), (None, None), "", ""),
        (("KMT2A", "NEW1"), (NOWHERE, NOWHERE), "", ""),
    ],
)
def test_a_junction_has_its_names(
    genes: tuple[str, str], places: tuple[str | None, str | None], hgvs: str, vicc: str
) -> None:
    found = junction(*genes, *places)
    assert (hgvs_name(found), vicc_exon_name(found, *genes)) == (hgvs, vicc)


@pytest.mark.parametrize("exon", range(7, 14))
def test_each_exit_from_kmt2a(exon: int) -> None:
    ends = {7: 118_482_092, 8: 118_482_495, 9: 118_484_314, 10: 118_484_975, 11: 118_488_760}
    ends |= {12: 118_489_887, 13: 118_490_249}
    bases = {7: 4012, 8: 4086, 9: 4218, 10: 4332, 11: 4479, 12: 4575, 13: 4696}
    found = junction("KMT2A", "AFF1", f"chr11:{ends[exon]}:+", NOWHERE)
    assert hgvs_name(found) == f"{KMT2A}:r.?_{bases[exon]}::?"


def test_the_names_are_those_of_the_other_build() -> None:
    on_37 = junction("KMT2A", "MLLT3", "chr11:118353210:+", "chr9:20365742:-", Build.GRCH37)
    on_38 = junction("KMT2A", "MLLT3", E8_END, MLLT3_E6)
    assert hgvs_name(on_37) == hgvs_name(on_38) == f"{KMT2A}:r.?_4086::{MLLT3}:r.1126_?"


def test_every_range_has_two_ends() -> None:
    # HGVS asks for a range on both sides, of which the far end is not seen.
    side = r"(NM_[0-9.]+:r\.\S+_\S+|\?)"
    for place in (E8_END, "chr11:118482795:+"):
        for partner_place in (MLLT3_E6, NOWHERE, None):
            name = hgvs_name(junction("KMT2A", "MLLT3", place, partner_place))
            assert re.fullmatch(f"{side}::{side}", name)


def test_a_paralogue_s_exon_stands_with_its_own_transcript_and_gene() -> None:
    # e2 of CT45A2 begins at chrX:135816271; the event is named after CT45A1.
    found = junction("KMT2A", "CT45A2", E8_END, "chrX:135816271:-")
    assert (
        vicc_exon_name(found, "KMT2A", "CT45A1") == f"{KMT2A}(KMT2A):e.8::NM_152582.7(CT45A2):e.2"
    )
    assert hgvs_name(found) == f"{KMT2A}:r.?_4086::NM_152582.7:r.?_?"


@pytest.mark.parametrize(
    ("five", "three", "name"),
    [
        ("KMT2A", "AFF1", "KMT2A(hgnc:7132)::AFF1(hgnc:7135)"),
        ("AFF1", "KMT2A", "AFF1(hgnc:7135)::KMT2A(hgnc:7132)"),
        ("KMT2A", "KMT2A", "KMT2A(hgnc:7132)::KMT2A(hgnc:7132)"),
        ("KMT2A", "?", "KMT2A(hgnc:7132)::?"),
        ("?", "KMT2A", "?::KMT2A(hgnc:7132)"),
        ("KMT2A", "NEW1", "KMT2A(hgnc:7132)::NEW1"),
        ("KMT2A", "ACACA", "KMT2A(hgnc:7132)::ACACA(hgnc:84)"),  # not in the MANE table
    ],
)
def test_genes_by_vicc(five: str, three: str, name: str) -> None:
    assert vicc_name(five, three) == name


def test_every_partner_has_an_identifier() -> None:
    pattern = r"KMT2A\(hgnc:7132\)::[A-Z0-9]+\(hgnc:[0-9]+\)"
    named = {symbol: vicc_name("KMT2A", symbol) for symbol in partners()}
    unnamed = [s for s, name in named.items() if not re.fullmatch(pattern, name, re.IGNORECASE)]
    assert unnamed == []


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("ENST00000534358", KMT2A),
        ("ENST00000534358.8", KMT2A),
        ("ENST00000534358.5", KMT2A),  # of an older release
        ("ENST00000389506.10", "ENST00000389506.10"),  # another transcript of the gene
        ("NM_005933.4", "NM_005933.4"),
    ],
)
def test_the_reference_is_refseq_s_where_mane_pairs_it(identifier: str, expected: str) -> None:
    assert reference(replace(kmt2a_transcript(Build.GRCH38), id=identifier)) == expected


def test_a_gene_without_a_mane_transcript_keeps_its_own() -> None:
    stranger = replace(kmt2a_transcript(Build.GRCH38), id="ENST1.1", symbol="NEW1")
    assert reference(stranger) == "ENST1.1"
