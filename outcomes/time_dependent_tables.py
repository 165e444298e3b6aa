"""Exposures that come later, as rows of tables and as the content of `models.json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from outcomes import cautions
from outcomes.flow import Analysed, flow_row
from outcomes.strata import none_for_nan
from outcomes.time_dependent import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcomes.statistics.simon_makuch import LateEntryCurve
    from outcomes.time_dependent import TimeDependent

NOT_YET, AFTER = "not_yet", "after"
TIME_DEPENDENT_COLUMNS = (
    "endpoint",
    "endpoint_label",
    "exposure",
    "label",
    "done",
    "n",
    "group",
    "group_label",
    "patients",
    "events",
    "person_months",
    "events_per_100_person_years",
    "median_exposure_months",
    "exposed_too_late",
    "exposed_after_relapse",
    "horizon_months",
    "curve_from_months",
    "survival",
    "std_error",
    "ci_lower",
    "ci_upper",
    "ci_type",
    "n_at_risk",
    "test",
    "chi_square",
    "df",
    "p_value",
    "reference",
    "hazard_ratio",
    "hazard_ci_lower",
    "hazard_ci_upper",
    "hazard_p_value",
    "adjusted_for",
    "adjusted_n",
    "adjusted_events",
    "adjusted_hazard_ratio",
    "adjusted_ci_lower",
    "adjusted_ci_upper",
    "adjusted_p_value",
    "naive_hazard_ratio",
    "naive_ci_lower",
    "naive_ci_upper",
    "note",
)
TIME_DEPENDENT_CURVE_COLUMNS = (
    "endpoint",
    "exposure",
    "group",
    "curve_from_months",
    "time_months",
    "n_entered",
    "n_at_risk",
    "n_events",
    "n_censored",
    "n_switched",
    "survival",
    "std_error",
    "ci_lower",
    "ci_upper",
    "ci_type",
)
MONTHS_PER_100_YEARS = 1200


def time_dependent_rows(
    found: TimeDependent, *, horizon_months: float
) -> Iterator[dict[str, object]]:
    """Yield a row with `TIME_DEPENDENT_COLUMNS` for the time before and after the exposure.

    The test stands in both; hazard ratios, of the time after against the time before, in the
    second.
    """
    exposure = found.exposure
    of_all = list(_common_notes(found))
    groups = (
        (NOT_YET, exposure.not_yet, ~found.rows.exposed, found.curves.unexposed),
        (AFTER, exposure.after, found.rows.exposed, found.curves.exposed),
    )
    for group, label, members, curve in groups:
        row: dict[str, object] = dict.fromkeys(TIME_DEPENDENT_COLUMNS)
        months = float((found.rows.stop - found.rows.start)[members].sum())
        events = int(found.rows.event[members].sum())
        row.update(
            endpoint=found.endpoint,
            endpoint_label=found.endpoint_label,
            exposure=exposure.name,
            label=exposure.label,
            done=exposure.done,
            n=found.n,
            group=group,
            group_label=label,
            patients=int(np.unique(found.rows.patient[members]).size),
            events=events,
            person_months=months,
            events_per_100_person_years=MONTHS_PER_100_YEARS * events / months if months else None,
            median_exposure_months=float(np.median(found.waits)) if found.waits else None,
            exposed_too_late=found.rows.exposed_too_late,
            exposed_after_relapse=found.after_relapse,
            horizon_months=horizon_months,
            test="Mantel-Byar",
            chi_square=found.test.chi_square,
            df=found.test.df,
            p_value=found.test.p_value,
            reference=NOT_YET,
        )
        notes = [*of_all, *_read_curve(row, curve, found, horizon_months, label)]
        if group == AFTER:
            notes += _put_ratios(row, found)
        row["note"] = "; ".join(notes)
        yield row


def _common_notes(found: TimeDependent) -> Iterator[str]:
    if found.test.reason:
        yield f"no test and no hazard ratio: {found.test.reason}"
    if found.rows.no_time:
        yield f"{found.rows.no_time} left out whose time is 0"
    if found.landmark_months is not None:
        yield (
            f"curves from the landmark at {found.landmark_months:g} months, without "
            f"{found.left_before_landmark} whose time ended by then; all else from {found.origin}"
        )


def _read_curve(
    row: dict[str, object],
    curve: LateEntryCurve | None,
    found: TimeDependent,
    horizon: float,
    label: str,
) -> Iterator[str]:
    """Put the estimate at the horizon into a row; yield what is to be said of it."""
    if curve is None:
        yield f"no estimate: no time under observation {label}"
        return
    row["curve_from_months"] = curve.begin
    if not readable(curve, horizon):
        if curve.emptied is None:
            yield f"no estimate: the curve begins at {curve.begin:.1f} months, after the horizon"
        else:
            yield (
                f"no estimate: the curve fell to 0 at {curve.emptied:.1f} months, before others "
                f"were {found.exposure.done}"
            )
        return
    estimate = curve.at(horizon)
    row.update(
        survival=estimate.survival,
        std_error=none_for_nan(estimate.std_error),
        ci_lower=none_for_nan(estimate.ci_lower),
        ci_upper=none_for_nan(estimate.ci_upper),
        ci_type=str(curve.interval),
        n_at_risk=estimate.n_at_risk,
    )
    for caution in cautions.few_at_risk(
        estimate.n_at_risk,
        horizon_months=horizon,
        where=label,
        last_time_months=curve.last_time,
    ):
        # Few at risk stands in its own column; a curve that ends before the horizon does not.
        if caution.figure == 0:
            yield caution.caution
    if estimate.survival == 1:
        yield f"no event by {horizon:g} months, so no interval"
    if estimate.survival == 0:
        yield "at 0 there is no standard error and no interval"


def _put_ratios(row: dict[str, object], found: TimeDependent) -> Iterator[str]:
    """Put the hazard ratios into the row of the exposed; yield why one is not there."""
    if found.model is None:
        return
    crude = found.model.terms[0]
    row.update(
        hazard_ratio=crude.hazard_ratio,
        hazard_ci_lower=crude.ci_lower,
        hazard_ci_upper=crude.ci_upper,
        hazard_p_value=crude.p_value,
    )
    if crude.coefficient is None:
        yield f"no hazard ratio: {_why(found)}"
    if found.naive is not None:
        row.update(
            naive_hazard_ratio=found.naive.hazard_ratio,
            naive_ci_lower=found.naive.ci_lower,
            naive_ci_upper=found.naive.ci_upper,
        )
        if found.naive.coefficient is None:
            yield "as a baseline factor it has no finite hazard ratio either"
    adjusted = found.adjusted
    if adjusted is None:
        yield "not adjusted: no covariates are declared"
        return
    row["adjusted_for"] = "; ".join(term.label for term in adjusted.terms)
    if adjusted.incomplete:
        yield f"{adjusted.incomplete} without a covariate are not in the adjusted model"
    if adjusted.model is None:
        yield "no adjusted hazard ratio: those with all covariates allow no comparison"
        return
    term = adjusted.model.terms[0]
    row.update(
        adjusted_n=adjusted.model.n,
        adjusted_events=adjusted.model.events,
        adjusted_hazard_ratio=term.hazard_ratio,
        adjusted_ci_lower=term.ci_lower,
        adjusted_ci_upper=term.ci_upper,
        adjusted_p_value=term.p_value,
    )
    if term.coefficient is None:
        yield "no adjusted hazard ratio: it has no finite estimate"


def _why(found: TimeDependent) -> str:
    rows = found.rows
    for members, label in (
        (rows.exposed, found.exposure.after),
        (~rows.exposed, f"while {found.exposure.not_yet}"),
    ):
        if not rows.event[members].any():
            return f"no event {label}, so that it has no finite estimate"
    return "it has no finite estimate"


def time_dependent_curve_rows(found: TimeDependent) -> Iterator[dict[str, object]]:
    """Yield a row with `TIME_DEPENDENT_CURVE_COLUMNS` for each step of both curves."""
    for group, curve in ((NOT_YET, found.curves.unexposed), (AFTER, found.curves.exposed)):
        if curve is None:
            continue
        entered = curve.n_entered
        for step in range(curve.time.size):
            yield {
                "endpoint": found.endpoint,
                "exposure": found.exposure.name,
                "group": group,
                "curve_from_months": curve.begin,
                "time_months": float(curve.time[step]),
                "n_entered": int(entered[step]),
                "n_at_risk": int(curve.n_at_risk[step]),
                "n_events": int(curve.n_events[step]),
                "n_censored": int(curve.n_censored[step]),
                "n_switched": int(curve.n_switched[step]),
                "survival": float(curve.survival[step]),
                "std_error": none_for_nan(float(curve.std_error[step])),
                "ci_lower": none_for_nan(float(curve.ci_lower[step])),
                "ci_upper": none_for_nan(float(curve.ci_upper[step])),
                "ci_type": str(curve.interval),
            }


def time_dependent_flow(found: TimeDependent) -> Iterator[dict[str, object]]:
    """Yield the rows from the patients of an endpoint to those before and after the exposure."""
    exposure, rows = found.exposure, found.rows
    analysis = Analysed(
        endpoint=found.endpoint,
        variable=exposure.name,
        words=f"{found.endpoint_label}, {exposure.within}",
    )
    yield flow_row(analysis, "patients of the endpoint", patients=found.entered)
    if rows.no_time:
        yield flow_row(
            analysis,
            "time under observation",
            patients=found.n,
            left=rows.no_time,
            reason="event or end of follow-up at 0 months",
        )
    late = (
        f"; {rows.exposed_too_late} at or after the event or the end of follow-up, which does not "
        "count"
        if rows.exposed_too_late
        else ""
    )
    relapsed = f", {found.after_relapse} of them after a relapse" if found.after_relapse else ""
    yield flow_row(
        analysis,
        exposure.done,
        patients=found.n,
        reason=f"{len(found.waits)} {exposure.done} in time{relapsed}{late}",
    )
    after = int(rows.event[rows.exposed].sum())
    yield flow_row(
        analysis,
        "analysed",
        patients=found.n,
        reason=f"{found.events} with an event, {after} of them {exposure.after}",
    )


def time_dependent_record(found: TimeDependent) -> dict[str, object]:
    """Make an entry in `models.json`: the exposure's models with all their terms."""
    models = {
        "exposure alone": found.model,
        "adjusted": found.adjusted.model if found.adjusted else None,
    }
    return {
        "endpoint": found.endpoint,
        "exposure": found.exposure.name,
        "label": found.exposure.label,
        "start_stop_rows": int(found.rows.patient.size),
        "models": [
            {
                "model": name,
                "n": model.n,
                "events": model.events,
                "ties": model.ties,
                "log_likelihood_null": model.log_likelihood_null,
                "log_likelihood": model.log_likelihood,
                "terms": [asdict(term) for term in model.terms],
            }
            for name, model in models.items()
            if model
        ],
    }
