"""Figures of cumulative incidence that show what competes: areas for all, two panels for groups.

Everybody is one plot of areas on top of each other, which with those free of events make 100%.
Groups are curves in two panels over one table: the event above, what competes with it below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from outcomes.errors import OutcomesError
from outcomes.figures.km import (
    BELOW_AXIS,
    GAP,
    KEY_WIDTH,
    LINE_STYLES,
    MIN_WIDTH,
    NO_BREAK_SPACE,
    SMALL_PRINT,
    TEXT,
    TITLE,
    draw_mark,
    dress,
    one_line,
    p_value_text,
    put_counts,
    put_group,
    put_legend,
    time_scale,
)
from outcomes.figures.page import MARGIN, Font, Page, house_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from outcomes.figures.km import TimeScale
    from outcomes.statistics.incidence import CauseCurve, CumulativeIncidence, IncidenceEstimate
    from outcomes.statistics.survival import Floats

# Fills that differ in lightness and in hatching, so that they stay apart in grey.
EVENT_FILL, EVENT_EDGE = "#4C8DC0", "#0B3C5D"
COMPETING_FILL, COMPETING_EDGE, COMPETING_HATCH = "#F2E3D5", "#A05A2C", "////"
MOST_BANDS = 2
# In millimetres: under the upper panel stand the ticks only.
BELOW_TICKS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidenceCurve:
    """A group of a figure and how it is called there; its times are months."""

    label: str
    estimate: CumulativeIncidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One cause: what it is called, and the p value of Gray's test, None for none."""

    label: str
    p_value: float | None = None


def incidence_figure(
    curves: Sequence[IncidenceCurve],
    *,
    title: str,
    event: Panel,
    competing: Panel,
    horizon_months: float,
    note: str = "",
    mark: str | None = None,
    x_label: str = "Months from diagnosis",
    width_mm: float = 160,
) -> Figure:
    """Draw the cumulative incidence of an event and of what competes with it.

    Args:
        curves: One to seven groups; a single one is the whole cohort.
        title: Stands above the figure.
        event: The event of interest.
        competing: What competes with it.
        horizon_months: The time at which the incidence is reported.
        note: Further small print.
        mark: Printed across the figure, such as `synthetic data`.
        x_label: Since when time counts.
        width_mm: Width of the figure: 90 for a column of a journal, 160 for a page.

    Raises:
        OutcomesError: If there are no or too many curves, or the width or horizon is too small.
    """
    _check_request(len(curves), horizon_months)
    alone = len(curves) == 1
    with house_style():
        page = Page(width_mm, at_least=MIN_WIDTH)
        page.paragraph(one_line(title), font=TITLE)
        page.skip(GAP)
        if alone:
            _put_areas_legend(page, curves[0].estimate, (event, competing), horizon_months)
            page.skip(2 * GAP)
            scales = [_scale(page, curves, horizon_months)]
            page.skip(scales[0].box.height + BELOW_AXIS)
        else:
            put_legend(page, [_legend_entry(curve) for curve in curves])
            scales = _put_panels(page, curves, (event, competing), horizon_months)
        for number, curve in enumerate(curves):
            _put_group(page, scales[0], curve, "black" if alone else LINE_STYLES[number][0])
        _put_small_print(page, curves, (event, competing), horizon_months, note)
        figure = page.finish()
        plots = [page.axes(scale.box) for scale in scales]
        for axes, scale in zip(plots, scales, strict=True):
            if mark:
                draw_mark(axes, mark, scale.box, over=alone)
            last = axes is plots[-1]
            dress(axes, scale, x_label=x_label if last else "", y_label="Incidence (%)")
            # Over the areas, which would hide it, and behind curves.
            axes.axvline(
                horizon_months,
                color="#333333" if alone else "#7F7F7F",
                linewidth=0.6,
                linestyle=":",
                zorder=2.5 if alone else 1,
            )
        if alone:
            _draw_areas(plots[0], curves[0].estimate)
        else:
            _draw_panels(plots, curves)
    return figure


def _check_request(n_curves: int, horizon_months: float) -> None:
    if not 1 <= n_curves <= len(LINE_STYLES):
        raise OutcomesError(f"curves: expected 1 to {len(LINE_STYLES)}, found {n_curves}")
    if not horizon_months > 0:
        raise OutcomesError(f"horizon_months: expected more than 0, found {horizon_months}")


def _scale(page: Page, curves: Sequence[IncidenceCurve], horizon_months: float) -> TimeScale:
    return time_scale(
        page,
        largest=max(curve.estimate.n for curve in curves),
        last=max(horizon_months, *(curve.estimate.last_time for curve in curves)),
        label="Competing",
    )


def _put_panels(
    page: Page,
    curves: Sequence[IncidenceCurve],
    panels: Sequence[Panel],
    horizon_months: float,
) -> list[TimeScale]:
    """Put down the headings of the panels, and leave room for their plots."""
    scales = []
    for number, panel in enumerate(panels):
        page.skip(2 * GAP)
        letter = "AB"[number]
        tested = "" if panel.p_value is None else f". Gray's test {p_value_text(panel.p_value)}"
        page.paragraph(f"{letter}  {one_line(panel.label)}{tested}", font=TEXT)
        page.skip(GAP)
        scale = _scale(page, curves, horizon_months)
        height = max(40.0, 0.75 * scale.box.height)
        scales.append(replace(scale, box=replace(scale.box, height=height)))
        page.skip(height + (BELOW_AXIS if panel is panels[-1] else BELOW_TICKS))
    return scales


def _legend_entry(curve: IncidenceCurve) -> str:
    estimate = curve.estimate
    count = f"(n = {estimate.n}, {_events(estimate.events)}, {estimate.competing_events} competing)"
    return f"{one_line(curve.label)} {count.replace(' ', NO_BREAK_SPACE)}"


def _events(number: int) -> str:
    return f"{number} event" if number == 1 else f"{number} events"


def _put_areas_legend(
    page: Page, estimate: CumulativeIncidence, panels: tuple[Panel, Panel], horizon_months: float
) -> None:
    at = estimate.at(horizon_months)
    entries = (
        (estimate.events, at.event, EVENT_FILL, EVENT_EDGE, ""),
        (
            estimate.competing_events,
            at.competing,
            COMPETING_FILL,
            COMPETING_EDGE,
            COMPETING_HATCH,
        ),
    )
    followed = estimate.last_time >= horizon_months
    for panel, (events, found, fill, edge, hatch) in zip(panels, entries, strict=True):
        font = Font(size=TEXT.size, color=fill)
        page.swatch(left=MARGIN, width=KEY_WIDTH, font=font, hatch=hatch, edge=edge)
        read = f"; {_read(found)} at {horizon_months:g} months" if followed else ""
        words = f"{one_line(panel.label)} ({events} of {estimate.n}{read})"
        page.paragraph(words, left=MARGIN + KEY_WIDTH + GAP, font=TEXT)


def _read(found: IncidenceEstimate) -> str:
    shown = f"{100 * found.incidence:.1f}%"
    if np.isnan(found.ci_lower):
        return shown
    return f"{shown}, {100 * found.ci_lower:.1f} to {100 * found.ci_upper:.1f},"


def _put_group(page: Page, scale: TimeScale, curve: IncidenceCurve, color: str) -> None:
    columns = [curve.estimate.counts_before(month) for month in scale.ticks]
    put_group(page, curve.label, color)
    put_counts(page, scale, "At risk", [column.n_at_risk for column in columns])
    put_counts(page, scale, "Events", [column.n_events for column in columns])
    put_counts(page, scale, "Competing", [column.n_competing for column in columns])
    put_counts(page, scale, "Censored", [column.n_censored for column in columns])


def _put_small_print(
    page: Page,
    curves: Sequence[IncidenceCurve],
    panels: tuple[Panel, Panel],
    horizon_months: float,
    note: str,
) -> None:
    event, competing = (one_line(panel.label).lower() for panel in panels)
    confidence = f"{100 * curves[0].estimate.confidence:g}% confidence interval (log-log)"
    if len(curves) == 1:
        drawn = (
            "Areas add up; what is left to 100% is free of all events. In brackets: the estimate "
            f"with its {confidence}. "
        )
    elif len(curves) <= MOST_BANDS:
        drawn = f"Bands: {confidence}. "
    else:
        drawn = ""
    page.skip(GAP)
    words = (
        f"{drawn}Aalen-Johansen estimates. Events ({event}), competing ({competing}) and "
        "censored: cumulative, before the time of the column. "
        f"Dotted line: {horizon_months:g}{NO_BREAK_SPACE}months. {one_line(note)}"
    )
    page.paragraph(words.rstrip(), font=SMALL_PRINT)


def _from_zero(values: Floats) -> Floats:
    return np.concatenate([[0.0], values])


def _draw_areas(axes: Axes, estimate: CumulativeIncidence) -> None:
    time = _from_zero(estimate.time)
    lower = 100 * _from_zero(estimate.event.incidence)
    upper = lower + 100 * _from_zero(estimate.competing.incidence)
    axes.fill_between(time, 0, lower, step="post", facecolor=EVENT_FILL, edgecolor="none", zorder=2)
    axes.fill_between(
        time,
        lower,
        upper,
        step="post",
        facecolor=COMPETING_FILL,
        edgecolor=COMPETING_EDGE,
        hatch=COMPETING_HATCH,
        linewidth=0,
        zorder=2,
    )
    for edge, color in ((lower, EVENT_EDGE), (upper, COMPETING_EDGE)):
        axes.plot(
            time, edge, drawstyle="steps-post", color=color, linewidth=1.3, clip_on=False, zorder=4
        )


def _draw_panels(plots: Sequence[Axes], curves: Sequence[IncidenceCurve]) -> None:
    for number, curve in enumerate(curves):
        times = curve.estimate.time
        for axes, cause in zip(
            plots, (curve.estimate.event, curve.estimate.competing), strict=True
        ):
            if len(curves) <= MOST_BANDS:
                _draw_band(axes, times, cause, LINE_STYLES[number][0])
            _draw_curve(axes, times, cause, number)


def _draw_band(axes: Axes, times: Floats, cause: CauseCurve, color: str) -> None:
    # Before the first event there is no interval, and no width to draw; nor is there at 1.
    lower = np.where(np.isnan(cause.ci_lower), cause.incidence, cause.ci_lower)
    upper = np.where(np.isnan(cause.ci_upper), cause.incidence, cause.ci_upper)
    axes.fill_between(
        _from_zero(times),
        100 * _from_zero(lower),
        100 * _from_zero(upper),
        step="post",
        color=color,
        alpha=0.15,
        linewidth=0,
    )


def _draw_curve(axes: Axes, times: Floats, cause: CauseCurve, number: int) -> None:
    color, dashes = LINE_STYLES[number]
    axes.plot(
        _from_zero(times),
        100 * _from_zero(cause.incidence),
        drawstyle="steps-post",
        color=color,
        linestyle=dashes,
        linewidth=1.3,
        clip_on=False,
        zorder=4,
    )
