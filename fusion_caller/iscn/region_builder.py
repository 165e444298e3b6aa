"""Regions and events of arrays and optical maps from lark's parse tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token, Tree

from fusion_caller.iscn.event_builder import EventBuilder
from fusion_caller.iscn.nodes import spaceless, token_of
from fusion_caller.iscn.tree import MappedEvent, Region
from fusion_caller.iscn.writing import write_range

if TYPE_CHECKING:
    from fusion_caller.iscn.nodes import Node
    from fusion_caller.iscn.notes import Notes


class RegionBuilder:
    """Builds what is easy to read in the part of another method."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self._events = EventBuilder(notes)

    def regions(self, tree: Node) -> tuple[str, list[Region], list[MappedEvent]]:
        """The build, the regions and the events of an array's or a map's part."""
        build = ""
        regions: list[Region] = []
        mapped: list[MappedEvent] = []
        for child in tree.children:
            if isinstance(child, Token):
                if child.type == "BUILD":
                    build = child.strip("[]() ")
            elif child.data == "array_item":
                regions += self._array_item(child)
            else:
                mapped += self._ogm_item(child)
        return build, regions, mapped

    def _array_item(self, tree: Node) -> list[Region]:
        place = ""
        spans: list[tuple[int | None, int | None]] = []
        copies = ""
        for child in tree.children:
            if isinstance(child, Token):
                place = spaceless(child)
            elif child.data == "region":
                ends = [token_of(one) for one in child.children]
                numbers = [int(one.replace(",", "")) for one in ends if one.type == "COORDINATE"]
                spans.append((numbers[0], numbers[-1]) if len(numbers) > 1 else (None, None))
            elif child.data == "suffix":
                times = self._events.suffix(child, [], None)
                copies = write_range(times) if times else copies
        return [Region(place=place, start=start, end=end, copies=copies) for start, end in spans]

    def _ogm_item(self, tree: Node) -> list[MappedEvent]:
        event = None
        positions: tuple[int, ...] = ()
        for child in tree.children:
            if not isinstance(child, Tree):
                continue
            if child.data == "event":
                event = self._events.event(child)
            elif child.data == "positions":
                positions = tuple(
                    int(one.replace(",", ""))
                    for one in child.children
                    if isinstance(one, Token) and one.type == "COORDINATE"
                )
        return [MappedEvent(event=event, positions=positions)] if event else []
