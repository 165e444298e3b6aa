"""The report's section on relapse: its figures' numbers, and why 1 - EFS is no relapse rate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from fusion_caller.tables import read_table
from workflows.report.relapse import relapse_section

if TYPE_CHECKING:
    from pathlib import Path

BLANK = dict.fromkeys(
    ("relapses", "induction_failures", "second_cancers", "deaths", "leavers_counted"), "0"
)
EVENT_FREE = {
    **BLANK,
    "endpoint": "efs",
    "label": "Event-free survival",
    "leavers": "censored",
    "declared": "yes",
    "n": "10",
    "events": "5",
    "relapses": "3",
    "deaths": "1",
    "induction_failures": "1",
    "horizon_months": "60.0",
    "quantity": "event-free survival",
    "estimate": "0.4",
    "std_error": "0.1",
}
RELAPSE = {
    **EVENT_FREE,
    "endpoint": "relapse",
    "label": "Relapse",
    "events": "3",
    "quantity": "cumulative incidence",
    "estimate": "0.35",
}
OVERALL = {
    "endpoint": "relapse",
    "variable": "all",
    "label": "All patients",
    "level": "all",
    "n": "10",
    "events": "3",
    "competing": "2",
    "horizon_months": "60.0",
    "incidence": "0.35",
    "std_error": "0.1",
    "n_at_risk": "4",
    "note": "",
}


def sentence(*rows: dict[str, str], primary: str = "efs") -> str:
    section = relapse_section([OVERALL], rows, [], primary=primary, definitions=[])
    assert section is not None
    return section.not_one_minus


def test_the_sentence_says_what_the_events_are() -> None:
    assert sentence(EVENT_FREE, RELAPSE) == (
        "1 \N{MINUS SIGN} Event-free survival is 60.00% at 60 months and is not a relapse rate: "
        "its 5 events are 3 relapses, 1 induction failure and 1 death without relapse. Counting "
        "who can no longer relapse as relapsed, or as censored, overstates the risk. With the "
        "other events competing, the cumulative incidence of relapse at 60 months is "
        "35.00 ± 10.00% (10 patients, 3 relapses)."
    )


def test_the_sentence_names_who_printed_it() -> None:
    published = {**EVENT_FREE, "endpoint": "wen-2022-as-analysed"}
    assert "Wen et al. 2022 print it" in sentence(
        published, RELAPSE, primary="wen-2022-as-analysed"
    )
    assert "Wen" not in sentence(EVENT_FREE, RELAPSE)


def test_where_overall_survival_leads_it_is_about_event_free_survival() -> None:
    assert "1 \N{MINUS SIGN} Event-free survival" in sentence(EVENT_FREE, RELAPSE, primary="os")


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (EVENT_FREE,),
        (RELAPSE,),
        (EVENT_FREE, {**RELAPSE, "declared": "no"}),
        ({**EVENT_FREE, "events": "3", "deaths": "0", "induction_failures": "0"}, RELAPSE),
        ({**EVENT_FREE, "estimate": ""}, RELAPSE),
        (EVENT_FREE, {**RELAPSE, "estimate": ""}),
    ],
)
def test_without_a_difference_there_is_no_sentence(rows: tuple[dict[str, str], ...]) -> None:
    assert sentence(*rows) == ""


def test_a_horizon_that_nobody_reached_is_not_named() -> None:
    rows = [{**OVERALL, "n_at_risk": "0"}]
    section = relapse_section(rows, [], [], primary="efs", definitions=[])
    assert section is not None
    (block,) = section.blocks
    assert block.in_short == (
        "10 patients, 3 events, 2 competing, 35.00 ± 10.00% at the end of follow-up"
    )
    assert relapse_section([], [], [], primary="efs", definitions=[]) is None


def test_the_example_s_report_has_the_section(demo: Path) -> None:
    html = (demo / "report.html").read_text(encoding="utf-8")
    (section,) = re.findall(r'<section id="relapse">.*?</section>', html, flags=re.DOTALL)
    assert '<a href="#relapse">Relapse</a>' in html
    table = read_table(demo / "outcomes/table_relapse.tsv", quoting=False).rows
    overall = table[0]
    assert f"{100 * float(overall['incidence']):.2f} ±" in section
    assert "1 \N{MINUS SIGN} Event-free survival is 61.97%" in section
    assert "15 relapses, 4 induction failures and 4 deaths without relapse" in section
    titles = re.findall(r'<img src="data:image/svg[^>]*alt="([^"]*)"', section)
    assert titles == ["Relapse", "Relapse by KMT2A subtype", "Treatment-related mortality"]
    before, _, _ = html.partition('<section id="relapse">')
    assert 'alt="Relapse' not in before
    assert all(word in section for word in ("censored", "left out", "counted as an event"))


@pytest.mark.parametrize(
    "name", ["cif_relapse_all", "cif_relapse_subtype", "cif_treatment_related_mortality_all"]
)
def test_figures_are_written_in_both_forms(demo: Path, name: str) -> None:
    assert (demo / f"figures/{name}.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert (demo / f"figures/{name}.png").read_bytes().startswith(b"\x89PNG")
