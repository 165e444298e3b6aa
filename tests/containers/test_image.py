"""The image, built and run: any user, nothing writable but the folder of results, no network."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from workflows.cli import cli

# One process builds the image once, in two minutes; the pipeline in it is run beside it.
pytestmark = pytest.mark.xdist_group("image")

ROOT = Path(__file__).resolve().parents[2]
READS = ROOT / "workflows" / "example" / "cell_lines" / "reads"
SYNTHETIC = ROOT / "workflows" / "example" / "synthetic"
# Few of the curves that the example asks for: to draw them takes most of the time.
ANALYSIS = "preset: default\nendpoints: [efs]\ncurves: [subtype]\n"
PAIR = ("EOL1_1.fastq.gz", "EOL1_2.fastq.gz")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
# The packages of the lock take 680 MB, Debian with Python 130 MB. What is much above has got in by
# mistake: the wheels have 190 MB, the packages' own tests 130 MB.
LARGEST = 880_000_000
# As Singularity, Kubernetes and clusters run it.
CONFINED = ("--read-only", "--network", "none", "--user", "4242:4242")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder that any user may write to."""
    tmp_path.chmod(0o777)
    folder = tmp_path / "results"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def test_says_its_version_without_an_entry_point(image: Any) -> None:
    assert VERSION in image.run((), "kmt2a", "--version")
    assert "detect" in image.run(())  # the help, where no command is given
    assert not image.inspected()["Config"].get("Entrypoint")
    assert image.run((), "bash", "-c", "echo a shell").strip() == "a shell"


def test_is_nobody_in_particular_and_has_ps(image: Any) -> None:
    assert image.run((), "id", "-u").strip() == "1000"
    assert "bash" in image.run((), "bash", "-c", "ps -o pid,comm; true")


def test_reads_are_screened_by_any_user_on_a_read_only_root_without_a_network(
    image: Any, results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = ("--volume", f"{READS}:/reads:ro", "--volume", f"{results}:/data")
    options = (*CONFINED, *mounts, "--workdir", "/reads", "--env", "HOME=/nowhere")
    said = image.run(options, "kmt2a", "detect", *PAIR, "-o", "/data/EOL1")
    assert said.startswith("KMT2A e8::KMT2A e2 (high)")
    # Nothing lies about beside the results, and they are those of this machine.
    assert [path.name for path in results.iterdir()] == ["EOL1"]
    monkeypatch.chdir(READS)
    here = CliRunner().invoke(cli, ["detect", *PAIR, "-o", str(tmp_path / "here")])
    assert here.exit_code == 0, here.output
    for name in ("calls.tsv", "kmt2a.tsv", "evidence.txt"):
        expected = (tmp_path / "here" / name).read_bytes()
        assert (results / "EOL1" / name).read_bytes() == expected


def test_outcomes_on_a_read_only_root_say_nothing_of_missing_caches(
    image: Any, results: Path
) -> None:
    (results / "analysis.yaml").write_text(ANALYSIS)
    mounts = ("--volume", f"{SYNTHETIC}:/cohort:ro", "--volume", f"{results}:/data")
    script = (
        "kmt2a run --assays /cohort/assays.csv --clinical /cohort/clinical.csv "
        "--analysis analysis.yaml -o out\n"
        "python -c 'import comprisk'\n"  # which has numba compile, too
    )
    said = image.run((*CONFINED, *mounts), "bash", "-e", "-c", script)
    assert list((results / "out" / "figures").glob("*.svg"))
    assert "atplotlib" not in said
    assert sorted(path.name for path in results.iterdir()) == ["analysis.yaml", "out"]


def test_no_code_is_left_to_compile(image: Any, made_genome: Any, tmp_path: Path) -> None:
    # As root, which can write beside the source: numba would say what it compiled and saved.
    gtf = tmp_path / "genes.gtf"
    gtf.write_text(made_genome.gtf(prefix=""))
    made_genome.write_fasta(tmp_path / "genome.fa")
    left, right = made_genome.spliced("KMT2A", 6, 9), made_genome.spliced("NEW1", 2)
    whole = (left[-300:] + right).decode()
    reads = (whole[start : start + 100] for start in range(220, 280, 5))
    (tmp_path / "reads.fastq").write_text(
        "".join(f"@read{n}\n{read}\n+\n{'I' * 100}\n" for n, read in enumerate(reads))
    )
    script = (
        "kmt2a index --genome genome.fa --gtf genes.gtf -o own.index\n"
        "export NUMBA_DEBUG_CACHE=1\n"
        "kmt2a detect reads.fastq --index own.index -o single\n"
        f"kmt2a detect /reads/{PAIR[0]} /reads/{PAIR[1]} -o pairs\n"
    )
    mounts = ("--volume", f"{READS}:/reads:ro", "--volume", f"{tmp_path}:/data")
    said = image.run(("--user", "0:0", *mounts), "bash", "-e", "-c", script)
    assert "KMT2A e9::NEW1 e2" in said
    loaded = {line.rpartition("/")[2] for line in said.splitlines() if "data loaded" in line}
    assert any(name.startswith("kernels.screen_block-") for name in loaded)
    assert any(name.startswith("lookup._scan-") for name in loaded)
    assert "data saved" not in said


def test_is_small_and_says_what_it_is(image: Any) -> None:
    found = image.inspected()
    assert found["Size"] < LARGEST
    labels = found["Config"]["Labels"]
    assert labels["org.opencontainers.image.version"] == VERSION
    assert labels["org.opencontainers.image.licenses"] == "MIT"
    assert len(labels["org.opencontainers.image.revision"].partition("-")[0]) == 40
    left = image.run(
        ("--user", "0:0"), "find", "/", "-xdev", "(", "-name", "*.lock", "-o", "-name", "pip", ")"
    )
    assert "runtime.lock" not in left
    assert "/opt/kmt2a" not in left


def test_nothing_of_the_machine_that_built_it_is_in_it(image: Any) -> None:
    history = image.podman("history", "--no-trunc", "--format", "{{.CreatedBy}}", image.name)
    assert history.returncode == 0
    told = history.stdout + repr(image.inspected()["Config"])
    names = ("PIP_", "proxy", "PROXY", "_CERT", "CA_BUNDLE", "/root", str(ROOT))
    assert [name for name in names if name in told] == []
    secret = [
        value
        for name, value in os.environ.items()
        if len(value) > 8 and name.endswith(("_URL", "_CERT", "_BUNDLE", "_proxy", "_PROXY"))
    ]
    assert [value for value in secret if value in told] == []
