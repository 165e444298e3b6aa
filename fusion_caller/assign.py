"""Calls of one sample to its KMT2A events: partner, kind, exons, region, frame, flags.

Nothing is filtered. A call with KMT2A in it always becomes part of an event, and what should not be
trusted is flagged. Two callers on the same reads are one assay: their reads are listed, never
summed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.event_flags import flag_many
from fusion_caller.events import SampleEvents
from fusion_caller.kmt2a_gene import build_of
from fusion_caller.knowledge import KMT2A
from fusion_caller.placing import Genes
from fusion_caller.records import (
    Disposition,
    FusionCall,
    SampleFusions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fusion_caller.contigs import Build
    from fusion_caller.genome import Genome
    from fusion_caller.readers import CallerFile
    from fusion_caller.records import SetAside, Source


def assign(
    files: Iterable[CallerFile],
    *,
    genes: Genes | None = None,
    genomes: Mapping[Build, Genome] | None = None,
) -> tuple[SampleFusions, ...]:
    """Find the KMT2A events of every sample.

    Args:
        files: What the callers' files held, those without a call included; gone through once, and
            nothing but the calls with KMT2A in them is kept.
        genes: Where the partners' exons are looked up; the packaged genes if absent.
        genomes: Genomes to read fused transcripts from, by build.

    Returns:
        Samples ordered by patient and sample, one without events where no caller found KMT2A;
        events ordered by kind and support.
    """
    ran: dict[tuple[str, str], set[Source]] = defaultdict(set)
    calls: dict[tuple[str, str], list[FusionCall]] = defaultdict(list)
    whole: dict[tuple[str, str], set[Source]] = defaultdict(set)
    unread: Counter[tuple[str, str]] = Counter()
    first_file: dict[tuple[str, str], str] = {}
    for file in files:
        for owner in file.owners:
            ran[owner].add(file.source)
            if not file.is_empty:
                whole[owner].add(file.source)
            first_file.setdefault(owner, file.file)
        for row in file.set_aside:
            if row.names_kmt2a and row.disposition is Disposition.REFUSED:
                for owner in _owners(row, file):
                    ran[owner].add(file.source)
                    whole[owner].add(file.source)
                    unread[owner] += row.n_rows
        for call in file.calls:
            if KMT2A in (call.gene_5prime, call.gene_3prime):
                calls[call.patient, call.sample].append(_with_build(call))
    sample_events = SampleEvents(genes or Genes(), genomes or {})
    samples = tuple(
        SampleFusions(
            patient=patient,
            sample=sample,
            callers_run=tuple(sorted(ran[patient, sample])),
            events=tuple(sample_events.of(calls.get((patient, sample), ()))),
            unread_kmt2a_rows=unread[patient, sample],
            callers_empty=tuple(sorted(ran[patient, sample] - whole[patient, sample])),
            file="" if (patient, sample) in calls else first_file.get((patient, sample), ""),
        )
        for patient, sample in sorted(ran)
    )
    return flag_many(samples)


def _owners(row: SetAside, file: CallerFile) -> tuple[tuple[str, str], ...]:
    """Whose a refused row may be: of all in the file, where it is of no one in particular."""
    return ((row.patient, row.sample),) if row.sample else file.owners


def _with_build(call: FusionCall) -> FusionCall:
    """The call with the build of its position on KMT2A, where nobody said it before."""
    if call.build:
        return call
    sides = ((call.gene_5prime, call.breakpoint_5prime), (call.gene_3prime, call.breakpoint_3prime))
    for symbol, where in sides:
        if symbol == KMT2A and where is not None and (build := build_of(where)):
            return replace(call, build=build)
    return call
