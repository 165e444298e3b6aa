"""Karyotype: what an ISCN string says of 11q23, and which partners its bands allow.

Nothing is concluded from a string with a part that cannot be read, unless a readable part shows a
rearrangement.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.assays.band_candidates import (
    about,
    candidates,
    candidates_at,
    known_place,
)
from fusion_caller.assays.band_slips import missing_bands
from fusion_caller.assays.breaks_11q23 import BreaksAt11q23, Shown
from fusion_caller.assays.karyotype_negative import (
    doubtful,
    nothing_at_11q23,
    reading_at_11q23,
)
from fusion_caller.assays.karyotype_words import (
    denies,
    read_karyotype_words,
    without_words,
    words_behind,
)
from fusion_caller.assays.mapped_breaks import read_mapped_breaks
from fusion_caller.assays.metaphase_fish import (
    metaphase_parts,
    read_metaphase_fish,
)
from fusion_caller.assays.sheet import LONGEST_RESULT, not_understood, tidy
from fusion_caller.iscn import IscnError, parse, write
from fusion_caller.iscn.tree import PROSE, InterphaseFish, Iscn, MetaphaseFish, OtherPart
from fusion_caller.records import AssayReading, Verdict

if TYPE_CHECKING:
    from fusion_caller.iscn.tree import Clone

EXPECTED = (
    "an ISCN karyotype such as 46,XX,t(4;11)(q21;q23)[18]/46,XX[2], or positive, negative, not done"
)

_FISH_PART = " The FISH part is an assay of its own."
_SHOWN_EVENTS = 3
_LONGEST_QUOTE = 60


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

    A clone of `[0]` cells is known from before and shows nothing of this sample, and a donor's
    cells (behind `//`) show nothing of the patient: where no other cell was seen, the karyotype is
    INCONCLUSIVE. So it is where a band does not exist, where the chromosomes of an exchange stand
    in the wrong order and the right one would break 11q23, and where an exchange with a known
    partner's band is one band off, at 11q22 or 11q24: banding may be wrong by one band (decided
    here, from memory of how such karyotypes are reported).

    Args:
        text: What the laboratory wrote.
    """
    said = read_karyotype_words(text)
    if said is not None:
        return said
    if len(tidy(text)) > LONGEST_RESULT:
        return not_understood(text, EXPECTED)
    try:
        iscn = parse_karyotype(text)
    except IscnError as error:
        return not_understood(text, f"{EXPECTED}; unread from column {error.position}")
    return read_karyotype_tree(iscn, text=text)


def parse_karyotype(text: str) -> Iscn:
    """The syntax tree of a karyotype as laboratories write it, with words around it.

    Words behind the cells, such as `at relapse`, become prose; an item that cannot be read stands
    in `unread`.

    Raises:
        IscnError: If the text is not ISCN.
    """
    plain = without_words(tidy(text))
    rest, words = words_behind(plain)
    if not words:
        return parse(plain, leave_out_unread=True)
    try:
        return parse(plain)
    except IscnError:
        iscn = parse(rest, leave_out_unread=True)
    said = f"A '.' was put in before '{words}'."
    prose = OtherPart(method=PROSE, text=words)
    return replace(iscn, parts=(*iscn.parts, prose), mended=(*iscn.mended, said))


def interphase_part(text: str) -> str:
    """The `nuc ish` part that a laboratory wrote behind a karyotype, as ISCN; empty without one."""
    if "ish" not in text.lower() or len(text) > LONGEST_RESULT:
        return ""
    try:
        iscn = parse_karyotype(text)
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
    slips = missing_bands(breaks.seen_events)
    tail = (
        _known_before(breaks) + "".join(f" {slip}." for slip in slips[:_SHOWN_EVENTS]) + _tail(iscn)
    )
    if breaks.clearest is Shown.YES:
        wrong = missing_bands(breaks.telling)
        return _possible(breaks, tail) if wrong else _rearranged(breaks, tail)
    metaphase = _by_metaphase_fish(iscn, tail)
    positive = metaphase is not None and metaphase.verdict is Verdict.POSITIVE
    if iscn.unread and not positive:
        return not_understood(iscn.unread[0] or text, EXPECTED)
    if breaks.clearest is Shown.POSSIBLE and not positive:
        return _possible(breaks, tail, metaphase_candidates(iscn))
    return metaphase or doubtful(breaks, tail) or nothing_at_11q23(breaks, tail)


def metaphase_candidates(iscn: Iscn) -> tuple[str, ...]:
    """The partners that metaphase FISH names by their probes, or else those at its places."""
    own = [part for part in iscn.parts if isinstance(part, MetaphaseFish)]
    seen = read_metaphase_fish([*metaphase_parts(_seen(iscn.clones)), *own])
    return seen.partners or candidates_at(seen.places)


def _seen(clones: tuple[Clone, ...]) -> list[Clone]:
    return [clone for clone in clones if clone.counted != 0]


def _known_before(breaks: BreaksAt11q23) -> str:
    """Say what is written with `[0]` cells."""
    if not breaks.known_before:
        return ""
    names = list(dict.fromkeys(event.text for event in breaks.known_before))[:_SHOWN_EVENTS]
    return f" {', '.join(names)} is known from before; no cell of this sample shows it."


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
    prose = [one for one in iscn.parts if isinstance(one, OtherPart) and one.method == PROSE]
    if prose and not tail:
        tail += f" The words behind it are not used: '{_quoted(prose[0].text)}'."
    if iscn.unread:
        tail += " A part of the karyotype could not be read."
    if iscn.mended:
        tail += " Slips of the pen were mended before it was read."
    return tail


def _rearranged(breaks: BreaksAt11q23, tail: str) -> AssayReading:
    if breaks.cells == 1:
        # ISCN counts a structural change as clonal from two metaphases on.
        first = breaks.telling[0].text
        sentence = f"A single metaphase shows {first}: one cell is not a clone.{tail}"
        return reading_at_11q23(Shown.POSSIBLE, (), sentence)
    total = breaks.all_cells
    cells = breaks.cells / total if breaks.cells is not None and total else None
    symbols = candidates(breaks.telling, breaks.beside)
    by = " by metaphase FISH" if all(event.by_fish for event in breaks.telling) else ""
    sentence = f"Rearranged at 11q23{by}: {_what(breaks)}{_where(breaks)}. {about(symbols)}"
    if breaks.donor.issuperset(breaks.carrying):
        sentence += " The cells that show it are written as a donor's."
    return reading_at_11q23(
        Shown.YES, symbols, sentence + tail, cells, band_known=_partner_band_known(breaks)
    )


def _possible(breaks: BreaksAt11q23, tail: str, by_fish: tuple[str, ...] = ()) -> AssayReading:
    symbols = candidates(breaks.telling, breaks.beside) or by_fish
    what = "The karyotype does not show whether KMT2A is rearranged; FISH or RNA must tell."
    if all(event.inborn for event in breaks.telling):
        what = (
            "It is written as inborn (constitutional): such a break would part a FISH probe by "
            "itself, in every cell; compare germline material, RNA must tell."
        )
    sentence = (
        f"11q23 may be involved: {_what(breaks)}. {what} {about(symbols) if symbols else ''}"
    ).rstrip()
    band_known = _partner_band_known(breaks) and not missing_bands(breaks.telling)
    return reading_at_11q23(Shown.POSSIBLE, symbols, sentence + tail, band_known=band_known)


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
    places = breaks.partner_places
    return bool(places) and all(known_place(place) for place in places)


def _by_metaphase_fish(iscn: Iscn, tail: str) -> AssayReading | None:
    """What metaphase FISH adds to a karyotype without a clear break; None where it says nothing."""
    parts = metaphase_parts(_seen(iscn.clones))
    seen = read_metaphase_fish(parts)
    if not seen.rearranged and seen.lost_ends != {"3"}:
        return _described_by_fish(parts, tail)
    symbols = metaphase_candidates(iscn)
    said = f"Banding shows no clear break at 11q23, but metaphase FISH {seen.in_words}."
    counts = [clone.counted for clone in _seen(iscn.clones) if _moved(clone.ish)]
    everything = [clone.counted for clone in iscn.clones]
    cells = None
    if counts and None not in counts and None not in everything:
        total = sum(count or 0 for count in everything)
        cells = sum(count or 0 for count in counts) / total if total else None
    return reading_at_11q23(
        Shown.YES,
        symbols,
        f"{said} {about(symbols)}{tail}",
        cells,
        band_known=bool(seen.places) and all(known_place(place) for place in seen.places),
    )


def _described_by_fish(parts: list[MetaphaseFish], tail: str) -> AssayReading | None:
    """A rearranged chromosome that carries a KMT2A signal, which is not said to be parted."""
    seen = read_metaphase_fish(parts)
    if not seen.joined_to:
        return None
    symbols = seen.partners or candidates_at(seen.joined_to)
    return reading_at_11q23(
        Shown.POSSIBLE,
        symbols,
        "Metaphase FISH shows KMT2A on a derivative chromosome 11; whether its two ends are parted "
        f"is not said. {about(symbols)}{tail}",
    )


def _moved(parts: tuple[MetaphaseFish, ...]) -> bool:
    seen = read_metaphase_fish(parts)
    return seen.rearranged or seen.lost_ends == {"3"}


def _quoted(words: str) -> str:
    return words if len(words) <= _LONGEST_QUOTE else f"{words[: _LONGEST_QUOTE - 3]}..."
