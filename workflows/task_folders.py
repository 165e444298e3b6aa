"""What the tasks of a sample sheet wrote, each in a folder, read together in the sheet's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.call_tables import FILE_COLUMNS, read_calls, read_unread
from fusion_caller.errors import InputError
from fusion_caller.placing import place_file
from fusion_caller.samplesheet import SampleFile, with_lanes
from fusion_caller.tables import read_table
from workflows.manifest import InputFile, inputs_in, read_manifest
from workflows.reading import ReadFile, Unread, read_file, unread

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

    from fusion_caller.readers import CallerFile
    from workflows.references import References

_TASK_ENDED = "the task that was to read it ended without a result"


class TaskFolders:
    """The folders of tasks, by the files that they tell of."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._where: dict[str, Path] = {}
        self._n_left: dict[Path, int] = {}
        self._unread: dict[str, Unread] = {}
        self._inputs: dict[str, InputFile] = {}
        self._open: dict[Path, Generator[CallerFile, None, None]] = {}
        for folder in folders:
            self._inputs |= {
                item.file: item for item in inputs_in(read_manifest(folder, writer="a task"))
            }
            listed = read_table(folder / "files.tsv", required=FILE_COLUMNS, quoting=False).rows
            self._where |= {row["file"]: folder for row in listed}
            self._n_left[folder] = len(listed)
            rows = read_unread(folder / "set_aside.tsv")
            self._unread |= {row.file: Unread(row=row) for row in rows}

    def folder_of(self, entry: SampleFile) -> Path | None:
        """The folder of the task that read a file; None where it was not read."""
        return self._where.get(entry.name)

    def read(
        self, sheet: Sequence[SampleFile], references: References, *, keep_going: bool
    ) -> Iterator[ReadFile | Unread]:
        """What the tasks found in each file of a sheet, in its order.

        Args:
            sheet: The whole sheet.
            references: What positions are looked up in.
            keep_going: Whether a file that no task tells of is noted and left out.

        Raises:
            InputError: If no task tells of a file.
        """
        for entry in with_lanes(sheet):
            if entry.name in self._where:
                file = place_file(
                    self._next_file(entry.name), references.genes, stated=references.build
                )
                inputs = (self._inputs[name] for _, name, _ in entry.files)
                yield read_file(file, tuple(inputs))
            elif entry.name in self._unread:
                yield self._unread[entry.name]
            elif keep_going:
                yield Unread(row=unread(entry, f"{entry.name}: {_TASK_ENDED}"))
            else:
                raise InputError(
                    f"{_TASK_ENDED}, or its folder was not given",
                    file=entry.name,
                    remedy="give the folders of all tasks, or --keep-going",
                )

    def _next_file(self, name: str) -> CallerFile:
        """The next file of the folder that holds it; a folder's files are in the sheet's order."""
        folder = self._where[name]
        if folder not in self._open:
            self._open[folder] = read_calls(folder / "calls.tsv")
        file = next(self._open[folder], None)
        self._n_left[folder] -= 1
        if not self._n_left[folder]:
            # There may be more folders than a process may have open files.
            self._open.pop(folder).close()
        if file is None or file.file != name:
            raise InputError(
                f"expected the calls of {name} next, in the order of the sample sheet",
                file=str(folder / "calls.tsv"),
                remedy="make the sheet's tasks and their folders again",
            )
        return file
