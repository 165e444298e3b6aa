"""p values corrected for their number, against p.adjust of R 4.2.2."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.statistics.multiplicity import adjust

P_VALUES = {"a": 0.04, "b": 0.001, "c": 0.03, "d": 0.03, "e": 0.9, "f": 0.2, "g": 0.012, "h": 1e-6}


def test_holm_as_in_r():
    """p.adjust(p, "holm")."""
    holm = {name: found.holm for name, found in adjust(P_VALUES).items()}
    expected = [0.15, 0.007, 0.15, 0.15, 0.9, 0.4, 0.072000000000000008, 7.9999999999999996e-06]
    assert holm == pytest.approx(dict(zip(P_VALUES, expected, strict=True)), rel=1e-15)


def test_benjamini_hochberg_as_in_r():
    """p.adjust(p, "BH")."""
    hochberg = {name: found.benjamini_hochberg for name, found in adjust(P_VALUES).items()}
    expected = [0.053333333333333330, 0.004, 0.048, 0.048, 0.9, 0.22857142857142856, 0.032]
    expected.append(7.9999999999999996e-06)
    assert hochberg == pytest.approx(dict(zip(P_VALUES, expected, strict=True)), rel=1e-15)


def test_one_p_value_stays_and_none_gives_none():
    assert adjust({}) == {}
    (only,) = adjust({"sex": 0.03}).values()
    assert (only.holm, only.benjamini_hochberg) == (0.03, 0.03)


@given(st.dictionaries(st.text(), st.floats(0, 1), max_size=20))
def test_correction_keeps_the_order_and_never_makes_smaller(p_values):
    found = adjust(p_values)
    for name, p_value in p_values.items():
        assert (
            p_value * (1 - 1e-12)
            <= found[name].benjamini_hochberg
            <= found[name].holm * (1 + 1e-12)
        )
        assert found[name].holm <= 1
        for other, its in p_values.items():
            if p_value < its:
                assert found[name].holm <= found[other].holm
                assert found[name].benjamini_hochberg <= found[other].benjamini_hochberg
