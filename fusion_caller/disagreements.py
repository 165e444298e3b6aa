"""Every disagreement between assays, and between callers of the same reads, with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.gene_names import paralogues_of
from fusion_caller.integrated import Disagreement, Reason, Status
from fusion_caller.knowledge import PTD
from fusion_caller.records import Assay, Finding, FusionKind, Verdict
from fusion_caller.rna_evidence import reads_by_caller
from fusion_caller.visibility import Blindness, blindness

if TYPE_CHECKING:
    from fusion_caller.case import Case
    from fusion_caller.rna_evidence import RnaSeq


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What was concluded of a patient, and what the disagreements are measured against."""

    status: Status
    partner: str
    region: str
    naming: dict[str, tuple[Assay, ...]]


def disagreements(case: Case, conclusion: Conclusion) -> list[Disagreement]:
    """Everything in a patient's evidence that does not fit together."""
    rows = _between_assays(case, conclusion)
    if len(conclusion.naming) > 1:
        rows.append(_different_partners(case.patient, conclusion.naming))
    if case.rna is not None:
        rows += _missed_by(case.patient, case.rna)
        rows += _paralogues(case.patient, case.rna)
        rows += _read_throughs(case.patient, case.rna)
        rows += _reciprocal_alone(case.patient, case.rna)
    return rows


def _between_assays(case: Case, conclusion: Conclusion) -> list[Disagreement]:
    """One disagreement for each assay that does not show what the others do."""
    positive = case.with_verdict(Verdict.POSITIVE)
    if not positive:
        return []
    rows = [_explain(case, assay, conclusion) for assay in case.with_verdict(Verdict.NEGATIVE)]
    if conclusion.partner and Assay.KARYOTYPE in positive:
        rows += _band_against_partner(case, conclusion.partner)
    return rows


def _explain(case: Case, assay: Assay, conclusion: Conclusion) -> Disagreement:
    positive = case.with_verdict(Verdict.POSITIVE)
    if conclusion.status is Status.INDETERMINATE and assay is not Assay.KARYOTYPE:
        why = _contradiction(positive)
    else:
        panel = case.panel(assay) if assay is Assay.RT_PCR else ""
        blind = blindness(assay, panel, conclusion.partner, conclusion.region)
        why = _settled(blind, positive) if blind else _unexplained(assay, conclusion.partner)
    return Disagreement(
        patient=case.patient,
        assays=f"{', '.join(positive)} positive / {assay} negative",
        reason=why.reason,
        sentence=why.sentence,
        next_test=why.next_test,
    )


def _settled(blind: Blindness, positive: tuple[Assay, ...]) -> Blindness:
    """Ask for no further test where a junction-specific one has been positive already."""
    done = [assay for assay in (Assay.SPLIT_RT_PCR, Assay.QRT_PCR) if assay in positive]
    if not done:
        return blind
    return replace(blind, next_test=f"None needed: {_LABELS[done[0]]} confirms the junction")


def _unexplained(assay: Assay, partner: str) -> Blindness:
    what = f"KMT2A::{partner}" if partner and partner != PTD else "the rearrangement"
    return Blindness(
        reason=Reason.UNEXPLAINED,
        sentence=f"By what is known, {_LABELS[assay]} should have seen {what} and did not; "
        "nothing explains it.",
        next_test=f"Look at the raw {_LABELS[assay]} result again, then repeat it",
    )


def _contradiction(positive: tuple[Assay, ...]) -> Blindness:
    if Assay.FISH in positive:
        return Blindness(
            reason=Reason.FISH_OUTSIDE_GENE,
            sentence="FISH alone is positive while RNA-seq shows no KMT2A fusion: the break may "
            "lie beside the gene, or the fusion may not be expressed.",
            next_test="Genomic breakpoint sequencing or a second FISH probe",
        )
    return Blindness(
        reason=Reason.NESTED_PCR_BACKGROUND,
        sentence="Nested RT-PCR alone is positive; it can amplify single cells of healthy marrow.",
        next_test="Quantitative or split RT-PCR on a second sample",
    )


def _band_against_partner(case: Case, partner: str) -> list[Disagreement]:
    """A karyotype whose partner band does not fit the partner that sequence names."""
    reading = case.reading(Assay.KARYOTYPE)
    if (
        reading.finding is not Finding.REARRANGED_11Q23
        or not reading.partners
        or partner in reading.partners
    ):
        return []
    fits = ", ".join(reading.partners[:3])
    return [
        Disagreement(
            patient=case.patient,
            assays="karyotype / molecular assays",
            reason=Reason.BAND_NOT_SPECIFIC,
            sentence=f"The band in the karyotype would fit {fits}, not {partner}; a band holds "
            "many genes and complex rearrangements involve more than one partner.",
            next_test="Metaphase FISH, if a three-way rearrangement is suspected",
        )
    ]


def _different_partners(patient: str, naming: dict[str, tuple[Assay, ...]]) -> Disagreement:
    said = "; ".join(f"{', '.join(assays)}: {partner}" for partner, assays in naming.items())
    return Disagreement(
        patient=patient,
        assays=" / ".join(assay for assays in naming.values() for assay in assays),
        reason=Reason.DIFFERENT_PARTNERS,
        sentence=f"The assays name different partners ({said}).",
        next_test="Split RT-PCR for each of the named junctions",
    )


def _missed_by(patient: str, rna: RnaSeq) -> list[Disagreement]:
    lead = rna.lead
    if lead is None:
        return []
    partial = {
        source
        for event in rna.events
        if event.kind is FusionKind.RECIPROCAL and event.partner == lead.partner
        for source in event.callers
    }
    rows = []
    for source in rna.callers:
        if source in lead.callers:
            continue
        seen = source in partial
        rows.append(
            Disagreement(
                patient=patient,
                assays=f"rna-seq ({', '.join(lead.callers)}) / rna-seq ({source})",
                reason=Reason.BELOW_THRESHOLD,
                sentence=f"{source} reports only the reciprocal of {lead.fusion}; the direct "
                "transcript stayed below its thresholds on reads or its filters."
                if seen
                else f"{source} does not report {lead.fusion}: its thresholds on reads or its "
                f"filters were not met ({reads_by_caller(lead)} split+spanning).",
                next_test="None needed: the callers share the same reads",
            )
        )
    return rows


def _paralogues(patient: str, rna: RnaSeq) -> list[Disagreement]:
    lead = rna.lead
    family = paralogues_of(lead.partner) if lead else ()
    if lead is None or not family:
        return []
    named = lead.reported_partners
    return [
        Disagreement(
            patient=patient,
            assays=f"rna-seq ({', '.join(lead.callers)})",
            reason=Reason.PARALOGUE,
            sentence=f"{', '.join(family)} are near-identical copies; the callers name "
            f"{' and '.join(named)}, and short reads cannot tell which copy it is.",
            next_test="Long reads or genomic breakpoint sequencing, if the copy matters",
        )
    ]


def _read_throughs(patient: str, rna: RnaSeq) -> list[Disagreement]:
    return [
        Disagreement(
            patient=patient,
            assays=f"rna-seq ({', '.join(event.callers)})",
            reason=Reason.READ_THROUGH,
            sentence=f"{event.fusion} joins neighbours on 11q23 and is not counted as a "
            "rearrangement.",
            next_test="Break-apart FISH, if leukaemia is in question",
        )
        for event in rna.events
        if event.kind is FusionKind.READ_THROUGH
    ]


def _reciprocal_alone(patient: str, rna: RnaSeq) -> list[Disagreement]:
    lead = rna.lead
    if lead is None or lead.kind is not FusionKind.RECIPROCAL:
        return []
    return [
        Disagreement(
            patient=patient,
            assays=f"rna-seq ({', '.join(lead.callers)})",
            reason=Reason.RECIPROCAL_ONLY,
            sentence=f"Only {lead.fusion}, with KMT2A's 3' end, was found; the transcript that "
            "drives leukaemia, with its 5' end, was not.",
            next_test="Split RT-PCR for the direct fusion and break-apart FISH",
        )
    ]


_LABELS = {
    Assay.KARYOTYPE: "karyotyping",
    Assay.FISH: "FISH",
    Assay.RT_PCR: "RT-PCR",
    Assay.SPLIT_RT_PCR: "split RT-PCR",
    Assay.QRT_PCR: "qRT-PCR",
    Assay.RNA_SEQ: "RNA-seq",
}
