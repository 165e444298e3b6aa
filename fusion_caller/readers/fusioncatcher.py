"""FusionCatcher `final-list_candidate-fusion-genes.txt`, with the columns of early versions too.

Columns from FusionCatcher's manual, which says that positions are 1-based; the early names from its
`merge_reports.py` and `build_report_fusions_psl.py`. A gene without a symbol is named by its
identifier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import (
    Reader,
    breakpoint_in,
    count,
    extras,
    names_of,
    required,
)
from fusion_caller.records import Frame, FusionCall, Source
from fusion_caller.tables import Layout

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_GENE_5PRIME = "Gene_1_symbol(5end_fusion_partner)"
_GENE_3PRIME = "Gene_2_symbol(3end_fusion_partner)"
_ID_5PRIME = "Gene_1_id(5end_fusion_partner)"
_ID_3PRIME = "Gene_2_id(3end_fusion_partner)"
_POINT_5PRIME = "Fusion_point_for_gene_1(5end_fusion_partner)"
_POINT_3PRIME = "Fusion_point_for_gene_2(3end_fusion_partner)"
_FRAMES = {"in-frame": Frame.IN_FRAME, "out-of-frame": Frame.OUT_OF_FRAME}
_SIGNATURE = (
    _GENE_5PRIME,
    _GENE_3PRIME,
    "Spanning_pairs",
    "Spanning_unique_reads",
    _POINT_5PRIME,
    _POINT_3PRIME,
)

_OTHER_NAMES = names_of(
    {
        _GENE_5PRIME: ("Fusion_gene_symbol_1(5end_partner)",),
        _GENE_3PRIME: ("Fusion_gene_symbol_2(3end_partner)",),
        _ID_5PRIME: ("Fusion_gene_1(5end_partner)",),
        _ID_3PRIME: ("Fusion_gene_2(3end_partner)",),
        _POINT_5PRIME: ("Fusion_gene_1_position(5end_partner)",),
        _POINT_3PRIME: ("Fusion_gene_2_position(3end_partner)",),
    }
)


def _name(row: Row, symbol: str, identifier: str) -> str:
    return row[symbol] or row.get(identifier) or required(row, symbol)


def _candidate(row: Row, origin: Origin) -> FusionCall:
    left = _name(row, _GENE_5PRIME, _ID_5PRIME)
    right = _name(row, _GENE_3PRIME, _ID_3PRIME)
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right),
        reported_5prime=left,
        reported_3prime=right,
        gene_id_5prime=row.get(_ID_5PRIME),
        gene_id_3prime=row.get(_ID_3PRIME),
        breakpoint_5prime=breakpoint_in(row, _POINT_5PRIME),
        breakpoint_3prime=breakpoint_in(row, _POINT_3PRIME),
        # Its "spanning" reads cross the junction, its "spanning pairs" lie on both sides of it.
        split_reads=count(row, "Spanning_unique_reads"),
        spanning_fragments=count(row, "Spanning_pairs"),
        caller_reading_frame=_FRAMES.get(row.get("Predicted_effect"), Frame.UNKNOWN),
        # The effect stays among the extras: it says more than the frame (`CDS(truncated)/UTR`).
        extras=extras(row, (*_SIGNATURE, _ID_5PRIME, _ID_3PRIME)),
        file=origin.file,
        line=row.line,
    )


CANDIDATES = Reader(
    source=Source.FUSIONCATCHER,
    variant="candidate fusion genes",
    signature=_SIGNATURE,
    parse_row=_candidate,
    layout=Layout(names=_OTHER_NAMES),
)
