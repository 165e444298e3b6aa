"""`kmt2a index` from a genome and a GTF, and `detect` and `run` by what it makes."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fusion_caller.call_tables import read_calls, read_fusions
from fusion_caller.reads.index import complement
from workflows.cli import cli

KMT2A = (sys.executable, "-m", "workflows.cli")
ROOT = Path(__file__).parents[2]


def kmt2a(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def sources(made_genome: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("genome")
    gtf = folder / "genes.gtf.gz"
    gtf.write_bytes(gzip.compress(made_genome.gtf(prefix="").encode()))
    return made_genome.write_fasta(folder / "g.fa"), gtf


@pytest.fixture(scope="module")
def index(sources: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "made" / "own.index"
    done = kmt2a("index", "--genome", sources[0], "--gtf", sources[1], "-o", path)
    assert done.exit_code == 0, done.output
    n_bytes = path.stat().st_size
    assert done.output == (
        f"GRCh38: 15 genes, 990,529 bases of g.fa by genes.gtf.gz: {path} "
        f"({n_bytes / 1_000_000:.1f} MB)\n"
    )
    assert 990_529 / 4 < n_bytes < 990_529 / 4 + 50_000
    assert [one.name for one in path.parent.iterdir()] == ["own.index"]
    return path


@pytest.fixture
def reads(made_genome: Any, tmp_path: Path) -> list[Path]:
    """KMT2A exon 9 joined to exon 2 of a gene that no table knows, in six pairs."""
    left, right = made_genome.spliced("KMT2A", 6, 9), made_genome.spliced("NEW1", 2)
    whole = left[-300:] + right
    pieces = [whole[start : start + 180] for start in range(180, 240, 10)]
    paths = []
    for side, cut in enumerate((lambda p: p[:100], lambda p: complement(p)[:100]), 1):
        path = tmp_path / f"S1_R{side}.fastq"
        path.write_bytes(
            b"".join(
                b"@made:%d\n%s\n+\n%s\n" % (n, cut(p), b"F" * 100) for n, p in enumerate(pieces)
            )
        )
        paths.append(path)
    return paths


def test_detect_names_any_gene_by_it(index: Path, reads: list[Path], tmp_path: Path) -> None:
    done = kmt2a("detect", *reads, "--index", index, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0].startswith("KMT2A e9::NEW1 e2 (high): ")
    said = json.loads((tmp_path / "out/detect.json").read_text(encoding="utf-8"))["index"]
    assert lines[-1] == f"index {index} (sha256 {said['sha256'][:12]}): names any of 15 genes"
    made_of = said["made_of"]
    assert (said["file"], made_of["build"], made_of["n_genes"]) == (str(index), "GRCh38", 15)
    assert (made_of["genome"], made_of["gtf"]) == ("g.fa", "genes.gtf.gz")
    (file,) = read_calls(tmp_path / "out/calls.tsv")
    (call,) = file.calls
    assert str(call.breakpoint_3prime) == "chr5:3001:+"
    (sample,) = read_fusions(tmp_path / "out/kmt2a.tsv")
    (event,) = sample.events
    assert (event.fusion, event.partner_exon) == ("KMT2A::NEW1", "e2")
    page = (tmp_path / "out/detect.html").read_text(encoding="utf-8")
    assert f"The index {index} (g.fa with genes.gtf.gz; SHA-256 " in page
    assert "names any of its 15 genes" in page
    assert "packaged" not in page
    assert "Exon 9 of KMT2A is joined to exon 2 of NEW1" in page


def test_without_it_the_output_says_what_is_not_named(reads: list[Path], tmp_path: Path) -> None:
    done = kmt2a("detect", *reads, "-o", tmp_path / "out")
    assert done.output.startswith("KMT2A e9::? (medium): ")
    last = done.output.splitlines()[-1]
    assert last.startswith("index packaged (sha256 ")
    assert last.endswith("AFF1 e4, AFF1 e5, USP2, CT45A1 and others it lacks are called KMT2A::?")
    said = json.loads((tmp_path / "out/detect.json").read_text(encoding="utf-8"))["index"]
    assert said["cannot_name"] == ["AFF1 e4", "AFF1 e5", "USP2", "CT45A1"]
    assert not set(said["cannot_name"]) & set(said["can_name"])


def test_run_takes_it(index: Path, reads: list[Path], tmp_path: Path) -> None:
    sheet = tmp_path / "samplesheet.csv"
    sheet.write_text(
        f"patient,sample,source,file,file_2\nP1,S1,fastq,{reads[0].name},{reads[1].name}\n",
        encoding="utf-8",
    )
    done = kmt2a("run", "--samplesheet", sheet, "--index", index, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    (sample,) = read_fusions(tmp_path / "out/calls/kmt2a.tsv")
    (event,) = sample.events
    assert (event.fusion, event.partner_exon) == ("KMT2A::NEW1", "e2")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["parameters"]["index"] == str(index)
    assert [i["file"] for i in manifest["inputs"] if i["role"] == "index"] == [str(index)]


def test_what_is_broken_ends_in_one_line_and_leaves_nothing(
    index: Path, sources: tuple[Path, Path], reads: list[Path], tmp_path: Path
) -> None:
    cut = tmp_path / "cut.index"
    cut.write_bytes(index.read_bytes()[:-1000])
    gtf = tmp_path / "cut.gtf"
    gtf.write_bytes(gzip.decompress(sources[1].read_bytes())[:-30])
    for given, problem in (
        (("detect", *reads, "--index", cut, "-o", tmp_path / "out"), "the index is cut off: "),
        (("detect", *reads, "--index", tmp_path / "no", "-o", tmp_path / "out"), "found none"),
        (("index", "--genome", sources[0], "--gtf", gtf, "-o", tmp_path / "out/i"), "cut off"),
        (("index", "--genome", sources[0], "--gtf", sources[1], "-o", tmp_path), "found a folder"),
    ):
        done = subprocess.run(
            [*KMT2A, *map(str, given)], capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert done.returncode == 1
        assert problem in done.stderr
        assert done.stderr.count("\n") == 1
        assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_the_same_sources_make_the_same_bytes(
    index: Path, sources: tuple[Path, Path], tmp_path: Path
) -> None:
    again = tmp_path / "again.index"
    assert kmt2a("index", "--genome", sources[0], "--gtf", sources[1], "-o", again).exit_code == 0
    assert again.read_bytes() == index.read_bytes()
