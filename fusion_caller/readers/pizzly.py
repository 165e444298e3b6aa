"""pizzly `*.json` and the table that its `pizzly_flatten_json.py` makes of it.

Columns and keys from pizzly's source (`FilterFusions.hpp`): the first transcript of a record is the
5' part, bases 0 to its end, the second the 3' part; gene A is the gene of the first, but in builds
before that was added A was the gene with the lower identifier. A packaged transcript in a record
tells which is right. A split pair has a read across the junction. Positions are those on
transcripts, which vary with the annotation: there are no breakpoints on the genome.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.knowledge import KMT2A, KMT2A_TRANSCRIPT, partner_exons
from fusion_caller.readers.reader import Content, Reader, count, extras, refused, required
from fusion_caller.records import ORIENTATION_NOT_KNOWN, FusionCall, Source
from fusion_caller.tables import read_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from fusion_caller.readers.reader import Origin
    from fusion_caller.records import SetAside
    from fusion_caller.tables import Row

_RECORD = re.compile(r"(.+)_0:[0-9]+_(.+)_[0-9]+:[0-9]+")
_NAMES, _IDS = ("geneA.name", "geneB.name"), ("geneA.id", "geneB.id")
_START = re.compile(r'\s*\{\s*"genes"\s*:\s*\[\s*')
_SEPARATOR = re.compile(r"\s*([,\]])\s*")
_END = re.compile(r"\s*\}\s*")
_AGAIN = "the file is damaged or was cut off, make it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Genes:
    """Two genes as pizzly names them, in transcript order where `event` is empty."""

    names: tuple[str, str]
    ids: tuple[str, str]
    event: str


@cache
def _packaged_transcripts() -> dict[str, str]:
    """Symbols by packaged transcript, without its version."""
    found = {KMT2A_TRANSCRIPT: KMT2A}
    for symbol, exons in partner_exons().items():
        found[exons[0].transcript.partition(".")[0]] = symbol
    return found


def _ordered(
    names: tuple[str, str], ids: tuple[str, str], records: Iterable[tuple[str, str]]
) -> _Genes:
    symbols = tuple(map(resolve_symbol, names))
    straight = crossed = False
    for first, second in records:
        five, three = (_packaged_transcripts().get(t.partition(".")[0]) for t in (first, second))
        straight |= five == symbols[0] or three == symbols[1]
        crossed |= five == symbols[1] or three == symbols[0]
    if crossed and not straight:
        return _Genes(names=names[::-1], ids=ids[::-1], event="")
    # Records of both directions are one fusion for pizzly, with one count.
    event = ORIENTATION_NOT_KNOWN if crossed else ""
    return _Genes(names=names, ids=ids, event=event)


def _row(row: Row, origin: Origin) -> FusionCall:
    left, right = (required(row, column) for column in _NAMES)
    records = []
    for text in filter(None, row["transcripts.list"].split(";")):
        record = _RECORD.fullmatch(text.strip())
        if not record:
            raise BadValueError(
                f"expected transcript_0:end_transcript_start:end, found '{text}'",
                column="transcripts.list",
            )
        records.append((record[1], record[2]))
    genes = _ordered((left, right), (row[_IDS[0]], row[_IDS[1]]), records)
    return _call(
        genes,
        split_reads=count(row, "splitcount"),
        spanning_fragments=count(row, "paircount"),
        kept=extras(row, (*_NAMES, *_IDS, "splitcount", "paircount")),
        origin=origin,
        line=row.line,
    )


def _call(
    genes: _Genes,
    *,
    split_reads: int | None,
    spanning_fragments: int | None,
    kept: dict[str, str],
    origin: Origin,
    line: int,
) -> FusionCall:
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(genes.names[0]),
        gene_3prime=resolve_symbol(genes.names[1]),
        reported_5prime=genes.names[0],
        reported_3prime=genes.names[1],
        gene_id_5prime=genes.ids[0],
        gene_id_3prime=genes.ids[1],
        split_reads=split_reads,
        spanning_fragments=spanning_fragments,
        event_type=genes.event,
        extras=kept,
        file=origin.file,
        line=line,
    )


TABLE = Reader(
    source=Source.PIZZLY,
    variant="flattened table",
    signature=(*_NAMES, *_IDS, "paircount", "splitcount", "transcripts.list"),
    parse_row=_row,
)


def _text(value: object, key: str, name: str) -> str:
    """A text of an object that must have it."""
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, str) or not found:
        raise BadValueError("expected a value, found none", column=name)
    return found


def _number(value: object, key: str) -> int | None:
    found = value.get(key) if isinstance(value, dict) else None
    if found is None:
        return None
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise BadValueError(f"expected a count, found '{found}'", column=key)
    return found


def _entry(entry: object, origin: Origin, line: int) -> FusionCall:
    if not isinstance(entry, dict):
        raise BadValueError("expected an object with two genes", column="genes")
    transcripts = entry.get("transcripts", [])
    if not isinstance(transcripts, list):
        raise BadValueError("expected a list", column="transcripts")
    sides = [entry.get(gene) for gene in ("geneA", "geneB")]
    names = (_text(sides[0], "name", "geneA"), _text(sides[1], "name", "geneB"))
    ids = (_text(sides[0], "id", "geneA"), _text(sides[1], "id", "geneB"))
    records = [
        (
            _text(t.get("transcriptA"), "id", "transcriptA"),
            _text(t.get("transcriptB"), "id", "transcriptB"),
        )
        for t in transcripts
        if isinstance(t, dict)
    ]
    used = ("geneA", "geneB", "paircount", "splitcount")
    return _call(
        _ordered(names, ids, records),
        split_reads=_number(entry, "splitcount"),
        spanning_fragments=_number(entry, "paircount"),
        # What is no text stays JSON.
        kept={
            key: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
            for key, value in entry.items()
            if key not in used
        },
        origin=origin,
        line=line,
    )


def _entries(text: str, file: str) -> Iterator[tuple[int, object]]:
    """Each fusion with the line that it starts in.

    Raises:
        InputError: If the text is not whole JSON of this form.
    """
    start = _START.match(text)
    if not start:
        raise InputError('expected {"genes": [', file=file, line=1)
    decoder, at, line, counted = json.JSONDecoder(), start.end(), 1, 0
    if text.startswith("]", at):
        _check_end(text, at + 1, file)
        return
    while True:
        line, counted = line + text.count("\n", counted, at), at
        try:
            entry, after = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise InputError(
                f"the JSON cannot be read ({error.msg})",
                file=file,
                line=error.lineno,
                remedy=_AGAIN,
            ) from None
        except (ValueError, RecursionError):  # a number too long, objects too deep
            raise InputError(
                "the JSON cannot be read", file=file, line=line, remedy=_AGAIN
            ) from None
        yield line, entry
        separator = _SEPARATOR.match(text, after)
        if not separator:
            raise _unfinished(text, after, file)
        if separator[1] == "]":
            _check_end(text, separator.end(), file)
            return
        at = separator.end()


def _check_end(text: str, at: int, file: str) -> None:
    if not _END.fullmatch(text, at):
        raise _unfinished(text, at, file)


def _unfinished(text: str, at: int, file: str) -> InputError:
    return InputError(
        "the JSON does not end as it should",
        file=file,
        line=text.count("\n", 0, at) + 1,
        remedy=_AGAIN,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Json:
    """pizzly's own output."""

    source: Source = Source.PIZZLY
    also: tuple[Source, ...] = ()
    variant: str = "JSON"
    names_samples: bool = False
    names_all_samples: bool = False

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines is of this format."""
        text = "".join(head)
        start = _START.match(text)
        return start is not None and bool(re.match(r'\]|\{\s*"geneA"|$', text[start.end() :]))

    def read(self, path: Path, origin: Origin) -> Content:
        """Read a file of this format.

        Raises:
            InputError: If it is not whole.
        """
        text = "".join(read_head(path, name=origin.file, lines=sys.maxsize))
        calls: list[FusionCall] = []
        aside: list[SetAside] = []
        for line, entry in _entries(text, origin.file):
            try:
                calls.append(_entry(entry, origin, line))
            except BadValueError as error:
                aside.append(refused(line, [json.dumps(entry)], error, origin))
        return Content(n_rows=len(calls) + len(aside), calls=tuple(calls), set_aside=tuple(aside))


JSON = _Json()
