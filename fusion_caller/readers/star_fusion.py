"""STAR-Fusion: predictions (full, abridged, with coding effect) and pairs-only cohort tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import Reader, breakpoint_in, count, extras, required
from fusion_caller.records import Frame, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_FRAMES = {"INFRAME": Frame.IN_FRAME, "FRAMESHIFT": Frame.OUT_OF_FRAME}
_USED = (
    "FusionName",
    "JunctionReadCount",
    "SpanningFragCount",
    "LeftGene",
    "LeftBreakpoint",
    "RightGene",
    "RightBreakpoint",
)
# How tables that join many samples name the sample of a row.
_SAMPLE_COLUMNS = ("sample", "Sample", "sample_id", "CCLEName", "ModelID", "DepMap_ID")


def _gene(text: str, column: str) -> tuple[str, str]:
    """Split `AFF1^ENSG00000172493.20` into symbol and identifier."""
    symbol, _, identifier = text.partition("^")
    if not symbol:
        raise BadValueError(f"expected symbol^identifier, found '{text}'", column=column)
    return symbol, identifier


def _pair(name: str) -> tuple[str, str]:
    left, separator, right = name.partition("--")
    if not (left and separator and right):
        raise BadValueError(f"expected GENE1--GENE2, found '{name}'", column="FusionName")
    return left, right


def _prediction(row: Row, origin: Origin) -> FusionCall:
    _pair(required(row, "FusionName"))
    left, left_id = _gene(required(row, "LeftGene"), "LeftGene")
    right, right_id = _gene(required(row, "RightGene"), "RightGene")
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=Source.STAR_FUSION,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right),
        reported_5prime=left,
        reported_3prime=right,
        gene_id_5prime=left_id,
        gene_id_3prime=right_id,
        breakpoint_5prime=breakpoint_in(row, "LeftBreakpoint"),
        breakpoint_3prime=breakpoint_in(row, "RightBreakpoint"),
        split_reads=count(row, "JunctionReadCount"),
        spanning_fragments=count(row, "SpanningFragCount"),
        caller_reading_frame=_FRAMES.get(row.get("PROT_FUSION_TYPE"), Frame.UNKNOWN),
        extras=extras(row, _USED),
        file=origin.file,
        line=row.line,
    )


def _cohort_pair(row: Row, origin: Origin) -> FusionCall:
    left, right = _pair(required(row, "FusionName"))
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=Source.STAR_FUSION,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right),
        reported_5prime=left,
        reported_3prime=right,
        extras=extras(row, ("FusionName",)),
        file=origin.file,
        line=row.line,
    )


PREDICTIONS = Reader(
    source=Source.STAR_FUSION,
    variant="fusion predictions",
    signature=(
        "FusionName",
        "JunctionReadCount",
        "SpanningFragCount",
        "LeftGene",
        "LeftBreakpoint",
        "RightGene",
        "RightBreakpoint",
    ),
    parse_row=_prediction,
)

COHORT_PAIRS = Reader(
    source=Source.STAR_FUSION,
    variant="cohort table of pairs",
    signature=("FusionName",),
    parse_row=_cohort_pair,
    absent=("JunctionReadCount", "LeftGene", "LeftBreakpoint"),
    sample_columns=_SAMPLE_COLUMNS,
)
