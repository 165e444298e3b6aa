"""The multivariable model: its covariates, the patients it can use, its rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pandas as pd

from outcomes.cautions import concerning
from outcomes.compared import after_landmark
from outcomes.cox import CoxModel, cox
from outcomes.dictionary import BY_NAME
from outcomes.factors import assign_levels, present_levels
from outcomes.strata import known_late, landmark_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcomes.analysis import Analysis
    from outcomes.cautions import Caution
    from outcomes.endpoints import EndpointData

MULTIVARIABLE = "multivariable"
"""How tables call the model where others name a factor."""
MULTIVARIABLE_COLUMNS = (
    "endpoint",
    "term",
    "label",
    "n",
    "events",
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
class Multivariable:
    """A Cox model of an endpoint on the covariates of an analysis.

    Attributes:
        endpoint: Name of the endpoint.
        endpoint_label: Its name for people.
        model: The fitted model.
        labels: What each term means, by the term's name.
        entered: Patients of the endpoint.
        left_before_landmark: Those with an event or censored by the landmark.
        incomplete: Those of the rest who lack a covariate.
        landmark_months: The latest landmark of the covariates; None for none.
        cautions: Warnings, the model's own included.
    """

    endpoint: str
    endpoint_label: str
    model: CoxModel
    labels: dict[str, str]
    entered: int
    left_before_landmark: int
    incomplete: int
    landmark_months: float | None
    cautions: tuple[Caution, ...]


def fit(derived: EndpointData, data: pd.DataFrame, analysis: Analysis) -> Multivariable | None:
    """Fit the multivariable model of an analysis to an endpoint.

    A factor becomes an indicator for each level but its first, the reference; a measure enters as
    it is, per unit. Patients who lack a covariate are left out. Where a factor has a landmark, the
    latest one holds for the whole model.

    Args:
        derived: The endpoint's times and events.
        data: The cohort's data; the same index.
        analysis: Names the covariates.

    Returns:
        The model; None if the analysis names no covariate or nobody has all of them.
    """
    factors = [analysis.factors[name] for name in analysis.covariates if name in analysis.factors]
    landmarks = [f.landmark_months for f in factors if f.landmark_months is not None]
    landmark = max(landmarks, default=None)
    observed = after_landmark(derived.data, landmark)
    terms, labels = _terms(data.loc[observed.index], analysis)
    complete = terms.notna().all(axis="columns")
    if terms.empty or not complete.any():
        return None
    where = f"{derived.endpoint.label}, multivariable model"
    frame = terms[complete].assign(time_months=observed["time_months"], event=observed["event"])
    model = cox(
        frame,
        duration="time_months",
        event="event",
        covariates=list(terms.columns),
        where=where,
        labels=labels,
    )
    return Multivariable(
        endpoint=derived.endpoint.name,
        endpoint_label=derived.endpoint.label,
        model=model,
        labels=labels,
        entered=len(derived.data),
        left_before_landmark=len(derived.data) - len(observed),
        incomplete=int((~complete).sum()),
        landmark_months=landmark,
        cautions=concerning(
            (*model.cautions, *known_late(factors, landmark, where=where)),
            endpoint=derived.endpoint.name,
            variable=MULTIVARIABLE,
        ),
    )


def _terms(data: pd.DataFrame, analysis: Analysis) -> tuple[pd.DataFrame, dict[str, str]]:
    """Make the covariates as numbers, NaN where missing, and say what each means."""
    columns: dict[str, pd.Series[float]] = {}
    labels: dict[str, str] = {}
    known = [
        assign_levels(data, analysis.factors[name]) if name in analysis.factors else data[name]
        for name in analysis.covariates
    ]
    complete = pd.DataFrame(dict(enumerate(known)), index=data.index).notna().all(axis="columns")
    for name in analysis.covariates:
        if name not in analysis.factors:
            columns[name] = data[name]
            labels[name] = f"{BY_NAME[name].meaning}, per {BY_NAME[name].unit or 'unit'}"
            continue
        factor = analysis.factors[name]
        level_of = assign_levels(data, factor)
        # The reference is a level that somebody in the model has; where fewer than two levels are
        # there, the declared ones stay, and the model says of each that nobody has it.
        present = present_levels(level_of[complete], factor)
        reference, *others = present if len(present) > 1 else factor.levels
        for level in others:
            term = f"{name}: {level}"
            columns[term] = (level_of == level).astype(float).where(level_of.notna())
            labels[term] = f"{factor.label}: {level} against {reference}"
    return pd.DataFrame(columns, index=data.index), labels


def multivariable_rows(fitted: Multivariable) -> Iterator[dict[str, object]]:
    """Yield a row with `MULTIVARIABLE_COLUMNS` for each term."""
    notes = []
    if fitted.landmark_months is not None:
        notes.append(landmark_note(fitted.landmark_months, fitted.left_before_landmark))
    if fitted.incomplete:
        notes.append(f"{fitted.incomplete} left out for missing covariates")
    for term in fitted.model.terms:
        values = asdict(term)
        values.pop("name")
        unfitted = ["no estimate"] if term.coefficient is None else []
        yield {
            "endpoint": fitted.endpoint,
            "term": term.name,
            "label": fitted.labels[term.name],
            "n": fitted.model.n,
            "events": fitted.model.events,
            **values,
            "note": "; ".join([*unfitted, *notes]),
        }


def model_record(fitted: Multivariable) -> dict[str, object]:
    """Make the entry of `models.json`: plain values only."""
    model = fitted.model
    return {
        "model": "Cox proportional hazards",
        "endpoint": fitted.endpoint,
        "n": model.n,
        "events": model.events,
        "left_before_landmark": fitted.left_before_landmark,
        "incomplete": fitted.incomplete,
        "landmark_months": fitted.landmark_months,
        "ties": model.ties,
        "log_likelihood_null": model.log_likelihood_null,
        "log_likelihood": model.log_likelihood,
        "converged": model.converged,
        "terms": [asdict(term) | {"label": fitted.labels[term.name]} for term in model.terms],
        "cautions": [asdict(caution) for caution in fitted.cautions],
    }
