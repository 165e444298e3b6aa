"""Which requirements cannot hold together, and which fewest to give up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from outcomes.synthesis.requirements import Requirement

    # Whether requirements can hold together; None where that was not found out.
    Check: TypeAlias = Callable[[Sequence[Requirement]], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Requirements that cannot all hold, but could without any one of them.

    Attributes:
        members: The requirements.
        proven: Whether no patients at all can meet them; not so where the search asked more than
            what is printed.
    """

    members: tuple[Requirement, ...]
    proven: bool

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of its margins, ascending."""
        return tuple(sorted({member.line for member in self.members}))


def conflict_in(
    requirements: Sequence[Requirement], check: Check, strictly: Check
) -> Conflict | None:
    """A smallest part of requirements that cannot hold by itself.

    QuickXplain (Junker, AAAI 2004, 167-172; cited from memory): half of them is taken for granted
    while the other is searched, so that a conflict of few among many takes few checks.

    Args:
        requirements: Which cannot all hold, as far as `check` knows.
        check: Of requirements, whether they can hold, in the part of all cohorts that is searched.
        strictly: The same of all cohorts.

    Returns:
        The conflict; None where the checks gave up too often to tell.
    """
    found = _explain((), (), tuple(requirements), check)
    if check(found) is not False:
        return None
    exact = all(member.exact for member in found)
    return Conflict(members=found, proven=exact and strictly(found) is False)


def _explain(
    granted: tuple[Requirement, ...],
    added: tuple[Requirement, ...],
    searched: tuple[Requirement, ...],
    check: Check,
) -> tuple[Requirement, ...]:
    if added and check(granted) is False:
        return ()
    if len(searched) == 1:
        return searched
    half = len(searched) // 2
    first, second = searched[:half], searched[half:]
    of_second = _explain((*granted, *first), first, second, check)
    of_first = _explain((*granted, *of_second), of_second, first, check)
    return (*of_first, *of_second)


def fewest_given_up(conflicts: Sequence[Conflict]) -> frozenset[Requirement]:
    """One requirement of each conflict, so that their weights add up to least.

    Of equal choices, those of later lines are given up.
    """
    members = {member: None for conflict in conflicts for member in conflict.members}
    model = cp_model.CpModel()
    given_up = {member: model.new_bool_var("") for member in members}
    for conflict in conflicts:
        model.add_bool_or([given_up[member] for member in conflict.members])
    last = max((member.line for member in members), default=0) + 1
    model.minimize(
        sum(
            (member.weight * last * len(members) + last - member.line) * chosen
            for member, chosen in given_up.items()
        )
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = 10
    solver.solve(model)
    return frozenset(member for member, chosen in given_up.items() if solver.value(chosen))
