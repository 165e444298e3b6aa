"""Kaplan-Meier figures in the form journals print: curves, bands, and the numbers under them.

Figures are made with matplotlib's objects and never with pyplot, whose state is global. The same
data give the same bytes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patheffects import withStroke

from outcomes.errors import OutcomesError
from outcomes.figures.page import MARGIN, Box, Font, Page, figure_png, figure_svg, house_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from outcomes.statistics.simon_makuch import LateEntryCurve
    from outcomes.statistics.survival import KaplanMeier

__all__ = ["Curve", "figure_png", "figure_svg", "km_figure", "p_value_text"]

# Colours of Okabe and Ito, those that can be read as text on white first. Each has its own line
# style, so that the curves can be told apart in grey.
LINE_STYLES: tuple[tuple[str, Any], ...] = (
    ("#0072B2", "solid"),
    ("#D55E00", (0, (5, 1.6))),
    ("#009E73", (0, (6, 1.5, 1.2, 1.5))),
    ("#CC79A7", (0, (1.4, 1.1))),
    ("#000000", (0, (9, 2))),
    ("#E69F00", (0, (5, 1.3, 1.2, 1.3, 1.2, 1.3))),
    ("#56B4E9", (0, (2.8, 1.2))),
)
TITLE, TEXT = Font(size=8.5, weight="bold"), Font(size=7)
CELL, SMALL_PRINT = Font(size=6.5), Font(size=6, color="#595959")
MARK_GREY = "#DEDEDE"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
TICK_MONTHS = (12, 24, 36, 60, 120, 240)
# Distances in millimetres.
MIN_WIDTH, RIGHT_MARGIN, BELOW_AXIS, KEY_WIDTH, GAP = 80, 6, 8.5, 8, 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A curve of a figure and how it is called there; its times are months."""

    label: str
    estimate: KaplanMeier


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeScale:
    """The plot on the page and its axis of time, in months."""

    box: Box
    ticks: tuple[int, ...]
    end: float

    def position(self, months: float) -> float:
        """Return where a time is, in millimetres from the left of the page."""
        return self.box.left + self.box.width * months / self.end


def km_figure(
    curves: Sequence[Curve],
    *,
    title: str,
    horizon_months: float,
    p_value: float | None = None,
    note: str = "",
    mark: str | None = None,
    y_label: str = "Survival (%)",
    x_label: str = "Months from diagnosis",
    width_mm: float = 160,
) -> Figure:
    """Draw Kaplan-Meier curves over a table of those at risk, with events and censored so far.

    The axis reaches the horizon or the last follow-up, whichever is later; a dotted line stands at
    the horizon. Events and censored times are counted before the time of a column, so that with
    those at risk they add up to the group.

    Args:
        curves: One to seven curves; a single one is the whole cohort.
        title: Stands above the figure.
        horizon_months: The time at which survival is reported.
        p_value: Of the log-rank test; nothing is printed where it is None.
        note: Further small print, such as why there is no p value.
        mark: Printed across the figure, such as `synthetic data`.
        y_label: What the curves estimate.
        x_label: Since when time counts.
        width_mm: Width of the figure: 90 for a column of a journal, 160 for a page.

    Raises:
        OutcomesError: If there are no or too many curves, or the width or horizon is too small.
    """
    if not 1 <= len(curves) <= len(LINE_STYLES):
        raise OutcomesError(
            f"curves: expected 1 to {len(LINE_STYLES)}, as many as can be told apart, "
            f"found {len(curves)}"
        )
    if not horizon_months > 0:
        raise OutcomesError(f"horizon_months: expected more than 0, found {horizon_months}")
    with house_style():
        page = Page(width_mm, at_least=MIN_WIDTH)
        page.paragraph(one_line(title), font=TITLE)
        page.skip(GAP)
        put_legend(page, [_legend_entry(curve) for curve in curves])
        if p_value is not None:
            page.paragraph(f"Log-rank {p_value_text(p_value)}", font=TEXT)
        page.skip(2 * GAP)
        scale = time_scale(
            page,
            largest=max(curve.estimate.n for curve in curves),
            last=max(horizon_months, *(curve.estimate.last_time for curve in curves)),
            label="Censored",
        )
        page.skip(scale.box.height + BELOW_AXIS)
        for number, curve in enumerate(curves):
            columns = [curve.estimate.counts_before(month) for month in scale.ticks]
            put_group(page, curve.label, LINE_STYLES[number][0])
            put_counts(page, scale, "At risk", [column.n_at_risk for column in columns])
            put_counts(page, scale, "Events", [column.n_events for column in columns])
            put_counts(page, scale, "Censored", [column.n_censored for column in columns])
        _put_small_print(page, curves[0].estimate, horizon_months, note)
        figure = page.finish()
        axes = page.axes(scale.box)
        if mark:
            draw_mark(axes, mark, scale.box)
        for number, curve in enumerate(curves):
            draw_band(axes, curve.estimate, LINE_STYLES[number][0], crowded=len(curves) > 2)  # noqa: PLR2004
            draw_curve(axes, curve.estimate, *LINE_STYLES[number])
        axes.axvline(horizon_months, color="#7F7F7F", linewidth=0.6, linestyle=":", zorder=1)
        dress(axes, scale, x_label=x_label, y_label=y_label)
    return figure


def p_value_text(p_value: float) -> str:
    """Write a p value for people: three decimals, `< 0.001` and `> 0.999` beyond them.

    A value just below 0.05 is not rounded up to it.
    """
    if p_value < 0.001:  # noqa: PLR2004
        return "P < 0.001"
    if round(p_value, 3) == 0.05 > p_value:  # noqa: PLR2004
        return "P < 0.05"
    return "P > 0.999" if p_value > 0.999 else f"P = {p_value:.3f}"  # noqa: PLR2004


def put_legend(page: Page, entries: Sequence[str]) -> None:
    """Name the curves above the plot, where it can cover none; in two columns where they fit."""
    half = (page.width - 2 * MARGIN) / 2
    indent = KEY_WIDTH + GAP
    in_columns = len(entries) > 1 and all(
        TEXT.width(entry) <= half - indent - GAP for entry in entries
    )
    for number, entry in enumerate(entries):
        color, dashes = LINE_STYLES[number]
        left = MARGIN + (half if in_columns and number % 2 else 0)
        page.stroke(
            left=left, width=KEY_WIDTH, font=Font(size=TEXT.size, color=color), dashes=dashes
        )
        if in_columns:
            page.text(entry, left=left + indent, font=TEXT)
            if number % 2 or number == len(entries) - 1:
                page.skip(TEXT.line_height)
        else:
            page.paragraph(entry, left=left + indent, font=TEXT)


def _legend_entry(curve: Curve) -> str:
    n, events = curve.estimate.n, curve.estimate.events
    count = f"(n = {n}, {events} event{'' if events == 1 else 's'})"
    return f"{one_line(curve.label)} {count.replace(' ', NO_BREAK_SPACE)}"


def one_line(text: str) -> str:
    """Make one line of a user's label."""
    return " ".join(text.split())


def time_scale(page: Page, *, largest: int, last: float, label: str) -> TimeScale:
    """Place the plot, with ticks as close as the numbers under them allow.

    Args:
        page: The page, where the plot begins.
        largest: The largest of those numbers.
        last: The last time to be shown, in months.
        label: The longest name of a row of numbers.
    """
    digits = CELL.width(str(largest))
    left = MARGIN + CELL.width(label) + GAP + max(digits / 2, GAP)
    width = page.width - left - RIGHT_MARGIN
    widest = max(digits, TEXT.width(f"{last:.0f}")) + 2 * GAP
    steps = [step for step in TICK_MONTHS if width * step / last > widest]
    step = steps[0] if steps else TICK_MONTHS[-1]
    end = step * math.ceil(last / step)
    height = min(max(0.55 * width, 45), 75)
    return TimeScale(
        box=Box(left=left, top=page.top, width=width, height=height),
        ticks=tuple(range(0, end + 1, step)),
        end=end,
    )


def put_group(page: Page, label: str, color: str) -> None:
    """Put down the name of a group of the table, above its rows."""
    page.skip(GAP / 2)
    page.paragraph(one_line(label), font=Font(size=CELL.size, weight="bold", color=color))


def put_counts(page: Page, scale: TimeScale, name: str, counts: Sequence[int | str]) -> None:
    """Put down one row of the table: its name, and a number or words under each tick."""
    page.text(name, left=MARGIN, font=CELL)
    for month, count in zip(scale.ticks, counts, strict=True):
        page.text(str(count), left=scale.position(month), font=CELL, align="center")
    page.skip(CELL.line_height)


def _put_small_print(page: Page, estimate: KaplanMeier, horizon_months: float, note: str) -> None:
    page.skip(GAP)
    words = (
        f"Bands: {100 * estimate.confidence:g}% confidence interval ({estimate.interval}). "
        "Ticks: censored. "
        "Events and censored: cumulative, before the time of the column. "
        f"Dotted line: {horizon_months:g}{NO_BREAK_SPACE}months. {one_line(note)}"
    )
    page.paragraph(words.rstrip(), font=SMALL_PRINT)


def draw_band(
    axes: Axes,
    estimate: KaplanMeier | LateEntryCurve,
    color: str,
    *,
    crowded: bool,
    begin: float = 0.0,
) -> None:
    """Draw the confidence band of a curve that begins at a time."""
    time = np.concatenate([[begin], estimate.time])
    # Before the first event there is no interval, and no width to draw.
    certain = estimate.survival == 1
    lower = 100 * np.concatenate([[1.0], np.where(certain, 1.0, estimate.ci_lower)])
    upper = 100 * np.concatenate([[1.0], np.where(certain, 1.0, estimate.ci_upper)])
    # A curve that ends at 0 has no interval there: the band of the step before reaches up to it.
    if np.isnan(lower[-1]):
        lower[-1], upper[-1] = lower[-2], upper[-2]
    # Several full bands over each other hide the curves; faint ones with an edge do not.
    alpha = 0.06 if crowded else 0.15
    axes.fill_between(time, lower, upper, step="post", color=color, alpha=alpha, linewidth=0)
    if crowded:
        for limit in (lower, upper):
            axes.plot(time, limit, drawstyle="steps-post", color=color, linewidth=0.4, alpha=0.45)


def draw_curve(
    axes: Axes,
    estimate: KaplanMeier | LateEntryCurve,
    color: str,
    dashes: object,
    *,
    begin: float = 0.0,
) -> None:
    """Draw a curve that begins at a time, with ticks where somebody is censored."""
    time = np.concatenate([[begin], estimate.time])
    percent = 100 * np.concatenate([[1.0], estimate.survival])
    axes.plot(
        time,
        percent,
        drawstyle="steps-post",
        color=color,
        linestyle=dashes,
        linewidth=1.3,
        clip_on=False,
        zorder=4,
    )
    censored = estimate.n_censored > 0
    axes.plot(
        estimate.time[censored],
        100 * estimate.survival[censored],
        linestyle="none",
        marker="|",
        markersize=4.5,
        markeredgewidth=0.8,
        color=color,
        clip_on=False,
        zorder=5,
    )


def dress(axes: Axes, scale: TimeScale, *, x_label: str, y_label: str) -> None:
    """Set up the axes: months along, percent up, no frame."""
    axes.set_xlim(0, scale.end)
    axes.set_ylim(0, 102)
    axes.set_xticks(scale.ticks)
    axes.set_yticks(range(0, 101, 20))
    axes.tick_params(labelsize=TEXT.size, length=2.5, pad=2)
    axes.set_xlabel(x_label, fontsize=TEXT.size, labelpad=2, parse_math=False)
    axes.set_ylabel(y_label, fontsize=TEXT.size, labelpad=2, parse_math=False)
    axes.spines[["top", "right"]].set_visible(False)


def draw_mark_behind(page: Page, mark: str, box: Box) -> None:
    """Print words across a part of a finished page, behind all that is on it."""
    axes = page.axes(box)
    axes.set_axis_off()
    axes.set_zorder(-1)
    draw_mark(axes, mark, box)


def draw_mark(axes: Axes, mark: str, box: Box, *, over: bool = False) -> None:
    """Print words across the plot, as large as it allows: behind curves, or over filled areas."""
    angle = math.atan2(box.height, box.width) * 0.7
    room = 0.8 * box.width / math.cos(angle)
    size = min(40.0, TEXT.size * room / TEXT.width(mark))
    # Over areas the words stand in a white seam. Drawn so, they leave no word in an SVG, which the
    # same text without colour does.
    seam = withStroke(linewidth=2.5, foreground="white")
    for effects, alpha in (([seam], 1.0), (None, 0.0)) if over else ((None, 1.0),):
        axes.text(
            0.5,
            0.5,
            mark,
            transform=axes.transAxes,
            rotation=math.degrees(angle),
            ha="center",
            va="center",
            fontsize=size,
            fontweight="bold",
            color="#7F7F7F" if over else MARK_GREY,
            alpha=alpha,
            path_effects=effects,
            zorder=3 if over else 0,
            parse_math=False,
        )
