"""Fuzzion2's summary of its matches, written by `fuzzum`, and its files that are refused.

From its README and `summary.cpp`: matches that are no duplicates are sorted into `strong+`, which
have a read across the junction, `strong-`, which have none, and `weak`, of which that is not said.
Version 1.0 has their total only. A pattern file and `fuzzall`'s table, whose counts are those of
many samples, are recognised to be refused in plain words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.identifiers import check_identifier
from fusion_caller.readers.fuzzion2 import GENE_PAIR, TANDEM, genes_of_pattern
from fusion_caller.readers.reader import Content, count, cut_off, extras, refused
from fusion_caller.records import FusionCall, Source
from fusion_caller.tables import columns_of_header, read_head, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.readers.reader import Origin
    from fusion_caller.records import SetAside
    from fusion_caller.tables import Row, Table

_SUMMARY = "fuzzum v"
_AGGREGATE = "fuzzall v"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`fuzzum`'s table; see the module."""

    source: Source = Source.FUZZION2
    also: tuple[Source, ...] = ()
    variant: str = "summary of matches"
    names_samples: bool = True
    names_all_samples: bool = False

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines is of this format."""
        columns = columns_of_header(head[0]) if head else ()
        return bool(_sample_column(columns))

    def read(self, path: Path, origin: Origin) -> Content:
        """Read a file of this format.

        Raises:
            InputError: If its structure is damaged, or its samples are not as stated.
        """
        table = read_table(path, name=origin.file, quoting=False)
        _check_columns(table)
        column = _sample_column(table.columns)
        samples = {row[column] for row in table.rows}
        if origin.sample and len(samples) > 1:
            raise InputError(
                f"the file names {len(samples)} samples, but one sample is given for it",
                file=origin.file,
                remedy="leave patient and sample empty, and the samples keep the file's names",
            )
        calls: list[FusionCall] = []
        aside: list[SetAside] = []
        for row in table.rows:
            owner = origin
            try:
                if not origin.sample:
                    named = check_identifier(row[column], what="sample")
                    owner = replace(origin, patient=named, sample=named)
                calls.append(_summary_call(row, table.columns, owner))
            except BadValueError as error:
                aside.append(refused(row.line, row.values.values(), error, owner))
        return Content(
            n_rows=len(table.rows),
            calls=tuple(calls),
            set_aside=(*aside, *cut_off(table.cut_at, origin)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotOutput:
    """Its files that say nothing of a sample: they are recognised to be refused in plain words."""

    source: Source = Source.FUZZION2
    also: tuple[Source, ...] = ()
    variant: str = "patterns"
    names_samples: bool = True
    names_all_samples: bool = False

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines is of this format."""
        columns = columns_of_header(head[0]) if head else ()
        return columns[:2] == ("pattern", "sequence") or _is_aggregate(columns)

    def read(self, path: Path, origin: Origin) -> Content:
        """Refuse the file.

        Raises:
            InputError: Always.
        """
        aggregate = _is_aggregate(columns_of_header(read_head(path, name=origin.file)[0]))
        found = "fuzzall's table of many samples" if aggregate else "Fuzzion2's patterns"
        raise InputError(
            f"expected the matches of one sample, found {found}",
            file=origin.file,
            line=1,
            remedy="give the output of fuzzion2, fuzzort or fuzzum",
        )


SUMMARY = Summary()
NOT_OUTPUT = NotOutput()


def _is_aggregate(columns: Sequence[str]) -> bool:
    return bool(columns) and columns[0].startswith(_AGGREGATE)


def _sample_column(columns: Sequence[str]) -> str:
    """The column of samples, whose name is the program's and its version."""
    return next((column for column in columns if column.startswith(_SUMMARY)), "")


def _check_columns(table: Table) -> None:
    counts = ("distinct", "weak", "strong-", "strong+")
    # Version 1.0 has none of them.
    missing = [column for column in counts if column not in table.columns]
    missing = [] if len(missing) == len(counts) else missing
    missing += [] if _name_column(table.columns) else ["pattern"]
    if missing:
        raise InputError(
            f"this looks like fuzzum's summary, but it lacks the column {', '.join(missing)}",
            file=table.file,
            line=1,
        )


def _name_column(columns: Sequence[str]) -> str:
    return next((column for column in columns if column in ("pattern", "pattern group")), "")


def _summary_call(row: Row, columns: Sequence[str], owner: Origin) -> FusionCall:
    column = _name_column(columns)
    left, right = genes_of_pattern(row[column], row.get(GENE_PAIR))
    return FusionCall(
        patient=owner.patient,
        sample=owner.sample,
        source=owner.source,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right),
        reported_5prime=left,
        reported_3prime=right,
        split_reads=count(row, "strong+"),
        spanning_fragments=count(row, "strong-"),
        # A pattern of a gene with itself is that of a tandem duplication, in the README too.
        event_type=TANDEM if resolve_symbol(left) == resolve_symbol(right) else "",
        extras=extras(row, (_sample_column(columns), "strong+", "strong-")),
        file=owner.file,
        line=row.line,
    )
