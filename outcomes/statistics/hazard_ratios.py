"""Hazard ratios of groups against the first of them: Cox's model with one factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from outcomes.statistics.design import design
from outcomes.statistics.firth import firth
from outcomes.statistics.stratified_cox import stratified_cox
from outcomes.statistics.survival import check_times_events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from outcomes.statistics.firth import FirthTerm
    from outcomes.statistics.survival import Column, Counts, Floats

REFERENCE, COX, FIRTH = "reference", "Cox", "Firth"


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardRatio:
    """The hazard of one group against that of the first.

    Attributes:
        level: The group.
        method: `reference` for the first; `Cox` with ties by Efron, Wald's interval and test;
            `Firth` where that has no finite estimate, with ties by Breslow, profile likelihood
            interval and penalised likelihood ratio test; otherwise why there is no estimate.
        hazard_ratio: 1 for the reference, None where there is no estimate.
        ci_lower: Lower limit of the 95% interval; None without one.
        ci_upper: Upper limit.
        p_value: Two-sided.
    """

    level: str
    method: str
    hazard_ratio: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    p_value: float | None = None


def hazard_ratios(
    time: Column, event: Column, group: Sequence[str], levels: Sequence[str]
) -> tuple[HazardRatio, ...]:
    """Compare groups as `coxph(Surv(time, event) ~ group, ties = "efron")` of R.

    Groups without a finite estimate (none or all of the events) are taken from the model with
    Firth's penalty, as `coxphf` of R fits it; the others keep theirs, as R prints them.

    Args:
        time: Times since the start, shape (n,).
        event: 1 for an event, 0 for a censored time, shape (n,).
        group: The level of each patient, shape (n,).
        levels: All levels, the reference first.

    Returns:
        One for each level, in their order.

    Raises:
        OutcomesError: If `check_times_events` refuses the data.
    """
    if len(levels) < 2:  # noqa: PLR2004
        return _none(levels, "fewer than two levels")
    times, events = check_times_events(time, event)
    if not events.any():
        return _none(levels, f"no event among {times.size} patients")
    codes = np.array([levels.index(level) for level in group])
    # Risk sets only shrink, so whoever is not in the first is in none.
    informed = set(codes[times >= times[events == 1].min()].tolist())
    if 0 not in informed:
        return _none(levels, f"nobody of '{levels[0]}' at risk when the first event occurred")
    compared = [number for number in range(len(levels)) if number in informed]
    found = {
        number: HazardRatio(
            level=levels[number],
            method="not estimated: nobody at risk when the first event occurred",
        )
        for number in range(len(levels))
    }
    found[0] = HazardRatio(level=levels[0], method=REFERENCE, hazard_ratio=1.0)
    if len(compared) > 1:
        kept = np.isin(codes, compared)
        places = np.searchsorted(compared, codes[kept])
        names = [levels[number] for number in compared]
        estimates = _compared(times[kept], events[kept], places, names)
        found |= dict(zip(compared[1:], estimates, strict=True))
    return tuple(found.values())


def _none(levels: Sequence[str], why: str) -> tuple[HazardRatio, ...]:
    return tuple(HazardRatio(level=level, method=f"not estimated: {why}") for level in levels)


def _compared(
    times: Floats, events: Counts, codes: npt.NDArray[np.intp], names: Sequence[str]
) -> list[HazardRatio]:
    """Estimate all groups but the first, each of which is in the first risk set."""
    indicators = np.column_stack([codes == number for number in range(1, len(names))])
    one_stratum = np.zeros(times.size)
    fitted = stratified_cox(times, events, indicators.astype(np.float64), names[1:], one_stratum)
    penalised: Mapping[str, FirthTerm] = {}
    found = []
    for number, term in enumerate(fitted.terms, start=1):
        if term.coefficient is None:
            penalised = penalised or _penalised(times, events, codes, len(names))
            found.append(_of_firth(term.name, penalised[f"x{number}"]))
            continue
        found.append(
            HazardRatio(
                level=term.name,
                method=COX,
                hazard_ratio=term.hazard_ratio,
                ci_lower=term.ci_lower,
                ci_upper=term.ci_upper,
                p_value=term.p_value,
            )
        )
    return found


def _penalised(
    times: Floats, events: Counts, codes: npt.NDArray[np.intp], groups: int
) -> dict[str, FirthTerm]:
    names = [f"x{number}" for number in range(1, groups)]
    frame = pd.DataFrame(
        {name: (codes == number).astype(float) for number, name in enumerate(names, start=1)}
    ).assign(time=times, event=events)
    where = "hazard ratios"
    checked = design(frame, duration="time", event="event", covariates=names, where=where)
    return {term.name: term for term in firth(checked, where=where).terms}


def _of_firth(level: str, term: FirthTerm) -> HazardRatio:
    if term.hazard_ratio is None:
        return HazardRatio(
            level=level, method="not estimated: neither model has an estimate for this level"
        )
    lacks = term.ci_lower is None or term.ci_upper is None
    return HazardRatio(
        level=level,
        method=f"{FIRTH}; a limit of the interval was not found" if lacks else FIRTH,
        hazard_ratio=term.hazard_ratio,
        ci_lower=term.ci_lower,
        ci_upper=term.ci_upper,
        p_value=term.p_value,
    )
