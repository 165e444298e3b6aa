"""Swimmer plots: a bar a patient from diagnosis on, with marks for what happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from outcomes.errors import OutcomesError
from outcomes.figures.km import (
    BELOW_AXIS,
    CELL,
    GAP,
    SMALL_PRINT,
    TEXT,
    TITLE,
    draw_mark,
    one_line,
    time_scale,
)
from outcomes.figures.page import MARGIN, MM_PER_POINT, Font, Page, house_style
from outcomes.swimmer import End

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from outcomes.figures.km import TimeScale
    from outcomes.swimmer import Course, Courses

MOST_PATIENTS, MOST_LABELLED, MIN_WIDTH = 400, 80, 90
# Of an identifier: what fits beside a bar, and what is kept of either end of a longer one.
MOST_LETTERS, KEPT = 12, 5
# Tints of the colours of the curves, light enough for black marks on them, dark enough for paper;
# the names of the groups stand beside their bars.
FILLS = ("#9CC7E3", "#F2B58B", "#8FD3BC", "#E3BBD1", "#BDBDBD", "#F3D693", "#CBE6F6", "#E4E4E4")
# Heights in millimetres.
ROW, LOWEST_ROW, TALL = 2.9, 0.85, 225.0
MARKS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "complete_remission": ("Complete remission", {"marker": "o", "markerfacecolor": "white"}),
    "induction_failure": ("Induction failure", {"marker": "v", "markerfacecolor": "black"}),
    "relapse": ("Relapse", {"marker": "D", "markerfacecolor": "#D55E00", "scale": 0.85}),
    "second_cancer": ("Second cancer", {"marker": "*", "markerfacecolor": "white", "scale": 1.5}),
    "hsct": ("Transplantation", {"marker": "s", "markerfacecolor": "white", "scale": 0.9}),
    "car_t": ("CAR-T cells", {"marker": "^", "markerfacecolor": "white"}),
    "left_study": ("Left the study", {"marker": "|", "scale": 1.6, "markeredgewidth": 1.4}),
    "death_disease": ("Death from disease", {"marker": "X", "markerfacecolor": "black"}),
    "death_treatment": ("Treatment-related death", {"marker": "P", "markerfacecolor": "black"}),
    "death_other": ("Death, other or unknown cause", {"marker": "x", "markeredgewidth": 1.2}),
    "alive": ("Alive at last contact", {"marker": ">", "markerfacecolor": "black", "scale": 0.9}),
}
"""What a mark means, and how it looks; the later ones lie over the earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A bar and its middle, in millimetres from the top of the page."""

    course: Course
    middle: float
    fill: str


def swimmer_figure(
    courses: Courses, *, title: str, mark: str | None = None, width_mm: float = 160
) -> Figure:
    """Draw the course of every patient; more than 80 have thinner bars and no names.

    Args:
        courses: The patients; those without follow-up are counted in the small print.
        title: Stands above the figure.
        mark: Printed across the figure, such as `synthetic data`.
        width_mm: Width of the figure.

    Raises:
        OutcomesError: If there is nobody to draw, more than can be told apart, or too little
            width.
    """
    drawn = courses.followed
    if not 1 <= len(drawn) <= MOST_PATIENTS:
        raise OutcomesError(f"courses: expected 1 to {MOST_PATIENTS}, found {len(drawn)}")
    names = row_names(drawn) if len(drawn) <= MOST_LABELLED else {}
    row = min(ROW, max(LOWEST_ROW, TALL / len(drawn)))
    with house_style():
        page = Page(width_mm, at_least=MIN_WIDTH)
        page.paragraph(one_line(title), font=TITLE)
        page.skip(GAP)
        _put_legend(page, drawn)
        page.skip(GAP)
        scale = time_scale(
            page,
            largest=0,
            last=max(1.0, *(course.end_months or 0.0 for course in drawn)),
            label=max(names.values(), key=CELL.width, default=""),
        )
        rows = _put_rows(page, courses, names, row)
        box = replace(scale.box, height=page.top - scale.box.top)
        page.skip(BELOW_AXIS)
        _put_small_print(page, courses)
        figure = page.finish()
        axes = page.axes(box)
        scale = replace(scale, box=box)
        _dress(axes, scale)
        _draw(axes, rows, row, beyond=1.6 * scale.end / box.width)
        if mark:
            draw_mark(axes, mark, box, over=True)
    return figure


def row_names(courses: Sequence[Course]) -> dict[str, str]:
    """Shorten long identifiers to what stands beside a bar, by identifier.

    Beginning and end are kept; where two would look the same, each is the line of the clinical
    table, so that no bar is taken for another patient's.
    """
    shown = {course.patient: shortened(course.patient) for course in courses}
    looks = list(shown.values())
    return {
        course.patient: shown[course.patient]
        if looks.count(shown[course.patient]) == 1
        else f"line {course.line}"
        for course in courses
    }


def shortened(name: str) -> str:
    """Keep the beginning and the end of a long name."""
    name = one_line(name)
    return name if len(name) <= MOST_LETTERS else f"{name[:KEPT]}…{name[-KEPT:]}"


def marks_of(course: Course) -> dict[str, float]:
    """The marks of a patient by their names in `MARKS`, with their times."""
    found = {name: time for name, time in course.events.items() if name in MARKS}
    if "death" in course.events:
        cause = course.death_cause
        known = cause if cause in {"disease", "treatment"} else "other"
        found[f"death_{known}"] = course.events["death"]
    if course.end is End.ALIVE and course.end_months is not None:
        found["alive"] = course.end_months
    return {name: found[name] for name in MARKS if name in found}


def _style(name: str, size: float) -> dict[str, Any]:
    style = {"markeredgecolor": "black", "markeredgewidth": 0.7, **MARKS[name][1]}
    return {"markersize": size * style.pop("scale", 1.0), **style}


def _put_legend(page: Page, drawn: Sequence[Course]) -> None:
    """Say what the marks mean that are drawn, and how many patients have each."""
    counts = {name: sum(name in marks_of(course) for course in drawn) for name in MARKS}
    left = MARGIN
    for name, (meaning, _) in MARKS.items():
        if not counts[name]:
            continue
        words = f"{meaning} ({counts[name]})"
        width = 4 + TEXT.width(words) + 3 * GAP
        if left + width > page.width and left > MARGIN:
            page.skip(1.15 * TEXT.line_height)
            left = MARGIN
        page.marker(_style(name, 4.6), left=left + 1.5, font=TEXT)
        page.text(words, left=left + 4, font=TEXT)
        left += width
    page.skip(TEXT.line_height)


def _put_rows(page: Page, courses: Courses, names: Mapping[str, str], height: float) -> list[_Row]:
    rows: list[_Row] = []
    for number, group in enumerate(courses.groups):
        inside = [course for course in courses.followed if course.group == group]
        if not inside:
            continue
        fill = FILLS[min(number, len(FILLS) - 1)]
        page.skip(GAP / 2)
        page.paragraph(
            f"{one_line(group)} (n = {len(inside)})", font=Font(size=CELL.size, weight="bold")
        )
        for course in inside:
            rows.append(_Row(course=course, middle=page.top + height / 2, fill=fill))
            if names:
                # The line of text is higher than the bar: their middles are on one height.
                page.skip((height - CELL.line_height) / 2)
                page.text(names[course.patient], left=MARGIN, font=CELL)
                page.skip((height + CELL.line_height) / 2)
            else:
                page.skip(height)
    page.skip(GAP)
    return rows


def _put_small_print(page: Page, courses: Courses) -> None:
    unknown = len(courses.patients) - len(courses.followed)
    parts = ["Bars: from diagnosis to death, leaving the study or the last time that is known."]
    if courses.label:
        parts.append(f"By {one_line(courses.label)}, the longest first.")
    if unknown:
        parts.append(f"Without any time and not drawn: {unknown}.")
    page.skip(GAP / 2)
    page.paragraph(" ".join(parts), font=SMALL_PRINT)


def _dress(axes: Axes, scale: TimeScale) -> None:
    box = scale.box
    axes.set_xlim(0, scale.end)
    axes.set_ylim(box.top + box.height, box.top)
    axes.set_xticks(scale.ticks)
    axes.set_yticks([])
    axes.tick_params(labelsize=TEXT.size, length=2.5, pad=2)
    axes.set_xlabel("Months from diagnosis", fontsize=TEXT.size, labelpad=2, parse_math=False)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_facecolor("none")


def _draw(axes: Axes, rows: Sequence[_Row], height: float, *, beyond: float) -> None:
    """Draw bars and marks; `beyond` is how far behind its bar the arrow of the living stands."""
    axes.barh(
        [row.middle for row in rows],
        [row.course.end_months or 0.0 for row in rows],
        height=0.72 * height,
        color=[row.fill for row in rows],
        edgecolor="#6B6B6B",
        linewidth=0.3 if height > 1 else 0.0,
        zorder=2,
    )
    size = min(4.6, 1.25 * height / MM_PER_POINT)
    marked = [(row.middle, marks_of(row.course)) for row in rows]
    for order, name in enumerate(MARKS):
        places = [(found[name], middle) for middle, found in marked if name in found]
        if places:
            times, middles = np.array(places).T
            # A mark at the end of the axis, or at its beginning, is drawn whole.
            axes.plot(
                times + beyond if name == "alive" else times,
                middles,
                linestyle="none",
                clip_on=False,
                zorder=4 + order / 100,
                **_style(name, size),
            )
