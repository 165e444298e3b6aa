"""The course of a synthetic patient: one time, and what came first at it.

Every endpoint of `outcomes.endpoints` is a set of such first events, and leaves some out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from outcomes.endpoints import ENDPOINTS, FailureAt, Origin

if TYPE_CHECKING:
    from outcomes.endpoints import Endpoint
    from outcomes.synthesis.conditions import Group

FIRST_EVENT = "first_event"
NONE = "none"
# First event: the columns of the clinical table that hold its time, and its cause of death.
EVENT_COLUMNS = {
    "induction_failure": (("induction_failure_months", "last_contact_months"), ""),
    "relapse": (("relapse_months", "last_contact_months"), ""),
    "second_cancer": (("second_cancer_months", "last_contact_months"), ""),
    "treatment_death": (("death_months",), "treatment"),
    "death": (("death_months",), "disease"),
    "left_study": (("left_study_months", "last_contact_months"), ""),
    NONE: (("last_contact_months",), ""),
}
STATES = tuple(EVENT_COLUMNS)
DEATHS = frozenset({"treatment_death", "death"})


def check_endpoint(name: str) -> str:
    """Return the name of an endpoint that follows from the first event.

    Raises:
        BadValueError: If there is none of this name.
    """
    known = [each.name for each in ENDPOINTS.values() if _follows(each)]
    if name not in known:
        raise BadValueError(f"expected an endpoint ({', '.join(known)}), found '{name}'")
    return name


def _follows(endpoint: Endpoint) -> bool:
    """Say whether the first event and its time are all that an endpoint needs."""
    later = endpoint.origin is not Origin.DIAGNOSIS or endpoint.failure_at is FailureAt.ORIGIN
    return not (endpoint.supplied or later or endpoint.rescued_by_months)


def event_states(endpoint: str) -> frozenset[str]:
    """The first events that an endpoint counts."""
    counted = ENDPOINTS[endpoint].events
    deaths = DEATHS if "death" in counted else frozenset[str]()
    return frozenset(state for state in STATES if state in counted) | deaths


def analysed(endpoint: str) -> Group:
    """Whom an endpoint does not leave out, as a condition."""
    definition = ENDPOINTS[endpoint]
    left_out = {"left_study"} if definition.excludes_leavers else set()
    left_out |= {"treatment_death"} if definition.excludes_treatment_death else set()
    return ((FIRST_EVENT, frozenset(STATES) - left_out),) if left_out else ()


def events(endpoint: str) -> Group:
    """Who is analysed and has an event, as a condition."""
    left_out = dict(analysed(endpoint)).get(FIRST_EVENT, frozenset(STATES))
    return ((FIRST_EVENT, event_states(endpoint) & left_out),)
