"""Options by which a laboratory puts its own choices in place of the packaged ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.assays.panel_table import read_panels

if TYPE_CHECKING:
    from fusion_caller.knowledge import Panel

fish_cutoff_option = click.option(
    "--fish-cutoff",
    type=click.FloatRange(0, 1),
    help="Fraction of abnormal cells from which on FISH counts, in place of that of the rules "
    "(0.05 as packaged); give your laboratory's.",
)
panels_option = click.option(
    "--panels",
    type=click.Path(path_type=Path),
    metavar="P.tsv",
    help="The laboratory's own RT-PCR panels; `kmt2a panel --template` prints a table to fill.",
)


def read_own_panels(path: Path | None, *, name: str | None = None) -> dict[str, Panel]:
    """The panels of a laboratory's own table, none where none is given.

    Raises:
        InputError: With file, line and column.
    """
    return read_panels(path, name=name or str(path)) if path else {}
