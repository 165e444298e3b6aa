"""Wall time, processor time and peak memory of a command in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

# Runs a program, then prints its wall time and its peak memory, as the kernel counted it.
MEASURE = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
said = subprocess.run(sys.argv[1:], check=True, stdout=subprocess.PIPE, text=True).stdout
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = used.ru_utime + used.ru_stime
peak = used.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)  # macOS counts bytes
print(json.dumps({"wall_s": wall, "cpu_s": cpu, "peak_mb": peak, "said": said.strip()}))
"""


def measured(*arguments: str) -> dict[str, Any]:
    """Run this Python with arguments; give its seconds, megabytes and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, sys.executable, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(done.stdout))


def line(name: str, found: dict[str, Any]) -> str:
    """One measurement as a line of a table."""
    return (
        f"{name:20} {found['wall_s']:8.2f} s wall {found['cpu_s']:8.2f} s processor "
        f"{found['peak_mb']:6.0f} MB  {found['said']}"
    )
