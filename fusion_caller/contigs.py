"""The genome builds and the lengths of their chromosomes.

Lengths are those of UCSC's hg38 and hg19, as bedtools ships them. The mitochondrion of hg19 is an
older sequence of 16,571 bases; other releases of GRCh37 carry the one of GRCh38.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache


class Build(StrEnum):
    """A human genome build."""

    GRCH38 = "GRCh38"
    GRCH37 = "GRCh37"


_LENGTHS = {
    Build.GRCH38: {
        "chr1": 248_956_422,
        "chr2": 242_193_529,
        "chr3": 198_295_559,
        "chr4": 190_214_555,
        "chr5": 181_538_259,
        "chr6": 170_805_979,
        "chr7": 159_345_973,
        "chr8": 145_138_636,
        "chr9": 138_394_717,
        "chr10": 133_797_422,
        "chr11": 135_086_622,
        "chr12": 133_275_309,
        "chr13": 114_364_328,
        "chr14": 107_043_718,
        "chr15": 101_991_189,
        "chr16": 90_338_345,
        "chr17": 83_257_441,
        "chr18": 80_373_285,
        "chr19": 58_617_616,
        "chr20": 64_444_167,
        "chr21": 46_709_983,
        "chr22": 50_818_468,
        "chrX": 156_040_895,
        "chrY": 57_227_415,
        "chrM": 16_569,
    },
    Build.GRCH37: {
        "chr1": 249_250_621,
        "chr2": 243_199_373,
        "chr3": 198_022_430,
        "chr4": 191_154_276,
        "chr5": 180_915_260,
        "chr6": 171_115_067,
        "chr7": 159_138_663,
        "chr8": 146_364_022,
        "chr9": 141_213_431,
        "chr10": 135_534_747,
        "chr11": 135_006_516,
        "chr12": 133_851_895,
        "chr13": 115_169_878,
        "chr14": 107_349_540,
        "chr15": 102_531_392,
        "chr16": 90_354_753,
        "chr17": 81_195_210,
        "chr18": 78_077_248,
        "chr19": 59_128_983,
        "chr20": 63_025_520,
        "chr21": 48_129_895,
        "chr22": 51_304_566,
        "chrX": 155_270_560,
        "chrY": 59_373_566,
        "chrM": 16_571,
    },
}


@lru_cache(maxsize=4096)
def length_of(contig: str, build: Build | None) -> int | None:
    """The length of a chromosome in bases.

    Args:
        contig: Its name with `chr`, as in `chr11`.
        build: The build, or None where it is not known.

    Returns:
        The length on that build, the longer of the two where the build is not known, None for a
        contig other than chr1 to chr22, chrX, chrY and chrM.
    """
    builds = Build if build is None else (build,)
    return max((_LENGTHS[b][contig] for b in builds if contig in _LENGTHS[b]), default=None)


def chromosomes() -> tuple[str, ...]:
    """The chromosomes in the order of the genome: chr1 to chr22, chrX, chrY, chrM."""
    return tuple(_LENGTHS[Build.GRCH38])
