"""What of the genome fits the bases beside KMT2A, gene by gene.

Bases are read away from KMT2A here: behind a 5' part as they are, before a 3' part as their reverse
complement, so that both are one and the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.annotation import Side as GeneSide
from fusion_caller.annotation import locate_on
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.knowledge import kmt2a_exons
from fusion_caller.placing import Genes, likeliest_genes
from fusion_caller.reads.joins import Side
from fusion_caller.records import Breakpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.annotation import Annotation, Gene
    from fusion_caller.reads.genome_index import GenomePart
    from fusion_caller.reads.lookup import Hit

LONGEST_TAIL = 200
LONGEST_INSERT = 100
# A part of a partner that begins so close to the join begins at it.
CLOSE = 8
LEAST_PART = 14
# By chance, or by an error of reading, a part goes on or stops so many bases off an exon's edge.
_BEYOND_EDGE, _BEFORE_EDGE = 4, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A candidate as it is looked up; also a read alone, which has nothing of KMT2A.

    Attributes:
        own: KMT2A's part, its last base at the join.
        tail: What is beside it.
        side: Which part KMT2A is.
        base: As in `Candidate`.
        at_edge: As in `Candidate`.
    """

    own: bytes
    tail: bytes
    side: Side
    base: int
    at_edge: bool

    @property
    def join(self) -> int:
        """The first base of what is beside KMT2A."""
        return len(self.own)

    @property
    def partner_side(self) -> GeneSide:
        """Which end of the fused transcript the partner is."""
        five = self.side is Side.FIVE_PRIME
        return GeneSide.THREE_PRIME if five else GeneSide.FIVE_PRIME

    def at(self, hit: Hit, base: int) -> Breakpoint:
        """A base of what was looked up on the genome, on the strand of transcription."""
        other = "-" if hit.strand == "+" else "+"
        strand = hit.strand if self.side is Side.FIVE_PRIME else other
        return Breakpoint(hit.contig, max(1, hit.at(base)), strand)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The parts of a tail on one gene, or in one place between genes."""

    gene: Gene | None
    place: Breakpoint
    hits: tuple[Hit, ...]
    score: int
    n_matching: int

    @property
    def symbol(self) -> str:
        """The gene's, or the place where there is no gene."""
        return self.gene.symbol if self.gene else f"{self.place.contig}:{self.place.position}"

    @property
    def is_sense(self) -> bool:
        """Whether it is the gene's own strand."""
        return self.gene is not None and self.gene.strand == self.place.strand


def genes_at(genome: GenomePart, found: Iterable[Sequence[Hit]]) -> Annotation:
    """The genes in which parts lie, with the packaged ones, numbered as everywhere else."""
    ends = {
        (hit.contig, hit.at(base))
        for hits in found
        for hit in hits
        for base in (hit.first, hit.end - 1)
    }
    genes = {gene.symbol: gene for place in ends for gene in genome.genes.at(*place)}
    return Genes(genome.annotation(genes.values())).on(genome.made_of.build)


def within_kmt2a(contig: str, position: int) -> bool:
    """Whether a position on GRCh38 lies in KMT2A."""
    exons = kmt2a_exons()
    return contig == CONTIG and exons[0].start_grch38 <= position <= exons[-1].end_grch38


def gene_at(where: Breakpoint, case: Case, annotation: Annotation) -> Gene | None:
    """The gene at a position: on the strand that is read if there is one, else on the other."""
    found = likeliest_genes(where, case.partner_side, annotation)
    if not found:
        strand = "-" if where.strand == "+" else "+"
        other = Breakpoint(where.contig, where.position, strand)
        found = likeliest_genes(other, case.partner_side, annotation)
    return found[0] if found else None


def fits_of(case: Case, hits: Sequence[Hit], annotation: Annotation) -> list[Fit]:
    """What fits the tail, by gene or, between genes, by place; the best first."""
    by_place: dict[tuple[str, str], list[Hit]] = defaultdict(list)
    genes: dict[tuple[str, str], Gene | None] = {}
    for hit in hits:
        begins = max(hit.first, case.join)
        if hit.end - begins < LEAST_PART or begins - case.join > LONGEST_TAIL:
            continue
        where = case.at(hit, begins)
        gene = gene_at(where, case, annotation)
        name = gene.symbol if gene else f"{hit.contig}:{where.position // 1000}"
        key = name, where.strand
        by_place[key].append(hit)
        genes[key] = gene
    fits = [_fit(case, genes[key], there) for key, there in by_place.items()]
    near = [fit for fit in fits if fit.hits[0].first - case.join <= LONGEST_INSERT]
    return sorted(near, key=lambda fit: (-fit.score, not fit.is_sense, fit.symbol))


def _fit(case: Case, gene: Gene | None, hits: Sequence[Hit]) -> Fit:
    """The parts of one gene that cover the tail, the best of those that overlap."""
    covered: set[int] = set()
    kept: list[Hit] = []
    score = n_matching = 0
    for hit in sorted(hits, key=lambda hit: (-_tail_score(case, hit), hit.first, hit.position)):
        own = set(range(max(hit.first, case.join), hit.end)) - covered
        if kept and 2 * len(own) < hit.end - hit.first:
            continue
        share = len(own) / (hit.end - hit.first)
        covered |= own
        kept.append(hit)
        score += round(hit.score * share)
        n_matching += round(hit.n_matching * share)
    kept.sort(key=lambda hit: hit.first)
    place = case.at(kept[0], max(kept[0].first, case.join))
    return Fit(gene=gene, place=place, hits=tuple(kept), score=score, n_matching=n_matching)


def behind_own(case: Case, fits: list[Fit]) -> list[Fit]:
    """Without KMT2A's own, where that stands between the exon of KMT2A and something else."""
    own = [fit for fit in fits if within_kmt2a(fit.place.contig, fit.place.position)]
    if not own or fits[0] not in own:
        return fits
    ends = own[0].hits[-1].end
    left = case.join + len(case.tail) - ends
    behind = [fit for fit in fits if fit not in own and fit.hits[0].first >= ends - CLOSE]
    return behind if left >= LEAST_PART and behind else own


def _tail_score(case: Case, hit: Hit) -> float:
    return hit.score * (hit.end - max(hit.first, case.join)) / (hit.end - hit.first)


def edge_of(case: Case, fit: Fit) -> int | None:
    """The base of what was looked up at which the gene's exon begins, where that is at the join.

    Where KMT2A's part could end earlier as well, the join is moved to where both are exons' edges.
    """
    gene, hit = fit.gene, fit.hits[0]
    if gene is None or gene.transcript is None or not fit.is_sense:
        return None
    begins = max(hit.first, case.join)
    earliest = begins - _BEFORE_EDGE if begins > case.join else begins
    if not case.at_edge:
        earliest = min(earliest, max(hit.first, 1))
    earliest = max(earliest, case.join if case.at_edge else 1)
    steps = sorted(range(earliest, begins + _BEYOND_EDGE + 1), key=lambda at: abs(at - begins))
    for at in steps:
        where = case.at(hit, at)
        location = locate_on(gene.transcript, where.position, case.partner_side)
        if location is not None and location.at_edge:
            return at
    return None
