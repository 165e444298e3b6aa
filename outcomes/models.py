"""The multivariable models of an endpoint: full, penalised and chosen step by step.

All are of the same patients, those who have every covariate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from outcomes import cautions
from outcomes.clinical.dictionary import BY_NAME
from outcomes.compared import after_landmark
from outcomes.factors import assign_levels, present_levels
from outcomes.statistics.cox import CoxModel, CoxTerm, cox
from outcomes.statistics.design import design
from outcomes.statistics.firth import FirthModel, firth
from outcomes.statistics.proportional_hazards import ProportionalityTest, proportionality, zph_ties
from outcomes.statistics.stepwise import Stepwise, Variable, forward_stepwise
from outcomes.statistics.survival import kaplan_meier
from outcomes.strata import known_late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from outcomes.analysis import Analysis
    from outcomes.cautions import Caution
    from outcomes.endpoints import EndpointData, Origin
    from outcomes.factors import Factor

MULTIVARIABLE = "multivariable"
"""How tables call the models where others name a factor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCounts:
    """Patients and events in the models, of a level and of its reference."""

    n: int = 0
    events: int = 0
    reference_n: int = 0
    reference_events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A covariate of the models, and what it means.

    Attributes:
        name: Its name, which the models use.
        label: Its name for people.
        variable: The factor or measure that it belongs to.
        variable_label: That one's name for people.
        compares: The level that it stands for, and its reference; empty for a measure.
        counts: Patients and events of the level and of the reference; all zero for a measure.
    """

    name: str
    label: str
    variable: str
    variable_label: str
    compares: tuple[str, ...]
    counts: LevelCounts = LevelCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Multivariable:
    """The Cox models of an endpoint on the covariates of an analysis.

    Attributes:
        endpoint: Name of the endpoint.
        endpoint_label: Its name for people.
        model: The full model, ties as the analysis has them.
        firth: The full model with Firth's penalty, ties by Breslow.
        stepwise: The forward selection, ties by Breslow; None where nothing can be estimated.
        proportionality: Tests of the full model's proportional hazards, with its ties, or Efron's
            where those are exact; empty without estimates.
        terms: The covariates in order.
        entered: Patients of the endpoint.
        left_before_landmark: Those with an event or censored by the landmark.
        incomplete: Those of the rest who lack a covariate.
        landmark_months: The latest landmark of the covariates; None for none.
        origin: From when the endpoint's time counts.
        cautions: Warnings, the models' own included.
    """

    endpoint: str
    endpoint_label: str
    model: CoxModel
    firth: FirthModel
    stepwise: Stepwise | None
    proportionality: tuple[ProportionalityTest, ...]
    terms: tuple[Term, ...]
    entered: int
    left_before_landmark: int
    incomplete: int
    landmark_months: float | None
    origin: Origin
    cautions: tuple[Caution, ...]

    @property
    def labels(self) -> dict[str, str]:
        """What each term means, by the term's name."""
        return {term.name: term.label for term in self.terms}

    @property
    def events_per_variable(self) -> float:
        """Events for each covariate of the full model, which are those the selection tries."""
        return self.model.events / len(self.terms)


def fit(derived: EndpointData, data: pd.DataFrame, analysis: Analysis) -> Multivariable | None:
    """Fit the multivariable models of an analysis to an endpoint.

    A factor becomes an indicator for each level but its first, the reference; a measure enters as
    it is, per unit. Patients who lack a covariate are left out. Where a factor has a landmark, the
    latest one holds for all models.

    Args:
        derived: The endpoint's times and events.
        data: The cohort's data; the same index.
        analysis: Names the covariates.

    Returns:
        The models; None if the analysis names no covariate or nobody has all of them.
    """
    factors = [analysis.factors[name] for name in analysis.covariates if name in analysis.factors]
    landmarks = [f.landmark_months for f in factors if f.landmark_months is not None]
    landmark = max(landmarks, default=None)
    observed = after_landmark(derived.data, landmark)
    values, terms = terms_of(data.loc[observed.index], analysis.covariates, analysis.factors)
    complete = values.notna().all(axis="columns")
    if values.empty or not complete.any():
        return None
    where = f"{derived.endpoint.label}, multivariable model"
    step_where = f"{derived.endpoint.label}, stepwise model"
    frame = values[complete].assign(time_months=observed["time_months"], event=observed["event"])
    terms = _counted(terms, frame)
    checked = design(
        frame,
        duration="time_months",
        event="event",
        covariates=list(values.columns),
        where=where,
        labels={term.name: term.label for term in terms},
    )
    model = cox(checked, ties=analysis.ties, where=where)
    penalised = firth(checked, where=f"{derived.endpoint.label}, Firth-penalised model")
    chosen = forward_stepwise(checked, _variables(terms), where=step_where)
    tests = proportionality(checked, ties=zph_ties(analysis.ties)) if model.converged else ()
    found = [
        *model.cautions,
        *known_late(factors, landmark, where=where, derived=derived),
        *cautions.non_proportional(tests, checked.shown, where=where),
        *_against_curves(model.terms, terms, frame, analysis.horizon_months, where=where),
        *penalised.cautions,
    ]
    if chosen:
        inside = [term for variable in chosen.last.inside for term in variable.terms]
        found += chosen.cautions
        found += _against_curves(inside, terms, frame, analysis.horizon_months, where=step_where)
    return Multivariable(
        endpoint=derived.endpoint.name,
        endpoint_label=derived.endpoint.label,
        model=model,
        firth=penalised,
        stepwise=chosen,
        proportionality=tests,
        terms=terms,
        entered=len(derived.data),
        left_before_landmark=len(derived.data) - len(observed),
        incomplete=int((~complete).sum()),
        landmark_months=landmark,
        origin=derived.endpoint.origin,
        cautions=cautions.concerning(found, endpoint=derived.endpoint.name, variable=MULTIVARIABLE),
    )


def terms_of(
    data: pd.DataFrame, covariates: Sequence[str], factors: Mapping[str, Factor]
) -> tuple[pd.DataFrame, tuple[Term, ...]]:
    """Make covariates as numbers, NaN where missing, and say what each means.

    Args:
        data: The cohort's data, one row a patient.
        covariates: Names of factors and measures.
        factors: The factors by name.
    """
    columns: dict[str, pd.Series[float]] = {}
    terms: list[Term] = []
    known = [
        assign_levels(data, factors[name]) if name in factors else data[name] for name in covariates
    ]
    complete = pd.DataFrame(dict(enumerate(known)), index=data.index).notna().all(axis="columns")
    for name in covariates:
        if name not in factors:
            columns[name] = data[name]
            meaning = BY_NAME[name].meaning
            label = f"{meaning}, per {BY_NAME[name].unit or 'unit'}"
            terms.append(
                Term(name=name, label=label, variable=name, variable_label=meaning, compares=())
            )
            continue
        factor = factors[name]
        level_of = assign_levels(data, factor)
        # The reference is a level that somebody in the model has; where fewer than two levels are
        # there, the declared ones stay, and the model says of each that nobody has it.
        present = present_levels(level_of[complete], factor)
        reference, *others = present if len(present) > 1 else factor.levels
        for level in others:
            term = f"{name}: {level}"
            columns[term] = (level_of == level).astype(float).where(level_of.notna())
            terms.append(
                Term(
                    name=term,
                    label=f"{factor.label}: {level} against {reference}",
                    variable=name,
                    variable_label=factor.label,
                    compares=(level, reference),
                )
            )
    return pd.DataFrame(columns, index=data.index), tuple(terms)


def _counted(terms: Sequence[Term], frame: pd.DataFrame) -> tuple[Term, ...]:
    """Count the patients and events behind each term that stands for a level."""
    counted = []
    for term in terms:
        if term.compares:
            events = frame["event"]
            inside, outside = _level_and_reference(terms, term, frame)
            counts = LevelCounts(
                n=int(inside.sum()),
                events=int(events[inside].sum()),
                reference_n=int(outside.sum()),
                reference_events=int(events[outside].sum()),
            )
            counted.append(replace(term, counts=counts))
        else:
            counted.append(term)
    return tuple(counted)


def _level_and_reference(
    terms: Sequence[Term], term: Term, frame: pd.DataFrame
) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Tell who has the level of a term, and who has the reference of its factor."""
    indicators = [other.name for other in terms if other.variable == term.variable]
    return frame[term.name] == 1, (frame[indicators] == 0).all(axis="columns")


def _variables(terms: Sequence[Term]) -> list[Variable]:
    """Gather the terms by the factor or measure that they belong to."""
    labels = {term.variable: term.variable_label for term in terms}
    return [
        Variable(
            name=name,
            label=label,
            terms=tuple(term.name for term in terms if term.variable == name),
        )
        for name, label in labels.items()
    ]


def _against_curves(
    fitted: Iterable[CoxTerm],
    terms: Sequence[Term],
    frame: pd.DataFrame,
    horizon_months: float,
    *,
    where: str,
) -> Iterator[Caution]:
    """Compare the hazard ratios of levels with the curves of the same patients."""
    by_name = {term.name: term for term in terms}
    for estimate in fitted:
        term = by_name[estimate.name]
        if estimate.hazard_ratio is None or not term.compares:
            continue
        curves = [
            kaplan_meier(frame.loc[patients, "time_months"], frame.loc[patients, "event"])
            for patients in _level_and_reference(terms, term, frame)
        ]
        time = min(horizon_months, *(curve.last_time for curve in curves))
        survival, of_reference = (curve.at(time).survival for curve in curves)
        yield from cautions.against_curves(
            term.label,
            estimate.hazard_ratio,
            survival=survival,
            survival_reference=of_reference,
            time_months=time,
            where=where,
        )
