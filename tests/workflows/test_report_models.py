"""The multivariable models in the report: the layout of SPSS, and what stands beside it."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from workflows.report.models import model_blocks
from workflows.report.page import render
from workflows.report.results_in import ResultsIn
from workflows.report.survival import FactorBlock

if TYPE_CHECKING:
    from conftest import Chromium

pytestmark = pytest.mark.xdist_group("demo")

# Header cells and the first cells of the rows of a table, the first of its kind in the page.
CELLS = """
[...document.querySelector("table.{kind}").rows].map(
  row => [...row.cells].map(cell => cell.innerText.trim()))
"""
ENDPOINTS = [{"endpoint": "efs", "label": "Event-free survival"}]


def cells(chromium: "Chromium", page: Path, kind: str) -> list[list[str]]:
    found = chromium.evaluate(page, CELLS.format(kind=kind))
    assert isinstance(found, list)
    return found


def test_stepwise_table_has_the_layout_of_spss(demo: Path, chromium: "Chromium") -> None:
    header, inside, *rows = cells(chromium, demo / "report.html", "stepwise")
    assert header == ["", "B", "SE", "Wald", "df", "Sig.", "Exp(B)", "95% CI for Exp(B)"]
    assert inside == ["In the model"]
    border = next(n for n, row in enumerate(rows) if row[0] == "Not in the model")
    assert rows[border] == ["Not in the model", "Score χ²", "", "", "df", "Sig.", "", ""]
    assert [row[0] for row in rows[:border]] == [
        "Sex: female against male",
        "White blood cells, cut at 300 \u00d710⁹/L: ≥300 against <300",
        "FCM-MRD at TP2 (day 46), cut at 0.01%: ≥0.01 against <0.01",
    ]
    assert all(all(row) for row in rows[:border])
    outside = rows[border + 1 :]
    assert [row[0] for row in outside] == [
        "Age group",
        "Dexamethasone response (day 5), blasts cut at 1 \u00d710⁹/L",
        "FCM-MRD at TP1 (day 19), cut at 0.01%",
        "PCR-MRD at TP1 (day 19)",
        "PCR-MRD at TP2 (day 46)",
    ]
    assert all([bool(cell) for cell in row[1:]] == [1, 0, 0, 1, 1, 0, 0] for row in outside)


def test_full_and_penalised_models_stand_beside_each_other(
    demo: Path, chromium: "Chromium"
) -> None:
    over, header, *rows = cells(chromium, demo / "report.html", "models")
    assert over == ["", "Full model", "Firth-penalised model", "Proportional hazards"]
    assert header[1:] == ["Hazard ratio", "95% CI", "p"] * 2 + ["χ²", "p"]
    assert len(rows) == 9
    assert all(all(row) for row in rows[:-1])
    assert rows[-1][0] == "All covariates together (df 8)"


@pytest.mark.parametrize("kind", ["stepwise", "models"])
def test_tables_fit_the_page(demo: Path, chromium: "Chromium", kind: str) -> None:
    table = f'document.querySelector("table.{kind}")'
    fits = f"{table}.scrollWidth <= {table}.parentElement.clientWidth"
    assert chromium.evaluate(demo / "report.html", fits) is True


def test_univariate_table_shows_corrected_p_values(demo: Path) -> None:
    text = (demo / "report.html").read_text(encoding="utf-8")
    assert '<th class="n">Log-rank p</th><th class="n">Holm p</th><th class="n">BH p</th>' in text


def folder(path: Path, **tables: str) -> ResultsIn:
    (path / "outcomes").mkdir()
    for name, text in tables.items():
        (path / "outcomes" / f"{name}.tsv").write_text(text, encoding="utf-8")
    return ResultsIn(folder=path, manifest={})


FULL = (
    "endpoint\tterm\tlabel\tn\tevents\tcoefficient\tstd_error\thazard_ratio\tci_lower\tci_upper\tz\t"
    "p_value\tnote\n"
    "efs\tage\tAge\t9\t4\t\t\t\t\t\t\t\tno estimate; 2 left out for missing covariates\n"
    "efs\tsex\tSex\t9\t4\t1\t1\t2.7\t0.4\t19\t1\t0.3\t2 left out for missing covariates\n"
)


def test_full_model_alone(tmp_path: Path) -> None:
    """A folder of an earlier version has no other table of models."""
    (block,) = model_blocks(folder(tmp_path, table_multivariable=FULL), ENDPOINTS)
    assert (block.label, block.n, block.events) == ("Event-free survival", 9, 4)
    assert block.events_per_variable == "2.0"
    assert (block.ties, block.concordance, block.robust) == ("Efron", "", False)
    assert block.likelihood_ratio == {}
    assert block.note == "2 left out for missing covariates"
    assert (block.stepwise, block.global_test) == (None, {})
    assert [(term.label, term.note, term.firth) for term in block.terms] == [
        ("Age", "no estimate", {}),
        ("Sex", "", {}),
    ]


def test_what_is_said_of_the_whole_model(tmp_path: Path) -> None:
    table = (
        "endpoint\tterm\tlabel\tn\tevents\trobust_std_error\tties\tconcordance\tnote\n"
        "efs\tage\tAge\t9\t4\t0.2\texact\t0.71\t\n"
    )
    results = folder(tmp_path, table_multivariable=table)
    tests = [
        {"name": "likelihood ratio", "chi_square": 5.5, "df": 1, "p_value": 0.019},
        {"name": "score", "chi_square": 5.0, "df": 1, "p_value": 0.025},
    ]
    record = {"models": [{"endpoint": "efs", "tests": tests}]}
    (tmp_path / "outcomes" / "models.json").write_text(json.dumps(record), encoding="utf-8")
    (block,) = model_blocks(results, ENDPOINTS)
    assert (block.ties, block.concordance, block.robust) == (
        "Cox's exact likelihood",
        "0.71",
        True,
    )
    assert block.likelihood_ratio == tests[0]


def test_whole_model_stands_above_its_terms(demo: Path) -> None:
    text = (demo / "report.html").read_text(encoding="utf-8")
    assert re.search(
        r"events per variable; concordance 0\.\d{3}; all together: likelihood ratio "
        r"χ² \d+\.\d\d, df 8, p (&lt;)?\d\.\d{4}",
        text,
    )
    assert "Full model: ties by Efron, Wald interval and test; robust standard errors" in text


def test_other_tests_stand_beside_the_factor(demo: Path) -> None:
    text = (demo / "report.html").read_text(encoding="utf-8")
    assert re.search(r'<td colspan="6">Sex <span class="small">Peto-Peto p \d\.\d{4}</span>', text)
    assert "log-log 95% CI; mean months free of the event" in text


def test_a_trend_stands_behind_peto_and_peto_s_test() -> None:
    row = {"peto_peto_p_value": "0.04", "trend_p_value": "0.012345"}
    block = FactorBlock(label="Count", note="", levels=[row])
    assert block.other_tests == "Peto-Peto p 0.0400; trend p 0.0123"
    assert FactorBlock(label="Count", note="", levels=[{}]).other_tests == ""


def test_remarks_say_which_model_they_are_of(tmp_path: Path) -> None:
    penalised = (
        "endpoint\tterm\tnote\n"
        "efs\tage\ta limit of the profile likelihood interval was not found\nefs\tsex\t\n"
    )
    results = folder(tmp_path, table_multivariable=FULL, table_multivariable_firth=penalised)
    (block,) = model_blocks(results, ENDPOINTS)
    assert block.terms[0].note == (
        "no estimate; Firth: a limit of the profile likelihood interval was not found"
    )


def test_steps_in_words(tmp_path: Path) -> None:
    header = "endpoint\tstep\tlast_step\tchange\tchanged\tin_model\tvariable\tlabel\n"
    steps = (
        "efs\t0\tno\tstart\t\tno\tage\tAge\nefs\t0\tno\tstart\t\tno\tsex\tSex\n"
        "efs\t1\tyes\tentered\tsex\tyes\tsex\tSex: female\n"
        "efs\t1\tyes\tentered\tsex\tno\tage\tAge\n"
    )
    results = folder(
        tmp_path, table_multivariable=FULL, table_multivariable_stepwise=header + steps
    )
    (block,) = model_blocks(results, ENDPOINTS)
    assert block.stepwise is not None
    assert block.stepwise.steps == ["1. Sex entered"]
    assert [row["label"] for row in block.stepwise.inside] == ["Sex: female"]
    assert [row["label"] for row in block.stepwise.outside] == ["Age"]


def test_labels_are_escaped_and_missing_tables_leave_no_gap(tmp_path: Path, demo: Path) -> None:
    """The page of a folder that has the full model only, under a hostile label."""
    manifest = json.loads((demo / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / "reconciled").mkdir()
    for name in ("patients", "evidence", "blind_spots"):
        source = demo / "reconciled" / f"{name}.tsv"
        (tmp_path / "reconciled" / source.name).write_bytes(source.read_bytes())
    univariate = (demo / "outcomes/table_univariate.tsv").read_text(encoding="utf-8")
    full = FULL.replace("\tSex\t", "\t<script>alert(1)</script>\t")
    folder(tmp_path, table_univariate=univariate, table_multivariable=full)
    text = render(tmp_path)
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "Forward stepwise" not in text
