"""What is beside KMT2A by an index of a genome: names, places, and what is no fusion."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fusion_caller.assign import assign
from fusion_caller.reads.calls import caller_file, genes_of, label
from fusion_caller.reads.detection import Detection, resolve
from fusion_caller.reads.evidence import evidence_lines
from fusion_caller.reads.index import ReadIndex, complement
from fusion_caller.reads.judge import Confidence, Judged
from fusion_caller.reads.lookup import Query, look_up
from fusion_caller.reads.screening import Fragment, Screened

READ, PIECE = 100, 190
Detect = Callable[..., Detection]


@pytest.fixture
def found(whole: ReadIndex) -> Detect:
    """What is found in pairs made across joins."""

    def find(*joins: tuple[bytes, bytes], n: int = 4, across: int = 0) -> Detection:
        kept = [pair for left, right in joins for pair in pairs_across(left, right, n, across)]
        return resolve(screened(kept), whole)

    return find


def screened(kept: list[Fragment]) -> Screened:
    return Screened(
        n_fragments=len(kept), n_on_kmt2a=len(kept), kept=kept, paired=True, read_length=READ,
        depth=dict.fromkeys(range(7, 13), 100),
    )  # fmt: skip


def pairs_across(left: bytes, right: bytes, n: int, across: int = 0) -> list[Fragment]:
    """Pairs whose second or first read runs across the join, so many bases of it behind."""
    made: list[Fragment] = []
    whole = left + right
    for number in range(n):
        end = len(left) + (across or min(len(right), 70)) - 3 * number
        piece = whole[max(0, end - PIECE) : end]
        made.append((piece[:READ], complement(piece)[:READ]))
    return made


def pairs_before(left: bytes, right: bytes, n: int) -> list[Fragment]:
    """The same with the first read across the join, the other one behind it."""
    whole = left + right
    starts = (len(left) - min(len(left), 60) + 3 * number for number in range(n))
    pieces = [whole[start : start + PIECE] for start in starts]
    return [(piece[:READ], complement(piece)[:READ]) for piece in pieces]


def only(found: Detection) -> Judged:
    (call,) = found.calls
    return call


def places(call: Judged, found: Detection) -> tuple[str, str]:
    record = caller_file(found, file="reads", patient="P", sample="S").calls[0]
    assert call is found.calls[0]
    return str(record.breakpoint_5prime), str(record.breakpoint_3prime)


def kmt2a(genome: Any, last: int) -> bytes:
    return genome.spliced("KMT2A", last - 4, last)


def test_a_known_partner_is_named_by_one_pair(
    made_genome: Any, found: Detect, whole: ReadIndex
) -> None:
    for symbol, exon in (("AFF1", 4), ("AFF1", 5), ("MLLT3", 9)):
        detection = found((kmt2a(made_genome, 9), made_genome.spliced(symbol, exon)), n=1)
        call = only(detection)
        assert label(call, whole) == f"KMT2A e9::{symbol} e{exon}"
        five, three = places(call, detection)
        contig, strand, exons = made_genome.genes[symbol]
        start = exons[exon - 1][0 if strand == "+" else 1]
        assert five == "chr11:118484314:+"
        assert three == f"{contig}:{start}:{strand}"


def test_fourteen_bases_at_the_edge_of_a_known_partner_suffice(
    made_genome: Any, found: Detect, whole: ReadIndex
) -> None:
    named = 0
    for exon in range(3, 13):
        join = kmt2a(made_genome, 8), made_genome.spliced("AFF1", exon)
        for call in found(join, n=1, across=16).calls:
            assert label(call, whole) in (f"KMT2A e8::AFF1 e{exon}", "KMT2A e8::?")
            named += call.gene_3prime == "AFF1"
    assert named >= 8


def test_any_gene_is_named(made_genome: Any, found: Detect, whole: ReadIndex) -> None:
    detection = found((kmt2a(made_genome, 10), made_genome.spliced("NEW1", 2)))
    call = only(detection)
    assert label(call, whole) == "KMT2A e10::NEW1 e2"
    assert call.confidence is Confidence.HIGH
    assert places(call, detection)[1] == "chr5:3001:+"
    file = caller_file(detection, file="reads", patient="P", sample="S")
    (sample,) = assign([file], genes=genes_of(detection))
    (event,) = sample.events
    assert (event.fusion, event.partner_exon) == ("KMT2A::NEW1", "e2")
    assert event.partner_transcript == "ENST_NEW1.1"
    (alone,) = found((kmt2a(made_genome, 10), made_genome.spliced("NEW1", 2)), n=1).calls
    assert alone.confidence is Confidence.LOW


@pytest.mark.parametrize(("symbol", "exon"), [("AFF1", 3), ("MLLT3", 5), ("NEW1", 3)])
def test_a_partner_before_kmt2a_is_named(
    symbol: str, exon: int, made_genome: Any, whole: ReadIndex
) -> None:
    left = made_genome.spliced(symbol, 1, exon)
    kept = pairs_before(left, made_genome.spliced("KMT2A", 10, 14), 4)
    detection = resolve(screened(kept), whole)
    call = only(detection)
    assert label(call, whole) == f"{symbol} e{exon}::KMT2A e10"
    contig, strand, exons = made_genome.genes[symbol]
    end = exons[exon - 1][1 if strand == "+" else 0]
    assert places(call, detection)[0] == f"{contig}:{end}:{strand}"


def test_an_insert_between_the_genes_is_told(
    made_genome: Any, found: Detect, whole: ReadIndex
) -> None:
    exon = made_genome.genes["KMT2A"][2][7]
    own_intron = made_genome.sequence("chr11", exon[1] + 1_001, exon[1] + 1_045, "+").encode()
    foreign = bytes(random.Random(77).choices(b"ACGT", k=45))  # noqa: S311 - no secret
    for insert in (own_intron, foreign):
        right = insert + made_genome.spliced("AFF1", 5)
        call = only(found((kmt2a(made_genome, 8), right), n=3))
        assert label(call, whole) == "KMT2A e8::AFF1 e5"
        assert abs(call.candidate.n_inserted - 45) <= 1


def test_breaks_within_exons_and_introns_are_placed(
    made_genome: Any, found: Detect, whole: ReadIndex
) -> None:
    own = kmt2a(made_genome, 9)
    partner = made_genome.spliced("AFF1", 5)
    detection = found((own[:-40], partner))
    assert label(only(detection), whole) == "KMT2A e9::AFF1 e5"
    detection = found((own, partner[20:]))
    assert label(only(detection), whole) == "KMT2A e9::AFF1 e5 (inside)"
    assert any("20 bases off the edge" in said for said in only(detection).reasons)
    contig, _, exons = made_genome.genes["AFF1"]
    middle = (exons[3][1] + exons[4][0]) // 2
    for strand, name in (("+", "AFF1 e5 (intron)"), ("-", "AFF1 (antisense)")):
        intron = made_genome.sequence(contig, middle, middle + 300, strand).encode()
        detection = found((own, intron))
        assert label(only(detection), whole) == f"KMT2A e9::{name}"
        where = middle if strand == "+" else middle + 300
        position = int(places(only(detection), detection)[1].split(":")[1])
        assert abs(position - where) <= 3
        assert ("".join(only(detection).reasons).count("other strand of AFF1")) == (strand == "-")


def test_a_break_off_both_edges_in_copies_is_a_change_of_template(
    made_genome: Any, found: Detect
) -> None:
    left = kmt2a(made_genome, 9)[:-33]
    right = made_genome.spliced("NEW1", 2)[21:]
    kept = [pairs_across(left, right, 1)[0]] * 5
    wrong = [
        (bytes((base,)) + one[1:30] + bytes((base,)) + one[31:], two)
        for base, (one, two) in zip(b"ACGTN", kept, strict=True)
    ]
    assert not found((left, right), n=2).calls
    detection = resolve(screened(wrong), found((left, right), n=1).index)
    assert not detection.calls
    assert "a change of template" in detection.not_called[0].reasons[0]


def intron_behind(genome: Any, exon: int, n: int = 300) -> bytes:
    end = genome.genes["KMT2A"][2][exon - 1][1]
    return genome.sequence("chr11", end + 1, end + n, "+").encode()


def test_what_is_no_fusion_says_why(made_genome: Any, found: Detect) -> None:
    own = kmt2a(made_genome, 9)
    related = made_genome.exon("RELATED", 2)[:75]
    far = made_genome.genes["KMT2A"][2][8][1] + 2_000
    for left, right, reason in (
        (own, intron_behind(made_genome, 9), "KMT2A's exon and its intron"),
        (
            own,
            made_genome.sequence("chr11", far, far + 300, "+").encode(),
            "KMT2A's own intron, or another splice form of it",
        ),
        (own, made_genome.sequence("chr11", far, far + 300, "-").encode(), "own other strand"),
        (related, made_genome.exon("RELATED", 2)[75:], "(RELATED) as a whole"),
        (own, made_genome.spliced("NEXT", 1), "read-through between KMT2A and its neighbour NEXT"),
        (own, made_genome.spliced("MT-NEW", 2), "RNA of the mitochondrion"),
        (own, made_genome.exon("COPY0", 2), "a repeat: "),
    ):
        detection = found((left, right))
        assert not detection.calls, reason
        said = {why for one in detection.not_called for why in one.reasons}
        said |= {str(why) for why in detection.no_join}
        assert any(reason in why for why in said), (reason, said)


def test_equal_genes_are_not_named_but_told(made_genome: Any, found: Detect) -> None:
    call = only(found((kmt2a(made_genome, 9), made_genome.exon("TWIN1", 3))))
    assert call.name == "KMT2A::?"
    assert "what is beside KMT2A fits equally well in 2 places: TWIN1, TWIN2" in call.reasons


def test_what_the_genome_does_not_hold_stays_unknown(made_genome: Any, found: Detect) -> None:
    unknown = bytes(random.Random(9).choices(b"ACGT", k=200))  # noqa: S311 - no secret
    call = only(found((kmt2a(made_genome, 9), unknown)))
    assert call.name == "KMT2A::?"
    assert call.candidate.beside in unknown


def test_unknown_partners_stay_apart(found: Detect, made_genome: Any) -> None:
    tails = [bytes(random.Random(s).choices(b"ACGT", k=200)) for s in (9, 10)]  # noqa: S311
    joins = [(kmt2a(made_genome, last), tail) for last in (8, 9) for tail in tails]
    detection = found(*joins)
    file = caller_file(detection, file="reads", patient="P", sample="S")
    (sample,) = assign([file], genes=genes_of(detection))
    assert [event.fusion for event in sample.events] == ["KMT2A::?"] * 4
    assert sorted(event.kmt2a_exon for event in sample.events) == ["e8", "e8", "e9", "e9"]
    (again,) = assign([file, file], genes=genes_of(detection))
    assert len(again.events) == 4


def test_evidence_stays_aligned_where_a_join_was_moved(made_genome: Any, found: Detect) -> None:
    partner = made_genome.spliced("AFF1", 5)
    own = kmt2a(made_genome, 9)
    cut = next(n for n in range(40, 200) if own[-n:][:3] == partner[:3])
    detection = found((own[:-cut], partner))
    call = only(detection)
    assert call.candidate.base == whole_base(own, cut, detection.index)
    lines = list(evidence_lines(detection))
    joined = next(line for line in lines if "|" in line).rstrip("\n")
    assert joined.index("|") == len(joined.partition("|")[0])
    reads = [line for line in lines if line.lstrip().startswith(".")]
    assert reads
    assert all(set(line.strip()) <= {".", "|"} for line in reads)


def whole_base(own: bytes, cut: int, index: ReadIndex) -> int:
    return index.transcript.index(own) + len(own) - cut - 1


def test_bases_and_places_come_back(made_genome: Any, whole: ReadIndex) -> None:
    assert whole.genome is not None
    bases = whole.genome.bases
    contig, _, exons = made_genome.genes["AFF1"]
    for start, end in ((exons[3][0] - 7, exons[3][1] + 13), (exons[0][0] - 2_000, exons[0][0])):
        for strand in "+-":
            truth = made_genome.sequence(contig, start, end, strand).encode()
            read = bases.sequence(contig, start, end, strand)
            held = read.replace(b"N", b"")
            assert len(read) == len(truth)
            assert held in truth
    assert bases.sequence("chr77", 1, 3, "+") == b"NNN"
    places = np.random.default_rng(1).integers(0, bases.n_bases, 50)
    for place in places.tolist():
        contig, position = bases.position(place)
        (base,) = bases.sequence(contig, position, position, "+")
        assert base == b"ACTG"[bases.packed[place // 4] >> (6 - 2 * (place % 4)) & 3]


def test_a_sequence_with_errors_is_found_on_both_strands(
    made_genome: Any, whole: ReadIndex
) -> None:
    assert whole.genome is not None
    contig, _, exons = made_genome.genes["AFF1"]
    start = exons[4][0]
    truth = made_genome.sequence(contig, start, start + 79, "+").encode()
    wrong = bytearray(truth)
    wrong[20], wrong[61] = b"N"[0], complement(truth[61:62])[0]
    for bases, strand in ((bytes(wrong), "+"), (complement(bytes(wrong)), "-")):
        ((hit, *_),) = look_up([Query(bases=bases)], whole.genome.bases)
        assert (hit.first, hit.end, hit.contig, hit.strand) == (0, 80, contig, strand)
        assert hit.position == (start if strand == "+" else start + 79)
        assert hit.n_matching == 78
        assert hit.at(10) == (start + 10 if strand == "+" else start + 69)
    assert look_up([], whole.genome.bases) == []
    assert look_up([Query(bases=b"ACGTACGT")], whole.genome.bases) == [[]]
