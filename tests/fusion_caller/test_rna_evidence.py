"""What RNA-seq says as an assay, where the evidence is thin or of another kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fusion_caller.records import (
    CallerReads,
    Finding,
    Flag,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
    Source,
    Verdict,
)
from fusion_caller.rna_evidence import read_rna


def event(
    kind: FusionKind = FusionKind.FUSION, partner: str = "AFF1", **fields: object
) -> Kmt2aFusion:
    reads = CallerReads(source=Source.CHIMERIC_JUNCTION, split_reads=10, spanning_fragments=4)
    base = Kmt2aFusion(
        patient="P1",
        sample="S1",
        kind=kind,
        partner=partner,
        fusion=f"KMT2A::{partner}",
        reads=(reads,),
        reported_partners=(partner,),
        n_calls=1,
        file="f",
        line=2,
    )
    return replace(base, **fields)  # type: ignore[arg-type]


def verdict(*events: Kmt2aFusion) -> tuple[Verdict, Finding]:
    sample = SampleFusions(
        patient="P1", sample="S1", callers_run=(Source.CHIMERIC_JUNCTION,), events=events
    )
    reading = read_rna(sample)
    return reading.verdict, reading.finding


ALIGNER = (Flag.ALIGNER_ONLY,)
NO_READ = (CallerReads(source=Source.CHIMERIC_JUNCTION, split_reads=0, spanning_fragments=9),)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (event(), (Verdict.POSITIVE, Finding.FUSION)),
        (event(flags=ALIGNER), (Verdict.POSITIVE, Finding.FUSION)),
        (event(flags=(Flag.LOW_SUPPORT,)), (Verdict.POSITIVE, Finding.FUSION)),
        (event(flags=(Flag.LOW_SUPPORT, *ALIGNER)), (Verdict.INCONCLUSIVE, Finding.FUSION)),
        (event(flags=ALIGNER, reads=NO_READ), (Verdict.INCONCLUSIVE, Finding.FUSION)),
        (event(flags=(Flag.DISCARDED,)), (Verdict.INCONCLUSIVE, Finding.FUSION)),
        (event(FusionKind.PTD, "PTD"), (Verdict.POSITIVE, Finding.PTD)),
        (event(FusionKind.PTD, "PTD", flags=ALIGNER), (Verdict.INCONCLUSIVE, Finding.PTD)),
    ],
)
def test_what_noise_makes_too_is_no_evidence_by_itself(
    seen: Kmt2aFusion, expected: tuple[Verdict, Finding]
) -> None:
    assert verdict(seen) == expected


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((Flag.READ_THROUGH,), Verdict.NEGATIVE),
        ((Flag.NEIGHBOUR, Flag.KNOWN_ARTEFACT), Verdict.NEGATIVE),
        ((Flag.NEIGHBOUR,), Verdict.INCONCLUSIVE),
    ],
)
def test_a_neighbour_that_read_through_cannot_reach_is_left_open(
    flags: tuple[Flag, ...], expected: Verdict
) -> None:
    seen = event(FusionKind.READ_THROUGH, "MPZL2", flags=flags)
    assert verdict(seen) == (expected, Finding.READ_THROUGH)


def test_a_well_supported_fusion_answers_before_a_doubtful_one() -> None:
    doubtful = event(partner="MLLT3", flags=(Flag.DISCARDED,))
    assert verdict(doubtful, event()) == (Verdict.POSITIVE, Finding.FUSION)
