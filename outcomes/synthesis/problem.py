"""From the table of margins to what is to be met: every row understood, or why it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError, InputError
from outcomes.audit.printed import is_nothing
from outcomes.synthesis.conditions import Cut, Term, group_of, is_number, variables_of
from outcomes.synthesis.course import FIRST_EVENT, NONE, event_states
from outcomes.synthesis.kinds import KINDS, NOT_SOUGHT
from outcomes.synthesis.requirements import requirement
from outcomes.synthesis.scales import own_cuts, sums_of
from outcomes.synthesis.search import Problem
from outcomes.synthesis.wanted import Count, Declared, Spread, Test

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outcomes.synthesis.conditions import Variable
    from outcomes.synthesis.margins import Margin, Margins
    from outcomes.synthesis.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A margin, what it asks for, or why that is not understood or not sought."""

    margin: Margin
    wanted: Wanted | None = None
    problem: str = ""
    unsupported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A table of margins as it was understood.

    Attributes:
        rows: Every row of the table, in its order.
        problem: What the solver is asked.
        variables: The variables that conditions speak of.
    """

    rows: tuple[Read, ...]
    problem: Problem

    @property
    def variables(self) -> Mapping[str, Variable]:
        """By name."""
        return self.problem.variables

    @property
    def spreads(self) -> tuple[Spread, ...]:
        """The margins of numbers and times."""
        return tuple(each.wanted for each in self.rows if isinstance(each.wanted, Spread))


def understand(margins: Margins) -> Task:
    """Read every row.

    Raises:
        InputError: If no row tells the size of the cohort, without which nothing can be made.
    """
    rows = tuple(_read(margin) for margin in margins.rows)
    sizes = [each.wanted.n for each in rows if isinstance(each.wanted, Declared) and each.wanted.n]
    if not sizes:
        raise InputError(
            "expected a row of kind n with the number of patients, found none",
            file=margins.file,
            remedy="add one, such as: text,cohort,n,,,,48",
        )
    spreads = [each.wanted for each in rows if isinstance(each.wanted, Spread)]
    variables = _variables(rows, spreads)
    rows = tuple(_checked(each, variables) for each in rows)
    asked = [(each.margin.line, each.wanted) for each in rows if each.wanted]
    return Task(
        rows=rows,
        problem=Problem(
            n=sizes[0],
            variables=variables,
            requirements=tuple(
                found for line, wanted in asked if (found := requirement(line, wanted, variables))
            ),
            sums={
                name: tuple(
                    linear
                    for spread in of
                    for linear in sums_of(spread, variables, of, everybody=sizes[0])
                )
                for name in dict.fromkeys(each.of for each in spreads if is_number(each.of))
                if (of := [each for each in spreads if each.of == name])
            },
            tests={line: wanted for line, wanted in asked if isinstance(wanted, Test)},
        ),
    )


def terms_of(wanted: Wanted) -> Iterator[Term]:
    """All comparisons in what a margin asks for."""
    if isinstance(wanted, Declared):
        return
    yield from wanted.where
    if isinstance(wanted, Count):
        yield from wanted.of
    if isinstance(wanted, Test):
        yield from wanted.by


def _read(margin: Margin) -> Read:
    if margin.kind in NOT_SOUGHT:
        return Read(margin=margin, problem=NOT_SOUGHT[margin.kind], unsupported=True)
    if margin.kind not in KINDS:
        expected = ", ".join(KINDS)
        return Read(
            margin=margin, problem=f"expected a kind ({expected}), found '{margin.kind[:40]}'"
        )
    if is_nothing(margin.printed):
        return Read(margin=margin, problem="nothing is printed")
    try:
        return Read(margin=margin, wanted=KINDS[margin.kind].read(margin))
    except BadValueError as error:
        return Read(margin=margin, problem=error.problem)


def _variables(rows: tuple[Read, ...], spreads: list[Spread]) -> dict[str, Variable]:
    wanted = [each.wanted for each in rows if each.wanted]
    declared = {
        each.variable: each.states
        for each in wanted
        if isinstance(each, Declared) and each.variable
    }
    terms = [term for each in wanted for term in terms_of(each)]
    terms += _courses(wanted, terms, declared)
    cuts: dict[str, set[Cut]] = {each.of: set() for each in spreads if is_number(each.of)}
    for name, cut in own_cuts([each for each in spreads if is_number(each.of)]):
        cuts[name].add(cut)
    return variables_of(terms, declared, cuts)


def _courses(
    wanted: list[Wanted], terms: list[Term], declared: Mapping[str, tuple[str, ...]]
) -> Iterator[Term]:
    """The first events that no condition names but there must be, for an endpoint to have any."""
    named = {level for term in terms if term.name == FIRST_EVENT for level in term.levels}
    named |= set(declared.get(FIRST_EVENT, ()))
    yield Term(name=FIRST_EVENT, sign="=", levels=(NONE,))
    for each in wanted:
        endpoint = getattr(each, "endpoint", "")
        if endpoint and not named & event_states(endpoint):
            # The first of them that there is: death for survival, else the commonest.
            usual = "relapse" if "relapse" in event_states(endpoint) else "death"
            named.add(usual)
            yield Term(name=FIRST_EVENT, sign="=", levels=(usual,))


def _checked(row: Read, variables: Mapping[str, Variable]) -> Read:
    """A row whose condition nobody can meet by its words alone is not understood."""
    if row.wanted is None:
        return row
    for term in terms_of(row.wanted):
        states = {state for _, allowed in group_of((term,), variables) for state in allowed}
        if not states <= set(variables[term.name].states):
            levels = ", ".join(variables[term.name].states)
            return Read(
                margin=row.margin,
                problem=f"expected one of {levels} for '{term.name}'",
            )
    if isinstance(row.wanted, Test) and not _is_split(row.wanted):
        return Read(
            margin=row.margin,
            problem=f"expected a condition that does not speak of {FIRST_EVENT} after 'by'",
        )
    return row


def _is_split(test: Test) -> bool:
    return bool(test.by) and all(term.name != FIRST_EVENT for term in test.by)
