"""The kinds of margin, by the name in the column `kind`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from outcomes.audit.cells import whole
from outcomes.synthesis import wanted
from outcomes.synthesis.conditions import MISSING, NUMBER, check_level, check_name, is_number
from outcomes.synthesis.wanted import Declared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outcomes.synthesis.margins import Margin
    from outcomes.synthesis.wanted import Reader

MOST_PATIENTS = 500
_MOST_STATES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of margin.

    Attributes:
        meaning: What is printed.
        of, where, n, prints: An example.
        read: From a row to what it asks for.
    """

    meaning: str
    of: str = ""
    where: str = ""
    n: str = ""
    prints: str
    read: Reader


def _read_n(margin: Margin) -> Declared:
    n = whole(margin.printed, least=1)
    if n > MOST_PATIENTS:
        raise BadValueError(f"expected a cohort of at most {MOST_PATIENTS} patients, found {n}")
    return Declared(n=n)


def _read_variable(margin: Margin) -> Declared:
    check_name(margin.of)
    states = tuple(dict.fromkeys(part.strip() for part in margin.printed.split(",")))
    if len(states) > _MOST_STATES:
        raise BadValueError(f"expected at most {_MOST_STATES} levels, found {len(states)}")
    levels = tuple(state for state in states if state != MISSING)
    if is_number(margin.of):
        if levels != (NUMBER,):
            raise BadValueError(f"expected '{NUMBER}' or '{NUMBER}, {MISSING}' for '{margin.of}'")
    elif not levels:
        raise BadValueError("expected at least one level")
    elif levels != (NUMBER,):
        for level in levels:
            check_level(margin.of, level)
    return Declared(variable=margin.of, states=states)


KINDS: Mapping[str, Kind] = {
    "n": Kind(meaning="patients of the cohort; once, always", prints="48", read=_read_n),
    "variable": Kind(
        meaning="levels of a variable, or number; with missing, a patient may have none",
        of="mrd_pcr_tp1",
        prints="negative, positive, missing",
        read=_read_variable,
    ),
    "count": Kind(
        meaning="patients who meet a condition, among those of `of`, who are n",
        of="age_months<12",
        where="sex=male",
        n="18",
        prints="11",
        read=wanted.read_count,
    ),
    "percent": Kind(
        meaning="the same in percent",
        of="age_months<12",
        where="sex=male",
        n="18",
        prints="61.11%",
        read=wanted.read_percent,
    ),
    "analysed": Kind(
        meaning="patients of an endpoint",
        of="wen-2022-as-analysed",
        where="sex=female",
        prints="14",
        read=wanted.read_analysed,
    ),
    "events": Kind(
        meaning="events of an endpoint, n its patients",
        of="efs",
        where="sex=female",
        n="14",
        prints="11",
        read=wanted.read_events,
    ),
    "km": Kind(
        meaning="Kaplan-Meier estimate ± Greenwood's standard error in percent, or it alone",
        of="efs at 60",
        where="sex=female",
        n="14",
        prints="15.71±10.18",
        read=wanted.read_km,
    ),
    "km_fraction": Kind(
        meaning="the same as fractions of 1",
        of="efs at 60",
        where="sex=female",
        n="14",
        prints="0.157±0.102",
        read=wanted.read_km_fraction,
    ),
    "logrank": Kind(
        meaning="log-rank p of those who meet the condition against the others",
        of="efs by sex=female",
        where="partner=AFF1|MLLT3",
        prints="0.0160",
        read=wanted.read_logrank,
    ),
    "mean": Kind(meaning="mean", of="age_months", prints="45.19", read=wanted.read_mean),
    "mean_sem": Kind(
        meaning="mean ± its standard error",
        of="wbc_e9_per_l",
        where="age_months<12",
        n="18",
        prints="153.49±37.37",
        read=wanted.read_mean_sem,
    ),
    "mean_sd": Kind(
        meaning="mean ± standard deviation",
        of="age_months",
        prints="45.2±51.3",
        read=wanted.read_mean_sd,
    ),
    "median": Kind(meaning="median", of="age_months", prints="18.50", read=wanted.read_median),
    "range": Kind(
        meaning="smallest and largest value; the values have one digit more",
        of="age_months",
        prints="3-173",
        read=wanted.read_range,
    ),
    "median_time": Kind(
        meaning="median of the times of an endpoint, whether with an event or without",
        of="efs",
        prints="15.48",
        read=wanted.read_median_time,
    ),
}

NOT_SOUGHT = {
    "fisher_p": "it follows from counts, which are sought; `kmt2a audit` judges it",
    "welch_p": "it follows from means and their spread, which are sought; `kmt2a audit` judges it",
    "hazard_ratio": "estimates of a model are not sought",
    "cumulative_incidence": "cumulative incidences are not sought",
    "iqr": "quartiles are not sought",
}
"""Kinds that are known and not sought, and why."""

CONDITIONS = (
    "Conditions: NAME=LEVEL, NAME=LEVEL|LEVEL, NAME!=LEVEL, NAME<NUMBER, <=, >, >=, NAME=* (has a "
    "value), joined by &; NAME is a column of the clinical table, partner, subtype, first_event, "
    "or one of your own"
)
