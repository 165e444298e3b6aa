"""From a sample sheet to the KMT2A events of every sample, and their tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.assign import assign
from fusion_caller.call_tables import (
    CALL_COLUMNS,
    FILE_COLUMNS,
    FUSION_COLUMNS,
    SET_ASIDE_COLUMNS,
    file_rows,
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
from fusion_caller.tables import table_lines
from workflows.progress import progress
from workflows.reading import Job, ReadFile, read_files
from workflows.references import PACKAGED, References

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.readers import CallerFile
    from fusion_caller.samplesheet import SampleFile
    from workflows.manifest import InputFile
    from workflows.results import ResultsFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusions:
    """What came out of the callers' files of a sample sheet; `files` hold the KMT2A calls only."""

    files: tuple[CallerFile, ...]
    samples: tuple[SampleFusions, ...]
    inputs: tuple[InputFile, ...]

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """Rows refused by the readers, then rows flagged by the assignment."""
        refused = [row for file in self.files for row in file.set_aside]
        return (*refused, *_flagged(self.samples))


def find_fusions(
    sheet: Sequence[SampleFile],
    results: ResultsFolder,
    *,
    name: str,
    folder: str,
    references: References = PACKAGED,
) -> Fusions:
    """Read every file of a sample sheet, write its calls, and assign the KMT2A partners.

    Args:
        sheet: The files.
        results: Where `calls.tsv` and `files.tsv` are written.
        name: How messages call the sheet.
        folder: Where in the results, with a slash at the end.
        references: What positions are looked up in.

    Raises:
        InputError: If one of the files cannot be read.
    """
    job = Job(sheet=name, genes=references.genes, build=references.build)
    read = read_and_write_calls(sheet, job, results, folder=folder)
    files = tuple(one.file for one in read)
    samples = assign(files, genes=references.genes, genomes=references.genomes)
    return Fusions(files=files, samples=samples, inputs=tuple(one.input for one in read))


def read_and_write_calls(
    entries: Sequence[SampleFile], job: Job, results: ResultsFolder, *, folder: str
) -> list[ReadFile]:
    """Read files, and write `calls.tsv` as they come and `files.tsv` at the end.

    Returns:
        The files, without the text that was written.

    Raises:
        InputError: If one of the files cannot be read.
    """
    read: list[ReadFile] = []
    with results.open_text(f"{folder}calls.tsv") as stream:
        stream.writelines(table_lines(CALL_COLUMNS, (), for_people=False))
        done = read_files(entries, job)
        for _, one in zip(progress(entries, "reading callers' files"), done, strict=True):
            stream.write(one.call_lines)
            read.append(replace(one, call_lines=""))
    files = [one.file for one in read]
    results.write_table(f"{folder}files.tsv", FILE_COLUMNS, file_rows(files))
    return read


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
