"""BEDPE: pairs of places in ten columns or more, with a header or without.

bedtools defines it: starts are 0-based, ends are not within the interval, -1 and `.` are unknown;
name and score are free. Who is 5' is told by a name of two genes, 5' first, as converters of fusion
callers write it (`KMT2A--AFF1`, `KMT2A::AFF1`, `KMT2A>>AFF1`). `KMT2A-AFF1`, of STAR-Fusion's
`convert_star_to_bedpe.py`, is taken for one if KMT2A and a known gene are in it. Then the strands
are those of the genes. Without genes they are those of breakends, `+` where what lies left is kept;
the first is taken for the 5' end, and `event_type` says that the orientation is not known. In an
interval of several bases the breakpoint is the end that is nearest the join.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import is_known, parse_fusion_name, resolve, resolve_symbol
from fusion_caller.readers.joined_ends import JoinedEnds
from fusion_caller.readers.reader import Reader, extras, first_row, names_of, on_its_contig
from fusion_caller.records import NO_GENE, ORIENTATION_NOT_KNOWN, Breakpoint, FusionCall, Source
from fusion_caller.tables import Layout, columns_of_header, read_head

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.readers.reader import Content, Origin
    from fusion_caller.tables import Row

_PLACES = ("chrom1", "start1", "end1", "chrom2", "start2", "end2")
_COLUMNS = (*_PLACES, "name", "score", "strand1", "strand2")
# The names of svtools, of ICGC's consensus, and abbreviations in use.
_NAMES = names_of(
    {
        "chrom1": ("chr1", "CHROM_A", "chromosome1"),
        "start1": ("START_A",),
        "end1": ("END_A",),
        "chrom2": ("chr2", "CHROM_B", "chromosome2"),
        "start2": ("START_B",),
        "end2": ("END_B",),
        "name": ("ID", "sv_id"),
        "score": ("QUAL",),
        "strand1": ("STRAND_A",),
        "strand2": ("STRAND_B",),
    }
)
# Tables of callers that have BEDPE's columns among their own.
_CALLERS = ("num_concordantfrag_bp1", "FusedGenes")
_POSITION = re.compile("-1|[0-9]{1,18}")
_LAST = len(_COLUMNS) - 1
_UNKNOWN = ("-1", ".", "")
_STRANDS = ("+", "-", ".", "")
_GENES = re.compile(r"([^\s>:|]+?)(?:--|::|>>|->)([^\s>:|]+)")
_OPPOSITE = {"+": "-", "-": "+", "": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A file without a header, whose columns beyond the tenth have numbers for names."""

    source: Source = Source.BEDPE
    also: tuple[Source, ...] = ()
    variant: str = "BEDPE without a header"
    names_samples: bool = False
    names_all_samples: bool = False

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines is of this format."""
        above = [line for line in head if line.startswith("#") and line.count("\t") >= _LAST]
        others = any(not PAIRS.has(columns_of_header(line, PAIRS.layout)) for line in above)
        return not others and not PAIRS.recognises(head) and _is_row(_first_fields(head))

    def read(self, path: Path, origin: Origin) -> Content:
        """Read a file of this format.

        Raises:
            InputError: If its structure is damaged.
        """
        width = len(_first_fields(read_head(path, name=origin.file)))
        more = (f"column {number}" for number in range(len(_COLUMNS) + 1, width + 1))
        layout = Layout(columns=(*_COLUMNS, *more), comment="#")
        return replace(PAIRS, layout=layout).read(path, origin)


def _first_fields(head: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in first_row(head, "#").rstrip("\r\n").split("\t")]


def _is_row(fields: Sequence[str]) -> bool:
    if len(fields) < len(_COLUMNS):
        return False
    positions = (*fields[1:3], *fields[4:6])
    known = [text for text in positions if text not in _UNKNOWN]
    return (
        bool(known)
        and all(_POSITION.fullmatch(text) for text in known)
        and all(strand in _STRANDS for strand in fields[8:10])
    )


def _call(row: Row, origin: Origin) -> FusionCall:
    genes = _genes(row.get("name"))
    # Of breakends, the second one's strand runs towards the join, a transcript's away from it.
    ends = JoinedEnds(
        _breakpoint(row, "1", row["strand1"], kept_left=True),
        _breakpoint(row, "2", row["strand2"], kept_left=not genes),
    )
    left, right = genes or ("", "")
    second = ends.second
    if second and not genes:
        second = replace(second, strand=_OPPOSITE[second.strand])
    ends = JoinedEnds(ends.first, second)
    remarks = (ends.shape, "" if genes else ORIENTATION_NOT_KNOWN)
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(left) or NO_GENE,
        gene_3prime=resolve_symbol(right) or NO_GENE,
        reported_5prime=left,
        reported_3prime=right,
        breakpoint_5prime=ends.first,
        breakpoint_3prime=ends.second,
        event_type="; ".join(filter(None, remarks)),
        extras=extras(row, _used(row, ends, named=bool(genes))),
        file=origin.file,
        line=row.line,
    )


def _genes(name: str) -> tuple[str, str] | None:
    """The two genes of a name, 5' first."""
    if pair := _GENES.fullmatch(name):
        return pair[1], pair[2]
    try:
        fusion = parse_fusion_name(name)
    except BadValueError:
        return None
    genes = (fusion.gene_5prime, fusion.gene_3prime)
    cuts = ((name[: at.start()], name[at.end() :]) for at in re.finditer("[-_]", name))
    meant = (cut for cut in cuts if all(map(is_known, cut)) and tuple(map(resolve, cut)) == genes)
    return next(meant, None)


def _breakpoint(row: Row, number: str, strand: str, *, kept_left: bool) -> Breakpoint | None:
    """The base next to the join, None where it is unknown.

    Args:
        row: The row.
        number: The side's number in the names of its columns.
        strand: The side's strand as written.
        kept_left: Whether `+` means that what lies left of the breakpoint is kept.
    """
    if strand not in _STRANDS:
        raise BadValueError(
            f"expected the strand + or -, found '{strand}'", column=f"strand{number}"
        )
    start, end = row[f"start{number}"], row[f"end{number}"]
    for column, text in ((f"start{number}", start), (f"end{number}", end)):
        if text not in _UNKNOWN and not _POSITION.fullmatch(text):
            raise BadValueError(f"expected a position, found '{text}'", column=column)
    if row[f"chrom{number}"] in _UNKNOWN or (start in _UNKNOWN and end in _UNKNOWN):
        return None
    by_end = (strand != "-") is kept_left
    column = (
        f"end{number}"
        if (by_end or start in _UNKNOWN) and end not in _UNKNOWN
        else f"start{number}"
    )
    position = int(row[column]) + column.startswith("start")
    suffix = f":{strand}" if strand in ("+", "-") else ""
    try:
        place = Breakpoint.from_string(f"{row[f'chrom{number}']}:{position}{suffix}")
        return on_its_contig(place)
    except BadValueError as error:
        raise BadValueError(error.problem, column=error.column or column) from None


def _used(row: Row, ends: JoinedEnds, *, named: bool) -> tuple[str, ...]:
    """The columns that became fields; an interval of several bases stays among the extras."""
    used = ["name"] if named else []
    for number, place in (("1", ends.first), ("2", ends.second)):
        if place is None:
            continue
        used += [f"chrom{number}", f"strand{number}"]
        if row[f"end{number}"] == str(place.position) == str(_next(row[f"start{number}"])):
            used += [f"start{number}", f"end{number}"]
    return tuple(used)


def _next(start: str) -> int:
    return int(start) + 1 if start not in _UNKNOWN else 0


PAIRS = Reader(
    source=Source.BEDPE,
    variant="BEDPE",
    signature=(*_PLACES, "name", "strand1", "strand2"),
    parse_row=_call,
    absent=_CALLERS,
    layout=Layout(comment="##", names=_NAMES),
)

PAIRS_WITHOUT_HEADER = Rows()
