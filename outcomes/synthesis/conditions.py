"""Conditions on patients, as margins write them: `sex=male & age_months<12`.

A variable is a category with levels, or a number that the thresholds of all conditions cut into
bins; of either, a patient is in exactly one state. A condition allows some states of some
variables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from fusion_caller.errors import BadValueError
from outcomes.clinical.cohort import RESULT_COLUMNS, WITH_LIMIT, limit_column
from outcomes.clinical.dictionary import BY_NAME, CATEGORIES, MEASURES, OUTCOMES, Kind, meant_column
from outcomes.synthesis.course import FIRST_EVENT, STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

    # Variable to the states that are allowed, sorted; hashable, and the same for the same patients.
    Group: TypeAlias = tuple[tuple[str, frozenset[str]], ...]

MISSING = "missing"
KNOWN = "*"
NUMBER = "number"
_TERM = re.compile(r"(?P<name>[^\s=<>≤≥!]+)\s*(?P<sign><=|>=|!=|≤|≥|=|<|>)\s*(?P<value>.+)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}")
# The first character keeps a spreadsheet from running a level as a formula.
_LEVEL = re.compile(r"[^\W_][\w .+/:-]{0,60}")
_PLAIN_NUMBER = re.compile(r"\d{1,9}(\.\d{1,6})?")
_SIGNS = {"≤": "<=", "≥": ">="}
# What the integrated results hold of a synthetic patient beside its status.
PARTNER_COLUMNS = ("partner", "subtype")
# Columns of the finished tables that are no variables.
_RESERVED = {"patient", "line", "synthetic", *map(limit_column, WITH_LIMIT)}.union(
    set(RESULT_COLUMNS).difference(PARTNER_COLUMNS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One comparison: a variable with levels (`=`, `!=`) or with a threshold."""

    name: str
    sign: str
    levels: tuple[str, ...] = ()
    threshold: Decimal | None = None


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """A threshold; numbers equal to it lie above it, or below it where `after` is set."""

    threshold: Decimal
    after: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """What a patient is in one state of.

    Attributes:
        name: A column of the clinical table, `first_event`, or a column of the user's own.
        states: The levels; or of a number the bins between the cuts, from the lowest, `0`, on.
        cuts: The thresholds, ascending; empty for a category.
        is_number: Whether it is a number.
        own_cuts: Those of the cuts that no condition asks for.
    """

    name: str
    states: tuple[str, ...]
    cuts: tuple[Cut, ...] = ()
    is_number: bool = False
    own_cuts: frozenset[Cut] = frozenset()

    @property
    def bins(self) -> tuple[tuple[int, int], ...]:
        """The first and the last of the bins that no condition tells from each bin."""
        ends = [place for place, cut in enumerate(self.cuts) if cut not in self.own_cuts]
        return tuple(
            (
                max((end + 1 for end in ends if end < place), default=0),
                min((end for end in ends if end >= place), default=len(self.cuts)),
            )
            for place in range(len(self.cuts) + 1)
        )


def parse_terms(text: str) -> tuple[Term, ...]:
    """Read a condition; none for an empty text.

    Raises:
        BadValueError: If it is not one, or a name may not be used.
    """
    return tuple(_term(part.strip()) for part in text.split("&")) if text.strip() else ()


def check_name(name: str) -> None:
    """Refuse a name that no variable can have.

    Raises:
        BadValueError: With what it should be instead.
    """
    meant = meant_column(name)
    if meant and name != FIRST_EVENT:
        raise BadValueError(f"expected a known column, found '{name}': is '{meant}' meant?")
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise BadValueError(f"expected the name of a variable, found '{name}'")
    if name in OUTCOMES or (name in BY_NAME and BY_NAME[name].kind in (Kind.DATE, Kind.FLAG)):
        raise BadValueError(
            f"expected a variable known at diagnosis or by response, found '{name}': what happened "
            f"later is {FIRST_EVENT}, one of {', '.join(STATES)}"
        )


def is_number(name: str) -> bool:
    """Whether the dictionary has a number under this name."""
    return name in MEASURES


def known_levels(name: str) -> tuple[str, ...]:
    """The only levels that a variable may have; none where it may have any."""
    if name == FIRST_EVENT:
        return STATES
    return BY_NAME[name].allowed if name in CATEGORIES else ()


def check_level(name: str, level: str) -> str:
    """Return a level, or refuse one that a variable cannot have.

    Raises:
        BadValueError: With what it should be instead.
    """
    allowed = known_levels(name)
    if allowed and level not in allowed:
        raise BadValueError(f"expected one of {', '.join(allowed)} for '{name}', found '{level}'")
    if not _LEVEL.fullmatch(level):
        raise BadValueError("expected a level of letters, digits, space and _ . + / : -")
    return level


def _term(text: str) -> Term:
    found = _TERM.fullmatch(text)
    if not found:
        raise BadValueError(
            f"expected a condition such as sex=male or age_months<12, found '{text}'"
        )
    name, sign, value = found["name"], found["sign"], found["value"].strip()
    sign = _SIGNS.get(sign, sign)
    check_name(name)
    if sign in ("=", "!="):
        if value in (KNOWN, MISSING):
            return Term(name=name, sign=sign, levels=(value,))
        if is_number(name):
            raise BadValueError(f"expected a threshold of '{name}' as < or >=, found '{text}'")
        levels = tuple(check_level(name, level.strip()) for level in value.split("|"))
        return Term(name=name, sign=sign, levels=levels)
    if name in CATEGORIES or name in PARTNER_COLUMNS or name == FIRST_EVENT:
        raise BadValueError(f"expected a level of '{name}', found '{text}'")
    if not _PLAIN_NUMBER.fullmatch(value):
        raise BadValueError(f"expected a number as the threshold of '{name}', found '{value}'")
    return Term(name=name, sign=sign, threshold=Decimal(value))


def variables_of(
    terms: Iterable[Term],
    declared: Mapping[str, tuple[str, ...]],
    own_cuts: Mapping[str, Iterable[Cut]],
) -> dict[str, Variable]:
    """The variables that conditions speak of, each with its states.

    Args:
        terms: All terms of all conditions.
        declared: The states that rows of kind `variable` give; `missing` among them allows it.
        own_cuts: Numbers that margins are about, and where these cut them beside the conditions.
    """
    levels: dict[str, dict[str, None]] = {}
    cuts: dict[str, set[Cut]] = {name: set() for name in own_cuts}
    for term in terms:
        if term.threshold is None:
            found = levels.setdefault(term.name, {})
            found.update(
                dict.fromkeys(each for each in term.levels if each not in (KNOWN, MISSING))
            )
        else:
            cuts.setdefault(term.name, set()).add(_cut(term))
    names = dict.fromkeys((*declared, *levels, *cuts))
    return {
        name: _variable(name, levels, cuts, frozenset(own_cuts.get(name, ())), declared.get(name))
        for name in names
    }


def _cut(term: Term) -> Cut:
    if term.threshold is None:  # pragma: no cover - only terms with a threshold have a cut
        raise TypeError(term)
    return Cut(term.threshold, term.sign in (">", "<="))


def _variable(
    name: str,
    levels: Mapping[str, Mapping[str, None]],
    cuts: Mapping[str, set[Cut]],
    own: frozenset[Cut],
    declared: tuple[str, ...] | None,
) -> Variable:
    missing = (MISSING,) if declared and MISSING in declared else ()
    if is_number(name) or name in cuts or (declared and NUMBER in declared):
        asked = cuts.get(name, set())
        ordered = tuple(sorted(asked | own))
        bins = tuple(map(str, range(len(ordered) + 1)))
        return Variable(
            name=name,
            states=(*bins, *missing),
            cuts=ordered,
            is_number=True,
            own_cuts=own - asked,
        )
    named = tuple(levels.get(name, ()))
    if declared:
        stated = tuple(level for level in declared if level != MISSING)
        named = tuple(dict.fromkeys((*stated, *named)))
    elif name == FIRST_EVENT:
        # Events of which the publication says nothing are not made up.
        named = tuple(dict.fromkeys((*named, "none")))
    else:
        named = known_levels(name) or tuple(dict.fromkeys((*named, "other")))
    return Variable(name=name, states=(*named, *missing))


def group_of(terms: Iterable[Term], variables: Mapping[str, Variable]) -> Group:
    """The states that a condition allows."""
    allowed: dict[str, frozenset[str]] = {}
    for term in terms:
        states = _states(term, variables[term.name])
        allowed[term.name] = allowed.get(term.name, states) & states
    return tuple(sorted(allowed.items()))


def both(first: Group, second: Group) -> Group:
    """The states that two conditions allow together."""
    allowed = dict(first)
    for name, states in second:
        allowed[name] = allowed.get(name, states) & states
    return tuple(sorted(allowed.items()))


def _states(term: Term, variable: Variable) -> frozenset[str]:
    known = frozenset(variable.states) - {MISSING}
    if term.threshold is None:
        wanted = known if KNOWN in term.levels else frozenset(term.levels)
        if term.sign == "=":
            return wanted
        # `!=` asks of those who have a value, but for `!=*` and `!=missing`.
        return (frozenset(variable.states) if KNOWN in term.levels else known) - wanted
    place = variable.cuts.index(_cut(term))
    above = frozenset(variable.states[place + 1 : len(variable.cuts) + 1])
    return above if term.sign in (">", ">=") else known - above
