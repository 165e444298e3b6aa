"""ChimPipe: what becomes of each column, in its versions, and what is set aside.

The file is real; other rows are synthetic under the header of version 0.8.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import NO_GENE, Breakpoint, Source

CHIMPIPE = Path(__file__).parents[1] / "data" / "callers" / "chimpipe_chimericJunctions_MCF-7.txt"


def columns(names: str) -> list[str]:
    return names.split()


def read(path: Path) -> CallerFile:
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0")


def table(folder: Path, *lines: list[str]) -> CallerFile:
    path = folder / "table"
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return read(path)


def test_chimpipe_in_full() -> None:
    file = read(CHIMPIPE)
    assert (file.source, file.n_rows, file.set_aside) == (Source.CHIMPIPE, 12, ())
    # JAFFA places the same fusion of the same cell line at the same two bases.
    call = file.calls[9]
    assert (call.gene_5prime, call.gene_3prime) == ("BCAS4", "BCAS3")
    assert (call.gene_id_5prime, call.gene_id_3prime) == (
        "ENSG00000124243.13",
        "ENSG00000141376.16",
    )
    assert call.breakpoint_5prime == Breakpoint("chr20", 49411710, "+")
    assert call.breakpoint_3prime == Breakpoint("chr17", 59445688, "+")
    assert (call.split_reads, call.spanning_fragments) == (38, 57)
    assert (call.event_type, call.line) == ("interchromosomal", 11)
    assert call.extras["nbTotal(spanning+consistent)"] == "95"
    assert call.extras["donorSS"] == "GT"
    assert len(call.extras) == 35 - 4 - 4
    minus = file.calls[1]
    assert minus.breakpoint_5prime == Breakpoint("chr2", 142237965, "-")
    assert minus.breakpoint_3prime == Breakpoint("chr17", 37265644, "-")
    assert (file.calls[6].gene_5prime, file.calls[6].event_type) == ("RPS6KB1", "inverted")


V08 = columns(
    "juncId nbstag nbtotal maxbeg maxEnd samechr samestr dist ss1 ss2 gnlist1 gnlist2 gnname1 "
    "gnname2 bt1 bt2 PEsupport maxSim maxLgal"
)
KMT2A_AFF1 = {
    "juncId": "chr11_118484975_+:chr4_87084120_+",
    "nbstag": "7",
    "nbtotal": "21",
    "gnlist1": "ENSG1,ENSG2,",
    "gnlist2": "ENSG3,",
    "gnname1": "TTC36,MLL,",
    "gnname2": "AF4,",
    "PEsupport": "1-1:2,2-1:8,",
}


def chimpipe(folder: Path, values: dict[str, str]) -> CallerFile:
    row = {**KMT2A_AFF1, **values}
    return table(folder, V08, [row.get(column, ".") for column in V08])


def test_chimpipe_0_8_has_other_names_and_lists_of_genes(tmp_path: Path) -> None:
    (call,) = chimpipe(tmp_path, {}).calls
    assert (call.gene_5prime, call.reported_5prime, call.gene_id_5prime) == (
        "KMT2A",
        "MLL",
        "ENSG2",
    )
    assert (call.gene_3prime, call.reported_3prime, call.gene_id_3prime) == ("AFF1", "AF4", "ENSG3")
    assert call.breakpoint_5prime == Breakpoint("chr11", 118484975, "+")
    assert call.breakpoint_3prime == Breakpoint("chr4", 87084120, "+")
    # Pairs are counted for each two of the overlapping genes, and so cannot be added.
    assert (call.split_reads, call.spanning_fragments) == (21, None)
    assert call.extras == {
        "nbstag": "7",
        "gnNamesA": "TTC36,MLL,",
        "gnIdsA": "ENSG1,ENSG2,",
        "PEsupport": "1-1:2,2-1:8,",
    }


def test_chimpipe_s_gene_without_a_name(tmp_path: Path) -> None:
    (call,) = chimpipe(tmp_path, {"gnname2": "."}).calls
    assert (call.gene_3prime, call.reported_3prime, call.gene_id_3prime) == (
        NO_GENE,
        "ENSG3",
        "ENSG3",
    )


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (
            {"juncId": "chr11_5:chr4_6_+"},
            (
                "column 'juncCoord': expected contig_position_strand:contig_position_strand, "
                "found 'chr11_5:chr4_6_+'"
            ),
        ),
        (
            {"juncId": "chr11_0_+:chr4_6_+"},
            "column 'juncCoord': expected a position of at least 1, found 0",
        ),
        ({"nbtotal": "na"}, "column 'nbSpanningReads': expected a count, found 'na'"),
    ],
)
def test_what_of_chimpipe_is_set_aside(tmp_path: Path, values: dict[str, str], reason: str) -> None:
    file = chimpipe(tmp_path, values)
    (row,) = file.set_aside
    assert (file.n_rows, file.calls, row.line) == (1, (), 2)
    assert row.reason == f"the row names KMT2A; {reason}"
