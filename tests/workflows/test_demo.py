"""The bundled example from end to end: what it finds, what it writes, and that it is repeatable."""

import base64
import csv
import filecmp
import json
from collections import Counter
from pathlib import Path

import pytest

from workflows.commands.demo import run_demo

# One process runs the example once for all tests here.
pytestmark = pytest.mark.xdist_group("demo")

Row = dict[str, str]


def table(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def patient(demo: Path, name: str) -> Row:
    (row,) = (r for r in table(demo / "reconciled/patients.tsv") if r["patient"] == name)
    return row


def test_partners_of_the_synthetic_cohort(demo: Path) -> None:
    patients = table(demo / "reconciled/patients.tsv")
    assert Counter(row["partner"] for row in patients) == {
        "AFF1": 24,
        "MLLT3": 13,
        "MLLT1": 5,
        "EPS15": 1,
        "MLLT10": 1,
        "FLNA": 1,
        "CLTC": 1,
        "CT45A1": 1,
        "USP2": 1,
    }
    assert {row["status"] for row in patients} == {"rearranged"}
    assert {row["confidence"] for row in patients} == {"confirmed"}
    assert Counter(row["subtype"] for row in patients) == {
        "AFF1": 24,
        "MLLT3": 13,
        "MLLT1": 5,
        "other": 6,
    }


@pytest.mark.parametrize(
    ("assay", "tested", "positive"),
    [
        ("fish", 48, 46),
        ("rt-pcr", 48, 45),
        ("rna-seq", 18, 18),
        ("karyotype", 40, 18),
        ("split-rt-pcr", 48, 48),
    ],
)
def test_detection_by_assay(demo: Path, assay: str, tested: int, positive: int) -> None:
    (row,) = (r for r in table(demo / "reconciled/detection.tsv") if r["assay"] == assay)
    assert (int(row["tested"]), int(row["positive"])) == (tested, positive)


@pytest.mark.parametrize(
    ("name", "partner", "reasons"),
    [
        ("SYN05", "USP2", ["cryptic_to_fish_inversion", "partner_not_on_panel"]),
        (
            "SYN29",
            "CT45A1",
            ["partner_not_on_panel", "paralogue_ambiguity", "normal_karyotype_cryptic"],
        ),
        ("SYN48", "CLTC", ["partner_not_on_panel", "normal_karyotype_cryptic"]),
        ("SYN04", "MLLT3", ["unexplained"]),
        ("SYN14", "AFF1", ["below_caller_threshold", "normal_karyotype_cryptic"]),
        ("SYN46", "AFF1", ["below_caller_threshold"]),
        (
            "SYN26",
            "AFF1",
            ["unbalanced_fish_3prime_loss", "normal_karyotype_cryptic"],
        ),
    ],
)
def test_reasons(demo: Path, name: str, partner: str, reasons: list[str]) -> None:
    row = patient(demo, name)
    assert row["partner"] == partner
    assert row["reasons"].split(";") == reasons


def test_the_unexplained_disagreement_comes_first(demo: Path) -> None:
    rows = table(demo / "reconciled/discordance.tsv")
    assert [row["patient"] for row in rows if row["reason"] == "unexplained"] == ["SYN04"]
    assert rows[0]["patient"] == "SYN04"


def test_usp2_exons_and_region(demo: Path) -> None:
    row = patient(demo, "SYN05")
    assert (row["region"], row["kmt2a_exon"], row["partner_exon"]) == ("bcr2", "e21", "e3")
    assert row["transcript"] == (
        "KMT2A ENST00000534358; USP2 ENST00000260187.7 (MANE exon numbers)"
    )


@pytest.mark.parametrize(
    ("line", "status", "partner"),
    [
        ("MV411", "rearranged", "AFF1"),
        ("NALM19", "rearranged", "AFF1"),
        ("SEM", "rearranged", "AFF1"),
        ("KOPN8", "rearranged", "MLLT1"),
        ("MOLM13", "rearranged", "MLLT3"),
        ("MONOMAC1", "rearranged", "MLLT3"),
        ("MONOMAC6", "rearranged", "MLLT3"),
        ("NOMO1", "rearranged", "MLLT3"),
        ("THP1", "rearranged", "MLLT3"),
        ("OCIAML2", "rearranged", "AFDN"),
        ("CAOV3", "not_rearranged", ""),
        ("EFE184", "not_rearranged", ""),
        ("HCC38", "not_rearranged", ""),
        ("TEN", "not_rearranged", ""),
        ("C32", "indeterminate", ""),
        ("U937", "not_rearranged", ""),
        ("EOL1", "ptd", "PTD"),
    ],
)
def test_cell_lines(demo: Path, line: str, status: str, partner: str) -> None:
    patients = table(demo / "cell_lines/reconciled/patients.tsv")
    (row,) = (r for r in patients if r["patient"].split("_")[0] == line)
    assert (row["status"], row["partner"]) == (status, partner)


def test_cell_lines_with_a_rearrangement_are_these_ten(demo: Path) -> None:
    patients = table(demo / "cell_lines/reconciled/patients.tsv")
    assert len(patients) == 1157
    assert sum(row["status"] == "rearranged" for row in patients) == 10


def test_the_duplication_of_eol_1_is_from_its_reads_and_they_are_shown(demo: Path) -> None:
    events = table(demo / "cell_lines/calls/kmt2a.tsv")
    (event,) = (row for row in events if row["sample"].startswith("EOL1_"))
    assert (event["duplicated_exons"], event["reads"]) == ("e2-8", "fastq:13+3")
    assert event["callers_run"] == "fastq;star-fusion"
    (picture,) = table(demo / "cell_lines/calls/evidence/evidence.tsv")
    assert (picture["patient"], picture["fusion"]) == (event["patient"], "KMT2A e8::KMT2A e2")
    page = (demo / "cell_lines/report.html").read_text(encoding="utf-8")
    drawn = (demo / "cell_lines/calls/evidence" / picture["picture"]).read_bytes()
    assert page.count(base64.b64encode(drawn).decode()) == 1


@pytest.mark.parametrize(
    ("line", "reciprocal", "kind"),
    [
        ("MV411", "AFF1::KMT2A", "reciprocal"),
        ("SEM", "AFF1::KMT2A", "reciprocal"),
        ("KOPN8", "MLLT1::KMT2A", "reciprocal"),
        ("THP1", "SNAPC3::KMT2A", "complex_reciprocal"),
    ],
)
def test_reciprocals_of_cell_lines(demo: Path, line: str, reciprocal: str, kind: str) -> None:
    rows = [
        row
        for row in table(demo / "cell_lines/calls/kmt2a.tsv")
        if row["sample"].split("_")[0] == line
    ]
    assert {row["kind"]: row["fusion"] for row in rows if row["kind"] != "fusion"} == {
        kind: reciprocal
    }
    assert [row["reciprocal"] for row in rows if row["kind"] == "fusion"] == [reciprocal]


@pytest.mark.parametrize("folder", [".", "cell_lines"])
def test_rows_in_are_rows_used_and_set_aside(demo: Path, folder: str) -> None:
    manifest = json.loads((demo / folder / "manifest.json").read_text(encoding="utf-8"))
    for item in manifest["inputs"]:
        assert item["rows_in"] == item["rows_used"] + item["rows_set_aside"], item["file"]
        assert len(item["sha256"]) == 64
    rows = manifest["rows"]
    assert rows["in"] == rows["used"] + rows["set_aside"]
    listed = table(demo / folder / "calls/set_aside.tsv")
    assert sum(row["disposition"] == "refused" for row in listed) == rows["set_aside"]
    counted = {item["file"]: item for item in manifest["inputs"]}
    calls = Counter(row["file"] for row in table(demo / folder / "calls/calls.tsv"))
    for row in table(demo / folder / "calls/files.tsv"):
        assert int(row["rows"]) == calls[row["file"]] + int(row["set_aside"])
        assert counted[row["file"]]["rows_in"] == int(row["rows"])


def test_manifest_lists_every_output_but_the_two_made_from_it(demo: Path) -> None:
    manifest = json.loads((demo / "manifest.json").read_text(encoding="utf-8"))
    apart = ("inputs/", "cell_lines/")
    files = {
        path.relative_to(demo).as_posix()
        for path in demo.rglob("*")
        if path.is_file() and not path.relative_to(demo).as_posix().startswith(apart)
    }
    assert files - set(manifest["outputs"]) == {"manifest.json", "report.html"}
    assert set(manifest["outputs"]) <= files


def test_two_runs_give_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    again = tmp_path / "somewhere" / "else"
    run_demo(again)
    first = sorted(p.relative_to(demo).as_posix() for p in demo.rglob("*") if p.is_file())
    second = sorted(p.relative_to(again).as_posix() for p in again.rglob("*") if p.is_file())
    assert first == second
    different = [
        name for name in first if not filecmp.cmp(demo / name, again / name, shallow=False)
    ]
    assert different == ["cell_lines/manifest.json", "manifest.json"]
    for name in different:
        one, two = (json.loads((d / name).read_text(encoding="utf-8")) for d in (demo, again))
        assert one.pop("times") != two.pop("times")
        assert one == two


def test_synthetic_is_marked_wherever_it_shows(demo: Path) -> None:
    mark = "not patient data"
    assert mark in (demo / "report.html").read_text(encoding="utf-8")
    assert mark in (demo / "manifest.json").read_text(encoding="utf-8")
    assert mark in (demo / "inputs/clinical.csv").read_text(encoding="utf-8")
    names = {row["patient"] for row in table(demo / "reconciled/patients.tsv")}
    assert all(name.startswith("SYN") for name in names)
    # Letters in a figure are drawn as shapes, so the mark is looked for in its description.
    for figure in (demo / "figures").glob("*.svg"):
        assert mark in figure.read_text(encoding="utf-8"), figure.name
