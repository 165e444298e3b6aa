"""Insertions in a variant file: a record has their length, but not where the sequence came from.

A tandem duplication of exons is one, and so may be a partner's piece: a long one in KMT2A is not
read, and forbids to call its sample negative. It may be written as `<INS>`, as its sequence, or as
a breakend to the place beside it (GRIDSS).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.kmt2a_gene import build_of
from fusion_caller.readers.variant_ends import INSERTION, kind_of
from fusion_caller.records import Breakpoint, Disposition, SetAside, normalise_contig

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fusion_caller.readers.reader import Origin
    from fusion_caller.tables import Row

# Callers draw the line between small and structural variants here.
_LONG = 50
_SEQUENCE = re.compile("[A-Za-z]+")
_MATED = re.compile(r"([A-Za-z]*)[\[\]](.+):([0-9]{1,18})[\[\]]([A-Za-z]*)")
_NUMBER = re.compile("[0-9]{1,18}")


def is_long_insertion_in_kmt2a(row: Row, info: Mapping[str, str]) -> bool:
    """Whether a record inserts something long, or of unknown length, within KMT2A on a build."""
    if not _NUMBER.fullmatch(row["POS"]):
        return False
    place = Breakpoint(normalise_contig(row["CHROM"]), max(int(row["POS"]), 1))
    return build_of(place) is not None and any(
        _is_long(row, alternate, info) for alternate in row["ALT"].split(",")
    )


def _is_long(row: Row, alternate: str, info: Mapping[str, str]) -> bool:
    longer = len(alternate) - len(row["REF"])
    if longer > 0 and _SEQUENCE.fullmatch(alternate):
        return longer >= _LONG
    if mated := _MATED.fullmatch(alternate):
        before, contig, position, after = mated.groups()
        beside = contig == row["CHROM"] and abs(int(position) - int(row["POS"])) < _LONG
        return beside and len(before or after) > _LONG
    if kind_of(alternate, info) != INSERTION:
        return False
    stated = info.get("SVLEN", "").removeprefix("-")
    length = int(stated) if _NUMBER.fullmatch(stated) else 0
    return not 0 < length < _LONG


def refused_insertion(row: Row, carriers: Iterable[Origin]) -> tuple[SetAside, ...]:
    """A long insertion in KMT2A as a refused row of each sample that carries it."""
    return tuple(
        SetAside(
            file=owner.file,
            line=row.line,
            patient=owner.patient,
            sample=owner.sample,
            names_kmt2a=True,
            disposition=Disposition.REFUSED,
            reason="an insertion in KMT2A, of which the record does not say what was inserted",
        )
        for owner in carriers
    )
