"""Assay readings and RNA-seq events to one integrated result a patient.

Two callers on the same reads are one assay. An assay that was done more than once counts as
positive if any of its results is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from fusion_caller.assays import DEFAULT_CUTOFF
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
from fusion_caller.records import (
    NO_GENE,
    Assay,
    AssayReport,
    FusionKind,
    SampleFusions,
    Verdict,
)
from fusion_caller.visibility import blindness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.records import Kmt2aFusion

OfPatient = TypeVar("OfPatient", SampleFusions, AssayReport)

# The partners by which this leukaemia is usually divided; every other known partner is `other`.
MAIN_SUBTYPES = ("AFF1", "MLLT3", "MLLT1")
# How many genes of a band are named as candidates.
MOST_SUSPECTED = 3


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
    fish_cutoff: float = DEFAULT_CUTOFF,
) -> Reconciliation:
    """Integrate what callers and laboratory say of each patient.

    Args:
        samples: The sequenced samples with their KMT2A events, those without any included.
        reports: The rows of the assay table.
        also: Further patients who must have a result, such as those of the clinical table.
        fish_cutoff: The fraction of abnormal cells from which on a FISH pattern counts.
    """
    rna = _grouped(samples)
    assays = _grouped(reports)
    results: list[PatientResult] = []
    evidence: list[Evidence] = []
    found: list[Disagreement] = []
    for patient in sorted({*rna, *assays, *also}):
        case = make_case(
            patient, rna.get(patient, []), assays.get(patient, []), fish_cutoff=fish_cutoff
        )
        result, rows = _integrate(case)
        results.append(result)
        evidence.extend(case.evidence)
        found.extend(rows)
    found.sort(key=lambda d: (REASON_ORDER.index(d.reason), d.patient, d.assays))
    return Reconciliation(
        patients=tuple(results), evidence=tuple(evidence), disagreements=tuple(found)
    )


def _grouped(records: Sequence[OfPatient]) -> dict[str, list[OfPatient]]:
    grouped: dict[str, list[OfPatient]] = {}
    for record in records:
        grouped.setdefault(record.patient, []).append(record)
    return grouped


def _integrate(case: Case) -> tuple[PatientResult, list[Disagreement]]:
    naming = case.naming()
    named = max(naming, key=lambda partner: len(naming[partner])) if naming else ""
    status = _status(case, named)
    event = case.event(named) if named else None
    region = event.region if event else ""
    found = disagreements(
        case, Conclusion(status=status, partner=named, region=region, naming=naming)
    )
    reasons = {item.reason for item in found}
    partner = named if status in (Status.REARRANGED, Status.PTD) else ""
    # The exons and the frame of a reciprocal are not those of the direct fusion.
    direct = event if partner and event and event.kind is not FusionKind.RECIPROCAL else None
    result = PatientResult(
        patient=case.patient,
        status=status,
        partner=partner,
        fusion=_fusion_name(status, partner),
        partner_suspected=_suspected(case, status, named),
        subtype=_subtype(status, partner),
        confidence=_confidence(case, status, named, unexplained=Reason.UNEXPLAINED in reasons),
        region=direct.region if direct else "",
        kmt2a_exon=direct.kmt2a_exon if direct else "",
        partner_exon=direct.partner_exon if direct else "",
        transcript=_transcripts(direct) if direct else "",
        reading_frame=direct.reading_frame if direct else "",
        reciprocal=direct.reciprocal if direct else event.fusion if event and partner else "",
        flags=event.flags if event else (),
        assays_positive=case.positive,
        assays_negative=tuple(a for a in case.with_verdict(Verdict.NEGATIVE) if a not in case.open),
        assays_inconclusive=case.open,
        assays_not_done=case.with_verdict(Verdict.NOT_DONE),
        reasons=tuple(reason for reason in REASON_ORDER if reason in reasons),
    )
    return result, found


def _status(case: Case, named: str) -> Status:
    positive = case.positive
    if named:
        if named == PTD and {Assay.FISH, Assay.KARYOTYPE}.intersection(positive):
            return Status.PARTNER_UNKNOWN  # a PTD parts no probe: there is something else
        if _not_settled(case, named):
            return Status.INDETERMINATE
        return Status.PTD if named == PTD else Status.REARRANGED
    if positive in ((Assay.KARYOTYPE,), (Assay.FISH,)) and case.excluding:
        return Status.INDETERMINATE
    if positive:
        return Status.PARTNER_UNKNOWN
    # An 11q23 that banding leaves open is settled by an assay that looks at the gene.
    if case.excluding and not set(case.open) - {Assay.KARYOTYPE}:
        return Status.NOT_REARRANGED
    decided = case.with_verdict(Verdict.NEGATIVE, Verdict.INCONCLUSIVE)
    return Status.INDETERMINATE if decided else Status.NOT_EVALUABLE


def _not_settled(case: Case, partner: str) -> bool:
    """Whether weak evidence names a partner against an assay that should have seen it.

    Weak is RT-PCR alone, whose nested form amplifies single cells of healthy marrow, and an RNA-seq
    event of few reads. RNA-seq without the fusion contradicts RT-PCR, though it may lack reads.
    """
    pcr_only = set(case.naming()[partner]) <= {Assay.RT_PCR, Assay.QRT_PCR}
    weak = pcr_only or case.weakly_named(partner)
    if not weak or len(case.supporting(partner)) > 1:
        return False
    event = case.event(partner)
    region = event.region if event else ""
    return any(
        assay is Assay.RNA_SEQ
        or blindness(assay, partner=partner, region=region, scope=case.reading(assay).scope) is None
        for assay in case.with_verdict(Verdict.NEGATIVE)
        if assay is not Assay.KARYOTYPE and case.reading(assay).scope != ()
    )


def _suspected(case: Case, status: Status, named: str) -> tuple[str, ...]:
    """Partners in doubt: the one that is not settled, or those that the karyotype's band fits."""
    if status in (Status.INDETERMINATE, Status.PARTNER_UNKNOWN) and named:
        return (named,)
    if status is Status.PARTNER_UNKNOWN and Assay.KARYOTYPE in case.positive:
        return case.reading(Assay.KARYOTYPE).partners[:MOST_SUSPECTED]
    return ()


def _fusion_name(status: Status, partner: str) -> str:
    if status is Status.PTD:
        return f"{KMT2A}-{PTD}"
    if status is Status.PARTNER_UNKNOWN:
        return f"{KMT2A}::{NO_GENE}"
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


def _confidence(case: Case, status: Status, named: str, *, unexplained: bool) -> Confidence:
    if not case.positive:
        return Confidence.NONE
    if len(case.naming()) > 1:
        return Confidence.CONFLICTING
    if status is Status.INDETERMINATE:
        return Confidence.POSSIBLE
    if status is Status.PARTNER_UNKNOWN:
        return Confidence.PROBABLE if len(case.positive) > 1 else Confidence.POSSIBLE
    support = case.supporting(named)
    several, weak = len(support) > 1, case.weakly_named(named)
    # Where something is unexplained, primers alone do not confirm each other.
    primers_only = support <= {Assay.RT_PCR, Assay.SPLIT_RT_PCR}
    if several and not weak and not (unexplained and primers_only):
        return Confidence.CONFIRMED
    if several:
        return Confidence.PROBABLE
    alone = support == {Assay.RT_PCR}
    return Confidence.POSSIBLE if weak or unexplained or alone else Confidence.PROBABLE
