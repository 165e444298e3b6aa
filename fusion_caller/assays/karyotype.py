"""Karyotype: what an ISCN string says of 11q23, and which partners its bands allow.

A small tokenizer, not a grammar: it finds events and their bands, and concludes nothing from a
string with a part that it cannot read, unless a readable part shows a rearrangement. The rules of
ISCN used here (clones, `idem`, order of an insertion's chromosomes) are written from memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum

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

# Only an event that joins two breaks can make a fusion; at 11q23 any other event may hide one.
_JOINING = frozenset({"t", "ins", "inv", "dic"})
_KINDS = (
    _JOINING
    | {"del", "add", "der", "dup", "i", "idic", "ider", "trp", "qdp", "r", "rob", "rec", "tas"}
    | {"hsr", "psudic", "fis", "fra", "neo"}
)
_CRYPTIC = "A cryptic KMT2A rearrangement is not excluded."
_FISH_PART = " A FISH part is present and is not read here: it is an assay of its own."
_UNKNOWN_CHROMOSOME = frozenset({"?", "v", "var"})

_EVENT = re.compile(r"(\??)([a-z]{1,8})((?:\([^()]{1,80}\)){1,4})")
_EVENT_ITEM = re.compile(
    r"[+-]?(?:\??[a-z]{1,8}(?:\([^()]{1,80}\)){1,4}){1,12}(?:x\d+|mat|pat|dn)?c?"
)
_OTHER_ITEM = re.compile(
    r"[+-]\??(?:\d{1,2}|[XY])c?(?:x\d+)?"  # a chromosome gained or lost
    r"|[+-]?(?:\d+[-~])?\d*(?:mar|r|dmin|ace|min|f)\d*(?:x\d+(?:[-~]\d+)?)?"
    r"|(?:idem|sl|sdl\d*)(?:x\d+)?"
)
_COUNT = re.compile(r"\d{1,3}(?:[-~]\d{1,3})?(?:<\d?n[+-]?>)?")
_SEX = re.compile(r"(?:[XY?]{1,6}|U)c?")
_CELLS = re.compile(r"\[(?:cp)?(\d{1,4})\]$")
_CHROMOSOME = re.compile(r"(\d{1,2}|[XYxy]|\?|var|v)(.*)")
_BAND = re.compile(
    r"(\??)([pq])(\??)(\d?\??\d?(?:\.\d{1,3})?)\??"
    r"(?:(?:-|~|or)([pq]?)(\d{1,2})(?:\.\d{1,3})?)?"
)
_OTHER_METHOD = re.compile(r"\.?\s*\b(?:nuc\s*ish|arr|ogm|sseq|seq|rsa)\b.*", re.DOTALL)
_PLAIN_11Q23 = re.compile(
    r"11q23(?:\.3)?\s*\(?(?:kmt2a|mll)?\)?\s*"
    r"(?P<what>rearrangement|rearranged|translocation|abnormality|abnormal|)"
)


class _Shown(IntEnum):
    """How clearly an event breaks 11q23."""

    NO = 0
    POSSIBLE = 1
    YES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Band:
    """A band without its chromosome; `digits` may be cut short (`2` for q2?) or empty (q?)."""

    arm: str
    digits: str
    last: str = ""
    uncertain: bool = False

    def holds(self, band: str) -> bool:
        """Whether a gene's band can lie here: prefixes both ways, as `q21` and `q21.3`."""
        if band[:1] != self.arm:
            return False
        digits = band[1:]
        if self.last:
            low, high = sorted((_major(self.digits), _major(self.last)))
            return low <= _major(digits) <= high
        return digits.startswith(self.digits) or self.digits.startswith(digits)

    def at_11q23(self) -> _Shown:
        """Whether a break in this band of chromosome 11 is a break at KMT2A's 11q23.3."""
        if not self.holds("q23"):
            return _Shown.NO
        exact = self.digits == "23" or self.digits.startswith("23.3")
        return _Shown.YES if exact and not self.last and not self.uncertain else _Shown.POSSIBLE


@dataclass(frozen=True, slots=True)
class _Break:
    """A chromosome of an event and its bands there; no bands where none is given."""

    chromosome: str
    bands: tuple[_Band, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """One event.

    `carrier` is the derivative chromosome that it is written behind, empty where there is none;
    `shorthand` says that the bands were left out.
    """

    text: str
    kind: str
    breaks: tuple[_Break, ...]
    carrier: str = ""
    shorthand: bool = False
    uncertain: bool = False

    @property
    def chromosomes(self) -> tuple[str, ...]:
        return tuple(one.chromosome for one in self.breaks)

    @property
    def name(self) -> tuple[str, tuple[str, ...]]:
        """What a later clone repeats without the bands."""
        return self.kind, self.chromosomes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clone:
    events: tuple[_Event, ...]
    cells: int | None
    inherits: bool
    normal: bool
    unread: tuple[str, ...]


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
    clones = [_clone(part) for part in _split(karyotype, "/") if part.strip()]
    if not clones or plain.startswith("ish"):
        return not_understood(text, f"{EXPECTED}; results of other methods are not read here")
    has_fish = bool(re.search(r"\bf?ish\b", plain, re.IGNORECASE))
    return _read_clones(_with_bands(clones), text=text, has_fish=has_fish)


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
        return _reading(
            _Shown.YES, (), "Reported as rearranged at 11q23; no partner band is given."
        )
    return _reading(_Shown.POSSIBLE, (), "11q23 is named; what happened there is not said.")


def _reading(
    shown: _Shown, candidates: tuple[str, ...], sentence: str, cells: float | None = None
) -> AssayReading:
    rearranged = shown is _Shown.YES
    return AssayReading(
        verdict=Verdict.POSITIVE if rearranged else Verdict.INCONCLUSIVE,
        finding=Finding.REARRANGED_11Q23 if rearranged else Finding.POSSIBLE_11Q23,
        partners=candidates,
        cells_abnormal=cells,
        sentence=sentence,
    )


# Reading the text into clones, events, breaks and bands


def _split(text: str, separator: str) -> list[str]:
    """Split outside brackets."""
    parts = [""]
    depth = 0
    pieces = re.split(rf"([()\[\]{separator}])", text)
    for piece in pieces:
        depth = max(0, depth + (piece in ("(", "[")) - (piece in (")", "]")))
        if piece == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _clone(text: str) -> _Clone:
    compact = re.sub(r"^(\d{2})(?=[XY])", r"\1,", "".join(text.split()))
    # Metaphase FISH stands before or behind the number of cells.
    body = compact.split(".ish", maxsplit=1)[0]
    cells = _CELLS.search(body) or _CELLS.search(compact)
    items = _split(_CELLS.sub("", body), ",")
    counted = bool(_COUNT.fullmatch(items[0]))
    sexed = counted and len(items) > 1 and bool(_SEX.fullmatch(items[1]))
    rest = items[counted + sexed :]
    events: list[_Event] = []
    unread = [] if sexed or not counted or _inherits(rest) else [items[0]]
    for item in rest:
        core = _CELLS.sub("", item)
        if _OTHER_ITEM.fullmatch(core):
            continue
        found = _events(core) if _EVENT_ITEM.fullmatch(core) else None
        if found is None:
            unread.append(item)
        else:
            events += found
    return _Clone(
        events=tuple(events),
        cells=int(cells[1]) if cells else None,
        inherits=_inherits(rest),
        normal=items[0] == "46" and sexed and items[1] in ("XX", "XY") and not rest,
        unread=tuple(unread),
    )


def _inherits(items: list[str]) -> bool:
    return any(re.match(r"idem|sl|sdl", item) for item in items)


def _events(item: str) -> list[_Event] | None:
    """The events of an item such as `der(1)t(1;11)(p32;q23)`, None if one of them is unknown."""
    events = []
    carrier = ""
    for match in _EVENT.finditer(item):
        doubt, kind, groups = match.groups()
        if kind not in _KINDS:
            return None
        parts = re.findall(r"\(([^()]*)\)", groups)
        if kind in ("der", "ider", "rec") and len(parts) == 1:
            carrier = parts[0]
            continue
        events.append(
            _Event(
                text=(f"der({carrier})" if carrier else "") + match[0],
                kind=kind,
                breaks=_breaks(parts[0], parts[1] if len(parts) > 1 else ""),
                carrier=carrier,
                shorthand=len(parts) == 1,
                # An inborn change (`c`) is not the leukaemia's: t(11;22)(q23;q11)c is common.
                uncertain=bool(doubt) or item.endswith("c"),
            )
        )
    return events


def _breaks(where: str, bands: str) -> tuple[_Break, ...]:
    chromosomes = where.split(";")
    if len(chromosomes) == 1:
        # Some write a semicolon between the two bands of an inversion.
        return (_break(where, bands),)
    groups = bands.split(";")
    if len(groups) != len(chromosomes):
        groups = [""] * len(chromosomes)
    return tuple(_break(one, group) for one, group in zip(chromosomes, groups, strict=True))


def _break(chromosome: str, bands: str) -> _Break:
    match = _CHROMOSOME.fullmatch(chromosome)
    number, attached = (match[1], match[2]) if match else (chromosome, "")
    return _Break(number.upper() if number in "xy" else number, _bands(attached + bands))


def _bands(text: str) -> tuple[_Band, ...]:
    bands = []
    for match in _BAND.finditer(re.sub(r"[pq]ter|cen", "", text)):
        last = match[6] or ""
        if match[5] and match[5] != match[2]:
            # A range across the centromere, which no single arm can hold.
            last = ""
        bands.append(
            _Band(
                arm=match[2],
                digits=match[4].replace("?", ""),
                last=last,
                uncertain="?" in match[0] or bool(match[6]),
            )
        )
    return tuple(bands)


def _major(digits: str) -> int:
    return int(digits[:2].rstrip(".") or 0)


def _with_bands(clones: list[_Clone]) -> list[_Clone]:
    """Give an event that is repeated without bands those of its first mention."""
    first = {
        event.name: event.breaks
        for clone in reversed(clones)
        for event in reversed(clone.events)
        if all(one.bands for one in event.breaks)
    }
    return [
        replace(
            clone,
            events=tuple(
                event
                if any(one.bands for one in event.breaks)
                else replace(event, breaks=first.get(event.name, event.breaks))
                for event in clone.events
            ),
        )
        for clone in clones
    ]


# What the events show


def _shown(event: _Event, derivatives_11: set[tuple[str, tuple[str, ...]]]) -> _Shown:
    on_11 = [one for one in event.breaks if one.chromosome == "11"]
    clearest = max((_shown_by_break(event, one) for one in on_11), default=_Shown.NO)
    if clearest is not _Shown.YES:
        return clearest
    # Of a simple exchange, the derivative 11 carries the 5' part of KMT2A that makes the fusion.
    lacks_derivative_11 = (
        event.kind == "t" and event.carrier not in ("", "11") and event.name not in derivatives_11
    )
    if event.kind not in _JOINING or event.uncertain or lacks_derivative_11:
        return _Shown.POSSIBLE
    return _Shown.YES


def _shown_by_break(event: _Event, on_11: _Break) -> _Shown:
    if on_11.bands:
        return max(band.at_11q23() for band in on_11.bands)
    unknown_partner = not _UNKNOWN_CHROMOSOME.isdisjoint(event.chromosomes)
    if event.shorthand and event.kind in ("t", "ins") and unknown_partner:
        # `t(v;11)` is the literature's shorthand for any partner of 11q23.
        return _Shown.YES
    # A chromosome 11 written behind its derivative is described by the other events there.
    return _Shown.NO if event.carrier else _Shown.POSSIBLE


def _candidates(event: _Event) -> dict[str, Partner]:
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


def _other_breaks(event: _Event) -> list[_Break]:
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
            places += [_Break("11", (band,)) for band in others]
    return places


def _fits(partner: Partner, place: _Break) -> bool:
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


def _read_clones(clones: list[_Clone], *, text: str, has_fish: bool) -> AssayReading:
    events = [event for clone in clones for event in clone.events]
    derivatives_11 = {event.name for event in events if event.carrier == "11"}
    shown = {event: _shown(event, derivatives_11) for event in events}
    unread = [item for clone in clones for item in clone.unread]
    tail = _FISH_PART if has_fish else ""
    clearest = max(shown.values(), default=_Shown.NO)
    if unread and clearest is not _Shown.YES:
        return not_understood(unread[0] or text, EXPECTED)
    if clearest is _Shown.NO:
        return _nothing_at_11q23(clones, events, tail)
    telling = [event for event in events if shown[event] is clearest]
    found: dict[str, Partner] = {}
    for event in dict.fromkeys(telling):
        if event.kind in _JOINING:
            found |= _candidates(event)
    if clearest is _Shown.YES and _cells_with(clones, set(telling)) == 1:
        # ISCN counts a structural change as clonal from two metaphases on.
        return _reading(
            _Shown.POSSIBLE,
            (),
            f"A single metaphase shows {telling[0].text}: one cell is not a clone.{tail}",
        )
    cells = _fraction(clones, set(telling)) if clearest is _Shown.YES else None
    what = ", ".join(list(dict.fromkeys(event.text for event in telling))[:3])
    candidates = _ranked(found)
    if clearest is _Shown.YES:
        sentence = f"Rearranged at 11q23: {what}. {_about(candidates)}"
    else:
        sentence = (
            f"11q23 may be involved: {what}. The karyotype does not show whether KMT2A is "
            f"rearranged; FISH or RNA must tell. {_about(candidates) if candidates else ''}"
        ).rstrip()
    if unread:
        tail += " A part of the karyotype could not be read."
    return _reading(clearest, candidates, sentence + tail, cells)


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


def _nothing_at_11q23(clones: list[_Clone], events: list[_Event], tail: str) -> AssayReading:
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


def _at_picalm(event: _Event) -> bool:
    return {"10", "11"} <= set(event.chromosomes) and any(
        band.holds(place)
        for one in event.breaks
        if one.chromosome == "11"
        for band in one.bands
        for place in ("q13", "q14", "q21")
    )


def _deletes_kmt2a(event: _Event) -> bool:
    if event.kind != "del" or event.chromosomes != ("11",) or not event.breaks[0].bands:
        return False
    kmt2a = 23
    ends = [_major(band.digits) if band.arm == "q" else 0 for band in event.breaks[0].bands]
    return ends[0] < kmt2a and (len(ends) == 1 or max(ends) > kmt2a)


def _fraction(clones: list[_Clone], telling: set[_Event]) -> float | None:
    """The fraction of cells with a telling event; None unless every clone has its cells counted."""
    counts = [clone.cells for clone in clones]
    known = [count for count in counts if count is not None]
    if len(known) != len(counts) or not sum(known):
        return None
    return (_cells_with(clones, telling) or 0) / sum(known)


def _cells_with(clones: list[_Clone], telling: set[_Event]) -> int | None:
    """How many cells show a telling event; None if a clone that shows one is not counted."""
    stemline = bool(telling & set(clones[0].events))
    carrying = [c for c in clones if telling & set(c.events) or (c.inherits and stemline)]
    counted = [clone.cells for clone in carrying if clone.cells is not None]
    return sum(counted) if len(counted) == len(carrying) else None
