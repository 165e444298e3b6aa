"""FusionCatcher `final-list_candidate-fusion-genes.txt`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import Reader, breakpoint_in, count, extras, required
from fusion_caller.records import Frame, FusionCall, Source

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


def _candidate(row: Row, origin: Origin) -> FusionCall:
    left, right = required(row, _GENE_5PRIME), required(row, _GENE_3PRIME)
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=Source.FUSIONCATCHER,
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
)
