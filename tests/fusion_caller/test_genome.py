"""A genome's FASTA: contigs, strands, builds, indexes, and what is refused."""

from __future__ import annotations

import gzip
import os
import random
from typing import TYPE_CHECKING

import pysam
import pytest
from Bio import bgzf

from fusion_caller.contigs import Build
from fusion_caller.errors import InputError
from fusion_caller.genome import Genome

if TYPE_CHECKING:
    from pathlib import Path

BASES = "".join(random.Random(5).choices("ACGT", k=1234))  # noqa: S311
FIRST_ROWS = "\n".join(BASES[at : at + 60] for at in range(0, len(BASES), 60))


def plain(tmp_path: Path, content: str = f">1\n{FIRST_ROWS}\n>MT\nacgtrym\n") -> Path:
    path = tmp_path / "small.fa"
    path.write_text(content)
    return path


def packed(tmp_path: Path) -> Path:
    source, path = plain(tmp_path), tmp_path / "small.fa.gz"
    pysam.tabix_compress(str(source), str(path))
    return path


def with_chr11(tmp_path: Path, length: int) -> Path:
    """A file whose index tells of a chr11 of a length, which itself is not there."""
    path = plain(tmp_path, ">12\nACGT\n")
    (tmp_path / "small.fa.fai").write_text(f"12\t4\t4\t4\t5\n11\t{length}\t14\t60\t61\n")
    return path


@pytest.mark.parametrize("make", [plain, packed])
def test_bases_by_either_name_on_either_strand(tmp_path: Path, make: object) -> None:
    assert callable(make)
    with Genome(make(tmp_path), build=Build.GRCH38) as genome:
        assert genome.build is Build.GRCH38
        assert genome.sequence("chr1", 1, 1234, "+") == BASES
        assert genome.sequence("1", 59, 62, "+") == BASES[58:62]
        assert genome.sequence("chr1", 1234, 1234, "+") == BASES[-1]
        # In upper case; the complement knows the codes of several bases, and is read backwards.
        assert genome.sequence("chrM", 1, 7, "+") == "ACGTRYM"
        assert genome.sequence("chrM", 1, 7, "-") == "KRYACGT"
        assert genome.sequence("chrM", 2, 3, "-") == "CG"
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix in (".fai", ".gzi")) == (
        ["small.fa.fai"] if make is plain else ["small.fa.gz.fai", "small.fa.gz.gzi"]
    )


@pytest.mark.parametrize(
    ("contig", "start", "end", "problem"),
    [
        ("chr2", 1, 2, "expected the contig chr2, which is not in it"),
        ("chr1", 0, 2, "expected positions from 1 to 1234 on chr1, found 0-2"),
        ("chr1", 3, 2, "expected positions from 1 to 1234 on chr1, found 3-2"),
        ("chr1", 1234, 1235, "expected positions from 1 to 1234 on chr1, found 1234-1235"),
    ],
)
@pytest.mark.parametrize("make", [plain, packed])
def test_what_is_not_there_is_refused(
    tmp_path: Path, make: object, *, contig: str, start: int, end: int, problem: str
) -> None:
    assert callable(make)
    with (
        Genome(make(tmp_path), build=Build.GRCH38, name="g.fa") as genome,
        pytest.raises(InputError) as error,
    ):
        genome.sequence(contig, start, end, "+")
    assert (error.value.file, error.value.problem) == ("g.fa", problem)


def test_the_edges_of_the_longest_blocks_can_be_read(tmp_path: Path) -> None:
    bases = "".join(random.Random(6).choices("ACGT", k=150_000))  # noqa: S311
    path = tmp_path / "blocks.fa.gz"
    with bgzf.BgzfWriter(str(path), "wb") as stream:
        stream.write(f">1\n{bases}\n".encode())
    with Genome(path, build=Build.GRCH38) as genome:
        for edge in (65_536 - 3, 2 * 65_536 - 3):
            for start in range(edge - 3, edge + 4):
                found = genome.sequence("chr1", start, start + 20, "+")
                assert found == bases[start - 1 : start + 20], start


@pytest.mark.parametrize(
    ("length", "build"), [(135_086_622, Build.GRCH38), (135_006_516, Build.GRCH37)]
)
def test_the_length_of_chr11_tells_the_build(tmp_path: Path, length: int, build: Build) -> None:
    path = with_chr11(tmp_path, length)
    with Genome(path) as found, Genome(path, build=build) as expected:
        assert found.build is expected.build is build
        assert found.sequence("chr12", 1, 4, "+") == "ACGT"


def test_another_length_of_chr11_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        Genome(with_chr11(tmp_path, 135_006_516), build=Build.GRCH38)
    assert error.value.problem == (
        "expected chr11 to have 135086622 (GRCh38) bases, found 135006516 (GRCh37)"
    )
    with pytest.raises(InputError) as error:
        Genome(with_chr11(tmp_path, 135_086_621))
    assert error.value.problem == (
        "expected chr11 to have 135086622 (GRCh38) or 135006516 (GRCh37) bases, found 135086621"
    )


def test_without_chr11_the_build_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        Genome(plain(tmp_path))
    assert error.value.problem == "expected chr11, whose length tells the build, found none"
    assert error.value.remedy == "name the build"


def test_refseq_accessions(tmp_path: Path) -> None:
    path = plain(tmp_path, ">NC_000009.12 Homo\nAC\n>NC_000024.10\nGG\n>NC_012920.1\nTT\n")
    with Genome(path, build=Build.GRCH38) as genome:
        assert [genome.sequence(c, 1, 2, "+") for c in ("chr9", "Y", "chrM")] == ["AC", "GG", "TT"]


def test_an_index_older_than_the_file_is_made_again(tmp_path: Path) -> None:
    path = plain(tmp_path)
    with Genome(path, build=Build.GRCH38) as genome:
        assert genome.sequence("1", 1, 5, "+") == BASES[:5]
    path.write_text(">1\nGGGGG\n")
    os.utime(tmp_path / "small.fa.fai", (1, 1))
    with Genome(path, build=Build.GRCH38) as genome:
        assert genome.sequence("1", 1, 5, "+") == "GGGGG"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("g.fa", b"", "does not contain a valid sequence"),
        ("g.fa", b"ACGT\n", "Unexpected text before the first sequence"),
        ("g.fa", b">1\nACGT\nAC\nACGT\n", "Line length of fasta file is not consistent"),
        ("g.fa", b">1\nACGT\n>1\nACGT\n", 'Duplicate key "1"'),
        ("g.fa", gzip.compress(b">1\nACGT\n", mtime=0), "cannot be read"),
        ("g.fa.gz", gzip.compress(b">1\nACGT\n", mtime=0), "plain or compressed by bgzip"),
        ("g.fa.gz", b">1\nACGT\n", "plain or compressed by bgzip"),
        ("g.fa", b"PK\x03\x04", "expected text, found a spreadsheet or another zip file"),
    ],
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # pyfaidx's files
def test_what_is_no_fasta_is_refused(
    tmp_path: Path, *, name: str, content: bytes, problem: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as error:
        Genome(tmp_path / name, build=Build.GRCH38, name=name)
    assert problem in error.value.problem
    assert error.value.file == name
    assert "\n" not in str(error.value)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # pyfaidx's files
def test_a_bgzip_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    whole = packed(tmp_path).read_bytes()
    for length in range(3, len(whole), 41):
        path = tmp_path / f"{length}.fa.gz"
        path.write_bytes(whole[:length])
        with pytest.raises(InputError):
            Genome(path, build=Build.GRCH38)


def test_a_damaged_index_is_refused(tmp_path: Path) -> None:
    path = plain(tmp_path)
    (tmp_path / "small.fa.fai").write_text("1\tmany\n")
    with pytest.raises(InputError) as error:
        Genome(path, build=Build.GRCH38)
    assert error.value.remedy is not None
    assert error.value.remedy.startswith("remove the index (.fai, .gzi)")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # pyfaidx's files
def test_an_index_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plain(tmp_path)

    def read_only(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pyfaidx.Faidx._open_fai", read_only)
    with pytest.raises(InputError) as error:
        Genome(path, build=Build.GRCH38, name="g.fa")
    assert str(error.value) == (
        "g.fa: its index cannot be made beside it, or not be read (Permission denied); "
        "copy it to a folder that can be written to, or run `samtools faidx` on it"
    )


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a file, found none"):
        Genome(tmp_path / "none.fa")
