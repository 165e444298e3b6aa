"""SQUID, whose segments are in no order: positions, strands, and which side is 5'.

The file is real, without KMT2A; other rows are synthetic under real headers, KMT2A, AFF1 and MLLT3
(minus strand) at exon edges on GRCh38.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.contigs import Build
from fusion_caller.placing import Genes, place
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import NO_GENE, Breakpoint, FusionCall, Source

SQUID = Path(__file__).parents[1] / "data" / "callers" / "squid_hcc1954_sv.txt"
SQUID_HEADER = [
    "# chrom1",
    "start1",
    "end1",
    "chrom2",
    "start2",
    "end2",
    "name",
    "score",
    "strand1",
    "strand2",
    "num_concordantfrag_bp1",
    "num_concordantfrag_bp2",
]
ANNOTATED_HEADER = [*SQUID_HEADER[:10], "Type", "FusedGenes"]
# KMT2A's segment ends with its exon 10, AFF1's begins with its exon 5, MLLT3's ends with the first
# base of its exon 6.
KMT2A_KEPT_5PRIME = ("11", "118484861", "118484975", "+")
AFF1_KEPT_3PRIME = ("4", "87084119", "87084164", "-")
MLLT3_KEPT_3PRIME = ("9", "20365668", "20365744", "+")
KMT2A_E10 = Breakpoint("chr11", 118484975, "+")
AFF1_E5 = Breakpoint("chr4", 87084120, "+")
MLLT3_E6 = Breakpoint("chr9", 20365744, "-")
Segment = tuple[str, str, str, str]


def read(path: Path) -> CallerFile:
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0")


def table(folder: Path, *lines: list[str]) -> CallerFile:
    path = folder / "table"
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return read(path)


def squid_row(one: Segment, two: Segment, *last: str) -> list[str]:
    return [*one[:3], *two[:3], ".", "40", one[3], two[3], *last]


def squid(folder: Path, one: Segment, two: Segment) -> FusionCall:
    file = table(folder, SQUID_HEADER, squid_row(one, two, "5", "6"))
    assert file.set_aside == ()
    (call,) = file.calls
    return call


def annotated(folder: Path, one: Segment, two: Segment, genes: str) -> FusionCall:
    kind = "non-fusion-gene" if genes == "." else "fusion-gene"
    file = table(folder, ANNOTATED_HEADER, squid_row(one, two, kind, genes))
    assert (file.variant, file.set_aside) == ("structural variants with genes", ())
    (call,) = file.calls
    return call


def test_squid_in_full() -> None:
    file = read(SQUID)
    assert (file.source, file.n_rows, file.set_aside) == (Source.SQUID, 98, ())
    assert file.calls[0] == FusionCall(
        patient="P1",
        sample="P1-d0",
        source=Source.SQUID,
        gene_5prime=NO_GENE,
        gene_3prime=NO_GENE,
        reported_5prime="",
        reported_3prime="",
        # The right end of 38135885-38136308 joins the right end of 38137195-38137773.
        breakpoint_5prime=Breakpoint("chr17", 38136308, "+"),
        breakpoint_3prime=Breakpoint("chr17", 38137773, "-"),
        # A weighted sum of reads of both kinds is neither count.
        split_reads=None,
        spanning_fragments=None,
        event_type="orientation not known",
        extras={
            "start1": "38135885",
            "end1": "38136308",
            "start2": "38137195",
            "end2": "38137773",
            "score": "685",
            "strand1": "+",
            "strand2": "+",
            "num_concordantfrag_bp1": "309",
            "num_concordantfrag_bp2": "993",
        },
        file="f",
        line=2,
    )


def test_squid_s_starts_are_0_based_and_its_ends_are_not() -> None:
    call = read(SQUID).calls[1]
    # The left end of MT:0-408 joins the right end of MT:16294-16569, which is the last base.
    assert call.breakpoint_5prime == Breakpoint("chrM", 1, "-")
    assert call.breakpoint_3prime == Breakpoint("chrM", 16569, "-")


def test_squid_s_segments_lie_on_the_gene_s_edges(tmp_path: Path) -> None:
    call = squid(tmp_path, KMT2A_KEPT_5PRIME, AFF1_KEPT_3PRIME)
    assert (call.breakpoint_5prime, call.breakpoint_3prime) == (KMT2A_E10, AFF1_E5)
    call = squid(tmp_path, KMT2A_KEPT_5PRIME, MLLT3_KEPT_3PRIME)
    assert (call.breakpoint_5prime, call.breakpoint_3prime) == (KMT2A_E10, MLLT3_E6)


def test_squid_s_segments_the_other_way_round_run_against_the_genes(tmp_path: Path) -> None:
    call = squid(tmp_path, AFF1_KEPT_3PRIME, KMT2A_KEPT_5PRIME)
    assert call.breakpoint_5prime == Breakpoint("chr4", 87084120, "-")
    assert call.breakpoint_3prime == Breakpoint("chr11", 118484975, "-")


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("partner", [AFF1_KEPT_3PRIME, MLLT3_KEPT_3PRIME], ids=["AFF1", "MLLT3"])
def test_squid_s_segments_become_genes_by_their_places(
    tmp_path: Path, partner: Segment, turned: bool
) -> None:
    segments = (partner, KMT2A_KEPT_5PRIME) if turned else (KMT2A_KEPT_5PRIME, partner)
    call = place(squid(tmp_path, *segments), Genes().on(Build.GRCH38))
    symbol, place_3prime = ("AFF1", AFF1_E5) if partner is AFF1_KEPT_3PRIME else ("MLLT3", MLLT3_E6)
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", symbol)
    assert (call.breakpoint_5prime, call.breakpoint_3prime) == (KMT2A_E10, place_3prime)


@pytest.mark.parametrize("turned", [False, True])
def test_squid_s_genes_are_5prime_first_whatever_the_segments_are(
    tmp_path: Path, turned: bool
) -> None:
    segments = (KMT2A_KEPT_5PRIME, MLLT3_KEPT_3PRIME)
    call = annotated(tmp_path, *(segments[::-1] if turned else segments), "KMT2A:MLLT3")
    assert (call.gene_5prime, call.gene_3prime, call.event_type) == ("KMT2A", "MLLT3", "")
    assert (call.breakpoint_5prime, call.breakpoint_3prime) == (KMT2A_E10, MLLT3_E6)
    assert "FusedGenes" not in call.extras
    assert call.extras["Type"] == "fusion-gene"


def test_squid_s_reciprocal(tmp_path: Path) -> None:
    # AFF1's exon 4 ends at 87,047,594, KMT2A's exon 11 begins at 118,488,614.
    aff1, kmt2a = ("4", "87046694", "87047594", "+"), ("11", "118488613", "118488760", "-")
    call = annotated(tmp_path, kmt2a, aff1, "AF4:MLL")
    assert (call.gene_5prime, call.gene_3prime) == ("AFF1", "KMT2A")
    assert (call.reported_5prime, call.reported_3prime) == ("AF4", "MLL")
    assert call.breakpoint_5prime == Breakpoint("chr4", 87047594, "+")
    assert call.breakpoint_3prime == Breakpoint("chr11", 118488614, "+")


@pytest.mark.parametrize("turned", [False, True])
def test_squid_s_duplication_within_kmt2a(tmp_path: Path, turned: bool) -> None:
    # The end of exon 8 joins the start of exon 2.
    segments = (("11", "118482421", "118482495", "+"), ("11", "118468774", "118468844", "-"))
    call = annotated(tmp_path, *(segments[::-1] if turned else segments), "KMT2A:KMT2A")
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", "KMT2A")
    assert call.breakpoint_5prime == Breakpoint("chr11", 118482495, "+")
    assert call.breakpoint_3prime == Breakpoint("chr11", 118468775, "+")


def test_of_squid_s_pairs_the_best_known_is_meant(tmp_path: Path) -> None:
    pairs = "AP001267.1:AC000001.1,KMT2A:AC000001.1,KMT2A:AFF1"
    call = annotated(tmp_path, KMT2A_KEPT_5PRIME, AFF1_KEPT_3PRIME, pairs)
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", "AFF1")
    assert call.extras["FusedGenes"] == pairs


def test_squid_s_genes_whose_place_is_unknown_have_no_breakpoint(tmp_path: Path) -> None:
    call = annotated(tmp_path, ("20", "9", "99", "+"), ("17", "499", "599", "-"), "BCAS4:BCAS3")
    assert (call.gene_5prime, call.gene_3prime) == ("BCAS4", "BCAS3")
    assert (call.breakpoint_5prime, call.breakpoint_3prime) == (None, None)
    assert call.event_type == "which breakpoint belongs to which gene is not known"
    assert (call.extras["chrom1"], call.extras["end1"]) == ("20", "99")


def test_squid_s_row_that_fuses_no_genes(tmp_path: Path) -> None:
    call = annotated(tmp_path, KMT2A_KEPT_5PRIME, AFF1_KEPT_3PRIME, ".")
    assert (call.gene_5prime, call.gene_3prime) == (NO_GENE, NO_GENE)
    assert (call.breakpoint_5prime, call.event_type) == (KMT2A_E10, "orientation not known")


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (("11", "x", "9", "+"), "column 'start1': expected a position, found 'x'"),
        (("11", "5", "9", "x"), "column 'strand1': expected the strand + or -, found 'x'"),
        (("11", "5", "0", "+"), "column 'end1': expected a position of at least 1, found 0"),
        (("", "5", "9", "+"), "column 'chrom1': expected a value, found none"),
    ],
)
def test_what_of_squid_is_set_aside(tmp_path: Path, one: Segment, reason: str) -> None:
    file = table(tmp_path, SQUID_HEADER, squid_row(one, AFF1_KEPT_3PRIME, "5", "6"))
    (row,) = file.set_aside
    assert (file.n_rows, file.calls, row.line, row.reason) == (1, (), 2, reason)


def test_what_of_squid_s_genes_is_set_aside(tmp_path: Path) -> None:
    row = squid_row(KMT2A_KEPT_5PRIME, AFF1_KEPT_3PRIME, "fusion-gene", "KMT2A")
    (aside,) = table(tmp_path, ANNOTATED_HEADER, row).set_aside
    assert aside.reason == (
        "the row names KMT2A; column 'FusedGenes': expected gene:gene, found 'KMT2A'"
    )
