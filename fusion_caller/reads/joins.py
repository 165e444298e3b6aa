"""What reads show of a join between KMT2A and something else, and why some show none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fusion_caller.reads.index import Entry


class Side(StrEnum):
    """Which part of the transcript KMT2A is."""

    FIVE_PRIME = "5'"
    THREE_PRIME = "3'"
    BOTH = "both"
    """It is joined to an earlier part of itself."""


class NoJoin(StrEnum):
    """Why a read that is not plain KMT2A shows no join."""

    EXON_SKIPPING = "KMT2A spliced without one or more exons, or over a deletion"
    INDEL = "an insertion, a deletion or a slip within KMT2A"
    UNSPLICED = "KMT2A's exon and its intron"
    ADAPTER = "a sequencing adapter"
    LOW_COMPLEXITY = "few different bases, or bases that were not read"
    DIVERGED = "like KMT2A and not the same: errors or a related gene"
    ISLAND = "a piece of KMT2A between others, as related and unrelated genes have it"
    FOLDED_BACK = "KMT2A and its own other strand"
    NOT_KMT2A = "no part of KMT2A beside the partner's"
    SHORT = "too few bases beside KMT2A"


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """What one read shows of a join, in the direction of transcription.

    Attributes:
        side: Which part KMT2A is.
        base: The last base of KMT2A before the join; for KMT2A as the 3' part the first behind it.
        base_3prime: The first base of KMT2A behind the join, where it is both parts.
        entry: The sequence of the index beside KMT2A; None where none fits.
        entry_offset: The first base of an entry that is there, or how many an exit lacks at its
            end.
        n_inserted: Bases of neither part.
        kmt2a: KMT2A's part of the read.
        beside: Everything of the read beside KMT2A, the inserted bases included.
        at_edge: Whether KMT2A's part ends on an exon's edge, both parts where both are KMT2A's.
    """

    side: Side
    base: int
    base_3prime: int | None = None
    entry: Entry | None = None
    entry_offset: int = 0
    n_inserted: int = 0
    kmt2a: bytes
    beside: bytes
    at_edge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spanning:
    """A fragment with one read on either side of a join.

    Attributes:
        side: Which part KMT2A is.
        stop: The base after the read on KMT2A as the 5' part; None where it is the 3' part only.
        start: The first base of the read on KMT2A as the 3' part; None where it is the 5' part.
        entry: What the other read lies on; None where that is KMT2A.
    """

    side: Side
    stop: int | None = None
    start: int | None = None
    entry: Entry | None = None
