"""The pages of the pipeline name its parameters and its files, all of them and no others."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path

import pytest

WORKFLOWS = Path(__file__).parents[2] / "workflows"
USAGE = (WORKFLOWS / "docs" / "usage.md").read_text(encoding="utf-8")
OUTPUT = (WORKFLOWS / "docs" / "output.md").read_text(encoding="utf-8")
# What only some runs write; tests/nextflow and tests/slurm look at those of the pipeline itself.
SOMETIMES = ("detect/", "star/", "pipeline_info/", "calls/fusions.fa")


def parameters() -> set[str]:
    schema = json.loads((WORKFLOWS / "nextflow_schema.json").read_text(encoding="utf-8"))
    return {name for group in schema["$defs"].values() for name in group["properties"]}


def first_cells(title: str) -> str:
    """What stands in the first column of the tables of a section."""
    section = USAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return " ".join(re.findall(r"^\| (.*?) \|", section, flags=re.MULTILINE))


def patterns() -> set[str]:
    """Paths in the page, `<a, b>` as each of its words and `<anything>` as what may be there."""
    found = set()
    for path in re.findall(r"`((?:[a-z_]+/|report\.|manifest\.)[^`]*[^`/])`", OUTPUT):
        parts = re.split(r"<([^>]*)>", path)
        choices = [
            part.split(", ") if i % 2 and ", " in part else ["*" if i % 2 else part]
            for i, part in enumerate(parts)
        ]
        found |= {"".join(chosen) for chosen in product(*choices)}
    return found


def test_every_parameter_is_explained_and_no_other() -> None:
    listed = re.findall(r"`--(\w+)`", first_cells("Parameters by task"))
    assert sorted(listed) == sorted(parameters())


def test_commands_in_the_pages_take_parameters_that_there_are() -> None:
    for page in (USAGE, (WORKFLOWS / "README.md").read_text(encoding="utf-8")):
        commands = re.findall(r"nextflow run workflows(?:[^\n`]|\\\n)*", page)
        assert commands
        for command in commands:
            assert set(re.findall(r" --(\w+)", command)) <= parameters()


def test_every_profile_is_listed() -> None:
    config = (WORKFLOWS / "nextflow.config").read_text(encoding="utf-8")
    block = re.search(r"^profiles \{\n(.*?)^\}", config, flags=re.DOTALL | re.MULTILINE)
    assert block
    there = re.findall(r"^    (\w+) \{", block[1], flags=re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", first_cells("Profiles"))) == sorted(there)


def test_links_lead_somewhere() -> None:
    for page in (*WORKFLOWS.glob("*.md"), *(WORKFLOWS / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", text):
            linked = page.parent / target if target else page
            assert linked.exists(), target
            if anchor:
                titles = re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
                assert anchor in {
                    re.sub(r"[^\w -]", "", t).lower().replace(" ", "-") for t in titles
                }


@pytest.mark.xdist_group("demo")
def test_every_file_is_listed_and_there_is_no_other(demo: Path) -> None:
    found = set()
    for results in (demo, demo / "cell_lines"):
        inside = (path.relative_to(results) for path in results.rglob("*") if path.is_file())
        own = ("calls", "reconciled", "outcomes", "figures", "multiqc")
        found |= {str(path) for path in inside if path.parts[0] in own or len(path.parts) == 1}
    expected = patterns()
    assert {name for name in found if not any(fnmatchcase(name, p) for p in expected)} == set()
    unmet = {p for p in expected if not any(fnmatchcase(name, p) for name in found)}
    assert {p for p in unmet if not p.startswith(SOMETIMES)} == set()


@pytest.mark.parametrize("name", ["star_align", "detect"])
def test_files_of_a_sample_are_listed_where_its_process_writes(name: str) -> None:
    """`star/<sample>/` and `detect/<sample>/` are where the modules publish."""
    module = (WORKFLOWS / "modules" / f"{name}.nf").read_text(encoding="utf-8")
    folder = name.partition("_")[0]
    assert f'publishDir "${{params.outdir}}/{folder}"' in module
    assert any(pattern.startswith(f"{folder}/*/") for pattern in patterns())
