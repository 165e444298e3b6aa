"""Cumulative incidence by the levels of a factor, as rows of tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outcomes.compared import compared, few_events
from outcomes.factors import ALL
from outcomes.statistics.fine_gray import LevelHazards, level_hazards
from outcomes.statistics.incidence import cumulative_incidence, gray
from outcomes.statistics.incidence_error import StdError
from outcomes.statistics.survival import median_follow_up
from outcomes.strata import NO_LEVEL, landmark_note, none_for_nan

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from outcomes.cautions import Caution
    from outcomes.competing import CompetingData, CompetingEndpoint, Leavers
    from outcomes.factors import Factor
    from outcomes.statistics.incidence import CumulativeIncidence, IncidenceEstimate
    from outcomes.statistics.survival import LogRank

INCIDENCE_COLUMNS = (
    "endpoint",
    "variable",
    "label",
    "level",
    "leavers",
    "n",
    "missing",
    "events",
    "competing",
    "horizon_months",
    "incidence",
    "std_error",
    "ci_lower",
    "ci_upper",
    "competing_incidence",
    "competing_std_error",
    "competing_ci_lower",
    "competing_ci_upper",
    "std_error_by",
    "n_at_risk",
    "test",
    "chi_square",
    "df",
    "p_value",
    "competing_p_value",
    "reference",
    "subdistribution_hazard_ratio",
    "hazard_ci_lower",
    "hazard_ci_upper",
    "hazard_p_value",
    "note",
)
CIF_COLUMNS = (
    "endpoint",
    "variable",
    "level",
    "time_months",
    "n_at_risk",
    "n_events",
    "n_competing",
    "n_censored",
    "incidence",
    "std_error",
    "ci_lower",
    "ci_upper",
    "competing_incidence",
    "competing_std_error",
    "competing_ci_lower",
    "competing_ci_upper",
)
NO_HAZARDS = LevelHazards(reference="", by_level={})


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidenceStratum:
    """The patients at one level; `curve` is None where there are none."""

    level: str
    curve: CumulativeIncidence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidenceStrata:
    """Cumulative incidence by the levels of a factor, or of everybody.

    Attributes:
        definition: The endpoint.
        leavers: What was done with those who left.
        variable: Name of the factor, `all` for everybody.
        label: Its name for people.
        strata: One for each level that somebody has, in the factor's order.
        test: Gray's test of the event between the levels; None for everybody.
        competing_test: That of the competing events.
        hazards: Subdistribution hazard ratios between the levels; None for everybody.
        entered: Patients of the endpoint.
        left_before_landmark: Those with an event or censored by the landmark.
        without_level: Those of the rest whose level is missing or not compared.
        landmark_months: The landmark, None for an analysis from diagnosis.
        note: What is to be known beside the figures, one sentence or none.
        cautions: Warnings.
    """

    definition: CompetingEndpoint
    leavers: Leavers
    variable: str
    label: str
    strata: tuple[IncidenceStratum, ...]
    test: LogRank | None
    competing_test: LogRank | None
    hazards: LevelHazards | None
    entered: int
    left_before_landmark: int
    without_level: int
    landmark_months: float | None
    note: str
    cautions: tuple[Caution, ...]

    @property
    def endpoint(self) -> str:
        """Name of the endpoint."""
        return self.definition.name

    @property
    def endpoint_label(self) -> str:
        """Its name for people."""
        return self.definition.label

    @property
    def n(self) -> int:
        """The number of patients compared."""
        return sum(stratum.curve.n for stratum in self.strata if stratum.curve)

    @property
    def events(self) -> int:
        """The number of events of interest among them."""
        return sum(stratum.curve.events for stratum in self.strata if stratum.curve)


def incidence_of_everybody(
    derived: CompetingData, std_error: StdError = StdError.SURVFIT
) -> IncidenceStrata:
    """Estimate the cumulative incidence among all patients of an endpoint."""
    data = derived.data
    failed = (data["cause"] > 0).astype(int)
    follow_up = median_follow_up(data["time_months"], failed) if len(data) else None
    return IncidenceStrata(
        definition=derived.endpoint,
        leavers=derived.leavers,
        variable=ALL,
        label="All patients",
        strata=(IncidenceStratum(level=ALL, curve=_curve(data, std_error)),),
        test=None,
        competing_test=None,
        hazards=None,
        entered=len(data),
        left_before_landmark=0,
        without_level=0,
        landmark_months=None,
        note=""
        if follow_up is None
        else f"median follow-up {follow_up:.1f} months (reverse Kaplan-Meier)",
        cautions=(),
    )


def stratify_incidence(
    derived: CompetingData,
    data: pd.DataFrame,
    factor: Factor,
    std_error: StdError = StdError.SURVFIT,
) -> IncidenceStrata:
    """Estimate the cumulative incidence at each level of a factor, and compare the levels.

    Args:
        derived: The endpoint's times and causes.
        data: The cohort's data with the factor's columns; the same index.
        factor: The factor.
        std_error: How the standard errors are estimated.
    """
    found = compared(derived.data, data, factor)
    rows, groups = found.rows, found.groups
    strata = tuple(
        IncidenceStratum(level=level, curve=_curve(rows[groups == level], std_error))
        for level in found.levels
    )
    times, causes = rows["time_months"], rows["cause"]
    test = gray(times, causes, groups) if len(rows) else NO_LEVEL
    several = len(found.levels) > 1
    hazards = level_hazards(times, causes, groups, found.levels) if several else NO_HAZARDS
    notes = [test.reason, hazards.reason]
    if factor.landmark_months is not None:
        notes.insert(0, landmark_note(factor.landmark_months, found.left_before_landmark))
    return IncidenceStrata(
        definition=derived.endpoint,
        leavers=derived.leavers,
        variable=factor.name,
        label=factor.label,
        strata=strata,
        test=test,
        competing_test=gray(times, causes, groups, of=2) if len(rows) else NO_LEVEL,
        hazards=hazards,
        entered=len(derived.data),
        left_before_landmark=found.left_before_landmark,
        without_level=found.without_level,
        landmark_months=factor.landmark_months,
        note="; ".join(filter(None, notes)),
        cautions=few_events(
            ((s.level, s.curve.events, s.curve.n) for s in strata if s.curve),
            where=f"{derived.endpoint.label}, {factor.label}",
            endpoint=derived.endpoint.name,
            variable=factor.name,
        ),
    )


def _curve(rows: pd.DataFrame, std_error: StdError) -> CumulativeIncidence | None:
    if rows.empty:
        return None
    return cumulative_incidence(rows["time_months"], rows["cause"], std_error=std_error)


def incidence_rows(
    strata: IncidenceStrata, *, horizon_months: float
) -> Iterator[dict[str, object]]:
    """Yield a row with `INCIDENCE_COLUMNS` for each level, the tests repeated in each."""
    for stratum in strata.strata:
        row: dict[str, object] = dict.fromkeys(INCIDENCE_COLUMNS)
        row.update(
            endpoint=strata.endpoint,
            variable=strata.variable,
            label=strata.label,
            level=stratum.level,
            leavers=str(strata.leavers),
            n=0,
            missing=strata.without_level,
            events=0,
            competing=0,
            horizon_months=horizon_months,
            test="Gray" if strata.test else "",
            reference=strata.hazards.reference if strata.hazards else "",
        )
        if strata.test and strata.competing_test:
            row.update(
                chi_square=strata.test.chi_square,
                df=strata.test.df,
                p_value=strata.test.p_value,
                competing_p_value=strata.competing_test.p_value,
            )
        hazard = strata.hazards.by_level.get(stratum.level) if strata.hazards else None
        if hazard:
            row.update(
                subdistribution_hazard_ratio=hazard.ratio,
                hazard_ci_lower=hazard.ci_lower,
                hazard_ci_upper=hazard.ci_upper,
                hazard_p_value=hazard.p_value,
            )
        notes = [strata.note] if strata.note else []
        if stratum.curve:
            row.update(_curve_cells(stratum.curve, horizon_months))
            if stratum.curve.last_time < horizon_months and not row["n_at_risk"]:
                notes.append(f"follow-up ends at {stratum.curve.last_time:.1f} months")
            if row["incidence"] == 1 and row["ci_lower"] is None:
                notes.append("at 1 there is no interval")
        row["note"] = "; ".join(notes)
        yield row


def _curve_cells(curve: CumulativeIncidence, horizon_months: float) -> dict[str, object]:
    found = curve.at(horizon_months)
    return {
        "n": curve.n,
        "events": curve.events,
        "competing": curve.competing_events,
        "std_error_by": str(curve.std_error_by),
        "n_at_risk": found.n_at_risk,
        **_cells(found.event),
        **_cells(found.competing, prefix="competing_"),
    }


def _cells(estimate: IncidenceEstimate, prefix: str = "") -> dict[str, object]:
    return {
        f"{prefix}incidence": estimate.incidence,
        f"{prefix}std_error": estimate.std_error,
        f"{prefix}ci_lower": none_for_nan(estimate.ci_lower),
        f"{prefix}ci_upper": none_for_nan(estimate.ci_upper),
    }


def cif_rows(strata: IncidenceStrata) -> Iterator[dict[str, object]]:
    """Yield a row with `CIF_COLUMNS` for each observed time of each level."""
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
                "n_competing": int(curve.n_competing[step]),
                "n_censored": int(curve.n_censored[step]),
                **_cells(curve.event.after_step(step)),
                **_cells(curve.competing.after_step(step), prefix="competing_"),
            }
