"""`kmt2a reconcile`: KMT2A fusions and assays to one integrated result a patient."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.assays import read_assays
from fusion_caller.call_tables import beside, read_fusions, read_unread
from fusion_caller.errors import InputError
from fusion_caller.integrated import Reason
from fusion_caller.laboratory import laboratory_of
from fusion_caller.rules import packaged_rules, read_rules
from fusion_caller.tables import columns_of_header, read_head
from workflows.fusions import write_set_aside
from workflows.laboratory_options import fish_cutoff_option, panels_option, read_own_panels
from workflows.manifest import write_manifest
from workflows.reconciliation import (
    integrate,
    set_aside_in,
    tables_read,
    write_reconciliation,
)
from workflows.report.words import plural
from workflows.results import ResultsFolder
from workflows.step_options import given_analysis, named, prefix_option, table_in

if TYPE_CHECKING:
    from fusion_caller.reconcile import Reconciliation
    from workflows.survival import Outcomes


def run_reconcile(
    calls: Path | None,
    assays: Path | None,
    output: Path,
    *,
    clinical: Path | None = None,
    analysis: str | Path | None = None,
    panels: Path | None = None,
    fish_cutoff: float | None = None,
    prefix: str = "",
) -> Reconciliation:
    """Read `kmt2a.tsv` and an assay table, write the tables of reconciliation and `set_aside.tsv`.

    A clinical table adds its patients, their day of diagnosis, and the risk group.

    Raises:
        InputError: If a table cannot be read.
        AnalysisError: If the rules cannot.
    """
    rules = (
        read_rules(analysis, name=str(analysis)) if isinstance(analysis, Path) else packaged_rules()
    )
    laboratory = laboratory_of(rules, fish_cutoff=fish_cutoff, own_panels=read_own_panels(panels))
    if calls:
        calls = table_in(calls, "kmt2a.tsv")
        _check_kind(calls)
    samples = read_fusions(calls) if calls else ()
    unread = read_unread(beside(calls, "set_aside.tsv")) if calls else ()
    sheet = read_assays(assays, name=str(assays), laboratory=laboratory) if assays else None
    if assays and sheet and not sheet.reports:
        click.echo(f"kmt2a: {assays}: 0 rows below the header", err=True)
    outcomes = _read_clinical(clinical, analysis)
    reconciled = integrate(samples, unread, sheet, outcomes, laboratory=laboratory, rules=rules)
    with ResultsFolder(output, prefix=prefix) as results:
        write_reconciliation(results, reconciled, folder="")
        write_set_aside(results, set_aside_in(reconciled, sheet, outcomes), folder="")
        write_manifest(
            results,
            command="reconcile",
            parameters={"fish_cutoff": fish_cutoff, "panels": panels and str(panels)},
            inputs=tables_read((assays, sheet) if assays and sheet else None, outcomes),
        )
    return reconciled


def _check_kind(path: Path) -> None:
    """Refuse the table of all calls, which is easily taken for that of the KMT2A fusions."""
    head = read_head(path, name=str(path), lines=1)
    if head and "gene_5prime" in columns_of_header(head[0]):
        raise InputError(
            "expected kmt2a.tsv, found a table of calls",
            file=str(path),
            remedy="give what `kmt2a assign` wrote of it",
        )


def _read_clinical(clinical: Path | None, analysis: str | Path | None) -> Outcomes | None:
    if clinical is None:
        return None
    # pandas, lifelines and matplotlib take seconds to import; without a clinical table not needed.
    from workflows.survival import read_outcomes

    return read_outcomes(clinical, analysis)


@click.command("reconcile")
@click.option(
    "--calls", type=click.Path(path_type=Path), metavar="KMT2A.tsv", help="What `assign` wrote."
)
@click.option("--assays", type=click.Path(path_type=Path), metavar="A.csv", help="Assay table.")
@click.option(
    "--clinical",
    type=click.Path(path_type=Path),
    metavar="C.csv",
    help="One row a patient: days of diagnosis, and what risk groups need.",
)
@click.option(
    "--analysis",
    metavar="Y.yaml|PRESET",
    help="Rules of integration, under its key `integration`; see `kmt2a rules`.",
)
@panels_option
@fish_cutoff_option
@prefix_option
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(
    *,
    calls: Path | None,
    assays: Path | None,
    clinical: Path | None,
    analysis: str | None,
    panels: Path | None,
    fish_cutoff: float | None,
    prefix: str,
    output: Path,
) -> None:
    """Reconcile FISH, RT-PCR, karyotype and RNA-seq and explain every disagreement."""
    if calls is None and assays is None and clinical is None:
        raise click.UsageError("give --calls, --assays, or both")
    reconciled = run_reconcile(
        calls,
        assays,
        output,
        clinical=clinical,
        analysis=given_analysis(analysis),
        panels=panels,
        fish_cutoff=fish_cutoff,
        prefix=prefix,
    )
    open_ones = sum(d.reason is Reason.UNEXPLAINED for d in reconciled.disagreements)
    click.echo(
        f"{plural(len(reconciled.patients), 'patient')}, "
        f"{plural(len(reconciled.disagreements), 'disagreement')}, "
        f"{open_ones} unexplained: {named(output, 'patients.tsv', prefix)}"
    )
