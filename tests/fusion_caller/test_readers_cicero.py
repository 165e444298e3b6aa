"""CICERO: what becomes of each column, which gene is 5', what is set aside.

Headers are those of CICERO's `annotate.pl` and `rank_SVs.pl`, rows are synthetic: KMT2A and AFF1 at
exon edges on GRCh38.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fusion_caller.readers import CallerFile, read_caller_file
from fusion_caller.records import NO_GENE, Breakpoint, Frame, FusionCall, Source

if TYPE_CHECKING:
    from pathlib import Path


def columns(names: str) -> list[str]:
    return names.split()


ANNOTATED = columns(
    "sample geneA chrA posA ortA featureA geneB chrB posB ortB featureB sv_ort readsA readsB "
    "matchA matchB repeatA repeatB coverageA coverageB ratioA ratioB qposA qposB total_readsA "
    "total_readsB contig type"
)
FINAL = [
    *ANNOTATED,
    "score",
    "rating",
    "medal",
    "functional effect",
    "frame",
    "sv_refseqA",
    "sv_refseqA_codon",
    "sv_refseqB",
    "sv_AA",
]
KMT2A_AFF1 = {
    "sample": "SJ1",
    "geneA": "KMT2A",
    "chrA": "chr11",
    "posA": "118484975",
    "ortA": "+",
    "featureA": "coding",
    "geneB": "AFF1",
    "chrB": "chr4",
    "posB": "87084120",
    "ortB": "+",
    "featureB": "coding",
    "sv_ort": ">",
    "readsA": "12",
    "readsB": "9",
    "matchA": "101",
    "contig": "ACGT",
    "type": "CTX",
    "rating": "HQ",
    "medal": "4",
    "frame": "1,0,1",
    "functional effect": "Fusion",
}


def read(path: Path, *, sample: str = "P1-d0") -> CallerFile:
    return read_caller_file(path, name="f", patient="P1" if sample else "", sample=sample)


def cicero(
    folder: Path, *rows: dict[str, str], columns: list[str] = FINAL, sample: str = "P1-d0"
) -> CallerFile:
    """Rows of a table of CICERO, each KMT2A::AFF1 but for the values given."""
    lines = [columns, *([{**KMT2A_AFF1, **row}.get(c, "") for c in columns] for row in rows)]
    path = folder / "final_fusions.txt"
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return read(path, sample=sample)


def test_cicero_in_full(tmp_path: Path) -> None:
    file = cicero(tmp_path, {})
    assert (file.source, file.n_rows, file.set_aside) == (Source.CICERO, 1, ())
    assert file.calls == (
        FusionCall(
            patient="P1",
            sample="P1-d0",
            source=Source.CICERO,
            gene_5prime="KMT2A",
            gene_3prime="AFF1",
            reported_5prime="KMT2A",
            reported_3prime="AFF1",
            breakpoint_5prime=Breakpoint("chr11", 118484975, "+"),
            breakpoint_3prime=Breakpoint("chr4", 87084120, "+"),
            split_reads=21,
            spanning_fragments=None,
            caller_confidence="HQ",
            caller_reading_frame=Frame.IN_FRAME,
            event_type="CTX",
            extras={
                "sample": "SJ1",
                "featureA": "coding",
                "featureB": "coding",
                "sv_ort": ">",
                "readsA": "12",
                "readsB": "9",
                "matchA": "101",
                "contig": "ACGT",
                "medal": "4",
                "functional effect": "Fusion",
                "frame": "1,0,1",
            },
            file="f",
            line=2,
        ),
    )


def test_cicero_s_annotated_table_has_no_rating_and_no_frame(tmp_path: Path) -> None:
    (call,) = cicero(tmp_path, {}, columns=ANNOTATED).calls
    assert (call.caller_confidence, call.caller_reading_frame) == ("", Frame.UNKNOWN)
    assert (call.split_reads, call.event_type) == (21, "CTX")


@pytest.mark.parametrize(
    ("codes", "frame"),
    [
        ("1", Frame.IN_FRAME),
        ("0,3,1", Frame.IN_FRAME),
        ("0", Frame.OUT_OF_FRAME),
        ("0,,0", Frame.OUT_OF_FRAME),
        ("0,3", Frame.UNKNOWN),  # 2 and 3 are fusions with a 5'UTR, of which a frame says nothing
        ("2", Frame.UNKNOWN),
        ("", Frame.UNKNOWN),
    ],
)
def test_cicero_s_codes_of_the_frame(tmp_path: Path, codes: str, frame: Frame) -> None:
    (call,) = cicero(tmp_path, {"frame": codes}).calls
    assert call.caller_reading_frame is frame
    assert call.extras.get("frame", "") == codes
    older = [*ANNOTATED, "sv_inframe"]
    (call,) = cicero(tmp_path, {"sv_inframe": codes}, columns=older).calls
    assert call.caller_reading_frame is frame


def test_cicero_s_internal_duplication_of_kmt2a_is_a_duplication(tmp_path: Path) -> None:
    ptd = {"geneB": "KMT2A", "chrB": "chr11", "posA": "118482495", "posB": "118468775"}
    (call,) = cicero(tmp_path, {**ptd, "type": "Internal_dup"}).calls
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", "KMT2A")
    assert call.breakpoint_5prime == Breakpoint("chr11", 118482495, "+")
    assert call.breakpoint_3prime == Breakpoint("chr11", 118468775, "+")
    assert (call.event_type, call.extras["type"]) == ("internal duplication", "Internal_dup")


def test_cicero_says_what_it_could_not_orient_or_name(tmp_path: Path) -> None:
    row = {"sv_ort": "?", "geneB": "NA", "featureB": "intergenic", "type": "ITX"}
    (call,) = cicero(tmp_path, row).calls
    assert call.event_type == "ITX; orientation not known"
    assert (call.gene_3prime, call.reported_3prime) == (NO_GENE, "NA")
    assert call.breakpoint_3prime == Breakpoint("chr4", 87084120, "+")


def test_of_genes_that_overlap_cicero_s_kmt2a_is_meant(tmp_path: Path) -> None:
    calls = cicero(
        tmp_path, {"geneA": "TTC36,MLL"}, {"geneB": "X1,Y1|Z1"}, {"geneB": "X1,AF4"}
    ).calls
    assert (calls[0].gene_5prime, calls[0].reported_5prime) == ("KMT2A", "TTC36,MLL")
    assert calls[1].gene_3prime == "X1"
    assert calls[2].gene_3prime == "AFF1"


def test_cicero_names_its_sample(tmp_path: Path) -> None:
    file = cicero(tmp_path, {}, {"sample": "SJ2"}, sample="")
    assert [(call.patient, call.sample) for call in file.calls] == [("SJ1", "SJ1"), ("SJ2", "SJ2")]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"posA": "x"}, "column 'posA': expected contig:position:strand, found 'chr11:x'"),
        ({"ortB": "1"}, "column 'ortB': expected the strand + or -, found '1'"),
        ({"readsA": "many"}, "column 'readsA': expected a count, found 'many'"),
        ({"geneB": ""}, "column 'geneB': expected a value, found none"),
    ],
)
def test_what_of_cicero_is_set_aside(tmp_path: Path, values: dict[str, str], reason: str) -> None:
    file = cicero(tmp_path, {}, values)
    (row,) = file.set_aside
    assert (file.n_rows, len(file.calls), row.line, row.names_kmt2a) == (2, 1, 3, True)
    assert row.reason == f"the row names KMT2A; {reason}"
