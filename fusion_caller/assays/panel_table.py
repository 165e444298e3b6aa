"""A laboratory's own RT-PCR panels, in a table of the same columns as the packaged one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import parse_fusion_name, symbols_for
from fusion_caller.knowledge import KMT2A, PTD, Panel, partners
from fusion_caller.knowledge.rt_pcr_panels import (
    PANEL_COLUMNS,
    REQUIRED_PANEL_COLUMNS,
    panels_of_rows,
)
from fusion_caller.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

_EXAMPLE_ROWS = (
    {
        "panel": "our-panel",
        "name": "Multiplex nested RT-PCR of our laboratory",
        "material": "rna",
        "nested": "yes",
        "longest_product_bp": "1500",
        "target": "AFF1",
        "kmt2a_primer_exon": "8",
        "partner_primer_exon": "7",
        "source": "SOP 12",
    },
    {
        "panel": "our-panel",
        "name": "Multiplex nested RT-PCR of our laboratory",
        "material": "rna",
        "nested": "yes",
        "longest_product_bp": "1500",
        "target": "PTD",
        "source": "SOP 12",
    },
)


def read_panels(path: Path, *, name: str) -> dict[str, Panel]:
    """Read a laboratory's own panels, one row a target; only `panel` and `target` are required.

    A target is written as its symbol, an older name of it or the fusion's name (`AFF1`, `AF4`,
    `MLL-AF4`), the partial tandem duplication as `PTD` or `dupMLL`. Exons are MANE numbers.

    Args:
        path: The file.
        name: How messages call it.

    Returns:
        The panels by identifier, in the order of the table.

    Raises:
        InputError: With file, line and column, for the first value that is not what it should be.
    """
    table = read_table(path, name=name, required=REQUIRED_PANEL_COLUMNS)
    return panels_of_rows(table.rows, file=table.file, symbol_of=_symbol)


def panel_template() -> str:
    """A table with the columns and two rows of an example, to be filled in."""
    lines = [PANEL_COLUMNS, *([row.get(c, "") for c in PANEL_COLUMNS] for row in _EXAMPLE_ROWS)]
    return "".join("\t".join(line) + "\n" for line in lines)


def _symbol(text: str) -> str:
    try:
        named = parse_fusion_name(text).partner
    except BadValueError:
        named = text
    symbols = (PTD,) if named == PTD else symbols_for(named)
    if len(symbols) == 1 and (symbols[0] == PTD or symbols[0] in partners()):
        return symbols[0]
    shown = " ".join(text.split())[:60]
    if len(symbols) > 1:
        raise BadValueError(
            f"expected the name of one gene, '{shown}' can mean {' or '.join(symbols)}"
        )
    if symbols == (KMT2A,):
        raise BadValueError(f"expected the partner of KMT2A or PTD, found '{shown}'")
    raise BadValueError(
        f"expected a known partner of KMT2A, such as AFF1 or MLL-AF4, or PTD; found '{shown}'"
    )
