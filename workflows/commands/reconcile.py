"""`kmt2a reconcile`: KMT2A fusions and assays to one integrated result a patient."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.assays import read_assays
from fusion_caller.call_tables import read_fusions
from fusion_caller.integrated import Reason
from fusion_caller.laboratory import DEFAULT_CUTOFF, Laboratory
from fusion_caller.reconcile import reconcile
from workflows.reconciliation import write_reconciliation
from workflows.results import ResultsFolder

if TYPE_CHECKING:
    from fusion_caller.reconcile import Reconciliation


def run_reconcile(
    calls: Path | None, assays: Path | None, output: Path, *, fish_cutoff: float = DEFAULT_CUTOFF
) -> Reconciliation:
    """Read `kmt2a.tsv` and an assay table, write the tables of reconciliation.

    Raises:
        InputError: If a table cannot be read.
    """
    samples = read_fusions(calls) if calls else ()
    reports = read_assays(assays, name=str(assays)).reports if assays else ()
    reconciled = reconcile(samples, reports, laboratory=Laboratory(fish_cutoff=fish_cutoff))
    with ResultsFolder(output) as results:
        write_reconciliation(results, reconciled, folder="")
    return reconciled


@click.command("reconcile")
@click.option(
    "--calls", type=click.Path(path_type=Path), metavar="KMT2A.tsv", help="What `assign` wrote."
)
@click.option("--assays", type=click.Path(path_type=Path), metavar="A.csv", help="Assay table.")
@click.option(
    "--fish-cutoff",
    type=click.FloatRange(0, 1),
    default=DEFAULT_CUTOFF,
    show_default=True,
    help="Fraction of abnormal cells from which on FISH counts; give your laboratory's.",
)
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(*, calls: Path | None, assays: Path | None, fish_cutoff: float, output: Path) -> None:
    """Reconcile FISH, RT-PCR, karyotype and RNA-seq and explain every disagreement."""
    if calls is None and assays is None:
        raise click.UsageError("give --calls, --assays, or both")
    reconciled = run_reconcile(calls, assays, output, fish_cutoff=fish_cutoff)
    open_ones = sum(d.reason is Reason.UNEXPLAINED for d in reconciled.disagreements)
    click.echo(
        f"{len(reconciled.patients)} patients, {len(reconciled.disagreements)} disagreements, "
        f"{open_ones} unexplained: {output / 'patients.tsv'}"
    )
