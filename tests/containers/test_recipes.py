"""What no test can build: read by the parsers of its format, and held against what is built."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from shutil import which
from typing import Any

import jinja2
import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
CONTAINERS = ROOT / "containers"
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
# As conda calls them.
CONDA_NAMES = {"isal": "python-isal", "matplotlib": "matplotlib-base"}
BASH = which("bash") or "bash"


def bounds(lines: list[str]) -> dict[str, str]:
    """The bounds of each package, by its name."""
    found = {requirement.name: requirement for requirement in map(Requirement, lines)}
    assert len(found) == len(lines)
    return {name: str(requirement.specifier) for name, requirement in found.items()}


def wanted() -> dict[str, str]:
    """The bounds of pyproject.toml under the names of conda, Python's own among them."""
    named = bounds(PROJECT["dependencies"])
    python = bounds([f"python{PROJECT['requires-python']}"])
    return python | {CONDA_NAMES.get(name, name): bound for name, bound in named.items()}


def recipe() -> dict[str, Any]:
    """The recipe, rendered as conda-build does it."""
    text = (CONTAINERS / "bioconda" / "meta.yaml").read_text(encoding="utf-8")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - no page
    rendered = environment.from_string(text).render(
        PYTHON="python", pin_subpackage=lambda name, max_pin: f"{name} of {max_pin}"
    )
    found: dict[str, Any] = yaml.safe_load(rendered)
    return found


def definition() -> tuple[dict[str, str], dict[str, list[str]]]:
    """The header of apptainer.def, and the lines of its sections."""
    text = (CONTAINERS / "apptainer.def").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    sections: dict[str, list[str]] = {"": []}
    for line in lines:
        if line.startswith("%"):
            sections[line[1:]] = []
        else:
            sections[list(sections)[-1]].append(line.strip())
    header = dict(line.split(": ", 1) for line in sections.pop(""))
    return header, sections


def dockerfile() -> list[str]:
    """The instructions of the Dockerfile, each in one line."""
    text = (CONTAINERS / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def docker_environment() -> dict[str, str]:
    (line,) = [line for line in dockerfile() if line.startswith("ENV ")]
    return dict(part.split("=", 1) for part in line.split()[1:])


def test_conda_has_the_bounds_of_the_project() -> None:
    given = yaml.safe_load((CONTAINERS / "environment.yml").read_text(encoding="utf-8"))
    assert given["channels"] == ["conda-forge", "bioconda"]
    *lines, by_pip = given["dependencies"]
    found = bounds(lines)
    assert found.pop("pip") == ""
    # pip takes these from pyproject.toml itself.
    young = {name: wanted()[name] for name in ("firthmodels", "greenwood")}
    assert found | young == wanted()
    # From this tree, whose folder the path is relative to.
    assert by_pip == {"pip": ["..[competing-risks]"]}
    assert "competing-risks" in PROJECT["optional-dependencies"]


def test_the_recipe_has_the_bounds_entry_point_and_licence_of_the_project() -> None:
    found = recipe()
    assert bounds(found["requirements"]["run"]) == wanted()
    host = bounds(found["requirements"]["host"])
    assert host.pop("pip") == ""
    assert host == bounds(
        [f"python{PROJECT['requires-python']}", *PYPROJECT["build-system"]["requires"]]
    )
    assert found["package"] == {"name": PROJECT["name"], "version": PROJECT["version"]}
    (entry,) = found["build"]["entry_points"]
    assert entry == f"kmt2a = {PROJECT['scripts']['kmt2a']}"
    assert found["build"]["noarch"] == "python"
    assert found["about"]["license"] == PROJECT["license"]
    assert found["about"]["summary"] == PROJECT["description"]
    source = CONTAINERS / "bioconda" / found["source"]["path"]
    assert source.resolve() == ROOT
    assert set(found["test"]["imports"]) == {"fusion_caller", "outcomes", "workflows"}


def test_singularity_takes_the_base_the_steps_and_the_environment_of_the_image() -> None:
    header, sections = definition()
    (base,) = [line for line in dockerfile() if line.startswith("ARG BASE=")]
    assert re.fullmatch(r"ARG BASE=docker\.io/library/debian:bookworm-20\d{6}-slim", base)
    assert header == {"Bootstrap": "docker", "From": base.rpartition("/")[2]}
    assert list(sections) == ["files", "post", "environment", "labels", "test", "runscript"]

    exported = dict(line.removeprefix("export ").split("=", 1) for line in sections["environment"])
    # Singularity itself says where the user's folder is.
    assert exported | {"HOME": "/tmp"} == docker_environment()  # noqa: S108 - in the image

    steps = [re.search(r"install\.sh (\w+)", line) for line in dockerfile()]
    here = [re.search(r"install\.sh (\w+)", line) for line in sections["post"]]
    assert [found[1] for found in here if found] == [found[1] for found in steps if found]
    assert [found[1] for found in here if found] == ["debian", "packages", "kmt2a"]

    copied = {line.split()[0]: line.split()[1] for line in sections["files"]}
    assert all(path == f"/tree/{name}" for name, path in copied.items())
    assert all((ROOT / name).exists() for name in copied)
    assert {name for name in copied if (ROOT / name).is_dir()} - {"containers"} == {
        "fusion_caller",
        "outcomes",
        "workflows",
    }


def test_code_is_compiled_for_the_processor_that_it_is_looked_up_by() -> None:
    text = (CONTAINERS / "install.sh").read_text(encoding="utf-8")
    for name, value in docker_environment().items():
        if name.startswith("NUMBA_"):
            assert re.search(rf"\b{name}={re.escape(value)}\b", text)


@pytest.mark.parametrize(
    ("script", "arguments"),
    [
        ("image.sh", ["--base"]),
        ("image.sh", ["--colour", "red"]),
        ("image.sh", ["--builder", "kaniko"]),
        ("install.sh", []),
        ("install.sh", ["everything"]),
    ],
)
def test_wrong_usage_is_one_line(script: str, arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [BASH, str(CONTAINERS / script), *arguments],
        env={"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert re.fullmatch(rf"usage: bash (containers/)?{script} .*\n", done.stderr)


def test_a_missing_builder_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("dirname", "sed", "mkdir", "mktemp", "rm"):
        (programs / name).symlink_to(which(name) or "")
    done = subprocess.run(
        [BASH, str(CONTAINERS / "image.sh")],
        env={"PATH": str(programs), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == "error: buildah not found; run: bash containers/debian.sh buildah\n"
    assert not list((tmp_path / "cache" / "kmt2a" / "image").iterdir())


def test_an_archive_is_never_overwritten(tmp_path: Path) -> None:
    archive = tmp_path / "kmt2a.tar"
    archive.write_text("kept")
    done = subprocess.run(
        [BASH, str(CONTAINERS / "image.sh"), "--archive", str(archive)],
        env={"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == f"error: {archive} exists; remove it, or give --archive another name\n"
    assert archive.read_text() == "kept"
