"""The results folder as the report reads it: its tables, figures and manifest."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_caller.errors import InputError
from fusion_caller.tables import read_table
from workflows.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Rows = tuple["Mapping[str, str]", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure ready to be shown: its file's content as a data address.

    One that was not drawn has no address, and a caption that says why.
    """

    title: str
    caption: str
    address: str
    endpoint: str
    variable: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsIn:
    """What a results folder holds; an absent table has no rows."""

    folder: Path
    manifest: Mapping[str, Any]

    def table(self, name: str) -> Rows:
        """The rows of a table by its path in the folder, for example `reconciled/patients.tsv`."""
        path = self.folder / name
        if not path.exists():
            return ()
        return tuple(row.values for row in read_table(path, name=name, quoting=False).rows)

    def json(self, name: str) -> dict[str, Any]:
        """A JSON object by its path in the folder, empty where there is none."""
        path = self.folder / name
        if not path.exists():
            return {}
        value = json.loads(path.read_text(encoding="utf-8"))
        return value if isinstance(value, dict) else {}

    def figures(self) -> tuple[Figure, ...]:
        """The figures in the order of `figures/figures.tsv`."""
        return tuple(
            Figure(
                title=row["title"],
                caption=row["caption"],
                address=self._address(row["file"]) if row["file"] else "",
                endpoint=row["endpoint"],
                variable=row["variable"],
                kind=row.get("kind", ""),
            )
            for row in self.table("figures/figures.tsv")
        )

    def _address(self, name: str) -> str:
        return self.picture(f"figures/{name}", listed="figures/figures.tsv")

    def picture(self, name: str, *, listed: str) -> str:
        """An SVG by its path in the folder, as a data address.

        Args:
            name: The path.
            listed: The table that names it.

        Raises:
            InputError: If there is none in the folder.
        """
        path = self.folder / name
        if not path.resolve().is_relative_to(self.folder.resolve()) or not path.is_file():
            raise InputError("expected the name of a figure in the folder", file=listed)
        content = base64.b64encode(path.read_bytes()).decode("ascii")
        return f"data:image/svg+xml;base64,{content}"


def read_results_folder(folder: Path) -> ResultsIn:
    """Open a results folder by its manifest.

    Raises:
        InputError: If there is no manifest, or it is not one.
    """
    manifest = read_manifest(folder, writer="`kmt2a run`")
    return ResultsIn(folder=folder, manifest=manifest)
