"""What FISH sees: orientation and distance of the partner against the ends of the probe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.integrated import Reason
from fusion_caller.knowledge import PTD, Mechanism, partners
from fusion_caller.visibility import next_tests
from fusion_caller.visibility.sights import Rearrangement, Seen, Sight

if TYPE_CHECKING:
    from fusion_caller.knowledge import Partner

# 70 of more than 450 rearrangements (DCAL, abstract in sources of Meyer et al.) lost the 3' end.
_SPLIT = "5' and 3' signals apart (1F1R1G); in one of six the 3' signal is lost instead"


def see_break_apart(change: Rearrangement, *, close_inversion_bp: int) -> Sight:
    """Whether a break-apart probe sees a rearrangement.

    Args:
        change: What there is to be seen.
        close_inversion_bp: How near a partner on 11q may lie for an inversion to go unseen.
    """
    if change.partner == PTD:
        return Sight(
            seen=Seen.NO,
            reason=Reason.PTD_NOT_VISIBLE,
            sentence="A partial tandem duplication stays within KMT2A and does not part the ends "
            "of a break-apart probe.",
            next_tests=(next_tests.PTD_JUNCTION, next_tests.RNA_SEQ, next_tests.BREAKPOINT),
        )
    gene = partners().get(change.partner)
    if gene is None:
        return Sight(
            seen=Seen.YES,
            sentence="A break within KMT2A that moves its 3' end away parts the ends of the probe.",
            shows=_SPLIT,
            next_tests=(next_tests.RNA_SEQ, next_tests.BREAKPOINT),
        )
    return _by_mechanism(gene, close_inversion_bp)


def _by_mechanism(gene: Partner, close_inversion_bp: int) -> Sight:
    symbol, distance = gene.symbol, gene.distance_to_kmt2a_bp or 0
    confirm = (next_tests.split_rt_pcr(symbol), next_tests.BREAKPOINT)
    match gene.mechanism:
        case Mechanism.INVERSION if distance <= close_inversion_bp:
            return Sight(
                seen=Seen.NO,
                reason=Reason.FISH_INVERSION,
                sentence=f"{symbol} lies {_megabases(distance)} from KMT2A on 11q23 and joins it "
                "by an inversion; so short an inversion leaves the ends of a break-apart probe "
                "together.",
                shows="an atypical pattern at most",
                next_tests=confirm,
            )
        case Mechanism.INVERSION:
            return Sight(
                seen=Seen.YES,
                sentence=f"{symbol} lies {_megabases(distance)} away on chromosome 11: the "
                "inversion carries the 3' end of the probe that far.",
                shows="5' and 3' signals apart on one chromosome 11",
                next_tests=confirm,
            )
        case Mechanism.INTERSTITIAL_DELETION:
            return Sight(
                seen=Seen.PERHAPS,
                reason=Reason.FISH_3PRIME_LOSS,
                sentence=f"{symbol} lies {_megabases(distance)} telomeric of KMT2A in the same "
                "direction: the deletion between them takes the 3' end of the probe with it, and "
                "no split is seen.",
                shows="loss of one 3' signal",
                next_tests=confirm,
            )
        case Mechanism.DUPLICATION_OR_INSERTION:
            return Sight(
                seen=Seen.PERHAPS,
                reason=Reason.FISH_INSERTION,
                sentence=f"{symbol} lies {_megabases(distance)} centromeric of KMT2A in the same "
                "direction: the fusion needs a duplication or an insertion, which need not part "
                "the ends of a break-apart probe.",
                shows="an extra 5' signal, or a gain",
                next_tests=(next_tests.METAPHASE_FISH, *confirm),
            )
        case Mechanism.INSERTION_OR_INVERSION:
            return _insertion(
                f"{symbol} reads against KMT2A's direction, so the fusion needs an insertion",
            )
        case Mechanism.TRANSLOCATION if gene.published_insertion:
            return _insertion(
                f"{symbol} is joined by a translocation or, as published, by an insertion "
                f"({gene.published_insertion})",
            )
        case Mechanism.TRANSLOCATION:
            return Sight(
                seen=Seen.YES,
                sentence=f"A translocation with {symbol} moves the 3' end of the probe to another "
                "chromosome.",
                shows=_SPLIT,
                next_tests=confirm,
            )


def _insertion(how: str) -> Sight:
    return Sight(
        seen=Seen.PERHAPS,
        reason=Reason.FISH_INSERTION,
        sentence=f"{how}, which can be too small to part the ends of a break-apart probe.",
        shows="5' and 3' signals apart, or both copies intact and an extra 5' signal",
        next_tests=(next_tests.METAPHASE_FISH, next_tests.BREAKPOINT),
    )


def see_dual_fusion(
    change: Rearrangement, scope: tuple[str, ...], *, close_inversion_bp: int
) -> Sight:
    """Whether a dual-fusion probe for the partners of `scope` sees a rearrangement.

    Args:
        change: What there is to be seen.
        scope: The partners that the probe is for, empty where not known.
        close_inversion_bp: Genes of one chromosome nearer than this lie together in every nucleus.
    """
    probe = f"The dual-fusion probe sees KMT2A with {', '.join(scope)} only"
    if not scope:
        return Sight(
            seen=Seen.NOT_KNOWN,
            sentence="It is not stated for which partner the dual-fusion probe was made.",
            next_tests=(next_tests.BREAK_APART, next_tests.RNA_SEQ),
        )
    gene = partners().get(change.partner)
    distance = gene.distance_to_kmt2a_bp if gene else None
    if change.partner in scope and distance is not None and distance <= close_inversion_bp:
        return Sight(
            seen=Seen.NO,
            reason=Reason.FISH_INVERSION,
            sentence=f"{change.partner} lies {_megabases(distance)} from KMT2A, so that the "
            "signals of both genes lie together on the normal chromosome too.",
            next_tests=(next_tests.split_rt_pcr(change.partner), next_tests.BREAKPOINT),
        )
    if change.partner in scope:
        return Sight(
            seen=Seen.YES,
            sentence=f"{probe}, and {change.partner} is that partner.",
            shows="the signals of both genes fused",
            next_tests=(next_tests.BREAKPOINT,),
        )
    return Sight(
        seen=Seen.NO,
        reason=Reason.NOT_ON_PANEL,
        sentence=f"{probe}.",
        next_tests=(next_tests.BREAK_APART, next_tests.RNA_SEQ, next_tests.BREAKPOINT),
    )


def _megabases(distance: int) -> str:
    return f"{distance / 1e6:.2f} Mb"
