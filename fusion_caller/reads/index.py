"""The sequences that reads are looked up in: KMT2A's transcript, partners' ends, introns' edges.

Positions in a sequence are 0-based and half-open; those on the genome as `fusion_caller.records`
states. `make_index.py` makes the packaged index, which names the partners that it holds and no
other.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fusion_caller.errors import InputError
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.knowledge import KMT2A, kmt2a_exons
from fusion_caller.reads import kernels
from fusion_caller.records import Breakpoint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from fusion_caller.reads.genome_index import GenomePart

VERSION = "1"
PACKAGED = Path(__file__).with_name("index.tsv")
COLUMNS = ("kind", "symbol", "exon", "transcript", "breakpoint", "sequence", "source")

# Frequent partners whose entry the packaged index does not hold.
NOT_PACKAGED = ("AFF1 e4", "AFF1 e5", "USP2", "CT45A1")

_COMPLEMENT = bytes.maketrans(b"ACGTN", b"TGCAN")
# A k-mer of so few different pairs of neighbouring bases is found in many genes.
_FEWEST_PAIRS = 5


class Kind(StrEnum):
    """What a sequence of the index is."""

    TRANSCRIPT = "transcript"
    ENTRY = "entry"
    """What follows the junction in a partner that is the 3' gene."""
    EXIT = "exit"
    """What precedes the junction in a partner that is the 5' gene."""
    INTRON_START = "intron_start"
    """What follows an exon of KMT2A in RNA that is not spliced."""
    INTRON_END = "intron_end"
    """What precedes an exon of KMT2A in RNA that is not spliced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One sequence of the index.

    Attributes:
        kind: What it is.
        symbol: The gene.
        exon: Its exon at the junction, by the transcript; None where it is not known.
        transcript: The transcript, empty where the exon is not known.
        breakpoint: The base at the junction on GRCh38; None where it is not known.
        sequence: In the direction of transcription.
        source: Where it is from.
    """

    kind: Kind
    symbol: str
    exon: int | None
    transcript: str
    breakpoint: Breakpoint | None
    sequence: bytes
    source: str

    @property
    def label(self) -> str:
        """`MLLT3 e6`, or the symbol where the exon is not known."""
        return f"{self.symbol} e{self.exon}" if self.exon is not None else self.symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in the targets: which sequence, on which strand, at which base of that strand."""

    entry: Entry
    reverse: bool
    offset: int


class ReadIndex:
    """The sequences of an index and the tables that the compiled loops look up.

    Args:
        entries: The sequences; the first is KMT2A's transcript.
        checksum: Of what they were read from.
        file: The file, as the user called it; nothing for the packaged index.
        genome: The parts of a genome in which what is beside KMT2A is looked up; None where the
            index was made without one.
    """

    def __init__(
        self,
        entries: tuple[Entry, ...],
        checksum: str = "",
        *,
        file: str = "",
        genome: GenomePart | None = None,
    ) -> None:
        self.entries = entries
        self.checksum = checksum
        self.file = file
        self.genome = genome
        self.transcript = entries[0].sequence
        looked_up = [e for e in entries if e.kind in (Kind.TRANSCRIPT, Kind.ENTRY, Kind.EXIT)]
        strands = [(e, reverse) for e in looked_up for reverse in (False, True)]
        texts = [complement(e.sequence) if reverse else e.sequence for e, reverse in strands]
        self._strands = strands
        self._starts = [0, *accumulate(len(text) + 1 for text in texts)][:-1]
        targets = np.frombuffer(b"\0".join(texts) + b"\0", np.uint8).copy()
        places = _complex_kmers(targets)
        n_slots = 1 << (2 * places.size).bit_length()
        self.tables = kernels.Tables(
            targets=targets,
            bitmap=np.zeros(1 << (kernels.BITMAP_BITS - 3), np.uint8),
            keys=np.zeros(n_slots, np.uint32),
            values=np.full(n_slots, -1, np.int32),
        )
        codes = kernels.kmer_codes(targets)[places]
        _, bitmap, keys, values = self.tables
        kernels.fill_tables(codes, places, bitmap, keys, values)

    @property
    def n_transcript(self) -> int:
        """How many places of the targets are KMT2A's, both strands together."""
        return 2 * (len(self.transcript) + 1)

    @cached_property
    def exon_ends(self) -> tuple[int, ...]:
        """Where each exon of KMT2A ends in its transcript: the base after its last."""
        lengths = (exon.end_grch38 - exon.start_grch38 + 1 for exon in kmt2a_exons())
        return tuple(accumulate(lengths))

    def exon_at(self, base: int) -> int:
        """The number of the exon that a base of KMT2A's transcript lies in."""
        return bisect_right(self.exon_ends, base) + 1

    def genomic(self, base: int) -> Breakpoint:
        """A base of KMT2A's transcript on GRCh38."""
        number = self.exon_at(base)
        exon = kmt2a_exons()[number - 1]
        before = self.exon_ends[number - 1] - base
        return Breakpoint(CONTIG, exon.end_grch38 - before + 1, "+")

    def spot(self, place: int) -> Spot:
        """What stands at a place of the targets."""
        number = bisect_right(self._starts, place) - 1
        entry, reverse = self._strands[number]
        return Spot(entry=entry, reverse=reverse, offset=place - self._starts[number])

    def screen(
        self, block: NDArray[np.uint8], size: int, room: NDArray[np.int64]
    ) -> tuple[int, int, int]:
        """Find the records of a block and look the reads up; see `kernels.screen_block`."""
        return kernels.screen_block(block, size, room, *self.tables)

    def verdicts(
        self, bases: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Look reads up that stand in one array; see `kernels.verdicts`."""
        found = np.empty(starts.size, np.int64)
        kernels.verdicts(bases, starts, lengths, found, *self.tables)
        return found

    def segments(self, read: bytes) -> list[tuple[int, int, int, int]]:
        """The parts of a read that fit a target: first base, base after the last, place, errors."""
        if len(read) < kernels.RUN:
            return []
        found = np.empty((_MOST_SEGMENTS, 4), np.int32)
        targets, _, keys, values = self.tables
        n = kernels.segments(np.frombuffer(read, np.uint8), found, targets, keys, values)
        return [tuple(row) for row in found[:n].tolist()]

    def of_kind(self, kind: Kind) -> tuple[Entry, ...]:
        """The sequences of one kind."""
        return tuple(entry for entry in self.entries if entry.kind is kind)


_MOST_SEGMENTS = 12


def complement(sequence: bytes) -> bytes:
    """The other strand of a sequence of A, C, G, T and N."""
    return sequence.translate(_COMPLEMENT)[::-1]


def _complex_kmers(targets: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Where k-mers begin that lie within one target and are of no low complexity."""
    pairs = (targets[:-1] >> 1 & 3).astype(np.uint16) * 4 + (targets[1:] >> 1 & 3)
    bits = np.left_shift(np.uint16(1), pairs).astype(np.uint16)
    windows = np.lib.stride_tricks.sliding_window_view(bits, kernels.K - 1)
    different = np.bitwise_or.reduce(windows, axis=1).view(np.uint8).reshape(-1, 2)
    seen = np.unpackbits(different, axis=1).sum(axis=1)
    whole = np.lib.stride_tricks.sliding_window_view(targets, kernels.K).min(axis=1) > 0
    return np.flatnonzero(whole & (seen >= _FEWEST_PAIRS)).astype(np.int32)


def body_checksum(body: str) -> str:
    """The SHA-256 of everything in an index behind its first line."""
    return hashlib.sha256(body.encode()).hexdigest()


def read_index(path: Path = PACKAGED) -> ReadIndex:
    """Read an index.

    Raises:
        InputError: If it is of another version or was changed.
    """
    head, _, body = path.read_text(encoding="utf-8").partition("\n")
    fields = dict(part.partition("=")[::2] for part in head.removeprefix("#").split())
    remedy = "install kmt2a again"
    if fields.get("version") != VERSION:
        found = fields.get("version", "none")
        raise InputError(
            f"expected an index of version {VERSION}, found {found}", file=str(path), remedy=remedy
        )
    if fields.get("sha256") != body_checksum(body):
        raise InputError(
            "the index is not what its checksum says", file=str(path), line=1, remedy=remedy
        )
    return ReadIndex(entries_of(body.splitlines()[1:]), fields["sha256"])


def entries_of(lines: Iterable[str]) -> tuple[Entry, ...]:
    """The sequences in the rows of an index, without its header."""
    rows = (line.split("\t") for line in lines)
    return tuple(_entry(dict(zip(COLUMNS, row, strict=True))) for row in rows)


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        kind=Kind(row["kind"]),
        symbol=row["symbol"],
        exon=int(row["exon"]) if row["exon"] else None,
        transcript=row["transcript"],
        breakpoint=Breakpoint.from_string(row["breakpoint"]) if row["breakpoint"] else None,
        sequence=row["sequence"].encode(),
        source=row["source"],
    )


def can_name(index: ReadIndex) -> tuple[str, ...]:
    """What an index can name, in order: `AFDN e2`, `AFF1`, ..."""
    partners = (*index.of_kind(Kind.ENTRY), *index.of_kind(Kind.EXIT))
    named = {f"{e.symbol}::{KMT2A}" if e.kind is Kind.EXIT else e.label for e in partners}
    return tuple(sorted(named))
