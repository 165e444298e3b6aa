"""The report's section on transplantation: who counts, what is compared, what would be wrong."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from workflows.pipeline import RunInputs, run_all

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "patient,sex,relapse_months,death_months,last_contact_months,hsct_months,car_t_months\n"
ANALYSIS = """\
population: []
endpoints: [efs, os]
univariate: [sex]
curves: []
cumulative_incidence:
multivariable: {covariates: [sex]}
time_dependent: {exposures: [hsct, car_t], covariates: [sex]}
"""


def rows() -> list[str]:
    """Forty patients; of twenty transplanted, ten after a relapse or on the day of it."""
    lines = []
    for number in range(40):
        dies = 5 + 3 * number
        relapse = str(dies - 3) if number % 4 == 1 else ""
        late = {1: dies - 2, 5: dies - 3}.get(number % 8, 3 + number / 10)
        death, last = (str(dies), "") if number % 3 else ("", str(dies + 30))
        hsct = str(late) if number % 2 else ""
        lines.append(
            f"P{number},{('male', 'female')[number % 5 > 2]},{relapse},{death},{last},{hsct},"
        )
    return lines


def section_of(folder: Path, lines: list[str]) -> tuple[str, str]:
    """Run everything; return the section as HTML and as text."""
    (folder / "c.csv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    (folder / "a.yaml").write_text(ANALYSIS, encoding="utf-8")
    inputs = RunInputs(clinical=folder / "c.csv", analysis=folder / "a.yaml", mark="synthetic data")
    run_all(inputs, folder / "out")
    html = (folder / "out/report.html").read_text(encoding="utf-8")
    (section,) = re.findall(r'<section id="exposures">.*?</section>', html, flags=re.DOTALL)
    assert '<a href="#exposures">Transplantation</a>' in html
    text = re.sub(r"<[^>]+>", " ", section)
    return section, " ".join(unescape(text).split())


def test_the_section_says_who_counts_and_what_would_be_wrong(tmp_path: Path) -> None:
    section, text = section_of(tmp_path, rows())
    assert re.search(
        r"10 of 40 patients were transplanted before the event and the end of follow-up, at a "
        r"median of [\d.]+ months; 10 were transplanted at or after it, which does not count\.",
        text,
    ), text
    assert "20 of 40 patients were transplanted" in text
    assert "10 of them after a relapse" in text
    assert re.search(
        r"The hazard after transplantation is [\d.]+ \(95% CI [\d.]+ to [\d.]+\)", text
    )
    assert "Mantel-Byar p = " in text
    assert "As if known at diagnosis, the same patients would show a hazard ratio of" in text
    titles = re.findall(r'alt="([^"]*)"', section)
    assert titles == [
        "Event-free survival by transplantation",
        "Overall survival by transplantation",
    ]
    assert "nobody analysed was given CAR-T cells: there is nothing to compare." in text
    assert "nan" not in text.lower().split()
    for suffix in ("svg", "png"):
        assert (tmp_path / f"out/figures/simon-makuch_os_hsct.{suffix}").stat().st_size > 0


def test_the_figures_of_exposures_stand_in_their_section_only(tmp_path: Path) -> None:
    section_of(tmp_path, rows())
    html = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert html.count('alt="Overall survival by transplantation"') == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["A,male,,5,,,"], "nobody analysed was transplanted"),
        (["A,male,,5,,0,", "B,male,,,9,0,"], "everybody was exposed from the start"),
        (
            ["A,male,,5,,5,", "B,male,,,9,,"],
            "the end of follow-up; 1 was transplanted at or after it, which does not count.",
        ),
    ],
)
def test_without_a_comparison_there_is_a_sentence(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    section, text = section_of(tmp_path, lines)
    assert said in text
    assert "<img" not in section
    assert "As if known at diagnosis" not in text


def test_the_example_has_no_transplantation_and_says_so(demo: Path) -> None:
    html = (demo / "report.html").read_text(encoding="utf-8")
    (section,) = re.findall(r'<section id="exposures">.*?</section>', html, flags=re.DOTALL)
    assert "nobody analysed was transplanted" in section
    assert "<img" not in section
    assert not list((demo / "figures").glob("simon-makuch*"))
