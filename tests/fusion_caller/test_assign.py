"""From calls to KMT2A events: kinds, joining, support, reciprocals, flags."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from fusion_caller.assign import assign
from fusion_caller.event_flags import is_weak
from fusion_caller.knowledge import KMT2A_TRANSCRIPT, partner_exons
from fusion_caller.placing import Genes, place_file
from fusion_caller.readers import CallerFile
from fusion_caller.records import (
    ORIENTATION_NOT_KNOWN,
    Breakpoint,
    Disposition,
    Flag,
    Frame,
    FrameBasis,
    FusionCall,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
    SetAside,
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
        (
            "KMT2A",
            "CD3G",
            FusionKind.READ_THROUGH,
            "CD3G",
            (Flag.NEIGHBOUR, Flag.KNOWN_ARTEFACT),
        ),
        (
            "UBE4A",
            "KMT2A",
            FusionKind.READ_THROUGH,
            "UBE4A",
            (Flag.READ_THROUGH, Flag.KNOWN_ARTEFACT),
        ),
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


# One sample with everything in it, from callers on two builds.

AFF1_E5, AFF1_E4_END, CD3G_E2 = "chr4:87084120:+", "chr4:87047594:+", "chr11:118349027:+"
E8_END_37, E9_START_37, E2_START_37 = (
    "chr11:118353210:+",
    "chr11:118354898:+",
    "chr11:118339490:+",
)
AFF1_E5_37, AFF1_E4_END_37 = "chr4:88005272:+", "chr4:87968746:+"
CT45A1_E2, CT45A2_E2, CT45A5_E2 = "chrX:135718935:+", "chrX:135816271:-", "chrX:135781735:-"


def junction(
    five: str, three: str, *places: str, split: int | None, **fields: object
) -> FusionCall:
    places = places or ("", "")
    return call(
        five,
        three,
        reported_5prime=five.strip("?"),
        reported_3prime=three.strip("?"),
        breakpoint_5prime=places[0] or None,
        breakpoint_3prime=places[1] or None,
        split_reads=split,
        **fields,
    )


def of_caller(source: Source, name: str, *calls: FusionCall) -> CallerFile:
    own = tuple(
        replace(one, source=source, file=name, line=line) for line, one in enumerate(calls, 2)
    )
    return replace(caller_file(*own, source=source), file=name)


STAR_38 = of_caller(
    Source.STAR_FUSION,
    "star.tsv",
    junction("KMT2A", "AFF1", E8_END, AFF1_E5, split=40, caller_reading_frame=Frame.IN_FRAME),
    junction("KMT2A", "AFF1", E7_END, AFF1_E5, split=6, caller_reading_frame=Frame.OUT_OF_FRAME),
    junction("AFF1", "KMT2A", AFF1_E4_END, E9_START, split=12),
    junction("KMT2A", "CD3G", E8_END, CD3G_E2, split=2),
    junction("KMT2A", "CT45A2", E8_END, CT45A2_E2, split=5),
    junction("BCR", "ABL1", "chr22:23290413:+", "chr9:130854064:+", split=90),
)
ARRIBA_37 = of_caller(
    Source.ARRIBA,
    "arriba.tsv",
    junction(
        "KMT2A", "AFF1", E8_END_37, AFF1_E5_37, split=55, caller_reading_frame=Frame.OUT_OF_FRAME
    ),
    junction("AFF1", "KMT2A", AFF1_E4_END_37, E9_START_37, split=3),
    junction("KMT2A", "KMT2A", E8_END_37, E2_START_37, split=4, event_type="duplication"),
    junction("KMT2A", "CT45A1", split=4),
)
# Nameless records, as of STAR's chimeric reads, some read backwards.
CHIMERIC_38 = of_caller(
    Source.CHIMERIC_JUNCTION,
    "Chimeric.out.junction",
    junction("?", "?", "chr4:87084120:-", "chr11:118482495:-", split=33),
    junction("?", "?", "chr11:118484183:-", "chr4:87047594:-", split=9),
    junction("?", "?", "chr11:118468775:-", "chr11:118482495:-", split=7),
    junction("?", "?", E8_END, CT45A5_E2, split=1),
)
PIZZLY = of_caller(
    Source.PIZZLY,
    "pizzly.tsv",
    junction("KMT2A", "AFF1", split=70, spanning_fragments=2),
    junction("KMT2A", "TTC36", split=1),
)
EVERYTHING = (STAR_38, ARRIBA_37, CHIMERIC_38, PIZZLY)


def placed(*files: CallerFile) -> SampleFusions:
    genes = Genes()
    (sample,) = assign([place_file(file, genes) for file in files], genes=genes)
    return sample


def test_everything_at_once() -> None:
    sample = placed(*EVERYTHING)
    assert sample.callers_run == (
        Source.ARRIBA,
        Source.CHIMERIC_JUNCTION,
        Source.PIZZLY,
        Source.STAR_FUSION,
    )
    table = [
        (event.kind, event.fusion, event.n_calls, " ".join(map(str, event.reads)), event.isoforms)
        for event in sample.events
    ]
    assert table == [
        (
            FusionKind.FUSION,
            "KMT2A::AFF1",
            5,
            "pizzly:70+2 arriba:55+5 star-fusion:40+5 chimeric-junction:33+5",
            (
                "e8::e5(arriba:55+5,pizzly:70+2)",
                "e8::e5(star-fusion:40+5,chimeric-junction:33+5)",
                "e7::e5(star-fusion:6+5)",
            ),
        ),
        (
            FusionKind.FUSION,
            "KMT2A::CT45A1",
            3,
            "star-fusion:5+5 arriba:4+5 chimeric-junction:1+5",
            ("e8::e2(star-fusion:5+5,arriba:4+5)", "e8::e2(chimeric-junction:1+5)"),
        ),
        (
            FusionKind.RECIPROCAL,
            "AFF1::KMT2A",
            3,
            "star-fusion:12+5 chimeric-junction:9+5 arriba:3+5",
            ("e4::e9(star-fusion:12+5,chimeric-junction:9+5)", "e4::e9(arriba:3+5)"),
        ),
        (
            FusionKind.PTD,
            "KMT2A::KMT2A",
            2,
            "chimeric-junction:7+5 arriba:4+5",
            ("e8::e2(chimeric-junction:7+5)", "e8::e2(arriba:4+5)"),
        ),
        (
            FusionKind.READ_THROUGH,
            "KMT2A::CD3G",
            1,
            "star-fusion:2+5",
            ("e8::e2(star-fusion:2+5)",),
        ),
        (
            FusionKind.READ_THROUGH,
            "KMT2A::TTC36",
            1,
            "pizzly:1+5",
            ("no position(pizzly:1+5)",),
        ),
    ]


def test_everything_at_once_in_particular() -> None:
    aff1, ct45a, reciprocal, ptd, cd3g, ttc36 = placed(*EVERYTHING).events
    # The leading junction is that of the caller with most reads that places it.
    assert (aff1.build, str(aff1.breakpoint_5prime), str(aff1.breakpoint_3prime)) == (
        "GRCh37",
        E8_END_37,
        AFF1_E5_37,
    )
    assert (aff1.file, aff1.line, aff1.reciprocal) == ("arriba.tsv", 2, "AFF1::KMT2A")
    assert (aff1.kmt2a_exon, aff1.kmt2a_exon_nilson, aff1.kmt2a_exon_legacy) == ("e8", "e9", "e6")
    assert (aff1.kmt2a_site, aff1.kmt2a_distance) == ("exon_edge", 0)
    assert (aff1.partner_exon, aff1.partner_site, aff1.region) == ("e5", "exon_edge", "bcr1")
    # The callers contradict each other on the same exons; the phases decide, and all is kept.
    assert (aff1.reading_frame, aff1.frame_basis) == (Frame.IN_FRAME, FrameBasis.PHASE)
    assert aff1.caller_frames == ("arriba:out-of-frame", "star-fusion:in-frame")
    assert aff1.flags == (Flag.FRAME_DISAGREES, Flag.GENE_BY_POSITION)
    assert aff1.hgvs == "NM_001197104.2:r.?_4086::NM_001166693.3:r.?_?"
    assert ct45a.partner_alternatives == tuple(f"CT45A{n}" for n in (2, 3, 5, 6, 7, 8, 9, 10))
    assert ct45a.reported_partners == ("CT45A1", "CT45A2")
    assert ct45a.flags == (Flag.PARALOGUE, Flag.GENE_BY_POSITION)
    assert ct45a.vicc_exons == "NM_001197104.2(KMT2A):e.8::NM_152582.7(CT45A2):e.2"
    assert ct45a.reciprocal == ""
    assert (reciprocal.kmt2a_exon, reciprocal.partner_exon) == ("e9", "e4")
    assert (reciprocal.reading_frame, reciprocal.region) == (Frame.IN_FRAME, "bcr1")
    assert (ptd.partner, ptd.duplicated_exons, ptd.reading_frame) == (
        "PTD",
        "e2-8",
        Frame.IN_FRAME,
    )
    assert (ptd.domains_kept, ptd.domains_lost, ptd.region) == ((), (), "bcr1")
    assert cd3g.flags == (Flag.NEIGHBOUR, Flag.KNOWN_ARTEFACT, Flag.LOW_SUPPORT)
    assert ttc36.flags == (Flag.READ_THROUGH, Flag.LOW_SUPPORT)


def test_every_call_with_kmt2a_is_in_one_event() -> None:
    n_others = 1
    n_calls = sum(len(file.calls) for file in EVERYTHING)
    assert sum(event.n_calls for event in placed(*EVERYTHING).events) == n_calls - n_others


def test_neither_the_order_of_files_nor_of_rows_matters() -> None:
    whole = placed(*EVERYTHING)
    for files in permutations(EVERYTHING):
        turned = [replace(file, calls=file.calls[::-1]) for file in files]
        assert placed(*turned) == whole


def test_a_file_of_another_sample_takes_no_part() -> None:
    stranger = replace(
        PIZZLY, sample="S2", calls=tuple(replace(one, sample="S2") for one in PIZZLY.calls)
    )
    first, second = assign([place_file(file, Genes()) for file in (STAR_38, stranger)])
    assert [event.n_calls for event in first.events] == [2, 1, 1, 1]
    assert [event.fusion for event in second.events] == ["KMT2A::AFF1", "KMT2A::TTC36"]


# What a careless reader of positions would get wrong.


def test_breaks_in_no_gene_are_one_partner_for_each_chromosome() -> None:
    first, second = events(
        junction("KMT2A", "?", E8_END, "chr2:700:+", split=4),
        junction("KMT2A", "?", E8_END, "chr2:900:+", split=3),
        junction("KMT2A", "?", E8_END, "chr5:700:+", split=9),
    )
    assert [(e.fusion, e.n_calls, str(e.breakpoint_3prime)) for e in (first, second)] == [
        ("KMT2A::?", 1, "chr5:700:+"),
        ("KMT2A::?", 2, "chr2:700:+"),
    ]
    assert first.flags == (Flag.PARTNER_NOT_KNOWN,)
    assert first.reported_partners == ()


def test_an_unreported_partner_leaves_no_empty_name() -> None:
    event = only(
        call("KMT2A", "AFF1", reported_3prime=""), call("KMT2A", "AFF1", reported_3prime="AF4")
    )
    assert event.reported_partners == ("AF4",)


@pytest.mark.parametrize(
    ("place_5prime", "place_3prime"),
    [
        (E8_END, "chr11:118468775:-"),
        ("chr11:118482495:-", E2_START),
        ("chr11:118482495:-", "chr11:118468775:-"),
    ],
)
def test_an_inversion_within_kmt2a_is_no_duplication(place_5prime: str, place_3prime: str) -> None:
    event = only(junction("KMT2A", "KMT2A", place_5prime, place_3prime, split=9))
    assert (event.kind, event.duplicated_exons) == (FusionKind.INTRAGENIC, "")


def test_a_partner_that_is_read_backwards_has_no_exon_and_no_frame() -> None:
    event = only(junction("KMT2A", "AFF1", E8_END, "chr4:87084120:-", split=9))
    assert (event.fusion, event.kmt2a_exon, event.partner_exon) == ("KMT2A::AFF1", "e8", "")
    assert event.reading_frame is Frame.UNKNOWN


def test_a_strand_that_a_caller_does_not_give_is_that_of_the_gene() -> None:
    exon = partner_exons()["MLLT3"][5]
    event = only(
        junction("KMT2A", "MLLT3", "chr11:118482495", f"chr9:{exon.end}", split=9),
    )
    assert str(event.breakpoint_5prime) == E8_END
    assert str(event.breakpoint_3prime) == "chr9:20365744:-"
    unknown = only(junction("KMT2A", "NEW1", E8_END, "chr2:7", split=9))
    assert str(unknown.breakpoint_3prime) == "chr2:7"


@pytest.mark.parametrize(
    ("stated", "frames", "flagged"),
    [
        (Frame.IN_FRAME, ("star-fusion:in-frame",), False),
        (Frame.OUT_OF_FRAME, ("star-fusion:out-of-frame",), True),
        (Frame.STOP_CODON, ("star-fusion:stop-codon",), False),
        (Frame.UNKNOWN, (), False),
    ],
)
def test_a_caller_that_contradicts_the_phases_is_flagged_and_kept(
    stated: Frame, frames: tuple[str, ...], flagged: bool
) -> None:
    event = only(junction("KMT2A", "AFF1", E8_END, AFF1_E5, split=9, caller_reading_frame=stated))
    assert (event.reading_frame, event.frame_basis) == (Frame.IN_FRAME, FrameBasis.PHASE)
    assert (event.caller_frames, Flag.FRAME_DISAGREES in event.flags) == (frames, flagged)


def test_another_isoform_s_frame_is_no_contradiction() -> None:
    event = only(
        junction("KMT2A", "AFF1", E8_END, AFF1_E5, split=9, caller_reading_frame=Frame.IN_FRAME),
        junction(
            "KMT2A",
            "AFF1",
            E7_END,
            AFF1_E5,
            split=3,
            source=Source.ARRIBA,
            caller_reading_frame=Frame.OUT_OF_FRAME,
        ),
    )
    assert (event.caller_frames, event.flags) == (("star-fusion:in-frame",), ())
    assert event.isoforms == ("e8::e5(star-fusion:9+5)", "e7::e5(arriba:3+5)")


@pytest.mark.parametrize(
    ("partner", "place", "frame"),
    [
        ("MLLT11", "chr1:151067219:+", Frame.IN_FRAME),
        ("CT45A1", CT45A1_E2, Frame.UNKNOWN),
        ("CT45A2", CT45A2_E2, Frame.UNKNOWN),
    ],
)
def test_an_entry_through_the_5utr_is_not_called_out_of_frame(
    partner: str, place: str, frame: Frame
) -> None:
    event = only(
        junction("KMT2A", partner, E8_END, place, split=9, caller_reading_frame=Frame.OUT_OF_FRAME)
    )
    assert event.reading_frame is frame
    assert Flag.OUT_OF_FRAME not in event.flags
    assert event.caller_frames == ("star-fusion:out-of-frame",)


def test_an_open_orientation_is_flagged_where_no_call_tells_it() -> None:
    open_one = call("KMT2A", "AFF1", event_type=ORIENTATION_NOT_KNOWN)
    assert only(open_one).flags == (Flag.ORIENTATION,)
    assert only(open_one, call("KMT2A", "AFF1", source=Source.ARRIBA)).flags == ()


def run_of(*partner_lists: tuple[str, ...], patients: int | None = None) -> list[list[bool]]:
    """Which events of each sample are flagged for being in many; samples of so many patients."""
    files = []
    for number, partners_found in enumerate(partner_lists):
        own = {"patient": f"P{number % (patients or 99):02}", "sample": f"S{number:02}"}
        calls = tuple(call("KMT2A", symbol, **own) for symbol in partners_found)
        files.append(replace(caller_file(*calls), **own))
    samples = sorted(assign(files), key=lambda sample: sample.sample)
    return [[Flag.MANY_SAMPLES in event.flags for event in sample.events] for sample in samples]


def test_a_pair_in_many_patients_is_flagged() -> None:
    assert run_of(("NEW1",), ("NEW1",), ("NEW1", "NEW2")) == [[True], [True], [True, False]]
    assert run_of(("NEW1",), ("NEW1",), ("NEW2",)) == [[False]] * 3


@pytest.mark.parametrize("partner", ["AFF1", "?", "KMT2A"])
def test_what_is_known_or_has_no_name_is_not_flagged_for_being_in_many(partner: str) -> None:
    assert run_of(*[(partner,)] * 5) == [[False]] * 5


def test_samples_of_one_patient_are_not_many() -> None:
    assert run_of(*[("NEW1",)] * 4, patients=2) == [[False]] * 4
    assert run_of(*[("NEW1",)] * 6, patients=3) == [[True]] * 6


@pytest.mark.parametrize(
    ("disposition", "unread"), [(Disposition.REFUSED, 1), (Disposition.FLAGGED, 0)]
)
def test_only_a_refused_row_is_unread(disposition: Disposition, unread: int) -> None:
    row = SetAside(
        file="f",
        line=3,
        patient="P1",
        sample="S1",
        names_kmt2a=True,
        disposition=disposition,
        reason="r",
    )
    (sample,) = assign([replace(caller_file(), set_aside=(row,))])
    assert (sample.unread_kmt2a_rows, sample.events) == (unread, ())


@pytest.mark.parametrize(
    ("place", "flags"),
    [
        ("chr4:87084120:+", ()),
        # MLLT3's exon 6: the names and the positions of two rows were mixed.
        ("chr9:20365744:-", (Flag.PARTNER_ELSEWHERE,)),
        ("chr4:80000000:+", (Flag.PARTNER_ELSEWHERE,)),
        # Just before the gene, as a break in its promoter.
        ("chr4:86930000:+", ()),
    ],
)
def test_a_partner_named_where_it_does_not_lie_is_flagged(
    place: str, flags: tuple[Flag, ...]
) -> None:
    event = only(call("KMT2A", "AFF1", breakpoint_5prime=E8_END, breakpoint_3prime=place))
    assert (event.partner, event.flags) == ("AFF1", flags)
    assert is_weak(event) is bool(flags)


def test_a_copy_of_the_partner_keeps_its_own_transcript() -> None:
    exon = partner_exons()["CT45A2"][1]
    first = exon.start if exon.strand == "+" else exon.end
    place = f"{exon.contig}:{first}:{exon.strand}"
    event = only(call("KMT2A", "CT45A2", breakpoint_5prime=E8_END, breakpoint_3prime=place))
    assert event.partner == "CT45A1"
    assert "CT45A2" in event.partner_alternatives
    assert event.partner_transcript == f"{exon.transcript} (CT45A2)"
