"""Metaphase FISH (`.ish`): on which chromosomes KMT2A, or an end of it, was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.gene_names import resolve
from fusion_caller.iscn.tree import Clone, MetaphaseFish, MetaphaseItem, Place, Signal
from fusion_caller.knowledge import KMT2A

if TYPE_CHECKING:
    from collections.abc import Iterable

_WHOLE = ""
_BOTH_ENDS = frozenset({"5", "3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaphaseKmt2a:
    """What metaphase FISH shows of KMT2A.

    `moved_to` are the places, other than chromosome 11, where KMT2A or an end of it was seen;
    `apart` says that one chromosome keeps the 5' end and another the 3' end; `tested` that KMT2A
    was looked at at all, `lost` that it, or an end, is missing where it was looked for.
    """

    moved_to: tuple[Place, ...] = ()
    apart: bool = False
    tested: bool = False
    lost: bool = False

    @property
    def rearranged(self) -> bool:
        """Whether KMT2A is not, or not only, where it belongs."""
        return self.apart or bool(self.moved_to)


def read_metaphase_fish(parts: Iterable[MetaphaseFish]) -> MetaphaseKmt2a:
    """Say what parts of metaphase FISH show of KMT2A."""
    seen: dict[Place, set[str]] = {}
    lost = separated = False
    for part in parts:
        for item in part.items:
            for place, signal in _signals(item):
                ends = {probe.end for probe in signal.probes if is_kmt2a(probe.name)}
                if not ends:
                    continue
                separated = separated or (signal.link == "sep" and ends == _BOTH_ENDS)
                if signal.shown == "-":
                    lost = True
                    seen.setdefault(place, set())
                else:
                    seen.setdefault(place, set()).update(ends)
    moved = tuple(place for place, ends in seen.items() if ends and _elsewhere(place))
    five = {place.chromosome for place, ends in seen.items() if ends == {"5"}}
    three = {place.chromosome for place, ends in seen.items() if ends == {"3"}}
    return MetaphaseKmt2a(
        moved_to=moved,
        apart=separated or bool(five and three and (len(five | three) > 1)),
        tested=bool(seen),
        lost=lost,
    )


def metaphase_parts(clones: Iterable[Clone]) -> list[MetaphaseFish]:
    """The metaphase FISH of all clones."""
    return [part for clone in clones for part in clone.ish]


def is_kmt2a(name: str) -> bool:
    """Whether a probe's name is one of KMT2A's."""
    return resolve(name.upper()) == KMT2A


def _elsewhere(place: Place) -> bool:
    return place.chromosome not in ("11", "")


def _signals(item: MetaphaseItem) -> Iterable[tuple[Place, Signal]]:
    """Each signal with the chromosome that it was seen on, nameless where that is not said."""
    for group in item.groups:
        lists = group.by_chromosome
        places = item.events[0].places if item.events else ()
        for number, signals in enumerate(lists):
            if len(lists) > 1 and len(lists) == len(places):
                place = places[number]
            else:
                place = _carrier(item)
            for signal in signals:
                yield place, signal


def _carrier(item: MetaphaseItem) -> Place:
    """The chromosome of an item, with the band that its events give there."""
    if not item.events:
        name = "".join(c for c in item.locus if c.isdigit() or c in "XY")
        digits = item.locus[:2] if item.locus[:2].isdigit() else item.locus[:1]
        return Place(chromosome=digits if name else "")
    first = item.events[0]
    if len(first.places) > 1:
        # A translocation whose signals are not given by chromosome: on which one is not said.
        return Place(chromosome="")
    chromosome = first.places[0].chromosome
    for event in item.events:
        for place in event.places:
            if place.chromosome == chromosome and place.points:
                return Place(chromosome=chromosome, points=place.points)
    return Place(chromosome=chromosome)
