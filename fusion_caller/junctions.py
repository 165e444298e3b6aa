"""One junction of a fusion transcript: where it lies on both genes, and which calls report it.

Two calls are the same junction where both breakpoints lie within `TOLERANCE` bases: callers place a
breakpoint differently when the bases on both sides of it are alike. Further apart they are splice
isoforms of one rearrangement, or different breaks. Positions of two builds never are the same
junction here, whatever exons they lie on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.annotation import ExonLocation, Side, Site, locate_on
from fusion_caller.records import CallerReads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fusion_caller.annotation import Annotation, Transcript
    from fusion_caller.records import Breakpoint, FusionCall, Source

TOLERANCE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a junction on a gene's transcript.

    Attributes:
        transcript: The transcript by which the exon is counted.
        side: Which end of the fusion transcript it is.
        position: The breakpoint on the transcript's contig.
        location: The exon that is kept next to the breakpoint, and how far away its edge is.
    """

    transcript: Transcript
    side: Side
    position: int
    location: ExonLocation

    @property
    def exon(self) -> int:
        """For the 5' gene the last exon of which something is kept, for the 3' gene the first."""
        return self.location.number

    @property
    def distance(self) -> int:
        """Bases from the exon's edge: positive beyond it, negative within the exon."""
        return self.location.distance

    @property
    def site(self) -> Site:
        """Where in the gene the breakpoint lies."""
        return self.location.site

    @property
    def label(self) -> str:
        """`e8`, or `e8 (inside)`, `e8 (intron)` where the break is off the exon's edge."""
        return self.location.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Junction:
    """A junction with the calls that report it, and its two ends.

    The calls with both positions come first, the best supported of them before the others.

    An end is None where the call has no position, or the gene no transcript that is known.
    """

    calls: tuple[FusionCall, ...]
    five: End | None
    three: End | None

    @property
    def lead(self) -> FusionCall:
        """The best-supported call."""
        return self.calls[0]

    @property
    def reads(self) -> tuple[CallerReads, ...]:
        """Each caller's best call, best supported first."""
        return best_reads(self.calls)

    @property
    def label(self) -> str:
        """`e8::e4`; `?` for an end that is not known, nothing where neither is."""
        if self.five is None and self.three is None:
            return ""
        return "::".join(end.label if end else "?" for end in (self.five, self.three))

    def __str__(self) -> str:
        reads = ",".join(map(str, self.reads))
        return f"{self.label or 'no position'}({reads})"


def best_reads(calls: Sequence[FusionCall]) -> tuple[CallerReads, ...]:
    """Each caller's best call; the calls come best first. Never summed, callers share reads."""
    best: dict[Source, CallerReads] = {}
    for call in calls:
        reads = CallerReads(
            source=call.source,
            split_reads=call.split_reads,
            spanning_fragments=call.spanning_fragments,
        )
        best.setdefault(call.source, reads)
    return tuple(best.values())


def support(call: FusionCall) -> tuple[int, int, str, str, int]:
    """Sort key: the call with most split reads first, then by spanning fragments, then by name."""
    return (
        -(call.split_reads or 0),
        -(call.spanning_fragments or 0),
        call.source,
        call.file,
        call.line,
    )


def junctions_of(
    calls: Sequence[FusionCall], annotation_of: Callable[[FusionCall], Annotation | None]
) -> list[Junction]:
    """Group calls of one pair of genes into junctions, the leading one first.

    A call that lacks a position joins the best-supported junction that it does not contradict; one
    without any cannot be told apart from the leading one.
    """
    ordered = sorted(calls, key=support)
    groups: list[list[FusionCall]] = []
    for n_positions in (2, 1, 0):
        for call in ordered:
            if _n_positions(call) == n_positions:
                _join(call, groups)
        # In this order they are offered to the calls that lack positions.
        groups.sort(key=_rank)
    return [_junction(group, annotation_of(group[0])) for group in groups]


def _join(call: FusionCall, groups: list[list[FusionCall]]) -> None:
    """Add a call to the first junction whose best call it agrees with, or make it a new one."""
    own = next((group for group in groups if _may_be_one(group[0], call)), None)
    if own is None:
        groups.append([call])
    else:
        own.append(call)


def _rank(group: Sequence[FusionCall]) -> tuple[int, int, int]:
    """Sort key: the junction with both positions first, then by reads, then by callers."""
    lead = group[0]
    return -_n_positions(lead), -(lead.split_reads or 0), -len({call.source for call in group})


def _n_positions(call: FusionCall) -> int:
    return sum(where is not None for where in (call.breakpoint_5prime, call.breakpoint_3prime))


def _may_be_one(one: FusionCall, other: FusionCall) -> bool:
    """Whether two calls agree in the positions that both have; those of two builds never do."""
    pairs = (
        (one.breakpoint_5prime, other.breakpoint_5prime),
        (one.breakpoint_3prime, other.breakpoint_3prime),
    )
    shared = [(a, b) for a, b in pairs if a and b]
    return not shared or (one.build == other.build and all(_near(a, b) for a, b in shared))


def _near(one: Breakpoint, other: Breakpoint) -> bool:
    return one.contig == other.contig and abs(one.position - other.position) <= TOLERANCE


def _junction(group: Sequence[FusionCall], annotation: Annotation | None) -> Junction:
    lead = group[0]
    return Junction(
        calls=tuple(group),
        five=end_of(lead.gene_5prime, lead.breakpoint_5prime, Side.FIVE_PRIME, annotation),
        three=end_of(lead.gene_3prime, lead.breakpoint_3prime, Side.THREE_PRIME, annotation),
    )


def end_of(
    symbol: str, where: Breakpoint | None, side: Side, annotation: Annotation | None
) -> End | None:
    """Place a breakpoint on a gene's transcript; None where either is not known, or it is off.

    A breakpoint on the other strand is off: what is read there is not the transcript.
    """
    gene = annotation.genes.get(symbol) if annotation else None
    if gene is None or gene.transcript is None or where is None:
        return None
    if where.contig != gene.contig or where.strand not in ("", gene.strand):
        return None
    location = locate_on(gene.transcript, where.position, side)
    if location is None or location.site is Site.OUTSIDE:
        return None
    return End(transcript=gene.transcript, side=side, position=where.position, location=location)


def coding_position(end: End) -> int | None:
    """The breakpoint as a base of the coding sequence (A of ATG is 1), None where it is not known.

    For a 5' gene the last base kept, for a 3' gene the first; in an intron that of the exon's edge.
    """
    transcript = end.transcript
    if transcript.cds_start is None:
        return None
    inside = min(end.distance, 0)
    lengths = [last - first + 1 for first, last in transcript.exons]
    if end.side is Side.FIVE_PRIME:
        spliced = sum(lengths[: end.exon]) + inside
    else:
        spliced = sum(lengths[: end.exon - 1]) + 1 - inside
    return spliced - transcript.cds_start + 1


def coding_length(transcript: Transcript) -> int:
    """The bases of the coding sequence, stop codon included; 0 where they are not known."""
    if transcript.cds_start is None or transcript.cds_end is None:
        return 0
    return transcript.cds_end - transcript.cds_start + 1


def on_the_edge(end: End) -> End:
    """The edge of the exon that is kept next to a breakpoint, as if it had been spliced there."""
    first, last = end.transcript.exons[end.exon - 1]
    ends_higher = (end.side is Side.FIVE_PRIME) == (end.transcript.strand == "+")
    location = ExonLocation(number=end.exon, site=Site.EDGE, distance=0)
    return replace(end, position=last if ends_higher else first, location=location)
