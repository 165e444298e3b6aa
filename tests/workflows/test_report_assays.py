"""The report's section on assays: detection, agreement, results that occur together."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fusion_caller.records import Verdict
from workflows.report import words
from workflows.report.assays import (
    MOST_COMBINATIONS,
    agreement_rows,
    combinations,
    detection_rows,
)

if TYPE_CHECKING:
    from conftest import Chromium


def row(fish: str, rt_pcr: str, patients: int) -> dict[str, str]:
    return {"fish": fish, "rt-pcr": rt_pcr, "rna-seq": "not_done", "patients": str(patients)}


def test_every_verdict_has_words() -> None:
    assert set(words.VERDICTS) == set(Verdict)


def test_assays_that_nobody_had_are_left_out() -> None:
    chart = combinations([row("positive", "negative", 4), row("not_done", "positive", 1)])
    assert chart is not None
    assert chart.assays == ["fish", "rt-pcr"]
    assert [(r.verdicts, r.patients, r.share) for r in chart.rows] == [
        (["positive", "negative"], 4, 100.0),
        (["not_done", "positive"], 1, 25.0),
    ]
    assert (chart.rest, chart.rest_patients) == (0, 0)
    assert chart.verdicts == ["positive", "negative", "not_done"]


@pytest.mark.parametrize(
    "rows", [[], [row("not_done", "not_done", 9)], [row("positive", "not_done", 9)]]
)
def test_one_assay_is_no_combination(rows: list[dict[str, str]]) -> None:
    assert combinations(rows) is None


@pytest.mark.parametrize(
    ("number", "shown", "rest"),
    [
        (MOST_COMBINATIONS, MOST_COMBINATIONS, 0),
        (MOST_COMBINATIONS + 1, MOST_COMBINATIONS + 1, 0),
        (MOST_COMBINATIONS + 2, MOST_COMBINATIONS, 2),
        (40, MOST_COMBINATIONS, 25),
    ],
)
def test_beyond_a_page_the_rest_is_summed(number: int, shown: int, rest: int) -> None:
    chart = combinations([row("positive", "negative", 2) for _ in range(number)])
    assert chart is not None
    assert (len(chart.rows), chart.rest, chart.rest_patients) == (shown, rest, 2 * rest)
    assert sum(r.patients for r in chart.rows) + chart.rest_patients == 2 * number
    assert max(chart.rest_share, *(r.share for r in chart.rows)) == 100


def test_tables_of_an_older_folder_are_shown_with_what_they_have() -> None:
    (detected,) = detection_rows(({"assay": "fish", "tested": "48", "rate": "0.5"},))
    assert (detected["tested"], detected["verification"]) == ("48", "")
    (agreed,) = agreement_rows(({"assay_a": "fish", "assay_b": "rt-pcr", "kappa": "0.5"},))
    assert (agreed["kappa"], agreed["note"]) == ("0.5", "")


def test_the_chart_of_the_example_adds_up_to_its_patients(demo: Path, chromium: "Chromium") -> None:
    with (demo / "reconciled/intersections.tsv").open(encoding="utf-8", newline="") as stream:
        listed = [int(r["patients"]) for r in csv.DictReader(stream, delimiter="\t")]
    drawn = chromium.evaluate(
        demo / "report.html",
        "[...document.querySelectorAll('table.together tbody tr')].map(r => ["
        "[...r.querySelectorAll('.dot')].map(d => d.ariaLabel), +r.querySelector('.n').innerText])",
    )
    assert isinstance(drawn, list)
    assert sum(listed) == 48
    assert [patients for _, patients in drawn] == listed
    assert drawn[0] == [["positive"] * 4 + ["not done"], 14]


def test_the_example_says_what_its_rates_are_rates_of(demo: Path, chromium: "Chromium") -> None:
    text = chromium.evaluate(demo / "report.html", "document.getElementById('detection').innerText")
    assert isinstance(text, str)
    assert "each rate is a sensitivity among detected cases" in text
    assert "RNA-seq. Done in 18 of 48 patients." in text
    assert "RT-PCR 3 of 18 against 0 of 30" in text
    assert "FISH and RT-PCR. 95% of the results are positive" in text
