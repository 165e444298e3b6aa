"""A damaged file of each format through `kmt2a calls`: one line, exit 1, nothing written."""

import gzip
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workflows.cli import main

EXAMPLES = sorted((Path(__file__).parents[1] / "data/caller_formats").iterdir())
Kmt2a = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kmt2a(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Kmt2a]:
    """The program within this process and an empty folder: what it exits with and prints."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kmt2a", *arguments])
        with pytest.raises(SystemExit) as stop:
            main()
        assert isinstance(stop.value.code, int)
        return stop.value.code, *capsys.readouterr()

    yield run
    signal.signal(signal.SIGTERM, before)


def not_utf_8(content: bytes) -> bytes:
    return content.rstrip(b"\n")[:-1] + b"\xe4\n"


def half_a_gzip(content: bytes) -> bytes:
    packed = gzip.compress(content)
    return packed[: len(packed) // 2]


def long_line(content: bytes) -> bytes:
    return gzip.compress(content + b"A" * 5_000_000)


DAMAGES = {
    not_utf_8: "expected UTF-8 text, found the byte 0xe4",
    half_a_gzip: "the gzip stream ends early",
    long_line: "expected lines of at most 4,194,304 characters",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_damaged_file_is_refused(
    tmp_path: Path, kmt2a: Kmt2a, path: Path, damage: Callable[[bytes], bytes]
) -> None:
    Path("S1.tsv").write_bytes(damage(path.read_bytes()))
    code, out, err = kmt2a("calls", "S1.tsv", "-o", "out")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("kmt2a: S1.tsv")
    assert DAMAGES[damage] in err
    assert list(tmp_path.iterdir()) == [tmp_path / "S1.tsv"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_undamaged_file_is_read(kmt2a: Kmt2a, path: Path) -> None:
    Path("S1.tsv").write_bytes(path.read_bytes())
    names_samples = path.name == "star-fusion-cohort.tsv"
    sample = () if names_samples else ("--sample", "S1")
    code, out, err = kmt2a("calls", "S1.tsv", *sample, "-o", "out")
    if path.name == "fuzzion2-patterns.txt":
        assert (code, Path("out").exists()) == (1, False)
        assert "found Fuzzion2's patterns" in err
        return
    assert (code, err) == (0, "")
    assert out.startswith("1 files, ")
    calls = Path("out/calls.tsv").read_text(encoding="utf-8").splitlines()
    assert any("KMT2A" in row and "AFF1" in row for row in calls[1:])
