"""`kmt2a assign`: fusion calls to the KMT2A partner of each sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.assign import assign
from fusion_caller.call_tables import read_calls
from fusion_caller.placing import place_file
from fusion_caller.records import FusionKind, SampleFusions
from workflows.fusions import write_fusions
from workflows.references import (
    PACKAGED,
    References,
    build_option,
    genome_option,
    gtf_option,
    open_references,
)
from workflows.results import ResultsFolder

if TYPE_CHECKING:
    from fusion_caller.contigs import Build


def run_assign(
    calls: tuple[Path, ...], output: Path, *, references: References = PACKAGED
) -> tuple[SampleFusions, ...]:
    """Read `calls.tsv` tables and write `kmt2a.tsv`.

    A `files.tsv` beside a table adds the samples in which no call was found at all.

    Raises:
        InputError: If a table cannot be read.
    """
    # A GTF may name genes that were not known when the calls were read.
    files = (
        place_file(file, references.genes).kmt2a_only()
        for path in calls
        for file in read_calls(path)
    )
    samples = assign(files, genes=references.genes, genomes=references.genomes)
    with ResultsFolder(output) as results:
        write_fusions(results, samples, folder="")
    return samples


@click.command("assign")
@click.argument(
    "calls", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CALLS.tsv..."
)
@gtf_option
@genome_option
@build_option
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(
    calls: tuple[Path, ...],
    *,
    gtf: Path | None,
    genome: Path | None,
    build: Build | None,
    output: Path,
) -> None:
    """Assign the KMT2A partner of each sample from the tables that `kmt2a calls` wrote."""
    with open_references(gtf=gtf, genome=genome, build=build) as references:
        samples = run_assign(calls, output, references=references)
    fused = sum(any(event.kind is FusionKind.FUSION for event in s.events) for s in samples)
    click.echo(f"{len(samples)} samples, {fused} with a KMT2A fusion: {output / 'kmt2a.tsv'}")
