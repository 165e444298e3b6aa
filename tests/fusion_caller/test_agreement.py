"""Agreement between two assays, held against R."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_caller.agreement import TwoByTwo, agreement
from fusion_caller.reconcile import reconcile
from fusion_caller.records import Assay, AssayReport

Cells = tuple[int, int, int, int]

OF_EXTREME = (
    "% of the results are positive: at such a prevalence kappa can be low although the assays "
    "nearly always agree (Feinstein and Cicchetti 1990); read positive and negative agreement"
)


def two_by_two(cells: Cells) -> TwoByTwo:
    a, b, c, d = cells
    return TwoByTwo(both_positive=a, only_a_positive=b, only_b_positive=c, both_negative=d)


def reports(*rows: tuple[str, str, str]) -> list[AssayReport]:
    return [
        AssayReport(
            patient=patient, assay=assay, panel="", result=text, date="", file="a.csv", line=line
        )
        for line, (patient, *results) in enumerate(rows, start=2)
        for assay, text in zip((Assay.FISH, Assay.RT_PCR), results, strict=True)
    ]


def test_agreement_is_over_patients_with_both() -> None:
    read = reports(
        ("A", "positive", "MLL-AF4"),
        ("B", "negative", "negative"),
        ("C", "not done", "positive"),
        ("D", "positive", "negative"),
        ("E", "gibberish 17", "negative"),
    )
    (row,) = agreement(reconcile([], read).evidence)
    assert (row.assay_a, row.assay_b) == (Assay.FISH, Assay.RT_PCR)
    assert (row.both_tested, row.both_positive, row.both_negative) == (3, 1, 1)
    assert (row.only_a_positive, row.only_b_positive) == (1, 0)
    assert row.observed_agreement == pytest.approx(2 / 3)
    assert (row.positive_agreement, row.negative_agreement) == (2 / 3, 2 / 3)
    assert row.kappa == pytest.approx(0.4)
    assert row.mcnemar_p == 1
    assert row.note == ""


def test_assays_that_no_patient_had_both_of_are_not_compared() -> None:
    read = reports(("A", "positive", "not done"), ("B", "not done", "MLL-AF4"))
    assert agreement(reconcile([], read).evidence) == ()


@pytest.mark.parametrize(
    ("cells", "kappa"),
    [((20, 5, 10, 15), 0.4), ((10, 0, 0, 10), 1.0), ((7, 0, 0, 0), None), ((0, 5, 5, 0), -1.0)],
)
def test_kappa(cells: Cells, kappa: float | None) -> None:
    assert two_by_two(cells).kappa() == (None if kappa is None else pytest.approx(kappa))


@pytest.mark.parametrize(
    ("cells", "kappa", "lower", "upper"),
    [
        ((20, 5, 10, 15), 0.39999999999999991, 0.15109229047666112, 0.64890770952333865),
        ((44, 2, 1, 1), 0.36842105263157987, -0.19047669098186881, 0.92731879624502855),
        ((16, 2, 22, 0), -0.10091743119266065, -0.23785332858668395, 0.036018466201362634),
        ((17, 1, 20, 2), 0.032258064516128962, -0.11424813255402226, 0.17876426158628017),
        ((40, 9, 6, 25), 0.61190168175937909, 0.43593617402363316, 0.78786718949512502),
    ],
)
def test_kappa_and_its_interval_against_r(
    cells: Cells, kappa: float, lower: float, upper: float
) -> None:
    """Held against R 4.2.2, by the formula of Fleiss, Cohen and Everitt 1969.

    kappa_ci <- function(a, b, c, d) {
      p <- matrix(c(a, b, c, d), 2, byrow = TRUE); n <- sum(p); p <- p / n
      r <- rowSums(p); k <- colSums(p)
      po <- sum(diag(p)); pe <- sum(r * k); kappa <- (po - pe) / (1 - pe)
      A <- sum(diag(p) * (1 - (r + k) * (1 - kappa))^2)
      B <- 0
      for (i in 1:2) for (j in 1:2) if (i != j) B <- B + p[i, j] * (k[i] + r[j])^2
      se <- sqrt((A + (1 - kappa)^2 * B - (kappa - pe * (1 - kappa))^2) / (n * (1 - pe)^2))
      c(kappa, kappa + c(-1, 1) * qnorm(.975) * se)
    }
    """
    table = two_by_two(cells)
    assert table.kappa() == pytest.approx(kappa, abs=1e-13)
    assert table.kappa_interval() == (
        pytest.approx(lower, abs=1e-13),
        pytest.approx(upper, abs=1e-13),
    )


@pytest.mark.parametrize("cells", [(10, 0, 0, 10), (0, 5, 5, 0), (7, 0, 0, 0), (7, 0, 2, 0)])
def test_no_interval_without_variance(cells: Cells) -> None:
    assert two_by_two(cells).kappa_interval() is None


@pytest.mark.parametrize(
    ("only_a", "only_b", "p_value"),
    [
        (5, 10, 0.30175781250000006),
        (2, 1, 1.0),
        (2, 22, 3.5881996154785149e-05),
        (1, 20, 2.0980834960937486e-05),
        (9, 6, 0.60723876953125033),
        (3, 0, 0.25000000000000006),
    ],
)
def test_mcnemar_against_r(only_a: int, only_b: int, p_value: float) -> None:
    """R 4.2.2: binom.test(only_a, only_a + only_b)$p.value."""
    found = two_by_two((30, only_a, only_b, 4)).mcnemar_p()
    assert found == pytest.approx(p_value, rel=1e-12)


@pytest.mark.parametrize(("cells", "kappa"), [((40, 9, 6, 45), "0.70"), ((80, 10, 5, 5), "0.32")])
def test_the_published_example_of_the_paradox(cells: Cells, kappa: str) -> None:
    """Feinstein and Cicchetti 1990, as printed in textbooks: 85% agree in both tables."""
    table = two_by_two(cells)
    assert table.observed_agreement == 0.85
    assert f"{table.kappa():.2f}" == kappa


def test_mcnemar_needs_somebody_in_whom_the_assays_differ() -> None:
    assert two_by_two((30, 0, 0, 4)).mcnemar_p() is None


def test_specific_agreement_where_kappa_collapses() -> None:
    """FISH against RT-PCR in Wen et al. 2022: 94% agree, and kappa is 0.37."""
    table = two_by_two((44, 2, 1, 1))
    assert table.observed_agreement == 45 / 48
    assert table.positive_agreement() == 88 / 91
    assert table.negative_agreement() == 2 / 5


def test_specific_agreement_without_any_such_result_is_not_defined() -> None:
    assert two_by_two((7, 0, 0, 0)).negative_agreement() is None
    assert two_by_two((0, 0, 0, 7)).positive_agreement() is None


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        (
            [("positive", "MLL-AF4")] * 44
            + [("positive", "negative")] * 2
            + [("negative", "MLL-AF4"), ("negative", "negative")],
            f"95{OF_EXTREME}",
        ),
        (
            [("negative", "negative")] * 30 + [("positive", "MLL-AF4"), ("positive", "negative")],
            f"5{OF_EXTREME}",
        ),
        (
            [("positive", "MLL-AF4")] * 4,
            "an assay says the same of everybody: kappa is not defined",
        ),
        (
            [("positive", "MLL-AF4"), ("negative", "negative")],
            "the assays always say the same or never: kappa has no interval",
        ),
        (
            [("positive", "MLL-AF4")] * 9 + [("negative", "negative")] + [("positive", "negative")],
            "",
        ),
    ],
)
def test_a_note_says_what_kappa_is_worth(rows: list[tuple[str, str]], note: str) -> None:
    read = reports(*((f"P{number}", *pair) for number, pair in enumerate(rows)))
    (row,) = agreement(reconcile([], read).evidence)
    assert row.note == note


@given(st.tuples(*[st.integers(0, 60)] * 4).filter(sum))
def test_agreement_does_not_depend_on_the_order_of_the_assays(cells: Cells) -> None:
    a, b, c, d = cells
    one, other = two_by_two(cells), two_by_two((a, c, b, d))
    assert one.kappa() == other.kappa()
    assert one.positive_agreement() == other.positive_agreement()
    assert one.mcnemar_p() == pytest.approx(other.mcnemar_p())
    interval = one.kappa_interval()
    assert (interval is None) == (other.kappa_interval() is None)
    if interval is not None:
        kappa = one.kappa()
        assert kappa is not None
        assert -1 <= interval[0] <= kappa <= interval[1] <= 1
        assert math.isfinite(interval[0])
