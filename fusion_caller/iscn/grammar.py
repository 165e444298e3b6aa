"""The grammar of ISCN, compiled at its first use, and its terminals in words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fusion_caller.iscn.iscn_error import IscnError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lark import Lark, UnexpectedInput

_WORDS = {
    "COMMA": "','",
    "SEMICOLON": "';'",
    "SLASH": "'/'",
    "LPAR": "'('",
    "RPAR": "')'",
    "LSQB": "'['",
    "RSQB": "']'",
    "INT": "a number",
    "SEX": "the sex chromosomes",
    "SEX_CHROMOSOME": "X or Y",
    "BAND": "a band",
    "KIND": "a rearrangement such as t or del",
    "SIGN": "'+' or '-'",
    "MARKER": "mar",
    "PROBE": "a probe",
    "$END": "the end",
    "TIMES": "a count such as x2",
    "UNKNOWN": "'?'",
    "LOCUS": "a locus",
}
_MOST = 5


@cache
def grammar() -> Lark:
    """The compiled grammar."""
    from lark import Lark

    text = files("fusion_caller.iscn").joinpath("iscn.lark").read_text(encoding="utf-8")
    return Lark(text, start=["iscn", "array", "ogm"], parser="lalr", maybe_placeholders=False)


def error_at(position: int, text: str, expected: Iterable[str]) -> IscnError:
    """An error at a 0-based position of a text, where one of these terminals was expected."""
    known = [_WORDS[name] for name in _WORDS if name in set(expected)]
    start = max(0, min(position, len(text)))
    found = " ".join(text[start : start + 20].split())
    return IscnError(
        position=start + 1,
        found=f"'{found}'" if found else "the end of the text",
        expected=" or ".join(known[:_MOST]) or "ISCN",
    )


def where(error: UnexpectedInput, text: str) -> tuple[int, set[str]]:
    """The 0-based position where a parse stopped, and the terminals that it expected there."""
    from lark import UnexpectedCharacters, UnexpectedToken

    position = error.pos_in_stream
    # lark declares the position as None.
    stopped: Any = error
    position = int(stopped.pos_in_stream or 0)
    if isinstance(error, UnexpectedCharacters):
        return position, set(error.allowed)
    if isinstance(error, UnexpectedToken):
        ended = error.token.type == "$END"
        return (len(text) if ended else position), set(error.expected)
    return len(text), set()
