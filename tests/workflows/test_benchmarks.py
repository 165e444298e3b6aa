"""The benchmarks run, on a few samples; how long they take is nobody's business here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_callers_output_beside_a_plain_read_of_the_same_files() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/caller_output.py", "--samples", "20", "--rows", "10"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.startswith("20 samples, 40 files, 400 rows, made in ")
    for name in ("pyarrow, read only", "pandas, read only", "kmt2a, to partners"):
        times = rf"^{name} +\d+\.\d\d s wall +\d+\.\d\d s processor"
        assert re.search(times, done.stdout, re.MULTILINE)
    assert re.search(r"^kmt2a / pyarrow, read only: \d+\.\d\d x$", done.stdout, re.MULTILINE)
    assert "  2 with a KMT2A fusion, the first KMT2A::AFF1 e8::e4 in-frame\n" in done.stdout


def test_assay_results_beside_a_plain_read_of_the_same_table() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/assays.py", "--patients", "20"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.startswith("20 patients, 80 results\n")
    assert "20 patients, " in done.stdout.split("kmt2a reconcile", 1)[1]
    assert "20 read\n" in done.stdout
    assert re.search(r"^ISCN strings a second: [\d,]+$", done.stdout, re.MULTILINE)


def test_no_false_alarm_on_a_thousand_true_tables_and_most_slips_found() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/audit.py", "--tables", "1000", "--slipped", "50"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.startswith("1,000 true tables, 25,000 cells, seed 20260101\n")
    assert "false alarms: 0; not judged: 0\n" in done.stdout
    shares = dict(re.findall(r"^  (\w+) .* (\d+\.\d)%$", done.stdout, re.MULTILINE))
    assert len(shares) == 19 + 1  # the kinds and all of them
    assert float(shares["all"]) > 85
    assert min(float(share) for share in shares.values()) > 50


def test_survival_beside_lifelines_and_a_small_cohort_whole() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/survival.py", "--rows", "2000"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.startswith("2,000 rows\n")
    found = dict(
        re.findall(r"^(.+?) +kmt2a / lifelines: (\d+\.\d\d) x$", done.stdout, re.MULTILINE)
    )
    assert list(found) == ["Kaplan-Meier", "log-rank", "Cox, 5 covariates"]
    for name in found:
        theirs, ours = re.findall(rf"^{name} .* MB  (-?[\d.]+)$", done.stdout, re.MULTILINE)
        assert abs(float(theirs) - float(ours)) < 1e-5
    assert "Event-free survival 38.0 ± 8.6% at 60 months (n = 48, 23 events" in done.stdout


def agreement(path: Path, reference: dict[str, object]) -> subprocess.CompletedProcess[str]:
    path.write_text(json.dumps({"lung": reference}), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "benchmarks/agreement.py", "--reference", str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_agreement_with_r_as_a_table(tmp_path: Path) -> None:
    """`tests/outcomes/test_agreement_with_r.py` makes all the comparisons."""
    done = agreement(tmp_path / "r.json", {"n": 213, "trend": 9.59756083361307})
    assert done.stdout.splitlines() == [
        "statistic               lung     limit",
        "n                    0.0e+00     1e-08",
        done.stdout.splitlines()[2],
        "2 comparisons; beyond the limit: none",
    ]
    assert re.fullmatch(r"trend +\d\.\de-1\d +1e-08", done.stdout.splitlines()[2])
    assert done.returncode == 0


def test_what_differs_or_is_not_computed_ends_with_1(tmp_path: Path) -> None:
    done = agreement(tmp_path / "r.json", {"n": 213, "events": 152, "winsorised": 1})
    assert done.stdout.endswith("3 comparisons; beyond the limit: lung events, lung winsorised\n")
    assert re.search(r"^events +1\.0e\+00 +1e-08$", done.stdout, re.MULTILINE)
    assert done.returncode == 1


def test_fusions_from_reads_beside_decompression_alone() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/reads.py", "--pairs", "20000"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.startswith("20,000 pairs, ")
    assert "20000 pairs" in done.stdout.split("screen", 1)[1]
    for name in ("screen", "detect"):
        ratio = rf"^{name} / isal: \d+\.\d\d x wall, \d+\.\d\d x processor$"
        assert re.search(ratio, done.stdout, re.MULTILINE)
    found = re.findall(r"(KMT2A|\?)( e\d+)?::\S+ ", done.stdout)
    assert len(found) == 1
    assert "KMT2A e8::MLLT3 e6 (high): 10 fragments across the join" in done.stdout
