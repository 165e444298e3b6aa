"""nf-core's own sample sheets, those of rnafusion and rnaseq: their rows as rows of ours.

`assets/schema_input.json` of nf-core/rnafusion 4.x: `sample,fastq_1,fastq_2,strandedness` and
instead of reads what STAR made of them, `bam`, `cram`, `junctions`; earlier releases and rnaseq
have the first four. Where a row has reads, what was made of them is not read again. What of ours
they lack may be added: patient, assay, date, timepoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import InputError
from fusion_caller.records import Source
from fusion_caller.tables import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REQUIRED = ("sample",)
_READS = ("fastq_1", "fastq_2")
# What STAR made of reads, in the order of the schema; of alignments the first.
_ALIGNED = ("bam", "cram")
_JUNCTIONS = "junctions"
_OURS = ("patient", "assay", "date", "timepoint")
# Known, so that a slip of the pen is one; none of it changes what is read.
_PASSED_OVER = ("strandedness", "bai", "crai", "splice_junctions", "seq_platform", "seq_center")
OPTIONAL = (*_READS, *_ALIGNED, _JUNCTIONS, *_OURS, *_PASSED_OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRow:
    """A row as ours, and what the sheet calls our columns `file` and `file_2`."""

    row: Row
    columns: tuple[str, str]


def is_nfcore(columns: Sequence[str]) -> bool:
    """Whether a header is that of a sheet of nf-core rather than of ours."""
    found = {column.lower() for column in columns}
    theirs = {*_READS, *_ALIGNED, _JUNCTIONS, "strandedness"}
    return "sample" in found and found.isdisjoint(("source", "file")) and bool(found & theirs)


def own_rows(row: Row, *, name: str) -> Iterator[OwnRow]:
    """The files of one row: its reads, or else STAR's alignments and junctions.

    Raises:
        InputError: If it names no sample, no file that holds fusions, or R2 alone.
    """
    if not row["sample"]:
        raise InputError("expected a sample, found none", file=name, line=row.line, column="sample")
    first, second = map(row.get, _READS)
    if first:
        yield _own(row, Source.FASTQ, "fastq_1", second)
        return
    if second:
        raise InputError(
            "expected the first reads beside fastq_2, found none",
            file=name,
            line=row.line,
            column="fastq_1",
            remedy="reads that are not paired go into fastq_1",
        )
    aligned = next((column for column in _ALIGNED if row.get(column)), "")
    if aligned:
        yield _own(row, Source.BAM, aligned)
    if row.get(_JUNCTIONS):
        yield _own(row, Source.CHIMERIC_JUNCTION, _JUNCTIONS)
    elif not aligned:
        raise InputError(
            f"expected one of {', '.join((_READS[0], *_ALIGNED, _JUNCTIONS))}, found none",
            file=name,
            line=row.line,
            remedy="splice_junctions hold no fusions" if row.get("splice_junctions") else None,
        )


def _own(row: Row, source: Source, column: str, second: str = "") -> OwnRow:
    ours = {one: row.get(one) for one in _OURS}
    ours |= {"sample": row["sample"], "source": source, "file": row[column], "file_2": second}
    ours["patient"] = ours["patient"] or row["sample"]
    return OwnRow(row=Row(row.line, ours), columns=(column, _READS[1]))
