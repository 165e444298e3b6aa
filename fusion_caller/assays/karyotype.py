"""Karyotype: what an ISCN string says of 11q23, and which partners its bands allow.

Nothing is concluded from a string with a part that cannot be read, unless a readable part shows a
rearrangement.
"""

from __future__ import annotations

import re

from fusion_caller.assays.iscn import (
    JOINING,
    Break,
    Clone,
    Event,
    Shown,
    major,
    read_clone,
    split_outside_brackets,
    with_bands,
)
from fusion_caller.assays.sheet import (
    LONGEST_RESULT,
    Word,
    inconclusive,
    not_done,
    not_understood,
    shared_word,
    tidy,
)
from fusion_caller.knowledge import Evidence, Mechanism, Partner, partners
from fusion_caller.records import AssayReading, Finding, Verdict

EXPECTED = (
    "an ISCN karyotype such as 46,XX,t(4;11)(q21;q23)[18]/46,XX[2], or positive, negative, not done"
)

_CRYPTIC = "A cryptic KMT2A rearrangement is not excluded."
_FISH_PART = " A FISH part is present and is not read here: it is an assay of its own."
_UNKNOWN_CHROMOSOME = frozenset({"?", "v", "var"})

_OTHER_METHOD = re.compile(r"\.?\s*\b(?:nuc\s*ish|arr|ogm|sseq|seq|rsa)\b.*", re.DOTALL)
_METAPHASE_AT_11Q23 = re.compile(r"(?<!nuc )\bish\b.*?(?:KMT2A|MLL|[(;]11[;)])")
_PLAIN_11Q23 = re.compile(
    r"11q23(?:\.3)?\s*\(?(?:kmt2a|mll)?\)?\s*"
    r"(?P<what>rearrangement|rearranged|translocation|abnormality|abnormal|)"
)


def read_karyotype(text: str) -> AssayReading:
    """Say what a karyotype shows at 11q23.

    A break at 11q23 that is joined to another (t, ins, inv, dic) is POSITIVE, with the partners
    whose band fits as candidates: `specific` is never true, since a band holds many genes. A loss,
    gain or addition with a break at 11q23, and a band that is uncertain, is INCONCLUSIVE. FISH,
    array and mapping results behind a period are not read.

    Args:
        text: What the laboratory wrote.
    """
    word = shared_word(text)
    if word is not None:
        return _from_word(word)
    plain = tidy(text)
    if len(plain) > LONGEST_RESULT:
        return not_understood(text, EXPECTED)
    phrase = _PLAIN_11Q23.fullmatch(plain.lower())
    if phrase:
        return _from_phrase(phrase["what"])
    if re.fullmatch(r"normal (?:(?:fe)?male )?karyotype", plain.lower()):
        return _from_word(Word.NORMAL)
    karyotype = _OTHER_METHOD.sub("", plain)
    # A period inside a karyotype stands before the digit of a sub-band; any other ends it, except
    # metaphase FISH, which every clone may carry.
    karyotype = re.split(r"\.(?!\d|\s*ish\b|\.)", karyotype.replace("...", "…"), maxsplit=1)[0]
    clones = [read_clone(part) for part in split_outside_brackets(karyotype, "/") if part.strip()]
    if not clones or plain.startswith("ish"):
        return not_understood(text, f"{EXPECTED}; results of other methods are not read here")
    has_fish = bool(re.search(r"\bf?ish\b", plain, re.IGNORECASE))
    return _read_clones(with_bands(clones), text=text, has_fish=has_fish)


def _from_word(word: Word) -> AssayReading:
    if word in (Word.NOT_DONE, Word.FAILED):
        return not_done(word)
    if word is Word.INCONCLUSIVE:
        return inconclusive()
    if word is Word.POSITIVE:
        return AssayReading(
            verdict=Verdict.POSITIVE,
            finding=Finding.POSITIVE,
            sentence="Reported as positive without a karyotype: bands and partner are not known.",
        )
    normal = word is Word.NORMAL
    return AssayReading(
        verdict=Verdict.NEGATIVE,
        finding=Finding.NORMAL_KARYOTYPE if normal else Finding.NEGATIVE,
        sentence=f"Reported as {word} without a karyotype. {_CRYPTIC}",
    )


def _from_phrase(what: str) -> AssayReading:
    if what in ("rearrangement", "rearranged", "translocation"):
        return _reading(Shown.YES, (), "Reported as rearranged at 11q23; no partner band is given.")
    return _reading(Shown.POSSIBLE, (), "11q23 is named; what happened there is not said.")


def _reading(
    shown: Shown,
    candidates: tuple[str, ...],
    sentence: str,
    cells: float | None = None,
    *,
    band_known: bool = False,
) -> AssayReading:
    rearranged = shown is Shown.YES
    return AssayReading(
        verdict=Verdict.POSITIVE if rearranged else Verdict.INCONCLUSIVE,
        finding=Finding.REARRANGED_11Q23 if rearranged else Finding.POSSIBLE_11Q23,
        partners=candidates,
        band_known=band_known,
        cells_abnormal=cells,
        sentence=sentence,
    )


def _shown(event: Event, derivatives_11: set[tuple[str, tuple[str, ...]]]) -> Shown:
    on_11 = [one for one in event.breaks if one.chromosome == "11"]
    clearest = max((_shown_by_break(event, one) for one in on_11), default=Shown.NO)
    if clearest is not Shown.YES:
        return clearest
    # Of a simple exchange, the derivative 11 carries the 5' part of KMT2A that makes the fusion.
    lacks_derivative_11 = (
        event.kind == "t" and event.carrier not in ("", "11") and event.name not in derivatives_11
    )
    if event.kind not in JOINING or event.uncertain or lacks_derivative_11:
        return Shown.POSSIBLE
    return Shown.YES


def _shown_by_break(event: Event, on_11: Break) -> Shown:
    if on_11.bands:
        return max(band.at_11q23() for band in on_11.bands)
    unknown_partner = not _UNKNOWN_CHROMOSOME.isdisjoint(event.chromosomes)
    if event.shorthand and event.kind in ("t", "ins") and unknown_partner:
        # `t(v;11)` is the literature's shorthand for any partner of 11q23.
        return Shown.YES
    # A chromosome 11 written behind its derivative is described by the other events there.
    return Shown.NO if event.carrier else Shown.POSSIBLE


def _candidates(event: Event) -> dict[str, Partner]:
    """The known partners whose band fits the other breaks of an event at 11q23."""
    places = _other_breaks(event)
    # KMT2A and its partner read in opposite directions where an inversion within 11 joins them.
    inversion = event.kind == "inv"
    return {
        partner.symbol: partner
        for partner in partners().values()
        if any(_fits(partner, place) for place in places)
        and (not inversion or partner.mechanism is Mechanism.INVERSION)
    }


def _other_breaks(event: Event) -> list[Break]:
    places = []
    found = False
    for one in event.breaks:
        at_11q23 = one.chromosome == "11" and (
            not one.bands or any(band.at_11q23() for band in one.bands)
        )
        if not at_11q23 or found:
            places.append(one)
            continue
        found = True
        if len(event.breaks) == 1 and event.kind in ("inv", "ins"):
            kmt2a = next((n for n, band in enumerate(one.bands) if band.at_11q23()), 0)
            others = one.bands[:kmt2a] + one.bands[kmt2a + 1 :]
            places += [Break("11", (band,)) for band in others]
    return places


def _fits(partner: Partner, place: Break) -> bool:
    if partner.contig != f"chr{place.chromosome}":
        return False
    known = (partner.band, *partner.legacy_bands)
    return not place.bands or any(band.holds(one) for band in place.bands for one in known)


def _ranked(candidates: dict[str, Partner]) -> tuple[str, ...]:
    """Sourced partners first, those of the DCAL series leading by their number of patients."""

    def rank(partner: Partner) -> tuple[bool, bool, int, str]:
        sourced = partner.evidence is Evidence.SOURCED
        return (not sourced, partner.patients is None, -(partner.patients or 0), partner.symbol)

    return tuple(partner.symbol for partner in sorted(candidates.values(), key=rank))


def _read_clones(clones: list[Clone], *, text: str, has_fish: bool) -> AssayReading:
    events = [event for clone in clones for event in clone.events]
    derivatives_11 = {event.name for event in events if event.carrier == "11"}
    shown = {event: _shown(event, derivatives_11) for event in events}
    unread = [item for clone in clones for item in clone.unread]
    tail = _FISH_PART if has_fish else ""
    clearest = max(shown.values(), default=Shown.NO)
    if unread and clearest is not Shown.YES:
        return not_understood(unread[0] or text, EXPECTED)
    if clearest is Shown.NO and _METAPHASE_AT_11Q23.search(tidy(text)):
        return AssayReading(
            verdict=Verdict.INCONCLUSIVE,
            finding=Finding.POSSIBLE_11Q23,
            sentence="Banding shows no break at 11q23, but the metaphase FISH behind it involves "
            "KMT2A or chromosome 11 and is not read here: enter it as FISH.",
        )
    if clearest is Shown.NO:
        return _nothing_at_11q23(clones, events, tail)
    telling = [event for event in events if shown[event] is clearest]
    found: dict[str, Partner] = {}
    for event in dict.fromkeys(telling):
        if event.kind in JOINING:
            found |= _candidates(event)
    if clearest is Shown.YES and _cells_with(clones, set(telling)) == 1:
        # ISCN counts a structural change as clonal from two metaphases on.
        return _reading(
            Shown.POSSIBLE,
            (),
            f"A single metaphase shows {telling[0].text}: one cell is not a clone.{tail}",
        )
    cells = _fraction(clones, set(telling)) if clearest is Shown.YES else None
    what = ", ".join(list(dict.fromkeys(event.text for event in telling))[:3])
    candidates = _ranked(found)
    if clearest is Shown.YES:
        sentence = f"Rearranged at 11q23: {what}. {_about(candidates)}"
    else:
        sentence = (
            f"11q23 may be involved: {what}. The karyotype does not show whether KMT2A is "
            f"rearranged; FISH or RNA must tell. {_about(candidates) if candidates else ''}"
        ).rstrip()
    if unread:
        tail += " A part of the karyotype could not be read."
    # A band is known only where none of the breaks elsewhere has an unknown chromosome or no band.
    places = [place for event in telling for place in _other_breaks(event)]
    band_known = bool(places) and all(
        place.bands and place.chromosome not in _UNKNOWN_CHROMOSOME for place in places
    )
    return _reading(clearest, candidates, sentence + tail, cells, band_known=band_known)


def _about(candidates: tuple[str, ...]) -> str:
    if not candidates:
        return (
            "No known partner lies in the other band, or none is given: the partner is not known."
        )
    shown = 4
    names = [
        name if partners()[name].evidence is Evidence.SOURCED else f"{name} (from memory)"
        for name in candidates[:shown]
    ]
    more = f" and {len(candidates) - shown} more" if len(candidates) > shown else ""
    return (
        f"The bands fit {', '.join(names)}{more}; a band holds many genes and does not name the "
        "partner."
    )


def _nothing_at_11q23(clones: list[Clone], events: list[Event], tail: str) -> AssayReading:
    if all(clone.normal for clone in clones):
        return AssayReading(
            verdict=Verdict.NEGATIVE,
            finding=Finding.NORMAL_KARYOTYPE,
            sentence=f"Normal karyotype. {_CRYPTIC}{tail}",
        )
    notes = [_CRYPTIC]
    if any(_at_picalm(event) for event in events):
        notes.append("t(10;11) at 11q13-21 suggests PICALM::MLLT10, which does not involve KMT2A.")
    if any(_deletes_kmt2a(event) for event in events):
        notes.append("The deletion of 11q takes KMT2A away; it does not show a rearrangement.")
    return AssayReading(
        verdict=Verdict.NEGATIVE,
        finding=Finding.ABNORMAL_WITHOUT_11Q23,
        sentence=f"Abnormal karyotype without a break at 11q23. {' '.join(notes)}{tail}",
    )


def _at_picalm(event: Event) -> bool:
    return {"10", "11"} <= set(event.chromosomes) and any(
        band.holds(place)
        for one in event.breaks
        if one.chromosome == "11"
        for band in one.bands
        for place in ("q13", "q14", "q21")
    )


def _deletes_kmt2a(event: Event) -> bool:
    if event.kind != "del" or event.chromosomes != ("11",) or not event.breaks[0].bands:
        return False
    kmt2a = 23
    ends = [major(band.digits) if band.arm == "q" else 0 for band in event.breaks[0].bands]
    return ends[0] < kmt2a and (len(ends) == 1 or max(ends) > kmt2a)


def _fraction(clones: list[Clone], telling: set[Event]) -> float | None:
    """The fraction of cells with a telling event; None unless every clone has its cells counted."""
    counts = [clone.cells for clone in clones]
    known = [count for count in counts if count is not None]
    if len(known) != len(counts) or not sum(known):
        return None
    return (_cells_with(clones, telling) or 0) / sum(known)


def _cells_with(clones: list[Clone], telling: set[Event]) -> int | None:
    """How many cells show a telling event; None if a clone that shows one is not counted."""
    stemline = bool(telling & set(clones[0].events))
    carrying = [c for c in clones if telling & set(c.events) or (c.inherits and stemline)]
    counted = [clone.cells for clone in carrying if clone.cells is not None]
    return sum(counted) if len(counted) == len(carrying) else None
