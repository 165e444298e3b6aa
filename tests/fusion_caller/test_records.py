"""Records: what they accept, and that their text reads back."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion_caller.errors import BadValueError
from fusion_caller.records import (
    AssayReading,
    Breakpoint,
    CallerReads,
    Finding,
    FusionCall,
    FusionKind,
    Kmt2aFusion,
    Source,
    Verdict,
    normalise_contig,
)

# The same examples each time, however slow the machine.
SETTINGS = settings(deadline=None, derandomize=True)
CONTIGS = [*(f"chr{n}" for n in range(1, 23)), "chrX", "chrY", "chrM", "GL000220.1", "KI270728.1"]
COUNT = st.integers(min_value=0, max_value=10**9)


@SETTINGS
@given(
    st.sampled_from(CONTIGS),
    st.integers(min_value=1, max_value=10**12),
    st.sampled_from(["+", "-", ""]),
)
def test_a_breakpoint_reads_back(contig: str, position: int, strand: str) -> None:
    place = Breakpoint(contig, position, strand)
    assert Breakpoint.from_string(str(place)) == place


@SETTINGS
@given(st.text(max_size=30) | st.from_regex(r"\A[a-z0-9]*:[0-9.e+-]*:?.*\Z"))
def test_no_text_raises_anything_but_a_bad_value(text: str) -> None:
    try:
        place = Breakpoint.from_string(text)
    except BadValueError:
        return
    assert place.position >= 1
    assert Breakpoint.from_string(str(place)) == place


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("11", "chr11"),
        ("chr11", "chr11"),
        ("CHR11", "chr11"),
        ("Chr11", "chr11"),
        ("x", "chrX"),
        ("chry", "chrY"),
        ("MT", "chrM"),
        ("chrMT", "chrM"),
        ("chrM", "chrM"),
        ("M", "chrM"),
        ("GL000220.1", "GL000220.1"),
        ("chrUn_KI270742v1", "chrUn_KI270742v1"),
        ("chr1_KI270706v1_random", "chr1_KI270706v1_random"),
    ],
)
def test_contigs_are_named_as_grch38_does(name: str, expected: str) -> None:
    assert normalise_contig(name) == expected
    assert Breakpoint.from_string(f"{name}:7:+") == Breakpoint(expected, 7, "+")


@pytest.mark.parametrize("text", ["11:118484314", "11:118484314:."])
def test_the_strand_may_be_unknown(text: str) -> None:
    place = Breakpoint.from_string(text)
    assert place == Breakpoint("chr11", 118484314, "")
    assert str(place) == "chr11:118484314"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "chr22",
        "chr22:",
        "chr22:x:+",
        "chr22:-5:+",
        "chr22:1.5:+",
        "chr22:1e3:+",
        "chr22:1,000:+",
        "chr22: 5:+",
        "22:5:+:6",
        ":5:+",
        "::",
        "chr22:\u0663:+",
        "chr22:" + "9" * 5000,
    ],
)
def test_a_malformed_breakpoint_says_what_was_expected(text: str) -> None:
    with pytest.raises(BadValueError) as error:
        Breakpoint.from_string(text)
    assert error.value.problem == f"expected contig:position:strand, found '{text}'"


def test_positions_start_at_one_and_strands_are_two() -> None:
    with pytest.raises(BadValueError, match="expected a position of at least 1, found 0"):
        Breakpoint.from_string("chr1:0:+")
    with pytest.raises(BadValueError, match=r"expected the strand \+ or -, found '\*'"):
        Breakpoint.from_string("chr1:5:*")


def test_breakpoints_sort_by_contig_and_position() -> None:
    places = [Breakpoint("chr2", 1), Breakpoint("chr11", 9), Breakpoint("chr11", 8, "+")]
    assert [str(place) for place in sorted(places)] == ["chr11:8:+", "chr11:9", "chr2:1"]


@SETTINGS
@given(st.sampled_from(Source), COUNT, COUNT)
def test_caller_reads_read_back(source: Source, split: int, spanning: int) -> None:
    reads = CallerReads(source=source, split_reads=split, spanning_fragments=spanning)
    assert CallerReads.from_string(str(reads)) == reads
    assert str(reads) == f"{source.value}:{split}+{spanning}"


def test_a_caller_that_does_not_count_reads_back() -> None:
    reads = CallerReads(source=Source.STAR_FUSION, split_reads=None, spanning_fragments=None)
    assert str(reads) == "star-fusion:?"
    assert CallerReads.from_string("star-fusion:?") == reads


@pytest.mark.parametrize(
    "text",
    [
        "",
        "arriba",
        "arriba:",
        "arriba:1",
        "arriba:1+",
        "arriba:-1+2",
        "deep:1+2",
        "Arriba:1+2",
        "arriba:1+" + "9" * 5000,
    ],
)
def test_malformed_caller_reads_are_refused(text: str) -> None:
    with pytest.raises(BadValueError, match=r"expected caller:split\+spanning") as error:
        CallerReads.from_string(text)
    assert error.value.column == "reads"


def call(**fields: object) -> FusionCall:
    values: dict[str, object] = {
        "patient": "P",
        "sample": "S",
        "source": Source.ARRIBA,
        "gene_5prime": "KMT2A",
        "gene_3prime": "AFF1",
        "reported_5prime": "KMT2A",
        "reported_3prime": "AFF1",
        "file": "f",
        "line": 2,
    }
    return FusionCall(**(values | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("column", ["split_reads", "spanning_fragments"])
def test_counts_are_not_negative(column: str) -> None:
    assert getattr(call(**{column: 0}), column) == 0
    with pytest.raises(BadValueError, match="expected a count, found -1") as error:
        call(**{column: -1})
    assert error.value.column == column


def test_records_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        call().patient = "Q"  # type: ignore[misc]


def test_an_event_leads_with_its_best_caller() -> None:
    event = Kmt2aFusion(
        patient="P",
        sample="S",
        kind=FusionKind.FUSION,
        partner="AFF1",
        fusion="KMT2A::AFF1",
        reads=(
            CallerReads(source=Source.STAR_FUSION, split_reads=9, spanning_fragments=3),
            CallerReads(source=Source.ARRIBA, split_reads=4, spanning_fragments=5),
        ),
        reported_partners=("AFF1",),
        n_calls=2,
        file="f",
        line=2,
    )
    assert event.split_reads == 9
    assert event.callers == (Source.ARRIBA, Source.STAR_FUSION)


@pytest.mark.parametrize(
    ("partners", "specific", "partner"),
    [
        (("AFF1",), True, "AFF1"),
        (("AFF1",), False, ""),
        (("AFF1", "ELL"), True, ""),
        ((), True, ""),
    ],
)
def test_an_assay_names_a_partner_only_if_it_is_the_one(
    partners: tuple[str, ...], specific: bool, partner: str
) -> None:
    reading = AssayReading(
        verdict=Verdict.POSITIVE,
        finding=Finding.FUSION,
        partners=partners,
        specific=specific,
        sentence="",
    )
    assert reading.partner == partner
