"""`kmt2a partner`: for every known partner, which assays would see it and which not, and why."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from fusion_caller.integrated import Reason
from fusion_caller.knowledge import PTD, Mechanism, panels, partners
from fusion_caller.visibility import Seen
from workflows.cli import cli

NEEDED = ("karyotype", "fish", "rt-pcr", "rna-seq", "dna-seq")


def output(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["partner", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, object]]:
    lines = output("--json", *partners(), PTD).splitlines()
    parsed = [json.loads(line) for line in lines]
    return {answer["symbols"][0]: answer for answer in parsed}


def assays(answers: dict[str, dict[str, object]], symbol: str) -> list[dict[str, str]]:
    rows = answers[symbol]["assays"]
    assert isinstance(rows, list)
    return rows


@pytest.mark.parametrize("symbol", [*partners(), PTD])
def test_a_hypothetical_for_every_partner(
    answers: dict[str, dict[str, object]], symbol: str
) -> None:
    rows = assays(answers, symbol)
    assert {row["assay"] for row in rows} == set(NEEDED)
    for row in rows:
        assert row["seen"] in set(Seen)
        assert row["why"].endswith(".")
        assert (row["seen"] == Seen.YES) == (not row["reason"])
        assert not row["reason"] or row["reason"] in set(Reason)
    panel_rows = {row["how"]: row["seen"] for row in rows}
    for panel in panels().values():
        assert (panel_rows[f"panel {panel.id}"] == Seen.YES) == (symbol in panel.targets)


@pytest.mark.parametrize("symbol", [*partners(), PTD])
def test_it_is_printed_for_people(symbol: str) -> None:
    text = output(symbol)
    assert "which assays see it:" in text
    for assay in NEEDED:
        assert f" {assay}, " in text
    assert max(map(len, text.splitlines())) <= 200
    if symbol in partners() and partners()[symbol].mechanism is Mechanism.INTERSTITIAL_DELETION:
        assert "perhaps   fish, break-apart probe [unbalanced_fish_3prime_loss]" in text
        assert "loss of one 3' signal" in " ".join(text.split())


@pytest.mark.parametrize("name", ["PTD", "dupMLL", "KMT2A-PTD", "MLL-PTD"])
def test_the_duplication_by_any_name(name: str) -> None:
    answer = json.loads(output("--json", name))
    assert answer["symbols"] == [PTD]
    seen = {(row["assay"], row["how"]): row["seen"] for row in answer["assays"]}
    assert seen["karyotype", "banding"] == Seen.NO
    assert seen["fish", "break-apart probe"] == Seen.NO
    assert seen["rna-seq", "any caller"] == Seen.YES
    assert seen["rna-seq", "star-fusion alone"] == Seen.NO
