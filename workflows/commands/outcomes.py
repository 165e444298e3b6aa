"""`kmt2a outcomes`: integrated results and clinical data to tables, curves and models."""

from __future__ import annotations

from pathlib import Path

import click

from fusion_caller.errors import InputError
from workflows.manifest import write_manifest
from workflows.reading import processes_option, processors
from workflows.results import ResultsFolder
from workflows.step_options import prefix_option


def run_outcomes(
    patients: Path,
    clinical: Path,
    output: Path,
    *,
    analysis: str | None = None,
    mark: str = "",
    processes: int = 1,
    figures: bool = True,
    prefix: str = "",
) -> str:
    """Read `patients.tsv` and a clinical table; write outcome tables and figures.

    Returns:
        The primary result in one sentence.

    Raises:
        Kmt2aError: If an input is not what it should be.
    """
    from outcomes.clinical.cohort import read_results
    from workflows.survival import file_or_preset, read_outcomes, write_outcomes, write_risk

    outcomes = read_outcomes(clinical, file_or_preset(analysis))
    integrated = read_results(patients)
    known = set(integrated.data["patient"])
    if known and not known & set(outcomes.patients):
        raise InputError(
            f"expected patients of {clinical}, found none of them",
            file=integrated.file,
            remedy="the `patient` column of both tables must hold the same identifiers",
        )
    with ResultsFolder(output, prefix=prefix) as results:
        write_risk(results, outcomes, integrated, folder="")
        said = write_outcomes(
            results,
            outcomes,
            integrated,
            folder="",
            mark=mark,
            processes=processes,
            figures=figures,
        )
        write_manifest(
            results, command="outcomes", parameters={"mark": mark}, inputs=outcomes.inputs
        )
        return said


@click.command("outcomes")
@click.option(
    "--patients",
    required=True,
    type=click.Path(path_type=Path),
    metavar="PATIENTS.tsv",
    help="What `reconcile` wrote.",
)
@click.option(
    "--clinical",
    required=True,
    type=click.Path(path_type=Path),
    metavar="C.csv",
    help="One row a patient.",
)
@click.option("--analysis", metavar="Y.yaml|PRESET", help="How to analyse; a file or a preset.")
@click.option("--mark", default="", help="A mark on the figures, such as 'synthetic data'.")
@click.option(
    "--figures/--no-figures", default=True, help="Draw figures, which takes most of the time."
)
@processes_option
@prefix_option
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(
    *,
    patients: Path,
    clinical: Path,
    analysis: str | None,
    mark: str,
    figures: bool,
    processes: int | None,
    prefix: str,
    output: Path,
) -> None:
    """Analyse survival by KMT2A subtype and by every factor of the analysis."""
    click.echo(
        run_outcomes(
            patients,
            clinical,
            output,
            analysis=analysis,
            mark=mark,
            processes=processes or processors(),
            figures=figures,
            prefix=prefix,
        )
    )
