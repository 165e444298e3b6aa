"""Arriba, FusionCatcher, JAFFA and EricScript: other versions, and what a format cannot tell.

Rows are synthetic under real headers; coordinates are exon edges on GRCh38.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.readers import FORMATS, CallerFile, read_caller_file, recognise
from fusion_caller.records import NO_GENE, Breakpoint, Flag, Frame, FusionCall, Source
from fusion_caller.tables import read_head


def columns(names: str) -> list[str]:
    return names.split()


DATA = Path(__file__).parents[1] / "data" / "callers"
ARRIBA_1 = columns(
    "#gene1 gene2 strand1(gene/fusion) strand2(gene/fusion) breakpoint1 breakpoint2 site1 site2 "
    "type direction1 direction2 split_reads1 split_reads2 discordant_mates coverage1 coverage2 "
    "confidence closest_genomic_breakpoint1 closest_genomic_breakpoint2 filters "
    "fusion_transcript reading_frame peptide_sequence read_identifiers"
)
ARRIBA_2 = (DATA / "arriba_fusions.tsv").read_text(encoding="utf-8").splitlines()[0].split("\t")
KMT2A_AFF1 = {
    "gene1": "KMT2A",
    "gene2": "AFF1",
    "strand1(gene/fusion)": "+/+",
    "strand2(gene/fusion)": "+/+",
    "breakpoint1": "11:118484975",
    "breakpoint2": "4:87084120",
    "type": "translocation",
    "split_reads1": "12",
    "split_reads2": "9",
    "discordant_mates": "8",
    "confidence": "high",
    "reading_frame": "in-frame",
    "gene_id1": "ENSG00000118058",
}


def table(
    folder: Path, header: list[str], values: dict[str, str], *, source: Source | None = None
) -> CallerFile:
    path = folder / "table"
    row = [values.get(column.removeprefix("#"), ".") for column in header]
    path.write_text("\t".join(header) + "\n" + "\t".join(row) + "\n", encoding="utf-8")
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0", source=source)


def arriba(folder: Path, values: dict[str, str], *, header: list[str] = ARRIBA_2) -> FusionCall:
    file = table(folder, header, {**KMT2A_AFF1, **values})
    assert file.set_aside == ()
    (call,) = file.calls
    return call


def test_arriba_1_has_no_identifiers_and_other_columns(tmp_path: Path) -> None:
    call = arriba(tmp_path, {"direction1": "downstream", "coverage1": "40"}, header=ARRIBA_1)
    assert (call.gene_5prime, call.gene_3prime, call.gene_id_5prime) == ("KMT2A", "AFF1", "")
    assert call.breakpoint_5prime == Breakpoint("chr11", 118484975, "+")
    assert (call.split_reads, call.spanning_fragments) == (21, 8)
    assert call.caller_reading_frame is Frame.IN_FRAME
    assert call.extras == {
        "split_reads1": "12",
        "split_reads2": "9",
        "direction1": "downstream",
        "coverage1": "40",
        "reading_frame": "in-frame",
    }
    assert arriba(tmp_path, {}).gene_id_5prime == "ENSG00000118058"


def test_arriba_s_closest_genes_are_not_the_gene(tmp_path: Path) -> None:
    closest = "TTC36(1203),TMEM25(8123)"
    row = {"gene2": closest, "strand2(gene/fusion)": "./-", "breakpoint2": "11:118524000"}
    call = arriba(tmp_path, row)
    assert (call.gene_3prime, call.reported_3prime) == (NO_GENE, closest)
    # Where there is no gene, the transcribed strand is all that is known.
    assert call.breakpoint_3prime == Breakpoint("chr11", 118524000, "-")
    assert (call.event_type, call.extras["strand2(gene/fusion)"]) == ("translocation", "./-")
    assert arriba(tmp_path, {"gene1": "KMT2A(23000)"}).gene_5prime == NO_GENE
    # A name may hold brackets without a distance in them.
    assert arriba(tmp_path, {"gene2": "Em:AC008101.5"}).gene_3prime == "Em:AC008101.5"


def test_arriba_s_breakpoint_has_the_strand_that_is_transcribed(tmp_path: Path) -> None:
    call = arriba(tmp_path, {"strand2(gene/fusion)": "+/-", "type": "inversion/5'-5'"})
    assert call.breakpoint_3prime == Breakpoint("chr4", 87084120, "-")
    unknown = arriba(tmp_path, {"strand2(gene/fusion)": "+/."})
    assert unknown.breakpoint_3prime == Breakpoint("chr4", 87084120, "+")
    assert (call.event_type, call.extras["strand2(gene/fusion)"]) == ("inversion/5'-5'", "+/-")
    assert "strand1(gene/fusion)" not in call.extras


def test_arriba_s_order_says_nothing_without_a_transcribed_strand(tmp_path: Path) -> None:
    call = arriba(tmp_path, {"strand1(gene/fusion)": "+/.", "strand2(gene/fusion)": "+/."})
    assert call.event_type == "translocation; orientation not known"


@pytest.mark.parametrize(
    ("transcript", "inserted"),
    [("ACGT|acgt|GTCA", "ACGT"), ("ACGT|GTCA", ""), (".", ""), ("AC___GT|a|G...T", "A")],
)
def test_arriba_s_bases_between_the_bars_are_of_neither_gene(
    tmp_path: Path, transcript: str, inserted: str
) -> None:
    assert arriba(tmp_path, {"fusion_transcript": transcript}).inserted_bases == inserted


@pytest.mark.parametrize(
    ("filters", "flags"),
    [
        (".", ()),
        ("duplicates(4),mismatches(2)", ()),
        ("min_support", (Flag.DISCARDED,)),
        ("duplicates(4),read_through", (Flag.DISCARDED,)),
    ],
)
def test_arriba_discards_an_event_by_a_filter_without_a_number(
    tmp_path: Path, filters: str, flags: tuple[Flag, ...]
) -> None:
    assert arriba(tmp_path, {"filters": filters}).flags == flags


def test_arriba_s_duplication_within_kmt2a(tmp_path: Path) -> None:
    ptd = {"gene2": "KMT2A", "breakpoint1": "11:118482495", "breakpoint2": "11:118468775"}
    call = arriba(tmp_path, {**ptd, "type": "duplication/non-canonical_splicing"})
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", "KMT2A")
    assert call.breakpoint_5prime == Breakpoint("chr11", 118482495, "+")
    assert call.breakpoint_3prime == Breakpoint("chr11", 118468775, "+")
    assert call.event_type == "duplication/non-canonical_splicing"


def test_arriba_s_strand_that_is_none_is_set_aside(tmp_path: Path) -> None:
    file = table(tmp_path, ARRIBA_2, {**KMT2A_AFF1, "strand1(gene/fusion)": "1/1"})
    (row,) = file.set_aside
    assert row.reason == (
        "the row names KMT2A; column 'strand1(gene/fusion)': expected the strand + or -, found '1'"
    )


EARLY_FUSIONCATCHER = columns(
    "Fusion_gene_symbol_1(5end_partner) Fusion_gene_symbol_2(3end_partner) Fusion_description "
    "Counts_of_common_mapping_reads Spanning_pairs Spanning_unique_reads Longest_spanning_read "
    "Aligner(s) Fusion_gene_1_position(5end_partner) Fusion_gene_2_position(3end_partner) "
    "Fusion_gene_1(5end_partner) Fusion_gene_2(3end_partner) Fusion_exon_1(5end_partner) "
    "Fusion_exon_2(3end_partner) Fusion_sequence"
)
EARLY_ROW = {
    "Fusion_gene_symbol_1(5end_partner)": "MLL",
    "Fusion_gene_symbol_2(3end_partner)": "AFF1",
    "Fusion_description": "known",
    "Spanning_pairs": "8",
    "Spanning_unique_reads": "21",
    "Aligner(s)": "BOWTIE",
    "Fusion_gene_1_position(5end_partner)": "11:118484975:+",
    "Fusion_gene_2_position(3end_partner)": "4:87084120:+",
    "Fusion_gene_1(5end_partner)": "ENSG00000118058",
    "Fusion_gene_2(3end_partner)": "ENSG00000172493",
}


def test_an_early_fusioncatcher_has_other_names(tmp_path: Path) -> None:
    file = table(tmp_path, EARLY_FUSIONCATCHER, EARLY_ROW)
    (call,) = file.calls
    assert file.source is Source.FUSIONCATCHER
    assert (call.gene_5prime, call.reported_5prime, call.gene_3prime) == ("KMT2A", "MLL", "AFF1")
    assert (call.gene_id_5prime, call.gene_id_3prime) == ("ENSG00000118058", "ENSG00000172493")
    assert call.breakpoint_5prime == Breakpoint("chr11", 118484975, "+")
    assert call.breakpoint_3prime == Breakpoint("chr4", 87084120, "+")
    assert (call.split_reads, call.spanning_fragments) == (21, 8)
    assert call.extras == {"Fusion_description": "known", "Aligner(s)": "BOWTIE"}


def test_fusioncatcher_s_gene_without_a_symbol_has_its_identifier(tmp_path: Path) -> None:
    row = {**EARLY_ROW, "Fusion_gene_symbol_2(3end_partner)": ""}
    (call,) = table(tmp_path, EARLY_FUSIONCATCHER, row).calls
    assert (call.gene_3prime, call.reported_3prime) == ("ENSG00000172493", "ENSG00000172493")
    row |= {"Fusion_gene_2(3end_partner)": ""}
    (aside,) = table(tmp_path, EARLY_FUSIONCATCHER, row).set_aside
    assert aside.reason == (
        "the row names KMT2A; column 'Gene_2_symbol(3end_fusion_partner)': expected a value, "
        "found none"
    )


JAFFAL_HEADER = [
    *("sample", "fusion genes", "chrom1", "base1", "strand1", "chrom2", "base2", "strand2"),
    *("gap (kb)", "spanning pairs", "spanning reads", "inframe", "aligns", "rearrangement"),
    *("contig", "contig break", "classification", "known"),
]
JAFFAL_ROW = {
    "sample": "reads",
    "fusion genes": "KMT2A::AFF1",
    "chrom1": "chr11",
    "base1": "118484975",
    "strand1": "+",
    "chrom2": "chr4",
    "base2": "87084120",
    "strand2": "+",
    "spanning pairs": "0",
    "spanning reads": "10",
    "classification": "HighConfidence",
}


def test_long_reads_have_no_pairs_to_count(tmp_path: Path) -> None:
    file = table(tmp_path, JAFFAL_HEADER, JAFFAL_ROW, source=Source.JAFFAL)
    (call,) = file.calls
    assert (file.source, call.source) == (Source.JAFFAL, Source.JAFFAL)
    assert (call.split_reads, call.spanning_fragments) == (10, None)
    assert call.extras["spanning pairs"] == "0"
    # The columns do not say which of the two it is.
    file = table(tmp_path, JAFFAL_HEADER, JAFFAL_ROW)
    (call,) = file.calls
    assert (file.source, call.spanning_fragments) == (Source.JAFFA, 0)
    assert "spanning pairs" not in call.extras


def test_an_earlier_ericscript_has_no_blacklist(tmp_path: Path) -> None:
    text = (DATA / "ericscript_SRR1657556.results.total.tsv").read_text(encoding="utf-8")
    header, first = (line.split("\t") for line in text.splitlines()[:2])
    row = dict(zip(header, first, strict=True))
    (call,) = table(tmp_path, [c for c in header if c != "Blacklist"], row).calls
    assert (call.gene_5prime, call.gene_3prime, call.split_reads) == ("PPIA", "CYP11A1", 26)


HEADERS = [ARRIBA_1, EARLY_FUSIONCATCHER, JAFFAL_HEADER]


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header[0])
def test_a_header_of_another_version_is_one_format_s_only(header: list[str]) -> None:
    head = ("\t".join(header) + "\n",)
    assert [known for known in FORMATS if known.recognises(head)] == [recognise(head)]


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name[:24])
def test_a_real_file_is_one_format_s_only(path: Path) -> None:
    head = read_head(path, name="f")
    assert [known for known in FORMATS if known.recognises(head)] == [recognise(head)]
