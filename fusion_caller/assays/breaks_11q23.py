"""What the clones of a karyotype show at 11q23, the band of KMT2A.

The rules of ISCN used here (who inherits from whom, the order of an insertion's chromosomes) are
written from memory of ISCN 2020.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

from fusion_caller.iscn.tree import (
    UNKNOWN,
    Band,
    Chain,
    Change,
    Clone,
    Event,
    Heteromorphism,
    Inherited,
    Locus,
    Place,
    Point,
)
from fusion_caller.iscn.writing import write_event

# Only an event that joins two breaks can make a fusion; at 11q23 any other event may hide one.
JOINING = frozenset({"t", "ins", "inv", "dic", "psu dic", "trc", "tric"})
_DERIVATIVES = frozenset({"der", "ider", "rec", "rea"})
_ENDS = frozenset({"pter", "qter", "cen"})
_KMT2A_BAND = 23


class Shown(IntEnum):
    """How clearly something breaks 11q23."""

    NO = 0
    POSSIBLE = 1
    YES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Aberration:
    """One event of a clone, its places with bands even where they were left out.

    `carrier` is the derivative chromosome that it is written behind, empty where there is none;
    `shorthand` says that the bands were left out; `uncertain` that it is in doubt or inborn.
    """

    text: str
    kind: str
    places: tuple[Place, ...]
    carrier: str = ""
    shorthand: bool = False
    uncertain: bool = False

    @property
    def chromosomes(self) -> tuple[str, ...]:
        """The chromosomes that break, in the order written."""
        return tuple(place.chromosome for place in self.places)

    @property
    def name(self) -> tuple[str, tuple[str, ...]]:
        """What a later clone repeats without the bands."""
        return self.kind, tuple(sorted(self.chromosomes))


def bands_of(place: Place) -> tuple[Point, ...]:
    """The breakpoints of a place that lie in a band: not at an end or the centromere."""
    return tuple(point for point in place.points if point.band.text not in _ENDS)


def holds(point: Point, band: str) -> bool:
    """Whether a gene's band can lie here: prefixes both ways, as `q21` and `q21.3`."""
    if band[:1] != point.band.arm:
        return False
    digits = band[1:]
    # A range across the centromere cannot be held by its first arm.
    if point.last and point.last.arm == point.band.arm and point.last.digits:
        low, high = sorted((major(point.band.digits), major(point.last.digits)))
        return low <= major(digits) <= high
    return digits.startswith(point.band.digits) or point.band.digits.startswith(digits)


def at_11q23(point: Point) -> Shown:
    """Whether a break in this band of chromosome 11 is a break at KMT2A's 11q23.3."""
    if not holds(point, "q23"):
        return Shown.NO
    exact = point.band.digits == "23" or point.band.digits.startswith("23.3")
    sure = exact and point.last is None and not point.band.uncertain
    return Shown.YES if sure else Shown.POSSIBLE


def major(digits: str) -> int:
    """The band without its sub-band: 23 of `23.3`."""
    return int(digits[:2].rstrip(".") or 0)


def aberrations(clone: Clone) -> tuple[Aberration, ...]:
    """The events of a clone; not of a chromosome that it lost again."""
    found: list[Aberration] = []
    for item in clone.items:
        for change in item.alternatives:
            if change.sign != "-":
                found += _of_change(change, in_doubt=len(item.alternatives) > 1)
    return tuple(found)


def _of_change(change: Change, *, in_doubt: bool) -> list[Aberration]:
    # An inborn change (`c`) is not the leukaemia's: t(11;22)(q23;q11)c is common.
    in_doubt = in_doubt or change.doubt or change.inborn
    what = change.what
    if isinstance(what, Heteromorphism):
        # The old way to write a deletion or an addition: 11q-, 14q+.
        if what.text[-2:-1] != what.arm:
            return []
        place = Place(chromosome=what.chromosome, points=(Point(band=Band(text=what.arm)),))
        kind = "del" if what.text.endswith("-") else "add"
        return [Aberration(text=what.text, kind=kind, places=(place,), uncertain=in_doubt)]
    if not isinstance(what, Chain):
        return []
    carrier = ""
    found: list[Aberration] = []
    for event in what.events:
        if event.detail:
            found += _of_detail(event, in_doubt=in_doubt)
        elif event.kind in _DERIVATIVES and len(event.places) == 1:
            carrier = event.places[0].chromosome
            if len(what.events) == 1:
                found.append(_aberration(event, in_doubt=in_doubt))
        else:
            found.append(_aberration(event, carrier=carrier, in_doubt=in_doubt))
    return found


def _aberration(event: Event, *, carrier: str = "", in_doubt: bool) -> Aberration:
    return Aberration(
        text=(f"der({carrier})" if carrier else "") + write_event(event),
        kind=event.kind,
        places=event.places,
        carrier=carrier,
        shorthand=event.shorthand,
        uncertain=in_doubt or event.doubt or any(place.doubt for place in event.places),
    )


def _of_detail(event: Event, *, in_doubt: bool) -> list[Aberration]:
    """The junctions of the detailed system: where one segment ends and the next begins."""
    own = event.places[0].chromosome
    carrier = own if event.kind in _DERIVATIVES else ""
    found = []
    for before, after in zip(event.detail, event.detail[1:], strict=False):
        ends = [_place(locus, own) for locus in (before.end, after.start)]
        if ends[0].chromosome == ends[1].chromosome:
            kind = event.kind if event.kind not in _DERIVATIVES else "del"
            places: tuple[Place, ...] = (replace(ends[0], points=ends[0].points + ends[1].points),)
        else:
            kind, places = "t", (ends[0], ends[1])
        found.append(
            Aberration(
                text=write_event(event),
                kind=kind,
                places=places,
                carrier=carrier,
                uncertain=in_doubt or event.doubt,
            )
        )
    open_ends = ((event.broken[0], event.detail[0].start), (event.broken[1], event.detail[-1].end))
    return found + [
        Aberration(
            text=write_event(event),
            kind="del",
            places=(_place(locus, own),),
            uncertain=in_doubt or event.doubt,
        )
        for mark, locus in open_ends
        if mark and locus
    ]


def _place(locus: Locus | None, own: str) -> Place:
    if locus is None:
        return Place(chromosome=UNKNOWN)
    return Place(chromosome=locus.chromosome or own, points=(Point(band=locus.band),))


def with_bands(
    clones: list[tuple[Aberration, ...]],
) -> list[tuple[Aberration, ...]]:
    """Give an event that is repeated without bands those of its first mention."""
    first = {
        event.name: event.places
        for events in reversed(clones)
        for event in reversed(events)
        if all(place.points for place in event.places)
    }
    described = {event.carrier for events in clones for event in events if event.carrier}
    return [
        tuple(
            event
            if any(place.points for place in event.places)
            else replace(event, places=_in_order(event, first.get(event.name)))
            for event in events
            if not (event.kind in _DERIVATIVES and event.chromosomes[0] in described)
        )
        for events in clones
    ]


def _in_order(event: Aberration, known: tuple[Place, ...] | None) -> tuple[Place, ...]:
    return known if known is not None else event.places


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
    def clearest(self) -> Shown:
        """The most that any event shows."""
        return max(self._shown.values(), default=Shown.NO)

    @cached_property
    def telling(self) -> tuple[Aberration, ...]:
        """The events that show most, each once; none where nothing is shown."""
        if self.clearest is Shown.NO:
            return ()
        return tuple(event for event, shown in self._shown.items() if shown is self.clearest)

    @cached_property
    def by_clone(self) -> tuple[Shown, ...]:
        """The most that each clone shows, with what it inherits."""
        shown: list[Shown] = []
        for number, clone in enumerate(self.clones):
            own = max((self._shown[event] for event in self._own[number]), default=Shown.NO)
            parents = [shown[parent] for parent in _parents(clone, number)]
            shown.append(max([own, *parents]))
        return tuple(shown)

    @cached_property
    def carrying(self) -> tuple[int, ...]:
        """The clones, counted from 0, that show as much as the telling events do."""
        if self.clearest is Shown.NO:
            return ()
        return tuple(n for n, shown in enumerate(self.by_clone) if shown is self.clearest)

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
    if not points:
        return False
    ends = [major(one.band.digits) if one.band.arm == "q" else 0 for one in points]
    terminal = len(ends) == 1
    return ends[0] < _KMT2A_BAND and (terminal or max(ends) > _KMT2A_BAND)
