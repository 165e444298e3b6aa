"""`kmt2a samplesheet`: a sample sheet checked, and cut into tasks for a scheduler."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.errors import InputError
from fusion_caller.rnafusion import add_rnafusion, choose_rnafusion, find_rnafusion
from fusion_caller.samplesheet import SampleFile, read_samplesheet
from fusion_caller.task_sheets import TaskKind, located, plan, whole_sheet
from workflows.manifest import input_file, write_manifest
from workflows.report.words import plural
from workflows.results import ResultsFolder
from workflows.step_options import named, prefix_option

if TYPE_CHECKING:
    from fusion_caller.task_sheets import Task

SHEET = "samplesheet.csv"
PLAN = "plan.json"
BATCH_SIZE = 20


def run_samplesheet(
    samplesheet: Path | None,
    output: Path,
    *,
    folder: str | None = None,
    rnafusion: str | None = None,
    listing: Path | None = None,
    batch_size: int = BATCH_SIZE,
    prefix: str = "",
) -> tuple[Task, ...]:
    """Check a sample sheet; write it in the project's own form, and the tasks that it makes.

    Args:
        samplesheet: The sheet.
        output: The folder to write to.
        folder: The folder or address that the sheet's files are relative to; its own if absent.
        rnafusion: The folder or address of results of nf-core/rnafusion, to be read too.
        listing: The names of the files in that folder, relative to it, one a line; if absent, it is
            a folder on disk that is looked into.
        batch_size: Callers' files in a task at most.
        prefix: What the outputs' names begin with.

    Returns:
        The tasks; none where the sheet has no row.

    Raises:
        InputError: If the sheet is not what it should be, or the folder holds nothing known.
    """
    sheet: tuple[SampleFile, ...] = ()
    places: dict[str, str] = {}
    inputs = []
    if samplesheet is not None:
        base = str(samplesheet.parent) if folder is None else folder
        sheet = read_samplesheet(samplesheet, folder=Path(base))
        names = (name for entry in sheet for _, name, _ in entry.files)
        places |= {name: located(name, base) for name in names}
        inputs.append(
            input_file("samplesheet", samplesheet, name=str(samplesheet), rows_in=len(sheet))
        )
    if rnafusion is not None:
        found = _in_folder(rnafusion, listing)
        sheet = add_rnafusion(sheet, found, name=str(samplesheet))
        places |= {entry.name: entry.name for entry in found if entry.name not in places}
    tasks = plan(sheet, places=places, batch_size=batch_size)
    with ResultsFolder(output, prefix=prefix) as results:
        results.write_text(SHEET, whole_sheet(sheet))
        results.write_json(PLAN, {"tasks": [asdict(task) for task in tasks]})
        write_manifest(
            results,
            command="samplesheet",
            parameters={
                "samplesheet": samplesheet and str(samplesheet),
                "rnafusion": rnafusion,
            },
            inputs=inputs,
        )
    return tasks


def _in_folder(rnafusion: str, listing: Path | None) -> tuple[SampleFile, ...]:
    if listing is None:
        return find_rnafusion(Path(rnafusion))
    try:
        names = listing.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise InputError("expected UTF-8 text, found other bytes", file=str(listing)) from None
    return choose_rnafusion(names, folder=rnafusion)


@click.command("samplesheet")
@click.option(
    "--samplesheet",
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
    "--rnafusion", metavar="DIR|URI", help="A results folder of nf-core/rnafusion, instead or too."
)
@click.option(
    "--listing",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The names of the files in it, relative to it; without it the folder is looked into.",
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
    *,
    samplesheet: Path | None,
    folder: str | None,
    rnafusion: str | None,
    listing: Path | None,
    batch_size: int,
    prefix: str,
    output: Path,
) -> None:
    """Check a sample sheet and cut it into tasks that a scheduler can run apart."""
    if samplesheet is None and rnafusion is None:
        raise click.UsageError("give --samplesheet, --rnafusion or both")
    for given, option, other in (
        (folder, "--folder", samplesheet),
        (listing, "--listing", rnafusion),
    ):
        if given is not None and other is None:
            with_it = "--samplesheet" if option == "--folder" else "--rnafusion"
            raise click.UsageError(f"{option} goes with {with_it}")
    tasks = run_samplesheet(
        samplesheet,
        output,
        folder=folder,
        rnafusion=rnafusion,
        listing=listing,
        batch_size=batch_size,
        prefix=prefix,
    )
    if not tasks:
        click.echo(f"kmt2a: {samplesheet}: 0 rows below the header", err=True)
    n_reads = sum(task.kind is TaskKind.DETECT for task in tasks)
    n_files = sum(len(task.files) for task in tasks)
    click.echo(
        f"{plural(n_files, 'file')} in {plural(len(tasks), 'task')}, {n_reads} of them on reads: "
        f"{named(output, PLAN, prefix)}"
    )
