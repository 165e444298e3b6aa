"""Blind spots follow from partner, place and panel, for every known partner."""

import pytest

from fusion_caller.integrated import Confidence, Reason, Status
from fusion_caller.knowledge import (
    PTD,
    Evidence,
    Mechanism,
    Panel,
    PanelTarget,
    caller_thresholds,
    panels,
    partners,
)
from fusion_caller.laboratory import Laboratory
from fusion_caller.records import Assay, CallerReads, Source
from fusion_caller.visibility import (
    Method,
    Rearrangement,
    Seen,
    Sight,
    below_thresholds,
    best,
    cannot_see,
    next_tests,
    open_question,
    sight,
)

PANEL = panels()["wen-2022"].targets
LAB = Laboratory()


def see(
    assay: Assay,
    partner: str,
    *,
    scope: tuple[str, ...] | None = None,
    region: str = "",
    lab: Laboratory = LAB,
) -> Sight:
    change = Rearrangement(partner=partner, region=region)
    return sight(change, Method(assay=assay, scope=scope), lab)


@pytest.mark.parametrize(
    ("assay", "scope", "partner", "region", "expected"),
    [
        (Assay.RT_PCR, PANEL, "USP2", "", (Seen.NO, Reason.NOT_ON_PANEL)),
        (Assay.RT_PCR, PANEL, "CT45A1", "bcr1", (Seen.NO, Reason.NOT_ON_PANEL)),
        (Assay.RT_PCR, PANEL, "CLTC", "bcr1", (Seen.NO, Reason.NOT_ON_PANEL)),
        (Assay.RT_PCR, PANEL, "", "", (Seen.NOT_KNOWN, Reason.NOT_ON_PANEL)),
        (Assay.RT_PCR, PANEL, "AFDN", "bcr3", (Seen.NO, Reason.OUTSIDE_PRIMERS)),
        (Assay.RT_PCR, PANEL, "AFF1", "outside", (Seen.NO, Reason.OUTSIDE_PRIMERS)),
        (Assay.RT_PCR, PANEL, "AFF1", "bcr1", (Seen.YES, None)),
        (Assay.RT_PCR, PANEL, "AFF1", "", (Seen.YES, None)),
        (Assay.RT_PCR, PANEL, PTD, "", (Seen.YES, None)),
        (Assay.RT_PCR, (), "USP2", "", (Seen.NOT_KNOWN, None)),
        (Assay.SPLIT_RT_PCR, ("MLLT3",), "AFF1", "", (Seen.NO, Reason.NOT_ON_PANEL)),
        (Assay.SPLIT_RT_PCR, ("AFF1",), "AFF1", "", (Seen.YES, None)),
        (Assay.FISH, None, "USP2", "", (Seen.NO, Reason.FISH_INVERSION)),
        (Assay.FISH, None, "FLNA", "", (Seen.PERHAPS, Reason.FISH_INSERTION)),
        (Assay.FISH, None, "MLLT10", "", (Seen.PERHAPS, Reason.FISH_INSERTION)),
        (Assay.FISH, None, "AFDN", "", (Seen.PERHAPS, Reason.FISH_INSERTION)),
        (Assay.FISH, None, "CBL", "", (Seen.PERHAPS, Reason.FISH_3PRIME_LOSS)),
        (Assay.FISH, None, PTD, "", (Seen.NO, Reason.PTD_NOT_VISIBLE)),
        (Assay.FISH, None, "MLLT3", "", (Seen.YES, None)),
        (Assay.FISH, None, "MAML2", "", (Seen.YES, None)),
        (Assay.FISH, None, "", "", (Seen.YES, None)),
        (Assay.FISH, ("AFF1",), "MLLT3", "", (Seen.NO, Reason.NOT_ON_PANEL)),
        (Assay.FISH, ("AFF1",), "AFF1", "", (Seen.YES, None)),
        (Assay.FISH, ("USP2",), "USP2", "", (Seen.NO, Reason.FISH_INVERSION)),
        (Assay.FISH, (), "AFF1", "", (Seen.NOT_KNOWN, None)),
        (Assay.KARYOTYPE, None, "AFF1", "", (Seen.YES, Reason.CRYPTIC_KARYOTYPE)),
        (Assay.KARYOTYPE, None, "AFDN", "", (Seen.PERHAPS, Reason.CRYPTIC_KARYOTYPE)),
        (Assay.KARYOTYPE, None, "USP2", "", (Seen.NO, Reason.CRYPTIC_KARYOTYPE)),
        (Assay.KARYOTYPE, None, "MAML2", "", (Seen.PERHAPS, Reason.CRYPTIC_KARYOTYPE)),
        (Assay.KARYOTYPE, None, PTD, "", (Seen.NO, Reason.PTD_NOT_VISIBLE)),
        (Assay.RNA_SEQ, None, "AFF1", "", (Seen.YES, Reason.NOT_EXPRESSED)),
        (Assay.DNA_SEQ, None, "USP2", "", (Seen.YES, None)),
    ],
)
def test_blind_spots(
    assay: Assay,
    scope: tuple[str, ...] | None,
    partner: str,
    region: str,
    expected: tuple[Seen, Reason | None],
) -> None:
    found = see(assay, partner, scope=scope, region=region)
    assert (found.seen, found.reason) == expected


@pytest.mark.parametrize("panel", panels())
def test_a_panel_sees_its_targets_and_no_other_partner(panel: str) -> None:
    targets = panels()[panel].targets
    for symbol in (*partners(), PTD):
        found = see(Assay.RT_PCR, symbol, scope=targets, region="bcr1")
        assert (found.seen is Seen.YES) == (symbol in targets), symbol


@pytest.mark.parametrize("partner", partners())
def test_fish_follows_from_the_mechanism(partner: str) -> None:
    found = see(Assay.FISH, partner)
    gene = partners()[partner]
    match gene.mechanism:
        case Mechanism.TRANSLOCATION:
            assert (found.seen is Seen.YES) == (not gene.published_insertion)
        case Mechanism.INVERSION:
            distance = gene.distance_to_kmt2a_bp
            assert distance is not None
            assert (found.seen is Seen.NO) == (distance <= LAB.close_inversion_bp)
        case _:
            assert found.seen is Seen.PERHAPS
    assert partner in found.sentence


@pytest.mark.parametrize("partner", [*partners(), PTD])
def test_every_partner_has_a_sentence_for_every_assay(partner: str) -> None:
    for assay in Assay:
        found = see(assay, partner, scope=PANEL if "pcr" in assay else None)
        assert found.sentence.endswith(".")
        assert found.seen is Seen.YES or found.reason is not None
        assert found.next_tests or found.seen is Seen.YES


def test_sizes_of_what_changes_place_are_computed() -> None:
    """Lengths on GRCh38: chr11 135,086,622, chr6 170,805,979; KMT2A ends at 118,526,832."""
    sentence = see(Assay.KARYOTYPE, "AFDN").sentence
    assert "the last 16.6 Mb of 11q and the last 2.8 Mb of 6q" in sentence
    assert "the last 20.3 Mb of 9p" in see(Assay.KARYOTYPE, "MLLT3").sentence
    assert "0.83 Mb" in see(Assay.FISH, "USP2").sentence


def test_the_limits_are_the_laboratorys_own() -> None:
    strict = Laboratory(close_inversion_bp=500_000, band_resolution_bp=2_000_000)
    assert see(Assay.FISH, "USP2", lab=strict).seen is Seen.YES
    assert see(Assay.KARYOTYPE, "AFDN", lab=strict).seen is Seen.YES


def panel(*, longest: int | None = None) -> Panel:
    target = PanelTarget(
        symbol="AFF1",
        kmt2a_primer_exon=8,
        partner_primer_exon=6,
        evidence=Evidence.SOURCED,
        primer_evidence=Evidence.SOURCED,
    )
    return Panel(id="ours", name="Ours", members=(target,), longest_product_bp=longest, source="x")


@pytest.mark.parametrize(
    ("kmt2a_exon", "partner_exon", "longest", "seen", "words"),
    [
        (9, 4, None, Seen.YES, "stands on KMT2A exon 8"),
        (7, 4, None, Seen.NO, "leaves KMT2A at exon 7, before exon 8"),
        (9, 7, None, Seen.NO, "enters AFF1 at exon 7, behind exon 6"),
        (12, 4, 300, Seen.NO, "The product between the primers has at least"),
        (9, None, None, Seen.YES, "is a target of ours"),
    ],
)
def test_primers_and_product(
    kmt2a_exon: int, partner_exon: int | None, longest: int | None, seen: Seen, words: str
) -> None:
    ours = panel(longest=longest)
    change = Rearrangement(
        partner="AFF1", region="bcr1", kmt2a_exon=kmt2a_exon, partner_exon=partner_exon
    )
    found = sight(change, Method(assay=Assay.RT_PCR, scope=ours.targets, panel=ours), LAB)
    assert found.seen is seen
    assert words in found.sentence
    assert (found.reason is Reason.OUTSIDE_PRIMERS) == (seen is Seen.NO)


def test_star_fusion_alone_does_not_see_a_duplication_within_the_gene() -> None:
    change = Rearrangement(partner=PTD)
    alone = Method(assay=Assay.RNA_SEQ, callers=(Source.STAR_FUSION,))
    both = Method(assay=Assay.RNA_SEQ, callers=(Source.ARRIBA, Source.STAR_FUSION))
    assert sight(change, alone, LAB).reason is Reason.PTD_NOT_VISIBLE
    assert sight(change, both, LAB).seen is Seen.YES


def counted(split: int, spanning: int | None) -> tuple[CallerReads, ...]:
    return (CallerReads(source=Source.PIZZLY, split_reads=split, spanning_fragments=spanning),)


@pytest.mark.parametrize(
    ("caller", "split", "spanning", "words"),
    [
        # The published case: one split read by pizzly, no pair.
        (Source.FUSIONCATCHER, 1, 0, "asks for 2 split reads and 1 spanning pair by default"),
        (Source.FUSIONCATCHER, 20, 9, "so one of its filters removed it"),
        (Source.ARRIBA, 1, 0, "no more than 1+0"),
        (Source.STAR_FUSION, 1, None, "no more than 1+0"),
        (Source.JAFFA, 1, 0, "thresholds on reads or its filters were not met"),
    ],
)
def test_a_callers_threshold_is_held_against_the_reads(
    caller: Source, split: int, spanning: int | None, words: str
) -> None:
    assert words in below_thresholds(caller, counted(split, spanning))


def test_callers_with_thresholds_are_callers() -> None:
    assert set(caller_thresholds()) <= set(Source)
    assert all(known.reference for known in caller_thresholds().values())


def test_the_next_test_is_one_that_was_not_done() -> None:
    tests = (next_tests.BREAK_APART, next_tests.RNA_SEQ)
    assert best(tests, {Assay.FISH}) == next_tests.RNA_SEQ.words
    assert best(tests, {Assay.FISH, Assay.RNA_SEQ}).startswith("None is left")
    assert best((), set()) == ""


@pytest.mark.parametrize(
    ("status", "confidence", "words"),
    [
        (Status.NOT_EVALUABLE, Confidence.NONE, "FISH with a break-apart probe"),
        (Status.PARTNER_UNKNOWN, Confidence.POSSIBLE, "RNA sequencing"),
        (Status.REARRANGED, Confidence.PROBABLE, "Split RT-PCR with primers for KMT2A::AFF1"),
        (Status.REARRANGED, Confidence.CONFIRMED, "None needed"),
        (Status.NOT_REARRANGED, Confidence.NONE, "Optional: RNA sequencing"),
    ],
)
def test_what_a_result_leaves_open(status: Status, confidence: Confidence, words: str) -> None:
    assert open_question(status, confidence, partner="AFF1", done=set()).startswith(words)


@pytest.mark.parametrize("assay", Assay)
def test_every_assay_says_what_it_cannot_see(assay: Assay) -> None:
    assert cannot_see(assay, panels()["wen-2022"])
    assert cannot_see(assay, None)
