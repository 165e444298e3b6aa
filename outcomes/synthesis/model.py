"""The constraint model: patients in the order of their times, each in one state of each variable.

The one module that knows OR-tools. Patients stand in the order in which they leave, the first to
leave first, so that the number at risk of any group at a patient is the members from there on.
Ties are not needed: d events tied among r at risk give what they give one after the other.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from outcomes.synthesis.conditions import both
from outcomes.synthesis.course import FIRST_EVENT, NONE, event_states

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from outcomes.synthesis.conditions import Group, Variable
    from outcomes.synthesis.ranks import Rank
    from outcomes.synthesis.requirements import Curve, Requirement
    from outcomes.synthesis.sums import Linear

_SCALE = 10**8


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A solution.

    Attributes:
        states: Variable to the state of each patient, in the order of leaving.
        until: Horizon in months to whether each patient left at or before it.
    """

    states: Mapping[str, tuple[str, ...]]
    until: Mapping[float, tuple[bool, ...]]

    def holds(self, group: Group, patient: int) -> bool:
        """Whether a patient is in a group."""
        return all(self.states[name][patient] in allowed for name, allowed in group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the solver said: `feasible` is None where it gave up before it knew."""

    feasible: bool | None
    assignment: Assignment | None
    effort: float


class PatientModel:
    """Variables of all patients, and the requirements that were added."""

    def __init__(
        self,
        n: int,
        variables: Mapping[str, Variable],
        horizons: Iterable[float] = (),
        *,
        kept: Assignment | None = None,
        free: Iterable[str] = (),
        courses: Sequence[frozenset[str]] = (),
    ) -> None:
        """Begin a model.

        Args:
            n: Patients.
            variables: What they are in states of.
            horizons: The times of curves, in months.
            kept: A solution of which all is kept but the variables that are `free`.
            free: See `kept`.
            courses: The first events that each patient may have, in the order of leaving; any
                where empty.
        """
        self.n = n
        self.variables = variables
        self.model = cp_model.CpModel()
        self._true = self.model.new_constant(1)
        self._false = self.model.new_constant(0)
        self._literals: dict[tuple[Group, int], cp_model.IntVar] = {}
        self._off: list[cp_model.LinearExprT] = []
        self._courses = courses
        self._state = {
            name: [self._states(variable, patient, kept, free) for patient in range(n)]
            for name, variable in variables.items()
        }
        self._until = {months: self._horizon(months, kept) for months in sorted(horizons)}
        for earlier, later in itertools.pairwise(self._until.values()):
            for one, two in zip(earlier, later, strict=True):
                self.model.add_implication(one, two)
        self._only_what_can_be()

    def _states(
        self, variable: Variable, patient: int, kept: Assignment | None, free: Iterable[str]
    ) -> dict[str, cp_model.IntVar]:
        if kept is not None and variable.name not in free:
            own = kept.states[variable.name][patient]
            return {s: self._true if s == own else self._false for s in variable.states}
        possible = set(variable.states)
        if variable.name == FIRST_EVENT and self._courses:
            possible &= self._courses[patient]
        if len(possible) == 1:
            return {s: self._true if s in possible else self._false for s in variable.states}
        states = {
            state: self.model.new_bool_var("") if state in possible else self._false
            for state in variable.states
        }
        self.model.add_exactly_one(states[state] for state in variable.states if state in possible)
        return states

    def _horizon(self, months: float, kept: Assignment | None) -> list[cp_model.IntVar]:
        if kept is not None:
            return [self._true if left else self._false for left in kept.until[months]]
        left = [self.model.new_bool_var("") for _ in range(self.n)]
        for one, two in itertools.pairwise(left):
            self.model.add_implication(two, one)
        return left

    def _only_what_can_be(self) -> None:
        """What the clinical table would refuse, whatever margins say."""
        if {"sex", "testicular_involvement"} <= self.variables.keys():
            girl = (("sex", frozenset({"female"})),)
            testis = (("testicular_involvement", frozenset({"yes"})),)
            for patient in range(self.n):
                self.model.add(self.literal(both(girl, testis), patient) == 0)

    def literal(self, group: Group, patient: int) -> cp_model.IntVar:
        """Whether a patient is in a group."""
        key = group, patient
        if key not in self._literals:
            self._literals[key] = self._new_literal(group, patient)
        return self._literals[key]

    def _new_literal(self, group: Group, patient: int) -> cp_model.IntVar:
        if not group:
            return self._true
        if len(group) > 1:
            parts = [self.literal((part,), patient) for part in group]
            if any(part is self._false for part in parts):
                return self._false
            parts = [part for part in parts if part is not self._true]
            if len(parts) <= 1:
                return parts[0] if parts else self._true
            every = self.model.new_bool_var("")
            self.model.add_bool_and(parts).only_enforce_if(every)
            self.model.add_bool_or([*(~part for part in parts), every])
            return every
        ((name, allowed),) = group
        states = self._state[name][patient]
        possible = {s: literal for s, literal in states.items() if literal is not self._false}
        wanted = [literal for state, literal in possible.items() if state in allowed]
        if len(wanted) == len(possible):
            return self._true
        if len(wanted) <= 1:
            return wanted[0] if wanted else self._false
        some = self.model.new_bool_var("")
        self.model.add(sum(wanted) == some)
        return some

    def members(self, group: Group) -> list[cp_model.IntVar]:
        """Whether each patient is in a group."""
        return [self.literal(group, patient) for patient in range(self.n)]

    def require(self, requirement: Requirement) -> None:
        """Add all that a margin asks."""
        self.bound(requirement.linear)
        if requirement.curve:
            self._require_curve(requirement.curve)

    def bound(self, sums: Iterable[Linear]) -> None:
        """Bound sums of patients."""
        for linear in sums:
            total = self._total(linear)
            if linear.low is not None:
                self.model.add(total >= linear.low)
            if linear.high is not None:
                self.model.add(total <= linear.high)

    def come_near(self, requirement: Requirement) -> None:
        """Ask that the sums of a requirement be as near as they can."""
        for linear in requirement.linear:
            total, reach = self._total(linear), sum(abs(c) for _, c in linear.terms) * self.n
            for bound, sign in ((linear.low, -1), (linear.high, 1)):
                if bound is not None:
                    off = self.model.new_int_var(0, reach + abs(bound), "")
                    self.model.add(off >= sign * (total - bound))
                    self._off.append(off)

    def keep(self, group: Group, kept: Assignment) -> None:
        """Keep who is in a group as it is in a solution."""
        for patient, member in enumerate(self.members(group)):
            self.model.add(member == int(kept.holds(group, patient)))

    def require_plausible(self) -> None:
        """No event after the last horizon, no failure of induction after a relapse."""
        states = frozenset(self.variables[FIRST_EVENT].states)
        happened: Group = ((FIRST_EVENT, states - {NONE, "left_study"}),)
        if self._until:
            last = max(self._until)
            for event, left in zip(self.members(happened), self._until[last], strict=True):
                self.model.add_implication(event, left)
        if not {"induction_failure", "relapse"} <= states:
            return
        before = [self.model.new_bool_var("") for _ in range(self.n)]
        for one, two in itertools.pairwise(before):
            self.model.add_implication(two, one)
        failure: Group = ((FIRST_EVENT, frozenset({"induction_failure"})),)
        relapse: Group = ((FIRST_EVENT, frozenset({"relapse"})),)
        for failed, relapsed, early in zip(
            self.members(failure), self.members(relapse), before, strict=True
        ):
            self.model.add_implication(failed, early)
            self.model.add_implication(relapsed, ~early)

    def _total(self, linear: Linear) -> cp_model.LinearExprT:
        return sum(
            coefficient * member
            for group, coefficient in linear.terms
            for member in self.members(group)
        )

    def _require_curve(self, curve: Curve) -> None:
        happens = self._events(curve.endpoint, curve.months)
        sizes = range(1, curve.n + 1)
        if curve.n == 0:
            return
        is_event = {size: self.model.new_bool_var("") for size in sizes}
        self._link(self.members(curve.group), happens, is_event)
        if curve.patterns is None:
            self._bound_sums(curve, is_event)
        else:
            self.model.add_allowed_assignments(
                list(is_event.values()),
                [[int(size in pattern) for size in sizes] for pattern in curve.patterns],
            )

    def _events(self, endpoint: str, months: float) -> list[cp_model.IntVar]:
        """Whether each patient has an event at or before a time."""
        known = frozenset(self.variables[FIRST_EVENT].states)
        event: Group = ((FIRST_EVENT, event_states(endpoint) & known),)
        found = []
        for happens, left in zip(self.members(event), self._until[months], strict=True):
            counted = self.model.new_bool_var("")
            self.model.add_bool_and([happens, left]).only_enforce_if(counted)
            self.model.add_bool_or([~happens, ~left, counted])
            found.append(counted)
        return found

    def _link(
        self,
        members: Sequence[cp_model.IntVar],
        happens: Sequence[cp_model.IntVar],
        is_event: Mapping[int, cp_model.IntVar],
    ) -> None:
        """Say of which patient each number at risk is, and so whether there is an event at it."""
        # Who cannot be a member takes no place.
        pairs = [
            (member, happening)
            for member, happening in zip(members, happens, strict=True)
            if member is not self._false
        ]
        members, happens = [each for each, _ in pairs], [each for _, each in pairs]
        size, n = len(is_event), len(pairs)
        if n < size:
            self.model.add_bool_or([])
            return
        stands = {
            (r, i): self.model.new_bool_var("")
            for r in is_event
            # size - r members leave before, r - 1 after.
            for i in range(size - r, n - r + 1)
        }
        at: list[list[cp_model.IntVar]] = [[] for _ in range(n)]
        for (r, i), here in stands.items():
            at[i].append(here)
            self.model.add_bool_or([~here, ~is_event[r], happens[i]])
            self.model.add_bool_or([~here, is_event[r], ~happens[i]])
        for member, candidates in zip(members, at, strict=True):
            self.model.add(sum(candidates) == member)
        for r in is_event:
            self.model.add_exactly_one(stands[r, i] for i in range(size - r, n - r + 1))
        for r in range(1, size):
            for i in range(size - r, n - r + 1):
                until = sum(stands[r, j] for j in range(size - r, i + 1))
                before = sum(stands[r + 1, j] for j in range(size - r - 1, i))
                self.model.add(until <= before)

    def _bound_sums(self, curve: Curve, is_event: Mapping[int, cp_model.IntVar]) -> None:
        """Bound -log survival and Greenwood's sum, by lines where the bound is not linear."""
        low, high = curve.survival.low, curve.survival.high
        if low <= 0:
            self.model.add(is_event[1] == 1)
            return
        self.model.add(is_event[1] == 0)
        log_survival = sum(
            round(_SCALE * math.log(r / (r - 1))) * event for r, event in is_event.items() if r > 1
        )
        self.model.add(log_survival >= math.ceil(-_SCALE * math.log(high)))
        self.model.add(log_survival <= math.floor(-_SCALE * math.log(low)))
        error = curve.std_error
        if math.isinf(error.high):
            return
        greenwood = sum(
            round(_SCALE / (r * (r - 1))) * event for r, event in is_event.items() if r > 1
        )
        # log SE^2 = log G - 2 A. log is concave: below its tangent, above its chord.
        least, most = (max(error.low, 0.0) / high) ** 2, (error.high / low) ** 2
        middle = math.sqrt(max(least, most * 1e-4) * most)
        steep = 1 / middle
        self.model.add(
            _whole(steep) * greenwood - 2 * _whole(1) * log_survival
            <= _whole(_SCALE * (2 * math.log(error.high) - math.log(middle) + 1))
        )
        if error.low > 0:
            chord = (math.log(most) - math.log(least)) / (most - least) if most > least else steep
            self.model.add(
                _whole(chord) * greenwood - 2 * _whole(1) * log_survival
                >= _whole(_SCALE * (2 * math.log(error.low) - math.log(least) + chord * least))
            )

    def require_rank(self, rank: Rank) -> None:
        """Add a log-rank test, of patients whose events and risk sets are known.

        With m the members, r those of them at risk and R all at risk at the events, U = sum of
        m - r / R and V = sum of r (R - r) / R^2 (Mantel, Cancer Chemother Rep 1966;50:163-170,
        without ties), and chi-square = U^2 / V. V is cut into parts of a hundredth; in each the
        root of chi-square V, which U must reach and not pass, is bounded by tangent and chord.
        """
        members = {i: self.literal(rank.by, i) for i in rank.at_risk}
        everybody = list(rank.at_risk)
        scores: list[cp_model.LinearExprT] = []
        variances: list[cp_model.IntVar] = []
        for place, patient in enumerate(everybody):
            if patient not in rank.event_at:
                continue
            size = len(everybody) - place
            at_risk = sum(members[i] for i in everybody[place:])
            number = self.model.new_int_var(0, size, "")
            self.model.add(number == at_risk)
            variance = self.model.new_int_var(0, _SCALE // 4 + 1, "")
            self.model.add_element(
                number,
                [round(_SCALE * r * (size - r) / size**2) for r in range(size + 1)],
                variance,
            )
            scores.append(_SCALE * members[patient] - round(_SCALE / size) * number)
            variances.append(variance)
        total, spread = sum(scores), sum(variances)
        side = self.model.new_bool_var("")
        parts = []
        for low, high in rank.parts():
            part = self.model.new_bool_var("")
            parts.append(part)
            self.model.add(spread >= math.floor(_SCALE * low)).only_enforce_if(part)
            self.model.add(spread <= math.ceil(_SCALE * high)).only_enforce_if(part)
            for sign, this_side in ((1, side), (-1, ~side)):
                line = rank.least(low, high)
                self.model.add(
                    sign * _whole(1) * total
                    >= _whole(line.slope) * spread + _whole(_SCALE * line.at_zero)
                ).only_enforce_if(part, this_side)
                above = rank.most(low, high)
                if above is not None:
                    self.model.add(
                        sign * _whole(1) * total
                        <= _whole(above.slope) * spread + _whole(_SCALE * above.at_zero)
                    ).only_enforce_if(part, this_side)
        self.model.add_exactly_one(parts)

    def solve(self, *, seed: int, effort: float) -> Answer:
        """Solve, the same way each time.

        Args:
            seed: Where the search begins.
            effort: When to give up, in the solver's own measure of work, of which a second of a
                machine does about one: a clock would make the outcome depend on the machine.
        """
        if self._off:
            self.model.minimize(sum(self._off))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = effort
        # Looking for symmetries and probing take longer here than they save.
        solver.parameters.symmetry_level = 0
        solver.parameters.cp_model_probing_level = 0
        status = solver.solve(self.model)
        spent = solver.response_proto.deterministic_time
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(
                feasible=False if status == cp_model.INFEASIBLE else None,
                assignment=None,
                effort=spent,
            )
        states = {
            name: tuple(self._chosen(solver, patient) for patient in patients)
            for name, patients in self._state.items()
        }
        until = {
            months: tuple(bool(solver.value(left)) for left in lefts)
            for months, lefts in self._until.items()
        }
        return Answer(
            feasible=True, assignment=Assignment(states=states, until=until), effort=spent
        )

    @staticmethod
    def _chosen(solver: cp_model.CpSolver, states: Mapping[str, cp_model.IntVar]) -> str:
        return next(state for state, literal in states.items() if solver.value(literal))


# Slopes are multiples of a ten-thousandth.
_SLOPE_SCALE = 10**4


def _whole(value: float) -> int:
    return round(_SLOPE_SCALE * value)
