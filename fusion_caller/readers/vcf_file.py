"""A variant file as pysam sees it: whether it is one, and what its header says."""

from __future__ import annotations

import itertools
import re
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.contigs import Build, length_of
from fusion_caller.errors import InputError
from fusion_caller.readers.text_lines import open_lines
from fusion_caller.records import normalise_contig

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pysam import VariantFile

    from fusion_caller.tables import Row

COMMENT = "##"
FIXED = ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_BUILD_NAMES = {
    Build.GRCH38: re.compile(r"GRCh38|hg38|hs38|assembly38", re.IGNORECASE),
    Build.GRCH37: re.compile(r"GRCh37|hg19|hs37|b37|g1k_v37|assembly19", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a header says.

    Attributes:
        declared: The INFO fields that it declares.
        lengths: The contigs' lengths, as far as it gives them.
        build: The genome build, empty where it does not tell.
    """

    declared: frozenset[str]
    lengths: Mapping[str, int]
    build: str


def preamble_of(path: Path, *, file: str) -> tuple[str, ...]:
    """The lines of a file that come before its line of columns.

    Raises:
        InputError: If the file cannot be read.
    """
    with open_lines(path, name=file) as lines:
        stripped = (text.strip() for _, text in lines)
        return tuple(itertools.takewhile(lambda text: text.startswith(COMMENT), stripped))


def check_columns(columns: Sequence[str], preamble: Sequence[str], *, file: str) -> None:
    """See that a table's columns are those of a variant file.

    Raises:
        InputError: If they are not.
    """
    if tuple(columns[: len(FIXED)]) != FIXED:
        raise InputError(
            f"expected the columns {', '.join(FIXED)}, found others",
            file=file,
            line=len(preamble) + 1,
            remedy="the file is damaged, make it again",
        )


def checked_header(
    preamble: Sequence[str], columns: Sequence[str], rows: Sequence[Row], *, file: str
) -> Header:
    """What the header says, after pysam has read it and the rows that are used.

    It is given them as they were understood, in a file of their own: it reads neither a byte order
    mark nor what gzip packed, and htslib's messages would name no line.

    Raises:
        InputError: If the header or a row is none of a variant file.
    """
    import pysam

    loud = pysam.set_verbosity(0)
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".vcf", encoding="utf-8") as copy:
            copy.writelines(f"{line}\n" for line in (*preamble, "#" + "\t".join(columns)))
            copy.writelines("\t".join(row.values.values()) + "\n" for row in rows)
            copy.flush()
            try:
                variants = pysam.VariantFile(copy.name)
            except (OSError, ValueError):
                raise _damaged("the header of a variant file", len(preamble) + 1, file) from None
            with variants:
                for row in rows:
                    try:
                        next(variants)
                    except (OSError, ValueError, StopIteration):
                        raise _damaged("a record of a variant file", row.line, file) from None
                return _header(variants)
    finally:
        pysam.set_verbosity(loud)


def _damaged(expected: str, line: int, file: str) -> InputError:
    return InputError(
        f"expected {expected}, found text that is none",
        file=file,
        line=line,
        remedy="the file is damaged, make it again",
    )


def _header(variants: VariantFile) -> Header:
    contigs = variants.header.contigs.values()
    lengths = {contig.name: contig.length for contig in contigs if contig.length}
    references = [one.value or "" for one in variants.header.records if one.key == "reference"]
    return Header(
        declared=frozenset(variants.header.info.keys()),
        lengths=lengths,
        build=_build(lengths, " ".join(references)),
    )


def _build(lengths: Mapping[str, int], reference: str) -> str:
    """The build by its chromosomes' lengths, else by the reference's name; nothing if neither."""
    stated = {normalise_contig(name): length for name, length in lengths.items()}
    # Releases of GRCh37 have one mitochondrion or the other.
    stated.pop("chrM", None)
    fits = [
        build
        for build in Build
        if any(length_of(name, build) for name in stated)
        and all(length_of(name, build) in (None, length) for name, length in stated.items())
    ]
    if len(fits) != 1:
        fits = [build for build, names in _BUILD_NAMES.items() if names.search(reference)]
    return str(fits[0]) if len(fits) == 1 else ""
