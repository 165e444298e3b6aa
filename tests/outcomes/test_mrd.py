"""MRD by time point: counts of the table, where dots stand, and what there is no dot for."""

from __future__ import annotations

import itertools
import math

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from outcomes.analysis import load_preset
from outcomes.endpoints import ENDPOINTS, derive
from outcomes.errors import OutcomesError
from outcomes.figures.km import figure_png, figure_svg
from outcomes.figures.mrd import dots, mrd_figure, shelf_label
from outcomes.mrd import MRD_COLUMNS, Level, Mrd, MrdPatient, mrd_by_time, mrd_rows

TABLE = """
patient sex mrd_fcm_tp1_percent mrd_fcm_tp2_percent mrd_pcr_tp1 mrd_pcr_tp2 relapse_months last_contact_months
A male 2 <0.01 positive negative 10 20
B male 0.5 0.02 positive positive - 20
C male <0.01 <0.01 negative - - 20
D female 0 - - - - 20
E female - - negative negative - 20
F - 30 3 - - - 20
"""  # noqa: E501


@pytest.fixture
def mrd(clinical):
    cohort = clinical(TABLE)
    factors = load_preset().factors
    return mrd_by_time(cohort.data, derive(cohort, ENDPOINTS["efs"]), factors, by="sex")


def made(*values, events=None, groups=None):
    """Patients of two results each: a number, a text below a limit, or None."""

    def level(value):
        if isinstance(value, str):
            return Level(percent=0.0, limit=float(value[1:]))
        return None if value is None else Level(percent=value)

    patients = tuple(
        MrdPatient(
            group=groups[number] if groups else "g",
            fcm=tuple(level(value) for value in pair),
            pcr=(None, None),
            event=events[number] if events else False,
        )
        for number, pair in enumerate(values)
    )
    seen = tuple(dict.fromkeys(groups or ("g",)))
    return Mrd(
        by="", label="", groups=seen, patients=patients, cuts=(0.01, 1.0), endpoint_label="EFS"
    )


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def plots(figure):
    return [axes for axes in figure.axes if axes.get_xticklabels() and axes.axison]


def dots_in(axes):
    return [
        (to_hex(line.get_markerfacecolor()), x, y)
        for line in axes.lines
        if line.get_marker() in ("o", "x")
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def test_table_counts_everybody(mrd):
    rows = list(mrd_rows(mrd))
    assert all(tuple(row) == MRD_COLUMNS for row in rows)
    assert len(rows) == 2 * 4 * 2  # time points, everybody and three groups, assays
    for row in rows:
        assert (
            row["n"] + row["missing"]
            == {"all": 6, "male": 3, "female": 2, "not known": 1}[row["group"]]
        )
        if row["assay"] == "PCR":
            assert row["negative"] + row["positive"] == row["n"]
        assert row["n"] or row["note"] == "no result"


def test_numbers_of_the_table(mrd):
    found = {(r["time_point"], r["group"], r["assay"]): r for r in mrd_rows(mrd)}
    everybody = found["TP1", "all", "FCM"]
    assert [everybody[c] for c in ("day", "n", "missing", "below_limit", "reported_as_zero")] == [
        19, 5, 1, 1, 1,
    ]  # fmt: skip
    # Of 0, <0.01, 0.5, 2 and 30 the middle is 0.5.
    assert (everybody["median_percent"], everybody["maximum_percent"]) == (0.5, 30)
    assert everybody["minimum_percent"] is None
    assert everybody["note"] == "minimum not detected or below the limit"
    late = found["TP2", "male", "FCM"]
    assert late["median_percent"] is None
    assert "median not detected or below the limit" in late["note"]
    pcr = found["TP1", "all", "PCR"]
    assert (pcr["negative"], pcr["positive"], pcr["missing"]) == (2, 2, 2)


def test_median_between_two_numbers():
    cohort = made((1, None), (3, None), (2, None), (8, None))
    (row, *_) = [r for r in mrd_rows(cohort) if r["assay"] == "FCM"]
    assert row["median_percent"] == 2.5


def test_dots_stand_at_their_values_and_shapes_tell_the_event(mrd):
    figure = mrd_figure(mrd, title="MRD")
    boys, girls, _ = plots(figure)
    with_event = [(x, y) for color, x, y in dots_in(boys) if color != "#ffffff"]
    assert [(round(x), y) for x, y in with_event] == [
        (0, pytest.approx(math.log10(2))),
        (1, pytest.approx(-2.6)),
    ]
    assert len(dots_in(boys)) == 6
    assert len(dots_in(girls)) == 1
    (lines,) = [c for c in boys.collections if isinstance(c, LineCollection)]
    assert len(lines.get_segments()) == 3


def test_counts_stand_under_each_time_point(mrd):
    words = texts(mrd_figure(mrd, title="MRD"))
    columns = 6  # two time points of three groups
    for row, counts in {
        "FCM: with a result": [3, 3, 1, 0, 1, 1],
        "not detected": [1, 2, 1, 0, 0, 0],
        "PCR: positive": [2, 1, 0, 0, 0, 0],
        "negative": [1, 1, 1, 1, 0, 0],
    }.items():
        start = words.index(row) + 1
        assert [int(word) for word in words[start : start + columns]] == counts
    assert "with an event (1)" in words
    assert "without one (4)" in words
    assert "cut-points at 0.01% and 1%" in " ".join(words)


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ([("<0.01", 1)], "<0.01"),
        ([("<0.01", "<0.1")], "below limit"),
        ([("<0.01", 0.0)], "below limit"),
        ([(0.0, 1)], "below limit"),
    ],
)
def test_the_shelf_is_named_after_the_limit_if_there_is_one(values, label):
    cohort = made(*values)
    assert shelf_label(cohort) == label
    figure = mrd_figure(cohort, title="MRD")
    assert plots(figure)[0].get_yticklabels()[0].get_text() == label


def test_limits_are_listed_where_there_are_several():
    words = " ".join(texts(mrd_figure(made(("<0.01", "<0.1"), (0.0, 1)), title="MRD")))
    assert "Below limit: reported as <0.01% or <0.1% or 0." in words


def test_a_low_number_is_above_the_shelf():
    figure = mrd_figure(made((0.0003, "<0.0001")), title="MRD")
    heights = [y for _, _, y in dots_in(plots(figure)[0])]
    assert heights == [pytest.approx(math.log10(0.0003)), pytest.approx(-4.6)]


def test_dots_of_one_value_lie_beside_each_other():
    placed = dots([Level(percent=0.1)] * 9 + [None], -2.6)
    assert placed[-1] is None
    beside = [dot.beside for dot in placed[:-1]]
    assert sum(beside) == pytest.approx(0)
    assert all(b - a > 0.05 for a, b in itertools.pairwise(beside))


@pytest.mark.parametrize("n", [1, 200])
def test_few_and_many_patients(n):
    values = [(10 ** (number % 5 - 2), None if number % 3 else "<0.01") for number in range(n)]
    figure = mrd_figure(made(*values), title="MRD")
    drawn = dots_in(plots(figure)[0])
    assert len(drawn) == n + len(range(0, n, 3))
    assert all(abs(x - round(x)) <= 0.5 for _, x, _ in drawn)


def test_patients_outside_the_endpoint_have_a_shape_of_their_own():
    figure = mrd_figure(made((1, 1), (1, 1), events=[None, True]), title="MRD")
    assert {line.get_marker() for line in plots(figure)[0].lines} >= {"x", "o"}
    assert "not in its analysis (1)" in texts(figure)


def test_nobody_with_a_result_is_refused():
    empty = made((None, None))
    assert not empty.measured
    with pytest.raises(OutcomesError, match="mrd: expected a result of flow cytometry"):
        mrd_figure(empty, title="MRD")


def test_labels_are_no_markup():
    figure = mrd_figure(made((1, 1), (2, 1), groups=["<b>$a$", "c"]), title="$\\x$ <i>", mark="<u>")
    assert "<b>$a$" in texts(figure)
    svg = figure_svg(figure)
    assert not any(tag in svg for tag in ("<b>", "<i>", "<u>"))


@pytest.mark.parametrize("render", [figure_svg, figure_png])
def test_same_bytes_twice(mrd, render):
    first, second = (render(mrd_figure(mrd, title="MRD", mark="synthetic")) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("n_groups", [1, 8])
def test_no_words_run_over_others_or_off_the_page(n_groups):
    groups = [f"group {number} of them" for number in range(n_groups)]
    figure = mrd_figure(made(*[(1, 0.1)] * n_groups, groups=groups), title="MRD")
    FigureCanvasAgg(figure).draw()
    labels = [label for axes in plots(figure) for label in axes.get_xticklabels()]
    boxes = [text.get_window_extent() for text in [*figure.axes[0].texts, *labels]]
    for number, box in enumerate(boxes):
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1
        for other in boxes[:number]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            along = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across <= 0.5 or along <= 2.0
