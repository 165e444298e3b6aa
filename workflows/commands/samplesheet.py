"""`kmt2a samplesheet`: a sample sheet checked, and cut into tasks for a scheduler."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.samplesheet import read_samplesheet
from fusion_caller.task_sheets import TaskKind, located, plan, whole_sheet
from workflows.manifest import input_file, write_manifest
from workflows.report.words import plural
from workflows.results import ResultsFolder
from workflows.step_options import prefix_option

if TYPE_CHECKING:
    from fusion_caller.task_sheets import Task

SHEET = "samplesheet.csv"
PLAN = "plan.json"
BATCH_SIZE = 20


def run_samplesheet(
    samplesheet: Path,
    output: Path,
    *,
    folder: str | None = None,
    batch_size: int = BATCH_SIZE,
    prefix: str = "",
) -> tuple[Task, ...]:
    """Check a sample sheet; write it in the project's own form, and the tasks that it makes.

    Args:
        samplesheet: The sheet.
        output: The folder to write to.
        folder: The folder or address that the sheet's files are relative to; its own if absent.
        batch_size: Callers' files in a task at most.
        prefix: What the outputs' names begin with.

    Returns:
        The tasks; none where the sheet has no row.

    Raises:
        InputError: If the sheet is not what it should be.
    """
    sheet = read_samplesheet(samplesheet)
    base = str(samplesheet.parent) if folder is None else folder
    names = (name for entry in sheet for _, name, _ in entry.files)
    places = {name: located(name, base) for name in names}
    tasks = plan(sheet, places=places, batch_size=batch_size)
    with ResultsFolder(output, prefix=prefix) as results:
        results.write_text(SHEET, whole_sheet(sheet))
        results.write_json(PLAN, {"tasks": [asdict(task) for task in tasks]})
        listed = input_file("samplesheet", samplesheet, name=str(samplesheet), rows_in=len(sheet))
        write_manifest(
            results,
            command="samplesheet",
            parameters={"samplesheet": str(samplesheet)},
            inputs=[listed],
        )
    return tasks


@click.command("samplesheet")
@click.option(
    "--samplesheet",
    required=True,
    type=click.Path(path_type=Path),
    metavar="S.csv",
    help="Callers' files and reads by sample.",
)
@click.option(
    "--folder",
    metavar="DIR|URI",
    help="What the sheet's files are relative to.  [default: its own folder]",
)
@click.option(
    "--batch-size",
    type=click.IntRange(min=1),
    default=BATCH_SIZE,
    show_default=True,
    metavar="N",
    help="Callers' files that one task reads; reads are a task a sample.",
)
@prefix_option
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(
    *, samplesheet: Path, folder: str | None, batch_size: int, prefix: str, output: Path
) -> None:
    """Check a sample sheet and cut it into tasks that a scheduler can run apart."""
    tasks = run_samplesheet(
        samplesheet, output, folder=folder, batch_size=batch_size, prefix=prefix
    )
    n_reads = sum(task.kind is TaskKind.DETECT for task in tasks)
    n_files = sum(len(task.files) for task in tasks)
    click.echo(
        f"{plural(n_files, 'file')} in {plural(len(tasks), 'task')}, {n_reads} of them on reads: "
        f"{output / PLAN}"
    )
