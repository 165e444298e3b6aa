"""The fusions of KMT2A that are simulated, with their breakpoints, as fused transcripts.

Which partners, and which of their exons KMT2A's reading frame runs into, is that of the packaged
tables, the frequent ones first. KMT2A's exons are numbered by MANE.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from fusion_caller.knowledge import KMT2A, SameTranscript, entry_exons, partners
from fusion_caller.reads.index import Kind, read_index
from fusion_caller.records import Breakpoint
from simulation.genome import complement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.genome import Bases, Gene, Genome

# As many as in the comparison of callers that this one follows.
N_CANONICAL = 47
# A partner's next entry exon counts as much as so many ranks of frequency.
_RANKS_AN_EXON = 10
_LAST_EXONS = (8, 9, 10, 11, 12)
_TEMPLATE = 800
_N_RECIPROCAL, _SECOND_EXON = 4, 2
_INSERT = 45
_INTO_EXON, _BEFORE_END = 37, 40


class EventClass(StrEnum):
    """What kind of fusion an event is."""

    CANONICAL = "canonical"
    """KMT2A's exons 8 to 12 to an exon of a known partner, both whole."""
    BCR2 = "bcr2"
    """KMT2A's exons 20 to 22 to an exon of USP2."""
    RECIPROCAL = "reciprocal"
    PTD = "ptd"
    WITHIN_EXON = "within_exon"
    """The break lies within an exon of KMT2A or of the partner."""
    CRYPTIC_INSERT = "cryptic_insert"
    """45 bases of KMT2A's intron stand between the exons."""
    INTRONIC = "intronic"
    """KMT2A's exon runs into the partner's intron."""
    ANTISENSE = "antisense"
    """KMT2A's exon runs into the other strand of the partner's intron."""
    UNLISTED = "unlisted"
    """The partner is a gene that no table knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fusion.

    Attributes:
        name: Its class and number.
        kind: Its class.
        gene_5prime: The gene before the junction.
        gene_3prime: The gene behind it.
        exon_5prime: The exon before the junction; None where it is an intron.
        exon_3prime: The exon behind the junction; None where it is an intron.
        breakpoint_5prime: The last base before the junction.
        breakpoint_3prime: The first base behind it; behind the inserted ones where there are some.
        left: The transcript before the junction.
        inserted: What stands between the genes.
        right: The transcript behind the junction.
    """

    name: str
    kind: EventClass
    gene_5prime: str
    gene_3prime: str
    exon_5prime: int | None
    exon_3prime: int | None
    breakpoint_5prime: Breakpoint
    breakpoint_3prime: Breakpoint
    left: Bases
    inserted: Bases
    right: Bases

    @property
    def template(self) -> Bases:
        """The fused transcript around the junction."""
        return np.concatenate([self.left, self.inserted, self.right])

    @property
    def label(self) -> str:
        """`KMT2A e8::AFF1 e5`."""
        five, three = (
            gene if exon is None else f"{gene} e{exon}"
            for gene, exon in (
                (self.gene_5prime, self.exon_5prime),
                (self.gene_3prime, self.exon_3prime),
            )
        )
        return f"{five}::{three}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One side of a junction."""

    gene: str
    exon: int | None
    breakpoint: Breakpoint
    bases: Bases


def _up_to(gene: Gene, exon: int, *, less: int = 0) -> _Part:
    """A transcript up to the end of an exon, or to some bases before it."""
    end = gene.exon_ends[exon - 1] - less
    bases = gene.transcript[max(0, end - _TEMPLATE) : end]
    return _Part(gene=gene.symbol, exon=exon, breakpoint=gene.genomic(end - 1), bases=bases)


def _from(gene: Gene, exon: int, *, more: int = 0) -> _Part:
    """A transcript from the start of an exon on, or from some bases behind it."""
    start = gene.exon_start(exon) + more
    bases = gene.transcript[start : start + _TEMPLATE]
    return _Part(gene=gene.symbol, exon=exon, breakpoint=gene.genomic(start), bases=bases)


def _from_intron(gene: Gene, exon: int, *, antisense: bool = False) -> _Part:
    """The middle of the intron before an exon, on the gene's strand or on the other one."""
    one, other = gene.exons[exon - 2], gene.exons[exon - 1]
    first, last = sorted((one, other), key=lambda e: e.start)
    middle = (first.end + last.start) // 2
    ahead = (gene.strand == "+") is not antisense
    start, end = (middle, last.start - 1) if ahead else (first.end + 1, middle)
    if ahead:
        end = min(end, start + _TEMPLATE - 1)
    else:
        start = max(start, end - _TEMPLATE + 1)
    bases = gene.along(start, end)
    strand = "+" if ahead else "-"
    return _Part(
        gene=gene.symbol,
        exon=None,
        breakpoint=Breakpoint(gene.contig, middle, strand),
        bases=complement(bases) if antisense else bases,
    )


def simulated_events(genome: Genome) -> list[Event]:
    """All events that a genome's genes allow, by class."""
    kmt2a, entries = genome.kmt2a, _entries(genome)
    canonical = list(zip(cycle(_LAST_EXONS), entries[:N_CANONICAL], strict=False))
    chosen = [genome.genes[symbol] for symbol in _frequent(genome)]
    usp2 = genome.genes["USP2"]
    first_of = dict(reversed(entries))
    made: list[tuple[EventClass, _Part, _Part]] = [
        (EventClass.CANONICAL, _up_to(kmt2a, last), _from(genome.genes[symbol], exon))
        for last, (symbol, exon) in canonical
    ]
    made += (
        (EventClass.BCR2, _up_to(kmt2a, last), _from(usp2, exon))
        for last, exon in zip((20, 21, 22), (3, 4, 9), strict=True)
    )
    behind_exons = [(last, *entry) for last, entry in canonical if entry[1] > _SECOND_EXON]
    made += (
        (EventClass.RECIPROCAL, _up_to(genome.genes[symbol], exon - 1), _from(kmt2a, last + 1))
        for last, symbol, exon in behind_exons[:_N_RECIPROCAL]
    )
    made += ((EventClass.PTD, _up_to(kmt2a, last), _from(kmt2a, 2)) for last in (8, 9, 10))
    exons = [first_of[gene.symbol] for gene in chosen]
    made += (
        (EventClass.WITHIN_EXON, _up_to(kmt2a, last, less=_BEFORE_END), _from(gene, exon))
        for last, gene, exon in zip((9, 11), chosen, exons, strict=False)
    )
    made += (
        (EventClass.WITHIN_EXON, _up_to(kmt2a, last), _from(gene, exon, more=_INTO_EXON))
        for last, gene, exon in zip((8, 10), chosen[2:], exons[2:], strict=False)
    )
    made += (
        (EventClass.CRYPTIC_INSERT, _up_to(kmt2a, last), _from(gene, exon))
        for last, gene, exon in zip((8, 9, 11), chosen, exons, strict=False)
    )
    made += (
        (EventClass.INTRONIC, _up_to(kmt2a, last), _from_intron(gene, exon))
        for last, gene, exon in zip((8, 10, 12), chosen, exons, strict=False)
    )
    made += (
        (EventClass.ANTISENSE, _up_to(kmt2a, last), _from_intron(gene, exon, antisense=True))
        for last, gene, exon in zip((9, 11), chosen, exons, strict=False)
    )
    made += (
        (EventClass.UNLISTED, _up_to(kmt2a, last), _from(genome.genes[f"BACKGROUND{n}"], 2))
        for last, n in ((8, 1), (9, 2), (11, 3))
    )
    return list(_numbered(made, kmt2a))


def _numbered(made: list[tuple[EventClass, _Part, _Part]], kmt2a: Gene) -> Iterator[Event]:
    counts = dict.fromkeys(EventClass, 0)
    for kind, left, right in made:
        counts[kind] += 1
        n_inserted = _INSERT if kind is EventClass.CRYPTIC_INSERT else 0
        end = kmt2a.exons[7].end + 1_000 * counts[kind]  # within the intron behind exon 8
        yield Event(
            name=f"{kind}-{counts[kind]:02}",
            kind=kind,
            gene_5prime=left.gene,
            gene_3prime=right.gene,
            exon_5prime=left.exon,
            exon_3prime=right.exon,
            breakpoint_5prime=left.breakpoint,
            breakpoint_3prime=right.breakpoint,
            left=left.bases,
            inserted=kmt2a.along(end - n_inserted + 1, end),
            right=right.bases,
        )


def _frequent(genome: Genome) -> list[str]:
    by_patients = sorted(partners().values(), key=lambda p: (-(p.patients or 0), p.symbol))
    return [p.symbol for p in by_patients if p.symbol in genome.genes and p.symbol in _in_frame()]


def _in_frame() -> dict[str, tuple[int, ...]]:
    """Entry exons by packaged transcripts; those whose sequence the packaged index has first."""
    packaged = {(entry.symbol, entry.exon) for entry in read_index().of_kind(Kind.ENTRY)}
    return {
        symbol: tuple(sorted(known.exons, key=lambda exon: ((symbol, exon) not in packaged, exon)))
        for symbol, known in entry_exons().items()
        if known.same_as_packaged is SameTranscript.YES and known.exons and symbol != KMT2A
    }


def _entries(genome: Genome) -> list[tuple[str, int]]:
    """Partners' entry exons, frequent partners with more of them."""
    symbols = _frequent(genome)
    ranked = sorted(
        (rank + _RANKS_AN_EXON * place, symbol, exon)
        for rank, symbol in enumerate(symbols)
        for place, exon in enumerate(_in_frame()[symbol])
    )
    return [(symbol, exon) for _, symbol, exon in ranked]
