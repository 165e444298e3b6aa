"""The rules of integration: what is read, what is refused, which rule fires."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import AnalysisError
from fusion_caller.facts import MEANINGS, SETS, WORDS, Facts
from fusion_caller.integrated import Confidence, Status
from fusion_caller.laboratory import Laboratory, laboratory_of
from fusion_caller.reconcile import reconcile
from fusion_caller.records import Assay, AssayReport
from fusion_caller.rules import RuleBook, packaged_rules, read_rules

if TYPE_CHECKING:
    from pathlib import Path


def report(assay: Assay, result: str) -> AssayReport:
    return AssayReport(
        patient="P1", assay=assay, panel="", result=result, date="", file="a.csv", line=2
    )


def own(folder: Path, text: str) -> RuleBook:
    path = folder / "analysis.yaml"
    path.write_text(text, encoding="utf-8")
    return read_rules(path, name="analysis.yaml")


def test_every_fact_has_a_meaning_and_its_words() -> None:
    names = [field.name for field in fields(Facts)]
    assert list(MEANINGS) == names
    assert set(WORDS) == set(names)
    assert set(names) > SETS
    assert "partner" not in SETS


def test_the_packaged_limits_are_those_of_a_laboratory_that_says_nothing() -> None:
    assert laboratory_of(packaged_rules()) == Laboratory()


def test_every_packaged_rule_has_its_own_name_and_a_sentence() -> None:
    for table in (packaged_rules().status, packaged_rules().confidence):
        assert len({rule.name for rule in table}) == len(table)
        assert all(rule.because.endswith(".") for rule in table)
        assert table[-1].conditions == ()


def test_every_status_and_confidence_can_come_out() -> None:
    assert {rule.then for rule in packaged_rules().status} == set(Status)
    outcomes = {rule.then for rule in packaged_rules().confidence}
    assert outcomes == {confidence or "none" for confidence in Confidence}


def test_the_rule_that_fired_stands_beside_the_result() -> None:
    done = reconcile([], [report(Assay.RT_PCR, "MLL-AF4"), report(Assay.FISH, "positive")])
    (patient,) = done.patients
    assert (patient.status_rule, patient.confidence_rule) == ("partner named", "confirmed")
    assert patient.because == "A positive assay names the partner."


def test_an_analysis_without_rules_leaves_the_packaged_ones(tmp_path: Path) -> None:
    assert own(tmp_path, "horizon_months: 60\n") == packaged_rules()


def test_a_table_of_ones_own_replaces_the_packaged_one(tmp_path: Path) -> None:
    rules = own(
        tmp_path,
        """
integration:
  settings: {fish_cutoff: 0.1}
  status:
    - {rule: FISH decides, when: {positive: {any: [fish]}}, then: rearranged_partner_unknown,
       because: Ours.}
    - {rule: rest, when: {}, then: indeterminate, because: Ours too.}
""",
    )
    reports = [report(Assay.RT_PCR, "MLL-AF4"), report(Assay.FISH, "positive")]
    (patient,) = reconcile([], reports, rules=rules).patients
    assert (patient.status, patient.status_rule) == (Status.PARTNER_UNKNOWN, "FISH decides")
    assert (rules.confidence, rules.source) == (packaged_rules().confidence, "analysis.yaml")
    assert laboratory_of(rules).fish_cutoff == 0.1
    assert laboratory_of(rules, fish_cutoff=0.2).fish_cutoff == 0.2


REST = "    - {rule: rest, when: {}, then: indeterminate, because: x}\n"


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ("    - {rule: a, when: {}, then: unsure, because: x}\n", "key 'integration.status"),
        (
            "    - {rule: a, when: {fish: yes}, then: indeterminate, because: x}\n",
            "expected one of the keys done, positive",
        ),
        (
            "    - {rule: a, when: {positive: {any: [southern]}}, then: ptd, because: x}\n",
            "expected one of karyotype, fish",
        ),
        (
            "    - {rule: a, when: {positive: {most: [fish]}}, then: ptd, because: x}\n",
            "expected one of the keys any, all, only, none, at_least, at_most",
        ),
        (
            "    - {rule: a, when: {reasons: {any: [unexplained]}}, then: ptd, because: x}\n",
            "expected one of the keys",
        ),
        (
            "    - {rule: a, when: {positive: {any: [fish]}}, then: rearranged, because: x}\n"
            + REST,
            "needs `partner: gene` among its conditions",
        ),
        (
            "    - {rule: a, when: {partner: gene}, then: rearranged, because: x}\n",
            "expected a last rule with `when: {}`",
        ),
        (REST + REST.replace("rest", "b"), "leaves nothing for those below it"),
        (REST.replace("{}", "{partner: none}") + REST, "expected each rule once, found 'rest'"),
        ("    - {rule: a, when: {}, then: indeterminate}\n", "integration.status[1].because"),
    ],
)
def test_wrong_rules_are_refused_by_their_key(tmp_path: Path, rules: str, problem: str) -> None:
    with pytest.raises(AnalysisError) as caught:
        own(tmp_path, f"integration:\n  status:\n{rules}")
    assert problem in str(caught.value)
    assert str(caught.value).startswith("analysis.yaml, key 'integration")


@pytest.mark.parametrize("text", ["fish_cutoff: 2", "fish_cutoff: much", "probe: vysis"])
def test_wrong_limits_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(AnalysisError, match=r"integration\.settings"):
        own(tmp_path, f"integration: {{settings: {{{text}}}}}\n")


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("{positive: {any: [fish, rna-seq]}}", True),
        ("{positive: {all: [fish, rna-seq]}}", False),
        ("{positive: {all: [fish, rt-pcr]}}", True),
        ("{positive: {only: [fish]}}", False),
        ("{positive: {only: [fish, rt-pcr, karyotype]}}", True),
        ("{positive: {none: [karyotype]}}", True),
        ("{positive: {at_least: 2, at_most: 2}}", True),
        ("{positive: {at_least: 3}}", False),
        ("{negative: {only: [fish]}}", False),
        ("{partner: [gene, ptd]}", True),
        ("{partner: none}", False),
        ("{names: {any: [AFF1]}}", True),
        ("{nested_only: yes}", False),
    ],
)
def test_how_conditions_ask(tmp_path: Path, condition: str, holds: bool) -> None:
    rules = own(
        tmp_path,
        "integration:\n  status:\n"
        f"    - {{rule: asked, when: {condition}, then: indeterminate, because: x}}\n{REST}",
    )
    done = reconcile(
        [], [report(Assay.RT_PCR, "MLL-AF4"), report(Assay.FISH, "positive")], rules=rules
    )
    assert (done.patients[0].status_rule == "asked") is holds


def test_nested_pcr_alone_beside_a_normal_karyotype_is_no_proof() -> None:
    reports = [report(Assay.RT_PCR, "MLL-AF4"), report(Assay.KARYOTYPE, "46,XX[20]")]
    (patient,) = reconcile([], reports).patients
    assert (patient.status, patient.status_rule) == (Status.INDETERMINATE, "nested PCR alone")
    assert patient.partner_suspected == ("AFF1",)
