"""The real Nextflow, as `containers/nextflow.sh` installs it, and what a run of it left."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
PIPELINE = ROOT / "workflows"
INSTALL = ROOT / "containers" / "nextflow.sh"
# A run of a test takes seconds; one that has not ended after this long never will.
_LONGEST = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A command of Nextflow that has ended.

    Attributes:
        folder: Where it was started.
        status: Its exit code.
        said: What it printed.
        trace: The rows of its trace, one an attempt at a task, in the order of their ends.
    """

    folder: Path
    status: int
    said: str
    trace: tuple[Mapping[str, str], ...] = ()

    @property
    def statuses(self) -> dict[str, str]:
        """What became of each task, `CALLS (calls_00001)`, in its last attempt.

        COMPLETED, CACHED, FAILED or ABORTED.
        """
        return {row["name"]: row["status"] for row in self.trace}

    def of(self, process: str) -> list[str]:
        """What became of the tasks of one process, in the order of the alphabet."""
        return sorted(
            status for task, status in self.statuses.items() if task.split()[0] == process
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Nextflow:
    """Nextflow with this clone's pipeline and `kmt2a`.

    Attributes:
        launcher: The command.
        home: What stands for the user's folder of Nextflow, so that no settings of theirs are read.
        pipeline: The folder of `main.nf`.
    """

    launcher: Path
    home: Path
    pipeline: Path = PIPELINE

    def start(
        self, folder: Path, *arguments: str | Path, parser: str = "v1"
    ) -> subprocess.Popen[str]:
        """Start a command of Nextflow in a folder: `run`, `lint`, `config` …

        The parser is the one that Nextflow 25 takes unless told otherwise. Its strict one does not
        hand parameters to the configuration before 25.10 (its issue 6363), so that it is for what
        gives none.
        """
        return self._start(folder, [self.launcher, *arguments], parser)

    def groovy(self, folder: Path, source: str, *arguments: str | Path) -> Run:
        """Run a few lines of Groovy, which can use Nextflow's own parts, in a folder."""
        command = ["java", "-cp", self.launcher.parent / "jars" / "*", "groovy.ui.GroovyMain"]
        return self._ended(folder, self._start(folder, [*command, "-e", source, *arguments], "v2"))

    def _start(
        self, folder: Path, command: Sequence[str | Path], parser: str
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env={**self._environment(), "NXF_SYNTAX_PARSER": parser},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # The tasks of a run that is ended are ended with it.
            start_new_session=True,
        )

    def call(self, folder: Path, *arguments: str | Path, parser: str = "v1") -> Run:
        """Run a command of Nextflow in a folder and wait for its end."""
        return self._ended(folder, self.start(folder, *arguments, parser=parser))

    def _ended(self, folder: Path, process: subprocess.Popen[str]) -> Run:
        try:
            said, _ = process.communicate(timeout=_LONGEST)
        except subprocess.TimeoutExpired:
            self.end(process)
            pytest.fail(f"{process.args!r} did not end after {_LONGEST} s")
        return Run(folder=folder, status=process.returncode, said=said)

    def run(self, folder: Path, *arguments: str | Path, parser: str = "v1") -> Run:
        """Run the pipeline in a folder; `work` and `results` are made there."""
        before = _traces(folder)
        done = self.call(folder, "run", self.pipeline, *arguments, parser=parser)
        new = sorted(_traces(folder) - before)
        return replace(done, trace=read_trace(new[-1]) if new else ())

    def end(self, process: subprocess.Popen[str]) -> None:
        """End a command and its tasks at once, as a machine that goes down does."""
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def _environment(self) -> Mapping[str, str]:
        # The pipeline finds the `kmt2a` that is tested, not another one of the machine.
        paths = [str(Path(sys.executable).parent), os.environ["PATH"]]
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("NXF_", "KMT2A_"))
        }
        return inherited | {"PATH": os.pathsep.join(paths), "NXF_HOME": str(self.home)}


def install(home: Path) -> Nextflow:
    """Nextflow for tests, as `containers/nextflow.sh` finds or installs it."""
    done = subprocess.run(["/bin/bash", INSTALL], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"the tests need Nextflow: bash containers/nextflow.sh: {done.stderr}")
    return Nextflow(launcher=Path(done.stdout.strip()), home=home)


def read_trace(path: Path) -> tuple[Mapping[str, str], ...]:
    """The rows of a trace of Nextflow."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, dialect="excel-tab"))


def _traces(folder: Path) -> set[Path]:
    return set(folder.glob("*/pipeline_info/execution_trace_*.txt"))
