"""The calls of one sample to its KMT2A events: kind, partner, place, frame, domains, names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.annotation import Side
from fusion_caller.contigs import Build
from fusion_caller.event_flags import flags_of
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
from fusion_caller.kmt2a_gene import region_of
from fusion_caller.knowledge import KMT2A, PTD, kmt2a_domains, kmt2a_exons, neighbours, partners
from fusion_caller.reciprocals import join_reciprocals
from fusion_caller.records import (
    NO_GENE,
    PARTNER_SEQUENCE,
    Frame,
    FusionCall,
    FusionKind,
    Kmt2aFusion,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion_caller.annotation import Annotation
    from fusion_caller.genome import Genome
    from fusion_caller.placing import Genes
    from fusion_caller.records import Breakpoint, Source

# A KMT2A-PTD duplicates exons 2 to 8, 9 or 10, in frame (Meyer 2023 and the phases of the exons). A
# block that starts at exon 3 or ends at exon 11 is known too (from memory).
PTD_LAST_EXONS = range(8, 12)
PTD_FIRST_EXONS = range(2, 4)
_KIND_ORDER = list(FusionKind)
# By so many bases at the join two sequences that nothing named are told apart.
_AT_JOIN = 14


class SampleEvents:
    """Makes the events of one sample after another, with the genes and genomes that all share."""

    def __init__(self, genes: Genes, genomes: Mapping[Build, Genome]) -> None:
        self._genes = genes
        self._genomes = genomes

    def of(self, calls: Sequence[FusionCall]) -> list[Kmt2aFusion]:
        """The events of one sample's calls, ordered by kind and support."""
        grouped: dict[tuple[FusionKind, str], list[FusionCall]] = defaultdict(list)
        for call in calls:
            grouped[self._kind(call), _partner_key(call)].append(call)
        events = [self._event(kind, group) for (kind, _), group in grouped.items()]
        return sorted(join_reciprocals(events), key=_event_order)

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
        kept, lost = ((), ()) if kind.within_kmt2a else _domains(here, five_prime=five_prime)
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
            partner_transcript=_of_the_partner(there, partner),
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
        return replace(event, flags=flags_of(event, calls))


def _event_order(event: Kmt2aFusion) -> tuple[int, int, str]:
    return _KIND_ORDER.index(event.kind), -event.split_reads, event.partner


def _partner_key(call: FusionCall) -> str:
    """The partner, with paralogues as one, so that callers which differ only in that are joined.

    Breakpoints in no gene are partners of their own on each chromosome; a sequence that nothing
    named is one at each place on KMT2A and by what it begins with there.
    """
    five_prime = call.gene_5prime == KMT2A
    other = call.gene_3prime if five_prime else call.gene_5prime
    if other == NO_GENE:
        if sequence := call.extras.get(PARTNER_SEQUENCE):
            here = call.breakpoint_5prime if five_prime else call.breakpoint_3prime
            return f"{other} {here} {sequence[:_AT_JOIN] if five_prime else sequence[-_AT_JOIN:]}"
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


def _of_the_partner(end: End | None, partner: str) -> str:
    """The transcript of the partner's end, with the copy it is of where that is another one."""
    if end is None:
        return ""
    copy = end.transcript.symbol
    return end.transcript.id if copy in (partner, KMT2A) else f"{end.transcript.id} ({copy})"


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
