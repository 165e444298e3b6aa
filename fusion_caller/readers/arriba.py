"""Arriba `fusions.tsv`, with and without gene and transcript identifiers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import Reader, breakpoint_in, count, extras, required
from fusion_caller.records import NO_GENE, Frame, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.records import Breakpoint
    from fusion_caller.tables import Row

_FRAMES = {
    "in-frame": Frame.IN_FRAME,
    "out-of-frame": Frame.OUT_OF_FRAME,
    "stop-codon": Frame.STOP_CODON,
}
_USED = (
    "gene1",
    "gene2",
    "breakpoint1",
    "breakpoint2",
    "strand1(gene/fusion)",
    "strand2(gene/fusion)",
    "type",
    "split_reads1",
    "split_reads2",
    "discordant_mates",
    "confidence",
    "gene_id1",
    "gene_id2",
)


def _breakpoint(row: Row, number: int) -> Breakpoint | None:
    place = breakpoint_in(row, f"breakpoint{number}")
    strand = row[f"strand{number}(gene/fusion)"].partition("/")[0]
    return replace(place, strand=strand) if place and strand in ("+", "-") else place


def _gene(row: Row, column: str) -> str:
    """A gene's symbol; a breakpoint far from every gene has none, and the other may be KMT2A."""
    if row[column] == ".":
        return NO_GENE
    return resolve_symbol(required(row, column))


def _fusion(row: Row, origin: Origin) -> FusionCall:
    left, right = _gene(row, "gene1"), _gene(row, "gene2")
    anchored = {column: count(row, column) for column in ("split_reads1", "split_reads2")}
    for column, reads in anchored.items():
        if reads is None:
            raise BadValueError("expected a count, found none", column=column)
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=Source.ARRIBA,
        gene_5prime=left,
        gene_3prime=right,
        reported_5prime=row["gene1"],
        reported_3prime=row["gene2"],
        gene_id_5prime=row.get("gene_id1").removeprefix("."),
        gene_id_3prime=row.get("gene_id2").removeprefix("."),
        breakpoint_5prime=_breakpoint(row, 1),
        breakpoint_3prime=_breakpoint(row, 2),
        # A split read is anchored in one gene or the other, never counted twice by Arriba.
        split_reads=sum(reads or 0 for reads in anchored.values()),
        spanning_fragments=count(row, "discordant_mates"),
        caller_confidence=row["confidence"],
        caller_reading_frame=_FRAMES.get(row.get("reading_frame"), Frame.UNKNOWN),
        event_type=row["type"],
        extras={
            # The two anchors are summed above; their split is Arriba's own knowledge.
            "split_reads1": row["split_reads1"],
            "split_reads2": row["split_reads2"],
            **extras(row, _USED),
        },
        file=origin.file,
        line=row.line,
    )


FUSIONS = Reader(
    source=Source.ARRIBA,
    variant="fusions.tsv",
    signature=(
        "gene1",
        "gene2",
        "strand1(gene/fusion)",
        "strand2(gene/fusion)",
        "breakpoint1",
        "breakpoint2",
        "type",
        "split_reads1",
        "split_reads2",
        "discordant_mates",
        "confidence",
    ),
    parse_row=_fusion,
)
