"""How often each assay detects a rearrangement, in whom it was done, and what the rate can mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.records import Assay, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion_caller.integrated import Evidence, PatientResult

# Where an assay was done more than once in a patient, the first of these stands for all.
_PRECEDENCE = (
    Verdict.POSITIVE,
    Verdict.NEGATIVE,
    Verdict.INCONCLUSIVE,
    Verdict.NOT_UNDERSTOOD,
    Verdict.NOT_DONE,
)
DECIDED = (Verdict.POSITIVE, Verdict.NEGATIVE)
_TESTED = (*DECIDED, Verdict.INCONCLUSIVE)

Verdicts = dict[Assay, dict[str, Verdict]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One assay over the patients.

    An inconclusive result counts as tested and not as positive: that is what a laboratory gets
    that orders the assay. tested + not_understood + not_tested are all patients.

    Attributes:
        assay: The assay.
        tested: Patients with a result: positive, negative or inconclusive.
        positive: Of those tested.
        negative: Of those tested.
        inconclusive: Of those tested.
        not_understood: Patients whose result could not be read.
        not_tested: Patients in whom it was not done.
        rate: positive / tested; None where nobody was tested.
        ci_lower: Of its 95 % Wilson interval, as `ci_upper`.
        partner_named: Patients in whom it is positive and names the partner.
        named_rate: partner_named / tested, over all tested so that both rates can be compared.
        named_ci_lower: Of its 95 % Wilson interval, as `named_ci_upper`.
        verification: Where it was done in a part of the patients: whether those were other
            patients than the rest, by the results of the other assays.
        reference: What the rate is a rate of, by who the patients are.
    """

    assay: Assay
    tested: int
    positive: int
    negative: int
    inconclusive: int
    not_understood: int
    not_tested: int
    rate: float | None
    ci_lower: float | None
    ci_upper: float | None
    partner_named: int
    named_rate: float | None
    named_ci_lower: float | None
    named_ci_upper: float | None
    verification: str
    reference: str


def detection(
    evidence: Iterable[Evidence], patients: Sequence[PatientResult]
) -> tuple[Detection, ...]:
    """Count, for every assay that gave any result, patients tested, positive and named.

    Args:
        evidence: The results that count; a patient may have several of one assay.
        patients: All patients of the cohort, also those without any result.
    """
    evidence = tuple(evidence)
    verdicts = verdicts_by_assay(evidence)
    named = {
        (item.assay, item.patient)
        for item in evidence
        if item.reading.verdict is Verdict.POSITIVE and item.reading.partner
    }
    reference = _reference(patients)
    rows = []
    for assay, by_patient in verdicts.items():
        found = list(by_patient.values())
        counts = {verdict: found.count(verdict) for verdict in _PRECEDENCE}
        tested = sum(counts[verdict] for verdict in _TESTED)
        not_understood = counts[Verdict.NOT_UNDERSTOOD]
        if not tested + not_understood:
            continue
        positive = counts[Verdict.POSITIVE]
        partner_named = sum((assay, patient) in named for patient in by_patient)
        rate, (ci_lower, ci_upper) = _rate(positive, tested)
        named_rate, (named_lower, named_upper) = _rate(partner_named, tested)
        rows.append(
            Detection(
                assay=assay,
                tested=tested,
                positive=positive,
                negative=counts[Verdict.NEGATIVE],
                inconclusive=counts[Verdict.INCONCLUSIVE],
                not_understood=not_understood,
                not_tested=len(patients) - tested - not_understood,
                rate=rate,
                ci_lower=ci_lower,
                ci_upper=ci_upper,
                partner_named=partner_named,
                named_rate=named_rate,
                named_ci_lower=named_lower,
                named_ci_upper=named_upper,
                verification=_verification(assay, verdicts, patients),
                reference=reference,
            )
        )
    return tuple(rows)


def verdicts_by_assay(evidence: Iterable[Evidence]) -> Verdicts:
    """Each patient's verdict by every assay that there is a row of, assays in their usual order.

    Where an assay was done more than once, positive counts before negative, negative before
    inconclusive, any result before none.
    """
    found: Verdicts = {}
    for item in evidence:
        by_patient = found.setdefault(item.assay, {})
        verdicts = (item.reading.verdict, by_patient.get(item.patient, Verdict.NOT_DONE))
        by_patient[item.patient] = min(verdicts, key=_PRECEDENCE.index)
    return {assay: found[assay] for assay in Assay if assay in found}


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """95 % score interval of a proportion (Wilson 1927), by scipy."""
    from scipy.stats import binomtest

    interval = binomtest(successes, trials).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def _rate(
    successes: int, trials: int
) -> tuple[float, tuple[float, float]] | tuple[None, tuple[None, None]]:
    return (successes / trials, wilson(successes, trials)) if trials else (None, (None, None))


def _reference(patients: Sequence[PatientResult]) -> str:
    found = sum(patient.status.is_found for patient in patients)
    if found == len(patients):
        return (
            f"In all {found} patients, these assays together find KMT2A rearranged or duplicated: "
            "each rate is a sensitivity among detected cases against a reference that contains "
            "the assay itself (incorporation bias); cases that every assay missed are not counted, "
            "and a specificity cannot be given."
        )
    return (
        f"KMT2A is found rearranged or duplicated in {found} of {len(patients)} patients: each "
        "rate is the share of positive results, not a sensitivity."
    )


def _verification(assay: Assay, verdicts: Verdicts, patients: Sequence[PatientResult]) -> str:
    """Compare those tested with the others, where there are any (partial verification)."""
    everybody = [patient.patient for patient in patients]
    tested = {p for p, verdict in verdicts[assay].items() if verdict in _TESTED}
    others = [patient for patient in everybody if patient not in tested]
    if not tested or not others:
        return ""
    said = f"Done in {len(tested)} of {len(everybody)} patients"
    rest = {other: found for other, found in verdicts.items() if other is not assay}
    any_tested = _negative_by_any(rest, tested)
    any_others = _negative_by_any(rest, others)
    if any_tested[1] and any_others[1]:
        said += (
            f". Negative by another assay: {_of(any_tested)} tested against {_of(any_others)} not "
            "tested"
        )
        single = [
            f"{other} {_of(counted[0])} against {_of(counted[1])}"
            for other, found in rest.items()
            for counted in [[_negative_by_any({other: found}, who) for who in (tested, others)]]
            if counted[0][1] and counted[1][1]
        ]
        said += f" ({'; '.join(single)})" if single else ""
    return (
        f"{said}. Who was chosen for the test decides its rate, which need not hold for the rest."
    )


def _negative_by_any(
    verdicts: Mapping[Assay, Mapping[str, Verdict]], patients: Iterable[str]
) -> tuple[int, int]:
    """How many are negative by any of the assays, of those with a positive or negative result."""
    results = [{found.get(patient) for found in verdicts.values()} for patient in patients]
    decided = [result for result in results if result.intersection(DECIDED)]
    return sum(Verdict.NEGATIVE in result for result in decided), len(decided)


def _of(counts: tuple[int, int]) -> str:
    return f"{counts[0]} of {counts[1]}"
