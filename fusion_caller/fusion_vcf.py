"""KMT2A events as VCF 4.3: a pair of breakend records for each leading junction.

The junction is that of the transcript, so that a breakend is the last base of the 5' gene that is
kept, or the first of the 3' gene, mostly an exon's edge; it is not the break in the genome. Each
sample has a column, save those whose events all lie on the other build. A genotype of `./1` says
that the sample has the junction; nothing is said of its other allele, nor of other samples.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.contigs import chromosomes, length_of
from fusion_caller.fusion_matrix import sample_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fusion_caller.contigs import Build
    from fusion_caller.records import Breakpoint, Kmt2aFusion, SampleFusions

# Alternate allele by the strands of the record's own gene and of its mate's (VCF 4.3, section 5.4).
# The 5' gene keeps what lies before its breakpoint along its strand, the 3' gene what lies after.
_ALT_5PRIME = {
    ("+", "+"): "N[{mate}[",
    ("+", "-"): "N]{mate}]",
    ("-", "-"): "]{mate}]N",
    ("-", "+"): "[{mate}[N",
}
_ALT_3PRIME = {
    ("+", "+"): "]{mate}]N",
    ("+", "-"): "[{mate}[N",
    ("-", "-"): "N[{mate}[",
    ("-", "+"): "N]{mate}]",
}
_HEADER = """\
##fileformat=VCFv4.3
##source=kmt2a
##reference={build}
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
##INFO=<ID=MATEID,Number=1,Type=String,Description="Record of the other end">
##INFO=<ID=EVENT,Number=1,Type=String,Description="Name that both ends share">
##INFO=<ID=FUSION,Number=1,Type=String,Description="Fusion, 5' gene first">
##INFO=<ID=KIND,Number=1,Type=String,Description="What kind of KMT2A event it is">
##INFO=<ID=END5,Number=0,Type=Flag,Description="The end of the 5' gene">
##INFO=<ID=EXON,Number=1,Type=String,Description="Exon at this end and transcript">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype: ./1 where a caller reports it">
##FORMAT=<ID=SR,Number=1,Type=Integer,Description="Split reads of the best-supported caller">
##FORMAT=<ID=PR,Number=1,Type=Integer,Description="Spanning fragments of that caller">
##FORMAT=<ID=CL,Number=.,Type=String,Description="Callers that report it">
"""


# No caller reports a read, and the fields behind are left away; without the count it would read as
# a sample that nobody looked at.
_NOT_REPORTED = "./.:0"
_FIXED_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT")


def can_be_written(event: Kmt2aFusion) -> bool:
    """Whether an event has what a pair of breakends needs: both positions with their strands."""
    five, three = event.breakpoint_5prime, event.breakpoint_3prime
    return bool(event.build and five and three and five.strand and three.strand)


def vcf_lines(samples: Sequence[SampleFusions], build: Build) -> Iterator[str]:
    """The lines of the VCF of one build, with line breaks."""
    columns = {
        name: sample
        for name, sample in zip(sample_names(samples), samples, strict=True)
        if not sample.events or any(event.build in (build, "") for event in sample.events)
    }
    ends = list(_ends(_by_junction(columns.values(), build)))
    contigs = (*chromosomes(), *sorted({end.own.contig for end in ends} - set(chromosomes())))
    left_out = sum(
        event.build in (build, "") and not can_be_written(event)
        for sample in columns.values()
        for event in sample.events
    )
    yield _HEADER.format(build=build)
    yield f"##kmt2a_left_out={left_out} events without two positions and strands, see kmt2a.tsv\n"
    for contig in contigs:
        length = length_of(contig, build)
        yield f"##contig=<ID={contig}{f',length={length}' if length else ''}>\n"
    yield "\t".join([*_FIXED_COLUMNS, *columns]) + "\n"
    rank = {contig: number for number, contig in enumerate(contigs)}
    for end in sorted(ends, key=lambda e: (rank[e.own.contig], e.own.position, e.identifier)):
        # A record's cells are as many as the samples: they are made here, and none are held.
        cells = [_NOT_REPORTED] * len(columns)
        for column, event in end.events.items():
            cells[column] = _genotype(event)
        yield "\t".join([*_record(end), *cells]) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _End:
    """One end of a junction, which is one record.

    Attributes:
        number: The junction's, from 1.
        is_5prime: Whether it is the end of the 5' gene.
        own: Where it is.
        mate: Where the other end is.
        events: The events with this junction, by the number of their sample's column from 0.
    """

    number: int
    is_5prime: bool
    own: Breakpoint
    mate: Breakpoint
    events: Mapping[int, Kmt2aFusion]

    @property
    def identifier(self) -> str:
        return _identifier(self.number, is_5prime=self.is_5prime)


def _identifier(number: int, *, is_5prime: bool) -> str:
    return f"kmt2a{number}_{'5' if is_5prime else '3'}"


def _by_junction(samples: Iterable[SampleFusions], build: Build) -> list[dict[int, Kmt2aFusion]]:
    """Events with the same fusion and positions, by the number of their sample's column from 0."""
    groups: dict[tuple[str, str, str, str], dict[int, Kmt2aFusion]] = defaultdict(dict)
    for column, sample in enumerate(samples):
        for event in sample.events:
            if event.build == build and can_be_written(event):
                ends = str(event.breakpoint_5prime), str(event.breakpoint_3prime)
                groups[(event.fusion, event.kind, *ends)].setdefault(column, event)
    return [groups[key] for key in sorted(groups)]


def _ends(groups: Iterable[Mapping[int, Kmt2aFusion]]) -> Iterator[_End]:
    for number, events in enumerate(groups, 1):
        lead = next(iter(events.values()))
        five, three = lead.breakpoint_5prime, lead.breakpoint_3prime
        if five and three:
            yield _End(number=number, is_5prime=True, own=five, mate=three, events=events)
            yield _End(number=number, is_5prime=False, own=three, mate=five, events=events)


def _record(end: _End) -> tuple[str, ...]:
    """A record as far as it is the same for all samples."""
    lead = next(iter(end.events.values()))
    exon = (
        f"{lead.kmt2a_transcript}:{lead.kmt2a_exon}"
        if end.is_5prime == lead.fusion.startswith("KMT2A::")
        else f"{lead.partner_transcript}:{lead.partner_exon}"
    )
    mate = _identifier(end.number, is_5prime=not end.is_5prime)
    info = (
        f"SVTYPE=BND;EVENT=kmt2a{end.number};FUSION={_text(lead.fusion)};KIND={lead.kind};"
        f"MATEID={mate}{';END5' if end.is_5prime else ''}{_exon(exon)}"
    )
    alt = _alt(_ALT_5PRIME if end.is_5prime else _ALT_3PRIME, end.own, end.mate)
    where = (end.own.contig, str(end.own.position), end.identifier)
    return (*where, "N", alt, ".", ".", info, "GT:SR:PR:CL")


def _exon(text: str) -> str:
    return f";EXON={_text(text.replace(' ', '_'))}" if text != ":" else ""


def _text(value: str) -> str:
    """A value without the characters that part one value or field from the next (section 1.2)."""
    return re.sub(r"[%;=,\s]", lambda match: f"%{ord(match[0]):02X}", value)


def _alt(form: dict[tuple[str, str], str], own: Breakpoint, mate: Breakpoint) -> str:
    return form[own.strand, mate.strand].format(mate=f"{mate.contig}:{mate.position}")


def _genotype(event: Kmt2aFusion) -> str:
    best = event.reads[0]
    counts = (best.split_reads, best.spanning_fragments)
    shown = ["." if count is None else str(count) for count in counts]
    return ":".join(["./1", *shown, ",".join(event.callers)])
