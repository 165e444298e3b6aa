"""The SLURM that the pipeline is tested on takes jobs, holds them to their limits and ends."""

import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

KMT2A = Path(sys.executable).with_name("kmt2a")
SCRIPT = Path(__file__).parents[2] / "containers" / "slurm.sh"

pytestmark = pytest.mark.xdist_group("slurm")


def test_job_runs_the_command(slurm: Any, tmp_path: Path) -> None:
    job = slurm.run("sbatch", "--parsable", f"--output={tmp_path}/out", f"--wrap={KMT2A} --version")
    ended = slurm.wait_for(job.strip())
    assert (ended["JobState"], ended["ExitCode"]) == ("COMPLETED", "0:0")
    assert (tmp_path / "out").read_text(encoding="utf-8").split()[-1] == version("kmt2a")


def test_exit_code_of_a_job_is_kept(slurm: Any, tmp_path: Path) -> None:
    job = slurm.run("sbatch", "--parsable", f"--output={tmp_path}/out", f"--wrap={KMT2A} calls")
    ended = slurm.wait_for(job.strip())
    assert (ended["JobState"], ended["ExitCode"]) == ("FAILED", "2:0")


def test_job_that_takes_more_memory_than_it_asked_for_is_killed(slurm: Any, tmp_path: Path) -> None:
    script = "b = bytearray(300_000_000); import time; time.sleep(60)"
    wrapped = f"--wrap={sys.executable} -c '{script}'"
    job = slurm.run("sbatch", "--parsable", "--mem=100M", f"--output={tmp_path}/out", wrapped)
    assert slurm.wait_for(job.strip())["ExitCode"] == "0:9"
    assert "exceeded memory limit" in (tmp_path / "out").read_text(encoding="utf-8")


def test_nothing_is_left_when_the_command_ends(tmp_path: Path) -> None:
    """Neither its job, its daemons nor its folder; and the exit code is the command's."""
    job = f"sbatch --output=/dev/null --wrap 'echo $$ > {tmp_path}/pid; sleep 600' > /dev/null"
    waits = f"until [ -s {tmp_path}/pid ]; do sleep 0.1; done; cat $(dirname $SLURM_CONF)/*.pid"
    bash = shutil.which("bash") or "bash"
    done = subprocess.run(
        [bash, SCRIPT, bash, "-c", f"{job}; {waits}; exit 7"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 7, done.stderr
    pids = [*done.stdout.split(), (tmp_path / "pid").read_text(encoding="ascii").strip()]
    assert len(pids) == 4
    assert [pid for pid in pids if _runs(pid)] == []


def _runs(pid: str) -> bool:
    """A zombie that nobody has waited for does not run."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
