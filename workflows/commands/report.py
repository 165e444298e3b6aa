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


@click.command("report")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def command(folder: Path) -> None:
    """Render the report of the results folder DIR again."""
    click.echo(f"report: {run_report(folder)}")
