"""What was mended while a text was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SHOWN_CASES = 5


class Notes:
    """The mends of one text, in sentences.

    Args:
        text: The text that is read.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._sentences: list[str] = []
        self._cases: list[str] = []

    def say(self, sentence: str) -> None:
        """Note a mend, once."""
        if sentence not in self._sentences:
            self._sentences.append(sentence)

    def cased(self, text: str, right: Callable[[str], str]) -> str:
        """A text in its right letter case, which is noted where it differs."""
        mended = right(text)
        if mended != text:
            self._cases.append(f"{text} to {mended}")
        return mended

    @property
    def mended(self) -> tuple[str, ...]:
        """All mends."""
        if not self._cases:
            return tuple(self._sentences)
        changes = ", ".join(list(dict.fromkeys(self._cases))[:_SHOWN_CASES])
        return (*self._sentences, f"The letter case was mended: {changes}.")
