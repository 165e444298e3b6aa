"""A patient's case as the facts that the rules of integration ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.case import Case, independent
from fusion_caller.facts import Band, Facts, PartnerKnown, Strength, YesNo
from fusion_caller.knowledge import PTD
from fusion_caller.records import Assay, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

_BREAK_SEEN_BESIDE_PTD = {Assay.FISH, Assay.KARYOTYPE}


def best_supported(case: Case, naming: Mapping[str, tuple[Assay, ...]]) -> str:
    """The partner named by more than a weak event, then by most independent assays.

    At a tie the order of the names decides, which is that of trust in the assay.
    """
    if not naming:
        return ""
    return max(
        naming, key=lambda partner: (not case.weakly_named(partner), len(case.supporting(partner)))
    )


def facts_of(case: Case, named: str, naming: Mapping[str, tuple[Assay, ...]]) -> Facts:
    """The facts of a patient.

    Args:
        case: The evidence.
        named: The best supported partner, empty where none is named.
        naming: All partners by the assays that name them.
    """
    shown = independent(case.positive)
    if named == PTD:  # which is not what those show
        shown &= _BREAK_SEEN_BESIDE_PTD
    negative = case.with_verdict(Verdict.NEGATIVE)
    return Facts(
        done=case.assayed,
        positive=frozenset(case.positive),
        negative=frozenset(negative),
        excluding=frozenset(case.excluding),
        left_open=YesNo.of(_left_open(case)),
        break_outside_gene=YesNo.of(case.break_outside_gene),
        band=_band(case, named),
        partner=_partner(named),
        names=frozenset(naming),
        named_by=frozenset(naming.get(named, ())),
        support=case.supporting(named) if named else frozenset(),
        shown_by=shown,
        name=_strength(case, named, naming),
        reads=_reads(case, named, naming),
        nested_only=YesNo.of(case.nested_only),
        contradicted=YesNo.of(named and case.contradicts(named)),
    )


def _partner(named: str) -> PartnerKnown:
    if not named:
        return PartnerKnown.NONE
    return PartnerKnown.PTD if named == PTD else PartnerKnown.GENE


def _left_open(case: Case) -> bool:
    """Whether anything speaks against calling a patient not rearranged.

    An 11q23 that banding leaves open is settled by FISH, which looks at the gene, but not by
    RNA-seq, which needs expression, and not where the karyotype could not be read.
    """
    settled = Assay.FISH in case.excluding and case.verdict(Assay.KARYOTYPE) is Verdict.INCONCLUSIVE
    return bool(set(case.open) - ({Assay.KARYOTYPE} if settled else set()))


def _band(case: Case, named: str) -> Band:
    readings = case.said(Assay.KARYOTYPE, Verdict.POSITIVE)
    if not readings:
        return Band.NONE
    if named and case.band_on_other_chromosome(named):
        return Band.OTHER_CHROMOSOME
    if case.band_candidates:
        return Band.KNOWN_PARTNER
    return Band.NO_PARTNER if any(r.band_known for r in readings) else Band.UNKNOWN


def _strength(case: Case, named: str, naming: Mapping[str, tuple[Assay, ...]]) -> Strength:
    """Weak is one kind of primer or probe alone, and an RNA-seq event of few reads."""
    if not named:
        return Strength.NONE
    by_sequence = {Assay.RNA_SEQ, Assay.DNA_SEQ}.intersection(naming[named])
    if len(case.supporting(named)) > 1 or (by_sequence and not case.weakly_named(named)):
        return Strength.FIRM
    return Strength.WEAK


def _reads(case: Case, named: str, naming: Mapping[str, tuple[Assay, ...]]) -> Strength:
    if not named:
        return Strength.NONE
    if case.weakly_named(named):
        return Strength.WEAK
    return Strength.FIRM if Assay.RNA_SEQ in naming[named] else Strength.NONE
