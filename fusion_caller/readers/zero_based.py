"""Breakpoints of callers that count positions from 0."""

from __future__ import annotations

import re

from fusion_caller.errors import BadValueError
from fusion_caller.readers.reader import on_its_contig
from fusion_caller.records import Breakpoint

_POSITION = re.compile("[0-9]{1,12}")


def breakpoint_from_0(contig: str, position: str, strand: str, *, column: str) -> Breakpoint:
    """The breakpoint at a 0-based position of one kept base.

    Args:
        contig: The contig, with or without `chr`.
        position: The base, counted from 0.
        strand: `+` or `-`, or empty where it is not known.
        column: The position's column, for the message.

    Raises:
        BadValueError: If the contig, the position or the strand cannot be read.
    """
    if not _POSITION.fullmatch(position):
        raise BadValueError(
            f"expected a position counted from 0, found '{position}'", column=column
        )
    text = f"{contig}:{int(position) + 1}" + (f":{strand}" if strand else "")
    try:
        return on_its_contig(Breakpoint.from_string(text))
    except BadValueError as error:
        raise BadValueError(error.problem, column=column) from None
