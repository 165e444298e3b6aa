"""The report as its reader sees it: in a browser, on paper, without a network."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import InputError
from fusion_caller.integrated_tables import PATIENT_COLUMNS
from outcomes.comparisons import COMPARISON_COLUMNS
from workflows.commands.report import run_report
from workflows.pipeline import RunInputs, run_all
from workflows.report import render, words
from workflows.report.comparisons import comparison
from workflows.report.disagreements import reason_groups
from workflows.report.marks import mark
from workflows.report.page import counts, partner_bars
from workflows.report.patients import Patient, listing, patient, result_in_words
from workflows.report.survival import (
    caution_lists,
    dropout_table,
    factor_block,
    flow_rows,
    survival_blocks,
)

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


@pytest.mark.parametrize("page", ["report.html", "cell_lines/report.html"])
def test_wide_tables_scroll_in_their_card(demo: Path, chromium: "Chromium", page: str) -> None:
    """The page does not move sideways; at 500 px the table of patients moves within its frame."""
    frames = chromium.evaluate(
        demo / page,
        "[...document.querySelectorAll('table')].filter(t => t.offsetWidth).map(t => {"
        " const frame = t.parentElement, card = t.closest('section').getBoundingClientRect();"
        " return [t.className, frame.getBoundingClientRect().right <= card.right,"
        " frame.scrollWidth > frame.clientWidth, getComputedStyle(frame).overflowX] })",
        width=500,
    )
    assert isinstance(frames, list)
    assert all(inside for _, inside, _, _ in frames)
    assert all(overflow == "auto" for _, _, wider, overflow in frames if wider)
    assert ["patients", True, True, "auto"] in frames


@pytest.mark.parametrize("page", ["report.html", "cell_lines/report.html"])
def test_paper_is_not_scaled_down(
    demo: Path, chromium: "Chromium", tmp_path: Path, page: str
) -> None:
    """A browser shrinks a whole print to the widest table; none may be wider than A4's text."""
    copy = tmp_path / "on_paper.html"
    text = (demo / page).read_text(encoding="utf-8")
    copy.write_text(text.replace("@media print", "@media all"), encoding="utf-8")
    width_of_a4_text = 695
    measured = chromium.evaluate(
        copy, "document.documentElement.scrollWidth", width=width_of_a4_text
    )
    assert isinstance(measured, int)
    assert measured <= width_of_a4_text


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
    # Most of them are what a scientist signs: no more than a page for each of 48 patients.
    assert 10 <= len(pages) <= 48 + 20


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
        "Evidence, patient by patient",
        "Words used here",
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


HARD_CASES = """\
patient,assay,panel,result,date
SEEN,rt-pcr,wen-2022,MLL-AF4,2021-01-03
SEEN,fish,,1F1R1G,2021-01-03
DOUBT,fish,,positive,
DOUBT,fish,,negative,
UNREAD,fish,,see the letter,2021-02-02
TWO,rt-pcr,wen-2022,MLL-AF9,2021-03-02
TWO,split-rt-pcr,,KMT2A::AFF1,2021-03-02
TANDEM,rt-pcr,wen-2022,MLL-PTD,2021-04-02
NONE,fish,,negative,2021-07-01
NONE,rt-pcr,wen-2022,negative,2021-07-01
"""


@pytest.fixture
def hard_cases(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(HARD_CASES, encoding="utf-8")
    run_all(RunInputs(assays=tmp_path / "a.csv"), tmp_path / "out")
    return tmp_path / "out"


def test_everybody_of_a_small_cohort_is_listed_with_evidence(
    hard_cases: Path, chromium: "Chromium"
) -> None:
    page = hard_cases / "report.html"
    rows = chromium.evaluate(
        page,
        "[...document.querySelectorAll('table.patients td:first-child')].map(d => d.innerText)",
    )
    proofs = chromium.evaluate(
        page,
        "[...document.querySelectorAll('article.patient')].map(d =>"
        " [d.querySelector('h3').innerText,"
        " d.querySelectorAll('table.evidence tbody code').length])",
    )
    assert isinstance(rows, list)
    assert isinstance(proofs, list)
    assert sorted(rows) == ["DOUBT", "NONE", "SEEN", "TANDEM", "TWO", "UNREAD"]
    assert dict(proofs) == {"DOUBT": 2, "NONE": 2, "SEEN": 2, "TANDEM": 1, "TWO": 2, "UNREAD": 1}


def test_first_page_counts_and_names_whom_to_look_at(
    hard_cases: Path, chromium: "Chromium"
) -> None:
    page = hard_cases / "report.html"
    tiles = chromium.evaluate(
        page, "[...document.querySelectorAll('.tile')].map(t => t.innerText.replace('\\n', ' '))"
    )
    first = chromium.evaluate(
        page, "[...document.querySelectorAll('table.first td:first-child')].map(d => d.innerText)"
    )
    assert isinstance(tiles, list)
    assert isinstance(first, list)
    assert tiles[0].startswith("3 of 6 ")
    assert tiles[0].endswith("+ 1 with PTD")
    assert {"TWO", "UNREAD", "DOUBT"} <= set(first)
    assert len(first) == len(set(first))
    assert not {"SEEN", "NONE"} & set(first)


def test_no_fusion_is_set_in_bold_for_an_indeterminate_patient(
    hard_cases: Path, tmp_path: Path, chromium: "Chromium"
) -> None:
    """Whatever the table says of a partner, a reader in a hurry must not take it for a result."""
    table = hard_cases / "reconciled/patients.tsv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("\trearranged\t", "\tindeterminate\t"), encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(render(hard_cases), encoding="utf-8")
    bold = chromium.evaluate(
        page,
        "[...document.querySelectorAll('b, strong, summary, .fusion')].filter(b =>"
        " b.firstChild && getComputedStyle(b).fontWeight >= 600)"
        ".map(b => b.firstChild.textContent).filter(t => t.includes('KMT2A::'))",
    )
    assert isinstance(bold, list)
    assert set(bold) <= {"KMT2A::?"}


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
            row(
                "partner_not_on_panel", "C", "rna-seq, karyotype positive / rt-pcr negative", "same"
            ),
            row("partner_not_on_panel", "A", "fish positive / rt-pcr negative", "same"),
            row("partner_not_on_panel", "D", "rna-seq positive / split-rt-pcr negative", "other"),
        ]
    )
    assert [(group.code, group.patients, group.size) for group in groups] == [
        ("unexplained", 1, "1 patient"),
        ("partner_not_on_panel", 3, "3 patients, 4 cases"),
    ]
    assert [(case.patients, case.assays) for case in groups[1].rows] == [
        (
            ["A", "C"],
            [
                ("FISH positive / RT-PCR negative", ["A"]),
                ("RNA-seq, Karyotype positive / RT-PCR negative", ["C"]),
            ],
        ),
        (["D"], [("RNA-seq positive / Split RT-PCR negative", ["D"])]),
    ]


EMPTY = dict.fromkeys(PATIENT_COLUMNS, "")


def one(
    status: str,
    *,
    number: int = 1,
    verdicts: tuple[str, ...] = (),
    refused: int = 0,
    **cells: str,
) -> Patient:
    evidence = [
        {"assay": "fish", "verdict": verdict, "file": "a.csv", "line": str(line)}
        for line, verdict in enumerate(verdicts, start=2)
    ]
    return patient(
        EMPTY | {"patient": f"P{number}", "status": status} | cells,
        number=number,
        assays=["fish"],
        evidence=evidence,
        events=[],
        refused=[{"patient": f"P{number}"}] * refused,
    )


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({"status": "rearranged", "fusion": "KMT2A::AFF1", "partner": "AFF1"}, "KMT2A::AFF1"),
        ({"status": "ptd", "fusion": "KMT2A-PTD"}, "KMT2A-PTD"),
        ({"status": "rearranged_partner_unknown", "fusion": "KMT2A::?"}, "KMT2A::?"),
        (
            {"status": "rearranged_partner_unknown", "partner_suspected": "AFF1;USO1"},
            "KMT2A::? (band fits AFF1, USO1)",
        ),
        (
            {"status": "rearranged_partner_unknown", "partner_suspected": "A;B;C;D;E;F"},
            "KMT2A::? (band fits A, B, C, D and 2 more)",
        ),
        (
            {"status": "indeterminate", "partner_suspected": "AFF1"},
            "indeterminate (KMT2A::AFF1 suspected)",
        ),
        (
            {"status": "indeterminate", "partner_suspected": "PTD;MLLT3"},
            "indeterminate (KMT2A-PTD or KMT2A::MLLT3 suspected)",
        ),
        ({"status": "indeterminate", "fusion": "KMT2A::AFF1"}, "indeterminate"),
        ({"status": "not_rearranged"}, "not rearranged"),
        ({"status": "not_evaluable"}, "not evaluable"),
    ],
)
def test_result_starts_with_the_status_unless_found(cells: dict[str, str], shown: str) -> None:
    assert result_in_words(EMPTY | cells) == shown


def test_result_of_a_table_without_the_newer_columns() -> None:
    row = {"status": "indeterminate", "fusion": "", "partner": ""}
    assert result_in_words(row) == "indeterminate"


@pytest.mark.parametrize(
    ("verdicts", "text", "style"),
    [
        ((), "n.d.", "none"),
        (("not_done",), "n.d.", "none"),
        (("not_done", "positive"), "+", "pos"),
        (("negative", "negative"), "\u2212", "neg"),
        (("inconclusive",), "±", "doubt"),
        (("negative", "positive"), "±!", "urgent"),
        (("positive", "inconclusive"), "±!", "urgent"),
        (("not_understood", "not_done"), "?", "urgent"),
        (("not_understood", "negative"), "\u2212 ?", "urgent"),
    ],
)
def test_mark_hides_no_result(verdicts: tuple[str, ...], text: str, style: str) -> None:
    assert (mark(verdicts).text, mark(verdicts).style) == (text, style)


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        (one("not_evaluable", verdicts=("not_understood",)), ["not evaluable: a result"]),
        (one("rearranged", verdicts=("positive", "not_understood")), ["a result was not"]),
        (one("rearranged", confidence="possible"), ["the evidence is weak"]),
        (one("rearranged", confidence="conflicting"), ["assays name different partners"]),
        (one("not_rearranged", reasons="reciprocal_only"), ["only the reciprocal"]),
        (one("rearranged", reasons="unexplained"), ["an assay disagrees"]),
        (one("indeterminate", confidence="possible"), ["the evidence does not decide"]),
        (one("not_rearranged", refused=2), ["2 rows refused"]),
        (
            one(
                "rearranged_partner_unknown",
                partner_suspected="AFF1",
                reasons="unexplained",
                refused=1,
                confidence="possible",
            ),
            [
                "an assay disagrees",
                "1 row refused",
                "KMT2A is rearranged and no assay names the partner; the karyotype's band fits",
                "the evidence is weak",
            ],
        ),
        (one("rearranged", confidence="confirmed", reasons="read_through"), []),
        (one("not_evaluable", verdicts=("not_done",)), []),
    ],
)
def test_look_at_first_says_every_reason_once(subject: Patient, why: list[str]) -> None:
    assert len(subject.look) == len(why)
    for told, start in zip(subject.look, why, strict=True):
        assert told.startswith(start)


def test_unread_result_is_told_with_its_place() -> None:
    subject = one("not_evaluable", verdicts=("not_understood",))
    assert subject.look == ["not evaluable: a result was not understood: FISH (a.csv:2)"]


def test_small_cohort_lists_everybody_by_status() -> None:
    patients = [
        one("not_evaluable", number=1),
        one("not_rearranged", number=2),
        one("indeterminate", number=3),
        one("ptd", number=4),
        one("rearranged", number=5),
    ]
    lists = listing(patients)
    assert [[p.name for p in members] for _, _, members in lists.groups] == [
        ["P4", "P5"],
        ["P3"],
        ["P2"],
        ["P1"],
    ]
    assert lists.hidden == 0
    assert [p.name for p in lists.evidence] == ["P4", "P5", "P3", "P2", "P1"]
    assert [p.name for p in lists.first] == ["P3"]


def test_large_cohort_lists_those_who_matter() -> None:
    patients = [one("not_rearranged", number=number) for number in range(1, 401)]
    patients += [one("indeterminate", number=number) for number in range(401, 551)]
    patients += [one("rearranged", number=551, reasons="unexplained")]
    lists = listing(patients)
    assert lists.hidden == 400
    assert [(everybody, len(members)) for _, everybody, members in lists.groups] == [
        (1, 1),
        (150, 150),
    ]
    assert lists.first[0].name == "P551"
    assert (len(lists.first), lists.first_hidden) == (100, 51)
    assert len(lists.evidence) == 151


def test_ptd_is_not_counted_as_a_rearrangement() -> None:
    rows = [
        EMPTY | {"status": "rearranged", "partner": "AFF1", "confidence": "confirmed"},
        EMPTY | {"status": "rearranged_partner_unknown", "confidence": "confirmed"},
        EMPTY | {"status": "ptd", "partner": "PTD"},
        EMPTY | {"status": "indeterminate", "partner": "AFF1"},
    ]
    counted = counts(rows)
    assert (counted.patients, counted.rearranged, counted.ptd) == (4, 2, 1)
    assert (counted.named, counted.confirmed) == (1, 1)


def overall(**cells: str) -> dict[str, str]:
    row = dict.fromkeys(("std_error", "ci_lower", "ci_upper", "note", "p_value"), "")
    row |= {"endpoint": "os", "variable": "all", "label": "All patients", "level": "all"}
    row |= {"n": "4", "events": "1", "horizon_months": "60.0", "survival": "0.75"}
    return row | {"n_at_risk": "2"} | cells


@pytest.mark.parametrize(
    ("cells", "text", "remark"),
    [
        (
            {"ci_lower": "0.1", "ci_upper": "0.9"},
            "Overall survival at 60 months (95% CI 10.0 to 90.0; 2 of 4 at risk then)",
            "",
        ),
        ({}, "Overall survival at 60 months (2 of 4 at risk then)", ""),
        (
            {"n_at_risk": "0", "note": "follow-up ends at 20.0 months"},
            "Overall survival at the end of follow-up",
            "follow-up ends at 20.0 months",
        ),
    ],
)
def test_headline_claims_no_horizon_that_nobody_reached(
    cells: dict[str, str], text: str, remark: str
) -> None:
    (block,) = survival_blocks(
        [overall(**cells)], [{"endpoint": "os", "label": "Overall survival"}]
    )
    assert block.headline == ("75.0%", text)
    assert block.remark == remark


def test_time_that_does_not_count_from_diagnosis_says_from_when() -> None:
    about = {"endpoint": "os", "label": "Relapse-free survival", "time_from": "complete remission"}
    (block,) = survival_blocks([overall()], [about])
    assert block.when == "at 60 months from complete remission"


def test_who_is_missing_is_said_of_a_factor() -> None:
    levels = [{**overall(), "level": level, "missing": "3", "note": "a note"} for level in "ab"]
    block = factor_block("Sex", levels)
    assert block.note == "a note; 3 patients missing or in none of the groups"
    assert factor_block("Sex", [{**overall(), "missing": "0", "note": ""}]).note == ""


def test_cautions_are_chosen_by_their_endpoint() -> None:
    rows = [
        {"endpoint": "os", "where": "efs: in words", "kind": "several_tests"},
        {"endpoint": "os", "where": "all patients", "kind": "few_at_risk"},
        {"endpoint": "efs", "where": "os: in words", "kind": "several_tests"},
    ]
    lists = caution_lists(rows, [overall()])
    assert [row["where"] for row in lists.first] == ["efs: in words"]
    assert [row["where"] for row in lists.rest] == ["all patients", "os: in words"]
    assert lists.groups_with_few_at_risk == 1


def test_flow_keeps_the_cohort_and_the_steps_that_left_somebody_out() -> None:
    rows = [
        {"endpoint": "", "analysis": "cohort", "left": "0"},
        {"endpoint": "efs", "analysis": "EFS", "left": "0"},
        {"endpoint": "efs", "analysis": "EFS, Sex", "left": "2"},
    ]
    assert [row["analysis"] for row in flow_rows(rows)] == ["Cohort", "EFS, Sex"]


def test_those_who_left_have_headers_in_words() -> None:
    table = dropout_table([{"patient": "007", "wbc_e9_per_l": "124.52", "age_months": "6.0"}])
    assert table == (
        ["Patient", "White blood cells, 10\u2079/L", "Age, months"],
        [["007", "124.52", "6"]],
    )
    assert dropout_table([]) is None


def test_every_reason_has_words() -> None:
    from fusion_caller.integrated import Reason

    assert set(words.REASONS) == set(Reason)


def test_every_code_of_a_patient_has_words() -> None:
    from fusion_caller.integrated import Confidence, Status
    from fusion_caller.records import Assay, Flag, FusionKind, Source

    assert set(words.STATUSES) == set(Status)
    assert set(words.ASSAYS) == set(Assay)
    assert set(words.CALLERS) == set(Source)
    assert set(words.FLAGS) == set(Flag)
    assert set(words.KINDS) == set(FusionKind)
    assert {code for code in Confidence if code} <= set(words.DEFINITIONS)


def test_headers_of_those_who_left_are_all_in_words() -> None:
    from outcomes.flow import DROPOUT_COLUMNS

    assert set(DROPOUT_COLUMNS) <= set(words.COLUMNS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rt-pcr / split-rt-pcr, qrt-pcr", "RT-PCR / Split RT-PCR, qRT-PCR"),
        ("rna-seq (star-fusion) / fish", "RNA-seq (STAR-Fusion) / FISH"),
        ("fishing, re-rt-pcr-2", "fishing, re-rt-pcr-2"),
    ],
)
def test_codes_become_words_and_nothing_else_does(text: str, shown: str) -> None:
    assert words.codes_in_words(text) == shown


def test_partner_bars_count_the_rearranged_only() -> None:
    rows = [
        {"fusion": "KMT2A::AFF1", "status": "rearranged"},
        {"fusion": "KMT2A::AFF1", "status": "rearranged"},
        {"fusion": "KMT2A-PTD", "status": "ptd"},
        {"fusion": "KMT2A::?", "status": "rearranged_partner_unknown"},
        {"fusion": "", "status": "not_rearranged"},
    ]
    assert [(bar.partner, bar.patients, bar.share) for bar in partner_bars(rows)] == [
        ("AFF1", 2, 100),
        ("KMT2A-PTD", 1, 50),
        ("partner not known", 1, 50),
    ]


def test_comparison_of_nothing() -> None:
    assert comparison([]) is None


def compared(group: str, **cells: str) -> dict[str, str]:
    return dict.fromkeys(COMPARISON_COLUMNS, "") | {"variable": "v", "group": group} | cells


def test_a_measure_is_compared_by_its_spread() -> None:
    measured = {"mean": "1234.5", "sd": "44.44", "sem": "5.555", "median": "9.0"}
    measured |= {"quartile_1": "0.0123", "quartile_3": "20.25", "minimum": "0.0", "maximum": "99.0"}
    test = {"test": "Mann-Whitney exact", "statistic": "12.0", "p_value": "0.07", "smd": "1.017"}
    rows = [
        compared("a", n="8", of="8", missing="1", **measured, **test),
        compared("b", n="0", of="0", missing="2", **test),
    ]
    table = comparison(rows)
    assert table
    (variable,) = table.variables
    assert variable.lines == [
        ("mean ± SEM (SD)", ["1234 ± 5.55 (44.4)", "", ""]),
        ("median [quartiles]", ["9 [0.0123, 20.2]", "", ""]),
        ("range", ["0 to 99", "", ""]),
    ]
    assert (variable.test, variable.p_value, variable.difference) == (
        "Mann-Whitney exact",
        "0.0700",
        "1.02",
    )
    assert variable.remark == ""


@pytest.mark.parametrize(
    ("test", "note", "shown", "remark"),
    [
        ("Fisher exact", "mean of 3 pairs", "Fisher exact", "SMD: mean of 3 pairs"),
        ("not tested: no spread", "not finite", "", "not tested: no spread"),
    ],
)
def test_why_there_is_no_test_or_difference_is_a_note(
    test: str, note: str, shown: str, remark: str
) -> None:
    table = comparison([compared("a", level="x", n="1", of="2", test=test, smd_note=note)])
    assert table
    (variable,) = table.variables
    assert (variable.test, variable.remark) == (shown, remark)
    assert variable.lines == [("x", ["1 (50%)", ""])]


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
