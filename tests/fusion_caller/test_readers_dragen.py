"""DRAGEN: what becomes of each column in three versions, which gene is 5', what is set aside.

The file is real, without KMT2A; rows of other versions are synthetic under real headers.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import Breakpoint, Source

DRAGEN = Path(__file__).parents[1] / "data" / "callers" / "dragen_3.9_fusion_candidates.final"


def read(path: Path) -> CallerFile:
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0")


def test_dragen_in_full() -> None:
    file = read(DRAGEN)
    assert (file.source, file.n_rows, file.set_aside) == (Source.DRAGEN, 2, ())
    first, second = file.calls
    assert (first.gene_5prime, first.gene_3prime) == ("ATAD2", "FBXO32")
    assert (first.gene_id_5prime, first.gene_id_3prime) == ("ENSG00000156802", "ENSG00000156804")
    assert first.breakpoint_5prime == Breakpoint("chr8", 123380529, "-")
    assert first.breakpoint_3prime == Breakpoint("chr8", 123534814, "-")
    # Ten reads align on both sides, four are clipped at the junction.
    assert (first.split_reads, first.spanning_fragments) == (14, 1)
    assert (first.event_type, first.caller_confidence) == ("", "")
    reads = first.extras["ReadNames"]
    assert reads.count(";") == 15
    assert {**first.extras, "ReadNames": ""} == {
        "Score": "0.966183",
        "Gene1Location": "IntactExon",
        "Gene2Location": "IntactExon",
        "Gene1Sense": "True",
        "Gene2Sense": "True",
        "NumSplitReads": "10",
        "NumSoftClippedReads": "4",
        "ReadNames": "",
    }
    # Of two overlapping genes neither of which is known the first is taken, all are reported.
    assert (second.gene_3prime, second.reported_3prime) == ("AF127577.4", "AF127577.4;LINC02246")
    assert second.gene_id_3prime == "ENSG00000235609"
    assert second.extras["Gene2Id"] == "ENSG00000235609;ENSG00000281903"
    assert (second.split_reads, second.spanning_fragments) == (6, 0)


def dragen(folder: Path, values: dict[str, str], *, delimiter: str = "\t") -> CallerFile:
    path = folder / "s.fusion_candidates"
    rows = (values, values.values())
    text = "".join(delimiter.join(row) + "\n" for row in rows)
    path.write_text(f"#{text}", encoding="utf-8")
    return read(path)


V37 = {
    "FusionGene": "KMT2A--AFF1",
    "Score": "0.9",
    "LeftBreakpoint": "chr11:118484975:+",
    "RightBreakpoint": "chr4:87084120:+",
    "ReadNames": "r1;r2;",
}
V4 = {
    **V37,
    "Filter": "PASS",
    "SplitScore": "21",
    "NumSplitReads": "15",
    "NumSoftClippedReads": "6",
    "NumPairedReads": "8",
    "AdditionalGenes1": "",
    "Gene1Id": "ENSG00000118058.25",
    "Gene2Id": "ENSG00000172493.23",
    "Gene1Sense": "True",
    "Gene2Sense": "True",
}


def test_dragen_3_7_names_reads_and_counts_none(tmp_path: Path) -> None:
    (call,) = dragen(tmp_path, V37).calls
    assert (call.gene_5prime, call.gene_3prime, call.gene_id_5prime) == ("KMT2A", "AFF1", "")
    assert (call.split_reads, call.spanning_fragments) == (None, None)
    assert call.event_type == "orientation not known"
    assert call.extras == {"Score": "0.9", "ReadNames": "r1;r2;"}


def test_dragen_4_has_a_filter_and_is_comma_separated(tmp_path: Path) -> None:
    (call,) = dragen(tmp_path, V4, delimiter=",").calls
    assert (call.caller_confidence, call.split_reads, call.spanning_fragments) == ("PASS", 21, 8)
    assert (call.gene_id_5prime, call.extras["SplitScore"]) == ("ENSG00000118058.25", "21")
    assert call.breakpoint_3prime == Breakpoint("chr4", 87084120, "+")


def test_dragen_s_senses_tell_which_gene_is_5prime(tmp_path: Path) -> None:
    against = {**V4, "Gene1Sense": "False", "Gene2Sense": "False"}
    (call,) = dragen(tmp_path, against).calls
    assert (call.gene_5prime, call.gene_3prime, call.event_type) == ("AFF1", "KMT2A", "")
    assert (call.gene_id_5prime, call.gene_id_3prime) == (V4["Gene2Id"], V4["Gene1Id"])
    # The strands were those of reads that run against the genes.
    assert call.breakpoint_5prime == Breakpoint("chr4", 87084120)
    assert call.breakpoint_3prime == Breakpoint("chr11", 118484975)
    assert call.extras["LeftBreakpoint"] == "chr11:118484975:+"
    (call,) = dragen(tmp_path, {**V4, "Gene2Sense": "False"}).calls
    assert (call.gene_5prime, call.event_type) == ("KMT2A", "orientation not known")


def test_of_genes_that_overlap_dragen_s_kmt2a_is_meant(tmp_path: Path) -> None:
    listed = {
        **V4,
        "FusionGene": "AP001267.1;KMT2A--AFF1",
        "Gene1Id": "ENSG00000255384;ENSG00000118058",
        "Gene1Sense": "False;True",
    }
    (call,) = dragen(tmp_path, listed).calls
    assert (call.gene_5prime, call.reported_5prime) == ("KMT2A", "AP001267.1;KMT2A")
    assert (call.gene_id_5prime, call.event_type) == ("ENSG00000118058", "")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"FusionGene": "KMT2A"}, "column 'FusionGene': expected gene--gene, found 'KMT2A'"),
        ({"FusionGene": "KMT2A--"}, "column 'FusionGene': expected gene--gene, found 'KMT2A--'"),
        (
            {"LeftBreakpoint": "chr11"},
            "column 'LeftBreakpoint': expected contig:position:strand, found 'chr11'",
        ),
        ({"NumPairedReads": "-1"}, "column 'NumPairedReads': expected a count, found '-1'"),
    ],
)
def test_what_of_dragen_is_set_aside(tmp_path: Path, values: dict[str, str], reason: str) -> None:
    file = dragen(tmp_path, {**V4, **values})
    (row,) = file.set_aside
    assert (file.n_rows, file.calls, row.line) == (1, (), 2)
    assert row.reason == f"the row names KMT2A; {reason}"
