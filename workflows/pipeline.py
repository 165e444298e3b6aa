"""The whole way once: tables in, results folder out. Every command does a part of this."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fusion_caller.assays import read_assays
from fusion_caller.integrated import Confidence, Reason, Status
from fusion_caller.laboratory import laboratory_of
from fusion_caller.records import Disposition, SetAside, Verdict
from fusion_caller.rules import RuleBook, packaged_rules, read_rules
from fusion_caller.samplesheet import SampleFile, read_samplesheet
from workflows.fusions import find_fusions, read_sheet, write_fusions, write_set_aside
from workflows.laboratory_options import read_own_panels
from workflows.manifest import InputFile, input_file, without_unread, write_manifest
from workflows.reading import processors
from workflows.reconciliation import (
    integrate,
    set_aside_in,
    tables_read,
    write_reconciliation,
)
from workflows.references import open_references
from workflows.report.words import plural
from workflows.results import REPORT, ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.contigs import Build
    from fusion_caller.reconcile import Reconciliation
    from workflows.survival import Outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInputs:
    """What a run starts from; each of the tables may be absent.

    `analysis` is a YAML file or the name of a preset, `processes` how many may work at a time;
    `keep_going` leaves out files that cannot be read, and says so.
    """

    samplesheet: Path | None = None
    rnafusion: Path | None = None
    gtf: Path | None = None
    genome: Path | None = None
    index: Path | None = None
    build: Build | None = None
    assays: Path | None = None
    clinical: Path | None = None
    analysis: str | Path | None = None
    panels: Path | None = None
    fish_cutoff: float | None = None
    title: str = ""
    mark: str = ""
    processes: int | None = None
    keep_going: bool = False

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files among the inputs."""
        given = (
            self.samplesheet,
            self.rnafusion,
            self.gtf,
            self.genome,
            self.index,
            self.assays,
            self.clinical,
            self.analysis,
            self.panels,
        )
        return tuple(path for path in given if isinstance(path, Path))


_SHEETS = ("samplesheet", "assays")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """A run in five sentences, without a patient in them, and the sheets without a row."""

    found: str
    assays: str
    look_at: str
    survival: str
    rows: str
    without_rows: tuple[str, ...] = ()


def run_all(inputs: RunInputs, output: Path) -> RunSummary:
    """Run everything that the inputs allow and write the results folder.

    The small tables are read first, so that what is wrong with them is said at once.

    Raises:
        Kmt2aError: If an input is not what it should be; then nothing is written.
    """
    started = datetime.now(UTC)
    names = {path: _shown(path, output) for path in inputs.paths}
    sheet = _sample_files(inputs, names)
    rules = _read_rules(inputs, names)
    laboratory = laboratory_of(
        rules,
        fish_cutoff=inputs.fish_cutoff,
        own_panels=read_own_panels(inputs.panels, name=names.get(inputs.panels or Path())),
    )
    assays = (
        read_assays(inputs.assays, name=names[inputs.assays], laboratory=laboratory)
        if inputs.assays
        else None
    )
    outcomes = _read_clinical(inputs, names)
    with (
        ResultsFolder(output) as results,
        open_references(
            gtf=inputs.gtf, genome=inputs.genome, build=inputs.build, index=inputs.index
        ) as references,
    ):
        read = read_sheet(
            sheet.files,
            name=sheet.name,
            references=references,
            processes=inputs.processes,
            keep_going=inputs.keep_going,
        )
        fusions = find_fusions(read, results, sheet.files, folder="calls/", references=references)
        reconciled = integrate(
            fusions.samples, fusions.unread, assays, outcomes, laboratory=laboratory, rules=rules
        )
        set_aside = [*fusions.set_aside, *set_aside_in(reconciled, assays, outcomes)]
        assay_table = (inputs.assays, assays) if inputs.assays and assays else None
        files = [
            *without_unread(sheet.inputs, fusions.unread),
            *references.inputs,
            *fusions.inputs,
            *tables_read(assay_table, outcomes),
        ]
        write_set_aside(results, set_aside, folder="calls/")
        write_fusions(results, fusions.samples, folder="calls/")
        write_reconciliation(results, reconciled, folder="reconciled/")
        survival = (
            outcomes.write(results, mark=inputs.mark, processes=inputs.processes or processors())
            if outcomes
            else "no clinical table"
        )
        _write_multiqc(results, mark=inputs.mark)
        write_manifest(
            results,
            command="run",
            parameters=_parameters(inputs, names),
            inputs=files,
            times=(started, datetime.now(UTC)),
        )
        _write_report(results)
    return RunSummary(
        found=_found(reconciled),
        assays=_assays(reconciled),
        look_at=_look_at(reconciled, set_aside),
        survival=survival,
        rows=_rows(files),
        without_rows=tuple(
            file.file for file in files if file.role in _SHEETS and not file.rows_in
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """The callers' files of a run and what lists them."""

    name: str
    files: tuple[SampleFile, ...]
    inputs: tuple[InputFile, ...] = ()


def _sample_files(inputs: RunInputs, names: dict[Path, str]) -> _Sheet:
    sheet = _Sheet(name="", files=())
    if inputs.samplesheet:
        name = names[inputs.samplesheet]
        files = read_samplesheet(inputs.samplesheet, name=name)
        listed = input_file("samplesheet", inputs.samplesheet, name=name, rows_in=len(files))
        sheet = _Sheet(name=name, files=files, inputs=(listed,))
    if inputs.rnafusion:
        from fusion_caller.rnafusion import add_rnafusion, find_rnafusion

        found = find_rnafusion(inputs.rnafusion)
        return replace(sheet, files=add_rnafusion(sheet.files, found, name=sheet.name))
    return sheet


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


def _read_rules(inputs: RunInputs, names: dict[Path, str]) -> RuleBook:
    """The rules of integration: packaged, or as the analysis file has them; presets have none."""
    if isinstance(inputs.analysis, Path):
        return read_rules(inputs.analysis, name=names[inputs.analysis])
    return packaged_rules()


def _write_multiqc(results: ResultsFolder, *, mark: str) -> None:
    from workflows.multiqc import write_multiqc

    write_multiqc(results, mark=mark)


def _write_report(results: ResultsFolder) -> None:
    from workflows.report import render

    results.write_text(REPORT, render(results.staging))


def _parameters(inputs: RunInputs, names: dict[Path, str]) -> dict[str, object]:
    tables = {
        "samplesheet": inputs.samplesheet,
        "rnafusion": inputs.rnafusion,
        "gtf": inputs.gtf,
        "genome": inputs.genome,
        "index": inputs.index,
        "assays": inputs.assays,
        "clinical": inputs.clinical,
        "analysis": inputs.analysis,
        "panels": inputs.panels,
    }
    named: dict[str, object] = {
        key: names.get(given, str(given)) if isinstance(given, Path) else given
        for key, given in tables.items()
    }
    return named | {
        "build": inputs.build,
        "fish_cutoff": inputs.fish_cutoff,
        "title": inputs.title,
        "mark": inputs.mark,
    }


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

    deciding = [item for item in reconciled.evidence if item.counts]
    rows = detection(deciding, reconciled.patients)
    return ", ".join(f"{r.assay} {r.positive}/{r.tested}" for r in rows) or "none"


def _look_at(reconciled: Reconciliation, set_aside: Sequence[SetAside]) -> str:
    reasons = Counter(item.reason for item in reconciled.disagreements)
    conflicting = sum(p.confidence is Confidence.CONFLICTING for p in reconciled.patients)
    doubtful = sum(p.status is Status.INDETERMINATE for p in reconciled.patients)
    unread = sum(e.reading.verdict is Verdict.NOT_UNDERSTOOD for e in reconciled.evidence)
    refused = sum(row.disposition is Disposition.REFUSED for row in set_aside)
    flagged = sum(row.disposition is Disposition.FLAGGED for row in set_aside)
    not_read = sum(row.disposition is Disposition.UNREAD for row in set_aside)
    return (
        f"{reasons[Reason.UNEXPLAINED]} unexplained of {reasons.total()} disagreements, "
        f"{conflicting} conflicting, {doubtful} indeterminate, {unread} results not understood; "
        f"{refused} rows refused, {flagged} flagged"
        + (f"; {plural(not_read, 'file')} not read" if not_read else "")
    )


def _rows(files: Sequence[InputFile]) -> str:
    rows_in = sum(item.rows_in for item in files)
    used = sum(item.rows_used for item in files)
    return f"{rows_in:,} in = {used:,} used + {rows_in - used:,} set aside"
