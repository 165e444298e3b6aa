"""Cells of a Cox model's row, and p values of a chi-square.

Coefficients, standard errors, hazard ratios, limits and statistics are rounded; degrees of freedom
are exact. Confidence limits are those of 95%.
"""

from __future__ import annotations

import math

from scipy.special import chdtrc

from fusion_caller.errors import BadValueError
from outcomes.audit.cells import fields_of, whole
from outcomes.audit.intervals import Interval, exactly, number_and_half_unit, rounded
from outcomes.audit.judgement import Computed

# Programs multiply by the quantile, hand calculations by 1.96 (from memory): both pass.
_Z = Interval(1.959963984540054, 1.96)
_Z_QUANTILE = exactly(_Z.low)


def cox_wald(inputs: str) -> Computed:
    """`b=..; se=..`: the Wald statistic (B / SE)^2.

    Raises:
        BadValueError: If the inputs are not that.
    """
    b, se = _b_se(inputs)
    value = (_value(inputs, "b") / _value(inputs, "se")) ** 2
    return Computed(value=value, possible=b.absolute().over(se).squared())


def cox_hr(inputs: str) -> Computed:
    """`b=..`: the hazard ratio exp(B); `lower=..; upper=..`: the middle of the interval, in logs.

    Raises:
        BadValueError: If the inputs are not that.
    """
    found = fields_of(inputs, required=(), optional=("b", "lower", "upper"))
    if found.keys() == {"b"}:
        return Computed(
            value=_exactly_of(found["b"]).exponential().low,
            possible=rounded(found["b"]).exponential(),
        )
    if found.keys() != {"lower", "upper"}:
        raise BadValueError(f"expected either 'b=...' or 'lower=...; upper=...', found '{inputs}'")
    lower, upper = _positive(found["lower"]), _positive(found["upper"])
    product = _exactly_of(found["lower"]) * _exactly_of(found["upper"])
    return Computed(value=product.root().low, possible=(lower * upper).root())


def cox_ci_lower(inputs: str) -> Computed:
    """`b=..; se=..`: the lower 95% limit exp(B - 1.96 SE) of the hazard ratio.

    Raises:
        BadValueError: If the inputs are not that.
    """
    b, se = _b_se(inputs)
    value = exactly(_value(inputs, "b") - _Z.low * _value(inputs, "se")).exponential().low
    return Computed(value=value, possible=(b - se * _Z).exponential())


def cox_ci_upper(inputs: str) -> Computed:
    """`b=..; se=..`: the upper 95% limit exp(B + 1.96 SE) of the hazard ratio.

    Raises:
        BadValueError: If the inputs are not that.
    """
    b, se = _b_se(inputs)
    value = exactly(_value(inputs, "b") + _Z.low * _value(inputs, "se")).exponential().low
    return Computed(value=value, possible=(b + se * _Z).exponential())


def cox_p(inputs: str) -> Computed:
    """`wald=..`, or `b=..; se=..`, or `hr=..; lower=..; upper=..`: the p value of Wald's test.

    Of a hazard ratio and its 95% interval: z = log(HR) / (log(upper / lower) / (2 * 1.96)).

    Raises:
        BadValueError: If the inputs are not that.
    """
    names = ("wald", "b", "se", "hr", "lower", "upper")
    found = fields_of(inputs, required=(), optional=names)
    if found.keys() == {"wald"}:
        return chi2_p(f"chi2={found['wald']}; df=1")
    if found.keys() == {"b", "se"}:
        wald = cox_wald(inputs)
        return _from_chi2(wald.value, wald.possible, 1)
    if found.keys() != {"hr", "lower", "upper"}:
        raise BadValueError(
            f"expected 'wald=...' or 'b=...; se=...' or 'hr=...; lower=...; upper=...', "
            f"found '{inputs}'"
        )
    hr, lower, upper = (_exactly_of(found[name]) for name in ("hr", "lower", "upper"))
    if not (0 < lower.low < upper.low and hr.low > 0):
        raise BadValueError(f"expected 0 < lower < upper and a ratio above 0, found '{inputs}'")
    value = _squared_z(hr, lower, upper, _Z_QUANTILE).low
    hr, lower, upper = (_positive(found[name]) for name in ("hr", "lower", "upper"))
    return _from_chi2(value, _squared_z(hr, lower, upper, _Z), 1)


def chi2_p(inputs: str) -> Computed:
    """`chi2=..; df=..`: the p value of a chi-square, as of a score, Wald or log-rank statistic.

    Raises:
        BadValueError: If the inputs are not that.
    """
    found = fields_of(inputs, required=("chi2", "df"))
    value = float(number_and_half_unit(found["chi2"])[0])
    if value < 0:
        raise BadValueError(f"expected a statistic that is not negative, found '{found['chi2']}'")
    return _from_chi2(value, rounded(found["chi2"]).at_least_zero(), whole(found["df"], least=1))


def _b_se(inputs: str) -> tuple[Interval, Interval]:
    found = fields_of(inputs, required=("b", "se"))
    if number_and_half_unit(found["se"])[0] <= 0:
        raise BadValueError(f"expected a standard error above 0, found '{found['se']}'")
    return rounded(found["b"]), rounded(found["se"]).at_least_zero()


def _value(inputs: str, name: str) -> float:
    return float(number_and_half_unit(fields_of(inputs, required=("b", "se"))[name])[0])


def _exactly_of(text: str) -> Interval:
    return exactly(float(number_and_half_unit(text)[0]))


def _positive(text: str) -> Interval:
    """What a printed ratio stands for; `0.00` is some ratio above 0."""
    found = rounded(text)
    if found.high <= 0:
        raise BadValueError(f"expected a ratio above 0, found '{text}'")
    return found.at_least_zero()


def _squared_z(hr: Interval, lower: Interval, upper: Interval, z: Interval) -> Interval:
    width = (_log(upper) - _log(lower)).at_least_zero()
    return (_log(hr).absolute() * exactly(2.0) * z).over(width).squared()


def _log(interval: Interval) -> Interval:
    low = math.log(interval.low) if interval.low > 0 else -math.inf
    return Interval(low, math.log(interval.high))


def _from_chi2(value: float, possible: Interval, df: int) -> Computed:
    return Computed(
        value=float(chdtrc(df, value)),
        possible=Interval(float(chdtrc(df, possible.high)), float(chdtrc(df, possible.low))),
    )
