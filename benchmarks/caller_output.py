"""Callers' output to assigned partners, beside a plain read of the same files.

    python benchmarks/caller_output.py [--samples 10000] [--rows 100]

Makes as many STAR-Fusion and as many Arriba tables as there are samples, with as many rows each,
and a KMT2A fusion in every tenth sample, each with a junction of its own. Then, each in a process
of its own and on the same files:

* pyarrow and pandas read every file and do nothing with it;
* `kmt2a` reads every file, writes every call to `calls.tsv`, and assigns the partners.

Prints wall time, processor time and peak memory of each (of its largest process), the ratios, and
kmt2a's memory on a quarter of the samples. With the defaults it takes some minutes and 2 GB of
disk; with `--samples 200`, seconds.
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from measure import line, measured

from fusion_caller.knowledge import kmt2a_exons, partner_exons

if TYPE_CHECKING:
    from collections.abc import Iterator

STAR_FUSION = (
    "#FusionName\tJunctionReadCount\tSpanningFragCount\test_J\test_S\tSpliceType\tLeftGene\t"
    "LeftBreakpoint\tRightGene\tRightBreakpoint\tLargeAnchorSupport\tFFPM\tLeftBreakDinuc\t"
    "LeftBreakEntropy\tRightBreakDinuc\tRightBreakEntropy\tannots\n"
)
ARRIBA = (
    "#gene1\tgene2\tstrand1(gene/fusion)\tstrand2(gene/fusion)\tbreakpoint1\tbreakpoint2\tsite1\t"
    "site2\ttype\tsplit_reads1\tsplit_reads2\tdiscordant_mates\tcoverage1\tcoverage2\tconfidence\t"
    "reading_frame\ttags\tretained_protein_domains\tclosest_genomic_breakpoint1\t"
    "closest_genomic_breakpoint2\tgene_id1\tgene_id2\ttranscript_id1\ttranscript_id2\tdirection1\t"
    "direction2\tfilters\tfusion_transcript\tpeptide_sequence\tread_identifiers\n"
)
Pair = tuple[str, int | str, int, str, str, int | str, int, str]
"""Gene, chromosome, position and strand of both sides."""

# The last base of KMT2A's MANE exon 8 and the first of AFF1's exon 4, GRCh38.
KMT2A_AFF1: Pair = ("KMT2A", 11, 118482495, "+", "AFF1", 4, 87046695, "+")

PYARROW = """
import sys
from pyarrow import csv
options = csv.ParseOptions(delimiter="\\t", quote_char=False)
for path in open(sys.argv[1]).read().split("\\n"):
    csv.read_csv(path, parse_options=options)
"""
PANDAS = """
import sys, pandas
for path in open(sys.argv[1]).read().split("\\n"):
    pandas.read_csv(path, sep="\\t", quoting=3, dtype=str)
"""
KMT2A = """
import sys
from pathlib import Path
from fusion_caller.samplesheet import read_samplesheet
from workflows.fusions import find_fusions, read_sheet, write_fusions
from workflows.results import ResultsFolder
sheet = read_samplesheet(Path(sys.argv[1]))
with ResultsFolder(Path(sys.argv[2])) as results:
    found = find_fusions(read_sheet(sheet, name="sheet"), results, sheet, folder="")
    write_fusions(results, found.samples, folder="")
events = [sample.events[0] for sample in found.samples if sample.events]
first = events[0]
print(len(events), "with a KMT2A fusion, the first", first.fusion, end=" ")
print(f"{first.kmt2a_exon}::{first.partner_exon} {first.reading_frame}")
"""


def star_fusion_row(rng: random.Random, pair: Pair) -> str:
    """A row of a STAR-Fusion table."""
    left, contig_1, at_1, strand_1, right, contig_2, at_2, strand_2 = pair
    return (
        f"{left}--{right}\t{rng.randrange(1, 90)}\t{rng.randrange(40)}\t12.4\t3.1\t"
        "ONLY_REF_SPLICE\t"
        f"{left}^ENSG{rng.randrange(10**10):011d}.5\tchr{contig_1}:{at_1}:{strand_1}\t"
        f"{right}^ENSG{rng.randrange(10**10):011d}.7\tchr{contig_2}:{at_2}:{strand_2}\tYES_LDAS\t"
        f'0.{rng.randrange(1000, 9999)}\tGT\t1.8892\tAG\t1.7819\t["INTRACHROMOSOMAL[chr1:0.1Mb]"]\n'
    )


def arriba_row(rng: random.Random, pair: Pair) -> str:
    """A row of an Arriba table."""
    left, contig_1, at_1, strand_1, right, contig_2, at_2, strand_2 = pair
    bases = "".join(rng.choices("ACGT", k=120))
    return (
        f"{left}\t{right}\t{strand_1}/{strand_1}\t{strand_2}/{strand_2}\t{contig_1}:{at_1}\t"
        f"{contig_2}:{at_2}\tCDS/splice-site\tCDS/splice-site\ttranslocation\t{rng.randrange(40)}\t"
        f"{rng.randrange(40)}\t{rng.randrange(40)}\t112\t86\thigh\tin-frame\t.\t"
        "PHD-finger(100%),zf-CXXC(100%)|AF-4_C-terminus(100%)\t.\t.\t"
        f"ENSG{rng.randrange(10**10):011d}\tENSG{rng.randrange(10**10):011d}\t"
        f"ENST{rng.randrange(10**10):011d}\tENST{rng.randrange(10**10):011d}\tdownstream\tupstream\t"
        f"duplicates(4),mismatches(2)\t{bases[:60]}|{bases[60:]}\t{'MAHSC' * 8}|{'rkqpe' * 8}\t.\n"
    )


def kmt2a_pairs(rng: random.Random) -> Iterator[Pair]:
    """Junctions of KMT2A, each another while they last: partners, and exons of both genes."""
    yield KMT2A_AFF1
    partners = [exon for exons in partner_exons().values() for exon in exons]
    pairs: list[Pair] = [
        (
            "KMT2A", 11, kept.end_grch38, "+", entry.symbol, entry.contig.removeprefix("chr"),
            entry.start if entry.strand == "+" else entry.end, entry.strand,
        )
        for kept in kmt2a_exons()[7:11]
        for entry in partners
        if entry.start != KMT2A_AFF1[6]
    ]  # fmt: skip
    rng.shuffle(pairs)
    yield from itertools.cycle(pairs)


def make(folder: Path, samples: int, rows: int) -> Path:
    """Write the files and a sample sheet; returns the sheet."""
    rng = random.Random(20260101)
    genes = [f"GENE{n}" for n in range(5000)]
    fusions = kmt2a_pairs(rng)
    sheet = ["patient,sample,source,file"]
    for number in range(samples):
        pairs = [
            (
                rng.choice(genes), rng.randrange(1, 23), rng.randrange(1, 40_000_000),
                rng.choice("+-"), rng.choice(genes), rng.randrange(1, 23),
                rng.randrange(1, 40_000_000), rng.choice("+-"),
            )
            for _ in range(rows)
        ]  # fmt: skip
        if number % 10 == 0:
            pairs[0] = next(fusions)
        for source, header, row in (
            ("star-fusion", STAR_FUSION, star_fusion_row),
            ("arriba", ARRIBA, arriba_row),
        ):
            file = folder / source / f"{number // 1000}" / f"S{number}.tsv"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(header + "".join(row(rng, pair) for pair in pairs), encoding="utf-8")
            sheet.append(f"P{number},S{number},auto,{file.relative_to(folder)}")
    path = folder / "samplesheet.csv"
    path.write_text("\n".join(sheet) + "\n", encoding="utf-8")
    return path


def quarter(sheet: Path) -> Path:
    """A sheet of the first quarter of the samples."""
    lines = sheet.read_text(encoding="utf-8").split("\n")
    path = sheet.with_name("quarter.csv")
    path.write_text("\n".join(lines[: 1 + (len(lines) - 2) // 4]) + "\n", encoding="utf-8")
    return path


def main() -> None:
    """Make the files, measure, print."""
    parser = argparse.ArgumentParser(description="Callers' output to partners, beside a plain read")
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=100)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        started = time.perf_counter()
        sheet = make(folder, given.samples, given.rows)
        files = [
            str(folder / row.rsplit(",", 1)[1])
            for row in sheet.read_text(encoding="utf-8").splitlines()[1:]
        ]
        listed = folder / "files.txt"
        listed.write_text("\n".join(files), encoding="utf-8")
        print(
            f"{given.samples:,} samples, {len(files):,} files, {len(files) * given.rows:,} rows, "
            f"made in {time.perf_counter() - started:.0f} s"
        )
        # Once unmeasured, so that all of them find the files in the page cache.
        measured("-c", PYARROW, str(listed))
        runs = {
            "pyarrow, read only": measured("-c", PYARROW, str(listed)),
            "pandas, read only": measured("-c", PANDAS, str(listed)),
            "kmt2a, a quarter": measured("-c", KMT2A, str(quarter(sheet)), str(folder / "quarter")),
            "kmt2a, to partners": measured("-c", KMT2A, str(sheet), str(folder / "whole")),
        }
        for name, found in runs.items():
            print(line(name, found))
        kmt2a = runs["kmt2a, to partners"]
        for peer in ("pyarrow, read only", "pandas, read only"):
            print(f"kmt2a / {peer}: {kmt2a['wall_s'] / runs[peer]['wall_s']:.2f} x")
        growth = kmt2a["peak_mb"] / runs["kmt2a, a quarter"]["peak_mb"]
        print(f"memory, all samples / a quarter of them: {growth:.2f} x")


if __name__ == "__main__":
    main()
