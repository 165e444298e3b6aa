"""One patient's evidence from all assays, with the questions that the rules of integration ask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from fusion_caller.evidence import (
    fish_within,
    kmt2a_exons_found,
    of_report,
    of_sample,
    with_numbering,
)
from fusion_caller.gene_names import paralogues_of
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.knowledge import PTD, partners
from fusion_caller.records import Assay, Finding, Flag, FusionKind, Verdict
from fusion_caller.timepoints import Sampled, deciding, moments
from fusion_caller.visibility import Rearrangement, Seen, Sight, sight

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion_caller.integrated import Evidence
    from fusion_caller.laboratory import Laboratory
    from fusion_caller.records import AssayReading, AssayReport, Kmt2aFusion, SampleFusions

# Which assay's name is taken where assays name different partners: sequence before primers.
_NAMING_ORDER = (
    Assay.RNA_SEQ,
    Assay.DNA_SEQ,
    Assay.SPLIT_RT_PCR,
    Assay.QRT_PCR,
    Assay.RT_PCR,
    Assay.FISH,
)
_STRENGTH = (
    Verdict.POSITIVE,
    Verdict.INCONCLUSIVE,
    Verdict.NEGATIVE,
    Verdict.NOT_UNDERSTOOD,
    Verdict.NOT_DONE,
)
# Assays that are one and the same piece of evidence: the same RNA, primers of the same make.
_GROUPS = {Assay.QRT_PCR: Assay.RT_PCR}
# An event with one of these names a partner only weakly.
_WEAK = {Flag.PARTNER_NOT_KNOWN, Flag.LOW_SUPPORT, Flag.RECIPROCAL_ONLY}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One patient: the sequenced samples, if there are any, and the evidence of every assay.

    Samples and evidence are those that decide; `elsewhen` holds the evidence of other time points.
    Without slots, since what the rules ask again and again is kept once it was found.
    """

    patient: str
    laboratory: Laboratory
    samples: tuple[SampleFusions, ...]
    evidence: tuple[Evidence, ...]
    elsewhen: tuple[Evidence, ...] = ()

    def readings(self, assay: Assay) -> list[AssayReading]:
        """All readings of an assay, in the order of the evidence."""
        return [item.reading for item in self.evidence if item.assay is assay]

    def verdict(self, assay: Assay) -> Verdict:
        """The strongest verdict among an assay's results."""
        return self._verdicts.get(assay, Verdict.NOT_DONE)

    @cached_property
    def _verdicts(self) -> dict[Assay, Verdict]:
        weakest_first = sorted(
            self.evidence, key=lambda item: -_STRENGTH.index(item.reading.verdict)
        )
        return {item.assay: item.reading.verdict for item in weakest_first}

    def said(self, assay: Assay, verdict: Verdict) -> list[AssayReading]:
        """The readings of an assay with one verdict."""
        return [reading for reading in self.readings(assay) if reading.verdict is verdict]

    def with_verdict(self, *verdicts: Verdict) -> tuple[Assay, ...]:
        """The assays whose strongest verdict is one of these."""
        return tuple(assay for assay in Assay if self.verdict(assay) in verdicts)

    @cached_property
    def positive(self) -> tuple[Assay, ...]:
        """The assays that are positive."""
        return self.with_verdict(Verdict.POSITIVE)

    @property
    def assayed(self) -> frozenset[Assay]:
        """The assays that were done, whatever they gave."""
        return frozenset(
            i.assay for i in self.evidence if i.reading.verdict is not Verdict.NOT_DONE
        )

    @property
    def open(self) -> tuple[Assay, ...]:
        """The assays that leave it open, those whose words were not understood included."""
        unread = {i.assay for i in self.evidence if i.reading.verdict is Verdict.NOT_UNDERSTOOD}
        return tuple(
            assay
            for assay in Assay
            if self.verdict(assay) is Verdict.INCONCLUSIVE
            or (assay in unread and self.verdict(assay) is not Verdict.POSITIVE)
        )

    @property
    def excluding(self) -> tuple[Assay, ...]:
        """Negative assays that are not limited to certain partners: FISH and sequencing."""
        return tuple(
            assay
            for assay in (Assay.FISH, Assay.RNA_SEQ, Assay.DNA_SEQ)
            if self.verdict(assay) is Verdict.NEGATIVE
            and any(r.scope is None for r in self.said(assay, Verdict.NEGATIVE))
        )

    @property
    def band_candidates(self) -> tuple[str, ...]:
        """Partners that the band of a positive karyotype fits, likeliest first."""
        readings = self.said(Assay.KARYOTYPE, Verdict.POSITIVE)
        return tuple(dict.fromkeys(gene for reading in readings for gene in reading.partners))

    def band_fits(self, partner: str) -> bool | None:
        """Whether a positive karyotype's band fits a partner; None where it gives no band.

        A translocation with an unknown chromosome says nothing of a partner on chromosome 11.
        """
        readings = self.said(Assay.KARYOTYPE, Verdict.POSITIVE)
        if partner in self.band_candidates:
            return True
        if any(reading.band_known for reading in readings):
            return False
        gene = partners().get(partner)
        return None if gene is None or gene.contig != CONTIG else False

    def band_on_other_chromosome(self, partner: str) -> bool:
        """Whether a positive karyotype joins 11q23 to another chromosome than the partner's."""
        gene = partners().get(partner)
        known = any(r.band_known for r in self.said(Assay.KARYOTYPE, Verdict.POSITIVE))
        if gene is None or not known or self.band_fits(partner) is not False:
            return False
        return gene.contig not in {partners()[name].contig for name in self.band_candidates}

    @cached_property
    def naming(self) -> dict[str, tuple[Assay, ...]]:
        """Partners by the positive assays that name them, in the order of trust.

        Paralogues count as one. Two partners in one result are two names.
        """
        named: dict[str, dict[Assay, None]] = {}
        for assay in _NAMING_ORDER:
            for reading in self.readings(assay):
                if reading.verdict is Verdict.POSITIVE:
                    for partner in reading.partners:
                        named.setdefault(_one_of_paralogues(partner), {})[assay] = None
        return {partner: tuple(assays) for partner, assays in named.items()}

    def supporting(self, partner: str) -> frozenset[Assay]:
        """Independent positive assays that agree with a partner.

        An assay agrees if it names the partner, or if it names none and can see the rearrangement:
        FISH sees no PTD, and a karyotype agrees if its band fits the partner or is not given.
        """
        named = set(self.naming.get(partner, ()))
        agreeing = {assay for assay in self.positive if assay in named}
        if partner != PTD:
            for assay in (Assay.FISH, Assay.DNA_SEQ):
                if any(not reading.partners for reading in self.said(assay, Verdict.POSITIVE)):
                    agreeing.add(assay)
            if Assay.KARYOTYPE in self.positive and self.band_fits(partner) is not False:
                agreeing.add(Assay.KARYOTYPE)
        return independent(agreeing)

    def event(self, partner: str) -> Kmt2aFusion | None:
        """The RNA-seq event of a partner: the direct fusion before the reciprocal."""
        wanted = (FusionKind.FUSION, FusionKind.PTD, FusionKind.RECIPROCAL)
        events = [
            event
            for sample in self.samples
            for event in sample.events
            if event.partner == partner and event.kind in wanted
        ]
        key = {kind: number for number, kind in enumerate(wanted)}
        return min(events, key=lambda e: (key[e.kind], -e.split_reads)) if events else None

    def weakly_named(self, partner: str) -> bool:
        """Whether one assay alone names it, by a doubtful event or a gene never seen with KMT2A."""
        named_by = self.naming.get(partner, ())
        if len(named_by) != 1:
            return False
        if partner != PTD and partner not in partners():
            return True
        event = self.event(partner)
        doubtful = event is not None and not _WEAK.isdisjoint(event.flags)
        return named_by == (Assay.RNA_SEQ,) and doubtful

    def rearrangement(self, partner: str) -> Rearrangement:
        """What there is to be seen: the partner, and the junction as far as RNA-seq tells."""
        event = self.event(partner) if partner else None
        if event is None or event.kind is FusionKind.RECIPROCAL:
            return Rearrangement(partner=partner)
        return Rearrangement(
            partner=partner,
            region=event.region,
            kmt2a_exon=_exon(event.kmt2a_exon),
            partner_exon=_exon(event.partner_exon),
        )

    def sees(self, item: Evidence, partner: str) -> Sight:
        """Whether the assay behind a result could see a partner."""
        return sight(self.rearrangement(partner), item.method, self.laboratory)

    def contradicts(self, partner: str) -> bool:
        """Whether an assay is negative that should have seen the partner.

        A karyotype never is one of them: banding misses too much.
        """
        return any(
            item.reading.verdict is Verdict.NEGATIVE
            and item.assay is not Assay.KARYOTYPE
            and self.verdict(item.assay) is Verdict.NEGATIVE
            and self.sees(item, partner).seen is Seen.YES
            for item in self.evidence
        )

    @property
    def nested_only(self) -> bool:
        """Whether screening RT-PCR alone is positive, and was nested or may have been."""
        if self.positive != (Assay.RT_PCR,):
            return False
        return all(
            item.method.panel is None or item.method.panel.nested is not False
            for item in self.evidence
            if item.assay is Assay.RT_PCR and item.reading.verdict is Verdict.POSITIVE
        )

    @property
    def named_elsewhen(self) -> tuple[str, ...]:
        """Partners that positive results of other time points name."""
        readings = [i.reading for i in self.elsewhen if i.reading.verdict is Verdict.POSITIVE]
        return tuple(dict.fromkeys(_one_of_paralogues(r.partner) for r in readings if r.partner))

    @property
    def positive_elsewhen(self) -> bool:
        """Whether any result of another time point is positive."""
        return any(item.reading.verdict is Verdict.POSITIVE for item in self.elsewhen)

    @property
    def nested_stated(self) -> bool:
        """Whether the panel, or the laboratory's own words, say that a positive PCR was nested."""
        return any(
            (item.method.panel is not None and item.method.panel.nested is True)
            or "nested" in item.reported.lower()
            for item in self.evidence
            if item.assay is Assay.RT_PCR and item.reading.verdict is Verdict.POSITIVE
        )

    @property
    def break_outside_gene(self) -> bool:
        """Whether genomic sequencing found the break beside KMT2A."""
        found = Finding.BREAK_OUTSIDE_GENE
        return any(reading.finding is found for reading in self.readings(Assay.DNA_SEQ))


def _exon(name: str) -> int | None:
    """The number of an exon such as `e9`; None for an intron or where it is not known."""
    return int(name[1:]) if name[:1] == "e" and name[1:].isdecimal() else None


def independent(assays: Iterable[Assay]) -> frozenset[Assay]:
    """Assays as pieces of evidence: RT-PCR and qRT-PCR are one."""
    return frozenset(_GROUPS.get(assay, assay) for assay in assays)


def _one_of_paralogues(partner: str) -> str:
    """The known partner among genes that cannot be told apart, else the name itself."""
    return next((gene for gene in paralogues_of(partner) if gene in partners()), partner)


def make_case(
    patient: str,
    samples: Sequence[SampleFusions],
    reports: Sequence[AssayReport],
    *,
    laboratory: Laboratory,
    diagnosed: str = "",
) -> Case:
    """Read a patient's assay rows and sequenced samples into one case.

    Args:
        patient: The patient.
        samples: The sequenced samples, the one that speaks first leading.
        reports: The rows of the assay table.
        laboratory: Whose choices hold.
        diagnosed: The day of diagnosis, YYYY-MM-DD, empty where not known.
    """
    in_order = sorted(reports, key=lambda r: (list(Assay).index(r.assay), r.line))
    times = [Sampled(r.timepoint, r.date) for r in in_order]
    times += [Sampled(s.timepoint, s.date) for s in samples]
    when = moments(times, diagnosed=diagnosed, window_days=laboratory.diagnosis_days)
    counts = deciding(when)
    of_reports = [
        item
        for report, moment, count in zip(in_order, when, counts, strict=False)
        for make in (of_report, fish_within)
        if (item := make(report, laboratory, moment=moment, counts=count)) is not None
    ]
    of_samples = [
        of_sample(sample, moment=moment, counts=count)
        for sample, moment, count in zip(
            samples, when[len(in_order) :], counts[len(in_order) :], strict=True
        )
    ]
    exons = kmt2a_exons_found(samples)
    evidence = [with_numbering(item, exons) for item in of_reports] + of_samples
    return Case(
        patient=patient,
        laboratory=laboratory,
        samples=tuple(
            sample for sample, item in zip(samples, of_samples, strict=True) if item.counts
        ),
        evidence=tuple(item for item in evidence if item.counts),
        elsewhen=tuple(item for item in evidence if not item.counts),
    )
