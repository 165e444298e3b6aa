"""The benchmark of the pipeline runs, on six samples; how long that takes is nobody's business."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

# One process at a time runs Nextflow, which takes what processors there are.
pytestmark = pytest.mark.xdist_group("nextflow")

ROOT = Path(__file__).resolve().parents[2]


def test_pipeline_by_batch_size() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/pipeline.py", "--small"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.startswith("6 samples, 12 files, two processors\nkmt2a run: ")
    # Three tasks of CALLS, and SAMPLESHEET, ASSIGN, RECONCILE and REPORT.
    assert re.search(
        r"^4 files a task: \d+\.\d s wall, 7 tasks; CALLS \d+\.\d\d s each",
        done.stdout,
        re.MULTILINE,
    )
