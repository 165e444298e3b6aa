"""Figures as the contents of their files, drawn by two processes where there are processors.

Starting a process takes as long as drawing some ten figures, so it is started before they are
known, while the analysis is computed.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from outcomes.figures.page import figure_png, figure_svg
from workflows.progress import progress
from workflows.reading import begin_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from matplotlib.figure import Figure

    Draw = Callable[[], Figure]

PNG_DPI = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure as the contents of its two files."""

    svg: str
    png: bytes


def rendered(draw: Draw) -> Drawn:
    """Draw a figure and write it in both forms."""
    figure = draw()
    return Drawn(svg=figure_svg(figure), png=figure_png(figure, PNG_DPI))


class Studio:
    """Where figures are drawn; use it as a context manager."""

    def __init__(self, processes: int) -> None:
        """Prepare for drawing by this process alone, or by it and a second one."""
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._processes > 1:
            self._pool = ProcessPoolExecutor(
                1, mp_context=multiprocessing.get_context("spawn"), initializer=begin_worker
            )
            self._pool.submit(_warm_up)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def draw(self, wanted: Sequence[Draw]) -> list[Drawn]:
        """Draw figures, in their order; each may be drawn by another process.

        The second process begins at the front and this one at the back, with whatever the other
        has not begun. What it did not finish, since it was ended, is drawn here.
        """
        if self._pool is None:
            return [rendered(draw) for draw in progress(wanted, "drawing figures")]
        futures = self._submitted(self._pool, wanted)
        found: dict[int, Drawn] = {}
        backwards = [*enumerate(wanted)][::-1]
        for number, draw in progress(backwards, "drawing figures"):
            if number >= len(futures) or futures[number].cancel():
                found[number] = rendered(draw)
                continue
            try:
                found[number] = futures[number].result()
            except BrokenProcessPool:
                found[number] = rendered(draw)
        return [found[number] for number in range(len(wanted))]

    @staticmethod
    def _submitted(pool: ProcessPoolExecutor, wanted: Sequence[Draw]) -> list[Future[Drawn]]:
        """Hand out all figures, or those that could be before the other process came to an end."""
        futures: list[Future[Drawn]] = []
        with suppress(BrokenProcessPool):
            # What was handed out before the other process ended stays in the list.
            futures.extend(pool.submit(rendered, draw) for draw in wanted)
        return futures


def _warm_up() -> None:
    """Import what figures need and lay out some letters, so that the first figure finds it done."""
    import workflows.curve_figures  # noqa: F401
    from outcomes.figures.km import TITLE

    TITLE.width("n")
