"""The evidence of calls as files to look at: pictures, and what a genome browser opens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from fusion_caller.reads.pileup_lines import bed_lines, fasta_lines, sam_lines
from workflows.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from fusion_caller.readers import CallerFile
    from fusion_caller.reads.detection import Detection
    from fusion_caller.reads.pileup import Pileup
    from workflows.results import ResultsFolder

EVIDENCE = "evidence/"
EVIDENCE_TABLE = f"{EVIDENCE}evidence.tsv"
EVIDENCE_COLUMNS = (
    "contig",
    "patient",
    "sample",
    "file",
    "line",
    "fusion",
    "confidence",
    "fragments",
    "caption",
    "picture",
)

_README = (
    "IGV: Genomes > Load Genome from File: evidence.fa; File > Load from File: evidence.bam and "
    "evidence.bed.\nEach contig is the fused transcript of one call; evidence.tsv says whose, and "
    "no other file here does.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What shows one call.

    Attributes:
        patient: Whose it is.
        sample: The sample.
        file: The file, as `calls.tsv` has it.
        line: The call in it.
        pileup: The call with its reads.
    """

    patient: str
    sample: str
    file: str
    line: int
    pileup: Pileup


def evidence_of(detection: Detection, file: CallerFile) -> tuple[Evidence, ...]:
    """The evidence of every call of one sample.

    Args:
        detection: What was found in its reads.
        file: The same as a caller's file, one row a call.
    """
    # numba takes a second to import, which a run without reads spares.
    from fusion_caller.reads.pileup import pileups

    return tuple(
        Evidence(
            patient=file.patient, sample=file.sample, file=file.file, line=call.line, pileup=pileup
        )
        for call, pileup in zip(file.calls, pileups(detection), strict=True)
    )


def write_evidence(results: ResultsFolder, calls: Sequence[Evidence], *, folder: str = "") -> None:
    """Write the pictures of calls, a table of them, and FASTA, BAM and BED of all; none for none.

    Args:
        results: Where to write.
        calls: The calls, which are numbered in their order.
        folder: Where in the results, with a slash at the end.
    """
    if not calls:
        return
    # matplotlib takes half a second to import, which a sample without a fusion spares.
    from workflows.drawing import rendered
    from workflows.evidence_picture import caption_of, evidence_figure

    into = f"{folder}{EVIDENCE}"
    rows = []
    shown = progress(calls, "drawing reads") if len(calls) > 1 else calls
    for number, call in enumerate(shown, 1):
        pileup = call.pileup
        name = pileup.contig.name(number)
        drawn = rendered(partial(evidence_figure, pileup))
        results.write_text(f"{into}{name}.svg", drawn.svg)
        results.write_bytes(f"{into}{name}.png", drawn.png)
        rows.append(
            {
                "contig": name,
                "patient": call.patient,
                "sample": call.sample,
                "file": call.file,
                "line": call.line,
                "fusion": pileup.contig.label,
                "confidence": pileup.confidence,
                "fragments": len(pileup.distinct),
                "caption": caption_of(pileup),
                "picture": f"{name}.svg",
            }
        )
    numbered = [(number, call.pileup) for number, call in enumerate(calls, 1)]
    write_tracks(
        results,
        rows,
        fasta=fasta_lines(numbered),
        bed=bed_lines(numbered),
        sam=sam_lines(numbered),
        folder=folder,
    )


def write_tracks(
    results: ResultsFolder,
    rows: Sequence[Mapping[str, object]],
    *,
    fasta: Iterable[str],
    bed: Iterable[str],
    sam: Iterable[str],
    folder: str,
) -> None:
    """Write the table of the evidence, and what a genome browser opens.

    Args:
        results: Where to write.
        rows: Rows of the table.
        fasta: Lines of the fused transcripts.
        bed: Lines of their exons and joins.
        sam: Lines of their reads, the header first.
        folder: Where in the results, with a slash at the end.
    """
    import pysam

    into = f"{folder}{EVIDENCE}"
    results.write_table(f"{folder}{EVIDENCE_TABLE}", EVIDENCE_COLUMNS, rows)
    with results.open_text(f"{into}evidence.bed") as stream:
        stream.writelines(bed)
    with results.open_text(f"{into}evidence.fa") as stream:
        stream.writelines(fasta)
    results.write_text(f"{into}README.txt", _README)
    genome, alignments = (results.path_of(f"{into}evidence.{kind}") for kind in ("fa", "bam"))
    pysam.faidx(str(genome))
    _write_bam(alignments, sam)
    pysam.index(str(alignments))
    for name in ("evidence.fa.fai", "evidence.bam", "evidence.bam.bai"):
        results.add(f"{into}{name}")


def _write_bam(path: Path, lines: Iterable[str]) -> None:
    import pysam

    head: list[str] = []
    rows: list[str] = []
    for line in lines:
        (head if line.startswith("@") else rows).append(line)
    header = pysam.AlignmentHeader.from_text("".join(head))
    with pysam.AlignmentFile(str(path), "wb", header=header) as stream:
        for row in rows:
            stream.write(pysam.AlignedSegment.fromstring(row.rstrip("\n"), header))
