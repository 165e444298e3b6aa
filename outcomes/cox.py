"""Cox proportional hazards models.

The fit is lifelines', which stops too early by default: the tolerances here bring it to within
1e-8 of `coxph` of R's survival 3.5-3. Where the likelihood has no maximum, or the data say nothing
of a covariate, there is no estimate but a caution.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError
from scipy.stats import norm

from outcomes import cautions
from outcomes.errors import OutcomesError
from outcomes.survival import check_times_events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outcomes.cautions import Caution
    from outcomes.survival import Counts, Floats

# Full Newton steps (lifelines takes 95% of one, which converges linearly) until the Newton
# decrement is below 1e-18, that is, until the next step would be about 1e-9 standard errors. Its
# relative tolerance on the log-likelihood must not stop the fit first: R's 1e-9 is too coarse.
FIT_OPTIONS = {"step_size": 1.0, "precision": 1e-18, "r_precision": 1e-15, "max_steps": 200}
# A standard error of 100 for one standard deviation of a covariate means that its information is
# below a thousandth of that of one event: the likelihood is flat, its maximum at infinity.
MAX_STD_ERROR = 100.0
RANK_TOLERANCE = 1e-8
CONFIDENCE = 0.95
NOT_CONVERGED = ("failed to converge", "suspiciously close to 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxTerm:
    """One covariate of a model; all but the name are None where it has no estimate.

    `hazard_ratio` is that of one unit of the covariate, with its 95% Wald interval; where the unit
    is so small that a ratio is beyond what a float holds, it is None. `z` and `p_value` are those
    of the two-sided Wald test.
    """

    name: str
    coefficient: float | None = None
    std_error: float | None = None
    hazard_ratio: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    z: float | None = None
    p_value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoxModel:
    """A fitted model.

    Attributes:
        n: Patients.
        events: Events.
        ties: How tied events are handled, `efron`.
        terms: One for each covariate, in the order given.
        log_likelihood_null: Partial log-likelihood without covariates; None without a fit.
        log_likelihood: Partial log-likelihood of the model; None without a fit.
        converged: Whether every covariate that the data inform has a finite estimate.
        cautions: What to know before trusting it.
    """

    n: int
    events: int
    ties: str
    terms: tuple[CoxTerm, ...]
    log_likelihood_null: float | None
    log_likelihood: float | None
    converged: bool
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """What lifelines found, by covariate in the order of the columns."""

    coefficients: Floats
    std_errors: Floats
    log_likelihood_null: float
    log_likelihood: float


def cox(
    frame: pd.DataFrame,
    *,
    duration: str,
    event: str,
    covariates: Sequence[str],
    ties: str = "efron",
    where: str = "Cox model",
    labels: Mapping[str, str] | None = None,
) -> CoxModel:
    """Fit a Cox model, as `coxph(Surv(duration, event) ~ covariates, ties = "efron")` of R.

    Args:
        frame: One row a patient, without missing values in the columns used.
        duration: Column of times.
        event: Column of events, 1 or 0.
        covariates: Columns of numbers; a categorical variable comes as indicator columns.
        ties: `efron`.
        where: How the cautions call the model.
        labels: How the cautions call a covariate, where not by its column.

    Returns:
        The model. Covariates that the data cannot inform (constant, following from others) keep
        an empty term, as R's NA; so do those that separate patients with and without events.

    Raises:
        OutcomesError: If a column is absent, a value is missing or not a number, or the times and
            events are refused by `check_times_events`.
    """
    _check_request(frame, duration, event, covariates, ties)
    times, events = check_times_events(frame[duration], frame[event])
    shown = [(labels or {}).get(name, name) for name in covariates]
    values = np.column_stack([_covariate(frame, name) for name in covariates])
    n, n_events = times.size, int(events.sum())

    found: list[Caution] = []
    if n_events == 0:
        found += cautions.no_events(n, where=where)
        return _unfitted(covariates, n=n, events=0, found=found)
    estimable = _estimable(
        values[times >= times[events == 1].min()], shown, where=where, found=found
    )
    found += cautions.few_events_per_variable(n_events, len(estimable), where=where)
    fit = _fit(times, events, values[:, estimable]) if estimable else None
    if fit is None:
        if estimable:
            found += cautions.no_convergence(n_events, len(estimable), where=where)
        return _unfitted(covariates, n=n, events=n_events, found=found)

    terms = {name: CoxTerm(name=name) for name in covariates}
    for number, column in enumerate(estimable):
        name, coefficient = covariates[column], float(fit.coefficients[number])
        std_error = float(fit.std_errors[number])
        scaled = std_error * float(values[:, column].std(ddof=1))
        if np.isfinite(scaled) and scaled <= MAX_STD_ERROR:
            terms[name] = _term(name, coefficient, std_error)
        else:
            towards = "plus" if coefficient > 0 else "minus"
            found += cautions.separation(
                shown[column], towards=towards, std_error=scaled, where=where
            )
    return CoxModel(
        n=n,
        events=n_events,
        ties=ties,
        terms=tuple(terms.values()),
        log_likelihood_null=fit.log_likelihood_null,
        log_likelihood=fit.log_likelihood,
        converged=all(terms[covariates[column]].coefficient is not None for column in estimable),
        cautions=tuple(found),
    )


def _check_request(
    frame: pd.DataFrame, duration: str, event: str, covariates: Sequence[str], ties: str
) -> None:
    if ties != "efron":
        raise OutcomesError(f"ties: expected 'efron', found '{ties}'")
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


def _estimable(
    values: Floats, names: Sequence[str], *, where: str, found: list[Caution]
) -> list[int]:
    """Return the columns that the patients in the first risk set tell something of.

    Risk sets only shrink, so a covariate that is constant in the first is so in all.
    """
    kept: list[int] = []
    basis = np.empty((len(values), 0))
    for number, name in enumerate(names):
        column = values[:, number]
        if np.ptp(column) == 0:
            found += cautions.constant_covariate(name, column[0], len(column), where=where)
            continue
        centred = (column - column.mean()) / column.std()
        # What is left of the column once those kept before it are accounted for.
        rest = centred - basis @ (basis.T @ centred)
        if np.linalg.norm(rest) < RANK_TOLERANCE * np.linalg.norm(centred):
            found += cautions.collinear_covariate(name, len(column), where=where)
            continue
        basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
        kept.append(number)
    return kept


def _fit(times: Floats, events: Counts, values: Floats) -> _Fit | None:
    """Fit by lifelines; None where it did not converge.

    Columns have plain names here: those of the user may be words that lifelines takes as its own.
    """
    frame = pd.DataFrame(values).rename(columns=lambda number: f"x{number}")
    frame = frame.assign(duration=times, event=events)
    fitter = CoxPHFitter()
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        try:
            fitter.fit(frame, "duration", "event", fit_options=FIT_OPTIONS)
        except ConvergenceError:
            return None
        log_likelihood = float(fitter.log_likelihood_)
        ratio = float(fitter.log_likelihood_ratio_test().test_statistic)
    if any(words in str(warning.message) for warning in raised for words in NOT_CONVERGED):
        return None
    return _Fit(
        coefficients=fitter.params_.to_numpy(),
        std_errors=fitter.standard_errors_.to_numpy(),
        log_likelihood_null=log_likelihood - ratio / 2,
        log_likelihood=log_likelihood,
    )


def _term(name: str, coefficient: float, std_error: float) -> CoxTerm:
    half_width = float(norm.ppf((1 + CONFIDENCE) / 2)) * std_error
    z = coefficient / std_error
    return CoxTerm(
        name=name,
        coefficient=coefficient,
        std_error=std_error,
        hazard_ratio=_ratio(coefficient),
        ci_lower=_ratio(coefficient - half_width),
        ci_upper=_ratio(coefficient + half_width),
        z=z,
        p_value=2 * float(norm.sf(abs(z))),
    )


def _ratio(log_ratio: float) -> float | None:
    try:
        return math.exp(log_ratio)
    except OverflowError:
        return None


def _unfitted(names: Sequence[str], *, n: int, events: int, found: list[Caution]) -> CoxModel:
    return CoxModel(
        n=n,
        events=events,
        ties="efron",
        terms=tuple(CoxTerm(name=name) for name in names),
        log_likelihood_null=None,
        log_likelihood=None,
        converged=False,
        cautions=tuple(found),
    )
