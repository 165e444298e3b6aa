"""Callers' real files, read in full; DepMap's cell lines, down to the partner."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

import workflows
from fusion_caller.assign import assign
from fusion_caller.readers import CallerFile, names_its_samples, read_caller_file
from fusion_caller.records import (
    Breakpoint,
    Flag,
    Frame,
    FusionCall,
    FusionKind,
    SampleFusions,
    Source,
)

DATA = Path(__file__).parents[1] / "data" / "callers"
CODING_EFFECT = DATA / "star-fusion.fusion_predictions.abridged.annotated.coding_effect.tsv"
ABRIDGED = DATA / "star-fusion.fusion_candidates.final.abridged"
ARRIBA = DATA / "arriba_fusions.tsv"
FUSIONCATCHER = DATA / "fusioncatcher_833ke_final-list-candidate-fusion-genes.txt"
JAFFA = DATA / "jaffa_results.BT474-demo.csv"
DEFUSE = DATA / "defuse_833ke_results.filtered.tsv"
ERICSCRIPT = DATA / "ericscript_SRR1657556.results.total.tsv"
SOAPFUSE = DATA / "soapfuse_833ke_final.Fusion.specific.for.genes"
REAL = {
    CODING_EFFECT: (Source.STAR_FUSION, "fusion predictions", 3),
    ABRIDGED: (Source.STAR_FUSION, "fusion predictions", 24),
    ARRIBA: (Source.ARRIBA, "fusions.tsv", 1),
    FUSIONCATCHER: (Source.FUSIONCATCHER, "candidate fusion genes", 7),
    JAFFA: (Source.JAFFA, "jaffa_results.csv", 15),
    DEFUSE: (Source.DEFUSE, "results.tsv", 17),
    ERICSCRIPT: (Source.ERICSCRIPT, "results.tsv", 10),
    SOAPFUSE: (Source.SOAPFUSE, "fusions specific for genes", 41),
}
DEPMAP = (
    Path(workflows.__file__).parent / "example" / "cell_lines" / "DepMap.fusions.pub23Q4.tsv.gz"
)
real_files = pytest.mark.parametrize("path", REAL, ids=lambda path: path.name[:24])


def read(path: Path, *, source: Source | None = None) -> CallerFile:
    return read_caller_file(path, name="f", source=source, patient="P1", sample="P1-d0")


def raw_rows(path: Path) -> tuple[list[str], list[list[str]]]:
    """A file as text, with none of the project's own code."""
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    if path.suffix == ".csv":
        header, *rows = csv.reader(lines)
        return header, rows
    return lines[0].removeprefix("#").split("\t"), [line.split("\t") for line in lines[1:]]


@real_files
def test_a_real_file_is_recognised_and_read_whole(path: Path) -> None:
    source, variant, rows = REAL[path]
    file = read(path)
    assert (file.source, file.variant, file.n_rows) == (source, variant, rows)
    assert (file.patient, file.sample, file.file) == ("P1", "P1-d0", "f")
    assert len(file.calls) == rows
    assert file.set_aside == ()
    assert [call.line for call in file.calls] == list(range(2, rows + 2))
    assert {(c.patient, c.sample, c.source, c.file) for c in file.calls} == {
        ("P1", "P1-d0", source, "f")
    }
    assert read(path, source=source) == file
    assert names_its_samples(path) is (source is Source.JAFFA)


def test_star_fusion_in_full() -> None:
    assert read(ABRIDGED).calls[2] == FusionCall(
        patient="P1",
        sample="P1-d0",
        source=Source.STAR_FUSION,
        gene_5prime="VAPB",
        gene_3prime="IKZF3",
        reported_5prime="VAPB",
        reported_3prime="IKZF3",
        gene_id_5prime="ENSG00000124164.11",
        gene_id_3prime="ENSG00000161405.12",
        breakpoint_5prime=Breakpoint("chr20", 56964573, "+"),
        breakpoint_3prime=Breakpoint("chr17", 37934020, "-"),
        split_reads=5,
        spanning_fragments=46,
        extras={"SpliceType": "ONLY_REF_SPLICE", "LargeAnchorSupport": "YES_LDAS"},
        file="f",
        line=4,
    )


def test_star_fusion_with_coding_effect() -> None:
    first, _, third = read(CODING_EFFECT).calls
    assert (first.split_reads, first.spanning_fragments) == (43, 0)
    assert (first.reported_5prime, first.gene_3prime) == ("RP11-9L18.2", "FLI1")
    assert first.breakpoint_5prime == Breakpoint("chr1", 166245790, "-")
    assert first.caller_reading_frame is Frame.UNKNOWN
    assert "FUSION_TRANSL" not in first.extras
    assert third.caller_reading_frame is Frame.OUT_OF_FRAME
    assert third.extras["PROT_FUSION_TYPE"] == "FRAMESHIFT"
    assert third.extras["FFPM"] == "0.2304"
    assert third.extras["annots"].startswith("KANSL1->KAT8_regulatory")


def test_arriba_in_full() -> None:
    (call,) = read(ARRIBA).calls
    assert (call.gene_5prime, call.gene_3prime) == ("BCR", "ABL1")
    assert call.breakpoint_5prime == Breakpoint("chr22", 23632600, "+")
    assert call.breakpoint_3prime == Breakpoint("chr9", 133729451, "+")
    # split_reads1 = 4 and split_reads2 = 7 are anchored in one gene each; discordant_mates = 0.
    assert (call.split_reads, call.spanning_fragments) == (11, 0)
    assert (call.extras["split_reads1"], call.extras["split_reads2"]) == ("4", "7")
    assert (call.caller_confidence, call.event_type) == ("high", "translocation")
    assert call.caller_reading_frame is Frame.IN_FRAME
    assert (call.gene_id_5prime, call.gene_id_3prime) == (
        "ENSG00000186716.15",
        "ENSG00000097007.13",
    )
    assert call.extras["direction1"] == "downstream"
    assert len(call.extras["fusion_transcript"]) == 368
    assert "filters" not in call.extras


def test_fusioncatcher_in_full() -> None:
    calls = read(FUSIONCATCHER).calls
    first = calls[0]
    assert (first.gene_5prime, first.gene_3prime) == ("CLEC6A", "CLEC4D")
    assert first.breakpoint_5prime == Breakpoint("chr12", 8465629, "+")
    assert first.breakpoint_3prime == Breakpoint("chr12", 8515236, "+")
    # Spanning_unique_reads = 4 cross the junction, Spanning_pairs = 11 lie around it.
    assert (first.split_reads, first.spanning_fragments) == (4, 11)
    assert (first.gene_id_5prime, first.gene_id_3prime) == ("ENSG00000205846", "ENSG00000166527")
    assert first.extras["Fusion_finding_method"] == "BOWTIE"
    unknown = Frame.UNKNOWN
    frames = [Frame.OUT_OF_FRAME, Frame.IN_FRAME] * 2 + [unknown] * 3
    assert [call.caller_reading_frame for call in calls] == frames
    assert calls[4].extras["Predicted_effect"] == "CDS(truncated)/UTR"
    assert [(c.split_reads, c.spanning_fragments) for c in calls[4:]] == [(2, 11), (2, 6), (2, 1)]


@real_files
def test_every_filled_cell_is_kept_somewhere(path: Path) -> None:
    columns, rows = raw_rows(path)
    for call, cells in zip(read(path).calls, rows, strict=True):
        record = " ".join(
            str(getattr(call, name)) for name in FusionCall.__dataclass_fields__ if name != "extras"
        )
        for column, cell in zip(columns, cells, strict=True):
            if cell in ("", ".") or call.extras.get(column) == cell:
                continue
            genes = cell.replace(":", " ") if column == "fusion genes" else cell
            for part in genes.replace("^", " ").replace("--", " ").replace("/", " ").split():
                assert part.removeprefix("chr") in record, (column, part)


def test_counts_are_mapped_by_meaning_not_by_name() -> None:
    for path, split, spanning in (
        (ABRIDGED, "JunctionReadCount", "SpanningFragCount"),
        (CODING_EFFECT, "JunctionReadCount", "SpanningFragCount"),
        (FUSIONCATCHER, "Spanning_unique_reads", "Spanning_pairs"),
        (JAFFA, "spanning reads", "spanning pairs"),
        (DEFUSE, "splitr_count", "span_count"),
        (ERICSCRIPT, "spanningreads", "crossingreads"),
        (SOAPFUSE, "Junc_reads_num", "Span_reads_num"),
    ):
        columns, rows = raw_rows(path)
        for call, cells in zip(read(path).calls, rows, strict=True):
            values = dict(zip(columns, cells, strict=True))
            assert call.split_reads == int(values[split])
            # JAFFA's `-`: the contig is too short for pairs to be found.
            pairs = None if values[spanning] == "-" else int(values[spanning])
            assert call.spanning_fragments == pairs


def test_older_symbols_become_today_s_and_the_printed_ones_stay(tmp_path: Path) -> None:
    columns, (row,) = raw_rows(ARRIBA)
    row[columns.index("gene1")], row[columns.index("gene2")] = "MLL", "MLLT4"
    path = tmp_path / "f"
    path.write_text("\t".join(columns) + "\n" + "\t".join(row) + "\n", encoding="utf-8")
    (call,) = read(path).calls
    assert (call.gene_5prime, call.gene_3prime) == ("KMT2A", "AFDN")
    assert (call.reported_5prime, call.reported_3prime) == ("MLL", "MLLT4")


# DepMap 23Q4: a cohort table of pairs.


@pytest.fixture(scope="module")
def depmap() -> CallerFile:
    return read_caller_file(DEPMAP, name="DepMap")


@pytest.fixture(scope="module")
def cell_lines(depmap: CallerFile) -> dict[str, SampleFusions]:
    return {sample.sample.partition("_")[0]: sample for sample in assign([depmap])}


def test_depmap_s_rows_all_come_out(depmap: CallerFile) -> None:
    with gzip.open(DEPMAP, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert names_its_samples(DEPMAP)
    assert (depmap.source, depmap.variant) == (Source.STAR_FUSION, "cohort table of pairs")
    assert (depmap.patient, depmap.sample) == ("", "")
    assert depmap.n_rows == len(rows) == len(depmap.calls) == 18_805
    assert depmap.set_aside == ()
    for call, row in zip(depmap.calls, rows, strict=True):
        assert f"{call.reported_5prime}--{call.reported_3prime}" == row["FusionName"]
        assert call.sample == call.patient == row["CCLEName"]
        assert (call.split_reads, call.spanning_fragments) == (None, None)
        assert call.extras["DepMap_ID"] == row["DepMap_ID"]


def test_depmap_s_samples_are_its_cell_lines(
    depmap: CallerFile, cell_lines: dict[str, SampleFusions]
) -> None:
    samples = assign([depmap])
    assert len(samples) == len({call.sample for call in depmap.calls})
    assert all(sample.callers_run == (Source.STAR_FUSION,) for sample in samples)
    with_event = {name for name, sample in cell_lines.items() if sample.events}
    assert with_event == {
        *("C32", "CAOV3", "EFE184", "HCC38", "KOPN8", "MOLM13", "MONOMAC1", "MONOMAC6"),
        *("MV411", "NALM19", "NOMO1", "OCIAML2", "SEM", "TEN", "THP1"),
    }


FUSED = [
    ("MV411", "AFF1", "AFF1", "AFF1::KMT2A", ()),
    ("NALM19", "AFF1", "AFF1", "", ()),
    ("SEM", "AFF1", "AFF1", "AFF1::KMT2A", ()),
    ("KOPN8", "MLLT1", "MLLT1", "MLLT1::KMT2A", ()),
    ("MOLM13", "MLLT3", "MLLT3", "", ()),
    ("MONOMAC1", "MLLT3", "MLLT3", "", ()),
    ("MONOMAC6", "MLLT3", "MLLT3", "", ()),
    ("NOMO1", "MLLT3", "MLLT3", "", ()),
    ("THP1", "MLLT3", "MLLT3", "SNAPC3::KMT2A", (Flag.COMPLEX,)),
    ("OCIAML2", "AFDN", "MLLT4", "", ()),
]


@pytest.mark.parametrize("line", FUSED, ids=[line[0] for line in FUSED])
def test_cell_lines_with_a_fusion(
    cell_lines: dict[str, SampleFusions], line: tuple[str, str, str, str, tuple[Flag, ...]]
) -> None:
    name, partner, reported, reciprocal, flags = line
    fusions = [e for e in cell_lines[name].events if e.kind is FusionKind.FUSION]
    (event,) = fusions
    assert cell_lines[name].events[0] is event
    assert (event.partner, event.fusion) == (partner, f"KMT2A::{partner}")
    assert event.reported_partners == (reported,)
    assert (event.reciprocal, event.flags) == (reciprocal, flags)
    assert [str(reads) for reads in event.reads] == ["star-fusion:?"]
    assert (event.breakpoint_5prime, event.kmt2a_exon, event.build) == (None, "", "")
    # The reciprocal is joined to the fusion, and its own row is kept.
    others = [(e.kind, e.fusion) for e in cell_lines[name].events[1:]]
    kind = FusionKind.COMPLEX_RECIPROCAL if flags else FusionKind.RECIPROCAL
    assert others == ([(kind, reciprocal)] if reciprocal else [])


@pytest.mark.parametrize(
    ("name", "fusion", "kind", "flags"),
    [
        (
            "CAOV3",
            "KMT2A::PHLDB1",
            FusionKind.READ_THROUGH,
            (Flag.READ_THROUGH, Flag.KNOWN_ARTEFACT),
        ),
        (
            "EFE184",
            "KMT2A::UBE4A",
            FusionKind.READ_THROUGH,
            (Flag.NEIGHBOUR, Flag.KNOWN_ARTEFACT),
        ),
        (
            "HCC38",
            "KMT2A::ATP5MG",
            FusionKind.READ_THROUGH,
            (Flag.NEIGHBOUR, Flag.KNOWN_ARTEFACT),
        ),
        ("TEN", "KMT2A::CD3G", FusionKind.READ_THROUGH, (Flag.NEIGHBOUR, Flag.KNOWN_ARTEFACT)),
        (
            "C32",
            "PKIG::KMT2A",
            FusionKind.RECIPROCAL,
            (Flag.PARTNER_NOT_KNOWN, Flag.RECIPROCAL_ONLY),
        ),
    ],
    ids=["CAOV3", "EFE184", "HCC38", "TEN", "C32"],
)
def test_cell_lines_without_a_fusion(
    cell_lines: dict[str, SampleFusions],
    name: str,
    fusion: str,
    kind: FusionKind,
    flags: tuple[Flag, ...],
) -> None:
    (event,) = cell_lines[name].events
    assert (event.fusion, event.kind, event.flags) == (fusion, kind, flags)


def test_thp1_s_third_gene_is_no_unknown_partner(cell_lines: dict[str, SampleFusions]) -> None:
    _, reciprocal = cell_lines["THP1"].events
    assert (reciprocal.kind, reciprocal.partner) == (FusionKind.COMPLEX_RECIPROCAL, "SNAPC3")
    assert reciprocal.flags == (Flag.COMPLEX,)
