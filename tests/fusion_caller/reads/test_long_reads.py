"""Long reads with substitutions, insertions and deletions."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pysam
import pytest

from fusion_caller.reads.calls import label
from fusion_caller.reads.detection import Detection, detect
from fusion_caller.reads.index import ReadIndex, complement
from fusion_caller.reads.long_reads import PIECE, STEP, pieces_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def noisy(read: bytes, rng: random.Random, rate: float) -> bytes:
    """A read with errors, four in ten of them substitutions, on either strand."""
    made = bytearray()
    for base in read:
        chance = rng.random() / rate if rate else 1
        if chance < 0.4:
            made.append(rng.choice(b"ACGT"))
        elif chance >= 0.7:
            made.append(base)
        if 0.7 <= chance < 1:
            made.append(rng.choice(b"ACGT"))
    return complement(bytes(made)) if rng.random() < 0.5 else bytes(made)


def fusion(index: ReadIndex, rng: random.Random) -> bytes:
    """Most of KMT2A's transcript up to exon 8, exon 6 of MLLT3, and what is not in the index."""
    entry = next(e.sequence for e in index.entries if e.label == "MLLT3 e6")
    behind = bytes(rng.choice(b"ACGT") for _ in range(500))
    return index.transcript[rng.randrange(1_500) : index.exon_ends[7]] + entry + behind


def duplication(index: ReadIndex, rng: random.Random) -> bytes:
    """A transcript with exons 2 to 9 twice."""
    rna, ends = index.transcript, index.exon_ends
    return rna[rng.randrange(2_000) : ends[8]] + rna[ends[0] : ends[20]]


def plain(index: ReadIndex, rng: random.Random) -> bytes:
    start = rng.randrange(3_000)
    return index.transcript[start : start + rng.randrange(2_000, 8_000)]


@pytest.fixture
def detected(
    index: ReadIndex, write_fastq: Callable[..., tuple[Path, ...]]
) -> Callable[..., Detection]:
    def run(make: Callable[..., bytes], n: int, rate: float, seed: int) -> Detection:
        rng = random.Random(seed)  # noqa: S311 - no secret
        reads = [(noisy(make(index, rng), rng, rate),) for _ in range(n)]
        return detect(write_fastq(reads, "long.fastq"), index)

    return run


def names(found: Detection) -> set[str]:
    return {label(one, found.index) for one in found.calls}


@pytest.mark.parametrize("rate", [0, 0.01, 0.03, 0.05])
@pytest.mark.parametrize(
    ("make", "name"),
    [(fusion, "KMT2A e8::MLLT3 e6"), (duplication, "KMT2A e9::KMT2A e2")],
)
def test_three_reads_show_a_fusion_with_its_exons(
    rate: float, make: Callable[..., bytes], name: str, detected: Callable[..., Detection]
) -> None:
    for seed in range(6):
        found = detected(make, 3, rate, seed)
        assert names(found) == {name}
        assert not found.screened.paired
        n = sum(len(one.candidate.fragments) for one in found.calls)
        assert n == 3 if rate < 0.01 else 2 <= n <= 3


@pytest.mark.parametrize("rate", [0.01, 0.05])
def test_plain_transcripts_are_no_fusion_and_count_for_depth(
    rate: float, detected: Callable[..., Detection]
) -> None:
    found = detected(plain, 100, rate, 7)
    assert found.calls == ()
    assert min(found.screened.depth.values()) >= 25
    whole = detected(plain, 100, 0, 7)
    assert max(found.screened.depth.values()) <= max(whole.screened.depth.values())


def test_reads_that_begin_alike_are_no_copies(
    index: ReadIndex, write_fastq: Callable[..., tuple[Path, ...]]
) -> None:
    """Whole transcripts begin where transcription does; copies are the same to their end."""
    rng = random.Random(3)  # noqa: S311
    entry = next(e.sequence for e in index.entries if e.label == "MLLT3 e6")
    read = index.transcript[: index.exon_ends[7]] + entry
    different = [(read + bytes(rng.choice(b"ACGT") for _ in range(n)),) for n in (50, 60, 70)]
    for reads, n in ((different, 3), (different[:1] * 3, 1)):
        (call,) = detect(write_fastq(reads, "long.fastq"), index).calls
        assert len(call.candidate.fragments) == n


def test_long_reads_from_bam(
    index: ReadIndex, detected: Callable[..., Detection], tmp_path: Path
) -> None:
    """A read without a place, as in the BAM of a PacBio run; one record fills several blocks."""
    rng = random.Random(5)  # noqa: S311
    reads = [noisy(fusion(index, rng), rng, 0.01) for _ in range(3)]
    reads.append(bytes(rng.choice(b"ACGT") for _ in range(3_000_000)))
    path = tmp_path / "hifi.bam"
    with pysam.AlignmentFile(str(path), "wb", header={"HD": {"VN": "1.6"}}) as stream:
        for number, read in enumerate(reads):
            one = pysam.AlignedSegment(stream.header)
            one.query_name, one.flag, one.query_sequence = f"r{number}", 4, read.decode()
            stream.write(one)
    found = detect([path], index)
    assert names(found) == {"KMT2A e8::MLLT3 e6"}
    assert (found.screened.n_fragments, found.screened.read_length) == (4, 3_000_000)


def test_every_place_of_a_read_is_in_the_inner_half_of_a_piece() -> None:
    def inner(length: int) -> Iterator[int]:
        read = random.Random(length).randbytes(length)  # noqa: S311
        for piece in pieces_of(read):
            start = read.index(piece)
            yield from range(start + STEP // 2, start + PIECE - STEP // 2)

    for length in (401, 450, 499, 500):
        assert set(inner(length)) >= set(range(STEP // 2, length - STEP // 2))
