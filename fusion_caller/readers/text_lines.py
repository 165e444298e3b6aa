"""The lines of a file that is no table, one by one, with their numbers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from fusion_caller.damaged_text import reading
from fusion_caller.tables import Lines, open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class TextLines:
    """Lines that are read as they are asked for, so that a long file needs no memory."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """Each line that is not blank, without its line break, after its number from 1."""
        for line in self._lines:
            if line.strip():
                yield self._lines.number, line.rstrip("\r\n")

    @property
    def cut_at(self) -> int | None:
        """The last line where it has no line break; known when all lines were read."""
        return self._lines.cut_at


@contextmanager
def open_lines(path: Path, *, name: str) -> Iterator[TextLines]:
    """Open a plain or gzipped text.

    Raises:
        InputError: If it cannot be opened or read to its end.
    """
    with reading(name), open_text(path, name=name) as stream:
        yield TextLines(Lines(stream, name))
