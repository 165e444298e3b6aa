"""Warnings in words: what a reader must know before trusting a figure.

Each function looks at a number and returns the cautions it gives rise to, none or one, so that
callers add them up. The limits are conventions, stated where they stand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from outcomes.statistics.proportional_hazards import ProportionalityTest

# Peduzzi et al., J Clin Epidemiol 1995;48:1503-1510 (cited from memory): below ten events per
# variable the estimates of a Cox model become unreliable.
MIN_EVENTS_PER_VARIABLE = 10
# With fewer than five at risk one event lowers the estimate by a quarter or more.
MIN_AT_RISK = 5
# A log-rank or likelihood ratio test is an approximation, which so few at a level do not bear.
ROUGH_P_VALUE = f"fewer than {MIN_AT_RISK} patients at a level: the p value is a rough one"
MIN_EVENTS_IN_GROUP = 2
# A model and the curves must differ by more than adjustment for small imbalances brings about.
MIN_RATIO_AGAINST_CURVES = 1.1
MIN_DIFFERENCE_OF_CURVES = 0.05


class Kind(StrEnum):
    """What a caution warns of."""

    FEW_EVENTS_PER_VARIABLE = "few_events_per_variable"
    FEW_AT_RISK = "few_at_risk"
    FEW_AT_RISK_EARLY = "few_at_risk_early"
    FEW_EVENTS_IN_GROUP = "few_events_in_group"
    FEW_EVENTS_IN_STRATA = "few_events_in_strata"
    DOUBTFUL_PARTNERS = "doubtful_partners"
    DOUBTFUL_ROWS = "doubtful_rows"
    EXCLUDED_BY_OUTCOME = "excluded_by_outcome"
    SEVERAL_TESTS = "several_tests"
    IMMORTAL_TIME = "immortal_time"
    SEPARATION = "separation"
    NO_CONVERGENCE = "no_convergence"
    TOO_MANY_TIES = "too_many_ties"
    CONSTANT_COVARIATE = "constant_covariate"
    COLLINEAR_COVARIATE = "collinear_covariate"
    NO_EVENTS = "no_events"
    SELECTION = "selection"
    SELECTION_STOPPED = "selection_stopped"
    NON_PROPORTIONAL = "non_proportional"
    AGAINST_CURVES = "against_curves"
    AFTER_RELAPSE = "after_relapse"
    NO_RESULT = "no_result"
    NO_LAST_CONTACT = "no_last_contact"
    UNKNOWN_CAUSES = "unknown_causes"
    NOT_ANALYSED = "not_analysed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """One warning.

    Attributes:
        kind: What it warns of.
        where: The table, figure or model it concerns, as the reader knows it.
        caution: The sentence, which carries the figure that made it.
        figure: That figure.
        endpoint: Name of the endpoint it concerns.
        variable: Name of the factor; `all` for everybody, `multivariable` for the model, empty
            for all comparisons together.
    """

    kind: Kind
    where: str
    caution: str
    figure: float
    endpoint: str = ""
    variable: str = ""


def concerning(
    found: Iterable[Caution], *, endpoint: str, variable: str = ""
) -> tuple[Caution, ...]:
    """Say by name which endpoint and variable cautions concern."""
    return tuple(replace(caution, endpoint=endpoint, variable=variable) for caution in found)


def few_events_per_variable(
    events: int, variables: int, *, where: str, limit: float = MIN_EVENTS_PER_VARIABLE
) -> tuple[Caution, ...]:
    """Warn of a model with too few events for its variables.

    Args:
        events: Events the model is fitted to.
        variables: Coefficients estimated or, after a selection, all candidates that were tried.
        where: The model.
        limit: Events per variable from which on nothing is said.
    """
    if variables == 0 or events >= limit * variables:
        return ()
    ratio = events / variables
    return _one(
        Kind.FEW_EVENTS_PER_VARIABLE,
        where,
        f"{_count(events, 'event')} for {_count(variables, 'variable')}, {ratio:.1f} per variable "
        f"(at least {limit:g} are advised): the estimates are unstable and probably too extreme",
        ratio,
    )


def few_at_risk(
    n_at_risk: int,
    *,
    horizon_months: float,
    where: str,
    last_time_months: float | None = None,
    ended: bool = False,
) -> tuple[Caution, ...]:
    """Warn of a survival estimate that rests on fewer than five patients.

    Args:
        n_at_risk: Patients at risk at the horizon.
        horizon_months: The time at which the curve was read.
        where: The curve.
        last_time_months: Where the curve ends; named if that is before the horizon.
        ended: Whether it ends at 0, with everybody's event, and not for want of follow-up.
    """
    if n_at_risk >= MIN_AT_RISK:
        return ()
    if n_at_risk == 0 and last_time_months is not None and last_time_months < horizon_months:
        if ended:
            return _one(
                Kind.FEW_AT_RISK,
                where,
                f"0 patients at risk at {horizon_months:g} months: the last of them had the event "
                f"at {last_time_months:.1f} months, and at 0 there is no standard error and no "
                "interval",
                0,
            )
        return _one(
            Kind.FEW_AT_RISK,
            where,
            f"0 patients at risk at {horizon_months:g} months: follow-up ends at "
            f"{last_time_months:.1f} months, and the estimate is that of the end of the curve",
            0,
        )
    return _one(
        Kind.FEW_AT_RISK,
        where,
        f"only {_count(n_at_risk, 'patient')} at risk at {horizon_months:g} months: the estimate "
        "is imprecise, whatever its interval says",
        n_at_risk,
    )


def few_at_risk_early(
    events: int, n_at_risk: int, *, time: float, emptied: float | None, where: str
) -> tuple[Caution, ...]:
    """Warn of a curve with late entry whose first events fell in a risk set that was too small.

    Args:
        events: Events that occurred before five were at risk for the first time.
        n_at_risk: Those at risk at the first of them.
        time: The time of the first of them, in months.
        emptied: Where the curve fell to 0 although others entered later; None for nowhere.
        where: The curve.
    """
    if emptied is not None:
        return _one(
            Kind.FEW_AT_RISK_EARLY,
            where,
            f"the curve fell to 0 at {emptied:.1f} months, when all at risk had the event before "
            "others entered, and says nothing of them; a later landmark (landmark_months) mends it",
            0,
        )
    if not events:
        return ()
    return _one(
        Kind.FEW_AT_RISK_EARLY,
        where,
        f"{_count(events, 'event')} occurred before five were at risk, the first at {time:.1f} "
        f"months with {n_at_risk} at risk, which takes {100 / n_at_risk:.0f}% off all that "
        "follows: the height of the curve is unreliable; a later landmark (landmark_months) "
        "steadies it",
        n_at_risk,
    )


def few_events_in_group(events: int, n: int, *, where: str) -> tuple[Caution, ...]:
    """Warn of a group with no or one event, which a test or a model cannot judge."""
    if events >= MIN_EVENTS_IN_GROUP:
        return ()
    return _one(
        Kind.FEW_EVENTS_IN_GROUP,
        where,
        f"{_count(events, 'event')} among {_count(n, 'patient')}: comparisons with this group are "
        "unreliable",
        events,
    )


def few_events_in_strata(
    events: Mapping[str, Sequence[int]], *, where: str, limit: int = MIN_EVENTS_PER_VARIABLE
) -> tuple[Caution, ...]:
    """Warn, once for all of them, of strata with too few events to judge a factor within them.

    Args:
        events: By stratum, the events of each endpoint.
        where: The grouping.
        limit: Events of a stratum from which on nothing is said.
    """
    few = {name: counts for name, counts in events.items() if min(counts) < limit}
    if not few:
        return ()
    listed = "; ".join(
        f"{name}, {_count(max(counts), 'event')}"
        if min(counts) == max(counts)
        else f"{name}, {min(counts)} to {max(counts)} events by endpoint"
        for name, counts in few.items()
    )
    return _one(
        Kind.FEW_EVENTS_IN_STRATA,
        where,
        f"too few events to judge a factor within a stratum ({listed}; at least {limit} are "
        "advised): comparisons within it, and of effects between strata, describe and do not prove",
        min(min(counts) for counts in few.values()),
    )


def doubtful_partners(doubtful: int, n: int, *, where: str) -> tuple[Caution, ...]:
    """Warn of patients whose subtype rests on weak or conflicting evidence."""
    if not doubtful:
        return ()
    return _one(
        Kind.DOUBTFUL_PARTNERS,
        where,
        f"in {doubtful} of {_count(n, 'patient')} with a subtype the partner is only possible, or "
        "assays conflict; they are counted under it",
        doubtful,
    )


def several_tests(n_tests: int, *, where: str, level: float = 0.05) -> tuple[Caution, ...]:
    """Warn of p values that are not corrected for their number.

    The chance stated is that of independent tests, 1 - (1 - level)^n.
    """
    if n_tests < 2:  # noqa: PLR2004
        return ()
    chance = 100 * (1 - math.pow(1 - level, n_tests))
    return _one(
        Kind.SEVERAL_TESTS,
        where,
        f"{n_tests} tests without correction: if nothing differed and they were independent, "
        f"at least one p < {level:g} would turn up with a chance of {chance:.0f}%; p values "
        "corrected by Holm and by Benjamini-Hochberg stand beside them",
        n_tests,
    )


def separation(
    term: str,
    *,
    towards: str,
    std_error: float,
    where: str,
    remedy: str = "the Firth-penalised model gives one",
) -> tuple[Caution, ...]:
    """Warn of a coefficient without a finite estimate.

    Args:
        term: The covariate.
        towards: `plus` or `minus`: the end of the scale to which the estimate runs.
        std_error: Standard error, for a standard deviation of the covariate, where the fit stopped;
            NaN where it has none.
        where: The model.
        remedy: Where else there is a hazard ratio, or that there is none.
    """
    # At infinity the information may be 0 to the last digit, and a standard error is not defined.
    known = math.isfinite(std_error)
    stopped = f"standard error {std_error:.3g}" if known else "no information left"
    return _one(
        Kind.SEPARATION,
        where,
        f"'{term}' separates patients with and without events: its log hazard ratio has no finite "
        f"estimate (it runs to {towards} infinity, {stopped} where the fit stopped); no hazard "
        f"ratio is given, {remedy}",
        std_error if known else 0.0,
    )


def no_convergence(events: int, variables: int, *, where: str) -> tuple[Caution, ...]:
    """Warn of a model whose fit did not converge, so that it has no estimates."""
    return _one(
        Kind.NO_CONVERGENCE,
        where,
        f"the fit of {_count(variables, 'variable')} to {_count(events, 'event')} did not "
        "converge (separation, or near-duplicate variables): no estimates are given; use fewer "
        "variables",
        events,
    )


def too_many_ties(events: int, at_risk: int, *, where: str) -> tuple[Caution, ...]:
    """Warn of a model with exact ties that cannot be computed."""
    return _one(
        Kind.TOO_MANY_TIES,
        where,
        f"{events:,} of {at_risk:,} patients at risk have the event at the same time, too many for "
        "exact ties: no estimates are given; use efron, or times in finer units",
        events,
    )


def constant_covariate(term: str, value: float, n: int, *, where: str) -> tuple[Caution, ...]:
    """Warn of a covariate with a single value among the patients that inform the model."""
    return _one(
        Kind.CONSTANT_COVARIATE,
        where,
        f"'{term}' has the single value {value:g} among the {_count(n, 'patient')} at risk when "
        "events occurred: it has no estimate",
        n,
    )


def collinear_covariate(term: str, n: int, *, where: str) -> tuple[Caution, ...]:
    """Warn of a covariate that follows from those before it."""
    return _one(
        Kind.COLLINEAR_COVARIATE,
        where,
        f"'{term}' follows exactly from the covariates before it among the {_count(n, 'patient')} "
        "at risk when events occurred: it has no estimate of its own",
        n,
    )


def no_events(n: int, *, where: str) -> tuple[Caution, ...]:
    """Warn of a model without any event."""
    return _one(
        Kind.NO_EVENTS, where, f"0 events among {_count(n, 'patient')}: no model can be fitted", 0
    )


def selection(tests: int, candidates: int, *, where: str) -> tuple[Caution, ...]:
    """Warn of a model whose variables were chosen by their p values."""
    if candidates < 2:  # noqa: PLR2004
        return ()
    return _one(
        Kind.SELECTION,
        where,
        f"{_count(tests, 'score test')} without correction chose its variables among {candidates} "
        "candidates: their p values are too small, their intervals too narrow and their hazard "
        "ratios too extreme",
        tests,
    )


def selection_stopped(variable: str, step: int, *, where: str) -> tuple[Caution, ...]:
    """Warn of a stepwise selection that ended before a variable without a finite estimate."""
    return _one(
        Kind.SELECTION_STOPPED,
        where,
        f"the selection stopped after step {step}: '{variable}' would enter next, but its hazard "
        "ratio has no finite estimate (separation); the model without it is not the end of the "
        "selection",
        step,
    )


def non_proportional(
    tests: Iterable[ProportionalityTest],
    shown: Mapping[str, str],
    *,
    where: str,
    level: float = 0.05,
) -> tuple[Caution, ...]:
    """Warn of hazard ratios that change with time.

    Args:
        tests: Of the covariates, and of all of them together.
        shown: How a covariate is called, by its name; any other name is that of all together.
        where: The model.
        level: The p value from which on nothing is said.
    """
    doubtful = [test for test in tests if test.p_value < level]
    if not doubtful:
        return ()
    listed = "; ".join(
        f"{shown.get(test.name, 'all covariates together')}, χ² {test.chi_square:.2f}, "
        f"df {test.df}, p = {test.p_value:.2g}"
        for test in doubtful
    )
    return _one(
        Kind.NON_PROPORTIONAL,
        where,
        f"hazards are not proportional by Grambsch and Therneau's test ({listed}): one hazard "
        "ratio for the whole time does not describe them",
        min(test.p_value for test in doubtful),
    )


def immortal_time(
    exposure: str, naive: str, right: str, *, hazard_ratio: float, where: str
) -> tuple[Caution, ...]:
    """Warn of what an exposure would seem to do if it were known at the start.

    Args:
        exposure: Its name.
        naive: The hazard ratio with its interval, taken as a baseline factor.
        right: The same from start-stop rows; empty where there is none.
        hazard_ratio: The former as a number.
        where: The comparison.
    """
    against = f", where counted from its own time it has {right}" if right else ""
    return _one(
        Kind.IMMORTAL_TIME,
        where,
        f"taken as known at diagnosis, {exposure} would have a hazard ratio of {naive}{against}: "
        "whoever had the event early did not live to have it (immortal time), and the time before "
        "it is counted for it; that figure is not to be reported",
        hazard_ratio,
    )


def after_relapse(relapsed: int, n: int, exposure: str, *, where: str) -> tuple[Caution, ...]:
    """Warn of an exposure that for some patients is the treatment of a relapse.

    Args:
        relapsed: Patients exposed at or after a relapse.
        n: Patients exposed.
        exposure: Its name.
        where: The comparison.
    """
    if not relapsed:
        return ()
    return _one(
        Kind.AFTER_RELAPSE,
        where,
        f"{relapsed} of {n} had it at or after a relapse: for them {exposure} also stands for that "
        "relapse, and its hazard ratio with it",
        relapsed,
    )


def no_result(without: int, n: int) -> tuple[Caution, ...]:
    """Warn of patients who are analysed although no integrated result says that they belong."""
    if not without:
        return ()
    return _one(
        Kind.NO_RESULT,
        "Integrated results",
        f"{without} of {_count(n, 'patient')} analysed have no integrated result: whether they "
        "belong to the population of the study is not known",
        without,
    )


def no_last_contact(without: int, n: int, *, where: str) -> tuple[Caution, ...]:
    """Warn of patients censored at the last thing known of them, for want of a last contact."""
    if not without:
        return ()
    return _one(
        Kind.NO_LAST_CONTACT,
        where,
        f"{without} of {_count(n, 'patient')} without an event have no last contact, and are "
        "censored at the last time that anything is known of them, which is too early",
        without,
    )


def unknown_causes(unknown: int, deaths: int) -> tuple[Caution, ...]:
    """Warn of deaths whose cause is not known, which count as not of treatment."""
    if not unknown:
        return ()
    return _one(
        Kind.UNKNOWN_CAUSES,
        "Clinical table",
        f"{unknown} of {_count(deaths, 'death')} without a cause: they count as not due to "
        "treatment, so that treatment-related mortality may be higher",
        unknown,
    )


def not_analysed(labels: Sequence[str]) -> tuple[Caution, ...]:
    """Warn of factors and measures that were declared and of which nobody has a value."""
    if not labels:
        return ()
    return _one(
        Kind.NOT_ANALYSED,
        "Analysis",
        f"nobody has a value of: {', '.join(labels)}; they were declared and are in no table, and "
        "a model that needs them is not fitted",
        len(labels),
    )


def against_curves(
    term: str,
    hazard_ratio: float,
    *,
    survival: float,
    survival_reference: float,
    time_months: float,
    where: str,
) -> tuple[Caution, ...]:
    """Warn of a hazard ratio that says the contrary of the survival curves.

    Args:
        term: The level and its reference.
        hazard_ratio: Of the level against the reference.
        survival: At the level, from the Kaplan-Meier curve of the model's patients.
        survival_reference: At the reference.
        time_months: The time at which both were read.
        where: The model.
    """
    worse_by_curves = survival < survival_reference
    opposed = hazard_ratio < 1 if worse_by_curves else hazard_ratio > 1
    if (
        not opposed
        or 1 / MIN_RATIO_AGAINST_CURVES < hazard_ratio < MIN_RATIO_AGAINST_CURVES
        or abs(survival - survival_reference) < MIN_DIFFERENCE_OF_CURVES
    ):
        return ()
    return _one(
        Kind.AGAINST_CURVES,
        where,
        f"the hazard ratio {hazard_ratio:.2f} for '{term}' points against the curves, "
        f"{100 * survival:.1f}% against {100 * survival_reference:.1f}% at {time_months:.3g} "
        "months: the curves cross, another covariate explains it, or the coding is reversed",
        hazard_ratio,
    )


def _one(kind: Kind, where: str, sentence: str, figure: float) -> tuple[Caution, ...]:
    return (Caution(kind=kind, where=where, caution=sentence, figure=figure),)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
