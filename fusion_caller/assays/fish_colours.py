"""FISH as patterns of colours, such as `1F1R1G`.

Vendors colour the two ends of a break-apart probe differently, so that a pattern in colours says
that an end is lost or extra but not which, unless the text names the colour of an end or the probe
is one whose colours are known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.assays.fish_patterns import MEANING, Pattern, by_ends, take_share
from fusion_caller.knowledge import Colour
from fusion_caller.records import Finding, Verdict

if TYPE_CHECKING:
    from fusion_caller.knowledge import FishProbe

TWO_MEANINGS = (
    "One end of the probe is lost or extra; which end depends on the colours of the probe, state "
    "it as 5' or 3'."
)
_COLOUR = re.compile(r"(\d{1,2}) ?([FYRGO])", re.IGNORECASE)
_END_COLOUR = re.compile(
    r"[(,; ]{0,3}\b([35])' ?(?:end )?(?:=|is|:)? ?(green|red|orange)\b\)?", re.IGNORECASE
)
_CLAIM_WORDS = (
    r"(?:(?:KMT2A|MLL)[- ]?(?:gene )?)?"
    r"(?:positive|pos|rearranged|rearrangement|split)(?: detected)?"
)
_CLAIM = re.compile(
    rf"{_CLAIM_WORDS}[:;, ]{{1,3}}\(?(?P<behind>\d[^()]*)\)?"
    rf"|(?P<before>\d.*)[:;, ]{{1,3}}\(?{_CLAIM_WORDS}\)?",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"\b(?:signals?|patterns?|in|of|the|interphase|nuclei|cells|seen|was|is|fish|break-?apart|"
    r"KMT2A|MLL|probe)\b:?",
    re.IGNORECASE,
)


def read_colours(text: str, end_of_green: str = "") -> list[Pattern] | None:
    """Patterns such as `1F1R1G [180/200]`, several with `;` between them; None for other texts.

    Args:
        text: What the laboratory wrote, tidied.
        end_of_green: `5` or `3` where the probe tells; a colour that the text gives comes first.
    """
    claim = _CLAIM.fullmatch(text)
    if claim:
        patterns = _colour_patterns(claim["before"] or claim["behind"], end_of_green)
        agreed = patterns and any(MEANING[one.finding][0] is Verdict.POSITIVE for one in patterns)
        return patterns if agreed else None
    return _colour_patterns(text, end_of_green)


def green_end(text: str, probe: FishProbe | None = None) -> str:
    """Which end is green: `5`, `3`, or empty where neither a text nor a known probe tells.

    Args:
        text: A result, or what the laboratory calls its probe, such as `Cytocell (5' red)`.
        probe: The probe, where it is a known one.
    """
    named = _END_COLOUR.search(text)
    if named:
        is_green = named[2].lower() == "green"
        return named[1] if is_green else {"5": "3", "3": "5"}[named[1]]
    if probe and probe.has_colours:
        return "5" if probe.colour_5prime is Colour.GREEN else "3"
    return ""


def _colour_patterns(text: str, end_of_green: str) -> list[Pattern] | None:
    end_of_green = green_end(text) or end_of_green
    text = _END_COLOUR.sub("", text, count=1)
    patterns = []
    for part in re.split(r";|(?<=\])[,/ ]*", text):
        if not part.strip():
            continue
        share, rest = take_share(part)
        rest = " ".join(_NOISE.sub(" ", rest).split()).strip(" ()")
        if not re.fullmatch(r"(?:\d{1,2} ?[FYRGO][,+ ]{0,3}){1,6}", rest, re.IGNORECASE):
            return None
        counts = {"F": 0, "R": 0, "G": 0}
        for number, colour in _COLOUR.findall(rest):
            counts[{"Y": "F", "O": "R"}.get(colour.upper(), colour.upper())] += int(number)
        patterns.append(_by_colours(counts, share, end_of_green))
    return patterns


def _by_colours(counts: dict[str, int], cells: float | None, end_of_green: str) -> Pattern:
    fused, red, green = counts["F"], counts["R"], counts["G"]
    if end_of_green or bool(red) == bool(green):
        five, three = (green, red) if end_of_green == "5" else (red, green)
        found = by_ends(fused + five, fused + three, fused)
        normal = found.finding is Finding.NORMAL_SIGNALS
        return replace(found, cells=None if normal else cells)
    return Pattern(finding=Finding.BREAK_APART, cells=cells, remark=TWO_MEANINGS)
