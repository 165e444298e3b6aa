"""What the steps of a pipeline wrote, put together in the results folder that `run` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fusion_caller.call_tables import SET_ASIDE_COLUMNS, read_unread
from fusion_caller.errors import InputError
from fusion_caller.tables import read_table
from workflows.manifest import (
    InputFile,
    inputs_in,
    read_manifest,
    without_unread,
    write_manifest,
)
from workflows.multiqc import write_multiqc
from workflows.results import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from workflows.results import ResultsFolder

_SET_ASIDE = "set_aside.tsv"
# Where the outputs of a step are in the results folder; the longest beginning of a name decides.
_PLACES: Mapping[str, Mapping[str, str]] = {
    "samplesheet": {},
    "assign": {"": "calls/"},
    "reconcile": {"": "reconciled/"},
    "outcomes": {"": "outcomes/", "figures/": "figures/", "risk.tsv": "reconciled/risk.tsv"},
}

_TASKS = ("calls", "detect")


def put_together(
    results: ResultsFolder, folders: Sequence[Path], *, parameters: Mapping[str, object]
) -> None:
    """Copy the outputs of all steps to their places, and write the manifest of the whole.

    Args:
        results: Where to write.
        folders: What `samplesheet`, `assign`, `reconcile` and `outcomes` wrote, in any order; each
            may be absent.
        parameters: What the whole was asked for, beside the steps' own parameters.

    Raises:
        InputError: If a folder is none of these steps', or two are of one step.
    """
    steps = _steps(folders)
    asked: dict[str, object] = {}
    inputs: dict[tuple[str, str], InputFile] = {}
    unread = read_unread(steps["assign"][0] / _SET_ASIDE) if "assign" in steps else ()
    for step, (folder, manifest) in steps.items():
        asked |= manifest["parameters"]
        read: Iterable[InputFile] = inputs_in(manifest)
        if step == "samplesheet":
            read = without_unread(read, unread)
        for item in read:
            inputs.setdefault((item.role, item.file), item)
        for name in manifest["outputs"]:
            if not (folder / name).resolve().is_relative_to(folder.resolve()):
                raise InputError("expected outputs inside the folder", file=str(folder / MANIFEST))
            place = _place(step, name)
            if place and name != _SET_ASIDE:
                results.write_bytes(place, (folder / name).read_bytes())
    rows = [
        row.values
        for folder, _ in steps.values()
        if (folder / _SET_ASIDE).is_file()
        for row in read_table(folder / _SET_ASIDE, required=SET_ASIDE_COLUMNS, quoting=False).rows
    ]
    results.write_table(f"calls/{_SET_ASIDE}", SET_ASIDE_COLUMNS, rows, for_people=True)
    asked |= parameters
    write_multiqc(results, mark=str(asked.get("mark", "")))
    write_manifest(
        results,
        command="report",
        parameters=asked,
        inputs=tuple(inputs.values()),
    )


def is_whole(folder: Path) -> bool:
    """Whether a folder is what `run` writes, and not a step's.

    Raises:
        InputError: If nothing that kmt2a wrote is in it.
    """
    return read_manifest(folder, writer="a step")["command"] in ("run", "report")


def _steps(folders: Sequence[Path]) -> dict[str, tuple[Path, Mapping[str, Any]]]:
    """Folder and manifest of each step, in the order of the steps."""
    found: dict[str, tuple[Path, Mapping[str, Any]]] = {}
    for folder in folders:
        manifest = read_manifest(folder, writer="a step")
        step = manifest["command"]
        if step not in _PLACES:
            raise InputError(
                f"expected what one of {', '.join(_PLACES)} wrote, found what {step} did",
                file=str(folder),
                remedy="leave it out: what `assign` wrote holds it" if step in _TASKS else None,
            )
        if step in found:
            raise InputError(
                f"what {step} wrote is given twice",
                file=str(folder),
                remedy="give the folder of one run of each",
            )
        found[step] = (folder, manifest)
    return {step: found[step] for step in _PLACES if step in found}


def _place(step: str, name: str) -> str:
    """Where an output of a step belongs; empty where it is not among the results."""
    places = _PLACES[step]
    beginning = max(filter(name.startswith, places), key=len, default=None)
    return "" if beginning is None else places[beginning] + name[len(beginning) :]
