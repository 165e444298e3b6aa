"""KMT2A events as VCF 4.3: a pair of breakend records for each leading junction.

The junction is that of the transcript, so that a breakend is the last base of the 5' gene that is
kept, or the first of the 3' gene, mostly an exon's edge; it is not the break in the genome. Each
sample has a column, save those whose events all lie on the other build. A genotype of `./1` says
that the sample has the junction; nothing is said of its other allele, nor of other samples.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from fusion_caller.contigs import chromosomes, length_of
from fusion_caller.fusion_matrix import sample_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    groups = _by_junction(columns, build)
    records = [
        record
        for number, group in enumerate(groups, 1)
        for record in _pair(number, group, tuple(columns))
    ]
    contigs = (*chromosomes(), *sorted({cells[0] for cells in records} - set(chromosomes())))
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
    for cells in sorted(records, key=lambda r: (contigs.index(r[0]), int(r[1]), r[2])):
        yield "\t".join(cells) + "\n"


def _by_junction(
    samples: Mapping[str, SampleFusions], build: Build
) -> list[dict[str, Kmt2aFusion]]:
    """Events with the same fusion and positions, by the columns of their samples."""
    groups: dict[tuple[str, str, str, str], dict[str, Kmt2aFusion]] = defaultdict(dict)
    for name, sample in samples.items():
        for event in sample.events:
            if event.build == build and can_be_written(event):
                ends = str(event.breakpoint_5prime), str(event.breakpoint_3prime)
                groups[(event.fusion, event.kind, *ends)].setdefault(name, event)
    return [groups[key] for key in sorted(groups)]


def _pair(number: int, group: Mapping[str, Kmt2aFusion], names: Sequence[str]) -> list[list[str]]:
    event = next(iter(group.values()))
    five, three = event.breakpoint_5prime, event.breakpoint_3prime
    if five is None or three is None:
        return []
    kmt2a_first = event.fusion.startswith("KMT2A::")
    exons = [
        f"{event.kmt2a_transcript}:{event.kmt2a_exon}",
        f"{event.partner_transcript}:{event.partner_exon}",
    ]
    exon_5prime, exon_3prime = exons if kmt2a_first else reversed(exons)
    reads = [_genotype(group.get(name)) for name in names]
    shared = f"SVTYPE=BND;EVENT=kmt2a{number};FUSION={_text(event.fusion)};KIND={event.kind}"
    first, second = f"kmt2a{number}_5", f"kmt2a{number}_3"
    return [
        _record(
            five,
            first,
            _alt(_ALT_5PRIME, five, three),
            f"{shared};MATEID={second};END5{_exon(exon_5prime)}",
            reads,
        ),
        _record(
            three,
            second,
            _alt(_ALT_3PRIME, three, five),
            f"{shared};MATEID={first}{_exon(exon_3prime)}",
            reads,
        ),
    ]


def _exon(text: str) -> str:
    return f";EXON={_text(text.replace(' ', '_'))}" if text != ":" else ""


def _text(value: str) -> str:
    """A value without the characters that part one value or field from the next (section 1.2)."""
    return re.sub(r"[%;=,\s]", lambda match: f"%{ord(match[0]):02X}", value)


def _alt(form: dict[tuple[str, str], str], own: Breakpoint, mate: Breakpoint) -> str:
    return form[own.strand, mate.strand].format(mate=f"{mate.contig}:{mate.position}")


def _record(
    place: Breakpoint, identifier: str, alt: str, info: str, reads: Sequence[str]
) -> list[str]:
    return [
        place.contig,
        str(place.position),
        identifier,
        "N",
        alt,
        ".",
        ".",
        info,
        "GT:SR:PR:CL",
        *reads,
    ]


def _genotype(event: Kmt2aFusion | None) -> str:
    if event is None:
        return "./.:0:0:."  # no caller reports a read; a point would say that nobody looked
    best = event.reads[0]
    counts = (best.split_reads, best.spanning_fragments)
    shown = ["." if count is None else str(count) for count in counts]
    return ":".join(["./1", *shown, ",".join(event.callers)])
