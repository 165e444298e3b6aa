"""MRD at each time point: a dot a patient on a log scale, lines from one time point to the next."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.collections import LineCollection

from outcomes.errors import OutcomesError
from outcomes.figures.km import (
    CELL,
    GAP,
    RIGHT_MARGIN,
    SMALL_PRINT,
    TEXT,
    TITLE,
    draw_mark_behind,
    one_line,
)
from outcomes.figures.page import MARGIN, Box, Font, Page, house_style
from outcomes.mrd import TIME_POINTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from outcomes.mrd import Level, Mrd, MrdPatient

MIN_WIDTH, PLOT_HEIGHT, BELOW_TICKS = 100, 62, 7.5
# Half of the room that a time point has for dots of the same height, its distance to the next
# being 1.
SPREAD = 0.36
LOWEST, HIGHEST = -2, 1  # powers of ten that are always shown: 0.01% to 10%
FEW = 60  # patients of a group whose dots have room to be large
STYLES: Mapping[bool | None, tuple[str, Mapping[str, Any]]] = {
    True: ("with an event", {"marker": "o", "color": "#B24A00", "markerfacecolor": "#D55E00"}),
    False: ("without one", {"marker": "o", "color": "#0072B2", "markerfacecolor": "white"}),
    None: ("not in its analysis", {"marker": "x", "color": "#595959"}),
}
"""How a patient is drawn by whether the event of the endpoint came."""


CELL_BOLD = Font(size=CELL.size, weight="bold")
_ROWS = (
    "FCM: with a result",
    "not detected",
    "missing",
    "PCR: positive",
    "negative",
    "missing ",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """Where a patient is drawn at one time point: beside its middle, and how high."""

    beside: float
    height: float


def mrd_figure(mrd: Mrd, *, title: str, mark: str | None = None, width_mm: float = 160) -> Figure:
    """Draw MRD by flow cytometry at every time point, group beside group, over a table of counts.

    What is not detected stands on a shelf below the scale. PCR stands in the table.

    Args:
        mrd: The results; somebody has one.
        title: Stands above the figure.
        mark: Printed across the figure, such as `synthetic data`.
        width_mm: Width of the figure.

    Raises:
        OutcomesError: If nobody has a result, or the width is too small.
    """
    if not mrd.measured:
        raise OutcomesError("mrd: expected a result of flow cytometry, found none")
    with house_style():
        page = Page(width_mm, at_least=MIN_WIDTH)
        page.paragraph(one_line(title), font=TITLE)
        page.skip(GAP)
        _put_legend(page, mrd)
        page.skip(GAP)
        left = MARGIN + max(CELL.width(name) for name in _ROWS) + 3 * GAP
        gap = 2 * GAP
        each = (page.width - left - RIGHT_MARGIN + gap) / len(mrd.groups) - gap
        lefts = [left + number * (each + gap) for number in range(len(mrd.groups))]
        heads = [CELL_BOLD.wrap(one_line(group), each + gap / 2) for group in mrd.groups]
        top = page.top
        for lines, begin in zip(heads, lefts, strict=True):
            page.top = top
            for line in lines:
                page.text(line, left=begin + each / 2, font=CELL_BOLD, align="center")
                page.skip(CELL.line_height)
        page.top = top + max(map(len, heads)) * CELL.line_height + GAP
        boxes = [Box(left=x, top=page.top, width=each, height=PLOT_HEIGHT) for x in lefts]
        page.skip(PLOT_HEIGHT + BELOW_TICKS)
        _put_counts(page, mrd, boxes)
        _put_small_print(page, mrd)
        figure = page.finish()
        if mark:
            width = page.width - left - RIGHT_MARGIN
            whole = Box(left=left, top=boxes[0].top, width=width, height=PLOT_HEIGHT)
            draw_mark_behind(page, mark, whole)
        shelf = _shelf(mrd)
        for number, (group, box) in enumerate(zip(mrd.groups, boxes, strict=True)):
            axes = page.axes(box)
            _dress(axes, mrd, box, first=number == 0)
            # Those with an event together, so that they and their lines can be followed.
            inside = sorted((p for p in mrd.patients if p.group == group), key=_without_event)
            _draw(axes, inside, shelf)
    return figure


def dots(levels: Sequence[Level | None], shelf: float) -> list[Dot | None]:
    """Place the results of one group at one time point, those of the same height side by side.

    Args:
        levels: The results, None where missing.
        shelf: The height of what is not detected, a power of ten as all heights.
    """
    heights = [
        None if level is None else math.log10(level.percent) if level.detected else shelf
        for level in levels
    ]
    # Dots nearer to each other than this would cover each other.
    bins = [None if height is None else round(height * 15) for height in heights]
    total, seen = Counter(bins), Counter[int | None]()
    placed: list[Dot | None] = []
    for height, near in zip(heights, bins, strict=True):
        if height is None:
            placed.append(None)
            continue
        number = total[near]
        step = min(0.09, 2 * SPREAD / max(1, number - 1))
        placed.append(Dot(beside=(seen[near] - (number - 1) / 2) * step, height=height))
        seen[near] += 1
    return placed


def _without_event(patient: MrdPatient) -> bool:
    return not patient.event


def _powers(mrd: Mrd) -> range:
    """The powers of ten that the scale shows: all numbers lie within."""
    heights = [
        math.log10(level.percent)
        for patient in mrd.patients
        for level in patient.fcm
        if level and level.detected
    ]
    lowest, highest = min((*heights, LOWEST)), max((*heights, HIGHEST))
    return range(math.floor(lowest), math.ceil(highest) + 1)


def _shelf(mrd: Mrd) -> float:
    """The height of what is not detected: below every number."""
    return _powers(mrd)[0] - 0.6


def shelf_label(mrd: Mrd) -> str:
    """What the shelf is called: the detection limit, where there is one only."""
    zeros = any(
        level is not None and level.limit is None and level.percent == 0
        for patient in mrd.patients
        for level in patient.fcm
    )
    if len(mrd.limits) == 1 and not zeros:
        return f"<{mrd.limits[0]:g}"
    return "below limit"


def _put_legend(page: Page, mrd: Mrd) -> None:
    counts = Counter(patient.event for patient in mrd.patients if any(patient.fcm))
    endpoint = one_line(mrd.endpoint_label)
    page.text(f"{endpoint}:", left=MARGIN, font=TEXT)
    left = MARGIN + TEXT.width(f"{endpoint}:") + 2 * GAP
    for event, (meaning, style) in STYLES.items():
        if counts[event]:
            words = f"{meaning} ({counts[event]})"
            if left + 4 + TEXT.width(words) > page.width - MARGIN:
                page.skip(TEXT.line_height)
                left = MARGIN + 2 * GAP
            page.marker({"markersize": 3.6, **style}, left=left + 1, font=TEXT)
            page.text(words, left=left + 3.5, font=TEXT)
            left += 3.5 + TEXT.width(words) + 3 * GAP
    page.skip(TEXT.line_height)


def _put_counts(page: Page, mrd: Mrd, boxes: Sequence[Box]) -> None:
    tables = [_counts([p for p in mrd.patients if p.group == group]) for group in mrd.groups]
    for row, name in enumerate(_ROWS):
        if row == 3:  # noqa: PLR2004 - PCR begins
            page.skip(GAP / 2)
        page.text(name.strip(), left=MARGIN + (0 if ":" in name else 2 * GAP), font=CELL)
        for table, box in zip(tables, boxes, strict=True):
            for point in range(len(TIME_POINTS)):
                page.text(
                    str(table[point][row]),
                    left=box.left + box.width * _across(point),
                    font=CELL,
                    align="center",
                )
        page.skip(CELL.line_height)


def _counts(patients: Sequence[MrdPatient]) -> list[tuple[int, ...]]:
    """The numbers of one group under each time point, in the order of `_ROWS`."""
    found: list[tuple[int, ...]] = []
    for point in range(len(TIME_POINTS)):
        levels = [level for patient in patients if (level := patient.fcm[point]) is not None]
        pcr = [result for patient in patients if (result := patient.pcr[point])]
        found.append(
            (
                len(levels),
                sum(not level.detected for level in levels),
                len(patients) - len(levels),
                pcr.count("positive"),
                pcr.count("negative"),
                len(patients) - len(pcr),
            )
        )
    return found


def _put_small_print(page: Page, mrd: Mrd) -> None:
    days = ", ".join(f"{point.name} on day {point.day}" for point in TIME_POINTS)
    parts = [
        f"Dots: patients, by flow cytometry (FCM), {days}; lines join a patient's time points."
    ]
    if mrd.cuts:
        parts.append(f"Dashed: cut-points at {' and '.join(f'{cut:g}%' for cut in mrd.cuts)}.")
    if shelf_label(mrd) == "below limit":
        limits = [f"<{limit:g}%" for limit in mrd.limits]
        listed = " or ".join((*limits, *([] if limits else ["0"])))
        parts.append(f"Below limit: reported as {listed}{' or 0' if limits else ''}.")
    page.skip(GAP)
    page.paragraph(" ".join(parts), font=SMALL_PRINT)


def _across(point: int) -> float:
    """Where a time point is, as a fraction of a plot's width."""
    return (point + 0.5) / len(TIME_POINTS)


def _dress(axes: Axes, mrd: Mrd, box: Box, *, first: bool) -> None:
    shelf = _shelf(mrd)
    axes.set_facecolor("none")
    axes.set_xlim(-0.5, len(TIME_POINTS) - 0.5)
    powers = _powers(mrd)
    axes.set_ylim(shelf - 0.4, powers[-1] + 0.08)
    axes.axhspan(shelf - 0.4, shelf + 0.3, facecolor="#EDEDED", linewidth=0, zorder=0.5)
    for cut in mrd.cuts:
        axes.axhline(
            math.log10(cut), color="#595959", linewidth=0.6, linestyle=(0, (4, 2)), zorder=1
        )
    days = [f"day {point.day}" for point in TIME_POINTS]
    # Where there is no room for the days, they stand in the small print alone.
    roomy = max(map(CELL.width, days)) + GAP < box.width / len(TIME_POINTS)
    names = [
        f"{point.name}\n{day}" if roomy else point.name
        for point, day in zip(TIME_POINTS, days, strict=True)
    ]
    axes.set_xticks(range(len(TIME_POINTS)), names)
    axes.set_yticks([shelf, *powers], [shelf_label(mrd), *(f"{10.0**power:g}" for power in powers)])
    axes.tick_params(labelsize=CELL.size, length=2.5, pad=2, labelleft=first)
    axes.spines[["top", "right"]].set_visible(False)
    if first:
        axes.set_ylabel("MRD (%, log scale)", fontsize=TEXT.size, labelpad=2, parse_math=False)


def _draw(axes: Axes, patients: Sequence[MrdPatient], shelf: float) -> None:
    at = [
        dots([patient.fcm[point] for patient in patients], shelf)
        for point in range(len(TIME_POINTS))
    ]
    paths = [
        [
            (point + dot.beside, dot.height)
            for point, placed in enumerate(at)
            if (dot := placed[number]) is not None
        ]
        for number in range(len(patients))
    ]
    joined = [path for path in paths if len(path) > 1]
    axes.add_collection(LineCollection(joined, colors="#8A8A8A", linewidths=0.5, zorder=2))
    size = 3.4 if len(patients) <= FEW else 2.2
    for event, (_, style) in STYLES.items():
        places = [
            place
            for patient, path in zip(patients, paths, strict=True)
            if patient.event is event
            for place in path
        ]
        if places:
            across, heights = zip(*places, strict=True)
            axes.plot(
                across,
                heights,
                linestyle="none",
                markersize=size,
                markeredgewidth=0.8,
                zorder=4,
                **style,
            )
