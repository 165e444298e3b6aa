"""For what one patient has: could each assay have seen it, whether or not it was done?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.integrated import BlindSpot, Reason, Status
from fusion_caller.knowledge import PTD, Material
from fusion_caller.records import Assay, Verdict
from fusion_caller.visibility import Method, Seen, Sight, next_tests, sight

if TYPE_CHECKING:
    from fusion_caller.case import Case
    from fusion_caller.integrated import Evidence
    from fusion_caller.laboratory import Laboratory

# Assays of which it is worth knowing what they would have shown, had they been done.
_WORTH_KNOWING = (Assay.KARYOTYPE, Assay.FISH, Assay.RT_PCR, Assay.RNA_SEQ, Assay.DNA_SEQ)


def blind_spots(case: Case, *, status: Status, partner: str) -> list[BlindSpot]:
    """What each assay could see of a patient's rearrangement; nothing where there is none.

    Args:
        case: The evidence.
        status: What was concluded.
        partner: The partner, `PTD`, or empty where it is not known.
    """
    if not status.is_found and not (status is Status.INDETERMINATE and partner):
        return []
    spots = [_of_result(case, item, partner) for item in case.evidence if _gave_a_result(item)]
    absent = [assay for assay in _WORTH_KNOWING if assay not in case.assayed]
    return list(dict.fromkeys(spots)) + [_of_absent(case, assay, partner) for assay in absent]


def _gave_a_result(item: Evidence) -> bool:
    return item.reading.verdict is not Verdict.NOT_DONE


def _of_result(case: Case, item: Evidence, partner: str) -> BlindSpot:
    seen = case.sees(item, partner)
    found = item.reading.verdict is Verdict.POSITIVE
    return BlindSpot(
        patient=case.patient,
        assay=item.assay,
        panel=item.panel,
        verdict=item.reading.verdict,
        # What an assay shows it can see, whatever is known of how it was done.
        seen=Seen.YES if found else seen.seen,
        reason=None if found else seen.reason,
        sentence="It shows it." if found and seen.seen is Seen.NOT_KNOWN else seen.sentence,
        shows=seen.shows,
    )


def _of_absent(case: Case, assay: Assay, partner: str) -> BlindSpot:
    change = case.rearrangement(partner)
    if assay is Assay.RT_PCR:
        seen = see_any_panel(partner, case.laboratory)
    else:
        seen = sight(change, Method(assay=assay), case.laboratory)
    return BlindSpot(
        patient=case.patient,
        assay=assay,
        panel="",
        verdict=Verdict.NOT_DONE,
        seen=seen.seen,
        reason=seen.reason,
        sentence=seen.sentence,
        shows=seen.shows,
    )


def see_any_panel(partner: str, laboratory: Laboratory) -> Sight:
    """Whether a screening RT-PCR of any known panel sees a partner."""
    panels = [p for p in laboratory.panels.values() if p.material is Material.RNA]
    having = [panel.id for panel in panels if partner in panel.targets]
    if not partner:
        return Sight(
            seen=Seen.NOT_KNOWN,
            reason=Reason.NOT_ON_PANEL,
            sentence="RT-PCR sees the targets of its panel only; the partner is not known.",
        )
    name = "The duplication" if partner == PTD else f"KMT2A::{partner}"
    if not having:
        return Sight(
            seen=Seen.NO,
            reason=Reason.NOT_ON_PANEL,
            sentence=f"{name} is on none of the {len(panels)} panels that are known.",
            next_tests=(next_tests.split_rt_pcr(partner), next_tests.BREAKPOINT),
        )
    return Sight(
        seen=Seen.PERHAPS,
        reason=Reason.NOT_ON_PANEL,
        sentence=f"{name} is a target of {', '.join(having)}; other panels miss it.",
        shows=f"a product of {name}",
        next_tests=(next_tests.split_rt_pcr(partner), next_tests.BREAKPOINT),
    )
