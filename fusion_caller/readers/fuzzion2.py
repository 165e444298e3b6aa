"""Fuzzion2: the matches of reads to fusion patterns, as `fuzzion2` and `fuzzort` write them.

From its README and `hit.cpp` of versions 1.3 and 2.0. A match is a line of the pattern and one of
each read; `junction spanning` (since 2.0 `spanning`) counts the reads that lie on both sides of the
junction, which version 1.0 does not have. Matches of one pattern are one call: those with a read
across the junction count as split, the others as spanning. A pattern's sequence is `left]..[right`
for a fusion, `left}..{right` for an internal tandem duplication; hotspots and plain sequences are
no fusions. There are no positions. The genes are those of the pattern's name, or of its annotation
`gene_pair`, 5' first as the pattern's sides are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from fusion_caller.gene_names import is_known, resolve_symbol
from fusion_caller.readers.joined_ends import DUPLICATION
from fusion_caller.readers.passed_over import PassedOver
from fusion_caller.readers.reader import Content, cut_off, refused
from fusion_caller.readers.text_lines import open_lines
from fusion_caller.records import NO_GENE, FusionCall, Source
from fusion_caller.tables import columns_of_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from fusion_caller.readers.reader import Origin
    from fusion_caller.records import SetAside

TANDEM = f"internal tandem {DUPLICATION}"
_HITS = "fuzzion2 v"
_PATTERN = "pattern "
_READ = "read "
_TOTALS = ("read-pairs ", "#reads ")
_SPANNING = ("junction spanning", "spanning")
_FIXED = ("sequence", "matching bases", "possible", "% match")
_PER_MATCH = ("matching bases", "possible", "% match", "insert size", "isize|rdlen")
GENE_PAIR = "gene_pair"
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(slots=True)
class _Match:
    """A pattern's line and its reads' lines."""

    line: int
    name: str
    values: Mapping[str, str]
    reads: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The matches themselves; see the module."""

    source: Source = Source.FUZZION2
    also: tuple[Source, ...] = ()
    variant: str = "matches"
    names_samples: bool = False
    names_all_samples: bool = False

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines is of this format."""
        columns = [cell.strip() for cell in (head[0] if head else "").split("\t")]
        return columns[0].startswith(_HITS) and columns[1:2] == ["sequence"]

    def read(self, path: Path, origin: Origin) -> Content:
        """Read a file of this format; a row is a match.

        Raises:
            InputError: If its structure is damaged.
        """
        by_pattern: dict[str, list[_Match]] = {}
        aside: list[SetAside] = []
        other = PassedOver("a match to a hotspot or a plain sequence")
        with open_lines(path, name=origin.file) as lines:
            for match in _matches(lines, origin.file):
                try:
                    _across(match)
                except BadValueError as error:
                    aside.append(refused(match.line, (match.name,), error, origin))
                    continue
                if _event(match) is None:
                    other.add(match.line)
                else:
                    by_pattern.setdefault(match.name, []).append(match)
            cut_at = lines.cut_at
        calls = tuple(_pattern_call(matches, origin) for matches in by_pattern.values())
        return Content(
            n_rows=sum(call.n_rows for call in calls) + len(aside) + other.n_rows,
            calls=calls,
            set_aside=(*aside, *other.remark(origin), *cut_off(cut_at, origin)),
        )


HITS = Hits()


def _matches(lines: Iterable[tuple[int, str]], file: str) -> Iterator[_Match]:
    """The matches of a file.

    Raises:
        InputError: If it holds anything else, or ends without the number of reads searched, which
            is the last line: a run that broke off would count as one without a match.
    """
    columns: tuple[str, ...] = ()
    match: _Match | None = None
    number, whole = 1, False
    for number, text in lines:
        fields = text.split("\t")
        if text.startswith(_READ) and match:
            match.reads.append(fields[0].removeprefix(_READ))
            continue
        if match:
            yield _whole(match, file)
            match = None
        if text.startswith(_HITS):
            columns = columns_of_header(text)
        elif text.startswith(_PATTERN) and columns:
            values = dict(zip(columns[1:], (cell.strip() for cell in fields[1:]), strict=False))
            match = _Match(number, fields[0].removeprefix(_PATTERN).strip(), values)
        elif text.startswith(_TOTALS):
            whole = True
        else:
            raise InputError(
                "expected a line of a pattern or of a read",
                file=file,
                line=number,
                remedy="the file is damaged, make it again",
            )
    if not whole:
        raise InputError(
            "expected the number of reads in the last line, found none",
            file=file,
            line=number,
            remedy="the file was cut off, make it again",
        )


def _whole(match: _Match, file: str) -> _Match:
    if not match.reads:
        raise InputError(
            "expected the reads that match the pattern, found none",
            file=file,
            line=match.line,
            remedy="the file is damaged or was cut off, make it again",
        )
    return match


def _across(match: _Match) -> bool | None:
    """Whether a read lies across the junction; None where the version does not say."""
    column = next((column for column in _SPANNING if column in match.values), "")
    if not column:
        return None
    if not re.fullmatch("[012]", match.values[column]):
        raise BadValueError(
            f"expected 0, 1 or 2 reads, found '{match.values[column]}'", column=column
        )
    return match.values[column] != "0"


def _event(match: _Match) -> str | None:
    """What a pattern is by its brackets, None where it is no fusion."""
    sequence = match.values.get("sequence", "")
    if "}" in sequence:
        return TANDEM
    return "" if "]" in sequence else None


def genes_of_pattern(name: str, pair: str) -> tuple[str, str]:
    """The genes of a pattern `GENE1-GENE2-01`, 5' first; its number is no part of them.

    Raises:
        BadValueError: If there are no two genes in it.
    """
    text = pair or re.sub("-[0-9]{2,}$", "", name)
    cuts = [(text[: at.start()], text[at.end() :]) for at in re.finditer("-", text)]
    cuts = [cut for cut in cuts if all(cut)]
    if not cuts:
        raise BadValueError(f"expected the name GENE1-GENE2, found '{text}'", column="pattern")
    return max(cuts, key=lambda cut: sum(map(is_known, cut)))


def _pattern_call(matches: Sequence[_Match], origin: Origin) -> FusionCall:
    first = matches[0]
    across = [_across(match) for match in matches]
    counted = None not in across
    annotations = {
        column: value
        for column, value in first.values.items()
        if value
        and column not in (*_FIXED, *_PER_MATCH, *_SPANNING, "hash")
        and "overlap" not in column
    }
    try:
        left, right = genes_of_pattern(first.name, annotations.get(GENE_PAIR, ""))
    except BadValueError:
        left, right = first.name, ""
    ranges = {column: _range(matches, column) for column in _PER_MATCH}
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=resolve_symbol(left),
        gene_3prime=resolve_symbol(right) or NO_GENE,
        reported_5prime=left,
        reported_3prime=right,
        split_reads=across.count(True) if counted else None,
        spanning_fragments=across.count(False) if counted else None,
        event_type=_event(first) or "",
        extras={
            "pattern": first.name,
            "sequence": first.values.get("sequence", ""),
            "distinct_matches": str(len({match.values.get("sequence") for match in matches})),
            **annotations,
            **{column: text for column, text in ranges.items() if text},
        },
        n_rows=len(matches),
        file=origin.file,
        line=first.line,
    )


def _range(matches: Iterable[_Match], column: str) -> str:
    """The lowest and the highest number in a column, or the only one."""
    texts = {match.values.get(column, "") for match in matches}
    ordered = sorted((text for text in texts if _NUMBER.fullmatch(text)), key=float)
    return "..".join(dict.fromkeys((ordered[0], ordered[-1]))) if ordered else ""
