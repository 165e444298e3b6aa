"""Every disagreement between the assays of a patient, with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion_caller.caller_disagreements import within_sample
from fusion_caller.integrated import Disagreement, Reason, Status
from fusion_caller.knowledge import PTD
from fusion_caller.records import Assay, Finding, Verdict
from fusion_caller.visibility import Blindness, blindness

if TYPE_CHECKING:
    from fusion_caller.case import Case
    from fusion_caller.records import AssayReading


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What was concluded of a patient, and what the disagreements are measured against."""

    status: Status
    partner: str
    region: str
    naming: dict[str, tuple[Assay, ...]]


def disagreements(case: Case, conclusion: Conclusion) -> list[Disagreement]:
    """Everything in a patient's evidence that does not fit together."""
    rows = _between_assays(case, conclusion)
    rows += _between_repeats(case, conclusion)
    if len(conclusion.naming) > 1:
        rows.append(_different_partners(case.patient, conclusion.naming))
    rows += _second_event(case, conclusion)
    rows += _three_prime_loss(case)
    for sample in case.samples:
        rows += within_sample(sample)
    return rows


def _between_assays(case: Case, conclusion: Conclusion) -> list[Disagreement]:
    """One disagreement for each negative result of an assay that does not show what others do."""
    if not case.positive:
        return []
    doubtful = conclusion.status is Status.INDETERMINATE
    rows = [
        _explain(case, assay, reading, conclusion)
        for assay in case.with_verdict(Verdict.NEGATIVE)
        for reading in case.said(assay, Verdict.NEGATIVE)
        # That banding misses a rearrangement explains nothing while there may be none.
        if not (doubtful and assay is Assay.KARYOTYPE)
    ]
    if conclusion.partner not in ("", PTD) and case.band_fits(conclusion.partner) is False:
        rows += _band_against_partner(case, conclusion.partner)
    return list(dict.fromkeys(rows))


def _explain(
    case: Case, assay: Assay, reading: AssayReading, conclusion: Conclusion
) -> Disagreement:
    partner = conclusion.partner
    blind = blindness(assay, partner=partner, region=conclusion.region, scope=reading.scope)
    if conclusion.status is Status.INDETERMINATE:
        why = _contradiction(case, blind, assay, reading, partner)
    elif not partner and (fits := _band_candidate_in(case, reading)):
        why = Blindness(
            reason=Reason.NOT_ON_PANEL,
            sentence=f"The karyotype's band fits {fits}, which {_LABELS[assay]} tested and did not "
            "find; the partner may be another gene of the band.",
            next_test="RNA sequencing, which does not need to know the partner",
        )
    else:
        why = _settled(blind, conclusion) if blind else _unexplained(assay, partner, reading)
    if Assay.RNA_SEQ in case.assayed and why.next_test.startswith("RNA sequencing"):
        why = replace(why, next_test="Genomic breakpoint sequencing")
    return Disagreement(
        patient=case.patient,
        assays=f"{', '.join(case.positive)} positive / {assay} negative",
        reason=why.reason,
        sentence=why.sentence,
        next_test=why.next_test,
    )


def _band_candidate_in(case: Case, reading: AssayReading) -> str:
    """The likeliest partner of the karyotype's band that a limited assay did test."""
    return next((gene for gene in case.band_candidates if gene in (reading.scope or ())), "")


def _settled(blind: Blindness, conclusion: Conclusion) -> Blindness:
    """Ask for no further test where a junction-specific one names the same partner already."""
    named_by = conclusion.naming.get(conclusion.partner, ())
    done = [assay for assay in (Assay.SPLIT_RT_PCR, Assay.QRT_PCR) if assay in named_by]
    if not done:
        return blind
    return replace(blind, next_test=f"None needed: {_LABELS[done[0]]} confirms the junction")


def _unexplained(assay: Assay, partner: str, reading: AssayReading) -> Blindness:
    what = f"KMT2A::{partner}" if partner and partner != PTD else "the rearrangement"
    if reading.scope == ():
        return Blindness(
            reason=Reason.UNEXPLAINED,
            sentence=f"It is not stated which targets this {_LABELS[assay]} tested, so it is not "
            f"known whether it could have seen {what}.",
            next_test="Name the panel or the targets in the assay table",
        )
    cells = reading.cells_abnormal
    seen = f" ({cells:.1%} of the cells, below the cut-off)" if cells else ""
    return Blindness(
        reason=Reason.UNEXPLAINED,
        sentence=f"By what is known, {_LABELS[assay]} should have seen {what} and did not{seen}; "
        "nothing explains it.",
        next_test=f"Look at the raw {_LABELS[assay]} result again, then repeat it",
    )


def _contradiction(
    case: Case, blind: Blindness | None, assay: Assay, reading: AssayReading, partner: str
) -> Blindness:
    """Why a patient's few positive assays do not settle it against a negative one."""
    if case.positive == (Assay.KARYOTYPE,):
        fish = "A second FISH probe" if Assay.FISH in case.assayed else "FISH"
        return Blindness(
            reason=Reason.BAND_NOT_SPECIFIC,
            sentence="A break that looks like 11q23 need not lie in KMT2A: banding cannot tell the "
            f"genes of a band apart, and {_LABELS[assay]} shows no rearrangement.",
            next_test=f"{fish} or genomic breakpoint sequencing; with 17q21 consider ZBTB16::RARA",
        )
    if case.positive == (Assay.FISH,):
        return Blindness(
            reason=Reason.FISH_OUTSIDE_GENE,
            sentence="FISH alone is positive while RNA-seq shows no KMT2A fusion: the break may "
            "lie beside the gene, or the fusion may not be expressed.",
            next_test="KMT2A coverage of the RNA-seq sample, then genomic breakpoint sequencing",
        )
    if blind is not None:
        return blind
    if set(case.positive) <= {Assay.RT_PCR, Assay.QRT_PCR, Assay.KARYOTYPE}:
        return Blindness(
            reason=Reason.NESTED_PCR_BACKGROUND,
            sentence="Of the assays that look at KMT2A itself RT-PCR alone is positive; nested "
            "RT-PCR can amplify single cells of healthy marrow.",
            next_test="Quantitative or split RT-PCR on a second sample",
        )
    if case.weakly_named(partner):
        return Blindness(
            reason=Reason.UNEXPLAINED,
            sentence=f"RNA-seq alone names KMT2A::{partner}, on weak evidence, and "
            f"{_LABELS[assay]} does not show it.",
            next_test=f"Split RT-PCR with primers for KMT2A::{partner}",
        )
    return _unexplained(assay, partner, reading)


def _between_repeats(case: Case, conclusion: Conclusion) -> list[Disagreement]:
    """An assay that was positive once and negative another time, where that one looked too."""
    rows = []
    for assay in Assay:
        of_assay = [item for item in case.evidence if item.assay is assay]
        against = [
            item
            for item in of_assay
            if item.reading.verdict is Verdict.POSITIVE
            or (
                item.reading.verdict is Verdict.NEGATIVE
                and (not item.reading.scope or conclusion.partner in item.reading.scope)
            )
        ]
        if {item.reading.verdict for item in against} != {Verdict.POSITIVE, Verdict.NEGATIVE}:
            continue
        told = "; ".join(f"{i.reading.verdict} {i.date or '(no date)'}" for i in against)
        rows.append(
            Disagreement(
                patient=case.patient,
                assays=f"{assay} / {assay}",
                reason=Reason.UNEXPLAINED,
                sentence=f"{_LABELS[assay]} was done more than once and disagrees with itself "
                f"({told}); it counts as positive.",
                next_test="Check that both samples are from diagnosis",
            )
        )
    return rows


def _second_event(case: Case, conclusion: Conclusion) -> list[Disagreement]:
    """A PTD beside an assay that shows a break, which a PTD cannot be the reason of."""
    shown_by = [a for a in (Assay.FISH, Assay.KARYOTYPE) if a in case.positive]
    if PTD not in conclusion.naming or not shown_by:
        return []
    return [
        Disagreement(
            patient=case.patient,
            assays=f"{', '.join(conclusion.naming[PTD])} / {', '.join(shown_by)}",
            reason=Reason.DIFFERENT_PARTNERS,
            sentence="A partial tandem duplication was found, and it cannot be what "
            f"{' and '.join(_LABELS[assay] for assay in shown_by)} shows: there may be a second "
            "rearrangement.",
            next_test=_SECOND_TEST,
        )
    ]


def _three_prime_loss(case: Case) -> list[Disagreement]:
    if Assay.FISH not in case.positive:
        return []
    if all(r.finding is not Finding.LOSS_3PRIME for r in case.said(Assay.FISH, Verdict.POSITIVE)):
        return []
    return [
        Disagreement(
            patient=case.patient,
            assays="fish",
            reason=Reason.FISH_3PRIME_LOSS,
            sentence="FISH shows no second half of the split gene: its 3' end is lost. A fusion of "
            "the 5' end can stand behind it and counts as positive.",
            next_test="None needed where a molecular assay names the partner"
            if case.naming()
            else "RNA sequencing, which does not need to know the partner",
        )
    ]


def _band_against_partner(case: Case, partner: str) -> list[Disagreement]:
    """A karyotype whose partner band does not fit the partner that sequence names."""
    fits = ", ".join(case.band_candidates[:3])
    if not fits and not any(r.band_known for r in case.said(Assay.KARYOTYPE, Verdict.POSITIVE)):
        return []
    band = f"would fit {fits}" if fits else "fits no known partner"
    return [
        Disagreement(
            patient=case.patient,
            assays="karyotype / molecular assays",
            reason=Reason.BAND_NOT_SPECIFIC,
            sentence=f"The band in the karyotype {band}, not {partner}; a band holds many genes "
            "and complex rearrangements involve more than one partner.",
            next_test="Metaphase FISH, if a three-way rearrangement is suspected",
        )
    ]


def _different_partners(patient: str, naming: dict[str, tuple[Assay, ...]]) -> Disagreement:
    said = "; ".join(f"{', '.join(assays)}: {partner}" for partner, assays in naming.items())
    return Disagreement(
        patient=patient,
        assays=" / ".join(assay for assays in naming.values() for assay in assays),
        reason=Reason.DIFFERENT_PARTNERS,
        sentence=f"The assays name different partners ({said}).",
        next_test="Split RT-PCR for each of the named junctions",
    )


_SECOND_TEST = "Split RT-PCR for each junction, and FISH"
_LABELS = {
    Assay.KARYOTYPE: "karyotyping",
    Assay.FISH: "FISH",
    Assay.RT_PCR: "RT-PCR",
    Assay.SPLIT_RT_PCR: "split RT-PCR",
    Assay.QRT_PCR: "qRT-PCR",
    Assay.RNA_SEQ: "RNA-seq",
    Assay.DNA_SEQ: "DNA sequencing",
}
