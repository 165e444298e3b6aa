"""Detection rates: who was tested, positive, named, and what the rate can mean."""

import pytest

from fusion_caller.detection import Detection, detection, verdicts_by_assay, wilson
from fusion_caller.reconcile import Reconciliation, reconcile
from fusion_caller.records import Assay, AssayReport, Verdict

COHORT = [
    ("A", Assay.FISH, "positive"),
    ("A", Assay.RT_PCR, "MLL-AF4"),
    ("B", Assay.FISH, "negative"),
    ("B", Assay.RT_PCR, "negative"),
    ("C", Assay.FISH, "not done"),
    ("C", Assay.RT_PCR, "positive"),
    ("D", Assay.FISH, "positive"),
    ("D", Assay.RT_PCR, "negative"),
    ("E", Assay.FISH, "gibberish 17"),
]


def reconciled(rows: list[tuple[str, Assay, str]], *also: str) -> Reconciliation:
    reports = [
        AssayReport(
            patient=patient, assay=assay, panel="", result=text, date="", file="a.csv", line=line
        )
        for line, (patient, assay, text) in enumerate(rows, start=2)
    ]
    return reconcile([], reports, also=also)


def rows(done: Reconciliation) -> dict[Assay, Detection]:
    return {row.assay: row for row in detection(done.evidence, done.patients)}


def test_counts_leave_out_not_done_and_not_understood() -> None:
    found = rows(reconciled(COHORT, "F"))
    fish, pcr = found[Assay.FISH], found[Assay.RT_PCR]
    assert (fish.tested, fish.positive, fish.partner_named) == (3, 2, 0)
    assert (fish.negative, fish.inconclusive, fish.not_understood, fish.not_tested) == (1, 0, 1, 2)
    assert (pcr.tested, pcr.positive, pcr.negative, pcr.partner_named) == (4, 2, 2, 1)
    assert fish.rate == 2 / 3
    assert (pcr.rate, pcr.named_rate) == (0.5, 0.25)
    # R 4.2.2: prop.test(1, 4, correct = FALSE)$conf.int
    assert pcr.named_ci_lower == pytest.approx(0.045587260809700589, abs=1e-12)
    assert pcr.named_ci_upper == pytest.approx(0.69935815741759799, abs=1e-12)


def test_counts_of_an_assay_add_up_to_the_patients() -> None:
    done = reconciled([*COHORT, ("G", Assay.FISH, "nuc ish(KMT2Ax3)[100/200]")], "F")
    for row in rows(done).values():
        assert row.positive + row.negative + row.inconclusive == row.tested
        assert row.tested + row.not_understood + row.not_tested == len(done.patients) == 7


def test_an_assay_that_nobody_had_is_left_out_and_one_that_nobody_could_read_is_not() -> None:
    done = reconciled([("A", Assay.FISH, "not done"), ("A", Assay.RT_PCR, "gibberish 17")])
    (row,) = detection(done.evidence, done.patients)
    assert (row.assay, row.tested, row.not_understood, row.not_tested) == (Assay.RT_PCR, 0, 1, 0)
    assert row.rate is row.ci_lower is row.ci_upper is row.named_rate is None
    assert row.verification == ""


def test_of_two_results_the_positive_counts() -> None:
    done = reconciled(
        [
            ("A", Assay.FISH, "negative"),
            ("A", Assay.FISH, "positive"),
            ("B", Assay.FISH, "negative"),
            ("B", Assay.FISH, "gibberish 17"),
            ("C", Assay.FISH, "not done"),
            ("C", Assay.FISH, "gibberish 17"),
        ]
    )
    assert verdicts_by_assay(done.evidence) == {
        Assay.FISH: {
            "A": Verdict.POSITIVE,
            "B": Verdict.NEGATIVE,
            "C": Verdict.NOT_UNDERSTOOD,
        }
    }


def test_who_was_chosen_for_a_test_is_said_with_numbers() -> None:
    done = reconciled(
        [
            ("A", Assay.FISH, "positive"),
            ("A", Assay.RT_PCR, "negative"),
            ("A", Assay.SPLIT_RT_PCR, "MLL-USP2"),
            ("B", Assay.FISH, "negative"),
            ("B", Assay.RT_PCR, "negative"),
            ("B", Assay.SPLIT_RT_PCR, "MLL-USP2"),
            ("C", Assay.FISH, "positive"),
            ("C", Assay.RT_PCR, "MLL-AF4"),
            ("D", Assay.FISH, "positive"),
            ("E", Assay.FISH, "negative"),
            ("E", Assay.RT_PCR, "MLL-AF4"),
        ]
    )
    found = rows(done)
    assert found[Assay.FISH].verification == ""
    assert found[Assay.SPLIT_RT_PCR].verification == (
        "Done in 2 of 5 patients. Negative by another assay: 2 of 2 tested against 1 of 3 not "
        "tested (fish 1 of 2 against 1 of 3; rt-pcr 2 of 2 against 0 of 2). Who was chosen for the "
        "test decides its rate, which need not hold for the rest."
    )


def test_without_another_assay_only_the_subset_is_said() -> None:
    found = rows(reconciled([("A", Assay.FISH, "positive")], "B"))
    assert found[Assay.FISH].verification == (
        "Done in 1 of 2 patients. Who was chosen for the test decides its rate, which need not "
        "hold for the rest."
    )


def test_an_assay_known_on_one_side_only_is_not_compared_alone() -> None:
    done = reconciled(
        [
            ("A", Assay.SPLIT_RT_PCR, "MLL-AF4"),
            ("A", Assay.FISH, "negative"),
            ("B", Assay.RT_PCR, "MLL-AF4"),
        ]
    )
    assert "1 of 1 tested against 0 of 1 not tested. Who" in (
        rows(done)[Assay.SPLIT_RT_PCR].verification
    )


def test_the_rates_of_a_cohort_of_cases_are_sensitivities_with_incorporation_bias() -> None:
    (row,) = rows(reconciled([("A", Assay.FISH, "positive")])).values()
    assert row.reference.startswith("In all 1 patients, these assays together")
    assert "incorporation bias" in row.reference
    (row,) = rows(reconciled([("A", Assay.FISH, "positive"), ("B", Assay.FISH, "2F")])).values()
    assert row.reference == (
        "KMT2A is found rearranged or duplicated in 1 of 2 patients: each rate is the share of "
        "positive results, not a sensitivity."
    )


@pytest.mark.parametrize(
    ("successes", "trials", "lower", "upper"),
    [
        (46, 48, 0.86024344129544572, 0.98849810651061332),
        (45, 48, 0.8316456194505365, 0.97851676709161062),
        (18, 40, 0.30705307810904925, 0.60170908201067952),
        (18, 18, 0.82412077635334235, 1.0),
        (0, 48, 0.0, 0.074100129666117454),
    ],
)
def test_wilson_against_r(successes: int, trials: int, lower: float, upper: float) -> None:
    """R 4.2.2: prop.test(successes, trials, correct = FALSE)$conf.int."""
    assert wilson(successes, trials) == (
        pytest.approx(lower, abs=1e-12),
        pytest.approx(upper, abs=1e-12),
    )
