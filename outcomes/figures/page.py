"""The sheet a figure is laid out on, in millimetres from its top left corner.

matplotlib thinks in fractions of the figure; text and tables need distances that do not depend on
how tall the figure turns out. A page is filled from the top and its height fixed at the end.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

from outcomes.errors import OutcomesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matplotlib.axes import Axes
    from matplotlib.typing import RcKeyType

MM_PER_INCH = 25.4
MM_PER_POINT = MM_PER_INCH / 72
LINE_SPACING = 1.35
MARGIN = 2.5
FONT = "DejaVu Sans"  # comes with matplotlib, so that figures do not depend on the machine
STYLE: dict[RcKeyType, Any] = {
    "font.family": FONT,
    "svg.fonttype": "path",
    "svg.hashsalt": "kmt2a",
    "axes.linewidth": 0.7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """Size in points, weight and colour of text."""

    size: float
    weight: str = "normal"
    color: str = "black"

    @property
    def line_height(self) -> float:
        """Distance from line to line in millimetres."""
        return self.size * LINE_SPACING * MM_PER_POINT

    def width(self, text: str) -> float:
        """Width of a text in millimetres, as it will be drawn."""
        return _width(text, self.size, self.weight)

    def wrap(self, text: str, width: float) -> list[str]:
        """Break text into lines of at most a width; a word longer than that is broken too.

        Only plain spaces are places to break at, so a no-break space holds words together.
        """
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".lstrip()
            if self.width(longer) <= width:
                lines[-1] = longer
                continue
            if lines[-1]:
                lines.append("")
            for letter in word:
                if lines[-1] and self.width(lines[-1] + letter) > width:
                    lines.append("")
                lines[-1] += letter
        return lines


@lru_cache(maxsize=4096)
def _width(text: str, size: float, weight: str) -> float:
    properties = FontProperties(family=FONT, size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(text, properties, ismath=False)
    return float(width) * MM_PER_POINT


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of the page, in millimetres."""

    left: float
    top: float
    width: float
    height: float


class Page:
    """A figure that is filled from the top.

    Attributes:
        width: Width of the page in millimetres.
        top: Where the next thing goes, in millimetres from the top.
    """

    def __init__(self, width: float, *, at_least: float = 0) -> None:
        if not width >= at_least:
            raise OutcomesError(f"width_mm: expected at least {at_least:g}, found {width}")
        self.width = width
        self.top = MARGIN
        self._figure = Figure()
        self._sheet = self._figure.add_axes((0, 0, 1, 1))
        self._sheet.set_axis_off()

    def skip(self, height: float) -> None:
        """Leave room."""
        self.top += height

    def text(self, words: str, *, left: float, font: Font, align: str = "left") -> None:
        """Put words on the current line, which is not left."""
        self._sheet.text(
            left,
            self.top + font.line_height / 2,
            words,
            fontsize=font.size,
            fontweight=font.weight,
            color=font.color,
            ha=align,
            va="center_baseline",
            # A dollar sign in a user's label is one, not the start of a formula.
            parse_math=False,
        )

    def paragraph(self, words: str, *, font: Font, left: float = MARGIN) -> None:
        """Put down wrapped text and move below it."""
        for line in font.wrap(words, self.width - left - MARGIN):
            self.text(line, left=left, font=font)
            self.skip(font.line_height)

    def stroke(self, *, left: float, width: float, font: Font, dashes: object) -> None:
        """Draw a piece of a curve at the height of the current line, as its key."""
        height = self.top + font.line_height / 2
        self._sheet.plot(
            [left, left + width], [height] * 2, color=font.color, linestyle=dashes, linewidth=1.3
        )

    def swatch(self, *, left: float, width: float, font: Font, hatch: str, edge: str) -> None:
        """Draw a piece of a filled area at the height of the current line, as its key."""
        height = 0.7 * font.line_height
        self._sheet.add_patch(
            Rectangle(
                (left, self.top + 0.15 * font.line_height),
                width,
                height,
                facecolor=font.color,
                edgecolor=edge,
                hatch=hatch,
                linewidth=0.6,
            )
        )

    def marker(self, style: Mapping[str, Any], *, left: float, font: Font) -> None:
        """Draw a marker at the height of the current line, its centre at `left`, as a key."""
        height = self.top + font.line_height / 2
        self._sheet.plot([left], [height], linestyle="none", **style)

    def shade(self, *, top: float, height: float, color: str) -> None:
        """Put a thin veil of colour behind lines, from margin to margin."""
        place = (MARGIN / 2, top)
        self._sheet.add_patch(
            Rectangle(
                place, self.width - MARGIN, height, color=color, alpha=0.06, linewidth=0, zorder=0
            )
        )

    def finish(self) -> Figure:
        """Fix the height of the page at what has been put on it."""
        height = self.top + MARGIN
        self._figure.set_size_inches(self.width / MM_PER_INCH, height / MM_PER_INCH)
        self._sheet.set(xlim=(0, self.width), ylim=(height, 0))
        return self._figure

    def axes(self, box: Box) -> Axes:
        """Add the axes of a plot; the page must be finished."""
        height = self.top + MARGIN
        return self._figure.add_axes(
            (
                box.left / self.width,
                1 - (box.top + box.height) / height,
                box.width / self.width,
                box.height / height,
            )
        )


@contextmanager
def house_style() -> Iterator[None]:
    """Draw with matplotlib's defaults and `STYLE`, whatever the user's own configuration."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


def figure_svg(figure: Figure) -> str:
    """Return a figure as SVG, letters as outlines so that it needs no font; without a date."""
    buffer = io.StringIO()
    with house_style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def figure_png(figure: Figure, dpi: int = 300) -> bytes:
    """Return a figure as PNG, without the version of the software."""
    buffer = io.BytesIO()
    with house_style():
        figure.savefig(
            buffer,
            format="png",
            dpi=dpi,
            metadata={"Software": None},
            # Line drawings hardly get smaller by the slower levels.
            pil_kwargs={"compress_level": 3},
        )
    return buffer.getvalue()
