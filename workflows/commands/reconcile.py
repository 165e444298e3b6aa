"""`kmt2a reconcile`: KMT2A fusions and assays to one integrated result a patient."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.assays import read_assays
from fusion_caller.call_tables import read_fusions
from fusion_caller.integrated import Reason
from fusion_caller.laboratory import laboratory_of
from fusion_caller.reconcile import reconcile
from fusion_caller.rules import packaged_rules, read_rules
from workflows.fusions import write_set_aside
from workflows.laboratory_options import fish_cutoff_option, panels_option, read_own_panels
from workflows.reconciliation import not_understood, write_reconciliation
from workflows.report.words import plural
from workflows.results import ResultsFolder

if TYPE_CHECKING:
    from fusion_caller.reconcile import Reconciliation


def run_reconcile(
    calls: Path | None,
    assays: Path | None,
    output: Path,
    *,
    analysis: Path | None = None,
    panels: Path | None = None,
    fish_cutoff: float | None = None,
) -> Reconciliation:
    """Read `kmt2a.tsv` and an assay table, write the tables of reconciliation and `set_aside.tsv`.

    Raises:
        InputError: If a table cannot be read.
        AnalysisError: If the rules cannot.
    """
    rules = read_rules(analysis, name=str(analysis)) if analysis else packaged_rules()
    laboratory = laboratory_of(rules, fish_cutoff=fish_cutoff, own_panels=read_own_panels(panels))
    samples = read_fusions(calls) if calls else ()
    sheet = read_assays(assays, name=str(assays), laboratory=laboratory) if assays else None
    reports = sheet.reports if sheet else ()
    if assays and not reports:
        click.echo(f"kmt2a: {assays}: 0 rows below the header", err=True)
    reconciled = reconcile(samples, reports, laboratory=laboratory, rules=rules)
    set_aside = [*(sheet.repeated() if sheet else ()), *not_understood(reconciled.evidence)]
    with ResultsFolder(output) as results:
        write_reconciliation(results, reconciled, folder="")
        write_set_aside(results, set_aside, folder="")
    return reconciled


@click.command("reconcile")
@click.option(
    "--calls", type=click.Path(path_type=Path), metavar="KMT2A.tsv", help="What `assign` wrote."
)
@click.option("--assays", type=click.Path(path_type=Path), metavar="A.csv", help="Assay table.")
@click.option(
    "--analysis",
    type=click.Path(path_type=Path),
    metavar="Y.yaml",
    help="Rules of integration, under its key `integration`; see `kmt2a rules`.",
)
@panels_option
@fish_cutoff_option
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(
    *,
    calls: Path | None,
    assays: Path | None,
    analysis: Path | None,
    panels: Path | None,
    fish_cutoff: float | None,
    output: Path,
) -> None:
    """Reconcile FISH, RT-PCR, karyotype and RNA-seq and explain every disagreement."""
    if calls is None and assays is None:
        raise click.UsageError("give --calls, --assays, or both")
    reconciled = run_reconcile(
        calls, assays, output, analysis=analysis, panels=panels, fish_cutoff=fish_cutoff
    )
    open_ones = sum(d.reason is Reason.UNEXPLAINED for d in reconciled.disagreements)
    click.echo(
        f"{plural(len(reconciled.patients), 'patient')}, "
        f"{plural(len(reconciled.disagreements), 'disagreement')}, "
        f"{open_ones} unexplained: {output / 'patients.tsv'}"
    )
