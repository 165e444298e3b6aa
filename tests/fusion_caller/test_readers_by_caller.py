"""JAFFA, deFuse, EricScript and SOAPfuse: what becomes of each column, and of a KMT2A row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from fusion_caller.assign import assign
from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import Breakpoint, Frame, FusionCall, FusionKind, Source

DATA = Path(__file__).parents[1] / "data" / "callers"
JAFFA = DATA / "jaffa_results.BT474-demo.csv"
DEFUSE = DATA / "defuse_833ke_results.filtered.tsv"
ERICSCRIPT = DATA / "ericscript_SRR1657556.results.total.tsv"
SOAPFUSE = DATA / "soapfuse_833ke_final.Fusion.specific.for.genes"
# A row of JAFFA's example of another sample than the test file's.
MCF7 = (
    '"MCF7-demo","BCAS4:BCAS3","chr20",49411710,"chr17",59445688,Inf,"381",263,FALSE,TRUE,TRUE,'
    '"Locus_7_Transcript_3/7_Confidence_0.300_Length_540",371,"HighConfidence","Yes"\n'
)


def read(path: Path) -> CallerFile:
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0")


def changed(path: Path, folder: Path, values: str) -> Path:
    """The first row of a file, with values like `column=value`, `_` for a space in either."""
    delimiter = "," if path.suffix == ".csv" else "\t"
    text = path.read_text(encoding="utf-8")
    row = next(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    for column, _, value in (pair.partition("=") for pair in values.split()):
        name = column if column in row else column.replace("_", " ")
        assert name in row
        row[name] = value.replace("_", " ")
    made = folder / path.name
    made.write_text(f"{delimiter.join(row)}\n{delimiter.join(row.values())}\n", encoding="utf-8")
    return made


def test_jaffa_in_full() -> None:
    calls = read(JAFFA).calls
    assert calls[1] == FusionCall(
        patient="P1",
        sample="P1-d0",
        source=Source.JAFFA,
        gene_5prime="ACACA",
        gene_3prime="STAC2",
        reported_5prime="ACACA",
        reported_3prime="STAC2",
        breakpoint_5prime=Breakpoint("chr17", 35479453),
        breakpoint_3prime=Breakpoint("chr17", 37374426),
        split_reads=81,
        spanning_fragments=33,
        caller_confidence="HighConfidence",
        caller_reading_frame=Frame.IN_FRAME,
        extras={
            "sample": "BT474-demo",
            "gap (kb)": "1894.967",
            "inframe": "TRUE",
            "aligns": "TRUE",
            "rearrangement": "TRUE",
            "contig": "Locus_5_Transcript_2/4_Confidence_0.813_Length_9511",
            "contig break": "7356",
            "known": "Yes",
        },
        file="f",
        line=3,
    )
    assert [call.caller_confidence for call in calls] == (
        ["HighConfidence"] * 12 + ["MediumConfidence"] * 2 + ["LowConfidence"]
    )


def test_jaffa_s_words_that_claim_less_than_they_seem_to() -> None:
    calls = read(JAFFA).calls
    # FALSE is also what JAFFA writes of a junction in a non-coding part.
    assert (calls[0].extras["inframe"], calls[0].caller_reading_frame) == ("FALSE", Frame.UNKNOWN)
    assert (calls[-1].extras["inframe"], calls[-1].caller_reading_frame) == ("NA", Frame.UNKNOWN)
    # A dash is no count of zero.
    assert (calls[12].gene_3prime, calls[12].split_reads) == ("ACSF2", 30)
    assert calls[12].spanning_fragments is None


def test_jaffa_of_today_has_strands_two_colons_and_no_quotes(tmp_path: Path) -> None:
    path = tmp_path / "jaffa_results.csv"
    path.write_text(
        "sample,fusion genes,chrom1,base1,strand1,chrom2,base2,strand2,gap (kb),spanning pairs,"
        "spanning reads,inframe,aligns,rearrangement,contig,contig break,classification,known\n"
        "reads.fastq,KIAA1549::BRAF,chr7,138867975,-,chr7,140787584,-,1919.608,0,10,TRUE,TRUE,"
        "TRUE,03dec4eb-8641,370,HighConfidence,Yes\n",
        encoding="utf-8",
    )
    (call,) = read(path).calls
    assert (call.gene_5prime, call.gene_3prime) == ("KIAA1549", "BRAF")
    assert call.breakpoint_5prime == Breakpoint("chr7", 138867975, "-")
    assert call.breakpoint_3prime == Breakpoint("chr7", 140787584, "-")
    assert (call.split_reads, call.spanning_fragments) == (10, 0)
    assert not {"strand1", "strand2", "base1", "chrom2"} & set(call.extras)


def test_a_file_of_two_samples_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "jaffa_results.csv"
    path.write_text(JAFFA.read_text(encoding="utf-8") + MCF7, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(path)
    assert str(error.value) == (
        "f: the column 'sample' names 2 samples, but one sample is given for the file; leave "
        "patient and sample empty, and the samples keep the file's names"
    )
    file = read_caller_file(path, name="f")
    assert (file.patient, file.sample, file.n_rows, file.set_aside) == ("", "", 16, ())
    assert {c.sample for c in file.calls} == {"BT474-demo", "MCF7-demo"}
    assert all(c.patient == c.sample for c in file.calls)
    assert [c.line for c in file.calls if c.sample == "MCF7-demo"] == [17]


def test_a_refused_row_belongs_to_the_sample_that_the_file_names(tmp_path: Path) -> None:
    path = tmp_path / "jaffa_results.csv"
    refused = MCF7.replace("BCAS4:BCAS3", "KMT2A:AFF1").replace(",263,", ",many,")
    path.write_text(JAFFA.read_text(encoding="utf-8") + refused, encoding="utf-8")
    file = read_caller_file(path, name="f")
    (row,) = file.set_aside
    assert (row.patient, row.sample) == ("MCF7-demo", "MCF7-demo")
    assert (row.line, row.names_kmt2a) == (17, True)
    unread = {sample.sample: sample.unread_kmt2a_rows for sample in assign([file])}
    assert unread == {"BT474-demo": 0, "MCF7-demo": 1}


def test_a_short_row_of_a_comma_separated_file_has_its_own_remedy(tmp_path: Path) -> None:
    path = tmp_path / "jaffa_results.csv"
    path.write_text(JAFFA.read_text(encoding="utf-8").rpartition(",")[0] + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(path)
    assert (error.value.line, error.value.problem) == (
        16,
        "expected 16 fields as in the header, found 15",
    )


def test_defuse_in_full() -> None:
    call = read(DEFUSE).calls[0]
    assert (call.gene_5prime, call.gene_3prime) == ("RCC1", "HENMT1")
    assert (call.gene_id_5prime, call.gene_id_3prime) == ("ENSG00000180198", "ENSG00000162639")
    assert call.breakpoint_5prime == Breakpoint("chr1", 28834672, "+")
    assert call.breakpoint_3prime == Breakpoint("chr1", 109202584, "-")
    assert (call.split_reads, call.spanning_fragments) == (6, 4)
    assert (call.caller_confidence, call.event_type) == ("", "")
    # N is also what deFuse writes of a break outside the coding sequence, as here.
    assert (call.extras["orf"], call.extras["gene_location1"]) == ("N", "utr5p")
    assert call.caller_reading_frame is Frame.UNKNOWN
    assert call.extras["probability"] == "0.935918104157104"
    assert len(call.extras) == 71 - 6 - 6
    assert read(DEFUSE).calls[2].caller_reading_frame is Frame.IN_FRAME


def test_defuse_s_genes_are_ordered_by_what_is_kept_of_them() -> None:
    calls = read(DEFUSE).calls
    unknown = [call for call in calls if call.event_type]
    # Both 5' parts, as of KLHDC2 and NEMF, or both 3' parts are kept in the file's order.
    assert {call.event_type for call in unknown} == {"orientation not known"}
    assert [(call.gene_5prime, call.gene_3prime) for call in unknown] == [
        ("KLHDC2", "NEMF"),
        ("ZNF259P1", "ARMC2"),
    ]
    # deFuse's gene_align_strand, which is not used, says the same: reads lie along a 5' gene.
    for call in calls:
        sense = [call.extras[f"gene_align_strand{number}"] for number in (1, 2)]
        assert (sense == ["+", "-"]) is (call not in unknown)


def test_defuse_s_second_gene_may_be_the_5prime_one(tmp_path: Path) -> None:
    path = changed(
        DEFUSE,
        tmp_path,
        "gene_name1=AFF1 gene_chromosome1=4 genomic_break_pos1=87084120 gene_strand1=+ "
        "gene_name2=MLL gene_chromosome2=11 genomic_break_pos2=118484975 gene_strand2=+ "
        "genomic_strand1=- genomic_strand2=+",
    )
    (call,) = read(path).calls
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", "AFF1")
    assert (call.reported_5prime, call.gene_id_5prime) == ("MLL", "ENSG00000162639")
    assert call.breakpoint_5prime == Breakpoint("chr11", 118484975, "+")
    assert call.breakpoint_3prime == Breakpoint("chr4", 87084120, "+")
    assert call.event_type == ""


def test_ericscript_in_full() -> None:
    calls = read(ERICSCRIPT).calls
    first = calls[0]
    assert (first.gene_5prime, first.gene_3prime) == ("PPIA", "CYP11A1")
    assert (first.gene_id_5prime, first.gene_id_3prime) == ("ENSG00000196262", "ENSG00000140459")
    assert first.breakpoint_5prime == Breakpoint("chr7", 44796786, "+")
    assert first.breakpoint_3prime == Breakpoint("chr15", 74361634, "-")
    # 26 reads span the junction, 117 pairs cross it.
    assert (first.split_reads, first.spanning_fragments) == (26, 117)
    assert (first.event_type, first.caller_reading_frame) == ("inter-chromosomal", Frame.UNKNOWN)
    assert first.extras["EricScore"] == "0.473687722690875"
    assert "Blacklist" not in first.extras
    assert calls[3].extras["Blacklist"] == "Frequency: 0.032"
    assert [call.event_type for call in calls].count("Read-Through") == 2


def test_ericscript_says_in_words_that_it_has_no_breakpoint(tmp_path: Path) -> None:
    none = "Unable to predict breakpoint position"
    (call,) = read(changed(ERICSCRIPT, tmp_path, f"Breakpoint2={none.replace(' ', '_')}")).calls
    assert call.breakpoint_3prime is None
    assert call.breakpoint_5prime == Breakpoint("chr7", 44796786, "+")
    kept = {name: call.extras.get(name) for name in ("chr1", "chr2", "Breakpoint2", "strand2")}
    assert kept == {"chr1": None, "chr2": "15", "Breakpoint2": none, "strand2": "-"}


def test_soapfuse_in_full() -> None:
    calls = read(SOAPFUSE).calls
    assert calls[4] == FusionCall(
        patient="P1",
        sample="P1-d0",
        source=Source.SOAPFUSE,
        gene_5prime="DHRS1",
        gene_3prime="RABGGTA",
        reported_5prime="DHRS1",
        reported_3prime="RABGGTA",
        breakpoint_5prime=Breakpoint("chr14", 24761405, "-"),
        breakpoint_3prime=Breakpoint("chr14", 24740517, "-"),
        split_reads=6,
        spanning_fragments=3,
        event_type="INTRACHR-SS-OGO-0GAP",
        extras={"up_loc": "M", "dw_loc": "M", "down_fusion_part_frame-shift_or_not": "NA"},
        file="f",
        line=6,
    )
    frames = [call.caller_reading_frame for call in calls]
    assert frames[:4] == [Frame.OUT_OF_FRAME] * 2 + [Frame.IN_FRAME] * 2
    assert {frame: frames.count(frame) for frame in set(frames)} == {
        Frame.IN_FRAME: 12,
        Frame.OUT_OF_FRAME: 8,
        Frame.UNKNOWN: 21,
    }


def test_soapfuse_s_table_of_transcripts_is_not_its_table_of_genes(tmp_path: Path) -> None:
    path = tmp_path / "f"
    columns = SOAPFUSE.read_text(encoding="utf-8").split("\n")[0].split("\t")
    path.write_text("\t".join((*columns, "up_tran", "dw_tran")) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="expected the output of a caller that is known"):
        read(path)


def test_defuse_and_soapfuse_place_the_same_junctions_alike() -> None:
    def junctions(path: Path) -> set[tuple[str, str, Breakpoint | None, Breakpoint | None]]:
        return {
            (call.gene_5prime, call.gene_3prime, call.breakpoint_5prime, call.breakpoint_3prime)
            for call in read(path).calls
        }

    nck1, il20rb = Breakpoint("chr3", 136647069, "+"), Breakpoint("chr3", 136699308, "+")
    assert junctions(DEFUSE) & junctions(SOAPFUSE) == {("NCK1", "IL20RB", nck1, il20rb)}


# KMT2A's MANE exon 10 ends at 118,484,975, AFF1's exon 5 begins at 87,084,120 on GRCh38.
KMT2A_AFF1 = {
    JAFFA: (
        "fusion_genes=KMT2A:AFF1 spanning_reads=21 spanning_pairs=8 inframe=TRUE "
        "chrom1=chr11 base1=118484975 chrom2=chr4 base2=87084120"
    ),
    DEFUSE: (
        "gene_name1=KMT2A gene_name2=AFF1 splitr_count=21 span_count=8 orf=Y "
        "gene_chromosome1=11 genomic_break_pos1=118484975 gene_strand1=+ genomic_strand1=+ "
        "gene_chromosome2=4 genomic_break_pos2=87084120 gene_strand2=+ genomic_strand2=-"
    ),
    ERICSCRIPT: (
        "GeneName1=KMT2A GeneName2=AFF1 spanningreads=21 crossingreads=8 "
        "chr1=11 Breakpoint1=118484975 strand1=+ chr2=4 Breakpoint2=87084120 strand2=+"
    ),
    SOAPFUSE: (
        "up_gene=MLL dw_gene=AFF1 Junc_reads_num=21 Span_reads_num=8 "
        "up_chr=chr11 up_Genome_pos=118484975 up_strand=+ "
        "dw_chr=chr4 dw_Genome_pos=87084120 dw_strand=+ "
        "down_fusion_part_frame-shift_or_not=inframe-shift"
    ),
}


@pytest.mark.parametrize("path", KMT2A_AFF1, ids=lambda path: path.name[:9])
def test_a_row_of_kmt2a_and_aff1_is_that_fusion(tmp_path: Path, path: Path) -> None:
    file = read(changed(path, tmp_path, KMT2A_AFF1[path]))
    assert (file.n_rows, file.set_aside) == (1, ())
    (sample,) = assign([file])
    (event,) = sample.events
    assert (event.fusion, event.partner, event.kind) == ("KMT2A::AFF1", "AFF1", FusionKind.FUSION)
    assert (event.build, event.kmt2a_exon, event.partner_exon) == ("GRCh38", "e10", "e5")
    assert [str(reads) for reads in event.reads] == [f"{file.source}:21+8"]
    # By the phases of both exons, whether or not the caller says it.
    assert (event.reading_frame, event.flags) == (Frame.IN_FRAME, ())
