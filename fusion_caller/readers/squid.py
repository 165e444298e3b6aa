"""SQUID `*_sv.txt`, and the same with genes from its `AnnotateSQUIDOutput.py`.

Columns from SQUID's README: positions are 0-based, an end is a start plus a length (`WriteIO.cpp`),
so that the base at the break is the end of a segment on `+`, the start plus one on `-`. Segments
are joined at these ends in no order: the first is taken along its strand for the 5' end, and where
no genes are named, both may turn round together. The score is a weighted number of reads of both
kinds, and so neither count.

The annotated table names genes 5':3', but not which breakpoint is whose. That is told by where the
genes lie, if they are packaged; for other genes the positions stay among the extras.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.overlapping_genes import holds, rank, strand_of
from fusion_caller.readers.reader import Reader, extras, on_its_contig, required
from fusion_caller.records import NO_GENE, ORIENTATION_NOT_KNOWN, Breakpoint, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

PLACES_NOT_KNOWN = "which breakpoint belongs to which gene is not known"
_OPPOSITE = {"+": "-", "-": "+"}
_SEGMENTS = ("chrom1", "start1", "end1", "strand1", "chrom2", "start2", "end2", "strand2")
_SIGNATURE = (*_SEGMENTS, "name", "score")
_CONCORDANT = ("num_concordantfrag_bp1", "num_concordantfrag_bp2")


def _bound(row: Row, column: str) -> int:
    text = required(row, column)
    if not re.fullmatch("[0-9]{1,18}", text):
        raise BadValueError(f"expected a position, found '{text}'", column=column)
    return int(text)


def _end(row: Row, number: int) -> Breakpoint:
    """The joined end of a segment, with the strand that runs towards the junction."""
    strand = required(row, f"strand{number}")
    if strand not in _OPPOSITE:
        raise BadValueError(
            f"expected the strand + or -, found '{strand}'", column=f"strand{number}"
        )
    start, end = _bound(row, f"start{number}"), _bound(row, f"end{number}")
    column, position = (f"end{number}", end) if strand == "+" else (f"start{number}", start + 1)
    try:
        place = Breakpoint.from_string(f"{required(row, f'chrom{number}')}:{position}:{strand}")
        return on_its_contig(place)
    except BadValueError as error:
        raise BadValueError(error.problem, column=error.column or column) from None


def _away(place: Breakpoint) -> Breakpoint:
    """The end with the strand that runs away from the junction, as the 3' part does."""
    return Breakpoint(place.contig, place.position, _OPPOSITE[place.strand])


def _variant(row: Row, origin: Origin) -> FusionCall:
    """A row without genes."""
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=NO_GENE,
        gene_3prime=NO_GENE,
        reported_5prime="",
        reported_3prime="",
        breakpoint_5prime=_end(row, 1),
        breakpoint_3prime=_away(_end(row, 2)),
        event_type=ORIENTATION_NOT_KNOWN,
        # The segments' other ends are SQUID's own knowledge.
        extras=extras(row, ("chrom1", "chrom2")),
        file=origin.file,
        line=row.line,
    )


def _pair(row: Row) -> tuple[str, str]:
    """Of the pairs of overlapping genes the one that is meant, 5' first."""
    pairs = [tuple(pair.split(":")) for pair in row["FusedGenes"].split(",")]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):  # noqa: PLR2004
        raise BadValueError(f"expected gene:gene, found '{row['FusedGenes']}'", column="FusedGenes")
    left, right = max(pairs, key=lambda pair: sum(map(rank, pair)))
    return left, right


def _fits(symbol: str, place: Breakpoint, *, five: bool) -> bool | None:
    """Whether a gene's 5' part, or its 3' part, ends there; None where its place is not known."""
    inside = holds(symbol, place)
    return inside and (place.strand == strand_of(symbol)) is five


def _first_is_5prime(left: str, right: str, one: Breakpoint, two: Breakpoint) -> bool | None:
    """Whether the first breakpoint is the 5' gene's; None where the genes' places do not tell."""
    straight = (_fits(left, one, five=True), _fits(right, two, five=False))
    crossed = (_fits(left, two, five=True), _fits(right, one, five=False))
    if True in straight and True not in crossed:
        return True
    if True in crossed and True not in straight:
        return False
    return None


def _annotated(row: Row, origin: Origin) -> FusionCall:
    if row["FusedGenes"] in ("", "."):
        return _variant(row, origin)
    reported = _pair(row)
    left, right = resolve_symbol(reported[0]), resolve_symbol(reported[1])
    one, two = _end(row, 1), _end(row, 2)
    first = _first_is_5prime(left, right, one, two)
    five, three = (one, _away(two)) if first else (two, _away(one))
    several = "," in row["FusedGenes"]
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=left,
        gene_3prime=right,
        reported_5prime=reported[0],
        reported_3prime=reported[1],
        breakpoint_5prime=None if first is None else five,
        breakpoint_3prime=None if first is None else three,
        event_type=PLACES_NOT_KNOWN if first is None else "",
        extras=extras(
            row,
            (
                *(() if first is None else ("chrom1", "chrom2")),
                *(() if several else ("FusedGenes",)),
            ),
        ),
        file=origin.file,
        line=row.line,
    )


VARIANTS = Reader(
    source=Source.SQUID,
    variant="structural variants",
    signature=(*_SIGNATURE, *_CONCORDANT),
    parse_row=_variant,
)

ANNOTATED = Reader(
    source=Source.SQUID,
    variant="structural variants with genes",
    signature=(*_SIGNATURE, "Type", "FusedGenes"),
    parse_row=_annotated,
)
