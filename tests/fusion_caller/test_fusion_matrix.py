"""The table across samples: which fusion, in how many, with how many reads."""

from __future__ import annotations

import tracemalloc

import pytest

from fusion_caller.fusion_matrix import matrix_columns, matrix_rows, sample_names
from fusion_caller.records import CallerReads, FusionKind, Kmt2aFusion, SampleFusions, Source
from fusion_caller.tables import table_lines


def event(
    fusion: str = "KMT2A::AFF1",
    *counts: tuple[Source, int | None],
    kind: FusionKind = FusionKind.FUSION,
    partner: str = "AFF1",
) -> Kmt2aFusion:
    return Kmt2aFusion(
        patient="P",
        sample="S",
        kind=kind,
        partner=partner,
        fusion=fusion,
        reads=tuple(
            CallerReads(source=source, split_reads=split, spanning_fragments=None)
            for source, split in counts or ((Source.ARRIBA, 7),)
        ),
        reported_partners=(),
        n_calls=1,
        file="f",
        line=2,
    )


def sample(name: str, *events: Kmt2aFusion, patient: str = "P1") -> SampleFusions:
    return SampleFusions(patient=patient, sample=name, callers_run=(), events=events)


def lines(*samples: SampleFusions) -> list[str]:
    """The table as people get it."""
    table = table_lines(matrix_columns(samples), matrix_rows(samples), for_people=True)
    return [line.rstrip("\n") for line in table]


def test_the_table_in_full() -> None:
    ptd = event("KMT2A::KMT2A", kind=FusionKind.PTD, partner="PTD")
    assert lines(
        sample("S1", event("KMT2A::MLLT3", (Source.CICERO, 3), partner="MLLT3"), ptd),
        sample("S2", event("KMT2A::AFF1", (Source.ARRIBA, 12), (Source.CICERO, 4))),
        sample("S3"),
        sample("S4", event("KMT2A::AFF1", (Source.PIZZLY, None)), ptd),
        sample("S5", event("KMT2A::AFF1", (Source.ARRIBA, 0))),
        sample("S6", event("AFF1::KMT2A", kind=FusionKind.RECIPROCAL)),
    ) == [
        "fusion\tkind\tpartner\tsamples\tS1\tS2\tS3\tS4\tS5\tS6",
        "KMT2A::AFF1\tfusion\tAFF1\t3\t\t12\t\tyes\t0\t",
        "KMT2A::KMT2A\tptd\tPTD\t2\t7\t\t\t7\t\t",
        "AFF1::KMT2A\treciprocal\tAFF1\t1\t\t\t\t\t\t7",
        "KMT2A::MLLT3\tfusion\tMLLT3\t1\t3\t\t\t\t\t",
    ]


def test_without_events_there_is_a_head_only() -> None:
    assert lines(sample("S1"), sample("S2")) == ["fusion\tkind\tpartner\tsamples\tS1\tS2"]
    assert lines() == ["fusion\tkind\tpartner\tsamples"]


@pytest.mark.parametrize("name", ["fusion", "kind", "partner", "samples"])
def test_a_sample_may_be_called_like_a_column(name: str) -> None:
    head, row = lines(sample(name, event()), sample("S2"))
    assert head.split("\t")[4:] == [f"{name} (sample)", "S2"]
    assert row == "KMT2A::AFF1\tfusion\tAFF1\t1\t7\t"


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2+3", "@SUM(A1)"])
def test_a_sample_s_name_is_not_run_as_a_formula(name: str) -> None:
    head, row = lines(sample(name, event()))
    assert head.split("\t")[4:] == [f"'{name}"]
    assert row == "KMT2A::AFF1\tfusion\tAFF1\t1\t7"


def test_a_partner_s_name_is_not_run_as_a_formula() -> None:
    row = lines(sample("S1", event("=A1::KMT2A", partner="=A1")))[1]
    assert row.split("\t")[:3] == ["'=A1::KMT2A", "fusion", "'=A1"]


def test_a_yes_stands_for_reads_that_are_not_counted() -> None:
    # For people it is disarmed like a formula.
    (row,) = matrix_rows([sample("S1", event("KMT2A::AFF1", (Source.PIZZLY, None)))])
    assert row == {"fusion": "KMT2A::AFF1", "kind": "fusion", "partner": "AFF1"} | {
        "samples": 1,
        "S1": "yes",
    }


def test_samples_of_two_patients_that_are_called_the_same_are_two() -> None:
    samples = (sample("S1", event()), sample("S1", event(), patient="P2"), sample("S3"))
    assert sample_names(samples) == ("P1:S1", "P2:S1", "S3")
    assert lines(*samples) == [
        "fusion\tkind\tpartner\tsamples\tP1:S1\tP2:S1\tS3",
        "KMT2A::AFF1\tfusion\tAFF1\t2\t7\t7\t",
    ]


def test_of_two_events_of_one_name_the_first_and_best_supported_counts() -> None:
    unknown = (
        event("KMT2A::?", (Source.ARRIBA, 9), partner="?"),
        event("KMT2A::?", (Source.ARRIBA, 2), partner="?"),
    )
    assert lines(sample("S1", *unknown)) == [
        "fusion\tkind\tpartner\tsamples\tS1",
        "KMT2A::?\tfusion\t?\t1\t9",
    ]


def test_rows_of_many_samples_are_not_held() -> None:
    # 300 fusions that one sample each has: 300 rows of 3,000 cells.
    samples = [
        sample(f"S{n}", *([event(f"KMT2A::G{n}", partner=f"G{n}")] if n % 10 == 0 else []))
        for n in range(3000)
    ]
    tracemalloc.start()
    n_rows = sum(len(row) == 3004 for row in matrix_rows(samples))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_rows == 300
    assert peak < 2_000_000
