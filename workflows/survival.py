"""From the clinical table and the integrated results to outcome tables, curves and figures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fusion_caller.errors import InputError
from fusion_caller.records import Disposition, SetAside
from fusion_caller.tables import read_table
from outcomes.analysis import Analysis, load_analysis, load_preset, presets
from outcomes.clinical.cohort import Cohort, Results, read_cohort, read_results
from outcomes.risk import PROTOCOLS, RISK_COLUMNS, Finding, findings, risk_rows, risks_by_patient
from outcomes.tables import TABLES, OutcomeResults, analyse
from workflows.manifest import InputFile, input_file
from workflows.report.words import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion_caller.reconcile import Reconciliation
    from outcomes.strata import Strata
    from workflows.drawing import Studio
    from workflows.results import ResultsFolder

FIGURE_COLUMNS = ("file", "title", "caption", "endpoint", "variable", "kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """A clinical table and an analysis, read and checked, waiting for the integrated results."""

    clinical: Path
    cohort: Cohort
    analysis: Analysis
    analysis_input: tuple[InputFile, ...]

    @property
    def patients(self) -> list[str]:
        """The patients of the clinical table."""
        return [str(patient) for patient in self.cohort.data["patient"]]

    @property
    def diagnosed(self) -> dict[str, str]:
        """The day of diagnosis (YYYY-MM-DD) by patient, where the table has it."""
        rows = read_table(self.clinical, name=self.cohort.file).rows
        return {row["patient"]: day for row in rows if (day := row.get("diagnosis_date"))}

    @property
    def inputs(self) -> list[InputFile]:
        """The files behind it; every row of the clinical table is used."""
        name = self.cohort.file
        return [
            input_file("clinical", self.clinical, name=name, rows_in=self.cohort.n),
            *self.analysis_input,
        ]

    def with_risk(self, reconciled: Reconciliation) -> Reconciliation:
        """Add each patient's risk group by the first protocol that the analysis names."""
        if not self.analysis.risk:
            return reconciled
        first = [*PROTOCOLS].index(self.analysis.risk[0])
        found = {
            patient.patient: Finding.of(patient.status, patient.partner, patient.confidence)
            for patient in reconciled.patients
        }
        risks = risks_by_patient(self.cohort, found)
        patients = []
        for patient in reconciled.patients:
            risk = risks[patient.patient][first]
            patients.append(replace(patient, risk_group=str(risk), risk_source=risk.source))
        return replace(reconciled, patients=tuple(patients))

    def only_in_one_table(self, reconciled: Reconciliation) -> list[SetAside]:
        """Patients who are in the clinical table or in the assays, but not in both."""
        assayed = {item.patient: item for item in reversed(reconciled.evidence)}
        lines = dict(zip(self.patients, self.cohort.data["line"], strict=True))
        clinical_only = [
            SetAside(
                file=self.cohort.file,
                line=int(line),
                patient=patient,
                disposition=Disposition.FLAGGED,
                reason="the patient is in no assay table and no sample sheet; not evaluable",
            )
            for patient, line in lines.items()
            if patient not in assayed
        ]
        assays_only = [
            SetAside(
                file=item.file,
                line=item.line or 1,
                patient=patient,
                disposition=Disposition.FLAGGED,
                reason="the patient is not in the clinical table; not in the outcome analysis",
            )
            for patient, item in sorted(assayed.items())
            if patient not in lines
        ]
        return clinical_only + assays_only

    def doubtful(self) -> list[SetAside]:
        """Rows that are possible but doubtful by a rule of the dictionary; they are analysed."""
        return [
            SetAside(
                file=self.cohort.file,
                line=doubt.line,
                patient=doubt.patient,
                disposition=Disposition.FLAGGED,
                reason=f"doubtful ({doubt.rule}): {doubt.reason}; analysed as it stands",
            )
            for doubt in self.cohort.doubts
        ]

    def write(self, results: ResultsFolder, *, mark: str, processes: int) -> str:
        """Analyse with the integrated results in the folder, write everything, say it in short."""
        patients = results.staging / "reconciled" / "patients.tsv"
        integrated = read_results(patients, name="reconciled/patients.tsv")
        write_risk(results, self, integrated, folder="reconciled/")
        return write_outcomes(
            results, self, integrated, folder="outcomes/", mark=mark, processes=processes
        )


def read_outcomes(
    clinical: Path, analysis: str | Path | None, *, names: Mapping[Path, str] | None = None
) -> Outcomes:
    """Read a clinical table and an analysis.

    Args:
        clinical: The table.
        analysis: A YAML file or the name of a preset; the default preset if None.
        names: How tables and messages call the files, where not as given.

    Raises:
        Kmt2aError: If either is not what it should be.
    """
    named = names or {}
    return Outcomes(
        clinical=clinical,
        cohort=read_cohort(clinical, name=named.get(clinical)),
        analysis=_analysis(analysis, named),
        analysis_input=_analysis_input(analysis, named),
    )


def file_or_preset(given: str | None) -> str | Path | None:
    """What a person means by `--analysis`: a preset of that name, else a file.

    Raises:
        InputError: If it is neither.
    """
    if given is None or given in presets():
        return given
    if not Path(given).exists():
        known = ", ".join(presets())
        raise InputError(f"expected a file or one of the presets {known}", file=given)
    return Path(given)


def _analysis(analysis: str | Path | None, names: Mapping[Path, str]) -> Analysis:
    if isinstance(analysis, Path):
        return load_analysis(analysis, name=names.get(analysis))
    return load_preset(analysis) if analysis else load_preset()


def _analysis_input(
    analysis: str | Path | None, names: Mapping[Path, str]
) -> tuple[InputFile, ...]:
    if not isinstance(analysis, Path):
        return ()
    name = names.get(analysis, str(analysis))
    return (input_file("analysis", analysis, name=name, rows_in=0),)


def write_risk(
    results: ResultsFolder, outcomes: Outcomes, integrated: Results, *, folder: str
) -> None:
    """Write each patient's risk group by every protocol."""
    risks = risks_by_patient(outcomes.cohort, findings(integrated))
    results.write_table(f"{folder}risk.tsv", RISK_COLUMNS, risk_rows(risks), for_people=True)


def write_outcomes(
    results: ResultsFolder,
    outcomes: Outcomes,
    integrated: Results,
    *,
    folder: str,
    mark: str,
    processes: int,
    figures: bool = True,
) -> str:
    """Analyse and write tables, `models.json` and figures; return the result in one sentence."""
    if not figures:
        return _in_short(_write_tables(results, outcomes, integrated, folder=folder))
    from workflows.drawing import Studio

    with Studio(processes) as studio:
        found = _write_tables(results, outcomes, integrated, folder=folder)
        _write_figures(results, found, studio, mark=mark)
    return _in_short(found)


def _write_tables(
    results: ResultsFolder, outcomes: Outcomes, integrated: Results, *, folder: str
) -> OutcomeResults:
    found = analyse(outcomes.cohort, integrated, outcomes.analysis)
    for name, columns in TABLES.items():
        # Curves are for programs; the others are opened in spreadsheets.
        for_people = name not in ("curves", "cif", "curves_time_dependent")
        results.write_table(
            f"{folder}{name}.tsv", columns, found.tables[name], for_people=for_people
        )
    results.write_json(f"{folder}models.json", found.models)
    return found


def _write_figures(
    results: ResultsFolder, found: OutcomeResults, studio: Studio, *, mark: str
) -> None:
    """Write every figure as SVG and PNG, and `figures.tsv`, in which those not drawn stand too."""
    from workflows.cohort_figures import cohort_figures
    from workflows.curve_figures import curve_figures

    figures = [*curve_figures(found, mark=mark), *cohort_figures(found, mark=mark)]
    wanted = [(figure, figure.draw) for figure in figures]
    drawn = iter(studio.draw([draw for _, draw in wanted if draw]))
    rows: list[dict[str, object]] = []
    for figure, draw in wanted:
        stem = ""
        if draw:
            named = (figure.kind, figure.endpoint, figure.variable)
            stem = re.sub(r"[^a-z0-9_-]+", "-", "_".join(filter(None, named)).lower())
            contents = next(drawn)
            results.write_text(f"figures/{stem}.svg", contents.svg)
            results.write_bytes(f"figures/{stem}.png", contents.png)
        rows.append(
            {
                "file": f"{stem}.svg" if stem else "",
                "title": figure.title,
                "caption": figure.caption,
                "endpoint": figure.endpoint,
                "variable": figure.variable,
                "kind": figure.kind,
            }
        )
    results.write_table("figures/figures.tsv", FIGURE_COLUMNS, rows)


def _in_short(found: OutcomeResults) -> str:
    parts = [_headline(found.strata[0], found.analysis.horizon_months)]
    parts.append(plural(len(found.cautions), "caution"))
    if found.unused_columns:
        parts.append(f"{plural(len(found.unused_columns), 'column')} not used")
    return "; ".join(parts)


def _headline(overall: Strata, horizon_months: float) -> str:
    """Say the survival of everybody at the horizon, or where follow-up ends before it."""
    curve = overall.strata[0].curve
    if curve is None:
        return f"{overall.endpoint_label}: not estimable"
    ended = curve.last_time < horizon_months
    estimate = curve.at(min(curve.last_time, horizon_months))
    shown = f"{100 * estimate.survival:.1f}"
    # Neither at 0 nor at 1 does the standard error say how sure the estimate is.
    if estimate.std_error > 0:
        shown += f" ± {100 * estimate.std_error:.1f}"
    at = f"{estimate.time:.1f}".removesuffix(".0") if ended else f"{horizon_months:g}"
    when = f"the end of follow-up, {at} months" if ended else f"{at} months"
    return (
        f"{overall.endpoint_label} {shown}% at {when} (n = {curve.n}, "
        f"{plural(curve.events, 'event')}, {estimate.n_at_risk} at risk)"
    )
