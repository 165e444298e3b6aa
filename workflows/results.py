"""The results folder: every output is written whole or not at all.

Outputs are made in a hidden folder inside the target and moved into place when all of them are
there, so that an error or an interruption leaves what was there before. Files that an earlier run
listed in its manifest and this one did not make are removed, and so is the hidden folder of a run
that was killed; nobody else's file is touched.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
from typing import IO, TYPE_CHECKING, Self

from fusion_caller.errors import InputError
from fusion_caller.tables import table_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

MANIFEST = "manifest.json"
REPORT = "report.html"


# The errors of a full disk, a full quota and a file larger than the system allows.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# Commands whose outputs may lie in one folder, where the one reads what the other wrote.
_SHARING = ("samplesheet", "calls", "assign", "reconcile", "outcomes")
_PATIENT_PAGE = re.compile(r"patient_[1-9][0-9]{0,8}\.html")


class ResultsFolder:
    """A folder that is filled as a whole; use it as a context manager.

    With a prefix the names of all outputs in it begin with that and a full stop, so that those of
    several runs can lie in one folder.
    """

    def __init__(self, target: Path, *, prefix: str = "") -> None:
        self.target = target
        self._prefix = f"{prefix}." if prefix else ""
        self._staging = target / f".partial-{os.getpid()}"
        self._made_target = False
        self._written: list[str] = []

    def __enter__(self) -> Self:
        if self.target.exists() and not self.target.is_dir():
            raise InputError("expected a folder to write to, found a file", file=str(self.target))
        self._made_target = not self.target.exists()
        try:
            _remove_left_behind(self.target)
            self._staging.mkdir(parents=True)
        except OSError as error:
            raise self._not_written(error) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._move_into_place()
        except OSError as problem:
            kind = type(problem)
            raise self._not_written(problem) from None
        finally:
            shutil.rmtree(self._staging, ignore_errors=True)
            if kind is not None and self._made_target:
                shutil.rmtree(self.target, ignore_errors=True)

        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise self._not_written(error) from None

    def _not_written(self, error: OSError) -> InputError:
        return InputError(
            f"the outputs cannot be written ({error.strerror}), and none was",
            file=str(self.target),
            remedy="give a folder where there is room and where you may write",
            error=error,
        )

    @property
    def staging(self) -> Path:
        """Where the outputs are until the end, for a step that reads another's tables."""
        return self._staging

    @property
    def written(self) -> tuple[str, ...]:
        """The outputs so far, as paths relative to the folder, in the order of writing."""
        return tuple(self._written)

    def path_of(self, name: str) -> Path:
        """Where an output is until the end, for a library that writes files itself."""
        return self._staging / f"{self._prefix}{name}"

    def add(self, name: str) -> None:
        """Take a file that a library wrote to `path_of` among the outputs."""
        self._written.append(f"{self._prefix}{name}")

    def open_text(self, name: str) -> IO[str]:
        """Open one output to be written in parts, UTF-8 with LF."""
        path = self.path_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.add(name)
        return path.open("w", encoding="utf-8", newline="")

    def write_bytes(self, name: str, content: bytes) -> None:
        """Write one output under its path relative to the folder."""
        path = self.path_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.add(name)

    def write_text(self, name: str, text: str) -> None:
        """Write one text output, UTF-8 with LF."""
        self.write_bytes(name, text.encode())

    def write_table(
        self,
        name: str,
        columns: Sequence[str],
        rows: Iterable[Mapping[str, object]],
        *,
        for_people: bool = False,
    ) -> None:
        """Write one tab-separated table; see `fusion_caller.tables.table_lines`."""
        with self.open_text(name) as stream:
            stream.writelines(table_lines(columns, rows, for_people=for_people))

    def write_json(self, name: str, value: object) -> None:
        """Write one JSON output, indented, in the order of the keys as given."""
        self.write_text(name, json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def sha256_of_outputs(self) -> dict[str, str]:
        """Checksums of what was written so far."""
        return {name: sha256(self._staging / name) for name in sorted(self._written)}

    def _move_into_place(self) -> None:
        last = _outputs_of_last_run(self.target, f"{self._prefix}{MANIFEST}")
        for name, checksum in last.items():
            path = self.target / name
            if name not in self._written and path.is_file() and sha256(path) == checksum:
                path.unlink()
        # Pages of single patients are numbered, and a number may be another patient's now.
        for page in self.target.glob("patient_*.html") if last else ():
            if _PATIENT_PAGE.fullmatch(page.name) and page.is_file():
                page.unlink()
        for name in self._written:
            place = self.target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            (self._staging / name).replace(place)


def _remove_left_behind(target: Path) -> None:
    """Remove what runs that were killed were writing: it may hold rows of patients."""
    for folder in target.glob(".partial-*"):
        numbered = re.fullmatch(r"\.partial-([1-9][0-9]{0,8})", folder.name)
        if numbered and folder.is_dir() and not folder.is_symlink() and _has_ended(numbered[1]):
            shutil.rmtree(folder, ignore_errors=True)


def _has_ended(process: str) -> bool:
    """Whether no process has this number, save this one, which has made no folder yet."""
    if int(process) == os.getpid():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # it is another user's
        return False
    return False


def _outputs_of_last_run(target: Path, manifest_name: str) -> dict[str, str]:
    """Files inside the folder that our manifest in it lists, with their checksums."""
    try:
        manifest = json.loads((target / manifest_name).read_text(encoding="utf-8"))
        owned = "kmt2a" in manifest and manifest.get("command") not in _SHARING
        outputs = dict(manifest["outputs"]) if owned else {}
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        return {}
    root = target.resolve()
    return {
        name: checksum
        for name, checksum in outputs.items()
        if (target / name).resolve().is_relative_to(root)
    }


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write one file, from one piece or several, under a temporary name and move it into place."""
    temporary = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        with temporary.open("wb") as stream:
            stream.writelines((content,) if isinstance(content, bytes) else content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
