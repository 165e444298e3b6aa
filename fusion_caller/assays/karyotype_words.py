"""Karyotypes in words: what laboratories and papers write in place of ISCN, or around it."""

from __future__ import annotations

import re

from fusion_caller.assays.sheet import Word, inconclusive, not_done, shared_word, tidy
from fusion_caller.records import AssayReading, Finding, Verdict

_CRYPTIC = "A cryptic KMT2A rearrangement is not excluded."
_NAMED_11Q23 = re.compile(
    r"(?:11q23(?:\.3)?\s*\(?(?:kmt2a|mll)?\)?|kmt2a|mll)[\s/-]*"
    r"(?P<what>rearrangement|rearranged|translocation|type\b.{0,200}|abnormality|abnormal|)"
)
_NOTHING_SEEN = re.compile(
    r"(?:no|without)\s+(?:visible\s+|evidence\s+of\s+)?(?:an?\s+)?(?:11q23(?:\.3)?|kmt2a|mll|)\s*"
    r"(?:rearrangements?|translocations?|abnormalit(?:y|ies)|aberrations?)"
    r"|(?:11q23(?:\.3)?|kmt2a|mll)?\s*not (?:visible|seen|involved)"
)
_DENIED = re.compile(r"(?:no|not|none|negative|neg|absent|without|excluded|unlikely)\b")
_NORMAL = re.compile(
    r"(?:a\s+)?normal (?:(?:fe)?male )?karyotype|karyotypically normal|cytogenetically normal"
)
_FAILED = re.compile(
    r"(?:(?:cell )?cultures? (?:failure|failed)|failed cultures?|no (?:cell )?growth"
    r"|no mitos[ei]s|no (?:analy[sz]able )?metaphases?(?: obtained| found| seen)?)"
)
# Words behind the cells of the last clone: `at relapse`.
_BEHIND = re.compile(r"(?<=\]),?\s*(?P<words>\(?[a-z][a-z0-9 ,()-]{1,80})\.?$", re.IGNORECASE)
# Words that may take back or add to what the karyotype says, so that they cannot be passed over.
_SAYS_MORE = re.compile(
    r"\b(?:no|not|none|negative|neg|absent|without|excluded|unlikely|art[ei]fact|positive|kmt2a|mll"
    r"|11q23|fish|i?sh|nuc|arr|ogm|pcr|fusion|translocation|rearrange\w*)\b"
)
_SOLE = re.compile(
    r"\s*\(?\b(?:as )?(?:the |a )?(?:sole|only|isolated)"
    r"(?: (?:abnormality|anomaly|aberration|change))?\)?\.?$",
    re.IGNORECASE,
)
_IN_CELLS = re.compile(
    r"\s+in (\d{1,4})(?: ?/ ?\d{1,4})?(?: (?:cells|metaphases))?\.?$", re.IGNORECASE
)


def read_karyotype_words(text: str) -> AssayReading | None:
    """Say what a karyotype in plain words means; None where the text is more than that."""
    word = shared_word(text)
    if word is not None:
        return _from_word(word)
    plain = tidy(text).lower().rstrip(".")
    if _FAILED.fullmatch(plain):
        return _from_word(Word.FAILED)
    if _NORMAL.fullmatch(plain):
        return _from_word(Word.NORMAL)
    if _NOTHING_SEEN.fullmatch(plain):
        return AssayReading(
            verdict=Verdict.NEGATIVE,
            finding=Finding.NEGATIVE,
            sentence=f"Reported as '{plain}' without a karyotype. {_CRYPTIC}",
        )
    named = _NAMED_11Q23.fullmatch(plain)
    if named is None or plain in ("kmt2a", "mll"):
        return None
    return _from_phrase(named["what"])


def denies(words: str) -> bool:
    """Whether words that stand beside a karyotype may take back what it says."""
    return bool(_DENIED.match(words.lower()))


def words_behind(text: str) -> tuple[str, str]:
    """Part a karyotype from words behind its cells; no words where they may change what it says."""
    found = _BEHIND.search(text)
    if found is None or _SAYS_MORE.search(found["words"].lower()):
        return text, ""
    return text[: found.start()], found["words"].strip(" ()")


def without_words(text: str) -> str:
    """Take `sole` and `in 20 cells` from behind a change, as papers write it."""
    text = _SOLE.sub("", text) if text[:1] in "+-" else text
    cells = _IN_CELLS.search(text)
    return f"{text[: cells.start()]}[{cells[1]}]" if cells and text[:1] in "+-" else text


def _from_word(word: Word) -> AssayReading:
    if word in (Word.NOT_DONE, Word.FAILED):
        return not_done(word)
    if word is Word.INCONCLUSIVE:
        return inconclusive()
    if word is Word.POSITIVE:
        return AssayReading(
            verdict=Verdict.POSITIVE,
            finding=Finding.POSITIVE,
            sentence="Reported as positive without a karyotype: bands and partner are not known.",
        )
    normal = word is Word.NORMAL
    return AssayReading(
        verdict=Verdict.NEGATIVE,
        finding=Finding.NORMAL_KARYOTYPE if normal else Finding.NEGATIVE,
        sentence=f"Reported as {word} without a karyotype. {_CRYPTIC}",
    )


def _from_phrase(what: str) -> AssayReading:
    if what.startswith(("rearrange", "translocation", "type")):
        return AssayReading(
            verdict=Verdict.POSITIVE,
            finding=Finding.REARRANGED_11Q23,
            sentence="Reported as rearranged at 11q23; no partner band is given.",
        )
    return AssayReading(
        verdict=Verdict.INCONCLUSIVE,
        finding=Finding.POSSIBLE_11Q23,
        sentence="11q23 is named; what happened there is not said.",
    )
