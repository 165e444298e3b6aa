"""`kmt2a demo`: `run` on the bundled example."""

from __future__ import annotations

import os
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import click

from workflows.commands.run import summary_lines
from workflows.pipeline import RunInputs, RunSummary, run_all
from workflows.results import REPORT

SYNTHETIC_MARK = "Synthetic data: reconstructed from printed figures, not patient data"
SYNTHETIC_TITLE = "KMT2A in 48 children with B-ALL (synthetic example)"
CELL_LINES = "cell_lines"
CELL_LINES_TITLE = "KMT2A in the CCLE cell lines (DepMap 23Q4)"


def run_demo(output: Path) -> tuple[RunSummary, RunSummary]:
    """Run on the synthetic cohort and on the cell lines.

    The synthetic cohort's results are in the output folder, the cell lines' in `cell_lines` in it;
    the inputs of each are copied to `inputs` beside its results, to be read and changed.

    Returns:
        The summaries of both runs.
    """
    inputs = _copy_example("synthetic", output)
    cohort = run_all(
        RunInputs(
            samplesheet=inputs / "samplesheet.csv",
            assays=inputs / "assays.csv",
            clinical=inputs / "clinical.csv",
            analysis=inputs / "analysis.yaml",
            title=SYNTHETIC_TITLE,
            mark=SYNTHETIC_MARK,
        ),
        output,
    )
    inputs = _copy_example(CELL_LINES, output / CELL_LINES)
    lines = run_all(
        RunInputs(samplesheet=inputs / "samplesheet.csv", title=CELL_LINES_TITLE),
        output / CELL_LINES,
    )
    return cohort, lines


def _copy_example(name: str, results: Path) -> Path:
    """Copy a packaged example to `inputs` in its results folder, whole or not at all."""
    inputs = results / "inputs"
    partial = results / f".inputs.partial-{os.getpid()}"
    try:
        with as_file(files("workflows.example")) as example:
            shutil.copytree(example / name, partial)
        shutil.rmtree(inputs, ignore_errors=True)
        partial.rename(inputs)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return inputs


@click.command("demo")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Results folder."
)
def command(output: Path) -> None:
    """Run on the bundled example: a synthetic cohort of 48, real cell-line calls and reads."""
    cohort, lines = run_demo(output)
    click.echo(f"Synthetic cohort, not patient data ({output}):")
    click.echo("\n".join(f"  {line}" for line in summary_lines(cohort, output)))
    click.echo(f"CCLE cell lines, real calls, and reads of EOL-1 ({output / CELL_LINES}):")
    click.echo(f"  KMT2A     {lines.found}")
    click.echo(f"  rows      {lines.rows}; report: {output / CELL_LINES / REPORT}")
