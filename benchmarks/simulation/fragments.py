"""Fragments of RNA to pairs of reads with a sequencer's errors, and pairs of reads to FASTQ.

A fragment is a start and a size on a template; both reads are taken from its ends. Where it is
shorter than a read, the read goes on into the adapter. Substitutions rise along the read from 0.1
to 1 %, one base in ten thousand is N, one read in five hundred has a base too many or too few.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.genome import complement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from simulation.genome import Bases

    Numbers = NDArray[np.int64]
    Pair = tuple[bytes, ...]

MEAN_INSERT, SD_INSERT = 220, 60
SHORTEST_INSERT = 40
_FIRST_ERROR, _LAST_ERROR = 0.001, 0.01
_NOT_READ = 1e-4
_INDELS = 1 / 500
# TruSeq, as Illumina publishes it, behind the first and the second read.
_ADAPTERS = (
    b"AGATCGGAAGAGCACACGTCTGAACTCCAGTCACATCACGATCTCGTATGCCGTCTTCTGCTTG",
    b"AGATCGGAAGAGCGTCGTGTAGGGAAAGAGTGTAGATCTCGGTGGTCGCCGTATCATT",
)
_GOOD, _MIDDLE, _BAD, _NONE = b"F:,#"
_CHUNK = 100_000
# As zlib's fastest, which the sequencers' own files are near to.
_LEVEL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragments:
    """Fragments of a template: where they begin in it, and how long they are."""

    template: Bases
    starts: Numbers
    sizes: Numbers

    def __len__(self) -> int:
        return self.starts.size

    def repeated(self, times: int) -> Fragments:
        """Each of them several times, as PCR copies them."""
        return Fragments(
            template=self.template,
            starts=np.repeat(self.starts, times),
            sizes=np.repeat(self.sizes, times),
        )

    def part(self, first: int, end: int) -> Fragments:
        """Those from one number to before another."""
        return Fragments(
            template=self.template, starts=self.starts[first:end], sizes=self.sizes[first:end]
        )

    def in_chunks(self) -> Iterator[Fragments]:
        """All of them, not too many at a time."""
        return (self.part(first, first + _CHUNK) for first in range(0, len(self), _CHUNK))


def insert_sizes(n: int, rng: np.random.Generator) -> Numbers:
    """Sizes of fragments: normal, and no shorter than a library's purification leaves them."""
    drawn = rng.normal(MEAN_INSERT, SD_INSERT, n).astype(np.int64)
    return np.maximum(drawn, SHORTEST_INSERT)


def anywhere(template: Bases, n: int, rng: np.random.Generator) -> Fragments:
    """Fragments that begin anywhere in a template."""
    sizes = np.minimum(insert_sizes(n, rng), template.size)
    starts = (rng.random(n) * (template.size - sizes + 1)).astype(np.int64)
    return Fragments(template=template, starts=starts, sizes=sizes)


def of_transcripts(
    transcripts: Sequence[Bases], expression: NDArray[np.float64], n: int, rng: np.random.Generator
) -> Fragments:
    """Fragments of many transcripts, by their expression; the template is all of them in a row."""
    template = np.concatenate(transcripts)
    lengths = np.array([transcript.size for transcript in transcripts])
    firsts = np.cumsum(lengths) - lengths
    chosen = rng.choice(lengths.size, n, p=expression / expression.sum())
    sizes = np.minimum(insert_sizes(n, rng), lengths[chosen])
    offsets = (rng.random(n) * (lengths[chosen] - sizes + 1)).astype(np.int64)
    return Fragments(template=template, starts=firsts[chosen] + offsets, sizes=sizes)


def across(
    template: Bases, first: int, last: int, n: int, rng: np.random.Generator, *, length: int
) -> Fragments:
    """Different fragments with a read that has all bases from one of the template to another.

    Args:
        template: The fused transcript around the junction.
        first: The first base, from 0, that the read must have.
        last: The base after the last that it must have.
        n: How many.
        rng: Where chance is from.
        length: Of the reads.
    """
    found: dict[tuple[int, int], None] = {}
    while len(found) < n:
        sizes = np.minimum(insert_sizes(1000, rng), template.size)
        starts = rng.integers(0, template.size, 1000)
        ends = starts + sizes
        read = np.minimum(length, sizes)
        by_first = (starts <= first) & (starts + read >= last)
        by_second = (ends - read <= first) & (ends >= last)
        fitting = (ends <= template.size) & (by_first | by_second)
        pairs = zip(starts[fitting].tolist(), sizes[fitting].tolist(), strict=True)
        found.update(dict.fromkeys(pairs))
    starts, sizes = zip(*list(found)[:n], strict=True)
    return Fragments(template=template, starts=np.array(starts), sizes=np.array(sizes))


def read_pairs(
    fragments: Fragments, length: int, rng: np.random.Generator
) -> tuple[tuple[Bases, Bases], tuple[Bases, Bases]]:
    """The bases and the qualities of both reads, a row a pair; either end may be read first."""
    sides = (
        _ends(fragments, length, 0, rng),
        _ends(
            Fragments(
                template=complement(fragments.template),
                starts=fragments.template.size - fragments.starts - fragments.sizes,
                sizes=fragments.sizes,
            ),
            length,
            1,
            rng,
        ),
    )
    read = [_with_errors(side, rng) for side in sides]
    swapped = (rng.random(len(fragments)) < 1 / 2)[:, None]
    (bases, quality), (mate, mate_quality) = read
    return (
        (np.where(swapped, mate, bases), np.where(swapped, mate_quality, quality)),
        (np.where(swapped, bases, mate), np.where(swapped, quality, mate_quality)),
    )


def _ends(fragments: Fragments, length: int, side: int, rng: np.random.Generator) -> Bases:
    """The first bases of fragments, with some indels, and the adapter behind short ones."""
    n = len(fragments)
    columns = np.arange(length, dtype=np.int32)
    at = np.broadcast_to(columns, (n, length))
    slips = np.flatnonzero(rng.random(n) < _INDELS)
    if slips.size:
        at = at.copy()
        moved = columns >= rng.integers(1, length, slips.size)[:, None]
        at[slips] += moved * rng.choice([-1, 1], slips.size)[:, None].astype(np.int32)
    places = np.minimum(fragments.starts[:, None] + at, fragments.template.size - 1)
    bases = fragments.template[places]
    beyond = at - fragments.sizes[:, None]
    short = np.flatnonzero(fragments.sizes <= length)
    if short.size:
        adapter = np.full(length + 2, ord("G"), np.uint8)  # what two-colour machines see behind it
        known = np.frombuffer(_ADAPTERS[side], np.uint8)[: length + 2]
        adapter[: known.size] = known
        over = beyond[short]
        bases[short] = np.where(over >= 0, adapter[np.maximum(over, 0)], bases[short])
    return bases


def _with_errors(bases: Bases, rng: np.random.Generator) -> tuple[Bases, Bases]:
    """Reads with substitutions and N, and their qualities, which know of most of them."""
    n, length = bases.shape
    rates = np.linspace(_FIRST_ERROR, _LAST_ERROR, length, dtype=np.float32)
    drawn = rng.random((n, length), np.float32)
    rows, columns = np.nonzero(drawn < rates)
    read = bases.copy()
    # A is 0, C 1, T 2 and G 3 in these two bits of their letters.
    codes = (read[rows, columns] >> 1 & 3) + rng.integers(1, 4, rows.size, np.uint8)
    read[rows, columns] = np.frombuffer(b"ACTG", np.uint8)[codes & 3]
    quality = np.full((n, length), _GOOD, np.uint8)
    quality[drawn > 1 - 4 * rates] = _MIDDLE
    quality[rows, columns] = np.where(rng.random(rows.size) < 0.7, _BAD, _MIDDLE)  # noqa: PLR2004
    rows, columns = np.nonzero(rng.random((n, length), np.float32) < _NOT_READ)
    read[rows, columns] = ord("N")
    quality[rows, columns] = _NONE
    return read, quality


def read_names(first: int, n: int) -> list[str]:
    """The names of the n pairs from one on."""
    return [f"sim:{number:09}" for number in range(first, first + n)]


def write_fastq(
    groups: Sequence[Fragments],
    paths: Sequence[Path],
    *,
    length: int,
    seed: int,
    remember_from: int,
) -> dict[Pair, int]:
    """Write R1 and R2 of all groups, one behind the other, packed by gzip.

    Pairs are named by their number in the file; see `read_names`.

    Args:
        groups: The fragments.
        paths: Of R1 and R2.
        length: Of the reads.
        seed: Of the errors.
        remember_from: The number of the first group whose pairs are given back.

    Returns:
        The number of its group for the bases of each pair.
    """
    from isal import igzip

    rng = np.random.default_rng((seed, 2))
    owners: dict[Pair, int] = {}
    number = 0
    with ExitStack() as stack:
        streams = [
            stack.enter_context(igzip.open(path, "wb", compresslevel=_LEVEL)) for path in paths
        ]
        for group, fragments in enumerate(groups):
            for part in fragments.in_chunks():
                reads = read_pairs(part, length, rng)
                for side, (bases, quality) in enumerate(reads):
                    streams[side].write(_records(bases, quality, number, side + 1))
                number += len(part)
                if group >= remember_from:
                    owners.update(dict.fromkeys(_pairs(reads[0][0], reads[1][0]), group))
    return owners


def _pairs(bases: Bases, mates: Bases) -> Iterator[Pair]:
    return ((one.tobytes(), other.tobytes()) for one, other in zip(bases, mates, strict=True))


def _records(bases: Bases, quality: Bases, first: int, side: int) -> bytes:
    n = len(bases)
    heads = "".join(f"@{name} {side}:N:0:1\n" for name in read_names(first, n)).encode()
    head = np.frombuffer(heads, np.uint8).reshape(n, -1)
    plus = np.broadcast_to(np.frombuffer(b"\n+\n", np.uint8), (n, 3))
    end = np.broadcast_to(np.frombuffer(b"\n", np.uint8), (n, 1))
    return np.concatenate([head, bases, plus, quality, end], axis=1).tobytes()
