"""`kmt2a report`: a results folder to one HTML file that works offline."""

from __future__ import annotations

from pathlib import Path

import click

from workflows.results import REPORT, ResultsFolder, write_whole
from workflows.steps_together import is_whole, put_together


def run_report(folder: Path) -> Path:
    """Render the report of a results folder into that folder.

    Raises:
        InputError: If the folder is not one that `kmt2a run` wrote.
    """
    from workflows.report import render

    place = folder / REPORT
    write_whole(place, render(folder).encode())
    return place


def run_report_of_steps(
    folders: tuple[Path, ...], output: Path, *, title: str = "", mark: str = ""
) -> Path:
    """Put together what the steps of a pipeline wrote, as `kmt2a run` writes it, and the report.

    Raises:
        InputError: If a folder is not a step's.
    """
    from workflows.report import render

    with ResultsFolder(output) as results:
        put_together(results, folders, parameters={"title": title, "mark": mark})
        results.write_text(REPORT, render(results.staging))
    return output / REPORT


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
@click.argument(
    "folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR..."
)
@click.option("--patient", metavar="P", help="Only the page of this patient, as a file of its own.")
@click.option("--title", default="", help="Title of the report, where steps are put together.")
@click.option("--mark", default="", help="A mark on it, such as 'synthetic data'.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The patient's page  [default: DIR/patient_<number>.html], or the folder to write to.",
)
def command(
    folders: tuple[Path, ...], *, patient: str | None, title: str, mark: str, output: Path | None
) -> None:
    """Render the report of the results folder DIR again, or the page of one patient.

    With -o and without --patient: put together the folders that `samplesheet`, `assign`,
    `reconcile` and `outcomes` wrote, as `kmt2a run` does.
    """
    if output is not None and patient is None:
        if len(folders) == 1 and is_whole(folders[0]):
            raise click.UsageError("-o goes with --patient, or with the folders of steps")
        click.echo(f"report: {run_report_of_steps(folders, output, title=title, mark=mark)}")
        return
    if len(folders) > 1:
        raise click.UsageError("several folders are steps, and go with -o")
    if title or mark:
        raise click.UsageError("--title and --mark go with -o and the folders of steps")
    (folder,) = folders
    if patient is not None:
        click.echo(f"report: {run_patient_report(folder, patient, output)}")
        return
    click.echo(f"report: {run_report(folder)}")
