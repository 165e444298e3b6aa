"""Fused transcripts as FASTA: each record can be told from every other."""

from __future__ import annotations

from fusion_caller.fused_fasta import fasta_lines
from fusion_caller.fused_transcript import FusedTranscript, StopSite
from fusion_caller.phase import FramePrediction, Join
from fusion_caller.records import Breakpoint, Frame, FusionKind, Kmt2aFusion, SampleFusions

FUSED = FusedTranscript(
    cdna="ATGGCC",
    junction=3,
    cds_start=1,
    peptide="MA",
    stop=None,
    stop_site=StopSite.NONE,
    exit_aa=1,
    added_aa=0,
    partner_aa=1,
    prediction=FramePrediction(join=Join.IN_FRAME),
    frame=Frame.IN_FRAME,
)


def event(
    five: int, three: int, *, fusion: str = "KMT2A::KMT2A", kind: FusionKind = FusionKind.PTD
) -> Kmt2aFusion:
    return Kmt2aFusion(
        patient="P1",
        sample="S1",
        kind=kind,
        partner="",
        fusion=fusion,
        reads=(),
        reported_partners=(),
        breakpoint_5prime=Breakpoint("chr11", five, "+"),
        breakpoint_3prime=Breakpoint("chr11", three, "+"),
        vicc_exons="KMT2A(e.8)::KMT2A(e.2)",
        fused=FUSED,
        n_calls=1,
        file="f",
        line=2,
    )


def sample(*events: Kmt2aFusion, name: str = "S1", patient: str = "P1") -> SampleFusions:
    return SampleFusions(patient=patient, sample=name, callers_run=(), events=events)


def identifiers(*samples: SampleFusions) -> list[str]:
    lines = "".join(fasta_lines(samples, "transcript")).splitlines()
    return [line.split()[0] for line in lines if line.startswith(">")]


def test_two_events_of_one_name_in_a_sample_are_told_apart() -> None:
    duplication = event(118482495, 118468775)
    deletion = event(118436944, 118484183, kind=FusionKind.INTRAGENIC)
    assert identifiers(sample(duplication, deletion)) == [
        ">S1|KMT2A::KMT2A|chr11:118482495:+|chr11:118468775:+",
        ">S1|KMT2A::KMT2A|chr11:118436944:+|chr11:118484183:+",
    ]


def test_an_event_keeps_its_identifier_whatever_else_is_found() -> None:
    one, other = event(118482495, 118468775), event(118436944, 118484183)
    assert identifiers(sample(other, one))[1] == identifiers(sample(one))[0]


def test_samples_of_like_names_are_told_apart() -> None:
    one = event(118482495, 118468775, fusion="KMT2A::A B")
    found = identifiers(
        sample(one, name="S 1"),
        sample(one, name="S_1"),
        sample(one, name="S2", patient="P2"),
        sample(one, name="S2", patient="P3"),
    )
    assert [identifier.split("|")[:2] for identifier in found] == [
        [">S%201", "KMT2A::A%20B"],
        [">S_1", "KMT2A::A%20B"],
        [">P2:S2", "KMT2A::A%20B"],
        [">P3:S2", "KMT2A::A%20B"],
    ]


def test_a_record_in_full() -> None:
    one = event(118482495, 118468775)
    assert "".join(fasta_lines([sample(one)], "peptide")) == (
        ">S1|KMT2A::KMT2A|chr11:118482495:+|chr11:118468775:+ "
        "KMT2A(e.8)::KMT2A(e.2) frame_unknown junction=1 stop=none\nMA\n"
    )
