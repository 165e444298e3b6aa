"""What positions are looked up in beyond the packaged genes: a GTF, a genome, a stated build."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.contigs import Build
from fusion_caller.genome import Genome
from fusion_caller.gtf_cache import cached_gtf
from fusion_caller.placing import Genes
from workflows.manifest import InputFile, input_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What positions are looked up in.

    Attributes:
        genes: The packaged genes, and those of a GTF.
        genomes: Genomes by build, to read fused transcripts from.
        build: The build of all files as the user stated it, None to find each file's own.
        index: What reads are looked up in; the packaged index if None.
        inputs: The files behind them, for the manifest.
    """

    genes: Genes = field(default_factory=Genes)
    genomes: Mapping[Build, Genome] = field(default_factory=dict)
    build: Build | None = None
    index: Path | None = None
    inputs: tuple[InputFile, ...] = ()


PACKAGED = References()

_FILE = click.Path(path_type=Path)
gtf_option = click.option(
    "--gtf",
    type=_FILE,
    metavar="GTF",
    help="Genes of Ensembl or GENCODE: names and exons of partners that are not packaged.",
)
genome_option = click.option(
    "--genome",
    type=_FILE,
    metavar="FASTA",
    help="The genome, plain or bgzip: fused transcripts are read and translated.",
)


def _as_build(_: click.Context, __: click.Parameter, value: str | None) -> Build | None:
    return Build(value) if value else None


build_option = click.option(
    "--build",
    type=click.Choice([build.value for build in Build], case_sensitive=False),
    callback=_as_build,
    help="The genome build of all files; found from their KMT2A positions if not given.",
)


@contextmanager
def open_references(
    *,
    gtf: Path | None = None,
    genome: Path | None = None,
    build: Build | None = None,
    index: Path | None = None,
) -> Iterator[References]:
    """Read the GTF and open the genome, which is closed at the end.

    Without a GTF the genes are those of the index, if one is given.

    Raises:
        InputError: If one of them cannot be read, or they are of different builds.
    """
    annotation = cached_gtf(gtf, build=build) if gtf else None
    if annotation is None and index is not None:
        from fusion_caller.reads.genome_index import annotation_of

        annotation = annotation_of(index)
    given = {"gtf": gtf, "index": index}
    references = References(
        genes=Genes(annotation),
        build=build,
        index=index,
        inputs=tuple(
            input_file(role, path, name=str(path), rows_in=0)
            for role, path in given.items()
            if path is not None
        ),
    )
    if genome is None:
        yield references
        return
    with Genome(genome, build=annotation.build if annotation else build) as opened:
        yield replace(references, genomes={opened.build: opened})
