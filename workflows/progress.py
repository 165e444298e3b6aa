"""A progress bar on a terminal, and nothing at all in a log."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")


def progress(items: Sequence[T], label: str) -> Iterator[T]:
    """Go through `items`, showing how far it is if somebody can see it."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, label=label, file=sys.stderr) as bar:
        yield from bar
