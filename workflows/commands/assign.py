"""`kmt2a assign`: fusion calls to the KMT2A partner of each sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.assign import assign
from fusion_caller.call_tables import read_calls
from fusion_caller.placing import place_file
from fusion_caller.records import FusionKind, SampleFusions
from fusion_caller.samplesheet import with_lanes
from workflows.evidence_gathering import gather_evidence
from workflows.fusions import find_fusions, write_fusions, write_set_aside
from workflows.manifest import write_manifest
from workflows.reading import keep_going_option, read_index_option
from workflows.references import (
    PACKAGED,
    References,
    build_option,
    genome_option,
    gtf_option,
    open_references,
)
from workflows.results import ResultsFolder
from workflows.step_options import (
    named,
    prefix_option,
    read_given_sheet,
    sheet_option,
    table_in,
)
from workflows.task_folders import TaskFolders

if TYPE_CHECKING:
    from fusion_caller.contigs import Build
    from fusion_caller.samplesheet import SampleFile


def run_assign(
    calls: tuple[Path, ...],
    output: Path,
    *,
    references: References = PACKAGED,
    prefix: str = "",
) -> tuple[SampleFusions, ...]:
    """Read `calls.tsv` tables and write `kmt2a.tsv`.

    A `files.tsv` beside a table adds the samples in which no call was found at all.

    Raises:
        InputError: If a table cannot be read.
    """
    # A GTF may name genes that were not known when the calls were read.
    files = (
        place_file(file, references.genes).kmt2a_only()
        for path in calls
        for file in read_calls(table_in(path, "calls.tsv"))
    )
    samples = assign(files, genes=references.genes, genomes=references.genomes)
    with ResultsFolder(output, prefix=prefix) as results:
        write_fusions(results, samples, folder="")
    return samples


def run_assign_of_sheet(
    sheet: tuple[SampleFile, ...],
    folders: tuple[Path, ...],
    output: Path,
    *,
    references: References = PACKAGED,
    keep_going: bool = False,
    prefix: str = "",
) -> tuple[SampleFusions, ...]:
    """Put together what the tasks of a sample sheet wrote, and assign the KMT2A partners.

    The tables are those that `kmt2a run` writes of the whole sheet.

    Args:
        sheet: The whole sheet.
        folders: What `calls` and `detect` wrote, a folder a task, in any order.
        output: The folder to write to.
        references: What positions are looked up in.
        keep_going: Whether files that no task tells of are noted and left out.
        prefix: What the outputs' names begin with.

    Raises:
        InputError: If a folder is none of a task's, or no task tells of a file.
    """
    tasks = TaskFolders(folders)
    with ResultsFolder(output, prefix=prefix) as results:
        read = tasks.read(sheet, references, keep_going=keep_going)
        fusions = find_fusions(read, results, sheet, folder="", references=references)
        of_reads = (tasks.folder_of(entry) for entry in with_lanes(sheet))
        gather_evidence(results, dict.fromkeys(filter(None, of_reads)))
        write_set_aside(results, fusions.set_aside, folder="")
        write_fusions(results, fusions.samples, folder="")
        write_manifest(
            results,
            command="assign",
            parameters={},
            inputs=[*references.inputs, *fusions.inputs],
        )
    return fusions.samples


@click.command("assign")
@click.argument(
    "calls", nargs=-1, type=click.Path(path_type=Path), metavar="CALLS.tsv...|TASK_FOLDER..."
)
@sheet_option
@gtf_option
@genome_option
@build_option
@read_index_option
@keep_going_option
@prefix_option
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(
    calls: tuple[Path, ...],
    *,
    samplesheet: Path | None,
    gtf: Path | None,
    genome: Path | None,
    build: Build | None,
    index: Path | None,
    keep_going: bool,
    prefix: str,
    output: Path,
) -> None:
    """Assign the KMT2A partner of each sample from the tables that `kmt2a calls` wrote.

    With a sample sheet, the folders of its tasks are put together, as `kmt2a samplesheet` cut it.
    """
    if not calls and samplesheet is None:
        raise click.UsageError(
            "give tables of calls, or --samplesheet and the folders of its tasks"
        )
    if keep_going and samplesheet is None:
        raise click.UsageError("--keep-going goes with --samplesheet")
    with open_references(gtf=gtf, genome=genome, build=build, index=index) as references:
        if samplesheet is not None:
            samples = run_assign_of_sheet(
                read_given_sheet(samplesheet),
                calls,
                output,
                references=references,
                keep_going=keep_going,
                prefix=prefix,
            )
        else:
            samples = run_assign(calls, output, references=references, prefix=prefix)
    fused = sum(any(event.kind is FusionKind.FUSION for event in s.events) for s in samples)
    click.echo(
        f"{len(samples)} samples, {fused} with a KMT2A fusion: {named(output, 'kmt2a.tsv', prefix)}"
    )
