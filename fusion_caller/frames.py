"""The reading frame of a junction: by sequence, else by the phases of the exons, else as called.

The phase of a break is the number of bases of an unfinished codon before it. A fusion is in frame
where the part that is kept of the 5' gene ends in the phase in which the part kept of the 3' gene
is read in its own transcript. Where a fusion enters the 3' gene before its start codon, phases tell
nothing against it: how its 5'UTR is spliced and read, only the sequence shows. A break in introns
of both genes is the genome's, and the exons around it are taken for spliced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.annotation import Side, Site
from fusion_caller.fused_transcript import Join, Joint, frame_by_phase, translate
from fusion_caller.gene_names import PARALOGUES
from fusion_caller.junctions import (
    End,
    Junction,
    coding_length,
    coding_position,
    on_the_edge,
)
from fusion_caller.packaged_genes import entry_phase
from fusion_caller.records import Frame, FrameBasis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.fused_transcript import FusedTranscript
    from fusion_caller.genome import Genome
    from fusion_caller.records import FusionCall

# Partners whose fusions enter through the 5'UTR, so that a frame counted in their coding sequence
# fails, by us or by a caller (MLLT11: PMID 7833468; the CT45A family: from memory).
ENTRY_BY_5PRIME_UTR = frozenset({"MLLT11", *PARALOGUES["CT45A1"]})


def frame_of_junction(
    junction: Junction, fused: FusedTranscript | None
) -> tuple[Frame, FrameBasis]:
    """The frame and what it rests on.

    Args:
        junction: The junction.
        fused: Its transcript, where it was read from a genome; None to go by the phases.
    """
    if fused is not None and fused.frame is not Frame.UNKNOWN:
        return fused.frame, FrameBasis.SEQUENCE
    by_utr = junction.lead.gene_3prime in ENTRY_BY_5PRIME_UTR
    by_phase = _by_phase(junction)
    if by_phase is not Frame.UNKNOWN and not (by_utr and by_phase is Frame.OUT_OF_FRAME):
        return by_phase, FrameBasis.PHASE
    called = _as_called(junction.calls)
    if called is Frame.UNKNOWN or (by_utr and called is Frame.OUT_OF_FRAME):
        return Frame.UNKNOWN, FrameBasis.NONE
    return called, FrameBasis.CALLER


def fused_transcript(junction: Junction, genome: Genome | None) -> FusedTranscript | None:
    """The fused transcript of a junction; None without a genome or without both coding parts.

    Raises:
        InputError: If the genome does not hold the transcripts' positions.
    """
    five, three = _as_spliced(junction)
    if genome is None or five is None or three is None:
        return None
    if not (five.transcript.coding_known and three.transcript.coding_known):
        return None
    if not (genome.has(five.transcript.contig) and genome.has(three.transcript.contig)):
        return None  # a genome of some chromosomes only
    joint = Joint(
        five=five.transcript,
        five_breakpoint=five.position,
        three=three.transcript,
        three_breakpoint=three.position,
        inserted=junction.lead.inserted_bases,
    )
    return translate(joint, genome.sequence)


def _as_spliced(junction: Junction) -> tuple[End | None, End | None]:
    """The ends; of a break in two introns, as in the genome, the exons that are spliced."""
    five, three = junction.five, junction.three
    if five and three and five.site is three.site is Site.INTRON:
        return on_the_edge(five), on_the_edge(three)
    return five, three


def _by_phase(junction: Junction) -> Frame:
    five, three = _as_spliced(junction)
    if five is None or three is None:
        return Frame.UNKNOWN
    inserted = len(junction.lead.inserted_bases)
    if five.transcript.coding_known and three.transcript.coding_known:
        predicted = frame_by_phase(
            five.transcript, five.position, three.transcript, three.position, inserted
        )
        return Frame.UNKNOWN if predicted.join is Join.ENTRY_5UTR else predicted.frame
    exit_phase, entry = _phase(five), _phase(three)
    if exit_phase is None or entry is None:
        return Frame.UNKNOWN
    fits = (exit_phase + inserted) % 3 == entry
    return Frame.IN_FRAME if fits else Frame.OUT_OF_FRAME


def _phase(end: End) -> int | None:
    """The phase of a break in an exon or on its edge, None where it is not known or not coding."""
    if end.distance > 0:
        return None  # bases of an intron are read, and only the sequence tells what they say
    base = coding_position(end)
    if base is not None:
        if not 1 <= base <= coding_length(end.transcript):
            return None
        return base % 3 if end.side is Side.FIVE_PRIME else (base - 1) % 3
    if end.side is Side.FIVE_PRIME:
        phase = entry_phase(end.transcript.symbol, end.exon + 1)
        return None if phase is None else (phase + end.distance) % 3
    if end.distance < 0 and end.exon == len(end.transcript.exons):
        return None  # behind the stop codon, for all that is known
    phase = entry_phase(end.transcript.symbol, end.exon)
    return None if phase is None else (phase - end.distance) % 3


def _as_called(calls: Sequence[FusionCall]) -> Frame:
    """What the best-supported caller that judges the frame says of it."""
    stated = (call.caller_reading_frame for call in calls)
    return next((frame for frame in stated if frame is not Frame.UNKNOWN), Frame.UNKNOWN)
