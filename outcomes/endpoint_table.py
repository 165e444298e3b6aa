"""The endpoints of an analysis as a table: name, definition, source, origin, counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from outcomes.cautions import Caution, Kind
from outcomes.endpoints import LATER_EVENTS, MISSING, FailureAt, Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outcomes.competing import CompetingData
    from outcomes.endpoints import EndpointData, Exclusion

ENDPOINT_COLUMNS = (
    "endpoint",
    "label",
    "declared",
    "definition",
    "source",
    "time_from",
    "failure_at",
    "n",
    "missing",
    "left_out",
    "events",
    "competing",
    "note",
)


def endpoint_rows(
    declared: Sequence[EndpointData],
    competing: Sequence[CompetingData],
    compared: Sequence[EndpointData],
) -> list[dict[str, object]]:
    """Make the rows with `ENDPOINT_COLUMNS`.

    Args:
        declared: The endpoints of survival that the analysis names.
        competing: Those with competing events.
        compared: Definitions that only the table of sensitivity shows beside them.
    """
    return [
        *(_survival_row(derived) | {"declared": "yes"} for derived in declared),
        *(_competing_row(derived) | {"declared": "yes"} for derived in competing),
        *(_survival_row(derived) | {"declared": "no"} for derived in compared),
    ]


def _survival_row(derived: EndpointData) -> dict[str, object]:
    endpoint = derived.endpoint
    return dict.fromkeys(ENDPOINT_COLUMNS) | {
        "endpoint": endpoint.name,
        "label": endpoint.label,
        "definition": endpoint.text,
        "source": endpoint.source,
        "time_from": "as supplied" if endpoint.supplied else str(endpoint.origin),
        "failure_at": "as supplied" if endpoint.supplied else str(endpoint.failure_at),
        "events": derived.events,
        "competing": 0,
        **_counts(len(derived.data), derived.excluded),
    }


def _competing_row(derived: CompetingData) -> dict[str, object]:
    endpoint = derived.endpoint
    return dict.fromkeys(ENDPOINT_COLUMNS) | {
        "endpoint": endpoint.name,
        "label": endpoint.label,
        "definition": endpoint.definition(derived.leavers),
        "source": endpoint.source,
        "time_from": str(Origin.DIAGNOSIS),
        "failure_at": str(FailureAt.RECORDED),
        "events": derived.events,
        "competing": int((derived.data["cause"] > 1).sum()),
        **_counts(len(derived.data), derived.excluded),
    }


def _counts(n: int, excluded: Sequence[Exclusion]) -> dict[str, object]:
    return {
        "n": n,
        "missing": missing(excluded),
        "left_out": len(excluded) - missing(excluded),
        "note": why_left_out(excluded),
    }


def missing(excluded: Sequence[Exclusion]) -> int:
    """Count the patients left out since a value is missing, not by what happened."""
    return sum(out.reason in MISSING for out in excluded)


def why_left_out(excluded: Sequence[Exclusion]) -> str:
    """Say for what reasons how many patients are left out."""
    reasons = Counter(out.reason for out in excluded)
    return "; ".join(f"{number} left out: {reason}" for reason, number in sorted(reasons.items()))


def chosen_by_outcome(derived: EndpointData) -> tuple[Caution, ...]:
    """Warn of patients left out by what happened to them after diagnosis."""
    later = Counter(out.reason for out in derived.excluded if out.reason in LATER_EVENTS)
    if not later:
        return ()
    listed = "; ".join(f"{number} {reason}" for reason, number in sorted(later.items()))
    return (
        Caution(
            kind=Kind.EXCLUDED_BY_OUTCOME,
            where=derived.endpoint.label,
            caution=f"{later.total()} of {len(derived.data) + len(derived.excluded)} patients are "
            f"left out by what happened to them later ({listed}): survival of the others is "
            "biased, mostly upwards",
            figure=later.total(),
            endpoint=derived.endpoint.name,
        ),
    )
