"""A folder of nf-core/rnafusion and a sample sheet through the pipeline at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# One process at a time runs Nextflow, which takes what processors there are.
pytestmark = pytest.mark.xdist_group("nextflow")

ARRIBA = Path(__file__).resolve().parents[2] / "workflows/example/synthetic/calls/arriba"


def test_a_folder_and_a_sheet_are_one_cohort(
    nextflow: Any, rnafusion_folders: Any, tmp_path: Path
) -> None:
    folder = rnafusion_folders.release_4(tmp_path / "rnafusion")
    shutil.copy(ARRIBA / "SYN03.tsv", tmp_path)
    (tmp_path / "sheet.csv").write_text(
        "patient,sample,source,file\n"
        "P3,P3-d0,auto,SYN03.tsv\n"
        "P9,packed,arriba,rnafusion/arriba/packed.arriba.fusions.tsv.gz\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "workflows.cli", "run", "-o", "direct"]
    command += ["--samplesheet", "sheet.csv", "--rnafusion", str(folder)]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    done = nextflow.run(tmp_path, "--input", "sheet.csv", "--rnafusion", folder)
    assert done.status == 0, done.said
    # Of all files only the BAM, which nothing else is left of, is reads.
    assert len(done.of("DETECT")) == 1
    results, direct = tmp_path / "results", tmp_path / "direct"
    expected = rnafusion_folders.RELEASE_4 | {"P3": "rearranged", "P9": "rearranged"}
    del expected["packed"]
    lines = (results / "reconciled/patients.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split("\t")[0]: line.split("\t")[1] for line in lines} == expected
    for name in sorted(path.relative_to(direct) for path in direct.rglob("*.tsv")):
        assert (results / name).read_bytes() == (direct / name).read_bytes(), name
