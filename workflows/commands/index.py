"""`kmt2a index`: the index of `detect` from a laboratory's own genome and annotation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.errors import InputError
from workflows.progress import counting
from workflows.results import write_whole

if TYPE_CHECKING:
    from fusion_caller.reads.genome_index import MadeOf

_FILE = click.Path(path_type=Path)


def run_index(genome: Path, gtf: Path, output: Path) -> MadeOf:
    """Make an index and write it, whole or not at all.

    Args:
        genome: GRCh38 as a FASTA, plain or packed by bgzip.
        gtf: The annotation, plain or gzipped.
        output: The file to write.

    Raises:
        InputError: If a file cannot be read, is of another build, or they do not fit each other.
    """
    from fusion_caller.reads.make_genome_index import make_index_file

    if output.is_dir():
        raise InputError("expected a file to write to, found a folder", file=str(output))
    output.parent.mkdir(parents=True, exist_ok=True)
    with counting("bases") as progress:
        made_of, content = make_index_file(genome, gtf, progress=progress)
    write_whole(output, content)
    return made_of


@click.command("index")
@click.option(
    "--genome", required=True, type=_FILE, metavar="FASTA", help="GRCh38, plain or bgzip."
)
@click.option("--gtf", required=True, type=_FILE, metavar="GTF", help="Of Ensembl or GENCODE.")
@click.option("-o", "--output", required=True, type=_FILE, metavar="FILE", help="File to write.")
def command(*, genome: Path, gtf: Path, output: Path) -> None:
    """Make the index by which `detect` names any partner: once for a genome and its annotation.

    Takes minutes for a whole genome; give the file to `detect --index` or `run --index`.
    """
    made = run_index(genome, gtf, output)
    size = output.stat().st_size / 1_000_000
    click.echo(
        f"{made.build}: {made.n_genes:,} genes, {made.n_bases:,} bases of {made.genome} by "
        f"{made.gtf}: {output} ({size:.1f} MB)"
    )
    if made.n_genes_left_out:
        click.echo(
            f"{made.n_genes_left_out:,} genes on contigs that the genome does not have are left out"
        )
