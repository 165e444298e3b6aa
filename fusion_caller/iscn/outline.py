"""A syntax tree as indented lines that a person can read."""

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
)
from fusion_caller.iscn.writing import (
    write_cells,
    write_change,
    write_clone,
    write_event,
    write_metaphase_item,
    write_place,
    write_range,
    write_unit,
)

if TYPE_CHECKING:
    from fusion_caller.iscn.tree import Change, Clone, Event, Iscn, Item, Part

_KINDS = {
    "t": "translocation",
    "ins": "insertion",
    "inv": "inversion",
    "del": "deletion",
    "dup": "duplication",
    "inv dup": "inverted duplication",
    "trp": "triplication",
    "qdp": "quadruplication",
    "add": "additional material of unknown origin",
    "der": "derivative chromosome",
    "dic": "dicentric chromosome",
    "psu dic": "pseudodicentric chromosome",
    "tric": "tricentric chromosome",
    "trc": "tricentric chromosome",
    "idic": "isodicentric chromosome",
    "ider": "isoderivative chromosome",
    "i": "isochromosome",
    "r": "ring chromosome",
    "rob": "Robertsonian translocation",
    "rec": "recombinant chromosome",
    "rea": "rearrangement",
    "fis": "fission at the centromere",
    "fra": "fragile site",
    "tas": "telomeric association",
    "tr": "triradial",
    "neo": "neocentromere",
    "hsr": "homogeneously staining region",
}
_MARKERS = {
    "mar": "marker chromosome",
    "r": "ring chromosome of unknown origin",
    "dmin": "double minutes",
    "ace": "acentric fragment",
    "min": "minute acentric fragment",
    "hsr": "homogeneously staining region",
    "neo": "neocentromere",
    "f": "fragment",
}
_METHODS = {"arr": "array", "ogm": "optical genome mapping", PROSE: "prose, passed over"}
_SUFFIXES = {
    "c": "constitutional",
    "mat": "from the mother",
    "pat": "from the father",
    "dn": "de novo",
    "inh": "inherited",
}


def outline(iscn: Iscn) -> str:
    """Say what stands in a text, part by part and clone by clone."""
    lines: list[str] = []
    for part in iscn.parts:
        lines += _part(part)
    return "\n".join(lines)


def _part(part: Part) -> list[str]:
    if isinstance(part, Karyotype):
        lines = [] if not part.heading else [f"{part.heading}: cells of one or several zygotes"]
        for number, clone in enumerate(part.clones, start=1):
            lines += _clone(clone, number)
        return lines
    if isinstance(part, InterphaseFish):
        units = [write_unit(unit) for clone in part.clones for unit in clone]
        return ["interphase FISH", *(f"  {unit}" for unit in units)]
    if isinstance(part, MetaphaseFish):
        return ["metaphase FISH", *(f"  {write_metaphase_item(one)}" for one in part.items)]
    return [f"{_METHODS.get(part.method, part.method)}: {part.text}"]


def _clone(clone: Clone, number: int) -> list[str]:
    lines = [f"clone {number}: {write_clone(clone)}"]
    facts = []
    if clone.number or clone.ploidy:
        many = write_range(clone.number) if clone.number else ""
        facts.append(f"{'perhaps ' if clone.doubt else ''}{many}{clone.ploidy} chromosomes")
    if clone.sex:
        facts.append(f"sex chromosomes {clone.sex}")
    if clone.counted is not None:
        composite = clone.cells is not None and clone.cells.composite
        facts.append(f"{clone.counted} cells{' (composite)' if composite else ''}")
    if facts:
        lines.append(f"  {', '.join(facts)}")
    lines += [f"  {_item(item)}" for item in clone.items]
    for part in clone.ish:
        lines.append("  metaphase FISH")
        lines += [f"    {write_metaphase_item(item)}" for item in part.items]
    return lines


def _item(item: Item) -> str:
    texts = " or ".join(write_change(one) for one in item.alternatives) + write_cells(item.cells)
    return f"{texts}: {' or '.join(_change(one) for one in item.alternatives)}"


def _change(change: Change) -> str:
    what = change.what
    gained = {"+": "additional ", "-": "loss of "}.get(change.sign, "")
    doubt = "perhaps " if change.doubt else ""
    remarks = [f"{write_range(change.times)} copies"] if change.times else []
    remarks += [_SUFFIXES.get(suffix, suffix) for suffix in change.suffixes]
    remark = f" ({', '.join(remarks)})" if remarks else ""
    match what:
        case Chromosome():
            said = f"{gained or 'a '}chromosome {what.name}"
        case Chain():
            said = gained + ", with ".join(_event(event) for event in what.events)
        case Marker():
            count = f"{write_range(what.count)} " if what.count else ""
            said = f"{gained}{count}{_MARKERS.get(what.kind, what.kind)}"
        case Inherited():
            number = "" if what.number is None else f" {what.number}"
            whose = "a sideline" if what.kind == "sdl" else "the stemline"
            said = f"the changes of {whose}{number}"
        case Heteromorphism():
            said = f"longer or shorter: {what.text}"
        case _:
            said = "a part was left out: the karyotype is not complete"
    return f"{doubt}{said}{remark}"


def _event(event: Event) -> str:
    kind = _KINDS.get(event.kind, event.kind)
    if event.detail:
        return f"{kind} in the detailed system: {write_event(event)}"
    where = " and ".join(write_place(place) for place in event.places)
    return f"{kind}{', ' if event.kind == 'add' else ' '}{where.replace(UNKNOWN, 'not known')}"
