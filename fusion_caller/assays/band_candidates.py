"""Which known partners of KMT2A a band allows; a band holds many genes and never names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.assays.aberrations import bands_of, holds
from fusion_caller.assays.breaks_11q23 import JOINING, other_places
from fusion_caller.iscn.tree import UNKNOWN, Place
from fusion_caller.iscn.writing import write_place
from fusion_caller.knowledge import Evidence, Mechanism, Partner, partners

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion_caller.assays.aberrations import Aberration

_NAMED = 4


def candidates(events: Iterable[Aberration], beside: Iterable[Place] = ()) -> tuple[str, ...]:
    """HGNC symbols of the known partners at the other breaks of events at 11q23, ranked.

    Args:
        events: Events that break 11q23.
        beside: Breaks on other chromosomes that stand behind the same derivative.
    """
    found: dict[str, Partner] = {}
    for event in events:
        if event.kind in JOINING:
            # KMT2A and its partner read in opposite directions where an inversion joins them.
            found |= _at(other_places(event), inversion=event.kind == "inv")
    return _ranked(found | _at(beside, inversion=False))


def counted_candidates(events: Iterable[Aberration]) -> tuple[str, ...]:
    """Those of the candidates at exchanges that the DCAL series counts patients of, ranked."""
    found: dict[str, Partner] = {}
    for event in events:
        if event.kind == "t":
            found |= _at(
                [p for p in event.places if p.points and p.chromosome != "11"], inversion=False
            )
    return _ranked({name: one for name, one in found.items() if one.patients is not None})


def candidates_at(places: Iterable[Place]) -> tuple[str, ...]:
    """HGNC symbols of the known partners at places that KMT2A was seen at, ranked."""
    return _ranked(_at(places, inversion=False))


def _at(places: Iterable[Place], *, inversion: bool) -> dict[str, Partner]:
    listed = list(places)
    return {
        partner.symbol: partner
        for partner in partners().values()
        if any(_fits(partner, place) for place in listed)
        and (not inversion or partner.mechanism is Mechanism.INVERSION)
    }


def _fits(partner: Partner, place: Place) -> bool:
    if partner.contig != f"chr{place.chromosome}":
        return False
    known = (partner.band, *partner.legacy_bands)
    points = bands_of(place)
    return not place.points or any(holds(point, band) for point in points for band in known)


def _ranked(found: dict[str, Partner]) -> tuple[str, ...]:
    """Sourced partners first, those of the DCAL series leading by their number of patients."""

    def rank(partner: Partner) -> tuple[bool, bool, int, str]:
        sourced = partner.evidence is Evidence.SOURCED
        return (not sourced, partner.patients is None, -(partner.patients or 0), partner.symbol)

    return tuple(partner.symbol for partner in sorted(found.values(), key=rank))


def about(symbols: tuple[str, ...]) -> str:
    """Say in a sentence which partners fit."""
    if not symbols:
        return (
            "No known partner lies in the other band, or none is given: the partner is not known."
        )
    names = [with_evidence(name) for name in symbols[:_NAMED]]
    more = f" and {len(symbols) - _NAMED} more" if len(symbols) > _NAMED else ""
    return (
        f"The bands fit {', '.join(names)}{more}; a band holds many genes and does not name the "
        "partner."
    )


def with_evidence(symbol: str) -> str:
    """A partner's symbol, with a mark where what is known of it was written from memory."""
    known = partners().get(symbol)
    from_memory = known is not None and known.evidence is Evidence.MEMORY
    return f"{symbol} (from memory)" if from_memory else symbol


def known_place(place: Place) -> bool:
    """Whether both chromosome and band are given."""
    return bool(place.points) and place.chromosome != UNKNOWN


def band_names(places: Iterable[Place]) -> tuple[str, ...]:
    """Places as a cytogeneticist writes them, `4q21`, each once; none without a band."""
    return tuple(dict.fromkeys(write_place(place) for place in places if known_place(place)))
