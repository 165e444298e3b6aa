"""The one error that reading ISCN raises."""

from __future__ import annotations

from fusion_caller.errors import BadValueError


class IscnError(BadValueError):
    """A text cannot be read as ISCN.

    Args:
        position: 1-based position of the character where it stops being ISCN.
        found: What stands there.
        expected: What would have been understood there.
    """

    def __init__(self, *, position: int, found: str, expected: str) -> None:
        self.position = position
        self.found = found
        self.expected = expected
        super().__init__(f"column {position}: expected {expected}, found {found}")

    def __reduce__(self) -> tuple[object, ...]:
        return _error, (self.position, self.found, self.expected)


def _error(position: int, found: str, expected: str) -> IscnError:
    return IscnError(position=position, found=found, expected=expected)
