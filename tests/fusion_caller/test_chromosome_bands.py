"""The bands of each chromosome arm, and why a band is none."""

from __future__ import annotations

import pytest

from fusion_caller.knowledge import partners
from fusion_caller.knowledge.chromosome_bands import chromosome_bands, missing_band


def test_every_chromosome_has_two_arms_with_bands_in_order() -> None:
    bands = chromosome_bands()
    names = [*map(str, range(1, 23)), "X", "Y"]
    assert list(bands) == [(name, arm) for name in names for arm in "pq"]
    for listed in bands.values():
        assert list(listed) == sorted(set(listed))
        assert listed[0] == "11"


@pytest.mark.parametrize(
    ("chromosome", "arm", "digits", "said"),
    [
        ("11", "q", "33", "11q33 does not exist (11q ends at q25)"),
        ("11", "q", "99", "11q99 does not exist (11q ends at q25)"),
        ("11", "p", "22", "11p22 does not exist (11p ends at p15)"),
        ("9", "p", "52", "9p52 does not exist (9p ends at p24)"),
        ("9", "q", "23.1", "9q23.1 does not exist (q22 is the last before it)"),
        ("11", "q", "23.3", ""),
        ("11", "q", "2", ""),
        ("11", "q", "", ""),
        ("17", "q", "10", ""),
        ("?", "q", "99", ""),
    ],
)
def test_a_band_that_does_not_exist(chromosome: str, arm: str, digits: str, said: str) -> None:
    assert missing_band(chromosome, arm, digits) == said


def test_every_partner_lies_in_a_band_that_exists() -> None:
    for partner in partners().values():
        for band in (partner.band, *partner.legacy_bands):
            assert not missing_band(partner.contig.removeprefix("chr"), band[0], band[1:])
