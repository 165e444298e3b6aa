"""A protocol's risk groups: what is known of a patient, the rule, and the answer.

A rule is written for complete facts. What is not known stands for a value on each side of every
border of the rule: where all of them give the same answer, that is the answer, and where they do
not, it needs the facts that change it. So an answer that was given never changes with a fact that
becomes known later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class RiskGroup(StrEnum):
    """The groups that the protocols give to a leukaemia by its KMT2A, in their own words."""

    LOW = "low"
    MEDIUM = "medium"
    INTERMEDIATE = "intermediate"
    HIGH = "high"
    ADVERSE = "adverse"


class Kmt2a(StrEnum):
    """What is found of KMT2A, as far as a protocol asks."""

    REARRANGED = "rearranged"
    NOT_REARRANGED = "not_rearranged"
    PTD = "ptd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a patient; None where it is not.

    Attributes:
        disease: A category of the clinical column `disease`.
        kmt2a_status: What the integrated result says of KMT2A.
        kmt2a_partner: The partner, where KMT2A is rearranged.
        age_months: Age at diagnosis.
        wbc_e9_per_l: White blood cells at diagnosis, 10⁹/L.
        mrd_fcm_tp2_percent: FCM-MRD at TP2, 0 where it is below the detection limit.
        prednisone_response: good or poor.
        below: The detection limits of the values that are below one, by the fact.
    """

    disease: str | None = None
    kmt2a_status: Kmt2a | None = None
    kmt2a_partner: str | None = None
    age_months: float | None = None
    wbc_e9_per_l: float | None = None
    mrd_fcm_tp2_percent: float | None = None
    prednisone_response: str | None = None
    below: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoesNotApply:
    """The answer of a rule that is not made for such a patient, and why."""

    why: str


Answer = RiskGroup | DoesNotApply
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """A protocol.

    Attributes:
        name: Its name in an analysis.
        version: Which version of it the rule is.
        source: The rule in words and where it is published; what is from memory is marked.
        reads: The facts that the rule takes, as named in `Known`, each with a value on every side
            of every border, which is what it may be where it is not known.
        rule: From the facts to the answer.
        assumed: What an answer takes for granted, for a patient of whom this is known.
    """

    name: str
    version: str
    source: str
    reads: Mapping[str, tuple[Any, ...]]
    rule: Callable[..., Answer]
    assumed: Callable[[Known], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A patient's risk group by a protocol: `group`, `needs` or `does_not_apply`, one of the three.

    Attributes:
        protocol: The protocol.
        group: The group; None where there is none.
        needs: The facts that would decide: columns of the clinical table, `kmt2a_status` and
            `kmt2a_partner`.
        does_not_apply: Why the protocol has no group for the patient.
        inputs: The facts that the protocol asks for and that are known, as `name=value`.
        assumed: What the answer takes for granted.
    """

    protocol: Protocol
    group: RiskGroup | None = None
    needs: tuple[str, ...] = ()
    does_not_apply: str = ""
    inputs: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.group:
            return self.group
        if self.needs:
            return f"not evaluable: needs {', '.join(self.needs)}"
        return f"does not apply: {self.does_not_apply}"

    @property
    def source(self) -> str:
        """The rule with its origin, and what the answer takes for granted."""
        return "; ".join((self.protocol.source, *self.assumed))


def evaluate(protocol: Protocol, known: Known) -> Risk:
    """Give a patient's risk group, or say what it needs or why there is none."""
    possible = {name: _possible(name, sides, known) for name, sides in protocol.reads.items()}
    answers = {
        facts: protocol.rule(**dict(zip(possible, facts, strict=True)))
        for facts in product(*possible.values())
    }
    inputs = tuple(_inputs(protocol, known))
    groups = {_group(answer) for answer in answers.values()}
    if groups == {None}:
        whys = dict.fromkeys(a.why for a in answers.values() if isinstance(a, DoesNotApply))
        return Risk(protocol=protocol, does_not_apply=" or ".join(whys), inputs=inputs)
    decided = groups.pop() if len(groups) == 1 else None
    return Risk(
        protocol=protocol,
        group=decided,
        needs=() if decided else _needs(tuple(possible), answers),
        inputs=inputs,
        assumed=protocol.assumed(known),
    )


def _group(answer: Answer) -> RiskGroup | None:
    return answer if isinstance(answer, RiskGroup) else None


def _possible(name: str, sides: tuple[Any, ...], known: Known) -> tuple[Any, ...]:
    """The values that a fact may have."""
    if name in known.below:
        return tuple(side for side in sides if side < known.below[name])
    value = getattr(known, name)
    return sides if value is None else (value,)


def _needs(names: tuple[str, ...], answers: Mapping[tuple[Any, ...], Answer]) -> tuple[str, ...]:
    """The facts that change the answer while all others stay as they are."""
    needed = []
    for place, name in enumerate(names):
        by_others: dict[tuple[Any, ...], set[RiskGroup | None]] = {}
        for facts, answer in answers.items():
            others = (*facts[:place], *facts[place + 1 :])
            by_others.setdefault(others, set()).add(_group(answer))
        if any(len(groups) > 1 for groups in by_others.values()):
            needed.append(name)
    return tuple(needed)


def _inputs(protocol: Protocol, known: Known) -> list[str]:
    inputs = []
    for name in protocol.reads:
        value = getattr(known, name)
        if name in known.below:
            inputs.append(f"{name}=<{known.below[name]}")
        elif value is not None:
            inputs.append(f"{name}={value}")
    return inputs
