"""The report on samples of other time points, failed tests, and what has little room."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fusion_caller.integrated_tables import PATIENT_COLUMNS
from fusion_caller.records import Assay
from outcomes.risk import PROTOCOLS
from workflows.pipeline import RunInputs, run_all
from workflows.report import elsewhen, render, words
from workflows.report.disagreements import reason_groups
from workflows.report.marks import assay_mark
from workflows.report.patients import patient
from workflows.report.risk_lines import risk_lines

if TYPE_CHECKING:
    from conftest import Chromium

pytestmark = pytest.mark.xdist_group("demo")

FAILED = "The test failed and gave no result."
ASSAYS = """\
patient,assay,panel,result,date,timepoint
LATER,fish,,negative,2020-01-04,diagnosis
LATER,fish,,positive,2021-06-05,relapse
LATER,karyotype,,"46,XY,t(4;11)(q21;q23)[12]",2021-06-05,relapse
OTHER,rt-pcr,wen-2022,MLL-AF4,2020-01-04,diagnosis
OTHER,fish,,1F1R1G,2020-01-04,diagnosis
OTHER,rt-pcr,wen-2022,MLL-AF9,2021-06-05,relapse
FAILED,karyotype,,no metaphases,2020-01-04,diagnosis
FAILED,fish,,not done,2020-01-04,diagnosis
FAILED,rt-pcr,wen-2022,MLL-AF9,2020-01-04,diagnosis
"""
CLINICAL = """\
patient,disease,age_months,wbc_e9_per_l,prednisone_response,last_contact_months
LATER,B-ALL,3,80,poor,20
OTHER,B-ALL,3,400,good,20
FAILED,AML,300,20,,20
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("time_points")
    (folder / "a.csv").write_text(ASSAYS, encoding="utf-8")
    (folder / "c.csv").write_text(CLINICAL, encoding="utf-8")
    run_all(RunInputs(assays=folder / "a.csv", clinical=folder / "c.csv"), folder / "out")
    return folder / "out"


def found(chromium: "Chromium", page: Path, selector: str, width: int = 1280) -> list[str]:
    """The text of the elements that a selector finds."""
    told = chromium.evaluate(
        page, f"[...document.querySelectorAll('{selector}')].map(e => e.innerText)", width=width
    )
    assert isinstance(told, list)
    return told


def result(verdict: str, **cells: str) -> dict[str, str]:
    row = {"assay": "fish", "verdict": verdict, "file": "a.csv", "line": "2"}
    return row | cells


def relapse(verdict: str, **cells: str) -> dict[str, str]:
    return result(verdict, counts="no", timepoint="relapse", date="2021-06-05", **cells)


AFF1 = {"assay": "rt-pcr", "finding": "fusion", "partners": "AFF1"}
MLLT3 = AFF1 | {"partners": "MLLT3"}


@pytest.mark.parametrize(
    ("items", "text", "beside"),
    [
        ([result("negative", counts="yes"), relapse("positive")], "\u2212", "relapse: +"),
        ([relapse("positive")], "n.d.", "relapse: +"),
        ([result("positive"), relapse("positive")], "+", ""),
        ([result("positive"), relapse("negative")], "+", "relapse: \u2212"),
        ([result("positive"), relapse("not_done")], "+", ""),
        ([result("positive", **AFF1), relapse("positive", **MLLT3)], "+", "relapse: MLLT3"),
        ([result("positive", **AFF1), relapse("positive", **AFF1)], "+", ""),
        (
            [
                result("negative"),
                relapse("positive"),
                relapse("inconclusive"),
                relapse("positive") | {"timepoint": "follow-up"},
            ],
            "\u2212",
            "relapse: +, ±\nfollow-up: +",
        ),
        # Folders of an earlier version let every row decide.
        ([result("negative"), result("positive")], "±!", ""),
        # A test that failed was done; with a result beside it that one is told.
        ([result("not_done", reading=FAILED)], "failed", ""),
        ([result("not_done", reading="The test was not done.")], "n.d.", ""),
        ([result("not_done", reading=FAILED), result("negative")], "\u2212", ""),
        ([result("not_done", reading=FAILED), relapse("positive")], "failed", "relapse: +"),
    ],
)
def test_mark_is_made_of_what_decides(items: list[dict[str, str]], text: str, beside: str) -> None:
    mark = assay_mark(items, differ=True)
    assert (mark.text, mark.beside) == (text, beside)
    assert bool(mark.beside_title) == bool(beside)


def test_remark_beside_a_mark_says_in_full_what_it_is() -> None:
    mark = assay_mark([result("negative"), relapse("positive")], differ=False)
    assert mark.beside_title == "relapse 2021-06-05: positive; does not decide"


EMPTY = dict.fromkeys((name for name in PATIENT_COLUMNS if name != "elsewhen"), "")
NAMED = {"status": "rearranged", "partner": "AFF1"}
BAND = {"assay": "karyotype", "finding": "rearranged_11q23", "partners": "MLLT3"}


@pytest.mark.parametrize(
    ("cells", "item", "codes"),
    [
        ({"status": "not_rearranged"}, relapse("positive"), [elsewhen.POSITIVE]),
        ({"status": "indeterminate"}, relapse("positive"), [elsewhen.POSITIVE]),
        ({"status": "not_evaluable"}, relapse("positive"), [elsewhen.POSITIVE]),
        ({"status": "not_rearranged"}, relapse("negative"), []),
        ({"status": "not_rearranged"}, result("positive", counts="yes"), []),
        (NAMED, relapse("positive", **AFF1), []),
        (NAMED, relapse("positive", **MLLT3), [elsewhen.OTHER_PARTNER]),
        # A band holds many genes and names none.
        (NAMED, relapse("positive", **BAND), []),
        ({"status": "ptd"}, relapse("positive", finding="ptd"), []),
        ({"status": "ptd"}, relapse("positive", **AFF1), [elsewhen.OTHER_PARTNER]),
        # The table's own word goes before ours.
        ({"status": "not_rearranged", "elsewhen": ""}, relapse("positive"), []),
        (NAMED | {"elsewhen": "later_sample_positive;x_y"}, relapse("negative"), ["x_y"]),
    ],
)
def test_positive_sample_of_another_time_is_looked_at(
    cells: dict[str, str], item: dict[str, str], codes: list[str]
) -> None:
    row = EMPTY | {"patient": "P"} | cells
    subject = patient(row, number=1, assays=[], evidence=[item], events=[], refused=[])
    told = "; ".join(subject.look)
    assert all(words.ELSEWHEN.get(code, "x y") in told for code in codes)
    assert ("a sample of another time point is positive" in told) == bool(codes)


def test_urgency_of_a_reason_is_the_same_for_every_patient() -> None:
    base = EMPTY | {"patient": "P", "status": "indeterminate", "reasons": "reciprocal_only"}
    rows = [base | {"status": "rearranged"}, base]
    plain, other = (
        patient(
            row, number=1, assays=[], evidence=[relapse("positive")], events=[], refused=[]
        ).urgency
        for row in rows
    )
    assert plain > other


def test_grid_and_list_tell_time_points_apart(results: Path, chromium: "Chromium") -> None:
    page = results / "report.html"
    grid = found(chromium, page, "table.patients tbody tr[id] td.marks")
    names = found(chromium, page, "table.patients tbody tr[id] td:first-child")
    marks = {name: grid[3 * place : 3 * place + 3] for place, name in enumerate(names)}
    assert marks == {
        "OTHER": ["n.d.", "+", "+\nrelapse: MLLT3"],
        "FAILED": ["failed", "n.d.", "+"],
        "LATER": ["n.d.\nrelapse: +", "\u2212\nrelapse: +", "n.d."],
    }
    first = dict(
        zip(
            found(chromium, page, "table.first td:first-child"),
            found(chromium, page, "table.first td.urgent"),
            strict=True,
        )
    )
    assert first["LATER"] == words.ELSEWHEN[elsewhen.POSITIVE]
    assert first["OTHER"] == words.ELSEWHEN[elsewhen.OTHER_PARTNER]
    weights = chromium.evaluate(
        page,
        "[...document.querySelectorAll('td .beside')].map(e =>"
        " [getComputedStyle(e).fontWeight, parseFloat(getComputedStyle(e).fontSize) < 11])",
    )
    assert weights == [["400", True]] * 3


def test_page_says_of_which_samples_it_speaks(results: Path, chromium: "Chromium") -> None:
    page = results / "report.html"
    pages = found(chromium, page, "article.patient")
    later = next(text for text in pages if text.startswith("LATER"))
    for wanted in (
        "! a sample of another time point is positive",
        "does not decide: relapse 2021-06-05: Karyotype positive, FISH positive",
        "No two assays disagree at diagnosis.",
        "Not done at diagnosis: Karyotype, RT-PCR",
        "Look at the diagnosis sample again",
    ):
        assert wanted in later, wanted
    other = next(text for text in pages if text.startswith("OTHER"))
    assert "relapse 2021-06-05: RT-PCR positive (KMT2A::MLLT3)" in other
    failed = next(text for text in pages if text.startswith("FAILED"))
    assert f"failed {FAILED}" in failed
    assert "at diagnosis:" not in failed


def test_heading_of_other_time_points_has_the_width_of_the_page(
    results: Path, chromium: "Chromium"
) -> None:
    widths = chromium.evaluate(
        results / "report.html",
        "[...document.querySelectorAll('.patient tr.group th')].map(h =>"
        " h.offsetWidth / h.closest('table').offsetWidth)",
        width=500,
    )
    assert isinstance(widths, list)
    assert len(widths) == 2
    assert min(widths) > 0.9


@pytest.fixture
def seven_assays(demo: Path, tmp_path: Path) -> Path:
    """The report of the example with all seven assays and remarks on other time points."""
    folder = tmp_path / "results"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("cell_lines"))
    table = folder / "reconciled/evidence.tsv"
    columns = table.read_text(encoding="utf-8").partition("\n")[0].split("\t")
    rows = [result("positive", assay=assay, counts="yes") for assay in ("qrt-pcr", "dna-seq")]
    rows += [relapse("positive"), relapse("inconclusive", assay="rt-pcr")]
    rows += [relapse("positive") | {"timepoint": "follow-up"}]
    with table.open("a", encoding="utf-8") as stream:
        for row in rows:
            cells = {"patient": "SYN05"} | row
            stream.write("\t".join(cells.get(name, "") for name in columns) + "\n")
    page = tmp_path / "seven.html"
    page.write_text(render(folder), encoding="utf-8")
    return page


def test_grid_of_seven_assays_fits_the_screen_and_the_sheet(
    seven_assays: Path, chromium: "Chromium", tmp_path: Path
) -> None:
    frame = chromium.evaluate(
        seven_assays,
        "[...document.querySelectorAll('table.patients')].map(t => ["
        "t.querySelectorAll('th.marks').length, t.parentElement.scrollWidth,"
        " t.parentElement.clientWidth])[0]",
        width=1280,
    )
    assert isinstance(frame, list)
    assert frame[0] == 7
    assert frame[1] <= frame[2]
    copy = tmp_path / "on_paper.html"
    text = seven_assays.read_text(encoding="utf-8")
    copy.write_text(text.replace("@media print", "@media all"), encoding="utf-8")
    assert chromium.evaluate(copy, "document.documentElement.scrollWidth", width=695) == 695
    # A line that breaks within e10 lets it be read as e1.
    wraps = chromium.evaluate(
        copy,
        "[...document.querySelectorAll('table.patients td:nth-child(4)')]"
        ".map(d => getComputedStyle(d).overflowWrap)",
        width=695,
    )
    assert isinstance(wraps, list)
    assert set(wraps) == {"normal"}


def test_short_heads_have_their_names_in_title_and_legend(
    seven_assays: Path, chromium: "Chromium"
) -> None:
    titles = chromium.evaluate(
        seven_assays, "[...document.querySelectorAll('table.patients th abbr')].map(a => a.title)"
    )
    assert titles == list(words.ASSAYS.values())
    (legend,) = found(chromium, seven_assays, "p.legend")
    assert "Karyo = Karyotype, Split = Split RT-PCR, qPCR = qRT-PCR" in legend
    assert set(words.SHORT_ASSAYS) == set(Assay)


def test_sentences_have_no_capital_in_their_middle(demo: Path, chromium: "Chromium") -> None:
    told = {"reason": "normal_karyotype_cryptic", "patient": "P", "next_test": "none"}
    told |= {"assays": "rt-pcr positive / karyotype negative"}
    (group,) = reason_groups([told | {"sentence": "A karyotype hides what arriba finds."}])
    assert group.rows[0].sentence == "A karyotype hides what Arriba finds."
    assert words.codes_in_sentence("rna-seq by arriba, karyotype, split-rt-pcr") == (
        "RNA-seq by Arriba, karyotype, split RT-PCR"
    )
    (verified,) = [
        t for t in found(chromium, demo / "report.html", "#detection ul li") if "18" in t
    ]
    assert "(karyotype 11 of 14" in verified


def risk(**cells: str) -> dict[str, str]:
    columns = ("protocol", "group", "needs", "does_not_apply", "assumed", "source")
    return dict.fromkeys(columns, "") | cells


def test_every_protocol_has_a_line() -> None:
    assert risk_lines(
        [
            risk(protocol="eln-2022", group="adverse", assumed="a;b"),
            risk(protocol="interfant-06", needs="prednisone_response;disease", assumed="a"),
            risk(protocol="cccg-all-2015", does_not_apply="the protocol is for ALL"),
            risk(protocol="another", needs="mrd_fcm_tp2_percent;x"),
        ]
    ) == [
        ("ELN 2022", "adverse", "a; b"),
        ("Interfant-06", "", "needs prednisone response; leukaemia"),
        ("CCCG-ALL-2015", "", "does not apply: the protocol is for ALL"),
        ("another", "", "needs FCM-MRD at TP2, %; x"),
    ]
    assert set(words.PROTOCOLS) == set(PROTOCOLS)


def test_risk_groups_by_all_protocols_stand_on_the_page(
    results: Path, demo: Path, chromium: "Chromium", tmp_path: Path
) -> None:
    lines = found(chromium, results / "report.html", "article.patient .risks")
    assert (
        "Risk by CCCG-ALL-2015: high\nRisk by Interfant-06: high\n"
        "Risk by ELN 2022: does not apply: the classification is for AML"
    ) in lines
    # The patient's own protocol is not told twice; each of the others has one line.
    of_example = found(chromium, demo / "report.html", "#patient-5 .risks > div")
    assert [line.partition(":")[0] for line in of_example] == [
        "Risk group",
        "Risk by Interfant-06",
        "Risk by ELN 2022",
    ]
    heights = chromium.evaluate(
        demo / "report.html",
        "[...document.querySelectorAll('.risks > div + div')].map(d => d.offsetHeight)",
    )
    assert isinstance(heights, list)
    assert max(heights) < 20
    folder = tmp_path / "older"
    shutil.copytree(results, folder)
    (folder / "reconciled/risk.tsv").unlink()
    assert "Risk by" not in render(folder)
