"""What a margin asks for, read from its text: numbers of patients, survival, a test, a spread."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from outcomes.audit.cells import whole
from outcomes.audit.intervals import Interval, number_and_half_unit
from outcomes.audit.judgement import TWICE, widened
from outcomes.audit.printed import printed_number, printed_pair
from outcomes.synthesis.conditions import Term, is_number, parse_terms
from outcomes.synthesis.course import check_endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from outcomes.audit.printed import PrintedPair
    from outcomes.synthesis.margins import Margin

_AT = re.compile(r"(\S+)\s+at\s+(\d{1,4}(?:\.\d{1,4})?)")
_BY = re.compile(r"(\S+)\s+by\s+(.+)")
_OUT_OF = re.compile(r"(\d{1,6})\s*/\s*(\d{1,6})")
_FROM_TO = re.compile(r"(\S+?)\s*(?:\.\.|-|\u2013|\s+to\s+)\s*(\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """So many patients, or a percentage of those of `of`.

    Attributes:
        where: Who is counted, among those of `of`.
        of: Among whom; everybody where empty.
        endpoint: The endpoint whose patients are meant; empty where none.
        events: Whether only those with its event are counted.
        allowed: The counts, or percentages, that print so.
        percent: Whether it is a percentage.
        n: How many the patients of `of` are, where it is printed.
    """

    where: tuple[Term, ...]
    of: tuple[Term, ...] = ()
    endpoint: str = ""
    events: bool = False
    allowed: Interval
    percent: bool = False
    n: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """A Kaplan-Meier estimate, with or without its standard error, of n patients at a time."""

    where: tuple[Term, ...]
    endpoint: str
    months: float
    n: int
    pair: PrintedPair
    percent: bool
    with_error: bool

    @property
    def allowed(self) -> tuple[Interval, Interval]:
        """Estimates and standard errors that print so, as fractions of 1."""
        scale = 100.0 if self.percent else 1.0
        reach = 1 + 2 * TWICE
        ends = (
            (float(self.pair.estimate), float(self.pair.estimate_half) * reach),
            (float(self.pair.std_error), float(self.pair.std_error_half) * reach),
        )
        survival, error = (Interval((m - h) / scale, (m + h) / scale) for m, h in ends)
        return survival, error if self.with_error else Interval(0.0, math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A log-rank p value of those who meet a condition against the others."""

    where: tuple[Term, ...]
    endpoint: str
    by: tuple[Term, ...]
    n: int | None
    allowed: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Statistics of a number: by name (`mean`, `sem`, `sd`, `median`, `min`, `max`) what prints so.

    `of` is a column, or an endpoint, whose times are meant then. `places` are the digits of the
    values themselves, known where a smallest or a largest one is printed.
    """

    where: tuple[Term, ...]
    of: str
    n: int | None
    statistics: Mapping[str, Interval]
    places: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The size of the cohort, or the states of a variable."""

    n: int | None = None
    variable: str = ""
    states: tuple[str, ...] = field(default=())


Wanted: TypeAlias = "Count | Survival | Test | Spread | Declared"
Reader: TypeAlias = "Callable[[Margin], Wanted]"


def read_count(margin: Margin) -> Count:
    """`11`, or `11/18` of those of the column `of`.

    Raises:
        BadValueError: If the row is not that, as all readers here.
    """
    of = parse_terms(margin.of)
    n = _n(margin)
    printed = margin.printed
    if out_of := _OUT_OF.fullmatch(printed):
        if n not in (None, int(out_of[2])):
            raise BadValueError(f"expected one number of patients, found {n} and {out_of[2]}")
        printed, n = out_of[1], int(out_of[2])
    return Count(where=parse_terms(margin.where), of=of, allowed=_exactly(printed), n=n)


def read_percent(margin: Margin) -> Count:
    """`37.50%` of those of the column `of`."""
    return Count(
        where=parse_terms(margin.where),
        of=parse_terms(margin.of),
        allowed=_allowed(margin.printed),
        percent=True,
        n=_n(margin),
    )


def read_analysed(margin: Margin) -> Count:
    """How many patients an endpoint leaves in."""
    return Count(
        where=parse_terms(margin.where),
        endpoint=check_endpoint(margin.of),
        allowed=_exactly(margin.printed),
    )


def read_events(margin: Margin) -> Count:
    """How many of them have the event, before or after any horizon."""
    return Count(
        of=parse_terms(margin.where),
        where=(),
        endpoint=check_endpoint(margin.of),
        events=True,
        allowed=_exactly(margin.printed),
        n=_n(margin),
    )


def read_km(margin: Margin) -> Survival:
    """`36.86±8.48`, or the estimate alone, in percent."""
    return _survival(margin, percent=True)


def read_km_fraction(margin: Margin) -> Survival:
    """The same as fractions of 1."""
    return _survival(margin, percent=False)


def _survival(margin: Margin, *, percent: bool) -> Survival:
    found = _AT.fullmatch(margin.of)
    if not found:
        raise BadValueError(f"expected ENDPOINT at MONTHS in 'of', found '{margin.of}'")
    n = _n(margin)
    if n is None:
        raise BadValueError("expected the number of patients in 'n', found none")
    with_error = "±" in margin.printed or "+" in margin.printed
    pair = printed_pair(margin.printed if with_error else f"{_bare(margin.printed)}±0")
    if not 0 <= pair.estimate <= (100 if percent else 1) or pair.std_error < 0:
        raise BadValueError(f"expected a survival, found '{margin.printed}'")
    return Survival(
        where=parse_terms(margin.where),
        endpoint=check_endpoint(found[1]),
        months=float(found[2]),
        n=n,
        pair=pair,
        percent=percent,
        with_error=with_error,
    )


def read_logrank(margin: Margin) -> Test:
    """`0.0160` or `<0.0001`."""
    found = _BY.fullmatch(margin.of)
    if not found:
        raise BadValueError(f"expected ENDPOINT by CONDITION in 'of', found '{margin.of}'")
    allowed = _allowed(margin.printed)
    if allowed.high < 0 or allowed.low > 1:
        raise BadValueError(f"expected a p value, found '{margin.printed}'")
    return Test(
        where=parse_terms(margin.where),
        endpoint=check_endpoint(found[1]),
        by=parse_terms(found[2]),
        n=_n(margin),
        allowed=Interval(max(allowed.low, 0.0), min(allowed.high, 1.0)),
    )


def read_mean(margin: Margin) -> Spread:
    """A mean alone."""
    return _spread(margin, {"mean": _allowed(margin.printed)})


def read_mean_sem(margin: Margin) -> Spread:
    """A mean ± its standard error."""
    return _spread(margin, _pair(margin.printed, "sem"))


def read_mean_sd(margin: Margin) -> Spread:
    """A mean ± the standard deviation."""
    return _spread(margin, _pair(margin.printed, "sd"))


def read_median(margin: Margin) -> Spread:
    """A median."""
    return _spread(margin, {"median": _allowed(margin.printed)})


def read_range(margin: Margin) -> Spread:
    """`3-173`: the smallest and the largest value."""
    found = _FROM_TO.fullmatch(margin.printed)
    if not found:
        raise BadValueError(f"expected a range such as 3-173, found '{margin.printed}'")
    low, high = (printed_number(end) for end in found.groups())
    if low.value > high.value:
        raise BadValueError(f"expected a range from low to high, found '{margin.printed}'")
    return _spread(
        margin,
        {"min": low.allowed, "max": high.allowed},
        places=max(low.places or 0, high.places or 0, 0),
    )


def read_median_time(margin: Margin) -> Spread:
    """The median of the times of an endpoint, with an event or without."""
    check_endpoint(margin.of)
    return Spread(
        where=parse_terms(margin.where),
        of=margin.of,
        n=_n(margin),
        statistics={"median": _allowed(margin.printed)},
    )


def _spread(
    margin: Margin, statistics: Mapping[str, Interval], *, places: int | None = None
) -> Spread:
    if not is_number(margin.of):
        raise BadValueError(f"expected a number of the clinical table in 'of', found '{margin.of}'")
    if margin.of.endswith("_months") and margin.of != "age_months":
        raise BadValueError(f"expected no time of an event in 'of', found '{margin.of}'")
    return Spread(
        where=parse_terms(margin.where),
        of=margin.of,
        n=_n(margin),
        statistics=statistics,
        places=places,
    )


def _pair(text: str, spread: str) -> dict[str, Interval]:
    pair = printed_pair(text)
    ends = (
        (float(pair.estimate), float(pair.estimate_half), pair.places[0]),
        (float(pair.std_error), float(pair.std_error_half), pair.places[1]),
    )
    mean, error = (widened(Interval(m - h, m + h), places) for m, h, places in ends)
    return {"mean": mean, spread: error}


def _allowed(text: str) -> Interval:
    printed = printed_number(text)
    return widened(printed.allowed, printed.places)


def _exactly(text: str) -> Interval:
    count = float(whole(text))
    return Interval(count, count)


def _bare(text: str) -> str:
    bare = text.strip().removesuffix("%").strip()
    number_and_half_unit(bare)
    return bare


def _n(margin: Margin) -> int | None:
    return whole(margin.n) if margin.n else None
