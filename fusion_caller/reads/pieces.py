"""Short pieces of reads: whether two are the same, and whether one can be of a gene at all."""

from __future__ import annotations

from collections import Counter

from fusion_caller.reads.joins import NoJoin

# A shorter piece beside a join is of any gene.
SHORTEST_PIECE = 8
# KMT2A's part of a read goes on for so many bases by chance, or stops so many early by an error.
BEYOND_EDGE, BEFORE_EDGE = 8, 3
_SAME_READ_SHARE = 0.85
_DIVERGED_SHARE = 0.65
_ONE_BASE_SHARE = 0.7
# Sequencing adapters from memory: Illumina publishes them.
_ADAPTERS = (
    b"AGATCGGAAGAGC",  # TruSeq, behind a fragment
    b"CTGTCTCTTATACACATCT",  # Nextera, behind a fragment
    b"TGGAATTCTCGGGTGCCAAGG",  # TruSeq small RNA
)
_BEFORE_ADAPTERS = tuple(
    adapter[::-1] for adapter in (b"GCTCTTCCGATCT", b"AGATGTGTATAAGAGACAG", b"ACACGACGCTCTTCCGATCT")
)
_ADAPTER_BASES = 12
# A repeat may begin behind so many bases of a gene.
_BEFORE_A_REPEAT = 14
# An adapter within a read is looked for by so many of its bases, from its first or from later ones.
_ADAPTER_SEED, _ADAPTER_SEEDS = 8, (0, 4)


def share_alike(bases: bytes, other: bytes) -> float:
    """The share of bases that are the same, over the shorter of two; 0 where one is empty."""
    n = min(len(bases), len(other))
    return sum(map(int.__eq__, bases, other)) / n if n else 0.0


def like(bases: bytes, other: bytes) -> bool:
    """Whether two sequences are the same but for errors of reading, over the shorter of them."""
    enough = min(len(bases), len(other)) >= SHORTEST_PIECE
    return enough and share_alike(bases, other) >= _SAME_READ_SHARE


def is_low_complexity(bases: bytes) -> bool:
    """Whether one base makes up most of some, they repeat two or three, or many were not read."""
    counts = Counter(bases)
    most = max(counts.values()) / len(bases)
    triplets = len({bases[at : at + 3] for at in range(len(bases) - 2)})
    return (
        most > _ONE_BASE_SHARE
        or counts[ord("N")] > len(bases) / 10
        or triplets < min(len(bases), 20) / 3
    )


def without_adapter(read: bytes) -> bytes:
    """A read up to the sequencing adapter behind its fragment; all of it where there is none."""
    ends = [len(read)]
    for adapter in _ADAPTERS:
        for seed in _ADAPTER_SEEDS:
            at = read.find(adapter[seed : seed + _ADAPTER_SEED]) - seed
            if at >= 0 and like(read[at:], adapter):
                ends.append(at)
    return read[: min(ends)]


def why_no_gene(piece: bytes, spliced: bytes, *, before: bool) -> NoJoin | None:
    """Why a piece beside KMT2A is none of another gene; None if it may be.

    Args:
        piece: The piece, read away from KMT2A.
        spliced: KMT2A's own bases there, read in the same direction.
        before: Whether it precedes KMT2A, so that both are read backwards.
    """
    adapters = _BEFORE_ADAPTERS if before else _ADAPTERS
    if len(piece) < SHORTEST_PIECE:
        return NoJoin.SHORT
    if any(_begins_soon(piece, adapter) for adapter in adapters):
        return NoJoin.ADAPTER
    rest = piece[_BEFORE_A_REPEAT:]
    if is_low_complexity(piece) or (len(rest) >= _BEFORE_A_REPEAT and is_low_complexity(rest)):
        return NoJoin.LOW_COMPLEXITY
    if share_alike(piece, spliced) >= _DIVERGED_SHARE:
        return NoJoin.DIVERGED
    return None


def _begins_soon(piece: bytes, adapter: bytes) -> bool:
    """Whether an adapter begins at the exon's edge, to which a piece may have been moved."""
    behind = any(like(piece[at : at + _ADAPTER_BASES], adapter) for at in range(BEYOND_EDGE + 1))
    return behind or any(
        like(piece[:_ADAPTER_BASES], adapter[at:]) for at in range(1, BEFORE_EDGE + 1)
    )
