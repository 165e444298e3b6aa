"""The report as its reader sees it: in a browser, on paper, without a network."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import InputError
from workflows.commands.report import run_report
from workflows.pipeline import RunInputs, run_all
from workflows.report import words
from workflows.report.page import comparison, partner_bars, reason_groups

if TYPE_CHECKING:
    from conftest import Chromium

pytestmark = pytest.mark.xdist_group("demo")

HOSTILE = "<script>alert(1)</script>"


class Links(HTMLParser):
    """Collects everything that a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.anchors: list[str] = []
        self.ids: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.scripts += tag == "script" or any(name.startswith("on") for name in values)
        self.ids += [values["id"] or ""] if "id" in values else []
        if tag == "a":
            self.anchors.append(values.get("href") or "")
        self.fetched += [values[name] or "" for name in ("src", "srcset", "data") if name in values]
        if tag == "link":
            self.fetched.append(values.get("href") or "")


def parsed(page: Path) -> Links:
    links = Links()
    links.feed(page.read_text(encoding="utf-8"))
    return links


@pytest.fixture
def report(demo: Path) -> Path:
    return demo / "report.html"


def test_page_fetches_nothing_and_runs_nothing(report: Path) -> None:
    links = parsed(report)
    assert links.fetched
    assert all(address.startswith("data:image/svg+xml;base64,") for address in links.fetched)
    assert links.scripts == 0
    text = report.read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import", text)
    assert "default-src 'none'" in text


def test_every_link_leads_to_a_section(report: Path) -> None:
    links = parsed(report)
    assert links.anchors
    assert {anchor.removeprefix("#") for anchor in links.anchors} <= set(links.ids)


@pytest.mark.parametrize("width", [1280, 768, 390])
@pytest.mark.parametrize("page", ["report.html", "cell_lines/report.html"])
def test_nothing_sticks_out_sideways(
    demo: Path, chromium: "Chromium", page: str, width: int
) -> None:
    measured = chromium.evaluate(
        demo / page,
        "[document.documentElement.scrollWidth, window.innerWidth]",
        width=max(width, 500),
    )
    assert isinstance(measured, list)
    assert measured[0] <= measured[1]


def test_figures_are_drawn(report: Path, chromium: "Chromium") -> None:
    sizes = chromium.evaluate(
        report, "[...document.images].map(i => [i.complete, i.naturalWidth, i.alt])"
    )
    assert isinstance(sizes, list)
    assert len(sizes) >= 5
    assert all(complete and width > 100 and alt for complete, width, alt in sizes)


def test_page_prints_on_a4(report: Path, chromium: "Chromium") -> None:
    pdf = chromium.pdf(report).read_bytes()
    pages = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
    assert pages
    for width, height in pages:
        assert (round(float(width)), round(float(height))) == (595, 842)
    assert 3 <= len(pages) <= 20


def test_what_a_clinician_looks_for_is_there(report: Path, chromium: "Chromium") -> None:
    text = chromium.evaluate(report, "document.body.innerText")
    assert isinstance(text, str)
    for wanted in (
        "48 of 48",
        "Look at first",
        "SYN04",
        "Short inversion, invisible to break-apart FISH",
        "Partner is not on the RT-PCR panel",
        "KMT2A::USP2",
        "not patient data",
        "Event-free survival",
        "Rows in: 520 = 520 used + 0 set aside",
    ):
        assert wanted in text, wanted
    assert "None" not in text.replace("None needed", "")
    assert "nan" not in text.split()


def test_text_from_files_is_shown_and_never_run(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f'patient,assay,result\nP1,fish,"{HOSTILE}"\nP1,rt-pcr,MLL-AF4\n', encoding="utf-8"
    )
    (tmp_path / "c.csv").write_text(
        f"patient,last_contact_months,remark\nP1,9,{HOSTILE}\n", encoding="utf-8"
    )
    inputs = RunInputs(
        assays=tmp_path / "a.csv", clinical=tmp_path / "c.csv", title=HOSTILE, mark=HOSTILE
    )
    run_all(inputs, tmp_path / "out")
    page = tmp_path / "out/report.html"
    assert HOSTILE not in page.read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.read_text(encoding="utf-8")
    assert parsed(page).scripts == 0


def test_report_command_gives_the_same_page_again(demo: Path, tmp_path: Path) -> None:
    before = (demo / "report.html").read_bytes()
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in demo.rglob("*"):
        if path.is_file() and "cell_lines" not in path.parts:
            place = copy / path.relative_to(demo)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    (copy / "report.html").unlink()
    assert run_report(copy).read_bytes() == before


@pytest.mark.parametrize(("manifest", "problem"), [(None, "found no manifest.json"), ("[", "JSON")])
def test_report_of_another_folder(tmp_path: Path, manifest: str | None, problem: str) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(problem)):
        run_report(tmp_path)


def test_report_of_assays_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("patient,assay,result\n", encoding="utf-8")
    run_all(RunInputs(assays=tmp_path / "a.csv"), tmp_path / "out")
    text = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "No KMT2A rearrangement was found." in text
    assert 'id="survival"' not in text


def test_reason_groups_keep_the_order_of_urgency_and_tell_equal_cases_once() -> None:
    def row(reason: str, patient: str, assays: str, sentence: str) -> dict[str, str]:
        told = {"reason": reason, "patient": patient, "assays": assays, "sentence": sentence}
        return told | {"next_test": "none"}

    groups = reason_groups(
        [
            row("unexplained", "B", "fish positive / rt-pcr negative", "why"),
            row("partner_not_on_panel", "A", "fish positive / rt-pcr negative", "same"),
            row("partner_not_on_panel", "C", "rna-seq positive / rt-pcr negative", "same"),
            row("partner_not_on_panel", "D", "rna-seq positive / rt-pcr negative", "other"),
        ]
    )
    assert [(group.code, group.cases) for group in groups] == [
        ("unexplained", 1),
        ("partner_not_on_panel", 3),
    ]
    assert [(r["patient"], r["assays"]) for r in groups[1].rows] == [
        ("A, C", "others positive / rt-pcr negative"),
        ("D", "rna-seq positive / rt-pcr negative"),
    ]


def test_every_reason_has_words() -> None:
    from fusion_caller.integrated import Reason

    assert set(words.REASONS) == set(Reason)


def test_partner_bars_count_the_rearranged_only() -> None:
    rows = [
        {"fusion": "KMT2A::AFF1", "status": "rearranged"},
        {"fusion": "KMT2A::AFF1", "status": "rearranged"},
        {"fusion": "KMT2A-PTD", "status": "ptd"},
        {"fusion": "", "status": "not_rearranged"},
    ]
    assert [(bar.partner, bar.patients, bar.share) for bar in partner_bars(rows)] == [
        ("AFF1", 2, 100),
        ("KMT2A-PTD", 1, 50),
    ]


def test_comparison_of_nothing() -> None:
    assert comparison([]) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [("", ""), ("3", "3"), ("3.0", "3"), ("-2.345", "\u22122.35"), ("1e-09", "0.00"), ("M1", "M1")],
)
def test_numbers_for_people(value: str, shown: str) -> None:
    assert words.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("", ""), ("0.00009", "<0.0001"), ("0.0396", "0.0396"), ("1.0", "1.0000")]
)
def test_p_values_for_people(value: str, shown: str) -> None:
    assert words.p_value(value) == shown
