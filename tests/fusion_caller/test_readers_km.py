"""km: what is a finding for a target that is a junction, and what is none.

Synthetic, under km's headers of three versions: the NPM1 rows are those of its documentation. The
target KMT2A-PTD_8-2 joins the end of KMT2A's MANE exon 8 (118,482,495 on GRCh38) to the start of
exon 2 (118,468,775); exon 9 has 132 bases and ends at 118,484,314, exon 10 has 114 and ends at
118,484,975.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fusion_caller.readers import CallerFile, read_caller_file, recognise
from fusion_caller.records import Breakpoint, FusionCall, Source

if TYPE_CHECKING:
    from pathlib import Path

NEW = (
    "Database Query Type Variant_name rVAF Expression Min_coverage Start_offset Sequence "
    "Reference_expression Reference_sequence Info"
)
OLD = (
    "Database,Query,Type,Variant name,Ratio,Expression,Min coverage,Start offset,Sequence,"
    "Reference ratio,Reference expression,Reference sequence,Info"
)
REPORT = (
    "Sample Region Location Type Removed Added Abnormal Normal rVAF Min_coverage Exclu_min_cov "
    "Variant Target Info Variant_sequence Reference_sequence"
)
PTD = "KMT2A-PTD_8-2"
KMT2A_E8 = Breakpoint("chr11", 118482495, "+")
KMT2A_E2 = Breakpoint("chr11", 118468775, "+")


def read(folder: Path, *lines: str) -> CallerFile:
    path = folder / "f"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return read_caller_file(path, name="f", patient="P1", sample="P1-d0")


def tabs(text: str) -> str:
    return "\t".join(text.split("," if "," in text else None))


def row(
    query: str,
    kind: str = "Reference",
    variant: str = "",
    coverage: str = "17",
    info: str = "vs_ref",
) -> str:
    rvaf = "nan" if kind == "Reference" else "0.4"
    cells = [
        "s.jf",
        query,
        kind,
        variant,
        rvaf,
        "21.5",
        coverage,
        "0",
        "ACGT",
        "21.5",
        "AGGT",
        info,
    ]
    return "\t".join(cells)


def ends(call: FusionCall) -> tuple[Breakpoint | None, Breakpoint | None]:
    return call.breakpoint_5prime, call.breakpoint_3prime


def test_the_junction_itself_is_the_finding(tmp_path: Path) -> None:
    file = read(tmp_path, "#km 2.1", tabs(NEW), row(PTD), "#Elapsed time:3.1")
    assert (file.source, file.n_rows, file.set_aside) == (Source.KM, 1, ())
    assert file.calls == (
        FusionCall(
            patient="P1",
            sample="P1-d0",
            source=Source.KM,
            gene_5prime="KMT2A",
            gene_3prime="KMT2A",
            reported_5prime="KMT2A",
            reported_3prime="KMT2A",
            breakpoint_5prime=KMT2A_E8,
            breakpoint_3prime=KMT2A_E2,
            event_type="partial tandem duplication",
            extras={
                "Database": "s.jf",
                "Query": PTD,
                "Type": "Reference",
                "rVAF": "nan",
                "Expression": "21.5",
                "Min_coverage": "17",
                "Start_offset": "0",
                "Sequence": "ACGT",
                "Reference_expression": "21.5",
                "Reference_sequence": "AGGT",
                "Info": "vs_ref",
            },
            file="f",
            line=3,
        ),
    )


def test_a_junction_that_no_read_has_is_none(tmp_path: Path) -> None:
    file = read(tmp_path, tabs(NEW), row(PTD, coverage="0"))
    assert (file.n_rows, file.n_set_aside, file.calls) == (1, 1, ())
    assert [one.reason for one in file.set_aside] == [
        "the row makes no call: a junction that was looked for and not found"
    ]


@pytest.mark.parametrize(
    ("inserted", "last_exon_end"),
    [(132, 118484314), (246, 118484975), (393, 118488760), (131, 118482495), (15, 118482495)],
)
def test_whole_exons_inserted_into_the_target_move_the_junction(
    tmp_path: Path, inserted: int, last_exon_end: int
) -> None:
    variant = f"32:/{'ACG' * (inserted // 3)}{'A' * (inserted % 3)}:32"
    (call,) = read(tmp_path, tabs(NEW), row(PTD, "Insertion", variant)).calls
    assert ends(call) == (Breakpoint("chr11", last_exon_end, "+"), KMT2A_E2)
    assert call.extras["Variant_name"] == variant


def test_rows_of_one_junction_are_one_call(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        tabs(NEW),
        row(PTD, "Substitution", "20:a/G:21", "9"),
        row(PTD),
        row(PTD, "Insertion", f"32:/{'ACG' * 44}:32", "6"),
        row(PTD, "Substitution", "20:a/G:21", "9", "cluster 1 n=1"),
        row(PTD, coverage="0"),
    )
    eight, nine = file.calls
    assert (eight.n_rows, eight.line, nine.n_rows, nine.line) == (3, 2, 1, 4)
    assert (file.n_rows, file.n_set_aside) == (5, 1)
    assert eight.extras["Type"] == "Substitution;Reference"
    assert eight.extras["Min_coverage"] == "9;17"
    assert (eight.split_reads, eight.spanning_fragments) == (None, None)


def test_another_target_of_the_duplication(tmp_path: Path) -> None:
    (call,) = read(tmp_path, tabs(NEW), row("MLL-PTD_10-2")).calls
    assert ends(call) == (Breakpoint("chr11", 118484975, "+"), KMT2A_E2)


def test_targets_of_fusions(tmp_path: Path) -> None:
    nup98, kmt2a = read(
        tmp_path, tabs(NEW), row("NUP98_exon11-NSD1_exon7"), row("KMT2A_exon8-AFF1_exon5")
    ).calls
    assert (nup98.gene_5prime, nup98.gene_3prime, nup98.event_type) == ("NUP98", "NSD1", "")
    # What numbers such a target's exons have is not known.
    assert ((kmt2a.gene_5prime, kmt2a.gene_3prime), ends(kmt2a)) == (
        ("KMT2A", "AFF1"),
        (None, None),
    )


@pytest.mark.parametrize(
    "query",
    ["NPM1_4ins_exons_10-11utr", "FLT3-ITD_exons_13-15", "DNMT3A_R882_exon_23", f"{PTD}.e1"],
)
def test_other_targets_make_no_call(tmp_path: Path, query: str) -> None:
    file = read(tmp_path, tabs(NEW), row(query), row(query, "ITD", "4:/ACGT:4"))
    assert (file.n_rows, file.n_set_aside, file.calls) == (2, 2, ())
    assert [(one.line, one.reason) for one in file.set_aside] == [
        (2, "2 rows, this one first, make no call: a target that is no junction of genes")
    ]


def test_a_version_that_looks_for_the_pieces_too(tmp_path: Path) -> None:
    (call,) = read(tmp_path, tabs(NEW), row(f"{PTD}.e1"), row(f"{PTD}.e1::{PTD}.e2")).calls
    assert (ends(call), call.line) == ((KMT2A_E8, KMT2A_E2), 3)


def test_the_older_header(tmp_path: Path) -> None:
    cells = row(PTD).split("\t")
    cells.insert(9, "1.000")
    (call,) = read(tmp_path, tabs(OLD), "\t".join(cells)).calls
    assert ends(call) == (KMT2A_E8, KMT2A_E2)
    assert (call.extras["Min_coverage"], call.extras["Reference ratio"]) == ("17", "1.000")


def test_the_report(tmp_path: Path) -> None:
    where = "chr11:118482465-118468805"
    cells = ["s.jf", where, "-", "Reference", "0", "0", "0.0", "21.5", "nan", "17", ""]
    (call,) = read(tmp_path, tabs(REPORT), "\t".join([*cells, "-", PTD, "vs_ref", "", ""])).calls
    assert ends(call) == (KMT2A_E8, KMT2A_E2)
    assert (call.extras["Region"], call.extras["Normal"]) == (where, "21.5")
    cells[3], cells[5] = "Insertion", "132"
    exon_9 = f"/{'ACG' * 44}"
    (call,) = read(
        tmp_path, tabs(REPORT), "\t".join([*cells, exon_9, PTD, "vs_ref", "A", "C"])
    ).calls
    assert ends(call)[0] == Breakpoint("chr11", 118484314, "+")


def test_a_coverage_that_cannot_be_read_sets_the_row_aside(tmp_path: Path) -> None:
    file = read(tmp_path, tabs(NEW), row(PTD, coverage="some"), row(PTD))
    assert (file.n_rows, len(file.calls)) == (2, 1)
    assert [(one.line, one.names_kmt2a, one.reason) for one in file.set_aside] == [
        (2, True, "the row names KMT2A; column 'Min_coverage': expected a count, found 'some'")
    ]


def test_a_header_only_file_has_no_calls(tmp_path: Path) -> None:
    file = read(tmp_path, tabs(NEW), "#Elapsed time:3.1")
    assert (file.n_rows, file.calls, file.set_aside) == (0, (), ())


def test_columns_are_free_in_order(tmp_path: Path) -> None:
    columns = tabs(NEW).split("\t")
    cells = dict(zip(columns, row(PTD).split("\t"), strict=True))
    turned = columns[::-1]
    (call,) = read(tmp_path, "\t".join(turned), "\t".join(cells[column] for column in turned)).calls
    assert ends(call) == (KMT2A_E8, KMT2A_E2)


def test_only_its_own_headers_are_recognised() -> None:
    assert recognise((tabs(NEW) + "\n",)) is not None
    assert recognise(("#note\n", tabs(REPORT) + "\n")) is not None
    assert recognise((tabs(NEW).replace("Min_coverage", "Coverage") + "\n",)) is None
