"""EricScript `results.total.tsv` and `results.filtered.tsv`.

Columns from EricScript's wiki (EricScript Output); that positions are 1-based is from memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import (
    Reader,
    breakpoint_at,
    columns_of,
    count,
    extras,
    required,
)
from fusion_caller.records import FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.records import Breakpoint
    from fusion_caller.tables import Row

_NOT_PREDICTED = "Unable to predict breakpoint position"
_PLACE_5PRIME = ("chr1", "Breakpoint1", "strand1")
_PLACE_3PRIME = ("chr2", "Breakpoint2", "strand2")
_USED = (
    "GeneName1",
    "GeneName2",
    "EnsemblGene1",
    "EnsemblGene2",
    "crossingreads",
    "spanningreads",
    "fusiontype",
)


def _place(row: Row, columns: tuple[str, str, str]) -> Breakpoint | None:
    return None if row[columns[1]] == _NOT_PREDICTED else breakpoint_at(row, *columns)


def _product(row: Row, origin: Origin) -> FusionCall:
    left, right = required(row, "GeneName1"), required(row, "GeneName2")
    left_place, right_place = _place(row, _PLACE_5PRIME), _place(row, _PLACE_3PRIME)
    placed = columns_of((left_place, _PLACE_5PRIME), (right_place, _PLACE_3PRIME))
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right),
        reported_5prime=left,
        reported_3prime=right,
        gene_id_5prime=row.get("EnsemblGene1"),
        gene_id_3prime=row.get("EnsemblGene2"),
        breakpoint_5prime=left_place,
        breakpoint_3prime=right_place,
        # Its "spanning" reads cross the junction, its "crossing" reads are discordant pairs.
        split_reads=count(row, "spanningreads"),
        spanning_fragments=count(row, "crossingreads"),
        event_type=row.get("fusiontype"),
        extras=extras(row, (*_USED, *placed)),
        file=origin.file,
        line=row.line,
    )


RESULTS = Reader(
    source=Source.ERICSCRIPT,
    variant="results.tsv",
    signature=(
        "GeneName1",
        "GeneName2",
        "chr1",
        "Breakpoint1",
        "chr2",
        "Breakpoint2",
        "crossingreads",
        "spanningreads",
    ),
    parse_row=_product,
)
