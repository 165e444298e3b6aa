"""The scorer on calls made by hand, and `kmt2a detect` and STAR on a simulated sample."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from simulation.artefacts import Artefact
from simulation.asked import ASKED
from simulation.detecting import score_detect
from simulation.events import Event, EventClass, simulated_events
from simulation.genome import Genome, make_genome
from simulation.sample import make_sample
from simulation.scoring import has_pair, is_exact, outcome_of, score
from simulation.star import score_star

from fusion_caller.reads.genome_index import open_index
from fusion_caller.reads.index import read_index
from fusion_caller.records import NO_GENE, Breakpoint, FusionCall, Source
from workflows.commands.index import run_index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ALIGNERS = pytest.mark.xdist_group("aligners")


@pytest.fixture(scope="module")
def genome() -> Genome:
    return make_genome(4, small=True)


@pytest.fixture(scope="module")
def event(genome: Genome) -> Event:
    return next(e for e in simulated_events(genome) if e.label == "KMT2A e8::AFF1 e4")


def call_of(event: Event, **changed: object) -> FusionCall:
    """The call that an event should become."""
    left, right = (b.tobytes().decode() for b in (event.left[-40:], event.right[:40]))
    call = FusionCall(
        patient="P",
        sample="S",
        source=Source.FASTQ,
        gene_5prime=event.gene_5prime,
        gene_3prime=event.gene_3prime,
        reported_5prime="",
        reported_3prime="",
        breakpoint_5prime=event.breakpoint_5prime,
        breakpoint_3prime=event.breakpoint_3prime,
        extras={"join": f"{left}|{right}"},
        file="f",
        line=1,
    )
    return replace(call, **changed)


def judged(call: FusionCall, event: Event, genome: Genome) -> tuple[bool, bool]:
    return has_pair(call, event, genome), is_exact(call, event)


def moved(place: Breakpoint, by: int) -> Breakpoint:
    return Breakpoint(place.contig, place.position + by, place.strand)


def test_a_right_call_is_right(event: Event, genome: Genome) -> None:
    assert judged(call_of(event), event, genome) == (True, True)


def test_a_call_a_base_off_is_not_exact(event: Event, genome: Genome) -> None:
    call = call_of(event, breakpoint_3prime=moved(event.breakpoint_3prime, 1))
    assert judged(call, event, genome) == (True, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"gene_3prime": "MLLT3"},
        {"gene_5prime": "AFF1", "gene_3prime": "KMT2A"},
    ],
)
def test_another_pair_or_the_reverse_is_wrong(
    wrong: dict[str, str], event: Event, genome: Genome
) -> None:
    assert not has_pair(call_of(event, **wrong), event, genome)


def test_a_call_without_names_is_right_by_its_places(event: Event, genome: Genome) -> None:
    unnamed = {"gene_5prime": NO_GENE, "gene_3prime": NO_GENE, "extras": {}}
    assert judged(call_of(event, **unnamed), event, genome) == (True, True)
    elsewhere = {"breakpoint_3prime": Breakpoint("chr4", 80_000_000, "+")}
    assert not has_pair(call_of(event, **unnamed, **elsewhere), event, genome)


def test_an_unknown_partner_is_right_by_its_sequence(event: Event, genome: Genome) -> None:
    unknown = call_of(event, gene_3prime=NO_GENE, breakpoint_3prime=None)
    assert judged(unknown, event, genome) == (True, True)
    left, right = unknown.extras["join"].split("|")
    later = replace(unknown, extras={"join": f"{left}|{right[3:]}"})
    assert not has_pair(later, event, genome)
    other = replace(unknown, extras={"join": f"{left}|{right[::-1]}"})
    assert not has_pair(other, event, genome)


def test_a_break_within_an_exon_may_lie_some_bases_off(genome: Genome) -> None:
    within = next(e for e in simulated_events(genome) if e.kind is EventClass.WITHIN_EXON)
    near = {"breakpoint_5prime": moved(within.breakpoint_5prime, 4)}
    assert judged(call_of(within, **near), within, genome) == (True, True)
    far = {"breakpoint_5prime": moved(within.breakpoint_5prime, 40)}
    assert judged(call_of(within, **far), within, genome) == (True, False)


def test_of_two_right_calls_the_exact_one_counts(event: Event, genome: Genome) -> None:
    off = call_of(event, breakpoint_3prime=moved(event.breakpoint_3prime, 1))
    found = outcome_of(event, 3, [off, call_of(event, caller_confidence="high")], genome)
    assert (found.right_pair, found.exact, found.named, found.confidence) == (
        *(True, True, True),
        "high",
    )
    missed = outcome_of(event, 3, [], genome)
    assert (missed.right_pair, missed.exact, missed.named) == (False, False, False)


def test_a_perfect_caller_gets_all_that_is_asked_and_a_silent_one_nothing(genome: Genome) -> None:
    sample = make_sample(genome, 500, seed=4)

    def perfect(groups: Sequence[int]) -> tuple[FusionCall, ...]:
        events = (sample.groups[number].event for number in groups)
        return tuple(call_of(event) for event in events if event is not None)

    best = score(sample, perfect)
    assert best.n_false == 0
    assert all(asked.is_met(best.outcomes) for asked in ASKED)
    assert all(one.right_pair and one.exact and one.named for one in best.outcomes)
    assert not any(line.startswith("NOT MET") for line in best.lines())
    silent = score(sample, lambda _: ())
    assert not any(asked.is_met(silent.outcomes) for asked in ASKED)
    assert set(silent.as_json()["asked"].values()) == {False}


def test_false_calls_are_listed_by_their_cause_once(genome: Genome) -> None:
    sample = make_sample(genome, 500, seed=4)
    slips = {n for n, g in enumerate(sample.groups) if g.artefact is Artefact.SLIP}
    some = call_of(simulated_events(genome)[0], gene_3prime="FLNA", caller_confidence="low")

    def called(groups: Sequence[int]) -> tuple[FusionCall, ...]:
        return (some,) if slips <= set(groups) else ()

    found = score(sample, called)
    assert {cause: len(calls) for cause, calls in found.false_calls.items() if calls} == {
        str(Artefact.SLIP): 1
    }
    assert any(line.startswith("  KMT2A::FLNA chr11:118482495:+") for line in found.lines())


@ALIGNERS
def test_an_own_index_finds_what_is_asked(aligned: Any, tmp_path: Path) -> None:
    run_index(aligned.genome, aligned.gtf, tmp_path / "own.index")
    found = score_detect(
        aligned.sample, aligned.reads, aligned.owners, open_index(tmp_path / "own.index")
    )
    assert [asked.text for asked in ASKED if not asked.is_met(found.outcomes)] == []
    # A change of template or a related gene can look like a fusion; nothing else may.
    causes = {cause for cause, calls in found.false_calls.items() if calls}
    assert causes <= {Artefact.TEMPLATE_SWITCH, Artefact.COPIES, Artefact.RELATED_GENES}
    assert found.n_false <= 3


@ALIGNERS
def test_the_packaged_index_finds_all_with_some_more_pairs(aligned: Any) -> None:
    found = score_detect(aligned.sample, aligned.reads, aligned.owners, read_index())
    at_ten = [one for one in found.outcomes if one.n_pairs >= 10]
    assert [one.event.label for one in at_ten if not (one.right_pair and one.exact)] == []
    named = {one.event.gene_3prime for one in at_ten if one.named}
    assert {"MLLT3", "MLLT10", "ELL", "KMT2A"} <= named


@ALIGNERS
def test_star_s_chimeric_junctions_are_read(aligned: Any) -> None:
    found = score_star(aligned.sample, aligned.junctions.parent)
    well_seen = [
        one
        for one in found.outcomes
        if one.n_pairs >= 3 and one.event.kind in (EventClass.CANONICAL, EventClass.BCR2)
    ]
    assert len(well_seen) == 2 * 50
    assert sum(one.right_pair for one in well_seen) >= 0.98 * len(well_seen)
    assert sum(one.exact for one in well_seen) >= 0.95 * len(well_seen)
    duplications = [o for o in found.outcomes if o.event.kind is EventClass.PTD]
    assert all(one.exact for one in duplications if one.n_pairs >= 3)


@ALIGNERS
def test_the_aligners_map_kmt2a_s_own_reads_where_it_lies(aligned: Any) -> None:
    import pysam

    gene = aligned.sample.genome.kmt2a
    names = {
        name
        for group in aligned.sample.groups
        if group.artefact is Artefact.PLAIN
        for name in (f"sim:{n:09}" for n in range(group.first, group.first + group.n))
    }
    for aligner, path in aligned.bams.items():
        with pysam.AlignmentFile(str(path)) as bam:
            there = {r.query_name for r in bam.fetch(gene.contig, gene.start - 1, gene.end)}
        assert len(names & there) > 0.97 * len(names), aligner
