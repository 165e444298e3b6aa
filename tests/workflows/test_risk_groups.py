"""Risk groups in the results folder: every protocol in `risk.tsv`, one in `patients.tsv`."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from workflows.pipeline import RunInputs, run_all

ASSAYS = """patient,assay,panel,result,date
P1,fish,,positive,
P1,rt-pcr,,MLL-AF4,
P2,fish,,negative,
P2,rt-pcr,,negative,
P3,rt-pcr,,dupMLL,
P4,rt-pcr,,MLL-AF9,
P5,fish,,positive,
"""
CLINICAL = """patient,disease,age_months,wbc_e9_per_l,prednisone_response,last_contact_months
P1,B-ALL,3,80,poor,20
P2,B-ALL,3,400,good,20
P3,AML,300,20,,20
P4,AML,300,20,,20
P5,AML,300,20,,20
P6,B-ALL,3,80,poor,20
"""


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def run(tmp_path: Path, analysis: str) -> Path:
    for name, text in (("a.csv", ASSAYS), ("c.csv", CLINICAL), ("y.yaml", analysis)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    inputs = RunInputs(
        assays=tmp_path / "a.csv", clinical=tmp_path / "c.csv", analysis=tmp_path / "y.yaml"
    )
    run_all(inputs, tmp_path / "out")
    return tmp_path / "out/reconciled"


GROUPS = {
    "P1": ("not evaluable: needs mrd_fcm_tp2_percent", "high", "the classification is for AML"),
    "P2": ("its rule here is for rearranged KMT2A", "low", "the classification is for AML"),
    "P4": ("the protocol is for ALL", "the protocol is for ALL and", "intermediate"),
    "P5": ("the protocol is for ALL", "the protocol is for ALL and", "needs kmt2a_partner"),
    "P6": ("needs kmt2a_status, mrd", "not evaluable: needs kmt2a_status", "is for AML"),
}


@pytest.mark.parametrize("risk", ["interfant-06", "[interfant-06, cccg-all-2015, eln-2022]"])
def test_the_first_protocol_gives_the_patients_their_group(tmp_path: Path, risk: str) -> None:
    reconciled = run(tmp_path, f"risk: {risk}\n")
    patients = {row["patient"]: row for row in table(reconciled / "patients.tsv")}
    for patient, (_, group, _) in GROUPS.items():
        assert group in patients[patient]["risk_group"]
        assert patients[patient]["risk_source"].startswith("Interfant-06 (")


def test_every_protocol_is_in_the_table_without_being_asked_for(tmp_path: Path) -> None:
    reconciled = run(tmp_path, "name: none\n")
    assert {row["risk_group"] for row in table(reconciled / "patients.tsv")} == {""}
    rows = table(reconciled / "risk.tsv")
    assert len(rows) == 3 * 6
    said: dict[str, list[str]] = {}
    for row in rows:
        answer = row["group"] or row["does_not_apply"] or f"not evaluable: needs {row['needs']}"
        said.setdefault(row["patient"], []).append(answer.replace(";", ", "))
    for patient, groups in GROUPS.items():
        assert all(part in whole for part, whole in zip(groups, said[patient], strict=True))
    assert said["P3"][2].startswith("a partial tandem duplication is not in its class")


def test_without_a_clinical_table_there_are_no_risk_groups(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ASSAYS, encoding="utf-8")
    run_all(RunInputs(assays=tmp_path / "a.csv"), tmp_path / "out")
    assert not (tmp_path / "out/reconciled/risk.tsv").exists()


@pytest.mark.xdist_group("demo")
def test_risk_groups_of_the_example(demo: Path) -> None:
    rows = table(demo / "reconciled/risk.tsv")
    counted = Counter((row["protocol"], row["group"]) for row in rows)
    assert counted == {
        ("cccg-all-2015", "high"): 2,
        ("cccg-all-2015", "intermediate"): 43,
        ("cccg-all-2015", ""): 3,
        ("interfant-06", "high"): 2,
        ("interfant-06", "medium"): 9,
        ("interfant-06", ""): 37,
        ("eln-2022", ""): 48,
    }
    assert {row["needs"] for row in rows if row["protocol"] == "eln-2022"} == {"disease"}
