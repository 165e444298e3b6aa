"""`kmt2a calls`: callers' files to one table of normalised fusion calls."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.readers import CallerFile, names_its_samples
from fusion_caller.records import READS, Source
from fusion_caller.samplesheet import SampleFile, with_lanes
from workflows.fusions import read_sheet, write_calls, write_set_aside
from workflows.manifest import write_manifest
from workflows.reading import (
    Job,
    ReadFile,
    Unread,
    keep_going_option,
    processes_option,
    read_files,
)
from workflows.references import (
    PACKAGED,
    References,
    build_option,
    gtf_option,
    open_references,
)
from workflows.results import ResultsFolder
from workflows.step_options import named, prefix_option, read_given_sheet, sheet_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.contigs import Build

_CALLERS = [source.value for source in Source if source not in READS]


def run_calls(
    files: tuple[Path, ...],
    output: Path,
    *,
    source: Source | None = None,
    sample: str = "",
    references: References = PACKAGED,
    processes: int | None = None,
    prefix: str = "",
) -> tuple[CallerFile, ...]:
    """Read callers' files and write `calls.tsv`, `files.tsv` and `set_aside.tsv`.

    Args:
        files: Files of callers; each is a sample of its own unless `sample` is given.
        output: The folder to write to.
        source: The caller of all of them, or None to recognise each.
        sample: The sample that all files belong to; by default each file's name without endings.
        references: What positions are looked up in.
        processes: How many processes may read; see `workflows.reading.read_files`.
        prefix: What the outputs' names begin with.

    Returns:
        The files with their KMT2A calls only.

    Raises:
        InputError: If a file cannot be read.
    """
    if not sample:
        _check_names(files)
    entries = [_entry(path, source, sample) for path in files]
    job = Job(sheet="", genes=references.genes, build=references.build)
    with ResultsFolder(output, prefix=prefix) as results:
        read = read_files(entries, job, processes=processes)
        return _write(read, results, n_files=len(entries), references=references).files


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCalls:
    """What was read: files with their KMT2A calls only, and how many could not be."""

    files: tuple[CallerFile, ...]
    n_unread: int = 0


def run_calls_of_sheet(
    sheet: Sequence[SampleFile],
    output: Path,
    *,
    references: References = PACKAGED,
    processes: int | None = None,
    keep_going: bool = False,
    prefix: str = "",
) -> ReadCalls:
    """Read the files of a sample sheet and write what `run_calls` does.

    Raises:
        InputError: If a file cannot be read, unless `keep_going` lets it be noted.
    """
    with ResultsFolder(output, prefix=prefix) as results:
        read = read_sheet(
            sheet,
            name="",
            references=references,
            processes=processes,
            keep_going=keep_going,
        )
        return _write(read, results, n_files=len(with_lanes(sheet)), references=references)


def _write(
    read: Iterable[ReadFile | Unread],
    results: ResultsFolder,
    *,
    n_files: int,
    references: References,
) -> ReadCalls:
    done = list(write_calls(read, results, folder="", n_files=n_files))
    files = tuple(one.file for one in done if isinstance(one, ReadFile))
    rows = (one.file.set_aside if isinstance(one, ReadFile) else (one.row,) for one in done)
    write_set_aside(results, itertools.chain.from_iterable(rows), folder="")
    inputs = [item for one in done if isinstance(one, ReadFile) for item in one.inputs]
    write_manifest(results, command="calls", parameters={}, inputs=[*references.inputs, *inputs])
    return ReadCalls(files=files, n_unread=len(done) - len(files))


def _entry(path: Path, source: Source | None, sample: str) -> SampleFile:
    named = "" if not sample and names_its_samples(path) else sample or _stem(path)
    return SampleFile(patient=named, sample=named, source=source, name=str(path), path=path, line=0)


def _check_names(files: tuple[Path, ...]) -> None:
    """Refuse two files that would count as one sample because they are called the same."""
    seen: dict[str, Path] = {}
    for path in files:
        first = seen.setdefault(path.name.split(".")[0], path)
        if first is not path:
            raise InputError(
                f"its name makes it the same sample as {first}",
                file=str(path),
                remedy="give --sample if it is, or use `kmt2a run` with a sample sheet",
            )


def _stem(path: Path) -> str:
    """A file's name up to the first dot, as the sample's name."""
    try:
        return check_identifier(path.name.split(".")[0], what="sample (from the file's name)")
    except BadValueError as error:
        raise InputError(error.problem, file=str(path), remedy="give --sample") from None


@click.command("calls")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@sheet_option
@click.option(
    "--source",
    type=click.Choice(_CALLERS),
    metavar="CALLER",
    help="The caller, by its name in a sample sheet; recognised if not given.",
)
@click.option("--sample", default="", help="The sample of all files; by default the file's name.")
@gtf_option
@build_option
@processes_option
@keep_going_option
@prefix_option
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(
    files: tuple[Path, ...],
    *,
    samplesheet: Path | None,
    source: str | None,
    sample: str,
    gtf: Path | None,
    build: Build | None,
    processes: int | None,
    keep_going: bool,
    prefix: str,
    output: Path,
) -> None:
    """Read fusion callers' output, plain or gzipped; the caller is recognised from the content.

    Known are {callers}.
    """
    if bool(files) == (samplesheet is not None):
        raise click.UsageError("give files or --samplesheet, one of them")
    if samplesheet is not None and (source or sample):
        raise click.UsageError("a sample sheet says itself what --source and --sample would")
    if keep_going and samplesheet is None:
        raise click.UsageError("--keep-going goes with --samplesheet")
    with open_references(gtf=gtf, build=build) as references:
        if samplesheet is not None:
            done = run_calls_of_sheet(
                read_given_sheet(samplesheet),
                output,
                references=references,
                processes=processes,
                keep_going=keep_going,
                prefix=prefix,
            )
        else:
            read = run_calls(
                files,
                output,
                source=Source(source) if source else None,
                sample=sample,
                references=references,
                processes=processes,
                prefix=prefix,
            )
            done = ReadCalls(files=read)
    rows = sum(file.n_rows for file in done.files)
    refused = sum(file.n_set_aside for file in done.files)
    calls = sum(file.n_calls for file in done.files)
    not_read = f", {done.n_unread} not read" if done.n_unread else ""
    click.echo(
        f"{len(done.files)} files{not_read}, {rows:,} rows = {rows - refused:,} in {calls:,} calls "
        f"+ {refused:,} set aside: {named(output, 'calls.tsv', prefix)}"
    )


command.help = (command.help or "").format(callers=", ".join(_CALLERS))
