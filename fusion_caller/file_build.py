"""The genome build of a caller's file: from its own breakpoints on KMT2A, or what it states.

Positions of the two builds never overlap on that gene, but each covers other genes of the other
build, so that a position alone tells nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fusion_caller.annotation import Annotation, Gene, Side, locate_on
from fusion_caller.contigs import Build
from fusion_caller.errors import InputError
from fusion_caller.kmt2a_gene import build_of
from fusion_caller.knowledge import KMT2A
from fusion_caller.locus_names import says_little
from fusion_caller.packaged_genes import packaged_annotation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.placing import Genes
    from fusion_caller.records import Breakpoint, FusionCall


def build_of_calls(
    calls: Sequence[FusionCall], genes: Genes, *, file: str, stated: Build | None = None
) -> Build | None:
    """The build that a file's positions belong to, None where nothing in it tells.

    Breakpoints that the caller itself puts on KMT2A decide, and what the file states of its build.
    Where it has neither, the build on which more breakpoints of nameless genes lie exactly on exon
    edges does. A GTF's build comes last.

    Args:
        calls: The file's calls.
        genes: The genes known.
        file: The file, for messages.
        stated: The build as the user stated it.

    Raises:
        InputError: If positions on KMT2A contradict each other, the build that the file states, or
            the one that the user states.
    """
    found = _builds_in(calls)
    for build, (what, line) in found.items():
        if stated not in (None, build):
            raise InputError(
                f"expected positions on {stated}, found {what}",
                file=file,
                line=line,
                remedy="state the file's own build",
            )
    if len(found) > 1:
        (first, line), (second, other_line) = found.values()
        raise InputError(
            f"found {second} here, but {first} in line {line}",
            file=file,
            line=other_line,
            remedy="a file holds one build; make it again from one",
        )
    if found or stated:
        return stated or next(iter(found))
    return _build_by_edges(calls) or (genes.gtf.build if genes.gtf else None)


def _builds_in(calls: Iterable[FusionCall]) -> dict[Build, tuple[str, int]]:
    """The builds that calls tell, as they are found: in what words, and in which line first."""
    found: dict[Build, tuple[str, int]] = {}
    for call in calls:
        if call.build:
            found.setdefault(Build(call.build), (f"{call.build} as the file's build", call.line))
        for symbol, place in sides_of(call):
            if symbol == KMT2A and place is not None and (build := build_of(place)):
                found.setdefault(build, (f"KMT2A at a position of {build}", call.line))
    return found


def sides_of(
    call: FusionCall,
) -> tuple[tuple[str, Breakpoint | None], tuple[str, Breakpoint | None]]:
    """Gene and breakpoint of both ends, 5' first."""
    return (
        (call.gene_5prime, call.breakpoint_5prime),
        (call.gene_3prime, call.breakpoint_3prime),
    )


def _build_by_edges(calls: Iterable[FusionCall]) -> Build | None:
    """The build on which more breakpoints of nameless genes lie on edges of known exons."""
    edges: Counter[Build] = Counter()
    for call in calls:
        for symbol, place in sides_of(call):
            if place is not None and says_little(symbol):
                for build in Build:
                    edges[build] += _on_an_edge(place, packaged_annotation(build))
    best, other = sorted(Build, key=lambda build: -edges[build])
    return best if edges[best] > edges[other] else None


def _on_an_edge(place: Breakpoint, annotation: Annotation) -> bool:
    return any(
        at_edge(gene, place.position, side)
        for gene in annotation.genes_at(place.contig, place.position)
        for side in Side
    )


def at_edge(gene: Gene, position: int, side: Side) -> bool:
    """Whether a position is the edge of an exon on that side of a junction."""
    if gene.transcript is None:
        return False
    location = locate_on(gene.transcript, position, side)
    return location is not None and location.at_edge
