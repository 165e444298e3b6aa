"""All tables of an analysis, from the cohort and the integrated results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from outcomes import cautions
from outcomes.clinical.cohort import Cohort, join_results
from outcomes.clinical.dictionary import BY_NAME
from outcomes.comparisons import COMPARISON_COLUMNS, comparison_rows
from outcomes.doubts import doubtful_rows
from outcomes.endpoint_table import (
    ENDPOINT_COLUMNS,
    chosen_by_outcome,
    endpoint_rows,
)
from outcomes.endpoints import ENDPOINTS, EndpointData, derive
from outcomes.errors import AnalysisError
from outcomes.factors import assign_levels
from outcomes.flow import (
    DROPOUT_COLUMNS,
    FLOW_COLUMNS,
    cohort_flow,
    dropout_rows,
    endpoint_flow,
    in_population,
    model_flow,
    strata_flow,
    table_flow,
)
from outcomes.group_models import STRATIFIED_MODEL_COLUMNS, stratified_model_rows
from outcomes.group_tables import (
    GROUP_COMPARISON_COLUMNS,
    STRATIFIED_COLUMNS,
    Grouped,
    by_grouping,
    grouping_cautions,
    stratified_rows,
)
from outcomes.incidence_strata import CIF_COLUMNS, INCIDENCE_COLUMNS, cif_rows
from outcomes.model_tables import (
    FIRTH_COLUMNS,
    MULTIVARIABLE_COLUMNS,
    PROPORTIONALITY_COLUMNS,
    STEPWISE_COLUMNS,
    firth_rows,
    model_record,
    multivariable_rows,
    proportionality_rows,
    stepwise_rows,
)
from outcomes.models import Multivariable, fit
from outcomes.mrd import MRD_COLUMNS, Mrd, mrd_by_time, mrd_rows
from outcomes.relapse import (
    SENSITIVITY_COLUMNS,
    IncidenceResults,
    incidence_cautions,
    incidence_record,
    incidence_results,
    only_compared,
    relapse_rows,
    sensitivity_rows,
)
from outcomes.statistics.multiplicity import Adjusted, adjust
from outcomes.statistics.survival import median_follow_up
from outcomes.strata import (
    CURVE_COLUMNS,
    UNIVARIATE_COLUMNS,
    Strata,
    curve_rows,
    everybody,
    horizon_cautions,
    known_late,
    stratify,
    univariate_rows,
)
from outcomes.swimmer import SWIMMER_COLUMNS, Courses, courses, swimmer_rows
from outcomes.time_dependent import TimeDependent, not_given, time_dependent_results
from outcomes.time_dependent_tables import (
    TIME_DEPENDENT_COLUMNS,
    TIME_DEPENDENT_CURVE_COLUMNS,
    time_dependent_curve_rows,
    time_dependent_flow,
    time_dependent_record,
    time_dependent_rows,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from outcomes.analysis import Analysis
    from outcomes.cautions import Caution
    from outcomes.clinical.cohort import JoinedCohort, Results

CAUTION_COLUMNS = ("endpoint", "variable", "where", "kind", "caution", "figure")
TABLES: Mapping[str, tuple[str, ...]] = {
    "flow": FLOW_COLUMNS,
    "endpoints": ENDPOINT_COLUMNS,
    "table_baseline": COMPARISON_COLUMNS,
    "table_response": COMPARISON_COLUMNS,
    "table_dropouts": DROPOUT_COLUMNS,
    "table_univariate": UNIVARIATE_COLUMNS,
    "table_multivariable": MULTIVARIABLE_COLUMNS,
    "table_multivariable_firth": FIRTH_COLUMNS,
    "table_multivariable_proportionality": PROPORTIONALITY_COLUMNS,
    "table_multivariable_stepwise": STEPWISE_COLUMNS,
    "curves": CURVE_COLUMNS,
    "table_relapse": INCIDENCE_COLUMNS,
    "table_sensitivity": SENSITIVITY_COLUMNS,
    "cif": CIF_COLUMNS,
    "table_time_dependent": TIME_DEPENDENT_COLUMNS,
    "curves_time_dependent": TIME_DEPENDENT_CURVE_COLUMNS,
    "table_baseline_by_group": GROUP_COMPARISON_COLUMNS,
    "table_response_by_group": GROUP_COMPARISON_COLUMNS,
    "table_stratified": STRATIFIED_COLUMNS,
    "table_multivariable_stratified": STRATIFIED_MODEL_COLUMNS,
    "swimmer": SWIMMER_COLUMNS,
    "table_mrd": MRD_COLUMNS,
    "cautions": CAUTION_COLUMNS,
}
"""The columns of every table by its name, which is that of its file without `.tsv`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeResults:
    """Everything an analysis gives.

    Attributes:
        analysis: What was asked for.
        tables: The rows of every table of `TABLES`, by its name.
        models: The content of `models.json`: plain values.
        strata: Survival of everybody and by the factors with curves, an endpoint after the other,
            for the figures.
        endpoints: The times and events of each endpoint, the primary one first.
        incidence: Relapse and other endpoints with competing events.
        time_dependent: Endpoints before and after exposures that come later.
        courses: The course of every patient, for the figure.
        mrd: MRD at every time point, for the figure.
        cautions: All warnings.
        clinical_only: Patients without an integrated result; they are analysed.
        results_only: Patients without clinical data; they cannot be analysed.
        unknown_columns: Columns of the clinical table that the dictionary does not know.
        unused_columns: Those of them that nothing used.
    """

    analysis: Analysis
    tables: Mapping[str, Sequence[Mapping[str, object]]]
    models: Mapping[str, object]
    strata: tuple[Strata, ...]
    endpoints: tuple[EndpointData, ...]
    incidence: tuple[IncidenceResults, ...]
    time_dependent: tuple[TimeDependent, ...]
    courses: Courses
    mrd: Mrd
    cautions: tuple[Caution, ...]
    clinical_only: tuple[str, ...]
    results_only: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    unused_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _EndpointResults:
    derived: EndpointData
    overall: Strata
    factors: Mapping[str, Strata]
    univariate: tuple[Strata, ...]
    adjusted: Mapping[str, Adjusted]
    model: Multivariable | None
    cautions: tuple[Caution, ...]


def analyse(cohort: Cohort, results: Results | None, analysis: Analysis) -> OutcomeResults:
    """Analyse a cohort.

    Args:
        cohort: The clinical table, checked.
        results: The integrated results; None for none, which leaves subtypes missing.
        analysis: What to compute.

    Raises:
        AnalysisError: If the analysis uses a column that neither table has.
    """
    joined = join_results(cohort, results)
    _check_columns(joined.cohort.data, analysis)
    study = _study_population(joined, analysis)
    data = study.data
    absent = _without_values(study, analysis)
    shown = analysis.without(absent)
    unused = _unused_columns(cohort, results, analysis)
    per_endpoint = [_endpoint(study, name, shown) for name in analysis.endpoints]
    incidence = incidence_results(study, shown)
    exposed = time_dependent_results([one.derived for one in per_endpoint], study, shown)
    grouped = by_grouping([one.derived for one in per_endpoint], data, shown)
    all_courses = courses(data, analysis.factors.get(shown.swimmer_by))
    mrd = mrd_by_time(data, per_endpoint[0].derived, analysis.factors, by=shown.mrd_by)
    tables = {
        "flow": [
            *table_flow(
                cohort.n,
                unused=unused,
                without_values=[
                    *(_label(name, analysis) for name in absent),
                    *not_given(study, analysis),
                ],
            ),
            *cohort_flow(joined, analysis.population),
            *_flow_rows(per_endpoint, shown),
            *_incidence_flow(incidence),
            *(row for one in exposed for row in time_dependent_flow(one)),
        ],
        "endpoints": endpoint_rows(
            [one.derived for one in per_endpoint],
            [one.derived for one in incidence],
            [derive(study, other) for other in only_compared(analysis)],
        ),
        "table_baseline": comparison_rows(data, shown.baseline, analysis.factors),
        "table_response": comparison_rows(data, shown.response, analysis.factors),
        "table_dropouts": list(dropout_rows(data)),
        "table_univariate": [
            row
            for one in per_endpoint
            for strata in (one.overall, *one.univariate)
            for row in univariate_rows(
                strata,
                horizon_months=analysis.horizon_months,
                adjusted=one.adjusted.get(strata.variable),
            )
        ],
        **_model_tables([one.model for one in per_endpoint if one.model]),
        "table_relapse": list(relapse_rows(incidence, horizon_months=analysis.horizon_months)),
        "table_sensitivity": list(sensitivity_rows(study, shown)),
        "cif": [row for one in incidence for part in one.strata for row in cif_rows(part)],
        "table_time_dependent": [
            row
            for one in exposed
            for row in time_dependent_rows(one, horizon_months=analysis.horizon_months)
        ],
        "curves_time_dependent": [row for one in exposed for row in time_dependent_curve_rows(one)],
        **_group_tables(grouped, horizon_months=analysis.horizon_months),
        "swimmer": list(swimmer_rows(all_courses)),
        "table_mrd": list(mrd_rows(mrd)),
    }
    strata = tuple(
        part
        for one in per_endpoint
        for part in (one.overall, *(one.factors[name] for name in shown.curves))
    )
    found = (
        *cautions.no_result(int(data["status"].isna().sum()) if results else 0, study.n),
        *_doubtful_partners(data),
        *cautions.not_analysed([_label(name, analysis) for name in absent]),
        *cautions.unknown_causes(
            int((data["death_cause"] == "unknown").sum()), int(data["death_months"].notna().sum())
        ),
        *doubtful_rows(study),
        *(caution for one in per_endpoint for caution in one.cautions),
        *incidence_cautions(incidence, shown),
        *(caution for one in exposed for caution in one.cautions),
        *grouping_cautions(grouped),
    )
    tables["curves"] = [row for part in strata for row in curve_rows(part)]
    tables["cautions"] = [
        {column: getattr(each, column) for column in CAUTION_COLUMNS} for each in found
    ]
    return OutcomeResults(
        analysis=analysis,
        tables=tables,
        models={
            "analysis": analysis.name,
            "endpoints": [_endpoint_record(one.derived) for one in per_endpoint],
            "models": [model_record(one.model) for one in per_endpoint if one.model],
            "cumulative_incidence": [incidence_record(one.derived) for one in incidence],
            "time_dependent": [time_dependent_record(one) for one in exposed],
        },
        strata=strata,
        endpoints=tuple(one.derived for one in per_endpoint),
        incidence=incidence,
        time_dependent=exposed,
        courses=all_courses,
        mrd=mrd,
        cautions=found,
        clinical_only=joined.clinical_only,
        results_only=joined.results_only,
        unknown_columns=cohort.unknown_columns,
        unused_columns=unused,
    )


def _check_columns(data: pd.DataFrame, analysis: Analysis) -> None:
    for factor in analysis.factors.values():
        for column in factor.columns:
            if column not in data.columns:
                raise AnalysisError(
                    f"expected a column of the clinical table or of the integrated results, "
                    f"found '{column}'",
                    file=analysis.file,
                    key=f"factors.{factor.name}.column",
                )


def _study_population(joined: JoinedCohort, analysis: Analysis) -> Cohort:
    data = joined.cohort.data
    inside = [in_population(status, analysis.population) for status in data["status"]]
    patients = set(data.loc[inside, "patient"])
    doubts = tuple(doubt for doubt in joined.cohort.doubts if doubt.patient in patients)
    return replace(joined.cohort, data=data[inside], doubts=doubts)


def _without_values(study: Cohort, analysis: Analysis) -> tuple[str, ...]:
    """Return the factors and measures that tables or curves name and nobody has a value of."""
    absent = []
    for name in analysis.described:
        factor = analysis.factors.get(name)
        columns = factor.columns if factor else (name,)
        values = assign_levels(study.data, factor) if factor else study.data[name]
        # A level of empty cells, or of a girl's testis, says nothing without the column.
        if study.given.isdisjoint(columns) or values.isna().all():
            absent.append(name)
    return tuple(absent)


def _label(name: str, analysis: Analysis) -> str:
    return analysis.factors[name].label if name in analysis.factors else BY_NAME[name].meaning


def _unused_columns(cohort: Cohort, results: Results | None, analysis: Analysis) -> tuple[str, ...]:
    """Return the columns of the clinical table that neither the dictionary nor a factor knows."""
    used = {"status", *DROPOUT_COLUMNS}
    used.update(column for factor in analysis.factors.values() for column in factor.columns)
    replaced = set() if results is None else set(results.data.columns)
    return tuple(c for c in cohort.unknown_columns if c not in used or c in replaced)


def _endpoint(study: Cohort, name: str, analysis: Analysis) -> _EndpointResults:
    derived = derive(study, ENDPOINTS[name])
    wanted = dict.fromkeys((*analysis.univariate, *analysis.curves))
    factors = {
        key: stratify(derived, study.data, analysis.factors[key], analysis.interval)
        for key in wanted
    }
    overall = everybody(derived, analysis.interval)
    model = fit(derived, study.data, analysis)
    univariate = tuple(factors[key] for key in analysis.univariate)
    adjusted = adjust(
        {
            part.variable: part.test.p_value
            for part in univariate
            if part.test is not None and part.test.p_value is not None
        }
    )
    where = f"{derived.endpoint.label}, univariate comparisons"
    found = (
        *chosen_by_outcome(derived),
        *cautions.concerning(
            (
                *cautions.several_tests(len(adjusted), where=where),
                *_no_last_contact(derived, study.data),
                *known_late((analysis.factors[k] for k in wanted), where=where, derived=derived),
            ),
            endpoint=name,
        ),
        *(
            caution
            for part in (overall, *factors.values())
            for caution in (*part.cautions, *_at_horizon(part, analysis.horizon_months))
        ),
        *(model.cautions if model else ()),
    )
    return _EndpointResults(
        derived=derived,
        overall=overall,
        factors=factors,
        univariate=univariate,
        adjusted=adjusted,
        model=model,
        cautions=found,
    )


def _no_last_contact(derived: EndpointData, data: pd.DataFrame) -> tuple[Caution, ...]:
    censored = derived.data.index[derived.data["event"] == 0]
    last = data.loc[censored, ["last_contact_months", "left_study_months"]]
    return cautions.no_last_contact(
        0 if derived.endpoint.supplied else int(last.isna().all(axis="columns").sum()),
        len(censored),
        where=derived.endpoint.label,
    )


def _model_tables(models: Sequence[Multivariable]) -> dict[str, list[dict[str, object]]]:
    made = {
        "table_multivariable": multivariable_rows,
        "table_multivariable_firth": firth_rows,
        "table_multivariable_proportionality": proportionality_rows,
        "table_multivariable_stepwise": stepwise_rows,
    }
    return {name: [row for model in models for row in rows(model)] for name, rows in made.items()}


def _group_tables(
    grouped: Sequence[Grouped], *, horizon_months: float
) -> dict[str, list[dict[str, object]]]:
    return {
        "table_baseline_by_group": [row for one in grouped for row in one.baseline],
        "table_response_by_group": [row for one in grouped for row in one.response],
        "table_stratified": [
            row for one in grouped for row in stratified_rows(one, horizon_months=horizon_months)
        ],
        "table_multivariable_stratified": [
            row for one in grouped for model in one.models for row in stratified_model_rows(model)
        ],
    }


def _doubtful_partners(data: pd.DataFrame) -> tuple[Caution, ...]:
    named = data["subtype"].notna()
    doubtful = named & data["confidence"].isin(("possible", "conflicting"))
    return cautions.doubtful_partners(
        int(doubtful.sum()), int(named.sum()), where="Integrated results"
    )


def _at_horizon(strata: Strata, horizon_months: float) -> Iterable[Caution]:
    for stratum in strata.strata:
        yield from horizon_cautions(strata, stratum, horizon_months)


def _flow_rows(
    per_endpoint: Sequence[_EndpointResults], analysis: Analysis
) -> Iterable[dict[str, object]]:
    for one in per_endpoint:
        yield from endpoint_flow(one.derived)
        for strata in one.univariate:
            yield from strata_flow(strata)
        if analysis.covariates:
            yield from model_flow(one.derived, one.model)


def _incidence_flow(incidence: Sequence[IncidenceResults]) -> Iterable[dict[str, object]]:
    for one in incidence:
        yield from endpoint_flow(one.derived)
        for strata in one.by_factor:
            yield from strata_flow(strata)


def _endpoint_record(derived: EndpointData) -> dict[str, object]:
    """Make an endpoint's entry in `models.json`."""
    times = derived.data["time_months"]
    return {
        "endpoint": derived.endpoint.name,
        "label": derived.endpoint.label,
        "definition": derived.endpoint.text,
        "source": derived.endpoint.source,
        "time_from": str(derived.endpoint.origin),
        "n": len(times),
        "events": int(derived.data["event"].sum()),
        "median_follow_up_months": median_follow_up(times, derived.data["event"])
        if len(times)
        else None,
        "median_time_months": float(times.median()) if len(times) else None,
    }
