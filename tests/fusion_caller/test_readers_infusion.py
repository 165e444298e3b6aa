"""InFusion, whose sides are in no order: positions, strands, and which side is 5'.

The file is real, without KMT2A; other rows are synthetic under real headers, KMT2A, AFF1 and MLLT3
(minus strand) at exon edges on GRCh38.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import NO_GENE, Breakpoint, Source


def columns(names: str) -> list[str]:
    return names.split()


INFUSION = Path(__file__).parents[1] / "data" / "callers" / "infusion_fusions.txt"
KMT2A_E10 = Breakpoint("chr11", 118484975, "+")
AFF1_E5 = Breakpoint("chr4", 87084120, "+")
MLLT3_E6 = Breakpoint("chr9", 20365744, "-")
DETAILED_HEADER = columns(
    "#id ref1 break_pos1 region1 ref2 break_pos2 region2 num_split num_paired "
    "num_split_with_pair num_split_rescued num_uniq_starts pap_rate mean_split_pos "
    "split_pos_std homogeneity coverage_context ssp fusion_class break_on_exon feature_1 gene_1 "
    "transcript_1 gene_1_strand biotype_1 expression_1 feature_2 gene_2 transcript_2 "
    "gene_2_strand biotype_2 expression_2 splice_motif filters"
)
SHORT_HEADER = INFUSION.read_text(encoding="utf-8").splitlines()[0].split("\t")
# A gene, its strand, its contig, its breakpoint, and the part that is kept.
Side = tuple[str, str, str, str, str]
KMT2A_SIDE = ("KMT2A", "+", "11", "118484975", "[118484861,118484976]")
AFF1_SIDE = ("AFF1", "+", "4", "87084120", "[87084119,87084190]")
MLLT3_SIDE = ("MLLT3", "-", "9", "20365744", "[20365690,20365744]")
BAIAP2L2_SIDE = ("BAIAP2L2", "-", "22", "38482354", "[38482249,38482354]")
TCTA_SIDE = ("TCTA", "+", "3", "49453490", "[49453422,49453490]")


def read(path: Path) -> CallerFile:
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0")


def table(folder: Path, *lines: list[str]) -> CallerFile:
    path = folder / "table"
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return read(path)


def test_infusion_in_full() -> None:
    file = read(INFUSION)
    assert (file.source, file.n_rows, file.set_aside) == (Source.INFUSION, 19, ())
    first = file.calls[0]
    assert (first.gene_5prime, first.gene_3prime) == ("TMPRSS2", "ERG")
    assert (first.split_reads, first.spanning_fragments) == (85, 2)
    # Which is 5' cannot be told without the strands of genes that are not packaged.
    assert first.event_type == "intra-chromosomal; orientation not known"
    assert first.breakpoint_5prime == Breakpoint("chr21", 42880008)
    assert first.breakpoint_3prime == Breakpoint("chr21", 39817544)
    assert first.extras == {
        "id": "283813",
        "region1": "[42880007,42880072]",
        "region2": "[39817478,39817547]",
    }
    assert (file.calls[6].gene_5prime, file.calls[6].reported_5prime) == (
        "FLRT1",
        "FLRT1;RP11-21A7A.3",
    )


def infusion(folder: Path, one: Side, two: Side, *, detailed: bool) -> CallerFile:
    values = {"id": "7", "num_paired": "8", "fusion_class": "inter-chromosomal", "filters": "pass"}
    values |= {"num_split" if detailed else "num_span": "21"}
    for number, side in (("1", one), ("2", two)):
        gene = f"gene_{number}" if detailed else f"genes_{number}"
        names = (gene, f"gene_{number}_strand", f"ref{number}", f"break_pos{number}")
        values |= dict(zip((*names, f"region{number}"), side, strict=True))
    header = DETAILED_HEADER if detailed else SHORT_HEADER
    return table(folder, header, [values.get(c.removeprefix("#"), ".") for c in header])


@pytest.mark.parametrize("detailed", [False, True])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("partner", [AFF1_SIDE, MLLT3_SIDE], ids=["AFF1", "MLLT3"])
def test_infusion_s_sides_are_ordered_by_what_is_kept_of_them(
    tmp_path: Path, partner: Side, turned: bool, detailed: bool
) -> None:
    sides = (partner, KMT2A_SIDE) if turned else (KMT2A_SIDE, partner)
    file = infusion(tmp_path, *sides, detailed=detailed)
    assert file.variant == ("fusions.detailed.txt" if detailed else "fusions.txt")
    (call,) = file.calls
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", partner[0])
    assert call.breakpoint_5prime == KMT2A_E10
    assert call.breakpoint_3prime == (AFF1_E5 if partner is AFF1_SIDE else MLLT3_E6)
    assert (call.split_reads, call.spanning_fragments) == (21, 8)
    assert call.event_type == "inter-chromosomal"
    assert call.extras.get("filters") == ("pass" if detailed else None)


def test_infusion_s_reciprocal(tmp_path: Path) -> None:
    kmt2a = ("MLL", "+", "11", "118488614", "[118488613,118488700]")
    aff1 = ("AF4", "+", "4", "87047594", "[87047500,87047595]")
    (call,) = infusion(tmp_path, kmt2a, aff1, detailed=False).calls
    assert (call.gene_5prime, call.gene_3prime) == ("AFF1", "KMT2A")
    assert call.breakpoint_5prime == Breakpoint("chr4", 87047594, "+")
    assert call.breakpoint_3prime == Breakpoint("chr11", 118488614, "+")


def test_the_detailed_table_of_infusion_orders_any_genes(tmp_path: Path) -> None:
    (call,) = infusion(tmp_path, BAIAP2L2_SIDE, TCTA_SIDE, detailed=True).calls
    assert (call.gene_5prime, call.gene_3prime) == ("TCTA", "BAIAP2L2")
    assert call.breakpoint_5prime == Breakpoint("chr3", 49453490, "+")
    assert call.breakpoint_3prime == Breakpoint("chr22", 38482354, "-")
    # Two 5' parts are no transcript of both genes.
    against = ("BAIAP2L2", "+", *BAIAP2L2_SIDE[2:])
    (call,) = infusion(tmp_path, against, TCTA_SIDE, detailed=True).calls
    assert (call.gene_5prime, call.event_type) == (
        "BAIAP2L2",
        "inter-chromosomal; orientation not known",
    )


def test_infusion_s_side_without_a_gene(tmp_path: Path) -> None:
    nowhere = ("none", ".", "3", "49453490", "[49453490,49453500]")
    (call,) = infusion(tmp_path, nowhere, KMT2A_SIDE, detailed=True).calls
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", NO_GENE)
    assert (call.reported_3prime, call.breakpoint_5prime) == ("none", KMT2A_E10)
    assert call.breakpoint_3prime == Breakpoint("chr3", 49453490, "+")
    (call,) = infusion(tmp_path, nowhere, nowhere, detailed=True).calls
    # Neither is known, and both may turn round together.
    assert call.breakpoint_5prime == Breakpoint("chr3", 49453490, "-")
    assert call.breakpoint_3prime == Breakpoint("chr3", 49453490, "+")
    assert call.event_type == "inter-chromosomal; orientation not known"


@pytest.mark.parametrize(
    ("side", "reason"),
    [
        (("AFF1", "+", "4", "x", "[1,2]"), "column 'break_pos2': expected contig:position:strand"),
        (("AFF1", "+", "4", "9", "1-2"), "column 'region2': expected [start,end], found '1-2'"),
        (("", "+", "4", "9", "[1,9]"), "column 'genes_2': expected a value, found none"),
    ],
)
def test_what_of_infusion_is_set_aside(tmp_path: Path, side: Side, reason: str) -> None:
    file = infusion(tmp_path, KMT2A_SIDE, side, detailed=False)
    (row,) = file.set_aside
    assert (file.n_rows, file.calls, row.names_kmt2a) == (1, (), True)
    assert row.reason.startswith(f"the row names KMT2A; {reason}")
