"""`kmt2a detect`: KMT2A fusions straight from reads, aligned or not."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fusion_caller.call_tables import CALL_COLUMNS, FILE_COLUMNS, call_rows, file_rows
from fusion_caller.errors import BadValueError, InputError
from fusion_caller.identifiers import check_identifier
from fusion_caller.placing import place_file
from fusion_caller.samplesheet import with_lanes
from workflows.detection_json import detection_as_json
from workflows.fusions import write_fusions, write_set_aside
from workflows.manifest import write_manifest
from workflows.progress import counting
from workflows.reading import (
    are_reads,
    detect_in,
    inputs_of,
    keep_going_option,
    read_index_option,
    unread,
)
from workflows.references import PACKAGED, References, open_references
from workflows.results import MANIFEST, ResultsFolder
from workflows.step_options import named, prefix_option, read_given_sheet, sheet_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_caller.readers import CallerFile
    from fusion_caller.reads.detection import Detection
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.samplesheet import SampleFile

_PIPE = "-"
# What marks the first and the second reads in a file's name, and the lane.
_READ_OF_PAIR = re.compile(r"(_L\d{3})?[_-]R?[12](_\d{3})?$")


def run_detect(
    files: tuple[Path, ...],
    output: Path,
    *,
    sample: str = "",
    index: Path | None = None,
    reference: Path | None = None,
    figures: bool = True,
    prefix: str = "",
) -> Detection:
    """Read the reads of a sample and write what KMT2A fusions they show.

    Args:
        files: R1 and R2, single reads, pairs one behind the other, lanes of these, or one BAM, CRAM
            or SAM file; `-` is standard input.
        output: The folder to write to.
        sample: The sample, which stands for the patient too; by default from the first file's name.
        index: An index that `kmt2a index` made; the packaged one if not given.
        reference: The genome as FASTA, which a CRAM file may need.
        figures: Whether to write the page and the folder `evidence/`, which takes a second.
        prefix: What the outputs' names begin with.

    Raises:
        InputError: If a file is cut off, damaged, or not the mates of the other, or the index none.
    """
    from fusion_caller.reads.calls import caller_file
    from fusion_caller.reads.detection import detect
    from fusion_caller.reads.genome_index import open_index

    sample = sample_named(sample, files[0])
    looked_up = open_index(index)
    with ResultsFolder(output, prefix=prefix) as results:
        with counting("fragments") as progress:
            found = detect(files, looked_up, reference=reference, progress=progress)
        read = caller_file(found, file=str(files[0]), patient=sample, sample=sample)
        _write(results, found, read, [str(path) for path in files], figures=figures)
        # What the next run into this folder takes away, so that no call of another sample stays.
        outputs = results.sha256_of_outputs()
        results.write_json(
            MANIFEST, {"kmt2a": version("kmt2a"), "command": "detect", "outputs": outputs}
        )
    return found


def run_detect_of_sheet(
    sheet: tuple[SampleFile, ...],
    output: Path,
    *,
    references: References = PACKAGED,
    reference: Path | None = None,
    figures: bool = True,
    keep_going: bool = False,
    prefix: str = "",
) -> Detection | None:
    """Read the reads of the one sample in a sheet and write what `run_detect` does.

    Args:
        sheet: The sheet, with a row for each lane.
        output: The folder to write to.
        references: The index, and what positions are looked up in.
        reference: The genome as FASTA, which a CRAM file may need.
        figures: Whether to write the page and the folder `evidence/`.
        keep_going: Whether reads that cannot be read are noted in `set_aside.tsv`.
        prefix: What the outputs' names begin with.

    Returns:
        What was found; None where the reads could not be read, and that was noted.

    Raises:
        InputError: If the sheet holds anything but the reads of one sample, or they are damaged.
    """
    entry = _reads_in(sheet)
    with ResultsFolder(output, prefix=prefix) as results:
        try:
            if not are_reads(entry):
                raise InputError(
                    "expected reads, found none",
                    file=entry.name,
                    remedy="write its caller, or auto, into the column 'source'",
                )
            with counting("fragments") as progress:
                found, file = detect_in(
                    entry, references.index, reference=reference, progress=progress
                )
        except InputError as error:
            if not keep_going or error.is_passing:
                raise
            row = unread(entry, str(error))
            click.echo(f"kmt2a: {row.reason}", err=True)
            results.write_table("calls.tsv", CALL_COLUMNS, ())
            results.write_table("files.tsv", FILE_COLUMNS, ())
            write_set_aside(results, [row], folder="")
            write_manifest(results, command="detect", parameters={}, inputs=references.inputs)
            return None
        read = place_file(file, references.genes)
        names = [name for _, name, _ in entry.files]
        _write(results, found, read, names, figures=figures)
        write_set_aside(results, read.set_aside, folder="")
        inputs = [*references.inputs, *inputs_of(entry, read)]
        write_manifest(results, command="detect", parameters={}, inputs=inputs)
    return found


def _reads_in(sheet: tuple[SampleFile, ...]) -> SampleFile:
    """The one sample of a sheet."""
    entries = with_lanes(sheet)
    if len(entries) == 1:
        return entries[0]
    raise InputError(
        f"expected the reads of one sample, found {len(entries)} samples or files",
        file="the sample sheet",
        remedy="give a sheet for each, or use `kmt2a run`",
    )


def _write(
    results: ResultsFolder,
    found: Detection,
    read: CallerFile,
    names: Sequence[str],
    *,
    figures: bool,
) -> None:
    """Write the tables, the text and, if wanted, the page and the evidence."""
    from fusion_caller.assign import assign
    from fusion_caller.reads.calls import genes_of
    from fusion_caller.reads.evidence import evidence_lines

    results.write_table("calls.tsv", CALL_COLUMNS, call_rows([read]))
    results.write_table("files.tsv", FILE_COLUMNS, file_rows([read]))
    write_fusions(results, assign([read], genes=genes_of(found)), folder="")
    with results.open_text("evidence.txt") as stream:
        stream.writelines(evidence_lines(found))
    results.write_json("detect.json", detection_as_json(found, names, read.sample))
    if figures:
        _write_page(results, found, read)


def _write_page(results: ResultsFolder, found: Detection, read: CallerFile) -> None:
    from workflows.evidence_files import evidence_of, write_evidence
    from workflows.report.detect_page import DETECT_PAGE, render_detection

    evidence = evidence_of(found, read)
    write_evidence(results, evidence)
    page = render_detection(found, evidence, results.staging, sample=read.sample)
    results.write_text(DETECT_PAGE, page)


def sample_named(sample: str, file: Path) -> str:
    """The sample that the user named, or else the file."""
    return check_identifier(sample, what="sample") if sample else _sample_of(file)


def _sample_of(path: Path) -> str:
    """The sample by a file's name: up to the first dot, without what marks the reads of a pair."""
    remedy = "give --sample"
    if path.is_dir():
        raise InputError(
            "expected a file of reads, found a folder",
            file=str(path),
            remedy="give the files in it",
        )
    if str(path) == _PIPE or (path.exists() and not path.is_file()):
        raise InputError("a pipe has no name for the sample", file="standard input", remedy=remedy)
    try:
        name = _READ_OF_PAIR.sub("", path.name.split(".")[0])
        return check_identifier(name, what="sample (from the file's name)")
    except BadValueError as error:
        raise InputError(error.problem, file=str(path), remedy=remedy) from None


def _looked_up_in(index: ReadIndex) -> str:
    """The index in one line, for a person."""
    from fusion_caller.reads.index import NOT_PACKAGED

    which = f"{index.file or 'packaged'} (sha256 {index.checksum[:12]})"
    if index.genome is not None:
        return f"index {which}: names any of {index.genome.made_of.n_genes:,} genes"
    return f"index {which}: {', '.join(NOT_PACKAGED)} and others it lacks are called KMT2A::?"


@click.command("detect")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="R1 [R2] ... | BAM")
@sheet_option
@click.option("--sample", default="", help="Name of the sample; by default from the file's name.")
@read_index_option
@click.option(
    "--reference",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FASTA",
    help="The genome that a CRAM file was made with.",
)
@click.option(
    "--figures/--no-figures",
    default=True,
    help="Write the page and the pictures, which takes a second where there is a fusion.",
)
@keep_going_option
@prefix_option
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder to write to."
)
def command(
    files: tuple[Path, ...],
    *,
    samplesheet: Path | None,
    sample: str,
    index: Path | None,
    reference: Path | None,
    figures: bool,
    keep_going: bool,
    prefix: str,
    output: Path,
) -> None:
    """Find KMT2A fusions in RNA-seq reads: FASTQ, BAM, CRAM or SAM, or `-` for a pipe.

    An indexed BAM is read where it matters only. STAR's Chimeric.out.junction is taken too; it has
    no sequence to show.

    With an index of `kmt2a index` any gene is named; without one the partners whose sequence is
    packaged are, and any other is KMT2A::? with its sequence printed. Give all lanes of a sample at
    once: NAME_L001_R1.fastq.gz NAME_L001_R2.fastq.gz NAME_L002_R1.fastq.gz ...
    """
    if bool(files) == (samplesheet is not None):
        raise click.UsageError("give files or --samplesheet, one of them")
    if samplesheet is not None:
        if sample:
            raise click.UsageError("a sample sheet says itself what --sample would")
        with open_references(index=index) as references:
            noted = run_detect_of_sheet(
                read_given_sheet(samplesheet),
                output,
                references=references,
                reference=reference,
                figures=figures,
                keep_going=keep_going,
                prefix=prefix,
            )
        if noted is not None:
            _say(noted, output, figures=figures, prefix=prefix)
        return
    if keep_going:
        raise click.UsageError("--keep-going goes with --samplesheet")
    from fusion_caller.reads.file_kind import FileKind, kind_of
    from workflows.junction_table import run_junctions

    try:
        if kind_of(files[0]) is FileKind.JUNCTIONS:
            for line in run_junctions(files, output, sample=sample_named(sample, files[0])):
                click.echo(line)
            return
        found = run_detect(
            files,
            output,
            sample=sample,
            index=index,
            reference=reference,
            figures=figures,
            prefix=prefix,
        )
    except BadValueError as error:
        raise click.UsageError(f"--sample: {error.problem}") from None
    _say(found, output, figures=figures, prefix=prefix)


def _say(found: Detection, output: Path, *, figures: bool, prefix: str) -> None:
    """Say what was found, in a few lines."""
    from fusion_caller.reads.calls import label

    screened = found.screened
    what = "pairs" if screened.paired else "reads"
    for judged in found.calls:
        candidate = judged.candidate
        click.echo(
            f"{label(judged, found.index)} ({judged.confidence}): "
            f"{len(candidate.fragments)} fragments across the join, "
            f"{len(candidate.spanning)} around it"
        )
    if not found.calls:
        click.echo(found.sentence)
    click.echo(
        f"{screened.n_fragments:,} {what}, {screened.n_on_kmt2a:,} on KMT2A or a packaged partner: "
        f"{named(output, 'detect.html' if figures else 'evidence.txt', prefix)}"
    )
    click.echo(_looked_up_in(found.index))
