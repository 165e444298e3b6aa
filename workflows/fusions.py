"""From a sample sheet to the KMT2A events of every sample, and their tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from fusion_caller.assign import assign
from fusion_caller.call_tables import (
    CALL_COLUMNS,
    FILE_COLUMNS,
    FUSION_COLUMNS,
    SET_ASIDE_COLUMNS,
    fusion_rows,
    set_aside_rows,
)
from fusion_caller.contigs import Build
from fusion_caller.fused_fasta import Molecule, fasta_lines
from fusion_caller.fusion_matrix import matrix_columns, matrix_rows
from fusion_caller.fusion_vcf import vcf_lines
from fusion_caller.records import (
    Disposition,
    Flag,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
    SetAside,
)
from fusion_caller.samplesheet import with_lanes, with_sampling
from fusion_caller.tables import table_lines
from workflows.evidence_files import Evidence, write_evidence
from workflows.progress import progress
from workflows.reading import Job, ReadFile, Unread, read_files
from workflows.references import PACKAGED, References

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fusion_caller.readers import CallerFile
    from fusion_caller.samplesheet import SampleFile
    from workflows.manifest import InputFile
    from workflows.results import ResultsFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusions:
    """What came out of the callers' files of a sample sheet.

    Attributes:
        samples: The events of each sample.
        inputs: The files, for the manifest.
        remarked: Rows that the readers refused, passed over, or flagged, and files not read.
    """

    samples: tuple[SampleFusions, ...]
    inputs: tuple[InputFile, ...]
    remarked: tuple[SetAside, ...]

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """Rows remarked on by the readers, then rows flagged by the assignment."""
        return (*self.remarked, *_flagged(self.samples))

    @property
    def unread(self) -> tuple[SetAside, ...]:
        """Files that could not be read, where the run went on without them."""
        return tuple(row for row in self.remarked if row.disposition is Disposition.UNREAD)


def read_sheet(
    sheet: Sequence[SampleFile],
    *,
    name: str,
    references: References = PACKAGED,
    processes: int | None = None,
    keep_going: bool = False,
) -> Iterator[ReadFile | Unread]:
    """Read every file of a sample sheet, in its order.

    Args:
        sheet: The files.
        name: How messages call the sheet.
        references: What positions are looked up in.
        processes: How many processes may read; see `workflows.reading.read_files`.
        keep_going: Whether files that cannot be read are noted and left out.

    Raises:
        InputError: If one of the files cannot be read.
    """
    job = Job(
        sheet=name,
        genes=references.genes,
        build=references.build,
        index=references.index,
        keep_going=keep_going,
    )
    return read_files(with_lanes(sheet), job, processes=processes)


def find_fusions(
    read: Iterable[ReadFile | Unread],
    results: ResultsFolder,
    sheet: Sequence[SampleFile],
    *,
    folder: str,
    references: References = PACKAGED,
) -> Fusions:
    """Write the calls of every file of a sample sheet, and assign the KMT2A partners.

    Args:
        read: The files in the sheet's order; gone through once.
        results: Where `calls.tsv`, `files.tsv` and the evidence of calls from reads are written.
        sheet: The rows of the sheet.
        folder: Where in the results, with a slash at the end.
        references: What positions are looked up in.

    Raises:
        InputError: If one of the files cannot be read.
    """
    inputs: list[InputFile] = []
    remarked: list[SetAside] = []
    evidence: list[Evidence] = []

    def files() -> Iterator[CallerFile]:
        n_files = len(with_lanes(sheet))
        for one in write_calls(read, results, folder=folder, n_files=n_files):
            if isinstance(one, Unread):
                remarked.append(one.row)
                continue
            inputs.extend(one.inputs)
            remarked.extend(one.file.set_aside)
            evidence.extend(one.evidence)
            yield one.file

    samples = assign(files(), genes=references.genes, genomes=references.genomes)
    write_evidence(results, evidence, folder=folder)
    return Fusions(
        samples=with_sampling(samples, sheet), inputs=tuple(inputs), remarked=tuple(remarked)
    )


def write_calls(
    read: Iterable[ReadFile | Unread], results: ResultsFolder, *, folder: str, n_files: int
) -> Iterator[ReadFile | Unread]:
    """Write the rows of files in `calls.tsv` and `files.tsv` as they come, and pass the files on.

    One that was not read is said on standard error too: nobody looks for it in a table.

    Raises:
        InputError: If one of the files cannot be read.
    """
    with (
        results.open_text(f"{folder}calls.tsv") as calls,
        results.open_text(f"{folder}files.tsv") as files,
    ):
        calls.writelines(table_lines(CALL_COLUMNS, (), for_people=False))
        files.writelines(table_lines(FILE_COLUMNS, (), for_people=False))
        for _, one in zip(progress(range(n_files), "reading callers' files"), read, strict=True):
            if isinstance(one, Unread):
                click.echo(f"kmt2a: {one.row.reason}", err=True)
            else:
                calls.write(one.call_lines)
                files.write(one.file_lines)
            yield one


def write_set_aside(results: ResultsFolder, rows: Iterable[SetAside], *, folder: str) -> None:
    """Write `set_aside.tsv`."""
    results.write_table(
        f"{folder}set_aside.tsv", SET_ASIDE_COLUMNS, set_aside_rows(rows), for_people=True
    )


_FASTA: tuple[tuple[Molecule, str], ...] = (("transcript", "fa"), ("peptide", "faa"))


def write_fusions(results: ResultsFolder, samples: Sequence[SampleFusions], *, folder: str) -> None:
    """Write `kmt2a.tsv`, the table across samples, a VCF for each build, fused transcripts."""
    results.write_table(f"{folder}kmt2a.tsv", FUSION_COLUMNS, fusion_rows(samples), for_people=True)
    results.write_table(
        f"{folder}fusion_by_sample.tsv",
        matrix_columns(samples),
        matrix_rows(samples),
        for_people=True,
    )
    if any(event.fused for sample in samples for event in sample.events):
        for molecule, ending in _FASTA:
            with results.open_text(f"{folder}fusions.{ending}") as stream:
                stream.writelines(fasta_lines(samples, molecule))
    for build in Build:
        if any(event.build == build for sample in samples for event in sample.events):
            with results.open_text(f"{folder}kmt2a.{build}.vcf") as stream:
                stream.writelines(vcf_lines(samples, build))


def _flagged(samples: Sequence[SampleFusions]) -> list[SetAside]:
    """Calls with KMT2A in them that are in `kmt2a.tsv` but not counted as a rearrangement."""
    return [
        SetAside(
            file=event.file,
            line=event.line,
            patient=event.patient,
            sample=event.sample,
            disposition=Disposition.FLAGGED,
            reason=f"{event.fusion} {reason}; kept in kmt2a.tsv",
        )
        for sample in samples
        for event in sample.events
        if (reason := _not_counted(event))
    ]


def _not_counted(event: Kmt2aFusion) -> str:
    """Why an event is no rearrangement, nothing where it is one."""
    if event.kind is FusionKind.READ_THROUGH:
        how = "read-through" if Flag.READ_THROUGH in event.flags else "not by read-through"
        return f"joins KMT2A to a neighbour on 11q23 ({how})"
    if event.kind is not FusionKind.INTRAGENIC:
        return ""
    if event.breakpoint_5prime is None or event.breakpoint_3prime is None:
        return "lies within KMT2A, and without positions cannot be told from a tandem duplication"
    return "lies within KMT2A and is not a tandem duplication of exons"
