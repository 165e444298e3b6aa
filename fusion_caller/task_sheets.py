"""A sample sheet cut into tasks that can be done apart, each with a sample sheet of its own.

The files of a task are staged as `inputs/<i>/<name>`, the i-th of the task from 1, so that two
files of one name do not meet. Its sheet lists them so, and says beside it what the whole sheet
calls them. Nothing in the sheet of a task depends on the other tasks, so that it stays the same
bytes when rows are added elsewhere.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from fusion_caller.records import READS
from fusion_caller.samplesheet import AUTO, COLUMNS, FILE_COLUMNS, SampleFile, with_lanes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Where a file's kind is not said, what its name ends in decides on the task, not on how it is read.
_READS_BY_NAME = (".bam", ".cram", ".sam")
# The index of alignments, by what its name has more or instead.
_INDEXES = ((".bam", ".bam.bai"), (".bam", ".bai"), (".bam", ".bam.csi"), (".cram", ".cram.crai"))
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class TaskKind(StrEnum):
    """What a task runs."""

    CALLS = "calls"
    """`kmt2a calls` on callers' files."""
    DETECT = "detect"
    """`kmt2a detect` on the reads of one sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """A file of a task: where it is, and the row and the column of the sheet that list it."""

    file: str
    line: int
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A part of a sample sheet that is done by one command.

    Attributes:
        task: A name that no other task has. It ends up in logs, and holds no sample's name.
        kind: What it runs.
        name: The folder of its results: the sample of reads, in letters that any file system takes.
        sheet: Its sample sheet, as text.
        files: Its files in the order of staging.
        indexes: What may stand beside its alignments, to be staged beside them if it does.
    """

    task: str
    kind: TaskKind
    name: str
    sheet: str
    files: tuple[StagedFile, ...]
    indexes: tuple[str, ...] = ()


def located(name: str, folder: str) -> str:
    """Where a file of a sheet is.

    Args:
        name: A path, absolute or relative, or an address such as `s3://bucket/key`.
        folder: What relative paths are relative to; a folder or an address.
    """
    if not folder or name.startswith("/") or _ADDRESS.match(name):
        return name
    return f"{folder.rstrip('/')}/{name}"


def plan(
    sheet: Sequence[SampleFile], *, places: Mapping[str, str], batch_size: int
) -> tuple[Task, ...]:
    """Cut a sample sheet into tasks.

    Callers' files are small, and a task's own time would be most of theirs: they are read by so
    many at a time, in their order. The reads of a sample are a task of their own.

    Args:
        sheet: The rows.
        places: Where each file is, by its name in the sheet.
        batch_size: Callers' files in a task at most.
    """
    entries = with_lanes(sheet)
    callers = [entry for entry in entries if not _are_reads(entry)]
    batches = [callers[i : i + batch_size] for i in range(0, len(callers), batch_size)]
    tasks = []
    for number, batch in enumerate(batches, 1):
        called = f"{TaskKind.CALLS}_{number:05}"
        text, files = _sheet(batch, places)
        tasks.append(Task(task=called, kind=TaskKind.CALLS, name=called, sheet=text, files=files))
    taken: set[str] = set()
    for entry in filter(_are_reads, entries):
        name = _free(re.sub(r"[^A-Za-z0-9._+-]", "_", entry.sample), taken)
        digest = hashlib.sha256(name.encode()).hexdigest()[:12]
        called = f"{TaskKind.DETECT}_{digest}"
        text, files = _sheet([entry], places)
        tasks.append(
            Task(
                task=called,
                kind=TaskKind.DETECT,
                name=name,
                sheet=text,
                files=files,
                indexes=_indexes(files[0].file) if len(files) == 1 else (),
            )
        )
    return tuple(tasks)


def _indexes(file: str) -> tuple[str, ...]:
    return tuple(
        file[: -len(ending)] + index for ending, index in _INDEXES if file.endswith(ending)
    )


def _are_reads(entry: SampleFile) -> bool:
    if entry.source is None:
        return bool(entry.sample) and entry.name.lower().endswith(_READS_BY_NAME)
    return entry.source in READS


def _free(name: str, taken: set[str]) -> str:
    """The name, or with a number where another has it, in small or capital letters."""
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free.casefold())
    return free


def _sheet(
    entries: Iterable[SampleFile], places: Mapping[str, str]
) -> tuple[str, tuple[StagedFile, ...]]:
    """The sheet of a task, and its files in the order of staging."""
    rows = []
    files: list[StagedFile] = []
    for entry in entries:
        for lane in entry.rows:
            staged = {}
            names = zip(FILE_COLUMNS, lane.columns, (lane.name, lane.name_2), strict=True)
            for ours, column, name in names:
                if name:
                    place = places[name]
                    files.append(StagedFile(file=place, line=lane.line, column=column))
                    staged[ours] = f"inputs/{len(files)}/{place.rpartition('/')[2]}"
            rows.append(
                _cells(lane) | {"listed_as": lane.name, "listed_as_2": lane.name_2} | staged
            )
    return sheet_text(rows), tuple(files)


def whole_sheet(sheet: Iterable[SampleFile]) -> str:
    """A sheet in the project's own form, whatever form it was given in."""
    return sheet_text(_cells(entry) for entry in sheet)


def _cells(entry: SampleFile) -> dict[str, str]:
    return {
        "patient": entry.patient,
        "sample": entry.sample,
        "source": entry.source or AUTO,
        "file": entry.name,
        "file_2": entry.name_2,
        "assay": entry.assay,
        "date": entry.date,
        "timepoint": entry.timepoint,
    }


def sheet_text(rows: Iterable[Mapping[str, str]]) -> str:
    """Rows of a sample sheet as CSV."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
