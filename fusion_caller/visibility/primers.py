"""What RT-PCR sees: its targets, the exons of its primers, and the length of the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.amplicon import amplicon_bp, amplifies
from fusion_caller.integrated import Reason
from fusion_caller.kmt2a_gene import OUTSIDE
from fusion_caller.knowledge import PTD, Evidence
from fusion_caller.visibility import next_tests
from fusion_caller.visibility.sights import Method, NextTest, Rearrangement, Seen, Sight

if TYPE_CHECKING:
    from fusion_caller.knowledge import Panel, PanelTarget

# Where the primers' exons are not known: they stand on the exons around the major region.
PRIMER_REGION = "bcr1"
_BY_JUNCTION = NextTest(None, "Split RT-PCR with primers on the exons of the junction found")


def see_primers(change: Rearrangement, method: Method) -> Sight:
    """Whether the primers of an RT-PCR can amplify a fusion.

    Args:
        change: What there is to be seen.
        method: The RT-PCR; its scope holds the targets, none where they are not known.
    """
    scope = method.scope or ()
    if not scope and not change.partner:
        return Sight(
            seen=Seen.NOT_KNOWN,
            reason=Reason.NOT_ON_PANEL,
            sentence="It is not stated which targets this PCR has; the partner may not be among "
            "them.",
            next_tests=(next_tests.RNA_SEQ, next_tests.BREAKPOINT),
        )
    if not scope:
        return Sight(
            seen=Seen.NOT_KNOWN,
            sentence="It is not stated which targets this PCR has.",
            next_tests=(NextTest(None, "Name the panel or the targets in the assay table"),),
        )
    if not change.partner:
        return Sight(
            seen=Seen.NOT_KNOWN,
            reason=Reason.NOT_ON_PANEL,
            sentence=f"PCR sees {', '.join(scope)} only; the partner of this rearrangement may "
            "be another gene.",
            next_tests=(next_tests.RNA_SEQ, next_tests.BREAKPOINT),
        )
    if change.partner not in scope:
        targets = f"the {len(scope)} targets of this PCR"
        missed = f"not among {targets}" if len(scope) > 1 else f"not {scope[0]}, its only target"
        return Sight(
            seen=Seen.NO,
            reason=Reason.NOT_ON_PANEL,
            sentence=f"{change.partner} is {missed}, so no primer pair could amplify it.",
            next_tests=(next_tests.split_rt_pcr(change.partner), next_tests.BREAKPOINT),
        )
    target = method.panel.member(change.partner) if method.panel else None
    return (
        _outside(change, target)
        or _too_long(change, method.panel, target)
        or _on_target(change, method.panel, target)
    )


def _outside(change: Rearrangement, target: PanelTarget | None) -> Sight | None:
    """Why the primers, which are for this partner, could not amplify this junction."""
    kmt2a_primer = target.kmt2a_primer_exon if target else None
    partner_primer = target.partner_primer_exon if target else None
    if change.kmt2a_exon is not None and kmt2a_primer is not None:
        if change.kmt2a_exon < kmt2a_primer:
            return _missed(
                f"The junction leaves KMT2A at exon {change.kmt2a_exon}, before exon "
                f"{kmt2a_primer} on which the forward primer stands (MANE numbers)"
            )
    elif change.region and change.region != PRIMER_REGION:
        where = (
            "outside the breakpoint clusters" if change.region == OUTSIDE else f"in {change.region}"
        )
        return _missed(
            f"The KMT2A break lies {where}, not among the exons of {PRIMER_REGION} on which "
            "primers usually stand"
        )
    if (
        change.partner_exon is not None
        and partner_primer is not None
        and change.partner_exon > partner_primer
    ):
        return _missed(
            f"The junction enters {change.partner} at exon {change.partner_exon}, behind exon "
            f"{partner_primer} on which the reverse primer stands (MANE numbers)"
        )
    return None


def _too_long(
    change: Rearrangement, panel: Panel | None, target: PanelTarget | None
) -> Sight | None:
    """Why the product between the primers is longer than the polymerase makes."""
    if panel is None or target is None or change.kmt2a_exon is None or change.partner_exon is None:
        return None
    product = amplicon_bp(target, change.kmt2a_exon, change.partner_exon)
    made = amplifies(panel, change.partner, change.kmt2a_exon, change.partner_exon)
    if product is None or made is not False:
        return None
    return _missed(
        f"The product between the primers has at least {product.shortest_bp:,} bases, and "
        f"{panel.id} makes up to {panel.longest_product_bp:,}"
    )


def _missed(sentence: str) -> Sight:
    return Sight(
        seen=Seen.NO,
        reason=Reason.OUTSIDE_PRIMERS,
        sentence=f"{sentence}.",
        next_tests=(_BY_JUNCTION, next_tests.BREAKPOINT),
    )


def _on_target(change: Rearrangement, panel: Panel | None, target: PanelTarget | None) -> Sight:
    name = "KMT2A-PTD" if change.partner == PTD else f"KMT2A::{change.partner}"
    primer = target.kmt2a_primer_exon if target else None
    place = f"; its primers' exons are not known, {PRIMER_REGION} is assumed"
    if primer is not None:
        remembered = target is not None and target.primer_evidence is Evidence.MEMORY
        place = f"; its forward primer stands on KMT2A exon {primer}" + (
            " (from memory)" if remembered else ""
        )
    return Sight(
        seen=Seen.YES,
        sentence=f"{name} is a target of {panel.id if panel else 'this PCR'}{place}.",
        shows=f"a product of {name}",
        next_tests=(next_tests.split_rt_pcr(change.partner), next_tests.BREAKPOINT),
    )
