"""What each assay can see of a KMT2A rearrangement, computed from the rearrangement.

The rules follow from partner, position, strand, exons and panel, never from a patient. Whoever
changes one changes what every disagreement is explained by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.records import Assay
from fusion_caller.visibility.fish import see_break_apart, see_dual_fusion
from fusion_caller.visibility.karyotype import see_karyotype
from fusion_caller.visibility.next_tests import NONE_NEEDED, OPTIONAL, asks, best, open_question
from fusion_caller.visibility.primers import PRIMER_REGION, see_primers
from fusion_caller.visibility.sequencing import below_thresholds, see_dna, see_rna
from fusion_caller.visibility.sights import Method, NextTest, Rearrangement, Seen, Sight

if TYPE_CHECKING:
    from fusion_caller.knowledge import Panel
    from fusion_caller.laboratory import Laboratory

__all__ = [
    "NONE_NEEDED",
    "OPTIONAL",
    "Method",
    "NextTest",
    "Rearrangement",
    "Seen",
    "Sight",
    "asks",
    "below_thresholds",
    "best",
    "cannot_see",
    "open_question",
    "sight",
]


def sight(change: Rearrangement, method: Method, laboratory: Laboratory) -> Sight:
    """Whether an assay could see a rearrangement, and if not why.

    Args:
        change: What there is to be seen.
        method: How the assay was done.
        laboratory: Whose limits hold.
    """
    match method.assay:
        case Assay.RT_PCR | Assay.SPLIT_RT_PCR | Assay.QRT_PCR:
            return see_primers(change, method)
        case Assay.FISH:
            close = laboratory.close_inversion_bp
            if method.scope is not None:
                return see_dual_fusion(change, method.scope, close_inversion_bp=close)
            return see_break_apart(change, close_inversion_bp=close)
        case Assay.KARYOTYPE:
            return see_karyotype(change, resolution_bp=laboratory.band_resolution_bp)
        case Assay.RNA_SEQ:
            return see_rna(change, method)
        case Assay.DNA_SEQ:
            # A genomic multiplex PCR has targets and primers too.
            return see_dna(change) if method.scope is None else see_primers(change, method)


def cannot_see(assay: Assay, panel: Panel | None) -> str:
    """In one sentence, what an assay cannot see whatever the patient has."""
    match assay:
        case Assay.KARYOTYPE:
            return (
                "cryptic rearrangements, short inversions and insertions, PTD; which gene of a band"
            )
        case Assay.FISH:
            return "the partner; short inversions on 11q23 (USP2), small insertions, PTD"
        case Assay.RT_PCR:
            if panel is None:
                return "partners not among its targets (panel not stated); breaks outside bcr1"
            return f"partners other than {', '.join(panel.targets)}; breaks outside {PRIMER_REGION}"
        case Assay.SPLIT_RT_PCR | Assay.QRT_PCR:
            return "any junction but the one that its primers were made for"
        case Assay.RNA_SEQ:
            return "fusions that are not expressed or below the callers' read thresholds"
        case Assay.DNA_SEQ:
            return "regions that were not captured or not covered"
