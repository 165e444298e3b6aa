"""Lanes of a sample, and pairs whose reads stand one behind the other in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import InputError
from fusion_caller.reads import fastq
from fusion_caller.reads.detection import detect
from fusion_caller.reads.index import ReadIndex, complement
from fusion_caller.reads.lanes import lanes_of, side_of
from fusion_caller.reads.screening import screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_caller.reads.screening import Fragment

    Write = Callable[..., tuple[Path, ...]]


@pytest.mark.parametrize(
    ("name", "stem", "side"),
    [
        ("S1_S4_L002_R1_001.fastq.gz", "S1_S4_L002_001.fastq.gz", "1"),
        ("SRR8616218_2.fastq.gz", "SRR8616218.fastq.gz", "2"),
        ("a.R2.fq", "a.fq", "2"),
        ("a.1.fq", "a.fq", "1"),
        ("patient_1_R2.fastq", "patient_1.fastq", "2"),
        ("patient12.fastq", "patient12.fastq", ""),
    ],
)
def test_the_side_of_a_file_is_the_last_mark_in_its_name(name: str, stem: str, side: str) -> None:
    assert side_of(Path("x", name)) == (stem, side)


def lanes(*names: str) -> list[tuple[int, ...]]:
    return lanes_of([Path(name) for name in names], names)


def test_lanes_are_paired_by_name_in_any_order() -> None:
    assert lanes("a_L1_R1.fq", "a_L1_R2.fq") == [(0, 1)]
    assert lanes("x", "y") == [(0, 1)]  # two files are what they were given as
    assert lanes("s_L001_R2.fq", "s_L002_R2.fq", "s_L002_R1.fq", "s_L001_R1.fq") == [(3, 0), (2, 1)]
    assert lanes("s_L001_R1.fq", "s_L002_R1.fq", "s_L003_R1.fq") == [(0,), (1,), (2,)]


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (
            ("s_L001_R1.fq", "s_L001_R2.fq", "s_L002_R1.fq"),
            "s_L002_R1.fq: expected both files of every lane, found this one without its mate",
        ),
        (
            ("s_R1.fq", "s_R2.fq", "t_R1.fq", "t_R2.fq"),
            "s_R1.fq: expected the files of one sample, found those of 2 by their names",
        ),
        (("s_R1.fq", "s_R2.fq", "s_R1.fq"), "s_R1.fq: the file was given twice"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(
    names: tuple[str, ...], problem: str
) -> None:
    with pytest.raises(InputError) as error:
        lanes(*names)
    assert str(error.value).startswith(problem)


@pytest.fixture
def pairs(index: ReadIndex, plain: Callable[[int, int], list[Fragment]]) -> list[Fragment]:
    """Pairs of KMT2A, five of them across exon 8 and MLLT3's exon 6, each in two pieces."""
    entry = next(e.sequence for e in index.entries if e.label == "MLLT3 e6")
    end = index.exon_ends[7]
    fused = index.transcript[end - 200 : end] + entry
    across = [
        (fused[at : at + 100], complement(fused[at + 40 : at + 140])) for at in range(130, 160, 6)
    ]
    return plain(4, 60) + across


def test_lanes_count_as_one_file(
    pairs: list[Fragment], index: ReadIndex, write_fastq: Write
) -> None:
    whole = detect(write_fastq(pairs, "all_R1.fq", "all_R2.fq"), index)
    first = write_fastq(pairs[:62], "s_L001_R1.fq", "s_L001_R2.fq")
    second = write_fastq(pairs[62:], "s_L002_R1.fq", "s_L002_R2.fq")
    parts = detect([first[0], second[1], second[0], first[1]], index)
    assert parts.screened == whole.screened
    assert [call.name for call in parts.calls] == ["KMT2A::MLLT3"]
    assert parts.calls[0].candidate.fragments == whole.calls[0].candidate.fragments


@pytest.mark.parametrize("block", [700, 1001, 5003, 1 << 20])
def test_pairs_one_behind_the_other_are_as_good_as_two_files(
    pairs: list[Fragment],
    index: ReadIndex,
    write_fastq: Write,
    monkeypatch: pytest.MonkeyPatch,
    block: int,
) -> None:
    paths = write_fastq(pairs, "1.fq", "2.fq")
    apart = screen(paths, index)
    one, two = (path.read_text(encoding="ascii").split("@")[1:] for path in paths)
    path = paths[0].with_name("both.fq")
    path.write_text("".join(f"@{a}@{b}" for a, b in zip(one, two, strict=True)), encoding="ascii")
    monkeypatch.setattr(fastq, "_BLOCK_BYTES", block)  # pairs end in the middle of a block
    assert screen([path], index) == apart
    assert apart.paired


def test_counted_single_reads_are_no_pairs(
    pairs: list[Fragment], index: ReadIndex, tmp_path: Path
) -> None:
    path = tmp_path / "single.fq"
    path.write_bytes(
        b"".join(
            b"@SRR1.%d\n%s\n+\n%s\n" % (n, p[0], b"F" * len(p[0])) for n, p in enumerate(pairs, 1)
        )
    )
    found = screen([path], index)
    assert (found.paired, found.n_fragments) == (False, len(pairs))
    path.write_bytes(
        b"".join(
            b"@SRR1.%d.%d\n%s\n+\n%s\n" % (n, side, read, b"F" * len(read))
            for n, pair in enumerate(pairs, 1)
            for side, read in enumerate(pair, 1)
        )
    )
    found = screen([path], index)
    assert (found.paired, found.n_fragments) == (True, len(pairs))


def test_progress_goes_on_from_lane_to_lane(
    pairs: list[Fragment], index: ReadIndex, write_fastq: Write
) -> None:
    files = [
        path
        for lane in range(1, 5)
        for path in write_fastq(pairs, f"s_L00{lane}_R1.fq", f"s_L00{lane}_R2.fq")
    ]
    told: list[float] = []

    def tell(_: int, share: float | None = None, /) -> None:
        assert share is not None
        told.append(share)

    screen(files, index, progress=tell)
    assert told == [0.25, 0.5, 0.75, 1.0]


def test_two_files_of_one_side_are_lanes_of_single_reads(
    pairs: list[Fragment], index: ReadIndex, write_fastq: Write
) -> None:
    assert lanes("s_L001_R1.fq", "s_L002_R1.fq") == [(0,), (1,)]
    assert lanes("s_L001_R2.fq", "s_L002_R2.fq") == [(0,), (1,)]
    files = write_fastq(pairs, "s_L001_R1.fq", "s_L002_R1.fq")  # whose reads are named alike
    found = screen(files, index)
    assert (found.paired, found.n_fragments) == (False, 2 * len(pairs))
    with pytest.raises(InputError, match="found by its name a file of the same side"):
        screen(files, index, lanes=[(0, 1)])


def test_lanes_may_be_stated(pairs: list[Fragment], index: ReadIndex, write_fastq: Write) -> None:
    whole = screen(write_fastq(pairs, "all_R1.fq", "all_R2.fq"), index)
    first = write_fastq(pairs[:40], "x.fq", "y.fq")
    second = write_fastq(pairs[40:], "z_1.fq", "other_2.fq")
    stated = screen([*first, *second], index, lanes=[(0, 1), (2, 3)])
    assert stated == whole
