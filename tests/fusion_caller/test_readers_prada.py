"""PRADA: what becomes of each column, in tables with and without samples, and what is set aside.

The file is real and has a read-through of KMT2A; other rows are synthetic under a real header.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import Breakpoint, FusionCall, Source

PRADA = Path(__file__).parents[1] / "data" / "callers" / "PRADA.acc.fusion.fq.TAF.tsv"
ACC = "TCGA-OR-A5J1-01A-11R-A29S-07"


def columns(names: str) -> list[str]:
    return names.split()


def read(path: Path, *, sample: str = "P1-d0") -> CallerFile:
    return read_caller_file(path, name="f", patient="P1" if sample else "", sample=sample)


def table(folder: Path, *lines: list[str]) -> CallerFile:
    path = folder / "table"
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return read(path)


def test_prada_in_full() -> None:
    file = read(PRADA, sample="")
    assert (file.source, file.n_rows, file.set_aside) == (Source.PRADA, 10, ())
    # A read-through of KMT2A, 118,353,210 is the end of its exon 8 on GRCh37.
    assert file.calls[5] == FusionCall(
        patient=ACC,
        sample=ACC,
        source=Source.PRADA,
        gene_5prime="KMT2A",
        gene_3prime="ATP5MG",
        reported_5prime="MLL",
        reported_3prime="ATP5L",
        breakpoint_5prime=Breakpoint("chr11", 118353210, "+"),
        breakpoint_3prime=Breakpoint("chr11", 118301739, "+"),
        split_reads=6,
        spanning_fragments=14,
        extras={
            "sample": ACC,
            "perfectJSR_n": "3",
            "Junc_n": "2",
            "Position_Consist": "YES",
            "Junction": (
                "MLL:11:118353210_ATP5L:11:118301739,5|MLL:11:118397539_ATP5L:11:118301739,1"
            ),
            "Identity": "100",
            "Align_Len": "12",
            "Evalue": "3.2",
            "BitScore": "22.9",
            "TAF_info": "MLL,1.0000_ATP5L,0.8333|MLL,0.1667_ATP5L,0.5000",
            "max_TAF": "1.0",
        },
        file="f",
        line=7,
    )
    minus = file.calls[1]
    assert (minus.gene_5prime, minus.gene_3prime) == ("DAB2", "ARSB")
    assert minus.breakpoint_5prime == Breakpoint("chr5", 39392467, "-")
    assert minus.breakpoint_3prime == Breakpoint("chr5", 78265015, "-")
    assert "Junction" not in minus.extras


CANDIDATES = columns(
    "Gene_A Gene_B A_chr B_chr A_strand B_strand Discordant_n JSR_n perfectJSR_n Junc_n "
    "Position_Consist Junction"
)
KMT2A_MLLT3 = {
    "Gene_A": "MLL",
    "Gene_B": "MLLT3",
    "A_chr": "11",
    "B_chr": "9",
    "A_strand": "1",
    "B_strand": "-1",
    "Discordant_n": "8",
    "JSR_n": "21",
    "perfectJSR_n": "20",
    "Junc_n": "2",
    "Position_Consist": "YES",
    "Junction": "MLL:11:118484314_MLLT3:9:20365744,1|MLL:11:118484975_MLLT3:9:20365744,20",
}


def prada(folder: Path, values: dict[str, str]) -> CallerFile:
    row = {**KMT2A_MLLT3, **values}
    return table(folder, CANDIDATES, [row[column] for column in CANDIDATES])


def test_of_prada_s_junctions_the_one_with_most_reads_is_the_breakpoint(tmp_path: Path) -> None:
    (call,) = prada(tmp_path, {}).calls
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", "MLLT3")
    assert call.breakpoint_5prime == Breakpoint("chr11", 118484975, "+")
    assert call.breakpoint_3prime == Breakpoint("chr9", 20365744, "-")
    assert (call.split_reads, call.spanning_fragments) == (21, 8)
    assert call.extras["Junction"] == KMT2A_MLLT3["Junction"]


def test_prada_s_reciprocal_has_kmt2a_as_b(tmp_path: Path) -> None:
    junction = "AFF1:4:87047594_MLL:11:118488614,3"
    row = {"Gene_A": "AFF1", "Gene_B": "MLL", "A_chr": "4", "B_chr": "11", "B_strand": "1"}
    (call,) = prada(tmp_path, {**row, "Junction": junction}).calls
    assert (call.gene_5prime, call.gene_3prime) == ("AFF1", "KMT2A")
    assert call.breakpoint_3prime == Breakpoint("chr11", 118488614, "+")


def test_prada_s_pair_without_a_junction_has_no_breakpoint(tmp_path: Path) -> None:
    (call,) = prada(tmp_path, {"Junction": "", "JSR_n": "0"}).calls
    assert (call.breakpoint_5prime, call.breakpoint_3prime) == (None, None)
    assert (call.split_reads, call.extras["A_chr"]) == (0, "11")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"A_strand": "+"}, "column 'A_strand': expected 1 or -1, found '+'"),
        (
            {"Junction": "MLL:11:5"},
            (
                "column 'Junction': expected gene:contig:position_gene:contig:position,reads, "
                "found 'MLL:11:5'"
            ),
        ),
        (
            {"Junction": "A:11:0_B:9:5,1"},
            "column 'Junction': expected a position of at least 1, found 0",
        ),
        ({"JSR_n": "few"}, "column 'JSR_n': expected a count, found 'few'"),
        ({"Gene_B": "."}, "column 'Gene_B': expected a value, found none"),
    ],
)
def test_what_of_prada_is_set_aside(tmp_path: Path, values: dict[str, str], reason: str) -> None:
    file = prada(tmp_path, values)
    (row,) = file.set_aside
    assert (file.n_rows, file.calls, row.line) == (1, (), 2)
    assert row.reason == f"the row names KMT2A; {reason}"
