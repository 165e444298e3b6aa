"""The canonical text of a syntax tree, as ISCN 2020 writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.iscn.tree import (
    PROSE,
    UNKNOWN,
    Chain,
    Chromosome,
    Heteromorphism,
    Inherited,
    InterphaseFish,
    Karyotype,
    Marker,
    MetaphaseFish,
    Omission,
)

if TYPE_CHECKING:
    from fusion_caller.iscn.tree import (
        Cells,
        Change,
        Clone,
        Event,
        FishUnit,
        Iscn,
        Item,
        Locus,
        MetaphaseItem,
        Part,
        Place,
        Point,
        Range,
        Segment,
        Signal,
        SignalGroup,
    )


def write(iscn: Iscn) -> str:
    """The text of a tree; reading it gives the same tree again."""
    text = ""
    for part in iscn.parts:
        written = _part(part)
        text += f".{written}" if text else written
        # Prose may stand behind another part only: before it, a period would be its first sign.
    return text


def write_clone(clone: Clone) -> str:
    """The text of one clone, without what stands before it."""
    fields = [_number(clone), clone.sex, *(_item(item) for item in clone.items)]
    text = ",".join(field for field in fields if field) + write_cells(clone.cells)
    return text + "".join(f".{_metaphase(part)}" for part in clone.ish)


def write_change(change: Change) -> str:
    """The text of one change."""
    what = _what(change)
    times = f"x{write_range(change.times)}" if change.times else ""
    return f"{change.sign}{'?' if change.doubt else ''}{what}{times}{''.join(change.suffixes)}"


def write_event(event: Event) -> str:
    """The text of one rearrangement."""
    head = ";".join(f"{'?' if one.doubt else ''}{one.chromosome}" for one in event.places)
    text = f"{'?' if event.doubt else ''}{event.kind}({head})"
    if event.detail:
        start, end = event.broken
        return f"{text}({start}{'::'.join(_segment(one) for one in event.detail)}{end})"
    if event.shorthand:
        return text
    return f"{text}({';'.join(_site(place) for place in event.places)})"


def write_range(numbers: Range) -> str:
    """A number, or two with the mark between them."""
    return f"{numbers.first}{numbers.mark}{numbers.last}" if numbers.mark else str(numbers.first)


def write_place(place: Place) -> str:
    """A chromosome with its bands, as `4q21`."""
    return place.chromosome + "".join(_point(point) for point in place.points)


def _part(part: Part) -> str:
    if isinstance(part, Karyotype):
        heading = f"{part.heading} " if part.heading else ""
        clones = "".join(f"{clone.before}{write_clone(clone)}" for clone in part.clones)
        return heading + clones + ("//" if part.open_end else "")
    if isinstance(part, MetaphaseFish):
        return _metaphase(part)
    if isinstance(part, InterphaseFish):
        clones = "/".join(",".join(write_unit(unit) for unit in clone) for clone in part.clones)
        return f"nuc ish{'' if clones.startswith('(') else ' '}{clones}"
    return f" {part.text}" if part.method == PROSE else part.text


def _number(clone: Clone) -> str:
    number = write_range(clone.number) if clone.number else ""
    if clone.doubt and not number:
        return "??"
    return f"{'?' if clone.doubt else ''}{number}{clone.ploidy}"


def _item(item: Item) -> str:
    return " or ".join(write_change(one) for one in item.alternatives) + write_cells(item.cells)


def _what(change: Change) -> str:
    what = change.what
    match what:
        case Chromosome():
            return what.name
        case Chain():
            return "".join(write_event(event) for event in what.events)
        case Marker():
            count = write_range(what.count) if what.count else ""
            return f"{count}{what.kind}{'' if what.number is None else what.number}"
        case Inherited():
            return f"{what.kind}{'' if what.number is None else what.number}"
        case Omission() | Heteromorphism():
            return what.text


def _segment(segment: Segment) -> str:
    if segment.start is None or segment.end is None:
        return UNKNOWN
    return f"{_locus(segment.start)}->{_locus(segment.end)}"


def _locus(locus: Locus) -> str:
    return f"{locus.chromosome}{locus.band.text}"


def _site(place: Place) -> str:
    return "".join(_point(point) for point in place.points) or UNKNOWN


def _point(point: Point) -> str:
    if point.last is None:
        return point.band.text
    mark = f" {point.mark} " if point.mark == "or" else point.mark
    # A range within one arm names the arm once.
    whole = point.mark == "or" or point.last.arm != point.band.arm or point.last.uncertain
    last = point.last.text
    return f"{point.band.text}{mark}{last if whole or not last[1:].isdigit() else last[1:]}"


def write_cells(cells: Cells | None) -> str:
    """A number of cells in its brackets."""
    if cells is None:
        return ""
    if cells.percent is not None:
        return f"[{cells.percent:g}%]"
    of = "" if cells.of is None else f"/{cells.of}"
    return f"[{'cp' if cells.composite else ''}{cells.number}{of}]"


def _metaphase(part: MetaphaseFish) -> str:
    return f"ish {','.join(write_metaphase_item(item) for item in part.items)}"


def write_metaphase_item(item: MetaphaseItem) -> str:
    """An item of metaphase FISH."""
    subject = "".join(write_event(event) for event in item.events) or item.locus
    groups = "".join(_group(group) for group in item.groups)
    return f"{subject}{groups}{''.join(item.suffixes)}{write_cells(item.cells)}"


def write_unit(unit: FishUnit) -> str:
    """A probe set of interphase FISH."""
    return unit.locus + "".join(_group(group) for group in unit.groups) + write_cells(unit.cells)


def _group(group: SignalGroup) -> str:
    lists = (",".join(_signal(one) for one in signals) for signals in group.by_chromosome)
    return f"({';'.join(lists)})" + (f"x{write_range(group.times)}" if group.times else "")


def _signal(signal: Signal) -> str:
    probes = f" {signal.link} ".join(
        f"{one.end}'{one.name}" if one.end else one.name for one in signal.probes
    )
    times = f"x{write_range(signal.times)}" if signal.times else ""
    strength = f" {signal.strength}" if signal.strength else ""
    return f"{probes}{signal.shown}{times}{strength}"
