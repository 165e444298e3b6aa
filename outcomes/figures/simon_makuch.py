"""Simon-Makuch figures: survival before and after an exposure, patients moving between the curves.

They look like those of `km`, whose parts they are made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outcomes.clinical.dictionary import day_of
from outcomes.errors import OutcomesError
from outcomes.figures.km import (
    BELOW_AXIS,
    GAP,
    LINE_STYLES,
    MIN_WIDTH,
    NO_BREAK_SPACE,
    SMALL_PRINT,
    TEXT,
    TITLE,
    draw_band,
    draw_curve,
    draw_mark,
    dress,
    one_line,
    p_value_text,
    put_counts,
    put_group,
    put_legend,
    time_scale,
)
from outcomes.figures.page import Page, house_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from outcomes.figures.km import TimeScale
    from outcomes.statistics.simon_makuch import LateEntryCurve


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A curve of the figure and how it is called there; its times are months."""

    label: str
    estimate: LateEntryCurve


def simon_makuch_figure(
    unexposed: Group,
    exposed: Group,
    *,
    title: str,
    switched: str,
    horizon_months: float,
    p_value: float | None = None,
    note: str = "",
    mark: str | None = None,
    y_label: str = "Survival (%)",
    x_label: str = "Months from diagnosis",
    width_mm: float = 160,
) -> Figure:
    """Draw both curves over a table of those at risk, with events, censored and exposed so far.

    A curve is drawn from where it begins. Numbers are counted before the time of a column, so that
    those of the unexposed add up to its patients, and those at risk, with events and censored of
    the exposed to the exposed so far.

    Args:
        unexposed: The time before the exposure.
        exposed: The time after it.
        title: Stands above the figure.
        switched: Heading of those who were exposed so far, such as `Transplanted`.
        horizon_months: The time at which survival is reported.
        p_value: Of the Mantel-Byar test; nothing is printed where it is None.
        note: Further small print.
        mark: Printed across the figure, such as `synthetic data`.
        y_label: What the curves estimate.
        x_label: From when time counts.
        width_mm: Width of the figure: 90 for a column of a journal, 160 for a page.

    Raises:
        OutcomesError: If the width or horizon is too small.
    """
    if not horizon_months > 0:
        raise OutcomesError(f"horizon_months: expected more than 0, found {horizon_months}")
    groups = (unexposed, exposed)
    with house_style():
        page = Page(width_mm, at_least=MIN_WIDTH)
        page.paragraph(one_line(title), font=TITLE)
        page.skip(GAP)
        put_legend(page, [_legend_entry(group) for group in groups])
        if p_value is not None:
            page.paragraph(f"Mantel-Byar {p_value_text(p_value)}", font=TEXT)
        page.skip(2 * GAP)
        scale = time_scale(
            page,
            largest=max(group.estimate.n for group in groups),
            last=max(horizon_months, *(group.estimate.last_time for group in groups)),
            label=max("Censored", switched, key=len),
        )
        page.skip(scale.box.height + BELOW_AXIS)
        for number, group in enumerate(groups):
            put_group(page, group.label, LINE_STYLES[number][0])
            _put_group_counts(page, scale, group.estimate, "" if number else switched)
        _put_small_print(page, groups, horizon_months, note)
        figure = page.finish()
        axes = page.axes(scale.box)
        if mark:
            draw_mark(axes, mark, scale.box)
        for number, group in enumerate(groups):
            color, dashes = LINE_STYLES[number]
            begin = group.estimate.begin
            draw_band(axes, group.estimate, color, crowded=False, begin=begin)
            draw_curve(axes, group.estimate, color, dashes, begin=begin)
        axes.axvline(horizon_months, color="#7F7F7F", linewidth=0.6, linestyle=":", zorder=1)
        dress(axes, scale, x_label=x_label, y_label=y_label)
    return figure


def _legend_entry(group: Group) -> str:
    n, events = group.estimate.n, group.estimate.events
    count = f"(n = {n}, {events} event{'' if events == 1 else 's'})"
    return f"{one_line(group.label)} {count.replace(' ', NO_BREAK_SPACE)}"


def _put_group_counts(
    page: Page, scale: TimeScale, estimate: LateEntryCurve, switched: str
) -> None:
    names = ("At risk", "Events", "Censored", *([switched] if switched else []))
    columns: list[tuple[int | str, ...]] = []
    for month in scale.ticks:
        counts = estimate.counts_before(month)
        of_month = (counts.n_at_risk, counts.n_events, counts.n_censored, counts.n_switched)
        # Before a curve begins there is nothing to count.
        columns.append(of_month if month >= estimate.begin else ("",) * len(of_month))
    for name, row in zip(names, zip(*columns, strict=True), strict=False):
        put_counts(page, scale, name, row)


def _put_small_print(page: Page, groups: Sequence[Group], horizon_months: float, note: str) -> None:
    page.skip(GAP)
    first, second = groups
    words = (
        "Simon-Makuch estimates: everybody counts in the first group until the exposure and in "
        f"the second after it. The second curve begins on day {day_of(second.estimate.begin)}. "
        f"Bands: {100 * first.estimate.confidence:g}% confidence interval "
        f"({first.estimate.interval}). Ticks: censored. Events and others: cumulative, before the "
        f"time of the column. Dotted line: {horizon_months:g}{NO_BREAK_SPACE}months. "
        f"{one_line(note)}"
    )
    page.paragraph(words.rstrip(), font=SMALL_PRINT)
