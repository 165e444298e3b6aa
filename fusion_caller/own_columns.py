"""The columns of a table that a person wrote: in any case, and none that is nearly one of ours."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from fusion_caller.errors import InputError
from fusion_caller.tables import Layout, check_header, read_head, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.tables import Table

OWN_PREFIX = "x_"
# High enough for one or two slips of the finger in a short name and no more.
_CLOSE = 0.82


def read_own_table(
    path: Path, *, name: str, required: Sequence[str], optional: Sequence[str]
) -> Table:
    """Read a table whose column names may be in any case.

    A column that is nearly one of ours is refused, unless that one is there too: what a slip of the
    pen names would silently not be used. Any other column, and one with `x_` before it, is kept.

    Args:
        path: The file.
        name: How messages call it.
        required: Columns without which the table is refused.
        optional: The other columns that are used.

    Raises:
        InputError: With file and line, for whatever is wrong with the header or the structure.
    """
    known = (*required, *optional)
    head = read_head(path, name=name, lines=1)
    columns = check_header(head[0] if head else "", name)
    names = {column: column.lower() for column in columns if column.lower() in known}
    for column in columns:
        meant = _meant(column, known)
        if meant and meant not in names.values():
            raise InputError(
                f"the column '{column}' is nearly '{meant}'",
                file=name,
                line=1,
                remedy=f"correct the name, or put {OWN_PREFIX} in front of a column of your own",
            )
    return read_table(path, name=name, required=required, layout=Layout(names=names))


def _meant(column: str, known: Sequence[str]) -> str:
    """The column of ours that a name was probably meant for; empty where it is one, or none is."""
    folded = column.lower()
    if folded in known or folded.startswith(OWN_PREFIX):
        return ""
    alike = {one: SequenceMatcher(None, folded, one).ratio() for one in known}
    best = max(alike, key=alike.__getitem__)
    # `file_3` is another column than `file_2`, and no slip.
    numbered = folded[-1:].isdigit() and folded.rstrip("0123456789") == best.rstrip("0123456789")
    return best if alike[best] >= _CLOSE and not numbered else ""
