"""Which gene a call really means: by its name, and by its position where the name cannot say.

A caller may give no gene at all (a genomic record), an identifier, or the name of a locus that only
overlaps the gene: a clone-named transcript, or a read-through locus such as `CD3G-KMT2A`. Then the
breakpoint decides. What is read from the position is flagged, and the caller's name is kept.

A record that names no genes, or says that it does not know which of them is the 5' one, is put into
the order and direction in which it runs along the genes, and along KMT2A first of all.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from fusion_caller.annotation import Annotation, Gene, Side
from fusion_caller.contigs import Build
from fusion_caller.file_build import (
    at_edge,
    build_of_calls,
    builds_of_nameless,
    sides_of,
    why_not_read,
)
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.knowledge import KMT2A, partners
from fusion_caller.locus_names import is_nameless, joined_genes, says_little, without_version
from fusion_caller.packaged_genes import packaged_annotation
from fusion_caller.records import (
    NO_GENE,
    ORIENTATION_NOT_KNOWN,
    Breakpoint,
    Disposition,
    Flag,
    FusionCall,
    SetAside,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion_caller.annotation import Transcript
    from fusion_caller.readers import CallerFile


class Genes:
    """The genes that positions are asked of: the packaged ones, and those of a GTF if there is one.

    A packaged gene keeps its transcript, since its exon numbers are those of the literature; where
    the GTF has the same transcript, the GTF's is taken, because it knows the coding part.
    """

    def __init__(self, gtf: Annotation | None = None) -> None:
        self.gtf = gtf
        self._on: dict[Build, Annotation] = {}

    def on(self, build: Build) -> Annotation:
        """All genes known on a build."""
        if build not in self._on:
            self._on[build] = _merged(build, self.gtf)
        return self._on[build]

    @cached_property
    def symbols(self) -> dict[str, str]:
        """Symbols by Ensembl identifier without its version; they are the same on both builds."""
        found: dict[str, str] = {}
        for build in Build:
            found |= self.on(build).symbols_by_id()
        return found


def _merged(build: Build, gtf: Annotation | None) -> Annotation:
    packaged = packaged_annotation(build)
    if gtf is None or gtf.build is not build:
        return packaged
    genes: dict[str, Gene] = {}
    for gene in gtf.genes.values():
        named = _by_our_name(gene)
        genes[named.symbol] = named
    for symbol, gene in packaged.genes.items():
        if not _same_transcript(gene, genes.get(symbol)):
            genes[symbol] = gene
    return Annotation(build=build, genes=genes, name=gtf.name)


def _by_our_name(gene: Gene) -> Gene:
    """The gene and its transcript by today's symbol, where the GTF has a former one."""
    symbol = resolve_symbol(gene.symbol)
    if symbol == gene.symbol:
        return gene
    transcript = gene.transcript and replace(gene.transcript, symbol=symbol)
    return replace(gene, symbol=symbol, transcript=transcript)


def _same_transcript(packaged: Gene, other: Gene | None) -> bool:
    if other is None or other.transcript is None:
        return False
    if packaged.transcript is None:
        return True
    if packaged.transcript.cds_start is not None and other.transcript.cds_start is None:
        return False
    one, two = packaged.transcript, other.transcript
    same_id = one.id.partition(".")[0] == two.id.partition(".")[0]
    # RefSeq names MANE's transcripts otherwise, and may end them elsewhere.
    return same_id or (len(one.exons) > 1 and _splice_sites(one) == _splice_sites(two))


def _splice_sites(transcript: Transcript) -> tuple[int, ...]:
    """All exon edges but the outer ends."""
    edges = sorted(edge for exon in transcript.exons for edge in exon)
    return tuple(edges[1:-1])


def place_file(file: CallerFile, genes: Genes, *, stated: Build | None = None) -> CallerFile:
    """A file with its build found and the genes of its calls named by position where need be.

    Where nothing tells the build, it is guessed to be the only one on which nameless ends lie
    within KMT2A, and all calls say so. A call that may have KMT2A in it and that the build leaves
    open or contradicts is refused.

    Raises:
        InputError: If as many rows have KMT2A on one build as on the other, or the build that the
            user states is not the file's.
    """
    named = tuple(_named_by_id(call, genes.symbols) for call in file.calls)
    build = build_of_calls(named, genes, file=file.file, stated=stated)
    guesses = builds_of_nameless(named) if build is None else ()
    if len(guesses) == 1:
        (build,) = guesses
        named = tuple(_flagged(call, Flag.BUILD_GUESSED) for call in named)
    reasons = [(call, why_not_read(call, build)) for call in named]
    read = tuple(call for call, reason in reasons if not reason)
    refused = (_refused(call, reason) for call, reason in reasons if reason)
    file = replace(file, calls=read, set_aside=(*file.set_aside, *refused))
    if build is None:
        return file
    annotation = genes.on(build)
    calls = tuple(replace(place(call, annotation), build=build) for call in read)
    return replace(file, calls=calls, build=build)


def _refused(call: FusionCall, reason: str) -> SetAside:
    return SetAside(
        file=call.file,
        line=call.line,
        patient=call.patient,
        sample=call.sample,
        names_kmt2a=True,
        disposition=Disposition.REFUSED,
        n_rows=call.n_rows,
        reason=reason,
    )


def _flagged(call: FusionCall, flag: Flag) -> FusionCall:
    return replace(call, flags=tuple(dict.fromkeys((*call.flags, flag))))


def _named_by_id(call: FusionCall, symbols: Mapping[str, str]) -> FusionCall:
    """The call with symbols for genes that the caller gives by Ensembl's identifier."""
    five, three = without_version(call.gene_5prime), without_version(call.gene_3prime)
    if not (five or three):
        return call
    return replace(
        call,
        gene_5prime=symbols.get(five, call.gene_5prime),
        gene_3prime=symbols.get(three, call.gene_3prime),
    )


def place(call: FusionCall, annotation: Annotation) -> FusionCall:
    """The call with each gene named by its position, where its name does not say which it is.

    A record without a known order is first put into the one that its positions tell.
    """
    call = _oriented(call, annotation)
    for side, (symbol, where) in zip(Side, sides_of(call), strict=True):
        if not says_little(symbol):
            continue
        gene = next(iter(_genes_meant(symbol, where, side, annotation)), None)
        if gene is not None and gene.symbol != symbol:
            call = _flagged(call, Flag.GENE_BY_POSITION)
            if side is Side.FIVE_PRIME:
                call = replace(call, gene_5prime=gene.symbol)
            else:
                call = replace(call, gene_3prime=gene.symbol)
    return call


def _genes_meant(
    symbol: str, where: Breakpoint | None, side: Side, annotation: Annotation
) -> list[Gene]:
    """The genes that an end may be of, the likeliest first; none where it runs along none."""
    if where is None:
        return []
    found = likeliest_genes(where, side, annotation)
    if is_nameless(symbol):
        return found
    # A read-through locus may only become one of the genes that it joins, another is what it is.
    joined = joined_genes(symbol) or (symbol,)
    return [gene for gene in found if gene.symbol in joined]


def likeliest_genes(where: Breakpoint, side: Side, annotation: Annotation) -> list[Gene]:
    """The genes at a breakpoint on its strand, the likeliest first."""
    genes = [
        gene
        for gene in annotation.genes_at(where.contig, where.position)
        if where.strand in ("", gene.strand)
    ]
    return sorted(
        genes,
        key=lambda gene: (
            not at_edge(gene, where.position, side),
            gene.symbol != KMT2A and gene.symbol not in partners(),
            is_nameless(gene.symbol) or "-" in gene.symbol,
            gene.biotype not in ("", "protein_coding"),
            gene.end - gene.start,
            gene.symbol,
        ),
    )


def _oriented(call: FusionCall, annotation: Annotation) -> FusionCall:
    """The record in the order and direction in which it runs along the genes.

    It stays as it is, and the remark on its orientation with it, where that leaves it open.
    """
    nameless = call.gene_5prime == call.gene_3prime == NO_GENE
    if not nameless and ORIENTATION_NOT_KNOWN not in call.event_type:
        return call
    ways = [call, _exchanged(call, turned=True)]
    if not nameless:
        # The strands may be those of the genes, whichever way the transcript runs.
        ways.append(_exchanged(call, turned=False))
    scores = [_runs_along(way, annotation) for way in ways]
    if scores[0] in scores[1:] and scores[0] == max(scores):
        return call
    chosen = ways[scores.index(max(scores))]
    remarks = chosen.event_type.split("; ")
    told = "; ".join(remark for remark in remarks if remark != ORIENTATION_NOT_KNOWN)
    return replace(chosen, event_type=told)


def _exchanged(call: FusionCall, *, turned: bool) -> FusionCall:
    """The call with its ends exchanged, read along the other strand if it is turned round."""
    strands = {"+": "-", "-": "+", "": ""} if turned else {"+": "+", "-": "-", "": ""}

    def end(where: Breakpoint | None) -> Breakpoint | None:
        return where and replace(where, strand=strands[where.strand])

    return replace(
        call,
        gene_5prime=call.gene_3prime,
        gene_3prime=call.gene_5prime,
        breakpoint_5prime=end(call.breakpoint_3prime),
        breakpoint_3prime=end(call.breakpoint_5prime),
        reported_5prime=call.reported_3prime,
        reported_3prime=call.reported_5prime,
        gene_id_5prime=call.gene_id_3prime,
        gene_id_3prime=call.gene_id_5prime,
    )


def _runs_along(call: FusionCall, annotation: Annotation) -> tuple[bool, int, int]:
    """Whether KMT2A reads in its direction, how many of its genes do, how many ends are edges."""
    likeliest = [
        (gene, at_edge(gene, where.position, side))
        for side, (symbol, where) in zip(Side, sides_of(call), strict=True)
        for gene in _genes_meant(symbol, where, side, annotation)[:1]
        if where
    ]
    kmt2a = any(gene.symbol == KMT2A for gene, _ in likeliest)
    return kmt2a, len(likeliest), sum(edge for _, edge in likeliest)
