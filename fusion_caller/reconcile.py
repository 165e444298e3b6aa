"""Assay readings and RNA-seq events to one integrated result a patient.

Two callers on the same reads are one assay. An assay that was done more than once counts as
positive if any of its results is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from fusion_caller.case import Case, independent, make_case
from fusion_caller.disagreements import Conclusion, disagreements
from fusion_caller.event_flags import is_weak
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
from fusion_caller.rna_evidence import leading_event
from fusion_caller.visibility import blindness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.laboratory import Laboratory
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
    laboratory: Laboratory | None = None,
) -> Reconciliation:
    """Integrate what callers and laboratory say of each patient.

    Args:
        samples: The sequenced samples with their KMT2A events, those without any included.
        reports: The rows of the assay table.
        also: Further patients who must have a result, such as those of the clinical table.
        laboratory: The choices of the laboratory: cut-off, panels, what counts as diagnosis.
    """
    # Of a patient's samples the one with the best evidence speaks first, whatever their order.
    rna = _grouped(sorted(samples, key=_strength))
    assays = _grouped(reports)
    results: list[PatientResult] = []
    evidence: list[Evidence] = []
    found: list[Disagreement] = []
    for patient in sorted({*rna, *assays, *also}):
        case = make_case(
            patient, rna.get(patient, []), assays.get(patient, []), laboratory=laboratory
        )
        result, rows = _integrate(case)
        results.append(result)
        evidence.extend(case.evidence)
        found.extend(rows)
    found.sort(key=lambda d: (REASON_ORDER.index(d.reason), d.patient, d.assays))
    return Reconciliation(
        patients=tuple(results), evidence=tuple(evidence), disagreements=tuple(found)
    )


def _strength(sample: SampleFusions) -> tuple[bool, bool, int, str]:
    """Sort key: a sample with an event first, one that is not weak, then by split reads."""
    lead = leading_event(sample)
    if lead is None:
        return True, True, 0, sample.sample
    return False, is_weak(lead), -lead.split_reads, sample.sample


def _grouped(records: Sequence[OfPatient]) -> dict[str, list[OfPatient]]:
    grouped: dict[str, list[OfPatient]] = {}
    for record in records:
        grouped.setdefault(record.patient, []).append(record)
    return grouped


def _integrate(case: Case) -> tuple[PatientResult, list[Disagreement]]:
    naming = case.naming()
    named = _best_supported(case, naming)
    status = _status(case, named)
    event = case.event(named) if named else None
    region = event.region if event else ""
    # Beside a break that a PTD cannot make, the partner is not known.
    concluded = "" if status is Status.PARTNER_UNKNOWN else named
    found = disagreements(
        case, Conclusion(status=status, partner=concluded, region=region, naming=naming)
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
        confidence=_confidence(case, status, named, reasons),
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


def _best_supported(case: Case, naming: dict[str, tuple[Assay, ...]]) -> str:
    """The partner named by more than a weak event, then by most independent assays.

    At a tie the order of the names decides, which is that of trust in the assay.
    """
    if not naming:
        return ""
    return max(
        naming, key=lambda partner: (not case.weakly_named(partner), len(case.supporting(partner)))
    )


def _status(case: Case, named: str) -> Status:
    positive = case.positive
    if named:
        if named == PTD and {Assay.FISH, Assay.KARYOTYPE}.intersection(positive):
            return Status.PARTNER_UNKNOWN  # a PTD parts no probe: there is something else
        if _not_settled(case, named):
            return Status.INDETERMINATE
        return Status.PTD if named == PTD else Status.REARRANGED
    if case.excluding and (Assay.FISH not in positive or positive == (Assay.FISH,)):
        if positive:
            return Status.INDETERMINATE
        return Status.INDETERMINATE if _left_open(case) else Status.NOT_REARRANGED
    if positive:
        return Status.PARTNER_UNKNOWN
    some = case.with_verdict(Verdict.NEGATIVE, Verdict.INCONCLUSIVE, Verdict.NOT_UNDERSTOOD)
    return Status.INDETERMINATE if some else Status.NOT_EVALUABLE


def _left_open(case: Case) -> bool:
    """Whether anything speaks against calling a patient not rearranged.

    An 11q23 that banding leaves open is settled by FISH, which looks at the gene, but not by
    RNA-seq, which needs expression, and not where the karyotype could not be read.
    """
    settled = Assay.FISH in case.excluding and case.verdict(Assay.KARYOTYPE) is Verdict.INCONCLUSIVE
    return bool(set(case.open) - ({Assay.KARYOTYPE} if settled else set()))


def _not_settled(case: Case, partner: str) -> bool:
    """Whether weak evidence names a partner against an assay that should have seen it.

    Weak is one kind of primer or probe alone (nested RT-PCR amplifies single cells of healthy
    marrow) and an RNA-seq event of few reads. RNA-seq without the fusion contradicts primers,
    though it may lack reads.
    """
    weak = Assay.RNA_SEQ not in case.naming()[partner] or case.weakly_named(partner)
    if not weak or len(case.supporting(partner)) > 1:
        return False
    event = case.event(partner)
    region = event.region if event else ""
    return any(
        assay is Assay.RNA_SEQ
        or blindness(assay, partner=partner, region=region, scope=reading.scope) is None
        for assay in case.with_verdict(Verdict.NEGATIVE)
        for reading in case.said(assay, Verdict.NEGATIVE)
        if assay is not Assay.KARYOTYPE and reading.scope != ()
    )


def _suspected(case: Case, status: Status, named: str) -> tuple[str, ...]:
    """Partners in doubt: the one that is not settled, or those that the karyotype's band fits."""
    if status is Status.INDETERMINATE and named:
        return (named,)
    if status in (Status.INDETERMINATE, Status.PARTNER_UNKNOWN):
        return case.band_candidates[:MOST_SUSPECTED]
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


def _confidence(case: Case, status: Status, named: str, reasons: set[Reason]) -> Confidence:
    if not case.positive:
        return Confidence.NONE
    if status is Status.PARTNER_UNKNOWN:
        shown = independent(case.positive)
        if named == PTD:  # which is not what those show
            shown &= {Assay.FISH, Assay.KARYOTYPE}
        return Confidence.PROBABLE if len(shown) > 1 else Confidence.POSSIBLE
    if len(case.naming()) > 1 or Reason.DIFFERENT_PARTNERS in reasons:
        return Confidence.CONFLICTING
    if status is Status.INDETERMINATE:
        return Confidence.POSSIBLE
    unexplained = Reason.UNEXPLAINED in reasons
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
