"""One integrated result a patient: status, partner, confidence, and why assays disagree."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

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
    (off_panel,) = (d for d in done.disagreements if d.reason is Reason.NOT_ON_PANEL)
    assert off_panel.sentence.startswith(f"{partner} is not among the 11 targets")


def test_fish_negative_with_a_partner_it_should_see_is_unexplained_and_first() -> None:
    done = reconcile(
        [],
        [
            report(Assay.KARYOTYPE, "46,XX[20]", patient="A"),
            report(Assay.RT_PCR, "MLL-AF4", patient="A"),
            report(Assay.FISH, "2F", patient="B"),
            report(Assay.RT_PCR, "MLL/AF9", patient="B"),
            report(Assay.SPLIT_RT_PCR, "MLL/AF9", patient="B"),
        ],
    )
    assert [(d.patient, d.reason) for d in done.disagreements] == [
        ("B", Reason.UNEXPLAINED),
        ("A", Reason.NESTED_PCR_BACKGROUND),
    ]
    # Two RT-PCRs do not confirm each other while FISH says otherwise and nobody knows why.
    assert done.patients[1].confidence is Confidence.PROBABLE


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
        ([(Assay.RT_PCR, "MLL-AF4")], Status.REARRANGED, Confidence.POSSIBLE),
        ([(Assay.RT_PCR, "dupMLL")], Status.PTD, Confidence.POSSIBLE),
        ([(Assay.SPLIT_RT_PCR, "MLL-AF4")], Status.REARRANGED, Confidence.PROBABLE),
        # Primers see what they were made for: their silence excludes nothing.
        ([(Assay.RT_PCR, "negative")], Status.INDETERMINATE, Confidence.NONE),
        ([(Assay.FISH, "no KMT2A/AFF1 fusion")], Status.INDETERMINATE, Confidence.NONE),
        (
            [(Assay.FISH, "a strange clone"), (Assay.RT_PCR, "negative")],
            Status.INDETERMINATE,
            Confidence.NONE,
        ),
        # Banding leaves 11q23 open, FISH looks at the gene.
        (
            [(Assay.KARYOTYPE, "46,XY,add(11)(q23)[9]"), (Assay.FISH, "negative")],
            Status.NOT_REARRANGED,
            Confidence.NONE,
        ),
        (
            [(Assay.KARYOTYPE, "46,XX,t(11;17)(q23;q21)[10]"), (Assay.FISH, "negative")],
            Status.INDETERMINATE,
            Confidence.POSSIBLE,
        ),
        (
            [(Assay.RT_PCR, "MLL-AF4"), (Assay.FISH, "negative")],
            Status.INDETERMINATE,
            Confidence.POSSIBLE,
        ),
        (
            [(Assay.RT_PCR, "MLL-AF4"), (Assay.QRT_PCR, "MLL-AF4"), (Assay.FISH, "negative")],
            Status.INDETERMINATE,
            Confidence.POSSIBLE,
        ),
        (
            [(Assay.RT_PCR, "MLL-AF4 positive, MLL-AF9 positive"), (Assay.FISH, "positive")],
            Status.REARRANGED,
            Confidence.CONFLICTING,
        ),
        ([(Assay.RT_PCR, "KMT2A::TTC36 positive")], Status.INDETERMINATE, Confidence.NONE),
        (
            [(Assay.RT_PCR, "MLL-AF4"), (Assay.FISH, "positive")],
            Status.REARRANGED,
            Confidence.CONFIRMED,
        ),
        ([(Assay.FISH, "what is this")], Status.INDETERMINATE, Confidence.NONE),
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
    assert patient.confidence is Confidence.PROBABLE
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
    (row,) = done.disagreements
    assert row.reason is Reason.UNEXPLAINED
    assert "disagrees with itself" in row.sentence


def test_patient_known_only_by_name_is_not_evaluable() -> None:
    done = reconcile([], [], also=["P9"])
    assert [(p.patient, p.status) for p in done.patients] == [("P9", Status.NOT_EVALUABLE)]
    assert set(done.patients[0].assays_not_done) == set(Assay)


def test_known_partner_leads_over_an_unknown_one_with_more_reads() -> None:
    patient, _ = integrate(rna=sample(event("ZZZ3", reads=99), event("AFF1", reads=4)))
    assert patient.partner == "AFF1"


def test_well_supported_ptd_leads_over_a_fusion_of_one_read() -> None:
    weak = event("AFF1", reads=1, flags=(Flag.LOW_SUPPORT,))
    patient, _ = integrate(rna=sample(weak, event("PTD", kind=FusionKind.PTD, reads=80)))
    assert patient.status is Status.PTD


def test_two_well_supported_fusions_are_both_told() -> None:
    patient, done = integrate(
        report(Assay.FISH, "positive"),
        rna=sample(event("MLLT3", reads=50), event("AFF1", reads=45)),
    )
    assert patient.partner == "MLLT3"
    assert Reason.DIFFERENT_PARTNERS in patient.reasons
    assert any("RNA-seq also reports KMT2A::AFF1" in d.sentence for d in done.disagreements)


def test_one_read_against_fish_and_rt_pcr_is_indeterminate() -> None:
    weak = event("AFF1", reads=1, flags=(Flag.LOW_SUPPORT,))
    patient, _ = integrate(
        report(Assay.FISH, "negative"), report(Assay.RT_PCR, "negative"), rna=sample(weak)
    )
    assert patient.status is Status.INDETERMINATE
    assert (patient.partner, patient.fusion, patient.partner_suspected) == ("", "", ("AFF1",))


def test_fish_does_not_confirm_a_gene_that_one_read_names() -> None:
    weak = event("MALAT1", reads=1, flags=(Flag.PARTNER_NOT_KNOWN, Flag.LOW_SUPPORT))
    patient, _ = integrate(report(Assay.FISH, "positive"), rna=sample(weak))
    assert patient.confidence is Confidence.PROBABLE
    assert patient.flags == (Flag.PARTNER_NOT_KNOWN, Flag.LOW_SUPPORT)


def test_ptd_beside_a_split_probe_is_not_the_whole_story() -> None:
    patient, _ = integrate(
        report(Assay.FISH, "positive"), rna=sample(event("PTD", kind=FusionKind.PTD))
    )
    assert patient.status is Status.PARTNER_UNKNOWN
    assert patient.partner_suspected == ()
    assert Reason.DIFFERENT_PARTNERS in patient.reasons


def test_partner_unknown_names_the_candidates_of_the_band() -> None:
    patient, _ = integrate(
        report(Assay.FISH, "positive"), report(Assay.KARYOTYPE, "46,XX,t(4;11)(q21;q23)[9]")
    )
    assert patient.fusion == "KMT2A::?"
    assert patient.partner_suspected[0] == "AFF1"


def test_exons_of_a_reciprocal_are_not_given_as_those_of_the_fusion() -> None:
    alone = event("AFF1", kind=FusionKind.RECIPROCAL, flags=(Flag.RECIPROCAL_ONLY,))
    patient, _ = integrate(rna=sample(alone))
    assert (patient.kmt2a_exon, patient.region, patient.reading_frame) == ("", "", "")
    assert patient.reciprocal == "AFF1::KMT2A"


def test_rows_that_name_kmt2a_and_could_not_be_read_forbid_a_negative() -> None:
    unread = SampleFusions(
        patient="P1", sample="S1", callers_run=(Source.ARRIBA,), events=(), unread_kmt2a_rows=2
    )
    patient, done = integrate(rna=unread)
    assert patient.status is Status.INDETERMINATE
    assert patient.assays_inconclusive == (Assay.RNA_SEQ,)
    assert "2 rows that name KMT2A" in done.evidence[0].reading.sentence


def test_join_within_kmt2a_is_open_and_not_negative() -> None:
    patient, _ = integrate(rna=sample(event("KMT2A", kind=FusionKind.INTRAGENIC)))
    assert patient.status is Status.INDETERMINATE


def test_callers_of_different_samples_are_not_compared() -> None:
    first = sample(event("AFF1"))
    second = SampleFusions(patient="P1", sample="S2", callers_run=(Source.STAR_FUSION,), events=())
    done = reconcile([first, second], [])
    assert len(done.evidence) == 2
    assert [d.reason for d in done.disagreements] == [Reason.UNEXPLAINED]
    assert "RNA-seq was done more than once" in done.disagreements[0].sentence


def test_three_prime_loss_is_told() -> None:
    patient, _ = integrate(
        report(Assay.FISH, "3' deletion in 80%"), report(Assay.RT_PCR, "MLL-AF4")
    )
    assert patient.confidence is Confidence.CONFIRMED
    assert patient.reasons == (Reason.FISH_3PRIME_LOSS,)


def test_split_rt_pcr_of_another_partner_does_not_settle_it() -> None:
    patient, done = integrate(
        report(Assay.RT_PCR, "negative"),
        report(Assay.SPLIT_RT_PCR, "KMT2A::AFF1"),
        report(Assay.FISH, "positive"),
        rna=sample(event("CLTC")),
    )
    assert patient.confidence is Confidence.CONFLICTING
    told = [d.next_test for d in done.disagreements if d.reason is Reason.NOT_ON_PANEL]
    assert all("confirms the junction" not in text for text in told)


def test_results_for_different_targets_do_not_disagree() -> None:
    patient, _ = integrate(
        report(Assay.RT_PCR, "KMT2A::AFF1 negative"),
        report(Assay.RT_PCR, "KMT2A::MLLT3 positive", line=3),
        report(Assay.FISH, "positive"),
    )
    assert (patient.partner, patient.confidence) == ("MLLT3", Confidence.CONFIRMED)
    assert patient.reasons == ()


@pytest.mark.parametrize("texts", [("no KMT2A/AFF1 fusion", "2F"), ("2F", "no KMT2A/AFF1 fusion")])
def test_order_of_rows_does_not_matter(texts: tuple[str, str]) -> None:
    patient, _ = integrate(
        *(report(Assay.FISH, text, line=line) for line, text in enumerate(texts, start=2))
    )
    assert patient.status is Status.NOT_REARRANGED


def test_every_negative_result_is_explained() -> None:
    _, done = integrate(
        report(Assay.SPLIT_RT_PCR, "MLL-AF9 negative"),
        report(Assay.SPLIT_RT_PCR, "MLL-AF4 negative", line=3),
        report(Assay.FISH, "positive"),
        rna=sample(event("AFF1")),
    )
    assert [d.reason for d in done.disagreements] == [Reason.UNEXPLAINED, Reason.NOT_ON_PANEL]


def test_one_read_of_an_unknown_gene_does_not_outweigh_other_assays() -> None:
    weak = event("XYZ1", reads=1, flags=(Flag.PARTNER_NOT_KNOWN, Flag.LOW_SUPPORT))
    patient, _ = integrate(
        report(Assay.RT_PCR, "MLL-AF4"),
        report(Assay.FISH, "positive"),
        report(Assay.KARYOTYPE, "46,XX,t(4;11)(q21;q23)[9]"),
        rna=sample(weak),
    )
    assert patient.partner == "AFF1"


def test_rt_pcr_and_qrt_pcr_are_one_voice() -> None:
    patient, _ = integrate(
        report(Assay.RT_PCR, "MLL-AF4"),
        report(Assay.QRT_PCR, "MLL-AF4"),
        report(Assay.KARYOTYPE, "46,XX,t(9;11)(p22;q23)[9]"),
        rna=sample(event("MLLT3", reads=200)),
    )
    assert (patient.partner, patient.confidence) == ("MLLT3", Confidence.CONFLICTING)


@pytest.mark.parametrize(
    ("karyotype", "confidence", "reasons"),
    [
        ("46,XX,t(11;13)(q23;q34)[9]", Confidence.PROBABLE, (Reason.BAND_NOT_SPECIFIC,)),
        ("46,XX,t(?;11)(?;q23)[9]", Confidence.CONFIRMED, ()),
        ("46,XX,t(4;11)(q21;q23)[9]", Confidence.CONFIRMED, ()),
    ],
)
def test_a_band_supports_only_the_partners_that_it_fits(
    karyotype: str, confidence: Confidence, reasons: tuple[Reason, ...]
) -> None:
    patient, _ = integrate(report(Assay.KARYOTYPE, karyotype), rna=sample(event("AFF1")))
    assert (patient.confidence, patient.reasons) == (confidence, reasons)


def test_a_translocation_does_not_support_a_partner_on_chromosome_11() -> None:
    patient, _ = integrate(
        report(Assay.KARYOTYPE, "46,XX,t(?;11)(?;q23)[9]"), rna=sample(event("USP2", region="bcr2"))
    )
    assert patient.confidence is Confidence.PROBABLE


def test_rt_pcr_without_a_name_does_not_override_fish_and_rna_seq() -> None:
    patient, _ = integrate(
        report(Assay.RT_PCR, "positive"),
        report(Assay.QRT_PCR, "positive"),
        report(Assay.FISH, "negative"),
        rna=sample(),
    )
    assert (patient.status, patient.confidence) == (Status.INDETERMINATE, Confidence.POSSIBLE)


def test_two_well_supported_fusions_conflict() -> None:
    patient, _ = integrate(
        report(Assay.FISH, "positive"), rna=sample(event("AFF1", reads=50), event("MLLT3"))
    )
    assert patient.confidence is Confidence.CONFLICTING


def test_fusion_of_few_reads_beside_a_ptd_is_told() -> None:
    weak = event("AFF1", reads=2, flags=(Flag.LOW_SUPPORT,))
    _, done = integrate(rna=sample(event("PTD", kind=FusionKind.PTD, reads=40), weak))
    assert any("also reports KMT2A::AFF1" in d.sentence for d in done.disagreements)


def test_candidates_of_a_band_that_fish_does_not_bear_out_are_kept() -> None:
    patient, _ = integrate(
        report(Assay.KARYOTYPE, "46,XX,t(9;11)(p22;q23)[20]"), report(Assay.FISH, "negative")
    )
    assert patient.status is Status.INDETERMINATE
    assert patient.partner_suspected[0] == "MLLT3"
    assert patient.reasons == (Reason.BAND_NOT_SPECIFIC,)


def test_cells_below_the_cut_off_are_told() -> None:
    _, done = integrate(
        report(Assay.FISH, "nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[8/200]"),
        report(Assay.RT_PCR, "MLL-AF4"),
        report(Assay.SPLIT_RT_PCR, "MLL-AF4"),
    )
    (row,) = done.disagreements
    assert row.reason is Reason.BELOW_THRESHOLD
    assert "4.0% of the cells, which is below its cut-off" in row.sentence


RESULTS = {
    Assay.KARYOTYPE: ["", "46,XX[20]", "46,XX,t(4;11)(q21;q23)[9]", "46,XX,add(11)(q23)[9]", "?"],
    Assay.FISH: ["", "positive", "negative", "5' deletion", "what"],
    Assay.RT_PCR: ["", "negative", "MLL-AF4", "MLL-AF9", "KMT2A::TTC36 positive", "positive"],
    Assay.SPLIT_RT_PCR: ["", "MLL-AF4", "negative"],
}
RNA = [
    None,
    sample(),
    sample(event("AFF1")),
    sample(event("AFF1", reads=1, flags=(Flag.LOW_SUPPORT,))),
    sample(event("PTD", kind=FusionKind.PTD)),
]


def every_combination() -> list[tuple[PatientResult, Reconciliation]]:
    return [
        integrate(
            *(report(assay, text) for assay, text in zip(RESULTS, texts, strict=True)), rna=rna
        )
        for texts in product(*RESULTS.values())
        for rna in RNA
    ]


def test_rules_that_hold_for_every_combination_of_results() -> None:
    for patient, done in every_combination():
        found = patient.status.is_found
        shown = repr((patient, [item.reported for item in done.evidence]))
        # Nothing is found without a positive assay, and nothing positive is called negative.
        assert not found or patient.assays_positive, shown
        assert patient.status is not Status.NOT_REARRANGED or not patient.assays_positive, shown
        # Only FISH and RNA-seq can exclude a rearrangement.
        if patient.status is Status.NOT_REARRANGED:
            assert {Assay.FISH, Assay.RNA_SEQ} & set(patient.assays_negative), shown
        # A partner is named where one is found, and only there.
        assert bool(patient.partner) == (patient.status in (Status.REARRANGED, Status.PTD)), shown
        assert bool(patient.subtype) == found, shown
        # Confirmed means two independent assays; nothing unexplained hides behind two RT-PCRs.
        if patient.confidence is Confidence.CONFIRMED:
            groups = set(patient.assays_positive) - {Assay.QRT_PCR}
            assert len(groups) > 1, shown
            primers = {Assay.RT_PCR, Assay.SPLIT_RT_PCR}
            assert not (groups <= primers and Reason.UNEXPLAINED in patient.reasons), shown
        # Every assay stands in exactly one list.
        lists = (
            *patient.assays_positive,
            *patient.assays_negative,
            *patient.assays_inconclusive,
            *patient.assays_not_done,
        )
        assert sorted(lists) == sorted(Assay), shown
        # A negative assay beside a positive one is always explained, or said to be unexplained.
        if patient.assays_positive and set(patient.assays_negative) - {Assay.KARYOTYPE}:
            assert patient.reasons, shown


def test_the_better_of_a_patient_s_samples_answers_whatever_their_order() -> None:
    weak = replace(sample(event("AFF1", reads=5)), sample="P1-a")
    strong = replace(sample(event("MLLT3", reads=70)), sample="P1-b")
    for samples in ((weak, strong), (strong, weak)):
        (patient,) = reconcile(samples, ()).patients
        assert patient.partner == "MLLT3"


def test_fish_written_behind_a_karyotype_is_an_assay_of_its_own() -> None:
    text = "46,XX,t(4;11)(q21;q23)[18]/46,XX[2].nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]"
    patient, done = integrate(report(Assay.KARYOTYPE, text))
    assert patient.assays_positive == (Assay.KARYOTYPE, Assay.FISH)
    assert (patient.status, patient.confidence) == (Status.PARTNER_UNKNOWN, Confidence.PROBABLE)
    assert [(e.assay, e.line) for e in done.evidence] == [(Assay.KARYOTYPE, 2), (Assay.FISH, 2)]
    assert done.evidence[1].reported == "nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200]"


def test_metaphase_fish_is_part_of_the_karyotype() -> None:
    text = "46,XX.ish der(10)ins(10;11)(p13;q23q23)(KMT2A+)[20]"
    patient, done = integrate(report(Assay.KARYOTYPE, text))
    assert patient.assays_positive == (Assay.KARYOTYPE,)
    assert patient.partner_suspected[0] == "MLLT10"
    assert len(done.evidence) == 1


def test_fish_of_other_genes_behind_a_karyotype_says_nothing() -> None:
    patient, done = integrate(report(Assay.KARYOTYPE, "46,XX[20].nuc ish(BCR,ABL1)x2[200]"))
    assert patient.status is Status.INDETERMINATE
    assert len(done.evidence) == 1


def test_an_assay_known_not_to_be_nested_is_no_background() -> None:
    quantitative = report(Assay.QRT_PCR, "MLL-AF4 positive")
    patient, _ = integrate(quantitative, report(Assay.KARYOTYPE, "46,XX[20]"))
    assert (patient.status, patient.partner) == (Status.REARRANGED, "AFF1")
    screening = replace(report(Assay.RT_PCR, "MLL-AF4"), panel="quandx-q30")
    patient, _ = integrate(screening, report(Assay.KARYOTYPE, "46,XX[20]", line=3))
    assert (patient.status, patient.confidence) == (Status.REARRANGED, Confidence.POSSIBLE)


def test_whether_it_was_nested_is_said_only_where_it_is_stated() -> None:
    normal = report(Assay.KARYOTYPE, "46,XX[20]", line=3)
    _, stated = integrate(report(Assay.RT_PCR, "MLL-AF4"), normal)
    assert "It was nested" in stated.disagreements[0].sentence
    unstated = replace(report(Assay.RT_PCR, "MLL-AF4"), panel="")
    _, open_one = integrate(unstated, normal)
    assert "It is not stated whether it was nested" in open_one.disagreements[0].sentence


def test_a_karyotype_of_another_chromosome_is_not_confirmed_away() -> None:
    patient, _ = integrate(
        report(Assay.KARYOTYPE, "46,XX,t(9;11)(p22;q23)[18]"),
        report(Assay.FISH, "positive"),
        rna=sample(event("AFF1")),
    )
    assert (patient.partner, patient.confidence) == ("AFF1", Confidence.PROBABLE)
    assert patient.confidence_rule == "against the karyotype"
    assert patient.next_test.startswith("Check that all samples are the patient's")


def test_bands_of_one_chromosome_are_forgiven() -> None:
    """Bands 19p13.1 and 19p13.3 are told apart by few karyotypes."""
    patient, _ = integrate(
        report(Assay.KARYOTYPE, "46,XX,t(11;19)(q23;p13.1)[18]"),
        report(Assay.FISH, "positive"),
        rna=sample(event("MLLT1")),
    )
    assert patient.confidence is Confidence.CONFIRMED
    assert patient.reasons == (Reason.BAND_NOT_SPECIFIC,)


def test_a_gene_never_seen_with_kmt2a_is_not_confirmed_by_a_split_probe() -> None:
    patient, _ = integrate(report(Assay.RNA_SEQ, "KMT2A::TTN"), report(Assay.FISH, "positive"))
    assert (patient.partner, patient.confidence) == ("TTN", Confidence.PROBABLE)
    assert patient.flags == (Flag.PARTNER_NOT_KNOWN,)
    alone, _ = integrate(report(Assay.RNA_SEQ, "KMT2A::TTN"))
    assert alone.confidence is Confidence.POSSIBLE


def test_rt_pcr_that_missed_the_partner_of_the_band() -> None:
    patient, done = integrate(
        report(Assay.KARYOTYPE, "46,XX,t(4;11)(q21;q23)[18]"),
        report(Assay.FISH, "positive"),
        report(Assay.RT_PCR, "negative"),
    )
    (row,) = (d for d in done.disagreements if "rt-pcr" in d.assays)
    assert row.reason is Reason.OUTSIDE_PRIMERS
    assert "AFF1, a target of this RT-PCR" in row.sentence
    assert patient.next_test == "RNA sequencing, which does not need to know the partner"


@pytest.mark.parametrize(
    ("reports", "next_test"),
    [
        (
            [(Assay.DNA_SEQ, "negative"), (Assay.FISH, "1F1R1G[150/200]")],
            "RNA sequencing, which does not need to know the partner",
        ),
        (
            [(Assay.KARYOTYPE, "46,XX,t(4;11)(q21;q23)[9]"), (Assay.FISH, "2F")],
            "RNA sequencing, which does not need to know the partner",
        ),
        (
            [(Assay.KARYOTYPE, "46,XX,t(11;17)(q23;q21)[9]"), (Assay.FISH, "2F")],
            "RNA sequencing, which does not need to know the partner; consider ZBTB16::RARA",
        ),
        (
            [(Assay.DNA_SEQ, "KMT2A::MLLT10"), (Assay.RNA_SEQ, "negative")],
            "KMT2A coverage in the RNA-seq sample",
        ),
        ([(Assay.FISH, "2F")], "Optional: RNA sequencing"),
    ],
)
def test_the_next_test_is_one_that_helps(reports: list[tuple[Assay, str]], next_test: str) -> None:
    rows = [report(assay, text, line=n) for n, (assay, text) in enumerate(reports, start=2)]
    (patient,) = reconcile([], rows).patients
    assert patient.next_test.startswith(next_test)
