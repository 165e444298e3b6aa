"""PRADA `*.fus.candidates.txt`, `*.fus.summary.txt`, and tables with samples and allele fractions.

Columns as in chimeraviz's sample file and ChimPipe's benchmark, which takes A as the 5' gene, as a
script for the portal of TCGA fusions does. `Junction` joins the last base of an exon of A to the
first of one of B, 1-based, with the reads that span it; the sample file has KMT2A at the end of its
exon 8. A row is a pair of genes and may hold several junctions: the one with most reads gives the
breakpoints, and all of them stay among the extras.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import Reader, count, extras, on_its_contig, required
from fusion_caller.records import Breakpoint, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_STRANDS = {"1": "+", "-1": "-"}
_JUNCTION = re.compile(r"[^:|]+:([^:|]+:[0-9]{1,18})_[^:|]+:([^:|]+:[0-9]{1,18}),([0-9]{1,18})")
_GENES = ("Gene_A", "Gene_B")
_COUNTS = ("Discordant_n", "JSR_n")
_PLACES = ("A_chr", "B_chr", "A_strand", "B_strand")


def _strand(row: Row, column: str) -> str:
    if row[column] not in _STRANDS:
        raise BadValueError(f"expected 1 or -1, found '{row[column]}'", column=column)
    return _STRANDS[row[column]]


def _junctions(row: Row) -> list[tuple[int, str, str]]:
    """Reads and both positions of each junction, in the file's order."""
    found = []
    for text in filter(None, row["Junction"].split("|")):
        junction = _JUNCTION.fullmatch(text.strip())
        if not junction:
            raise BadValueError(
                f"expected gene:contig:position_gene:contig:position,reads, found '{text}'",
                column="Junction",
            )
        found.append((int(junction[3]), junction[1], junction[2]))
    return found


def _breakpoint(place: str, strand: str) -> Breakpoint:
    try:
        return on_its_contig(Breakpoint.from_string(f"{place}:{strand}"))
    except BadValueError as error:
        raise BadValueError(error.problem, column="Junction") from None


def _pair(row: Row, origin: Origin) -> FusionCall:
    left, right = (required(row, column) for column in _GENES)
    strands = (_strand(row, "A_strand"), _strand(row, "B_strand"))
    junctions = _junctions(row)
    places: tuple[Breakpoint | None, Breakpoint | None] = (None, None)
    if junctions:
        _, five, three = max(junctions, key=lambda junction: junction[0])
        places = (_breakpoint(five, strands[0]), _breakpoint(three, strands[1]))
    placed = (*_PLACES, *(("Junction",) if len(junctions) == 1 else ())) if junctions else ()
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right),
        reported_5prime=left,
        reported_3prime=right,
        breakpoint_5prime=places[0],
        breakpoint_3prime=places[1],
        # Junction spanning reads of all junctions; discordant pairs of the pair of genes.
        split_reads=count(row, "JSR_n"),
        spanning_fragments=count(row, "Discordant_n"),
        extras=extras(row, (*_GENES, *_COUNTS, *placed)),
        file=origin.file,
        line=row.line,
    )


PAIRS = Reader(
    source=Source.PRADA,
    variant="pairs of genes",
    signature=(*_GENES, *_PLACES, *_COUNTS, "perfectJSR_n", "Junction"),
    parse_row=_pair,
    sample_column="sample",
)
