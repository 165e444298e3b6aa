"""Every disagreement between the assays of a patient, with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.caller_disagreements import within_sample
from fusion_caller.integrated import Disagreement, Reason, Status
from fusion_caller.knowledge import PTD
from fusion_caller.records import Assay, Finding, Verdict
from fusion_caller.timepoints import Moment
from fusion_caller.visibility import NONE_NEEDED, OPTIONAL, best, next_tests

if TYPE_CHECKING:
    from fusion_caller.case import Case
    from fusion_caller.integrated import Evidence
    from fusion_caller.records import AssayReading
    from fusion_caller.visibility import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What was concluded of a patient, and what the disagreements are measured against."""

    status: Status
    partner: str
    naming: dict[str, tuple[Assay, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Why:
    """Why two assays disagree, and what would settle it."""

    reason: Reason
    sentence: str
    next_test: str


def disagreements(case: Case, conclusion: Conclusion) -> list[Disagreement]:
    """Everything in a patient's evidence that does not fit together."""
    rows = _between_assays(case, conclusion)
    rows += _between_repeats(case, conclusion)
    if len(conclusion.naming) > 1:
        rows.append(_different_partners(case.patient, conclusion.naming))
    rows += _second_event(case, conclusion)
    rows += _unusual_signals(case)
    for sample in case.samples:
        rows += within_sample(sample, done=case.assayed)
    return rows


def _between_assays(case: Case, conclusion: Conclusion) -> list[Disagreement]:
    """One disagreement for each result of an assay that does not show what others do."""
    if not case.positive:
        return []
    rows = [
        Disagreement(
            patient=case.patient,
            assays=f"{', '.join(case.positive)} positive / {item.assay} {item.reading.verdict}",
            reason=why.reason,
            sentence=why.sentence,
            next_test=why.next_test,
        )
        for item in case.evidence
        if (why := _explain(case, item, conclusion)) is not None
    ]
    if conclusion.partner not in ("", PTD) and case.band_fits(conclusion.partner) is False:
        rows += _band_against_partner(case, conclusion.partner)
    return list(dict.fromkeys(rows))


def _explain(case: Case, item: Evidence, conclusion: Conclusion) -> _Why | None:
    """Why a result does not show what others do; None where it does, or says nothing."""
    seen = case.sees(item, conclusion.partner)
    if item.reading.verdict is Verdict.INCONCLUSIVE:
        # An atypical pattern is what FISH makes of a rearrangement that it cannot part cleanly.
        atypical = item.assay is Assay.FISH and item.assay not in case.positive
        if not atypical or seen.reason is None or conclusion.partner == "":
            return None
        return _as_seen(case, item, seen, conclusion)
    if case.verdict(item.assay) is not Verdict.NEGATIVE or item.reading.verdict is not (
        Verdict.NEGATIVE
    ):
        return None
    return _why_negative(case, item, seen, conclusion)


def _why_negative(case: Case, item: Evidence, seen: Sight, conclusion: Conclusion) -> _Why | None:
    """Why a negative result does not show what others do."""
    if conclusion.status is Status.NOT_REARRANGED:
        return _beside_the_gene(item)
    if conclusion.status is Status.INDETERMINATE:
        return _contradiction(case, item, seen, conclusion.partner)
    if not conclusion.partner and (fits := _band_candidate_in(case, item.reading)):
        return _Why(
            reason=Reason.OUTSIDE_PRIMERS,
            sentence=f"The karyotype's band fits {fits}, a target of this {_LABELS[item.assay]}: "
            "its primers may not span this junction, its RNA may have failed, or the partner is "
            "another gene of the band.",
            next_test=best((next_tests.RNA_SEQ, next_tests.BREAKPOINT), case.assayed),
        )
    below = item.reading.finding is Finding.NEGATIVE and item.reading.cells_abnormal
    if item.assay is Assay.FISH and below:
        return _below_cutoff(item)
    if seen.reason is None:
        return _unexplained(item, conclusion.partner)
    return _as_seen(case, item, seen, conclusion)


def _as_seen(case: Case, item: Evidence, seen: Sight, conclusion: Conclusion) -> _Why | None:
    """The assay's own blind spot; no further test where two assays agree already."""
    if seen.reason is None:
        return None
    named_by = conclusion.naming.get(conclusion.partner, ())
    settling = (Assay.SPLIT_RT_PCR, Assay.QRT_PCR, Assay.DNA_SEQ)
    by_junction = next((assay for assay in settling if assay in named_by), None)
    if conclusion.partner and len(case.supporting(conclusion.partner)) > 1:
        who = f"{_LABELS[by_junction]} confirms the junction" if by_junction else "two assays agree"
        next_test = f"{NONE_NEEDED}: {who}"
    else:
        next_test = best(seen.next_tests, case.assayed)
    sentence = seen.sentence
    if item.assay is Assay.KARYOTYPE and seen.reason is Reason.CRYPTIC_KARYOTYPE:
        sentence += " A karyotype without 11q23 does not exclude it."
    return _Why(reason=seen.reason, sentence=sentence, next_test=next_test)


def _band_candidate_in(case: Case, reading: AssayReading) -> str:
    """The likeliest partner of the karyotype's band that a limited assay did test."""
    return next((gene for gene in case.band_candidates if gene in (reading.scope or ())), "")


def _unexplained(item: Evidence, partner: str) -> _Why:
    what = f"KMT2A::{partner}" if partner and partner != PTD else "the rearrangement"
    label = _LABELS[item.assay]
    if item.reading.scope == ():
        return _Why(
            reason=Reason.UNEXPLAINED,
            sentence=f"It is not stated which targets this {label} tested, so it is not "
            f"known whether it could have seen {what}.",
            next_test="Name the panel or the targets in the assay table",
        )
    cells = item.reading.cells_abnormal
    seen = f" ({cells:.1%} of the cells, below the cut-off)" if cells else ""
    probe = item.method.probe
    if probe is not None and probe.missed:
        return _Why(
            reason=Reason.UNEXPLAINED,
            sentence=f"FISH should have seen {what} and did not{seen}. The probe, {probe.vendor} "
            f"{probe.name}, missed {probe.missed} of {probe.tested} rearranged cases in a "
            "published series: its design may be the cause.",
            next_test="FISH with a break-apart probe of another design",
        )
    return _Why(
        reason=Reason.UNEXPLAINED,
        sentence=f"By what is known, {label} should have seen {what} and did not{seen}; "
        "nothing explains it.",
        next_test=f"Look at the raw {label} result again, then repeat it",
    )


def _below_cutoff(item: Evidence) -> _Why:
    cells = item.reading.cells_abnormal or 0.0
    return _Why(
        reason=Reason.BELOW_THRESHOLD,
        sentence=f"FISH shows an abnormal pattern in {cells:.1%} of the cells, which is below its "
        "cut-off: few cells of the sample may be leukaemic.",
        next_test="Count more nuclei, and compare with the share of blasts",
    )


def _beside_the_gene(item: Evidence) -> _Why | None:
    """Why what was positive is no rearrangement: DNA shows the break beside KMT2A."""
    if item.reading.finding is not Finding.BREAK_OUTSIDE_GENE:
        return None
    return _Why(
        reason=Reason.FISH_OUTSIDE_GENE,
        sentence="Genomic sequencing puts the break beside KMT2A: signals part and bands change, "
        "and the gene itself is whole.",
        next_test="Search for another driver of the leukaemia",
    )


def _contradiction(case: Case, item: Evidence, seen: Sight, partner: str) -> _Why | None:
    """Why a patient's few positive assays do not settle it against a negative one."""
    label = _LABELS[item.assay]
    if case.nested_only and (item.assay is Assay.KARYOTYPE or seen.reason is None):
        return _Why(
            reason=Reason.NESTED_PCR_BACKGROUND,
            sentence="Of the assays that look at KMT2A itself RT-PCR alone is positive. "
            + (
                "It was nested, which can amplify single cells of healthy marrow."
                if case.nested_stated
                else "It is not stated whether it was nested: nested RT-PCR can amplify single "
                "cells of healthy marrow."
            ),
            next_test=best(
                (next_tests.BREAK_APART, next_tests.RNA_SEQ, next_tests.SECOND_PCR), case.assayed
            ),
        )
    if item.assay is Assay.KARYOTYPE:
        return None  # that banding misses a rearrangement explains nothing while there may be none
    if case.positive == (Assay.KARYOTYPE,):
        suggested = best(
            (next_tests.BREAK_APART, next_tests.RNA_SEQ, next_tests.BREAKPOINT), case.assayed
        )
        # The band of MLLT6 and LASP1 is RARA's too.
        rara = "; consider ZBTB16::RARA" if "RARA" in case.band_candidates else ""
        return _Why(
            reason=Reason.BAND_NOT_SPECIFIC,
            sentence="A break that looks like 11q23 need not lie in KMT2A: banding cannot tell the "
            f"genes of a band apart, and {label} shows no rearrangement.",
            next_test=f"{suggested}{rara}",
        )
    sequenced = item.assay in (Assay.RNA_SEQ, Assay.DNA_SEQ)
    if sequenced and not partner and Assay.FISH in case.positive:
        return _Why(
            reason=Reason.FISH_OUTSIDE_GENE,
            sentence=f"FISH shows a break while {label} shows no KMT2A fusion: the break may "
            "lie beside the gene, or the fusion may not be expressed.",
            next_test=best(
                (next_tests.BREAKPOINT, next_tests.RNA_SEQ, next_tests.READS), case.assayed
            ),
        )
    if seen.reason is not None:
        return _Why(
            reason=seen.reason,
            sentence=seen.sentence,
            next_test=best(seen.next_tests, case.assayed),
        )
    if case.weakly_named(partner):
        return _Why(
            reason=Reason.UNEXPLAINED,
            sentence=f"RNA-seq alone names KMT2A::{partner}, on weak evidence, and "
            f"{label} does not show it.",
            next_test=f"Split RT-PCR with primers for KMT2A::{partner}",
        )
    return _unexplained(item, partner)


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
        told = "; ".join(f"{i.reading.verdict} {i.panel or i.date or '(no date)'}" for i in against)
        missed = [i.method.probe for i in against if i.method.probe and i.method.probe.missed]
        why = "".join(
            f" The probe of {p.vendor} missed {p.missed} of {p.tested} rearranged cases in a "
            "published series: its design may be the cause."
            for p in missed
        )
        rows.append(
            Disagreement(
                patient=case.patient,
                assays=f"{assay} / {assay}",
                reason=Reason.UNEXPLAINED,
                sentence=f"{_LABELS[assay]} was done more than once and disagrees with itself "
                f"({told}); it counts as positive.{why}",
                next_test="None needed: a probe of another design shows the break"
                if missed
                else _of_one_time(against),
            )
        )
    return rows


def _of_one_time(results: list[Evidence]) -> str:
    """What to do about results that disagree: look again where both are of diagnosis for sure."""
    if all(item.moment is Moment.DIAGNOSIS for item in results):
        return f"Look at both {_LABELS[results[0].assay]} results again"
    return "Check that both samples are from diagnosis"


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


_UNUSUAL = {
    Finding.LOSS_3PRIME: (
        Reason.FISH_3PRIME_LOSS,
        (
            "FISH shows no second half of the split gene: its 3' end is lost. A fusion of the 5' "
            "end can stand behind it and counts as positive."
        ),
    ),
    Finding.EXTRA_5PRIME: (
        Reason.FISH_INSERTION,
        (
            "FISH shows both copies of KMT2A whole and an extra 5' end: a piece of the gene was "
            "inserted elsewhere. It counts as positive, though no signal is split."
        ),
    ),
}


def _unusual_signals(case: Case) -> list[Disagreement]:
    """Signals that are positive without a split, which a reader may take for normal."""
    found = [reading.finding for reading in case.said(Assay.FISH, Verdict.POSITIVE)]
    return [
        Disagreement(
            patient=case.patient,
            assays="fish",
            reason=reason,
            sentence=sentence,
            next_test=f"{NONE_NEEDED} where a molecular assay names the partner"
            if case.naming
            else best((next_tests.RNA_SEQ, next_tests.BREAKPOINT), case.assayed),
        )
        for finding, (reason, sentence) in _UNUSUAL.items()
        if finding in found
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
            next_test="Check that all samples are the patient's; then metaphase FISH, for a "
            "three-way rearrangement"
            if case.band_on_other_chromosome(partner)
            else f"{OPTIONAL}: metaphase FISH, where a three-way rearrangement is suspected",
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
