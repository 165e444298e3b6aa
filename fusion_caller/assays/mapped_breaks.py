"""Arrays and optical maps in ISCN's words: whether they break KMT2A, by position or by band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.assays.aberrations import Aberration, bands_of
from fusion_caller.assays.band_candidates import about, candidates
from fusion_caller.assays.breaks_11q23 import Shown, at_11q23, other_places
from fusion_caller.iscn.tree import PROSE, OtherPart
from fusion_caller.iscn.writing import write_event
from fusion_caller.records import AssayReading, Finding, Verdict

if TYPE_CHECKING:
    from fusion_caller.iscn.tree import Iscn, MappedEvent, Place, Region

# KMT2A, 1-based and closed: ENST00000534358 on GRCh38 (chr11), and 129,285 bases less on GRCh37.
_KMT2A_GRCH38 = (118_436_492, 118_526_832)
_GRCH37_OFFSET = 129_285
_GRCH37_NAMES = ("grch37", "hg19", "37")
_GRCH38_NAMES = ("grch38", "hg38", "38")


def read_mapped_breaks(iscn: Iscn) -> AssayReading | None:
    """Say what the arrays and maps of a text without a karyotype show at KMT2A.

    Returns:
        None where there is none of them in the text.
    """
    parts = [part for part in iscn.parts if isinstance(part, OtherPart) and part.method != PROSE]
    if not parts:
        return None
    for part in parts:
        events = [_aberration(one) for one in part.mapped if _joins_kmt2a(one, part.build)]
        if events:
            symbols = candidates(events)
            return AssayReading(
                verdict=Verdict.POSITIVE,
                finding=Finding.REARRANGED_11Q23,
                partners=symbols,
                band_known=True,
                sentence=f"Optical mapping joins KMT2A to another place: {events[0].text}. "
                f"{about(symbols)}",
            )
    for part in parts:
        if any(_ends_in_kmt2a(region, part.build) for region in part.regions):
            return AssayReading(
                verdict=Verdict.INCONCLUSIVE,
                finding=Finding.POSSIBLE_11Q23,
                sentence="A gain or loss ends inside KMT2A, which may go with a rearrangement; "
                "FISH or RNA must tell.",
            )
    return AssayReading(
        verdict=Verdict.NOT_DONE,
        finding=Finding.NOT_DONE,
        sentence="There is no karyotype in this text, and what is there breaks KMT2A nowhere.",
    )


def mapped_partner_places(iscn: Iscn) -> list[Place]:
    """The places that optical maps join KMT2A to."""
    return [
        place
        for part in iscn.parts
        if isinstance(part, OtherPart)
        for mapped in part.mapped
        if _joins_kmt2a(mapped, part.build)
        for place in other_places(_aberration(mapped))
    ]


def _span(build: str) -> tuple[int, int] | None:
    name = build.lower()
    start, end = _KMT2A_GRCH38
    if name in _GRCH38_NAMES:
        return start, end
    if name in _GRCH37_NAMES:
        return start - _GRCH37_OFFSET, end - _GRCH37_OFFSET
    return None


def _ends_in_kmt2a(region: Region, build: str) -> bool:
    span = _span(build)
    if span is None or not region.place.startswith("11"):
        return False
    return any(end is not None and span[0] <= end <= span[1] for end in (region.start, region.end))


def _joins_kmt2a(mapped: MappedEvent, build: str) -> bool:
    """By position where it is given on a known build, else by band."""
    places = mapped.event.places
    span = _span(build)
    if span and len(mapped.positions) == len(places):
        return any(
            place.chromosome == "11" and span[0] <= position <= span[1]
            for place, position in zip(places, mapped.positions, strict=True)
        )
    if span and len(places) == 1 and places[0].chromosome == "11" and mapped.positions:
        return any(span[0] <= position <= span[1] for position in mapped.positions)
    return any(
        place.chromosome == "11" and at_11q23(point) is Shown.YES
        for place in places
        for point in bands_of(place)
    )


def _aberration(mapped: MappedEvent) -> Aberration:
    return Aberration(
        text=write_event(mapped.event), kind=mapped.event.kind, places=mapped.event.places
    )
