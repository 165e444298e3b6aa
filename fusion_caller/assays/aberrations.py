"""The events of a karyotype's clones: which chromosomes break, in which bands.

The rules of ISCN used here (what a derivative's events describe, what a later clone may leave out)
are written from memory of ISCN 2020.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fusion_caller.iscn.tree import (
    UNKNOWN,
    Band,
    Chain,
    Change,
    Clone,
    Event,
    Heteromorphism,
    Locus,
    Place,
    Point,
)
from fusion_caller.iscn.writing import write_event

DERIVATIVES = frozenset({"der", "ider", "rec", "rea"})
_ENDS = frozenset({"pter", "qter", "cen"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Aberration:
    """One event of a clone, its places with bands even where they were left out.

    `carrier` is the derivative chromosome that it is written behind, empty where there is none;
    `shorthand` says that the bands were left out; `uncertain` that it is in doubt or `inborn`;
    `by_fish` that metaphase FISH showed it and not the bands.
    """

    text: str
    kind: str
    places: tuple[Place, ...]
    carrier: str = ""
    shorthand: bool = False
    uncertain: bool = False
    inborn: bool = False
    by_fish: bool = False

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


def major(digits: str) -> int:
    """The band without its sub-band: 23 of `23.3`."""
    return int(digits[:2].rstrip(".") or 0)


def aberrations(clone: Clone) -> tuple[Aberration, ...]:
    """The events of a clone, by banding and metaphase FISH; not of a chromosome lost again."""
    found: list[Aberration] = []
    for item in clone.items:
        for change in item.alternatives:
            if change.sign != "-":
                found += _of_change(change, in_doubt=len(item.alternatives) > 1)
    for part in clone.ish:
        for probed in part.items:
            if probed.events:
                seen = _of_change(Change(what=Chain(events=probed.events)), in_doubt=False)
                found += [replace(one, by_fish=True) for one in seen]
    return tuple(found)


def lost_again(clone: Clone) -> tuple[Aberration, ...]:
    """The events that a clone no longer has: of chromosomes that it lost, `-der(11)t(4;11)`."""
    return tuple(
        event
        for change in clone.changes
        if change.sign == "-"
        for event in _of_change(change, in_doubt=False)
    )


def _of_change(change: Change, *, in_doubt: bool) -> list[Aberration]:
    # An inborn change (`c`) is not the leukaemia's: t(11;22)(q23;q11)c is common.
    found = _of_what(change, in_doubt=in_doubt or change.doubt or change.inborn)
    return [replace(one, inborn=True) for one in found] if change.inborn else found


def _of_what(change: Change, *, in_doubt: bool) -> list[Aberration]:
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
        elif event.kind in DERIVATIVES and len(event.places) == 1:
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
    carrier = own if event.kind in DERIVATIVES else ""
    found = []
    for before, after in zip(event.detail, event.detail[1:], strict=False):
        ends = [_place(locus, own) for locus in (before.end, after.start)]
        if ends[0].chromosome == ends[1].chromosome:
            kind = event.kind if event.kind not in DERIVATIVES else "del"
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
    banded = {event.name for events in clones for event in events if not event.by_fish}
    described = {event.carrier for events in clones for event in events if event.carrier}
    return [
        tuple(
            event
            if any(place.points for place in event.places)
            else replace(event, places=first.get(event.name, event.places))
            for event in events
            if not (event.kind in DERIVATIVES and event.chromosomes[0] in described)
            # Metaphase FISH behind the last clone often confirms what another clone shows.
            and not (event.by_fish and event.name in banded)
        )
        for events in clones
    ]
