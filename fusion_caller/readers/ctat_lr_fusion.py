"""CTAT-LR-fusion `ctat-LR-fusion.fusion_predictions.tsv`, full and abridged.

Columns from CTAT-LR-fusion's developer guide and repository. `num_LR` long reads cross the
junction. Where short reads were given too, FusionInspector's columns are merged into the table:
fusions that only one kind of read supports have `NA` in the columns of the other, counts are
written as `12.0`, and the genes' columns may be named `LeftGene_x` or `LeftGene_SR` besides. The
left gene is the 5' one; positions are 1-based and those of the bases kept. Two different genes are
joined only, so that a tandem duplication is not in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import Reader, breakpoint_in, extras
from fusion_caller.readers.star_fusion import frame_in, pair_in
from fusion_caller.records import FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_MISSING = ("", ".", "NA")
_COUNT = re.compile(r"([0-9]{1,18})(?:\.0+)?")
_SUFFIXES = ("", "_SR", "_x", "_y")


def _count(row: Row, column: str) -> int | None:
    """A count of reads, also one that a merge has turned into `12.0`."""
    text = row.get(column)
    if text in _MISSING:
        return None
    found = _COUNT.fullmatch(text)
    if not found:
        raise BadValueError(f"expected a count, found '{text}'", column=column)
    return int(found[1])


def _identifier(row: Row, column: str) -> str:
    """The gene's identifier, from the first of its columns that has one behind a `^`."""
    cells = (row.get(column + suffix) for suffix in _SUFFIXES)
    return next((found for cell in cells if (found := cell.partition("^")[2])), "")


def _prediction(row: Row, origin: Origin) -> FusionCall:
    left, right = pair_in(row, "FusionName")
    long_reads = _count(row, "num_LR")
    used = ["FusionName", "num_LR", "LeftBreakpoint", "RightBreakpoint"]
    used += [side + suffix for side in ("LeftGene", "RightGene") for suffix in _SUFFIXES]
    split, spanning = long_reads, None
    if long_reads is None:
        # No long read was found: the short reads are what there is.
        split, spanning = _count(row, "JunctionReadCount"), _count(row, "SpanningFragCount")
        used += ["JunctionReadCount", "SpanningFragCount"]
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right),
        reported_5prime=left,
        reported_3prime=right,
        gene_id_5prime=_identifier(row, "LeftGene"),
        gene_id_3prime=_identifier(row, "RightGene"),
        breakpoint_5prime=breakpoint_in(row, "LeftBreakpoint"),
        breakpoint_3prime=breakpoint_in(row, "RightBreakpoint"),
        split_reads=split,
        spanning_fragments=spanning,
        caller_reading_frame=frame_in(row),
        extras={k: v for k, v in extras(row, used).items() if v != "NA"},
        file=origin.file,
        line=row.line,
    )


PREDICTIONS = Reader(
    source=Source.CTAT_LR_FUSION,
    variant="fusion predictions",
    signature=("FusionName", "num_LR", "LeftBreakpoint", "RightBreakpoint"),
    parse_row=_prediction,
)
