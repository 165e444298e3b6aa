"""`kmt2a run`: from callers' files and assays to survival and a report, in one process."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflows.laboratory_options import fish_cutoff_option, panels_option
from workflows.pipeline import RunInputs, RunSummary, run_all
from workflows.reading import keep_going_option, processes_option, read_index_option
from workflows.references import build_option, genome_option, gtf_option
from workflows.results import REPORT
from workflows.step_options import given_analysis

if TYPE_CHECKING:
    from fusion_caller.contigs import Build

_FILE = click.Path(path_type=Path)


def summary_lines(summary: RunSummary, output: Path) -> list[str]:
    """What a run found, in five lines; no patient is named, since terminals end up in logs."""
    return [
        f"KMT2A     {summary.found}",
        f"assays    {summary.assays}",
        f"look at   {summary.look_at}",
        f"survival  {summary.survival}",
        f"rows      {summary.rows}; report: {output / REPORT}",
    ]


@click.command("run")
@click.option("--samplesheet", type=_FILE, metavar="S.csv", help="Callers' files by sample.")
@click.option(
    "--rnafusion", type=_FILE, metavar="DIR", help="A results folder of nf-core/rnafusion, too."
)
@gtf_option
@genome_option
@build_option
@read_index_option
@click.option("--assays", type=_FILE, metavar="A.csv", help="FISH, RT-PCR, karyotype.")
@click.option("--clinical", type=_FILE, metavar="C.csv", help="One row a patient.")
@click.option("--analysis", metavar="Y.yaml|PRESET", help="How to analyse; a file or a preset.")
@panels_option
@fish_cutoff_option
@click.option("--title", default="", help="Title of the report.")
@click.option("--mark", default="", help="A mark on report and figures, such as 'synthetic data'.")
@processes_option
@keep_going_option
@click.option("-o", "--output", required=True, type=_FILE, metavar="DIR", help="Results folder.")
def command(
    *,
    samplesheet: Path | None,
    rnafusion: Path | None,
    gtf: Path | None,
    genome: Path | None,
    build: Build | None,
    index: Path | None,
    assays: Path | None,
    clinical: Path | None,
    analysis: str | None,
    panels: Path | None,
    fish_cutoff: float | None,
    title: str,
    mark: str,
    processes: int | None,
    keep_going: bool,
    output: Path,
) -> None:
    """Find KMT2A fusions, reconcile the assays, analyse survival, write one report.

    Any of the three tables may be left out; what depends on it is left out too.
    """
    if samplesheet is None and rnafusion is None and assays is None and clinical is None:
        raise click.UsageError(
            "give at least one of --samplesheet, --rnafusion, --assays and --clinical"
        )
    inputs = RunInputs(
        samplesheet=samplesheet,
        rnafusion=rnafusion,
        gtf=gtf,
        genome=genome,
        build=build,
        index=index,
        assays=assays,
        clinical=clinical,
        analysis=given_analysis(analysis),
        panels=panels,
        fish_cutoff=fish_cutoff,
        title=title,
        mark=mark,
        processes=processes,
        keep_going=keep_going,
    )
    summary = run_all(inputs, output)
    for name in summary.without_rows:
        click.echo(f"kmt2a: {name}: 0 rows below the header", err=True)
    click.echo("\n".join(summary_lines(summary, output)))
