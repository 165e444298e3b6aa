"""Blind spots follow from partner, place and panel, for every known partner."""

import pytest

from fusion_caller.integrated import Reason
from fusion_caller.knowledge import PTD, Mechanism, panels, partners
from fusion_caller.records import Assay
from fusion_caller.visibility import blindness, cannot_see

PANEL = panels()["wen-2022"].targets


@pytest.mark.parametrize(
    ("assay", "scope", "partner", "region", "reason"),
    [
        (Assay.RT_PCR, PANEL, "USP2", "", Reason.NOT_ON_PANEL),
        (Assay.RT_PCR, PANEL, "CT45A1", "bcr1", Reason.NOT_ON_PANEL),
        (Assay.RT_PCR, PANEL, "CLTC", "bcr1", Reason.NOT_ON_PANEL),
        (Assay.RT_PCR, PANEL, "", "", Reason.NOT_ON_PANEL),
        (Assay.RT_PCR, PANEL, "AFDN", "bcr3", Reason.OUTSIDE_PRIMERS),
        (Assay.RT_PCR, PANEL, "AFF1", "outside", Reason.OUTSIDE_PRIMERS),
        (Assay.RT_PCR, PANEL, "AFF1", "bcr1", None),
        (Assay.RT_PCR, PANEL, "AFF1", "", None),
        (Assay.RT_PCR, PANEL, PTD, "", None),
        (Assay.RT_PCR, (), "USP2", "", None),
        (Assay.SPLIT_RT_PCR, ("MLLT3",), "AFF1", "", Reason.NOT_ON_PANEL),
        (Assay.SPLIT_RT_PCR, ("AFF1",), "AFF1", "", None),
        (Assay.FISH, None, "USP2", "", Reason.FISH_INVERSION),
        (Assay.FISH, None, "FLNA", "", Reason.FISH_INSERTION),
        (Assay.FISH, None, "MLLT10", "", Reason.FISH_INSERTION),
        (Assay.FISH, None, PTD, "", Reason.PTD_NOT_VISIBLE),
        (Assay.FISH, None, "MLLT3", "", None),
        (Assay.FISH, None, "MAML2", "", None),
        (Assay.FISH, None, "", "", None),
        (Assay.FISH, ("AFF1",), "MLLT3", "", Reason.NOT_ON_PANEL),
        (Assay.FISH, ("AFF1",), "AFF1", "", None),
        (Assay.KARYOTYPE, None, "AFF1", "", Reason.CRYPTIC_KARYOTYPE),
        (Assay.KARYOTYPE, None, PTD, "", Reason.PTD_NOT_VISIBLE),
        (Assay.RNA_SEQ, None, "AFF1", "", Reason.NOT_EXPRESSED),
    ],
)
def test_blind_spots(
    assay: Assay, scope: tuple[str, ...] | None, partner: str, region: str, reason: Reason | None
) -> None:
    blind = blindness(assay, partner=partner, region=region, scope=scope)
    assert (blind.reason if blind else None) == reason


@pytest.mark.parametrize("panel", panels())
def test_a_panel_sees_its_targets_and_no_other_partner(panel: str) -> None:
    targets = panels()[panel].targets
    for symbol in (*partners(), PTD):
        blind = blindness(Assay.RT_PCR, partner=symbol, region="bcr1", scope=targets)
        assert (blind is None) == (symbol in targets), symbol


def test_fish_misses_only_close_inversions_insertions_and_ptd() -> None:
    for partner in partners().values():
        blind = blindness(Assay.FISH, partner=partner.symbol)
        if partner.mechanism in (Mechanism.TRANSLOCATION, Mechanism.INTERSTITIAL_DELETION):
            assert blind is None, partner.symbol
        if partner.mechanism is Mechanism.INSERTION_OR_INVERSION:
            assert blind is not None, partner.symbol
            assert partner.symbol in blind.sentence


@pytest.mark.parametrize("assay", Assay)
def test_every_assay_says_what_it_cannot_see(assay: Assay) -> None:
    assert cannot_see(assay, "wen-2022")
    assert cannot_see(assay, "a panel nobody knows")
