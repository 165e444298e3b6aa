"""Forest plots of the comparisons and of the multivariable model, from the rows of their tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from outcomes.factors import ALL
from outcomes.figures.forest import Estimate, ForestGroup, ForestRow
from outcomes.statistics.hazard_ratios import COX, FIRTH, REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

IS_REFERENCE = "1 (reference)"
FULL_MODEL, FIRTH_MODEL = "full model", "Firth-penalised model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """What a forest plot shows.

    Attributes:
        groups: The factors with their levels.
        models: What the estimates come from, as the legend says it.
        note: What is to be known beside it, empty for nothing.
    """

    groups: tuple[ForestGroup, ...]
    models: tuple[str, ...]
    note: str = ""

    @property
    def estimated(self) -> int:
        """How many levels or measures have a hazard ratio."""
        return sum(bool(row.estimates) for group in self.groups for row in group.rows)

    @property
    def asked(self) -> int:
        """How many were to be compared: all rows but the references."""
        return sum(row.words != IS_REFERENCE for group in self.groups for row in group.rows)


def univariate_forest(rows: Iterable[Mapping[str, Any]], endpoint: str) -> Forest:
    """Take the comparisons of an endpoint from the rows of `table_univariate`."""
    own = [row for row in rows if row["endpoint"] == endpoint and row["variable"] != ALL]
    groups = tuple(
        ForestGroup(label=label, rows=tuple(_compared(row) for row in levels))
        for (_, label), levels in groupby(own, key=lambda row: (row["variable"], row["label"]))
    )
    models = ["Cox model of one factor: ties by Efron, interval and P by Wald"]
    if any(str(row["hr_method"]).startswith(FIRTH) for row in own):
        models.append(
            "Firth-penalised, where the Cox model has no finite estimate: profile likelihood "
            "interval and P by likelihood ratio"
        )
    late = any("landmark" in str(row["note"]) for row in own)
    return Forest(
        groups=groups,
        models=tuple(models),
        note="What is known only on a later day is compared from a landmark on that day."
        if late
        else "",
    )


def _compared(row: Mapping[str, Any]) -> ForestRow:
    method = row["hr_method"]
    estimates: tuple[Estimate, ...] = ()
    words = ""
    if method == REFERENCE:
        words = IS_REFERENCE
    elif row["hazard_ratio"] is None:
        words = _sentence(method)
    else:
        estimates = (
            Estimate(
                model=0 if method == COX else 1,
                ratio=row["hazard_ratio"],
                lower=row["hr_ci_lower"],
                upper=row["hr_ci_upper"],
                p_value=row["hr_p_value"],
            ),
        )
    return ForestRow(
        label=row["level"], n=row["n"], events=row["events"], estimates=estimates, words=words
    )


def multivariable_forest(
    full: Sequence[Mapping[str, Any]], firth: Iterable[Mapping[str, Any]], endpoint: str
) -> Forest:
    """Take the full model of an endpoint and the penalised one from the rows of their tables."""
    own = [row for row in full if row["endpoint"] == endpoint]
    penalised = {row["term"]: row for row in firth if row["endpoint"] == endpoint}
    groups = []
    for _, members in groupby(own, key=lambda row: row["variable"]):
        terms = list(members)
        first = terms[0]
        rows = [_term(row, penalised.get(row["term"], {})) for row in terms]
        if first["level"] is not None:
            reference = ForestRow(
                label=first["reference"],
                n=first["reference_n"],
                events=first["reference_events"],
                words=IS_REFERENCE,
            )
            rows.insert(0, reference)
        groups.append(ForestGroup(label=first["variable_label"], rows=tuple(rows)))
    return Forest(
        groups=tuple(groups),
        models=(
            f"Full model: {_ties(own)}, interval and P by Wald",
            "Firth-penalised: ties by Breslow, profile likelihood interval, P by likelihood ratio",
        ),
        note=_sentence(own[0]["note"]) + "." if own and own[0]["note"] else "",
    )


def _ties(rows: Sequence[Mapping[str, Any]]) -> str:
    """Say how the full model handles tied events."""
    ties = str(rows[0]["ties"]) if rows else ""
    return "exact ties" if ties == "exact" else f"ties by {ties.capitalize()}"


def _term(full: Mapping[str, Any], firth: Mapping[str, Any]) -> ForestRow:
    estimates: list[Estimate] = []
    lacks: list[str] = []
    for number, (name, row) in enumerate(((FULL_MODEL, full), (FIRTH_MODEL, firth))):
        if row.get("hazard_ratio") is None:
            lacks.append(name)
            continue
        estimates.append(
            Estimate(
                model=number,
                ratio=row["hazard_ratio"],
                lower=row["ci_lower"],
                upper=row["ci_upper"],
                p_value=row["p_value"],
            )
        )
    if full["level"] is None:
        label = str(full["label"]).removeprefix(str(full["variable_label"])).lstrip(", ")
    else:
        label = full["level"]
    return ForestRow(
        label=label,
        n=full["level_n"],
        events=full["level_events"],
        estimates=tuple(estimates),
        words=f"No estimate from the {' or the '.join(lacks)}" if lacks else "",
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
