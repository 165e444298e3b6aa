"""When a sample was taken, and which of a patient's results are those of diagnosis."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from fusion_caller.records import Timepoint

if TYPE_CHECKING:
    from collections.abc import Sequence


_TIMEPOINTS = {
    **{timepoint.value: timepoint for timepoint in Timepoint},
    **dict.fromkeys(("dx", "diagnostic", "initial", "initial diagnosis"), Timepoint.DIAGNOSIS),
    **dict.fromkeys(("mrd", "remission", "followup", "follow up"), Timepoint.FOLLOW_UP),
    **dict.fromkeys(("relapsed", "rel"), Timepoint.RELAPSE),
}


def read_timepoint(text: str) -> Timepoint:
    """Read the word of a table; empty is UNKNOWN.

    Raises:
        BadValueError: If it is no word for a time point.
    """
    try:
        return _TIMEPOINTS[" ".join(text.lower().replace("_", " ").split())]
    except KeyError:
        known = ", ".join(filter(None, Timepoint))
        raise BadValueError(
            f"expected one of {known} or an empty cell, found '{text[:40]}'"
        ) from None


def read_day(text: str) -> str:
    """Read a date of a table as YYYY-MM-DD; empty stays empty.

    Raises:
        BadValueError: If it is no such date, or one in the future.
    """
    shown = " ".join(text.split())[:40]
    problem = f"expected a date as YYYY-MM-DD or an empty cell, found '{shown}'"
    if text and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise BadValueError(problem)
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadValueError(problem) from None
    # Somewhere it is tomorrow already.
    if day > datetime.now(UTC).date() + timedelta(days=1):
        raise BadValueError(f"expected a date that has come, found '{shown}'")
    return day.isoformat()


class Moment(StrEnum):
    """When a result's sample was taken: as the table says, or as its date tells."""

    DIAGNOSIS = "diagnosis"
    FOLLOW_UP = "follow-up"
    RELAPSE = "relapse"
    LATER = "later"
    EARLIER = "earlier"
    UNDATED = ""


@dataclass(frozen=True, slots=True)
class Sampled:
    """What a table says of a sample's time: a word, a day (YYYY-MM-DD), both or neither."""

    timepoint: Timepoint
    day: str


def moments(samples: Sequence[Sampled], *, diagnosed: str, window_days: int) -> tuple[Moment, ...]:
    """Say of each of a patient's results when its sample was taken.

    The word of the table holds; without one the date decides. A result counts as one of diagnosis
    up to `window_days` from the day of diagnosis or, where that is not known, from the first dated
    result. What has neither word nor date is UNDATED.

    Args:
        samples: One for each result.
        diagnosed: The day of diagnosis, YYYY-MM-DD, empty where not known.
        window_days: Days before and after it that still belong to diagnosis.
    """
    reference = diagnosed or _first_day(samples)
    return tuple(_moment(sample, reference, window_days) for sample in samples)


def _first_day(samples: Sequence[Sampled]) -> str:
    """The earliest day of a result stated as diagnosis, else of one with no word to it."""
    for wanted in (Timepoint.DIAGNOSIS, Timepoint.UNKNOWN):
        days = [s.day for s in samples if s.timepoint is wanted and s.day]
        if days:
            return min(days)
    return ""


def _moment(sample: Sampled, reference: str, window_days: int) -> Moment:
    if sample.timepoint is not Timepoint.UNKNOWN:
        return Moment(sample.timepoint)
    if not sample.day or not reference:
        return Moment.UNDATED
    days = (date.fromisoformat(sample.day) - date.fromisoformat(reference)).days
    if days > window_days:
        return Moment.LATER
    return Moment.EARLIER if days < -window_days else Moment.DIAGNOSIS


def deciding(of_results: Sequence[Moment]) -> tuple[bool, ...]:
    """Which results decide on status and partner.

    Those of diagnosis and those without a time; where there is none of them, those of relapse, and
    where there is none of these either, all.
    """
    for wanted in (
        {Moment.DIAGNOSIS, Moment.UNDATED},
        {Moment.RELAPSE},
        set(Moment),
    ):
        counts = tuple(moment in wanted for moment in of_results)
        if any(counts):
            return counts
    return ()
