"""Identifiers of patients and samples: what they may be made of.

They become parts of file names, table cells and headings, so that path separators, control
characters and a leading sign that a spreadsheet would run are refused at the door.
"""

from __future__ import annotations

import re

from fusion_caller.errors import BadValueError

LONGEST = 128
_FIRST = re.compile(r"[^\W_]")
_REST = re.compile(r"[\w .\-+:]")


def check_identifier(text: str, *, what: str) -> str:
    """Return an identifier unchanged, or say what is wrong with it without repeating it.

    An identifier has 1 to 128 characters; the first is a letter or a digit of any script, the
    others are letters, digits, space, `.`, `-`, `_`, `+` or `:`; it holds no `..`.

    Args:
        text: The identifier.
        what: What it identifies, for the message: `patient`, `sample`.

    Raises:
        BadValueError: Naming the rule that is broken, never the identifier.
    """
    if not text:
        raise BadValueError(f"expected the identifier of a {what}, found nothing")
    if len(text) > LONGEST:
        raise BadValueError(
            f"expected at most {LONGEST} characters in the identifier of a {what}, "
            f"found {len(text)}"
        )
    if not _FIRST.fullmatch(text[0]):
        raise BadValueError(
            f"expected the identifier of a {what} to start with a letter or a digit, "
            f"found {_show(text[0])}"
        )
    for character in text:
        if not _REST.fullmatch(character):
            raise BadValueError(
                f"expected letters, digits, space and . - _ + : in the identifier of a {what}, "
                f"found {_show(character)}"
            )
    if ".." in text:
        raise BadValueError(f"expected no '..' in the identifier of a {what}")
    return text


def _show(character: str) -> str:
    """Show a character, or its code point where it would spoil a one-line message."""
    return f"'{character}'" if character.isprintable() else f"U+{ord(character):04X}"
