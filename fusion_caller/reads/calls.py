"""What was found in reads as the same records that every caller's output becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.contigs import Build
from fusion_caller.knowledge import KMT2A
from fusion_caller.placing import Genes
from fusion_caller.readers import EMPTY, TOO_FEW_READS, CallerFile
from fusion_caller.readers.reader import Origin
from fusion_caller.reads.detection import Answer
from fusion_caller.reads.joins import Side
from fusion_caller.reads.judge import is_ptd
from fusion_caller.records import PARTNER_SEQUENCE, Disposition, FusionCall, SetAside, Source

if TYPE_CHECKING:
    from fusion_caller.reads.detection import Detection
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.judge import Judged
    from fusion_caller.records import Breakpoint

_SHOWN = 40


def caller_file(detection: Detection, *, file: str, patient: str, sample: str) -> CallerFile:
    """A sample's reads as a caller's file: one row a fusion.

    Where there are too few reads to tell, the file says so and leaves the sample open.

    Args:
        detection: What was found.
        file: How tables call the first of the files.
        patient: Whose sample it is.
        sample: The sample.
    """
    source = Source.FASTQ if detection.screened.aligned is None else Source.BAM
    owner = Origin(patient=patient, sample=sample, file=file, source=source)
    calls = tuple(
        _call(judged, detection.index, owner, line=number)
        for number, judged in enumerate(detection.calls, 1)
    )
    variant = "reads"
    remarks: tuple[SetAside, ...] = ()
    if not detection.screened.n_fragments:
        variant = EMPTY
    elif detection.answer is Answer.NOT_EVALUABLE:
        variant = TOO_FEW_READS
    if detection.answer is Answer.NOT_EVALUABLE:
        remarks = (_open(detection, file=file, patient=patient, sample=sample),)
    return CallerFile(
        file=file,
        patient=patient,
        sample=sample,
        source=source,
        variant=variant,
        build=Build.GRCH38,
        n_rows=len(calls),
        calls=calls,
        set_aside=remarks,
    )


def genes_of(detection: Detection) -> Genes:
    """The genes that number partners: the packaged ones, and of the index those that were found."""
    genome = detection.index.genome
    if genome is None:
        return Genes()
    found = {
        gene.symbol: gene
        for judged in detection.calls
        if (where := _partner_breakpoint(judged, detection.index))
        for gene in genome.genes.at(where.contig, where.position)
    }
    return Genes(genome.annotation(found.values()))


def _open(detection: Detection, *, file: str, patient: str, sample: str) -> SetAside:
    """A remark on reads that are too few to tell."""
    return SetAside(
        file=file,
        line=1,
        patient=patient,
        sample=sample,
        disposition=Disposition.FLAGGED,
        n_rows=0,
        reason=f"{detection.sentence}; it makes no sample negative",
    )


def _call(judged: Judged, index: ReadIndex, owner: Origin, *, line: int) -> FusionCall:
    found = judged.candidate
    here, there = index.genomic(found.base), _partner_breakpoint(judged, index)
    five, three = (there, here) if found.side is Side.THREE_PRIME else (here, there)
    return FusionCall(
        patient=owner.patient,
        sample=owner.sample,
        source=owner.source,
        gene_5prime=judged.gene_5prime,
        gene_3prime=judged.gene_3prime,
        reported_5prime=judged.gene_5prime,
        reported_3prime=judged.gene_3prime,
        breakpoint_5prime=five,
        breakpoint_3prime=three,
        split_reads=len(found.fragments),
        spanning_fragments=len(found.spanning),
        caller_confidence=str(judged.confidence),
        event_type="tandem duplication" if is_ptd(found, index) else "",
        inserted_bases=_inserted(judged),
        extras={
            "join": join_text(judged, index),
            PARTNER_SEQUENCE: found.beside.decode(),
            "reasons": "; ".join(judged.reasons),
        },
        build=Build.GRCH38,
        file=owner.file,
        line=line,
    )


def _partner_breakpoint(judged: Judged, index: ReadIndex) -> Breakpoint | None:
    """The partner's base at the join; None where it is not known."""
    found = judged.candidate
    if found.base_3prime is not None:
        return index.genomic(found.base_3prime)
    if not found.seen:
        return None
    if found.placed is not None and found.placed.breakpoint is not None:
        return found.placed.breakpoint
    if found.entry is None or not found.is_named or found.entry_offset:
        return None
    return found.entry.breakpoint


def _inserted(judged: Judged) -> str:
    found = judged.candidate
    if not found.n_inserted:
        return ""
    if found.side is Side.THREE_PRIME:
        return found.beside[-found.n_inserted :].decode()
    return found.beside[: found.n_inserted].decode()


def label(judged: Judged, index: ReadIndex) -> str:
    """`KMT2A e8::MLLT3 e6`, exons by MANE; no exon where it is not known."""
    found = judged.candidate
    here = f"{KMT2A} e{index.exon_at(found.base)}"
    if found.base_3prime is not None:
        return f"{here}::{KMT2A} e{index.exon_at(found.base_3prime)}"
    there = found.partner_label
    return f"{there}::{here}" if found.side is Side.THREE_PRIME else f"{here}::{there}"


def join_text(judged: Judged, index: ReadIndex) -> str:
    """The bases on both sides of a join with `|` between them."""
    left, right = sides(judged, index)
    return f"{left[-_SHOWN:].decode()}|{right[:_SHOWN].decode()}"


def sides(judged: Judged, index: ReadIndex) -> tuple[bytes, bytes]:
    """The fused transcript before and behind a join, as far as the reads reach."""
    found = judged.candidate
    reach = found.longest_kmt2a
    if found.side is Side.THREE_PRIME:
        return found.beside, index.transcript[found.base : found.base + reach]
    return index.transcript[max(0, found.base + 1 - reach) : found.base + 1], found.beside
