"""The flow of patients: who entered, who left each analysis and why, as rows of a table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from outcomes.cohort import JoinedCohort
    from outcomes.endpoints import EndpointData
    from outcomes.models import Multivariable
    from outcomes.strata import Strata

FLOW_COLUMNS = ("analysis", "step", "patients", "left", "reason")
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


def flow_row(
    analysis: str, step: str, *, patients: int, left: int = 0, reason: str = ""
) -> dict[str, object]:
    """Make one row: `patients` are those who remain after the step, `left` those it took."""
    return {
        "analysis": analysis,
        "step": step,
        "patients": patients,
        "left": left,
        "reason": reason,
    }


def cohort_flow(joined: JoinedCohort, population: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """Yield the rows from the clinical table to the study population."""
    remaining = joined.cohort.n
    yield flow_row(COHORT, "clinical table", patients=remaining)
    if joined.clinical_only:
        yield flow_row(
            COHORT,
            "integrated result",
            patients=remaining,
            reason=f"{len(joined.clinical_only)} without an integrated result stay, their "
            "subtype is missing",
        )
    if joined.results_only:
        yield flow_row(
            COHORT,
            "integrated result",
            patients=remaining,
            reason=f"{len(joined.results_only)} with an integrated result but without clinical "
            "data cannot be analysed",
        )
    for status, left in sorted(Counter(_outside(joined, population)).items()):
        remaining -= left
        yield flow_row(
            COHORT, "KMT2A status", patients=remaining, left=left, reason=f"status {status}"
        )
    yield flow_row(COHORT, STUDY_POPULATION, patients=remaining)


def _outside(joined: JoinedCohort, population: tuple[str, ...]) -> Iterator[str]:
    for status in joined.cohort.data["status"]:
        if not in_population(status, population):
            yield status


def in_population(status: str | None, population: tuple[str, ...]) -> bool:
    """Say whether a status belongs to the study; a missing one does, nobody is dropped unseen."""
    return not population or not status or status in population


def endpoint_flow(derived: EndpointData) -> Iterator[dict[str, object]]:
    """Yield the rows from the study population to the patients of an endpoint."""
    name = derived.endpoint.name
    remaining = len(derived.data) + len(derived.excluded)
    yield flow_row(name, STUDY_POPULATION, patients=remaining)
    for reason, left in sorted(Counter(out.reason for out in derived.excluded).items()):
        remaining -= left
        yield flow_row(name, "excluded", patients=remaining, left=left, reason=reason)
    events = int(derived.data["event"].sum())
    yield flow_row(name, "analysed", patients=remaining, reason=f"{events} with an event")


def strata_flow(strata: Strata) -> Iterator[dict[str, object]]:
    """Yield the rows from the patients of an endpoint to those compared by a factor."""
    yield from _narrowing(
        f"{strata.endpoint}: {strata.variable}",
        entered=strata.entered,
        early=strata.left_before_landmark,
        incomplete=strata.without_level,
        why="no level: missing or not compared",
        events=strata.events,
    )


def model_flow(fitted: Multivariable) -> Iterator[dict[str, object]]:
    """Yield the rows from the patients of an endpoint to those of its model."""
    yield from _narrowing(
        f"{fitted.endpoint}: multivariable model",
        entered=fitted.entered,
        early=fitted.left_before_landmark,
        incomplete=fitted.incomplete,
        why="a covariate is missing",
        events=fitted.model.events,
    )


def _narrowing(
    analysis: str, *, entered: int, early: int, incomplete: int, why: str, events: int
) -> Iterator[dict[str, object]]:
    yield flow_row(analysis, "endpoint", patients=entered)
    if early:
        yield flow_row(
            analysis,
            "landmark",
            patients=entered - early,
            left=early,
            reason="event or end of follow-up by the landmark",
        )
    remaining = entered - early - incomplete
    if incomplete:
        yield flow_row(analysis, "known", patients=remaining, left=incomplete, reason=why)
    yield flow_row(analysis, "analysed", patients=remaining, reason=f"{events} with an event")


def dropout_rows(data: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield a row with `DROPOUT_COLUMNS` for each patient who left the study."""
    left = data[data["left_study_months"].notna()]
    for values in left[list(DROPOUT_COLUMNS)].itertuples(index=False):
        # A number that equals nothing, not even itself, is a missing one.
        cells = [None if value != value else value for value in values]  # noqa: PLR0124
        yield dict(zip(DROPOUT_COLUMNS, cells, strict=True))
