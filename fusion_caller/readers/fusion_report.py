"""fusion-report (nf-core/rnafusion): `fusions.csv`, `fusions.json`, and its list of names.

Columns from fusion-report's repository, 2.x to 4.x. A row joins what several callers say of a pair
of genes: its columns are named after them and hold `key: value` text, which stays in the extras.
Position, read counts and frame of a call are those of one caller, named in the extra `taken from`:
of those that give both positions one with strands, and of these the one with most split reads.
Which counts are split reads and which are pairs is as in each caller's own output, by the parsers
of fusion-report. The score was renamed Fusion Indication Index in 4.0; it is no confidence.

`<sample>.fusionreport.tsv` and its filtered form hold one name (`KMT2A--AFF1`) a line.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.readers.reader import Content, Reader, on_its_contig, refused
from fusion_caller.records import NO_GENE, Breakpoint, Frame, FusionCall, Source
from fusion_caller.tables import Layout, read_head

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fusion_caller.readers.reader import Origin
    from fusion_caller.records import SetAside
    from fusion_caller.tables import Row

_BASE = (
    "Fusion",
    "Databases",
    "Score",
    "Explained score",
    "Fusion Indication Index (FII)",
    "Explained FII",
    "Symbol Resolution",
)
# By caller: what adds up to its split reads, and its pairs around the junction.
_READS = {
    "arriba": (("split_reads1", "split_reads2"), "discordant_mates"),
    "ctat_lr_fusion": (("num_LR",), ""),
    "ericscript": (("junction_reads",), "discordant_reads"),
    "fusioncatcher": (("spanning_unique_reads",), "spanning_pairs"),
    "jaffa": (("spanning_reads",), "spanning_pairs"),
    "pizzly": (("split_count",), "pair_count"),
    "starfusion": (("junction_reads",), "spanning_reads"),
    "starfusion_lr": (("num_LR",), ""),
}
# SQUID's positions are ranges; STAR-SEQR's are counted from 0, in a fork only.
_NO_PLACES = ("squid", "starseqr")
_NOT_PREDICTED = "Unable to predict"
_NEXT_KEY = re.compile(r"[,;](?=[A-Za-z0-9_-]+: )")
_NAME = re.compile(r"[^\s,;|]+--[^\s,;|]+")
_JSON = re.compile(r'\s*\[\s*\{\s*"Fusion"\s*:')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What one caller says of a fusion."""

    tool: str
    five: Breakpoint | None
    three: Breakpoint | None
    split_reads: int | None
    spanning_fragments: int | None
    frame: Frame

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """How well it places the fusion: with positions, with strands, by how many reads."""
        placed = self.five is not None and self.three is not None
        return placed, bool(self.five and self.five.strand), self.split_reads or 0


def _details(cell: str) -> dict[str, str]:
    """The `key: value` pairs of a cell; a value may hold a comma."""
    pairs = (part.partition(": ") for part in _NEXT_KEY.split(cell))
    return {key.strip(): value.strip() for key, found, value in pairs if found}


def _reads(details: Mapping[str, str], keys: Sequence[str], tool: str) -> int | None:
    texts = [details[key] for key in keys if details.get(key, "") not in ("", ".")]
    for text in texts:
        if not re.fullmatch(r"[0-9]{1,18}", text):
            raise BadValueError(f"expected a count, found '{text}'", column=tool)
    return sum(map(int, texts)) if texts else None


def _places(details: Mapping[str, str], tool: str) -> tuple[Breakpoint | None, Breakpoint | None]:
    text = details.get("position", "")
    if not text or tool in _NO_PLACES or _NOT_PREDICTED in text:
        return None, None
    parts = text.split("#")
    if len(parts) != 2:  # noqa: PLR2004
        raise BadValueError(f"expected position#position, found '{text}'", column=tool)
    try:
        five, three = (on_its_contig(Breakpoint.from_string(part)) for part in parts)
    except BadValueError as error:
        raise BadValueError(error.problem, column=tool) from None
    return five, three


def _seen(tool: str, cell: str) -> _Seen:
    details = _details(cell)
    five, three = _places(details, tool)
    split, pairs = _READS.get(tool, ((), ""))
    said = (details.get("reading-frame"), details.get("fusion_type"))
    return _Seen(
        tool=tool,
        five=five,
        three=three,
        split_reads=_reads(details, split, tool),
        spanning_fragments=_reads(details, (pairs,), tool),
        frame=next((Frame(word) for word in said if word and word in set(Frame)), Frame.UNKNOWN),
    )


def _event_type(cells: Mapping[str, str]) -> str:
    """What Arriba calls it (`duplication`, `translocation`, ...); no other caller says it here."""
    return _details(cells.get("arriba", "")).get("type", "")


def _gene(name: str) -> str:
    return NO_GENE if name == "." else resolve_symbol(name)


def _call(cells: Mapping[str, str], origin: Origin, line: int) -> FusionCall:
    name = cells["Fusion"]
    left, found, right = name.partition("--")
    if not (left and found and right):
        raise BadValueError(f"expected GENE1--GENE2, found '{name}'", column="Fusion")
    tools = sorted(tool for tool, cell in cells.items() if tool not in _BASE and cell)
    best = max((_seen(tool, cells[tool]) for tool in tools), key=lambda s: s.rank, default=None)
    kept = {column: cell for column, cell in cells.items() if column != "Fusion" and cell}
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=_gene(left),
        gene_3prime=_gene(right),
        reported_5prime=left,
        reported_3prime=right,
        breakpoint_5prime=best.five if best else None,
        breakpoint_3prime=best.three if best else None,
        split_reads=best.split_reads if best else None,
        spanning_fragments=best.spanning_fragments if best else None,
        caller_reading_frame=best.frame if best else Frame.UNKNOWN,
        event_type=_event_type(cells),
        extras={**kept, "taken from": best.tool} if best else kept,
        file=origin.file,
        line=line,
    )


def _row(row: Row, origin: Origin) -> FusionCall:
    return _call(row.values, origin, row.line)


def _listed(row: Row, origin: Origin) -> FusionCall:
    """A line of the list, which may hold nothing but the name."""
    if not _is_name([row["Fusion"]]):
        raise BadValueError(f"expected GENE1--GENE2, found '{row['Fusion']}'", column="Fusion")
    return _row(row, origin)


def _is_name(cells: Sequence[str]) -> bool:
    return len(cells) == 1 and _NAME.fullmatch(cells[0]) is not None


def _text(value: object) -> str:
    """A value of the JSON as `fusions.csv` writes it."""
    if isinstance(value, dict):
        return ",".join(f"{key}: {_text(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Json:
    """`fusions.json`: a list of the rows of `fusions.csv`, as objects.

    All calls have line 1, since the file is written in one line.
    """

    source: Source = Source.FUSION_REPORT
    also: tuple[Source, ...] = ()
    variant: str = "fusions.json"
    names_samples: bool = False
    names_all_samples: bool = False

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether it begins with a list of objects whose first key is `Fusion`."""
        return _JSON.match("".join(head)) is not None

    def read(self, path: Path, origin: Origin) -> Content:
        """Read the list.

        Raises:
            InputError: If it is no whole JSON.
        """
        lines = read_head(path, name=origin.file, lines=sys.maxsize)
        try:
            entries = json.loads("".join(lines))
        except (json.JSONDecodeError, RecursionError):
            raise InputError(
                "expected a JSON list of fusions, found one that cannot be read",
                file=origin.file,
                remedy="the file is damaged or was cut off, make it again",
            ) from None
        calls: list[FusionCall] = []
        aside: list[SetAside] = []
        for entry in entries:
            cells = {k: _text(v) for k, v in entry.items()} if isinstance(entry, dict) else {}
            try:
                calls.append(_call({"Fusion": "", **cells}, origin, 1))
            except BadValueError as error:
                aside.append(refused(1, cells.values(), error, origin))
        return Content(n_rows=len(entries), calls=tuple(calls), set_aside=tuple(aside))


TABLE = Reader(
    source=Source.FUSION_REPORT,
    variant="fusions.csv",
    signature=("Fusion", "Databases", "Fusion Indication Index (FII)", "Explained FII"),
    parse_row=_row,
)

TABLE_WITH_SCORE = Reader(
    source=Source.FUSION_REPORT,
    variant="fusions.csv before 4.0",
    signature=("Fusion", "Databases", "Score", "Explained score"),
    parse_row=_row,
)

NAMES = Reader(
    source=Source.FUSION_REPORT,
    variant="list of fusions",
    parse_row=_listed,
    layout=Layout(columns=("Fusion",)),
    looks_like=_is_name,
)

JSON = _Json()
