"""The rules of integration: tables whose first row that holds decides, read from YAML."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fusion_caller.assays.fish_patterns import MEANING
from fusion_caller.facts import LATE, MEANINGS, SETS, WORDS
from fusion_caller.integrated import Confidence, Status
from fusion_caller.settings import Setting, read_yaml

if TYPE_CHECKING:
    from collections.abc import Collection

    from fusion_caller.facts import Facts

PACKAGED = Path(__file__).with_name("knowledge") / "integration.yaml"
NO_CONFIDENCE = "none"
_MOST = 1_000


class Quantity(StrEnum):
    """How a condition on a set asks."""

    ANY = "any"
    ALL = "all"
    ONLY = "only"
    NONE = "none"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One question to one fact.

    Attributes:
        fact: Its name, one of `facts.MEANINGS`.
        words: The answers that hold, for a fact that has one answer; for a set, what it is held
            against.
        quantity: How a set is asked; None for a fact with one answer.
        count: The number for `at_least` and `at_most`.
    """

    fact: str
    words: tuple[str, ...] = ()
    quantity: Quantity | None = None
    count: int = 0

    def holds(self, facts: Facts) -> bool:
        """Whether the answer is one that was asked for."""
        value = getattr(facts, self.fact)
        if self.quantity is None:
            return value in self.words
        members, words = set(value), set(self.words)
        match self.quantity:
            case Quantity.ANY:
                return not members.isdisjoint(words)
            case Quantity.ALL:
                return words <= members
            case Quantity.ONLY:
                return bool(members) and members <= words
            case Quantity.NONE:
                return members.isdisjoint(words)
            case Quantity.AT_LEAST:
                return len(members) >= self.count
            case Quantity.AT_MOST:
                return len(members) <= self.count

    def __str__(self) -> str:
        if self.quantity is None:
            return f"{self.fact} is {' or '.join(self.words)}"
        if self.quantity in (Quantity.AT_LEAST, Quantity.AT_MOST):
            if self.quantity is Quantity.AT_MOST and self.count == 0:
                return f"{self.fact}: nothing"
            return f"{self.fact}: {self.quantity.replace('_', ' ')} {self.count}"
        return f"{self.fact}: {self.quantity} of {', '.join(self.words)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: when all its conditions hold, this is the outcome, for this reason."""

    name: str
    conditions: tuple[Condition, ...]
    then: str
    because: str

    def holds(self, facts: Facts) -> bool:
        """Whether every condition holds."""
        return all(condition.holds(facts) for condition in self.conditions)

    @property
    def when(self) -> str:
        """The conditions in words."""
        return "; ".join(map(str, self.conditions)) or "otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """The rules of status and of confidence, and the limits that come with them.

    Attributes:
        source: Where they were read.
        status: Rules whose outcome is a `Status`.
        confidence: Rules whose outcome is a `Confidence`, `none` for an empty one.
        settings: The limits by name; see the packaged file.
        fish_cutoffs: Cut-offs of single FISH patterns, by the code of the finding.
    """

    source: str
    status: tuple[Rule, ...]
    confidence: tuple[Rule, ...]
    settings: dict[str, float]
    fish_cutoffs: dict[str, float] = field(default_factory=dict)

    def find_status(self, facts: Facts) -> tuple[Status, Rule]:
        """The status of a patient, and the rule that fired."""
        rule = _first(self.status, facts)
        return Status(rule.then), rule

    def find_confidence(self, facts: Facts) -> tuple[Confidence, Rule]:
        """The confidence of a patient's status, and the rule that fired."""
        rule = _first(self.confidence, facts)
        return Confidence("" if rule.then == NO_CONFIDENCE else rule.then), rule


def _first(rules: tuple[Rule, ...], facts: Facts) -> Rule:
    # The last rule of a table has no condition, which reading makes sure of.
    return next(rule for rule in rules if rule.holds(facts))


_SETTINGS = {
    "fish_cutoff": 1.0,
    "close_inversion_bp": 1e8,
    "band_resolution_bp": 1e8,
    "diagnosis_days": 3650.0,
}
_STATUSES = tuple(Status)
_CONFIDENCES = tuple(c or NO_CONFIDENCE for c in Confidence)


@cache
def packaged_rules() -> RuleBook:
    """The rules as they are packaged."""
    name = PACKAGED.name
    return _read(
        Setting(read_yaml(PACKAGED, name), name),
        RuleBook(source="packaged", status=(), confidence=(), settings={}),
    )


def read_rules(path: Path, *, name: str) -> RuleBook:
    """The packaged rules with what an analysis file puts in their place under `integration`.

    Args:
        path: The YAML file.
        name: How messages call it.

    Raises:
        AnalysisError: Naming the key that is wrong.
        InputError: If the file cannot be opened.
    """
    own = Setting(read_yaml(path, name), name).at("integration")
    if own.absent:
        return packaged_rules()
    return _read(own, replace(packaged_rules(), source=name))


def _read(setting: Setting, base: RuleBook) -> RuleBook:
    setting.check_keys(("settings", "status", "confidence"))
    settings = dict(base.settings)
    cutoffs = dict(base.fish_cutoffs)
    own = setting.at("settings")
    if not own.absent:
        own.check_keys((*_SETTINGS, "fish_cutoffs"))
        settings |= {
            key: own.at(key).number(maximum=_SETTINGS[key])
            for key in _SETTINGS
            if not own.at(key).absent
        }
        by_finding = own.at("fish_cutoffs")
        if not by_finding.absent:
            by_finding.check_keys(MEANING)
            cutoffs |= {key: by_finding.at(key).number(maximum=1.0) for key in by_finding.mapping()}
    status, confidence = setting.at("status"), setting.at("confidence")
    return replace(
        base,
        settings=settings,
        fish_cutoffs=cutoffs,
        status=base.status if status.absent else _table(status, _STATUSES, hidden=LATE),
        confidence=base.confidence if confidence.absent else _table(confidence, _CONFIDENCES),
    )


def _table(
    setting: Setting, outcomes: Collection[str], *, hidden: Collection[str] = ()
) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for item in setting.items():
        rule = _rule(item, outcomes, [fact for fact in MEANINGS if fact not in hidden])
        if rule.name in {other.name for other in rules}:
            raise item.at("rule").problem(f"expected each rule once, found '{rule.name}' again")
        _check_named(rule, item)
        rules.append(rule)
    if not rules or rules[-1].conditions:
        raise setting.problem(
            "expected a last rule with `when: {}`, which holds for everybody that is left"
        )
    for number, rule in enumerate(rules[:-1], start=1):
        if not rule.conditions:
            raise setting.problem(
                f"rule {number} ('{rule.name}') leaves nothing for those below it"
            )
    return tuple(rules)


def _rule(item: Setting, outcomes: Collection[str], facts: Collection[str]) -> Rule:
    item.check_keys(("rule", "when", "then", "because"))
    when = item.at("when")
    when.check_keys(facts)
    return Rule(
        name=item.at("rule").text(),
        conditions=tuple(
            condition for fact in when.mapping() for condition in _conditions(fact, when.at(fact))
        ),
        then=item.at("then").choice(outcomes),
        because=item.at("because").text(),
    )


def _conditions(fact: str, asked: Setting) -> list[Condition]:
    words = WORDS[fact]
    if fact not in SETS:
        chosen = asked.choices(words) if isinstance(asked.value, list) else (asked.choice(words),)
        return [Condition(fact=fact, words=chosen)]
    asked.check_keys(Quantity)
    conditions = []
    for key in asked.mapping():
        quantity, value = Quantity(key), asked.at(key)
        if quantity in (Quantity.AT_LEAST, Quantity.AT_MOST):
            count = int(value.number(maximum=_MOST))
            conditions.append(Condition(fact=fact, quantity=quantity, count=count))
        else:
            chosen = value.choices(words) if words else value.texts()
            conditions.append(Condition(fact=fact, quantity=quantity, words=chosen))
    return conditions


def _check_named(rule: Rule, item: Setting) -> None:
    """A rule that says rearranged or PTD has to ask for the name that it reports."""
    wanted = {Status.REARRANGED: "gene", Status.PTD: "ptd"}.get(rule.then)  # type: ignore[call-overload]
    if wanted is None:
        return
    asked = [c for c in rule.conditions if c.fact == "partner"]
    if not asked or set(asked[0].words) != {wanted}:
        raise item.problem(
            f"a rule whose outcome is {rule.then} needs `partner: {wanted}` among its conditions"
        )
