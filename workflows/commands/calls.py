"""`kmt2a calls`: callers' files to one table of normalised fusion calls."""

from __future__ import annotations

from pathlib import Path

import click

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.readers import CallerFile, names_its_samples, read_caller_file
from fusion_caller.records import Source
from workflows.fusions import write_calls
from workflows.progress import progress
from workflows.results import ResultsFolder


def run_calls(
    files: tuple[Path, ...], output: Path, *, source: Source | None = None, sample: str = ""
) -> tuple[CallerFile, ...]:
    """Read callers' files and write `calls.tsv`, `files.tsv` and `set_aside.tsv`.

    Args:
        files: Files of callers; each is a sample of its own unless `sample` is given.
        output: The folder to write to.
        source: The caller of all of them, or None to recognise each.
        sample: The sample that all files belong to; by default each file's name without endings.

    Raises:
        InputError: If a file cannot be read.
    """
    if not sample:
        _check_names(files)
    read = tuple(_read(path, source, sample) for path in progress(files, "reading"))
    with ResultsFolder(output) as results:
        write_calls(results, read, [row for file in read for row in file.set_aside], folder="")
    return read


def _read(path: Path, source: Source | None, sample: str) -> CallerFile:
    if not sample and names_its_samples(path):
        return read_caller_file(path, source=source)
    named = sample or _stem(path)
    return read_caller_file(path, source=source, patient=named, sample=named)


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
    type=click.Choice([source.value for source in Source]),
    help="The caller; recognised if not given.",
)
@click.option("--sample", default="", help="The sample of all files; by default the file's name.")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(files: tuple[Path, ...], *, source: str | None, sample: str, output: Path) -> None:
    """Read fusion callers' output, plain or gzipped.

    Known are STAR-Fusion, Arriba, FusionCatcher, JAFFA, deFuse, EricScript and SOAPfuse.
    """
    read = run_calls(files, output, source=Source(source) if source else None, sample=sample)
    rows = sum(file.n_rows for file in read)
    refused = sum(len(file.set_aside) for file in read)
    click.echo(
        f"{len(read)} files, {rows} rows = {rows - refused} calls + {refused} set aside: "
        f"{output / 'calls.tsv'}"
    )
