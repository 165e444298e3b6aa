"""The reading frame of a junction: phases held against a translation, sequence, callers' words.

A partner is taken for a repeat of CTGATTAGC from its first exon in phase 0 on: that has no stop
codon in its own frame (CTG ATT AGC) and one in each of the others (TGA, TAG).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from fusion_caller.annotation import Annotation, Transcript
from fusion_caller.contigs import Build
from fusion_caller.frames import frame_of_junction, fused_transcript
from fusion_caller.junctions import Junction, junctions_of
from fusion_caller.knowledge import (
    PartnerExon,
    SameTranscript,
    entry_exons,
    kmt2a_exons,
    partner_exons,
)
from fusion_caller.packaged_genes import packaged_annotation
from fusion_caller.records import Breakpoint, Frame, FrameBasis, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.genome import Genome

CDNA = Path(__file__).parents[1] / "data" / "kmt2a_cdna" / "KMT2A-213.fa"
CODING = "".join(CDNA.read_text().splitlines()[1:])[23:]
STOPS = ("TAA", "TAG", "TGA")
OWN_STOP = 11_917  # the first base of KMT2A's stop codon, as in c.1
# The last coding base of KMT2A's exons 7 to 13.
EXITS = {7: 4012, 8: 4086, 9: 4218, 10: 4332, 11: 4479, 12: 4575, 13: 4696}
# The first coding base of the exons that a reciprocal enters.
ENTRIES = {exon + 1: base + 1 for exon, base in EXITS.items()}
REPEAT = "CTGATTAGC"
LISTED = {
    symbol: listed.exons
    for symbol, listed in entry_exons().items()
    if listed.same_as_packaged is SameTranscript.YES
}
BY_UTR = ("MLLT11",)
PARTNERS = sorted(set(LISTED) - set(BY_UTR))
IN, OUT, UNKNOWN = Frame.IN_FRAME, Frame.OUT_OF_FRAME, Frame.UNKNOWN


def first_stop(bases: str) -> int | None:
    """The first base of the first stop codon, read from the first base on."""
    codons = range(0, len(bases) - 2, 3)
    return next((at + 1 for at in codons if bases[at : at + 3] in STOPS), None)


def partner_bases(symbol: str) -> dict[int, tuple[int, int]]:
    """Of each exon from the first in phase 0 on, the first and last base counted from there."""
    found, end = {}, 0
    first, last = LISTED[symbol][0], LISTED[symbol][-1]
    for exon in partner_exons()[symbol][first - 1 : last]:
        start, end = end + 1, end + exon.end - exon.start + 1
        found[exon.number] = (start, end)
    return found


def up_to(coding: int) -> str:
    """The end of KMT2A's 5' part, from the start of a codon on; there is no stop before it."""
    return CODING[max(coding // 3 - 10, 0) * 3 : coding]


def repeat(first: int, last: int) -> str:
    return (REPEAT * (last // 9 + 1))[first - 1 : last]


def position(exon: PartnerExon, build: Build, *, at_start: bool, inside: int = 0) -> Breakpoint:
    """The edge of a partner's exon, or a base so far inside it."""
    low, high = exon.start, exon.end
    if build is Build.GRCH37:
        assert exon.start_grch37 is not None
        assert exon.end_grch37 is not None
        low, high = exon.start_grch37, exon.end_grch37
    if at_start is (exon.strand == "+"):
        return Breakpoint(exon.contig, low + inside, exon.strand)
    return Breakpoint(exon.contig, high - inside, exon.strand)


def kmt2a(exon: int, build: Build, *, at_start: bool, inside: int = 0) -> Breakpoint:
    own = kmt2a_exons()[exon - 1]
    low, high = (own.start_grch38, own.end_grch38)
    if build is Build.GRCH37:
        low, high = (own.start_grch37, own.end_grch37)
    return Breakpoint("chr11", low + inside if at_start else high - inside, "+")


def junction(
    five: str,
    three: str,
    place_5prime: Breakpoint | None = None,
    place_3prime: Breakpoint | None = None,
    *,
    said: tuple[Frame, ...] = (UNKNOWN,),
    build: Build = Build.GRCH38,
    annotation: Annotation | None = None,
) -> Junction:
    calls = [
        FusionCall(
            patient="P1",
            sample="S1",
            source=Source.ARRIBA,
            gene_5prime=five,
            gene_3prime=three,
            reported_5prime=five,
            reported_3prime=three,
            breakpoint_5prime=place_5prime,
            breakpoint_3prime=place_3prime,
            split_reads=9 - number,
            caller_reading_frame=frame,
            build=build,
            file="f",
            line=2,
        )
        for number, frame in enumerate(said)
    ]
    (found,) = junctions_of(calls, lambda _: annotation or packaged_annotation(build))
    return found


def by_phase(one: Junction) -> Frame:
    """The frame without a sequence, which may rest on the phases only."""
    frame, basis = frame_of_junction(one, None)
    assert basis is (FrameBasis.NONE if frame is UNKNOWN else FrameBasis.PHASE)
    return frame


def builds_of(symbol: str) -> list[Build]:
    on_37 = partner_exons()[symbol][0].start_grch37 is not None
    return [Build.GRCH38, Build.GRCH37] if on_37 else [Build.GRCH38]


def test_the_yardstick_is_right() -> None:
    assert [first_stop(REPEAT[frame:] * 2) for frame in (0, 1, 2)] == [None, 1, 4]
    assert CODING.startswith("ATG")
    assert first_stop(CODING) == OWN_STOP
    assert [len(up_to(coding)) for coding in (4086, 4012, 3)] == [30, 31, 3]
    assert len(PARTNERS) == 61
    assert "MLLT3" in PARTNERS


@pytest.mark.parametrize("symbol", PARTNERS)
def test_phases_agree_with_a_translation(symbol: str) -> None:
    last = partner_bases(symbol)[LISTED[symbol][-1]][1]
    checked = []
    for number, (first, _) in partner_bases(symbol).items():
        exon = partner_exons()[symbol][number - 1]
        for exit_exon, coding in EXITS.items():
            is_open = first_stop(up_to(coding) + repeat(first, last)) is None
            for build in builds_of(symbol):
                one = junction(
                    "KMT2A",
                    symbol,
                    kmt2a(exit_exon, build, at_start=False),
                    position(exon, build, at_start=True),
                    build=build,
                )
                assert one.label == f"e{exit_exon}::e{number}"
                assert by_phase(one) is (IN if is_open else OUT), one.label
            if is_open and exit_exon == 8:
                checked.append(number)
    assert tuple(checked) == LISTED[symbol]


@pytest.mark.parametrize("symbol", ["AFF1", "MLLT3", "MLLT1", "USP2", "ELL", "AFDN"])
@pytest.mark.parametrize("inside_5prime", range(4))
@pytest.mark.parametrize("inside_3prime", range(4))
def test_phases_agree_with_a_translation_where_exons_are_cut(
    symbol: str, inside_5prime: int, inside_3prime: int
) -> None:
    bases = partner_bases(symbol)
    for number in list(bases)[:-1]:
        first, last = bases[number][0], bases[LISTED[symbol][-1]][1]
        for exit_exon, coding in EXITS.items():
            fused = up_to(coding - inside_5prime) + repeat(first + inside_3prime, last)
            one = junction(
                "KMT2A",
                symbol,
                kmt2a(exit_exon, Build.GRCH38, at_start=False, inside=inside_5prime),
                position(
                    partner_exons()[symbol][number - 1],
                    Build.GRCH38,
                    at_start=True,
                    inside=inside_3prime,
                ),
            )
            assert by_phase(one) is (IN if first_stop(fused) is None else OUT), one.label


@pytest.mark.parametrize("symbol", PARTNERS)
def test_phases_of_a_reciprocal_agree_with_a_translation(symbol: str) -> None:
    bases = partner_bases(symbol)
    # The end of the last exon that is listed lies behind what is known.
    for number in list(bases)[:-1]:
        for entry, coding in ENTRIES.items():
            last = bases[number][1]
            head = repeat(max(last // 3 - 10, 0) * 3 + 1, last)
            # 300 codons have a stop in each of KMT2A's other frames.
            is_open = first_stop(head + CODING[coding - 1 :][:900]) is None
            one = junction(
                symbol,
                "KMT2A",
                position(partner_exons()[symbol][number - 1], Build.GRCH38, at_start=False),
                kmt2a(entry, Build.GRCH38, at_start=True),
            )
            assert one.label == f"e{number}::e{entry}"
            assert by_phase(one) is (IN if is_open else OUT), one.label


@pytest.mark.parametrize("symbol", ["AFF1", "MLLT3", "USP2"])
@pytest.mark.parametrize("inside", range(4))
def test_phases_of_a_reciprocal_agree_where_the_partner_is_cut(symbol: str, inside: int) -> None:
    bases = partner_bases(symbol)
    for number in list(bases)[:-1]:
        fused = repeat(1, bases[number][1] - inside) + CODING[ENTRIES[9] - 1 :][:900]
        cut = position(
            partner_exons()[symbol][number - 1], Build.GRCH38, at_start=False, inside=inside
        )
        one = junction(symbol, "KMT2A", cut, kmt2a(9, Build.GRCH38, at_start=True))
        assert by_phase(one) is (IN if first_stop(fused) is None else OUT), one.label


@pytest.mark.parametrize(
    ("last", "first", "frame"),
    [(8, 2, IN), (9, 2, IN), (10, 2, IN), (11, 2, IN), (7, 2, OUT), (8, 3, OUT), (13, 3, IN)],
)
def test_a_duplication_within_kmt2a(last: int, first: int, frame: Frame) -> None:
    place_5prime = kmt2a(last, Build.GRCH38, at_start=False)
    place_3prime = kmt2a(first, Build.GRCH38, at_start=True)
    assert by_phase(junction("KMT2A", "KMT2A", place_5prime, place_3prime)) is frame


# What phases do not tell


def test_what_lies_outside_the_exons_that_are_known_is_unknown() -> None:
    exit_8 = kmt2a(8, Build.GRCH38, at_start=False)
    # AFF1's known phases begin with exon 4, those of EEFSEC end with exon 6 of 7.
    for symbol, number in (("AFF1", 2), ("AFF1", 3), ("AFF1", 18), ("EEFSEC", 7)):
        start = position(partner_exons()[symbol][number - 1], Build.GRCH38, at_start=True)
        assert by_phase(junction("KMT2A", symbol, exit_8, start)) is UNKNOWN


def test_a_cut_last_exon_may_be_behind_the_stop_codon() -> None:
    last = partner_exons()["MLLT1"][-1]
    exit_8 = kmt2a(8, Build.GRCH38, at_start=False)
    edge = position(last, Build.GRCH38, at_start=True)
    inside = position(last, Build.GRCH38, at_start=True, inside=3)
    assert by_phase(junction("KMT2A", "MLLT1", exit_8, edge)) is IN
    assert by_phase(junction("KMT2A", "MLLT1", exit_8, inside)) is UNKNOWN


@pytest.mark.parametrize("place", ["chr11:118482496:+", "chr11:118436512:+", "chr11:118522180:+"])
def test_introns_and_untranslated_ends_of_kmt2a_tell_nothing(place: str) -> None:
    entry = position(partner_exons()["AFF1"][4], Build.GRCH38, at_start=True)
    assert by_phase(junction("KMT2A", "AFF1", Breakpoint.from_string(place), entry)) is UNKNOWN


def test_a_reciprocal_that_enters_before_the_start_codon_is_unknown() -> None:
    leave = position(partner_exons()["AFF1"][4], Build.GRCH38, at_start=False)
    entry = kmt2a(1, Build.GRCH38, at_start=True)
    assert by_phase(junction("AFF1", "KMT2A", leave, entry)) is UNKNOWN
    coding_mllt3 = position(partner_exons()["MLLT3"][4], Build.GRCH38, at_start=False)
    assert by_phase(junction("MLLT3", "KMT2A", coding_mllt3, entry)) is UNKNOWN


def test_without_two_ends_there_is_no_phase() -> None:
    exit_8 = kmt2a(8, Build.GRCH38, at_start=False)
    assert by_phase(junction("KMT2A", "AFF1")) is UNKNOWN
    assert by_phase(junction("KMT2A", "AFF1", exit_8)) is UNKNOWN
    assert by_phase(junction("KMT2A", "NEW1", exit_8, Breakpoint("chr2", 5, "+"))) is UNKNOWN


# Partners that are entered through the 5'UTR


@pytest.mark.parametrize(("exit_exon", "frame"), [(8, IN), (9, IN), (10, IN), (7, UNKNOWN)])
@pytest.mark.parametrize("said", [UNKNOWN, OUT])
def test_mllt11_is_never_called_out_of_frame(exit_exon: int, frame: Frame, said: Frame) -> None:
    exon_2 = position(partner_exons()["MLLT11"][1], Build.GRCH38, at_start=True)
    leave = kmt2a(exit_exon, Build.GRCH38, at_start=False)
    one = junction("KMT2A", "MLLT11", leave, exon_2, said=(said,))
    basis = FrameBasis.PHASE if frame is IN else FrameBasis.NONE
    assert frame_of_junction(one, None) == (frame, basis)


@pytest.mark.parametrize("symbol", ["CT45A1", "CT45A2", "CT45A5", "CT45A10"])
@pytest.mark.parametrize("said", [UNKNOWN, OUT, IN])
def test_ct45a_is_never_called_out_of_frame(symbol: str, said: Frame) -> None:
    exon_2 = position(partner_exons()[symbol][1], Build.GRCH38, at_start=True)
    leave = kmt2a(8, Build.GRCH38, at_start=False)
    one = junction("KMT2A", symbol, leave, exon_2, said=(said,))
    expected = (IN, FrameBasis.CALLER) if said is IN else (UNKNOWN, FrameBasis.NONE)
    assert frame_of_junction(one, None) == expected


@pytest.mark.parametrize("exit_exon", [7, 8])
def test_no_entry_into_a_5utr_is_called_out_of_frame_by_phases(exit_exon: int) -> None:
    # MLLT3's start codon is 243 bases into exon 1, so that one of the two does not fit.
    entry = position(partner_exons()["MLLT3"][0], Build.GRCH38, at_start=True)
    leave = kmt2a(exit_exon, Build.GRCH38, at_start=False)
    assert by_phase(junction("KMT2A", "MLLT3", leave, entry)) is UNKNOWN


# Callers


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((UNKNOWN,), (UNKNOWN, FrameBasis.NONE)),
        ((IN,), (IN, FrameBasis.CALLER)),
        ((UNKNOWN, OUT, IN), (OUT, FrameBasis.CALLER)),
        ((Frame.STOP_CODON, IN), (Frame.STOP_CODON, FrameBasis.CALLER)),
    ],
)
def test_without_phases_the_best_caller_that_judges_is_believed(
    said: tuple[Frame, ...], expected: tuple[Frame, FrameBasis]
) -> None:
    assert frame_of_junction(junction("KMT2A", "NEW1", said=said), None) == expected


def test_phases_come_before_a_caller() -> None:
    leave = kmt2a(8, Build.GRCH38, at_start=False)
    entry = position(partner_exons()["AFF1"][4], Build.GRCH38, at_start=True)
    one = junction("KMT2A", "AFF1", leave, entry, said=(OUT,))
    assert frame_of_junction(one, None) == (IN, FrameBasis.PHASE)


# The sequence


class Bases:
    """A genome that holds KMT2A's exons and those of MLLT3, which are made here."""

    def __init__(self, utr: str = "GCC" * 81, behind: str = "TAA") -> None:
        cdna = "".join(CDNA.read_text().splitlines()[1:])[2:]
        # 243 bases before the start codon, 1,707 of coding sequence with its stop, the rest.
        coding = "ATG" + (REPEAT * 190)[: 1707 - 6] + behind
        self.spliced = {"chr11": cdna, "chr9": (utr + coding + "GCC" * 2000)}
        self.exons: dict[str, list[tuple[int, int]]] = {
            "chr11": [(exon.start_grch38, exon.end_grch38) for exon in kmt2a_exons()],
            "chr9": [(exon.start, exon.end) for exon in partner_exons()["MLLT3"]],
        }

    def has(self, contig: str) -> bool:
        return contig in self.exons

    def sequence(self, contig: str, start: int, end: int, strand: str) -> str:
        at = 0
        for low, high in self.exons[contig]:
            if low <= start and end <= high:
                skipped = start - low if strand == "+" else high - end
                return self.spliced[contig][at + skipped : at + skipped + end - start + 1]
            at += high - low + 1
        return "N" * (end - start + 1)


def mllt3(exit_exon: int, entry_exon: int, **bases: str) -> tuple[Frame, FrameBasis]:
    leave = kmt2a(exit_exon, Build.GRCH38, at_start=False)
    entry = position(partner_exons()["MLLT3"][entry_exon - 1], Build.GRCH38, at_start=True)
    one = junction("KMT2A", "MLLT3", leave, entry, said=(Frame.STOP_CODON,))
    return frame_of_junction(one, fused_transcript(one, cast("Genome", Bases(**bases))))


@pytest.mark.parametrize("entry_exon", range(2, 12))
@pytest.mark.parametrize("exit_exon", EXITS)
def test_the_sequence_says_what_the_phases_say(exit_exon: int, entry_exon: int) -> None:
    leave = kmt2a(exit_exon, Build.GRCH38, at_start=False)
    entry = position(partner_exons()["MLLT3"][entry_exon - 1], Build.GRCH38, at_start=True)
    expected = by_phase(junction("KMT2A", "MLLT3", leave, entry))
    assert expected in (IN, OUT)
    frame, basis = mllt3(exit_exon, entry_exon)
    assert (frame, basis) == (expected, FrameBasis.SEQUENCE)


def test_the_sequence_shows_what_phases_cannot() -> None:
    # Through an open 5'UTR, through one with a stop codon, and where the own stop codon is early.
    assert mllt3(8, 1) == (IN, FrameBasis.SEQUENCE)
    assert mllt3(8, 1, utr="GCC" * 40 + "TGA" + "GCC" * 40) == (
        Frame.STOP_CODON,
        FrameBasis.SEQUENCE,
    )


def test_a_fused_transcript_needs_a_genome_and_both_coding_parts() -> None:
    leave = kmt2a(8, Build.GRCH38, at_start=False)
    entry = position(partner_exons()["MLLT3"][5], Build.GRCH38, at_start=True)
    assert fused_transcript(junction("KMT2A", "MLLT3", leave, entry), None) is None
    genome = cast("Genome", Bases())
    assert fused_transcript(junction("KMT2A", "MLLT3", leave), genome) is None
    unknown = position(partner_exons()["AFF1"][4], Build.GRCH38, at_start=True)
    assert fused_transcript(junction("KMT2A", "AFF1", leave, unknown), genome) is None
    found = fused_transcript(junction("KMT2A", "MLLT3", leave, entry), genome)
    assert found is not None
    assert (found.junction, found.peptide[:5]) == (4107, "MAHSC")


def test_a_sequence_that_tells_nothing_leaves_it_to_the_phases() -> None:
    leave = kmt2a(8, Build.GRCH38, at_start=False)
    entry = position(partner_exons()["MLLT3"][5], Build.GRCH38, at_start=True)
    one = junction("KMT2A", "MLLT3", leave, entry)
    found = fused_transcript(one, cast("Genome", Bases()))
    assert found is not None
    silent = replace(found, frame=UNKNOWN)
    assert frame_of_junction(one, silent) == (IN, FrameBasis.PHASE)


def test_a_transcript_that_codes_for_nothing_has_no_frame() -> None:
    known = packaged_annotation(Build.GRCH38)
    gene = known.genes["AFF1"]
    assert gene.transcript
    silent = Transcript(
        id="ENST1",
        symbol="AFF1",
        contig="chr4",
        strand="+",
        exons=gene.transcript.exons,
        coding_known=True,
    )
    annotation = Annotation(
        build=Build.GRCH38,
        genes={"KMT2A": known.genes["KMT2A"], "AFF1": replace(gene, transcript=silent)},
        name="g.gtf",
    )
    leave = kmt2a(8, Build.GRCH38, at_start=False)
    entry = position(partner_exons()["AFF1"][4], Build.GRCH38, at_start=True)
    one = junction("KMT2A", "AFF1", leave, entry, annotation=annotation)
    assert by_phase(one) is UNKNOWN


E8_END = Breakpoint("chr11", 118_482_495, "+")
# MLLT3's exon 6 begins here, on the minus strand.
MLLT3_E6 = Breakpoint("chr9", 20_365_744, "-")


@pytest.mark.parametrize(
    ("bases", "frame"), [("", IN), ("A", OUT), ("AC", OUT), ("ACG", IN), ("ACGT", OUT)]
)
def test_bases_of_neither_gene_count_for_the_frame(bases: str, frame: Frame) -> None:
    one = junction("KMT2A", "MLLT3", E8_END, MLLT3_E6)
    lead = replace(one.lead, inserted_bases=bases)
    assert by_phase(replace(one, calls=(lead,))) is frame


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_a_break_in_introns_of_both_genes_is_judged_by_the_exons_around_it(shift: int) -> None:
    in_intron_8 = Breakpoint("chr11", 118_483_000, "+")
    before_e6 = Breakpoint("chr9", 20_366_000 + shift, "-")
    one = junction("KMT2A", "MLLT3", in_intron_8, before_e6)
    assert one.label == "e8 (intron)::e6 (intron)"
    assert by_phase(one) is IN
    # A break in one intron only is the transcript's: what the intron says is not known.
    assert by_phase(junction("KMT2A", "MLLT3", E8_END, before_e6)) is not IN


def test_a_duplication_in_introns_1_and_8_is_in_frame() -> None:
    in_intron_1, in_intron_8 = (Breakpoint("chr11", at, "+") for at in (118_460_000, 118_483_000))
    assert by_phase(junction("KMT2A", "KMT2A", in_intron_8, in_intron_1)) is IN
