"""Pairs with one read on KMT2A and the other in a gene that only the genome tells.

Their other read is looked up in the genome that an index holds, all of a sample in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.reads.fits import Case, fits_of, genes_at, within_kmt2a
from fusion_caller.reads.index import Entry, Kind
from fusion_caller.reads.joins import Side, Spanning
from fusion_caller.reads.lookup import Query, look_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.annotation import Annotation
    from fusion_caller.reads.genome_index import GenomePart
    from fusion_caller.reads.lookup import Hit

# So much of the other read fits the gene, and no other gene by as little less.
_WHOLE_SHARE = 0.7
_CLEARLY = 10
_LEAST_SCORE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """A pair of which one read is KMT2A's.

    Attributes:
        spanning: What that read shows, without what the other one lies on.
        other: The other read, in the direction of transcription.
        fragment: The number of the pair.
    """

    spanning: Spanning
    other: bytes
    fragment: int


def around(halves: Sequence[Half], genome: GenomePart) -> list[tuple[Spanning, int]]:
    """The pairs whose other read lies in one gene, on its own strand, with their numbers."""
    queries = [Query(bases=half.other) for half in halves]
    found = look_up(queries, genome.bases, least=_LEAST_SCORE)
    annotation = genes_at(genome, found)
    every = zip(halves, found, strict=True)
    placed = [(_with_partner(half, hits, annotation), half.fragment) for half, hits in every]
    return [(spanning, fragment) for spanning, fragment in placed if spanning is not None]


def _with_partner(half: Half, hits: Sequence[Hit], annotation: Annotation) -> Spanning | None:
    alone = Case(own=b"", tail=half.other, side=Side.FIVE_PRIME, base=0, at_edge=True)
    fits = fits_of(alone, hits, annotation)
    if not fits or fits[0].score < _WHOLE_SHARE * len(half.other):
        return None
    best = fits[0]
    if best.gene is None or not best.is_sense:
        return None
    if within_kmt2a(best.place.contig, best.place.position):
        return None
    if any(fit.score > best.score - _CLEARLY for fit in fits[1:]):
        return None
    five = half.spanning.side is Side.FIVE_PRIME
    partner = Entry(
        kind=Kind.ENTRY if five else Kind.EXIT,
        symbol=best.gene.symbol,
        exon=None,
        transcript="",
        breakpoint=None,
        sequence=half.other,
        source="genome",
    )
    return replace(half.spanning, entry=partner)
