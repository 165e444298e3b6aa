"""What was read from a GTF, kept in the user's cache folder so that the next run starts at once."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from pathlib import Path
from typing import Any

from fusion_caller.annotation import Annotation, Gene, Transcript
from fusion_caller.contigs import Build
from fusion_caller.gtf import read_gtf
from fusion_caller.gtf_scan import collector_paused

# Part of the name of a cached file: raise it when what is read from a GTF changes.
_FORMAT = 1


def cached_gtf(
    path: Path,
    cache_dir: Path | None = None,
    *,
    name: str | None = None,
    build: Build | None = None,
) -> Annotation:
    """Read an annotation, or what was kept of it when it was last read.

    A GTF is known by its path, size and time of change: they are there at once, whereas a digest of
    its content would take as long as reading it. Only a file that is replaced by another of the
    same size and the same time to the nanosecond goes unnoticed. A cache that is damaged is made
    again; a folder that cannot be written to is no error.

    Args:
        path: The GTF.
        cache_dir: The folder to keep it in; if absent, `kmt2a` in the user's cache folder.
        name: How messages call the GTF; the path as given if absent.
        build: The build it must be of, as for `read_gtf`.

    Raises:
        InputError: As `read_gtf`.
    """
    try:
        file = _cache_file(path, cache_dir or _cache_folder(), build)
    except (OSError, RuntimeError, ValueError):  # no such GTF, as `read_gtf` will say; no home
        return read_gtf(path, name=name, build=build)
    if (kept := _load(file)) is not None:
        return kept
    annotation = read_gtf(path, name=name, build=build)
    _keep(annotation, file)
    return annotation


def _cache_folder() -> Path:
    """The user's cache folder by the XDG base directory rules.

    `KMT2A_CACHE=off` says that there is none: a task of a pipeline writes in its own folder only.

    Raises:
        RuntimeError: If the user has no home, or wants no cache.
    """
    if os.environ.get("KMT2A_CACHE", "") == "off":
        raise RuntimeError
    named = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
    return base / "kmt2a"


def _cache_file(path: Path, folder: Path, build: Build | None) -> Path:
    whole = path.resolve(strict=True)
    status = whole.stat()
    known_by = (_FORMAT, str(whole), status.st_size, status.st_mtime_ns, str(build))
    return folder / f"gtf-{hashlib.sha256(repr(known_by).encode()).hexdigest()[:20]}.json.gz"


def _keep(annotation: Annotation, file: Path) -> None:
    """Write a cache file, whole or not at all."""
    content = {
        "name": annotation.name,
        "build": annotation.build,
        "genes": {key: _cells(gene) for key, gene in annotation.genes.items()},
    }
    packed = gzip.compress(json.dumps(content, separators=(",", ":")).encode(), 6, mtime=0)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        number, part = tempfile.mkstemp(dir=file.parent, prefix=".gtf-")
        try:
            with os.fdopen(number, "wb") as stream:
                stream.write(packed)
            Path(part).replace(file)
        finally:
            Path(part).unlink(missing_ok=True)


def _load(file: Path) -> Annotation | None:
    """What a cache file holds, None if there is none that can be used."""
    try:
        with collector_paused():
            content = json.loads(gzip.decompress(file.read_bytes()))
            genes = {key: _gene(cells) for key, cells in content["genes"].items()}
        return Annotation(build=Build(content["build"]), genes=genes, name=content["name"])
    except (OSError, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError):
        return None


def _cells(gene: Gene) -> list[Any]:
    transcript = gene.transcript
    return [
        gene.symbol,
        gene.gene_id,
        gene.contig,
        gene.start,
        gene.end,
        gene.strand,
        gene.biotype,
        transcript
        and [
            transcript.id,
            [start for start, _ in transcript.exons],
            [end for _, end in transcript.exons],
            transcript.cds_start,
            transcript.cds_end,
            transcript.coding_known,
        ],
    ]


def _gene(cells: list[Any]) -> Gene:
    symbol, gene_id, contig, start, end, strand, biotype, of_transcript = cells
    transcript = None
    if of_transcript:
        identifier, starts, ends, cds_start, cds_end, coding_known = of_transcript
        transcript = Transcript(
            id=identifier,
            symbol=symbol,
            contig=contig,
            strand=strand,
            exons=tuple(zip(starts, ends, strict=True)),
            cds_start=cds_start,
            cds_end=cds_end,
            coding_known=coding_known,
        )
    return Gene(
        symbol=symbol,
        gene_id=gene_id,
        contig=contig,
        start=start,
        end=end,
        strand=strand,
        biotype=biotype,
        transcript=transcript,
    )
