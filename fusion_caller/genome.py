"""The bases of a genome, read from an indexed FASTA."""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING, Self

from fusion_caller.contigs import Build, length_of
from fusion_caller.errors import InputError
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.records import normalise_contig
from fusion_caller.tables import open_text

if TYPE_CHECKING:
    from pathlib import Path

    from pyfaidx import Fasta  # type: ignore[import-untyped]

_REFSEQ_CONTIG = re.compile(r"NC_0000([0-9]{2})\.[0-9]+")
_REFSEQ_NAMES = {23: "chrX", 24: "chrY"}
_REFSEQ_MITOCHONDRION = "NC_012920.1"

# What pyfaidx lets through of a FASTA, an index or a compressed block that is damaged.
_DAMAGE = (OSError, EOFError, ValueError, LookupError, AssertionError, zlib.error, struct.error)


def contig_name(name: str) -> str:
    """The contig as GRCh38 names it with `chr`, also from RefSeq's accession (`NC_000011.10`)."""
    if name == _REFSEQ_MITOCHONDRION:
        return "chrM"
    if accession := _REFSEQ_CONTIG.fullmatch(name):
        number = int(accession[1])
        return _REFSEQ_NAMES.get(number, f"chr{number}")
    return normalise_contig(name)


class Genome:
    """A FASTA, plain or compressed by bgzip, whose contigs answer to their names with `chr`.

    An index is made beside the file where there is none. The length of chr11 tells the build, and
    any other length is refused, since positions on KMT2A would be read from the wrong place. Only a
    file without chr11 (single chromosomes, test data) is taken for the build that is given.

    Args:
        path: The file.
        build: The build it must be of; needed only for a file without chr11.
        name: How messages call it; the path as given if absent.

    Attributes:
        build: The build.

    Raises:
        InputError: If the file cannot be read, its index not be made, or the build is another or
            not to be known.
    """

    def __init__(self, path: Path, *, build: Build | None = None, name: str | None = None) -> None:
        self._name = name or str(path)
        self._fasta = _open(path, self._name)
        self._contigs: dict[str, str] = {}
        for own in self._fasta.keys():  # noqa: SIM118 - it iterates over records, not names
            self._contigs.setdefault(contig_name(own), own)
        try:
            self.build = self._find_build(build)
        except InputError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._fasta.close()

    def has(self, contig: str) -> bool:
        """Whether the file holds a contig, by its name with or without `chr`."""
        return contig_name(contig) in self._contigs

    def length(self, contig: str) -> int:
        """How many bases a contig has, 0 where the file does not hold it."""
        own = self._contigs.get(contig_name(contig))
        return 0 if own is None else self._length(own)

    def sequence(self, contig: str, start: int, end: int, strand: str) -> str:
        """Read bases in upper case, on the minus strand the reverse complement.

        Args:
            contig: Its name, with or without `chr`.
            start: The first base, 1-based, on either strand the lower position.
            end: The last base.
            strand: `+` or `-`.

        Raises:
            InputError: If the file has no such contig or position, or is damaged there.
        """
        own = self._contigs.get(contig_name(contig))
        if own is None:
            raise self._error(f"expected the contig {contig}, which is not in it")
        length = self._length(own)
        if not 1 <= start <= end <= length:
            raise self._error(
                f"expected positions from 1 to {length} on {contig}, found {start}-{end}"
            )
        bases = self._read(own, start, end)
        if strand == "+":
            return bases
        from Bio.Seq import reverse_complement

        return str(reverse_complement(bases))  # type: ignore[no-untyped-call]

    def _read(self, own: str, start: int, end: int) -> str:
        fetch = self._fasta.faidx.fetch
        try:
            try:
                return str(fetch(own, start, end))
            except ValueError:
                # pyfaidx cannot read from the edge of a block of 65,536 bytes, the longest there
                # are; bgzip makes shorter ones, but other programs do not.
                return str(fetch(own, start - 1, end))[1:]
        except _DAMAGE as error:
            raise self._error(
                f"the bases of {own}:{start}-{end} cannot be read ({error})",
                remedy="copy or make the file and its index again",
            ) from None

    def _length(self, own: str) -> int:
        return int(self._fasta.faidx.index[own].rlen)

    def _find_build(self, given: Build | None) -> Build:
        own = self._contigs.get(CONTIG)
        if own is None:
            if given is not None:
                return given
            raise self._error(
                f"expected {CONTIG}, whose length tells the build, found none",
                remedy="name the build",
            )
        length = self._length(own)
        lengths = {build: length_of(CONTIG, build) for build in ((given,) if given else Build)}
        for build, right in lengths.items():
            if length == right:
                return build
        wanted = " or ".join(f"{right} ({build})" for build, right in lengths.items())
        other = next((f" ({build})" for build in Build if length_of(CONTIG, build) == length), "")
        raise self._error(
            f"expected {CONTIG} to have {wanted} bases, found {length}{other}",
            remedy="give the genome that the positions are on",
        )

    def _error(self, problem: str, remedy: str | None = None) -> InputError:
        return InputError(problem, file=self._name, remedy=remedy)


def _open(path: Path, name: str) -> Fasta:
    """Open a FASTA and make its index if need be; what goes wrong becomes an `InputError`."""
    import pyfaidx

    open_text(path, name=name).close()  # says what is wrong with a path
    try:
        return pyfaidx.Fasta(str(path), as_raw=True, sequence_always_upper=True, strict_bounds=True)
    except pyfaidx.UnsupportedCompressionFormat:
        raise InputError(
            "expected a FASTA that is plain or compressed by bgzip, found another compression",
            file=name,
            remedy="unpack it, or pack it with bgzip",
        ) from None
    except OSError as error:
        raise InputError(
            f"its index cannot be made beside it, or not be read ({_cause(error)})",
            file=name,
            remedy="copy it to a folder that can be written to, or run `samtools faidx` on it",
            error=error,
        ) from None
    except (pyfaidx.FastaIndexingError, *_DAMAGE) as error:
        raise InputError(
            f"the FASTA or its index cannot be read ({str(error).rstrip('.')})",
            file=name,
            remedy="remove the index (.fai, .gzi) and try again, or copy or make the file again",
        ) from None


def _cause(error: OSError) -> str:
    """What the system says; pyfaidx puts advice of its own in front of it."""
    for one in (error.__context__, error):
        if isinstance(one, OSError) and one.strerror:
            return one.strerror
    return str(error)
