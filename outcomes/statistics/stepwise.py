"""Forward stepwise selection of a Cox model, step by step as SPSS prints it.

A variable is entered where its score test is the clearest and below 5%, and removed where its
conditional likelihood ratio test is above 10%: the method and the limits that SPSS takes for
forward selection where nothing else is said (FSTEP(COND), PIN, POUT; from memory of its manual).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2

from outcomes import cautions
from outcomes.statistics.cox import MAX_STD_ERROR, CoxTerm, wald_term
from outcomes.statistics.likelihood import PartialFit, partial_likelihood
from outcomes.statistics.proportional_hazards import breslow
from outcomes.statistics.score import conditional_ratio, score_test

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outcomes.cautions import Caution
    from outcomes.statistics.design import Design
    from outcomes.statistics.survival import Floats

ENTER_BELOW = 0.05
REMOVE_ABOVE = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A candidate: its name, its name for people, and the covariates that it consists of."""

    name: str
    label: str
    terms: tuple[str, ...]


class Change(StrEnum):
    """What a step did to the model."""

    START = "start"
    ENTERED = "entered"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InModel:
    """A variable in the model: Wald's test of all its terms together, and the terms."""

    variable: str
    wald: float
    df: int
    p_value: float
    terms: tuple[CoxTerm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfModel:
    """A variable out of the model: the score test of adding it."""

    variable: str
    score: float
    df: int
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The model after a step.

    Attributes:
        change: What the step did.
        variable: The variable entered or removed; empty at the start.
        log_likelihood: Partial log-likelihood of the model, ties by Breslow.
        inside: The variables in it, in the order of the candidates.
        outside: The candidates out of it, in their order.
    """

    change: Change
    variable: str
    log_likelihood: float
    inside: tuple[InModel, ...]
    outside: tuple[OutOfModel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepwise:
    """A selection: every step, the first without any variable, the last the model chosen."""

    steps: tuple[Step, ...]
    cautions: tuple[Caution, ...]

    @property
    def last(self) -> Step:
        """The model chosen."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """The candidates that are in, the columns that they have in the data, and their fit."""

    variables: tuple[str, ...]
    columns: tuple[int, ...]
    fit: PartialFit


def forward_stepwise(data: Design, variables: Sequence[Variable], *, where: str) -> Stepwise | None:
    """Choose a model among variables.

    Args:
        data: Times, events and covariates.
        variables: The candidates. The covariates of a variable enter and leave as one, with as
            many degrees of freedom; those that cannot be estimated are not part of it.
        where: How the cautions call the model.

    Returns:
        The selection; None where no covariate can be estimated. It stops, with a caution, before a
        variable without a finite estimate, and where it comes to a model that it had before.
    """
    columns_of = {
        variable.name: tuple(
            data.estimable.index(name) for name in variable.terms if name in data.estimable
        )
        for variable in variables
    }
    candidates = {name: columns for name, columns in columns_of.items() if columns}
    if not candidates:
        return None
    selection = _Selection(data, candidates)
    stopped_at = selection.run()
    found: list[Caution] = []
    if stopped_at:
        (label,) = (variable.label for variable in variables if variable.name == stopped_at)
        found += cautions.selection_stopped(label, len(selection.steps) - 1, where=where)
    tests = sum(len(step.outside) for step in selection.steps)
    found += cautions.selection(tests, len(candidates), where=where)
    return Stepwise(steps=tuple(selection.steps), cautions=tuple(found))


class _Selection:
    """A selection on its way."""

    def __init__(self, data: Design, candidates: Mapping[str, tuple[int, ...]]) -> None:
        self.data = data
        self.values = data.standardised
        self.candidates = candidates
        self.model = self._empty()
        self.steps = [self._step(Change.START, "")]

    def run(self) -> str:
        """Take steps until nothing changes; return the variable that could not be entered."""
        seen = {self.model.variables}
        while True:
            change, variable = Change.REMOVED, self._weakest()
            if not variable:
                change, variable = Change.ENTERED, self._clearest()
            if not variable:
                return ""
            # A variable in the model leaves it, one out of it comes in.
            now = {*self.model.variables} ^ {variable}
            wanted = tuple(name for name in self.candidates if name in now)
            if wanted in seen:
                return ""
            seen.add(wanted)
            fitted = self._fitted(wanted)
            if fitted is None:
                return variable
            self.model = fitted
            self.steps.append(self._step(change, variable))

    def _empty(self) -> _Model:
        null = partial_likelihood(
            self.data.times, self.data.events, self.values[:, :0], np.empty(0)
        ).log_likelihood
        fit = PartialFit(
            coefficients=np.empty(0),
            covariance=np.empty((0, 0)),
            log_likelihood=null,
            log_likelihood_null=null,
        )
        return _Model(variables=(), columns=(), fit=fit)

    def _fitted(self, variables: tuple[str, ...]) -> _Model | None:
        if not variables:
            return self._empty()
        columns = tuple(column for name in variables for column in self.candidates[name])
        fit = breslow(self.data.times, self.data.events, self.values[:, list(columns)])
        if fit is None or np.sqrt(np.diag(fit.covariance)).max() > MAX_STD_ERROR:
            return None
        return _Model(variables=variables, columns=columns, fit=fit)

    def _places(self, variable: str) -> list[int]:
        """Where the columns of a variable of the model stand in its fit."""
        return [self.model.columns.index(column) for column in self.candidates[variable]]

    def _weakest(self) -> str:
        """The variable of the model to be removed; empty for none."""
        p_values = {
            variable: _p_value(
                conditional_ratio(
                    self.data.times,
                    self.data.events,
                    self.values[:, list(self.model.columns)],
                    self.model.fit,
                    self._places(variable),
                ),
                len(self.candidates[variable]),
            )
            for variable in self.model.variables
        }
        weakest = max(p_values, key=lambda name: p_values[name], default="")
        return weakest if weakest and p_values[weakest] > REMOVE_ABOVE else ""

    def _clearest(self) -> str:
        """The variable out of the model to be entered; empty for none."""
        outside = self.steps[-1].outside
        clearest = min(outside, key=lambda out: out.p_value, default=None)
        return clearest.variable if clearest and clearest.p_value < ENTER_BELOW else ""

    def _step(self, change: Change, variable: str) -> Step:
        model = self.model
        return Step(
            change=change,
            variable=variable,
            log_likelihood=model.fit.log_likelihood,
            inside=tuple(self._inside(name) for name in model.variables),
            outside=tuple(
                self._outside(name) for name in self.candidates if name not in model.variables
            ),
        )

    def _inside(self, variable: str) -> InModel:
        fit, places = self.model.fit, self._places(variable)
        own, covariance = fit.coefficients[places], fit.covariance[np.ix_(places, places)]
        wald = float(own @ np.linalg.solve(covariance, own))
        scale: Floats = self.data.scale
        return InModel(
            variable=variable,
            wald=wald,
            df=len(places),
            p_value=_p_value(wald, len(places)),
            terms=tuple(
                wald_term(
                    self.data.estimable[column],
                    float(fit.coefficients[place] / scale[column]),
                    float(np.sqrt(fit.covariance[place, place]) / scale[column]),
                )
                for column, place in zip(self.candidates[variable], places, strict=True)
            ),
        )

    def _outside(self, variable: str) -> OutOfModel:
        own = self.candidates[variable]
        score = score_test(
            self.data.times,
            self.data.events,
            self.values[:, [*self.model.columns, *own]],
            np.concatenate((self.model.fit.coefficients, np.zeros(len(own)))),
        )
        return OutOfModel(
            variable=variable, score=score, df=len(own), p_value=_p_value(score, len(own))
        )


def _p_value(chi_square: float, df: int) -> float:
    return float(chi2.sf(chi_square, df))
