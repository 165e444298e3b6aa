"""What is wrong with something that was given as FASTQ, in words, with a remedy."""

from __future__ import annotations

import re

_PACK_AGAIN = "pack it as gzip: `{} FILE | gzip > NAME.fastq.gz`"
_OTHER_PACKERS = (
    (b"BZh", "bzip2", "bzcat"),
    (b"\xfd7zXZ", "xz", "xzcat"),
    (b"\x28\xb5\x2f\xfd", "zstd", "zstdcat"),
    (b"PK\x03\x04", "zip", "unzip -p"),
)
_MAKE_AGAIN = "make it again from what it was made of, or copy it again"
_TAKE_READS_OUT = (
    "take the reads out of it by `samtools collate -Ou FILE | samtools fastq -n -1 R1.fastq.gz "
    "-2 R2.fastq.gz -0 /dev/null -s /dev/null`"
)
_SAM_HEADER = re.compile(rb"@(HD|SQ|RG|PG|CO)\t")
_SHOWN = 30
_LINES = 4


def other_format(head: bytes) -> tuple[str, str] | None:
    """What a file is instead of FASTQ and what to do, by its first bytes; None if it may be one."""
    for magic, name, program in _OTHER_PACKERS:
        if head.startswith(magic):
            return f"expected FASTQ, plain or gzipped, found {name}", _PACK_AGAIN.format(program)
    if head.startswith(b"CRAM"):
        return "expected FASTQ, found alignments (CRAM)", _TAKE_READS_OUT
    return None


def explain(text: bytes, *, ended: bool) -> tuple[str, str]:
    """Why no record begins here.

    Args:
        text: What follows the last whole record.
        ended: Whether the file ends with it.

    Returns:
        What was expected and found, and what to do.
    """
    lines = [line.rstrip(b"\r") for line in text.split(b"\n", _LINES)]
    if text.startswith(b"BAM\x01"):
        return "expected FASTQ, found alignments (BAM)", _TAKE_READS_OUT
    if _SAM_HEADER.match(text):
        return "expected FASTQ, found alignments (SAM)", _TAKE_READS_OUT
    if text.startswith(b">"):
        what = "expected a name that begins with @, found FASTA, which has no qualities"
        return what, "give the FASTQ that it was made of"
    if not ended and len(lines) <= _LINES:
        what = f"expected a read of some hundred bases, found {len(text):,} bytes without an end"
        return what, "only short reads are read"
    return _wrong_line(lines), _MAKE_AGAIN


def _wrong_line(lines: list[bytes]) -> str:
    if not lines[0].startswith(b"@"):
        return f"expected a name that begins with @, found {_shown(lines[0])}"
    if len(lines) <= _LINES:
        return "the file ends within the record: it is cut off"
    _, bases, plus, quality, _ = lines
    strange = re.search(rb"[^A-Za-z]", bases)
    if strange:
        return f"expected bases, found {_shown(strange[0])} at base {strange.start() + 1}"
    if not plus.startswith(b"+"):
        return f"expected a line that begins with +, found {_shown(plus)}"
    if len(quality) != len(bases):
        return f"expected {len(bases)} qualities, one a base, found {len(quality)}"
    return "expected qualities of printed characters, found others"


def _shown(text: bytes) -> str:
    """The first characters, without control characters; names of reads name no patient."""
    printed = text[:_SHOWN].decode("ascii", "replace")
    shown = "".join(c if c.isprintable() else "?" for c in printed)
    return f"'{shown}'" if text else "an empty line"
