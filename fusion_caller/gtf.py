"""Genes and their transcripts from a GTF of Ensembl, GENCODE, RefSeq or UCSC.

Of each gene one transcript is kept: the one tagged MANE Select, else the one tagged Ensembl
canonical (RefSeq Select), else, where a release has neither tag, the one with the longest coding
part, then the longest.

The coding part starts with the first whole codon: where its true start is not known
(`cds_start_NF`), the bases that the frame column tells to skip lie before `cds_start`, so that
positions counted from it are in phase. It ends with the last base of the stop codon where the file
has a `stop_codon` for the transcript, since CDS lines leave it out, and with the last CDS base
otherwise (an incomplete end, or a program that writes the stop codon into the CDS lines).
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from fusion_caller.annotation import Annotation, Gene, Transcript, by_symbol
from fusion_caller.contigs import Build
from fusion_caller.errors import InputError
from fusion_caller.genome import contig_name
from fusion_caller.gtf_scan import Scan, collector_paused, reading
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.knowledge import kmt2a_exons

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from fusion_caller.gtf_scan import GeneLines, Span, TranscriptLines

_KMT2A_ID = "ENSG00000118058"
_KMT2A_NAMES = ("KMT2A", "MLL")  # releases before 2013 have the second (from memory)
_PRIMARY = re.compile("chr([0-9]{1,2}|[XYM])")


def read_gtf(path: Path, *, name: str | None = None, build: Build | None = None) -> Annotation:
    """Read an annotation, plain or gzipped, with or without `chr`.

    The build is the one on which KMT2A's exons lie. Genes of all biotypes are kept; of several with
    one symbol (`Y_RNA`, the copies on X and Y) the one on a primary contig, not on Y, with the best
    tagged transcript, first in the file.

    Args:
        path: The file.
        name: How messages call it; the path as given if absent.
        build: The build it must be of; needed only for a file without KMT2A.

    Raises:
        InputError: If the file cannot be read, a line is not GTF, or the build is another or not
            to be known.
    """
    name = name or str(path)
    with collector_paused():
        genes = _genes(path, name)
        return Annotation(build=_build(genes, build, name), genes=by_symbol(genes), name=path.name)


def _genes(path: Path, name: str) -> list[Gene]:
    """The genes, those first that have the better right to their symbol."""
    with reading(path, name) as stream:
        found = Scan(name).genes_of(stream)
    if not found:
        raise InputError("expected the lines of a GTF, found no gene", file=name)
    contigs = {contig: contig_name(contig.decode(errors="replace")) for contig, _ in found}
    tells_coding = any(part.coding for lines in found.values() for part in lines.transcripts)
    pairs = [
        (_gene(lines, contigs[contig], tells_coding=tells_coding), lines.best_rank)
        for (contig, _), lines in found.items()
    ]
    return [gene for gene, _ in sorted(pairs, key=_preference)]


def _gene(lines: GeneLines, contig: str, *, tells_coding: bool) -> Gene:
    """The gene; `tells_coding` says whether the file has coding parts at all."""
    strand = lines.strand.decode()
    usable = [(part, exons) for part in lines.transcripts if (exons := _exons(part, strand))]
    best = min(usable, key=_merit, default=None)
    spans = [span for part in lines.transcripts for span in (part.first_span, *part.exons)]
    transcript = None
    if best:
        transcript = _transcript(*best, lines.symbol, contig, tells_coding=tells_coding)
    return Gene(
        symbol=lines.symbol,
        gene_id=lines.id,
        contig=contig,
        start=lines.start or min(start for start, _ in spans),
        end=lines.end or max(end for _, end in spans),
        strand=strand,
        biotype=lines.biotype,
        transcript=transcript,
    )


def _exons(lines: TranscriptLines, strand: str) -> tuple[Span, ...]:
    """The exons in transcript order; none where they overlap, as no transcript's can."""
    exons = sorted(lines.exons)
    if any(end >= start for (_, end), (start, _) in itertools.pairwise(exons)):
        return ()
    return tuple(exons if strand == "+" else reversed(exons))


def _merit(usable: tuple[TranscriptLines, Sequence[Span]]) -> tuple[int, int, int, str]:
    """The least is the transcript to keep."""
    lines, exons = usable
    coding = sum(end - start + 1 for start, end, _ in lines.coding)
    length = sum(end - start + 1 for start, end in exons)
    return lines.rank, -coding, -length, lines.id


def _transcript(
    lines: TranscriptLines, exons: tuple[Span, ...], symbol: str, contig: str, *, tells_coding: bool
) -> Transcript:
    strand = lines.strand.decode()
    part = _coding_part(lines, exons, strand) if lines.coding else None
    return Transcript(
        id=lines.id,
        symbol=symbol,
        contig=contig,
        strand=strand,
        exons=exons,
        cds_start=part[0] if part else None,
        cds_end=part[1] if part else None,
        coding_known=tells_coding and (part is not None or not lines.coding),
    )


def _coding_part(
    lines: TranscriptLines, exons: tuple[Span, ...], strand: str
) -> tuple[int, int] | None:
    """The first and the last coding base in the transcript; None if they are on none of its exons.

    RefSeq has such, for genes whose RNA is edited or whose ribosome slips.
    """
    coded = [(start, end) for start, end, _ in lines.coding] + lines.stops
    low, high = min(start for start, _ in coded), max(end for _, end in coded)
    first, last = (low, high) if strand == "+" else (high, low)
    frame = (min if strand == "+" else max)(lines.coding)[2]
    start, end = (_in_transcript(exons, strand, position) for position in (first, last))
    return (start + frame, end) if start and end and start + frame <= end else None


def _in_transcript(exons: tuple[Span, ...], strand: str, position: int) -> int | None:
    """The 1-based position in the spliced transcript of a position on the contig."""
    before = 0
    for start, end in exons:
        if start <= position <= end:
            return before + (position - start if strand == "+" else end - position) + 1
        before += end - start + 1
    return None


def _preference(pair: tuple[Gene, int]) -> tuple[bool, bool, int]:
    """Of the genes that share a symbol the least has it."""
    gene, rank = pair
    return not _PRIMARY.fullmatch(gene.contig), gene.contig == "chrY", rank


def _build(genes: Iterable[Gene], given: Build | None, name: str) -> Build:
    """The build on which KMT2A's exons lie, which must be the one that is given."""
    kmt2a = next((gene for gene in genes if _is_kmt2a(gene)), None)
    if kmt2a is None:
        if given is not None:
            return given
        raise InputError(
            "expected KMT2A, whose place tells the build, found no such gene",
            file=name,
            remedy="give the GTF of the whole human genome, or name its build",
        )
    exons = set(kmt2a.transcript.exons) if kmt2a.transcript else set()
    for build in Build:
        if (given is None or build is given) and not exons.isdisjoint(_kmt2a_exons(build)):
            return build
    wanted = str(given) if given else " or ".join(Build)
    raise InputError(
        f"expected KMT2A with its exons on {wanted}, "
        f"found it at {kmt2a.contig}:{kmt2a.start}-{kmt2a.end}",
        file=name,
        remedy="give the GTF of the genome that the positions are on",
    )


def _is_kmt2a(gene: Gene) -> bool:
    named = gene.gene_id.partition(".")[0] == _KMT2A_ID or gene.symbol in _KMT2A_NAMES
    return named and gene.contig == CONTIG


def _kmt2a_exons(build: Build) -> set[Span]:
    if build is Build.GRCH38:
        return {(exon.start_grch38, exon.end_grch38) for exon in kmt2a_exons()}
    return {(exon.start_grch37, exon.end_grch37) for exon in kmt2a_exons()}
