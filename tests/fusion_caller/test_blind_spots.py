"""Could each assay, done or not, have seen what was found?"""

from __future__ import annotations

import pytest

from fusion_caller.integrated import BlindSpot, Reason
from fusion_caller.reconcile import reconcile
from fusion_caller.records import Assay, AssayReport, Verdict
from fusion_caller.visibility import Seen


def spots(*results: tuple[Assay, str]) -> dict[Assay, BlindSpot]:
    reports = [
        AssayReport(
            patient="P1",
            assay=assay,
            panel="wen-2022" if assay is Assay.RT_PCR else "",
            result=text,
            date="",
            file="a.csv",
            line=line,
        )
        for line, (assay, text) in enumerate(results, start=2)
    ]
    return {spot.assay: spot for spot in reconcile([], reports).blind_spots}


def test_what_was_not_done_is_told_too() -> None:
    found = spots((Assay.DNA_SEQ, "KMT2A::USP2 (mate-pair)"), (Assay.FISH, "negative"))
    assert set(found) == set(Assay) - {Assay.SPLIT_RT_PCR, Assay.QRT_PCR}
    fish, pcr = found[Assay.FISH], found[Assay.RT_PCR]
    assert (fish.verdict, fish.seen, fish.reason) == (
        Verdict.NEGATIVE,
        Seen.NO,
        Reason.FISH_INVERSION,
    )
    assert (pcr.verdict, pcr.seen, pcr.reason) == (
        Verdict.NOT_DONE,
        Seen.NO,
        Reason.NOT_ON_PANEL,
    )
    assert "none of the" in pcr.sentence


def test_what_an_assay_shows_it_can_see() -> None:
    found = spots((Assay.FISH, "positive"), (Assay.SPLIT_RT_PCR, "KMT2A::FLNA"))
    assert (found[Assay.FISH].seen, found[Assay.FISH].reason) == (Seen.YES, None)
    split = found[Assay.SPLIT_RT_PCR]
    assert (split.seen, split.sentence) == (Seen.YES, "It shows it.")


def test_panels_that_have_the_partner_are_named() -> None:
    pcr = spots((Assay.SPLIT_RT_PCR, "KMT2A::AFF1"))[Assay.RT_PCR]
    assert pcr.seen is Seen.PERHAPS
    assert "wen-2022" in pcr.sentence
    assert "dcal-mp-pcr" not in pcr.sentence, "a genomic PCR is no RT-PCR"


def test_a_break_without_a_name_leaves_the_panel_open() -> None:
    pcr = spots((Assay.FISH, "positive"))[Assay.RT_PCR]
    assert (pcr.seen, pcr.reason) == (Seen.NOT_KNOWN, Reason.NOT_ON_PANEL)


@pytest.mark.parametrize(
    "results",
    [
        ((Assay.FISH, "negative"),),
        ((Assay.FISH, "not done"),),
        ((Assay.KARYOTYPE, "46,XX[20]"),),
    ],
)
def test_nothing_is_looked_for_where_nothing_was_found(
    results: tuple[tuple[Assay, str], ...],
) -> None:
    assert spots(*results) == {}
