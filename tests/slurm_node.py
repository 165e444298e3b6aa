"""A SLURM of one node that lasts as long as a test run: `containers/slurm.sh`."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCRIPT = Path(__file__).parents[1] / "containers" / "slurm.sh"
SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Slurm:
    """A SLURM that takes jobs.

    Attributes:
        environment: In which its commands find it.
        log: A line for each job that has ended.
    """

    environment: dict[str, str]
    log: Path

    def run(self, *command: str) -> str:
        """Run a command of SLURM; give what it printed."""
        done = subprocess.run(
            command,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ended(self) -> dict[str, dict[str, str]]:
        """What SLURM noted of the jobs that have ended, by their number."""
        if not self.log.exists():
            return {}
        lines = self.log.read_text(encoding="utf-8").splitlines()
        rows = [dict(cell.split("=", 1) for cell in line.split() if "=" in cell) for line in lines]
        return {row["JobId"]: row for row in rows}

    def wait_for(self, job: str) -> dict[str, str]:
        """Wait until a job has ended; give what SLURM noted of it."""
        self._until(lambda: job in self.ended())
        return self.ended()[job]

    def wait_until_empty(self) -> None:
        """Wait until no job is left, and SLURM has noted the end of all."""
        self._until(lambda: not self.run("squeue", "--noheader"))

    def _until(self, has_come: Callable[[], bool]) -> None:
        until = time.monotonic() + SECONDS
        while not has_come():
            assert time.monotonic() < until, f"still waiting: {self.run('squeue')}"
            time.sleep(0.1)


@contextmanager
def one_node(log: Path) -> Iterator[Slurm]:
    """Start a SLURM, and end it.

    Args:
        log: Where what its script says goes.
    """
    if shutil.which("sbatch") is None:
        pytest.fail("sbatch not found: containers/debian.sh slurm-wlm munge")
    with log.open("wb") as errors:
        command = ["bash", str(SCRIPT), "sh", "-c", 'echo "$SLURM_CONF"; exec cat']
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as script:
            assert script.stdin is not None
            assert script.stdout is not None
            found = script.stdout.readline().strip()
            assert found, log.read_text(encoding="utf-8")
            yield Slurm(
                environment={**os.environ, "SLURM_CONF": found},
                log=Path(found).with_name("jobs.log"),
            )
            # It ends with its standard input.
            script.stdin.close()
            assert script.wait(SECONDS) == 0, log.read_text(encoding="utf-8")
