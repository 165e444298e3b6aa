"""Figures of the whole cohort in a results folder and in its report, drawn or said why not."""

import csv
import re
from pathlib import Path

import pytest

from workflows.commands.outcomes import run_outcomes
from workflows.report.page import view
from workflows.report.results_in import read_results_folder

DRAWN = {
    "forest": ["forest_efs_univariate.svg", "forest_efs_multivariable.svg"],
    "swimmer": ["swimmer_subtype.svg"],
    "mrd": ["mrd_subtype.svg"],
}


def rows_of(figures: Path) -> list[dict[str, str]]:
    with figures.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def run(
    folder: Path, columns: str, *patients: str, analysis: str = ""
) -> dict[str, dict[str, str]]:
    """Analyse a cohort that stands in the test; return the rows of `figures.tsv` by kind."""
    names = [patient.split(",")[0] for patient in patients]
    (folder / "p.tsv").write_text(
        "patient\tstatus\tsubtype\n" + "".join(f"{name}\trearranged\tAFF1\n" for name in names),
        encoding="utf-8",
    )
    (folder / "c.csv").write_text("\n".join((columns, *patients)) + "\n", encoding="utf-8")
    (folder / "a.yaml").write_text(f"preset: default\n{analysis}", encoding="utf-8")
    run_outcomes(
        folder / "p.tsv", folder / "c.csv", folder / "out", analysis=str(folder / "a.yaml")
    )
    return {row["kind"]: row for row in rows_of(folder / "out/figures/figures.tsv")}


def test_the_example_has_them_all(demo: Path) -> None:
    rows = rows_of(demo / "figures/figures.tsv")
    for kind, files in DRAWN.items():
        assert [row["file"] for row in rows if row["kind"] == kind] == files
        for file in files:
            assert (demo / "figures" / file).read_text(encoding="utf-8").startswith("<?xml")
            png = (demo / "figures" / file).with_suffix(".png")
            assert png.read_bytes().startswith(b"\x89PNG")
    captions = {row["file"]: row["caption"] for row in rows}
    assert "43 patients, 18 events; 8 of 8" in captions["forest_efs_multivariable.svg"]
    assert "48 of 48 patients" in captions["swimmer_subtype.svg"]
    assert "47 at TP1 and 44 at TP2, of 48" in captions["mrd_subtype.svg"]


def test_the_report_shows_each_once_in_its_place(demo: Path) -> None:
    html = (demo / "report.html").read_text(encoding="utf-8")
    shown = re.findall(r'<figure class="whole"><img src="[^"]+" alt="([^"]+)">', html)
    assert [re.split(":| by | and ", title)[0] for title in shown] == [
        "Course of every patient", "Event-free survival", "Event-free survival", "MRD",
    ]  # fmt: skip
    figures = view(read_results_folder(demo))["figures"]
    kinds = {figure.kind for key in ("first", "others", "incidence") for figure in figures[key]}
    assert kinds == {"km", "cif"}


def test_without_mrd_and_follow_up_the_report_says_so(tmp_path: Path) -> None:
    rows = run(tmp_path, "patient,sex", "A,male", "B,female")
    assert {rows[kind]["file"] for kind in ("swimmer", "mrd")} == {""}
    assert "no patient has a time of follow-up" in rows["swimmer"]["caption"]
    assert "no patient has a result of flow cytometry" in rows["mrd"]["caption"]
    assert not list((tmp_path / "out/figures").glob("*.svg"))


def test_one_patient(tmp_path: Path) -> None:
    rows = run(tmp_path, "patient,relapse_months,mrd_fcm_tp1_percent", "A,5,<0.01")
    assert rows["swimmer"]["file"] == "swimmer_subtype.svg"
    assert rows["mrd"]["file"] == "mrd_subtype.svg"
    assert "no hazard ratio could be estimated" in rows["forest"]["caption"]
    assert rows["forest"]["file"] == ""


@pytest.mark.parametrize(("n", "drawn"), [(400, True), (401, False)])
def test_too_many_patients_are_not_drawn(tmp_path: Path, n: int, drawn: bool) -> None:
    analysis = (
        "curves: []\nunivariate: []\nmultivariable: {}\ncumulative_incidence: {endpoints: []}"
    )
    row = run(
        tmp_path,
        "patient,last_contact_months",
        *(f"P{number},{number % 60 + 1}" for number in range(n)),
        analysis=analysis,
    )["swimmer"]
    assert bool(row["file"]) is drawn
    assert ("more than 400 bars" in row["caption"]) is not drawn


def test_groups_are_as_declared(tmp_path: Path) -> None:
    analysis = "swimmer: {by: sex}\nmrd: {}"
    columns = "patient,sex,last_contact_months,mrd_fcm_tp1_percent"
    rows = run(tmp_path, columns, "A,male,5,1", "B,female,6,2", analysis=analysis)
    assert rows["swimmer"]["file"] == "swimmer_sex.svg"
    assert (rows["mrd"]["file"], rows["mrd"]["title"]) == ("mrd.svg", "MRD by time point")
