"""KMT2A fusions in simulated reads: which are found, and what is called that is none.

python benchmarks/detection.py [--pairs 1000000] [--seeds 1 2 3] [--small]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measure import line, measured
from reads import DETECT
from simulation.detecting import score_detect
from simulation.genome import make_genome
from simulation.sample import ANCHOR, make_sample
from simulation.star import align, make_index, score_star

from fusion_caller.reads.index import read_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.sample import Sample
    from simulation.scoring import Score


def main() -> None:
    """Simulate, detect, score, print."""
    parser = argparse.ArgumentParser(description="KMT2A fusions in simulated reads")
    parser.add_argument("--pairs", type=int, default=1_000_000, help="of background")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--small", action="store_true", help="a quarter of the genes")
    parser.add_argument("--length", type=int, default=100, help="of the reads, 50 to 300")
    parser.add_argument("--anchor", type=int, default=ANCHOR, help="bases beside a junction")
    parser.add_argument("--star", action="store_true", help="align the same reads by STAR")
    parser.add_argument("--json", type=Path, help="file for the scores")
    given = parser.parse_args()
    scores: dict[str, object] = {}
    for seed in given.seeds:
        genome = make_genome(seed, small=given.small)
        sample = make_sample(
            genome, given.pairs, seed=seed, length=given.length, anchor=given.anchor
        )
        print(f"seed {seed}: {sample.n_pairs:,} pairs 2 x {sample.length}")
        with tempfile.TemporaryDirectory() as temporary:
            for name, score in _scores(sample, Path(temporary), star=given.star):
                print(f"{name}:")
                print("\n".join(score.lines()))
                scores[f"{name}, seed {seed}"] = score.as_json()
    if given.json is not None:
        given.json.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


def _scores(sample: Sample, folder: Path, *, star: bool) -> Iterator[tuple[str, Score]]:
    """The scores of each program; prints what each took."""
    paths = folder / "sim_R1.fastq.gz", folder / "sim_R2.fastq.gz"
    owners = sample.write(paths)
    yield "detect", score_detect(sample, paths, owners, read_index())
    if not star:
        return
    files = map(str, paths)
    found = measured("-c", DETECT, "detect", *files, "-o", f"{folder}/results")
    print(line("detect", {**found, "said": ""}))
    print(line("STAR's index", make_index(sample.genome, folder, length=sample.length)))
    print(line("STAR", align(folder / "star", paths, folder)))
    yield "STAR", score_star(sample, folder)


if __name__ == "__main__":
    main()
