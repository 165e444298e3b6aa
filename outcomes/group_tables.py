"""Groups within groups as rows of tables: baseline, response and survival by every grouping."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from outcomes import cautions
from outcomes.comparisons import COMPARISON_COLUMNS, comparison_rows
from outcomes.endpoints import ENDPOINTS
from outcomes.factors import ALL
from outcomes.group_models import fit_stratified
from outcomes.statistics.multiplicity import adjust
from outcomes.statistics.stratified_cox import FOLLOWS
from outcomes.strata import known_late, landmark_note, none_for_nan
from outcomes.within_groups import levels_of, within_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from outcomes.analysis import Analysis, Comparison
    from outcomes.cautions import Caution
    from outcomes.endpoints import EndpointData
    from outcomes.factors import Factor
    from outcomes.group_models import GroupModel
    from outcomes.statistics.multiplicity import Adjusted
    from outcomes.statistics.stratified_cox import StratifiedCox
    from outcomes.statistics.survival import LogRank
    from outcomes.within_groups import Cell, Tests, WithinGroups

GROUP_COMPARISON_COLUMNS = ("grouping", *COMPARISON_COLUMNS)
STRATIFIED_COLUMNS = (
    "grouping",
    "grouping_label",
    "endpoint",
    "variable",
    "label",
    "stratum",
    "level",
    "n",
    "events",
    "missing",
    "horizon_months",
    "survival",
    "std_error",
    "ci_lower",
    "ci_upper",
    "n_at_risk",
    "test",
    "chi_square",
    "df",
    "p_value",
    "p_holm",
    "p_benjamini_hochberg",
    "reference",
    "coefficient",
    "coefficient_std_error",
    "hazard_ratio",
    "hazard_ci_lower",
    "hazard_ci_upper",
    "hazard_p_value",
    "heterogeneity_chi_square",
    "heterogeneity_df",
    "heterogeneity_p_value",
    "heterogeneity_p_holm",
    "heterogeneity_p_benjamini_hochberg",
    "note",
)
_HETEROGENEITY = "heterogeneity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """Everything by one grouping.

    Attributes:
        grouping: The grouping.
        baseline: Rows of the baseline table by it, with `GROUP_COMPARISON_COLUMNS`.
        response: Rows of the response table by it, the same.
        survival: Every factor within it, an endpoint after the other.
        models: The multivariable models stratified by it, one an endpoint.
    """

    grouping: Factor
    baseline: tuple[dict[str, object], ...]
    response: tuple[dict[str, object], ...]
    survival: tuple[WithinGroups, ...]
    models: tuple[GroupModel, ...]


def by_grouping(
    endpoints: Sequence[EndpointData], data: pd.DataFrame, analysis: Analysis
) -> tuple[Grouped, ...]:
    """Analyse everything by every grouping of the analysis.

    Args:
        endpoints: Times and events of each endpoint.
        data: The study population's data.
        analysis: Names the groupings, the rows of the tables, the factors and the covariates.
    """
    levels = levels_of(data, analysis)
    made = []
    for name in analysis.stratify_by:
        grouping = analysis.factors[name]
        made.append(
            Grouped(
                grouping=grouping,
                baseline=tuple(_comparison(data, analysis.baseline, grouping, analysis)),
                response=tuple(_comparison(data, analysis.response, grouping, analysis)),
                survival=tuple(
                    part
                    for derived in endpoints
                    for part in within_groups(derived, levels, grouping, analysis)
                ),
                models=tuple(
                    fit_stratified(derived, data, grouping, analysis)
                    for derived in endpoints
                    if analysis.covariates
                ),
            )
        )
    return tuple(made)


def _comparison(
    data: pd.DataFrame, declared: Comparison, grouping: Factor, analysis: Analysis
) -> Iterator[dict[str, object]]:
    rows = tuple(name for name in declared.rows if name != grouping.name)
    comparison = replace(declared, by=grouping.name, rows=rows)
    for row in comparison_rows(data, comparison, analysis.factors):
        yield {"grouping": grouping.name, **row}


def stratified_rows(grouped: Grouped, *, horizon_months: float) -> Iterator[dict[str, object]]:
    """Yield the rows with `STRATIFIED_COLUMNS` of one grouping.

    A row a level in each stratum, with the log-rank test and the hazard ratio within it, then a row
    a level across the strata (`all`), with the stratified test, the stratified hazard ratio and
    the test of heterogeneity. p values are corrected for all tests of the grouping and endpoint.
    """
    adjusted = {endpoint: adjust(found) for endpoint, found in _p_values(grouped).items()}
    for part in grouped.survival:
        about = {
            "grouping": part.grouping.name,
            "grouping_label": part.grouping.label,
            "endpoint": part.endpoint,
            "variable": part.variable,
            "label": part.factor.label if part.factor else "All patients",
            "horizon_months": horizon_months,
        }
        if part.factor and part.tests is None:
            yield _row(about) | _not_compared(part)
            continue
        for cell in part.cells:
            yield (
                _row(about)
                | _survival(part, cell)
                | _tested(part, cell, adjusted.get(part.endpoint, {}))
                | {"note": "; ".join(_notes(part, cell, horizon_months))}
            )


def _row(about: Mapping[str, object]) -> dict[str, object]:
    return dict.fromkeys(STRATIFIED_COLUMNS) | dict(about)


def _not_compared(part: WithinGroups) -> dict[str, object]:
    whole = [cell for cell in part.cells if cell.stratum == ALL]
    reason = (
        f"not compared: within each level of '{part.grouping.label}' all patients have one level"
        if whole
        else "not compared: nobody has a level of both"
    )
    return {
        "stratum": ALL,
        "level": ALL,
        "n": sum(cell.n for cell in whole),
        "events": sum(cell.events for cell in whole),
        "missing": part.missing[ALL],
        "note": reason,
    }


def _survival(part: WithinGroups, cell: Cell) -> dict[str, object]:
    cells: dict[str, object] = {
        "stratum": cell.stratum,
        "level": cell.level,
        "n": cell.n,
        "events": cell.events,
        "missing": part.missing[cell.stratum],
    }
    if cell.estimate is not None:
        cells |= {
            "survival": cell.estimate.survival,
            "std_error": none_for_nan(cell.estimate.std_error),
            "ci_lower": none_for_nan(cell.estimate.ci_lower),
            "ci_upper": none_for_nan(cell.estimate.ci_upper),
            "n_at_risk": cell.estimate.n_at_risk,
        }
    return cells


def _tested(
    part: WithinGroups, cell: Cell, adjusted: Mapping[tuple[str, str], Adjusted]
) -> dict[str, object]:
    if part.tests is None:
        return {}
    across = cell.stratum == ALL
    test = _test(part.tests, cell)
    corrected = adjusted.get((part.variable, cell.stratum))
    cells: dict[str, object] = {
        "test": "stratified log-rank" if across else "log-rank",
        "chi_square": test.chi_square,
        "df": test.df,
        "p_value": test.p_value,
        "p_holm": corrected.holm if corrected else None,
        "p_benjamini_hochberg": corrected.benjamini_hochberg if corrected else None,
        "reference": part.levels[0],
    }
    if across:
        heterogeneity = part.tests.effects.heterogeneity
        corrected = adjusted.get((part.variable, _HETEROGENEITY))
        cells |= {
            "heterogeneity_chi_square": heterogeneity.chi_square,
            "heterogeneity_df": heterogeneity.df,
            "heterogeneity_p_value": heterogeneity.p_value,
            "heterogeneity_p_holm": corrected.holm if corrected else None,
            "heterogeneity_p_benjamini_hochberg": corrected.benjamini_hochberg
            if corrected
            else None,
        }
    model = _model(part.tests, cell)
    term = next((term for term in model.terms if term.name == cell.level), None)
    if term and FOLLOWS not in model.reasons.values():
        cells |= {
            "coefficient": term.coefficient,
            "coefficient_std_error": term.std_error,
            "hazard_ratio": term.hazard_ratio,
            "hazard_ci_lower": term.ci_lower,
            "hazard_ci_upper": term.ci_upper,
            "hazard_p_value": term.p_value,
        }
    return cells


def _test(tests: Tests, cell: Cell) -> LogRank:
    return tests.logrank.across if cell.stratum == ALL else tests.logrank.within[cell.stratum]


def _model(tests: Tests, cell: Cell) -> StratifiedCox:
    return tests.effects.across if cell.stratum == ALL else tests.effects.within[cell.stratum]


def _notes(part: WithinGroups, cell: Cell, horizon_months: float) -> Iterator[str]:
    if part.landmark_months is not None:
        yield landmark_note(
            part.landmark_months, part.left_before_landmark, ENDPOINTS[part.endpoint].origin
        )
    if cell.n == 0:
        yield "no patient"
    elif cell.estimate and cell.estimate.survival == 0:
        yield "at 0 there is no standard error and no interval"
    elif cell.last_time is not None and cell.last_time < horizon_months:
        yield f"follow-up ends at {cell.last_time:.1f} months"
    if cell.n and not cell.events:
        yield "no event"
    if part.tests is None:
        return
    sizes = [each.n for each in part.cells if each.stratum == cell.stratum and each.n]
    if _test(part.tests, cell).p_value is not None and min(sizes) < cautions.MIN_AT_RISK:
        yield cautions.ROUGH_P_VALUE
    yield from _notes_on_tests(part.tests, cell, reference=part.levels[0])


def _notes_on_tests(tests: Tests, cell: Cell, *, reference: str) -> Iterator[str]:
    if test := _test(tests, cell).reason:
        yield test
    if cell.level != reference:
        model = _model(tests, cell)
        if FOLLOWS in model.reasons.values():
            yield "no hazard ratio: not all levels are compared with the reference here"
        elif cell.level in model.reasons:
            yield f"no hazard ratio: {model.reasons[cell.level]}"
    untested = tests.effects.heterogeneity.reason
    if cell.stratum == ALL and untested:
        yield f"heterogeneity not tested: {untested}"


def _p_values(grouped: Grouped) -> dict[str, dict[tuple[str, str], float]]:
    """Gather the p values of each endpoint, by factor and stratum."""
    found: dict[str, dict[tuple[str, str], float]] = {}
    for part in grouped.survival:
        of_endpoint = found.setdefault(part.endpoint, {})
        if part.tests is None:
            continue
        found_here = {name: part.tests.logrank.within[name].p_value for name in part.strata}
        found_here[ALL] = part.tests.logrank.across.p_value
        found_here[_HETEROGENEITY] = part.tests.effects.heterogeneity.p_value
        of_endpoint.update(
            {(part.variable, name): p for name, p in found_here.items() if p is not None}
        )
    return found


def grouping_cautions(grouped: Sequence[Grouped]) -> tuple[Caution, ...]:
    """Warn of the number of tests, and once a grouping of strata with few events.

    A grouping that is known late but counts from diagnosis is named too.
    """
    found: list[Caution] = []
    tests = sum(len(p) for one in grouped for p in _p_values(one).values())
    labels = ", ".join(one.grouping.label for one in grouped)
    found += cautions.several_tests(tests, where=f"Comparisons within and across {labels}")
    for one in grouped:
        events: dict[str, list[int]] = {}
        for part in one.survival:
            for cell in part.cells:
                if part.factor is None and cell.stratum != ALL:
                    events.setdefault(cell.stratum, []).append(cell.events)
        where = f"Within {one.grouping.label}"
        found += cautions.few_events_in_strata(events, where=where)
        found += known_late([one.grouping], where=where)
    return tuple(found)
