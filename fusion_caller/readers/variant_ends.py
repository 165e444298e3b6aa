"""The ends that a record of a variant file joins (VCF 4.3: sections 3, 5.3 and 5.4).

Positions are 1-based. A breakend's are those of the bases that are joined; those of a symbolic
allele are the base before the variant and its last base. Delly's `CT` and `STRANDS` of LUMPY,
SURVIVOR and Sniffles say which ends meet: the 3' end of what lies left (`3`, `+`) or the 5' end of
what lies right (`5`, `-`). A `<TRA>` without either leaves the strands open. An inversion joins
both; without either the left ends are given, which are the 5' parts of genes on the plus strand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.contigs import length_of
from fusion_caller.errors import BadValueError
from fusion_caller.readers.joined_ends import JoinedEnds
from fusion_caller.records import Breakpoint, normalise_contig

if TYPE_CHECKING:
    from collections.abc import Mapping

_MATED = re.compile(r"(?P<before>[A-Za-z.*]*)([\[\]])(?P<place>[^\[\]]+)\2(?P<after>[A-Za-z.*]*)")
_SINGLE = re.compile(r"(?P<before>[A-Za-z]+)\.|\.(?P<after>[A-Za-z]+)")
_SYMBOLIC = re.compile(r"<(\w+)[^>]*>")
_POSITION = re.compile("[0-9]{1,18}")
_BY_STRANDS = {"+-": "3to5", "-+": "5to3", "++": "3to3", "--": "5to5"}
_BY_KIND = {"DEL": "3to5", "DUP": "5to3", "INV": "3to3"}
# Two breakends without brackets: of a pair of records in Delly's older files, and of LUMPY's.
_ELSEWHERE = ("TRA", "BND")
INSERTION = "INS"


def kind_of(alternate: str, info: Mapping[str, str]) -> str:
    """What a record is: BND, DEL, DUP, INV, TRA, INS or nothing, if it is no rearrangement."""
    if _MATED.fullmatch(alternate) or _SINGLE.fullmatch(alternate):
        return "BND"
    symbolic = _SYMBOLIC.fullmatch(alternate)
    kind = (symbolic[1] if symbolic else info.get("SVTYPE", "")).upper()
    return kind if kind in (*_BY_KIND, *_ELSEWHERE, INSERTION) else ""


def ends_of(
    contig: str,
    position: int,
    alternate: str,
    info: Mapping[str, str],
    lengths: Mapping[str, int],
) -> JoinedEnds:
    """The ends that a rearrangement joins.

    Args:
        contig: The record's contig.
        position: Its 1-based position.
        alternate: Its alternate allele.
        info: Its INFO field by key.
        lengths: The contigs' lengths, as far as the file's header gives them.

    Raises:
        BadValueError: If the other end cannot be read, or an end lies outside its contig.
    """
    mated = _MATED.fullmatch(alternate)
    if mated:
        other, _, text = mated["place"].rpartition(":")
        strand = "+" if mated[2] == "[" else "-"
        # The brackets open towards what is joined: `[` to the right of the position, `]` to its
        # left. Before the record's own base that piece is read the other way.
        if mated["before"]:
            away = _place(other, _number(text, "ALT"), strand, lengths, "ALT")
            return JoinedEnds(_place(contig, position, "+", lengths, "POS"), away)
        strand = "-" if strand == "+" else "+"
        away = _place(other, _number(text, "ALT"), strand, lengths, "ALT")
        return JoinedEnds(away, _place(contig, position, "+", lengths, "POS"))
    if single := _SINGLE.fullmatch(alternate):
        own = _place(contig, position, "+", lengths, "POS")
        return JoinedEnds(own, None) if single["before"] else JoinedEnds(None, own)
    return _symbolic_ends(contig, position, kind_of(alternate, info), info, lengths)


def _symbolic_ends(
    contig: str, position: int, kind: str, info: Mapping[str, str], lengths: Mapping[str, int]
) -> JoinedEnds:
    other = info.get("CHR2") or contig
    column = "POS2" if info.get("CHR2") and "POS2" in info else "END"
    end = _number(info.get(column, ""), "INFO")
    connection = info.get("CT") or _BY_STRANDS.get(info.get("STRANDS", "")[:2])
    connection = connection or _BY_KIND.get(kind, "")
    # A translocation's positions are the ends themselves; of the others they enclose the variant.
    step = 0 if kind in _ELSEWHERE else 1

    def here(strand: str, behind: int) -> Breakpoint:
        return _place(contig, position + behind, strand, lengths, "POS")

    def there(strand: str, behind: int) -> Breakpoint:
        return _place(other, end + behind, strand, lengths, "INFO")

    if connection == "3to5":
        return JoinedEnds(here("+", 0), there("+", step))
    if connection == "5to3":
        return JoinedEnds(there("+", 0), here("+", step))
    if connection == "3to3":
        return JoinedEnds(here("+", 0), there("-", 0))
    if connection == "5to5":
        return JoinedEnds(here("-", step), there("+", step))
    return JoinedEnds(here("", 0), there("", 0))


def _number(text: str, column: str) -> int:
    if not _POSITION.fullmatch(text):
        raise BadValueError(
            f"expected the position of the other end, found '{text}'", column=column
        )
    return int(text)


def _place(
    contig: str, position: int, strand: str, lengths: Mapping[str, int], column: str
) -> Breakpoint:
    name = contig.strip("<>")
    known = normalise_contig(name)
    length = lengths.get(name) or length_of(known, None)
    if length is not None and position > length:
        raise BadValueError(
            f"expected a position within {known} (at most {length}), found {position}",
            column=column,
        )
    try:
        return Breakpoint(known, position, strand)
    except BadValueError as error:
        raise BadValueError(error.problem, column=column) from None
