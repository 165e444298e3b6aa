"""JAFFA `jaffa_results.csv`, of the short-read pipelines and of JAFFAL.

Columns from JAFFA's wiki (OutputDescription), their order and positions from its
`make_final_table.R`: 1-based, the 5' gene's first. Where a row has no start, or two, which is 5' is
not known, and the file does not say so; JAFFA's order is kept. JAFFAL writes the very same columns
for long reads, which have no pairs: its count of them is none, if the file is said to be JAFFAL's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
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

_PLACE_5PRIME = ("chrom1", "base1", "strand1")
_PLACE_3PRIME = ("chrom2", "base2", "strand2")
# FALSE is no frameshift: JAFFA writes it for a junction in a non-coding part too.
_FRAMES = {"TRUE": Frame.IN_FRAME}
_USED = ("fusion genes", "spanning reads", "classification")


def _pair(row: Row) -> tuple[str, str]:
    """Split `BCAS4:BCAS3`, or `BCAS4::BCAS3` since version 2.4."""
    name = required(row, "fusion genes")
    pair = re.fullmatch("([^:]+)::?([^:]+)", name)
    if not pair:
        raise BadValueError(f"expected GENE1:GENE2, found '{name}'", column="fusion genes")
    return pair[1], pair[2]


def _pairs(row: Row, source: Source) -> int | None:
    """Pairs on both sides of the junction; a `-` says that the contig is too short to have any."""
    if source is Source.JAFFAL or row["spanning pairs"] == "-":
        return None
    return count(row, "spanning pairs")


def _result(row: Row, origin: Origin) -> FusionCall:
    left, right = _pair(row)
    left_place = breakpoint_at(row, *_PLACE_5PRIME)
    right_place = breakpoint_at(row, *_PLACE_3PRIME)
    placed = columns_of((left_place, _PLACE_5PRIME), (right_place, _PLACE_3PRIME))
    pairs = _pairs(row, origin.source)
    counted = () if pairs is None else ("spanning pairs",)
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
        # Its "spanning reads" cross the junction, its "spanning pairs" lie on both sides of it.
        split_reads=count(row, "spanning reads"),
        spanning_fragments=pairs,
        caller_confidence=row["classification"],
        caller_reading_frame=_FRAMES.get(row.get("inframe"), Frame.UNKNOWN),
        extras=extras(row, (*_USED, *counted, *placed)),
        file=origin.file,
        line=row.line,
    )


RESULTS = Reader(
    source=Source.JAFFA,
    also=(Source.JAFFAL,),
    variant="jaffa_results.csv",
    signature=(
        "sample",
        "fusion genes",
        "chrom1",
        "base1",
        "chrom2",
        "base2",
        "spanning pairs",
        "spanning reads",
        "classification",
    ),
    parse_row=_result,
    sample_column="sample",
)
