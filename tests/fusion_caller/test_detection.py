"""Detection rates and agreement between assays."""

import pytest

from fusion_caller.detection import agreement, cohen_kappa, detection, wilson
from fusion_caller.reconcile import reconcile
from fusion_caller.records import Assay, AssayReport


def reports() -> list[AssayReport]:
    rows = [
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
    return [
        AssayReport(
            patient=patient, assay=assay, panel="", result=text, date="", file="a.csv", line=line
        )
        for line, (patient, assay, text) in enumerate(rows, start=2)
    ]


def test_counts_leave_out_not_done_and_not_understood() -> None:
    rows = {row.assay: row for row in detection(reconcile([], reports()).evidence)}
    fish, pcr = rows[Assay.FISH], rows[Assay.RT_PCR]
    assert (fish.tested, fish.positive, fish.partner_named) == (3, 2, 0)
    assert (pcr.tested, pcr.positive, pcr.partner_named) == (4, 2, 1)
    assert fish.rate == 2 / 3


def test_agreement_is_over_patients_with_both() -> None:
    (row,) = agreement(reconcile([], reports()).evidence)
    assert (row.both_tested, row.both_positive, row.both_negative) == (3, 1, 1)
    assert (row.only_a_positive, row.only_b_positive) == (1, 0)
    assert row.kappa == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("successes", "trials", "lower", "upper"),
    [
        (46, 48, 0.86024344129544572, 0.98849810651061332),
        (18, 40, 0.30705307810904925, 0.60170908201067952),
        (18, 18, 0.82412077635334235, 1.0),
    ],
)
def test_wilson_against_r(successes: int, trials: int, lower: float, upper: float) -> None:
    """R 4.2.2: prop.test(successes, trials, correct = FALSE)$conf.int."""
    assert wilson(successes, trials) == (
        pytest.approx(lower, abs=1e-12),
        pytest.approx(upper, abs=1e-12),
    )


@pytest.mark.parametrize(
    ("cells", "kappa"),
    [((20, 5, 10, 15), 0.4), ((10, 0, 0, 10), 1.0), ((7, 0, 0, 0), None), ((0, 5, 5, 0), -1.0)],
)
def test_kappa(cells: tuple[int, int, int, int], kappa: float | None) -> None:
    assert cohen_kappa(*cells) == (None if kappa is None else pytest.approx(kappa))
