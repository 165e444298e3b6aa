"""`manifest.json`: versions, parameters, every input with its checksum, rows in and rows out."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from fusion_caller.errors import InputError
from workflows.results import MANIFEST, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from fusion_caller.records import SetAside
    from workflows.results import ResultsFolder

# The packages whose version can change a number or a figure.
_PACKAGES = (
    "comprisk",
    "firthmodels",
    "greenwood",
    "lifelines",
    "matplotlib",
    "numpy",
    "ortools",
    "pandas",
    "scipy",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One input and what became of its rows: `rows_in == rows_used + rows_set_aside`."""

    role: str
    file: str
    sha256: str
    rows_in: int
    rows_used: int
    rows_set_aside: int


def input_file(role: str, path: Path, *, name: str, rows_in: int, set_aside: int = 0) -> InputFile:
    """Describe an input that was read."""
    return InputFile(
        role=role,
        file=name,
        sha256=sha256(path),
        rows_in=rows_in,
        rows_used=rows_in - set_aside,
        rows_set_aside=set_aside,
    )


def without_unread(
    sheets: Iterable[InputFile], unread: Iterable[SetAside]
) -> tuple[InputFile, ...]:
    """Sample sheets with the rows set aside whose files could not be read."""
    n_rows = sum(row.n_rows for row in unread)
    return tuple(
        replace(sheet, rows_used=sheet.rows_in - n_rows, rows_set_aside=n_rows) for sheet in sheets
    )


def write_manifest(
    results: ResultsFolder,
    *,
    command: str,
    parameters: Mapping[str, object],
    inputs: Sequence[InputFile],
    times: tuple[datetime, datetime] | None = None,
) -> None:
    """Write the manifest as the last output, so that it lists all the others.

    Args:
        results: The folder.
        command: What was run.
        parameters: Its parameters.
        inputs: The files that it read.
        times: Begin and end; a step of a pipeline has none, so that the same input gives the same
            bytes.
    """
    content: dict[str, object] = {
        "kmt2a": version("kmt2a"),
        "command": command,
        "parameters": parameters,
        "rows": {
            "in": sum(item.rows_in for item in inputs),
            "used": sum(item.rows_used for item in inputs),
            "set_aside": sum(item.rows_set_aside for item in inputs),
        },
        "inputs": [asdict(item) for item in inputs],
        "outputs": results.sha256_of_outputs(),
        "python": platform.python_version(),
        "packages": {package: _version(package) for package in _PACKAGES},
    }
    if times is not None:
        started, finished = times
        content["times"] = {"started": started.isoformat(), "finished": finished.isoformat()}
    results.write_json(MANIFEST, content)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # an extra
        return "not installed"


def read_manifest(folder: Path, *, writer: str) -> Mapping[str, Any]:
    """The manifest of a folder that a command wrote.

    Args:
        folder: The folder.
        writer: How messages call the command.

    Raises:
        InputError: If there is none, or it is not one.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            f"expected a results folder, found no {MANIFEST} in it",
            file=str(folder),
            remedy=f"give the folder that {writer} wrote",
        ) from None
    except ValueError:
        raise InputError(f"expected the JSON that {writer} writes", file=str(path)) from None
    if not isinstance(manifest, dict) or "inputs" not in manifest:
        raise InputError(f"expected the manifest that {writer} writes", file=str(path))
    return manifest


def inputs_in(manifest: Mapping[str, Any]) -> tuple[InputFile, ...]:
    """The files that a command read, by its manifest."""
    return tuple(InputFile(**item) for item in manifest["inputs"])
