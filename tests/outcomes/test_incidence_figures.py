"""Figures of cumulative incidence: the numbers in them, nothing over anything else."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from outcomes.errors import OutcomesError
from outcomes.figures.incidence import IncidenceCurve, Panel, incidence_figure
from outcomes.figures.page import figure_png, figure_svg
from outcomes.statistics.incidence import cumulative_incidence

LABELS = ("KMT2A::AFF1", "≥ 50 × 10⁹/L", "PTD", "Any other partner, known or unknown, of 11q23")  # noqa: RUF001


def cohort(n_groups):
    """Groups of 20, 25, 2 and 25, with tied and censored times; the third all relapse."""
    generator = np.random.default_rng(7)
    curves = []
    for number in range(n_groups):
        n = 2 if number == 2 else 20 + 5 * (number % 2)
        time = np.round(generator.exponential(40, n), 0)
        cause = np.ones(n) if number == 2 else generator.integers(0, 3, n)
        estimate = cumulative_incidence(time, cause)
        curves.append(IncidenceCurve(label=LABELS[number % 4], estimate=estimate))
    return curves


def draw(curves, **options):
    options = {
        "title": "Relapse",
        "event": Panel(label="Relapse", p_value=0.0123),
        "competing": Panel(label="Failure or death without relapse", p_value=0.5),
        "horizon_months": 60,
        "width_mm": 115,
    } | options
    return incidence_figure(curves, **options)


def texts(figure):
    words = [text.get_text() for axes in figure.axes for text in axes.texts]
    return [word.replace("\N{NO-BREAK SPACE}", " ") for word in words]


def plots(figure):
    return [axes for axes in figure.axes if axes.get_ylabel()]


@pytest.mark.parametrize("n_groups", [1, 3])
def test_same_bytes_twice(n_groups):
    for render in (figure_svg, figure_png):
        first, second = (render(draw(cohort(n_groups), mark="synthetic")) for _ in range(2))
        assert first == second


def test_table_under_the_areas():
    estimate = cumulative_incidence([6, 12, 30, 60, 61], [1, 2, 0, 0, 1])
    words = texts(draw([IncidenceCurve(label="All patients", estimate=estimate)]))
    for row, counts in {
        "At risk": [5, 4, 3, 2, 2, 2, 0],
        "Events": [0, 1, 1, 1, 1, 1, 2],
        "Competing": [0, 0, 1, 1, 1, 1, 1],
        "Censored": [0, 0, 0, 1, 1, 1, 2],
    }.items():
        start = words.index(row) + 1
        assert [int(word) for word in words[start : start + 7]] == counts


def test_areas_add_up_and_their_estimates_are_printed():
    estimate = cumulative_incidence([6, 12, 30, 60, 61], [1, 2, 0, 0, 0])
    figure = draw([IncidenceCurve(label="All patients", estimate=estimate)])
    (plot,) = plots(figure)
    lower, upper = (line for line in plot.lines if line.get_drawstyle() == "steps-post")
    assert lower.get_ydata()[-1] == pytest.approx(20)
    assert upper.get_ydata()[-1] == pytest.approx(40)
    assert upper.get_ydata()[0] == 0
    assert any(word.startswith("Relapse (1 of 5; 20.0%, ") for word in texts(figure))


def test_no_estimate_is_printed_beyond_the_follow_up():
    estimate = cumulative_incidence([6, 12], [1, 0])
    words = texts(draw([IncidenceCurve(label="All patients", estimate=estimate)]))
    assert "Relapse (1 of 2)" in words


def test_panels_show_both_causes_with_their_tests():
    curves = cohort(3)
    figure = draw(curves)
    upper, lower = plots(figure)
    for plot, cause in ((upper, "event"), (lower, "competing")):
        steps = [line for line in plot.lines if line.get_drawstyle() == "steps-post"]
        ends = [100 * getattr(curve.estimate, cause).incidence[-1] for curve in curves]
        assert [line.get_ydata()[-1] for line in steps] == pytest.approx(ends)
    words = texts(figure)
    assert "A  Relapse. Gray's test P = 0.012" in words
    assert "B  Failure or death without relapse. Gray's test P = 0.500" in words
    assert (upper.get_xlabel(), lower.get_xlabel()) == ("", "Months from diagnosis")


def test_without_p_values_none_is_printed():
    figure = draw(cohort(2), event=Panel(label="Relapse"), competing=Panel(label="Death"))
    assert not any("Gray" in word for word in texts(figure))


def test_bands_are_drawn_for_two_groups_and_not_for_more():
    assert [len(plot.collections) for plot in plots(draw(cohort(2)))] == [2, 2]
    assert [len(plot.collections) for plot in plots(draw(cohort(3)))] == [0, 0]
    for collection in plots(draw(cohort(2)))[0].collections:
        assert np.isfinite(collection.get_paths()[0].vertices).all()


@pytest.mark.parametrize("n_groups", [1, 3])
def test_a_mark_is_printed_over_areas_and_behind_curves(n_groups):
    plot, *_ = plots(draw(cohort(n_groups), mark="synthetic data"))
    # Over areas the words stand once more without colour, so that they are in an SVG as words.
    (mark,) = (text for text in plot.texts if text.get_alpha() != 0)
    assert {text.get_text() for text in plot.texts} == {"synthetic data"}
    below = [each.get_zorder() < mark.get_zorder() for each in plot.collections]
    assert all(below)
    steps = [line for line in plot.lines if line.get_drawstyle() == "steps-post"]
    assert all(line.get_zorder() > mark.get_zorder() for line in steps)


@pytest.mark.parametrize("width", [90, 160])
@pytest.mark.parametrize("n_groups", [1, 2, 7])
def test_no_text_runs_over_another_or_off_the_page(n_groups, width):
    figure = draw(cohort(n_groups), width_mm=width, title="A title longer than a column " * 2)
    FigureCanvasAgg(figure).draw()
    drawn = list(figure.axes[0].texts)
    for plot in plots(figure):
        drawn += [*plot.get_xticklabels(), *plot.get_yticklabels()]
        drawn += [plot.xaxis.label, plot.yaxis.label]
    boxes = [text.get_window_extent() for text in drawn if text.get_text()]
    for number, box in enumerate(boxes):
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1
        for other in boxes[:number]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            along = min(box.y1, other.y1) - max(box.y0, other.y0)
            # The boxes include room for the deepest letters, which may touch.
            assert across <= 0.5 or along <= 2.0


@pytest.mark.parametrize(
    ("n_groups", "options", "message"),
    [
        (0, {}, "curves: expected 1 to 7, found 0"),
        (8, {}, "curves: expected 1 to 7, found 8"),
        (1, {"horizon_months": 0}, "horizon_months: expected more than 0, found 0"),
        (1, {"width_mm": 40}, "width_mm: expected at least 80, found 40"),
    ],
)
def test_what_cannot_be_drawn_is_refused(n_groups, options, message):
    with pytest.raises(OutcomesError, match=message):
        draw(cohort(n_groups), **options)
