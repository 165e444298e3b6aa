"""What was seen in some of the cells of a FISH test, and what it says of a rearrangement."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fusion_caller.records import Finding, Verdict

DIPLOID = 2
_SHARE = re.compile(
    r"[\[(]? ?(?:(?P<part>\d{1,5}) ?/ ?(?P<total>\d{1,5})|"
    r"(?P<percent>\d{1,3}(?:\.\d{1,3})?) ?%) ?[\])]?"
)

# What a laboratory states as its own beside a result.
_CUTOFF = re.compile(
    r"[,;([ ]{0,3}\b(?:(?:laboratory|lab|our|normal)(?:'s)? )?"
    r"(?:cut[- ]?off(?: value| level)?|normal(?: range)?(?=:? ?[<\u2264]))(?: is| of|:|=)? ?"
    r"[<>\u2264\u2265]? ?(?P<percent>\d{1,2}(?:\.\d{1,3})?) ?%[)\]]?",
    re.IGNORECASE,
)
# Shares of one text that differ by no more are the same, rounded.
_ROUNDING = 0.011

# What each finding says of a rearrangement, and in words; the order is that of weight.
MEANING: dict[Finding, tuple[Verdict, str]] = {
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
EXTRA_3PRIME = (
    "There is an extra 3' end of KMT2A, which no known fusion keeps; the 5' end is not extra."
)
WEIGHT = {finding: number for number, finding in enumerate(MEANING)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What was seen in some of the cells; `cells` is their fraction where it is known.

    `partner` is one whose signals are fused with KMT2A's; `tested` one whose are not, and
    `dual_fusion` says that such a probe was used though its partner is not named.
    """

    finding: Finding
    cells: float | None = None
    partner: str = ""
    tested: str = ""
    dual_fusion: bool = False
    remark: str = ""
    inconclusive: bool = False

    @property
    def one_partner_only(self) -> bool:
        """Whether this is a dual-fusion probe that saw no fusion, and so excludes no other."""
        return self.finding is Finding.NEGATIVE and bool(self.tested or self.dual_fusion)


def in_words(pattern: Pattern) -> str:
    """Say a pattern in a sentence, with the fraction of cells where it is known."""
    said = pattern.remark or MEANING[pattern.finding][1].format(partner=pattern.partner)
    return said if pattern.cells is None else f"{said} Seen in {pattern.cells:.1%} of the cells."


def by_ends(five: int, three: int, together: int | None) -> Pattern:
    """Read copies of the 5' end, of the 3' end, and of both together where that was counted."""
    if together is not None and min(five, three) > together:
        return Pattern(finding=Finding.BREAK_APART)
    if five > three:
        lost = three < DIPLOID
        return Pattern(finding=Finding.LOSS_3PRIME if lost else Finding.EXTRA_5PRIME)
    if three > five:
        extra = EXTRA_3PRIME if five >= DIPLOID else ""
        return Pattern(finding=Finding.LOSS_5PRIME, remark=extra)
    if five == DIPLOID:
        return Pattern(finding=Finding.NORMAL_SIGNALS)
    return Pattern(finding=Finding.GAIN if five > DIPLOID else Finding.DELETION)


def take_share(text: str) -> tuple[float | None, str]:
    """Take the fraction of cells out of a text; a fraction above one is left in it, as unread.

    One that is given twice, as in `4% (2/50)`, is taken once; where the two differ, the second is
    left.
    """
    share, rest = _first_share(text)
    again, shorter = _first_share(rest) if share is not None else (None, rest)
    if share is not None and again is not None and abs(share - again) < _ROUNDING:
        return share, shorter
    return share, rest


def _first_share(text: str) -> tuple[float | None, str]:
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


def take_cutoff(text: str) -> tuple[float | None, str]:
    """Take the cut-off, as a fraction of cells, out of a result that states it."""
    match = _CUTOFF.search(text)
    if match is None:
        return None, text
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    return float(match["percent"]) / 100, " ".join(rest.split())


def share_alone(text: str) -> Pattern | None:
    """The fraction of cells that is all a result says, such as `160/200 nuclei`."""
    cells, rest = take_share(text)
    if cells is None or not re.fullmatch(r"(?:of )?(?:the )?(?:cells|nuclei)?\.?", rest.strip()):
        return None
    return Pattern(
        finding=Finding.POSITIVE,
        cells=cells,
        remark="Only a share of cells is reported, taken for the abnormal ones; the signals are "
        "not described.",
    )
