"""Cohorts that break estimators, from files to figures: done, and no file holds a nan."""

import re
from pathlib import Path

import pytest

from workflows.commands.outcomes import run_outcomes

COHORTS = {
    "one patient": ["P1,30,,,7"],
    "nobody has an event": [f"P{n},{20 + n},,,{n + 1}" for n in range(12)],
    "all die at time 0": [f"P{n},0,0,other,{n + 1}" for n in range(6)],
    "all die at once": [f"P{n},12,12,other,{n + 1}" for n in range(12)],
    "one dies": ["P0,9,9,treatment,3", *(f"P{n},{20 + n},,,{n + 1}" for n in range(1, 12))],
}


@pytest.mark.parametrize("rows", COHORTS.values(), ids=COHORTS)
def test_it_is_done_and_no_file_holds_a_nan(tmp_path: Path, rows: list[str]) -> None:
    clinical, patients = tmp_path / "clinical.csv", tmp_path / "patients.csv"
    header = "patient,last_contact_months,death_months,death_cause,age_months"
    clinical.write_text("\n".join([header, *rows]) + "\n")
    names = [row.partition(",")[0] for row in rows]
    subtypes = ("AFF1", "MLLT3", "other")
    patients.write_text(
        "patient,status,partner,subtype,confidence\n"
        + "".join(
            f"{name},rearranged,{subtypes[n % 3]},{subtypes[n % 3]},confirmed\n"
            for n, name in enumerate(names)
        )
    )
    said = run_outcomes(patients, clinical, tmp_path / "out")
    assert f"n = {len(rows)}, " in said
    written = [path for path in (tmp_path / "out").rglob("*") if path.suffix in (".tsv", ".json")]
    assert len(written) > 10
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w-])(nan|inf|-inf|NaN|Infinity)(?![\w-])", text), path.name
    figures = {path.suffix for path in (tmp_path / "out" / "figures").iterdir()}
    assert figures == {".svg", ".png", ".tsv"}
