"""Figures: the numbers in them, nothing over anything else, the same bytes twice."""

from __future__ import annotations

import itertools
import subprocess
import sys
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from outcomes.errors import OutcomesError
from outcomes.figures.km import (
    LINE_STYLES,
    Curve,
    figure_png,
    figure_svg,
    km_figure,
    p_value_text,
)
from outcomes.statistics.intervals import Interval
from outcomes.statistics.survival import kaplan_meier

LABELS = ("KMT2A::AFF1", "≥ 50 × 10⁹/L", "PTD", "Any other partner, known or unknown, of 11q23")  # noqa: RUF001


def cohort(n_groups):
    """Groups of 20, 25, 2 and 25, with tied and censored times; the third dies out."""
    generator = np.random.default_rng(7)
    curves = []
    for number in range(n_groups):
        n = 2 if number == 2 else 20 + 5 * (number % 2)
        time = np.round(generator.exponential(40, n), 0)
        event = np.ones(n) if number == 2 else generator.integers(0, 2, n)
        curves.append(Curve(label=LABELS[number % 4], estimate=kaplan_meier(time, event)))
    return curves


def draw(n_groups=3, **options):
    options = {"title": "Event-free survival", "horizon_months": 60, "p_value": 0.0123} | options
    return km_figure(cohort(n_groups), **options)


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


@pytest.mark.parametrize("render", [figure_svg, figure_png])
def test_same_bytes_twice(render):
    first, second = (render(draw(mark="synthetic data")) for _ in range(2))
    assert first == second
    assert render(draw(p_value=0.5)) != first


def test_rendering_again_changes_nothing():
    figure = draw()
    assert figure_svg(figure) == figure_svg(figure)
    assert figure_png(figure) == figure_png(figure)


def test_users_configuration_is_not_used():
    expected = figure_png(draw())
    with mpl.rc_context({"lines.linewidth": 9, "font.size": 30, "axes.facecolor": "red"}):
        assert figure_png(draw()) == expected


def test_files_tell_nothing_of_date_or_software():
    svg, png = figure_svg(draw()), figure_png(draw())
    assert "dc:date" not in svg
    assert "Matplotlib" not in svg
    assert b"Software" not in png
    assert png.startswith(b"\x89PNG")


def test_svg_needs_no_font():
    root = ET.fromstring(figure_svg(draw()))  # noqa: S314
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "path" in names
    assert "text" not in names


@pytest.mark.parametrize("width", [90, 160])
def test_size_is_as_asked(width):
    assert draw(width_mm=width).get_size_inches()[0] * 25.4 == pytest.approx(width)


@pytest.mark.parametrize("interval", Interval)
def test_small_print_says_which_interval_is_drawn(interval):
    estimate = kaplan_meier([6, 12, 30, 60, 61], [1, 1, 0, 0, 1], interval=interval)
    figure = km_figure(
        [Curve(label="All", estimate=estimate)], title="EFS", horizon_months=60, width_mm=160
    )
    assert f"Bands: 95% confidence interval ({interval}). " in " ".join(texts(figure))


def test_table_under_the_curves():
    curve = Curve(label="All", estimate=kaplan_meier([6, 12, 30, 60, 61], [1, 1, 0, 0, 1]))
    words = texts(km_figure([curve], title="EFS", horizon_months=60))
    months = 7  # columns at 0, 12, ... 72
    for row, counts in {
        "At risk": [5, 4, 3, 2, 2, 2, 0],
        "Events": [0, 1, 2, 2, 2, 2, 3],
        "Censored": [0, 0, 0, 1, 1, 1, 2],
    }.items():
        start = words.index(row) + 1
        assert [int(word) for word in words[start : start + months]] == counts


def test_legend_p_value_and_mark_are_printed():
    words = texts(draw(mark="synthetic data", note="As reconstructed."))
    assert "synthetic data" in words
    assert "Log-rank P = 0.012" in words
    assert any("(n = 2, 2 events)" in word.replace("\N{NO-BREAK SPACE}", " ") for word in words)
    assert any("As reconstructed." in word for word in words)
    assert not any("synthetic" in word for word in texts(draw()))


def test_without_p_value_none_is_printed():
    assert not any("Log-rank" in word for word in texts(draw(p_value=None)))


def test_one_curve_is_the_whole_cohort():
    figure = draw(1, p_value=None)
    (axes,) = [axes for axes in figure.axes if axes.get_xlabel()]
    steps = [line for line in axes.lines if line.get_drawstyle() == "steps-post"]
    assert len(steps) == 1
    assert steps[0].get_ydata()[0] == 100


def test_band_reaches_the_end_of_a_curve_that_dies_out():
    curve = Curve(label="PTD", estimate=kaplan_meier([3, 9], [1, 1]))
    figure = km_figure([curve], title="PTD", horizon_months=60)
    (axes,) = [axes for axes in figure.axes if axes.get_xlabel()]
    vertices = axes.collections[0].get_paths()[0].vertices
    assert np.isfinite(vertices).all()
    assert vertices[:, 0].max() == 9


@pytest.mark.parametrize("width", [90, 160])
@pytest.mark.parametrize("n_groups", [1, 2, 4, 7])
def test_no_text_runs_over_another_or_off_the_page(n_groups, width):
    figure = draw(n_groups, width_mm=width, title="A title that is longer than a column " * 2)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    sheet, plot = figure.axes
    drawn = [*sheet.texts, *plot.get_xticklabels(), *plot.get_yticklabels()]
    boxes = [
        text.get_window_extent()
        for text in [*drawn, plot.xaxis.label, plot.yaxis.label]
        if text.get_text()
    ]
    for box in boxes:
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1
    for number, box in enumerate(boxes):
        for other in boxes[:number]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            along = min(box.y1, other.y1) - max(box.y0, other.y0)
            # The boxes include room for the deepest letters, which may touch.
            assert across <= 0.5 or along <= 2.0


@pytest.mark.parametrize(
    ("follow_up", "ticks"),
    [(50, [0, 12, 24, 36, 48, 60]), (61, [0, 12, 24, 36, 48, 60, 72]), (400, [0, 60, 120])],
)
def test_axis_covers_horizon_and_follow_up(follow_up, ticks):
    curve = Curve(label="All", estimate=kaplan_meier([1, follow_up], [1, 0]))
    figure = km_figure([curve], title="EFS", horizon_months=60, width_mm=90)
    found = list(figure.axes[1].get_xticks())
    assert found[: len(ticks)] == ticks
    assert found[-1] >= max(follow_up, 60)


def test_long_follow_up_of_few_patients_keeps_the_labels_of_the_axis_apart():
    curve = Curve(label="All", estimate=kaplan_meier([1, 1190], [1, 0]))
    figure = km_figure([curve], title="EFS", horizon_months=60, width_mm=90)
    FigureCanvasAgg(figure).draw()
    boxes = [label.get_window_extent() for label in figure.axes[1].get_xticklabels()]
    assert len(boxes) > 3
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))


def test_dollar_signs_are_not_formulas():
    curve = Curve(label="cost $1$ {x}", estimate=kaplan_meier([1, 2], [1, 0]))
    figure = km_figure([curve], title="$\\bad$", horizon_months=12)
    assert "<svg" in figure_svg(figure)
    assert "cost $1$ {x}" in texts(figure)


def test_every_curve_has_its_own_colour_and_dashes():
    assert len({color for color, _ in LINE_STYLES}) == len(LINE_STYLES)
    assert len({str(dashes) for _, dashes in LINE_STYLES}) == len(LINE_STYLES)


@pytest.mark.parametrize(
    ("n_groups", "options", "message"),
    [
        (0, {}, "curves: expected 1 to 7.* found 0"),
        (8, {}, "curves: expected 1 to 7.* found 8"),
        (1, {"horizon_months": 0}, "horizon_months: expected more than 0, found 0"),
        (1, {"width_mm": 40}, "width_mm: expected at least 80, found 40"),
    ],
)
def test_what_cannot_be_drawn_is_refused(n_groups, options, message):
    with pytest.raises(OutcomesError, match=message):
        draw(n_groups, **options)


@pytest.mark.parametrize(
    ("p_value", "text"),
    [
        (1e-9, "P < 0.001"),
        (0.0009999, "P < 0.001"),
        (0.001, "P = 0.001"),
        (0.0495, "P < 0.05"),
        (0.0494, "P = 0.049"),
        (0.0504, "P = 0.050"),
        (0.99951, "P > 0.999"),
    ],
)
def test_p_value_for_people(p_value, text):
    assert p_value_text(p_value) == text


def test_no_global_state_of_pyplot():
    code = "import sys, outcomes.figures.km; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
