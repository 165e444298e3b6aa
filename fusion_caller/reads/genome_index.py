"""The file of an index that was made of a genome and a GTF: one header line, one of JSON, arrays.

The header has the version and the SHA-256 of everything behind it; the JSON says what the index was
made of and where each array lies. The bases are mapped into memory, not read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_caller.annotation import Annotation, Gene, by_symbol
from fusion_caller.contigs import Build
from fusion_caller.errors import InputError
from fusion_caller.reads.index import COLUMNS, ReadIndex, entries_of, read_index
from fusion_caller.reads.store import Bases, GeneTable
from fusion_caller.tables import open_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_caller.reads.index import Entry

VERSION = "1"
MAGIC = "#kmt2a-genome-index"
_LONGEST_HEAD = 200
_ALIGNED = 64
_BASES = ("contig", "start", "first", "packed")
_GENES = (
    "contig",
    "start",
    "end",
    "plus",
    "text",
    "exon_first",
    "exon_start",
    "exon_end",
    "coding",
)
REMEDY = "make it by `kmt2a index`"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeOf:
    """What an index was made of.

    Attributes:
        build: The build of both.
        genome: The file's name.
        genome_sha256: Of the file as it is, packed or not.
        gtf: The file's name.
        gtf_sha256: The same.
        n_genes: How many genes it can name.
        n_bases: How many bases of the genome it holds.
        n_genes_left_out: Genes on contigs that the genome does not have.
    """

    build: Build
    genome: str
    genome_sha256: str
    gtf: str
    gtf_sha256: str
    n_genes: int
    n_bases: int
    n_genes_left_out: int


@dataclass(frozen=True)
class GenomePart:
    """The parts of a genome that an index holds, and its genes."""

    made_of: MadeOf
    bases: Bases
    genes: GeneTable

    def annotation(self, genes: Iterable[Gene]) -> Annotation:
        """Some of the genes, or all, as an annotation."""
        return Annotation(build=self.made_of.build, genes=by_symbol(genes), name=self.made_of.gtf)


def index_content(
    made_of: MadeOf, entries: Iterable[Entry], bases: Bases, genes: GeneTable
) -> Iterator[bytes]:
    """The content of an index file, in parts."""
    rows = "".join("\t".join(map(str, _row(entry))) + "\n" for entry in entries)
    arrays: dict[str, NDArray[Any]] = {"entries": np.frombuffer(rows.encode(), np.uint8)}
    arrays |= {f"bases.{name}": getattr(bases, name) for name in _BASES}
    arrays |= {f"genes.{name}": getattr(genes, name) for name in _GENES}
    places, at = {}, 0
    for name, array in arrays.items():
        places[name] = [at, str(array.dtype), list(array.shape)]
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    said = json.dumps(
        {"made_of": asdict(made_of), "contigs": bases.contigs, "bytes": at, "arrays": places}
    )
    # Filled up, so that the arrays are aligned in the file whatever the length of the JSON.
    head_size = len(f"{MAGIC} version={VERSION} sha256={'0' * 64}\n")
    said += " " * (-(head_size + len(said) + 1) % _ALIGNED) + "\n"
    parts = [said.encode()]
    for array in arrays.values():
        parts += [np.ascontiguousarray(array).tobytes(), bytes(-array.nbytes % _ALIGNED)]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    yield f"{MAGIC} version={VERSION} sha256={digest.hexdigest()}\n".encode()
    yield from parts


def _row(entry: Entry) -> Iterator[object]:
    known: dict[str, object] = {name: getattr(entry, name) for name in COLUMNS}
    known |= {"kind": entry.kind.value, "sequence": entry.sequence.decode()}
    return ("" if known[name] is None else known[name] for name in COLUMNS)


def open_index(path: Path | None) -> ReadIndex:
    """Open an index that was made of a genome, or the packaged one where no path is given.

    Raises:
        InputError: If the file is none, of another version, cut off or changed.
    """
    if path is None:
        return read_index()
    name = str(path)
    open_text(path, name=name).close()  # says what is wrong with a path
    with path.open("rb") as stream:
        head = stream.readline(_LONGEST_HEAD).decode(errors="replace")
        fields = dict(part.partition("=")[::2] for part in head.split())
        if MAGIC not in fields:
            raise InputError("expected an index of `kmt2a detect`", file=name, remedy=REMEDY)
        if fields.get("version") != VERSION:
            raise InputError(
                f"expected an index of version {VERSION}, found {fields.get('version', 'none')}",
                file=name,
                remedy=REMEDY,
            )
        try:
            said = json.loads(stream.readline())
            start, size = stream.tell(), said["bytes"]
        except (ValueError, KeyError, TypeError):
            raise _damaged("the index is not what its checksum says", name) from None
        found = path.stat().st_size - start
        if found < size:
            problem = f"the index is cut off: expected {size:,} bytes of content, found {found:,}"
            raise _damaged(problem, name)
        stream.seek(len(head))
        if hashlib.file_digest(stream, "sha256").hexdigest() != fields.get("sha256"):
            raise _damaged("the index is not what its checksum says", name)
    mapped = np.memmap(path, np.uint8, "r", offset=start, shape=(size,))
    return _opened(said, mapped, fields["sha256"], name)


def annotation_of(path: Path) -> Annotation:
    """All genes of an index that was made of a genome.

    Raises:
        InputError: As `open_index`.
    """
    genome = open_index(path).genome
    if genome is None:  # pragma: no cover - a file that is opened has one
        raise _damaged("expected an index with genes", str(path))
    return genome.annotation(genome.genes.all())


def _damaged(problem: str, name: str) -> InputError:
    return InputError(problem, file=name, remedy=f"copy it again, or {REMEDY}")


def _opened(said: dict[str, Any], mapped: NDArray[np.uint8], checksum: str, name: str) -> ReadIndex:
    def array(key: str) -> NDArray[Any]:
        at, kind, shape = said["arrays"][key]
        n = int(np.prod(shape)) * np.dtype(kind).itemsize
        found: NDArray[Any] = mapped[at : at + n].view(kind).reshape(shape)
        return found

    contigs = tuple(said["contigs"])
    made_of = MadeOf(**said["made_of"] | {"build": Build(said["made_of"]["build"])})
    part = GenomePart(
        made_of=made_of,
        bases=Bases(contigs=contigs, **{key: array(f"bases.{key}") for key in _BASES}),
        genes=GeneTable(contigs=contigs, **{key: array(f"genes.{key}") for key in _GENES}),
    )
    rows = array("entries").tobytes().decode().splitlines()
    return ReadIndex(entries_of(rows), checksum, file=name, genome=part)
