"""RNA-seq as an assay: what the callers' KMT2A events of one patient amount to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.knowledge import PTD, partners
from fusion_caller.records import AssayReading, Finding, FusionKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.records import Kmt2aFusion, SampleFusions, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class RnaSeq:
    """The RNA-seq of one patient: which callers ran, and the KMT2A events they found.

    `lead` is the event that answers the question: a fusion with a known partner before one with an
    unknown one, then a PTD, then a reciprocal alone; within these the best supported.
    """

    callers: tuple[Source, ...]
    events: tuple[Kmt2aFusion, ...]

    @property
    def lead(self) -> Kmt2aFusion | None:
        """The event that counts, or None if there is none (read-throughs do not count)."""
        ranked = sorted(
            (event for event in self.events if _rank(event) is not None),
            key=lambda event: (_rank(event), -event.split_reads, event.partner),
        )
        return ranked[0] if ranked else None


def _rank(event: Kmt2aFusion) -> int | None:
    known = event.partner in partners()
    ranks = {
        (FusionKind.FUSION, True): 0,
        (FusionKind.PTD, True): 1,
        (FusionKind.PTD, False): 1,
        (FusionKind.FUSION, False): 2,
        (FusionKind.RECIPROCAL, True): 3,
        (FusionKind.RECIPROCAL, False): 4,
    }
    return ranks.get((event.kind, known))


def by_patient(samples: Sequence[SampleFusions]) -> dict[str, RnaSeq]:
    """Gather samples by patient; a patient whose callers found nothing is there too."""
    gathered: dict[str, RnaSeq] = {}
    for sample in samples:
        before = gathered.get(sample.patient)
        ran, events = set(sample.callers_run), sample.events
        if before is not None:
            ran, events = ran | set(before.callers), before.events + events
        gathered[sample.patient] = RnaSeq(callers=tuple(sorted(ran)), events=events)
    return gathered


def read_rna(rna: RnaSeq) -> AssayReading:
    """What a patient's RNA-seq says, in the terms of every other assay."""
    lead = rna.lead
    if lead is None:
        through = [e.fusion for e in rna.events if e.kind is FusionKind.READ_THROUGH]
        if through:
            return AssayReading(
                verdict=Verdict.NEGATIVE,
                finding=Finding.READ_THROUGH,
                sentence=f"{', '.join(through)} joins KMT2A to its neighbour on 11q23: a read-"
                "through or mapping artefact, not a leukaemia fusion.",
            )
        return AssayReading(
            verdict=Verdict.NEGATIVE,
            finding=Finding.NO_FUSION,
            sentence=f"No KMT2A fusion found by {names_of(rna.callers)}.",
        )
    found_by = f"found by {names_of(lead.callers)}"
    if lead.kind is FusionKind.RECIPROCAL:
        known = lead.partner in partners()
        return AssayReading(
            verdict=Verdict.POSITIVE if known else Verdict.INCONCLUSIVE,
            finding=Finding.RECIPROCAL_FUSION,
            partners=(lead.partner,) if known else (),
            specific=known,
            sentence=f"Only the reciprocal transcript {lead.fusion} was {found_by}"
            + ("." if known else f"; {lead.partner} is not a known partner of KMT2A."),
        )
    if lead.kind is FusionKind.PTD:
        return AssayReading(
            verdict=Verdict.POSITIVE,
            finding=Finding.PTD,
            partners=(PTD,),
            specific=True,
            sentence=f"Partial tandem duplication of KMT2A {found_by}.",
        )
    known = lead.partner in partners()
    return AssayReading(
        verdict=Verdict.POSITIVE,
        finding=Finding.FUSION,
        partners=(lead.partner,),
        specific=True,
        sentence=f"{lead.fusion} {found_by}"
        + ("." if known else f"; {lead.partner} is not a known partner of KMT2A."),
    )


def describe(rna: RnaSeq) -> str:
    """What was reported, in a line: events with reads by caller, never summed over callers."""
    if not rna.events:
        return f"no KMT2A fusion ({names_of(rna.callers)})"
    return "; ".join(f"{event.fusion} [{reads_by_caller(event)}]" for event in rna.events)


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
