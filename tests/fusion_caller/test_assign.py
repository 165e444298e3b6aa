"""From calls to KMT2A events: kinds, joining, support, reciprocals, flags."""

from __future__ import annotations

import pytest

from fusion_caller.assign import assign
from fusion_caller.knowledge import KMT2A_TRANSCRIPT, partner_exons
from fusion_caller.readers import CallerFile
from fusion_caller.records import (
    Breakpoint,
    Flag,
    Frame,
    FusionCall,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
    Source,
)

# GRCh38 edges on KMT2A: ends of e8, e9 and e10, starts of e2 and e9.
E7_END, E8_END, E9_END = "chr11:118482092:+", "chr11:118482495:+", "chr11:118484314:+"
E2_START, E9_START = "chr11:118468775:+", "chr11:118484183:+"


def call(five: str, three: str, **fields: object) -> FusionCall:
    """A call whose breakpoints may be given as text."""
    values: dict[str, object] = {
        "patient": "P1",
        "sample": "S1",
        "source": Source.STAR_FUSION,
        "gene_5prime": five,
        "gene_3prime": three,
        "reported_5prime": five,
        "reported_3prime": three,
        "split_reads": 10,
        "spanning_fragments": 5,
        "file": "f",
        "line": 2,
    }
    for name, value in fields.items():
        text = name.startswith("breakpoint") and isinstance(value, str)
        values[name] = Breakpoint.from_string(str(value)) if text else value
    return FusionCall(**values)  # type: ignore[arg-type]


def caller_file(*calls: FusionCall, source: Source = Source.STAR_FUSION) -> CallerFile:
    return CallerFile(
        file="f",
        patient="P1",
        sample="S1",
        source=source,
        variant="",
        n_rows=len(calls),
        calls=calls,
        set_aside=(),
    )


def events(*calls: FusionCall) -> tuple[Kmt2aFusion, ...]:
    (sample,) = assign([caller_file(*calls)])
    return sample.events


def only(*calls: FusionCall) -> Kmt2aFusion:
    (event,) = events(*calls)
    return event


def summary(*calls: FusionCall) -> list[tuple[FusionKind, str]]:
    return [(event.kind, event.fusion) for event in events(*calls)]


@pytest.mark.parametrize(
    ("five", "three", "kind", "partner", "flags"),
    [
        ("KMT2A", "AFF1", FusionKind.FUSION, "AFF1", ()),
        ("AFF1", "KMT2A", FusionKind.RECIPROCAL, "AFF1", (Flag.RECIPROCAL_ONLY,)),
        ("KMT2A", "NEW1", FusionKind.FUSION, "NEW1", (Flag.PARTNER_NOT_KNOWN,)),
        ("KMT2A", "CD3G", FusionKind.READ_THROUGH, "CD3G", (Flag.READ_THROUGH,)),
        ("UBE4A", "KMT2A", FusionKind.READ_THROUGH, "UBE4A", (Flag.READ_THROUGH,)),
        ("KMT2A", "KMT2A", FusionKind.INTRAGENIC, "KMT2A", ()),
    ],
)
def test_kinds(
    five: str, three: str, kind: FusionKind, partner: str, flags: tuple[Flag, ...]
) -> None:
    event = only(call(five, three))
    assert (event.kind, event.partner, event.fusion) == (kind, partner, f"{five}::{three}")
    assert event.flags == flags


def test_calls_without_kmt2a_make_no_event_but_the_sample_stays() -> None:
    assert assign([caller_file(call("BCR", "ABL1"))]) == (
        SampleFusions(
            patient="P1", sample="S1", callers_run=(Source.STAR_FUSION,), events=(), file="f"
        ),
    )


def test_a_fusion_in_full() -> None:
    exon = partner_exons()["AFF1"][4]
    event = only(
        call(
            "KMT2A",
            "AFF1",
            breakpoint_5prime=E8_END,
            breakpoint_3prime=f"{exon.contig}:{exon.start}:+",
            caller_reading_frame=Frame.IN_FRAME,
            reported_3prime="AF4",
            file="a.tsv",
            line=7,
        )
    )
    assert (event.kmt2a_exon, event.kmt2a_transcript, event.region) == (
        "e8",
        KMT2A_TRANSCRIPT,
        "bcr1",
    )
    assert (event.partner_exon, event.partner_transcript) == ("e5", exon.transcript)
    assert (event.build, event.reading_frame) == ("GRCh38", Frame.IN_FRAME)
    assert str(event.breakpoint_5prime) == E8_END
    assert event.reported_partners == ("AF4",)
    assert (event.n_calls, event.file, event.line) == (1, "a.tsv", 7)
    assert [str(reads) for reads in event.reads] == ["star-fusion:10+5"]


def test_on_grch37_the_exon_of_kmt2a_is_known_and_that_of_the_partner_is_not_guessed() -> None:
    exon = partner_exons()["AFF1"][4]
    event = only(
        call(
            "KMT2A",
            "AFF1",
            breakpoint_5prime="chr11:118353210:+",
            breakpoint_3prime=f"{exon.contig}:{exon.start}:+",
        )
    )
    assert (event.kmt2a_exon, event.build, event.region) == ("e8", "GRCh37", "bcr1")
    assert (event.partner_exon, event.partner_transcript) == ("", "")


def test_a_reciprocal_s_exons_are_on_the_other_sides() -> None:
    exon = partner_exons()["MLLT3"][4]
    event = only(
        call(
            "MLLT3",
            "KMT2A",
            breakpoint_5prime=f"{exon.contig}:{exon.start}:-",
            breakpoint_3prime=E9_START,
        )
    )
    assert (event.kmt2a_exon, event.region) == ("e9", "bcr1")
    assert (event.partner_exon, event.partner_transcript) == ("e5", exon.transcript)


def test_a_breakpoint_off_the_gene_leaves_the_place_open() -> None:
    event = only(call("KMT2A", "AFF1", breakpoint_5prime="chr11:5:+"))
    assert (event.kind, event.partner) == (FusionKind.FUSION, "AFF1")
    assert (event.kmt2a_exon, event.kmt2a_transcript, event.region, event.build) == ("",) * 4


def test_callers_are_joined_and_their_reads_never_summed() -> None:
    event = only(
        call("KMT2A", "AFF1", split_reads=4, spanning_fragments=9, breakpoint_5prime=E7_END),
        call("KMT2A", "AFF1", split_reads=2, line=3),
        call(
            "KMT2A",
            "AFF1",
            source=Source.ARRIBA,
            split_reads=6,
            spanning_fragments=1,
            breakpoint_5prime=E8_END,
            line=5,
        ),
        call("KMT2A", "AFF1", source=Source.FUSIONCATCHER, split_reads=None, line=9),
    )
    assert [str(reads) for reads in event.reads] == [
        "arriba:6+1",
        "star-fusion:4+9",
        "fusioncatcher:?",
    ]
    assert event.split_reads == 6
    assert (event.n_calls, event.line, event.kmt2a_exon) == (4, 5, "e8")
    assert event.callers == (Source.ARRIBA, Source.FUSIONCATCHER, Source.STAR_FUSION)


def test_the_lead_call_does_not_depend_on_the_order_of_the_rows() -> None:
    calls = [
        call("KMT2A", "AFF1", split_reads=5, spanning_fragments=1, line=2),
        call("KMT2A", "AFF1", split_reads=5, spanning_fragments=3, line=3),
        call("KMT2A", "AFF1", split_reads=5, spanning_fragments=3, line=4),
        call("KMT2A", "AFF1", source=Source.ARRIBA, split_reads=5, spanning_fragments=3, line=9),
        call("KMT2A", "AFF1", split_reads=None, spanning_fragments=99, line=1),
    ]
    # Split reads, then spanning fragments, then the caller's name, the file and the line.
    assert only(*calls).line == only(*reversed(calls)).line == 9
    assert only(*calls) == only(*reversed(calls))
    assert only(*calls[:3]).line == 3


def test_the_frame_is_that_of_the_best_caller_that_judges_it() -> None:
    event = only(
        call("KMT2A", "AFF1", split_reads=9),
        call("KMT2A", "AFF1", split_reads=8, caller_reading_frame=Frame.OUT_OF_FRAME),
        call("KMT2A", "AFF1", split_reads=7, caller_reading_frame=Frame.IN_FRAME),
    )
    assert event.reading_frame is Frame.OUT_OF_FRAME


def test_samples_are_kept_apart_and_in_order() -> None:
    calls = [
        call("KMT2A", "AFF1", patient="P2", sample="S3"),
        call("KMT2A", "MLLT3", sample="S2"),
        call("KMT2A", "ELL"),
    ]
    samples = assign([caller_file(*calls)])
    assert [(s.patient, s.sample, [e.partner for e in s.events]) for s in samples] == [
        ("P1", "S1", ["ELL"]),
        ("P1", "S2", ["MLLT3"]),
        ("P2", "S3", ["AFF1"]),
    ]


def test_a_caller_that_ran_and_found_nothing_is_listed() -> None:
    files = [caller_file(call("KMT2A", "AFF1")), caller_file(source=Source.ARRIBA)]
    (sample,) = assign(files)
    assert sample.callers_run == (Source.ARRIBA, Source.STAR_FUSION)
    assert sample.events[0].callers == (Source.STAR_FUSION,)
    assert assign([]) == ()


@pytest.mark.parametrize("order", [1, -1])
def test_paralogues_are_one_partner(order: int) -> None:
    calls = [
        call("KMT2A", "CT45A2", split_reads=9),
        call("KMT2A", "CT45A1", split_reads=4, source=Source.ARRIBA),
        call("KMT2A", "CT45A5", split_reads=2, source=Source.FUSIONCATCHER),
    ][::order]
    event = only(*calls)
    assert (event.partner, event.fusion) == ("CT45A1", "KMT2A::CT45A1")
    assert event.reported_partners == ("CT45A1", "CT45A2", "CT45A5")
    assert event.flags == (Flag.PARALOGUE,)
    assert [str(reads.source) for reads in event.reads] == [
        "star-fusion",
        "arriba",
        "fusioncatcher",
    ]


def test_a_paralogue_of_its_reciprocal_is_the_same_partner() -> None:
    fusion, reciprocal = events(call("KMT2A", "CT45A2"), call("CT45A1", "KMT2A"))
    assert (fusion.reciprocal, fusion.flags) == ("CT45A1::KMT2A", (Flag.PARALOGUE,))
    assert (reciprocal.kind, reciprocal.partner) == (FusionKind.RECIPROCAL, "CT45A1")


@pytest.mark.parametrize(
    ("five", "three", "kind"),
    [
        (E8_END, E2_START, FusionKind.PTD),
        (E9_END, E2_START, FusionKind.PTD),
        ("chr11:118353210:+", "chr11:118339490:+", FusionKind.PTD),  # e8::e2 on GRCh37
        ("chr11:118488760:+", "chr11:118471662:+", FusionKind.PTD),  # e11::e3
        (E8_END, E9_START, FusionKind.INTRAGENIC),  # plain splicing
        (E7_END, E2_START, FusionKind.INTRAGENIC),  # e7 is out of phase
        ("chr11:118489887:+", E2_START, FusionKind.INTRAGENIC),  # e12
        (E8_END, "chr11:118477967:+", FusionKind.INTRAGENIC),  # e5
        ("chr11:118436944:+", E9_START, FusionKind.INTRAGENIC),  # deletion e1::e9
    ],
)
@pytest.mark.parametrize("event_type", ["", "duplication", "deletion/read-through"])
def test_a_duplication_is_told_by_its_exons(
    five: str, three: str, kind: FusionKind, event_type: str
) -> None:
    # Coordinates decide; what the caller calls it does not.
    event = only(
        call(
            "KMT2A",
            "KMT2A",
            breakpoint_5prime=five,
            breakpoint_3prime=three,
            event_type=event_type,
            source=Source.ARRIBA,
        )
    )
    assert (event.kind, event.fusion) == (kind, "KMT2A::KMT2A")
    assert event.partner == ("PTD" if kind is FusionKind.PTD else "KMT2A")


def test_a_duplication_in_full() -> None:
    event = only(call("KMT2A", "KMT2A", breakpoint_5prime=E8_END, breakpoint_3prime=E2_START))
    assert (event.kmt2a_exon, event.partner_exon) == ("e8", "e2")
    assert event.kmt2a_transcript == event.partner_transcript == KMT2A_TRANSCRIPT
    assert (event.region, event.build, event.flags) == ("bcr1", "GRCh38", ())


@pytest.mark.parametrize(
    ("event_type", "kind"),
    [
        ("duplication", FusionKind.PTD),
        ("duplication/ITD", FusionKind.PTD),
        ("deletion/read-through", FusionKind.INTRAGENIC),
        ("inversion", FusionKind.INTRAGENIC),
        ("", FusionKind.INTRAGENIC),
    ],
)
def test_without_coordinates_the_caller_s_word_counts(event_type: str, kind: FusionKind) -> None:
    assert only(call("KMT2A", "KMT2A", event_type=event_type)).kind is kind


@pytest.mark.parametrize(
    ("reads", "low"),
    [([2], True), ([3], False), ([0], True), ([None], False), ([None, 2], True), ([1, 3], False)],
)
def test_low_support(reads: list[int | None], low: bool) -> None:
    flags = only(*(call("KMT2A", "AFF1", split_reads=count) for count in reads)).flags
    assert flags == ((Flag.LOW_SUPPORT,) if low else ())


def test_nothing_is_filtered() -> None:
    calls = [
        call(five, three, split_reads=0, spanning_fragments=0)
        for five, three in [
            *(("KMT2A", "AFF1"), ("AFF1", "KMT2A"), ("KMT2A", "CD3G"), ("KMT2A", "KMT2A")),
            *(("KMT2A", "NEW1"), ("NEW2", "KMT2A")),
        ]
    ]
    assert sum(event.n_calls for event in events(*calls)) == len(calls)


def test_a_reciprocal_is_joined_to_its_fusion() -> None:
    fusion, reciprocal = events(call("AFF1", "KMT2A", split_reads=99), call("KMT2A", "AFF1"))
    assert (fusion.kind, fusion.reciprocal, fusion.flags) == (
        FusionKind.FUSION,
        "AFF1::KMT2A",
        (),
    )
    assert (reciprocal.kind, reciprocal.flags) == (FusionKind.RECIPROCAL, ())
    assert reciprocal.split_reads == 99


def test_a_reciprocal_of_another_gene_makes_a_complex_rearrangement() -> None:
    fusion, other = events(call("KMT2A", "MLLT3"), call("SNAPC3", "KMT2A"))
    assert (fusion.reciprocal, fusion.flags) == ("SNAPC3::KMT2A", (Flag.COMPLEX,))
    assert (other.kind, other.fusion) == (FusionKind.COMPLEX_RECIPROCAL, "SNAPC3::KMT2A")
    assert other.flags == (Flag.COMPLEX,)


def test_the_fusion_s_own_reciprocal_comes_before_another_gene_s() -> None:
    fusion, own, other = events(call("KMT2A", "AFF1"), call("AFF1", "KMT2A"), call("NEW1", "KMT2A"))
    assert (fusion.reciprocal, fusion.flags) == ("AFF1::KMT2A", ())
    assert own.kind is FusionKind.RECIPROCAL
    assert (other.kind, other.flags) == (FusionKind.COMPLEX_RECIPROCAL, (Flag.COMPLEX,))


def test_the_reciprocal_of_one_fusion_says_nothing_of_another() -> None:
    first, second, _ = events(
        call("KMT2A", "AFF1", split_reads=20), call("KMT2A", "MLLT3"), call("AFF1", "KMT2A")
    )
    assert (first.partner, first.reciprocal, first.flags) == ("AFF1", "AFF1::KMT2A", ())
    assert (second.partner, second.reciprocal, second.flags) == ("MLLT3", "", ())


def test_two_other_reciprocals_are_both_named_in_alphabetical_order() -> None:
    fusion, *others = events(
        call("KMT2A", "AFF1"), call("ZNF2", "KMT2A"), call("ABC1", "KMT2A", split_reads=3)
    )
    assert fusion.reciprocal == "ABC1::KMT2A;ZNF2::KMT2A"
    assert [event.fusion for event in others] == ["ZNF2::KMT2A", "ABC1::KMT2A"]


def test_read_through_and_duplication_are_no_partner_for_a_reciprocal() -> None:
    calls = [call("KMT2A", "CD3G"), call("KMT2A", "KMT2A"), call("AFF1", "KMT2A")]
    reciprocal = events(*calls)[0]
    assert reciprocal.kind is FusionKind.RECIPROCAL
    assert reciprocal.flags == (Flag.RECIPROCAL_ONLY,)
    assert all(event.reciprocal == "" for event in events(*calls))


def test_events_are_ordered_by_kind_then_support_then_name() -> None:
    assert summary(
        call("KMT2A", "CD3G", split_reads=50),
        call("KMT2A", "KMT2A", breakpoint_5prime=E8_END, breakpoint_3prime=E2_START),
        call("AFF1", "KMT2A", split_reads=40),
        call("KMT2A", "MLLT3", split_reads=3),
        call("KMT2A", "ELL", split_reads=3),
        call("KMT2A", "AFF1", split_reads=9),
        call("KMT2A", "KMT2A", breakpoint_5prime=E8_END, breakpoint_3prime=E9_START),
    ) == [
        (FusionKind.FUSION, "KMT2A::AFF1"),
        (FusionKind.FUSION, "KMT2A::ELL"),
        (FusionKind.FUSION, "KMT2A::MLLT3"),
        (FusionKind.RECIPROCAL, "AFF1::KMT2A"),
        (FusionKind.PTD, "KMT2A::KMT2A"),
        (FusionKind.READ_THROUGH, "KMT2A::CD3G"),
        (FusionKind.INTRAGENIC, "KMT2A::KMT2A"),
    ]
