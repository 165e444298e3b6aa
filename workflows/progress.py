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


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """Show how many things were done and how fast, where the end is not known.

    Yields:
        What is to be told, as often as one likes, how many are done.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    started = shown = time.monotonic()

    def show(n: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown >= _SECONDS_BETWEEN:
            shown = now
            rate = n / (now - started) / 1_000_000
            click.echo(f"\r{n:,} {what}, {rate:.1f} million a second ", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo("\r\033[K", nl=False, err=True)
