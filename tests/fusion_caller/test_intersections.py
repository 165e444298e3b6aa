"""The combinations of assay results that occur."""

from fusion_caller.integrated_tables import INTERSECTION_COLUMNS, intersection_rows
from fusion_caller.intersections import intersections
from fusion_caller.reconcile import Reconciliation, reconcile
from fusion_caller.records import Assay, AssayReport


def reconciled() -> Reconciliation:
    rows = [
        ("A", Assay.FISH, "negative"),
        ("B", Assay.FISH, "positive"),
        ("B", Assay.RT_PCR, "MLL-AF4"),
        ("C", Assay.RT_PCR, "MLL-AF9"),
        ("C", Assay.FISH, "positive"),
        ("D", Assay.FISH, "gibberish 17"),
        ("E", Assay.FISH, "positive"),
        ("E", Assay.RT_PCR, "not done"),
    ]
    reports = [
        AssayReport(
            patient=patient, assay=assay, panel="", result=text, date="", file="a.csv", line=line
        )
        for line, (patient, assay, text) in enumerate(rows, start=2)
    ]
    return reconcile([], reports, also=("F", "G"))


def test_every_combination_once_the_most_frequent_first() -> None:
    done = reconciled()
    rows = list(intersection_rows(intersections(done.evidence, done.patients)))
    assert [(row["fish"], row["rt-pcr"], row["patients"]) for row in rows] == [
        ("positive", "positive", 2),
        ("not_done", "not_done", 2),
        ("positive", "not_done", 1),
        ("negative", "not_done", 1),
        ("not_understood", "not_done", 1),
    ]
    assert sum(int(str(row["patients"])) for row in rows) == len(done.patients) == 7


def test_every_assay_has_its_column_and_no_patient_is_named() -> None:
    done = reconciled()
    assert (*Assay, "patients") == INTERSECTION_COLUMNS
    for row in intersection_rows(intersections(done.evidence, done.patients)):
        assert tuple(row) == INTERSECTION_COLUMNS


def test_the_order_does_not_depend_on_the_order_of_the_evidence() -> None:
    done = reconciled()
    assert intersections(done.evidence, done.patients) == intersections(
        done.evidence[::-1], done.patients[::-1]
    )


def test_nobody_has_no_combination() -> None:
    assert intersections([], []) == ()
