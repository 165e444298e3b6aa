"""Assay readings and RNA-seq events to one integrated result a patient.

Two callers on the same reads are one assay. An assay that was done more than once counts as
positive if any of its results is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.case import Case, make_case
from fusion_caller.disagreements import Conclusion, disagreements
from fusion_caller.integrated import (
    REASON_ORDER,
    Confidence,
    Disagreement,
    Evidence,
    PatientResult,
    Reason,
    Status,
)
from fusion_caller.knowledge import KMT2A, PTD
from fusion_caller.records import Assay, Flag, FusionKind, Verdict
from fusion_caller.rna_evidence import by_patient

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.records import AssayReport, Kmt2aFusion, SampleFusions

# The partners by which this leukaemia is usually divided; every other known partner is `other`.
MAIN_SUBTYPES = ("AFF1", "MLLT3", "MLLT1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Everything that reconciliation gives, ordered by patient; disagreements by urgency."""

    patients: tuple[PatientResult, ...]
    evidence: tuple[Evidence, ...]
    disagreements: tuple[Disagreement, ...]


def reconcile(
    samples: Sequence[SampleFusions],
    reports: Sequence[AssayReport],
    *,
    also: Iterable[str] = (),
) -> Reconciliation:
    """Integrate what callers and laboratory say of each patient.

    Args:
        samples: The sequenced samples with their KMT2A events, those without any included.
        reports: The rows of the assay table.
        also: Further patients who must have a result, such as those of the clinical table.
    """
    rna = by_patient(samples)
    by_name: dict[str, list[AssayReport]] = {}
    for report in reports:
        by_name.setdefault(report.patient, []).append(report)
    results: list[PatientResult] = []
    evidence: list[Evidence] = []
    found: list[Disagreement] = []
    for patient in sorted({*rna, *by_name, *also}):
        case = make_case(patient, rna.get(patient), by_name.get(patient, []))
        result, rows = _integrate(case)
        results.append(result)
        evidence.extend(case.evidence)
        found.extend(rows)
    found.sort(key=lambda d: (REASON_ORDER.index(d.reason), d.patient, d.assays))
    return Reconciliation(
        patients=tuple(results), evidence=tuple(evidence), disagreements=tuple(found)
    )


def _integrate(case: Case) -> tuple[PatientResult, list[Disagreement]]:
    naming = case.naming()
    partner = _choose_partner(naming)
    status = _status(case, partner)
    event = _event_of(case, partner)
    region = event.region if event else ""
    found = disagreements(
        case, Conclusion(status=status, partner=partner, region=region, naming=naming)
    )
    reasons = {item.reason for item in found}
    result = PatientResult(
        patient=case.patient,
        status=status,
        partner=partner,
        fusion=_fusion_name(status, partner),
        subtype=_subtype(status, partner),
        confidence=_confidence(case, status, event, unexplained=Reason.UNEXPLAINED in reasons),
        region=region,
        kmt2a_exon=event.kmt2a_exon if event else "",
        partner_exon=event.partner_exon if event else "",
        transcript=_transcripts(event) if event else "",
        reading_frame=event.reading_frame if event else "",
        reciprocal=event.reciprocal if event else "",
        assays_positive=case.with_verdict(Verdict.POSITIVE),
        assays_negative=case.with_verdict(Verdict.NEGATIVE),
        assays_not_done=case.with_verdict(Verdict.NOT_DONE),
        reasons=tuple(reason for reason in REASON_ORDER if reason in reasons),
    )
    return result, found


def _choose_partner(naming: dict[str, tuple[Assay, ...]]) -> str:
    """The partner that most assays name; at a tie the one named by the most trusted assay."""
    if not naming:
        return ""
    return max(naming, key=lambda partner: len(naming[partner]))


def _status(case: Case, partner: str) -> Status:
    positive = case.with_verdict(Verdict.POSITIVE)
    negative = case.with_verdict(Verdict.NEGATIVE)
    if partner:
        if positive == (Assay.RT_PCR,) and {Assay.FISH, Assay.RNA_SEQ} <= set(negative):
            # Nested PCR alone, against two assays that do not depend on a few cells.
            return Status.INDETERMINATE
        return Status.PTD if partner == PTD else Status.REARRANGED
    if positive == (Assay.FISH,) and Assay.RNA_SEQ in negative:
        return Status.INDETERMINATE
    if positive:
        return Status.PARTNER_UNKNOWN
    if case.with_verdict(Verdict.INCONCLUSIVE):
        return Status.INDETERMINATE
    if set(negative) - {Assay.KARYOTYPE, Assay.SPLIT_RT_PCR, Assay.QRT_PCR}:
        return Status.NOT_REARRANGED
    return Status.INDETERMINATE if negative else Status.NOT_EVALUABLE


def _event_of(case: Case, partner: str) -> Kmt2aFusion | None:
    if case.rna is None or not partner:
        return None
    wanted = (FusionKind.FUSION, FusionKind.PTD, FusionKind.RECIPROCAL)
    events = [e for e in case.rna.events if e.partner == partner and e.kind in wanted]
    return min(events, key=lambda event: wanted.index(event.kind)) if events else None


def _fusion_name(status: Status, partner: str) -> str:
    if status is Status.PTD:
        return f"{KMT2A}-{PTD}"
    if status is Status.PARTNER_UNKNOWN:
        return f"{KMT2A}::?"
    return f"{KMT2A}::{partner}" if partner else ""


def _subtype(status: Status, partner: str) -> str:
    if status is Status.PTD:
        return PTD
    if status is Status.PARTNER_UNKNOWN:
        return "unknown"
    if status is not Status.REARRANGED:
        return ""
    return partner if partner in MAIN_SUBTYPES else "other"


def _transcripts(event: Kmt2aFusion) -> str:
    parts = [f"{KMT2A} {event.kmt2a_transcript}"] if event.kmt2a_transcript else []
    if event.partner_transcript and event.kind is not FusionKind.PTD:
        parts.append(f"{event.partner} {event.partner_transcript}")
    return "; ".join(parts) + (" (MANE exon numbers)" if parts else "")


def _confidence(
    case: Case, status: Status, event: Kmt2aFusion | None, *, unexplained: bool
) -> Confidence:
    supporting = len(case.with_verdict(Verdict.POSITIVE))
    naming = len(case.naming())
    if not supporting:
        return Confidence.NONE
    if naming > 1:
        return Confidence.CONFLICTING
    if status is Status.INDETERMINATE:
        return Confidence.POSSIBLE
    if not naming:
        return Confidence.PROBABLE if supporting > 1 else Confidence.POSSIBLE
    if supporting > 1:
        return Confidence.CONFIRMED
    weak = {Flag.PARTNER_NOT_KNOWN, Flag.LOW_SUPPORT, Flag.RECIPROCAL_ONLY}
    flagged = event is not None and bool(weak.intersection(event.flags))
    return Confidence.POSSIBLE if flagged or unexplained else Confidence.PROBABLE
