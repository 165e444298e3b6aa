"""The VCF of events: valid for pysam, brackets as VCF 4.3 means them, and read back as written."""

from __future__ import annotations

import re
import tracemalloc
from typing import TYPE_CHECKING

import pysam
import pytest

from fusion_caller.assign import assign
from fusion_caller.contigs import Build
from fusion_caller.fusion_vcf import can_be_written, vcf_lines
from fusion_caller.placing import Genes, place_file
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import (
    Breakpoint,
    CallerReads,
    FusionCall,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
    Source,
)

if TYPE_CHECKING:
    from pathlib import Path

# GRCh38: end of KMT2A e8, starts of e2 and e9; AFF1 e5 start and e4 end; MLLT3 e6 start, e5 end.
E8_END, E2_START, E9_START = "chr11:118482495:+", "chr11:118468775:+", "chr11:118484183:+"
AFF1_E5, AFF1_E4_END = "chr4:87084120:+", "chr4:87047594:+"
MLLT3_E6, MLLT3_E5_END = "chr9:20365744:-", "chr9:20413721:-"


def reads(
    split: int | None = 12, spanning: int | None = 5, source: Source = Source.ARRIBA
) -> CallerReads:
    return CallerReads(source=source, split_reads=split, spanning_fragments=spanning)


def event(
    place_5prime: str | None = E8_END,
    place_3prime: str | None = AFF1_E5,
    *,
    fusion: str = "KMT2A::AFF1",
    kind: FusionKind = FusionKind.FUSION,
    sample: str = "S1",
    build: str = "GRCh38",
    counted: tuple[CallerReads, ...] = (reads(),),
    kmt2a_exon: str = "e8",
    partner_exon: str = "e5",
    partner_transcript: str = "ENST00000395146.9",
) -> Kmt2aFusion:
    return Kmt2aFusion(
        patient="P1",
        sample=sample,
        kind=kind,
        partner=fusion.replace("KMT2A", "").strip(":"),
        fusion=fusion,
        reads=counted,
        reported_partners=(),
        breakpoint_5prime=Breakpoint.from_string(place_5prime) if place_5prime else None,
        breakpoint_3prime=Breakpoint.from_string(place_3prime) if place_3prime else None,
        build=build,
        kmt2a_exon=kmt2a_exon,
        kmt2a_transcript="ENST00000534358" if kmt2a_exon else "",
        partner_exon=partner_exon,
        partner_transcript=partner_transcript if partner_exon else "",
        n_calls=1,
        file="f",
        line=2,
    )


def of_sample(*events: Kmt2aFusion, sample: str = "S1", patient: str = "P1") -> SampleFusions:
    return SampleFusions(
        patient=patient, sample=sample, callers_run=(Source.ARRIBA,), events=events
    )


def rows(*samples: SampleFusions, build: Build = Build.GRCH38) -> list[list[str]]:
    lines = "".join(vcf_lines(samples, build)).splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def header(*samples: SampleFusions, build: Build = Build.GRCH38) -> list[str]:
    lines = "".join(vcf_lines(samples, build)).splitlines()
    return [line for line in lines if line.startswith("#")]


def written(folder: Path, *samples: SampleFusions, build: Build = Build.GRCH38) -> Path:
    path = folder / "kmt2a.vcf"
    path.write_text("".join(vcf_lines(samples, build)))
    return path


# The records


def test_a_pair_of_records_in_full() -> None:
    shared = "SVTYPE=BND;EVENT=kmt2a1;FUSION=KMT2A::AFF1;KIND=fusion"
    assert rows(of_sample(event())) == [
        [
            *("chr4", "87084120", "kmt2a1_3", "N", "]chr11:118482495]N", ".", "."),
            f"{shared};MATEID=kmt2a1_5;EXON=ENST00000395146.9:e5",
            *("GT:SR:PR:CL", "./1:12:5:arriba"),
        ],
        [
            *("chr11", "118482495", "kmt2a1_5", "N", "N[chr4:87084120[", ".", "."),
            f"{shared};MATEID=kmt2a1_3;END5;EXON=ENST00000534358:e8",
            *("GT:SR:PR:CL", "./1:12:5:arriba"),
        ],
    ]


@pytest.mark.parametrize(
    ("strand_5prime", "strand_3prime", "alt_5prime", "alt_3prime"),
    [
        # VCF 4.3, section 5.4, p the mate's place: `t[p[` what lies right of p comes after t;
        # `t]p]` what lies left of p, turned round, comes after t; `]p]t` what lies left of p comes
        # before t; `[p[t` what lies right of p, turned round, comes before t.
        # A 5' gene on + keeps what lies left of its break, on - what lies right of it. A 3' gene on
        # + keeps what lies right of its break, on - what lies left of it.
        #
        # 5' left of 100, then 3' right of 200.
        ("+", "+", "N[chr2:200[", "]chr1:100]N"),
        # 5' left of 100, then 3' left of 200, turned round.
        ("+", "-", "N]chr2:200]", "N]chr1:100]"),
        # Both turned round: along the plus strand 3' left of 200 comes before 5' right of 100.
        ("-", "-", "]chr2:200]N", "N[chr1:100["),
        # 5' right of 100 is turned round: before its base comes 3' right of 200, turned round.
        ("-", "+", "[chr2:200[N", "[chr1:100[N"),
    ],
)
def test_brackets_by_strand(
    strand_5prime: str, strand_3prime: str, alt_5prime: str, alt_3prime: str
) -> None:
    one = event(f"chr1:100:{strand_5prime}", f"chr2:200:{strand_3prime}")
    found = {row[2]: (row[0], row[1], row[4]) for row in rows(of_sample(one))}
    assert found == {
        "kmt2a1_5": ("chr1", "100", alt_5prime),
        "kmt2a1_3": ("chr2", "200", alt_3prime),
    }


def test_records_are_in_the_order_of_the_genome() -> None:
    events = (
        event(place_3prime="chrX:10:+", fusion="KMT2A::A"),
        event(place_3prime="chr2:10:+", fusion="KMT2A::B"),
        event(place_3prime="chr10:10:+", fusion="KMT2A::C"),
        event(place_3prime="chr10:9:+", fusion="KMT2A::D"),
        event(place_3prime="KI270721.1:9:+", fusion="KMT2A::E"),
    )
    found = [(row[0], row[1]) for row in rows(of_sample(*events))]
    assert found == [
        ("chr2", "10"),
        ("chr10", "9"),
        ("chr10", "10"),
        *[("chr11", "118482495")] * 5,
        ("chrX", "10"),
        ("KI270721.1", "9"),
    ]
    lines = header(of_sample(*events))
    assert "##contig=<ID=KI270721.1>" in lines
    assert "##contig=<ID=chr11,length=135086622>" in lines


def test_exons_stand_with_their_own_end() -> None:
    reciprocal = event(
        MLLT3_E5_END,
        E9_START,
        fusion="MLLT3::KMT2A",
        kind=FusionKind.RECIPROCAL,
        kmt2a_exon="e9 (inside)",
        partner_transcript="ENST00000380338.9",
    )
    info = {row[2]: row[7] for row in rows(of_sample(reciprocal))}
    assert info["kmt2a1_5"].endswith("END5;EXON=ENST00000380338.9:e5")
    assert info["kmt2a1_3"].endswith("MATEID=kmt2a1_5;EXON=ENST00000534358:e9_(inside)")
    bare = rows(of_sample(event(partner_exon="", kmt2a_exon="")))
    assert not any("EXON" in row[7] for row in bare)


def test_a_name_cannot_break_a_record(tmp_path: Path) -> None:
    odd = event(fusion="KMT2A::A;B=C,D E%", partner_exon="")
    path = written(tmp_path, of_sample(odd))
    with pysam.VariantFile(str(path)) as variants:
        assert {record.info["FUSION"] for record in variants} == {"KMT2A::A%3BB%3DC%2CD%20E%25"}


# Samples


def test_samples_share_a_junction() -> None:
    one, two = of_sample(event()), of_sample(event(sample="S2"), sample="S2", patient="P2")
    none = of_sample(sample="S3", patient="P3")
    other = of_sample(event(MLLT3_E5_END, E9_START, sample="S4"), sample="S4", patient="P4")
    samples = (one, two, none, other)
    assert header(*samples)[-1].split("\t")[8:] == ["FORMAT", "S1", "S2", "S3", "S4"]
    has, has_not = "./1:12:5:arriba", "./.:0"
    assert [row[9:] for row in rows(*samples)] == [
        [has, has, has_not, has_not],
        [has_not, has_not, has_not, has],
        [has, has, has_not, has_not],
        [has_not, has_not, has_not, has],
    ]


@pytest.mark.parametrize(
    ("counted", "cell"),
    [
        ((reads(0, 0),), "./1:0:0:arriba"),
        ((reads(None, None, Source.JAFFA),), "./1:.:.:jaffa"),
        ((reads(3, None), reads(1, 1, Source.CICERO)), "./1:3:.:arriba,cicero"),
    ],
)
def test_the_counts_are_those_of_the_best_caller(
    counted: tuple[CallerReads, ...], cell: str
) -> None:
    assert {row[9] for row in rows(of_sample(event(counted=counted)))} == {cell}


def test_samples_of_two_patients_that_are_called_the_same_have_columns_of_their_own() -> None:
    samples = (of_sample(event()), of_sample(patient="P2"), of_sample(sample="S3", patient="P3"))
    assert header(*samples)[-1].split("\t")[9:] == ["P1:S1", "P2:S1", "S3"]
    assert rows(*samples)[0][9:] == ["./1:12:5:arriba", "./.:0", "./.:0"]


def test_each_build_has_its_own_events_and_samples() -> None:
    on_37 = event("chr11:118353210:+", "chr4:88005272:+", build="GRCh37", sample="S2")
    samples = (
        of_sample(event()),
        of_sample(on_37, sample="S2"),
        of_sample(event(None, None, build="", sample="S3"), sample="S3"),
        of_sample(sample="S4"),
    )
    assert header(*samples)[-1].split("\t")[9:] == ["S1", "S3", "S4"]
    assert {row[1] for row in rows(*samples)} == {"118482495", "87084120"}
    lines = header(*samples, build=Build.GRCH37)
    assert lines[-1].split("\t")[9:] == ["S2", "S3", "S4"]
    assert {row[1] for row in rows(*samples, build=Build.GRCH37)} == {"118353210", "88005272"}
    assert ("##reference=GRCh37" in lines, "##reference=GRCh38" in lines) == (True, False)
    assert "##contig=<ID=chr11,length=135006516>" in lines


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (event(), True),
        (event(place_3prime=None), False),
        (event(place_5prime=None), False),
        (event(place_3prime="chr4:87084120"), False),
        (event(place_5prime="chr11:118482495"), False),
        (event(build=""), False),
    ],
)
def test_an_event_needs_both_places_with_strands(one: Kmt2aFusion, expected: bool) -> None:
    assert can_be_written(one) is expected
    assert bool(rows(of_sample(one))) is expected


def test_records_of_many_samples_are_not_held() -> None:
    # 500 junctions that one sample each has: 1,000 records of 2,500 cells.
    samples = [
        of_sample(
            *(
                [event(place_3prime=f"chr4:{number + 1}:+", sample=f"S{number}")]
                if number % 5 == 0
                else []
            ),
            sample=f"S{number}",
        )
        for number in range(2500)
    ]
    tracemalloc.start()
    n_bytes = sum(map(len, vcf_lines(samples, Build.GRCH38)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_bytes > 15_000_000
    assert peak < 2_000_000


# pysam


def many(sample: str = "S1", patient: str = "P1") -> SampleFusions:
    return of_sample(
        event(sample=sample),
        event(AFF1_E4_END, E9_START, fusion="AFF1::KMT2A", kind=FusionKind.RECIPROCAL),
        event(E8_END, E2_START, fusion="KMT2A::KMT2A", kind=FusionKind.PTD),
        event(E8_END, MLLT3_E6, fusion="KMT2A::MLLT3"),
        event(MLLT3_E5_END, E9_START, fusion="MLLT3::KMT2A", kind=FusionKind.RECIPROCAL),
        event(E8_END, "chr2:7:-", fusion="KMT2A::?", counted=(reads(None, None, Source.JAFFA),)),
        sample=sample,
        patient=patient,
    )


def test_pysam_reads_every_record(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    samples = (many(), of_sample(sample="S 2", patient="P2"))
    path = written(tmp_path, *samples)
    with pysam.VariantFile(str(path)) as variants:
        assert list(variants.header.samples) == ["S1", "S 2"]
        assert variants.header.version == "VCFv4.3"
        records = {str(record.id): record.copy() for record in variants}
        lengths = {contig.name: contig.length for contig in variants.header.contigs.values()}
    assert capfd.readouterr().err == ""
    assert len(records) == 12
    for name, record in records.items():
        mate = records[str(record.info["MATEID"])]
        assert mate.info["MATEID"] == name
        assert record.info["EVENT"] == mate.info["EVENT"]
        assert bool(record.info.get("END5")) is not bool(mate.info.get("END5"))
        (alt,) = record.alts or ()
        place = re.search(r"[\[\]](.+):([0-9]+)[\[\]]", alt)
        assert place
        assert (place[1], int(place[2])) == (mate.chrom, mate.pos)
        assert 1 <= record.pos <= lengths[record.chrom]
        assert (record.ref, record.info["SVTYPE"]) == ("N", "BND")
        has, has_not = record.samples["S1"], record.samples["S 2"]
        assert (has["GT"], has_not["GT"]) == ((None, 1), (None, None))
        assert (has_not["SR"], has_not["PR"], has_not["CL"]) == (0, None, (".",))
    assert records["kmt2a1_5"].samples["S1"]["CL"] == ("arriba",)


def test_pysam_can_index_it(tmp_path: Path) -> None:
    path = written(tmp_path, many())
    packed = pysam.tabix_index(str(path), preset="vcf", keep_original=True)
    with pysam.VariantFile(packed) as variants:
        assert len(list(variants.fetch("chr9", 20_365_743, 20_365_744))) == 1
        assert len(list(variants.fetch("chr11"))) == 7


def test_without_events_it_is_a_header(tmp_path: Path) -> None:
    path = written(tmp_path, of_sample())
    with pysam.VariantFile(str(path)) as variants:
        assert list(variants) == []


# There and back


def key(one: FusionCall | Kmt2aFusion) -> tuple[str, str, str]:
    named = isinstance(one, Kmt2aFusion)
    name = one.fusion if named else f"{one.gene_5prime}::{one.gene_3prime}"
    return name, str(one.breakpoint_5prime), str(one.breakpoint_3prime)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    sample = many()
    file = read_caller_file(written(tmp_path, sample), patient="P1", sample="S1")
    assert (file.source, file.n_rows, file.n_refused) == (Source.VCF, 12, 0)
    assert sorted(map(key, file.calls)) == sorted(map(key, sample.events))
    assert {call.build for call in file.calls} == {"GRCh38"}
    counts = {call.gene_3prime: (call.split_reads, call.spanning_fragments) for call in file.calls}
    assert (counts["AFF1"], counts["?"]) == ((12, 5), (None, None))


def test_each_sample_gets_its_own_events_back(tmp_path: Path) -> None:
    silent = of_sample(event(sample="S3", counted=(reads(0, 0),)), sample="S3", patient="P3")
    samples = (many(), of_sample(sample="S2", patient="P2"), silent)
    file = read_caller_file(written(tmp_path, *samples))
    found: dict[str, list[tuple[str, str, str]]] = {}
    for call in file.calls:
        found.setdefault(call.sample, []).append(key(call))
    assert {name: sorted(keys) for name, keys in found.items()} == {
        "S1": sorted(map(key, many().events)),
        "S3": [("KMT2A::AFF1", E8_END, AFF1_E5)],
    }


def test_events_are_the_same_when_assigned_again(tmp_path: Path) -> None:
    def call(five: str, three: str, place_5prime: str, place_3prime: str) -> FusionCall:
        return FusionCall(
            patient="P1",
            sample="S1",
            source=Source.STAR_FUSION,
            gene_5prime=five,
            gene_3prime=three,
            reported_5prime=five,
            reported_3prime=three,
            breakpoint_5prime=Breakpoint.from_string(place_5prime),
            breakpoint_3prime=Breakpoint.from_string(place_3prime),
            split_reads=7,
            spanning_fragments=3,
            file="f",
            line=2,
        )

    calls = (
        call("KMT2A", "MLLT3", E8_END, MLLT3_E6),
        call("MLLT3", "KMT2A", MLLT3_E5_END, E9_START),
        call("KMT2A", "KMT2A", E8_END, E2_START),
        # Strands that the caller does not give are those of the genes.
        call("KMT2A", "AFF1", E8_END.removesuffix(":+"), AFF1_E5.removesuffix(":+")),
    )
    file = CallerFile(
        file="f",
        patient="P1",
        sample="S1",
        source=Source.STAR_FUSION,
        variant="",
        n_rows=4,
        calls=calls,
        set_aside=(),
    )
    (before,) = assign([file])
    again = read_caller_file(written(tmp_path, before), patient="P1", sample="S1")
    (after,) = assign([place_file(again, Genes())])

    def told(one: Kmt2aFusion) -> tuple[object, ...]:
        return (one.kind, one.hgvs, one.vicc_exons, one.reading_frame, one.reciprocal, *key(one))

    assert len(before.events) == 4
    assert list(map(told, after.events)) == list(map(told, before.events))
