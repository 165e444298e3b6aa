"""Figures of the whole cohort: hazard ratios, courses of the patients, MRD by time point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from outcomes.figures.forest import forest_figure
from outcomes.figures.mrd import mrd_figure
from outcomes.figures.swimmer import MOST_PATIENTS, swimmer_figure
from outcomes.forests import multivariable_forest, univariate_forest
from outcomes.mrd import TIME_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure

    from outcomes.forests import Forest
    from outcomes.tables import OutcomeResults


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFigure:
    """A figure to be drawn, or the reason why it is not.

    Attributes:
        kind: `km`, `cif`, `forest`, `swimmer` or `mrd`.
        title: Stands above it.
        caption: What it shows, with counts; or why it is not drawn.
        endpoint: Name of the endpoint, empty for none.
        variable: What it compares or is grouped by.
        draw: Draws it; None where it cannot be drawn.
    """

    kind: str
    title: str
    caption: str
    endpoint: str
    variable: str
    draw: Callable[[], Figure] | None


def cohort_figures(found: OutcomeResults, *, mark: str) -> Iterator[ReportFigure]:
    """Yield the figures of an analysis that show the whole cohort."""
    yield from _forests(found, mark=mark)
    yield _swimmer(found, mark=mark)
    yield _mrd(found, mark=mark)


def _forests(found: OutcomeResults, *, mark: str) -> Iterator[ReportFigure]:
    primary, tables = found.endpoints[0].endpoint, found.tables
    univariate = univariate_forest(tables["table_univariate"], primary.name)
    full, firth = tables["table_multivariable"], tables["table_multivariable_firth"]
    multivariable = multivariable_forest(full, firth, primary.name)
    overall = found.strata[0]
    of_model = next((row for row in full if row["endpoint"] == primary.name), {})
    for variable, what, forest, counts in (
        ("univariate", "one factor at a time", univariate, (overall.n, overall.events)),
        (
            "multivariable",
            "all covariates together",
            multivariable,
            (of_model.get("n"), of_model.get("events")),
        ),
    ):
        if not forest.groups:
            continue
        title = f"{primary.label}: hazard ratios, {what}"
        yield ReportFigure(
            kind="forest",
            title=title,
            caption=_forest_caption(forest, title, counts),
            endpoint=primary.name,
            variable=variable,
            draw=partial(
                forest_figure,
                forest.groups,
                title=title,
                models=forest.models,
                note=forest.note,
                mark=mark or None,
            )
            if forest.estimated
            else None,
        )


def _forest_caption(forest: Forest, title: str, counts: tuple[object, object]) -> str:
    if not forest.estimated:
        return f"{title}: not drawn, since no hazard ratio could be estimated."
    n, events = counts
    return (
        f"{title}: {n} patients, {events} events; {forest.estimated} of {forest.asked} hazard "
        "ratios could be estimated."
    )


def _swimmer(found: OutcomeResults, *, mark: str) -> ReportFigure:
    courses = found.courses
    drawn = courses.followed
    title = "Course of every patient"
    if courses.label:
        title += f" by {courses.label}"
    if not drawn:
        caption = f"{title}: not drawn, since no patient has a time of follow-up."
    elif len(drawn) > MOST_PATIENTS:
        caption = (
            f"{title}: not drawn, since more than {MOST_PATIENTS} bars cannot be told apart; all "
            f"{len(drawn)} courses are in outcomes/swimmer.tsv."
        )
    else:
        unknown = len(courses.patients) - len(drawn)
        rest = f"; {unknown} without any time" if unknown else ""
        caption = f"{title}: {len(drawn)} of {len(courses.patients)} patients{rest}."
    return ReportFigure(
        kind="swimmer",
        title=title,
        caption=caption,
        endpoint="",
        variable=courses.by,
        draw=partial(swimmer_figure, courses, title=title, mark=mark or None)
        if 1 <= len(drawn) <= MOST_PATIENTS
        else None,
    )


def _mrd(found: OutcomeResults, *, mark: str) -> ReportFigure:
    mrd = found.mrd
    title = "MRD by time point"
    if mrd.label:
        title += f" and {mrd.label}"
    if mrd.measured:
        results = (
            f"{sum(patient.fcm[number] is not None for patient in mrd.patients)} at {point.name}"
            for number, point in enumerate(TIME_POINTS)
        )
        caption = (
            f"{title}: flow cytometry of {' and '.join(results)}, of {len(mrd.patients)} patients."
        )
    else:
        caption = f"{title}: not drawn, since no patient has a result of flow cytometry."
    return ReportFigure(
        kind="mrd",
        title=title,
        caption=caption,
        endpoint="",
        variable=mrd.by,
        draw=partial(mrd_figure, mrd, title=title, mark=mark or None) if mrd.measured else None,
    )
