"""The picture of a call: the fused transcript and the reads that show it.

What is before the join is dark and what is behind it light, so that a copy in grey reads the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matplotlib.patches import Polygon, Rectangle

from fusion_caller.reads.pileup import shown_of
from outcomes.figures.page import MARGIN, Box, Font, Page, house_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fusion_caller.reads.fused_contig import Contig, Feature
    from fusion_caller.reads.pileup import Pileup, Placed, PlacedFragment

MOST_SHOWN = 40

_TITLE, _TEXT, _SMALL = Font(size=10, weight="bold"), Font(size=7.5), Font(size=6.5)
_LETTER, _MISMATCH = Font(size=7, weight="bold"), Font(size=4.8, weight="bold")
_BEFORE, _BEHIND, _NEITHER, _INK = "#0B5FA5", "#F2B58B", "#FFFFFF", "#1B2430"
_ON_BEFORE, _ON_BEHIND = "#FFFFFF", "#1B2430"
_BASES = {"A": "#00662F", "C": "#0B3FA5", "G": "#6B4200", "T": "#B00020"}
# Millimetres: the width of the page, of its right edge for the number of copies, and heights.
_WIDTH, _COPIES = 180.0, 8.0
_NAME, _EXON, _AXIS, _FUNNEL, _STRIP, _ROW, _BAR, _TIP = 4.0, 5.0, 5.0, 5.0, 4.6, 3.1, 1.25, 1.1
_PITCH, _LETTERS = 2.05, 40
_TICKS = (10, 20, 50, 100, 200, 500)
_LEAST_BETWEEN_TICKS = 15.0


def evidence_figure(pileup: Pileup) -> Figure:
    """Draw a call: genes with exons, the bases at the join, a row for each distinct fragment.

    Of more fragments than can be told apart some are drawn, evenly from the first to the last, and
    the rest is counted.

    Returns:
        The figure, 180 mm wide; as tall as it has rows.
    """
    shown = shown_of(pileup.distinct, MOST_SHOWN)
    above = _NAME + _EXON + _AXIS + _FUNNEL + _STRIP + 3
    with house_style():
        page = Page(_WIDTH)
        page.paragraph(_title(pileup), font=_TITLE)
        page.paragraph(_counted(pileup, shown), font=_TEXT)
        page.skip(2)
        box = Box(
            left=MARGIN,
            top=page.top,
            width=_WIDTH - 2 * MARGIN,
            height=above + _ROW * len(shown),
        )
        page.skip(box.height + 2)
        page.paragraph(_key(pileup), font=_SMALL)
        figure = page.finish()
        axes = page.axes(box)
        axes.set(xlim=(0, box.width), ylim=(box.height, 0))
        axes.set_axis_off()
        _Drawing(axes, pileup.contig, _scale(pileup.contig, shown, box.width), box).draw(
            shown, above
        )
    return figure


def caption_of(pileup: Pileup) -> str:
    """What the picture shows, as a sentence."""
    return _counted(pileup, shown_of(pileup.distinct, MOST_SHOWN))


def _title(pileup: Pileup) -> str:
    return f"{pileup.contig.label} ({pileup.confidence} confidence)"


def _counted(pileup: Pileup, shown: Sequence[PlacedFragment]) -> str:
    distinct = pileup.distinct
    across = sum(fragment.across for fragment in distinct)
    copies = len(pileup.fragments) - len(distinct)
    said = f"{across} distinct fragments across the join, {len(distinct) - across} around it"
    if across == 1:
        said = said.replace("fragments", "fragment")
    if copies:
        said += f", and {copies} copies of them"
    if len(shown) < len(distinct):
        said += f"; {len(shown)} are drawn, {len(distinct) - len(shown)} are not"
    return f"{said}. Exons by {' and '.join(pileup.contig.transcripts)}."


def _key(pileup: Pileup) -> str:
    before, behind = _sides(pileup.contig)
    return (
        f"A bar is a read, its tip the end that was read last. Dark: before the join ({before}); "
        f"light: behind it ({behind}). A thin line joins the reads of a fragment; where they "
        "overlap, one is above the other. Hollow: bases that do not fit here. A letter: a base "
        "that differs. \u00d72: so many copies of the fragment, drawn once."
    )


def _sides(contig: Contig) -> tuple[str, str]:
    named = [part for part in contig.features if part.gene]
    return _gene(named[0]), _gene(named[-1])


def _gene(part: Feature) -> str:
    return part.gene if part.gene != "?" else "gene not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """From bases of the contig to millimetres of the drawing."""

    low: int
    high: int
    mm: float

    def x(self, base: float) -> float:
        return (min(max(base, self.low), self.high) - self.low) * self.mm


def _scale(contig: Contig, shown: Sequence[PlacedFragment], width: float) -> _Scale:
    reads = [read for fragment in shown for read in fragment.on_contig]
    low = max(0, min(contig.join - _LETTERS, *(read.start for read in reads)) - 10)
    high = max(contig.join + _LETTERS, *(read.end for read in reads)) + 10
    high = min(high, len(contig.sequence))
    return _Scale(low=low, high=high, mm=(width - _COPIES) / (high - low))


class _Drawing:
    """Draws in millimetres from the top left corner of its axes."""

    def __init__(self, axes: Axes, contig: Contig, scale: _Scale, box: Box) -> None:
        self._axes = axes
        self._contig = contig
        self._scale = scale
        self._box = box

    def draw(self, shown: Sequence[PlacedFragment], above: float) -> None:
        join = self._scale.x(self._contig.join)
        self._genes()
        self._ticks(_NAME + _EXON)
        self._bases(_NAME + _EXON + _AXIS)
        self._line([join, join], [above - 2, self._box.height], width=0.7, dashes=(0, (4, 2)))
        for number, fragment in enumerate(shown):
            self._fragment(fragment, above + (number + 0.5) * _ROW)

    def _genes(self) -> None:
        named: dict[str, list[Feature]] = {}
        for part in self._contig.features:
            if part.end <= self._scale.low or part.start >= self._scale.high:
                continue
            fill, ink = self._colours(part.start, neither=not part.gene)
            left, right = self._scale.x(part.start), self._scale.x(part.end)
            self._box_of(left, right, _NAME, _EXON, fill=fill)
            font = replace(_TEXT, color=ink)
            if font.width(part.label) < right - left - 1:
                self._text((left + right) / 2, _NAME + _EXON / 2, part.label, font)
            if part.gene:
                side = "behind" if part.start >= self._contig.join else "before"
                named.setdefault(f"{side} {part.gene}", []).append(part)
        for parts in named.values():
            middle = (self._scale.x(parts[0].start) + self._scale.x(parts[-1].end)) / 2
            self._text(middle, _NAME / 2, _gene(parts[0]), replace(_TEXT, weight="bold"))

    def _colours(self, base: int, *, neither: bool = False) -> tuple[str, str]:
        """Of a box and of the letters in it."""
        if neither:
            return _NEITHER, _INK
        before = base < self._contig.join
        return (_BEFORE, _ON_BEFORE) if before else (_BEHIND, _ON_BEHIND)

    def _ticks(self, top: float) -> None:
        """Bases before the join and behind it."""
        step = next((n for n in _TICKS if n * self._scale.mm >= _LEAST_BETWEEN_TICKS), _TICKS[-1])
        join = self._contig.join
        first = -((join - self._scale.low) // step) * step
        for away in range(first, self._scale.high - join + 1, step):
            x = self._scale.x(join + away)
            self._line([x, x], [top, top + 1])
            if away:
                self._text(x, top + 2.8, f"{away:+d}".replace("-", "\u2212"), _SMALL)

    def _bases(self, top: float) -> None:
        """The sequence at the join, widened from where it stands among the exons."""
        contig, scale = self._contig, self._scale
        join = scale.x(contig.join)
        n_before = min(_LETTERS, contig.join)
        n_behind = min(_LETTERS, len(contig.sequence) - contig.join)
        # The letters stand under the join where there is room for all.
        centre = min(max(join, n_before * _PITCH), self._box.width - n_behind * _PITCH)
        strip = top + _FUNNEL
        for away in (-n_before, 0, n_behind):
            dashes = (0, (4, 2)) if away == 0 else "-"
            foot = centre + away * _PITCH
            head = scale.x(contig.join + away)
            self._line([head, head, foot], [top - _AXIS, top, strip], width=0.5, dashes=dashes)
        for part in contig.features:
            start = max(part.start - contig.join, -n_before)
            end = min(part.end - contig.join, n_behind)
            if start >= end:
                continue
            fill, ink = self._colours(part.start, neither=not part.gene)
            left, right = (centre + at * _PITCH for at in (start, end))
            self._box_of(left, right, strip, _STRIP, fill=fill)
            for at in range(start, end):
                letter = chr(contig.sequence[contig.join + at])
                middle = centre + (at + 0.5) * _PITCH
                self._text(middle, strip + _STRIP / 2, letter, replace(_LETTER, color=ink))

    def _fragment(self, fragment: PlacedFragment, middle: float) -> None:
        reads = fragment.on_contig
        lanes = [middle] * len(reads)
        if len(reads) > 1:
            left, right = reads
            if right.start < left.end:
                lanes = [middle - _BAR / 2, middle + _BAR / 2]
            else:
                ends = [self._scale.x(left.end), self._scale.x(right.start)]
                self._line(ends, [middle] * 2, width=0.5)
        for read, lane in zip(reads, lanes, strict=True):
            self._read(read, lane)
        if fragment.copies > 1:
            right_edge = self._box.width - _COPIES / 2
            self._text(right_edge, middle, f"\u00d7{fragment.copies}", _SMALL)

    def _read(self, read: Placed, middle: float) -> None:
        before, behind = read.clipped
        for start, end in ((read.start - before, read.start), (read.end, read.end + behind)):
            if self._scale.x(start) < self._scale.x(end):
                left, right = self._scale.x(start), self._scale.x(end)
                self._box_of(left, right, middle - _BAR / 3, _BAR * 2 / 3, fill=_NEITHER, line=0.4)
        join = self._contig.join
        for start, end in ((read.start, min(read.end, join)), (max(read.start, join), read.end)):
            if start < end:
                last = start == read.start if read.reverse else end == read.end
                self._part(start, end, middle, reverse=read.reverse, tip=last)
        for at, base in read.mismatches(self._contig.sequence):
            x = self._scale.x(at + 0.5)
            self._box_of(x - 0.65, x + 0.65, middle - _BAR / 2, _BAR, fill="white", line=0)
            font = replace(_MISMATCH, color=_BASES.get(base, _INK))
            self._text(x, middle, base, font)

    def _part(self, start: int, end: int, middle: float, *, reverse: bool, tip: bool) -> None:
        left, right = self._scale.x(start), self._scale.x(end)
        point = min(_TIP, right - left) if tip else 0
        top, bottom = middle - _BAR / 2, middle + _BAR / 2
        if reverse:
            inner = left + point
            corners = [(right, top), (inner, top), (left, middle), (inner, bottom), (right, bottom)]
        else:
            inner = right - point
            corners = [(left, top), (inner, top), (right, middle), (inner, bottom), (left, bottom)]
        if not tip:
            corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        fill, edge = self._colours(start)
        self._axes.add_patch(
            Polygon(corners, closed=True, facecolor=fill, edgecolor=edge, linewidth=0.3)
        )

    def _box_of(
        self, left: float, right: float, top: float, height: float, *, fill: str, line: float = 0.5
    ) -> None:
        self._axes.add_patch(
            Rectangle(
                (left, top), right - left, height, facecolor=fill, edgecolor=_INK, linewidth=line
            )
        )

    def _line(
        self, x: Sequence[float], y: Sequence[float], *, width: float = 0.6, dashes: object = "-"
    ) -> None:
        self._axes.plot(x, y, color=_INK, linewidth=width, linestyle=dashes)

    def _text(self, x: float, y: float, words: str, font: Font) -> None:
        self._axes.text(
            x,
            y,
            words,
            fontsize=font.size,
            fontweight=font.weight,
            color=font.color,
            ha="center",
            va="center_baseline",
            parse_math=False,
        )
