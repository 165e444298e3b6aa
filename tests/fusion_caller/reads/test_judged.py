"""What is asked of a join before it is called."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fusion_caller.reads.detection import resolve
from fusion_caller.reads.fits import Case, Fit, behind_own
from fusion_caller.reads.index import complement
from fusion_caller.reads.joins import Side
from fusion_caller.reads.judge import Confidence
from fusion_caller.reads.lookup import Hit
from fusion_caller.records import Breakpoint

if TYPE_CHECKING:
    from fusion_caller.reads.detection import Detection
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.screening import Fragment, Screened

READ = 100


def random_bases(n: int, seed: int) -> bytes:
    rng = random.Random(seed)  # noqa: S311 - no secret
    return bytes(rng.choice(b"ACGT") for _ in range(n))


def off_kmt2a(own: bytes, partner: bytes, shown: list[int]) -> list[Fragment]:
    """Pairs with a read across the join, so many bases of it KMT2A's, and one in the partner."""
    return [
        (own[-n:] + partner[: READ - n], complement(partner[60 + n : 60 + n + READ])) for n in shown
    ]


@pytest.fixture
def found(index: ReadIndex, eol1: Screened):
    def find(fragments: list[Fragment]) -> Detection:
        return resolve(replace(eol1, kept=fragments), index)

    return find


def test_an_exon_to_its_edge_needs_no_mate_on_kmt2a(index: ReadIndex, found) -> None:
    own, partner = index.transcript[: index.exon_ends[8]], b"CT" + random_bases(400, 1)
    (call,) = found(off_kmt2a(own, partner, [45])).calls
    assert (call.name, call.confidence) == ("KMT2A::?", Confidence.LOW)
    # Too little of KMT2A, or of the partner, or KMT2A with errors: a related gene has that too.
    assert found(off_kmt2a(own, partner, [25])).calls == ()
    assert found(off_kmt2a(own, partner, [85])).calls == ()
    related = bytearray(own)
    for at in range(1, 45, 9):
        related[-at - 4] ^= 6
    assert found(off_kmt2a(bytes(related), partner, [45])).calls == ()


def test_many_fragments_that_never_reach_kmt2a_are_of_another_gene(index: ReadIndex, found) -> None:
    own, partner = index.transcript[: index.exon_ends[8]], b"CT" + random_bases(400, 2)
    assert len(found(off_kmt2a(own, partner, [40, 50, 60])).calls) == 1
    assert found(off_kmt2a(own, partner, [35, 40, 45, 50, 55, 60])).calls == ()


def test_few_bases_of_kmt2a_beside_a_partner_need_a_mate_on_it(index: ReadIndex, found) -> None:
    entry = next(e.sequence for e in index.entries if e.label == "MLLT3 e6")
    own = index.transcript[: index.exon_ends[7]]
    read = own[-12:] + entry[: READ - 12]
    alone = found([(read, complement(entry[40 : 40 + READ]))])
    assert alone.calls == ()
    assert [one.reasons[0] for one in alone.not_called] == [
        "fewer than 16 bases of KMT2A in every read"
    ]
    (call,) = found([(own[-200:-100], complement(read))]).calls
    assert call.name == "KMT2A::MLLT3"


def test_read_through_is_not_called_where_no_genome_can_tell(index: ReadIndex, found) -> None:
    last_but_one = index.transcript[: index.exon_ends[-2]]
    pairs = [
        (last_but_one[-250 - n : -150 - n], complement(last_but_one[-60 + n :] + b"CT" + tail))
        for n, tail in ((n, random_bases(500, 3)[: READ - 62 + n]) for n in range(0, 30, 3))
    ]
    nothing = found(pairs)
    assert nothing.calls == ()
    assert "read-through" in nothing.not_called[0].reasons[0]


def test_a_base_too_many_makes_no_second_fusion(index: ReadIndex, found) -> None:
    own, partner = index.transcript[: index.exon_ends[8]], b"CT" + random_bases(300, 4)
    mates = [(own[-250 - n : -150 - n], n) for n in range(0, 40, 8)]
    pairs = [(mate, complement(own[-50 + n :] + partner[: 50 + n])) for mate, n in mates]
    slipped = partner[:4] + b"A" + partner[4:]
    pairs.append((own[-243:-143], complement(own[-45:] + slipped[:55])))
    (call,) = found(pairs).calls
    assert len(call.candidate.fragments) == 6


def test_chance_hits_elsewhere_in_kmt2a_do_not_hide_what_is_behind_its_intron() -> None:
    case = Case(own=b"A" * 40, tail=b"C" * 84, side=Side.FIVE_PRIME, base=4000, at_edge=True)

    def fit(first: int, end: int, contig: str, position: int, strand: str) -> Fit:
        hit = Hit(
            first=first,
            end=end,
            contig=contig,
            position=position,
            strand=strand,
            n_matching=end - first,
        )
        place = Breakpoint(contig, position, strand)
        return Fit(gene=None, place=place, hits=(hit,), score=end - first, n_matching=end - first)

    intron = fit(40, 85, "chr11", 118_483_451, "+")
    partner = fit(85, 124, "chr4", 87_046_695, "+")
    by_chance = fit(100, 114, "chr11", 118_467_099, "-")
    assert behind_own(case, [intron, partner, by_chance])[0] == partner
    assert behind_own(case, [intron, by_chance]) == [intron, by_chance]


def test_a_partner_that_begins_like_some_place_of_kmt2a_is_one(index: ReadIndex, found) -> None:
    rna, end = index.transcript, index.exon_ends[8]
    partner = rna[9_000:9_012] + random_bases(300, 6)
    pairs = [
        (
            rna[end - 250 - n : end - 150 - n],
            complement(rna[end - 50 + n : end] + partner[: 50 + n]),
        )
        for n in range(0, 20, 5)
    ]
    (call,) = found(pairs).calls
    assert (call.name, len(call.candidate.fragments)) == ("KMT2A::?", 4)
    # What goes on as KMT2A does is a slip within it.
    pairs = [
        (rna[end - 250 - n : end - 150 - n], complement(rna[end - 50 + n : end] + rna[9_000:9_050]))
        for n in range(0, 20, 5)
    ]
    assert found(pairs).calls == ()


def test_a_repeat_behind_some_bases_is_no_partner(index: ReadIndex, found) -> None:
    rna, end = index.transcript, index.exon_ends[8]
    tail = b"CAGCTGA" + b"CA" * 60
    pairs = [
        (rna[end - 250 - n : end - 150 - n], complement(rna[end - 50 + n : end] + tail[: 50 + n]))
        for n in range(0, 20, 5)
    ]
    assert found(pairs).calls == ()
