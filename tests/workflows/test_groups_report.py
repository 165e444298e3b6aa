"""Everything by subtype in the report, and any grouping of one's own from end to end."""

import csv
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from fusion_caller.tables import read_table
from workflows.cli import cli
from workflows.report.page import render
from workflows.report.results_in import ResultsIn
from workflows.report.subtypes import NOTHING, grouping_blocks

if TYPE_CHECKING:
    from conftest import Chromium

pytestmark = pytest.mark.xdist_group("demo")

ENDPOINTS = [
    {"endpoint": "efs", "label": "Event-free survival"},
    {"endpoint": "wen-2022-with-trm", "label": "Another"},
    {"endpoint": "os", "label": "Overall survival"},
]
COLUMNS = [
    "grouping",
    "grouping_label",
    "endpoint",
    "variable",
    "label",
    "stratum",
    "level",
    "n",
    "events",
    "test",
    "p_value",
    "p_holm",
    "reference",
    "hazard_ratio",
    "hazard_ci_lower",
    "hazard_ci_upper",
    "heterogeneity_p_value",
    "note",
]
ACROSS = "stratified log-rank"
ROUGH = "fewer than 5 patients at a level: the p value is a rough one"
UNTESTED = "heterogeneity not tested: fewer than two strata inform of the effect"
# One grouping and its factors.
TABLE = f"""
g|Group|efs|all|All patients|a|all|20|12||||||||||
g|Group|efs|all|All patients|b|all|6|2||||||||||
g|Group|efs|all|All patients|all|all|26|14||||||||||
g|Group|efs|sex|Sex|a|male|10|5|log-rank|0.2|1|male||||||
g|Group|efs|sex|Sex|a|female|10|7|log-rank|0.2|1|male|2|1|4||
g|Group|efs|sex|Sex|b|male|2|2|log-rank|0.04|0.2|male||||||{ROUGH}
g|Group|efs|sex|Sex|b|female|4|0|log-rank|0.04|0.2|male|||||{ROUGH}; no event
g|Group|efs|sex|Sex|all|male|12|7|{ACROSS}|0.031|0.09|male||||0.5|from day 5
g|Group|efs|sex|Sex|all|female|14|7|{ACROSS}|0.031|0.09|male||||0.5|from day 5; no hazard ratio
g|Group|efs|wbc|White cells|a|low|20|12|log-rank|no test
g|Group|efs|wbc|White cells|all|low|20|12|{ACROSS}|0.5|1|low|||||{ROUGH}; {UNTESTED}
g|Group|efs|wbc|White cells|all|high|2|1|{ACROSS}|0.5|1|low|3|1|9||{ROUGH}; {UNTESTED}
g|Group|efs|cns|Nerves|all|all|26|14|||||||||not compared: one level
"""


def rows_in(text: str) -> str:
    """Write rows with | between cells as a table; empty cells before a note may be left out."""
    lines = ["\t".join(COLUMNS)]
    for line in text.strip().splitlines():
        *cells, note = line.split("|")
        cells += [""] * (len(COLUMNS) - 1 - len(cells))
        lines.append("\t".join([*cells[: len(COLUMNS) - 1], note]))
    return "\n".join(lines) + "\n"


def results(folder: Path, text: str = TABLE) -> ResultsIn:
    (folder / "outcomes").mkdir()
    (folder / "outcomes/table_stratified.tsv").write_text(rows_in(text), encoding="utf-8")
    return ResultsIn(folder=folder, manifest={})


def test_a_factor_by_strata(tmp_path: Path) -> None:
    (block,) = grouping_blocks(results(tmp_path), ENDPOINTS)
    assert (block.label, block.in_short) == ("Group", "26 patients in 2 groups")
    assert (block.baseline, block.response) == (None, None)
    assert [part.label for part in block.endpoints] == ["Event-free survival", "Overall survival"]
    part = block.endpoints[0]
    assert part.strata == [("a", "20", "12"), ("b", "6", "2")]
    assert part.alike == ["Nerves"]
    factor, untested = part.factors
    assert (factor.note, untested.note) == ("from day 5", f"{ROUGH}; {UNTESTED}")
    assert untested.heterogeneity.text == NOTHING
    assert untested.heterogeneity.why.endswith(UNTESTED)
    assert [cell.text for cell in untested.within] == [NOTHING] * 2
    assert untested.lines[1].counts == ["0/0", "0/0"]
    assert [(cell.text, cell.few) for cell in factor.within] == [
        ("0.2000", False),
        ("0.0400", True),
    ]
    assert (factor.across.text, factor.holm) == ("0.0310", "0.0900")
    assert factor.heterogeneity.text == "0.5000"
    male, female = factor.lines
    assert (male.counts, male.ratio.text) == (["5/10", "2/2"], "1 (reference)")
    assert female.counts == ["7/10", "0/4"]
    assert (female.ratio.text, female.ratio.why) == (NOTHING, "no hazard ratio")


def test_the_sentence_follows_the_events(tmp_path: Path) -> None:
    (block,) = grouping_blocks(results(tmp_path), ENDPOINTS)
    assert block.endpoints[0].sentence == (
        "With the few events per stratum (a 12, b 2; fewer than 10 in 1 of 2) this describes and "
        "does not prove."
    )
    assert block.endpoints[1].sentence == "Nobody has a level of this grouping."


def test_with_many_events_the_sentence_is_another(tmp_path: Path) -> None:
    many = TABLE.replace("|b|all|6|2|", "|b|all|60|20|")
    (block,) = grouping_blocks(results(tmp_path, many), ENDPOINTS)
    assert block.endpoints[0].sentence.startswith("Events per stratum: a 12, b 20. A difference")


def test_a_folder_of_an_earlier_version_has_no_such_section(tmp_path: Path) -> None:
    assert grouping_blocks(ResultsIn(folder=tmp_path, manifest={}), ENDPOINTS) == []


def test_the_example_s_report_has_the_section(demo: Path) -> None:
    html = (demo / "report.html").read_text(encoding="utf-8")
    assert '<a href="#subtypes">By subtype</a>' in html
    (section,) = re.findall(r'<section id="subtypes">.*?</section>', html, flags=re.DOTALL)
    assert "(AFF1 14, MLLT3 6, MLLT1 1, other 2; fewer than 10 in 3 of 4)" in section
    for title in ("Baseline by KMT2A subtype", "Response by KMT2A subtype", "MANE exon numbers"):
        assert title in section
    rows = read_table(demo / "outcomes/table_stratified.tsv", quoting=False).rows
    sex = next(
        row
        for row in rows
        if (row["grouping"], row["variable"], row["stratum"], row["level"])
        == ("subtype", "sex", "all", "female")
    )
    assert f"{float(sex['hazard_ratio']):.2f} (" in section
    assert f"{float(sex['p_value']):.4f}</td>" in section


def test_the_breakpoints_of_the_example_are_a_grouping(demo: Path) -> None:
    rows = read_table(demo / "outcomes/table_stratified.tsv", quoting=False).rows
    strata = {
        row["stratum"]: row["n"]
        for row in rows
        if (row["grouping"], row["endpoint"], row["variable"]) == ("breakpoint", "efs", "all")
    }
    assert strata == {"bcr1 (introns 7-12)": "17", "bcr2 (introns 19-23)": "1", "all": "18"}


@pytest.mark.parametrize("kind", ["strata", "compared"])
def test_tables_fit_the_page(demo: Path, chromium: "Chromium", kind: str) -> None:
    """All of them, with everything around them unfolded."""
    expression = f"""(() => {{
      document.querySelectorAll("#subtypes details").forEach(each => each.open = true);
      return [...document.querySelectorAll("#subtypes table.{kind}")].map(
        table => table.scrollWidth <= table.parentElement.clientWidth);
    }})()"""
    found = chromium.evaluate(demo / "report.html", expression)
    # A table of factors for each of the three groupings; baseline and response for each.
    assert found == [True] * (3 if kind == "strata" else 6)


CENTRES = {1: "north", 0: "south"}
OWN = """
preset: default
endpoints: [efs]
factors:
  centre: {label: "Centre <b>", kind: category, column: x_centre, levels: [north, south]}
univariate: [age, sex, wbc_50]
stratify_by: [centre]
"""


def test_a_column_of_one_s_own_is_a_grouping(demo: Path, tmp_path: Path) -> None:
    """`kmt2a outcomes --analysis own.yaml` with a column that begins with x_."""
    source = demo / "inputs" / "clinical.csv"
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    clinical = tmp_path / "clinical.csv"
    with clinical.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*rows[0], "x_centre"])
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow(row | {"x_centre": CENTRES.get(number % 3, "")})
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    patients = str(demo / "reconciled" / "patients.tsv")
    arguments = ["outcomes", "--patients", patients, "--clinical", str(clinical)]
    arguments += ["--analysis", str(tmp_path / "own.yaml"), "-o", str(tmp_path / "o")]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    table = read_table(tmp_path / "o/table_stratified.tsv", quoting=False).rows
    assert {row["grouping"] for row in table} == {"centre"}
    everybody = {row["stratum"]: row for row in table if row["variable"] == "all"}
    assert {name: row["n"] for name, row in everybody.items()} == {
        "north": "16",
        "south": "16",
        "all": "32",
    }
    assert everybody["all"]["missing"] == "16"
    sex = next(row for row in table if (row["variable"], row["stratum"]) == ("sex", "all"))
    assert float(sex["p_value"]) < 1
    assert sex["test"] == "stratified log-rank"
    baseline = read_table(tmp_path / "o/table_baseline_by_group.tsv", quoting=False).rows
    assert {row["group"] for row in baseline} == {"north", "south", "all"}
    model = read_table(tmp_path / "o/table_multivariable_stratified.tsv", quoting=False).rows
    assert {row["grouping"] for row in model} == {"centre"}

    folder = tmp_path / "results"
    shutil.copytree(demo / "reconciled", folder / "reconciled")
    shutil.copy(demo / "manifest.json", folder)
    (tmp_path / "o").rename(folder / "outcomes")
    html = render(folder)
    (section,) = re.findall(r'<section id="subtypes">.*?</section>', html, flags=re.DOTALL)
    assert "<summary>Centre &lt;b&gt; <span" in section
    assert "<b>" not in section.replace("<b>Event-free survival:", "").replace("<td><b>", "")
