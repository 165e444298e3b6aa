"""The syntax tree of an ISCN text: what stands in it, without what it means for a gene."""

from __future__ import annotations

from dataclasses import dataclass, field

# What stands for a chromosome or a band that is not known; `v` (variable) is read as the same.
UNKNOWN = "?"
# The method of a karyotype's narrative, which no grammar reads.
PROSE = "prose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A number, or two with `-` or `~` between them; `last` equals `first` where there is one."""

    first: int
    last: int
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of `[20]`, `[cp8]`, `[3/20]` (`of` the total) or `[93.5%]` (`percent`, 0..100)."""

    number: int | None = None
    of: int | None = None
    percent: float | None = None
    composite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A band without its chromosome, as written: `q21.3`, `p?31`, `q2?`, `pter`, `cen`."""

    text: str

    @property
    def arm(self) -> str:
        """`p` or `q`; empty for the centromere."""
        return "" if self.text == "cen" else self.text.lstrip("?")[0]

    @property
    def digits(self) -> str:
        """`21.3` of `q21.3`; cut short (`2` of q2?) or empty (q?) where it is not known."""
        return "".join(c for c in self.text if c.isdigit() or c == ".").strip(".")

    @property
    def uncertain(self) -> bool:
        """Whether a question mark stands in it."""
        return "?" in self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A breakpoint: a band, or two with `-`, `~` or `or` between them."""

    band: Band
    last: Band | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A chromosome of an event and its breakpoints there, none where no band is given."""

    chromosome: str
    doubt: bool = False
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Locus:
    """An end of a segment in the detailed system; the chromosome may be left out."""

    chromosome: str = ""
    band: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A segment `9pter->9q34` of the detailed system; without ends where it is not known."""

    start: Locus | None = None
    end: Locus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One rearrangement, `t(4;11)(q21;q23)`.

    `shorthand` says that the bands were left out. `detail` holds the segments of the detailed
    system, with `broken` where a break without a partner stands at the start or the end.
    """

    kind: str
    places: tuple[Place, ...]
    doubt: bool = False
    shorthand: bool = False
    detail: tuple[Segment, ...] = ()
    broken: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chromosome:
    """A whole chromosome, gained or lost."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A rearranged chromosome: one event, or those written behind their derivative."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A marker, ring, double minute or the like: `+2mar`, `+mar1`, `4~20dmin`, `+r`."""

    kind: str
    count: Range | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """The changes of an earlier clone: `idem`, `sl`, `sl1`, `sdl2`."""

    kind: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """What says that the karyotype is not complete: `...`, `inc`, `cx`."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heteromorphism:
    """An arm or a variant region longer or shorter, `9qh+`, `21ps+`; also the old `5q-`."""

    chromosome: str
    arm: str
    text: str


What = Chromosome | Chain | Marker | Inherited | Omission | Heteromorphism


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a clone with its sign (`+`, `-`), doubt (`?`), copies (`x2`) and suffixes."""

    what: What
    sign: str = ""
    doubt: bool = False
    times: Range | None = None
    suffixes: tuple[str, ...] = ()

    @property
    def inborn(self) -> bool:
        """Whether it is marked as constitutional (`c`, or by the parent that it came from)."""
        return bool(self.suffixes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What stands between two commas: a change, or several with `or` between them."""

    alternatives: tuple[Change, ...]
    cells: Cells | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A probe by the name that was written, with its end where it is one of two."""

    name: str
    end: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Signals of one probe, or of several that are seen together (`con`) or apart (`sep`).

    `shown` is `+` or `-` where metaphase FISH says whether there is a signal; `strength` is `amp`,
    `dim` or `enh`.
    """

    probes: tuple[Probe, ...]
    link: str = ""
    shown: str = ""
    times: Range | None = None
    strength: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalGroup:
    """A bracket of signals: by chromosome, where `;` stands between them."""

    by_chromosome: tuple[tuple[Signal, ...], ...]
    times: Range | None = None

    @property
    def signals(self) -> tuple[Signal, ...]:
        """All signals of the bracket."""
        return tuple(signal for signals in self.by_chromosome for signal in signals)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaphaseItem:
    """One item of metaphase FISH: the chromosome that it was seen on, and the signals."""

    events: tuple[Event, ...] = ()
    locus: str = ""
    groups: tuple[SignalGroup, ...] = ()
    suffixes: tuple[str, ...] = ()
    cells: Cells | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaphaseFish:
    """An `.ish` part."""

    items: tuple[MetaphaseItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """One clone; before it stands `/`, `//` where the cells are another person's, or nothing."""

    before: str = ""
    doubt: bool = False
    number: Range | None = None
    ploidy: str = ""
    sex: str = ""
    items: tuple[Item, ...] = ()
    cells: Cells | None = None
    ish: tuple[MetaphaseFish, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes, the alternatives of an `or` among them."""
        return tuple(change for item in self.items for change in item.alternatives)

    @property
    def counted(self) -> int | None:
        """The number of its cells, which may stand behind its metaphase FISH; None if unknown."""
        return self._count.number if self._count else None

    @property
    def composite(self) -> bool:
        """Whether its changes were put together from several cells (`cp`)."""
        return bool(self._count and self._count.composite)

    @property
    def _count(self) -> Cells | None:
        return self.cells or (self.ish[-1].items[-1].cells if self.ish else None)

    @property
    def inherits(self) -> bool:
        """Whether it repeats the changes of an earlier clone."""
        return any(isinstance(change.what, Inherited) for change in self.changes)

    @property
    def incomplete(self) -> bool:
        """Whether it says itself that something was left out."""
        return any(isinstance(change.what, Omission) for change in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Karyotype:
    """The clones of a karyotype; `heading` is `mos`, `chi` or empty."""

    heading: str = ""
    clones: tuple[Clone, ...]
    open_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FishUnit:
    """One probe set of interphase FISH: where it lies if that is said, the signals, the cells."""

    locus: str = ""
    groups: tuple[SignalGroup, ...]
    cells: Cells | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterphaseFish:
    """A `nuc ish` part: its clones, each with its probe sets."""

    clones: tuple[tuple[FishUnit, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A piece of the genome seen by an array or a map; positions are on the part's own build."""

    place: str = ""
    start: int | None = None
    end: int | None = None
    copies: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedEvent:
    """A rearrangement seen by optical mapping, with its positions on the part's own build."""

    event: Event
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPart:
    """A part of another method, or prose: its text, and what was easy to read in it."""

    method: str
    text: str
    build: str = ""
    regions: tuple[Region, ...] = field(default=(), compare=False)
    mapped: tuple[MappedEvent, ...] = field(default=(), compare=False)


Part = Karyotype | MetaphaseFish | InterphaseFish | OtherPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Iscn:
    """An ISCN text: its parts in order.

    `mended` says in sentences what was mended, `unread` holds items that were left out because
    they could not be read; two texts that mean the same are equal whatever was mended in them.
    """

    parts: tuple[Part, ...]
    mended: tuple[str, ...] = field(default=(), compare=False)
    unread: tuple[str, ...] = field(default=(), compare=False)

    @property
    def clones(self) -> tuple[Clone, ...]:
        """The clones of the karyotype, none where there is none."""
        return tuple(
            clone for part in self.parts if isinstance(part, Karyotype) for clone in part.clones
        )
