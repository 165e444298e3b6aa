"""Slips of the pen in an event's bands: bands that do not exist, chromosomes in the wrong order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.assays.aberrations import bands_of
from fusion_caller.assays.breaks_11q23 import Shown, at_11q23
from fusion_caller.iscn.tree import Place
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
    """How an exchange would read with its chromosomes in ISCN's order, if it then breaks 11q23.

    ISCN writes the sex chromosomes first and then the lower number (from memory of ISCN 2020), so
    that `t(11;9)(p22;q23)` has its chromosomes or its bands in the wrong order.

    Returns:
        `t(9;11)(p22;q23)`; empty where the order is right, or the bands fit as they are written.
    """
    if event.kind != "t" or len(event.places) != _BOTH:
        return ""
    first, second = event.places
    order = list(dict.fromkeys(chromosome for chromosome, _ in chromosome_bands()))
    order = [*order[-2:], *order[:-2]]
    if not {first.chromosome, second.chromosome} <= set(order):
        return ""
    if order.index(first.chromosome) < order.index(second.chromosome):
        return ""
    places = (
        Place(chromosome=second.chromosome, points=first.points),
        Place(chromosome=first.chromosome, points=second.points),
    )
    right = replace(event, places=places)
    breaks = any(
        at_11q23(point) is not Shown.NO
        for place in places
        if place.chromosome == "11"
        for point in bands_of(place)
    )
    if not breaks or missing_bands([right]):
        return ""
    heads = ";".join(place.chromosome for place in places)
    return f"t({heads})({event.text.rpartition('(')[2]}"
