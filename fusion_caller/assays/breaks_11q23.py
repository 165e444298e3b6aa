"""What the clones of a karyotype show at 11q23, the band of KMT2A.

Who inherits from whom is written from memory of ISCN 2020.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

from fusion_caller.assays.aberrations import (
    Aberration,
    aberrations,
    bands_of,
    holds,
    lost_again,
    major,
    with_bands,
)
from fusion_caller.iscn.tree import UNKNOWN, Inherited, Place

if TYPE_CHECKING:
    from fusion_caller.iscn.tree import Clone, Point

# Only an event that joins two breaks can make a fusion; at 11q23 any other event may hide one.
JOINING = frozenset({"t", "ins", "inv", "dic", "psu dic", "trc", "tric"})
_KMT2A_BAND = 23


class Shown(IntEnum):
    """How clearly something breaks 11q23."""

    NO = 0
    POSSIBLE = 1
    YES = 2


def at_11q23(point: Point) -> Shown:
    """Whether a break in this band of chromosome 11 is a break at KMT2A's 11q23.3."""
    if not holds(point, "q23"):
        return Shown.NO
    exact = point.band.digits == "23" or point.band.digits.startswith("23.3")
    sure = exact and point.last is None and not point.band.uncertain
    return Shown.YES if sure else Shown.POSSIBLE


@dataclass(frozen=True, kw_only=True)
class BreaksAt11q23:
    """What a karyotype's clones show at 11q23, each with its own and its inherited events."""

    clones: tuple[Clone, ...]

    @cached_property
    def _own(self) -> list[tuple[Aberration, ...]]:
        return with_bands([aberrations(clone) for clone in self.clones])

    @cached_property
    def events(self) -> tuple[Aberration, ...]:
        """All events of all clones, in the order written."""
        return tuple(event for events in self._own for event in events)

    @cached_property
    def _shown(self) -> dict[Aberration, Shown]:
        derivatives_11 = {event.name for event in self.events if event.carrier == "11"}
        return {event: _shown(event, derivatives_11) for event in self.events}

    @cached_property
    def _carried(self) -> list[tuple[Aberration, ...]]:
        """The events of each clone with what it inherits, without what it lost again."""
        carried: list[tuple[Aberration, ...]] = []
        for number, clone in enumerate(self.clones):
            parents = _parents(clone, number)
            inherited = dict.fromkeys(one for parent in parents for one in carried[parent])
            lost = lost_again(clone)
            kept = [one for one in inherited if not any(_takes_away(gone, one) for gone in lost)]
            carried.append((*kept, *self._own[number]))
        return carried

    @cached_property
    def seen(self) -> tuple[int, ...]:
        """The clones, counted from 0, of which a cell was seen: `[0]` stands for none."""
        return tuple(n for n, clone in enumerate(self.clones) if clone.counted != 0)

    @cached_property
    def seen_events(self) -> tuple[Aberration, ...]:
        """The events of the clones that were seen, each once."""
        return tuple(dict.fromkeys(event for n in self.seen for event in self._carried[n]))

    @cached_property
    def known_before(self) -> tuple[Aberration, ...]:
        """The events at 11q23 of which no cell was seen, as in `t(4;11)(q21;q23)[0]`."""
        at_kmt2a = [event for event, shown in self._shown.items() if shown is not Shown.NO]
        return tuple(event for event in at_kmt2a if event not in self.seen_events)

    @cached_property
    def donor(self) -> frozenset[int]:
        """The clones, counted from 0, of a donor's cells: those behind `//`."""
        first = next((n for n, clone in enumerate(self.clones) if clone.before == "//"), None)
        return frozenset() if first is None else frozenset(range(first, len(self.clones)))

    @cached_property
    def patient_seen(self) -> bool:
        """Whether any cell was seen that is not a donor's."""
        return not self.donor.issuperset(self.seen)

    @cached_property
    def clearest(self) -> Shown:
        """The most that any event shows in a clone that was seen."""
        return max((self._shown[event] for event in self.seen_events), default=Shown.NO)

    @cached_property
    def telling(self) -> tuple[Aberration, ...]:
        """The events that show most, each once; none where nothing is shown."""
        if self.clearest is Shown.NO:
            return ()
        return tuple(one for one in self.seen_events if self._shown[one] is self.clearest)

    @cached_property
    def beside(self) -> tuple[Place, ...]:
        """Breaks on other chromosomes behind the same derivative as an event within 11.

        Of `der(10)t(10;11)(p12;q14)inv(11)(q14q23)` the inversion breaks 11q23, and what it lies
        next to in the end is at 10p12.
        """
        within_11 = {
            event.carrier
            for event in self.telling
            if event.carrier and set(event.chromosomes) == {"11"}
        }
        return tuple(
            dict.fromkeys(
                place
                for event in self.seen_events
                if event.carrier in within_11 and event.kind in JOINING
                for place in event.places
                if place.chromosome not in ("11", UNKNOWN)
            )
        )

    @cached_property
    def partner_places(self) -> tuple[Place, ...]:
        """The breaks where a partner may lie."""
        return (*(place for event in self.telling for place in other_places(event)), *self.beside)

    @cached_property
    def by_clone(self) -> tuple[Shown, ...]:
        """The most that each clone shows, with what it inherits, whether or not it was seen."""
        return tuple(
            max((self._shown[event] for event in carried), default=Shown.NO)
            for carried in self._carried
        )

    @cached_property
    def carrying(self) -> tuple[int, ...]:
        """The clones, counted from 0, that show as much as the telling events do."""
        if self.clearest is Shown.NO:
            return ()
        return tuple(n for n in self.seen if self.by_clone[n] is self.clearest)

    @cached_property
    def cells(self) -> int | None:
        """The cells of the carrying clones; None unless each of those is counted."""
        counts = [self.clones[number].counted for number in self.carrying]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    @cached_property
    def all_cells(self) -> int | None:
        """The cells of all clones; None unless each is counted."""
        counts = [clone.counted for clone in self.clones]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None


def _parents(clone: Clone, number: int) -> list[int]:
    """The earlier clones whose changes a clone repeats."""
    parents = []
    for change in clone.changes:
        if isinstance(change.what, Inherited) and number:
            sideline = change.what.kind == "sdl"
            nearest = number - 1 if sideline else 0
            named = nearest if change.what.number is None else change.what.number
            parents.append(min(named, number - 1))
    return parents


def _takes_away(lost: Aberration, event: Aberration) -> bool:
    """Whether a lost chromosome carried an event; of a simple exchange, the derivative 11."""
    if lost.name != event.name:
        return False
    return lost.carrier in ("", event.carrier) or (lost.carrier == "11" and not event.carrier)


def _shown(event: Aberration, derivatives_11: set[tuple[str, tuple[str, ...]]]) -> Shown:
    on_11 = [place for place in event.places if place.chromosome == "11"]
    clearest = max((_shown_by_place(event, place) for place in on_11), default=Shown.NO)
    if clearest is not Shown.YES:
        return clearest
    # Of a simple exchange, the derivative 11 carries the 5' part of KMT2A that makes the fusion.
    lacks_derivative_11 = (
        event.kind == "t" and event.carrier not in ("", "11") and event.name not in derivatives_11
    )
    if event.kind not in JOINING or event.uncertain or lacks_derivative_11:
        return Shown.POSSIBLE
    return Shown.YES


def _shown_by_place(event: Aberration, on_11: Place) -> Shown:
    if on_11.points:
        return max((at_11q23(point) for point in bands_of(on_11)), default=Shown.NO)
    if event.shorthand and event.kind in ("t", "ins") and UNKNOWN in event.chromosomes:
        # `t(v;11)` is the literature's shorthand for any partner of 11q23.
        return Shown.YES
    # A chromosome 11 written behind its derivative is described by the other events there.
    return Shown.NO if event.carrier else Shown.POSSIBLE


def other_places(event: Aberration) -> list[Place]:
    """The breaks of an event apart from the one at 11q23."""
    places = []
    found = False
    for place in event.places:
        points = bands_of(place)
        hit = next((n for n, point in enumerate(points) if at_11q23(point)), None)
        if found or place.chromosome != "11" or (hit is None and place.points):
            places.append(place)
            continue
        found = True
        if len(event.places) == 1 and event.kind in ("inv", "ins"):
            hit = hit or 0
            places += [
                Place(chromosome="11", points=(point,))
                for point in points[:hit] + points[hit + 1 :]
            ]
    return places


def next_to_11q23(event: Aberration) -> bool:
    """Whether it breaks 11q22 or 11q24: banding may be one band off."""
    return any(
        holds(point, band)
        for place in event.places
        if place.chromosome == "11"
        for point in bands_of(place)
        for band in ("q22", "q24")
    )


def at_picalm(event: Aberration) -> bool:
    """Whether it joins 10 to the bands of PICALM on 11q, which are not KMT2A's."""
    return {"10", "11"} <= set(event.chromosomes) and any(
        holds(point, band)
        for place in event.places
        if place.chromosome == "11"
        for point in bands_of(place)
        for band in ("q13", "q14", "q21")
    )


def deletes_kmt2a(event: Aberration) -> bool:
    """Whether it is a deletion of 11q that takes 11q23 away without a break there."""
    if event.kind != "del" or event.chromosomes != ("11",):
        return False
    points = bands_of(event.places[0])
    # A deletion of 11p ends at the other telomere.
    if not points or any(one.band.arm != "q" for one in points):
        return False
    ends = [major(one.band.digits) for one in points]
    terminal = len(ends) == 1
    return ends[0] < _KMT2A_BAND and (terminal or max(ends) > _KMT2A_BAND)
