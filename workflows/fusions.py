"""From a sample sheet to the KMT2A events of every sample, and their tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.assign import assign
from fusion_caller.call_tables import (
    CALL_COLUMNS,
    FILE_COLUMNS,
    FUSION_COLUMNS,
    SET_ASIDE_COLUMNS,
    call_rows,
    file_rows,
    fusion_rows,
    set_aside_rows,
)
from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import Disposition, FusionKind, SampleFusions, SetAside
from fusion_caller.samplesheet import SampleFile, read_samplesheet
from workflows.manifest import InputFile, input_file
from workflows.progress import progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from workflows.results import ResultsFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusions:
    """Everything that came out of the callers' files of a sample sheet."""

    files: tuple[CallerFile, ...]
    samples: tuple[SampleFusions, ...]
    inputs: tuple[InputFile, ...]

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """Rows refused by the readers, then rows flagged by the assignment."""
        refused = [row for file in self.files for row in file.set_aside]
        return (*refused, *_flagged(self.samples))


def find_fusions(samplesheet: Path, *, name: str) -> Fusions:
    """Read every file of a sample sheet and assign the KMT2A partners.

    Args:
        samplesheet: The sheet.
        name: How tables and messages call it.

    Raises:
        InputError: If the sheet or one of its files cannot be read.
    """
    sheet = read_samplesheet(samplesheet, name=name)
    files, inputs = [], []
    for entry in progress(sheet, "reading callers' files"):
        file = _read(entry, name)
        files.append(file)
        inputs.append(
            input_file(
                file.source,
                entry.path,
                name=file.file,
                rows_in=file.n_rows,
                set_aside=len(file.set_aside),
            )
        )
    sheet_input = input_file("samplesheet", samplesheet, name=name, rows_in=len(sheet))
    return Fusions(files=tuple(files), samples=assign(files), inputs=(sheet_input, *inputs))


def _read(entry: SampleFile, sheet: str) -> CallerFile:
    if not entry.path.is_file():
        # The place in the sheet instead of the path, which may be named after a patient.
        raise InputError(
            "expected a file at this path, seen from the sheet's folder; found none",
            file=sheet,
            line=entry.line,
            column="file",
        )
    return read_caller_file(
        entry.path,
        name=entry.name,
        source=entry.source,
        patient=entry.patient,
        sample=entry.sample,
    )


def write_calls(
    results: ResultsFolder,
    files: Sequence[CallerFile],
    set_aside: Sequence[SetAside],
    *,
    folder: str,
) -> None:
    """Write `calls.tsv`, `files.tsv` and `set_aside.tsv`."""
    results.write_table(f"{folder}calls.tsv", CALL_COLUMNS, call_rows(files))
    results.write_table(f"{folder}files.tsv", FILE_COLUMNS, file_rows(files))
    results.write_table(
        f"{folder}set_aside.tsv", SET_ASIDE_COLUMNS, set_aside_rows(set_aside), for_people=True
    )


def write_fusions(results: ResultsFolder, samples: Sequence[SampleFusions], *, folder: str) -> None:
    """Write `kmt2a.tsv`."""
    results.write_table(f"{folder}kmt2a.tsv", FUSION_COLUMNS, fusion_rows(samples), for_people=True)


def _flagged(samples: Sequence[SampleFusions]) -> list[SetAside]:
    """Calls with KMT2A in them that are in `kmt2a.tsv` but not counted as a rearrangement."""
    reasons = {
        FusionKind.READ_THROUGH: "joins KMT2A to a neighbour on 11q23 (read-through)",
        FusionKind.INTRAGENIC: "lies within KMT2A and is not a tandem duplication of exons",
    }
    return [
        SetAside(
            file=event.file,
            line=event.line,
            patient=event.patient,
            sample=event.sample,
            disposition=Disposition.FLAGGED,
            reason=f"{event.fusion} {reasons[event.kind]}; kept in kmt2a.tsv",
        )
        for sample in samples
        for event in sample.events
        if event.kind in reasons
    ]
