"""The numbers that a Cox model is fitted to, checked once for every kind of fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from outcomes import cautions
from outcomes.errors import OutcomesError
from outcomes.statistics.survival import check_times_events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from outcomes.cautions import Caution
    from outcomes.statistics.survival import Counts, Floats

RANK_TOLERANCE = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Times, events and the covariates that the data tell something of.

    Attributes:
        times: One a patient.
        events: 1 or 0, one a patient.
        covariates: Names of all covariates asked for, in order.
        estimable: Names of those that can be estimated, in order; none without an event.
        shown: How cautions call each covariate, by its name.
        values: Patients by estimable covariates, in their own units.
        cautions: Why the others cannot be estimated.
    """

    times: Floats
    events: Counts
    covariates: tuple[str, ...]
    estimable: tuple[str, ...]
    shown: Mapping[str, str]
    values: Floats
    cautions: tuple[Caution, ...]

    @property
    def n(self) -> int:
        """The number of patients."""
        return self.times.size

    @property
    def n_events(self) -> int:
        """The number of events."""
        return int(self.events.sum())

    @property
    def scale(self) -> Floats:
        """The standard deviation of each estimable covariate."""
        deviations: Floats = self.values.std(axis=0, ddof=1)
        return deviations

    @property
    def standardised(self) -> Floats:
        """The values with mean 0 and standard deviation 1: units must not decide on a fit."""
        scaled: Floats = (self.values - self.values.mean(axis=0)) / self.scale
        return scaled


def design(
    frame: pd.DataFrame,
    *,
    duration: str,
    event: str,
    covariates: Sequence[str],
    where: str,
    labels: Mapping[str, str] | None = None,
) -> Design:
    """Check the columns of a model and find the covariates that can be estimated.

    Args:
        frame: One row a patient, without missing values in the columns used.
        duration: Column of times.
        event: Column of events, 1 or 0.
        covariates: Columns of numbers; a categorical variable comes as indicator columns.
        where: How the cautions call the model.
        labels: How the cautions call a covariate, where not by its column.

    Raises:
        OutcomesError: If a column is absent, a value is missing or not a number, or the times and
            events are refused by `check_times_events`.
    """
    _check_request(frame, duration, event, covariates)
    times, events = check_times_events(frame[duration], frame[event])
    shown = {name: (labels or {}).get(name, name) for name in covariates}
    values = np.column_stack([_covariate(frame, name) for name in covariates])
    found: list[Caution] = []
    kept: list[int] = []
    if events.any():
        at_risk = times >= times[events == 1].min()
        kept = estimable_columns(
            values[at_risk], [*shown.values()], n=int(at_risk.sum()), where=where, found=found
        )
    else:
        found += cautions.no_events(times.size, where=where)
    return Design(
        times=times,
        events=events,
        covariates=tuple(covariates),
        estimable=tuple(covariates[number] for number in kept),
        shown=shown,
        values=values[:, kept],
        cautions=tuple(found),
    )


def _check_request(
    frame: pd.DataFrame, duration: str, event: str, covariates: Sequence[str]
) -> None:
    if not covariates:
        raise OutcomesError("covariates: expected at least one, found none")
    for column in (duration, event, *covariates):
        if column not in frame.columns:
            raise OutcomesError(f"expected the column '{column}', found none of that name")
    if len(set(covariates)) != len(covariates):
        raise OutcomesError("covariates: expected each once, found one twice")


def _covariate(frame: pd.DataFrame, name: str) -> Floats:
    try:
        values = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise OutcomesError(f"covariate '{name}': expected numbers, found something else") from None
    wrong = np.flatnonzero(~np.isfinite(values))
    if wrong.size:
        raise OutcomesError(
            f"covariate '{name}', position {wrong[0] + 1}: expected a number, found no value"
        )
    return values


def estimable_columns(
    values: Floats, names: Sequence[str], *, n: int, where: str, found: list[Caution]
) -> list[int]:
    """Return the columns that those who are at risk when an event occurs tell something of.

    Where nobody enters late they are the first risk set: risk sets only shrink then, and a
    covariate that is constant in the first is so in all.

    Args:
        values: Those at risk by covariates.
        names: How cautions call the covariates.
        n: Patients at risk.
        where: The model.
        found: Where the cautions on the others go.
    """
    kept: list[int] = []
    basis = np.empty((len(values), 0))
    for number, name in enumerate(names):
        column = values[:, number]
        if np.ptp(column) == 0:
            found += cautions.constant_covariate(name, column[0], n, where=where)
            continue
        centred = (column - column.mean()) / column.std()
        # What is left of the column once those kept before it are accounted for.
        rest = centred - basis @ (basis.T @ centred)
        if np.linalg.norm(rest) < RANK_TOLERANCE * np.linalg.norm(centred):
            found += cautions.collinear_covariate(name, n, where=where)
            continue
        basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
        kept.append(number)
    return kept
