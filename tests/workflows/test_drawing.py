"""Figures drawn by two processes: the same bytes in the same order, whatever becomes of one."""

import os
from collections.abc import Callable
from functools import partial

import pytest
from matplotlib.figure import Figure

from outcomes.figures.km import Curve, km_figure
from outcomes.statistics.survival import kaplan_meier
from workflows.drawing import Studio, rendered


def wanted(n: int) -> list[Callable[[], Figure]]:
    return [
        partial(
            km_figure,
            [Curve(label="All", estimate=kaplan_meier([1, 5 + number], [1, 0]))],
            title=f"Figure {number}",
            horizon_months=12,
        )
        for number in range(n)
    ]


def end_process() -> Figure:
    """End the process that draws this, unless it is the one that asked."""
    if os.getpid() != int(os.environ["KMT2A_TEST_DRAWS"]):
        os._exit(1)
    return wanted(1)[0]()


def refuse() -> Figure:
    raise ValueError("cannot be drawn")


def test_two_processes_draw_what_one_does() -> None:
    figures = wanted(6)
    with Studio(1) as alone:
        expected = alone.draw(figures)
    with Studio(2) as both:
        assert both.draw(figures) == expected
    assert len({drawn.svg for drawn in expected}) == 6


def test_nothing_to_draw() -> None:
    with Studio(2) as studio:
        assert studio.draw([]) == []


def test_what_an_ended_process_left_is_drawn_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KMT2A_TEST_DRAWS", str(os.getpid()))
    figures = wanted(3)
    with Studio(2) as studio:
        drawn = studio.draw([end_process, *figures])
    assert drawn[1:] == [rendered(figure) for figure in figures]
    assert drawn[0].svg.startswith("<?xml")


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_in_a_figure_is_not_hidden(processes: int) -> None:
    with Studio(processes) as studio, pytest.raises(ValueError, match="cannot be drawn"):
        studio.draw([refuse, *wanted(2)])
