"""Mending a text that is almost ISCN: one mark of punctuation at a time, where the parser stops.

No letter and no digit is ever put in, changed or left out. No mark is put in between two digits or
left out between letters or digits, so that a repair cannot make one number out of two or two out
of one.
"""

from __future__ import annotations

from collections import deque
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_caller.iscn.grammar import error_at, grammar, where

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_REPAIRS = 4
_MARKS = {
    ",": "COMMA",
    ";": "SEMICOLON",
    ")": "RPAR",
    "(": "LPAR",
    "]": "RSQB",
    "[": "LSQB",
    "/": "SLASH",
}
# What a mark may be read as: a bracket never as a comma, and nothing as the end of a clone.
_READ_AS = {
    "(": "[",
    "[": "(",
    ")": "]",
    "]": ")",
    ",": ";",
    ";": ",",
    ".": ",;",
    ":": ";,",
    "/": "",
}
# How many tokens a repair is tried on: enough to see whether what follows makes sense again.
_AHEAD = 40

_TYPOGRAPHY = {
    "’": "'",  # noqa: RUF001
    "‘": "'",  # noqa: RUF001
    "′": "'",  # noqa: RUF001
    "`": "'",
    "´": "'",  # noqa: RUF001
    "×": "x",  # noqa: RUF001
    "–": "-",  # noqa: RUF001
    "—": "-",
    "−": "-",  # noqa: RUF001
    "‐": "-",  # noqa: RUF001
    "‑": "-",  # noqa: RUF001
    "→": "->",
    "⟶": "->",
    "⇒": "->",
    "∼": "~",  # noqa: RUF001
    "～": "~",  # noqa: RUF001
    "，": ",",  # noqa: RUF001
    "；": ";",  # noqa: RUF001
    "（": "(",  # noqa: RUF001
    "）": ")",  # noqa: RUF001
    "？": "?",  # noqa: RUF001
    "＋": "+",  # noqa: RUF001
    "：": ":",  # noqa: RUF001
    "／": "/",  # noqa: RUF001
    "{": "(",
    "}": ")",
}
_INVISIBLE = dict.fromkeys(("\u200b", "\u200c", "\u200d", "\ufeff", "\u00ad"), "")
_PLAIN = str.maketrans(_TYPOGRAPHY | _INVISIBLE)


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where a run stopped: the parser before its last tokens, and what it expected."""

    position: int
    whole: bool
    expected: frozenset[str]
    trail: tuple[tuple[int, Any], ...]


def plain_signs(text: str) -> tuple[str, list[str]]:
    """Write typographic signs as plain ones, and say which."""
    seen = [sign for sign in _TYPOGRAPHY if sign in text]
    if not seen:
        return text.translate(_PLAIN), []
    which = ", ".join(f"{sign} as {_TYPOGRAPHY[sign]}" for sign in seen)
    return text.translate(_PLAIN), [f"Typographic signs were read as plain ones: {which}."]


def repair(text: str) -> tuple[str, list[str]]:
    """Mend the punctuation of a text until the grammar reads it.

    Returns:
        The mended text, and what was done in sentences.

    Raises:
        IscnError: If no few repairs make the grammar read it; its column is that of the text.
    """
    stop = _run(text, *_beginning(text))
    first = stop
    written = text
    mended: list[str] = []
    while not stop.whole:
        best = None if len(mended) == MOST_REPAIRS else _best_edit(text, stop)
        if best is None:
            # Of a text that cannot be mended, the place where it first stopped tells most.
            raise error_at(first.position, written, first.expected)
        text, (position, state), said = best
        mended.append(said)
        stop = _run(text, position, state)
    return text, mended


def _beginning(text: str) -> tuple[int, Any]:
    state = grammar().parse_interactive(text, start="iscn").parser_state
    state.parse_conf = copy(state.parse_conf)
    # Only whether it parses is asked; without callbacks no tree is built.
    state.parse_conf.callbacks = {}
    return 0, state


def _run(text: str, position: int, state: Any, *, most: int | None = None) -> _Stop:
    from lark import Token, UnexpectedInput

    # lark says nothing of the types of its lexer's state.
    thread: Any = grammar().parse_interactive(text, start="iscn").lexer_thread
    thread.state.line_ctr.char_pos = position
    state = _copied(state)
    trail: deque[tuple[int, Any]] = deque([(position, _copied(state))], maxlen=3)
    try:
        for number, token in enumerate(thread.lex(state)):
            state.feed_token(token)
            position = thread.state.line_ctr.char_pos
            if number == most:
                return _Stop(position, False, frozenset(), ())  # noqa: FBT003
            trail.append((position, _copied(state)))
        position = len(text)
        state.feed_token(Token("$END", "", position), is_end=True)
    except UnexpectedInput as error:
        at, expected = where(error, text)
        return _Stop(at, False, frozenset(expected), tuple(trail))  # noqa: FBT003
    return _Stop(len(text), True, frozenset(), ())  # noqa: FBT003


def _copied(state: Any) -> Any:
    return type(state)(
        state.parse_conf, state.lexer, list(state.state_stack), list(state.value_stack)
    )


def _best_edit(text: str, stop: _Stop) -> tuple[str, tuple[int, Any], str] | None:
    """The edit that gets furthest; the first of several that get equally far."""
    best = None
    # What remains is compared, since edits change the length.
    least = len(text) - stop.position
    for edited, origin, said in _edits(text, stop):
        tried = _run(edited, *origin, most=_AHEAD)
        remains = -1 if tried.whole else len(edited) - tried.position
        if remains < least:
            best, least = (edited, origin, said), remains
        if tried.whole:
            break
    return best


def _edits(text: str, stop: _Stop) -> Iterator[tuple[str, tuple[int, Any], str]]:
    here = stop.trail[-1]
    at = stop.position
    column = at + 1
    possible = [mark for mark, name in _MARKS.items() if name in stop.expected]
    if not (text[:at].rstrip()[-1:].isdigit() and text[at : at + 1].isdigit()):
        for mark in possible:
            said = f"A '{mark}' was put in at column {column}."
            yield text[:at] + mark + text[at:], here, said
    found = text[at : at + 1]
    if found in _READ_AS:
        for mark in _READ_AS[found]:
            if mark in possible:
                said = f"The '{found}' at column {column} was read as '{mark}'."
                yield text[:at] + mark + text[at + 1 :], here, said
        if _can_go(text, at):
            said = f"The '{found}' at column {column} was left out."
            yield text[:at] + text[at + 1 :], here, said
    if len(stop.trail) > 1:
        yield from _edits_before(text, stop.trail[-2], here[0])


def _can_go(text: str, at: int) -> bool:
    """Whether the mark at a place can be left out.

    Not where one word or number would be made of two, nor a bracket of a pair.
    """
    if text[:at].rstrip()[-1:].isalnum() and text[at + 1 :].lstrip()[:1].isalnum():
        return False
    pair = next((pair for pair in ("()", "[]") if text[at] in pair), None)
    return pair is None or text.count(pair[0]) != text.count(pair[1])


def _edits_before(
    text: str, before: tuple[int, Any], end: int
) -> Iterator[tuple[str, tuple[int, Any], str]]:
    """Edits of the mark just before the place where the parser stops."""
    at = end - 1
    found = text[at:end]
    if found not in _READ_AS or text[before[0] : at].strip():
        return
    for mark in _READ_AS[found]:
        said = f"The '{found}' at column {end} was read as '{mark}'."
        yield text[:at] + mark + text[end:], before, said
    if _can_go(text, at):
        said = f"The '{found}' at column {end} was left out."
        yield text[:at] + text[end:], before, said
