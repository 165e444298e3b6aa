"""`kmt2a rules`: the rules as a table, as YAML to be changed, and changed in a run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from fusion_caller.facts import MEANINGS
from fusion_caller.rules import packaged_rules
from fusion_caller.tables import read_table
from workflows.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def kmt2a(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_every_rule_and_every_word_is_printed() -> None:
    text = " ".join(kmt2a("rules").output.split())
    for table in (packaged_rules().status, packaged_rules().confidence):
        for rule in table:
            assert f"{rule.name} -> {rule.then}" in text
            assert rule.because in text
    for fact in MEANINGS:
        assert f" {fact}: " in text
    assert "fish_cutoff: 0.05" in text


def test_rules_as_json() -> None:
    rows = [json.loads(line) for line in kmt2a("rules", "--json").output.splitlines()]
    assert len(rows) == len(packaged_rules().status) + len(packaged_rules().confidence)
    assert rows[0] == {
        "table": "status",
        "rule": "no result",
        "when": "done: nothing",
        "then": "not_evaluable",
        "because": "No assay gave a result.",
    }


def reconciled(folder: Path, *options: str) -> dict[str, str]:
    assays = folder / "assays.csv"
    assays.write_text(
        "patient,assay,panel,result,date\nP1,fish,,1F1R1G[14/200],\nP1,rt-pcr,wen-2022,MLL-AF4,\n"
    )
    done = kmt2a("reconcile", "--assays", str(assays), *options, "-o", str(folder / "out"))
    assert done.exit_code == 0, done.output
    return dict(read_table(folder / "out" / "patients.tsv", quoting=False).rows[0].values)


def test_the_printed_yaml_is_an_analysis_that_changes_nothing(tmp_path: Path) -> None:
    analysis = tmp_path / "analysis.yaml"
    analysis.write_text(kmt2a("rules", "--yaml").output, encoding="utf-8")
    plain = reconciled(tmp_path)
    assert plain["status_rule"] == "partner named"
    assert reconciled(tmp_path, "--analysis", str(analysis)) == plain
    assert (
        kmt2a("rules", "--analysis", str(analysis)).output.splitlines()[1:]
        == (kmt2a("rules").output.splitlines()[1:])
    )


def test_a_limit_that_is_changed_changes_the_result(tmp_path: Path) -> None:
    analysis = tmp_path / "analysis.yaml"
    analysis.write_text("integration: {settings: {fish_cutoff: 0.1}}\n", encoding="utf-8")
    assert reconciled(tmp_path)["confidence"] == "confirmed"
    changed = reconciled(tmp_path, "--analysis", str(analysis))
    assert (changed["status"], changed["confidence"]) == ("indeterminate", "possible")
    # What the command line gives comes before the file.
    asked = reconciled(tmp_path, "--analysis", str(analysis), "--fish-cutoff", "0.02")
    assert asked["confidence"] == "confirmed"


def test_a_wrong_rule_is_one_line_that_names_the_key(tmp_path: Path) -> None:
    analysis = tmp_path / "analysis.yaml"
    analysis.write_text("integration: {settings: {cutoff: 0.1}}\n", encoding="utf-8")
    done = kmt2a("rules", "--analysis", str(analysis))
    assert done.exit_code == 1
    assert str(done.exception).startswith(f"{analysis}, key 'integration.settings.cutoff'")


def test_yaml_stands_alone() -> None:
    assert kmt2a("rules", "--yaml", "--json").exit_code == 2


def test_samples_of_another_time_and_of_dna(tmp_path: Path) -> None:
    """A relapse sample decides nothing, and a VCF of genomic DNA is no RNA-seq."""
    header = (
        "#FusionName\tJunctionReadCount\tSpanningFragCount\tSpliceType\tLeftGene\tLeftBreakpoint\t"
        "RightGene\tRightBreakpoint\n"
    )
    row = (
        "KMT2A--{0}\t24\t9\tONLY_REF_SPLICE\tKMT2A^ENSG00000118058.24\tchr11:118484975:+\t"
        "{0}^ENSG00000000000.1\tchr4:87084120:+\n"
    )
    (tmp_path / "first.tsv").write_text(header)
    (tmp_path / "second.tsv").write_text(header + row.format("AFF1"))
    (tmp_path / "third.tsv").write_text(header + row.format("AFF1"))
    (tmp_path / "samples.csv").write_text(
        "patient,sample,source,file,assay,date,timepoint\n"
        "P1,S1,star-fusion,first.tsv,,2020-01-02,\n"
        "P1,S2,star-fusion,second.tsv,,2021-05-02,\n"
        "P2,S3,star-fusion,third.tsv,dna-seq,,relapse\n"
    )
    sheet, out = tmp_path / "samples.csv", tmp_path / "out"
    done = kmt2a("run", "--samplesheet", str(sheet), "-o", str(out))
    assert done.exit_code == 0, done.output
    patients = {r["patient"]: r for r in read_table(out / "reconciled" / "patients.tsv").rows}
    assert patients["P1"]["status"] == "not_rearranged"
    assert (patients["P2"]["partner"], patients["P2"]["assays_positive"]) == ("AFF1", "dna-seq")
    assert patients["P2"]["timepoint"] == "relapse"
    evidence = read_table(out / "reconciled" / "evidence.tsv", quoting=False).rows
    assert [(r["assay"], r["timepoint"], r["counts"]) for r in evidence] == [
        ("rna-seq", "diagnosis", "yes"),
        ("rna-seq", "later", "no"),
        ("dna-seq", "relapse", "yes"),
    ]
    # The single steps hand the same on.
    again = kmt2a("reconcile", "--calls", str(out / "calls" / "kmt2a.tsv"), "-o", str(out / "two"))
    assert again.exit_code == 0, again.output
    assert (out / "two" / "evidence.tsv").read_bytes() == (
        out / "reconciled" / "evidence.tsv"
    ).read_bytes()
