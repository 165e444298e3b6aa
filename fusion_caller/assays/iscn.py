"""The text of an ISCN karyotype as clones, events, breaks and bands.

A small tokenizer, not a grammar: what it cannot read it hands on as unread. The rules of ISCN used
here (clones, `idem`, order of an insertion's chromosomes) are written from memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum

# Only an event that joins two breaks can make a fusion; at 11q23 any other event may hide one.
JOINING = frozenset({"t", "ins", "inv", "dic"})
_KINDS = (
    JOINING
    | {"del", "add", "der", "dup", "i", "idic", "ider", "trp", "qdp", "r", "rob", "rec", "tas"}
    | {"hsr", "psudic", "fis", "fra", "neo"}
)

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


class Shown(IntEnum):
    """How clearly an event breaks 11q23."""

    NO = 0
    POSSIBLE = 1
    YES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
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
            low, high = sorted((major(self.digits), major(self.last)))
            return low <= major(digits) <= high
        return digits.startswith(self.digits) or self.digits.startswith(digits)

    def at_11q23(self) -> Shown:
        """Whether a break in this band of chromosome 11 is a break at KMT2A's 11q23.3."""
        if not self.holds("q23"):
            return Shown.NO
        exact = self.digits == "23" or self.digits.startswith("23.3")
        return Shown.YES if exact and not self.last and not self.uncertain else Shown.POSSIBLE


@dataclass(frozen=True, slots=True)
class Break:
    """A chromosome of an event and its bands there; no bands where none is given."""

    chromosome: str
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event.

    `carrier` is the derivative chromosome that it is written behind, empty where there is none;
    `shorthand` says that the bands were left out.
    """

    text: str
    kind: str
    breaks: tuple[Break, ...]
    carrier: str = ""
    shorthand: bool = False
    uncertain: bool = False

    @property
    def chromosomes(self) -> tuple[str, ...]:
        """The chromosomes that break, in the order written."""
        return tuple(one.chromosome for one in self.breaks)

    @property
    def name(self) -> tuple[str, tuple[str, ...]]:
        """What a later clone repeats without the bands."""
        return self.kind, self.chromosomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """One clone: its events, its cells where counted, and the items that could not be read.

    `inherits` says that it repeats the stemline's changes (`idem`, `sl`).
    """

    events: tuple[Event, ...]
    cells: int | None
    inherits: bool
    normal: bool
    unread: tuple[str, ...]


def split_outside_brackets(text: str, separator: str) -> list[str]:
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


def read_clone(text: str) -> Clone:
    """Read one clone: number, sex chromosomes, items, cells."""
    compact = re.sub(r"^(\d{2})(?=[XY])", r"\1,", "".join(text.split()))
    # Metaphase FISH stands before or behind the number of cells.
    body = compact.split(".ish", maxsplit=1)[0]
    cells = _CELLS.search(body) or _CELLS.search(compact)
    items = split_outside_brackets(_CELLS.sub("", body), ",")
    counted = bool(_COUNT.fullmatch(items[0]))
    sexed = counted and len(items) > 1 and bool(_SEX.fullmatch(items[1]))
    rest = items[counted + sexed :]
    events: list[Event] = []
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
    return Clone(
        events=tuple(events),
        cells=int(cells[1]) if cells else None,
        inherits=_inherits(rest),
        normal=items[0] == "46" and sexed and items[1] in ("XX", "XY") and not rest,
        unread=tuple(unread),
    )


def _inherits(items: list[str]) -> bool:
    return any(re.match(r"idem|sl|sdl", item) for item in items)


def _events(item: str) -> list[Event] | None:
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
            Event(
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


def _breaks(where: str, bands: str) -> tuple[Break, ...]:
    chromosomes = where.split(";")
    if len(chromosomes) == 1:
        # Some write a semicolon between the two bands of an inversion.
        return (_break(where, bands),)
    groups = bands.split(";")
    if len(groups) != len(chromosomes):
        groups = [""] * len(chromosomes)
    return tuple(_break(one, group) for one, group in zip(chromosomes, groups, strict=True))


def _break(chromosome: str, bands: str) -> Break:
    match = _CHROMOSOME.fullmatch(chromosome)
    number, attached = (match[1], match[2]) if match else (chromosome, "")
    return Break(number.upper() if number in "xy" else number, _bands(attached + bands))


def _bands(text: str) -> tuple[Band, ...]:
    bands = []
    for match in _BAND.finditer(re.sub(r"[pq]ter|cen", "", text)):
        last = match[6] or ""
        if match[5] and match[5] != match[2]:
            # A range across the centromere, which no single arm can hold.
            last = ""
        bands.append(
            Band(
                arm=match[2],
                digits=match[4].replace("?", ""),
                last=last,
                uncertain="?" in match[0] or bool(match[6]),
            )
        )
    return tuple(bands)


def major(digits: str) -> int:
    """The band without its sub-band: 23 of `23.3`."""
    return int(digits[:2].rstrip(".") or 0)


def with_bands(clones: list[Clone]) -> list[Clone]:
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
