"""The tests that settle what another assay left open, as they are suggested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.integrated import Confidence, Status
from fusion_caller.knowledge import PTD
from fusion_caller.records import Assay
from fusion_caller.visibility.sights import NextTest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# How every sentence begins that asks for no further test.
NONE_NEEDED = "None needed"
# How every sentence begins that names a test for which the result need not wait.
OPTIONAL = "Optional"

RNA_SEQ = NextTest(Assay.RNA_SEQ, "RNA sequencing, which does not need to know the partner")
BREAKPOINT = NextTest(Assay.DNA_SEQ, "Genomic breakpoint sequencing")
BREAK_APART = NextTest(Assay.FISH, "FISH with a break-apart probe")
PTD_JUNCTION = NextTest(Assay.RT_PCR, "RT-PCR across the duplicated exons")
SECOND_PCR = NextTest(Assay.SPLIT_RT_PCR, "Quantitative or split RT-PCR on a second sample")
METAPHASE_FISH = NextTest(None, "Metaphase FISH or a dual-fusion probe for the partner")
READS = NextTest(None, "KMT2A coverage in the RNA-seq sample")


def split_rt_pcr(partner: str) -> NextTest:
    """RT-PCR with primers made for one fusion."""
    return NextTest(Assay.SPLIT_RT_PCR, f"Split RT-PCR with primers for KMT2A::{partner}")


def asks(next_test: str) -> bool:
    """Whether a suggestion is one that the result waits for."""
    return bool(next_test) and not next_test.startswith((NONE_NEEDED, OPTIONAL))


def best(tests: Sequence[NextTest], done: Collection[Assay]) -> str:
    """The first test that was not done yet; a second sample where all were."""
    for test in tests:
        if test.assay not in done:
            return test.words
    return "None is left: repeat what is in doubt on a second sample" if tests else ""


def open_question(
    status: Status, confidence: Confidence, *, partner: str, done: Collection[Assay]
) -> str:
    """The test that answers what a result leaves open, where no disagreement asks for one.

    Args:
        status: The result.
        confidence: How well it is supported.
        partner: The partner of it, `PTD`, or empty.
        done: The assays that were done.
    """
    match status:
        case Status.NOT_EVALUABLE | Status.INDETERMINATE:
            return best((BREAK_APART, RNA_SEQ, BREAKPOINT), done)
        case Status.PARTNER_UNKNOWN:
            return best((RNA_SEQ, BREAKPOINT), done)
        case Status.REARRANGED | Status.PTD if confidence is not Confidence.CONFIRMED:
            confirm = PTD_JUNCTION if partner == PTD else split_rt_pcr(partner)
            return best((confirm, BREAKPOINT), done)
        case Status.NOT_REARRANGED if not {Assay.RNA_SEQ, Assay.DNA_SEQ}.intersection(done):
            return (
                f"{OPTIONAL}: RNA sequencing; FISH misses short inversions (USP2), small "
                "insertions and PTD"
            )
        case _:
            return f"{NONE_NEEDED}: nothing is open"
