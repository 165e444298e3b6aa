"""A headless browser for tests that look at report.html as a reader sees it."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from workflows.commands.demo import run_demo

# tests/run.sh looks for the same names before it installs one.
BROWSERS = ("chromium", "google-chrome", "chromium-browser")
# Root has no sandbox in a container, and a test must not reach out of the machine.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
SECONDS = 120

# Runs after the page's own scripts; the answer is read back from the printed document.
PROBE = """
<script>
addEventListener("load", () => {{
  let answer;
  try {{ answer = {{ value: ({expression}) }}; }}
  catch (error) {{ answer = {{ error: String(error) }}; }}
  const element = document.createElement("pre");
  element.id = "kmt2a-probe";
  element.textContent = JSON.stringify(answer);
  document.documentElement.append(element);
}});
</script>
"""


class BrowserError(AssertionError):
    """The browser did not do what a test asked of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chromium:
    """A headless Chromium whose files all stay in one folder.

    Attributes:
        program: The browser.
        folder: Where profiles and output go.
    """

    program: str
    folder: Path

    def screenshot(self, html: Path, *, width: int = 1280, height: int = 900) -> Path:
        """Draw a page in a window of width x height CSS pixels; returns the PNG file."""
        png = self._new_folder() / "page.png"
        self._run(html, f"--window-size={width},{height}", f"--screenshot={png}")
        return _written(png)

    def pdf(self, html: Path) -> Path:
        """Print a page as the browser's print dialogue would; returns the PDF file."""
        pdf = self._new_folder() / "page.pdf"
        self._run(html, "--no-pdf-header-footer", f"--print-to-pdf={pdf}")
        return _written(pdf)

    def evaluate(
        self, html: Path, expression: str, *, width: int = 1280, height: int = 900
    ) -> object:
        """Evaluate a JavaScript expression in a loaded page.

        Args:
            html: The page, which is copied with the probe at its end: relative links are not kept.
            expression: One expression whose value JSON can hold; not a promise.
            width: Of the window, in CSS pixels.
            height: Of the window, in CSS pixels.

        Returns:
            The value, as `json.loads` gives it; None for `undefined`.

        Raises:
            BrowserError: If the expression throws.
        """
        copy = self._new_folder() / "page.html"
        probe = PROBE.format(expression=expression)
        # The page's own policy forbids scripts, and the probe is one.
        page = re.sub(r"<meta http-equiv=[^>]*>", "", html.read_text(encoding="utf-8"))
        copy.write_text(page + probe, encoding="utf-8")
        document = self._run(copy, f"--window-size={width},{height}", "--dump-dom")
        found = re.search(r'<pre id="kmt2a-probe">(.*?)</pre>', document, flags=re.DOTALL)
        if found is None:
            msg = f"{html}: the expression does not parse, or the page never loaded: {expression}"
            raise BrowserError(msg)
        answer: dict[str, object] = json.loads(unescape(found[1]))
        if "error" in answer:
            msg = f"{html}: {expression}: {answer['error']}"
            raise BrowserError(msg)
        return answer.get("value")

    def _new_folder(self) -> Path:
        folder = self.folder / str(len(list(self.folder.iterdir())))
        folder.mkdir()
        return folder

    def _run(self, html: Path, *arguments: str) -> str:
        profile = self._new_folder()
        command = [self.program, *FLAGS, f"--user-data-dir={profile}", *arguments]
        done = subprocess.run(
            [*command, html.resolve(strict=True).as_uri()],
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
        if done.returncode != 0:
            msg = f"{self.program} ended with {done.returncode}: {done.stderr[-2000:]}"
            raise BrowserError(msg)
        return done.stdout


def _written(path: Path) -> Path:
    if not path.is_file():
        msg = f"the browser wrote no {path.name}"
        raise BrowserError(msg)
    return path


@pytest.fixture
def chromium(tmp_path: Path) -> Chromium:
    """A headless browser; a machine without one fails the test and says what to install."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.fail(
            "no chromium found; run: sudo apt-get install chromium (or set CHROMIUM)", pytrace=False
        )
    folder = tmp_path / "chromium"
    folder.mkdir()
    return Chromium(program=program, folder=folder)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results folder of the bundled example; tests read it and change nothing in it."""
    folder = tmp_path_factory.mktemp("demo") / "results"
    run_demo(folder)
    return folder
