"""Calls of one sample to its KMT2A events: partner, kind, exons, region, frame, flags.

Nothing is filtered. A call with KMT2A in it always becomes part of an event, and what should not be
trusted is flagged. Two callers on the same reads are one assay: their reads are listed, never
summed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.annotation import Side
from fusion_caller.contigs import Build
from fusion_caller.frames import frame_of_junction, fused_transcript
from fusion_caller.fusion_names import hgvs_name, vicc_exon_name, vicc_name
from fusion_caller.gene_names import paralogues_of
from fusion_caller.junctions import (
    End,
    Junction,
    best_reads,
    coding_position,
    end_of,
    junctions_of,
    support,
)
from fusion_caller.kmt2a_gene import build_of, region_of
from fusion_caller.knowledge import KMT2A, PTD, kmt2a_domains, kmt2a_exons, neighbours, partners
from fusion_caller.placing import Genes
from fusion_caller.records import (
    NO_GENE,
    ORIENTATION_NOT_KNOWN,
    Disposition,
    Flag,
    Frame,
    FrameBasis,
    FusionCall,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion_caller.annotation import Annotation
    from fusion_caller.genome import Genome
    from fusion_caller.readers import CallerFile
    from fusion_caller.records import Breakpoint, Source

# Fewer split reads than this in every caller is too little to rest on alone. From memory: callers'
# own defaults lie between 1 and 3 junction reads.
LOW_SUPPORT_SPLIT_READS = 3
# A KMT2A-PTD duplicates exons 2 to 8, 9 or 10, in frame (Meyer 2023 and the phases of the exons). A
# block that starts at exon 3 or ends at exon 11 is known too (from memory).
PTD_LAST_EXONS = range(8, 12)
PTD_FIRST_EXONS = range(2, 4)
# A pair in this share of a run's patients, and in so many at least, is more likely made by the
# library or the mapping than by so many leukaemias. It never concerns a known partner.
MANY_SAMPLES_SHARE = 0.05
MANY_SAMPLES_LEAST = 3

_KIND_ORDER = list(FusionKind)
_WITHIN_KMT2A = (FusionKind.PTD, FusionKind.INTRAGENIC)


def assign(
    files: Iterable[CallerFile],
    *,
    genes: Genes | None = None,
    genomes: Mapping[Build, Genome] | None = None,
) -> tuple[SampleFusions, ...]:
    """Find the KMT2A events of every sample.

    Args:
        files: What the callers' files held, those without a call included; gone through once, and
            nothing but the calls with KMT2A in them is kept.
        genes: Where the partners' exons are looked up; the packaged genes if absent.
        genomes: Genomes to read fused transcripts from, by build.

    Returns:
        Samples ordered by patient and sample, one without events where no caller found KMT2A;
        events ordered by kind and support.
    """
    ran: dict[tuple[str, str], set[Source]] = defaultdict(set)
    calls: dict[tuple[str, str], list[FusionCall]] = defaultdict(list)
    unread: Counter[tuple[str, str]] = Counter()
    first_file: dict[tuple[str, str], str] = {}
    for file in files:
        for owner in file.owners:
            ran[owner].add(file.source)
            first_file.setdefault(owner, file.file)
        for row in file.set_aside:
            if row.names_kmt2a and row.sample and row.disposition is Disposition.REFUSED:
                ran[row.patient, row.sample].add(file.source)
                unread[row.patient, row.sample] += 1
        for call in file.calls:
            if KMT2A in (call.gene_5prime, call.gene_3prime):
                calls[call.patient, call.sample].append(_with_build(call))
    sample_events = _SampleEvents(genes or Genes(), genomes or {})
    samples = tuple(
        SampleFusions(
            patient=patient,
            sample=sample,
            callers_run=tuple(sorted(ran[patient, sample])),
            events=tuple(sample_events.of(calls.get((patient, sample), ()))),
            unread_kmt2a_rows=unread[patient, sample],
            file="" if (patient, sample) in calls else first_file.get((patient, sample), ""),
        )
        for patient, sample in sorted(ran)
    )
    return _flag_many(samples)


def _with_build(call: FusionCall) -> FusionCall:
    """The call with the build of its position on KMT2A, where nobody said it before."""
    if call.build:
        return call
    sides = ((call.gene_5prime, call.breakpoint_5prime), (call.gene_3prime, call.breakpoint_3prime))
    for symbol, where in sides:
        if symbol == KMT2A and where is not None and (build := build_of(where)):
            return replace(call, build=build)
    return call


def _flag_many(samples: tuple[SampleFusions, ...]) -> tuple[SampleFusions, ...]:
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


def is_weak(event: Kmt2aFusion) -> bool:
    """Whether an event needs another assay before anything rests on it."""
    return not {Flag.LOW_SUPPORT, Flag.PARTNER_NOT_KNOWN}.isdisjoint(event.flags)


class _SampleEvents:
    """Makes the events of one sample after another, with the genes and genomes that all share."""

    def __init__(self, genes: Genes, genomes: Mapping[Build, Genome]) -> None:
        self._genes = genes
        self._genomes = genomes

    def of(self, calls: Sequence[FusionCall]) -> list[Kmt2aFusion]:
        grouped: dict[tuple[FusionKind, str], list[FusionCall]] = defaultdict(list)
        for call in calls:
            grouped[self._kind(call), _partner_key(call)].append(call)
        events = [self._event(kind, group) for (kind, _), group in grouped.items()]
        return sorted(_join_reciprocals(events), key=_event_order)

    def _annotation(self, call: FusionCall) -> Annotation | None:
        return self._genes.on(Build(call.build)) if call.build else None

    def _kind(self, call: FusionCall) -> FusionKind:
        if call.gene_5prime == call.gene_3prime == KMT2A:
            return FusionKind.PTD if self._is_ptd(call) else FusionKind.INTRAGENIC
        other = call.gene_3prime if call.gene_5prime == KMT2A else call.gene_5prime
        if other in neighbours():
            return FusionKind.READ_THROUGH
        return FusionKind.FUSION if call.gene_5prime == KMT2A else FusionKind.RECIPROCAL

    def _is_ptd(self, call: FusionCall) -> bool:
        """Whether the 5' part ends on a later exon than the 3' part begins, as in a duplication."""
        annotation = self._annotation(call)
        five = end_of(KMT2A, call.breakpoint_5prime, Side.FIVE_PRIME, annotation)
        three = end_of(KMT2A, call.breakpoint_3prime, Side.THREE_PRIME, annotation)
        if five is None or three is None:
            return "duplication" in call.event_type
        return five.exon in PTD_LAST_EXONS and three.exon in PTD_FIRST_EXONS

    def _event(self, kind: FusionKind, group: Sequence[FusionCall]) -> Kmt2aFusion:
        junctions = junctions_of(group, self._annotation)
        leading = junctions[0]
        lead = leading.lead
        five_prime = lead.gene_5prime == KMT2A
        here, there = (leading.five, leading.three) if five_prime else (leading.three, leading.five)
        partner = _partner_name(lead)
        five, three = (KMT2A, partner) if five_prime else (partner, KMT2A)
        calls = sorted(group, key=support)
        genome = self._genomes.get(Build(lead.build)) if lead.build else None
        fused = fused_transcript(leading, genome)
        frame, basis = frame_of_junction(leading, fused)
        kept, lost = ((), ()) if kind in _WITHIN_KMT2A else _domains(here, five_prime=five_prime)
        numbers = _older_numbers(here)
        event = Kmt2aFusion(
            patient=lead.patient,
            sample=lead.sample,
            kind=kind,
            partner=PTD if kind is FusionKind.PTD else partner,
            fusion=f"{five}::{three}",
            partner_alternatives=tuple(s for s in paralogues_of(partner) if s != partner),
            breakpoint_5prime=_stranded(lead.breakpoint_5prime, leading.five),
            breakpoint_3prime=_stranded(lead.breakpoint_3prime, leading.three),
            build=lead.build,
            kmt2a_exon=here.label if here else "",
            kmt2a_exon_nilson=numbers[0],
            kmt2a_exon_legacy=numbers[1],
            kmt2a_site=here.site if here else "",
            kmt2a_distance=here.distance if here else None,
            kmt2a_transcript=here.transcript.id if here else "",
            partner_exon=there.label if there else "",
            partner_site=there.site if there else "",
            partner_distance=there.distance if there else None,
            partner_transcript=there.transcript.id if there else "",
            duplicated_exons=_duplicated_exons(kind, leading),
            region=region_of(here.exon, kept_5prime=five_prime) if here else "",
            reading_frame=frame,
            frame_basis=basis,
            caller_frames=_caller_frames(junctions),
            domains_kept=kept,
            domains_lost=lost,
            isoforms=tuple(map(str, junctions)),
            hgvs=hgvs_name(leading),
            vicc=vicc_name(five, three),
            vicc_exons=vicc_exon_name(leading, five, three),
            fused=fused,
            reads=best_reads(calls),
            reported_partners=_reported_partners(calls),
            n_calls=len(calls),
            file=lead.file,
            line=lead.line,
        )
        return replace(event, flags=_flags(event, calls))


def _event_order(event: Kmt2aFusion) -> tuple[int, int, str]:
    return _KIND_ORDER.index(event.kind), -event.split_reads, event.partner


def _partner_key(call: FusionCall) -> str:
    """The partner, with paralogues as one, so that callers which differ only in that are joined.

    Breakpoints in no gene are partners of their own on each chromosome.
    """
    five_prime = call.gene_5prime == KMT2A
    other = call.gene_3prime if five_prime else call.gene_5prime
    if other == NO_GENE:
        where = call.breakpoint_3prime if five_prime else call.breakpoint_5prime
        return f"{other} {where.contig if where else ''}"
    family = paralogues_of(other)
    return family[0] if family else other


def _partner_name(lead: FusionCall) -> str:
    """The lead call's partner; among paralogues the one that is a known partner."""
    named = lead.gene_3prime if lead.gene_5prime == KMT2A else lead.gene_5prime
    return next((symbol for symbol in paralogues_of(named) if symbol in partners()), named)


def _stranded(where: Breakpoint | None, end: End | None) -> Breakpoint | None:
    """The breakpoint with its gene's strand, where the caller does not give it."""
    if where is None or where.strand or end is None:
        return where
    return replace(where, strand=end.transcript.strand)


def _older_numbers(end: End | None) -> tuple[str, str]:
    """A KMT2A exon in the 37-exon and the breakpoint-region numbering, empty where it has none."""
    if end is None:
        return "", ""
    exon = kmt2a_exons()[end.exon - 1]
    return f"e{exon.nilson}", f"e{exon.legacy}" if exon.legacy is not None else ""


def _domains(end: End | None, *, five_prime: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """KMT2A's domains that the fusion keeps whole, and those that it does not."""
    base = coding_position(end) if end else None
    if base is None:
        return (), ()
    kept: list[str] = []
    lost: list[str] = []
    for domain in kmt2a_domains():
        # Residue n is coded by the bases 3n-2 to 3n.
        whole = 3 * domain.aa_end <= base if five_prime else 3 * domain.aa_start - 2 >= base
        (kept if whole else lost).append(domain.name)
    return tuple(kept), tuple(lost)


def _duplicated_exons(kind: FusionKind, leading: Junction) -> str:
    """The block that a tandem duplication repeats: `e2-8`."""
    if kind is not FusionKind.PTD or leading.five is None or leading.three is None:
        return ""
    return f"e{leading.three.exon}-{leading.five.exon}"


def _caller_frames(junctions: Sequence[Junction]) -> tuple[str, ...]:
    """What each caller says of the frame, in its best call of the leading exons that says anything.

    Another splice isoform has a frame of its own.
    """
    label = junctions[0].label
    calls = [call for junction in junctions if junction.label == label for call in junction.calls]
    stated: dict[Source, Frame] = {}
    for call in sorted(calls, key=support):
        if call.caller_reading_frame is not Frame.UNKNOWN:
            stated.setdefault(call.source, call.caller_reading_frame)
    return tuple(f"{source}:{frame}" for source, frame in stated.items())


def _reported_partners(calls: Sequence[FusionCall]) -> tuple[str, ...]:
    names = {
        call.reported_3prime if call.gene_5prime == KMT2A else call.reported_5prime
        for call in calls
    }
    return tuple(sorted(name for name in names if name))


def _flags(event: Kmt2aFusion, calls: Sequence[FusionCall]) -> tuple[Flag, ...]:
    read_through = event.kind is FusionKind.READ_THROUGH
    between_genes = event.kind not in _WITHIN_KMT2A and not read_through
    counted = [call.split_reads for call in calls if call.split_reads is not None]
    flags = {
        Flag.READ_THROUGH: read_through,
        Flag.KNOWN_ARTEFACT: read_through and neighbours()[event.partner].seen_as_artefact,
        Flag.PARTNER_NOT_KNOWN: between_genes and event.partner not in partners(),
        Flag.PARALOGUE: bool(event.partner_alternatives),
        Flag.LOW_SUPPORT: bool(counted) and max(counted) < LOW_SUPPORT_SPLIT_READS,
        Flag.OUT_OF_FRAME: event.kind is FusionKind.FUSION
        and event.reading_frame is Frame.OUT_OF_FRAME,
        Flag.FRAME_DISAGREES: _frames_disagree(event),
        Flag.ORIENTATION: all(ORIENTATION_NOT_KNOWN in call.event_type for call in calls),
        Flag.GENE_BY_POSITION: any(Flag.GENE_BY_POSITION in call.flags for call in calls),
        Flag.OFF_GENE: not event.kmt2a_site and _kmt2a_breakpoint(event) is not None,
    }
    return tuple(flag for flag, holds in flags.items() if holds)


def _kmt2a_breakpoint(event: Kmt2aFusion) -> Breakpoint | None:
    first = event.fusion.startswith(f"{KMT2A}::")
    return event.breakpoint_5prime if first else event.breakpoint_3prime


def _frames_disagree(event: Kmt2aFusion) -> bool:
    """Whether a caller, or the phases, contradict another on the frame.

    A stop codon after an entry in frame is out of frame for one caller and in frame for another.
    """
    said = {text.partition(":")[2] for text in event.caller_frames}
    if event.frame_basis is not FrameBasis.CALLER:
        said.add(event.reading_frame)
    return Frame.IN_FRAME in said and Frame.OUT_OF_FRAME in said


def _join_reciprocals(events: Sequence[Kmt2aFusion]) -> list[Kmt2aFusion]:
    """Join each reciprocal to the fusion of the same partner, or mark it for what it is.

    A reciprocal with another partner than the fusion's is what a three-way rearrangement leaves.
    One without any fusion may be all that is expressed, and is marked as such.
    """
    fusions = [event for event in events if event.kind is FusionKind.FUSION]
    direct = {event.partner for event in fusions}
    trusted = [event for event in fusions if not is_weak(event)]
    reciprocals = {e.partner: e.fusion for e in events if e.kind is FusionKind.RECIPROCAL}
    joined = []
    for event in events:
        if event.kind is FusionKind.FUSION:
            others = [name for partner, name in reciprocals.items() if partner not in direct]
            own = reciprocals.get(event.partner)
            names = [own] if own else sorted(others) if event in trusted else []
            complex_one = bool(names) and own is None
            flags = (*event.flags, Flag.COMPLEX) if complex_one else event.flags
            joined.append(replace(event, reciprocal=";".join(names), flags=flags))
        elif event.kind is FusionKind.RECIPROCAL and event.partner not in direct:
            if trusted or (fusions and event.partner not in partners()):
                known = tuple(f for f in event.flags if f is not Flag.PARTNER_NOT_KNOWN)
                flags = (*known, Flag.COMPLEX)
                kind = FusionKind.COMPLEX_RECIPROCAL
            else:
                flags = (*event.flags, Flag.RECIPROCAL_ONLY)
                kind = FusionKind.RECIPROCAL
            joined.append(replace(event, kind=kind, flags=flags))
        else:
            joined.append(event)
    return joined
