"""FISH of KMT2A: `nuc ish` strings, signal patterns such as `1F1R1G`, and plain words.

A break-apart probe has a 5' and a 3' end. Vendors colour them differently, so that a pattern in
colours says that an end is lost or extra but not which, unless the text names the colour of an end.
ISCN's words (`sep`, `con`, `amp`, `dim`, `x2`) are used from memory of ISCN 2020.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from fusion_caller.assays.sheet import (
    LONGEST_RESULT,
    Word,
    inconclusive,
    not_done,
    not_understood,
    shared_word,
    tidy,
)
from fusion_caller.gene_names import resolve
from fusion_caller.knowledge import KMT2A, partners
from fusion_caller.records import AssayReading, Finding, Verdict

# From memory, for want of the laboratory's own: published cut-offs of break-apart probes are 1-10%.
DEFAULT_CUTOFF = 0.05
EXPECTED = (
    "nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200], a pattern such as 1F1R1G, "
    "or positive, negative, not done"
)
DIPLOID = 2

_TWO_MEANINGS = (
    "One end of the probe is lost or extra; which end depends on the colours of the probe, state "
    "it as 5' or 3'."
)
# What each finding says of a rearrangement, and in words; the order is that of weight.
_MEANING: dict[Finding, tuple[Verdict, str]] = {
    Finding.DUAL_FUSION: (Verdict.POSITIVE, "The signals of KMT2A and {partner} are fused."),
    Finding.BREAK_APART: (Verdict.POSITIVE, "The 5' and 3' ends of KMT2A are apart."),
    Finding.LOSS_3PRIME: (
        Verdict.POSITIVE,
        "The 3' end of one KMT2A is lost: an unbalanced rearrangement, the 5' end may be fused.",
    ),
    Finding.EXTRA_5PRIME: (
        Verdict.POSITIVE,
        "There is an extra 5' end of KMT2A: it may be inserted into a partner.",
    ),
    Finding.POSITIVE: (Verdict.POSITIVE, "Reported as positive; the signals are not described."),
    Finding.LOSS_5PRIME: (
        Verdict.INCONCLUSIVE,
        "One KMT2A lacks its 5' end, which every known fusion keeps: RNA must tell.",
    ),
    Finding.AMPLIFICATION: (Verdict.NEGATIVE, "KMT2A is amplified, its ends are together."),
    Finding.GAIN: (Verdict.NEGATIVE, "There are extra copies of KMT2A, their ends together."),
    Finding.DELETION: (Verdict.NEGATIVE, "A whole copy of KMT2A is lost."),
    Finding.NORMAL_SIGNALS: (Verdict.NEGATIVE, "The signals are normal."),
    Finding.NEGATIVE: (Verdict.NEGATIVE, "Reported as negative."),
}
_WEIGHT = {finding: number for number, finding in enumerate(_MEANING)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """What was seen in some of the cells; `cells` is their fraction where it is known."""

    finding: Finding
    cells: float | None = None
    partner: str = ""
    tested: str = ""
    remark: str = ""
    inconclusive: bool = False


def read_fish(text: str, *, cutoff: float = DEFAULT_CUTOFF) -> AssayReading:
    """Say what a FISH result with a KMT2A probe shows.

    Separated ends, a lost 3' end, an extra 5' end and a dual fusion are POSITIVE; a lost 5' end is
    INCONCLUSIVE; gain, loss and amplification of the whole gene are NEGATIVE. A pattern in colours
    with a single unpaired signal (`1F1G`) is POSITIVE as BREAK_APART with a sentence that says
    what is open: the ends of one copy do not lie together, and a finding that names an end would
    be a guess.

    Args:
        text: What the laboratory wrote.
        cutoff: The fraction of abnormal cells from which on a pattern counts. It is the
            laboratory's own; the default is from memory.
    """
    word = shared_word(text)
    if word in (Word.NOT_DONE, Word.FAILED):
        return not_done(word)
    if word is Word.INCONCLUSIVE:
        return inconclusive()
    if word is not None:
        finding = {Word.POSITIVE: Finding.POSITIVE, Word.NORMAL: Finding.NORMAL_SIGNALS}.get(
            word, Finding.NEGATIVE
        )
        return _reading([_Pattern(finding=finding)], cutoff)
    plain = tidy(text)
    patterns: list[_Pattern] | None = None
    if len(plain) <= LONGEST_RESULT:
        patterns = _read_iscn(plain) or _read_colours(plain) or _read_words(plain)
    if not patterns:
        return not_understood(text, EXPECTED)
    return _reading(patterns, cutoff)


def _reading(patterns: list[_Pattern], cutoff: float) -> AssayReading:
    abnormal = [one for one in patterns if one.finding is not Finding.NORMAL_SIGNALS]
    by_weight = sorted(abnormal or patterns, key=lambda pattern: _WEIGHT[pattern.finding])
    counted = [one for one in by_weight if one.cells is None or one.cells >= cutoff]
    if not counted:
        most = max(by_weight, key=lambda one: one.cells or 0.0)
        return AssayReading(
            verdict=Verdict.NEGATIVE,
            finding=Finding.NEGATIVE,
            cells_abnormal=most.cells,
            sentence=f"{_words(most)} It is below the cut-off of {cutoff:.1%}.",
        )
    lead = counted[0]
    return AssayReading(
        verdict=Verdict.INCONCLUSIVE if lead.inconclusive else _MEANING[lead.finding][0],
        finding=lead.finding,
        partners=(lead.partner,) if lead.partner else (),
        specific=bool(lead.partner),
        scope=(lead.tested or lead.partner,) if lead.tested or lead.partner else None,
        cells_abnormal=lead.cells,
        sentence=_words(lead),
    )


def _words(pattern: _Pattern) -> str:
    said = pattern.remark or _MEANING[pattern.finding][1].format(partner=pattern.partner)
    return said if pattern.cells is None else f"{said} Seen in {pattern.cells:.1%} of the cells."


_NUC_ISH = re.compile(r"\bnuc ?ish\b", re.IGNORECASE)
_METAPHASE = re.compile(r"\bish\b", re.IGNORECASE)
_UNIT = re.compile(r"\(([^()]*)\)(?: ?x(\d{1,2}))?")
_SIGNAL = re.compile(
    r"(?P<probes>.{1,80}?)(?: ?x(?P<count>\d{1,2})(?:[-~]\d{1,2})?| (?P<word>amp|dim))?"
)
_PROBE = re.compile(r"(?:([35])' ?)?([A-Za-z0-9~.\-]+)")
_CELLS = re.compile(r"\[ ?(?:cp)?(\d{1,5})(?: ?/ ?(\d{1,5}))? ?\]")


def _read_iscn(text: str) -> list[_Pattern] | None:
    """The patterns of a `nuc ish` string; None if it is none, or cannot be read."""
    start = _NUC_ISH.search(text)
    if start is None:
        return _read_metaphase(text) if _METAPHASE.search(text) else None
    # Behind a period that opens no sub-band, the laboratory goes on in prose.
    body = re.split(r"\.(?!\d)", text[start.end() :], maxsplit=1)[0]
    patterns: list[_Pattern] = []
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
    patterns: list[_Pattern], cells: list[re.Match[str] | None]
) -> list[_Pattern] | None:
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


def _by_counts(counts: dict[str, int]) -> _Pattern | None:
    """Say what the counted signals mean; None where KMT2A was not counted."""
    fused = counts.keys() & partners().keys()
    if fused:
        return (
            _Pattern(finding=Finding.DUAL_FUSION, partner=fused.pop()) if len(fused) == 1 else None
        )
    if counts.get("sep"):
        return _Pattern(finding=Finding.BREAK_APART)
    if "dim" in counts:
        return _Pattern(
            finding=Finding.DELETION,
            inconclusive=True,
            remark="A KMT2A signal is diminished: part of the region may be lost or moved.",
        )
    if "amp" in counts:
        return _Pattern(finding=Finding.AMPLIFICATION)
    five = counts.get("5", counts.get("whole"))
    three = counts.get("3", counts.get("whole"))
    if five is None or three is None:
        return None
    pattern = _by_ends(five, three, counts.get("con"))
    if "beside" not in counts:
        return pattern
    return replace(
        pattern,
        remark=f"{_words(pattern)} A dual-fusion probe does not show other partners.",
    )


def _by_ends(five: int, three: int, together: int | None) -> _Pattern:
    """Read copies of the 5' end, of the 3' end, and of both together where that was counted."""
    if together is not None and min(five, three) > together:
        return _Pattern(finding=Finding.BREAK_APART)
    if five > three:
        lost = three < DIPLOID
        return _Pattern(finding=Finding.LOSS_3PRIME if lost else Finding.EXTRA_5PRIME)
    if three > five:
        return _Pattern(finding=Finding.LOSS_5PRIME)
    if five == DIPLOID:
        return _Pattern(finding=Finding.NORMAL_SIGNALS)
    return _Pattern(finding=Finding.GAIN if five > DIPLOID else Finding.DELETION)


def _read_metaphase(text: str) -> list[_Pattern] | None:
    """Metaphase FISH, only where one chromosome keeps the 5' end and another the 3' end."""
    squeezed = text.replace(" ", "").upper().replace("MLL", KMT2A)
    five_only = "5'KMT2A+,3'KMT2A-" in squeezed or "3'KMT2A-,5'KMT2A+" in squeezed
    three_only = "5'KMT2A-,3'KMT2A+" in squeezed or "3'KMT2A+,5'KMT2A-" in squeezed
    return [_Pattern(finding=Finding.BREAK_APART)] if five_only and three_only else None


_COLOUR = re.compile(r"(\d{1,2}) ?([FYRGO])", re.IGNORECASE)
_SHARE = re.compile(
    r"[\[(]? ?(?:(?P<part>\d{1,5}) ?/ ?(?P<total>\d{1,5})|"
    r"(?P<percent>\d{1,3}(?:\.\d{1,3})?) ?%) ?[\])]?"
)
_END_COLOUR = re.compile(
    r"[(,; ]{0,3}\b([35])' ?(?:end )?(?:=|is|:)? ?(green|red|orange)\b\)?", re.IGNORECASE
)
_CLAIM = re.compile(
    r"(?:positive|pos)[:;, ]{1,3}\(?(?P<behind>\d[^()]*)\)?"
    r"|(?P<before>\d.*)[:;, ]{1,3}(?:positive|pos)",
    re.IGNORECASE,
)


def _read_colours(text: str) -> list[_Pattern] | None:
    """Patterns such as `1F1R1G [180/200]`, several with `;` between them."""
    claim = _CLAIM.fullmatch(text)
    if claim:
        patterns = _colour_patterns(claim["before"] or claim["behind"])
        agreed = patterns and any(_MEANING[one.finding][0] is Verdict.POSITIVE for one in patterns)
        return patterns if agreed else None
    return _colour_patterns(text)


def _colour_patterns(text: str) -> list[_Pattern] | None:
    named = _END_COLOUR.search(text)
    end_of_green = ""
    if named:
        is_green = named[2].lower() == "green"
        end_of_green = named[1] if is_green else {"5": "3", "3": "5"}[named[1]]
        text = text[: named.start()] + text[named.end() :]
    patterns = []
    for part in re.split(r";|(?<=\])[,/ ]*", text):
        if not part.strip():
            continue
        share, rest = _share(part)
        if not re.fullmatch(r"(?:\d{1,2} ?[FYRGO][,+ ]{0,3}){1,6}", rest, re.IGNORECASE):
            return None
        counts = {"F": 0, "R": 0, "G": 0}
        for number, colour in _COLOUR.findall(rest):
            counts[{"Y": "F", "O": "R"}.get(colour.upper(), colour.upper())] += int(number)
        patterns.append(_by_colours(counts, share, end_of_green))
    return patterns


def _share(text: str) -> tuple[float | None, str]:
    """Take the fraction of cells out of a text; a fraction above one is left in it, as unread."""
    match = _SHARE.search(text)
    if match is None:
        return None, text.strip()
    if match["percent"]:
        share = float(match["percent"]) / 100
    else:
        share = int(match["part"]) / (int(match["total"]) or 0.5)
    if share > 1:
        return None, text
    return share, f"{text[: match.start()]} {text[match.end() :]}".strip()


def _by_colours(counts: dict[str, int], cells: float | None, end_of_green: str) -> _Pattern:
    fused, red, green = counts["F"], counts["R"], counts["G"]
    if end_of_green or bool(red) == bool(green):
        five, three = (green, red) if end_of_green == "5" else (red, green)
        found = _by_ends(fused + five, fused + three, fused)
        normal = found.finding is Finding.NORMAL_SIGNALS
        return _Pattern(finding=found.finding, cells=None if normal else cells)
    return _Pattern(finding=Finding.BREAK_APART, cells=cells, remark=_TWO_MEANINGS)


_NOISE = re.compile(
    r"the|an?|in|of|by|with|for|and|is|was|cells|nuclei|signals?|probes?|fish|pattern|apart|break|"
    r"break-?apart|result|gene|locus|region|intact|interphase|kmt2a|mll|11q23(?:\.3)?|evidence|end|"
    r"single|dual|dual-fusion|\+|cop(?:y|ies)|detected|seen|found"
)
_CONCEPTS = {
    **dict.fromkeys(("no", "not", "without", "negative", "neg", "normal", "absent"), "no"),
    **dict.fromkeys(("positive", "pos"), "positive"),
    **dict.fromkeys(("rearranged", "rearrangement", "split", "separated", "separation"), "apart"),
    **dict.fromkeys(("deletion", "deleted", "loss", "lost", "monosomy"), "loss"),
    **dict.fromkeys(("extra", "additional", "gain", "gained", "trisomy"), "gain"),
    **dict.fromkeys(("amplification", "amplified", "amp"), "amplified"),
    **dict.fromkeys(("atypical", "abnormal"), "atypical"),
    **dict.fromkeys(("fusion", "fused"), "fusion"),
    "2f": "two",
    "5'": "5",
    "3'": "3",
}
_PAIR = re.compile(r"\b([a-z0-9]{2,12}) ?(?:::|--|/|-) ?([a-z0-9]{2,12})\b")


def _read_words(text: str) -> list[_Pattern] | None:
    """Read a closed vocabulary of words; a word outside it makes the whole text unread."""
    cells, rest = _share(text.lower())
    rest = re.sub(r"([35]') ?(?=kmt2a|mll)", r"\1 ", rest)
    rest = re.sub(r"\b2 (?=intact|copies|fusions?\b)|\b2f \+? ?(?=extra|additional)", "", rest)
    partner, rest = _named_partner(rest)
    words = [word for word in re.split(r"[\s,;:()\[\]]+|\.(?= |$)", rest) if word]
    concepts = {_CONCEPTS.get(word, "noise" if _NOISE.fullmatch(word) else "") for word in words}
    negations = sum(_CONCEPTS.get(word) == "no" for word in words)
    if "" in concepts or negations > 1 or {"5", "3"} <= concepts:
        return None
    said = frozenset(concepts - {"noise"} | ({"fusion"} if partner else set()))
    pattern = _by_words(said, partner, cells)
    return [pattern] if pattern else None


def _named_partner(text: str) -> tuple[str, str]:
    """Take `KMT2A/AFF1` or `MLL-AF4` out of a text, as the partner's symbol."""
    for match in _PAIR.finditer(text):
        genes = [resolve(match[1].upper()), resolve(match[2].upper())]
        others = [gene for gene in genes if gene != KMT2A]
        if len(others) == 1 and others[0] in partners():
            return others[0], f"{text[: match.start()]} {text[match.end() :]}"
    return "", text


_BY_WORDS = {
    frozenset({"loss", "3"}): Finding.LOSS_3PRIME,
    frozenset({"loss", "5"}): Finding.LOSS_5PRIME,
    frozenset({"gain", "5"}): Finding.EXTRA_5PRIME,
    frozenset({"gain", "3"}): Finding.LOSS_5PRIME,
    frozenset({"loss"}): Finding.DELETION,
    frozenset({"gain"}): Finding.GAIN,
    frozenset({"amplified"}): Finding.AMPLIFICATION,
}


def _by_words(said: frozenset[str], partner: str, cells: float | None) -> _Pattern | None:
    if "no" in said:
        only = f"No fusion with {partner}; other partners are not tested." if partner else ""
        known = said <= {"no", "apart", "fusion", "two"}
        return _Pattern(finding=Finding.NEGATIVE, tested=partner, remark=only) if known else None
    if partner:
        fused = said <= {"fusion", "positive"}
        return (
            _Pattern(finding=Finding.DUAL_FUSION, partner=partner, cells=cells) if fused else None
        )
    general = said & {"apart", "positive", "atypical"}
    if said - general:
        finding = _BY_WORDS.get(said - general)
        # A whole copy gained or lost beside separated ends is a rearrangement all the same.
        if finding and "apart" in said and _MEANING[finding][0] is Verdict.NEGATIVE:
            finding = Finding.BREAK_APART
        return _Pattern(finding=finding, cells=cells) if finding else None
    if general == {"atypical"}:
        return _Pattern(
            finding=Finding.BREAK_APART,
            cells=cells,
            inconclusive=True,
            remark="The pattern is called atypical and is not described; state the signals.",
        )
    if not general:
        return None
    positive_only = general == {"positive"}
    return _Pattern(finding=Finding.POSITIVE if positive_only else Finding.BREAK_APART, cells=cells)
