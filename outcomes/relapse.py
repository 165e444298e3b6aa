"""Relapse and treatment-related mortality of an analysis, and what the conventions make of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outcomes import cautions
from outcomes.competing import (
    COMPETING_ENDPOINTS,
    EVENT_FREE,
    Leavers,
    derive_competing,
    known,
    leavers_of,
)
from outcomes.endpoints import ENDPOINTS, derive
from outcomes.incidence_strata import incidence_of_everybody, incidence_rows, stratify_incidence
from outcomes.statistics.incidence import cumulative_incidence
from outcomes.statistics.survival import kaplan_meier, median_follow_up
from outcomes.strata import known_late, none_for_nan

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from outcomes.analysis import Analysis
    from outcomes.cautions import Caution
    from outcomes.clinical.cohort import Cohort
    from outcomes.competing import CompetingData, CompetingEndpoint
    from outcomes.endpoints import Endpoint
    from outcomes.incidence_strata import IncidenceStrata

SENSITIVITY_COLUMNS = (
    "endpoint",
    "label",
    "leavers",
    "declared",
    "n",
    "events",
    "competing",
    "relapses",
    "induction_failures",
    "second_cancers",
    "deaths",
    "leavers_counted",
    "horizon_months",
    "quantity",
    "estimate",
    "std_error",
    "ci_lower",
    "ci_upper",
    "ci_type",
    "n_at_risk",
)
_FIRST_EVENTS = {
    "relapses": "relapse",
    "induction_failures": "induction_failure",
    "second_cancers": "second_cancer",
    "deaths": "death",
    "leavers_counted": "left_study",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidenceResults:
    """An endpoint with competing events: everybody, then the levels of each factor declared."""

    derived: CompetingData
    overall: IncidenceStrata
    by_factor: tuple[IncidenceStrata, ...]

    @property
    def strata(self) -> tuple[IncidenceStrata, ...]:
        """Everybody, then by factor."""
        return (self.overall, *self.by_factor)


def incidence_results(study: Cohort, analysis: Analysis) -> tuple[IncidenceResults, ...]:
    """Analyse the declared endpoints with competing events, as far as the table knows them."""
    declared = analysis.incidence
    found = []
    for name in declared.endpoints:
        endpoint = COMPETING_ENDPOINTS[name]
        if not known(endpoint, study):
            continue
        derived = derive_competing(study, endpoint, declared.leavers)
        found.append(
            IncidenceResults(
                derived=derived,
                overall=incidence_of_everybody(derived, declared.std_error),
                by_factor=tuple(
                    stratify_incidence(
                        derived, study.data, analysis.factors[factor], declared.std_error
                    )
                    for factor in declared.by
                ),
            )
        )
    return tuple(found)


def relapse_rows(
    results: tuple[IncidenceResults, ...], *, horizon_months: float
) -> Iterator[dict[str, object]]:
    """Yield the rows of the table of cumulative incidences."""
    for result in results:
        for strata in result.strata:
            yield from incidence_rows(strata, horizon_months=horizon_months)


def incidence_cautions(
    results: tuple[IncidenceResults, ...], analysis: Analysis
) -> tuple[Caution, ...]:
    """Warn of several tests, of factors known late and of groups with too few events."""
    found: list[Caution] = []
    for result in results:
        endpoint = result.derived.endpoint
        where = f"{endpoint.label}, Gray's tests"
        tests = sum(s.test is not None and s.test.p_value is not None for s in result.by_factor)
        factors = [analysis.factors[strata.variable] for strata in result.by_factor]
        found += cautions.concerning(
            (*cautions.several_tests(tests, where=where), *known_late(factors, where=where)),
            endpoint=endpoint.name,
        )
        found += (caution for strata in result.strata for caution in strata.cautions)
    return tuple(found)


def incidence_record(derived: CompetingData) -> dict[str, object]:
    """Make an endpoint's entry in `models.json`."""
    data = derived.data
    failed = (data["cause"] > 0).astype(int)
    return {
        "endpoint": derived.endpoint.name,
        "label": derived.endpoint.label,
        "competing_label": derived.endpoint.competing_label,
        "definition": derived.endpoint.definition(derived.leavers),
        "leavers": str(derived.leavers),
        "n": len(data),
        "events": derived.events,
        "competing": int((data["cause"] == 2).sum()),  # noqa: PLR2004
        "median_follow_up_months": median_follow_up(data["time_months"], failed)
        if len(data)
        else None,
    }


def sensitivity_rows(study: Cohort, analysis: Analysis) -> Iterator[dict[str, object]]:
    """Yield a row with `SENSITIVITY_COLUMNS` for each endpoint and convention.

    Event-free survival and the declared endpoints with competing events, each with those who left
    censored, left out and counted; and any endpoint of the analysis that follows yet another rule.
    First events are counted by kind, which says what an event of event-free survival is made of.
    """
    if not analysis.incidence.endpoints:
        return
    own = [ENDPOINTS[name] for name in analysis.endpoints if "relapse" in ENDPOINTS[name].events]
    for endpoint in dict.fromkeys((*EVENT_FREE.values(), *own)):
        yield _event_free_row(study, endpoint, analysis)
    for name in analysis.incidence.endpoints:
        if known(COMPETING_ENDPOINTS[name], study):
            for leavers in Leavers:
                yield _incidence_row(study, COMPETING_ENDPOINTS[name], leavers, analysis)


def _event_free_row(study: Cohort, endpoint: Endpoint, analysis: Analysis) -> dict[str, object]:
    data = derive(study, endpoint).data
    row = _row(endpoint, leavers_of(endpoint), data, analysis)
    row.update(
        declared="yes" if endpoint.name in analysis.endpoints else "no",
        events=int(data["event"].sum()),
        quantity="event-free survival",
    )
    if len(data):
        curve = kaplan_meier(data["time_months"], data["event"], interval=analysis.interval)
        found = curve.at(analysis.horizon_months)
        row.update(
            estimate=found.survival,
            std_error=none_for_nan(found.std_error),
            ci_lower=none_for_nan(found.ci_lower),
            ci_upper=none_for_nan(found.ci_upper),
            ci_type=str(curve.interval),
            n_at_risk=found.n_at_risk,
        )
    return row


def _incidence_row(
    study: Cohort, endpoint: CompetingEndpoint, leavers: Leavers, analysis: Analysis
) -> dict[str, object]:
    derived = derive_competing(study, endpoint, leavers)
    data = derived.data
    row = _row(endpoint, leavers, data, analysis)
    row.update(
        declared="yes" if leavers is analysis.incidence.leavers else "no",
        events=derived.events,
        competing=int((data["cause"] == 2).sum()),  # noqa: PLR2004
        quantity="cumulative incidence",
    )
    if len(data):
        curve = cumulative_incidence(
            data["time_months"], data["cause"], std_error=analysis.incidence.std_error
        )
        found = curve.at(analysis.horizon_months)
        row.update(
            estimate=found.event.incidence,
            std_error=found.event.std_error,
            ci_lower=none_for_nan(found.event.ci_lower),
            ci_upper=none_for_nan(found.event.ci_upper),
            ci_type="log-log",
            n_at_risk=found.n_at_risk,
        )
    return row


def _row(
    endpoint: Endpoint | CompetingEndpoint, leavers: Leavers, data: pd.DataFrame, analysis: Analysis
) -> dict[str, object]:
    first = Counter(data["first_event"])
    row: dict[str, object] = dict.fromkeys(SENSITIVITY_COLUMNS)
    row.update(
        endpoint=endpoint.name,
        label=endpoint.label,
        leavers=str(leavers),
        n=len(data),
        horizon_months=analysis.horizon_months,
        **{column: first[event] for column, event in _FIRST_EVENTS.items()},
    )
    return row
