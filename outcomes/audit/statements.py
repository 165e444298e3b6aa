"""Cells that should be like what stands elsewhere, unlike it, or point the same way."""

from __future__ import annotations

from fusion_caller.errors import BadValueError
from outcomes.audit.cells import split_groups
from outcomes.audit.intervals import rounded
from outcomes.audit.judgement import Judgement, Verdict, ends
from outcomes.audit.printed import printed_number


def judge_same(inputs: str, text: str) -> Judgement:
    """What is printed of the same thing at another place, `;` between several values.

    Two numbers are the same where one value can have been printed as both: with the same number of
    digits they must be equal. Words are the same where they are spelled alike, whatever the case.

    Raises:
        BadValueError: If there are more values at one place than at the other.
    """
    elsewhere, here = _listed(inputs), _listed(text)
    if len(elsewhere) != len(here):
        raise BadValueError(f"expected {len(here)} values as printed, found {len(elsewhere)}")
    differing = [
        f"{one} and {two}" for one, two in zip(here, elsewhere, strict=True) if not _alike(one, two)
    ]
    return Judgement(
        verdict=Verdict.DISAGREES if differing else Verdict.AGREES,
        sentence=f"The same thing is printed as {', as '.join(differing)}."
        if differing
        else "Both places say the same.",
        recomputed=inputs,
        nearest=inputs if differing else text,
    )


def judge_distinct(inputs: str, text: str) -> Judgement:
    """What is printed in the row of something else, `;` between the values.

    Two covariates do not share a coefficient, its standard error and all that follows from them to
    the last digit, save by copying.
    """
    copied = _listed(inputs) == _listed(text)
    return Judgement(
        verdict=Verdict.DISAGREES if copied else Verdict.AGREES,
        sentence="All values are those of another row to the last digit: one was copied."
        if copied
        else "The values are not those of the other row.",
    )


def judge_direction(inputs: str, text: str) -> Judgement:
    """`16.67 vs 49.57`: survival of the group and of its reference; the printed is a hazard ratio.

    Who survives less often has the hazard ratio above 1. That is no arithmetic: curves that cross
    and adjustment for other covariates can turn it round, the wrong way round coding is likelier.

    Raises:
        BadValueError: If the inputs are not that.
        NotPrintedError: If the print is no number.
    """
    groups = split_groups(inputs)
    if len(groups) != 2:  # noqa: PLR2004
        raise BadValueError(f"expected survival of two groups, as 16.67 vs 49.57, found '{inputs}'")
    group, reference = (rounded(each) for each in groups)
    ratio = printed_number(text).allowed
    lower, higher = group.high < reference.low, group.low > reference.high
    against = (lower and ratio.high < 1) or (higher and ratio.low > 1)
    way = "above" if lower else "below"
    return Judgement(
        verdict=Verdict.DISAGREES if against else Verdict.AGREES,
        sentence=f"The group survives {'less' if lower else 'more'} often than its reference, "
        f"which goes with a hazard ratio {way} 1: label or coding is the wrong way round."
        if against
        else "The hazard ratio points the way of the survival.",
        allowed=ends(ratio),
    )


def _listed(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split(";")]


def _alike(one: str, two: str) -> bool:
    try:
        first, second = printed_number(one), printed_number(two)
    except BadValueError:
        return one.casefold() == two.casefold()
    if first.places == second.places is not None:
        return first.value == second.value
    return first.allowed.meets(second.allowed)
