"""The kinds of cell that can be audited, by the name in the column `test`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outcomes.audit import coefficients, counts, kaplan_meier, means, statements
from outcomes.audit.logrank import judge_logrank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fusion_caller.tables import Table
    from outcomes.audit.judgement import Computed, Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of cell: either a number to be computed, or judged in a way of its own.

    Attributes:
        meaning: What is printed, and from what it follows.
        example: Inputs, as they are written.
        prints: A cell that they give.
        compute: From the inputs to the number.
        either_sign: Whether the printed sign says only which group came first.
        judge: From the inputs, the printed text and the cohort to a judgement.
    """

    meaning: str
    example: str
    prints: str
    compute: Callable[[str], Computed] | None = None
    either_sign: bool = False
    judge: Callable[[str, str, Table | None], Judgement] | None = None


def _number(compute: Callable[[str], Computed], meaning: str, example: str, prints: str) -> Kind:
    return Kind(meaning=meaning, example=example, prints=prints, compute=compute)


def _text(judge: Callable[[str, str], Judgement], meaning: str, example: str, prints: str) -> Kind:
    return Kind(
        meaning=meaning,
        example=example,
        prints=prints,
        judge=lambda inputs, printed, _: judge(inputs, printed),
    )


_MEANS = "mean=153.49; sem=37.37; n=18 vs mean=147.57; sem=29.82; n=30"
KINDS: Mapping[str, Kind] = {
    "percent": _number(counts.percent, "count in percent of its total", "18/48", "37.50%"),
    "ratio": _number(counts.ratio, "one count by another", "28:20", "1.40:1"),
    "sum": _number(counts.total_of, "sum, difference, product", "24+13+5+6x1", "48"),
    "fisher": _number(
        counts.fisher_p, "p of the exact test on counts by level", "11/7 vs 17/13", ">0.9999"
    ),
    "welch_t": Kind(
        meaning="Welch's t, of either sign, from means, sem or sd, n",
        example=_MEANS,
        prints="0.1239",
        compute=means.welch_t,
        either_sign=True,
    ),
    "welch_df": _number(means.welch_df, "its degrees of freedom", _MEANS, "36.80"),
    "welch_p": _number(means.welch_p, "its p, two-sided", _MEANS, "0.9021"),
    "pooled_mean": _number(means.pooled_mean, "mean of all groups", _MEANS, "149.79"),
    "pooled_sem": _number(means.pooled_sem, "its standard error", _MEANS, "23.08"),
    "pooled_sd": _number(means.pooled_sd, "standard deviation of all", _MEANS, "159.88"),
    "cox_wald": _number(coefficients.cox_wald, "(B / SE) squared", "b=1.218; se=0.500", "5.931"),
    "cox_hr": _number(
        coefficients.cox_hr, "exp(B), or the middle of lower=; upper=", "b=1.218", "3.380"
    ),
    "cox_ci_lower": _number(
        coefficients.cox_ci_lower, "lower 95% limit of exp(B)", "b=1.218; se=0.500", "1.268"
    ),
    "cox_ci_upper": _number(
        coefficients.cox_ci_upper, "upper 95% limit of exp(B)", "b=1.218; se=0.500", "9.008"
    ),
    "cox_p": _number(
        coefficients.cox_p,
        "p of wald=, of b=; se=, or of hr=; lower=; upper=",
        "wald=5.931",
        "0.015",
    ),
    "chi2_p": _number(coefficients.chi2_p, "p of a chi-square", "chi2=1.256; df=1", "0.262"),
    "km": _text(
        kaplan_meier.judge_km,
        "Kaplan-Meier estimate ± Greenwood's standard error in percent (or unit=fraction)",
        "n=12",
        "50.00±14.43",
    ),
    "km_added": _text(
        kaplan_meier.judge_km_added,
        "the estimate with patients added who fail before anybody else leaves",
        "survival=40.84; se=9.16; n=37; added=4",
        "36.86±8.48",
    ),
    "logrank": Kind(
        meaning="log-rank p, from a cohort; km= adds both estimates, only=COLUMN:VALUE chooses",
        example="time=time_m; event=event; by=infant:1; only=in_37:1",
        prints="0.9974",
        judge=judge_logrank,
    ),
    "same": _text(statements.judge_same, "the same thing at another place", "60.2", "60.2"),
    "distinct": _text(
        statements.judge_distinct, "the row of another covariate", "0.8; 0.3; 7.1", "0.9; 0.4; 5.1"
    ),
    "direction": _text(
        statements.judge_direction, "hazard ratio against survival", "16.7 vs 49.6", "4.33"
    ),
}
