"""Real reads and real junctions: what is found, what is named, and what is no fusion."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from fusion_caller.reads.detection import Answer, Detection, resolve
from fusion_caller.reads.index import Kind, ReadIndex, complement
from fusion_caller.reads.joins import Side
from fusion_caller.reads.judge import Confidence, Judged
from fusion_caller.reads.screening import Fragment, Screened, screen

Add = Callable[..., Detection]
Plain = Callable[[int, int], list[Fragment]]
Write = Callable[..., tuple[object, ...]]

READ = 101


def new(found: Detection) -> list[Judged]:
    """The calls other than EOL-1's own."""
    return [one for one in found.calls if one.candidate.side is not Side.BOTH]


def test_eol_1_has_its_tandem_duplication_and_nothing_else(
    eol1: Screened, index: ReadIndex
) -> None:
    (call,) = resolve(eol1, index).calls
    found = call.candidate
    assert call.name == "KMT2A::KMT2A"
    assert call.confidence is Confidence.HIGH
    assert (index.exon_at(found.base), index.exon_at(found.base_3prime or 0)) == (8, 2)
    # Fuzzion2 finds 47 pairs in the same reads, Arriba 45 split reads.
    assert (len(found.fragments), len(found.spanning)) == (58, 10)
    assert eol1.n_fragments == 17_026


@pytest.mark.parametrize("n", [1, 2, 5])
def test_every_published_junction_is_found_with_its_exon(
    n: int, published: list, index: ReadIndex, added: Add
) -> None:
    assert len(published) == 60 + 10
    named = 0
    for junction in published:
        (call,) = new(added(junction.fragments(n)))
        assert index.exon_at(call.candidate.base) == junction.exon, junction
        assert len(call.candidate.fragments) == n
        genes = (call.gene_5prime, call.gene_3prime)
        partner = genes[1] if junction.kmt2a_is_5prime else genes[0]
        assert partner in (junction.partner, "?")
        named += partner == junction.partner
        if len(junction.partner_part) >= 20:
            assert partner == junction.partner, junction
        if partner == "?":
            assert call.candidate.beside in junction.partner_part
    assert named == 59


def test_a_partner_that_the_index_does_not_know_is_found_without_its_name(
    published: list, index: ReadIndex, added: Add
) -> None:
    found = dict.fromkeys((1, 3), 0)
    for junction in published:
        without = ReadIndex(tuple(e for e in index.entries if e.symbol != junction.partner))
        for n in found:
            calls = new(added(junction.fragments(n), without))
            assert all("?" in (call.gene_5prime, call.gene_3prime) for call in calls)
            found[n] += [index.exon_at(c.candidate.base) for c in calls] == [junction.exon]
            if n == 1 and junction.kmt2a_is_5prime and not junction.within_exon:
                # One read suffices behind an exon, but where a base stands seven times in a row.
                assert bool(calls) == (junction.partner != "TET1"), junction
    # NUP98::KMT2A joins exon 2, where without a name it cannot be told from a splice form.
    assert found == {1: 61, 3: 69}


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_no_call_where_there_is_no_fusion(
    seed: int, plain: Plain, index: ReadIndex, eol1: Screened
) -> None:
    rng = random.Random(seed)  # noqa: S311 - no secret
    rna, ends = index.transcript, index.exon_ends
    fragments = plain(seed, 300)
    for _ in range(40):
        fragments.append(_joined(rna, *_skipped(rng, ends), rng))
        fragments.append(_with_adapter(rna, rng))
        fragments.append(_low_complexity(rna, rng, ends))
        fragments.append(_diverged(rna, rng))
        fragments.append(_slipped(rna, rng))
        fragments.append(_unspliced(rna, rng, index))
        fragments.append(_folded(rna, rng))
    found = resolve(replace(eol1, kept=fragments), index)
    assert found.calls == ()
    assert found.screened.kept


def _joined(rna: bytes, stop: int, start: int, rng: random.Random) -> Fragment:
    """A pair with a read across a join of two places."""
    before = rng.randrange(20, READ - 20)
    whole = rna[max(0, stop - 300) : stop] + rna[start : start + 300]
    at = min(300, stop) - before
    return whole[at : at + READ], complement(whole[at + 60 : at + 60 + READ])


def _skipped(rng: random.Random, ends: tuple[int, ...]) -> tuple[int, int]:
    exon = rng.randrange(3, 30)
    return ends[exon], ends[exon + rng.randrange(1, 4)]


def _with_adapter(rna: bytes, rng: random.Random) -> Fragment:
    start, insert = rng.randrange(10_000), rng.randrange(40, 90)
    piece = rna[start : start + insert]
    behind = b"AGATCGGAAGAGCACACGTCTGAACTCCAGTCACATCACGATCTCGTATGCCGTCTTCTGCTTG"
    other = b"AGATCGGAAGAGCGTCGTGTAGGGAAAGAGTGTAGATCTCGGTGGTCGCCGTATCATT"
    return (piece + behind)[:READ], (complement(piece) + other)[:READ]


def _low_complexity(rna: bytes, rng: random.Random, ends: tuple[int, ...]) -> Fragment:
    end, n = ends[rng.randrange(6, 13)], rng.randrange(15, 60)
    filler = rng.choice((b"A", b"G", b"CA", b"N")) * n
    read = (rna[end - READ + n : end] + filler)[:READ]
    return read, complement(rna[end - 250 : end - 250 + READ])


def _diverged(rna: bytes, rng: random.Random) -> Fragment:
    """A related gene: KMT2A with every sixth base another."""
    start = rng.randrange(10_000)
    piece = bytearray(rna[start : start + 250])
    for at in range(len(piece)):
        if rng.random() < 1 / 6:
            piece[at] = rng.choice(b"ACGT")
    return bytes(piece[:READ]), complement(bytes(piece))[:READ]


def _slipped(rna: bytes, rng: random.Random) -> Fragment:
    start, step = rng.randrange(400, 10_000), rng.choice((-12, -3, -1, 1, 3, 12))
    return _joined(rna, start, start + step, rng)


def _unspliced(rna: bytes, rng: random.Random, index: ReadIndex) -> Fragment:
    introns = [e for e in index.of_kind(Kind.INTRON_START) if e.exon in range(7, 14)]
    intron = rng.choice(introns)
    end = index.exon_ends[(intron.exon or 0) - 1]
    read = rna[end - READ + 18 : end] + intron.sequence[:18]
    return read, complement(rna[end - 250 : end - 250 + READ])


def _folded(rna: bytes, rng: random.Random) -> Fragment:
    start = rng.randrange(10_000)
    piece = rna[start : start + 60]
    return (piece + complement(piece))[:READ], complement(rna[start - 90 : start + 11])


@pytest.mark.parametrize("n_shared", [16, 24, 40, 60])
@pytest.mark.parametrize("at_edge", [True, False])
def test_a_gene_that_shares_some_bases_with_kmt2a_is_no_partner(
    n_shared: int, at_edge: bool, index: ReadIndex, eol1: Screened
) -> None:
    rng = random.Random(n_shared)  # noqa: S311
    end = index.exon_ends[8] - (0 if at_edge else 30)
    shared = index.transcript[end - n_shared : end]
    sides = [bytes(rng.choice(b"ACGT") for _ in range(400)) for _ in range(2)]
    gene = sides[0] + shared + sides[1]
    pieces = [gene[start : start + 250] for start in range(160, 500, 3)]
    fragments: list[Fragment] = [(p[:READ], complement(p)[:READ]) for p in pieces]
    assert resolve(replace(eol1, kept=fragments), index).calls == ()


@pytest.mark.parametrize("n", [1, 4])
def test_copies_of_a_fragment_count_once(n: int, published: list, added: Add) -> None:
    (call,) = new(added(published[0].fragments(1) * n))
    assert len(call.candidate.fragments) == 1
    assert call.confidence is Confidence.LOW


def test_one_read_shows_a_tandem_duplication(index: ReadIndex, plain: Plain) -> None:
    rna, ends = index.transcript, index.exon_ends
    for last in (8, 9, 10):
        fragment = _joined(rna, ends[last - 1], ends[0], random.Random(last))  # noqa: S311
        made = Screened(
            n_fragments=1,
            n_on_kmt2a=1,
            kept=[fragment],
            paired=True,
            read_length=READ,
            depth={8: 9},
        )
        (call,) = resolve(made, index).calls
        found = call.candidate
        assert index.exon_at(found.base) == last
        assert index.exon_at(found.base_3prime or 0) == 2


@pytest.mark.parametrize("n_inserted", [12, 45, 60])
def test_bases_between_the_genes_are_told(n_inserted: int, index: ReadIndex, added: Add) -> None:
    rng = random.Random(7)  # noqa: S311
    between = bytes(rng.choice(b"ACGT") for _ in range(n_inserted))
    entry = next(e for e in index.entries if e.label == "MLLT3 e6")
    end = index.exon_ends[8]
    read = index.transcript[end - 20 : end] + between + entry.sequence
    fragment = read[:READ], complement(index.transcript[end - 300 : end - 300 + READ])
    (call,) = new(added([fragment]))
    assert call.name == "KMT2A::MLLT3"
    # Where a base of the insert is that of the exon's or the entry's neighbour it may be one off.
    assert abs(call.candidate.n_inserted - n_inserted) <= 1


def test_fragments_around_a_join_need_the_right_directions(
    index: ReadIndex, published: list, added: Add
) -> None:
    entry = next(e for e in index.entries if e.label == "MLLT3 e6")
    end = index.exon_ends[7]
    kmt2a, partner = index.transcript[end - 130 : end - 30], entry.sequence[20:120]
    junction = next(j for j in published if j.partner == "MLLT3" and len(j.right) == 150)
    across = junction.fragments(2)

    def around(*fragment: bytes) -> int:
        calls = new(added([*across, fragment]))
        return next(len(c.candidate.spanning) for c in calls if c.gene_3prime == "MLLT3")

    assert around(kmt2a, complement(partner)) == 1
    assert around(complement(partner), kmt2a) == 1
    assert around(kmt2a, partner) == 0
    assert around(complement(kmt2a), partner) == 0


def test_single_reads_find_it_too(
    published: list, index: ReadIndex, write_fastq: Write, plain: Plain
) -> None:
    junction = next(j for j in published if j.partner == "ELL")
    singles = [(read,) for pair in junction.fragments(3) for read in pair]
    paths = write_fastq([*singles, *((p[0],) for p in plain(5, 50))], "single.fq")
    found = resolve(screen(paths, index), index)
    assert [call.name for call in found.calls] == ["KMT2A::ELL"]
    assert not found.screened.paired


def test_what_would_have_been_seen_follows_from_the_depth(
    index: ReadIndex, write_fastq: Write, plain: Plain
) -> None:
    deep = resolve(screen(write_fastq(plain(1, 9_000), "1.fq", "2.fq"), index), index)
    assert deep.answer is Answer.NOT_FOUND
    least = min(deep.screened.depth.values())
    assert least > 50
    # 1 - exp(-m) (1 + m) = 0.95 at m = 4.743864518390587 (R 4.5: uniroot of ppois(1, m) - 0.05).
    assert deep.limit == 4.743864518390587 / (least + 4.743864518390587)
    assert deep.sentence.startswith("no KMT2A fusion; ")

    shallow = resolve(screen(write_fastq(plain(1, 200), "1.fq", "2.fq"), index), index)
    assert shallow.answer is Answer.NOT_EVALUABLE
    assert shallow.sentence.startswith("not evaluable: ")


def test_two_pairs_anywhere_across_a_join_suffice(index: ReadIndex, eol1: Screened) -> None:
    rng = random.Random(20260101)  # noqa: S311
    entries = [e for e in index.of_kind(Kind.ENTRY) if len(e.sequence) >= 140]
    behind = bytes(rng.choice(b"ACGT") for _ in range(400))
    assert len(entries) == 12
    named = 0
    for entry in entries:
        for exon in range(7, 13):
            end = index.exon_ends[exon - 1]
            whole = index.transcript[end - 400 : end] + entry.sequence + behind
            fragments = [_across(whole, 400, rng) for _ in range(2)]
            (call,) = resolve(replace(eol1, kept=fragments), index).calls
            assert index.exon_at(call.candidate.base) == exon
            assert call.gene_3prime in (entry.symbol, "?")
            named += call.gene_3prime == entry.symbol
    # With fewer than twenty bases of the partner in both it is not named.
    assert named >= 70


def _across(whole: bytes, join: int, rng: random.Random) -> Fragment:
    """A pair of which a read has at least ten bases on either side of a join, with errors."""
    while True:
        start, insert = rng.randrange(join - 380, join), rng.randrange(READ + 20, 380)
        piece, before = whole[start : start + insert], join - start
        if 10 <= before <= READ - 10 or insert - READ + 10 <= before <= insert - 10:
            return tuple(
                bytes(rng.choice(b"ACGT") if rng.random() < 0.005 else base for base in read)
                for read in (piece[:READ], complement(piece)[:READ])
            )


def test_the_adapter_behind_a_short_fragment_is_no_part_of_the_partner(
    index: ReadIndex, added: Add
) -> None:
    # Thirty unknown bases behind exon 9, then the adapter in some reads and more bases in others.
    rng = random.Random(5)  # noqa: S311 - no secret
    other = bytes(rng.choices(b"ACGT", k=300))
    whole = index.transcript[index.exon_ends[8] - 300 : index.exon_ends[8]] + other
    adapter = b"AGATCGGAAGAGCACACGTCTGAACTCCAGTCAC"
    made = []
    for begin in range(240, 270, 5):
        long, short = whole[begin : begin + READ], whole[begin:330] + adapter
        mate = complement(whole[begin - 150 : begin - 150 + READ])
        made += [(long, mate), (short[:READ], complement(whole[begin:330])[:READ])]
    (call,) = new(added(made))
    assert call.candidate.beside == other[: len(call.candidate.beside)]
    assert len(call.candidate.fragments) == 12
    alone = added(made[1::2])
    (call,) = new(alone)
    assert call.candidate.beside == other[:30]


def test_a_copy_with_a_misread_base_is_a_copy(index: ReadIndex) -> None:
    rng = random.Random(6)  # noqa: S311 - no secret
    one, two = (bytes(rng.choices(b"ACGT", k=READ)) for _ in range(2))
    misread = one[:3] + bytes((b"ACGT"[b"CATG".index(one[3])],)) + one[4:]
    late = two[:33] + b"N" + two[34:]
    other = one[1:] + b"A"
    kept = [(one, two), (misread, two), (two, one), (misread, late), (other, two)]
    screened = Screened(
        n_fragments=5, n_on_kmt2a=5, kept=kept, paired=True, read_length=READ, depth={}
    )
    assert screened.copies == [0, 0, 0, 0, 4]
    single = replace(screened, kept=[(one,), (misread,), (other,)], paired=False)
    assert single.copies == [0, 0, 2]


def test_one_fragment_within_an_exon_outside_the_breakpoint_regions_is_no_call(
    index: ReadIndex, added: Add
) -> None:
    partner = next(e.sequence for e in index.entries if e.label == "MLLT3 e6")
    for exon, n_calls in ((27, 0), (9, 1)):
        end = index.exon_ends[exon - 1] - 40
        whole = index.transcript[end - 300 : end] + partner
        made = [
            (whole[n : n + READ], complement(whole[n - 90 : n - 90 + READ])) for n in (250, 260)
        ]
        assert len(new(added(made[:1]))) == n_calls, exon
        assert len(new(added(made))) == 1
