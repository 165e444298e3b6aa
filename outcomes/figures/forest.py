"""Forest plots: hazard ratios with their intervals on a log axis, a line a level."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from outcomes.errors import OutcomesError
from outcomes.figures.km import (
    BELOW_AXIS,
    CELL,
    GAP,
    SMALL_PRINT,
    TEXT,
    TITLE,
    draw_mark_behind,
    one_line,
    p_value_text,
)
from outcomes.figures.page import MARGIN, Box, Font, Page, house_style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HEADING = Font(size=CELL.size, weight="bold")
WORDS = Font(size=CELL.size, color="#595959")
SHADE = "#24405C"
# Filled and hollow, square and diamond: they can be told apart in grey and by shape.
STYLES: tuple[Mapping[str, Any], ...] = (
    {"marker": "s", "markersize": 4.2, "color": "#0B3C5D", "markeredgewidth": 0.8},
    {
        "marker": "D",
        "markersize": 3.8,
        "color": "#B24A00",
        "markerfacecolor": "white",
        "markeredgewidth": 1.0,
    },
)
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
# In millimetres.
MIN_WIDTH, MIN_PLOT, COLUMN, INDENT = 140, 40, 10, 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A hazard ratio, with its number in the legend; None where there is no value."""

    model: int = 0
    ratio: float
    lower: float | None
    upper: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One line: a level with its patients and events.

    Attributes:
        label: The level; empty for a measure.
        n: Patients; None where they are not of a level.
        events: Events.
        estimates: The hazard ratios, one a model; none for a reference.
        words: What stands where there is no estimate: that it is the reference, or why not.
    """

    label: str
    n: int | None = None
    events: int | None = None
    estimates: tuple[Estimate, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestGroup:
    """A factor, and its levels."""

    label: str
    rows: tuple[ForestRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where the columns end, or the plot begins, in millimetres from the left of the page."""

    n: float
    events: float
    plot: Box
    ratio: float
    p_value: float

    @property
    def words(self) -> float:
        """The room for words in the place of an estimate, which never cover the plot."""
        return self.ratio - self.plot.left - self.plot.width - GAP


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A hazard ratio and how far down the page it is drawn."""

    estimate: Estimate
    height: float


def forest_figure(
    groups: Sequence[ForestGroup],
    *,
    title: str,
    models: Sequence[str],
    note: str = "",
    mark: str | None = None,
    width_mm: float = 160,
) -> Figure:
    """Draw hazard ratios, with patients, events and p values in words beside them.

    An interval that leaves the axis ends in an arrowhead; its limits stand in the text.

    Args:
        groups: The factors, one or more.
        title: Stands above the figure.
        models: What each model is called in the legend, one or two.
        note: Further small print.
        mark: Printed across the figure, such as `synthetic data`.
        width_mm: Width of the figure.

    Raises:
        OutcomesError: If there is nothing to draw, too many models or too little width.
    """
    if not any(group.rows for group in groups):
        raise OutcomesError("groups: expected at least one row, found none")
    if not 1 <= len(models) <= len(STYLES):
        raise OutcomesError(f"models: expected 1 to {len(STYLES)}, found {len(models)}")
    estimates = [e for group in groups for row in group.rows for e in row.estimates]
    with house_style():
        page = Page(width_mm, at_least=MIN_WIDTH)
        page.paragraph(one_line(title), font=TITLE)
        page.skip(GAP)
        for style, name in zip(STYLES, models, strict=False):
            page.marker(style, left=MARGIN + 1.5, font=TEXT)
            page.paragraph(one_line(name), left=MARGIN + 4, font=TEXT)
        page.skip(GAP)
        columns = _columns(page, estimates)
        _put_heads(page, columns)
        top = page.top
        placed: list[_Placed] = []
        for number, group in enumerate(groups):
            placed += _put_group(page, columns, group, shaded=number % 2 == 0)
        box = Box(
            left=columns.plot.left, top=top, width=columns.plot.width, height=page.top - top + GAP
        )
        page.skip(GAP + BELOW_AXIS)
        words = (
            "Squares and diamonds: hazard ratios against the reference level; lines: 95% "
            "confidence intervals, with an arrowhead where they leave the axis. "
            f"{one_line(note)}"
        )
        page.paragraph(words.rstrip(), font=SMALL_PRINT)
        figure = page.finish()
        axes = page.axes(box)
        if mark:
            whole = replace(box, left=MARGIN, width=page.width - 2 * MARGIN)
            draw_mark_behind(page, mark, whole)
        _dress(axes, box, axis_ticks(estimates))
        for item in placed:
            _draw(axes, item)
    return figure


def axis_ticks(estimates: Iterable[Estimate]) -> tuple[float, ...]:
    """Choose the ticks of the axis: from 0.5 to 2 at least, 0.01 to 100 at most.

    All hazard ratios lie within, and the limits of their intervals as far as a factor of 8 from
    them.
    """
    low, high = 0.5, 2.0
    for estimate in estimates:
        ratio = estimate.ratio
        lower, upper = estimate.lower or ratio / 8, estimate.upper or ratio * 8
        low = min(low, max(lower, ratio / 8))
        high = max(high, min(upper, ratio * 8))
    first = max((tick for tick in TICKS if tick <= low), default=TICKS[0])
    last = min((tick for tick in TICKS if tick >= high), default=TICKS[-1])
    return tuple(tick for tick in TICKS if first <= tick <= last)


def ratio_text(value: float | None) -> str:
    """Write a ratio for people: three digits or so, `<0.01` and `>999` beyond them."""
    if value is None:
        return "not found"
    if value < 0.01:  # noqa: PLR2004
        return "<0.01"
    if value >= 999.5:  # noqa: PLR2004
        return ">999"
    for digits, limit in ((2, 9.995), (1, 99.95)):
        if value < limit:
            return f"{value:.{digits}f}"
    return f"{value:.0f}"


def estimate_text(estimate: Estimate) -> str:
    """Write a hazard ratio with its interval."""
    if estimate.lower is None and estimate.upper is None:
        return ratio_text(estimate.ratio)
    interval = f"{ratio_text(estimate.lower)} to {ratio_text(estimate.upper)}"
    return f"{ratio_text(estimate.ratio)} ({interval})"


def _p_text(p_value: float | None) -> str:
    return "" if p_value is None else p_value_text(p_value).removeprefix("P ").removeprefix("= ")


def _columns(page: Page, estimates: Sequence[Estimate]) -> _Columns:
    right = page.width - MARGIN
    ratios = ["Hazard ratio (95% CI)", *map(estimate_text, estimates)]
    widest_p = max(CELL.width(_p_text(e.p_value)) for e in estimates) if estimates else 0.0
    ratio = right - max(widest_p, HEADING.width("P")) - 2 * GAP
    plot_right = ratio - max(HEADING.width(text) for text in ratios) - 3 * GAP
    plot_left = max(MARGIN + 66.0, plot_right - 62.0)
    plot_left = min(plot_left, plot_right - MIN_PLOT)
    events = plot_left - 3 * GAP
    return _Columns(
        n=events - COLUMN - GAP,
        events=events,
        plot=Box(left=plot_left, top=page.top, width=plot_right - plot_left, height=0),
        ratio=ratio,
        p_value=right,
    )


def _put_heads(page: Page, columns: _Columns) -> None:
    for words, right in (
        ("n", columns.n),
        ("Events", columns.events),
        ("Hazard ratio (95% CI)", columns.ratio),
        ("P", columns.p_value),
    ):
        page.text(words, left=right, font=HEADING, align="right")
    page.skip(CELL.line_height + GAP / 2)


def _put_group(page: Page, columns: _Columns, group: ForestGroup, *, shaded: bool) -> list[_Placed]:
    """Put down a factor and its levels; return what is to be drawn, where."""
    top = page.top
    page.skip(GAP / 2)
    room = columns.plot.left - GAP - MARGIN
    for line in HEADING.wrap(one_line(group.label), room):
        page.text(line, left=MARGIN, font=HEADING)
        page.skip(CELL.line_height)
    placed: list[_Placed] = []
    for row in group.rows:
        placed += _put_row(page, columns, row)
    page.skip(GAP / 2)
    if shaded:
        page.shade(top=top, height=page.top - top, color=SHADE)
    return placed


def _put_row(page: Page, columns: _Columns, row: ForestRow) -> list[_Placed]:
    label = MARGIN + INDENT
    labels = CELL.wrap(one_line(row.label), columns.n - CELL.width("0000") - GAP - label)
    beside = WORDS.wrap(one_line(row.words), columns.words) if row.words else []
    placed: list[_Placed] = []
    if row.n is not None:
        page.text(str(row.n), left=columns.n, font=CELL, align="right")
        page.text(str(row.events), left=columns.events, font=CELL, align="right")
    for number in range(max(len(row.estimates) + len(beside), len(labels))):
        if number < len(labels):
            page.text(labels[number], left=label, font=CELL)
        if number < len(row.estimates):
            estimate = row.estimates[number]
            placed.append(_Placed(estimate=estimate, height=page.top + CELL.line_height / 2))
            page.text(estimate_text(estimate), left=columns.ratio, font=CELL, align="right")
            page.text(_p_text(estimate.p_value), left=columns.p_value, font=CELL, align="right")
        elif number < len(row.estimates) + len(beside):
            words = beside[number - len(row.estimates)]
            page.text(words, left=columns.ratio, font=WORDS, align="right")
        page.skip(CELL.line_height)
    return placed


def _spaced(ticks: Sequence[float], width: float) -> list[float]:
    """Leave out ticks between powers of ten where the labels would touch."""
    length = math.log(ticks[-1] / ticks[0])
    for shown in (list(ticks), [t for t in ticks if t in {0.01, 0.1, 0.5, 1, 2, 10, 100}]):
        if all(
            math.log(b / a) / length * width
            > (TEXT.width(f"{a:g}") + TEXT.width(f"{b:g}")) / 2 + GAP / 2
            for a, b in pairwise(shown)
        ):
            return shown
    return [tick for tick in ticks if math.log10(tick).is_integer()]


def _dress(axes: Axes, box: Box, ticks: Sequence[float]) -> None:
    axes.set_facecolor("none")
    axes.set_xlim(math.log(ticks[0]), math.log(ticks[-1]))
    # Heights are millimetres from the top of the page.
    axes.set_ylim(box.top + box.height, box.top)
    shown = _spaced(ticks, box.width)
    axes.set_xticks([math.log(tick) for tick in shown], [f"{tick:g}" for tick in shown])
    axes.set_yticks([])
    axes.tick_params(labelsize=TEXT.size, length=2.5, pad=2)
    axes.set_xlabel("Hazard ratio (log scale)", fontsize=TEXT.size, labelpad=2, parse_math=False)
    axes.spines[["top", "left", "right"]].set_visible(False)
    axes.axvline(0, color="#595959", linewidth=0.7, zorder=1)


def _draw(axes: Axes, placed: _Placed) -> None:
    estimate, height = placed.estimate, placed.height
    style = STYLES[estimate.model]
    left, right = axes.get_xlim()
    middle = math.log(estimate.ratio) if estimate.ratio > 0 else -math.inf
    lower = middle if estimate.lower is None else _log(estimate.lower)
    upper = middle if estimate.upper is None else _log(estimate.upper)
    color = style["color"]
    axes.plot(
        [max(lower, left), min(upper, right)], [height] * 2, color=color, linewidth=0.9, zorder=3
    )
    for leaves, edge, marker in ((lower < left, left, "<"), (upper > right, right, ">")):
        if leaves:
            axes.plot(
                [edge],
                [height],
                linestyle="none",
                marker=marker,
                markersize=3.6,
                color=color,
                markeredgewidth=0,
                clip_on=False,
                zorder=3,
            )
    if left <= middle <= right:
        axes.plot([middle], [height], linestyle="none", zorder=4, **style)


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf
