"""The genome build of a caller's file: from its own breakpoints on KMT2A, or what it states.

Positions of the two builds never overlap on that gene, but each covers other genes of the other
build, so that a position alone tells little: a build that rests on nothing else is a guess.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.annotation import Annotation, Gene, Side, locate_on
from fusion_caller.contigs import Build
from fusion_caller.errors import InputError
from fusion_caller.kmt2a_gene import build_of
from fusion_caller.knowledge import KMT2A
from fusion_caller.locus_names import says_little
from fusion_caller.packaged_genes import packaged_annotation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion_caller.placing import Genes
    from fusion_caller.records import Breakpoint, FusionCall


def build_of_calls(
    calls: Sequence[FusionCall], genes: Genes, *, file: str, stated: Build | None = None
) -> Build | None:
    """The build that a file's positions belong to, None where nothing in it tells.

    What the file states of its build decides, else the build of most rows that the caller itself
    puts on KMT2A. Where it has neither, the build on which more breakpoints of nameless genes lie
    exactly on exon edges does. A GTF's build comes last.

    Args:
        calls: The file's calls.
        genes: The genes known.
        file: The file, for messages.
        stated: The build as the user stated it.

    Raises:
        InputError: If as many rows have KMT2A on one build as on the other, or the build that the
            user states is not the file's.
    """
    told = _told(calls)
    best = _most_told(told)
    if stated and best and stated not in best:
        first = told[best[0]]
        raise InputError(
            f"expected positions on {stated}, found {first.words}",
            file=file,
            line=first.line,
            remedy="state the file's own build",
        )
    if not stated and len(best) > 1:
        first, second = (told[build] for build in best)
        raise InputError(
            f"found {second.words} here, but {first.words} in line {first.line}",
            file=file,
            line=second.line,
            remedy="a file holds one build; make it again from one",
        )
    if best or stated:
        return stated or best[0]
    return _build_by_edges(calls) or (genes.gtf.build if genes.gtf else None)


def builds_of_nameless(calls: Iterable[FusionCall]) -> tuple[Build, ...]:
    """The builds on which ends of nameless genes lie within KMT2A."""
    found = {build for call in calls for build in _nameless_on_kmt2a(call)}
    return tuple(build for build in Build if build in found)


def why_not_read(call: FusionCall, build: Build | None) -> str:
    """Why a call cannot be read although KMT2A may be in it; nothing for any other call.

    Args:
        call: The call.
        build: The build of its file, None where it is not known and cannot be guessed either.
    """
    if build is None:
        on = " or ".join(_nameless_on_kmt2a(call))
        return on and (
            f"a place of no named gene lies within KMT2A if the file is on {on}, and nothing tells "
            "the file's build; state it with --build"
        )
    wrong = next((other for other in _named_on_kmt2a(call) if other is not build), None)
    return f"found KMT2A at a position of {wrong}, but the file is on {build}" if wrong else ""


def _nameless_on_kmt2a(call: FusionCall) -> tuple[Build, ...]:
    if not (says_little(call.gene_5prime) or says_little(call.gene_3prime)):
        return ()  # nearly all calls of a file, which are asked one by one
    return _on_kmt2a(place for symbol, place in sides_of(call) if says_little(symbol))


def _named_on_kmt2a(call: FusionCall) -> tuple[Build, ...]:
    if KMT2A not in (call.gene_5prime, call.gene_3prime):
        return ()
    return _on_kmt2a(place for symbol, place in sides_of(call) if symbol == KMT2A)


def _on_kmt2a(places: Iterable[Breakpoint | None]) -> tuple[Build, ...]:
    """The builds on which places lie within KMT2A, in the order of the places."""
    builds = (build_of(place) for place in places if place is not None)
    return tuple(dict.fromkeys(build for build in builds if build))


@dataclass(slots=True)
class _Told:
    """What tells a build: in words, in which line first, in how many rows.

    `stated` says that the file itself states it.
    """

    words: str
    line: int
    stated: bool = False
    rows: int = 0


def _told(calls: Iterable[FusionCall]) -> dict[Build, _Told]:
    """What calls tell of their build, in the order in which it is found."""
    told: dict[Build, _Told] = {}
    for call in calls:
        if call.build:
            words = f"{call.build} as the file's build"
            told.setdefault(Build(call.build), _Told(words, call.line)).stated = True
        for build in _named_on_kmt2a(call):
            words = f"KMT2A at a position of {build}"
            told.setdefault(build, _Told(words, call.line)).rows += 1
    return told


def _most_told(told: Mapping[Build, _Told]) -> tuple[Build, ...]:
    """The builds that are told best: one, several that are told equally well, or none."""
    if stated := tuple(build for build, one in told.items() if one.stated):
        return stated
    most = max((one.rows for one in told.values()), default=0)
    return tuple(build for build, one in told.items() if one.rows == most)


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
