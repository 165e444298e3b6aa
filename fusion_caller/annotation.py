"""Genes and their transcripts: what a position is asked of, whichever file the answer came from.

Positions are 1-based and closed on the contig named with `chr`. Exons stand in the order of the
transcript, so that on the minus strand the first exon has the highest positions. A transcript is
Ensembl's or RefSeq's; for the packaged genes it is MANE Select.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fusion_caller.contigs import Build


class Side(StrEnum):
    """Which end of the fusion transcript a gene supplies."""

    FIVE_PRIME = "5prime"
    THREE_PRIME = "3prime"


class Site(StrEnum):
    """Where on a transcript a breakpoint lies; outside is beyond its first or last exon."""

    EDGE = "exon_edge"
    EXON = "exon"
    INTRON = "intron"
    OUTSIDE = "outside"


_OFF_EDGE = {
    Site.EDGE: "",
    Site.EXON: " (inside)",
    Site.INTRON: " (intron)",
    Site.OUTSIDE: " (outside)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A transcript with its exons as (start, end), start <= end, in transcript order.

    `cds_start` and `cds_end` are the first and last coding base in the transcript's own direction,
    as 1-based positions in the spliced transcript; both are None where it is non-coding or where
    the coding part is not known (`coding_known` tells which).
    """

    id: str
    symbol: str
    contig: str
    strand: str
    exons: tuple[tuple[int, int], ...]
    cds_start: int | None = None
    cds_end: int | None = None
    coding_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExonLocation:
    """A breakpoint on a transcript, told from the exon that is kept next to it.

    Attributes:
        number: The last exon kept (5' side) or the first (3' side), counted from 1.
        site: Where the break lies.
        distance: Bases from the edge of that exon where it is joined, its end on the 5' side and
            its start on the 3' side: 0 on the edge as in spliced transcripts, positive beyond the
            exon, negative within it, so that the exon is cut.
    """

    number: int
    site: Site
    distance: int

    @property
    def at_edge(self) -> bool:
        """Whether the break is exactly on the exon's edge."""
        return self.site is Site.EDGE

    @property
    def in_exon(self) -> bool:
        """Whether the exon is cut."""
        return self.site is Site.EXON

    @property
    def label(self) -> str:
        """`e8`, or `e8 (inside)`, `e8 (intron)`, `e8 (outside)` where the break is off its edge."""
        return f"e{self.number}{_OFF_EDGE[self.site]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gene:
    """A gene's span; `transcript` is the one by which its exons are counted, None if unknown."""

    symbol: str
    gene_id: str
    contig: str
    start: int
    end: int
    strand: str
    biotype: str = ""
    transcript: Transcript | None = None


@dataclass(frozen=True)
class Annotation:
    """Genes by symbol and by position, on one genome build.

    Attributes:
        build: The build that all positions belong to.
        genes: The genes by symbol.
        name: What it is, for the manifest: `packaged`, or the name of the GTF.
    """

    build: Build
    genes: Mapping[str, Gene] = field(hash=False)  # a dict has no hash
    name: str

    @cached_property
    def _by_contig(self) -> dict[str, tuple[list[int], list[Gene], int]]:
        """Per contig: sorted starts, the genes in that order, and the longest gene's length."""
        found: dict[str, list[Gene]] = defaultdict(list)
        for gene in self.genes.values():
            found[gene.contig].append(gene)
        index = {}
        for contig, genes in found.items():
            genes.sort(key=lambda gene: (gene.start, gene.end, gene.symbol))
            longest = max(gene.end - gene.start for gene in genes)
            index[contig] = ([gene.start for gene in genes], genes, longest)
        return index

    def genes_at(self, contig: str, position: int) -> tuple[Gene, ...]:
        """The genes whose span holds a position, in the order of their starts."""
        if contig not in self._by_contig:
            return ()
        starts, genes, longest = self._by_contig[contig]
        last = bisect_right(starts, position)
        first = bisect_right(starts, position - longest - 1)
        return tuple(gene for gene in genes[first:last] if gene.end >= position)

    def symbols_by_id(self) -> dict[str, str]:
        """Symbols by gene identifier without its version."""
        return {
            gene.gene_id.partition(".")[0]: gene.symbol
            for gene in self.genes.values()
            if gene.gene_id
        }


def by_symbol(genes: Iterable[Gene]) -> dict[str, Gene]:
    """Genes by symbol; of two with the same symbol (as on X and Y) the first stays."""
    found: dict[str, Gene] = {}
    for gene in genes:
        found.setdefault(gene.symbol, gene)
    return found


def locate_on(transcript: Transcript, position: int, side: Side) -> ExonLocation | None:
    """Place a breakpoint on a transcript; the caller sees to it that the contig is the same.

    Args:
        transcript: The transcript, on the position's build.
        position: The last base kept (5' side) or the first base kept (3' side).
        side: Which end of the fusion transcript the gene supplies.

    Returns:
        The location, or None where nothing of the transcript is kept: a 5' breakpoint before its
        first exon, a 3' breakpoint after its last.
    """
    # Mirrored, a transcript of the minus strand reads from left to right as well.
    if transcript.strand == "-":
        at, exons = -position, [(-end, -start) for start, end in transcript.exons]
    else:
        at, exons = position, list(transcript.exons)
    if side is Side.FIVE_PRIME:
        kept = [number for number, (start, _) in enumerate(exons, 1) if start <= at]
    else:
        kept = [number for number, (_, end) in enumerate(exons, 1) if end >= at]
    if not kept:
        return None
    if side is Side.FIVE_PRIME:
        number, outermost = kept[-1], len(exons)
        distance = at - exons[number - 1][1]
    else:
        number, outermost = kept[0], 1
        distance = exons[number - 1][0] - at
    return ExonLocation(
        number=number, site=_site(distance, outermost=number == outermost), distance=distance
    )


def _site(distance: int, *, outermost: bool) -> Site:
    if distance == 0:
        return Site.EDGE
    if distance < 0:
        return Site.EXON
    return Site.OUTSIDE if outermost else Site.INTRON


def phase_at_start(transcript: Transcript, exon: int) -> int | None:
    """How many bases of an unfinished codon are read before an exon: 0, 1 or 2.

    Returns:
        The phase, or None where the coding part is not known or the exon starts outside it.
    """
    return _phase_before(transcript, _spliced_length(transcript, exon - 1) + 1)


def _spliced_length(transcript: Transcript, exons: int) -> int:
    """The length of the first so many exons."""
    return sum(end - start + 1 for start, end in transcript.exons[:exons])


def _phase_before(transcript: Transcript, position: int) -> int | None:
    """The phase before a position of the spliced transcript, None outside the coding part."""
    if transcript.cds_start is None or transcript.cds_end is None:
        return None
    if not transcript.cds_start <= position <= transcript.cds_end:
        return None
    return (position - transcript.cds_start) % 3
