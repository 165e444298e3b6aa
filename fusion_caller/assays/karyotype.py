"""Karyotype: what an ISCN string says of 11q23, and which partners its bands allow.

Nothing is concluded from a string with a part that cannot be read, unless a readable part shows a
rearrangement.
"""

from __future__ import annotations

from fusion_caller.assays.band_candidates import about, candidates, candidates_at, known_place
from fusion_caller.assays.breaks_11q23 import (
    BreaksAt11q23,
    Shown,
    at_picalm,
    deletes_kmt2a,
    other_places,
)
from fusion_caller.assays.karyotype_words import denies, read_karyotype_words, without_words
from fusion_caller.assays.mapped_breaks import read_mapped_breaks
from fusion_caller.assays.metaphase_fish import metaphase_parts, read_metaphase_fish
from fusion_caller.assays.sheet import LONGEST_RESULT, not_understood, tidy
from fusion_caller.iscn import IscnError, parse, write
from fusion_caller.iscn.tree import PROSE, InterphaseFish, Iscn, MetaphaseFish, OtherPart
from fusion_caller.records import AssayReading, Finding, Verdict

EXPECTED = (
    "an ISCN karyotype such as 46,XX,t(4;11)(q21;q23)[18]/46,XX[2], or positive, negative, not done"
)

_CRYPTIC = "A cryptic KMT2A rearrangement is not excluded."
_FISH_PART = " The FISH part is an assay of its own."
_NORMAL_SEX = ("XX", "XY")
_DIPLOID = 46
_SHOWN_EVENTS = 3


def read_karyotype(text: str) -> AssayReading:
    """Say what a karyotype shows at 11q23.

    A break at 11q23 that is joined to another (t, ins, inv, dic) is POSITIVE, with the partners
    whose band fits as candidates: `specific` is never true, since a band holds many genes. A loss,
    gain or addition with a break at 11q23, and a band that is uncertain, is INCONCLUSIVE, and so
    is a karyotype of which a part was left out. Metaphase FISH that shows KMT2A on another
    chromosome than 11 is POSITIVE. Interphase FISH behind a period is not read: it is an assay of
    its own. An array alone is no karyotype: it is INCONCLUSIVE where it breaks inside KMT2A, an
    optical map is POSITIVE where it joins KMT2A to another place, and else the karyotype counts
    as not done.

    Args:
        text: What the laboratory wrote.
    """
    said = read_karyotype_words(text)
    if said is not None:
        return said
    plain = without_words(tidy(text))
    if len(plain) > LONGEST_RESULT:
        return not_understood(text, EXPECTED)
    try:
        iscn = parse(plain, leave_out_unread=True)
    except IscnError as error:
        return not_understood(text, f"{EXPECTED}; unread from column {error.position}")
    return read_karyotype_tree(iscn, text=text)


def interphase_part(text: str) -> str:
    """The `nuc ish` part that a laboratory wrote behind a karyotype, as ISCN; empty without one."""
    if "ish" not in text.lower() or len(text) > LONGEST_RESULT:
        return ""
    try:
        iscn = parse(without_words(tidy(text)), leave_out_unread=True)
    except IscnError:
        return ""
    parts = tuple(part for part in iscn.parts if isinstance(part, InterphaseFish))
    return write(Iscn(parts=parts)) if parts and iscn.clones else ""


def read_karyotype_tree(iscn: Iscn, *, text: str) -> AssayReading:
    """Say what a karyotype that was parsed shows at 11q23.

    Args:
        iscn: The syntax tree.
        text: What the laboratory wrote, to be quoted where it is not understood.
    """
    if not iscn.clones:
        mapped = read_mapped_breaks(iscn)
        if mapped is None:
            return not_understood(text, f"{EXPECTED}; results of other methods are not read here")
        return mapped
    if _denied(iscn):
        return not_understood(text, EXPECTED)
    breaks = BreaksAt11q23(clones=iscn.clones)
    tail = _tail(iscn)
    if breaks.clearest is Shown.YES:
        return _rearranged(breaks, tail)
    metaphase = _by_metaphase_fish(iscn, tail)
    if metaphase is not None and metaphase.verdict is Verdict.POSITIVE:
        return metaphase
    if iscn.unread:
        return not_understood(iscn.unread[0] or text, EXPECTED)
    if breaks.clearest is Shown.POSSIBLE:
        return _possible(breaks, tail)
    return metaphase or _nothing_at_11q23(breaks, tail)


def _denied(iscn: Iscn) -> bool:
    """Whether `t(4;11), not detected` names a change only to deny it.

    Prose behind a whole karyotype, with its number, is a comment and denies nothing.
    """
    whole = any(clone.number for clone in iscn.clones)
    prose = [] if whole else [part.text for part in iscn.parts if isinstance(part, OtherPart)]
    return any(denies(words) for words in (*iscn.unread, *prose))


def _tail(iscn: Iscn) -> str:
    tail = ""
    if any(isinstance(part, InterphaseFish | MetaphaseFish) for part in iscn.parts) or any(
        isinstance(part, OtherPart) and part.method == PROSE and "fish" in part.text.lower()
        for part in iscn.parts
    ):
        tail += _FISH_PART
    if iscn.unread:
        tail += " A part of the karyotype could not be read."
    if iscn.mended:
        tail += " Slips of the pen were mended before it was read."
    return tail


def _reading(
    shown: Shown,
    symbols: tuple[str, ...],
    sentence: str,
    cells: float | None = None,
    *,
    band_known: bool = False,
) -> AssayReading:
    rearranged = shown is Shown.YES
    return AssayReading(
        verdict=Verdict.POSITIVE if rearranged else Verdict.INCONCLUSIVE,
        finding=Finding.REARRANGED_11Q23 if rearranged else Finding.POSSIBLE_11Q23,
        partners=symbols,
        band_known=band_known,
        cells_abnormal=cells,
        sentence=sentence,
    )


def _rearranged(breaks: BreaksAt11q23, tail: str) -> AssayReading:
    if breaks.cells == 1:
        # ISCN counts a structural change as clonal from two metaphases on.
        first = breaks.telling[0].text
        sentence = f"A single metaphase shows {first}: one cell is not a clone.{tail}"
        return _reading(Shown.POSSIBLE, (), sentence)
    total = breaks.all_cells
    cells = breaks.cells / total if breaks.cells is not None and total else None
    symbols = candidates(breaks.telling)
    by = " by metaphase FISH" if all(event.by_fish for event in breaks.telling) else ""
    sentence = f"Rearranged at 11q23{by}: {_what(breaks)}{_where(breaks)}. {about(symbols)}"
    return _reading(
        Shown.YES, symbols, sentence + tail, cells, band_known=_partner_band_known(breaks)
    )


def _possible(breaks: BreaksAt11q23, tail: str) -> AssayReading:
    symbols = candidates(breaks.telling)
    sentence = (
        f"11q23 may be involved: {_what(breaks)}. The karyotype does not show whether KMT2A is "
        f"rearranged; FISH or RNA must tell. {about(symbols) if symbols else ''}"
    ).rstrip()
    return _reading(
        Shown.POSSIBLE, symbols, sentence + tail, band_known=_partner_band_known(breaks)
    )


def _what(breaks: BreaksAt11q23) -> str:
    return ", ".join(list(dict.fromkeys(event.text for event in breaks.telling))[:_SHOWN_EVENTS])


def _where(breaks: BreaksAt11q23) -> str:
    """In which clones, where there are several, and in how many cells."""
    total = breaks.all_cells
    cells = f"{breaks.cells} of {total} cells" if breaks.cells is not None and total else ""
    if len(breaks.clones) == 1:
        return ""
    count = len(breaks.carrying)
    clones = f"{count} of {len(breaks.clones)} clones"
    return f" in {clones}{f' ({cells})' if cells else ''}"


def _partner_band_known(breaks: BreaksAt11q23) -> bool:
    """Whether none of the breaks elsewhere has an unknown chromosome or no band."""
    places = [place for event in breaks.telling for place in other_places(event)]
    return bool(places) and all(known_place(place) for place in places)


def _by_metaphase_fish(iscn: Iscn, tail: str) -> AssayReading | None:
    """What metaphase FISH adds to a karyotype without a clear break; None where it says nothing."""
    parts = metaphase_parts(iscn.clones)
    seen = read_metaphase_fish(parts)
    if not seen.rearranged:
        return None
    symbols = candidates_at(seen.moved_to)
    chromosomes = ", ".join(dict.fromkeys(place.chromosome for place in seen.moved_to))
    what = (
        f"shows KMT2A, or a part of it, on chromosome {chromosomes}"
        if chromosomes
        else "shows the two ends of KMT2A apart"
    )
    carrying = [n for n, clone in enumerate(iscn.clones) if _moved(clone.ish)]
    counts = [iscn.clones[n].counted for n in carrying]
    everything = [clone.counted for clone in iscn.clones]
    cells = None
    if carrying and None not in counts and None not in everything:
        total = sum(count or 0 for count in everything)
        cells = sum(count or 0 for count in counts) / total if total else None
    return _reading(
        Shown.YES,
        symbols,
        f"Banding shows no clear break at 11q23, but metaphase FISH {what}. {about(symbols)}{tail}",
        cells,
        band_known=bool(seen.moved_to) and all(known_place(place) for place in seen.moved_to),
    )


def _moved(parts: tuple[MetaphaseFish, ...]) -> bool:
    return read_metaphase_fish(parts).rearranged


def _nothing_at_11q23(breaks: BreaksAt11q23, tail: str) -> AssayReading:
    if any(clone.incomplete for clone in breaks.clones):
        return AssayReading(
            verdict=Verdict.INCONCLUSIVE,
            finding=Finding.INCONCLUSIVE,
            sentence="No break at 11q23 in what is written, but a part of the karyotype was left "
            f"out, which may hide one. {_CRYPTIC}{tail}",
        )
    if all(_is_normal(breaks, number) for number in range(len(breaks.clones))):
        return AssayReading(
            verdict=Verdict.NEGATIVE,
            finding=Finding.NORMAL_KARYOTYPE,
            sentence=f"Normal karyotype. {_CRYPTIC}{tail}",
        )
    notes = [_CRYPTIC]
    if any(at_picalm(event) for event in breaks.events):
        notes.append("t(10;11) at 11q13-21 suggests PICALM::MLLT10, which does not involve KMT2A.")
    if any(deletes_kmt2a(event) for event in breaks.events):
        notes.append("The deletion of 11q takes KMT2A away; it does not show a rearrangement.")
    return AssayReading(
        verdict=Verdict.NEGATIVE,
        finding=Finding.ABNORMAL_WITHOUT_11Q23,
        sentence=f"Abnormal karyotype without a break at 11q23. {' '.join(notes)}{tail}",
    )


def _is_normal(breaks: BreaksAt11q23, number: int) -> bool:
    clone = breaks.clones[number]
    counted = clone.number is not None and clone.number.first == clone.number.last == _DIPLOID
    return counted and clone.sex in _NORMAL_SEX and not clone.items
