"""What each assay can see of a KMT2A rearrangement, computed from the rearrangement.

The rules follow from partner, position, strand and panel, never from a patient. Whoever changes
one changes what every disagreement is explained by.
"""

from __future__ import annotations

from dataclasses import dataclass

from fusion_caller.integrated import Reason
from fusion_caller.kmt2a_gene import OUTSIDE
from fusion_caller.knowledge import PTD, Mechanism, panels, partners
from fusion_caller.records import Assay

# An inversion this short leaves both probe ends side by side in an interphase nucleus. USP2, missed
# by break-apart FISH in published cases, lies 0.83 Mb away; the limit itself is our choice.
FISH_CLOSE_INVERSION_BP = 2_000_000
# Nested RT-PCR primers stand on the exons around the major breakpoint region.
PRIMER_REGION = "bcr1"

_RNA_SEQ_NEXT = "RNA sequencing, which does not need to know the partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blindness:
    """Why an assay could not have seen a rearrangement, and what would settle it."""

    reason: Reason
    sentence: str
    next_test: str


def blindness(
    assay: Assay, *, partner: str, region: str = "", scope: tuple[str, ...] | None = None
) -> Blindness | None:
    """Why `assay` could miss the fusion with `partner`, or None if it should have seen it.

    Args:
        assay: The assay that was negative.
        partner: HGNC symbol of the partner, `PTD`, or empty where no assay names it.
        region: KMT2A breakpoint region (`bcr1`, `bcr2`, `bcr3`, `outside`), empty where not known.
        scope: The partners that the assay can see; None for any, empty where not known.
    """
    match assay:
        case Assay.RT_PCR | Assay.SPLIT_RT_PCR | Assay.QRT_PCR:
            return _primers(partner, region, scope or ())
        case Assay.FISH:
            return _fish(partner) if scope is None else _dual_fusion(partner, scope)
        case Assay.KARYOTYPE:
            return _karyotype(partner)
        case Assay.DNA_SEQ:
            return None
        case Assay.RNA_SEQ:
            return Blindness(
                reason=Reason.NOT_EXPRESSED,
                sentence="RNA-seq sees a fusion only if it is expressed and covered by enough "
                "reads; no caller reported one.",
                next_test="KMT2A coverage of the RNA-seq sample, then a targeted RT-PCR",
            )


def _primers(partner: str, region: str, scope: tuple[str, ...]) -> Blindness | None:
    if not scope:
        return None
    targets = f"the {len(scope)} targets of this RT-PCR"
    if not partner:
        return Blindness(
            reason=Reason.NOT_ON_PANEL,
            sentence=f"RT-PCR sees {', '.join(scope)} only; the partner of this rearrangement may "
            "be another gene.",
            next_test=_RNA_SEQ_NEXT,
        )
    if partner not in scope:
        missed = f"not among {targets}" if len(scope) > 1 else f"not {scope[0]}, its only target"
        return Blindness(
            reason=Reason.NOT_ON_PANEL,
            sentence=f"{partner} is {missed}, so no primer pair could amplify it.",
            next_test=f"Split RT-PCR with primers for KMT2A::{partner}",
        )
    if region and region != PRIMER_REGION:
        where = "outside the breakpoint clusters" if region == OUTSIDE else f"in {region}"
        return Blindness(
            reason=Reason.OUTSIDE_PRIMERS,
            sentence=f"The KMT2A break lies {where}, not among the exons of {PRIMER_REGION} on "
            "which primers usually stand.",
            next_test="Split RT-PCR with primers on the exons of the RNA-seq junction",
        )
    return None


def _dual_fusion(partner: str, scope: tuple[str, ...]) -> Blindness | None:
    if partner in scope:
        return None
    return Blindness(
        reason=Reason.NOT_ON_PANEL,
        sentence=f"The dual-fusion probe sees KMT2A with {', '.join(scope)} only.",
        next_test="FISH with a break-apart probe",
    )


def _fish(partner: str) -> Blindness | None:
    if partner == PTD:
        return Blindness(
            reason=Reason.PTD_NOT_VISIBLE,
            sentence="A partial tandem duplication stays within KMT2A and does not part the ends "
            "of a break-apart probe.",
            next_test="RT-PCR or RNA-seq across the duplicated exons",
        )
    gene = partners().get(partner)
    if gene is None:
        return None
    distance = gene.distance_to_kmt2a_bp
    if (
        gene.mechanism is Mechanism.INVERSION
        and distance is not None
        and distance <= FISH_CLOSE_INVERSION_BP
    ):
        return Blindness(
            reason=Reason.FISH_INVERSION,
            sentence=f"{partner} lies {distance / 1e6:.2f} Mb from KMT2A on 11q23 and joins it by "
            "an inversion; so short an inversion leaves the ends of a break-apart probe together.",
            next_test="Split RT-PCR or genomic breakpoint sequencing",
        )
    if gene.mechanism in (Mechanism.INSERTION_OR_INVERSION, Mechanism.DUPLICATION_OR_INSERTION):
        return Blindness(
            reason=Reason.FISH_INSERTION,
            sentence=f"{partner} reads against KMT2A's direction, so the fusion needs an "
            "insertion, which can be too small to part the ends of a break-apart probe.",
            next_test="Metaphase FISH or a dual-fusion probe for the partner",
        )
    return None


def _karyotype(partner: str) -> Blindness:
    if partner == PTD:
        return Blindness(
            reason=Reason.PTD_NOT_VISIBLE,
            sentence="A partial tandem duplication of a few exons is far below band resolution.",
            next_test="RT-PCR or RNA-seq across the duplicated exons",
        )
    gene = partners().get(partner)
    if gene is not None and gene.mechanism is not Mechanism.TRANSLOCATION:
        how = "by an inversion, deletion or insertion that banding resolves poorly"
    else:
        how = "by an exchange of segments that banding can miss"
    who = f"KMT2A and {partner} are joined" if partner else "KMT2A is rearranged"
    return Blindness(
        reason=Reason.CRYPTIC_KARYOTYPE,
        sentence=f"{who} {how}; a karyotype without 11q23 does not exclude it.",
        next_test="None needed where FISH or a molecular assay is positive",
    )


def cannot_see(assay: Assay, panel: str) -> str:
    """In one sentence, what an assay cannot see whatever the patient has."""
    match assay:
        case Assay.KARYOTYPE:
            return (
                "cryptic rearrangements, short inversions and insertions, PTD; which gene of a band"
            )
        case Assay.FISH:
            return "the partner; short inversions on 11q23 (USP2), small insertions, PTD"
        case Assay.RT_PCR:
            known = panels().get(panel)
            if known is None:
                return "partners not among its targets (panel not stated); breaks outside bcr1"
            return f"partners other than {', '.join(known.targets)}; breaks outside {PRIMER_REGION}"
        case Assay.SPLIT_RT_PCR | Assay.QRT_PCR:
            return "any junction but the one that its primers were made for"
        case Assay.DNA_SEQ:
            return "regions that were not captured or not covered"
        case Assay.RNA_SEQ:
            return "fusions that are not expressed or below the callers' read thresholds"
