"""FISH with a named probe, several tests in one text, and a cut-off for each pattern."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion_caller.assays import read_result
from fusion_caller.assays.fish import read_fish
from fusion_caller.errors import BadValueError
from fusion_caller.knowledge import FishProbe, fish_probes
from fusion_caller.laboratory import Laboratory
from fusion_caller.records import Assay, AssayReport, Finding, Verdict


def report(result: str, *, panel: str = "") -> AssayReport:
    return AssayReport(
        patient="P1", assay=Assay.FISH, panel=panel, result=result, date="", file="a.csv", line=2
    )


@pytest.mark.parametrize("probe", ["Vysis", "Vysis LSI MLL break apart", "LSI MLL"])
@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("1F1G", Finding.LOSS_3PRIME),
        ("1F1R", Finding.LOSS_5PRIME),
        ("1F1O", Finding.LOSS_5PRIME),
        ("2F1G", Finding.EXTRA_5PRIME),
        ("2F1R", Finding.LOSS_5PRIME),
        ("1F1R1G", Finding.BREAK_APART),
        ("2F", Finding.NORMAL_SIGNALS),
        ("1F1G (5' red)", Finding.LOSS_5PRIME),
    ],
)
def test_the_colours_of_a_known_probe_tell_the_end(probe: str, text: str, finding: Finding) -> None:
    reading = read_fish(text, probe=probe)
    assert reading.finding is finding
    assert "Probe: Vysis (Abbott) LSI MLL" in reading.sentence
    assert "5' green, 3' red, from memory" in reading.sentence
    assert "depends on the colours" not in reading.sentence


def test_an_extra_3prime_end_is_not_called_a_loss() -> None:
    assert "extra 3' end" in read_fish("2F1R", probe="Vysis").sentence
    assert "extra 3' end" in read_fish("3' gain").sentence
    assert "lacks its 5' end" in read_fish("1F1R", probe="Vysis").sentence


@pytest.mark.parametrize(
    "probe", [p for p in fish_probes().values() if not p.has_colours], ids=lambda p: p.id
)
def test_a_probe_of_unknown_colours_leaves_the_end_open(probe: FishProbe) -> None:
    reading = read_fish("1F1G", probe=probe.names[0])
    assert reading.finding is Finding.BREAK_APART
    assert "depends on the colours" in reading.sentence
    assert probe.vendor in reading.sentence


@pytest.mark.parametrize(
    ("probe", "finding"),
    [
        ("Cytocell (5' green)", Finding.LOSS_3PRIME),
        ("our probe, 3' = red", Finding.LOSS_3PRIME),
        ("our probe, 5\u2032 red", Finding.LOSS_5PRIME),
        # The laboratory knows its lot better than we know the vendor's catalogue.
        ("Vysis, 5' red", Finding.LOSS_5PRIME),
    ],
)
def test_the_laboratory_may_give_the_colours_of_its_probe(probe: str, finding: Finding) -> None:
    reading = read_fish("1F1G", probe=probe)
    assert reading.finding is finding
    assert "from memory" not in reading.sentence


def test_a_probe_may_be_named_in_the_text() -> None:
    assert read_fish("Vysis 1F1G 85%").finding is Finding.LOSS_3PRIME
    negative = read_fish("Oncor probe negative")
    assert "which missed 3 of 33 rearranged cases" in negative.sentence
    assert "missed" not in read_fish("Oncor probe: split 85%").sentence


def test_an_unknown_probe_is_taken_for_one_of_kmt2a_and_that_is_said() -> None:
    named, nameless = read_fish("1F1G", probe="home-brew"), read_fish("1F1G")
    assert (named.verdict, named.finding) == (nameless.verdict, nameless.finding)
    assert named.sentence == (
        f"{nameless.sentence} The probe's name 'home-brew' is not known; it is taken for a probe "
        "of KMT2A."
    )


def test_the_panel_of_a_row_names_the_probe() -> None:
    assert read_result(report("1F1G", panel="Vysis")).finding is Finding.LOSS_3PRIME
    assert read_result(report("1F1G")).finding is Finding.BREAK_APART


@pytest.mark.parametrize("probe", ["Vysis dual-fusion KMT2A/AFF1", "MLL-AF4", "dual fusion"])
@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("2R2G", Verdict.NEGATIVE),
        ("3R2G", Verdict.NEGATIVE),
        ("1F1R1G", Verdict.POSITIVE),
        ("2F1R1G[160/200]; 2R2G[40/200]", Verdict.POSITIVE),
        ("2F1R1G[4/200]", Verdict.NEGATIVE),
        # Two fusions, or what one writes of a normal break-apart probe.
        ("2F", Verdict.INCONCLUSIVE),
    ],
)
def test_the_colours_of_a_dual_fusion_probe_are_no_ends(
    probe: str, text: str, verdict: Verdict
) -> None:
    reading = read_fish(text, probe=probe)
    assert reading.verdict is verdict
    assert reading.finding in (
        (Finding.NEGATIVE,)
        if verdict is Verdict.NEGATIVE
        else (Finding.DUAL_FUSION, Finding.POSITIVE)
    )
    if verdict is Verdict.NEGATIVE and "[" not in text:
        assert reading.scope in ((), ("AFF1",))


def test_a_dual_fusion_probe_sees_its_partner_only() -> None:
    negative = read_fish("negative", probe="dual-fusion KMT2A/AFF1")
    assert (negative.finding, negative.scope) == (Finding.NEGATIVE, ("AFF1",))
    assert read_fish("negative", probe="dual fusion").scope == ()
    positive = read_fish("positive", probe="MLL-AF4")
    assert (positive.finding, positive.partner) == (Finding.DUAL_FUSION, "AFF1")


@pytest.mark.parametrize(
    ("text", "finding", "scope", "said"),
    [
        (
            "3' loss; dual-fusion negative",
            Finding.LOSS_3PRIME,
            None,
            "A dual-fusion probe is negative",
        ),
        ("rearranged; dual-fusion negative", Finding.BREAK_APART, None, "A dual-fusion probe is"),
        ("rearranged and dual-fusion negative", Finding.BREAK_APART, None, "A dual-fusion probe"),
        (
            "1F1R1G 85%; dual-fusion KMT2A/AFF1 negative",
            Finding.BREAK_APART,
            None,
            "No fusion with AFF1",
        ),
        (
            "dual-fusion KMT2A/AFF1 negative; break-apart negative",
            Finding.NEGATIVE,
            None,
            "No fusion with AFF1",
        ),
        (
            "break-apart negative; dual-fusion KMT2A/AFDN positive 80%",
            Finding.DUAL_FUSION,
            ("AFDN",),
            "KMT2A and AFDN are fused",
        ),
        ("dual-fusion negative", Finding.NEGATIVE, (), "its partner is not named"),
        ("dual-fusion positive", Finding.POSITIVE, None, "its partner is not named"),
        ("gain; rearranged", Finding.BREAK_APART, None, "ends of KMT2A are apart"),
        (
            "split 2%; dual-fusion KMT2A/AFF1 negative",
            Finding.NEGATIVE,
            None,
            "below the cut-off of 5.0%. No fusion with AFF1",
        ),
    ],
)
def test_several_tests_in_one_text(
    text: str, finding: Finding, scope: tuple[str, ...] | None, said: str
) -> None:
    reading = read_fish(text)
    assert (reading.finding, reading.scope) == (finding, scope)
    assert said in reading.sentence


def test_what_the_laboratory_concludes_is_quoted_and_not_followed() -> None:
    reading = read_fish("split in 12% (false positive)")
    assert (reading.verdict, reading.cells_abnormal) == (Verdict.POSITIVE, 0.12)
    assert "The laboratory remarks: 'false positive'. Seen in 12.0%" in reading.sentence


def test_where_an_end_lies_is_said() -> None:
    assert "on another chromosome, 9p or 10p." in read_fish("5' segment on 9p or 10p").sentence
    assert "extra 5' end of KMT2A, on Xq:" in read_fish("2 copies + extra 5' on Xq").sentence


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("3' loss 8%", Verdict.NEGATIVE),
        ("3' loss 12%", Verdict.POSITIVE),
        ("split 8%", Verdict.POSITIVE),
        ("extra 5' 1%", Verdict.POSITIVE),
        ("nuc ish(5'KMT2Ax2,3'KMT2Ax1)(5'KMT2A con 3'KMT2Ax1)[16/200]", Verdict.NEGATIVE),
    ],
)
def test_each_pattern_may_have_its_cutoff(text: str, verdict: Verdict) -> None:
    laboratory = Laboratory(fish_cutoffs={"loss_3prime": 0.1, "extra_5prime": 0.01})
    reading = read_result(report(text), laboratory=laboratory)
    assert reading.verdict is verdict
    below = "below the cut-off of 10.0%" in reading.sentence
    assert below is (verdict is Verdict.NEGATIVE)


@pytest.mark.parametrize(
    ("cutoffs", "problem"),
    [
        ({"split": 0.1}, "expected the code of a FISH finding, found 'split'"),
        ({"loss_3prime": 5.0}, "expected a cut-off from 0 to 1 for loss_3prime, found 5.0"),
    ],
)
def test_cutoffs_are_checked(cutoffs: dict[str, float], problem: str) -> None:
    with pytest.raises(BadValueError, match=problem):
        Laboratory(fish_cutoffs=cutoffs)


@given(
    clauses=st.lists(
        st.sampled_from(
            [
                "3' loss",
                "dual-fusion negative",
                "1F1R1G 85%",
                "negative",
                "extra 5' on Xq",
                "Vysis 2F",
            ]
        ),
        min_size=1,
        max_size=4,
    ),
    doubt=st.sampled_from(["cannot be excluded", "?", "possibly", "repeat advised"]),
)
def test_a_doubt_is_never_passed_over(clauses: list[str], doubt: str) -> None:
    for text in ("; ".join([*clauses, doubt]), f"{'; '.join(clauses)} {doubt}"):
        assert read_fish(text).verdict is Verdict.NOT_UNDERSTOOD


@given(
    clauses=st.lists(
        st.sampled_from(["3' loss 70%", "dual-fusion negative", "split 85%", "extra 5'", "gain"]),
        min_size=1,
        max_size=4,
    )
)
def test_the_order_of_tests_does_not_matter(clauses: list[str]) -> None:
    one, other = read_fish("; ".join(clauses)), read_fish("; ".join(reversed(clauses)))
    assert (one.verdict, one.finding, one.scope) == (other.verdict, other.finding, other.scope)
