"""`kmt2a report`: a results folder to one HTML file that works offline."""

from __future__ import annotations

from pathlib import Path

import click

from workflows.results import REPORT, write_whole


def run_report(folder: Path) -> Path:
    """Render the report of a results folder into that folder.

    Raises:
        InputError: If the folder is not one that `kmt2a run` wrote.
    """
    from workflows.report import render

    place = folder / REPORT
    write_whole(place, render(folder).encode())
    return place


def run_patient_report(folder: Path, patient: str, output: Path | None = None) -> Path:
    """Render the page of one patient alone.

    A file is not named after the patient, for names end up in logs: by default it is called after
    the patient's number in the cohort.

    Raises:
        InputError: If the folder is not one that `kmt2a run` wrote, or has no such patient.
    """
    from workflows.report import render_patient

    number, page = render_patient(folder, patient)
    place = output or folder / f"patient_{number}.html"
    write_whole(place, page.encode())
    return place


@click.command("report")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--patient", metavar="P", help="Only the page of this patient, as a file of its own.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write the patient's page.  [default: DIR/patient_<number>.html]",
)
def command(folder: Path, *, patient: str | None, output: Path | None) -> None:
    """Render the report of the results folder DIR again, or the page of one patient."""
    if patient is not None:
        click.echo(f"report: {run_patient_report(folder, patient, output)}")
        return
    if output is not None:
        raise click.UsageError("-o goes with --patient; the report is DIR/report.html")
    click.echo(f"report: {run_report(folder)}")
