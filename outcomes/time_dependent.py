"""Survival before and after an exposure that comes later, for each endpoint of an analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from outcomes import cautions
from outcomes.compared import few_events
from outcomes.exposures import EXPOSURES
from outcomes.models import terms_of
from outcomes.statistics.cox import cox
from outcomes.statistics.cox_start_stop import EXPOSED, cox_start_stop
from outcomes.statistics.design import design
from outcomes.statistics.mantel_byar import mantel_byar
from outcomes.statistics.simon_makuch import simon_makuch
from outcomes.statistics.start_stop import from_landmark, start_stop
from outcomes.statistics.survival import no_test
from outcomes.strata import known_late

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from outcomes.analysis import Analysis
    from outcomes.cautions import Caution
    from outcomes.clinical.cohort import Cohort
    from outcomes.endpoints import EndpointData, Origin
    from outcomes.exposures import Exposure
    from outcomes.models import Term
    from outcomes.statistics.cox import CoxModel, CoxTerm
    from outcomes.statistics.simon_makuch import LateEntryCurve, SimonMakuch
    from outcomes.statistics.start_stop import StartStop
    from outcomes.statistics.survival import LogRank


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """The model of the exposure and of covariates.

    Attributes:
        model: The model; None where nobody has all covariates, or the exposure has no model.
        terms: The covariates in order.
        incomplete: Patients who lack a covariate and are not in it.
    """

    model: CoxModel | None
    terms: tuple[Term, ...]
    incomplete: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeDependent:
    """An endpoint before and after an exposure.

    Attributes:
        endpoint: Name of the endpoint.
        endpoint_label: Its name for people.
        origin: From when time counts.
        exposure: The exposure.
        entered: Patients of the endpoint.
        rows: Their time, before and after the exposure.
        waits: The times of exposure that count, in months from the origin.
        after_relapse: Those of them at or after a relapse.
        landmark_months: Where the curves begin, None for at the origin.
        curves: Survival before and after it.
        test: The Mantel-Byar test, over the whole time.
        model: The hazard ratio of the exposure, over the whole time; None without a test.
        adjusted: The same, adjusted; None where no covariate is declared.
        naive: The exposure as if it were known at diagnosis, which it is not; None without a test.
        cautions: Warnings.
    """

    endpoint: str
    endpoint_label: str
    origin: Origin
    exposure: Exposure
    entered: int
    rows: StartStop
    waits: tuple[float, ...]
    after_relapse: int
    landmark_months: float | None
    curves: SimonMakuch
    test: LogRank
    model: CoxModel | None
    adjusted: Adjusted | None
    naive: CoxTerm | None
    cautions: tuple[Caution, ...]

    @property
    def variable(self) -> str:
        """How tables call the exposure where others name a factor."""
        return self.exposure.name

    @property
    def n(self) -> int:
        """The number of patients analysed."""
        return int(np.unique(self.rows.patient).size)

    @property
    def events(self) -> int:
        """The number of events among them."""
        return int(self.rows.event.sum())

    @property
    def left_before_landmark(self) -> int:
        """Patients whose time ends by the landmark: they are not in the curves."""
        if self.landmark_months is None:
            return 0
        return self.n - int(
            np.unique(self.rows.patient[self.rows.stop > self.landmark_months]).size
        )

    @property
    def drawn(self) -> tuple[tuple[str, LateEntryCurve], ...]:
        """The curves with their names, none where they cannot be shown beside each other."""
        found = (
            (self.exposure.not_yet, self.curves.unexposed),
            (self.exposure.after, self.curves.exposed),
        )
        shown = tuple((name, curve) for name, curve in found if curve and curve.emptied is None)
        return shown if len(shown) == len(found) else ()


def time_dependent_results(
    endpoints: Sequence[EndpointData], study: Cohort, analysis: Analysis
) -> tuple[TimeDependent, ...]:
    """Analyse the declared exposures, one after the other, as far as the clinical table knows them.

    An endpoint without patients has none.
    """
    return tuple(
        _result(derived, study.data, exposure, analysis)
        for exposure in map(EXPOSURES.__getitem__, analysis.exposed.exposures)
        for derived in endpoints
        if exposure.months in study.given and len(derived.data)
    )


def not_given(study: Cohort, analysis: Analysis) -> tuple[str, ...]:
    """Return the labels of declared exposures that the clinical table does not know."""
    declared = (EXPOSURES[name] for name in analysis.exposed.exposures)
    return tuple(each.label for each in declared if each.months not in study.given)


def _result(
    derived: EndpointData, data: pd.DataFrame, exposure: Exposure, analysis: Analysis
) -> TimeDependent:
    where = f"{derived.endpoint.label}, {exposure.within}"
    times = derived.data.assign(exposure=derived.since_origin(data[exposure.months]))
    rows = _rows(times)
    landmark = analysis.exposed.landmark_months
    followed = rows if landmark is None else from_landmark(rows, landmark)
    curves = simon_makuch(followed, interval=analysis.interval)
    test = mantel_byar(rows) if rows.patient.size else no_test("nobody has time under observation")
    counted = times.iloc[np.unique(rows.patient[rows.exposed])]
    happened = data.loc[counted.index]
    after_relapse = int((happened["relapse_months"] <= happened[exposure.months]).sum())
    model = naive = adjusted = None
    found = [*_curve_cautions(curves, exposure, analysis.horizon_months, where=where)]
    if test.p_value is not None:
        no_covariate = pd.DataFrame(index=times.index)
        model = cox_start_stop(rows, no_covariate, where=where, labels={EXPOSED: exposure.label})
        found += model.cautions
        naive = _naive(times, rows, where=where)
        found += _immortal_time(naive, model.terms[0], exposure, where=where)
        found += cautions.after_relapse(after_relapse, len(counted), exposure.within, where=where)
    if analysis.exposed.covariates:
        adjusted = _adjusted(
            times, data, exposure, analysis, possible=model is not None, where=where
        )
        if adjusted.model:
            found += adjusted.model.cautions
        factors = analysis.factors
        named = [factors[name] for name in analysis.exposed.covariates if name in factors]
        found += known_late(named, where=f"{where}, adjusted model")
    return TimeDependent(
        endpoint=derived.endpoint.name,
        endpoint_label=derived.endpoint.label,
        origin=derived.endpoint.origin,
        exposure=exposure,
        entered=len(times),
        rows=rows,
        waits=tuple(sorted(counted["exposure"])),
        after_relapse=after_relapse,
        landmark_months=landmark,
        curves=curves,
        test=test,
        model=model,
        adjusted=adjusted,
        naive=naive,
        cautions=cautions.concerning(found, endpoint=derived.endpoint.name, variable=exposure.name),
    )


def _rows(times: pd.DataFrame) -> StartStop:
    return start_stop(times["time_months"], times["event"], times["exposure"])


def _naive(times: pd.DataFrame, rows: StartStop, *, where: str) -> CoxTerm:
    """Fit the exposure as a baseline factor, to say what that would have shown."""
    patients = np.unique(rows.patient)
    frame = times.iloc[patients].assign(
        ever=np.isin(patients, rows.patient[rows.exposed]).astype(float)
    )
    checked = design(frame, duration="time_months", event="event", covariates=["ever"], where=where)
    return cox(checked).terms[0]


def _immortal_time(
    naive: CoxTerm, right: CoxTerm, exposure: Exposure, *, where: str
) -> tuple[Caution, ...]:
    if naive.hazard_ratio is None:
        return ()
    return cautions.immortal_time(
        exposure.within,
        _with_interval(naive),
        _with_interval(right),
        hazard_ratio=naive.hazard_ratio,
        where=where,
    )


def _with_interval(term: CoxTerm) -> str:
    """Write a hazard ratio for a sentence, empty where it or its interval cannot be written."""
    if term.hazard_ratio is None or term.ci_lower is None or term.ci_upper is None:
        return ""
    return f"{term.hazard_ratio:.2f} (95% CI {term.ci_lower:.2f} to {term.ci_upper:.2f})"


def _adjusted(
    times: pd.DataFrame,
    data: pd.DataFrame,
    exposure: Exposure,
    analysis: Analysis,
    *,
    possible: bool,
    where: str,
) -> Adjusted:
    observed = times[times["time_months"] > 0]
    values, terms = terms_of(
        data.loc[observed.index], analysis.exposed.covariates, analysis.factors
    )
    complete = values.notna().all(axis="columns")
    incomplete = int((~complete).sum())
    rows = _rows(observed[complete]) if possible and complete.any() else None
    if rows is None or mantel_byar(rows).p_value is None:
        return Adjusted(model=None, terms=terms, incomplete=incomplete)
    labels = {term.name: term.label for term in terms}
    model = cox_start_stop(
        rows,
        values[complete],
        where=f"{where}, adjusted model",
        labels={EXPOSED: exposure.label, **labels},
    )
    return Adjusted(model=model, terms=terms, incomplete=incomplete)


def _curve_cautions(
    curves: SimonMakuch, exposure: Exposure, horizon_months: float, *, where: str
) -> Iterator[Caution]:
    groups = ((exposure.not_yet, curves.unexposed), (exposure.after, curves.exposed))
    # With one group there is nothing to compare, and the curve of everybody has its own.
    if not (curves.unexposed and curves.exposed):
        return
    yield from few_events(
        ((name, curve.events, curve.n) for name, curve in groups if curve),
        where=where,
        endpoint="",
        variable="",
    )
    for name, curve in groups:
        if curve is None:
            continue
        yield from _early(curve, where=f"{where}, {name}")
        if readable(curve, horizon_months):
            yield from cautions.few_at_risk(
                curve.at(horizon_months).n_at_risk,
                horizon_months=horizon_months,
                where=f"{where}, {name}",
                last_time_months=curve.last_time,
            )


def _early(curve: LateEntryCurve, *, where: str) -> tuple[Caution, ...]:
    if curve.entries[0] == curve.entries[-1]:
        return ()
    enough = np.flatnonzero(curve.n_at_risk >= cautions.MIN_AT_RISK)
    early = slice(enough[0] if enough.size else curve.time.size)
    events = curve.n_events[early]
    first = int(np.argmax(events > 0)) if events.any() else 0
    return cautions.few_at_risk_early(
        int(events.sum()),
        int(curve.n_at_risk[first]),
        time=float(curve.time[first]),
        emptied=curve.emptied,
        where=where,
    )


def readable(curve: LateEntryCurve, horizon_months: float) -> bool:
    """Say whether a curve has begun at a time, and has not fallen to 0 before others entered."""
    emptied = curve.emptied
    return curve.begin <= horizon_months and (emptied is None or emptied > horizon_months)
