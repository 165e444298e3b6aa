"""What a fusion makes: its cDNA and its peptide, and what is left of the 5' gene's domains."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fusion_caller.annotation import Side
from fusion_caller.errors import BadValueError
from fusion_caller.phase import (
    CODON,
    FramePrediction,
    Join,
    Part,
    first_base,
    frame_by_phase,
    kept_part,
)
from fusion_caller.records import Frame

if TYPE_CHECKING:
    from fusion_caller.annotation import Transcript

__all__ = [
    "FramePrediction",
    "FusedTranscript",
    "Join",
    "Joint",
    "ReadBases",
    "StopSite",
    "frame_by_phase",
    "translate",
]

ReadBases = Callable[[str, int, int, str], str]
"""Contig, first and last position, strand: the bases, as `Genome.sequence` gives them."""


class StopSite(StrEnum):
    """Where the first stop codon of a fused transcript lies."""

    BEFORE_JUNCTION = "before_junction"
    AT_JUNCTION = "at_junction"
    """In the codon across the junction, or among the inserted bases."""
    AFTER_JUNCTION = "after_junction"
    OWN = "own"
    """At the end of the 3' gene's coding part, in its own frame."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Two transcripts, where they are joined, and bases between them that are of neither.

    Attributes:
        five: The transcript of the 5' gene.
        five_breakpoint: The last base kept of it.
        three: The transcript of the 3' gene.
        three_breakpoint: The first base kept of it.
        inserted: The bases between them, in the direction of the fused transcript.
    """

    five: Transcript
    five_breakpoint: int
    three: Transcript
    three_breakpoint: int
    inserted: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch("[ACGTNacgtn]*", self.inserted):
            raise BadValueError(f"expected inserted bases, found '{self.inserted}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedTranscript:
    """A fused transcript and what is translated from the 5' gene's start codon.

    Attributes:
        cdna: The spliced bases.
        junction: The last base of the 5' part in `cdna`, 1-based; inserted bases follow.
        cds_start: The first base of the 5' gene's start codon in `cdna`, None if it is not there.
        peptide: The residues up to the first stop codon, without it; empty without a start.
        stop: The first base of that stop codon in `cdna`, None if there is none.
        stop_site: Where it lies.
        exit_aa: The last residue of `peptide` whose codon is wholly of the 5' gene.
        added_aa: Residues after that which are not the 3' gene's own: of the codon across the
            junction, of inserted bases, intron or 5'UTR, or of another reading frame.
        partner_aa: Residues after those that the 3' gene has in its own protein.
        prediction: What the phases said.
        frame: In frame only where the 3' gene is read to its own end.
    """

    cdna: str
    junction: int
    cds_start: int | None
    peptide: str
    stop: int | None
    stop_site: StopSite
    exit_aa: int
    added_aa: int
    partner_aa: int
    prediction: FramePrediction
    frame: Frame


def translate(joint: Joint, read_bases: ReadBases) -> FusedTranscript:
    """Join two transcripts and translate from the 5' gene's start codon to the first stop codon.

    The standard code is used: a selenocysteine codon counts as a stop.

    Args:
        joint: The transcripts and their breakpoints.
        read_bases: Where the bases come from, `Genome.sequence`.

    Raises:
        BadValueError: If nothing of one of the transcripts is kept.
        InputError: If the genome does not have the bases.
    """
    head = kept_part(joint.five, joint.five_breakpoint, Side.FIVE_PRIME)
    tail = kept_part(joint.three, joint.three_breakpoint, Side.THREE_PRIME)
    if head is None or tail is None:
        side, of = ("5'", joint.five) if head is None else ("3'", joint.three)
        raise BadValueError(f"expected a {side} breakpoint that leaves some of {of.id}, found none")
    prediction = frame_by_phase(
        joint.five,
        joint.five_breakpoint,
        joint.three,
        joint.three_breakpoint,
        len(joint.inserted),
    )
    bases_5prime = _bases(joint.five, head, read_bases)
    cdna = bases_5prime + joint.inserted.upper() + _bases(joint.three, tail, read_bases)
    junction = len(bases_5prime)
    # What to add to a position in the 3' transcript for that of the same base in the fused one.
    shift = junction + len(joint.inserted) + tail.beyond - first_base(joint.three, tail) + 1
    has_start = prediction.exit_phase is not None or prediction.join is Join.EXIT_3UTR
    start = joint.five.cds_start if has_start else None
    peptide, stop = _peptide(cdna, start)
    own_stop = own_codons = None
    if prediction.fits:
        own_stop, own_codons = _own_frame(joint.three, tail)
    stop_site = _stop_site(
        stop,
        junction=junction,
        tail_begins=junction + len(joint.inserted) + 1,
        own_stop=own_stop and own_stop + shift,
    )
    exit_aa = min(prediction.exit_aa, len(peptide))
    partner_aa = 0
    if start is not None and own_codons is not None:
        partner_aa = max((start + CODON * len(peptide) - own_codons - shift) // CODON, 0)
    return FusedTranscript(
        cdna=cdna,
        junction=junction,
        cds_start=start,
        peptide=peptide,
        stop=stop,
        stop_site=stop_site,
        exit_aa=exit_aa,
        added_aa=len(peptide) - exit_aa - partner_aa,
        partner_aa=partner_aa,
        prediction=prediction,
        frame=_frame(prediction, stop_site) if start else prediction.frame,
    )


def _bases(transcript: Transcript, part: Part, read_bases: ReadBases) -> str:
    contig, strand = transcript.contig, transcript.strand
    return "".join(read_bases(contig, start, end, strand) for start, end in part.spans).upper()


def _peptide(cdna: str, start: int | None) -> tuple[str, int | None]:
    """The residues from a start to the first stop codon, and where that codon begins."""
    if start is None:
        return "", None
    from Bio.Seq import translate as translate_bases

    coding = cdna[start - 1 :]
    whole = coding[: len(coding) // CODON * CODON]  # Biopython warns of a part of a codon
    residues = str(translate_bases(whole))  # type: ignore[no-untyped-call]
    peptide, stop, _ = residues.partition("*")
    return peptide, start + CODON * len(peptide) if stop else None


def _own_frame(three: Transcript, tail: Part) -> tuple[int, int]:
    """Where the stop codon and the first whole codon that is kept begin in the 3' transcript."""
    begin, end = three.cds_start or 1, three.cds_end or 0
    kept = max(first_base(three, tail), begin)
    return end - CODON + 1, kept + (begin - kept) % CODON


def _stop_site(
    stop: int | None, *, junction: int, tail_begins: int, own_stop: int | None
) -> StopSite:
    if stop is None:
        return StopSite.NONE
    if stop + CODON - 1 <= junction:
        return StopSite.BEFORE_JUNCTION
    if stop < tail_begins:
        return StopSite.AT_JUNCTION
    # Not only at it: some files count the stop codon among the coding part, some do not.
    return StopSite.OWN if own_stop and stop >= own_stop else StopSite.AFTER_JUNCTION


def _frame(prediction: FramePrediction, stop_site: StopSite) -> Frame:
    """The verdict with the sequence."""
    if stop_site in (StopSite.BEFORE_JUNCTION, StopSite.AT_JUNCTION):
        return Frame.STOP_CODON
    if not prediction.fits:
        return prediction.frame
    return Frame.STOP_CODON if stop_site is StopSite.AFTER_JUNCTION else Frame.IN_FRAME
