"""Karyotypes that show no break at 11q23: what may hide one, and what they do not exclude."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.assays.band_candidates import about, counted_candidates
from fusion_caller.assays.band_slips import missing_bands, swapped
from fusion_caller.assays.breaks_11q23 import (
    BreaksAt11q23,
    Shown,
    at_picalm,
    deletes_kmt2a,
    next_to_11q23,
)
from fusion_caller.assays.metaphase_fish import shows_kmt2a
from fusion_caller.records import AssayReading, Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion_caller.assays.aberrations import Aberration

_CRYPTIC = "A cryptic KMT2A rearrangement is not excluded."
_NORMAL_SEX = ("XX", "XY")
_DIPLOID = 46
_SHOWN_EVENTS = 3


def reading_at_11q23(
    shown: Shown,
    symbols: tuple[str, ...],
    sentence: str,
    cells: float | None = None,
    *,
    band_known: bool = False,
) -> AssayReading:
    """A reading of what is, or may be, a break at 11q23.

    Args:
        shown: How clearly it breaks 11q23.
        symbols: The partners that fit.
        sentence: What is said of it.
        cells: The fraction of cells that show it, None where it is not known.
        band_known: Whether the partner's band is given.
    """
    rearranged = shown is Shown.YES
    return AssayReading(
        verdict=Verdict.POSITIVE if rearranged else Verdict.INCONCLUSIVE,
        finding=Finding.REARRANGED_11Q23 if rearranged else Finding.POSSIBLE_11Q23,
        partners=symbols,
        band_known=band_known,
        cells_abnormal=cells,
        sentence=sentence,
    )


def doubtful(breaks: BreaksAt11q23, tail: str) -> AssayReading | None:
    """What is written wrongly, or one band off: it may be 11q23 all the same."""
    for event in breaks.seen_events:
        right = swapped(event)
        if right:
            return reading_at_11q23(
                Shown.POSSIBLE,
                (),
                f"{event.text} has its chromosomes or its bands in the wrong order; it may stand "
                f"for {right}, a break at 11q23: ask the laboratory.{tail}",
            )
    wrong = [event for event in breaks.seen_events if missing_bands([event])]
    if wrong:
        on_11 = any("11" in event.chromosomes for event in wrong)
        return AssayReading(
            verdict=Verdict.INCONCLUSIVE,
            finding=Finding.POSSIBLE_11Q23 if on_11 else Finding.INCONCLUSIVE,
            sentence=f"{_names(wrong)} cannot be right: ask the laboratory for the band.{tail}",
        )
    near = [event for event in breaks.seen_events if next_to_11q23(event)]
    symbols = counted_candidates(near)
    if not symbols:
        return None
    return reading_at_11q23(
        Shown.POSSIBLE,
        symbols,
        f"{_names(near)} breaks chromosome 11 one band beside 11q23, where banding may err; "
        f"FISH should settle it. {about(symbols)}{tail}",
    )


def nothing_at_11q23(breaks: BreaksAt11q23, tail: str) -> AssayReading:
    """The reading of a karyotype in which no event may break 11q23."""
    if not breaks.patient_seen:
        donors = "all cells seen are a donor's" if breaks.seen else "no cell was examined"
        return AssayReading(
            verdict=Verdict.INCONCLUSIVE,
            finding=Finding.INCONCLUSIVE,
            sentence=f"No cell of the patient was seen: {donors}.{tail}",
        )
    if any(clone.incomplete for clone in breaks.clones):
        return AssayReading(
            verdict=Verdict.INCONCLUSIVE,
            finding=Finding.INCONCLUSIVE,
            sentence="No break at 11q23 in what is written, but a part of the karyotype was left "
            f"out, which may hide one. {_CRYPTIC}{tail}",
        )
    if all(_is_normal(breaks, number) for number in breaks.seen):
        return AssayReading(
            verdict=Verdict.NEGATIVE,
            finding=Finding.NORMAL_KARYOTYPE,
            sentence=f"Normal karyotype. {_CRYPTIC}{tail}",
        )
    notes = [_CRYPTIC]
    if any(at_picalm(event) for event in breaks.seen_events):
        notes.append("t(10;11) at 11q13-21 suggests PICALM::MLLT10, which does not involve KMT2A.")
    if any(deletes_kmt2a(event) for event in breaks.seen_events):
        notes.append("The deletion of 11q takes KMT2A away; it does not show a rearrangement.")
    if any(next_to_11q23(event) for event in breaks.seen_events):
        notes.append(
            "A break lies in the band next to 11q23, where banding may err; FISH should settle it."
        )
    return AssayReading(
        verdict=Verdict.NEGATIVE,
        finding=Finding.ABNORMAL_WITHOUT_11Q23,
        sentence=f"Abnormal karyotype without a break at 11q23. {' '.join(notes)}{tail}",
    )


def _is_normal(breaks: BreaksAt11q23, number: int) -> bool:
    clone = breaks.clones[number]
    counted = clone.number is not None and clone.number.first == clone.number.last == _DIPLOID
    return counted and clone.sex in _NORMAL_SEX and not clone.items and not shows_kmt2a(clone.ish)


def _names(events: Iterable[Aberration]) -> str:
    return ", ".join(list(dict.fromkeys(event.text for event in events))[:_SHOWN_EVENTS])
