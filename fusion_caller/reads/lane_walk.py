"""Through the FASTQ files of one lane, side by side, and what shows that they are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.errors import InputError
from fusion_caller.reads.fastq import FastqFile
from fusion_caller.reads.kernels import NAME_HASH
from fusion_caller.reads.lanes import check_pair

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.reads.fastq import Block
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.screening import Progress, Sink

# The second reads of a pair are not those of the first; so many that are were given twice.
_SAME_READS = 100


def screen_lane(
    files: Sequence[tuple[Path, str]], index: ReadIndex, sink: Sink, progress: Progress
) -> None:
    """Give all fragments of one lane to a sink.

    Args:
        files: R1 and R2, or one file, each with how messages call it.
        index: What reads are looked up in.
        sink: What takes the fragments.
        progress: Told how far it is.

    Raises:
        InputError: If a file is cut off, damaged, or not the mates of the other.
    """
    _check_files([path for path, _ in files], files[0][1])
    check_pair([path for path, _ in files], [name for _, name in files])
    streams: list[FastqFile] = []
    try:
        for path, name in files:
            streams.append(FastqFile(path, index.screen, name=name))
        if len(streams) > 1:
            _take_pairs(streams[0], streams[1], sink, progress)
        else:
            _take_one_file(streams[0], sink, progress)
    finally:
        for stream in streams:
            stream.close()


def _take_one_file(stream: FastqFile, sink: Sink, progress: Progress) -> None:
    """Go through single reads, or through pairs whose reads stand one behind the other."""
    interleaved = False
    lonely: Block | None = None
    for block in stream:
        at = 0
        if block.first == 0:
            interleaved = _are_pairs(block)
            sink.screened.paired = sink.screened.paired or interleaved
        if not interleaved:
            sink.take(((block, 0),), len(block))
        else:
            if lonely is not None and len(block):
                _take_side_by_side(lonely, block, 1, stream, sink)
                lonely, at = None, 1
            n = (len(block) - at) // 2
            _take_side_by_side(block.every_second(at), block.every_second(at + 1), n, stream, sink)
            if at + 2 * n < len(block):
                lonely = block.copy_of(at + 2 * n)
        progress(sink.screened.n_fragments, _share_read((stream,)))
    if lonely is not None:
        raise stream.problem_in(
            stream.n_records,
            "expected pairs one behind the other, found the last read without its mate",
            "copy the file again from where it was made and compare the checksums",
        )


def _are_pairs(block: Block) -> bool:
    """Whether reads stand behind their mates, by the names of the first; see `Block.names_differ`.

    Single reads that are counted, `.1`, `.2`, look like mates once, and not twice.
    """
    if len(block) < 4:  # noqa: PLR2004
        return len(block) > 1 and block.records[0, NAME_HASH] == block.records[1, NAME_HASH]
    return block.every_second(0).names_differ(0, block.every_second(1), 0, 2) is None


def _take_side_by_side(one: Block, two: Block, n: int, stream: FastqFile, sink: Sink) -> None:
    wrong = one.names_differ(0, two, 0, n)
    if wrong is not None:
        raise stream.problem_in(
            two.first + 2 * wrong + 1,
            "expected the mate of the record before, as in the pairs above, found another name",
            "write R1 and R2 into two files, or give single reads alone",
        )
    sink.take(((one, 0), (two, 0)), n)


def _take_pairs(first: FastqFile, second: FastqFile, sink: Sink, progress: Progress) -> None:
    """Go through both files side by side; their blocks end at different records."""
    ones, twos = iter(first), iter(second)
    one = two = None
    at = other_at = 0
    while True:
        while one is None or at == len(one):
            one, at = next(ones, None), 0
            if one is None:
                break
        while two is None or other_at == len(two):
            two, other_at = next(twos, None), 0
            if two is None:
                break
        if one is None or two is None:
            _check_both_ended(first, second, one, two)
            return
        n = min(len(one) - at, len(two) - other_at)
        wrong = one.names_differ(at, two, other_at, n)
        if wrong is not None:
            raise second.problem_in(
                two.first + other_at + wrong + 1,
                f"its name is not that of the same record in {first.name}",
                "give the two files of one sample, with their records in the same order",
            )
        if one.first + at == 0:
            _check_not_the_same(one, two, n, first, second)
        sink.take(((one, at), (two, other_at)), n)
        at += n
        other_at += n
        progress(sink.screened.n_fragments, _share_read((first, second)))


def _share_read(streams: Sequence[FastqFile]) -> float | None:
    """How much was read of all files together; None where one of them is a pipe."""
    shares = [stream.share_read for stream in streams]
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if len(known) == len(shares) else None


def _check_not_the_same(
    one: Block, two: Block, n: int, first: FastqFile, second: FastqFile
) -> None:
    """Refuse the first reads under another name as the second: they would all be counted twice."""
    if n >= _SAME_READS and all(one.read(at) == two.read(at) for at in range(_SAME_READS)):
        raise second.problem(
            f"its first {_SAME_READS} reads are those of {first.name}, base for base",
            "give R1 and R2 of one sample, or one file of single reads",
        )


def _check_both_ended(
    first: FastqFile, second: FastqFile, one: Block | None, two: Block | None
) -> None:
    """Refuse two files of which one has fewer records."""
    if one is None and two is None:
        return
    short, long = (first, second) if one is None else (second, first)
    n = short.n_records
    raise short.problem_in(
        n + 1,
        f"the file ends after {n:,} records, {long.name} goes on",
        "give the two files of one sample, and copy again what was cut off",
    )


def _check_files(files: Sequence[Path], name: str) -> None:
    """Refuse the same file twice, and two streams from one pipe.

    Args:
        files: The files.
        name: How messages call the first.

    Raises:
        InputError: If it is so.
    """
    if len(files) < 2:  # noqa: PLR2004
        return
    first, second = files
    same = first == second or (
        first.exists() and second.exists() and first.resolve() == second.resolve()
    )
    if same:
        raise InputError(
            "the same file was given for the first and the second reads",
            file=name,
            remedy="give R1 and R2 of one sample, or one file of single reads",
        )
