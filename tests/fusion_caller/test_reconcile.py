"""One integrated result a patient: status, partner, confidence, and why assays disagree."""

from collections.abc import Sequence

import pytest

from fusion_caller.integrated import Confidence, PatientResult, Reason, Status
from fusion_caller.reconcile import Reconciliation, reconcile
from fusion_caller.records import (
    Assay,
    AssayReport,
    CallerReads,
    Flag,
    FusionKind,
    Kmt2aFusion,
    SampleFusions,
    Source,
)

PANEL = "wen-2022"


def report(assay: Assay, result: str, *, patient: str = "P1", line: int = 2) -> AssayReport:
    return AssayReport(
        patient=patient,
        assay=assay,
        panel=PANEL if assay is Assay.RT_PCR else "",
        result=result,
        date="",
        file="assays.csv",
        line=line,
    )


def event(
    partner: str,
    *,
    kind: FusionKind = FusionKind.FUSION,
    sources: Sequence[Source] = (Source.ARRIBA,),
    flags: tuple[Flag, ...] = (),
    region: str = "bcr1",
    reads: int = 12,
) -> Kmt2aFusion:
    reverse = kind in (FusionKind.RECIPROCAL, FusionKind.COMPLEX_RECIPROCAL)
    return Kmt2aFusion(
        patient="P1",
        sample="S1",
        kind=kind,
        partner=partner,
        fusion=f"{partner}::KMT2A" if reverse else f"KMT2A::{partner}",
        reads=tuple(
            CallerReads(source=source, split_reads=reads, spanning_fragments=3)
            for source in sources
        ),
        reported_partners=(partner,),
        region=region,
        kmt2a_exon="e9",
        kmt2a_transcript="ENST00000534358",
        flags=flags,
        n_calls=len(sources),
        file="arriba.tsv",
        line=2,
    )


def sample(*events: Kmt2aFusion, ran: tuple[Source, ...] = (Source.ARRIBA,)) -> SampleFusions:
    return SampleFusions(patient="P1", sample="S1", callers_run=ran, events=events)


def integrate(
    *reports: AssayReport, rna: SampleFusions | None = None
) -> tuple[PatientResult, Reconciliation]:
    done = reconcile([rna] if rna else [], reports)
    (patient,) = done.patients
    return patient, done


def test_usp2_seen_by_rna_only_is_explained_twice() -> None:
    patient, done = integrate(
        report(Assay.FISH, "negative"),
        report(Assay.RT_PCR, "negative"),
        report(Assay.SPLIT_RT_PCR, "KMT2A::USP2"),
        rna=sample(event("USP2", region="bcr2")),
    )
    assert (patient.status, patient.partner) == (Status.REARRANGED, "USP2")
    assert patient.subtype == "other"
    assert patient.confidence is Confidence.CONFIRMED
    assert patient.reasons == (Reason.FISH_INVERSION, Reason.NOT_ON_PANEL)
    assert [d.reason for d in done.disagreements] == [Reason.FISH_INVERSION, Reason.NOT_ON_PANEL]
    assert "0.83 Mb" in done.disagreements[0].sentence


@pytest.mark.parametrize("partner", ["CT45A1", "CLTC"])
def test_partner_off_the_panel(partner: str) -> None:
    patient, done = integrate(
        report(Assay.FISH, "1F1R1G"),
        report(Assay.RT_PCR, "negative"),
        rna=sample(event(partner)),
    )
    assert patient.status is Status.REARRANGED
    assert patient.confidence is Confidence.CONFIRMED
    assert Reason.NOT_ON_PANEL in patient.reasons
    assert Reason.UNEXPLAINED not in patient.reasons
    assert any(
        partner in d.sentence and d.reason is Reason.NOT_ON_PANEL for d in done.disagreements
    )


def test_fish_negative_with_a_partner_it_should_see_is_unexplained_and_first() -> None:
    done = reconcile(
        [],
        [
            report(Assay.KARYOTYPE, "46,XX[20]", patient="A"),
            report(Assay.RT_PCR, "MLL-AF4", patient="A"),
            report(Assay.FISH, "2F", patient="B"),
            report(Assay.RT_PCR, "MLL/AF9", patient="B"),
        ],
    )
    assert [(d.patient, d.reason) for d in done.disagreements] == [
        ("B", Reason.UNEXPLAINED),
        ("A", Reason.CRYPTIC_KARYOTYPE),
    ]
    assert done.patients[1].confidence is Confidence.POSSIBLE


def test_assays_that_name_different_partners_conflict() -> None:
    patient, done = integrate(
        report(Assay.RT_PCR, "MLL-AF4"), report(Assay.FISH, "positive"), rna=sample(event("MLLT3"))
    )
    assert patient.confidence is Confidence.CONFLICTING
    assert patient.partner == "MLLT3"
    assert patient.reasons == (Reason.DIFFERENT_PARTNERS,)
    assert "AFF1" in done.disagreements[0].sentence


def test_two_assays_outvote_one_in_a_conflict() -> None:
    patient, _ = integrate(
        report(Assay.RT_PCR, "MLL-AF4"),
        report(Assay.SPLIT_RT_PCR, "MLL-AF4"),
        rna=sample(event("MLLT3")),
    )
    assert patient.partner == "AFF1"
    assert patient.confidence is Confidence.CONFLICTING


def test_paralogues_do_not_conflict() -> None:
    patient, _ = integrate(report(Assay.SPLIT_RT_PCR, "KMT2A-CT45A2"), rna=sample(event("CT45A1")))
    assert patient.confidence is Confidence.CONFIRMED
    assert patient.reasons == (Reason.PARALOGUE,)


def test_two_callers_on_the_same_reads_are_one_assay() -> None:
    both = (Source.ARRIBA, Source.STAR_FUSION)
    patient, _ = integrate(rna=sample(event("AFF1", sources=both), ran=both))
    assert patient.confidence is Confidence.PROBABLE
    assert patient.assays_positive == (Assay.RNA_SEQ,)


def test_caller_that_missed_the_fusion_is_below_its_threshold() -> None:
    patient, done = integrate(rna=sample(event("AFF1"), ran=(Source.ARRIBA, Source.FUSIONCATCHER)))
    assert patient.reasons == (Reason.BELOW_THRESHOLD,)
    assert "fusioncatcher does not report KMT2A::AFF1" in done.disagreements[0].sentence


@pytest.mark.parametrize(
    ("reports", "status", "confidence"),
    [
        ([], None, None),
        ([(Assay.FISH, "not done")], Status.NOT_EVALUABLE, Confidence.NONE),
        ([(Assay.FISH, "negative")], Status.NOT_REARRANGED, Confidence.NONE),
        ([(Assay.KARYOTYPE, "46,XX[20]")], Status.INDETERMINATE, Confidence.NONE),
        ([(Assay.FISH, "positive")], Status.PARTNER_UNKNOWN, Confidence.POSSIBLE),
        (
            [(Assay.FISH, "positive"), (Assay.KARYOTYPE, "46,XX,t(4;11)(q21;q23)[9]")],
            Status.PARTNER_UNKNOWN,
            Confidence.PROBABLE,
        ),
        (
            [(Assay.FISH, "positive"), (Assay.RT_PCR, "negative")],
            Status.PARTNER_UNKNOWN,
            Confidence.POSSIBLE,
        ),
        ([(Assay.RT_PCR, "MLL-AF4")], Status.REARRANGED, Confidence.PROBABLE),
        ([(Assay.RT_PCR, "dupMLL")], Status.PTD, Confidence.PROBABLE),
        (
            [(Assay.RT_PCR, "MLL-AF4"), (Assay.FISH, "positive")],
            Status.REARRANGED,
            Confidence.CONFIRMED,
        ),
        ([(Assay.FISH, "what is this")], Status.NOT_EVALUABLE, Confidence.NONE),
    ],
)
def test_status_and_confidence_from_assays(
    reports: list[tuple[Assay, str]], status: Status | None, confidence: Confidence | None
) -> None:
    done = reconcile([], [report(assay, result) for assay, result in reports])
    if status is None:
        assert done.patients == ()
        return
    assert (done.patients[0].status, done.patients[0].confidence) == (status, confidence)


def test_fish_alone_against_rna_seq_is_indeterminate() -> None:
    patient, done = integrate(report(Assay.FISH, "positive"), rna=sample())
    assert patient.status is Status.INDETERMINATE
    assert patient.reasons == (Reason.FISH_OUTSIDE_GENE,)
    assert patient.subtype == ""
    assert done.disagreements[0].next_test


def test_nested_pcr_alone_against_two_assays_is_background() -> None:
    patient, _ = integrate(
        report(Assay.RT_PCR, "MLL-AF4"), report(Assay.FISH, "negative"), rna=sample()
    )
    assert patient.status is Status.INDETERMINATE
    assert patient.confidence is Confidence.POSSIBLE
    assert Reason.NESTED_PCR_BACKGROUND in patient.reasons


def test_read_through_is_not_a_rearrangement() -> None:
    through = event("UBE4A", kind=FusionKind.READ_THROUGH, flags=(Flag.READ_THROUGH,))
    patient, done = integrate(rna=sample(through))
    assert patient.status is Status.NOT_REARRANGED
    assert patient.reasons == (Reason.READ_THROUGH,)
    assert done.evidence[0].reading.sentence.startswith("KMT2A::UBE4A joins KMT2A to its neighbour")


def test_reciprocal_alone_with_a_known_partner_counts_but_is_only_possible() -> None:
    alone = event("AFF1", kind=FusionKind.RECIPROCAL, flags=(Flag.RECIPROCAL_ONLY,))
    patient, _ = integrate(rna=sample(alone))
    assert (patient.status, patient.partner) == (Status.REARRANGED, "AFF1")
    assert patient.confidence is Confidence.POSSIBLE
    assert patient.reasons == (Reason.RECIPROCAL_ONLY,)


def test_reciprocal_alone_with_an_unknown_gene_is_indeterminate() -> None:
    alone = event("PKIG", kind=FusionKind.RECIPROCAL, flags=(Flag.RECIPROCAL_ONLY,))
    patient, _ = integrate(rna=sample(alone))
    assert (patient.status, patient.partner) == (Status.INDETERMINATE, "")
    assert patient.reasons == (Reason.RECIPROCAL_ONLY,)


def test_ptd_is_invisible_to_fish_and_karyotype() -> None:
    patient, _ = integrate(
        report(Assay.FISH, "negative"),
        report(Assay.KARYOTYPE, "46,XY[20]"),
        rna=sample(event("PTD", kind=FusionKind.PTD)),
    )
    assert (patient.status, patient.fusion, patient.subtype) == (Status.PTD, "KMT2A-PTD", "PTD")
    assert patient.reasons == (Reason.PTD_NOT_VISIBLE,)


def test_break_outside_the_primers() -> None:
    patient, _ = integrate(
        report(Assay.RT_PCR, "negative"), rna=sample(event("AFDN", region="bcr3"))
    )
    assert patient.reasons == (Reason.OUTSIDE_PRIMERS,)


def test_karyotype_band_that_does_not_fit_the_partner() -> None:
    patient, done = integrate(
        report(Assay.KARYOTYPE, "46,XX,t(4;11)(q21;q23)[9]"), rna=sample(event("MLLT3"))
    )
    assert patient.partner == "MLLT3"
    assert patient.reasons == (Reason.BAND_NOT_SPECIFIC,)
    assert "AFF1" in done.disagreements[0].sentence


def test_repeated_assay_counts_as_positive_if_one_result_is() -> None:
    patient, done = integrate(
        report(Assay.FISH, "negative"), report(Assay.FISH, "positive", line=3)
    )
    assert patient.assays_positive == (Assay.FISH,)
    assert patient.assays_negative == ()
    assert len(done.evidence) == 2


def test_patient_known_only_by_name_is_not_evaluable() -> None:
    done = reconcile([], [], also=["P9"])
    assert [(p.patient, p.status) for p in done.patients] == [("P9", Status.NOT_EVALUABLE)]
    assert set(done.patients[0].assays_not_done) == set(Assay)


def test_known_partner_leads_over_an_unknown_one_with_more_reads() -> None:
    patient, _ = integrate(rna=sample(event("ZZZ3", reads=99), event("AFF1", reads=4)))
    assert patient.partner == "AFF1"
