"""A verdict on one cell, and how a computed number is held against a printed one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from outcomes.audit.intervals import Interval, as_printed
from outcomes.audit.printed import printed_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from outcomes.audit.printed import PrintedNumber

    # From a test of a value to the inputs that pass it, as text, the likeliest first.
    Others: TypeAlias = Callable[[Callable[[float], bool]], Sequence[str]]

# Rounded first to one digit more and then again, a value may lie a twentieth of a unit beyond the
# half: 15.3846 becomes 15.385 and then 15.39.
TWICE = 0.05


class Verdict(StrEnum):
    """What can be said of a printed cell."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    IMPOSSIBLE = "impossible"
    NEEDS_DATA = "needs_data"
    NOT_UNDERSTOOD = "not_understood"
    NOT_CHECKED = "not_checked"


MEANINGS = {
    Verdict.AGREES: "some inputs that print as these do give a value that prints as this one does",
    Verdict.DISAGREES: "none of them does",
    Verdict.IMPOSSIBLE: "no inputs of this kind give it for so many patients",
    Verdict.NEEDS_DATA: "only the patients' data can tell, and no cohort was given",
    Verdict.NOT_UNDERSTOOD: "no test is named, or what is printed is no value",
    Verdict.NOT_CHECKED: "nothing is printed, or there are too many patients for an exact answer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was found of one cell; numbers are text, since a cell may hold a pair or words.

    Attributes:
        verdict: The verdict.
        sentence: Why, in one sentence.
        recomputed: The value that the inputs give as they are printed, to full precision.
        possible: The values that inputs which print alike give, from and to.
        allowed: The values that print as this cell does, from and to.
        nearest: The value nearest to the printed one that the inputs allow, as it would be printed.
    """

    verdict: Verdict
    sentence: str
    recomputed: str = ""
    possible: tuple[str, str] = ("", "")
    allowed: tuple[str, str] = ("", "")
    nearest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """What inputs give.

    Attributes:
        value: With the inputs as they are printed.
        possible: With all inputs that print alike.
        others: Which other inputs would give a printed value; None where that cannot be listed.
        complete: Whether `others` looks at all inputs that there can be for so many patients.
    """

    value: float
    possible: Interval
    others: Others | None = None
    complete: bool = False


def judge_number(computed: Computed, text: str) -> Judgement:
    """Hold a computed number against what is printed.

    Raises:
        NotPrintedError: If what is printed is no number.
    """
    printed = printed_number(text)
    possible = computed.possible
    verdict, sentence, nearest = Verdict.AGREES, f"The inputs give {computed.value:.6g}.", ""
    if possible.meets(printed.allowed):
        nearest = text
    elif possible.meets(widened(printed.allowed, printed.places)):
        nearest = _nearest(possible, printed)
        sentence = f"The inputs give {computed.value:.6g}, which prints so if it is rounded twice."
    else:
        verdict, sentence = _disagreement(computed, printed, text)
        nearest = _nearest(possible, printed)
    return Judgement(
        verdict=verdict,
        sentence=sentence,
        recomputed=repr(computed.value),
        possible=ends(possible),
        allowed=ends(printed.allowed),
        nearest=nearest,
    )


def widened(allowed: Interval, places: int | None) -> Interval:
    """The values that print so when they are rounded twice; bounds and ranges stay as they are."""
    if places is None:
        return allowed
    more = TWICE * 10.0**-places
    return Interval(allowed.low - more, allowed.high + more)


def ends(interval: Interval) -> tuple[str, str]:
    """Both ends as text to full precision."""
    return repr(interval.low), repr(interval.high)


def _disagreement(computed: Computed, printed: PrintedNumber, text: str) -> tuple[Verdict, str]:
    low, high = computed.possible.low, computed.possible.high
    gives = (
        f"{computed.value:.6g}" if high - low <= 1e-9 * abs(high) else f"{low:.6g} to {high:.6g}"
    )
    sentence = f"The inputs give {gives}, not {text}"
    if printed.places is None:
        return Verdict.DISAGREES, f"{sentence}."
    if _is_cut_off(printed, computed.value):
        sentence += f": it was cut off after {printed.places} digits instead of rounded"
    if computed.others is None:
        return Verdict.DISAGREES, f"{sentence}."
    wide = widened(printed.allowed, printed.places)
    others = computed.others(lambda value: wide.meets(Interval(value, value)))
    if others:
        return Verdict.DISAGREES, f"{sentence}; {' or '.join(others[:3])} would give it."
    if computed.complete:
        return Verdict.IMPOSSIBLE, f"{sentence}; no other count gives it either."
    return Verdict.DISAGREES, f"{sentence}."


def _is_cut_off(printed: PrintedNumber, value: float) -> bool:
    if printed.places is None or not math.isfinite(value):
        return False
    shift = 10.0**printed.places
    return round(math.trunc(value * shift) / shift, printed.places) == printed.value


def _nearest(possible: Interval, printed: PrintedNumber) -> str:
    value = min(max(printed.value, possible.low), possible.high)
    return repr(value) if printed.places is None else as_printed(value, printed.places)
