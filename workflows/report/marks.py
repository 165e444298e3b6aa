"""The marks of the patients' grid: what one assay says of one patient, in a character or two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workflows.report import words
from workflows.report.elsewhen import decides, says_else, sign_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one assay says of a patient, in a character or two.

    `beside` is what samples of other time points say, where that is something else, a line each
    time, and `beside_title` says the same in full.
    """

    text: str
    title: str
    style: str
    beside: str = ""
    beside_title: str = ""


def said_by(item: Mapping[str, str]) -> str:
    """The verdict of a result; a test that failed was done, which the verdict does not tell."""
    failed = item["verdict"] == "not_done" and "the test failed" in item.get("reading", "").lower()
    return _FAILED if failed else item["verdict"]


def assay_mark(items: Sequence[Mapping[str, str]], *, differ: bool) -> Mark:
    """The mark of one assay of a patient: of the results that decide, others told beside it."""
    deciding = [item for item in items if decides(item)]
    shown = mark(map(said_by, deciding), differ=differ)
    others = [item for item in items if not decides(item) and says_else(item, deciding)]
    signs: dict[str, list[str]] = {}
    for item in others:
        signs.setdefault(item.get("timepoint") or "other", []).append(sign_of(item, deciding))
    told = (
        " ".join(filter(None, (item.get("timepoint"), item.get("date"))))
        + f": {words.VERDICTS.get(item['verdict'], item['verdict'])}"
        for item in others
    )
    return replace(
        shown,
        beside="\n".join(f"{when}: {', '.join(dict.fromkeys(of))}" for when, of in signs.items()),
        beside_title="; ".join(told) + "; does not decide" if others else "",
    )


def mark(said: Iterable[str], *, differ: bool = True) -> Mark:
    """One mark for all results of one assay, given as `said_by` has them.

    Results that differ are never hidden behind one of them, nor is one that nobody could read. A
    positive and a negative result differ only where that is unexplained: tests of other targets do
    not contradict each other.
    """
    codes = set(said)
    if not differ and "positive" in codes:
        codes -= {"negative"}
    plain = [code for code in ("positive", "negative", "inconclusive") if code in codes]
    if len(plain) > 1:
        text, title, style = "±!", f"results differ: {', '.join(plain)}", "urgent"
    elif plain:
        text, style = {
            "positive": ("+", "pos"),
            "negative": (words.MINUS, "neg"),
            "inconclusive": ("±", "doubt"),
        }[plain[0]]
        title = plain[0]
    elif "not_understood" in codes:
        return Mark(text="?", title="not understood", style="urgent")
    elif _FAILED in codes:
        return Mark(text="failed", title="the test failed and gave no result", style="none")
    else:
        return Mark(text="n.d.", title="not done", style="none")
    if "not_understood" in codes:
        return Mark(text=f"{text} ?", title=f"{title}; a result not understood", style="urgent")
    return Mark(text=text, title=title, style=style)
