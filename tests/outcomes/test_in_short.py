"""The result in one sentence, and the analysis that a person names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fusion_caller.errors import InputError
from workflows.commands.outcomes import run_outcomes
from workflows.survival import file_or_preset

if TYPE_CHECKING:
    from pathlib import Path

# Everybody's curve only.
ANALYSIS = "curves: []\nendpoints: [efs]\n"


def in_short(folder: Path, clinical: str) -> str:
    (folder / "c.csv").write_text(clinical, encoding="utf-8")
    (folder / "a.yaml").write_text(ANALYSIS, encoding="utf-8")
    (folder / "p.tsv").write_text("patient\tstatus\n", encoding="utf-8")
    return run_outcomes(
        folder / "p.tsv", folder / "c.csv", folder / "o", analysis=str(folder / "a.yaml")
    )


def test_survival_is_told_where_follow_up_ends_before_the_horizon(tmp_path: Path) -> None:
    told = in_short(
        tmp_path,
        "patient,relapse_months,last_contact_months,note\nA,10,12,\nB,,20,x\nC,,26,\nD,,26,\n",
    )
    # Three of four, se = 0.75 * sqrt(1 / 12).
    assert told.startswith(
        "Event-free survival 75.0 ± 21.7% at the end of follow-up, 26 months "
        "(n = 4, 1 event, 2 at risk); "
    )
    assert told.endswith("; 1 column not used")
    assert "60" not in told
    flow = (tmp_path / "o/flow.tsv").read_text(encoding="utf-8")
    assert "\tclinical table\tcolumns not used\t4\t0\tnote\n" in flow


def test_survival_is_told_at_the_horizon_with_those_at_risk(tmp_path: Path) -> None:
    told = in_short(tmp_path, "patient,death_months,last_contact_months\nA,10,\nB,,60\nC,,70\n")
    assert told.startswith("Event-free survival 66.7 ± 27.2% at 60 months (n = 3, 1 event, 2 at")
    assert "not used" not in told


def test_survival_without_an_event_has_no_error(tmp_path: Path) -> None:
    told = in_short(tmp_path, "patient,last_contact_months\nA,5.5\n")
    assert told.startswith(
        "Event-free survival 100.0% at the end of follow-up, 5.5 months (n = 1, 0 events, 1 at risk"
    )


def test_survival_of_nobody_is_not_estimable(tmp_path: Path) -> None:
    told = in_short(tmp_path, "patient,sex\nA,male\n")
    assert told.startswith("Event-free survival: not estimable")


def test_what_is_neither_a_file_nor_a_preset_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        file_or_preset("wen")
    assert str(error.value) == "wen: expected a file or one of the presets default, wen-2022"
    assert file_or_preset("wen-2022") == "wen-2022"
    assert file_or_preset(str(tmp_path)) == tmp_path
    assert file_or_preset(None) is None
