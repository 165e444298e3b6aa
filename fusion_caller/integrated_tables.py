"""The tables of reconciliation: patients, evidence, disagreements, and assays over patients."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from fusion_caller.agreement import Agreement
from fusion_caller.detection import Detection
from fusion_caller.integrated import BlindSpot
from fusion_caller.records import Assay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fusion_caller.integrated import Disagreement, Evidence, PatientResult
    from fusion_caller.intersections import Intersection

PATIENT_COLUMNS = (
    "patient",
    "status",
    "partner",
    "fusion",
    "partner_suspected",
    "subtype",
    "confidence",
    "region",
    "kmt2a_exon",
    "partner_exon",
    "transcript",
    "reading_frame",
    "reciprocal",
    "flags",
    "assays_positive",
    "assays_negative",
    "assays_inconclusive",
    "assays_not_done",
    "discordant",
    "reasons",
    "next_test",
    "timepoint",
    "elsewhen",
    "status_rule",
    "because",
    "confidence_rule",
    "confidence_because",
    "risk_group",
    "risk_source",
)
EVIDENCE_COLUMNS = (
    "patient",
    "assay",
    "panel",
    "date",
    "timepoint",
    "counts",
    "reported",
    "verdict",
    "finding",
    "partners",
    "cells_abnormal",
    "reading",
    "could_not_see",
    "file",
    "line",
)
DISCORDANCE_COLUMNS = ("patient", "assays", "reason", "sentence", "next_test")
BLIND_SPOT_COLUMNS = tuple(field.name for field in fields(BlindSpot))
DETECTION_COLUMNS = tuple(field.name for field in fields(Detection))
AGREEMENT_COLUMNS = tuple(field.name for field in fields(Agreement))
INTERSECTION_COLUMNS = (*(assay.value for assay in Assay), "patients")


def patient_rows(patients: Iterable[PatientResult]) -> Iterator[dict[str, object]]:
    """Rows of `patients.tsv`."""
    for patient in patients:
        yield {column: getattr(patient, column) for column in PATIENT_COLUMNS}


def evidence_rows(evidence: Iterable[Evidence]) -> Iterator[dict[str, object]]:
    """Rows of `evidence.tsv`; `reading` is the sentence, `partners` the candidates in order."""
    for item in evidence:
        reading = item.reading
        yield {
            "patient": item.patient,
            "assay": item.assay,
            "panel": item.panel,
            "date": item.date,
            "timepoint": item.moment,
            "counts": item.counts,
            "reported": item.reported,
            "verdict": reading.verdict,
            "finding": reading.finding,
            "partners": reading.partners,
            "cells_abnormal": reading.cells_abnormal,
            "reading": reading.sentence,
            "could_not_see": item.could_not_see,
            "file": item.file,
            "line": item.line,
        }


def discordance_rows(disagreements: Iterable[Disagreement]) -> Iterator[dict[str, object]]:
    """Rows of `discordance.tsv`, the most urgent first as they come."""
    for item in disagreements:
        yield {column: getattr(item, column) for column in DISCORDANCE_COLUMNS}


def blind_spot_rows(spots: Iterable[BlindSpot]) -> Iterator[dict[str, object]]:
    """Rows of `blind_spots.tsv`: could each assay, done or not, have seen what was found?"""
    for spot in spots:
        yield {column: getattr(spot, column) for column in BLIND_SPOT_COLUMNS}


def detection_rows(rows: Iterable[Detection]) -> Iterator[dict[str, object]]:
    """Rows of `detection.tsv`."""
    for row in rows:
        yield {column: getattr(row, column) for column in DETECTION_COLUMNS}


def agreement_rows(rows: Iterable[Agreement]) -> Iterator[dict[str, object]]:
    """Rows of `agreement.tsv`."""
    for row in rows:
        yield {column: getattr(row, column) for column in AGREEMENT_COLUMNS}


def intersection_rows(rows: Iterable[Intersection]) -> Iterator[dict[str, object]]:
    """Rows of `intersections.tsv`: the result of each assay, and the number of patients."""
    for row in rows:
        yield {**{assay.value: row.results[assay] for assay in Assay}, "patients": row.patients}
