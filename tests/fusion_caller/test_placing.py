"""The build of a file, the genes that breakpoints lie in, and the way a record runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fusion_caller.annotation import Annotation, Gene, Transcript
from fusion_caller.assign import assign
from fusion_caller.contigs import Build
from fusion_caller.errors import InputError
from fusion_caller.knowledge import partner_exons, partners
from fusion_caller.locus_names import says_little
from fusion_caller.packaged_genes import packaged_annotation
from fusion_caller.placing import Genes, build_of_calls, place, place_file
from fusion_caller.readers import CallerFile
from fusion_caller.records import (
    ORIENTATION_NOT_KNOWN,
    Breakpoint,
    Disposition,
    Flag,
    FusionCall,
    FusionKind,
    Source,
)

# Exon edges. KMT2A: end of e8, starts of e2 and e9, on GRCh38 and GRCh37.
E8_END, E2_START, E9_START = "chr11:118482495:+", "chr11:118468775:+", "chr11:118484183:+"
E8_END_37, E2_START_37 = "chr11:118353210:+", "chr11:118339490:+"
# AFF1, plus strand: start of e5 on both builds, end of e4.
AFF1_E5, AFF1_E5_37, AFF1_E4_END = "chr4:87084120:+", "chr4:88005272:+", "chr4:87047594:+"
DCPS_E2 = "chr11:126306570:+"
# Minus strand: starts of MLLT3 e6, MLLT1 e2 and USP2 e3.
MLLT3_E6, MLLT1_E2, USP2_E3 = "chr9:20365744:-", "chr19:6270759:-", "chr11:119360234:-"
GENES = Genes()
ON_38 = packaged_annotation(Build.GRCH38)


def call(
    five: str,
    three: str,
    place_5prime: str | None = None,
    place_3prime: str | None = None,
    **fields: object,
) -> FusionCall:
    values: dict[str, object] = {
        "patient": "P1",
        "sample": "S1",
        "source": Source.STAR_FUSION,
        "gene_5prime": five,
        "gene_3prime": three,
        "reported_5prime": "" if five == "?" else five,
        "reported_3prime": "" if three == "?" else three,
        "breakpoint_5prime": Breakpoint.from_string(place_5prime) if place_5prime else None,
        "breakpoint_3prime": Breakpoint.from_string(place_3prime) if place_3prime else None,
        "split_reads": 10,
        "spanning_fragments": 5,
        "file": "f.tsv",
        "line": 2,
    }
    return FusionCall(**(values | fields))  # type: ignore[arg-type]


def caller_file(*calls: FusionCall, source: Source = Source.STAR_FUSION) -> CallerFile:
    return CallerFile(
        file="f.tsv",
        patient="P1",
        sample="S1",
        source=source,
        variant="",
        n_rows=len(calls),
        calls=calls,
        set_aside=(),
    )


def build(*calls: FusionCall, stated: Build | None = None, genes: Genes = GENES) -> Build | None:
    return build_of_calls(calls, genes, file="f.tsv", stated=stated)


def ends(one: FusionCall) -> tuple[str, str, str, str]:
    return (
        one.gene_5prime,
        one.gene_3prime,
        str(one.breakpoint_5prime),
        str(one.breakpoint_3prime),
    )


# The build


@pytest.mark.parametrize("contig", ["chr11", "11", "Chr11"])
@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (118_482_495, Build.GRCH38),
        (118_436_492, Build.GRCH38),
        (118_526_832, Build.GRCH38),
        (118_353_210, Build.GRCH37),
        (118_307_207, Build.GRCH37),
        (118_397_547, Build.GRCH37),
    ],
)
def test_kmt2a_tells_the_build(position: int, expected: Build, contig: str) -> None:
    place_there = f"{contig}:{position}:+"
    direct = call("KMT2A", "NEW1", place_there, "chr2:5:+")
    reciprocal = call("NEW1", "KMT2A", "chr2:5:+", place_there)
    assert build(direct) is build(reciprocal) is expected
    file = place_file(caller_file(direct, call("BCR", "ABL1")), GENES)
    assert (file.build, {one.build for one in file.calls}) == (expected, {expected})


@pytest.mark.parametrize(
    "calls",
    [
        (),
        (call("BCR", "ABL1", "chr22:23290413:+", "chr9:130854064:+"),),
        # A named gene is no evidence, nor is KMT2A without a position or away from itself.
        (call("NEW1", "AFF1", "chr2:5:+", AFF1_E5),),
        (call("KMT2A", "AFF1"), call("KMT2A", "AFF1", "chr11:5:+")),
        # In introns of other genes.
        (call("?", "?", "chr9:20400000:-", "chr4:87083000:+"),),
    ],
)
def test_a_file_that_does_not_tell_its_build_is_left_alone(calls: tuple[FusionCall, ...]) -> None:
    file = caller_file(*calls)
    assert build(*calls) is None
    assert place_file(file, GENES) == file


@pytest.mark.parametrize(
    ("first", "second", "builds"),
    [(E8_END, E8_END_37, ("GRCh37", "GRCh38")), (E8_END_37, E8_END, ("GRCh38", "GRCh37"))],
)
def test_two_builds_in_one_file_are_refused(
    first: str, second: str, builds: tuple[str, str]
) -> None:
    calls = (
        call("BCR", "ABL1", line=3),
        call("KMT2A", "AFF1", first, line=4),
        call("AFF1", "KMT2A", None, second, line=9),
    )
    with pytest.raises(InputError) as error:
        place_file(caller_file(*calls), GENES)
    assert str(error.value).startswith(
        f"f.tsv, line 9: found KMT2A at a position of {builds[0]} here, "
        f"but KMT2A at a position of {builds[1]} in line 4"
    )


@pytest.mark.parametrize(
    ("stated", "place_there", "expected"),
    [
        (Build.GRCH37, E8_END, "expected positions on GRCh37, found KMT2A at a position of GRCh38"),
        (Build.GRCH38, E8_END_37, "expected positions on GRCh38, found KMT2A at a position of G"),
    ],
)
def test_a_position_against_the_stated_build_is_refused(
    stated: Build, place_there: str, expected: str
) -> None:
    calls = (call("BCR", "ABL1", line=3), call("KMT2A", "AFF1", place_there, line=6))
    with pytest.raises(InputError) as error:
        place_file(caller_file(*calls), GENES, stated=stated)
    assert str(error.value).startswith(f"f.tsv, line 6: {expected}")


def test_the_stated_build_holds_where_the_file_does_not_tell() -> None:
    unnamed = call("?", "?", "chr11:118482600:+", "chr4:87083000:+")
    file = place_file(caller_file(unnamed), GENES, stated=Build.GRCH38)
    assert (file.build, file.calls[0].gene_5prime, file.calls[0].gene_3prime) == (
        "GRCh38",
        "KMT2A",
        "AFF1",
    )
    assert build(call("BCR", "ABL1"), stated=Build.GRCH37) is Build.GRCH37


def test_a_build_that_the_file_states_places_its_nameless_records() -> None:
    # As in a VCF of a genome: breaks lie in introns, and the header has the build.
    unnamed = call("?", "?", "chr11:118482600:+", "chr4:87083000:+", build="GRCh38")
    file = place_file(caller_file(unnamed), GENES)
    assert (file.build, *ends(file.calls[0])[:2]) == ("GRCh38", "KMT2A", "AFF1")


def test_a_build_that_the_file_states_is_held_against_the_user_s() -> None:
    wrong = call("KMT2A", "AFF1", E8_END_37, build="GRCh38")
    with pytest.raises(InputError) as error:
        place_file(caller_file(wrong), GENES, stated=Build.GRCH37)
    assert "line 2: expected positions on GRCh37, found GRCh38 as the file's build" in str(
        error.value
    )


@pytest.mark.parametrize(
    ("calls", "stated", "line"),
    [
        # Of more rows,
        (
            (
                call("KMT2A", "AFF1", E8_END_37, line=2),
                call("KMT2A", "AFF1", E8_END, line=3),
                call("AFF1", "KMT2A", AFF1_E4_END, E9_START, line=4),
            ),
            None,
            2,
        ),
        # of the file itself,
        (
            (
                call("BCR", "ABL1", build="GRCh38", line=2),
                call("KMT2A", "AFF1", E8_END_37, build="GRCh38", line=3),
                call("KMT2A", "AFF1", E8_END_37, build="GRCh38", line=4),
                call("KMT2A", "AFF1", E8_END, build="GRCh38", line=5),
            ),
            None,
            3,
        ),
        # of the user, where the file's rows are as many on either,
        (
            (
                call("KMT2A", "AFF1", E8_END, line=2),
                call("KMT2A", "AFF1", E8_END_37, line=3),
            ),
            Build.GRCH38,
            3,
        ),
        # also within one row.
        (
            (
                call("KMT2A", "AFF1", E8_END, line=2),
                call("KMT2A", "KMT2A", E8_END, E2_START_37, line=3),
            ),
            None,
            3,
        ),
    ],
)
def test_a_row_against_the_file_s_build_is_refused_alone(
    calls: tuple[FusionCall, ...], stated: Build | None, line: int
) -> None:
    file = place_file(caller_file(*calls), GENES, stated=stated)
    assert file.build == "GRCh38"
    row = file.set_aside[0]
    assert (row.line, row.sample, row.disposition) == (line, "S1", Disposition.REFUSED)
    assert row.names_kmt2a
    assert row.reason == "found KMT2A at a position of GRCh37, but the file is on GRCh38"
    assert len(file.calls) + file.n_set_aside == file.n_rows
    assert line not in [one.line for one in file.calls]


def test_a_stated_build_against_most_rows_is_refused() -> None:
    calls = (
        call("KMT2A", "AFF1", E8_END_37, line=2),
        call("KMT2A", "AFF1", E8_END, line=3),
        call("KMT2A", "AFF1", E8_END, line=4),
    )
    with pytest.raises(InputError) as error:
        place_file(caller_file(*calls), GENES, stated=Build.GRCH37)
    assert "line 3: expected positions on GRCh37, found KMT2A at a" in str(error.value)


@pytest.mark.parametrize(
    ("five", "three", "expected"),
    [(E8_END, AFF1_E5, Build.GRCH38), (E8_END_37, AFF1_E5_37, Build.GRCH37)],
)
@pytest.mark.parametrize("names", [("?", "?"), ("RP11-770J1.3", "AC093827.3"), ("?", "AFF1")])
def test_nameless_records_tell_the_build_by_exon_edges(
    five: str, three: str, expected: Build, names: tuple[str, str]
) -> None:
    records = (
        # The other build has an edge here by chance, but fewer of them.
        call("?", "?", E8_END_37 if expected is Build.GRCH38 else E8_END, "chr2:5:+"),
        call(*names, five, three),
        call(*names, five, three),
    )
    assert build(*records) is expected
    file = place_file(caller_file(*records), GENES)
    assert file.build == expected
    assert [ends(one)[:2] for one in file.calls[1:]] == [("KMT2A", "AFF1")] * 2


def test_as_many_edges_on_either_build_tell_nothing() -> None:
    assert build(call("?", "?", E8_END, E8_END_37)) is None


def test_a_gtf_has_the_last_word_on_the_build() -> None:
    genes = Genes(Annotation(build=Build.GRCH37, genes={}, name="g.gtf"))
    assert build(call("BCR", "ABL1"), genes=genes) is Build.GRCH37
    assert build(call("KMT2A", "AFF1", E8_END), genes=genes) is Build.GRCH38


# Names


@pytest.mark.parametrize(
    ("name", "where", "symbol"),
    [
        ("?", AFF1_E5, "AFF1"),
        ("?", "chr4:87083000:+", "AFF1"),
        ("?", "chr4:87083000", "AFF1"),
        ("RP11-770J1.3", DCPS_E2, "DCPS"),
        ("AP003392.1", DCPS_E2, "DCPS"),
        ("AP003392", DCPS_E2, "DCPS"),
        ("CTD-2270F17.1", MLLT1_E2, "MLLT1"),
        ("XXbac-BPG246D15.8", MLLT1_E2, "MLLT1"),
        ("LL22NC03-2H8.5", MLLT1_E2, "MLLT1"),
        ("U47924.27", USP2_E3, "USP2"),
        ("KC877982.1", USP2_E3, "USP2"),
        ("LOC101929227", MLLT3_E6, "MLLT3"),
        ("ENSG00000299999.1", MLLT3_E6, "MLLT3"),
        ("ENSG00000299999", MLLT3_E6, "MLLT3"),
        ("NEW1-AFF1", AFF1_E5, "AFF1"),
        ("AF4-NEW1", AFF1_E5, "AFF1"),
    ],
)
def test_a_nameless_locus_is_named_by_its_position(name: str, where: str, symbol: str) -> None:
    three = place(call("KMT2A", name, E8_END, where), ON_38)
    assert (three.gene_3prime, three.flags) == (symbol, (Flag.GENE_BY_POSITION,))
    assert three.reported_3prime == ("" if name == "?" else name)
    assert (three.gene_5prime, str(three.breakpoint_3prime)) == ("KMT2A", where)
    five = place(call(name, "KMT2A", where, E9_START), ON_38)
    assert (five.gene_5prime, five.flags) == (symbol, (Flag.GENE_BY_POSITION,))


@pytest.mark.parametrize(
    ("name", "symbol"), [("CD3G-KMT2A", "KMT2A"), ("KMT2A-NEW1", "KMT2A"), ("NEW1-MLL", "KMT2A")]
)
def test_kmt2a_is_found_under_a_read_through_locus(name: str, symbol: str) -> None:
    placed = place(call(name, "AFF1", E8_END, AFF1_E5), ON_38)
    assert (placed.gene_5prime, placed.flags) == (symbol, (Flag.GENE_BY_POSITION,))


@pytest.mark.parametrize(
    "name",
    [
        *("AFF1", "NEW1", "KIAA1234", "LINC00152", "C11orf95", "MIR99AHG", "FLJ12345"),
        # Named loci beside genes, named read-throughs, genes with a hyphen.
        *("RPA3-AS1", "RPS10-NUDT3", "RPL17-C18orf32", "CTBP1-AS2", "LAMTOR5-AS1", "HLA-A"),
        *("KMT2A-AS1", "AFF1-AS1", "AFF1-DT", "MLLT3-IT1", "NEW1-NEW2", "TRB-AGT1-1"),
        # A read-through of other genes than the one that the position is in.
        *("AFF3-NEW1", "NEW1-MLLT3"),
    ],
)
@pytest.mark.parametrize("where", [E8_END, AFF1_E4_END, AFF1_E5])
@pytest.mark.parametrize("strand", [":+", ""])
def test_a_named_gene_is_never_renamed(name: str, where: str, strand: str) -> None:
    where = where.removesuffix(":+") + strand
    for one in (call("ABL1", name, None, where), call(name, "ABL1", where)):
        assert place(one, ON_38) == one
        assert place(replace(one, event_type=ORIENTATION_NOT_KNOWN), ON_38).flags == ()


@pytest.mark.parametrize(
    "where",
    [
        None,
        "chr2:5:+",  # in no gene that is known
        "chr4:87084120:-",  # on the other strand of AFF1
        "chr5:87084120:+",
    ],
)
@pytest.mark.parametrize("name", ["?", "RP11-1.1", "ENSG00000299999", "NEW1-AFF1"])
def test_what_the_position_does_not_tell_stays_as_it_is(name: str, where: str | None) -> None:
    one = call("KMT2A", name, E8_END, where)
    assert place(one, ON_38) == one


def test_an_ensembl_identifier_is_the_gene_without_a_position() -> None:
    file = place_file(
        caller_file(
            call("ENSG00000118058.22", "ENSG00000172493"),
            call("ENSG00000299999", "ENSG00000118058"),
        ),
        GENES,
    )
    assert [ends(one)[:2] for one in file.calls] == [
        ("KMT2A", "AFF1"),
        ("ENSG00000299999", "KMT2A"),
    ]
    assert [(one.flags, one.reported_5prime) for one in file.calls] == [
        ((), "ENSG00000118058.22"),
        ((), "ENSG00000299999"),
    ]
    assert file.build == ""


def test_an_ensembl_identifier_of_kmt2a_tells_the_build() -> None:
    file = place_file(caller_file(call("ENSG00000118058", "NEW1", E8_END_37)), GENES)
    assert (file.build, file.calls[0].gene_5prime) == ("GRCh37", "KMT2A")


def test_a_fusion_that_is_called_under_an_overlapping_clone_too_is_one() -> None:
    real = call("KMT2A", "DCPS", E8_END, DCPS_E2, split_reads=8, line=2)
    hidden = call("KMT2A", "AP003392.1", E8_END, DCPS_E2, split_reads=9, line=3)
    other = call("RP11-770J1.3", "DCPS", E8_END, DCPS_E2, split_reads=2, line=4)
    (sample,) = assign([place_file(caller_file(real, hidden, other), GENES)])
    (event,) = sample.events
    assert (event.kind, event.fusion, event.n_calls) == (FusionKind.FUSION, "KMT2A::DCPS", 3)
    assert event.flags == (Flag.GENE_BY_POSITION,)
    assert event.reported_partners == ("AP003392.1", "DCPS")
    assert [str(reads) for reads in event.reads] == ["star-fusion:9+5"]
    assert event.isoforms == ("e8::e2(star-fusion:9+5)",)


def clone(symbol: str, start: int, end: int, strand: str = "+", contig: str = "chr11") -> Gene:
    transcript = Transcript(
        id="ENST1", symbol=symbol, contig=contig, strand=strand, exons=((start, end),)
    )
    return Gene(
        symbol=symbol,
        gene_id="ENSG00000299999.2",
        contig=contig,
        start=start,
        end=end,
        strand=strand,
        biotype="lncRNA",
        transcript=transcript,
    )


def with_gtf(*genes: Gene, build: Build = Build.GRCH38) -> Genes:
    known = {gene.symbol: gene for gene in genes}
    return Genes(Annotation(build=build, genes=known, name="g.gtf"))


@pytest.mark.parametrize(
    ("start", "symbol"),
    [
        (126_306_570, "DCPS"),  # both begin an exon here: the known partner is meant
        (126_306_500, "DCPS"),  # the break is at an edge of DCPS only
        (126_306_500 - 1_000_000, "DCPS"),
    ],
)
def test_a_clone_of_the_gtf_does_not_hide_a_partner(start: int, symbol: str) -> None:
    genes = with_gtf(clone("AP003392.1", start, 126_310_000))
    placed = place(call("KMT2A", "AP003392.1", E8_END, DCPS_E2), genes.on(Build.GRCH38))
    assert placed.gene_3prime == symbol
    assert place(call("KMT2A", "?", E8_END, DCPS_E2), genes.on(Build.GRCH38)).gene_3prime == symbol


def test_a_clone_of_the_gtf_with_an_exon_of_its_own_within_a_partner_stays() -> None:
    genes = with_gtf(clone("AP003392.1", 126_310_000, 126_311_000))
    one = call("KMT2A", "AP003392.1", E8_END, "chr11:126310000:+")
    assert place(one, genes.on(Build.GRCH38)) == one


def test_a_gtf_names_its_identifiers_and_its_former_symbols() -> None:
    genes = with_gtf(clone("MLLT4", 500, 900, contig="chr2"), clone("NEW1", 1500, 1900))
    assert genes.symbols["ENSG00000299999"] == "NEW1"
    annotation = genes.on(Build.GRCH38)
    assert "MLLT4" not in annotation.genes
    # The packaged AFDN has exons of its own, so that it is not replaced by another transcript.
    assert annotation.genes["AFDN"] == ON_38.genes["AFDN"]
    placed = place(call("KMT2A", "?", E8_END, "chr11:1600:+"), annotation)
    assert (placed.gene_3prime, placed.flags) == ("NEW1", (Flag.GENE_BY_POSITION,))


def test_a_gtf_of_the_other_build_changes_nothing() -> None:
    genes = with_gtf(clone("NEW1", 500, 900), build=Build.GRCH37)
    assert genes.on(Build.GRCH38) is ON_38
    assert set(genes.on(Build.GRCH37).genes) > {"NEW1", "KMT2A"}


def test_a_former_symbol_is_replaced_in_the_transcript_too() -> None:
    packaged = ON_38.genes["AFDN"]
    assert packaged.transcript
    old = replace(
        packaged,
        symbol="MLLT4",
        transcript=replace(packaged.transcript, symbol="MLLT4", cds_start=10, coding_known=True),
    )
    found = with_gtf(old).on(Build.GRCH38).genes["AFDN"]
    assert found.transcript
    assert (found.symbol, found.transcript.symbol, found.transcript.cds_start) == (
        "AFDN",
        "AFDN",
        10,
    )


# Orientation


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ((E8_END, AFF1_E5), ("KMT2A", "AFF1", E8_END, AFF1_E5)),
        (("chr4:87084120:-", "chr11:118482495:-"), ("KMT2A", "AFF1", E8_END, AFF1_E5)),
        ((AFF1_E4_END, E9_START), ("AFF1", "KMT2A", AFF1_E4_END, E9_START)),
        (
            ("chr11:118484183:-", "chr4:87047594:-"),
            ("AFF1", "KMT2A", AFF1_E4_END, E9_START),
        ),
        # Partners on the minus strand.
        ((E8_END, MLLT3_E6), ("KMT2A", "MLLT3", E8_END, MLLT3_E6)),
        (("chr9:20365744:+", "chr11:118482495:-"), ("KMT2A", "MLLT3", E8_END, MLLT3_E6)),
        (("chr19:6270759:+", "chr11:118482495:-"), ("KMT2A", "MLLT1", E8_END, MLLT1_E2)),
        (("chr11:119360234:+", "chr11:118482495:-"), ("KMT2A", "USP2", E8_END, USP2_E3)),
        # A partial tandem duplication.
        ((E8_END, E2_START), ("KMT2A", "KMT2A", E8_END, E2_START)),
        (
            ("chr11:118468775:-", "chr11:118482495:-"),
            ("KMT2A", "KMT2A", E8_END, E2_START),
        ),
        # Of which a strand is not known: an exon ends where the 5' gene is left.
        (
            ("chr4:87084120", "chr11:118482495"),
            ("KMT2A", "AFF1", "chr11:118482495", "chr4:87084120"),
        ),
        (
            ("chr11:118468775", "chr11:118482495"),
            ("KMT2A", "KMT2A", "chr11:118482495", "chr11:118468775"),
        ),
        # The partner is read backwards, so that it is none.
        ((E8_END, "chr4:87084120:-"), ("KMT2A", "?", E8_END, "chr4:87084120:-")),
        (("chr4:87084120:+", "chr11:118482495:-"), ("KMT2A", "?", E8_END, "chr4:87084120:-")),
        # In introns too, where KMT2A comes before the partner.
        (
            ("chr4:87083000:+", "chr11:118482600:-"),
            ("KMT2A", "?", "chr11:118482600:+", "chr4:87083000:-"),
        ),
        ((E8_END, None), ("KMT2A", "?", E8_END, "None")),
        ((None, "chr11:118482495:-"), ("KMT2A", "?", E8_END, "None")),
    ],
)
def test_a_nameless_record_runs_along_its_genes(
    places: tuple[str | None, str | None], expected: tuple[str, str, str, str]
) -> None:
    record = call("?", "?", *places, event_type=ORIENTATION_NOT_KNOWN, extras={"a": "b"})
    placed = place(record, ON_38)
    assert ends(placed) == expected
    assert (placed.split_reads, placed.spanning_fragments, placed.extras) == (10, 5, {"a": "b"})
    assert (placed.flags, placed.event_type) == ((Flag.GENE_BY_POSITION,), "")
    assert place(placed, ON_38) == placed


@pytest.mark.parametrize("symbol", ["AFF1", "MLLT3", "MLLT1", "USP2", "DCPS", "ELL", "AFDN"])
def test_each_exon_of_a_partner_either_way(symbol: str) -> None:
    for exon in partner_exons()[symbol][1:]:
        start = exon.start if exon.strand == "+" else exon.end
        opposite = "-" if exon.strand == "+" else "+"
        straight = call("?", "?", E8_END, f"{exon.contig}:{start}:{exon.strand}")
        turned = call("?", "?", f"{exon.contig}:{start}:{opposite}", "chr11:118482495:-")
        expected = ("KMT2A", symbol, E8_END, f"{exon.contig}:{start}:{exon.strand}")
        assert ends(place(straight, ON_38)) == ends(place(turned, ON_38)) == expected


def test_a_record_without_kmt2a_runs_along_the_genes_that_it_has() -> None:
    turned = place(call("?", "?", "chr9:20365744:+", "chr4:87047594:-"), ON_38)
    assert ends(turned) == ("AFF1", "MLLT3", AFF1_E4_END, MLLT3_E6)
    nowhere = call("?", "?", "chr2:5:-", "chr3:5:+", event_type=ORIENTATION_NOT_KNOWN)
    assert place(nowhere, ON_38) == nowhere


@pytest.mark.parametrize(
    ("names", "places", "expected"),
    [
        # Strands of the record, which was read backwards.
        (
            ("AFF1", "KMT2A"),
            ("chr4:87084120:-", "chr11:118482495:-"),
            ("KMT2A", "AFF1", E8_END, AFF1_E5),
        ),
        # Strands of the genes, whose order the caller does not know.
        (("AFF1", "KMT2A"), (AFF1_E5, E8_END), ("KMT2A", "AFF1", E8_END, AFF1_E5)),
        (("KMT2A", "AFF1"), (E9_START, AFF1_E4_END), ("AFF1", "KMT2A", AFF1_E4_END, E9_START)),
        (("KMT2A", "AFF1"), (E8_END, AFF1_E5), ("KMT2A", "AFF1", E8_END, AFF1_E5)),
        # One of them without a name.
        (("?", "KMT2A"), (AFF1_E5, E8_END), ("KMT2A", "AFF1", E8_END, AFF1_E5)),
        # No strand at all.
        (
            ("AFF1", "KMT2A"),
            ("chr4:87084120", "chr11:118482495"),
            ("KMT2A", "AFF1", "chr11:118482495", "chr4:87084120"),
        ),
    ],
)
def test_an_order_that_the_caller_does_not_know_is_told_by_the_exons(
    names: tuple[str, str], places: tuple[str, str], expected: tuple[str, str, str, str]
) -> None:
    placed = place(call(*names, *places, event_type=f"ITD; {ORIENTATION_NOT_KNOWN}"), ON_38)
    assert (ends(placed), placed.event_type) == (expected, "ITD")
    reported = (placed.reported_5prime, placed.reported_3prime)
    assert reported == tuple("" if "?" in names and s == "AFF1" else s for s in expected[:2])


@pytest.mark.parametrize(
    "places",
    [
        ("chr4:87083000:+", "chr11:118482600:+"),  # in introns, where either order is possible
        (AFF1_E4_END, E8_END),  # two 5' parts
        (None, None),
    ],
)
def test_an_order_that_the_exons_do_not_tell_either_stays_open(
    places: tuple[str | None, str | None],
) -> None:
    one = call("AFF1", "KMT2A", *places, event_type=ORIENTATION_NOT_KNOWN)
    assert place(one, ON_38) == one


def test_an_order_that_the_caller_knows_is_kept() -> None:
    for names in (("AFF1", "KMT2A"), ("NEW1", "KMT2A"), ("AFF1", "?")):
        one = call(*names, "chr4:87084120:-", "chr11:118482495:-")
        assert ends(place(one, ON_38))[2:] == ("chr4:87084120:-", "chr11:118482495:-")


def test_placing_a_file_twice_is_placing_it_once() -> None:
    file = caller_file(
        call("?", "?", "chr9:20365744:+", "chr11:118482495:-"),
        call("KMT2A", "AP003392.1", E8_END, DCPS_E2),
        call("BCR", "ABL1"),
    )
    once = place_file(file, GENES)
    assert place_file(once, GENES) == once
    assert len(once.calls) == 3


def test_every_partner_that_is_mapped_lies_where_the_genes_say() -> None:
    assert set(partners()) <= set(ON_38.genes)


@pytest.mark.parametrize(
    ("name", "little"),
    [
        ("6-Sep", True),
        ("Sep-06", True),
        ("2023-09-06", True),
        ("1-Mar", True),
        ("1-Dec", True),
        ("SEPTIN6", False),
        ("SEPT6", False),
        ("MARCHF1", False),
        ("DEC1", False),
    ],
)
def test_a_date_that_a_spreadsheet_made_of_a_symbol_says_little(*, name: str, little: bool) -> None:
    assert says_little(name) is little
