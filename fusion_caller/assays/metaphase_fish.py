"""Metaphase FISH (`.ish`): on which chromosomes KMT2A, or an end of it, was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.gene_names import resolve
from fusion_caller.iscn.tree import (
    UNKNOWN,
    Clone,
    MetaphaseFish,
    MetaphaseItem,
    Place,
    Signal,
)
from fusion_caller.knowledge import KMT2A, partners

if TYPE_CHECKING:
    from collections.abc import Iterable

_WHOLE = ""
_BOTH_ENDS = frozenset({"5", "3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaphaseKmt2a:
    """What metaphase FISH shows of KMT2A.

    `moved_to` are the places, other than chromosome 11, where KMT2A or an end of it was seen, and
    `joined_to` what a derivative 11 with a KMT2A signal carries of another chromosome; `apart` says
    that one chromosome keeps the 5' end and another the 3' end, `only_5prime` that a derivative 11
    keeps the 5' end alone, `described` that an exchange or insertion at 11q23 was written with a
    KMT2A signal; `lost_ends` are the ends that were looked for on one KMT2A and not found, `lost`
    says that nothing of it was found on a chromosome 11, `on_deleted` that it was found whole on
    one that is deleted at 11q23; `partners` are those whose probe was seen on a chromosome to
    which KMT2A moved.
    """

    moved_to: tuple[Place, ...] = ()
    joined_to: tuple[Place, ...] = ()
    apart: bool = False
    only_5prime: bool = False
    described: bool = False
    lost_ends: frozenset[str] = frozenset()
    lost: bool = False
    on_deleted: bool = False
    partners: tuple[str, ...] = ()

    @property
    def rearranged(self) -> bool:
        """Whether KMT2A is not, or not only, where it belongs."""
        return self.apart or bool(self.moved_to) or self.only_5prime or self.described

    @property
    def places(self) -> tuple[Place, ...]:
        """The places where a partner may lie."""
        return self.moved_to or self.joined_to

    @property
    def in_words(self) -> str:
        """What is shown, as the end of a sentence that begins with `metaphase FISH`."""
        if self.moved_to:
            where = ", ".join(dict.fromkeys(place.chromosome for place in self.moved_to))
            said = f"shows KMT2A, or a part of it, on chromosome {where}"
        elif self.apart:
            said = "shows the two ends of KMT2A apart"
        elif self.only_5prime:
            where = ", ".join(dict.fromkeys(place.chromosome for place in self.joined_to))
            said = (
                f"shows the 5' end of KMT2A alone, on a derivative 11 joined to chromosome {where}"
            )
        elif self.described:
            said = "describes an exchange at 11q23 with a KMT2A signal"
        elif self.lost_ends == {"3"}:
            said = "shows that the 3' end of one KMT2A is lost, the 5' end may be fused"
        else:
            said = "shows no break of KMT2A"
        beside = f" beside {', '.join(self.partners)}" if self.partners else ""
        return said + beside


def read_metaphase_fish(parts: Iterable[MetaphaseFish]) -> MetaphaseKmt2a:
    """Say what parts of metaphase FISH show of KMT2A."""
    items = [item for part in parts for item in part.items]
    seen: dict[Place, set[str]] = {}
    missed: dict[Place, set[str]] = {}
    separated = False
    for item in items:
        for place, signal in _signals(item):
            ends = {probe.end for probe in signal.probes if is_kmt2a(probe.name)}
            separated = separated or (signal.link == "sep" and ends == _BOTH_ENDS)
            if ends:
                (missed if signal.shown == "-" else seen).setdefault(place, set()).update(ends)
    moved = tuple(place for place in seen if place.chromosome not in ("11", ""))
    five = {place.chromosome for place, ends in seen.items() if ends == {"5"}}
    three = {place.chromosome for place, ends in seen.items() if ends == {"3"}}
    joined = [item for item in items if _shows_kmt2a(item) and _joins_11(item)]
    return MetaphaseKmt2a(
        moved_to=moved,
        joined_to=tuple(place for item in joined for place in _joined_to(item)),
        apart=separated or bool(five and three and (len(five | three) > 1)),
        only_5prime=any(_ends_of(item) == {"5"} and _derivative_11(item) for item in joined),
        described=any(_not_by_chromosome(item) and _breaks_11q23(item) for item in joined),
        lost_ends=frozenset(
            end
            for place, ends in missed.items()
            for end in ends - seen.get(place, set())
            if place.chromosome in ("11", "") and len(ends) == 1 and end
        ),
        lost=not seen
        and any(
            place.chromosome == "11" and (_WHOLE in ends or ends == _BOTH_ENDS)
            for place, ends in missed.items()
        ),
        on_deleted=any(
            _ends_of(item) == {_WHOLE} and item.events[0].kind == "del" and _breaks_11q23(item)
            for item in items
            if item.events
        ),
        partners=tuple(
            dict.fromkeys(
                name
                for item in items
                for name in _partners_beside(item, {p.chromosome for p in moved})
            )
        ),
    )


def metaphase_parts(clones: Iterable[Clone]) -> list[MetaphaseFish]:
    """The metaphase FISH of all clones."""
    return [part for clone in clones for part in clone.ish]


def is_kmt2a(name: str) -> bool:
    """Whether a probe's name is one of KMT2A's."""
    return resolve(name.upper()) == KMT2A


def shows_kmt2a(parts: Iterable[MetaphaseFish]) -> bool:
    """Whether a KMT2A signal was seen on a chromosome that is described as rearranged."""
    return any(item.events and _shows_kmt2a(item) for part in parts for item in part.items)


def _ends_of(item: MetaphaseItem) -> set[str]:
    return {
        probe.end
        for group in item.groups
        for signal in group.signals
        for probe in signal.probes
        if is_kmt2a(probe.name) and signal.shown != "-"
    }


def _shows_kmt2a(item: MetaphaseItem) -> bool:
    return bool(_ends_of(item))


def _derivative_11(item: MetaphaseItem) -> bool:
    """Whether an item is one derivative 11 and not a whole exchange."""
    first = item.events[0]
    return len(first.places) == 1 and first.places[0].chromosome == "11"


def _not_by_chromosome(item: MetaphaseItem) -> bool:
    """Whether a whole exchange was written without saying which chromosome has which signal."""
    return not _derivative_11(item) and all(len(one.by_chromosome) == 1 for one in item.groups)


def _joins_11(item: MetaphaseItem) -> bool:
    """Whether an item describes an exchange or insertion of 11 and another chromosome."""
    return any(
        event.kind in ("t", "ins", "dic") and {"11"} < {place.chromosome for place in event.places}
        for event in item.events
    )


def _joined_to(item: MetaphaseItem) -> list[Place]:
    return [
        place
        for event in item.events
        for place in event.places
        if len(event.places) > 1 and place.chromosome not in ("11", UNKNOWN)
    ]


def _breaks_11q23(item: MetaphaseItem) -> bool:
    return any(
        point.band.text.startswith("q23")
        for event in item.events
        for place in event.places
        if place.chromosome == "11"
        for point in place.points
    )


def _partners_beside(item: MetaphaseItem, chromosomes: set[str]) -> Iterable[str]:
    """The known partners that lie on the chromosomes where KMT2A went, by their probes."""
    for group in item.groups:
        for signal in group.signals:
            for probe in signal.probes if signal.shown != "-" else ():
                partner = partners().get(resolve(probe.name.upper()))
                if partner and partner.contig.removeprefix("chr") in chromosomes:
                    yield partner.symbol


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
    if len(first.places) > 1 and first.kind == "ins":
        # An insertion is written with the chromosome that received it first.
        return first.places[0]
    if len(first.places) > 1:
        # A translocation whose signals are not given by chromosome: on which one is not said.
        return Place(chromosome="")
    chromosome = first.places[0].chromosome
    for event in item.events:
        for place in event.places:
            if place.chromosome == chromosome and place.points:
                return Place(chromosome=chromosome, points=place.points)
    return Place(chromosome=chromosome)
