"""CICERO `annotated.fusion.txt` and `final_fusions.txt`, which adds score, rating and frame.

Columns from CICERO's `annotate.pl`, `sv_inframe.pl` and `rank_SVs.pl`. The assembled contig runs
from A to B and is turned so that it runs along the genes, which the `>` of `sv_ort` says; where it
could not be, there is a `?`. `posA` is the contig's last base on A and `posB` its first on B,
`ortA` and `ortB` are the strands it runs along there. Positions are 1-based: ProteinPaint, which
draws CICERO's tables, subtracts one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.overlapping_genes import likeliest, listed
from fusion_caller.readers.reader import Reader, breakpoint_at, columns_of, count, extras
from fusion_caller.records import NO_GENE, ORIENTATION_NOT_KNOWN, Frame, FusionCall, Source

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_PLACE_5PRIME = ("chrA", "posA", "ortA")
_PLACE_3PRIME = ("chrB", "posB", "ortB")
# Of a pair of transcripts each: 0 shifts the frame, 1 keeps it, 2 and 3 join a 5'UTR.
_SHIFTED, _IN_FRAME = "0", "1"
# The other types are CICERO's own words: CTX, ITX, DEL, INS, read_through, ...
_TYPES = {"Internal_dup": "internal duplication"}
_USED = ("geneA", "geneB", "rating", "type")


def _symbol(row: Row, column: str) -> str:
    """The gene, NO_GENE for the `NA` of a breakpoint far from every gene."""
    if not row[column]:
        raise BadValueError("expected a value, found none", column=column)
    names = listed(row[column])
    return resolve_symbol(names[likeliest(names)]) if names else NO_GENE


def _reads(row: Row) -> int | None:
    """Reads across the junction: those clipped at A and those clipped at B, as CICERO adds them."""
    counted = [n for n in (count(row, "readsA"), count(row, "readsB")) if n is not None]
    return sum(counted) if counted else None


def _frame(row: Row) -> Frame:
    codes = {code.strip() for code in (row.get("frame") or row.get("sv_inframe")).split(",")}
    if _IN_FRAME in codes:
        return Frame.IN_FRAME
    return Frame.OUT_OF_FRAME if codes - {""} == {_SHIFTED} else Frame.UNKNOWN


def _event(row: Row) -> str:
    event = _TYPES.get(row["type"], row["type"])
    return event if row["sv_ort"] == ">" else f"{event}; {ORIENTATION_NOT_KNOWN}"


def _fusion(row: Row, origin: Origin) -> FusionCall:
    left, right = _symbol(row, "geneA"), _symbol(row, "geneB")
    left_place = breakpoint_at(row, *_PLACE_5PRIME)
    right_place = breakpoint_at(row, *_PLACE_3PRIME)
    placed = columns_of((left_place, _PLACE_5PRIME), (right_place, _PLACE_3PRIME))
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=left,
        gene_3prime=right,
        reported_5prime=row["geneA"],
        reported_3prime=row["geneB"],
        breakpoint_5prime=left_place,
        breakpoint_3prime=right_place,
        split_reads=_reads(row),
        caller_confidence=row.get("rating"),
        caller_reading_frame=_frame(row),
        event_type=_event(row),
        # The codes of the frame and both counts say more than the fields that they became.
        extras={
            **({"type": row["type"]} if row["type"] in _TYPES else {}),
            **extras(row, (*_USED, *placed)),
        },
        file=origin.file,
        line=row.line,
    )


FUSIONS = Reader(
    source=Source.CICERO,
    variant="fusions",
    signature=(
        "sample",
        "geneA",
        "chrA",
        "posA",
        "ortA",
        "geneB",
        "chrB",
        "posB",
        "ortB",
        "sv_ort",
        "readsA",
        "readsB",
        "type",
    ),
    parse_row=_fusion,
    sample_column="sample",
)
