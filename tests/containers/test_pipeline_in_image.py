"""The pipeline with every task in a container makes the tables that `kmt2a run` makes here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("image")

EXAMPLE = Path(__file__).resolve().parents[2] / "workflows" / "example"
SHEET = EXAMPLE / "nextflow" / "samplesheet.csv"
# Few of the curves that the example asks for: to draw them takes most of the time.
ANALYSIS = "preset: default\nendpoints: [efs]\nrisk: cccg-all-2015\ncurves: [subtype]\n"
TABLES = ("calls", "reconciled", "outcomes")


def tables(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in TABLES
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


def test_same_tables_as_run(
    image: Any, nextflow: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("assays.csv", "clinical.csv"):
        shutil.copy(EXAMPLE / "synthetic" / name, tmp_path)
    (tmp_path / "analysis.yaml").write_text(ANALYSIS)
    command = [sys.executable, "-m", "workflows.cli", "run", "-o", "direct"]
    command += ["--samplesheet", str(SHEET), "--assays", "assays.csv", "--clinical", "clinical.csv"]
    command += ["--analysis", "analysis.yaml", "--title", "Bundled example"]
    command += ["--mark", "synthetic data"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    for name in ("CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF"):
        monkeypatch.setenv(name, image.environment[name])
    arguments = ("-profile", "podman,test", "--container", image.name)
    done = nextflow.run(tmp_path, *arguments, "--analysis", "analysis.yaml")
    assert done.status == 0, done.said
    assert set(done.statuses.values()) == {"COMPLETED"}

    found, expected = tables(tmp_path / "results"), tables(tmp_path / "direct")
    assert set(found) == set(expected)
    assert [name for name in expected if found[name] != expected[name]] == []
    assert (tmp_path / "results" / "report.html").exists()
    # Every task was in a container, and its ps told Nextflow what it took.
    started = [path.read_text() for path in (tmp_path / "work").glob("*/*/.command.run")]
    assert len(started) == len(done.trace)
    assert all("podman run" in text and image.name in text for text in started)
    assert all(row["peak_rss"] not in {"", "-"} for row in done.trace)
