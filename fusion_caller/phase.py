"""The reading frame across a junction of two transcripts, from their coding positions alone.

The phase of a place is the number of bases of an unfinished codon before it. A fusion is in frame
where the 5' part ends in the phase in which the 3' part is read in its own transcript. A breakpoint
in an intron, or beyond the last or before the first exon, is taken at its word: the fused RNA then
holds the bases between the exon's edge and the breakpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fusion_caller.annotation import Side, locate_on
from fusion_caller.records import Frame

if TYPE_CHECKING:
    from fusion_caller.annotation import Transcript

CODON = 3


class Join(StrEnum):
    """How two transcripts meet, told from where their coding parts begin and end."""

    IN_FRAME = "in_frame"
    OUT_OF_FRAME = "out_of_frame"
    EXIT_5UTR = "exit_5utr"
    """The 5' part ends before its start codon is whole; a start of the 3' gene may be used."""
    EXIT_3UTR = "exit_3utr"
    """The 5' part holds its own stop codon."""
    EXIT_NONCODING = "exit_noncoding"
    """The 5' transcript codes for nothing; a start of the 3' gene may be used."""
    ENTRY_5UTR = "entry_5utr"
    """The 3' part begins before its start codon, so that its 5'UTR is read through."""
    ENTRY_3UTR = "entry_3utr"
    """The 3' part begins after its coding part."""
    ENTRY_NONCODING = "entry_noncoding"
    """The 3' transcript codes for nothing."""
    UNKNOWN = "unknown"
    """A coding part is not known, or nothing of a transcript is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePrediction:
    """The reading frame across a junction, from coding positions alone.

    Attributes:
        join: How the transcripts meet.
        exit_phase: Bases of an unfinished codon at the end of the 5' part; None where not coding.
        entry_phase: The same before the first base of the 3' part, in its own transcript; before
            its start codon the phase in which the start codon comes to be read.
        exit_aa: Residues of the 5' gene of which the whole codon is kept.
        untranslated_bases: Bases of intron and 5'UTR that are read through; whether there is a stop
            codon in them only the sequence can tell.
        fits: Whether the phases agree, given the inserted bases; None where they say nothing.
    """

    join: Join
    exit_phase: int | None = None
    entry_phase: int | None = None
    exit_aa: int = 0
    untranslated_bases: int = 0
    fits: bool | None = None

    @property
    def needs_sequence(self) -> bool:
        """Whether the phases agree, but a stop codon may be read before the 3' gene is reached."""
        return bool(self.fits) and self.untranslated_bases > 0

    @property
    def frame(self) -> Frame:
        """The verdict without the sequence, unknown where it needs one."""
        if self.join is Join.EXIT_3UTR:
            return Frame.STOP_CODON
        if self.join is Join.ENTRY_3UTR or self.fits is False:
            return Frame.OUT_OF_FRAME
        return Frame.UNKNOWN if self.fits is None or self.needs_sequence else Frame.IN_FRAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is kept of a transcript.

    Attributes:
        spans: Start and end of each stretch on the contig, in transcript order.
        beyond: The bases of them that are of no exon, next to the breakpoint.
    """

    spans: tuple[tuple[int, int], ...]
    beyond: int

    @property
    def length(self) -> int:
        """All bases."""
        return sum(end - start + 1 for start, end in self.spans)

    @property
    def spliced(self) -> int:
        """The bases that are of exons."""
        return self.length - self.beyond


def kept_part(transcript: Transcript, position: int, side: Side) -> Part | None:
    """The part of a transcript on one side of a breakpoint, None if nothing of it is there."""
    place = locate_on(transcript, position, side)
    if place is None:
        return None
    index = place.number - 1
    start, end = transcript.exons[index]
    ends_higher = (side is Side.FIVE_PRIME) == (transcript.strand == "+")
    broken = (start, position) if ends_higher else (position, end)
    if side is Side.FIVE_PRIME:
        spans = (*transcript.exons[:index], broken)
    else:
        spans = (broken, *transcript.exons[index + 1 :])
    return Part(spans=spans, beyond=max(place.distance, 0))


def frame_by_phase(
    five: Transcript,
    five_breakpoint: int,
    three: Transcript,
    three_breakpoint: int,
    inserted: int = 0,
) -> FramePrediction:
    """Judge the reading frame from coding positions, without a sequence.

    Args:
        five: The transcript of the 5' gene.
        five_breakpoint: The last base kept of it.
        three: The transcript of the 3' gene, on the same build.
        three_breakpoint: The first base kept of it.
        inserted: How many bases between them are of neither.
    """
    head = kept_part(five, five_breakpoint, Side.FIVE_PRIME)
    tail = kept_part(three, three_breakpoint, Side.THREE_PRIME)
    if head is None or tail is None or not five.coding_known:
        return FramePrediction(join=Join.UNKNOWN)
    if five.cds_start is None or five.cds_end is None:
        return FramePrediction(join=Join.EXIT_NONCODING)
    if head.spliced < five.cds_start + CODON - 1:
        return FramePrediction(join=Join.EXIT_5UTR)
    if head.spliced >= five.cds_end:
        # The stop codon is no residue.
        own = (five.cds_end - five.cds_start + 1) // CODON - 1
        return FramePrediction(join=Join.EXIT_3UTR, exit_aa=own)
    exit_phase = (head.length - five.cds_start + 1) % CODON
    exit_aa = (head.spliced - five.cds_start + 1) // CODON
    if not three.coding_known:
        return FramePrediction(join=Join.UNKNOWN, exit_phase=exit_phase, exit_aa=exit_aa)
    if three.cds_start is None or three.cds_end is None:
        return FramePrediction(join=Join.ENTRY_NONCODING, exit_phase=exit_phase, exit_aa=exit_aa)
    first = first_base(three, tail)
    if first > three.cds_end:
        return FramePrediction(join=Join.ENTRY_3UTR, exit_phase=exit_phase, exit_aa=exit_aa)
    entry_phase = (first - tail.beyond - three.cds_start) % CODON
    fits = (exit_phase + inserted) % CODON == entry_phase
    join = Join.IN_FRAME if fits else Join.OUT_OF_FRAME
    if first <= three.cds_start and first - tail.beyond < three.cds_start:
        join = Join.ENTRY_5UTR
    return FramePrediction(
        join=join,
        exit_phase=exit_phase,
        entry_phase=entry_phase,
        exit_aa=exit_aa,
        untranslated_bases=head.beyond + tail.beyond + max(three.cds_start - first, 0),
        fits=fits,
    )


def first_base(three: Transcript, tail: Part) -> int:
    """The position in the spliced transcript of the first exonic base that is kept."""
    return sum(end - start + 1 for start, end in three.exons) - tail.spliced + 1
