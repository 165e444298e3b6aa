"""The Nextflow pipeline on many samples, by how many files a task reads.

    python benchmarks/pipeline.py [--samples 200] [--batch-sizes 10 40 200] [--small]

Copies the bundled callers' files to as many samples as wanted, two files a sample, and runs the
pipeline on two processors once for each size, and `kmt2a run` on the same files beside it. Prints
wall time, tasks, and the times of CALLS; from two sizes or more, what a task takes for itself and
what for each file, and from that what any number of samples would take.

Needs Nextflow, which `bash containers/nextflow.sh` installs. With the defaults it takes some five
minutes; `--small` (six samples, one size) half a minute.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import fmean, linear_regression

ROOT = Path(__file__).resolve().parents[1]
CALLS = ROOT / "workflows" / "example" / "synthetic" / "calls"
CALLERS = ("star-fusion", "arriba")
CONFIG = """
executor { cpus = 2 }
process { withLabel: 'process_low|process_single' { cpus = 1 } }
process.afterScript = 'times > times.txt'
trace { raw = true; fields = 'name,realtime,workdir' }
"""
LARGE, LARGE_BATCHES = 10_000, (20, 100, 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A run of the pipeline.

    Attributes:
        batch_size: The files that a task reads.
        wall: The seconds of the whole run.
        tasks: By process, the seconds and the processor seconds of each task.
    """

    batch_size: int
    wall: float
    tasks: dict[str, list[tuple[float, float]]]

    @property
    def n_tasks(self) -> int:
        """All tasks."""
        return sum(map(len, self.tasks.values()))

    @property
    def calls_processor(self) -> float:
        """The mean processor seconds of a task of CALLS."""
        return fmean(processor for _, processor in self.tasks["CALLS"])


def make(folder: Path, samples: int) -> None:
    """Write a sample sheet and its files."""
    sheet = ["patient,sample,source,file"]
    bundled = [cycle(sorted((CALLS / caller).glob("*.tsv"))) for caller in CALLERS]
    for number, files in zip(range(1, samples + 1), zip(*bundled, strict=True), strict=False):
        for caller, file in zip(CALLERS, files, strict=True):
            copy = Path(caller) / f"S{number:05}.tsv"
            (folder / copy).parent.mkdir(exist_ok=True)
            shutil.copy(file, folder / copy)
            sheet.append(f"P{number:05},S{number:05},{caller},{copy}")
    (folder / "samplesheet.csv").write_text("\n".join([*sheet, ""]), encoding="utf-8")


def run_pipeline(launcher: str, folder: Path, batch_size: int) -> Timed:
    """Run the pipeline, with nothing kept from an earlier run."""
    config = folder / "two_processors.config"
    config.write_text(CONFIG, encoding="utf-8")
    results = f"results_{batch_size}"
    command = [launcher, "-q", "run", str(ROOT / "workflows"), "-c", str(config)]
    command += ["-w", f"work_{batch_size}", "--input", "samplesheet.csv", "--outdir", results]
    command += ["--batch_size", str(batch_size)]
    # The kmt2a of this tree; and the parser of Nextflow 25 that hands parameters to its settings.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {"PATH": path, "NXF_SYNTAX_PARSER": "v1"}
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdin=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    (trace,) = (folder / results / "pipeline_info").glob("execution_trace_*.txt")
    tasks: dict[str, list[tuple[float, float]]] = {}
    with trace.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, dialect="excel-tab"):
            seconds = float(row["realtime"]) / 1000
            measured = seconds, processor_seconds(Path(row["workdir"]) / "times.txt")
            tasks.setdefault(row["name"].split()[0], []).append(measured)
    return Timed(batch_size=batch_size, wall=wall, tasks=tasks)


def processor_seconds(times: Path) -> float:
    """What a task and its wrapper used, as bash's `times` tells it: `0m1.250s 0m0.125s`, twice."""
    used = (text.rstrip("s").split("m") for text in times.read_text(encoding="ascii").split())
    return sum(60 * int(minutes) + float(seconds) for minutes, seconds in used)


def run_alone(folder: Path) -> float:
    """The seconds of `kmt2a run` on the same sheet."""
    command = [sys.executable, "-m", "workflows.cli", "run"]
    command += ["--samplesheet", "samplesheet.csv", "-o", "alone"]
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def outlook(runs: list[Timed]) -> list[str]:
    """What a task takes for itself and for a file, and what many samples would take."""
    sizes = [timed.batch_size for timed in runs]
    per_file, per_task = linear_regression(sizes, [timed.calls_processor for timed in runs])
    lines = [
        f"a task of CALLS: {per_task:.2f} s for itself, {per_file * 1000:.1f} ms for each file"
    ]
    files = LARGE * len(CALLERS)
    for size in LARGE_BATCHES:
        n_tasks = -(-files // size)
        hours = (n_tasks * per_task + files * per_file) / 3600
        lines.append(
            f"{LARGE:,} samples, {files:,} files, {size} a task: {n_tasks:,} tasks of "
            f"{per_task + size * per_file:.1f} s, {hours:.2f} processor hours"
        )
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[10, 40, 200])
    parser.add_argument("--small", action="store_true", help="six samples, one size")
    arguments = parser.parse_args()
    samples = 6 if arguments.small else arguments.samples
    sizes = [4] if arguments.small else arguments.batch_sizes
    install = ["/bin/bash", str(ROOT / "containers" / "nextflow.sh")]
    launcher = subprocess.run(install, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make(folder, samples)
        print(f"{samples} samples, {samples * len(CALLERS)} files, two processors")
        print(f"kmt2a run: {run_alone(folder):.1f} s")
        runs = []
        for size in sizes:
            timed = run_pipeline(launcher, folder, size)
            runs.append(timed)
            others = {name: times for name, times in timed.tasks.items() if name != "CALLS"}
            cohort = sum(seconds for times in others.values() for seconds, _ in times)
            print(
                f"{size} files a task: {timed.wall:.1f} s wall, {timed.n_tasks} tasks; CALLS "
                f"{fmean(seconds for seconds, _ in timed.tasks['CALLS']):.2f} s each "
                f"({timed.calls_processor:.2f} of a processor), the other steps {cohort:.1f} s"
            )
    if len(runs) > 1:
        print("\n".join(outlook(runs)))


if __name__ == "__main__":
    main()
