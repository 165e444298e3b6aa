"""Progress on a terminal: a bar where the end is known, counts elsewhere, nothing in a log."""

from __future__ import annotations

import gzip
import os
import pty
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from fusion_caller.reads.index import read_index
from fusion_caller.reads.screening import screen
from workflows.progress import counting, progress_line

ROOT = Path(__file__).parents[2]
EOL1 = ROOT / "tests/data/kmt2a_reads/SRR8616218_KMT2A_1.fastq.gz"


@pytest.mark.parametrize(
    ("share", "line"),
    [
        (None, "3,000,000 fragments, 1.5 million a second"),
        (0.0, f"[{'-' * 24}] 0%  3,000,000 fragments, 1.5 million a second"),
        (
            0.25,
            f"[{'#' * 6}{'-' * 18}] 25%  3,000,000 fragments, 1.5 million a second, 0:06 left",
        ),
        (1.0, f"[{'#' * 24}] 100%  3,000,000 fragments, 1.5 million a second, 0:00 left"),
    ],
)
def test_line(share: float | None, line: str) -> None:
    assert progress_line(3_000_000, "fragments", share=share, seconds=2) == line


def test_minutes_are_minutes() -> None:
    line = progress_line(1, "reads", share=0.01, seconds=2)
    assert line.endswith(", 3:18 left")


@pytest.mark.parametrize("terminal", [False, True])
def test_counted_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    clock = iter((0.0, 0.1, 2.0))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    with counting("fragments") as progress:
        progress(1, None)  # too soon after the beginning
        progress(3_000_000, None)
    shown = "\r\033[K3,000,000 fragments, 1.5 million a second\r\033[K"
    assert capsys.readouterr().err == (shown if terminal else "")


def test_share_of_files_grows_to_all_and_a_pipe_has_none(tmp_path: Path) -> None:
    path = tmp_path / "many.fastq.gz"
    path.write_bytes(gzip.compress(gzip.decompress(EOL1.read_bytes()) * 3, 1))
    shares: list[float | None] = []

    def told(_: int, share: float | None = None) -> None:
        shares.append(share)

    screen([path], read_index(), progress=told)
    known = [share for share in shares if share is not None]
    assert len(known) == len(shares) > 3
    assert known == sorted(known)
    assert 0 < known[0] < 0.9
    assert known[-1] == 1
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    shares.clear()
    writer = threading.Thread(target=lambda: pipe.write_bytes(path.read_bytes()))
    writer.start()
    screen([pipe], read_index(), progress=told)
    writer.join()
    assert set(shares) == {None}


@pytest.mark.parametrize("given", ["file", "pipe"])
def test_on_a_terminal(tmp_path: Path, given: str) -> None:
    """The whole command on a terminal: a bar while a file is read, counts while a pipe is."""
    reads = gzip.decompress(EOL1.read_bytes())
    path = tmp_path / "S1.fastq"
    path.write_bytes(reads * 8)
    primary, secondary = pty.openpty()
    feed = "cat" if given == "file" else "sleep 1; cat"
    argument = path if given == "file" else "-"
    script = (
        f"({feed} {path}) | {sys.executable} -m workflows.cli detect {argument} "
        f"--sample S1 -o {tmp_path / 'out'} > {tmp_path / 'said'}"
    )
    with subprocess.Popen(["/bin/sh", "-c", script], cwd=ROOT, stderr=secondary) as running:
        os.close(secondary)
        shown = b""
        # Linux says the end of a terminal by an error.
        while part := _read(primary):
            shown += part
    os.close(primary)
    assert running.returncode == 0, shown
    lines = shown.decode().split("\r")
    assert lines[-1] == "\033[K"
    rate = r"[\d,]+ fragments, \d+\.\d million a second"
    bar = r"\[#*-*\] \d+%  " if given == "file" else ""
    left = r"(, \d+:\d\d left)?" if given == "file" else ""
    assert len(lines) > 2
    for line in lines[1:-1]:
        assert re.fullmatch(rf"\033\[K{bar}{rate}{left}", line), line


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
