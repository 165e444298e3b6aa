"""R makes the reference again: the stored one is what R says, not what we think it says.

Takes the R on this machine, Debian's or another: values agree to a billionth, or to 1e-12 where
they are small, which leaves room for other versions of R's linear algebra. Entries that are
`kept`, those of coxphf, R does not make.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from pathlib import Path

import pytest

STORED = Path(__file__).parents[1] / "data" / "survival_reference"
REMEDY = (
    "R is missing or lacks a package; run: "
    "bash containers/debian.sh r-base-core r-cran-survival r-cran-cmprsk r-cran-jsonlite"
)

# R runs once.
pytestmark = pytest.mark.xdist_group("reference")


@pytest.fixture(scope="module")
def made_again(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reference")
    rscript = shutil.which("Rscript")
    assert rscript, REMEDY
    done = subprocess.run(
        [rscript, "--vanilla", str(STORED / "make_reference.R"), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{REMEDY}\n{done.stderr}"
    return folder


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, (*path, key))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from leaves(below, (*path, number))
    else:
        yield path, value


def same(one, other):
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return one == other


def test_every_value_is_made_again(made_again):
    stored, made = (
        dict(leaves(json.loads((folder / "r_reference.json").read_text(encoding="utf-8"))))
        for folder in (STORED, made_again)
    )
    assert list(made) == list(stored)
    assert len(stored) > 15_000
    assert [path for path, value in stored.items() if not same(made[path], value)] == []


@pytest.mark.parametrize("name", ["lung", "veteran", "mgus2", "pbc"])
def test_data_are_those_of_the_package(made_again, name):
    assert (made_again / f"{name}.csv").read_bytes() == (STORED / f"{name}.csv").read_bytes()


def test_what_is_kept_says_so():
    reference = json.loads((STORED / "r_reference.json").read_text(encoding="utf-8"))
    kept = [path for path, _ in leaves(reference) if path[-1] == "kept"]
    assert kept == [(name, "firth", "kept") for name in reference]
