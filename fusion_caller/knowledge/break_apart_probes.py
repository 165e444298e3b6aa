"""Break-apart probes of KMT2A: which end has which colour, and how well each has done.

A probe whose colours are not known here is in the table all the same: its name then says nothing
of a pattern in colours, but what was published of it can be said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from fusion_caller.knowledge.packaged_rows import Evidence, number, parts, rows_of


class Colour(StrEnum):
    """The colour of one end of a probe; laboratories write orange as red."""

    GREEN = "green"
    RED = "red"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FishProbe:
    """A break-apart probe of KMT2A.

    Attributes:
        id: Its identifier here.
        vendor: Who makes it, or made it.
        name: What the vendor calls it.
        names: What laboratories write, in small letters; each is unmistakable for this probe.
        colour_5prime: The colour of the 5' (centromeric) end; unknown where no source was found.
        colour_3prime: The colour of the 3' (telomeric) end.
        length_5prime_kb: Length of the 5' part in kb, None where not known.
        length_3prime_kb: Length of the 3' part in kb, None where not known.
        evidence: Whether colours and lengths are sourced.
        missed: How many rearranged cases it missed in the published series, None if none is known.
        tested: Out of how many.
        source: Where that, or what is sourced of the rest, was published.
    """

    id: str
    vendor: str
    name: str
    names: tuple[str, ...]
    colour_5prime: Colour
    colour_3prime: Colour
    length_5prime_kb: int | None
    length_3prime_kb: int | None
    evidence: Evidence
    missed: int | None
    tested: int | None
    source: str

    @property
    def has_colours(self) -> bool:
        """Whether the colours of its ends are known."""
        return bool(self.colour_5prime and self.colour_3prime)


@cache
def fish_probes() -> dict[str, FishProbe]:
    """The known break-apart probes by identifier."""
    return {
        row["probe"]: FishProbe(
            id=row["probe"],
            vendor=row["vendor"],
            name=row["name"],
            names=parts(row["names_in_use"]),
            colour_5prime=Colour(row["colour_5prime"]),
            colour_3prime=Colour(row["colour_3prime"]),
            length_5prime_kb=number(row["length_5prime_kb"]),
            length_3prime_kb=number(row["length_3prime_kb"]),
            evidence=Evidence(row["evidence"]),
            missed=number(row["missed"]),
            tested=number(row["tested"]),
            source=row["source"],
        )
        for row in rows_of("fish_probes.tsv")
    }


@cache
def _names() -> tuple[tuple[re.Pattern[str], FishProbe], ...]:
    return tuple(
        (re.compile(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", re.IGNORECASE), probe)
        for probe in fish_probes().values()
        for name in sorted(probe.names, key=len, reverse=True)
    )


def probe_named(text: str) -> FishProbe | None:
    """The break-apart probe that a text names; None where it names none, several, or another kind.

    Args:
        text: What a laboratory wrote, such as `Vysis LSI MLL`.
    """
    found = {probe.id: probe for pattern, probe in _names() if pattern.search(text)}
    return next(iter(found.values())) if len(found) == 1 else None


def without_probe(text: str) -> str:
    """A text without the names of probes, and without the word `probe` behind them."""
    for pattern, _ in _names():
        text = re.sub(rf"{pattern.pattern}(?: probe)?", " ", text, flags=re.IGNORECASE)
    return " ".join(text.split())
