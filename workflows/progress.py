"""A progress bar on a terminal, and nothing at all in a log."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")


def progress(items: Sequence[T], label: str) -> Iterator[T]:
    """Go through `items`, showing how far it is if somebody can see it."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, label=label, file=sys.stderr) as bar:
        yield from bar


_SECONDS_BETWEEN = 0.2


_CELLS = 24


@contextmanager
def counting(what: str) -> Iterator[Callable[..., None]]:
    """Show how many things were done and how fast; a bar and the time left where the end is known.

    Yields:
        What is to be told, as often as one likes, how many are done, and which share of all.
    """
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    started = shown = time.monotonic()

    def show(n: int, share: float | None = None, /) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown >= _SECONDS_BETWEEN:
            shown = now
            line = progress_line(n, what, share=share, seconds=now - started)
            click.echo(f"\r\033[K{line}", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo("\r\033[K", nl=False, err=True)


def progress_line(n: int, what: str, *, share: float | None, seconds: float) -> str:
    """`[####----] 50%  3,000,000 fragments, 3.0 million a second, 0:01 left`.

    Args:
        n: How many are done.
        what: What they are.
        share: The share of all that is done; None where it is not known.
        seconds: Since the first.
    """
    said = f"{n:,} {what}, {n / seconds / 1_000_000:.1f} million a second"
    if share is None:
        return said
    full = int(share * _CELLS)
    bar = "#" * full + "-" * (_CELLS - full)
    left = round(seconds * (1 - share) / share) if share else 0
    when = f", {left // 60}:{left % 60:02} left" if share else ""
    return f"[{bar}] {int(100 * share)}%  {said}{when}"
