"""deFuse `results.tsv`, `results.classify.tsv` and `results.filtered.tsv`.

Columns from deFuse's README; positions are 1-based and the base kept next to the break, from its
`annotate_fusions.pl`. The genes are numbered, not ordered: the README's `genomic_strand` is the
strand on which the kept sequence lies upstream of the break, so that the 5' gene is the one of
which it is the gene's own strand.
"""

from __future__ import annotations

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
from fusion_caller.records import ORIENTATION_NOT_KNOWN, Frame, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

# N is no frameshift: deFuse writes it for a break outside the coding sequence too.
_FRAMES = {"Y": Frame.IN_FRAME}
_PLACES = {
    number: (f"gene_chromosome{number}", f"genomic_break_pos{number}", f"gene_strand{number}")
    for number in (1, 2)
}
_USED = ("gene_name1", "gene_name2", "gene1", "gene2", "splitr_count", "span_count")


def _keeps_5prime(row: Row, number: int) -> bool:
    """Whether what is kept of a gene is its 5' part."""
    strands = []
    for column in (f"gene_strand{number}", f"genomic_strand{number}"):
        strands.append(required(row, column))
        if strands[-1] not in ("+", "-"):
            raise BadValueError(f"expected the strand + or -, found '{strands[-1]}'", column=column)
    return strands[0] == strands[1]


def _prediction(row: Row, origin: Origin) -> FusionCall:
    kept = (_keeps_5prime(row, 1), _keeps_5prime(row, 2))
    # Two 5' or two 3' parts are no transcript of both genes; the file's order is kept.
    left, right = (2, 1) if kept == (False, True) else (1, 2)
    reported = {number: required(row, f"gene_name{number}") for number in (1, 2)}
    places = {number: breakpoint_at(row, *_PLACES[number]) for number in (1, 2)}
    placed = columns_of(*((places[number], _PLACES[number]) for number in (1, 2)))
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(reported[left]),
        gene_3prime=resolve_symbol(reported[right]),
        reported_5prime=reported[left],
        reported_3prime=reported[right],
        gene_id_5prime=row.get(f"gene{left}"),
        gene_id_3prime=row.get(f"gene{right}"),
        breakpoint_5prime=places[left],
        breakpoint_3prime=places[right],
        split_reads=count(row, "splitr_count"),
        # Its "spanning" reads are pairs around the junction.
        spanning_fragments=count(row, "span_count"),
        caller_reading_frame=_FRAMES.get(row.get("orf"), Frame.UNKNOWN),
        event_type=ORIENTATION_NOT_KNOWN if kept[0] == kept[1] else "",
        extras=extras(row, (*_USED, *placed)),
        file=origin.file,
        line=row.line,
    )


RESULTS = Reader(
    source=Source.DEFUSE,
    variant="results.tsv",
    signature=(
        "cluster_id",
        "splitr_count",
        "span_count",
        "gene_name1",
        "gene_name2",
        "gene_chromosome1",
        "gene_chromosome2",
        "gene_strand1",
        "gene_strand2",
        "genomic_break_pos1",
        "genomic_break_pos2",
        "genomic_strand1",
        "genomic_strand2",
    ),
    parse_row=_prediction,
)
