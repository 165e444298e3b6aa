"""Assay readings and RNA-seq events to one integrated result a patient.

Two callers on the same reads are one assay. An assay that was done more than once on samples of
the same time counts as positive if any of its results is. Rules decide, and say which of them did.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from fusion_caller.blind_spots import blind_spots
from fusion_caller.case import Case, make_case
from fusion_caller.case_facts import best_supported, facts_of
from fusion_caller.disagreements import Conclusion, disagreements
from fusion_caller.event_flags import is_weak
from fusion_caller.integrated import (
    REASON_ORDER,
    BlindSpot,
    Disagreement,
    Elsewhen,
    Evidence,
    PatientResult,
    Status,
)
from fusion_caller.knowledge import KMT2A, PTD, partners
from fusion_caller.laboratory import Laboratory
from fusion_caller.records import (
    NO_GENE,
    AssayReport,
    Flag,
    FusionKind,
    SampleFusions,
    Verdict,
)
from fusion_caller.rna_evidence import leading_event
from fusion_caller.rules import RuleBook, packaged_rules
from fusion_caller.timepoints import Moment
from fusion_caller.visibility import asks, open_question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion_caller.records import Kmt2aFusion

OfPatient = TypeVar("OfPatient", SampleFusions, AssayReport)

# The partners by which this leukaemia is usually divided; every other known partner is `other`.
MAIN_SUBTYPES = ("AFF1", "MLLT3", "MLLT1")
# How many genes of a band are named as candidates.
MOST_SUSPECTED = 3
_TESTS_ELSEWHEN = {
    Elsewhen.POSITIVE: "Look at the diagnosis sample again: one of another time is positive",
    Elsewhen.NAMES_PARTNER: "RT-PCR of the diagnosis sample for the partner of the other time",
    Elsewhen.OTHER_PARTNER: "One assay on the samples of both times: they name different partners",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Everything that reconciliation gives, ordered by patient; disagreements by urgency."""

    patients: tuple[PatientResult, ...]
    evidence: tuple[Evidence, ...]
    disagreements: tuple[Disagreement, ...]
    blind_spots: tuple[BlindSpot, ...] = ()


def reconcile(
    samples: Sequence[SampleFusions],
    reports: Sequence[AssayReport],
    *,
    also: Iterable[str] = (),
    laboratory: Laboratory | None = None,
    rules: RuleBook | None = None,
    diagnosed: Mapping[str, str] | None = None,
) -> Reconciliation:
    """Integrate what callers and laboratory say of each patient.

    Args:
        samples: The sequenced samples with their KMT2A events, those without any included.
        reports: The rows of the assay table.
        also: Further patients who must have a result, such as those of the clinical table.
        laboratory: The choices of the laboratory: cut-off, panels, what counts as diagnosis.
        rules: The rules of integration; the packaged ones if absent.
        diagnosed: The day of diagnosis (YYYY-MM-DD) by patient, where it is known.
    """
    laboratory, rules = laboratory or Laboratory(), rules or packaged_rules()
    # Of a patient's samples the one with the best evidence speaks first, whatever their order.
    rna = _grouped(sorted(samples, key=_strength))
    assays = _grouped(reports)
    results: list[PatientResult] = []
    evidence: list[Evidence] = []
    found: list[Disagreement] = []
    spots: list[BlindSpot] = []
    for patient in sorted({*rna, *assays, *also}):
        case = make_case(
            patient,
            rna.get(patient, []),
            assays.get(patient, []),
            laboratory=laboratory,
            diagnosed=(diagnosed or {}).get(patient, ""),
        )
        result, rows, seen = _integrate(case, rules)
        results.append(result)
        evidence.extend((*case.evidence, *case.elsewhen))
        found.extend(rows)
        spots.extend(seen)
    found.sort(key=lambda d: (REASON_ORDER.index(d.reason), d.patient, d.assays))
    return Reconciliation(
        patients=tuple(results),
        evidence=tuple(evidence),
        disagreements=tuple(found),
        blind_spots=tuple(spots),
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


def _integrate(
    case: Case, rules: RuleBook
) -> tuple[PatientResult, list[Disagreement], list[BlindSpot]]:
    naming = case.naming
    named = best_supported(case, naming)
    facts = facts_of(case, named, naming)
    status, status_rule = rules.find_status(facts)
    # Beside a break that a PTD cannot make, the partner is not known.
    concluded = "" if status is Status.PARTNER_UNKNOWN else named
    found = disagreements(case, Conclusion(status=status, partner=concluded, naming=naming))
    reasons = {item.reason for item in found}
    confidence, confidence_rule = rules.find_confidence(
        replace(facts, status=status, reasons=frozenset(reasons))
    )
    spots = blind_spots(case, status=status, partner=concluded)
    event = case.event(named) if named else None
    partner = named if status in (Status.REARRANGED, Status.PTD) else ""
    elsewhen = _elsewhen(case, status, partner)
    # The exons and the frame of a reciprocal are not those of the direct fusion.
    direct = event if partner and event and event.kind is not FusionKind.RECIPROCAL else None
    result = PatientResult(
        patient=case.patient,
        status=status,
        partner=partner,
        fusion=_fusion_name(status, partner),
        partner_suspected=_suspected(case, status, named),
        subtype=_subtype(status, partner),
        confidence=confidence,
        status_rule=status_rule.name,
        because=status_rule.because,
        confidence_rule=confidence_rule.name,
        confidence_because=confidence_rule.because,
        timepoint=_timepoint(case),
        elsewhen=elsewhen,
        next_test=_next_test(found)
        or _TESTS_ELSEWHEN.get(elsewhen)
        or open_question(status, confidence, partner=partner, done=case.assayed),
        region=direct.region if direct else "",
        kmt2a_exon=direct.kmt2a_exon if direct else "",
        partner_exon=direct.partner_exon if direct else "",
        transcript=_transcripts(direct) if direct else "",
        reading_frame=direct.reading_frame if direct else "",
        reciprocal=direct.reciprocal if direct else event.fusion if event and partner else "",
        flags=_flags(event, partner),
        assays_positive=case.positive,
        assays_negative=tuple(a for a in case.with_verdict(Verdict.NEGATIVE) if a not in case.open),
        assays_inconclusive=case.open,
        assays_not_done=case.with_verdict(Verdict.NOT_DONE),
        reasons=tuple(reason for reason in REASON_ORDER if reason in reasons),
    )
    return result, found, spots


def _timepoint(case: Case) -> str:
    """When the samples that decide were taken, where anything says so."""
    said = {item.moment for item in case.evidence} - {Moment.UNDATED}
    return ";".join(moment for moment in Moment if moment in said)


def _elsewhen(case: Case, status: Status, partner: str) -> Elsewhen:
    """What samples of other time points say beside the result."""
    if partner:
        others = set(case.named_elsewhen) - {partner}
        return Elsewhen.OTHER_PARTNER if others else Elsewhen.NONE
    if case.named_elsewhen and status is Status.PARTNER_UNKNOWN:
        return Elsewhen.NAMES_PARTNER
    found = status is Status.PARTNER_UNKNOWN
    return Elsewhen.POSITIVE if case.positive_elsewhen and not found else Elsewhen.NONE


def _flags(event: Kmt2aFusion | None, partner: str) -> tuple[Flag, ...]:
    """The flags of the event, and that no one else has seen the partner with KMT2A."""
    flags = event.flags if event else ()
    unknown = partner not in ("", PTD, NO_GENE) and partner not in partners()
    return (
        flags
        if not unknown or Flag.PARTNER_NOT_KNOWN in flags
        else (*flags, Flag.PARTNER_NOT_KNOWN)
    )


def _next_test(found: Sequence[Disagreement]) -> str:
    """The test that the most urgent disagreement asks for, empty where none asks for one."""
    urgent = sorted(found, key=lambda item: REASON_ORDER.index(item.reason))
    return next((item.next_test for item in urgent if asks(item.next_test)), "")


def _suspected(case: Case, status: Status, named: str) -> tuple[str, ...]:
    """Partners in doubt: not settled, of another time point, or fitting the karyotype's band."""
    if status is Status.INDETERMINATE and named:
        return (named,)
    if status in (Status.REARRANGED, Status.PTD):
        return ()
    open_ones = status in (Status.INDETERMINATE, Status.PARTNER_UNKNOWN)
    of_band = case.band_candidates[:MOST_SUSPECTED] if open_ones else ()
    return tuple(dict.fromkeys((*case.named_elsewhen, *of_band)))


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
