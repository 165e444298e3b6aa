"""The steps of `kmt2a run` as commands of their own: the same bytes, whatever happens."""

import csv
import filecmp
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import workflows.example
from fusion_caller.samplesheet import read_samplesheet
from workflows.cli import cli

EXAMPLE = Path(workflows.example.__file__).parent


def kmt2a(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments], input=text)


def done(*arguments: object, text: str | None = None) -> Result:
    result = kmt2a(*arguments, text=text)
    assert result.exit_code == 0, (result.output, result.exception)
    return result


def tasks_of(folder: Path) -> list[dict[str, object]]:
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    return list(plan["tasks"])


def run_tasks(
    folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch, *options: str
) -> list[Path]:
    """Do every task of a plan in a folder of its own, with its files staged as a scheduler does."""
    done_in = []
    for task in tasks_of(folder):
        here = place / str(task["task"])
        for number, file in enumerate(task["files"], 1):
            source = Path(file["file"]).absolute()
            staged = here / "inputs" / str(number) / source.name
            staged.parent.mkdir(parents=True)
            staged.symlink_to(source)
        with monkeypatch.context() as inside:
            inside.chdir(here)
            done(
                task["kind"], "--samplesheet", "-", *options, "-o", "done", text=str(task["sheet"])
            )
        done_in.append(here / "done")
    return done_in


def differing(one: Path, other: Path) -> list[str]:
    """Files that are not the same bytes in both folders, or in one of them only."""
    found = []
    names = {path.relative_to(top) for top in (one, other) for path in top.rglob("*")}
    for name in sorted(names):
        pair = one / name, other / name
        if all(path.is_dir() for path in pair):
            continue
        if not all(path.is_file() for path in pair) or not filecmp.cmp(*pair, shallow=False):
            found.append(name.as_posix())
    return found


@pytest.fixture
def inside(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the synthetic cohort, from where its inputs are called as `run` called them."""
    monkeypatch.chdir(demo)
    return demo


def test_the_steps_give_what_run_gives(
    inside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = ("--clinical", "inputs/clinical.csv", "--analysis", "inputs/analysis.yaml")
    sheet, calls, reconciled, outcomes, whole = (
        tmp_path / name for name in ("sheet", "calls", "reconciled", "outcomes", "whole")
    )
    parameters = json.loads((inside / "manifest.json").read_text(encoding="utf-8"))["parameters"]
    marked = ("--mark", parameters["mark"])
    done("samplesheet", "--samplesheet", "inputs/samplesheet.csv", "--batch-size", 7, "-o", sheet)
    folders = run_tasks(sheet, tmp_path / "tasks", monkeypatch)
    assert len(folders) > 5
    done("assign", "--samplesheet", sheet / "samplesheet.csv", *reversed(folders), "-o", calls)
    done(
        "reconcile", "--calls", calls / "kmt2a.tsv", "--assays", "inputs/assays.csv", *tables,
        "-o", reconciled,
    )  # fmt: skip
    done("outcomes", "--patients", reconciled / "patients.tsv", *tables, *marked, "-o", outcomes)
    steps = (outcomes, reconciled, calls, sheet)
    done("report", *steps, "--title", parameters["title"], *marked, "-o", whole)
    for part in ("calls", "reconciled", "outcomes", "figures", "multiqc"):
        assert differing(inside / part, whole / part) == []
    assert filecmp.cmp(inside / "report.html", whole / "report.html", shallow=False)
    told, by_steps = (
        json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for folder in (inside, whole)
    )
    assert by_steps["inputs"] == told["inputs"]
    assert by_steps["rows"] == told["rows"]
    assert by_steps["outputs"] == told["outputs"]
    assert "times" not in by_steps


def test_the_steps_give_what_run_gives_of_reads_and_a_cohort_table(
    demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = demo / "cell_lines"
    monkeypatch.chdir(lines)
    sheet, calls = tmp_path / "sheet", tmp_path / "calls"
    done("samplesheet", "--samplesheet", "inputs/samplesheet.csv", "-o", sheet)
    folders = run_tasks(sheet, tmp_path / "tasks", monkeypatch)
    done("assign", "--samplesheet", sheet / "samplesheet.csv", *folders, "-o", calls)
    assert differing(lines / "calls", calls) == ["manifest.json"]
    (of_reads,) = [folder for folder in folders if "detect" in folder.parent.name]
    assert (of_reads / "detect.html").is_file()
    assert not (calls / "detect.html").exists()


def test_a_plan_names_no_sample_in_its_tasks_and_does_not_change_when_rows_are_added(
    tmp_path: Path,
) -> None:
    rows = [
        "P1,S1,auto,one/a.tsv,",
        "P2,S2,fastq,s3://bucket/two_1.fq.gz,s3://bucket/two_2.fq.gz",
        "P3,S3,bam,/data/x.bam,",
    ]
    sheet = tmp_path / "sheet.csv"
    plans = []
    for number, listed in enumerate((rows, ["P0,S0,fastq,new.fq,", *rows])):
        sheet.write_text("\n".join(["patient,sample,source,file,file_2", *listed]), "utf-8")
        done(
            "samplesheet",
            "--samplesheet",
            sheet,
            "--folder",
            "gs://b/k",
            "-o",
            tmp_path / f"{number}",
        )
        plans.append({task["task"]: task for task in tasks_of(tmp_path / f"{number}")})
    first, second = plans
    assert set(first) < set(second)
    assert all(second[task]["sheet"] == first[task]["sheet"] for task in first)
    assert not any("S" in task for task in second)
    files = {file["file"] for task in second.values() for file in task["files"]}
    assert files == {
        "gs://b/k/new.fq",
        "gs://b/k/one/a.tsv",
        "s3://bucket/two_1.fq.gz",
        "s3://bucket/two_2.fq.gz",
        "/data/x.bam",
    }
    (aligned,) = [task for task in first.values() if task["name"] == "S3"]
    assert aligned["indexes"] == ["/data/x.bam.bai", "/data/x.bai", "/data/x.bam.csi"]


def test_samples_that_a_file_system_would_confuse_get_folders_of_their_own(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    samples = ("a b", "a:b", "A_b", "a_b_2")
    rows = [f"P{i},{sample},fastq,{i}.fq" for i, sample in enumerate(samples)]
    sheet.write_text("\n".join(["patient,sample,source,file", *rows]), "utf-8")
    done("samplesheet", "--samplesheet", sheet, "-o", tmp_path / "plan")
    names = [str(task["name"]) for task in tasks_of(tmp_path / "plan")]
    assert len({name.casefold() for name in names}) == len(samples)
    assert all(name.replace("_", "").isalnum() for name in names)


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A sheet of a good file, one without a byte, one that is no table, and reads cut off."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    shutil.copy(EXAMPLE / "synthetic/calls/star-fusion/SYN02.tsv", folder / "good.tsv")
    (folder / "empty.tsv").touch()
    (folder / "corrupt.tsv").write_bytes(b"\x00\x01\x02" * 50)
    reads = (EXAMPLE / "cell_lines/reads/EOL1_1.fastq.gz").read_bytes()
    (folder / "cut_1.fastq.gz").write_bytes(reads[: len(reads) // 2])
    rows = (
        "P1,S1,star-fusion,good.tsv",
        "P2,S2,star-fusion,empty.tsv",
        "P3,S3,star-fusion,corrupt.tsv",
        "P4,S4,fastq,cut_1.fastq.gz",
    )
    sheet = folder / "samplesheet.csv"
    sheet.write_text("\n".join(["patient,sample,source,file", *rows]), "utf-8")
    return sheet


def test_a_file_that_cannot_be_read_ends_a_run_unless_it_is_told_to_go_on(
    damaged: Path, tmp_path: Path
) -> None:
    refused = kmt2a("run", "--samplesheet", damaged, "-o", tmp_path / "out")
    assert refused.exit_code != 0
    assert not (tmp_path / "out").exists()
    result = done("run", "--samplesheet", damaged, "--keep-going", "-o", tmp_path / "out")
    assert "2 files not read" in result.output
    lines = [line for line in result.stderr.splitlines() if "not read: " in line]
    assert [line.split(":")[2].split(",")[0].strip() for line in lines] == [
        "corrupt.tsv",
        "cut_1.fastq.gz",
    ]
    aside = table(tmp_path / "out/calls/set_aside.tsv")
    assert [(row["file"], row["disposition"]) for row in aside] == [
        ("empty.tsv", "flagged"),
        ("corrupt.tsv", "unread"),
        ("cut_1.fastq.gz", "unread"),
    ]
    patients = {
        row["patient"]: row["status"] for row in table(tmp_path / "out/reconciled/patients.tsv")
    }
    assert patients["P3"] == patients["P4"] == "not_evaluable"
    assert patients["P1"] == "rearranged"
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    (sheet,) = [item for item in manifest["inputs"] if item["role"] == "samplesheet"]
    assert (sheet["rows_in"], sheet["rows_used"], sheet["rows_set_aside"]) == (4, 2, 2)
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "2 files could not be read" in page


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def test_steps_that_go_on_give_what_such_a_run_gives(
    damaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(damaged.parent)
    done("run", "--samplesheet", "samplesheet.csv", "--keep-going", "-o", tmp_path / "run")
    sheet, calls, reconciled, whole = (
        tmp_path / name for name in ("sheet", "calls", "reconciled", "whole")
    )
    done("samplesheet", "--samplesheet", "samplesheet.csv", "--batch-size", 1, "-o", sheet)
    folders = run_tasks(sheet, tmp_path / "tasks", monkeypatch, "--keep-going")
    done("assign", "--samplesheet", sheet / "samplesheet.csv", *folders, "-o", calls)
    done("reconcile", "--calls", calls / "kmt2a.tsv", "-o", reconciled)
    done("report", sheet, calls, reconciled, "-o", whole)
    assert differing(tmp_path / "run", whole) == ["manifest.json"]


def test_a_task_that_left_nothing_is_named_or_noted(
    damaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "sheet"
    done("samplesheet", "--samplesheet", damaged, "--batch-size", 1, "-o", sheet)
    folders = run_tasks(sheet, tmp_path / "tasks", monkeypatch, "--keep-going")
    left = [folder for folder in folders if folder.parent.name != "calls_00001"]
    given = ("assign", "--samplesheet", sheet / "samplesheet.csv", *left, "-o", tmp_path / "calls")
    refused = kmt2a(*given)
    assert refused.exit_code == 1
    assert str(refused.exception).startswith(
        "good.tsv: the task that was to read it ended without a result"
    )
    done(*given, "--keep-going")
    aside = table(tmp_path / "calls/set_aside.tsv")
    assert [row["file"] for row in aside if row["disposition"] == "unread"] == [
        "good.tsv",
        "corrupt.tsv",
        "cut_1.fastq.gz",
    ]


def test_a_step_names_no_output_outside_its_folder(damaged: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet"
    done("samplesheet", "--samplesheet", damaged, "-o", sheet)
    manifest = json.loads((sheet / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"]["../inputs/good.tsv"] = ""
    (sheet / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    refused = kmt2a("report", sheet, "-o", tmp_path / "whole")
    assert "expected outputs inside the folder" in str(refused.exception)
    assert not (tmp_path / "whole").exists()


def test_steps_may_share_a_folder(tmp_path: Path) -> None:
    done("calls", EXAMPLE / "synthetic/calls/star-fusion/SYN02.tsv", "-o", tmp_path)
    done("assign", tmp_path / "calls.tsv", "-o", tmp_path)
    done("reconcile", "--calls", tmp_path / "kmt2a.tsv", "-o", tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names >= {"calls.tsv", "files.tsv", "kmt2a.tsv", "patients.tsv", "evidence.tsv"}


def test_a_prefix_lets_outputs_lie_in_one_folder(tmp_path: Path) -> None:
    folder = EXAMPLE / "synthetic/calls/star-fusion"
    for name in ("SYN02", "SYN03"):
        done("calls", folder / f"{name}.tsv", "--prefix", name, "-o", tmp_path)
        done("assign", tmp_path / f"{name}.calls.tsv", "--prefix", name, "-o", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} >= {
        "SYN02.calls.tsv",
        "SYN03.calls.tsv",
        "SYN02.kmt2a.tsv",
        "SYN03.files.tsv",
        "SYN03.manifest.json",
    }
    assert table(tmp_path / "SYN03.kmt2a.tsv")[0]["sample"] == "SYN03"
    wrong = kmt2a("calls", folder / "SYN02.tsv", "--prefix", "../x", "-o", tmp_path)
    assert wrong.exit_code == 2
    assert "'--prefix'" in wrong.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("calls", "-o", "x"), "give files or --samplesheet"),
        (("detect", "-o", "x"), "give files or --samplesheet"),
        (("assign", "-o", "x"), "give tables of calls"),
        (("samplesheet", "-o", "x"), "give --samplesheet, --rnafusion or both"),
        (
            ("samplesheet", "--rnafusion", "d", "--folder", "f", "-o", "x"),
            "goes with --samplesheet",
        ),
        (("report", "a", "b"), "go with -o"),
        (("calls", "f", "--keep-going", "-o", "x"), "goes with --samplesheet"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(arguments: tuple[str, ...], said: str) -> None:
    refused = kmt2a(*arguments)
    assert refused.exit_code == 2
    assert said in refused.output


def test_the_sheet_of_the_test_profile_is_the_synthetic_cohort_and_the_reads() -> None:
    sheet = read_samplesheet(EXAMPLE / "nextflow/samplesheet.csv")
    cohort = read_samplesheet(EXAMPLE / "synthetic/samplesheet.csv")
    assert [(row.patient, row.sample, row.source, row.path.resolve()) for row in sheet[:-1]] == [
        (row.patient, row.sample, row.source, row.path.resolve()) for row in cohort
    ]
    assert all(path.is_file() for row in sheet for _, _, path in row.files)
    assert len(sheet[-1].files) == 2


def test_commands_step_by_step_as_the_readme_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(EXAMPLE / "synthetic/calls/arriba", tmp_path / "arriba")
    rows = [f"P{n},S{n},arriba,arriba/SYN{n}.tsv" for n in ("02", "03", "05")]
    sheet = tmp_path / "samplesheet.csv"
    sheet.write_text("\n".join(["patient,sample,source,file", *rows]), "utf-8")
    (tmp_path / "assays.csv").write_text("patient,assay,result\nP02,fish,positive\n", "utf-8")
    done("calls", "--samplesheet", "samplesheet.csv", "-o", "calls")
    done("assign", "--samplesheet", "samplesheet.csv", "calls", "-o", "assigned")
    done("reconcile", "--calls", "assigned", "--assays", "assays.csv", "-o", "reconciled")
    done("report", "assigned", "reconciled", "-o", "results")
    done("run", "--samplesheet", "samplesheet.csv", "--assays", "assays.csv", "-o", "run")
    # The steps were given no sheet of the whole, which the report lists among the inputs.
    for part in ("calls", "reconciled", "multiqc"):
        assert differing(tmp_path / "run" / part, tmp_path / "results" / part) == []

    done("assign", "calls", "-o", "by_folder")
    wrong = kmt2a("reconcile", "--calls", "calls/calls.tsv", "-o", "x")
    assert "found a table of calls; give what `kmt2a assign` wrote" in str(wrong.exception)
    wrong = kmt2a("report", "calls", "assigned", "-o", "x")
    assert "leave it out: what `assign` wrote holds it" in str(wrong.exception)
    said = done("calls", "--samplesheet", "samplesheet.csv", "--prefix", "lab", "-o", "p").output
    assert said.rstrip().endswith("p/lab.calls.tsv")
