"""Calls and KMT2A events as tables, out and in again: what one command writes, the next reads."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.readers import CallerFile
from fusion_caller.records import (
    Breakpoint,
    CallerReads,
    Disposition,
    Flag,
    Frame,
    FusionCall,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
    SetAside,
    Source,
)
from fusion_caller.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from fusion_caller.tables import Row

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

CALL_COLUMNS = (
    "patient",
    "sample",
    "source",
    "gene_5prime",
    "gene_3prime",
    "breakpoint_5prime",
    "breakpoint_3prime",
    "split_reads",
    "spanning_fragments",
    "caller_confidence",
    "caller_reading_frame",
    "event_type",
    "reported_5prime",
    "reported_3prime",
    "gene_id_5prime",
    "gene_id_3prime",
    "extras",
    "file",
    "line",
)
FILE_COLUMNS = ("patient", "sample", "source", "variant", "rows", "calls", "set_aside", "file")
FUSION_COLUMNS = (
    "patient",
    "sample",
    "kind",
    "partner",
    "fusion",
    "callers_run",
    "unread_kmt2a_rows",
    "reads",
    "kmt2a_exon",
    "kmt2a_transcript",
    "partner_exon",
    "partner_transcript",
    "region",
    "reading_frame",
    "reciprocal",
    "flags",
    "breakpoint_5prime",
    "breakpoint_3prime",
    "build",
    "reported_partners",
    "n_calls",
    "file",
    "line",
)
SET_ASIDE_COLUMNS = (
    "file",
    "line",
    "patient",
    "sample",
    "disposition",
    "names_kmt2a",
    "reason",
)
NO_EVENT = "none"


def call_rows(files: Iterable[CallerFile]) -> Iterator[dict[str, object]]:
    """Rows of `calls.tsv`, in the order of the files and of their lines."""
    for file in files:
        for call in file.calls:
            row: dict[str, object] = {column: getattr(call, column) for column in CALL_COLUMNS}
            row["extras"] = (
                json.dumps(call.extras, ensure_ascii=False, sort_keys=True) if call.extras else ""
            )
            yield row


def file_rows(files: Iterable[CallerFile]) -> Iterator[dict[str, object]]:
    """Rows of `files.tsv`: every file that was read, the ones without any call included."""
    for file in files:
        yield {
            "patient": file.patient,
            "sample": file.sample,
            "source": file.source,
            "variant": file.variant,
            "rows": file.n_rows,
            "calls": len(file.calls),
            "set_aside": len(file.set_aside),
            "file": file.file,
        }


def fusion_rows(samples: Iterable[SampleFusions]) -> Iterator[dict[str, object]]:
    """Rows of `kmt2a.tsv`; a sample without an event has one row of the kind `none`."""
    for sample in samples:
        empty: dict[str, object] = dict.fromkeys(FUSION_COLUMNS)
        empty |= {"patient": sample.patient, "sample": sample.sample, "kind": NO_EVENT}
        empty |= {"file": sample.file}
        about = {
            "callers_run": ";".join(sample.callers_run),
            "unread_kmt2a_rows": sample.unread_kmt2a_rows,
        }
        if not sample.events:
            yield empty | about
        for event in sample.events:
            fields = (column for column in FUSION_COLUMNS if column not in about)
            yield {column: getattr(event, column) for column in fields} | about


def set_aside_rows(rows: Iterable[SetAside]) -> Iterator[dict[str, object]]:
    """Rows of `set_aside.tsv`."""
    for row in rows:
        yield {column: getattr(row, column) for column in SET_ASIDE_COLUMNS}


def read_calls(path: Path, *, name: str | None = None) -> tuple[CallerFile, ...]:
    """Read `calls.tsv` with the `files.tsv` and `set_aside.tsv` beside it.

    The one adds the files in which no call was found, the other the rows that were refused.

    Raises:
        InputError: With file, line and column.
    """
    name = name or str(path)
    table = read_table(path, name=name, required=CALL_COLUMNS, quoting=False)
    files: dict[tuple[str, str], CallerFile] = {}
    listed = path.with_name("files.tsv")
    for row in _rows_if_there(listed, FILE_COLUMNS):
        files[row["file"], row["sample"]] = _parsed(row, str(listed), _file)
    calls: dict[tuple[str, str], list[FusionCall]] = {}
    for row in table.rows:
        call = _parsed(row, name, _call)
        key = (call.file, call.sample) if (call.file, call.sample) in files else (call.file, "")
        calls.setdefault(key, []).append(call)
    for key, found in calls.items():
        file = files.get(key) or _nameless(found[0])
        files[key] = replace(file, calls=tuple(found))
    aside = path.with_name("set_aside.tsv")
    for row in _rows_if_there(aside, SET_ASIDE_COLUMNS):
        refused = _parsed(row, str(aside), _set_aside)
        key = next((key for key in files if key[0] == refused.file), ("", ""))
        if key in files and refused.disposition is Disposition.REFUSED:
            file = files[key]
            files[key] = replace(file, set_aside=(*file.set_aside, refused))
    return tuple(files.values())


def _rows_if_there(path: Path, columns: tuple[str, ...]) -> tuple[Row, ...]:
    return read_table(path, required=columns, quoting=False).rows if path.exists() else ()


def read_fusions(path: Path, *, name: str | None = None) -> tuple[SampleFusions, ...]:
    """Read `kmt2a.tsv`.

    Raises:
        InputError: With file, line and column.
    """
    name = name or str(path)
    table = read_table(path, name=name, required=FUSION_COLUMNS, quoting=False)
    samples: dict[tuple[str, str], SampleFusions] = {}
    for row in table.rows:
        key = (row["patient"], row["sample"])
        sample = samples.setdefault(key, _parsed(row, name, _sample))
        if row["kind"] != NO_EVENT:
            event = _parsed(row, name, _fusion)
            samples[key] = replace(sample, events=(*sample.events, event))
    return tuple(samples.values())


def _parsed(row: Row, name: str, parse: Callable[[Row], T]) -> T:
    try:
        return parse(row)
    except BadValueError as error:
        raise InputError(error.problem, file=name, line=row.line, column=error.column) from None


def _sample(row: Row) -> SampleFusions:
    ran = (_one_of(Source, part, "callers_run") for part in _list(row["callers_run"]))
    return SampleFusions(
        patient=row["patient"],
        sample=row["sample"],
        callers_run=tuple(ran),
        events=(),
        unread_kmt2a_rows=_integer(row, "unread_kmt2a_rows") or 0,
        file=row["file"] if row["kind"] == NO_EVENT else "",
    )


def _file(row: Row) -> CallerFile:
    return CallerFile(
        file=row["file"],
        patient=row["patient"],
        sample=row["sample"],
        source=_one_of(Source, row["source"], "source"),
        variant=row["variant"],
        n_rows=_integer(row, "rows") or 0,
        calls=(),
        set_aside=(),
    )


def _set_aside(row: Row) -> SetAside:
    return SetAside(
        file=row["file"],
        line=_integer(row, "line") or 0,
        patient=row["patient"],
        sample=row["sample"],
        names_kmt2a=row["names_kmt2a"] == "yes",
        disposition=_one_of(Disposition, row["disposition"], "disposition"),
        reason=row["reason"],
    )


def _nameless(call: FusionCall) -> CallerFile:
    """A file of which only the calls are known."""
    return CallerFile(
        file=call.file,
        patient="",
        sample="",
        source=call.source,
        variant="",
        n_rows=0,
        calls=(),
        set_aside=(),
    )


def _call(row: Row) -> FusionCall:
    return FusionCall(
        patient=row["patient"],
        sample=row["sample"],
        source=_one_of(Source, row["source"], "source"),
        gene_5prime=row["gene_5prime"],
        gene_3prime=row["gene_3prime"],
        reported_5prime=row["reported_5prime"],
        reported_3prime=row["reported_3prime"],
        gene_id_5prime=row["gene_id_5prime"],
        gene_id_3prime=row["gene_id_3prime"],
        breakpoint_5prime=_breakpoint(row, "breakpoint_5prime"),
        breakpoint_3prime=_breakpoint(row, "breakpoint_3prime"),
        split_reads=_integer(row, "split_reads"),
        spanning_fragments=_integer(row, "spanning_fragments"),
        caller_confidence=row["caller_confidence"],
        caller_reading_frame=_one_of(Frame, row["caller_reading_frame"], "caller_reading_frame"),
        event_type=row["event_type"],
        extras=_extras(row),
        file=row["file"],
        line=_integer(row, "line") or 0,
    )


def _fusion(row: Row) -> Kmt2aFusion:
    if not row["reads"]:
        raise BadValueError("expected caller:split+spanning, found none", column="reads")
    return Kmt2aFusion(
        patient=row["patient"],
        sample=row["sample"],
        kind=_one_of(FusionKind, row["kind"], "kind"),
        partner=row["partner"],
        fusion=row["fusion"],
        reads=tuple(CallerReads.from_string(part) for part in _list(row["reads"])),
        reported_partners=_list(row["reported_partners"]),
        breakpoint_5prime=_breakpoint(row, "breakpoint_5prime"),
        breakpoint_3prime=_breakpoint(row, "breakpoint_3prime"),
        build=row["build"],
        kmt2a_exon=row["kmt2a_exon"],
        kmt2a_transcript=row["kmt2a_transcript"],
        partner_exon=row["partner_exon"],
        partner_transcript=row["partner_transcript"],
        region=row["region"],
        reading_frame=_one_of(Frame, row["reading_frame"], "reading_frame"),
        reciprocal=row["reciprocal"],
        flags=tuple(_one_of(Flag, part, "flags") for part in _list(row["flags"])),
        n_calls=_integer(row, "n_calls") or 0,
        file=row["file"],
        line=_integer(row, "line") or 0,
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _one_of(kind: type[E], text: str, column: str) -> E:
    try:
        return kind(text)
    except ValueError:
        allowed = ", ".join(member.value or "nothing" for member in kind)
        raise BadValueError(f"expected one of {allowed}, found '{text}'", column=column) from None


def _integer(row: Row, column: str) -> int | None:
    text = row[column]
    if text and not re.fullmatch("[0-9]{1,18}", text):
        raise BadValueError(f"expected a whole number, found '{text}'", column=column)
    return int(text) if text else None


def _breakpoint(row: Row, column: str) -> Breakpoint | None:
    if not row[column]:
        return None
    try:
        return Breakpoint.from_string(row[column])
    except BadValueError as error:
        raise BadValueError(error.problem, column=column) from None


def _extras(row: Row) -> dict[str, str]:
    try:
        extras = json.loads(row["extras"] or "{}")
    except (ValueError, RecursionError):
        extras = None
    if not isinstance(extras, dict):
        raise BadValueError("expected a JSON object", column="extras")
    return {str(key): str(value) for key, value in extras.items()}
