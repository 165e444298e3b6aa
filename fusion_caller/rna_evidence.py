"""RNA-seq as an assay: what the callers' KMT2A events of one sample amount to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.annotation import Site
from fusion_caller.event_flags import LOW_SUPPORT_SPLIT_READS, is_doubtful, is_weak
from fusion_caller.kmt2a_gene import REGIONS
from fusion_caller.knowledge import PTD, partners
from fusion_caller.records import (
    NO_GENE,
    READS,
    AssayReading,
    Finding,
    Flag,
    FusionKind,
    Source,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.records import Kmt2aFusion, SampleFusions

# Which kind of event answers the question first, where none is weak.
_RANKS = {
    (FusionKind.FUSION, True): 0,
    (FusionKind.PTD, False): 1,
    (FusionKind.FUSION, False): 2,
    (FusionKind.RECIPROCAL, True): 3,
    (FusionKind.RECIPROCAL, False): 4,
    (FusionKind.INTRAGENIC, False): 5,
}

_FINDINGS = {
    FusionKind.FUSION: Finding.FUSION,
    FusionKind.PTD: Finding.PTD,
    FusionKind.RECIPROCAL: Finding.RECIPROCAL_FUSION,
    FusionKind.INTRAGENIC: Finding.INTRAGENIC,
}


def leading_event(sample: SampleFusions) -> Kmt2aFusion | None:
    """The event that answers for a sample, or None if there is none.

    What is well supported with a known partner comes first, then kind, then split reads.
    Read-throughs do not count.
    """
    ranked = sorted(
        (event for event in sample.events if _rank(event) is not None),
        key=lambda event: (is_weak(event), _rank(event), -event.split_reads, event.partner),
    )
    return ranked[0] if ranked else None


def _rank(event: Kmt2aFusion) -> int | None:
    return _RANKS.get((event.kind, event.partner in partners()))


def read_rna(sample: SampleFusions) -> AssayReading:
    """What a sample's RNA-seq says, in the terms of every other assay."""
    lead = leading_event(sample)
    if lead is None:
        return _without_event(sample)
    found_by = f"found by {names_of(lead.callers)}"
    known = lead.partner in partners()
    unknown = f"; {lead.partner} is not a known partner of KMT2A"
    if is_doubtful(lead):
        why = "its caller discarded it" if Flag.DISCARDED in lead.flags else "no caller judged it"
        return _open(_FINDINGS[lead.kind], f"{lead.fusion} {found_by}, but {why}.")
    match lead.kind:
        case FusionKind.PTD:
            return _named(Finding.PTD, PTD, f"Partial tandem duplication of KMT2A {found_by}.")
        case FusionKind.INTRAGENIC:
            return _open(
                Finding.INTRAGENIC,
                f"A join within KMT2A was {found_by}; it is not placed as a tandem duplication of "
                "exons and not as an artefact.",
            )
        case FusionKind.RECIPROCAL if known:
            return _named(
                Finding.RECIPROCAL_FUSION,
                lead.partner,
                f"Only the reciprocal transcript {lead.fusion} was {found_by}.",
            )
        case FusionKind.RECIPROCAL:
            return _open(
                Finding.RECIPROCAL_FUSION,
                f"Only the reciprocal transcript {lead.fusion} was {found_by}{unknown}.",
            )
        case _ if lead.partner == NO_GENE:
            return _of_no_gene(lead)
        case _:
            remark = "" if known else unknown
            return _named(Finding.FUSION, lead.partner, f"{lead.fusion} {found_by}{remark}.")


def _is_broken_by_reads(event: Kmt2aFusion) -> bool:
    """Whether KMT2A's own reads show that it is broken, whatever it is joined to.

    They do on the edge of an exon of a breakpoint region: KMT2A's introns, related genes and
    read-through were ruled out before such a call was made; see `fusion_caller.reads.judge`.
    """
    if READS.isdisjoint(event.callers) or event.kmt2a_site != Site.EDGE:
        return False
    return event.region in REGIONS and event.split_reads >= LOW_SUPPORT_SPLIT_READS


def _of_no_gene(event: Kmt2aFusion) -> AssayReading:
    if not _is_broken_by_reads(event):
        return _open(Finding.FUSION, _joined_to_no_gene(event))
    return AssayReading(
        verdict=Verdict.POSITIVE,
        finding=Finding.FUSION,
        sentence=f"The reads leave KMT2A at exon {event.kmt2a_exon} for a sequence that the index "
        f"does not name, in {event.split_reads} distinct fragments: look it up, it stands in "
        "calls.tsv.",
    )


def _joined_to_no_gene(event: Kmt2aFusion) -> str:
    found_by = f"found by {names_of(event.callers)}"
    if event.breakpoint_3prime is None:
        return (
            f"KMT2A joined to a sequence of no known partner was {found_by}; look the sequence up, "
            "it stands in calls.tsv."
        )
    return (
        f"KMT2A joined to a place where no known gene lies was {found_by}; look at the breakpoint, "
        "or give a GTF."
    )


def _named(finding: Finding, partner: str, sentence: str) -> AssayReading:
    return AssayReading(
        verdict=Verdict.POSITIVE,
        finding=finding,
        partners=(partner,),
        specific=True,
        sentence=sentence,
    )


def _open(finding: Finding, sentence: str) -> AssayReading:
    return AssayReading(verdict=Verdict.INCONCLUSIVE, finding=finding, sentence=sentence)


def _without_event(sample: SampleFusions) -> AssayReading:
    if sample.unread_kmt2a_rows:
        rows = sample.unread_kmt2a_rows
        return AssayReading(
            verdict=Verdict.NOT_UNDERSTOOD,
            finding=Finding.NOT_UNDERSTOOD,
            sentence=f"{rows} rows that name KMT2A could not be read and are set aside: the sample "
            "cannot be called negative."
            if rows > 1
            else "A row that names KMT2A could not be read and is set aside: the sample cannot be "
            "called negative.",
        )
    finished = [caller for caller in sample.callers_run if caller not in sample.callers_empty]
    if sample.callers_empty and not finished:
        return _open(Finding.INCONCLUSIVE, f"{_empty_files(sample)}: it is open what was found.")
    neighbours = [e for e in sample.events if e.kind is FusionKind.READ_THROUGH]
    unlikely = [e.fusion for e in neighbours if _is_no_read_through(e)]
    if unlikely:
        return _open(
            Finding.READ_THROUGH,
            f"{', '.join(unlikely)} joins KMT2A to its neighbour on 11q23 against the direction of "
            "a read-through: look at it.",
        )
    through = [e.fusion for e in neighbours]
    if through:
        return AssayReading(
            verdict=Verdict.NEGATIVE,
            finding=Finding.READ_THROUGH,
            sentence=f"{', '.join(through)} joins KMT2A to its neighbour on 11q23: a read-through "
            "or mapping artefact, not a leukaemia fusion.",
        )
    return AssayReading(
        verdict=Verdict.NEGATIVE,
        finding=Finding.NO_FUSION,
        sentence=f"No KMT2A fusion found by {names_of(finished)}."
        + (f" {_empty_files(sample)}." if sample.callers_empty else ""),
    )


def _empty_files(sample: SampleFusions) -> str:
    callers = [source for source in sample.callers_empty if source not in READS]
    said = []
    if callers:
        said.append(
            f"Of {names_of(callers)} the file is empty: a caller that ended early writes the same"
        )
    if READS.intersection(sample.callers_empty):
        said.append("The reads of KMT2A are too few to tell whether it is fused")
    return "; ".join(said)


def _is_no_read_through(event: Kmt2aFusion) -> bool:
    """Whether a join to a neighbour is neither a read-through nor a known artefact."""
    known = {Flag.READ_THROUGH, Flag.KNOWN_ARTEFACT}
    return Flag.NEIGHBOUR in event.flags and known.isdisjoint(event.flags)


def describe(sample: SampleFusions) -> str:
    """What was reported, in a line: events with reads by caller, never summed over callers."""
    if not sample.events:
        return f"{sample.sample}: no KMT2A fusion ({names_of(sample.callers_run)})"
    events = "; ".join(f"{event.fusion} [{reads_by_caller(event)}]" for event in sample.events)
    return f"{sample.sample}: {events}"


def reads_by_caller(event: Kmt2aFusion) -> str:
    """Split reads and spanning fragments of each caller's best call: `arriba 12+5`."""
    return ", ".join(
        f"{reads.source} (reads not given)"
        if reads.split_reads is None
        else str(reads).replace(":", " ")
        for reads in sorted(event.reads, key=lambda reads: reads.source)
    )


def names_of(sources: Sequence[Source]) -> str:
    """Callers as a list in words."""
    return ", ".join(sources)
