"""FISH of KMT2A: what a laboratory's words, colours or `nuc ish` string show.

A break-apart probe has a 5' and a 3' end; a dual-fusion probe lies on KMT2A and one partner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.assays.fish_iscn import read_fish_iscn
from fusion_caller.assays.fish_patterns import MEANING, WEIGHT, Pattern, in_words
from fusion_caller.assays.fish_words import read_colours, read_words
from fusion_caller.assays.sheet import (
    LONGEST_RESULT,
    Word,
    inconclusive,
    not_done,
    not_understood,
    shared_word,
    tidy,
)
from fusion_caller.laboratory import DEFAULT_CUTOFF
from fusion_caller.records import AssayReading, Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPECTED = (
    "nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200], a pattern such as 1F1R1G, "
    "or positive, negative, not done"
)


def read_fish(
    text: str,
    *,
    cutoff: float = DEFAULT_CUTOFF,
    cutoffs: Mapping[str, float] | None = None,
    probe: str = "",
) -> AssayReading:
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
        return _reading([Pattern(finding=finding)], cutoff)
    plain = tidy(text)
    patterns: list[Pattern] | None = None
    if len(plain) <= LONGEST_RESULT:
        patterns = read_fish_iscn(plain) or read_colours(plain) or read_words(plain)
    if not patterns:
        return not_understood(text, EXPECTED)
    return _reading(patterns, cutoff)


def _reading(patterns: list[Pattern], cutoff: float) -> AssayReading:
    abnormal = [one for one in patterns if one.finding is not Finding.NORMAL_SIGNALS]
    by_weight = sorted(abnormal or patterns, key=lambda pattern: WEIGHT[pattern.finding])
    counted = [one for one in by_weight if one.cells is None or one.cells >= cutoff]
    if not counted:
        most = max(by_weight, key=lambda one: one.cells or 0.0)
        return AssayReading(
            verdict=Verdict.NEGATIVE,
            finding=Finding.NEGATIVE,
            cells_abnormal=most.cells,
            sentence=f"{in_words(most)} It is below the cut-off of {cutoff:.1%}.",
        )
    lead = counted[0]
    return AssayReading(
        verdict=Verdict.INCONCLUSIVE if lead.inconclusive else MEANING[lead.finding][0],
        finding=lead.finding,
        partners=(lead.partner,) if lead.partner else (),
        specific=bool(lead.partner),
        scope=(lead.tested or lead.partner,) if lead.tested or lead.partner else None,
        cells_abnormal=lead.cells,
        sentence=in_words(lead),
    )
