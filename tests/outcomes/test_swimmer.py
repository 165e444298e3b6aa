"""Courses of patients: where a bar ends and why, its marks, and whose bar it is."""

from __future__ import annotations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from outcomes.analysis import load_preset
from outcomes.clinical.cohort import join_results
from outcomes.errors import OutcomesError
from outcomes.figures.km import figure_png, figure_svg
from outcomes.figures.swimmer import MARKS, marks_of, row_names, shortened, swimmer_figure
from outcomes.swimmer import SWIMMER_COLUMNS, Course, Courses, End, courses, swimmer_rows

TABLE = """
patient complete_remission_months induction_failure_months relapse_months second_cancer_months hsct_months car_t_months death_months death_cause left_study_months last_contact_months sex
A 1.5 - 10 - 14 12 20 disease - - male
B 1.5 - - 40 - - - - - 60 male
C - 1.5 - - - - - - 3 - female
D 1.5 - - - - - 2 treatment - - female
E 1.5 - - - - - 2 - - - female
F 1.5 - 30 - - - - - - - female
G - - - - - - - - - - -
"""  # noqa: E501


@pytest.fixture
def cohort(clinical):
    return clinical(TABLE).data


def by_sex():
    return load_preset().factors["sex"]


def made(n, name="P{}", group="g"):
    patients = tuple(
        Course(
            patient=name.format(number),
            line=number + 2,
            group=group,
            end=End.ALIVE,
            end_months=float(number + 1),
            events={"last_contact": float(number + 1)},
            relapse_site="",
            death_cause="",
        )
        for number in range(n)
    )
    return Courses(by="", label="", groups=(group,), patients=patients)


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def plot(figure):
    return next(axes for axes in figure.axes if axes.get_xlabel())


def bars(figure):
    return plot(figure).patches


@pytest.mark.parametrize(
    ("patient", "end", "months"),
    [
        ("A", End.DEAD, 20),
        ("B", End.ALIVE, 60),
        ("C", End.LEFT, 3),
        ("F", End.LAST_EVENT, 30),
        ("G", End.NO_FOLLOW_UP, None),
    ],
)
def test_where_a_course_ends(cohort, patient, end, months):
    (course,) = [c for c in courses(cohort, None).patients if c.patient == patient]
    assert (course.end, course.end_months) == (end, months)


def test_groups_in_the_factors_order_and_the_longest_first(cohort):
    found = courses(cohort, by_sex())
    assert found.groups == ("male", "female", "not known")
    assert [c.patient for c in found.patients] == ["B", "A", "F", "C", "D", "E", "G"]


def test_marks_tell_causes_of_death_apart(cohort):
    marks = {c.patient: marks_of(c) for c in courses(cohort, None).patients}
    assert marks["A"] == {
        "complete_remission": 1.5, "relapse": 10, "hsct": 14, "car_t": 12, "death_disease": 20,
    }  # fmt: skip
    assert marks["B"] == {"complete_remission": 1.5, "second_cancer": 40, "alive": 60}
    assert marks["C"] == {"induction_failure": 1.5, "left_study": 3}
    assert "death_treatment" in marks["D"]
    assert "death_other" in marks["E"]
    assert marks["G"] == {}


def test_every_mark_looks_different():
    looks = [(style["marker"], style.get("markerfacecolor")) for _, style in MARKS.values()]
    assert len(set(looks)) == len(looks)


def test_one_bar_a_patient_with_marks_at_their_times(cohort):
    figure = swimmer_figure(courses(cohort, by_sex()), title="Courses")
    widths = [bar.get_width() for bar in bars(figure)]
    assert widths == [60, 20, 30, 3, 2, 2]
    lines = {line.get_marker(): line for line in plot(figure).lines}
    assert list(lines["D"].get_xdata()) == [10, 30]
    assert list(lines["o"].get_xdata()) == [1.5] * 5
    # On the bar of the patient who relapsed.
    of_a = bars(figure)[1]
    assert lines["D"].get_ydata()[0] == pytest.approx(of_a.get_y() + of_a.get_height() / 2)
    # The arrow of the living stands behind the bar's end, not on it.
    assert lines[">"].get_xdata()[0] > 60
    words = texts(figure)
    assert "Relapse (2)" in words
    assert "male (n = 2)" in words
    assert "A" in words
    assert "not drawn: 1." in " ".join(words)
    assert not any("not known" in word for word in words)


def test_table_has_every_patient(cohort):
    rows = list(swimmer_rows(courses(cohort, by_sex())))
    assert [row["patient"] for row in rows] == ["B", "A", "F", "C", "D", "E", "G"]
    assert all(set(row) == set(SWIMMER_COLUMNS) for row in rows)
    assert (rows[1]["by"], rows[1]["group"], rows[1]["end"]) == ("sex", "male", "dead")
    assert (rows[1]["end_months"], rows[1]["relapse_months"]) == (20, 10)
    assert rows[-1]["end"] == "no follow-up time"


def test_reconstructed_cohort(reconstructed, integrated):
    joined = join_results(reconstructed, integrated).cohort.data
    found = courses(joined, load_preset().factors["subtype"])
    assert found.groups == ("AFF1", "MLLT3", "MLLT1", "other")
    figure = swimmer_figure(found, title="Courses", mark="synthetic data")
    assert len(bars(figure)) == 48
    assert sum("death_treatment" in marks_of(c) for c in found.patients) == 4
    assert "synthetic data" in texts(figure)


@pytest.mark.parametrize("render", [figure_svg, figure_png])
def test_same_bytes_twice(cohort, render):
    first, second = (
        render(swimmer_figure(courses(cohort, by_sex()), title="Courses", mark="synthetic"))
        for _ in range(2)
    )
    assert first == second


def test_long_names_are_shortened_at_both_ends():
    assert shortened("CHILD-2021-000123") == "CHILD…00123"
    assert shortened("SYN01") == "SYN01"


def test_names_that_would_look_the_same_are_lines_of_the_table():
    names = row_names(made(3, name="HOSPITAL-{}-OF-SOMEWHERE").patients)
    assert list(names.values()) == ["line 2", "line 3", "line 4"]


def test_names_are_no_markup():
    found = made(2, name="<b>$x$&{}", group="$g$ <i>")
    figure = swimmer_figure(found, title="$\\bad$ <u>", mark="x")
    assert "<b>$x$&0" in texts(figure)
    assert "$g$ <i> (n = 2)" in texts(figure)
    svg = figure_svg(figure)
    assert not any(tag in svg for tag in ("<b>", "<i>", "<u>"))


@pytest.mark.parametrize(("n", "named"), [(1, True), (80, True), (81, False), (400, False)])
def test_many_patients_have_thinner_bars_and_no_names(n, named):
    figure = swimmer_figure(made(n), title="Courses")
    assert len(bars(figure)) == n
    assert ("P0" in texts(figure)) is named
    heights = sorted(bar.get_y() for bar in bars(figure))
    assert all(b - a > bars(figure)[0].get_height() for a, b in zip(heights, heights[1:]))  # noqa: B905, RUF007
    assert figure.get_size_inches()[1] * 25.4 < 400


def test_no_words_run_over_others_or_off_the_page():
    figure = swimmer_figure(made(80, name="IDENTIFIER-{}-X"), title="Courses", width_mm=90)
    FigureCanvasAgg(figure).draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    for number, box in enumerate(boxes):
        assert box.x0 >= 0
        assert box.x1 <= figure.bbox.x1
        for other in boxes[:number]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            along = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across <= 0.5 or along <= 2.0


@pytest.mark.parametrize("n", [0, 401])
def test_nobody_or_too_many_are_refused(n):
    with pytest.raises(OutcomesError, match=f"courses: expected 1 to 400, found {n}"):
        swimmer_figure(made(n), title="Courses")


def test_a_course_of_no_length_is_drawn():
    only = made(1).patients[0]
    born = Courses(
        by="", label="", groups=("g",),
        patients=(
            Course(
                patient=only.patient, line=2, group="g", end=End.DEAD, end_months=0.0,
                events={"death": 0.0}, relapse_site="", death_cause="unknown",
            ),
        ),
    )  # fmt: skip
    assert [bar.get_width() for bar in bars(swimmer_figure(born, title="Courses"))] == [0]
