"""STAR's `Chimeric.out.junction`, with and without a header; DRAGEN's of the same name.

This is no caller's output but what aligners hand to callers: a row for each chimeric alignment of a
read, most of them noise, up to ten million a file. So a call is made only of what has an end on
KMT2A, on either build; other rows are counted in one remark, and no more is held than KMT2A's rows.
What the columns mean is in `chimeric_rows`.

- Reads that cross the same junction are one call. Its split reads are the distinct names of reads;
  how many of them differ in place or CIGAR, and how many are aligned elsewhere too, is among the
  extras, so that copies made by PCR can be told. Names and single alignments stay in the file.
- A fragment whose mates bracket a junction (type -1) belongs to the junction that its mates reach
  within 100,000 bases on both sides (STAR-Fusion's limit of a gap): of several to one with a
  splice motif, then to the nearest.
- Other fragments are calls of their own, where KMT2A is kept on the same side, and the other ends
  lie within 100,000 bases of each other. Their breakpoints are the ends of mates nearest the
  junction, which is somewhere beyond.
- Where the file does not tell the RNA's strand, KMT2A's own is taken for it, and `event_type` says
  that the orientation is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.readers.chimeric_groups import Evidence, grouped, is_kmt2a
from fusion_caller.readers.chimeric_rows import (
    COLUMNS,
    Alignment,
    alignment_of,
    check,
    contig_of,
    looks_like,
)
from fusion_caller.readers.chimeric_rows import WIDTHS as N_FIELDS
from fusion_caller.readers.joined_ends import DUPLICATION
from fusion_caller.readers.passed_over import PassedOver
from fusion_caller.readers.reader import Content, cut_off, first_row, refused
from fusion_caller.readers.text_lines import open_lines
from fusion_caller.records import NO_GENE, ORIENTATION_NOT_KNOWN, FusionCall, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from fusion_caller.readers.reader import Origin
    from fusion_caller.records import SetAside

BACK_SPLICE = f"{DUPLICATION} or circular RNA"
FRAGMENTS_ONLY = "fragments only, breakpoints not exact"
_COMMENT = "#"
_KEPT_COLUMNS = (
    "junction_type",
    "repeat_left_lenA",
    "repeat_right_lenB",
    "num_chim_aln",
    "non_chim_aln_score",
    "this_chim_aln_score",
    "PEmerged_bool",
    "readgrp",
)
_MOST_VALUES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChimericJunctions:
    """The format; see the module."""

    source: Source = Source.CHIMERIC_JUNCTION
    also: tuple[Source, ...] = ()
    variant: str = "chimeric junctions"
    names_samples: bool = False
    names_all_samples: bool = False

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines is of this format."""
        fields = _fields(first_row(head, _COMMENT).rstrip("\r\n"))
        return _is_header(fields) or looks_like(fields)

    def read(self, path: Path, origin: Origin) -> Content:
        """Read a file of this format.

        Raises:
            InputError: If its structure is damaged.
        """
        on_kmt2a: list[tuple[int, Alignment]] = []
        aside: list[SetAside] = []
        elsewhere = PassedOver("no end on KMT2A")
        with open_lines(path, name=origin.file) as lines:
            for line, fields in _rows(lines, origin.file):
                try:
                    check(fields)
                    found = _on_kmt2a(fields)
                except BadValueError as error:
                    aside.append(refused(line, fields, error, origin))
                    continue
                if found is None:
                    elsewhere.add(line)
                else:
                    on_kmt2a.append((line, found))
            cut_at = lines.cut_at
        calls = sorted((_call(one, origin) for one in grouped(on_kmt2a)), key=lambda c: c.line)
        return Content(
            n_rows=len(on_kmt2a) + len(aside) + elsewhere.n_rows,
            calls=tuple(calls),
            set_aside=(*aside, *elsewhere.remark(origin), *cut_off(cut_at, origin)),
        )


JUNCTIONS = ChimericJunctions()


def _fields(text: str) -> list[str]:
    fields = text.split("\t")
    return [cell.strip() for cell in fields] if " " in text else fields


def _is_header(fields: Sequence[str]) -> bool:
    return len(fields) in N_FIELDS and tuple(fields[: len(COLUMNS)]) == COLUMNS[: len(fields)]


def _rows(lines: Iterable[tuple[int, str]], file: str) -> Iterator[tuple[int, list[str]]]:
    width = 0
    for line, text in lines:
        if text.startswith(_COMMENT):
            continue
        fields = _fields(text)
        if not width and _is_header(fields):
            continue
        width = width or len(fields)
        if len(fields) != width or width not in N_FIELDS:
            expected = width if width in N_FIELDS else f"{N_FIELDS[0]} to {N_FIELDS[-1]}"
            raise InputError(
                f"expected {expected} fields, found {len(fields)}",
                file=file,
                line=line,
                remedy="the file is damaged or was cut off, make it again",
            )
        yield line, fields


def _on_kmt2a(fields: Sequence[str]) -> Alignment | None:
    """The alignment of a row, None where neither of its ends lies on KMT2A."""
    # Asked of the contig first, since nearly all rows are elsewhere.
    if CONTIG not in (contig_of(fields[0]), contig_of(fields[3])):
        return None
    alignment = alignment_of(fields)
    ends = (alignment.ends.first, alignment.ends.second)
    return alignment if any(map(is_kmt2a, ends)) else None


def _call(one: Evidence, origin: Origin) -> FusionCall:
    rows = [row for _, row in one.rows]
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=NO_GENE,
        gene_3prime=NO_GENE,
        reported_5prime="",
        reported_3prime="",
        breakpoint_5prime=one.ends.first,
        breakpoint_3prime=one.ends.second,
        split_reads=len({row.read for _, row in one.split}),
        spanning_fragments=len({row.read for _, row in one.spanning}),
        event_type=_event_type(one),
        extras={
            **{column: text for column in _KEPT_COLUMNS if (text := _values(rows, column))},
            "distinct_alignments": str(len({row.alignment for row in rows})),
            "multimapping_reads": str(
                len({row.read for row in rows if row.get("num_chim_aln") not in ("", "1")})
            ),
        },
        n_rows=len(rows),
        file=origin.file,
        line=min(line for line, _ in one.rows),
    )


def _event_type(one: Evidence) -> str:
    within = is_kmt2a(one.ends.first) and is_kmt2a(one.ends.second)
    remarks = [BACK_SPLICE] if within and one.ends.shape == DUPLICATION else []
    if not one.split:
        remarks.append(FRAGMENTS_ONLY)
    if not one.along_rna:
        remarks.append(ORIENTATION_NOT_KNOWN)
    return "; ".join(remarks)


def _values(rows: Iterable[Alignment], column: str) -> str:
    """The values of a column in some rows, the lowest and the highest where they are many."""
    found = {text for row in rows if (text := row.get(column))}
    ordered = sorted(found, key=lambda text: (len(text), text))
    return ";".join(ordered) if len(found) <= _MOST_VALUES else f"{ordered[0]}..{ordered[-1]}"
