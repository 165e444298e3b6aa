"""Clones of lark's parse tree as records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lark import Token, Tree

from fusion_caller.iscn.event_builder import EventBuilder
from fusion_caller.iscn.fish_builder import FishBuilder
from fusion_caller.iscn.grammar import error_at
from fusion_caller.iscn.nodes import cells_of, range_of, start_of, token_of, tree_of
from fusion_caller.iscn.tree import (
    Cells,
    Chain,
    Change,
    Chromosome,
    Clone,
    Heteromorphism,
    Inherited,
    Item,
    Karyotype,
    Marker,
    MetaphaseFish,
    Omission,
    Range,
)

if TYPE_CHECKING:
    from fusion_caller.iscn.nodes import Node
    from fusion_caller.iscn.notes import Notes
    from fusion_caller.iscn.tree import What

_MARKER_NAMES = {"mars": "mar"}
# Behind these, further events are written of the same chromosome.
_DERIVATIVES = frozenset({"der", "ider", "rec", "rea", "r", "idic", "dic", "trc", "tric", "i"})


class CloneBuilder:
    """Builds a karyotype; what it mends goes into the notes."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self._events = EventBuilder(notes)
        self._fish = FishBuilder(notes)

    def karyotype(self, tree: Node) -> Karyotype:
        """The karyotype of a branch."""
        heading = ""
        before = ""
        clones: list[Clone] = []
        for child in tree.children:
            if isinstance(child, Token):
                if child.type == "HEADING":
                    heading = self.notes.cased(child, str.lower)
                else:
                    before = "//"
            else:
                clones.append(self._clone(child, before or ("/" if clones else "")))
                before = ""
        return Karyotype(heading=heading, clones=tuple(clones), open_end=bool(before))

    def _clone(self, tree: Node, before: str) -> Clone:
        doubt = False
        number: Range | None = None
        ploidy = sex = ""
        cells: Cells | None = None
        items: list[Item] = []
        ish: list[MetaphaseFish] = []
        for child in tree.children:
            if isinstance(child, Token):
                sex = self._sex(child)
            elif child.data == "number":
                doubt, number, ploidy = self._number(child)
            elif child.data == "cells":
                cells = cells_of(child)
            elif child.data == "ish":
                ish.append(self._fish.metaphase(child))
            else:
                items += self._item(child)
        if items and items[-1].cells is not None and cells is None:
            cells = items[-1].cells
            items[-1] = Item(alternatives=items[-1].alternatives)
        clone = Clone(
            before=before,
            doubt=doubt,
            number=number,
            ploidy=ploidy,
            sex=sex,
            items=tuple(items),
            cells=cells,
            ish=tuple(ish),
        )
        if number and not sex and not clone.inherits:
            self.notes.say("The sex chromosomes are missing after the number.")
        return clone

    def _sex(self, token: Token) -> str:
        inborn = token.lower().endswith("c")
        return self.notes.cased(
            token, lambda text: text[:-1].upper() + "c" if inborn else text.upper()
        )

    def _number(self, tree: Node) -> tuple[bool, Range | None, str]:
        doubt = False
        number = None
        ploidy = ""
        for child in tree.children:
            if not isinstance(child, Token):
                number = range_of(child)
            elif child.type in ("DOUBT", "UNKNOWN_NUMBER"):
                doubt = True
            else:
                ploidy = self.notes.cased(child, str.lower)
        return doubt, number, ploidy

    def _item(self, tree: Node) -> list[Item]:
        """The item; several where chained events belong to no derivative."""
        nodes = [child for child in tree.children if isinstance(child, Tree)]
        cells = [cells_of(node) for node in nodes if node.data == "cells"]
        alternatives: list[Change] = []
        for node in nodes:
            if node.data != "cells":
                change = self._change(node)
                if node.data == "alone":
                    change = Change(
                        what=change.what,
                        sign=alternatives[-1].sign,
                        times=change.times,
                        suffixes=change.suffixes,
                    )
                alternatives.append(change)
        if len(cells) > 1:
            # The item's own cells and the clone's, which the caller takes from the last item.
            self.notes.say("The first of two numbers of cells behind a change was left out.")
        last = cells[-1] if cells else None
        if len(alternatives) == 1:
            split = self._unchained(alternatives[0])
            if len(split) > 1:
                return [
                    *(Item(alternatives=(change,)) for change in split[:-1]),
                    Item(alternatives=(split[-1],), cells=last),
                ]
        return [Item(alternatives=tuple(alternatives), cells=last)]

    def _unchained(self, change: Change) -> list[Change]:
        if not isinstance(change.what, Chain) or len(change.what.events) == 1:
            return [change]
        events = change.what.events
        if events[0].kind in _DERIVATIVES:
            return [change]
        self.notes.say("A ',' was put in between events that belong to no derivative chromosome.")
        last = len(events) - 1
        return [
            replace(
                change,
                what=Chain(events=(replace(event, doubt=False),)),
                sign=change.sign if number == 0 else "",
                doubt=change.doubt if number == 0 else event.doubt,
                times=change.times if number == last else None,
                suffixes=change.suffixes if number == last else (),
            )
            for number, event in enumerate(events)
        ]

    def _change(self, tree: Node) -> Change:
        sign = ""
        doubt = False
        times: Range | None = None
        suffixes: list[str] = []
        what: What | None = None
        for child in tree.children:
            if isinstance(child, Token) and child.type == "SIGN":
                if sign:
                    raise error_at(start_of(child), self.notes.text, ())
                sign = str(child)
            elif isinstance(child, Token) and child.type == "DOUBT":
                doubt = True
            elif isinstance(child, Token) and child.type == "DOUBT_BEHIND":
                doubt = True
                self.notes.say("A '?' behind a change was read as one before it.")
            elif isinstance(child, Tree) and child.data == "suffix":
                times = self._events.suffix(child, suffixes, times)
            else:
                what = self._what(child)
        if what is None:
            raise error_at(0, self.notes.text, ())
        if isinstance(what, Chain) and what.events[0].doubt:
            doubt = True
            what = Chain(events=(replace(what.events[0], doubt=False), *what.events[1:]))
        return Change(what=what, sign=sign, doubt=doubt, times=times, suffixes=tuple(suffixes))

    def _what(self, child: Token | Node) -> What:
        if isinstance(child, Token):
            if child.type == "HETEROMORPHISM":
                return _heteromorphism(child)
            if child.type == "OMITTED":
                return Omission(text="...")
            return Omission(text=self.notes.cased(child, str.lower))
        if child.data == "chromosome":
            return Chromosome(name=self._events.chromosome(token_of(child.children[0])))
        if child.data == "chain":
            return Chain(events=tuple(self._events.event(tree_of(one)) for one in child.children))
        count = None
        number = None
        kind = ""
        for part in child.children:
            if not isinstance(part, Token):
                count = range_of(part)
            elif part.type == "INT":
                number = int(part)
            else:
                kind = self.notes.cased(part, str.lower)
        if child.data == "inherited":
            return Inherited(kind=kind, number=number)
        return Marker(kind=_MARKER_NAMES.get(kind, kind), count=count, number=number)


def _heteromorphism(token: Token) -> Heteromorphism:
    text = token.strip()
    arm = next(n for n, c in enumerate(text) if c in "pqPQ")
    name = text[:arm].upper()
    return Heteromorphism(chromosome=name, arm=text[arm].lower(), text=name + text[arm:].lower())
