"""FISH in ISCN's words: `nuc ish` strings, and metaphase FISH where it says which end is where.

ISCN's words (`sep`, `con`, `amp`, `dim`, `x2`) are used from memory of ISCN 2020.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fusion_caller.assays.fish_patterns import Pattern, by_ends, in_words
from fusion_caller.gene_names import resolve
from fusion_caller.knowledge import KMT2A, partners
from fusion_caller.records import Finding

_NUC_ISH = re.compile(r"\bnuc ?ish\b", re.IGNORECASE)
_METAPHASE = re.compile(r"\bish\b", re.IGNORECASE)
_UNIT = re.compile(r"\(([^()]*)\)(?: ?x(\d{1,2}))?")
_SIGNAL = re.compile(
    r"(?P<probes>.{1,80}?)(?: ?x(?P<count>\d{1,2})(?:[-~]\d{1,2})?| (?P<word>amp|dim))?"
)
_PROBE = re.compile(r"(?:([35])' ?)?([A-Za-z0-9~.\-]+)")
_CELLS = re.compile(r"\[ ?(?:cp)?(\d{1,5})(?: ?/ ?(\d{1,5}))? ?\]")


def read_fish_iscn(text: str) -> list[Pattern] | None:
    """The patterns of a `nuc ish` string; None if it is none, or cannot be read."""
    start = _NUC_ISH.search(text)
    if start is None:
        return _read_metaphase(text) if _METAPHASE.search(text) else None
    # Behind a period that opens no sub-band, the laboratory goes on in prose.
    body = re.split(r"\.(?!\d)", text[start.end() :], maxsplit=1)[0]
    patterns: list[Pattern] = []
    cells: list[re.Match[str] | None] = []
    for clone in _outside_brackets(body, "/"):
        units = _outside_brackets(clone, ",")
        for unit in units:
            if not re.search(r"\b(?:KMT2A|MLL)(?:\b|x\d)", unit, re.IGNORECASE):
                continue
            counts = _counts(unit)
            pattern = _by_counts(counts) if counts else None
            if pattern is None:
                return None
            patterns.append(pattern)
            cells.append(_CELLS.search(unit) or _CELLS.search(units[-1]))
    return _with_fractions(patterns, cells)


def _outside_brackets(text: str, separator: str) -> list[str]:
    parts = [""]
    depth = 0
    for character in text:
        depth = max(0, depth + (character in "([") - (character in ")]"))
        if character == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _with_fractions(
    patterns: list[Pattern], cells: list[re.Match[str] | None]
) -> list[Pattern] | None:
    """Turn counts of cells into fractions: `[16]/[184]` share a total, `[180/200]` has its own."""
    shared = sum(int(match[1]) for match in cells if match and not match[2])
    with_fractions = []
    for pattern, match in zip(patterns, cells, strict=True):
        fraction = None
        if match:
            seen, total = int(match[1]), int(match[2]) if match[2] else shared
            if not total or seen > total:
                return None
            fraction = seen / total
        normal = pattern.finding is Finding.NORMAL_SIGNALS
        with_fractions.append(pattern if normal else replace(pattern, cells=fraction))
    return with_fractions


def _counts(unit: str) -> dict[str, int] | None:
    """Count the signals of a unit such as `(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)`.

    The keys are `whole`, `5`, `3`, `sep`, `con`, `amp`, `dim`, `beside` where a partner's probe
    is counted too, and a partner's symbol for the signals that KMT2A's share with it.
    """
    counts: dict[str, int] = {}
    for group in _UNIT.finditer(unit):
        for item in group[1].split(","):
            counted = _count(item.strip(), group[2])
            if counted is None:
                return None
            counts |= counted
    return counts


def _count(item: str, group_count: str | None) -> dict[str, int] | None:
    """Count one item; empty where it says nothing of KMT2A, None where it cannot be read."""
    match = _SIGNAL.fullmatch(item)
    if match is None:
        return None
    names = re.split(r" (sep|con) ", match["probes"])
    probes = [_PROBE.fullmatch(name) for name in names[::2]]
    read = [(probe[1] or "whole", resolve(probe[2].upper())) for probe in probes if probe]
    links = set(names[1::2])
    if len(read) != len(probes) or len(links) > 1:
        return None
    number = match["count"] or group_count
    if links:
        return _count_linked(read, links.pop(), int(number or 1))
    end, gene = read[0]
    if gene != KMT2A:
        return {"beside": 1} if gene in partners() else {}
    if match["word"]:
        return {match["word"]: 1}
    return {end: int(number)} if number else None


def _count_linked(probes: list[tuple[str, str]], link: str, number: int) -> dict[str, int] | None:
    ends = {end for end, gene in probes if gene == KMT2A}
    others = {gene for _, gene in probes if gene != KMT2A}
    if ends and others:
        # A centromere or another control beside KMT2A is no partner.
        fused = link == "con" and number
        return dict.fromkeys(others & partners().keys(), number) if fused else {}
    if ends and ends != {"5", "3"}:
        return None
    return {link: number} if ends else {}


def _by_counts(counts: dict[str, int]) -> Pattern | None:
    """Say what the counted signals mean; None where KMT2A was not counted."""
    fused = counts.keys() & partners().keys()
    if fused:
        return (
            Pattern(finding=Finding.DUAL_FUSION, partner=fused.pop()) if len(fused) == 1 else None
        )
    if counts.get("sep"):
        return Pattern(finding=Finding.BREAK_APART)
    if "dim" in counts:
        return Pattern(
            finding=Finding.DELETION,
            inconclusive=True,
            remark="A KMT2A signal is diminished: part of the region may be lost or moved.",
        )
    if "amp" in counts:
        return Pattern(finding=Finding.AMPLIFICATION)
    five = counts.get("5", counts.get("whole"))
    three = counts.get("3", counts.get("whole"))
    if five is None or three is None:
        return None
    pattern = by_ends(five, three, counts.get("con"))
    if "beside" not in counts:
        return pattern
    return replace(
        pattern,
        remark=f"{in_words(pattern)} A dual-fusion probe does not show other partners.",
    )


def _read_metaphase(text: str) -> list[Pattern] | None:
    """Metaphase FISH, only where one chromosome keeps the 5' end and another the 3' end."""
    squeezed = text.replace(" ", "").upper().replace("MLL", KMT2A)
    five_only = "5'KMT2A+,3'KMT2A-" in squeezed or "3'KMT2A-,5'KMT2A+" in squeezed
    three_only = "5'KMT2A-,3'KMT2A+" in squeezed or "3'KMT2A+,5'KMT2A-" in squeezed
    return [Pattern(finding=Finding.BREAK_APART)] if five_only and three_only else None
