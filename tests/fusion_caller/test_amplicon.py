"""Which junctions a panel amplifies, and how long the product is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_caller.amplicon import Amplicon, amplicon_bp, amplifies
from fusion_caller.knowledge import PTD, Evidence, Material, Panel, PanelTarget, panels


def target(symbol: str, forward: int | None, reverse: int | None) -> PanelTarget:
    return PanelTarget(
        symbol=symbol,
        kmt2a_primer_exon=forward,
        partner_primer_exon=reverse,
        evidence=Evidence.SOURCED,
    )


def panel(
    *members: PanelTarget, longest: int | None = None, material: Material = Material.RNA
) -> Panel:
    return Panel(
        id="ours",
        name="ours",
        members=members,
        longest_product_bp=longest,
        material=material,
        source="SOP",
    )


# KMT2A's MANE exons 8, 9 and 10 have 74, 132 and 114 bases, AFF1's 5, 6 and 7 have 45, 87 and 37.
@pytest.mark.parametrize(
    ("member", "kmt2a_exon", "partner_exon", "bounds"),
    [
        (target("AFF1", 8, 6), 8, 6, (18 + 18, 74 + 87)),
        (target("AFF1", 8, 6), 9, 5, (18 + 132 + 45 + 18, 74 + 132 + 45 + 87)),
        (
            target("AFF1", 8, 7),
            10,
            5,
            (18 + 132 + 114 + 45 + 87 + 18, 74 + 132 + 114 + 45 + 87 + 37),
        ),
        (target(PTD, 8, 3), 9, 2, (18 + 132 + 70 + 18, 74 + 132 + 70 + 2654)),
    ],
)
def test_bounds_of_a_product(
    member: PanelTarget, kmt2a_exon: int, partner_exon: int, bounds: tuple[int, int]
) -> None:
    expected = Amplicon(shortest_bp=bounds[0], longest_bp=bounds[1])
    assert amplicon_bp(member, kmt2a_exon, partner_exon) == expected


@pytest.mark.parametrize(
    ("member", "kmt2a_exon", "partner_exon"),
    [
        (target("AFF1", None, 6), 8, 5),
        (target("AFF1", 8, None), 8, 5),
        (target("AFF1", 8, 6), 7, 5),
        (target("AFF1", 8, 6), 8, 7),
        (target("AFF1", 8, 6), 99, 5),
        (target("XYZ1", 8, 6), 8, 5),
    ],
)
def test_no_product_is_computed_where_it_cannot_be(
    member: PanelTarget, kmt2a_exon: int, partner_exon: int
) -> None:
    assert amplicon_bp(member, kmt2a_exon, partner_exon) is None


def test_the_products_of_pallisgaard_lie_within_the_bounds() -> None:
    # Table 1: MLL exons 6 to 9 with AF1q; those of the primer on MANE exon 7.
    member = panels()["pallisgaard-1998"].member("MLLT11")
    assert member is not None
    for exon, printed in ((8, 300), (9, 432), (10, 546), (11, 693)):
        product = amplicon_bp(member, exon, 2)
        assert product is not None
        assert product.shortest_bp <= printed <= product.longest_bp


@pytest.mark.parametrize(
    ("longest", "kmt2a_exon", "partner_exon", "expected"),
    [
        (None, 8, 5, True),
        (None, 7, 5, False),
        (None, 8, 7, False),
        (None, 8, None, None),
        (None, 7, None, False),
        (1000, 9, 5, True),
        (300, 9, 5, None),
        (200, 9, 5, False),
    ],
)
def test_what_a_panel_amplifies(
    longest: int | None, kmt2a_exon: int, partner_exon: int | None, expected: bool | None
) -> None:
    ours = panel(target("AFF1", 8, 6), longest=longest)
    assert amplifies(ours, "AFF1", kmt2a_exon, partner_exon) is expected
    assert amplifies(ours, "USP2", kmt2a_exon, partner_exon) is False


def test_what_is_not_known_stays_open() -> None:
    assert amplifies(panel(target("AFF1", None, None)), "AFF1", 20, 5) is None
    assert amplifies(panel(target("AFF1", 8, None)), "AFF1", 7, 5) is False
    assert amplifies(panel(target("AFF1", 8, None)), "AFF1", 8, 5) is None
    genomic = panel(target("AFF1", 8, 6), material=Material.DNA)
    assert amplifies(genomic, "AFF1", 1, 5) is None


@given(
    forward=st.integers(1, 36),
    reverse=st.integers(1, 20),
    kmt2a_exon=st.integers(0, 40),
    partner_exon=st.integers(0, 30),
)
def test_a_later_junction_of_kmt2a_makes_a_longer_product(
    forward: int, reverse: int, kmt2a_exon: int, partner_exon: int
) -> None:
    member = target("AFF1", forward, reverse)
    first = amplicon_bp(member, kmt2a_exon, partner_exon)
    second = amplicon_bp(member, kmt2a_exon + 1, partner_exon)
    assert first is None or 0 < first.shortest_bp <= first.longest_bp
    if first and second:
        assert first.shortest_bp < second.shortest_bp
        assert first.longest_bp < second.longest_bp
