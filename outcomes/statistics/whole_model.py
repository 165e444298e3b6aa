"""What is said of a fitted Cox model as a whole: tests, concordance, and its robust covariance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from lifelines.utils import concordance_index
from scipy.stats import chi2

from outcomes.statistics.exact_ties import exact_likelihood
from outcomes.statistics.likelihood import Ties, partial_likelihood, score_residuals
from outcomes.statistics.score import score_of

if TYPE_CHECKING:
    from outcomes.statistics.design import Design
    from outcomes.statistics.likelihood import PartialFit
    from outcomes.statistics.survival import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTest:
    """A test that no covariate has an effect; `name` says by which principle."""

    name: str
    chi_square: float
    df: int
    p_value: float


def model_tests(data: Design, fit: PartialFit, ties: Ties) -> tuple[ModelTest, ...]:
    """Test all covariates together, as `summary(coxph(...))` of R does in three ways.

    Args:
        data: Times, events and covariates.
        fit: The model, in the covariates' own units.
        ties: How it handles tied events.

    Returns:
        The likelihood ratio, Wald and score tests; they agree unless there is little information.
    """
    none = np.zeros(len(data.estimable))
    if ties is Ties.EXACT:
        start = exact_likelihood(data.times, data.events, data.standardised, none)
    else:
        start = partial_likelihood(data.times, data.events, data.standardised, none, ties=ties)
    # In standard deviations, in which the covariance is well conditioned.
    scaled = fit.coefficients * data.scale
    covariance = fit.covariance * np.outer(data.scale, data.scale)
    found = {
        "likelihood ratio": 2 * (fit.log_likelihood - fit.log_likelihood_null),
        "Wald": float(scaled @ np.linalg.solve(covariance, scaled)),
        "score": score_of(start),
    }
    return tuple(
        ModelTest(
            name=name,
            chi_square=chi_square,
            df=none.size,
            p_value=float(chi2.sf(chi_square, none.size)),
        )
        for name, chi_square in found.items()
    )


def concordance(data: Design, fit: PartialFit) -> float | None:
    """Return the share of pairs in which who has the event first has the higher predicted hazard.

    Harrell's C as `concordance(coxph(...))` of R: of the pairs whose order is known, those that
    agree, and half of those with the same prediction. None where the order of no pair is known.
    """
    # Added up row by row, so that patients with the same covariates have the same prediction.
    predictor = (data.values * fit.coefficients).sum(axis=1)
    try:
        return float(concordance_index(data.times, -predictor, data.events))
    except ZeroDivisionError:
        return None


def robust_covariance(data: Design, fit: PartialFit, ties: Ties) -> Floats:
    """Compute the covariance that holds even where the model is not right.

    Lin and Wei, J Am Stat Assoc 1989;84:1074-1078 (cited from memory): with each patient's part U
    of the gradient and the model's covariance V it is V U'U V, as `coxph(..., cluster = id)` of R
    gives it. lifelines and greenwood take the parts without Efron's ties, which is off by up to
    2e-3.

    Args:
        data: Times, events and covariates.
        fit: The model, in the covariates' own units.
        ties: `EFRON` or `BRESLOW`.
    """
    centred = data.values - data.values.mean(axis=0)
    parts = score_residuals(data.times, data.events, centred, fit.coefficients, ties=ties)
    influence = parts @ fit.covariance
    covariance: Floats = influence.T @ influence
    return covariance
