"""How well two assays agree over the patients who had both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from fusion_caller.detection import DECIDED, verdicts_by_assay
from fusion_caller.records import Assay, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion_caller.integrated import Evidence

# The 97.5 % point of the standard normal distribution.
_Z = 1.959963984540054
# Beyond these shares of positive results, kappa says more of the prevalence than of the assays.
_EXTREME_PREVALENCE = (0.1, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoByTwo:
    """The patients with a positive or negative result of both assays, by the two results.

    Attributes:
        both_positive: Positive by both.
        only_a_positive: Positive by the first, negative by the second.
        only_b_positive: Negative by the first, positive by the second.
        both_negative: Negative by both.
    """

    both_positive: int
    only_a_positive: int
    only_b_positive: int
    both_negative: int

    @property
    def total(self) -> int:
        """All patients."""
        return self.both_positive + self.only_a_positive + self.only_b_positive + self.both_negative

    @property
    def observed_agreement(self) -> float:
        """The share of patients in whom the assays say the same."""
        return (self.both_positive + self.both_negative) / self.total

    @property
    def prevalence(self) -> float:
        """The share of positive results among the results of both assays."""
        positive = 2 * self.both_positive + self.only_a_positive + self.only_b_positive
        return positive / (2 * self.total)

    @property
    def constant(self) -> bool:
        """Whether an assay says the same of everybody."""
        a_positive = self.both_positive + self.only_a_positive
        b_positive = self.both_positive + self.only_b_positive
        return bool({a_positive, b_positive} & {0, self.total})

    def positive_agreement(self) -> float | None:
        """2a / (2a + b + c), agreement on positive results.

        Cicchetti and Feinstein, J Clin Epidemiol 1990;43:551, who give it with kappa.
        """
        return self._specific_agreement(self.both_positive)

    def negative_agreement(self) -> float | None:
        """2d / (2d + b + c), agreement on negative results; see `positive_agreement`."""
        return self._specific_agreement(self.both_negative)

    def _specific_agreement(self, agreed: int) -> float | None:
        of = 2 * agreed + self.only_a_positive + self.only_b_positive
        return 2 * agreed / of if of else None

    def kappa(self) -> float | None:
        """Agreement beyond chance (Cohen 1960); None where an assay says the same of everybody."""
        if self.constant:
            return None
        expected = self._expected_agreement()
        return (self.observed_agreement - expected) / (1 - expected)

    def kappa_interval(self) -> tuple[float, float] | None:
        """95 % interval of kappa by its large-sample standard error, held within -1 and 1.

        The variance is that of Fleiss, Cohen and Everitt, Psychol Bull 1969;72:323, which does not
        assume that kappa is 0. None where kappa is not defined, and where the assays always or
        never say the same, which leaves no variance to estimate.
        """
        kappa = self.kappa()
        agreed = self.both_positive + self.both_negative
        if kappa is None or agreed in (0, self.total):
            return None
        a_yes, b_yes = self._margins()
        expected = self._expected_agreement()
        diagonal = (
            (self.both_positive, a_yes + b_yes),
            (self.both_negative, 2 - a_yes - b_yes),
        )
        # A cell off the diagonal has the margins of the other row and the other column.
        beside = (
            (self.only_a_positive, b_yes + 1 - a_yes),
            (self.only_b_positive, a_yes + 1 - b_yes),
        )
        variance = (
            sum(n / self.total * (1 - margins * (1 - kappa)) ** 2 for n, margins in diagonal)
            + (1 - kappa) ** 2 * sum(n / self.total * margins**2 for n, margins in beside)
            - (kappa - expected * (1 - kappa)) ** 2
        ) / (self.total * (1 - expected) ** 2)
        half = _Z * math.sqrt(variance)
        return max(-1.0, kappa - half), min(1.0, kappa + half)

    def mcnemar_p(self) -> float | None:
        """Two-sided exact McNemar test, binomial on the discordant; None where there are none."""
        from scipy.stats import binomtest

        discordant = self.only_a_positive + self.only_b_positive
        if not discordant:
            return None
        return float(binomtest(self.only_a_positive, discordant, 0.5).pvalue)

    def _margins(self) -> tuple[float, float]:
        return (
            (self.both_positive + self.only_a_positive) / self.total,
            (self.both_positive + self.only_b_positive) / self.total,
        )

    def _expected_agreement(self) -> float:
        a_yes, b_yes = self._margins()
        return a_yes * b_yes + (1 - a_yes) * (1 - b_yes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two assays over the patients in whom both are positive or negative.

    The cells and the measures are those of `TwoByTwo`; a measure that is not defined is None, and
    `note` says why, and what kappa is worth where nearly all results are the same.
    """

    assay_a: Assay
    assay_b: Assay
    both_tested: int
    both_positive: int
    only_a_positive: int
    only_b_positive: int
    both_negative: int
    observed_agreement: float
    positive_agreement: float | None
    negative_agreement: float | None
    kappa: float | None
    kappa_ci_lower: float | None
    kappa_ci_upper: float | None
    mcnemar_p: float | None
    note: str


def agreement(evidence: Iterable[Evidence]) -> tuple[Agreement, ...]:
    """Compare every two assays over the patients who had both."""
    decided = {
        assay: {patient: verdict for patient, verdict in found.items() if verdict in DECIDED}
        for assay, found in verdicts_by_assay(evidence).items()
    }
    rows = []
    for a, b in combinations(decided, 2):
        both = decided[a].keys() & decided[b].keys()
        pairs = [tuple(decided[x][patient] is Verdict.POSITIVE for x in (a, b)) for patient in both]
        if pairs:
            table = TwoByTwo(
                both_positive=pairs.count((True, True)),
                only_a_positive=pairs.count((True, False)),
                only_b_positive=pairs.count((False, True)),
                both_negative=pairs.count((False, False)),
            )
            rows.append(_agreement(a, b, table))
    return tuple(rows)


def _agreement(a: Assay, b: Assay, table: TwoByTwo) -> Agreement:
    lower, upper = table.kappa_interval() or (None, None)
    return Agreement(
        assay_a=a,
        assay_b=b,
        both_tested=table.total,
        both_positive=table.both_positive,
        only_a_positive=table.only_a_positive,
        only_b_positive=table.only_b_positive,
        both_negative=table.both_negative,
        observed_agreement=table.observed_agreement,
        positive_agreement=table.positive_agreement(),
        negative_agreement=table.negative_agreement(),
        kappa=table.kappa(),
        kappa_ci_lower=lower,
        kappa_ci_upper=upper,
        mcnemar_p=table.mcnemar_p(),
        note=_note(table),
    )


def _note(table: TwoByTwo) -> str:
    if table.constant:
        return "an assay says the same of everybody: kappa is not defined"
    notes = []
    if table.kappa_interval() is None:
        notes.append("the assays always say the same or never: kappa has no interval")
    low, high = _EXTREME_PREVALENCE
    if not low <= table.prevalence <= high:
        notes.append(
            f"{100 * table.prevalence:.0f}% of the results are positive: at such a prevalence "
            "kappa can be low although the assays nearly always agree (Feinstein and Cicchetti "
            "1990); read positive and negative agreement"
        )
    return "; ".join(notes)
