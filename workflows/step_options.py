"""Options of the commands that are steps of a pipeline."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.errors import BadValueError
from fusion_caller.identifiers import check_identifier
from fusion_caller.samplesheet import read_samplesheet

if TYPE_CHECKING:
    from fusion_caller.samplesheet import SampleFile

STANDARD_INPUT = Path("-")


def _checked(_: click.Context, __: click.Parameter, value: str) -> str:
    try:
        return check_identifier(value, what="prefix") if value else ""
    except BadValueError as error:
        raise click.BadParameter(error.problem) from None


prefix_option = click.option(
    "--prefix",
    default="",
    callback=_checked,
    help="What the names of the outputs begin with, before a full stop; `report` takes folders of "
    "outputs without one.",
)

sheet_option = click.option(
    "--samplesheet",
    type=click.Path(path_type=Path),
    metavar="S.csv|-",
    help="A sample sheet, or a task's sheet on standard input, in place of files.",
)


def table_in(path: Path, name: str) -> Path:
    """A table, given by its own path or by that of the folder that it is in."""
    return path / name if path.is_dir() else path


def named(output: Path, name: str, prefix: str) -> Path:
    """Where an output is that a command tells of."""
    return output / (f"{prefix}.{name}" if prefix else name)


def read_given_sheet(path: Path) -> tuple[SampleFile, ...]:
    """Read the sheet of a task or a whole one.

    Files are relative to the sheet's folder; to the current one, where it comes on standard input.

    Raises:
        InputError: With file, line and column.
    """
    if path != STANDARD_INPUT:
        return read_samplesheet(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "samplesheet.csv"
        copy.write_bytes(sys.stdin.buffer.read())
        return read_samplesheet(copy, name="the sample sheet on standard input", folder=Path())


def given_analysis(given: str | None) -> str | Path | None:
    """What a person means by `--analysis`: a preset of that name, else a file.

    Raises:
        InputError: If it is neither.
    """
    if given is None:
        return None
    # It comes with pandas and lifelines, which take seconds to import.
    from workflows.survival import file_or_preset

    return file_or_preset(given)
