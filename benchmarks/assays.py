"""Assay results to integrated patients, and ISCN strings to trees, beside plain reads of the same.

    python benchmarks/assays.py [--patients 10000]

Makes an assay table of as many patients with four results each, every karyotype another, and a file
with the karyotypes alone. Then, each in a process of its own and on the same files:

* pandas reads the table and writes it back;
* `kmt2a reconcile` integrates it and writes its tables;
* `kmt2a iscn --json` reads the karyotypes.

Prints wall time, processor time and peak memory of each, the ratios, and the rate of ISCN strings.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from measure import line, measured

PANDAS = """
import sys, pandas
pandas.read_csv(sys.argv[1], dtype=str).to_csv(sys.argv[2], sep="\\t", index=False)
"""
KMT2A = """
import sys
from workflows.cli import main
sys.argv[0] = "kmt2a"
main()
"""
ISCN = """
import io, sys
from click.testing import CliRunner
from workflows.cli import cli
done = CliRunner().invoke(cli, ["iscn", "--json", "-"], input=open(sys.argv[1]).read())
assert done.exit_code == 0, done.output[-300:]
print(done.output.count('"ok": true'), "read")
"""
PARTNERS = (
    ("t(4;11)(q21;q23)", "MLL-AF4"),
    ("t(9;11)(p22;q23)", "KMT2A::MLLT3"),
    ("t(11;19)(q23;p13.3)", "KMT2A-MLLT1"),
    ("ins(10;11)(p12;q23q13)", "MLL/AF10"),
    ("", "negative"),
)


def karyotype(rng: random.Random, event: str) -> str:
    """A karyotype with the event, other changes, and counts of its own."""
    sex = rng.choice(("XX", "XY"))
    gained = rng.sample(range(1, 23), rng.randrange(4))
    changes = [event] if event else []
    changes += [f"del({rng.randrange(1, 8)})(q{rng.randrange(13, 16)}q{rng.randrange(21, 26)})"]
    changes += [f"+{number}" for number in gained]
    cells = rng.randrange(5, 20)
    return f"{46 + len(gained)},{sex},{','.join(changes)}[{cells}]/46,{sex}[{20 - cells}]"


def make(folder: Path, patients: int) -> tuple[Path, Path]:
    """Write the assay table and the karyotypes alone."""
    rng = random.Random(20260101)
    rows, strings = ["patient,assay,panel,result,date"], []
    for number in range(patients):
        event, fusion = rng.choice(PARTNERS)
        strings.append(karyotype(rng, event))
        nuclei = rng.randrange(110, 200)
        split = f"nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[{nuclei}/200]" if event else "2F"
        for assay, panel, result in (
            ("karyotype", "", f'"{strings[-1]}"'),
            ("fish", "", split),
            ("rt-pcr", "wen-2022", fusion),
            ("split-rt-pcr", "", fusion if event else "not done"),
        ):
            rows.append(f"P{number},{assay},{panel},{result},")
    table, alone = folder / "assays.csv", folder / "karyotypes.txt"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    alone.write_text("\n".join(strings) + "\n", encoding="utf-8")
    return table, alone


def main() -> None:
    """Make the files, measure, print."""
    parser = argparse.ArgumentParser(description="Assay results to integrated patients")
    parser.add_argument("--patients", type=int, default=10_000)
    patients = parser.parse_args().patients
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        table, karyotypes = make(folder, patients)
        print(f"{patients:,} patients, {4 * patients:,} results")
        runs = {
            "pandas, read, write": measured("-c", PANDAS, str(table), str(folder / "copy.tsv")),
            "kmt2a reconcile": measured(
                "-c", KMT2A, "reconcile", "--assays", str(table), "-o", str(folder / "results")
            ),
            "kmt2a iscn": measured("-c", ISCN, str(karyotypes)),
        }
        for name, found in runs.items():
            print(line(name, found).replace(temporary, "."))
        wall = {name: found["wall_s"] for name, found in runs.items()}
        ratio = wall["kmt2a reconcile"] / wall["pandas, read, write"]
        print(f"kmt2a reconcile / pandas, read, write: {ratio:.2f} x")
        print(f"a patient: {1000 * wall['kmt2a reconcile'] / patients:.2f} ms")
        print(f"ISCN strings a second: {patients / wall['kmt2a iscn']:,.0f}")


if __name__ == "__main__":
    main()
