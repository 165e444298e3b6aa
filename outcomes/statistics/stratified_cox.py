"""Cox models with strata: one hazard ratio across them, one in each, and whether these differ.

Own code, with Efron's ties: a stratum is prepared once for the model across all strata and for its
own, which lifelines, at some 30 milliseconds a fit, would make hundreds of fits of. Values agree
with `coxph(Surv(time, event) ~ x + strata(s), ties = "efron")` of R's survival 3.5-3 to 1e-8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc

from outcomes.statistics.cox import MAX_STD_ERROR, CoxTerm, wald_term
from outcomes.statistics.design import RANK_TOLERANCE
from outcomes.statistics.efron import Stratum, maximise, prepare, stratified_partial
from outcomes.statistics.survival import check_times_events, number_groups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outcomes.statistics.survival import Column, Counts, Floats

NO_EVENT = "no event"
CONSTANT = "the same for all patients who are compared"
FOLLOWS = "follows from the others among the patients who are compared"
SEPARATION = "no finite estimate (separation)"
NO_CONVERGENCE = "the fit did not converge"


@dataclass(frozen=True, slots=True, kw_only=True)
class StratifiedCox:
    """A fitted model.

    Attributes:
        n: Patients.
        events: Events.
        terms: One for each covariate, in the order given; empty where there is no estimate.
        reasons: Why a term has no estimate, by its name.
        log_likelihood_null: Partial log-likelihood without covariates; 0 without an event.
        log_likelihood: That of the model; None where the fit did not converge. Where a covariate
            separates, its limit.
        df: Covariates that the data inform.
    """

    n: int
    events: int
    terms: tuple[CoxTerm, ...]
    reasons: Mapping[str, str]
    log_likelihood_null: float
    log_likelihood: float | None
    df: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heterogeneity:
    """A test of whether an effect differs between strata; without a p value, why there is none."""

    chi_square: float | None
    df: int | None
    p_value: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """The model across strata, that of each stratum by its label, and whether these differ."""

    across: StratifiedCox
    within: Mapping[object, StratifiedCox]
    heterogeneity: Heterogeneity


def stratified_cox(
    time: Column, event: Column, values: Floats, names: Sequence[str], stratum: Column
) -> StratifiedCox:
    """Fit one model across strata that each have a baseline hazard of their own.

    Args:
        time: Times since the start, shape (n,).
        event: 1 for an event, 0 for a censored time, shape (n,).
        values: Patients by covariates, without missing values.
        names: Of the covariates.
        stratum: The stratum of each patient, shape (n,), none missing.

    Raises:
        OutcomesError: If `check_times_events` refuses the data, or a stratum is missing.
    """
    strata, events = _prepared(time, event, values, stratum)
    return _fit([*strata.values()], names, n=len(values), events=int(events.sum()))


def effects(
    time: Column, event: Column, values: Floats, names: Sequence[str], stratum: Column
) -> Effects:
    """Fit across strata and in each, and test by likelihood ratio whether the effects differ.

    The test is `anova(coxph(Surv(time, event) ~ x + strata(s)), coxph(... ~ x * strata(s)))` of R:
    the interaction model is a model in each stratum. Its degrees of freedom are the effects that
    the strata inform less those of the model across them. An effect that separates in a stratum
    counts, at the limit of its likelihood; R leaves it out of the degrees of freedom where its
    iterations end with no information left, so that p is smaller there.

    Args:
        time: Times since the start, shape (n,).
        event: 1 for an event, 0 for a censored time, shape (n,).
        values: Patients by covariates, without missing values.
        names: Of the covariates.
        stratum: The stratum of each patient, shape (n,), none missing.

    Raises:
        OutcomesError: If `check_times_events` refuses the data, or a stratum is missing.
    """
    strata, events = _prepared(time, event, values, stratum)
    within = {
        label: _fit([one], names, n=len(one.values), events=int(one.died.sum()))
        for label, one in strata.items()
    }
    n, n_events = len(values), int(events.sum())
    informative = [one for one in within.values() if one.events]
    # A stratum without an event adds nothing.
    if len(informative) == 1:
        across = replace(informative[0], n=n)
    else:
        across = _fit([*strata.values()], names, n=n, events=n_events)
    return Effects(
        across=across, within=within, heterogeneity=_heterogeneity(across, [*within.values()])
    )


def _heterogeneity(across: StratifiedCox, within: Sequence[StratifiedCox]) -> Heterogeneity:
    df = sum(one.df for one in within) - across.df
    if df < 1:
        reason = "fewer than two strata inform of the effect"
        return Heterogeneity(chi_square=None, df=None, p_value=None, reason=reason)
    fitted = [one.log_likelihood for one in within if one.log_likelihood is not None]
    if across.log_likelihood is None or len(fitted) < len(within):
        return Heterogeneity(chi_square=None, df=None, p_value=None, reason=NO_CONVERGENCE)
    # Rounding may leave less than nothing where the effects are the same.
    chi_square = max(2 * (sum(fitted) - across.log_likelihood), 0.0)
    return Heterogeneity(chi_square=chi_square, df=df, p_value=float(chdtrc(df, chi_square)))


def _prepared(
    time: Column, event: Column, values: Floats, stratum: Column
) -> tuple[dict[object, Stratum], Counts]:
    times, events = check_times_events(time, event)
    numbers, labels = number_groups(stratum, times.size)
    strata = {}
    for number, label in enumerate(labels):
        inside = numbers == number
        strata[label] = prepare(times[inside], events[inside], values[inside])
    return strata, events


def _fit(strata: Sequence[Stratum], names: Sequence[str], *, n: int, events: int) -> StratifiedCox:
    informative = [one for one in strata if one.starts.size]
    if not informative:
        reasons = dict.fromkeys(names, NO_EVENT)
        return _result(n, events, names, {}, reasons, null=0.0, log_likelihood=0.0, df=0)
    kept, reasons = _estimable(informative, names)
    maximum = maximise(informative, kept)
    if maximum is None:
        reasons = {name: reasons.get(name, NO_CONVERGENCE) for name in names}
        null = stratified_partial(informative, kept, np.zeros(len(kept))).log_likelihood
        return _result(n, events, names, {}, reasons, null=null, log_likelihood=None, df=len(kept))
    coefficients, covariance, null, log_likelihood = maximum
    terms = {}
    for place, column in enumerate(kept):
        name = names[column]
        # Next to no information may come out negative by rounding.
        variance = max(float(covariance[place, place]), 0.0)
        std_error = math.sqrt(variance) or math.inf
        scale = float(np.concatenate([one.values[:, column] for one in informative]).std(ddof=1))
        if std_error * scale <= MAX_STD_ERROR:
            terms[name] = wald_term(name, float(coefficients[place]), std_error)
        else:
            reasons[name] = SEPARATION
    return _result(
        n, events, names, terms, reasons, null=null, log_likelihood=log_likelihood, df=len(kept)
    )


def _result(
    n: int,
    events: int,
    names: Sequence[str],
    terms: Mapping[str, CoxTerm],
    reasons: Mapping[str, str],
    *,
    null: float,
    log_likelihood: float | None,
    df: int,
) -> StratifiedCox:
    return StratifiedCox(
        n=n,
        events=events,
        terms=tuple(terms.get(name, CoxTerm(name=name)) for name in names),
        reasons=reasons,
        log_likelihood_null=null,
        log_likelihood=log_likelihood,
        df=df,
    )


def _estimable(strata: Sequence[Stratum], names: Sequence[str]) -> tuple[list[int], dict[str, str]]:
    """Return the columns that the first risk sets of the strata tell something of, and why not.

    Only differences within a stratum inform, and risk sets only shrink: a covariate that is
    constant in the first risk set of every stratum is so in all.
    """
    first = [one.values[: one.risk_set[-1]] for one in strata]
    rows = np.concatenate([values - values.mean(axis=0) for values in first])
    size = np.abs(np.concatenate(first)).max(axis=0, initial=1.0)
    kept: list[int] = []
    reasons: dict[str, str] = {}
    basis = np.empty((len(rows), 0))
    for number, name in enumerate(names):
        column = rows[:, number]
        length = np.linalg.norm(column)
        if length <= RANK_TOLERANCE * size[number]:
            reasons[name] = CONSTANT
            continue
        rest = column - basis @ (basis.T @ column)
        if np.linalg.norm(rest) < RANK_TOLERANCE * length:
            reasons[name] = FOLLOWS
            continue
        basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
        kept.append(number)
    return kept, reasons
