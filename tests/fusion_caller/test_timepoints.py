"""Which of a patient's results are those of diagnosis: by word, by date, by neither."""

from __future__ import annotations

import pytest

from fusion_caller.errors import BadValueError
from fusion_caller.integrated import Confidence, Elsewhen, Reason, Status
from fusion_caller.laboratory import Laboratory
from fusion_caller.reconcile import reconcile
from fusion_caller.records import Assay, AssayReport, Timepoint
from fusion_caller.timepoints import Moment, Sampled, deciding, moments, read_day, read_timepoint

UNSAID = Timepoint.UNKNOWN


def when(*samples: tuple[Timepoint, str], diagnosed: str = "", days: int = 30) -> list[Moment]:
    taken = [Sampled(timepoint, day) for timepoint, day in samples]
    return list(moments(taken, diagnosed=diagnosed, window_days=days))


def test_dates_count_from_the_first_result() -> None:
    found = when((UNSAID, "2020-03-31"), (UNSAID, "2020-03-01"), (UNSAID, "2020-04-01"))
    assert found == [Moment.DIAGNOSIS, Moment.DIAGNOSIS, Moment.LATER]


def test_the_day_of_diagnosis_comes_before_the_first_result() -> None:
    found = when((UNSAID, "2020-06-01"), (UNSAID, "2019-01-01"), diagnosed="2020-05-20")
    assert found == [Moment.DIAGNOSIS, Moment.EARLIER]


def test_the_word_of_the_table_comes_before_its_date() -> None:
    found = when((Timepoint.RELAPSE, "2020-03-01"), (Timepoint.DIAGNOSIS, "2021-03-01"))
    assert found == [Moment.RELAPSE, Moment.DIAGNOSIS]


def test_a_follow_up_is_no_reference() -> None:
    found = when((Timepoint.FOLLOW_UP, "2020-01-01"), (UNSAID, "2020-06-01"), (UNSAID, ""))
    assert found == [Moment.FOLLOW_UP, Moment.DIAGNOSIS, Moment.UNDATED]


@pytest.mark.parametrize(
    ("times", "counts"),
    [
        ([Moment.DIAGNOSIS, Moment.LATER, Moment.UNDATED], (True, False, True)),
        ([Moment.RELAPSE, Moment.FOLLOW_UP], (True, False)),
        ([Moment.LATER, Moment.FOLLOW_UP], (True, True)),
        ([], ()),
    ],
)
def test_which_results_decide(times: list[Moment], counts: tuple[bool, ...]) -> None:
    assert deciding(times) == counts


@pytest.mark.parametrize(
    ("text", "timepoint"),
    [
        ("", Timepoint.UNKNOWN),
        ("Diagnosis", Timepoint.DIAGNOSIS),
        ("dx", Timepoint.DIAGNOSIS),
        ("MRD", Timepoint.FOLLOW_UP),
        ("follow up", Timepoint.FOLLOW_UP),
        ("relapse", Timepoint.RELAPSE),
    ],
)
def test_words_for_a_time_point(text: str, timepoint: Timepoint) -> None:
    assert read_timepoint(text) is timepoint


def test_other_words_and_dates_are_refused() -> None:
    with pytest.raises(BadValueError, match="expected one of diagnosis, follow-up, relapse or"):
        read_timepoint("day 33")
    for text in ("04/03/2021", "20210304", "2021-02-30"):
        with pytest.raises(BadValueError, match="expected a date as YYYY-MM-DD"):
            read_day(text)


def report(
    assay: Assay, result: str, day: str = "", timepoint: Timepoint = UNSAID, *, line: int = 2
) -> AssayReport:
    return AssayReport(
        patient="P1",
        assay=assay,
        panel="",
        result=result,
        date=day,
        timepoint=timepoint,
        file="a.csv",
        line=line,
    )


def test_a_relapse_sample_is_not_the_diagnosis_sample() -> None:
    done = reconcile(
        [],
        [
            report(Assay.FISH, "negative", "2020-01-02"),
            report(Assay.FISH, "positive", "2021-06-01", line=3),
        ],
    )
    (patient,) = done.patients
    assert (patient.status, patient.confidence) == (Status.NOT_REARRANGED, Confidence.NONE)
    assert patient.reasons == ()
    assert [(e.moment, e.counts) for e in done.evidence] == [
        (Moment.DIAGNOSIS, True),
        (Moment.LATER, False),
    ]


def test_a_negative_follow_up_does_not_contradict_the_diagnosis() -> None:
    done = reconcile(
        [],
        [
            report(Assay.FISH, "positive", "2020-01-02"),
            report(Assay.RT_PCR, "MLL-AF4", "2020-01-02"),
            report(Assay.RT_PCR, "negative", "2020-01-20", Timepoint.FOLLOW_UP, line=3),
        ],
    )
    (patient,) = done.patients
    assert (patient.status, patient.partner) == (Status.REARRANGED, "AFF1")
    assert patient.confidence is Confidence.CONFIRMED
    assert patient.timepoint == "diagnosis"


def test_without_a_sample_of_diagnosis_relapse_decides_and_is_named() -> None:
    done = reconcile([], [report(Assay.RT_PCR, "MLL-AF4", "2020-01-02", Timepoint.RELAPSE)])
    assert (done.patients[0].status, done.patients[0].timepoint) == (Status.REARRANGED, "relapse")


def test_the_window_is_the_laboratorys_own() -> None:
    reports = [
        report(Assay.FISH, "negative", "2020-01-02"),
        report(Assay.FISH, "positive", "2020-03-02", line=3),
    ]
    (near,) = reconcile([], reports).patients
    (far,) = reconcile([], reports, laboratory=Laboratory(diagnosis_days=90)).patients
    assert near.reasons == ()
    assert far.reasons == (Reason.UNEXPLAINED,)


def test_the_day_of_diagnosis_tells_that_all_results_are_later() -> None:
    reports = [report(Assay.FISH, "positive", "2021-01-02")]
    done = reconcile([], reports, diagnosed={"P1": "2018-01-01"})
    assert done.evidence[0].moment is Moment.LATER
    assert done.patients[0].timepoint == "later"


@pytest.mark.parametrize(
    ("rows", "elsewhen", "suspected", "next_test"),
    [
        (
            [("negative", Assay.FISH, "2020-01-02"), ("positive", Assay.FISH, "2021-06-01")],
            Elsewhen.POSITIVE,
            (),
            "Look at the diagnosis sample again",
        ),
        (
            [("negative", Assay.FISH, "2020-01-02"), ("MLL-AF9", Assay.RNA_SEQ, "2021-06-01")],
            Elsewhen.POSITIVE,
            ("MLLT3",),
            "Look at the diagnosis sample again",
        ),
        (
            [("positive", Assay.FISH, "2020-01-02"), ("MLL-AF9", Assay.RNA_SEQ, "2021-06-01")],
            Elsewhen.NAMES_PARTNER,
            ("MLLT3",),
            "RT-PCR of the diagnosis sample",
        ),
        (
            [("MLL-AF4", Assay.RNA_SEQ, "2020-01-02"), ("MLL-AF9", Assay.RNA_SEQ, "2021-06-01")],
            Elsewhen.OTHER_PARTNER,
            (),
            "One assay on the samples of both times",
        ),
        (
            [("MLL-AF4", Assay.RNA_SEQ, "2020-01-02"), ("MLL-AF4", Assay.RNA_SEQ, "2021-06-01")],
            Elsewhen.NONE,
            (),
            "Split RT-PCR",
        ),
    ],
)
def test_what_another_time_says_decides_nothing_and_is_told(
    rows: list[tuple[str, Assay, str]],
    elsewhen: Elsewhen,
    suspected: tuple[str, ...],
    next_test: str,
) -> None:
    reports = [report(assay, text, day, line=n) for n, (text, assay, day) in enumerate(rows, 2)]
    (patient,) = reconcile([], reports).patients
    assert (patient.elsewhen, patient.partner_suspected) == (elsewhen, suspected)
    assert patient.next_test.startswith(next_test)
