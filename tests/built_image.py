"""The image, really built by `containers/image.sh`, and podman to run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ("podman", "buildah", "runc", "debootstrap")
NAME = "kmt2a:test"

# Podman inside a container or a small virtual machine, as continuous integration is one: no systemd
# for its control groups, no bridge for its network, low limits.
_ENGINE = """\
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
netns = "host"

[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
"""
# Of its own, so that nobody's images are seen or touched.
_STORAGE = """\
[storage]
driver = "{driver}"
graphroot = "{folder}/images"
runroot = "{folder}/run"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltImage:
    """An image in a storage of its own.

    Attributes:
        program: The path of podman.
        name: What it is called there.
        environment: The variables by which podman, and what starts it, finds that storage.
    """

    program: str
    name: str
    environment: Mapping[str, str]

    def podman(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command of podman."""
        return subprocess.run(
            [self.program, *map(str, arguments)],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )

    def run(self, options: tuple[str | Path, ...], *command: str) -> str:
        """Run a command in a new container, and return what it printed on either stream."""
        done = self.podman("run", "--rm", *options, self.name, *command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def inspected(self) -> Any:
        """What podman knows of the image."""
        return json.loads(self.podman("image", "inspect", self.name).stdout)[0]


def build(folder: Path) -> Iterator[BuiltImage]:
    """Build the image in a folder, hand it out, and remove it again: it has a gigabyte."""
    paths = {name: shutil.which(name) or "" for name in PROGRAMS}
    missing = [name for name, path in paths.items() if not path]
    if missing:
        pytest.fail(f"{missing} not found: bash containers/debian.sh {' '.join(PROGRAMS)}")
    engine, storage = folder / "containers.conf", folder / "storage.conf"
    environment = os.environ | {
        "CONTAINERS_CONF": str(engine),
        "CONTAINERS_STORAGE_CONF": str(storage),
        "BUILDAH_LAYERS": "false",
    }
    image = BuiltImage(program=paths["podman"], name=NAME, environment=environment)
    engine.write_text(_ENGINE)
    # Layers one above the other where the file system allows it, else whole copies.
    for driver in ("overlay", "vfs"):
        storage.write_text(_STORAGE.format(driver=driver, folder=folder))
        if image.podman("info").returncode == 0:
            break
    command = [shutil.which("bash") or "bash", str(ROOT / "containers" / "image.sh")]
    command += ["--builder", "buildah", "--base", "debootstrap", "--tag", NAME]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"containers/image.sh: {done.stdout}{done.stderr}")
    yield image
    image.podman("rmi", "--all", "--force")
