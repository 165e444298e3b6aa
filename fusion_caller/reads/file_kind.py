"""What a file of reads is, by its content and never by its name."""

from __future__ import annotations

import gzip
import io
import os
import re
import sys
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fusion_caller.errors import InputError

STANDARD_INPUT = Path("-")
COPY_AGAIN = "copy it again from where it was made and compare the checksums"

# Standard input, once somebody looked into it and before it is read.
_looked_at: list[io.BufferedReader] = []
# What ends a whole CRAM file of version 3 (CRAM specification, 9).
CRAM_END_BYTES = 38

_GZIP = b"\x1f\x8b"
_HEAD_BYTES = 1 << 18
_SAM_HEADER = re.compile(rb"@(HD|SQ|RG|PG|CO)\t")
# A record of SAM that no header precedes: name, flag, reference, position, quality, CIGAR.
_SAM_RECORD = re.compile(
    rb"[!-?A-~][^\t\n]{0,253}\t\d{1,4}\t[^\t\n]+\t\d+\t\d{1,3}\t(\*|(\d+[MIDNSHP=X])+)\t"
)


class FileKind(StrEnum):
    """The kinds of files that `detect` reads."""

    FASTQ = "FASTQ"
    """Or whatever else is none of the others."""
    BAM = "BAM"
    CRAM = "CRAM"
    SAM = "SAM"
    JUNCTIONS = "Chimeric.out.junction"


ALIGNMENTS = (FileKind.BAM, FileKind.CRAM, FileKind.SAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file of alignments as the user gave it.

    Attributes:
        path: The file; `-` is standard input.
        kind: BAM, CRAM or SAM.
        name: How messages call it.
        reference: The genome, which CRAM may need.
    """

    path: Path
    kind: FileKind
    name: str
    reference: Path | None = None


def holds_alignments(path: Path) -> bool:
    """Whether a file is BAM, CRAM or SAM."""
    return kind_of(path) in ALIGNMENTS


def called(path: Path) -> str:
    """How messages call a file that was given by its path."""
    return "standard input" if path == STANDARD_INPUT else str(path)


def standard_input() -> io.BufferedReader:
    """Standard input, for the one who reads it; what was looked at comes with it.

    A file of our own, which nothing else holds: when Python ends it closes `sys.stdin`, and would
    wait for a thread that reads it.
    """
    return _looked_at.pop() if _looked_at else _opened()


def _opened() -> io.BufferedReader:
    return io.BufferedReader(io.FileIO(os.dup(sys.stdin.fileno())), _HEAD_BYTES)


def kind_of(path: Path) -> FileKind:
    """What a file is; a pipe that has a name is taken for FASTQ, since looking would empty it."""
    if path == STANDARD_INPUT:
        if not _looked_at:
            _looked_at.append(_opened())
        return _kind(_looked_at[0].peek(_HEAD_BYTES))
    if not path.is_file():
        return FileKind.FASTQ
    try:
        with path.open("rb") as stream:
            return _kind(stream.read(_HEAD_BYTES))
    except OSError:
        return FileKind.FASTQ


def _kind(head: bytes) -> FileKind:
    if head.startswith(b"CRAM"):
        return FileKind.CRAM
    text = _inflated(head) if head.startswith(_GZIP) else head
    if text.startswith(b"BAM\x01"):
        return FileKind.BAM
    if _SAM_HEADER.match(text) or _SAM_RECORD.match(text):
        return FileKind.SAM
    if not text.startswith(b"@") and _is_junctions(text):
        return FileKind.JUNCTIONS
    return FileKind.FASTQ


def _is_junctions(text: bytes) -> bool:
    from fusion_caller.readers.chimeric_junction import JUNCTIONS

    lines = text.decode("utf-8-sig", "replace").splitlines(keepends=True)
    whole = [line for line in lines if line.endswith("\n")] or lines
    return JUNCTIONS.recognises(whole)


def _inflated(head: bytes) -> bytes:
    """What the first bytes of a gzip file hold, as far as they can be read."""
    try:
        return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(head, _HEAD_BYTES)
    except (zlib.error, gzip.BadGzipFile):
        return b""


def unreadable(why: object, given: Given, *, remedy: str = COPY_AGAIN) -> InputError:
    """What htslib found wrong with a file of alignments, as one line."""
    what = f"the file cannot be read on ({why})"
    if given.kind is FileKind.CRAM:
        what += ", or the reference that its bases are stored against is missing"
        remedy = f"give its FASTA by `kmt2a detect --reference`; if that fails {remedy}"
    return InputError(what, file=given.name, remedy=remedy)
