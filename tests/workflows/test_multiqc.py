"""What MultiQC makes of a results folder, as it is installed for the tests."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from workflows.cli import cli
from workflows.multiqc.content import neutral

# With those that share the bundled example.
pytestmark = pytest.mark.xdist_group("demo")

ROOT = Path(__file__).parents[2]
ARRIBA = ROOT / "workflows" / "example" / "synthetic" / "calls" / "arriba"
EVIL = "<img src=x onerror=window.evil=1>"
BROKEN = f"{EVIL}<b>broken, one.tsv"


@pytest.fixture(scope="session")
def program() -> str:
    """MultiQC; where it is missing, what its script says."""
    command = ["bash", str(ROOT / "containers" / "multiqc.sh")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(done.stderr, pytrace=False)
    return done.stdout.strip()


def report(program: str, results: Path, output: Path) -> tuple[dict[str, Any], Path]:
    """MultiQC's data of a folder and its page; what it warns of is an error."""
    command = [program, "--strict", "--no-ansi", "-o", str(output), str(results)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    folder = output / "multiqc_data"
    log = (folder / "multiqc.log").read_text(encoding="utf-8")
    assert [line for line in log.splitlines() if "WARNING" in line or "ERROR" in line] == []
    data = json.loads((folder / "multiqc_data.json").read_text(encoding="utf-8"))
    return data, output / "multiqc_report.html"


def rows_of(data: dict[str, Any], key: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = data["report_saved_raw_data"][f"multiqc_kmt2a_{key}"]
    return found


def general(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = data["report_general_stats_data"]["custom_content"]
    return found


def run(output: Path, **inputs: Path | str) -> dict[str, str]:
    """The MultiQC files of a run, by name."""
    options = [part for name, value in inputs.items() for part in (f"--{name}", str(value))]
    done = CliRunner().invoke(cli, ["run", *options, "--keep-going", "-o", str(output)])
    assert done.exit_code == 0, done.output
    written = (output / "multiqc").iterdir()
    return {path.name: path.read_text(encoding="utf-8") for path in written}


def written(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_the_bundled_example(program: str, demo: Path, tmp_path: Path) -> None:
    data, page = report(program, demo / "multiqc", tmp_path)
    assert general(data)["SYN02-RNA"] == {"result": "KMT2A::AFF1", "reads": 38}
    assert rows_of(data, "cohort_plot")["KMT2A::AFF1"] == {"confirmed": 24}
    assert list(rows_of(data, "assays_plot")) == [
        *("Karyotype", "FISH", "RT-PCR", "Split RT-PCR", "RNA-seq")
    ]
    assert rows_of(data, "assays_plot")["FISH"]["positive"] == 46
    sample = rows_of(data, "samples_table")["SYN14-RNA"]
    assert sample["verdict"] == "positive"
    assert (sample["result"], sample["exons"]) == ("KMT2A::AFF1", "e10::e6")
    assert (sample["callers"], sample["reads"]) == ("2 of 3", 4)
    assert (sample["status"], sample["confidence"]) == ("rearranged", "confirmed")
    assert len(rows_of(data, "patients_table")) == 48
    assert rows_of(data, "patients_table")["SYN04"]["reasons"] == "Unexplained: look at this first"
    assert rows_of(data, "set_aside_table")["calls/arriba/SYN27.tsv"]["what"] == "rows flagged"
    text = page.read_text(encoding="utf-8")
    assert "<strong>Synthetic data" in text
    for name in ("Cohort", "Detection by assay", "KMT2A by patient", "KMT2A by sample"):
        assert f">{name}<" in text.replace("\n", "").replace("  ", "")


def test_of_a_thousand_samples_those_are_listed_that_matter(
    program: str, demo: Path, tmp_path: Path
) -> None:
    data, page = report(program, demo / "cell_lines" / "multiqc", tmp_path)
    assert len(general(data)) == 1157
    listed = rows_of(data, "samples_table")
    assert 10 < len(listed) < 40
    eol1 = listed["EOL1_HAEMATOPOIETIC_AND_LYMPHOID_TISSUE"]
    assert (eol1["result"], eol1["exons"], eol1["reads"]) == ("KMT2A-PTD", "e2-8", 13)
    assert "patients_table" not in str(data["report_saved_raw_data"].keys())
    assert "not rearranged" not in rows_of(data, "cohort_plot")
    text = page.read_text(encoding="utf-8")
    assert f"{1157 - len(listed):,} more samples stand in" in text
    assert "In 1,145 more KMT2A is not rearranged." in text


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A cohort whose names are markup, numbers, parts of each other, or in another script."""
    calls = (ARRIBA / "SYN02.tsv").read_text(encoding="utf-8")
    for name in "abcd":
        (tmp_path / f"{name}.tsv").write_text(calls, encoding="utf-8")
    written(tmp_path / BROKEN, "#gene1\tgene2")
    sheet = written(
        tmp_path / "s.csv",
        "patient,sample,source,file",
        "1E5,1E5,arriba,d.tsv",
        "P1,S1,arriba,a.tsv",
        "P1.bam,S1.bam,arriba,b.tsv",
        "\u60a3\u8005 7,NAN,arriba,c.tsv",
        f'P9,S9,arriba,"{BROKEN}"',
    )
    assays = written(
        tmp_path / "a.csv", "patient,assay,result", f'P1,fish,"{EVIL}"', "P1,rt-pcr,MLL-AF4"
    )
    given = {"samplesheet": sheet, "assays": assays, "mark": EVIL}
    return tmp_path / "out", run(tmp_path / "out", **given)


def test_names_are_no_markup_and_none_is_taken_for_another(
    program: str, hostile: tuple[Path, dict[str, str]], tmp_path: Path, chromium: Any
) -> None:
    results, files = hostile
    assert not any(EVIL in text for text in files.values())
    data, page = report(program, results / "multiqc", tmp_path / "report")
    assert set(general(data)) == {"1E5", "S1", "S1.bam", "NAN"}
    assert set(rows_of(data, "patients_table")) == {"1E5", "P1", "P1.bam", "\u60a3\u8005 7", "P9"}
    aside = rows_of(data, "set_aside_table")
    broken = aside[neutral(BROKEN)]
    assert (broken["what"], broken["sample"]) == ("not read", "S9")
    assert broken["reason"].startswith(neutral(BROKEN))
    patients = rows_of(data, "patients_table")
    assert (patients["P1"]["discordant"], patients["P9"]["discordant"]) == ("agree", "")
    found = chromium.evaluate(
        page,
        "[window.evil ?? null, document.querySelectorAll('img[src=x]').length,"
        " document.querySelectorAll('td b, th b').length,"
        " document.body.innerText.includes('broken')]",
    )
    assert found == [None, 0, 0, True]


def test_the_same_cohort_gives_the_same_bytes_and_leaves_no_old_section(
    hostile: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    results, files = hostile
    again = {"samplesheet": tmp_path / "s.csv", "assays": tmp_path / "a.csv", "mark": EVIL}
    assert run(tmp_path / "again", **again) == files
    less = run(results, samplesheet=tmp_path / "s.csv")
    assert set(files) - set(less) == {"kmt2a_patients_mqc.tsv"}
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
    assert {f"multiqc/{name}" for name in less} <= set(manifest["outputs"])


def test_a_cohort_without_sequencing_has_no_section_of_it(program: str, tmp_path: Path) -> None:
    assays = written(tmp_path / "a.csv", "patient,assay,result", "P1,rt-pcr,MLL-AF4")
    assert set(run(tmp_path / "out", assays=assays)) == {
        "kmt2a_assays_mqc.tsv",
        "kmt2a_cohort_mqc.tsv",
        "kmt2a_mqc_versions.yml",
        "kmt2a_patients_mqc.tsv",
    }
    data, _ = report(program, tmp_path / "out" / "multiqc", tmp_path / "report")
    assert rows_of(data, "patients_table")["P1"]["result"] == "KMT2A::AFF1"


def test_an_empty_cohort_has_no_section(tmp_path: Path) -> None:
    sheet = written(tmp_path / "s.csv", "patient,sample,source,file")
    assert set(run(tmp_path / "out", samplesheet=sheet)) == {"kmt2a_mqc_versions.yml"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("KMT2A::AFF1 (e11)", "KMT2A::AFF1 (e11)"),
        ("a<b>&\"'", "a\u2039b\u203a\uff06\u201d\u2019"),
        ("1,000", "1\u201a000"),
        ("a\tb\nc\u2028d\x00", "a b c d "),
    ],
)
def test_text_is_made_neutral(text: str, expected: str) -> None:
    assert neutral(text) == expected
