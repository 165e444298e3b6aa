"""`kmt2a detect` interrupted, on a full disk and with broken input: one line, nothing left half."""

from __future__ import annotations

import gzip
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import workflows.results
from fusion_caller.errors import InputError
from fusion_caller.reads.fastq import FastqFile
from fusion_caller.reads.index import read_index
from workflows.commands.detect import run_detect

ROOT = Path(__file__).parents[2]
EOL1 = [ROOT / f"tests/data/kmt2a_reads/SRR8616218_KMT2A_{number}.fastq.gz" for number in (1, 2)]
TEXTS = [gzip.decompress(path.read_bytes()) for path in EOL1]
LINES = [text.splitlines(keepends=True) for text in TEXTS]
KMT2A = (sys.executable, "-m", "workflows.cli", "detect")
STOPPED = b"kmt2a: stopped; nothing was left half written"


def records(side: int, first: int, n: int) -> bytes:
    """Some records of EOL-1's reads; the side is 0 or 1."""
    return b"".join(LINES[side][4 * first : 4 * (first + n)])


def sample(folder: Path, *contents: bytes, name: str = "S1_R{}.fastq") -> list[Path]:
    paths = [folder / name.format(side) for side in range(1, len(contents) + 1)]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def detect(*arguments: str | Path, given: bytes = b"") -> tuple[int, str]:
    """What the command exits with and says of a problem."""
    done = subprocess.run(
        [*KMT2A, *arguments], input=given, capture_output=True, check=False, cwd=ROOT
    )
    return done.returncode, done.stderr.decode()


def refused(folder: Path, *files: Path) -> str:
    """The one line that refuses some files, without the folder's name."""
    code, said = detect(*files, "--sample", "S1", "-o", folder / "out")
    assert code == 1
    assert said.count("\n") == 1
    assert not (folder / "out").exists()
    assert not [path for path in folder.rglob(".*") if path.is_file()]
    return said.removeprefix("kmt2a: ").replace(f"{folder}/", "").rstrip("\n")


# What the peers return 0 for with fewer reads or none, hang on, or crash on.
@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            gzip.compress(records(0, 0, 50))[:-40],
            records(1, 0, 50),
            "S1_R1.fastq: the gzip data stop before their end: the file is cut off, after ",
        ),
        (
            records(0, 0, 50),
            records(1, 0, 49),
            "S1_R2.fastq, line 197: record 50: the file ends after 49 records, S1_R1.fastq goes on",
        ),
        (
            records(0, 0, 50),
            records(1, 1, 49) + records(1, 0, 1),
            "S1_R2.fastq, line 1: record 1: its name is not that of the same record in S1_R1.fastq",
        ),
        (
            records(0, 0, 50)[:-6] + b"\n",
            records(1, 0, 50),
            "S1_R1.fastq, line 197: record 50: expected 101 qualities, one a base, found 96",
        ),
        (
            b">a\nACGT\n",
            b">a\nACGT\n",
            "S1_R1.fastq, line 1: record 1: expected a name that begins with @, found FASTA",
        ),
        (
            records(0, 0, 200),
            records(0, 0, 200),
            "S1_R2.fastq: its first 100 reads are those of S1_R1.fastq, base for base; give R1 and",
        ),
        (
            records(0, 0, 200),
            records(1, 200, 200),
            "S1_R2.fastq, line 1: record 1: its name is not that of the same record in S1_R1.fastq",
        ),
    ],
    ids=[
        "gz cut", "R2 shorter", "R2 in another order", "quality short", "FASTA", "R1 twice",
        "two samples mixed",
    ],
)  # fmt: skip
def test_broken_files(tmp_path: Path, first: bytes, second: bytes, message: str) -> None:
    said = refused(tmp_path, *sample(tmp_path, first, second))
    assert said.startswith(message)
    assert "; " in said  # the remedy


def test_what_only_looks_broken_is_read(tmp_path: Path) -> None:
    lower = [records(side, 0, 200).replace(b"ACGT", b"acgt") for side in (0, 1)]
    for name, contents in (
        ("plain_R{}.fastq.gz", [records(0, 0, 200), records(1, 0, 200)]),
        ("lower_R{}.fastq", lower),
        ("empty_R{}.fastq", [b"", b""]),
    ):
        out = tmp_path / name.partition("_")[0]
        files = sample(tmp_path, *contents, name=name)
        done = subprocess.run(
            [*KMT2A, *files, "-o", out], capture_output=True, check=False, cwd=ROOT
        )
        assert done.returncode == 0, done.stderr
        n = b"0" if name.startswith("empty") else b"200"
        assert done.stdout.splitlines()[-2].startswith(n + b" pairs, ")


def test_folder_no_file_and_the_same_file_twice(tmp_path: Path) -> None:
    (path,) = sample(tmp_path, records(0, 0, 10))
    (tmp_path / "link.fastq").symlink_to(path)
    folder = refused(tmp_path, tmp_path)
    assert "expected a FASTQ file, found a folder; give the files in it" in folder
    assert refused(tmp_path, tmp_path / "none").startswith(
        "none: expected a FASTQ file, found none of this name; check the path"
    )
    for twice in (path, tmp_path / "link.fastq"):
        assert refused(tmp_path, path, twice).startswith(
            "S1_R1.fastq: the same file was given for the first and the second reads; give R1 and"
        )


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system says it; nothing is forbidden to the root of a container."""
    (path,) = sample(tmp_path, records(0, 0, 10))

    index = read_index()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        with pytest.raises(InputError, match=r"S1_R1\.fastq: .* be read \(Permission denied\)"):
            FastqFile(path, index.screen, name=str(path))


def test_pipes_as_files(tmp_path: Path) -> None:
    files = sample(tmp_path, *(gzip.compress(records(side, 0, 3000)) for side in (0, 1)))
    script = f'"$@" <(cat {files[0]}) <(zcat -f {files[1]}) --sample S1 -o {tmp_path / "out"}'
    done = subprocess.run(
        ["/bin/bash", "-c", script, "bash", *KMT2A], capture_output=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert b"\n3,000 pairs, " in done.stdout


@pytest.mark.parametrize(
    ("sent", "code", "message"),
    [
        (TEXTS[0][:-60], 1, "standard input, line 68101: record 17,026: "),
        (gzip.compress(TEXTS[0])[:-1000], 1, "standard input: the gzip data stop before their end"),
        # A producer that ends between two records says nothing that could be seen.
        (records(0, 0, 17_000), 0, ""),
    ],
    ids=["within a record", "within gzip", "between records"],
)
def test_a_pipe_whose_producer_dies(tmp_path: Path, sent: bytes, code: int, message: str) -> None:
    found = detect("-", "--sample", "S1", "-o", tmp_path / "out", given=sent)
    assert found[0] == code
    assert found[1].startswith(f"kmt2a: {message}" if message else "")
    assert found[1].count("\n") == code
    assert (tmp_path / "out").exists() == (code == 0)


def stalled(folder: Path, argument: str) -> subprocess.Popen[bytes]:
    """The command while it waits for the rest of a pipe, which nobody will send."""
    running = subprocess.Popen(
        [*KMT2A, argument, "--sample", "S1", "-o", folder / "out"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert running.stdin is not None
    os.write(running.stdin.fileno(), records(0, 0, 100))  # what it is, is looked at first
    deadline = time.monotonic() + 60
    while not list(folder.glob("out/.partial-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    return running


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("kind", ["standard input", "FIFO"])
def test_an_interruption_leaves_nothing(tmp_path: Path, number: signal.Signals, kind: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    holder = os.open(pipe, os.O_RDWR)
    running = stalled(tmp_path, "-" if kind == "standard input" else str(pipe))
    assert running.stdin is not None
    os.write(holder, records(0, 0, 100))
    time.sleep(1)
    running.send_signal(number)
    assert running.stderr is not None
    # Its end is waited for first: to end what it reads would let go what hangs.
    assert running.wait(timeout=60) == 128 + number
    assert running.stderr.read().strip() == STOPPED
    running.stderr.close()
    running.stdin.close()
    os.close(holder)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_an_interruption_keeps_what_was_there(tmp_path: Path) -> None:
    (path,) = sample(tmp_path, records(0, 0, 3000))
    assert detect(path, "-o", tmp_path / "out") == (0, "")
    before = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    running = stalled(tmp_path, "-")
    running.send_signal(signal.SIGTERM)
    assert running.stdin is not None
    running.communicate(timeout=60)
    assert running.returncode == 143
    after = {p: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert after == before


@pytest.mark.parametrize("bytes_allowed", [100, 3_000, 60_000, 200_000])
def test_a_full_disk(tmp_path: Path, bytes_allowed: int) -> None:
    """Wherever it becomes full: in a table, in the BAM, in a picture."""
    done = subprocess.run(
        [sys.executable, "-B", *KMT2A[1:], *EOL1, "--sample", "S1", "-o", tmp_path / "out"],
        capture_output=True, check=False, cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_allowed,) * 2),
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"kmt2a: {tmp_path / 'out'}: the outputs cannot be written (File too large), and none "
        "was; give a folder where there is room and where you may write\n"
    )
    assert not (tmp_path / "out").exists()


def test_output_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = sample(tmp_path, records(0, 0, 10))
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for out, problem in (
        (tmp_path / "file", "expected a folder to write to, found a file"),
        (tmp_path / "file/below", "the outputs cannot be written (Not a directory), and none was"),
        (Path("/proc/out"), "the outputs cannot be written (No such file or directory), and none"),
    ):
        code, said = detect(path, "-o", out)
        assert code == 1
        assert said.startswith(f"kmt2a: {out}: {problem}")
        assert said.count("\n") == 1
    assert (tmp_path / "file").read_text(encoding="utf-8") == "in the way"

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(InputError, match=r"written \(Permission denied\), and none was; give a "):
        run_detect((path,), tmp_path / "out")


def test_outputs_that_cannot_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    (path,) = sample(tmp_path, records(0, 0, 10))
    monkeypatch.setattr(workflows.results.ResultsFolder, "_move_into_place", full)
    with pytest.raises(InputError, match=r"\(No space left on device\), and none was"):
        run_detect((path,), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nobody_reads_what_it_says(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*KMT2A, *EOL1, "--sample", "S1", "-o", tmp_path / "out"],
        stdout=writing, stderr=subprocess.PIPE, check=False, cwd=ROOT,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")
    assert (tmp_path / "out/detect.html").exists()
    assert not list((tmp_path / "out").glob(".partial-*"))
