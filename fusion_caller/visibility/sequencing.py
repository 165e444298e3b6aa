"""What sequencing sees: RNA where the fusion is expressed and the callers' thresholds are met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.integrated import Reason
from fusion_caller.knowledge import PTD, caller_thresholds
from fusion_caller.visibility import next_tests
from fusion_caller.visibility.sights import Method, Rearrangement, Seen, Sight

if TYPE_CHECKING:
    from fusion_caller.records import CallerReads, Source


def see_rna(change: Rearrangement, method: Method) -> Sight:
    """Whether RNA sequencing shows a rearrangement; it needs no knowledge of the partner.

    Args:
        change: What there is to be seen.
        method: The callers that ran, none where not stated.
    """
    blind = [caller for caller in method.callers if _blind_within_gene(caller)]
    if change.partner == PTD and blind and len(blind) == len(method.callers):
        return Sight(
            seen=Seen.NO,
            reason=Reason.PTD_NOT_VISIBLE,
            sentence=f"{', '.join(blind)} reports fusions of two genes and drops a duplication "
            "within one.",
            next_tests=(next_tests.PTD_JUNCTION, next_tests.BREAKPOINT),
        )
    asked = [
        f"{caller} asks for {thresholds}"
        for caller in method.callers
        if (thresholds := caller_thresholds().get(caller)) is not None
    ]
    by_default = f" By default {'; '.join(asked)}." if asked else ""
    return Sight(
        seen=Seen.YES,
        reason=Reason.NOT_EXPRESSED,
        sentence="RNA-seq sees a fusion whatever the partner, where it is expressed and covered by "
        f"enough reads.{by_default}",
        shows="the fusion transcript with both exons",
        next_tests=(next_tests.READS,),
    )


def _blind_within_gene(caller: Source) -> bool:
    known = caller_thresholds().get(caller)
    return known is not None and known.within_gene is False


def see_dna(change: Rearrangement) -> Sight:
    """Whether sequencing of genomic breakpoints shows a rearrangement."""
    what = f"KMT2A::{change.partner}" if change.partner not in ("", PTD) else "the rearrangement"
    return Sight(
        seen=Seen.YES,
        sentence=f"Genomic sequencing of the whole of KMT2A shows {what} whatever the partner, "
        "and whether or not it is expressed.",
        shows="the breakpoints on both genes",
        next_tests=(next_tests.READS,),
    )


def below_thresholds(caller: Source, others: tuple[CallerReads, ...]) -> str:
    """Why a caller reports nothing where others did, from its thresholds and their best counts.

    Args:
        caller: The caller without the fusion.
        others: What the callers with it counted.
    """
    known = caller_thresholds().get(caller)
    counted = [reads for reads in others if reads.split_reads is not None]
    if known is None or not counted:
        return "its thresholds on reads or its filters were not met"
    split = max(reads.split_reads or 0 for reads in counted)
    spanning = max(reads.spanning_fragments or 0 for reads in counted)
    short = (
        split < (known.split_reads or 0)
        or spanning < (known.spanning_fragments or 0)
        or split + spanning < (known.reads or 0)
    )
    if short:
        return f"it asks for {known} by default, and there are no more than {split}+{spanning}"
    return (
        f"with up to {split}+{spanning} its default threshold ({known}) is met, so one of its "
        "filters removed it"
    )
