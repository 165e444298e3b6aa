"""Survival of a million patients beside lifelines alone, and a cohort of 48 from files to figures.

    python benchmarks/survival.py [--rows 1000000]

Makes as many times in months to three decimals, half of them events, two groups and five
covariates, and runs on them, each in a process of its own:

* Kaplan-Meier: the estimate with Greenwood's standard error and the log-log interval;
* log-rank of two groups;
* Cox with five covariates and Efron's ties, to lifelines' own tolerance and to ours, which agrees
  with R to 1e-8.

Prints seconds and the peak of memory of each, imports and the making of the data left out of the
seconds, and the ratio to lifelines. Then runs `kmt2a outcomes` on the bundled example, from its
files to tables, models and figures.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from measure import line, measured

from workflows.example.make_example import write_example

DATA = """
import json, sys, time
import numpy as np, pandas as pd
rng, n = np.random.default_rng(20260101), int(sys.argv[1])
x = rng.standard_normal((n, 5))
t = np.round(rng.exponential(30 * np.exp(-0.3 * x[:, 0])) + 0.001, 3)
e, g = (rng.random(n) < 0.5).astype(int), rng.integers(0, 2, n)
names = [f"x{number}" for number in range(5)]
frame = pd.DataFrame(x, columns=names).assign(t=t, e=e)
"""
# Last line: time, then what was found, so that the two sides can be compared.
RUN = """
start = time.perf_counter()
found = run()
print(json.dumps({"seconds": time.perf_counter() - start, "found": float(found)}))
"""
SIDES = {
    "Kaplan-Meier": (
        """
from lifelines import KaplanMeierFitter
def run(): return KaplanMeierFitter().fit(t, e).predict(24)
""",
        """
from outcomes.statistics.survival import kaplan_meier
def run(): return kaplan_meier(t, e).at(24).survival
""",
    ),
    "log-rank": (
        """
from lifelines.statistics import logrank_test
def run(): return logrank_test(t[g == 0], t[g == 1], e[g == 0], e[g == 1]).test_statistic
""",
        """
from outcomes.statistics.survival import logrank
def run(): return logrank(t, e, g).chi_square
""",
    ),
    "Cox, 5 covariates": (
        """
from lifelines import CoxPHFitter
def run(): return CoxPHFitter().fit(frame, "t", "e").params_["x0"]
""",
        """
from outcomes.statistics.cox import cox
from outcomes.statistics.design import design
def run():
    numbers = design(frame, duration="t", event="e", covariates=names, where="")
    return cox(numbers).terms[0].coefficient
""",
    ),
}
KMT2A = """
import sys
from workflows.cli import main
sys.argv[0] = "kmt2a"
main()
"""


def timed(code: str, rows: int) -> dict[str, Any]:
    """Run one side in a process of its own; give its seconds, its peak and what it found."""
    found = measured("-c", DATA + code + RUN, str(rows))
    return found | json.loads(found["said"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Survival at scale, and a small cohort whole")
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    print(f"{rows:,} rows")
    for name, (peer, ours) in SIDES.items():
        theirs, own = timed(peer, rows), timed(ours, rows)
        for who, found in (("lifelines", theirs), ("kmt2a", own)):
            print(
                f"{name:18} {who:10} {found['seconds']:8.3f} s {found['peak_mb']:6.0f} MB  "
                f"{found['found']:.12g}"
            )
        print(f"{name:18} kmt2a / lifelines: {own['seconds'] / theirs['seconds']:.2f} x")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_example(folder)
        results = folder / "results"
        measured(
            "-c", KMT2A, "reconcile", "--assays", str(folder / "assays.csv"), "-o", str(results)
        )
        files = (
            "--patients",
            str(results / "patients.tsv"),
            "--clinical",
            str(folder / "clinical.csv"),
        )
        for name, option in (("outcomes, n=48", "--figures"), ("without figures", "--no-figures")):
            out = folder / option.strip("-")
            print(line(name, measured("-c", KMT2A, "outcomes", *files, option, "-o", str(out))))


if __name__ == "__main__":
    main()
