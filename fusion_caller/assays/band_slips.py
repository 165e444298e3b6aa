"""Slips of the pen in an event's bands: bands that do not exist, chromosomes in the wrong order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.assays.aberrations import bands_of
from fusion_caller.assays.breaks_11q23 import Shown, at_11q23
from fusion_caller.iscn.tree import Event, Place
from fusion_caller.iscn.writing import write_event
from fusion_caller.knowledge.chromosome_bands import chromosome_bands, missing_band

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion_caller.assays.aberrations import Aberration


_BOTH = 2


def missing_bands(events: Iterable[Aberration]) -> tuple[str, ...]:
    """Say of each band that does not exist that it does not, each once."""
    return tuple(
        dict.fromkeys(
            said
            for event in events
            for place in event.places
            for point in bands_of(place)
            for band in (point.band, point.last)
            if band is not None and band.arm
            for said in [missing_band(place.chromosome, band.arm, band.digits)]
            if said
        )
    )


def swapped(event: Aberration) -> str:
    """How an exchange reads with its bands in the other order, if it then breaks 11q23.

    ISCN writes the sex chromosomes first and then the lower number (from memory of ISCN 2020), so
    that `t(11;9)(p22;q23)` has its chromosomes in the wrong order, or its bands.

    Returns:
        `t(9;11)(p22;q23)`; empty where the order is right and all bands exist.
    """
    if event.kind != "t" or len(event.places) != _BOTH:
        return ""
    first, second = event.places
    names = list(dict.fromkeys(chromosome for chromosome, _ in chromosome_bands()))
    order = [*names[-_BOTH:], *names[:-_BOTH]]
    if not set(event.chromosomes) <= set(order):
        return ""
    lower, higher = sorted(event.chromosomes, key=order.index)
    if lower == first.chromosome and not missing_bands([event]):
        return ""
    if lower == first.chromosome:
        first, second = second, first
    places = (
        Place(chromosome=lower, points=first.points),
        Place(chromosome=higher, points=second.points),
    )
    breaks = any(
        at_11q23(point) is not Shown.NO
        for place in places
        if place.chromosome == "11"
        for point in bands_of(place)
    )
    if not breaks or missing_bands([replace(event, places=places)]):
        return ""
    return write_event(Event(kind="t", places=places))
