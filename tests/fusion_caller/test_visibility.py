"""Blind spots follow from partner, place and panel, for every known partner."""

import pytest

from fusion_caller.integrated import Reason
from fusion_caller.knowledge import PTD, Mechanism, panels, partners
from fusion_caller.records import Assay
from fusion_caller.visibility import blindness, cannot_see

PANEL = "wen-2022"


@pytest.mark.parametrize(
    ("assay", "panel", "partner", "region", "reason"),
    [
        (Assay.RT_PCR, PANEL, "USP2", "", Reason.NOT_ON_PANEL),
        (Assay.RT_PCR, PANEL, "CT45A1", "bcr1", Reason.NOT_ON_PANEL),
        (Assay.RT_PCR, PANEL, "CLTC", "bcr1", Reason.NOT_ON_PANEL),
        (Assay.RT_PCR, PANEL, "", "", Reason.NOT_ON_PANEL),
        (Assay.RT_PCR, PANEL, "AFDN", "bcr3", Reason.OUTSIDE_PRIMERS),
        (Assay.RT_PCR, PANEL, "AFF1", "bcr1", None),
        (Assay.RT_PCR, PANEL, "AFF1", "", None),
        (Assay.RT_PCR, PANEL, PTD, "", None),
        (Assay.RT_PCR, "", "USP2", "", None),
        (Assay.FISH, "", "USP2", "", Reason.FISH_INVERSION),
        (Assay.FISH, "", "FLNA", "", Reason.FISH_INSERTION),
        (Assay.FISH, "", "MLLT10", "", Reason.FISH_INSERTION),
        (Assay.FISH, "", PTD, "", Reason.PTD_NOT_VISIBLE),
        (Assay.FISH, "", "MLLT3", "", None),
        (Assay.FISH, "", "MAML2", "", None),
        (Assay.FISH, "", "", "", None),
        (Assay.KARYOTYPE, "", "AFF1", "", Reason.CRYPTIC_KARYOTYPE),
        (Assay.KARYOTYPE, "", PTD, "", Reason.PTD_NOT_VISIBLE),
        (Assay.RNA_SEQ, "", "AFF1", "", Reason.NOT_EXPRESSED),
        (Assay.SPLIT_RT_PCR, "", "AFF1", "", None),
    ],
)
def test_blind_spots(
    assay: Assay, panel: str, partner: str, region: str, reason: Reason | None
) -> None:
    blind = blindness(assay, panel, partner, region)
    assert (blind.reason if blind else None) == reason


@pytest.mark.parametrize("panel", panels())
def test_a_panel_sees_its_targets_and_no_other_partner(panel: str) -> None:
    for symbol in (*partners(), PTD):
        seen = blindness(Assay.RT_PCR, panel, symbol, "bcr1") is None
        assert seen == (symbol in panels()[panel].targets), symbol


def test_fish_misses_only_close_inversions_insertions_and_ptd() -> None:
    for partner in partners().values():
        blind = blindness(Assay.FISH, "", partner.symbol, "")
        if partner.mechanism in (Mechanism.TRANSLOCATION, Mechanism.INTERSTITIAL_DELETION):
            assert blind is None, partner.symbol
        if partner.mechanism is Mechanism.INSERTION_OR_INVERSION:
            assert blind is not None, partner.symbol
            assert partner.symbol in blind.sentence


@pytest.mark.parametrize("assay", Assay)
def test_every_assay_says_what_it_cannot_see(assay: Assay) -> None:
    assert cannot_see(assay, PANEL)
    assert cannot_see(assay, "a panel nobody knows")
