"""`kmt2a calls`: callers' files to one table of normalised fusion calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.readers import CallerFile, names_its_samples
from fusion_caller.records import READS, Source
from fusion_caller.samplesheet import SampleFile
from workflows.fusions import write_calls, write_set_aside
from workflows.reading import Job, processes_option, read_files
from workflows.references import (
    PACKAGED,
    References,
    build_option,
    gtf_option,
    open_references,
)
from workflows.results import ResultsFolder

if TYPE_CHECKING:
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
) -> tuple[CallerFile, ...]:
    """Read callers' files and write `calls.tsv`, `files.tsv` and `set_aside.tsv`.

    Args:
        files: Files of callers; each is a sample of its own unless `sample` is given.
        output: The folder to write to.
        source: The caller of all of them, or None to recognise each.
        sample: The sample that all files belong to; by default each file's name without endings.
        references: What positions are looked up in.
        processes: How many processes may read; see `workflows.reading.read_files`.

    Returns:
        The files with their KMT2A calls only.

    Raises:
        InputError: If a file cannot be read.
    """
    if not sample:
        _check_names(files)
    entries = [_entry(path, source, sample) for path in files]
    job = Job(sheet="", genes=references.genes, build=references.build)
    with ResultsFolder(output) as results:
        done = read_files(entries, job, processes=processes)
        written = write_calls(done, results, folder="", n_files=len(entries))
        read = [one.file for one in written]
        write_set_aside(results, [row for file in read for row in file.set_aside], folder="")
    return tuple(read)


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
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
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
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(
    files: tuple[Path, ...],
    *,
    source: str | None,
    sample: str,
    gtf: Path | None,
    build: Build | None,
    processes: int | None,
    output: Path,
) -> None:
    """Read fusion callers' output, plain or gzipped; the caller is recognised from the content.

    Known are {callers}.
    """
    with open_references(gtf=gtf, build=build) as references:
        read = run_calls(
            files,
            output,
            source=Source(source) if source else None,
            sample=sample,
            references=references,
            processes=processes,
        )
    rows = sum(file.n_rows for file in read)
    refused = sum(file.n_set_aside for file in read)
    calls = sum(file.n_calls for file in read)
    click.echo(
        f"{len(read)} files, {rows:,} rows = {rows - refused:,} in {calls:,} calls + "
        f"{refused:,} set aside: {output / 'calls.tsv'}"
    )


command.help = (command.help or "").format(callers=", ".join(_CALLERS))
