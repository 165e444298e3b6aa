"""Cox's model with Breslow's ties, and the test of its assumption; both by greenwood.

Beside `by_greenwood` no other module imports greenwood, whose version is pinned exactly: it is
young, and its interface has moved.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from outcomes.statistics.likelihood import PartialFit, Ties

if TYPE_CHECKING:
    from greenwood import CoxPH

    from outcomes.statistics.design import Design
    from outcomes.statistics.survival import Counts, Floats

GLOBAL = "global"
"""The name of the test of all covariates together."""
Scale = Literal["km", "rank", "identity", "log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionalityTest:
    """Whether the log hazard ratio of a covariate, or of any (`global`), changes with time."""

    name: str
    chi_square: float
    df: int
    p_value: float


def breslow(times: Floats, events: Counts, values: Floats) -> PartialFit | None:
    """Fit as `coxph(Surv(times, events) ~ values, ties = "breslow")` of R, and as SPSS does.

    Args:
        times: One a patient.
        events: 1 or 0, at least one of them 1.
        values: Patients by covariates, standardised.

    Returns:
        The fit; None where the likelihood has no maximum that can be found.
    """
    fitted = _fit(times, events, values, ties="breslow")
    if fitted is None:
        return None
    return PartialFit(
        coefficients=fitted.coef_,
        covariance=fitted.vcov_,
        log_likelihood=float(fitted.loglik_),
        log_likelihood_null=float(fitted.loglik_null_),
    )


def zph_ties(ties: Ties) -> Ties:
    """Return the ties of the test of proportional hazards, which has no exact ones."""
    return Ties.EFRON if ties is Ties.EXACT else ties


def proportionality(
    data: Design, *, scale: Scale = "km", ties: Ties = Ties.EFRON
) -> tuple[ProportionalityTest, ...]:
    """Test proportional hazards as `cox.zph(coxph(..., ties = ties), transform = scale)` of R.

    It is the score test of a coefficient that changes with time on the scale given, by Grambsch and
    Therneau (Biometrika 1994;81:515-526) as survival 3 of R computes it.

    Args:
        data: Times, events and covariates.
        scale: What the coefficients may change with: 1 minus the Kaplan-Meier estimate, the rank of
            the time, the time itself or its logarithm.
        ties: Efron's or Breslow's; R has no such test with exact ties.

    Returns:
        A test for each estimable covariate and the global one last; nothing where the model of all
        of them cannot be fitted.
    """
    if not data.estimable:
        return ()
    fitted = _fit(data.times, data.events, data.standardised, ties=str(ties))
    if fitted is None:
        return ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            found = fitted.cox_zph(transform=scale)
        except np.linalg.LinAlgError:
            return ()
    tests = zip(
        (*data.estimable, GLOBAL), (*found.per_term.values(), found.global_test), strict=True
    )
    made = tuple(
        ProportionalityTest(
            name=name,
            chi_square=float(test["chisq"]),
            df=int(test["df"]),
            p_value=float(test["p_value"]),
        )
        for name, test in tests
    )
    # With next to no information, as after separation, rounding decides and may come out negative.
    sound = all(np.isfinite(test.chi_square) and test.chi_square >= 0 for test in made)
    return made if sound else ()


def _fit(times: Floats, events: Counts, values: Floats, *, ties: str) -> CoxPH | None:
    import greenwood

    with warnings.catch_warnings():
        # Without a maximum the coefficients overflow on their way; that is judged below.
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            fitted = greenwood.CoxPH(ties=ties).fit(
                greenwood.Surv(times, event=events.astype(bool)), values
            )
        except np.linalg.LinAlgError:
            return None
    sound = np.isfinite(fitted.coef_).all() and np.isfinite(fitted.std_error_).all()
    return fitted if sound else None
