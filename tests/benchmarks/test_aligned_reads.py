"""What `detect` finds in the files of real aligners is what it finds in the FASTQ."""

from __future__ import annotations

import random
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pysam
import pytest

from fusion_caller.errors import InputError
from fusion_caller.reads.calls import label
from fusion_caller.reads.detection import Detection, detect
from fusion_caller.reads.index import complement, read_index

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("aligners")


def found(*paths: Path) -> Detection:
    return detect(list(paths), read_index())


def joins(detection: Detection) -> dict[tuple[object, ...], int]:
    """The fragments across each join that is called, by its place and what is beside it."""
    return {
        (
            label(one, detection.index),
            one.candidate.base,
            one.candidate.base_3prime,
            one.candidate.beside[:12],
        ): len(one.candidate.fragments)
        for one in detection.calls
    }


@pytest.fixture(scope="module")
def from_fastq(aligned: Any) -> Detection:
    return found(*aligned.reads)


@pytest.mark.parametrize("aligner", ["star", "hisat2"])
@pytest.mark.parametrize("how", ["indexed", "sorted", "by name", "cram"])
def test_the_same_joins_as_from_the_fastq(
    aligner: str, how: str, aligned: Any, from_fastq: Detection, tmp_path: Path
) -> None:
    path = aligned.bams[aligner]
    if how == "sorted":
        path = shutil.copy(path, tmp_path / "alone.bam")
    elif how == "by name":
        pysam.sort("-n", "-o", str(tmp_path / "named.bam"), str(path))
        path = tmp_path / "named.bam"
    elif how == "cram":
        cram = tmp_path / "a.cram"
        pysam.view("-O", "cram,no_ref", "-o", str(cram), str(path), catch_stdout=False)
        pysam.index(str(cram))
        path = cram
    here = found(path)
    source = here.screened.aligned
    assert source is not None
    assert source.by_index is (how in {"indexed", "cram"})
    assert here.screened.depth == from_fastq.screened.depth
    expected, seen = joins(from_fastq), joins(here)
    assert len(expected) > 30
    if not source.by_index:
        assert seen == expected
        assert here.screened.n_fragments == from_fastq.screened.n_fragments
        return
    # By the index a read is missed that nothing ties to KMT2A; no join is.
    assert set(seen) == set(expected)
    assert all(n <= expected[join] for join, n in seen.items())
    assert sum(seen.values()) >= 0.97 * sum(expected.values())


def test_pairs_that_were_aligned_as_single_reads_are_refused(aligned: Any) -> None:
    """As minimap2 does where it is told that reads are long."""
    with pytest.raises(InputError, match="two reads have one name and are not marked as a pair"):
        found(aligned.bams["minimap2"])


def test_long_reads_that_minimap2_aligned(aligned: Any, tmp_path: Path) -> None:
    rng = random.Random(11)  # noqa: S311 - no secret
    genes = aligned.sample.genome.genes
    kmt2a, mllt3 = genes["KMT2A"], genes["MLLT3"]
    fused = (
        kmt2a.transcript[: kmt2a.exon_ends[8]].tobytes()
        + mllt3.transcript[mllt3.exon_start(6) :].tobytes()
    )
    own = kmt2a.transcript.tobytes()
    reads = [_noisy(fused[rng.randrange(900) :], rng) for _ in range(3)]
    reads += [_noisy(own[rng.randrange(3_000) :][:6_000], rng) for _ in range(12)]
    fastq, sam = tmp_path / "long.fastq", tmp_path / "long.sam"
    records = (b"@long:%d\n%s\n+\n%s\n" % (n, r, b"5" * len(r)) for n, r in enumerate(reads))
    fastq.write_bytes(b"".join(records))
    minimap2 = ["minimap2", "-t", "2", "-ax", "splice", "-o", sam, aligned.genome, fastq]
    subprocess.run(minimap2, check=True, stderr=subprocess.DEVNULL)
    bam = tmp_path / "long.bam"
    pysam.sort("-o", str(bam), str(sam))
    pysam.index(str(bam))
    expected = found(fastq)
    assert {key[0] for key in joins(expected)} == {"KMT2A e9::MLLT3 e6"}
    assert sum(joins(expected).values()) == 3
    for path in (sam, bam):
        here = found(path)
        assert joins(here) == joins(expected)
        assert here.screened.depth == expected.screened.depth
        assert min(here.screened.depth.values()) >= 3


def _noisy(read: bytes, rng: random.Random) -> bytes:
    """With 2 % of errors, on either strand."""
    made = bytearray()
    for base in read:
        chance = rng.random()
        if chance < 0.008:
            made.append(rng.choice(b"ACGT"))
        elif chance >= 0.014:
            made.append(base)
        if 0.014 <= chance < 0.02:
            made.append(rng.choice(b"ACGT"))
    return complement(bytes(made)) if rng.random() < 0.5 else bytes(made)
