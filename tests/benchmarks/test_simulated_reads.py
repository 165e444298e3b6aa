"""Simulated reads: pairs across a junction, adapters, errors, files and the truth beside them."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from simulation.artefacts import Artefact
from simulation.events import EventClass
from simulation.fragments import Fragments, across, read_names, read_pairs
from simulation.genome import BASES, complement, make_genome
from simulation.sample import ANCHOR, SUPPORTS, Sample, batches, make_sample

from fusion_caller.knowledge import KMT2A, kmt2a_exons

if TYPE_CHECKING:
    from pathlib import Path

LENGTH, BACKGROUND = 100, 500


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(make_genome(4, small=True), BACKGROUND, seed=4, length=LENGTH)


@pytest.fixture(scope="module")
def files(
    sample: Sample, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[list[str]], dict[tuple[bytes, ...], int]]:
    """The lines of both files, and the groups of the pairs."""
    folder = tmp_path_factory.mktemp("reads")
    paths = folder / "R1.fastq.gz", folder / "R2.fastq.gz"
    owners = sample.write(paths)
    return [gzip.decompress(path.read_bytes()).decode().splitlines() for path in paths], owners


def random_bases(n: int, seed: int) -> np.ndarray:
    return BASES[np.random.default_rng(seed).integers(0, 4, n)]


@pytest.mark.parametrize("length", [50, 100, 300])
def test_every_junction_pair_has_a_read_across_the_junction(length: int) -> None:
    rng = np.random.default_rng(1)
    found = across(random_bases(1600, 2), 784, 816, 200, rng, length=length)
    ends = found.starts + found.sizes
    read = np.minimum(found.sizes, length)
    first = (found.starts <= 784) & (found.starts + read >= 816)
    second = (ends - read <= 784) & (ends >= 816)
    assert (first | second).all()
    assert first.any()
    assert second.any()
    assert len(set(zip(found.starts, found.sizes, strict=True))) == 200


def test_reads_are_the_ends_of_fragments_on_both_strands() -> None:
    template = random_bases(5_000, 3)
    n = 2_000
    starts = np.arange(n) + 100
    fragments = Fragments(template=template, starts=starts, sizes=np.full(n, 250))
    (one, _), (two, _) = read_pairs(fragments, LENGTH, np.random.default_rng(4))
    ahead = template[starts[:, None] + np.arange(LENGTH)]
    back = complement(template)[(5_000 - starts - 250)[:, None] + np.arange(LENGTH)]
    as_is = (one == ahead).mean(axis=1) > 0.5
    assert 0.4 < as_is.mean() < 0.6
    for read, turned in ((one, back), (two, ahead)):
        assert ((read == turned).mean(axis=1) > 0.5)[~as_is].mean() > 0.99
    # Without the few reads with an indel: errors rise from 0.1 to 1 % along the read.
    whole = as_is & ((one == ahead).mean(axis=1) > 0.9)
    wrong = (one != ahead)[whole]
    assert 0.004 < wrong.mean() < 0.007
    assert wrong[:, -30:].mean() > 2 * wrong[:, :30].mean()
    assert 0 < (one == ord("N")).mean() < 0.0005


def test_a_read_beyond_its_fragment_is_the_adapter() -> None:
    fragments = Fragments(
        template=random_bases(500, 5), starts=np.full(50, 100), sizes=np.full(50, 60)
    )
    (one, _), (two, _) = read_pairs(fragments, LENGTH, np.random.default_rng(6))
    for reads in (one, two):
        behind = Counter(read[60:73].tobytes() for read in reads)
        assert behind.most_common(1)[0] == (b"AGATCGGAAGAGC", pytest.approx(47, abs=3))


def test_files_hold_all_pairs_in_their_order(sample: Sample, files: tuple) -> None:
    (ones, twos), owners = files
    assert len(ones) == len(twos) == 4 * sample.n_pairs
    names = [line.split()[0] for line in ones[::4]]
    assert names == [f"@{name}" for name in read_names(0, sample.n_pairs)]
    assert names == [line.split()[0] for line in twos[::4]]
    assert all(len(line) == LENGTH for line in (*ones[1::4], *ones[3::4], *twos[1::4]))
    for number in (1, 50, len(sample.groups) - 1):
        at = 4 * sample.groups[number].first + 1
        assert owners[ones[at].encode(), twos[at].encode()] == number


def test_the_same_seed_writes_the_same_bytes(sample: Sample, tmp_path: Path) -> None:
    written = []
    for seed in (4, 4, 5):
        paths = tmp_path / f"{len(written)}_1.gz", tmp_path / f"{len(written)}_2.gz"
        made = make_sample(sample.genome, BACKGROUND, seed=seed, length=LENGTH)
        made.write(paths)
        written.append([gzip.decompress(path.read_bytes()) for path in paths])
    assert written[0] == written[1] != written[2]


def test_events_are_those_that_are_stated(sample: Sample) -> None:
    ends = {exon.end_grch38: exon.mane for exon in kmt2a_exons()}
    events = {group.event.name: group.event for group in sample.groups if group.event}
    kinds = Counter(event.kind for event in events.values())
    assert kinds == {
        EventClass.CANONICAL: 47, EventClass.BCR2: 3, EventClass.RECIPROCAL: 4, EventClass.PTD: 3,
        EventClass.WITHIN_EXON: 4, EventClass.CRYPTIC_INSERT: 3, EventClass.INTRONIC: 3,
        EventClass.ANTISENSE: 2, EventClass.UNLISTED: 3,
    }  # fmt: skip
    for event in events.values():
        if event.kind is EventClass.CANONICAL:
            assert ends[event.breakpoint_5prime.position] == event.exon_5prime
            partner = sample.genome.genes[event.gene_3prime]
            exon = partner.exons[event.exon_3prime - 1]
            start = exon.start if partner.strand == "+" else exon.end
            assert event.breakpoint_3prime.position == start
            joined = event.left[-20:].tobytes(), event.right[:20].tobytes()
            assert joined[0] in sample.genome.kmt2a.transcript.tobytes()
            assert joined[1] in partner.transcript.tobytes()
    insert = events["cryptic_insert-01"]
    assert insert.inserted.size == 45
    assert insert.inserted.tobytes() in sample.genome.kmt2a.unspliced.tobytes()
    antisense = events["antisense-01"]
    partner = sample.genome.genes[antisense.gene_3prime]
    assert complement(antisense.right).tobytes() in partner.unspliced.tobytes()
    assert antisense.breakpoint_3prime.strand != partner.strand


def test_each_event_has_its_pairs_at_each_support(sample: Sample) -> None:
    supports = Counter(group.n for group in sample.groups if group.event)
    n_events = len({group.event.name for group in sample.groups if group.event})
    assert supports == dict.fromkeys(SUPPORTS, n_events)
    for group in sample.groups:
        if group.event is None:
            continue
        join, made = group.event.left.size, group.fragments
        behind = join + group.event.inserted.size + ANCHOR
        ends = made.starts + made.sizes
        read = np.minimum(made.sizes, LENGTH)
        first = (made.starts <= join - ANCHOR) & (made.starts + read >= behind)
        second = (ends - read <= join - ANCHOR) & (ends >= behind)
        assert (first | second).all()


def test_artefacts_come_in_number_and_copies_are_copies(sample: Sample) -> None:
    counts: Counter[Artefact] = Counter()
    for group in sample.groups:
        if group.artefact is not None:
            counts[group.artefact] += group.n
            if group.artefact is Artefact.COPIES:
                made = group.fragments
                n_places = len(set(zip(made.starts, made.sizes, strict=True)))
                assert group.n == 10 * n_places
                assert n_places <= 2
    assert set(counts) == set(Artefact)
    assert min(counts.values()) >= 40


def test_no_two_events_of_a_batch_share_a_gene_or_an_exon(sample: Sample) -> None:
    made = batches(sample)
    numbers = [number for batch in made for number in batch.events]
    assert sorted(numbers) == [n for n, group in enumerate(sample.groups) if group.event]
    for batch in made:
        taken = [
            (gene, exon if gene == KMT2A else None)
            for event in batch.events.values()
            for gene, exon in {
                (event.gene_5prime, event.exon_5prime),
                (event.gene_3prime, event.exon_3prime),
            }
        ]
        assert len(taken) == len(set(taken))


def test_the_truth_names_every_read(sample: Sample, tmp_path: Path) -> None:
    sample.write_truth(tmp_path / "truth.tsv")
    with (tmp_path / "truth.tsv").open(encoding="ascii") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    names = [name for row in rows for name in row["reads"].split(";")]
    assert names == read_names(BACKGROUND, sample.n_pairs - BACKGROUND)
    assert all(len(row["reads"].split(";")) == int(row["n_pairs"]) for row in rows)
    first = next(row for row in rows if row["event"])
    assert (first["gene_5prime"], first["exon_5prime"], first["breakpoint_5prime"]) == (
        "KMT2A",
        "8",
        "chr11:118482495:+",
    )
    assert (first["gene_3prime"], first["exon_3prime"]) == ("AFF1", "4")
