"""The lines of a GTF, gathered by gene and transcript; what they mean is decided in `gtf`.

A file has some three million lines, so that a line is split once and looked into only where it has
to be: the parts of a transcript that another of its gene outranks are passed over.
"""

from __future__ import annotations

import gc
import gzip
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, NoReturn

from fusion_caller.errors import InputError
from fusion_caller.tables import GZIP_MAGIC, open_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_COLUMNS = 9
_COMMENT = ord("#")
_PARTS = frozenset((b"transcript", b"exon", b"CDS", b"stop_codon"))
# The tags that make a transcript the one of its gene, best first; RefSeq writes them with a space.
_TAGS = ((b'"MANE_Select"', b'"MANE Select"'), (b'"Ensembl_canonical"', b'"RefSeq Select"'))
_UNTAGGED = len(_TAGS)
# More digits than any position has: `int` refuses thousands of them with a ValueError.
_DIGITS = 18
_BUFFER = 1024 * 1024
_FRAMES = {b"0": 0, b"1": 1, b"2": 2, b".": 0}

Span = tuple[int, int]
Key = tuple[bytes, bytes]
"""A contig and an identifier; some releases use one identifier for the copies on X and Y."""


@dataclass(slots=True)
class TranscriptLines:
    """What the lines of one transcript said.

    Attributes:
        id: Its identifier with the version.
        rank: The place of its tag in the order of preference, 0 is the best.
        first_span: Start and end of the first of its lines, mostly its own.
        exons: Start and end of each.
        coding: Start, end and frame of each CDS line.
        stops: Start and end of each part of the stop codon.
    """

    id: str
    strand: bytes
    rank: int
    first_span: Span
    exons: list[Span] = field(default_factory=list)
    coding: list[tuple[int, int, int]] = field(default_factory=list)
    stops: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class GeneLines:
    """What the lines of one gene said; `start` and `end` are 0 without a line of its own."""

    id: str
    symbol: str
    biotype: str
    strand: bytes
    start: int = 0
    end: int = 0
    best_rank: int = _UNTAGGED
    transcripts: list[TranscriptLines] = field(default_factory=list)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Leave out garbage collection while hundreds of thousands of records are made.

    None of them is garbage, and the collector would go through all of them many times over.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def reading(path: Path, name: str) -> Iterator[IO[bytes]]:
    """The decompressed bytes; what is wrong with the file becomes an `InputError`."""
    from isal import isal_zlib

    open_text(path, name=name).close()  # says what is wrong with a path
    again = "copy or make it again"
    try:
        with path.open("rb") as raw:
            packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        with _unpacked(path) if packed else path.open("rb", _BUFFER) as stream:
            yield stream
    except EOFError:
        raise InputError(
            "the gzip stream ends early, the file is truncated", file=name, remedy=again
        ) from None
    except (gzip.BadGzipFile, isal_zlib.error) as error:  # type: ignore[misc]
        raise InputError(f"the gzip stream is damaged ({error})", file=name, remedy=again) from None
    except OSError as error:
        raise InputError(
            f"the file cannot be read ({error.strerror})", file=name, error=error
        ) from None


def _unpacked(path: Path) -> IO[bytes]:
    """The content of a gzip; another thread unpacks it while the lines are read."""
    from isal import igzip_threaded

    stream: IO[bytes] = igzip_threaded.open(path, "rb")  # type: ignore[no-untyped-call]
    return stream


class Scan:
    """One pass over the lines of a GTF."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._number = 0
        self._genes: dict[Key, GeneLines] = {}
        # None for a transcript that another of its gene outranks.
        self._transcripts: dict[Key, TranscriptLines | None] = {}
        # The lines of one transcript mostly follow one another and have the same attributes up to
        # its identifier. Most of them are of a transcript that is not kept, and are done with here.
        self._contig = b""
        self._opening = b"\n\n"
        self._current: TranscriptLines | None = None

    def genes_of(self, stream: Iterable[bytes]) -> dict[Key, GeneLines]:
        """The genes in the order of the file.

        Raises:
            InputError: At the first line that is not GTF.
        """
        line = b"\n"
        for self._number, line in enumerate(stream, start=1):
            known = self._opening in line and line.startswith(self._contig)
            if (known and self._current is None) or line[0] == _COMMENT:
                continue
            columns = line.split(b"\t", _COLUMNS - 1)
            if len(columns) != _COLUMNS:
                if not line.isspace():
                    self._refuse(f"{_COLUMNS} columns separated by tabs", str(len(columns)))
            elif columns[2] == b"gene":
                self._add_gene(columns)
            elif columns[2] in _PARTS:
                if not known:
                    self._find_transcript(columns)
                if self._current is not None:
                    self._add_part(self._current, columns)
        if not line.endswith((b"\n", b"\r")) and not line.rstrip().endswith((b";", b'"')):
            self._refuse("a whole last line", "one that was cut off")
        return self._genes

    def _add_gene(self, columns: list[bytes]) -> None:
        key = (columns[0], self._identifier(columns[8], b"gene_id"))
        gene = self._genes.get(key) or self._new_gene(key, columns)
        if not gene.start:
            gene.start, gene.end = self._span(columns)

    def _find_transcript(self, columns: list[bytes]) -> None:
        """Make the transcript of a line the current one."""
        attributes = columns[8]
        identifier = self._identifier(attributes, b"transcript_id")
        key = (columns[0], identifier)
        if key not in self._transcripts:
            self._transcripts[key] = self._new_transcript(key, columns)
        self._current = self._transcripts[key]
        self._contig = columns[0] + b"\t"
        quoted = b'transcript_id "' + identifier + b'"'
        self._opening = b"\t" + attributes[: attributes.index(quoted) + len(quoted)]

    def _add_part(self, transcript: TranscriptLines, columns: list[bytes]) -> None:
        feature = columns[2]
        if feature == b"exon":
            transcript.exons.append(self._span(columns))
        elif feature == b"CDS":
            if columns[7] not in _FRAMES:
                self._refuse("the frame 0, 1, 2 or .", f"'{_shown(columns[7])}'")
            transcript.coding.append((*self._span(columns), _FRAMES[columns[7]]))
        elif feature == b"stop_codon":
            transcript.stops.append(self._span(columns))

    def _new_gene(self, key: Key, columns: list[bytes]) -> GeneLines:
        attributes = columns[8]
        if columns[6] not in (b"+", b"-"):
            self._refuse("the strand + or -", f"'{_shown(columns[6])}'")
        symbol = _attribute(attributes, b"gene_name") or _attribute(attributes, b"gene") or key[1]
        biotype = _attribute(attributes, b"gene_type") or _attribute(attributes, b"gene_biotype")
        gene = GeneLines(_text(key[1]), _text(symbol), _text(biotype), columns[6])
        self._genes[key] = gene
        return gene

    def _new_transcript(self, key: Key, columns: list[bytes]) -> TranscriptLines | None:
        """Enter a transcript in its gene; None if it is not the one to keep."""
        attributes = columns[8]
        gene_key = (columns[0], self._identifier(attributes, b"gene_id"))
        gene = self._genes.get(gene_key) or self._new_gene(gene_key, columns)
        rank = next(
            (i for i, tags in enumerate(_TAGS) if any(tag in attributes for tag in tags)), _UNTAGGED
        )
        # Without a line of its own, a gene's span comes from all of its transcripts.
        if (rank > gene.best_rank and gene.start) or columns[6] != gene.strand:
            return None
        gene.best_rank = min(rank, gene.best_rank)
        version = _attribute(attributes, b"transcript_version")
        versioned = b".".join((key[1], version)) if version else key[1]
        transcript = TranscriptLines(_text(versioned), columns[6], rank, self._span(columns))
        gene.transcripts.append(transcript)
        return transcript

    def _identifier(self, attributes: bytes, what: bytes) -> bytes:
        return _attribute(attributes, what) or self._refuse_attributes(attributes, what)

    def _refuse_attributes(self, attributes: bytes, what: bytes) -> NoReturn:
        if b'"' not in attributes and b"=" in attributes:
            self._refuse("attributes as in a GTF", "those of a GFF3", "give the GTF instead")
        self._refuse(f'{_text(what)} "..." among the attributes', "none")

    def _span(self, columns: list[bytes]) -> Span:
        first, last = columns[3], columns[4]
        digits = first.isdigit() and last.isdigit() and len(last) <= _DIGITS >= len(first)
        start, end = (int(first), int(last)) if digits else (0, 0)
        if not 1 <= start <= end:
            found = f"'{_shown(first)}' and '{_shown(last)}'"
            self._refuse("a start of at least 1 and an end not before it", found)
        return start, end

    def _refuse(self, expected: str, found: str, remedy: str | None = None) -> NoReturn:
        raise InputError(
            f"expected {expected}, found {found}",
            file=self._name,
            line=self._number,
            remedy=remedy or "is it a GTF, and whole? Copy or make it again",
        )


def _attribute(attributes: bytes, what: bytes) -> bytes:
    """The value of `what "value"`, empty where there is none."""
    opening = what + b' "'
    at = attributes.find(opening)
    while at > 0 and attributes[at - 1] not in b" ;":  # the end of a longer name
        at = attributes.find(opening, at + 1)
    if at < 0:
        return b""
    start = at + len(opening)
    return attributes[start : max(start, attributes.find(b'"', start))]


def _text(value: bytes) -> str:
    return value.decode(errors="replace")


def _shown(value: bytes) -> str:
    return _text(value[:40])
