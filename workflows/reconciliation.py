"""From KMT2A events and an assay table to the integrated results, and their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.agreement import agreement
from fusion_caller.detection import detection
from fusion_caller.integrated_tables import (
    AGREEMENT_COLUMNS,
    BLIND_SPOT_COLUMNS,
    DETECTION_COLUMNS,
    DISCORDANCE_COLUMNS,
    EVIDENCE_COLUMNS,
    INTERSECTION_COLUMNS,
    PATIENT_COLUMNS,
    agreement_rows,
    blind_spot_rows,
    detection_rows,
    discordance_rows,
    evidence_rows,
    intersection_rows,
    patient_rows,
)
from fusion_caller.intersections import intersections
from fusion_caller.records import Disposition, SetAside, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion_caller.integrated import Evidence
    from fusion_caller.reconcile import Reconciliation
    from workflows.results import ResultsFolder


def write_reconciliation(
    results: ResultsFolder, reconciled: Reconciliation, *, folder: str
) -> None:
    """Write the tables of reconciliation; they are meant for people."""
    evidence, patients = reconciled.evidence, reconciled.patients
    deciding = tuple(item for item in evidence if item.counts)
    tables: tuple[tuple[str, tuple[str, ...], Iterable[dict[str, object]]], ...] = (
        ("patients", PATIENT_COLUMNS, patient_rows(patients)),
        ("evidence", EVIDENCE_COLUMNS, evidence_rows(evidence)),
        ("discordance", DISCORDANCE_COLUMNS, discordance_rows(reconciled.disagreements)),
        ("blind_spots", BLIND_SPOT_COLUMNS, blind_spot_rows(reconciled.blind_spots)),
        ("detection", DETECTION_COLUMNS, detection_rows(detection(deciding, patients))),
        ("agreement", AGREEMENT_COLUMNS, agreement_rows(agreement(deciding))),
        (
            "intersections",
            INTERSECTION_COLUMNS,
            intersection_rows(intersections(deciding, patients)),
        ),
    )
    for name, columns, rows in tables:
        results.write_table(f"{folder}{name}.tsv", columns, rows, for_people=True)


def not_understood(evidence: Iterable[Evidence]) -> list[SetAside]:
    """Assay results in words that could not be read; they are in `evidence.tsv` as such."""
    return [
        SetAside(
            file=item.file,
            line=item.line,
            patient=item.patient,
            disposition=Disposition.FLAGGED,
            reason=f"{item.assay}: {item.reading.sentence}",
        )
        for item in evidence
        if item.reading.verdict is Verdict.NOT_UNDERSTOOD and item.line is not None
    ]
