"""Fragments around a join that no read runs across: what they add, and what they show alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fusion_caller.reads.calls import caller_file, label
from fusion_caller.reads.detection import resolve
from fusion_caller.reads.evidence import evidence_lines
from fusion_caller.reads.fused_contig import contig_of
from fusion_caller.reads.index import ReadIndex, complement
from fusion_caller.reads.judge import Confidence
from fusion_caller.reads.screening import Fragment, Screened, screen
from workflows.report.detect_page import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READ = 90


def around(left: bytes, right: bytes, n: int) -> list[Fragment]:
    """Pairs with a read before a join and one behind it, none across it."""
    pairs = []
    for step in range(n):
        read = left[len(left) - READ - 5 - 7 * step :][:READ]
        mate = complement(right[3 + 5 * step :][:READ])
        pairs.append((read, mate) if step % 2 else (mate, read))
    return pairs


def sample(kept: list[Fragment], eol1: Screened) -> Screened:
    return replace(eol1, kept=kept)


@pytest.fixture
def entry(index: ReadIndex) -> bytes:
    return next(e.sequence for e in index.entries if e.label == "MLLT3 e6")


def test_three_fragments_around_a_join_to_a_packaged_partner_are_a_weak_call(
    index: ReadIndex, entry: bytes, eol1: Screened
) -> None:
    left = index.transcript[: index.exon_ends[7]]
    found = resolve(sample(around(left, entry, 3), eol1), index)
    (call,) = found.calls
    assert (label(call, index), call.confidence) == ("KMT2A e8::MLLT3", Confidence.LOW)
    assert (len(call.candidate.fragments), len(call.candidate.spanning)) == (0, 3)
    assert "no read across it: the exons are assumed, the first that fit" in call.reasons
    (record,) = caller_file(found, file="reads", patient="P", sample="S").calls
    assert (record.split_reads, record.spanning_fragments) == (0, 3)
    assert str(record.breakpoint_5prime) == "chr11:118482495:+"
    assert record.breakpoint_3prime is None
    assert next(iter(evidence_lines(found))) == "KMT2A e8::MLLT3 (low)\n"
    assert contig_of(call, index).sequence.endswith(entry)
    assert sentence_of(call, index) == (
        "KMT2A is joined to MLLT3; no read crosses the join, so the exons are assumed"
    )


def test_two_are_not_and_say_so(index: ReadIndex, entry: bytes, eol1: Screened) -> None:
    left = index.transcript[: index.exon_ends[7]]
    found = resolve(sample(around(left, entry, 2), eol1), index)
    assert found.calls == ()
    (one,) = found.not_called
    assert one.reasons == (
        "no read across a join, and a read in either gene in 2 distinct fragments",
    )
    copies = resolve(sample(around(left, entry, 1) * 5, eol1), index)
    assert copies.calls == copies.not_called == ()


def test_where_no_fusion_breaks_they_are_none(
    index: ReadIndex, entry: bytes, eol1: Screened
) -> None:
    left = index.transcript[: index.exon_ends[25]]
    found = resolve(sample(around(left, entry, 4), eol1), index)
    assert found.calls == ()
    assert "exon 26 is where no known fusion breaks" in found.not_called[0].reasons[0]


@pytest.mark.parametrize("turned", [0, 1])
def test_both_reads_have_to_point_at_the_join(
    turned: int, index: ReadIndex, entry: bytes, eol1: Screened
) -> None:
    left = index.transcript[: index.exon_ends[7]]
    kept = [
        tuple(complement(read) if side == turned else read for side, read in enumerate(pair))
        for pair in around(left, entry, 3)[::2]
    ]
    found = resolve(sample(kept * 2, eol1), index)
    assert found.calls == found.not_called == ()


@pytest.mark.parametrize("symbol", ["AFF1", "MLLT3"])
def test_the_genome_tells_the_gene_of_the_other_read(
    symbol: str, made_genome: Any, whole: ReadIndex, eol1: Screened
) -> None:
    own = made_genome.spliced("KMT2A", 5, 9)
    found = resolve(sample(around(own, made_genome.spliced(symbol, 5), 4), eol1), whole)
    (call,) = found.calls
    assert (label(call, whole), len(call.candidate.spanning)) == (f"KMT2A e9::{symbol}", 4)
    before = made_genome.spliced(symbol, 1, 4)
    behind = made_genome.spliced("KMT2A", 10, 14)
    turned = resolve(sample(around(before, behind, 4), eol1), whole)
    (call,) = turned.calls
    assert label(call, whole) == f"{symbol}::KMT2A e10"


def test_around_a_gene_that_no_table_knows_they_only_support_reads_across(
    made_genome: Any, whole: ReadIndex, eol1: Screened
) -> None:
    own, right = made_genome.spliced("KMT2A", 5, 9), made_genome.spliced("NEW1", 2)
    pairs = around(own, right, 4)
    assert resolve(sample(pairs, eol1), whole).calls == ()
    joined = own + right
    at = len(own) - 50
    across = (joined[at : at + READ], complement(joined[at + 60 : at + 60 + READ]))
    (call,) = resolve(sample([*pairs, across], eol1), whole).calls
    assert (call.name, len(call.candidate.fragments)) == ("KMT2A::NEW1", 1)
    assert len(call.candidate.spanning) == 4
    twins = around(own, made_genome.spliced("TWIN1", 2), 4)
    (alone,) = resolve(sample([*twins, across], eol1), whole).calls
    assert len(alone.candidate.spanning) == 0


def test_the_screen_keeps_such_pairs_for_a_genome_only(
    made_genome: Any,
    whole: ReadIndex,
    index: ReadIndex,
    write_fastq: Callable[..., tuple[Path, ...]],
) -> None:
    own = made_genome.spliced("KMT2A", 5, 9)
    paths = write_fastq(around(own, made_genome.spliced("AFF1", 5), 4), "1.fq", "2.fq")
    assert [len(screen(paths, by).kept) for by in (whole, index)] == [4, 0]
