"""FISH in ISCN's words: `nuc ish` strings, and metaphase FISH that shows where KMT2A lies.

ISCN's words (`sep`, `con`, `amp`, `dim`, `x2`) are used from memory of ISCN 2020.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fusion_caller.assays.fish_patterns import Pattern, by_ends, in_words
from fusion_caller.assays.metaphase_fish import is_kmt2a, metaphase_parts, read_metaphase_fish
from fusion_caller.gene_names import resolve
from fusion_caller.iscn import IscnError, parse
from fusion_caller.iscn.tree import InterphaseFish, MetaphaseFish
from fusion_caller.knowledge import KMT2A, neighbours, partners
from fusion_caller.records import Finding

if TYPE_CHECKING:
    from fusion_caller.iscn.tree import Cells, FishUnit, Iscn, Probe, Range, Signal

_BOTH_ENDS = frozenset({"5", "3"})
# Centromeres, and what else is counted on chromosome 11 beside KMT2A; the genes are from memory.
_CENTROMERE = re.compile(r"(?:CEP|CEN)[-_ ]?(?:[0-9]{1,2}|[XY])|D(?:[0-9]{1,2}|[XY])Z[0-9]{1,2}")
_ON_11 = re.compile(r"(?:TEL)?11[PQ].*|D11S[0-9]+.*|ATM|CCND1|BCL1|PGR|BIRC3|WT1|IGF2|HRAS|NUP98")
_WHOLE_PERCENT = 100


def read_fish_iscn(text: str) -> list[Pattern] | None:
    """The patterns of a `nuc ish` string; None if it is none, or cannot be read."""
    iscn = _parsed(text)
    return read_fish_tree(iscn) if iscn else None


def tests_other_genes_only(text: str) -> bool:
    """Whether a text is FISH in ISCN without a probe of KMT2A."""
    iscn = _parsed(text)
    if iscn is None or names_kmt2a(iscn):
        return False
    has_fish = any(isinstance(part, InterphaseFish | MetaphaseFish) for part in iscn.parts)
    return has_fish or bool(metaphase_parts(iscn.clones))


def _parsed(text: str) -> Iscn | None:
    start = _interphase_start(text)
    if start is None and "ish" not in text.lower():
        return None
    try:
        # What stands before interphase FISH, a karyotype as a rule, need not be understood.
        return parse(text if start is None else text[start:])
    except IscnError:
        return None


def read_fish_tree(iscn: Iscn) -> list[Pattern] | None:
    """The patterns of KMT2A in a text that was parsed; None where they mean nothing."""
    interphase = [part for part in iscn.parts if isinstance(part, InterphaseFish)]
    if not interphase:
        return _metaphase(iscn)
    patterns: list[Pattern] = []
    cells: list[Cells | None] = []
    for part in interphase:
        for units in part.clones:
            for unit in units:
                if not any(is_kmt2a(probe.name) for probe in _probes(unit)):
                    continue
                counts = _counts(unit)
                pattern = counts.pattern() if counts else None
                if pattern is None:
                    return None
                patterns.append(pattern)
                cells.append(unit.cells or units[-1].cells)
    return _with_fractions(patterns, cells)


def names_kmt2a(iscn: Iscn) -> bool:
    """Whether any FISH of a text was done with a probe of KMT2A."""
    groups = [
        group
        for part in iscn.parts
        if isinstance(part, InterphaseFish)
        for units in part.clones
        for unit in units
        for group in unit.groups
    ]
    alone = [part for part in iscn.parts if isinstance(part, MetaphaseFish)]
    for part in [*alone, *metaphase_parts(iscn.clones)]:
        groups += [group for item in part.items for group in item.groups]
    return any(
        is_kmt2a(probe.name)
        for group in groups
        for signal in group.signals
        for probe in signal.probes
    )


def _interphase_start(text: str) -> int | None:
    """Where `nuc ish` begins."""
    lower = text.lower()
    start = lower.find("nuc")
    while start >= 0:
        if lower[start + 3 :].lstrip(" .").startswith("ish"):
            return start
        start = lower.find("nuc", start + 3)
    return None


def _probes(unit: FishUnit) -> list[Probe]:
    return [probe for group in unit.groups for signal in group.signals for probe in signal.probes]


def _with_fractions(patterns: list[Pattern], cells: list[Cells | None]) -> list[Pattern] | None:
    """Turn counts of cells into fractions: `[16]/[184]` share a total, `[180/200]` has its own."""
    shared = sum(one.number or 0 for one in cells if one and one.of is None)
    with_fractions = []
    for pattern, one in zip(patterns, cells, strict=True):
        fraction = None
        if one and one.percent is not None:
            fraction = one.percent / _WHOLE_PERCENT
        elif one and one.number is not None:
            total = shared if one.of is None else one.of
            fraction = one.number / total if total else None
            if fraction is None:
                return None
        if fraction is not None and fraction > 1:
            return None
        normal = pattern.finding in (Finding.NORMAL_SIGNALS, Finding.NEGATIVE)
        with_fractions.append(pattern if normal else replace(pattern, cells=fraction))
    return with_fractions


@dataclass(slots=True)
class _Counts:
    """Signals of one unit: of KMT2A as a whole, of its ends, and of the ends together or apart.

    `beside` holds the partners whose probes were counted too, `fused` those whose signals KMT2A's
    share, `fused_unknown` what else does and is neither a partner nor a control.
    """

    ends: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    strengths: set[str] = field(default_factory=set)
    fused: set[str] = field(default_factory=set)
    fused_unknown: set[str] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)

    def pattern(self) -> Pattern | None:
        """Say what the counted signals mean; None where KMT2A was not counted."""
        if self.fused:
            one = len(self.fused) == 1
            return Pattern(finding=Finding.DUAL_FUSION, partner=min(self.fused)) if one else None
        if self.fused_unknown:
            others = " and ".join(sorted(self.fused_unknown))
            return Pattern(
                finding=Finding.BREAK_APART,
                remark=f"The signals of KMT2A and {others} are fused: no known partner of KMT2A is "
                "named, the partner is not known.",
            )
        if self.links.get("sep"):
            return Pattern(finding=Finding.BREAK_APART)
        if "dim" in self.strengths:
            return Pattern(
                finding=Finding.DELETION,
                inconclusive=True,
                remark="A KMT2A signal is diminished: part of the region may be lost or moved.",
            )
        if "amp" in self.strengths:
            return Pattern(finding=Finding.AMPLIFICATION)
        five = self.ends.get("5", self.ends.get(""))
        three = self.ends.get("3", self.ends.get(""))
        if five is None or three is None:
            return None
        pattern = by_ends(five, three, self.links.get("con"))
        if not self.beside or self.ends.keys() >= _BOTH_ENDS:
            return pattern
        return self._by_dual_fusion(pattern)

    def _by_dual_fusion(self, pattern: Pattern) -> Pattern:
        """What a probe on KMT2A and a partner excludes: a fusion of the two, and no other."""
        names = " or ".join(sorted(self.beside))
        said = f"{in_words(pattern)} They are not fused with those of {names}; a dual-fusion probe "
        found = pattern.finding
        if found is Finding.NORMAL_SIGNALS:
            found = Finding.NEGATIVE
        return replace(
            pattern,
            finding=found,
            tested=names if len(self.beside) == 1 else "",
            dual_fusion=True,
            remark=f"{said}does not show other partners.",
        )


def _counts(unit: FishUnit) -> _Counts | None:
    """Count the signals of a unit; None where they contradict each other or are not counted."""
    counts = _Counts()
    for group in unit.groups:
        for signal in group.signals:
            if not _count(signal, signal.times or group.times, counts):
                return None
    return counts


def _count(signal: Signal, times: Range | None, counts: _Counts) -> bool:
    ends = {probe.end for probe in signal.probes if is_kmt2a(probe.name)}
    others = {resolve(probe.name.upper()) for probe in signal.probes} - {KMT2A}
    # Of a range of signals, the fewest are sure.
    number = times.first if times else None
    if signal.link:
        if ends and others:
            if signal.link == "con" and number != 0:
                counts.fused |= others & partners().keys()
                counts.fused_unknown |= {
                    name for name in others - partners().keys() if not _is_control(name)
                }
        elif ends:
            if ends != _BOTH_ENDS:
                return False
            counts.links[signal.link] = 1 if number is None else number
        return True
    if not ends:
        counts.beside |= others & partners().keys()
    elif signal.strength:
        counts.strengths.add(signal.strength)
    elif number is not None:
        counts.ends[min(ends)] = number
    return True


def _is_control(name: str) -> bool:
    """Whether a probe beside KMT2A is a centromere, or lies on chromosome 11 as KMT2A does."""
    upper = name.upper()
    fits = _CENTROMERE.fullmatch(upper) or _ON_11.fullmatch(upper)
    return bool(fits) or name in neighbours()


def _metaphase(iscn: Iscn) -> list[Pattern] | None:
    """Metaphase FISH, only where it shows what became of KMT2A.

    A signal of a KMT2A probe on another chromosome than 11 is what a cytogeneticist reports as a
    rearrangement, whatever the other signals are.
    """
    parts = [part for part in iscn.parts if isinstance(part, MetaphaseFish)]
    examined = [clone for clone in iscn.clones if clone.counted != 0]
    seen = read_metaphase_fish([*parts, *metaphase_parts(examined)])
    if seen.apart:
        return [Pattern(finding=Finding.BREAK_APART)]
    if seen.rearranged:
        remark = f"Metaphase FISH {seen.in_words}."
        return [Pattern(finding=Finding.BREAK_APART, remark=remark)]
    if seen.lost_ends:
        five, three = ("5" not in seen.lost_ends, "3" not in seen.lost_ends)
        return [by_ends(1 + five, 1 + three, None)]
    if seen.lost:
        return [Pattern(finding=Finding.DELETION)]
    if seen.on_deleted:
        remark = "KMT2A lies on a chromosome 11 deleted at 11q23; of its ends nothing is said."
        return [Pattern(finding=Finding.DELETION, inconclusive=True, remark=remark)]
    return None
