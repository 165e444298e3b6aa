"""Events of lark's parse tree as records, their places with the bands that belong to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lark import Token, Tree

from fusion_caller.iscn.grammar import error_at
from fusion_caller.iscn.iscn_error import IscnError
from fusion_caller.iscn.nodes import range_of, start_of, token_of, tree_of
from fusion_caller.iscn.tree import UNKNOWN, Band, Event, Locus, Place, Point, Range, Segment

if TYPE_CHECKING:
    from fusion_caller.iscn.nodes import Node
    from fusion_caller.iscn.notes import Notes

_LAST_AUTOSOME = 22


_KIND_NAMES = {
    "psudic": "psu dic",
    "invdup": "inv dup",
    **dict.fromkeys(("dir dup", "dirdup"), "dup"),
    **dict.fromkeys(("inv ins", "invins", "dir ins", "dirins"), "ins"),
}


class EventBuilder:
    """Builds events; what it mends goes into the notes."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def event(self, tree: Node) -> Event:
        """One rearrangement, its places with the breakpoints that belong to them."""
        kind = ""
        doubt = False
        places: list[Place] = []
        sites: list[tuple[Point, ...]] = []
        detail: tuple[Segment, ...] = ()
        broken = ("", "")
        for child in tree.children:
            if isinstance(child, Token):
                if child.type == "DOUBT":
                    doubt = True
                else:
                    kind = self.notes.cased(" ".join(child.split()), str.lower)
            elif child.data == "place":
                places.append(self._place(child))
            elif child.data == "signals":
                continue
            else:
                points, segments, ends = self._site(child)
                sites.append(points)
                if segments:
                    detail, broken = segments, ends
        kind = _KIND_NAMES.get(kind, kind)
        if detail:
            return Event(kind=kind, places=tuple(places), doubt=doubt, detail=detail, broken=broken)
        shorthand = not sites and not any(place.points for place in places)
        return Event(
            kind=kind,
            places=self._with_sites(kind, places, sites, start=_start(tree)),
            doubt=doubt,
            shorthand=shorthand,
        )

    def _with_sites(
        self, kind: str, places: list[Place], sites: list[tuple[Point, ...]], *, start: int
    ) -> tuple[Place, ...]:
        """The places with the breakpoints of the second bracket."""
        named = f"{kind}({';'.join(place.chromosome for place in places)})"
        if any(place.points for place in places):
            if not sites:
                sites = [place.points for place in places]
                self.notes.say(f"The bands of {named} were written in a bracket of their own.")
            places = [replace(place, points=()) for place in places]
        if len(sites) == len(places) + 1 and not sites[-1]:
            self.notes.say(f"A '?' was put in for the chromosome of the last band of {named}.")
            places = [*places, Place(chromosome=UNKNOWN)]
        if sites and len(sites) != len(places):
            sites = self._matched(named, len(places), sites, start=start)
        if not sites:
            return tuple(places)
        return tuple(
            replace(place, points=points) for place, points in zip(places, sites, strict=True)
        )

    def _matched(
        self, named: str, n_places: int, sites: list[tuple[Point, ...]], *, start: int
    ) -> list[tuple[Point, ...]]:
        """One site a place, where a ';' too many or too few stands between the bands."""
        points = [point for site in sites for point in site]
        # Without the ';', a question mark before a band would belong to the band before it.
        unclear = any(point.band.text.startswith("?") for point in points[1:])
        if n_places == 1 and not unclear:
            self.notes.say(f"The ';' between the bands of {named} was left out.")
            return [tuple(points)]
        if len(points) == n_places:
            self.notes.say(f"A ';' was put in between the bands of {named}.")
            return [(point,) for point in points]
        raise IscnError(
            position=start + 1,
            found=f"{named} with {len(sites)} groups of bands",
            expected="as many groups of bands as chromosomes",
        )

    def _place(self, tree: Node) -> Place:
        doubt = False
        name = UNKNOWN
        points: list[Point] = []
        for child in tree.children:
            if not isinstance(child, Token):
                points.append(self._point(child))
            elif child.type == "DOUBT":
                doubt = True
            elif child.type == "UNKNOWN":
                self._unknown(child)
            else:
                name = self.chromosome(child)
        return Place(chromosome=name, doubt=doubt, points=tuple(points))

    def _unknown(self, token: Token) -> None:
        if token != UNKNOWN:
            self.notes.say(f"'{token}' was read as '?', not known.")

    def _site(self, tree: Node) -> tuple[tuple[Point, ...], tuple[Segment, ...], tuple[str, str]]:
        first = tree.children[0]
        if isinstance(first, Token):
            self._unknown(first)
            return (), (), ("", "")
        if first.data != "detail":
            points = [self._point(tree_of(child)) for child in tree.children]
            return _settled(points), (), ("", "")
        children = list(first.children)
        segments = [self._segment(child) for child in children if isinstance(child, Tree)]
        if len(segments) == 1 and segments[0].start is None and len(children) == 1:
            return (), (), ("", "")
        start, end = (
            str(one) if isinstance(one, Token) else "" for one in (children[0], children[-1])
        )
        return (), tuple(segments), (start, end)

    def _segment(self, tree: Node) -> Segment:
        loci = [self._locus(child) for child in tree.children if isinstance(child, Tree)]
        if not loci:
            self._unknown(token_of(tree.children[0]))
            return Segment()
        return Segment(start=loci[0], end=loci[1])

    def _locus(self, tree: Node) -> Locus:
        *chromosome, band = (token_of(child) for child in tree.children)
        name = self.chromosome(chromosome[0]) if chromosome else ""
        return Locus(chromosome=name, band=self._band(band))

    def _point(self, tree: Node) -> Point:
        tokens = [token_of(child) for child in tree.children]
        band = self._band(tokens[0])
        if len(tokens) == 1:
            return Point(band=band)
        mark = str(tokens[1]).lower() if len(tokens) > 2 else "or"  # noqa: PLR2004
        last = tokens[-1]
        if last.type == "SUB_BAND":
            return Point(band=band, last=Band(text=f"{band.arm}{last}"), mark=mark)
        if last.type == "INT":
            return Point(band=band, last=Band(text=f"{band.arm}{int(last)}"), mark=mark)
        return Point(band=band, last=self._band(last), mark=mark)

    def _band(self, token: Token) -> Band:
        return Band(text=self.notes.cased(token, str.lower))

    def chromosome(self, token: Token) -> str:
        """The name of a chromosome, which must be one."""
        if token.type == "INT":
            if not 1 <= int(token) <= _LAST_AUTOSOME:
                raise error_at(start_of(token), self.notes.text, ("SEX_CHROMOSOME", "INT"))
            return str(int(token))
        return self.notes.cased(token, str.upper)

    def suffix(self, tree: Node, suffixes: list[str], times: Range | None) -> Range | None:
        """Add a suffix to those before it, or give the number of copies that it says."""
        first = tree.children[0]
        if isinstance(first, Token) and first.type == "TIMES":
            return self.times(tree)
        suffixes.append(
            self.notes.cased(" ".join(str(first).split()), str.lower).replace("de novo", "dn")
        )
        return times

    def times(self, tree: Node) -> Range:
        """The number of copies behind an `x`."""
        self.notes.cased(str(tree.children[0]), str.lower)
        return range_of(tree_of(tree.children[1]))


def _settled(points: list[Point]) -> tuple[Point, ...]:
    """Give a question mark between two bands to the first, as it is read without blanks."""
    for number in range(1, len(points)):
        before, after = points[number - 1], points[number]
        bare = after.band.text.lstrip(UNKNOWN)
        marks = after.band.text[: len(after.band.text) - len(bare)]
        if not marks:
            continue
        points[number] = replace(after, band=Band(text=bare))
        if before.last is None:
            points[number - 1] = replace(before, band=Band(text=before.band.text + marks))
        else:
            points[number - 1] = replace(before, last=Band(text=before.last.text + marks))
    return tuple(points)


def _start(tree: Node) -> int:
    """The 0-based position of the first token of a branch."""
    return next((start_of(token) for token in tree.scan_values(lambda _: True)), 0)
