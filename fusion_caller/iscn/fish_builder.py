"""FISH of lark's parse tree as records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token, Tree

from fusion_caller.iscn.event_builder import EventBuilder
from fusion_caller.iscn.grammar import error_at
from fusion_caller.iscn.nodes import cells_of, spaceless, tree_of
from fusion_caller.iscn.tree import (
    Event,
    FishUnit,
    InterphaseFish,
    MetaphaseFish,
    MetaphaseItem,
    Probe,
    Signal,
    SignalGroup,
)
from fusion_caller.iscn.writing import write_range

if TYPE_CHECKING:
    from fusion_caller.iscn.nodes import Node
    from fusion_caller.iscn.notes import Notes


class FishBuilder:
    """Builds metaphase and interphase FISH; what it mends goes into the notes."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self._events = EventBuilder(notes)

    def metaphase(self, tree: Node) -> MetaphaseFish:
        """The metaphase FISH of a branch."""
        return MetaphaseFish(items=tuple(self._ish_item(tree_of(one)) for one in tree.children))

    def _ish_item(self, tree: Node) -> MetaphaseItem:
        events: list[Event] = []
        groups: list[SignalGroup] = []
        suffixes: list[str] = []
        locus = ""
        cells = None
        for child in tree.children:
            if isinstance(child, Token):
                locus = spaceless(child)
            elif child.data == "ish_event":
                events.append(self._events.event(child))
                groups += [
                    self._signals(one)
                    for one in child.children
                    if isinstance(one, Tree) and one.data == "signals"
                ]
            elif child.data == "signals":
                groups.append(self._signals(child))
            elif child.data == "suffix":
                times = self._events.suffix(child, suffixes, None)
                if times:
                    suffixes.append(f"x{write_range(times)}")
            else:
                cells = cells_of(child)
        return MetaphaseItem(
            events=tuple(events),
            locus=locus,
            groups=tuple(groups),
            suffixes=tuple(suffixes),
            cells=cells,
        )

    def interphase(self, tree: Node) -> InterphaseFish:
        """The interphase FISH of a branch."""
        return InterphaseFish(
            clones=tuple(
                tuple(self._fish_unit(tree_of(unit)) for unit in tree_of(clone).children)
                for clone in tree.children
            )
        )

    def _fish_unit(self, tree: Node) -> FishUnit:
        locus = ""
        groups: list[SignalGroup] = []
        cells = None
        for child in tree.children:
            if isinstance(child, Token):
                locus = spaceless(child)
            elif child.data == "signals":
                groups.append(self._signals(child))
            else:
                cells = cells_of(child)
        return FishUnit(locus=locus, groups=tuple(groups), cells=cells)

    def _signals(self, tree: Node) -> SignalGroup:
        lists = []
        times = None
        for child in tree.children:
            node = tree_of(child)
            if node.data == "times":
                times = self._events.times(node)
            else:
                lists.append(tuple(self._signal(tree_of(one)) for one in node.children))
        return SignalGroup(by_chromosome=tuple(lists), times=times)

    def _signal(self, tree: Node) -> Signal:
        probes: list[Probe] = []
        links: list[str] = []
        shown = strength = ""
        times = None
        for child in tree.children:
            if not isinstance(child, Token):
                times = self._events.times(child)
            elif child.type == "PROBE":
                probes.append(_probe(child))
            elif child.type == "LINK":
                links.append(self.notes.cased(child, str.lower))
            elif child.type == "STRENGTH":
                strength = self.notes.cased(child, str.lower)
            else:
                shown = str(child)
        if len(set(links)) > 1:
            raise error_at(0, self.notes.text, ("PROBE",))
        link = links[0] if links else ""
        return Signal(probes=tuple(probes), link=link, shown=shown, times=times, strength=strength)


def _probe(token: Token) -> Probe:
    text = spaceless(token)
    if text[1:2] == "'" and text[0] in "35":
        return Probe(name=text[2:], end=text[0])
    return Probe(name=text)
