"""The fused transcript of a call as a sequence of its own, with what it is made of.

Positions on it are 0-based and half-open.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.knowledge import KMT2A, KMT2A_TRANSCRIPT
from fusion_caller.reads.calls import label
from fusion_caller.reads.candidates import LONGEST_FRAGMENT
from fusion_caller.reads.joins import Side
from fusion_caller.records import NO_GENE

if TYPE_CHECKING:
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.judge import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A part of a fused transcript.

    Attributes:
        start: Its first base.
        end: The base after its last.
        gene: The gene, `?` where it is not known, empty for bases of neither gene.
        label: `e8`, `from e6`, or nothing where the exon is not known.
    """

    start: int
    end: int
    gene: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contig:
    """A fused transcript, as far from the join as fragments reach.

    Attributes:
        label: `KMT2A e8::MLLT3 e6`.
        sequence: In the direction of transcription.
        join: How many bases come before the join; bases of neither gene stand behind it, before
            it where KMT2A is the 3' part.
        features: Exons and what else it is made of, in order.
        transcripts: What the exons are counted by: `KMT2A ENST00000534358`, ...
    """

    label: str
    sequence: bytes
    join: int
    features: tuple[Feature, ...]
    transcripts: tuple[str, ...]

    def name(self, number: int) -> str:
        """A name that any program takes: `KMT2A_e8__MLLT3_e6_1`."""
        words = self.label.replace("::", "__").replace(NO_GENE, "unknown")
        return f"{re.sub('[^A-Za-z0-9_]', '_', words)}_{number}"


def contig_of(judged: Judged, index: ReadIndex) -> Contig:
    """The fused transcript of a call: KMT2A's own, and beside it what the reads and the index say.

    Where a partner is not known, it ends where the reads do.
    """
    found = judged.candidate
    if found.side is Side.THREE_PRIME:
        known = b""
        if found.entry is not None and found.is_named:
            end = len(found.entry.sequence) - found.entry_offset
            known = found.entry.sequence[: max(0, end - (len(found.beside) - found.n_inserted))]
        left = known + found.beside
        right = index.transcript[found.base : found.base + LONGEST_FRAGMENT]
        join = len(left)
        beside = _beside(judged, 0, join - found.n_inserted, "to")
        inserted = _inserted(join - found.n_inserted, join)
        own = _exons(index, found.base, len(right), join)
        features = (*beside, *inserted, *own)
    else:
        first = max(0, found.base + 1 - LONGEST_FRAGMENT)
        left = index.transcript[first : found.base + 1]
        join = len(left)
        behind = join + found.n_inserted
        own = _exons(index, first, join, 0)
        inserted = _inserted(join, behind)
        if found.base_3prime is not None:
            start = found.base_3prime
            again = index.transcript[start : start + LONGEST_FRAGMENT]
            right = found.beside[: found.n_inserted] + again
            beside = _exons(index, start, len(again), behind)
        else:
            right = found.beside
            if found.entry is not None and found.is_named:
                shown = found.entry_offset + len(right) - found.n_inserted
                right += found.entry.sequence[shown:]
            beside = _beside(judged, behind, join + len(right), "from")
        features = (*own, *inserted, *beside)
    return Contig(
        label=label(judged, index),
        sequence=left + right,
        join=join,
        features=features,
        transcripts=_transcripts(judged),
    )


def _exons(index: ReadIndex, first: int, length: int, at: int) -> tuple[Feature, ...]:
    """The exons of some bases of KMT2A's transcript that stand from `at` on."""
    edges = [0, *index.exon_ends]
    found = []
    for number, (start, end) in enumerate(itertools.pairwise(edges), 1):
        begins, ends = max(start, first), min(end, first + length)
        if begins < ends:
            place = at - first
            exon = Feature(start=begins + place, end=ends + place, gene=KMT2A, label=f"e{number}")
            found.append(exon)
    return tuple(found)


def _inserted(start: int, end: int) -> tuple[Feature, ...]:
    return (Feature(start=start, end=end, gene="", label=""),) if start < end else ()


def _beside(judged: Judged, start: int, end: int, word: str) -> tuple[Feature, ...]:
    """What is beside KMT2A; an index tells where its first exon begins, not where it ends."""
    if start >= end:
        return ()
    entry = judged.candidate.entry
    if entry is None or not judged.candidate.is_named:
        return (Feature(start=start, end=end, gene=NO_GENE, label=""),)
    exon = f"{word} e{entry.exon}" if entry.exon is not None else ""
    return (Feature(start=start, end=end, gene=entry.symbol, label=exon),)


def _transcripts(judged: Judged) -> tuple[str, ...]:
    own = f"{KMT2A} {KMT2A_TRANSCRIPT}"
    entry = judged.candidate.entry
    if entry is None or not judged.candidate.is_named or not entry.transcript:
        return (own,)
    return own, f"{entry.symbol} {entry.transcript}"
