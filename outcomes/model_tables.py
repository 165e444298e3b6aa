"""The multivariable models as rows of tables and as the content of `models.json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from outcomes.statistics.likelihood import Ties
from outcomes.statistics.proportional_hazards import GLOBAL, zph_ties
from outcomes.statistics.stepwise import ENTER_BELOW, REMOVE_ABOVE, Step
from outcomes.strata import landmark_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcomes.models import Multivariable
    from outcomes.statistics.cox import CoxModel

_COUNTS = ("n", "missing", "events")
_ESTIMATE = ("endpoint", "term", "label", *_COUNTS, "coefficient", "std_error", "hazard_ratio")
_OF_LEVEL = (
    "variable",
    "variable_label",
    "level",
    "level_n",
    "level_events",
    "reference",
    "reference_n",
    "reference_events",
)
MULTIVARIABLE_COLUMNS = (
    *_ESTIMATE,
    "ci_lower",
    "ci_upper",
    "z",
    "p_value",
    *_OF_LEVEL,
    "robust_std_error",
    "ties",
    "concordance",
    "note",
)
FIRTH_COLUMNS = (*_ESTIMATE, "ci_lower", "ci_upper", "p_value", "note")
PROPORTIONALITY_COLUMNS = (
    "endpoint",
    "term",
    "label",
    *_COUNTS,
    "ties",
    "chi_square",
    "df",
    "p_value",
)
STEPWISE_COLUMNS = (
    "endpoint",
    *_COUNTS,
    "step",
    "last_step",
    "change",
    "changed",
    "in_model",
    "variable",
    "term",
    "label",
    "coefficient",
    "std_error",
    "wald",
    "score",
    "df",
    "p_value",
    "hazard_ratio",
    "ci_lower",
    "ci_upper",
    "log_likelihood",
)


def multivariable_rows(fitted: Multivariable) -> Iterator[dict[str, object]]:
    """Yield a row with `MULTIVARIABLE_COLUMNS` for each term of the full model."""
    model = fitted.model
    for term in model.terms:
        values = asdict(term) | {
            "robust_std_error": model.robust_std_errors.get(term.name),
            "ties": str(model.ties),
            "concordance": model.concordance,
        }
        remarks = ["no estimate"] if term.coefficient is None else []
        row = _row(fitted, term.name, values, "; ".join([*remarks, *_without(model)]))
        yield dict.fromkeys(MULTIVARIABLE_COLUMNS) | row | _of_level(fitted, term.name)


def _without(model: CoxModel) -> list[str]:
    """Say what a fitted model does not have, and why."""
    if model.log_likelihood is None:
        return []
    if not model.converged:
        return ["no robust standard error and no concordance: a hazard ratio has no estimate"]
    exact = "no robust standard error: there is none with exact ties"
    unordered = "no concordance: the order of no two patients is known"
    missing = {exact: model.ties is Ties.EXACT, unordered: model.concordance is None}
    return [why for why, holds in missing.items() if holds]


def firth_rows(fitted: Multivariable) -> Iterator[dict[str, object]]:
    """Yield a row with `FIRTH_COLUMNS` for each term of the penalised model."""
    for term in fitted.firth.terms:
        if term.coefficient is None:
            remark = "no estimate"
        elif term.ci_lower is None or term.ci_upper is None:
            remark = "a limit of the profile likelihood interval was not found"
        else:
            remark = ""
        yield _row(fitted, term.name, asdict(term), remark)


def _of_level(fitted: Multivariable, name: str) -> dict[str, object]:
    """Say which level of which factor a term stands for; a measure has no level."""
    term = next(term for term in fitted.terms if term.name == name)
    about: dict[str, object] = {"variable": term.variable, "variable_label": term.variable_label}
    if term.compares:
        level, reference = term.compares
        about |= {
            "level": level,
            "level_n": term.counts.n,
            "level_events": term.counts.events,
            "reference": reference,
            "reference_n": term.counts.reference_n,
            "reference_events": term.counts.reference_events,
        }
    return about


def proportionality_rows(fitted: Multivariable) -> Iterator[dict[str, object]]:
    """Yield a row with `PROPORTIONALITY_COLUMNS` for each term, the global test last."""
    for test in fitted.proportionality:
        yield {
            "endpoint": fitted.endpoint,
            "term": test.name,
            "label": "All covariates together" if test.name == GLOBAL else fitted.labels[test.name],
            **_counts(fitted),
            "ties": str(zph_ties(fitted.model.ties)),
            "chi_square": test.chi_square,
            "df": test.df,
            "p_value": test.p_value,
        }


def stepwise_rows(fitted: Multivariable) -> Iterator[dict[str, object]]:
    """Yield the rows with `STEPWISE_COLUMNS` of every step.

    A variable in the model has a row for each term, with Wald's test, and before them one for all
    its terms together where it has several; a variable out of it has one row, with the score test.
    """
    if fitted.stepwise is None:
        return
    steps = fitted.stepwise.steps
    for number, step in enumerate(steps):
        about = {
            "endpoint": fitted.endpoint,
            **_counts(fitted),
            "step": number,
            "last_step": "yes" if step is steps[-1] else "no",
            "change": step.change,
            "changed": step.variable,
            "log_likelihood": step.log_likelihood,
        }
        for row in (*_inside(fitted, step), *_outside(fitted, step)):
            yield dict.fromkeys(STEPWISE_COLUMNS) | about | row


def model_record(fitted: Multivariable) -> dict[str, object]:
    """Make the entry of `models.json`: plain values only."""
    model = fitted.model
    return {
        "model": "Cox proportional hazards",
        "endpoint": fitted.endpoint,
        "n": model.n,
        "events": model.events,
        "events_per_variable": fitted.events_per_variable,
        "left_before_landmark": fitted.left_before_landmark,
        "incomplete": fitted.incomplete,
        "landmark_months": fitted.landmark_months,
        "ties": str(model.ties),
        "log_likelihood_null": model.log_likelihood_null,
        "log_likelihood": model.log_likelihood,
        "converged": model.converged,
        "concordance": model.concordance,
        "tests": [asdict(test) for test in model.tests],
        "remarks": _without(model),
        "terms": [
            asdict(term)
            | {
                "robust_std_error": model.robust_std_errors.get(term.name),
                "label": fitted.labels[term.name],
            }
            for term in model.terms
        ],
        "proportional_hazards": {
            "test": "Grambsch-Therneau",
            "ties": "efron",
            "time_scale": "1 - Kaplan-Meier",
            "tests": [asdict(test) for test in fitted.proportionality],
        },
        "firth": {
            "ties": "breslow",
            "interval": "profile penalised likelihood",
            "test": "penalised likelihood ratio",
            "log_likelihood_null": fitted.firth.log_likelihood_null,
            "log_likelihood": fitted.firth.log_likelihood,
            "terms": [asdict(term) for term in fitted.firth.terms],
        },
        "stepwise": {
            "ties": "breslow",
            "enter": f"score test, p < {ENTER_BELOW}",
            "remove": f"conditional likelihood ratio test, p > {REMOVE_ABOVE}",
            "steps": [asdict(step) for step in fitted.stepwise.steps] if fitted.stepwise else [],
        },
        "cautions": [asdict(caution) for caution in fitted.cautions],
    }


def _row(
    fitted: Multivariable, term: str, values: dict[str, object], remark: str
) -> dict[str, object]:
    values.pop("name")
    notes = [remark] if remark else []
    if fitted.landmark_months is not None:
        left = fitted.left_before_landmark
        notes.append(landmark_note(fitted.landmark_months, left, fitted.origin))
    if fitted.incomplete:
        notes.append(f"{fitted.incomplete} left out for missing covariates")
    return {
        "endpoint": fitted.endpoint,
        "term": term,
        "label": fitted.labels[term],
        **_counts(fitted),
        **values,
        "note": "; ".join(notes),
    }


def _counts(fitted: Multivariable) -> dict[str, int]:
    """Patients of the model, those left out for a missing covariate, and events."""
    return {
        "n": fitted.model.n,
        "missing": fitted.incomplete,
        "events": fitted.model.events,
    }


def _inside(fitted: Multivariable, step: Step) -> Iterator[dict[str, object]]:
    for variable in step.inside:
        own = {"in_model": "yes", "variable": variable.variable}
        if len(variable.terms) > 1:
            yield {
                **own,
                "label": _variable_label(fitted, variable.variable),
                "wald": variable.wald,
                "df": variable.df,
                "p_value": variable.p_value,
            }
        for term in variable.terms:
            yield {
                **own,
                "term": term.name,
                "label": fitted.labels[term.name],
                "coefficient": term.coefficient,
                "std_error": term.std_error,
                "wald": None if term.z is None else term.z**2,
                "df": 1,
                "p_value": term.p_value,
                "hazard_ratio": term.hazard_ratio,
                "ci_lower": term.ci_lower,
                "ci_upper": term.ci_upper,
            }


def _outside(fitted: Multivariable, step: Step) -> Iterator[dict[str, object]]:
    for variable in step.outside:
        yield {
            "in_model": "no",
            "variable": variable.variable,
            "label": _variable_label(fitted, variable.variable),
            "score": variable.score,
            "df": variable.df,
            "p_value": variable.p_value,
        }


def _variable_label(fitted: Multivariable, variable: str) -> str:
    return next(term.variable_label for term in fitted.terms if term.variable == variable)
