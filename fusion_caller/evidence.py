"""One assay row, or one sequenced sample, as a piece of evidence: what it says, how, and when."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.assays import read_result
from fusion_caller.assays.karyotype import interphase_part
from fusion_caller.exon_numbering import about_junctions
from fusion_caller.integrated import Evidence
from fusion_caller.knowledge.break_apart_probes import probe_named
from fusion_caller.records import Assay, FusionKind, Verdict
from fusion_caller.rna_evidence import describe, leading_event, read_rna
from fusion_caller.visibility import Method, cannot_see

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion_caller.laboratory import Laboratory
    from fusion_caller.records import AssayReport, SampleFusions
    from fusion_caller.timepoints import Moment

_ISOFORM = re.compile(r"e(\d{1,2})::")


def kmt2a_exons_found(samples: Sequence[SampleFusions]) -> dict[str, list[int]]:
    """KMT2A's last exons (MANE numbers) of all junctions of direct fusions, by partner."""
    found: dict[str, list[int]] = {}
    for sample in samples:
        for event in sample.events:
            if event.kind is FusionKind.FUSION:
                matches = map(_ISOFORM.match, event.isoforms)
                exons = [int(match[1]) for match in matches if match]
                found.setdefault(event.partner, []).extend(exons)
    return found


def with_numbering(item: Evidence, found: Mapping[str, list[int]]) -> Evidence:
    """Say how the exons that a laboratory wrote agree with those of RNA-seq."""
    exons = found.get(item.reading.partner, [])
    said = about_junctions(item.reading.junctions, exons)
    if not said:
        return item
    return replace(item, reading=replace(item.reading, sentence=item.reading.sentence + said))


def of_report(
    report: AssayReport, laboratory: Laboratory, *, moment: Moment, counts: bool
) -> Evidence:
    """What one row of an assay table says.

    Args:
        report: The row.
        laboratory: Whose choices hold.
        moment: When the sample was taken.
        counts: Whether it decides.
    """
    reading = read_result(report, laboratory=laboratory)
    # Split and quantitative RT-PCR test single junctions; screening PCR, genomic too, has a panel.
    screening = report.assay in (Assay.RT_PCR, Assay.DNA_SEQ)
    panel = laboratory.panels.get(report.panel) if screening else None
    probe = probe_named(report.panel) if report.assay is Assay.FISH else None
    return Evidence(
        patient=report.patient,
        assay=report.assay,
        method=Method(assay=report.assay, scope=reading.scope, panel=panel, probe=probe),
        panel=report.panel,
        date=report.date,
        moment=moment,
        counts=counts,
        reported=report.result,
        reading=reading,
        could_not_see=cannot_see(report.assay, panel),
        file=report.file,
        line=report.line,
    )


def fish_within(
    report: AssayReport, laboratory: Laboratory, *, moment: Moment, counts: bool
) -> Evidence | None:
    """The interphase FISH that a laboratory wrote into the same cell as its karyotype.

    It is an assay of its own. Metaphase FISH is not: it is part of what the karyotype shows.
    """
    fish = interphase_part(report.result) if report.assay is Assay.KARYOTYPE else ""
    if not fish:
        return None
    of_fish = replace(report, assay=Assay.FISH, result=fish)
    item = of_report(of_fish, laboratory, moment=moment, counts=counts)
    # Other probes than KMT2A's are no result of it.
    return None if item.reading.verdict is Verdict.NOT_DONE else item


def of_sample(sample: SampleFusions, *, moment: Moment, counts: bool) -> Evidence:
    """What the callers' output of one sequenced sample says; `moment` and `counts` as above."""
    lead = leading_event(sample)
    return Evidence(
        patient=sample.patient,
        assay=sample.assay,
        method=Method(
            assay=sample.assay,
            callers=tuple(c for c in sample.callers_run if c not in sample.callers_empty),
        ),
        panel=", ".join(sample.callers_run),
        date=sample.date,
        moment=moment,
        counts=counts,
        reported=describe(sample),
        reading=read_rna(sample),
        could_not_see=cannot_see(sample.assay, None),
        file=lead.file if lead else sample.file,
        line=lead.line if lead else None,
    )
