"""Lengths of the chromosomes on both builds."""

from __future__ import annotations

import pytest

from fusion_caller.contigs import Build, chromosomes, length_of

PRIMARY = [*(f"chr{n}" for n in range(1, 23)), "chrX", "chrY", "chrM"]


@pytest.mark.parametrize(
    ("contig", "grch38", "grch37"),
    [
        ("chr1", 248_956_422, 249_250_621),
        ("chr4", 190_214_555, 191_154_276),
        ("chr9", 138_394_717, 141_213_431),
        ("chr11", 135_086_622, 135_006_516),
        ("chr19", 58_617_616, 59_128_983),
        ("chr22", 50_818_468, 51_304_566),
        ("chrX", 156_040_895, 155_270_560),
        ("chrY", 57_227_415, 59_373_566),
        ("chrM", 16_569, 16_571),
    ],
)
def test_lengths(contig: str, grch38: int, grch37: int) -> None:
    assert length_of(contig, Build.GRCH38) == grch38
    assert length_of(contig, Build.GRCH37) == grch37
    assert length_of(contig, None) == max(grch38, grch37)


# The sums of UCSC's chrom.sizes over these 25 contigs: one wrong digit shows.
@pytest.mark.parametrize(
    ("build", "total"), [(Build.GRCH38, 3_088_286_401), (Build.GRCH37, 3_095_693_983)]
)
def test_the_chromosomes_add_up_to_the_genome(build: Build, total: int) -> None:
    assert sum(length_of(contig, build) or 0 for contig in PRIMARY) == total


def test_the_chromosomes_in_their_order() -> None:
    assert list(chromosomes()) == PRIMARY


@pytest.mark.parametrize("contig", ["11", "chr23", "chrMT", "GL000220.1", "chrUn_KI270302v1", ""])
def test_an_unknown_contig_has_no_length(contig: str) -> None:
    assert length_of(contig, None) is None
    assert all(length_of(contig, build) is None for build in Build)
