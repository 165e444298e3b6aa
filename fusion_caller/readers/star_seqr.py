"""STAR-SEQR `_STAR-SEQR_breakpoints.txt` and `_STAR-SEQR_candidates.txt`.

Columns from STAR-SEQR's README and repository, from 0.2 on. `ID` is the junction as STAR writes it,
contig, position and strand of both sides: the first base of the intron, 1-based (STAR's manual), so
that the bases kept are those beside it. `BRKPT_LEFT` and `BRKPT_RIGHT` say the same counted from 0,
but in early versions shifted and without a strand. The left gene is the 5' one, since STAR-SEQR
turns a junction round that runs against its left gene. A split read is anchored on the left or on
the right; `NREAD_SPANS` are pairs around the junction. `GENE_INTERNAL` is the class of a junction
within a gene, a tandem duplication too; STAR-SEQR drops them unless told to keep them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import Reader, count, extras, names_of, on_its_contig, required
from fusion_caller.records import NO_GENE, Breakpoint, FusionCall, Source
from fusion_caller.tables import Layout

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

_SIDE = r"([^\s:]+):([0-9]{1,12}):([+-])"
_JUNCTION = re.compile(rf"{_SIDE}:{_SIDE}:[0-9]+:[0-9]+")
_USED = (
    "NAME",
    "LEFT_SYMBOL",
    "RIGHT_SYMBOL",
    "NREAD_JXNLEFT",
    "NREAD_JXNRIGHT",
    "NREAD_SPANS",
    "FUSION_CLASS",
    "DISPOSITION",
)


def _places(row: Row) -> tuple[Breakpoint, Breakpoint]:
    """The last base kept of the left gene and the first base kept of the right one."""
    text = required(row, "ID")
    found = _JUNCTION.fullmatch(text)
    if not found:
        raise BadValueError(f"expected STAR's junction, found '{text}'", column="ID")
    places = []
    for (contig, position, strand), before in ((found.groups()[:3], 1), (found.groups()[3:], -1)):
        kept = int(position) - (before if strand == "+" else -before)
        try:
            place = Breakpoint.from_string(f"{contig}:{kept}:{strand}")
            places.append(on_its_contig(place))
        except BadValueError as error:
            raise BadValueError(error.problem, column="ID") from None
    return places[0], places[1]


def _gene(row: Row, column: str) -> str:
    symbol = required(row, column)
    return NO_GENE if symbol == "NA" else resolve_symbol(symbol)


def _split_reads(row: Row) -> int | None:
    anchored = [count(row, column) for column in ("NREAD_JXNLEFT", "NREAD_JXNRIGHT")]
    known = [reads for reads in anchored if reads is not None]
    return sum(known) if known else None


def _breakpoint(row: Row, origin: Origin) -> FusionCall:
    left, right = _places(row)
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=_gene(row, "LEFT_SYMBOL"),
        gene_3prime=_gene(row, "RIGHT_SYMBOL"),
        reported_5prime=row["LEFT_SYMBOL"],
        reported_3prime=row["RIGHT_SYMBOL"],
        breakpoint_5prime=left,
        breakpoint_3prime=right,
        split_reads=_split_reads(row),
        spanning_fragments=count(row, "NREAD_SPANS"),
        caller_confidence=row.get("DISPOSITION"),
        event_type=row.get("FUSION_CLASS"),
        extras={
            # Their split between the sides is STAR-SEQR's own knowledge.
            "NREAD_JXNLEFT": row["NREAD_JXNLEFT"],
            "NREAD_JXNRIGHT": row["NREAD_JXNRIGHT"],
            **extras(row, _USED),
        },
        file=origin.file,
        line=row.line,
    )


BREAKPOINTS = Reader(
    source=Source.STAR_SEQR,
    variant="breakpoints",
    signature=(
        "NAME",
        "NREAD_SPANS",
        "NREAD_JXNLEFT",
        "NREAD_JXNRIGHT",
        "BRKPT_LEFT",
        "BRKPT_RIGHT",
        "LEFT_SYMBOL",
        "RIGHT_SYMBOL",
        # Without this column it is older than 0.2, where the read counts are something else.
        "ANNOT_FORMAT",
        "ID",
    ),
    parse_row=_breakpoint,
    layout=Layout(names=names_of({"DISPOSITION": ("PASS",)})),
)
