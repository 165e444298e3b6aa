"""What is installed is what is in the tree: the wheel, the locks and what the scripts rely on."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# One process builds the wheel once for all tests here.
pytestmark = pytest.mark.xdist_group("packaging")

ROOT = Path(__file__).parents[2]
PACKAGES = ("fusion_caller", "outcomes", "workflows")
LOCKS = ("build", "multiqc", "runtime", "test")
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that no stale build folder of the tree gets into it."""
    tree = tmp_path_factory.mktemp("tree")
    for name in PACKAGES:
        copytree(ROOT / name, tree / name, ignore=ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (tree / name).write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (tree / "dist").iterdir()
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def target(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed wheel alone."""
    folder = tmp_path_factory.mktemp("a target with spaces")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--disable-pip-version-check", "--target", str(folder), str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def run(target: Path, *command: str | Path) -> str:
    """Run a command, outside the tree, that finds the installed wheel before the editable tree."""
    environment = {**os.environ, "PYTHONPATH": str(target)}
    done = subprocess.run(
        list(command), cwd=target, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("fusion_caller/knowledge", "*"),
        ("outcomes/presets", "*.yaml"),
        ("workflows/report", "*"),
        ("workflows/example", "*"),
        *((package, "py.typed") for package in PACKAGES),
        *((package, "*.py") for package in PACKAGES),
    ],
)
def test_every_file_of_the_packages_is_in_the_wheel(
    names: set[str], folder: str, pattern: str
) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and path.suffix != ".pyc"
    }
    assert expected, f"{folder} holds no {pattern}"
    assert expected - names == set()


def test_the_pipeline_is_not_in_the_wheel(names: set[str]) -> None:
    assert [name for name in names if name.endswith((".nf", ".config", ".test", ".sh"))] == []


def test_wheel_holds_the_three_packages_and_nothing_else(wheel: Path, names: set[str]) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    tops = {name.partition("/")[0] for name in names}
    information = f"kmt2a-{PYPROJECT['project']['version']}.dist-info"
    assert tops == {*PACKAGES, information}
    assert f"{information}/licenses/LICENSE" in names


@pytest.mark.parametrize("package", PACKAGES)
def test_installed_package_is_the_one_imported(target: Path, package: str) -> None:
    # Held so that the next test cannot pass on the editable tree.
    output = run(target, sys.executable, "-c", f"import {package}; print({package}.__path__[0])")
    assert output.strip() == str(target / package)


def test_installed_command_says_its_version(target: Path) -> None:
    output = run(target, target / "bin" / "kmt2a", "--version")
    assert PYPROJECT["project"]["version"] in output


def test_installed_command_explains_itself(target: Path) -> None:
    output = run(target, target / "bin" / "kmt2a", "--help")
    assert "demo" in output
    assert "run" in output


def locked(name: str) -> dict[str, Requirement]:
    """The pins of a lock, by normalised name."""
    text = (ROOT / "containers" / f"{name}.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-zA-Z][^\\\n]*?) \\$", text, flags=re.MULTILINE)
    requirements = [Requirement(pin) for pin in pins]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def pinned_version(requirement: Requirement) -> str:
    (specifier,) = requirement.specifier
    assert specifier.operator == "=="
    return specifier.version


def wanted() -> Iterator[tuple[str, str]]:
    """Each dependency that pyproject.toml names, with the lock that has to hold it."""
    project = PYPROJECT["project"]
    yield from (("build", line) for line in PYPROJECT["build-system"]["requires"])
    lines = (ROOT / "containers" / "multiqc.in").read_text(encoding="utf-8").splitlines()
    yield from (("multiqc", line) for line in lines if not line.startswith("#"))
    extras = project["optional-dependencies"]
    extra = [*extras["competing-risks"], *extras["synthesis"]]
    yield from (("runtime", line) for line in [*project["dependencies"], *extra])
    yield from (("test", line) for line in [*project["dependencies"], *extra])
    yield from (("test", line) for line in project["optional-dependencies"]["test"])


@pytest.mark.parametrize(("lock", "line"), list(wanted()))
def test_lock_meets_pyproject(lock: str, line: str) -> None:
    requirement = Requirement(line)
    pin = locked(lock).get(canonicalize_name(requirement.name))
    assert pin is not None, f"{line} is not in containers/{lock}.lock; run: make lock"
    assert requirement.specifier.contains(pinned_version(pin)), f"{pin}: run: make lock"


def test_test_environment_holds_the_runtime_one() -> None:
    # containers/venv.sh takes the one for the other.
    test = {name: str(pin) for name, pin in locked("test").items()}
    assert {name: str(pin) for name, pin in locked("runtime").items()}.items() <= test.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / "containers" / f"{lock}.lock").read_text(encoding="utf-8")
    pins = locked(lock)
    blocks = re.findall(r"^\S.*? \\\n    --hash=sha256:[0-9a-f]{64}\b", text, flags=re.MULTILINE)
    assert len(blocks) == len(pins) > 0
    assert not re.search(r"://|^-|file:|[ =]/", text, flags=re.MULTILINE)
