"""BAM, CRAM and SAM files to the fragments that deserve a closer look.

A file that has an index is read where KMT2A and the partners lie (`indexed`); any other, and a
pipe, from its begin to its end. CRAM and SAM are turned into BAM on the way, by htslib.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from fusion_caller.errors import InputError
from fusion_caller.reads.alignment_headers import check_samples, place_of
from fusion_caller.reads.bam_stream import BGZF_END, BamStream
from fusion_caller.reads.file_kind import (
    COPY_AGAIN,
    STANDARD_INPUT,
    FileKind,
    standard_input,
    unreadable,
)
from fusion_caller.reads.indexed import screen_by_index
from fusion_caller.reads.mates import Aligned, Mates, Records, take_blocks
from fusion_caller.reads.screening import Sink

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_caller.reads.file_kind import Given
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.screening import Screened

_INDEXES = (".bai", ".csi", ".crai")
# The container that ends a whole CRAM file of version 3 (CRAM specification, 9).
_CRAM_END = bytes.fromhex("0f000000ffffffff0fe0454f4600000000010005bdd94f0001000606")
_CRAM_END_BYTES = 38
_RECODE = """
import sys, pysam
pysam.view("-u", "--no-PG", *sys.argv[1:], catch_stdout=False)
"""


def screen_alignments(
    given: Given, index: ReadIndex, *, progress: Callable[[int], None] = lambda _: None
) -> Screened:
    """Read the reads of a BAM, CRAM or SAM file as if they were FASTQ.

    Args:
        given: The file.
        index: What reads are looked up in.
        progress: Told how many reads were read so far.

    Raises:
        InputError: If the file is cut off, damaged, of another genome, or holds several samples.
    """
    if given.path != STANDARD_INPUT:
        _check_end(given)
        beside = index_of(given.path)
        if beside is not None:
            _check_age(given, beside)
            found = screen_by_index(given, beside, index, progress)
            if found is not None:
                return found
    return _screen_whole(given, index, progress)


def index_of(path: Path) -> Path | None:
    """The index beside a file: `x.bam.bai`, `x.bai`, and so for CSI and CRAI."""
    named = [Path(f"{path}{end}") for end in _INDEXES] + [path.with_suffix(e) for e in _INDEXES]
    return next((one for one in named if one.is_file()), None)


def _check_age(given: Given, beside: Path) -> None:
    if beside.stat().st_mtime_ns < given.path.stat().st_mtime_ns:
        raise InputError(
            f"its index {beside.name} is older than the file",
            file=given.name,
            remedy="make it again by `samtools index`, or remove it and the whole file is read",
        )


def _check_end(given: Given) -> None:
    """Refuse a file that does not end as its format ends."""
    with given.path.open("rb") as stream:
        version = stream.read(5)[4:]
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _CRAM_END_BYTES))
        end = stream.read()
    whole = True
    if given.kind is FileKind.BAM:
        whole = end.endswith(BGZF_END)
    elif given.kind is FileKind.CRAM and version == b"\x03":
        whole = end.startswith(_CRAM_END)
    if not whole:
        raise InputError(
            f"expected the block that ends a {given.kind} file, found none: the file is cut off",
            file=given.name,
            remedy=COPY_AGAIN,
        )


def _screen_whole(given: Given, index: ReadIndex, progress: Callable[[int], None]) -> Screened:
    records = Records()
    sink = Sink(index, paired=False)
    sink.screened.aligned = Aligned(format=given.kind, by_index=False, records=records)
    path, name = given.path, given.name
    with ExitStack() as stack:
        source: IO[bytes] = (
            standard_input() if path == STANDARD_INPUT else stack.enter_context(path.open("rb"))
        )
        recoded = None
        if given.kind is not FileKind.BAM:
            recoded = stack.enter_context(closing(_Recoded(source, given)))
            source = recoded.output
        try:
            stream = BamStream(source, index, name=name)
            check_samples(stream.header, name)
            place = place_of(stream.header, name)
            if place is not None:
                stream.near = place.kmt2a
            mates = Mates(sink, records, file=name)
            take_blocks(stream, mates, records, progress)
        except InputError:
            if recoded is not None:
                recoded.check()
            raise
        if recoded is not None:
            recoded.check()
        mates.finish()
    return sink.screened


class _Recoded:
    """CRAM or SAM as BAM that is not compressed, from a process of its own.

    Of its own because pysam, while it waits to write, lets no other thread of a process run.

    Args:
        source: The file, opened.
        given: The same.
    """

    def __init__(self, source: IO[bytes], given: Given) -> None:
        self._given = given
        piped = given.path == STANDARD_INPUT
        reference = ("--reference", str(given.reference)) if given.reference else ()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._process = subprocess.Popen(  # noqa: S603 - Python itself
            [
                sys.executable,
                "-c",
                _RECODE,
                *reference,
                "-" if piped else str(given.path.absolute()),
            ],
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._said,
        )
        self.output = cast("IO[bytes]", self._process.stdout)
        if piped:
            threading.Thread(target=self._feed, args=(source,), daemon=True).start()

    def _feed(self, source: IO[bytes]) -> None:
        """Give the process standard input from its first byte, some of which was looked at."""
        target = cast("IO[bytes]", self._process.stdin)
        with suppress(BrokenPipeError), target:
            shutil.copyfileobj(source, target)

    def check(self) -> None:
        """Say what went wrong, if anything did.

        Raises:
            InputError: With what htslib found.
        """
        if self._process.wait() != 0:
            self._said.seek(0)
            lines = self._said.read().decode("utf-8", "replace").splitlines()
            raise unreadable(lines[-1] if lines else "htslib ended", self._given)

    def close(self) -> None:
        """End the process, whether or not everything was read."""
        self.output.close()
        self._process.kill()
        self._process.wait()
        self._said.close()
