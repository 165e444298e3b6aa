"""One row of STAR's `Chimeric.out.junction`: a chimeric alignment of a read, as STAR means it.

STAR's manual says "first base of the intron" for both positions; its `ChimericAlign_
chimericStitching.cpp` says what that is: the base next to the last one aligned of the segment that
is read first (A), and the base before the first one aligned of the second (B), both along the read.
The kept bases are therefore one further back and one further on, which is also what STAR-Fusion's
`map_chimeric_reads_to_genes` makes of them.

A is what the read (mate 1) passes first, which is not the 5' gene by itself. With junction type 1
(GT/AG) the read runs along the RNA, and A is the 5' part. With type 2 (CT/AC) it runs against it:
B is the 5' part, and both strands turn round. Types 0 (no motif) and -1 (the junction lies between
the mates) do not tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from fusion_caller.contigs import length_of
from fusion_caller.errors import BadValueError
from fusion_caller.readers.joined_ends import JoinedEnds
from fusion_caller.records import Breakpoint, normalise_contig

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = (
    "chr_donorA",
    "brkpt_donorA",
    "strand_donorA",
    "chr_acceptorB",
    "brkpt_acceptorB",
    "strand_acceptorB",
    "junction_type",
    "repeat_left_lenA",
    "repeat_right_lenB",
    "read_name",
    "start_alnA",
    "cigar_alnA",
    "start_alnB",
    "cigar_alnB",
    "num_chim_aln",
    "max_poss_aln_score",
    "non_chim_aln_score",
    "this_chim_aln_score",
    "bestall_chim_aln_score",
    "PEmerged_bool",
    "readgrp",
)
# The columns of the first layout. A fifteenth was the read group, where reads had one.
N_OLD = COLUMNS.index("num_chim_aln")
# Since 2.7 the header always names a read group, but rows have one only where reads do; STARsolo
# adds a cell's barcode and a molecule's. The header is no guide to the number of fields.
WIDTHS = (N_OLD, N_OLD + 1, len(COLUMNS) - 1, len(COLUMNS), len(COLUMNS) + 1, len(COLUMNS) + 2)

_STRANDS = ("+", "-")
_TYPES = {"-1", "0", "1", "2"}
_CIGAR = re.compile(r"(?:-?[0-9]+[MIDNSHp=X])+")
_LONGEST_NUMBER = 18
# DRAGEN writes the same columns, the type always 1 and the repeats as stars: it has no motif.
_NO_REPEAT = "*"


@dataclass(frozen=True, slots=True)
class Alignment:
    """A row; its ends as the RNA has them where `along_rna`, else as the read has them."""

    ends: JoinedEnds
    along_rna: bool
    spanning: bool
    read: str
    alignment: tuple[str, str, str, str]
    fields: Sequence[str]

    def get(self, column: str) -> str:
        """A value by STAR's name of its column; nothing where the row has no such column."""
        number = COLUMNS.index(column)
        if column == "readgrp" and len(self.fields) == N_OLD + 1:
            number = N_OLD
        elif number >= N_OLD and len(self.fields) <= N_OLD + 1:
            return ""
        return self.fields[number] if number < len(self.fields) else ""


def looks_like(fields: Sequence[str]) -> bool:
    """Whether the fields of a line are those of a row."""
    if len(fields) not in WIDTHS or fields[6] not in _TYPES:
        return False
    numbers = all(fields[i].isascii() and fields[i].isdigit() for i in (1, 4, 10, 12))
    strands = fields[2] in _STRANDS and fields[5] in _STRANDS
    return numbers and strands and all(_CIGAR.fullmatch(fields[i]) for i in (11, 13))


@lru_cache(maxsize=4096)
def contig_of(name: str) -> str:
    """The contig as GRCh38 names it with `chr`."""
    return normalise_contig(name)


def check(fields: Sequence[str]) -> None:
    """See that a row's junction can be read at all.

    Raises:
        BadValueError: If a position, a strand or the junction type is none.
    """
    if fields[6] not in _TYPES:
        raise BadValueError(
            f"expected a junction type of -1, 0, 1 or 2, found '{fields[6]}'", column=COLUMNS[6]
        )
    for number in (1, 4):
        text = fields[number]
        if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
            raise BadValueError(f"expected a position, found '{text}'", column=COLUMNS[number])
    for number in (2, 5):
        if fields[number] not in _STRANDS:
            raise BadValueError(
                f"expected the strand + or -, found '{fields[number]}'", column=COLUMNS[number]
            )


def alignment_of(fields: Sequence[str]) -> Alignment:
    """What a row that `check` has passed says.

    Raises:
        BadValueError: If a position lies beyond its chromosome's end.
    """
    # Along its strand a read leaves A one base before the position and enters B one base after it.
    ends = JoinedEnds(_kept(fields, 0, before=True), _kept(fields, 3, before=False))
    motif = fields[6] if fields[7] != _NO_REPEAT else "0"
    return Alignment(
        ends=ends.turned() if motif == "2" else ends,
        along_rna=motif in ("1", "2"),
        spanning=fields[6] == "-1",
        read=fields[9],
        alignment=(fields[10], fields[11], fields[12], fields[13]),
        fields=fields,
    )


def _kept(fields: Sequence[str], start: int, *, before: bool) -> Breakpoint:
    contig, position, strand = contig_of(fields[start]), int(fields[start + 1]), fields[start + 2]
    position += -1 if (strand == "+") is before else 1
    length = length_of(contig, None)
    if position < 1 or (length is not None and position > length):
        raise BadValueError(
            f"expected a position within {contig}, found {fields[start + 1]}",
            column=COLUMNS[start + 1],
        )
    return Breakpoint(contig, position, strand)
