"""A laboratory's own panels: what is read and what is refused, with file, line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_caller.assays.panel_table import panel_template, read_panels
from fusion_caller.errors import InputError
from fusion_caller.knowledge import Evidence, Material, panels
from fusion_caller.knowledge.rt_pcr_panels import PANEL_COLUMNS, panels_of_rows
from fusion_caller.tables import Row

if TYPE_CHECKING:
    from pathlib import Path

    from fusion_caller.knowledge import Panel

HEADER = "panel,target,nested,longest_product_bp,kmt2a_primer_exon,partner_primer_exon"


def read(folder: Path, *lines: str, header: str = HEADER) -> dict[str, Panel]:
    path = folder / "panels.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return read_panels(path, name="panels.csv")


def test_two_columns_are_enough(tmp_path: Path) -> None:
    (panel,) = read(tmp_path, "ours,AFF1", "ours,PTD", header="panel,target").values()
    assert (panel.id, panel.name, panel.source) == ("ours", "ours", "panels.csv")
    assert (panel.targets, panel.from_memory) == (("AFF1", "PTD"), ())
    assert (panel.material, panel.nested, panel.longest_product_bp) == (Material.RNA, None, None)
    assert {member.primer_evidence for member in panel.members} == {Evidence.MEMORY}


def test_everything_that_a_panel_says_of_itself(tmp_path: Path) -> None:
    found = read(tmp_path, "a,AFF1,Yes,1500,8,6", "b,PTD,no,,9,3", "a,MLLT3,Yes,1500,,")
    assert list(found) == ["a", "b"]
    assert found["a"].targets == ("AFF1", "MLLT3")
    assert (found["a"].nested, found["b"].nested) == (True, False)
    assert found["a"].longest_product_bp == 1500
    first = found["a"].members[0]
    assert (first.kmt2a_primer_exon, first.partner_primer_exon) == (8, 6)
    assert first.primer_evidence is Evidence.SOURCED


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("AFF1", "AFF1"),
        ("AF4", "AFF1"),
        ("MLL-AF4", "AFF1"),
        ("KMT2A::AFF1", "AFF1"),
        ("MLLT4", "AFDN"),
        ("PTD", "PTD"),
        ("dupMLL", "PTD"),
        ("KMT2A-PTD", "PTD"),
        ("SEPT6", "SEPTIN6"),
    ],
)
def test_names_of_targets(tmp_path: Path, text: str, symbol: str) -> None:
    assert read(tmp_path, f"ours,{text},,,,")["ours"].targets == (symbol,)


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (",AFF1,,,,", "panel", "expected the identifier of a panel, found nothing"),
        ("=ours,AFF1,,,,", "panel", "expected the identifier of a panel to start with"),
        ("ours,,,,,", "target", "expected a partner of KMT2A, or PTD; found nothing"),
        ("ours,XYZ1,,,,", "target", "expected a known partner of KMT2A, such as AFF1"),
        ("ours,BCR-ABL1,,,,", "target", "expected a known partner of KMT2A, such as AFF1"),
        ("ours,ATP5MG,,,,", "target", "expected a known partner of KMT2A, such as AFF1"),
        ("ours,MLL,,,,", "target", "expected the partner of KMT2A or PTD, found 'MLL'"),
        ("ours,AF4,maybe,,,", "nested", "expected yes, no or an empty cell, found 'maybe'"),
        ("ours,AF4,,0,,", "longest_product_bp", "expected a whole number from 1 to 100000"),
        ("ours,AF4,,1.5,,", "longest_product_bp", "expected a whole number from 1 to 100000"),
        ("ours,AF4,,,37,", "kmt2a_primer_exon", "expected a whole number from 1 to 36"),
        ("ours,AF4,,,e8,", "kmt2a_primer_exon", "expected a whole number from 1 to 36"),
        ("ours,AF4,,,²,", "kmt2a_primer_exon", "expected a whole number from 1 to 36"),
        ("ours,MLLT11,,,,3", "partner_primer_exon", "expected a whole number from 1 to 2 "),
        ("ours,PTD,,,,37", "partner_primer_exon", "expected a whole number from 1 to 36"),
        ("first,AFF1,yes,,,", "target", "AFF1 is a target of this panel in line 2 already"),
        ("first,AF4,yes,,,", "target", "AFF1 is a target of this panel in line 2 already"),
        ("first,ELL,no,,,", "nested", "expected 'yes' as in line 2 of the same panel, found 'no'"),
        ("first,ELL,yes,9,,", "longest_product_bp", "expected '' as in line 2 of the same panel"),
    ],
)
def test_bad_values_are_refused_in_one_line(
    tmp_path: Path, row: str, column: str, problem: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "first,AFF1,yes,,8,", row)
    message = str(caught.value)
    assert message.startswith(f"panels.csv, line 3, column '{column}': {problem}")
    assert "\n" not in message


@pytest.mark.parametrize("missing", ["panel", "target"])
def test_required_columns(tmp_path: Path, missing: str) -> None:
    header = ",".join(name for name in HEADER.split(",") if name != missing)
    with pytest.raises(InputError, match=f"line 1: expected the column {missing}"):
        read(tmp_path, header=header)


def test_the_material_and_how_sure_a_row_is(tmp_path: Path) -> None:
    header = "panel,target,material,evidence,kmt2a_primer_exon,primer_evidence"
    (panel,) = read(tmp_path, "a,AFF1,DNA,memory,8,sourced", header=header).values()
    assert (panel.material, panel.from_memory) == (Material.DNA, ("AFF1",))
    assert panel.members[0].primer_evidence is Evidence.SOURCED
    with pytest.raises(InputError, match="'material': expected rna, dna or an empty cell"):
        read(tmp_path, "a,AFF1,cdna,,,", header=header)
    with pytest.raises(InputError, match="'evidence': expected sourced, memory or an empty cell"):
        read(tmp_path, "a,AFF1,rna,sure,,", header=header)


def test_the_template_is_a_table_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "panels.tsv"
    path.write_text(panel_template(), encoding="utf-8")
    assert panel_template().splitlines()[0].split("\t") == list(PANEL_COLUMNS)
    assert panel_template().count("\n") == 3
    (panel,) = read_panels(path, name="panels.tsv").values()
    assert panel.targets == ("AFF1", "PTD")


def test_the_packaged_panels_can_be_read_as_ones_own(tmp_path: Path) -> None:
    lines = ["panel\ttarget", *(f"{p.id}\t{s}" for p in panels().values() for s in p.targets)]
    path = tmp_path / "panels.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read_panels(path, name="panels.tsv")
    assert [p.targets for p in found.values()] == [p.targets for p in panels().values()]


@given(values=st.lists(st.dictionaries(st.sampled_from(PANEL_COLUMNS), st.text(max_size=12))))
def test_no_cell_makes_the_reader_fail_but_with_its_place(values: list[dict[str, str]]) -> None:
    rows = [Row(line, {"panel": "a", **cells}) for line, cells in enumerate(values, start=2)]
    try:
        panels_of_rows(rows, file="panels.csv")
    except InputError as error:
        refused = error
    else:
        return
    assert refused.line is not None
    assert refused.column in PANEL_COLUMNS
