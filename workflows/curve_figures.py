"""Figures of curves: survival, cumulative incidence, survival before and after an exposure."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from outcomes.clinical.dictionary import day_of
from outcomes.endpoints import Origin
from outcomes.figures.incidence import IncidenceCurve, Panel, incidence_figure
from outcomes.figures.km import Curve, km_figure
from outcomes.figures.simon_makuch import Group, simon_makuch_figure
from outcomes.strata import Strata
from workflows.cohort_figures import ReportFigure
from workflows.report.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure

    from outcomes.incidence_strata import IncidenceStrata
    from outcomes.tables import OutcomeResults
    from outcomes.time_dependent import TimeDependent

# Two beside each other on A4 and on a screen, with letters that stay legible.
FIGURE_WIDTH_MM = 115


def curve_figures(found: OutcomeResults, *, mark: str) -> Iterator[ReportFigure]:
    """Yield the figures of survival, of cumulative incidence, and of exposures that come later."""
    for strata in _drawn(found):
        curves = [Curve(label=_level(s.level), estimate=s.curve) for s in strata.strata if s.curve]
        if not curves:
            continue
        title = _title(strata)
        draw = partial(
            km_figure,
            curves,
            title=title,
            horizon_months=found.analysis.horizon_months,
            p_value=strata.test.p_value if strata.test else None,
            note=_sentence(strata.note),
            mark=mark or None,
            y_label=f"{strata.endpoint_label} (%)",
            x_label=_x_label(strata),
            width_mm=FIGURE_WIDTH_MM,
        )
        yield _figure_of(strata, "km", title, draw)
    for incidence in _drawn_incidence(found):
        title = _title(incidence)
        areas = _incidence_drawing(incidence, found, title=title, mark=mark)
        yield _figure_of(incidence, "cif", title, areas)
    for exposed in found.time_dependent:
        if exposed.drawn:
            title = f"{exposed.endpoint_label} by {exposed.exposure.within}"
            both = _exposure_drawing(exposed, found, title=title, mark=mark)
            yield _figure_of(exposed, "simon-makuch", title, both)


def _title(strata: Strata | IncidenceStrata) -> str:
    label = strata.endpoint_label
    return label if strata.test is None else f"{label} by {_lower_first(strata.label)}"


def _figure_of(
    strata: Strata | IncidenceStrata | TimeDependent,
    kind: str,
    title: str,
    draw: Callable[[], Figure],
) -> ReportFigure:
    return ReportFigure(
        kind=kind,
        title=title,
        caption=f"{title}: {plural(strata.n, 'patient')}, {plural(strata.events, 'event')}.",
        endpoint=strata.endpoint,
        variable=strata.variable,
        draw=draw,
    )


def _incidence_drawing(
    strata: IncidenceStrata, found: OutcomeResults, *, title: str, mark: str
) -> Callable[[], Figure]:
    tests = (strata.test, strata.competing_test)
    event, competing = (
        Panel(label=label, p_value=test.p_value if test else None)
        for label, test in zip(
            (strata.endpoint_label, strata.definition.competing_label), tests, strict=True
        )
    )
    return partial(
        incidence_figure,
        [IncidenceCurve(label=_level(s.level), estimate=s.curve) for s in strata.strata if s.curve],
        title=title,
        event=event,
        competing=competing,
        horizon_months=found.analysis.horizon_months,
        note=_sentence(strata.note),
        mark=mark or None,
        x_label=_x_label(strata),
        width_mm=FIGURE_WIDTH_MM,
    )


def _exposure_drawing(
    exposed: TimeDependent, found: OutcomeResults, *, title: str, mark: str
) -> Callable[[], Figure]:
    unexposed, after = (
        Group(label=_upper_first(name), estimate=curve) for name, curve in exposed.drawn
    )
    landmark = exposed.landmark_months
    return partial(
        simon_makuch_figure,
        unexposed,
        after,
        title=title,
        switched=exposed.exposure.column,
        horizon_months=found.analysis.horizon_months,
        p_value=exposed.test.p_value,
        note=""
        if landmark is None
        else f"Curves from the landmark at {landmark:g} months; the test is of the whole time from "
        f"{exposed.origin}.",
        mark=mark or None,
        y_label=f"{exposed.endpoint_label} (%)",
        x_label=f"Months from {exposed.origin}",
        width_mm=FIGURE_WIDTH_MM,
    )


def _drawn_incidence(found: OutcomeResults) -> list[IncidenceStrata]:
    """Everybody's, and that of the first endpoint by the first factor compared."""
    drawn: list[IncidenceStrata] = []
    for result in found.incidence:
        drawn += [result.overall, *(result.by_factor[:1] if not drawn else ())]
    return [strata for strata in drawn if strata.n]


def _drawn(found: OutcomeResults) -> list[Strata]:
    """Every curve of the primary endpoint, and everybody's of the others."""
    primary = found.analysis.endpoints[0]
    return [s for s in found.strata if s.endpoint == primary or s.test is None]


def _level(level: str) -> str:
    return "All patients" if level == "all" else level


def _lower_first(text: str) -> str:
    """Lower the first letter of a label unless the word is an abbreviation or a gene."""
    return text if text[:2].isupper() or text[:1].isdigit() else text[:1].lower() + text[1:]


def _sentence(text: str) -> str:
    return f"{_upper_first(text)}." if text else ""


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _x_label(strata: Strata | IncidenceStrata) -> str:
    origin = strata.origin if isinstance(strata, Strata) else Origin.DIAGNOSIS
    if strata.landmark_months is None:
        return f"Months from {origin}"
    return f"Months from {origin} (landmark on day {day_of(strata.landmark_months)})"
