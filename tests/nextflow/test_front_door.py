"""What the pipeline says before it starts anything, and that its files are in order."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fusion_caller.records import Source
from fusion_caller.samplesheet import AUTO

pytestmark = pytest.mark.xdist_group("nextflow_front")

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"
SCHEMA = json.loads((WORKFLOWS / "nextflow_schema.json").read_text(encoding="utf-8"))
SHEET_SCHEMA = json.loads((WORKFLOWS / "assets" / "schema_input.json").read_text(encoding="utf-8"))
SCRIPTS = sorted(
    str(path.relative_to(WORKFLOWS))
    for pattern in ("*.nf", "modules/*.nf", "*.config", "conf/*.config")
    for path in WORKFLOWS.glob(pattern)
)
# One file at a time: with the parts that Maven Central has, lint ends in an error of its own at a
# file that includes another and has no fault. Where there is a fault, it is printed first.
LINT_EACH = """
args.each { file ->
    println file
    new nextflow.cli.Launcher().command(['lint', file] as String[]).run()
}
"""


def said(output: str) -> list[str]:
    """The lines that a run printed, without what Nextflow says of itself."""
    own = ("N E X T F L O W", "Launching")
    return [line for line in output.splitlines() if line.strip() and not line.startswith(own)]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "give --input samplesheet.csv or --rnafusion folder; --help lists the parameters"),
        (["--inptu", "a.csv"], "no such parameter: --inptu; --help lists them"),
        (["--input", "none.csv"], "--input none.csv: no such file"),
        (
            ["--input", "none.csv", "--outdir", "old"],
            (
                "--outdir old already holds results; give another, or go on with that run: "
                "-resume SESSION, by its id in `nextflow log`"
            ),
        ),
    ],
    ids=["nothing", "misspelt", "no-file", "old-results"],
)
def test_what_cannot_run_is_refused_in_one_line(
    nextflow: Any, tmp_path: Path, arguments: list[str], line: str
) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "report.html").touch()
    refused = nextflow.run(tmp_path, *arguments)
    assert refused.status == 1
    assert said(refused.said) == [line]


def test_help_tells_of_every_parameter(nextflow: Any, tmp_path: Path) -> None:
    helped = nextflow.run(tmp_path, "--help")
    assert helped.status == 0
    for group in SCHEMA["$defs"].values():
        assert group["title"] in helped.said
        for name, about in group["properties"].items():
            assert (f"--{name} " in helped.said) != about.get("hidden", False)
            assert about.get("hidden") or about["description"] in helped.said


def test_stub_goes_through_every_process_with_the_strict_parser(
    nextflow: Any, tmp_path: Path
) -> None:
    for name in ("samplesheet.csv", "clinical.csv", "genome.fa", "genes.gtf"):
        (tmp_path / name).touch()
    arguments = ("--input", "samplesheet.csv", "--clinical", "clinical.csv")
    arguments += ("--align", "--genome", "genome.fa", "--gtf", "genes.gtf")
    # STAR asks for more than a small machine has, which that profile limits.
    arguments += ("-profile", "test")
    done = nextflow.run(tmp_path, *arguments, "-stub", parser="v2")
    assert done.status == 0, done.said
    processes = {
        re.search(r"^process (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)[1]
        for path in (WORKFLOWS / "modules").glob("*.nf")
        if path.name != "shell.nf"
    }
    assert {task.split()[0] for task in done.statuses} == processes
    assert set(done.statuses.values()) == {"COMPLETED"}
    results = tmp_path / "results"
    assert (results / "report.html").exists()
    assert (results / "detect" / "stub" / "detect.html").exists()
    versions = (results / "pipeline_info" / "software_versions.yml").read_text(encoding="utf-8")
    assert re.search(r"^REPORT:\n  kmt2a: \S+$", versions, re.MULTILINE)


def test_parameters_of_the_schema_are_those_of_the_configuration(
    nextflow: Any, tmp_path: Path
) -> None:
    shown = nextflow.call(tmp_path, "config", "-flat", nextflow.pipeline)
    assert shown.status == 0, shown.said
    configured = dict(re.findall(r"^params\.(\w+) = (.*)$", shown.said, re.MULTILINE))
    described = {
        name: about
        for group in SCHEMA["$defs"].values()
        for name, about in group["properties"].items()
    }
    assert set(described) == set(configured)
    for name, about in described.items():
        if name != "trace_report_suffix":  # the time
            default = about.get("default")
            shown_as = repr(default) if isinstance(default, str) else json.dumps(default)
            assert configured[name] == shown_as, name
    # A portal shows what the groups hold, and every group is named.
    assert [ref["$ref"] for ref in SCHEMA["allOf"]] == [
        f"#/$defs/{name}" for name in SCHEMA["$defs"]
    ]


def test_every_profile_is_one_that_nextflow_reads(nextflow: Any, tmp_path: Path) -> None:
    shown = nextflow.call(tmp_path, "config", "-show-profiles", nextflow.pipeline)
    assert shown.status == 0, shown.said
    profiles = shown.said.split("profiles {", 1)[1]
    engines = ("docker", "singularity", "apptainer", "podman", "conda")
    for engine in engines:
        assert re.search(
            rf"^   {engine} \{{\n      {engine} \{{\n         enabled = true",
            profiles,
            re.MULTILINE,
        )
    for profile, executor in {
        "slurm": "slurm",
        "awsbatch": "awsbatch",
        "googlebatch": "google-batch",
        "kubernetes": "k8s",
    }.items():
        inside = re.search(rf"^   {profile} \{{\n(.*?)^   \}}", profiles, re.MULTILINE | re.DOTALL)
        assert inside
        assert f"executor = '{executor}'" in inside[1]


@pytest.fixture(scope="module")
def linted(nextflow: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What `nextflow lint` finds in each file, and in one that is wrong."""
    folder = tmp_path_factory.mktemp("lint")
    bad = (WORKFLOWS / "modules" / "calls.nf").read_text(encoding="utf-8")
    shutil.copy(WORKFLOWS / "modules" / "shell.nf", folder)
    (folder / "bad.nf").write_text(bad.replace("task.ext.args", "tusk.ext.args"))
    done = nextflow.groovy(
        folder,
        LINT_EACH,
        *(WORKFLOWS / script for script in SCRIPTS),
        folder / "bad.nf",
    )
    found: dict[str, list[str]] = {}
    name = ""
    for line in done.said.splitlines():
        path = Path(line)
        if path.is_absolute() and path.is_file():
            inside = path.is_relative_to(WORKFLOWS)
            name = str(path.relative_to(WORKFLOWS)) if inside else path.name
        elif line.startswith("Linting: "):
            found[name] = []
        elif re.match(r"(Error|Warn) ", line):
            found[name].append(line)
    return found


@pytest.mark.parametrize("script", SCRIPTS)
def test_file_follows_the_strict_syntax(linted: dict[str, list[str]], script: str) -> None:
    assert linted[script] == []


def test_lint_finds_what_is_wrong(linted: dict[str, list[str]]) -> None:
    assert any("`tusk` is not defined" in line for line in linted["bad.nf"])


def test_sheet_schema_knows_what_the_command_reads() -> None:
    columns = SHEET_SCHEMA["items"]["properties"]
    assert set(columns["source"]["enum"]) == {AUTO, "", *Source}
    assert SHEET_SCHEMA["items"]["required"] == ["patient", "sample", "source", "file"]
    good = {"patient": "P 1", "sample": "P1-R", "source": "auto", "file": "a.tsv"}
    checker = jsonschema.Draft202012Validator(SHEET_SCHEMA)
    assert checker.is_valid([good, good | {"date": "2020-01-31", "timepoint": "relapse"}])
    for bad in ({"source": "arribba"}, {"date": "31.1.2020"}, {"file": ""}, {"patient": "../P"}):
        assert not checker.is_valid([good | bad]), bad
    assert all(column["errorMessage"] for column in columns.values())


def test_nf_tests_are_groovy(nextflow: Any, tmp_path: Path) -> None:
    """They are for users who have nf-test; here they are read as far as a parser goes."""
    files = sorted((WORKFLOWS / "tests").glob("*.nf.test"))
    assert files
    source = "args.each { new groovy.lang.GroovyShell().parse(new File(it)) }"
    done = nextflow.groovy(tmp_path, source, *files)
    assert done.status == 0, done.said
