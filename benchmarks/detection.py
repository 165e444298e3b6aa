"""KMT2A fusions in simulated reads: which are found, and what is called that is none.

python benchmarks/detection.py [--pairs 1000000] [--seeds 1 2 3] [--small]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from simulation.detecting import score_detect
from simulation.genome import make_genome
from simulation.sample import ANCHOR, make_sample

from fusion_caller.reads.index import read_index


def main() -> None:
    """Simulate, detect, score, print."""
    parser = argparse.ArgumentParser(description="KMT2A fusions in simulated reads")
    parser.add_argument("--pairs", type=int, default=1_000_000, help="of background")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--small", action="store_true", help="a quarter of the genes")
    parser.add_argument("--length", type=int, default=100, help="of the reads, 50 to 300")
    parser.add_argument("--anchor", type=int, default=ANCHOR, help="bases beside a junction")
    parser.add_argument("--json", type=Path, help="file for the scores")
    given = parser.parse_args()
    scores: dict[str, object] = {}
    for seed in given.seeds:
        with tempfile.TemporaryDirectory() as temporary:
            paths = Path(temporary) / "sim_R1.fastq.gz", Path(temporary) / "sim_R2.fastq.gz"
            sample = make_sample(
                make_genome(seed, small=given.small),
                given.pairs,
                seed=seed,
                length=given.length,
                anchor=given.anchor,
            )
            owners = sample.write(paths)
            score = score_detect(sample, paths, owners, read_index())
            print(f"seed {seed}: {sample.n_pairs:,} pairs")
            print("\n".join(score.lines()))
            scores[str(seed)] = score.as_json()
    if given.json is not None:
        given.json.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
