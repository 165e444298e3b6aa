"""`nextflow run workflows -profile test` makes what `kmt2a run` makes of the same files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# One process at a time runs Nextflow, which takes what processors there are.
pytestmark = pytest.mark.xdist_group("nextflow")

EXAMPLE = Path(__file__).resolve().parents[2] / "workflows" / "example"
# Few of the curves that the example asks for: to draw them takes most of the time.
ANALYSIS = "preset: default\nendpoints: [efs]\nrisk: cccg-all-2015\ncurves: [subtype]\n"


def test_pipeline_makes_the_bytes_of_run(nextflow: Any, tmp_path: Path) -> None:
    for name in ("assays.csv", "clinical.csv"):
        shutil.copy(EXAMPLE / "synthetic" / name, tmp_path)
    (tmp_path / "analysis.yaml").write_text(ANALYSIS)
    # Beside its inputs, since tables tell of files as they were given.
    command = [
        *(sys.executable, "-m", "workflows.cli", "run", "-o", "direct"),
        *("--samplesheet", EXAMPLE / "nextflow" / "samplesheet.csv", "--assays", "assays.csv"),
        *("--clinical", "clinical.csv", "--analysis", "analysis.yaml"),
        *("--title", "Bundled example", "--mark", "synthetic data"),
    ]
    environment = os.environ | {"PYTHONWARNINGS": "error"}
    subprocess.run(command, cwd=tmp_path, check=True, env=environment, capture_output=True)

    done = nextflow.run(tmp_path, "-profile", "test", "--analysis", "analysis.yaml")
    assert done.status == 0, done.said
    assert set(done.statuses.values()) == {"COMPLETED"}
    direct, results = tmp_path / "direct", tmp_path / "results"
    expected = files_of(direct)
    found = files_of(results)
    beside = {name for name in found if name.startswith(("detect/", "pipeline_info/"))}
    assert set(found) - beside == set(expected)
    # The sheet comes by its name alone, and the manifest holds times and the command.
    sheet = str(EXAMPLE / "nextflow" / "samplesheet.csv").encode()
    expected["report.html"] = expected["report.html"].replace(sheet, b"samplesheet.csv")
    named = {"manifest.json"}
    assert [name for name in expected if name not in named and found[name] != expected[name]] == []
    ours, theirs = (json.loads(files["manifest.json"]) for files in (found, expected))
    assert ours["rows"] == theirs["rows"]
    assert [item["sha256"] for item in ours["inputs"]] == [
        item["sha256"] for item in theirs["inputs"]
    ]
    assert "detect/EOL1/detect.html" in beside
    kinds = {"execution_trace", "execution_report", "execution_timeline", "pipeline_dag"}
    info = [name.removeprefix("pipeline_info/") for name in beside if name.startswith("pipeline_")]
    assert {name.rsplit("_", 2)[0] for name in info if name[-4:] != ".yml"} == kinds


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
