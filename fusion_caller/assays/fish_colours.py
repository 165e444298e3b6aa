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
NO_SINGLES = (
    "Fusions of a dual-fusion probe without single signals; 2F is what is written of a normal "
    "break-apart probe: say which probe it is, or describe all signals."
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
_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "no": "0"}
_SPELT = re.compile(
    r"\b(?P<number>\d{1,2}|one|two|three|four|no) "
    r"(?P<colour>fusions?|fused|yellow|red|orange|green)(?: signals?)?(?: and\b)?",
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


def read_dual_fusion_colours(text: str) -> list[Pattern] | None:
    """Patterns of a dual-fusion probe, whose colours are two genes and `F` their fusion.

    `2R2G` is normal. Fusions without a single signal are open: `2F` is what is written of a normal
    break-apart probe.
    """
    seen = _counted(text)
    if not seen:
        return None
    patterns = []
    for counts, share in seen:
        if not counts["F"]:
            patterns.append(Pattern(finding=Finding.NORMAL_SIGNALS))
        elif counts["R"] and counts["G"]:
            patterns.append(
                Pattern(finding=Finding.POSITIVE, cells=share, remark="The two genes are fused.")
            )
        else:
            patterns.append(
                Pattern(finding=Finding.POSITIVE, cells=share, inconclusive=True, remark=NO_SINGLES)
            )
    return [one for one in patterns if one.finding is Finding.POSITIVE] or patterns[:1]


def _colour_patterns(text: str, end_of_green: str) -> list[Pattern] | None:
    end_of_green = green_end(text) or end_of_green
    seen = _counted(_END_COLOUR.sub("", text, count=1))
    if seen is None:
        return None
    return [_by_colours(counts, share, end_of_green) for counts, share in seen]


def _counted(text: str) -> list[tuple[dict[str, int], float | None]] | None:
    """How often each colour is seen, and in which share of the cells."""
    text = _SPELT.sub(_as_letter, text)
    seen = []
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
        seen.append((counts, share))
    return seen


def _as_letter(match: re.Match[str]) -> str:
    number = match["number"].lower()
    colour = match["colour"][0].upper()
    return f"{_NUMBERS.get(number, number)}{colour}"


def _by_colours(counts: dict[str, int], cells: float | None, end_of_green: str) -> Pattern:
    fused, red, green = counts["F"], counts["R"], counts["G"]
    if end_of_green or bool(red) == bool(green):
        five, three = (green, red) if end_of_green == "5" else (red, green)
        found = by_ends(fused + five, fused + three, fused)
        normal = found.finding is Finding.NORMAL_SIGNALS
        return replace(found, cells=None if normal else cells)
    return Pattern(finding=Finding.BREAK_APART, cells=cells, remark=TWO_MEANINGS)
