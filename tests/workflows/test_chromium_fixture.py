"""The browser that the report's tests rely on does what they take for granted."""

import struct
from pathlib import Path
from typing import Any

import pytest

PAGE = """<!doctype html>
<meta charset="utf-8">
<title>KMT2A::AFF1</title>
<body style="margin: 0"><div id="wide" style="width: 600px">n ≥ 3 &amp; “quoted”</div>
<p hidden id="script"></p>
<script>document.getElementById("script").textContent = "ran";</script>
"""
OVERFLOW = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    path = folder / "page é.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_screenshot_is_a_png_of_the_window_asked_for(chromium: Any, page: Path) -> None:
    header = chromium.screenshot(page, width=640, height=480).read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", header[16:24]) == (640, 480)


def test_pdf_is_a_pdf(chromium: Any, page: Path) -> None:
    pdf = chromium.pdf(page).read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")


def test_expression_sees_the_page_after_its_scripts(chromium: Any, page: Path) -> None:
    assert chromium.evaluate(page, "document.title") == "KMT2A::AFF1"
    assert chromium.evaluate(page, "document.querySelector('#script').textContent") == "ran"


def test_value_comes_back_as_it_was(chromium: Any, page: Path) -> None:
    expression = "[document.querySelector('#wide').textContent, 1.5, null, {a: '</pre><b>'}]"
    value = chromium.evaluate(page, expression)
    assert value == ["n ≥ 3 & “quoted”", 1.5, None, {"a": "</pre><b>"}]


@pytest.mark.parametrize(("width", "overflows"), [(800, False), (550, True)])
def test_overflow_depends_on_the_window(
    chromium: Any, page: Path, width: int, overflows: bool
) -> None:
    assert chromium.evaluate(page, "window.innerWidth", width=width) == width
    assert chromium.evaluate(page, OVERFLOW, width=width) is overflows


@pytest.mark.parametrize(
    ("expression", "problem"),
    [("nothing.here", "ReferenceError"), ("1 +", "does not parse")],
)
def test_bad_expression_is_said(chromium: Any, page: Path, expression: str, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        chromium.evaluate(page, expression)


def test_missing_browser_fails_with_the_remedy(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", "/nonexistent/chromium")
    with pytest.raises(pytest.fail.Exception, match="run: sudo apt-get install chromium"):
        request.getfixturevalue("chromium")
