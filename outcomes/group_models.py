"""The multivariable Cox model stratified by a grouping, where the data allow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from outcomes.cautions import MIN_EVENTS_PER_VARIABLE
from outcomes.compared import after_landmark
from outcomes.endpoints import ENDPOINTS
from outcomes.factors import assign_levels, present_levels
from outcomes.models import terms_of
from outcomes.statistics.cox import CoxTerm
from outcomes.statistics.stratified_cox import FOLLOWS, StratifiedCox, stratified_cox
from outcomes.strata import landmark_note
from outcomes.within_groups import latest_landmark

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from outcomes.analysis import Analysis
    from outcomes.endpoints import EndpointData
    from outcomes.factors import Factor
    from outcomes.models import Term

STRATIFIED_MODEL_COLUMNS = (
    "grouping",
    "endpoint",
    "term",
    "label",
    "n",
    "events",
    "strata",
    "coefficient",
    "std_error",
    "hazard_ratio",
    "ci_lower",
    "ci_upper",
    "z",
    "p_value",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupModel:
    """The model of one endpoint.

    Attributes:
        grouping: Name of the grouping.
        endpoint: Name of the endpoint.
        terms: The covariates in order, but for those that are the grouping itself.
        n: Patients with every covariate and a level of the grouping.
        events: Events among them.
        strata: Levels of the grouping among them.
        model: The model; None where there is none.
        reason: Why there is none.
        left_before_landmark: Patients with an event or censored by the landmark.
        incomplete: The rest of those left out, who lack a covariate or a level of the grouping.
        landmark_months: The latest landmark of covariates and grouping; None for none.
    """

    grouping: str
    endpoint: str
    terms: tuple[Term, ...]
    n: int
    events: int
    strata: int
    model: StratifiedCox | None
    reason: str
    left_before_landmark: int
    incomplete: int
    landmark_months: float | None


def fit_stratified(
    derived: EndpointData, data: pd.DataFrame, grouping: Factor, analysis: Analysis
) -> GroupModel:
    """Fit the covariates of an analysis with a baseline hazard for each level of a grouping.

    It is `coxph(Surv(time, event) ~ covariates + strata(grouping), ties = "efron")` of R. There is
    no model with fewer events than covariates: its likelihood has a maximum by chance only.

    Args:
        derived: The endpoint's times and events.
        data: The cohort's data; the same index.
        grouping: The factor that makes the strata.
        analysis: Names the covariates, at least one.
    """
    names = tuple(name for name in analysis.covariates if name != grouping.name)
    factors = [analysis.factors[name] for name in names if name in analysis.factors]
    landmark = latest_landmark([grouping, *factors])
    observed = after_landmark(derived.data, landmark)
    own = data.loc[observed.index]
    stratum_of = assign_levels(own, grouping)
    values, terms = terms_of(own[stratum_of.notna()], names, analysis.factors)
    values = values[values.notna().all(axis="columns")]
    rows = observed.loc[values.index]
    strata = present_levels(stratum_of[values.index], grouping)
    n, events = len(rows), int(rows["event"].sum())
    model = None
    reason = ""
    if not n:
        reason = "nobody has every covariate and a level of the grouping"
    elif not terms:
        reason = "the grouping is the only covariate"
    elif events < len(terms):
        reason = f"{events} events for {len(terms)} covariates"
    else:
        model = stratified_cox(
            rows["time_months"],
            rows["event"],
            values.to_numpy(np.float64),
            [term.name for term in terms],
            stratum_of[values.index],
        )
    return GroupModel(
        grouping=grouping.name,
        endpoint=derived.endpoint.name,
        terms=terms,
        n=n,
        events=events,
        strata=len(strata),
        model=model,
        reason=reason,
        left_before_landmark=len(derived.data) - len(observed),
        incomplete=len(observed) - n,
        landmark_months=landmark,
    )


def stratified_model_rows(fitted: GroupModel) -> Iterator[dict[str, object]]:
    """Yield a row with `STRATIFIED_MODEL_COLUMNS` for each term, with why it has no estimate."""
    common = [f"no model: {fitted.reason}"] if fitted.reason else []
    if fitted.landmark_months is not None:
        common.append(
            landmark_note(
                fitted.landmark_months,
                fitted.left_before_landmark,
                ENDPOINTS[fitted.endpoint].origin,
            )
        )
    if fitted.incomplete:
        common.append(f"{fitted.incomplete} left out for missing covariates or grouping")
    per_term = fitted.events / max(len(fitted.terms), 1)
    if fitted.model is not None and per_term < MIN_EVENTS_PER_VARIABLE:
        common.append(
            f"{per_term:.1f} events per covariate, at least {MIN_EVENTS_PER_VARIABLE} are advised"
        )
    estimates = {} if fitted.model is None else {term.name: term for term in fitted.model.terms}
    reasons = _reasons(fitted)
    for term in fitted.terms:
        found = estimates.get(term.name, CoxTerm(name=term.name))
        if term.name in reasons:
            found = CoxTerm(name=term.name)
        own = [f"no estimate: {reasons[term.name]}"] if term.name in reasons else []
        yield {
            "grouping": fitted.grouping,
            "endpoint": fitted.endpoint,
            "term": term.name,
            "label": term.label,
            "n": fitted.n,
            "events": fitted.events,
            "strata": fitted.strata,
            "coefficient": found.coefficient,
            "std_error": found.std_error,
            "hazard_ratio": found.hazard_ratio,
            "ci_lower": found.ci_lower,
            "ci_upper": found.ci_upper,
            "z": found.z,
            "p_value": found.p_value,
            "note": "; ".join([*own, *common]),
        }


def _reasons(fitted: GroupModel) -> dict[str, str]:
    """Say why terms have no estimate; no level of a factor has one where another follows from it.

    The others are then compared with that one, not with the reference that their labels name.
    """
    if fitted.model is None:
        return {}
    reasons = dict(fitted.model.reasons)
    unsure = {term.variable for term in fitted.terms if reasons.get(term.name) == FOLLOWS}
    for term in fitted.terms:
        if term.variable in unsure:
            reasons.setdefault(term.name, "not compared with the reference in any stratum")
    return reasons
