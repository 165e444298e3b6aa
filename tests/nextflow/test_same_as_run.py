"""`nextflow run workflows -profile test` makes what `kmt2a run` makes of the same files."""

from __future__ import annotations

import json
import re
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


# Times, and the command by its name.
MANIFEST = "manifest.json"


def run_direct(folder: Path, *arguments: str | Path) -> dict[str, bytes]:
    """What `kmt2a run` writes, started beside its inputs, which tables name as they are given."""
    command = [sys.executable, "-m", "workflows.cli", "run", "-o", "direct", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return files_of(folder / "direct")


def assert_same(found: dict[str, bytes], expected: dict[str, bytes]) -> None:
    """The pipeline's own folders aside, the same files with the same bytes."""
    own = {name for name in found if name.startswith(("detect/", "pipeline_info/"))}
    assert set(found) - own == set(expected)
    assert [n for n in expected if n != MANIFEST and found[n] != expected[n]] == []
    ours, theirs = (json.loads(files[MANIFEST]) for files in (found, expected))
    assert ours["rows"] == theirs["rows"]
    inputs = [[item["sha256"] for item in each["inputs"]] for each in (ours, theirs)]
    assert inputs[0] == inputs[1]


def test_bundled_example(nextflow: Any, tmp_path: Path) -> None:
    for name in ("assays.csv", "clinical.csv"):
        shutil.copy(EXAMPLE / "synthetic" / name, tmp_path)
    (tmp_path / "analysis.yaml").write_text(ANALYSIS)
    sheet = EXAMPLE / "nextflow" / "samplesheet.csv"
    expected = run_direct(
        tmp_path,
        *("--samplesheet", sheet, "--assays", "assays.csv", "--clinical", "clinical.csv"),
        *("--analysis", "analysis.yaml", "--title", "Bundled example", "--mark", "synthetic data"),
    )
    # The pipeline knows the sheet by its name alone.
    page = expected["report.html"].replace(str(sheet).encode(), b"samplesheet.csv")

    done = nextflow.run(tmp_path, "-profile", "test", "--analysis", "analysis.yaml")
    assert done.status == 0, done.said
    assert set(done.statuses.values()) == {"COMPLETED"}
    found = files_of(tmp_path / "results")
    assert_same(found, expected | {"report.html": page})
    assert "detect/EOL1/detect.html" in found
    records = [n.removeprefix("pipeline_info/") for n in found if n.startswith("pipeline_info/")]
    assert sorted(re.sub(r"_\d{4}-\d\d-\d\d_.*", "", name) for name in records) == [
        "execution_report",
        "execution_timeline",
        "execution_trace",
        "pipeline_dag",
        "software_versions.yml",
    ]


def test_folder_of_rnafusion_with_genes_and_a_genome(
    nextflow: Any, made_genome: Any, tmp_path: Path
) -> None:
    made_genome.write_fasta(tmp_path / "genome.fa")
    # Every exon codes, so that fused transcripts are read from the genome.
    exons = made_genome.gtf()
    coding = "".join(line for line in exons.splitlines(keepends=True) if "\texon\t" in line)
    genes = exons + coding.replace("\texon\t", "\tCDS\t")
    (tmp_path / "genes.gtf").write_text(genes, encoding="utf-8")
    folder = tmp_path / "rnafusion"
    for caller, place in {
        "arriba": "arriba/SYN02.arriba.fusions.tsv",
        "star-fusion": "starfusion/SYN02.starfusion.abridged.tsv",
    }.items():
        (folder / place).parent.mkdir(parents=True)
        shutil.copy(EXAMPLE / "synthetic" / "calls" / caller / "SYN02.tsv", folder / place)
    (folder / "arriba" / "SYN99.arriba.fusions.tsv").touch()
    arguments = ("--gtf", "genes.gtf", "--genome", "genome.fa", "--title", "The children's cohort")
    expected = run_direct(tmp_path, "--rnafusion", folder, *arguments)
    assert b"<h1>The children" in expected["report.html"]
    assert any(name.endswith(".fa") for name in expected)

    done = nextflow.run(tmp_path, "--rnafusion", folder, *arguments)
    assert done.status == 0, done.said
    assert_same(files_of(tmp_path / "results"), expected)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
