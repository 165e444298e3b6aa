"""FISH in plain words: a closed vocabulary, outside of which a text is not understood."""

from __future__ import annotations

import re
from dataclasses import replace

from fusion_caller.assays.fish_patterns import EXTRA_3PRIME, MEANING, Pattern, in_words, take_share
from fusion_caller.assays.fish_target import partners_named
from fusion_caller.assays.sheet import without_unknown_partner
from fusion_caller.gene_names import resolve
from fusion_caller.knowledge import KMT2A, partners
from fusion_caller.records import Finding, Verdict

_NOISE = re.compile(
    r"the|an?|in|of|by|with|for|and|is|was|cells|nuclei|signals?|probes?|fish|pattern|apart|break|"
    r"break-?apart|result|gene|locus|region|intact|interphase|kmt2a|mll|11q23(?:\.3)?|evidence|end|"
    r"segment|part|single|dual|dual-fusion|d-fish|\+|cop(?:y|ies)|detected|seen|found"
)
_CONCEPTS = {
    **dict.fromkeys(("no", "not", "without", "negative", "neg", "normal", "absent"), "no"),
    **dict.fromkeys(("positive", "pos"), "positive"),
    **dict.fromkeys(("rearranged", "rearrangement", "split", "separated", "separation"), "apart"),
    **dict.fromkeys(("kmt2a-r", "kmt2ar", "mll-r", "mllr"), "apart"),
    **dict.fromkeys(("deletion", "deleted", "loss", "lost", "monosomy"), "loss"),
    **dict.fromkeys(("extra", "additional", "gain", "gained", "trisomy"), "gain"),
    **dict.fromkeys(("amplification", "amplified", "amp"), "amplified"),
    **dict.fromkeys(("atypical", "abnormal"), "atypical"),
    **dict.fromkeys(("fusion", "fused"), "fusion"),
    "2f": "two",
    "5'": "5",
    "3'": "3",
}
_DUAL_FUSION = re.compile(r"\bdual[- ]fusion\b|\bd-fish\b")
_NEGATED = re.compile(r"\b(?:no|not|without|negative|neg|absent)\b", re.IGNORECASE)
_CHROMOSOME = r"(?:der\((?:\d{1,2}|[xy])\)|(?:\d{1,2}|[xy])[pq][\d.]{0,6})"
_ELSEWHERE = re.compile(rf" on (?P<where>{_CHROMOSOME}(?: or {_CHROMOSOME})?)(?: \(dim\))?")
_FALSE_POSITIVE = re.compile(r"\(? ?(?P<said>false[- ]positive) ?\)?", re.IGNORECASE)
_PAIR = re.compile(r"\b([a-z0-9]{2,12}) ?(?:::|--|/|-) ?([a-z0-9]{2,12})\b")


def clauses(text: str) -> list[str]:
    """Split a text into what may be tests of their own.

    A negation holds for its own part only: in `rearranged, dual-fusion negative` the second part
    says nothing of the first.
    """
    parts = text.split(";")
    split = [
        re.split(r",| and | but ", part) if _NEGATED.search(part) else [part] for part in parts
    ]
    return [piece.strip() for pieces in split for piece in pieces if piece.strip()]


def names_dual_fusion(probe: str) -> bool:
    """Whether a probe's name says that it lies on KMT2A and a partner."""
    return bool(_DUAL_FUSION.search(probe.lower()) or _probed_partner(probe))


def _probed_partner(probe: str) -> str:
    """The partner that a dual-fusion probe lies on; `dual fusion AFF1` is one of KMT2A and AFF1."""
    named = _named_partner(probe.lower())[0]
    if named or not _DUAL_FUSION.search(probe.lower()):
        return named
    alone = partners_named(probe)
    return alone[0] if len(alone) == 1 else ""


def seen_by_dual_fusion(pattern: Pattern, probe: str) -> Pattern:
    """What `positive` or `negative` means where the probe lies on KMT2A and a partner."""
    partner = _probed_partner(probe)
    if pattern.finding in (Finding.NEGATIVE, Finding.NORMAL_SIGNALS):
        negative = _by_words(frozenset({"no"}), partner, None) if partner else None
        return negative or _dual_fusion(frozenset({"no"}), None) or pattern
    if pattern.finding is Finding.POSITIVE and partner:
        return replace(pattern, finding=Finding.DUAL_FUSION, partner=partner)
    return pattern


def agree(patterns: list[Pattern]) -> bool:
    """Whether the tests of one text can all be true; a dual-fusion probe excludes no other test."""
    own = [one for one in patterns if not (one.one_partner_only or one.partner)]
    normal = [one for one in own if one.finding in (Finding.NEGATIVE, Finding.NORMAL_SIGNALS)]
    return not normal or len(normal) == len(own)


def read_words(text: str) -> Pattern | None:
    """Read one clause in a closed vocabulary; a word outside it makes the clause unread."""
    said = _FALSE_POSITIVE.search(text)
    if said is None:
        return _read_clause(text.lower())
    # What the laboratory concludes is its own; what it saw is read.
    rest = f"{text[: said.start()]} {text[said.end() :]}"
    pattern = _read_clause(rest.lower())
    if pattern is None or MEANING[pattern.finding][0] is not Verdict.POSITIVE:
        return None
    seen = in_words(replace(pattern, cells=None))
    return replace(pattern, remark=f"{seen} The laboratory remarks: '{said['said']}'.")


def _read_clause(text: str) -> Pattern | None:
    cells, rest = take_share(without_unknown_partner(text))
    elsewhere = _ELSEWHERE.search(rest)
    where = elsewhere["where"] if elsewhere else ""
    if elsewhere:
        rest = f"{rest[: elsewhere.start()]} {rest[elsewhere.end() :]}"
    rest = re.sub(r"([35]') ?(?=kmt2a|mll)", r"\1 ", rest)
    rest = re.sub(r"\b2 (?=intact|copies|fusions?\b)|\b2f \+? ?(?=extra|additional)", "", rest)
    partner, rest = _named_partner(rest)
    words = [word for word in re.split(r"[\s,;:()\[\]]+|\.(?= |$)", rest) if word]
    concepts = {_CONCEPTS.get(word, "noise" if _NOISE.fullmatch(word) else "") for word in words}
    negations = sum(_CONCEPTS.get(word) == "no" for word in words)
    if "" in concepts or negations > 1 or {"5", "3"} <= concepts:
        return None
    meant = frozenset(concepts - {"noise"} | ({"fusion"} if partner else set()))
    if where:
        return _on_another_chromosome(meant, where, cells)
    if _DUAL_FUSION.search(text) and not partner:
        return _dual_fusion(meant, cells)
    return _by_words(meant, partner, cells)


def _on_another_chromosome(
    meant: frozenset[str], where: str, cells: float | None
) -> Pattern | None:
    """An end of KMT2A that lies on another chromosome."""
    chromosomes = set(re.findall(r"(?<![\d.])(\d{1,2}|[xy])(?=[pq)])", where))
    if "11" in chromosomes or not meant <= {"5", "3", "gain", "apart", "positive"}:
        return None
    named = re.sub(r"\b[xy](?=[pq)])", lambda match: match[0].upper(), where)
    if {"gain", "5"} <= meant:
        return Pattern(
            finding=Finding.EXTRA_5PRIME,
            cells=cells,
            remark=f"There is an extra 5' end of KMT2A, on {named}: it may be inserted into a "
            "partner there.",
        )
    end = "5'" if "5" in meant else "3'" if "3" in meant else ""
    if not end or "gain" in meant:
        return None
    return Pattern(
        finding=Finding.BREAK_APART,
        cells=cells,
        remark=f"A {end} end of KMT2A lies on another chromosome, {named}.",
    )


def _dual_fusion(meant: frozenset[str], cells: float | None) -> Pattern | None:
    """A dual-fusion probe whose partner is not named."""
    if meant in ({"no"}, {"no", "fusion"}):
        return Pattern(
            finding=Finding.NEGATIVE,
            dual_fusion=True,
            remark="A dual-fusion probe is negative; its partner is not named, and other partners "
            "are not tested.",
        )
    if meant <= {"positive", "fusion"} and "positive" in meant:
        return Pattern(
            finding=Finding.POSITIVE,
            cells=cells,
            remark="A dual-fusion probe is positive; its partner is not named.",
        )
    return None


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


def _by_words(said: frozenset[str], partner: str, cells: float | None) -> Pattern | None:
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
        extra_3prime = EXTRA_3PRIME if said == {"gain", "3"} else ""
        return Pattern(finding=finding, cells=cells, remark=extra_3prime) if finding else None
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
