"""Figures of an exposure: the numbers in them, where a curve begins, the same bytes twice."""

from __future__ import annotations

import pandas as pd
import pytest

from outcomes.errors import OutcomesError
from outcomes.figures.page import figure_png, figure_svg
from outcomes.figures.simon_makuch import Group, simon_makuch_figure
from outcomes.statistics.simon_makuch import simon_makuch
from outcomes.statistics.start_stop import from_landmark, start_stop

COHORT = pd.DataFrame(
    {
        "time": [6, 12, 30, 60, 61, 20, 44, 70, 15],
        "event": [1, 0, 1, 0, 1, 1, 0, 0, 1],
        "exposure": [None, None, None, None, None, 8, 14, 24, 9],
    }
)


def draw(landmark=None, **options):
    rows = start_stop(COHORT["time"], COHORT["event"], COHORT["exposure"])
    curves = simon_makuch(rows if landmark is None else from_landmark(rows, landmark))
    options = {
        "title": "Overall survival by transplantation",
        "switched": "Transplanted",
        "horizon_months": 60,
        "p_value": 0.0123,
        "width_mm": 115,
    } | options
    return simon_makuch_figure(
        Group(label="Not or not yet", estimate=curves.unexposed),
        Group(label="After", estimate=curves.exposed),
        **options,
    )


def texts(figure):
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    return [word.replace("\N{NO-BREAK SPACE}", " ") for word in words]


def numbers_after(words, row, which=0):
    """The numbers of a row of the table, of the first or the second group."""
    place = [number for number, word in enumerate(words) if word == row][which]
    return words[place + 1 : place + 8]


def test_same_bytes_twice():
    for render in (figure_svg, figure_png):
        first, second = (render(draw(mark="synthetic")) for _ in range(2))
        assert first == second


def test_the_table_adds_up():
    words = texts(draw())
    assert "Not or not yet (n = 9, 3 events)" in words
    assert "After (n = 4, 2 events)" in words
    assert "Mantel-Byar P = 0.012" in words
    # Counted by hand at 0, 12, 24, 36, 48, 60 and 72 months.
    assert numbers_after(words, "At risk") == ["9", "6", "4", "2", "2", "2", "0"]
    assert numbers_after(words, "Events") == ["0", "1", "1", "2", "2", "2", "3"]
    assert numbers_after(words, "Censored") == ["0", "0", "1", "1", "1", "1", "2"]
    assert numbers_after(words, "Transplanted") == ["0", "2", "3", "4", "4", "4", "4"]
    assert numbers_after(words, "At risk", 1) == ["", "2", "1", "2", "1", "1", "0"]
    assert numbers_after(words, "Events", 1) == ["", "0", "2", "2", "2", "2", "2"]
    assert numbers_after(words, "Censored", 1) == ["", "0", "0", "0", "1", "1", "2"]
    assert words.count("Transplanted") == 1


def test_curves_begin_where_their_patients_enter():
    (plot,) = (axes for axes in draw().axes if axes.get_xlabel())
    lines = [line for line in plot.lines if line.get_drawstyle() == "steps-post"]
    assert [line.get_xdata()[0] for line in lines] == [0, 8]
    assert all(line.get_ydata()[0] == 100 for line in lines)
    (later,) = (axes for axes in draw(landmark=13).axes if axes.get_xlabel())
    lines = [line for line in later.lines if line.get_drawstyle() == "steps-post"]
    assert [line.get_xdata()[0] for line in lines] == [13, 13]


def test_small_print_says_where_the_second_curve_begins_and_the_note():
    words = " ".join(texts(draw(note="Curves from the landmark at 6 months.")))
    assert "begins on day 244" in words
    assert "Curves from the landmark at 6 months." in words


@pytest.mark.parametrize("options", [{"horizon_months": 0}, {"width_mm": 10}])
def test_what_cannot_be_drawn_is_refused(options):
    with pytest.raises(OutcomesError, match="expected"):
        draw(**options)
