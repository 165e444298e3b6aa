"""ChimPipe `chimericJunctions_*.txt`, with the columns of its versions from 0.8 on.

Columns from ChimPipe's manual: A is the 5' gene, the donor's side; coordinates are 1-based, and by
its `staggered2junct.awk` the last base of one block and the first of the other. Where several genes
overlap a side they are listed, `na` or `.` stands for a name that is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.overlapping_genes import likeliest, listed
from fusion_caller.readers.reader import (
    Reader,
    count,
    extras,
    names_of,
    on_its_contig,
    required,
)
from fusion_caller.records import NO_GENE, Breakpoint, FusionCall, Source
from fusion_caller.tables import Layout

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_SITE = r"(.+)_([0-9]{1,18})_([+.-])"
_JUNCTION = re.compile(f"{_SITE}:{_SITE}")
_OTHER_NAMES = names_of(
    {
        "juncCoord": ("juncId",),
        "nbSpanningReads": ("nbtotal", "nbSpanningPE"),
        "nbConsistentPE": ("nbDiscordantPE",),
        "gnIdsA": ("gnlist1", "gnIdA"),
        "gnIdsB": ("gnlist2", "gnIdB"),
        "gnNamesA": ("gnname1", "gnNameA"),
        "gnNamesB": ("gnname2", "gnNameB"),
    }
)
_USED = ("juncCoord", "nbSpanningReads", "nbConsistentPE", "type")


def _places(row: Row) -> tuple[Breakpoint, Breakpoint]:
    text = required(row, "juncCoord")
    sites = _JUNCTION.fullmatch(text)
    if not sites:
        raise BadValueError(
            f"expected contig_position_strand:contig_position_strand, found '{text}'",
            column="juncCoord",
        )
    try:
        return (
            on_its_contig(Breakpoint.from_string(":".join(sites.group(1, 2, 3)))),
            on_its_contig(Breakpoint.from_string(":".join(sites.group(4, 5, 6)))),
        )
    except BadValueError as error:
        raise BadValueError(error.problem, column="juncCoord") from None


def _gene(row: Row, side: str) -> tuple[str, str, str, tuple[str, ...]]:
    """Symbol, name as printed, identifier, and the columns that are wholly in these."""
    names, ids = listed(row[f"gnNames{side}"]), listed(row[f"gnIds{side}"])
    if not names:
        printed = ids[0] if ids else row[f"gnNames{side}"]
        return NO_GENE, printed, ids[0] if ids else "", ()
    chosen = likeliest(names)
    paired = len(ids) == len(names)
    used = (f"gnNames{side}", f"gnIds{side}") if paired and len(ids) == 1 else ()
    return resolve_symbol(names[chosen]), names[chosen], ids[chosen] if paired else "", used


def _junction(row: Row, origin: Origin) -> FusionCall:
    left_place, right_place = _places(row)
    left, reported_left, left_id, left_used = _gene(row, "A")
    right, reported_right, right_id, right_used = _gene(row, "B")
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=left,
        gene_3prime=right,
        reported_5prime=reported_left,
        reported_3prime=reported_right,
        gene_id_5prime=left_id,
        gene_id_3prime=right_id,
        breakpoint_5prime=left_place,
        breakpoint_3prime=right_place,
        # Its "spanning" reads cross the junction. Version 0.8 counts pairs for each two of the
        # overlapping genes (`PEsupport`), which cannot be added and stay among the extras.
        split_reads=count(row, "nbSpanningReads"),
        spanning_fragments=count(row, "nbConsistentPE"),
        event_type=row.get("type"),
        extras=extras(row, (*_USED, *left_used, *right_used)),
        file=origin.file,
        line=row.line,
    )


JUNCTIONS = Reader(
    source=Source.CHIMPIPE,
    variant="chimeric junctions",
    signature=("juncCoord", "nbSpanningReads", "gnIdsA", "gnIdsB", "gnNamesA", "gnNamesB"),
    parse_row=_junction,
    layout=Layout(names=_OTHER_NAMES),
)
