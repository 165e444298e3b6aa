"""Variant files: which ends a record joins, in which order, of which genes, with which support.

Synthetic: headers and fields as the tools named write them, KMT2A and its partners on GRCh38.
Genomic breaks lie in KMT2A's MANE intron 8 (118,482,496-118,484,182); in transcripts exon 8 ends at
118,482,495, exon 2 begins at 118,468,775, AFF1's exon 5 at 87,084,120 (plus strand), MLLT1's exon 2
at 6,270,759 (minus strand).
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pysam
import pytest

from fusion_caller.assign import assign
from fusion_caller.contigs import Build
from fusion_caller.errors import InputError
from fusion_caller.placing import Genes, place
from fusion_caller.readers import CallerFile, read_caller_file, recognise
from fusion_caller.records import NO_GENE, Breakpoint, Disposition, Flag, Frame, FusionCall, Source

if TYPE_CHECKING:
    from pathlib import Path

UNKNOWN = "orientation not known"
TAB = "\t"
KMT2A_I8 = Breakpoint("chr11", 118483000, "+")
AFF1_I4 = Breakpoint("chr4", 87060000, "+")
MLLT1_I1 = Breakpoint("chr19", 6275000, "-")
KMT2A_E8 = Breakpoint("chr11", 118482495, "+")
AFF1_E5 = Breakpoint("chr4", 87084120, "+")
MLLT1_E2 = Breakpoint("chr19", 6270759, "-")
COLUMNS = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
BND = "SVTYPE=BND"
MANTA = "PR:SR 20,7:15,4"


def vcf(
    folder: Path, *rows: str, samples: str = "", head: str = "", patient: str = "P1"
) -> CallerFile:
    """A file of records, their fields parted by blanks, below the lines of a header."""
    names = samples.split()
    columns = [*COLUMNS, *(["FORMAT", *names] if names else [])]
    lines = ["##fileformat=VCFv4.2", *head.strip().splitlines(), "\t".join(columns)]
    text = "".join(f"{line}\n" for line in (*lines, *("\t".join(row.split()) for row in rows)))
    path = folder / "f"
    path.write_text(text, encoding="utf-8")
    return read_caller_file(path, name="f", patient=patient, sample=patient and f"{patient}-d0")


def ends(call: FusionCall) -> tuple[Breakpoint | None, Breakpoint | None]:
    return call.breakpoint_5prime, call.breakpoint_3prime


def names(call: FusionCall) -> tuple[str, str]:
    return call.gene_5prime, call.gene_3prime


def test_a_call_in_full(tmp_path: Path) -> None:
    file = vcf(
        tmp_path,
        f"chr4 87060000 b2 C ]chr11:118483000]C 99 PASS {BND};MATEID=b1;CIPOS=-2,2 {MANTA}",
        f"chr11 118483000 b1 A A[chr4:87060000[ 99 PASS {BND};MATEID=b2;CIPOS=0,4;X {MANTA}",
        samples="T1",
    )
    assert (file.source, file.n_rows, file.set_aside) == (Source.VCF, 2, ())
    assert file.calls == (
        FusionCall(
            patient="P1",
            sample="P1-d0",
            source=Source.VCF,
            gene_5prime=NO_GENE,
            gene_3prime=NO_GENE,
            reported_5prime="",
            reported_3prime="",
            breakpoint_5prime=KMT2A_I8,
            breakpoint_3prime=AFF1_I4,
            split_reads=4,
            spanning_fragments=7,
            caller_confidence="PASS",
            event_type="translocation; orientation not known",
            extras={
                "ID": "b2",
                "REF": "C",
                "ALT": "]chr11:118483000]C",
                "QUAL": "99",
                "CIPOS": "-2,2",
                "MATE_ID": "b1",
                "MATE_REF": "A",
                "MATE_ALT": "A[chr4:87060000[",
                "MATE_CIPOS": "0,4",
                "MATE_X": "yes",
                "PR": "20,7",
                "SR": "15,4",
            },
            n_rows=2,
            file="f",
            line=3,
        ),
    )


PLUS, MINUS = "+", "-"


@pytest.mark.parametrize(
    ("alternate", "five", "three"),
    [
        ("A[chr4:87060000[", ("chr11", 118483000, PLUS), ("chr4", 87060000, PLUS)),
        ("A]chr4:87060000]", ("chr11", 118483000, PLUS), ("chr4", 87060000, MINUS)),
        ("]chr4:87060000]A", ("chr4", 87060000, PLUS), ("chr11", 118483000, PLUS)),
        ("[chr4:87060000[A", ("chr4", 87060000, MINUS), ("chr11", 118483000, PLUS)),
        # Bases in between, a contig in angle brackets, and one whose name has colons.
        ("ACGT[<chr4>:87060000[", ("chr11", 118483000, PLUS), ("chr4", 87060000, PLUS)),
        ("A[HLA-A*01:01:01[", ("chr11", 118483000, PLUS), ("HLA-A*01:01", 1, PLUS)),
    ],
)
def test_the_four_forms_of_a_breakend(
    tmp_path: Path, alternate: str, five: tuple[str, int, str], three: tuple[str, int, str]
) -> None:
    (call,) = vcf(tmp_path, f"chr11 118483000 . A {alternate} . . {BND}").calls
    assert ends(call) == (Breakpoint(*five), Breakpoint(*three))
    assert call.n_rows == 1


def test_a_single_breakend_has_no_partner(tmp_path: Path) -> None:
    before, behind = vcf(
        tmp_path,
        f"chr11 118483000 . A A. . . {BND}",
        f"chr11 118483000 . A .A . . {BND}",
    ).calls
    assert ends(before) == (KMT2A_I8, None)
    assert ends(behind) == (None, KMT2A_I8)
    assert before.event_type == f"single breakend; {UNKNOWN}"


MATES = (
    f"chr11 118483000 b1 A A]chr19:6275000] . PASS {BND};MATEID=%s",
    f"chr19 6275000 b2 C C]chr11:118483000] . PASS {BND};MATEID=%s",
)


@pytest.mark.parametrize("ids", [("b2", "b1"), (".", "."), ("gone", "b7"), ("b1", "b2")])
def test_mates_are_one_call_whatever_their_ids_say(tmp_path: Path, ids: tuple[str, str]) -> None:
    rows = [row % mate for row, mate in zip(MATES, ids, strict=True)]
    (call,) = vcf(tmp_path, *rows).calls
    assert (ends(call), call.n_rows, call.line) == ((KMT2A_I8, MLLT1_I1), 2, 3)


def test_a_junction_called_twice_is_two_calls(tmp_path: Path) -> None:
    calls = vcf(tmp_path, MATES[0] % "b2", MATES[0] % "b4", MATES[1] % "b1").calls
    assert [call.n_rows for call in calls] == [2, 1]


@pytest.mark.parametrize(
    ("row", "five", "three", "event"),
    [
        ("<DEL> SVTYPE=DEL;END=118500000", (118483000, PLUS), (118500001, PLUS), "deletion"),
        ("<DUP> SVTYPE=DUP;END=118500000", (118500000, PLUS), (118483001, PLUS), "duplication"),
        ("<DUP:TANDEM> END=118500000", (118500000, PLUS), (118483001, PLUS), "duplication"),
        ("<INV> SVTYPE=INV;END=118500000", (118483000, PLUS), (118500000, MINUS), "inversion"),
        (
            "<INV> SVTYPE=INV;CT=5to5;END=118500000",
            (118483001, MINUS),
            (118500001, PLUS),
            "inversion",
        ),
        (
            "<INV> SVTYPE=INV;STRANDS=++:9;END=118500000",
            (118483000, PLUS),
            (118500000, MINUS),
            "inversion",
        ),
        # Spelt out, as Manta does for short ones.
        ("ACGT SVTYPE=DEL;END=118500000", (118483000, PLUS), (118500001, PLUS), "deletion"),
    ],
)
def test_symbolic_alleles(
    tmp_path: Path, row: str, five: tuple[int, str], three: tuple[int, str], event: str
) -> None:
    alternate, info = row.split()
    (call,) = vcf(tmp_path, f"chr11 118483000 . A {alternate} . . {info}").calls
    assert ends(call) == (Breakpoint("chr11", *five), Breakpoint("chr11", *three))
    assert call.event_type == f"{event}; {UNKNOWN}"


@pytest.mark.parametrize(
    ("info", "five", "three"),
    [
        ("CT=3to5", KMT2A_I8, AFF1_I4),
        ("CT=5to3", AFF1_I4, KMT2A_I8),
        ("CT=3to3", KMT2A_I8, Breakpoint("chr4", 87060000, "-")),
        ("CT=5to5", Breakpoint("chr11", 118483000, "-"), AFF1_I4),
        ("STRANDS=-+", AFF1_I4, KMT2A_I8),
        ("IMPRECISE", Breakpoint("chr11", 118483000), Breakpoint("chr4", 87060000)),
    ],
)
def test_delly_s_translocations(
    tmp_path: Path, info: str, five: Breakpoint, three: Breakpoint
) -> None:
    row = "chr11 118483000 TRA1 N <TRA> . LowQual SVTYPE=TRA;CHR2=chr4;END=87060000;PE=6;SR=3;"
    (call,) = vcf(tmp_path, row + info).calls
    assert ends(call) == (five, three)
    assert (call.split_reads, call.spanning_fragments, call.caller_confidence) == (3, 6, "LowQual")
    assert call.event_type == f"translocation; {UNKNOWN}"


def test_delly_of_today_has_breakends_and_counts_by_sample(tmp_path: Path) -> None:
    row = f"chr11 118483000 B1 A A[chr4:87060000[ . PASS {BND};CHR2=chr4;POS2=87060000"
    (call,) = vcf(
        tmp_path, f"{row};END=118483001;PE=9 GT:DR:DV:RR:RV 0/1:30:9:25:0", samples="T1"
    ).calls
    assert ends(call) == (KMT2A_I8, AFF1_I4)
    assert (call.split_reads, call.spanning_fragments) == (0, 9)


@pytest.mark.parametrize(
    ("row", "genes", "places"),
    [
        # The partner's record first, as it often is.
        (
            f"chr19 6275000 . C C]chr11:118483000] . . {BND}",
            ("KMT2A", "MLLT1"),
            (KMT2A_I8, MLLT1_I1),
        ),
        (
            f"chr4 87060000 . C ]chr11:118483000]C . . {BND}",
            ("KMT2A", "AFF1"),
            (KMT2A_I8, AFF1_I4),
        ),
        (
            f"chr4 87060000 . C C[chr11:118483000[ . . {BND}",
            ("AFF1", "KMT2A"),
            (AFF1_I4, KMT2A_I8),
        ),
        # KMT2A's 3' part behind AFF1 read backwards, which is no gene.
        (
            f"chr4 87060000 . C [chr11:118483000[C . . {BND}",
            (NO_GENE, "KMT2A"),
            (Breakpoint("chr4", 87060000, "-"), KMT2A_I8),
        ),
    ],
)
def test_genes_and_their_order_are_found_by_position(
    tmp_path: Path,
    row: str,
    genes: tuple[str, str],
    places: tuple[Breakpoint, Breakpoint],
) -> None:
    (call,) = vcf(tmp_path, row).calls
    assert names(call) == (NO_GENE, NO_GENE)
    placed = place(call, Genes().on(Build.GRCH38))
    assert (names(placed), ends(placed)) == (genes, places)


def test_a_duplication_within_kmt2a_is_a_ptd(tmp_path: Path) -> None:
    # From intron 1 to intron 8: exons 2 to 8 twice.
    row = "chr11 118460000 . A <DUP:TANDEM> . PASS SVTYPE=DUP;END=118483000"
    (call,) = vcf(tmp_path, row).calls
    placed = place(call, Genes().on(Build.GRCH38))
    assert names(placed) == ("KMT2A", "KMT2A")
    assert ends(placed) == (KMT2A_I8, Breakpoint("chr11", 118460001, "+"))
    assert "duplication" in placed.event_type
    # The same as breakends.
    (call,) = vcf(tmp_path, f"chr11 118460001 . A ]chr11:118483000]A . . {BND}").calls
    assert (ends(call), call.event_type) == (ends(placed), f"duplication; {UNKNOWN}")


RNAFUSION_HEAD = """\
##ALT=<ID=BND,Description="Break end">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
##INFO=<ID=GENEA,Number=.,Type=String,Description="Gene A">
##INFO=<ID=GENEB,Number=.,Type=String,Description="Gene B">
##INFO=<ID=POSA,Number=.,Type=String,Description="Breakpoint position A">
##INFO=<ID=FOUND_DB,Number=.,Type=String,Description="Databases in which the fusion has been found">
##INFO=<ID=FRAME_STATUS,Number=.,Type=Float,Description="Frame status of the fusion">
##INFO=<ID=SCORE,Number=.,Type=Float,Description="Score from fusionreport">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=DV,Number=1,Type=Integer,Description="Number of paired-ends that support the event">
##FORMAT=<ID=RV,Number=1,Type=Integer,Description="Number of split reads that support the event">
##FORMAT=<ID=FFPM,Number=1,Type=Float,Description="Fusion fragments per million"> """
RNAFUSION = (
    "chr11 118482495 . N N]chr19:6270759] . PASS SVTYPE=BND;CHRA=chr11;CHRB=chr19;GENEA=MLL;"
    "GENEB=ENL;POSA=118482495;POSB=6270759;ORIENTATION=+,-;FOUND_DB=mitelman;"
    "FOUND_IN=arriba,starfusion;TOOL_HITS=2;SCORE=0.484123456789;FRAME_STATUS=INFRAME;"
    "EXON_NUMBER_A=8 GT:DV:RV:FFPM ./1:12:5:0.7"
)


def test_rnafusion_s_vcf_collect(tmp_path: Path) -> None:
    (call,) = vcf(tmp_path, RNAFUSION, samples="S", head=RNAFUSION_HEAD).calls
    assert names(call) == ("KMT2A", "MLLT1")
    assert (call.reported_5prime, call.reported_3prime) == ("MLL", "ENL")
    assert ends(call) == (KMT2A_E8, MLLT1_E2)
    # The header has the two counts the other way round; they are FusionInspector's.
    assert (call.split_reads, call.spanning_fragments) == (12, 5)
    # Declared to be a number, it would be infinity.
    assert call.caller_reading_frame is Frame.IN_FRAME
    assert call.event_type == "translocation"
    assert call.extras == {
        "REF": "N",
        "ALT": "N]chr19:6270759]",
        "FOUND_DB": "mitelman",
        "FOUND_IN": "arriba,starfusion",
        "TOOL_HITS": "2",
        "SCORE": "0.484123456789",
        "FRAME_STATUS": "INFRAME",
        "EXON_NUMBER_A": "8",
        "GT": "./1",
        "DV": "12",
        "RV": "5",
        "FFPM": "0.7",
    }


def test_rnafusion_s_fusion_that_fusioninspector_did_not_see(tmp_path: Path) -> None:
    row = (
        "0 0 . N N[0:0[ . PASS SVTYPE=BND;CHRA=0;CHRB=0;GENEA=KMT2A;GENEB=AFF1;POSA=0;POSB=0;"
        "ORIENTATION=nan,nan;FOUND_DB=;FRAME_STATUS=nan GT:DV:RV:FFPM ./1:0:0:0.0"
    )
    (call,) = vcf(tmp_path, row, samples="S", head=RNAFUSION_HEAD).calls
    assert (names(call), ends(call)) == (("KMT2A", "AFF1"), (None, None))
    assert (call.split_reads, call.spanning_fragments) == (None, None)
    assert (call.caller_reading_frame, call.event_type) == (Frame.UNKNOWN, "")


def test_rnafusion_s_earlier_megafusion_has_its_positions_in_the_allele(tmp_path: Path) -> None:
    row = (
        "chr11 118482495 . N N[chr4:87084120[ . PASS SVTYPE=BND;CHRA=chr11;CHRB=chr4;GENEA=KMT2A;"
        "GENEB=AFF1;ORIENTATION=+,+;FOUND_DB=['Mitelman'];ARRIBA=true GT:DV:RV:FFPM ./1:9:2:0.3"
    )
    (call,) = vcf(tmp_path, row, samples="S", head=RNAFUSION_HEAD).calls
    assert (ends(call), call.split_reads) == ((KMT2A_E8, AFF1_E5), 9)


def test_megafusion_itself_counts_as_its_header_says(tmp_path: Path) -> None:
    row = (
        "chr11 118482495 Arriba_Fusion_1 N N[chr4:87084120[ . PASS SVTYPE=BND;CHRA=chr11;CHRB=chr4;"
        "GENEA=KMT2A;GENEB=AFF1;ORIENTATION=+,+ GT:DV:RV ./1:2:9"
    )
    (call,) = vcf(tmp_path, row, samples="Bob", head="##source=Arriba").calls
    assert (call.split_reads, call.spanning_fragments) == (9, 2)


ARRIBA_HEAD = """\
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
##INFO=<ID=MATEID,Number=.,Type=String,Description="ID of mate breakends">
##INFO=<ID=GENE_NAME,Number=.,Type=String,Description="Name of gene hit by breakpoint.">
##INFO=<ID=GENE_ID,Number=.,Type=String,Description="ID of gene hit by breakpoint."> """
ARRIBA_5PRIME = (
    f"11 118482495 1a G G]19:6270759] 5 PASS {BND};MATEID=1b;GENE_NAME=MLL;GENE_ID=ENSG00000118058"
)
ARRIBA_3PRIME = (
    f"19 6270759 1b C C]11:118482495] 5 PASS {BND};MATEID=1a;GENE_NAME=MLLT1;"
    "GENE_ID=ENSG00000130382"
)


@pytest.mark.parametrize("turn", [1, -1], ids=["5prime-first", "3prime-first"])
def test_arriba_s_vcf_names_each_gene_at_its_own_record(tmp_path: Path, turn: int) -> None:
    (call,) = vcf(tmp_path, *(ARRIBA_5PRIME, ARRIBA_3PRIME)[::turn], head=ARRIBA_HEAD).calls
    assert names(call) == ("KMT2A", "MLLT1")
    assert call.reported_5prime == "MLL"
    assert (call.gene_id_5prime, call.gene_id_3prime) == ("ENSG00000118058", "ENSG00000130382")
    assert ends(call) == (KMT2A_E8, MLLT1_E2)
    assert (call.caller_confidence, call.event_type, call.n_rows) == ("high", "translocation", 2)
    assert (call.split_reads, call.spanning_fragments) == (None, None)


def test_arriba_s_vcf_with_one_of_the_records(tmp_path: Path) -> None:
    (first,) = vcf(tmp_path, ARRIBA_5PRIME, head=ARRIBA_HEAD).calls
    assert (names(first), ends(first)) == (("KMT2A", NO_GENE), (KMT2A_E8, MLLT1_E2))
    (second,) = vcf(tmp_path, ARRIBA_3PRIME, head=ARRIBA_HEAD).calls
    assert (names(second), ends(second)) == ((NO_GENE, "MLLT1"), (KMT2A_E8, MLLT1_E2))


MANTA_HEAD = """\
##source=GenerateSVCandidates 1.6.0
##INFO=<ID=RNA_FIRST,Number=0,Type=Flag,Description="For RNA fusions, this break-end is 5'">
##INFO=<ID=RNA_STRANDED,Number=0,Type=Flag,Description="The direction of transcription is known">
##FORMAT=<ID=PR,Number=R,Type=Integer,Description="Spanning paired-read support">
##FORMAT=<ID=SR,Number=R,Type=Integer,Description="Split reads"> """


@pytest.mark.parametrize(
    ("first", "second", "event"),
    [
        (";RNA_STRANDED", ";RNA_FIRST;RNA_STRANDED", "translocation"),
        # Without the strand the flag says nothing.
        ("", ";RNA_FIRST", f"translocation; {UNKNOWN}"),
    ],
)
def test_manta_s_rna_mode_marks_the_5prime_end(
    tmp_path: Path, first: str, second: str, event: str
) -> None:
    (call,) = vcf(
        tmp_path,
        f"19 6270759 M:0 C C]11:118482495] . PASS {BND};MATEID=M:1{first} {MANTA}",
        f"11 118482495 M:1 G G]19:6270759] . PASS {BND};MATEID=M:0{second} {MANTA}",
        samples="T1",
        head=MANTA_HEAD,
    ).calls
    assert (call.split_reads, call.spanning_fragments, call.event_type) == (4, 7, event)
    turned = (Breakpoint("chr19", 6270759, "+"), Breakpoint("chr11", 118482495, "-"))
    assert ends(call) == ((KMT2A_E8, MLLT1_E2) if UNKNOWN not in event else turned)


def test_a_mate_that_is_not_5prime_is_3prime(tmp_path: Path) -> None:
    row = f"19 6270759 M:0 C C]11:118482495] . PASS {BND};MATEID=M:1;RNA_STRANDED PR 6,3"
    (call,) = vcf(tmp_path, row, samples="T1", head=MANTA_HEAD).calls
    assert ends(call) == (KMT2A_E8, MLLT1_E2)
    assert (call.split_reads, call.spanning_fragments) == (None, 3)


TWO = (
    f"11 118483000 b1 A A[4:87060000[ . PASS {BND} GT:PR:SR 0/0:30,0:20,0 0/1:20,7:15,4",
    f"12 5000 b3 A A[5:6000[ . PASS {BND} PR:SR 30,0:20,0 30,0:20,2",
    f"13 5000 b5 A A[6:6000[ . PASS {BND} GT 0/0 0/0",
)


def test_each_sample_has_the_records_that_it_carries(tmp_path: Path) -> None:
    file = vcf(tmp_path, *TWO, samples="normal tumour", patient="")
    assert [(c.patient, c.sample, c.line, c.split_reads) for c in file.calls] == [
        ("tumour", "tumour", 3, 4),
        ("tumour", "tumour", 4, 2),
    ]
    assert (file.n_rows, file.n_set_aside) == (3, 1)
    (remark,) = file.set_aside
    assert (remark.line, remark.reason) == (
        5,
        "the row makes no call: a rearrangement that no sample of the file carries",
    )


def test_one_sample_may_not_be_stated_for_two(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        vcf(tmp_path, *TWO, samples="normal tumour")
    assert str(error.value) == (
        "f: the file holds 2 samples, but one sample is given for it; leave patient and sample "
        "empty, and the samples keep the file's names"
    )


def test_a_file_without_samples_needs_one_stated(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="names no sample"):
        vcf(tmp_path, MATES[0] % "b2", patient="")


def test_a_file_that_says_nothing_of_a_sample_is_about_it(tmp_path: Path) -> None:
    (call,) = vcf(tmp_path, f"{MATES[0] % 'b2'} GT ./.", samples="T1").calls
    assert (call.sample, call.split_reads, call.spanning_fragments) == ("P1-d0", None, None)


def test_small_variants_and_insertions_are_counted(tmp_path: Path) -> None:
    file = vcf(
        tmp_path,
        "chr1 100 . A C,G . PASS .",
        "chr1 200 . ACGT A . PASS DP=3",
        "chr11 118483000 . A <INS> . PASS SVTYPE=INS;SVLEN=49",
        "chr12 5000 . A <INS> . PASS SVTYPE=INS",
        "chr12 6000 . A <CN0> . PASS SVTYPE=CNV;END=9000",
        MATES[0] % "b2",
    )
    assert (file.n_rows, file.n_set_aside, len(file.calls)) == (6, 5, 1)
    assert [(one.line, one.disposition, one.reason) for one in file.set_aside] == [
        (
            3,
            Disposition.PASSED_OVER,
            "5 rows, this one first, make no call: no rearrangement, or no second place",
        ),
    ]


LONG = "ACGT" * 13  # 52 bases


@pytest.mark.parametrize(
    ("contig", "position", "beside"),
    [("chr11", 118483000, 118482990), ("11", 118353900, 118353920)],
)
@pytest.mark.parametrize(
    "record",
    [
        "A <INS> . PASS SVTYPE=INS;SVLEN=320",
        "A <INS> . PASS SVTYPE=INS;SVLEN=50",
        "A <INS> . PASS SVTYPE=INS",
        "A <INS> . PASS SVTYPE=INS;SVLEN=.",
        "A <DUP:TANDEM>,<INS> . PASS SVTYPE=INS",
        "N N . PASS SVTYPE=INS",
        f"A A{LONG} . PASS SVTYPE=INS;SVLEN=52",
        f"A A{LONG} . PASS DP=30",
        f"A C,A{LONG} . PASS DP=30",
        f"A A{LONG}[%s[ . PASS {BND}",
        f"A ]%s]{LONG}A . PASS {BND}",
    ],
)
def test_a_long_insertion_in_kmt2a_is_refused(
    tmp_path: Path, contig: str, position: int, beside: int, record: str
) -> None:
    record = record.replace("%s", f"{contig}:{beside}")
    small = "chr12 5000 . A C . PASS DP=3"
    file = vcf(tmp_path, f"{contig} {position} . {record}", small)
    (row, _) = file.set_aside
    assert (row.line, row.disposition, row.names_kmt2a) == (3, Disposition.REFUSED, True)
    assert row.reason == "an insertion in KMT2A, of which the record does not say what was inserted"
    assert (file.n_rows, file.n_set_aside, file.calls) == (2, 2, ())
    (sample,) = assign([file])
    assert (sample.sample, sample.unread_kmt2a_rows) == ("P1-d0", 1)


@pytest.mark.parametrize(
    "record",
    [
        "chr11 118483000 . A <INS> . PASS SVTYPE=INS;SVLEN=49",
        "chr11 118483000 . A AC . PASS DP=30",
        f"chr11 118483000 . {LONG} A{LONG} . PASS DP=30",
        "chr11 119483000 . A <INS> . PASS SVTYPE=INS",
        "chr12 118483000 . A <INS> . PASS SVTYPE=INS",
    ],
)
def test_a_short_insertion_or_one_elsewhere_says_nothing(tmp_path: Path, record: str) -> None:
    file = vcf(tmp_path, record)
    assert [row.disposition for row in file.set_aside] == [Disposition.PASSED_OVER]
    assert (file.n_rows, file.calls) == (1, ())


def test_an_insertion_counts_for_the_samples_that_carry_it(tmp_path: Path) -> None:
    insertion = "chr11 118483000 . A <INS> . PASS SVTYPE=INS"
    file = vcf(tmp_path, f"{insertion} GT 0/0 0/1 1/1", samples="A B C", patient="")
    assert (file.n_rows, [row.sample for row in file.set_aside]) == (2, ["B", "C"])
    unread = {sample.sample: sample.unread_kmt2a_rows for sample in assign([file])}
    assert unread == {"A": 0, "B": 1, "C": 1}
    nobody_s = f"chr11 118483000 . A A[chr4:87060000[ . . {BND} GT 0/0"
    file = vcf(tmp_path, nobody_s, f"{insertion} GT 0/0", samples="A", patient="")
    (row,) = file.set_aside
    assert (file.n_rows, row.n_rows, row.line) == (2, 2, 3)
    assert row.disposition is Disposition.PASSED_OVER


def test_a_refused_record_counts_for_all_samples_of_its_file(tmp_path: Path) -> None:
    file = vcf(
        tmp_path,
        f"chr11 118483000 . A A[chr4:999999999[ . . {BND} GT 0/1 0/1",
        samples="A B",
        patient="",
    )
    assert [(row.sample, row.names_kmt2a) for row in file.set_aside] == [("", True)]
    unread = {sample.sample: sample.unread_kmt2a_rows for sample in assign([file])}
    assert unread == {"A": 1, "B": 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            f"chr11 118483000 . A A[chr4:999999999[ . . {BND}",
            "column 'ALT': expected a position within chr4 (at most 191154276), found 999999999",
        ),
        (
            f"chr11 518483000 . A A[chr4:87060000[ . . {BND}",
            "column 'POS': expected a position within chr11 (at most 135086622), found 518483000",
        ),
        (
            f"decoy 5000 . A A[chr4:87060000[ . . {BND}",
            "column 'POS': expected a position within decoy (at most 4000), found 5000",
        ),
        (
            f"chr11 0 . A A[chr4:87060000[ . . {BND}",
            "column 'POS': expected a position of at least 1, found 0",
        ),
        (
            "chr11 118483000 . A <DEL> . . SVTYPE=DEL",
            "column 'INFO': expected the position of the other end, found ''",
        ),
        (
            f"chr11 118483000 . A A[chr4:87060000[,<DEL> . . {BND};END=118500000",
            "column 'ALT': expected one alternate allele, found 2",
        ),
    ],
)
def test_a_record_that_cannot_be_read_is_set_aside(tmp_path: Path, row: str, reason: str) -> None:
    file = vcf(tmp_path, MATES[0] % "b2", row, head="##contig=<ID=decoy,length=4000>")
    assert (file.n_rows, len(file.calls), file.n_refused) == (2, 1, 1)
    (aside,) = file.set_aside
    assert (aside.line, aside.reason, aside.sample) == (5, reason, "P1-d0")


def test_a_count_that_cannot_be_read_sets_both_records_aside(tmp_path: Path) -> None:
    file = vcf(tmp_path, *(f"{row % '.'} PR 5,x" for row in MATES), samples="T1")
    assert [(one.line, one.reason) for one in file.set_aside] == [
        (3, "column 'PR': expected a count, found 'x'"),
        (4, "column 'PR': expected a count, found 'x'"),
    ]
    assert (file.n_rows, file.calls) == (2, ())


@pytest.mark.parametrize(
    ("head", "build"),
    [
        ("##contig=<ID=chr11,length=135086622>", "GRCh38"),
        ("##contig=<ID=11,length=135006516>\n##reference=file:///genomes/x.fa", "GRCh37"),
        ("##reference=file:///genomes/Homo_sapiens.GRCh38.94.dna.fa", "GRCh38"),
        ("##reference=hs37d5", "GRCh37"),
        ("##contig=<ID=chr11,length=135086623>", ""),
        ("##reference=hg18", ""),
        # The mitochondrion of GRCh38 is in releases of GRCh37 too.
        ("##contig=<ID=MT,length=16569>\n##contig=<ID=X,length=155270560>", "GRCh37"),
    ],
)
def test_the_header_tells_the_build(tmp_path: Path, head: str, build: str) -> None:
    (call,) = vcf(tmp_path, MATES[0] % "b2", head=head).calls
    assert call.build == build


def test_a_header_without_records_has_no_calls(tmp_path: Path) -> None:
    file = vcf(tmp_path, samples="T1", head=MANTA_HEAD)
    assert (file.n_rows, file.calls, file.set_aside) == (0, (), ())


@pytest.mark.parametrize(
    "row",
    [
        "chr11 many . A A[chr4:87060000[ . PASS SVTYPE=BND GT 0/1",
        "chr11 118483000 . A A[chr4:87060000[ . PASS SVTYPE=BND GT:PR 0/1:1:2:3",
    ],
)
def test_a_broken_record_is_named_by_its_line_and_htslib_is_silent(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], row: str
) -> None:
    with pytest.raises(InputError) as error:
        vcf(tmp_path, f"{MATES[0] % 'b2'} GT 0/1", row, samples="T1")
    assert (error.value.file, error.value.line) == ("f", 4)
    assert capfd.readouterr() == ("", "")


def test_a_record_of_another_width_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected 10 fields as in the header, found 11"):
        vcf(tmp_path, f"{MATES[0] % 'b2'} GT 0/1 0/1", samples="T1")


@pytest.mark.parametrize(
    "text",
    [
        "##fileformat=VCFv4.2\n",
        "##fileformat=VCFv4.2\nchr11\t1\t.\tA\tC\t.\t.\t.\n",
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n",
    ],
)
def test_a_broken_header_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str
) -> None:
    path = tmp_path / "f"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_caller_file(path, name="f", patient="P1", sample="P1-d0")
    assert error.value.file == "f"
    assert capfd.readouterr() == ("", "")


def test_packed_files_and_line_ends_of_windows(tmp_path: Path) -> None:
    lines = ["##fileformat=VCFv4.1", "\t".join([*COLUMNS, "FORMAT", "T1"])]
    lines += ["\t".join(f"{MATES[0] % 'b2'} PR 5,3".split()), ""]
    path = tmp_path / "f.vcf.gz"
    path.write_bytes(gzip.compress("\r\n".join(lines).encode()))
    (call,) = read_caller_file(path, name="f").calls
    assert (call.sample, ends(call), call.spanning_fragments) == ("T1", (KMT2A_I8, MLLT1_I1), 3)
    blocks = tmp_path / "b.vcf.gz"
    with pysam.BGZFile(str(blocks), "wb") as packed:
        packed.write("\n".join(lines).encode())
    assert read_caller_file(blocks, name="f").calls[0].sample == "T1"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(InputError, match="truncated"):
        read_caller_file(path, name="f")


def test_only_a_variant_file_is_recognised() -> None:
    assert recognise(("##fileformat=VCFv4.3\n",)) is not None
    assert recognise(("##fileformat=BCFv2\n",)) is None
    assert recognise(("##gff-version 3\n",)) is None


@pytest.mark.parametrize(
    ("filters", "flags"),
    [("PASS", ()), (".", ()), ("MinQual", (Flag.DISCARDED,)), ("a;b", (Flag.DISCARDED,))],
)
def test_what_the_caller_s_own_filter_took_is_flagged(
    tmp_path: Path, filters: str, flags: tuple[Flag, ...]
) -> None:
    text = f"##fileformat=VCFv4.2\n{TAB.join(COLUMNS)}\n" + TAB.join(
        ["11", "118482495", "a", "A", "A[4:87084120[", ".", filters, BND]
    )
    path = tmp_path / "f.vcf"
    path.write_text(text + "\n", encoding="utf-8")
    (call,) = read_caller_file(path, patient="P1", sample="S1").calls
    assert call.flags == flags


@pytest.mark.parametrize(
    ("genotypes", "carriers"),
    [
        (("0/1", "./."), ["A"]),
        (("./.", "./."), []),
        (("./.", "0/0"), []),
        (("1", "0|1"), ["A", "B"]),
    ],
)
def test_beside_others_a_missing_genotype_says_that_there_is_nothing(
    tmp_path: Path, genotypes: tuple[str, str], carriers: list[str]
) -> None:
    head = (
        "##fileformat=VCFv4.2\n"
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
        f"{TAB.join([*COLUMNS, 'FORMAT', 'A', 'B'])}\n"
    )
    row = ["11", "118482495", "a", "A", "A[4:87084120[", ".", "PASS", BND, "GT", *genotypes]
    path = tmp_path / "f.vcf"
    path.write_text(head + TAB.join(row) + "\n", encoding="utf-8")
    assert [call.sample for call in read_caller_file(path).calls] == carriers
