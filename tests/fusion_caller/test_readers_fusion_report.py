"""fusion-report's table, its JSON and its list of names; rows with KMT2A are synthetic (GRCh38)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fusion_caller.errors import InputError
from fusion_caller.readers import CallerFile, names_its_samples, read_caller_file
from fusion_caller.records import Breakpoint, Disposition, Frame, FusionCall, Source

DATA = Path(__file__).parents[1] / "data" / "callers"
TABLE = DATA / "fusion-report_fusions.csv"
PTD_ARRIBA = (
    "position: 11:118482495#11:118468775,reading-frame: in-frame,type: duplication,"
    "split_reads1: 4,split_reads2: 5,discordant_mates: 2,confidence: low"
)
FUSION_STAR = (
    "position: chr11:118484975:+#chr4:87084120:+,junction_reads: 12,spanning_reads: 7,ffmp: 0.49"
)


def read(path: Path) -> CallerFile:
    return read_caller_file(path, name="f", patient="P1", sample="S1")


def table(folder: Path, tools: str, *rows: str) -> CallerFile:
    path = folder / "fusions.csv"
    header = f"Fusion,Databases,Score,Explained score,{tools}"
    path.write_text("\n".join((header, *rows, "")), encoding="utf-8")
    return read(path)


@pytest.mark.parametrize("text", ["[]", "[]\n", " [\n\n]\r\n"])
def test_an_empty_list_is_no_fusion_where_the_source_is_stated(tmp_path: Path, text: str) -> None:
    path = tmp_path / "fusions.json"
    path.write_text(text, encoding="utf-8")
    file = read_caller_file(path, name="f", source=Source.FUSION_REPORT, patient="P1", sample="S1")
    assert (file.variant, file.n_rows, file.calls, file.set_aside) == ("fusions.json", 0, (), ())
    assert file.owners == (("P1", "S1"),)
    for source in (None, Source.ARRIBA):
        with pytest.raises(InputError):
            read_caller_file(path, name="f", source=source, patient="P1", sample="S1")


def test_a_row_in_full() -> None:
    file = read(TABLE)
    assert (file.source, file.variant) == (Source.FUSION_REPORT, "fusions.csv")
    assert (file.n_rows, len(file.calls), file.set_aside) == (5, 5, ())
    assert not names_its_samples(TABLE)
    call = file.calls[3]
    assert call == FusionCall(
        patient="P1",
        sample="S1",
        source=Source.FUSION_REPORT,
        gene_5prime="EML4",
        gene_3prime="ALK",
        reported_5prime="EML4",
        reported_3prime="ALK",
        # FusionCatcher and STAR-Fusion give strands and four reads; the first name is taken.
        breakpoint_5prime=Breakpoint("chr2", 42301391, "+"),
        breakpoint_3prime=Breakpoint("chr2", 29223587, "-"),
        split_reads=4,
        spanning_fragments=4,
        event_type="inversion",
        extras={
            "Databases": "COSMIC,Mitelman,FusionGDB2",
            "Fusion Indication Index (FII)": "1.167",
            "Explained FII": "0.5 * (4 / 3) + 0.5 * (1.0 / 1)",
            "arriba": "position: 2:42301394#2:29223584,reading-frame: in-frame,type: inversion,"
            "split_reads1: 1,split_reads2: 3,discordant_mates: 3,coverage1: 71,coverage2: 7,"
            "confidence: high",
            "fusioncatcher": "position: 2:42301391:+#2:29223587:-,common_mapping_reads: 0,"
            "spanning_pairs: 4,spanning_unique_reads: 4,longest_anchor: 33,"
            "fusion_type: CDS(truncated)/UTR",
            "starfusion": "position: 2:42301394:+#2:29223584:-,junction_reads: 4,"
            "spanning_reads: 4,ffmp: 637.6534",
            "starfusion_lr": "position: 2:42301394:+#2:29223584:-,num_LR: 4,ffmp: 637.6534",
            "taken from": "fusioncatcher",
        },
        file="f",
        line=5,
    )


def test_one_caller_s_position_reads_and_frame_are_taken() -> None:
    calls = read(TABLE).calls
    taken = [(c.extras["taken from"], c.split_reads, c.spanning_fragments) for c in calls]
    assert taken == [
        ("starfusion", 261, 637),
        ("fusioncatcher", 22, 73),
        ("fusioncatcher", 9, 32),
        ("fusioncatcher", 4, 4),
        ("starfusion", 3, 0),
    ]
    # Arriba has more reads of GOPC::ROS1 but gives no strand.
    assert calls[1].breakpoint_5prime == Breakpoint("chr6", 117566854, "-")
    assert calls[1].caller_reading_frame is Frame.IN_FRAME
    assert (calls[2].caller_reading_frame, calls[2].event_type) == (Frame.UNKNOWN, "")
    assert [c.event_type for c in calls[:2]] == ["duplication", "deletion/read-through"]


def test_a_table_with_a_score_and_kmt2a_in_it(tmp_path: Path) -> None:
    file = table(
        tmp_path,
        "arriba,starfusion",
        f'KMT2A--AFF1,Mitelman,0.75,x,,"{FUSION_STAR}"',
        f'KMT2A--KMT2A,,0.25,x,"{PTD_ARRIBA}",',
        'MLLT4--MLL,,0.25,x,,"position: 6:167876000:+#11:118488614:+,junction_reads: 2"',
    )
    assert file.variant == "fusions.csv before 4.0"
    fusion, ptd, reciprocal = file.calls
    assert (fusion.breakpoint_5prime, fusion.breakpoint_3prime) == (
        Breakpoint("chr11", 118484975, "+"),
        Breakpoint("chr4", 87084120, "+"),
    )
    assert (fusion.split_reads, fusion.spanning_fragments) == (12, 7)
    assert (fusion.extras["Score"], fusion.extras["Databases"]) == ("0.75", "Mitelman")
    assert (ptd.gene_5prime, ptd.gene_3prime, ptd.event_type) == ("KMT2A", "KMT2A", "duplication")
    assert (ptd.breakpoint_5prime, ptd.breakpoint_3prime) == (
        Breakpoint("chr11", 118482495),
        Breakpoint("chr11", 118468775),
    )
    assert (ptd.split_reads, ptd.spanning_fragments) == (9, 2)
    assert ptd.caller_reading_frame is Frame.IN_FRAME
    assert (reciprocal.gene_5prime, reciprocal.gene_3prime) == ("AFDN", "KMT2A")
    assert (reciprocal.reported_5prime, reciprocal.spanning_fragments) == ("MLLT4", None)


CELLS = [
    ("ericscript", "position: 11:118484975:+#4:87084120:+,discordant_reads: 7,junction_reads: 12"),
    ("jaffa", "position: 11:118484975:+#4:87084120:+,spanning_pairs: 7,spanning_reads: 12"),
    ("fusioncatcher", "spanning_pairs: 7,spanning_unique_reads: 12"),
    ("pizzly", "pair_count: 7,split_count: 12"),
    ("arriba", "split_reads1: 5,split_reads2: 7,discordant_mates: 7"),
]


@pytest.mark.parametrize(("tool", "cell"), CELLS, ids=[tool for tool, _ in CELLS])
def test_each_caller_s_reads_by_what_they_mean(tmp_path: Path, tool: str, cell: str) -> None:
    (call,) = table(tmp_path, tool, f'KMT2A--AFF1,,0.1,x,"{cell}"').calls
    assert (call.split_reads, call.spanning_fragments) == (12, 7)
    assert (call.breakpoint_5prime is not None) is ("position" in cell)


def test_callers_that_give_no_position_or_no_reads(tmp_path: Path) -> None:
    squid, dragen, eric, none = table(
        tmp_path,
        "dragen,ericscript,squid",
        'KMT2A--AFF1,,0.1,x,,,"position: 11:1-118484975:+#4:87084119-9:-,score: 5"',
        'KMT2A--AFF1,,0.1,x,"position: 11:118484975:+#4:87084120:+,score: 1",,',
        '.--KMT2A,,0.1,x,,"position: 4:Unable to predict breakpoint position:+#11:2:+",',
        "KMT2A--AFF1,,0.1,x,,,",
    ).calls
    assert (squid.breakpoint_5prime, squid.split_reads) == (None, None)
    assert squid.extras["squid"].startswith("position: 11:1-118484975:+")
    assert dragen.breakpoint_5prime == Breakpoint("chr11", 118484975, "+")
    assert (dragen.split_reads, dragen.spanning_fragments) == (None, None)
    assert (eric.breakpoint_5prime, eric.gene_5prime, eric.reported_5prime) == (None, "?", ".")
    assert "taken from" not in none.extras


def test_a_cell_that_cannot_be_read_sets_the_row_aside(tmp_path: Path) -> None:
    file = table(
        tmp_path,
        "starfusion",
        f'KMT2A--AFF1,,0.1,x,"{FUSION_STAR.replace(": 12", ": many")}"',
        f'KMT2A--AFF1,,0.1,x,"{FUSION_STAR.replace("#", " ")}"',
        f'KMT2A--AFF1,,0.1,x,"{FUSION_STAR.replace("118484975", "x")}"',
        f'KMT2A,,0.1,x,"{FUSION_STAR}"',
    )
    assert [row.reason.removeprefix("the row names KMT2A; ") for row in file.set_aside] == [
        "column 'starfusion': expected a count, found 'many'",
        (
            "column 'starfusion': expected position#position, found "
            "'chr11:118484975:+ chr4:87084120:+'"
        ),
        "column 'starfusion': expected contig:position:strand, found 'chr11:x:+'",
        "column 'Fusion': expected GENE1--GENE2, found 'KMT2A'",
    ]
    assert all(row.names_kmt2a for row in file.set_aside)
    assert (file.n_rows, file.calls) == (4, ())


def test_json_says_the_same_as_the_table(tmp_path: Path) -> None:
    entries = [
        {
            "Fusion": "KMT2A--AFF1",
            "Databases": ["COSMIC", "Mitelman"],
            "Score": 0.75,
            "Explained score": "x",
            "starfusion": {
                "position": "chr11:118484975:+#chr4:87084120:+",
                "junction_reads": 12,
                "spanning_reads": 7,
                "ffmp": 0.49,
            },
        },
        {"Fusion": "KMT2A", "Databases": []},
        "no fusion",
    ]
    path = tmp_path / "fusions.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    file = read(path)
    assert (file.source, file.variant, file.n_rows) == (Source.FUSION_REPORT, "fusions.json", 3)
    (call,) = file.calls
    row = f'KMT2A--AFF1,"COSMIC,Mitelman",0.75,x,"{FUSION_STAR}"'
    (same,) = table(tmp_path, "starfusion", row).calls
    assert call.extras == same.extras
    assert (call.split_reads, call.spanning_fragments, call.line) == (12, 7, 1)
    assert call.breakpoint_3prime == Breakpoint("chr4", 87084120, "+")
    first, second = file.set_aside
    assert (first.disposition, first.names_kmt2a) == (Disposition.REFUSED, True)
    assert second.reason == "column 'Fusion': expected GENE1--GENE2, found ''"


def test_json_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fusions.json"
    path.write_text('[{"Fusion": "KMT2A--AFF1", "Databases": [', encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(path)
    assert str(error.value) == (
        "f: expected a JSON list of fusions, found one that cannot be read; the file is damaged or "
        "was cut off, make it again"
    )


def test_the_list_of_names(tmp_path: Path) -> None:
    path = tmp_path / "S1.fusionreport.tsv"
    path.write_text("KMT2A--AFF1\nHLA-A--B2M\nKMT2A\n", encoding="utf-8")
    file = read(path)
    assert (file.source, file.variant, file.n_rows) == (Source.FUSION_REPORT, "list of fusions", 3)
    first, second = file.calls
    assert (first.gene_5prime, first.gene_3prime, first.line) == ("KMT2A", "AFF1", 1)
    assert (second.gene_5prime, second.gene_3prime) == ("HLA-A", "B2M")
    assert (first.split_reads, first.breakpoint_5prime, first.extras) == (None, None, {})
    assert [row.line for row in file.set_aside] == [3]
