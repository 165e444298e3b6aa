"""KMT2A fusions in simulated reads: which are found, and what is called that is none.

python benchmarks/detection.py [--pairs 1000000] [--seeds 1 2 3] [--small]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from simulation.genome import make_genome
from simulation.sample import make_sample


def main() -> None:
    """Simulate and write."""
    parser = argparse.ArgumentParser(description="KMT2A fusions in simulated reads")
    parser.add_argument("--pairs", type=int, default=1_000_000, help="of background")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--small", action="store_true", help="a quarter of the genes")
    parser.add_argument("--length", type=int, default=100, help="of the reads")
    parser.add_argument("--files", type=Path, help="folder to keep the files in")
    given = parser.parse_args()
    for seed in given.seeds:
        genome = make_genome(seed, small=given.small)
        sample = make_sample(genome, given.pairs, seed=seed, length=given.length)
        folder = given.files / f"seed_{seed}"
        folder.mkdir(parents=True)
        genome.write_fasta(folder / "genome.fa")
        genome.write_gtf(folder / "genes.gtf")
        sample.write((folder / "sim_R1.fastq.gz", folder / "sim_R2.fastq.gz"))
        sample.write_truth(folder / "truth.tsv")


if __name__ == "__main__":
    main()
