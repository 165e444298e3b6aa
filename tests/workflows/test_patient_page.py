"""One patient's page as the scientist who signs it sees it: on a screen, on paper, alone."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from fusion_caller.errors import InputError
from fusion_caller.integrated_tables import PATIENT_COLUMNS
from workflows.cli import cli
from workflows.commands.report import run_patient_report
from workflows.pipeline import RunInputs, run_all
from workflows.report import render, words
from workflows.report.patient_page import PatientPage, patient_page
from workflows.report.patients import patient

if TYPE_CHECKING:
    from conftest import Chromium

pytestmark = pytest.mark.xdist_group("demo")

HOSTILE = "<script>alert(1)</script>"
LONG = "46,XY," + ",".join(f"der({n})t({n};{n + 1})(q1{n};p1{n})" for n in range(1, 9)) + "[20]"
ASSAYS = f"""\
patient,assay,panel,result,date
MIXED,karyotype,,"{LONG}",2020-01-03
MIXED,rt-pcr,wen-2022,MLL-AF4,2020-01-03
MIXED,fish,,1F1R1G,2020-01-04
MIXED,rt-pcr,wen-2022,negative,2021-06-05
UNREAD,fish,,"{HOSTILE} {"x" * 400}",2020-01-04
NEGATIVE,fish,,negative,2020-01-04
BAND,karyotype,,"46,XY,t(11;17)(q23;q21)[10]",2020-01-01
BAND,fish,,1F1R1G,2020-01-01
OPEN,rt-pcr,wen-2022,MLL-AF4,2020-01-03
OPEN,fish,,2F,2020-01-04
"""


@pytest.fixture
def results(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(ASSAYS, encoding="utf-8")
    run_all(RunInputs(assays=tmp_path / "a.csv"), tmp_path / "out")
    return tmp_path / "out"


def texts(chromium: "Chromium", page: Path, name: str, selector: str) -> list[str]:
    """The text of the elements that a selector finds on one patient's page."""
    found = chromium.evaluate(
        page,
        "[...document.querySelectorAll('article.patient')]"
        f".filter(a => a.querySelector('h3').innerText === '{name}')"
        f".flatMap(a => [...a.querySelectorAll('{selector}')]).map(e => e.innerText)",
    )
    assert isinstance(found, list)
    return found


def without_columns(table: Path, dropped: set[str]) -> None:
    """Write a table again as an earlier version wrote it."""
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()]
    kept = [place for place, name in enumerate(rows[0]) if name not in dropped]
    lines = ["\t".join(row[place] for place in kept) for row in rows]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_patient_fits_one_screen(demo: Path, chromium: "Chromium") -> None:
    """At 1280 x 800, below the line of links. Those with several RNA-seq events are longer."""
    one_screen = 760
    heights = chromium.evaluate(
        demo / "report.html",
        "[...document.querySelectorAll('article.patient')].map(a => a.offsetHeight)",
        width=1280,
        height=800,
    )
    assert isinstance(heights, list)
    assert len(heights) == 48
    assert sum(height <= one_screen for height in heights) >= 40
    assert max(heights) <= 900
    assert min(heights) > 300


@pytest.mark.parametrize("page", ["report.html", "cell_lines/report.html"])
def test_a_patient_fits_one_sheet(
    demo: Path, chromium: "Chromium", tmp_path: Path, page: str
) -> None:
    width_of_a4_text, height_of_a4_text = 695, 1012
    copy = tmp_path / "on_paper.html"
    text = (demo / page).read_text(encoding="utf-8")
    copy.write_text(text.replace("@media print", "@media all"), encoding="utf-8")
    heights = chromium.evaluate(
        copy,
        "[...document.querySelectorAll('article.patient')].map(a => a.offsetHeight)",
        width=width_of_a4_text,
    )
    assert isinstance(heights, list)
    assert heights
    assert max(heights) <= height_of_a4_text


def test_the_conclusion_comes_first_and_the_rest_in_order(demo: Path, chromium: "Chromium") -> None:
    (page,) = texts(chromium, demo / "report.html", "SYN05", ".conclusion")
    assert page.startswith("KMT2A::USP2")
    places = chromium.evaluate(
        demo / "report.html",
        "['.conclusion', 'table.evidence', '.open', 'table.events'].map(s =>"
        " document.querySelector('#patient-5 ' + s).getBoundingClientRect().top)",
    )
    assert isinstance(places, list)
    assert places == sorted(places)
    for wanted in (
        "KMT2A rearranged · confirmed",
        "A positive assay names the partner. Rule “partner named”.",
        "Two independent assays agree, and at least one names the partner. Rule “confirmed”.",
        "e21::e3 · bcr2 · in-frame",
        "ENST00000260187.7",
        "Risk group: intermediate, by CCCG-ALL-2015",
    ):
        assert wanted in page, wanted


def test_every_assay_says_whether_it_could_see_the_change(demo: Path, chromium: "Chromium") -> None:
    rows = texts(chromium, demo / "report.html", "SYN05", "table.evidence tbody tr")
    answers = {
        re.split(r"\s", row)[0]: found[0]
        for row in rows
        if (found := re.findall(r"[●◐○?] (?:yes|perhaps|no|not known)", row))
    }
    assert answers == {
        "Karyotype": "● yes",
        "FISH": "○ no",
        "RT-PCR": "○ no",
        "Split": "● yes",
        "RNA-seq": "● yes",
        "DNA-seq": "● yes",
    }
    assert "not done" in rows[-1]
    assert all(re.search(r"\S+:[0-9]+", row) for row in rows[:-1])


def test_an_open_test_is_boxed_and_a_needless_one_is_not(demo: Path, chromium: "Chromium") -> None:
    (boxed,) = texts(chromium, demo / "report.html", "SYN04", ".next")
    assert "Look at the raw FISH result again, then repeat it" in boxed
    assert texts(chromium, demo / "report.html", "SYN05", ".next") == []
    (quiet,) = texts(chromium, demo / "report.html", "SYN05", ".open")
    assert "None needed: nothing is open" in quiet


def test_what_is_unexplained_is_marked_in_words_too(demo: Path, chromium: "Chromium") -> None:
    urgent = texts(chromium, demo / "report.html", "SYN04", ".open .urgent")
    assert urgent == ["! Unexplained: look at this first"]


def test_lists_and_pages_link_to_each_other(demo: Path) -> None:
    text = (demo / "report.html").read_text(encoding="utf-8")
    first = text[text.index('<table class="first">') :]
    assert 'href="#patient-4"' in first[: first.index("</table>")]
    assert '<tr id="row-5"><td class="nowrap"><a href="#patient-5">' in text
    page = text[text.index('id="patient-5"') : text.index('id="patient-6"')]
    assert re.findall(r'href="(#[^"]*)"', page) == ["#patient-4", "#row-5", "#patient-6"]


def test_other_time_points_stand_below_and_say_that_they_do_not_decide(
    results: Path, chromium: "Chromium"
) -> None:
    page = results / "report.html"
    (below,) = texts(chromium, page, "MIXED", "tbody.elsewhen")
    assert below.startswith("Samples of other time points: shown, but they do not decide")
    assert "2021-06-05 · later" in below
    assert "2020-01-03" not in below
    assert texts(chromium, page, "NEGATIVE", "tbody.elsewhen") == []


def test_long_results_are_clipped_on_screen_and_whole_on_paper(
    results: Path, chromium: "Chromium", tmp_path: Path
) -> None:
    copy = tmp_path / "on_paper.html"
    text = (results / "report.html").read_text(encoding="utf-8")
    assert text.count(LONG) == 1
    copy.write_text(text.replace("@media print", "@media all"), encoding="utf-8")
    measure = (
        "[...document.querySelectorAll('details.clip')].map(d =>"
        " [d.querySelector('summary').offsetHeight, d.closest('td').offsetHeight])"
    )
    on_screen, on_paper = (
        chromium.evaluate(page, measure) for page in (results / "report.html", copy)
    )
    assert isinstance(on_screen, list)
    assert isinstance(on_paper, list)
    assert len(on_screen) == len(on_paper) > 0
    assert all(summary > 0 for summary, _ in on_screen)
    assert all(summary == 0 and cell > 60 for summary, cell in on_paper)


def test_a_patient_without_the_change_has_general_blind_spots(
    results: Path, chromium: "Chromium"
) -> None:
    (fusion,) = texts(chromium, results / "report.html", "NEGATIVE", ".fusion")
    (table,) = texts(chromium, results / "report.html", "NEGATIVE", "table.evidence")
    assert fusion == "Not rearranged"
    assert "Blind spot" in table
    assert "Cannot see: the partner; short inversions" in table


def test_partners_that_the_band_fits_are_told_as_suspected(
    results: Path, chromium: "Chromium"
) -> None:
    (page,) = texts(chromium, results / "report.html", "BAND", ".conclusion")
    assert page.startswith("KMT2A::?")
    assert "Partner suspected, not shown: KMT2A::MLLT6" in page


def test_results_of_an_earlier_version_still_have_pages(
    results: Path, chromium: "Chromium", tmp_path: Path
) -> None:
    (results / "reconciled/blind_spots.tsv").unlink()
    newer = {"next_test", "timepoint", "status_rule", "because", "partner_suspected", "flags"}
    newer |= {"confidence_rule", "confidence_because", "assays_inconclusive"}
    without_columns(results / "reconciled/patients.tsv", newer)
    without_columns(results / "reconciled/evidence.tsv", {"timepoint", "counts"})
    page = tmp_path / "old.html"
    page.write_text(render(results), encoding="utf-8")
    (conclusion,) = texts(chromium, page, "MIXED", ".conclusion")
    (table,) = texts(chromium, page, "MIXED", "table.evidence")
    assert "KMT2A::AFF1" in conclusion
    assert "Samples that decide" not in conclusion
    assert words.DEFINITIONS["confirmed"] in conclusion
    assert "Cannot see: partners other than" in table
    (asked,) = texts(chromium, page, "OPEN", ".next")
    assert "RNA sequencing" in asked


def test_page_of_one_patient_alone(demo: Path, tmp_path: Path, chromium: "Chromium") -> None:
    folder = tmp_path / "results"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("cell_lines", "figures"))
    done = CliRunner().invoke(cli, ["report", str(folder), "--patient", "SYN27"])
    place = folder / "patient_27.html"
    assert (done.exit_code, done.output) == (0, f"report: {place}\n")
    text = place.read_text(encoding="utf-8")
    assert len(text) < 30_000
    assert set(re.findall(r"SYN[0-9]{2}\b", text)) == {"SYN27"}
    assert "not patient data" in text
    assert "<script" not in text
    assert "href" not in text
    assert chromium.pdf(place).read_bytes().count(b"/MediaBox") == 1


def test_page_of_one_patient_goes_where_it_is_told(results: Path, tmp_path: Path) -> None:
    place = run_patient_report(results, "UNREAD", tmp_path / "record.html")
    text = place.read_text(encoding="utf-8")
    assert place == tmp_path / "record.html"
    assert HOSTILE not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert list(results.glob("patient_*")) == []


def test_unknown_patient_is_one_line_that_names_nobody(results: Path) -> None:
    with pytest.raises(InputError) as caught:
        run_patient_report(results, "SOMEBODY")
    assert "found no patient with the name that --patient gives" in str(caught.value)
    assert not re.search(r"SOMEBODY|MIXED|\n", str(caught.value))
    assert list(results.glob("patient_*")) == []


def test_output_without_a_patient_is_a_wrong_use(results: Path) -> None:
    done = CliRunner().invoke(cli, ["report", str(results), "-o", "x.html"])
    assert done.exit_code == 2
    assert "--patient" in done.stderr


def result(verdict: str, *, line: int, panel: str = "", assay: str = "fish") -> dict[str, str]:
    row = {"assay": assay, "panel": panel, "verdict": verdict, "file": "a.csv", "line": str(line)}
    return row | {"could_not_see": "the partner", "reading": "", "reported": ""}


def spot(
    verdict: str, seen: str, sentence: str, *, panel: str = "", assay: str = "fish"
) -> dict[str, str]:
    row = {"assay": assay, "panel": panel, "verdict": verdict, "seen": seen}
    return row | {"sentence": sentence, "shows": "", "reason": ""}


def page_of(evidence: list[dict[str, str]], spots: list[dict[str, str]]) -> PatientPage:
    row = dict.fromkeys(PATIENT_COLUMNS, "") | {"patient": "P", "status": "rearranged"}
    subject = patient(row, number=1, assays=[], evidence=evidence, events=[], refused=[])
    return patient_page(subject, spots=spots, disagreements=[])


@pytest.mark.parametrize(
    ("evidence", "spots", "sentences"),
    [
        # Each result has its own, whatever the order of the two tables.
        (
            [result("positive", line=2), result("negative", line=3)],
            [spot("negative", "no", "b"), spot("positive", "yes", "a")],
            [["a"], ["b"]],
        ),
        # Two alike in assay and verdict, with a sentence each.
        (
            [result("negative", line=2), result("negative", line=3)],
            [spot("negative", "no", "a"), spot("negative", "yes", "b")],
            [["a"], ["b"]],
        ),
        # Equal ones stand in the table once.
        (
            [result("negative", line=2), result("negative", line=3)],
            [spot("negative", "no", "a")],
            [["a"], ["a"]],
        ),
        # Three results and two sentences: nobody can tell which is whose.
        (
            [result("negative", line=n) for n in (2, 3, 4)],
            [spot("negative", "no", "a"), spot("negative", "yes", "b")],
            [["a", "b"]] * 3,
        ),
        # A panel that was named and not used; the assay stands there once.
        (
            [result("not_done", line=2, panel="wen-2022", assay="rt-pcr")],
            [spot("not_done", "yes", "a", assay="rt-pcr"), spot("not_done", "no", "b")],
            [["a"], ["b"]],
        ),
        ([result("negative", line=2)], [], [[]]),
    ],
)
def test_blind_spots_find_their_results(
    evidence: list[dict[str, str]], spots: list[dict[str, str]], sentences: list[list[str]]
) -> None:
    page = page_of(evidence, spots)
    assert [[sight.sentence for sight in row.sights] for row in page.decide] == sentences
    assert [bool(row.cannot_see) for row in page.decide] == [not told for told in sentences]


def test_most_urgent_disagreement_leads_and_asks_for_its_own_test() -> None:
    row = dict.fromkeys(PATIENT_COLUMNS, "") | {"patient": "P", "status": "rearranged"}
    row |= {"next_test": "Repeat FISH"}
    subject = patient(row, number=1, assays=[], evidence=[], events=[], refused=[])
    told = [
        {"reason": "read_through", "next_test": "Break-apart FISH"},
        {"reason": "partner_not_on_panel", "next_test": "None needed: it is confirmed"},
        {"reason": "unexplained", "next_test": "Repeat FISH"},
    ]
    rows = [item | {"assays": "fish / rt-pcr", "sentence": "The karyotype."} for item in told]
    page = patient_page(subject, spots=[], disagreements=rows)
    assert [(why.urgent, why.next_test) for why in page.disagreements] == [
        (True, ""),
        (False, ""),
        (False, "Break-apart FISH"),
    ]
    assert {(why.assays, why.sentence) for why in page.disagreements} == {
        ("FISH / RT-PCR", "The karyotype.")
    }
    assert (page.next_test, page.no_next_test) == ("Repeat FISH", "")


def test_every_answer_has_a_sign_of_its_own() -> None:
    from fusion_caller.visibility import Seen

    assert set(words.SEEN) == set(Seen)
    assert len({sign for sign, _ in words.SEEN.values()}) == len(Seen)
