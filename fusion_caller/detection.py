"""How often each assay detects a rearrangement, and how well assays agree."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from fusion_caller.records import Assay, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion_caller.integrated import Evidence

_TESTED = (Verdict.POSITIVE, Verdict.NEGATIVE, Verdict.INCONCLUSIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One assay over the patients: the rate is positive / tested with a 95 % Wilson interval."""

    assay: Assay
    tested: int
    positive: int
    partner_named: int
    rate: float | None
    ci_lower: float | None
    ci_upper: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two assays over the patients who had both; kappa is None where it is not defined."""

    assay_a: Assay
    assay_b: Assay
    both_tested: int
    both_positive: int
    only_a_positive: int
    only_b_positive: int
    both_negative: int
    kappa: float | None


def detection(evidence: Iterable[Evidence]) -> tuple[Detection, ...]:
    """Count, for every assay that was done at all, patients tested, positive and named."""
    outcome, named = _by_assay(evidence)
    rows = []
    for assay in Assay:
        if assay not in outcome:
            continue
        tested, positive = len(outcome[assay]), sum(outcome[assay].values())
        lower, upper = wilson(positive, tested)
        rows.append(
            Detection(
                assay=assay,
                tested=tested,
                positive=positive,
                partner_named=len(named.get(assay, ())),
                rate=positive / tested,
                ci_lower=lower,
                ci_upper=upper,
            )
        )
    return tuple(rows)


def agreement(evidence: Iterable[Evidence]) -> tuple[Agreement, ...]:
    """Compare every two assays over the patients who had both."""
    outcome, _ = _by_assay(evidence, decided=(Verdict.POSITIVE, Verdict.NEGATIVE))
    rows = []
    for a, b in combinations((assay for assay in Assay if assay in outcome), 2):
        both = outcome[a].keys() & outcome[b].keys()
        if not both:
            continue
        pairs = [(outcome[a][patient], outcome[b][patient]) for patient in both]
        counts = {pair: pairs.count(pair) for pair in set(pairs)}
        cells = [
            counts.get(pair, 0)
            for pair in ((True, True), (True, False), (False, True), (False, False))
        ]
        rows.append(
            Agreement(
                assay_a=a,
                assay_b=b,
                both_tested=len(both),
                both_positive=cells[0],
                only_a_positive=cells[1],
                only_b_positive=cells[2],
                both_negative=cells[3],
                kappa=cohen_kappa(*cells),
            )
        )
    return tuple(rows)


def _by_assay(
    evidence: Iterable[Evidence], *, decided: tuple[Verdict, ...] = _TESTED
) -> tuple[dict[Assay, dict[str, bool]], dict[Assay, set[str]]]:
    """Per assay: whether each tested patient is positive, and who had the partner named."""
    outcome: dict[Assay, dict[str, bool]] = {}
    named: dict[Assay, set[str]] = {}
    for item in evidence:
        if item.reading.verdict not in decided:
            continue
        patients = outcome.setdefault(item.assay, {})
        positive = item.reading.verdict is Verdict.POSITIVE
        patients[item.patient] = patients.get(item.patient, False) or positive
        if positive and item.reading.partner:
            named.setdefault(item.assay, set()).add(item.patient)
    return outcome, named


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """95 % score interval of a proportion (Wilson 1927), by scipy."""
    from scipy.stats import binomtest

    interval = binomtest(successes, trials).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def cohen_kappa(yes_yes: int, yes_no: int, no_yes: int, no_no: int) -> float | None:
    """Agreement beyond chance (Cohen 1960); None where an assay says the same of everybody."""
    total = yes_yes + yes_no + no_yes + no_no
    a_yes, b_yes = yes_yes + yes_no, yes_yes + no_yes
    if {a_yes, b_yes} & {0, total}:
        return None
    expected = (a_yes * b_yes + (total - a_yes) * (total - b_yes)) / total**2
    return ((yes_yes + no_no) / total - expected) / (1 - expected)
