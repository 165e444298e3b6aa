"""From KMT2A events, assays and clinical data to the integrated results, and their tables."""

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
from fusion_caller.reconcile import reconcile
from fusion_caller.records import Disposition, SetAside, Verdict
from workflows.manifest import InputFile, input_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from fusion_caller.assays.sheet import AssaySheet
    from fusion_caller.integrated import Evidence
    from fusion_caller.laboratory import Laboratory
    from fusion_caller.reconcile import Reconciliation
    from fusion_caller.records import SampleFusions
    from fusion_caller.rules import RuleBook
    from workflows.results import ResultsFolder
    from workflows.survival import Outcomes


def integrate(
    samples: Sequence[SampleFusions],
    unread: Iterable[SetAside],
    assays: AssaySheet | None,
    outcomes: Outcomes | None,
    *,
    laboratory: Laboratory,
    rules: RuleBook,
) -> Reconciliation:
    """One result a patient of every table, with the risk group where there is a clinical table.

    Args:
        samples: The KMT2A events of each sequenced sample.
        unread: Files that could not be read; whose they are is a patient all the same.
        assays: The assay table.
        outcomes: The clinical table and the analysis.
        laboratory: What the laboratory's assays are.
        rules: The rules of integration.
    """
    also = [row.patient for row in unread if row.patient]
    if outcomes:
        also += outcomes.patients
    reconciled = reconcile(
        samples,
        assays.reports if assays else (),
        also=also,
        laboratory=laboratory,
        rules=rules,
        diagnosed=outcomes.diagnosed if outcomes else None,
    )
    return outcomes.with_risk(reconciled) if outcomes else reconciled


def set_aside_in(
    reconciled: Reconciliation, assays: AssaySheet | None, outcomes: Outcomes | None
) -> list[SetAside]:
    """Rows of the assay table and of the clinical one that somebody should look at."""
    rows: list[SetAside] = [*(assays.repeated() if assays else ())]
    rows += not_understood(reconciled.evidence)
    if outcomes:
        rows += outcomes.only_in_one_table(reconciled)
        rows += outcomes.doubtful()
    return rows


def tables_read(
    assays: tuple[Path, AssaySheet] | None, outcomes: Outcomes | None
) -> list[InputFile]:
    """The assay table and the clinical one, for the manifest."""
    files = []
    if assays:
        path, sheet = assays
        files.append(input_file("assays", path, name=sheet.file, rows_in=len(sheet.reports)))
    if outcomes:
        files.extend(outcomes.inputs)
    return files


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
