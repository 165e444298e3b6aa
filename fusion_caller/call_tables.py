"""Calls and KMT2A events as tables, out and in again: what one command writes, the next reads."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from fusion_caller.contigs import Build
from fusion_caller.errors import BadValueError, InputError
from fusion_caller.readers import CallerFile
from fusion_caller.records import (
    Assay,
    Breakpoint,
    CallerReads,
    Disposition,
    Flag,
    Frame,
    FrameBasis,
    FusionCall,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
    SetAside,
    Source,
    Timepoint,
)
from fusion_caller.tables import read_table, stream_table
from fusion_caller.timepoints import read_day

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
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
    "inserted_bases",
    "build",
    "flags",
    "reported_5prime",
    "reported_3prime",
    "gene_id_5prime",
    "gene_id_3prime",
    "extras",
    "n_rows",
    "file",
    "line",
)
_quoted = json.encoder.encode_basestring
_call_cells = attrgetter(*CALL_COLUMNS)
FILE_COLUMNS = (
    "patient",
    "sample",
    "source",
    "variant",
    "build",
    "rows",
    "calls",
    "set_aside",
    "samples",
    "file",
)
FUSION_COLUMNS = (
    "patient",
    "sample",
    "kind",
    "partner",
    "fusion",
    "callers_run",
    "unread_kmt2a_rows",
    "callers_empty",
    "reads",
    "kmt2a_exon",
    "kmt2a_exon_nilson",
    "kmt2a_exon_legacy",
    "kmt2a_site",
    "kmt2a_distance",
    "kmt2a_transcript",
    "partner_exon",
    "partner_site",
    "partner_distance",
    "partner_transcript",
    "duplicated_exons",
    "region",
    "reading_frame",
    "frame_basis",
    "caller_frames",
    "domains_kept",
    "domains_lost",
    "reciprocal",
    "flags",
    "breakpoint_5prime",
    "breakpoint_3prime",
    "build",
    "isoforms",
    "partner_alternatives",
    "reported_partners",
    "hgvs",
    "vicc",
    "vicc_exons",
    "n_calls",
    "assay",
    "date",
    "timepoint",
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
    "n_rows",
    "reason",
)
NO_EVENT = "none"


def call_rows(files: Iterable[CallerFile]) -> Iterator[dict[str, object]]:
    """Rows of `calls.tsv`, in the order of the files and of their lines."""
    for file in files:
        for call in file.calls:
            row: dict[str, object] = dict(zip(CALL_COLUMNS, _call_cells(call), strict=True))
            row["extras"] = _as_json(call.extras)
            yield row


def _as_json(extras: Mapping[str, str]) -> str:
    """A JSON object of text, in the file's own order; nothing for none."""
    if not extras:
        return ""
    return f"{{{', '.join([f'{_quoted(k)}: {_quoted(v)}' for k, v in extras.items()])}}}"


def file_rows(files: Iterable[CallerFile]) -> Iterator[dict[str, object]]:
    """Rows of `files.tsv`: every file that was read, the ones without any call included.

    `samples` are those that a file names itself, by whose names their patients go too.
    """
    for file in files:
        yield {
            "patient": file.patient,
            "sample": file.sample,
            "source": file.source,
            "variant": file.variant,
            "build": file.build,
            "rows": file.n_rows,
            "calls": file.n_calls,
            "set_aside": file.n_set_aside,
            "samples": [sample for _, sample in file.owners_let_go],
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
            "callers_empty": sample.callers_empty,
            "assay": sample.assay,
            "date": sample.date,
            "timepoint": sample.timepoint,
        }
        if not sample.events:
            yield empty | about
        for event in sample.events:
            fields = (column for column in FUSION_COLUMNS if column not in about)
            yield {column: _escaped(getattr(event, column)) for column in fields} | about


def _escaped(value: object) -> object:
    """A list with its parts' own semicolons as `%3B`, since a semicolon stands between them."""
    if not isinstance(value, tuple):
        return value
    return tuple(str(part).replace("%", "%25").replace(";", "%3B") for part in value)


def set_aside_rows(rows: Iterable[SetAside]) -> Iterator[dict[str, object]]:
    """Rows of `set_aside.tsv`."""
    for row in rows:
        yield {column: getattr(row, column) for column in SET_ASIDE_COLUMNS}


def read_calls(path: Path, *, name: str | None = None) -> Generator[CallerFile, None, None]:
    """Read `calls.tsv` with the `files.tsv` and `set_aside.tsv` beside it, one file at a time.

    The one adds the files in which no call was found, the other the rows that were remarked on.

    Raises:
        InputError: With file, line and column.
    """
    name = name or str(path)
    listed = beside(path, "files.tsv")
    files = {
        (row["file"], row["sample"]): _parsed(row, str(listed), _file)
        for row in _rows_if_there(listed, FILE_COLUMNS)
    }
    _add_set_aside(files, beside(path, "set_aside.tsv"))
    with stream_table(path, name=name, required=CALL_COLUMNS, quoting=False) as table:
        calls = (_parsed(row, name, _call) for row in table.rows)

        listed_keys = frozenset(files)

        def key(call: FusionCall) -> tuple[str, str]:
            own = (call.file, call.sample)
            return own if own in listed_keys else (call.file, "")

        for owner, group in itertools.groupby(calls, key):
            found = tuple(group)
            if owner in files:
                # Those listed before it have no calls.
                for first in tuple(itertools.takewhile(lambda k: k != owner, files)):  # noqa: B023
                    yield files.pop(first)
            # Rows of one file that stand apart make it come twice, its remarked rows only once.
            file = files.pop(owner) if owner in files else _nameless(found[0])
            yield replace(file, calls=found)
    yield from files.values()


def beside(path: Path, name: str) -> Path:
    """Another output of the command that wrote one: with the same prefix before its name."""
    prefix, dot, _ = path.name.removesuffix(".tsv").rpartition(".")
    return path.with_name(f"{prefix}{dot}{name}")


def _add_set_aside(files: dict[tuple[str, str], CallerFile], path: Path) -> None:
    """Give the files that are listed the rows of theirs that were remarked on."""
    first_key = {file: (file, sample) for file, sample in reversed(files)}
    for row in _rows_if_there(path, SET_ASIDE_COLUMNS):
        aside = _parsed(row, str(path), _set_aside)
        key = first_key.get(aside.file)
        if key:
            files[key] = replace(files[key], set_aside=(*files[key].set_aside, aside))


def _rows_if_there(path: Path, columns: tuple[str, ...]) -> tuple[Row, ...]:
    return read_table(path, required=columns, quoting=False).rows if path.exists() else ()


def read_unread(path: Path) -> tuple[SetAside, ...]:
    """The files that could not be read, by a `set_aside.tsv`; none where there is no such table.

    Raises:
        InputError: With file, line and column.
    """
    rows = (_parsed(row, str(path), _set_aside) for row in _rows_if_there(path, SET_ASIDE_COLUMNS))
    return tuple(row for row in rows if row.disposition is Disposition.UNREAD)


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
    ran, without_content = (
        tuple(_one_of(Source, part, column) for part in _list(row[column]))
        for column in ("callers_run", "callers_empty")
    )
    return SampleFusions(
        patient=row["patient"],
        sample=row["sample"],
        callers_run=ran,
        callers_empty=without_content,
        events=(),
        unread_kmt2a_rows=_integer(row, "unread_kmt2a_rows") or 0,
        file=row["file"] if row["kind"] == NO_EVENT else "",
        date=read_day(row["date"]),
        timepoint=_one_of(Timepoint, row["timepoint"], "timepoint"),
        assay=_one_of(Assay, row["assay"], "assay"),
    )


def _file(row: Row) -> CallerFile:
    return CallerFile(
        file=row["file"],
        patient=row["patient"],
        sample=row["sample"],
        source=_one_of(Source, row["source"], "source"),
        variant=row["variant"],
        build=row["build"],
        n_rows=_integer(row, "rows") or 0,
        calls=(),
        set_aside=(),
        owners_let_go=tuple((sample, sample) for sample in _list(row["samples"])),
    )


def _set_aside(row: Row) -> SetAside:
    n_rows = _integer(row, "n_rows")
    return SetAside(
        file=row["file"],
        line=_integer(row, "line") or 0,
        patient=row["patient"],
        sample=row["sample"],
        names_kmt2a=row["names_kmt2a"] == "yes",
        disposition=_one_of(Disposition, row["disposition"], "disposition"),
        n_rows=1 if n_rows is None else n_rows,
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
        inserted_bases=row["inserted_bases"],
        extras=_extras(row),
        build=_build(row),
        flags=tuple(_one_of(Flag, part, "flags") for part in _list(row["flags"])),
        n_rows=_integer(row, "n_rows") or 0,
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
        build=_build(row),
        kmt2a_exon=row["kmt2a_exon"],
        kmt2a_exon_nilson=row["kmt2a_exon_nilson"],
        kmt2a_exon_legacy=row["kmt2a_exon_legacy"],
        kmt2a_site=row["kmt2a_site"],
        kmt2a_distance=_distance(row, "kmt2a_distance"),
        kmt2a_transcript=row["kmt2a_transcript"],
        partner_exon=row["partner_exon"],
        partner_site=row["partner_site"],
        partner_distance=_distance(row, "partner_distance"),
        partner_transcript=row["partner_transcript"],
        partner_alternatives=_list(row["partner_alternatives"]),
        duplicated_exons=row["duplicated_exons"],
        region=row["region"],
        reading_frame=_one_of(Frame, row["reading_frame"], "reading_frame"),
        frame_basis=_one_of(FrameBasis, row["frame_basis"], "frame_basis"),
        caller_frames=_list(row["caller_frames"]),
        domains_kept=_list(row["domains_kept"]),
        domains_lost=_list(row["domains_lost"]),
        isoforms=_list(row["isoforms"]),
        reciprocal=row["reciprocal"],
        flags=tuple(_one_of(Flag, part, "flags") for part in _list(row["flags"])),
        hgvs=row["hgvs"],
        vicc=row["vicc"],
        vicc_exons=row["vicc_exons"],
        n_calls=_integer(row, "n_calls") or 0,
        file=row["file"],
        line=_integer(row, "line") or 0,
    )


def _list(text: str) -> tuple[str, ...]:
    """The parts of a list, as `_escaped` writes them."""
    parts = text.split(";") if text else ()
    return tuple(part.replace("%3B", ";").replace("%25", "%") for part in parts)


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


def _distance(row: Row, column: str) -> int | None:
    text = row[column]
    if text and not re.fullmatch("-?[0-9]{1,18}", text):
        raise BadValueError(f"expected a whole number, found '{text}'", column=column)
    return int(text) if text else None


def _build(row: Row) -> str:
    return _one_of(Build, row["build"], "build") if row["build"] else ""


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
