"""SOAPfuse `final.Fusion.specific.for.genes`.

Columns from SOAPfuse's wiki (Output_Files, version 1.25). That positions are 1-based, the last base
kept and the first, is what the sample file shows: deFuse gives the same for the same junctions.
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
from fusion_caller.records import Frame, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_PLACE_5PRIME = ("up_chr", "up_Genome_pos", "up_strand")
_PLACE_3PRIME = ("dw_chr", "dw_Genome_pos", "dw_strand")
_FRAME = "down_fusion_part_frame-shift_or_not"
_FRAMES = {"inframe-shift": Frame.IN_FRAME, "frame-shift": Frame.OUT_OF_FRAME}
_USED = ("up_gene", "dw_gene", "Span_reads_num", "Junc_reads_num", "Fusion_Type")


def _fusion(row: Row, origin: Origin) -> FusionCall:
    left, right = required(row, "up_gene"), required(row, "dw_gene")
    left_place = breakpoint_at(row, *_PLACE_5PRIME)
    right_place = breakpoint_at(row, *_PLACE_3PRIME)
    placed = columns_of((left_place, _PLACE_5PRIME), (right_place, _PLACE_3PRIME))
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right),
        reported_5prime=left,
        reported_3prime=right,
        breakpoint_5prime=left_place,
        breakpoint_3prime=right_place,
        split_reads=count(row, "Junc_reads_num"),
        spanning_fragments=count(row, "Span_reads_num"),
        caller_reading_frame=_FRAMES.get(row.get(_FRAME), Frame.UNKNOWN),
        event_type=row.get("Fusion_Type"),
        extras=extras(row, (*_USED, *placed)),
        file=origin.file,
        line=row.line,
    )


GENES = Reader(
    source=Source.SOAPFUSE,
    variant="fusions specific for genes",
    signature=(
        "up_gene",
        "up_chr",
        "up_Genome_pos",
        "dw_gene",
        "dw_chr",
        "dw_Genome_pos",
        "Span_reads_num",
        "Junc_reads_num",
    ),
    parse_row=_fusion,
    # The table for transcripts repeats a fusion once a pair of isoforms.
    absent=("up_tran", "dw_tran"),
)
