"""The flow of patients: who entered, who left each analysis and why, as rows of a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outcomes.clinical.dictionary import day_of
from outcomes.models import MULTIVARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from outcomes.clinical.cohort import JoinedCohort
    from outcomes.competing import CompetingData
    from outcomes.endpoints import EndpointData
    from outcomes.incidence_strata import IncidenceStrata
    from outcomes.models import Multivariable
    from outcomes.strata import Strata

FLOW_COLUMNS = ("endpoint", "variable", "analysis", "step", "patients", "left", "reason")
CLINICAL_TABLE = "clinical table"
COHORT = "cohort"
STUDY_POPULATION = "study population"
DROPOUT_COLUMNS = (
    "patient",
    "left_study_months",
    "complete_remission_months",
    "last_contact_months",
    "sex",
    "age_months",
    "wbc_e9_per_l",
    "ldh_u_per_l",
    "cns_involvement",
    "testicular_involvement",
    "family_history_of_cancer",
    "partner",
    "subtype",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
    """An analysis in the flow: by name, `endpoint` and `variable`, and in words."""

    endpoint: str = ""
    variable: str = ""
    words: str


def flow_row(
    analysis: Analysed, step: str, *, patients: int, left: int = 0, reason: str = ""
) -> dict[str, object]:
    """Make one row: `patients` are those who remain after the step, `left` those it took."""
    return {
        "endpoint": analysis.endpoint,
        "variable": analysis.variable,
        "analysis": analysis.words,
        "step": step,
        "patients": patients,
        "left": left,
        "reason": reason,
    }


def table_flow(
    patients: int, *, unused: Sequence[str], without_values: Sequence[str]
) -> Iterator[dict[str, object]]:
    """Yield the rows on the clinical table itself: what of it, and of the analysis, has no use.

    Args:
        patients: Patients of the clinical table.
        unused: Its columns that nothing uses.
        without_values: Labels of factors and measures of which nobody has a value.
    """
    analysis = Analysed(words=CLINICAL_TABLE)
    if unused:
        yield flow_row(analysis, "columns not used", patients=patients, reason=", ".join(unused))
    if without_values:
        # Labels hold commas.
        listed = "; ".join(without_values)
        yield flow_row(analysis, "not in the clinical table", patients=patients, reason=listed)


def cohort_flow(joined: JoinedCohort, population: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """Yield the rows from the clinical table to the study population."""
    cohort = Analysed(words=COHORT)
    remaining = joined.cohort.n
    yield flow_row(cohort, CLINICAL_TABLE, patients=remaining)
    if joined.clinical_only:
        yield flow_row(
            cohort,
            "integrated result",
            patients=remaining,
            reason=f"{len(joined.clinical_only)} without an integrated result stay, their "
            "subtype is missing",
        )
    if joined.results_only:
        yield flow_row(
            cohort,
            "integrated result",
            patients=remaining,
            reason=f"{len(joined.results_only)} with an integrated result but without clinical "
            "data cannot be analysed",
        )
    for status, left in sorted(Counter(_outside(joined, population)).items()):
        remaining -= left
        reason = f"status {status.replace('_', ' ')}"
        yield flow_row(cohort, "KMT2A status", patients=remaining, left=left, reason=reason)
    yield flow_row(cohort, STUDY_POPULATION, patients=remaining)


def _outside(joined: JoinedCohort, population: tuple[str, ...]) -> Iterator[str]:
    for status in joined.cohort.data["status"]:
        if not in_population(status, population):
            yield status


def in_population(status: str | None, population: tuple[str, ...]) -> bool:
    """Say whether a status belongs to the study; a missing one does, nobody is dropped unseen."""
    return not population or not status or status in population


def endpoint_flow(derived: EndpointData | CompetingData) -> Iterator[dict[str, object]]:
    """Yield the rows from the study population to the patients of an endpoint."""
    analysis = Analysed(endpoint=derived.endpoint.name, words=derived.endpoint.label)
    remaining = len(derived.data) + len(derived.excluded)
    yield flow_row(analysis, STUDY_POPULATION, patients=remaining)
    for reason, left in sorted(Counter(out.reason for out in derived.excluded).items()):
        remaining -= left
        yield flow_row(analysis, "excluded", patients=remaining, left=left, reason=reason)
    yield flow_row(
        analysis, "analysed", patients=remaining, reason=f"{derived.events} with an event"
    )


def strata_flow(strata: Strata | IncidenceStrata) -> Iterator[dict[str, object]]:
    """Yield the rows from the patients of an endpoint to those compared by a factor."""
    yield from _narrowing(
        Analysed(
            endpoint=strata.endpoint,
            variable=strata.variable,
            words=f"{strata.endpoint_label}, {strata.label}",
        ),
        entered=strata.entered,
        early=strata.left_before_landmark,
        incomplete=strata.without_level,
        landmark_months=strata.landmark_months,
        why="missing, or not one of the groups compared",
        events=strata.events,
    )


def model_flow(derived: EndpointData, fitted: Multivariable | None) -> Iterator[dict[str, object]]:
    """Yield the rows from the patients of an endpoint to those of its model, None for no model."""
    endpoint = derived.endpoint
    analysis = Analysed(
        endpoint=endpoint.name,
        variable=MULTIVARIABLE,
        words=f"{endpoint.label}, multivariable model",
    )
    if fitted is None:
        entered = len(derived.data)
        yield flow_row(analysis, "patients of the endpoint", patients=entered)
        yield flow_row(
            analysis,
            "analysed",
            patients=0,
            left=entered,
            reason="no model: nobody has every covariate",
        )
        return
    yield from _narrowing(
        analysis,
        entered=fitted.entered,
        early=fitted.left_before_landmark,
        incomplete=fitted.incomplete,
        landmark_months=fitted.landmark_months,
        why="a covariate is missing",
        events=fitted.model.events,
    )


def _narrowing(
    analysis: Analysed,
    *,
    entered: int,
    early: int,
    incomplete: int,
    landmark_months: float | None,
    why: str,
    events: int,
) -> Iterator[dict[str, object]]:
    yield flow_row(analysis, "patients of the endpoint", patients=entered)
    if early and landmark_months is not None:
        yield flow_row(
            analysis,
            f"landmark on day {day_of(landmark_months)}",
            patients=entered - early,
            left=early,
            reason="event or end of follow-up by that day",
        )
    remaining = entered - early - incomplete
    if incomplete:
        yield flow_row(analysis, "value known", patients=remaining, left=incomplete, reason=why)
    yield flow_row(analysis, "analysed", patients=remaining, reason=f"{events} with an event")


def dropout_rows(data: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield a row with `DROPOUT_COLUMNS` for each patient who left the study."""
    left = data[data["left_study_months"].notna()]
    for values in left[list(DROPOUT_COLUMNS)].itertuples(index=False):
        # A number that equals nothing, not even itself, is a missing one.
        cells = [None if value != value else value for value in values]  # noqa: PLR0124
        yield dict(zip(DROPOUT_COLUMNS, cells, strict=True))
