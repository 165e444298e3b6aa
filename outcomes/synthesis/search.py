"""The search for patients: first all counts and curves together, then one test after the other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from outcomes.errors import OutcomesError
from outcomes.synthesis.conflicts import Conflict, conflict_in, fewest_given_up
from outcomes.synthesis.course import FIRST_EVENT, analysed
from outcomes.synthesis.model import PatientModel
from outcomes.synthesis.ranks import rank_of
from outcomes.synthesis.requirements import INSTEAD_WEIGHT, survival_alone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from outcomes.synthesis.conditions import Group, Variable
    from outcomes.synthesis.model import Answer, Assignment
    from outcomes.synthesis.requirements import Requirement
    from outcomes.synthesis.sums import Linear
    from outcomes.synthesis.wanted import Test

# Of the whole effort, one attempt at all counts and curves may take so much, one of a part so much.
_SHARE_OF_ALL, _SHARE_OF_ONE = 0.4, 0.1
_LEAST_SHARE = 0.01
_RESTARTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is to be met.

    Attributes:
        n: Patients.
        variables: What they are in states of.
        requirements: Counts and curves.
        sums: What is printed of numbers, by name, as sums over their bins.
        tests: Log-rank tests by the line of their margin.
    """

    n: int
    variables: Mapping[str, Variable]
    requirements: tuple[Requirement, ...]
    sums: Mapping[str, tuple[Linear, ...]]
    tests: Mapping[int, Test]

    @property
    def endpoints(self) -> frozenset[str]:
        """The endpoints of the curves and tests."""
        of_curves = {each.curve.endpoint for each in self.requirements if each.curve}
        return frozenset(of_curves.union(test.endpoint for test in self.tests.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Patients, and what was found out on the way.

    Attributes:
        assignment: The patients.
        conflicts: Requirements that cannot hold together.
        effort: The solver's effort.
    """

    assignment: Assignment
    conflicts: tuple[Conflict, ...]
    effort: float


class NothingFoundError(OutcomesError):
    """The solver gave up before it had found any patients."""

    def __init__(self) -> None:
        super().__init__("no patients were found in the time; give --seconds more")


@dataclass(slots=True)
class _Search:
    """A search under way: its effort left, and what was found out."""

    problem: Problem
    seed: int
    effort: float
    left: float = field(init=False)
    courses: tuple[frozenset[str], ...] = ()
    conflicts: list[Conflict] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = self.effort

    def attempt(
        self,
        requirements: Sequence[Requirement],
        *,
        share: float = _SHARE_OF_ALL,
        near: Sequence[Requirement] = (),
        plausible: bool = False,
        anywhere: bool = False,
        seed: int | None = None,
    ) -> Answer:
        """Try requirements together, coming near to others, with the courses in their places."""
        model = PatientModel(
            self.problem.n,
            self.problem.variables,
            {each.curve.months for each in requirements if each.curve},
            courses=() if anywhere else self.courses,
        )
        for requirement in requirements:
            model.require(requirement)
        for requirement in near:
            model.come_near(requirement)
        if plausible:
            model.require_plausible()
        return self.solve(model, share, self.seed if seed is None else seed)

    def solve(self, model: PatientModel, share: float, seed: int) -> Answer:
        # A little is always left: the last steps must not fail because the first took long.
        effort = max(min(share * self.effort, self.left), _LEAST_SHARE * self.effort)
        answer = model.solve(seed=seed, effort=effort)
        self.left -= answer.effort
        return answer

    def check(self, requirements: Sequence[Requirement]) -> bool | None:
        return self.attempt(requirements, share=_SHARE_OF_ONE).feasible

    def check_anywhere(self, requirements: Sequence[Requirement]) -> bool | None:
        return self.attempt(requirements, share=_SHARE_OF_ONE, anywhere=True).feasible

    def consistent(
        self, requirements: Sequence[Requirement], *, known: Sequence[Requirement] = ()
    ) -> tuple[list[Requirement], Assignment | None]:
        """The most of requirements that can hold together, and patients who meet them.

        Those of `known` can, as has been found; they are kept if the others prove too much.

        Every conflict found is kept and is broken by what weighs least in all of them (implicit
        hitting sets: Moreno-Centeno and Karp, Oper Res 2013;61:453-468; cited from memory).
        """
        found: list[Conflict] = []
        while True:
            given_up = fewest_given_up(found)
            kept = [each for each in requirements if each not in given_up]
            answer = self.attempt(kept, plausible=True)
            if not answer.feasible:
                answer = self.attempt(kept)
            conflict = None
            if answer.feasible is False and self.left > 0:
                conflict = conflict_in(kept, self.check, self.check_anywhere)
            if conflict is None:
                break
            found.append(conflict)
        self.conflicts += found
        if answer.assignment:
            return kept, answer.assignment
        return self._one_by_one(kept, [each for each in kept if each in known])

    def _one_by_one(
        self, requirements: Sequence[Requirement], kept: list[Requirement]
    ) -> tuple[list[Requirement], Assignment | None]:
        """Those that can be added to others one by one, where all were too much."""
        found = None
        for requirement in requirements:
            if requirement in kept or self.left <= 0:
                continue
            better = self.attempt([*kept, requirement], share=_SHARE_OF_ONE).assignment
            if better:
                found = better
                kept = [*kept, requirement]
        return kept, found

    def set_places(self, found: Assignment) -> None:
        """Give those whom no endpoint analyses the last places, those of some only the first.

        Where the last stand is nobody's concern. The first are, as a rule, early deaths; it keeps
        the risk sets of the others from depending on them.
        """
        used = [dict(analysed(name)).get(FIRST_EVENT) for name in self.problem.endpoints]
        place_of = {}
        for state in self.problem.variables[FIRST_EVENT].states:
            by = sum(allowed is None or state in allowed for allowed in used)
            place_of[state] = 2 if by == 0 else 1 if by == len(used) else 0
        places = sorted(place_of[state] for state in found.states[FIRST_EVENT])
        self.courses = tuple(
            frozenset(state for state, own in place_of.items() if own == place) for place in places
        )


def search(problem: Problem, *, seed: int, effort: float) -> Found:
    """Find patients who meet as much as can be found.

    Args:
        problem: What is to be met.
        seed: Where the search begins; the same seed gives the same patients.
        effort: The solver's effort, of which a second does about a third.
    """
    running = _Search(problem, seed, effort)
    asked = [each for each in problem.requirements if not each.curve]
    counts, first = running.consistent(asked)
    missed = [each for each in asked if each not in counts]
    if missed:
        first = running.attempt(counts, near=missed).assignment or first
    if first is None:
        raise NothingFoundError
    running.set_places(first)
    near = [_as_found(each, first, problem.n) for each in missed]
    kept, found = running.consistent(
        [*counts, *near, *_curves(problem, running.conflicts)], known=[*counts, *near]
    )
    kept, found = _with_survival_alone(running, kept, found or first)
    best, most = found, -1
    for restart in range(_RESTARTS):
        found, numbers = _with_numbers(running, kept, found)
        found, met = _tested(running, kept, found, numbers)
        if met > most:
            best, most = found, met
        if most == len(problem.tests) or running.left < _SHARE_OF_ALL * effort:
            break
        answer = running.attempt(kept, plausible=True, seed=seed + 1 + restart)
        found = answer.assignment or best
    return Found(assignment=best, conflicts=tuple(running.conflicts), effort=effort - running.left)


def _as_found(missed: Requirement, found: Assignment, n: int) -> Requirement:
    """The sums of a requirement that cannot hold as near as they came."""
    sums = []
    for linear in missed.linear:
        total = sum(
            coefficient * sum(found.holds(group, patient) for patient in range(n))
            for group, coefficient in linear.terms
        )
        low = None if linear.low is None else min(linear.low, total)
        high = None if linear.high is None else max(linear.high, total)
        sums.append(replace(linear, low=low, high=high))
    return replace(missed, linear=tuple(sums), weight=INSTEAD_WEIGHT, exact=False)


def _curves(problem: Problem, conflicts: list[Conflict]) -> list[Requirement]:
    """The curves that can be in themselves; those that cannot are a conflict each."""
    curves = [each for each in problem.requirements if each.curve]
    impossible = [each for each in curves if each.curve and each.curve.patterns == ()]
    conflicts += [Conflict(members=(each,), proven=True) for each in impossible]
    return [each for each in curves if each not in impossible]


def _with_survival_alone(
    running: _Search, kept: list[Requirement], found: Assignment
) -> tuple[list[Requirement], Assignment]:
    """Add, where it can be, the survival of each curve that was given up."""
    for each in running.problem.requirements:
        if each.curve and each not in kept and running.left > 0:
            instead = survival_alone(each)
            answer = running.attempt([*kept, instead], share=_SHARE_OF_ONE) if instead else None
            if instead and answer and answer.assignment:
                kept, found = [*kept, instead], answer.assignment
    return kept, found


def _with_numbers(
    running: _Search, kept: Sequence[Requirement], assignment: Assignment
) -> tuple[Assignment, list[str]]:
    """Change who is in which bin of a number until its printed mean and median can be."""
    met: list[str] = []
    for name, sums in running.problem.sums.items():
        better = _changed(running, kept, assignment, free=(name,), sums=sums)
        if better:
            assignment = better
            met.append(name)
    return assignment, met


def _tested(
    running: _Search, kept: Sequence[Requirement], assignment: Assignment, numbers: Sequence[str]
) -> tuple[Assignment, int]:
    """Change who is in which group, one variable after the other, until the tests come out."""
    met: list[Test] = []
    for test in running.problem.tests.values():
        if running.left <= 0:
            break
        free = tuple(dict.fromkeys(term.name for term in test.by))
        sums = [each for name in numbers if name in free for each in running.problem.sums[name]]
        better = _changed(running, kept, assignment, free=free, sums=sums, tests=[*met, test])
        if better:
            assignment = better
            met.append(test)
    return assignment, len(met)


def _changed(
    running: _Search,
    kept: Sequence[Requirement],
    assignment: Assignment,
    *,
    free: Sequence[str],
    sums: Sequence[Linear],
    tests: Sequence[Test] = (),
) -> Assignment | None:
    """The same patients but for the variables that are free, so that sums and tests come out."""
    problem = running.problem
    model = PatientModel(problem.n, problem.variables, assignment.until, kept=assignment, free=free)
    model.bound(sums)
    for requirement in kept:
        if any(_touches(group, free) for group in _groups(requirement)):
            model.require(requirement)
    for test in tests:
        rank = rank_of(test, problem.variables, assignment)
        if not (_touches(rank.by, free) or _touches(rank.others, free)):
            continue
        if not rank.event_at:
            return None
        model.keep(rank.others, assignment)
        model.require_rank(rank)
    return running.solve(model, _SHARE_OF_ONE, running.seed).assignment


def _groups(requirement: Requirement) -> Sequence[Group]:
    groups = [group for linear in requirement.linear for group, _ in linear.terms]
    return [*groups, requirement.curve.group] if requirement.curve else groups


def _touches(group: Group, names: Sequence[str]) -> bool:
    return any(name in names for name, _ in group)
