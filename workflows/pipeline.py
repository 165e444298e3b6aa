"""The whole way once: tables in, results folder out. Every command does a part of this."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fusion_caller.assays import DEFAULT_CUTOFF, read_assays
from fusion_caller.integrated import Confidence, Reason, Status
from fusion_caller.reconcile import Reconciliation, reconcile
from fusion_caller.records import Disposition, SetAside, Verdict
from workflows.fusions import Fusions, find_fusions, write_calls, write_fusions
from workflows.manifest import InputFile, input_file, write_manifest
from workflows.reconciliation import not_understood, write_reconciliation
from workflows.results import REPORT, ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.assays.sheet import AssaySheet
    from workflows.survival import Outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInputs:
    """What a run starts from; each of the tables may be absent.

    `analysis` is a YAML file or the name of a preset.
    """

    samplesheet: Path | None = None
    assays: Path | None = None
    clinical: Path | None = None
    analysis: str | Path | None = None
    fish_cutoff: float = DEFAULT_CUTOFF
    title: str = ""
    mark: str = ""

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files among the inputs."""
        given = (self.samplesheet, self.assays, self.clinical, self.analysis)
        return tuple(path for path in given if isinstance(path, Path))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """A run in five sentences, without a patient in them."""

    found: str
    assays: str
    look_at: str
    survival: str
    rows: str


def run_all(inputs: RunInputs, output: Path) -> RunSummary:
    """Run everything that the inputs allow and write the results folder.

    Everything is read and checked before anything is written.

    Raises:
        Kmt2aError: If an input is not what it should be; then nothing is written.
    """
    started = datetime.now(UTC)
    names = {path: _shown(path, output) for path in inputs.paths}
    fusions = (
        find_fusions(inputs.samplesheet, name=names[inputs.samplesheet])
        if inputs.samplesheet
        else None
    )
    assays = read_assays(inputs.assays, name=names[inputs.assays]) if inputs.assays else None
    outcomes = _read_clinical(inputs, names)
    reconciled = reconcile(
        fusions.samples if fusions else (),
        assays.reports if assays else (),
        also=outcomes.patients if outcomes else (),
        fish_cutoff=inputs.fish_cutoff,
    )
    if outcomes:
        reconciled = outcomes.with_risk(reconciled)
    set_aside = _set_aside(fusions, reconciled, outcomes)
    files = _inputs(inputs, fusions, assays, outcomes)
    with ResultsFolder(output) as results:
        write_calls(results, fusions.files if fusions else (), set_aside, folder="calls/")
        write_fusions(results, fusions.samples if fusions else (), folder="calls/")
        write_reconciliation(results, reconciled, folder="reconciled/")
        survival = outcomes.write(results, mark=inputs.mark) if outcomes else "no clinical table"
        write_manifest(
            results,
            command="run",
            parameters=_parameters(inputs, names),
            inputs=files,
            started=started,
            finished=datetime.now(UTC),
        )
        _write_report(results)
    return RunSummary(
        found=_found(reconciled),
        assays=_assays(reconciled),
        look_at=_look_at(reconciled, set_aside),
        survival=survival,
        rows=_rows(files),
    )


def _shown(path: Path, output: Path) -> str:
    """How tables and messages name an input: as given, or as seen from the results folder.

    So the results of the bundled example are the same bytes wherever they are written.
    """
    return str(path.relative_to(output)) if path.is_relative_to(output) else str(path)


def _read_clinical(inputs: RunInputs, names: dict[Path, str]) -> Outcomes | None:
    if inputs.clinical is None:
        return None
    # pandas, lifelines and matplotlib take seconds to import; a run without outcomes spares them.
    from workflows.survival import read_outcomes

    return read_outcomes(inputs.clinical, inputs.analysis, names=names)


def _write_report(results: ResultsFolder) -> None:
    from workflows.report import render

    results.write_text(REPORT, render(results.staging))


def _parameters(inputs: RunInputs, names: dict[Path, str]) -> dict[str, object]:
    tables = {
        "samplesheet": inputs.samplesheet,
        "assays": inputs.assays,
        "clinical": inputs.clinical,
        "analysis": inputs.analysis,
    }
    named: dict[str, object] = {
        key: names.get(given, str(given)) if isinstance(given, Path) else given
        for key, given in tables.items()
    }
    return named | {
        "fish_cutoff": inputs.fish_cutoff,
        "title": inputs.title,
        "mark": inputs.mark,
    }


def _inputs(
    inputs: RunInputs,
    fusions: Fusions | None,
    assays: AssaySheet | None,
    outcomes: Outcomes | None,
) -> list[InputFile]:
    files = list(fusions.inputs) if fusions else []
    if inputs.assays and assays:
        files.append(
            input_file("assays", inputs.assays, name=assays.file, rows_in=len(assays.reports))
        )
    if outcomes:
        files.extend(outcomes.inputs)
    return files


def _set_aside(
    fusions: Fusions | None, reconciled: Reconciliation, outcomes: Outcomes | None
) -> list[SetAside]:
    rows = list(fusions.set_aside) if fusions else []
    rows += not_understood(reconciled.evidence)
    if outcomes:
        rows += outcomes.only_in_one_table(reconciled)
    return rows


def _found(reconciled: Reconciliation) -> str:
    patients = reconciled.patients
    ptd = sum(patient.status is Status.PTD for patient in patients)
    rearranged = [p for p in patients if p.status in (Status.REARRANGED, Status.PARTNER_UNKNOWN)]
    subtypes = Counter(patient.subtype for patient in rearranged)
    listed = ", ".join(f"{n} {subtype}" for subtype, n in subtypes.most_common())
    total = f"{len(rearranged)} of {len(patients)} patients rearranged"
    return total + (f": {listed}" if listed else "") + (f"; {ptd} with PTD" if ptd else "")


def _assays(reconciled: Reconciliation) -> str:
    from fusion_caller.detection import detection

    rows = detection(reconciled.evidence)
    return ", ".join(f"{r.assay} {r.positive}/{r.tested}" for r in rows) or "none"


def _look_at(reconciled: Reconciliation, set_aside: Sequence[SetAside]) -> str:
    reasons = Counter(item.reason for item in reconciled.disagreements)
    conflicting = sum(p.confidence is Confidence.CONFLICTING for p in reconciled.patients)
    doubtful = sum(p.status is Status.INDETERMINATE for p in reconciled.patients)
    unread = sum(e.reading.verdict is Verdict.NOT_UNDERSTOOD for e in reconciled.evidence)
    refused = sum(row.disposition is Disposition.REFUSED for row in set_aside)
    return (
        f"{reasons[Reason.UNEXPLAINED]} unexplained of {reasons.total()} disagreements, "
        f"{conflicting} conflicting, {doubtful} indeterminate, {unread} results not understood; "
        f"{refused} rows refused, {len(set_aside) - refused} flagged"
    )


def _rows(files: Sequence[InputFile]) -> str:
    rows_in = sum(item.rows_in for item in files)
    used = sum(item.rows_used for item in files)
    return f"{rows_in:,} in = {used:,} used + {rows_in - used:,} set aside"
