"""Forest plots: every level in words and on its line, arrowheads, and what cannot be estimated."""

from __future__ import annotations

import math

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from outcomes.errors import OutcomesError
from outcomes.figures.forest import (
    STYLES,
    Estimate,
    ForestGroup,
    ForestRow,
    axis_ticks,
    estimate_text,
    forest_figure,
    ratio_text,
)
from outcomes.figures.km import figure_png, figure_svg
from outcomes.forests import multivariable_forest, univariate_forest

MODELS = ("Full model", "Firth-penalised model")


def estimate(ratio, lower, upper, *, model=0, p_value=0.012):
    return Estimate(model=model, ratio=ratio, lower=lower, upper=upper, p_value=p_value)


def groups(*estimates, label="Sex", level="female", words=""):
    reference = ForestRow(label="male", n=28, events=8, words="1 (reference)")
    compared = ForestRow(label=level, n=20, events=15, estimates=estimates, words=words)
    return [ForestGroup(label=label, rows=(reference, compared))]


def draw(drawn, **options):
    return forest_figure(drawn, **{"title": "Hazard ratios", "models": MODELS} | options)


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def plot(figure):
    return next(axes for axes in figure.axes if axes.get_xlabel())


def markers(figure, shape):
    return [line for line in plot(figure).lines if line.get_marker() == shape]


def test_a_level_stands_on_one_line_with_its_numbers():
    figure = draw(groups(estimate(3.89, 1.62, 9.32)))
    (square,) = markers(figure, "s")
    assert square.get_xdata() == [pytest.approx(math.log(3.89))]
    (interval,) = [line for line in plot(figure).lines if len(set(line.get_xdata())) == 2]
    assert list(interval.get_xdata()) == pytest.approx([math.log(1.62), math.log(9.32)])
    words = texts(figure)
    for word in ("Sex", "male", "female", "28", "8", "20", "15", "1 (reference)"):
        assert word in words
    assert "3.89 (1.62 to 9.32)" in words
    assert "0.012" in words
    # The words and the mark are at the same height, in millimetres from the top.
    sheet = next(axes for axes in figure.axes if axes.texts)
    (beside,) = [t for t in sheet.texts if t.get_text() == "3.89 (1.62 to 9.32)"]
    assert square.get_ydata() == [pytest.approx(beside.get_position()[1])]


def test_two_models_are_two_lines_that_differ_in_shape_and_fill():
    figure = draw(groups(estimate(2, 1, 4), estimate(1.8, 0.9, 3.6, model=1)))
    (square,), (diamond,) = markers(figure, "s"), markers(figure, "D")
    assert square.get_ydata()[0] < diamond.get_ydata()[0]
    assert to_hex(diamond.get_markerfacecolor()) == "#ffffff"
    assert to_hex(square.get_markerfacecolor()) == STYLES[0]["color"].lower()
    assert set(MODELS) <= set(texts(figure))


def test_arrowheads_stand_where_an_interval_leaves_the_axis():
    figure = draw(groups(estimate(20.7, 4.23, 5000.0)))
    (right,) = markers(figure, ">")
    assert right.get_xdata() == [plot(figure).get_xlim()[1]]
    assert not markers(figure, "<")
    assert "20.7 (4.23 to >999)" in texts(figure)


def test_a_ratio_off_the_axis_is_an_arrowhead_alone():
    figure = draw(groups(estimate(0.001, 0.0001, 0.005)))
    assert len(markers(figure, "<")) == 1
    assert not markers(figure, "s")


def test_without_an_estimate_there_are_words_and_no_mark():
    figure = draw(groups(words="Not estimated: no event among 48 patients"))
    assert not markers(figure, "s")
    assert "Not estimated: no event" in " ".join(texts(figure))


def test_a_limit_not_found_is_said():
    assert estimate_text(estimate(0.2, None, 3.0)) == "0.20 (not found to 3.00)"
    assert estimate_text(estimate(0.2, None, None)) == "0.20"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.001, "<0.01"), (0.994, "0.99"), (9.994, "9.99"), (9.996, "10.0"), (99.96, "100"),
     (999.4, "999"), (1e9, ">999"), (None, "not found")],
)  # fmt: skip
def test_ratios_for_people(value, text):
    assert ratio_text(value) == text


@pytest.mark.parametrize(
    ("interval", "first", "last"),
    [((1.0, 0.8, 1.2), 0.5, 2), ((3.0, 0.3, 30.0), 0.2, 50), ((50.0, 1e-9, 1e9), 0.5, 100)],
)
def test_axis_follows_the_estimates_within_bounds(interval, first, last):
    ticks = axis_ticks([estimate(*interval)])
    assert (ticks[0], ticks[-1]) == (first, last)
    assert 1 in ticks


@pytest.mark.parametrize("render", [figure_svg, figure_png])
def test_same_bytes_twice(render):
    first, second = (render(draw(groups(estimate(2, 1, 4)), mark="synthetic")) for _ in range(2))
    assert first == second


def test_labels_of_users_are_no_markup():
    figure = draw(groups(estimate(2, 1, 4), label="<b>cost $1$", level="a&b " * 40), mark="x <i>")
    assert "<b>cost $1$" in texts(figure)
    svg = figure_svg(figure)
    assert "<b>" not in svg
    assert "<i>" not in svg


@pytest.mark.parametrize("width", [140, 160])
def test_no_words_touch_the_plot_or_leave_the_page(width):
    drawn = groups(estimate(2, 0.001, 4000), words="No estimate from the Firth-penalised model")
    figure = draw(drawn * 3, width_mm=width, note="A note. " * 20)
    FigureCanvasAgg(figure).draw()
    box = plot(figure).get_window_extent()
    for text in next(axes for axes in figure.axes if axes.texts).texts:
        extent = text.get_window_extent()
        assert extent.x0 >= 0
        assert extent.x1 <= figure.bbox.x1
        beside = extent.x1 <= box.x0 or extent.x0 >= box.x1
        assert beside or extent.y0 >= box.y1 or extent.y1 <= box.y0, text.get_text()


@pytest.mark.parametrize(
    ("drawn", "options", "message"),
    [
        ([], {}, "expected at least one row"),
        (groups(estimate(1, 1, 1)), {"models": ()}, "models: expected 1 to 2, found 0"),
        (groups(estimate(1, 1, 1)), {"width_mm": 90}, "width_mm: expected at least 140, found 90"),
    ],
)
def test_what_cannot_be_drawn_is_refused(drawn, options, message):
    with pytest.raises(OutcomesError, match=message):
        draw(drawn, **options)


# From the tables of the reconstructed cohort


def test_univariate_forest_shows_the_table(default):
    rows = [
        row
        for row in default.tables["table_univariate"]
        if row["endpoint"] == "efs" and row["variable"] != "all"
    ]
    forest = univariate_forest(default.tables["table_univariate"], "efs")
    shown = [(g.label, r.label, r.n, r.events) for g in forest.groups for r in g.rows]
    assert shown == [(r["label"], r["level"], r["n"], r["events"]) for r in rows]
    assert forest.estimated == sum(r["hr_method"] in {"Cox", "Firth"} for r in rows)
    assert forest.asked == sum(r["hr_method"] != "reference" for r in rows)
    (sex,) = [group for group in forest.groups if group.label == "Sex"]
    assert [row.words for row in sex.rows] == ["1 (reference)", ""]
    assert sex.rows[1].estimates[0].ratio == next(
        r["hazard_ratio"] for r in rows if r["level"] == "female"
    )


def test_hazard_ratios_say_what_they_are_or_why_not(default):
    for row in default.tables["table_univariate"]:
        assert row["hr_method"]
        if row["hr_method"].startswith("not estimated"):
            assert row["hazard_ratio"] is row["hr_p_value"] is None
        elif row["hr_method"] != "reference":
            assert row["hr_ci_lower"] < row["hazard_ratio"] < row["hr_ci_upper"]


def test_multivariable_forest_counts_the_patients_of_the_model(default):
    tables = default.tables
    forest = multivariable_forest(
        tables["table_multivariable"], tables["table_multivariable_firth"], "efs"
    )
    first = next(row for row in tables["table_multivariable"] if row["endpoint"] == "efs")
    for group in forest.groups:
        assert sum(row.n for row in group.rows) == first["n"]
        assert sum(row.events for row in group.rows) == first["events"]
        assert [estimate.model for estimate in group.rows[1].estimates] == [0, 1]
    assert forest.note.startswith("From the landmark on day 46")


def test_a_term_that_neither_model_estimates_says_so():
    row = dict.fromkeys(("hazard_ratio", "ci_lower", "ci_upper", "p_value", "level_n"))
    about = {
        "endpoint": "efs", "term": "age_months", "variable": "age_months", "note": "",
        "variable_label": "Age", "label": "Age, per months", "level": None, "ties": "exact",
        "level_events": None,
    }  # fmt: skip
    forest = multivariable_forest([row | about], [], "efs")
    ((only,),) = [group.rows for group in forest.groups]
    assert only.label == "per months"
    assert only.words == "No estimate from the full model or the Firth-penalised model"
    assert (forest.estimated, forest.asked) == (0, 1)
    assert forest.models[0].startswith("Full model: exact ties")
