"""Fused transcripts: KMT2A's real cDNA on a genome, joined to partners on both strands."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pysam
import pytest
from Bio.Seq import reverse_complement
from Bio.Seq import translate as translate_bases

from fusion_caller.annotation import Transcript
from fusion_caller.contigs import Build
from fusion_caller.errors import BadValueError
from fusion_caller.fused_transcript import (
    FramePrediction,
    FusedTranscript,
    Join,
    Joint,
    StopSite,
    frame_by_phase,
    translate,
)
from fusion_caller.genome import Genome
from fusion_caller.knowledge import Domain, Evidence, kmt2a_exons
from fusion_caller.records import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator

CDNA = Path(__file__).parents[1] / "data" / "kmt2a_cdna" / "KMT2A-213.fa"

# The last base of exons 7 to 13, and the codon phase after it.
EXIT = {7: 118_482_092, 8: 118_482_495, 9: 118_484_314, 10: 118_484_975, 11: 118_488_760}
EXIT |= {12: 118_489_887, 13: 118_490_249}
EXIT_PHASE = {7: 1, 8: 0, 9: 0, 10: 0, 11: 0, 12: 0, 13: 1}
# Residues of KMT2A with a whole codon in the exons up to this one.
EXIT_AA = {7: 1337, 8: 1362, 9: 1406, 10: 1444, 11: 1493, 12: 1525, 13: 1565}
# The first base of exon 2; 144 residues are coded before it.
ENTRY_E2 = 118_468_775

KMT2A = Transcript(
    id="ENST00000534358.8",
    symbol="KMT2A",
    contig="chr11",
    strand="+",
    exons=tuple((exon.start_grch38, exon.end_grch38) for exon in kmt2a_exons()),
    cds_start=22,
    cds_end=11_940,
    coding_known=True,
)

# A partner has four exons of 60, 31, 31 and 100 bases, 100 bases apart. 30 bases are before the
# start codon and 12 after the stop codon, so that it has 59 residues, 10 of them in the first exon.
EXON_LENGTHS = (60, 31, 31, 100)
ENTRY_PHASE = {2: 0, 3: 1, 4: 2}
# Residues with a whole codon from that exon on.
ENTRY_AA = {2: 49, 3: 38, 4: 28}
CDS = (31, 210)
RESIDUES = 59
OPEN_UTR = "GCC" * 10
STOP_UTR = "GCC" * 5 + "TGA" + "GCC" * 4
SPACER = "GCC"  # open in all frames of both strands


def partner_bases(utr: str, seed: int) -> str:
    """The spliced bases of a partner, with no stop codon in its own frame but the last."""
    rng = random.Random(seed)  # noqa: S311
    codons = [a + b + c for a in "ACG" for b in "ACGT" for c in "ACGT"]
    coding = "".join(rng.choices(codons, k=RESIDUES - 1))
    return f"{utr}ATG{coding}TAA{'GCC' * 4}"


def partner(strand: str, first: int, *, contig: str = "chr4") -> Transcript:
    """A partner of which the lowest position of the gene is `first`."""
    lengths = EXON_LENGTHS if strand == "+" else EXON_LENGTHS[::-1]
    exons = []
    for length in lengths:
        exons.append((first, first + length - 1))
        first += length + 100
    return Transcript(
        id=f"partner{strand}",
        symbol="PARTNER",
        contig=contig,
        strand=strand,
        exons=tuple(exons if strand == "+" else reversed(exons)),
        cds_start=CDS[0],
        cds_end=CDS[1],
        coding_known=True,
    )


PLUS, MINUS = partner("+", 1001), partner("-", 3001)
STOPPED_PLUS, STOPPED_MINUS = partner("+", 5001), partner("-", 7001)
PARTNERS = {
    "+": (PLUS, partner_bases(OPEN_UTR, 1)),
    "-": (MINUS, partner_bases(OPEN_UTR, 2)),
    "stopped +": (STOPPED_PLUS, partner_bases(STOP_UTR, 3)),
    "stopped -": (STOPPED_MINUS, partner_bases(STOP_UTR, 4)),
}


def lay(contig: bytearray, transcript: Transcript, bases: str) -> None:
    """Write a transcript's bases where its exons are."""
    for start, end in transcript.exons:
        exon, bases = bases[: end - start + 1], bases[end - start + 1 :]
        if transcript.strand == "-":
            exon = str(reverse_complement(exon))
        contig[start - 1 : end] = exon.encode()
    assert not bases


@pytest.fixture(scope="session")
def genome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Genome]:
    """Chromosome 11 of GRCh38 with KMT2A's exons among N, and a short contig of partners."""
    cdna = "".join(CDNA.read_text().splitlines()[1:])
    chr11 = bytearray(b"N" * 135_086_622)
    lay(chr11, KMT2A, cdna[2:])  # the cDNA begins two bases before the MANE transcript
    contig = bytearray((SPACER * 3000).encode())
    for transcript, bases in PARTNERS.values():
        lay(contig, transcript, bases)
    path = tmp_path_factory.mktemp("genome") / "genome.fa.gz"
    with pysam.BGZFile(str(path), "wb") as stream:
        for name, whole in ((b"chr11", chr11), (b"4", contig)):
            stream.write(b">" + name + b"\n")
            for at in range(0, len(whole), 1_000_000):
                stream.write(bytes(whole[at : at + 1_000_000]) + b"\n")
    with Genome(path) as opened:
        assert opened.build is Build.GRCH38
        yield opened


@pytest.fixture(scope="session")
def protein(genome: Genome) -> str:
    """KMT2A, by joining its exon 8 to its own exon 9."""
    return fused(genome, EXIT[8], KMT2A, 118_484_183).peptide


def fused(
    genome: Genome, five: int, three: Transcript, three_breakpoint: int, *, inserted: str = ""
) -> FusedTranscript:
    """KMT2A up to a position, joined to another transcript."""
    joint = Joint(
        five=KMT2A,
        five_breakpoint=five,
        three=three,
        three_breakpoint=three_breakpoint,
        inserted=inserted,
    )
    found = translate(joint, genome.sequence)
    bases = len(inserted)
    assert found.prediction == frame_by_phase(KMT2A, five, three, three_breakpoint, bases)
    assert len(found.peptide) == found.exit_aa + found.added_aa + found.partner_aa
    return found


def entry(transcript: Transcript, exon: int, *, offset: int = 0) -> int:
    """The first base of an exon, or one so many bases further on (negative: before it)."""
    start, end = transcript.exons[exon - 1]
    return start + offset if transcript.strand == "+" else end - offset


def test_the_cdna_is_kmt2a_and_meets_its_exons() -> None:
    cdna = "".join(CDNA.read_text().splitlines()[1:])
    assert len(cdna) == 16_602
    assert cdna[23:26] == "ATG"
    ends, length = {}, 2
    for exon in kmt2a_exons():
        length += exon.end_grch38 - exon.start_grch38 + 1
        ends[exon.mane] = length
    assert [ends[number] for number in (7, 8, 9, 10, 11)] == [4035, 4109, 4241, 4355, 4502]
    assert length == 16_602


def test_kmt2a_is_translated_whole(genome: Genome) -> None:
    found = fused(genome, EXIT[8], KMT2A, 118_484_183)
    assert len(found.peptide) == 3972
    assert found.peptide.startswith("MAHSCRWRFP")
    assert found.peptide.endswith("RKFLN")
    assert (len(found.cdna), found.junction, found.cds_start) == (16_600, 4107, 22)
    assert (found.stop, found.stop_site, found.frame) == (11_938, StopSite.OWN, Frame.IN_FRAME)
    assert (found.exit_aa, found.added_aa, found.partner_aa) == (1362, 0, 2610)


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("entry_exon", ENTRY_PHASE)
@pytest.mark.parametrize("exit_exon", EXIT)
def test_phase_and_translation_agree(
    genome: Genome, protein: str, exit_exon: int, entry_exon: int, strand: str
) -> None:
    transcript, bases = PARTNERS[strand]
    found = fused(genome, EXIT[exit_exon], transcript, entry(transcript, entry_exon))
    in_frame = EXIT_PHASE[exit_exon] == ENTRY_PHASE[entry_exon]
    assert found.prediction == FramePrediction(
        join=Join.IN_FRAME if in_frame else Join.OUT_OF_FRAME,
        exit_phase=EXIT_PHASE[exit_exon],
        entry_phase=ENTRY_PHASE[entry_exon],
        exit_aa=EXIT_AA[exit_exon],
        fits=in_frame,
    )
    # The exons joined here make no stop codon where they meet.
    assert found.stop_site not in (StopSite.BEFORE_JUNCTION, StopSite.AT_JUNCTION)
    assert found.frame is found.prediction.frame
    assert found.frame is (Frame.IN_FRAME if in_frame else Frame.OUT_OF_FRAME)
    assert found.exit_aa == EXIT_AA[exit_exon]
    assert found.peptide[: found.exit_aa] == protein[: found.exit_aa]
    own = str(translate_bases(bases[30:210], to_stop=True))[-ENTRY_AA[entry_exon] :]
    assert found.peptide.endswith(own) == in_frame
    assert found.partner_aa == (ENTRY_AA[entry_exon] if in_frame else 0)
    if in_frame:
        assert found.stop_site is StopSite.OWN
        # A codon made of both genes is neither's own.
        assert found.added_aa == (1 if EXIT_PHASE[exit_exon] else 0)
        assert found.cdna.endswith(bases[sum(EXON_LENGTHS[: entry_exon - 1]) :])


@pytest.mark.parametrize(("exon", "residues"), [(8, 5190), (9, 5234), (10, 5272)])
def test_partial_tandem_duplications_are_in_frame(
    genome: Genome, protein: str, exon: int, residues: int
) -> None:
    found = fused(genome, EXIT[exon], KMT2A, ENTRY_E2)
    assert (found.frame, found.prediction.frame) == (Frame.IN_FRAME, Frame.IN_FRAME)
    assert (found.exit_aa, found.added_aa, found.partner_aa) == (EXIT_AA[exon], 0, 3972 - 144)
    assert len(found.peptide) == residues
    assert found.peptide == protein[: EXIT_AA[exon]] + protein[144:]


@pytest.mark.parametrize(("five", "three"), [(0, 1), (0, 2), (0, 3), (-1, 1), (-2, 1), (-3, 3)])
@pytest.mark.parametrize("strand", ["+", "-"])
def test_breaks_within_exons(genome: Genome, strand: str, five: int, three: int) -> None:
    transcript, bases = PARTNERS[strand]
    found = fused(genome, EXIT[9] + five, transcript, entry(transcript, 2, offset=three))
    # Both exon edges are in phase 0, so that the bases that are missing must add up.
    in_frame = (three - five) % 3 == 0
    assert found.frame is (Frame.IN_FRAME if in_frame else Frame.OUT_OF_FRAME)
    assert found.exit_aa == {0: 1406, -1: 1405, -2: 1405, -3: 1405}[five]
    assert found.cdna.endswith(bases[60 + three :])
    assert len(found.cdna) == 4239 + five + 162 - three
    if in_frame:
        assert found.partner_aa == 48
        assert found.added_aa == (1 if five in (-1, -2) else 0)


@pytest.mark.parametrize(
    ("inserted", "exit_exon", "frame", "stop", "added"),
    [
        ("GGC", 9, Frame.IN_FRAME, StopSite.OWN, 1),
        ("ggcgcc", 9, Frame.IN_FRAME, StopSite.OWN, 2),
        ("GG", 9, Frame.OUT_OF_FRAME, StopSite.AFTER_JUNCTION, None),
        ("TAG", 9, Frame.STOP_CODON, StopSite.AT_JUNCTION, 0),
        ("GGCTGAGGC", 9, Frame.STOP_CODON, StopSite.AT_JUNCTION, 1),
        # Exon 7 ends with one base of a codon.
        ("GG", 7, Frame.IN_FRAME, StopSite.OWN, 1),
        ("GGTAA", 7, Frame.STOP_CODON, StopSite.AT_JUNCTION, 1),
        ("", 7, Frame.OUT_OF_FRAME, StopSite.AFTER_JUNCTION, None),
    ],
)
@pytest.mark.parametrize("strand", ["+", "-"])
def test_inserted_bases(
    genome: Genome,
    *,
    strand: str,
    inserted: str,
    exit_exon: int,
    frame: Frame,
    stop: StopSite,
    added: int | None,
) -> None:
    transcript, _ = PARTNERS[strand]
    found = fused(genome, EXIT[exit_exon], transcript, entry(transcript, 2), inserted=inserted)
    assert (found.frame, found.exit_aa) == (frame, EXIT_AA[exit_exon])
    if added is not None:
        assert (found.stop_site, found.added_aa) == (stop, added)
        assert found.partner_aa == (49 if stop is StopSite.OWN else 0)
    else:
        assert found.stop_site in (StopSite.AFTER_JUNCTION, StopSite.NONE)
        assert found.partner_aa == 0
    # Without the sequence of the insertion its length is all there is to go by.
    fits = (EXIT_PHASE[exit_exon] + len(inserted)) % 3 == 0
    assert found.prediction.frame is (Frame.IN_FRAME if fits else Frame.OUT_OF_FRAME)
    assert found.cdna[found.junction : found.junction + len(inserted)] == inserted.upper()


@pytest.mark.parametrize(
    ("strand", "frame", "stop", "added", "own"),
    [
        ("+", Frame.IN_FRAME, StopSite.OWN, 10, 59),
        ("-", Frame.IN_FRAME, StopSite.OWN, 10, 59),
        ("stopped +", Frame.STOP_CODON, StopSite.AFTER_JUNCTION, 5, 0),
        ("stopped -", Frame.STOP_CODON, StopSite.AFTER_JUNCTION, 5, 0),
    ],
)
def test_an_entry_in_the_5utr_needs_the_sequence(
    genome: Genome, *, strand: str, frame: Frame, stop: StopSite, added: int, own: int
) -> None:
    transcript, bases = PARTNERS[strand]
    found = fused(genome, EXIT[9], transcript, entry(transcript, 1))
    assert found.prediction == FramePrediction(
        join=Join.ENTRY_5UTR,
        exit_phase=0,
        entry_phase=0,
        exit_aa=1406,
        untranslated_bases=30,
        fits=True,
    )
    assert found.prediction.needs_sequence
    assert found.prediction.frame is Frame.UNKNOWN
    assert (found.frame, found.stop_site) == (frame, stop)
    assert (found.exit_aa, found.added_aa, found.partner_aa) == (1406, added, own)
    assert found.peptide[1406:1411] == "AAAAA"
    assert found.cdna.endswith(bases)


@pytest.mark.parametrize(
    ("offset", "utr", "entry_phase"), [(1, 29, 1), (2, 28, 2), (3, 27, 0), (-1, 31, 2), (27, 3, 0)]
)
def test_the_5utr_bases_count_for_the_phase(
    genome: Genome, offset: int, utr: int, entry_phase: int
) -> None:
    for transcript in (PLUS, MINUS):
        found = fused(genome, EXIT[8], transcript, entry(transcript, 1, offset=offset))
        assert found.prediction.join is Join.ENTRY_5UTR
        assert (found.prediction.untranslated_bases, found.prediction.entry_phase) == (
            utr,
            entry_phase,
        )
        fits = utr % 3 == 0
        assert found.prediction.frame is (Frame.UNKNOWN if fits else Frame.OUT_OF_FRAME)
        assert found.frame is (Frame.IN_FRAME if fits else Frame.OUT_OF_FRAME)
        assert found.added_aa == utr // 3 or not fits


def test_the_start_codon_itself_is_no_5utr() -> None:
    for transcript in (PLUS, MINUS):
        found = frame_by_phase(KMT2A, EXIT[8], transcript, entry(transcript, 1, offset=30))
        assert (found.join, found.frame) == (Join.IN_FRAME, Frame.IN_FRAME)


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize(("intron", "frame"), [(6, Frame.IN_FRAME), (7, Frame.OUT_OF_FRAME)])
def test_an_entry_in_an_intron_reads_its_bases(
    genome: Genome, strand: str, intron: int, frame: Frame
) -> None:
    transcript, bases = PARTNERS[strand]
    found = fused(genome, EXIT[9], transcript, entry(transcript, 2, offset=-intron))
    fits = frame is Frame.IN_FRAME
    assert found.prediction.untranslated_bases == intron
    assert found.prediction.needs_sequence == fits
    assert found.prediction.frame is (Frame.UNKNOWN if fits else frame)
    assert found.frame is frame
    # Intron bases are those on the strand of the gene, next to the exon.
    start, end = transcript.exons[1]
    lies = (start - intron, start - 1) if strand == "+" else (end + 1, end + intron)
    assert found.cdna[4239:] == genome.sequence("chr4", *lies, strand) + bases[60:]
    if fits:
        assert (found.added_aa, found.partner_aa) == (2, 49)


def test_an_intron_before_the_start_codon_is_as_a_5utr() -> None:
    # Base 61 is the first of exon 2.
    transcript = altered(PLUS, known=True, cds=(61, 210))
    assert frame_by_phase(KMT2A, EXIT[9], transcript, entry(PLUS, 2)).join is Join.IN_FRAME
    found = frame_by_phase(KMT2A, EXIT[9], transcript, entry(PLUS, 2, offset=-3))
    assert (found.join, found.untranslated_bases, found.fits) == (Join.ENTRY_5UTR, 3, True)


def test_an_exit_in_an_intron_reads_its_bases(genome: Genome) -> None:
    # The introns of KMT2A are N here, of which a codon is an unknown residue.
    found = fused(genome, EXIT[9] + 6, PLUS, entry(PLUS, 2))
    assert (found.junction, found.exit_aa, found.added_aa) == (4245, 1406, 2)
    assert found.peptide[1406:1408] == "XX"
    assert found.prediction.untranslated_bases == 6
    assert (found.prediction.frame, found.frame) == (Frame.UNKNOWN, Frame.IN_FRAME)
    assert fused(genome, EXIT[9] + 7, PLUS, entry(PLUS, 2)).frame is Frame.OUT_OF_FRAME


def test_a_stop_codon_in_a_retained_intron_ends_the_protein(genome: Genome) -> None:
    def with_a_stop(contig: str, start: int, end: int, strand: str) -> str:
        bases = genome.sequence(contig, start, end, strand)
        return bases[:-9] + "TAGGCCGCC" if end == EXIT[9] + 9 else bases

    joint = Joint(
        five=KMT2A, five_breakpoint=EXIT[9] + 9, three=PLUS, three_breakpoint=entry(PLUS, 2)
    )
    found = translate(joint, with_a_stop)
    assert (found.stop_site, found.frame) == (StopSite.BEFORE_JUNCTION, Frame.STOP_CODON)
    assert (len(found.peptide), found.stop) == (1406, 4240)
    assert (found.exit_aa, found.added_aa, found.partner_aa) == (1406, 0, 0)


def test_a_stop_codon_in_the_partner_before_its_own_is_premature(genome: Genome) -> None:
    def with_a_stop(contig: str, start: int, end: int, strand: str) -> str:
        bases = genome.sequence(contig, start, end, strand)
        return bases[:6] + "TAA" + bases[9:] if (start, end) == PLUS.exons[1] else bases

    joint = Joint(five=KMT2A, five_breakpoint=EXIT[9], three=PLUS, three_breakpoint=entry(PLUS, 2))
    found = translate(joint, with_a_stop)
    assert (found.stop_site, found.frame) == (StopSite.AFTER_JUNCTION, Frame.STOP_CODON)
    assert (found.exit_aa, found.added_aa, found.partner_aa) == (1406, 0, 2)
    assert found.prediction.frame is Frame.IN_FRAME


def test_an_entry_after_the_coding_part_makes_no_partner(genome: Genome) -> None:
    for transcript in (PLUS, MINUS):
        # The last exon begins with base 123; base 211 follows the stop codon.
        found = fused(genome, EXIT[9], transcript, entry(transcript, 4, offset=211 - 123))
        assert found.prediction.join is Join.ENTRY_3UTR
        assert (found.prediction.frame, found.frame) == (Frame.OUT_OF_FRAME, Frame.OUT_OF_FRAME)
        assert (found.stop_site, found.partner_aa, found.added_aa) == (StopSite.NONE, 0, 4)
        last = frame_by_phase(KMT2A, EXIT[9], transcript, entry(transcript, 4, offset=210 - 123))
        assert last.join is Join.OUT_OF_FRAME


def test_a_transcript_read_backwards_has_the_same_frames() -> None:
    # From before the first exon, through exons and introns, to after the last.
    for offset in range(-10, 540):
        plus, minus = entry(PLUS, 1, offset=offset), entry(MINUS, 1, offset=offset)
        expected = frame_by_phase(KMT2A, EXIT[7], PLUS, plus)
        assert frame_by_phase(KMT2A, EXIT[7], MINUS, minus) == expected, offset
        expected = frame_by_phase(PLUS, plus, KMT2A, ENTRY_E2)
        assert frame_by_phase(MINUS, minus, KMT2A, ENTRY_E2) == expected, offset
        expected = frame_by_phase(PLUS, plus, MINUS, minus)
        assert frame_by_phase(MINUS, minus, PLUS, plus) == expected, offset


def altered(transcript: Transcript, *, known: bool, cds: tuple[int, int] | None) -> Transcript:
    return Transcript(
        id=transcript.id,
        symbol=transcript.symbol,
        contig=transcript.contig,
        strand=transcript.strand,
        exons=transcript.exons,
        cds_start=cds[0] if cds else None,
        cds_end=cds[1] if cds else None,
        coding_known=known,
    )


def test_partners_that_do_not_code_or_whose_coding_part_is_unknown(genome: Genome) -> None:
    silent = altered(PLUS, known=True, cds=None)
    unknown = altered(PLUS, known=False, cds=None)
    for transcript, join in ((silent, Join.ENTRY_NONCODING), (unknown, Join.UNKNOWN)):
        found = fused(genome, EXIT[9], transcript, entry(transcript, 2))
        assert found.prediction == FramePrediction(join=join, exit_phase=0, exit_aa=1406)
        assert (found.prediction.frame, found.frame) == (Frame.UNKNOWN, Frame.UNKNOWN)
        assert (found.exit_aa, found.partner_aa) == (1406, 0)
    for transcript, join in ((silent, Join.EXIT_NONCODING), (unknown, Join.UNKNOWN)):
        joint = Joint(five=transcript, five_breakpoint=1060, three=KMT2A, three_breakpoint=ENTRY_E2)
        reciprocal = translate(joint, genome.sequence)
        assert reciprocal.prediction == FramePrediction(join=join)
        assert (reciprocal.frame, reciprocal.peptide) == (Frame.UNKNOWN, "")
        assert (reciprocal.cds_start, reciprocal.stop_site) == (None, StopSite.NONE)


@pytest.mark.parametrize(
    ("five", "join", "frame", "residues"),
    [
        # The start codon is bases 31 to 33, the stop codon bases 208 to 210.
        (30, Join.EXIT_5UTR, Frame.UNKNOWN, 0),
        (32, Join.EXIT_5UTR, Frame.UNKNOWN, 0),
        (33, Join.IN_FRAME, Frame.IN_FRAME, 1 + 3972 - 144),
        (34, Join.OUT_OF_FRAME, Frame.OUT_OF_FRAME, None),
        (210, Join.EXIT_3UTR, Frame.STOP_CODON, 59),
        (215, Join.EXIT_3UTR, Frame.STOP_CODON, 59),
    ],
)
@pytest.mark.parametrize("strand", ["+", "-"])
def test_exits_at_the_ends_of_the_coding_part(
    genome: Genome, *, strand: str, five: int, join: Join, frame: Frame, residues: int | None
) -> None:
    transcript, _ = PARTNERS[strand]
    exon, base = (1, five) if five <= 60 else (4, five - 122)
    joint = Joint(
        five=transcript,
        five_breakpoint=entry(transcript, exon, offset=base - 1),
        three=KMT2A,
        three_breakpoint=ENTRY_E2,
    )
    found = translate(joint, genome.sequence)
    assert found.junction == five
    assert (found.prediction.join, found.prediction.frame, found.frame) == (join, frame, frame)
    if residues is not None:
        assert len(found.peptide) == residues
    if join is Join.EXIT_3UTR:
        assert found.prediction.exit_aa == 59
        assert found.stop_site is StopSite.BEFORE_JUNCTION


def test_a_break_that_leaves_nothing_is_refused(genome: Genome) -> None:
    before, after = KMT2A.exons[0][0] - 1, PLUS.exons[-1][1] + 1
    for five, three, side in ((before, entry(PLUS, 2), "5'"), (EXIT[9], after, "3'")):
        assert frame_by_phase(KMT2A, five, PLUS, three) == FramePrediction(join=Join.UNKNOWN)
        joint = Joint(five=KMT2A, five_breakpoint=five, three=PLUS, three_breakpoint=three)
        with pytest.raises(BadValueError, match=f"expected a {side} breakpoint that leaves some"):
            translate(joint, genome.sequence)


def test_inserted_bases_must_be_bases() -> None:
    with pytest.raises(BadValueError, match="expected inserted bases, found 'ACX'"):
        Joint(five=KMT2A, five_breakpoint=1, three=PLUS, three_breakpoint=1, inserted="ACX")


def test_a_coding_part_without_a_start_codon_is_in_phase(genome: Genome) -> None:
    # As for cds_start_NF with frame 2: the first whole codon begins with the third base.
    no_start = altered(PLUS, known=True, cds=(3, 210))
    found = frame_by_phase(KMT2A, EXIT[9], no_start, entry(PLUS, 2))
    # Bases 3 to 60 are 58: one base of a codon goes before exon 2.
    assert (found.entry_phase, found.join) == (1, Join.OUT_OF_FRAME)
    assert frame_by_phase(KMT2A, EXIT[7], no_start, entry(PLUS, 2)).frame is Frame.IN_FRAME


def domain(name: str, first: int, last: int) -> Domain:
    return Domain(name=name, aa_start=first, aa_end=last, evidence=Evidence.SOURCED, source="")
