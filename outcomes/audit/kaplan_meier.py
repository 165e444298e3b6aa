"""Cells with a Kaplan-Meier estimate ± Greenwood's standard error."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from outcomes.audit.cells import fields_of, whole
from outcomes.audit.intervals import Interval, exactly, number_and_half_unit, rounded
from outcomes.audit.judgement import TWICE, Judgement, Verdict, widened
from outcomes.audit.km_feasibility import (
    MOST_PATIENTS,
    Region,
    SearchLimitError,
    is_possible,
    nearest,
)
from outcomes.audit.printed import NotPrintedError, printed_pair

if TYPE_CHECKING:
    from outcomes.audit.km_feasibility import Curve
    from outcomes.audit.printed import PrintedPair

_UNITS = ("percent", "fraction")
_MOST_SHOWN = 4


def km_size(inputs: str) -> tuple[int, bool]:
    """Read `n=12` or `n=12; unit=fraction`: the patients, and whether survival is in percent.

    Raises:
        BadValueError: If the inputs are not that.
    """
    found = fields_of(inputs, required=("n",), optional=("unit",))
    unit = found.get("unit", "percent")
    if unit not in _UNITS:
        raise BadValueError(f"expected unit=percent or unit=fraction, found 'unit={unit}'")
    return whole(found["n"], least=1), unit == "percent"


def judge_km(inputs: str, text: str) -> Judgement:
    """Whether so many patients can give this estimate with this standard error at all.

    Raises:
        BadValueError: If the inputs are not those of `km_size`.
        NotPrintedError: If the print is no pair.
    """
    n, percent = km_size(inputs)
    pair = printed_pair(text)
    if not 0 <= pair.estimate <= (100 if percent else 1) or pair.std_error < 0:
        raise NotPrintedError(
            f"expected a survival from 0 to {100 if percent else 1}, found '{text.strip()}'"
        )
    allowed = _region_ends(pair)
    if n > MOST_PATIENTS:
        return Judgement(
            verdict=Verdict.NOT_CHECKED,
            sentence=f"With {n} patients nearly everything is possible; up to {MOST_PATIENTS} the "
            "answer is exact.",
            allowed=allowed,
        )
    try:
        return _judge(n, pair, text, percent=percent, allowed=allowed)
    except SearchLimitError:
        return Judgement(
            verdict=Verdict.NOT_CHECKED,
            sentence="The search was given up before it had looked at everything.",
            allowed=allowed,
        )


def fits(n: int, pair: PrintedPair, *, percent: bool) -> bool:
    """Whether n patients can give a printed pair; also False where that cannot be told."""
    if n > MOST_PATIENTS:
        return False
    try:
        return is_possible(n, Region.around(pair, percent=percent, units=TWICE)) is not None
    except SearchLimitError:
        return False


def explained(judgement: Judgement, inputs: str, text: str) -> Judgement:
    """Add to an impossible estimate the nearest possible one, and the slips that would explain it.

    That takes many searches more, so it is not done for a verdict alone.
    """
    n, percent = km_size(inputs)
    pair, scale = printed_pair(text), 100 if percent else 1
    sentences = [judgement.sentence]
    try:
        closest = nearest(n, pair, percent=percent)
    except SearchLimitError:
        closest = None
    if closest:
        sentences.append(f"The nearest has {_events(closest)}.")
    slips = _one_digit_away(n, text, percent=percent)
    if slips:
        more = " and more" if len(slips) > _MOST_SHOWN else ""
        sentences.append(f"One digit away is {', '.join(slips[:_MOST_SHOWN])}{more}.")
    return replace(
        judgement,
        sentence=" ".join(sentences),
        recomputed=_full(closest, scale) if closest else "",
        nearest=_printed(float(closest.survival * scale), closest.std_error * scale, pair)
        if closest
        else "",
    )


def _one_digit_away(n: int, text: str, *, percent: bool) -> list[str]:
    """The pairs with one digit changed that n patients can give, the least changed first."""
    pair = printed_pair(text)
    found: list[tuple[float, str]] = []
    for place, character in enumerate(text):
        for digit in "0123456789" if character.isdigit() else "":
            changed = text[:place] + digit + text[place + 1 :]
            other = printed_pair(changed)
            if digit != character and fits(n, other, percent=percent):
                moved = abs(other.estimate - pair.estimate) + abs(other.std_error - pair.std_error)
                found.append((float(moved), changed))
    return [changed for _, changed in sorted(found)]


def judge_km_added(inputs: str, text: str) -> Judgement:
    """`survival=..; se=..; n=..; added=..`: the estimate with patients added who fail at first.

    Where `added` further patients have the event before anybody else leaves, the estimate of all N
    is S n / N, and by Greenwood's sum its variance (n / N)^2 (SE^2 + S^2 added / (N n)).

    Raises:
        BadValueError: If the inputs are not that.
        NotPrintedError: If the print is no pair.
    """
    found = fields_of(inputs, required=("survival", "se", "n", "added"))
    n, added = whole(found["n"], least=1), whole(found["added"])
    pair = printed_pair(text)
    survival, error = rounded(found["survival"]).at_least_zero(), rounded(found["se"])
    point = [exactly(float(number_and_half_unit(found[name])[0])) for name in ("survival", "se")]
    share, more = n / (n + added), added / (n * (n + added))

    def estimate(s: Interval, se: Interval) -> tuple[Interval, Interval]:
        summed = se.at_least_zero().squared() + s.squared() * exactly(more)
        return s * exactly(share), summed.root() * exactly(share)

    possible = estimate(survival, error)
    value = [each.low for each in estimate(*point)]
    halves = (float(pair.estimate_half), float(pair.std_error_half))
    prints = [
        widened(Interval(middle - half, middle + half), places)
        for middle, half, places in zip(
            (float(pair.estimate), float(pair.std_error)), halves, pair.places, strict=True
        )
    ]
    agrees = all(a.meets(b) for a, b in zip(possible, prints, strict=True))
    gives = _printed(value[0], value[1], pair)
    return Judgement(
        verdict=Verdict.AGREES if agrees else Verdict.DISAGREES,
        sentence=f"The inputs give {gives}{'' if agrees else f', not {text}'}.",
        recomputed=f"{value[0]!r}±{value[1]!r}",
        possible=(
            f"{possible[0].low!r}±{possible[1].low!r}",
            f"{possible[0].high!r}±{possible[1].high!r}",
        ),
        allowed=_region_ends(pair),
        nearest=text if agrees else gives,
    )


def _judge(
    n: int, pair: PrintedPair, text: str, *, percent: bool, allowed: tuple[str, str]
) -> Judgement:
    scale = 100 if percent else 1
    found = is_possible(n, Region.around(pair, percent=percent))
    twice = "" if found else ", if it is rounded twice"
    found = found or is_possible(n, Region.around(pair, percent=percent, units=TWICE))
    if found:
        return Judgement(
            verdict=Verdict.AGREES,
            sentence=f"{n} patients can give it{twice}, as with {_events(found)}.",
            recomputed=_full(found, scale),
            allowed=allowed,
            nearest=text,
        )
    return Judgement(
        verdict=Verdict.IMPOSSIBLE,
        sentence=f"No order of events and censorings of {n} patients gives it"
        f"{_below_binomial(n, pair, scale)}.",
        allowed=allowed,
    )


def _below_binomial(n: int, pair: PrintedPair, scale: int) -> str:
    """A remark where the standard error is below that without any censoring."""
    survival = float(pair.estimate / scale)
    least = scale * (survival * (1 - survival) / n) ** 0.5
    if float(pair.std_error + pair.std_error_half) >= least:
        return ""
    return f"; without censoring the standard error is {least:.4g}, and censoring only adds to it"


def _events(found: Curve) -> str:
    count = len(found.events_at)
    at = ", ".join(map(str, found.events_at))
    return f"{count} event{'' if count == 1 else 's'}" + (f" at {at} at risk" if count else "")


def _full(found: Curve, scale: int) -> str:
    return f"{float(found.survival * scale)!r}±{found.std_error * scale!r}"


def _printed(survival: float, std_error: float, pair: PrintedPair) -> str:
    first, second = (max(places, 0) for places in pair.places)
    return f"{survival:.{first}f}±{std_error:.{second}f}"


def _region_ends(pair: PrintedPair) -> tuple[str, str]:
    estimate, error = pair.estimate_half, pair.std_error_half
    return (
        f"{float(pair.estimate - estimate)!r}±{float(pair.std_error - error)!r}",
        f"{float(pair.estimate + estimate)!r}±{float(pair.std_error + error)!r}",
    )
