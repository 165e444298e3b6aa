"""From lark's parse tree to the parts of the syntax tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token

from fusion_caller.iscn.clone_builder import CloneBuilder
from fusion_caller.iscn.fish_builder import FishBuilder
from fusion_caller.iscn.tree import PROSE, OtherPart

if TYPE_CHECKING:
    from fusion_caller.iscn.nodes import Node
    from fusion_caller.iscn.notes import Notes
    from fusion_caller.iscn.tree import Part

_METHODS = ("arr", "ogm", "sseq", "seq", "rsa", "mlpa")


def parts_of(tree: Node, notes: Notes) -> tuple[Part, ...]:
    """The parts of a whole text."""
    clones = CloneBuilder(notes)
    fish = FishBuilder(notes)
    parts: list[Part] = []
    for child in tree.children:
        if isinstance(child, Token):
            if child.type == "LABEL":
                notes.say(f"The label '{child.strip()}' was left out.")
            elif part := _other_part(child):
                parts.append(part)
        elif child.data == "karyotype":
            parts.append(clones.karyotype(child))
        elif child.data == "fish":
            parts.append(fish.interphase(child))
        else:
            parts.append(fish.metaphase(child))
    return tuple(parts)


def _other_part(token: Token) -> OtherPart | None:
    text = " ".join(token.strip(" .,;\t\r\n").split())
    if not text:
        return None
    if token.type == "PROSE":
        return OtherPart(method=PROSE, text=text)
    method = next(name for name in _METHODS if text.lower().startswith(name))
    return OtherPart(method=method, text=text)
