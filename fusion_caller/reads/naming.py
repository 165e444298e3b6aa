"""What is beside KMT2A by the genome: the gene and its exon, or why it is no join.

Bases are read away from KMT2A here: behind a 5' part as they are, before a 3' part as their reverse
complement, so that both are one and the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.annotation import Side as GeneSide
from fusion_caller.annotation import Site, locate_on
from fusion_caller.gene_names import paralogues_of
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.knowledge import kmt2a_exons, partners
from fusion_caller.reads.fits import (
    CLOSE,
    LONGEST_INSERT,
    LONGEST_TAIL,
    Case,
    Fit,
    behind_own,
    edge_of,
    fits_of,
    gene_at,
    genes_at,
    within_kmt2a,
)
from fusion_caller.reads.index import complement
from fusion_caller.reads.joins import Side
from fusion_caller.reads.lookup import Query, look_up
from fusion_caller.reads.pieces import share_alike
from fusion_caller.records import NO_GENE, Breakpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.annotation import Annotation, Gene
    from fusion_caller.reads.candidates import Candidate
    from fusion_caller.reads.genome_index import GenomePart
    from fusion_caller.reads.lookup import Hit

# So much of KMT2A's part is looked up with what is beside it.
_OWN = 60
# So far from a join a fragment reaches.
_REACH = 1_000
_SEEDS_BEFORE = 6
# So many bases fit somewhere in the genome by chance in one read of hundreds, if they begin at the
# join; further away from it there are more places to fit, and more are asked for.
NAMED_FROM, _MORE_AFAR = 20, 4
# Known partners have some thousand exons: so many bases at the edge of one of them fit by chance in
# one of a hundred thousand reads.
NAMED_FROM_KNOWN_EDGE = 14
_COVERED_AFAR = 0.5
# What fits better by less than one mismatch fits equally well.
_CLEARLY = 3
REPEAT_PLACES = 5
# A read lies elsewhere as a whole if so much of it does on KMT2A's side of the join.
_OWN_ELSEWHERE = 14
_TAIL_ELSEWHERE = 0.8
_OWN_SHARE = 0.85
_NEIGHBOURHOOD = 200_000
_MITOCHONDRION = "chrM"
_SHORTEST_WALK = 3
_NAMED_AT_MOST = 6
_A_PAIR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What the genome says of a candidate.

    Attributes:
        symbol: The gene beside KMT2A; `?` where none is, or several fit equally well.
        label: `AFF1 e4`, `AFF1 e4 (inside)`, `AFF1 e4 (intron)`, `AFF1 (antisense)`.
        exon: The exon whose edge is at the join; None off an edge.
        transcript: The transcript by which it is counted.
        breakpoint: The partner's base at the join; None where the place is not known.
        is_sense: Whether it is the gene's own strand.
        base: Where KMT2A's part ends or begins, as in `Candidate`.
        n_inserted: Bases of neither part.
        n_fitting: How many bases of the partner were read.
        sequence: The partner by the genome as far from the join as fragments reach, in the
            direction of transcription.
        said: What is to be told of it.
        against: Why it is no join; nothing where it may be one.
    """

    symbol: str = NO_GENE
    label: str = NO_GENE
    exon: int | None = None
    transcript: str = ""
    breakpoint: Breakpoint | None = None
    is_sense: bool = False
    base: int
    n_inserted: int = 0
    n_fitting: int = 0
    sequence: bytes = b""
    said: tuple[str, ...] = ()
    against: str = ""


class Namer:
    """Looks candidates up in the genome that an index holds."""

    def __init__(self, genome: GenomePart) -> None:
        self._genome = genome

    def place(self, candidates: Sequence[Candidate]) -> list[Placed | None]:
        """What each candidate is, all in one pass over the genome.

        Returns:
            What the genome says; None where it holds nothing of what is beside KMT2A.
        """
        cases = [case for candidate in candidates for case in _cases(candidate)]
        queries = [
            Query(bases=case.own + case.tail, seeds_from=max(0, case.join - _SEEDS_BEFORE))
            for case in cases
        ]
        found = look_up(queries, self._genome.bases)
        annotation = genes_at(self._genome, found)
        placed = (
            self._placed(case, hits, annotation) for case, hits in zip(cases, found, strict=True)
        )
        return [_clearest([next(placed) for _ in _cases(candidate)]) for candidate in candidates]

    def _placed(self, case: Case, hits: Sequence[Hit], annotation: Annotation) -> Placed | None:
        elsewhere = next((hit for hit in hits if _crosses(case, hit)), None)
        if elsewhere is not None:
            return Placed(base=case.base, against=_as_a_whole(case, elsewhere, annotation))
        fits = fits_of(case, hits, annotation)
        if not fits:
            return None
        fits = behind_own(case, fits)
        best = fits[0]
        equal = [fit for fit in fits if fit.score > best.score - _CLEARLY]
        chosen = self._chosen(case, equal)
        names = ", ".join(sorted({fit.symbol for fit in equal})[:_NAMED_AT_MOST])
        if chosen is None:
            several = f"what is beside KMT2A fits equally well in {len(equal)} places: {names}"
            against = "a repeat: " + several if len(equal) >= REPEAT_PLACES else ""
            return Placed(base=case.base, said=(several,), against=against)
        said = [] if len(equal) == 1 else [f"the same bases are in {names}"]
        return self._named(case, chosen, said)

    def _chosen(self, case: Case, equal: Sequence[Fit]) -> Fit | None:
        """The one of several equal places that it is; None where that is open."""
        if len(equal) == 1:
            return equal[0]
        family = paralogues_of(equal[0].symbol)
        if family and all(fit.symbol in family and fit.is_sense for fit in equal):
            return min(equal, key=lambda fit: (fit.symbol not in partners(), fit.symbol))
        sense = [fit for fit in equal if fit.is_sense]
        known = [fit for fit in sense if fit.symbol in partners()]
        for right in (
            [fit for fit in known if edge_of(case, fit) is not None],
            known,
            [fit for fit in sense if edge_of(case, fit) is not None],
        ):
            if len(right) == 1:
                return right[0]
        return None

    def _named(self, case: Case, fit: Fit, said: list[str]) -> Placed:
        hit, base = fit.hits[0], case.base
        cut = begins = max(hit.first, case.join)
        edge = edge_of(case, fit)
        if edge is not None:
            begins = edge
            cut = min(edge, case.join)
            step = case.join - cut
            base += -step if case.side is Side.FIVE_PRIME else step
        else:
            cut = case.join
        where = case.at(hit, begins)
        n_inserted = begins - cut
        if edge is not None and fit.gene and fit.gene.transcript:
            before = self._spliced_before(case, fit.gene, where)
            if n_inserted >= _SHORTEST_WALK:
                walked = _walked(case, fit.gene, where, before, n_inserted)
                if walked is not None:
                    where, n_inserted = walked, 0
                    before = self._spliced_before(case, fit.gene, where)
            own = case.own[:cut][::-1]
            if not n_inserted and share_alike(own, before[::-1]) >= _OWN_SHARE:
                why = f"the reads lie on {fit.gene.symbol}'s own transcript as a whole"
                return Placed(base=case.base, against=why)
        placed = _described(case, fit, where)
        placed = replace(
            placed,
            base=base,
            n_inserted=n_inserted,
            sequence=self._partner_bases(case, fit, where),
            said=(*said, *placed.said),
        )
        enough = _enough(case, placed)
        if placed.n_fitting < enough and not placed.against:
            few = f"{placed.n_fitting} bases fit {placed.label}, too few to name it"
            return Placed(base=case.base, said=(few,))
        return placed

    def _partner_bases(self, case: Case, fit: Fit, where: Breakpoint) -> bytes:
        """The partner from the join on: spliced where the join is in an exon, else as it lies."""
        three = case.partner_side is GeneSide.THREE_PRIME
        transcript = fit.gene.transcript if fit.gene and fit.is_sense else None
        location = locate_on(transcript, where.position, case.partner_side) if transcript else None
        ahead = three == (where.strand == "+")  # towards higher positions
        at = where.position
        spans = [(at, at + _REACH - 1) if ahead else (at - _REACH + 1, at)]
        if transcript and location and location.distance <= 0:
            number = location.number - 1
            start, end = transcript.exons[number]
            rest = transcript.exons[number + 1 :] if three else transcript.exons[:number][::-1]
            spans = [(at, end) if ahead else (start, at), *rest]
        found = b""
        for start, end in spans:
            bases = self._genome.bases.sequence(where.contig, start, end, where.strand)
            found = found + bases if three else bases + found
            if len(found) >= _REACH:
                break
        # What is not held ends it.
        return found[:_REACH].partition(b"N")[0] if three else found[-_REACH:].rpartition(b"N")[2]

    def _spliced_before(self, case: Case, gene: Gene, where: Breakpoint) -> bytes:
        """What the gene's own transcript has where KMT2A is, its last base at the join."""
        transcript = gene.transcript
        location = locate_on(transcript, where.position, case.partner_side) if transcript else None
        if transcript is None or location is None:
            return b""
        if case.partner_side is GeneSide.THREE_PRIME:
            exons = list(transcript.exons[: location.number - 1])[::-1]
        else:
            exons = list(transcript.exons[location.number :])
        found = b""
        for start, end in exons:
            bases = self._genome.bases.sequence(gene.contig, start, end, gene.strand)
            if case.partner_side is GeneSide.THREE_PRIME:
                found = bases + found
            else:
                found = complement(bases) + found
            if len(found) >= LONGEST_INSERT + _OWN:
                break
        return found[-LONGEST_INSERT - _OWN :]


def _cases(candidate: Candidate) -> list[Case]:
    """What is looked up of a candidate.

    That is what its reads agree on, and where there are two, which cannot outvote each other, what
    each of them shows.
    """
    tails = [candidate.beside]
    here = [one.join for one in candidate.seen if one.join.base == candidate.base]
    if len(here) == _A_PAIR:
        tails += [join.beside for join in here if not _begins(candidate, join.beside)]
    return [_case(candidate, max((join.kmt2a for join in here), key=len), tail) for tail in tails]


def _begins(candidate: Candidate, tail: bytes) -> bool:
    """Whether what one read shows beside KMT2A is a part of what all agree on."""
    if candidate.side is Side.THREE_PRIME:
        return candidate.beside.endswith(tail)
    return candidate.beside.startswith(tail)


def _case(candidate: Candidate, own: bytes, tail: bytes) -> Case:
    if candidate.side is Side.THREE_PRIME:
        own, tail = complement(own), complement(tail)
    return Case(
        own=own[-_OWN:],
        tail=tail[:LONGEST_TAIL],
        side=candidate.side,
        base=candidate.base,
        at_edge=candidate.at_edge,
    )


def _clearest(placed: Sequence[Placed | None]) -> Placed | None:
    """The first that speaks against a join, else the first with a gene, else the first."""
    known = [one for one in placed if one is not None]
    against = [one for one in known if one.against]
    named = [one for one in known if one.symbol != NO_GENE]
    return next(iter((*against, *named, *known)), None)


def _crosses(case: Case, hit: Hit) -> bool:
    """Whether a part of the genome goes on from KMT2A's part into what is beside it."""
    own = case.join - hit.first
    tail = hit.end - case.join
    return own >= max(_OWN_ELSEWHERE, case.join / 2) and tail >= _TAIL_ELSEWHERE * len(case.tail)


def _as_a_whole(case: Case, hit: Hit, annotation: Annotation) -> str:
    """Why reads that lie in one place of the genome show no join."""
    where = case.at(hit, case.join)
    if within_kmt2a(where.contig, where.position):
        if where.strand == "-":
            return "KMT2A's own other strand"
        return "RNA that is not spliced: KMT2A's exon and its intron"
    gene = gene_at(where, case, annotation)
    name = gene.symbol if gene else "no gene"
    return f"the reads lie on {where.contig}:{where.position} ({name}) as a whole"


def _enough(case: Case, placed: Placed) -> int:
    """How many bases of a partner are asked for to name it."""
    far = placed.n_inserted > CLOSE
    if placed.exon is not None and placed.symbol in partners():
        return NAMED_FROM_KNOWN_EDGE + (_MORE_AFAR if far else 0)
    if far:
        left = len(case.tail) - placed.n_inserted
        return max(NAMED_FROM + _MORE_AFAR, int(_COVERED_AFAR * left))
    return NAMED_FROM


def _walked(
    case: Case, gene: Gene, where: Breakpoint, before: bytes, n_inserted: int
) -> Breakpoint | None:
    """The join where what seems inserted is the end of the exon before: too short to be found."""
    between = case.tail[:n_inserted]
    if share_alike(between[::-1], before[::-1]) < _OWN_SHARE or len(before) < n_inserted:
        return None
    transcript = gene.transcript
    location = locate_on(transcript, where.position, case.partner_side) if transcript else None
    if transcript is None or location is None:
        return None
    left = n_inserted
    step = -1 if case.partner_side is GeneSide.THREE_PRIME else 1
    number = location.number - 1 + step
    while 0 <= number < len(transcript.exons):
        start, end = transcript.exons[number]
        if left <= end - start + 1:
            from_end = (step < 0) == (gene.strand == "+")
            position = end - left + 1 if from_end else start + left - 1
            return Breakpoint(gene.contig, position, where.strand)
        left -= end - start + 1
        number += step
    return None


def _described(case: Case, fit: Fit, where: Breakpoint) -> Placed:
    """The gene and where in it a position lies."""
    gene = fit.gene
    label, exon, transcript, said = NO_GENE, None, "", ""
    if gene is None:
        said = f"what is beside KMT2A lies at {where}, in no gene"
    elif not fit.is_sense:
        label = f"{gene.symbol} (antisense)"
        said = f"on the other strand of {gene.symbol}"
    else:
        label = gene.symbol
        own = gene.transcript
        location = locate_on(own, where.position, case.partner_side) if own else None
        if own and location and location.site is not Site.OUTSIDE:
            label = f"{gene.symbol} {location.label}"
            exon = location.number if location.at_edge else None
            transcript = own.id
            if not location.at_edge:
                said = f"{abs(location.distance)} bases off the edge of its exon"
    return Placed(
        symbol=gene.symbol if gene else NO_GENE,
        label=label,
        exon=exon,
        transcript=transcript,
        breakpoint=where,
        is_sense=fit.is_sense,
        base=case.base,
        n_fitting=fit.n_matching,
        said=(said,) if said else (),
        against=_against(case, fit, where),
    )


def _against(case: Case, fit: Fit, where: Breakpoint) -> str:
    """Why what is beside KMT2A is no partner, by where it lies."""
    if where.contig == _MITOCHONDRION:
        return "RNA of the mitochondrion beside KMT2A, as it is joined while the library is made"
    if within_kmt2a(where.contig, where.position):
        if where.strand == "-":
            return "KMT2A's own other strand"
        return "KMT2A's own intron, or another splice form of it"
    first, last = kmt2a_exons()[0].start_grch38, kmt2a_exons()[-1].end_grch38
    behind = where.position - last if case.side is Side.FIVE_PRIME else first - where.position
    near = where.contig == CONTIG and where.strand == "+" and 0 < behind <= _NEIGHBOURHOOD
    if near and fit.symbol not in partners():
        return f"read-through between KMT2A and its neighbour {fit.symbol}, {behind:,} bases away"
    return ""
