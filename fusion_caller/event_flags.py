"""Remarks on KMT2A events: what should not be trusted is flagged, and nothing is removed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.contigs import Build
from fusion_caller.knowledge import KMT2A, PTD, kmt2a_exons, neighbours, partners
from fusion_caller.packaged_genes import packaged_annotation
from fusion_caller.records import (
    NO_GENE,
    ORIENTATION_NOT_KNOWN,
    Flag,
    Frame,
    FrameBasis,
    FusionKind,
    Source,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.records import Breakpoint, FusionCall, Kmt2aFusion, SampleFusions

# Fewer split reads than this in every caller is too little to rest on alone. From memory: callers'
# own defaults lie between 1 and 3 junction reads.
LOW_SUPPORT_SPLIT_READS = 3
# A pair in this share of a run's patients, and in so many at least, is more likely made by the
# library or the mapping than by so many leukaemias. It never concerns a known partner.
MANY_SAMPLES_SHARE = 0.05
MANY_SAMPLES_LEAST = 3

_MEGABASE = 1_000_000


def is_weak(event: Kmt2aFusion) -> bool:
    """Whether an event needs another assay before anything rests on it."""
    weak = {Flag.LOW_SUPPORT, Flag.PARTNER_NOT_KNOWN, Flag.OFF_GENE, Flag.PARTNER_ELSEWHERE}
    return is_doubtful(event) or not weak.isdisjoint(event.flags)


def is_doubtful(event: Kmt2aFusion) -> bool:
    """Whether what was seen is no evidence by itself.

    That is what its own caller discarded, and of an aligner's rows those that noise makes too: few
    reads, mates without a read across the junction, and back-splicing, which circular RNA has.
    """
    if Flag.DISCARDED in event.flags:
        return True
    noise = Flag.LOW_SUPPORT in event.flags or event.kind is FusionKind.PTD
    return Flag.ALIGNER_ONLY in event.flags and (noise or not event.split_reads)


def flags_of(event: Kmt2aFusion, calls: Sequence[FusionCall]) -> tuple[Flag, ...]:
    """The flags of an event and of the calls that it was made of."""
    read_through = event.kind is FusionKind.READ_THROUGH
    between_genes = not event.kind.within_kmt2a and not read_through
    counted = [call.split_reads for call in calls if call.split_reads is not None]
    flags = {
        Flag.READ_THROUGH: read_through and _runs_on(event),
        Flag.NEIGHBOUR: read_through and not _runs_on(event),
        Flag.KNOWN_ARTEFACT: read_through and neighbours()[event.partner].seen_as_artefact,
        Flag.PARTNER_NOT_KNOWN: between_genes and event.partner not in partners(),
        Flag.PARALOGUE: bool(event.partner_alternatives),
        Flag.LOW_SUPPORT: bool(counted) and max(counted) < LOW_SUPPORT_SPLIT_READS,
        Flag.OUT_OF_FRAME: event.kind is FusionKind.FUSION
        and event.reading_frame is Frame.OUT_OF_FRAME,
        Flag.FRAME_DISAGREES: _frames_disagree(event),
        Flag.DISCARDED: all(Flag.DISCARDED in call.flags for call in calls),
        Flag.ALIGNER_ONLY: all(call.source is Source.CHIMERIC_JUNCTION for call in calls),
        Flag.ORIENTATION: all(ORIENTATION_NOT_KNOWN in call.event_type for call in calls),
        Flag.GENE_BY_POSITION: any(Flag.GENE_BY_POSITION in call.flags for call in calls),
        Flag.BUILD_GUESSED: any(
            Flag.BUILD_GUESSED in call.flags
            for call in calls
            if (call.file, call.line) == (event.file, event.line)  # the leading call
        ),
        Flag.PARTNER_ELSEWHERE: _partner_is_elsewhere(event),
        Flag.OFF_GENE: not event.kmt2a_site and _kmt2a_breakpoint(event) is not None,
    }
    return tuple(flag for flag, holds in flags.items() if holds)


def _runs_on(event: Kmt2aFusion) -> bool:
    """Whether transcription that runs on from the 5' gene reaches the 3' gene.

    KMT2A is on the plus strand.
    """
    neighbour = neighbours()[event.partner]
    lies_behind = neighbour.start > kmt2a_exons()[0].start_grch38
    return neighbour.strand == "+" and lies_behind == event.fusion.startswith(f"{KMT2A}::")


def _kmt2a_breakpoint(event: Kmt2aFusion) -> Breakpoint | None:
    first = event.fusion.startswith(f"{KMT2A}::")
    return event.breakpoint_5prime if first else event.breakpoint_3prime


def _partner_is_elsewhere(event: Kmt2aFusion) -> bool:
    """Whether the caller's partner lies on another chromosome, or megabases from the breakpoint.

    So it is after rows of a table were sorted without one of its columns.
    """
    first = event.fusion.startswith(f"{KMT2A}::")
    where = event.breakpoint_3prime if first else event.breakpoint_5prime
    known = packaged_annotation(Build(event.build)).genes if event.build else {}
    gene = known.get(event.partner)
    if gene is None or where is None or event.partner_alternatives:
        return False
    near = gene.start - _MEGABASE <= where.position <= gene.end + _MEGABASE
    return where.contig != gene.contig or not near


def _frames_disagree(event: Kmt2aFusion) -> bool:
    """Whether a caller, or the phases, contradict another on the frame.

    A stop codon after an entry in frame is out of frame for one caller and in frame for another.
    """
    said = {text.partition(":")[2] for text in event.caller_frames}
    if event.frame_basis is not FrameBasis.CALLER:
        said.add(event.reading_frame)
    return Frame.IN_FRAME in said and Frame.OUT_OF_FRAME in said


def flag_many(samples: tuple[SampleFusions, ...]) -> tuple[SampleFusions, ...]:
    """Flag the pairs that too many patients of the run have, in whichever of their samples.

    Never a known partner, nor one without a name, which is another gene in each patient.
    """
    never = {*partners(), KMT2A, PTD, NO_GENE}
    of_patient: dict[str, set[str]] = defaultdict(set)
    for sample in samples:
        names = {event.fusion for event in sample.events if event.partner not in never}
        of_patient[sample.patient] |= names
    seen = Counter(name for names in of_patient.values() for name in names)
    least = max(MANY_SAMPLES_LEAST, MANY_SAMPLES_SHARE * len(of_patient))
    many = {name for name, n in seen.items() if n >= least}
    return tuple(
        replace(
            sample,
            events=tuple(
                replace(event, flags=(*event.flags, Flag.MANY_SAMPLES))
                if event.fusion in many
                else event
                for event in sample.events
            ),
        )
        if many and sample.events
        else sample
        for sample in samples
    )
