"""FISH as laboratories write it outside ISCN: patterns of colours (`1F1R1G`) and plain words.

Vendors colour the two ends of a break-apart probe differently, so that a pattern in colours says
that an end is lost or extra but not which, unless the text names the colour of an end.
"""

from __future__ import annotations

import re

from fusion_caller.assays.fish_patterns import MEANING, Pattern, by_ends
from fusion_caller.gene_names import resolve
from fusion_caller.knowledge import KMT2A, partners
from fusion_caller.records import Finding, Verdict

_TWO_MEANINGS = (
    "One end of the probe is lost or extra; which end depends on the colours of the probe, state "
    "it as 5' or 3'."
)
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


def read_colours(text: str) -> list[Pattern] | None:
    """Patterns such as `1F1R1G [180/200]`, several with `;` between them."""
    claim = _CLAIM.fullmatch(text)
    if claim:
        patterns = _colour_patterns(claim["before"] or claim["behind"])
        agreed = patterns and any(MEANING[one.finding][0] is Verdict.POSITIVE for one in patterns)
        return patterns if agreed else None
    return _colour_patterns(text)


def _colour_patterns(text: str) -> list[Pattern] | None:
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


def _by_colours(counts: dict[str, int], cells: float | None, end_of_green: str) -> Pattern:
    fused, red, green = counts["F"], counts["R"], counts["G"]
    if end_of_green or bool(red) == bool(green):
        five, three = (green, red) if end_of_green == "5" else (red, green)
        found = by_ends(fused + five, fused + three, fused)
        normal = found.finding is Finding.NORMAL_SIGNALS
        return Pattern(finding=found.finding, cells=None if normal else cells)
    return Pattern(finding=Finding.BREAK_APART, cells=cells, remark=_TWO_MEANINGS)


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


def read_words(text: str) -> list[Pattern] | None:
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
    pattern = _byin_words(said, partner, cells)
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


def _byin_words(said: frozenset[str], partner: str, cells: float | None) -> Pattern | None:
    if "no" in said:
        only = f"No fusion with {partner}; other partners are not tested." if partner else ""
        known = said <= {"no", "apart", "fusion", "two"}
        return Pattern(finding=Finding.NEGATIVE, tested=partner, remark=only) if known else None
    if partner:
        fused = said <= {"fusion", "positive"}
        return Pattern(finding=Finding.DUAL_FUSION, partner=partner, cells=cells) if fused else None
    general = said & {"apart", "positive", "atypical"}
    if said - general:
        finding = _BY_WORDS.get(said - general)
        # A whole copy gained or lost beside separated ends is a rearrangement all the same.
        if finding and "apart" in said and MEANING[finding][0] is Verdict.NEGATIVE:
            finding = Finding.BREAK_APART
        return Pattern(finding=finding, cells=cells) if finding else None
    if general == {"atypical"}:
        return Pattern(
            finding=Finding.BREAK_APART,
            cells=cells,
            inconclusive=True,
            remark="The pattern is called atypical and is not described; state the signals.",
        )
    if not general:
        return None
    positive_only = general == {"positive"}
    return Pattern(finding=Finding.POSITIVE if positive_only else Finding.BREAK_APART, cells=cells)
