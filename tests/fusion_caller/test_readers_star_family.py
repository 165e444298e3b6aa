"""STAR-Fusion of all versions, FusionInspector and CTAT-LR-fusion, which share their columns.

Rows with KMT2A are synthetic; their headers are those of the programs, their positions the edges of
KMT2A exon 10 (118484975) and AFF1 exon 5 (87084120) on GRCh38.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import Breakpoint, Disposition, Frame, FusionCall, Source

DATA = Path(__file__).parents[1] / "data" / "callers"
INSPECTOR_0_8 = DATA / "finspector.fusion_predictions.final.abridged.FFPM"
KMT2A_E10 = Breakpoint("chr11", 118484975, "+")
AFF1_E5 = Breakpoint("chr4", 87084120, "+")
LEFT = ("KMT2A^ENSG00000118058.24", "chr11:118484975:+")
RIGHT = ("AFF1^ENSG00000172493.21", "chr4:87084120:+")


def written(folder: Path, *rows: str, end: str = "\n") -> Path:
    """A tab-separated file of rows in which blanks stand for tabs."""
    path = folder / "table"
    path.write_text("".join("\t".join(row.split()) + end for row in rows), encoding="utf-8")
    return path


def read(path: Path, *, source: Source | None = None) -> CallerFile:
    return read_caller_file(path, name="f", source=source, patient="P1", sample="S1")


def only(path: Path) -> FusionCall:
    file = read(path)
    assert file.set_aside == ()
    (call,) = file.calls
    return call


def is_kmt2a_aff1(call: FusionCall) -> bool:
    return (
        (call.gene_5prime, call.gene_3prime) == ("KMT2A", "AFF1")
        and (call.gene_id_5prime, call.gene_id_3prime)
        == ("ENSG00000118058.24", "ENSG00000172493.21")
        and (call.breakpoint_5prime, call.breakpoint_3prime) == (KMT2A_E10, AFF1_E5)
    )


STAR_1_0 = (
    (
        "#FusionName JunctionReadCount SpanningFragCount SpliceType LeftGene LeftBreakpoint "
        "RightGene RightBreakpoint LargeAnchorSupport J_FFPM S_FFPM"
    ),
    f"KMT2A--AFF1 12 7 ONLY_REF_SPLICE {' '.join(LEFT)} {' '.join(RIGHT)} YES_LDAS 0.31 0.18",
)
STAR_1_10 = (
    (
        "#FusionName JunctionReadCount SpanningFragCount est_J est_S SpliceType LeftGene "
        "LeftBreakpoint RightGene RightBreakpoint JunctionReads SpanningFrags LargeAnchorSupport "
        "FFPM LeftBreakDinuc LeftBreakEntropy RightBreakDinuc RightBreakEntropy annots"
    ),
    (
        f"KMT2A--AFF1 12 7 11.50 6.25 ONLY_REF_SPLICE {' '.join(LEFT)} {' '.join(RIGHT)} r1,r2 . "
        "YES_LDAS 0.4912 GT 1.8892 AG 1.7465 [Mitelman]"
    ),
)
STAR_EARLY = (
    (
        "#fusion_name JunctionReads SpanningFrags Splice_type LeftGene LeftBreakpoint RightGene "
        "RightBreakpoint"
    ),
    f"KMT2A--AFF1 12 7 ONLY_REF_SPLICE {' '.join(LEFT)} {' '.join(RIGHT)}",
)
STAR_EARLY_FULL = (
    f"{STAR_EARLY[0]} JunctionReads SpanningFrags",
    f"{STAR_EARLY[1]} r1,r2 p1,p2",
)
STAR = {
    "1.0": (STAR_1_0, "fusion predictions", {"LargeAnchorSupport": "YES_LDAS", "S_FFPM": "0.18"}),
    "1.10": (STAR_1_10, "fusion predictions", {"est_J": "11.50", "FFPM": "0.4912"}),
    "early": (STAR_EARLY, "early fusion candidates, abridged", {"Splice_type": "ONLY_REF_SPLICE"}),
    "early, full": (
        STAR_EARLY_FULL,
        "early fusion candidates",
        {"JunctionReads (names)": "r1,r2", "SpanningFrags (names)": "p1,p2"},
    ),
}


@pytest.mark.parametrize("version", STAR)
def test_star_fusion_of_every_version(tmp_path: Path, version: str) -> None:
    rows, variant, kept = STAR[version]
    path = written(tmp_path, *rows)
    assert (read(path).source, read(path).variant) == (Source.STAR_FUSION, variant)
    call = only(path)
    assert is_kmt2a_aff1(call)
    assert (call.split_reads, call.spanning_fragments) == (12, 7)
    assert kept.items() <= call.extras.items()
    assert not {"LeftGene", "JunctionReadCount", "SpanningFragCount"} & set(call.extras)
    header = read(written(tmp_path, rows[0]))
    assert (header.variant, header.n_rows, header.calls) == (variant, 0, ())


def test_star_fusion_without_a_hash_and_in_another_order(tmp_path: Path) -> None:
    header, row = (text.removeprefix("#").split() for text in STAR_1_10)
    call = only(written(tmp_path, " ".join(header[::-1]), " ".join(row[::-1])))
    assert is_kmt2a_aff1(call)
    assert call.extras["JunctionReads"] == "r1,r2"


def test_star_fusion_s_count_that_is_none_is_set_aside(tmp_path: Path) -> None:
    for rows, column in ((STAR_1_0, "JunctionReadCount"), (STAR_EARLY_FULL, "JunctionReads")):
        file = read(written(tmp_path, rows[0], rows[1], rows[1].replace(" 12 7 ", " many 7 ")))
        (row,) = file.set_aside
        assert (row.line, row.disposition, row.names_kmt2a) == (3, Disposition.REFUSED, True)
        assert row.reason == (
            f"the row names KMT2A; column '{column}': expected a count, found 'many'"
        )
        assert (file.n_rows, len(file.calls)) == (2, 1)


def test_the_reciprocal_stays_the_reciprocal(tmp_path: Path) -> None:
    row = STAR_1_0[1].split()
    row[0], row[4:6], row[6:8] = "AFF1::KMT2A", list(RIGHT), list(LEFT)
    call = only(written(tmp_path, STAR_1_0[0], " ".join(row)))
    assert (call.gene_5prime, call.gene_3prime) == ("AFF1", "KMT2A")
    assert (call.breakpoint_5prime, call.breakpoint_3prime) == (AFF1_E5, KMT2A_E10)


INSPECTOR_2_8 = (
    (
        "#FusionName JunctionReadCount SpanningFragCount est_J est_S LeftGene LeftLocalBreakpoint "
        "LeftBreakpoint RightGene RightLocalBreakpoint RightBreakpoint SpliceType "
        "LargeAnchorSupport NumCounterFusionLeft NumCounterFusionRight FAR_left FAR_right "
        "LeftBreakDinuc LeftBreakEntropy RightBreakDinuc RightBreakEntropy FFPM microh_brkpt_dist "
        "num_microh_near_brkpt annots CDS_LEFT_ID PROT_FUSION_TYPE"
    ),
    (
        f"KMT2A--AFF1 12 7 12.00 6.50 {LEFT[0]} 9500 {LEFT[1]} {RIGHT[0]} 21000 {RIGHT[1]} "
        "ONLY_REF_SPLICE YES 40 3 0.49 5.00 GT 1.8892 AG 1.7465 0.4912 1205 0 [Mitelman] "
        "ENST00000534358.8 INFRAME"
    ),
)


def test_fusioninspector_in_full(tmp_path: Path) -> None:
    path = written(tmp_path, *INSPECTOR_2_8)
    assert (read(path).source, read(path).variant) == (
        Source.FUSION_INSPECTOR,
        "FusionInspector.fusions.tsv",
    )
    call = only(path)
    assert is_kmt2a_aff1(call)
    assert (call.source, call.line, call.event_type) == (Source.FUSION_INSPECTOR, 2, "")
    assert (call.split_reads, call.spanning_fragments) == (12, 7)
    assert call.caller_reading_frame is Frame.IN_FRAME
    assert call.extras == {
        "est_J": "12.00",
        "est_S": "6.50",
        "LeftLocalBreakpoint": "9500",
        "RightLocalBreakpoint": "21000",
        "SpliceType": "ONLY_REF_SPLICE",
        "LargeAnchorSupport": "YES",
        "NumCounterFusionLeft": "40",
        "NumCounterFusionRight": "3",
        "FAR_left": "0.49",
        "FAR_right": "5.00",
        "LeftBreakDinuc": "GT",
        "LeftBreakEntropy": "1.8892",
        "RightBreakDinuc": "AG",
        "RightBreakEntropy": "1.7465",
        "FFPM": "0.4912",
        "microh_brkpt_dist": "1205",
        "num_microh_near_brkpt": "0",
        "annots": "[Mitelman]",
        "CDS_LEFT_ID": "ENST00000534358.8",
        "PROT_FUSION_TYPE": "INFRAME",
    }


def test_fusioninspector_s_carriage_returns_within_lines(tmp_path: Path) -> None:
    whole = only(written(tmp_path, *INSPECTOR_2_8))
    path = written(tmp_path, *INSPECTOR_2_8)
    text = path.read_text(encoding="utf-8")
    text = text.replace("near_brkpt\t", "near_brkpt\r\t").replace("\t0\t[", "\t0\r\t[")
    assert text.count("\r\t") == 2
    path.write_bytes(text.encode())
    assert only(path) == whole


def test_fusioninspector_before_1_0() -> None:
    file = read(INSPECTOR_0_8)
    assert (file.source, file.n_rows, len(file.calls)) == (Source.FUSION_INSPECTOR, 4, 4)
    call = file.calls[0]
    assert (call.gene_5prime, call.gene_3prime) == ("MICAL1", "TMEM198B")
    assert (call.gene_id_5prime, call.gene_id_3prime) == ("", "")
    assert call.breakpoint_5prime == Breakpoint("chr6", 109767899, "-")
    assert call.breakpoint_3prime == Breakpoint("chr12", 56227231, "+")
    assert (call.split_reads, call.spanning_fragments) == (159, 1582)
    assert (call.extras["FAF_left"], call.extras["J_FFPM"]) == ("1.00", "2813.3128")
    assert file.calls[3].gene_3prime == "CTD-2292P10.2"


def test_fusioninspector_is_not_star_fusion() -> None:
    with pytest.raises(InputError) as error:
        read(INSPECTOR_0_8, source=Source.STAR_FUSION)
    assert error.value.problem == "expected star-fusion output, found fusioninspector output"


LONG_READS = (
    (
        "#FusionName num_LR LeftGene LeftLocalBreakpoint LeftBreakpoint RightGene "
        "RightLocalBreakpoint RightBreakpoint SpliceType LR_accessions LR_FFPM annots max_LR_FFPM "
        "frac_dom_iso above_frac_dom_iso"
    ),
    (
        f"KMT2A--AFF1 23 {LEFT[0]} 9500 {LEFT[1]} {RIGHT[0]} 21000 {RIGHT[1]} ONLY_REF_SPLICE "
        "m64/1/ccs,m64/2/ccs 1.25 [Mitelman] 1.25 1.0 True"
    ),
)
BOTH_READS = (
    (
        "#FusionName num_LR LeftGene LeftLocalBreakpoint LeftBreakpoint RightGene "
        "RightLocalBreakpoint RightBreakpoint SpliceType LR_FFPM JunctionReadCount "
        "SpanningFragCount est_J LeftGene_SR RightGene_SR FFPM PROT_FUSION_TYPE"
    ),
    (
        f"KMT2A--AFF1 23.0 KMT2A 9500 {LEFT[1]} AFF1 21000 {RIGHT[1]} ONLY_REF_SPLICE 1.25 "
        f"12.0 7.0 12.0 {LEFT[0]} {RIGHT[0]} 0.49 INFRAME"
    ),
    (
        f"KMT2A--AFF1 23.0 KMT2A 9500 {LEFT[1]} AFF1 21000 {RIGHT[1]} ONLY_REF_SPLICE 1.25 "
        "NA NA NA NA NA NA NA"
    ),
    (
        f"KMT2A--AFF1 NA NA 9500 {LEFT[1]} NA 21000 {RIGHT[1]} ONLY_REF_SPLICE NA "
        f"12.0 7.0 12.0 {LEFT[0]} {RIGHT[0]} 0.49 FRAMESHIFT"
    ),
)


def test_long_reads_in_full(tmp_path: Path) -> None:
    path = written(tmp_path, *LONG_READS)
    assert (read(path).source, read(path).variant) == (Source.CTAT_LR_FUSION, "fusion predictions")
    call = only(path)
    assert is_kmt2a_aff1(call)
    # A long read crosses the junction; there are no pairs.
    assert (call.split_reads, call.spanning_fragments) == (23, None)
    assert call.extras == {
        "LeftLocalBreakpoint": "9500",
        "RightLocalBreakpoint": "21000",
        "SpliceType": "ONLY_REF_SPLICE",
        "LR_accessions": "m64/1/ccs,m64/2/ccs",
        "LR_FFPM": "1.25",
        "annots": "[Mitelman]",
        "max_LR_FFPM": "1.25",
        "frac_dom_iso": "1.0",
        "above_frac_dom_iso": "True",
    }


def test_long_reads_merged_with_short_ones(tmp_path: Path) -> None:
    both, long_only, short_only = read(written(tmp_path, *BOTH_READS)).calls
    assert is_kmt2a_aff1(both)
    assert is_kmt2a_aff1(short_only)
    assert (long_only.gene_5prime, long_only.gene_id_5prime) == ("KMT2A", "")
    assert [(c.split_reads, c.spanning_fragments) for c in (both, long_only, short_only)] == [
        (23, None),
        (23, None),
        (12, 7),
    ]
    assert (both.extras["JunctionReadCount"], both.extras["SpanningFragCount"]) == ("12.0", "7.0")
    assert "JunctionReadCount" not in long_only.extras
    assert "LR_FFPM" not in short_only.extras
    assert [c.caller_reading_frame for c in (both, long_only, short_only)] == [
        Frame.IN_FRAME,
        Frame.UNKNOWN,
        Frame.OUT_OF_FRAME,
    ]


def test_long_reads_that_cannot_be_counted_are_set_aside(tmp_path: Path) -> None:
    header, row = LONG_READS
    file = read(written(tmp_path, header, row.replace(" 23 ", " 2.5 "), row))
    (aside,) = file.set_aside
    assert aside.reason.endswith("column 'num_LR': expected a count, found '2.5'")
    assert (aside.line, file.n_rows, len(file.calls)) == (2, 2, 1)
