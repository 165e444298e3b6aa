"""KMT2A fusions in simulated reads: which are found, and what is called that is none.

    python benchmarks/detection.py [--pairs 1000000] [--seeds 1 2 3] [--small] [--star]

Makes a genome and a sample for each seed (see the modules of `simulation`), and by `kmt2a index` an
index of that genome. Prints, for the packaged index and for this one, for each class of fusions at
1 to 30 junction pairs how many are found with the right pair of genes, in brackets how many with
both exons; then what was missed, what was called that is no fusion, and whether it is what is
asked. With `--star`, STAR (Debian's rna-star) aligns the same reads, and what the project reads in
its chimeric alignments is scored in the same way. Wall time, processor time and peak memory of
each, in a process of its own, stand beside each other.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from measure import line, measured
from reads import DETECT
from simulation.detecting import score_detect
from simulation.genome import make_genome
from simulation.sample import ANCHOR, make_sample
from simulation.star import align, make_index, score_star

from fusion_caller.reads.genome_index import open_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.sample import Sample
    from simulation.scoring import Score


def main() -> None:
    """Simulate, detect, score, print."""
    parser = argparse.ArgumentParser(description="KMT2A fusions in simulated reads")
    parser.add_argument("--pairs", type=int, default=1_000_000, help="of background")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--small", action="store_true", help="fewer genes, on short contigs")
    parser.add_argument("--length", type=int, default=100, help="of the reads, 50 to 300")
    parser.add_argument("--anchor", type=int, default=ANCHOR, help="bases beside a junction")
    parser.add_argument("--star", action="store_true", help="align the same reads by STAR")
    parser.add_argument("--json", type=Path, help="file for the scores")
    given = parser.parse_args()
    scores: dict[str, object] = {}
    for seed in given.seeds:
        sample = make_sample(
            make_genome(seed, small=given.small),
            given.pairs,
            seed=seed,
            length=given.length,
            anchor=given.anchor,
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
    genome, gtf, index = folder / "genome.fa", folder / "genes.gtf", folder / "kmt2a.index"
    sample.genome.write_fasta(genome)
    sample.genome.write_gtf(gtf)
    made = _command("index", "--genome", str(genome), "--gtf", str(gtf), "-o", str(index))
    print(line("kmt2a index", made))
    files = [str(path) for path in paths]
    for name, own in (("detect, packaged index", None), ("detect, own index", index)):
        more = () if own is None else ("--index", str(own))
        print(
            line(name, _command("detect", "--no-figures", *files, *more, "-o", f"{folder}/{name}"))
        )
        yield name, score_detect(sample, paths, owners, open_index(own))
    if star:
        took = make_index(folder, sample.genome.n_known, length=sample.length)
        print(line("STAR's index", took))
        print(line("STAR", align(folder / "star", paths, folder)))
        yield "STAR", score_star(sample, folder)


def _command(*arguments: str) -> dict[str, Any]:
    """What a `kmt2a` command takes, without what it prints."""
    return {**measured("-c", DETECT, *arguments), "said": ""}


if __name__ == "__main__":
    main()
