"""Cox's model with Firth's penalty: it has estimates where separation leaves others none."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from outcomes import cautions
from outcomes.statistics.cox import ratio
from outcomes.statistics.likelihood import partial_likelihood

if TYPE_CHECKING:
    from firthmodels import FirthCoxPH

    from outcomes.cautions import Caution
    from outcomes.statistics.design import Design

# On the gradient and the step. The first pair brings the fit to within 1e-7 of `coxphf` of R, whose
# own fit stops at about 1e-8; where rounding of the likelihood keeps it from ending there, the
# second, the library's own, is within 1e-6.
TOLERANCES = ((1e-6, 1e-7), (1e-4, 1e-6))
PROFILE_TOLERANCE = 1e-8
MAX_ITERATIONS = 500
MAX_HALVINGS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class FirthTerm:
    """One covariate of a penalised model; all but the name are None where it has no estimate.

    `std_error` is that of the coefficient. The hazard ratio of one unit has its 95% profile
    likelihood interval, a limit None where none was found; `p_value` is that of the penalised
    likelihood ratio test, as `coxphf` of R gives them.
    """

    name: str
    coefficient: float | None = None
    std_error: float | None = None
    hazard_ratio: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    p_value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirthModel:
    """A penalised model, its terms in the order of the covariates; ties are Breslow's.

    Log-likelihoods are penalised: without an effect of any covariate, and of the model.
    """

    terms: tuple[FirthTerm, ...]
    log_likelihood_null: float | None
    log_likelihood: float | None
    cautions: tuple[Caution, ...]


def firth(data: Design, *, where: str) -> FirthModel:
    """Fit as `coxphf(Surv(times, events) ~ covariates)` of R.

    Heinze and Schemper, Biometrics 2001;57:114-119.

    Args:
        data: Times, events and covariates.
        where: How the cautions call the model.

    Returns:
        The model. Covariates that the data cannot inform have an empty term; all have, with a
        caution, where the fit does not converge.
    """
    terms = {name: FirthTerm(name=name) for name in data.covariates}
    fitted = _fit(data) if data.estimable else None
    if fitted is None:
        found = (
            cautions.no_convergence(data.n_events, len(data.estimable), where=where)
            if data.estimable
            else ()
        )
        return FirthModel(
            terms=tuple(terms.values()),
            log_likelihood_null=None,
            log_likelihood=None,
            cautions=found,
        )
    for number, (name, scale) in enumerate(zip(data.estimable, data.scale.tolist(), strict=True)):
        coefficient = float(fitted.coef_[number]) / scale
        lower, upper = (
            None if limit is None else ratio(limit / scale) for limit in _profile(fitted, number)
        )
        terms[name] = FirthTerm(
            name=name,
            coefficient=coefficient,
            std_error=float(fitted.bse_[number]) / scale,
            hazard_ratio=ratio(coefficient),
            ci_lower=lower,
            ci_upper=upper,
            p_value=_finite(fitted.lrt_pvalues_[number]),
        )
    return FirthModel(
        terms=tuple(terms.values()),
        log_likelihood_null=_penalised_null(data),
        log_likelihood=float(fitted.loglik_),
        cautions=(),
    )


def _penalised_null(data: Design) -> float:
    """Half the logarithm of the information's determinant is Firth's penalty."""
    none = np.zeros(len(data.estimable))
    null = partial_likelihood(data.times, data.events, data.standardised, none)
    return null.log_likelihood + float(np.linalg.slogdet(null.information)[1]) / 2


def _fit(data: Design) -> FirthCoxPH | None:
    from firthmodels import FirthCoxPH

    for gradient, step in TOLERANCES:
        fitted = FirthCoxPH(
            backend="numpy",
            max_iter=MAX_ITERATIONS,
            max_halfstep=MAX_HALVINGS,
            gtol=gradient,
            xtol=step,
        )
        with warnings.catch_warnings():
            # What does not converge says so in its values as well.
            warnings.simplefilter("ignore")
            try:
                fitted.fit(data.standardised, (data.events.astype(bool), data.times))
                fitted.lrt()
            except np.linalg.LinAlgError:
                return None
        if fitted.converged_ and np.isfinite([*fitted.bse_, *fitted.lrt_pvalues_]).all():
            return fitted
    return None


def _profile(fitted: FirthCoxPH, number: int) -> tuple[float | None, float | None]:
    """Find the profile likelihood interval of one coefficient, None for a limit not found."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = fitted.conf_int(
                method="pl", features=number, max_iter=MAX_ITERATIONS, tol=PROFILE_TOLERANCE
            )
        except np.linalg.LinAlgError:
            return None, None
    lower, upper = found[number].tolist()
    return _finite(lower), _finite(upper)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
