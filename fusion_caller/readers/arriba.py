"""Arriba `fusions.tsv` and `fusions.discarded.tsv` of versions 1 and 2.

Columns from Arriba's documentation (Output files): gene 1 is the 5' one where the transcribed
strand is known, and the order says nothing where it is `.`. Outside of genes the closest ones are
listed with their distances. That positions are 1-based is from memory.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import Reader, breakpoint_in, count, extras, required
from fusion_caller.records import (
    NO_GENE,
    ORIENTATION_NOT_KNOWN,
    Breakpoint,
    Flag,
    Frame,
    FusionCall,
    Source,
)

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
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


# What says no more than the breakpoint's strand.
_OWN_STRANDS = ("+/+", "-/-", "./.", ".", "")
_INSERTED = re.compile(r"\|([acgt]+)\|")
# `TTC36(600),KMT2A(20123)`: the closest genes of a breakpoint in none.
_CLOSEST = re.compile(r"[^,]+\([0-9]+\)(?:,[^,]+\([0-9]+\))*")


def _strands(row: Row, number: int) -> tuple[str, str]:
    """The gene's strand and the transcribed one, each empty where Arriba writes a dot."""
    column = f"strand{number}(gene/fusion)"
    try:
        return _read_strands(row[column])
    except BadValueError as error:
        raise BadValueError(error.problem, column=column) from None


@lru_cache(maxsize=64)
def _read_strands(text: str) -> tuple[str, str]:
    gene, _, transcribed = text.partition("/")
    for strand in (gene, transcribed):
        if strand not in ("+", "-", ".", ""):
            raise BadValueError(f"expected the strand + or -, found '{strand}'")
    return gene.strip("."), transcribed.strip(".")


def _breakpoint(row: Row, number: int) -> Breakpoint | None:
    place = breakpoint_in(row, f"breakpoint{number}")
    gene, transcribed = _strands(row, number)
    # What is transcribed may run against the gene: then it is no transcript of that gene.
    return Breakpoint(place.contig, place.position, transcribed or gene) if place else None


def _gene(row: Row, column: str) -> str:
    """A gene's symbol; a breakpoint outside of every gene has none, and the other may be KMT2A."""
    if row[column] == "." or _CLOSEST.fullmatch(row[column]):
        return NO_GENE
    return resolve_symbol(required(row, column))


def _event(row: Row) -> str:
    known = all(_strands(row, number)[1] for number in (1, 2))
    return row["type"] if known else f"{row['type']}; {ORIENTATION_NOT_KNOWN}"


def _inserted(transcript: str) -> str:
    """Bases of neither gene, which Arriba writes in lower case between two bars."""
    found = _INSERTED.search(transcript)
    return found[1].upper() if found else ""


def _is_discarded(filters: str) -> bool:
    """Whether a filter took the whole event: then it stands without a number of reads."""
    return any(name and not name.endswith(")") for name in filters.strip(".").split(","))


def _kept_strands(row: Row) -> dict[str, str]:
    """The strands where more than the gene's own is in them."""
    columns = ("strand1(gene/fusion)", "strand2(gene/fusion)")
    return {column: row[column] for column in columns if row[column] not in _OWN_STRANDS}


def _fusion(row: Row, origin: Origin) -> FusionCall:
    left, right = _gene(row, "gene1"), _gene(row, "gene2")
    anchored = {column: count(row, column) for column in ("split_reads1", "split_reads2")}
    for column, reads in anchored.items():
        if reads is None:
            raise BadValueError("expected a count, found none", column=column)
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
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
        inserted_bases=_inserted(row.get("fusion_transcript")),
        flags=(Flag.DISCARDED,) if _is_discarded(row.get("filters")) else (),
        event_type=_event(row),
        extras={
            # The two anchors are summed above; their split is Arriba's own knowledge.
            "split_reads1": row["split_reads1"],
            "split_reads2": row["split_reads2"],
            **_kept_strands(row),
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
