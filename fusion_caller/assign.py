"""Calls of one sample to its KMT2A events: partner, kind, exons, region, flags.

Nothing is filtered. A call with KMT2A in it always becomes part of an event, and what should not be
trusted is flagged. Two callers on the same reads are one assay: their reads are listed, never
summed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.gene_names import paralogues_of
from fusion_caller.kmt2a_gene import Build, Kmt2aLocation, Side, build_of, locate, partner_exon_at
from fusion_caller.knowledge import KMT2A, KMT2A_TRANSCRIPT, PTD, neighbours, partners
from fusion_caller.records import (
    CallerReads,
    Flag,
    Frame,
    FusionCall,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.readers import CallerFile
    from fusion_caller.records import Source

# Fewer split reads than this in every caller is too little to rest on alone. From memory: callers'
# own defaults lie between 1 and 3 junction reads.
LOW_SUPPORT_SPLIT_READS = 3
# A KMT2A-PTD duplicates exons 2 to 8, 9 or 10, in frame (Meyer 2023 and the phases of the exons). A
# block that starts at exon 3 or ends at exon 11 is known too (from memory).
PTD_LAST_EXONS = range(8, 12)
PTD_FIRST_EXONS = range(2, 4)

# Partners whose fusions enter through the 5'UTR, so that a frame counted in their coding sequence
# fails (from memory).
ENTRY_BY_5PRIME_UTR = frozenset({"MLLT11", "CT45A1", "CT45A2", "CT45A5"})

_KIND_ORDER = list(FusionKind)


def assign(files: Iterable[CallerFile]) -> tuple[SampleFusions, ...]:
    """Find the KMT2A events of every sample.

    Args:
        files: What the callers' files held, those without a call included.

    Returns:
        Samples ordered by patient and sample, one without events where no caller found KMT2A;
        events ordered by kind and support.
    """
    ran: dict[tuple[str, str], set[Source]] = defaultdict(set)
    calls: dict[tuple[str, str], list[FusionCall]] = defaultdict(list)
    unread: Counter[tuple[str, str]] = Counter()
    first_file: dict[tuple[str, str], str] = {}
    for file in files:
        owners = {(file.patient, file.sample)} if file.sample else set()
        for owner in (*owners, *((call.patient, call.sample) for call in file.calls)):
            first_file.setdefault(owner, file.file)
        if file.sample:
            ran[file.patient, file.sample].add(file.source)
        for row in file.set_aside:
            if row.names_kmt2a and row.sample:
                ran[row.patient, row.sample].add(file.source)
                unread[row.patient, row.sample] += 1
        for call in file.calls:
            ran[call.patient, call.sample].add(call.source)
            if KMT2A in (call.gene_5prime, call.gene_3prime):
                calls[call.patient, call.sample].append(call)
    return tuple(
        SampleFusions(
            patient=patient,
            sample=sample,
            callers_run=tuple(sorted(ran[patient, sample])),
            events=tuple(_assign_sample(calls[patient, sample])),
            unread_kmt2a_rows=unread[patient, sample],
            file="" if calls[patient, sample] else first_file.get((patient, sample), ""),
        )
        for patient, sample in sorted(ran)
    )


def _assign_sample(calls: Sequence[FusionCall]) -> list[Kmt2aFusion]:
    grouped: dict[tuple[FusionKind, str], list[FusionCall]] = defaultdict(list)
    for call in calls:
        grouped[_kind(call), _partner_key(call)].append(call)
    events = [_event(kind, group) for (kind, _), group in grouped.items()]
    return sorted(_join_reciprocals(events), key=_event_order)


def is_weak(event: Kmt2aFusion) -> bool:
    """Whether an event needs another assay before anything rests on it."""
    return not {Flag.LOW_SUPPORT, Flag.PARTNER_NOT_KNOWN}.isdisjoint(event.flags)


def _event_order(event: Kmt2aFusion) -> tuple[int, int, str]:
    return _KIND_ORDER.index(event.kind), -event.split_reads, event.partner


def _kind(call: FusionCall) -> FusionKind:
    if call.gene_5prime == call.gene_3prime == KMT2A:
        return FusionKind.PTD if _is_ptd(call) else FusionKind.INTRAGENIC
    other = call.gene_3prime if call.gene_5prime == KMT2A else call.gene_5prime
    if other in neighbours():
        return FusionKind.READ_THROUGH
    return FusionKind.FUSION if call.gene_5prime == KMT2A else FusionKind.RECIPROCAL


def _is_ptd(call: FusionCall) -> bool:
    """Whether the 5' part ends on a later exon than the 3' part begins, as in a duplication."""
    five, three = _location(call, Side.FIVE_PRIME), _location(call, Side.THREE_PRIME)
    if five is None or three is None:
        return "duplication" in call.event_type
    return five.exon.mane in PTD_LAST_EXONS and three.exon.mane in PTD_FIRST_EXONS


def _partner_key(call: FusionCall) -> str:
    """The partner, with paralogues as one, so that callers which differ only in that are joined."""
    other = call.gene_3prime if call.gene_5prime == KMT2A else call.gene_5prime
    family = paralogues_of(other)
    return family[0] if family else other


def _support(call: FusionCall) -> tuple[int, int, str, str, int]:
    """Sort key: the call with most split reads first, then by spanning fragments, then by name."""
    return (
        -(call.split_reads or 0),
        -(call.spanning_fragments or 0),
        call.source,
        call.file,
        call.line,
    )


def _location(call: FusionCall, side: Side) -> Kmt2aLocation | None:
    place = call.breakpoint_5prime if side is Side.FIVE_PRIME else call.breakpoint_3prime
    return locate(place, side) if place is not None and build_of(place) is not None else None


def _event(kind: FusionKind, group: Sequence[FusionCall]) -> Kmt2aFusion:
    calls = tuple(sorted(group, key=_support))
    lead = calls[0]
    kmt2a_side = Side.FIVE_PRIME if lead.gene_5prime == KMT2A else Side.THREE_PRIME
    location = _location(lead, kmt2a_side)
    partner = _partner_name(calls, kmt2a_side)
    partner_exon, partner_transcript = _partner_exon(lead, kind, kmt2a_side, location)
    five, three = (KMT2A, partner) if kmt2a_side is Side.FIVE_PRIME else (partner, KMT2A)
    return Kmt2aFusion(
        patient=lead.patient,
        sample=lead.sample,
        kind=kind,
        partner=PTD if kind is FusionKind.PTD else partner,
        fusion=f"{five}::{three}",
        kmt2a_exon=location.label if location else "",
        partner_exon=partner_exon,
        kmt2a_transcript=KMT2A_TRANSCRIPT if location else "",
        partner_transcript=partner_transcript,
        region=location.region if location else "",
        build=location.build if location else "",
        reading_frame=_reading_frame(calls),
        flags=_flags(kind, partner, calls),
        breakpoint_5prime=lead.breakpoint_5prime,
        breakpoint_3prime=lead.breakpoint_3prime,
        reads=_reads_by_caller(calls),
        reported_partners=_reported_partners(calls),
        n_calls=len(calls),
        file=lead.file,
        line=lead.line,
    )


def _partner_name(calls: Sequence[FusionCall], kmt2a_side: Side) -> str:
    """The lead call's partner; among paralogues the one that is a known partner."""
    lead = calls[0]
    named = lead.gene_3prime if kmt2a_side is Side.FIVE_PRIME else lead.gene_5prime
    return next((symbol for symbol in paralogues_of(named) if symbol in partners()), named)


def _reads_by_caller(calls: Sequence[FusionCall]) -> tuple[CallerReads, ...]:
    """Each caller's best call; the calls come best first."""
    best: dict[Source, CallerReads] = {}
    for call in calls:
        reads = CallerReads(
            source=call.source,
            split_reads=call.split_reads,
            spanning_fragments=call.spanning_fragments,
        )
        best.setdefault(call.source, reads)
    return tuple(best.values())


def _reported_partners(calls: Sequence[FusionCall]) -> tuple[str, ...]:
    names = {
        call.reported_3prime if call.gene_5prime == KMT2A else call.reported_5prime
        for call in calls
    }
    return tuple(sorted(names))


def _partner_exon(
    lead: FusionCall, kind: FusionKind, kmt2a_side: Side, location: Kmt2aLocation | None
) -> tuple[str, str]:
    if kind in (FusionKind.PTD, FusionKind.INTRAGENIC):
        entry = _location(lead, Side.THREE_PRIME)
        return (entry.label, KMT2A_TRANSCRIPT) if entry else ("", "")
    five_prime = kmt2a_side is Side.FIVE_PRIME
    symbol = lead.gene_3prime if five_prime else lead.gene_5prime
    place = lead.breakpoint_3prime if five_prime else lead.breakpoint_5prime
    # Partner exons are packaged on GRCh38 only.
    if place is None or location is None or location.build is not Build.GRCH38:
        return "", ""
    return partner_exon_at(symbol, place, Side.THREE_PRIME if five_prime else Side.FIVE_PRIME)


def _reading_frame(calls: Sequence[FusionCall]) -> Frame:
    """What the best-supported caller that judges the frame says of it."""
    stated = (call.caller_reading_frame for call in calls)
    return next((frame for frame in stated if frame is not Frame.UNKNOWN), Frame.UNKNOWN)


def _flags(kind: FusionKind, partner: str, calls: Sequence[FusionCall]) -> tuple[Flag, ...]:
    flags = []
    if kind is FusionKind.READ_THROUGH:
        flags.append(Flag.READ_THROUGH)
    elif kind in (FusionKind.FUSION, FusionKind.RECIPROCAL) and partner not in partners():
        flags.append(Flag.PARTNER_NOT_KNOWN)
    if paralogues_of(partner):
        flags.append(Flag.PARALOGUE)
    counted = [call.split_reads for call in calls if call.split_reads is not None]
    if counted and max(counted) < LOW_SUPPORT_SPLIT_READS:
        flags.append(Flag.LOW_SUPPORT)
    frames = {call.caller_reading_frame for call in calls}
    judged = Frame.OUT_OF_FRAME in frames and Frame.IN_FRAME not in frames
    if kind is FusionKind.FUSION and judged and partner not in ENTRY_BY_5PRIME_UTR:
        flags.append(Flag.OUT_OF_FRAME)
    return tuple(flags)


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
