"""Strata: the patients of an endpoint by the levels of a factor, with their survival."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from outcomes import cautions
from outcomes.cautions import Caution, Kind
from outcomes.clinical.dictionary import ASSESSED_DAYS, DAYS_PER_MONTH, day_of
from outcomes.compared import compared, few_events
from outcomes.endpoints import Origin
from outcomes.factors import ALL
from outcomes.statistics.hazard_ratios import hazard_ratios
from outcomes.statistics.intervals import Interval
from outcomes.statistics.restricted_mean import MEAN_COLUMNS, mean_cells
from outcomes.statistics.survival import kaplan_meier, logrank, median_follow_up, no_test
from outcomes.statistics.trend import logrank_trend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from outcomes.endpoints import EndpointData
    from outcomes.factors import Factor
    from outcomes.statistics.hazard_ratios import HazardRatio
    from outcomes.statistics.multiplicity import Adjusted
    from outcomes.statistics.survival import KaplanMeier, LogRank

UNIVARIATE_COLUMNS = (
    "endpoint",
    "variable",
    "label",
    "level",
    "n",
    "missing",
    "events",
    "horizon_months",
    "survival",
    "std_error",
    "ci_lower",
    "ci_upper",
    "ci_type",
    "n_at_risk",
    "median_months",
    "median_ci_lower",
    "median_ci_upper",
    *MEAN_COLUMNS,
    "test",
    "chi_square",
    "df",
    "p_value",
    "p_holm",
    "p_benjamini_hochberg",
    "hazard_ratio",
    "hr_ci_lower",
    "hr_ci_upper",
    "hr_p_value",
    "hr_method",
    "peto_peto_chi_square",
    "peto_peto_p_value",
    "trend_chi_square",
    "trend_p_value",
    "note",
)
CURVE_COLUMNS = (
    "endpoint",
    "variable",
    "level",
    "time_months",
    "n_at_risk",
    "n_events",
    "n_censored",
    "survival",
    "std_error",
    "ci_lower",
    "ci_upper",
    "ci_type",
)
NO_LEVEL = no_test("no patient has a level")
FEWEST_FOR_TREND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """The patients at one level; `curve` is None where there are none."""

    level: str
    curve: KaplanMeier | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strata:
    """Survival by the levels of a factor, or of everybody.

    Attributes:
        endpoint: Name of the endpoint.
        endpoint_label: Its name for people.
        variable: Name of the factor, `all` for everybody.
        label: Its name for people.
        strata: One for each level that somebody has, in the factor's order.
        test: The log-rank test between the levels; None for everybody.
        hazards: The hazard ratio of each level against the first; none for everybody.
        peto_peto: Peto and Peto's test of the same; None for everybody.
        trend: The log-rank test for a trend over the levels; None unless the factor has three
            levels or more in an order.
        entered: Patients of the endpoint.
        left_before_landmark: Those with an event or censored by the landmark.
        without_level: Those of the rest whose level is missing or not compared.
        landmark_months: The landmark, None for an analysis from the endpoint's origin.
        origin: From when the endpoint's time counts.
        note: What is to be known beside the figures, one sentence or none.
        cautions: Warnings.
    """

    endpoint: str
    endpoint_label: str
    variable: str
    label: str
    strata: tuple[Stratum, ...]
    test: LogRank | None
    hazards: tuple[HazardRatio, ...]
    peto_peto: LogRank | None = None
    trend: LogRank | None = None
    entered: int
    left_before_landmark: int
    without_level: int
    landmark_months: float | None
    origin: Origin
    note: str
    cautions: tuple[Caution, ...]

    @property
    def n(self) -> int:
        """The number of patients compared."""
        return sum(stratum.curve.n for stratum in self.strata if stratum.curve)

    @property
    def events(self) -> int:
        """The number of events among them."""
        return sum(stratum.curve.events for stratum in self.strata if stratum.curve)


def everybody(derived: EndpointData, interval: Interval = Interval.LOG_LOG) -> Strata:
    """Estimate the survival of all patients of an endpoint."""
    times = derived.data
    curve = _curve(times, interval)
    follow_up = None if curve is None else median_follow_up(times["time_months"], times["event"])
    return Strata(
        endpoint=derived.endpoint.name,
        endpoint_label=derived.endpoint.label,
        variable=ALL,
        label="All patients",
        strata=(Stratum(level=ALL, curve=curve),),
        test=None,
        hazards=(),
        entered=len(times),
        left_before_landmark=0,
        without_level=0,
        landmark_months=None,
        origin=derived.endpoint.origin,
        note=""
        if follow_up is None
        else f"median follow-up {follow_up:.1f} months (reverse Kaplan-Meier)",
        cautions=(),
    )


def stratify(
    derived: EndpointData,
    data: pd.DataFrame,
    factor: Factor,
    interval: Interval = Interval.LOG_LOG,
) -> Strata:
    """Estimate survival at each level of a factor, and test the difference by log-rank.

    Args:
        derived: The endpoint's times and events.
        data: The cohort's data with the factor's columns; the same index.
        factor: The factor.
        interval: The scale of the confidence intervals.
    """
    found = compared(derived.data, data, factor)
    times, groups = found.rows, found.groups
    strata = tuple(
        Stratum(level=level, curve=_curve(times[groups == level], interval))
        for level in found.levels
    )
    test = peto_peto = NO_LEVEL
    if len(times):
        test = logrank(times["time_months"], times["event"], groups)
        peto_peto = logrank(times["time_months"], times["event"], groups, rho=1)
    trend = _trend(times, groups, factor, found.levels)
    notes = [test.reason] if test.reason else []
    if trend and trend.reason and not test.reason:
        notes.append(f"no test for a trend: {trend.reason}")
    if factor.landmark_months is not None:
        left, origin = found.left_before_landmark, derived.endpoint.origin
        notes.insert(0, landmark_note(factor.landmark_months, left, origin))
    return Strata(
        endpoint=derived.endpoint.name,
        endpoint_label=derived.endpoint.label,
        variable=factor.name,
        label=factor.label,
        strata=strata,
        test=test,
        hazards=hazard_ratios(times["time_months"], times["event"], groups.tolist(), found.levels),
        peto_peto=peto_peto,
        trend=trend,
        entered=len(derived.data),
        left_before_landmark=found.left_before_landmark,
        without_level=found.without_level,
        landmark_months=factor.landmark_months,
        origin=derived.endpoint.origin,
        note="; ".join(notes),
        cautions=few_events(
            ((s.level, s.curve.events, s.curve.n) for s in strata if s.curve),
            where=f"{derived.endpoint.label}, {factor.label}",
            endpoint=derived.endpoint.name,
            variable=factor.name,
        ),
    )


def _trend(
    times: pd.DataFrame, groups: pd.Series[Any], factor: Factor, present: Sequence[str]
) -> LogRank | None:
    """Test for a trend where the levels have an order; of two it would be the log-rank test."""
    if not factor.ordered or len(factor.levels) < FEWEST_FOR_TREND:
        return None
    if len(present) < FEWEST_FOR_TREND:
        return no_test("fewer than three levels have patients")
    return logrank_trend(times["time_months"], times["event"], groups, factor.levels)


def landmark_note(landmark_months: float, left: int, origin: Origin = Origin.DIAGNOSIS) -> str:
    """Say in a note that an analysis has a landmark, and how many left before it."""
    day = day_of(landmark_months)
    counts = {
        Origin.DIAGNOSIS: "time still counts from diagnosis",
        Origin.REMISSION: f"time counts from complete remission or day {day}, the later of both",
    }
    return f"from the landmark on day {day}; {left} left out; {counts[origin]}"


def known_late(
    factors: Iterable[Factor],
    landmark_months: float | None = None,
    *,
    where: str,
    derived: EndpointData | None = None,
) -> tuple[Caution, ...]:
    """Warn of factors that are known only after the time from which they are analysed.

    Args:
        factors: The factors of one table or model.
        landmark_months: A landmark of the model; without it, each factor's own holds.
        where: The table or model.
        derived: The endpoint, if its time may count from elsewhere than diagnosis.
    """
    start = derived.earliest_start_months if derived else 0.0
    origin = derived.endpoint.origin if derived else Origin.DIAGNOSIS
    days = {
        factor.label: day
        for factor in factors
        for day in [max((ASSESSED_DAYS.get(column, 0) for column in factor.columns), default=0)]
        # A day's slack, since landmarks are written in rounded months.
        if day > max(landmark_months or factor.landmark_months or 0, start) * DAYS_PER_MONTH + 1
    }
    if not days:
        return ()
    listed = "; ".join(
        label if f"day {day}" in label else f"{label} (day {day})" for label, day in days.items()
    )
    return (
        Caution(
            kind=Kind.IMMORTAL_TIME,
            where=where,
            caution=f"assessed after {origin} but analysed from {origin}: {listed}. Whoever has "
            "a level survived until then (immortal time), and survival is too high; a landmark on "
            "that day mends it",
            figure=max(days.values()),
        ),
    )


def _curve(times: pd.DataFrame, interval: Interval) -> KaplanMeier | None:
    if times.empty:
        return None
    return kaplan_meier(times["time_months"], times["event"], interval=interval)


def univariate_rows(
    strata: Strata, *, horizon_months: float, adjusted: Adjusted | None
) -> Iterator[dict[str, object]]:
    """Yield a row with `UNIVARIATE_COLUMNS` for each level, the test repeated in each."""
    curves = {stratum.level: stratum.curve for stratum in strata.strata if stratum.curve}
    means = mean_cells(curves, horizon_months)
    hazards = {hazard.level: hazard for hazard in strata.hazards}
    for stratum in strata.strata:
        row: dict[str, object] = dict.fromkeys(UNIVARIATE_COLUMNS)
        row.update(
            endpoint=strata.endpoint,
            variable=strata.variable,
            label=strata.label,
            level=stratum.level,
            n=0,
            missing=strata.without_level,
            events=0,
            horizon_months=horizon_months,
            test="log-rank" if strata.test else "",
            **_hazard_cells(hazards.get(stratum.level)),
        )
        if strata.test:
            row.update(
                chi_square=strata.test.chi_square, df=strata.test.df, p_value=strata.test.p_value
            )
        if strata.peto_peto:
            row.update(
                peto_peto_chi_square=strata.peto_peto.chi_square,
                peto_peto_p_value=strata.peto_peto.p_value,
            )
        if strata.trend:
            row.update(trend_chi_square=strata.trend.chi_square, trend_p_value=strata.trend.p_value)
        if adjusted:
            row.update(p_holm=adjusted.holm, p_benjamini_hochberg=adjusted.benjamini_hochberg)
        notes = [strata.note] if strata.note else []
        if stratum.curve:
            estimate = stratum.curve.at(horizon_months)
            median_ci_lower, median_ci_upper = stratum.curve.median_limits
            row.update(
                n=stratum.curve.n,
                events=stratum.curve.events,
                survival=estimate.survival,
                std_error=none_for_nan(estimate.std_error),
                ci_lower=none_for_nan(estimate.ci_lower),
                ci_upper=none_for_nan(estimate.ci_upper),
                ci_type=str(stratum.curve.interval),
                n_at_risk=estimate.n_at_risk,
                median_months=stratum.curve.median,
                median_ci_lower=median_ci_lower,
                median_ci_upper=median_ci_upper,
                **means.get(stratum.level, {}),
            )
            # Few at risk stands in its own column; a curve that ends before the horizon does not.
            notes += [
                caution.caution
                for caution in horizon_cautions(strata, stratum, horizon_months)
                if caution.figure == 0
            ]
            # Where nobody compared has an event, the test says so.
            if estimate.survival == 1 and (strata.events or not strata.test):
                by_then = f" by {horizon_months:g} months" if stratum.curve.events else ""
                notes.append(f"no event{by_then}")
        row["note"] = "; ".join(notes)
        yield row


def _hazard_cells(hazard: HazardRatio | None) -> dict[str, object]:
    if hazard is None:
        return {"hr_method": "not estimated: all patients are one group"}
    return {
        "hazard_ratio": hazard.hazard_ratio,
        "hr_ci_lower": hazard.ci_lower,
        "hr_ci_upper": hazard.ci_upper,
        "hr_p_value": hazard.p_value,
        "hr_method": hazard.method,
    }


def horizon_cautions(
    strata: Strata, stratum: Stratum, horizon_months: float
) -> tuple[Caution, ...]:
    """Warn of an estimate at the horizon that rests on few patients, or on none."""
    if stratum.curve is None:
        return ()
    group = "all patients" if strata.test is None else f"{strata.label}, {stratum.level}"
    return cautions.concerning(
        cautions.few_at_risk(
            stratum.curve.at(horizon_months).n_at_risk,
            horizon_months=horizon_months,
            where=f"{strata.endpoint_label}, {group}",
            last_time_months=stratum.curve.last_time,
            ended=bool(stratum.curve.survival[-1] == 0),
        ),
        endpoint=strata.endpoint,
        variable=strata.variable,
    )


def curve_rows(strata: Strata) -> Iterator[dict[str, object]]:
    """Yield a row with `CURVE_COLUMNS` for each observed time of each level."""
    for stratum in strata.strata:
        curve = stratum.curve
        if curve is None:
            continue
        for step in range(curve.time.size):
            yield {
                "endpoint": strata.endpoint,
                "variable": strata.variable,
                "level": stratum.level,
                "time_months": float(curve.time[step]),
                "n_at_risk": int(curve.n_at_risk[step]),
                "n_events": int(curve.n_events[step]),
                "n_censored": int(curve.n_censored[step]),
                "survival": float(curve.survival[step]),
                "std_error": none_for_nan(float(curve.std_error[step])),
                "ci_lower": none_for_nan(float(curve.ci_lower[step])),
                "ci_upper": none_for_nan(float(curve.ci_upper[step])),
                "ci_type": str(curve.interval),
            }


def none_for_nan(value: float) -> float | None:
    """Turn the NaN of a curve at 0 or 1 into an empty cell."""
    return None if math.isnan(value) else value
