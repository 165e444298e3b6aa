"""Where the callers of one sample do not say the same, or say more than one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.event_flags import is_weak
from fusion_caller.gene_names import paralogues_of
from fusion_caller.integrated import Disagreement, Reason
from fusion_caller.records import Assay, FusionKind
from fusion_caller.rna_evidence import leading_event, reads_by_caller
from fusion_caller.visibility import NONE_NEEDED, OPTIONAL, below_thresholds

if TYPE_CHECKING:
    from collections.abc import Collection

    from fusion_caller.records import Kmt2aFusion, SampleFusions


def within_sample(sample: SampleFusions, *, done: Collection[Assay]) -> list[Disagreement]:
    """Everything in one sample's calls that a reader should know beside its leading event.

    Args:
        sample: The sample.
        done: The assays that the patient had.
    """
    rows = _read_throughs(sample, done)
    lead = leading_event(sample)
    if lead is not None:
        rows += _missed_by(sample, lead)
        rows += _paralogues(sample, lead)
        rows += _reciprocal_alone(sample, lead)
        rows += _other_fusions(sample, lead)
    return rows


def _missed_by(sample: SampleFusions, lead: Kmt2aFusion) -> list[Disagreement]:
    """Callers of one sample that have nothing, or only the reciprocal, of what leads."""
    partial = {
        source
        for event in sample.events
        if event.kind is FusionKind.RECIPROCAL and event.partner == lead.partner
        for source in event.callers
    }
    return [
        Disagreement(
            patient=sample.patient,
            assays=f"rna-seq ({', '.join(lead.callers)}) / rna-seq ({source})",
            reason=Reason.BELOW_THRESHOLD,
            sentence=f"{source} reports only the reciprocal of {lead.fusion}; the direct "
            "transcript stayed below its thresholds on reads or its filters."
            if source in partial
            else f"{source} does not report {lead.fusion} ({reads_by_caller(lead)} "
            f"split+spanning): {below_thresholds(source, lead.reads)}.",
            next_test="None needed: the callers share the same reads",
        )
        for source in sample.callers_run
        if source not in lead.callers
    ]


def _paralogues(sample: SampleFusions, lead: Kmt2aFusion) -> list[Disagreement]:
    family = paralogues_of(lead.partner)
    if not family:
        return []
    return [
        Disagreement(
            patient=sample.patient,
            assays=f"rna-seq ({', '.join(lead.callers)})",
            reason=Reason.PARALOGUE,
            sentence=f"{', '.join(family)} are near-identical copies{_said(lead)}, and short reads "
            "cannot tell which copy it is.",
            next_test=f"{OPTIONAL}: long reads or genomic breakpoints, where the copy matters",
        )
    ]


def _said(lead: Kmt2aFusion) -> str:
    named = " and ".join(lead.reported_partners)
    return f"; the callers name {named}" if named else ""


def _read_throughs(sample: SampleFusions, done: Collection[Assay]) -> list[Disagreement]:
    return [
        Disagreement(
            patient=sample.patient,
            assays=f"rna-seq ({', '.join(event.callers)})",
            reason=Reason.READ_THROUGH,
            sentence=f"{event.fusion} joins neighbours on 11q23 (read-through or mapping artefact) "
            "and is not counted as a rearrangement.",
            next_test=f"{NONE_NEEDED}: FISH was done"
            if Assay.FISH in done
            else f"{OPTIONAL}: break-apart FISH, where leukaemia is in question",
        )
        for event in sample.events
        if event.kind is FusionKind.READ_THROUGH
    ]


def _reciprocal_alone(sample: SampleFusions, lead: Kmt2aFusion) -> list[Disagreement]:
    if lead.kind is not FusionKind.RECIPROCAL:
        return []
    weak = any(event.kind is FusionKind.FUSION for event in sample.events)
    direct = "is not" if weak else "was not found"
    return [
        Disagreement(
            patient=sample.patient,
            assays=f"rna-seq ({', '.join(lead.callers)})",
            reason=Reason.RECIPROCAL_ONLY,
            sentence=f"Only {lead.fusion}, with KMT2A's 3' end, is well supported; the transcript "
            f"that drives leukaemia, with its 5' end, {direct}.",
            next_test="Split RT-PCR for the direct fusion and break-apart FISH",
        )
    ]


def _other_fusions(sample: SampleFusions, lead: Kmt2aFusion) -> list[Disagreement]:
    """Other fusions or PTD of the sample: a second event, or one of too few reads to lead."""
    others = [
        event
        for event in sample.events
        if event.kind in (FusionKind.FUSION, FusionKind.PTD) and event.partner != lead.partner
    ]
    return [
        Disagreement(
            patient=sample.patient,
            assays=f"rna-seq ({', '.join(event.callers)})",
            reason=Reason.BELOW_THRESHOLD if is_weak(event) else Reason.DIFFERENT_PARTNERS,
            sentence=f"RNA-seq also reports {event.fusion} ({reads_by_caller(event)} "
            f"split+spanning) beside {lead.fusion}.",
            next_test="Split RT-PCR for each junction, and FISH",
        )
        for event in others
    ]
