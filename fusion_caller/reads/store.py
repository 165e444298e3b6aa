"""The parts of a genome that an index holds, two bits a base, and the genes on it.

Positions are as `fusion_caller.records` states; a place is the 0-based number of a base among those
that are held, which stand one region behind the other. A region holds A, C, G and T alone: where
the genome has another letter, one region ends and the next begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from fusion_caller.annotation import Gene, Transcript

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Two bits of a base by `(byte >> 1) & 3`, as `kernels` packs them.
_LETTERS = np.frombuffer(b"ACTG", np.uint8)
_SHIFTS = np.array([6, 4, 2, 0], np.uint8)
_COMPLEMENT = bytes.maketrans(b"ACGTN", b"TGCAN")


def pack(bases: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Four bases a byte, the first in the highest bits; the last byte is filled up with A."""
    codes = np.zeros(-(-bases.size // 4) * 4, np.uint8)
    codes[: bases.size] = bases >> 1 & 3
    quads = codes.reshape(-1, 4)
    packed: NDArray[np.uint8] = np.bitwise_or.reduce(quads << _SHIFTS, axis=1).astype(np.uint8)
    return packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Bases:
    """The sequences of regions of a genome, in the order of their positions.

    Attributes:
        contigs: The names that `contig` numbers.
        contig: Of each region.
        start: Its first position, 1-based.
        first: The place of its first base, and behind the last region the number of all bases.
        packed: The bases, as `pack` makes them.
    """

    contigs: tuple[str, ...]
    contig: NDArray[np.uint16]
    start: NDArray[np.uint32]
    first: NDArray[np.int64]
    packed: NDArray[np.uint8]

    @property
    def n_bases(self) -> int:
        """How many bases are held."""
        return int(self.first[-1])

    def position(self, place: int) -> tuple[str, int]:
        """The contig and the position of a place."""
        region = int(np.searchsorted(self.first, place, side="right")) - 1
        return (
            self.contigs[self.contig[region]],
            int(self.start[region]) + place - int(self.first[region]),
        )

    def sequence(self, contig: str, start: int, end: int, strand: str) -> bytes:
        """The bases from one position to another, N where they are not held.

        Args:
            contig: The contig.
            start: The lower position on either strand.
            end: The higher one; it may lie beyond the contig.
            strand: `+`, or `-` for the reverse complement.
        """
        found = np.full(max(0, end - start + 1), ord("N"), np.uint8)
        if contig in self.contigs:
            number = self.contigs.index(contig)
            low, high = np.searchsorted(self.contig, (number, number + 1))
            key = np.uint32(max(0, start))
            at = low + int(np.searchsorted(self.start[low:high], key, side="right")) - 1
            for region in range(max(at, int(low)), int(high)):
                if self.start[region] > end:
                    break
                self._copy(region, start, end, found)
        text = found.tobytes()
        return text if strand == "+" else text.translate(_COMPLEMENT)[::-1]

    def _copy(self, region: int, start: int, end: int, into: NDArray[np.uint8]) -> None:
        """Copy what a region has of some positions."""
        first, begins = int(self.first[region]), int(self.start[region])
        last = begins + int(self.first[region + 1]) - first - 1
        low, high = max(start, begins), min(end, last)
        if low <= high:
            place = first + low - begins
            into[low - start : high - start + 1] = self._letters(place, high - low + 1)

    def _letters(self, place: int, n: int) -> NDArray[np.uint8]:
        quads = self.packed[place // 4 : (place + n + 3) // 4]
        codes = (quads[:, None] >> _SHIFTS & 3).reshape(-1)
        found: NDArray[np.uint8] = _LETTERS[codes[place % 4 : place % 4 + n]]
        return found


@dataclass(frozen=True)
class GeneTable:
    """All genes of an annotation as columns; a gene becomes a record only where it is asked for.

    They stand in the order of their contigs' numbers, and of their starts.

    Attributes:
        contigs: The names that `contig` numbers.
        contig: Of each gene.
        start: Its first position.
        end: Its last.
        plus: Whether it is on the plus strand.
        text: Symbol, identifier, transcript and biotype of each, parted by tabs, a line each.
        exon_first: Which of the exons are a gene's: the first of each, and behind the last gene the
            number of all exons; in transcript order.
        exon_start: The lower position of each exon.
        exon_end: The higher one.
        coding: Of each gene the first and the last coding base in its transcript, 0 where it has
            none, and whether that is known.
    """

    contigs: tuple[str, ...]
    contig: NDArray[np.uint16]
    start: NDArray[np.uint32]
    end: NDArray[np.uint32]
    plus: NDArray[np.uint8]
    text: NDArray[np.uint8]
    exon_first: NDArray[np.uint32]
    exon_start: NDArray[np.uint32]
    exon_end: NDArray[np.uint32]
    coding: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.contig)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.tobytes().decode().split("\n")

    @cached_property
    def _reach(self) -> dict[str, tuple[int, NDArray[np.uint32], NDArray[np.uint32]]]:
        """By contig: its first gene, the starts of its genes, and how far those so far reach."""
        found = {}
        for number, name in enumerate(self.contigs):
            low, high = np.searchsorted(self.contig, (number, number + 1))
            reach = np.maximum.accumulate(self.end[low:high])
            found[name] = (int(low), self.start[low:high], reach)
        return found

    def at(self, contig: str, position: int) -> tuple[Gene, ...]:
        """The genes whose span holds a position, in the order of the table."""
        if contig not in self._reach:
            return ()
        low, starts, reach = self._reach[contig]
        key = np.uint32(position)  # of the columns' own type, or all of them are converted
        first = int(np.searchsorted(reach, key))
        last = int(np.searchsorted(starts, key, side="right"))
        return tuple(
            self.gene(low + n) for n in range(first, last) if self.end[low + n] >= position
        )

    def all(self) -> tuple[Gene, ...]:
        """Every gene as a record."""
        return tuple(map(self.gene, range(len(self))))

    def gene(self, number: int) -> Gene:
        """One gene as a record."""
        symbol, gene_id, transcript, biotype = self._lines[number].split("\t")
        contig = self.contigs[self.contig[number]]
        strand = "+" if self.plus[number] else "-"
        exons = slice(int(self.exon_first[number]), int(self.exon_first[number + 1]))
        starts, ends = self.exon_start[exons].tolist(), self.exon_end[exons].tolist()
        cds_start, cds_end, known = self.coding[number].tolist()
        return Gene(
            symbol=symbol,
            gene_id=gene_id,
            contig=contig,
            start=int(self.start[number]),
            end=int(self.end[number]),
            strand=strand,
            biotype=biotype,
            transcript=Transcript(
                id=transcript,
                symbol=symbol,
                contig=contig,
                strand=strand,
                exons=tuple(zip(starts, ends, strict=True)),
                cds_start=cds_start or None,
                cds_end=cds_end or None,
                coding_known=bool(known),
            )
            if starts
            else None,
        )
